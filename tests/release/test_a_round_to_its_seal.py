"""A small round of real data from raw files to its seal, and what is planted in it stopped by kind and file."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from vvvresearch.cli.main import app

REPORT = """\
# Sammenfatning {#sec-summary}

I alt henviser {{< var survey.henviser.ja.count >}} af {{< var survey.henviser.ja.n >}}.
Ved ikke: {{< var survey.henviser.dont_know.count >}}.

> Vi savner flere frivillige i de mindre byer og timer til koordinering
"""


def call(root: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*arguments, "--root", str(root)])
    return done.exit_code, done.stdout + done.stderr


def stoppers(root: Path) -> set[tuple[str, str]]:
    done = CliRunner().invoke(app, ["release", "n", "--json", "--root", str(root)])
    assert done.exit_code == 1, done.stdout + done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout)["verdicts"]
    return {(one["kind"], one["file"].split(",")[0]) for one in told if one["state"] != "pass" and not one["accepted"]}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that went the whole way by commands; one answer in the survey is too rare to be shown."""
    root = tmp_path_factory.mktemp("seal") / "w"
    CliRunner().invoke(app, ["init", str(root)])
    assert call(root, "new-round", "n")[0] == 0
    answers = ["Ja"] * 21 + ["Nej"] * 16 + ["Ved ikke"] * 3
    rows = [["Respondent-ID", "Henviser I?", "Hvad vil du tilføje?"], *([f"r{n}", one, ""] for n, one in enumerate(answers))]
    rows[1][2] = "Vi savner flere frivillige i de mindre byer og timer til koordinering"
    rows[2][2] = "Det er gået fint indtil nu og vi har ikke mere at sige"
    with (root.parent / "survey.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(rows)
    code, said = call(root, "add", "n", str(root.parent / "survey.csv"), "--yes")
    assert code == 0, said
    definition = root / "rounds/n/round.toml"
    lines = ["notebooks = []" if line.startswith("notebooks = ") else line for line in definition.read_text().splitlines()]
    lines = ['languages = ["da"]' if line.startswith("languages = ") else line for line in lines]
    definition.write_text("\n".join(lines) + "\n")
    questionnaire = root / "surveys/n/survey.toml"
    questionnaire.write_text(questionnaire.read_text().replace("UDFYLD", "ansatte").replace("TODO", "staff"))
    (root / "rounds/n/report.qmd").write_text(REPORT, encoding="utf-8")
    assert call(root, "run", "n", "-j", "1")[0] == 0
    # The rare answer and the unapproved quote stop it, each with the command that lifts it.
    assert stoppers(root) >= {("small cell", "outputs/n/da"), ("approval", "outputs/n/da/report.html")}
    # What is mended by one step is told once, with the step; hiding and approving need one run.
    said = call(root, "release", "n")[1]
    assert "lille celle (" in said, said
    assert said.count("vvv release n --hide") == 1
    assert call(root, "release", "n", "--hide", "--approve", "all", "--by", "Mette Kjær")[0] == 0
    assert "survey.henviser.dont_know.count" in (root / "rounds/n/hidden.toml").read_text()
    told = '"I alt henviser 21 af 40",Henviser I?,M. J.,2026-11-30\n"Halvdelen henviser",Henviser I?,M. J.,2026-11-29\n'
    (root / "rounds/n/readings.csv").write_text(f"sentence,question,by,date\n{told}")
    assert call(root, "run", "n", "-j", "1")[0] == 0
    code, said = call(root, "release", "n")
    assert (code, "forseglet: outputs/released/n-001" in said) == (0, True), said
    return root


def test_the_seal_tells_who_read_the_sentences_that_the_report_still_has(sealed: Path) -> None:
    told = json.loads((sealed / "outputs/released/n-001/seal.json").read_text(encoding="utf-8"))["readings"]
    assert [(one["sentence"], one["by"]) for one in told] == [("I alt henviser 21 af 40", "M. J.")]


def test_a_changed_byte_of_a_sealed_release_is_found(sealed: Path) -> None:
    assert call(sealed, "release", "n", "--verify") == (0, "outputs/released/n-001: som det blev forseglet\n")
    page = sealed / "outputs/released/n-001/da/report.html"
    before = page.read_bytes()
    page.chmod(0o644)
    page.write_bytes(before[:-3] + b" " + before[-2:])
    code, said = call(sealed, "release", "n", "--verify")
    page.write_bytes(before)
    assert code == 1
    assert "outputs/released/n-001/da/report.html: ændret" in said


def test_a_planted_number_changed_approval_and_failing_claim_are_each_stopped(sealed: Path, tmp_path: Path) -> None:
    def planted(name: str, old: str, new: str) -> set[tuple[str, str]]:
        root = tmp_path / "w"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(sealed, root)
        text = (root / name).read_text(encoding="utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new), encoding="utf-8")
        return stoppers(root)

    answers, prose, approvals = "surveys/n/survey.csv", "rounds/n/report.qmd", "rounds/n/approvals.csv"
    assert ("identifier", answers) in planted(answers, "Det er gået fint", "Mit nummer er 010190-1234. Det er gået fint")
    hash_given = (sealed / approvals).read_text(encoding="utf-8").splitlines()[1].split(",")[1]
    assert ("approval", "outputs/n/da/report.html") in planted(approvals, hash_given, "0" * 16)
    for mark in ("Skriv fundet her.", "Write the finding here."):
        assert ("finding", prose) in planted(prose, "I alt", f"{mark}\n\nI alt")
    claim = "[Næsten ingen henviser]{claim=survey.henviser.ja.share}.\n\nI alt"
    assert {("claim", prose), ("run", "n/da/report")} <= planted(prose, "I alt", claim)


def test_a_decision_in_the_definition_does_not_undo_itself(tmp_path: Path) -> None:
    from vvvresearch.rounds._guard import _content

    path = tmp_path / "round.toml"
    path.write_text('id = "n"\n\n[[sources]]\nid = "a"\n')
    before = _content(path)
    path.write_text('id = "n"\n\n[[accepted]]\nfault = "x"\nreason = "y"\nby = "MJ"\n\n[[sources]]\nid = "a"\n')
    assert _content(path) == before
    path.write_text('id = "n"\n\n[[sources]]\nid = "b"\n')
    assert _content(path) != before

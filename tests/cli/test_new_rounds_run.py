"""Rounds that nobody has seen: made by one command, run at once, each with its own prose, the same bytes twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from vvvresearch.check import check_round
from vvvresearch.cli.main import app


def call(root: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*arguments, "--root", str(root)])
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two rounds of one type, in a workspace without notebooks of its own; each has written a sentence."""
    root = tmp_path_factory.mktemp("own")
    for folder in ("rounds", "interviews", "surveys"):
        (root / folder).mkdir()
    for name, words in (("2025-midterm", "Vi fandt venskaber i havnen."), ("2026-midterm", "Vi fandt venskaber på biblioteket.")):
        code, said = call(root, "new-round", name, "--type", "midterm")
        assert code == 0, said
        report = root / "rounds" / name / "report.qmd"
        report.write_text(report.read_text(encoding="utf-8").replace("Skriv fundet her.", words), encoding="utf-8")
        register = root / "interviews" / name / "interviews.csv"
        header = register.read_text(encoding="utf-8").strip().split(",")
        row = {"interview": "i1", "respondent_group": "volunteer", "wave": "1", "month": f"{name[:4]}-05", "mode": "phone"}
        register.write_text(",".join(header) + "\n" + ",".join(row.get(column, "") for column in header) + "\n", encoding="utf-8")
    return root


@pytest.mark.slow
def test_two_rounds_of_one_type_render_side_by_side_each_with_its_own_prose(workspace: Path) -> None:
    code, said = call(workspace, "run")
    assert code == 0, said
    first, second = ((workspace / f"outputs/{year}-midterm/da/report.html").read_text(encoding="utf-8") for year in (2025, 2026))
    assert "havnen" in first
    assert "biblioteket" not in first
    assert "biblioteket" in second
    for page in (first, second):
        assert "opdigtede" not in page
        assert "Skriv fundet her" not in page
        assert "udkast" in page
    assert check_round(workspace, "2025-midterm").faults == ()


@pytest.mark.slow
def test_the_same_round_gives_the_same_bytes_twice(workspace: Path) -> None:
    place = workspace / "outputs/2025-midterm/da"
    if not place.is_dir():
        assert call(workspace, "run", "2025-midterm")[0] == 0
    before = {path.name: path.read_bytes() for path in (place / "report.html", place / "report.pdf")}
    assert call(workspace, "run", "2025-midterm", "--force")[0] == 0
    assert {name: (place / name).read_bytes() for name in before} == before


def test_a_new_round_names_nothing_of_another_round_and_asks_for_its_findings(workspace: Path) -> None:
    for path in (workspace / "rounds/2026-midterm").iterdir():
        text = path.read_text(encoding="utf-8")
        assert "demo" not in text.replace("surveys/demo", "").replace("see rounds/2021-note", ""), path
    untouched = workspace / "rounds/2027-note"
    assert call(workspace, "new-round", "2027-note")[0] == 0
    assert any("a finding is to be written" in one for one in check_round(workspace, "2027-note").missing)
    for path in untouched.iterdir():
        path.unlink()
    untouched.rmdir()

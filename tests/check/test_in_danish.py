"""What `vvv check` says to a Danish reader: Danish words, the same names, files and rows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from made_rounds import everything
from typer.testing import CliRunner

from vvvresearch.check import check_round
from vvvresearch.cli.main import app
from vvvresearch.locales import in_danish


@pytest.mark.parametrize(
    ("english", "danish"),
    [
        ("pair: no interview has the pair 'P9'", "pair: intet interview har parret 'P9'"),
        ("rounds/a/report.qmd, line 9: a finding is to be written", "rounds/a/report.qmd, linje 9: her skal et fund skrives"),
        ("surveys/a.toml, line 4: group is to be filled in", "surveys/a.toml, linje 4: group skal udfyldes"),
        ("a: unknown municipality code; did you mean 0101? (found '0110')", "a: ukendt kommunekode; mente du 0101? (fandt '0110')"),
        ("3 of 11: correct the sources: a/b.csv, row 2; then vvv check x", "3 af 11: ret kilderne: a/b.csv, række 2; derefter vvv check x"),
        ("something new that nobody has words for: a thing", "something new that nobody has words for: a thing"),
    ],
)
def test_a_message_keeps_its_names_and_changes_its_language(english: str, danish: str) -> None:
    assert in_danish(english) == danish


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("w")
    everything(root)
    definition = root / "rounds/alt/round.toml"
    definition.write_text(
        definition.read_text(encoding="utf-8") + '\n[[accepted]]\nfault = "intet"\nreason = "r"\nby = "b"\n', encoding="utf-8"
    )
    register = next(
        path for path in sorted((root / "interviews").rglob("*.csv")) if "pair" in path.read_text(encoding="utf-8").splitlines()[0]
    )
    lines = register.read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index("pair")
    cells = lines[2].split(",")
    cells[place] = "P77"
    register.write_text("\n".join([*lines[:2], ",".join(cells), *lines[3:]]) + "\n", encoding="utf-8")
    return root


def test_people_read_the_language_of_their_round_and_a_program_reads_english(spoilt: Path) -> None:
    def said(*more: str) -> str:
        result = CliRunner().invoke(app, ["check", "alt", "--root", str(spoilt), *more])
        return result.stdout + result.stderr

    danish, english = said(), said("--lang", "en")
    assert "næste skridt: " in danish
    assert re.search(r"\d+ af \d+: ", danish)
    assert "next: " in english
    assert re.search(r"\d+ of \d+: ", english)
    rows = re.compile(r"(?:row|række|line|linje) (\d+)")
    assert sorted(rows.findall(danish)) == sorted(rows.findall(english))
    assert re.fullmatch(
        r"\d+ of \d+: .*", json.loads(CliRunner().invoke(app, ["check", "alt", "--root", str(spoilt), "--json"]).stdout)["next"]
    )


def test_a_fault_is_accepted_by_its_danish_words_too(spoilt: Path) -> None:
    first = check_round(spoilt, "alt").faults[0]
    definition = spoilt / "rounds/alt/round.toml"
    before = definition.read_text(encoding="utf-8")
    definition.write_text(before.replace('"intet"', json.dumps(in_danish(first.what), ensure_ascii=False)), encoding="utf-8")
    found = check_round(spoilt, "alt")
    assert in_danish(first.what) != first.what
    assert [fault.what for fault, _ in found.accepted] == [first.what]

"""Rows of the report before are used exactly as long as nothing that they rest on has changed, and are the very same rows."""

from __future__ import annotations

import dataclasses
import json
from fractions import Fraction
from pathlib import Path

import pytest

from vvvresearch import files
from vvvresearch.reporting.claims._cited import KeptRows, Printed
from vvvresearch.reporting.claims._rows import Bound
from vvvresearch.statements import Row, Sibling, Side
from vvvresearch.statements._row import Amount, Goal

WHOLE = Row(
    count=3,
    n=7,
    lower=Fraction(1, 10),
    upper=Fraction(9, 10),
    unit=("kommune", "kommuner"),
    before=Side(2, 9, ("lederne",), "2021", 12, "v2"),
    change_lower=Fraction(-1, 3),
    change_upper=Fraction(2, 3),
    siblings=(Sibling(4, ("nej",)),),
    goal=Goal(Fraction(1, 3), (Fraction(3, 7), 1), at_least=False, share=True),
    beside=Amount(Fraction(5, 2), ("de andre",)),
    others=(("item", ("ord", "mere")),),
)
PRINTED = Printed(frozenset({Fraction(12)}), frozenset({Fraction(87, 2)}), frozenset({(Fraction(3), Fraction(7))}))
ROW = Bound("s.item.yes", (WHOLE, Row(value=Fraction(7, 3), statistic="mean")), "family", "s.item.yes.share")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace whose report rests on one survey and one folder of interviews."""
    for name in ("rounds/r/round.toml", "rounds/r/report.qmd", "rounds/r/findings.toml", "surveys/r/s.csv", "interviews/r/a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("før")
    kept = opened(tmp_path)
    kept.keep("da", ROW.address, ROW)
    kept.keep("cited", "figure-1", PRINTED)
    with files.recording() as reads:
        files.read_text(tmp_path / "surveys/r/s.csv")
        files.list_folder(tmp_path / "interviews/r", ".txt")
    (tmp_path / "rows.json").write_text(json.dumps(kept.document(reads)))
    return tmp_path


def opened(root: Path) -> KeptRows:
    return KeptRows(root / "rows.json", root, root / "rounds/r")


def test_a_kept_row_is_the_row_that_was_worked_out_with_its_exact_numbers(root: Path) -> None:
    assert opened(root).get("da", ROW.address) == ROW
    assert opened(root).get("en", ROW.address) is None
    assert opened(root).get("cited", "figure-1") == PRINTED
    # Every kind of part that a row can have is among those that were kept here.
    parts = {type(getattr(WHOLE, one.name)).__name__ for one in dataclasses.fields(Row)}
    assert {"Side", "Goal", "Amount", "Fraction", "tuple"} <= parts


@pytest.mark.parametrize("name", ["rounds/r/report.qmd", "rounds/r/findings.toml", "rounds/r/notes.md"])
def test_prose_may_change_without_a_row_being_worked_out_anew(root: Path, name: str) -> None:
    (root / name).write_text("efter")
    assert opened(root).get("da", ROW.address) == ROW


GROUNDS = [
    "rounds/r/round.toml",
    "rounds/r/withdrawals.csv",
    "surveys/r/s.csv",
    "interviews/r/a.txt",
    "interviews/r/b.txt",
    "programme.toml",
]


@pytest.mark.parametrize("name", GROUNDS)
def test_a_changed_or_new_file_that_numbers_rest_on_lets_every_row_be_worked_out_anew(root: Path, name: str) -> None:
    (root / name).write_text("efter")
    assert opened(root).get("da", ROW.address) is None


def test_a_lost_source_or_a_broken_file_of_rows_lets_them_be_worked_out_anew(root: Path) -> None:
    whole = (root / "rows.json").read_text()
    (root / "rows.json").write_text(whole.replace('"Goal"', '"Ukendt"'))
    assert opened(root).get("da", ROW.address) is None
    (root / "rows.json").write_text(whole[:99])
    assert opened(root).get("da", ROW.address) is None
    (root / "rows.json").write_text(whole)
    (root / "surveys/r/s.csv").unlink()
    assert opened(root).get("da", ROW.address) is None


def test_whoever_uses_kept_rows_has_read_what_they_rest_on(root: Path) -> None:
    with files.recording() as reads:
        opened(root)
    assert root / "surveys/r/s.csv" in reads
    assert reads[root / "surveys/r/s.csv"].sha256 == files.hash_file(root / "surveys/r/s.csv")

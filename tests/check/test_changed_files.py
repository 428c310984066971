"""A file that is changed after it was taken in: what its map cannot read is told with its row, below titles too."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from vvvresearch.check import Fault, check_round
from vvvresearch.cli.main import app

MATCHES: list[list[Any]] = [
    ["Matchliste"],
    ["Trukket 30. juni 2031"],
    ["Match nr", "Flygtning", "Frivillig", "Matchdato", "Ophørt", "Årsag"],
]
MATCHES += [
    [n, f"FLY-{n}", f"FRI-{n}", datetime.date(2030, n, 3), datetime.date(2031, n, 3), ("flyttet", "job")[n % 2]] for n in range(1, 11)
]
FILE = "surveys/first/match.xlsx"


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("changed")
    book = openpyxl.Workbook()
    for row in MATCHES:
        book.worksheets[0].append(row)
    book.save(root / "match.xlsx")
    work = root / "w"
    for arguments in (["init", str(work)], ["new-round", "first", "--root", str(work)]):
        assert CliRunner().invoke(app, arguments).exit_code == 0
    result = CliRunner().invoke(app, ["add", "first", str(root / "match.xlsx"), "--yes", "--root", str(work)])
    assert result.exit_code == 0, result.output
    return work


def faults_after(root: Path, row: int, column: int, value: Any) -> list[Fault]:
    path = root / FILE
    before = path.read_bytes()
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(row, column).value = value
    book.save(path)
    try:
        return [fault for fault in check_round(root, "first").faults if fault.file == FILE]
    finally:
        path.write_bytes(before)


def test_the_file_as_it_was_taken_in_has_no_fault(taken: Path) -> None:
    assert check_round(taken, "first").faults == ()


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [(6, 6, "flytet"), (7, 4, "33. maj 2030"), (8, 5, datetime.date(2001, 1, 1)), (9, 1, 3), (3, 4, "Macthdato")],
    ids=["an unknown word", "no date", "an end before its start", "an id that stands twice", "a heading that is gone"],
)
def test_what_its_map_cannot_read_is_told_with_its_row(taken: Path, row: int, column: int, value: Any) -> None:
    assert row in {fault.row for fault in faults_after(taken, row, column, value)}


def test_a_change_that_the_map_can_read_is_told_with_its_row_and_column(taken: Path) -> None:
    (only,) = faults_after(taken, 5, 6, "job")
    assert (only.row, only.what) == (5, "Årsag: changed since the file was taken in")


def test_a_file_that_is_only_saved_anew_is_no_fault(taken: Path) -> None:
    before = (taken / FILE).read_bytes()
    assert faults_after(taken, 6, 6, "job") == []
    assert (taken / FILE).read_bytes() == before


def test_a_row_more_is_told_where_it_stands_and_a_row_less_where_it_stood(taken: Path) -> None:
    path = taken / FILE
    before = path.read_bytes()
    told = {}
    for name, change in (("more", lambda sheet: sheet.append([99, "FLY-99", "FRI-99"])), ("less", lambda sheet: sheet.delete_rows(7))):
        book = openpyxl.load_workbook(path)
        change(book.worksheets[0])
        book.save(path)
        told[name] = {fault.row for fault in check_round(taken, "first").faults if fault.file == FILE}
        path.write_bytes(before)
    assert 14 in told["more"]
    assert told["less"] == {7}

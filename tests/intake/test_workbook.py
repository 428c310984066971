"""Cells of workbooks are those that openpyxl reads, from files that two libraries wrote."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from vvvresearch.errors import SourceError
from vvvresearch.intake._grid import read_grid
from vvvresearch.intake._workbook import read_sheets

ROWS: list[list[Any]] = [
    ["Kommune", "Dato", "Tal", "Tekst", "Tid"],
    ["Ærø", datetime.date(2023, 5, 3), 1.5, "0101", datetime.datetime(2023, 5, 3, 10, 22, 33)],
    ["", datetime.date(1999, 12, 31), 7, " a  b ", datetime.datetime(2023, 5, 3, 23, 59, 59)],
    [],
    ["Odense", "", -3, "=1+1", datetime.datetime(2000, 1, 1, 1, 0, 0)],
]


def by_openpyxl(path: Path, sheet: str) -> list[list[Any]]:
    found = []
    for row in openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True):
        cells = [
            cell.date() if isinstance(cell, datetime.datetime) and cell.time() == datetime.time() else "" if cell is None else cell
            for cell in row
        ]
        while cells and cells[-1] == "":
            cells.pop()
        found.append(cells)
    return found


def trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    found = []
    for row in rows:
        cells = list(row)
        while cells and cells[-1] == "":
            cells.pop()
        found.append(cells)
    return found


def written_by_openpyxl(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Ark 1"
    for row in ROWS:
        sheet.append([None if cell == "" else cell for cell in row])
    sheet["D5"].data_type = "s"
    hidden = book.create_sheet("Skjult")
    hidden.append(["a"])
    hidden.sheet_state = "hidden"
    book.save(path)


def written_by_xlsxwriter(path: Path, **options: Any) -> None:
    book = xlsxwriter.Workbook(str(path), options)
    sheet = book.add_worksheet("Ark 1")
    day, time = book.add_format({"num_format": "d. mmmm yyyy"}), book.add_format({"num_format": "dd/mm/yy hh:mm:ss"})
    money, bold = book.add_format({"num_format": '0.00 "kr. m. moms"'}), book.add_format({"bold": True})
    for number, row in enumerate(ROWS):
        for place, cell in enumerate(row):
            if isinstance(cell, datetime.datetime):
                sheet.write_datetime(number, place, cell, time)
            elif isinstance(cell, datetime.date):
                sheet.write_datetime(number, place, datetime.datetime(cell.year, cell.month, cell.day), day)
            elif isinstance(cell, float):
                sheet.write_number(number, place, cell, money)
            elif cell != "":
                sheet.write_string(number, place, cell) if isinstance(cell, str) else sheet.write(number, place, cell)
    sheet.write_rich_string(7, 1, "fed ", bold, "skrift", " her")
    sheet.write_formula(7, 2, "=A1", None, "svar")
    sheet.write_boolean(7, 3, True)
    book.close()


def from_1904(path: Path) -> None:
    written_by_xlsxwriter(path, date_1904=True)


def with_inline_strings(path: Path) -> None:
    written_by_xlsxwriter(path, constant_memory=True)


@pytest.mark.parametrize("write", [written_by_openpyxl, written_by_xlsxwriter, from_1904, with_inline_strings])
def test_every_cell_is_the_one_that_openpyxl_reads(write: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path)
    sheets = read_sheets(path)
    assert [name for name, sheet in sheets.items() if not sheet.hidden] == ["Ark 1"]
    expected = [["1" if cell is True else cell for cell in row] for row in by_openpyxl(path, "Ark 1")]
    assert trimmed(sheets["Ark 1"].rows) == expected


def test_the_largest_visible_sheet_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["lille"])
    large = book.create_sheet("Stor")
    for number in range(5):
        large.append(["a", number])
    book.save(tmp_path / "a.xlsx")
    grid = read_grid(tmp_path / "a.xlsx")
    assert (grid.sheet, grid.others) == ("Stor", ("Sheet",))
    with pytest.raises(SourceError, match="no sheet"):
        read_grid(tmp_path / "a.xlsx", "Mellem")


DAMAGE = [(b'r="A1"', b'r="ZZZZ1"'), (b"<sheetData>", b"<sheetData"), (b'<row r="2"', b'<row r="99999999"'), (b"<v>0</v>", b"<v>77</v>")]


@pytest.mark.parametrize(("old", "new"), DAMAGE)
def test_a_damaged_workbook_is_one_clear_error(old: bytes, new: bytes, tmp_path: Path) -> None:
    written_by_xlsxwriter(tmp_path / "a.xlsx")
    buffer = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(old, new) if "sheet1" in name else before.read(name))
    (tmp_path / "b.xlsx").write_bytes(buffer.getvalue())
    with pytest.raises(SourceError):
        read_grid(tmp_path / "b.xlsx")

"""Workbooks, as tests of intake write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl


def book(path: Path, rows: list[list[Any]] | dict[str, list[list[Any]]], merged: tuple[str, ...] = ()) -> Path:
    workbook = openpyxl.Workbook()
    for name, own in rows.items() if isinstance(rows, dict) else (("", rows),):
        sheet = workbook.create_sheet(name) if name else workbook.worksheets[0]
        for row in own:
            sheet.append(row)
    if isinstance(rows, dict):
        workbook.remove(workbook.worksheets[0])
    for cells in merged:
        workbook.worksheets[0].merge_cells(cells)
    workbook.save(path)
    return path

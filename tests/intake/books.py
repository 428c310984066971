"""Workbooks of one sheet, as tests of intake write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl


def book(path: Path, rows: list[list[Any]], merged: tuple[str, ...] = ()) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    for cells in merged:
        workbook.worksheets[0].merge_cells(cells)
    workbook.save(path)
    return path

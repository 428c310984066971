"""Sheets: one short document for each run of a chapter, all of them rendered at once, with an index and lists."""

from vvvresearch.reporting.sheets._content import Sheet, sheets_of
from vvvresearch.reporting.sheets._render import render_sheets

__all__ = ["Sheet", "render_sheets", "sheets_of"]

"""A template as a workbook: an empty sheet with drop-down lists, a sheet that explains it, and what reads it back."""

from __future__ import annotations

import datetime
import io
from typing import Any

from vvvresearch.evidence import Programme
from vvvresearch.locales import Lang, text
from vvvresearch.sources.templates._columns import TemplateColumn, TemplateSheet, template_sheets

# The hidden sheet that holds the lists, and says in its first row what the workbook is.
LISTS, MARK, VERSION = "_vvv", "vvvresearch template", "1"
_ROWS = 2000
_EPOCH = datetime.datetime(2000, 1, 1)
_DAYS = {"validate": "date", "criteria": "between", "minimum": datetime.date(1990, 1, 1), "maximum": datetime.date(2099, 12, 31)}
_RULES: dict[str, dict[str, Any]] = {
    "date": _DAYS,
    "month": _DAYS,
    "whole": {"validate": "integer", "criteria": ">=", "value": 0},
    "number": {"validate": "decimal", "criteria": "between", "minimum": -1e12, "maximum": 1e12},
    "share": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1},
}


def template_bytes(kind: str, programme: Programme, lang: Lang = "da") -> bytes:
    """The workbook of a template, to be filled in.

    Args:
        kind: one of `template_kinds`.
        programme: whose groups stand in its lists.
        lang: of headings, explanations and lists.

    Returns:
        An XLSX workbook: the sheet or sheets to fill in, empty; one that explains every column; and a hidden one with the lists,
        by which the readers of this package know the workbook again, whatever language it is in. The same bytes every time.

    Example:
        >>> from vvvresearch.evidence import venner_viser_vej
        >>> template_bytes("courses", venner_viser_vej())[:2]
        b'PK'
    """
    import xlsxwriter

    sheets = template_sheets(kind, programme, lang)
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        workbook.set_properties({"created": _EPOCH})
        formats = {
            "text": workbook.add_format({"num_format": "@"}),
            "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "number": workbook.add_format({"num_format": "General"}),
            "heading": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "required": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#FFF2CC"}),
            "wrapped": workbook.add_format({"text_wrap": True, "valign": "top"}),
        }
        filled = [(sheet, workbook.add_worksheet(sheet.title)) for sheet in sheets]
        explaining = workbook.add_worksheet(text("templates.explanation", lang))
        places = _write_lists(workbook.add_worksheet(LISTS), kind, lang, sheets)
        for sheet, worksheet in filled:
            _write_sheet(worksheet, sheet, places, formats, lang)
        _write_explanation(explaining, sheets, formats, lang)
    return buffer.getvalue()


def _write_lists(worksheet: Any, kind: str, lang: Lang, sheets: tuple[TemplateSheet, ...]) -> dict[tuple[str, str], tuple[int, int]]:
    """Fill the hidden sheet; the first and the last row of each column's words come back."""
    worksheet.very_hidden()
    rows: list[tuple[str, ...]] = [(MARK, VERSION, kind, lang, "optional")]
    places = {}
    for sheet in sheets:
        rows.append(("sheet", sheet.name, sheet.title))
        for column in sheet.columns:
            rows.append(("column", column.name, column.heading, column.cells, "optional" if column.optional else ""))
            if column.words:
                places[sheet.name, column.name] = (len(rows), len(rows) + len(column.words) - 1)
                rows += [("word", name, word) for word, name in column.words.items()]
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            worksheet.write_string(number, place, cell)
    return places


def _write_sheet(
    worksheet: Any, sheet: TemplateSheet, places: dict[tuple[str, str], tuple[int, int]], formats: dict[str, Any], lang: Lang
) -> None:
    worksheet.freeze_panes(1, 0)
    for number, column in enumerate(sheet.columns):
        # What looks like a date or a number to a spreadsheet stays what was typed, but where it is one.
        shape = {"date": "date", "month": "date", "whole": "number", "number": "number", "share": "number"}.get(column.cells, "text")
        worksheet.set_column(number, number, max(12, min(30, len(column.heading) + 4)), formats[shape])
        worksheet.write_string(0, number, column.heading, formats["required" if column.required else "heading"])
        if rule := _rule(column, places.get((sheet.name, column.name)), lang):
            worksheet.data_validation(1, number, _ROWS, number, rule)


def _rule(column: TemplateColumn, words: tuple[int, int] | None, lang: Lang) -> dict[str, Any]:
    """What a spreadsheet lets into the cells of a column."""
    if words:
        rule = {"validate": "list", "source": f"='{LISTS}'!$C${words[0] + 1}:$C${words[1] + 1}"}
    elif column.cells in _RULES:
        rule = _RULES[column.cells]
    else:
        return {}
    problem = text(f"templates.error_{'list' if words else column.cells}", lang)
    return {**rule, "error_title": column.heading[:32], "error_message": problem}


def _write_explanation(worksheet: Any, sheets: tuple[TemplateSheet, ...], formats: dict[str, Any], lang: Lang) -> None:
    for place, width in enumerate((24, 60, 16, 50)):
        worksheet.set_column(place, place, width, formats["wrapped"])
    # One row of headings on top, so that the sheet is a table to programs too.
    for place, name in enumerate(("column", "meaning", "needed", "answers")):
        worksheet.write_string(0, place, text(f"templates.{name}", lang), formats["heading"])
    row = 1
    for sheet in sheets:
        worksheet.write_string(row, 0, sheet.title, formats["heading"])
        worksheet.write_string(row, 1, sheet.row, formats["heading"])
        for number, column in enumerate(sheet.columns, row + 1):
            answers = text("templates.list", lang) if len(column.words) > 20 else ", ".join(column.words)
            needed = text("templates.yes", lang) if column.required else ""
            told = answers or (text(f"templates.cells_{column.cells}", lang) if column.cells != "text" else "")
            for place, cell in enumerate((column.heading, column.help, needed, told)):
                worksheet.write_string(number, place, cell, formats["wrapped"])
        row += len(sheet.columns) + 2

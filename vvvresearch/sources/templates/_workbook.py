"""A template as a workbook, and read again once it is filled: its own hidden sheet says what it is."""

from __future__ import annotations

import datetime
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import Programme
from vvvresearch.locales import Lang, month_number, text
from vvvresearch.sources.templates._columns import TemplateColumn, TemplateSheet, template_sheets

if TYPE_CHECKING:
    import pandas as pd

# The hidden sheet that holds the lists, and says in its first row what the workbook is.
LISTS, MARK, VERSION = "_vvv", "vvvresearch template", "1"
_ROWS = 2000
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
    sheets = template_sheets(kind, programme, lang)
    buffer = io.BytesIO()
    with files.workbook_into(buffer) as workbook:
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


_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")

# "1. maj 2024", "12 May 2024", "maj 2024", as text rather than as a date of the spreadsheet.
_NAMED = re.compile(r"(?:den |d\. ?)?(?:(\d{1,2})\.? )?([^\W\d_]{3,}\.?) (\d{4})")

_DATED = re.compile(r"(\d{4}-\d\d)-\d\d( 00:00:00)?")


def is_template(path: str | Path) -> bool:
    """Whether a file is a template of this package, filled in or not.

    Example:
        >>> is_template("surveys/demo/leaders-2021.xlsx")
        False
    """
    place = Path(path)
    return place.suffix.casefold() == ".xlsx" and place.is_file() and LISTS in files.sheet_names(place)


def template_kind(path: str | Path) -> str:
    """The kind of table that a template is for, as `template_kinds` names it; "" for any other file.

    Raises:
        SourceError: a template of a version that is not known here.
    """
    return _lists(Path(path))[0] if is_template(path) else ""


def template_sheet(path: str | Path) -> str:
    """The title of the first sheet that is filled in of a template; "" for any other file."""
    return _lists(Path(path))[1][0][1] if is_template(path) else ""


def template_tables(path: str | Path) -> dict[str, pd.DataFrame]:
    """The tables of a filled template as readers take them: their own names for columns and for the words of lists.

    Args:
        path: the workbook. Columns that somebody added keep their headings; words that are in no list stay as they are, for the
            reader to refuse. The index is the row in the sheet.

    Returns:
        Sheet name ("" where there is only one) → table of text.

    Raises:
        SourceError: no template, one of a version that is not known here, or its sheet was renamed or removed.
    """
    place = Path(path)
    _, sheets = _lists(place)
    there = files.sheet_names(place)
    tables = {}
    for name, title, columns in sheets:
        if title not in there:
            raise SourceError(f"the template has lost its sheet {title!r}", where=path, todo="give the sheet its name again")
        frame = files.read_workbook(place, title)
        numbers = frame.attrs.get("number_columns", [])
        names = {told.heading: column for column, told in columns.items()}
        frame = frame.rename(columns=names)
        for column, told in columns.items():
            if column in frame.columns:
                frame[column] = [_cell(cell, told) for cell in frame[column]]
        unused = [column for column, told in columns.items() if told.optional and column in frame.columns and not frame[column].any()]
        frame = frame.drop(columns=unused)
        frame.attrs["number_columns"] = [names.get(one, one) for one in numbers]
        tables[name] = frame
    return tables


def open_table(path: str | Path) -> pd.DataFrame:
    """A CSV file or workbook as a table of text; a filled template with the names that readers use.

    Raises:
        SourceError: it cannot be read as a table.
    """
    place = Path(path)
    if is_template(place):
        return next(iter(template_tables(place).values()))
    return files.read_workbook(place) if place.suffix.casefold() == ".xlsx" else files.read_csv(place)


@dataclass
class _Told:
    """What the hidden sheet says of a column: its heading, its cells, and folded word → name."""

    heading: str
    cells: str
    optional: bool
    words: dict[str, str] = field(default_factory=dict)


def _lists(path: Path) -> tuple[str, list[tuple[str, str, dict[str, _Told]]]]:
    """What the hidden sheet says: the kind, and per sheet its name, title and columns."""
    table = files.read_workbook(path, LISTS)
    head = [str(name) for name in table.columns]
    if head[:2] != [MARK, VERSION]:
        raise SourceError("this is a template of a version that is not known here", where=path, todo="fill in one that vvv new-round makes")
    sheets: list[tuple[str, str, dict[str, _Told]]] = []
    for row in table.itertuples(index=False, name=None):
        what, name, *rest = map(str, row)
        if what == "sheet":
            sheets.append((name, rest[0], {}))
        elif what == "column":
            sheets[-1][2][name] = _Told(rest[0], rest[1], rest[2] == "optional")
        else:
            next(reversed(sheets[-1][2].values())).words[rest[0].casefold()] = name
    return head[2], sheets


def _cell(cell: str, told: _Told) -> str:
    text = cell.strip()
    if told.words:
        return told.words.get(text.casefold(), text)
    if told.cells in ("date", "month"):
        if match := _DAY_FIRST.fullmatch(text):
            text = f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}"
        elif (match := _NAMED.fullmatch(text)) and (month := month_number(match[2])) and (match[1] or told.cells == "month"):
            text = f"{match[3]}-{month:02}" + (f"-{match[1]:0>2}" if match[1] else "")
        if told.cells == "month" and (match := _DATED.fullmatch(text)):
            return match[1]
    return text


_Rows = list[dict[str, str]]


def theory_document(path: str | Path) -> dict[str, Any]:
    """What a theory of change in a filled template says, as its text file would."""
    elements, arrows = _rows(path, "elements", "arrows")
    return {
        "schema_version": 1,
        "id": "theory",
        "version": "1",
        "title": {"da": "Forandringsteori", "en": "Theory of change"},
        "elements": [
            {
                "id": row["id"],
                "level": row["level"],
                "label": _words(row, "label"),
                "codes": _list(row, "codes"),
                "nodes": _list(row, "nodes"),
            }
            for row in elements
        ],
        "arrows": [
            {"id": row["id"], "from": row["from"], "to": row["to"]}
            | ({"assumption": _words(row, "assumption")} if row.get("assumption_da") else {})
            for row in arrows
        ],
    }


def configurations_document(path: str | Path) -> dict[str, Any]:
    """What configurations in a filled template say, as their text file would. A passage of no configuration is one without its parts."""
    records, passages = _rows(path, "configurations", "passages")
    known = {row["id"] for row in records}
    entries: list[dict[str, Any]] = []
    for row in records:
        own = [passage for passage in passages if passage["configuration"] == row["id"]]
        plain = {name: value for name, value in row.items() if name != "contexts" and value}
        entries.append(plain | {"contexts": _list(row, "contexts")} | _sides(own))
    entries += [{"id": name} for name in dict.fromkeys(passage["configuration"] for passage in passages) if name not in known]
    return {"schema_version": 1, "configurations": entries}


def _sides(passages: _Rows) -> dict[str, list[dict[str, str]]]:
    sides: dict[str, list[dict[str, str]]] = {}
    for passage in passages:
        said = {name: passage[name] for name in ("source", "text", "code_path") if passage.get(name)}
        sides.setdefault(passage["side"], []).append(said)
    return sides


def ledger_document(path: str | Path) -> dict[str, Any]:
    """What a ledger of evidence in a filled template says, as its text file would."""
    hypotheses, items, chances = _rows(path, "hypotheses", "items", "chances")
    return {
        "schema_version": 1,
        "hypotheses": [
            {"id": row["id"], "statement": _words(row, "statement"), "arrow": row.get("arrow", ""), "prior": _range(row, "prior_")}
            for row in hypotheses
        ],
        "items": [
            {
                "id": row["id"],
                "text": _words(row, "text"),
                "hypothesis": row["hypothesis"],
                "seen": {"seen": True, "not seen": False}.get(row["seen"], row["seen"]),
                "sensitivity": _range(row, "sensitivity_"),
                "type_one": {one["rival"]: _range(one, "") for one in chances if one["item"] == row["id"]},
                **{name: row.get(name, "") for name in ("package", "source", "code")},
            }
            for row in items
        ],
    }


def _rows(path: str | Path, *names: str) -> list[_Rows]:
    tables = template_tables(path)
    return [[{str(key): str(cell).strip() for key, cell in row.items()} for row in tables[name].to_dict("records")] for name in names]


def _words(row: dict[str, str], name: str) -> dict[str, str]:
    danish = row[f"{name}_da"]
    return {"da": danish, "en": row.get(f"{name}_en", "") or danish}


def _list(row: dict[str, str], name: str) -> list[str]:
    return [part.strip() for part in row.get(name, "").split(";") if part.strip()]


def _range(row: dict[str, str], name: str) -> list[str]:
    """From and to as they were typed; the model makes numbers of them, or refuses them."""
    return [row[f"{name}{end}"].replace(",", ".") for end in ("from", "to")]

"""Reading a filled template, a table or a definition: its own hidden sheet says what it is, so nothing has to be guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.locales import month_number
from vvvresearch.sources.templates._workbook import LISTS, MARK, VERSION

if TYPE_CHECKING:
    import pandas as pd


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

"""Exports of REDCap as answers: events as times, forms that are complete or not, boxes, and the words of the data dictionary."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from vvvresearch.errors import SourceError
from vvvresearch.intake._fold import fold, slug
from vvvresearch.intake._grid import read_grid
from vvvresearch.intake._table import Column, Table, find_table
from vvvresearch.intake._workbook import Cell

# The decision whether forms count that nobody has marked as complete.
FORMS = "forms"
COMPLETE, ALL = "complete", "all"
# The items that the first form asked once and that stand at every event.
ONCE = "asked_once"
# What the map of a file keeps of the dictionary: variable → what `Field.packed` says of it.
DICTIONARY = "dictionary"

_NAMES = ("variable field name", "form name", "field type", "field label")
_EVENT = re.compile(r"redcap event name|event name")
_REPEATED = re.compile(r"redcap repeat instrument|repeat instrument")
_OF_PROGRAM = re.compile(r"(redcap )?(repeat instance|survey identifier|data access group)|(\w+ )*timestamp|survey timestamp")
_STATE = re.compile(r".+ complete|complete")
_STATES = {"0": "0", "1": "1", "2": "2", "incomplete": "0", "unverified": "1", "complete": "2"}
_BOX_RAW, _BOX_NAMED = re.compile(r"(?P<name>.+)___(?P<code>\w+)"), re.compile(r"(?P<name>.+) \(choice=(?P<code>.+)\)")
_UNTICKED = frozenset(("", "0", "Unchecked"))
_ARM = re.compile(r"(_arm_\d+| \(arm \d+: .*\))$", re.IGNORECASE)
_SAID_OF_A_NUMBER = re.compile(r"(-?\d+) ?= ?([^,;=]+?)(?=[,;]|$)")
_MOST_TABLES = 60
_NUMBERS = ("number", "integer", "calc")
_SAID = ("text", "number", "calc", "slider")


@dataclasses.dataclass(frozen=True)
class Field:
    """What a data dictionary says of one variable.

    Args:
        name: the variable.
        label: what was asked.
        kind: radio, checkbox, text …; "number" where its text must be one.
        choices: code → label, in their order; of a number the codes that its note explains.
    """

    name: str
    label: str
    kind: str
    choices: dict[str, str]

    def packed(self) -> str:
        """The field as one line of text."""
        return "\t".join((self.label, self.kind, *(f"{code}={label}" for code, label in self.choices.items())))

    @staticmethod
    def unpacked(name: str, line: str) -> Field:
        """The field that a line says."""
        label, kind, *choices = line.split("\t")
        return Field(name, label, kind, dict(choice.split("=", 1) for choice in choices))


def is_dictionary(table: Table) -> bool:
    """Whether a table is the data dictionary of a project."""
    return {*_NAMES} <= {column.folded for column in table.columns}


def is_of_redcap(table: Table) -> bool:
    """Whether a table is an export of records: it names events or repeated forms, or says of two forms whether they are complete."""
    if any(_REPEATED.fullmatch(column.folded) or column.folded == "redcap event name" for column in table.columns):
        return True
    return sum(map(_tells_state, table.columns)) > 1 and table.columns[0].folded in ("record id", "study id")


def dictionary_beside(path: Path, table: Table) -> dict[str, Field]:
    """Variable → field, of the dictionary in the folder of an export that knows most of its columns; empty without one."""
    found: dict[str, Field] = {}
    asked = [column for columns, _ in _forms(table) for column in columns]
    beside = [one for one in sorted(path.parent.iterdir()) if one.suffix.casefold() in (".csv", ".xlsx") and one != path]
    for one in beside[:_MOST_TABLES]:
        try:
            fields = _fields(find_table(read_grid(one), one))
        except (SourceError, OSError):
            continue
        known = sum(_named(column, fields) is not None for column in asked)
        if 2 * known > len(asked) and known > sum(_named(column, found) is not None for column in asked):
            found = fields
    return found


def _fields(table: Table) -> dict[str, Field]:
    if not is_dictionary(table):
        return {}
    by_name = {column.folded: column.texts for column in table.columns}
    blank = ("",) * len(table)
    choices = next((texts for name, texts in by_name.items() if name.startswith("choices")), blank)
    valid = next((texts for name, texts in by_name.items() if name.startswith("text validation type")), blank)
    kinds = ["number" if one in _NUMBERS else kind for kind, one in zip(by_name[_NAMES[2]], valid, strict=True)]
    rows = zip(by_name[_NAMES[0]], by_name[_NAMES[3]], kinds, choices, by_name.get("field note", blank), strict=True)
    return {name: Field(name, label or name, kind, _choices(kind, said, note)) for name, label, kind, said, note in rows if name}


def _choices(kind: str, said: str, note: str) -> dict[str, str]:
    if kind in ("yesno", "truefalse"):
        return {"1": "Yes", "0": "No"} if kind == "yesno" else {"1": "True", "0": "False"}
    if kind in ("radio", "dropdown", "checkbox"):
        parts = (part.partition(",") for part in said.split("|"))
        return {code.strip(): label.strip() for code, _, label in parts if label.strip()}
    return {code: label.strip() for code, label in _SAID_OF_A_NUMBER.findall(note)} if kind in _SAID else {}


def _named(column: Column, fields: Mapping[str, Field]) -> tuple[Field, str] | None:
    """The field that a column holds, and the code of its box; by its name or, in an export of labels, by its question."""
    box = _BOX_RAW.fullmatch(column.heading) or _BOX_NAMED.fullmatch(column.heading)
    heading = box["name"] if box else column.heading
    field = fields.get(heading) or next((one for one in fields.values() if one.label == heading), None)
    if field is None or (field.kind == "checkbox") != (box is not None):
        return None
    code = box["code"] if box else ""
    return field, next((key for key, label in field.choices.items() if box and code in (key, key.replace("-", "_"), label)), code)


def _tells_state(column: Column) -> bool:
    return _STATE.fullmatch(column.folded) is not None and bool(column.filled) and {fold(text) for text in column.counts} <= _STATES.keys()


def unmarked_forms(table: Table) -> int:
    """How many forms hold answers and are not marked as complete, where others are; 0 where nobody marks them."""
    rows = list(_own_rows(table))
    count = 0
    for place, (columns, state) in enumerate(_forms(table)):
        marks = [_STATES.get(fold(text), "0") for text in state.texts]
        # The first form begins with the number of the record, which is no answer.
        own = columns[1:] if place == 0 else columns
        count += sum(marks[row] != "2" and _holds(own, row) for row in rows) if "2" in marks else 0
    return count


def answers_of(table: Table, fields: Mapping[str, Field], *, forms: str = ALL) -> Table:
    """Records and events as rows with the words of their questions and answers.

    Rows of forms that repeat (visits, calls) are no answers of their own and are left out. What the first form says of a person once is
    there at every event at which the person answered.

    Args:
        table: the export, of codes or of labels.
        fields: of the dictionary; empty without one.
        forms: whether forms count that are not marked as complete.
    """
    cells = {column.id: list(column.cells) for column in table.columns}
    parts = _forms(table)
    for place, (columns, state) in enumerate(parts):
        for row in _own_rows(table):
            marked = _STATES.get(fold(state.texts[row]), "0")
            own = columns[1:] if place == 0 else columns
            if (forms == COMPLETE and marked != "2") or (marked == "0" and not _holds(own, row)):
                for column in own:
                    cells[column.id][row] = ""
    rows = list(_own_rows(table))
    event = next((column for column in table.columns if _EVENT.fullmatch(column.folded)), None)
    if event is not None and parts:
        _carry(cells, table.columns[0], parts[0][0][1:], [column for own, _ in parts for column in own], rows)
    states = {state.id for _, state in parts}
    kept: list[Column] = []
    labelled: dict[str, dict[str, str]] = {}
    sets: dict[str, list[str]] = {}
    for column in table.columns:
        if column.id in states or _REPEATED.fullmatch(column.folded) or _OF_PROGRAM.fullmatch(column.folded):
            continue
        told = tuple(cells[column.id][row] for row in rows)
        if column is event:
            kept.append(Column("Event", "event", tuple(_ARM.sub("", str(cell)).replace("_", " ") for cell in told)))
            continue
        said = _named(column, fields)
        if said is None or column is table.columns[0]:
            kept.append(dataclasses.replace(column, cells=told))
            continue
        field, code = said
        name = slug(f"{field.name} {code}", 60)
        if code:
            sets.setdefault(field.label, []).append(name)
            kept.append(Column(field.choices.get(code, code), name, told))
            continue
        words = field.choices
        texts = dataclasses.replace(column, cells=told).texts
        if words and {text for text in texts if text} <= {*words, *words.values()} and field.kind not in _SAID:
            labelled[name] = dict(words)
        kept.append(Column(field.label, name, tuple(words.get(text, text) for text in texts) if words else told))
    kept = [column for column in kept if column.filled]
    # Without a dictionary the boxes are known by their headings.
    return dataclasses.replace(
        table, columns=tuple(kept), lines=tuple(table.lines[row] for row in rows), labelled=labelled,
        numeric=frozenset(slug(field.name, 60) for field in fields.values() if field.kind in ("number", "calc", "slider")),
        sets=tuple((label, tuple(ids)) for label, ids in sets.items()),
    )  # fmt: skip


def once_asked(table: Table, answers: Table) -> list[str]:
    """The ids of the columns of the first form in the answers of an export: what they say of a person is no answer of a later event."""
    parts = _forms(table)
    first = {cell for column in (parts[0][0][1:] if parts else ()) for cell in (column.id, column.heading)}
    return [column.id for column in answers.columns if {column.id, column.heading} & first]


def repeated_forms(table: Table) -> dict[str, int]:
    """Form that repeats → how many rows it has."""
    column = _repeats(table)
    return dict(column.counts) if column is not None else {}


def _repeats(table: Table) -> Column | None:
    return next((column for column in table.columns if _REPEATED.fullmatch(column.folded)), None)


def _own_rows(table: Table) -> Iterable[int]:
    repeats = _repeats(table)
    return [row for row in range(len(table)) if repeats is None or not repeats.texts[row]]


def _forms(table: Table) -> list[tuple[list[Column], Column]]:
    """The columns of each form with the one that ends it and says whether it is complete."""
    found: list[tuple[list[Column], Column]] = []
    own: list[Column] = []
    for column in table.columns:
        if _tells_state(column):
            found.append((own, column))
            own = []
        elif not any(one.fullmatch(column.folded) for one in (_EVENT, _REPEATED, _OF_PROGRAM)):
            own.append(column)
    return found


def _holds(columns: Sequence[Column], row: int) -> bool:
    return any(column.texts[row] not in _UNTICKED for column in columns)


def _carry(cells: dict[str, list[Cell]], record: Column, once: Sequence[Column], answers: Sequence[Column], rows: Sequence[int]) -> None:
    """What the first form says of a person at one event, at the others at which something was answered."""
    own = {column.id for column in once}
    others = [column.id for column in answers if column.id not in own and column is not record]
    for column in once:
        told = {record.texts[row]: cells[column.id][row] for row in rows if cells[column.id][row] != ""}
        if len(told) < sum(cells[column.id][row] != "" for row in rows):
            continue
        for row in rows:
            if cells[column.id][row] == "" and any(cells[key][row] != "" for key in others):
                cells[column.id][row] = told.get(record.texts[row], "")

"""A settled file as the tables that our own readers take; the file itself stays as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.errors import SchemaError
from vvvresearch.evidence import (
    COUNT_COLUMNS,
    COURSE_COLUMNS,
    MATCH_COLUMNS,
    MONITORING_COLUMNS,
    REGISTER_COLUMNS,
    SEPARATOR,
    in_one_spelling,
)
from vvvresearch.intake._cells import direction, is_nothing, number_texts, quarter_of
from vvvresearch.intake._changed import ChangedError, changed_rows, is_unchanged, strange_cells
from vvvresearch.intake._coding_tables import MARKS, marks_as_rows, nodes_of, one_name, with_further_columns, with_steps
from vvvresearch.intake._column_words import PERSONS, TELLERS
from vvvresearch.intake._columns import PARENT, ticked_beside
from vvvresearch.intake._dates import read_date, turned_back
from vvvresearch.intake._fold import fold
from vvvresearch.intake._kind import VISIT
from vvvresearch.intake._match_rows import STATE_AS_REASON, states_as_reasons
from vvvresearch.intake._meaning import VISITS, of_the_interviewees, register_of, with_visits
from vvvresearch.intake._municipalities import Municipalities, municipality_codes, own_municipalities
from vvvresearch.intake._occasions import OCCASION, SHEETS
from vvvresearch.intake._periods import over_time
from vvvresearch.intake._personal import shown, value_ids
from vvvresearch.intake._question_list import QUESTIONS, with_questions
from vvvresearch.intake._redcap import ALL, DICTIONARY, FORMS, Field, answers_of
from vvvresearch.intake._rows_left import without_left_rows
from vvvresearch.intake._settle import LEFT_OUT, Settled
from vvvresearch.intake._sheets import CORRECTIONS, STACKED, corrections_on, opened, stacked, with_corrections
from vvvresearch.intake._survey_tables import survey_tables
from vvvresearch.intake._table import Column, Table
from vvvresearch.intake._words import TableKind, interviewee_roles, roles_of, table_kinds
from vvvresearch.intake._workbook import Cell

if TYPE_CHECKING:
    import pandas as pd

_DECLARED: dict[str, tuple[str, ...]] = {
    "interviews": REGISTER_COLUMNS,
    "matches": MATCH_COLUMNS,
    "monitoring": MONITORING_COLUMNS,
    "courses": COURSE_COLUMNS,
    "counts": COUNT_COLUMNS,
}
_NAMES = ("person", "short", "lasting", "age", "small", "file")
_NOBODY = frozenset(("ingen", "intet", "none", "n a", "na", "ikke relevant", "not applicable"))
# Cells that are words to count by, in the programme's own columns and in those with a meaning.
_SPELLED = ("any", "words", "reason")
_NUMBERS = ("whole", "number", "category", "membership")
_IDS = {"matches": ("match", "M{:04}"), "courses": ("course", "K{:02}"), "counts": ("count", "C{:03}"), "recommendations": ("id", "R{:02}")}
_ORDINALS = (("foerste", "first"), ("anden", "andet", "second"), ("tredje", "third"), ("fjerde", "fourth"))
_CODED_TABLE = {"source": "interview", "text": "quote", "group": "document group"}


@dataclass(frozen=True)
class Normalised:
    """What a file becomes.

    Args:
        frames: name → table; empty for a file that its own reader takes as it is.
        questionnaire: a draft of the questionnaire (TOML) of a survey, "" otherwise.
        log: one row a row of the file that was left out: row, what, why.
    """

    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    questionnaire: str = ""
    log: pd.DataFrame | None = None


def normalised(path: str | Path, settled: Settled, municipalities: pd.DataFrame | None = None, *, changed: bool = False) -> Normalised:
    """A file as tables with the columns and codes of our own readers.

    Args:
        path: the file; it is only read.
        settled: what is decided about it.
        municipalities: code and name of a round's own (invented) municipalities; default the 98.
        changed: read a file that was changed since, where its map still can.

    Returns:
        Normalised: `.frames` with one table named like its type (`answers` for a survey), all text; `.questionnaire`; `.log`.
        A project of a QDA program, a codebook in `.qdc` and mappings in YAML are taken as they are: no frames.

    Raises:
        ChangedError: another file than the one that was settled, unless that is allowed.
        SchemaError: of a changed file, the cells that its map does not know.

    Example:
        >>> from vvvresearch.evidence import read_programme
        >>> from vvvresearch.intake import propose, settle
        >>> proposal = propose("surveys/2021-note/courses.csv", programme=read_programme(Path(".")))
        >>> list(normalised(proposal.path, settle(proposal)).frames["courses"].columns)
        ['course', 'name', 'date', 'participants', 'format', 'type']
    """
    place = Path(path)
    # A file that its own reader takes whole may grow; words that a map has not seen would be read as nothing.
    by_map = bool(settled.header) or settled.kind == "survey"
    other = by_map and place.is_file() and settled.this_file.get("hash", "") not in ("", files.hash_file(place.absolute()))
    now = as_it_was_read(place, settled, own_municipalities(municipalities)) if other else None
    # Saved anew with the same cells it is the same; what other sheets say is not looked at here.
    other = now is not None and (bool(now.others) or not is_unchanged(now, settled))
    if now is not None and other and not changed:
        raise ChangedError(
            "the file is not the one that was looked at",
            changed_rows(now, settled),
            where=path,
            why="its content has changed",
            todo="take it in anew: vvv add",
        )
    known = own_municipalities(municipalities)
    if settled.kind == "survey":
        frame, questionnaire, log = survey_tables(place, as_it_was_read(place, settled, known), settled, known)
        return Normalised({"answers": frame}, questionnaire, log)
    if not settled.header:
        return Normalised()
    table = as_it_was_read(place, settled, known)
    kind = table_kinds()[settled.kind]
    if other and (failures := strange_cells(table, kind, settled, known)):
        raise SchemaError(
            "the file was changed after it was taken in", failures, where=path, todo="correct these cells, or take it in anew: vvv add"
        )
    frame = _frame(table, kind, settled, known)
    if kind.name == "mappings":
        cause, effect = (next(one for one in table.columns if settled.roles().get(one.id) == role) for role in ("cause", "effect"))
        frame = frame.assign(**{name: frame[name].replace(one_name(settled, cause, effect)) for name in ("cause", "effect")})
    if kind.name == "codings":
        frame = with_further_columns(frame.drop(columns=[*interviewee_roles()], errors="ignore"), table, settled)
    frame, log = without_left_rows(frame, table, kind, settled)
    interviewees = of_the_interviewees(settled)
    if kind.name == "codings":
        frame = frame.rename(columns=_CODED_TABLE)
    frames = {kind.name if kind.type == "register" else kind.type: frame}
    if interviewees is not None:
        frames["interviews"] = register_of(_frame(table, table_kinds()["interviews"], interviewees, known))
    if kind.name == "mappings" and (nodes := nodes_of(place, settled)) is not None:
        frames["nodes"] = _frame(nodes[0], table_kinds()["nodes"], nodes[1], known).rename(columns={"node_type": "type"})
    headings = {str(role): settled.words.get(name, "") for name, role in settled.decisions.items() if name.startswith(("name.", "column."))}
    for one in frames.values():
        # What a column is called in the file stays known: evaluators have the file before them.
        one.attrs["headings"] = {name: headings[name] for name in map(str, one) if headings.get(name)}
        one.attrs["title"] = table.titles[-1] if table.titles else table.sheet
    return Normalised(frames, "", log)


def as_it_was_read(path: Path, settled: Settled, known: Municipalities) -> Table:
    """The table of a file before anything is decided about it."""
    sheets = settled.decisions.get(SHEETS)
    sheet = sheets.get(str(settled.decisions.get(OCCASION, "")), "") if isinstance(sheets, dict) else settled.decisions.get("sheet", "")
    table = opened(path, str(sheet), known)
    if settled.decisions.get(CORRECTIONS, LEFT_OUT) != LEFT_OUT and (corrections := corrections_on(path, table)) is not None:
        table = with_corrections(table, corrections[1])
    if heading := settled.decisions.get(STACKED):
        table = stacked(path, table, known, str(heading)) or table
    if lang_of_marks := settled.decisions.get(MARKS):
        table = marks_as_rows(table, "en" if lang_of_marks == "en" else "da") or table
    if isinstance(said := settled.decisions.get(DICTIONARY), dict):
        fields = {name: Field.unpacked(name, line) for name, line in said.items()}
        return answers_of(table, fields, forms=str(settled.decisions.get(FORMS, ALL)))
    if isinstance(said := settled.decisions.get(QUESTIONS), dict):
        table = with_questions(table, {name: Field.unpacked(name, line) for name, line in said.items()})
    visits = settled.decisions.get(VISITS)
    if isinstance(visits, list):
        number, *dates = [column for name in visits if (column := table.column(name)) is not None]
        table = with_visits(table, number, dates)
    lang = settled.decisions.get("times")
    return (over_time(table, "en" if lang == "en" else "da") or table) if lang else table


def _frame(table: Table, kind: TableKind, settled: Settled, known: Municipalities) -> pd.DataFrame:
    import pandas as pd

    cells: dict[str, list[str]] = {}
    for column in table.columns:
        role = settled.roles().get(column.id)
        if role is not None:
            read = _read(column, role, kind, settled, known)
            if column in ticked_beside(column, table):
                read = [column.heading.rpartition(" - ")[2] if cell else "" for cell in read]
                read = ["; ".join(filter(None, both)) for both in zip(cells.get(role, [""] * len(read)), read, strict=True)]
            cells[role] = read
            if role == "reason" and kind.type == "matches" and "reason_class" not in settled.roles().values():
                cells["reason_class"] = cells["reason"]
                cells["reason"] = in_one_spelling(column.texts)
    if "reason_class" in cells and (state := table.column(str(settled.decisions.get(STATE_AS_REASON, "")))) is not None:
        natural = set(states_as_reasons(cells["reason"], state.texts))
        cells["reason_class"] = ["natural" if row in natural else own for row, own in enumerate(cells["reason_class"])]
    for name, value in settled.starting("default.").items():
        cells[name] = [str(value)] * len(table)
    if kind.name in _IDS and _IDS[kind.name][0] not in cells:
        name, shape = _IDS[kind.name]
        cells = {name: [shape.format(number) for number in range(1, len(table) + 1)], **cells}
    if kind.name == "interviews":
        if settled.decisions.get(PERSONS) == "pseudonym" and "pseudonym" in cells:
            cells["person"] = list(cells["pseudonym"])
        _complete_interviews(cells, len(table))
    if settled.decisions.get(TELLERS) == "the-case":
        cells["informant"] = list(cells["case"])
    if settled.decisions.get(TELLERS) == "of-the-case":
        pairs = zip(cells["case"], cells["informant"], strict=True)
        cells["informant"] = ["; ".join(f"{case} {one.strip()}" for one in told.split(";") if one.strip()) for case, told in pairs]
    if kind.name == "mappings" and {"case", "informant"} <= cells.keys():
        # Who is in no pair is a case alone.
        cells["case"] = [case or told for case, told in zip(cells["case"], cells["informant"], strict=True)]
    if kind.name == "monitoring":
        _complete_monitoring(cells, table, settled)
    if kind.name == "snapshots" and "date" in cells:
        # A list of a year is that of its last day.
        cells["date"] = [f"{when}-12-31" if re.fullmatch(r"\d{4}", when) else when for when in cells["date"]]
    if kind.name == "codings" and PARENT in cells:
        pairs = zip(cells.pop(PARENT), cells["code"], strict=True)
        cells["code"] = [SEPARATOR.join(part for part in pair if part) for pair in pairs]
    if kind.name == "codebook" and "ancestor" in cells and "parent" in cells:
        cells["parent"] = _levels(cells, table, settled)
        del cells["ancestor"]
    if kind.name == "codebook" and "parent" in cells:
        cells["code_path"] = _paths(cells["code_path"], cells.pop("parent"))
    declared = _DECLARED.get(kind.name, ())
    if declared:
        further = [name for name in cells if name not in declared] if kind.name != "counts" else []
        cells = {name: cells.get(name, [""] * len(table)) for name in (*declared, *further) if name in cells or kind.name != "interviews"}
    return pd.DataFrame(cells, index=pd.Index(table.lines, name="line"), dtype=object)


def _complete_interviews(cells: dict[str, list[str]], count: int) -> None:
    """An interview without a number is called by its person and visit, a transcript like its interview; one column of consent says two
    things."""
    if "interview" not in cells and all(sources := cells.get("source", [""])) and len(set(sources)) == len(sources):
        cells["interview"] = list(sources)
    if "interview" not in cells:
        named = [cells[name] for name in VISIT if name in cells]
        cells["interview"] = ["-".join(filter(None, parts)) for parts in zip(*named, strict=True)]
    cells.setdefault("source", list(cells.get("interview", [""] * count)))
    consent = cells.get("consent_analysis", [])
    if "consent_quote" not in cells and {"quote", "analysis"} & set(consent):
        cells["consent_quote"] = [{"quote": "yes", "analysis": "no", "no": "no"}.get(cell, "") for cell in consent]
        cells["consent_analysis"] = ["yes" if cell in ("quote", "analysis") else cell for cell in consent]


def _complete_monitoring(cells: dict[str, list[str]], table: Table, settled: Settled) -> None:
    cells.setdefault("extract", [settled.this_file.get("extract", "")] * len(table))
    status = next((column for column in table.columns if settled.roles().get(column.id) == "status"), None)
    # The heading says what present means; where its words change, the definition changed.
    cells.setdefault("definition", [status.heading if status is not None else ""] * len(table))


def _levels(cells: dict[str, list[str]], table: Table, settled: Settled) -> list[str]:
    """What stands above each code where two columns say it: the left one is the upper level."""
    names = [role for column in table.columns if (role := settled.roles().get(column.id)) in ("ancestor", "parent")]
    return [" > ".join(part for part in parts if part) for parts in zip(*(cells[name] for name in names), strict=True)]


def _paths(codes: list[str], parents: list[str]) -> list[str]:
    above = dict(zip(codes, parents, strict=True))
    paths = []
    for code, parent in zip(codes, parents, strict=True):
        # A row of a theme alone is the theme; a code of one name may lie under several.
        parts = [part for part in (parent, code) if part]
        seen = set(parts)
        while (up := above.get(parts[0], "")) and up not in seen:
            parts.insert(0, up)
            seen.add(up)
        paths.append(" > ".join(parts))
    return paths


def _read(column: Column, role: str, kind: TableKind, settled: Settled, known: Municipalities) -> list[str]:
    """The cells of a column as our readers want them in its role."""
    found = roles_of(kind.name).get(role)
    test = found.values if found is not None else "any"
    if role == "municipality":
        return municipality_codes(column, settled, known)
    if test == "date":
        return _dates(column, role, settled)
    words = settled.starting(f"value.{role}.")
    if words:
        keys = value_ids(column.counts)
        blank = str(settled.decisions.get(f"blank.{role}", ""))
        meaning = {text: _said(str(words.get(key, ""))) for text, key in keys.items()}
        if test == "direction":
            meaning = {text: _said(str(words.get(key, direction(text)))) for text, key in keys.items()}
        return [meaning[text] if text else _said(blank) for text in column.texts]
    if test == "quarter":
        return [quarter_of(text) or text for text in column.texts]
    if test == "small" and role == "wave":
        return [_wave(text) for text in column.texts]
    if role == "age_band" and f"bands.{column.id}" in settled.decisions:
        return [_band(text, int(str(settled.decisions[f"bands.{column.id}"]))) for text in column.texts]
    if role == "pseudonym":
        # A made-up name of two words looks like somebody's own; what tells persons apart stays.
        return [shown(text) if text else "" for text in column.texts]
    if test in _NAMES or (kind.name == "interviews" and role == "pair"):
        # A dash or "ingen" in a column of names says that there is none.
        return ["" if is_nothing(text) or fold(text) in _NOBODY else text for text in column.texts]
    written = column.lined if role == "code" else column.texts
    texts = _from_above(written) if settled.decisions.get(f"blank.{role}") == "above" else written
    if role == "code" and kind.name == "codings":
        return with_steps(texts, settled)
    if role in ("informant", "named_by"):
        return [text.replace(",", ";") for text in column.texts]
    if test in ("number", "whole"):
        return number_texts(column, "thousands" if test == "whole" else str(settled.decisions.get(f"numbers.{column.id}", "decimals")))
    if test == "membership":
        return [text.replace(",", ".") for text in column.texts]
    return in_one_spelling(texts) if test in _SPELLED else list(texts)


def _from_above(texts: Sequence[str]) -> list[str]:
    """Empty cells with what stands above them."""
    found: list[str] = []
    for text in texts:
        found.append(text or (found[-1] if found else ""))
    return found


def _said(value: str) -> str:
    return "" if value == LEFT_OUT else value


def _wave(text: str) -> str:
    folded = fold(text)
    number = re.search(r"\d+", folded)
    named = next((str(place) for place, words in enumerate(_ORDINALS, start=1) if folded.split(" ")[0] in words), "")
    return number[0] if number else named or text


def _band(text: str, years: int) -> str:
    """The class of so many years that an age lies in: "34" is "30-39"; what is no bare age stays."""
    low = int(text) // years * years if text.isdigit() else 0
    return f"{low}-{low + years - 1}" if text.isdigit() else text


def _dates(column: Column, role: str, settled: Settled) -> list[str]:
    month_first = settled.decisions.get(f"dates.{column.id}") == "month"
    year = settled.this_file.get("year", "")
    turn = settled.decisions.get(f"swapped.{column.id}") == "turn"
    read: dict[tuple[type, Cell], str] = {}
    for cell in dict.fromkeys(column.cells):
        reading = read_date(cell, month_first=month_first, year=int(year) if year else None)
        value = reading.value if reading.kind in ("day", "month", "period") else ""
        if turn and reading.kind == "day" and not reading.text:
            value = turned_back(value)
        read[type(cell), cell] = value[:7] if role in ("month", "extract") and reading.kind in ("day", "month") else value
    return [read[type(cell), cell] for cell in column.cells]


def number_columns(settled: Settled, frame: pd.DataFrame) -> list[str]:
    """The columns of a register that hold counts, for its source in a round."""
    roles = {role.name: role.values for role in table_kinds()[settled.kind].roles} if settled.kind in table_kinds() else {}
    filled = {str(name): [cell for cell in frame[name] if cell] for name in frame.columns}
    return [name for name, cells in filled.items() if roles.get(name) in _NUMBERS and cells and all(str(cell).isdigit() for cell in cells)]

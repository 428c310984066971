"""Reading interview registers: one row an interview, and nothing in it that names or reaches a person."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from vvvresearch.errors import Failure
from vvvresearch.evidence import HALVES, MODES, REGISTER_COLUMNS, RESPONDENT_GROUPS, Interviews, code_failures
from vvvresearch.evidence import municipalities as municipality_register
from vvvresearch.kinds import DataKind
from vvvresearch.sources.registers._tables import (
    TableFile,
    TypedTable,
    cells,
    double_ids,
    empty_cells,
    header,
    raise_all,
    read_declared,
    unknown_words,
)

if TYPE_CHECKING:
    import pandas as pd

_REQUIRED = ("interview", "respondent_group")
_OPTIONAL = tuple(name for name in REGISTER_COLUMNS if name not in _REQUIRED)
_FLAGS = {"yes": True, "ja": True, "1": True, "true": True, "no": False, "nej": False, "0": False, "false": False}
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
_STATES = ("ongoing", "troubled", "ended")

# Headings that promise something about a person; a register with them is refused before a cell is looked at.
_PERSONAL = re.compile(
    r"(^|[_\s.-])(full|first|last|for|efter)?_?(name|names|navn|surname|cpr|cprnr|personnummer|telefon|tlf|phone|mobil|mobile|e-?mail|mail|adresse|address|"
    r"birth|birthday|birthdate|dob|f[øo]dselsdato|f[øo]dt|contact|kontakt)($|[_\s.-])",
    re.IGNORECASE,
)
# Shapes of contact data. Codes, months, ages and municipality codes have none of these shapes.
_SHAPES = (
    (re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}"), "an e-mail address"),
    (re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01]|[67]\d|8\d|9[01])(0[1-9]|1[0-2])\d{2}[-\s./]?[\dXx*]{4}(?!\d)"), "a CPR number"),
    (re.compile(r"(?<![\d-])(?:(?:\+|00)\s?45[\s.-]?)?[2-9]\d(?:[\s.-]?\d\d){3}(?![\d-])"), "a phone number"),
    (re.compile(r"(?<![\d-])(?:\+|00)[1-9]\d{1,2}[\s.-]?\d(?:[\s.-]?\d){6,11}(?![\d-])"), "a phone number"),
    (
        re.compile(
            r"\b[A-ZÆØÅ][\wæøåé.'-]*(?:vej|vænget|gade|gaden|allé|alle|stræde|boulevard|plads|parken)\s+\d{1,3}\b|\b(?!199\d|20[0-3]\d\b)\d{4}\s[A-ZÆØÅ][a-zæøå]{2,}"
        ),
        "an address",
    ),
)
# Years, ranges of years and dates have the length of a phone number and are none.
_DATES = re.compile(r"(?<!\d)(19|20)\d\d((0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])|[-/](19|20)\d\d|[-/](0[1-9]|1[0-2])([-/]\d\d)?)(?!\d)")
# Two or more capitalised words, or an initial and one.
_LETTERS = "a-zæøåéüöä"
_NAME = re.compile(rf"[A-ZÆØÅÉ](?:[{_LETTERS}'’-]+|\.)(?:\s+(?:(?:van|von|de|el|al|bin|ibn)\s+)?[A-ZÆØÅÉ][{_LETTERS}'’-]+)+")
# Capitalised words that name a wave or a place in a register and no person.
_ORDINARY = frozenset(("første", "anden", "tredje", "bølge", "runde", "måling", "wave", "round", "nord", "syd", "øst", "vest", "ukendt"))


def read_interviews(
    path: TableFile,
    *,
    kind: DataKind = DataKind.REAL,
    municipalities: Collection[str] | None = None,
    groups: Collection[str] = RESPONDENT_GROUPS,
    halves: tuple[str, str] = HALVES,
) -> Interviews:
    """Read an interview register (CSV or XLSX).

    Args:
        path: the table; columns `interview` and `respondent_group` are needed, the rest of `REGISTER_COLUMNS` may be absent. A
            table that was read through its map may have further ones, which are attributes.
        kind: the kind of data, as the round says.
        municipalities: the codes that may occur; default the 98, for synthetic rounds their invented ones.
        groups: the respondent groups of the programme.
        halves: the two of them that form a pair.

    Returns:
        Interviews.

    Raises:
        SourceError: no table.
        SchemaError: with every fault at once: columns, double ids, unknown groups, modes and municipality codes, months that
            are none, names or contact data. What looks like contact data is never repeated in the message.

    Example:
        >>> len(read_interviews("interviews/2021-note/interviews.csv", kind=DataKind.RECONSTRUCTED))
        34
    """
    _refuse_personal_columns(path)
    # What a map keeps of a file can be an attribute; a column of our own template that is not known is misspelt.
    frame = read_declared(path, _REQUIRED, _OPTIONAL, further=isinstance(path, TypedTable))
    frame = frame[[*REGISTER_COLUMNS, *(name for name in frame.columns if name not in REGISTER_COLUMNS)]]
    frame["mode"] = frame["mode"].replace("", "unknown")
    # Who coded an interview is no interviewee.
    failures = personal_failures(frame, [name for name in frame.columns if name != "coded_by"])
    personal = {(failure.row, failure.column) for failure in failures}
    checks = empty_cells(frame, _REQUIRED) + double_ids(frame, "interview")
    checks += unknown_words(frame, "respondent_group", tuple(groups), empty=True) + unknown_words(frame, "mode", MODES)
    checks += unknown_words(frame, "relation_state", _STATES, empty=True)
    checks += [
        Failure(int(row), "month", value, "a month is written 2021-06")
        for row, value in cells(frame, "month")
        if value and not _MONTH.fullmatch(value)
    ]
    codes = [(int(row), code) for row, code in cells(frame, "municipality") if code]
    checks += code_failures(codes, municipalities)
    for column in ("interpreter", "consent_analysis", "consent_quote"):
        frame[column], wrong = _flags(frame, column)
        checks += wrong
    checks += _pair_failures(frame, halves)
    failures += [failure for failure in checks if (failure.row, failure.column) not in personal]
    raise_all(failures, path, "the interview register")
    return Interviews(frame.reset_index(drop=True), kind, str(path), halves)


def _refuse_personal_columns(path: TableFile) -> None:
    named = [name for name in header(path) if name not in REGISTER_COLUMNS and _PERSONAL.search(name)]
    raise_all(
        [Failure(None, name, "", "a register holds no names or contact data; keep them outside the project") for name in named],
        path,
        "the register",
    )


def personal_failures(frame: pd.DataFrame, columns: Collection[str]) -> list[Failure]:
    """A failure for each cell that looks like a name or contact data; the cell itself is never repeated."""
    failures = []
    for column in columns:
        for row, value in cells(frame, column):
            if not isinstance(value, str) or not value:
                continue
            plain = _DATES.sub(" ", value)
            found = next((what for shape, what in _SHAPES if shape.search(plain)), "")
            if not found and _is_name(column, value):
                found = "a person's name"
            if found:
                failures.append(Failure(int(row), column, "", f"looks like {found}; a register holds no names or contact data"))
    return failures


def _is_name(column: str, value: str) -> bool:
    words = value.split()
    if not _NAME.fullmatch(value) or _ORDINARY & {word.casefold() for word in words}:
        return False
    return column != "municipality" or value not in set(municipality_register()["name"])


def _flags(frame: pd.DataFrame, column: str) -> tuple[pd.Series, list[Failure]]:
    import pandas as pd

    values, failures = [], []
    for row, value in cells(frame, column):
        known = _FLAGS.get(value.casefold())
        values.append(known)
        if known is None and value not in ("", "unknown", "ukendt"):
            failures.append(Failure(int(row), column, value, "write yes, no or nothing"))
    return pd.Series(values, index=frame.index, dtype="boolean"), failures


def _pair_failures(frame: pd.DataFrame, halves: tuple[str, str]) -> list[Failure]:
    failures = []
    for pair, rows in frame[frame["pair"] != ""].groupby("pair", sort=False):
        outside = rows[~rows["respondent_group"].isin(halves)]
        failures += [Failure(int(row), "pair", str(pair), f"only {halves[0]} and {halves[1]} stand in pairs") for row in outside.index]
    return failures

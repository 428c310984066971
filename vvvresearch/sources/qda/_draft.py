"""The draft of a project: what a reader gathers before positions are settled and codes have their paths."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from vvvresearch.evidence import Loss, Losses

if TYPE_CHECKING:
    import pandas as pd

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?")
_DAY_FIRST = re.compile(r"(\d{1,2})[.-](\d{1,2})[.-](\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_C_DATE = "%a %b %d %H:%M:%S %Y"


class CodeNode(NamedTuple):
    """A code as a file holds it; `parent` is the key of its parent, "" at the top."""

    key: str
    name: str
    parent: str
    is_codable: bool = True
    definition: str = ""
    color: str = ""
    guid: str = ""
    is_case: bool = False


class Mark(NamedTuple):
    """One coding as a file holds it; `start` and `end` count as the file does, None means the whole source."""

    source: str
    start: int | None
    end: int | None
    quote: str
    code: str
    coder: str
    memo: str = ""
    guid: str = ""
    region: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    date: str = ""


@dataclass
class Marks:
    """The codings of a project as columns, one list a field of `Mark`: a large project has too many for an object each."""

    source: list[str] = field(default_factory=list)
    start: list[int | None] = field(default_factory=list)
    end: list[int | None] = field(default_factory=list)
    quote: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    coder: list[str] = field(default_factory=list)
    memo: list[str] = field(default_factory=list)
    guid: list[str] = field(default_factory=list)
    region: list[str] = field(default_factory=list)
    attributes: list[tuple[tuple[str, str], ...]] = field(default_factory=list)
    date: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.source)

    def add(self, mark: Mark) -> None:
        """One coding more."""
        for column, value in zip(vars(self).values(), mark, strict=True):
            column.append(value)

    def extend(self, **columns: Sequence[Any]) -> None:
        """Many codings more, every field given as a column of one length."""
        for name, column in vars(self).items():
            column += columns[name]


class Memo(NamedTuple):
    """A memo on something else than a coding.

    `on` is "project", "code", "source", "case" or "passage"; `target` the key of what it is on ("" for the project, the
    source's for a passage; a case is known by its name); `start` and `end` count as the file does.
    """

    on: str
    target: str
    text: str
    title: str = ""
    author: str = ""
    date: str = ""
    start: int | None = None
    end: int | None = None


@dataclass
class DraftSource:
    """A source: its unique name and its text as delivered, None where the file has none."""

    name: str
    raw: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass
class LossLog:
    """Losses as they are met: equal ones are counted together, the first few places are named."""

    where: str
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _places: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, what: str, count: int = 1, detail: str = "", place: str = "") -> None:
        """Note `count` things of one kind that the model does not hold."""
        if count <= 0:
            return
        self._counts[what, detail] += count
        places = self._places.setdefault((what, detail), [])
        if place and place not in places and len(places) < 5:
            places.append(place)

    def losses(self) -> Losses:
        """The report."""
        entries = []
        for (what, detail), count in self._counts.items():
            named = ", ".join(self._places[what, detail])
            entries.append(Loss(what, count, self.where, "; ".join(part for part in (detail, named) if part)))
        return Losses(tuple(entries))


@dataclass
class Draft:
    """Everything a reader found; `finish` in `_assembly` makes `Codings` of it.

    `sets` holds one (set, "code" or "source", key) a member.
    """

    where: str
    origin: str = ""
    codes: list[CodeNode] = field(default_factory=list)
    sources: dict[str, DraftSource] = field(default_factory=dict)
    marks: Marks = field(default_factory=Marks)
    cases: list[dict[str, Any]] = field(default_factory=list)
    memos: list[Memo] = field(default_factory=list)
    sets: list[tuple[str, str, str]] = field(default_factory=list)
    log: LossLog = field(init=False)

    def __post_init__(self) -> None:
        self.log = LossLog(self.where)

    def add_memo(self, on: str, target: str, text: str, title: str = "", author: str = "", date: str = "") -> None:
        """A memo, unless it says nothing; what stands around an empty one is listed."""
        if text.strip():
            self.memos.append(Memo(on, target, text, title, author, date))
            return
        for name, value in (("titles", title), ("authors", author), ("dates", date)):
            self.log.add(f"{name} of a {on} without a memo", int(bool(value.strip())))

    def set_value(self, values: dict[str, Any], name: str, value: Any) -> None:
        """The value of a variable; of several that differ the first is kept and the others are listed."""
        self.log.add("second values of one variable", int(values.setdefault(name, value) != value), "the first is kept", name)

    def report_unfilled(self, variables: Iterable[str]) -> None:
        """List variables without a value anywhere."""
        filled = {name for held in (*(source.variables for source in self.sources.values()), *self.cases) for name in held}
        for name in variables:
            self.log.add("variables without a value", int(name not in filled), place=name)

    def add_cases(self, names: Mapping[str, str], members: Iterable[tuple[str, str]], values: Mapping[str, Mapping[str, Any]]) -> None:
        """Cases from their names, (case, source) memberships and variables, all by key; a case without sources stays."""
        self.log.add("variables of cases that the project lacks", sum(len(own) for key, own in values.items() if key not in names))
        sources: dict[str, list[str]] = {key: [] for key in names}
        for case, source in dict.fromkeys(members):
            if case in sources and source in self.sources:
                sources[case].append(self.sources[source].name)
            else:
                self.log.add("members of cases that the project lacks")
        for key, name in names.items():
            for source in sources[key] or [""]:
                self.cases.append({"case": name, "source": source, **values.get(key, {})})


def records(frame: pd.DataFrame | None) -> list[dict[str, Any]]:
    """The rows of a table as dicts, none where there is no table."""
    if frame is None:
        return []
    names = [str(name) for name in frame.columns]
    columns = [frame.iloc[:, place].tolist() for place in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def column_name(name: str) -> str:
    """A variable's name as a column beside `case` and `source`."""
    return f"{name} (variable)" if name in ("source", "case") else name


def unique_name(name: str, taken: set[str]) -> str:
    """A name that is not taken yet: the second one gets " (2)"."""
    chosen, number = name, 1
    while chosen in taken:
        number += 1
        chosen = f"{name} ({number})"
    taken.add(chosen)
    return chosen


def iso_date(text: str) -> str:
    """A moment as programs write it in ISO 8601; what cannot be told (1/2/2023) stays as it is.

    Example:
        >>> iso_date("2023-05-01 10:20:30"), iso_date("1.5.2023 10:20"), iso_date("Mon May  1 10:20:30 2023")
        ('2023-05-01T10:20:30', '2023-05-01T10:20:00', '2023-05-01T10:20:30')
    """
    plain = text.strip()
    if not plain:
        return ""
    found = _ISO.fullmatch(plain)
    if found:
        clock = found[2] if found[2].count(":") == 2 else f"{found[2]}:00"
        return f"{found[1]}T{clock}{found[3] or ''}"
    try:
        if found := _DAY_FIRST.fullmatch(plain):
            day, month, year, hour, minute, second = (int(part) if part else 0 for part in found.groups())
            moment = datetime.datetime(year, month, day, hour, minute, second)
            return moment.isoformat() if found[4] else moment.date().isoformat()
        return datetime.datetime.strptime(plain, _C_DATE).isoformat()
    except ValueError:
        return plain

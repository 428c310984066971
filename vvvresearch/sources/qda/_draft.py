"""The draft of a project: what a reader gathers before positions are settled and codes have their paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from vvvresearch.evidence import Loss, Losses

if TYPE_CHECKING:
    import pandas as pd


class CodeNode(NamedTuple):
    """A code as a file holds it; `parent` is the key of its parent, "" at the top."""

    key: str
    name: str
    parent: str
    is_codable: bool = True
    definition: str = ""
    color: str = ""
    guid: str = ""


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
    """Everything a reader found; `finish` in `_assembly` makes `Codings` of it."""

    where: str
    origin: str = ""
    codes: list[CodeNode] = field(default_factory=list)
    sources: dict[str, DraftSource] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)
    log: LossLog = field(init=False)

    def __post_init__(self) -> None:
        self.log = LossLog(self.where)

    def add_cases(self, names: Mapping[str, str], members: Iterable[tuple[str, str]], values: Mapping[str, Mapping[str, Any]]) -> None:
        """Cases from their names, (case, source) memberships and variables, all by key; a case without sources stays."""
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

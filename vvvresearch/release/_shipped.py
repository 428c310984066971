"""The attack on what is shipped: what a reader of the tables, the prose's numbers and earlier releases can work out of small counts.

Shares nothing with `_small.py`, which chose what is hidden: it reads the files that go out, and asks the surveys only what is true.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.kinds import DataKind
from vvvresearch.privacy import Knowledge
from vvvresearch.release._numbers import shown_addresses
from vvvresearch.results import address_part, folded, join_address
from vvvresearch.rounds import Round

THRESHOLD = 5
WHOLE = "total"
Cell = tuple[str, str, str]  # split by which item ("" not at all), group, answer
Row = Mapping[str, str]
_BASES = re.compile(r"n\d?|all_units|all_responded|units|population")


@dataclass(frozen=True)
class Leak:
    """A number that gives a small count away: the file it stands in, and how it does, without the number."""

    file: str
    what: str
    doubtful: bool = False


@dataclass(frozen=True)
class Attacked:
    """What the attack found.

    Args:
        leaks: what gives a small count away.
        tables: how many tables were read.
        surveys: how many surveys of real persons or municipalities stand behind them.
        hidden: how many of their counts are shipped nowhere.
        narrowest: the least upper bound of a small one.
    """

    leaks: tuple[Leak, ...]
    tables: int
    surveys: int
    hidden: int
    narrowest: float

    @property
    def said(self) -> str:
        """The result in a sentence, for the log."""
        if not self.surveys:
            return f"attack: {self.tables} tables read; no survey of real persons or municipalities stands behind them"
        bound = "" if math.isinf(self.narrowest) else f"; the narrowest that a small one can be bounded to is 0 to {self.narrowest:.0f}"
        return f"attack: {self.tables} tables read; {self.hidden} hidden counts, {len(self.leaks)} numbers give a small one away{bound}"


def attack_shipped(opened: Round, folder: Path, earlier: Sequence[Path] = ()) -> Attacked:
    """Attack every table and number that a round ships, beside what it has released before.

    Args:
        opened: the round.
        folder: its outputs in one language, with `tables/` and `values/`.
        earlier: folders with the `tables/` of earlier releases.

    Returns:
        What gives a count of 1 to 4 persons or municipalities away, and how much was tried.
    """
    tables = dict(_tables(folder))
    before = {f"{place.parent.name}/{name}": rows for place in earlier for name, rows in _tables(place)}
    numbers = {folded(key) for key, has_number in shown_addresses(opened, folder).items() if has_number}
    bare = Round(opened.spec, opened.root, opened.lang)
    bare.__dict__["hidden"] = frozenset()
    surveys = [survey for survey in opened.surveys.values() if survey.kind is DataKind.REAL]
    leaks: list[Leak] = []
    hidden, narrowest = 0, math.inf
    for survey in surveys:
        leaks += _unaddressed(survey, tables)
        for item in _items(survey, tables, numbers):
            attacked = _Item(bare, survey, item, tables, numbers, before)
            leaks += attacked.leaks()
            hidden += len(attacked.unknown)
            narrowest = min(narrowest, attacked.narrowest)
    return Attacked(tuple(dict.fromkeys(leaks)), len(tables) + len(before), len(surveys), hidden, narrowest)


def _tables(folder: Path) -> Iterator[tuple[str, list[Row]]]:
    for path in sorted((folder / "tables").glob("*.csv")):
        yield path.name, list(csv.DictReader(io.StringIO(files.read_text(path).removeprefix("\ufeff"))))


def _items(survey: Survey, tables: Mapping[str, Sequence[Row]], numbers: Collection[str]) -> list[str]:
    """The items of a survey with answers to choose from that some table or number names."""
    spoken = {part for key in numbers for part in re.split(r"[./~]", key)}
    named = {value for rows in tables.values() for row in rows for value in (row.get("item"), row.get("by"), row.get("variable"))}
    named |= {_root(row)[len(survey.id) + 4 :] for rows in tables.values() for row in rows if _root(row).startswith(f"{survey.id}/by-")}
    asked = survey.questionnaire
    known = asked.items if asked else ()
    return [one.id for one in known if (one.id in named or folded(one.id) in spoken) and asked and asked.options(one)]


def _unaddressed(survey: Survey, tables: Mapping[str, Sequence[Row]]) -> Iterator[Leak]:
    """Small numbers in tables that name no item, such as somebody adds by hand: their rows or columns are called by its answers."""
    asked = survey.questionnaire
    bare = {file: rows for file, rows in tables.items() if rows and "address" not in rows[0]}
    if asked is None or not bare:
        return
    for item in asked.items:
        answers = {folded(word) for option in asked.options(item) for word in (option.code, option.label.da, option.label.en)}
        for file, rows in bare.items():
            named = [name for name in rows[0] if name and len(answers & {folded(row[name] or "") for row in rows}) > 1]
            across = [name for name in rows[0] if name and folded(name) in answers]
            cells = [row[name] for row in rows for name in row if any(folded(row[key] or "") in answers for key in named)]
            cells += [row[name] for row in rows for name in across if len(across) > 1]
            if any(re.fullmatch(rf"\s*[1-{THRESHOLD - 1}](?:[.,]0+)?\s*", cell or "") for cell in cells):
                yield Leak(
                    file, f"a small number stands beside answers to {survey.id}.{item.id} in a table without addresses", doubtful=True
                )


def _root(row: Row) -> str:
    return (row.get("address") or "").split(".")[0]


class _Item:
    """One item: what is true of it, what is shown of it, and what a reader can compute."""

    def __init__(
        self,
        bare: Round,
        survey: Survey,
        item: str,
        tables: Mapping[str, Sequence[Row]],
        numbers: Collection[str],
        before: Mapping[str, Sequence[Row]],
    ) -> None:
        self.survey, self.item, self.tables = survey, item, tables
        self.counts: dict[Cell, int] = {}
        self.bases: dict[tuple[str, str], int] = {}
        for by in ("", *sorted(self._splits())):
            self._count(bare, by)
        self.shown = self._in_prose(numbers) | {cell: file for file, cell, _ in self._facts(tables)}
        self.told = {cell[:2] for rows in tables.values() for row in rows if _is_number(row.get("n") or "") and (cell := self._cell(row))}
        self.then = {cell: (file, count) for file, cell, count in self._facts(before) if count is not None}
        for cell, (_, count) in self.then.items():
            if count == self.counts[cell]:
                self.shown.setdefault(cell, "")
        self.unknown = [cell for cell in self.counts if cell not in self.shown]
        self.narrowest = math.inf

    def _splits(self) -> set[str]:
        """By what the item is split in some table: the column that the table's address names."""
        own = (row for rows in self.tables.values() for row in rows if row.get("item") == self.item)
        return {column for row in own for column in row if column and folded(_root(row)) == folded(f"{self.survey.id}/by-{column}")}

    def _count(self, bare: Round, by: str) -> None:
        try:
            frame = bare.tabulate(self.survey.id, self.item, by=by or None).frame
        except AnalysisError:
            return
        if not {"code", "count", "n"} <= set(frame.columns):
            return
        for row in frame.to_dict("records"):
            group = str(row[by]) if by else WHOLE
            self.counts[by, group, str(row["code"])] = int(row["count"])
            self.bases[by, group] = int(row["n"])

    def _facts(self, tables: Mapping[str, Sequence[Row]]) -> Iterator[tuple[str, Cell, int | None]]:
        """Cells that tables show: by their count, or by any other number of their row that follows from it."""
        for file, rows in tables.items():
            for row in rows:
                cell = self._cell(row)
                if cell is None or not _tells(row):
                    continue
                count = row.get("count") or ""
                yield file, cell, int(float(count)) if _is_number(count) else None

    def _cell(self, row: Row) -> Cell | None:
        if row.get("item") != self.item:
            return None
        root = _root(row)
        if folded(root) == folded(self.survey.id):
            cell = ("", WHOLE, row.get("code", ""))
        else:
            by = next((by for by, _, _ in self.counts if by and folded(root) == folded(f"{self.survey.id}/by-{by}")), "")
            cell = (by, row.get(by, ""), row.get("code", ""))
            if not by:
                return None
        return cell if cell in self.counts else None

    def _in_prose(self, numbers: Collection[str]) -> dict[Cell, str]:
        found = {}
        for cell in self.counts:
            by, group, code = cell
            root = f"{self.survey.id}/by-{by}" if by else self.survey.id
            stem = folded(join_address([root, address_part(self.item), *([address_part(group)] if by else []), address_part(code)]))
            if any(key.startswith(f"{stem}.") and key != f"{stem}.n" for key in numbers):
                found[cell] = "values"
        return found

    def leaks(self) -> Iterator[Leak]:
        """What gives a small count of the item away."""
        if not self.counts:
            return
        for cell, file in self.shown.items():
            if _small(self.counts[cell]) and file:
                yield Leak(file, f"{self._named(cell)} is a small count and is shown")
        yield from self._differences()
        if not self.unknown:
            return
        yield from self._computed()
        yield from self._through()

    def _differences(self) -> Iterator[Leak]:
        for cell, (file, count) in self.then.items():
            if cell in self.shown and _small(abs(count - self.counts[cell])):
                yield Leak(file, f"{self._named(cell)} differs by a small number from the release {file.split('/')[0]}", doubtful=True)

    def _computed(self) -> Iterator[Leak]:
        knowledge = Knowledge()
        for cell in self.shown:
            knowledge.known[cell] = self.counts[cell]
        for (by, group), base in self.bases.items():
            name: Hashable = ("base", by, group)
            knowledge.unprinted.add(name)
            if (by, group) in self.told or not by:
                knowledge.known[name] = base
            codes = [cell for cell in self.counts if cell[:2] == (by, group)]
            if sum(self.counts[cell] for cell in codes) == base:
                knowledge.is_sum(name, codes, f"{self.item} by {by}, {group}")
        for by in {by for by, _ in self.bases if by}:
            groups = [group for other, group in self.bases if other == by and group != WHOLE]
            if sum(self.bases[by, group] for group in groups) == self.bases.get((by, WHOLE)):
                knowledge.is_sum(("base", by, WHOLE), [("base", by, group) for group in groups], f"bases of {self.item} by {by}")
        for by in {by for by, _, _ in self.counts if by}:
            for code in {code for _, _, code in self.counts}:
                whole = (by, WHOLE, code)
                cells = [cell for cell in self.counts if cell[0] == by and cell[2] == code and cell[1] != WHOLE]
                if whole not in self.counts or not cells:
                    continue
                rest = self.counts[whole] - sum(self.counts[cell] for cell in cells)
                others: Hashable = ("others", by, code)
                knowledge.unprinted.add(others)
                knowledge.is_sum(whole, [*cells, *([others] if rest else [])], f"{self.item} by {by}, {code}")
                if self.bases.get((by, WHOLE)) == self.bases.get(("", WHOLE)) and ("", WHOLE, code) in self.counts:
                    knowledge.is_sum(whole, [("", WHOLE, code)], f"{self.item}, {code}")
        bounds = knowledge.bounds(list[Hashable](self.unknown))
        for cell in self.unknown:
            (low, high), name_of = bounds[cell], self._named(cell)
            if _small(self.counts[cell]):
                self.narrowest = min(self.narrowest, high)
                if high < THRESHOLD:
                    yield Leak("tables", f"{name_of} is hidden, and can be shown to be small")
            elif low == high and self.counts[cell]:
                yield Leak("tables", f"{name_of} is hidden, and can be computed")

    def _through(self) -> Iterator[Leak]:
        """Numbers of other tables that follow from answers of which one is hidden, and bases that are its counts."""
        gone = {cell[2] for cell in self.unknown if not cell[0]}
        for file, rows in self.tables.items():
            for row in rows:
                root = _root(row)
                split = folded(root) == folded(f"{self.survey.id}/by-{self.item}")
                crossed = row.get("by") == self.item and row.get("survey") == self.survey.id
                if split or (crossed and "group" in row):
                    if row.get(self.item if split else "group", "") in gone and _is_number(row.get("n") or ""):
                        yield Leak(file, f"the base of {row.get('address') or 'a row'} is a hidden count of {self.survey.id}.{self.item}")
                elif self._cell(row) is None and self._concerns(row, file) and _tells(row):
                    yield Leak(
                        file, f"{row.get('address') or 'a row'} follows from answers to {self.survey.id}.{self.item} of which one is hidden"
                    )

    def _concerns(self, row: Row, file: str) -> bool:
        """Whether a row is about this item of this survey: its address, its columns or the name of its table say so."""
        address = [folded(part) for part in re.split(r"[./~]", row.get("address") or "")]
        columns = [folded(row.get(name) or "") for name in ("survey", "item", "by", "variable", "wave")]
        named = {*address, *columns}
        if folded(self.item) not in named and f"by-{folded(self.item)}" not in named:
            return False
        return folded(self.survey.id) in named or folded(self.survey.id) in folded(file.removesuffix(".csv"))

    def _named(self, cell: Cell) -> str:
        by, group, code = cell
        return f"{self.survey.id}/by-{by}.{self.item}.{group}.{code}" if by else f"{self.survey.id}.{self.item}.{code}"


def _tells(row: Row) -> bool:
    """Whether a row shows a number that is no base, no key and no label."""
    columns = (name for name in row if name and name not in _KEYS and not _BASES.fullmatch(name) and not name.endswith(("_da", "_en")))
    return any(_is_number(row[name] or "") for name in columns)


_KEYS = frozenset(("address", "item", "code", "group", "wave", "category", "survey", "by", "variable", "key", "several", "row"))


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _small(count: int) -> bool:
    return 0 < count < THRESHOLD

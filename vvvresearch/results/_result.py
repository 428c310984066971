"""The one object that every analysis returns, and one table of the results of several parts."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Lang, Phrase, Sayable, check_lang, has_words, say
from vvvresearch.results._cell import COUNT, TOTAL, Cell, Cells, address_part, folded, join_address
from vvvresearch.results._columns import Column, Labels, value_meant
from vvvresearch.results._export import statistics
from vvvresearch.results._guesses import column_called, keys_of
from vvvresearch.results._made import Later, Made
from vvvresearch.results._measure import Base, Measure, SaidP, Total, is_missing
from vvvresearch.results._picture import Picture
from vvvresearch.results._view import Shown, View

if TYPE_CHECKING:
    import pandas as pd


_HIDDEN = "disclosure.hidden_rows"


@dataclass(frozen=True, kw_only=True, repr=False)
class Result(Shown):
    """A tidy table with everything a reader needs to trust it. It has no language until it is shown.

    Args:
        frame: the tidy DataFrame, one row an observation: plain numbers and strings.
        base: who and how many it rests on.
        title: heading.
        notes: the method, routing, rounding and suppression notes, in print order.
        assumptions: what must be true for the result to hold.
        shows: what is shown, in order, with headings and formats; empty shows every column as it is.
        kind: real, published, reconstructed or synthetic.
        lang: language of everything shown.
        at: the root of its numbers' addresses; "" where they have none.
        keys: the columns that tell one row from another, in the order of the address.
        measures: the numbers of each row that have an address.
        categories: by column, every value it may have; how many rows have each is a number too (`<at>.count.<value>`).
        row_unit: what one row is, for the base of those counts; default what one of the base is.
        labels: by column, the words of its values.
        totals: numbers that are declared about the whole (`<at>.total.<name>`).
        bases, base_on: bases of rows that have their own, by the values of the columns `base_on`.
        parts: results inside it, by name.
        pictures: what can be drawn of it, by name, the usual one first.
        tree: the column with paths of a tree of codes.
        beside: the key whose values stand side by side unless a view says otherwise.
        absent: the sentence that says why there is nothing; a result with it is false.
        small_n: shares on a base below it are shown as counts.
        within: columns for the team alone: what a page writes goes without them.
        team: whether all of it is for the team alone: a page shows it and hands on its numbers, and writes no table.
        made: by which analysis it was made, and of what.

    Example:
        >>> import pandas as pd
        >>> result = Result(frame=pd.DataFrame({"code": ["yes"], "count": [7], "n": [9]}), base=Base(9), title="Svar", at="s.refers",
        ...     keys=("code",), measures=(Measure("count"), Measure("share", "share", count="count")))
        >>> [cell.address for cell in result.cells]
        ['s.refers.yes.count', 's.refers.yes.share']
        >>> result.cell("share", code="yes").say("en")
        '7 of 9'
    """

    frame: pd.DataFrame
    base: Base
    title: str | Sayable = ""
    notes: tuple[str | Sayable, ...] = ()
    assumptions: tuple[str | Sayable, ...] = ()
    shows: tuple[Column, ...] = ()
    kind: DataKind = DataKind.REAL
    lang: Lang = "da"
    at: str = ""
    keys: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    row_unit: str = ""
    labels: Mapping[str, Labels] = field(default_factory=dict)
    totals: Mapping[str, Total] = field(default_factory=dict)
    bases: Mapping[tuple[Any, ...], Base] = field(default_factory=dict)
    base_on: tuple[str, ...] = ()
    parts: Mapping[str, Result] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    tree: str = ""
    beside: str = ""
    absent: str | Sayable = ""
    small_n: int = 10
    within: tuple[str, ...] = ()
    team: bool = False
    made: Made | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """What is inside says its names, not all of itself."""
        if not isinstance(self.parts, Later):
            object.__setattr__(self, "parts", _Parts(self.parts))

    @classmethod
    def missing(cls, reason: str | Sayable, *, title: str | Sayable = "", lang: Lang = "da") -> Result:
        """An absent result: false, shows one sentence, is added to a page as nothing.

        Args:
            reason: the whole sentence.
            title: what is absent.
            lang: language it is shown in.

        Example:
            >>> bool(Result.missing("Runden har ingen par."))
            False
        """
        import pandas as pd

        return Result(frame=pd.DataFrame(), base=Base(None), title=title, lang=lang, absent=reason)

    @property
    def key(self) -> str:
        """What tells it from others of its kind: its root without the first part. Empty where it has none, and of an absent one.

        Example:
            >>> Result.missing("Runden har ingen par.").key
            ''
        """
        return re.sub(r"^[^./]*[./]?", "", self.at)

    def statistics(self) -> pd.DataFrame:
        """Every number as a row: group, group_level, variable, level, statistic, value, base, address; the form that R's gtsummary reads.

        Example:
            >>> import vvvresearch as vvv
            >>> rows = vvv.open_round("demo").tabulate("municipal-2021", "refers", by="agreement").statistics()
            >>> rows.query("group_level == 'yes' and level == 'yes' and statistic == 'count'")["value"].item()
            23.0
        """
        return statistics(self.view())

    def view(self) -> View:
        """The result as it is shown by itself."""
        return View(self, over=self.beside)

    def in_language(self, lang: str) -> Self:
        """The same result shown in another language; the frame is shared."""
        language = check_lang(lang)
        return dataclasses.replace(self, lang=language, **self._inside(lambda part: part.in_language(language)))

    def with_small_n(self, small_n: int) -> Self:
        """The same result under another rule of when a share is shown as its count."""
        notes = tuple(_said_with(note, small_n) for note in self.notes)
        return dataclasses.replace(self, small_n=small_n, notes=notes, **self._inside(lambda part: part.with_small_n(small_n)))

    def _inside(self, changed: Callable[[Result], Result]) -> dict[str, Any]:
        """The results inside this one, its parts and those that are attributes of their own, each changed."""
        own = {one.name: getattr(self, one.name) for one in dataclasses.fields(self)}
        found: dict[str, Any] = {name: changed(held) for name, held in own.items() if isinstance(held, Result)}
        parts = self.parts
        return {**found, "parts": parts.changed(changed) if isinstance(parts, Later) else {one: changed(parts[one]) for one in parts}}

    def hiding(self, addresses: Collection[str]) -> Self:
        """The same result without the numbers at some addresses; a row that loses one loses what it follows from, and says so.

        A picture is drawn from all numbers, so of a result that hides one none is left.

        Args:
            addresses: folded, as disclosure control decided.
        """
        inside = self._inside(lambda part: part.hiding(addresses))
        lost = [cell for cell in (*self._row_cells(), *self._totals()) if folded(cell.address) in addresses]
        if not lost:
            return dataclasses.replace(self, **inside) if len(inside) > 1 or inside["parts"] else self
        places = {id(cell.row): cell.row for cell in lost if cell.row}
        gone = [tuple(row[name] for name in self.keys) for row in places.values()]
        frame = self.frame.copy()
        out = [key in gone for key in frame[list(self.keys)].itertuples(index=False, name=None)]
        from pandas.api.types import is_bool_dtype, is_numeric_dtype

        bases = {name for name in frame if re.fullmatch(r"n\d?", str(name))} | {measure.of for measure in self.measures}
        shown = {*self.keys, *(bases - {cell.address.rpartition(".")[2] for cell in lost})}
        named = {part for measure in self.measures for part in (measure.name, measure.count, measure.known)}
        for column in [name for name in frame if name not in shown]:
            # An interval or a p that is no measure tells the count that it was computed from, too.
            if column in named or (is_numeric_dtype(frame[column]) and not is_bool_dtype(frame[column])):
                kept = frame[column].astype(object if column in named else float)
                kept[out] = None if column in named else math.nan
                frame[column] = kept
        names = {cell.address.rpartition(".")[2] for cell in lost if not cell.row}
        totals = {
            name: dataclasses.replace(total, value=None) if address_part(name) in names or name in names else total
            for name, total in self.totals.items()
        }
        notes = (*self.notes, Phrase(_HIDDEN, {"n": len(places) or len(lost)}))
        return dataclasses.replace(self, frame=frame, totals=totals, notes=notes, pictures={}, **inside)

    @property
    def hides(self) -> bool:
        """Whether disclosure control took numbers out of it, and with them its pictures."""
        return any(isinstance(note, Phrase) and note.key == _HIDDEN for note in self.notes)

    @cached_property
    def cells(self) -> Cells:
        """Every number with an address: of the rows, of the counts by category, of the totals, of the parts.

        Raises:
            AnalysisError: two unlike numbers at one address.
        """
        found: dict[str, Cell] = {}
        for cell in (*self._row_cells(), *self._counts(), *self._totals(), *(cell for part in self.parts.values() for cell in part.cells)):
            other = found.setdefault(cell.address, cell)
            if other is not cell and other != cell:
                todo = "give the two rows keys that differ in more than signs, or the setting that parts them a place in the address"
                raise AnalysisError("two unlike numbers have one address", where=cell.address, todo=todo)
        return Cells(found.values())

    def cell(self, measure: str, *more: str, **keys: object) -> Cell:
        """One number of the result.

        Args:
            measure: the name of a measure ("share"), of a total, or a whole address.
            more: the values of keys one after the other, the measure among them: `cell("Dansk", "refugee", "share")`.
            keys: the values of the keys, by their words too; one that is the same in every row may be left out.

        Raises:
            AnalysisError: no such number.
        """
        if self.absent:
            raise AnalysisError(f"there is no number {measure!r}", where="cell", why=say(self.absent, self.lang))
        if more:
            named = next((one for one in reversed((measure, *more)) if one in {*(other.name for other in self.measures), *self.totals}), "")
            return self.cell(named, **keys_of(self.view(), [one for one in (measure, *more) if one != named]), **keys)
        if set(keys) - set(self.keys):
            keys = {column_called(self.view(), name) or name: value for name, value in keys.items()}
        wanted = measure
        if keys:
            if unknown := [name for name in keys if name not in self.keys]:
                raise AnalysisError(f"{unknown[0]!r} is no key of this result", where="cell", todo=did_you_mean(unknown[0], self.keys))
            # A key that is the same in every row need not be given.
            same = {name: self.frame[name].iloc[0] for name in self.keys if name not in keys and self.frame[name].nunique() == 1}
            parts = [address_part((same | keys)[name]) for name in self.keys if name in same or name in keys]
            wanted = join_address([self.at, *parts, measure])
        for address in (wanted, join_address([self.at, TOTAL, measure])):
            if (cell := self._by_address.get(folded(address))) is not None:
                return cell
        meant = {name: value_meant(self.labels, self.frame, name, value) for name, value in keys.items()}
        if meant != keys and None not in meant.values():
            return self.cell(measure, **meant)
        # Those that have every word of it in their parts go before those that are spelt like it.
        words = {one for one in re.split(r"[./]", folded(wanted)) if one}
        known = [address for address in self._by_address if words <= set(re.split(r"[./]", address))]
        raise AnalysisError(f"there is no number {wanted!r} here", where="cell", todo=did_you_mean(wanted, known or self._by_address))

    @cached_property
    def _by_address(self) -> dict[str, Cell]:
        return {folded(cell.address): cell for cell in self.cells}

    def row_base(self, row: Mapping[Any, Any], measure: Measure, shared: dict[tuple[int, int | None, str], Base] | None = None) -> Base:
        """The base of one number of a row.

        Args:
            row, measure: which number.
            shared: bases made so far; numbers on the same base then share one object, which is worded once.
        """
        base = self.bases.get(tuple(row[name] for name in self.base_on), self.base) if self.base_on else self.base
        based = bool(measure.of) and measure.of in row
        if not based and measure.unit in ("", base.unit):
            return base
        # A count of something else than what the base holds has no base of its own there.
        n, unit = measure.base(row) if based else None, measure.unit or base.unit
        made = {} if shared is None else shared
        key = (id(base), n, unit)
        if key not in made:
            made[key] = dataclasses.replace(base, n=n, unit=unit)
        return made[key]

    def _row_cells(self) -> Iterator[Cell]:
        if not self.at or not self.measures:
            return
        shared: dict[tuple[int, int | None, str], Base] = {}
        for row in self.frame.to_dict("records"):
            stem = [self.at, *(address_part(row[name]) for name in self.keys)]
            for measure in self.measures:
                in_row = measure.count or (measure.known or measure.name) in row
                if not in_row or (measure.only_known and measure.value(row) is None):
                    continue
                yield Cell(
                    address=join_address([*stem, measure.name]),
                    value=measure.value(row),
                    base=self.row_base(row, measure, shared),
                    format=measure.format,
                    decimals=measure.decimals,
                    count=None if not measure.count or is_missing(row.get(measure.count)) else int(row[measure.count]),
                    kind=self.kind,
                    small_n=self.small_n,
                    sides=measure.sides,
                    row=row,
                    part=measure.counts_part,
                )

    def _counts(self) -> Iterator[Cell]:
        if not self.at:
            return
        base = dataclasses.replace(self.base, n=len(self.frame), unit=self.row_unit or self.base.unit)
        for column, values in self.categories.items():
            for value in values:
                count = int((self.frame[column] == value).sum()) if len(self.frame) else 0
                address = join_address([self.at, COUNT, address_part(value)])
                yield Cell(address, count, base, kind=self.kind, small_n=self.small_n, part=True)

    def _totals(self) -> Iterator[Cell]:
        if not self.at:
            return
        for name, total in self.totals.items():
            address = join_address([self.at, TOTAL, name])
            told: dict[str, Any] = {"sides": tuple(total.sides), "row": total.sides, "kind": self.kind, "small_n": self.small_n}
            yield Cell(address, total.value, total.base or self.base, total.format, total.decimals, **told)

    def __len__(self) -> int:
        return len(self.frame)

    def __bool__(self) -> bool:
        return not self.absent


class _Parts(dict[str, Result]):
    def __repr__(self) -> str:
        return f"parts: {', '.join(self) or 'none'}"[:1000]


def _said_with(note: str | Sayable, small_n: int) -> str | Sayable:
    """A note whose p is shown under another rule of what is small."""
    if not isinstance(note, Phrase) or not any(isinstance(value, SaidP) for value in note.values.values()):
        return note
    values = {name: dataclasses.replace(one, small_n=small_n) if isinstance(one, SaidP) else one for name, one in note.values.items()}
    return Phrase(note.key, values)


def by_column(column: str, parts: Mapping[str, Result], whole: Result) -> Result:
    """The results of parts one below the other, the whole last, each with its own base.

    Its numbers have no addresses, which would be those of the whole; a part that has no answer is told in the note.

    Args:
        column: what tells the parts apart; the first key of the table.
        parts: by the value of the column.
        whole: the result of all of them.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.results import Base
        >>> made = {name: Result(frame=pd.DataFrame({"n": [n]}), base=Base(n)) for name, n in (("RC", 2), ("DRC", 3), ("all", 5))}
        >>> whole = made.pop("all")
        >>> by_column("organisation", made, whole).frame.values.tolist()
        [['RC', 2], ['DRC', 3], ['total', 5]]
    """
    import pandas as pd

    told = {name: one for name, one in {**parts, TOTAL: whole}.items() if not one.absent}
    frames = [one.frame.assign(**{column: name}) for name, one in told.items()]
    names = [column, *(str(name) for name in whole.frame if name != column)]
    without = (Joined((name, one.absent), ": ") for name, one in parts.items() if one.absent)
    words = "groups" if column == "respondent_group" else "attributes"
    heading = Phrase(f"sample.{column}") if has_words(f"sample.{column}") else column
    own = {one.name: getattr(whole, one.name) for one in dataclasses.fields(Result)}
    changed: dict[str, Any] = {
        "frame": pd.concat(frames, ignore_index=True)[names],
        "shows": (Column(column, heading), *(whole.shows or tuple(map(Column, names[1:])))),
        "labels": {**whole.labels, column: Labels({TOTAL: Phrase("groups.total")}, table=words)},
        "keys": (column, *whole.keys),
        "bases": {(name, *key): base for name, one in told.items() for key, base in (one.bases or {(): one.base}).items()},
        "base_on": (column, *whole.base_on),
        "notes": (*whole.notes, Phrase("exploring.parted_note", {"column": column}), *without),
        "at": "",
        "totals": {},
        "parts": {},
        "pictures": {},
        "categories": {},
        "made": None,
    }
    # What a result of its own kind can do besides, it could do of the whole alone.
    return Result(**{**own, **changed})

"""What a check looks at: the round with each source read once, where its records stand, and columns of sources as text."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.check._fault import Fault, TomlLines, nearest, quoted, table_row, toml_lines
from vvvresearch.errors import VvvError
from vvvresearch.evidence import Consent, can_combine, joined, of_pairs
from vvvresearch.intake import ChangedError
from vvvresearch.rounds import DEFINITION, Round, RoundSpec, Source, read_source

if TYPE_CHECKING:
    import pandas as pd


class UnreadableError(VvvError):
    """Something rests on a source that cannot be read, which is told once, where it stands."""


class Examined(Round):
    """A round as a check sees it: sources as their files have them, each read once; one that cannot be read stops only what rests on it."""

    def __init__(self, spec: RoundSpec, root: Path, lang: str = "da") -> None:
        super().__init__(spec, root, lang)
        self._as_read: dict[str, Any] = {}
        self._problems: dict[str, VvvError] = {}
        self.changed: dict[str, ChangedError] = {}

    def as_read(self, name: str) -> Any:
        """The evidence of a source, without its warnings.

        Raises:
            UnreadableError: it was not read before either.
            VvvError: what is wrong in it, the first time.
        """
        if name in self._problems:
            raise UnreadableError(f"the source {name} cannot be read")
        if name not in self._as_read:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    self._as_read[name] = self._looked_into(name)
            except VvvError as problem:
                self._problems[name] = problem
                raise
        return self._as_read[name]

    def _looked_into(self, name: str) -> Any:
        """The evidence of a source; a file that was changed is read as its map still can, to say where."""
        try:
            return super().as_read(name)
        except ChangedError as problem:
            self.changed[name] = problem
            return read_source(self.root, self.spec, self.source(name), changed=True)

    def set_aside(self, name: str) -> None:
        """Take a source as unreadable: what is told of it keeps everything that rests on it from being worked out."""
        self._as_read.pop(name, None)
        self._read.pop(name, None)
        self._problems[name] = UnreadableError(f"the source {name} cannot be used")

    @cached_property
    def consent(self) -> Consent:
        """As the register says; of a register that cannot be read nothing is known, and nothing of the round is shown."""
        try:
            return super().consent
        except VvvError:
            return Consent()

    @property
    def file(self) -> str:
        """The definition's file, relative to the workspace."""
        return f"rounds/{self.id}/{DEFINITION}"

    @cached_property
    def lines(self) -> TomlLines:
        """The lines of the definition."""
        return toml_lines(self.path)

    def readable(self, kind_of_source: str = "") -> Iterator[Source]:
        """The sources that can be read, of one type or all."""
        for source in self.spec.sources:
            if source.id in self._as_read and kind_of_source in ("", source.type):
                yield source

    def one(self, kind_of_source: str) -> tuple[Source, Any] | None:
        """The first source of a type with the evidence of all of them, None where there is none that can be read."""
        found = list(self.readable(kind_of_source))
        if not found:
            return None
        try:
            return found[0], self._together(kind_of_source, [self._as_read[source.id] for source in found])
        except VvvError:
            return found[0], self._as_read[found[0].id]  # that they cannot be put together is told with the sources

    def _together(self, kind_of_source: str, evidence: list[Any]) -> Any:
        whole = self._combined(kind_of_source, evidence) if can_combine(evidence[0]) else evidence[0]
        named = kind_of_source == "codings" and any(self.readable("interviews"))
        if kind_of_source == "mappings" and any(self.readable("interviews")):
            return of_pairs(whole, self.register_as_read.frame)
        return joined(whole, self.register_as_read.frame) if named else whole

    def row(self, source: Source | str, frame: pd.DataFrame, number: int) -> int | None:
        """The row of the file where a record stands; the number counts the records that were read, from 0."""
        path = self.root / (source if isinstance(source, str) else source.path)
        return table_row(path, number, len(frame), [str(cell) for cell in frame.iloc[number] if isinstance(cell, str)])

    def unknown(
        self, source: Source, frame: pd.DataFrame, column: str, known: set[str], what: str, *, only_if: float = 0.0, check: str = "join"
    ) -> Iterator[Fault]:
        """The records whose cell names nothing that there is.

        Args:
            source, frame: the table, as it was read.
            column: the column; where it is not there, nothing is said.
            known: what there is; where it is empty, nothing is said.
            what: what does not have it: "the register has no pair".
            only_if: the share of its values that must be known, lest a column that names other things is taken for it.
            check: what looks.
        """
        if column not in frame.columns or not known:
            return
        cells = [str(cell).strip() for cell in frame[column]]
        named = {cell for cell in cells if cell}
        if not named or len(named & known) < only_if * len(named):
            return
        for number, cell in enumerate(cells):
            if cell and cell not in known:
                yield Fault(check, source.path, self.row(source, frame, number), f"{what} {quoted(cell)}", "", nearest(cell, known))


_RARE, _USUAL, _SHORTEST = 1, 4, 5

_ENDINGS = ("s", "e", "r", "n")

_NUMBER = re.compile(r"^(\D*)(\d+)$")


def one_slip_apart(one: str, other: str) -> bool:
    """Whether two words differ by one letter or by two neighbours that changed places; digits are never a slip.

    Example:
        >>> one_slip_apart("present", "presnt"), one_slip_apart("friend", "freind"), one_slip_apart("P01", "P02")
        (True, True, False)
    """
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    mine, theirs = one[start : len(one) - end], other[start : len(other) - end]
    if any(mark.isdigit() for mark in mine + theirs):
        return False
    return max(len(mine), len(theirs)) == 1 or (len(mine) == 2 and mine == theirs[::-1])


def slips(values: Iterable[str]) -> dict[str, str]:
    """Values that stand once and are one slip from one that is usual, each with what was probably meant.

    Example:
        >>> slips(["present"] * 5 + ["presnt", "planned"])
        {'presnt': 'present'}
    """
    counted = Counter(value for value in values if value)
    usual = [value for value, count in counted.items() if count >= _USUAL and len(value) >= _SHORTEST]
    rare = [value for value, count in counted.items() if count <= _RARE]
    found = {value: next((one for one in usual if _slip(value, one)), "") for value in rare}
    return {value: meant for value, meant in found.items() if meant}


def _slip(value: str, usual: str) -> bool:
    # A plural or a definite form is another word, not a slip.
    longer, shorter = max(value, usual, key=len), min(value, usual, key=len)
    ending = longer.casefold().removeprefix(shorter.casefold())
    return one_slip_apart(value.casefold(), usual.casefold()) and ending not in _ENDINGS


def out_of_line(values: Iterable[str], *, panel: bool = False) -> dict[str, str]:
    """Numbered values (waves, years) that stand once and far from the usual ones, each with the nearest of those.

    Args:
        values: the cells of a column.
        panel: whether each value stands for many rows, as an extract does, so that one alone is out of line wherever it lies.

    Example:
        >>> out_of_line(["1"] * 5 + ["2"] * 5 + ["22"]), out_of_line(["1"] * 5 + ["2"])
        ({'22': '2'}, {})
    """
    counted = Counter(value for value in values if value)
    split = {value: (match[1], int(match[2])) for value in counted if (match := _NUMBER.match(value))}
    usual = {value: split.get(value, (value, 0)) for value, count in counted.items() if count >= _USUAL and (panel or value in split)}
    found = {}
    for value, count in counted.items():
        if count > _RARE or not usual or value in usual:
            continue
        stem, number = split.get(value, (value, None))
        same = [other for own, other in usual.values() if own == stem]
        if not panel and number is not None and same and min(same) - 1 <= number <= max(same) + 1:
            continue
        near = max(sorted(usual), key=lambda one: SequenceMatcher(None, one, value).ratio())
        if number is not None and not same:
            near = next((one for one, (_, other) in usual.items() if other == number), near)
        found[value] = near
    return found


# A column of a table that is free to name anything is held against what there is where most of it fits.
MOSTLY = 0.5

NAMED = 0.8


def registered(opened: Examined) -> tuple[Source, pd.DataFrame] | None:
    """The interview register and its source."""
    found = opened.one("interviews")
    return None if found is None else (found[0], found[1].frame)


def cell_texts(column: pd.Series[Any]) -> list[str]:
    """The cells of a column, without spaces around them."""
    return [str(cell).strip() for cell in column]


def filled(column: pd.Series[Any]) -> set[str]:
    """The values of a column that stand there."""
    return set(cell_texts(column)) - {""}


def book_codes(opened: Examined) -> set[str]:
    """The codes of the codebook, or of the one that the codings carry."""
    if (found := opened.one("codebook")) is not None:
        return set(found[1].paths)
    return set(found[1].codebook.paths) if (found := opened.one("codings")) is not None else set()

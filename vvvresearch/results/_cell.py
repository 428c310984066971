"""The cell: a number with its base, at one address that is made of what it means and never of where it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, SupportsIndex, overload

from vvvresearch.errors import AnalysisError, CallError, did_you_mean
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang
from vvvresearch.results._measure import Base, Format, counts_say_it, written


@dataclass(frozen=True)
class Cell:
    """A number with its base.

    Args:
        address: where it is found, the same in prose, goals, tables and `vvv keys`.
        value: the number, exact where it follows from counts (a share is a Fraction between 0 and 1); None: not known.
        base: who and how many it rests on.
        format, decimals: how it is written.
        count: the count behind a share.
        kind: real, published, reconstructed or synthetic.
        small_n: a share on a base below it is written as a count.
        sides: of a p, the columns of the row with the n of the sides that are compared.
        row: the row of the result that it stands in.
        part: whether it counts some of its base, as 5 of 6 cases do, and not something else beside it.
    """

    address: str
    value: Any
    base: Base
    format: Format = "count"
    decimals: int = 0
    count: int | None = None
    kind: DataKind = DataKind.REAL
    small_n: int = 10
    sides: tuple[str, ...] = ()
    row: Mapping[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    part: bool = False

    @property
    def n(self) -> int | None:
        """The base's n."""
        return self.base.n

    def say(self, lang: Lang = "da") -> str:
        """The number as a reader sees it.

        Example:
            >>> from fractions import Fraction
            >>> Cell("s.refers.yes.share", Fraction(30, 42), Base(42), "share", count=30).say("en")
            '71%'
        """
        few = counts_say_it(self.row, self.sides, self.small_n)
        return written(self.value, self.format, self.decimals, lang, count=self.count, n=self.n, small_n=self.small_n, few=few)

    def evidence(self) -> Any:
        """A number does not keep its round; the round opens it by its address.

        Raises:
            CallError: always, with the call that does.
        """
        raise CallError("a number alone has no evidence", where=self.address, todo=f"r.evidence({self.address!r})")

    def __str__(self) -> str:
        return f"{self.address}: {self.say('da')}"


class Cells(tuple[Cell, ...]):
    """The numbers of a result. Looked at, it says how many they are and shows the first: a table has thousands.

    Example:
        >>> Cells([Cell("s.refers.yes.count", 30, Base(42))])
        1 number
        s.refers.yes.count: 30
    """

    @overload
    def __getitem__(self, which: SupportsIndex) -> Cell: ...
    @overload
    def __getitem__(self, which: slice) -> Cells: ...
    @overload
    def __getitem__(self, which: str) -> Cell: ...
    def __getitem__(self, which: SupportsIndex | slice | str) -> Cell | Cells:
        """One of them, by its address too, or some that say as little of themselves as all."""
        if isinstance(which, str):
            known = {one.address: one for one in self}
            if which not in known:
                raise AnalysisError(f"there is no number {which!r}", where="cells", todo=did_you_mean(which, known))
            return known[which]
        found = super().__getitem__(which)
        return Cells(found) if isinstance(found, tuple) else found

    def __repr__(self) -> str:
        first = [str(cell)[:100] for cell in tuple(self)[:_FIRST]]
        more = [f"… {len(self) - _FIRST}"] if len(self) > _FIRST else []
        return "\n".join([f"{len(self):,} number{'s' * (len(self) != 1)}", *first, *more])


# How many a list of numbers shows of itself.
_FIRST = 10


_LEVEL = re.compile(r"\s+>\s+")
_OTHER = re.compile(r"[^\w/-]+")
_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
TOTAL, COUNT = "total", "count"
RESERVED = (TOTAL, COUNT)


def address_part(value: object) -> str:
    """One key value as a part of an address: lower case, levels of a code parted by slashes, other signs as dashes.

    Example:
        >>> address_part("Udbytte > Dansk (sprog)"), address_part("lack_volunteers"), address_part(2021)
        ('udbytte/dansk-sprog', 'lack_volunteers', '2021')
    """
    parts = (_OTHER.sub("-", unicodedata.normalize("NFC", part).casefold()).strip("-") for part in _LEVEL.split(str(value).strip()))
    return "/".join(parts)


def join_address(parts: Iterable[object]) -> str:
    """Parts as one address.

    Example:
        >>> join_address(["themes", "udbytte/dansk", "refugee", "affirmed"])
        'themes.udbytte/dansk.refugee.affirmed'
    """
    return ".".join(str(part) for part in parts if str(part) != "")


def folded(address: str) -> str:
    """An address as it is looked up: both spellings of æ, ø and å find the same number.

    Example:
        >>> folded("themes.måder/særligt.total.asked")
        'themes.maader/saerligt.total.asked'
    """
    if address.isascii():
        return address.lower()
    return unicodedata.normalize("NFC", address).casefold().translate(_DANISH)


def anchor(address: str) -> str:
    """An address as an id in a page: pandoc takes neither "/" nor "~" there.

    Example:
        >>> anchor("a~b.refers.yes.change")
        'n-a:w:b.refers.yes.change'
    """
    return "n-" + folded(address).replace("/", ":").replace("~", ":w:")

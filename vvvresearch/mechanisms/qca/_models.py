"""Models: one solution each, and the sequence of all of them, made when looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import prod
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from vvvresearch.mechanisms.qca._measures import sufficiency
from vvvresearch.mechanisms.qca._set_cover import Covers
from vvvresearch.mechanisms.qca._table import CaseNames, TruthTable
from vvvresearch.mechanisms.qca._terms import Cube, term_key, term_pattern, term_text

if TYPE_CHECKING:
    import pandas as pd

    Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Model:
    """One solution: terms of which each is sufficient, and which together cover every positive configuration.

    Args:
        cubes: the terms as tuples, -1 for a condition that is left out.
        table: the truth table it was found in.
    """

    cubes: tuple[Cube, ...]
    table: TruthTable

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The terms as written: "DEV*~URB"."""
        return tuple(term_text(self.table.data, cube) for cube in self.cubes)

    @property
    def patterns(self) -> tuple[dict[str, int], ...]:
        """The terms as typed in: {"DEV": 1, "URB": 0}."""
        return tuple(term_pattern(self.table.data, cube) for cube in self.cubes)

    @cached_property
    def membership(self) -> Floats:
        """Membership of each case in the model: the greatest of its terms."""
        return np.asarray(np.maximum.reduce([self.table.data.membership(cube) for cube in self.cubes]))

    @cached_property
    def _overall(self) -> tuple[float, float, float]:
        return sufficiency(self.membership, self.table.data.outcome)

    @property
    def inclusion(self) -> float:
        """Inclusion (consistency) of the whole model."""
        return self._overall[0]

    @property
    def pri(self) -> float:
        """Proportional reduction in inconsistency of the whole model."""
        return self._overall[1]

    @property
    def coverage(self) -> float:
        """Share of the outcome that the model covers."""
        return self._overall[2]

    @cached_property
    def fit(self) -> pd.DataFrame:
        """Per term: inclS, PRI, covS, covU (empty for a single term, whose coverage is all its own), cases, and path in addresses."""
        import pandas as pd

        data = self.table.data
        memberships = [data.membership(cube) for cube in self.cubes]
        rows = []
        for place, (term, held) in enumerate(zip(self.terms, memberships, strict=True)):
            inclusion, pri, coverage = sufficiency(held, data.outcome)
            others = [other for number, other in enumerate(memberships) if number != place]
            unique = self.coverage - sufficiency(np.maximum.reduce(others), data.outcome)[2] if others else float("nan")
            named = CaseNames(name for name, share in zip(data.cases, held, strict=True) if share > 0.5)
            rows.append(
                {
                    "term": term,
                    "inclS": inclusion,
                    "PRI": pri,
                    "covS": coverage,
                    "covU": unique,
                    "cases": named,
                    "path": term_key(data, self.cubes[place]),
                }
            )
        return pd.DataFrame(rows, index=list(self.terms), columns=["term", "inclS", "PRI", "covS", "covU", "cases", "path"])

    @cached_property
    def assumptions(self) -> tuple[int, ...]:
        """Row numbers the model covers without a positive case: its simplifying assumptions."""
        positive = set((self.table.rows_with("1") @ self.table.data.place_values + 1).tolist())
        return tuple(sorted(rows_under(self.table, self.cubes) - positive))

    def __repr__(self) -> str:
        return f"{' + '.join(self.terms)} -> {self.table.data.outcome_label}"


def rows_under(table: TruthTable, cubes: Sequence[Cube]) -> set[int]:
    """Row numbers of all configurations that fall under one of the terms."""
    data = table.data
    found: set[int] = set()
    for cube in cubes:
        numbers = np.ones(1, dtype=np.int64)
        for value, level, weight in zip(cube, data.levels, data.place_values, strict=True):
            held = np.arange(level) if value < 0 else np.asarray([value])
            numbers = (numbers[:, None] + held * weight).ravel()
        found.update(numbers.tolist())
    return found


class Models(Sequence[Model]):
    """All models of a solution, in a fixed order; each is made when it is looked at, so millions cost nothing.

    Args:
        covers: the product that holds them.
        primes: the prime implicants.
        table: the truth table.
    """

    def __init__(self, covers: Covers, primes: Sequence[Cube], table: TruthTable) -> None:
        self._covers = covers
        self._primes = primes
        self._table = table
        self._ends = [list(accumulate(prod(map(len, family)) for family in part)) for part in covers.parts]
        self._count = prod(ends[-1] if ends else 0 for ends in self._ends) if self._ends else 0

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Model: ...
    @overload
    def __getitem__(self, index: slice) -> list[Model]: ...
    def __getitem__(self, index: int | slice) -> Model | list[Model]:
        if isinstance(index, slice):
            return [self._make(place) for place in range(*index.indices(self._count))]
        place = index + self._count if index < 0 else index
        if not 0 <= place < self._count:
            raise IndexError(index)
        return self._make(place)

    def __iter__(self) -> Iterator[Model]:
        return (self._make(place) for place in range(self._count))

    def __repr__(self) -> str:
        shown = "\n".join(f"M{place + 1}: {model!r}" for place, model in enumerate(self[:20]))
        return shown + (f"\n… {self._count - 20:,} more" if self._count > 20 else "")

    def shared(self) -> tuple[Cube, ...]:
        """Terms of every model, found in the factors without making the models."""
        common: set[int] = set()
        for part in self._covers.parts:
            alone = [{place[0] for place in family if len(place) == 1} for family in part]
            common |= set.intersection(*alone) if alone else set()
        return tuple(self._primes[number] for number in sorted(common)) if self._count else ()

    def _make(self, place: int) -> Model:
        chosen: list[int] = []
        for part, ends in zip(self._covers.parts, self._ends, strict=True):
            place, here = divmod(place, ends[-1])
            which = bisect_right(ends, here)
            here -= ends[which - 1] if which else 0
            for options in part[which]:
                here, option = divmod(here, len(options))
                chosen.append(options[option])
        return Model(tuple(self._primes[number] for number in sorted(chosen)), self._table)


def shared_cubes(models: Sequence[Model]) -> tuple[Cube, ...]:
    """Terms that stand in every model."""
    if isinstance(models, Models):
        return models.shared()
    sets = [set(model.cubes) for model in models]
    return tuple(sorted(set.intersection(*sets))) if sets else ()

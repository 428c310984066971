"""The Standard Analysis: which counterfactuals are easy, given directional expectations, and which assumptions are untenable."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.mechanisms.qca._data import SetData, check_value, condition_place, cubes_of
from vvvresearch.mechanisms.qca._models import Model, Models, rows_under
from vvvresearch.mechanisms.qca._search import bits_of
from vvvresearch.mechanisms.qca._table import TruthTable
from vvvresearch.mechanisms.qca._terms import Cube, is_subset

# Condition -> the values expected to further the outcome; several conditions are expected only together.
Expectation = dict[int, frozenset[int]]


@dataclass(frozen=True, eq=False)
class Pair:
    """The intermediate solution between one conservative and one parsimonious model.

    Args:
        name: "C1P1" and so on.
        conservative, parsimonious: the two models it lies between.
        models: the intermediate models.
        easy_counterfactuals: row numbers assumed to be positive because expectations say so.
    """

    name: str
    conservative: Model
    parsimonious: Model
    models: Models
    easy_counterfactuals: tuple[int, ...]

    @property
    def difficult_counterfactuals(self) -> tuple[int, ...]:
        """Row numbers that the parsimonious model assumes against or without an expectation."""
        easy = set(self.easy_counterfactuals)
        return tuple(row for row in self.parsimonious.assumptions if row not in easy)


def read_expectations(
    data: SetData, given: Mapping[str, int | Collection[int]] | Sequence[Mapping[str, int | Collection[int]]]
) -> tuple[Expectation, ...]:
    """Directional expectations, checked; a plain mapping holds one expectation a condition."""
    mappings: Sequence[Mapping[str, int | Collection[int]]]
    mappings = [{name: value} for name, value in given.items()] if isinstance(given, Mapping) else list(given)
    read: list[Expectation] = []
    for mapping in mappings:
        if not isinstance(mapping, Mapping):
            raise AnalysisError(f"an expectation is {{condition: 1 or 0}}, not {mapping!r}", todo='write expectations={"DEV": 1, "URB": 0}')
        one: Expectation = {}
        for name, value in mapping.items():
            place = condition_place(data, name)
            values = list(value) if isinstance(value, list | tuple | set | frozenset) else [value]
            for single in values:
                check_value(data, place, single)
            one[place] = frozenset(int(str(single)) for single in values)
        read.append(one)
    return tuple(read)


class Counterfactuals:
    """Which rows without cases are easy counterfactuals between two models.

    Rows are bits of a number, and what a term covers is kept, since many models share their terms.

    Args:
        table: the truth table.
        expectations: directional expectations, read.
    """

    def __init__(self, table: TruthTable, expectations: tuple[Expectation, ...]) -> None:
        self._table = table
        self._expectations = expectations
        self._covered: dict[Cube, int] = {}
        self._freed: dict[tuple[Cube, Cube], int] = {}
        self._positive = _bits((table.rows_with("1") @ table.data.place_values).tolist(), table.data.n_rows)

    def easy(self, plain: Model, short: Model) -> int:
        """The rows that the parsimonious model and the conservative one, freed of what expectations speak against, both assume.

        A conservative term inside a parsimonious one loses the literals that are not in the latter and contradict an
        expectation (Ragin and Sonnett 2005); conjoined expectations speak against their literals unless all of them hold.
        """
        assumed, freed = 0, 0
        for wide in short.cubes:
            assumed |= self._rows(wide)
            for term in plain.cubes:
                if is_subset(term, wide):
                    freed |= self._rows_freed(term, wide)
        return freed & assumed & ~self._positive

    def _rows(self, cube: Cube) -> int:
        known = self._covered.get(cube)
        if known is None:
            rows = [row - 1 for row in rows_under(self._table, [cube])]
            known = self._covered[cube] = _bits(rows, self._table.data.n_rows)
        return known

    def _rows_freed(self, term: Cube, wide: Cube) -> int:
        known = self._freed.get((term, wide))
        if known is None:
            known = self._freed[term, wide] = self._rows(_freed(term, wide, self._expectations))
        return known


def numbered(bits: int) -> tuple[int, ...]:
    """The row numbers of rows kept as bits."""
    return tuple(place + 1 for place in bits_of(bits))


def _bits(places: Sequence[int], n_rows: int) -> int:
    flags = np.zeros(n_rows, dtype=bool)
    flags[list(places)] = True
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def _freed(term: Cube, wide: Cube, expectations: tuple[Expectation, ...]) -> Cube:
    loose = {place for place, value in enumerate(term) if value >= 0 and wide[place] < 0}
    dropped: set[int] = set()
    single: dict[int, set[int]] = {}
    for expectation in expectations:
        if len(expectation) == 1:
            for place, values in expectation.items():
                single.setdefault(place, set()).update(values)
        elif any(term[place] not in values for place, values in expectation.items() if place in loose):
            dropped |= loose & set(expectation)
    dropped |= {place for place, values in single.items() if place in loose and term[place] not in values}
    return tuple(-1 if place in dropped else value for place, value in enumerate(term))


def untenable(
    table: TruthTable, impossible: Sequence[Mapping[str, int]] = (), necessary: Mapping[str, int] | None = None
) -> tuple[int, ...]:
    """Row numbers that no solution should assume to be positive.

    Args:
        table: from `truth_table`.
        impossible: combinations that cannot exist, each {condition: value}.
        necessary: literals claimed to be necessary for the outcome; a row without one of them cannot show it.

    Returns:
        Row numbers of unobserved configurations, for `minimize(…, exclude=…)`.

    Source: Schneider and Wagemann 2013 (Theory-Guided/Enhanced Standard Analysis).

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.mechanisms.qca import truth_table
        >>> cases = pd.DataFrame({"A": [1, 0], "B": [1, 0], "Y": [1, 0]}, index=["p", "q"])
        >>> untenable(truth_table(cases, "Y", ["A", "B"]), necessary={"A": 1})
        (2,)
    """
    data = table.data
    cubes = cubes_of(data, impossible)
    for pattern in cubes_of(data, [{name: value} for name, value in (necessary or {}).items()]):
        place, value = next((place, value) for place, value in enumerate(pattern) if value >= 0)
        for other in range(data.levels[place]):
            if other != value:
                cubes.append(tuple(other if number == place else -1 for number in range(len(pattern))))
    observed = {row for row, out in zip(table.rows, table.out, strict=True) if out != "?"}
    return tuple(sorted(rows_under(table, cubes) - observed))


def assumed_by_both(models: Sequence[Model], negated: Sequence[Model]) -> tuple[int, ...]:
    """Row numbers that models of the outcome and models of its negation both assume: contradictory assumptions."""
    here = {row for model in models for row in model.assumptions}
    there = {row for model in negated for row in model.assumptions}
    return tuple(sorted(here & there))

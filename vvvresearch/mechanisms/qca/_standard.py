"""The Standard Analysis: which counterfactuals are easy, given directional expectations, and which assumptions are untenable."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from vvvresearch.errors import AnalysisError
from vvvresearch.mechanisms.qca._data import SetData, check_value, condition_place
from vvvresearch.mechanisms.qca._models import Model, Models, rows_under
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


def easy_counterfactuals(table: TruthTable, plain: Model, short: Model, expectations: tuple[Expectation, ...]) -> frozenset[int]:
    """Rows without cases that both the parsimonious model and the conservative one, freed of what expectations speak against, cover.

    A conservative term inside a parsimonious one loses the literals that are not in the latter and contradict an
    expectation (Ragin and Sonnett 2005); conjoined expectations speak against their literals unless all of them hold.
    """
    freed = [_freed(term, wide, expectations) for term in plain.cubes for wide in short.cubes if is_subset(term, wide)]
    return frozenset(rows_under(table, freed) & set(short.assumptions))


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
    from vvvresearch.mechanisms.qca._data import cubes_of

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

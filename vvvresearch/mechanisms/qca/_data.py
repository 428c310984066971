"""The calibrated data of an analysis: cases, conditions, outcome, checked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError, UnanswerableError, did_you_mean, require_table
from vvvresearch.locales import Phrase

if TYPE_CHECKING:
    import pandas as pd

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]

MOST_CONDITIONS = 20
# Sums of memberships carry rounding errors of this order; a cut-off of .8 must accept .7999999999.
TOLERANCE = 1e-9


@dataclass(frozen=True)
class SetData:
    """Memberships of cases in conditions and outcome.

    Args:
        cases: names, in the order of the rows.
        conditions: names, in the order of the columns.
        values: cases × conditions; memberships 0–1, or whole numbers 0, 1, 2, … of a multi-value condition.
        levels: number of values of each condition, 2 for crisp and fuzzy ones.
        fuzzy: whether each condition is fuzzy.
        outcome: membership of each case in the outcome, already negated when the negation is analysed.
        outcome_name: name of the outcome's column.
        negated: whether the negation is analysed.
    """

    cases: tuple[str, ...]
    conditions: tuple[str, ...]
    values: Floats
    levels: tuple[int, ...]
    fuzzy: tuple[bool, ...]
    outcome: Floats
    outcome_name: str
    negated: bool

    @property
    def multi_value(self) -> bool:
        """Whether a condition has more than two values; then every term is written X[v]."""
        return any(level > 2 for level in self.levels)

    @property
    def outcome_label(self) -> str:
        """The analysed outcome as written: "SURV" or "~SURV"."""
        return f"~{self.outcome_name}" if self.negated else self.outcome_name

    @property
    def place_values(self) -> Ints:
        """Weights that turn a configuration into its row number less one; the first condition weighs most."""
        later = [int(np.prod(self.levels[place + 1 :], dtype=np.int64)) for place in range(len(self.levels))]
        return np.asarray(later, dtype=np.int64)

    @property
    def n_rows(self) -> int:
        """Number of logically possible configurations."""
        return int(np.prod(self.levels, dtype=np.int64))

    def literal(self, condition: int, value: int) -> Floats:
        """Membership of every case in one value of one condition."""
        column = self.values[:, condition]
        if self.levels[condition] > 2:
            return np.asarray(column == value, dtype=float)
        return column if value == 1 else np.asarray(1 - column)

    def membership(self, cube: Sequence[int]) -> Floats:
        """Membership of every case in a term: the least of its literals; -1 leaves a condition out."""
        held = [self.literal(place, value) for place, value in enumerate(cube) if value >= 0]
        return np.asarray(np.minimum.reduce(held)) if held else np.ones(len(self.cases))

    def corners(self) -> tuple[Ints, Floats]:
        """The configuration nearest to each case, and the case's membership in it (.5 where it belongs to none)."""
        config = np.empty(self.values.shape, dtype=np.int64)
        strength = np.ones(len(self.cases))
        for place, level in enumerate(self.levels):
            column = self.values[:, place]
            config[:, place] = column if level > 2 else column > 0.5
            if level == 2:
                strength = np.minimum(strength, np.maximum(column, 1 - column))
        return config, strength

    def without(self, case: int) -> SetData:
        """The same data less one case."""
        keep = np.arange(len(self.cases)) != case
        cases = tuple(name for name, kept in zip(self.cases, keep, strict=True) if kept)
        return SetData(
            cases, self.conditions, self.values[keep], self.levels, self.fuzzy, self.outcome[keep], self.outcome_name, self.negated
        )

    def with_values(self, condition: str, memberships: Floats) -> SetData:
        """The same data with other memberships in one condition."""
        values = self.values.copy()
        values[:, self.conditions.index(condition)] = memberships
        return SetData(self.cases, self.conditions, values, self.levels, self.fuzzy, self.outcome, self.outcome_name, self.negated)


def set_data(data: pd.DataFrame, outcome: str, conditions: Sequence[str], negate_outcome: bool = False) -> SetData:
    """Check a table of memberships and take out what an analysis needs.

    The cases are named by the index, or by a column "case" where the index is only counted.
    """
    require_table(data, "data")
    conditions = tuple(conditions) if not isinstance(conditions, str) else (conditions,)
    _check_names(data, outcome, conditions)
    cases = _case_names(data, {outcome, *conditions})
    columns = [_memberships(data[name], name, cases, name != outcome) for name in (*conditions, outcome)]
    values = np.column_stack(columns[:-1])
    for place, name in enumerate(conditions):
        if values[:, place].min() == values[:, place].max():
            raise UnanswerableError(
                f"the condition {name!r} is constant: every case has {values[0, place]:g}",
                reason=Phrase("qca.refused_constant", {"condition": name}),
                where=f"column {name}",
                why="a condition that does not vary cannot make a difference",
                todo="leave it out of the conditions and name it as shared context",
            )
    whole = [bool((column == np.round(column)).all()) for column in values.T]
    levels = tuple(int(column.max()) + 1 if column.max() > 1 else 2 for column in values.T)
    membership = columns[-1]
    return SetData(
        cases,
        conditions,
        values,
        levels,
        tuple(not is_whole for is_whole in whole),
        1 - membership if negate_outcome else membership,
        outcome,
        negate_outcome,
    )


def _check_names(data: pd.DataFrame, outcome: str, conditions: Sequence[str]) -> None:
    if not conditions:
        raise UnanswerableError("no condition is named", reason=Phrase("absent.conditions_named"), todo="declare or name one condition")
    known = [str(name) for name in data.columns]
    for name in (outcome, *conditions):
        if name not in known:
            hint = did_you_mean(str(name), known)
            if str(name).startswith("~"):
                hint = f"a negation is never written in a name: use {str(name).lstrip('~')!r} and negate_outcome=True"
            raise AnalysisError(f"there is no column {name!r}", todo=hint)
        if known.count(name) > 1:
            raise AnalysisError(f"there are {known.count(name)} columns named {name!r}")
    twice = sorted({name for name in conditions if conditions.count(name) > 1} if isinstance(conditions, tuple) else ())
    if twice:
        raise AnalysisError(f"the condition {twice[0]!r} is named twice")
    if outcome in conditions:
        raise AnalysisError(f"{outcome!r} is both outcome and condition")
    if len(conditions) > MOST_CONDITIONS:
        raise AnalysisError(
            f"{len(conditions)} conditions are too many",
            why=f"{2 ** len(conditions):,} configurations would be possible and nearly all unobserved",
            todo=f"use at most {MOST_CONDITIONS}; with few cases far fewer",
        )


def _case_names(data: pd.DataFrame, used: set[str]) -> tuple[str, ...]:
    import pandas as pd

    if data.empty:
        raise AnalysisError("the table has no cases")
    counted = isinstance(data.index, pd.RangeIndex)
    names = data["case"] if counted and "case" in data.columns and "case" not in used else data.index
    cases = tuple(str(name) for name in names)
    seen: set[str] = set()
    twice = [name for name in cases if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    if twice:
        raise AnalysisError(
            f"the case {twice[0]!r} stands in the table more than once",
            where=", ".join(dict.fromkeys(twice[:5])),
            todo="give every case its own name, or analyse one wave at a time",
        )
    return cases


def _memberships(column: pd.Series[Any], name: str, cases: tuple[str, ...], is_condition: bool) -> Floats:
    import pandas as pd

    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    missing = ~np.isfinite(values)
    if missing.any():
        _refuse(f"memberships in {name!r} are missing or no numbers", name, cases, missing, "judge the case, or leave it out")
    multi_value = is_condition and values.max() > 1 and bool((values == np.round(values)).all())
    wrong = (values < 0) | (values > (np.inf if multi_value else 1))
    if wrong.any():
        _refuse(f"memberships in {name!r} lie outside 0–1", name, cases, wrong, "calibrate the raw values first: calibrate(x, thresholds)")
    return values


def _refuse(what: str, name: str, cases: tuple[str, ...], wrong: Any, todo: str) -> None:
    named = [case for case, bad in zip(cases, wrong, strict=True) if bad]
    shown = ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")
    raise AnalysisError(what, where=f"column {name}, case {shown}", todo=todo)


def cubes_of(data: SetData, patterns: Sequence[Mapping[str, int]]) -> list[tuple[int, ...]]:
    """Terms given as {condition: value} as tuples with -1 for what is left out."""
    cubes = []
    for pattern in patterns:
        if not isinstance(pattern, Mapping):
            raise AnalysisError(
                f"a term is given as {{condition: value}}, not as {type(pattern).__name__}",
                todo='write {"DEV": 1, "URB": 0}; text with a ~ is never parsed',
            )
        cube = [-1] * len(data.conditions)
        for name, value in pattern.items():
            place = condition_place(data, name)
            check_value(data, place, value)
            cube[place] = int(value)
        cubes.append(tuple(cube))
    return cubes


def condition_place(data: SetData, name: str) -> int:
    """Where a condition stands, or an error naming the nearest ones."""
    if name not in data.conditions:
        hint = did_you_mean(str(name), data.conditions)
        raise AnalysisError(f"{name!r} is not among the conditions", todo=hint)
    return data.conditions.index(name)


def check_value(data: SetData, place: int, value: object) -> None:
    """Refuse a value that a condition cannot have."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not 0 <= value < data.levels[place]:
        known = ", ".join(str(level) for level in range(data.levels[place]))
        raise AnalysisError(f"{data.conditions[place]!r} cannot have the value {value!r}", todo=f"values: {known}")

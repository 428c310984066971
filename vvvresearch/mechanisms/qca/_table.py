"""The truth table: every observed configuration with its cases, its inclusion and what it says of the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, Sayable
from vvvresearch.mechanisms._cases import CaseConditions, Declared, chosen_conditions, read_cases, root_of
from vvvresearch.mechanisms._decimals import decimal
from vvvresearch.mechanisms.qca._data import TOLERANCE, SetData, set_data
from vvvresearch.mechanisms.qca._measures import ratio
from vvvresearch.mechanisms.qca._terms import term_key
from vvvresearch.results import Base, Column, Measure, Names, Result, Total, recorded

if TYPE_CHECKING:
    import pandas as pd

    Ints = np.ndarray[Any, np.dtype[np.int64]]

MOST_LISTED_REMAINDERS = 2**16
# A table without contradictions says little when outcomes dealt at random would often give one too.
CHANCE_LIMIT = 0.1


class CaseNames(tuple[str, ...]):
    """Names of cases: a tuple in analysis, a comma-separated list when shown."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(self)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class TruthTable(Result):
    """A truth table and the data it was made from.

    Args:
        data: the checked memberships.
        configs: one row an observed configuration, in the order of the row numbers.
        rows: row numbers (1 is all conditions absent; the last condition changes fastest).
        out: "1", "0", "C" or "?" of each observed configuration.
        members: names of the cases of each observed configuration.
        inclusion_cut, n_cut, pri_cut: the cut-offs used.
        ambiguous: (case, condition) pairs with a membership of exactly .5.
        contradictory: row numbers whose own cases disagree about the outcome, whatever the cut-offs made of them.
        chance: for tables without contradictions, how often outcomes dealt at random to the same cases would give
            none either; None where it was not computed.
        warnings: what must be thought of before the table is minimised.
        declared: words and expectations of conditions and outcome.
        settings: what parts this table from that of the declared conditions with the usual cut-offs; parts of addresses.
    """

    data: SetData
    configs: Ints
    rows: tuple[int, ...]
    out: tuple[str, ...]
    members: tuple[CaseNames, ...]
    inclusion_cut: tuple[float, float]
    n_cut: int
    pri_cut: float
    ambiguous: tuple[tuple[str, str], ...]
    contradictory: tuple[int, ...]
    chance: float | None
    warnings: tuple[Phrase, ...]
    declared: Declared = field(default_factory=Declared)
    settings: tuple[str, ...] = ()

    @property
    def expectations(self) -> dict[str, int]:
        """The declared directional expectations of this outcome: for its absence, each is the reverse."""
        data = self.data
        declared = {name: value for name, value in self.declared.expectations.items() if name in data.conditions and value != "either"}
        return {name: 1 - int(value) if data.negated else int(value) for name, value in declared.items()}

    @property
    def outcome_words(self) -> str | Sayable:
        """The analysed outcome in words where it has any."""
        return self.declared.outcome(self.data.outcome_name, self.data.negated)

    def root_for(self, analysis: str, setting: str = "") -> str:
        """The root of addresses of an analysis of this table, with what parts it from the usual one."""
        return root_of(analysis, self.data.outcome_name, *self.settings, setting, negated=self.data.negated)

    def rows_with(self, *out: str) -> Ints:
        """The observed configurations with these outcome values."""
        return self.configs[np.isin(np.asarray(self.out, dtype=str), out)]

    @property
    def n_remainders(self) -> int:
        """Configurations without enough cases."""
        return self.data.n_rows - sum(value != "?" for value in self.out)


@recorded
def truth_table(
    data: pd.DataFrame | CaseConditions,
    outcome: str,
    conditions: Sequence[str] | None = None,
    negate_outcome: bool = False,
    inclusion_cut: float | tuple[float, float] = 1.0,
    n_cut: int = 1,
    pri_cut: float = 0.0,
    *,
    remainders: bool = False,
    kind: DataKind | None = None,
) -> TruthTable:
    """Sort cases into configurations and ask of each whether it is sufficient for the outcome.

    A case belongs to the configuration in which all its memberships lie above .5. The inclusion and the PRI of a
    configuration use every case's membership in it, not only its own cases.

    Args:
        data: one row a case, named by the index (or a column "case"), or what `case_conditions` made; memberships 0–1, or whole
            numbers for a multi-value condition.
        outcome: column of the outcome set.
        conditions: columns of the conditions, 20 at most; default those declared, else all others.
        negate_outcome: analyse the absence of the outcome.
        inclusion_cut: least inclusion of a sufficient row. A pair (upper, lower) marks rows between as
            contradictions "C".
        n_cut: fewest cases of a row; a row with fewer is a remainder "?".
        pri_cut: least PRI of a sufficient row.
        remainders: list the unobserved configurations too.
        kind: kind of the data, default their own; shown with the result.

    Returns:
        A TruthTable; `.frame` has the conditions, n, incl, PRI, OUT ("1", "0", "C", "?"), cases and corner (the configuration as a
        part of addresses: "comp/not-sim"); its index is the row number.

    Raises:
        AnalysisError: unknown or constant columns, memberships missing or outside 0–1, case names used twice, impossible cut-offs.

    Source: Ragin 2008; Schneider and Wagemann 2012.

    Example:
        >>> import pandas as pd
        >>> cases = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 0], "Y": [1, 0, 0]}, index=["p1", "p2", "p3"])
        >>> truth_table(cases, "Y", ["A", "B"]).frame["OUT"].tolist()
        ['0', '0', '1']
    """
    cuts = _check_cuts(inclusion_cut, n_cut, pri_cut)
    cases, kind, declared = read_cases(data, kind)
    names = chosen_conditions(cases, declared, outcome, conditions)
    usual = set(chosen_conditions(cases, declared, outcome, None)) == set(names)
    settings = (
        declared.setting,
        "" if usual else f"with {' '.join(sorted(map(str, names)))}",
        "" if cuts == (1.0, 1.0) else f"inclusion {' '.join(f'{cut:g}' for cut in dict.fromkeys(cuts))}",
        "" if n_cut == 1 else f"n {n_cut}",
        "" if pri_cut == 0 else f"pri {pri_cut:g}",
    )
    table = table_of(set_data(cases, outcome, names, negate_outcome), cuts, n_cut, pri_cut, kind, declared, settings)
    return _with_remainders(table) if remainders else table


def table_of(
    data: SetData,
    cuts: tuple[float, float],
    n_cut: int,
    pri_cut: float,
    kind: DataKind,
    declared: Declared | None = None,
    settings: tuple[str, ...] = (),
) -> TruthTable:
    """The truth table of checked data."""
    import pandas as pd

    declared = declared or Declared()

    config, strength = data.corners()
    numbers = config @ data.place_values + 1
    belongs = strength > 0.5
    rows = sorted({int(number) for number in numbers[belongs]})
    first = {int(number): place for place, number in reversed(list(enumerate(numbers)))}
    configs = np.asarray([config[first[row]] for row in rows], dtype=np.int64).reshape(len(rows), len(data.conditions))
    members = tuple(CaseNames(np.asarray(data.cases, dtype=object)[belongs & (numbers == row)]) for row in rows)
    inclusion, pri = _row_fits(data, configs)
    out = tuple(
        "?" if len(cases) < n_cut else _verdict(incl, row_pri, cuts, pri_cut)
        for cases, incl, row_pri in zip(members, inclusion, pri, strict=True)
    )
    frame = pd.DataFrame(configs, columns=list(data.conditions), index=pd.Index(rows, name="row"))
    frame["n"] = [len(cases) for cases in members]
    frame["incl"], frame["PRI"], frame["OUT"] = inclusion, pri, list(out)
    frame["cases"] = pd.Series(list(members), index=frame.index, dtype=object)
    frame["corner"] = [term_key(data, config) for config in configs.tolist()]
    halves = tuple(
        (data.cases[case], data.conditions[place]) for case, place in np.argwhere(np.isclose(data.values, 0.5, atol=TOLERANCE, rtol=0))
    )
    chance = _chance_of_no_contradiction(data, members)
    split = _split_rows(data, rows, members)
    warnings = (*_warnings(data, rows, halves, chance), *(Phrase("qca.split_row", words) for words in split.values()))
    cut_values = {"upper": decimal(cuts[0]), "n": n_cut, "pri": decimal(pri_cut)}
    method = Phrase("qca.table_method", cut_values)
    pair = (Phrase("qca.table_pair", {"upper": decimal(cuts[0]), "lower": decimal(cuts[1])}),) if cuts[1] < cuts[0] else ()
    notes = (method, *pair, *warnings, *declared.legend((*data.conditions, data.outcome_name)))
    made = TruthTable(
        frame=frame,
        base=Base(len(data.cases), unit="case"),
        notes=notes,
        shows=_columns(data),
        kind=kind,
        at=root_of("truth", data.outcome_name, *settings, negated=data.negated),
        keys=("corner",),
        measures=(Measure("n", of=""), Measure("incl", "number", 3), Measure("pri", "number", 3, known="PRI")),
        totals={"rows": Total(len(rows)), "split": Total(len(split)), "possible": Total(data.n_rows)},
        data=data,
        configs=configs,
        rows=tuple(rows),
        out=out,
        members=members,
        inclusion_cut=cuts,
        n_cut=n_cut,
        pri_cut=pri_cut,
        ambiguous=halves,
        contradictory=tuple(split),
        chance=chance,
        warnings=warnings,
        declared=declared,
        settings=settings,
    )
    return replace(made, title=Phrase("qca.table_title", {"outcome": made.outcome_words}))


def _check_cuts(inclusion_cut: float | tuple[float, float], n_cut: int, pri_cut: float) -> tuple[float, float]:
    pair = tuple(inclusion_cut) if isinstance(inclusion_cut, tuple | list) else (inclusion_cut, inclusion_cut)
    if len(pair) == 1:
        pair = (pair[0], pair[0])
    if len(pair) != 2 or not all(isinstance(cut, int | float) and 0 <= cut <= 1 for cut in pair):
        raise AnalysisError(f"the inclusion cut-off {inclusion_cut!r} is not one or two numbers from 0 to 1")
    if pair[1] > pair[0]:
        raise AnalysisError("the second inclusion cut-off lies above the first", where=repr(inclusion_cut), todo="give (upper, lower)")
    if isinstance(n_cut, bool) or int(n_cut) != n_cut or n_cut < 1:
        raise AnalysisError(f"n_cut is {n_cut!r}", why="a row needs a whole number of cases, at least 1")
    if not 0 <= pri_cut <= 1:
        raise AnalysisError(f"pri_cut is {pri_cut!r}", why="PRI lies between 0 and 1")
    return float(pair[0]), float(pair[1])


def _row_fits(data: SetData, configs: Ints) -> tuple[list[float], list[float]]:
    inclusion, pri = [], []
    y = data.outcome
    for config in configs:
        x = data.membership(config)
        both = np.minimum(x, y)
        doubtful = float(np.minimum(both, 1 - y).sum())
        inclusion.append(ratio(float(both.sum()), float(x.sum())))
        pri.append(ratio(float(both.sum()) - doubtful, float(x.sum()) - doubtful))
    return inclusion, pri


def _verdict(inclusion: float, pri: float, cuts: tuple[float, float], pri_cut: float) -> str:
    upper, lower = cuts
    if inclusion >= upper - TOLERANCE:
        # A PRI that divides nothing by nothing fails every cut-off but 0.
        return "1" if pri_cut == 0 or pri >= pri_cut - TOLERANCE else "0"
    return "C" if lower < upper and inclusion >= lower - TOLERANCE else "0"


def _chance_of_no_contradiction(data: SetData, members: tuple[CaseNames, ...]) -> float | None:
    """The share of all ways to deal the same outcomes to the cases that leave every configuration of one mind.

    Counted exactly: the positives must fill whole configurations, so the subsets of configuration sizes that add up to
    their number are counted (the coefficients of a product of 1 + z^n) and divided by all ways to place them. The
    question is that of Marx 2010, answered for these very cases.
    """
    place = {name: number for number, name in enumerate(data.cases)}
    inside = [place[name] for cases in members for name in cases]
    positive = [bool(data.outcome[number] > 0.5) for number in inside]
    total, ones = len(inside), sum(positive)
    if any(len({data.outcome[place[name]] > 0.5 for name in cases}) > 1 for cases in members):
        return None
    ways = [1] + [0] * ones
    for cases in members:
        for amount in range(ones, len(cases) - 1, -1):
            ways[amount] += ways[amount - len(cases)]
    return ways[ones] / comb(total, ones)


def _split_rows(data: SetData, rows: list[int], members: tuple[CaseNames, ...]) -> dict[int, dict[str, str]]:
    """Rows with cases on both sides of the outcome, and which cases those are."""
    shows = dict(zip(data.cases, data.outcome > 0.5, strict=True))
    found = {}
    for row, cases in zip(rows, members, strict=True):
        sides = [[case for case in cases if shows[case]], [case for case in cases if not shows[case]]]
        if all(sides):
            found[row] = {"row": str(row), "with": ", ".join(sides[0]), "without": ", ".join(sides[1])}
    return found


def _warnings(data: SetData, rows: list[int], halves: tuple[tuple[str, str], ...], chance: float | None) -> tuple[Phrase, ...]:
    said = []
    if halves:
        listed = "; ".join(f"{case} ({condition})" for case, condition in halves)
        said.append(Phrase("qca.halves", {"listed": listed}))
    if not (data.outcome < 0.5).any():
        said.append(Phrase("qca.no_negative_case", {"outcome": data.outcome_label}))
    if not (data.outcome > 0.5).any():
        said.append(Phrase("qca.no_positive_case", {"outcome": data.outcome_label}))
    if chance is not None and chance > CHANCE_LIMIT:
        said.append(Phrase("qca.chance", {"percent": 100 * chance, "conditions": len(data.conditions), "cases": len(data.cases)}))
    if 2 * len(rows) < data.n_rows:
        said.append(Phrase("qca.limited_diversity", {"seen": len(rows), "all": data.n_rows}))
    return tuple(said)


def _with_remainders(table: TruthTable) -> TruthTable:
    import pandas as pd

    data = table.data
    if data.n_rows > MOST_LISTED_REMAINDERS:
        raise AnalysisError(f"{data.n_rows:,} configurations are too many to list", todo="leave out remainders=True")
    missing = np.setdiff1d(np.arange(1, data.n_rows + 1), table.rows)
    configs = (missing[:, None] - 1) // data.place_values % np.asarray(data.levels)
    frame = pd.DataFrame(configs, columns=list(data.conditions), index=pd.Index(missing, name="row"))
    frame["n"] = 0
    frame["incl"], frame["PRI"], frame["OUT"] = np.nan, np.nan, "?"
    frame["cases"] = pd.Series([CaseNames()] * len(frame), index=frame.index, dtype=object)
    frame["corner"] = [term_key(data, config) for config in configs.tolist()]
    return replace(table, frame=pd.concat([table.frame, frame]).sort_index())


def _columns(data: SetData) -> tuple[Column, ...]:
    return (
        *(Column(name, format="count") for name in data.conditions),
        Column("n", format="count"),
        Column("incl", Phrase("qca.inclusion"), format="number", decimals=3),
        Column("PRI", format="number", decimals=3),
        Column("OUT", Phrase("qca.out")),
        Names("cases", Phrase("qca.cases")),
    )

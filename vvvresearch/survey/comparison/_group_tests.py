"""Tests between the groups of one survey: the whole table, every pair of groups, and the letters that say which is larger."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.results import largest_sides
from vvvresearch.statistics.exact_tests import cochran_armitage, freeman_halton, mann_whitney
from vvvresearch.statistics.multiple_response import rao_scott
from vvvresearch.statistics.multiplicity import Family, adjust, rejected
from vvvresearch.statistics.ordinal import kruskal
from vvvresearch.survey.comparison._compared import PairTest, exact_inference
from vvvresearch.survey.comparison._sides import Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NAN = math.nan
# Up to here rank tests of two groups are counted out exactly.
_EXACT = 300


@dataclass(frozen=True)
class Overall:
    """One test of all groups at once.

    `words` is the key of its name, `reason` why it was not possible, `code` the option it is about,
    `sides` the n of the two largest groups.
    """

    words: str
    p_value: float
    statistic: float
    degrees: float = _NAN
    reason: str = ""
    code: str = ""
    sides: Mapping[str, int] = field(default_factory=dict)


def letter_of(place: int) -> str:
    """The letter of a column: A … Z, then AA, AB …

    Example:
        >>> letter_of(0), letter_of(27)
        ('A', 'AB')
    """
    return ascii_uppercase[place] if place < 26 else letter_of(place // 26 - 1) + ascii_uppercase[place % 26]


def overall_tests(groups: Sequence[Side], *, trend: bool) -> list[Overall]:
    """The tests that fit the kind of item; groups without answers are left out."""
    filled = [group for group in groups if group.n]
    sides = largest_sides(group.n for group in filled)
    return [dataclasses.replace(test, sides=sides) for test in _fitting(filled, trend=trend)]


def _fitting(filled: Sequence[Side], *, trend: bool) -> list[Overall]:
    if len(filled) < 2:
        return [Overall("freeman", _NAN, _NAN, reason="one_answer")]
    if filled[0].numbers is not None:
        return [_ranks({str(place): group.numbers.tolist() for place, group in enumerate(filled) if group.numbers is not None})]
    answers = [place for place, role in enumerate(filled[0].roles) if role not in ("dont_know", "refused")]
    found = []
    if filled[0].several:
        ticks = np.vstack([group.chosen[:, answers] for group in filled])
        test = rao_scott(ticks, np.repeat(np.arange(len(filled)), [group.n for group in filled]).tolist())
        reason = "one_answer" if math.isnan(test.p_value) else ""
        found.append(Overall("rao", test.p_value, test.corrected, test.degrees, reason))
    else:
        found.append(_table_test(np.array([group.chosen[:, answers].sum(axis=0) for group in filled])))
    if filled[0].rank is not None:
        ranks = {str(place): group.rank[group.rank >= 0].tolist() for place, group in enumerate(filled) if group.rank is not None}
        ranks = {name: values for name, values in ranks.items() if values}
        if len(ranks) > 1:
            found.append(_ranks(ranks))
    if trend:
        found += [_trend(filled, place) for place in answers]
    return found


def _table_test(counts: NDArray[np.int64]) -> Overall:
    from scipy import stats

    kept = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(kept.shape, default=0) < 2:
        return Overall("freeman", _NAN, _NAN, reason="one_answer")
    pearson = stats.chi2_contingency(kept, correction=False)
    if pearson.expected_freq.min() >= 5:
        return Overall("chi", float(pearson.pvalue), float(pearson.statistic), float(pearson.dof))
    exact = freeman_halton(kept.tolist())
    return Overall("drawn" if "drawn" in exact.test else "freeman", exact.p_value, exact.statistic)


def _ranks(groups: dict[str, list[float]]) -> Overall:
    if len(groups) == 2 and sum(map(len, groups.values())) <= _EXACT:
        one, two = groups.values()
        exact = mann_whitney(one, two)
        return Overall("mann", exact.p_value, exact.statistic, reason="one_answer" if math.isnan(exact.p_value) else "")
    test = kruskal(groups)
    return Overall("kruskal", test.p_value, test.statistic, len(groups) - 1.0, "one_answer" if math.isnan(test.p_value) else "")


def _trend(groups: Sequence[Side], place: int) -> Overall:
    test = cochran_armitage([int(group.chosen[:, place].sum()) for group in groups], [group.n for group in groups])
    reason = "one_answer" if math.isnan(test.p_value) else ""
    return Overall("trend", test.p_value, test.statistic, reason=reason, code=groups[0].codes[place])


def pair_rows(
    item: str, groups: Sequence[Side], names: Sequence[str], test: PairTest, *, method: str, level: float
) -> tuple[list[dict[str, Any]], Family]:
    """Every pair of groups for every option: the difference, second less first, with p, interval and what could have been seen.

    All pairs are one family; yes and no of one item are one test.
    """
    rows, inferences, keys = [], [], []
    alone = len(groups[0].codes) == 2 and not groups[0].several
    for place, code in enumerate(groups[0].codes):
        for (one, first), (two, second) in combinations(enumerate(groups), 2):
            if not first.n or not second.n:
                continue
            counts = x1, n1, x2, n2 = int(first.chosen[:, place].sum()), first.n, int(second.chosen[:, place].sum()), second.n
            row = {"item": item, "code": code, "first": names[one], "second": names[two], "x1": x1, "n1": n1, "x2": x2, "n2": n2}
            rows.append(row | {"change": float(Fraction(x2, n2) - Fraction(x1, n1))})
            inferences.append(exact_inference(*counts, test))
            keys.append((one, two, "" if alone else code))
    hypotheses = {key: inference.p_value for key, inference in zip(keys, inferences, strict=True)}
    tests = adjust(list(hypotheses.values()), method, "")
    adjusted = dict(zip(hypotheses, tests.adjusted, strict=True))
    for row, inference, key in zip(rows, inferences, keys, strict=True):
        row |= inference.within(adjusted[key], 1 - level, tests)
    return rows, tests


def letters(pairs: Sequence[dict[str, Any]], names: Sequence[str], alpha: float) -> dict[tuple[str, str], str]:
    """(code, group) → letters of the groups whose share is smaller beyond chance after adjustment."""
    found: dict[tuple[str, str], str] = {}
    for row in pairs:
        if rejected(row["p_adjusted"], alpha):
            larger, smaller = (row["second"], row["first"]) if row["change"] > 0 else (row["first"], row["second"])
            key = (row["code"], larger)
            found[key] = found.get(key, "") + letter_of(list(names).index(smaller))
    return found

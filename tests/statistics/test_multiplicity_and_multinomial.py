"""Families of tests and simultaneous intervals."""

from __future__ import annotations

import math
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.intervals import Interval
from vvvresearch.statistics.multinomial import multinomial_intervals
from vvvresearch.statistics.multiplicity import adjust, agreeing, benjamini_hochberg, holm, level_of_families, rejected

p_lists = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@settings(deadline=None, max_examples=30)
@given(p_lists)
def test_adjusted_p_values_are_those_of_statsmodels(p_values: list[float]) -> None:
    from statsmodels.stats.multitest import multipletests

    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])
    assert benjamini_hochberg(p_values) == pytest.approx(multipletests(p_values, method="fdr_bh")[1])


def test_the_false_discovery_example_of_benjamini_and_hochberg() -> None:
    # Benjamini and Hochberg 1995, section 4.1: fifteen tests; at 5 % four are found where Bonferroni and Holm find three.
    p_values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert sum(p <= 0.05 for p in benjamini_hochberg(p_values)) == 4
    assert sum(p <= 0.05 for p in holm(p_values)) == 3


def test_tests_that_could_not_be_done_do_not_count_in_the_family() -> None:
    family = adjust([0.01, math.nan, 0.04], "holm", "items of the battery")
    assert family.size == 2
    assert family.adjusted[0] == pytest.approx(0.02)
    assert math.isnan(family.adjusted[1])


def test_an_unknown_adjustment_and_a_number_that_is_no_p_value_are_refused() -> None:
    with pytest.raises(AnalysisError, match="bonferoni"):
        adjust([0.1], "bonferoni")
    with pytest.raises(AnalysisError, match="no p-value"):
        holm([1.2])


def test_goodmans_limits_solve_his_equation() -> None:
    from scipy import stats

    counts = [56, 72, 73, 59, 62, 87, 58]
    quantile = stats.chi2.ppf(1 - 0.05 / len(counts), 1)
    total = sum(counts)
    for interval, count in zip(multinomial_intervals(counts), counts, strict=True):
        for limit in interval:
            assert total * (count / total - limit) ** 2 == pytest.approx(quantile * limit * (1 - limit))


def test_sison_and_glaz_limits_are_those_of_desctools() -> None:
    # DescTools::MultinomCI(c(23, 12, 44), method = "sisonglaz"): half-widths 8/79 down, 8/79 + 2·delta up.
    found = multinomial_intervals([23, 12, 44], "sison-glaz")
    assert [interval.lower for interval in found] == pytest.approx([15 / 79, 4 / 79, 36 / 79])
    assert len({round(interval.upper - (interval.estimate or 0), 9) for interval in found}) == 1


# Sison and Glaz's shorter limits fall below the level when answers and levels are few; that is why Goodman's are the default.
@pytest.mark.parametrize(("method", "least"), [("goodman", 0.95), ("sison-glaz", 0.89)])
def test_simultaneous_intervals_cover_together(method: str, least: float) -> None:
    n, shares = 30, (0.5, 0.3, 0.2)
    covered = 0.0

    @cache
    def of_sorted(counts: tuple[int, ...]) -> dict[int, Interval]:
        return dict(zip(counts, multinomial_intervals(counts, method), strict=True))

    for first, second in product(range(n + 1), repeat=2):
        if first + second > n:
            continue
        counts = (first, second, n - first - second)
        # The order of the levels does not matter to either method.
        intervals = of_sorted(tuple(sorted(counts)))
        if all(share in intervals[count] for share, count in zip(shares, counts, strict=True)):
            ways = math.comb(n, first) * math.comb(n - first, second)
            covered += ways * math.prod(share**count for share, count in zip(shares, counts, strict=True))
    assert covered > least


def test_counts_that_make_no_distribution_are_refused() -> None:
    for counts in ([5], [0, 0], [3, -1], [1.5, 2]):
        with pytest.raises(AnalysisError):
            multinomial_intervals(counts)  # type: ignore[arg-type]
    with pytest.raises(AnalysisError, match="goodmann"):
        multinomial_intervals([1, 2], "goodmann")


@settings(deadline=None, max_examples=30)
@given(st.lists(p_lists, min_size=1, max_size=6))
def test_families_are_chosen_as_statsmodels_chooses_tests_and_share_the_level(families: list[list[float]]) -> None:
    from statsmodels.stats.multitest import multipletests

    chosen = multipletests([min(own) for own in families], 0.05, method="fdr_bh")[0].sum()
    assert level_of_families(families, 0.05) == pytest.approx(0.05 * chosen / len(families))


def test_a_report_without_effects_tells_something_in_one_of_twenty_cases_and_one_with_effects_tells_them() -> None:
    rng = np.random.default_rng(8)
    drawn = rng.random((2000, 8, 10))
    told = []
    for report in drawn:
        families = [holm(own.tolist()) for own in report]
        told.append(min(map(min, families)) <= level_of_families(families))
    assert np.mean(told) <= 0.06
    strong = [[0.01], *([0.0001] for _ in range(7))]
    assert level_of_families(strong) == 0.05
    assert level_of_families([[math.nan], [0.04, math.nan]]) == 0.05
    assert level_of_families([]) == 0.0


@pytest.mark.parametrize("p", [0.05, 1 / 20 + 1e-16, 1 - 0.95, 3 * (0.05 / 3)])
@pytest.mark.parametrize("alpha", [0.05, 1 - 0.95])
def test_a_p_that_is_the_level_itself_rejects_whatever_its_last_digits(p: float, alpha: float) -> None:
    assert rejected(p, alpha)
    assert agreeing(Interval(-0.1, 0.9, "score", 0.95, estimate=0.5), p, alpha)[0] > 0
    assert not rejected(p + 1e-9, alpha)
    assert agreeing(Interval(0.1, 0.9, "score", 0.95, estimate=0.5), p + 1e-9, alpha)[0] == 0

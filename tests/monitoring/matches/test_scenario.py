"""Scenarios: plain arithmetic where nothing is uncertain, planted rates found again where it is."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from vvvresearch.errors import AnalysisError
from vvvresearch.monitoring import scenario
from vvvresearch.monitoring.matches import EndingRates, ending_rates, matches_scenario, presence_scenario

SURE = 10**12


def certain(ended: list[float], active: tuple[int, ...]) -> EndingRates:
    """Rates known without doubt."""
    frame = pd.DataFrame({"age": range(len(ended)), "at_risk": SURE, "ended": [int(share * SURE) for share in ended]})
    return EndingRates(frame, active, "2020Q4")


def test_83_municipalities_and_4_sure_starts_are_87() -> None:
    found = presence_scenario(83, [4], target=90)
    assert found.frame.values.tolist() == [[1, 87, 87, 87]]
    assert found.reached == 0
    assert presence_scenario(83, [4, 3], target=90).reached == 1


def test_presence_under_chances_is_the_binomial_distribution() -> None:
    found = presence_scenario(83, [4], success=0.5, loss=0.02, draws=40_000)
    assert found.frame["expected"].iloc[0] == pytest.approx(83 * 0.98 + 2, abs=0.05)
    lower, upper = (83 - binom.ppf(0.975, 83, 0.02), 83 + 4)
    assert lower <= found.frame["lower"].iloc[0] + 4
    assert found.frame["upper"].iloc[0] <= upper


def test_counts_of_earlier_plans_widen_the_interval() -> None:
    known, counted = (presence_scenario(83, [20], success=chance, seed=2).frame.iloc[0] for chance in (0.75, (3, 4)))
    assert counted["upper"] - counted["lower"] > known["upper"] - known["lower"]


def test_presence_does_not_pass_the_number_of_municipalities() -> None:
    assert presence_scenario(97, [5], most=98).frame["upper"].tolist() == [98]


def test_7000_of_6063_takes_937_and_what_replaces_expected_endings() -> None:
    none_ends = matches_scenario(certain([0, 0], (6063,)), [0], target=7000, draws=50)
    assert none_ends.needed == (937, 937, 937)
    # A tenth of the old ends in the quarter, nothing of the new: 937 + 606.3.
    found = matches_scenario(certain([0, 0.1], (6063,)), [0], target=7000, draws=4000)
    assert found.needed is not None
    expected, lower, upper = found.needed
    assert expected == pytest.approx(937 + 606.3, abs=2)
    spread = 1.96 * math.sqrt(6063 * 0.1 * 0.9)
    assert (lower, upper) == (pytest.approx(937 + 606.3 - spread, abs=4), pytest.approx(937 + 606.3 + spread, abs=4))


def test_starting_what_is_needed_reaches_the_target_in_half_of_the_courses() -> None:
    rates = certain([0.1, 0.06, 0.04], (800, 600, 3000))
    needed = matches_scenario(rates, [0] * 6, target=5000, draws=4000).needed
    assert needed is not None
    at_median = matches_scenario(rates, [round(needed[0])] * 6, target=5000, draws=4000, seed=9)
    assert at_median.reached == pytest.approx(0.5, abs=0.06)
    at_upper = matches_scenario(rates, [round(needed[2])] * 6, target=5000, draws=4000, seed=9)
    assert at_upper.reached == pytest.approx(0.975, abs=0.02)


def test_expected_active_matches_follow_the_life_table() -> None:
    found = matches_scenario(certain([0.2, 0.1, 0.05], (100, 50)), [40, 40], draws=4000).frame["expected"]
    first = 40 * 0.8 + 100 * 0.9 + 50 * 0.95
    second = 40 * 0.8 + 40 * 0.8 * 0.9 + (100 * 0.9 + 50 * 0.95) * 0.95
    assert found.tolist() == pytest.approx([first, second], rel=0.005)


def test_persons_are_matches_times_persons_a_match() -> None:
    one = matches_scenario(certain([0, 0], (1000,)), [0], target=3000, persons_per_match=2.5, draws=50)
    assert one.frame["expected"].tolist() == [2500]
    assert one.needed == (200, 200, 200)


def test_a_target_already_met_needs_nothing() -> None:
    found = matches_scenario(certain([0.1, 0.1], (5000,)), [0], target=100, draws=50)
    assert found.needed == (0, 0, 0)
    assert found.reached == 1


def test_the_same_seed_gives_the_same_numbers_and_another_others() -> None:
    rates = certain([0.1, 0.1], (5000,))
    first, again, other = (matches_scenario(rates, [10], draws=500, seed=seed).frame for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_rates_by_age_of_six_matches_are_those_counted_by_hand() -> None:
    frame = pd.DataFrame(
        {
            "match": list("abcdef"),
            "start": ["2020-01-05", "2020-02-01", "2020-03-31", "2020-05-01", "2020-09-30", "2020-11-01"],
            "end": ["2020-02-05", "2020-04-01", "2020-12-01", "", "", "2020-11-20"],
            "as_of": "2020-11-30",
        }
    ).assign(end=lambda rows: rows["end"].replace("2020-12-01", "2020-09-01"))
    # Whole quarters end with 2020Q3. Age 0: a b c d e, a ends. Age 1: b c d, b ends. Age 2: c, which ends in Q3.
    found = ending_rates(frame, ages=3)
    assert found.quarter == "2020Q3"
    assert found.frame.values.tolist() == [[0, 5, 1], [1, 3, 1], [2, 1, 1]]
    # Active at the end of September: d, about to be of age 2, and e, about to be of age 1.
    assert found.active == (1, 1, 0)
    assert ending_rates(frame, ages=2).frame.values.tolist() == [[0, 5, 1], [1, 4, 2]]
    assert ending_rates(frame, ages=3, since=2021).frame["at_risk"].sum() == 0


def test_planted_rates_are_found_again_with_late_registration() -> None:
    rng = np.random.default_rng(3)
    n = 20_000
    start = rng.integers(0, 1400, n)
    end = start + rng.geometric(1 / 400, n)
    registered = np.maximum(start, 500)
    seen = end > registered
    day = np.datetime64("2016-01-01")
    frame = pd.DataFrame(
        {"match": range(n), "start": day + start, "end": pd.Series(day + end).where(end <= 1500), "registered": day + registered}
    )
    rates = ending_rates(frame[seen].assign(as_of=day + 1500), ages=8).frame
    share = rates["ended"] / rates["at_risk"]
    assert share[1:].to_numpy() == pytest.approx(1 - (1 - 1 / 400) ** 91.3, abs=0.02)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: presence_scenario(-1, [4]), "-1 is no count"),
        (lambda: presence_scenario(83, []), "no quarter"),
        (lambda: presence_scenario(83, [4], success=1.5), "a chance lies between 0 and 1"),
        (lambda: presence_scenario(83, [4], success=(5, 4)), "5 of 4 is no count"),
        (lambda: matches_scenario(certain([0.1], (5,)), [1], persons_per_match=0), "above 0"),
        (lambda: matches_scenario(certain([0.1], (5,)), [1], draws=0), "at least one draw"),
        (lambda: ending_rates(pd.DataFrame({"match": [1], "start": ["2020-02-01"], "end": [""]})), "no whole quarter"),
    ],
)
def test_what_cannot_be_simulated_is_refused(call: object, words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        call()  # type: ignore[operator]


def test_persons_a_match_are_counted_on_the_day_from_which_the_scenario_starts() -> None:
    """By hand: as the quarter closes three matches with one person each go on; two of them end before the register does."""
    rows = {"match": list("abcd"), "refugee": list("pqrs"), "start": ["2024-01-10", "2024-02-01", "2024-03-01", "2023-05-01"]}
    rows |= {"end": ["2024-04-10", "2024-05-01", "", "2023-09-01"], "reason": ["moved", "moved", "", "moved"]}
    found = scenario(matches=pd.DataFrame(rows).assign(persons=1, as_of="2024-05-31"), planned_matches=0, draws=200)
    assert found.cell("scenario.total.active").value == 3
    assert "1,00" in found.note

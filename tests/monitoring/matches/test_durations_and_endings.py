"""Durations, end reasons and the share broken off: by hand on six rows, and planted truth found again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta, norm
from statsmodels.duration.survfunc import SurvfuncRight

from vvvresearch import monitoring
from vvvresearch.errors import AnalysisError
from vvvresearch.monitoring.matches import broken_off, cumulative_incidence, duration, endings, kaplan_meier, log_rank

SIX = pd.DataFrame(
    {
        "match": list("abcdef"),
        "organisation": ["RC", "RC", "RC", "RC", "DRC", "DRC"],
        "start": ["2020-01-01", "2020-01-01", "2020-01-01", "2020-03-01", "2020-01-01", "2020-01-01"],
        "end": ["2020-01-31", "2020-03-01", "2020-06-29", "", "2020-01-11", ""],
        "reason": ["premature", "natural", "", "", "moved", ""],
        "as_of": "2020-12-31",
    }
)


def test_durations_of_six_matches_are_those_counted_by_hand() -> None:
    found = duration(SIX, at=[60, 100], small_n=1)
    # Ends after 10, 30, 60 and 180 days, two still last after 305 and 365: the curve is 5/6, 4/6, 3/6, 2/6.
    assert found.frame[["group", "n", "ended", "open", "median"]].values.tolist() == [["", 6, 4, 2, 120.0]]
    assert found.lasting["share"].round(6).tolist() == [0.5, 0.5]
    by = duration(SIX, by="organisation", small_n=1)
    assert by.frame[["group", "n", "ended", "open"]].values.tolist() == [["DRC", 2, 1, 1], ["RC", 4, 3, 1]]
    direct = log_rank([30, 60, 180, 305, 10, 365], [1, 1, 1, 0, 1, 0], ["RC"] * 4 + ["DRC"] * 2)
    assert by.test is not None
    assert by.test.statistic == pytest.approx(direct.statistic)


def test_small_groups_show_their_n_only_and_are_in_no_test() -> None:
    found = duration(SIX, by="organisation", small_n=3)
    assert (found.small, found.test) == (("DRC",), None)
    assert found.frame.set_index("group")["n"].to_dict() == {"DRC": 2, "RC": 4}
    assert found.frame.set_index("group")["median"].isna().to_dict() == {"DRC": True, "RC": False}
    assert set(found.lasting["group"]) == {"RC"}
    assert duration(SIX, by="organisation", small_n=2).small == ()
    nobody = duration(SIX, by="organisation", small_n=9)
    assert nobody.curves is None
    assert nobody.frame["median"].isna().all()
    assert nobody.lasting.empty
    reasons = endings(SIX, by="organisation", small_n=3)
    assert set(reasons.shares["group"]) == {"RC"}
    assert reasons.tests.empty


def test_an_empty_group_is_a_group_of_its_own() -> None:
    holed = SIX.assign(municipality_type=["town", "", None, "town", "land", "land"])
    assert duration(holed, by="municipality_type", small_n=1).frame["group"].tolist() == ["", "land", "town"]


def test_end_reasons_by_group_sum_to_the_ended_matches() -> None:
    found = endings(SIX, by="organisation", at=[100, 200], small_n=1)
    counts = found.frame.pivot(index="group", columns="reason", values="ended")
    assert counts.loc["RC"].to_dict() == {"natural": 1, "premature": 1, "moved": 0, "changed_life": 0, "unknown": 1}
    assert counts.sum(axis=1).to_dict() == {"DRC": 1, "RC": 3}
    shares = found.shares.set_index(["group", "reason", "days"])["incidence"]
    assert shares["RC", "premature", 100] == pytest.approx(1 / 4)
    assert shares["RC", "unknown", 100] == 0
    assert shares["RC", "unknown", 200] == pytest.approx(1 / 4)
    assert set(found.tests["reason"]) == {"moved", "natural", "premature", "unknown"}


def test_late_registered_matches_are_at_risk_from_their_registration() -> None:
    late = SIX.assign(registered=["2020-01-21", *SIX["start"][1:]])
    found = duration(late, small_n=1)
    assert found.curves is not None
    # At the end after 10 days, match a is not yet under observation.
    assert found.curves.frame["at_risk"].tolist() == [5, 5, 4, 3, 2, 1]
    assert endings(late, by="organisation", small_n=1).tests.empty


def test_a_register_without_ends_has_neither_median_nor_shares() -> None:
    still = SIX.assign(end="", reason="")
    assert duration(still, by="organisation", small_n=1).test is None
    assert duration(still, small_n=1).frame["median"].isna().all()
    found = endings(still)
    assert found.curves is None
    assert found.frame["ended"].sum() == 0


def test_the_share_broken_off_under_every_reading_and_denominator_by_hand() -> None:
    found = broken_off(SIX).frame.set_index(["reading", "denominator"])[["count", "n"]]
    assert {key: tuple(row) for key, row in found.iterrows()} == {
        ("relation", "ended"): (1, 4),
        ("relation", "ended_known"): (1, 3),
        ("relation", "started"): (1, 6),
        ("relation_or_unknown", "ended"): (2, 4),
        ("relation_or_unknown", "ended_known"): (1, 3),
        ("relation_or_unknown", "started"): (2, 6),
        ("not_natural", "ended"): (3, 4),
        ("not_natural", "ended_known"): (2, 3),
        ("not_natural", "started"): (3, 6),
    }


def test_a_period_takes_ends_for_ended_and_starts_for_started_matches() -> None:
    found = broken_off(SIX, since="2020-02-01", until="2020-06-29").frame.set_index(["reading", "denominator"])
    assert found.loc[("relation_or_unknown", "ended"), ["count", "n"]].tolist() == [1, 2]
    assert found.loc[("relation", "started"), ["count", "n"]].tolist() == [0, 1]
    nothing = broken_off(SIX, since="2020-12-01").frame
    assert nothing["n"].eq(0).all()
    assert nothing[["share", "lower", "upper"]].isna().all().all()


def test_the_interval_is_wilsons() -> None:
    rows = pd.DataFrame({"match": range(213), "start": "2020-01-01", "end": "2020-06-01", "as_of": "2020-12-31"})
    rows["reason"] = ["premature"] * 44 + ["natural"] * 169
    found = broken_off(rows, {"relation": ["premature"]}, ["ended"]).frame.iloc[0]
    z, p = norm.ppf(0.975), 44 / 213
    centre, half = (p + z * z / 426) / (1 + z * z / 213), z / (1 + z * z / 213) * np.sqrt(p * (1 - p) / 213 + z * z / (4 * 213**2))
    assert found[["share", "lower", "upper"]].tolist() == pytest.approx([p, centre - half, centre + half])


def test_undeclared_reasons_and_denominators_are_refused() -> None:
    with pytest.raises(AnalysisError, match="counts an unknown reason"):
        broken_off(SIX, {"relation": ["chemistry"]})
    with pytest.raises(AnalysisError, match="no denominator 'end'"):
        broken_off(SIX, denominators=["end"])
    with pytest.raises(AnalysisError, match="ends before it begins"):
        broken_off(SIX, since="2020-06-01", until="2020-05-01")


def covered(seeds: range) -> dict[str, float]:
    """How often 95 % intervals hold the planted truth: 250 matches, three reasons, censoring, late entry."""
    rates = {"natural": 1 / 500, "premature": 1 / 1200, "moved": 1 / 2500}
    total, horizon = sum(rates.values()), 365
    truth = {"survival": np.exp(-total * horizon), "median": np.log(2) / total}
    truth |= {reason: rate / total * (1 - truth["survival"]) for reason, rate in rates.items()}
    hits = dict.fromkeys(truth, 0)
    for seed in seeds:
        rng = np.random.default_rng(seed)
        n = 250
        time, open_until = rng.exponential(1 / total, n), rng.uniform(200, 1500, n)
        entry = np.where(rng.random(n) < 0.3, rng.uniform(0, 200, n), -1.0)
        reason = rng.choice(list(rates), n, p=np.array(list(rates.values())) / total)
        event, seen = time <= open_until, np.minimum(time, open_until)
        under = seen > entry
        seen, event, entry, reason = seen[under], event[under], entry[under], np.where(event, reason, "")[under]
        curves = kaplan_meier(seen, event, entry, conf_type="log-log")
        at, median = curves.at([horizon]).iloc[0], curves.quantile().iloc[0]
        hits["survival"] += at["lower"] <= truth["survival"] <= at["upper"]
        hits["median"] += median["lower"] <= truth["median"] <= (median["upper"] if median["upper"] == median["upper"] else np.inf)
        shares = cumulative_incidence(seen, reason, entry).at([horizon]).set_index("reason")
        for name in rates:
            share, se = shares.loc[name, ["incidence", "se"]]
            hits[name] += abs(share - truth[name]) <= 1.959964 * se
    return {name: count / len(seeds) for name, count in hits.items()}


@pytest.mark.slow
def test_95_percent_intervals_hold_planted_truth_as_often_as_they_say() -> None:
    seeds = range(300)
    # With 300 seeds a coverage of .95 lies in these limits in 99.8 % of runs.
    low, high = beta.ppf([0.001, 0.999], 0.95 * len(seeds) + 0.5, 0.05 * len(seeds) + 0.5)
    for name, share in covered(seeds).items():
        assert low <= share <= high, name


# Six matches until 31 December 2027; b and e have ended on a day that nobody knows.
SOME_DAY = pd.DataFrame(
    {
        "match": list("abcdef"),
        "start": ["2026-01-10", "2026-03-01", "2026-06-01", "2027-01-01", "2027-02-01", "2027-05-01"],
        "end": ["2026-02-09", "", "2027-06-01", "", "", "2027-05-31"],
        "end_day": ["", "unknown", "", "", "unknown", ""],
        "reason": ["natural", "premature", "moved", "", "", "premature"],
        "organisation": ["RC", "RC", "RC", "DRC", "DRC", "DRC"],
        "as_of": "2027-12-31",
    }
)


def test_who_has_ended_on_an_unknown_day_counts_as_ended_and_in_no_duration() -> None:
    found = duration(SOME_DAY, at=[183], small_n=1)
    # Four are seen: ends after 30, 30 and 365 days, one still lasts after 364; half are left from day 30 to day 365.
    assert found.frame[["n", "ended", "open", "median"]].values.tolist() == [[6, 5, 1, 197.5]]
    assert found.lasting[["at_risk", "share"]].values.tolist() == [[2, 0.5]]
    reasons = endings(SOME_DAY, by="organisation", small_n=1)
    ended = reasons.frame.set_index(["group", "reason"])["ended"]
    assert ended["RC", "premature"] == ended["DRC", "premature"] == ended["DRC", "unknown"] == 1
    assert ended.sum() == 5
    # No late entry stands in the way of the test between groups.
    assert not reasons.tests.empty
    shares = broken_off(SOME_DAY).frame.set_index(["reading", "denominator"])
    assert shares.loc[("relation", "started"), ["count", "n"]].tolist() == [2, 6]
    assert shares.loc[("relation", "ended_known"), ["count", "n"]].tolist() == [2, 4]
    told = [note.key for note in monitoring.duration(SOME_DAY).notes] + [note.key for note in monitoring.volume(SOME_DAY).notes]
    assert {"monitoring.duration_some_day", "programme.volume_some_day"} <= {*told}


@pytest.mark.parametrize("seed", range(20))
def test_durations_equal_another_program_s_where_those_of_unknown_days_are_left_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 120))
    start = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 900, n), "D")
    end = start + pd.to_timedelta(rng.integers(1, 500, n), "D")
    last = pd.Timestamp("2027-12-31")
    over, some_day = np.asarray(end <= last), rng.random(n) < 0.15
    frame = pd.DataFrame({"match": np.arange(n).astype(str), "start": start.strftime("%Y-%m-%d"), "as_of": "2027-12-31"})
    frame["end"] = np.where(over & ~some_day, end.strftime("%Y-%m-%d"), "")
    frame["end_day"] = np.where(over & some_day, "unknown", "")
    seen = ~(over & some_day)
    theirs = SurvfuncRight(np.where(over, end - start, last - start)[seen].astype("timedelta64[D]").astype(int), over[seen].astype(int))
    found = duration(frame, small_n=1)
    assert found.curves is not None
    own = found.curves.frame[found.curves.frame["events"] > 0]
    assert own["time"].tolist() == theirs.surv_times.tolist()
    assert own["survival"].to_numpy() == pytest.approx(theirs.surv_prob, abs=1e-9)
    assert found.frame["ended"].tolist() == [over.sum()]

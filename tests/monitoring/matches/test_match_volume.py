"""Active, new, ended and ever: by hand, by brute force, and events against snapshots."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.monitoring.matches import ended, kept, match_events, read_snapshot, snapshot, snapshot_volume, started, volume

SIX = pd.DataFrame(
    {
        "match": ["m1", "m2", "m3", "m4", "m5", "m6"],
        "refugee": ["r1", "r2", "r1", "r3", "r4", "r4"],
        "volunteer": ["v1", "v2", "v1", "v1", "v3", "v4"],
        "organisation": ["RC", "RC", "DRC", "DRC", "RC", "RC"],
        "start": ["2019-03-01", "2019-06-15", "2020-11-10", "2020-02-01", "2020-01-01", "2020-12-31"],
        "end": ["2020-01-31", "2020-06-15", "", "2020-02-01", "2020-12-31", ""],
        "as_of": "2021-06-30",
    }
)


def table(frame: pd.DataFrame, unit: str, measure: str) -> list[int]:
    return frame[(frame["unit"] == unit) & (frame["measure"] == measure)]["value"].tolist()


def test_every_count_of_six_matches_is_the_one_counted_by_hand() -> None:
    found = volume(SIX)
    assert set(found["period"]) == {"", "2019", "2020", "2021"}
    assert set(found.query("measure == 'active'")["as_of"]) == {"2019-12-31", "2020-12-31", "2021-06-30"}
    expected = {
        "match": {"active": [2, 2, 2], "new": [2, 4, 0], "ended": [0, 4, 0], "ever": [2, 6, 6]},
        # r1 and r4 each have two matches: new in 2020 are r1, r3 and r4, and for the first time r3 and r4.
        "refugee": {"active": [2, 2, 2], "new": [2, 3, 0], "first": [2, 2, 0], "ended": [0, 4, 0], "ever": [2, 4, 4]},
        "volunteer": {"active": [2, 2, 2], "new": [2, 3, 0], "first": [2, 2, 0], "ended": [0, 3, 0], "ever": [2, 4, 4]},
    }
    assert {unit: {measure: table(found, unit, measure) for measure in counts} for unit, counts in expected.items()} == expected
    assert set(found["bound"]) == {"exact"}
    assert set(found["group"]) == {"total"}


def test_groups_count_their_own_and_the_total_counts_a_person_of_two_groups_once() -> None:
    found = volume(SIX, [2020], by="organisation").query("measure == 'ever' and unit == 'refugee'")
    assert dict(zip(found["group"], found["value"], strict=True)) == {"total": 4, "DRC": 2, "RC": 3}


def test_asking_for_one_year_gives_what_that_year_has_in_the_whole() -> None:
    whole, alone = volume(SIX), volume(SIX, [2020])
    part = whole[(whole["period"] == "2020") | (whole["as_of"] == "2020-12-31")].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, alone)
    assert volume(SIX, [2022]).empty


def test_a_register_without_persons_counts_matches_only() -> None:
    found = volume(SIX[["match", "start", "end"]])
    assert set(found["unit"]) == {"match"}
    assert snapshot(SIX[["match", "start", "end"]], "2020-06-30").persons is None


def random_register(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 60))
    start = rng.integers(0, 1500, n)
    end = start + rng.integers(0, 700, n)
    day = np.datetime64("2017-01-01")
    ends = pd.Series(day + end).where(end <= 1600)
    return pd.DataFrame(
        {
            "match": rng.permutation(n),
            "refugee": rng.integers(0, max(n // 2, 1), n),
            "volunteer": rng.integers(0, max(n // 2, 1), n),
            "start": day + start,
            "end": ends,
            "as_of": day + 1600,
        }
    )


@pytest.mark.parametrize("seeds", [range(25), pytest.param(range(25, 200), marks=pytest.mark.slow)], ids=["25", "200"])
def test_events_and_yearly_snapshots_agree_on_200_random_registers(seeds: range) -> None:
    for seed in seeds:
        frame = random_register(seed)
        events = match_events(frame, overlaps="allowed")
        closings = [pd.Timestamp(f"{year}-12-31") for year in range(2017, 2021)]
        lists = [snapshot(events, closing) for closing in closings]
        from_events = volume(events, range(2017, 2021))
        from_lists = snapshot_volume(lists)
        for unit in ("match", "refugee", "volunteer"):
            assert table(from_events, unit, "active") == table(from_lists, unit, "active")
            for measure in ("new", "ended"):
                exact, lower = table(from_events, unit, measure)[1:], table(from_lists, unit, measure)
                assert all(low <= full for low, full in zip(lower, exact, strict=True))
            assert all(low <= full for low, full in zip(table(from_lists, unit, "ever"), table(from_events, unit, "ever"), strict=True))
        alive = frame["end"].fillna(pd.Timestamp("2100-01-01"))
        for (before, one), (after, two) in zip(zip(closings, lists, strict=True), zip(closings[1:], lists[1:], strict=True), strict=False):
            inside = (frame["start"] > before) & (frame["start"] <= after)
            assert set(started(one, two).frame["match"]) == set(frame["match"][inside & (alive > after)])
            assert set(ended(one, two).frame["match"]) == set(
                frame["match"][(frame["start"] <= before) & (alive > before) & (alive <= after)]
            )
            assert set(kept(one, two).frame["match"]) == set(frame["match"][(frame["start"] <= before) & (alive > after)])
            assert len(two) == len(one) + len(started(one, two)) - len(ended(one, two))


def test_volume_of_random_registers_is_that_of_brute_force() -> None:
    for seed in range(12):
        frame = random_register(1000 + seed)
        found = volume(match_events(frame, overlaps="allowed"), range(2017, 2022))
        alive = frame["end"].fillna(pd.Timestamp("2100-01-01"))
        for place, year in enumerate(range(2017, 2022)):
            opening, closing = pd.Timestamp(f"{year}-01-01"), min(pd.Timestamp(f"{year}-12-31"), frame["as_of"].iloc[0])
            sets = {
                "active": (frame["start"] <= closing) & (alive > closing),
                "new": (frame["start"] >= opening) & (frame["start"] <= closing),
                "ended": (alive >= opening) & (alive <= closing),
                "ever": frame["start"] <= closing,
            }
            for measure, rows in sets.items():
                for unit in ("match", "refugee", "volunteer"):
                    assert table(found, unit, measure)[place] == frame[unit][rows].nunique()
            before = set(frame["refugee"][frame["start"] < opening])
            assert table(found, "refugee", "first")[place] == len(set(frame["refugee"][sets["new"]]) - before)


def test_stock_and_flow_of_matches_balance_every_year() -> None:
    found = volume(match_events(random_register(7), overlaps="allowed"))
    active, new, gone = (np.array(table(found, "match", measure)) for measure in ("active", "new", "ended"))
    np.testing.assert_array_equal(np.diff(active), (new - gone)[1:])


def test_snapshots_that_contradict_one_another_are_refused() -> None:
    first = read_snapshot(pd.DataFrame({"match": ["a"]}), "2020-12-31")
    with pytest.raises(AnalysisError, match="the first snapshot must be the earlier one"):
        started(first, first)
    with pytest.raises(AnalysisError, match="different days"):
        snapshot_volume([first, first])
    with pytest.raises(AnalysisError, match="1 matches stand twice"):
        read_snapshot(pd.DataFrame({"match": ["a", "a"]}), "2020-12-31")

"""The register of matches: every fault at once with its row, and nothing counted twice."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, SchemaError
from vvvresearch.monitoring.matches import match_events, observation_times, snapshot, volume


def six(**columns: Any) -> pd.DataFrame:
    """Six sound matches of six refugees and five volunteers (v1 has one after the other)."""
    rows = {
        "match": ["m1", "m2", "m3", "m4", "m5", "m6"],
        "refugee": ["r1", "r2", "r3", "r4", "r5", "r6"],
        "volunteer": ["v1", "v2", "v3", "v4", "v5", "v1"],
        "start": ["2019-03-01", "2019-06-15", "2020-01-10", "2020-02-01", "2020-12-31", "2020-11-01"],
        "end": ["2020-10-31", "2020-06-15", "", "2020-02-01", "", ""],
        "reason": ["natural", "premature", "", "moved", "", ""],
        "as_of": ["2021-06-30"] * 6,
    }
    return pd.DataFrame({**rows, **columns})


def faults(frame: pd.DataFrame, **options: Any) -> set[tuple[int | None, str, str]]:
    with pytest.raises(SchemaError) as caught:
        match_events(frame, **options)
    return {(failure.row, failure.column, failure.problem) for failure in caught.value.failures}


def test_all_faults_of_a_register_are_told_together_with_their_rows() -> None:
    bad = six(
        match=["m1", "m2", "m3", "m4", "", "m1"],
        start=["2020-11-01", "", "yesterday", "2020-02-01", "2021-07-01", ""],
        end=["2020-10-31", "2020-06-15", "", "2021-12-24", "", ""],
        reason=["natural", "premature", "moved", "fed up", "", ""],
    )
    assert faults(bad) == {
        (4, "match", "the match has no id"),
        (5, "match", "another match has the same id"),
        (0, "end", "the match ends before it starts"),
        (1, "start", "the match ends without a start"),
        (2, "start", "is no date; write 2021-12-31"),
        (2, "reason", "a reason, but no end"),
        (3, "end", "lies after the extract of 2021-06-30"),
        (3, "reason", "none of the known classes: natural, premature, moved, changed_life, unknown"),
        (4, "start", "lies after the extract of 2021-06-30"),
        (5, "start", "the start is missing"),
    }


def test_a_message_repeats_neither_ids_nor_words_of_the_register() -> None:
    with pytest.raises(SchemaError) as caught:
        match_events(six(refugee="Amina K.", reason=["Amina was ill", *[""] * 5]))
    assert "Amina" not in str(caught.value)


def test_rows_are_numbered_as_the_frame_numbers_them() -> None:
    bad = six(end=["2019-02-01", *[""] * 5], reason="").set_index(np.arange(2, 8))
    assert faults(bad) == {(2, "end", "the match ends before it starts")}


@pytest.mark.parametrize(
    ("start", "end", "overlapping"),
    [
        (["2020-01-01", "2020-03-01"], ["2020-03-01", ""], False),
        (["2020-01-01", "2020-02-29"], ["2020-03-01", ""], True),
        (["2020-03-01", "2020-01-01"], ["", ""], True),
        (["2020-01-01", "2020-01-01"], ["2020-01-01", ""], False),
    ],
)
@pytest.mark.parametrize("half", ["refugee", "volunteer"])
def test_two_matches_of_one_person_overlap_when_one_starts_before_the_other_ended(
    half: str, start: list[str], end: list[str], overlapping: bool
) -> None:
    frame = pd.DataFrame({"match": ["a", "b"], half: ["p", "p"], "start": start, "end": end, "as_of": "2020-12-31"})
    if overlapping:
        ((row, column, problem),) = faults(frame)
        assert (column, problem) == (half, f"an earlier match of the same {half} still lasted")
        assert row == (0 if start[0] > start[1] else 1)
    else:
        assert len(match_events(frame)) == 2
    assert len(match_events(frame, overlaps="allowed")) == 2


def test_a_long_match_overlaps_later_ones_even_with_a_short_one_between() -> None:
    frame = pd.DataFrame({"match": list("abc"), "refugee": "p", "start": ["2020-01-01", "2020-02-01", "2020-05-01"]})
    frame["end"] = ["2020-12-01", "2020-03-01", ""]
    assert {row for row, _, _ in faults(frame)} == {1, 2}


def test_overlaps_found_are_those_of_brute_force_on_random_registers() -> None:
    rng = np.random.default_rng(11)
    for _ in range(100):
        start = rng.integers(0, 60, 12)
        end = start + rng.integers(0, 25, 12)
        person = rng.integers(0, 4, 12)
        day = np.datetime64("2020-01-01")
        frame = pd.DataFrame({"match": range(12), "refugee": person, "start": day + start, "end": day + end})
        order = sorted(range(12), key=lambda i: (start[i], end[i]))
        expected = {
            late
            for position, late in enumerate(order)
            if any(person[early] == person[late] and end[early] > start[late] for early in order[:position])
        }
        found = {row for row, _, _ in faults(frame)} if expected else set()
        assert found == expected
        if not expected:
            match_events(frame)


def test_the_same_extract_twice_is_a_fault_and_so_are_two_extracts() -> None:
    twice = pd.concat([six(), six()], ignore_index=True)
    assert faults(twice) == {(row, "match", "the same row stands twice") for row in range(6, 12)}
    later = pd.concat([six(), six(as_of="2021-12-31")], ignore_index=True)
    assert faults(later) == {
        (None, "as_of", "the table holds extracts of several dates: 2021-06-30, 2021-12-31; keep the latest"),
        *((row, "match", "the match stands in another extract too") for row in range(6, 12)),
    }


def test_missing_columns_persons_and_extract_dates_are_told() -> None:
    assert faults(six().drop(columns=["start", "end"])) == {
        (None, "start", "the column is missing"),
        (None, "end", "the column is missing"),
    }
    assert faults(six(refugee=["r1", "", None, "r4", "r5", "r6"])) == {(row, "refugee", "the person's id is missing") for row in (1, 2)}
    assert faults(six(as_of=["2021-06-30", *[""] * 5])) == {(None, "as_of", "rows have no date of the extract")}


def test_dates_may_be_texts_dates_or_timestamps() -> None:
    texts = match_events(six())
    days = six()
    days["start"] = [datetime.date.fromisoformat(text) for text in days["start"]]
    days["end"] = [datetime.date.fromisoformat(text) if text else None for text in days["end"]]
    stamps = six()
    stamps["start"], stamps["end"] = pd.to_datetime(stamps["start"]), pd.to_datetime(stamps["end"].replace("", None))
    for other in (days, stamps):
        np.testing.assert_array_equal(match_events(other).end, texts.end)
        np.testing.assert_array_equal(match_events(other).start, texts.start)


@pytest.mark.parametrize("start", [2020, 43831.0, "2020", "2020-05", "01-02-2020", "2020-13-01", True])
def test_a_year_a_month_or_a_number_is_no_date(start: object) -> None:
    frame = pd.DataFrame({"match": ["a"], "start": [start], "end": ["2021-01-01"]})
    assert (0, "start", "is no date; write 2021-12-31") in faults(frame)


def test_an_end_without_a_reason_is_of_unknown_reason() -> None:
    events = match_events(six(reason=["", "premature", "", None, "", ""]))
    assert events.frame["reason_class"].tolist() == ["unknown", "premature", "", "unknown", "", ""]
    assert match_events(six().drop(columns="reason")).frame["reason_class"].tolist() == ["unknown", "unknown", "", "unknown", "", ""]


def test_a_class_stands_before_the_words_that_it_was_read_from() -> None:
    frame = six(reason=["they were done", *[""] * 5], end=["2020-10-31", *[""] * 5], reason_class=["natural", *[""] * 5])
    assert match_events(frame).frame["reason_class"][0] == "natural"


def test_the_register_is_known_until_its_extract_or_its_last_date() -> None:
    assert match_events(six()).as_of == pd.Timestamp("2021-06-30")
    bare = six().drop(columns="as_of")
    assert match_events(bare).as_of == pd.Timestamp("2020-12-31")
    assert match_events(bare, as_of="2021-01-31").as_of == pd.Timestamp("2021-01-31")
    with pytest.raises(AnalysisError, match="another date"):
        match_events(six(), as_of="2021-01-31")
    with pytest.raises(AnalysisError, match="after the extract"):
        snapshot(six(), "2021-07-01")


def test_times_under_observation_of_six_matches_by_hand() -> None:
    registered = ["2019-03-01", "2020-01-01", "2020-01-15", "2020-05-01", "2020-12-01", ""]
    times = observation_times(six(registered=registered))
    assert times["time"].tolist() == [610, 366, 537, 0, 181, 241]
    assert times["event"].tolist() == [1, 1, 0, 1, 0, 0]
    # m2 and m3 were registered late, m4 after its end, the others at their start or before.
    assert times["entry"].tolist() == [-1, 200, 5, 0, -1, -1]
    assert "entry" not in observation_times(six(registered=six()["start"]))


def test_wrong_kinds_of_register_are_refused_in_one_sentence() -> None:
    with pytest.raises(AnalysisError, match="a DataFrame is needed"):
        match_events([1, 2])  # type: ignore[arg-type]
    with pytest.raises(AnalysisError, match="holds no match"):
        match_events(six().head(0))
    with pytest.raises(AnalysisError, match="overlaps is 'ignore'"):
        match_events(six(), overlaps="ignore")  # type: ignore[arg-type]
    with pytest.raises(AnalysisError, match="no column 'region'"):
        volume(six(), by="region")

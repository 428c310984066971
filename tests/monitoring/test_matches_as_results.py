"""Matches as results of a round: every count by hand on six rows, addresses, small groups, persons and matches apart."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError, SchemaError
from vvvresearch.evidence import Register
from vvvresearch.figures import survival_plot
from vvvresearch.monitoring import broken_off, duration, endings, funnel, matches, referrals, volume, waiting
from vvvresearch.monitoring.matches import gray, kaplan_meier, log_rank, match_events, snapshot
from vvvresearch.rounds import open_round

SIX = pd.DataFrame(
    {
        "match": list("abcdef"),
        "refugee": ["r1", "r2", "r1", "r3", "r4", "r5"],
        "volunteer": ["v1", "v1", "v2", "v3", "v4", "v5"],
        "persons": [1, 3, 1, 2, 1, 1],
        "organisation": ["RC", "RC", "RC", "RC", "DRC", ""],
        "municipality": ["0101", "0101", "0751", "0751", "0101", "0751"],
        "referral_source": ["municipality", "municipality", "self", "", "self", "school"],
        "start": ["2020-01-01", "2020-02-01", "2020-07-01", "2021-03-01", "2021-01-01", "2021-01-01"],
        "end": ["2020-01-31", "2020-03-02", "2020-12-28", "", "2021-01-11", ""],
        "reason": ["premature", "natural", "", "", "moved", ""],
        "as_of": "2021-12-31",
    }
)


def test_active_new_ended_and_ever_of_six_matches_by_hand() -> None:
    table = volume(Register(SIX))
    value = {row["count"]: row["value"] for row in table.frame.to_dict("records")}
    assert [value[f"{what}-match-2020"] for what in ("started", "ended", "active", "ever")] == [3, 3, 0, 3]
    assert [value[f"{what}-match-2021"] for what in ("started", "ended", "active", "ever")] == [3, 1, 2, 6]
    # r1 has two matches and r2 stands for a family of three: 1 + 3 people in 2020, and 2 + 1 + 1 more in 2021.
    assert [value[f"{what}-person-2020"] for what in ("started", "ended", "active", "ever")] == [4, 4, 0, 4]
    assert [value[f"{what}-person-2021"] for what in ("started", "ended", "active", "ever")] == [4, 1, 3, 8]
    assert value["started-volunteer-2020"] == 2
    assert "tælles én gang" in table.note


def test_the_same_extract_twice_is_refused_with_every_row_and_nothing_is_counted_twice() -> None:
    with pytest.raises(SchemaError) as error:
        volume(Register(pd.concat([SIX, SIX], ignore_index=True)))
    assert [failure.row for failure in error.value.failures if "twice" in failure.problem] == [6, 7, 8, 9, 10, 11]


def test_overlapping_matches_count_only_where_the_source_allows_them() -> None:
    double = SIX.assign(end=["2020-08-01", *SIX["end"][1:]])
    with pytest.raises(SchemaError, match="cannot be counted"):
        duration(double)
    allowed = Register(double, overlaps="allowed")
    assert duration(allowed).cell("duration.total.n").value == 6
    assert volume(allowed).cell("matches.active-person-2020.value").value == 0


def test_durations_by_group_have_addresses_and_the_whole_stands_last() -> None:
    # Ends after 30, 30, 180 and 10 days; two still last after 305 and 364: half have ended between 30 and 180 days.
    table = duration(SIX, by="organisation", small_n=2)
    assert table.frame["group"].tolist() == ["DRC", "RC", "unknown", "total"]
    assert table.cell("duration/by-organisation.rc.n").value == 4
    assert table.cell("duration/by-organisation.total.median").value == 105
    assert table.cell("duration/by-organisation.drc.median").value is None
    assert table["lasting"].cell("duration/by-organisation.total.183.share").value == pytest.approx(1 / 3)
    assert "DRC" in table.note


def test_municipalities_lend_their_columns_to_groups() -> None:
    kinds = pd.DataFrame({"code": ["0101", "0751"], "size": ["large", "small"]})
    table = duration(SIX, by="size", municipalities=kinds, small_n=1)
    assert table.frame.set_index("group")["n"].to_dict() == {"large": 3, "small": 3, "total": 6}
    with pytest.raises(AnalysisError, match="no column 'siez'"):
        duration(SIX, by="siez", municipalities=kinds)


def test_reasons_of_six_matches_by_hand() -> None:
    table = endings(SIX, small_n=1)
    counts = table.frame.set_index("reason_class")["count"].to_dict()
    assert counts == {"natural": 1, "premature": 1, "moved": 1, "changed_life": 0, "unknown": 1}
    assert table.cell("endings.total.premature.share").value == Fraction(1, 4)
    # After 100 days 1 of 6 has ended prematurely, and the others' ends compete.
    assert endings(SIX, at=[100]).parts["incidence"].cell("endings.total.premature.100.incidence").value == pytest.approx(1 / 6)


def test_the_share_broken_off_has_every_reading_and_every_denominator() -> None:
    table = broken_off(SIX)
    shares = {(row["reading"], row["denominator"]): (row["count"], row["n"]) for row in table.frame.to_dict("records")}
    assert shares == {
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
    own = broken_off(SIX, readings={"mine": ["premature", "moved"]}, denominators=["started"])
    assert own.cell("broken_off.mine.started.share").value == Fraction(2, 6)


def test_referral_sources_are_counted_by_person() -> None:
    table = referrals(SIX)
    assert table.cell("referrals.2020.municipality.persons").value == 2
    assert table.cell("referrals.2020.self.persons").value == 1
    # r1 came by both, so 2020 has two people and three referrals.
    assert table.cell("referrals.2020.total.persons").value == 2
    assert table.cell("referrals.total.unknown.persons").value == 1
    assert (table.totals["persons"].value, table.totals["twice"].value) == (5, 1)
    by_match = referrals(SIX.drop(columns=["refugee", "volunteer"]))
    assert by_match.cell("referrals.total.total.persons").value == 6
    assert "der er talt match" in by_match.note


def test_campaigns_mark_their_period() -> None:
    drives = pd.DataFrame({"quarter": ["2020-Q4"], "campaign": ["Kaffe"], "enquiries": [12]})
    table = referrals(SIX, campaigns=drives)
    assert "2020*" in table.plot().alt()
    assert table["campaigns"].cell("campaigns.2020-q4.kaffe.enquiries").value == 12


def test_the_way_from_offer_to_match_and_the_wait_by_hand() -> None:
    rows = pd.DataFrame(
        {
            "case": list("abcdef"),
            "person": ["p", "p", "q", "r", "s", "t"],
            "offered": "2021-01-01",
            "accepted": ["2021-01-02"] * 5 + [""],
            "matched": ["2021-01-12", "2021-01-22", "2021-02-01", "", "", ""],
            "started": ["2021-01-20", "", "2021-02-02", "", "", ""],
            "stopped": ["", "", "", "2021-03-01", "", "2021-01-03"],
            "stop_reason": ["", "", "", "moved", "", ""],
            "as_of": "2021-06-30",
        }
    )
    table = funnel(rows)
    assert table.frame[["step", "n", "persons", "next", "stopped", "open"]].values.tolist() == [
        ["offered", 6, 5, 5, 1, 0],
        ["accepted", 5, 4, 3, 1, 1],
        ["matched", 3, 2, 2, 0, 1],
        ["started", 2, 2, 0, 0, 0],
    ]
    assert table.cell("funnel.matched.share").value == Fraction(3, 5)
    assert table["reasons"].frame.values.tolist() == [["offered", "unknown", 1], ["accepted", "moved", 1]]
    wait = waiting(rows)
    assert wait.frame[["n", "matched", "waiting", "stopped", "median"]].values.tolist() == [[5, 3, 1, 1, 30.0]]
    assert wait.cell("waiting.total.share").value == pytest.approx(3 / 5)


def test_a_register_of_matches_with_offers_serves_as_one_of_offers() -> None:
    rows = pd.DataFrame({"match": ["a", "b"], "offered": ["2021-01-01"] * 2, "accepted": ["2021-01-05", ""], "start": ["2021-02-01", ""]})
    assert funnel(rows.assign(end="")).frame["n"].tolist() == [2, 1, 1]
    # Nobody wrote down who accepted: the steps are those that the register has.
    assert funnel(rows.drop(columns="accepted").assign(end="")).frame["step"].tolist() == ["offered", "started"]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 60))
def test_the_stock_of_a_year_is_its_snapshot(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    start = np.datetime64("2018-01-01") + rng.integers(0, 1400, n)
    end = start + rng.integers(0, 900, n)
    rows = pd.DataFrame(
        {
            "match": [f"m{number}" for number in range(n)],
            "refugee": rng.integers(0, n, n).astype(str),
            "start": start,
            "end": pd.Series(end).where(end <= np.datetime64("2021-12-31")),
            "as_of": "2021-12-31",
        }
    )
    register = Register(rows, overlaps="allowed")
    table = volume(register).frame.set_index("count")["value"]
    from vvvresearch.monitoring.matches import match_events

    events = match_events(rows, overlaps="allowed")
    for year in range(int(str(start.min())[:4]), 2022):
        active = snapshot(events, f"{year}-12-31")
        assert (table[f"active-match-{year}"], table[f"active-person-{year}"]) == (active.matches, active.persons)


def test_curves_are_drawn_and_said_as_they_were_estimated() -> None:
    curves = kaplan_meier([365, 365, 730, 800], [1, 1, 1, 0], group=["a", "a", "b", "b"])
    drawing = survival_plot(curves, title="Varighed", lang="en")
    assert drawing.alt() == (
        "Varighed. a: Share that still lasts: 0% after year 1.0. b: Share that still lasts: 100% after year 1, 50% after year 2."
    )
    assert duration(SIX).in_language("en").plot().alt().startswith("How long matches last. All matches:")
    with pytest.raises(AnalysisError, match="cannot be told apart"):
        survival_plot(pd.DataFrame({"group": list("abcdefg"), "time": 1, "survival": 0.5}))


def test_a_round_gives_the_same_numbers_by_call_and_by_address(project: Path) -> None:
    opened = open_round("demo", project)
    assert opened.cell("endings.total.premature.share").value == opened.cell("ended.premature.share").value
    assert opened.cell("broken_off.relation.ended.count").value == 576
    assert opened.cell("duration/by-organisation.rc.n").value == int((opened.matches.frame["organisation"] == "RC").sum())
    assert opened.duration(by="region").frame["n"].iloc[-1] == 4695
    assert opened.funnel().cell("funnel.started.n").value == (opened.rows_of("offers")["started"] != "").sum()


def test_a_register_that_was_opened_late_says_so_and_one_that_was_not_does_not() -> None:
    rows = pd.DataFrame({"match": ["a", "b"], "start": ["2019-01-01", "2020-02-01"], "end": ["", ""], "as_of": "2020-12-31"})
    late = rows.assign(registered=["2020-01-01", "2020-02-01"])
    assert "opened on 1 January 2020" in volume(late).in_language("en").note
    assert "opened" not in volume(rows.assign(registered=rows["start"])).in_language("en").note
    assert "opened" not in volume(rows).in_language("en").note


def test_parts_of_a_year_are_counted_as_a_count_row_by_row_gives_them() -> None:
    draws = np.random.default_rng(9)
    starts = pd.Timestamp("2023-01-01") + pd.to_timedelta(draws.integers(0, 700, 60), "D")
    ends = [start + pd.Timedelta(days=int(length)) for start, length in zip(starts, draws.integers(1, 300, 60), strict=True)]
    frame = pd.DataFrame({"match": range(60), "refugee": draws.integers(0, 40, 60), "start": starts, "end": ends}).astype({"match": str})
    frame = frame.assign(refugee=frame["refugee"].astype(str), end=frame["end"].where(frame["end"] <= "2025-03-31"))
    frame = (
        frame.assign(reason=frame["end"].notna().map({True: "moved", False: ""}), as_of="2025-03-31")
        .sort_values("start")
        .drop_duplicates("refugee")
    )
    parts = (("2024-H2", "2024-07-01", "2024-12-31"), ("2024-Q1", "2024-01-01", "2024-03-31"), ("2024-02", "2024-02-01", "2024-02-29"))
    for part, first, last in parts:
        counts = volume(Register(frame), [part]).frame.set_index("count")["value"]
        began, ended = frame["start"].between(first, last), frame["end"].between(first, last)
        going_on = (frame["start"] <= last) & ~(frame["end"] <= last)
        assert [counts[f"{name}-match-{part}"] for name in ("started", "ended", "active")] == [began.sum(), ended.sum(), going_on.sum()]


def test_the_p_of_two_groups_of_matches_is_not_told_where_one_has_fewer_than_ten() -> None:
    days = pd.date_range("2020-01-01", periods=22, freq="7D")
    register = pd.DataFrame(
        {
            "match": [f"m{place}" for place in range(22)],
            "organisation": ["RC"] * 13 + ["DRC"] * 9,
            "start": days.strftime("%Y-%m-%d"),
            "end": [str(day.date()) if place % 3 else "" for place, day in enumerate(days + pd.to_timedelta([20, 90] * 11, "D"))],
            "reason": ["moved" if place % 3 else "" for place in range(22)],
            "as_of": "2021-12-31",
        }
    )
    lasting, ended = duration(register, by="organisation"), endings(register, by="organisation")
    assert "ikke vist (få på en side)" in lasting.note
    assert lasting.cell("p").say("da") == "ikke vist (få på en side)"
    assert "few on a side" in ended["tests"].in_language("en").cells[-1].say("en")
    shown = lasting.with_small_n(9), ended.with_small_n(9)
    assert "ikke vist" not in shown[0].note + shown[0].cell("p").say("da")


def test_what_cannot_be_tested_or_dated_prints_no_missing_value() -> None:
    test = log_rank([5, 9, 9, 4], [0, 0, 0, 0], list("aabb"))
    assert repr(test) == "GroupTest(no p: too few ended in the groups to compare them)"
    assert repr(gray([5, 9, 9, 4], ["x", "", "", ""], list("aaab"))).count("nan") == 0
    assert repr(snapshot(SIX, "2020-02-15")) == "Snapshot(2020-02-15: 1 matches)"
    one = SIX.head(1).assign(end="", reason="", reason_class="")
    shown = [repr(call(one)) for call in (matches.duration, matches.endings, matches.broken_off, matches.ending_rates, match_events)]
    assert not [words for words in shown if re.search(r"\b(nan|NaN|NaT|None)\b|array\(", words)]

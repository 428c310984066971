"""What was planted in the demo's registers is found again, within what chance allows, and its registers tell one story."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from demo.campaigns import CAMPAIGNS
from demo.matches import CAMPAIGN_SELF, CAMPAIGN_STARTS, EARLY_MONTHS, FAMILY_RATE, HAZARDS, LISTED, MONTH, REGISTERED_TO
from demo.volunteers import ACCEPTS, GIVES_UP
from vvvresearch.monitoring.matches import cumulative_incidence, match_events, observation_times, snapshot

ROOT = Path(__file__).parents[2]


@cache
def table(name: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / f"surveys/demo/{name}.csv", dtype=str, keep_default_na=False)


@cache
def events():  # type: ignore[no-untyped-def]
    return match_events(table("matches"), as_of=REGISTERED_TO)


def planted_incidence(months: float, reason: str) -> float:
    """The share of matches of one person that have ended for a reason, from the planted rates by steps of a hundredth of a month."""
    steps = np.arange(0, months, 0.01) + 0.005
    rates = {name: np.where(steps < EARLY_MONTHS, *pair) for name, pair in HAZARDS.items()}
    lasting = np.exp(-np.cumsum(sum(rates.values())) * 0.01)
    return float((lasting * rates[reason]).sum() * 0.01)


def test_the_rates_that_were_drawn_from_are_those_that_were_written_down() -> None:
    expected = tomllib.loads((ROOT / "interviews/demo/truth/expected.toml").read_text("utf-8"))
    assert {name: tuple(expected["matches"][name]) for name in HAZARDS} == HAZARDS
    assert expected["matches"]["family_rate_ratio"] == FAMILY_RATE
    assert expected["campaigns"] == {"starts_ratio": CAMPAIGN_STARTS, "self_referral_ratio": CAMPAIGN_SELF}
    assert expected["offers"] == {"accepts": ACCEPTS, "gives_up": GIVES_UP}


def test_the_register_holds_more_than_four_thousand_matches_of_five_years() -> None:
    matches = table("matches")
    assert len(matches) >= 4000
    assert (matches["registered"].min(), matches[["start", "end"]].to_numpy().max()) == ("2017-07-01", "2022-06-30")
    assert (matches["start"] < "2017-07-01").sum() > 200
    dated = table("offers")[["referred", "offered", "accepted", "matched", "started", "stopped"]]
    assert (dated != "").to_numpy().sum() + (matches[["start", "end"]] != "").to_numpy().sum() > 4000


@pytest.mark.parametrize("reason", HAZARDS)
def test_the_planted_rate_of_each_reason_is_found_again_after_a_half_one_and_two_years(reason: str) -> None:
    single = (table("matches")["match_type"] == "single").to_numpy()
    times = observation_times(events())[single]
    found = cumulative_incidence(times["time"], times["reason"], entry=times["entry"]).frame
    own = found[found["reason"] == reason]
    for months in (6, 12, 24):
        at = own[own["time"] <= months * MONTH].iloc[-1]
        assert at["incidence"] == pytest.approx(planted_incidence(months, reason), abs=3.3 * at["se"]), months


@pytest.mark.parametrize(
    ("column", "value", "truth"), [("match_type", "family", FAMILY_RATE), ("organisation", "DRC", 1.0), ("arrival_group", "new", 1.0)]
)
def test_families_last_longer_by_what_was_planted_and_organisations_and_arrival_make_no_difference(
    column: str, value: str, truth: float
) -> None:
    times, chosen = observation_times(events()), (table("matches")[column] == value).to_numpy()
    entry = times["entry"].clip(lower=0)
    early = EARLY_MONTHS * MONTH
    # Rates are constant early and later, so ended matches by days under observation are all that there is to know.
    for first, last in ((0, early), (early, np.inf)):
        days = (times["time"].clip(first, last) - entry.clip(first, last)).clip(lower=0)
        ended = (times["event"] == 1) & (times["time"] > first) & (times["time"] <= last)
        ratio = (ended[chosen].sum() / days[chosen].sum()) / (ended[~chosen].sum() / days[~chosen].sum())
        se = np.sqrt(1 / ended[chosen].sum() + 1 / ended[~chosen].sum())
        assert np.log(ratio) == pytest.approx(np.log(truth), abs=3.3 * se), (first, ratio)


def test_more_matches_start_and_more_people_come_by_themselves_while_a_campaign_runs() -> None:
    quarters = pd.PeriodIndex(table("matches")["start"], freq="Q").astype(str).str.replace("Q", "-Q")
    frame = table("matches").assign(quarter=quarters).iloc[12:]
    whole = frame[frame["quarter"] >= "2017-Q3"]
    inside = whole["quarter"].isin(list(CAMPAIGNS))
    a_quarter = inside.sum() / len(CAMPAIGNS), (~inside).sum() / (20 - len(CAMPAIGNS))
    ratio = a_quarter[0] / a_quarter[1]
    assert ratio == pytest.approx(CAMPAIGN_STARTS, abs=3.3 * ratio * np.sqrt(1 / inside.sum() + 1 / (~inside).sum()))
    by_itself = whole["referral_source"] == "self"
    share = {True: 0.14 * CAMPAIGN_SELF / (1 + 0.14 * (CAMPAIGN_SELF - 1)), False: 0.14}
    for during, truth in share.items():
        own = by_itself[inside == during]
        assert own.mean() == pytest.approx(truth, abs=3.3 * np.sqrt(truth * (1 - truth) / len(own)))


def test_campaigns_tell_as_many_new_volunteers_as_the_register_has_of_them() -> None:
    found = table("volunteers")["recruited_by"].value_counts()
    for quarter, (name, _, told) in CAMPAIGNS.items():
        own = table("volunteers").query("recruited_by == @name")
        assert found[name] == told
        assert set(pd.PeriodIndex(own["since"], freq="Q").astype(str).str.replace("Q", "-Q")) == {quarter}


def test_every_volunteer_of_a_match_is_in_the_register_and_was_there_in_time() -> None:
    joined = table("matches").merge(table("volunteers"), on="volunteer", how="left", validate="many_to_one")
    assert joined["since"].notna().all()
    assert (joined["since"] <= joined["start"]).all()
    left = joined["until"].replace("", "9999")
    assert (joined["end"].where(joined["end"] != "", joined["start"]) <= left).all()


@pytest.mark.parametrize("day", LISTED.values())
def test_yearly_lists_and_the_event_register_know_the_same_matches(day: str) -> None:
    listed = table("snapshots").query("date == @day")
    assert set(listed["match"]) == set(snapshot(events(), day).frame["match"])


def test_offers_are_accepted_and_given_up_as_planted_and_every_match_has_its_offer() -> None:
    offers = table("offers")
    accepted = offers["accepted"] != ""
    known = ~(accepted & (offers["matched"] == "") & (offers["stopped"] == ""))
    assert accepted[known].mean() == pytest.approx(ACCEPTS, abs=0.01)
    settled = offers[accepted & known]
    assert (settled["stopped"] != "").mean() == pytest.approx(GIVES_UP, abs=0.01)
    started = offers[offers["started"] != ""].merge(table("matches"), left_on=["person", "started"], right_on=["refugee", "start"])
    assert len(started) == (offers["started"] != "").sum()


def test_municipalities_with_an_agreement_in_the_last_extract_have_one_in_force_and_no_others() -> None:
    extracts, agreements = table("monitoring"), table("agreements")
    last = extracts[extracts["extract"] == extracts["extract"].max()]
    in_force = agreements[(agreements["expires"] == "") | (agreements["expires"] >= "2022-06-30")]
    assert set(in_force["municipality"]) == set(last.query("agreement == 'yes'")["municipality"])
    # Municipalities, agreements and municipalities with both organisations are three numbers.
    both = in_force.groupby("municipality")["organisation"].nunique() == 2
    assert len({in_force["municipality"].nunique(), len(in_force), int(both.sum())}) == 3

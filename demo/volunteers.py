"""Volunteers and offers in the demo round: who stood ready and how they were found, who was offered a friend and how long they waited."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd

from demo.campaigns import CAMPAIGNS, quarter_of
from demo.cast import Cast
from demo.matches import REGISTERED_TO, matches

# How volunteers are found who come by no campaign.
FOUND = {"acquaintance": 0.38, "website": 0.22, "event": 0.14, "workplace": 0.10, "other": 0.16}
# Volunteers who never had a match, for each hundred who had.
_UNMATCHED = 8
TRAINED = 0.55
# When the register of offers was opened; true shares of those who accept, and of those who accept and yet give up before a match.
OFFERED_FROM = datetime.date(2020, 7, 1)
ACCEPTS, GIVES_UP = 0.75, 0.10
# True waiting from acceptance to match in days, on average; shorter in quarters with a campaign.
WAITS, CAMPAIGN_WAITS = 60.0, 30.0
_DECLINED = {"no_time": 0.4, "has_network": 0.35, "moved": 0.1, "other": 0.15}
_GAVE_UP = {"waited_too_long": 0.5, "moved": 0.2, "changed_mind": 0.3}


def volunteers(cast: Cast) -> pd.DataFrame:
    """One row a volunteer: everyone with a match in the register, and some who wait for one."""
    random = cast.random("volunteers")
    events = matches(cast)
    own = events.groupby("volunteer", sort=False).agg(
        first=("start", "min"),
        last=("end", lambda ends: "" if "" in set(ends) else max(ends)),
        municipality=("municipality", "last"),
        organisation=("organisation", "last"),
    )
    rows = []
    for volunteer, row in own.iterrows():
        since = datetime.date.fromisoformat(row["first"]) - datetime.timedelta(days=int(random.exponential(40)) + 7)
        until = ""
        if row["last"] and random.random() < 0.6:
            stopped = datetime.date.fromisoformat(row["last"]) + datetime.timedelta(days=int(random.exponential(60)))
            until = stopped.isoformat() if stopped <= REGISTERED_TO else ""
        rows.append([str(volunteer), since, until, row["municipality"], row["organisation"]])
    for number in range(len(own) * _UNMATCHED // 100):
        since = REGISTERED_TO - datetime.timedelta(days=int(random.exponential(150)))
        place = events.iloc[int(random.integers(len(events)))]
        rows.append([f"V9{number:03d}", since, "", place["municipality"], place["organisation"]])
    found = _found(random, [row[1] for row in rows])
    trained = np.where(random.random(len(rows)) < TRAINED, "yes", "no")
    frame = pd.DataFrame(rows, columns=["volunteer", "since", "until", "municipality", "organisation"])
    return frame.assign(since=frame["since"].map(str), recruited_by=found, trained=trained)


def _found(random: np.random.Generator, since: list[datetime.date]) -> list[str]:
    """How each was found: by the campaigns exactly as many as they told, of those who began while they ran."""
    found = [str(random.choice(list(FOUND), p=list(FOUND.values()))) for _ in since]
    for quarter, (name, _, told) in CAMPAIGNS.items():
        began = [place for place, day in enumerate(since) if quarter_of(day) == quarter]
        for place in random.choice(began, size=told, replace=False):
            found[int(place)] = name
    return found


def offers(cast: Cast) -> pd.DataFrame:
    """One row for each who was offered a friend: every match that started since the register of offers was opened, and who got none."""
    random = cast.random("offered")
    events = matches(cast)
    rows = [_to_match(random, row) for row in events[events["start"] > OFFERED_FROM.isoformat()].to_dict("records")]
    rows = [row for row in rows if row["offered"] >= OFFERED_FROM]
    started = len(rows)
    # For each hundred who accept and get a match, so many give up or decline.
    given_up = round(started * GIVES_UP / (1 - GIVES_UP))
    declined = round((started + given_up) * (1 - ACCEPTS) / ACCEPTS)
    span = (REGISTERED_TO - OFFERED_FROM).days
    for number in range(given_up + declined):
        place = events.iloc[int(random.integers(len(events)))]
        offered = OFFERED_FROM + datetime.timedelta(days=int(random.integers(0, span - 20)))
        rows.append(_without_match(random, f"X{number + 1:04d}", place, offered, accepts=number < given_up))
    rows += _waiting(random, events)
    frame = pd.DataFrame(rows).sort_values(["offered", "person"], kind="stable", ignore_index=True)
    frame.insert(0, "case", [f"C{number:04d}" for number in range(1, len(frame) + 1)])
    dates = ("referred", "offered", "accepted", "matched", "started", "stopped")
    return frame.assign(**{name: frame[name].map(lambda day: "" if day is None else day.isoformat()) for name in dates})


def _case(person: str, place: dict[Any, Any] | pd.Series, offered: datetime.date, referred: datetime.date) -> dict[Any, Any]:
    steps = {"referred": referred, "offered": offered, **dict.fromkeys(("accepted", "matched", "started", "stopped"))}
    return {"person": person, **steps, "stop_reason": "", "municipality": place["municipality"], "organisation": place["organisation"]}


def _to_match(random: np.random.Generator, row: dict[Any, Any]) -> dict[Any, Any]:
    """The steps before a match, backwards from its start."""
    started = datetime.date.fromisoformat(str(row["start"]))
    matched = started - datetime.timedelta(days=int(random.integers(2, 15)))
    waits = CAMPAIGN_WAITS if quarter_of(matched) in CAMPAIGNS else WAITS
    accepted = matched - datetime.timedelta(days=int(random.exponential(waits)))
    offered = accepted - datetime.timedelta(days=int(random.integers(0, 15)))
    referred = offered - datetime.timedelta(days=int(random.integers(0, 22)))
    return _case(str(row["refugee"]), row, offered, referred) | {"accepted": accepted, "matched": matched, "started": started}


def _without_match(random: np.random.Generator, person: str, place: pd.Series, offered: datetime.date, accepts: bool) -> dict[Any, Any]:
    """Someone who declined, or accepted and gave up while waiting."""
    case = _case(person, place, offered, offered - datetime.timedelta(days=int(random.integers(0, 22))))
    why = _GAVE_UP if accepts else _DECLINED
    accepted = offered + datetime.timedelta(days=int(random.integers(0, 10))) if accepts else None
    stopped = (accepted or offered) + datetime.timedelta(days=int(random.exponential(60 if accepts else 5)) + 1)
    reason = str(random.choice(list(why), p=list(why.values())))
    ended = {"stopped": stopped, "stop_reason": reason} if stopped <= REGISTERED_TO else {}
    return case | {"accepted": accepted} | ended


def _waiting(random: np.random.Generator, events: pd.DataFrame) -> list[dict[Any, Any]]:
    """Those who still wait when the register is drawn: as many as come in an average wait."""
    a_day = (events["start"] >= "2021-07-01").sum() / 365
    rows = []
    for number in range(round(a_day * WAITS)):
        place = events.iloc[int(random.integers(len(events)))]
        accepted = REGISTERED_TO - datetime.timedelta(days=int(random.exponential(WAITS)))
        offered = accepted - datetime.timedelta(days=int(random.integers(0, 15)))
        case = _case(f"Y{number + 1:04d}", place, offered, offered - datetime.timedelta(days=int(random.integers(0, 22))))
        rows.append(case | {"accepted": accepted})
    return rows

"""The register of matches in the demo round: five years of starts and ends with the true hazards, and the yearly counts and lists of it."""

from __future__ import annotations

import bisect
import datetime
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from demo.campaigns import CAMPAIGNS, quarter_of
from demo.cast import Cast, Pair
from demo.extracts import EXTRACTS, REFERRAL_SHARES, REFERRALS, monitoring

REGISTERED_FROM = datetime.date(2017, 7, 1)
REGISTERED_TO = datetime.date(2022, 6, 30)
# Matches of the year before the register opened are in it if they still lasted then.
_FIRST_START = datetime.date(2016, 7, 1)
# So many begin from then on; those that were over before the register opened are not in it.
STARTED = 4800
# The true rate at which matches of one person end for each class of reason, a month: within the first half year, and later.
HAZARDS = {
    "natural": (0.006, 0.024),
    "premature": (0.020, 0.005),
    "moved": (0.007, 0.007),
    "changed_life": (0.006, 0.006),
    "unknown": (0.004, 0.004),
}
EARLY_MONTHS = 6
MONTH = 30.4375
# By how much the rates are multiplied for families, and for one of the organisations; 1 is no effect.
FAMILY_RATE, ORGANISATION_RATE = 0.6, 1.0
# The reasons as leaders write them, by class.
END_REASONS = {
    "goal_reached": "natural",
    "faded_naturally": "natural",
    "moved": "moved",
    "changed_life": "changed_life",
    "chemistry": "premature",
    "expectations": "premature",
    "time": "premature",
    "unknown": "unknown",
}
# In a quarter with a campaign so many times as many matches start, and so many times as many people come by themselves.
CAMPAIGN_STARTS, CAMPAIGN_SELF = 1.5, 2.0
# How often who has had a match before gets another: refugees, volunteers.
_AGAIN = {"refugee": 0.08, "volunteer": 0.35}
_PAUSE = datetime.timedelta(days=30)


@dataclass
class _People:
    """Who has had a match in a municipality and may get another."""

    name: str
    known: int = 0
    free: dict[str, list[tuple[datetime.date, str]]] = field(default_factory=dict)

    def next(self, place: str, start: datetime.date, random: np.random.Generator) -> str:
        """Someone whose last match ended a while ago, else someone new."""
        again = random.random() < _AGAIN[self.name]
        waiting = self.free.get(place, [])
        ready = bisect.bisect_left(waiting, (start - _PAUSE, ""))
        if again and ready:
            return waiting.pop(int(random.integers(ready)))[1]
        self.known += 1
        return f"{self.name[0].upper()}{self.known:04d}"

    def ended(self, place: str, end: datetime.date, person: str) -> None:
        """Remember when someone is free again."""
        bisect.insort(self.free.setdefault(place, []), (end, person))


@cache
def matches(cast: Cast) -> pd.DataFrame:
    """The register: one row a match. Starts before the register opened have `registered` later than `start`."""
    random = cast.random("matches 5")
    extracts = monitoring(cast)
    present = {extract: sorted(rows["municipality"]) for extract, rows in extracts[extracts["status"] == "present"].groupby("extract")}
    codes = sorted(extracts["municipality"].unique())
    weights = dict(zip(codes, random.lognormal(0, 0.5, len(codes)), strict=True))
    people = {name: _People(name) for name in _AGAIN}
    rows = [_case_match(number, pair) for number, pair in enumerate(cast.pairs, start=1)]
    for start in _starts(random):
        family = bool(random.random() < 0.4)
        organisation = "RC" if random.random() < 0.62 else "DRC"
        end, reason = _ending(random, start, (FAMILY_RATE if family else 1.0) * (ORGANISATION_RATE if organisation == "RC" else 1.0))
        if end < REGISTERED_FROM:
            # It was over before the register opened, so nobody wrote it down.
            continue
        there = present[max((one for one in EXTRACTS if one <= start.isoformat()), default=EXTRACTS[0])]
        chances = np.array([weights[code] for code in there])
        place = str(random.choice(there, p=chances / chances.sum()))
        persons = {name: some.next(place, start, random) for name, some in people.items()}
        over = end <= REGISTERED_TO
        row: dict[str, object] = {
            "match": f"M{len(rows) + 1:04d}",
            "pair": "",
            "refugee": persons["refugee"],
            "volunteer": persons["volunteer"],
            "organisation": organisation,
            "municipality": place,
            "match_type": "family" if family else "single",
            "persons": int(random.integers(3, 7)) if family else 1,
            "referral_source": _referral(random, start),
            "arrival_group": "new" if random.random() < 0.7 else "long_term",
            "start": start.isoformat(),
            "registered": max(start, REGISTERED_FROM).isoformat(),
            "end": end.isoformat() if over else "",
            "reason": reason if over else "",
            "reason_class": END_REASONS[reason] if over else "",
        }
        rows.append(row)
        for name, some in people.items():
            some.ended(place, end, persons[name])
    return pd.DataFrame(rows)


def _starts(random: np.random.Generator) -> list[datetime.date]:
    """The days on which matches start, in order; more in quarters with a campaign."""
    days = [_FIRST_START + datetime.timedelta(days=number) for number in range((REGISTERED_TO - _FIRST_START).days + 1)]
    weights = np.array([CAMPAIGN_STARTS if quarter_of(day) in CAMPAIGNS else 1.0 for day in days])
    return sorted(random.choice(np.array(days, dtype=object), size=STARTED, p=weights / weights.sum()))


def _ending(random: np.random.Generator, start: datetime.date, times: float) -> tuple[datetime.date, str]:
    """When a match ends and why: the first of what could end it, each with its own rate."""
    found = {}
    for reason_class, (early, late) in HAZARDS.items():
        drawn = random.exponential() / times
        found[reason_class] = drawn / early if drawn < early * EARLY_MONTHS else EARLY_MONTHS + (drawn - early * EARLY_MONTHS) / late
    first = min(found, key=lambda name: found[name])
    words = [word for word, of in END_REASONS.items() if of == first]
    return start + datetime.timedelta(days=1 + int(found[first] * MONTH)), str(random.choice(words))


def _referral(random: np.random.Generator, start: datetime.date) -> str:
    shares = np.array(REFERRAL_SHARES)
    if quarter_of(start) in CAMPAIGNS:
        shares[REFERRALS.index("self")] *= CAMPAIGN_SELF
    return str(random.choice(REFERRALS, p=shares / shares.sum()))


def _case_match(number: int, pair: Pair) -> dict[str, object]:
    ends = {"P09": ("2021-12-10", "expectations"), "P11": ("2022-03-15", "moved"), "P12": ("2021-10-04", "time")}
    traits = pair.traits
    end, reason = ends.get(pair.id, ("", ""))
    return {
        "match": f"M{number:04d}",
        "pair": pair.id,
        "refugee": f"{pair.id.lower()}-r",
        "volunteer": f"{pair.id.lower()}-v",
        "organisation": traits["organisation"],
        "municipality": traits["municipality"],
        "match_type": traits["match_type"],
        "persons": 4 if traits["match_type"] == "family" else 1,
        "referral_source": traits["referral_source"],
        "arrival_group": pair.refugee.traits["arrival_group"],
        "start": traits["start"],
        "registered": max(traits["start"], REGISTERED_FROM.isoformat()),
        "end": end,
        "reason": reason,
        "reason_class": END_REASONS.get(reason, ""),
    }


# The days on which leaders were asked which matches were going on, by the year that the yearly counts tell.
LISTED = {**{str(year): f"{year}-12-31" for year in range(2017, 2022)}, "2022": REGISTERED_TO.isoformat()}


def snapshots(cast: Cast) -> pd.DataFrame:
    """Yearly lists of the matches that were going on, as leaders would answer: the same truth as the events."""
    events = matches(cast)
    lists = [_going_on(events, day).assign(date=day) for day in LISTED.values()]
    return pd.concat(lists, ignore_index=True)[["date", "match", "refugee", "municipality", "organisation"]]


def counts(cast: Cast) -> pd.DataFrame:
    """Yearly counts, as leaders would report them, of the same matches that the event register holds."""
    events = matches(cast)
    rows = []
    for year in ("2019", "2020", "2021", "2022"):
        active = _going_on(events, LISTED[year])
        period = year if year != "2022" else "2022-H1"
        rows += [
            (f"matches-active-{year}", len(active), "stock", "", "match", "", LISTED[year][:7]),
            (f"persons-active-{year}", int(active["persons"].sum()), "stock", "", "person", "", LISTED[year][:7]),
            (f"matches-started-{year}", int(events["start"].str.startswith(year).sum()), "flow", "", "match", period, ""),
            (f"matches-ended-{year}", int(events["end"].str.startswith(year).sum()), "flow", "ended", "match", period, ""),
        ]
    extracts = monitoring(cast)
    for extract in EXTRACTS:
        for status in ("present", "planned"):
            number = int(((extracts["extract"] == extract) & (extracts["status"] == status)).sum())
            rows.append((f"municipalities-{status}-{extract}", number, "stock", "", "municipality", "", extract))
    frame = pd.DataFrame(rows, columns=["count", "value", "measure", "what", "unit", "period", "as_of"])
    return frame.assign(organisation="", document="", lines="", derived="yes")


def _going_on(events: pd.DataFrame, day: str) -> pd.DataFrame:
    return events[(events["start"] <= day) & ((events["end"] == "") | (events["end"] > day))]

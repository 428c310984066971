"""The programme's own registers in the demo round: matches, monitoring extracts, quarterly categories, courses, campaigns, context."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd

from demo.cast import Cast, Pair, municipalities

REGISTERED_FROM = datetime.date(2019, 1, 1)
REGISTERED_TO = datetime.date(2022, 6, 30)
MATCHES = 400
# End reasons with their class; `relation` are those the success criterion on broken-off relations counts.
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
_REASON_SHARES = (0.24, 0.18, 0.16, 0.12, 0.05, 0.06, 0.09, 0.10)
REFERRALS = ("municipality", "job_centre", "language_school", "housing_social", "volunteer_group", "self", "other")
_REFERRAL_SHARES = (0.30, 0.08, 0.14, 0.08, 0.20, 0.14, 0.06)
EXTRACTS = ("2020-11", "2021-05", "2021-11", "2022-05")
# The last extract counts otherwise, so that a line over time must break there.
_DEFINED = "der findes en frivillig indsats med flygtninge i kommunen, med eller uden aftale"
DEFINITIONS = dict.fromkeys(EXTRACTS[:-1], _DEFINED) | {EXTRACTS[-1]: f"{_DEFINED}, og den har været i gang det seneste halve år"}
QUARTERS = ("2020-Q3", "2020-Q4", "2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4", "2022-Q1", "2022-Q2")
# True effects on the rate at which matches end; 1 is none.
FAMILY_RATE, ORGANISATION_RATE, MONTHLY_RATE = 0.6, 1.0, 0.045


def matches(cast: Cast) -> pd.DataFrame:
    """The event register: one row a match. Starts before the register opened have `registered` later than `start`."""
    random = cast.random("matches 3")
    codes = list(municipalities()["code"])
    rows = [_case_match(number, pair) for number, pair in enumerate(cast.pairs, start=1)]
    while len(rows) < MATCHES:
        start = datetime.date(2018, 3, 1) + datetime.timedelta(days=int(random.integers(0, 1560)))
        family = bool(random.random() < 0.4)
        organisation = "RC" if random.random() < 0.62 else "DRC"
        rate = MONTHLY_RATE * (FAMILY_RATE if family else 1.0) * (ORGANISATION_RATE if organisation == "RC" else 1.0)
        end = start + datetime.timedelta(days=int(random.exponential(30.4 / rate)) + 14)
        if end < REGISTERED_FROM:
            # It was over before the register opened, so nobody wrote it down.
            continue
        over = end <= REGISTERED_TO
        reason = str(random.choice(list(END_REASONS), p=_REASON_SHARES)) if over else ""
        rows.append(
            {
                "match": f"M{len(rows) + 1:04d}",
                "pair": "",
                "organisation": organisation,
                "municipality": str(random.choice(codes[:80])),
                "match_type": "family" if family else "single",
                "persons": int(random.integers(3, 7)) if family else 1,
                "referral_source": str(random.choice(REFERRALS, p=_REFERRAL_SHARES)),
                "arrival_group": "new" if random.random() < 0.7 else "long_term",
                "start": start.isoformat(),
                "registered": max(start, REGISTERED_FROM).isoformat(),
                "end": end.isoformat() if over else "",
                "reason": reason,
                "reason_class": END_REASONS.get(reason, ""),
            }
        )
    return pd.DataFrame(rows)


def _case_match(number: int, pair: Pair) -> dict[str, object]:
    ends = {"P09": ("2021-12-10", "expectations"), "P11": ("2022-03-15", "moved"), "P12": ("2021-10-04", "time")}
    traits = pair.traits
    end, reason = ends.get(pair.id, ("", ""))
    return {
        "match": f"M{number:04d}",
        "pair": pair.id,
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


def monitoring(cast: Cast) -> pd.DataFrame:
    """Half-yearly extracts: one row a municipality and extract, the two needs apart, referral sources joined by `;`."""
    random = cast.random("monitoring")
    places = municipalities()
    present = random.random(len(places)) < 0.74
    planned = ~present & (random.random(len(places)) < 0.3)
    alias = random.random(len(places)) < 0.08
    rows = []
    for extract in EXTRACTS:
        starts = planned & (random.random(len(places)) < 0.5)
        stops = present & (random.random(len(places)) < 0.03)
        present = (present | starts) & ~stops
        planned = (planned & ~starts) | (~present & (random.random(len(places)) < 0.04))
        for number, code in enumerate(places["code"]):
            here = bool(present[number])
            needs = [str(random.choice(["yes", "no", "unknown"], p=[0.72, 0.16, 0.12] if here else [0.25, 0.5, 0.25])) for _ in range(2)]
            sources = [source for source in REFERRALS if here and random.random() < _REFERRAL_SHARES[REFERRALS.index(source)] * 2]
            rows.append(
                {
                    "extract": extract,
                    "municipality": code,
                    "status": "present" if here else "planned" if planned[number] else "absent",
                    "definition": DEFINITIONS[extract],
                    "need_new_arrivals": needs[0],
                    "need_long_term": needs[1],
                    "reason": _reason(random, here, needs),
                    "agreement": "yes" if here and random.random() < 0.6 else "no",
                    "local_name": "Nabonettet" if alias[number] else "",
                    "referral_sources": ";".join(sources),
                    "next_review": "" if here else f"{int(extract[:4]) + 1}-{extract[5:7]}-01",
                }
            )
    return pd.DataFrame(rows)


def _reason(random: np.random.Generator, here: bool, needs: list[str]) -> str:
    if here or needs == ["yes", "yes"]:
        return ""
    return str(random.choice(["no_arrivals", "own_offer", "no_volunteers", "no_contact"]))


def categories(cast: Cast) -> pd.DataFrame:
    """Quarterly categories of cooperation: 1 green, 2 yellow, 3 red; most stay where they are."""
    random = cast.random("categories")
    codes = list(municipalities()["code"])
    state = random.choice([1, 2, 3], size=len(codes), p=[0.4, 0.4, 0.2])
    rows = []
    for quarter in QUARTERS:
        moves = random.random(len(codes))
        state = np.clip(state - (moves < 0.12) + (moves > 0.93), 1, 3)
        rows += [{"quarter": quarter, "municipality": code, "category": int(value)} for code, value in zip(codes, state, strict=True)]
    return pd.DataFrame(rows)


def courses() -> pd.DataFrame:
    """The course register: one row a course, workshop or webinar."""
    names = (
        ("Den første samtale", "course"),
        ("Grænser i frivilligheden", "course"),
        ("Dansk i hverdagen", "course"),
        ("Når livet er svært", "course"),
        ("Veje til arbejde", "course"),
        ("Venner i forening", "workshop"),
    )
    people = (14, 11, 17, 9, 21, 12, 16, 8, 19, 13, 15, 10)
    rows = []
    for number, persons in enumerate(people, start=1):
        name, kind = names[(number - 1) % len(names)]
        month = 8 + (number - 1) * 2
        rows.append(
            {
                "course": f"K{number:02d}",
                "name": name,
                "date": f"{2020 + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}-{9 + number:02d}",
                "participants": persons,
                "format": "webinar" if 3 <= number <= 8 else "physical",
                "type": kind,
                "organisation": "RC" if number % 3 else "DRC",
            }
        )
    return pd.DataFrame(rows)


def campaigns() -> pd.DataFrame:
    """Recruiting campaigns and what came of them."""
    rows = (
        ("2020-Q4", "Del en kop kaffe", 212, 88),
        ("2021-Q2", "Få en ny nabo", 164, 71),
        ("2021-Q4", "Din hverdag er nok", 240, 95),
        ("2022-Q2", "En time om ugen", 305, 132),
    )
    return pd.DataFrame(rows, columns=["quarter", "campaign", "enquiries", "new_volunteers"])


def context() -> pd.DataFrame:
    """Invented context figures per year."""
    rows = (("2019", 912, 4), ("2020", 604, 3), ("2021", 733, 4), ("2022", 1890, 9))
    return pd.DataFrame(rows, columns=["year", "arrivals", "quota_per_municipality"])


def counts(cast: Cast) -> pd.DataFrame:
    """Yearly snapshots, as leaders would report them, of the same matches that the event register holds."""
    events = matches(cast)
    rows = []
    for year in ("2019", "2020", "2021", "2022"):
        last = f"{year}-12-31" if year != "2022" else REGISTERED_TO.isoformat()
        until = (events["end"] == "") | (events["end"] > last)
        active = events[(events["start"] <= last) & until]
        period = year if year != "2022" else "2022-H1"
        rows += [
            (f"matches-active-{year}", len(active), "stock", "", "match", "", last[:7]),
            (f"persons-active-{year}", int(active["persons"].sum()), "stock", "", "person", "", last[:7]),
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

"""What consultants report of the municipalities in the demo round: half-yearly extracts and quarterly categories of cooperation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from demo.cast import Cast, municipalities

REFERRALS = ("municipality", "job_centre", "language_school", "housing_social", "volunteer_group", "self", "other")
REFERRAL_SHARES = (0.30, 0.08, 0.14, 0.08, 0.20, 0.14, 0.06)
EXTRACTS = ("2020-11", "2021-05", "2021-11", "2022-05")
# The last extract counts otherwise, so that a line over time must break there.
_DEFINED = "der findes en frivillig indsats med flygtninge i kommunen, med eller uden aftale"
DEFINITIONS = dict.fromkeys(EXTRACTS[:-1], _DEFINED) | {EXTRACTS[-1]: f"{_DEFINED}, og den har været i gang det seneste halve år"}
QUARTERS = ("2020-Q3", "2020-Q4", "2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4", "2022-Q1", "2022-Q2")


def monitoring(cast: Cast) -> pd.DataFrame:
    """Half-yearly extracts: one row a municipality and extract, the two needs apart, referral sources joined by `;`."""
    random, contacts = cast.random("monitoring"), cast.random("contact persons")
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
            sources = [source for source in REFERRALS if here and random.random() < REFERRAL_SHARES[REFERRALS.index(source)] * 2]
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
                    "contact_person": "yes" if contacts.random() < (0.8 if here else 0.3) else "no",
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

"""The answers to the demo round's surveys: drawn so that routes hold, with true effects and none where none is wanted."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from demo.cast import HERE, Cast, municipalities

# Municipalities in both waves, in the first wave, in the second; and how many were invited to each.
BOTH, FIRST, SECOND = 35, 42, 55
INVITED = {"2021": 71, "2022": 74}
BENEFITS = ("language", "network", "everyday", "society", "job", "wellbeing", "participation")
# How likely a municipality sees "high" and "some" benefit in each area, the same in both waves but for the job area.
_BENEFIT = {
    "language": (0.42, 0.46),
    "network": (0.48, 0.40),
    "everyday": (0.36, 0.44),
    "society": (0.34, 0.46),
    "job": (0.10, 0.40),
    "wellbeing": (0.40, 0.42),
    "participation": (0.16, 0.46),
}
JOB_LATER = (0.24, 0.46)
BARRIERS = ("few_arrivals", "few_volunteers", "time", "consent", "language", "other")
AGREEMENT_EFFECT = 0.30
# How likely a municipality without an agreement refers; fewer did before.
REFERS = {"2019": 0.30, "2021": 0.45, "2022": 0.45}
# The most years that a municipality can have referred.
LONGEST = {"2019": 3, "2021": 5, "2022": 6}
# How likely most accept, by how the offer is made.
ACCEPTS = {"talk": 0.8, "letter": 0.3, "course": 0.5}
LEADERS = 59
# Leaders that answered each organisation's own status the year before.
STATUS = {"RC": 34, "DRC": 21}


def samples(cast: Cast) -> dict[str, dict[str, list[str]]]:
    """Which municipalities were invited to each wave, and which answered."""
    random = cast.random("survey frame")
    codes = [str(code) for code in random.permutation(municipalities()["code"].to_numpy())]
    both, only_first = codes[:BOTH], codes[BOTH:FIRST]
    only_second = codes[FIRST : FIRST + SECOND - BOTH]
    rest = codes[FIRST + SECOND - BOTH :]
    answered = {"2021": sorted(both + only_first), "2022": sorted(both + only_second)}
    # Who answered only once was invited both times, as far as the frame goes.
    silent = {"2021": only_second + rest, "2022": only_first + rest}
    return {
        wave: {"answered": answered[wave], "invited": sorted(answered[wave] + silent[wave][: INVITED[wave] - len(answered[wave])])}
        for wave in INVITED
    }


def invited(cast: Cast, wave: str) -> pd.DataFrame:
    """The frame of a wave: every invited municipality with region and size."""
    return frame_of(samples(cast)[wave]["invited"])


def frame_of(codes: Sequence[str]) -> pd.DataFrame:
    """Municipalities with their region and size, as a list of invited has them."""
    places = municipalities()
    chosen = places[places["code"].isin(codes)]
    return chosen[["code", "region", "size"]].rename(columns={"code": "respondent"}).reset_index(drop=True)


def municipal(cast: Cast, wave: str) -> pd.DataFrame:
    """One wave of answers from the municipalities; a municipality in both waves leans the same way in both."""
    frame = municipal_answers(cast, wave, samples(cast)[wave]["answered"])
    if wave == "2022":
        written = advice_sheet(cast, "first").set_index("respondent")["text"]
        frame.insert(list(frame.columns).index("online_meetings"), "advice", frame["respondent"].map(written).fillna(""))
        frame = frame.join(_offers(cast.random("offers"), list(frame["refers"])))
    return frame


def municipal_answers(cast: Cast, wave: str, codes: Sequence[str]) -> pd.DataFrame:
    """What municipalities answered to the items that waves have in common."""
    leanings = cast.random("municipal leanings").normal(0, 0.12, size=98)
    lean = dict(zip(municipalities()["code"], leanings, strict=True))
    random = cast.random(f"municipal {wave}")
    return pd.DataFrame([_municipality(random, code, float(lean[code]), wave) for code in codes])


def _offers(random: np.random.Generator, refers: list[str]) -> pd.DataFrame:
    """Items of the second wave alone: a reorganisation without effect on referral, and a way of offering that matters."""
    rows = []
    for said in refers:
        style = _pick(random, {"talk": 0.45, "letter": 0.35, "course": 0.2}, said == "yes")
        row = {"reorganised": _pick(random, {"yes": 0.4, "no": 0.6}, True), "offer_style": style}
        row["most_accept"] = _pick(random, {"yes": ACCEPTS.get(style, 0), "no": 1 - ACCEPTS.get(style, 0)}, said == "yes")
        rows.append(row)
    return pd.DataFrame(rows)


def advice() -> dict[str, Any]:
    """The written answers with both coders' codes, and the categories."""
    return tomllib.loads((HERE / "advice.toml").read_text(encoding="utf-8"))


def advice_sheet(cast: Cast, coder: str) -> pd.DataFrame:
    """One coder's filled-in sheet: who wrote what, and the codes given."""
    written = advice()["answers"]
    who = cast.random("advice").choice(samples(cast)["2022"]["answered"], size=len(written), replace=False)
    rows = [(str(respondent), answer["text"], answer[coder]) for respondent, answer in zip(who, written, strict=True)]
    return pd.DataFrame(rows, columns=["respondent", "text", "codes"]).sort_values("respondent", ignore_index=True)


def _municipality(random: np.random.Generator, code: str, lean: float, wave: str) -> dict[str, str]:
    row = {"respondent": code}
    agreement = random.random() < 0.55
    row["agreement"] = "yes" if agreement else "dont_know" if random.random() < 0.1 else "no"
    chance = REFERS[wave] + lean + (AGREEMENT_EFFECT if agreement else 0)
    refers = "yes" if random.random() < chance else "dont_know" if random.random() < 0.15 else "no"
    row["refers"] = refers
    row["matched_share"] = _pick(
        random, {"none": 0.04, "few": 0.2, "half": 0.26, "most": 0.24, "all": 0.1, "dont_know": 0.16}, refers == "yes"
    )
    row["why_not"] = _pick(random, {"few_arrivals": 0.4, "own_offer": 0.25, "no_time": 0.2, "other": 0.15}, refers == "no")
    for area in BENEFITS:
        high, some = JOB_LATER if area == "job" and wave == "2022" else _BENEFIT[area]
        high = min(0.9, max(0.02, high + lean / 2))
        row[f"benefit_{area}"] = _pick(
            random, {"high": high, "some": some, "low": (1 - high - some) * 0.4, "dont_know": (1 - high - some) * 0.6}, refers == "yes"
        )
    answers_barriers = random.random() < 0.95
    for barrier, share in zip(BARRIERS, (0.5, 0.35, 0.3, 0.2, 0.15, 0.1), strict=True):
        row[f"barriers:{barrier}"] = ("1" if random.random() < share else "0") if answers_barriers else ""
    levels = {"very_good": 0.34, "good": 0.36, "neither": 0.16, "poor": 0.08, "dont_know": 0.06}
    if wave == "2022":
        levels = {"5": 0.3, "4": 0.34, "3": 0.2, "2": 0.1, "1": 0.06}
    row["cooperation"] = _pick(random, levels, True)
    row["support_known"] = _pick(random, {"yes": 0.6, "no": 0.4}, True)
    row["support_used"] = _pick(random, {"yes": 0.45, "no": 0.55}, row["support_known"] == "yes")
    row["support_missed"] = _pick(random, {"yes": 0.3, "no": 0.5, "dont_know": 0.2}, True)
    if wave == "2022":
        row["online_meetings"] = _pick(random, {"more": 0.35, "same": 0.45, "fewer": 0.2}, True)
    row["years_with_programme"] = str(int(random.integers(1, LONGEST[wave] + 1))) if refers == "yes" else ""
    return row


def _pick(random: np.random.Generator, shares: dict[str, float], asked: bool) -> str:
    weights = np.maximum(np.array(list(shares.values())), 0.005)
    drawn = str(random.choice(list(shares), p=weights / weights.sum()))
    return drawn if asked else ""


def raw_municipal(cast: Cast) -> pd.DataFrame:
    """The first wave as it came in: unfinished answers and second answers of a municipality among the 42."""
    random = cast.random("raw municipal")
    clean = municipal(cast, "2021").assign(finished="1")
    others = [code for code in samples(cast)["2021"]["invited"] if code not in set(clean["respondent"])]
    unfinished = clean.iloc[:5].assign(respondent=others[:5], finished="0")
    unfinished.loc[
        :, [name for name in clean.columns if name.startswith(("benefit_", "barriers:", "support_", "cooperation", "years"))]
    ] = ""
    double = clean.iloc[[3, 17, 30]].assign(finished="0", cooperation="")
    together = pd.concat([clean, unfinished, double], ignore_index=True)
    order = random.permutation(len(together))
    together = together.iloc[order].reset_index(drop=True)
    together.insert(1, "received", [f"2021-06-{1 + number // 3:02d}T{8 + number % 9:02d}:00" for number in range(len(together))])
    return together


def leaders(cast: Cast) -> pd.DataFrame:
    """The yearly status of 59 volunteer leaders, with the municipalities' benefit items mirrored."""
    random = cast.random("leaders")
    rows = []
    for number in range(1, LEADERS + 1):
        organisation = "RC" if number <= 37 else "DRC"
        row = {"respondent": f"L{number:02d}", "organisation": organisation}
        row["helped"] = str(int(random.lognormal(2.6, 0.8)) + 1)
        row["new_matches"] = str(int(random.poisson(4)))
        row["ongoing"] = str(int(random.poisson(9)))
        row["ended"] = str(int(random.poisson(3)))
        row["broken_off"] = str(int(random.binomial(int(row["ended"]), 0.18)))
        row["need"] = _pick(random, {"balance": 0.36, "lack_volunteers": 0.4, "lack_refugees": 0.16, "dont_know": 0.08}, True)
        for area in BENEFITS:
            high, some = _BENEFIT[area]
            high = min(0.9, high + 0.12)
            row[f"benefit_{area}"] = _pick(random, {"high": high, "some": some * 0.9, "low": 0.06, "dont_know": 0.05}, True)
        rows.append(row)
    return pd.DataFrame(rows)


def status(cast: Cast, organisation: str) -> pd.DataFrame:
    """The yearly status of one organisation's leaders before both asked alike: need in another wording, on another scale."""
    random = cast.random(f"status 2020 {organisation}")
    needs = {
        "RC": {"balance": 0.28, "lack_volunteers": 0.52, "lack_refugees": 0.12, "dont_know": 0.08},
        "DRC": {"yes": 0.34, "partly": 0.36, "no": 0.24, "dont_know": 0.06},
    }
    rows = [
        {
            "respondent": f"S{organisation}{number:02d}",
            "helped": str(int(random.lognormal(2.6, 0.8)) + 1),
            "need": _pick(random, needs[organisation], True),
        }
        for number in range(1, STATUS[organisation] + 1)
    ]
    return pd.DataFrame(rows)


def course_forms(cast: Cast) -> pd.DataFrame:
    """The forms of 36 course participants."""
    random = cast.random("course forms")
    shares = {"knowledge": (0.32, 0.6, 0.05), "tools": (0.26, 0.6, 0.1), "content": (0.5, 0.42, 0.06), "overall": (0.55, 0.4, 0.04)}
    rows = []
    for number in range(1, 37):
        row = {"respondent": f"F{number:02d}", "course": f"K{1 + number % 5:02d}"}
        for item, (high, some, low) in shares.items():
            row[item] = _pick(random, {"high": high, "some": some, "low": low, "none": 0.01, "dont_know": 0.03}, True)
        rows.append(row)
    return pd.DataFrame(rows)


def workshop_forms(cast: Cast) -> pd.DataFrame:
    """The forms of 12 workshop participants, volunteers and refugees, on another instrument."""
    random = cast.random("workshop forms")
    rows = []
    for number in range(1, 13):
        row = {"respondent": f"W{number:02d}", "who": "volunteer" if number <= 8 else "refugee"}
        for item, share in (("met_someone", 0.85), ("learned_offer", 0.8), ("will_try", 0.55), ("again", 0.7)):
            row[item] = _pick(random, {"yes": share, "no": 1 - share}, True)
        rows.append(row)
    return pd.DataFrame(rows)

"""The registers of the demo round: interviews, halves of the pairs, contacts, observations, documents and housing areas."""

from __future__ import annotations

import pandas as pd

from demo.cast import ROLES, Cast, Half, Pair
from vvvresearch.evidence import REGISTER_COLUMNS

WAVE_MONTHS = {"1": ("2021-05", "2021-06"), "2": ("2022-04", "2022-05")}
# Who was not met again: P12 dropped out; of the two matches that had ended one half each gave a closing interview.
SECOND_WAVE = dict.fromkeys(("P01", "P02", "P03", "P04", "P05", "P06", "P07", "P08", "P10"), ROLES) | {
    "P09": ("volunteer",),
    "P11": ("refugee",),
}
LETTER = {"refugee": "r", "volunteer": "v"}


def interview_id(pair: str, role: str, wave: str) -> str:
    """The id of a pair interview, e.g. p01-r1."""
    return f"{pair.lower()}-{LETTER[role]}{wave}"


def interviews(cast: Cast) -> pd.DataFrame:
    """One row an interview, with the columns of the interview register."""
    random = cast.random("interviews")
    rows = []
    for wave, months in WAVE_MONTHS.items():
        for pair in cast.pairs:
            for role in ROLES if wave == "1" else SECOND_WAVE.get(pair.id, ()):
                month = months[int(random.integers(len(months)))]
                mode = str(random.choice(["in_person", "online", "phone"], p=[0.5, 0.3, 0.2] if wave == "2" else [0.2, 0.5, 0.3]))
                rows.append(pair_row(pair, pair.half(role), wave, month, mode))
    for other in cast.others:
        rows.append(
            {
                "interview": other["id"].lower(),
                "person": other["id"].lower(),
                "pair": "",
                "respondent_group": other["group"],
                "wave": "1",
                "month": other["month"],
                "mode": other["mode"],
                "interpreter": "false",
                "age_band": other["age_band"],
                "sex": other["sex"],
                "municipality": other["municipality"],
                "pseudonym": other["pseudonym"],
                "source": other["id"].lower(),
                "consent_analysis": "false" if other.get("withdrawn") else "true",
                "consent_quote": "false" if other.get("withdrawn") else "true",
                # The second coder has read it too and found no code in it: nothing in the codings says so.
                "coded_by": "coder-a,coder-b" if other.get("second_found_nothing") else "",
            }
        )
    return pd.DataFrame(rows, columns=list(REGISTER_COLUMNS), dtype=object).fillna("")


def pair_row(pair: Pair, half: Half, wave: str, month: str, mode: str) -> dict[str, str]:
    """One interview with a half of a pair as a row of the register."""
    months = (int(month[:4]) - int(pair.traits["start"][:4])) * 12 + int(month[5:]) - int(pair.traits["start"][5:7])
    length = "under_6_months" if months < 6 else "6_12_months" if months < 12 else "1_2_years" if months < 24 else "over_2_years"
    interview = interview_id(pair.id, half.role, wave)
    return {
        "interview": interview,
        "person": f"{pair.id.lower()}-{LETTER[half.role]}",
        "pair": pair.id,
        "respondent_group": half.role,
        "wave": wave,
        "month": month,
        # Whoever speaks through an interpreter was met or seen, never phoned.
        "mode": "online" if half.traits["interpreter"] and mode == "phone" else mode,
        "interpreter": str(half.traits["interpreter"]).lower(),
        "age_band": half.traits["age_band"],
        "sex": half.traits["sex"],
        "arrival_group": half.traits.get("arrival_group", ""),
        "match_type": pair.traits["match_type"],
        "relation_length": length,
        "relation_state": pair.traits["state"][int(wave) - 1],
        "municipality": pair.traits["municipality"],
        "pseudonym": half.pseudonym,
        "source": interview,
        "consent_analysis": "true",
        "consent_quote": str(half.traits.get("consent_quote", True)).lower(),
        "coded_by": "",
    }


def attributes(cast: Cast) -> pd.DataFrame:
    """One row a half of a pair: what both were asked about themselves and wished for."""
    rows = []
    for pair in cast.pairs:
        for role in ROLES:
            traits = pair.half(role).traits
            rows.append(
                {
                    "pair": pair.id,
                    "role": role,
                    "pseudonym": traits["pseudonym"],
                    "sex": traits["sex"],
                    "age_band": traits["age_band"],
                    "family_stage": traits["family_stage"],
                    "interests": ";".join(traits["interests"]),
                    "occupation": traits["occupation"],
                    "danish_level": traits["danish"],
                    "hours_wanted": traits["hours_wanted"],
                    "hours_had": traits["hours_had"],
                    "kind_wanted": traits["kind_wanted"],
                }
            )
    return pd.DataFrame(rows)


def contacts(cast: Cast) -> pd.DataFrame:
    """The plan of contacts with the case pairs: what was planned, by when, when it was done, who dropped out."""
    plan = (
        ("t0", "interview", "2021-06-30"),
        ("t1", "observation", "2021-11-30"),
        ("t2", "interview", "2022-05-31"),
        ("t3", "mapping", "2022-12-15"),
    )
    random = cast.random("contacts")
    rows = []
    for pair in cast.pairs:
        for contact, kind, due in plan:
            day = int(random.integers(3, 28))
            done, dropped = "", ""
            if contact == "t0":
                done = f"2021-06-{day:02d}"
            elif pair.id == "P12":
                dropped = "2021-10-04"
            elif contact == "t1" and pair.id not in ("P05", "P08"):
                done = f"2021-11-{day:02d}"
            elif contact == "t2":
                done = f"2022-05-{day:02d}"
            elif contact == "t3" and pair.id in ("P09", "P11"):
                dropped = "2022-05-31"
            reason = "" if not dropped else "no longer answers" if pair.id == "P12" else "the match has ended"
            rows.append(
                {"pair": pair.id, "contact": contact, "kind": kind, "due": due, "done": done, "dropped_out": dropped, "reason": reason}
            )
    return pd.DataFrame(rows)


def observations() -> pd.DataFrame:
    """Notes of participant observation: one row an event."""
    rows = (
        ("O01", "2021-11-06", "P01", "9014", "Fælles madlavning i volontørens køkken, to timer", "o01"),
        ("O02", "2021-11-13", "P04", "9061", "Lektier og spil ved spisebordet, halvanden time", "o02"),
        ("O03", "2021-11-20", "", "9027", "Møde i den lokale frivilliggruppe, ni frivillige til stede", "o03"),
    )
    return pd.DataFrame(rows, columns=["observation", "date", "pair", "municipality", "event", "source"])


def documents() -> pd.DataFrame:
    """Documents the evaluation draws on, with the goal each bears on."""
    rows = (
        ("D01", "2020-06-18", "Referat af opstartsmøde om forandringsteorien", "minutes", "T2-6"),
        ("D02", "2020-11-02", "Internt notat om opstart i boligområder", "internal note", "T2-5"),
        ("D03", "2021-02-15", "Folder til kommunens medarbejdere, tredje udgave", "leaflet", "T2-3b"),
        ("D04", "2021-08-30", "Oplæg til et kort kursus om grænser i frivilligheden", "course material", "T2-4a"),
    )
    return pd.DataFrame(rows, columns=["document", "date", "title", "kind", "goal"])


def housing_areas() -> pd.DataFrame:
    """The case log of housing areas: stage, barrier and lesson at each entry."""
    rows = (
        ("A1", "9027", "2020-09", "contact", "ingen kendte tilbuddet", "møde op i beboerhuset, før man deler foldere ud"),
        ("A1", "9027", "2021-03", "started", "få frivillige i nabolaget", "kobl tilbuddet på den café, der findes"),
        ("A1", "9027", "2021-11", "running", "", "en beboer, som andre stoler på, åbnede døren"),
        ("A2", "9038", "2020-10", "contact", "rygter om, at kommunen lytter med", "sig højt, hvem der får noget at vide"),
        ("A2", "9038", "2021-06", "paused", "den boligsociale stilling stod tom", "to kontaktpersoner, ikke én"),
        ("A3", "9053", "2021-05", "planned", "ingen lokaler", ""),
    )
    return pd.DataFrame(rows, columns=["area", "municipality", "month", "stage", "barrier", "lesson"])


def judgements(cast: Cast) -> pd.DataFrame:
    """Set judgements per pair in the first wave, each with its reason: 1 in the set, 0 not; never a measure of progress."""
    reasons = {
        "GOOD": ("both speak of the match as working", "at least one does not speak of the match as working"),
        "SIM": ("shared interests or place in life", "neither shared interests nor place in life"),
        "COMP": ("one has what the other lacks", "neither has what the other lacks"),
        "TIME": ("both want about the same amount of time", "they want unlike amounts of time"),
        "KIND": ("both want the same kind of relation", "they want unlike kinds of relation"),
        "SAMESEX": ("the halves are of the same sex", "the halves are of unlike sex"),
    }
    rows = []
    for pair in cast.pairs:
        refugee, volunteer = pair.refugee.traits, pair.volunteer.traits
        member = {
            "GOOD": pair.traits["works"],
            "SIM": "similarity" in pair.traits["mechanism"],
            "COMP": "complementarity" in pair.traits["mechanism"],
            "TIME": abs(refugee["hours_wanted"] - volunteer["hours_wanted"]) <= 1,
            "KIND": refugee["kind_wanted"] == volunteer["kind_wanted"],
            "SAMESEX": refugee["sex"] == volunteer["sex"],
        }
        rows += [(pair.id, "1", name, int(held), reasons[name][0 if held else 1]) for name, held in member.items()]
    return pd.DataFrame(rows, columns=["case", "wave", "condition", "membership", "reason"])

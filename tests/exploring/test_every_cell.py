"""Every cell of a drawn round opens, and says what plain counting of the rows that were written says: themes, pairs, codes that meet,
changes, set analysis, links, ledger, surveys, goals, presence, durations, endings, offers, who referred, and registers of records."""

from __future__ import annotations

import csv
import random
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

import vvvresearch as vvv
from vvvresearch.exploring._find import of_address, opened
from vvvresearch.rounds import Round

Row = dict[str, Any]
CODES = ("Cycling", "Cycling > Brakes", "Cycling > Rain", "Money", "Money > Bus fare")
HALVES = ("refugee", "volunteer")
OUTCOMES = {
    ("affirmed", "affirmed"): "both_sides",
    ("affirmed", "contradicted"): "disagree",
    ("contradicted", "affirmed"): "disagree",
    ("affirmed", "not_raised"): "refugee_only",
    ("not_raised", "affirmed"): "volunteer_only",
    ("not_raised", "not_raised"): "neither",
}
STEPS = ("offered", "accepted", "matched", "started")
AS_OF = date(2024, 6, 30)
TOML = """schema_version = 1
id = "drawn"
title = { da = "Cykelmakkere", en = "Cycling mates" }
period = { start = 2021-01-01, end = 2024-06-30 }
languages = ["en", "da"]
report_type = "note"
kind = "synthetic"
municipalities = "rounds/drawn/municipalities.csv"
notebooks = []
subgroups = { split = false, statement = { da = "Ikke delt.", en = "Not split." } }
outcomes = [{ id = "FUN", label = { da = "sjov", en = "fun" }, rule = { judged = true } }]
conditions = [
  { id = "NEAR", label = { da = "nær", en = "near" }, rule = { judged = true } },
  { id = "TALK", label = { da = "tale", en = "talk" }, rule = { judged = true } },
]
sources = [
  { id = "interviews", type = "interviews", path = "interviews.csv", title = { da = "Register", en = "Register" } },
  { id = "codings", type = "codings", path = "codings.csv", codebook = "codebook.csv", texts = "texts", title = { da = "K", en = "C" } },
  { id = "mappings", type = "mappings", path = "mappings", title = { da = "Kort", en = "Maps" } },
  { id = "judgements", type = "judgements", path = "judgements.csv", numbers = ["membership"], title = { da = "V", en = "J" } },
  { id = "ledger", type = "ledger", path = "ledger.toml", title = { da = "Fund", en = "Ledger" } },
  { id = "riders", type = "survey", path = "riders.csv", questionnaire = "riders.toml", title = { da = "Skema", en = "Survey" } },
  { id = "matches", type = "matches", path = "matches.csv", overlaps = "allowed", title = { da = "Match", en = "Matches" } },
  { id = "offers", type = "offers", path = "offers.csv", title = { da = "Tilbud", en = "Offers" } },
  { id = "volunteers", type = "volunteers", path = "volunteers.csv", title = { da = "Frivillige", en = "Volunteers" } },
  { id = "agreements", type = "agreements", path = "agreements.csv", title = { da = "Aftaler", en = "Agreements" } },
  { id = "activities", type = "activities", path = "activities.csv", title = { da = "Ture", en = "Rides" } },
  { id = "snapshots", type = "snapshots", path = "snapshots.csv", title = { da = "Lister", en = "Lists" } },
  { id = "monitoring", type = "monitoring", path = "monitoring.csv", title = { da = "Udtræk", en = "Extracts" } },
]

[[goals]]
id = "G1"
definition = { da = "Halvdelen cykler", en = "Half of them cycle" }
unit = "person"
measure = "share"
type = "percent"
target = 50
readings = [{ id = "often", label = { da = "ofte", en = "often" }, measure = "share", cell = "riders.cycles.often.share" }]
"""
SURVEY = """schema_version = 1
id = "riders"
title = { da = "Ryttere", en = "Riders" }
group = { da = "Ryttere", en = "Riders" }
wave = { da = "2024", en = "2024" }
period_start = 2024-01-01
period_end = 2024-02-01
frame = { unit = "rider", chosen_by = { da = "Alle", en = "All" }, collected = { da = "Papir", en = "Paper" } }

[[items]]
id = "cycles"
text = { da = "Cykler du?", en = "Do you cycle?" }
type = "single"
options = [
  { code = "often", label = { da = "Ofte", en = "Often" } },
  { code = "never", label = { da = "Aldrig", en = "Never" } },
  { code = "dont_know", label = { da = "Ved ikke", en = "Don't know" }, role = "dont_know" },
]

[[items]]
id = "km"
text = { da = "Hvor langt?", en = "How far?" }
type = "number"
route = 'cycles == "often"'

[[items]]
id = "place"
text = { da = "By eller land?", en = "Town or country?" }
type = "single"
options = [{ code = "town", label = { da = "By", en = "Town" } }, { code = "country", label = { da = "Land", en = "Country" } }]
"""


def drawn_rows(seed: int, pairs: int = 7) -> dict[str, list[Row]]:
    """What is written, drawn anew for each seed; one half is missing now and then, an interview uncoded, an answer empty."""
    draw = random.Random(seed)
    interviews: list[Row] = []
    for pair in range(pairs):
        for half in HALVES:
            for wave in "12":
                if draw.random() < 0.8:
                    name = f"q{pair}{half[0]}{wave}"
                    person = {"interview": name, "person": f"q{pair}{half[0]}", "pair": f"Q{pair}", "respondent_group": half, "wave": wave}
                    interviews.append(
                        person | {"source": name, "consent_analysis": "true", "consent_quote": draw.choice(["true", "false"])}
                    )
    codings = [
        {"source": one["source"], "start": start, "end": start + draw.randrange(4, 30), "code_path": draw.choice(CODES), "coder": coder}
        | {"stance": draw.choice(["affirmed", "affirmed", "contradicted"]), "data_kind": "synthetic"}
        for one in interviews
        for coder, start in ((draw.choice("ab"), draw.randrange(0, 200)) for _ in range(draw.choice([0, 2, 5])))
    ]
    links = [
        {"case": f"Q{pair}", "wave": wave, "perspective": half, "cause": ends[0], "effect": ends[1], "informant": f"{half[0]}{pair}"}
        | {"direction": draw.choice(["promotes", "promotes", "hinders"])}
        for pair in range(pairs)
        for wave in "12"
        for half in HALVES
        for ends in draw.sample([("bike", "trust"), ("trust", "town"), ("rain", "trust"), ("bike", "town")], draw.randrange(1, 4))
    ]
    judged = [
        {"case": f"Q{pair}", "wave": "1", "condition": name, "membership": draw.randrange(2), "reason": f"seen {pair}"}
        for pair in range(3 * pairs)
        for name in ("FUN", "NEAR", "TALK")
    ]
    answers = []
    for number in range(40):
        cycles = draw.choice(["often", "never", "dont_know", ""])
        km = draw.choice([3, 8, 20, ""]) if cycles == "often" else ""
        answers.append({"respondent": f"r{number}", "cycles": cycles, "km": km, "place": draw.choice(["town", "country", ""])})
    matches = []
    for number in range(30):
        start = date(2021, 1, 1) + timedelta(days=draw.randrange(1100))
        end = start + timedelta(days=draw.randrange(20, 500))
        over = end < AS_OF and draw.random() < 0.7
        reason = draw.choice(["natural", "premature", "moved", ""]) if over else ""
        one = {
            "match": f"M{number}",
            "refugee": f"a{number // 2}",
            "referral_source": draw.choice(["school", "self", ""]),
            "volunteer": f"b{number}",
        } | {"municipality": draw.choice(["9001", "9002"])}
        matches.append(one | {"start": str(start), "end": str(end) if over else "", "reason": "", "reason_class": reason, "persons": 1})
    offers = []
    for number in range(25):
        reached = draw.randrange(1, 5)
        days = [str(date(2023, 1, 1) + timedelta(days=number + 30 * step)) if step < reached else "" for step in range(4)]
        stopped = "2024-06-01" if reached < 4 and draw.random() < 0.5 else ""
        offers.append({"case": f"C{number}", "person": f"c{number // 2}", **dict(zip(STEPS, days, strict=True)), "stopped": stopped})
    extracts = [
        {"extract": extract, "municipality": f"90{town:02}", "status": draw.choice(["present", "absent", "planned"]), "definition": "rides"}
        for extract in ("2023-05", "2024-05")
        for town in range(1, 13)
    ]
    items = [
        {"id": f"E{number}", "seen": draw.random() < 0.6, "rivals": draw.sample(["R-a", "R-b"], 1 + number % 2)} for number in range(4)
    ]

    def day() -> str:
        return str(date(2021, 1, 1) + timedelta(days=draw.randrange(1200)))

    helpers = []
    for number in range(30):
        since = day()
        until = str(date.fromisoformat(since) + timedelta(days=draw.randrange(400)))
        helpers.append({"volunteer": f"h{number}", "since": since, "until": draw.choice(["", until]), "organisation": draw.choice("XY")})
    agreed = []
    for _ in range(14):
        signed, expires = sorted([day(), day()])
        ends = draw.choice(["", expires])
        agreed.append(
            {"municipality": f"90{draw.randrange(1, 9):02}", "signed": signed, "expires": ends, "agreement_type": draw.choice("pq")}
        )
    rides = [
        {"date": day(), "activity_type": draw.choice(["ride", "repair"]), "participants": number + draw.randrange(9)}
        for number in range(25)
    ]
    lists = [
        {"date": closing, "match": one["match"], "refugee": one["refugee"], "volunteer": one["volunteer"]}
        for closing in ("2021-12-31", "2022-12-31", "2023-12-31")
        for one in matches
        if (one["start"] <= closing and (not one["end"] or one["end"] > closing)) != (draw.random() < 0.1)
    ]
    return {
        "volunteers": helpers,
        "agreements": agreed,
        "activities": rides,
        "snapshots": lists,
        "interviews": interviews,
        "codings": codings,
        "links": links,
        "judgements": judged,
        "answers": answers,
        "matches": matches,
        "offers": offers,
        "extracts": extracts,
        "items": items,
    }


def _table(path: Path, rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)


def drawn_round(folder: Path, rows: dict[str, list[Row]]) -> Round:
    """The rows as a round's files, opened."""
    words = "cycling in the rain with brakes and a bus fare for nobody at all "
    texts = {one["source"]: "A: " + words * 4 for one in rows["interviews"]}
    month = {"1": "2023-05", "2": "2024-05"}
    register = {"mode": "phone", "interpreter": "false", "age_band": "30-39", "sex": "female"}
    _table(folder / "interviews.csv", [one | register | {"month": month[one["wave"]]} for one in rows["interviews"]])
    _table(folder / "codings.csv", [one | {"text": texts[one["source"]][one["start"] : one["end"]]} for one in rows["codings"]])
    book = [{"code_path": code, "name": code.split(" > ")[-1], "parent": code.rpartition(" > ")[0], "is_codable": True} for code in CODES]
    _table(
        folder / "codebook.csv", [one | dict.fromkeys(("definition", "inclusion", "exclusion", "examples", "color"), "") for one in book]
    )
    _table(folder / "judgements.csv", rows["judgements"])
    _table(folder / "riders.csv", rows["answers"])
    _table(folder / "matches.csv", rows["matches"])
    for name in ("offers", "volunteers", "agreements", "activities", "snapshots"):
        _table(folder / f"{name}.csv", rows[name])
    _table(folder / "monitoring.csv", rows["extracts"])
    towns = [
        {"code": f"90{town:02}", "name": f"Town {town}", "region": "East", "tile_row": 1, "tile_column": town} for town in range(1, 13)
    ]
    _table(folder / "rounds/drawn/municipalities.csv", towns)
    ledger = 'schema_version = 1\nkind = "synthetic"\n'
    for name in ("H", "R-a", "R-b"):
        ledger += f'\n[[hypotheses]]\nid = "{name}"\nstatement = {{ da = "{name}", en = "{name}" }}\narrow = "x"\nprior = [0.2, 0.4]\n'
    for one in rows["items"]:
        against = ", ".join(f'"{rival}" = [0.1, 0.2]' for rival in one["rivals"])
        ledger += f'\n[[items]]\nid = "{one["id"]}"\ntext = {{ da = "set", en = "seen" }}\nsource = ""\nhypothesis = "H"\n'
        ledger += f"seen = {str(one['seen']).lower()}\nsensitivity = [0.5, 0.7]\ntype_one = {{ {against} }}\n"
    files = {"rounds/drawn/round.toml": TOML, "riders.toml": SURVEY, "ledger.toml": ledger}
    files |= {f"texts/{name}.txt": text for name, text in texts.items()}
    for case, wave in sorted({(one["case"], one["wave"]) for one in rows["links"]}):
        own = [one for one in rows["links"] if (one["case"], one["wave"]) == (case, wave)]
        ends = {(one["perspective"], one[end]): one["informant"] for one in own for end in ("cause", "effect")}
        nodes = [
            {"node": node, "type": "factor", "label": node.title(), "perspective": half, "named_by": who, "outcome_area": ""}
            for (half, node), who in ends.items()
        ]
        names = ("perspective", "cause", "effect", "direction", "informant")
        told = [{name: one[name] for name in names} | {"strength": 2, "quote": "", "source": "", "date": "2023-05"} for one in own]
        files[f"mappings/{case}-{wave}.yaml"] = yaml.safe_dump(
            {"schema_version": 1, "kind": "synthetic", "case": case, "wave": wave, "nodes": nodes, "links": told}
        )
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return vvv.open_round("drawn", root=folder, lang="en")


Counted = tuple[str, Row, dict[str, Any]]


def counted(rows: dict[str, list[Row]]) -> Iterator[Counted]:
    """Table, row and numbers, counted from what was written by loops over it."""
    for part in (_themes, _pairs, _changes, _meetings, _links, _cases, _answers, _matches, _steps, _records):
        yield from part(rows)
    for extract in ("2023-05", "2024-05"):
        for status in ("present", "absent", "planned"):
            n = sum((one["extract"], one["status"]) == (extract, status) for one in rows["extracts"])
            if n:
                yield "presence", {"extract": extract, "status": status}, {"n": n, "share": n / 12}
    for one in rows["items"]:
        for rival in one["rivals"]:
            numbers = {"sensitivity_low": 0.5, "sensitivity_high": 0.7, "type_i_low": 0.1, "type_i_high": 0.2}
            yield "evidence_ledger", {"item": one["id"], "rival": rival, "arrow": "x"}, numbers


def _read(rows: dict[str, list[Row]]) -> list[Row]:
    coded = {one["source"] for one in rows["codings"]}
    return [one for one in rows["interviews"] if one["source"] in coded]


def _says(rows: dict[str, list[Row]], interview: Row, code: str, stance: str) -> bool:
    own = [one for one in rows["codings"] if one["source"] == interview["source"] and one["stance"] == stance]
    return any(one["code_path"] == code or one["code_path"].startswith(f"{code} > ") for one in own)


def _themes(rows: dict[str, list[Row]]) -> Iterator[Counted]:
    for code in CODES:
        for group in (*HALVES, "total"):
            own = [one for one in rows["interviews"] if group in (one["respondent_group"], "total")]
            read = [one for one in _read(rows) if one in own]
            said, against = ([one for one in read if _says(rows, one, code, stance)] for stance in ("affirmed", "contradicted"))
            people = lambda some: len({one["person"] for one in some})  # noqa: E731
            passages = [one for one in rows["codings"] if one["code_path"] == code and one["source"] in {each["source"] for each in own}]
            numbers = {"affirmed": len(said), "contradicted": len(against), "both": sum(one in against for one in said)}
            numbers |= {"not_raised": sum(one not in said and one not in against for one in read), "asked": len(read), "not_asked": 0}
            numbers |= {"persons_affirmed": people(said), "persons_contradicted": people(against), "persons_asked": people(read)}
            numbers |= {"not_coded": len(own) - len(read), "codings": len(passages), "pairs": len({one["pair"] for one in said})}
            yield "theme_table", {"code_path": code, "respondent_group": group}, numbers | {"share": people(said) / people(read)}


def _pairs(rows: dict[str, list[Row]]) -> Iterator[Counted]:
    read = _read(rows)
    for code in CODES:
        sides_of: dict[str, dict[str, str]] = {}
        for one in read:
            stances = [stance for stance in ("affirmed", "contradicted") if _says(rows, one, code, stance)]
            sides = sides_of.setdefault(one["pair"], {})
            # Alphabetically, affirming comes before contradicting before silence.
            sides[one["respondent_group"]] = min([*stances, "not_raised", sides.get(one["respondent_group"], "not_raised")])
        sides_of = {pair: sides for pair, sides in sides_of.items() if len(sides) == 2}
        outcomes = [OUTCOMES.get((said["refugee"], said["volunteer"]), "contradict_both") for said in sides_of.values()]
        names = ("both_sides", "refugee_only", "volunteer_only", "disagree", "contradict_both", "neither")
        numbers = {name: outcomes.count(name) for name in names} | {"pairs": len(outcomes)}
        yield "pair_table", {"code_path": code}, numbers
        affirming = {half: {pair for pair, said in sides_of.items() if said.get(half) == "affirmed"} for half in HALVES}
        first, second = affirming.values()
        numbers = {"first": len(first), "second": len(second), "both": len(first & second)}
        yield "pair_gaps", {"code_path": code}, numbers | {"first_only": len(first - second), "second_only": len(second - first)}


def _changes(rows: dict[str, list[Row]]) -> Iterator[Counted]:
    at = [{one["person"]: one for one in _read(rows) if one["wave"] == wave} for wave in "12"]
    twice = set(at[0]) & set(at[1])
    for code in CODES if twice else ():
        then, now = ({name for name in twice if _says(rows, one[name], code, "affirmed")} for one in at)
        numbers = {"first": len(then), "second": len(now), "both": len(then & now)}
        yield "theme_changes", {"code_path": code}, numbers | {"first_only": len(then - now), "second_only": len(now - then)}


def _meetings(rows: dict[str, list[Row]]) -> Iterator[Counted]:
    signs: dict[str, set[tuple[str, int]]] = {code: set() for code in CODES}
    for one in rows["codings"]:
        signs[one["code_path"]] |= {(one["source"], place) for place in range(one["start"], one["end"])}
    for pair in combinations(CODES, 2):
        if together := len(signs[pair[0]] & signs[pair[1]]):
            yield "cooccurrence", {"code": pair}, {"together": together}


def _links(rows: dict[str, list[Row]]) -> Iterator[Counted]:
    for ends in {(one["cause"], one["effect"]) for one in rows["links"]}:
        own = [one for one in rows["links"] if (one["cause"], one["effect"]) == ends]
        ways = {way: {one["informant"] for one in own if one["direction"] == way} for way in ("promotes", "hinders")}
        numbers = {"informants": len({one["informant"] for one in own}), "citations": len(own)}
        link = " > ".join(ends)
        yield "causal_map", {"link": link}, numbers | {way: len(who) for way, who in ways.items()}
        for case in {one["case"] for one in own}:
            waves = [{one["informant"] for one in own if (one["case"], one["wave"]) == (case, wave)} for wave in "12"]
            yield "changes", {"case": case, "link": link}, {"first": len(waves[0]), "second": len(waves[1])}


def _cases(rows: dict[str, list[Row]]) -> Iterator[Counted]:
    held: dict[str, Row] = {}
    for one in rows["judgements"]:
        held.setdefault(one["case"], {})[one["condition"]] = one["membership"]
    for corner in {(one["NEAR"], one["TALK"]) for one in held.values()}:
        n = sum((one["NEAR"], one["TALK"]) == corner for one in held.values())
        yield "truth_table/FUN", {"NEAR": corner[0], "TALK": corner[1]}, {"n": n}


def _answers(rows: dict[str, list[Row]]) -> Iterator[Counted]:
    for item in ("cycles", "place"):
        given = [one[item] for one in rows["answers"] if one[item]]
        for code in sorted(set(given)):
            yield f"tabulate/riders/{item}", {"item": item, "code": code}, {"count": given.count(code), "n": len(given)}
    km = [one["km"] for one in rows["answers"] if one["km"] != ""]
    yield "tabulate/riders/km", {"item": "km"}, {"n": len(km), "mean": sum(km) / len(km), "max": max(km), "sum": sum(km)}
    cycles = [one["cycles"] for one in rows["answers"]]
    yield "base_table/riders", {"item": "km"}, {"asked": cycles.count("often"), "answered": len(km)}
    n = len(cycles) - cycles.count("")
    yield "goal_status", {"goal": "G1", "reading": "often"}, {"count": cycles.count("often"), "n": n, "share": cycles.count("often") / n}


def _matches(rows: dict[str, list[Row]]) -> Iterator[Counted]:
    every = rows["matches"]
    over = [one for one in every if one["end"]]
    yield "duration", {"group": "total"}, {"n": len(every), "ended": len(over), "open": len(every) - len(over)}
    for reason in {one["reason_class"] for one in over}:
        n = sum(one["reason_class"] == reason for one in over)
        for table, keys in (("ended_by_reason", {}), ("endings", {"group": "total"})):
            yield table, keys | {"reason_class": reason or "unknown"}, {"count": n, "n": len(over), "share": n / len(over)}
    for year in ("2021", "2022", "2023"):
        active = sum(one["start"] <= f"{year}-12-31" and (not one["end"] or one["end"] > f"{year}-12-31") for one in every)
        numbers = {
            "active": active,
            "started": sum(one["start"][:4] == year for one in every),
            "ended": sum(one["end"][:4] == year for one in every),
        }
        for role, n in numbers.items():
            if n:
                yield "match_volume", {"count": f"{role}-match-{year}"}, {"value": n}


def _steps(rows: dict[str, list[Row]]) -> Iterator[Counted]:
    status = {(one["extract"], one["municipality"]): one["status"] for one in rows["extracts"]}
    for before in sorted(set(status.values())):
        towns = [town for extract, town in status if extract == "2023-05" and status[extract, town] == before]
        for after in sorted(set(status.values())) if towns else ():
            n = sum(status["2024-05", town] == after for town in towns)
            yield "transitions", {"step": "2023-05/2024-05", "before": before, "after": after}, {"n": n, "share": n / len(towns)}
    for source in ("school", "self", ""):
        own = [one for one in rows["matches"] if one["referral_source"] == source]
        numbers = {"persons": len({one["refugee"] for one in own}), "matches": len(own)}
        yield "referrals", {"period": "total", "source": source or "unknown"}, numbers
    for step, following in zip(STEPS, (*STEPS[1:], "none"), strict=True):
        here = [one for one in rows["offers"] if one[step]]
        rest = [one for one in here if not one.get(following)]
        left = [one for one in rest if one["stopped"]]
        numbers = {"n": len(here), "next": len(here) - len(rest), "stopped": len(left), "persons": len({one["person"] for one in here})}
        yield "funnel", {"step": step}, numbers | {"open": 0 if step == STEPS[-1] else len(rest) - len(left)}
        if step == "accepted":
            waits = {"n": len(here), "matched": len(here) - len(rest), "stopped": len(left), "waiting": len(rest) - len(left)}
            yield "waiting", {"group": "total"}, waits
    over = [one for one in rows["matches"] if one["end"]]
    numbers = {"count": sum(one["reason_class"] == "premature" for one in over), "n": len(over)}
    yield "broken_off", {"reading": "relation", "denominator": "ended"}, numbers


def _records(rows: dict[str, list[Row]]) -> Iterator[Counted]:
    every, last = rows["volunteers"], str(AS_OF)

    def there(on: str) -> list[Row]:
        return [one for one in every if one["since"] <= on and (not one["until"] or one["until"] > on)]

    for year in sorted({one["since"][:4] for one in every}):
        numbers = {"new": sum(one["since"][:4] == year for one in every), "left": sum(one["until"][:4] == year for one in every)}
        yield "volunteers", {"year": year}, numbers | {"active": len(there(min(f"{year}-12-31", last)))}
    for organisation in {one["organisation"] for one in there(last)}:
        n = sum(one["organisation"] == organisation for one in there(last))
        yield "volunteers", {"organisation": organisation}, {"n": n, "share": n / len(there(last))}
    for year, kind in {(one["date"][:4], one["activity_type"]) for one in rows["activities"]}:
        own = [one for one in rows["activities"] if (one["date"][:4], one["activity_type"]) == (year, kind)]
        yield "activities", {"year": year, "activity_type": kind}, {"n": len(own), "participants": sum(one["participants"] for one in own)}
    on = str(AS_OF)
    force = [one for one in rows["agreements"] if not one["expires"] or one["expires"] >= on]
    towns = {one["municipality"] for one in force}
    numbers = {"in_force": len(towns), "expired": len({one["municipality"] for one in rows["agreements"]} - towns)}
    for state, n in numbers.items():
        yield "agreements", {"state": state}, {"n": n, "share": n / 12}
    for kind in {one["agreement_type"] for one in force}:
        yield "agreements", {"agreement_type": kind}, {"n": sum(one["agreement_type"] == kind for one in force)}
    before: list[Row] = []
    for closing in sorted({one["date"] for one in rows["snapshots"]}):
        now = [one for one in rows["snapshots"] if one["date"] == closing]
        held = [{one["match"] for one in part} for part in (before, now)]
        for unit, name in (("match", "match"), ("person", "refugee"), ("volunteer", "volunteer")):
            yield "snapshots", {"at": f"snapshots.{closing}.active.{unit}"}, {"value": len({one[name] for one in now})}
            if before:
                came = {one[name] for one in now if one["match"] not in held[0]}
                gone = {one[name] for one in before if one["match"] not in held[1]}
                for measure, those in (("new", came), ("ended", gone)):
                    yield "snapshots", {"at": f"snapshots.{closing}.{measure}.{unit}"}, {"value": len(those)}
        started = {one["match"] for one in rows["matches"] if one["start"] <= closing}
        yield "snapshots", {"at": f"snapshots.{closing}.ever.match"}, {"events": len(started)}
        before = now


def differing(r: Round, rows: dict[str, list[Row]], every: int = 1) -> tuple[int, list[str]]:
    """How many numbers were compared, one of so many, and those that a table or its evidence says otherwise."""
    from vvvresearch.exploring.explorer import _numbers

    calls = _numbers.calls_of(r)
    tables: dict[str, Any] = {}
    wrong, seen, compared = [], 0, 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, keys, numbers in counted(rows):
            if name not in tables:
                made = _numbers.made(r, calls[name])
                tables[name] = made.parts["readings"] if name == "goal_status" else made
            table = tables[name]
            frame = table.frame
            if "code" in keys and "code_a" in frame:
                keys = next(
                    {"code_a": a, "code_b": b} for a, b in zip(frame["code_a"], frame["code_b"], strict=True) if {a, b} == set(keys["code"])
                )
            for measure, number in numbers.items():
                seen += 1
                if seen % every:
                    continue
                behind = table.evidence(f"{keys['at']}.{measure}") if "at" in keys else table.evidence(**keys, measure=measure)
                compared += 1
                said = (behind.number.value, behind.value)
                if any(one is None or abs(float(one) - number) > 1e-9 for one in said):
                    wrong.append(f"{name} {keys} {measure}: {number} counted, {said[0]} in the table, {said[1]} behind it")
                held = behind.frame[behind.unit].nunique() if behind.unit in behind.frame else len(behind.frame)
                if isinstance(number, int) and measure not in ("together", "sum", "max", "codings", "participants") and held != number:
                    wrong.append(f"{name} {keys} {measure}: {number} counted, {held} shown")
    return compared, wrong


def unopened(r: Round) -> tuple[int, list[str]]:
    """How many cells all tables of a round have, and those that do not open or whose evidence says another number."""
    from vvvresearch.exploring.explorer import _numbers

    seen, wrong = 0, []
    for name, call in _numbers.calls_of(r).items():
        table = _numbers.made(r, call)
        for cell in table.cells if table else ():
            seen += 1
            try:
                found = opened(of_address(table, cell.address))
            except Exception as problem:
                wrong.append(f"{name} {cell.address}: {problem!r}")
                continue
            if found.value is not None and (cell.value is None or abs(float(found.value) - float(cell.value)) > 1e-9):
                wrong.append(f"{name} {cell.address}: {cell.value} in the table, {found.value} behind it")
    return seen, wrong


def test_every_number_of_a_drawn_round_is_what_plain_counting_gives_and_opens(tmp_path: Path) -> None:
    rows = drawn_rows(3, pairs=5)
    compared, wrong = differing(drawn_round(tmp_path, rows), rows, every=9)
    assert wrong == []
    assert compared > 50

"""Ten files of language cafés from an empty folder to a sound check: each decision and each number beside what was planted."""

from __future__ import annotations

import csv
import datetime
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vvvresearch.check import check_round
from vvvresearch.cli.main import app
from vvvresearch.evidence import municipalities, read_programme
from vvvresearch.intake import propose
from vvvresearch.rounds import Round, open_round

PROGRAMME = """\
schema_version = 1
name = { da = "Sprogcaféerne", en = "The Language Cafés" }
halves = ["guest", "host"]
[groups.guest]
label = { da = "Gæster", en = "Guests" }
one = { da = "gæst", en = "guest" }
[groups.host]
label = { da = "Værter", en = "Hosts" }
one = { da = "vært", en = "host" }
[units.library]
many = { da = "biblioteker", en = "libraries" }
one = { da = "bibliotek", en = "library" }
"""
TOWNS = [str(name) for name in municipalities()["name"]][:10]
CODES = dict(zip(municipalities()["name"], municipalities()["code"], strict=True))
TOPICS = ("Udbytte > Sprog", "Udbytte > Netværk", "Barrierer > Tid")
# How many interviews (1–12) speak of each topic: those whose number the topic's divides.
SPEAKS = {topic: [n for n in range(1, 13) if n % (place + 1) == 0] for place, topic in enumerate(TOPICS)}
LASTS, SEEN = [n for n in range(1, 31) if n % 3 == 0], datetime.date(2026, 6, 30)
SATISFIED = ("Meget tilfreds", "Tilfreds", "Hverken eller", "Utilfreds")
REFERRERS = ("Jobcenter", "Sprogskole", "Egen henvendelse")

FILES: dict[str, list[list[object]]] = {
    "Interviewlog.csv": [
        ["Nr", "Rolle", "Par", "Måned", "Kommune", "Samtykke til citat", "Boligform"],
        *([f"S{n:02}", ("Vært", "Gæst")[n % 2], f"P{(n + 1) // 2}", "maj 2026", TOWNS[n // 2 % 10], "ja", ("hus", "lejlighed")[n % 3 == 0]]
          for n in range(1, 13)),
    ],
    "Kodninger.csv": [
        ["Interview", "Tekst", "Kode", "Koder"],
        *([f"S{n:02}", f"Det talte vi om {n} gange i caféen den aften", topic, ("AB", "CD")[n % 2]]
          for topic in TOPICS for n in SPEAKS[topic]),
    ],
    "Kommunesvar.csv": [
        ["Respondentnøgle", "Kommune", "Samlet status", "Hvor tilfreds er du med samarbejdet?"],
        *([f"R{n}", town, "Gennemført", SATISFIED[n % 4]] for n, town in enumerate(TOWNS)),
    ],
    "Matchliste.csv": [
        ["Match nr", "Gæst", "Vært", "Startdato", "Slutdato", "Årsag til afslutning"],
        *([f"M{n}", f"G{n}", f"V{n}", f"{n:02}-03-2025", "" if n in LASTS else f"{31 - n:02}-01-2026", "" if n in LASTS else "Flyttet"]
          for n in range(1, 31)),
    ],
    "Kurser.csv": [["Kursus", "Dato", "Deltagere", "Form"],
                   *([f"Lyt og svar {n}", f"{n:02}-02-2026", 6 + n, "fysisk"] for n in range(14, 20))],
    "Kommuner maj.csv": [["Kommune", "Til stede", "Udtræk"],
                         *([town, "ja" if n < 7 else "nej", "2026-05"] for n, town in enumerate(TOWNS))],
    "Henvisninger.csv": [
        ["Borger ID", "Dato for henvisning", "Henvist af"],
        *([f"G{n}", f"{n:02}-01-2026", REFERRERS[n % 3]] for n in range(1, 29)),
    ],
    "Nøgletal.csv": [["Nøgletal", "2024", "2025", "I alt"], ["Nyankomne", 604, 955, 1559], ["Ældre over 65", 4123, 4210, 8333]],
    "Henviste pr måned.csv": [["Henvisende instans", "jan. 2026", "feb. 2026"], ["Jobcenter", 4, 7], ["Sprogskole", 2, 0], ["Læge", 1, 3]],
    "Mål.csv": [
        ["Resultatkrav", "Opgøres ud fra"],
        ["Der er mindst 8 match i gang i 2026", "Matchlisten"],
        ["Højst 5 kommuner står uden tilbud i 2026", "Udtrækket"],
        ["Mindst 35 biblioteker har en café inden juni 2027", "Oversigten"],
        ["Der holdes 5 kurser i 2026 og 8 i 2027", "Kurserne"],
        ["Gæsterne føler sig mere hjemme i byen", "Interview"],
    ],
}  # fmt: skip
# What each column is; everything else that is decided stands in RIGHT.
COLUMNS = {
    "Interviewlog.csv": ["interview", "respondent_group", "pair", "month", "municipality", "consent_quote", "boligform"],
    "Kodninger.csv": ["source", "text", "code", "coder"],
    "Matchliste.csv": ["match", "refugee", "volunteer", "start", "end", "reason"],
    "Kurser.csv": ["name", "date", "participants", "format"],
    "Kommuner maj.csv": ["municipality", "status", "extract"],
    "Henvisninger.csv": ["person", "referred", "referral_source"],
}
ANSWERS = """\
["Henviste pr måned.csv"]
kind = "register"
["Mål.csv"]
"goal.6.target" = "højst 3"
"goal.6.unit" = "library"
"""
# The measures that are asked for: none is ever decided.
MEASURES = {1: "matches:active", 2: "presence:absent", 4: "courses:rows:2026", 5: "-", 6: "-"}
RIGHT: dict[str, dict[str, object]] = {
    "Interviewlog.csv": {
        "value.respondent_group.gaest": "guest", "value.respondent_group.vaert": "host", "value.consent_quote.ja": "yes",
        "dates.maaned": "day",
    },
    "Kommunesvar.csv": {
        "column.respondentnoegle": "respondent", "column.samlet-status": "status", "column.kommune": "municipality", "unit": "municipality",
        "partials": "complete-before-partial", "item.hvor-tilfreds-er-du-med-samarbejdet": "likert",
        "scale.hvor-tilfreds-er-du-med-samarbejdet": [*SATISFIED], "name.hvor-tilfreds-er-du-med-samarbejdet": "tilfreds_samarbejdet",
    },
    "Matchliste.csv": {"default.persons": "1", "value.reason.flyttet": "moved", "dates.startdato": "day", "dates.slutdato": "day"},
    "Kurser.csv": {"default.type": "course", "value.format.fysisk": "physical", "dates.dato": "day"},
    "Kommuner maj.csv": {"value.status.ja": "present", "value.status.nej": "absent", "dates.udtraek": "day"},
    "Henvisninger.csv": {"dates.dato-for-henvisning": "day"},
    "Nøgletal.csv": {"times": "rows", "column.i-alt": "-", "column.aar": "year", "column.noegletal": "figure", "column.antal": "value"},
    "Mål.csv": {
        f"goal.{number}.{name}": value
        for number, told in enumerate(
            (
                {"target": "8", "direction": "at_least", "as_of": "2026", "unit": "match"},
                {"target": "5", "direction": "at_most", "as_of": "2026", "unit": "municipality"},
                {"target": "35", "direction": "at_least", "as_of": "2027-06", "unit": "library"},
                {"target": "5", "direction": "at_least", "as_of": "2026", "unit": "course"},
                {"target": "8", "direction": "at_least", "as_of": "2027", "unit": "course"},
                {"unit": "programme"},
            ),
            start=1,
        )
        for name, value in told.items()
    },
}  # fmt: skip


def call(*arguments: object) -> str:
    done = CliRunner().invoke(app, [*map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("kit")
    for name, rows in FILES.items():
        with (base / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
    call("init", base / "w")
    (base / "w/programme.toml").write_text(PROGRAMME, encoding="utf-8")
    call("new-round", "2026-a", "--extract", "2026-05", "--seen-until", SEEN, "--root", base / "w")
    return base / "w"


@pytest.fixture(scope="module")
def opened(root: Path) -> Round:
    answers = root.parent / "svar.toml"
    measures = "\n".join(f'"goal.{number}.measure" = "{measure}"' for number, measure in MEASURES.items())
    answers.write_text(ANSWERS + measures + "\n", encoding="utf-8")
    call("add", "2026-a", *(root.parent / name for name in FILES), "--answers", answers, "--root", root)
    return open_round("2026-a", root=root)


@pytest.mark.parametrize("name", FILES)
def test_every_decision_is_the_right_one(name: str, root: Path) -> None:
    found = propose(root.parent / name, programme=read_programme(root))
    decided = {one.id: one.value for one in found.decided if one.id.rpartition(".")[2] not in ("text", "indicator", "part_of", "kind")}
    headings = {str(heading) for heading in FILES[name][0]}
    roles = dict(zip(FILES[name][0], COLUMNS.get(name, ()), strict=False))
    told = {one.what: one.value for one in found.decided if one.id.startswith("column.") and one.what in headings} if roles else {}
    assert told == roles
    assert {key: value for key, value in decided.items() if not (roles and key.startswith("column."))} == RIGHT.get(name, {})
    assert [one.id for one in found.questions] == {"Henviste pr måned.csv": ["kind"], "Mål.csv": ["goal.6.target"]}.get(name, [])


def test_the_round_is_sound(opened: Round, root: Path) -> None:
    assert check_round(root, "2026-a").faults == ()


def test_every_number_is_the_planted_one(opened: Round) -> None:
    themes = opened.theme_table().frame.query("respondent_group == 'total'").set_index("code_path")
    assert {topic: int(themes.loc[topic, "affirmed"]) for topic in TOPICS} == {topic: len(SPEAKS[topic]) for topic in TOPICS}
    assert Counter(opened.interviews.frame["boligform"]) == Counter(hus=8, lejlighed=4)
    assert opened.course_table().totals["participants"].value == sum(6 + n for n in range(14, 20))
    assert opened.presence().cell("presence.2026-05.present.n").value == 7
    assert opened.match_volume().cell("matches.active-match-2026.value").value == len(LASTS)
    satisfied = opened.tabulate("kommunesvar", "tilfreds_samarbejdet").frame["count"]
    assert list(satisfied) == [3, 3, 2, 2]
    referred = opened.referrals().frame.query("period == 'total'").set_index("source")["persons"]
    assert {one: int(referred[one]) for one in REFERRERS} == {"Jobcenter": 9, "Sprogskole": 10, "Egen henvendelse": 9}
    figures = opened.context_figures()
    assert [float(value) for value in figures.frame["value"]] == [604, 955, 4123, 4210]
    months = opened.as_read("henviste-pr-maaned").frame
    assert list(months.itertuples(index=False, name=None))[3:] == [
        ("Jobcenter", "2026-02", "7"), ("Sprogskole", "2026-02", "0"), ("Læge", "2026-02", "3"),
    ]  # fmt: skip


def test_the_goals_are_measured_and_keep_the_programmes_own_unit(opened: Round) -> None:
    goals = {goal.id: goal for goal in opened.spec.goals}
    assert [goal.unit for goal in goals.values()] == ["match", "municipality", "library", "course", "course", "library"]
    assert (goals["M6"].target, goals["M6"].direction, goals["M4"].part_of == goals["M5"].part_of) == (3, "at_most", True)
    measured = {row["goal"]: row["value"] for row in opened.goals.measured.to_dict("records")}
    assert {name: int(value) for name, value in measured.items()} == {"M1": len(LASTS), "M2": 3, "M4": 6}

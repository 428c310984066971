"""A consultant's folder as it lies there, other papers among it, taken into a round with one call: every number is the planted one."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

import vvvresearch as vvv
from vvvresearch.cli._add import _in_time
from vvvresearch.cli.main import app

THEMES = {"Hverdag > Indkøb": "vi gik i Brugsen sammen og talte priserne efter ved kassen", "Hverdag > Post": "hun læste kommunens brev op"}
ROLES = ("flygtning", "Frivillig ven", "Kommunalt ansat")
GROUPS = dict(zip(ROLES, ("refugee", "volunteer", "municipal"), strict=True))
TOWNS = ("Odence", "Farum", "FAXE kommune", "Nyborg", "Svendborg Kommune", "Ærø", "Lejre", "Greve")
SCALE = ("Meget tryg", "Tryg", "Hverken tryg eller utryg", "Utryg", "Meget utryg")
ENDS = ("Flyttet til en anden by", "Afsluttet som aftalt", "Den frivillige trak sig", "Har fået nyt job")
CLASSES = dict(zip(ENDS, ("moved", "natural", "premature", "changed_life"), strict=True))
ANSWERS = """
["referat.docx"]
kind = "-"
["MAXQDA.xlsx"]
meaning = "contradicted"
["Mål.csv"]
"goal.1.measure" = "presence:present"
"goal.2.measure" = "matches:ended:premature"
"""


def call(root: Path, *arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [*map(str, arguments), "--root", str(root)])
    return done.exit_code, done.stdout, done.stderr


def windows(path: Path, rows: list[list[Any]]) -> None:
    lines = io.StringIO(newline="")
    csv.writer(lines, delimiter=";", lineterminator="\r\n").writerows(rows)
    path.write_bytes(lines.getvalue().encode("cp1252"))


def book(path: Path, rows: list[list[Any]], *merged: str) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    made.save(path)


def folder_of(place: Path, draw: random.Random) -> dict[str, Any]:
    """Write the files; what they hold."""
    place.mkdir()
    people = [(f"S{number:02}", draw.choice(ROLES), draw.random() < 0.5) for number in range(1, 9)]
    register = [
        ["Delprojekt 1", *[""] * 6],
        ["Interview nr", "Rolle i forløbet", "Gennemført den", "Tolkebistand", "Må citeres", "Navn", "CPR"],
    ]
    register += [
        [name, role, f"{7 + place}. marts 2023", "x" if tolk else "", "Ja", "Prøve Testsen", ""]
        for place, (name, role, tolk) in enumerate(people)
    ]
    windows(place / "Personer.csv", register)
    # MAXQDA says in a comment that a passage speaks against, ATLAS.ti by a code on a line of its own in the cell.
    marks = [(name, role, theme, draw.random() < 0.3) for name, role, _ in people for theme in THEMES if draw.random() < 0.8]
    quotes = [f"Som jeg sagde nummer {number}: {THEMES[theme]} dengang." for number, (_, _, theme, _) in enumerate(marks)]
    half = [name for name, _, _ in people][:4]
    rows = zip(marks, quotes, strict=True)
    maxqda, atlas = [], []
    for number, ((name, role, theme, against), quote) in enumerate(rows):
        if name in half:
            maxqda.append(["●", "imod" if against else "", role, name, theme, 2, 2, quote, "MLP"])
        else:
            atlas.append([f"1:{number}", name, quote, theme.replace(" > ", "/") + ("\nAfkræfter" if against else ""), "AKJ"])
    book(
        place / "MAXQDA.xlsx",
        [["Color", "Comment", "Document group", "Document name", "Code", "Begin", "End", "Segment", "Modified by"], *maxqda],
    )
    book(place / "ATLAS.xlsx", [["ID", "Document", "Quotation Content", "Codes", "Created by"], *atlas])
    answers = [(town, draw.choice(SCALE), [draw.random() < 0.6 for _ in "abc"]) for town in TOWNS]
    # Two rows of headings; a tick is a yes, none is an empty cell; a total and its source below.
    head = [
        ["Svar 2023", *[None] * 5],
        ["Respondent", "Kommune", "Hvor trygge er I ved indsatsen?", "Hvordan mødes I?", None, None],
        [*[None] * 3, "På kontoret", "Hjemme", "Online"],
    ]
    told = [[f"r{row}", town, step, *["Ja" if tick else None for tick in ticks]] for row, (town, step, ticks) in enumerate(answers)]
    book(place / "Kommuner.xlsx", [*head, *told, ["I alt", len(told), *[None] * 4], ["Kilde: egne tal", *[None] * 5]], "A1:F1", "D2:F2")
    ends = [draw.choice(ENDS) if draw.random() < 0.7 else "" for _ in range(12)]
    matched = [
        [row, f"B{row:02}", f"V{row:02}", 44900 + row, f"{row + 1}-04-23" if end else "igangværende", end]
        for row, end in enumerate(ends, 1)
    ]
    windows(
        place / "Forløb.csv",
        [["Lbnr", "Borger-nr.", "Frivillig-nr.", "Begyndt", "Ophørt", "Ophørsårsag"], *matched, ["I alt", 12, "", "", "", ""]],
    )
    there = [draw.random() < 0.6 for _ in TOWNS]
    status = [[town, "Ja" if here else "Nej"] for town, here in zip(TOWNS, there, strict=True)]
    book(
        place / "Status maj 2023.xlsx",
        [["Opgørelse maj 2023", None], ["Kommune", "VVV etableret"], *status, ["Hele landet", sum(there)]],
        "A1:B1",
    )
    windows(
        place / "Mål.csv",
        [["Mål", "Måltal"], ["VVV findes i mindst 70 kommuner", "70 kommuner"], ["Højst 25 % af matchene afbrydes før tid", "25 %"]],
    )
    windows(place / "Kasse.csv", [["Post", "Beløb"], ["Kaffe", "31,50"], ["Tog", "88,00"]])
    return {"marks": marks, "answers": answers, "ends": ends, "there": there, "interpreter": sum(tolk for _, _, tolk in people)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    assert CliRunner().invoke(app, ["init", str(tmp_path / "egen")]).exit_code == 0
    assert call(tmp_path / "egen", "new-round", "2023-midt", "--wave", "1", "--extract", "2023-05", "--seen-until", "2023-05-31")[0] == 0
    return tmp_path / "egen"


def test_a_folder_goes_in_with_one_call_and_every_number_is_the_planted_one(root: Path, tmp_path: Path) -> None:
    truth = folder_of(tmp_path / "mappe", random.Random(6))
    (tmp_path / "svar.toml").write_text(ANSWERS, encoding="utf-8")
    names = ("Personer.csv", "MAXQDA.xlsx", "ATLAS.xlsx", "Kommuner.xlsx", "Mål.csv", "Forløb.csv", "Status maj 2023.xlsx", "Kasse.csv")
    code, listed, problems = call(
        root, "add", "2023-midt", *(tmp_path / "mappe" / name for name in names), "--answers", tmp_path / "svar.toml"
    )
    # The list of expenses is no source that is known; it is asked for and keeps no other file out.
    assert code == 1
    assert "Her mangler 1 afgørelser" in problems, listed
    assert '["Kasse.csv"]' in listed
    opened = vvv.open_round("2023-midt", root=root)
    assert (opened.interviews.frame["interpreter"].astype(str).isin(["yes", "True"])).sum() == truth["interpreter"]
    table = opened.theme_table(depth=2, by="respondent_group").frame
    for theme in THEMES:
        for role, group in GROUPS.items():
            own = table[(table["code_path"] == theme) & (table["respondent_group"] == group)]
            for column, against in (("affirmed", False), ("contradicted", True)):
                wanted = {name for name, spoken, code, contra in truth["marks"] if (spoken, code, contra) == (role, theme, against)}
                assert own[column].sum() == len(wanted), (theme, group, column)
    (name,) = opened.surveys
    questionnaire = opened.surveys[name].questionnaire
    assert questionnaire is not None
    scale, ticks = (next(item for item in questionnaire.items if item.type == type_) for type_ in ("likert", "multiple"))
    assert [option.label.da for option in questionnaire.options(scale)] == [
        step for step in SCALE if step in {own[1] for own in truth["answers"]}
    ]
    counted = opened.tabulate(name, scale.id).frame.set_index("code")["count"]
    for option in questionnaire.options(scale):
        assert counted[option.code] == sum(step == option.label.da for _, step, _ in truth["answers"])
    assert list(opened.tabulate(name, ticks.id).frame["count"])[:3] == [sum(own[2][box] for own in truth["answers"]) for box in range(3)]
    ended = opened.matches.frame["reason_class"].astype(str)
    assert {word: int((ended == word).sum()) for word in CLASSES.values()} == {CLASSES[end]: truth["ends"].count(end) for end in ENDS}
    goals = opened.goal_status().frame.set_index("goal")
    assert goals.loc["M1", "gap_least"] == 70 - sum(truth["there"])
    early = truth["ends"].count("Den frivillige trak sig") / sum(map(bool, truth["ends"]))
    assert goals.loc["M2", "direction"] == "at_most"
    assert goals.loc["M2", "gap_least"] == pytest.approx(max(0, early - 0.25))
    # The year after, the goals are there; only what measures them is asked, and last year's is proposed.
    assert call(root, "new-round", "2024-slut", "--after", "2023-midt", "--extract", "2024-05", "--seen-until", "2024-05-31")[0] == 0
    assert call(root, "add", "2024-slut", tmp_path / "mappe" / "Status maj 2023.xlsx", tmp_path / "mappe" / "Forløb.csv", "--yes")[0] == 0
    asked = json.loads(call(root, "add", "2024-slut", tmp_path / "mappe" / "Mål.csv", "--json")[1])["questions"]
    assert {one["id"]: one["proposal"] for one in asked} == {
        "goal.1.measure": "presence:present",
        "goal.2.measure": "matches:ended:premature",
    }


def test_files_called_alike_but_for_a_season_go_in_by_time_and_the_others_keep_their_places() -> None:
    listed = ["Byer.xlsx", "Venner efterår 2027.csv", "Par.xlsx", "Venner forår 2027.csv", "Venner vinter 2026.csv"]
    wanted = ["Byer.xlsx", "Venner vinter 2026.csv", "Par.xlsx", "Venner forår 2027.csv", "Venner efterår 2027.csv"]
    assert [path.name for path in _in_time([Path(name) for name in listed])] == wanted

"""Files of a made-up round as an evaluator has them, with the numbers that were planted in them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from vvvresearch.evidence import municipalities

DAY = datetime.date
TOWNS = [str(name) for name in municipalities()["name"]][:30]
CODES = dict(zip(municipalities()["name"], municipalities()["code"], strict=True))

ROUND = """\
# Written by hand: this line stays.
schema_version = 1
id = "first"
title = { da = "Første runde", en = "First round" }
languages = ["da"]
report_type = "note"
kind = "real"

[period]
start = 2023-01-01
end = 2023-12-31  # the year of the interviews

[subgroups]
split = false
statement = { da = "Ikke delt.", en = "Not split." }
"""


def workspace(folder: Path, *names: str) -> Path:
    """An empty workspace with rounds of these names."""
    for name in ("interviews", "surveys", "notebooks"):
        (folder / name).mkdir(parents=True)
    for year, name in enumerate(names or ("first",), start=2023):
        place = folder / "rounds" / name / "round.toml"
        place.parent.mkdir(parents=True)
        place.write_text(ROUND.replace('"first"', f'"{name}"').replace("2023-", f"{year}-"), encoding="utf-8")
    return folder


def book(path: Path, rows: list[list[Any]], sheet: str = "Ark1") -> Path:
    """A workbook with one sheet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def register(folder: Path) -> Path:
    """Eight interviews: four pairs; the third one may be used and not quoted."""
    rows: list[list[Any]] = [["Interviewregister, foråret 2023"], []]
    rows.append(["Nr", "Informant", "Rolle", "Par", "Runde", "Dato", "Foregik", "Tolk", "Samtykke", "Må citeres", "Udskrift", "Telefon"])
    for number in range(1, 9):
        refugee = number % 2 == 1
        role, mode = ("Flygtning", "Fysisk") if refugee else ("Frivillig", "Telefon")
        quoted = "Nej" if number == 3 else "Ja"
        rows.append(
            [
                f"I{number}",
                f"P{number}",
                role,
                f"PAR{(number + 1) // 2}",
                "1. runde",
                DAY(2023, 4, number),
                mode,
                "Ja" if refugee else "Nej",
            ]
        )
        rows[-1] += ["Ja", quoted, f"Interview {number}.docx", f"22 33 44 0{number}"]
    return book(folder / "Interviewregister.xlsx", rows)


def codings(folder: Path) -> Path:
    """Every interview says "Udbytte/Sprog", the second and fourth against it; odd ones "Ventetid" too."""
    rows = [["Interview", "Citat", "Kode", "Retning", "Koder"]]
    for number in range(1, 9):
        stance = "Imod" if number in (2, 4) else "For"
        rows.append([f"interview {number}", f"vi lavede lektier sammen hver uge, gang nummer {number}", "Udbytte/Sprog", stance, "MK"])
        if number % 2:
            rows.append([f"interview {number}", f"det tog lang tid, før vi fik besked i år {number}", "Udbytte/Ventetid", "For", "LT"])
    return book(folder / "Kodninger.xlsx", rows)


def survey(folder: Path, year: int = 2023, question: str = "I hvilken grad styrker indsatsen integrationen?") -> Path:
    """Thirty municipalities: 10 high, 10 some, 5 not at all, 5 don't know; a partial answer beside a complete one; contact data."""
    degrees = ["I høj grad"] * 10 + ["I nogen grad"] * 10 + ["Slet ikke"] * 5 + ["Ved ikke"] * 5
    rows: list[list[Any]] = [["Respondentnøgle", "Samlet status", "Afsluttet", "Kommune", question]]
    rows[0] += ["Hvem henviser? - Jobcenter", "Hvem henviser? - Sprogskole", "Uddyb gerne", "E-mail", "Navn"]
    for number, town in enumerate(TOWNS):
        rows.append([9000 + number, "Gennemført", datetime.datetime(year, 5, 1 + number % 28, 10), town, degrees[number]])
        rows[-1] += ["Valgt" if number < 12 else "Ikke valgt", "Valgt" if number % 2 else "Ikke valgt"]
        rows[-1] += ["Det vil hemmeligheden vise." if number == 4 else "", f"hemmelig{number}@kommune.dk", "Hanne Hemmelig"]
    rows.append([9100, "Nogen svar", datetime.datetime(year, 4, 2, 9), TOWNS[0], "Slet ikke", "", "", "", "", ""])
    return book(folder / f"SurveyXact {year}.xlsx", rows, "Datasæt")


def matches(folder: Path, year: int = 2023, reasons: tuple[str, ...] = ("Flyttet", "Fået job", "Blev uvenner")) -> Path:
    """24 matches, 16 of them ended: the reasons by turns."""
    rows: list[list[Any]] = [["Match nr", "Startdato", "Slutdato", "Årsag til ophør", "Antal personer", "Kommune"]]
    ended = 0
    for number in range(24):
        over = number % 3 != 0
        start = DAY(year - 1, 1 + number % 12, 3 + number % 20)
        end = start + datetime.timedelta(days=60 + number) if over else ""
        rows.append([f"M{year}-{number:02}", start, end, reasons[ended % len(reasons)] if over else "", 1 + number % 2, TOWNS[number]])
        ended += over
    rows.append(["I alt", "", "", "", 36, ""])
    return book(folder / f"Matches {year}.xlsx", rows)


def extract(folder: Path, month: str, present: int) -> Path:
    """An extract in which so many of thirty municipalities take part."""
    rows: list[list[Any]] = [[f"Opgørelse pr. {month}"], ["Kommune", "Til stede", "Samarbejdsaftale"]]
    rows += [[town, "Ja" if number < present else "Nej", "Ja" if number % 5 else "Nej"] for number, town in enumerate(TOWNS)]
    return book(folder / f"Udtræk {month}.xlsx", rows)


def courses(folder: Path) -> Path:
    """Three courses with 45 participants, in the letters of an older Windows."""
    path = folder / "Kurser.csv"
    lines = ["Kursus;Dato;Deltagere;Form;Type", "Intro for frivillige;3. maj 2023;14;Fysisk;Kursus"]
    lines += ["Samtale på dansk;12. juni 2023;9;Online;Kursus", "God mentor;1. sep. 2023;22;Fysisk;Workshop"]
    path.write_text("\n".join(lines), encoding="cp1252")
    return path


def replaced(path: Path, words: dict[str, str]) -> Path:
    """A workbook with some cells changed."""
    made = load_workbook(path)
    for row in made.worksheets[0].iter_rows():
        for cell in row:
            cell.value = words.get(str(cell.value), cell.value)
    made.save(path)
    return path

"""Mutations of a round: one thing spoilt as people spoil it, with the file and the row where it stands."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import openpyxl

Spoilt = tuple[str, int | None]
Mutation = Callable[[Path, Random], Spoilt]


def rows_of(path: Path) -> list[list[str]]:
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path).worksheets[0]
        return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(path: Path, rows: list[list[str]]) -> None:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(path)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def misspelt(word: str, rng: Random) -> str:
    """A word with two letters changed over, one dropped or one doubled."""
    places = [place for place in range(len(word) - 1) if word[place] != word[place + 1]]
    if not places or len(word) < 3:
        return word + word[-1]
    place = rng.choice(places)
    return rng.choice(
        (
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
        )
    )


def heading(name: str, column: str) -> Mutation:
    def spoil(root: Path, rng: Random) -> Spoilt:
        rows = rows_of(root / name)
        rows[0][rows[0].index(column)] = misspelt(column, rng)
        write(root / name, rows)
        return name, 1

    return spoil


def cell(name: str, column: str, value: str | None = None, where: Callable[[dict[str, str]], bool] = lambda row: True) -> Mutation:
    """One cell of a column misspelt, or set to a value."""

    def spoil(root: Path, rng: Random) -> Spoilt:
        rows = rows_of(root / name)
        place = rows[0].index(column)
        able = [n for n, row in enumerate(rows) if n and row[place] and row[place] != value and where(dict(zip(rows[0], row, strict=True)))]
        number = rng.choice(able)
        rows[number][place] = misspelt(rows[number][place], rng) if value is None else value
        write(root / name, rows)
        return name, number + 1

    return spoil


def doubled(name: str) -> Mutation:
    def spoil(root: Path, rng: Random) -> Spoilt:
        rows = rows_of(root / name)
        number = rng.randrange(1, len(rows))
        rows.append(list(rows[number]))
        write(root / name, rows)
        return name, len(rows)

    return spoil


def encoded(name: str, encoding: str) -> Mutation:
    """Saved in another encoding, or read in another and saved again."""

    def spoil(root: Path, rng: Random) -> Spoilt:
        text = (root / name).read_text(encoding="utf-8")
        data = text.encode(encoding) if encoding != "twice" else text.encode().decode("cp1252", "replace").encode()
        (root / name).write_bytes(data)
        return name, None

    return spoil


def gone(name: str) -> Mutation:
    def spoil(root: Path, rng: Random) -> Spoilt:
        (root / name).unlink()
        return name, None

    return spoil


def line(name: str, pattern: str, change: Callable[[str, Random], str] | str = misspelt) -> Mutation:
    """The group of a pattern in one of the lines that have it, misspelt or replaced."""

    def spoil(root: Path, rng: Random) -> Spoilt:
        lines = (root / name).read_text(encoding="utf-8").split("\n")
        able = [n for n, words in enumerate(lines) if re.search(pattern, words)]
        number = rng.choice(able)
        match = re.search(pattern, lines[number])
        assert match is not None
        new = change if isinstance(change, str) else change(match[1], rng)
        lines[number] = lines[number][: match.start(1)] + new + lines[number][match.end(1) :]
        (root / name).write_text("\n".join(lines), encoding="utf-8")
        return name, number + 1

    return spoil


def dropped(name: str, pattern: str) -> Mutation:
    """A line of one language left out."""

    def spoil(root: Path, rng: Random) -> Spoilt:
        lines = (root / name).read_text(encoding="utf-8").split("\n")
        number = rng.choice([n for n, words in enumerate(lines) if re.search(pattern, words)])
        del lines[number]
        (root / name).write_text("\n".join(lines), encoding="utf-8")
        return name, None

    return spoil


def last_letter(word: str, rng: Random) -> str:
    return word[:-1] + rng.choice([letter for letter in "abdefgkm" if letter != word[-1]])


TALKS, FILES, ROUND = "interviews/alt/", "surveys/alt/", "rounds/alt/"
EVERYTHING: dict[str, Mutation] = {
    "heading of the register": heading(f"{TALKS}register.csv", "respondent_group"),
    "optional heading of the register": heading(f"{TALKS}register.csv", "municipality"),
    "heading of the judgements": heading(f"{TALKS}vurderinger.csv", "membership"),
    "heading of the attributes": heading(f"{TALKS}egenskaber.csv", "role"),
    "heading of the guide": heading(f"{TALKS}guide.csv", "code_path"),
    "heading of the matches": heading(f"{FILES}match.csv", "municipality"),
    "optional heading of the matches": heading(f"{FILES}match.csv", "reason_class"),
    "heading of the contacts": heading(f"{TALKS}kontakter.csv", "contact"),
    "heading of the claims": heading(f"{TALKS}udsagn.csv", "verdict"),
    "heading of the survey": heading(f"{FILES}kommuner-2025.xlsx", "udbytte"),
    "heading of the courses": heading(f"{FILES}kurser.csv", "participants"),
    "municipality of the register": cell(f"{TALKS}register.csv", "municipality", "0199"),
    "municipality of a match": cell(f"{FILES}match.csv", "municipality", "8888"),
    "municipality of an extract": cell(f"{FILES}udtræk.csv", "municipality", "0100"),
    "municipality of the survey": cell(f"{FILES}kommuner-2025.xlsx", "respondent", "0199"),
    "municipality of the invited": cell(f"{FILES}inviterede-2025.csv", "respondent", "0199"),
    "code of the guide": cell(f"{TALKS}guide.csv", "code_path"),
    "code of a passage": cell(f"{TALKS}kodninger.csv", "code_path"),
    "source of the register": cell(f"{TALKS}register.csv", "source"),
    "source of a passage": cell(f"{TALKS}kodninger.csv", "source"),
    "group of the register": cell(f"{TALKS}register.csv", "respondent_group"),
    "group of the guide": cell(f"{TALKS}guide.csv", "respondent_group"),
    "pair of the register": cell(f"{TALKS}register.csv", "pair", "C8"),
    "pair of the register turned": cell(f"{TALKS}register.csv", "pair", "B3"),
    "pair of a judgement": cell(f"{TALKS}vurderinger.csv", "case", "E7"),
    "pair of an attribute": cell(f"{TALKS}egenskaber.csv", "pair", "A5"),
    "pair of a contact": cell(f"{TALKS}kontakter.csv", "pair", "D5"),
    "pair of a match": cell(f"{FILES}match.csv", "pair", "F9"),
    "pair of a mapping": line(f"{TALKS}kort.yaml", r"- case: (\w+)", "B9"),
    "wave of the register": cell(f"{TALKS}register.csv", "wave", "22"),
    "wave of a judgement": cell(f"{TALKS}vurderinger.csv", "wave", "12"),
    "wave of a mapping": line(f"{TALKS}kort.yaml", r"wave: '(\d)'", "21"),
    "month of the register": cell(f"{TALKS}register.csv", "month", "2025-13"),
    "order of the months": cell(f"{TALKS}register.csv", "month", "2023-01", lambda row: row["wave"] == "2"),
    "sex of a person": cell(f"{TALKS}register.csv", "sex"),
    "person of another pair": cell(f"{TALKS}register.csv", "person", "a1-r", lambda row: row["pair"] == "B2"),
    "mode of the register": cell(f"{TALKS}register.csv", "mode"),
    "half of a mapping": line(f"{TALKS}kort.yaml", r"perspective: (\w+)"),
    "node of a mapping": line(f"{TALKS}kort.yaml", r"cause: (\w+)"),
    "direction of a mapping": line(f"{TALKS}kort.yaml", r"direction: (\w+)"),
    "informant of a mapping": line(f"{TALKS}kort.yaml", r"informant: (\S+)", "x9-r"),
    "field of a mapping": line(f"{TALKS}kort.yaml", r"(perspective):"),
    "condition of a judgement": cell(f"{TALKS}vurderinger.csv", "condition"),
    "membership above one": cell(f"{TALKS}vurderinger.csv", "membership", "3"),
    "verdict of a claim": cell(f"{TALKS}udsagn.csv", "verdict"),
    "role of an attribute": cell(f"{TALKS}egenskaber.csv", "role"),
    "end before start": cell(f"{FILES}match.csv", "end", "2019-01-01"),
    "a date as people write it": cell(f"{FILES}match.csv", "start", "3/4-24"),
    "reason of an ending": cell(f"{FILES}match.csv", "reason_class"),
    "status of an extract": cell(f"{FILES}udtræk.csv", "status", None, lambda row: row["status"] == "present"),
    "extract": cell(f"{FILES}udtræk.csv", "extract", "2205-05"),
    "measure of a count": cell(f"{FILES}opgørelser.csv", "measure"),
    "participants": cell(f"{FILES}kurser.csv", "participants", "tolv"),
    "format of a course": cell(f"{FILES}kurser.csv", "format"),
    "percent above 100": cell(f"{FILES}rammer.csv", "procent_i_arbejde", "140"),
    "answer of the survey": cell(f"{FILES}kommuner-2025.xlsx", "henviser"),
    "number of the survey": cell(f"{FILES}kommuner-2025.xlsx", "antal", "mange"),
    "doubled interview": doubled(f"{TALKS}register.csv"),
    "doubled judgement": doubled(f"{TALKS}vurderinger.csv"),
    "doubled row of the guide": doubled(f"{TALKS}guide.csv"),
    "doubled passage": doubled(f"{TALKS}kodninger.csv"),
    "doubled attribute": doubled(f"{TALKS}egenskaber.csv"),
    "doubled contact": doubled(f"{TALKS}kontakter.csv"),
    "doubled match": doubled(f"{FILES}match.csv"),
    "doubled extract": doubled(f"{FILES}udtræk.csv"),
    "doubled course": doubled(f"{FILES}kurser.csv"),
    "doubled answer": doubled(f"{FILES}kommuner-2025.xlsx"),
    "doubled invitation": doubled(f"{FILES}inviterede-2025.csv"),
    "doubled year": doubled(f"{FILES}rammer.csv"),
    "Windows letters": encoded(f"{TALKS}kodninger.csv", "cp1252"),
    "letters of a Mac": encoded(f"{TALKS}kodebog.csv", "mac_roman"),
    "letters saved twice": encoded(f"{FILES}inviterede-2025.csv", "twice"),
    "questionnaire in Windows letters": encoded(f"{FILES}kommuner-2025.toml", "cp1252"),
    "no register": gone(f"{TALKS}register.csv"),
    "no questionnaire": gone(f"{FILES}kommuner-2025.toml"),
    "no invited": gone(f"{FILES}inviterede-2025.csv"),
    "no mappings": gone(f"{TALKS}kort.yaml"),
    "no matches": gone(f"{FILES}match.csv"),
    "no English": gone(f"{ROUND}report.en.qmd"),
    "item of a goal": line(f"{ROUND}round.toml", r'measure = \{ survey = "[^"]+", item = "(\w+)"'),
    "answer of a goal": line(f"{ROUND}round.toml", r'answers = \["(\w+)"', "jaa"),
    "survey of a goal": line(f"{ROUND}round.toml", r'measure = \{ survey = "([^"]+)"'),
    "extract of a goal": line(f"{ROUND}round.toml", r'extract = "([\d-]+)"', "2023-05"),
    "status of a goal": line(f"{ROUND}round.toml", r'presence = "(\w+)"'),
    "reason of a goal": line(f"{ROUND}round.toml", r'reason_class = "(\w+)"'),
    "address of a goal": line(f"{ROUND}round.toml", r'cell = "counts\.([\w-]+)'),
    "unit of a goal": line(f"{ROUND}round.toml", r'^unit = "(municipality)"', "match"),
    "unknown unit of a goal": line(f"{ROUND}round.toml", r'^unit = "(\w+)"'),
    "target outside the frame": line(f"{ROUND}round.toml", r"^target = (15)", "150"),
    "type of a source": line(f"{ROUND}round.toml", r'^type = "(judgements|contacts|courses)"'),
    "path of a source": line(f"{ROUND}round.toml", r'^path = "surveys/alt/(kurser)'),
    "a field of the definition": line(f"{ROUND}round.toml", r"^(portrayed)"),
    "pair that is portrayed": line(f"{ROUND}round.toml", r'portrayed = \["(\w+)"', "A9"),
    "connection": line(f"{ROUND}round.toml", r'connections = \[\["(\w+)"'),
    "linked factor": line(f"{ROUND}round.toml", r'linked = \["(\w+)"'),
    "attribute of a condition": line(f"{ROUND}round.toml", r'alike = "(\w+)"'),
    "expected attribute": line(f"{ROUND}round.toml", r'expected = \["(\w+)"'),
    "what an event affects": line(f"{ROUND}round.toml", r'affects = \["([\w-]+)"', "N-9"),
    "notebook": line(f"{ROUND}round.toml", r'"(45-interviews)"'),
    "kind of data": line(f"{ROUND}round.toml", r'^kind = "(\w+)"'),
    "period": line(f"{ROUND}round.toml", r"^end = (2025)", "2019"),
    "quotation mark": line(f"{ROUND}round.toml", r'^id = "alt(")', ""),
    "address in Danish": line(f"{ROUND}report.qmd", r"var kommuner-2025\.(henviser)"),
    "code in an address": line(f"{ROUND}report.qmd", r"var themes\.udfordringer/(tid)", "tidd"),
    "address in English": line(f"{ROUND}report.en.qmd", r"var courses\.total\.(rows)"),
    "include": line(f"{ROUND}report.qmd", r"tables/(kommuner-2025-henviser)"),
    "figure": line(f"{ROUND}report.qmd", r"figures/(presence)"),
    "page": line(f"{ROUND}report.en.qmd", r"pages/65-(mechanisms)"),
    "portrait": line(f"{ROUND}report.qmd", r"portrait-(a1)", "a7"),
    "typed number": line(f"{ROUND}report.en.qmd", r"(persons are in matches)", "17 persons"),
    "section of one language": line(f"{ROUND}report.en.qmd", r"#(sec-maps)"),
    "sentence of one language": dropped(f"{ROUND}report.en.qmd", r"udfordringer/tid"),
    "table of one language": dropped(f"{ROUND}report.qmd", r"tables/goals"),
    "another number in one language": line(
        f"{ROUND}report.en.qmd", r"var (kommuner-2025\.henviser\.ja)\.share", "kommuner-2025.henviser.nej"
    ),
    "route of an item": line(f"{FILES}kommuner-2025.toml", r"route = \"(henviser)"),
    "code of a route": line(f"{FILES}kommuner-2025.toml", r"== '(nej)'", "nje"),
    "type of an item": line(f"{FILES}kommuner-2025.toml", r'^type = "(single|likert)"'),
    "role of an option": line(f"{FILES}kommuner-2025.toml", r'role = "(dont_know)"'),
}

D, E, Q = "interviews/demo/", "surveys/demo/", "rounds/demo/"
DEMO: dict[str, Mutation] = {
    "group of the register": cell(f"{D}interviews.csv", "respondent_group"),
    "state of the relation": cell(f"{D}interviews.csv", "relation_state"),
    "source of the register": cell(f"{D}interviews.csv", "source"),
    "pair of the register": cell(f"{D}interviews.csv", "pair", "P99"),
    "code of the guide": cell(f"{D}guide.csv", "code_path"),
    "pair of a contact": cell(f"{D}contacts.csv", "pair", "P77"),
    "case of a judgement": cell(f"{D}judgements.csv", "case", "P55"),
    "role of an attribute": cell(f"{D}attributes.csv", "role"),
    "verdict of a claim": cell(f"{D}claims.csv", "verdict"),
    "municipality of an area": cell(f"{D}housing_areas.csv", "municipality", "9999"),
    "municipality of a match": cell(f"{E}matches.csv", "municipality", "9999"),
    "organisation of a match": cell(f"{E}matches.csv", "match_type", None, lambda row: row["match_type"] == "family"),
    "status of an extract": cell(f"{E}monitoring.csv", "status", None, lambda row: row["status"] == "present"),
    "heading of the courses": heading(f"{E}courses.csv", "participants"),
    "doubled category": doubled(f"{E}categories.csv"),
    "doubled campaign": doubled(f"{E}campaigns.csv"),
    "invited": cell(f"{E}municipal-2021-invited.csv", "respondent", "9999"),
    "transcript of a configuration": line(f"{D}configurations.yaml", r"- source: (p\d\d-r1)", "p88-r1"),
    "code of a configuration": line(f"{D}configurations.yaml", r"code_path: (Udbytte) >"),
    "code of the theory": line(f"{D}theory-of-change.toml", r'codes = \["(Aktiviteter) >'),
    "node of the theory": line(f"{D}theory-of-change.toml", r'nodes = \["(\w+)"'),
    "wave of a mapping": line(f"{D}mappings/p03-w1.yaml", r"^wave: '(\d)'", "7"),
    "survey of a cross-table": line(f"{Q}round.toml", r'^survey = "(municipal-2022)"'),
    "item of a cross-table": line(f"{Q}round.toml", r'^item = "(\w+)"'),
    "variable of a cross-table": line(f"{Q}round.toml", r'^by = "(\w+)"'),
    "item of a trend": line(f"{Q}round.toml", r'trends = \["(refers)"'),
    "lead coder": line(f"{Q}round.toml", r'lead = \["(coder-a)"'),
    "column of representation": line(f"{Q}round.toml", r'^by = \["(region)"'),
    "address of a goal": line(f"{Q}round.toml", r'cell = "leaders-2021\.need\.(balance)'),
    "survey of answers as received": line(f"{Q}round.toml", r'^survey = "(municipal-2021)"'),
    "column of finished forms": line(f"{Q}round.toml", r'^finished = "(finished)"'),
    "table to run for": line(f"{Q}round.toml", r'for_each = \{ table = "rounds/demo/(municipalities)'),
    "parameter of a notebook": line(f"{Q}round.toml", r"parameters = \{ (municipality) ="),
    "no ledger": gone(f"{D}ledger.toml"),
}

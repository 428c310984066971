"""`vvv add`: from an empty workspace to right numbers, next year without questions, and nothing by halves."""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import kit
import pytest
from typer.testing import CliRunner

import vvvresearch as vvv
from vvvresearch.check import check_round
from vvvresearch.cli.main import app
from vvvresearch.kinds import DataKind


def call(root: Path, *arguments: str | Path, typed: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--root", str(root)], input=typed)
    return result.exit_code, result.stdout, result.stderr


def look(root: Path, path: Path, *more: str, name: str = "first") -> dict[str, Any]:
    code, out, err = call(root, "add", name, path, "--json", *more)
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def written(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return kit.workspace(tmp_path / "work")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


ANSWERS = """
"value.reason.blev-uvenner" = "premature"
["Kodninger.xlsx"]
value.stance = { for = "affirmed", imod = "contradicted" }
"""


def test_a_kit_goes_from_an_empty_workspace_to_its_planted_numbers(root: Path, files: Path, tmp_path: Path) -> None:
    paths = [kit.register(files), kit.codings(files), kit.survey(files), kit.matches(files), kit.courses(files)]
    paths += [kit.extract(files, "maj 2023", 12), kit.extract(files, "november 2023", 17)]
    before = {path: path.read_bytes() for path in paths}
    (tmp_path / "answers.toml").write_text(ANSWERS, encoding="utf-8")
    code, _, err = call(root, "add", "first", *paths, "--answers", tmp_path / "answers.toml")
    assert (code, err) == (0, "")
    assert all(path.read_bytes() == content for path, content in before.items())
    assert (root / "surveys/first/Kurser.csv").read_bytes() == before[files / "Kurser.csv"]
    definition = (root / "rounds/first/round.toml").read_text(encoding="utf-8")
    assert definition.startswith(kit.ROUND.rstrip("\n"))
    assert len(tomllib.loads(definition)["sources"]) == 7

    opened = vvv.open_round("first", root=root)
    table = opened.theme_table(depth=None).frame
    rows = table[table["respondent_group"] == "total"].set_index("code_path")
    language, waiting = rows.loc["Udbytte > Sprog"], rows.loc["Udbytte > Ventetid"]
    assert (language["affirmed"], language["contradicted"], language["asked"]) == (6, 2, 8)
    assert (waiting["affirmed"], waiting["not_raised"], waiting["asked"]) == (4, 4, 8)
    assert opened.interviews.frame.set_index("interview")["consent_quote"].eq(False).sum() == 1
    assert [str(month) for month in opened.interviews.frame["month"].unique()] == ["2023-04"]
    (name,) = opened.surveys
    by_type = {item.type: item.id for item in opened.surveys[name].questionnaire.items}
    scale = opened.tabulate(name, by_type["likert"]).frame.set_index("code")["count"]
    assert sorted(scale[scale > 0].tolist()) == [5, 5, 10, 10]
    ticks = opened.tabulate(name, by_type["multiple"]).frame.set_index("code")["count"]
    assert (ticks["jobcenter"], ticks["sprogskole"]) == (12, 15)
    ended = opened.matches.frame[opened.matches.frame["end"].notna()]
    assert len(opened.matches.frame) == 24
    assert ended["reason_class"].value_counts().to_dict() == {"moved": 6, "changed_life": 5, "premature": 5}
    present = opened.monitoring.frame[opened.monitoring.frame["status"] == "present"]
    assert present.groupby("extract").size().to_dict() == {"2023-05": 12, "2023-11": 17}
    assert opened.courses.frame["participants"].sum() == 45


def test_open_answers_addresses_and_names_stand_in_nothing_that_is_printed_or_mapped(root: Path, files: Path) -> None:
    path = kit.survey(files)
    looked = call(root, "add", "first", path, "--json")[1]
    added = call(root, "add", "first", path, "--yes")[1]
    maps = "".join(one.read_text(encoding="utf-8") for one in root.rglob("*.toml"))
    assert "hemmelig" not in (looked + added + maps).casefold()
    assert json.loads(looked).keys() == {"kind", "unit", "source", "decided", "questions", "told", "losses"}
    assert (json.loads(looked)["kind"], json.loads(looked)["unit"]) == ("survey", "municipality")


def test_with_yes_a_file_that_leaves_a_question_keeps_the_whole_call_from_writing(root: Path, files: Path) -> None:
    before = written(root), (root / "rounds/first/round.toml").read_bytes()
    code, out, _ = call(root, "add", "first", kit.courses(files), kit.matches(files), "--yes")
    assert code == 1
    assert '["Matches 2023.xlsx"]' in out
    assert '"values.reason" = ""' in out
    assert (written(root), (root / "rounds/first/round.toml").read_bytes()) == before


def test_the_list_of_what_is_left_can_be_filled_in_and_given_back(root: Path, files: Path, tmp_path: Path) -> None:
    path = kit.codings(files)
    left = call(root, "add", "first", path, "--yes")[1]
    filled = left.replace('for" = ""', 'for" = "affirmed"').replace('imod" = ""', 'imod" = "contradicted"')
    (tmp_path / "svar.toml").write_text(filled, encoding="utf-8")
    assert call(root, "add", "first", path, "--answers", tmp_path / "svar.toml")[0] == 0


def test_in_the_terminal_a_question_is_answered_by_its_number_and_enter_accepts_the_rest(root: Path, files: Path) -> None:
    code, out, _ = call(root, "add", "first", kit.matches(files), typed="2\n\n")
    assert code == 0
    assert "Hvad betyder disse ord" in out
    frame = vvv.open_round("first", root=root).matches.frame
    assert (frame["reason_class"] == "premature").sum() == 5


def test_answers_that_end_or_a_no_leave_the_round_as_it_was(root: Path, files: Path) -> None:
    before = written(root)
    for typed in ("", "2\n", "2\nn\n", "\n" * 8 + "2\n\n"):
        assert call(root, "add", "first", kit.matches(files), typed=typed)[0] == 1
    assert written(root) == before


def test_next_years_file_goes_in_without_questions(tmp_path: Path, files: Path) -> None:
    root = kit.workspace(tmp_path / "two", "first", "second")
    assert call(root, "add", "first", kit.matches(files), typed="2\n\n")[0] == 0
    assert call(root, "add", "first", kit.survey(files), "--yes")[0] == 0
    later = kit.matches(files, 2024, ("Blev uvenner", "Flyttet"))
    own = root / "surveys/first/surveyxact-2023.toml"
    own.write_text(
        own.read_text(encoding="utf-8").replace('chosen_by = { da = "UDFYLD"', 'chosen_by = { da = "Alle er spurgt"'), encoding="utf-8"
    )
    assert {one["why"] for one in look(root, later, name="second")["decided"] if one["id"] == "value.reason.blev-uvenner"} == {"map"}
    assert call(root, "add", "second", later, kit.survey(files, 2024), "--yes")[0] == 0
    opened = vvv.open_round("second", root=root)
    assert opened.matches.frame["reason_class"].value_counts().to_dict() == {"": 8, "premature": 8, "moved": 8}
    assert opened.surveys["surveyxact-2024"].questionnaire.id == "surveyxact-2024"
    assert opened.surveys["surveyxact-2024"].questionnaire.frame.chosen_by.da == "Alle er spurgt"


def test_the_same_file_again_changes_nothing_and_a_new_one_of_its_name_keeps_the_old_one(root: Path, files: Path) -> None:
    path = kit.courses(files)
    call(root, "add", "first", path, "--yes")
    old, definition = path.read_bytes(), (root / "rounds/first/round.toml").read_bytes()
    code, out, _ = call(root, "add", "first", path, "--yes")
    assert (code, (root / "rounds/first/round.toml").read_bytes()) == (0, definition)
    assert "allerede" in out
    path.write_bytes(old + "\nNyt kursus;2. okt. 2023;5;Fysisk;Kursus".encode("cp1252"))
    assert call(root, "add", "first", path, "--yes")[0] == 0
    assert vvv.open_round("first", root=root).courses.frame["participants"].tolist() == [14, 9, 22, 5]
    assert [kept.read_bytes() for kept in (root / "surveys/first/earlier").iterdir()] == [old]


def test_a_second_file_of_a_kind_is_read_with_the_first_and_refused_where_they_hold_the_same_rows(root: Path, files: Path) -> None:
    assert call(root, "add", "first", kit.matches(files), typed="2\n\n")[0] == 0
    assert call(root, "add", "first", kit.matches(files, 2024), "--yes")[0] == 0
    assert len(vvv.open_round("first", root=root).matches.frame) == 48
    before = written(root), (root / "rounds/first/round.toml").read_bytes()
    again = kit.matches(files / "copy", 2024, ("Flyttet",)).rename(files / "Kopi.xlsx")
    code, _, err = call(root, "add", "first", again, "--yes")
    assert code == 1
    assert "står i to filer" in err
    assert (written(root), (root / "rounds/first/round.toml").read_bytes()) == before


def rows_of(files: Path, name: str, rows: list[list[Any]]) -> Path:
    return kit.book(files / name, rows)


def test_a_file_of_no_kind_is_one_question_and_not_asked_again_once_it_was_left_out(root: Path, files: Path, tmp_path: Path) -> None:
    path = rows_of(files, "dyr.xlsx", [["dyr", "farve"], ["hund", "brun"], ["kat", "sort"], ["ko", "hvid"]])
    before = written(root)
    code, out, _ = call(root, "add", "first", path, "--yes")
    assert (code, written(root)) == (1, before)
    assert "en tabel for sig" in out
    assert '"kind" = ""' in out
    answers = tmp_path / "svar.toml"
    answers.write_text('["dyr.xlsx"]\nkind = "-"\n', encoding="utf-8")
    assert "sprunget over" in call(root, "add", "first", path, "--answers", answers)[2]
    code, out, err = call(root, "add", "first", path, "--yes")
    assert (code, "ladt ude sidst" in err) == (0, True)
    assert call(root, "add", "first", path, "--as", "register", "--yes")[0] == 0


def dates(files: Path, starts: list[Any]) -> Path:
    head = ["Match nr", "Startdato", "Slutdato", "Årsag til ophør", "Antal personer"]
    ended = [[f"M{n}", start, "30. september 2023", "Flyttet", 1] for n, start in enumerate(starts)]
    return rows_of(files, "datoer.xlsx", [head, *ended])


def questions(found: dict[str, Any]) -> set[str]:
    return {one["id"] for one in found["questions"]}


def test_dates_without_a_year_and_dates_that_a_spreadsheet_turned_round_are_asked(root: Path, files: Path) -> None:
    assert "this_file.year" in questions(look(root, dates(files, ["12. maj", "3. juni", "9. august", "1. marts"])))
    turned = [kit.DAY(2023, month, 4) for month in range(1, 9)] + [f"{day}-04-2023" for day in range(14, 22)]
    assert "swapped.startdato" in questions(look(root, dates(files, turned)))


def test_a_divided_municipality_is_asked_and_two_answers_to_one_question_are_an_error(root: Path, files: Path, tmp_path: Path) -> None:
    path = kit.extract(files, "maj 2023", 3)
    rows = [["Opgørelse pr. maj 2023"], ["Kommune", "Til stede"], *[[town, "Ja"] for town in (*kit.TOWNS[:8], "Give")]]
    path = rows_of(files, path.name, [*rows, ["Vejen", "Nej"]])
    assert questions(look(root, path)) == {"municipality.give"}
    answers = tmp_path / "a.toml"
    answers.write_text('municipality.give = "0630"\n"municipality.atlantis" = "0101"\n', encoding="utf-8")
    code, _, err = call(root, "add", "first", path, "--answers", answers)
    assert code == 1
    assert "municipality.atlantis" in err


def test_a_file_that_is_changed_after_it_was_taken_in_is_told_rather_than_read(root: Path, files: Path) -> None:
    call(root, "add", "first", kit.courses(files), "--yes")
    place = root / "surveys/first/Kurser.csv"
    place.write_bytes(place.read_bytes().replace(b";22;", b";23;"))
    with pytest.raises(vvv.errors.SourceError, match="not the one that was looked at"):
        _ = vvv.open_round("first", root=root).courses
    assert call(root, "add", "first", place, "--yes")[0] == 0
    assert vvv.open_round("first", root=root).courses.frame["participants"].sum() == 46


def test_transcripts_lie_in_the_round_and_give_quotes_their_places(root: Path, files: Path, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(ANSWERS.partition('premature"\n')[2], encoding="utf-8")
    quote = "vi lavede lektier sammen hver uge, gang nummer 1"
    (files / "Interview 1.txt").write_text(f"Jeg kom i marts.\nSå sagde jeg: {quote}. Det var godt.\n", encoding="utf-8")
    paths = (files / "Interview 1.txt", kit.register(files), kit.codings(files))
    assert call(root, "add", "first", *paths, "--answers", tmp_path / "a.toml")[0] == 0
    codings = vvv.open_round("first", root=root).codings
    placed = codings.frame[codings.frame["start"].notna()]
    assert [codings.texts[row.source][int(row.start) : int(row.end)] for row in placed.itertuples()] == [quote]


def test_a_file_that_says_its_data_are_reconstructed_stays_so_in_a_real_round(root: Path, files: Path) -> None:
    path = kit.courses(files)
    lines = path.read_text(encoding="cp1252").split("\n")
    marked = [f"{line};{'reconstructed' if number else 'data_kind'}" for number, line in enumerate(lines)]
    path.write_text("\n".join(marked), encoding="cp1252")
    assert call(root, "add", "first", path, "--yes")[0] == 0
    assert vvv.open_round("first", root=root).courses.kind is DataKind.RECONSTRUCTED
    call(root, "add", "first", kit.survey(files), "--yes")
    (name,) = vvv.open_round("first", root=root).surveys
    made = dataclasses.replace(vvv.open_round("first", root=root).surveys[name], kind=DataKind.RECONSTRUCTED)
    assert call(root, "add", "first", vvv.write_survey(made, files / "rekonstrueret.sav"), "--yes")[0] == 0
    kinds = [survey.kind for survey in vvv.open_round("first", root=root).surveys.values()]
    assert kinds == [DataKind.REAL, DataKind.RECONSTRUCTED]


def test_a_plain_yes_gives_quotes_only_where_another_answer_withholds_them(root: Path, files: Path) -> None:
    head = ["Nr", "Informant", "Rolle", "Runde", "Dato", "Foregik", "Tolk", "Samtykke"]
    for number, (words, asked) in enumerate(
        (("Ja, men uden citater", {"Ja, men uden citater"}), ("Ja, på skrift", {"Ja", "Ja, på skrift"}))
    ):
        rows = [[f"I{n}", f"P{n}", "Flygtning", "1", kit.DAY(2023, 4, n), "Fysisk", "Nej", words if n == 3 else "Ja"] for n in range(1, 9)]
        (question,) = look(root, rows_of(files, f"register-{number}.xlsx", [head, *rows]))["questions"]
        assert (question["id"], set(question["items"])) == ("values.consent_analysis", asked)


def test_a_survey_says_itself_when_it_was_answered_and_what_people_wrote_holds_for_the_next_year(tmp_path: Path, files: Path) -> None:
    root = kit.workspace(tmp_path / "two", "first", "second")
    assert call(root, "add", "first", kit.survey(files), "--yes")[0] == 0
    own = root / "surveys/first/surveyxact-2023.toml"
    drafted = tomllib.loads(own.read_text(encoding="utf-8"))
    assert (drafted["title"]["da"], drafted["wave"]["da"], drafted["group"]["en"]) == ("SurveyXact 2023", "2023", "Municipalities")
    assert drafted["frame"]["collected"] == {"da": "april 2023 – maj 2023", "en": "April 2023 – May 2023"}
    own.write_text(
        own.read_text(encoding="utf-8").replace('title = { da = "SurveyXact 2023"', 'title = { da = "Kommunerne 2023"'), encoding="utf-8"
    )
    assert call(root, "add", "second", kit.survey(files, 2024), "--yes")[0] == 0
    later = tomllib.loads((root / "surveys/second/surveyxact-2024.toml").read_text(encoding="utf-8"))
    assert (later["title"]["da"], later["wave"]["da"], later["frame"]["collected"]["en"]) == (
        "Kommunerne 2024",
        "2024",
        "April 2024 – May 2024",
    )


def test_what_the_round_says_once_holds_for_files_that_do_not_say_it(root: Path, files: Path) -> None:
    place = root / "rounds/first/round.toml"
    told = 'wave = "2"\nextract = "2023-11"\nseen_until = 2023-12-31\n'
    place.write_text(place.read_text(encoding="utf-8").replace("\n[period]", f"{told}\n[period]"), encoding="utf-8")
    head = ["Nr", "Informant", "Rolle", "Dato", "Foregik", "Tolk", "Samtykke", "Må citeres"]
    rows = [[f"I{n}", f"P{n}", "Flygtning", kit.DAY(2023, 4, n), "Fysisk", "Nej", "Ja", "Ja"] for n in range(1, 9)]
    assert call(root, "add", "first", rows_of(files, "register.xlsx", [head, *rows]), "--yes")[0] == 0
    ended = [(kit.DAY(2023, 5, n), "Flyttet") if n < 4 else ("", "") for n in range(1, 9)]
    begun = [[f"M{n}", kit.DAY(2023, 1, n), *ended[n - 1], 1, kit.DAY(2022, 12, n)] for n in range(1, 9)]
    waiting = [["M9", "", "", "", 1, kit.DAY(2023, 12, 1)]]
    heading = ["Match nr", "Startdato", "Slutdato", "Årsag til ophør", "Antal personer", "Udbudt"]
    paths = rows_of(files, "matches.xlsx", [heading, *begun, *waiting])
    assert call(root, "add", "first", paths, "--yes")[0] == 0
    opened = vvv.open_round("first", root=root)
    assert set(opened.interviews.frame["wave"]) == {"2"}
    assert opened.cell("ended.moved.count").value == 3
    assert opened.cell("ended/of-started.moved.count").base.n == 8, "who waits for a friend has no match yet"
    volume = opened.match_volume().frame.set_index("count")
    assert (volume.loc["active-match-2023", "value"], volume.loc["active-match-2023", "as_of"]) == (5, "2023-12-31")
    undated = rows_of(
        files, "status.xlsx", [["Kommune", "Til stede"], *[[town, "Ja" if n < 5 else "Nej"] for n, town in enumerate(kit.TOWNS)]]
    )
    (question,) = look(root, undated)["questions"]
    assert (question["id"], question["proposal"]) == ("this_file.extract", "2023-11")


def test_a_doubled_row_below_titles_is_found_with_its_row(root: Path, files: Path) -> None:
    rows = [["Kodeark fra foråret"], [], ["Interview", "Citat", "Kode", "Koder"]]
    rows += [[f"i{n}", f"vi mødtes hver uge, gang nummer {n}", "Udbytte/Sprog", "MK"] for n in range(1, 7)]
    assert call(root, "add", "first", rows_of(files, "Kodeark.xlsx", [*rows, rows[5]]), "--yes")[0] == 0
    told = [(fault.row, fault.what) for fault in check_round(root, "first").faults if "twice" in fault.what]
    assert told == [(10, "the whole row stands twice")]


def test_every_row_that_is_wrong_is_told_at_once_with_those_whose_dates_cannot_be_read(root: Path, files: Path) -> None:
    path = files / "match.csv"
    rows = [
        "1;B1;01-02-2023;10-01-2023",
        "2;B2;;01-05-2023",
        "3;B3;31-02-2023;",
        *(f"{n};B{n};01-03-2023;01-04-2023" for n in range(4, 16)),
    ]
    path.write_text("\n".join(["Match nr;Borger nr;Startdato;Slutdato", *rows]) + "\n", encoding="utf-8")
    # Whether a match that ends before it starts has ended on a day that is not known is asked; then every other row is told.
    code, out, told = call(root, "--lang", "en", "add", "first", path, "--as", "matches", "--yes")
    assert code != 0
    assert re.search(r"1 rows end before they start \(row 2\)", out), out
    answers = files / "answers.toml"
    answers.write_text('backwards = "day-unknown"\n', encoding="utf-8")
    code, out, told = call(root, "--lang", "en", "add", "first", path, "--as", "matches", "--answers", answers)
    assert code != 0
    for row, words in ((3, "without a start"), (4, "no date")):
        assert re.search(rf"row {row}\b.*{words}|{words}.*\(rows? {row}\)", told), (row, told, out)

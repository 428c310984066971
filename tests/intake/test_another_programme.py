"""Files of a programme without pairs and its year after: what nobody says in so many words is asked or told, never taken in silence."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path
from typing import Any

import pytest
from books import book

from vvvresearch.evidence import venner_viser_vej
from vvvresearch.intake import Proposal, load_map, normalised, propose, save_map, settle
from vvvresearch.sources import read_mappings

PROGRAMME = venner_viser_vej()
TOWNS = ("Aarhus", "Odense", "Viborg", "Skive", "Varde", "Vejle", "Lemvig", "Struer", "Horsens", "Kolding")


def asked(proposal: Proposal) -> dict[str, Any]:
    return {one.id: one.proposal for one in proposal.questions}


def decided(proposal: Proposal) -> dict[str, Any]:
    return {one.id: one.value for one in proposal.decided}


def test_a_key_with_a_remark_behind_it_tells_who_answered(tmp_path: Path) -> None:
    rows = [["Deltagernøgle (den samme i begge skemaer)", "Svardato", "Hvordan sover du?"]]
    rows += [[f"K-{n:03}", f"2027-03-{n + 1:02}", ("Godt", "Dårligt", "Meget godt")[n % 3]] for n in range(20)]
    rows.append(["K-004", "2027-03-28", "Meget dårligt"])
    found = propose(book(tmp_path / "start.xlsx", rows), programme=PROGRAMME, kind="survey")
    answers = normalised(found.path, settle(found, asked(found))).frames["answers"]
    assert len(answers) == answers["respondent"].nunique() == 20, "the later of two answers holds"


@pytest.mark.parametrize(("second", "proposed"), [("15", "_new"), ("10", None)])
def test_a_question_under_the_same_key_with_another_number_in_it_is_asked(second: str, proposed: str | None, tmp_path: Path) -> None:
    def year(number: int, hours: str) -> Path:
        # The key of a column is cut off before the words that differ.
        long = f"4. I hvilken grad tror du på, at du om et år ({number}) kan klare et arbejde på mindst {hours} timer om ugen?"
        rows = [["Respondentnøgle", long], *[[n, ("I høj grad", "I nogen grad", "Slet ikke")[n % 3]] for n in range(12)]]
        return book(tmp_path / f"{number}.xlsx", rows)

    first = propose(year(2027, "10"), programme=PROGRAMME)
    again = propose(year(2028, second), programme=PROGRAMME, earlier=load_map(save_map(settle(first, asked(first)))))
    names = [one for one in again.questions if one.id.startswith("name.")]
    assert [str(one.proposal).endswith("_new") for one in names] == ([True] if proposed else [])


def test_an_interview_list_tells_persons_transcripts_and_what_was_never_held(tmp_path: Path) -> None:
    head = ["Løbenr.", "Dokument i NVivo", "Pseudonym", "Rolle", "Interviewdato", "Form", "Samtykke"]
    people = ["Ask", "Bo", "Cir", "Dan", "Eva", "Fie", "Ask", "Bo"]
    roles = ["Frivillig", "Flygtning"]
    rows: list[list[Any]] = [
        [n + 1, f"{n + 1:02} {name}", name, roles[n % 2], f"2027-0{n + 1}-03", "Telefon", "Ja"] for n, name in enumerate(people)
    ]
    rows[2][-1] = "Nej - trukket tilbage 3-10-2027"
    rows.append([9, "", "Gerd", "Frivillig", "", "", ""])
    path = book(tmp_path / "liste.xlsx", [head, *rows])
    found = propose(path, programme=PROGRAMME)
    assert asked(found)["persons"] == "pseudonym"
    assert any("10" in one for one in found.told if "holdt" in one)
    assert set(asked(found)) == {"persons", "values.consent_analysis"}, "a consent that was taken back is none"
    register = normalised(path, settle(found, asked(found) | {"values.consent_analysis": "quote"})).frames["interviews"]
    assert list(register["source"]) == [f"{n + 1:02} {name}" for n, name in enumerate(people)]
    assert register["person"].nunique() == 6
    assert list(register["consent_analysis"]).count("no") == 1


def test_what_is_planned_is_left_out_and_a_slip_is_not(tmp_path: Path) -> None:
    head = ["Forløbsnr.", "Køn", "Startdato", "Slutdato", "Årsag til afslutning"]
    rows = [[f"F{n}", "K", f"2027-0{n}-01", "", ""] for n in range(1, 7)]
    path = book(tmp_path / "reg.xlsx", [head, *rows, ["F7", "M", "2027-11-08", "", ""]])
    seen = datetime.date(2027, 10, 31)
    found = propose(path, programme=PROGRAMME, seen_until=seen, kind="matches")
    frame = normalised(path, settle(found, asked(found))).frames["matches"]
    assert list(frame["match"]) == ["F1", "F2", "F3", "F4", "F5", "F6"]
    assert any("(række 8)" in one for one in found.told)
    for slip in (["F7", "M", "2037-11-08", "", ""], ["F7", "M", "2027-11-08", "2027-12-01", "Flyttet"]):
        other = book(tmp_path / "slip.xlsx", [head, *rows, slip])
        kept = propose(other, programme=PROGRAMME, seen_until=seen, kind="matches")
        assert len(normalised(other, settle(kept, asked(kept))).frames["matches"]) == 7, "its reader refuses it"


def test_those_who_tell_by_their_role_are_of_their_case_and_a_factor_has_one_spelling(tmp_path: Path) -> None:
    rows = [["Case", "Fra", "Til", "Fortegn", "Citat", "Hvem siger det"]]
    for case in range(1, 5):
        rows.append([f"Case {case}", "Lang vej" if case > 1 else "lang vej ", "Fremmøde", "÷", f"ord {case}", "Deltageren"])
        rows.append([f"Case {case}", "Tryghed", "Fremmøde", "+", f"andre ord {case}", "Underviseren"])
    rows.append(list(rows[-1]))
    path = book(tmp_path / "led.xlsx", rows)
    found = propose(path, programme=PROGRAMME)
    assert not found.questions
    frame = normalised(path, settle(found)).frames["mappings"]
    frame.to_csv(tmp_path / "links.csv", index=False)
    links = read_mappings(tmp_path / "links.csv").links
    assert len(links) == 8
    assert links["informant"].nunique() == 8
    assert sorted(set(links["cause"])) == ["Lang vej", "Tryghed"]
    assert set(links.loc[links["cause"] == "Lang vej", "direction"]) == {"hinders"}


def ods(path: Path, rows: list[list[Any]]) -> Path:
    """A spreadsheet as LibreOffice writes it: cells that come again are said once, and a million empty rows follow."""
    cells = [
        "".join(
            f'<t:table-cell o:value-type="float" o:value="{cell}"><x:p>{cell}</x:p></t:table-cell>'
            if isinstance(cell, int)
            else f"<t:table-cell><x:p>{cell}</x:p></t:table-cell>"
            for cell in row
        )
        for row in rows
    ]
    names = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for one, name in (("o", "office"), ("t", "table"), ("x", "text"))
    )
    body = "".join(f"<t:table-row>{row}</t:table-row>" for row in cells)
    body += '<t:table-row t:number-rows-repeated="1048500"><t:table-cell t:number-columns-repeated="16384"/></t:table-row>'
    sheet = f'<o:spreadsheet><t:table t:name="Ark">{body}</t:table></o:spreadsheet>'
    content = f"<o:document-content {names}><o:body>{sheet}</o:body></o:document-content>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return path


def test_numbers_of_each_municipality_are_taken_as_they_are_from_either_spreadsheet(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Kommune", "Ventetid i uger", "Note"], *[[town, n, ""] for n, town in enumerate(TOWNS)]]
    rows[4][1] = "ikke oplyst"
    answers = []
    for path in (book(tmp_path / "venteliste.xlsx", rows), ods(tmp_path / "venteliste.ods", rows)):
        found = propose(path, programme=PROGRAMME)
        assert (found.kind, found.unit, found.sure) == ("survey", "municipality", True)
        answers.append(normalised(path, settle(found)).frames["answers"].astype(str).to_dict("list"))
    assert answers[0] == answers[1]
    (column,) = [cells for name, cells in answers[0].items() if "vent" in str(name)]
    assert sum(float(cell) for cell in column if cell.replace(".", "").isdigit()) == sum(n for n in range(10) if n != 3)


def test_a_team_of_a_municipality_answers_once_where_that_is_said(tmp_path: Path) -> None:
    rows = [["Tidsstempel", "Hvilken kommune?", "Hvad kalder I holdet?", "Har I brug for hjælp til noget nu?"]]
    rows += [[f"2027-09-{n + 1:02} 10:00:00", town, "Hold A", ("Ja", "Nej")[n % 2]] for n, town in enumerate(TOWNS)]
    rows += [["2027-09-20 10:00:00", "Odense", "Hold B", "Ja"], ["2027-09-21 10:00:00", "Viborg", "Hold A", "Nej"]]
    rows += [["2027-09-22 10:00:00", "Vejle", "Hold B", "Ja"]]
    path = book(tmp_path / "hold.xlsx", rows)
    found = propose(path, programme=PROGRAMME, kind="survey")
    (question,) = [one for one in found.questions if one.id == "unit"]
    together = [value for value, _ in question.choices if value.startswith("respondent+")]
    assert len(together) == 1, "one place, and not the yes and no beside it"
    sizes = {value: len(normalised(path, settle(found, {"unit": value})).frames["answers"]) for value, _ in question.choices}
    assert sizes == {together[0]: 12, "municipality": 10, "respondent": 13}


def test_a_comma_in_an_answer_and_a_full_stop_behind_it_say_what_it_is(tmp_path: Path) -> None:
    rows = [["Respondentnøgle", "Fortsætter I?", "Hvad er vigtigst?"]]
    cells = ["Ja, det er besluttet", "Ja, måske", "Nej", "Ikke afklaret"]
    said = ["Det er svært at vise i tal, hvad der sker.", "Vi mangler en fast aftale.", "Folk kommer igen."]
    rows += [[n, cells[n % 4], said[n % 3]] for n in range(24)]
    found = propose(book(tmp_path / "svar.xlsx", rows), programme=PROGRAMME, kind="survey")
    types = {name: value for name, value in decided(found).items() if name.startswith("item.")}
    assert types == {"item.fortsaetter-i": "single", "item.hvad-er-vigtigst": "open"}
    assert not found.questions


def test_whether_partial_answers_that_stand_alone_count_is_asked(tmp_path: Path) -> None:
    rows = [["Kommune", "Samlet status", "Senest besvaret", "Har I en skriftlig aftale?"]]
    rows += [[town, "Gennemført" if n > 2 else "Nogen svar", f"2027-09-{n + 1:02}", "Ja"] for n, town in enumerate(TOWNS)]
    rows.append(["Aarhus Kommune", "Gennemført", "2027-09-20", "Nej"])
    path = book(tmp_path / "x.xlsx", rows)
    found = propose(path, programme=PROGRAMME)
    assert [one.question for one in found.questions if one.id == "partials"] == ["2 har kun et delvist svar. Tæller de med?"]
    counts = [len(normalised(path, settle(found, {"partials": one})).frames["answers"]) for one in ("complete-before-partial", "drop")]
    assert counts == [10, 8]

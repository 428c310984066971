"""A third set, by files of survey programs, coding programs and people, written before any rule was read; what it taught stays true."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from tests.intake.planted import Planted
from vvvresearch.errors import SourceError
from vvvresearch.evidence import read_programme
from vvvresearch.intake import Proposal, normalised, propose, settle

PROGRAMME = read_programme(Path("nowhere"))
# Before any mending: 50 files; of 39 with a kind 37 right, 1 asked, 1 refused; of 11 of no kind 10 refused and minutes of a meeting taken
# for a transcript; 13 columns wrong in silence, 14 things asked that could be known; no crash, no person in an output.
FIRST_CONTACT = {"files": 50, "kinds right": 37, "of no kind": 11, "taken wrongly": 1, "wrong": 13, "asked in vain": 14, "crashed": 0}
DEGREES = ["1 - Slet ikke", "2 - I mindre grad", "3 - I nogen grad", "4 - I høj grad", "9 - Ved ikke"]


def decided(proposal: Proposal) -> dict[str, Any]:
    return {f"{one.id.partition('.')[0]}.{one.what}": one.value for one in proposal.decided}


def proposed(folder: Path, name: str, head: list[str], rows: list[list[Any]], kind: str = "", **how: Any) -> Proposal:
    return propose(Planted(name, [head, *rows], "", **how).write(folder), programme=PROGRAMME, kind=kind)


def lime(folder: Path) -> Proposal:
    rows = [
        [
            n,
            f"2024-03-{n:02} 10:00:11",
            f"A{n % 3 + 1}",
            "Y" if n % 2 else "",
            "" if n % 2 else "Y",
            "" if n % 5 else "Et værksted",
            "YN"[n % 2],
        ]
        for n in range(1, 25)
    ]
    return proposed(folder, "lime.csv", ["id", "submitdate", "q1", "q2[SQ001]", "q2[SQ002]", "q2[other]", "q4"], rows, mark=",")


def test_labels_that_begin_with_their_number_are_a_scale_in_its_true_order(tmp_path: Path) -> None:
    rows = [[f"F{n}", DEGREES[n % 5], f"{DEGREES[n % 4][4:]} ({n % 4 + 1})"] for n in range(30)]
    found = decided(proposed(tmp_path, "grader.csv", ["Løbenr.", "Føler du dig klædt på?", "Får du hjælp nok?"], rows, "survey"))
    spaced = [[f"F{n}", DEGREES[n % 5].replace(" - ", " ")] for n in range(30)]
    other = decided(proposed(tmp_path, "mere.csv", ["Løbenr.", "Føler du dig klædt på?"], spaced, "survey"))
    assert other["scale.Føler du dig klædt på?"] == ["4 I høj grad", "3 I nogen grad", "2 I mindre grad", "1 Slet ikke"]
    assert found["scale.Føler du dig klædt på?"] == ["4 - I høj grad", "3 - I nogen grad", "2 - I mindre grad", "1 - Slet ikke"]
    assert found["scale.Får du hjælp nok?"] == ["I høj grad (4)", "I nogen grad (3)", "I mindre grad (2)", "Slet ikke (1)"]
    assert found["missing.9 - Ved ikke"] == "dont_know"


def test_codes_of_answers_are_asked_and_the_text_beside_other_is_no_box(tmp_path: Path) -> None:
    proposal = lime(tmp_path)
    found = decided(proposal)
    assert [question.items for question in proposal.questions] == [("q1",)]
    assert found["group.q2"] == "multiple"
    assert found["item.q2[other]"] == "open"
    assert "item.q1" not in found


@pytest.mark.parametrize("heading", ["Navn på den, der svarer", "Mail til kontaktperson", "E-mail, frivillig", "Name of the volunteer"])
def test_what_names_or_reaches_the_one_who_answers_is_left_out(heading: str, tmp_path: Path) -> None:
    rows = [[n, f"Skipper nummer {n}", ["Ja", "Nej"][n % 2]] for n in range(1, 21)]
    proposal = proposed(tmp_path, "svar.csv", ["Respondent", heading, "Har I en aftale?"], rows, "survey")
    assert decided(proposal)[f"column.{heading}"] == "-"
    assert "Skipper" not in str(proposal.as_dict())


def test_a_question_about_a_contact_person_is_answered_by_yes_and_no_and_stays(tmp_path: Path) -> None:
    rows = [[n, ["Ja", "Nej"][n % 2]] for n in range(1, 21)]
    assert (
        decided(proposed(tmp_path, "svar.csv", ["Respondent", "Har I en fast kontaktperson?"], rows, "survey"))[
            "item.Har I en fast kontaktperson?"
        ]
        == "single"
    )


@pytest.mark.parametrize(
    ("heading", "cell", "role"),
    [
        ("Tidsstempel", "2024/03/{:02} 2.15.33 PM EET", "submitted"),
        ("Fuldførelsestidspunkt", "2024-03-{:02} 09:12:00", "submitted"),
        ("Dato", "{}.3.2024", "submitted"),
        ("Kursusdato", "{}.3.2024", "-"),
    ],
)
def test_when_a_sheet_was_answered_is_told_from_other_days(heading: str, cell: str, role: str, tmp_path: Path) -> None:
    rows = [[n, cell.format(n), ["Ja", "Nej"][n % 2]] for n in range(1, 21)]
    found = decided(proposed(tmp_path, "svar.csv", ["Respondent", heading, "Var det et godt kursus?"], rows, "survey"))
    assert found[f"column.{heading}"] == role


def test_an_abbreviated_kommune_is_the_name_itself_and_no_slip(tmp_path: Path) -> None:
    towns = ["Aarhus K.", "Kolding K.", "Frederiksberg K.", "Odense", "Vejle", "Vejen Kommune", "Høje Tåstrup K", "Sorø"]
    rows = [[town, ["Ja", "Nej", "Ikke aktiv"][n % 3], "Ja"] for n, town in enumerate(towns)]
    proposal = proposed(tmp_path, "udtræk.csv", ["Kommune", "Aktiv i dag", "Aftale"], rows)
    assert [one.what for one in proposal.decided if one.why == "nearest"] == []
    assert decided(proposal)["value.Ikke aktiv"] == "absent"


def test_a_column_named_quotation_name_is_neither_a_person_nor_the_passage(tmp_path: Path) -> None:
    words = "vi mødes hver onsdag og drikker kaffe sammen i byen"
    rows = [[f"1:{n}", f"D{n % 3}.docx", words[:20], f"{words} {n}", ["Sprog", "Netværk"][n % 2]] for n in range(20)]
    found = decided(proposed(tmp_path, "atlas.csv", ["ID", "Document", "Quotation Name", "Quotation Content", "Codes"], rows))
    assert found["column.Quotation Content"] == "text"
    assert "column.Quotation Name" not in found


def test_a_log_of_interviews_whose_groups_nobody_knows_is_asked_for_and_not_refused(tmp_path: Path) -> None:
    rows = [[f"INT{n}", ["Skipper", "Styrmand"][n % 2], f"{n + 9}-May-23", ["Yes", "No"][n % 2], "Yes"] for n in range(1, 13)]
    proposal = proposed(tmp_path, "log.csv", ["Interview ID", "Role", "Interview date", "Interpreter", "Consent"], rows, mark=",")
    assert [(question.id, question.proposal) for question in proposal.questions] == [("kind", "interviews")]


@pytest.mark.parametrize(
    ("name", "content", "asked"),
    [
        ("V24-03.txt", "Jeg kom i marts og blev glad for byen.", False),
        ("optagelse.txt", "I: Hvordan går det?\nF: Godt.\nI: Og skolen?\nF: Den er svær.", False),
        (
            "styregruppe.txt",
            "Referat 3. maj\nTil stede: fire\nBeslutning: godkendt\nBeslutning: udsat\nFrist: i dag\nFrist: i morgen",
            True,
        ),
        ("brev.txt", "Kære alle.\nSommerfesten er den 3. juni.", True),
        ("interview med referat.txt", "Dagsorden\n1. Velkomst", True),
    ],
)
def test_a_text_is_a_transcript_in_silence_only_where_its_turns_or_its_name_say_so(
    name: str, content: str, asked: bool, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    proposal = propose(path, programme=PROGRAMME)
    assert [question.id for question in proposal.questions] == (["kind"] if asked else [])
    assert propose(path, programme=PROGRAMME, kind="transcripts").kind == "transcripts"


def test_a_workbook_with_a_password_says_so(tmp_path: Path) -> None:
    path = tmp_path / "laast.xlsx"
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(4096))
    with pytest.raises(SourceError, match="locked with a password"):
        propose(path, programme=PROGRAMME)


def test_a_sheet_of_labels_says_what_the_numbers_mean_and_the_codes_stay(tmp_path: Path) -> None:
    words = ["Meget tilfreds", "Tilfreds", "Utilfreds", "Meget utilfreds"]
    rows = [[n, n % 4 + 1, n % 2 + 1, 7 - n % 2] for n in range(1, 25)]
    sheet = [["Variabel", "Værdi", "Label"], *[["sp1" if n == 0 else "", n + 1, word] for n, word in enumerate(words)]]
    sheet += [["sp2", 1, "Ja"], ["sp2", 2, "Nej"], ["sp3", 7, "Ja"]]
    path = Planted("koder.xlsx", [["Respondent", "sp1", "sp2", "sp3"], *rows], "", sheets={"Labels": sheet}).write(tmp_path)
    proposal = propose(path, programme=PROGRAMME)
    assert decided(proposal)["scale.sp1"] == words
    # One of its codes has no label, so that column is asked.
    assert [question.items for question in proposal.questions] == [("sp3",)]
    made = normalised(path, settle(proposal, {"labels.1": "6 = Nej; 7 = Ja"}))
    assert made.frames["answers"]["q1"].tolist() == [str(n % 4 + 1) for n in range(1, 25)]
    assert 'code = "1", label = { da = "Meget tilfreds"' in made.questionnaire


def test_a_month_where_a_match_needs_a_day_is_told_with_its_row(tmp_path: Path) -> None:
    rows = [[n, f"F{n}", f"V{n}", "aug. 22" if n == 3 else f"{n}. maj 2023", "31. december 2023", "Ukendt"] for n in range(1, 13)]
    proposal = proposed(tmp_path, "par.csv", ["Match", "Flygtning", "Frivillig", "Startdato", "Slutdato", "Årsag"], rows)
    assert any("måned uden dag (række 4)" in told for told in proposal.told)


def test_main_codes_and_sub_codes_are_codings_and_which_counts_is_asked(tmp_path: Path) -> None:
    rows = [[f"vi mødes hver uge og taler dansk {n}", "AB"[n % 2], ["Gloser", "Udtale", "Naboer"][n % 3], f"F{n % 4}"] for n in range(24)]
    proposal = proposed(tmp_path, "kodning.csv", ["Uddrag", "Hovedkode", "Underkode", "Informant"], rows)
    assert proposal.kind == "codings"
    assert [question.id for question in proposal.questions] == ["role.code"]


@pytest.mark.parametrize(("who", "kept"), [(["Skipper Hansen", "Styrmand Ravn Lund"], False), (["jobcenter", "bibliotek"], True)])
def test_those_who_teach_are_left_out_by_name_and_kept_as_an_office(who: list[str], kept: bool, tmp_path: Path) -> None:
    rows = [[f"{n}. maj 2023", "Intro til rollen som ven", "Online", "Kursus", 10 + n, who[n % 2]] for n in range(1, 25)]
    proposal = proposed(tmp_path, "kurser.csv", ["Dato", "Titel", "Form", "Type", "Deltagere", "Underviser"], rows)
    assert decided(proposal)["column.Underviser"] == ("underviser" if kept else "-")
    assert "Skipper" not in str(proposal.as_dict())


PERSONS = ["Navn", "E-mail", "Telefon"]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (["Post", "Budget", "Forbrug"], ["Løn", 400, 200]),
        ([*PERSONS, "Kommune", "Rolle"], ["A B", "a@b.dk", "20 30 40 50", "Odense", "Frivillig"]),
        (["Fil", "Dato", "Fotograf", "Motiv", "Samtykke"], ["IMG_2.jpg", "3.5.2024", "A B", "Fest", "Ja"]),
        (["Punkt", "Drøftelse", "Ansvarlig", "Frist"], ["1", "Velkomst og godkendelse af dagsorden", "A B", "12. maj 2024"]),
        (["Bogført", "Tekst", "Beløb", "Saldo"], ["3.5.2024", "Tilskud", -300, 1200]),
        (["Uge", "Vagt 1", "Vagt 2", "Sted"], ["Uge 12", "A B", "C D", "Cafeen"]),
        (["Medlemsnr.", "Navn", "Adresse", "Postnr.", "Indmeldt", "Betalt"], [1, "A B", "Egevej 1", 5000, "1.1.2024", "Ja"]),
    ],
    ids=["budget", "mail list", "photos", "minutes", "account", "rota", "members"],
)
def test_a_file_of_no_kind_is_not_taken(head: list[str], row: list[Any], tmp_path: Path) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([head, *([*row[:-1], row[-1]] for _ in range(12))])
    path = tmp_path / "fil.csv"
    path.write_text(out.getvalue(), encoding="cp1252")
    with pytest.raises(SourceError, match="no kind"):
        propose(path, programme=PROGRAMME)

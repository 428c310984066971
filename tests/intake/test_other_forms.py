"""Files in forms that people and programs give them: coding sheets, printed summaries, sheets of the same columns, keys of two kinds."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from books import book

from vvvresearch.evidence import venner_viser_vej
from vvvresearch.intake import Proposal, Settled, load_map, normalised, propose, save_map, settle, told_numbers, with_known_words
from vvvresearch.sources import read_codings

PROGRAMME = venner_viser_vej()
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(path: Path, *tables: Sequence[Sequence[str]]) -> Path:
    """A Word document with tables."""

    def cell(words: str) -> str:
        return f"<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>"

    def line(row: Sequence[str]) -> str:
        return f"<w:tr>{''.join(map(cell, row))}</w:tr>"

    body = "".join(f"<w:tbl>{''.join(map(line, rows))}</w:tbl>" for rows in tables)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document xmlns:w='{_WORD}'><w:body>{body}</w:body></w:document>")
    return path


def answers(proposal: Proposal, **given: str) -> dict[str, Any]:
    """What is proposed for each question, and what is given for those that propose nothing."""
    return {one.id: given.get(one.id.replace(".", "_"), one.proposal) for one in proposal.questions}


def frame_of(proposal: Proposal, name: str, settled: Settled) -> Any:
    return normalised(proposal.path, settled).frames[name]


def test_a_coding_sheet_is_read_as_codings_and_its_other_marks_are_asked(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Coded by KT"], [], ["Visit", "Weather", "Trust", "Company", "Costs"]]
    rows += [["V1", "v", "", "v ", "?"], ["V2", "V", "no", "", "v"], ["V3", "", "v", "v", ""], ["Sum", 2, 1, 2, 1]]
    found = propose(book(tmp_path / "visits.xlsx", rows), programme=PROGRAMME)
    (question,) = found.questions
    assert (found.kind, question.id, question.items) == ("codings", "values.stance", ("?", "no"))
    settled = settle(found, {"values.stance": {"?": "-", "no": "contradicted"}})
    codings = frame_of(found, "codings", settled)
    planted = {("V1", "Weather"), ("V1", "Company"), ("V2", "Weather"), ("V2", "Costs"), ("V3", "Trust"), ("V3", "Company")}
    said = codings[codings["stance"] == "affirmed"]
    assert set(zip(said["interview"], said["code"], strict=True)) == planted
    assert codings.loc[codings["stance"] == "contradicted", ["interview", "code"]].values.tolist() == [["V2", "Trust"]]


def test_a_summary_that_nvivo_printed_counts_what_a_code_gathers_once(tmp_path: Path) -> None:
    head = ["Aggregate", "Classification", "Coverage", "Number Of Coding References", "Reference Number", "Coded By Initials"]

    def reference(number: str, who: str) -> list[str]:
        return ["", "", "", "", number, who]

    rows = [head, ["Document"], ["Files\\\\Rides\\\\R01"], ["Node"], ["Nodes\\\\Pace"], ["Yes", "", "0.1", "2", "", ""]]
    rows += [reference("1", "KT"), ["We go slowly."], ["And talk."], reference("2", "BM"), ["Never."], ["Node"], ["Nodes\\\\Pace\\Hills"]]
    rows += [["No", "", "0.1", "1", "", ""], reference("1", "BM"), ["Never."]]
    codings = read_codings(document(tmp_path / "summary.docx", rows))
    assert codings.frame[["source", "code_path", "coder", "text"]].values.tolist() == [
        ["R01", "Pace", "KT", "We go slowly.\nAnd talk."],
        ["R01", "Pace > Hills", "BM", "Never."],
    ]


def test_a_word_document_that_is_a_table_is_one(tmp_path: Path) -> None:
    rows = [["Kursusnr", "Kursus", "Dato", "Deltagere"], ["K1", "Førstehjælp", "03-02-2027", "12"], ["K2", "Trafik", "12-04-2027", "15"]]
    found = propose(document(tmp_path / "kurser.docx", rows), programme=PROGRAMME)
    settled = settle(found, answers(found, default_format="physical"))
    assert list(frame_of(found, "courses", settled)["participants"]) == ["12", "15"]


def test_sheets_of_the_same_columns_stand_below_each_other_and_a_copy_is_left_out(tmp_path: Path) -> None:
    head = ["Site", "New members", "Hours"]
    one = [head, ["North", "6*", "700 hours"], ["South", "-", 30], ["West", 1, 5]]
    other = [head, ["North", 4, 12], ["South", "ca. 3", 8], ["West", 1, 5]]
    path = book(tmp_path / "figures.xlsx", {"Q1": [*one], "Q2": other, "Q2 (copy)": other, "Note": [["Nothing"]]})
    found = propose(path, programme=PROGRAMME, kind="register", lang="en")
    table = frame_of(found, "register", settle(found, answers(found)))
    assert list(table["Sheet"]) == [*["Q1"] * 3, *["Q2"] * 3]
    numbers = told_numbers(table)
    assert numbers.groupby("measure")["value"].sum().to_dict() == {"Hours": 760.0, "New members": 15.0}


def test_of_two_keys_the_one_that_comes_again_says_who_answered(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Svarnummer", "Adgangskode", "Status", "Sidst ændret", "Hvor tit cykler du?"]]
    rows += [[700 + n, f"TK{n:02}", "Fuldført", datetime.datetime(2027, 5, 1, 10, n), ("Dagligt", "Ugentligt")[n % 2]] for n in range(20)]
    rows += [[800, "TK03", "Fuldført", datetime.datetime(2027, 6, 1), "Sjældnere"], [801, "TEST", "Fuldført", "", "Dagligt"]]
    rows.append([802, "TK77", "Inviteret", "", ""])
    found = propose(book(tmp_path / "svar.xlsx", rows), programme=PROGRAMME, kind="survey")
    read = frame_of(found, "answers", settle(found, answers(found)))
    assert len(read) == read["respondent"].nunique() == 20, "twice answered, tried and never begun are no further persons"


def test_a_register_counts_what_was_taken_up_again_once_and_asks_for_what_was_over_before(tmp_path: Path) -> None:
    head = ["Forløb", "Kommune", "Startdato", "Slutdato", "Forventet slut", "Årsag", "Fortsætter"]
    rows: list[list[Any]] = [head]
    rows += [["11", "Esbjerg", "2027-01-05", "2027-03-01", "", "afbrudt", ""]]
    rows += [["12", "Esbjerg", "2027-04-01", "2027-06-01", "", "Flyttet", "11"]]
    rows += [["13", "Varde", "2026-05-01", "2026-11-01", "", "flyttet", ""], ["14", "Varde", "2027-05-01", "", "2027-12-01", "", ""]]
    rows += [[str(20 + n), "Varde", f"2027-02-{n + 1:02}", f"2027-05-{n + 1:02}", "", "Flyttet", ""] for n in range(8)]
    rows.append(["99", "TEST", "2027-02-01", "", "", "", ""])
    path = book(tmp_path / "forloeb.xlsx", rows)
    found = propose(path, programme=PROGRAMME, since=datetime.date(2027, 1, 1), seen_until=datetime.date(2027, 12, 15))
    ids = [one.id for one in found.questions]
    assert "before_period" in ids
    assert "role.end" not in ids
    given = {**answers(found), "before_period": "left-out"}
    read = frame_of(found, "matches", settle(found, given)).set_index("match")
    assert list(read.index) == ["11", "14", *(str(20 + n) for n in range(8))]
    assert list(read.loc["11", ["start", "end", "reason"]]) == ["2027-01-05", "2027-06-01", "Flyttet"]
    assert read.loc["14", "end"] == "", "what is planned to end goes on"


def test_links_keep_to_the_consent_on_another_sheet_and_to_one_name_a_factor(tmp_path: Path) -> None:
    head = ["Case", "Fra", "Til", "Fortegn", "Kilde"]
    rows = [head, ["P1", "Godt selskab", "Cykling (ugentlig)", "+", "rytter"], ["P2", "Godt selsk.", "Ugentlig cykling", "+", "rytter"]]
    rows += [["P2", "Ugentlig cykling", "ugentlig cykling", "+", "rytter"], ["P3", "Godt selskab", "Ugentlig cykling", "-", "rytter"]]
    sheets = {"Sagt": rows, "Cases": [["Case", "Samtykke"], ["P1", "Ja"], ["P2", "ja"], ["P3", "Nej, trukket"]]}
    found = propose(book(tmp_path / "links.xlsx", sheets), programme=PROGRAMME)
    read = frame_of(found, "mappings", settle(found, answers(found)))
    assert read[["case", "cause", "effect"]].values.tolist() == [
        ["P1", "Godt selskab", "Ugentlig cykling"],
        ["P2", "Godt selskab", "Ugentlig cykling"],
    ]


def test_words_mean_in_another_layout_what_they_meant(tmp_path: Path) -> None:
    def register(name: str, head: list[str]) -> Path:
        rows = [[str(n), "Varde", "2027-02-01", "2027-05-01", ("Stoppet selv", "Flyttet")[n % 2]] for n in range(6)]
        return book(tmp_path / name, [head, *rows])

    first = propose(register("a.xlsx", ["Match", "Kommune", "Start", "Slut", "Årsag"]), programme=PROGRAMME)
    settled = settle(first, {**answers(first, default_persons="1"), "values.reason": "premature"})
    second = propose(register("b.xlsx", ["Matchnr", "Kommunenavn", "Startdato", "Slutdato", "Hvorfor slut"]), programme=PROGRAMME)
    assert "values.reason" in {one.id for one in second.questions}
    known = with_known_words(second, [load_map(save_map(settled))])
    assert "values.reason" not in {one.id for one in known.questions}
    assert {one.value for one in known.decided if one.id == "value.reason.stoppet-selv"} == {"premature"}


def test_variables_and_labels_in_a_workbook_beside_the_answers_are_read_with_them(tmp_path: Path) -> None:
    sheets = {
        "Variable": [
            ["Variabel", "Spørgsmål"],
            ["s_1", "Hvor tryg føler du dig?"],
            ["s_2", "Hvor tit kører I?"],
            ["s_3", "Skriv gerne mere"],
        ],
        "Labels": [
            ["Variabel", "Værdi", "Etiket"],
            *(["s_1", 5 - n, word] for n, word in enumerate(_SAFE)),
            ["s_2", 1, "Tit"],
            ["s_2", 2, "Nu"],
        ],
    }
    book(tmp_path / "variable og labels.xlsx", sheets)
    rows = [f"{n};05-10-2027 1{n % 10}:16;{1 + n % 5};{1 + n % 2};" for n in range(20)]
    path = tmp_path / "svar.csv"
    path.write_text("\n".join(["respondentnøgle;s_dato;s_1;s_2;s_3", *rows, "3;06-10-2027 09:00;5;1;ja tak"]), encoding="utf-8")
    proposal = propose(path, programme=PROGRAMME)
    decided = {one.id: one.value for one in proposal.decided}
    assert (decided["scale.s-1"], decided["column.s-dato"], decided["doubles"]) == (_SAFE, "submitted", "later-before-earlier")
    (frame,) = normalised(path, settle(proposal, answers(proposal))).frames.values()
    assert (len(frame), frame.set_index("respondent")["q1"].to_dict()["3"]) == (20, "5")


def test_months_beside_each_other_are_read_with_what_another_sheet_corrects(tmp_path: Path) -> None:
    months = ["jan", "feb", "mar", "apr", "maj", "jun"]
    rows = [[name, *(10 * place + n for n in range(6)), ""] for place, name in enumerate(("Nord", "Syd", "Vest"), start=1)]
    total = ["I alt", *(sum(row[1 + n] for row in rows) for n in range(6)), ""]
    sheets = {
        "Ture": [["Antal ture 2027"], ["Hold", *months, "I alt"], *rows, total, ["Andel af mål", "80 %", "90 %", "", "", "", "", ""]],
        "Rettelser": [["Hold", "Måned", "Rigtigt tal"], ["Syd", "maj", 7]],
    }
    path = book(tmp_path / "ture.xlsx", sheets)
    proposal = propose(path, programme=PROGRAMME, kind="register")
    assert [one.id for one in proposal.questions] == ["corrections"]
    for answer, may in (("Rettelser", 14 + 7 + 34), ("-", 14 + 24 + 34)):
        (frame,) = normalised(path, settle(proposal, {"corrections": answer})).frames.values()
        assert (frame[frame["Periode"] == "2027-05"]["Ture"].astype(int).sum(), set(frame["Hold"])) == (may, {"Nord", "Syd", "Vest"})


_SAFE = ["I meget høj grad", "I høj grad", "I nogen grad", "I mindre grad", "Slet ikke"]

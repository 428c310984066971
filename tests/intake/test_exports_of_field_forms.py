"""Files of other tools against what was planted: field forms, a list of questions, withdrawals, states, numbers that were used twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from vvvresearch.evidence import venner_viser_vej
from vvvresearch.intake import ReadBesideError, each_occasion, normalised, propose, settle

_HOMES = """start;end;grp/pair;grp/occasion;care/strain_0_10;care/likes;care/likes/tea;care/likes/long_walks;_id;_uuid;_submission_time
2031-02-01T09:00;2031-02-01T09:20;P01;baseline;9;tea;1;0;11;u1;2031-02-01T18:00:00
2031-08-01T09:00;2031-08-01T09:20;p01;follow_up;7;n/a;n/a;n/a;12;u2;2031-08-01T18:00:00
2031-02-02T09:00;2031-02-02T09:20;P02;baseline;4;tea long_walks;1;1;13;u3;2031-02-02T18:00:00
2031-08-02T09:00;2031-08-02T09:20;P02;follow_up;n/a;n/a;n/a;n/a;14;u4;2031-08-02T18:00:00
2031-02-03T09:00;2031-02-03T09:20;P03;baseline;6;;0;0;15;u5;2031-02-03T18:00:00
2031-08-03T09:00;2031-08-03T09:20;P03;follow_up;3;n/a;n/a;n/a;16;u6;2031-08-03T18:00:00
2031-08-03T09:00;2031-08-03T09:20;P03;follow_up;3;n/a;n/a;n/a;16;u6;2031-08-03T18:00:00
2031-02-04T09:00;2031-02-04T09:20;P04;baseline;5;long_walks;0;1;17;u7;2031-02-04T18:00:00
"""


def _taken(path: Path, answers: dict[str, Any] | None = None) -> list[Any]:
    programme = venner_viser_vej()
    settled = settle(propose(path, programme=programme), answers or {})
    return [normalised(path, one) for one in each_occasion(settled)]


def test_forms_of_the_field_are_pairs_at_two_times_with_the_boxes_of_their_list(tmp_path: Path) -> None:
    path = tmp_path / "homes.csv"
    path.write_text(_HOMES, encoding="utf-8")
    before, after = (next(iter(one.frames.values())) for one in _taken(path))
    assert list(before["respondent"]) == [f"person-P{n}" for n in range(1, 5)]
    assert list(before["strain"]) == ["9", "4", "6", "5"]
    assert [list(before[name]) for name in before if "tea" in name or "walks" in name] == [["1", "1", "0", "0"], ["0", "1", "0", "1"]]
    # One form was sent twice, one pair has no second visit, and "n/a" is no answer.
    assert dict(zip(after["respondent"], after["strain"], strict=True)) == {"person-P1": "7", "person-P2": "", "person-P3": "3"}


def test_codes_are_asked_in_the_words_of_a_list_beside_them(tmp_path: Path) -> None:
    answers = "id,submitdate,A1,B2,C3\n" + "".join(
        f"{row},2031-05-0{1 + row % 9} 10:00:00,{row % 3 + 1},{['Blue', 'Red', 'No idea'][row % 3]},note {row}\n" for row in range(1, 13)
    )
    (tmp_path / "export.csv").write_text(answers, encoding="utf-8")
    listed = tmp_path / "what was asked.csv"
    listed.write_text(
        "Code,Question,Answers\nA1,How often do you meet in a month?,1 = Never | 2 = At times | 3 = Always\n"
        "B2,Which colour has your door?,Red / Blue / Green\nC3,Is there anything else to say?,\n",
        encoding="utf-8",
    )
    programme = venner_viser_vej()
    proposal = propose(tmp_path / "export.csv", programme=programme)
    asked = {one.id: one for one in proposal.decided}
    assert asked["item.a1"].what == "How often do you meet in a month?"
    assert asked["item.b2"].what == "Which colour has your door?"
    with pytest.raises(ReadBesideError):
        propose(listed, programme=programme)
    # A table that lists nobody's headings is no such list.
    (tmp_path / "export.csv").unlink()
    with pytest.raises(Exception, match="kind"):
        propose(listed, programme=programme)


def _log(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_who_withdrew_on_another_sheet_has_withdrawn(tmp_path: Path) -> None:
    log = [["Interview", "Person", "Role", "Date", "Consent"]]
    log += [[f"I0{n}", f"P0{n}", "Volunteer" if n % 2 else "Refugee", f"{n} May 2031", "Yes"] for n in range(1, 7)]
    gone = [["Person", "Withdrew on"], ["P02", "1 June 2031"], ["P05", "3 June 2031"]]
    path = _log(tmp_path / "log.xlsx", {"Interviews": log, "Withdrawals": gone})
    programme = venner_viser_vej()
    proposal = propose(path, programme=programme)
    given = {one.id: "analysis" for one in proposal.questions}
    frame = normalised(path, settle(proposal, given)).frames["interviews"]
    said = dict(zip(frame["person"], frame["consent_analysis"], strict=True))
    assert [name for name, word in said.items() if word == "no"] == ["P02", "P05"]


def test_a_register_tells_natural_ends_by_its_state_and_two_matches_of_one_number_apart(tmp_path: Path) -> None:
    rows = ["Match no;Started;Ended;Status;Reason"]
    rows += [
        f"M{n:02};1 Mar 2031;{n} Jun 2031;{'Ended as planned' if n % 2 else 'BROKEN OFF'};{'' if n % 2 else 'moved'}" for n in range(1, 9)
    ]
    rows += ["M09;1 Mar 2031;;Going on;", "M03;5 Apr 2031;;Going on;", "M10;1 Mar 2031;9 Jul 2031;Broken off;"]
    path = tmp_path / "register.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    programme = venner_viser_vej()
    proposal = propose(path, programme=programme)
    asked = {question.id for question in proposal.questions}
    assert "one_number" in asked
    for way, expected in (("two", ["M03", "M03 (2)"]), ("last", ["M03"]), ("first", ["M03"])):
        given = {"one_number": way, "values.reason": "moved"} | {name: "1" for name in asked if name == "default.persons"}
        frame = normalised(path, settle(proposal, given)).frames["matches"]
        assert [name for name in frame["match"] if name.startswith("M03")] == expected
        assert (frame.loc[frame["match"] == "M03", "end"].iloc[0] == "") is (way == "last")
    kinds = dict(zip(frame["match"], frame["reason_class"], strict=True))
    assert [kinds[f"M0{n}"] for n in (1, 2, 5, 9)] == ["natural", "moved", "natural", ""]
    assert kinds["M10"] == ""


def test_steps_that_stand_under_several_themes_are_asked_where_one_cell_holds_the_code(tmp_path: Path) -> None:
    passages = ["Document;Segment;Code;Created by"]
    for number, (theme, side) in enumerate((one, two) for one in ("Rest", "Money", "Calm") for two in ("gain", "no gain", "gain")):
        passages.append(f"I0{number % 4} talk;she told us how the week went, part {number};Effects > {theme} > {side};KM")
    path = tmp_path / "segments.csv"
    path.write_text("\n".join(passages), encoding="utf-8")
    asked = {target for one in propose(path, programme=venner_viser_vej()).questions for target in one.targets}
    assert {"meaning.leaf.gain", "meaning.leaf.no-gain"} <= asked

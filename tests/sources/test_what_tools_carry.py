"""Memos, dates, sets, colours and comments of a coded project are kept and written back, and what is not kept is listed."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import refi_projects as refi
import test_codings_databases as databases
from lxml import etree
from refi_projects import DANISH, coding, ident, selection, text_source
from test_refi_writing import valid

import vvvresearch as vvv
from vvvresearch.errors import AnalysisError, SourceError
from vvvresearch.evidence import Codings, Consent

PASSAGES = ("Hun viste mig", "hvordan man kører med bus", "og vi lo 😂 længe", "Nu spiser vi sammen hver tirsdag", "børnene leger i gården")
DATE = "2022-11-28T10:11:12Z"


def note(name: str, text: str, attributes: str = "") -> str:
    return f'<Note guid="{ident(name)}" name="{name}" {attributes}><PlainTextContent>{text}</PlainTextContent></Note>'


def reference(name: str) -> str:
    return f'<NoteRef targetGUID="{ident(name)}"/>'


def rich(folder: Path) -> Path:
    """A project with something in every place that the model holds."""
    start, end = refi.span(DANISH, PASSAGES[0])
    dated = coding("net", "Ida").replace("<Coding ", f'<Coding creationDateTime="{DATE}" ')
    coded = selection(start, end, dated, name=PASSAGES[0], description="a comment")
    comment = selection(*refi.span(DANISH, PASSAGES[1]), reference("on passage"))
    source = text_source("i1", coded + comment + reference("on source"), path="internal://i1.txt")
    codes = refi.code("net", f"<Description>ties</Description>{reference('on code')}").replace("isCodable", 'color="#00FF00" isCodable')
    members = f'<MemberCode targetGUID="{ident("net")}"/><MemberSource targetGUID="{ident("i1")}"/>'
    sets = f'<Sets><Set guid="{ident("s")}" name="G">{members}</Set></Sets>'
    notes = "".join(
        note(name, f"text {name}", f'creatingUser="{ident("Bo")}" creationDateTime="{DATE}"')
        for name in ("on passage", "on source", "on code", "on project", "alone")
    )
    qde = refi.project(
        refi.users("Ida", "Bo"),
        f"<CodeBook><Codes>{codes}</Codes></CodeBook>",
        f'<Cases><Case guid="{ident("c")}" name="pair 1"><Description>about it</Description>'
        f'<SourceRef targetGUID="{ident("i1")}"/></Case></Cases>',
        refi.sources(source),
        f"<Notes>{notes}</Notes>",
        sets,
        "<Description>the whole</Description>",
        reference("on project"),
    )
    return refi.write(folder / "p.qdpx", qde, {"sources/i1.txt": DANISH.encode()})


def test_memos_dates_sets_and_colours_are_kept_and_nothing_is_lost(tmp_path: Path) -> None:
    read = vvv.read_codings(rich(tmp_path))
    assert not len(read.losses), str(read.losses)
    assert read.frame[["date", "memo"]].values.tolist() == [[DATE, "a comment"]]
    memos = read.memos.astype(object).where(read.memos.notna(), "")
    place = list(refi.span(DANISH, PASSAGES[1]))
    assert sorted(memos.values.tolist()) == sorted(
        [
            ["code", "net", "", "", "on code", "text on code", "Bo", DATE],
            ["source", "i1", "", "", "on source", "text on source", "Bo", DATE],
            ["passage", "i1", *place, "on passage", "text on passage", "Bo", DATE],
            ["case", "pair 1", "", "", "", "about it", "", ""],
            ["project", "", "", "", "on project", "text on project", "Bo", DATE],
            ["project", "", "", "", "alone", "text alone", "Bo", DATE],
            ["project", "", "", "", "", "the whole", "", ""],
        ]
    )
    assert read.sets.values.tolist() == [["G", "code", "net"], ["G", "source", "i1"]]
    assert read.codebook.frame.loc[0, "color"] == "#00FF00"


def test_what_was_kept_is_written_back_valid_and_read_again(tmp_path: Path) -> None:
    first = vvv.read_codings(rich(tmp_path))
    assert not len(vvv.write_refi(first, tmp_path / "out.qdpx"))
    valid(tmp_path / "out.qdpx")
    second = vvv.read_codings(tmp_path / "out.qdpx")
    assert not len(second.losses), str(second.losses)
    pd.testing.assert_frame_equal(second.frame, first.frame)
    order = ["on", "target", "title", "text"]
    kept = [codings.memos.sort_values(order).reset_index(drop=True) for codings in (first, second)]
    pd.testing.assert_frame_equal(kept[0], kept[1])
    pd.testing.assert_frame_equal(second.sets, first.sets)
    pd.testing.assert_frame_equal(second.cases, first.cases)


def test_every_attribute_and_text_that_is_added_anywhere_is_listed(tmp_path: Path) -> None:
    path = rich(tmp_path)
    with zipfile.ZipFile(path) as archive:
        qde = archive.read("project.qde")
    places = len(list(etree.fromstring(qde).iter()))
    assert places > 30
    for number in range(places):
        root = etree.fromstring(qde)
        one = list(root.iter())[number]
        one.set("novelty", "something")
        added = refi.write(tmp_path / "p.qdpx", etree.tostring(root).decode(), {"sources/i1.txt": DANISH.encode()})
        losses = vvv.read_codings(added).losses
        tag = etree.QName(one).localname
        assert [loss.what for loss in losses] == [f"values of <{tag}> novelty"], f"<{tag}>"


def test_fields_of_the_standard_that_the_model_lacks_are_listed(tmp_path: Path) -> None:
    path = rich(tmp_path)
    with zipfile.ZipFile(path) as archive:
        qde = archive.read("project.qde").decode()
    qde = qde.replace("<Coding ", f'<Coding modifiedDateTime="{DATE}" modifyingUser="{ident("Bo")}" ')
    read = vvv.read_codings(refi.write(path, qde, {"sources/i1.txt": DANISH.encode(), "sources/film.mp4": b"x"}))
    counted = {loss.what: loss.count for loss in read.losses}
    assert counted == {
        "files in the archive that are not read": 1,
        "values of <Coding> modifiedDateTime": 1,
        "values of <Coding> modifyingUser": 1,
    }


@pytest.mark.parametrize("build", [databases.qualcoder, databases.taguette, databases.rqda, databases.requal])
def test_a_filled_column_that_no_reader_knows_is_listed(tmp_path: Path, build: object) -> None:
    path = build(tmp_path)
    file = path / "data.qda" if path.is_dir() else path
    with sqlite3.connect(file) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        filled = {}
        for table in tables:
            count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            connection.execute(f"ALTER TABLE {table} ADD COLUMN novelty text")
            connection.execute(f"UPDATE {table} SET novelty = 'new'")
            filled[table] = count
        connection.execute("CREATE TABLE unknown_things (a text)")
        connection.execute("INSERT INTO unknown_things VALUES ('x')")
    connection.close()
    losses = vvv.read_codings(path).losses
    counted = {loss.what: loss.count for loss in losses}
    assert counted["rows of the table unknown_things"] == 1
    whole = sum(loss.count for loss in losses if loss.detail == "not read") - 1
    columns = sum(count for what, count in counted.items() if what.startswith("cells of the column novelty"))
    assert whole + columns == sum(filled.values())


def test_a_memo_on_an_interview_goes_with_a_person_who_withdraws(tmp_path: Path) -> None:
    read = vvv.read_codings(rich(tmp_path))
    register = pd.DataFrame({"interview": ["a", "b"], "source": ["i1", "i2"], "pair": "", "respondent_group": "volunteer"})
    consent = Consent.of(register.assign(consent_analysis=[False, True], consent_quote=True))
    kept = consent.apply(read, "codings")
    assert "i1" not in set(kept.memos["target"])
    assert kept.sets.values.tolist() == [["G", "code", "net"]]


# --- passages that do not stand where their position says


@pytest.mark.parametrize("length", [50, 100])
def test_names_cut_without_a_sign_are_evidence_for_the_position(tmp_path: Path, length: int) -> None:
    text = (
        "\n".join(f"{DANISH.strip()} Samtale nummer {number} handlede om noget andet end de forrige." for number in range(8))
        + "\nTak for samtalen i dag."
    )
    raw = text.replace("\n", "\r\n")
    parts = []
    for number in range(8):
        start = text.index(f"Samtale nummer {number}") - 60
        span = (start, start + 125)
        name = " ".join(text[slice(*span)].split())[:length]
        parts.append(selection(*(refi.count(raw, place, unit="utf-16") for place in span), coding("net", "A", str(number)), name=name))
    codes = f"<CodeBook><Codes>{refi.code('net')}</Codes></CodeBook>"
    qde = refi.project(refi.users("A"), codes, refi.sources(text_source("i1", "".join(parts), path="internal://a.txt")))
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, {"sources/a.txt": raw.encode()}))
    assert read.offsets["i1"].evidence == "quote"
    assert read.offsets["i1"].score == 1.0
    assert [text[row.start : row.end] for row in read.frame.itertuples()] == read.frame["text"].tolist()
    assert all(row.end - row.start == 125 for row in read.frame.itertuples())


@pytest.mark.parametrize("counted", [0, 1, 2])
@pytest.mark.parametrize("quoted", [True, False])
def test_two_byte_order_marks_are_no_part_of_the_text(tmp_path: Path, counted: int, quoted: bool) -> None:
    parts = [
        selection(start + counted, end + counted, coding("net", "A", passage), name=passage if quoted else None)
        for passage in PASSAGES
        for start, end in [refi.span(DANISH, passage)]
    ]
    codes = f"<CodeBook><Codes>{refi.code('net')}</Codes></CodeBook>"
    qde = refi.project(refi.users("A"), codes, refi.sources(text_source("i1", "".join(parts), path="internal://a.txt")))
    raw = refi.BOM * 2 + DANISH
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, {"sources/a.txt": raw.encode()}))
    assert read.frame["text"].tolist() == list(PASSAGES)
    assert read.texts["i1"] == DANISH


def test_a_stored_passage_that_disagrees_with_its_position_is_looked_for_in_the_text(tmp_path: Path) -> None:
    path = databases.qualcoder(tmp_path)
    with sqlite3.connect(path / "data.qda") as connection:
        connection.execute("UPDATE code_text SET pos0 = pos0 + 6, pos1 = pos1 + 6 WHERE ctid = 1")
        connection.execute("INSERT INTO code_text VALUES (9, 3, 1, 'det blev slettet', 4, 20, 'A', '2022-11-28 10:00:00', '')")
    connection.close()
    read = vvv.read_codings(path)
    text = read.frame[read.frame["source"] == "i1"]
    assert text["text"].tolist()[:3] == list(databases.PASSAGES)
    assert text["start"].isna().tolist() == [False, False, False, True]
    assert text["date"].tolist() == ["", "", "", "2022-11-28T10:00:00"]
    counted = {loss.what: loss.count for loss in read.losses}
    assert counted["passages that were not at their position"] == 1
    assert counted["passages whose stored text stands no longer in the source"] == 1


def test_a_stored_passage_that_stands_twice_is_the_one_near_its_place(tmp_path: Path) -> None:
    path = databases.qualcoder(tmp_path)
    filler = "og så videre. " * 200
    with sqlite3.connect(path / "data.qda") as connection:
        raw = connection.execute("SELECT fulltext FROM source WHERE id = 1").fetchone()[0]
        start = len(raw + filler)
        connection.execute("UPDATE source SET fulltext = fulltext || ? || 'Hun viste mig' WHERE id = 1", (filler,))
        connection.execute("INSERT INTO code_text VALUES (9, 3, 1, 'Hun viste mig', ?, ?, 'A', '', '')", (start - 5, start + 8))
    connection.close()
    read = vvv.read_codings(path)
    row = read.frame[read.frame["source"] == "i1"].iloc[-1]
    assert (row["start"], row["text"]) == (read.texts["i1"].rindex("Hun viste mig"), "Hun viste mig")


def test_a_project_whose_stored_passages_stand_nowhere_is_refused(tmp_path: Path) -> None:
    path = databases.qualcoder(tmp_path)
    with sqlite3.connect(path / "data.qda") as connection:
        for number in range(10, 20):
            connection.execute(f"INSERT INTO code_text VALUES ({number}, 3, 1, 'stand nowhere {number}', 4, 20, 'A', '', '')")
    connection.close()
    with pytest.raises(SourceError, match="do not fit the texts"):
        vvv.read_codings(path)


@pytest.mark.parametrize("status", [0, -1])
def test_rqda_counts_only_what_has_the_status_one(tmp_path: Path, status: int) -> None:
    path = databases.rqda(tmp_path)
    before = len(vvv.read_codings(path).frame)
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO coding SELECT cid, fid, seltext, selfirst, selend, ?, owner, date, memo FROM coding LIMIT 1", (status,)
        )
        connection.execute("UPDATE caselinkage SET status = ?", (status,))
    connection.close()
    read = vvv.read_codings(path)
    assert len(read.frame) == before
    assert read.cases["source"].tolist() == [""]


def test_a_cell_larger_than_any_text_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vvvresearch.files import Limits
    from vvvresearch.sources.qda import _databases

    path = databases.requal(tmp_path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE documents SET doc_text = doc_text || zeroblob(200000)")
    connection.close()
    monkeypatch.setattr(_databases, "Limits", lambda: Limits(text_bytes=100_000))
    with pytest.raises(SourceError, match="cannot be read"):
        vvv.read_codings(path)


# --- what codes, sets, colours and comments mean


def meant(folder: Path, codes: str, rows: list[tuple[str, str, str]], extra: str = "", memo: str = "") -> Path:
    """A project with codings of (passage, code, coder)."""
    parts = [
        selection(*refi.span(DANISH, passage), coding(name, coder, passage), name=passage, description=memo)
        for passage, name, coder in rows
    ]
    coders = sorted({coder for _, _, coder in rows})
    source = text_source("i1", "".join(parts), inline=DANISH)
    return refi.write(
        folder / "p.qdpx",
        refi.project(refi.users(*coders), f"<CodeBook><Codes>{codes}</Codes></CodeBook>", refi.sources(source), extra),
        {},
    )


def stances(codings: Codings) -> list[tuple[str, str, str]]:
    stance = codings.frame["stance"] if "stance" in codings.frame else [""] * len(codings.frame)
    return list(zip(codings.frame["text"], codings.frame["code_path"], stance, strict=True))


@pytest.mark.parametrize("word", ["Modsat", "imod", "AFKRÆFTER", "Contradicts"])
def test_a_sure_word_beside_a_theme_makes_the_passage_contradict_it(tmp_path: Path, word: str) -> None:
    one, two, three = PASSAGES[:3]
    rows = [(one, "net", "A"), (one, word, "A"), (two, "net", "A"), (two, word, "B"), (three, word, "A")]
    read = vvv.read_codings(meant(tmp_path, refi.code("net") + refi.code(word), rows))
    assert stances(read) == [(one, "net", "contradicted"), (two, "net", ""), (two, word, ""), (three, word, "")]
    assert any(loss.what == "codings that say a stance on a passage without a theme" and loss.count == 2 for loss in read.losses)


def test_a_sure_word_below_a_theme_is_that_theme_contradicted(tmp_path: Path) -> None:
    one, two = PASSAGES[:2]
    codes = refi.code("net", refi.code("Imod", key="a") + refi.code("tæt")) + refi.code("job", refi.code("Imod", key="b"))
    read = vvv.read_codings(meant(tmp_path, codes, [(one, "a", "A"), (one, "net", "A"), (two, "b", "A"), (two, "tæt", "A")]))
    assert stances(read) == [(one, "net", "contradicted"), (two, "job", "contradicted"), (two, "net > tæt", "")]
    assert read.codebook.paths == ["net", "net > tæt", "job"]


def test_a_folder_of_stances_is_no_theme(tmp_path: Path) -> None:
    one, two = PASSAGES[:2]
    codes = refi.code("net") + refi.code("Retning", refi.code("Imod") + refi.code("Bekræfter"), codable="false")
    read = vvv.read_codings(meant(tmp_path, codes, [(one, "net", "A"), (one, "Imod", "A"), (two, "net", "A"), (two, "Bekræfter", "A")]))
    assert stances(read) == [(one, "net", "contradicted"), (two, "net", "affirmed")]
    assert read.codebook.paths == ["net"]


def test_a_theme_that_only_contains_such_a_word_stays_a_theme(tmp_path: Path) -> None:
    codes = refi.code("Imod kommunen") + refi.code("Imod", refi.code("staten"))
    rows = [(PASSAGES[0], "Imod kommunen", "A"), (PASSAGES[0], "staten", "A"), (PASSAGES[0], "Imod", "A")]
    read = vvv.read_codings(meant(tmp_path, codes, rows))
    assert len(read.frame) == 3
    assert "stance" not in read.frame


@pytest.mark.parametrize(
    ("meaning", "attribute", "expected"),
    [
        ({"stance": {"code": {"Negativ": "contradicted"}}}, "stance", ["contradicted", ""]),
        ({"phase": {"code": {"negativ": "start"}}}, "phase", ["start", ""]),
        ({"beneficiary": {"set": {"børn": "child"}}}, "beneficiary", ["child", "child", ""]),
        ({"prompted": {"color": {"#ff0000": "prompted"}}}, "prompted", ["", "", "prompted"]),
        ({"stance": {"comment": {"Modsat": "contradicted"}}}, "stance", ["contradicted"] * 3),
    ],
)
def test_a_declared_meaning_stands_in_a_column_and_survives_writing(
    tmp_path: Path, meaning: dict[str, dict[str, dict[str, str]]], attribute: str, expected: list[str]
) -> None:
    codes = refi.code("net") + refi.code("Negativ").replace("isCodable", 'color="#FF0000" isCodable')
    sets = f'<Sets><Set guid="{ident("s")}" name="Børn"><MemberCode targetGUID="{ident("net")}"/></Set></Sets>'
    rows = [(PASSAGES[0], "net", "A"), (PASSAGES[1], "net", "A"), (PASSAGES[0], "Negativ", "A")]
    path = meant(tmp_path, codes, rows, sets, memo="modsat: hun er uenig")
    assert not {"stance", "phase", "beneficiary", "prompted"} & set(vvv.read_codings(path).frame.columns)
    read = vvv.read_codings(path, meaning=meaning)
    assert read.frame[attribute].tolist() == expected
    vvv.write_refi(read, tmp_path / "out.qdpx")
    again = vvv.read_codings(tmp_path / "out.qdpx").frame
    assert again.sort_values("start")[attribute].tolist() == read.frame.sort_values("start")[attribute].tolist()


@pytest.mark.parametrize(
    ("meaning", "words"),
    [
        ({"stanse": {"code": {"net": "contradicted"}}}, "stanse"),
        ({"stance": {"kode": {"net": "contradicted"}}}, "kode"),
        ({"stance": {"code": {"net": "against"}}}, "against"),
        ({"stance": {"code": {"nte": "contradicted"}}}, "nte"),
        ({"stance": {"set": {"G": "contradicted"}}}, "G"),
        ({"stance": {"color": {"#123456": "contradicted"}}}, "#123456"),
    ],
)
def test_a_meaning_of_something_that_does_not_exist_is_refused(
    tmp_path: Path, meaning: dict[str, dict[str, dict[str, str]]], words: str
) -> None:
    path = meant(tmp_path, refi.code("net"), [(PASSAGES[0], "net", "A")])
    with pytest.raises(AnalysisError, match=words):
        vvv.read_codings(path, meaning=meaning)


# --- what the standard has no place for comes back from what this package writes


@pytest.mark.parametrize("date", ["2023-05-01", "i maj", "2023-05-01T10:20:30Z"])
def test_a_date_comes_back_as_it_was_typed(tmp_path: Path, date: str) -> None:
    (tmp_path / "t.csv").write_text(f"Interview,Citat,Kode,Dato,Memo\ni1,Hun viste mig,net,{date},a\\nb\n", encoding="utf-8")
    first = vvv.read_codings(tmp_path / "t.csv", {"i1": DANISH})
    assert first.frame["date"].tolist() == [date]
    assert not len(vvv.write_refi(first, tmp_path / "out.qdpx"))
    valid(tmp_path / "out.qdpx")
    assert vvv.read_codings(tmp_path / "out.qdpx").frame["date"].tolist() == [date]


def test_a_passage_outside_of_its_text_keeps_its_quote_and_memo_through_a_written_project(tmp_path: Path) -> None:
    lost = selection(9000, 9010, coding("net", "Ida"), name="der stod \\ ikke", description="en note\npå to linjer med \\n")
    start, end = refi.span(DANISH, PASSAGES[0])
    codes = f"<CodeBook><Codes>{refi.code('net')}</Codes></CodeBook>"
    source = text_source("i1", selection(start, end, coding("net", "Bo"), name=PASSAGES[0]) + lost, path="internal://i1.txt")
    qde = refi.project(refi.users("Ida", "Bo"), codes, refi.sources(source))
    first = vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, {"sources/i1.txt": DANISH.encode()}), min_offset_score=0)
    assert first.frame["region"].tolist() == ["", "unknown place"]
    assert not len(vvv.write_refi(first, tmp_path / "out.qdpx"))
    second = vvv.read_codings(tmp_path / "out.qdpx")
    pd.testing.assert_frame_equal(second.frame, first.frame)
    assert second.frame["text"].tolist() == [PASSAGES[0], "der stod \\ ikke"]


def test_a_coding_with_two_codes_is_two_codings_and_the_next_one_keeps_its_own(tmp_path: Path) -> None:
    two = coding("net", "Ida").replace("</Coding>", f'<CodeRef targetGUID="{ident("arbejde")}"/></Coding>')
    parts = [
        selection(*refi.span(DANISH, passage), inner, name=passage)
        for passage, inner in zip(PASSAGES, (two, coding("net", "Bo")), strict=False)
    ]
    codes = f"<CodeBook><Codes>{refi.code('net')}{refi.code('arbejde')}</Codes></CodeBook>"
    source = text_source("i1", "".join(parts), path="internal://i1.txt")
    qde = refi.project(refi.users("Ida", "Bo"), codes, refi.sources(source))
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, {"sources/i1.txt": DANISH.encode()}))
    rows = read.frame[["text", "code_path", "coder"]].values.tolist()
    assert rows == [[PASSAGES[0], "net", "Ida"], [PASSAGES[0], "arbejde", "Ida"], [PASSAGES[1], "net", "Bo"]]


def test_passages_of_spaces_alone_tell_that_a_mark_is_counted(tmp_path: Path) -> None:
    text = "a  b  c  d"
    parts = [selection(place + 1, place + 3, coding("net", "Ida", str(place)), name="  ") for place in (1, 4, 7)]
    codes = f"<CodeBook><Codes>{refi.code('net')}</Codes></CodeBook>"
    source = text_source("i1", "".join(parts), path="internal://i1.txt")
    qde = refi.project(refi.users("Ida"), codes, refi.sources(source))
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, {"sources/i1.txt": (refi.BOM + text).encode()}), min_offset_score=0)
    assert read.frame["text"].tolist() == ["  "] * 3

"""SQLite projects of QualCoder, Taguette, RQDA and requal are read with the right passages."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from refi_projects import BOM, DANISH, span

import vvvresearch as vvv
from vvvresearch.errors import SourceError

PASSAGES = ("Hun viste mig", "og vi lo 😂 længe", "Nu spiser vi sammen hver tirsdag")


def database(path: Path, script: str, **rows: list[tuple[object, ...]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as connection:
        connection.executescript(script)
        for table, values in rows.items():
            marks = ",".join("?" * len(values[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
    connection.close()
    return path


QUALCODER = """
CREATE TABLE project (databaseversion text, date text, memo text);
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text);
CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer);
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text, color text{});
CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer,
    owner text, date text, memo text);
CREATE TABLE code_av (avid integer primary key, id integer, pos0 integer, pos1 integer, cid integer, memo text, date text, owner text);
CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text);
CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, owner text, date text, memo text);
CREATE TABLE attribute_type (name text primary key, date text, owner text, memo text, caseOrFile text, valuetype text);
CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text, id integer, date text, owner text);
CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, owner text, date text);
"""


def qualcoder(folder: Path, *, utf16: bool = False, sub_codes: bool = True, mark: str = BOM) -> Path:
    raw = mark + DANISH

    def place(passage: str) -> tuple[int, int]:
        start = raw.index(passage)
        lengths = [len(raw[:end].encode("utf-16-le")) // 2 if utf16 else end for end in (start, start + len(passage))]
        return lengths[0], lengths[1]

    below = (2,) if sub_codes else ()
    top = (None,) if sub_codes else ()
    database(
        folder / "p.qda" / "data.qda",
        QUALCODER.format(", supercid integer" if sub_codes else ""),
        source=[(1, "i1", raw, None, "a memo", "o", ""), (2, "talk.mp3", None, "/audio/talk.mp3", "", "o", "")],
        code_cat=[(1, "Net", "", "", "", None), (2, "Ties", "", "", "", 1)],
        code_name=[(2, "friends", "those who stay", 2, "", "", "#FF0000", *top), (3, "close", "", 2, "", "", "", *below)],
        code_text=[
            (n, 3, 1, passage, *place(passage), coder, "", "m") for n, (passage, coder) in enumerate(zip(PASSAGES, "AAB", strict=True))
        ],
        code_av=[(1, 2, 1000, 2000, 2, "", "", "A")],
        cases=[(1, "pair 1", "", "", ""), (2, "pair 2", "", "", "")],
        case_text=[(1, 1, 1, 0, len(raw), "", "", "")],
        attribute_type=[("age", "", "", "", "file", "numeric")],
        attribute=[(1, "age", "file", "34", 1, "", ""), (2, "wave", "case", "one", 1, "", "")],
        annotation=[(1, 1, 0, 4, "look", "", "")],
    )
    return folder / "p.qda"


@pytest.mark.parametrize("utf16", [False, True])
@pytest.mark.parametrize("mark", ["", BOM])
@pytest.mark.parametrize("as_file", [False, True])
def test_qualcoder_passages_stand_where_they_were_coded(tmp_path: Path, utf16: bool, mark: str, as_file: bool) -> None:
    path = qualcoder(tmp_path, utf16=utf16, mark=mark)
    read = vvv.read_codings(path / "data.qda" if as_file else path)
    text = read.frame[read.frame["source"] == "i1"]
    assert text["text"].tolist() == list(PASSAGES)
    assert text["start"].tolist() == [span(DANISH, passage)[0] for passage in PASSAGES]
    assert read.texts == {"i1": DANISH}
    assert read.coders == ["A", "B"]
    assert read.offsets["i1"].evidence == "quote"


def test_qualcoder_trees_cases_variables_and_media(tmp_path: Path) -> None:
    read = vvv.read_codings(qualcoder(tmp_path))
    assert read.codebook.paths == ["Net", "Net > Ties", "Net > Ties > friends", "Net > Ties > friends > close"]
    assert read.codebook.frame["is_codable"].tolist() == [False, False, True, True]
    assert read.codebook.frame.loc[2, "definition"] == "those who stay"
    assert read.frame["region"].tolist() == ["", "", "", "pos0=1000 pos1=2000"]
    assert read.sources.set_index("source").loc["i1", "age"] == 34
    assert read.cases.to_dict("records") == [
        {"case": "pair 1", "source": "i1", "wave": "one"},
        {"case": "pair 2", "source": "", "wave": None},
    ]
    memos = read.memos.astype(object).fillna("")[["on", "target", "start", "end", "text", "author"]].values.tolist()
    assert memos == [["source", "i1", "", "", "a memo", "o"], ["passage", "i1", 0, 3, "look", ""]]


def test_an_older_qualcoder_database_without_sub_codes_is_read(tmp_path: Path) -> None:
    read = vvv.read_codings(qualcoder(tmp_path, sub_codes=False))
    assert set(read.frame["code_path"]) == {"Net > Ties > close", "Net > Ties > friends"}


TAGUETTE = """
CREATE TABLE documents (id INTEGER PRIMARY KEY, name TEXT, description TEXT, filename TEXT, created TEXT, project_id INTEGER,
    contents TEXT);
CREATE TABLE tags (id INTEGER PRIMARY KEY, project_id INTEGER, path TEXT, description TEXT);
CREATE TABLE highlights (id INTEGER PRIMARY KEY, document_id INTEGER, start_offset INTEGER, end_offset INTEGER, snippet TEXT);
CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);
"""


def taguette(folder: Path, *, projects: int = 1) -> Path:
    html = "<h1>Møde &amp; kaffe</h1>\n<p>Vi mødtes <b>i m</b>arts 🙂.</p>\n<p>Børnene legede.</p>"
    text = "Møde & kaffe\nVi mødtes i marts 🙂.\nBørnene legede."

    def place(passage: str) -> tuple[int, int]:
        start, end = span(text, passage)
        return len(text[:start].encode()), len(text[:end].encode())

    return database(
        folder / "t.sqlite3",
        TAGUETTE,
        documents=[(n, f"doc {n}", "", "", "", n, html) for n in range(1, projects + 1)],
        tags=[(1, 1, "people", "who"), (2, 1, "people.family", "")],
        highlights=[
            (1, 1, *place("i marts 🙂"), "<p><b>i m</b>arts 🙂</p>"),
            (2, 1, *place("Børnene"), "<p>Børnene</p>"),
            (3, 1, 0, 5, "<h1>Møde</h1>"),
        ],
        highlight_tags=[(1, 1), (1, 2), (2, 2)],
    )


def test_taguette_counts_bytes_over_text_without_tags(tmp_path: Path) -> None:
    read = vvv.read_codings(taguette(tmp_path))
    assert read.frame["text"].tolist() == ["i marts 🙂", "i marts 🙂", "Børnene"]
    assert read.frame["code_path"].tolist() == ["people", "people > family", "people > family"]
    assert set(read.frame["coder"]) == {""}
    assert read.texts["doc 1"].startswith("Møde & kaffe\nVi")
    assert read.offsets["doc 1"].evidence == "declared"
    assert any(loss.what == "passages without a code" and loss.count == 1 for loss in read.losses)


def test_a_taguette_database_of_several_projects_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="2 projects"):
        vvv.read_codings(taguette(tmp_path, projects=2))


RQDA = """
CREATE TABLE source (name text, id integer, file text, memo text, owner text, date text, dateM text, status integer);
CREATE TABLE freecode (name text, memo text, owner text, date text, dateM text, id integer, status integer, color text);
CREATE TABLE codecat (name text, cid integer, catid integer, owner text, date text, dateM text, memo text, status integer);
CREATE TABLE treecode (cid integer, catid integer, date text, dateM text, memo text, status integer, owner text);
CREATE TABLE coding (cid integer, fid integer, seltext text, selfirst real, selend real, status integer, owner text, date text, memo text);
CREATE TABLE cases (name text, memo text, owner text, date text, dateM text, id integer, status integer);
CREATE TABLE caselinkage (caseid integer, fid integer, selfirst real, selend real, status integer, owner text, date text, memo text);
"""


def rqda(folder: Path) -> Path:
    start, end = span(DANISH, PASSAGES[0])
    moved, moved_end = span(DANISH, PASSAGES[2])
    return database(
        folder / "p.rqda",
        RQDA,
        source=[("i1", 1, DANISH, "", "", "", "", 1), ("gone", 2, "x", "", "", "", "", 0)],
        freecode=[("friends", "", "", "", "", 1, 1, ""), ("old", "", "", "", "", 2, 0, ""), ("both", "", "", "", "", 3, 1, "")],
        codecat=[("Net", None, 1, "", "", "", "", 1), ("Other", None, 2, "", "", "", "", 1)],
        treecode=[(1, 1, "", "", "", 1, ""), (3, 1, "", "", "", 1, ""), (3, 2, "", "", "", 1, "")],
        coding=[
            (1, 1, PASSAGES[0], float(start), float(end), 1, "Ida", "", ""),
            (3, 1, PASSAGES[2], float(moved - 4), float(moved_end - 4), 1, "Ida", "", ""),
            (1, 1, "deleted", 0.0, 5.0, 0, "Ida", "", ""),
            (2, 1, PASSAGES[0], float(start), float(end), 1, "Ida", "", ""),
            (1, 1, "og", 1.0, 3.0, 1, "Ida", "", ""),
        ],
        cases=[("pair 1", "", "", "", "", 1, 1)],
        caselinkage=[(1, 1, 0.0, 9.0, 1, "", "", "")],
    )


def test_rqda_leaves_out_the_deleted_and_trusts_the_stored_passage(tmp_path: Path) -> None:
    read = vvv.read_codings(rqda(tmp_path))
    assert read.frame["text"].tolist() == [PASSAGES[0], PASSAGES[2], "og"]
    assert read.frame["start"].tolist()[:2] == [span(DANISH, PASSAGES[0])[0], span(DANISH, PASSAGES[2])[0]]
    assert read.frame["start"].isna().tolist() == [False, False, True]
    assert read.frame["code_path"].tolist() == ["Net > friends", "both", "Net > friends"]
    counted = {loss.what: loss.count for loss in read.losses}
    assert counted["deleted codings"] == 1
    assert counted["codings of a deleted code or source"] == 1
    assert counted["passages that were not at their position"] == 1
    assert counted["passages whose stored text stands more than once in the source"] == 1
    assert list(read.texts) == ["i1"]


REQUAL = """
CREATE TABLE documents (doc_id INTEGER PRIMARY KEY, project_id INTEGER, doc_name TEXT, doc_text TEXT, doc_description TEXT);
CREATE TABLE codes (code_id INTEGER PRIMARY KEY, project_id INTEGER, code_name TEXT, code_description TEXT, code_color TEXT);
CREATE TABLE users (user_id INTEGER PRIMARY KEY, user_name TEXT);
CREATE TABLE segments (segment_id INTEGER PRIMARY KEY, project_id INTEGER, user_id INTEGER, doc_id INTEGER, code_id INTEGER,
    segment_start INTEGER, segment_end INTEGER, segment_text TEXT);
CREATE TABLE logs (id INTEGER PRIMARY KEY, detail TEXT);
"""


def requal(folder: Path) -> Path:
    places = [span(DANISH, passage) for passage in PASSAGES]
    return database(
        folder / "p.sqlite3",
        REQUAL,
        documents=[(1, 1, "i1", DANISH, "")],
        codes=[(1, 1, "friends", "who", "rgb(255, 0, 10)")],
        users=[(1, "Ida"), (2, "Bo")],
        segments=[(n, 1, 1 + n % 2, 1, 1, start + 1, end, DANISH[start:end]) for n, (start, end) in enumerate(places)],
        logs=[(1, "x"), (2, "y")],
    )


def test_requal_positions_begin_at_one(tmp_path: Path) -> None:
    read = vvv.read_codings(requal(tmp_path))
    assert read.frame["text"].tolist() == list(PASSAGES)
    assert read.frame["start"].tolist() == [span(DANISH, passage)[0] for passage in PASSAGES]
    assert read.frame["coder"].tolist() == ["Ida", "Bo", "Ida"]
    assert read.codebook.frame.loc[0, "color"] == "#ff000a"
    assert {loss.what: loss.count for loss in read.losses}["entries of the log"] == 2


def test_every_database_can_be_written_as_a_project_and_read_again(tmp_path: Path) -> None:
    for build in (qualcoder, taguette, rqda, requal):
        first = vvv.read_codings(build(tmp_path / build.__name__))
        vvv.write_refi(first, tmp_path / "out.qdpx")
        second = vvv.read_codings(tmp_path / "out.qdpx")
        columns = ["source", "start", "end", "text", "code_path", "coder"]
        placed = first.frame[first.frame["start"].notna()]
        assert second.frame[second.frame["start"].notna()][columns].values.tolist() == placed[columns].values.tolist()


def test_views_in_the_place_of_tables_are_not_followed(tmp_path: Path) -> None:
    script = TAGUETTE.replace("CREATE TABLE highlights", "CREATE TABLE other") + (
        "CREATE VIEW highlights AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id FROM n;"
    )
    path = database(tmp_path / "v.sqlite3", script, documents=[(1, "d", "", "", "", 1, "x")])
    with pytest.raises(SourceError, match="no program that is known"):
        vvv.read_codings(path)


def test_a_project_that_is_still_open_elsewhere_is_refused(tmp_path: Path) -> None:
    path = requal(tmp_path)
    (tmp_path / "p.sqlite3-wal").write_bytes(b"changes")
    with pytest.raises(SourceError, match="changes that are not in it yet"):
        vvv.read_codings(path)


def test_a_file_that_is_no_database_or_of_another_program_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "a.qda").write_bytes(b"SQLite format 4\0 and more")
    with pytest.raises(SourceError, match="not an SQLite database"):
        vvv.read_codings(tmp_path / "a.qda")
    other = database(tmp_path / "b.db", "CREATE TABLE t (a);")
    with pytest.raises(SourceError, match="no program that is known"):
        vvv.read_codings(other)


def test_a_position_that_is_no_number_is_one_clear_error(tmp_path: Path) -> None:
    path = requal(tmp_path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE segments SET segment_start = 'first'")
    with pytest.raises(SourceError, match="not a whole number"):
        vvv.read_codings(path)

"""Every cell that is filled in a database or a table is in the model or in the loss report."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import test_codings_databases as databases
import test_tables_of_programs as tables
from test_random_projects import held, listed
from test_what_tools_carry import rich

import vvvresearch as vvv
from vvvresearch import files
from vvvresearch.errors import VvvError
from vvvresearch.evidence import Codings
from vvvresearch.sources import write_codings


def file_of(project: Path) -> Path:
    return project / "data.qda" if project.is_dir() else project


def empty_cells(file: Path) -> list[tuple[str, str, int]]:
    """Table, column and first row of every column in which somewhere nothing stands."""
    with sqlite3.connect(file) as connection:
        found: dict[tuple[str, str], int] = {}
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if not row[5]]
            for row, *cells in connection.execute(f"SELECT rowid, {', '.join(columns)} FROM {table}").fetchall():
                for column, cell in zip(columns, cells, strict=True):
                    if cell in (None, ""):
                        found.setdefault((table, column), row)
    connection.close()
    return [(table, column, row) for (table, column), row in found.items()]


def execute(file: Path, *statements: str) -> None:
    with sqlite3.connect(file) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def told(path: Path, before: Codings, texts: dict[str, str] | None = None) -> bool:
    """Whether what was added to a file shows: in the model, in the loss report or as a refusal."""
    try:
        after = vvv.read_codings(path, texts, min_offset_score=0)
    except VvvError:
        return True
    return held(after) != held(before) or listed(after) != listed(before)


BUILDS = [databases.qualcoder, databases.taguette, databases.rqda, databases.requal]


@pytest.mark.parametrize("build", BUILDS)
def test_every_empty_cell_of_a_database_that_is_filled_is_held_or_listed(tmp_path: Path, build: Callable[[Path], Path]) -> None:
    project = build(tmp_path)
    before = vvv.read_codings(project)
    original = file_of(project).read_bytes()
    silent = []
    for table, column, row in empty_cells(file_of(project)):
        execute(file_of(project), f"UPDATE {table} SET {column} = '2' WHERE rowid = {row}")
        if not told(project, before):
            silent.append(f"{table}.{column} row {row}")
        file_of(project).write_bytes(original)
    assert not silent


@pytest.mark.parametrize("build", BUILDS)
def test_every_row_more_of_a_database_is_held_or_listed(tmp_path: Path, build: Callable[[Path], Path]) -> None:
    project = build(tmp_path)
    before = vvv.read_codings(project)
    original = file_of(project).read_bytes()
    with sqlite3.connect(file_of(project)) as connection:
        tables = {
            table: len(connection.execute(f"PRAGMA table_info({table})").fetchall())
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        }
    connection.close()
    silent = []
    for table, width in tables.items():
        execute(file_of(project), f"INSERT INTO {table} VALUES ({', '.join(['99'] * width)})")
        if not told(project, before):
            silent.append(table)
        file_of(project).write_bytes(original)
    assert not silent


def test_tables_that_older_projects_lack_are_held_or_listed_cell_by_cell(tmp_path: Path) -> None:
    project = databases.rqda(tmp_path)
    execute(
        project,
        "CREATE TABLE fileattr (variable text, value text, fileid integer, date text, owner text, status integer)",
        "INSERT INTO fileattr VALUES ('alder', '34', 1, '', '', 1), ('alder', '35', 1, '', '', 1), ('alder', '36', 7, '', '', 1)",
        "CREATE TABLE caseattr (variable text, value text, caseid integer, date text, owner text, status integer)",
        "INSERT INTO caseattr VALUES ('type', 'par', 1, '', '', 1), ('type', 'par', 9, '', '', 1)",
        "CREATE TABLE journal (name text, journal text, date text, owner text, status integer)",
        "INSERT INTO journal VALUES ('dag 1', 'vi begyndte', '2022-11-28 10:00:00', 'Ida', 1), ('dag 2', '', '', 'Ida', 1)",
        "CREATE TABLE annotation (fid integer, position real, annotation text, owner text, date text, status integer)",
        "INSERT INTO annotation VALUES (1, 3.0, 'se her', 'Ida', '', 1), (1, 5.0, ' ', 'Bo', '', 1), (1, 6.0, 'væk', '', '', -1)",
    )
    read = vvv.read_codings(project)
    assert read.sources["alder"].tolist() == ["34"]
    assert read.cases["type"].tolist() == ["par"]
    memos = read.memos.astype(object).where(read.memos.notna(), "")
    assert memos[["on", "start", "title", "text", "author"]].values.tolist() == [
        ["project", "", "dag 1", "vi begyndte", "Ida"],
        ["passage", 3, "", "se her", "Ida"],
    ]
    counted = listed(read)
    assert counted["second values of one variable"] == 1
    assert counted["attributes of deleted sources"] == 1
    assert counted["variables of cases that the project lacks"] == 1
    assert (counted["titles of a project without a memo"], counted["authors of a project without a memo"]) == (1, 1)
    assert (counted["annotations without a text"], counted["unmarked annotations"]) == (1, 1)


def test_variables_of_qualcoder_that_nothing_has_are_listed(tmp_path: Path) -> None:
    project = databases.qualcoder(tmp_path)
    execute(
        file_of(project),
        "INSERT INTO attribute_type VALUES ('by', '', '', '', 'case', 'character')",
        "INSERT INTO attribute VALUES (7, 'age', 'file', '30', 1, '', ''), (8, 'x', 'journal', 'y', 1, '', ''), "
        "(9, 'z', 'file', 'y', 44, '', '')",
        "UPDATE source SET mediapath = '/documents/i1.docx' WHERE id = 1",
    )
    counted = listed(vvv.read_codings(project))
    names = ("variables without a value", "second values of one variable", "variables of neither sources nor cases")
    assert [counted[name] for name in (*names, "variables of sources that the project lacks", "paths of source files")] == [1] * 5


HEADINGS = (
    "novelty, text, quote, citat, segment, code, kode, koder, tema, coder, kodet af, initialer, memo, kommentar, date, dato, start, end, "
    "begin, ende, excerpt range, color, farbe, guid, region, stance, beneficiary, phase, prompted, retning, document group, "
    "dokumentgruppe, references, coverage, id, "
    "parent, definition, code: x applied, segment start, hierarchical name, weight score, interview, respondent"
)


@pytest.mark.parametrize("layout", tables.LAYOUTS, ids=lambda layout: layout[0].split("|")[0])
def test_every_column_more_of_a_table_is_held_or_listed(tmp_path: Path, layout: tuple[str, tuple[object, ...]]) -> None:
    heading, row = layout
    before = vvv.read_codings(tables.table(tmp_path, heading, row, row), tables.TEXTS)
    silent = []
    for name in [name.strip() for name in HEADINGS.split(",")]:
        if name in heading.casefold().split("|"):
            continue
        cell = "17" if len(name) % 2 else "noget nyt"
        if not told(tables.table(tmp_path, f"{heading}|{name}", (*row, cell), (*row, "")), before, tables.TEXTS):
            silent.append((name, cell))
    assert not silent


def test_sheets_that_are_not_read_are_listed(tmp_path: Path) -> None:
    frame = files.read_csv(tables.table(tmp_path, "Interview|Citat|Kode", ("Interview 1", tables.SISTER, "Relation")))
    codes = frame.rename(columns={"Kode": "code_path"})[["code_path"]]
    note = frame.rename(columns={"Interview": "ord", "Citat": "x"})[["ord", "x"]]
    files.write_workbook(tmp_path / "t.xlsx", {"codings": frame, "codebook": codes, "Noter": note, "cases": note})
    expected = {"rows of the sheet 'Noter'": 1, "rows of the sheet 'cases'": 1}
    assert expected.items() <= listed(vvv.read_codings(tmp_path / "t.xlsx", tables.TEXTS)).items()
    counted = {loss.what: loss.count for loss in vvv.read_codebook(tmp_path / "t.xlsx").losses}
    assert counted == {**expected, "rows of the sheet 'codings'": 1}


def test_what_a_workbook_was_written_from_comes_back_from_its_sheets(tmp_path: Path) -> None:
    read = vvv.read_codings(rich(tmp_path))
    write_codings(read, tmp_path / "out.xlsx")
    again = vvv.read_codings(tmp_path / "out.xlsx", read.texts)
    assert not len(again.losses), str(again.losses)
    assert held(again) == held(read)


def test_colours_and_ids_that_rows_say_besides_are_listed(tmp_path: Path) -> None:
    one = ("Interview 1", tables.SISTER, "Relation", "#111111", "G1")
    two = ("Interview 1", tables.LIBRARY, "Relation; Netværk", "#222222", "G2")
    counted = listed(vvv.read_codings(tables.table(tmp_path, "Interview|Citat|Kode|Color|guid", one, two), tables.TEXTS))
    assert counted["colours of a code that its rows or the codebook say otherwise"] == 2
    assert counted["ids of rows with several codes"] == 1


def test_a_csv_says_which_codes_it_does_not_carry(tmp_path: Path) -> None:
    read = vvv.read_codings(databases.qualcoder(tmp_path))
    whole = {loss.what: loss.count for loss in write_codings(read, tmp_path / "out.csv")}
    less = dataclasses.replace(read, frame=read.frame[read.frame["code_path"] == "none"])
    assert (whole.get("codes without a coding", 0), whole["definitions of codes"]) == (0, 1)
    assert {loss.what: loss.count for loss in write_codings(less, tmp_path / "out.csv")}["codes without a coding"] == 4

"""The interviews in every form they are delivered in: transcripts, tables, a REFI-QDA project and a QualCoder project."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from demo import codings as made
from demo.cast import Cast
from vvvresearch import files
from vvvresearch.evidence import SEPARATOR, Codings
from vvvresearch.sources import write_codings, write_refi

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "interviews/demo"
# The columns of QualCoder 3, which is what most installations read.
_TABLES = """
create table project (databaseversion text, date text, memo text, about text, bookmarkfile integer, bookmarkpos integer);
create table source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text,
    av_text_id integer, risid integer, unique(name));
create table code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer, unique(name));
create table code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text, color text, unique(name));
create table code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text,
    date text, memo text, avid integer, important integer, unique(cid,fid,pos0,pos1,owner));
create table cases (caseid integer primary key, name text, memo text, owner text, date text, constraint ucm unique(name));
create table case_text (id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, owner text, date text, memo text);
create table attribute_type (name text primary key, date text, owner text, memo text, caseOrFile text, valuetype text);
create table attribute (attrid integer primary key, name text, attr_type text, value text, id integer, date text, owner text,
    unique(name,attr_type,id));
create table annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, owner text, date text);
create table journal (jid integer primary key, name text, jentry text, date text, owner text);
create table code_image (imid integer primary key, id integer, x1 integer, y1 integer, width integer, height integer, cid integer,
    memo text, date text, owner text, important integer);
create table code_av (avid integer primary key, id integer, pos0 integer, pos1 integer, cid integer, memo text, date text, owner text,
    important integer);
create table stored_sql (title text, description text, grouper text, ssql text, unique(title));
create table ris (risid integer, tag text, longtag text, value text);
"""
_DATE = "2022-06-30 12:00:00"


def deliver(workspace: Path, cast: Cast) -> list[Path]:
    """Write all forms; all give the same evidence, except that QualCoder has no place for stance, beneficiary and phase."""
    codings = made.codings(cast)
    folder = workspace / FOLDER
    written = [files.write_text(folder / "transcripts" / f"{name}.txt", text) for name, text in codings.texts.items()]
    write_codings(codings, folder / "codings.csv")
    write_codings(codings, folder / "codings.xlsx")
    write_refi(codings, folder / "demo.qdpx")
    write_refi(codings, folder / "demo.qdc")
    written += [folder / name for name in ("codings.csv", "codings.xlsx", "demo.qdpx", "demo.qdc")]
    tables = {
        "codebook.csv": codings.codebook.frame,
        "guide.csv": made.guide(),
        "truth/states.csv": made.truth(cast),
        "truth/disagreements.csv": made.disagreements(),
    }
    written += [files.write_csv(folder / name, frame) for name, frame in tables.items()]
    return [*written, _qualcoder(codings, folder / "demo.qda" / "data.qda")]


def _qualcoder(codings: Codings, path: Path) -> Path:
    """A QualCoder project: inner codes are categories, outer ones codes; two codes of one name are told apart by their parent."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) / "data.qda"
        connection = sqlite3.connect(place)
        connection.executescript(_TABLES)
        _fill(connection, codings)
        connection.commit()
        connection.close()
        return files.write_bytes(path, place.read_bytes())


def _fill(connection: sqlite3.Connection, codings: Codings) -> None:
    owner = made.CODERS[0]
    connection.execute("insert into project values ('v5', ?, 'Syntetiske data', 'demo', 0, 0)", (_DATE,))
    book = codings.codebook.frame
    categories: dict[str, int] = {}
    codes: dict[str, int] = {}
    for row in book.to_dict("records"):
        path = str(row["code_path"])
        name, parent, definition = _name(path, book), categories.get(str(row["parent"])), str(row["definition"])
        if row["is_codable"]:
            codes[path] = len(codes) + 1
            values: tuple[object, ...] = (codes[path], name, definition, parent, owner, _DATE, "#8FB8DE")
            connection.execute("insert into code_name values (?,?,?,?,?,?,?)", values)
        else:
            categories[path] = len(categories) + 1
            values = (categories[path], name, owner, _DATE, definition, parent)
            connection.execute("insert into code_cat values (?,?,?,?,?,?)", values)
    sources = {name: number for number, name in enumerate(codings.texts, start=1)}
    for name, number in sources.items():
        connection.execute("insert into source values (?,?,?,null,'',?,?,null,null)", (number, name, codings.texts[name], owner, _DATE))
    for number, row in enumerate(codings.frame.to_dict("records"), start=1):
        place = (codes[row["code_path"]], sources[row["source"]])
        values = (number, *place, row["text"], row["start"], row["end"], row["coder"], _DATE, row["memo"])
        connection.execute("insert into code_text values (?,?,?,?,?,?,?,?,?,null,null)", values)
    _attributes(connection, codings, sources, owner)


def _attributes(connection: sqlite3.Connection, codings: Codings, sources: dict[str, int], owner: str) -> None:
    if codings.sources is None:
        return
    names = [name for name in codings.sources.columns if name != "source"]
    for name in names:
        connection.execute("insert into attribute_type values (?,?,?,'','file','character')", (name, _DATE, owner))
    for record in codings.sources.to_dict("records"):
        for name in names:
            values = (name, "file", str(record[name]), sources[str(record["source"])], _DATE, owner)
            connection.execute("insert into attribute(name,attr_type,value,id,date,owner) values (?,?,?,?,?,?)", values)


def _name(path: str, book: pd.DataFrame) -> str:
    """QualCoder wants every name once: a name that two codes bear gets its parent's behind it."""
    parts = path.split(SEPARATOR)
    name = parts[-1]
    same = [other for other in book["code_path"] if other.rpartition(SEPARATOR)[2] == name]
    return name if len(same) == 1 else f"{name} ({parts[-2]})"

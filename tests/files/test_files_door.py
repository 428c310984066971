"""The door to files: hostile and damaged files end in one clear error, and nothing outside is touched."""

from __future__ import annotations

import contextlib
import io
import os
import random
import sqlite3
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from vvvresearch import files
from vvvresearch.errors import SourceError, VvvError


def archive(path: Path, members: dict[str, bytes], **attributes: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in attributes.items():
                setattr(info, key, value)
            opened.writestr(info, data)
    return path


# --- zip ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/etc/passwd", "..\\evil", "C:\\evil", "\\\\host\\share\\x", "a/..\\..\\x"])
def test_a_name_that_leaves_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match="leads out of the archive"):
        files.open_archive(archive(tmp_path / "a.zip", {name: b"x"}))


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a link"):
        files.open_archive(archive(tmp_path / "a.zip", {"link": b"/etc/passwd"}, external_attr=0o120777 << 16))


def test_names_that_differ_only_by_case_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="same name"):
        files.open_archive(archive(tmp_path / "a.zip", {"A.txt": b"1", "a.TXT": b"2"}))


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as opened:
        opened.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            opened.writestr("a", b"2")
    with pytest.raises(SourceError, match="same name"):
        files.open_archive(tmp_path / "a.zip")


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a": b"secret"})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(SourceError, match="encrypted"):
        files.open_archive(path)


def test_an_archive_that_would_fill_the_memory_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"zeros": bytes(64 * 1024 * 1024)})
    began = time.process_time()
    with pytest.raises(SourceError, match="fill the memory"):
        files.open_archive(path)
    assert time.process_time() - began < 5


def test_many_members_that_are_large_together_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {f"m{number}": random.Random(number).randbytes(50_000) for number in range(10)})
    limits = files.Limits(unpacked_bytes=400_000)
    with pytest.raises(SourceError, match="unpacks to"):
        files.open_archive(path, limits=limits)
    with pytest.raises(SourceError, match="10 members"):
        files.open_archive(path, limits=files.Limits(members=5))


def test_a_member_that_is_larger_than_it_claims_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a": b"x" * 5000})
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 10)
    path.write_bytes(bytes(data))
    with pytest.raises(SourceError):
        files.open_archive(path).read("a")


def test_a_nested_archive_is_only_bytes(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as opened:
        opened.writestr("../evil", b"x")
    outer = files.open_archive(archive(tmp_path / "a.zip", {"inner.zip": inner.getvalue()}))
    assert outer.read("inner.zip") == inner.getvalue()
    assert outer.names == ("inner.zip",)


# --- XML ---------------------------------------------------------------------------------------------------------------

BOMB = b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;">]><a>&y;</a>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
PARAMETER = b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><a/>'


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, PARAMETER, b"<!DOCTYPE a><a/>", BOMB.decode().encode("utf-16")])
def test_any_document_type_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="document type"):
        files.parse_xml(data, "x.xml")


@pytest.mark.parametrize("depth", [201, 5_000, 1_000_000])
def test_deep_xml_is_refused(depth: int) -> None:
    with pytest.raises(SourceError, match="nested deeper"):
        files.parse_xml(b"<a>" * depth + b"</a>" * depth, "x.xml")


def test_xml_of_allowed_depth_is_read() -> None:
    assert files.parse_xml(b"<a>" * 200 + b"</a>" * 200, "x.xml").tag == "a"


def test_xml_with_too_many_tags_is_refused() -> None:
    with pytest.raises(SourceError, match="tags"):
        files.parse_xml(b"<a>" + b"<b/>" * 100 + b"</a>", "x.xml", limits=files.Limits(xml_tags=50))


@pytest.mark.parametrize(
    "data", [b"", b"<a>", b"<a></b>", b"\xff\xfe<", b"not xml", b"<a>&undefined;</a>", b'<?xml version="1.0" encoding="x"?><a/>']
)
def test_broken_xml_is_one_clear_error(data: bytes) -> None:
    with pytest.raises(SourceError):
        files.parse_xml(data, "x.xml")


# --- SQLite ------------------------------------------------------------------------------------------------------------


def database(path: Path) -> Path:
    with sqlite3.connect(path) as connection:
        connection.executescript("CREATE TABLE t (a INTEGER, b TEXT); CREATE INDEX i ON t (b);")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [(number, f"text {number} " * 5) for number in range(400)])
    connection.close()
    return path


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"hello")
    with pytest.raises(SourceError, match="not an SQLite"), files.open_database(tmp_path / "a.db"):
        pass


def test_a_database_cannot_be_written_through_the_door(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db")
    before = path.read_bytes()
    with pytest.raises(SourceError), files.open_database(path) as connection:
        connection.execute("DELETE FROM t")
    assert path.read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.db"]


def test_a_query_that_does_not_end_is_stopped(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db")
    with pytest.raises(SourceError, match="cannot be read"), files.open_database(path, seconds=0.5) as connection:
        connection.execute("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n").fetchone()


def test_other_databases_cannot_be_attached(tmp_path: Path) -> None:
    path, other = database(tmp_path / "a.db"), database(tmp_path / "b.db")
    with pytest.raises(SourceError), files.open_database(path) as connection:
        connection.execute(f"ATTACH '{other}' AS other")


def test_a_database_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = database(tmp_path / "a.db")
    data = path.read_bytes()
    for length in (150, 1000, 4096, len(data) // 2, len(data) - 4096):
        path.write_bytes(data[:length])
        # By its size, before SQLite sees it: that reads a missing end as zeros, and some of those without a word.
        with pytest.raises(SourceError, match=f"it has {length:,} bytes in pages of 4,096"), files.open_database(path):
            pass


# --- tables ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "empty"),
        (b"a,b\n1\n", "cells"),
        (b"a,a\n1,2\n", "twice"),
        (b"a,,c\n1,2,3\n", "no name"),
        (b'a,b\n"1,2\n', "broken"),
        (b"a,b\n\0,1\n", "binary"),
        (b"\xff\xfea\0", "cells|utf-16|empty"),
    ],
)
def test_a_broken_csv_is_one_clear_error(tmp_path: Path, data: bytes, problem: str) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    if data.startswith(b"\xff"):
        assert list(files.read_csv(tmp_path / "a.csv").columns) == ["a"]
        return
    with pytest.raises(SourceError, match=problem):
        files.read_csv(tmp_path / "a.csv")


def test_a_cell_larger_than_the_csv_librarys_default_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a,b\n"' + "x" * 200_000 + '",1\n', encoding="utf-8")
    assert len(files.read_csv(tmp_path / "a.csv").loc[2, "a"]) == 200_000


def test_a_workbook_that_claims_a_million_columns_is_read_by_what_it_holds(tmp_path: Path) -> None:
    files.write_workbook(tmp_path / "a.xlsx", {"s": pd.DataFrame({"a": ["1"], "b": ["2"]})})
    source = zipfile.ZipFile(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"'))
    source.close()
    assert files.read_workbook(tmp_path / "b.xlsx").to_dict("list") == {"a": ["1"], "b": ["2"]}


def test_a_workbook_whose_cell_stands_far_out_is_refused(tmp_path: Path) -> None:
    files.write_workbook(tmp_path / "a.xlsx", {"s": pd.DataFrame({"a": ["1"], "b": ["2"]})})
    source = zipfile.ZipFile(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'r="B2"', b'r="ZZZZZZ2"'))
    source.close()
    with pytest.raises(SourceError):
        files.read_workbook(tmp_path / "b.xlsx")


def test_a_workbook_with_an_entity_bomb_is_refused(tmp_path: Path) -> None:
    files.write_workbook(tmp_path / "a.xlsx", {"s": pd.DataFrame({"a": ["1"]})})
    source = zipfile.ZipFile(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith(("sharedStrings.xml", "workbook.xml", "sheet1.xml")):
                data = data.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY x "ha">]>', 1)
            target.writestr(name, data)
    source.close()
    with pytest.raises(SourceError):
        files.read_workbook(tmp_path / "b.xlsx")


# --- other -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["a: &x [1]\nb: *x\n", "a: 1\na: 2\n", "!!python/object/apply:os.system ['true']", "a: [1", "- " * 3000 + "1", "[" * 5000],
)
def test_yaml_that_is_more_than_plain_data_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError):
        files.read_yaml(tmp_path / "a.yaml")


def test_yaml_is_read_to_a_hundred_levels_and_no_deeper(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("[" * 100 + "]" * 100, encoding="utf-8")
    inside = files.read_yaml(tmp_path / "a.yaml")
    depth = 1
    while inside:
        (inside,) = inside
        depth += 1
    assert depth == 100
    (tmp_path / "b.yaml").write_text("[" * 101 + "]" * 101, encoding="utf-8")
    with pytest.raises(SourceError, match="deeper than 100"):
        files.read_yaml(tmp_path / "b.yaml")


@pytest.mark.parametrize("text", ["a = 1\na = 2", "a = ", "a = " + "[" * 5000, "\ufeffa = ["])
def test_toml_that_is_broken_or_double_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError):
        files.read_toml(tmp_path / "a.toml")


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": NaN}', '{"a": Infinity}', "[" * 100_000, "1" * 5000, '{"a": 1e999}'])
def test_json_that_is_ambiguous_or_no_number_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError):
        files.read_json(tmp_path / "a.json")


@pytest.mark.parametrize("name", ["../../etc", "/etc/passwd", "..\\x", "C:/x", "a\0b", "\\\\host\\x"])
def test_a_path_from_data_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match="leads out"):
        files.inside(tmp_path, name)


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to(tmp_path)
    with pytest.raises(SourceError, match="leads out"):
        files.inside(tmp_path / "in", "link", "x")


@pytest.mark.parametrize("make", [lambda place: place.mkdir(), lambda place: __import__("os").mkfifo(place)])
def test_folders_and_pipes_are_not_read(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "odd")
    with pytest.raises(SourceError, match="not a"):
        files.read_bytes(tmp_path / "odd")


def test_text_with_hidden_and_turning_characters_is_shown_plain() -> None:
    assert files.plain_text("ab\u202ecd\u200be\ufefff\x07") == "abcdef"
    assert files.html_text("<b>{{x}}</b>") == "&lt;b&gt;{{x}}&lt;/b&gt;"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "yaml", "toml", "db", "zip"])
def test_damaged_files_end_in_one_clear_error_or_are_read(tmp_path: Path, kind: str) -> None:
    frame = pd.DataFrame({"a": ["æ", "b"] * 20, "b": ["1", "2"] * 20})
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        files.write_csv(path, frame)
    elif kind == "xlsx":
        files.write_workbook(path, {"s": frame})
    elif kind == "db":
        database(path)
    elif kind == "zip":
        archive(path, {"a.txt": b"hello" * 100, "b/c.txt": b"x" * 1000})
    else:
        texts = {"json": '{"a": [1, 2.5, "æ"], "b": {"c": null}}', "yaml": "a: [1, 2]\nb:\n  c: æ\n", "toml": 'a = [1, 2]\n[b]\nc = "æ"\n'}
        path.write_text(texts[kind], encoding="utf-8")

    def read() -> object:
        if kind == "db":
            with files.open_database(path) as connection:
                return connection.execute("SELECT * FROM t").fetchall()
        if kind == "zip":
            opened = files.open_archive(path)
            return [opened.read(name) for name in opened.names]
        readers = {"csv": files.read_csv, "xlsx": files.read_workbook, "json": files.read_json, "yaml": files.read_yaml}
        return readers.get(kind, files.read_toml)(path)

    read()
    whole = path.read_bytes()
    rng = random.Random(7)
    for number in range(150):
        data = bytearray(whole)
        if number % 3 == 0:
            del data[rng.randrange(len(data)) :]
        else:
            for _ in range(rng.randint(1, 4)):
                data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(bytes(data))
        with contextlib.suppress(VvvError):  # anything else fails the test
            read()


def test_a_folder_that_cannot_be_listed_is_no_empty_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.txt").write_text("b", encoding="utf-8")
    real = os.scandir

    def refusing(place: str) -> object:
        if Path(place).name == "a":
            raise PermissionError(13, "Permission denied", place)
        return real(place)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(PermissionError):
        list(files.files_below(tmp_path))
    assert list(files.files_below(tmp_path / "missing")) == []

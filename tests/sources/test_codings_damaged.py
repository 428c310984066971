"""Damaged and hostile coded projects: one clear error or a correct read, never a part taken for the whole."""

from __future__ import annotations

import contextlib
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import refi_projects as refi
import test_codings_databases as databases
from refi_projects import DANISH, coding, selection, text_source

import vvvresearch as vvv
from vvvresearch.errors import SourceError, VvvError

PASSAGES = databases.PASSAGES
QUANTITY = 200


def project(folder: Path) -> Path:
    parts = [selection(*refi.span(DANISH, passage), coding("net", "Ida", passage), name=passage) for passage in PASSAGES]
    source = text_source("i1", "".join(parts), path="internal://i1.txt")
    codes = f"<CodeBook><Codes>{refi.code('net')}</Codes></CodeBook>"
    qde = refi.project(refi.users("Ida"), codes, refi.sources(source))
    return refi.write(folder / "p.qdpx", qde, {"sources/i1.txt": DANISH.encode()})


def bare(folder: Path) -> Path:
    parts = [selection(*refi.span(DANISH, passage), coding("net", "Ida", passage), name=passage) for passage in PASSAGES]
    codes = f"<CodeBook><Codes>{refi.code('net')}</Codes></CodeBook>"
    text = refi.project(refi.users("Ida"), codes, refi.sources(text_source("i1", "".join(parts), inline=DANISH)))
    (folder / "p.qde").write_text(text, encoding="utf-8")
    return folder / "p.qde"


def csv_table(folder: Path) -> Path:
    vvv.write_codings(vvv.read_codings(project(folder)), folder / "t.csv")
    return folder / "t.csv"


def workbook(folder: Path) -> Path:
    vvv.write_codings(vvv.read_codings(project(folder)), folder / "t.xlsx")
    return folder / "t.xlsx"


def qualcoder(folder: Path) -> Path:
    return databases.qualcoder(folder) / "data.qda"


BUILDERS = [project, bare, csv_table, workbook, qualcoder, databases.taguette, databases.rqda, databases.requal]


def ids(builder: Callable[[Path], Path]) -> str:
    return builder.__name__


@pytest.mark.slow
@pytest.mark.parametrize("build", BUILDERS, ids=ids)
def test_a_changed_byte_ends_in_one_clear_error_or_a_read(tmp_path: Path, build: Callable[[Path], Path]) -> None:
    path = build(tmp_path)
    whole = path.read_bytes()
    rng = random.Random(len(whole))
    for _ in range(QUANTITY):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(data))
            data[place] = rng.choice([rng.randrange(256), data[place] ^ (1 << rng.randrange(8)), 0, 255])
        path.write_bytes(bytes(data))
        with contextlib.suppress(VvvError):  # anything else fails the test
            read = vvv.read_codings(path)
            for row in read.frame[read.frame["start"].notna()].itertuples():
                if row.source in read.texts:
                    assert read.texts[row.source][row.start : row.end] == row.text


@pytest.mark.parametrize("build", [builder for builder in BUILDERS if builder is not csv_table], ids=ids)
def test_a_cut_off_file_is_refused(tmp_path: Path, build: Callable[[Path], Path]) -> None:
    path = build(tmp_path)
    expected = vvv.read_codings(path).frame
    whole = path.read_bytes()
    rng = random.Random(3)
    for length in [0, 1, 16, 100, len(whole) - 1, *(rng.randrange(len(whole)) for _ in range(60))]:
        path.write_bytes(whole[:length])
        try:
            read = vvv.read_codings(path).frame
        except VvvError:
            continue
        assert read.equals(expected), f"cut at {length} of {len(whole)} was read as a part"


def test_a_cut_off_codebook_is_refused(tmp_path: Path) -> None:
    vvv.write_refi(vvv.read_codings(project(tmp_path)), tmp_path / "c.qdc")
    whole = (tmp_path / "c.qdc").read_bytes()
    for length in range(0, len(whole) - 2, 7):
        (tmp_path / "c.qdc").write_bytes(whole[:length])
        with pytest.raises(VvvError):
            vvv.read_codebook(tmp_path / "c.qdc")


def test_a_reference_to_a_code_that_is_not_there_is_reported(tmp_path: Path) -> None:
    source = text_source("i1", selection(*refi.span(DANISH, PASSAGES[0]), coding("gone", "Ida")), inline=DANISH)
    codes = f"<CodeBook><Codes>{refi.code('net')}</Codes></CodeBook>"
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", refi.project(codes, refi.sources(source)), {}))
    assert len(read.frame) == 0
    assert [(loss.what, loss.count) for loss in read.losses][:1] == [("coders that the project does not name", 1)]
    assert any(loss.what == "codings of a code that the codebook lacks" and loss.count == 1 for loss in read.losses)


@pytest.mark.parametrize("position", ["x", "", "1e3", "9" * 30, "-5", "100000"])
def test_a_position_that_no_text_can_have_is_refused(tmp_path: Path, position: str) -> None:
    part = selection(0, 5, coding("net")).replace('endPosition="5"', f'endPosition="{position}"')
    codes = f"<CodeBook><Codes>{refi.code('net')}</Codes></CodeBook>"
    path = refi.write(tmp_path / "p.qdpx", refi.project(codes, refi.sources(text_source("i1", part, inline=DANISH))), {})
    with pytest.raises(SourceError):
        vvv.read_codings(path)


def test_a_code_tree_deeper_than_the_xml_limit_is_refused(tmp_path: Path) -> None:
    tree = ""
    for number in range(300):
        tree = refi.code(f"c{number}", tree)
    path = refi.write(tmp_path / "p.qdpx", refi.project(f"<CodeBook><Codes>{tree}</Codes></CodeBook>"), {})
    with pytest.raises(SourceError, match="nested deeper"):
        vvv.read_codings(path)


def test_an_entity_bomb_in_a_project_is_refused(tmp_path: Path) -> None:
    qde = '<!DOCTYPE Project [<!ENTITY a "b">]>' + refi.project().partition("?>")[2]
    with pytest.raises(SourceError, match="document type"):
        vvv.read_codings(refi.write(tmp_path / "p.qdpx", qde, {}))


@pytest.mark.parametrize("members", [{}, {"a.qde": b"<Project/>"}])
def test_a_project_needs_exactly_one_project_file(tmp_path: Path, members: dict[str, bytes]) -> None:
    path = refi.write(tmp_path / "p.qdpx", "<Project/>", members, qde_name="project.qde" if members else "readme.txt")
    with pytest.raises(SourceError, match=r"\.qde file"):
        vvv.read_codings(path)


def test_a_project_inside_a_project_is_a_source_and_not_the_project(tmp_path: Path) -> None:
    path = project(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("sources/other.qde", "<Project/>")
    assert len(vvv.read_codings(path).frame) == len(PASSAGES)


def test_hidden_characters_formulas_and_markup_in_names_and_quotes_stay_text(tmp_path: Path) -> None:
    odd = '=cmd|"/C calc"!A0 <script>{{x}}</script> \u202egnp.exe \u200b'
    text = f"{odd} og så videre"
    source = text_source(odd, selection(0, len(odd), coding("net", "Ida"), name=odd), inline=text)
    codes = f"<CodeBook><Codes>{refi.code(odd, key='net')}</Codes></CodeBook>"
    read = vvv.read_codings(refi.write(tmp_path / "p.qdpx", refi.project(refi.users("Ida"), codes, refi.sources(source)), {}))
    assert read.frame.loc[0, "text"] == odd
    assert "<script>" not in read._repr_html_()
    vvv.write_codings(read, tmp_path / "t.csv")
    written = (tmp_path / "t.csv").read_text(encoding="utf-8")
    assert "\u202e" not in written
    assert "\n=" not in written
    assert ",=" not in written


def test_nothing_is_written_beside_what_is_read(tmp_path: Path) -> None:
    for build in BUILDERS:
        folder = tmp_path / build.__name__
        folder.mkdir()
        path = build(folder)
        for entry in list(folder.rglob("*")):
            if entry.is_file() and entry != path:
                entry.unlink()
        before = sorted(folder.rglob("*"))
        vvv.read_codings(path)
        assert sorted(folder.rglob("*")) == before
        shutil.rmtree(folder)


def test_an_unknown_ending_a_missing_file_and_a_folder_are_clear_errors(tmp_path: Path) -> None:
    for name in ("a.docx", "a", "gone.qdpx"):
        with pytest.raises(SourceError):
            vvv.read_codings(tmp_path / name)
    (tmp_path / "x.qdpx").mkdir()
    (tmp_path / "x.qda").mkdir()
    for name in ("x.qdpx", "x.qda"):
        with pytest.raises(SourceError):
            vvv.read_codings(tmp_path / name)

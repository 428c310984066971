"""Tables of codings, quotes without positions, and codebooks in tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from refi_projects import DANISH, span

import vvvresearch as vvv
from vvvresearch import files
from vvvresearch.errors import AnalysisError, SchemaError, SourceError
from vvvresearch.sources import convert_codings

ROWS = [("i1", "Hun viste mig", "Net > Venner", "Ida"), ("i1", "og vi lo 😂 længe", "Glæde", "Bo")]


def table(path: Path, rows: list[tuple[str, ...]], header: tuple[str, ...], *, separator: str = ",", encoding: str = "utf-8") -> Path:
    lines = [separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in (header, *rows)]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("header", [("interview", "quote", "code", "coder"), ("Kilde", "Citat", "Kode", "Kodet af")])
def test_quotes_are_located_in_the_transcript(tmp_path: Path, separator: str, encoding: str, header: tuple[str, ...]) -> None:
    path = table(tmp_path / "t.csv", ROWS, header, separator=separator, encoding=encoding)
    read = vvv.read_codings(path, texts={"i1": DANISH.replace("\n", "\r\n")})
    for row, (_, quote, code, coder) in zip(read.frame.to_dict("records"), ROWS, strict=True):
        assert (row["start"], row["end"]) == span(DANISH, quote)
        assert (row["code_path"], row["coder"], row["text"]) == (code, coder, quote)
    assert read.codebook.paths == ["Net", "Net > Venner", "Glæde"]
    assert read.texts["i1"] == DANISH


def test_a_danish_table_in_the_old_windows_encoding_is_read(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", [("i1", "på biblioteket", "Møde")], ("interview", "quote", "code"), separator=";", encoding="cp1252")
    read = vvv.read_codings(path, texts={"i1": DANISH})
    assert read.frame.loc[0, ["code_path", "start"]].tolist() == ["Møde", DANISH.index("på biblioteket")]


def test_ambiguous_and_missing_quotes_are_reported_and_never_guessed(tmp_path: Path) -> None:
    rows = [("i1", "og", "A"), ("i1", "not said", "A"), ("i2", "no transcript", "A"), ("i1", "Hun viste mig", "A")]
    read = vvv.read_codings(table(tmp_path / "t.csv", rows, ("interview", "quote", "code")), texts={"i1": DANISH})
    assert read.frame["start"].isna().tolist() == [True, True, True, False]
    assert read.frame["text"].tolist() == [row[1] for row in rows]
    counted = {loss.what: (loss.count, loss.detail) for loss in read.losses}
    assert counted["quotes that stand more than once in the transcript"] == (1, "kept without a place; row 2")
    assert counted["quotes that are not in the transcript"] == (1, "kept without a place; row 3")
    assert counted["quotes without a transcript to find them in"] == (1, "kept without a place; row 4")


def test_positions_in_a_table_are_checked_against_the_quotes(tmp_path: Path) -> None:
    quotes = ["Hun viste mig", "hver tirsdag", "i gården", "kører med bus", "finde lægen"]
    places = [span(DANISH, quote) for quote in quotes]
    header = ("source", "start", "end", "text", "code")
    good = [("i1", str(start), str(end), quote, "A") for quote, (start, end) in zip(quotes, places, strict=True)]
    read = vvv.read_codings(table(tmp_path / "good.csv", good, header), texts={"i1": DANISH})
    assert read.frame["text"].tolist() == quotes
    bad = [("i1", str(start + 7), str(end + 7), quote, "A") for quote, (start, end) in zip(quotes, places, strict=True)]
    with pytest.raises(SourceError, match="do not fit"):
        vvv.read_codings(table(tmp_path / "bad.csv", bad, header), texts={"i1": DANISH})


def test_positions_counted_over_another_way_of_line_ends_are_found_out(tmp_path: Path) -> None:
    quotes = ["Hun viste mig", "hver tirsdag", "i gården"]
    raw = DANISH.replace("\n", "\r\n")
    rows = [("i1", str(raw.index(quote)), str(raw.index(quote) + len(quote)), quote, "A") for quote in quotes]
    path = table(tmp_path / "t.csv", rows, ("source", "start", "end", "text", "code"))
    assert vvv.read_codings(path, texts={"i1": DANISH}).frame["text"].tolist() == quotes
    assert vvv.read_codings(path, texts={"i1": raw}).frame["text"].tolist() == quotes


def test_all_unusable_rows_are_named_at_once(tmp_path: Path) -> None:
    rows = [("", "0", "3", "A"), ("i1", "x", "3", "A"), ("i1", "1", "", "A")]
    with pytest.raises(SchemaError) as caught:
        vvv.read_codings(table(tmp_path / "t.csv", rows, ("source", "start", "end", "code")))
    assert [failure.row for failure in caught.value.failures] == [2, 3, 3, 4]


def test_a_table_that_is_no_table_of_codings_says_which_columns_it_needs(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no column for code"):
        vvv.read_codings(table(tmp_path / "t.csv", [("i1", "x")], ("interview", "quote")))


def test_taguette_exports_are_read(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", [("1", "doc", "people.family", "Hun viste mig")], ("id", "document", "tag", "content"))
    read = vvv.read_codings(path, texts={"doc": DANISH})
    assert read.frame.loc[0, ["source", "code_path", "text"]].tolist() == ["doc", "people > family", "Hun viste mig"]
    files.write_workbook(tmp_path / "t.xlsx", {"Sheet1": files.read_csv(path)})
    assert vvv.read_codings(tmp_path / "t.xlsx", texts={"doc": DANISH}).frame.equals(read.frame)


@pytest.mark.parametrize("columns", [("tag", "description", "number of highlights"), ("id", "tag", "description", "number of highlights")])
def test_taguette_codebooks_of_three_and_four_columns_are_read(tmp_path: Path, columns: tuple[str, ...]) -> None:
    row = dict(zip(columns, ["4"] * 4, strict=False)) | {"tag": "people", "description": "who they know"}
    book = vvv.read_codebook(table(tmp_path / "c.csv", [tuple(row[name] for name in columns)], columns))
    assert book.paths == ["people"]
    assert book.frame.loc[0, "definition"] == "who they know"


def test_a_codebook_table_by_name_and_parent_or_by_path_is_the_same_tree(tmp_path: Path) -> None:
    one = table(tmp_path / "a.csv", [("Net", "", "x"), ("Venner", "Net", "y")], ("name", "parent", "definition"))
    other = table(tmp_path / "b.csv", [("Net > Venner", "y")], ("code_path", "definition"))
    assert vvv.read_codebook(one).paths == vvv.read_codebook(other).paths == ["Net", "Net > Venner"]


def test_tables_written_are_read_back(tmp_path: Path) -> None:
    first = vvv.read_codings(
        table(tmp_path / "t.csv", [*ROWS, ("i1", "=1+1", "A", "Bo")], ("interview", "quote", "code", "coder")), texts={"i1": DANISH}
    )
    for name in ("out.csv", "out.xlsx"):
        vvv.write_codings(first, tmp_path / name)
        second = vvv.read_codings(tmp_path / name, texts={"i1": DANISH})
        pd.testing.assert_frame_equal(second.frame, first.frame)
    book = vvv.read_codings(tmp_path / "out.xlsx", texts={"i1": DANISH}).codebook
    pd.testing.assert_frame_equal(book.frame, first.codebook.frame)


def test_a_formula_in_a_quote_is_written_as_text(tmp_path: Path) -> None:
    first = vvv.read_codings(table(tmp_path / "t.csv", [("i1", '=HYPERLINK("x")', "A")], ("interview", "quote", "code")))
    vvv.write_codings(first, tmp_path / "out.csv")
    assert "'=HYPERLINK" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert vvv.read_codings(tmp_path / "out.csv").frame.loc[0, "text"] == '=HYPERLINK("x")'


def test_converting_tells_what_was_lost(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", ROWS, ("interview", "quote", "code", "coder"))
    lost = convert_codings(path, tmp_path / "out.qdpx", texts={"i1": DANISH})
    assert not len(lost)
    assert len(vvv.read_codings(tmp_path / "out.qdpx").frame) == 2
    lost = convert_codings(tmp_path / "out.qdpx", tmp_path / "out.csv")
    assert [loss.what for loss in lost] == ["transcripts"]
    with pytest.raises(AnalysisError, match="same file"):
        convert_codings(path, path)
    with pytest.raises(AnalysisError, match="not written to"):
        convert_codings(path, tmp_path / "out.docx")


def test_texts_can_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "i1.txt").write_bytes(b"\xef\xbb\xbf" + DANISH.replace("\n", "\r\n").encode())
    path = table(tmp_path / "t.csv", ROWS, ("interview", "quote", "code", "coder"))
    assert vvv.read_codings(path, texts=tmp_path / "texts").frame["text"].tolist() == [row[1] for row in ROWS]

"""A table as a Word document: another reader finds the same cells, heading row and note."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from vvvresearch.results import Base, Result

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read(path: Path) -> tuple[list[list[str]], str]:
    root = ElementTree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))
    rows = [["".join(text.text or "" for text in cell.iter(f"{W}t")) for cell in row.iter(f"{W}tc")] for row in root.iter(f"{W}tr")]
    return rows, "".join(text.text or "" for text in root.iter(f"{W}t"))


def test_a_word_document_holds_the_table_as_a_reader_sees_it(tmp_path: Path) -> None:
    frame = pd.DataFrame({"svar": ["<b>æ & ø</b>", "to\nlinjer"], "antal": [7, 1200]})
    result = Result(frame=frame, base=Base(9), title="Svar", notes=("Note.",))
    rows, text = read(result.to_docx(tmp_path / "a.docx"))
    assert rows == [["svar", "antal"], ["<b>æ & ø</b>", "7"], ["tolinjer", "1.200"]]
    assert "n = 9" in text
    assert "Note." in text
    assert result.to_docx() == result.to_docx()


def test_an_absent_result_is_its_sentence_in_word_too(tmp_path: Path) -> None:
    assert read(Result.missing("Runden har ingen par.").to_docx(tmp_path / "a.docx")) == ([], "Runden har ingen par.")

"""An identifier planted in any format, wherever the format can show it, is found; and its place never repeats it."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from openpyxl.comments import Comment

from vvvresearch.errors import SourceError
from vvvresearch.privacy import file_texts, scan_file

PHONE, EMAIL, CPR = "21 43 65 87", "leyla.k@eksempel.dk", "140385-1232"
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _docx(path: Path) -> None:
    # A number that the program has split into runs is one number to whoever reads the page.
    runs = f"<w:p><w:r><w:t>Ring {PHONE[:4]}</w:t></w:r><w:r><w:t>{PHONE[4:]}</w:t></w:r></w:p>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {_WORD}><w:body>{runs}</w:body></w:document>")
        archive.writestr("word/comments.xml", f'<w:comments {_WORD}><w:comment w:author="{EMAIL}"><w:p/></w:comment></w:comments>')
        archive.writestr("docProps/core.xml", f"<cp><title>cpr {CPR}</title></cp>")


def _xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "cpr"])
    sheet.append(["a", 103851232])  # the first figure is lost where it stands as a number
    sheet["A1"].comment = Comment(f"skriv til {EMAIL}", "x")
    hidden = book.create_sheet("skjult")
    hidden.sheet_state = "hidden"
    hidden.append(["telefon"])
    hidden.append([PHONE])
    book.save(path)


def _qdpx(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "project.qde",
            f'<Project><Users><User name="{EMAIL}"/></Users><Note><PlainTextContent>{CPR}</PlainTextContent></Note></Project>',
        )
        archive.writestr("sources/a.txt", f"Hun har nummer {PHONE}.")


def _database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE source (name TEXT, file TEXT, memo BLOB)")
        connection.execute("INSERT INTO source VALUES (?, ?, ?)", (f"cpr {CPR}", f"Ring på {PHONE}", f"mail {EMAIL}".encode()))
    connection.close()


def _sav(path: Path) -> None:
    frame = pd.DataFrame({"q1": [f"min mail er {EMAIL}"], "q2": [1.0]})
    pyreadstat.write_sav(
        frame, str(path), column_labels={"q1": f"ring {PHONE}", "q2": "b"}, variable_value_labels={"q2": {1.0: f"cpr {CPR}"}}
    )


def _pdf(path: Path) -> None:
    content = zlib.compress(f"BT /F1 12 Tf 72 700 Td (Ring {PHONE[:5]}) Tj [({PHONE[5:]})] TJ T* <{CPR.encode().hex()}> Tj ET".encode())
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Author (" + EMAIL.encode() + b") >>",
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, part) for number, part in enumerate(parts, start=1))
    path.write_bytes(b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R /Info 6 0 R >>\n%%EOF")


def _html(path: Path) -> None:
    page = f'<html><body><img alt="ring {PHONE}"><!-- {EMAIL} --><script type="application/json">{{"a": "{CPR}"}}</script></body></html>'
    path.write_text(page, encoding="utf-8")


def _notebook(path: Path) -> None:
    outputs = [
        {"output_type": "display_data", "data": {"text/html": f"<td>Ring {PHONE[:5]}<b>{PHONE[5:]}</b></td>", "text/plain": "x"}},
        {"output_type": "error", "ename": "E", "evalue": EMAIL, "traceback": ["x"]},
    ]
    cells = [{"cell_type": "code", "source": "", "outputs": outputs}]
    # What a widget showed is kept beside the cells.
    path.write_text(json.dumps({"cells": cells, "metadata": {"widgets": {"state": f"cpr {CPR}"}}}), encoding="utf-8")


def _script(path: Path) -> None:
    path.write_text(f"<script>var a = {{'b': 'ring {PHONE}', c: \"{EMAIL}\"}}; d('{CPR}')</script><p>x</p>", encoding="utf-8")


def _details(path: Path) -> None:
    cell = {"cell_type": "markdown", "source": "", "metadata": {"tags": [f"ring {PHONE}"], "papermill": {"duration": "12345678"}}}
    told = {"cells": [cell], "metadata": {"authors": [{"name": EMAIL}, {"name": CPR}], "kernelspec": {"name": "python3"}}}
    path.write_text(json.dumps(told), encoding="utf-8")


def _jsonl(path: Path) -> None:
    # As programs escape it: a line break before the number, a letter by its code.
    path.write_text(f'{{"why": "Ring\\n{PHONE}"}}\n{{"memo": "{EMAIL}, cpr\\u00a0{CPR}"}}\n', encoding="utf-8")


MAKERS: dict[str, Callable[[Path], None]] = {
    "a.docx": _docx,
    "a.xlsx": _xlsx,
    "a.qdpx": _qdpx,
    "a.qda": _database,
    "a.sav": _sav,
    "a.pdf": _pdf,
    "a.html": _html,
    "a.ipynb": _notebook,
    "a.jsonl": _jsonl,
    "script.html": _script,
    "details.ipynb": _details,
}


@pytest.mark.parametrize("name", MAKERS)
def test_what_a_format_can_show_is_scanned_wherever_it_stands(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    MAKERS[name](path)
    found = scan_file(path)
    assert {one.kind for _, one in found} >= {"CPR", "PHONE", "EMAIL"}
    told = " ".join(where for where, _ in found)
    assert not any(part in told for part in (PHONE, EMAIL, CPR, "103851232"))


def test_the_text_of_a_pdf_is_that_which_poppler_reads(tmp_path: Path) -> None:
    import typst

    source = tmp_path / "a.typ"
    long = "#box(width: 40pt, text(hyphenate: true)[flygtningefamilierne])"
    said = "Hun mødte sin ven på biblioteket hver torsdag i et år."
    source.write_text(f'#set text(lang: "da")\n= Æblegrød og ål\n{said}\n\n{long}\n', encoding="utf-8")
    path = tmp_path / "a.pdf"
    typst.compile(str(source), output=str(path))
    words = " ".join(" ".join(piece.text for piece in file_texts(path)).split())
    assert "Æblegrød og ål" in words
    assert said in words
    assert "flygtningefamilierne" in words
    # The number that the program draws for a document stands in it, and is no text of anybody's.
    data = path.read_bytes()
    drawn = re.search(rb"DocumentID>([^<]{20,})<", data)
    assert drawn is not None
    assert drawn[1].decode() not in words


def test_a_locked_pdf_and_an_unknown_kind_of_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\ntrailer << /Encrypt 9 0 R >>\n%%EOF\n")
    with pytest.raises(SourceError, match="password"):
        list(file_texts(path))
    with pytest.raises(SourceError, match="not scanned"):
        list(file_texts(tmp_path / "a.exe"))

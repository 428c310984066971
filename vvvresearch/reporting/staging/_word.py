"""Reference documents for Word and PowerPoint: those that come with pandoc, with the draft's marks and room for long words and titles."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import cache

from vvvresearch import files
from vvvresearch.reporting.embedded._pandoc import run_pandoc

REFERENCE, SLIDES = "_reference.docx", "_reference.pptx"
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
_HEAD = "header9.xml"
# A zip file carries times; a fixed one keeps two runs equal.
_TIME = (2000, 1, 1, 0, 0, 0)


# Tables are set in nine points, so that columns have room for their longest words.
_TABLE = b'<w:style w:type="table" w:default="1" w:styleId="Table">'
_SMALL = b'<w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>'
# A slide's title is a whole sentence: at the left, and so large that three lines find room. Text follows.
_MASTER = "ppt/slideMasters/slideMaster1.xml"
_SIZES = {'sz="3300"': 'sz="2000"', 'sz="2400"': 'sz="1800"', 'sz="2100"': 'sz="1600"', 'sz="1800"': 'sz="1500"'}


@cache
def _default(name: str) -> bytes:
    return run_pandoc(["--print-default-data-file", name], "")[0]


def _changed(name: str, change: Callable[[str, bytes], bytes], added: Mapping[str, bytes] | None = None) -> bytes:
    """A document of pandoc's with parts changed and added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_default(name))) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in given.namelist():
            made.writestr(zipfile.ZipInfo(part, _TIME), change(part, given.read(part)))
        for part, content in (added or {}).items():
            made.writestr(zipfile.ZipInfo(part, _TIME), content)
    return out.getvalue()


@cache
def reference_slides() -> bytes:
    """The bytes of a reference document for slides."""

    def change(part: str, content: bytes) -> bytes:
        if part != _MASTER:
            return content
        master = content.decode("utf-8").replace('<p:titleStyle><a:lvl1pPr algn="ctr"', '<p:titleStyle><a:lvl1pPr algn="l"')
        styles = master.index("<p:titleStyle>"), master.index("</p:bodyStyle>")
        sized = re.sub("|".join(map(re.escape, _SIZES)), lambda found: _SIZES[found[0]], master[slice(*styles)])
        return (master[: styles[0]] + sized + master[styles[1] :]).encode("utf-8")

    return _changed("reference.pptx", change)


@cache
def reference_document(mark: str) -> bytes:
    """The bytes of a reference document whose pages say a mark at their head; "" says nothing.

    Args:
        mark: plain text.
    """
    header = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:hdr xmlns:w="{_SPACE}"><w:p><w:pPr><w:jc w:val="right"/></w:pPr>'
        '<w:r><w:rPr><w:b/><w:color w:val="7A1F1F"/><w:sz w:val="16"/></w:rPr>'
        f'<w:t xml:space="preserve">{files.html_text(mark)}</w:t></w:r></w:p></w:hdr>'
    )

    def change(part: str, content: bytes) -> bytes:
        if part == "word/styles.xml":
            start = content.index(_TABLE)
            end = content.index(b"<w:tblPr>", start)
            return content[:end] + _SMALL + content[end:]
        if not mark:
            return content
        if part == "[Content_Types].xml":
            return content.replace(b"</Types>", f'<Override PartName="/word/{_HEAD}" ContentType="{_TYPE}"/></Types>'.encode())
        if part == "word/_rels/document.xml.rels":
            relation = f'<Relationship Id="rIdMarks" Type="{_OFFICE}/header" Target="{_HEAD}"/></Relationships>'
            return content.replace(b"</Relationships>", relation.encode())
        return _with_header(content.decode("utf-8")).encode("utf-8") if part == "word/document.xml" else content

    return _changed("reference.docx", change, {f"word/{_HEAD}": header.encode("utf-8")} if mark else None)


def _with_header(document: str) -> str:
    """The document with the header named in its last section, whose settings pandoc takes over."""
    named = f'<w:headerReference xmlns:r="{_OFFICE}" w:type="default" r:id="rIdMarks"/>'
    start = document.rfind("<w:sectPr")
    if start < 0:
        return document.replace("</w:body>", f"<w:sectPr>{named}</w:sectPr></w:body>")
    end = document.index(">", start)
    if document[end - 1] == "/":
        return f"{document[: end - 1]}>{named}</w:sectPr>{document[end + 1 :]}"
    return f"{document[: end + 1]}{named}{document[end + 1 :]}"

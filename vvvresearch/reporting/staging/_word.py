"""Word's reference document: the one that comes with pandoc, with the marks of a draft in the head of every page."""

from __future__ import annotations

import io
import zipfile
from functools import cache

from vvvresearch import files
from vvvresearch.reporting.embedded._pandoc import run_pandoc

REFERENCE = "_reference.docx"
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
_HEAD = "header9.xml"
# A zip file carries times; a fixed one keeps two runs equal.
_TIME = (2000, 1, 1, 0, 0, 0)


@cache
def _default() -> bytes:
    return run_pandoc(["--print-default-data-file", "reference.docx"], "")[0]


@cache
def reference_document(mark: str) -> bytes:
    """The bytes of a reference document whose pages say a mark at their head; "" says nothing.

    Args:
        mark: plain text.
    """
    if not mark:
        return _default()
    header = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:hdr xmlns:w="{_SPACE}"><w:p><w:pPr><w:jc w:val="right"/></w:pPr>'
        '<w:r><w:rPr><w:b/><w:color w:val="7A1F1F"/><w:sz w:val="16"/></w:rPr>'
        f'<w:t xml:space="preserve">{files.html_text(mark)}</w:t></w:r></w:p></w:hdr>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_default())) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            content = given.read(name)
            if name == "[Content_Types].xml":
                override = f'<Override PartName="/word/{_HEAD}" ContentType="{_TYPE}"/></Types>'
                content = content.replace(b"</Types>", override.encode())
            elif name == "word/_rels/document.xml.rels":
                relation = f'<Relationship Id="rIdMarks" Type="{_OFFICE}/header" Target="{_HEAD}"/></Relationships>'
                content = content.replace(b"</Relationships>", relation.encode())
            elif name == "word/document.xml":
                content = _with_header(content.decode("utf-8")).encode("utf-8")
            made.writestr(zipfile.ZipInfo(name, _TIME), content)
        made.writestr(zipfile.ZipInfo(f"word/{_HEAD}", _TIME), header.encode("utf-8"))
    return out.getvalue()


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

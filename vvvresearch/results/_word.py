"""A view as a Word document: title, table with a heading row that repeats, base and note."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from vvvresearch import files

if TYPE_CHECKING:
    from vvvresearch.results._view import View

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    f'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    f'ContentType="{_TYPE}.document.main+xml"/></Types>'
)
_LINKS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
# A zip's own clock starts here; a fixed day makes the same table the same bytes.
_DAY = (1980, 1, 1, 0, 0, 0)
_LINE = '<w:{0} w:val="single" w:sz="4" w:color="808080"/>'
_BORDERS = "<w:tblBorders>" + "".join(map(_LINE.format, ("top", "bottom", "insideH"))) + "</w:tblBorders>"


def document(view: View) -> bytes:
    """The bytes of a Word document with the view's table; an absent one is its sentence."""
    if view.absent:
        body = _paragraph(view.absent)
    else:
        grid = view.grid()
        lines = [_row(grid.headings, grid.numeric, heading=True), *(_row(row, grid.numeric) for row in grid.rows)]
        columns = "".join("<w:gridCol/>" for _ in grid.headings)
        width = '<w:tblW w:w="5000" w:type="pct"/>'
        table = f"<w:tbl><w:tblPr>{width}{_BORDERS}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(lines)}</w:tbl>"
        body = (_paragraph(view.caption, bold=True) if view.caption else "") + table + _paragraph(view.footer)
    text = f'{_HEAD}<w:document xmlns:w="{_MAIN}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _LINKS), ("word/document.xml", text)):
            archive.writestr(zipfile.ZipInfo(name, _DAY), part.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _row(cells: tuple[str, ...], numeric: tuple[bool, ...], *, heading: bool = False) -> str:
    about = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if heading else "<w:trPr><w:cantSplit/></w:trPr>"
    written = (f"<w:tc>{_paragraph(cell, bold=heading, right=right)}</w:tc>" for cell, right in zip(cells, numeric, strict=True))
    return f"<w:tr>{about}{''.join(written)}</w:tr>"


def _paragraph(words: str, *, bold: bool = False, right: bool = False) -> str:
    place = '<w:pPr><w:jc w:val="right"/></w:pPr>' if right else ""
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in files.plain_text(words).split("\n"))
    return f"<w:p>{place}<w:r>{look}{lines}</w:r></w:p>"

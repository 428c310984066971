"""Word documents as blocks; a place is the number of the paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vvvresearch.audit._cells import table_of
from vvvresearch.audit._document import Block, BlockKind, Unread
from vvvresearch.audit._plain import caption_of
from vvvresearch.errors import SourceError
from vvvresearch.files import Archive, parse_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWINGS = (f"{_W}drawing", f"{_W}pict", f"{_W}object")
_BODY, _NOTES = "word/document.xml", ("word/footnotes.xml", "word/endnotes.xml")


def word_blocks(archive: Archive) -> tuple[tuple[Block, ...], tuple[Unread, ...]]:
    """The blocks of a Word document, foot- and endnotes last, and what could not be read: pictures.

    Raises:
        SourceError: the archive holds no document.
    """
    if _BODY not in archive.names:
        raise SourceError("this is no Word document", where=archive.where, todo="save it as .docx and try again")
    reader = _Reader()
    reader.read(parse_xml(archive.read(_BODY), f"{archive.where}!{_BODY}"))
    for name in _NOTES:
        if name in archive.names:
            for note in parse_xml(archive.read(name), f"{archive.where}!{name}"):
                reader.paragraphs(note, "note")
    return tuple(reader.blocks), tuple(reader.unread)


class _Reader:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.unread: list[Unread] = []
        self.line = 0

    def read(self, root: Element) -> None:
        body = root.find(f"{_W}body")
        if body is not None:
            self._content(body)

    def _content(self, parent: Element) -> None:
        for child in parent:
            if child.tag == f"{_W}p":
                self._paragraph(child, None)
            elif child.tag == f"{_W}tbl":
                self._table(child)
            elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins"):
                self._content(child)

    def paragraphs(self, parent: Element, kind: BlockKind) -> None:
        for paragraph in parent.iter(f"{_W}p"):
            self._paragraph(paragraph, kind)

    def _paragraph(self, paragraph: Element, kind: BlockKind | None) -> None:
        self.line += 1
        text = words_of(paragraph).strip()
        if any(node.tag in _DRAWINGS for node in paragraph.iter()):
            self.unread.append(Unread(self.line, "picture", text[:80]))
        if not text:
            return
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        name = (style.get(f"{_W}val") or "").lower() if style is not None else ""
        level = 0
        heading = re.search(r"(?:heading|overskrift|titel|title)\D*(\d?)", name)
        if kind is None:
            if heading and "caption" not in name:
                kind, level = "heading", int(heading[1] or 1)
            elif caption_of(text) and len(text) < 240 and ("caption" in name or "billedtekst" in name or _is_caption(text)):
                kind = "caption"
            elif paragraph.find(f"{_W}pPr/{_W}numPr") is not None or "list" in name or re.match(r"[•·–-]\s", text):
                kind = "item"
            elif text.startswith("*"):
                kind = "note"
            else:
                kind = "paragraph"
        self.blocks.append(Block(kind, text, self.line, (self.line,) * (text.count("\n") + 1), level))

    def _table(self, table: Element) -> None:
        rows = []
        for row in table.iter(f"{_W}tr"):
            self.line += 1
            cells = [" ".join(" ".join(words_of(one) for one in cell.iter(f"{_W}p")).split()) for cell in row.findall(f"{_W}tc")]
            if cells:
                rows.append((cells[0], tuple(cells[1:]), self.line))
        if rows:
            text = "\n".join(" ".join((label, *printed)) for label, printed, _ in rows)
            self.blocks.append(Block("table", text, rows[0][2], tuple(line for _, _, line in rows), table=table_of(rows)))


def _is_caption(text: str) -> bool:
    found = caption_of(text)
    return found is not None and (found["mark"] is not None or not text.rstrip().endswith("."))


def words_of(paragraph: Element) -> str:
    """The words of a paragraph: deleted text, raised footnote marks and field codes left out."""
    return "".join(_pieces(paragraph))


def _pieces(node: Element) -> Iterator[str]:
    for child in node:
        if child.tag == f"{_W}r":
            raised = child.find(f"{_W}rPr/{_W}vertAlign")
            mark = raised is not None and raised.get(f"{_W}val") == "superscript"
            own = "".join(_run(child))
            if not (mark and own.strip().isdigit()):
                yield own
        elif child.tag not in (f"{_W}del", f"{_W}pPr", f"{_W}moveFrom"):
            yield from _pieces(child)


def _run(run: Element) -> Iterator[str]:
    for child in run:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"

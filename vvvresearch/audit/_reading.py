"""Files of any kind as documents: text, Markdown, HTML, Word and PDF, each block with its place."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.audit._document import Block, BlockKind, Document, Unread, table_of
from vvvresearch.audit._plain import blocks_of, caption_of
from vvvresearch.audit._words import word_list
from vvvresearch.errors import SourceError
from vvvresearch.files import Archive, admit, open_archive, parse_xml, read_bytes
from vvvresearch.locales import Lang
from vvvresearch.privacy import file_texts

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


_TEXT, _HTML, _WORD, _PDF = (".txt", ".md", ".qmd", ".markdown", ".text"), (".html", ".htm", ".xhtml"), (".docx",), (".pdf",)
READABLE = (*_TEXT, *_HTML, *_WORD, *_PDF)


def read_document(path: str | Path) -> Document:
    """A report as a document of blocks.

    Args:
        path: a .txt, .md, .qmd, .html, .docx or .pdf file.

    Returns:
        The document; what could not be read of it is in `.unread`.

    Raises:
        SourceError: a file of another kind, damaged, or a PDF where no reader for PDFs is installed.
    """
    path = Path(path)
    ending = path.suffix.lower()
    unread: tuple[Unread, ...] = ()
    if ending in _WORD:
        blocks, unread = word_blocks(open_archive(path))
    elif ending in _PDF:
        blocks, unread = pdf_blocks(path)
    elif ending in _HTML:
        blocks, unread = html_blocks(_decoded(read_bytes(path)))
    elif ending in _TEXT:
        text = _decoded(read_bytes(path))
        blocks, unread = blocks_of(text), _pictures_in(text)
    else:
        raise SourceError(f"{ending or 'a file without an ending'} is no kind of report", where=path, todo=f"one of {', '.join(READABLE)}")
    return Document(path.name, language_of(blocks), blocks, (*unread, *_captions_alone(blocks)))


def language_of(blocks: tuple[Block, ...]) -> Lang:
    """Danish or English, by the small words of the document."""
    words = re.findall(r"[a-zæøå]+", " ".join(block.text for block in blocks[:400]).lower())
    danish = sum(word in word_list("common", "da") or bool(set(word) & set("æøå")) for word in words)
    english = sum(word in word_list("common", "en") for word in words)
    return "en" if english > danish else "da"


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


_PICTURE = re.compile(r"!\[([^\]]{0,200})\]\([^)\s]+\)")


def _pictures_in(text: str) -> tuple[Unread, ...]:
    return tuple(
        Unread(number, "picture", match[1][:80]) for number, line in enumerate(text.split("\n"), 1) for match in _PICTURE.finditer(line)
    )


def _captions_alone(blocks: tuple[Block, ...]) -> tuple[Unread, ...]:
    """Captions of tables with no table near them: the table is a picture, or was not understood."""
    found = []
    for at, block in enumerate(blocks):
        caption = caption_of(block.text) if block.kind == "caption" else None
        if caption is None or not caption["word"].lower().startswith(("tab",)):
            continue
        near = [one for one in blocks[max(0, at - 2) : at + 4] if one.kind == "table"]
        if not near:
            found.append(Unread(block.line, "table", block.text.split("\n")[0][:80]))
    return tuple(found)


_SILENT = frozenset({"script", "style", "nav", "head", "template", "noscript", "svg"})
_BLOCKS: dict[str, BlockKind] = {
    "p": "paragraph", "li": "item", "caption": "caption", "figcaption": "caption", "blockquote": "paragraph", "dd": "item", "dt": "item",
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading", "div": "paragraph",
    "section": "paragraph", "article": "paragraph", "td": "paragraph", "body": "paragraph", "aside": "note", "footer": "note",
    "pre": "paragraph", "main": "paragraph", "figure": "paragraph", "header": "paragraph",
}  # fmt: skip
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "wbr", "source", "area", "base", "embed"})


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.unread: list[Unread] = []
        self.silent = 0
        self.raised = 0
        self.words: list[str] = []
        self.line = 1
        self.kinds: list[tuple[str, BlockKind, int]] = []
        self.rows: list[tuple[list[str], int]] | None = None
        self.pictures: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
            return
        if self.silent:
            return
        if tag == "br":
            self.words.append(" ")
        elif tag == "img":
            self.pictures.append((self.getpos()[0], dict(attrs).get("alt") or ""))
        elif tag == "sup":
            self.raised += 1
        elif tag == "table":
            self._close()
            self.rows = []
        elif tag == "tr" and self.rows is not None:
            self.rows.append(([], self.getpos()[0]))
        elif tag in ("td", "th") and self.rows is not None:
            self._close()
            if not self.rows:
                self.rows.append(([], self.getpos()[0]))
            self.rows[-1][0].append("")
        elif tag in _BLOCKS and (self.rows is None or tag == "caption"):
            self._close()
            level = int(tag[1]) if tag[0] == "h" and tag[1:].isdigit() else 0
            self.kinds.append((tag, _BLOCKS[tag], level))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif self.silent:
            return
        elif tag == "sup":
            self.raised = max(0, self.raised - 1)
        elif tag == "table" and self.rows is not None:
            self._table()
        elif tag in _BLOCKS and (self.rows is None or tag == "caption"):
            self._close()
            while self.kinds and self.kinds[-1][0] != tag:
                self.kinds.pop()
            if self.kinds:
                self.kinds.pop()

    def handle_data(self, data: str) -> None:
        if self.silent or (self.raised and data.strip().isdigit()):
            return
        caption = bool(self.kinds) and self.kinds[-1][0] == "caption"
        if self.rows is not None and not caption:
            if self.rows and self.rows[-1][0]:
                self.rows[-1][0][-1] += data
            return
        if data.strip() and not "".join(self.words).strip():
            self.line = self.getpos()[0] + data[: len(data) - len(data.lstrip())].count("\n")
            self.words = []
        self.words.append(data)

    def _close(self) -> None:
        text = "".join(self.words)
        self.words = []
        if not text.strip():
            return
        kind, level = (self.kinds[-1][1], self.kinds[-1][2]) if self.kinds else ("paragraph", 0)
        lines = text.strip().split("\n")
        text = "\n".join(" ".join(line.split()) for line in lines)
        if kind == "paragraph" and len(text) < 240 and caption_of(text):
            kind = "caption"
        elif kind == "paragraph" and text.startswith("*") and not text.startswith("**"):
            kind = "note"
        self.blocks.append(Block(kind, text, self.line, tuple(range(self.line, self.line + len(lines))), level))

    def _table(self) -> None:
        self._close()
        rows, self.rows = self.rows or [], None
        printed = [([" ".join(cell.split()) for cell in cells], line) for cells, line in rows if cells]
        if not printed:
            return
        table = table_of([(cells[0], tuple(cells[1:]), line) for cells, line in printed])
        text = "\n".join(" ".join(cells) for cells, _ in printed)
        self.blocks.append(Block("table", text, printed[0][1], tuple(line for _, line in printed), table=table))

    def close(self) -> None:
        super().close()
        if self.rows is not None:
            self._table()
        self._close()


def html_blocks(text: str) -> tuple[tuple[Block, ...], tuple[Unread, ...]]:
    """The blocks of an HTML page, and what of it could not be read: pictures."""
    page = _Page()
    page.feed(text)
    page.close()
    unread = [*page.unread, *(Unread(line, "picture", words[:80]) for line, words in page.pictures)]
    return tuple(page.blocks), tuple(unread)


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


_SECONDS = 60
# A gutter: a stretch of blanks between words on both sides, at much the same place of most lines of a page.
_GUTTER = re.compile(r"(?<=\S) {3,}(?=\S)")
_PARTED = 0.45


def pdf_blocks(path: Path) -> tuple[tuple[Block, ...], tuple[Unread, ...]]:
    """The blocks of a PDF; pages without text and pages in two columns are told.

    Raises:
        SourceError: the file cannot be read.
    """
    pages = _pages(path, "-layout")
    flowing = _pages(path) if any(_in_columns(page) for page in pages) else []
    unread: list[Unread] = []
    chosen: list[str] = []
    line = 1
    for number, page in enumerate(pages, 1):
        if len(re.findall(r"\w", page)) < 5:
            unread.append(Unread(line, "scanned", str(number)))
        if _in_columns(page):
            unread.append(Unread(line, "columns", str(number)))
            page = flowing[number - 1] if number <= len(flowing) else page
        page = _without_margin(page)
        chosen.append(page)
        line += page.count("\n") + 1
    return blocks_of(_hyphenated("\n".join(chosen))), tuple(unread)


def _hyphenated(text: str) -> str:
    """A text whose soft hyphens are hyphens where a line ends on one, and nothing elsewhere."""
    return re.sub(r"\u00ad(?=[ \t]*\n)", "-", text).replace("\u00ad", "")


def _pages(path: Path, *options: str) -> list[str]:
    program = shutil.which("pdftotext")
    if program is None:
        return [piece.text for piece in file_texts(path) if piece.where.startswith("page")] or [""]
    command = [program, *options, "-enc", "UTF-8", str(admit(path).resolve()), "-"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise SourceError("the PDF could not be read in time", where=path, why=f"it took more than {_SECONDS} s") from None
    if done.returncode != 0:
        raise SourceError("the PDF cannot be read", where=path, why="it is damaged or locked", todo="save it again without a password")
    text = done.stdout.decode("utf-8", "replace")
    return text.removesuffix("\f").split("\f")


def _in_columns(page: str) -> bool:
    """Whether most lines of a page are parted at one place with prose on both sides."""
    lines = [line for line in page.split("\n") if len(line.strip()) > 50]
    if len(lines) < 8:
        return False
    parted: dict[int, int] = {}
    for line in lines:
        for match in _GUTTER.finditer(line):
            left, right = line[: match.start()].strip(), line[match.end() :].strip()
            if len(re.findall(r"[^\W\d_]", left)) > 18 and len(re.findall(r"[^\W\d_]", right)) > 18:
                parted[match.end() // 6] = parted.get(match.end() // 6, 0) + 1
                break
    most = max((count + parted.get(place + 1, 0) for place, count in parted.items()), default=0)
    return most >= _PARTED * len(lines)


def _without_margin(page: str) -> str:
    """A page whose common left margin is taken away, so that an indent means something."""
    lines = page.split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] for line in lines)

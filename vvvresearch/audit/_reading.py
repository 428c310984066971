"""Files of any kind as documents: text, Markdown, HTML, Word and PDF."""

from __future__ import annotations

import re
from pathlib import Path

from vvvresearch.audit._document import Block, Document, Unread
from vvvresearch.audit._markup import html_blocks
from vvvresearch.audit._pages import pdf_blocks
from vvvresearch.audit._plain import blocks_of, caption_of
from vvvresearch.audit._word import word_blocks
from vvvresearch.audit._words import word_list
from vvvresearch.errors import SourceError
from vvvresearch.files import open_archive, read_bytes
from vvvresearch.locales import Lang

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

"""PDF files as blocks, read by poppler's `pdftotext` where it is installed, else by the plain reader of `privacy`; a place is a line."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from vvvresearch.audit._document import Block, Unread
from vvvresearch.audit._plain import blocks_of
from vvvresearch.errors import SourceError
from vvvresearch.files import admit
from vvvresearch.privacy import file_texts

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

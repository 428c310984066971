"""What the body of a rendered report is like: its length, how much of it is tables, how hard it reads, codes left in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from vvvresearch import files

_WORD_OF_LIX = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_END = re.compile(r"[.!?:]+(?=\s|$|[»«”\"])|\n+")
_LONG = 6
_EMBEDDED = re.compile(r'(src|href)="data:[^"]*"')
_WORD = re.compile(r"[^\W_]+(?:[-'’.,][^\W_]+)*")
# What a reader takes for a slip of the keyboard: waves, items and measures by their codes, terms of a set analysis.
_CODE = re.compile(r"(?<![\w.-])(?:[tT]\d(?:-[A-Z])?|~?[A-Z]{2,}(?:\*~?[A-Z]{2,})+|incl[SN]|cov[SU]|RoN|PRI)(?![\w-])")
_PROSE, _SKIPPED = ("p", "li"), ("nav", "style", "script", "aside", "figcaption", "caption")
_VOID = ("img", "br", "hr", "meta", "link", "input", "col", "wbr", "source")
# Numbered notes and lines of bases are looked up; they are not read through.
_LOOKED_UP = ("notes", "note", "base", "footnotes", "colophon")


@dataclass(frozen=True)
class Body:
    """Measures of a report's body.

    Args:
        words: words of text and tables, notes and bases left out.
        table_words: those in tables.
        lix: of the text.
        codes: codes found in it, each once.
        pages: of the PDF; None where they cannot be counted.
    """

    words: int
    table_words: int
    lix: float
    codes: tuple[str, ...]
    pages: int | None = None

    @property
    def table_share(self) -> float:
        """The part of all words that stands in tables, 0 to 1."""
        return self.table_words / self.words if self.words else 0.0


def measure_body(html: str, pages: int | None = None) -> Body:
    """Measure the body of a rendered page.

    Args:
        html: the page.
        pages: of the same report as a PDF.

    Example:
        >>> page = "<main><p>Vi spurgte dem.</p><table><tr><td>ja</td><td>T1-A</td></tr></table></main>"
        >>> body = measure_body(page)
        >>> body.words, body.table_words, body.lix, body.codes
        (5, 2, 36.3, ('T1-A',))
    """
    reader = _Reader()
    reader.feed(_EMBEDDED.sub("", html))
    text, tables = "\n".join(reader.prose), "\n".join(reader.tables)
    table_words = len(_WORD.findall(tables))
    codes = tuple(dict.fromkeys(_CODE.findall(f"{text}\n{tables}")))
    return Body(len(_WORD.findall(text)) + table_words, table_words, lix(text), codes, pages)


def measure_report(folder: Path) -> Body | None:
    """Measure a report as it was rendered last; None where it was not.

    Args:
        folder: of a round's reports in one language.
    """
    page = folder / "report.html"
    if not page.is_file():
        return None
    return measure_body(files.read_text(page), _pages(folder / "report.pdf"))


def _pages(path: Path) -> int | None:
    if not path.is_file():
        return None
    try:
        import pikepdf
    except ImportError:
        return None
    with pikepdf.open(files.admit(path)) as pdf:
        return len(pdf.pages)


class _Reader(HTMLParser):
    """Collects the words of a page's main part, those of tables by themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.prose: list[str] = [""]
        self.tables: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; what lies in a skipped one is skipped."""
        if tag in _VOID:
            return
        classes = set((dict(attrs).get("class") or "").split())
        skipped = tag in _SKIPPED or bool(classes.intersection(_LOOKED_UP))
        self._open.append((tag, skipped))
        if tag in _PROSE or tag in ("h1", "h2", "h3", "h4", "td", "th"):
            self.prose.append("")

    def handle_endtag(self, tag: str) -> None:
        """Close an element and whatever was left open in it."""
        while self._open and any(name == tag for name, _ in self._open):
            name, _ = self._open.pop()
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        """Keep words of the main part."""
        names = [name for name, _ in self._open]
        if "main" not in names or any(skipped for _, skipped in self._open):
            return
        if "table" in names:
            self.tables.append(data)
        else:
            self.prose[-1] += data


def lix(text: str) -> float:
    """Words to a sentence, plus the share in percent of words of more than six letters (Björnsson 1968).

    Args:
        text: plain text; a line break ends a sentence, as a heading or a list item does.

    Returns:
        The number; 0 for a text without words. Under 25 is easy, over 55 very hard.

    Example:
        >>> lix("Vi spurgte 42 kommuner. De svarede ja.")
        46.4
    """
    words = _WORD_OF_LIX.findall(text)
    if not words:
        return 0.0
    sentences = sum(bool(_WORD_OF_LIX.search(part)) for part in _END.split(text))
    long = sum(len(word) > _LONG for word in words)
    return round(len(words) / sentences + 100 * long / len(words), 1)

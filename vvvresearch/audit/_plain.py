"""Plain text and Markdown as blocks; hard-wrapped lines, page numbers, captions, tables without ruling."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from vvvresearch.audit._document import Block, BlockKind, Table, narrow_row, row_of, split_row, table_of

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_NUMBERED = re.compile(r"(?:(?:Kapitel|Chapter|Del|Part)\s+)?(\d{1,2}(?:\.\d{1,2})*)[.:]?\s+([A-ZÆØÅ].{2,120})")
CAPTION = re.compile(
    r"\W*(?P<word>Tabel|Figur|Fig\.?|Table|Figure|Kort|Map|Diagram|Chart|Graf|Oversigt|Overview|Skema|Boks|"
    r"Box)\s+(?P<number>\d{1,3}(?:\.\d{1,2})?)(?!\w|[.,]\d)\s*(?P<mark>[.:|·•–—-]|\*\*|$)?\s*(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
_DEEP = re.compile(r"\d{1,2}\.\d{1,2}(?:\.\d{1,2})?\s+[A-ZÆØÅ]")
_ITEM = re.compile(r"(?:[•·▪§‣o–—*-]|\d{1,2}\)|\(?[a-z]\)|\d{1,2}\.(?=\s+[\da-zæøåA-ZÆØÅ].*(?:[.;:,]|\d)))\s+(?=\S)")
_NOTE = re.compile(r"(?:\\?\*+\s*(?=[A-ZÆØÅ(])(?!\*)|(?:Note|Anm\.|Anmærkning|Kilde|Source|Noter?)\s*:)", re.IGNORECASE)
_RULER = re.compile(r"[\s|:+=_-]*[-=_]{2,}[\s|:+=_-]*")
# "Indskoling: 243 børn": a line of a list that has no bullets.
LABELLED = re.compile(r"[A-ZÆØÅ][^.:;!?\d]{1,60}:\s+\d[\d.,]*(?:\s+[^\W\d_]+\.?){0,2}")
_PAGE = re.compile(r"\s*(?:(?:side|page|s\.|p\.)\s*)?\d{1,3}(?:\s*(?:af|of|/)\s*\d{1,3})?\s*", re.IGNORECASE)
# Lines of label that a row may be broken over before it is prose.
_LABEL_LINES, _LABEL_CHARACTERS = 6, 420
# The base in the question above a table's first row.
_BASE = re.compile(r"\bn\s*=\s*\d", re.IGNORECASE)
_TABLE_WORDS = ("tabel", "table", "oversigt", "overview", "skema")


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of a plain or Markdown text.

    A table is recognised by pipes, tabs or wide gaps, and below a caption also by numbers at the ends of lines.
    """
    return _Reader(text).read()


def caption_of(text: str) -> re.Match[str] | None:
    """The caption that a text opens with: "Tabel 2." is one, "Tabel 2 viser" opens a sentence."""
    found = CAPTION.match(text)
    if found is None:
        return None
    title = found["title"].strip()
    if found["mark"] is None and title and not (title[:1].isupper() or title[:1] in "(\"”“'’"):
        return None
    if found["mark"] in ("-", "–", "—") and text[found.end("number") : found.start("mark")] == "" and title[:1].islower():
        return None
    return found


def _close_row(line: str, rows: Sequence[tuple[str, tuple[str, ...], int]]) -> tuple[str, tuple[str, ...]] | None:
    """A row whose label nearly touches its first cell, under rows that have as many cells: "Social media 74      16"."""
    widths = [len(printed) for _, printed, _ in rows[1:]] or [len(printed) for _, printed, _ in rows]
    if not widths or "|" in line or "\t" in line or len(line.strip()) > 80:
        return None
    cut, close = split_row(line), narrow_row(line)
    if close is None or not close[0] or (cut is not None and len(cut[1]) >= max(widths)):
        return None
    return close if len(close[1]) == max(widths) else None


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
        self.at = 0
        self.blocks: list[Block] = []

    def read(self) -> tuple[Block, ...]:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip() or _PAGE.fullmatch(line) or _RULER.fullmatch(line):
                self.at += 1
            elif not (self._html() or self._columns() or self._heading() or self._caption() or self._item()):
                self._paragraph()
        return tuple(self.blocks)

    def _add(self, kind: BlockKind, first: int, last: int, text: str | None = None, level: int = 0) -> None:
        own = "\n".join(self.lines[first:last]) if text is None else text
        if own.strip():
            self.blocks.append(Block(kind, own, first + 1, tuple(range(first + 1, last + 1)), level))

    def _html(self) -> bool:
        """A line of markup inside Markdown: cells of a table, each paragraph a block of its own."""
        line = self.lines[self.at]
        if "</p>" not in line and "</td>" not in line:
            return False
        for piece in re.split(r"</p>|</td>|<br\s*/?>|\t", line):
            words = html.unescape(re.sub(r"<sup>\s*\d+\s*</sup>|<[^<>]+>", "", piece)).strip()
            if words:
                self.blocks.append(Block("paragraph", words, self.at + 1, (self.at + 1,)))
        self.at += 1
        return True

    def _heading(self) -> bool:
        line = self.lines[self.at].strip()
        marked = _HEADING.fullmatch(line)
        if marked:
            self._add("heading", self.at, self.at + 1, marked[2].strip("*_ "), len(marked[1]))
            self.at += 1
            return True
        numbered = _NUMBERED.fullmatch(line)
        ends = line.rstrip().endswith((".", ":", ";", ",")) or _NOTE.match(line) is not None
        if numbered and not ends and self._alone() and not line.endswith("-"):
            depth = numbered[1].count(".") + 1
            if depth == 1 and len(line) > 90:
                return False
            self._add("heading", self.at, self.at + 1, line, depth)
            self.at += 1
            return True
        letters = [character for character in line if character.isalpha()]
        if len(letters) > 6 and len(line) < 90 and not ends and all(character.isupper() for character in letters) and self._alone():
            self._add("heading", self.at, self.at + 1, line, 1)
            self.at += 1
            return True
        if (
            len(line) < 75
            and len(line.split()) < 10
            and line[:1].isupper()
            and not ends
            and (not line.endswith("?") or self._apart())
            and self._alone()
            and not re.search(r"\d", line)
        ):
            self._add("heading", self.at, self.at + 1, line, 3)
            self.at += 1
            return True
        return False

    def _alone(self) -> bool:
        """Whether the next line does not go on with this one."""
        following = self.lines[self.at + 1].strip() if self.at + 1 < len(self.lines) else ""
        return not following or (bool(re.match(r"[A-ZÆØÅ#•|]|\d", following)) and len(self.lines[self.at].strip()) < 70)

    def _apart(self) -> bool:
        """Whether a line has blank lines on both sides."""
        around = [self.lines[at].strip() for at in (self.at - 1, self.at + 1) if 0 <= at < len(self.lines)]
        return len(around) == 2 and not any(around)

    def _columns(self) -> bool:
        """A table whose columns stand apart by pipes, tabs or wide gaps."""
        opening = caption_of(self.lines[self.at].strip())
        if opening is not None and opening["mark"] == "|" and self.lines[self.at].count("|") == 1:
            # "Tabel 1 | Unge i hallerne" is a caption and no row.
            return False
        rows: list[tuple[str, tuple[str, ...], int]] = []
        at = self.at
        while at < len(self.lines):
            line = self.lines[at]
            if _RULER.fullmatch(line) and line.strip():
                at += 1
                continue
            cut = _close_row(line, rows) or split_row(line)
            if cut is None:
                following = self.lines[at + 1] if at + 1 < len(self.lines) else ""
                blank_between = not line.strip() and rows and split_row(following) is not None and "|" not in following
                wrapped = line.strip() and rows and line[:1] == " " and len(line) - len(line.lstrip()) < 8 and len(line.strip()) < 40
                if blank_between:
                    at += 1
                    continue
                if wrapped and not _NOTE.match(line.strip()) and split_row(following) is not None:
                    label, printed, first = rows[-1]
                    rows[-1] = (f"{label} {line.strip()}", printed, first)
                    at += 1
                    continue
                break
            rows.append((cut[0], cut[1], at + 1))
            at += 1
        table = table_of(rows)
        with_numbers = [row for row in table.rows if any(cell.value is not None for cell in row.cells)]
        if len(rows) < 2 or len(with_numbers) < 2:
            return False
        self._table(rows, self.at, at)
        return True

    def _table(self, rows: Sequence[tuple[str, tuple[str, ...], int]], first: int, last: int) -> None:
        text = "\n".join(" ".join((label, *printed)) for label, printed, _ in rows)
        block = Block("table", text, first + 1, tuple(line for _, _, line in rows), table=table_of(list(rows)))
        self.blocks.append(block)
        self.at = last

    def _caption(self) -> bool:
        line = self.lines[self.at].strip()
        found = caption_of(line)
        if found is None:
            return False
        first, at = self.at, self.at + 1
        title = found["title"].strip("*_ ")
        if not title:
            while at < len(self.lines) and not self.lines[at].strip():
                at += 1
        below = found["word"].lower().rstrip(".") in _TABLE_WORDS
        while at < len(self.lines) and self.lines[at].strip() and at - first < 8:
            row = narrow_row(self.lines[at])
            if (
                split_row(self.lines[at]) is not None
                or (below and row is not None and row[0] and title)
                or _RULER.fullmatch(self.lines[at])
            ):
                break
            if _NOTE.match(self.lines[at].strip()) or caption_of(self.lines[at].strip()) or (title.endswith(".") and len(title) > 3):
                break
            if title and self._complete(self.lines[at - 1], self.lines[at]):
                break
            title = f"{title}\n{self.lines[at].strip()}"
            at += 1
        self._add("caption", first, at)
        self.at = at
        if below:
            self._rows_below()
        return True

    @staticmethod
    def _complete(line: str, following: str) -> bool:
        """Whether a caption ends with its line: it asks, or was not broken for want of room, and a new sentence follows."""
        opens = following.strip()[:1].isupper() or following.strip()[:1].isdigit()
        return opens and (line.rstrip().endswith("?") or len(line.strip()) < 60)

    def _rows_below(self) -> None:
        """Rows below a caption whose columns stand one space apart, labels broken over lines included."""
        rows: list[tuple[str, tuple[str, ...], int]] = []
        label: list[str] = []
        at, end = self.at, self.at
        heading: list[str] = []
        while at < len(self.lines):
            line = self.lines[at].strip()
            if not line or _RULER.fullmatch(line):
                at += 1
                continue
            if split_row(self.lines[at]) is not None and not rows:
                return
            if _NOTE.match(line) or caption_of(line) or _HEADING.match(line) or _ITEM.match(line):
                break
            row = narrow_row(line)
            if row is not None:
                if not rows and label:
                    told = [number for number, one in enumerate(label, 1) if _BASE.search(one)]
                    heading, label = label[: (told or [0])[-1]], label[(told or [0])[-1] :]
                if rows and not row[0] and not label:
                    # Cells that stand on lines of their own belong to the label above them.
                    rows[-1] = (rows[-1][0], (*rows[-1][1], *row[1]), rows[-1][2])
                else:
                    rows.append((" ".join([*label, row[0]]).strip(), row[1], at + 1))
                label = []
                end = at + 1
            else:
                label.append(line)
                if len(label) > _LABEL_LINES or sum(map(len, label)) > _LABEL_CHARACTERS:
                    break
                if rows and line.endswith(".") and len(line) > 60 and not self._number_soon(at + 1):
                    break
            at += 1
        if len(rows) >= 2:
            lines = {text.strip(): number for number, text in enumerate(self.lines[self.at : end], self.at + 1) if text.strip()}
            self.blocks.extend(Block("note", one, lines[one], (lines[one],)) for one in heading)
            self._table(rows, self.at, end)

    def _number_soon(self, at: int) -> bool:
        """Whether the next line that is not blank has only cells: then what stands above is its label."""
        while at < len(self.lines) and not self.lines[at].strip():
            at += 1
        row = narrow_row(self.lines[at]) if at < len(self.lines) else None
        return row is not None and not row[0]

    def _item(self) -> bool:
        line = self.lines[self.at].strip()
        note = _NOTE.match(line)
        found = _ITEM.match(line)
        if not note and not found:
            return False
        first = self.at
        self.at += 1
        while self.at < len(self.lines):
            following = self.lines[self.at]
            if not following.strip():
                # In text taken from a page, an item's lines may stand a blank line apart.
                after = self.lines[self.at + 1].strip() if self.at + 1 < len(self.lines) else ""
                if after[:1].islower() and not self.lines[self.at - 1].strip().endswith((".", ":", ";")):
                    self.at += 1
                    continue
                break
            if _ITEM.match(following.strip()) or _HEADING.match(following) or _NOTE.match(following.strip()):
                break
            if caption_of(following.strip()) or split_row(following) is not None:
                break
            self.at += 1
        self._add("note" if note else "item", first, self.at)
        return True

    def _paragraph(self) -> None:
        first = self.at
        self.at += 1
        listed = LABELLED.fullmatch(self.lines[first].strip()) is not None
        while self.at < len(self.lines) and not listed:
            line = self.lines[self.at]
            stripped = line.strip()
            if not stripped or LABELLED.fullmatch(stripped) or ("\t" in stripped and split_row(line) is not None):
                break
            if self.at > first and (
                _HEADING.match(line)
                or (_ITEM.match(stripped) and not stripped[:2].isdigit() and stripped[:1] not in "o–-")
                or (stripped[:1].isupper() and (named := caption_of(stripped)) is not None and named["mark"] in (".", ":"))
                or (_DEEP.match(stripped) and self.lines[self.at - 1].rstrip().endswith((".", "?", ":")))
                or _NOTE.match(stripped)
                or (stripped[:2] in ("- ", "* ") and self.lines[self.at - 1].rstrip().endswith((":", ".", ";")))
            ):
                break
            self.at += 1
        self._add("paragraph", first, self.at)


def as_items(blocks: Sequence[Block]) -> Iterator[Block]:
    """Labels with a number, one under the other, are items of a list."""
    labels = [block.kind == "paragraph" and LABELLED.fullmatch(block.text.strip()) is not None for block in blocks]
    for at, block in enumerate(blocks):
        beside = labels[at - 1 : at] + labels[at + 1 : at + 2]
        yield replace(block, kind="item") if labels[at] and any(beside) else block


_LABELLED_ITEM = re.compile(r"\W*([^\W\d][^.:;!?\d]{1,60}):\s+(\d[\d.,]*)(?:\s+[^\W\d_]+)?\W*")


def list_table(blocks: Sequence[Block], at: int) -> Table | None:
    """Items that are a label and a number each, three and more, as a table: "- Medicin: 34"."""
    rows = []
    for block in blocks[at:]:
        match = _LABELLED_ITEM.fullmatch(block.text) if block.kind == "item" else None
        if match is None:
            break
        rows.append(row_of(match[1], (match[2].rstrip(".,"),), block.line))
    return Table((), tuple(rows)) if len(rows) > 2 else None

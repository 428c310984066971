"""A report cut into the pieces that a reader reads one at a time, and sentences that somebody has read beside their question."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import READINGS
from vvvresearch.reporting.embedded._source import code_mask

Reading = tuple[str, str]
_COLUMNS = ("sentence", "question", "by", "date")


def reading(sentence: str, question: str) -> Reading:
    """A sentence and its question as they are known by: another blank or a full stop make no other sentence.

    Example:
        >>> reading("Half  of them come.", "Do you come?")
        ('Half of them come', 'Do you come?')
    """
    return " ".join(sentence.split()).strip(" .,;:"), " ".join(question.split())


def readings_of(home: Path) -> frozenset[Reading]:
    """What has been read in a round, as its table `readings.csv` tells (sentence, question, by, date); nothing without it.

    Args:
        home: the round's folder.

    Raises:
        SourceError: the table lacks a column.
    """
    return frozenset(reading(row["sentence"], row["question"]) for row in _rows(home) if row["by"].strip())


def readings_in(home: Path, page: str) -> list[dict[str, str]]:
    """Who read what of a page's words beside their questions, and when; what the page no longer says is left out.

    Args:
        home: the round's folder.
        page: the page, as HTML.
    """
    told = " ".join(html.unescape(re.sub(r"<[^>]+>|\u00ad", "", page)).split())
    return [row for row in _rows(home) if row["by"].strip() and reading(row["sentence"], "")[0] in told]


def note_readings(home: Path, found: Iterable[Reading], by: str, day: str) -> None:
    """Write down who read which sentences beside their questions; who read one before gives way.

    Args:
        home: the round's folder.
        found: sentences with their questions.
        by: who read them.
        day: the date.
    """
    rows = {reading(row["sentence"], row["question"]): [row[name] for name in _COLUMNS] for row in _rows(home)}
    rows |= {reading(*one): [*reading(*one), by, day] for one in found}
    files.write_text(home / READINGS, files.rows_text([_COLUMNS, *rows.values()]))


def _rows(home: Path) -> list[dict[str, str]]:
    """The rows of a round's table of readings, as they are written: sentence, question, by, date.

    Args:
        home: the round's folder.

    Raises:
        SourceError: the table lacks a column.
    """
    path = home / READINGS
    if not path.is_file():
        return []
    table = files.read_csv(path)
    if lacking := [name for name in _COLUMNS if name not in table]:
        raise SourceError(f"the table of readings lacks {', '.join(lacking)}", where=path)
    return [{name: str(row[name]) for name in _COLUMNS} for row in table.to_dict("records")]


_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*(\{[^{}]*\})?\s*$")
_DIV = re.compile(r"^\s*:{3,}\s*(.*?)\s*$")
_FIGURE = re.compile(r"^!\[(?P<title>.*)\]\((?P<path>[^()\s]*)\)(?P<rest>\{.*\})?\s*$")
_ALT = re.compile(r'(?:fig-alt|alt)="((?:[^"\\]|\\.)*)"')
_CAPTION = re.compile(r"^(?:Table)?:\s+(?P<title>.*?)\s*(?:\{#[\w-]+[^{}]*\})?\s*$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)]|\(\d+\))\s+")
_QUOTE = re.compile(r"^\s*>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_INCLUDE = re.compile(r"^\s*\{\{<\s*(?:include|embed|pagebreak)\b.*>\}\}\s*$")
# A chapter of the round, which opens with a heading of the first level: what stands behind it is no longer the summary before it.
_CHAPTER = re.compile(r"^\s*\{\{<\s*include\s+pages/([\w./-]+?)(?:\.told|\.tables)?(?:\.md)?\s*>\}\}\s*$")
# Sections in which every clause is carried: by their id, or by their heading.
_STRICT_IDS = re.compile(
    r"#sec-(?:summary|findings?|fund|advice|recommendations?|anbefalinger|sammenfatning|resume|kort|conclusions?|konklusion)(?![\w-])"
)
_NAMES = (
    r"(?:sammenfatning|resum[eé]|sammendrag|kort fortalt|hovedfund|fund|konklusion(?:er)?|anbefaling(?:er)?|råd|"
    r"(?:executive )?summary|in short|findings?|conclusions?|recommendations?|advice)"
)
_STRICT_WORDS = re.compile(
    rf"^(?:[\d.]+\s+)?(?:(?:de|the)\s+)?(?:(?:vigtigste|foreløbige|main|key|provisional|preliminary)\s+)?{_NAMES}(?:\s*(?:og|and|,|&)\s*{_NAMES})*\s*$",
    re.IGNORECASE,
)
_ADVICE = re.compile(r"\b(?:anbefaling|råd|recommend|advice)", re.IGNORECASE)
_STRICT_CLASSES = frozenset(("lead", "summary", "finding", "advice", "key", "card"))


@dataclass(frozen=True)
class Block:
    """A paragraph, list item, heading, title, alt text or row of a table.

    Args:
        kind: "prose", "heading", "title", "alt" or "cells".
        text: its Markdown.
        start: its place in the document.
        line: counted from 1.
        strict: whether every clause of it must be carried.
        section: the chapter that it stands in: its heading of the first level.
        free: the name of who signed, or "cited", where a whole division is.
        advice: whether it stands under a heading of advice.
    """

    kind: str
    text: str
    start: int
    line: int
    strict: bool
    section: str
    free: str = ""
    advice: bool = False


def blocks(text: str) -> Iterator[Block]:
    """The pieces of a Quarto document in order; code, comments, front matter and includes are none."""
    text = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    lines = text.split("\n")
    code = code_mask(lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    strict: list[tuple[int, bool]] = []
    divs: list[tuple[bool, str]] = []
    section, advice, at = "", False, _after_front_matter(lines)
    while at < len(lines):
        line = lines[at]
        here = any(flag for _, flag in strict) or any(flag for flag, _ in divs)
        free = next((name for _, name in reversed(divs) if name), "")

        def block(
            kind: str, words: str, start: int, must: bool, number: int = at, part: str = section, freed: str = free, told: bool = advice
        ) -> Block:
            return Block(kind, words, start, number + 1, must, part, freed, told)

        if code[at] or not line.strip() or _INCLUDE.match(line):
            if not code[at] and (chapter := _CHAPTER.match(line)) is not None:
                strict, advice, section = [], False, chapter[1]
            at += 1
        elif (div := _DIV.match(line)) is not None:
            if div[1]:
                divs.append(_opened(div[1]))
                advice = advice or "advice" in div[1]
            elif divs:
                divs.pop()
                advice = False
            at += 1
        elif (heading := _HEADING.match(line)) is not None:
            level = len(heading[1])
            strict = [(depth, flag) for depth, flag in strict if depth < level]
            advice = bool(_ADVICE.search(heading[2]))
            named = bool(_STRICT_IDS.search(heading[3] or "") or _STRICT_WORDS.match(heading[2]))
            strict.append((level, named))
            section = heading[2] if level == 1 else section
            # A span at the end of a heading is no list of its attributes.
            words = heading[2] if not (heading[3] or "").startswith(("{claim", "{.signed", "{.cited")) else line[level:].strip()
            yield block("heading", words, starts[at] + line.index(words), any(flag for _, flag in strict), part=section)
            at += 1
        elif (figure := _FIGURE.match(line.strip())) is not None:
            offset = starts[at] + len(line) - len(line.lstrip())
            yield block("title", figure["title"], offset + figure.start("title"), True)
            if (alt := _ALT.search(line.strip())) is not None:
                yield block("alt", alt[1], offset + alt.start(1), True)
            at += 1
        elif line.lstrip().startswith("|") or re.match(r"^\s*[-+=:| ]+$", line):
            yield block("cells", line, starts[at], False)
            at += 1
        elif (caption := _CAPTION.match(line)) is not None:
            yield block("title", caption["title"], starts[at] + caption.start("title"), True)
            at += 1
        else:
            end = at + 1
            while end < len(lines) and _goes_on(lines[end]) and not code[end]:
                end += 1
            marker = _ITEM.match(line)
            begun = starts[at] + (marker.end() if marker else 0)
            whole = text[begun : starts[end] - 1]
            if not _QUOTE.match(line):
                yield block("prose", whole, begun, here)
            at = end


def _opened(written: str) -> tuple[bool, str]:
    classes = set(re.findall(r"\.([\w-]+)", written)) or {written.strip("{} ")}
    by = re.search(r"\bby=[\"']?([^\s\"'}]+)", written)
    if "signed" in classes:
        return False, by[1] if by else "?"
    return bool(classes & _STRICT_CLASSES) or "callout-tip" in classes, "cited" if "cited" in classes else ""


def _goes_on(line: str) -> bool:
    return bool(
        line.strip()
        and not _HEADING.match(line)
        and not _DIV.match(line)
        and not _ITEM.match(line)
        and not _FIGURE.match(line.strip())
        and not line.lstrip().startswith("|")
        and not _CAPTION.match(line)
        and not _INCLUDE.match(line)
    )


def _after_front_matter(lines: list[str]) -> int:
    if lines and lines[0].strip() == "---":
        return next((number for number, line in enumerate(lines[1:], 2) if line.strip() == "---"), 1)
    return 0

"""The text of a report: authors' and pages' Markdown as plain Quarto Markdown, in two volumes whose labels lead from one to the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vvvresearch.locales import Lang, text
from vvvresearch.reporting.embedded._source import code_mask

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_QUOTES = re.compile(r"^::: \{\.pull-quotes\}\n(.*?)^:::$", re.DOTALL | re.MULTILINE)
# A number may be said to be one; it is one by its address alone.
_SAID_TO_BE = re.compile(r"\[(\{\{<\s*var\s+\S+\s*>\}\})\]\{\s*\.value\b[^{}]*\}")
_WHO = re.compile(r"^> — ")


def plain_markdown(text: str) -> str:
    """The same text without comments, with each quotation in a box of its own; lines stay where they are where that can be.

    Example:
        >>> print(plain_markdown("::: {.pull-quotes}" + chr(10) + chr(10).join(["", "> »Ja«", ">", "> — A", "", ":::"])))
        ::: {.pull-quote}
        »Ja«
        <BLANKLINE>
        A
        :::
        <BLANKLINE>
    """
    # What stands between two quotations parts them; elsewhere a comment says nothing to readers.
    kept = _SAID_TO_BE.sub(r"\1", _QUOTES.sub(lambda found: _boxes(found[1]), text))
    return _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), kept)


def _boxes(quotations: str) -> str:
    boxes = []
    for one in re.split(r"^<!--.*?-->$|\n\n(?=>)", quotations, flags=re.MULTILINE):
        lines = [line for line in one.strip().split("\n") if line.strip()]
        if lines:
            said = [_WHO.sub("", line).removeprefix("> ").removeprefix(">") for line in lines]
            boxes.append("\n".join(["::: {.pull-quote}", *said, ":::", ""]))
    return "\n".join(boxes)


def without_mark(text: str, mark: str) -> str:
    """Captions of tables and figures without the kind of the data, which every page says at its head.

    Example:
        >>> without_mark(": Svar (Syntetiske data) {#tbl-svar}", "Syntetiske data")
        ': Svar {#tbl-svar}'
    """
    return re.sub(rf" \({re.escape(mark)}\)(?= \{{#tbl-|\]\()", "", text) if mark else text


_ALT = re.compile(r'fig-alt="((?:[^"\\]|\\.)*)"')
# What is read aloud before a listener loses it; all the numbers stand in the table of the same name.
LONGEST_ALT = 290


def with_short_alts(text: str) -> str:
    """Alternative texts that give the message and end at a pause; the table of the same name has the rest.

    Example:
        >>> len(with_short_alts('![](a.svg){#fig-a fig-alt="' + "Ja: 12. " * 60 + '"}'))
        317
    """
    return _ALT.sub(lambda found: f'fig-alt="{_short(found[1])}"', text)


def _short(alt: str) -> str:
    if len(alt) <= LONGEST_ALT:
        return alt
    cut = max(alt.rfind(pause, 60, LONGEST_ALT) for pause in (". ", "; ", ", ", " "))
    return alt[: cut if cut > 0 else LONGEST_ALT].rstrip(" .;,\\") + " …"


_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÆØÅ»“\[])")
_SPAN = re.compile(r"\[([^\[\]]*)\](?:\([^()]*\))?(?:\{[^{}]*\})?")
_SHORTCODE = re.compile(r"\{\{<.*?>\}\}")
_SIGNS = re.compile(r"(?<!\\)[*_`#]|\\(?=\W)|^\s*(?:[-+>]|:::.*)\s*")
_LABEL = re.compile(r"\s*\(?(?:se\s+|see\s+)?@(?:tbl|fig|sec)-[\w-]+\)?")


def words_of(markdown: str) -> str:
    """A line of Markdown as it is read.

    Example:
        >>> words_of("- Af [29 %](#v-a){.value} **er** det, se @tbl-x")
        'Af 29 % er det,'
    """
    text = _LABEL.sub("", markdown)
    for _ in range(2):
        text = _SPAN.sub(r"\1", text)
    return " ".join(_SIGNS.sub("", _SHORTCODE.sub("…", text)).split())


def sentence_around(line: str, at: int) -> str:
    """The sentence of a line in which a place lies, as it is read.

    Args:
        line: Markdown.
        at: a place in it.

    Example:
        >>> sentence_around("Det er få. Af 55 henviser 32. Slut.", 14)
        'Af 55 henviser 32.'
    """
    start = 0
    for gap in _SENTENCE.finditer(line):
        if gap.start() >= at:
            return words_of(line[start : gap.start()])
        start = gap.end()
    return words_of(line[start:])


REPORT, EVIDENCE = "report", "evidence"
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*(?:\{([^{}]*)\})?\s*$")
_LABELS = re.compile(r"\{#((?:tbl|fig)-[\w-]+)")
_SECTION = re.compile(r"#(sec-[\w-]+)")
_REFERENCE = re.compile(r"(?<![\w\\])\[?-?@((?:tbl|fig|sec)-[\w-]+)(?:\s*;\s*@(?:tbl|fig|sec)-[\w-]+)*\]?")
_EACH = re.compile(r"@((?:tbl|fig|sec)-[\w-]+)")


def split(source: str) -> tuple[str, str]:
    """What a document tells, and its sections marked `.evidence`, each without the other.

    Args:
        source: Markdown; a section ends before the next heading that is not below it, and is a chapter where it is evidence.

    Example:
        >>> split("# A" + chr(10) + "# B {.evidence}" + chr(10) + "## C" + chr(10) + "# D")
        ('# A\\n# D', '# B\\n## C')
        >>> split("# A" + chr(10) + "## B {.evidence}" + chr(10) + "### C" + chr(10) + "# D")
        ('# A\\n# D', '# B\\n## C')
    """
    told: list[str] = []
    evidence: list[str] = []
    depth = 0
    lines = source.split("\n")
    for line, code in zip(lines, code_mask(lines), strict=True):
        heading = None if code else _HEADING.match(line)
        if heading:
            level = len(heading[1])
            if depth and level <= depth:
                depth = 0
            classes = (heading[3] or "").split()
            if ".evidence" in classes:
                depth = depth or level
                rest = " ".join(part for part in classes if part != ".evidence")
                line = f"{heading[1]} {heading[2]}" + (f" {{{rest}}}" if rest else "")
            # A section that leaves its chapter is a chapter.
            line = line[max(depth - 1, 0) :]
        (evidence if depth else told).append(line)
    return "\n".join(told), "\n".join(evidence)


def heading_levels(document: str) -> list[int]:
    """The level of every heading of a document whose includes are put in.

    Example:
        >>> heading_levels("# A" + chr(10) + "## B {.unnumbered}" + chr(10) + "```" + chr(10) + "# no heading" + chr(10) + "```")
        [1, 2]
    """
    lines = document.split("\n")
    found = [None if code else _HEADING.match(line) for line, code in zip(lines, code_mask(lines), strict=True)]
    return [len(heading[1]) for heading in found if heading]


@dataclass(frozen=True)
class Labels:
    """What a volume's labels are called in words: "Tabel 3", "Afsnit 2.1"."""

    shown: Mapping[str, str]

    def __contains__(self, label: str) -> bool:
        return label in self.shown


def labels_of(document: str, lang: Lang) -> Labels:
    """The labels of a document whose includes are put in, numbered as both engines number them."""
    shown: dict[str, str] = {}
    counts = {"tbl": 0, "fig": 0}
    sections: list[int] = []
    lines = document.split("\n")
    for line, code in zip(lines, code_mask(lines), strict=True):
        if code:
            continue
        if heading := _HEADING.match(line):
            attributes = heading[3] or ""
            if ".unnumbered" in attributes.split():
                continue
            level = len(heading[1])
            sections = [*sections[:level], *[0] * (level - len(sections))]
            sections[level - 1] += 1
            if label := _SECTION.search(attributes):
                shown[label[1]] = f"{text('reporting.ref_sec', lang)} {'.'.join(map(str, sections))}"
        for label in _LABELS.findall(line):
            kind = label[:3]
            counts[kind] += 1
            shown[label] = f"{text(f'reporting.ref_{kind}', lang)} {counts[kind]}"
    return Labels(shown)


def led_across(document: str, own: Labels, other: Labels, volume: str, lang: Lang) -> str:
    """A document whose references into the other volume are links there, in words.

    Args:
        document: one volume's own text.
        own, other: labels of this volume and of the other.
        volume: the other's name: "report" or "evidence".
        lang: language.
    """

    def one(label: str) -> str:
        if label in own or label not in other:
            return f"@{label}"
        shown = other.shown[label]
        words = text("reporting.in_evidence", lang, label=shown) if volume == EVIDENCE else f"{shown} ({text('reporting.in_report', lang)})"
        return f"[{words}]({volume}.html#{label})"

    def put(match: re.Match[str]) -> str:
        labels = _EACH.findall(match[0])
        if all(label in own or label not in other for label in labels):
            return match[0]
        return ", ".join(one(label) for label in labels)

    return outside_code(document, lambda line: _REFERENCE.sub(put, line))


def outside_code(document: str, change: Callable[[str], str]) -> str:
    """A document with every line changed that is no code."""
    lines = document.split("\n")
    return "\n".join(line if code else change(line) for line, code in zip(lines, code_mask(lines), strict=True))

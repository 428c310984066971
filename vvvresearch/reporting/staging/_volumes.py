"""A report in two volumes: what is told, and the evidence that it rests on; labels lead from one to the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vvvresearch.locales import Lang, text
from vvvresearch.reporting.embedded._source import code_mask

REPORT, EVIDENCE = "report", "evidence"
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*(?:\{([^{}]*)\})?\s*$")
_LABEL = re.compile(r"\{#((?:tbl|fig)-[\w-]+)")
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
        for label in _LABEL.findall(line):
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

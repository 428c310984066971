"""What a report's author says first: lead, findings and advice, taken out of the report so that every reader gets the same."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vvvresearch.reporting._neutral import finding_marks
from vvvresearch.reporting.embedded._source import code_mask

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*(?:\{[^{}]*\})?\s*$")
_OPEN = re.compile(r"^(:{3,})\s*(?:\{([^{}]*)\}|(\w+))")
_CLOSE = re.compile(r"^(:{3,})\s*$")
_TITLE = re.compile(r"\[[^\[\]]*\]\{\s*\.advice-(?:title|number)\s*\}")
# References lead to what another reader's version does not hold.
# The figure that shows a finding: taken up below it, or the first that it refers to.
_FIGURE = re.compile(r"\{\{<\s*include\s+figures/([\w.-]+)\.md\s*>\}\}|@fig-([\w-]+)")
_REFERENCE = re.compile(r"\s*[,;(]?\s*(?:se|see|jf\.)?\s*@(?:tbl|fig|sec)-[\w-]+(?:\s+(?:og|and|,)\s+@(?:tbl|fig|sec)-[\w-]+)*\)?")


@dataclass(frozen=True)
class Finding:
    """A heading of the first chapter with what it says and advises, as Markdown, and the name of the figure that shows it."""

    title: str
    paragraphs: tuple[str, ...]
    advice: tuple[str, ...]
    figure: str = ""


@dataclass(frozen=True)
class Digest:
    """The first chapter of a report: its lead and its findings."""

    lead: str
    findings: tuple[Finding, ...]

    @property
    def advice(self) -> list[str]:
        """Every advice in order; its place is its number in every reader's version, where it has none of its own."""
        return [one for finding in self.findings for one in finding.advice]


def digest(report: str) -> Digest:
    """The lead, findings and advice of a report; what is still to be written, and what only refers elsewhere, is left out.

    Args:
        report: its Markdown, addresses not resolved.
    """
    lead: list[str] = []
    findings: list[Finding] = []
    title, figure, paragraphs, advice = "", "", [""][:0], [""][:0]
    chapters, box, inside = 0, "", [""][:0]
    lines = report.split("\n")
    heads = [line for line, code in zip(lines, code_mask(lines), strict=True) if not code and line.startswith("# ")]
    # Findings stand in the first chapter, or in one of their own.
    own = next((number for number, line in enumerate(heads, 1) if "#sec-findings" in line), 0)
    told = own or 1
    idle = set(finding_marks(report))

    def closed() -> None:
        # Where findings have a chapter, each heading of it is one; else it may head anything.
        if title and (own or paragraphs or advice or figure):
            findings.append(Finding(title, tuple(paragraphs), tuple(advice), figure))

    for number, (line, code) in enumerate(zip(lines, code_mask(lines), strict=True), 1):
        if code or number in idle:
            continue
        if heading := _HEADING.match(line):
            if len(heading[1]) == 1:
                chapters += 1
                if chapters > told:
                    break
            elif len(heading[1]) == 2 and chapters == told:
                closed()
                title, figure, paragraphs, advice = heading[2], "", [], []
            continue
        if chapters not in (1, told):
            continue
        if chapters == told and not figure and (shown := _FIGURE.search(line)):
            figure = shown[1] or shown[2]
        if box:
            if _CLOSE.match(line):
                said = _plain("\n".join(inside))
                if box == "lead":
                    lead.append(said)
                elif box == "advice" and said:
                    advice.append(said)
                box, inside = "", []
            else:
                inside.append(line)
        elif opened := _OPEN.match(line):
            box = (opened[2] or opened[3] or "?").strip().lstrip(".").split()[0].lstrip(".")
        elif chapters == told and line.strip() and not line.lstrip().startswith(("{{< include", "|", "![", ":", "[^")):
            paragraphs.append(_plain(line))
    closed()
    return Digest("\n\n".join(part for part in lead if part), tuple(findings))


def _plain(markdown: str) -> str:
    return _REFERENCE.sub("", _TITLE.sub("", markdown)).strip()

"""What other readers' versions are made of: what the report's author says first or, without one, what the numbers say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vvvresearch.locales import Lang
from vvvresearch.reporting._neutral import finding_marks
from vvvresearch.reporting.embedded._source import code_mask
from vvvresearch.reporting.staging._messages import told_answer
from vvvresearch.results import folded
from vvvresearch.statements import asks_who

if TYPE_CHECKING:
    from vvvresearch.rounds import Value

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


_THEMES = "themes"
_AMOUNT = re.compile(r"^\s*[\d.,\s]+")
_PER_SOURCE = 12


@dataclass(frozen=True)
class Fact:
    """A count of a number of people or cases, and what it is about.

    Args:
        address: of the count, the same in every reader's version.
        count, n: how many of how many.
        who: what n is, in words and without its number ("kommuner").
        kind: "answer" to a question, or "theme" of interviews.
        about: the question as asked, or the theme.
        answer: the answer that was counted; "" for a theme.
        group, date, source: whom it is about, when, from where.
    """

    address: str
    count: int
    n: int
    who: str
    kind: str
    about: str
    answer: str = ""
    group: str = ""
    date: str = ""
    source: str = ""


def facts_of(
    values: Iterable[Value], labels: Mapping[str, str], lang: Lang, beside: Collection[tuple[str, str]] = frozenset()
) -> list[Fact]:
    """The facts that a round's numbers carry, by source and question; a question gives the answer that most gave.

    Who they are that answered (age, gender, where they live) is told with the method, and is no finding.

    Args:
        values: every number of the round.
        labels: what answers say, by folded `survey.item.code`.
        lang: language.
        beside: survey and item of questions that only part those who answered.
    """
    answers: dict[tuple[str, str], list[Fact]] = {}
    themes: list[Fact] = []
    for value in values:
        parts = value.key.split(".")
        about = value.about.get(lang, {})
        who = _AMOUNT.sub("", about.get("n", "").partition("=")[2]).strip()
        # A person counts once, however often somebody talked with them.
        if parts[0] == _THEMES and parts[-2:] == ["total", "persons_affirmed"] and value.number and value.n:
            said = about["theme"].replace(" > ", " – ") if "theme" in about else parts[1].replace("/", " – ").replace("-", " ").capitalize()
            themes.append(Fact(value.key, int(value.number), value.n, who, "theme", said))
        elif len(parts) == 4 and parts[3] == "share" and value.count is not None and value.n and about.get("question"):
            if "~" in parts[0] or "/" in parts[0] or (label := labels.get(folded(".".join(parts[:3])))) is None:
                continue
            # "Course: course 2" says which one it was, and nothing of it.
            if folded(label).startswith(folded(about["question"])) or (parts[0], parts[1]) in beside or asks_who(about["question"], lang):
                continue
            count = ".".join([*parts[:3], "count"])
            fact = Fact(
                count,
                value.count,
                value.n,
                who,
                "answer",
                about["question"],
                label,
                about.get("group", ""),
                about.get("wave", ""),
                parts[0],
            )
            answers.setdefault((parts[0], parts[1]), []).append(fact)
    chosen: dict[str, list[Fact]] = {}
    for (source, _item), given in answers.items():
        told_of = told_answer({fact: (fact.address.split(".")[2], fact.answer, fact.count) for fact in given})
        if told_of is not None:
            chosen.setdefault(source, []).append(told_of)
    told = [fact for source in chosen.values() for fact in source[:_PER_SOURCE]]
    return told + sorted(themes, key=lambda fact: (-fact.count / fact.n, fact.address))[:_PER_SOURCE]

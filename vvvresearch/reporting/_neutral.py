"""A report without findings: whole pages, and the places where people write what they found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from vvvresearch import files
from vvvresearch.locales import Lang, text
from vvvresearch.rounds import DEFINITION, RoundSpec, report_source

_LANGUAGES: tuple[Lang, ...] = ("da", "en")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# The first chapter says what the data are; nothing is found in it.
_WITHOUT_FINDING = ("10-data-basis",)


def neutral_report(pages: Sequence[str], others: Sequence[str], lang: Lang) -> str:
    """The prose of a new round: a summary and a finding to be written for every page, and the list of all numbers.

    Args:
        pages: names of the pages that are taken up, in order.
        others: names of pages that could be, told in a comment.
        lang: the report's language.

    Returns:
        The Quarto document.

    Example:
        >>> print(neutral_report(["50-themes"], [], "en").split("{{<")[2])
         include pages/50-themes.md >}}
        <BLANKLINE>
        Write the finding here.
        <BLANKLINE>
        # All numbers {#sec-numbers}
        <BLANKLINE>
        <BLANKLINE>
    """
    here = text("chapters.finding_here", lang)
    advice = text("chapters.report_advice", lang, others=", ".join(others) or "–")
    # A line is a comment of its own, since only those may hold digits.
    remarks = "\n".join(f"<!-- {line} -->" for line in advice.split("\n"))
    blocks = [remarks, "{{< include front/colophon.md >}}", f"# {text('chapters.summary', lang)} {{#sec-summary}}", here]
    for page in pages:
        blocks += [f"{{{{< include pages/{page}.md >}}}}", *(() if page in _WITHOUT_FINDING else (here,))]
    blocks += [f"# {text('chapters.all_numbers', lang)} {{#sec-numbers}}", "{{< include tables/all-values.md >}}"]
    return "\n\n".join(blocks) + "\n"


def finding_marks(prose: str) -> list[int]:
    """The lines on which a finding is still to be written, in either language; comments do not count.

    Example:
        >>> finding_marks("Vi fandt noget." + chr(10) + "Skriv fundet her.")
        [2]
    """
    marks = [text("chapters.finding_here", lang).rstrip(".").casefold() for lang in _LANGUAGES]
    shown = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), prose)
    return [number for number, line in enumerate(shown.split("\n"), 1) if any(mark in line.casefold() for mark in marks)]


def unwritten_findings(root: Path, spec: RoundSpec) -> list[tuple[Path, int]]:
    """Every place of a round where a finding is still to be written: its reports, then its definition.

    Args:
        root: the workspace.
        spec: the round.

    Returns:
        File and line.
    """
    reports = [report_source(root, spec, lang) for lang in spec.languages]
    places = [path for path in (*reports, root / "rounds" / spec.id / DEFINITION) if path.is_file()]
    return [(path, line) for path in places for line in finding_marks(files.read_text(path))]

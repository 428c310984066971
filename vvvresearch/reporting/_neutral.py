"""A report without findings: whole pages, and the places where people write what they found."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from vvvresearch import files
from vvvresearch.locales import LANGUAGES, Lang, text
from vvvresearch.rounds import DEFINITION, TABLES, TOLD, RoundSpec, report_source

_PAGE = re.compile(rf"\{{\{{<\s*include\s+pages/(\S+?)(?:{TOLD}|{TABLES})?\.md\s*>\}}\}}")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# The types of source of which one at least makes a chapter of the package worth it.
_PAGE_SOURCES = {
    "20-goals": ("monitoring", "counts", "matches", "published"),
    "30-surveys": ("survey",),
    "35-survey-comparison": ("survey",),
    "36-representativeness": ("survey",),
    "45-interviews": ("interviews",),
    "50-themes": ("codings",),
    "55-agreement": ("codings",),
    "60-mappings": ("mappings",),
    "70-matches": ("matches", "snapshots"),
    "72-municipalities": ("categories", "monitoring", "agreements"),
    "74-capacity": ("matches", "offers", "monitoring", "referrals", "volunteers", "campaigns", "context", "register"),
    "76-courses": ("courses", "activities", "materials"),
    "78-housing-areas": ("housing_areas",),
    "65-mechanisms": ("theory", "configurations", "judgements", "attributes", "ledger"),
}
# The first chapter says what the data are; nothing is found in it.
_WITHOUT_FINDING = ("10-data-basis",)


def neutral_report(pages: Sequence[str], others: Sequence[str], lang: Lang) -> str:
    """The prose of a new round: a summary, of every page its figures and quotations with a finding to be written, the tables of
    the pages for a volume of evidence, and the list of all numbers.

    Args:
        pages: names of the pages that are taken up, in order.
        others: names of pages that could be, told in a comment.
        lang: the report's language.

    Returns:
        The Quarto document.

    Example:
        >>> print(neutral_report(["50-themes"], [], "en").split("{{<")[4])
         include pages/50-themes.told.md >}}
        <BLANKLINE>
        Write the finding here.
        <BLANKLINE>
        # Tables {#sec-tables .evidence}
        <BLANKLINE>
        The tables behind the figures, chapter by chapter.
        <BLANKLINE>
        <BLANKLINE>
    """
    here = text("chapters.finding_here", lang)
    advice = text("chapters.report_advice", lang, others=", ".join(others) or "–")
    # A line is a comment of its own, since only those may hold digits.
    remarks = "\n".join(f"<!-- {line} -->" for line in advice.split("\n"))
    blocks = [remarks, "{{< include front/colophon.md >}}", f"# {text('chapters.summary', lang)} {{#sec-summary}}"]
    blocks += ["{{< include findings/summary.md >}}", here, "{{< include findings/story.md >}}"]
    for page in pages:
        blocks += [f"{{{{< include pages/{page}{TOLD}.md >}}}}", *(() if page in _WITHOUT_FINDING else (here,))]
    blocks += [f"# {text('chapters.tables', lang)} {{#sec-tables .evidence}}", text("chapters.tables_lead", lang)]
    blocks += [f"{{{{< include pages/{page}{TABLES}.md >}}}}" for page in pages]
    blocks += [f"# {text('chapters.all_numbers', lang)} {{#sec-numbers}}", "{{< include tables/all-values.md >}}"]
    return "\n\n".join(blocks) + "\n"


def finding_marks(prose: str, empty: Collection[str] = ()) -> list[int]:
    """The lines on which a finding is still to be written, in either language.

    Args:
        prose: a document; what its comments say does not count.
        empty: pages that show nothing: of what they would have shown nothing can be found, so the mark after them does not count.

    Example:
        >>> finding_marks("Vi fandt noget." + chr(10) + "Skriv fundet her.")
        [2]
    """
    marks = [text("chapters.finding_here", lang).rstrip(".").casefold() for lang in LANGUAGES]
    shown = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), prose)
    found, page = [], ""
    for number, line in enumerate(shown.split("\n"), 1):
        if any(mark in line.casefold() for mark in marks):
            if page not in empty:
                found.append(number)
        elif include := _PAGE.search(line):
            page = include[1]
        elif line.strip():
            page = ""
    return found


def without_idle_marks(prose: str, empty: Collection[str]) -> str:
    """A document in which no finding is asked for after a page that shows nothing; every other line stays where it is.

    Example:
        >>> without_idle_marks(chr(10).join(["{{< include pages/30-surveys.md >}}", "", "Skriv fundet her."]), ["30-surveys"])
        '{{< include pages/30-surveys.md >}}\\n\\n'
    """
    idle = set(finding_marks(prose)) - set(finding_marks(prose, empty))
    return "\n".join("" if number in idle else line for number, line in enumerate(prose.split("\n"), 1))


def unwritten_findings(root: Path, spec: RoundSpec) -> list[tuple[Path, int]]:
    """Every place of a round where a finding is still to be written: its reports, then its definition.

    Args:
        root: the workspace.
        spec: the round. What a page without any source would show is not asked for.

    Returns:
        File and line.
    """
    types = {source.type for source in spec.sources}
    empty = [page for page, needed in _PAGE_SOURCES.items() if not types.intersection(needed) and not (page == "20-goals" and spec.goals)]
    reports = [report_source(root, spec, lang) for lang in spec.languages]
    places = [path for path in (*reports, root / "rounds" / spec.id / DEFINITION) if path.is_file()]
    return [(path, line) for path in places for line in finding_marks(files.read_text(path), empty)]

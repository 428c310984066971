"""`check_published`: where documents do not agree with themselves, found by general checks over what they printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from vvvresearch.evidence import Published, Register
from vvvresearch.locales import Phrase, check_lang
from vvvresearch.published import _arithmetic, _bases, _structure, _wording
from vvvresearch.published._finding import Finding, Several, say
from vvvresearch.results import Base, Column, Result

CHECKS: tuple[Callable[[Published], Iterator[Finding]], ...] = (
    _arithmetic.percentages,
    _arithmetic.counts_and_percentages,
    _arithmetic.sums,
    _arithmetic.formulas,
    _arithmetic.shares,
    _arithmetic.holders,
    _bases.routes,
    _bases.wave_bases,
    _bases.response_rates,
    _bases.frames,
    _bases.scales,
    _bases.comparisons,
    _bases.trends,
    _bases.units,
    _bases.measures,
    _wording.words_for_shares,
    _wording.versions,
    _wording.same_item,
    _wording.same_thing,
    _wording.authors,
    _wording.retellings,
    _wording.claims,
    _structure.captions,
    _structure.headings,
    _structure.references,
)


@dataclass(frozen=True, kw_only=True, repr=False)
class ConsistencyTable(Result):
    """What was found: `findings` as they are, `frame` one row each: kind, document, source (author and year), lines, subjects, printed,
    possible, explanation, needs ("tables", or "text" when a place in the running text had to be written down first)."""

    findings: tuple[Finding, ...] = ()


def find_inconsistencies(published: Published, courses: Iterable[Register] = ()) -> tuple[Finding, ...]:
    """All findings over what was published, in the order of the checks.

    Args:
        published: what documents printed; several rounds together find what one retells of another (`combine_published`).
        courses: registers whose order of rows is part of what was printed.

    Returns:
        Findings; `check_published` gives the same as a table for readers.

    Example:
        >>> import vvvresearch as vvv
        >>> found = find_inconsistencies(vvv.open_round("2021-note").published)
        >>> "two_values" in {finding.kind for finding in found}
        True
    """
    found = [finding for check in CHECKS for finding in check(published)]
    found += [finding for register in courses for finding in _structure.course_order(register)]
    return tuple(found)


def check_published(published: Published, courses: Sequence[Register] = (), lang: str = "da") -> ConsistencyTable:
    """Where published numbers do not agree with themselves, with what is possible and what may explain it.

    Checks: percentages against their base (half up; smaller bases, truncation, summed levels and slips as hypotheses), counts
    against percentages, sums, totals, shares and their denominators, routes against bases, bases within a wave, response
    rates, frames, scales and comparisons, trends without a named base, units and measures, words against numbers, text
    against table, one thing with two values, retellings, claims without numbers, captions, numbering and references.

    Args:
        published: e.g. `open_round("2019-final").published`.
        courses: course registers, for the order of their rows.
        lang: "da" or "en".

    Returns:
        ConsistencyTable. Every explanation is a hypothesis: it would give what is printed; it is not shown to have happened.

    Example:
        >>> import vvvresearch as vvv
        >>> table = check_published(vvv.open_round("2021-note").published, lang="en")
        >>> "route" in set(table.frame["kind"])
        True
    """
    said = check_lang(lang)
    findings = find_inconsistencies(published, courses)
    named = {row["document"]: f"{row['author']} {row['year']}" for row in published.documents.to_dict("records")}
    rows = [
        {
            "kind": finding.kind,
            "what": say(f"kind_{finding.kind}"),
            "document": finding.document,
            "source": " + ".join(named[code] for code in finding.document.split("+") if code in named),
            "lines": finding.lines,
            "subjects": ", ".join(finding.subjects),
            "printed": finding.printed,
            "possible": finding.possible or "",
            "explanation": Several(finding.hypotheses) if finding.hypotheses else "",
            "needs": finding.needs,
        }
        for finding in findings
    ]
    columns = ["kind", "what", "document", "source", "lines", "subjects", "printed", "possible", "explanation", "needs"]
    return ConsistencyTable(
        frame=pd.DataFrame(rows, columns=columns),
        findings=findings,
        base=Base(len(published), "value"),
        title=Phrase("consistency.title"),
        notes=(Phrase("consistency.note"),),
        shows=tuple(
            Column(name, Phrase(f"consistency.column_{name}")) for name in ("what", "source", "lines", "printed", "possible", "explanation")
        ),
        kind=published.kind,
        lang=said,
    )

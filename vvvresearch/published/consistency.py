"""`check_published`: where documents do not agree with themselves, found by general checks over what they printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import pandas as pd

from vvvresearch.evidence import Published, Register
from vvvresearch.locales import Phrase, Sayable
from vvvresearch.published import _arithmetic, _bases, _structure, _wording
from vvvresearch.published._finding import Finding, say, together
from vvvresearch.results import Base, Column, Labels, Result, Total

_COLUMNS = ("finding", "kind", "document", "source", "lines", "subjects", "needs")
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
    _bases.wholes,
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


def find_inconsistencies(published: Published, courses: Register | Iterable[Register] = ()) -> tuple[Finding, ...]:
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
    registers = [courses] if isinstance(courses, Register) else courses
    found += [finding for register in registers for finding in _structure.course_order(register)]
    return tuple(found)


def check_published(published: Published, *, courses: Register | Sequence[Register] = ()) -> Result:
    """Where published numbers do not agree with themselves, with what is possible and what may explain it.

    Checks: percentages against their base (half up; smaller bases, truncation, summed levels and slips as hypotheses), counts
    against percentages, sums, totals, shares and their denominators, routes against bases, bases within a wave, response
    rates, frames, scales and comparisons, trends without a named base, units and measures, words against numbers, text
    against table, one thing with two values, retellings, claims without numbers, captions, numbering and references.

    Args:
        published: e.g. `open_round("2019-final").published`.
        courses: course registers, for the order of their rows.

    Returns:
        Result, one row a finding: finding (1, 2, …), kind, document, source (author and year), lines, subjects, needs ("tables", or
        "text" when a place in the running text had to be written down first). What is printed, what is possible and what may explain
        it are words. Addresses `consistency.total.n` and `consistency.count.<kind>`. Every explanation is a hypothesis: it would give
        what is printed; it is not shown to have happened.

    Example:
        >>> import vvvresearch as vvv
        >>> table = check_published(vvv.open_round("2021-note").published)
        >>> "route" in set(table.frame["kind"])
        True
    """
    findings = find_inconsistencies(published, courses)
    named = {row["document"]: f"{row['author']} {row['year']}" for row in published.documents.to_dict("records")}
    rows = [
        {
            "finding": number,
            "kind": finding.kind,
            "document": finding.document,
            "source": " + ".join(named[code] for code in finding.document.split("+") if code in named),
            "lines": finding.lines,
            "subjects": ", ".join(finding.subjects),
            "needs": finding.needs,
        }
        for number, finding in enumerate(findings, start=1)
    ]
    said: dict[str, Callable[[Finding], str | Sayable]] = {
        "printed": lambda finding: finding.printed,
        "possible": lambda finding: finding.possible or "",
        "explanation": lambda finding: together(finding.hypotheses),
    }
    numbered = list(enumerate(findings, start=1))
    words = {name: Labels({(number,): of(finding) for number, finding in numbered}, on=("finding",)) for name, of in said.items()}
    kinds = tuple(dict.fromkeys(finding.kind for finding in findings))
    shown = (("kind", "what"), ("source", "source"), ("lines", "lines"), *((name, name) for name in said))
    base = Base(len(published), "value")
    return Result(
        frame=pd.DataFrame(rows, columns=list(_COLUMNS)),
        base=base,
        title=Phrase("consistency.title"),
        notes=(Phrase("consistency.note"),),
        shows=tuple(Column(name, Phrase(f"consistency.column_{head}")) for name, head in shown),
        kind=published.kind,
        at="consistency",
        categories={"kind": kinds},
        labels=words | {"kind": Labels({kind: say(f"kind_{kind}") for kind in kinds})},
        totals={"n": Total(len(findings), base)},
    )

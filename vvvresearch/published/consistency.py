"""`check_published`: where documents do not agree with themselves, found by general checks over what they printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import pandas as pd

from vvvresearch.evidence import Published, Register, Words
from vvvresearch.locales import Phrase, Sayable
from vvvresearch.published import _arithmetic, _bases, _wording
from vvvresearch.published._finding import TEXT, Finding, listed, named, say, together, worded
from vvvresearch.results import Base, Column, Labels, Result, Total


def captions(published: Published) -> Iterator[Finding]:
    """Different figures of one document under the same caption."""
    figures = published.figures[(published.figures["caption"] != "") & (published.figures["role"] == "primary")]
    for (document, _), rows in figures.groupby(["document", "caption"]):
        labels = list(dict.fromkeys(rows["printed_as"]))
        if len(labels) > 1:
            yield Finding(
                "caption",
                tuple(rows["figure"]),
                str(document),
                "; ".join(dict.fromkeys(rows["lines"])),
                say("caption", labels=listed(labels)),
                say("caption_about", labels=together([named(row) for row in rows.to_dict("records")], "; ")),
                (say("copied"),),
            )


def headings(published: Published) -> Iterator[Finding]:
    """Section numbers that are used twice, left out, or referred to and not there."""
    places = published.places
    for document, rows in places[places["kind"] == "heading"].groupby("document"):
        numbers = list(rows["label"])
        for number in sorted({number for number in numbers if numbers.count(number) > 1}):
            lines = "; ".join(rows.loc[rows["label"] == number, "lines"])
            yield Finding(
                "numbering", (number,), str(document), lines, say("heading_twice", number=number), None, (say("renumbered"),), TEXT
            )
        for number in _left_out(set(numbers)):
            yield Finding(
                "numbering", (number,), str(document), "", say("heading_missing", number=number), None, (say("renumbered"),), TEXT
            )
        references = places[(places["kind"] == "section_reference") & (places["document"] == document)]
        for number, rows_there in references[~references["label"].isin(numbers)].groupby("label"):
            lines = "; ".join(rows_there["lines"])
            yield Finding(
                "reference",
                (str(number),),
                str(document),
                lines,
                say("section_missing", number=str(number)),
                None,
                (say("renumbered"),),
                TEXT,
            )


def _left_out(numbers: set[str]) -> list[str]:
    missing = []
    for parent in {number.rpartition(".")[0] for number in numbers if number.count(".") >= 2}:
        last = sorted(int(number.rpartition(".")[2]) for number in numbers if number.rpartition(".")[0] == parent)
        missing += [f"{parent}.{place}" for place in range(1, last[-1]) if place not in last]
    return sorted(missing)


def references(published: Published) -> Iterator[Finding]:
    """References to a figure, page or appendix under which something else is printed."""
    where: dict[tuple[str, str], set[str]] = {}
    names: dict[tuple[str, str], Words] = {}
    for figure in published.figures[published.figures["caption"] != ""].to_dict("records"):
        where.setdefault((figure["document"], figure["caption"]), set()).add(figure["printed_as"])
        names.setdefault((figure["document"], figure["caption"]), named(figure))
    for row in published.places[published.places["kind"] == "printed"].to_dict("records"):
        where.setdefault((row["document"], row["content"]), set()).add(row["label"])
    for row in published.places[published.places["kind"] == "reference"].to_dict("records"):
        printed = where.get((row["document"], row["content"]), set())
        if printed and row["label"] not in printed:
            yield Finding(
                "reference",
                (row["label"], row["content"]),
                row["document"],
                row["lines"],
                say("reference", label=row["label"], content=names.get((row["document"], row["content"]), worded(row["content"], ""))),
                say("reference_is", labels=listed(sorted(printed))),
                (say("renumbered"),),
                TEXT,
            )


def course_order(courses: Register) -> Iterator[Finding]:
    """A register of courses whose rows are not in date order."""
    dates = list(courses.frame["date"])
    if dates != sorted(dates):
        at = next(place for place in range(1, len(dates)) if dates[place] < dates[place - 1])
        names = list(courses.frame["name"])
        yield Finding(
            "order",
            tuple(courses.frame["course"]),
            "",
            "",
            say("order", first=names[at - 1], first_date=dates[at - 1], second=names[at], second_date=dates[at]),
            None,
            (say("grouped"),),
        )


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
    captions,
    headings,
    references,
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
    found += [finding for register in registers for finding in course_order(register)]
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

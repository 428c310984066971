"""Checks of a document's structure: captions, headings, references, the order of rows."""

from __future__ import annotations

from collections.abc import Iterator

from vvvresearch.evidence import Published, Register, Words
from vvvresearch.published._finding import TEXT, Finding, listed, named, say, together, worded


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

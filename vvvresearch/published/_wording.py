"""Checks of text against tables: words for shares, the same thing twice, retellings, claims without a number."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from vvvresearch.evidence import Published, Words
from vvvresearch.locales import Joined, Phrase
from vvvresearch.published._arithmetic import answer_counts
from vvvresearch.published._finding import (
    TEXT,
    Finding,
    about,
    grouped_mentions,
    is_there,
    known_count,
    mentions_of,
    named,
    percents,
    places,
    say,
    together,
    worded,
)

# What a word for a share may stand for, in percent: from, up to. "About" is read generously, "over" and "under" strictly.
SHARE_WORDS: dict[str, tuple[Fraction, Fraction]] = {
    "under_fifth": (Fraction(10), Fraction(20)),
    "about_quarter": (Fraction(20), Fraction(30)),
    "just_over_quarter": (Fraction(25), Fraction(30)),
    "just_under_third": (Fraction(28), Fraction(100, 3)),
    "about_third": (Fraction(28), Fraction(39)),
    "third": (Fraction(30), Fraction(37)),
    "just_over_third": (Fraction(100, 3), Fraction(40)),
    "over_third": (Fraction(100, 3), Fraction(50)),
    "just_under_half": (Fraction(42), Fraction(50)),
    "just_over_half": (Fraction(50), Fraction(58)),
    "majority": (Fraction(50), Fraction(100)),
}
_SAME = {"number": "value", "name": "words", "date": "as_of", "direction": "words", "state": "definition"}


def words_for_shares(published: Published) -> Iterator[Finding]:
    """Shares in words that the number does not bear out."""
    for row in mentions_of(published, "words"):
        values = about(published, row["about"])
        limits = SHARE_WORDS.get(row["words"])
        share = _share(values)
        if limits is None or share is None or limits[0] <= share <= limits[1]:
            continue
        figure = values[0]["figure"]
        yield Finding(
            "text_table",
            (row["mention"], *(f"{value['figure']}:{value['key']}" for value in values)),
            row["document"],
            row["lines"],
            say("words", words=say(f"share_{row['words']}"), label=named(values[0])),
            say("words_number", percent=float(share)),
            tuple(_additions(published, figure, values, limits)) or (say("rounded_words"),),
            TEXT,
        )


def _share(values: list[dict[Any, Any]]) -> Fraction | None:
    total = Fraction(0)
    for value in values:
        base = value["figure_base"]
        count = known_count(value, base)
        if count is not None and is_there(base):
            total += Fraction(100 * count, int(base))
        elif is_there(value["percent"]):
            total += Fraction(str(value["percent"]))
        else:
            return None
    return total if values else None


def _additions(published: Published, figure: str, values: list[dict[Any, Any]], limits: tuple[Fraction, Fraction]) -> Iterator[Any]:
    """Answers that only the text tells of and which, added to the ones meant, would bear the words out."""
    base = published.figure(figure)["base"]
    meant = [known_count(value, base) for value in values]
    if not is_there(base) or any(count is None for count in meant):
        return
    own = set(published.values_of(figure)["key"])
    for version in published.figures.loc[published.figures["of"] == figure, "figure"]:
        labels = {row["key"]: named(row) for row in published.values_of(version).to_dict("records")}
        for key, count in answer_counts(published, version).items():
            share = Fraction(100 * (sum(n or 0 for n in meant) + (count or 0)), int(base))
            if key not in own and count and limits[0] <= share <= limits[1]:
                yield say("if_added", label=labels[key], n=count, percent=float(share))


def versions(published: Published) -> Iterator[Finding]:
    """A table and the text about it that print different percentages for the same answers."""
    for figure in published.figures[(published.figures["role"] == "text") & (published.figures["of"] != "")].to_dict("records"):
        table = {row["item"]: row for row in published.values_of(figure["of"]).to_dict("records") if row["item"]}
        differing = [
            (table[row["item"]], row)
            for row in published.values_of(figure["figure"]).to_dict("records")
            if row["item"] in table and is_there(row["percent"]) and row["percent"] != table[row["item"]]["percent"]
        ]
        if not differing:
            continue
        base = figure["base"]
        moved = [(known_count(first, base), known_count(second, base)) for first, second in differing]
        hypotheses = [say("one_is_older")]
        if all(a is not None and b is not None for a, b in moved):
            gaps = [(b or 0) - (a or 0) for a, b in moved]
            if sum(gaps) == 0:
                hypotheses.insert(0, say("moved", n=sum(gap for gap in gaps if gap > 0)))
        source = published.figure(figure["of"])
        yield Finding(
            "text_table",
            (figure["figure"], figure["of"], *(f"{figure['figure']}:{row['key']}" for _, row in differing)),
            figure["document"],
            f"{source['lines']}; {figure['lines']}",
            say(
                "versions",
                values=together(
                    [
                        say("label_two", label=named(first), first=str(first["percent"]), second=str(second["percent"]))
                        for first, second in differing
                    ],
                    "; ",
                ),
            ),
            say("both_possible") if all(a is not None and b is not None for a, b in moved) else None,
            tuple(hypotheses),
        )


def same_item(published: Published) -> Iterator[Finding]:
    """One question of one wave and group with two values."""
    figures = {row["figure"]: row for row in published.figures.to_dict("records") if row["role"] == "primary"}
    found: dict[tuple[str, str, str], list[dict[Any, Any]]] = {}
    for row in published.values.to_dict("records"):
        if row["item"] and row["figure"] in figures and is_there(row["percent"]):
            figure = figures[row["figure"]]
            found.setdefault((row["item"], figure["wave"], figure["group"]), []).append(row)
    for rows in found.values():
        if len({row["percent"] for row in rows}) > 1:
            yield Finding(
                "two_values",
                tuple(f"{row['figure']}:{row['key']}" for row in rows),
                figures[rows[0]["figure"]]["document"],
                "; ".join(dict.fromkeys(figures[row["figure"]]["lines"] for row in rows)),
                percents(rows),
                None,
                (say("slip"), say("two_items")),
            )


def same_thing(published: Published) -> Iterator[Finding]:
    """One thing that the text gives with two numbers, dates, names, directions or states."""
    for kind, column in _SAME.items():
        for subject, rows in grouped_mentions(published, kind):
            said = list(dict.fromkeys(row[column] for row in rows))
            if len(said) > 1:
                document, lines = places(rows)
                hypotheses = (say("counted_at_other_times"),) if kind == "number" else (say("not_updated"),)
                subjects = (subject, *(row["mention"] for row in rows))
                printed = say("same_thing", subject=_thing(rows[0], subject), values=_said(kind, said))
                yield Finding("two_values", subjects, document, lines, printed, None, hypotheses, TEXT)


def _thing(row: dict[Any, Any], subject: str) -> Words:
    """What a mention is about, in both languages: its note holds "dansk|English"."""
    da, _, en = row["note"].partition("|")
    return worded(da or subject, en or da or subject)


def _said(kind: str, values: list[str]) -> Joined:
    in_words = kind in ("direction", "state")
    return together([say(f"said_{value}") if in_words else value for value in values], ", ")


def authors(published: Published) -> Iterator[Finding]:
    """A document that another one credits to somebody else."""
    known = dict(zip(published.documents["document"], published.documents["author"], strict=True))
    for row in mentions_of(published, "author"):
        author = known.get(row["about"], "")
        if author and row["words"] != author:
            printed = say("author", words=row["words"])
            yield Finding(
                "retelling",
                (row["about"], row["mention"]),
                row["document"],
                row["lines"],
                printed,
                say("author_is", author=author),
                (),
                TEXT,
            )


def retellings(published: Published) -> Iterator[Finding]:
    """Numbers that another text repeats with another value, another group or another date."""
    facts = {row["fact"]: row for row in published.facts.to_dict("records")}
    for row in mentions_of(published, "retold"):
        if row["about"] in facts:
            yield from _retold_fact(row, facts[row["about"]])
        else:
            yield from _retold_value(published, row)


def _retold_fact(row: dict[Any, Any], fact: dict[Any, Any]) -> Iterator[Finding]:
    value, original = int(row["value"]), int(fact["value"])
    # A retelling may round: 7,200 for 7,173 is the same number, 91 for 95 is not.
    step = 10 ** max(0, len(str(value)) - len(str(value).rstrip("0")))
    same = value == original or (step > 1 and round_to(original, step) == value)
    subjects = (row["about"], row["mention"])
    if not same:
        printed = say("retold_value", value=value, label=named(fact), original=original)
        yield Finding("retelling", subjects, row["document"], row["lines"], printed, None, (say("other_definition"),), TEXT)
    elif row["as_of"] and fact["as_of"] and row["as_of"][:4] != fact["as_of"][:4]:
        printed = say("retold_date", value=value, label=named(fact), said=row["as_of"], original=fact["as_of"])
        yield Finding("date", subjects, row["document"], row["lines"], printed, say("date_gap"), (say("not_updated"),), TEXT)


def round_to(number: int, step: int) -> int:
    """A whole number rounded half up to a multiple of `step`.

    Example:
        >>> round_to(7173, 100)
        7200
    """
    return (2 * number + step) // (2 * step) * step


def _retold_value(published: Published, row: dict[Any, Any]) -> Iterator[Finding]:
    values = about(published, row["about"])
    if not values:
        return
    item, percent = values[0]["item"], int(row["value"])
    roles = dict(zip(published.figures["figure"], published.figures["role"], strict=True))
    groups = dict(zip(published.figures["figure"], published.figures["group"], strict=True))
    originals = [
        value
        for value in published.values[published.values["item"] == item].to_dict("records")
        if roles[value["figure"]] == "primary" and is_there(value["percent"])
    ]
    if not item or not originals:
        return
    subjects = (row["about"], row["mention"], *(f"{value['figure']}:{value['key']}" for value in originals))
    equal = [value for value in originals if value["percent"] == percent]
    if not equal:
        # The neighbour in the same figure that has this number may have been read instead.
        near = [
            value
            for value in published.values[published.values["figure"].isin([original["figure"] for original in originals])].to_dict(
                "records"
            )
            if is_there(value["percent"]) and value["percent"] == percent
        ]
        printed = say("retold_percent", label=named(values[0]), percent=percent)
        possible = say("originals", values="; ".join(f"{value['percent']} % ({value['figure']})" for value in originals))
        hypotheses = tuple(say("neighbour", label=named(value), figure=value["figure"]) for value in near) or (say("slip"),)
        yield Finding("retelling", subjects, row["document"], row["lines"], printed, possible, hypotheses, TEXT)
    elif row["group"] and all(groups[value["figure"]] != row["group"] for value in equal):
        printed = say("retold_group", label=named(values[0]), percent=percent, group=say_group(row["group"]))
        possible = say("group_is", group=say_group(groups[equal[0]["figure"]]))
        yield Finding("group", subjects, row["document"], row["lines"], printed, possible, (say("loose_words"),), TEXT)


def say_group(group: str) -> Phrase:
    """A respondent group in words."""
    return Phrase(f"groups.{group}")


def claims(published: Published) -> Iterator[Finding]:
    """Claims in words for which the document prints no number at all, and methods it has no data for."""
    for row in mentions_of(published, "claim"):
        values = about(published, row["about"])
        if values and all(value["missing"] == "words_only" for value in values):
            yield Finding(
                "claim",
                (row["mention"], *(f"{value['figure']}:{value['key']}" for value in values)),
                row["document"],
                row["lines"],
                say("claim", words=say(f"share_{row['words']}"), label=named(values[0])),
                say("claim_unsupported"),
                (say("not_printed"),),
                TEXT,
            )
    asked = {figure["group"] for figure in published.figures.to_dict("records") if figure["role"] in ("primary", "response")}
    for row in mentions_of(published, "method"):
        if row["definition"] == "quantitative" and row["group"] not in asked:
            printed = say("method", subject=_thing(row, row["about"]), group=say_group(row["group"]))
            yield Finding(
                "claim", (row["mention"],), row["document"], row["lines"], printed, say("no_such_survey"), (say("interviews_meant"),), TEXT
            )

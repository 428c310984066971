"""Arithmetic checks: percentages against bases, parts against wholes, sums against totals, shares against counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from vvvresearch.errors import SourceError
from vvvresearch.evidence import Published
from vvvresearch.locales import Phrase
from vvvresearch.published._finding import (
    MUNICIPALITIES,
    TABLES,
    TEXT,
    Finding,
    count_mismatch,
    decimals_of,
    hypotheses,
    is_there,
    known_count,
    listed,
    mentions_of,
    named,
    nearest,
    rounded,
    say,
    together,
)
from vvvresearch.statistics.rounding import possible_counts

_CHECKED = ("primary", "text")
_ONE_ANSWER = ("single", "likert", "band", "open_coded")
_TERM = re.compile(r"\s*([+-]?)\s*([A-Za-z][\w-]*|\d+)\s*")


def percentages(published: Published) -> Iterator[Finding]:
    """Percentages that cannot come from their base."""
    figures = published.figures[published.figures["role"].isin(_CHECKED) & published.figures["base"].notna()]
    for figure in figures.to_dict("records"):
        rows = [row for row in published.values_of(figure["figure"]).to_dict("records") if is_there(row["percent"])]
        base = int(figure["base"])
        levels = int(figure["levels_summed"]) if is_there(figure["levels_summed"]) else 1
        mates = [(row["percent"], decimals_of(row["percent"])) for row in rows]
        for row in rows:
            percent, decimals = row["percent"], decimals_of(row["percent"])
            if possible_counts(percent, base, decimals):
                continue
            _, found = hypotheses(percent, base, decimals, together=mates, levels=levels)
            if figure["base_basis"] != "printed":
                found.append(say("item_base_not_printed"))
            if (other := _same_number_beside(published, figure, row)) is not None:
                found.append(say("repeated", other=named(other), figure=other["figure"]))
            yield Finding(
                "arithmetic",
                (f"{figure['figure']}:{row['key']}",),
                figure["document"],
                figure["lines"],
                say("percent_of_base", label=named(row), percent=str(percent), base=base),
                say("no_count", base=base, nearest=nearest(percent, base, decimals)),
                tuple(found),
            )


def _same_number_beside(published: Published, figure: dict[Any, Any], row: dict[Any, Any]) -> dict[Any, Any] | None:
    """Another question of the same wave with the same percentage: a number may have been repeated by mistake."""
    same = published.figures[(published.figures["wave"] == figure["wave"]) & (published.figures["figure"] != figure["figure"])]
    values = published.values[published.values["figure"].isin(same["figure"])]
    hits = values[[is_there(value) and value == row["percent"] for value in values["percent"]]]
    sharing = set(figure["lines"].replace(" ", "").split(";"))
    for hit in hits.to_dict("records"):
        lines = same.loc[same["figure"] == hit["figure"], "lines"].iloc[0]
        if sharing & set(lines.replace(" ", "").split(";")):
            return hit
    return None


def counts_and_percentages(published: Published) -> Iterator[Finding]:
    """A printed count and a printed percentage that do not give each other."""
    figures = {row["figure"]: row for row in published.figures.to_dict("records")}
    for row in published.values.to_dict("records"):
        figure = figures[row["figure"]]
        base = figure["base"]
        if not (is_there(row["count"]) and is_there(row["percent"]) and is_there(base)):
            continue
        mismatch = count_mismatch(int(row["count"]), int(base), row["percent"], decimals_of(row["percent"]))
        if mismatch is not None:
            yield Finding(
                "count",
                (f"{row['figure']}:{row['key']}",),
                figure["document"],
                figure["lines"],
                say("count_percent", label=named(row), count=int(row["count"]), base=int(base), percent=str(row["percent"])),
                mismatch,
            )


def sums(published: Published) -> Iterator[Finding]:
    """Parts of a one-answer question that do not add up to their base, or percentages further from 100 than rounding allows."""
    for figure in published.figures[published.figures["role"] == "primary"].to_dict("records"):
        rows = published.values_of(figure["figure"]).to_dict("records")
        if figure["type"] not in _ONE_ANSWER or len(rows) < 2:
            continue
        subject = (figure["figure"],)
        if all(is_there(row["count"]) for row in rows) and is_there(figure["base"]):
            total, base = sum(int(row["count"]) for row in rows), int(figure["base"])
            if total != base:
                hypotheses = [say("left_out", n=base - total) if total < base else say("several_answers")]
                if figure["base_basis"] != "printed":
                    hypotheses.append(say("item_base_not_printed"))
                yield Finding(
                    "sum",
                    subject,
                    figure["document"],
                    figure["lines"],
                    say("parts", label=named(figure), parts=" + ".join(str(int(row["count"])) for row in rows)),
                    say("parts_and_base", total=total, base=base),
                    tuple(hypotheses),
                )
        if all(is_there(row["percent"]) for row in rows):
            total = sum(row["percent"] for row in rows)
            printed = figure["total_printed"]
            if abs(total - 100) * 2 > len(rows) or (is_there(printed) and total != printed):
                yield Finding(
                    "sum",
                    subject,
                    figure["document"],
                    figure["lines"],
                    say("percent_sum", label=named(figure), total=str(total)),
                    say("percent_sum_allowed", n=len(rows)),
                )


def evaluate(formula: str, facts: dict[Any, Any]) -> tuple[int | None, list[str]]:
    """The value of a formula such as "98 - PR-A + PR-B", and the facts it names; None where one of them has no value.

    Raises:
        SourceError: the formula cannot be read, or names a fact that is not there.
    """
    total, terms = 0, []
    # A dash inside an id is no minus: terms are parted by signs with spaces around them.
    for piece in re.split(r"\s+(?=[+-]\s)", formula.strip()):
        match = _TERM.fullmatch(piece)
        if match is None:
            raise SourceError(f"the formula {formula!r} cannot be read", todo="write for example: 98 - PR-A + PR-B")
        sign = -1 if match[1] == "-" else 1
        if match[2].isdigit():
            total += sign * int(match[2])
            continue
        if match[2] not in facts:
            raise SourceError(f"the formula {formula!r} names {match[2]!r}, which is not there")
        terms.append(match[2])
        value = facts[match[2]]["value"]
        if not is_there(value):
            return None, terms
        total += sign * int(value)
    return total, terms


def formulas(published: Published) -> Iterator[Finding]:
    """Single numbers that are not what their parts give, and totals made of a stock and later flows."""
    facts = {row["fact"]: row for row in published.facts.to_dict("records")}
    for row in facts.values():
        if not row["formula"] or not is_there(row["value"]):
            continue
        value, terms = evaluate(row["formula"], facts)
        if value is None:
            continue
        if value != int(row["value"]):
            gap = int(row["value"]) - value
            yield Finding(
                "sum",
                (row["fact"], *terms),
                row["document"],
                row["lines"],
                say("fact_value", label=named(row), value=int(row["value"])),
                say("parts_give", value=value, gap=gap),
                (say("missing_part"), say("rounded_total")),
            )
        measures = [facts[name]["measure"] for name in terms]
        if row["measure"] == "total" and "stock" in measures and "flow" in measures:
            yield Finding(
                "stock_and_flow",
                (row["fact"], *terms),
                row["document"],
                row["lines"],
                say("fact_value", label=named(row), value=int(row["value"])),
                say("stock_plus_flow", parts=" + ".join(str(int(facts[name]["value"])) for name in terms)),
                (say("ended_before"), say("matched_again")),
            )


def shares(published: Published) -> Iterator[Finding]:
    """Shares of municipalities that their own counts do not give."""
    facts = published.facts.to_dict("records")
    claims = [(row["fact"], row, TABLES) for row in facts if row["unit"] == "percent" and row["indicator"] and is_there(row["value"])]
    claims += [
        (row["mention"], {**row, "indicator": row["about"], "label_da": row["definition"], "label_en": row["note"], "qualifier": ""}, TEXT)
        for row in mentions_of(published, "share")
    ]
    for name, claim, needs in claims:
        percent = int(claim["value"])
        counts = [
            row for row in facts if row["indicator"] == claim["indicator"] and row["unit"] == "municipality" and is_there(row["value"])
        ]
        counts = [row for row in counts if row["as_of"][:4] == claim["as_of"][:4] and row["document"] == claim["document"]]
        slack = 1 if claim["qualifier"] else 0
        if not counts or any(abs(rounded(int(row["value"]), MUNICIPALITIES) - percent) <= slack for row in counts):
            continue
        fitting = possible_counts(percent, MUNICIPALITIES)
        count = counts[0]
        yield Finding(
            "denominator",
            (name, *(row["fact"] for row in counts)),
            claim["document"],
            claim["lines"],
            say("share_printed", label=named(claim), percent=percent, count=int(count["value"])),
            together(
                [
                    say(
                        "share_gives",
                        count=int(count["value"]),
                        of=MUNICIPALITIES,
                        percent=str(rounded(int(count["value"]), MUNICIPALITIES)),
                    ),
                    say("share_needs", percent=percent, counts=listed(fitting), of=MUNICIPALITIES),
                ]
            ),
            tuple(
                _other_denominators(int(count["value"]), percent, [row for row in facts if row["document"] == claim["document"]], fitting)
            ),
            needs,
        )


def _other_denominators(count: int, percent: int, facts: list[dict[Any, Any]], fitting: list[int]) -> Iterator[Phrase]:
    for row in facts:
        if row["unit"] == "municipality" and is_there(row["value"]) and count - int(row["value"]) in fitting:
            yield say("left_aside", n=int(row["value"]), label=named(row), rest=count - int(row["value"]))
    denominators = [of for of in range(count, MUNICIPALITIES) if rounded(count, of) == percent]
    if denominators:
        yield say("other_denominator", ofs=listed(denominators), count=count)


def holders(published: Published) -> Iterator[Finding]:
    """More holders than things: each municipality with an agreement needs at least one."""
    facts = published.facts[(published.facts["indicator"] != "") & published.facts["value"].notna()]
    for indicator, rows in facts.groupby("indicator"):
        having = [row for row in rows.to_dict("records") if row["unit"] == "municipality"]
        things = [row for row in rows.to_dict("records") if row["unit"] not in ("municipality", "percent")]
        for holder in having:
            for thing in things:
                near = holder["as_of"][:4] == thing["as_of"][:4] and holder["document"] == thing["document"]
                if near and int(holder["value"]) > int(thing["value"]):
                    yield Finding(
                        "holders",
                        (holder["fact"], thing["fact"]),
                        holder["document"],
                        f"{holder['lines']}; {thing['lines']}",
                        say(
                            "holders",
                            holders=int(holder["value"]),
                            label=named(holder),
                            things=int(thing["value"]),
                            what=named(thing),
                        ),
                        say("holders_need", indicator=str(indicator), n=int(holder["value"])),
                        (say("other_date", first=holder["as_of"], second=thing["as_of"]), say("counted_otherwise")),
                    )


def answer_counts(published: Published, figure: str) -> dict[str, int | None]:
    """The count behind each answer of a figure, where one is known."""
    base = published.figure(figure)["base"]
    return {row["key"]: known_count(row, base) for row in published.values_of(figure).to_dict("records")}

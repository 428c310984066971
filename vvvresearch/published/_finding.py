"""One place where published numbers do not agree with themselves, worded fairly, and what would explain such a percentage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from vvvresearch.evidence import Published, Words
from vvvresearch.locales import Joined, Phrase, Sayable, Written, half_up
from vvvresearch.statistics.rounding import (
    Explanation,
    SmallerBase,
    SummedLevels,
    SwappedDigits,
    Truncation,
    common_bases,
    explain_percentage,
    possible_counts,
)

# What a check needs beyond the tables of figures, values and facts: places in the text that somebody wrote down.
TABLES, TEXT = "tables", "text"
MUNICIPALITIES = 98


@dataclass(frozen=True)
class Finding:
    """Something that a document prints and that its own numbers contradict.

    Args:
        kind: what sort of disagreement, a key of `consistency.kind_…`.
        subjects: what it is about: "FIGURE:key", a fact, a mention.
        document: the document it is printed in.
        lines: where in the document.
        printed: what is printed.
        possible: what the printed numbers allow, from the printed base and from a smaller one.
        hypotheses: what would explain it; nothing here is shown to have happened.
        needs: `TABLES`, or `TEXT` when a place in the running text had to be written down first.
    """

    kind: str
    subjects: tuple[str, ...]
    document: str
    lines: str
    printed: Sayable
    possible: Sayable | None = None
    hypotheses: tuple[Sayable, ...] = ()
    needs: str = TABLES


def say(key: str, **values: Any) -> Phrase:
    """A phrase of the table of words about consistency."""
    return Phrase(f"consistency.{key}", values)


def worded(da: str, en: str = "") -> Words:
    """Words that the data give; where there are no English ones, the Danish."""
    return Words(da=da, en=en or da)


def named(row: dict[Any, Any], prefix: str = "") -> Words:
    """The label of a row of values, figures or facts."""
    return worded(row[f"{prefix}label_da"], row[f"{prefix}label_en"])


def together(parts: Iterable[str | Sayable], mark: str = " ") -> Joined:
    """Words said one after the other."""
    return Joined(tuple(parts), mark)


def percents(rows: Iterable[dict[Any, Any]]) -> Joined:
    """Labels with their percentages: "netværk: 91 %; dansk: 84 %"."""
    return together([say("label_percent", label=named(row), percent=str(row["percent"])) for row in rows], "; ")


def is_there(value: Any) -> bool:
    """Whether a cell holds something."""
    return value is not None and not pd.isna(value) and value != ""


def decimals_of(percent: object) -> int:
    """Digits that a printed percentage has after its decimal mark."""
    exponent = Decimal(str(percent)).as_tuple().exponent
    return max(0, -int(exponent))


def rounded(count: int, base: int, decimals: int = 0) -> Decimal:
    """A percentage from whole numbers, half up."""
    from fractions import Fraction

    return half_up(Fraction(100 * count, base), decimals)


def known_count(value: Any, base: Any) -> int | None:
    """The count behind a value: as printed, else the only one its percentage allows, else what was inferred."""
    if is_there(value["count"]):
        return int(value["count"])
    if is_there(value["percent"]) and is_there(base):
        counts = possible_counts(value["percent"], int(base), decimals_of(value["percent"]))
        if len(counts) == 1:
            return counts[0]
    return int(value["inferred"]) if is_there(value["inferred"]) else None


def about(published: Published, reference: str) -> list[dict[Any, Any]]:
    """The values that a mention names: "FIGURE:key", "FIGURE:key+key", several joined by "|"; with their figure's columns."""
    found = []
    for part in reference.split("|"):
        figure, _, keys = part.partition(":")
        rows = published.values[(published.values["figure"] == figure) & published.values["key"].isin(keys.split("+"))]
        figures = published.figures[published.figures["figure"] == figure]
        for row in rows.to_dict("records"):
            found.append({f"figure_{name}": value for name, value in figures.to_dict("records")[0].items()} | row)
    return found


def mentions_of(published: Published, kind: str) -> list[dict[Any, Any]]:
    """The mentions of one kind."""
    return list(published.mentions[published.mentions["kind"] == kind].to_dict("records"))


def grouped_mentions(published: Published, kind: str) -> list[tuple[str, list[dict[Any, Any]]]]:
    """The mentions of one kind that are about the same thing, where there are at least two."""
    found: dict[str, list[dict[Any, Any]]] = {}
    for row in mentions_of(published, kind):
        found.setdefault(row["about"], []).append(row)
    return [(subject, rows) for subject, rows in found.items() if len(rows) > 1]


def places(rows: Iterable[dict[Any, Any]]) -> tuple[str, str]:
    """Documents and lines of several rows, in one cell each."""
    given = list(rows)
    documents = sorted({row["document"] for row in given})
    if len(documents) == 1:
        return documents[0], "; ".join(dict.fromkeys(row["lines"] for row in given))
    return "+".join(documents), "; ".join(dict.fromkeys(f"{row['document']}:{row['lines']}" for row in given))


SMALLEST_SHARE = 0.8


def hypotheses(
    percent: Decimal,
    n: int,
    decimals: int,
    *,
    together: Sequence[tuple[Decimal, int]] = (),
    levels: int | None = None,
    smallest_share: float = SMALLEST_SHARE,
) -> tuple[list[int], list[Phrase]]:
    """Smaller bases that would fit a percentage and those it stands with, and everything else that would explain it.

    Args:
        percent: as printed.
        n: its printed base.
        decimals: digits it is printed with.
        together: percentage and digits of all numbers of the item, this one among them: they should fit one base.
        levels: how many answer levels it adds.
        smallest_share: smaller bases are tried down to this share of the printed one.

    Returns:
        The bases, and the hypotheses in words; swapped digits explain almost anything, so they come only where nothing else does.

    Example:
        >>> bases, found = hypotheses(Decimal(41), 72, 0)
        >>> bases[:2], found[0].key
        ([58, 59], 'arithmetic.maybe_smaller_base')
    """
    verdict = explain_percentage(percent, n, decimals, levels=levels, smallest_share=smallest_share)
    bases = common_bases(together or [(percent, decimals)], n, smallest_share)
    shared = len(together) > 1
    found = []
    for one in verdict.explanations:
        if isinstance(one, SmallerBase) and shared:
            if bases:
                found.append(Phrase("arithmetic.maybe_common_base", {"bases": listed(bases)}))
        elif not isinstance(one, SwappedDigits):
            found.append(_worded(one, n))
    if not found:
        found = [_worded_swap(one, decimals) for one in verdict.explanations if isinstance(one, SwappedDigits)]
    return bases, found


def _worded(explanation: Explanation, n: int) -> Phrase:
    if isinstance(explanation, SmallerBase):
        return Phrase("arithmetic.maybe_smaller_base", {"bases": listed(explanation.bases)})
    if isinstance(explanation, Truncation):
        return Phrase("arithmetic.maybe_truncated", {"counts": listed(explanation.counts), "n": n})
    assert isinstance(explanation, SummedLevels)
    return Phrase("arithmetic.maybe_summed", {"levels": explanation.levels, "counts": listed(explanation.counts), "n": n})


def _worded_swap(explanation: SwappedDigits, decimals: int) -> Phrase:
    return Phrase("arithmetic.maybe_swapped", {"percent": Written(explanation.percent, "percent", decimals)})


def nearest(percent: Decimal, n: int, decimals: int) -> Joined:
    """The nearest percentages that the base allows, each with its count."""
    verdict = explain_percentage(percent, n, decimals)
    return percentages([(value, count) for value, count in verdict.nearest], decimals)


def percentages(pairs: Sequence[tuple[Decimal, object]], decimals: int) -> Joined:
    """Percentages, each with what stands behind it in brackets."""
    shown = [Phrase("arithmetic.value", {"percent": Written(value, "percent", decimals), "about": about}) for value, about in pairs]
    return Joined(tuple(shown))


def count_mismatch(count: int, n: int, percent: Decimal, decimals: int) -> Phrase | None:
    """What is wrong between a printed count, its base and its percentage; None where they give each other."""
    if count in possible_counts(percent, n, decimals):
        return None
    if count > n:
        return Phrase("arithmetic.count_above_base", {"count": count, "n": n})
    right = Written(half_up(Fraction(100 * count, n), decimals), "percent", decimals)
    return Phrase("arithmetic.count_gives", {"count": count, "n": n, "percent": right, "printed": Written(percent, "percent", decimals)})


def listed(values: Sequence[object], most: int = 12) -> str:
    """Numbers or names in one line, cut with an ellipsis."""
    words = [str(value) for value in values]
    return ", ".join(words[:most]) + (" …" if len(words) > most else "")

"""What would explain a printed percentage that no count of its base gives, in words: one place for every check that needs it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from vvvresearch.locales import Joined, Phrase, Written, half_up
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

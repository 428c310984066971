"""The exact distribution of a sum of scores when hits are spread over groups at random."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Numbers of ways stay below the largest double up to here, and the table of ways stays small.
_MOST_ANSWERS = 1000
_MOST_CELLS = 20_000_000


def linear_test(sizes: Sequence[int], scores: Sequence[Fraction], hits: Sequence[int]) -> tuple[float, float]:
    """Exact two-sided p of Σ score·hits given all margins, and the sum's distance from its expectation.

    With groups as columns this is the Cochran–Armitage trend; with tie groups as columns and mid-ranks as scores it is the
    Wilcoxon–Mann–Whitney test with ties. NaN when there is nothing to test: no hits, only hits, or one score.

    Args:
        sizes: answers in each group.
        scores: the score of each group.
        hits: those of the first kind in each group.
    """
    import numpy as np

    answers, drawn = sum(sizes), sum(hits)
    steps = _whole_steps(scores)
    if drawn in (0, answers) or len({step for step, size in zip(steps, sizes, strict=True) if size}) < 2:
        return math.nan, 0.0
    observed = sum(step * hit for step, hit in zip(steps, hits, strict=True))
    weighted = sum(step * size for step, size in zip(steps, sizes, strict=True))
    chances = chances_of_sums(sizes, steps, drawn)
    extreme = np.abs(np.arange(len(chances)) * answers - drawn * weighted) >= abs(observed * answers - drawn * weighted)
    p_value = float(chances[extreme].sum())
    expected = Fraction(drawn, answers) * sum(size * score for size, score in zip(sizes, scores, strict=True))
    return min(1.0, p_value), float(sum(score * hit for score, hit in zip(scores, hits, strict=True)) - expected)


def chances_of_sums(sizes: Sequence[int], steps: Sequence[int], drawn: int) -> NDArray[np.float64]:
    """The chances that the scores of `drawn` answers, taken at random from all, add up to 0, 1, 2, …

    Args:
        sizes: answers in each group.
        steps: the score of each group, a whole number from 0 on.
        drawn: how many are taken.
    """
    import numpy as np

    answers, total = sum(sizes), sum(size * step for size, step in zip(sizes, steps, strict=True))
    fewer = min(drawn, answers - drawn)
    widest = min(total, fewer * max(steps, default=0)) + 1
    if answers > _MOST_ANSWERS or (fewer + 1) * widest > _MOST_CELLS:
        raise AnalysisError(
            f"{answers} answers are too many for the exact distribution",
            why=f"it is counted out for at most {_MOST_ANSWERS} answers with scores on a coarse grid",
            todo="use the large-sample test",
        )
    ways = np.zeros((fewer + 1, widest))
    ways[0, 0] = 1.0
    for size, step in zip(sizes, steps, strict=True):
        after = ways.copy()
        for k in range(1, min(size, fewer) + 1):
            shift = k * step
            if shift < widest:
                after[k:, shift:] += math.comb(size, k) * ways[: fewer + 1 - k, : widest - shift]
        ways = after
    chances: NDArray[np.float64] = ways[fewer] / ways[fewer].sum()
    if fewer == drawn:
        return chances
    # Those that are taken have what those that are left do not have.
    taken = np.zeros(total + 1)
    taken[total - np.arange(widest)] = chances
    return taken


def _whole_steps(scores: Sequence[Fraction]) -> list[int]:
    """The scores on the coarsest grid of whole numbers that starts at 0: distances keep their order on it."""
    low = min(scores)
    scale = math.lcm(*(score.denominator for score in scores))
    steps = [int((score - low) * scale) for score in scores]
    common = math.gcd(*steps) or 1
    return [step // common for step in steps]

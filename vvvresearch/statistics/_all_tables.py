"""Which tables the exact test of a whole table rejects: every one listed, or tables drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_DRAWS = 4_000


def p_of_listed(sizes: Sequence[int]) -> Floats:
    """The exact p of every outcome, given how many yes answers there are in all: yes answers of the first group × of the second × …

    Args:
        sizes: of the groups.

    Example:
        >>> p_of_listed((3, 3))[0, 3].round(3).item()
        0.1
    """
    from scipy import special

    yes = np.ix_(*(np.arange(n + 1) for n in sizes))
    logs = np.zeros(1)
    for one, n in zip(yes, sizes, strict=True):
        logs = logs + special.gammaln(n + 1) - special.gammaln(one + 1) - special.gammaln(n - one + 1)
    total, hits = sum(yes, np.zeros(1, dtype=np.int64)).ravel(), np.arange(sum(sizes) + 1)
    # Multivariate hypergeometric.
    chance = np.exp(logs.ravel() - (special.gammaln(len(hits)) - special.gammaln(hits + 1) - special.gammaln(len(hits) - hits))[total])
    places = np.lexsort((chance, total))
    ranked, group = chance[places], total[places]
    summed, begins = np.cumsum(ranked), np.searchsorted(group, np.arange(sum(sizes) + 2))
    before = np.concatenate([[0.0], summed])[begins]
    # The factor lets rounding errors pass, as in `as_rare`.
    last = np.flatnonzero(np.append((np.diff(group) > 0) | (ranked[1:] > ranked[:-1] * (1 + 1e-7)), True))
    up_to = summed[last[np.searchsorted(last, np.arange(len(ranked)))]] - before[group]
    found = np.empty(len(ranked))
    found[places] = np.minimum(1.0, up_to / np.diff(before)[group])
    return found.reshape([n + 1 for n in sizes])


def rejected_of_drawn(sizes: Sequence[int], answers: int, shares: Sequence[float], alpha: float) -> float:
    """The share of drawn tables that the test rejects; what it rejects is learnt from tables without a difference.

    Args:
        sizes: of the groups.
        answers: how many.
        shares: of the first answer, group by group; the other answers share what is left.
        alpha: the level that decides.

    Source: the scale of Mehta and Patel 1986, ACM Transactions on Mathematical Software 12.

    Example:
        >>> 0.9 < rejected_of_drawn((20, 20), 3, (0.2, 0.8), 0.05) < 1
        True
    """
    rng, common = np.random.default_rng(19510301), float(np.dot(sizes, shares)) / sum(sizes)

    def rarity(of_groups: Sequence[float], draws: int) -> Floats:
        spread = [[share, *[(1 - share) / (answers - 1)] * (answers - 1)] for share in of_groups]
        return _rarity(np.stack([rng.multinomial(n, row, draws) for n, row in zip(sizes, spread, strict=True)], axis=1))

    limit = np.quantile(rarity([common] * len(sizes), min(_DRAWS * 10, max(_DRAWS, math.ceil(20 / alpha)))), alpha)
    return float(np.mean(rarity(shares, _DRAWS) <= limit))


def _rarity(tables: NDArray[np.int64]) -> Floats:
    """How rare tables (draws × groups × answers) are among those with their margins, as a large-sample p; 1 where one answer is left."""
    from scipy import special, stats

    groups, answers, n = tables.sum(axis=2), tables.sum(axis=1), tables.sum(axis=(1, 2))
    k, given = tables.shape[1], (answers > 0).sum(axis=1)
    log = special.gammaln(groups + 1).sum(axis=1) + special.gammaln(answers + 1).sum(axis=1)
    log -= special.gammaln(n + 1) + special.gammaln(tables + 1).sum(axis=(1, 2))
    log += (k - 1) * (given - 1) / 2 * math.log(2 * math.pi) - (k * given - 1) / 2 * np.log(n)
    log += (given - 1) / 2 * np.log(groups).sum(axis=1) + (k - 1) / 2 * np.log(np.maximum(answers, 1)).sum(axis=1)
    found: Floats = np.where(given > 1, stats.chi2.sf(-2 * log, np.maximum((k - 1) * (given - 1), 1)), 1.0)
    return found

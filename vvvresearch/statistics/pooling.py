"""Shares of small groups beside each other: each drawn towards the common share by what chance alone would spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import Interval, alpha_of, counts_of, several

__all__ = ["PooledShares", "pooled_shares"]

_POINTS = 32


@dataclass(frozen=True)
class PooledShares:
    """Partly pooled shares of groups.

    Args:
        raw: x/n of each group.
        pooled: posterior mean and limits of each group.
        mean: mean of the distribution that the groups' shares are drawn from.
        spread: its standard deviation.
    """

    raw: tuple[float, ...]
    pooled: tuple[Interval, ...]
    mean: float
    spread: float


def pooled_shares(hits: Sequence[int], sizes: Sequence[int], level: float = 0.95) -> PooledShares:
    """Partial pooling of regional shares (beta-binomial model): a region with few answers is drawn most towards the common share.

    How unlike the groups are is not known either, so it is averaged over, on a grid of means and prior sizes: limits hold what
    the data leave open about it.

    Args:
        hits: hits of each group.
        sizes: answers of each group, at least 1; at least three groups.
        level: of the limits.

    Returns:
        PooledShares in the order given.

    Raises:
        AnalysisError: fewer than three groups, or impossible counts.

    Source:
        Gelman, Carlin, Stern, Dunson, Vehtari and Rubin 2013, Bayesian Data Analysis, 5.3, with their prior (α + β)^(−5/2).

    Example:
        >>> found = pooled_shares([1, 10, 12, 30], [2, 20, 30, 60])
        >>> [round(interval.estimate, 2) for interval in found.pooled]
        [0.48, 0.48, 0.44, 0.49]
    """
    import numpy as np
    from scipy import optimize, special

    if not len(several(hits, "hits")) == len(several(sizes, "sizes")) or len(hits) < 3:
        raise AnalysisError("partial pooling needs hits and sizes of at least three groups", where="hits, sizes")
    counts = np.array([counts_of(x, n) for x, n in zip(hits, sizes, strict=True)])
    alpha = alpha_of(level)
    # logit of the mean and log of the prior size: the axes on which the posterior is near to a hill, looked for first and then looked at.
    ends: list[tuple[float, float]] = [(-6.0, 6.0), (-2.0, 9.0)]
    for _ in range(3):
        axes = [np.linspace(*end, _POINTS) for end in ends]
        centre, size = np.meshgrid(*axes, indexing="ij")
        a, b = special.expit(centre) * np.exp(size), special.expit(-centre) * np.exp(size)
        log = np.log(a) + np.log(b) - 2.5 * size
        for x, n in counts:
            log = log + special.betaln(a + x, b + n - x) - special.betaln(a, b)
        weight = np.exp(log - log.max())
        kept = weight > 1e-5
        held = [np.flatnonzero(kept.any(axis=other)) for other in (1, 0)]
        ends = [(axis[max(0, at[0] - 1)], axis[min(_POINTS - 1, at[-1] + 1)]) for axis, at in zip(axes, held, strict=True)]
    weight, a, b = weight[kept] / weight[kept].sum(), a[kept], b[kept]
    pooled = []
    for x, n in counts:

        def below(share: float, x: int = x, n: int = n) -> float:
            return float(weight @ special.betainc(a + x, b + n - x, share))

        lower, upper = (float(optimize.brentq(lambda p, t=tail: below(p) - t, 0, 1)) for tail in (alpha / 2, 1 - alpha / 2))
        estimate = float(weight @ ((a + x) / (a + b + n)))
        pooled.append(Interval(lower, upper, "beta-binomial, partly pooled", level, estimate))
    mean = float(weight @ (a / (a + b)))
    variance = float(weight @ (a * b / ((a + b) ** 2 * (a + b + 1)) + (a / (a + b) - mean) ** 2))
    return PooledShares(tuple((counts[:, 0] / counts[:, 1]).tolist()), tuple(pooled), mean, variance**0.5)

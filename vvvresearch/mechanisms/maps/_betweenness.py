"""How much passes through each factor: betweenness of a directed map, for thousands of factors at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    Floats = np.ndarray[Any, np.dtype[np.float64]]

# Sources are handled together in blocks whose matrices stay within some tens of megabytes.
_CELLS = 2_000_000


def betweenness(n: int, edges: Sequence[tuple[int, int]]) -> Floats:
    """The share of ordered pairs of other factors whose shortest paths pass through each factor.

    Brandes' accumulation (2001), with all sources of a block in one matrix: paths are counted level by level forwards,
    then credit is handed back. Divided by (n−1)(n−2).

    Example:
        >>> betweenness(3, [(0, 1), (1, 2)]).tolist()
        [0.0, 0.5, 0.0]
    """
    from scipy import sparse

    total = np.zeros(n)
    kept = [(cause, effect) for cause, effect in edges if cause != effect]
    if n < 3 or not kept:
        return total
    causes, effects = zip(*kept, strict=True)
    links = sparse.csr_array((np.ones(len(kept)), (causes, effects)), shape=(n, n))
    links.data[:] = 1.0
    back = links.T.tocsr()
    block = max(1, _CELLS // n)
    for start in range(0, n, block):
        sources = np.arange(start, min(n, start + block))
        total += _credit(links, back, sources, n)
    return total / ((n - 1) * (n - 2))


def _credit(links: Any, back: Any, sources: Any, n: int) -> Floats:
    here = np.arange(len(sources))
    paths = np.zeros((n, len(sources)))
    paths[sources, here] = 1.0
    reached = paths > 0
    levels = [paths.copy()]
    while True:
        step = back @ levels[-1]
        step[reached] = 0.0
        if not step.any():
            break
        reached |= step > 0
        paths += step
        levels.append(step)
    credit = np.zeros_like(paths)
    for later, earlier in zip(levels[:0:-1], levels[-2::-1], strict=True):
        share = np.divide(1.0 + credit, paths, out=np.zeros_like(paths), where=later > 0)
        handed = links @ share
        credit += np.where(earlier > 0, handed * paths, 0.0)
    credit[sources, here] = 0.0
    return np.asarray(credit.sum(axis=1))

"""How long large causal maps take: bundling, centrality, paths, threads, and the exact robustness of a connection.

    python benchmarks/causal_map.py

Beside betweenness stands networkx on the same graph, as a ratio.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from vvvresearch.mechanisms import causal_map


def random_links(links: int, factors: int, informants: int, seed: int = 7) -> pd.DataFrame:
    """Links drawn at random: no structure helps."""
    numbers = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "cause": numbers.integers(0, factors, links).astype(str),
            "effect": numbers.integers(0, factors, links).astype(str),
            "informant": numbers.integers(0, informants, links).astype(str),
        }
    )


def timed(name: str, task: Callable[[], Any]) -> Any:
    """Run, print the seconds, hand on what came back."""
    start = time.perf_counter()
    made = task()
    print(f"{name:<62} {time.perf_counter() - start:8.2f} s", flush=True)
    return made


def main() -> None:
    """Print one line a task."""
    links = random_links(100_000, 400, 5_000)
    found = timed("bundle 100,000 links of 5,000 informants, 400 factors", lambda: causal_map(links))
    start = time.perf_counter()
    timed("factors with betweenness", lambda: found.factors)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    graph = nx.DiGraph(zip(found.bundles["cause"], found.bundles["effect"], strict=True))
    nx.betweenness_centrality(graph)
    print(f"{'networkx takes so many times as long for betweenness alone':<62} {(time.perf_counter() - start) / ours:8.1f}")
    timed("paths within 2 steps", lambda: found.paths("1", "2", 2))
    timed("threads", lambda: found.threads("1", "2"))
    timed("compare by two groups", lambda: causal_map(links.assign(side=np.where(links.index % 2, "a", "b"))).compare("side"))
    for informants in (20, 40, 60):
        small = causal_map(random_links(12 * informants, 40, informants, seed=informants))
        answer = timed(
            f"robustness among {informants} informants, {12 * informants} links", lambda small=small: small.robustness("1", "2", None)
        )
        print(f"{'  fewest informants (exact: ' + str(answer.exact) + ')':<62} {answer.value:8d}")


if __name__ == "__main__":
    main()

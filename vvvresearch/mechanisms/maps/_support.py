"""How well a connection of a causal map is supported: by how few informants it stands, and whether anyone tells it whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.locales import Phrase
from vvvresearch.mechanisms.maps._links import link_of
from vvvresearch.mechanisms.maps._paths import fewest_informants
from vvvresearch.results import Column, Measure, Result

if TYPE_CHECKING:
    from vvvresearch.mechanisms.maps._causal_map import CausalMap

ROOT = "robustness"
_COUNTS = ("fewest", "threads", "flow_informants", "flow_citations")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Support(Result):
    """How well a connection from one factor to another is supported.

    Args:
        value: the fewest informants whose removal breaks every path; 0 where there is no path.
        informants: one such set.
        exact: whether no smaller set exists; otherwise at least `proved` are needed.
        proved: the proved lower bound.
        threads: informants who state a whole chain themselves.
        citation_flow, informant_flow: max-flow over citations and over informants of each link, for comparison: one
            talkative informant inflates them.
    """

    value: int = 0
    informants: tuple[str, ...] = ()
    exact: bool = True
    proved: int = 0
    threads: int = 0
    citation_flow: int = 0
    informant_flow: int = 0

    def __int__(self) -> int:
        return self.value


def support_of(whole: CausalMap, start: str, end: str, time_limit: float | None) -> Support:
    """The support of one connection; see `CausalMap.robustness`."""
    found = fewest_informants(whole.supports, start, end, time_limit)
    threads = len(whole.threads(start, end))
    names = {"a": whole.name_of(start), "b": whole.name_of(end)}
    notes = [Phrase("mechanisms.robustness_method", names)]
    if found.informants and not threads:
        notes.append(Phrase("mechanisms.transitivity", names))
    if not found.exact:
        notes.append(Phrase("mechanisms.robustness_partial", {"least": found.proved, "most": len(found.informants)}))
    flows = {name: _flow(whole, start, end, name) for name in ("informants", "citations")}
    row = {
        "path": link_of(start, end),
        "start": start,
        "end": end,
        # What is certain: where time ran out, at least so many.
        "fewest": found.proved,
        "exact": found.exact,
        "threads": threads,
        "flow_informants": flows["informants"],
        "flow_citations": flows["citations"],
        "told": "told" if threads else "put_together" if found.informants else "no_way",
    }
    return Support(
        frame=pd.DataFrame([row]),
        title=Phrase("mechanisms.title_robustness", names),
        notes=tuple(notes),
        **described(whole, ("start", "end")),
        value=len(found.informants),
        informants=found.informants,
        exact=found.exact,
        proved=found.proved,
        threads=threads,
        citation_flow=flows["citations"],
        informant_flow=flows["informants"],
    )


def described(whole: CausalMap, ends: Sequence[str]) -> dict[str, Any]:
    """What every table of connections has in common: columns, addresses, labels and base."""
    words = {"start": Phrase("mapping_tables.start"), "end": Phrase("mapping_tables.end")}
    return {
        "base": whole.base,
        "shows": (
            *(Column(end, words[end]) for end in ends),
            *(Column(name, Phrase(f"mapping_tables.{name}"), "count") for name in _COUNTS),
            Column("told", Phrase("mapping_tables.chain"), words="mapping_tables"),
        ),
        "kind": whole.kind,
        "at": "/".join((ROOT, *whole.settings)),
        "keys": ("path",),
        "measures": tuple(Measure(name, of="") for name in _COUNTS),
        "labels": dict.fromkeys(("start", "end"), whole.labels["cause"]),
    }


def _flow(whole: CausalMap, start: str, end: str, name: str) -> int:
    import numpy as np
    from scipy import sparse
    from scipy.sparse.csgraph import maximum_flow

    bundles = whole.bundles
    factors = sorted(set(bundles["cause"]) | set(bundles["effect"]))
    place = {factor: number for number, factor in enumerate(factors)}
    causes, effects = ([place[factor] for factor in bundles[side]] for side in ("cause", "effect"))
    capacities = sparse.csr_array((bundles[name].to_numpy(dtype=np.int32), (causes, effects)), shape=(len(factors), len(factors)))
    return int(maximum_flow(capacities, place[start], place[end]).flow_value)

"""How well the connections of a map that matter most are supported, one beside the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.evidence import Mappings
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms.maps._causal_map import CausalMap, causal_map
from vvvresearch.mechanisms.maps._support import described
from vvvresearch.results import Result

if TYPE_CHECKING:
    from vvvresearch.kinds import DataKind


def map_robustness(
    links: pd.DataFrame | Mappings,
    *,
    connections: Sequence[tuple[str, str]] = (),
    group: str = "",
    time_limit: float | None = 30.0,
    kind: DataKind | None = None,
) -> Result:
    """By how few informants connections of a map stand, exactly, and whether anyone tells them whole.

    Args:
        links: as in `causal_map`.
        connections: start and end of each, by id or label; default from the beginning that most informants name to each outcome
            area of the mappings, or in a table of one's own to each factor that nothing follows from.
        group: only what is named from this perspective.
        time_limit: seconds a connection may take; then `fewest` is a proved lower bound and `exact` is false.
        kind: as in `causal_map`.

    Returns:
        Result; `.frame` has path, start, end, fewest (informants whose removal leaves no way), exact, threads (informants who state
        the whole chain), flow_informants, flow_citations (max-flow, for comparison) and told ("told", "put_together", "no_way").
        Absent where the map leads from no beginning to an outcome.

    Raises:
        AnalysisError: what `causal_map` refuses; a factor that is not in the map.

    Example:
        >>> import pandas as pd
        >>> said = pd.DataFrame({"cause": ["tid", "tid", "ro"], "effect": ["ro", "ro", "sprog"], "informant": ["A", "B", "A"]})
        >>> map_robustness(said).frame[["start", "end", "fewest", "told"]].to_numpy().tolist()
        [['tid', 'sprog', 1, 'told']]
    """
    whole = causal_map(links, group=group, kind=kind)
    if whole.absent:
        return whole
    wanted = list(connections) or _most_told(whole, links)
    supports = [whole.robustness(start, end, time_limit) for start, end in wanted]
    told = supports if connections else [found for found in supports if found.value]
    if not told:
        return Result.missing(Phrase("mapping_tables.no_ways"))
    frame = pd.concat([found.frame for found in told], ignore_index=True)
    frame = frame.sort_values(["threads", "fewest"], ascending=False, kind="stable").reset_index(drop=True)
    starts = frame["start"].unique()
    one = len(starts) == 1
    return Result(
        frame=frame,
        title=Phrase("mapping_tables.robustness_title", {"start": whole.name_of(starts[0])})
        if one
        else Phrase("mapping_tables.robustness_ways"),
        notes=(
            *(() if connections else (Phrase("mapping_tables.robustness_start"),)),
            Phrase("mapping_tables.robustness_note"),
            *(Phrase("mapping_tables.robustness_partial") for _ in range(int(not frame["exact"].all()))),
            Phrase("mechanisms.map_transitivity"),
        ),
        **described(whole, ("end",) if one else ("start", "end")),
    )


def _most_told(whole: CausalMap, links: pd.DataFrame | Mappings) -> list[tuple[str, str]]:
    factors = whole.factors
    starts = factors.loc[factors["role"] == "driver", "factor"].head(1)
    areas = set(factors.loc[factors["role"] == "outcome", "factor"])
    if isinstance(links, Mappings) and (is_area := links.nodes["type"] == "outcome_area").any():
        areas = set(links.nodes.loc[is_area, "node"])
    return [(start, end) for start in starts for end in factors["factor"] if end in areas and end != start]

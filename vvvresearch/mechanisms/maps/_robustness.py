"""How well the connections of a map that matter most are supported, and which links the halves of pairs name unlike often."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Mappings
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms.maps._causal_map import CausalMap, causal_map
from vvvresearch.mechanisms.maps._comparison import group_words
from vvvresearch.mechanisms.maps._paths import described
from vvvresearch.results import Result

if TYPE_CHECKING:
    import pandas as pd

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


def map_difference(
    links: pd.DataFrame | Mappings, *, between: tuple[str, str] | None = None, level: int | None = None, kind: DataKind | None = None
) -> Result:
    """How many of each perspective name a link; the greatest differences between the two halves of the pairs come first.

    Args:
        links: as in `causal_map`, with the column perspective.
        between: the two perspectives; default the halves of the mappings, or the two that a table of one's own has.
        level, kind: as in `causal_map`.

    Returns:
        Result; `.frame` has cause, effect, per perspective `n_`, `of_` and `share_`, difference (share of the first less share of
        the second, −1 to 1) and apart (its size). Absent where a half has named nothing.

    Raises:
        AnalysisError: what `causal_map` refuses; no perspectives, or more than two in a table of one's own.

    Example:
        >>> import pandas as pd
        >>> said = pd.DataFrame({"cause": ["tid", "tid", "tid"], "effect": ["ro", "ro", "sprog"], "informant": ["A", "B", "B"],
        ...     "perspective": ["refugee", "volunteer", "volunteer"]})
        >>> map_difference(said).frame[["effect", "n_refugee", "n_volunteer", "difference"]].to_numpy().tolist()
        [['sprog', 0, 1, -1.0], ['ro', 1, 1, 0.0]]
    """
    whole = causal_map(links, level=level, kind=kind)
    found = sorted({str(name) for name in whole.links["perspective"].dropna() if str(name)}) if "perspective" in whole.links else []
    two = between or (links.halves if isinstance(links, Mappings) else _only_two(found))
    if silent := [name for name in two if name not in found]:
        return Result.missing(Phrase("mapping_tables.group_absent", {"group": group_words(silent[0])}))
    return whole.compare("perspective", two)


def _only_two(found: list[str]) -> tuple[str, str]:
    if len(found) != 2:
        raise AnalysisError(f"the links have {len(found)} perspectives", todo="name the two that are compared: between=(…, …)")
    return found[0], found[1]

"""Which links the two halves of the pairs name most unlike often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Mappings
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms.maps._causal_map import causal_map
from vvvresearch.mechanisms.maps._comparison import group_words
from vvvresearch.results import Result

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.kinds import DataKind


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

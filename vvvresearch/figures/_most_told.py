"""Which links of a causal map a reader can follow: those that most informants name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError

if TYPE_CHECKING:
    import pandas as pd

MOST = 40  # bundles that a page can show and a reader can follow


def most_told(bundles: pd.DataFrame, *, least: int | None = None, most: int = MOST) -> tuple[pd.DataFrame, bool]:
    """The bundles that a picture shows, those with most informants first.

    Args:
        bundles: of a causal map, those with most informants first.
        least: fewest informants of a bundle; default two, or one where no bundle has two.
        most: most bundles. Equals at the end are left out together, unless that leaves nothing.

    Returns:
        The bundles, and whether equals had to be parted, in which case the first of them stand for all.

    Raises:
        AnalysisError: no bundle has so many informants.

    Example:
        >>> import pandas as pd
        >>> told = pd.DataFrame({"cause": ["a", "b", "c"], "informants": [3, 2, 1]})
        >>> most_told(told)[0]["cause"].tolist()
        ['a', 'b']
    """
    if most < 1:
        raise AnalysisError(f"most is {most!r}", todo="draw at least one bundle")
    best = int(bundles["informants"].max())
    wanted = least if least is not None else min(2, best)
    kept = bundles[bundles["informants"] >= wanted]
    if kept.empty:
        raise AnalysisError(f"no bundle has {wanted} informants", why=f"the best supported has {best}", todo="lower least")
    if len(kept) <= most:
        return kept, False
    clear = kept[kept["informants"] > kept["informants"].iloc[most]]
    return (kept.head(most), True) if clear.empty else (clear, False)

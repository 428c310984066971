"""What joins need of every source: the register, the cells of a column as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.check._evidence import Examined
    from vvvresearch.rounds import Source

# A column of a table that is free to name anything is held against what there is where most of it fits.
MOSTLY = 0.5
NAMED = 0.8


def registered(opened: Examined) -> tuple[Source, pd.DataFrame] | None:
    """The interview register and its source."""
    found = opened.one("interviews")
    return None if found is None else (found[0], found[1].frame)


def cell_texts(column: pd.Series[Any]) -> list[str]:
    """The cells of a column, without spaces around them."""
    return [str(cell).strip() for cell in column]


def filled(column: pd.Series[Any]) -> set[str]:
    """The values of a column that stand there."""
    return set(cell_texts(column)) - {""}


def book_codes(opened: Examined) -> set[str]:
    """The codes of the codebook, or of the one that the codings carry."""
    if (found := opened.one("codebook")) is not None:
        return set(found[1].paths)
    return set(found[1].codebook.paths) if (found := opened.one("codings")) is not None else set()

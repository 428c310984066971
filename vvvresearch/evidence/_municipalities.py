"""The 98 municipalities, and what a municipality code looks like."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from vvvresearch.errors import Failure, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import pandas as pd

_CODE = re.compile(r"\d{4}")


@cache
def _register() -> pd.DataFrame:
    import io

    import pandas as pd

    text = (resources.files("vvvresearch.evidence") / "data" / "municipalities.csv").read_text(encoding="utf-8")
    frame = pd.read_csv(io.StringIO(text), dtype={"code": str})
    return frame.astype({"name": object, "region": object, "code": object})


def municipalities() -> pd.DataFrame:
    """The 98 Danish municipalities since 2007 with their place on the tile grid.

    Returns:
        DataFrame code (text, four digits), name, region, tile_row, tile_column (from 1, north-west first).

    Example:
        >>> len(municipalities())
        98
    """
    return _register().copy()


def code_failures(codes: Iterable[tuple[int, str]], known: Collection[str] | None = None, column: str = "municipality") -> list[Failure]:
    """What is wrong with municipality codes: read as a number, badly formed or unknown.

    Args:
        codes: pairs (row, code as text).
        known: the codes there are; default the 98. Synthetic rounds hand in their invented ones.
        column: the column to name in the failures.
    """
    there = set(_register()["code"]) if known is None else set(known)
    failures = []
    for row, code in codes:
        if code in there:
            continue
        if code.isdigit() and code.zfill(4) in there:
            problem = f"the code was read as a number; it is the text {code.zfill(4)}"
        elif known is None and not _CODE.fullmatch(code):
            problem = "a municipality code has four digits"
        else:
            problem = f"unknown municipality code; {did_you_mean(code, there)}"
        failures.append(Failure(row, column, code, problem))
    return failures

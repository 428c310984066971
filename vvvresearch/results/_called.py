"""A column that may be called: `r.duration().median()` is the column of medians that the table has, and not a median of its rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd


class CalledColumn(pd.Series):
    """A column; what is made of it is plain."""

    @property
    def _constructor(self) -> Callable[..., pd.Series[Any]]:
        return pd.Series

    def __call__(self) -> pd.Series[Any]:
        """The column, plain."""
        return pd.Series(self)

"""A DataFrame that may be called as evidence may: `r.municipalities(region="Fyn")`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from vvvresearch.evidence import Register


class CalledFrame(pd.DataFrame):
    """A DataFrame; what is made of it is a plain one."""

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return pd.DataFrame

    def __call__(self, which: object = "", /, **values: Any) -> Any:
        """Some of the rows, as of a register; all of them where nothing is asked; `by` a column how many there are of each."""
        found = Register(self)(which, **values)
        return found.frame if isinstance(found, Register) else found

"""A column of a result or of evidence: it compares as people mean it, and may be called where a table has a column of that name."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any

import pandas as pd

from vvvresearch.conditions import Meant, alike
from vvvresearch.errors import CallError


class Column(pd.Series):
    """A column; what is made of it is plain.

    Example:
        >>> (Column(["1", "2"], name="wave") == 2).tolist()
        [False, True]
    """

    _metadata = ["meant", "whole"]  # noqa: RUF012
    meant: Meant | None = None
    whole: Any = None

    @property
    def _constructor(self) -> Callable[..., pd.Series[Any]]:
        return pd.Series

    def __call__(self) -> pd.Series[Any]:
        """The column, plain: of a table that has a column of medians, `.median()` is that column."""
        return pd.Series(self)

    @property
    def dt(self) -> Any:  # type: ignore[override]
        """Parts of dates: a register's are plain days, which pandas has to be told."""
        return (pd.to_datetime(self) if self.dtype == object else pd.Series(self)).dt

    def tabulate(self, *given: Any, **named: Any) -> Any:
        """The answers to this item counted, where it is one of a survey; of another table how often each value stands."""
        import vvvresearch

        if self.whole is None or not hasattr(self.whole, "questionnaire"):
            return self.value_counts(*given, **named)
        return vvvresearch.tabulate(self.whole, str(self.name), *given, **named)

    def isna(self) -> pd.Series[bool]:
        """Where nothing stands: in evidence what is missing is empty."""
        return pd.Series(self).isna() | (pd.Series(self) == "")

    isnull = isna

    def notna(self) -> pd.Series[bool]:
        """Where something stands."""
        return ~self.isna()

    # What a table counts a column may be asked for, too.
    table = frequencies = tally = counts = antal = frekvens = tabulate

    def _reduce(self, op: Any, name: str, **how: Any) -> Any:
        """Numbers that stand as text, codes of a scale say, are added up as numbers; of words there is no sum."""
        if self.dtype.kind in "OTU" and name not in ("any", "all", "min", "max"):
            # Of a survey, who does not know or will not say has said no number, whatever code stands for it.
            plain = pd.Series(self)
            said = plain[~plain.astype(str).isin(self.whole.unsaid(str(self.name)))] if hasattr(self.whole, "unsaid") else plain
            numbers = pd.to_numeric(said.replace("", None), errors="coerce")
            if numbers.isna().sum() > said.isna().sum() + (said == "").sum() or not numbers.notna().any():
                todo = f"how often each stands: [{str(self.name)!r}].value_counts()"
                raise CallError(f"words have no {name}", where=str(self.name), why="the column holds words", todo=todo)
            return getattr(numbers, name)(**{word: value for word, value in how.items() if word == "skipna"})
        return super()._reduce(op, name, **how)  # type: ignore[misc]

    def _cmp_method(self, other: Any, how: Callable[[Any, Any], Any]) -> Any:
        column, value = alike(pd.Series(self), other, self.meant)
        return how(column, value)

    def isin(self, values: Any) -> pd.Series[bool]:
        """Whether each is one of the values, in the terms of the column."""
        return functools.reduce(operator.or_, (self == one for one in values), pd.Series(False, index=self.index))

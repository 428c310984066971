"""What was asked for: one number of a result, or a whole row of it; and what an opener answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError
from vvvresearch.results import Cell, Made, Result, address_part

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Asked:
    """A number or a row whose evidence is wanted.

    Args:
        result: the result, or the part of it, that holds the row.
        row: the row; empty for a number about the whole.
        measure: which number of it; "" for the whole row.
        number: the number as the table has it.
        address: its address.
        whole: the result that the row's table is a part of.
    """

    result: Result
    row: Mapping[Any, Any] = field(default_factory=dict)
    measure: str = ""
    number: Cell | None = None
    address: str = ""
    whole: Result | None = None

    @property
    def made(self) -> Made:
        """How the result was made."""
        if self.result.made is None:
            raise AnalysisError("nobody knows how this table was made", todo="ask a round for it: vvv.open_round(…).theme_table()")
        return self.result.made

    def given(self, name: str) -> Any:
        """An argument of the analysis; None where it has none of that name."""
        return self.made.given.get(name)

    @property
    def about(self) -> str:
        """`total` and `count` where the number is about the whole, else ""."""
        parts = self.address.removeprefix(self.result.at).strip(".").split(".")
        return parts[0] if not self.row and len(parts) > 1 else ""

    def is_measure(self, value: object) -> bool:
        """Whether the number is called as a value is in addresses."""
        return address_part(value) == address_part(self.measure)

    def measure_in(self, values: Iterable[object]) -> bool:
        """Whether the number is the count of one of these values."""
        return any(map(self.is_measure, values))

    def kept(self, key: Any, work: Callable[[], Any]) -> Any:
        """What `work` gives, worked out once for all numbers of the result."""
        if key not in self.made.kept:
            self.made.kept[key] = work()
        return self.made.kept[key]


@dataclass(frozen=True)
class Found:
    """What stands behind it.

    Args:
        frame: the rows of what was asked for.
        form: "passages", "interviews", "cases", "answers", "events" or "rows".
        unit: the column whose different values are counted.
        value: the number counted anew; None where it is no count.
        whole: how the whole cell counts, by state.
        states: the rows of each state.
    """

    frame: pd.DataFrame
    form: str
    unit: str = ""
    value: Any = None
    whole: Mapping[str, int] = field(default_factory=dict)
    states: Mapping[str, pd.DataFrame] = field(default_factory=dict)


Opener = Callable[[Asked], Found]


def distinct(frame: pd.DataFrame, column: str) -> int:
    """How many different values a column has."""
    return int(frame[column].nunique())

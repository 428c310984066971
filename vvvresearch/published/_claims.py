"""Published figures as they were typed in or read from a CSV, made into checked values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from numbers import Integral
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, Failure, SchemaError, did_you_mean, require_table
from vvvresearch.statistics.rounding import printed_number

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("id", "percent", "n", "decimals", "count", "group", "levels", "figure", "part_of")


@dataclass(frozen=True)
class Claim:
    """One printed "x % (n = y)"."""

    id: str
    percent: Decimal | None
    n: int | None
    decimals: int
    count: int | None
    group: str
    levels: int | None
    figure: str
    part_of: str

    @property
    def checkable(self) -> bool:
        """Whether there is a percentage and a base to check it against."""
        return self.percent is not None and self.n is not None


def read_claims(table: pd.DataFrame) -> tuple[Claim, ...]:
    """The rows of a table of claims, or one error that lists every bad cell."""
    require_table(table, "claims")
    missing = [name for name in ("percent", "n") if name not in table.columns]
    if missing:
        names = [str(name) for name in table.columns]
        raise AnalysisError(
            f"the table of claims has no column {' and no column '.join(missing)}",
            where="claims",
            why="a percentage is checked against its base",
            todo=did_you_mean(missing[0], names) if names else "columns: " + ", ".join(COLUMNS),
        )
    failures: list[Failure] = []
    # A table read from a file is indexed by its lines.
    lines = [int(label) if isinstance(label, Integral) else place for place, label in enumerate(table.index)]
    claims = [_claim(row, line, failures) for line, row in zip(lines, table.to_dict("records"), strict=True)]
    known = Counter(claim.id for claim in claims)
    for place, claim in zip(lines, claims, strict=True):
        if claim.part_of and known[claim.part_of] != 1:
            problem = "this id stands more than once" if known[claim.part_of] else f"no such claim; {did_you_mean(claim.part_of, known)}"
            failures.append(Failure(place, "part_of", claim.part_of, problem))
    if failures:
        raise SchemaError("the table of claims cannot be read", failures, where="claims", todo="correct these cells")
    return tuple(claims)


def _claim(row: dict[Any, Any], place: int, failures: list[Failure]) -> Claim:
    def whole(name: str, low: int) -> int | None:
        words = _cell(row.get(name))
        if not words:
            return None
        try:
            number = printed_number(words, name)
        except AnalysisError:
            number = Decimal("NaN")
        if number.is_nan() or number != number.to_integral_value() or number < low:
            failures.append(Failure(place, name, words, f"not a whole number of at least {low}"))
            return None
        return int(number)

    printed = _cell(row.get("percent"))
    percent = None
    if printed:
        try:
            percent = printed_number(printed)
        except AnalysisError as error:
            failures.append(Failure(place, "percent", printed, error.what))
    decimals = whole("decimals", 0)
    if decimals is None:
        decimals = _printed_decimals(row.get("percent"), percent)
    elif percent is not None and percent.scaleb(decimals) != percent.scaleb(decimals).to_integral_value():
        failures.append(Failure(place, "decimals", str(decimals), f"{percent} has more decimals than that"))
    return Claim(
        id=_cell(row.get("id")) or str(place),
        percent=percent,
        n=whole("n", 1),
        decimals=decimals,
        count=whole("count", 0),
        group=_cell(row.get("group")),
        levels=whole("levels", 1),
        figure=_cell(row.get("figure")),
        part_of=_cell(row.get("part_of")),
    )


def _cell(value: Any) -> str:
    import pandas as pd

    return "" if value is None or pd.isna(value) else str(value).strip()


def _printed_decimals(value: Any, percent: Decimal | None) -> int:
    """The decimals that were printed: as typed for text, as needed for a number (41.0 is how pandas writes 41)."""
    if percent is None:
        return 0
    shown = percent if isinstance(value, str) else percent.normalize()
    exponent = shown.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0

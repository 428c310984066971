"""What the numbers of a table of one's own come to, and figures from outside the programme, year by year."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pandas as pd

from vvvresearch.errors import require_table
from vvvresearch.evidence import Register
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, Sayable
from vvvresearch.monitoring._records import cells_of, records, words_of
from vvvresearch.results import TOTAL, Base, Column, Labels, Measure, Picture, Result, Share

NUMBER_COLUMNS = ("measure", "unit", "period", "value", "amount")
_NONE = float("nan")
_MONTH = re.compile(r"\d{4}-\d\d")


def column_sums(
    numbers: pd.DataFrame,
    *,
    values: pd.DataFrame | None = None,
    at: str = "table",
    title: str | Sayable = "",
    unit: str = "unit",
    by_unit: bool = True,
    kind: DataKind = DataKind.REAL,
) -> Result:
    """Sum, mean and median of each number of a table, at each time and over all times, and how many told one.

    Who told no number is not counted as nought. Numbers are added up only where that says something: a "flow" (referrals in a quarter) over
    units and times, a "stock" (active on a day) over units alone, a "level" (weeks of waiting, a share) never. Over times that are not of
    one length, such as a year beside its quarters, nothing is added up.

    Args:
        numbers: one row a number, `NUMBER_COLUMNS`: measure, unit, period, value (missing: not told), amount ("flow", "stock", "level").
        values: column, value, count and n: how many rows of the table have each value.
        at: root of the addresses.
        title: what the table is.
        unit: what one unit is, a key of the table of units.
        by_unit: whether each unit's own sum is a number, too.
        kind: data kind.

    Returns:
        Result; frame measure, period ("total" last), n (units), reporting (units that told a number), unknown (numbers that were not told),
        sum, mean, median, largest, positive (units above nought). Addresses `<at>/sums.<measure>.<period>.sum`,
        `<at>/sums.<measure>.total.sum`. Parts `units`, `<at>/sums/units.<measure>.<unit>.sum`, and `values`,
        `<at>/values.<column>.<value>.count`; absent where there are none.

    Raises:
        AnalysisError: columns are missing.

    Example:
        >>> rows = [("Referred", "Aby", "2027-Q1", 3, "flow"), ("Referred", "Bro", "2027-Q1", None, "flow"),
        ...     ("Referred", "Aby", "2027-Q2", 4, "flow"), ("Referred", "Bro", "2027-Q2", 1, "flow")]
        >>> found = column_sums(pd.DataFrame(rows, columns=NUMBER_COLUMNS), at="quarters")
        >>> [found.cell(f"quarters/sums.referred.{one}").value for one in ("2027-q1.sum", "2027-q1.reporting", "total.sum")]
        [3.0, 1, 8.0]
    """
    require_table(numbers, "numbers", NUMBER_COLUMNS)
    counted = Result.missing(Phrase("absent.values")) if values is None or values.empty else _values(values, at, title, kind)
    if numbers.empty:
        return counted if counted else Result.missing(Phrase("absent.numbers"), title=title)
    rows: list[dict[str, Any]] = []
    for measure, own in numbers.groupby("measure", sort=False):
        periods = sorted(set(own["period"]))
        units = own["unit"].nunique() if (own["unit"] != "").any() else 0
        rows += [_row(measure, period, own[own["period"] == period], units, 1) for period in periods if len(periods) > 1]
        # Months come to quarters; one that has not told all of its three is none.
        quarters = Counter(_quarter_of(period) for period in periods) if all(map(_MONTH.fullmatch, periods)) else Counter()
        whole = own["period"].map(_quarter_of)
        rows += [_row(measure, quarter, own[whole == quarter], units, 3) for quarter, months in quarters.items() if months == 3]
        rows.append(_row(measure, TOTAL, own, units, len(periods)))
    frame = pd.DataFrame(rows)
    amounts = numbers.drop_duplicates("measure").set_index("measure")["amount"]
    unknown = int(frame.loc[~frame.duplicated("measure", keep="last"), "unknown"].sum())
    notes = [Phrase("monitoring.sums_note")]
    notes += [Phrase("monitoring.sums_unknown", {"n": unknown})] if unknown else []
    notes += [Phrase("monitoring.sums_stock")] if "stock" in set(amounts) and (numbers["period"] != "").any() else []
    notes += [Phrase("monitoring.sums_level")] if "level" in set(amounts) else []
    decimals = 0 if (numbers["value"].dropna() % 1 == 0).all() else 2
    heads = {name: Phrase(f"monitoring.sums_{name}") for name in ("measure", "period", "reporting", "sum", "mean", "median", "positive")}
    timed = (frame["period"] != TOTAL).any()
    return Result(
        frame=frame,
        base=Base(int(frame["n"].max()), unit),
        title=Phrase("monitoring.sums_title", {"table": title}) if title else Phrase("monitoring.sums_own_title"),
        notes=tuple(notes),
        shows=(
            Column("measure", heads["measure"]),
            *([Column("period", heads["period"])] if timed else []),
            Column("reporting", heads["reporting"], "count"),
            *(Column(name, heads[name], "number", decimals) for name in ("sum",)),
            *(Column(name, heads[name], "number", 1) for name in ("mean", "median")),
            Column("positive", heads["positive"], "count"),
        ),
        kind=kind,
        at=f"{at}/sums",
        keys=("measure", "period"),
        measures=(
            Measure("reporting", of="n", label=heads["reporting"]),
            Measure("unknown", of="", label=Phrase("monitoring.sums_not_told")),
            Measure("sum", "number", decimals, of="reporting", only_known=True, label=heads["sum"]),
            *(Measure(name, "number", 1, of="reporting", only_known=True, label=heads[name]) for name in ("mean", "median")),
            Measure("largest", "number", decimals, of="reporting", only_known=True, label=Phrase("monitoring.sums_largest")),
            Measure("positive", of="reporting", only_known=True, label=heads["positive"]),
        ),
        labels={"period": Labels({TOTAL: Phrase("common.total")})},
        bases={(row["measure"], row["period"]): Base(int(row["reporting"]), unit) for row in rows},
        base_on=("measure", "period"),
        row_unit="value",
        parts={"values": counted}
        | ({"units": _units(numbers, at, title, unit, kind)} if by_unit and (numbers["unit"] != "").any() else {}),
    )


def _quarter_of(month: str) -> str:
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}" if _MONTH.fullmatch(month) else ""


def _row(measure: Any, period: str, own: pd.DataFrame, units: int, times: int) -> dict[str, Any]:
    told = own.dropna(subset=["value"])
    reporting = told["unit"].nunique() if units else len(told)
    # A unit without a row at one time told as little as one with an empty cell.
    unknown = len(own) - len(told) + max(0, units * times - len(own[["unit", "period"]].drop_duplicates()))
    row = {
        "measure": measure,
        "period": period,
        "n": units or len(own),
        "reporting": reporting,
        "unknown": unknown,
        "amount": own["amount"].iloc[0],
    }
    row |= dict.fromkeys(("sum", "mean", "median", "largest", "positive"), _NONE)
    if told.empty:
        return row
    if times == 1:
        each = told.groupby("unit")["value"].sum() if units and row["amount"] != "level" else told["value"]
        row |= {"mean": each.mean(), "median": each.median(), "largest": each.max(), "positive": int((each > 0).sum())}
    if _may_be_added(own, times):
        row["sum"] = told["value"].sum()
    return row


def _may_be_added(own: pd.DataFrame, times: int) -> bool:
    """Whether the numbers add up to something, over one time or over several of one length."""
    lengths = {re.sub(r"\d", "0", period) for period in own["period"]}
    amount = own["amount"].iloc[0]
    return bool(amount == "flow" and len(lengths) == 1) or (amount == "stock" and times == 1)


def _units(numbers: pd.DataFrame, at: str, title: str | Sayable, unit: str, kind: DataKind) -> Result:
    """What each unit told in all."""
    rows = []
    for (measure, name), own in numbers[numbers["unit"] != ""].groupby(["measure", "unit"], sort=False):
        told = own.dropna(subset=["value"])
        added = _may_be_added(own, own["period"].nunique()) and len(told)
        rows.append({"measure": measure, "unit": name, "told": len(told), "n": len(own), "sum": told["value"].sum() if added else _NONE})
    frame = pd.DataFrame(rows).dropna(subset=["sum"], ignore_index=True)
    # What each stands for once in a list is in the list.
    if frame.empty or (frame["n"] < 2).all():
        return Result.missing(Phrase("absent.numbers"), title=title)
    decimals = 0 if (frame["sum"] % 1 == 0).all() else 2
    return Result(
        frame=frame,
        base=Base(int(frame["unit"].nunique()), unit),
        title=Phrase("monitoring.sums_units_title", {"table": title}) if title else Phrase("monitoring.sums_own_title"),
        notes=(Phrase("monitoring.sums_note"),),
        shows=(
            Column("measure", Phrase("monitoring.sums_measure")),
            Column("unit", Phrase("monitoring.sums_unit")),
            Column("sum", Phrase("monitoring.sums_sum"), "number", decimals),
            Column("told", Phrase("monitoring.sums_told"), "count"),
        ),
        kind=kind,
        at=f"{at}/sums/units",
        keys=("measure", "unit"),
        measures=(Measure("sum", "number", decimals, of="", label=Phrase("monitoring.sums_sum")),),
        beside="measure",
    )


def _values(values: pd.DataFrame, at: str, title: str | Sayable, kind: DataKind) -> Result:
    """How many rows have each value."""
    return Result(
        frame=values,
        base=Base(int(values["n"].max()), "row"),
        title=Phrase("monitoring.values_title", {"table": title}) if title else Phrase("monitoring.sums_own_title"),
        shows=(
            Column("column", Phrase("monitoring.values_column")),
            Column("value", Phrase("monitoring.values_value")),
            Column("count", Phrase("common.n"), "count"),
            Share("share", Phrase("programme.endings_share")),
        ),
        kind=kind,
        at=f"{at}/values",
        keys=("column", "value"),
        measures=(Measure("count"), Measure("share", "share", count="count")),
        bases={(row["column"],): Base(int(row["n"]), "row") for row in values.to_dict("records")},
        base_on=("column",),
    )


def context_figures(register: Register | pd.DataFrame) -> Result:
    """Context figures by year.

    Args:
        register: one row a year and figure: year, figure, value, and where known document.

    Returns:
        Result; frame figure, year, value, document. Addresses `context_figures.<figure>.<year>.value`. Picture: trend of the figure that
        is known for most years.

    Raises:
        AnalysisError: no table, or columns are missing.

    Example:
        >>> rows = {"year": [2020, 2021], "figure": ["arrivals"] * 2, "value": [604, 733]}
        >>> context_figures(pd.DataFrame(rows)).cell("context_figures.arrivals.2021.value").value
        733.0
    """
    known = records(register, "context", ("year", "figure", "value"))
    frame = pd.DataFrame({name: cells_of(known.frame, name).to_numpy() for name in ("figure", "year", "document")})
    frame["value"] = pd.to_numeric(known.frame["value"]).astype(float).to_numpy()
    frame = frame.sort_values(["figure", "year"], kind="stable", ignore_index=True)
    figures = list(dict.fromkeys(frame["figure"]))
    documents = (Column("document", Phrase("monitoring.document")),) if (frame["document"] != "").any() else ()
    labels = words_of(figures, "figure")
    most = max(figures, key=lambda one: int((frame["figure"] == one).sum()), default="")
    points = frame.loc[frame["figure"] == most, ["year", "value"]].rename(columns={"year": "period"}).reset_index(drop=True)
    title = Phrase("monitoring.context_trend", {"figure": labels.words.get(most, most)})
    return Result(
        frame=frame,
        base=Base(len(frame), "value"),
        title=Phrase("monitoring.context_title"),
        notes=(Phrase("monitoring.context_note"),),
        shows=(
            Column("figure", Phrase("monitoring.figure")),
            Column("year", Phrase("programme.volume_period")),
            Column("value", Phrase("monitoring.value"), "number"),
            *documents,
        ),
        kind=known.kind,
        at="context_figures",
        keys=("figure", "year"),
        measures=(Measure("value", "number", of=""),),
        labels={"figure": labels},
        pictures={"trend": Picture("trend", points, title)} if len(points) > 1 else {},
    )

"""How goals are worded in tables, and all of them on one page: target, what was measured, status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from vvvresearch.evidence import Goals
from vvvresearch.locales import Lang, Phrase, format_number, format_percent, half_up, text
from vvvresearch.monitoring._goal_rule import Judged
from vvvresearch.results import Base, Column, Labels, Measure, Result, is_missing, whole


@dataclass(frozen=True)
class Extent(Column):
    """The lowest and the highest reading: "39", "39–64", "31 %–36 %"."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The readings of a goal's row."""
        shown = []
        for end in ("low", "high"):
            if not is_missing(row[end]):
                shown.append(format_number(half_up(row[end]), 0, lang))
            elif not is_missing(row[f"{end}_share"]):
                shown.append(format_percent(half_up(100 * row[f"{end}_share"]), 0, lang))
        return "–".join(dict.fromkeys(shown)) if shown else text("common.no_data", lang)


def scoreboard(goals: Goals, judged: Sequence[Judged], frame: pd.DataFrame) -> Result:
    """Every goal in one line, for the first page of a report.

    Args:
        goals: definitions and measured values.
        judged: each goal with its status.
        frame: one row a goal, as `goal_status` has it.

    Returns:
        Result; frame as given, and low, high (or low_share, high_share, 0–1) of the readings that decide, or of those there are.
        Addresses `goals.<goal>.low`, `.high`, `.low_share`, `.high_share`.
    """
    ends = pd.DataFrame([_ends(one) for one in judged], columns=["low", "high", "low_share", "high_share"])
    names = {(one.goal.id,): one.goal.short or one.goal.definition for one in judged}
    return Result(
        frame=pd.concat([frame.reset_index(drop=True), ends], axis=1),
        base=Base(len(frame), "goal"),
        title=Phrase("goals.scoreboard_title"),
        notes=(Phrase("goals.note_extent"),),
        shows=(
            Column("name", Phrase("goals.column_goal")),
            Target("target", Phrase("goals.column_target")),
            Extent("extent", Phrase("goals.column_measured")),
            Status("status", Phrase("goals.column_status")),
        ),
        kind=goals.kind,
        at="goals",
        keys=("goal",),
        measures=(
            *(Measure(end, "number", of="", only_known=True) for end in ("low", "high")),
            *(Measure(f"{end}_share", "share", of="", only_known=True) for end in ("low", "high")),
        ),
        labels={"name": Labels(names, on=("goal",))},
    )


def _ends(one: Judged) -> dict[str, float | None]:
    read = [reading for reading in one.readings if reading.value is not None]
    deciding = [reading for reading in read if reading.evidence == "direct"] or read
    shares = [one.goal.type == "percent" or reading.measure == "share" for reading in deciding]
    if not deciding or len(set(shares)) > 1:
        # A number and a share have no common scale.
        deciding, shares = deciding[:1], shares[:1]
    found = [float(reading.value / (100 if shares[0] else 1)) for reading in deciding if reading.value is not None]
    ends = {"low": min(found), "high": max(found)} if found else {}
    return {f"{name}_share" if shares[0] else name: end for name, end in ends.items()}


_MOST_DECIMALS = 3


@dataclass(frozen=True)
class Target(Column):
    """The target with its direction: "mindst 90", "under 15 %"."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The target of a goal's row."""
        if not is_missing(row["target"]):
            number = format_number(row["target"], 0 if whole(row["target"]) is not None else 1, lang)
        elif not is_missing(row["target_share"]):
            percent = half_up(100 * row["target_share"], 1)
            number = format_percent(percent, 0 if percent == percent.to_integral_value() else 1, lang)
        else:
            return text("goals.no_target", lang)
        return text(f"goals.{row['direction']}", lang, n=number)


@dataclass(frozen=True)
class Status(Column):
    """The status with its gap, what is planned, and whether it rests on a proxy: "mangler 7 (3, hvis det planlagte lykkes)"."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The status of a goal's row."""
        status = row["status"]
        gap = _span(row, "gap", lang)
        over = status == "short_by" and row["direction"] != "at_least"
        # A goal that is below 15 per cent is not reached at 15, and nothing is lacking either.
        key = ("not_below" if row["gap_most"] == 0 else "over_by") if over else status
        words = Phrase(f"goals.{key}", {"gap": gap}).say(lang)
        if status == "short_by" and (planned := _span(row, "planned_gap", lang)):
            words += text("goals.if_planned", lang, gap=planned)
        return words + (text("goals.by_proxy", lang) if row["proxy"] else "")


# From here on a decimal says nothing.
_LARGE = 100


@dataclass(frozen=True)
class Measured(Column):
    """What one reading measured: "83", "29 % (10 af 35)", "6.063 (tilnærmet)"."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The number of a reading's row."""
        count, n = whole(row["count"]), whole(row["n"])
        if not is_missing(row["value"]):
            # A mean of 3.3 is written so beside a target of 3.5.
            decimals = 0 if float(row["value"]).is_integer() or abs(row["value"]) >= _LARGE else 1
            shown = format_number(half_up(row["value"], decimals), decimals, lang)
        elif is_missing(row["share"]):
            shown = text("common.no_data", lang)
        elif count is not None and n is not None and n < small_n:
            shown = text("common.of", lang, part=count, whole=n)
        else:
            shown = format_percent(half_up(100 * row["share"]), 0, lang)
            if count is not None and n is not None:
                shown = text("common.share_of", lang, percent=shown, count=count, n=n)
        return shown + (text(f"goals.mark_{row['evidence']}", lang) if row["evidence"] != "direct" else "")


@dataclass(frozen=True)
class AllMeasured(Column):
    """Every reading of a goal in one cell: "Viden: i høj grad: 29 % (10 af 35); …".

    Args:
        readings: the rows of the readings, by goal.
        names: what each reading is called.
    """

    readings: Mapping[str, tuple[Mapping[Any, Any], ...]] = field(default_factory=dict)
    names: Labels = field(default_factory=lambda: Labels({}))

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The readings of a goal's row."""
        one = Measured(self.name)
        return "; ".join(
            f"{self.names.say('', reading, lang)}: {one.write_row(reading, lang, small_n, labels)}"
            for reading in self.readings.get(row["goal"], ())
        )


def _span(row: Mapping[Any, Any], name: str, lang: Lang) -> str:
    """The least and the largest gap, in numbers or percentage points; a gap that is there is never written as 0."""
    limits = [row[f"{name}_least"], row[f"{name}_most"]]
    if any(is_missing(limit) for limit in limits):
        return ""
    scaled = [100 * limit if row["type"] == "percent" else limit for limit in limits]
    decimals = next((d for d in range(_MOST_DECIMALS) if all(half_up(one, d) or not one for one in scaled)), _MOST_DECIMALS)
    low, high = (format_number(half_up(one, decimals), decimals, lang) for one in scaled)
    shown = low if low == high else f"{low}–{high}"
    return text("goals.points", lang, n=shown) if row["type"] == "percent" else shown

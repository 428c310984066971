"""How goals are worded in tables: target, status and what was measured, each made of several columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vvvresearch.locales import Lang, Phrase, format_number, format_percent, half_up, text
from vvvresearch.results import Column, Labels, is_missing, whole

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

"""The goals on one page: short name, target, the lowest and the highest reading, status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vvvresearch.evidence import Goals
from vvvresearch.locales import Lang, Phrase, format_number, format_percent, half_up, text
from vvvresearch.monitoring._goal_columns import Status, Target
from vvvresearch.monitoring._goal_rule import Judged
from vvvresearch.results import Base, Column, Labels, Measure, Result, is_missing


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
        measures=tuple(
            measure
            for end in ("low", "high")
            for measure in (
                Measure(end, "number", of="", only_known=True),
                Measure(f"{end}_share", "share", of="", only_known=True),
            )
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

"""Who was interviewed: variation over the planned dimensions, empty cells, and whether troubled relations are there at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import Lang, Phrase
from vvvresearch.results import Base, Column, Result
from vvvresearch.themes._crosstab import attribute_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vvvresearch.evidence import Interviews

DIMENSIONS = ("sex", "age_band", "arrival_group", "match_type", "relation_length", "relation_state", "mode", "interpreter")
UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, repr=False)
class SampleMonitor(Result):
    """Pairs by state of the relation; `alarm` is true when no troubled or ended relation was interviewed."""

    alarm: bool
    share: float


def sample_monitor(interviews: Interviews, *, wave: str | None = None, lang: Lang = "da") -> SampleMonitor:
    """Whether the interviewed pairs include troubled and ended relations.

    A sample of well-working, ongoing pairs says nothing about why relations fail; then the result carries an alarm
    that belongs beside every result on benefit and mechanisms.

    Args:
        interviews: the register; `relation_state` is "ongoing", "troubled", "ended" or "" (not known).
        wave: one wave only. Over several waves a pair counts with its worst state.
        lang: "da" or "en".

    Returns:
        SampleMonitor; .frame: state, pairs, share.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> sample_monitor(r.interviews).frame[["state", "pairs"]].values.tolist()
        [['ended', 2], ['troubled', 3], ['ongoing', 7], ['unknown', 0]]
    """
    frame = interviews.frame[interviews.frame["pair"].fillna("") != ""]
    if wave is not None:
        frame = frame[frame["wave"] == wave]
    if frame.empty:
        raise AnalysisError("the register has no pairs", why="the monitor looks at interviewed relations")
    worst = (
        frame.assign(rank=frame["relation_state"].map({"ended": 3, "troubled": 2, "ongoing": 1}).fillna(0)).groupby("pair")["rank"].max()
    )
    names = {3: "ended", 2: "troubled", 1: "ongoing", 0: UNKNOWN}
    counts = worst.map(names).value_counts().reindex(list(names.values()), fill_value=0)
    table = pd.DataFrame({"state": counts.index, "pairs": counts.to_numpy(), "share": 100 * counts.to_numpy() / len(worst)})
    troubled = int(counts["ended"] + counts["troubled"])
    unknown = int(counts[UNKNOWN])
    if troubled:
        notes = [Phrase("sample.some_troubled", {"part": troubled, "whole": len(worst)})]
    else:
        notes = [Phrase("sample.alarm", {"whole": len(worst), "unknown": unknown})]
    return SampleMonitor(
        frame=table,
        base=Base(len(worst), "pair", wave=wave or "", source=interviews.origin),
        title=Phrase("sample.monitor_title"),
        notes=tuple(notes),
        shows=(
            Column("state", Phrase("sample.state"), words="sample"),
            Column("pairs", Phrase("themes.pairs"), "count"),
            Column("share", Phrase("common.percent"), "percent"),
        ),
        kind=interviews.kind,
        lang=lang,
        alarm=troubled == 0,
        share=troubled / len(worst),
    )


@dataclass(frozen=True, kw_only=True, repr=False)
class QuotaMatrix(Result):
    """Interviews per value of each dimension and group; `empty` lists planned cells without an interview."""

    empty: tuple[tuple[str, str, str], ...]
    missing_dimensions: tuple[str, ...]


def quota_matrix(
    interviews: Interviews,
    *,
    dimensions: Sequence[str] = DIMENSIONS,
    planned: Mapping[str, Sequence[str]] | None = None,
    groups: Sequence[str] = ("refugee", "volunteer"),
    wave: str | None = None,
    lang: Lang = "da",
) -> QuotaMatrix:
    """Variation in the sample: how many interviews hold each value of each dimension, with an alarm for empty cells.

    Args:
        interviews: the register.
        dimensions: its columns in which variation was sought.
        planned: dimension → values that were to be represented; default the values that occur in any group.
        groups: respondent groups, one column each.
        wave: one wave only.
        lang: "da" or "en".

    Returns:
        QuotaMatrix; .frame: dimension, value, one column a group, total. A dimension that is unknown for all is named.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> quota_matrix(r.interviews, dimensions=["sex"]).frame.values.tolist()
        [['sex', 'female', 10, 15, 25], ['sex', 'male', 12, 7, 19]]
    """
    frame = interviews.frame if wave is None else interviews.frame[interviews.frame["wave"] == wave]
    frame = frame[frame["respondent_group"].isin(groups)]
    unknown = [name for name in dimensions if name not in frame.columns]
    if unknown:
        raise AnalysisError(f"the register has no column {unknown[0]!r}", todo=did_you_mean(unknown[0], frame.columns))
    rows, empty, missing = [], [], []
    for dimension in dimensions:
        values = frame[dimension].map(attribute_value)
        if (values == UNKNOWN).all():
            missing.append(dimension)
        order = list((planned or {}).get(dimension, sorted(set(values) - {UNKNOWN})))
        for value in [*order, *([UNKNOWN] if (values == UNKNOWN).any() else [])]:
            counts = {group: int(((values == value) & (frame["respondent_group"] == group)).sum()) for group in groups}
            empty += [(dimension, value, group) for group, count in counts.items() if count == 0 and value != UNKNOWN]
            rows.append({"dimension": dimension, "value": value, **counts, "total": sum(counts.values())})
    notes = [Phrase("sample.quota_note", {"empty": len(empty)})]
    if missing:
        notes.append(Phrase("sample.missing_dimension", {"names": ", ".join(missing)}))
    return QuotaMatrix(
        frame=pd.DataFrame(rows, columns=["dimension", "value", *groups, "total"]),
        base=Base(len(frame), "interview", wave=wave or "", source=interviews.origin),
        title=Phrase("sample.quota_title"),
        notes=tuple(notes),
        shows=(
            Column("dimension", Phrase("sample.dimension"), words="sample"),
            Column("value", Phrase("sample.value"), words="attributes"),
            *(Column(group, Phrase(f"groups.{group}"), "count") for group in groups),
            Column("total", Phrase("common.total"), "count"),
        ),
        kind=interviews.kind,
        lang=lang,
        empty=tuple(empty),
        missing_dimensions=tuple(missing),
    )

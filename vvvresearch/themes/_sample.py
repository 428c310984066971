"""Who was interviewed: attributes in words, variation over the planned dimensions, empty cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.evidence import column_named
from vvvresearch.locales import Joined, Phrase, has_words
from vvvresearch.results import Base, Column, Labels, Measure, Result, Share, Total, is_missing
from vvvresearch.themes._states import persons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from vvvresearch.evidence import Interviews

UNKNOWN = "unknown"

# Between the parts of a combination of attributes.
AND = " · "


def attribute_value(value: object) -> str:
    """An attribute as a word: yes and no for truth values, "unknown" where nothing is recorded.

    Example:
        >>> attribute_value(True), attribute_value(""), attribute_value("phone"), attribute_value(float("nan"))
        ('yes', 'unknown', 'phone', 'unknown')
    """
    if is_missing(value) or str(value) == "":
        return UNKNOWN
    return {"True": "yes", "False": "no"}.get(str(value), str(value))


def attribute_name(attribute: str) -> Phrase | str:
    """What a column of the register is called."""
    return Phrase(f"sample.{attribute}") if has_words(f"sample.{attribute}") else attribute


def attribute_values(register: pd.DataFrame, names: str | Sequence[str]) -> pd.Series[str]:
    """The value of an attribute in each row of the register, or the combination of several."""
    first, *others = [names] if isinstance(names, str) else names
    values = register[first].map(attribute_value)
    for name in others:
        values = values + AND + register[name].map(attribute_value)
    return values


DIMENSIONS = ("sex", "age_band", "arrival_group", "match_type", "relation_length", "relation_state", "mode", "interpreter")
_WORST_FIRST = ("ended", "troubled", "ongoing", UNKNOWN)


@dataclass(frozen=True, kw_only=True, repr=False)
class SampleMonitor(Result):
    """Pairs by state of the relation; `alarm` is true when no troubled or ended relation was interviewed, `share` how many are."""

    alarm: bool = False
    share: float = float("nan")


def sample_monitor(interviews: Interviews, *, wave: str | None = None) -> Result:
    """Whether the interviewed pairs include troubled and ended relations.

    A sample of well-working, ongoing pairs says nothing about why relations fail; then the result carries an alarm
    that belongs beside every result on benefit and mechanisms.

    Args:
        interviews: the register; `relation_state` is "ongoing", "troubled", "ended" or "" (not known).
        wave: one wave only. Over several waves a pair counts with its worst state.

    Returns:
        SampleMonitor; .frame: state, pairs, n. Absent where the register has no pairs.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> r.sample().frame[["state", "pairs"]].values.tolist()
        [['ended', 2], ['troubled', 3], ['ongoing', 7], ['unknown', 0]]
    """
    register = interviews.frame if wave is None else interviews.frame[interviews.frame["wave"] == wave]
    paired = register[register["pair"].fillna("") != ""]
    if paired.empty:
        return Result.missing(Phrase("absent.pairs"), title=Phrase("sample.monitor_title"))
    state = paired["relation_state"].map(attribute_value)
    rank = state.map({name: place for place, name in enumerate(_WORST_FIRST)}).fillna(len(_WORST_FIRST) - 1)
    worst = rank.groupby(paired["pair"]).min().map(dict(enumerate(_WORST_FIRST)))
    counts = worst.value_counts().reindex(list(_WORST_FIRST), fill_value=0)
    troubled, n = int(counts["ended"] + counts["troubled"]), len(worst)
    unknown = int(counts[UNKNOWN])
    told = "some_troubled" if troubled else "alarm_all_unknown" if unknown == n else "alarm_some_unknown" if unknown else "alarm"
    said = {"part": troubled, "whole": n, "unknown": unknown, "known": n - unknown}
    everybody = Base(len(register), "interview", wave=wave or "", source=interviews.origin)
    interpreted = int(register["interpreter"].fillna(False).astype(bool).sum())
    return SampleMonitor(
        frame=pd.DataFrame({"state": counts.index, "pairs": counts.to_numpy(), "n": n}),
        base=Base(n, "pair", wave=wave or "", source=interviews.origin),
        title=Phrase("sample.monitor_title"),
        notes=(Phrase(f"sample.{told}", said),),
        shows=(
            Column("state", Phrase("sample.state")),
            Column("pairs", Phrase("themes.pairs"), "count"),
            Share("share", Phrase("common.percent"), count="pairs"),
        ),
        kind=interviews.kind,
        at="sample" + (f"/wave-{wave}" if wave else ""),
        keys=("state",),
        measures=(Measure("pairs"), Measure("share", "share", count="pairs")),
        labels={"state": Labels({}, table="sample")},
        totals={
            "pairs": Total(n),
            "interviews": Total(len(register), everybody),
            "persons": Total(int(persons(register).nunique()), everybody),
            "interpreter": Total(interpreted, everybody),
        },
        alarm=troubled == 0,
        share=troubled / n,
    )


@dataclass(frozen=True, kw_only=True, repr=False)
class QuotaMatrix(Result):
    """Interviews per value of each dimension and group; `empty` lists planned cells without an interview."""

    empty: tuple[tuple[str, str, str], ...] = ()
    missing_dimensions: tuple[str, ...] = ()


def quota_matrix(
    interviews: Interviews,
    *,
    dimensions: Sequence[str] = DIMENSIONS,
    planned: Mapping[str, Sequence[str]] | None = None,
    groups: Sequence[str] | None = None,
    wave: str | None = None,
) -> QuotaMatrix:
    """Variation in the sample: how many interviews hold each value of each dimension, with an alarm for empty cells.

    Args:
        interviews: the register.
        dimensions: its columns in which variation was sought.
        planned: dimension → values that were to be represented; default the values that occur in any group.
        groups: respondent groups, one column each; default the two that form pairs.
        wave: one wave only.

    Returns:
        QuotaMatrix; .frame: dimension, value, one column a group, total. A dimension that is unknown for all is named.

    Raises:
        AnalysisError: no such column.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> r.quota(dimensions=["sex"]).frame.values.tolist()
        [['sex', 'female', 10, 15, 25], ['sex', 'male', 12, 7, 19]]
    """
    frame = interviews.frame if wave is None else interviews.frame[interviews.frame["wave"] == wave]
    dimensions = [column_named(name, frame, where="dimensions") for name in dimensions]
    groups = interviews.halves if groups is None else groups
    frame = frame[frame["respondent_group"].isin(groups)]
    rows, empty, missing = [], [], []
    for dimension in dimensions:
        values = frame[dimension].map(attribute_value)
        if (values == UNKNOWN).all():
            missing.append(dimension)
            if dimension not in (planned or {}):
                continue  # the note names it; a row of its own would say no more
        order = list((planned or {}).get(dimension, sorted(set(values) - {UNKNOWN})))
        for value in [*order, *([UNKNOWN] if (values == UNKNOWN).any() else [])]:
            counts = {group: int(((values == value) & (frame["respondent_group"] == group)).sum()) for group in groups}
            empty += [(dimension, value, group) for group, count in counts.items() if count == 0 and value != UNKNOWN]
            rows.append({"dimension": dimension, "value": value, **counts, "total": sum(counts.values())})
    notes = [Phrase("sample.quota_note", {"empty": len(empty)})]
    if missing:
        notes.append(Phrase("sample.missing_dimension", {"names": Joined(tuple(map(attribute_name, missing)))}))
    return QuotaMatrix(
        frame=pd.DataFrame(rows, columns=["dimension", "value", *groups, "total"]),
        base=Base(len(frame), "interview", wave=wave or "", source=interviews.origin),
        title=Phrase("sample.quota_title"),
        notes=tuple(notes),
        shows=(
            Column("dimension", Phrase("sample.dimension")),
            Column("value", Phrase("sample.value")),
            *(Column(group, Phrase(f"groups.{group}"), "count") for group in groups),
            Column("total", Phrase("common.total"), "count"),
        ),
        kind=interviews.kind,
        at="quota" + (f"/wave-{wave}" if wave else ""),
        keys=("dimension", "value"),
        measures=tuple(Measure(name, of="") for name in (*groups, "total")),
        labels={"dimension": Labels({}, table="sample"), "value": Labels({}, table="attributes")},
        empty=tuple(empty),
        missing_dimensions=tuple(missing),
    )

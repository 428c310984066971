"""A causal map in groups: how many of each name a link, and how much more often one names it than another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import EVALUATOR
from vvvresearch.locales import Joined, Phrase, has_words
from vvvresearch.results import Column, Measure, Result, join_address

if TYPE_CHECKING:
    from vvvresearch.mechanisms.maps._causal_map import CausalMap


def group_words(group: str) -> str | Phrase:
    """What a group is called, in the plural.

    Example:
        >>> group_words("refugee").say("en"), group_words("neighbours")
        ('Refugees', 'neighbours')
    """
    if group == EVALUATOR:
        return Phrase("mapping_tables.evaluator")
    return Phrase(f"groups.{group}") if has_words(f"groups.{group}") else group


ROOT = "map-difference"


def compared(whole: CausalMap, by: str, between: tuple[str, str] | None) -> Result:
    """The bundles of a map with the informants of each group; see `CausalMap.compare`."""
    if by not in whole.links.columns:
        raise AnalysisError(f"the links have no column {by!r}", todo=did_you_mean(by, [str(name) for name in whole.links.columns]))
    found = sorted({str(value) for value in whole.links[by].dropna() if str(value)})
    if len(found) < 2:
        raise AnalysisError(f"all links have the same {by}", where=", ".join(found), why="there is nothing to compare")
    if unknown := [group for group in between or () if group not in found]:
        raise AnalysisError(f"no link has {by} = {unknown[0]!r}", todo=did_you_mean(unknown[0], found))
    # Groups that are compared come first, the others beside them.
    groups = [*(between or ()), *(group for group in found if group not in (between or ()))]
    frame = whole.bundles[["link", "cause", "effect"]].copy()
    index = pd.MultiIndex.from_frame(frame[["cause", "effect"]])
    for group in groups:
        part = whole.links[whole.links[by].astype(str) == group]
        counted = part.drop_duplicates(["cause", "effect", "informant"]).groupby(["cause", "effect"]).size()
        frame[f"n_{group}"] = counted.reindex(index, fill_value=0).to_numpy()
        frame[f"of_{group}"] = int(part["informant"].nunique())
        frame[f"share_{group}"] = frame[f"n_{group}"] / frame[f"of_{group}"]
    named = [(frame[f"n_{group}"] > 0).to_numpy() for group in groups]
    frame["groups"] = [", ".join(group for group, there in zip(groups, row, strict=True) if there) for row in zip(*named, strict=True)]
    two = between or (tuple(groups) if len(groups) == 2 else None)
    measures = [Measure(f"n_{group}", of=f"of_{group}") for group in groups]
    columns = [Column(f"n_{group}", group_words(group), "count") for group in groups]
    if two is not None:
        frame["difference"] = frame[f"share_{two[0]}"] - frame[f"share_{two[1]}"]
        frame["apart"] = frame["difference"].abs()
        frame = frame.sort_values("apart", ascending=False, kind="stable").reset_index(drop=True)
        measures.append(Measure("difference", "points", of=""))
        columns.append(Column("difference", Phrase("mapping_tables.points"), "points"))
    listed = [Joined((group_words(group), str(int(frame[f"of_{group}"].iloc[0]))), ": ") for group in groups]
    setting = "" if by == "perspective" else f"/by-{by}"
    return Result(
        frame=frame,
        base=whole.base,
        title=_title(by, between),
        notes=(Phrase("mechanisms.compare_method", {"listed": Joined(tuple(listed), "; ")}),),
        shows=(Column("cause", Phrase("mechanisms.cause")), Column("effect", Phrase("mechanisms.outcome_of")), *columns),
        kind=whole.kind,
        at=join_address(["/".join((ROOT, *whole.settings)) + setting]),
        keys=("link",),
        measures=tuple(measures),
        labels=whole.labels,
    )


def _title(by: str, between: tuple[str, str] | None) -> Phrase:
    if between is None:
        return Phrase("mechanisms.title_compare", {"by": by})
    first, second = map(group_words, between)
    return Phrase("mapping_tables.difference_title", {"first": first, "second": second})

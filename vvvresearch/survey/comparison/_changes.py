"""One item between two waves: its change by overlap, frames and panel, and where those who answered twice moved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.locales import Joined, Phrase
from vvvresearch.results import Base, Column, Labelled, Labels, Measure, Result, Share, Tested
from vvvresearch.statistics.exact_tests import mcnemar
from vvvresearch.statistics.intervals import worst_case_bounds
from vvvresearch.statistics.multiplicity import adjust
from vvvresearch.statistics.overlap import (
    MeanChange,
    Pairs,
    change_interval,
    least_detectable_change,
    overlapping_t,
    overlapping_z,
    unlinked_interval,
    unlinked_p,
)
from vvvresearch.survey.comparison._compared import Inference, Question, counts_of, root_of
from vvvresearch.survey.comparison._sides import Compared, Side, side_of
from vvvresearch.survey.tabulation._tabulate import known_unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NAN = math.nan
_PANEL = ("panel_before", "panel_after", "panel_n", "panel_change", "panel_p")


@dataclass(frozen=True)
class Linking:
    """How the waves hang together, and the confidence level."""

    linked: bool | None
    overlap: int | tuple[int, int] | None
    level: float


@dataclass(frozen=True)
class Link:
    """Who answered an item in both waves: their places in each; `known` whether that can be told at all."""

    known: bool
    first: NDArray[np.intp]
    second: NDArray[np.intp]

    @property
    def n(self) -> int:
        """How many."""
        return len(self.first)


def link_of(name: str, one: Side, two: Side, settings: Linking) -> Link:
    """Link two waves of an item.

    Raises:
        AnalysisError: answers of unlike kinds, a wave without answers, a respondent who stands twice.
    """
    if (one.numbers is None) != (two.numbers is None) or one.several != two.several:
        raise AnalysisError(
            "the waves hold answers of unlike kinds", where=name or "answers", todo="compare options with options, numbers with numbers"
        )
    if not one.n or not two.n:
        raise AnalysisError("a wave without answers cannot be compared", where=name or "answers")
    linked = (
        settings.linked if settings.linked is not None else (one.linkable and two.linkable) or (one.file != "" and one.file == two.file)
    )
    if not linked:
        nobody = np.array([], dtype=np.intp)
        return Link(False, nobody, nobody)
    if one.respondents.has_duplicates or two.respondents.has_duplicates:
        raise AnalysisError(
            "a respondent stands twice in a wave", where=name or "answers", todo="clean double answers first, or say linked=False"
        )
    common = one.respondents.intersection(two.respondents)
    return Link(True, one.respondents.get_indexer(common), two.respondents.get_indexer(common))


def change_row(question: Question, answer: Compared, link: Link, settings: Linking) -> tuple[dict[str, Any], Inference, tuple[int, int]]:
    """The change of one answer, what chance does to it, and how many answered twice (fewest, most)."""
    one, two = question.one, question.two
    row = counts_of(answer, question)
    waves = x1, n1, x2, n2 = int(row["x1"]), int(row["n1"]), int(row["x2"]), int(row["n2"])
    size1, size2 = one.population, two.population
    row |= {"z": _NAN, "p_low": _NAN, "p_high": _NAN, **dict.fromkeys(_PANEL, _NAN)}
    if size1 is not None and size2 is not None:
        bounds1, bounds2 = worst_case_bounds(x1, n1, size1), worst_case_bounds(x2, n2, size2)
        row |= {"worst_lower": bounds2.lower - bounds1.upper, "worst_upper": bounds2.upper - bounds1.lower}
    if not link.known:
        within = size1 if size1 == size2 else None
        spread = unlinked_p(*waves, settings.overlap, within)
        inference = Inference(
            spread.highest,
            lambda level: unlinked_interval(*waves, settings.overlap, level, within),
            lambda alpha: least_detectable_change(*waves, None, alpha),
        )
        return row | {"p_low": spread.lowest, "p_high": spread.highest}, inference.possible(row), spread.overlap
    before, after = answer.first[link.first], answer.second[link.second]
    cells = (before & after, before & ~after, ~before & after, ~before & ~after)
    pairs = Pairs(*(int(cell.sum()) for cell in cells))
    frames = {"population1": size1, "population2": size2} if size1 is not None and size2 is not None else {}
    test = overlapping_z(*waves, pairs, **frames)
    inference = Inference(
        test.p_value,
        lambda level: change_interval(*waves, pairs, level, **frames),
        lambda alpha: least_detectable_change(*waves, pairs, alpha, **frames),
    )
    row["z"] = test.statistic
    if pairs.n:
        yes1, yes2 = pairs.both + pairs.only_first, pairs.both + pairs.only_second
        row |= {"panel_before": yes1, "panel_after": yes2, "panel_n": pairs.n, "panel_change": (yes2 - yes1) / pairs.n}
        row["panel_p"] = mcnemar(pairs.only_first, pairs.only_second).p_value
    return row, inference.possible(row), (pairs.n, pairs.n)


def mean_row(name: str, one: Side, two: Side, link: Link) -> tuple[dict[str, Any], MeanChange]:
    """The change of a mean, and what chance does to it.

    Raises:
        AnalysisError: waves that cannot be linked.
    """
    assert one.numbers is not None
    assert two.numbers is not None
    if not link.known:
        raise AnalysisError(
            "means of waves that cannot be linked are not tested",
            where=name or "answers",
            why="how numbers of the same respondents go together is not known",
            todo="link the waves, or compare shares above a cut",
        )
    alone1, alone2 = np.delete(one.numbers, link.first), np.delete(two.numbers, link.second)
    twice = list(zip(one.numbers[link.first].tolist(), two.numbers[link.second].tolist(), strict=True))
    test = overlapping_t(alone1.tolist(), alone2.tolist(), twice)
    row = {
        "item": name,
        "n1": one.n,
        "mean1": float(one.numbers.mean()),
        "n2": two.n,
        "mean2": float(two.numbers.mean()),
        "change": float(two.numbers.mean() - one.numbers.mean()),
        "t": test.statistic,
        "p": test.p_value,
        "panel_n": len(twice) or _NAN,
        "panel_mean1": float(np.mean([a for a, _ in twice])) if twice else _NAN,
        "panel_mean2": float(np.mean([b for _, b in twice])) if twice else _NAN,
        "panel_change": float(np.mean([b - a for a, b in twice])) if twice else _NAN,
    }
    return row, test


_WAYS = ("higher", "same", "lower")


def panel_moves(first: Survey, second: Survey, pairs: Sequence[tuple[str, str]]) -> Result | None:
    """How those who gave a valid answer in both waves moved from the first to the second.

    Higher is nearer the end of the scale that stands first among its options, and of classes and numbers the larger one. Between higher
    and lower the exact sign test decides, over all items as one family (Holm); who did not move tells neither way.

    Args:
        first, second: two waves of one group.
        pairs: (item in the first, item in the second), all declared comparable.

    Returns:
        Result; `.frame`: item, code ("higher", "same", "lower"), count, n (valid in both waves), p and p_adjusted (in the row "higher").
        Addresses `<first>~<second>/moves.<item>.higher.count` and `.share`. None where nobody can be linked or nothing is ordered.

    Source:
        Dixon and Mood 1946; Conover 1999, section 3.4.
    """
    rows: list[dict[str, Any]] = []
    asked: dict[str, tuple[Side, Side]] = {}
    for one, two in pairs:
        head = side_of(first, one)
        sides = (head, side_of(second, two, like=head))
        link = link_of(one, *sides, Linking(None, None, 0.95))
        before, after = (_places(side, own) for side, own in zip(sides, (link.first, link.second), strict=True))
        if not link.known or before is None or after is None:
            continue
        change = (after - before)[~np.isnan(before) & ~np.isnan(after)]
        if len(change):
            counts = {"higher": int((change > 0).sum()), "same": int((change == 0).sum()), "lower": int((change < 0).sum())}
            p = {"higher": mcnemar(counts["lower"], counts["higher"]).p_value}
            rows += [{"item": one, "code": way, "count": count, "n": len(change), "p": p.get(way, np.nan)} for way, count in counts.items()]
            asked[one] = sides
    if not rows:
        return None
    tests = adjust([row["p"] for row in rows if row["code"] == "higher"], "holm", "")
    adjusted = iter(tests.adjusted)
    frame = pd.DataFrame(rows).assign(p_adjusted=[next(adjusted) if row["code"] == "higher" else np.nan for row in rows])
    head, tail = next(iter(asked.values()))
    words = {"size": tests.size, "family": Phrase("comparing.family_rows"), "method": Phrase("comparing.method_holm")}
    assert first.questionnaire is not None
    return Result(
        frame=frame,
        base=Base(None, known_unit(head.unit), group=first.questionnaire.group, wave=Joined((head.label, tail.label), " / ")),
        title=Phrase("comparing.moves_title", {"first": head.label, "second": tail.label}),
        notes=(Phrase("comparing.moves_note"), Phrase("comparing.moves_test")),
        shows=(
            Labelled("question", Phrase("comparing.item"), of=("item",)),
            Column("code", Phrase("comparing.moved")),
            Share("share", Phrase("comparing.panel"), counts=True),
            Tested("p_adjusted", Phrase("comparing.p_adjusted"), "p", note=Phrase("comparing.family", words), sides=("n",)),
        ),
        kind=head.kind,
        at=f"{root_of(first, second, [], None)}/moves",
        keys=("item", "code"),
        measures=(
            Measure("count"),
            Measure("share", "share", count="count"),
            Measure("n", of="n"),
            *(Measure(name, "p", of="n", sides=("n",), only_known=True) for name in ("p", "p_adjusted")),
        ),
        labels={
            "item": Labels({name: sides[0].question for name, sides in asked.items()}),
            "code": Labels({way: Phrase(f"comparing.moved_{way}") for way in _WAYS}),
        },
    )


def _places(side: Side, linked: NDArray[np.intp]) -> NDArray[np.float64] | None:
    """How high those who are linked stand, NaN without a valid answer; None where answers have no order."""
    if side.numbers is not None:
        return side.numbers[linked]
    if side.rank is None:
        return None
    rank = side.rank[linked].astype(np.float64)
    # The first option of a scale is its high end; classes run from low to high.
    rank[rank < 0] = np.nan
    return -rank if side.keyed else rank

"""Where those who answered twice moved: how many higher, unchanged and lower on an ordered scale or a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.evidence import Survey
from vvvresearch.locales import Joined, Phrase
from vvvresearch.results import Base, Column, Labelled, Labels, Measure, Result, Share, Tested
from vvvresearch.statistics.exact_tests import mcnemar
from vvvresearch.statistics.multiplicity import adjust
from vvvresearch.survey.comparison._changes import Linking, link_of
from vvvresearch.survey.comparison._compared import root_of
from vvvresearch.survey.comparison._sides import Side, side_of
from vvvresearch.survey.tabulation._tabulate import known_unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
        sides = (side_of(first, one), side_of(second, two))
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

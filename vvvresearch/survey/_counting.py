"""Counting one item over the groups of its banners: integer counts first, percentages from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.survey._answers import DONT_KNOW, NOT_IN_WAVE, REFUSED, Answers
from vvvresearch.survey._asked import Asked, Denominator, complete, counted
from vvvresearch.survey._banner import Banner

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Counts:
    """One item in one banner: groups × options. `n` is the base of each group; weighted sums are None without weights."""

    counts: NDArray[np.int64]
    n: NDArray[np.int64]
    blank: NDArray[np.int64]
    weighted: NDArray[np.float64] | None = None
    weighted_n: NDArray[np.float64] | None = None
    weighted_blank: NDArray[np.float64] | None = None


def count(answers: Answers, asked: Asked, banner: Banner, denominator: Denominator, weights: NDArray[np.float64] | None) -> Counts:
    """Count one item's options in the groups of one banner."""
    inside = banner.place >= 0
    base = counted(answers, asked, denominator) & inside
    chosen = asked.scope & answers.given & inside
    groups = len(banner.codes)
    # Respondents who answered don't know still stand in its row when the denominator leaves them out.
    silent = base & ~answers.given
    blank = _sums(banner.place[silent], groups)
    plain = _matrix(answers, banner.place, chosen, groups, None)
    result = Counts(plain.astype(np.int64), _sums(banner.place[base], groups).astype(np.int64), blank.astype(np.int64))
    if weights is None:
        return result
    heavy = _matrix(answers, banner.place, chosen, groups, weights)
    heavy_n = _sums(banner.place[base], groups, weights[base])
    return Counts(result.counts, result.n, result.blank, heavy, heavy_n, _sums(banner.place[silent], groups, weights[silent]))


def _sums(places: NDArray[np.intp], groups: int, weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    return np.bincount(places, weights=weights, minlength=groups).astype(np.float64)


def _matrix(
    answers: Answers, place: NDArray[np.intp], chosen: NDArray[np.bool_], groups: int, weights: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    width = len(answers.options)
    if answers.ticks is not None:
        columns = []
        for option in range(width):
            ticked = chosen & answers.ticks[:, option]
            columns.append(_sums(place[ticked], groups, None if weights is None else weights[ticked]))
        return np.column_stack(columns) if columns else np.zeros((groups, 0))
    if answers.position is None or not width:
        return np.zeros((groups, width))
    chosen = chosen & (answers.position >= 0)
    cell = place[chosen] * width + answers.position[chosen]
    return _sums(cell, groups * width, None if weights is None else weights[chosen]).reshape(groups, width)


def weights_of(survey: Survey, weights: str | bool | pd.Series[float] | None) -> NDArray[np.float64] | None:
    """The weights as numbers, one a respondent.

    Raises:
        NotPermittedError: reconstructed answers allow no weights.
        AnalysisError: no such column, or weights that are missing, negative or not finite.
    """
    import pandas as pd

    if weights is None or weights is False:
        return None
    if weights is True:
        if not survey.weight:
            raise AnalysisError("the survey names no weight variable", where=survey.origin, todo="name a column: weights=…")
        weights = survey.weight
    survey.require_joint("a weighted table")
    if isinstance(weights, str):
        if weights not in survey.answers.columns:
            raise AnalysisError(f"there is no column of weights {weights!r}", where=survey.origin)
        column = survey.answers[weights]
    else:
        column = weights
        if isinstance(column, pd.Series):
            column = column.reindex(survey.answers.index)
    numbers = np.asarray(pd.to_numeric(pd.Series(column), errors="coerce"), dtype=np.float64)
    if len(numbers) != len(survey.answers):
        raise AnalysisError(f"there are {len(numbers)} weights for {len(survey.answers)} respondents")
    wrong = ~np.isfinite(numbers) | (numbers < 0)
    if wrong.any():
        rows = ", ".join(map(str, survey.answers.index[wrong][:5]))
        raise AnalysisError(f"{int(wrong.sum())} weights are missing, negative or not finite", where=f"respondents {rows}")
    return numbers


def base_counts(answers: Answers, asked: Asked) -> dict[str, int | None]:
    """Asked, answered, don't know, refused, not asked, not in this wave: counts of respondents."""
    absent = int((answers.state == NOT_IN_WAVE).sum())
    counts: dict[str, int | None] = dict.fromkeys(("asked", "answered", "dont_know", "refused", "not_asked"))
    counts["not_in_wave"] = absent or None
    if not answers.present:
        return counts
    partial = answers.item.missing_reason is not None and not complete(answers, asked)
    roles = {option.role for option in answers.options if not option.unknown}
    inside = asked.scope
    unsure = int((inside & (answers.state == DONT_KNOW)).sum())
    refused = int((inside & (answers.state == REFUSED)).sum())
    not_asked = int((~asked.route).sum()) - absent
    unpublished = {option.role for option in answers.options if option.unknown}
    if not partial:
        counts["answered"] = int((inside & answers.given).sum())
        for role, found in (("dont_know", unsure), ("refused", refused)):
            counts[role] = found if role not in unpublished and (found or role in roles) else None
    if asked.computable:
        counts["asked"] = int(asked.route.sum())
        counts["not_asked"] = not_asked if not_asked or answers.item.route else None
    return counts

"""Counting one item over the groups of its banners: integer counts first, percentages from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.statistics.calibration import Weights
from vvvresearch.survey.tabulation._answers import DONT_KNOW, NOT_IN_WAVE, REFUSED, Answers
from vvvresearch.survey.tabulation._asked import Asked, Denominator, complete, counted
from vvvresearch.survey.tabulation._banner import Banner

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Counts:
    """One item in one banner: groups × options. `n` is the base of each group, `blank` those in it who did not answer."""

    counts: NDArray[np.int64]
    n: NDArray[np.int64]
    blank: NDArray[np.int64]


class Calibrated(Protocol):
    """Weights with the calibration that they come from, as `weight` makes them."""

    @property
    def weights(self) -> pd.Series[float]:
        """One a respondent, index: respondent."""

    @property
    def calibration(self) -> Weights | None:
        """What they were calibrated to."""


def count(answers: Answers, asked: Asked, heads: tuple[Banner, ...], denominator: Denominator) -> tuple[Counts, ...]:
    """Count one item's options in the groups of every banner."""
    base = counted(answers, asked, denominator)
    # Respondents who answered don't know still stand in its row when the denominator leaves them out.
    chosen = np.flatnonzero(asked.scope & answers.given & _has_option(answers))
    silent = np.flatnonzero(base & ~answers.given)
    whole = np.flatnonzero(base)
    found = []
    for head in heads:
        groups = len(head.codes)
        counts = _matrix(answers, head.place, chosen, groups)
        n, blank = (_sums(head.place[rows], groups) for rows in (whole, silent))
        found.append(Counts(counts, n, blank))
    return tuple(found)


def _has_option(answers: Answers) -> NDArray[np.bool_] | bool:
    return answers.position >= 0 if answers.position is not None else True


def _sums(places: NDArray[np.intp], groups: int) -> NDArray[np.int64]:
    # Whoever has no group (-1) is counted in front and dropped.
    return np.bincount(places + 1, minlength=groups + 1)[1:].astype(np.int64)


def _matrix(answers: Answers, place: NDArray[np.intp], chosen: NDArray[np.intp], groups: int) -> NDArray[np.int64]:
    width = len(answers.options)
    if answers.ticks is not None and width:
        columns = []
        for option in range(width):
            ticked = chosen[answers.ticks[chosen, option]]
            columns.append(_sums(place[ticked], groups))
        return np.column_stack(columns)
    if answers.position is None or not width:
        return np.zeros((groups, width), dtype=np.int64)
    cells = (place[chosen] + 1) * width + answers.position[chosen]
    return np.bincount(cells, minlength=(groups + 1) * width).astype(np.int64).reshape(groups + 1, width)[1:]


def weights_of(survey: Survey, weights: str | bool | pd.Series[float] | Calibrated | None) -> Weights | None:
    """The weights, one a respondent in the order of the answers; those of a weighting keep their calibration.

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
    calibration = None if isinstance(weights, str | bool | pd.Series) else getattr(weights, "calibration", None)
    if isinstance(calibration, Weights):
        weights = cast(Calibrated, weights).weights
    column: Any
    if isinstance(weights, str):
        if weights not in survey.answers.columns:
            raise AnalysisError(f"there is no column of weights {weights!r}", where=survey.origin)
        column = survey.answers[weights]
    else:
        column = weights
        if isinstance(column, pd.Series):
            column = column.reindex(survey.answers.index)
            if isinstance(calibration, Weights) and len(calibration.values) == len(column) and column.notna().all():
                # Calibration may leave a weight below zero.
                return calibration
    numbers = np.asarray(pd.to_numeric(pd.Series(column), errors="coerce"), dtype=np.float64)
    if len(numbers) != len(survey.answers):
        raise AnalysisError(f"there are {len(numbers)} weights for {len(survey.answers)} respondents")
    wrong = ~np.isfinite(numbers) | (numbers < 0)
    if wrong.any():
        rows = ", ".join(map(str, survey.answers.index[wrong][:5]))
        raise AnalysisError(f"{int(wrong.sum())} weights are missing, negative or not finite", where=f"respondents {rows}")
    if len(numbers) and not numbers.any():
        raise AnalysisError(
            "all weights are zero", where="weights", why="then nobody stands for anybody", todo="give other weights, or none"
        )
    return Weights(numbers, "given")


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

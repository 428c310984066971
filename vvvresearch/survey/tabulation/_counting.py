"""Counting one item over the groups of its banners, integer counts first; and the groups, by one or several variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Survey, Variable, code_text
from vvvresearch.locales import Phrase, Sayable, has_words, sort_key
from vvvresearch.results import TOTAL
from vvvresearch.statistics.calibration import Weights
from vvvresearch.survey.tabulation._answers import DONT_KNOW, NOT_IN_WAVE, REFUSED, Answers, read_answers
from vvvresearch.survey.tabulation._asked import Asked, Denominator, complete, counted

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Banner:
    """One grouping: `place` is each respondent's group (-1 for none), `codes` and `labels` name the groups, `name` all of them."""

    by: str
    place: NDArray[np.intp]
    codes: tuple[str, ...]
    labels: tuple[str | Sayable, ...]
    name: str | Sayable = ""

    @cached_property
    def missing(self) -> int:
        """Respondents without a value."""
        return int((self.place < 0).sum())


def total_banner(count: int) -> Banner:
    """Everybody as one group."""
    return Banner("", np.zeros(count, dtype=np.intp), (TOTAL,), (Phrase("common.total"),))


def banners(survey: Survey, by: str | Sequence[str] | None) -> tuple[Banner, ...]:
    """The total and one banner for each variable.

    Raises:
        NotPermittedError: reconstructed answers allow no cross-tabulation.
        AnalysisError: no such variable.
    """
    names = () if by is None else ((by,) if isinstance(by, str) else tuple(by))
    if names:
        survey.require_joint("a banner table by " + ", ".join(names))
    if len(set(names)) != len(names):
        raise AnalysisError("a banner variable stands twice", where=", ".join(names))
    return (total_banner(len(survey.answers)), *(_banner(survey, name) for name in names))


def _banner(survey: Survey, name: str) -> Banner:
    item = next((item for item in survey.questionnaire.items if item.id == name), None) if survey.questionnaire else None
    if item is not None and item.type in ("multiple", "number", "open"):
        raise AnalysisError(f"{name} is a {item.type} item and makes no groups", todo="take an item with one answer a respondent")
    if item is not None and name in survey.answers.columns:
        answers = read_answers(survey, item)
        assert answers.position is not None
        options = answers.options
        return Banner(name, answers.position, tuple(o.code for o in options), tuple(o.label for o in options), item.text)
    column = _column(survey, name)
    places, uniques = pd.factorize(column)
    codes = [code_text(value) for value in uniques]
    variable = survey.variables.get(name, Variable(name))
    declared = [code for code in variable.labels if code not in survey.missing.get(name, {})]
    found = sorted({code for code in codes if code and code not in declared}, key=sort_key)
    if isinstance(column.dtype, pd.CategoricalDtype) and not declared:
        found = [code_text(value) for value in column.dtype.categories]
    order = [*declared, *found]
    position = {code: place for place, code in enumerate(order)}
    table = np.array([*(position.get(code, -1) for code in codes), -1], dtype=np.intp)
    words = tuple(variable.labels.get(code, code) for code in order)
    heading = Phrase(f"frames.{name}") if has_words(f"frames.{name}") else variable.label or name
    return Banner(name, table[places], tuple(order), words, heading)


def _column(survey: Survey, name: str) -> pd.Series[Any]:
    column = survey.respondent_column(name)
    if column is None:
        raise AnalysisError(f"there is no variable {name!r} to group by", todo=did_you_mean(name, survey.respondent_columns))
    return column


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

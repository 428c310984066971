"""The columns of a banner table: groups of respondents by one or several variables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Survey, Variable, code_text
from vvvresearch.locales import Phrase, Sayable, has_words, sort_key
from vvvresearch.results import TOTAL
from vvvresearch.survey.tabulation._answers import read_answers

if TYPE_CHECKING:
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

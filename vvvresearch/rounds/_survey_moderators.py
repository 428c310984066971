"""What goes with an ordered or yes/no answer to a survey, with respondents who share a municipality."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Survey
from vvvresearch.locales import Sayable
from vvvresearch.mechanisms import Moderators, moderators
from vvvresearch.results import Labels
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.comparison._sides import one_item, side_of


def survey_moderators(
    answers: Survey,
    outcome: str,
    candidates: str | Sequence[str],
    mechanism: str | None = None,
    *,
    cluster: str | None = None,
    level: float = 0.95,
) -> Moderators:
    """What goes with an answer, or changes what goes with it: leaders in municipalities, with an ordered answer and an interaction.

    Every item becomes a column of numbers: of two answers the first is 1 and the other 0, of a scale the end with its top box is the
    highest, numbers are themselves; don't know is no answer. What follows is `moderators`.

    Args:
        answers: the survey.
        outcome: an item with two answers, a scale or a number.
        candidates: items, or variables of the answers or of those invited, that may make a difference; with `mechanism` yes/no ones.
        mechanism: a yes/no item whose effect the candidates may change.
        cluster: the variable that respondents share, e.g. their municipality; errors then rest on these groups.
        level: confidence level of the family of candidates.

    Returns:
        Moderators, as `vvvresearch.mechanisms.moderators` has it; without addresses.

    Raises:
        AnalysisError: no such item or variable, or one without order.
        NotPermittedError: reconstructed answers or published aggregates.

    Source: McCullagh 1980; Bell and McCaffrey 2002.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> r.survey_moderators("leaders-2021", "benefit_language", "organisation").frame[["test", "verdict"]].values.tolist()
        [['ranks', 'cannot tell']]
    """
    require_permitted(answers, "a model of answers")
    chosen = [candidates] if isinstance(candidates, str) else list(candidates)
    names = [outcome, *chosen, *([mechanism] if mechanism else [])]
    words: dict[str, str | Sayable] = {}
    columns: dict[str, pd.Series[float]] = {}
    for name in names:
        columns[name], words[name] = _numbers(answers, name)
    table = pd.DataFrame(columns)
    if cluster is not None:
        table[cluster] = _variable(answers, cluster)
    found = moderators(table, outcome, chosen, mechanism, cluster=cluster, level=level, kind=answers.kind)
    return dataclasses.replace(found, at="", labels={"candidate": Labels(words)})


def _numbers(survey: Survey, name: str) -> tuple[pd.Series[float], str | Sayable]:
    """An item or variable as numbers by respondent, and its words."""
    asked = survey.questionnaire
    if asked is None or name not in {item.id for item in asked.items}:
        values = _variable(survey, name)
        known = sorted(values.dropna().unique(), key=str)
        if len(known) == 2:
            # The same two words are 0 and 1 in every survey, whoever answered first.
            return values.map({known[0]: 0.0, known[1]: 1.0}), name
        return _ordered(pd.to_numeric(values, errors="coerce"), values, name), name
    side = side_of(survey, one_item(survey, name).id)
    valid = [place for place, role in enumerate(side.roles) if role not in ("dont_know", "refused")]
    if side.numbers is not None:
        numbers = side.numbers.astype(float)
    elif side.rank is not None:
        tops = [valid.index(place) for place in valid if side.codes[place] in side.top] or [0]
        falling = np.mean(tops) < (len(valid) - 1) / 2
        numbers = np.where(side.rank < 0, np.nan, len(valid) - 1 - side.rank if falling else side.rank)
    elif len(valid) == 2 and not side.several:
        first, second = (side.chosen[:, place] for place in valid)
        numbers = np.where(first, 1.0, np.where(second, 0.0, np.nan))
    else:
        raise AnalysisError(f"the answers to {name!r} have no order", where=name, todo="name an item with two answers, a scale or a number")
    return pd.Series(numbers, index=side.respondents, dtype=float), side.question


def _ordered(numbers: pd.Series[float], values: pd.Series[Any], name: str) -> pd.Series[float]:
    if (numbers.isna() & values.notna()).any():
        raise AnalysisError(f"the values of {name!r} have no order", where=name, todo="name a variable with two values, or with numbers")
    return numbers


def _variable(survey: Survey, name: str) -> pd.Series[Any]:
    """A column of the answers, else of those invited, by respondent."""
    column = survey.respondent_column(name)
    if column is None:
        raise AnalysisError(f"the survey has no variable {name!r}", where=survey.id, todo=did_you_mean(name, survey.respondent_columns))
    return column.where(column.notna() & (column.astype(str) != ""))

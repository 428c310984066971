"""A plain table of answers as a survey, where somebody has no more than that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Questionnaire, Survey, code_text

if TYPE_CHECKING:
    import pandas as pd

# A scale has few steps; whole numbers with more values than this are amounts.
_STEPS = 12
_UNKNOWN = {"da": "ikke oplyst", "en": "not told"}


def as_survey(answers: Survey | pd.DataFrame, item: object = None, *, amounts: bool = False) -> Survey:
    """A survey as it is; of a table a survey that asked its columns, each value that occurs an answer option, numbers as numbers.

    Args:
        answers: a survey, or one row a respondent (or what its attribute `unit` says) and one column a question.
        item: the columns that are asked for; only they become items. None takes all.
        amounts: whole numbers with few values are amounts too, not codes.

    Raises:
        AnalysisError: neither a survey nor a table.
    """
    import pandas as pd

    if isinstance(answers, Survey):
        return answers
    if not isinstance(answers, pd.DataFrame):
        raise AnalysisError(f"a survey is tabulated, not {type(answers).__name__}", where="survey", todo="read one with read_survey(path)")
    frame = answers.rename(columns=str)
    wanted = list(frame.columns) if item is None else [item] if isinstance(item, str) else list(item) if isinstance(item, Sequence) else []
    items, columns = [], {}
    for name in map(str, wanted):
        if name not in frame.columns:
            continue
        is_number = _is_number(frame[name], amounts=amounts)
        values = frame[name] if is_number else frame[name].map(code_text)
        columns[name] = values
        words = {"da": name, "en": name}
        asked: dict[str, object] = {"id": name, "text": words, "type": "number" if is_number else "single"}
        if not is_number:
            ordered = isinstance(frame[name].dtype, pd.CategoricalDtype)
            codes = [code_text(one) for one in frame[name].cat.categories] if ordered else sorted(set(values) - {""})
            asked["options"] = [{"code": code, "label": {"da": code, "en": code}} for code in codes]
        items.append(asked)
    definition = {
        "schema_version": 1,
        "id": "answers",
        "title": {"da": "Svar", "en": "Answers"},
        "group": {"da": "", "en": ""},
        "wave": {"da": "", "en": ""},
        "frame": {"unit": answers.attrs.get("unit", "respondent"), "chosen_by": _UNKNOWN, "collected": _UNKNOWN},
        "items": items,
    }
    return Survey(frame.assign(**columns), Questionnaire.model_validate(definition))


def _is_number(column: pd.Series, *, amounts: bool) -> bool:
    """Whether a column holds amounts and no codes: parts of units, or more different numbers than a scale has steps."""
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return False
    values = column.dropna()
    return amounts or bool((values % 1 != 0).any() or values.nunique() > _STEPS)

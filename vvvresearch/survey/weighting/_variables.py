"""Variables of a frame: which of them part units into groups, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from vvvresearch.evidence import Item, Survey
from vvvresearch.locales import Phrase, Sayable, has_words
from vvvresearch.results import Labels

if TYPE_CHECKING:
    import pandas as pd

# A variable with more categories than this is a name, not a group.
_CATEGORIES = 12


def frame_variables(frame: pd.DataFrame, leave_out: object = None) -> list[str]:
    """The variables with 2 to 12 categories, in the order of the frame.

    Args:
        frame: one row a unit.
        leave_out: a column that is none, such as who answered.
    """
    return [str(name) for name in frame.columns if 1 < frame[name].nunique() <= _CATEGORIES and str(name) != leave_out]


def heading_of(survey: Survey | None, name: str) -> str | Sayable:
    """What a variable is called: an item's question, words that everybody uses, else its own name."""
    item = _item(survey, name)
    if item is not None:
        return item.text
    return Phrase(f"frames.{name}") if has_words(f"frames.{name}") else name


def variable_labels(survey: Survey | None, rows: Iterable[Mapping[Any, Any]]) -> dict[str, Labels]:
    """The words of variables and of their categories."""
    names, categories = dict[Any, str | Sayable](), dict[Any, str | Sayable]()
    for row in rows:
        name, category = row["variable"], row["category"]
        names[name] = heading_of(survey, name)
        plain = Phrase(f"frames.{category}") if has_words(f"frames.{category}") else category
        categories[name, category] = _options(survey, name).get(category, plain)
    return {"variable": Labels(names), "category": Labels(categories, on=("variable", "category"))}


def _item(survey: Survey | None, name: str) -> Item | None:
    items = survey.questionnaire.items if survey is not None and survey.questionnaire is not None else ()
    return next((item for item in items if item.id == name), None)


def _options(survey: Survey | None, name: str) -> dict[str, Sayable]:
    item = _item(survey, name)
    if item is None or survey is None or survey.questionnaire is None:
        return {}
    return {option.code: option.label for option in survey.questionnaire.options(item)}

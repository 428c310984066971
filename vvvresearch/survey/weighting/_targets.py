"""What answers are weighted to: the categories of respondents, the totals of the frame, and the weights that meet them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Item, Survey, code_text
from vvvresearch.locales import Phrase, Sayable, has_words
from vvvresearch.results import Labels
from vvvresearch.statistics.calibration import Weights, greg, post_stratify

if TYPE_CHECKING:
    from numpy.typing import NDArray

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


Targets = Mapping[str, Mapping[str, float] | float]


def variables_of(answers: Survey | pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The variables of respondents, from their answers or the list of invited."""
    tables = (
        [answers] if isinstance(answers, pd.DataFrame) else [answers.answers, *([answers.invited] if answers.invited is not None else [])]
    )
    index = tables[0].index
    if index.has_duplicates:
        raise AnalysisError("a respondent stands twice in the answers", where="answers", todo="clean double answers first")
    columns = {}
    for name in names:
        source = next((table for table in tables if name in table.columns), None)
        if source is None:
            known = [str(column) for table in tables for column in table.columns]
            raise AnalysisError(f"there is no variable {name!r} to weight by", where="by", todo=did_you_mean(name, known))
        columns[name] = source[name].reindex(index)
    return pd.DataFrame(columns, index=index)


def _codes(column: pd.Series[Any]) -> list[str]:
    """The values as codes; each unlike value is read once, since a large survey has few."""
    places, values = pd.factorize(column)
    words = [*(code_text(value) for value in values), ""]
    return [words[place] for place in places.tolist()]


def categories_of(table: pd.DataFrame, names: Sequence[str]) -> dict[str, list[str]]:
    """Every respondent's category in each variable; a gap is an error."""
    found = {name: _codes(table[name]) for name in names}
    for name, values in found.items():
        if "" in values:
            gone = [str(respondent) for respondent, value in zip(table.index, values, strict=True) if not value]
            raise AnalysisError(
                f"{name!r} is not known for {len(gone)} respondents",
                where=", ".join(gone[:5]),
                todo="find the value, or give the unknown a category with its own target",
            )
    return found


def targets_of(
    names: Sequence[str], numeric: Sequence[str], frame: pd.DataFrame | None, targets: Targets | None, n: int
) -> dict[str, dict[object, float]]:
    """Variable → category → units. Shares are turned into answers, so that weights are 1 on average."""
    wanted: dict[str, dict[object, float]] = {}
    for name in names:
        if frame is not None:
            if name not in frame.columns:
                raise AnalysisError(
                    f"the frame has no variable {name!r}", where="frame", todo=did_you_mean(name, [str(c) for c in frame.columns])
                )
            counts = pd.Series([code_text(value) for value in frame[name]]).value_counts()
            if "" in counts.index:
                raise AnalysisError(f"the frame does not know {name!r} for {int(counts[''])} units", where="frame")
            wanted[name] = {category: float(count) for category, count in counts.items()}
            continue
        given = targets.get(name) if isinstance(targets, Mapping) else None
        if not isinstance(given, Mapping):
            raise AnalysisError(f"there are no targets for {name!r}", where="targets", todo="give {category: units in the frame}")
        total = sum(given.values())
        scale = n if abs(total - 1) < 1e-6 else 1
        wanted[name] = {code_text(category): float(count) * scale for category, count in given.items()}
    missing = [
        name for name in numeric if (frame is not None and name not in frame.columns) or (targets is not None and name not in targets)
    ]
    if missing:
        raise AnalysisError(f"there is no total for {missing[0]!r}", where="frame" if frame is not None else "targets")
    return wanted


def post_stratified(
    categories: dict[str, list[str]],
    names: Sequence[str],
    frame: pd.DataFrame | None,
    wanted: dict[str, dict[object, float]],
    start: NDArray[np.float64] | None,
) -> Weights:
    """Weights that meet every combination of categories."""
    if len(names) == 1:
        return post_stratify(categories[names[0]], wanted[names[0]], start)
    if frame is None:
        raise AnalysisError(
            "post-stratification by several variables needs the combinations of their categories",
            where="targets",
            todo='give the frame itself, or use method="raking"',
        )
    columns = [[code_text(value) for value in frame[name]] for name in names]
    cells = pd.Series([" × ".join(row) for row in zip(*columns, strict=True)]).value_counts()
    own = [" × ".join(row) for row in zip(*(categories[name] for name in names), strict=True)]
    return post_stratify(own, {str(cell): float(count) for cell, count in cells.items()}, start)


def calibrated(
    table: pd.DataFrame,
    categories: dict[str, list[str]],
    names: Sequence[str],
    numeric: Sequence[str],
    frame: pd.DataFrame | None,
    targets: Targets | None,
    wanted: dict[str, dict[object, float]],
    start: NDArray[np.float64] | None,
) -> Weights:
    """Weights that meet the totals of categories and numbers by linear calibration."""
    columns, totals, labels = [], [], []
    for name in names:
        for category, total in wanted[name].items():
            columns.append(np.array([value == category for value in categories[name]], dtype=float))
            totals.append(total)
            labels.append(f"{name} = {category}")
        if strange := set(categories[name]) - set(wanted[name]):
            raise AnalysisError("there are answers but no target", where=f"{name} = {', '.join(sorted(strange))}")
    for name in numeric:
        columns.append(pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=float))
        if frame is not None:
            totals.append(float(pd.to_numeric(frame[name], errors="coerce").sum(skipna=False)))
        else:
            assert targets is not None
            totals.append(float(targets[name]))  # type: ignore[arg-type]
        labels.append(name)
    size = sum(wanted[names[0]].values()) if names else float(len(frame) if frame is not None else len(table))
    if not names and frame is not None:
        columns.append(np.ones(len(table)))
        totals.append(size)
        labels.append("units")
    return greg(np.column_stack(columns), totals, labels, np.full(len(table), size / len(table)) if start is None else start)

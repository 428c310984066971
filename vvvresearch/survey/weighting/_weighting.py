"""Weights for answers from a known frame, shown beside the unweighted figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Survey, code_text
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, Written, check_lang, say
from vvvresearch.results import Base, Column
from vvvresearch.statistics.calibration import Weights, greg, post_stratify, rake
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.tabulation._labelled import SaidResult
from vvvresearch.survey.tabulation._table import percent_of
from vvvresearch.survey.tabulation._tabulate import known_unit, tabulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

Method = Literal["post-stratification", "raking", "greg"]
Targets = Mapping[str, Mapping[str, float] | float]


@dataclass(frozen=True, kw_only=True, repr=False)
class Weighting(SaidResult):
    """Weights with what they do.

    `weights` (index: respondent) add up to the frame; `items` shows chosen items weighted and unweighted; `design_effect` and
    `effective_n` say what unequal weights cost.
    """

    weights: pd.Series[float]
    items: pd.DataFrame
    design_effect: float
    effective_n: float


def weight(
    answers: Survey | pd.DataFrame,
    by: str | Sequence[str],
    *,
    frame: pd.DataFrame | None = None,
    targets: Targets | None = None,
    method: Method = "raking",
    numeric: Sequence[str] = (),
    base_weights: pd.Series[float] | None = None,
    items: Sequence[str] = (),
    lang: Lang = "da",
) -> Weighting:
    """Weight the answers so that they agree with a frame in some variables.

    Args:
        answers: Survey (variables from its answers or its list of invited), or a DataFrame with one row a respondent.
        by: the variables with categories.
        frame: one row a unit of the frame, with the same variables; default the survey's list of invited.
        targets: instead of a frame: variable → {category: units (or shares that add up to 1)}; for numbers variable → total.
        method: "post-stratification" (every combination of categories), "raking" (each variable by itself), or "greg" (linear
            calibration, which also takes numbers).
        numeric: variables that are numbers, for "greg".
        base_weights: weights to start from, index: respondent.
        items: ids of items to show weighted and unweighted (Survey only).
        lang: "da" or "en".

    Returns:
        Weighting; `.frame`: variable, category, n, percent_answers, percent_target, percent_weighted, weight. `.items`: item, code,
        label, count, n, percent_unweighted, percent.

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.
        AnalysisError: weights that cannot be found: a category without answers, a target of zero, unlike totals, no convergence.

    Source:
        Holt and Smith 1979; Deming and Stephan 1940; Deville and Särndal 1992; Kish 1965 for the design effect.

    Example:
        >>> import pandas as pd
        >>> found = weight(pd.DataFrame({"size": ["s", "s", "l"]}), "size", targets={"size": {"s": 60, "l": 38}})
        >>> found.weights.tolist()
        [30.0, 30.0, 38.0]
    """
    language = check_lang(lang)
    if isinstance(answers, Survey):
        require_permitted(answers, "weighting")
    if method not in ("post-stratification", "raking", "greg"):
        raise AnalysisError(
            f"there is no weighting called {method!r}",
            where="method",
            todo=did_you_mean(str(method), ["post-stratification", "raking", "greg"]),
        )
    names = [by] if isinstance(by, str) else list(by)
    if not names and not numeric:
        raise AnalysisError("weights need at least one variable", where="by")
    if numeric and method != "greg":
        raise AnalysisError(f"{method} takes categories only", where="numeric", todo='use method="greg" for numbers, or make classes')
    table = _variables(answers, [*names, *numeric])
    if table.empty:
        raise AnalysisError("there are no answers to weight", where="answers")
    if frame is None and targets is None and isinstance(answers, Survey):
        frame = answers.invited
    if (frame is None) == (targets is None):
        raise AnalysisError("weights need a frame or targets, and one of them only", where="frame, targets")
    categories = _categories(table, names)
    wanted = _targets(names, numeric, frame, targets, len(table))
    start = None if base_weights is None else np.asarray(base_weights.reindex(table.index), dtype=np.float64)
    if method == "post-stratification":
        found = _post_stratified(categories, names, frame, wanted, start)
    elif method == "raking":
        found = rake(categories, {name: wanted[name] for name in names}, start)
    else:
        found = _calibrated(table, categories, names, numeric, frame, targets, wanted, start)
    weights = pd.Series(found.values, index=table.index, name="weight", dtype=float)
    shown = _margins(categories, wanted, weights.to_numpy())
    survey = answers if isinstance(answers, Survey) else None
    return Weighting(
        frame=shown,
        base=Base(len(table), known_unit(survey.questionnaire.frame.unit if survey and survey.questionnaire else "respondent")),
        title=Phrase("weighting.title_weights", {"variables": ", ".join([*names, *numeric])}),
        notes=_notes(found),
        shows=tuple(
            Column(name, Phrase(f"weighting.{label}"), kind, decimals)  # type: ignore[arg-type]
            for name, label, kind, decimals in (
                ("variable", "variable", "text", 0),
                ("category", "category", "text", 0),
                ("n", "answers", "count", 0),
                ("percent_answers", "percent_answers", "percent", 1),
                ("percent_target", "percent_target", "percent", 1),
                ("percent_weighted", "percent_weighted", "percent", 1),
                ("weight", "weight", "number", 2),
            )
        ),
        kind=survey.kind if survey else DataKind.REAL,
        lang=language,
        weights=weights,
        items=_side_by_side(survey, items, weights, language),
        design_effect=found.design_effect,
        effective_n=found.effective_n,
    )


def _variables(answers: Survey | pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
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


def _categories(table: pd.DataFrame, names: Sequence[str]) -> dict[str, list[str]]:
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


def _targets(
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


def _post_stratified(
    categories: dict[str, list[str]],
    names: Sequence[str],
    frame: pd.DataFrame | None,
    wanted: dict[str, dict[object, float]],
    start: NDArray[np.float64] | None,
) -> Weights:
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


def _calibrated(
    table: pd.DataFrame,
    categories: dict[str, list[str]],
    names: Sequence[str],
    numeric: Sequence[str],
    frame: pd.DataFrame | None,
    targets: Targets | None,
    wanted: dict[str, dict[object, float]],
    start: NDArray[np.float64] | None,
) -> Weights:
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


def _margins(categories: dict[str, list[str]], wanted: dict[str, dict[object, float]], weights: NDArray[np.float64]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for name, values in categories.items():
        total = sum(wanted[name].values())
        column = np.array(values, dtype=object)
        for category, target in wanted[name].items():
            chosen = column == category
            rows.append(
                {
                    "variable": name,
                    "category": category,
                    "n": int(chosen.sum()),
                    "percent_answers": 100 * float(chosen.mean()),
                    "percent_target": 100 * target / total,
                    "percent_weighted": 100 * float(weights[chosen].sum() / weights.sum()),
                    "weight": float(weights[chosen].mean()) if chosen.any() else float("nan"),
                }
            )
    return pd.DataFrame(rows, columns=["variable", "category", "n", "percent_answers", "percent_target", "percent_weighted", "weight"])


def _notes(found: Weights) -> tuple[Phrase, ...]:
    values = {
        "low": Written(float(found.values.min()), "number", 2),
        "high": Written(float(found.values.max()), "number", 2),
        "effect": Written(found.design_effect, "number", 2),
        "effective": float(found.effective_n),
        "n": len(found.values),
    }
    notes = [
        Phrase("weighting.note_method", {"method": Phrase(f"weighting.method_{found.method}")}),
        Phrase("weighting.note_price", values),
    ]
    if negative := int((found.values < 0).sum()):
        notes.append(Phrase("weighting.note_negative", {"n": negative}))
    return (*notes, Phrase("weighting.note_limits"))


def _side_by_side(survey: Survey | None, items: Sequence[str], weights: pd.Series[float], lang: Lang) -> pd.DataFrame:
    columns = ["item", "code", "label", "count", "n", "percent_unweighted", "percent"]
    if not items:
        return pd.DataFrame(columns=columns)
    if survey is None:
        raise AnalysisError("items are shown for a Survey only", where="items")
    tables = [tabulate(survey, item, weights=weights) for item in items]
    frame = pd.concat([table.frame for table in tables], ignore_index=True)
    words = {key: label for table in tables for key, label in table.labels["code"].words.items()}
    frame["label"] = [say(words[key], lang) for key in zip(frame["item"], frame["code"], strict=True)]
    frame["percent_unweighted"] = [percent_of(x, n, 0) for x, n in zip(frame["count"], frame["n"], strict=True)]
    frame["percent"] = [percent_of(share, 1, 0) for share in frame["weighted"]]
    return frame[columns]

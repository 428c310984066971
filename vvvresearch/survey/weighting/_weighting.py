"""Weights for answers from a known frame, shown beside the unweighted figures."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Survey
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase, Written
from vvvresearch.results import Base, Column, Interval, Labelled, Labels, Measure, Result, Share, Total, address_part
from vvvresearch.statistics.calibration import Weights, rake
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.tabulation._rows import WEIGHTED
from vvvresearch.survey.tabulation._tabulate import known_unit
from vvvresearch.survey.weighting._targets import (
    Targets,
    calibrated,
    categories_of,
    frame_variables,
    heading_of,
    post_stratified,
    targets_of,
    variable_labels,
    variables_of,
)
from vvvresearch.survey.weighting._whole_frame import items_of_all, key_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

Method = Literal["post-stratification", "raking", "greg"]


@dataclass(frozen=True, kw_only=True, repr=False)
class Weighting(Result):
    """A result that holds the weights themselves.

    Args:
        weights: one a respondent, index: respondent; they add up to the frame.
        calibration: the totals that they meet; standard errors need it, so give `tabulate` the whole Weighting.
    """

    weights: pd.Series[float] = field(default_factory=lambda: pd.Series(dtype=float))
    calibration: Weights | None = None


def weight(
    answers: Survey | pd.DataFrame,
    by: str | Sequence[str] = (),
    *,
    frame: pd.DataFrame | None = None,
    targets: Targets | None = None,
    method: Method = "raking",
    numeric: Sequence[str] = (),
    base_weights: pd.Series[float] | None = None,
    items: Sequence[str] | None = None,
) -> Weighting:
    """Weight the answers so that they agree with a frame in some variables.

    Args:
        answers: Survey (variables from its answers or its list of invited), or a DataFrame with one row a respondent.
        by: the variables with categories; empty for a Survey without numbers: those of its frame that have few categories.
        frame: one row a unit of the frame, with the same variables; default the survey's list of invited.
        targets: instead of a frame: variable → {category: units (or shares that add up to 1)}; for numbers variable → total.
        method: "post-stratification" (every combination of categories), "raking" (each variable by itself), or "greg" (linear
            calibration, which also takes numbers).
        numeric: variables that are numbers, for "greg".
        base_weights: weights to start from, index: respondent.
        items: ids of items to show weighted and unweighted; default for a Survey those with one answer that were put to everybody.

    Returns:
        Weighting; `.weights`; `.frame`: variable, category, n, all, share_target, share_weighted (0 to 1), weight (mean). Totals
        design_effect, effective_n; part "items" with the answer that stands for each question: item, code, count, n, weighted
        (share), se, lower, upper, weighted_total (number), se_total, moves (weighted less unweighted share). Addresses
        `<survey>/by-<variable>/weights.<variable>.<category>.weight`.

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
    if isinstance(answers, Survey):
        require_permitted(answers, "weighting")
    if method not in ("post-stratification", "raking", "greg"):
        raise AnalysisError(
            f"there is no weighting called {method!r}",
            where="method",
            todo=did_you_mean(str(method), ["post-stratification", "raking", "greg"]),
        )
    names = [by] if isinstance(by, str) else list(by)
    if not names and not numeric and isinstance(answers, Survey):
        source = frame if frame is not None else answers.invited
        names = [] if source is None else frame_variables(source)
    if not names and not numeric:
        raise AnalysisError("weights need at least one variable", where="by")
    if numeric and method != "greg":
        raise AnalysisError(f"{method} takes categories only", where="numeric", todo='use method="greg" for numbers, or make classes')
    table = variables_of(answers, [*names, *numeric])
    if table.empty:
        raise AnalysisError("there are no answers to weight", where="answers")
    own = frame is None and targets is None and base_weights is None
    if frame is None and targets is None and isinstance(answers, Survey):
        frame = answers.invited
    if (frame is None) == (targets is None):
        raise AnalysisError("weights need a frame or targets, and one of them only", where="frame, targets")
    categories = categories_of(table, names)
    wanted = targets_of(names, numeric, frame, targets, len(table))
    start = None if base_weights is None else np.asarray(base_weights.reindex(table.index), dtype=np.float64)
    if method == "post-stratification":
        found = post_stratified(categories, names, frame, wanted, start)
    elif method == "raking":
        found = rake(categories, {name: wanted[name] for name in names}, start)
    else:
        found = calibrated(table, categories, names, numeric, frame, targets, wanted, start)
    weights = pd.Series(found.values, index=table.index, name="weight", dtype=float)
    shown = _margins(categories, wanted, weights.to_numpy())
    survey = answers if isinstance(answers, Survey) else None
    asked = survey.questionnaire if survey else None
    title = survey.title if survey else Joined(tuple(heading_of(survey, name) for name in [*names, *numeric]))
    result = Weighting(
        frame=shown,
        base=Base(len(table), known_unit(asked.frame.unit if asked else "respondent")),
        title=Phrase("weighting.weights_title" if survey else "weighting.title_weights", {"survey": title, "variables": title}),
        notes=_notes(found),
        shows=(
            Column("variable", Phrase("weighting.variable")),
            Column("category", Phrase("weighting.category")),
            Column("n", Phrase("weighting.answers"), "count"),
            Share("share_answers", Phrase("weighting.percent_answers"), decimals=1, count="n", n="all"),
            Share("share_target", Phrase("weighting.percent_target"), decimals=1, known="share_target", count="", n=""),
            Share("share_weighted", Phrase("weighting.percent_weighted"), decimals=1, known="share_weighted", count="", n=""),
            Column("weight", Phrase("weighting.weight"), "number", 2),
        ),
        kind=survey.kind if survey else DataKind.REAL,
        at=_root(survey, [*names, *numeric], method) if survey and own else "",
        keys=("variable", "category"),
        measures=(
            Measure("n", of="all"),
            Measure("share_answers", "share", 1, of="all", count="n"),
            Measure("share_target", "share", 1, of=""),
            Measure("share_weighted", "share", 1, of="all"),
            Measure("weight", "number", 2, of="n"),
        ),
        labels=variable_labels(survey, shown.to_dict("records")),
        totals={
            "design_effect": Total(found.design_effect, format="number", decimals=2),
            "effective_n": Total(found.effective_n, format="number", decimals=1),
        },
        weights=weights,
        calibration=found,
    )
    if items and survey is None:
        raise AnalysisError("items are shown for a Survey only", where="items")
    chosen = items_of_all(survey) if items is None and survey is not None else list(items or ())
    return result if survey is None else dataclasses.replace(result, parts={"items": _items(survey, chosen, result)})


def _root(survey: Survey, names: Sequence[str], method: Method) -> str:
    by = [f"by-{address_part(name)}" for name in names]
    return "/".join([survey.id, *by, *([] if method == "raking" else [method]), "weights"])


def _items(survey: Survey, items: Sequence[str], whole: Weighting) -> Result:
    """The answers that stand for their questions, without and with weights."""
    rows, texts, answers = [], dict[Any, Any](), dict[Any, Any]()
    for item in items:
        heavy = key_share(survey, item, weights=whole)
        if heavy is None:
            continue
        row = heavy.row
        rows.append(heavy.counts | {name: row[name] for name in WEIGHTED} | {"moves": row["weighted"] - row["count"] / row["n"]})
        texts[row["item"]], answers[row["item"], row["code"]] = heavy.question, heavy.answer
    title = Phrase("weighting.weighted_title", {"survey": survey.title})
    if not rows:
        return Result.missing(Phrase("absent.asked_of_all"), title=title)
    return Result(
        frame=pd.DataFrame(rows),
        base=whole.base,
        title=title,
        notes=whole.notes,
        shows=(
            Labelled("question", Phrase("weighting.question_answer"), of=("item", "code")),
            Column("n", Phrase("comparing.n_row"), "count"),
            Share("unweighted", Phrase("weighting.unweighted"), decimals=1),
            Share("weighted", Phrase("weighting.weighted"), decimals=1, known="weighted", count="", n=""),
            Interval("interval", Phrase("tabulation.interval"), decimals=1, scale=100),
            Column("moves", Phrase("weighting.weighted_change"), "points", 1),
        ),
        kind=whole.kind,
        at=f"{whole.at}/items" if whole.at else "",
        keys=("item", "code"),
        measures=(
            *(Measure(name, "share", 1) for name in ("weighted", "lower", "upper")),
            *(Measure(name, "points", 1) for name in ("se", "moves")),
            *(Measure(name, "number", 1, of="") for name in ("weighted_total", "se_total")),
        ),
        labels={"item": Labels(texts), "code": Labels(answers, on=("item", "code"))},
    )


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
                    "all": len(values),
                    "share_target": target / total,
                    "share_weighted": float(weights[chosen].sum() / weights.sum()),
                    "weight": float(weights[chosen].mean()) if chosen.any() else float("nan"),
                }
            )
    return pd.DataFrame(rows, columns=["variable", "category", "n", "all", "share_target", "share_weighted", "weight"])


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

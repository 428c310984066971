"""Who was asked and did not answer: what it can change of each question's share, and a declared guess beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.evidence import Item, Survey
from vvvresearch.locales import Phrase
from vvvresearch.results import Column, Interval, Labelled, Labels, Measure, Result, Share, address_part
from vvvresearch.statistics.imputation import imputed_share
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.tabulation._answers import find_items, read_answers
from vvvresearch.survey.tabulation._asked import who_was_asked
from vvvresearch.survey.tabulation._frames import as_survey
from vvvresearch.survey.tabulation._overview import whole_base
from vvvresearch.survey.weighting._targets import categories_of, variables_of
from vvvresearch.survey.weighting._whole_frame import key_share

_ONE_ANSWER = ("single", "likert", "battery")


def item_nonresponse(
    survey: Survey | pd.DataFrame,
    items: str | Sequence[str] | None = None,
    *,
    impute: str | Sequence[str] = (),
) -> Result:
    """How many were asked a question and gave no answer, and between which shares everybody's answer then lies.

    The limits assume nothing: those without an answer all gave it, or none did. `impute` declares a sensitivity: within each class of
    its variables those without an answer would have answered like those with one. It never replaces the counted share.

    Args:
        survey: answers with their questionnaire, or a plain table of answers.
        items: questions with one answer each, or a battery; default all of them.
        impute: variables of the answers or of the list of invited, known for everybody, e.g. ["region", "size"].

    Returns:
        Result; `.frame`: item, code ("top" of the scale, else the first answer), count, n (who answered, don't know included),
        unanswered, asked, lower, upper (share of all asked, at worst and at best), and with `impute` imputed, se (linearised, with
        finite correction where the frame is known; missing where all answers of a class are alike and nothing says how far they vary).
        Questions that nobody answered, or whose route cannot be known, are left out and counted in the note.

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.
        AnalysisError: unknown items or variables, or a variable with gaps.

    Source:
        Manski 1989 for the limits; Rao 1973 for the standard error.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> found = item_nonresponse(example_survey(), "refers")
        >>> found.frame[["count", "n", "unanswered", "asked"]].values.tolist()
        [[8, 12, 0, 12]]
    """
    survey = as_survey(survey, items)
    require_permitted(survey, "what those without an answer could change")
    asked = survey.questionnaire
    chosen = find_items(survey, items)[0] if items is not None else asked.items if asked else find_items(survey, "")[0]
    names = [impute] if isinstance(impute, str) else list(impute)
    classes = _classes(survey, names)
    rows: list[dict[str, Any]] = []
    questions: dict[Any, Any] = {}
    answers: dict[Any, Any] = {}
    wanted = [item for item in chosen if item.type in _ONE_ANSWER]
    for item in wanted:
        row = _row(survey, item, classes)
        if row is not None:
            found, question, answer = row
            rows.append(found)
            questions[item.id], answers[item.id, found["code"]] = question, answer
    title = Phrase("weighting.item_nonresponse_title", {"survey": survey.title})
    if not rows:
        return Result.missing(Phrase("absent.asked_and_answered"), title=title)
    notes = [Phrase("weighting.item_nonresponse_note")]
    if names:
        notes.append(Phrase("weighting.item_nonresponse_imputed", {"by": ", ".join(names)}))
    if any(row.get("se") != row.get("se") for row in rows):
        notes.append(Phrase("weighting.item_nonresponse_alike"))
    if len(rows) < len(wanted):
        notes.append(Phrase("weighting.item_nonresponse_left_out", {"n": len(wanted) - len(rows)}))
    guessed = (
        Column("imputed", Phrase("weighting.item_nonresponse_guess"), "points", 1),
        Column("se", Phrase("weighting.item_nonresponse_se"), "points", 1),
    )
    columns = ["item", "code", "count", "n", "unanswered", "asked", "lower", "upper", *(["imputed", "se"] if names else [])]
    return Result(
        frame=pd.DataFrame(rows)[columns],
        base=whole_base(survey),
        title=title,
        notes=tuple(notes),
        shows=(
            Labelled("question", Phrase("weighting.question_answer"), of=("item", "code")),
            Share("share", Phrase("weighting.bounds_share"), counts=True),
            Column("unanswered", Phrase("tabulation.unanswered"), "count"),
            Interval("limits", Phrase("weighting.item_nonresponse_limits"), decimals=1, scale=100),
            *(guessed if names else ()),
        ),
        kind=survey.kind,
        at="/".join([survey.id, "item-nonresponse", *(f"by-{address_part(name)}" for name in names)]),
        keys=("item", "code"),
        measures=(
            Measure("count"),
            Measure("share", "share", count="count"),
            Measure("unanswered", of="asked"),
            *(Measure(name, "points", 1, of="asked") for name in ("lower", "upper", *(("imputed", "se") if names else ()))),
        ),
        labels={"item": Labels(questions), "code": Labels(answers, on=("item", "code"))},
    )


def _classes(survey: Survey, names: Sequence[str]) -> np.ndarray[Any, np.dtype[np.intp]] | None:
    """The class of every respondent by the combination of the variables."""
    if not names:
        return None
    survey.require_joint("imputation by " + ", ".join(names))
    categories = categories_of(variables_of(survey, names), names)
    return pd.factorize(pd.Series(list(zip(*categories.values(), strict=True)), dtype=object))[0]


def _row(survey: Survey, item: Item, classes: np.ndarray[Any, np.dtype[np.intp]] | None) -> tuple[dict[str, Any], Any, Any] | None:
    given = read_answers(survey, item)
    route = who_was_asked(survey, given)
    key = key_share(survey, item, "answered")
    if key is None or not route.computable or given.position is None:
        return None
    codes = [option.code for option in given.options]
    scale = survey.questionnaire.scales.get(item.scale) if survey.questionnaire and item.scale else None
    counting = list(scale.top) if scale is not None and key.row["code"] == "top" else [key.row["code"]]
    asked, answered = route.scope, route.scope & given.given
    yes = answered & given.chose([codes.index(code) for code in counting])
    x, n, everybody = int(yes.sum()), int(answered.sum()), int(asked.sum())
    row = {"item": item.id, "code": key.row["code"], "count": x, "n": n, "unanswered": everybody - n, "asked": everybody}
    row |= {"lower": x / everybody, "upper": (x + everybody - n) / everybody}
    if classes is not None:
        row |= _imputed(survey, item, classes, yes, answered, asked)
    return row, key.question, key.answer


def _imputed(survey: Survey, item: Item, classes: Any, yes: Any, answered: Any, asked: Any) -> dict[str, float]:
    hits, given, everybody = (np.bincount(classes[who], minlength=int(classes.max()) + 1).tolist() for who in (yes, answered, asked))
    if answered.sum() < 2:
        return {"imputed": float("nan"), "se": float("nan")}
    # Only a question that was put to everybody has the frame as its population.
    population = survey.questionnaire.frame.population if survey.questionnaire and not item.route else None
    found = imputed_share(hits, given, everybody, population)
    return {"imputed": found.value, "se": found.se if 0 < found.value < 1 else float("nan")}

"""Nonresponse: what those who did not answer can change of a share, and how unlike they must be for a conclusion to change."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Item, Survey
from vvvresearch.locales import Joined, Phrase, Written
from vvvresearch.results import Base, Column, Interval, Labelled, Labels, Measure, Result, Share, Total, address_part
from vvvresearch.statistics.goals import tipping_points
from vvvresearch.statistics.imputation import imputed_share
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.tabulation._answers import as_survey, find_items, read_answers
from vvvresearch.survey.tabulation._asked import who_was_asked
from vvvresearch.survey.tabulation._overview import whole_base
from vvvresearch.survey.tabulation._tabulate import known_unit, tabulate
from vvvresearch.survey.weighting._targets import categories_of, variables_of
from vvvresearch.survey.weighting._whole_frame import key_share

_IMPUTED = ("imputed", "imputed_lower", "imputed_upper")
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
        Manski 1989 for the limits of what is not known; Rao 1973 for those of what is filled in.

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
    if any(row.get("imputed") != row.get("imputed") for row in rows):
        notes.append(Phrase("weighting.item_nonresponse_too_few"))
    if len(rows) < len(wanted):
        notes.append(Phrase("weighting.item_nonresponse_left_out", {"n": len(wanted) - len(rows)}))
    guessed = (
        Column("imputed", Phrase("weighting.item_nonresponse_guess"), "points", 1),
        Interval("sure", Phrase("weighting.item_nonresponse_sure"), lower="imputed_lower", upper="imputed_upper", decimals=1, scale=100),
    )
    columns = ["item", "code", "count", "n", "unanswered", "asked", "lower", "upper", *(_IMPUTED if names else ())]
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
            *(Measure(name, "points", 1, of="asked") for name in ("lower", "upper", *(_IMPUTED if names else ()))),
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
        return dict.fromkeys(_IMPUTED, float("nan"))
    # Only a question that was put to everybody has the frame as its population.
    population = survey.questionnaire.frame.population if survey.questionnaire and not item.route else None
    found = imputed_share(hits, given, everybody, population)
    return dict(zip(_IMPUTED, (found.value, found.lower, found.upper), strict=True))


def tipping_table(
    survey: Survey | pd.DataFrame,
    item: str,
    codes: str | Sequence[str] = (),
    *,
    threshold: float | str = "0.5",
    population: int | None = None,
    steps: int = 10,
) -> Result:
    """Between the worst case and "the others are like those who answered": at which answers of the others a conclusion tips.

    The conclusion is on which side of the threshold the share of the whole frame lies.

    Args:
        survey: answers with a questionnaire that knows the size of the frame; or a plain table, with `population`.
        item: an item with options that was put to everybody.
        codes: the answer or answers that count, default the top of the scale, else the first.
        threshold: the share that decides, between 0 and 1 ("0.75" for 75 %, "2/3" for two thirds).
        population: size of the frame; default the questionnaire's.
        steps: evenly spread rows, those beside the tipping point apart.

    Returns:
        Result; `.frame`: hits (of those who did not answer), others (how many they are), count and population (the whole frame then),
        difference (their share less that of the answers, −1 to 1), holds. Totals seen (share of the answers), tips (the fewest of
        the others that differ enough; missing where the conclusion holds whatever they say). Absent where the size of the frame is
        not known.

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.
        AnalysisError: an unknown item or code, nobody answered, a routed item, or a frame smaller than the answers.

    Source:
        Yan, Lee and Li 2009, for a share and without a model; Manski 1989 for its ends.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> found = tipping_table(example_survey(), "refers", population=20, threshold=0.5, steps=2)
        >>> found.frame[["hits", "holds"]].values.tolist()
        [[0, False], [1, False], [2, True], [4, True], [8, True]]
    """
    survey = as_survey(survey, item)
    require_permitted(survey, "a statement about the whole frame")
    asked = survey.questionnaire
    known = population if population is not None else asked.frame.population if asked else None
    title = Phrase("weighting.tipping_title")
    if known is None or asked is None:
        return Result.missing(Phrase("absent.population"), title=title)
    if asked.item(item).route and population is None:
        raise AnalysisError(f"{item} was put to some only", where="item", todo="say with population= how many they are")
    x, n, words = _counted(survey, item, codes)
    points = tipping_points(x, n, known, threshold, steps)
    others = known - n
    frame = pd.DataFrame(
        {
            "hits": [one.hits for one in points],
            "others": others,
            "count": [x + one.hits for one in points],
            "population": known,
            "difference": [float(one.difference) for one in points],
            "holds": [one.holds for one in points],
        }
    )
    ends = [one.hits for one in points if not one.holds]
    changes = [abs(hits - others * x / n) for hits in ends]
    tips = ends[changes.index(min(changes))] if ends else None
    told = {"threshold": Written(float(100 * Fraction(str(threshold))), "percent"), "x": x, "n": n, "others": others, "answer": words}
    notes = [Phrase("weighting.tipping_note", told)]
    notes.append(Phrase("weighting.tipping_never") if tips is None else Phrase("weighting.tipping_at", {"hits": tips, "others": others}))
    return Result(
        frame=frame,
        base=Base(n, known_unit(asked.frame.unit), group=asked.group, wave=asked.wave, question=asked.item(item).text, population=known),
        title=title,
        notes=tuple(notes),
        shows=(
            Share("of_others", Phrase("weighting.tipping_others"), count="hits", n="others", counts=True),
            Column("difference", Phrase("weighting.tipping_difference"), "points", 1),
            Share("whole", Phrase("weighting.tipping_whole"), count="count", n="population", counts=True, decimals=1),
            Column("holds", Phrase("weighting.tipping_holds")),
        ),
        kind=survey.kind,
        keys=("hits",),
        measures=(Measure("difference", "points", 1, of=""),),
        totals={"seen": Total(x / n, format="number", decimals=3)} | ({} if tips is None else {"tips": Total(tips)}),
    )


def _counted(survey: Survey, item: str, codes: str | Sequence[str]) -> tuple[int, int, Joined | Phrase | str]:
    """How many gave the answers that count, of how many, and what they are called."""
    wanted = [codes] if isinstance(codes, str) and codes else list(codes)
    if not wanted:
        key = key_share(survey, item)
        if key is None:
            raise AnalysisError("nobody answered", where=item)
        return int(key.row["count"]), int(key.row["n"]), Joined((key.answer,))
    table = tabulate(survey, item)
    rows = table.frame.set_index("code") if "code" in table.frame else pd.DataFrame()
    if unknown := [code for code in wanted if code not in rows.index]:
        raise AnalysisError(f"{item} has no answer {unknown[0]!r}", where="codes", todo=did_you_mean(unknown[0], map(str, rows.index)))
    chosen = rows.loc[wanted]
    if not (chosen["n"] > 0).all():
        raise AnalysisError("nobody answered", where=item)
    answers = table.labels["code"].words
    return int(chosen["count"].sum()), int(chosen["n"].iloc[0]), Joined(tuple(answers[item, code] for code in wanted))

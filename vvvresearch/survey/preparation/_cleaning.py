"""Cleaning a wave of incomplete and double answers and those of people who were not asked; and who answered of those who could."""

from __future__ import annotations

import dataclasses
import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Survey, code_text
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Labels, Measure, Result, Share
from vvvresearch.survey.tabulation._answers import as_survey, find_items, read_answers
from vvvresearch.survey.tabulation._asked import RouteWarning, who_was_asked
from vvvresearch.survey.tabulation._overview import whole_base

Keep = Literal["most_complete", "first", "last"]
LOG_COLUMNS = ("respondent", "unit", "what", "why", "rule")


@dataclass(frozen=True)
class CleaningRules:
    """What makes an answer count. Every rule is printed with what it removed.

    Args:
        unit: the column that names who was invited (a municipality); "" is the index of the answers.
        required: items that must be answered when they are asked.
        minimum_answered: the least share (0–1) of the items asked of a respondent that must be answered.
        finished: a column that says whether the form was handed in, and the values that mean it was.
        keep: which of a unit's several answers counts: the most complete one (the last among equals), the first, the last.
        order: the column that tells first from last (a date); "" is the order of rows.
        invited_only: whether a unit that is not in the list of invited is left out.
    """

    unit: str = ""
    required: tuple[str, ...] = ()
    minimum_answered: float = 0.0
    finished: tuple[str, tuple[str, ...]] | None = None
    keep: Keep = "most_complete"
    order: str = ""
    invited_only: bool = True


def clean_answers(survey: Survey, rules: CleaningRules | None = None) -> Survey:
    """A survey without incomplete and double answers; `log` has one row for each that was left out, with the reason.

    Answers are left out in this order: not invited, incomplete, double. Who was asked follows the routes, so an item that a
    respondent was never led to does not make the answer incomplete.

    Args:
        survey: the answers as they came, with their questionnaire; `invited` where it is known.
        rules: what makes an answer count; default: every answer of an invited unit, the most complete of several.

    Returns:
        Survey: the answers that count, in their order, indexed by the unit where the rules name one.

    Raises:
        AnalysisError: a rule names a column or an item that is not there, or a unit is empty.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> cleaned = clean_answers(example_survey(), CleaningRules(required=("benefit",)))
        >>> cleaned.log[["respondent", "what", "why"]].values.tolist()
        [['K12', 'incomplete', 'asked but not answered: benefit']]
    """
    rules = rules or CleaningRules()
    _check_rules(survey, rules)
    answers = survey.answers
    units = _units(survey, rules)
    answered, asked, required = completeness(survey, rules.required)
    share = np.where(asked > 0, answered / np.maximum(asked, 1), 0.0)
    log: list[dict[str, str]] = []
    kept = np.ones(len(answers), dtype=bool)

    def leave_out(place: int, what: str, why: str, rule: str) -> None:
        kept[place] = False
        log.append(dict(zip(LOG_COLUMNS, (str(answers.index[place]), units[place], what, why, rule), strict=True)))

    invited = None if survey.invited is None else {str(unit) for unit in survey.invited.index}
    for place in range(len(answers)):
        if invited is not None and rules.invited_only and units[place] not in invited:
            leave_out(place, "not invited", "the unit is not in the list of invited", "invited_only")
        elif rules.finished and code_text(answers[rules.finished[0]].iloc[place]) not in rules.finished[1]:
            leave_out(place, "incomplete", f"{rules.finished[0]} is {code_text(answers[rules.finished[0]].iloc[place])!r}", "finished")
        elif required[place]:
            leave_out(place, "incomplete", f"asked but not answered: {', '.join(required[place])}", "required")
        elif share[place] < rules.minimum_answered:
            leave_out(
                place, "incomplete", f"{answered[place]} of {asked[place]} items answered", f"minimum_answered {rules.minimum_answered:g}"
            )
    for places in _doubles(units, kept):
        best = _best(survey, rules, places, answered)
        for place in places:
            if place != best:
                differ = _differences(survey, place, best)
                why = f"the answer {answers.index[best]} of the same unit counts; they differ in {differ} columns"
                leave_out(place, "double", why, f"keep {rules.keep}")
    frame = answers[kept]
    if rules.unit:
        frame = frame.drop(columns=rules.unit)
        frame.index = pd.Index([unit for unit, stays in zip(units, kept, strict=True) if stays], name="respondent")
    table = pd.DataFrame(log, columns=list(LOG_COLUMNS))
    earlier = [] if survey.log is None else [survey.log]
    return dataclasses.replace(survey, answers=frame, log=pd.concat([*earlier, table], ignore_index=True))


def cleaning_steps(before: Survey, after: Survey) -> Result:
    """From those invited to those that count, step by step, with shares of the invited.

    Args:
        before: the answers as they came.
        after: what `clean_answers` made of them.

    Returns:
        Result: frame with the columns step, count, n (the invited, for those steps that are a share of them). Addresses
        `<survey>/cleaning.<step>.count`.

    Raises:
        AnalysisError: `after` has no log.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> survey = example_survey()
        >>> steps = cleaning_steps(survey, clean_answers(survey, CleaningRules(required=("benefit",)))).frame
        >>> steps.loc[steps["step"].isin(["invited", "counted"]), "count"].tolist()
        [15, 11]
    """
    if after.log is None or "what" not in after.log:
        raise AnalysisError("the answers have not been cleaned", todo="use clean_answers first")
    invited = _invited(after)
    removed = after.log["what"].value_counts()
    steps: list[tuple[str, int | None]] = [("invited", invited), ("received", len(before.answers))]
    steps += [(f"removed_{what.replace(' ', '_')}", int(removed.get(what, 0))) for what in ("not invited", "incomplete", "double")]
    steps.append(("counted", len(after.answers)))
    frame = pd.DataFrame([(step, count) for step, count in steps if count is not None], columns=["step", "count"])
    frame["n"] = [invited if step in ("invited", "counted") else float("nan") for step in frame["step"]]
    return Result(
        frame=frame,
        base=whole_base(after),
        title=Phrase("cleaning.title"),
        shows=(
            Column("step", Phrase("cleaning.step")),
            Column("count", Phrase("common.n"), "count"),
            Share("share", Phrase("cleaning.of_invited")),
        ),
        kind=after.kind,
        at=f"{after.id}/cleaning",
        keys=("step",),
        measures=(Measure("count", of=""), Measure("share", "share", count="count")),
        labels={"step": Labels({}, table="cleaning")},
    )


def _invited(survey: Survey) -> int | None:
    if survey.invited is not None:
        return len(survey.invited)
    return survey.questionnaire.frame.invited if survey.questionnaire else None


def _check_rules(survey: Survey, rules: CleaningRules) -> None:
    if rules.keep not in ("most_complete", "first", "last") or not 0 <= rules.minimum_answered <= 1:
        raise AnalysisError(
            "these cleaning rules cannot be followed", why="keep is most_complete, first or last; minimum_answered is 0 to 1"
        )
    columns = [column for column in (rules.unit, rules.order, rules.finished[0] if rules.finished else "") if column]
    for column in columns:
        if column not in survey.answers.columns:
            raise AnalysisError(f"the answers have no column {column!r}", todo=did_you_mean(column, map(str, survey.answers.columns)))
    for name in rules.required:
        find_items(survey, name)


def _units(survey: Survey, rules: CleaningRules) -> list[str]:
    source: Any = survey.answers[rules.unit] if rules.unit else survey.answers.index
    units = [code_text(value) for value in source]
    if empty := [str(survey.answers.index[place]) for place, unit in enumerate(units) if not unit]:
        raise AnalysisError("an answer does not say whose it is", where=f"respondent {', '.join(empty[:5])}")
    return units


def completeness(survey: Survey, required: tuple[str, ...] = ()) -> tuple[Any, Any, list[list[str]]]:
    """Items answered and items asked of each respondent, free text apart, and the required ones that are missing."""
    count = len(survey.answers)
    answered, asked = np.zeros(count, dtype=int), np.zeros(count, dtype=int)
    missing: list[list[str]] = [[] for _ in range(count)]
    for item in survey.questionnaire.items if survey.questionnaire else ():
        answers = read_answers(survey, item)
        if not answers.present:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RouteWarning)
            route = who_was_asked(survey, answers).route
        if item.type != "open":  # an empty comment is no missing answer
            asked += route
            answered += route & answers.given
        if item.id in required:
            for place in np.flatnonzero(route & ~answers.given):
                missing[place].append(item.id)
    return answered, asked, missing


def _doubles(units: list[str], kept: Any) -> list[list[int]]:
    places: dict[str, list[int]] = {}
    for place, unit in enumerate(units):
        if kept[place]:
            places.setdefault(unit, []).append(place)
    return [found for found in places.values() if len(found) > 1]


def _best(survey: Survey, rules: CleaningRules, places: list[int], answered: Any) -> int:
    def when(place: int) -> tuple[str, int]:
        return (code_text(survey.answers[rules.order].iloc[place]) if rules.order else "", place)

    if rules.keep == "first":
        return min(places, key=when)
    if rules.keep == "last":
        return max(places, key=when)
    return max(places, key=lambda place: (int(answered[place]), when(place)))


def _differences(survey: Survey, one: int, other: int) -> int:
    left, right = survey.answers.iloc[one], survey.answers.iloc[other]
    return sum(code_text(first) != code_text(second) for first, second in zip(left, right, strict=True))


_RULES = ("invited_only", "finished", "required", "minimum_answered", "keep")
_WHAT = ("not invited", "incomplete", "double")


def left_out(survey: Survey) -> Result:
    """How many answers cleaning left out, and by which rule; who gave them is not shown.

    Args:
        survey: from `clean_answers`.

    Returns:
        Result; `.frame`: what, rule, count. Addresses `<survey>/left-out.<what>.<rule>.count`. Absent where every answer counts.

    Raises:
        AnalysisError: the answers have not been cleaned.

    Example:
        >>> from vvvresearch.survey import CleaningRules, clean_answers, example_survey
        >>> left_out(clean_answers(example_survey(), CleaningRules(required=("benefit",)))).frame.values.tolist()
        [['incomplete', 'required', 1]]
    """
    if survey.log is None or not {"what", "rule"} <= set(survey.log.columns):
        raise AnalysisError("the answers have not been cleaned", todo="use clean_answers first")
    title = Phrase("cleaning.left_out_title", {"survey": survey.title})
    removed = survey.log[survey.log["what"].isin(_WHAT)]
    if removed.empty:
        return Result.missing(Phrase("cleaning.nothing_left_out"), title=title)
    # A rule may carry its setting: "keep first", "minimum_answered 0.5".
    counted = removed.assign(rule=removed["rule"].str.split().str[0]).groupby(["what", "rule"], sort=False).size()
    return Result(
        frame=pd.DataFrame(counted.reset_index(name="count")),
        base=Base(len(removed), whole_base(survey).unit),
        title=title,
        shows=(
            Column("what", Phrase("cleaning.left_out_what")),
            Column("rule", Phrase("cleaning.left_out_rule")),
            Column("count", Phrase("common.n"), "count"),
        ),
        kind=survey.kind,
        at=f"{survey.id}/left-out",
        keys=("what", "rule"),
        measures=(Measure("count", of=""),),
        labels={
            "what": Labels({what: Phrase(f"cleaning.removed_{what.replace(' ', '_')}") for what in _WHAT}),
            "rule": Labels({rule: Phrase(f"cleaning.rule_{rule}") for rule in _RULES}),
        },
    )


_NAN = float("nan")


def response(survey: Survey | pd.DataFrame, *, invited: int | None = None) -> Result:
    """Population, invited, answered, complete, each with its share of the step before it that is known.

    Complete is who answered every item that its route led them to; free text may stay empty. In reconstructed answers, whose rows
    stand for nobody, that is not counted.

    Args:
        survey: answers, with their questionnaire and the invited where those are known.
        invited: how many were, where neither a list nor the questionnaire says it.

    Returns:
        Result; `.frame`: step, count, n (population for the invited, invited for the answered, answered for the complete; missing
        where it is not known). Addresses `<survey>/response.<step>.share`.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> response(example_survey()).frame.values.tolist()[1:3]
        [['invited', 15.0, 15.0], ['answered', 12.0, 15.0]]
    """
    survey = as_survey(survey)
    frame = survey.questionnaire.frame if survey.questionnaire else None
    known = len(survey.invited) if survey.invited is not None else frame.invited if frame else None
    if invited is not None and (known not in (None, invited) or invited < len(survey.answers)):
        why = f"{len(survey.answers)} answered" if known in (None, invited) else f"the survey says {known}"
        raise AnalysisError(f"{invited} cannot be how many were invited", where="invited", why=why)
    invited = invited if known is None else known
    counts: dict[str, int | None] = {
        "population": frame.population if frame else None,
        "invited": invited,
        "answered": len(survey.answers),
        "complete": None if survey.kind is DataKind.RECONSTRUCTED or frame is None else _complete(survey),
    }
    rows = []
    before: int | None = None
    for step, count in counts.items():
        if count is not None:
            rows.append({"step": step, "count": count, "n": _NAN if before is None else before})
            before = count
    return Result(
        frame=pd.DataFrame(rows).astype({"count": "float64", "n": "float64"}),
        base=whole_base(survey),
        title=Phrase("tabulation.response_title", {"survey": survey.title}),
        notes=(Phrase("tabulation.response_note"),),
        shows=(
            Column("step", Phrase("tabulation.response_step")),
            Column("count", Phrase("common.n"), "count"),
            Share("share", Phrase("tabulation.response_share")),
        ),
        kind=survey.kind,
        at=f"{survey.id}/response",
        keys=("step",),
        measures=(Measure("count", of=""), Measure("share", "share", count="count")),
        labels={"step": Labels({step: Phrase(f"tabulation.response_{step}") for step in counts})},
    )


def _complete(survey: Survey) -> int:
    """Who answered every item that they were asked, free text apart."""
    answered, asked, _ = completeness(survey)
    return int((answered == asked).sum())

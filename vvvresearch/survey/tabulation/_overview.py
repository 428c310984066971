"""All answers of a survey under one another, and the bases of its items side by side."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vvvresearch.evidence import Survey
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Labels, Measure, Result, Share
from vvvresearch.survey.tabulation._answers import BLANK, as_survey, find_items, read_answers
from vvvresearch.survey.tabulation._asked import complete, who_was_asked
from vvvresearch.survey.tabulation._counting import base_counts
from vvvresearch.survey.tabulation._tabulate import known_unit, tabulate

_COUNTS = ("asked", "answered", "dont_know", "refused", "unanswered", "not_asked", "not_in_wave", "off_route")


def topline(survey: Survey | pd.DataFrame, *, decimals: int = 0) -> Result:
    """Every item's answers under one another: the first thing to look at when a wave is in.

    Args:
        survey: answers with their questionnaire; or a plain table, whose every column is then a question.
        decimals: digits of percentages.

    Returns:
        Result: frame with the rows of `tabulate` for every item with options, at the same addresses; number items are left to their
        own tables.

    Raises:
        AnalysisError: as in `tabulate`.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> len(topline(example_survey()).frame)
        12
    """
    survey = as_survey(survey)
    items = survey.questionnaire.items if survey.questionnaire else find_items(survey, "")[0]
    tables = [tabulate(survey, item, decimals=decimals) for item in items if item.type != "number"]
    texts: dict[Any, Any] = {}
    answers: dict[Any, Any] = {}
    bases: dict[tuple[Any, ...], Base] = {}
    for table in tables:
        texts |= table.labels["item"].words
        answers |= table.labels["code"].words
        bases |= table.bases
    notes = {note.say("en") if isinstance(note, Phrase) else note: note for table in tables for note in table.notes}
    return Result(
        frame=pd.concat([table.frame for table in tables], ignore_index=True) if tables else pd.DataFrame(),
        base=whole_base(survey),
        title=survey.title,
        shows=(
            Column("item", Phrase("tabulation.statement")),
            Column("code", Phrase("tabulation.answer")),
            Column("count", Phrase("common.n"), "count"),
            Share("share", Phrase("common.percent"), decimals=decimals),
            Column("n", "n", "count"),
        ),
        notes=tuple(notes.values()),
        kind=survey.kind,
        at=survey.id,
        keys=("item", "code"),
        measures=tables[0].measures if tables else (),
        labels={"item": Labels(texts), "code": Labels(answers, on=("item", "code"))},
        bases=bases,
        base_on=("item",),
    )


def base_table(survey: Survey | pd.DataFrame) -> Result:
    """Item by item: asked, answered, don't know, refused, asked without an answer, not asked, not in this wave.

    The first six count respondents who were asked; asked and not asked add up to all. `off_route` counts answers of
    people whom the route does not lead to the item.

    Args:
        survey: as `topline`.

    Returns:
        Result: frame with the columns item, asked, answered, dont_know, refused, unanswered, not_asked, not_in_wave, off_route; what
        cannot be known is missing.

    Raises:
        AnalysisError: no questionnaire, or codes that it does not know.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> base_table(example_survey()).frame[["item", "asked", "not_asked"]].values.tolist()[1]
        ['agreement', 8, 4]
    """
    survey = as_survey(survey)
    items = survey.questionnaire.items if survey.questionnaire else find_items(survey, "")[0]
    rows: list[dict[str, Any]] = []
    for item in items:
        answers = read_answers(survey, item)
        asked = who_was_asked(survey, answers)
        counts: dict[str, int | None] = {name: value or 0 for name, value in base_counts(answers, asked).items()}
        if not asked.computable:
            counts["asked"] = counts["not_asked"] = None
        counts["unanswered"] = int((asked.route & ~answers.given).sum()) if asked.computable else int((answers.state == BLANK).sum())
        counts["off_route"] = int(asked.stray.sum())
        if item.missing_reason is not None and not complete(answers, asked):
            counts |= dict.fromkeys(("answered", "dont_know", "refused", "unanswered"))
        rows.append({"item": item.id, **{name: counts[name] for name in _COUNTS}})
    heads = {name: Phrase(f"tabulation.{'not_in_wave_short' if name == 'not_in_wave' else name}") for name in _COUNTS}
    return Result(
        frame=pd.DataFrame(rows).astype(dict.fromkeys(_COUNTS, "Int64")),
        base=whole_base(survey),
        title=Phrase("tabulation.base_title"),
        shows=(Column("item", Phrase("tabulation.item")), *(Column(name, words, "count") for name, words in heads.items())),
        kind=survey.kind,
        at=f"{survey.id}/bases",
        keys=("item",),
        measures=tuple(Measure(name, of="", label=words) for name, words in heads.items()),
        labels={"item": Labels({item.id: item.text for item in items})},
    )


def whole_base(survey: Survey) -> Base:
    """Everybody who answered a survey."""
    asked = survey.questionnaire
    if asked is None:
        return Base(len(survey.answers))
    return Base(len(survey.answers), known_unit(asked.frame.unit), group=asked.group, wave=asked.wave)

"""All tables of a survey at once, and the bases of its items side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.evidence import Survey
from vvvresearch.locales import Lang, Phrase, check_lang
from vvvresearch.results import Base, Column, Result
from vvvresearch.survey.tabulation._answers import BLANK, find_items, read_answers
from vvvresearch.survey.tabulation._asked import OffRoute, who_was_asked
from vvvresearch.survey.tabulation._banner import banners
from vvvresearch.survey.tabulation._counting import base_counts, weights_of
from vvvresearch.survey.tabulation._table import SMALL_N, SurveyTable
from vvvresearch.survey.tabulation._tabulate import Settings, known_unit, table_of

if TYPE_CHECKING:
    from vvvresearch.survey.tabulation._asked import Denominator

_COUNTS = ("asked", "answered", "dont_know", "refused", "unanswered", "not_asked", "not_in_wave", "off_route")


def tabulate_all(
    survey: Survey,
    by: str | Sequence[str] | None = None,
    denominator: Denominator | None = None,
    weights: str | bool | pd.Series[float] | None = None,
    lang: Lang = "da",
    *,
    decimals: int = 0,
    off_route: OffRoute = "keep",
) -> dict[str, SurveyTable]:
    """Every table of a survey: one for each battery and each item outside one.

    Args:
        survey, by, denominator, weights, lang, decimals, off_route: as in `tabulate`; banners are worked out once.

    Returns:
        name of the battery or id of the item → its table, in the order of the questionnaire.

    Raises:
        NotPermittedError, AnalysisError: as in `tabulate`.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> list(tabulate_all(example_survey(), by="region"))
        ['refers', 'agreement', 'benefit', 'partners', 'wish']
    """
    check_lang(lang)
    questionnaire = survey.questionnaire
    names = dict.fromkeys(item.battery or item.id for item in questionnaire.items) if questionnaire else {"": None}
    heads, heavy = banners(survey, by), weights_of(survey, weights)
    settings = Settings(denominator, heavy, lang, decimals, off_route, SMALL_N)
    return {name: table_of(survey, *find_items(survey, name), heads, settings) for name in names}


def topline(survey: Survey, lang: Lang = "da", *, decimals: int = 0) -> Result:
    """All single tables one under another: the first thing to look at when a wave is in.

    Returns:
        Result: frame with the tidy rows of every item with options; number items are left to their own tables.

    Args:
        survey: answers with their questionnaire.
        lang: "da" or "en".
        decimals: digits of percentages.

    Raises:
        AnalysisError: as in `tabulate`.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> len(topline(example_survey()).frame)
        12
    """
    tables = [table for table in tabulate_all(survey, lang=lang, decimals=decimals).values() if "count" in table.frame]
    frame = pd.concat([table.frame for table in tables], ignore_index=True) if tables else pd.DataFrame()
    columns = (
        Column("text", Phrase("tabulation.statement")),
        Column("label", Phrase("tabulation.answer")),
        Column("count", Phrase("common.n"), "count"),
        Column("percent", Phrase("common.percent"), "percent", decimals),
        Column("n", "n", "count"),
    )
    notes = {note.say("en") if isinstance(note, Phrase) else note: note for table in tables for note in table.notes}
    base = Base(len(survey.answers), unit=_unit(survey), group=_words(survey, "group", lang), wave=_words(survey, "wave", lang))
    return Result(frame=frame, base=base, shows=columns, notes=tuple(notes.values()), kind=survey.kind, lang=lang)


def base_table(survey: Survey, lang: Lang = "da") -> Result:
    """Item by item: asked, answered, don't know, refused, asked without an answer, not asked, not in this wave.

    The first six count respondents who were asked; asked and not asked add up to all. `off_route` counts answers of
    people whom the route does not lead to the item.

    Returns:
        Result: frame with the columns item, text, asked, answered, dont_know, refused, unanswered, not_asked, not_in_wave,
        off_route; what cannot be known is missing.

    Raises:
        AnalysisError: no questionnaire, or codes that it does not know.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> base_table(example_survey()).frame[["item", "asked", "not_asked"]].values.tolist()[1]
        ['agreement', 8, 4]
    """
    check_lang(lang)
    questionnaire = survey.questionnaire
    rows: list[dict[str, Any]] = []
    for item in questionnaire.items if questionnaire else find_items(survey, "")[0]:
        answers = read_answers(survey, item)
        asked = who_was_asked(survey, answers)
        counts: dict[str, int | None] = {name: value or 0 for name, value in base_counts(answers, asked).items()}
        if not asked.computable:
            counts["asked"] = counts["not_asked"] = None
        counts["unanswered"] = int((asked.route & ~answers.given).sum()) if asked.computable else int((answers.state == BLANK).sum())
        counts["off_route"] = int(asked.stray.sum())
        rows.append({"item": item.id, "text": item.text.say(lang), **{name: counts[name] for name in _COUNTS}})
    frame = pd.DataFrame(rows).astype(dict.fromkeys(_COUNTS, "Int64"))
    heads = {name: "not_in_wave_short" if name == "not_in_wave" else name for name in _COUNTS}
    columns = (
        Column("text", Phrase("tabulation.item")),
        *(Column(name, Phrase(f"tabulation.{key}"), "count") for name, key in heads.items()),
    )
    base = Base(len(survey.answers), unit=_unit(survey), group=_words(survey, "group", lang), wave=_words(survey, "wave", lang))
    return Result(frame=frame, base=base, title=Phrase("tabulation.base_title"), shows=columns, kind=survey.kind, lang=lang)


def _unit(survey: Survey) -> str:
    return known_unit(survey.questionnaire.frame.unit) if survey.questionnaire else "respondent"


def _words(survey: Survey, name: str, lang: Lang) -> str:
    return getattr(survey.questionnaire, name).say(lang) if survey.questionnaire else ""

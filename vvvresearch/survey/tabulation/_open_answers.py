"""What respondents wrote in their own words."""

from __future__ import annotations

import pandas as pd

from vvvresearch.evidence import Survey, code_text
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.results import Column, Labels, Result
from vvvresearch.survey.tabulation._frames import as_survey
from vvvresearch.survey.tabulation._overview import whole_base


def open_answers(survey: Survey | pd.DataFrame) -> Result:
    """Every written answer with its question; who wrote it is not shown.

    Args:
        survey: answers with their questionnaire.

    Returns:
        Result; `.frame`: item, text, in the order of the questionnaire and of the answers. Absent where nobody wrote anything, and
        for reconstructed answers, whose texts were never published.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> open_answers(example_survey()).frame["text"].tolist()[:2]
        ['flere møder', 'en aftale']
    """
    survey = as_survey(survey)
    items = [item for item in survey.questionnaire.items if item.type == "open"] if survey.questionnaire else []
    written = [
        {"item": item.id, "text": text}
        for item in items
        if item.id in survey.answers.columns
        for text in map(code_text, survey.answers[item.id])
        if text
    ]
    title = Phrase("tabulation.open_title", {"survey": survey.title})
    if not written or survey.kind is DataKind.RECONSTRUCTED:
        return Result.missing(Phrase("absent.open_answers"), title=title)
    return Result(
        frame=pd.DataFrame(written),
        base=whole_base(survey),
        title=title,
        shows=(Column("text", Phrase("tabulation.open_text")), Column("item", Phrase("tabulation.item"))),
        kind=survey.kind,
        labels={"item": Labels({item.id: item.text for item in items})},
    )

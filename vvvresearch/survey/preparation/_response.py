"""Who answered a survey: from those who could have, over those who were invited, to those who answered all they were asked."""

from __future__ import annotations

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.results import Column, Labels, Measure, Result, Share
from vvvresearch.survey.preparation._cleaning import completeness
from vvvresearch.survey.tabulation._frames import as_survey
from vvvresearch.survey.tabulation._overview import whole_base

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

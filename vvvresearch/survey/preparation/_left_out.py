"""What cleaning left out, counted by what was wrong and by the rule."""

from __future__ import annotations

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Labels, Measure, Result
from vvvresearch.survey.tabulation._overview import whole_base

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

"""Several answers to one item as one number, everybody counted once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Item, Survey
from vvvresearch.locales import Joined, Phrase
from vvvresearch.results import Labels, Result, recorded
from vvvresearch.survey.tabulation._answers import as_survey, find_items, read_answers
from vvvresearch.survey.tabulation._asked import Denominator, OffRoute, counted, who_was_asked
from vvvresearch.survey.tabulation._rows import APART
from vvvresearch.survey.tabulation._tabulate import tabulate

_JOINT = "/"


@recorded
def any_of(
    survey: Survey | pd.DataFrame,
    item: str | Item,
    codes: Sequence[str],
    *,
    denominator: Denominator | None = None,
    off_route: OffRoute = "keep",
) -> Result:
    """How many gave at least one of several answers to an item: who ticked two of them counts once.

    Args:
        survey: answers with their questionnaire, or a plain table of answers.
        item: an item with options, with one answer a respondent or several.
        codes: the answers.
        denominator, off_route: as in `tabulate`.

    Returns:
        Result with one row: item, code (all of them, parted by slashes), count, n; address
        `<survey>/any.<item>.<code>/<code>.share`. No count where one of the answers was never published, no n where the item
        was printed in part.

    Raises:
        AnalysisError: a number item, several items, or codes that are no answers to it.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> any_of(example_survey(), "partners", ["library", "sports"]).frame[["count", "n"]].values.tolist()
        [[6, 12]]
    """
    survey = as_survey(survey, item)
    table = tabulate(survey, item, denominator=denominator, off_route=off_route)
    if "code" not in table.keys:
        raise AnalysisError("numbers have no answers to choose from", where=f"any_of({item!r})")
    items, battery = find_items(survey, item)
    rows = table.frame.set_index("code")
    if battery or not codes or any(code not in rows.index for code in codes):
        unknown = next((code for code in codes if code not in rows.index), "")
        todo = did_you_mean(unknown, rows.index) if unknown else "name an item and at least one of its answers"
        raise AnalysisError(f"{item!r} has no answer {unknown!r}", where="any_of", todo=todo)
    wanted = list(dict.fromkeys(codes))
    chosen, name = rows.loc[wanted], _JOINT.join(wanted)
    apart = any(role in APART for role in chosen["role"]) and chosen["n"].isna().any()
    n = float("nan") if apart else chosen["n"].iloc[0]
    count = float("nan") if chosen["count"].isna().any() else _people(survey, items[0], wanted, chosen, off_route)
    frame = pd.DataFrame({"item": [items[0].id], "code": [name], "role": ["answer"], "count": [count], "n": [n]})
    words = Joined(tuple(table.labels["code"].words[items[0].id, code] for code in wanted), " + ")
    return Result(
        frame=frame,
        base=table.base,
        title=Phrase("tabulation.any_of", {"item": table.title, "answers": words}),
        notes=table.notes,
        shows=table.shows,
        kind=table.kind,
        at=f"{survey.id}/any{table.at.removeprefix(survey.id)}",
        keys=("item", "code"),
        measures=table.measures,
        labels={"item": table.labels["item"], "code": Labels({name: words})},
        bases=table.bases,
        base_on=table.base_on,
    )


def _people(survey: Survey, item: Item, codes: list[str], rows: pd.DataFrame, off_route: OffRoute) -> int:
    answers = read_answers(survey, item)
    if answers.ticks is None:
        return int(rows["count"].sum())
    places = [place for place, option in enumerate(answers.options) if option.code in codes]
    ticked = answers.ticks[:, places].any(axis=1)
    asked = who_was_asked(survey, answers, off_route)
    return int((np.asarray(ticked) & counted(answers, asked, "answered")).sum())

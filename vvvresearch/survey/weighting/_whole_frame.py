"""What the answers can say about the whole frame: the worst case, and an interval where respondents are like a random sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from vvvresearch.evidence import Survey
from vvvresearch.locales import Joined, Phrase, Sayable
from vvvresearch.results import Interval, Labelled, Labels, Measure, Picture, Result, Share
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.tabulation._frames import as_survey
from vvvresearch.survey.tabulation._overview import whole_base
from vvvresearch.survey.tabulation._tabulate import tabulate

_ONE_ANSWER = ("single", "likert", "battery")


@dataclass(frozen=True)
class KeyShare:
    """The answer that stands for a question: its row of counts, what the table says of it beside, and the words of both."""

    row: dict[str, Any]
    frame: pd.DataFrame
    question: str | Sayable
    answer: str | Sayable


def items_of_all(survey: Survey) -> list[str]:
    """The questions with one answer that were put to everybody: what they say is about the whole frame."""
    asked = survey.questionnaire
    return [item.id for item in asked.items if item.type in _ONE_ANSWER and not item.route] if asked else []


def key_share(survey: Survey, table: Result) -> KeyShare | None:
    """The top of a question's scale, else its first answer; None where nobody answered or the figures were not published.

    Args:
        survey: the answers.
        table: of one item with options, as `tabulate` gives it.
    """
    frame = table["top"].frame.assign(code="top") if "top" in table.parts else table.frame.iloc[:1]
    if frame.empty or not (frame["n"].iloc[0] > 0) or frame["count"].isna().any():
        return None
    row = frame.iloc[0]
    item, code = str(row["item"]), str(row["code"])
    answers, asked = table.labels["code"].words, survey.questionnaire
    top = asked.scales[asked.item(item).scale].top if asked and code == "top" else (code,)
    words = Joined(tuple(answers[item, one] for one in top), " + ")
    counted = {"item": item, "code": code, "count": int(row["count"]), "n": int(row["n"])}
    return KeyShare(counted, frame, table.labels["item"].words[item], words)


def frame_bounds(survey: Survey | pd.DataFrame) -> Result:
    """What the answers can say about everybody who could have answered, question by question.

    The worst case lets all the others answer against it and assumes nothing. The exact interval of a finite population holds only if
    those who answered are like a random sample. Questions that were put to some only have no known frame and are left out.

    Args:
        survey: answers with a questionnaire that knows the size of the frame.

    Returns:
        Result; `.frame`: item, code ("top" of a scale, else the first answer), count, n, worst_lower, worst_upper, lower, upper
        (shares). Its parts are the tables, which hold the addresses: `<survey>.<item>.<code>.worst_lower`,
        `<survey>/top.<item>.lower`. Absent where the size of the frame is not known.

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.

    Source:
        Manski 1989 for the worst case; Buonaccorsi 1987 for the interval.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> frame_bounds(example_survey()).frame.loc[0, ["count", "n"]].tolist()
        [8, 12]
    """
    survey = as_survey(survey)
    require_permitted(survey, "a statement about the whole frame")
    population = survey.questionnaire.frame.population if survey.questionnaire else None
    title = Phrase("weighting.bounds_title", {"survey": survey.title})
    if population is None:
        return Result.missing(Phrase("absent.population"), title=title)
    tables = {item: tabulate(survey, item, intervals=True) for item in items_of_all(survey)}
    found = {item: share for item, table in tables.items() if (share := key_share(survey, table)) is not None}
    if not found:
        return Result.missing(Phrase("absent.asked_of_all"), title=title)
    limits = ["worst_lower", "worst_upper", "lower", "upper"]
    rows = [share.row | share.frame[limits].iloc[0].to_dict() for share in found.values()]
    base = whole_base(survey)
    words = [Joined((share.question, share.answer), " – ") for share in found.values()]
    drawn = pd.DataFrame(rows)[limits].assign(change=[row["count"] / row["n"] for row in rows], label=pd.Series(words, dtype=object))
    return Result(
        frame=pd.DataFrame(rows),
        base=type(base)(base.n, base.unit, population=population),
        title=title,
        notes=(Phrase("weighting.bounds_note", {"population": population}),),
        shows=(
            Labelled("question", Phrase("weighting.question_answer"), of=("item", "code")),
            Share("share", Phrase("weighting.bounds_share"), counts=True),
            Interval("worst", Phrase("comparing.worst"), decimals=1, lower="worst_lower", upper="worst_upper", scale=100),
            Interval("exact", Phrase("weighting.exact"), decimals=1, scale=100),
        ),
        kind=survey.kind,
        at=f"{survey.id}/bounds",
        keys=("item", "code"),
        measures=(Measure("count"), Measure("share", "share", count="count")),
        labels={
            "item": Labels({share.row["item"]: share.question for share in found.values()}),
            "code": Labels({(share.row["item"], share.row["code"]): share.answer for share in found.values()}, on=("item", "code")),
        },
        parts={item: tables[item] for item in found},
        pictures={"forest": Picture("forest", drawn, options={"what": "share"})},
    )

"""What the answers can say about the whole frame: the worst case, and an interval where respondents are like a random sample."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vvvresearch.evidence import Item, Survey
from vvvresearch.locales import Joined, Phrase, Sayable
from vvvresearch.results import Interval, Labelled, Labels, Measure, Picture, Result, Share
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.tabulation._answers import as_survey, find_items, read_answers
from vvvresearch.survey.tabulation._asked import Denominator
from vvvresearch.survey.tabulation._counting import Calibrated, banners, weights_of
from vvvresearch.survey.tabulation._overview import whole_base
from vvvresearch.survey.tabulation._rows import Design, IntervalChoice, limits_of, part_of, rows_of, top_rows, top_words
from vvvresearch.survey.tabulation._tabulate import tabulate

_ONE_ANSWER = ("single", "likert", "battery")


@dataclass(frozen=True)
class KeyShare:
    """The answer that stands for a question: its row of counts (and of weighted estimates), and the words of both."""

    row: dict[str, Any]
    question: str | Sayable
    answer: str | Sayable

    @property
    def counts(self) -> dict[str, Any]:
        """Item, code, count and n."""
        return {name: self.row[name] for name in ("item", "code", "count", "n")}


def items_of_all(survey: Survey) -> list[str]:
    """The questions with one answer that were put to everybody: what they say is about the whole frame."""
    asked = survey.questionnaire
    return [item.id for item in asked.items if item.type in _ONE_ANSWER and not item.route] if asked else []


def key_share(
    survey: Survey, item: str | Item, denominator: Denominator | None = None, weights: Calibrated | None = None
) -> KeyShare | None:
    """The top of a question's scale, else its first answer; None where nobody answered or the figures were not published.

    Args:
        survey: the answers.
        item: with options.
        denominator: as `tabulate` takes it.
        weights: what `weight` made; the row then has its estimates too.
    """
    asked, heavy = survey.questionnaire, weights_of(survey, weights)
    if asked is None:
        return None
    design = None if heavy is None else Design(heavy, asked.frame.population, 0.95)
    part = part_of(survey, read_answers(survey, find_items(survey, item)[0][0]), banners(survey, None), denominator, design, "keep")
    tops = [row | {"code": "top"} for row in top_rows([part], asked, None)]
    row = next(iter(tops or rows_of(part, None)), None)
    if row is None or not row["n"] > 0 or math.isnan(row["count"]):
        return None
    labels = {option.code: option.label for option in part.answers.options}
    words = top_words(part, asked) if tops else (labels[row["code"]],)
    return KeyShare(row, part.item.text, Joined(words, " + "))


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
    found = {item: share for item in items_of_all(survey) if (share := key_share(survey, item)) is not None}
    if not found:
        return Result.missing(Phrase("absent.asked_of_all"), title=title)
    limits = ["worst_lower", "worst_upper", "lower", "upper"]
    choice = IntervalChoice("exact", 0.95, population)
    rows = [share.counts | limits_of(share.row["count"], share.row["n"], choice, whole=True) for share in found.values()]
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
        parts={item: tabulate(survey, item, intervals=True) for item in found},
        pictures={"forest": Picture("forest", drawn, options={"what": "share"})},
    )

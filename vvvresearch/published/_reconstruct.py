"""Building answers that give the published margins and routes, and nothing that was not published."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Item, Questionnaire, parse_route


@dataclass(frozen=True)
class Margin:
    """How many respondents gave one answer.

    Args:
        item: item of the questionnaire.
        code: the answer; for a multiple item the option that was ticked.
        count: how many.
        where: a route expression that narrows who they are; "" for everybody who was asked.
        basis: "printed" (the count stands in the document), "percent" (the only count that gives the printed percentage),
            "inferred" (the remainder, or what follows from words).
    """

    item: str
    code: str
    count: int
    where: str = ""
    basis: str = "printed"


def reconstruct(questionnaire: Questionnaire, margins: Iterable[Margin], respondents: Sequence[str]) -> pd.DataFrame:
    """Rows of answers whose margins and routes are the given ones.

    Items are filled in the questionnaire's order. Who gives which answer is a fixed shuffle of those asked, made from the
    item's id, so that rows are the same on every machine and no item follows another unless a margin says so. Nothing in
    the rows but margins and routes is evidence.

    Args:
        questionnaire: the instrument with its routes.
        margins: counts of answers; what is asked and has no margin stays "" (not published).
        respondents: the ids of the rows.

    Returns:
        DataFrame of option codes as text, index `respondent`, one column an item or `item:option`; "" where nothing is known
        or nothing was asked.

    Raises:
        AnalysisError: an unknown item or option, or more answers than respondents asked.

    Example:
        >>> from vvvresearch.evidence import Questionnaire
        >>> words = {"da": "x", "en": "x"}
        >>> options = [{"code": "yes", "label": words}, {"code": "no", "label": words}]
        >>> definition = Questionnaire.model_validate({
        ...     "schema_version": 1, "id": "q", "title": words, "group": words, "wave": words,
        ...     "frame": {"unit": "municipality", "chosen_by": words, "collected": words},
        ...     "items": [{"id": "refers", "text": words, "type": "single", "options": options}]})
        >>> rows = reconstruct(definition, [Margin("refers", "yes", 2), Margin("refers", "no", 1)], ["a", "b", "c"])
        >>> int((rows["refers"] == "yes").sum())
        2
    """
    given: dict[str, list[Margin]] = {}
    known = [item.id for item in questionnaire.items]
    for margin in margins:
        if margin.item not in known:
            raise AnalysisError(f"a margin names the item {margin.item!r}", where=questionnaire.id, todo=did_you_mean(margin.item, known))
        given.setdefault(margin.item, []).append(margin)
    answers = pd.DataFrame(index=pd.Index(list(respondents), name="respondent"))
    for item in questionnaire.items:
        item_margins = given.get(item.id, [])
        _check_codes(questionnaire, item, item_margins)
        route = questionnaire.route(item)
        asked = route.asked(answers) if route else pd.Series(True, index=answers.index)
        columns = (
            _multiple(questionnaire, item, item_margins, answers, asked)
            if item.type == "multiple"
            else {item.id: _single(item, item_margins, answers, asked)}
        )
        answers = answers.assign(**columns)
    return answers


def _check_codes(questionnaire: Questionnaire, item: Item, margins: list[Margin]) -> None:
    codes = [option.code for option in questionnaire.options(item)]
    for margin in margins:
        if margin.code not in codes:
            raise AnalysisError(
                f"a margin of {item.id} names the answer {margin.code!r}", where=questionnaire.id, todo=did_you_mean(margin.code, codes)
            )


def _eligible(margin: Margin, answers: pd.DataFrame, asked: pd.Series[bool]) -> pd.Series[bool]:
    return asked & parse_route(margin.where).asked(answers) if margin.where else asked


def _chosen(margin: Margin, free: pd.Series[bool], salt: str) -> list[str]:
    rows = [str(row) for row in free.index[free]]
    if margin.count > len(rows):
        raise AnalysisError(
            f"{margin.count} respondents answer {margin.code!r} to {margin.item}, but only {len(rows)} are left to do so",
            why="the base is smaller than its parts",
            todo="check the counts and the route of this item",
        )
    return sorted(rows, key=lambda row: hashlib.sha256(f"{salt}\n{row}".encode()).hexdigest())[: margin.count]


def _single(item: Item, margins: list[Margin], answers: pd.DataFrame, asked: pd.Series[bool]) -> pd.Series[str]:
    column = pd.Series("", index=answers.index, dtype=object)
    for margin in margins:
        column[_chosen(margin, _eligible(margin, answers, asked) & (column == ""), item.id)] = margin.code
    return column


def _multiple(
    questionnaire: Questionnaire, item: Item, margins: list[Margin], answers: pd.DataFrame, asked: pd.Series[bool]
) -> dict[str, pd.Series[str]]:
    by_code = {margin.code: margin for margin in margins}
    options = questionnaire.options(item)
    columns = {option.code: pd.Series("", index=answers.index, dtype=object) for option in options}
    # "None of these" excludes every other tick, so it is placed first and its rows are kept free.
    taken = pd.Series(False, index=answers.index)
    for option in sorted(options, key=lambda option: option.role != "none"):
        margin = by_code.get(option.code)
        if margin is None:
            continue
        rows = _chosen(margin, _eligible(margin, answers, asked) & ~taken, f"{item.id}:{option.code}")
        columns[option.code][asked] = "0"
        columns[option.code][rows] = "1"
        if option.role == "none":
            taken[rows] = True
    return {f"{item.id}:{code}": column for code, column in columns.items()}

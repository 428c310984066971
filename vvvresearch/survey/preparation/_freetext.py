"""What respondents wrote in their own words: listed, and coded by people in a sheet, with how far two coders agree."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pandas as pd

from vvvresearch.errors import AnalysisError, Failure, SchemaError, did_you_mean, require_table
from vvvresearch.evidence import Item, Option, Survey, Words, code_text
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase
from vvvresearch.results import Base, Column, Labels, Measure, Result, Share
from vvvresearch.statistics.agreement import coefficient
from vvvresearch.survey.tabulation._answers import as_survey, find_items
from vvvresearch.survey.tabulation._overview import whole_base

Categories = Mapping[str, Words | str]


def coding_sheet(survey: Survey, item: str, categories: Categories) -> Result:
    """A sheet for one coder: every written answer with an empty cell for its codes.

    Args:
        survey: the answers.
        item: an open item.
        categories: code → words.

    Returns:
        Result: frame with the columns respondent, text, codes; `to_excel` writes it for the coder.

    Raises:
        AnalysisError: the item is not open, or nobody wrote anything.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> coding_sheet(example_survey(), "wish", {"meet": "Møder", "deal": "Aftale"}).frame.shape
        (6, 3)
    """
    asked = _open_item(survey, item)
    texts = {str(label): code_text(value) for label, value in survey.answers[asked.id].items() if code_text(value)}
    if not texts:
        raise AnalysisError(f"nobody wrote an answer to {item}", where=survey.origin)
    frame = pd.DataFrame({"respondent": list(texts), "text": list(texts.values()), "codes": ""})
    words = Joined(tuple(Joined((code, label), " = ") for code, label in categories.items()))
    return Result(
        frame=frame,
        base=Base(len(frame)),
        title=Phrase("cleaning.sheet_title", {"item": asked.text}),
        shows=tuple(Column(name, Phrase(f"cleaning.sheet_{name}")) for name in frame.columns),
        notes=(Phrase("cleaning.sheet_note", {"categories": words}),),
        kind=survey.kind,
    )


def code_answers(survey: Survey, item: str, sheet: pd.DataFrame, categories: Categories) -> Survey:
    """The survey with the coded item `<item>_coded`, from a filled-in coding sheet.

    Args:
        survey: the answers.
        item: the open item that was coded.
        sheet: the columns respondent and codes; several codes are parted by `;`.
        categories: code → words.

    Returns:
        Survey: with one column `<item>_coded:<code>` a category and the item in its questionnaire; `tabulate` counts it on the
        base of those who wrote.

    Raises:
        SchemaError: codes that are no category, respondents who wrote nothing or stand twice, answers without a code.

    Example:
        >>> from vvvresearch.survey import example_survey, tabulate
        >>> survey, categories = example_survey(), {"meet": "Møder", "deal": "Aftale"}
        >>> sheet = coding_sheet(survey, "wish", categories).frame.assign(codes=["meet", "deal"] * 3)
        >>> tabulate(code_answers(survey, "wish", sheet, categories), "wish_coded").frame["count"].tolist()
        [3, 3]
    """
    asked = _open_item(survey, item)
    assert survey.questionnaire is not None
    chosen = _codes(survey, asked, sheet, categories)
    name = f"{asked.id}_coded"
    answers = survey.answers.copy()
    for code in categories:
        answers[f"{name}:{code}"] = [
            "" if str(label) not in chosen else "1" if code in chosen[str(label)] else "0" for label in survey.answers.index
        ]
    options = tuple(Option(code=code, label=_words(label)) for code, label in categories.items())
    coded = Item(id=name, text=asked.text, type="open_coded", options=options, route=asked.route, unit=asked.unit)
    items = tuple(one for one in survey.questionnaire.items if one.id != name)
    questionnaire = survey.questionnaire.model_copy(update={"items": (*items, coded)})
    return dataclasses.replace(survey, answers=answers, questionnaire=questionnaire)


def compare_coders(survey: Survey, item: str, first: pd.DataFrame, second: pd.DataFrame, categories: Categories) -> Result:
    """Two coders' sheets of the same answers, category by category.

    Args:
        survey: the answers.
        item: the open item.
        first, second: the two filled-in sheets (respondent, codes).
        categories: code → words.

    Returns:
        Result: frame with the columns item, code, both, only_first, only_second, neither, agreed (both or neither), n, kappa; answers
        that only one of the two coded are counted with an empty set of the other. Addresses
        `<survey>/coders.<item>.<code>.agreement`.

    Raises:
        SchemaError: a sheet that does not fit the answers.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> survey, categories = example_survey(), {"meet": "Møder", "deal": "Aftale"}
        >>> sheet = coding_sheet(survey, "wish", categories).frame.assign(codes=["meet", "deal"] * 3)
        >>> compare_coders(survey, "wish", sheet, sheet, categories).cell("agreement", item="wish", code="deal").say("en")
        '6 of 6'
    """
    asked = _open_item(survey, item)
    one, other = _codes(survey, asked, first, categories), _codes(survey, asked, second, categories)
    respondents = sorted(set(one) | set(other))
    rows = []
    for code in categories:
        ratings = pd.DataFrame(
            {"first": [code in one.get(who, ()) for who in respondents], "second": [code in other.get(who, ()) for who in respondents]}
        )
        ratings = ratings.astype(int)
        pairs = ratings.value_counts()
        counts = {name: int(pairs.get(key, 0)) for name, key in _CELLS.items()}
        agreed = counts["both"] + counts["neither"]
        kappa = coefficient(ratings, "cohen").value
        rows.append({"item": asked.id, "code": code, **counts, "agreed": agreed, "n": len(respondents), "kappa": kappa})
    return Result(
        frame=pd.DataFrame(rows),
        base=Base(len(respondents)),
        title=Phrase("cleaning.coders_title", {"item": asked.text}),
        shows=(
            Column("code", Phrase("cleaning.category")),
            *(Column(name, Phrase(f"cleaning.{name}"), "count") for name in _CELLS),
            Share("agreement", Phrase("cleaning.agreement"), count="agreed"),
            Column("kappa", Phrase("cleaning.kappa"), "number", 2),
        ),
        notes=(Phrase("cleaning.coders_note"),),
        kind=survey.kind,
        at=f"{survey.id}/coders",
        keys=("item", "code"),
        measures=(
            *(Measure(name) for name in _CELLS),
            Measure("agreement", "share", count="agreed"),
            Measure("kappa", "number", 2),
        ),
        labels={"code": Labels(dict(categories))},
    )


_CELLS = {"both": (1, 1), "only_first": (1, 0), "only_second": (0, 1), "neither": (0, 0)}


def _open_item(survey: Survey, name: str) -> Item:
    item = find_items(survey, name)[0][0]
    if item.type != "open" or item.id not in survey.answers.columns:
        raise AnalysisError(f"{name} is no open item with answers", where=survey.origin)
    return item


def _words(label: Words | str) -> Words:
    return Words(da=label, en=label) if isinstance(label, str) else label


def _codes(survey: Survey, item: Item, sheet: pd.DataFrame, categories: Categories) -> dict[str, set[str]]:
    """Respondent → codes, for every respondent who wrote."""
    require_table(sheet, "sheet", ("respondent", "codes"))
    wrote = {str(label) for label, value in survey.answers[item.id].items() if code_text(value)}
    found: dict[str, set[str]] = {}
    failures = []
    for number, (who, codes) in enumerate(zip(sheet["respondent"].map(code_text), sheet["codes"].map(code_text), strict=True), start=2):
        given = {code.strip() for code in codes.split(";") if code.strip()}
        if who not in wrote:
            failures.append(Failure(number, "respondent", who, "wrote no answer to this item"))
        if who in found:
            failures.append(Failure(number, "respondent", who, "stands more than once"))
        failures += [
            Failure(number, "codes", code, f"is no category; {did_you_mean(code, categories)}") for code in sorted(given - set(categories))
        ]
        if not given:
            failures.append(Failure(number, "codes", "", f"the answer of {who} has no code"))
        found[who] = given
    failures += [Failure(None, "respondent", who, "the answer is missing in the sheet") for who in sorted(wrote - set(found))]
    if failures:
        raise SchemaError("the coding sheet does not fit the answers", failures, where=survey.origin, todo="complete the sheet")
    return found


def open_answers(survey: Survey | pd.DataFrame, item: str | Item | None = None) -> Result:
    """Every written answer with its question; who wrote it is not shown.

    Args:
        survey: answers with their questionnaire.
        item: one question, or its id; left out: all that are answered in words.

    Returns:
        Result; `.frame`: item, text, in the order of the questionnaire and of the answers. Absent where nobody wrote anything, and
        for reconstructed answers, whose texts were never published.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> open_answers(example_survey()).frame["text"].tolist()[:2]
        ['flere møder', 'en aftale']
    """
    survey = as_survey(survey)
    items = [one for one in survey.questionnaire.items if one.type == "open"] if survey.questionnaire else []
    if item is not None:
        (asked, *_), _ = find_items(survey, item)
        items = [one for one in items if one.id == asked.id]
    written = [
        {"item": one.id, "text": text}
        for one in items
        if one.id in survey.answers.columns
        for text in map(code_text, survey.answers[one.id])
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
        labels={"item": Labels({one.id: one.text for one in items})},
    )

"""Several waves or groups as one survey, for banner tables: only where the questionnaires say that items are the same."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Mapping

import pandas as pd

from vvvresearch.errors import AnalysisError, Failure, SchemaError
from vvvresearch.evidence import Item, Questionnaire, Survey, Words
from vvvresearch.kinds import combined_kind
from vvvresearch.survey.comparison._comparable import declared


def stack_waves(surveys: Mapping[str, Survey], by: str = "wave", items: Collection[str] | None = None) -> Survey:
    """Several surveys under one another, with a column that tells them apart, for `tabulate(…, by=column)`.

    An item that only some of them have is empty in the others and counts as not in that wave. Items with the same id are
    stacked when either questionnaire declares them comparable and their types and options are the same; anything else is refused.

    Args:
        surveys: name of the wave or group → its survey, in the order of the table.
        by: the name of the new column; "wave" makes `tabulate` treat an item without answers as not in that wave.
        items: the items to stack; default all.

    Returns:
        Survey: the index is `name/respondent`; routes, scales and labels are those of the last survey that has the item.

    Raises:
        AnalysisError: fewer than two surveys, one without a questionnaire, or a column of that name.
        SchemaError: items that are not the same, all at once with what differs.

    Example:
        >>> from vvvresearch.survey import example_survey, tabulate
        >>> both = stack_waves({"2021": example_survey(), "2022": example_survey()})  # one questionnaire, used twice
        >>> tabulate(both, "refers", by="wave").frame["n"].unique().tolist()
        [24, 12]
    """
    if len(surveys) < 2:
        raise AnalysisError("there is nothing to stack", why=f"{len(surveys)} survey was given")
    asked: dict[str, Questionnaire] = {}
    for name, survey in surveys.items():
        if survey.questionnaire is None:
            raise AnalysisError(f"{name} has no questionnaire", todo="pass one to read_survey")
        if by in survey.answers.columns:
            raise AnalysisError(f"{name} has a column {by!r} already", todo="choose another name with by=")
        asked[name] = survey.questionnaire
    chosen = {item.id for questionnaire in asked.values() for item in questionnaire.items}
    if items is not None:
        if unknown := sorted(set(items) - chosen):
            raise AnalysisError(f"no survey has the item {', '.join(unknown)}")
        chosen = set(items)
    failures = [failure for item in sorted(chosen) for failure in _differences(item, surveys)]
    if failures:
        raise SchemaError(
            "these items are not the same in all waves or groups",
            failures,
            why="answers to different questions are never added up",
            todo="stack the others with items=, or declare them comparable in both questionnaires",
        )
    frames = [_frame(name, survey, chosen, by) for name, survey in surveys.items()]
    last = list(surveys.values())[-1]
    texts = {column for frame in frames for column in frame.columns if frame[column].dtype.kind not in "fiu"}
    missing: dict[str, dict[str, str]] = {}
    for survey in surveys.values():
        for column, gone in survey.missing.items():
            missing[column] = {**missing.get(column, {}), **gone}
    return dataclasses.replace(
        last,
        answers=pd.concat(frames).fillna(dict.fromkeys(texts, "")),
        questionnaire=_merged(asked, chosen),
        missing=missing,
        multiple_response_sets={},
        variables={},
        weight="",
        invited=None,
        log=None,
        kind=combined_kind(survey.kind for survey in surveys.values()),
    )


def _differences(item_id: str, surveys: Mapping[str, Survey]) -> list[Failure]:
    having = [
        (name, survey, questionnaire, item)
        for name, survey in surveys.items()
        if (questionnaire := survey.questionnaire) is not None
        for item in questionnaire.items
        if item.id == item_id
    ]
    found = []
    for (first, before, asked, one), (second, after, asked_later, other) in itertools.pairwise(having):
        where = f"{first} and {second}"
        codes = [option.code for option in asked.options(one)]
        later = [option.code for option in asked_later.options(other)]
        if one.type != other.type:
            found.append(Failure(None, item_id, where, f"the types are {one.type} and {other.type}"))
        elif codes != later:
            found.append(Failure(None, item_id, where, f"the options are {', '.join(codes)} and {', '.join(later)}"))
        elif not declared(before, one, after, other, "comparable"):
            unlike = "" if one.text == other.text else f", and the wordings differ (»{one.text.en}« and »{other.text.en}«)"
            found.append(Failure(None, item_id, where, f"neither questionnaire declares them comparable{unlike}"))
    return found


def _frame(name: str, survey: Survey, chosen: set[str], by: str) -> pd.DataFrame:
    assert survey.questionnaire is not None
    left_out = {item.id for item in survey.questionnaire.items} - chosen
    columns = [column for column in survey.answers.columns if str(column).partition(":")[0] not in left_out]
    frame = survey.answers[columns].copy()
    frame.index = pd.Index([f"{name}/{label}" for label in frame.index], name="respondent")
    frame.insert(0, by, name)
    return frame


def _merged(asked: Mapping[str, Questionnaire], chosen: set[str]) -> Questionnaire:
    last = list(asked.values())[-1]
    items: dict[str, Item] = {}
    scales = {}
    for questionnaire in asked.values():
        for item in questionnaire.items:
            if item.id not in chosen:
                continue
            if item.scale:
                # Two waves may use one name for two scales.
                name = f"{questionnaire.id}:{item.scale}"
                scales[name] = questionnaire.scales[item.scale]
                items[item.id] = item.model_copy(update={"scale": name})
            else:
                items[item.id] = item
    waves = [questionnaire.wave for questionnaire in asked.values()]
    groups = list(dict.fromkeys((one.group.da, one.group.en) for one in asked.values()))
    return last.model_copy(
        update={
            "id": "+".join(questionnaire.id for questionnaire in asked.values()),
            "items": tuple(items.values()),
            "scales": scales,
            "wave": Words(da=", ".join(wave.da for wave in waves), en=", ".join(wave.en for wave in waves)),
            "group": Words(da=", ".join(danish for danish, _ in groups), en=", ".join(english for _, english in groups)),
            "frame": last.frame.model_copy(update={"population": None, "invited": None}),
        }
    )

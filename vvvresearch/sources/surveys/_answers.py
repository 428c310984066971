"""Answers put under their questionnaire: columns found, labels turned into codes, every misfit reported at once."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import Failure, SchemaError, SourceError, did_you_mean
from vvvresearch.evidence import Item, Loss, Losses, Option, Questionnaire, Survey, code_text
from vvvresearch.locales import LANGUAGES, text

if TYPE_CHECKING:
    import pandas as pd

_CODED = ("single", "likert", "battery", "band", "open_coded")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(\.\d{3})+$")


def plain(label: str) -> str:
    """A label without what two exports of the same words differ in: case, spaces, end marks."""
    return " ".join(label.casefold().split()).rstrip(".:;!")


def apply_questionnaire(survey: Survey, questionnaire: Questionnaire, *, numeric: frozenset[str] = frozenset()) -> Survey:
    """A survey whose columns are the questionnaire's items and whose values are its codes.

    Args:
        survey: answers as the file holds them; the index numbers the rows of the file.
        questionnaire: the definition.
        numeric: columns whose cells were numbers in a workbook, so that leading zeros may be gone.

    Raises:
        SourceError: no column of the file belongs to an item.
        SchemaError: values that are neither codes nor labels, with all rows.
    """
    names = _names(survey, questionnaire)
    if not names:
        columns = ", ".join(map(str, survey.answers.columns[:12]))
        raise SourceError(
            f"no column of the file belongs to the questionnaire {questionnaire.id}",
            where=survey.origin,
            why=f"the columns are {columns}",
            todo="check the file, or name the columns in the questionnaire (column = …)",
        )
    renamed = _renamed(survey, names)
    answers = renamed.answers.copy()
    failures: list[Failure] = []
    losses: list[Loss] = []
    variables = dict(renamed.variables)
    for item in questionnaire.items:
        options = questionnaire.options(item)
        boxes = {option: f"{item.id}:{option.code}" for option in options if f"{item.id}:{option.code}" in answers.columns}
        if boxes:
            losses += _tick(answers, item, boxes, renamed, failures)
        elif item.id not in answers.columns:
            if item.id not in renamed.multiple_response_sets and item.missing_reason is None:
                losses.append(Loss("item without a column", 1, survey.origin, f"{item.id} is taken as not in this wave"))
        elif item.type == "multiple":
            answers = _parted(answers, item, options, failures)
        elif item.type == "number":
            answers[item.id] = _numbers(answers[item.id], item, renamed, options, failures, numeric)
        elif item.type in _CODED and options:
            recoded = _coded(answers[item.id], item, renamed, options, failures, losses, numeric)
            if recoded is not None:
                answers[item.id] = recoded
                variables.pop(item.id, None)
    if failures:
        failures.sort(key=lambda failure: (failure.column, -1 if failure.row is None else failure.row))
        raise SchemaError(
            f"the answers do not fit the questionnaire {questionnaire.id}",
            failures,
            where=survey.origin,
            todo="correct the answers, add the options, or name the codes missing; nothing was recoded",
        )
    all_losses = Losses((*renamed.losses, *losses))
    return dataclasses.replace(renamed, answers=answers, questionnaire=questionnaire, variables=variables, losses=all_losses)


def _names(survey: Survey, questionnaire: Questionnaire) -> dict[str, str]:
    """Column of the file → item or `item:code`."""
    from vvvresearch.evidence import item_name

    columns = list(map(str, survey.answers.columns))
    loose = {column.casefold(): column for column in columns}
    found: dict[str, str] = {}
    for item in questionnaire.items:
        for option in questionnaire.options(item) if item.type in ("multiple", "open_coded") else ():
            wanted = f"{item.id}:{option.code}"
            known = [option.column] if option.column else [wanted, item_name(wanted)]
            match = next((loose[name.casefold()] for name in known if name.casefold() in loose), None)
            if match is not None:
                found[match] = wanted
        match = loose.get((item.column or item.id).casefold())
        if match is not None and match not in found:
            found[match] = item.id
    return found


def rename_to_items(survey: Survey, questionnaire: Questionnaire) -> Survey:
    """A survey with a drafted questionnaire: columns whose names are no item ids get their item's id."""
    names = {item.column: item.id for item in questionnaire.items if item.column}
    return dataclasses.replace(_renamed(survey, names), questionnaire=questionnaire)


def _renamed(survey: Survey, names: dict[str, str]) -> Survey:
    return dataclasses.replace(
        survey,
        answers=survey.answers.rename(columns=names),
        missing={names.get(name, name): gone for name, gone in survey.missing.items()},
        variables={names.get(name, name): variable for name, variable in survey.variables.items()},
        weight=names.get(survey.weight, survey.weight),
        multiple_response_sets={
            name: dataclasses.replace(several, columns=tuple(names.get(column, column) for column in several.columns))
            for name, several in survey.multiple_response_sets.items()
        },
    )


def _meanings(options: tuple[Option, ...]) -> dict[str, str]:
    """Label → code; a label that two options share means neither."""
    meanings: dict[str, str] = {}
    for option in options:
        for label in {plain(option.label.da), plain(option.label.en)}:
            meanings[label] = "" if label in meanings else option.code
    return meanings


def _rows(answers: pd.DataFrame, item: str, value: str) -> list[int]:
    """The first rows (lines of the file) that hold a value."""
    return [int(row) for row in answers.index[answers[item].map(code_text) == value][:5]]


def _coded(
    column: pd.Series[Any],
    item: Item,
    survey: Survey,
    options: tuple[Option, ...],
    failures: list[Failure],
    losses: list[Loss],
    numeric: frozenset[str],
) -> pd.Series[Any] | None:
    """The column as codes; None where it holds the questionnaire's codes already."""
    codes = {option.code for option in options}
    gone = survey.missing.get(item.id, {})
    labels = survey.variables[item.id].labels if item.id in survey.variables else {}
    meanings = _meanings(options)
    table: dict[str, str] = {"": ""}
    for value in dict.fromkeys(code_text(value) for value in column.unique()):
        told = plain(labels.get(value, ""))
        if not value or value in gone:
            table[value] = value
        elif value in codes:
            table[value] = value
            if told and told in meanings and meanings[told] != value:
                problem = f"the file calls this code {labels[value]!r}, which is the code {meanings[told]!r} of the questionnaire"
                failures.append(Failure(None, item.id, value, problem))
            elif told and told not in meanings:
                losses.append(
                    Loss("label that differs", 1, f"{survey.origin}, {item.id}", f"{value} is called {labels[value]!r} in the file")
                )
        elif code := meanings.get(told or plain(value), ""):
            table[value] = code
        else:
            failures += [
                Failure(row, item.id, value, _problem(value, item, options, numeric)) for row in _rows(survey.answers, item.id, value)
            ]
    if all(key == value for key, value in table.items()) and column.dtype == object:
        return None
    return column.map(lambda value: table.get(code_text(value), "")).astype(object)


def _problem(value: str, item: Item, options: tuple[Option, ...], numeric: frozenset[str]) -> str:
    codes = [option.code for option in options]
    if (item.column or item.id) in numeric and any(code.lstrip("0") == value for code in codes):
        return "stands as a number, so its leading zeros are lost; type the column as text"
    labels = [option.label.da for option in options]
    return f"is neither a code nor a label of this item; {did_you_mean(value, [*codes, *labels])}"


def _numbers(
    column: pd.Series[Any], item: Item, survey: Survey, options: tuple[Option, ...], failures: list[Failure], numeric: frozenset[str]
) -> pd.Series[Any]:
    if column.dtype.kind in "fiu":
        return column
    known = {option.code for option in options} | set(survey.missing.get(item.id, {}))
    meanings = _meanings(options)
    table: dict[str, float | str] = {"": float("nan")}
    for value in dict.fromkeys(code_text(value) for value in column.unique()):
        if value in known or not value:
            continue
        if code := meanings.get(plain(value), ""):
            table[value] = code
            continue
        try:
            if _THOUSANDS.match(value) and (item.column or item.id) not in numeric:
                raise ValueError("thousands")
            table[value] = float(value.replace(",", "."))
        except ValueError as problem:
            unsure = "thousands" in str(problem)
            words = "may be a number with thousands marks or with three decimals; write it without marks" if unsure else "is not a number"
            failures += [Failure(row, item.id, value, words) for row in _rows(survey.answers, item.id, value)]
    cells = [table.get(code_text(value), code_text(value)) for value in column]
    return type(column)(cells, index=column.index, dtype=float if all(isinstance(cell, float) for cell in cells) else object)


def _tick(answers: pd.DataFrame, item: Item, boxes: dict[Option, str], survey: Survey, failures: list[Failure]) -> list[Loss]:
    """Tick boxes as "1", "0" and "" in place; returns what was read into empty boxes."""
    words = {word: mark for key, mark in (("ticked", "1"), ("unticked", "0")) for lang in LANGUAGES for word in _listed(key, lang)}
    for option, column in boxes.items():
        gone = survey.missing.get(column, {})
        counted = {several.counted for several in survey.multiple_response_sets.values() if column in several.columns and several.counted}
        own = {**words, plain(option.label.da): "1", plain(option.label.en): "1", plain(option.code): "1"}
        own |= dict.fromkeys(map(plain, counted), "1")
        if counted and "1" not in counted:
            own |= {code: "0" for code in survey.variables[column].labels if code not in counted} if column in survey.variables else {}
        table = {}
        for value in dict.fromkeys(code_text(value) for value in answers[column].unique()):
            mark = "" if not value or value in gone else own.get(plain(value))
            if mark is None:
                problem = "is neither ticked nor not ticked; a tick box holds 1, 0, nothing, or the option's words"
                failures += [Failure(row, column, value, problem) for row in _rows(answers, column, value)]
            table[value] = mark or ""
        answers[column] = answers[column].map(lambda value, table=table: table[code_text(value)]).astype(object)
    block = answers[list(boxes.values())]
    if (block == "0").any(axis=None) or not (block == "1").any(axis=None):
        return []
    # An export that leaves unticked boxes empty: whoever ticked one has seen the others.
    seen = (block == "1").any(axis=1)
    filled = int(((block == "") & seen.to_numpy()[:, None]).to_numpy().sum())
    for column in boxes.values():
        answers[column] = answers[column].where(~(seen & (answers[column] == "")), "0")
    return [Loss("empty tick box", filled, f"{survey.origin}, {item.id}", "read as not ticked, since the respondent ticked another box")]


def _listed(key: str, lang: str) -> list[str]:
    return text(f"survey_files.{key}", "da" if lang == "da" else "en").split("|")


def _parted(answers: pd.DataFrame, item: Item, options: tuple[Option, ...], failures: list[Failure]) -> pd.DataFrame:
    """One column with several answers parted by semicolons, as one column an option."""
    meanings = _meanings(options)
    codes = {option.code for option in options}
    chosen: list[set[str]] = []
    for row, value in answers[item.id].items():
        parts = {part.strip() for part in code_text(value).split(";") if part.strip()}
        known = {part if part in codes else meanings.get(plain(part), "") for part in parts}
        if "" in known:
            problem = "is neither a code nor a label of this item, or several answers are not parted by ;"
            failures.append(Failure(int(str(row)), item.id, code_text(value)[:80], problem))
        chosen.append(known)
    place = list(answers.columns).index(item.id)
    answers = answers.drop(columns=item.id)
    for offset, option in enumerate(options):
        cells = ["" if not some else "1" if option.code in some else "0" for some in chosen]
        answers.insert(place + offset, f"{item.id}:{option.code}", type(answers.iloc[:, 0])(cells, index=answers.index, dtype=object))
    return answers

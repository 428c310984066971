"""A questionnaire drafted from a labelled file, to be completed by hand."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any

from vvvresearch.errors import SourceError
from vvvresearch.evidence import Questionnaire, Survey, code_text, item_name
from vvvresearch.locales import LANGUAGES, text

_MOST_VALUES = 12
_ROLES = (("refused", "words_refused"), ("dont_know", "words_dont_know"))


def draft_questionnaire(survey: Survey) -> str:
    """A questionnaire definition (TOML) drafted from a survey's labels: a start, to be completed by hand.

    Items, options, user-missing codes that mean don't know or refused, ordered scales that several items share, and
    multiple-response sets are taken over. What a file cannot tell stands as TODO: the group, the wave, the frame, who
    chose the respondents, routes, what may be compared. Each label stands as both Danish and English.

    Args:
        survey: a survey read from a labelled file, or one with multiple-response sets.

    Returns:
        The text of a TOML file that `read_questionnaire` accepts.

    Raises:
        SourceError: the survey has no columns.

    Example:
        >>> import pandas as pd
        >>> print(draft_questionnaire(Survey(pd.DataFrame({"Q1.a": ["x"]}))).partition("[[items]]")[2].strip())
        id = "Q1_a"
        text = { da = "Q1.a", en = "Q1.a" }
        column = "Q1.a"
        type = "open"
    """
    drafted = draft(survey)
    head = [f"{key} = {_toml(drafted[key])}" for key in ("schema_version", "id", "title", "group", "wave")]
    lines = [f"# {text('survey_files.draft_head', 'da')}", *head, "", "[frame]"]
    lines += [f"{key} = {_toml(value)}" for key, value in drafted["frame"].items()]
    for name, scale in drafted["scales"].items():
        lines += [
            "",
            f"[scales.{name}]",
            f"options = {_options(scale['options'])}",
            f"# {text('survey_files.draft_top', 'da')}",
            "top = []",
        ]
    for item in drafted["items"]:
        lines += ["", "[[items]]"]
        lines += [f"{key} = {_options(value) if key == 'options' else _toml(value)}" for key, value in item.items()]
    return "\n".join(lines) + "\n"


def drafted_questionnaire(survey: Survey) -> Questionnaire:
    """The same draft as an object, for a labelled file that is read without a definition."""
    return Questionnaire.model_validate(draft(survey, boxes=False))


def draft(survey: Survey, *, boxes: bool = True) -> dict[str, Any]:
    """The draft as plain values; `boxes` names the columns of tick boxes, so that they are renamed when it is used."""
    if not len(survey.answers.columns):
        raise SourceError("there is nothing to draft a questionnaire from", where=survey.origin, why="the survey has no columns")
    members = {column: several.name for several in survey.multiple_response_sets.values() for column in several.columns}
    shared = Counter(_signature(survey, column) for column in survey.answers.columns if column not in members)
    scales: dict[str, Any] = {}
    items: list[dict[str, Any]] = []
    used: set[str] = set()
    placed: set[str] = set()
    for column in map(str, survey.answers.columns):
        if column in members:
            if members[column] not in placed:
                placed.add(members[column])
                items.append(_several(survey, members[column], used, boxes=boxes))
            continue
        items.append(_item(survey, column, used, scales, shared))
    todo = _say(text("survey_files.draft_todo", "da"), text("survey_files.draft_todo", "en"))
    title = _words(survey.origin.replace("\\", "/").rpartition("/")[2] or "survey")
    return {
        "schema_version": 1,
        "id": "draft",
        "title": title,
        "group": todo,
        "wave": todo,
        "frame": {"unit": "respondent", "chosen_by": todo, "collected": todo},
        "scales": scales,
        "items": items,
    }


def _say(danish: str, english: str) -> dict[str, str]:
    return {"da": danish, "en": english}


def _words(label: str) -> dict[str, str]:
    return _say(label, label)


def _unique(name: str, used: set[str]) -> str:
    found, number = item_name(name), 2
    while found in used:
        found, number = f"{item_name(name)}_{number}", number + 1
    used.add(found)
    return found


def _labels(survey: Survey, column: str) -> dict[str, str]:
    """Codes and labels of a coded column: labelled answers, don't know and refused, and values without a label."""
    variable = survey.variables.get(column)
    if not survey.variables:
        return _few_values(survey, column)
    if variable is None or not variable.labels or survey.answers[column].dtype.kind in "fiu":
        return {}
    gone = survey.missing.get(column, {})
    kept = {code: label for code, label in variable.labels.items() if code not in gone or _role(label) != "answer"}
    found = {code_text(value) for value in survey.answers[column].unique()} - {""} - set(kept) - set(gone)
    if not found:
        return kept
    # A scale whose ends alone have labels keeps its order.
    merged = {**kept, **{code: code for code in found}}
    return {code: merged[code] for code in sorted(merged, key=lambda code: (_role(merged[code]) != "answer", *_order(code)))}


def _few_values(survey: Survey, column: str) -> dict[str, str]:
    """The values of a column in a table without labels, when they are few and come again: then they are codes."""
    if survey.answers[column].dtype.kind in "fiu":
        return {}
    values = [value for value in map(code_text, survey.answers[column]) if value]
    different = sorted(set(values), key=_order)
    return {value: value for value in different} if len(different) <= _MOST_VALUES and len(values) >= 2 * len(different) else {}


def _order(code: str) -> tuple[float, str]:
    try:
        return float(code), code
    except ValueError:
        return math.inf, code


def _signature(survey: Survey, column: str) -> tuple[tuple[str, str], ...]:
    return tuple(_labels(survey, str(column)).items())


def _role(label: str) -> str:
    lowered = label.casefold()
    for role, key in _ROLES:
        if any(word in lowered for lang in LANGUAGES for word in text(f"tabulation.{key}", lang).split("|")):
            return role
    return "answer"


def _option(code: str, label: str) -> dict[str, Any]:
    role = _role(label)
    return {"code": code, "label": _words(label), **({} if role == "answer" else {"role": role})}


def _item(
    survey: Survey, column: str, used: set[str], scales: dict[str, Any], shared: Counter[tuple[tuple[str, str], ...]]
) -> dict[str, Any]:
    variable = survey.variables.get(column)
    name = _unique(column, used)
    item: dict[str, Any] = {"id": name, "text": _words((variable.label if variable else "") or column)}
    if name != column:
        item["column"] = column
    labels = _labels(survey, column)
    options = [_option(code, label) for code, label in labels.items()]
    if not options:
        number = survey.answers[column].dtype.kind in "fiu"
        return {**item, "type": "number" if number else "open"}
    answers = [option for option in options if "role" not in option]
    ordered = variable is not None and variable.measure == "ordinal" and len(answers) > 2
    item["type"] = "likert" if ordered else "single"
    signature = tuple(labels.items())
    if shared[signature] < 2 or len(answers) < 3:
        return {**item, "options": options}
    scale = next((known for known, value in scales.items() if value["options"] == options), f"scale_{len(scales) + 1}")
    scales[scale] = {"options": options}
    return {**item, "scale": scale}


def _several(survey: Survey, name: str, used: set[str], *, boxes: bool) -> dict[str, Any]:
    several = survey.multiple_response_sets[name]
    item = {"id": _unique(name.lstrip("$"), used), "text": _words(several.label or name), "type": "multiple"}
    if several.kind == "C":
        labels: dict[str, str] = {}
        for column in several.columns:
            labels |= _labels(survey, column)
        return {**item, "options": [_option(code, label) for code, label in labels.items()]}
    options = []
    for column in several.columns:
        variable = survey.variables.get(column)
        option = _option(column, (variable.label if variable else "") or column)
        options.append({**option, "column": column} if boxes else option)
    return {**item, "options": options}


def _options(options: list[dict[str, Any]]) -> str:
    return "[\n" + "".join(f"    {_toml(option)},\n" for option in options) + "]"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(part)}" for key, part in value.items()) + " }"
    if isinstance(value, int):
        return str(value)
    # JSON's texts are TOML's, but for DEL, which TOML wants escaped.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")

"""Of whom and of when a number of a round is: the words of its groups and units, and its period."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vvvresearch.locales import Lang, say
from vvvresearch.reporting.claims._words import group_forms
from vvvresearch.results import Cell, Result, folded

if TYPE_CHECKING:
    from vvvresearch.evidence import Questionnaire
    from vvvresearch.rounds import Round

# A part of an address that says when: "presence.2025-05.present.n".
EXTRACT = re.compile(r"(?:[a-z-]+-)?((?:19|20)\d\d(?:-\d\d)?)")


# A word of an id that may name what is counted.
_WORD = 3


def cell_period(opened: Round, cell: Cell) -> str:
    """When a number was asked or drawn, "" where that is not known."""
    return period_of(opened, cell.address.split(".")[0].split("/")[0]) or extract(opened, cell.address)


def extract(opened: Round, address: str) -> str:
    """The date in an address of a register, "" of one that has none and of a survey's."""
    root, *parts = address.split(".")
    surveyed = any(folded(name) in re.split(r"[~/]", folded(root)) for name in opened.surveys)
    return "" if surveyed else next((found[1] for part in parts if (found := EXTRACT.fullmatch(part))), "")


def group_of(result: Result | None, cell: Cell, lang: Lang, *, answers: bool = False) -> tuple[str, ...]:
    """Every form of the names of the groups that a number is about.

    Args:
        result, cell: the table and its number.
        lang: language of the names.
        answers: whether a column without a total holds no groups but what was counted, as steps and reasons are.
    """
    named = say(cell.base.group, lang)
    found: list[str] = []
    if result is not None:
        for column in result.keys:
            if column in ("item", "code", "code_path") or column not in cell.row or str(cell.row[column]) == "total":
                continue
            if answers and "total" not in result.frame[column].astype(str).tolist():
                continue
            labels = result.labels.get(column)
            value = cell.row[column]
            words = labels.say(value, cell.row, lang) if labels else str(value)
            found += [] if EXTRACT.fullmatch(words) else group_forms(words, lang)
    return tuple(dict.fromkeys([*found, *group_forms(named, lang)]))


def source_words(opened: Round, address: str, result: Result | None, lang: Lang) -> tuple[str, ...]:
    """The words of the name of a number's source, which may say who was asked: "guest survey", "Borgerskema"."""
    root = address.split(".")[0].split("/")[0]
    asked = [found for name in re.split("~", root) if (found := _questionnaire(opened, name)) is not None]
    titles = [say(one.title, lang) for one in asked] or (
        [say(result.title, lang)] if result is not None and "/" in address.split(".")[0] else []
    )
    words = re.findall(r"[^\W\d_]+", " ".join((root, *titles)).lower())
    return tuple(dict.fromkeys(word for word in words if len(word) > _WORD))


def other_groups(result: Result | None, cell: Cell, own: tuple[str, ...], lang: Lang, *, answers: bool = False) -> list[str]:
    """The names of the groups that stand beside a number's own in its table.

    Args:
        result, cell: the table and its number.
        own: the forms of the number's own groups.
        lang, answers: as for the number's own.
    """
    found: list[str] = []
    for column in result.keys if result is not None else ():
        if result is None or column in ("item", "code", "code_path") or column not in cell.row or column not in result.frame.columns:
            continue
        labels = result.labels.get(column)
        if answers and "total" not in result.frame[column].astype(str).tolist():
            continue
        if labels is None and any(column in one.on for one in result.labels.values()):
            continue  # a code that is part of another key's words
        for row in result.frame.drop_duplicates(column).to_dict("records"):
            if row[column] not in (cell.row[column], "total"):
                found += group_forms(labels.say(row[column], row, lang) if labels else str(row[column]), lang)
    return [name for name in found if name not in own]


def person_forms(unit: tuple[str, ...], group: tuple[str, ...], name: str) -> tuple[str, ...]:
    """A group of persons may be called by its own name; what is an interview may not be called a person."""
    return (*unit, *(word for word in group if word not in unit)) if name != "interview" else unit


def called(opened: Round, cell: Cell, lang: Lang) -> tuple[str, ...]:
    """What else a counted thing may be called: as its own id says, and as the only group of the round that is counted so."""
    groups = {
        say(asked.group, lang)
        for name in opened.surveys
        if (asked := _questionnaire(opened, name)) is not None and asked.group and asked.frame.unit == cell.base.unit
    }
    named = [word for word in re.split(r"[-_]", ".".join(cell.address.split(".")[1:2])) if len(word) > _WORD]
    return (*(form for group in groups if len(groups) == 1 for form in group_forms(group, lang)), *named)


def frame_unit(opened: Round, survey: str) -> str:
    """What the answers to a survey stand for: of a mirror the second group's, whose number the row is."""
    asked = _questionnaire(opened, survey)
    return asked.frame.unit if asked is not None else ""


def period_of(opened: Round, survey: str) -> str:
    """When a survey was held."""
    asked = _questionnaire(opened, survey)
    return say(asked.wave, "da") if asked is not None and asked.wave else ""


def round_groups(opened: Round, lang: Lang) -> tuple[str, ...]:
    """Every form of the name of each group that a round's surveys asked."""
    return tuple(dict.fromkeys(form for name in opened.surveys for form in names_of(opened, name, lang)))


def names_of(opened: Round, survey: str, lang: Lang) -> tuple[str, ...]:
    """Every form of the name of the group that a survey asked."""
    asked = _questionnaire(opened, survey)
    return group_forms(say(asked.group, lang), lang) if asked is not None and asked.group else ()


def _questionnaire(opened: Round, survey: str) -> Questionnaire | None:
    found = next((one for name, one in opened.surveys.items() if folded(name) == folded(survey)), None)
    return found.questionnaire if found is not None else None

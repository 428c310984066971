"""Rows that are more than an answer: a goal with its readings, two rows as sides of a comparison; and of whom and of when a number is."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Reading, Words
from vvvresearch.locales import LANGUAGES, Lang, say
from vvvresearch.reporting.claims._words import foreign_words, group_forms, named_units, topics, unit_forms
from vvvresearch.results import Cell, Result, folded
from vvvresearch.statements import Amount, Goal, Row, Side, mentions

if TYPE_CHECKING:
    from vvvresearch.evidence import Questionnaire
    from vvvresearch.rounds import Round


# "afbrudt, fordi relationen ikke fungerede, af dem, der er afsluttet": the number and its base.
_BASE = re.compile(r", (?:af|of) (?:dem|those|alle|all)\b")


def known(row: Mapping[Any, Any], *names: str) -> bool:
    return all(name in row and row[name] is not None and not isinstance(row[name], str) and row[name] == row[name] for name in names)


def goal_row(opened: Round, rest: str, lang: Lang) -> tuple[Row, str] | None:
    """A goal's row, and the address of its first reading; None where the words name no goal but a number of them.

    Args:
        opened: the round.
        rest: the goal's id, with or without a reading.
        lang: language of the row's words.

    Raises:
        AnalysisError: there is no such goal.
    """
    status = opened.goal_status()
    if status.absent:
        raise AnalysisError("the round has no goals", where=f"goal.{rest}")
    wanted, *more = folded(rest).split(".")
    rows = {folded(str(row["goal"])): row for row in status.frame.to_dict("records")}
    if wanted not in rows:
        if wanted in ("count", "total"):
            return None
        raise AnalysisError(f"there is no goal {rest!r}", where=f"goal.{rest}", todo=did_you_mean(wanted, rows))
    row = rows[wanted]
    defined = next(one for one in opened.goals.goals if folded(one.id) == wanted)
    readings = [one for one in status["readings"].frame.to_dict("records") if folded(str(one["goal"])) == wanted]
    if more and more[0] not in ("target", "target_share"):
        readings = [one for one in readings if folded(str(one["reading"])) == more[0]]
    share = known(row, "target_share")
    target = row["target_share"] if share else row["target"]
    forms = unit_forms(str(row["unit"]), lang)
    asked, groups = _measured(opened, defined.readings, lang)
    named = (*named_units(_spoken(defined.definition), lang), *groups, *_counted(defined.definition, lang))
    spoken = {word for said in _spoken(defined.definition).values() for word in re.findall(r"\w+", said.lower())}
    others = [name for name in round_groups(opened, lang) if not spoken & {form.lower() for form in group_forms(name, lang)}]
    words: dict[str, Any] = {
        "about": (defined.definition.say(lang), *asked, *(reading.label.say(lang) for reading in defined.readings)),
        "labels": _labels(opened, defined.readings, lang),
        "unit": (*forms, *named),
        "subjects": foreign_words((*forms, *named), lang, others),
    }
    if not known(row, "target_share") and not known(row, "target"):
        return Row(**words, absent="not_asked"), ""
    deciding = [one for one in readings if one["evidence"] == "direct"] or readings
    read = [one["share"] if share else one["value"] for one in deciding if known(one, "share" if share else "value")]
    values = tuple(
        Fraction(int(one["count"]), int(one["n"])) if share and known(one, "count", "n") else _exact(number)
        for one, number in zip([one for one in deciding if known(one, "share" if share else "value")], read, strict=True)
    )
    due = defined.as_of
    ended = not due or f"{opened.spec.period.end:%Y-%m}" >= due[:7]
    goal = Goal(_exact(target), values, at_least=defined.direction == "at_least", ended=ended, due=due, share=share)
    first = deciding[0] if deciding else None
    counted = first is not None and share and known(first, "count", "n")
    extra: dict[str, Any] = {"count": int(first["count"]), "n": int(first["n"])} if counted and first is not None else {}
    if not share and len(values) == 1:
        extra["value"] = values[0]
    cell = f"goals.{wanted}.{folded(str(first['reading']))}.{'share' if share else 'value'}" if first is not None else ""
    return Row(goal=goal, **words, **extra), cell


def _measured(opened: Round, readings: Iterable[Reading], lang: Lang) -> tuple[list[str], list[str]]:
    """The questions whose answers measure a goal, and every form of the names of the groups that were asked."""
    asked: list[str] = []
    groups: list[str] = []
    for taken in (reading.taken for reading in readings):
        if taken is not None and (taken.survey or taken.cell):
            address = taken.cell or f"{taken.survey}.{taken.item}"
            asked += topics(opened, address, lang)[0]
            groups += names_of(opened, taken.survey or address.split(".")[0].split("/")[0].split("~")[-1], lang)
    return asked, groups


def _labels(opened: Round, readings: Sequence[Reading], lang: Lang) -> tuple[str, ...]:
    """The words of what was counted, where one number measures the goal: its answers, or what the number is called without its base."""
    taken = readings[0].taken if len(readings) == 1 else None
    if taken is None:
        return ()
    survey = opened.surveys[taken.survey] if taken.survey and taken.survey in opened.surveys else None
    if survey is not None and survey.questionnaire is not None:
        options = survey.questionnaire.options(survey.questionnaire.item(taken.item))
        return tuple(option.label.say(lang) for option in options if option.code in taken.answers)
    return (_BASE.split(readings[0].label.say(lang))[0],) if taken.matches else ()


def _counted(definition: Words, lang: Lang) -> list[str]:
    """The nouns that a goal's own words count: "Ti havedage i 2024" counts "havedage"."""
    units = [one.unit for one in mentions(definition.say(lang), lang) if one.kind in ("count", "base", "total") and one.unit]
    return [form for unit in units for form in group_forms(unit, lang)]


def _spoken(words: Words) -> dict[Lang, str]:
    return {lang: words.say(lang) for lang in LANGUAGES}


def _exact(number: Any) -> Fraction:
    return Fraction(str(number)).limit_denominator(10**6)


def compared(one: Row, other: Row, *, same: bool, mirrored: bool = False) -> Row:
    """Two rows as the two sides of a comparison; what no model has compared has no interval."""
    if one.value is not None and other.value is not None:
        return _two_amounts(one, other, same=same)
    if one.count is None or one.n is None or other.count is None or other.n is None:
        raise AnalysisError("a part of a whole and a number without one are not compared", todo="bind each number to its own address")
    unlike = not same or (one.labels != other.labels and bool(one.labels and other.labels)) or one.unit[:1] != other.unit[:1]
    unlike = unlike and not mirrored
    from vvvresearch.survey.intervals import difference_interval

    side = Side(other.count, other.n, tuple(name for name in (*other.group, *other.unit) if name not in one.unit), other.period)
    found = difference_interval(one.count, one.n, other.count, other.n)
    low, high = float(found[0]), float(found[1])
    waves = bool(one.period and other.period and one.period != other.period)
    later = one
    counted = one.full_count and other.full_count
    if waves and one.period < other.period:
        return compared(other, one, same=same, mirrored=mirrored)
    return dataclasses.replace(
        later,
        before=side if waves else None,
        other=None if waves else side,
        group=tuple(name for name in later.group if name not in side.names) or later.group,
        foreign=tuple(word for word in later.foreign if word not in side.names),
        subjects=tuple(word for word in later.subjects if word not in {name.lower() for name in side.names}),
        change_lower=None if counted else Fraction(str(low)),
        change_upper=None if counted else Fraction(str(high)),
        siblings=(),
        unsure=None,
        obstacle="other_question" if unlike else "",
    )


def _two_amounts(one: Row, other: Row, *, same: bool) -> Row:
    """Two numbers that are no parts of a whole, the later one first where both have their time."""
    if one.period and other.period and one.period < other.period:
        one, other = other, one
    alike = same or (one.statistic == other.statistic and one.unit[:1] == other.unit[:1] and one.measured_in == other.measured_in)
    own = {word.lower() for word in other.group}
    return dataclasses.replace(
        one,
        beside=Amount(other.value or Fraction(0), tuple(name for name in other.group if name not in one.group), other.period),
        foreign=tuple(word for word in one.foreign if word.lower() not in own),
        subjects=tuple(word for word in one.subjects if word not in own),
        obstacle="" if alike else "other_question",
    )


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

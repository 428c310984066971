"""The row of a goal: its target, every reading held against it, and whether its time is over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Reading, Words
from vvvresearch.locales import LANGUAGES, Lang
from vvvresearch.reporting.claims._topics import topics
from vvvresearch.reporting.claims._whom import names_of, round_groups
from vvvresearch.reporting.claims._words import foreign_words, group_forms, named_units, unit_forms
from vvvresearch.results import folded
from vvvresearch.statements import Goal, Row, mentions

if TYPE_CHECKING:
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

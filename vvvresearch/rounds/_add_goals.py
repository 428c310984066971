"""Goals from a list into a round's definition: each with its target, and with the number that was chosen to measure it."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from vvvresearch import files
from vvvresearch.errors import RoundError
from vvvresearch.evidence import Goal, timeless
from vvvresearch.intake import Decision, Proposal, Question, Settled, fold, read_goal, target_words
from vvvresearch.locales import LANGUAGES, Lang, text
from vvvresearch.rounds._definition_text import with_fields
from vvvresearch.rounds._find import DEFINITION, load_spec
from vvvresearch.rounds._goal_measures import earlier_value, measures_for, narrower
from vvvresearch.rounds._spec import RoundSpec
from vvvresearch.rounds._table_measures import Measure

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round

_LATER = "-"
_OF_THE_NUMBER: Final = "nearest"
_IN_UNITS = re.compile(r"\b(?:i|in|antal|number of) (dage|uger|maaneder|aar|days|weeks|months|years)\b")
_SAID_IN_DAYS = "days"
_DAYS = {"dag": 1.0, "day": 1.0, "uge": 7.0, "week": 7.0, "maaned": 30.4375, "month": 30.4375, "aar": 365.25, "year": 365.25}
# What a register of matches counts besides those that last, which are a stock.
_AMOUNTS = {"started": "flow", "ended": "flow", "ever": "total"}
_OF_ALL = re.compile(r"\b(andel\w*|share|proportion)\b")
_SHARE = re.compile(r"(\d+(?:[.,]\d+)?) ?(%|pct\.?|procent|percent)?")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


def with_measures(root: Path, spec: RoundSpec, proposal: Proposal, lang: Lang) -> Proposal:
    """A list of goals with one more question each: which number of the round measures it. None is ever decided."""
    decided = {one.id: one.value for one in proposal.decided}
    # What the round before handed on is there already; only what measures it in this round may be open.
    there = {number: goal for number in goal_numbers(proposal) if (goal := _standing(decided, number, spec)) is not None}
    is_there = tuple(f"goal.{number}." for number in there)
    questions = [one for one in proposal.questions if not one.id.startswith(is_there)]
    # Answers that took a list in may be given with it again.
    settled = [one.id for one in proposal.questions if one.id.startswith(is_there)]
    opened, told, carried = _opened(root, spec), list(proposal.told), []
    for number in goal_numbers(proposal):
        questions = [
            _with_earlier(opened, one, decided, number, lang)
            if one.id == f"goal.{number}.target" and f"goal.{number}.times" in decided
            else one
            for one in questions
        ]
        if number in there and (_is_measured(there[number]) or there[number].type == "qualitative"):
            settled.append(f"goal.{number}.measure")
            continue
        if decided.get(f"goal.{number}.target") == _LATER:
            continue  # judged in words
        asked_time = next((one for one in questions if one.id == f"goal.{number}.as_of"), None)
        found = _measures(opened, decided, number, lang, there.get(number))
        taken_over = there.get(number) or _of_the_year_before(str(decided[f"goal.{number}.text"]), spec)
        if taken_over is not None and (unit := next((one for one in questions if one.id == f"goal.{number}.unit"), None)) is not None:
            # Whom it counts was said of it last time.
            questions.remove(unit)
            carried.append(Decision(unit.id, str(decided[f"goal.{number}.text"]), taken_over.unit, "map"))
            decided[unit.id] = taken_over.unit
            found = _measures(opened, decided, number, lang, there.get(number))
        if asked_time is not None:
            found = _at_each_time(opened, decided, number, lang, [time for time, _ in asked_time.choices])
        words = str(decided[f"goal.{number}.text"])
        if (what := narrower(opened, words)) and not any("cell" in one.taken for one in found):
            told.append(text("intake.told_narrower", lang, goal=words, what=what))
        if not found:
            continue
        # Whom it counts is what the number counts that it names; of another one that is chosen instead, what that counts.
        unit = next((one for one in questions if one.id == f"goal.{number}.unit"), None)
        if unit is not None and found[0].named and found[0].unit:
            questions.remove(unit)
            carried.append(Decision(unit.id, words, found[0].unit, _OF_THE_NUMBER))
        choices = (*((one.id, one.label) for one in found), (_LATER, text("intake.measure_later", lang)))
        asked = text("intake.ask_measure", lang, goal=words)
        before = _measured_before(root, spec, taken_over) if taken_over is not None else None
        questions.append(Question(f"goal.{number}.measure", "choose", asked, choices, proposal=_likely(found, before)))
    there_already = tuple(Decision(one, text("intake.goal_there", lang), _LATER, "map") for one in settled)
    return dataclasses.replace(
        proposal, questions=tuple(questions), decided=(*proposal.decided, *there_already, *carried), told=tuple(told)
    )


def _likely(found: Sequence[Measure], before: dict[str, Any] | None) -> str | None:
    """Of what may measure a goal what measured it in the round before: a survey of another year has another id, its items keep theirs."""
    if before is None:
        return None

    def called(taken: Mapping[str, Any], name: Callable[[str], str]) -> dict[str, Any]:
        return {**taken, **{one: name("".join(taken.get(one, ""))) for one in ("survey", "rows", "cell")}}

    # By the survey's own name, by its name of any year, by the question alone.
    for name in (str, timeless, lambda _: ""):
        alike = [one.id for one in found if called(_taken(one.taken), name) == called(before, name)]
        if len(alike) == 1:
            return alike[0]
    return None


def _with_earlier(opened: Round, question: Question, decided: Mapping[str, Any], number: int, lang: Lang) -> Question:
    """The question for a target that is an earlier number times something, with what that would be for each number that it could mean."""
    times, since = Fraction(str(decided[f"goal.{number}.times"])), str(decided[f"goal.{number}.since"])
    choices: dict[str, str] = {}
    for one in _measures(opened, decided, number, lang):
        if (earlier := earlier_value(opened, one, since)) is None:
            continue
        value, share = earlier
        target = target_words(round(float(times * value), 1), share)
        told = {"times": f"{float(times):g}", "earlier": target_words(round(float(value), 1), share), "since": since, "what": one.what}
        choices[target] = "; ".join(part for part in (choices.get(target, ""), text("intake.earlier_times", lang, **told)) if part)
    return dataclasses.replace(question, type="choose", choices=(*choices.items(), *question.choices)) if choices else question


def _at_each_time(opened: Round, decided: Mapping[str, Any], number: int, lang: Lang, times: Sequence[str]) -> list[Measure]:
    """What may measure a goal whose time is asked as well, with what it is at each of the times."""
    found: dict[str, Measure] = {}
    for time in times:
        own = {**decided, f"goal.{number}.as_of": "" if time == _LATER else time}
        for one in _measures(opened, own, number, lang):
            before = found.get(one.id)
            shown = one.label.removeprefix(f"{one.what}: ")
            if before is None:
                found[one.id] = one
            elif shown not in before.label:
                found[one.id] = dataclasses.replace(before, label=f"{before.label} / {shown}")
    return list(found.values())


def _standing(decided: Mapping[str, Any], number: int, spec: RoundSpec) -> Goal | None:
    """The goal of these words that the round has already; one of the round before that the list gives another target or date is none."""
    words, target, when = (str(decided.get(f"goal.{number}.{name}", "")) for name in ("text", "target", "as_of"))
    goal = next((one for one in spec.goals if words in (one.definition.da, one.definition.en)), None)
    if goal is None or spec.previous is None:
        return goal
    before = target_words(float(goal.target), goal.type == "percent") if goal.target is not None else ""
    other = target and before and target != before and f"goal.{number}.days" not in decided
    return None if other or (when and goal.as_of and when != goal.as_of) else goal


def _of_the_year_before(words: str, spec: RoundSpec) -> Goal | None:
    """The goal that the round took over from the one before and that a list has again, for another year."""
    found = [goal for goal in spec.goals if timeless(words) in (timeless(goal.definition.da), timeless(goal.definition.en))]
    return found[0] if spec.previous is not None and len(found) == 1 else None


def _is_measured(goal: Goal) -> bool:
    return any(reading.taken is not None for reading in goal.readings)


def _measured_before(root: Path, spec: RoundSpec, goal: Goal) -> dict[str, Any] | None:
    """What measured a goal in the round before, None where nothing did."""
    if spec.previous is None:
        return None
    earlier = next((one for one in load_spec(root, spec.previous.round).goals if one.id == goal.id), None)
    return (
        next((_taken(one.taken.model_dump()) for one in earlier.readings if one.taken is not None), None) if earlier is not None else None
    )


def _taken(measure: Mapping[str, Any]) -> dict[str, Any]:
    """A measure in one form: one answer is a list of one, a month is this round's own."""
    listed = {name: (value,) if isinstance(value, str) else value for name, value in measure.items() if value and name != "extract"}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in listed.items()}


def goal_numbers(proposal: Proposal | Settled) -> list[int]:
    """The numbers of the goals in a list, from 1."""
    ids = [one.id for one in proposal.decided] if isinstance(proposal, Proposal) else list(proposal.decisions)
    return sorted({int(found[1]) for one in ids if (found := re.fullmatch(r"goal\.(\d+)\.text", one))})


def _opened(root: Path, spec: RoundSpec) -> Round:
    """The round; the same one while none of its files changes, so that what could measure its goals is counted once."""
    named = (path for one in spec.sources for path in (one.path, one.map, one.questionnaire, one.texts) if path)
    places = [root / one for one in ("programme.toml", f"rounds/{spec.id}/{DEFINITION}", *named)]
    states = ((one, one.stat()) for one in places if one.exists())
    return _opened_as(root, spec.id, tuple((one, state.st_mtime_ns, state.st_size) for one, state in states))


@functools.lru_cache(maxsize=1)
def _opened_as(root: Path, name: str, _state: tuple[tuple[Path, int, int], ...]) -> Round:
    from vvvresearch.rounds._opening import open_round

    return open_round(name, root=root)


def _measures(opened: Round, decided: Mapping[str, Any], number: int, lang: Lang, standing: Goal | None = None) -> list[Measure]:
    words = str(decided[f"goal.{number}.text"])
    target = str(decided.get(f"goal.{number}.target", ""))
    unit = standing.unit if standing is not None else str(decided.get(f"goal.{number}.unit", ""))
    if unit == "programme" and not re.search(r"\d", target):
        unit = ""  # taken for a goal in words, which any number may bear on
    changes = f"goal.{number}.times" in decided
    said = f"{words} {decided.get(f'goal.{number}.indicator', '')}"
    if f"goal.{number}.days" in decided:
        said = f"{said} ({target} {_SAID_IN_DAYS})"
    when = standing.as_of if standing is not None else str(decided.get(f"goal.{number}.as_of", ""))
    if target:
        return measures_for(opened, said, unit, share="%" in target, lang=lang, when=when)
    # What changes by itself is a number, unless the sentence speaks of a share; and it is one of the time that the goal speaks of.
    shares = (bool(_OF_ALL.search(fold(words))),) if changes else (True, False)
    both = [one for share in shares for one in measures_for(opened, said, unit, share=share, lang=lang, when=when)]
    timed = [one for one in both if one.taken.get("year")]
    return list({one.id: one for one in (timed if changes and shares[0] and timed else both)}.values())


def add_goals(root: Path, spec: RoundSpec, settled: Settled, lang: Lang) -> tuple[list[str], list[str]]:
    """Write the goals of a list into the definition, behind everything else; goals that are there already are not written twice.

    Returns:
        The ids that were written, and what is told.

    Raises:
        RoundError: an answer that no goal can have; nothing was written.
    """
    place = root / "rounds" / spec.id / DEFINITION
    content = files.read_text(place)
    taken = {goal.id for goal in spec.goals}
    blocks, ids, measured, told, in_words, there = [], [], [], [], 0, 0
    numbers, opened = goal_numbers(settled), _opened(root, spec)
    for number in numbers:
        own = settled.starting(f"goal.{number}.")
        standing = _standing(settled.decisions, number, spec)
        readings, counted = _reading(opened, settled, number, standing)
        if standing is not None:
            there += 1
            if readings and not _is_measured(standing):
                found = {"readings": readings} | _amount(standing.type, readings)
                content = with_fields(content, standing.id, {key: files.toml(value) for key, value in found.items()}, place, "goals")
                measured.append(standing.id)
            continue
        renewed = _of_the_year_before(str(own["text"]), spec)
        by_default = settled.why.get(f"goal.{number}.unit") == "declared"
        name = renewed.id if renewed is not None else next(one for count in itertools.count(1) if (one := f"M{count}") not in taken)
        if counted and settled.why.get(f"goal.{number}.unit") == _OF_THE_NUMBER:
            own = {**own, "unit": counted}
        fields = _fields(name, own, f"goal.{number}.unit" if by_default else "")
        if readings and fields["type"] == "number":
            fields["target"] = _in_its_unit(opened, fields["target"], readings[0]["measure"], own)
        fields |= _amount(fields["type"], readings) | ({"readings": readings} if readings else {})
        written = {key: files.toml(value) for key, value in fields.items()}
        if renewed is not None:
            content = with_fields(content, name, written, place, "goals")
            measured.append(name)
            told.append(text("intake.told_goal_renewed", lang, goal=name, text=str(own["text"])))
            continue
        taken.add(name)
        ids.append(name)
        in_words += fields["type"] == "qualitative"
        blocks.append("\n".join(["[[goals]]", *(f"{key} = {value}" for key, value in written.items())]))
    if there:
        told.append(text("intake.told_goals_there", lang, count=there))
    if in_words:
        told.append(text("intake.told_goals_words", lang, count=in_words))
    if blocks or measured:
        changed = content.rstrip("\n") + "\n" + "".join(f"\n{block}\n" for block in blocks)
        try:
            RoundSpec.model_validate(tomllib.loads(changed))
        except (tomllib.TOMLDecodeError, ValidationError) as problem:
            raise RoundError(
                "the goals cannot be written into the definition",
                where=place,
                why=str(problem).splitlines()[-1],
                todo="correct the answers",
            ) from None
        files.write_text(place, changed)
        load_spec(root, spec.id)
    return [*ids, *measured], told


def _reading(opened: Round, settled: Settled, number: int, standing: Goal | None) -> tuple[list[dict[str, Any]], str]:
    """The number that was chosen, called in both languages what it is: measured is seldom what the goal says; and whom it counts."""
    chosen = str(settled.decisions.get(f"goal.{number}.measure", _LATER))
    if chosen == _LATER:
        return [], ""
    found = {
        lang: next((one for one in _measures(opened, settled.decisions, number, lang, standing) if one.id == chosen), None)
        for lang in LANGUAGES
    }
    said = {lang: one for lang, one in found.items() if one is not None}
    # Which source it is from stands beside it.
    label = {lang: one.what.partition(": ")[2] or one.what for lang, one in said.items()}
    one = next(iter(said.values()), None)
    return ([], "") if one is None else ([{"id": "measured", "label": label, "measure": one.taken}], one.unit)


def _in_its_unit(opened: Round, target: float, taken: Mapping[str, Any], own: Mapping[str, Any]) -> float:
    """A length of time in the unit of the number that measures it: that of the register, or of a question ("Ventetid i uger").

    Args:
        opened: the round.
        target: in days where it was read with its unit, else in the unit that the goal says.
        taken: the number.
        own: what was decided of the goal.
    """
    length = _length(opened, str(taken.get("cell", "")))
    if length is None:
        return target
    said = _IN_UNITS.search(fold(f"{own['text']} {own.get('indicator', '')}"))
    days = target if "days" in own or said is None else target * _days_in(said[1])
    found = round(days / length, 1)
    return int(found) if float(found).is_integer() else found


def _length(opened: Round, cell: str) -> float | None:
    """How many days one of what a number counts lasts; None where it counts no time, or does not say which."""
    survey, _, rest = cell.partition(".")
    if survey == "duration":
        return {"total.median": 1, "total.months": _days_in("months")}.get(rest)
    definition = opened.surveys[survey].questionnaire if survey in opened.surveys else None
    item = next((one for one in definition.items if rest.startswith(f"{one.id}.")), None) if definition is not None else None
    return _days_in(found[1]) if item is not None and (found := _IN_UNITS.search(fold(item.text.da))) else None


def _days_in(unit: str) -> float:
    return _DAYS[next(name for name in _DAYS if unit.startswith(name))]


def _amount(type_: str, readings: list[dict[str, Any]]) -> dict[str, str]:
    """What a goal that is a number is about, where the number chosen for it began, ended or was held in a period: no stock at a date."""
    taken = readings[0]["measure"] if readings and type_ == "number" else {}
    amount = "flow" if taken.get("courses") else _AMOUNTS.get(str(taken.get("matches", "")), "")
    return {"measure": amount} if amount else {}


def _target(words: str) -> tuple[float, bool, str]:
    """A target as it was answered: the number, whether it is a percentage, and its side ("højst 4.500", "≤ 12 %").

    Raises:
        RoundError: it is no target.
    """
    found = _SHARE.fullmatch(words.strip())
    if found is not None and (found[2] or not _THOUSANDS.fullmatch(found[1])):
        return float(found[1].replace(",", ".")), bool(found[2]), "at_least"
    read = read_goal("", words, plain=True)
    if len(read.targets) != 1 or not read.direction:
        raise RoundError(f"{words!r} is no target", todo='write "75 %", "300", "at most 12 %", or - where the goal is judged in words')
    return *read.targets[0], read.direction


def _fields(name: str, own: Mapping[str, Any], counted_by_default: str) -> dict[str, Any]:
    """A goal as the definition writes it, but for what measures it.

    Args:
        name: its id.
        own: what was decided of it.
        counted_by_default: the question of its unit, where nobody said it; else "".
    """
    both = {"da": str(own["text"]), "en": str(own["text"])}
    target = str(own["target"])
    fields: dict[str, Any] = {"id": name, "definition": both, "unit": str(own["unit"])}
    if part := own.get("part_of"):
        fields["part_of"] = {"da": str(part), "en": str(part)}
    if target == _LATER:
        return fields | {"type": "qualitative", "evidence": {lang: text("intake.todo", lang) for lang in LANGUAGES}}
    value, share, said = _target(target)
    if counted_by_default:
        todo = f"answer {counted_by_default} as well: it is taken for a goal in words where nobody says whom it counts"
        raise RoundError(f"{target!r} is a number, and nothing says of whom", todo=todo)
    fields |= {"type": "percent" if share else "number", "target": int(value) if value.is_integer() else value}
    if (direction := str(own.get("direction", said))) != "at_least":
        fields["direction"] = direction
    if own.get("as_of", _LATER) != _LATER:
        fields["as_of"] = str(own["as_of"])
    return fields

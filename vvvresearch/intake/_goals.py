"""Goals from a list in words: what a sentence does not say of its goal is asked."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from vvvresearch import files
from vvvresearch.evidence import GoalUnit, Programme
from vvvresearch.intake._fold import clean, fold, slug
from vvvresearch.intake._goal_numbers import days_said
from vvvresearch.intake._goal_parts import Nouns, begins_with_unit, unit_said
from vvvresearch.intake._goal_words import GoalWords, parts_of, read_goal
from vvvresearch.intake._proposal import Draft, Proposal, Question
from vvvresearch.intake._words import choice_label
from vvvresearch.locales import Lang, text
from vvvresearch.sources import document_text

GOALS = "goals"
_MOSTLY, _LONGEST, _SENTENCE = 0.6, 60, 4
BULLET = re.compile(r"^\s*(?:[-•*–·]|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)])\s+")
SIGN = re.compile(r"%|\bpct\b|\bprocent\b|\bper ?cent\b", re.IGNORECASE)
# What makes a number a target, whoever is counted: the round's own programme may have words for people that nobody here knows.
AIMED = re.compile(
    r"\b(skal|maa|senest|inden|mindst|minimum|hoejst|maks\w*|under|(ikke|no) (mere|flere|more) (end|than)|"
    r"must|should|will|by|at (least|most)|fewer than|less than)\b"
)

# What is told and not counted.
_DESCRIBED = re.compile(
    r"\b(beskriv\w*|beskrev\w*|interview\w*|fortael\w*|kvalitativ\w*|i ord|skildr\w*|describ\w*|qualitativ\w*|narrativ\w*|in words|"
    r"stories|story|fokusgruppe\w*|focus groups?)\b"
)
_AT_LEAST = re.compile(r"\b(mindst|minimum|at least)\b")


@dataclass(frozen=True)
class GoalLine:
    """A goal of a list, as it stands there.

    Args:
        text: the sentence.
        target: the target with its direction and unit, where they stand apart.
        when: the time, where it stands apart.
        indicator: what it is measured by.
        denominator: whom a share is of.
        plain: whether a target without a sign is sure to be none of per cent.
        part_of: the sentence of which it is one end, where a number is to lie between two.
        beside: what stands in the other columns of numbers: where it is today, and on the way.
    """

    text: str
    target: str = ""
    when: str = ""
    indicator: str = ""
    denominator: str = ""
    plain: bool = False
    part_of: str = ""
    beside: tuple[str, ...] = ()


def goal_lines(path: Path) -> list[str]:
    """The lines of a text that may be goals, without headings and bullets; where some have bullets, those and what has a target."""
    content = document_text(path) if path.suffix.casefold() == ".docx" else files.read_text(path, fallback="cp1252")
    lines = [clean(raw) for raw in content.splitlines() if raw.strip()]
    listed = any(BULLET.match(line) for line in lines)
    bare = [(BULLET.sub("", line), bool(BULLET.match(line))) for line in lines]
    return [
        line
        for line, marked in bare
        if read_goal(line).targets or (not line.endswith(":") and (marked or (not listed and len(line.split()) >= _SENTENCE)))
    ]


def is_list_of_goals(lines: Sequence[str], programme: Programme, *, perhaps: bool = False) -> bool:
    """Whether most lines of a text are short sentences with a number that is a target: by who is counted, a time or a word of its side.

    Args:
        lines: the lines of the text.
        programme: whose people and units are counted.
        perhaps: whether numbers that may be targets are enough, so that it is asked.
    """
    own = _own_nouns(programme)
    told = [line for line in lines if len(line) > 12 and not line.endswith(("?", ":"))]
    good = [
        one
        for line in told
        if ((one := read_goal(line, own=own)).targets or one.times is not None)
        and (perhaps or one.likely or one.as_of or AIMED.search(fold(line)))
        and len(line.split()) <= _LONGEST
    ]
    # Those who talk are named in front of most lines; a goal may have a heading of its own.
    turns = [line for line in told if re.match(r"\w{1,12}: ", line)]
    return len(good) >= 2 and len(good) >= _MOSTLY * len(told) and 4 * len(turns) <= len(told)


def propose_goals(path: Path, lines: Sequence[GoalLine], hash_: str, lang: Lang, programme: Programme) -> Proposal:
    """A list of goals: what is sure of each, and what has to be asked.

    Args:
        path: the file.
        lines: the goals.
        hash_: of the file.
        lang: of questions.
        programme: whose people are counted.
    """
    own = _own_nouns(programme)
    draft = Draft(lang, GOALS, "goal")
    draft.decide("kind", path.name, GOALS)
    units = tuple(dict.fromkeys((*get_args(GoalUnit), *programme.units)))
    for number, one in enumerate((end for line in lines for end in _ends(line, own, lang)), start=1):
        name, indicator = f"goal.{number}", "; ".join(part for part in (one.indicator, one.denominator) if part)
        read = read_goal(one.text, one.target, one.when, plain=one.plain, own=own, how=indicator)
        if not read.unit and begins_with_unit(indicator, own):
            # "Andel af afsluttede forløb, der …": how it is measured says whom it counts.
            read = dataclasses.replace(read, unit=unit_said(indicator, 0, True, own)[0])
        elif not read.likely and indicator:
            read = dataclasses.replace(read, likely=unit_said(indicator, 0, False, own)[1])
        if read.direction == "at_least" and _falls(read, one):
            read = dataclasses.replace(read, direction="")
        _propose_goal(draft, name, read, indicator, units)
        if len(read.targets) == 1 and not read.targets[0][1] and days_said(one.target or one.text) == read.targets[0][0]:
            draft.decide(f"{name}.days", one.text, target_words(*read.targets[0]))
        if one.part_of:
            draft.decide(f"{name}.part_of", one.text, one.part_of)
    this_file = {"hash": hash_}
    return Proposal(
        path, GOALS, GOALS, "goal", slug(path.stem), tuple(draft.decided.values()), tuple(draft.questions.values()),
        tuple(draft.told), tuple(draft.losses), this_file,
    )  # fmt: skip


def half_words(programme: Programme, *halves: int) -> str:
    """A pattern for what a programme calls the people of its pairs, folded, in the forms of both languages.

    Args:
        programme: whose groups they are.
        halves: 0 for who is helped, 1 for who helps.

    Example:
        >>> from vvvresearch.evidence import venner_viser_vej
        >>> bool(re.fullmatch(half_words(venner_viser_vej(), 1), fold("frivillige")))
        True
    """
    groups = [programme.groups[programme.halves[half]] for half in halves]
    return _in_all_forms(word for one in groups for word in (one.label.da, one.label.en, one.one.da, one.one.en, *one.aliases))


def _own_nouns(programme: Programme) -> Nouns:
    """What a programme calls its people and its own units."""
    named = ((name, _in_all_forms((one.many.da, one.many.en, one.one.da, one.one.en))) for name, one in programme.units.items())
    return (("person", half_words(programme, 0, 1)), *named)


def _in_all_forms(words: Iterable[str]) -> str:
    """A pattern for words as they are inflected."""
    said = sorted({re.escape(fold(word)) for word in words}, key=len, reverse=True)
    return rf"(?:{'|'.join(said)})(?:s|e|r|er|ne|en|et|ere|ene|erne|eren)?"


def _ends(line: GoalLine, own: Nouns, lang: Lang) -> list[GoalLine]:
    """A goal that lies between two numbers as two that are judged together, one of two numbers with a noun or a year each as two goals;
    any other as it is."""
    read = read_goal(line.text, line.target, line.when, plain=line.plain, own=own)
    if not read.ends:
        parts = parts_of(line.target or line.text, line.text, own) if read.direction else []
        if line.target:
            return [dataclasses.replace(line, text=f"{line.text} ({one})", target=one, part_of=line.text) for one in parts] or [line]
        return [dataclasses.replace(line, text=one, part_of=line.text) for one in parts] or [line]
    found = []
    for side, one in zip(("at_least", "at_most"), sorted(read.targets), strict=True):
        words = text(f"intake.end_{side}", lang, target=target_words(*one))
        sign = {"at_least": "≥", "at_most": "≤"}[side]
        found.append(
            dataclasses.replace(line, text=f"{line.text} ({words})", target=f"{sign} {target_words(*one)}", plain=True, part_of=line.text)
        )
    return found


def _falls(goal: GoalWords, line: GoalLine) -> bool:
    """Whether a target is lower than the numbers beside it, and nothing with it says that it is to be reached from below."""
    if len(goal.targets) != 1 or re.search(r"≥|>=|\+", line.target) or _AT_LEAST.search(fold(line.target)):
        return False
    ((target, _),) = goal.targets
    numbers = [value for cell in line.beside for value, _ in read_goal("", cell).targets[:1]]
    return bool(numbers) and target <= min(numbers) and target < max(numbers)


def _propose_goal(draft: Draft, name: str, goal: GoalWords, indicator: str, units: Sequence[str]) -> None:
    draft.decide(f"{name}.text", goal.text, goal.text)
    if indicator:
        draft.decide(f"{name}.indicator", goal.text, indicator)
    in_words = not goal.targets and goal.times is None
    if len(goal.targets) == 1 and goal.sure and goal.times is None:
        draft.decide(f"{name}.target", goal.text, target_words(*goal.targets[0]))
    else:
        choices = tuple((words, words) for one in goal.targets if (words := target_words(*one)))
        asked = text("intake.ask_target_of" if choices else "intake.ask_target", draft.lang, goal=goal.text)
        none = (("-", text("intake.in_words", draft.lang)),)
        draft.ask(Question(f"{name}.target", "choose" if choices else "fill", asked, (*choices, *none)))
    if in_words and _DESCRIBED.search(fold(f"{goal.text} {indicator}")) and not re.search(r"\d", goal.text):
        del draft.questions[f"{name}.target"]
        draft.decide(f"{name}.target", goal.text, "-", "heading+values")
    if goal.direction and not in_words:
        draft.decide(f"{name}.direction", goal.text, goal.direction, "heading+values" if goal.direction != "at_least" else "declared")
    elif not in_words:
        # Who fills in a number where none is said writes its side with it.
        choices = tuple((one, text(f"intake.direction_{one}", draft.lang)) for one in ("at_least", "at_most", "below"))
        draft.ask(Question(f"{name}.direction", "choose", text("intake.ask_direction", draft.lang, goal=goal.text), choices))
    if goal.times is not None:
        draft.decide(f"{name}.times", goal.text, str(goal.times))
        draft.decide(f"{name}.since", goal.text, goal.since)
    if goal.as_of:
        draft.decide(f"{name}.as_of", goal.text, goal.as_of)
    elif goal.asked_times:
        choices = (*((one, one) for one in goal.asked_times), ("-", text("intake.no_time", draft.lang)))
        draft.ask(Question(f"{name}.as_of", "choose", text("intake.ask_goal_time", draft.lang, goal=goal.text), choices))
    if goal.unit or in_words:
        # What is judged in words counts nobody; who fills in a number is told to say whom it counts.
        draft.decide(f"{name}.unit", goal.text, goal.unit or "programme", "heading+values" if goal.unit else "declared")
    else:
        asked = text("intake.ask_goal_unit", draft.lang, goal=goal.text)
        choices = tuple((unit, choice_label(unit, draft.lang)) for unit in units)
        draft.ask(
            Question(
                f"{name}.unit",
                "choose",
                asked,
                tuple((unit, choice_label(unit, draft.lang)) for unit in units),
                proposal=goal.likely or None,
            )
        )


def target_words(value: float, share: bool) -> str:
    """A target as it is asked for and answered: "75 %" or "300"."""
    return f"{value:g} %" if share else f"{value:.0f}" if value.is_integer() else f"{value}"

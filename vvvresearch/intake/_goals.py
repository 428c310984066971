"""Goals from a list in words: what a sentence does not say of its goal is asked."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import GoalUnit, Programme
from vvvresearch.intake._cells import Tests
from vvvresearch.intake._fold import clean, fold, slug
from vvvresearch.intake._goal_times import times_said
from vvvresearch.intake._goal_units import Nouns
from vvvresearch.intake._goal_words import OF_ALL, GoalWords, parts_of, read_goal
from vvvresearch.intake._grid import Grid
from vvvresearch.intake._kind import Candidate, Match, match_columns
from vvvresearch.intake._proposal import Draft, Proposal, Question
from vvvresearch.intake._settle import LEFT_OUT, ROLE
from vvvresearch.intake._table import Column, Table, find_table
from vvvresearch.intake._words import table_kinds
from vvvresearch.locales import Lang, text
from vvvresearch.sources import document_tables, document_text

GOALS = "goals"
# The answer that every column of numbers has targets, each a goal of its own.
EACH_COLUMN = "+"
_MOSTLY, _LONGEST, _SENTENCE = 0.6, 60, 4
_BULLET = re.compile(r"^\s*(?:[-•*–·]|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)])\s+")
_SIGN = re.compile(r"%|\bpct\b|\bprocent\b|\bper ?cent\b", re.IGNORECASE)
# What makes a number a target, whoever is counted: the round's own programme may have words for people that nobody here knows.
_AIMED = re.compile(
    r"\b(skal|maa|senest|inden|mindst|minimum|hoejst|maks\w*|under|(ikke|no) (mere|flere|more) (end|than)|"
    r"must|should|will|by|at (least|most)|fewer than|less than)\b"
)


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
    """

    text: str
    target: str = ""
    when: str = ""
    indicator: str = ""
    denominator: str = ""
    plain: bool = False
    part_of: str = ""


def goal_lines(path: Path) -> list[str]:
    """The lines of a text that may be goals, without headings and bullets; where some have bullets, those and what has a target."""
    content = document_text(path) if path.suffix.casefold() == ".docx" else files.read_text(path, fallback="cp1252")
    lines = [clean(raw) for raw in content.splitlines() if raw.strip()]
    listed = any(_BULLET.match(line) for line in lines)
    bare = [(_BULLET.sub("", line), bool(_BULLET.match(line))) for line in lines]
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
        and (perhaps or one.likely or one.as_of or _AIMED.search(fold(line)))
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
    units = (*get_args(GoalUnit), *programme.units)
    for number, one in enumerate((end for line in lines for end in _ends(line, own, lang)), start=1):
        name, indicator = f"goal.{number}", "; ".join(part for part in (one.indicator, one.denominator) if part)
        _propose_goal(draft, name, read_goal(one.text, one.target, one.when, plain=one.plain, own=own), indicator, units)
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


def _propose_goal(draft: Draft, name: str, goal: GoalWords, indicator: str, units: Sequence[str]) -> None:
    draft.decide(f"{name}.text", goal.text, goal.text)
    if indicator:
        draft.decide(f"{name}.indicator", goal.text, indicator)
    if len(goal.targets) == 1 and goal.sure and goal.times is None:
        draft.decide(f"{name}.target", goal.text, target_words(*goal.targets[0]))
    else:
        choices = tuple((words, words) for one in goal.targets if (words := target_words(*one)))
        asked = text("intake.ask_target_of" if choices else "intake.ask_target", draft.lang, goal=goal.text)
        none = (("-", text("intake.in_words", draft.lang)),)
        draft.ask(Question(f"{name}.target", "choose" if choices else "fill", asked, (*choices, *none)))
    in_words = not goal.targets and goal.times is None
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
        draft.ask(Question(f"{name}.unit", "choose", asked, tuple((unit, unit) for unit in units), proposal=goal.likely or None))


def target_words(value: float, share: bool) -> str:
    """A target as it is asked for and answered: "75 %" or "300"."""
    return f"{value:g} %" if share else f"{value:.0f}" if value.is_integer() else f"{value}"


def goal_tables(path: Path, tests: Tests) -> list[GoalLine]:
    """The goals that stand in tables of a Word document."""
    found = []
    for rows in document_tables(path) if path.suffix.casefold() == ".docx" else ():
        try:
            table = find_table(Grid([[*row] for row in rows]), path)
        except SourceError:
            continue  # a table of one row, or a frame around text
        candidate = match_columns(table_kinds()[GOALS], list(table.columns), tests)
        if not candidate.missing and all(match.values > 0 for match in candidate.matches):
            found += goals_of(table, candidate)
    return found


def as_goals(columns: Sequence[Column], tests: Tests) -> Candidate:
    """The columns of a list of goals; where no heading says which one has them, it is that of the sentences."""
    found = match_columns(table_kinds()[GOALS], [*columns], tests)
    taken = {match.column.id for match in found.matches}
    free = [one for one in columns if one.id not in taken]
    given: dict[str, Column] = {}
    phrases = [one for one in free if tests.share(one, "text") and len(one.counts) >= _MOSTLY * len(one.filled)]
    if "goal" in found.missing and phrases:
        # Beside sentences with their targets in them, or a column of targets, stand longer words about how they are measured.
        given["goal"] = next((one for one in phrases if is_list_of_goals(one.filled, tests.programme)), phrases[0])
    levels = [one for one in free if one not in given.values() and _holds_targets(one)]
    if "target" in found.missing and levels:
        # What there is today stands without the words of a side.
        given["target"] = max(levels, key=lambda one: sum(bool(_AIMED.search(fold(text))) for text in one.counts))
    roles = {role.name: role for role in table_kinds()[GOALS].roles}
    missing = tuple(name for name in found.missing if name not in given)
    return dataclasses.replace(
        found, matches=(*found.matches, *(Match(roles[name], one, 0.0, 1.0) for name, one in given.items())), missing=missing
    )


def _holds_targets(column: Column) -> bool:
    """Whether most cells are numbers, and some have a sign of per cent or a word of their side; no dates and no numbers in a row."""
    good = [text for text in column.filled if read_goal("", text).targets and not times_said("", text).as_of]
    told = [text for text in good if _SIGN.search(text) or _AIMED.search(fold(text)) or re.match(r"[<>≤≥]", text)]
    return len(good) >= _MOSTLY * len(column.filled) and len(told) >= 2


def with_columns_asked(
    proposal: Proposal, candidate: Candidate, columns: Sequence[Column], again: Callable[..., Proposal], lang: Lang
) -> Proposal:
    """A list of goals that is asked which of several columns of numbers has the targets, and which one of dates when they are to be met,
    where no heading says it."""
    found = {match.role.name: match for match in candidate.matches}
    free = [one for one in columns if one.id not in {match.column.id for match in candidate.matches} and one.filled]
    asked = []
    target = found.get("target")
    if target is not None and not target.heading and (others := [one for one in free if _holds_targets(one)]):
        every = (EACH_COLUMN, text("intake.each_column", lang))
        levels = ((one.id, one.heading) for one in columns if one in (target.column, *others))
        asked.append(Question(f"{ROLE}target", "choose", text("intake.ask_target_column", lang), (*levels, every)))
    dated = [one for one in free if all(times_said("", words).as_of for words in one.filled)]
    if dated and "as_of" not in found:
        none = (LEFT_OUT, text("intake.no_time", lang))
        choices = (*((one.id, one.heading) for one in dated), none)
        asked.append(Question(f"{ROLE}as_of", "choose", text("intake.ask_goal_column", lang), choices))
    return dataclasses.replace(proposal, questions=(*asked, *proposal.questions), again=again) if asked else proposal


def in_each_column(candidate: Candidate, columns: Sequence[Column]) -> list[Candidate]:
    """A list of goals with several columns of targets, once with each of them."""
    target = next(match for match in candidate.matches if match.role.name == "target")
    others = tuple(match for match in candidate.matches if match is not target)
    levels = [
        one for one in columns if one.id not in {match.column.id for match in others} and (one is target.column or _holds_targets(one))
    ]
    return [dataclasses.replace(candidate, matches=(*others, dataclasses.replace(target, column=one))) for one in levels]


def goals_of(table: Table, candidate: Candidate, *, each: bool = False) -> list[GoalLine]:
    """The goals of a table; where some targets have a sign of per cent, those without one are plain numbers.

    Args:
        table: the table.
        candidate: its columns.
        each: whether it has other columns of targets, so that a goal is named after its own.
    """
    found = {match.role.name: match.column for match in candidate.matches}
    if "target" in found and not any(read_goal("", one).targets for one in found["target"].counts):
        del found["target"]  # themes that several goals stand under
    names = ("goal", "target", "direction", "unit", "as_of", "indicator", "denominator")
    cells = {name: found[name].texts if name in found else ("",) * len(table) for name in names}
    # "Måltal 2027" is when its numbers are to be met.
    due = times_said("", found["target"].heading).as_of if "target" in found else ""
    signed = any(_SIGN.search(one) for one in cells["target"])
    lines = []
    for goal, target, direction, unit, when, indicator, denominator in zip(*cells.values(), strict=True):
        share = bool(OF_ALL.search(fold(unit)))
        # A column of units speaks of the target where it names no number itself ("andel af 98 kommuner").
        said = " ".join(part for part in (direction, target, "%" if share and not _SIGN.search(target) else "", unit) if part)
        apart = said if target and not re.search(r"\d", unit) else " ".join(part for part in (direction, target) if part)
        if goal:
            lines.append(
                GoalLine(
                    f"{goal} ({found['target'].heading})" if each else goal,
                    apart if target else "",
                    when or ("" if any((own := times_said("", one)).as_of or own.asked for one in (goal, target)) else due),
                    indicator,
                    denominator,
                    (signed or bool(unit)) and not share,
                )
            )
    return lines

"""Which column of a table of goals is which: what its heading or its cells do not prove of one is asked, once for the whole list."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from vvvresearch.errors import SourceError
from vvvresearch.intake._cells import Tests
from vvvresearch.intake._fold import fold
from vvvresearch.intake._goal_parts import counts_nobody, times_said, without_times
from vvvresearch.intake._goal_words import OF_ALL, read_goal
from vvvresearch.intake._goals import AIMED, BULLET, GOALS, SIGN, GoalLine, is_list_of_goals
from vvvresearch.intake._grid import Grid, document_grids
from vvvresearch.intake._kind import Candidate, Match, match_columns
from vvvresearch.intake._proposal import Proposal, Question
from vvvresearch.intake._settle import LEFT_OUT, ROLE
from vvvresearch.intake._table import Column, Table, find_table
from vvvresearch.intake._words import roles_of, table_kinds
from vvvresearch.locales import Lang, text

# The answer that every column of numbers has targets, each a goal of its own.
EACH_COLUMN = "+"
# No list of goals is longer.
LONGEST_LIST = 300
_MOSTLY, _A_PHRASE = 0.6, 0.4
_WORD = re.compile(r"[^\W\d_]{3,}")
_NO_TARGET = re.compile(r"\b(no|without|intet|ingen|uden) (target|maaltal|maal)\b")
_NUMBERED = re.compile(r"[a-zA-Z]{0,3}[- .]?\d{1,2}(\.\d{1,2})*\.?\)?")


@dataclasses.dataclass(frozen=True)
class GoalColumns:
    """The columns of a list of goals.

    Args:
        found: those that are decided, or answered, and what is missing.
        goals: the columns one of which has the goals, where that is not sure.
        levels: the columns one of which has the targets, where that is not sure.
        dated: the columns one of which says when, where that is not sure.
        due: the times one of which the heading of the targets means, where that is not sure.
        numbers: all columns of numbers, the targets' among them.
        likely: whether those that may have the targets are called so, or stand side by side behind sentences.
        stand_in_goals: whether the goals have numbers of their own, so that no column may have the targets.
    """

    found: Candidate
    goals: tuple[Column, ...] = ()
    levels: tuple[Column, ...] = ()
    dated: tuple[Column, ...] = ()
    due: tuple[str, ...] = ()
    numbers: tuple[Column, ...] = ()
    likely: bool = False
    stand_in_goals: bool = False

    @property
    def sure(self) -> bool:
        """Whether headings or cells prove that it is a list of goals: sentences with targets, or a goal and a target that are called so."""
        named = {match.role.name for match in self.found.matches if match.heading}
        return not self.found.missing and (self.stand_in_goals or {"goal", "target"} <= named)

    @property
    def perhaps(self) -> bool:
        """Whether it may be a list of goals: there are sentences, and targets in them or beside them."""
        found = {match.role.name: match for match in self.found.matches}
        named = self.likely or ("goal" in found and found["goal"].heading > 0)
        return not self.found.missing and (self.stand_in_goals or "target" in found or (bool(self.levels) and named))


def goal_columns(columns: Sequence[Column], tests: Tests, answered: Candidate | None = None) -> GoalColumns:
    """The columns of a list of goals: of several that may have the goals or the targets, the one that its heading names.

    Args:
        columns: of the table.
        tests: of cells.
        answered: the roles that somebody gave to columns.
    """
    roles = roles_of(GOALS)
    given = {match.role.name: match for match in (answered.matches if answered is not None else ())}
    phrases = [one for one in columns if _has_words(one) and tests.share(one, "text") >= _A_PHRASE]
    levels = [one for one in columns if one not in phrases and _has_levels(one, tests)]
    # "Klager" is a goal as well: what only lacks a heading that says so may be any column of words.
    words = [one for one in columns if _has_words(one) and one not in levels]

    def fits(one: Column, name: str) -> float:
        # "2027 (mål)" is called as "mål" is.
        return max(roles[name].fits_heading(words) for words in (one.folded, fold(without_times(one.heading))))

    listed = [one for one in phrases if is_list_of_goals(one.filled, tests.programme)]
    # The template's own heading needs no other proof.
    named = [one for one in words if one.folded in ("goal", "maal")] or [one for one in words if fits(one, "goal")]
    # What stands in several rows is an aim that several goals serve.
    if named and not any(len(one.counts) == len(one.filled) for one in named):
        named = words
    # An indicator says what is counted; beside it stand what it is good for, and how it is measured.
    possible = [one for one in named if one in listed] or named or listed or words
    chosen: dict[str, Match] = dict(given)
    if "goal" not in chosen and len(possible) == 1:
        chosen["goal"] = Match(roles["goal"], possible[0], fits(possible[0], "goal"), 1.0)
    goal = chosen["goal"].column if "goal" in chosen else None
    stands = goal is not None and goal in listed
    aimed = [one for one in levels if fits(one, "target") or fits(one, "goal")]
    # "Højst 10", "≥ 30": a word of its side makes a number a target, whatever stands above it.
    sided = [one for one in levels if any(AIMED.search(fold(cell)) or re.match(r"[<>≤≥]", cell) for cell in one.counts)]
    proved = aimed or (sided if len(levels) == 1 and not stands else [])
    if "target" not in chosen and len(proved) == 1:
        chosen["target"] = Match(roles["target"], proved[0], max(fits(proved[0], "target"), fits(proved[0], "goal")), 1.0)
    taken = {match.column.id for match in chosen.values()}
    rest = [one for one in columns if one.id not in taken and one not in possible]
    kind = table_kinds()[GOALS]
    free = tuple(role for role in kind.roles if role.name not in (*chosen, "goal", "target"))
    others = match_columns(dataclasses.replace(kind, roles=free), rest, tests)
    own = others.matches
    taken |= {match.column.id for match in own}
    dated = tuple(one for one in rest if one.id not in taken and _has_dates(one))
    open_levels = () if "target" in chosen else tuple(aimed) or tuple(one for one in levels if one.id not in taken)
    timed = "as_of" in chosen or any(match.role.name == "as_of" for match in own)
    missing = ("goal",) if not possible and goal is None else ()
    return GoalColumns(
        Candidate(GOALS, others.score, (*own, *chosen.values()), missing),
        () if goal is not None else tuple(possible),
        open_levels,
        () if timed else dated,
        times_said(chosen["target"].column.heading, "").asked if "target" in chosen and not timed else (),
        tuple(levels),
        bool(aimed) or (len(levels) > 1 and bool(phrases)),
        stands,
    )


def _stated(table: Table, taken: Collection[Column]) -> Column | None:
    """The column that is called as targets are and says them in sentences; None where there is none."""
    role = roles_of(GOALS)["target"]
    named = [one for one in table.columns if one not in taken and role.fits_heading(one.folded) and _has_words(one)]
    return named[0] if len(named) == 1 else None


def _has_words(column: Column) -> bool:
    """Whether the cells are words that are mostly said once each, and no times."""
    worded = sum(bool(_WORD.search(one)) for one in column.filled)
    different = len(column.counts) >= _MOSTLY * len(column.filled)
    return bool(column.filled) and different and worded >= _MOSTLY * len(column.filled) and not _has_dates(column)


def _has_levels(column: Column, tests: Tests) -> bool:
    """Whether the cells are numbers with few words, and neither times nor the numbers that a list gives its rows."""
    # "Output 2.1" is a name, and "1. Flere venner" the first of a list.
    plain = [one for one in column.filled if not BULLET.match(one)]
    led = [one for one in plain if re.match(r"\W*\d", one) or (re.search(r"\d", one) and AIMED.search(fold(one)))]
    if not tests.share(column, "target") or 2 * len(led) < len(column.filled) or _has_dates(column):
        return False
    cells = [[int(part) for part in re.findall(r"\d+", one)] for one in column.filled if _NUMBERED.fullmatch(one)]
    return not (len(cells) == len(column.filled) > 1 and cells[0] <= [1, 1] and all(a < b for a, b in itertools.pairwise(cells)))


def _has_dates(column: Column) -> bool:
    return bool(column.filled) and sum(bool(times_said("", one).as_of) for one in column.filled) >= _MOSTLY * len(column.filled)


def listed_goals(table: Table, columns: GoalColumns, answered: Mapping[str, str]) -> list[GoalLine]:
    """The goals of a table; where each of several columns has targets, each is one of every goal.

    Args:
        table: the table.
        columns: its columns.
        answered: role → id of its column, or the time that was answered instead.
    """
    if answered.get("target") != EACH_COLUMN:
        return _goals_of(table, columns.found, columns.numbers, due=answered.get("as_of", ""))
    role = roles_of(GOALS)["target"]
    levels = [(*columns.found.matches, Match(role, one, 0.0, 1.0)) for one in columns.levels]
    return [line for matches in levels for line in _goals_of(table, dataclasses.replace(columns.found, matches=matches), each=True)]


def goal_tables(path: Path, tests: Tests) -> list[Table]:
    """The tables of a Word document that may be lists of goals; those of the same headings are one."""
    tables = []
    for cells in document_grids(path).values() if path.suffix.casefold() == ".docx" else ():
        try:
            table = find_table(Grid(cells), path)
        except SourceError:
            continue  # a table of one row, or a frame around text
        if goal_columns(table.columns, tests).perhaps:
            tables.append(table)
    return tables


def with_columns_asked(
    proposal: Proposal, tables: Sequence[GoalColumns], answered: Collection[str], again: Callable[..., Proposal], lang: Lang
) -> Proposal:
    """A list of goals that is asked which of several columns has the goals, which one the targets, and which one of dates when they are
    to be met, each where it was not answered; where the goals themselves are not known, nothing else is asked yet."""
    goals, levels = (tuple((one.id, one.heading) for table in tables for one in getattr(table, name)) for name in ("goals", "levels"))
    times = [(one.id, one.heading) for table in tables for one in table.dated] + [(one, one) for table in tables for one in table.due]
    asked = []
    if goals and "goal" not in answered:
        asked.append(Question(f"{ROLE}goal", "choose", text("intake.ask_goals_column", lang), goals))
    if levels and "target" not in answered:
        stand = any(table.stand_in_goals for table in tables) or len(levels) == 1
        none_of_them = ((LEFT_OUT, text("intake.stand_in_goals", lang)),) if stand else ()
        every = ((EACH_COLUMN, text("intake.each_column", lang)),) if len(levels) > 1 else ()
        asked.append(Question(f"{ROLE}target", "choose", text("intake.ask_target_column", lang), (*levels, *none_of_them, *every)))
    if times and "as_of" not in answered:
        choices = (*dict.fromkeys(times), (LEFT_OUT, text("intake.no_time", lang)))
        asked.append(Question(f"{ROLE}as_of", "choose", text("intake.ask_goal_column", lang), choices))
    if not asked:
        return proposal
    open_ = (proposal.decided[:1], ()) if goals else (proposal.decided, proposal.questions)
    return dataclasses.replace(proposal, decided=open_[0], questions=(*asked, *open_[1]), again=again)


def _goals_of(table: Table, candidate: Candidate, numbers: Sequence[Column] = (), *, due: str = "", each: bool = False) -> list[GoalLine]:
    """The goals of a table; where some targets have a sign of per cent, those without one are plain numbers.

    Args:
        table: the table.
        candidate: its columns.
        numbers: the columns of numbers.
        due: when all of them are to be met; default what the heading of the targets says.
        each: whether it has other columns of targets, so that a goal is named after its own.
    """
    found = {match.role.name: match.column for match in candidate.matches}
    names = ("goal", "target", "direction", "unit", "as_of", "indicator", "denominator")
    cells = {name: found[name].texts if name in found else ("",) * len(table) for name in names}
    # "Måltal 2027" is when its numbers are to be met.
    due = due or (times_said(found["target"].heading, "").as_of if "target" in found else "")
    signed = any(SIGN.search(one) for one in cells["target"])
    others = [one for one in numbers if one is not found.get("target")]
    stated = None if "target" in found else _stated(table, list(found.values()))
    lines: list[GoalLine] = []
    for row, (goal, target, direction, unit, when, indicator, denominator) in enumerate(zip(*cells.values(), strict=True)):
        share = bool(OF_ALL.search(fold(unit)) or SIGN.search(unit))
        plain = (signed or bool(unit)) and not share
        # A "share" of 0.75 is 75 %.
        if share and not SIGN.search(f"{target} {unit}") and re.fullmatch(r"0?[.,]\d+", target.strip()):
            target = f"{100 * float(target.strip().replace(',', '.')):g}"
        # "Antal" beside a number is no noun.
        unit = unit if SIGN.search(unit) or not counts_nobody(unit) else ""
        # A column of units speaks of the target where it names no number itself ("andel af 98 kommuner").
        said = " ".join(part for part in (direction, target, "%" if share and not SIGN.search(f"{target} {unit}") else "", unit) if part)
        apart = said if target and not re.search(r"\d", unit) else " ".join(part for part in (direction, target) if part)
        if goal and stated is not None and (sentence := stated.texts[row]):
            # "At least 8 in 10 of those accepted start" says the goal whole; what stands before it is its name.
            if read_goal(sentence).targets and not _NO_TARGET.search(fold(sentence)):
                goal = f"{sentence} ({goal})"
            else:
                indicator = "; ".join(one for one in (sentence, indicator) if one)
        if goal:
            lines.append(
                GoalLine(
                    f"{goal} ({found['target'].heading})" if each else goal,
                    apart if target else "",
                    when or ("" if any((own := times_said("", one)).as_of or own.asked for one in (goal, target)) else due),
                    indicator,
                    denominator,
                    plain,
                    beside=tuple(one.texts[row] for one in others if one.texts[row]),
                )
            )
    return lines

"""What only the cells of a table show, under headings that no list knows: who is in a match, who came twice, pairs, waves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from vvvresearch.evidence import BEFORE_THE_START
from vvvresearch.intake._cells import Tests
from vvvresearch.intake._fold import fold
from vvvresearch.intake._kind import HALVES, Candidate
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._table import Column
from vvvresearch.intake._words import group_words, table_kinds
from vvvresearch.locales import text

_PAIRS, _MOST_WAVES = 3, 6
_OF_ONE = re.compile(r"(^| )(nr|no|id|kode|code|nummer|number|ref)$")
_CODES = 0.8


def ask_halves(
    draft: Draft, others: list[Column], found: Mapping[str, Column], candidate: Candidate, tests: Tests, called: Mapping[str, str]
) -> None:
    """Ask who is in a match, where a register has columns of codes under names that only its programme has."""
    kind = table_kinds()[candidate.kind]
    codes = [one for one in others if _OF_ONE.search(one.folded) and tests.share(one, "person") >= _CODES]
    for half in (half for half in HALVES if kind.type == "matches" and codes and kind.role(half) is not None and half not in found):
        _ask_whether(draft, half, codes, text("intake.ask_half", draft.lang, role=called[half]))


def ask_offered(draft: Draft, others: list[Column], found: Mapping[str, Column], candidate: Candidate, tests: Tests) -> None:
    """Ask which date a register of matches has for those who have not begun yet, where it lists such and has dates of no known name."""
    start, end = found.get("start"), found.get("end")
    before = found.keys() & BEFORE_THE_START
    if table_kinds()[candidate.kind].type != "matches" or start is None or end is None or before:
        return
    waiting = [place for place, (begun, ended) in enumerate(zip(start.texts, end.texts, strict=True)) if not begun and not ended]
    dated = [one for one in others if tests.share(one, "date") >= _CODES and all(one.texts[place] for place in waiting)]
    if waiting and dated:
        _ask_whether(draft, "offered", dated, text("intake.ask_offered", draft.lang, count=len(waiting)))


def _ask_whether(draft: Draft, name: str, columns: Sequence[Column], words: str) -> None:
    """Ask which of some columns is a role, or whether none of them is."""
    choices = (*((one.id, one.heading) for one in columns), ("-", text("intake.nowhere", draft.lang)))
    draft.ask(Question(f"role.{name}", "choose", words, choices, targets=(f"role.{name}",)))


def ask_by_cells(draft: Draft, others: list[Column], found: Mapping[str, Column], candidate: Candidate, tests: Tests) -> None:
    """Ask for what cells show under a heading that nothing knows: who was interviewed twice, which interviews of a register belong to one
    pair, and to one wave."""
    person, group, wave = found.get("person"), found.get("respondent_group"), found.get("wave")
    if candidate.kind != "interviews" or group is None:
        return
    if person is None:
        if again := [one for one in others if wave is not None and _is_once_each(wave, one) and _has_one_each(one, group)]:
            _ask_whether(draft, "person", again, text("intake.ask_person", draft.lang))
        return
    words = group_words(tests.programme)
    halves = [words.get(fold(cell), "") for cell in group.texts]
    likely = {
        "pair": [one for one in others if _joins_halves(one, person, halves, tests)],
        "wave": [one for one in others if _is_once_each(one, person)],
    }
    for name, columns in likely.items():
        if name not in found and columns:
            _ask_whether(draft, name, columns, text(f"intake.ask_{name}", draft.lang))


def _joins_halves(column: Column, person: Column, groups: list[str], tests: Tests) -> bool:
    """Whether the values of a column stand each for at most one person of either half, most for both, and for nobody else."""
    members: dict[str, set[tuple[str, str]]] = {}
    for value, who, group in zip(column.texts, person.texts, groups, strict=True):
        if value and who:
            members.setdefault(value, set()).add((group, who))
    halves = sorted(tests.programme.halves)
    sides = [sorted(half for half, _ in pair) for pair in members.values()]
    alike = all(len(side) <= len(halves) and set(side) <= set(halves) for side in sides)
    return alike and len(sides) >= _PAIRS and 2 * sides.count(halves) > len(sides)


def _is_once_each(column: Column, person: Column) -> bool:
    """Whether nobody has a value of a column twice though several come again, each time with another one: first and second time."""
    rows = [(who, value) for who, value in zip(person.texts, column.texts, strict=True) if who and value]
    several = sum(times > 1 for times in Counter(who for who, _ in rows).values())
    return len(rows) == len(set(rows)) and 1 < len(column.counts) <= _MOST_WAVES and several >= _PAIRS


def _has_one_each(column: Column, other: Column) -> bool:
    """Whether each value of a column stands with one value of another column only, as a person belongs to one group."""
    return len({(value, beside) for value, beside in zip(column.texts, other.texts, strict=True) if value}) == len(column.counts)

"""What a table is: every kind looks for its columns, and the one that finds most of itself wins, or is asked for."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from vvvresearch.intake._cells import Tests, share_of_numbers
from vvvresearch.intake._fold import fold
from vvvresearch.intake._kobo import is_of_kobo
from vvvresearch.intake._periods import over_time
from vvvresearch.intake._personal import holds_person_names, is_personal
from vvvresearch.intake._surveyed import survey_signs
from vvvresearch.intake._table import Column, Table
from vvvresearch.intake._words import Role, TableKind, group_words, roles_of, table_kinds

_HEADING, _VALUES = 0.7, 0.3
_FLOOR, _SMALL, _RIVAL, _MISSING = 2.6, 1.8, 0.6, 0.45
_NEAR = 0.92
_SHARED, _MOST_POSSIBLE = 0.6, 5
_PASSED, _SOME_WORDS, _LEAST, _MOST_GROUPS, _MOST_REASONS = 0.8, 0.3, 0.35, 8, 10
# The halves of a pair, as registers of matches call them.
HALVES = ("refugee", "volunteer")
_LEAST_TAIL = 4
_ROW_NUMBER = re.compile(r"(lb |loebe ?)?(nr|no|id|number|nummer)")
_ONE_EACH, _LEAST_TOWNS = 0.85, 5
_OF_A_PERSON = re.compile(r" ?(nr|no|id|ref|reference|kode|code|nummer|number)$")
# Roles whose words have meanings.
WORDED = frozenset((
    "yesno", "need", "node_type", "group", "half", "mode", "sex", "arrival", "match_type", "relation_state", "presence", "course_format",
    "course_type", "direction", "strength", "measure", "unit", "verdict", "change", "event", "stage", "reason",
))  # fmt: skip


@dataclass(frozen=True)
class Match:
    """A column in a role.

    Args:
        role: the role.
        column: the column.
        heading: how well the heading fits (0, .8, 1).
        values: how well the cells fit (0–1).
        rival: id of another column that fits as well, "" for none.
    """

    role: Role
    column: Column
    heading: float
    values: float
    rival: str = ""

    @property
    def score(self) -> float:
        """Both grounds together."""
        return _HEADING * self.heading + _VALUES * self.values

    @property
    def sure(self) -> bool:
        """Whether it stands on two grounds, and alone; of words, those that are not known are asked for anyhow."""
        if self.role.values in WORDED and self.heading > 0 and not self.rival:
            few = self.role.values == "reason" and 0 < len(self.column.counts) <= min(_MOST_REASONS, len(self.column.filled) // 2)
            return self.values >= _SOME_WORDS or few
        return (
            self.heading > 0
            and self.values >= _PASSED
            and not self.rival
            and (self.role.values != "any" or self.heading == 1 or self.role.weight < 3)
        )


@dataclass(frozen=True)
class Candidate:
    """A kind that a table could be, with the columns it would have."""

    kind: str
    score: float
    matches: tuple[Match, ...] = ()
    missing: tuple[str, ...] = ()


_OF_THE_FORM = ("start", "end", "today")
_EITHER = re.compile(r" ?/ ?| (?:or|eller) ")
_OF_A_MATCH = ("match", "pair", "case")
# What tells interviews apart that have no number of their own.
VISIT = ("person", "wave")


@dataclass(frozen=True)
class Recognition:
    """What a table is.

    Args:
        candidates: the best first; empty where it is of no kind.
        sure: whether the first one is certain.
        personal: columns that name or reach a person.
    """

    candidates: tuple[Candidate, ...]
    sure: bool
    personal: tuple[Column, ...] = field(default=())


def recognise(table: Table, tests: Tests, called: str = "") -> Recognition:
    """What a table is, from its headings and its cells; where they leave it open, `called` (the file's name) says what is asked first."""
    personal = tuple(column for column in table.columns if is_personal(column))
    # When a form was opened and closed is nothing that it tells.
    clock = [column for column in table.columns if column.folded in _OF_THE_FORM] if is_of_kobo(table) else []
    columns = [column for column in table.columns if column not in personal and column not in clock]
    # Their headings tell the kind, their cells go no further.
    named = tuple(column for column in columns if names_a_role(column, "person") and holds_person_names(column))
    personal += named
    shares: dict[tuple[str, str], float] = {}
    found = [match_columns(kind, columns, tests, shares) for kind in table_kinds().values() if not kind.part and _may_be(kind, columns)]
    signs = survey_signs(columns)
    # Figures side by side by quarter are asked of nobody: what they are is asked.
    found.append(Candidate("survey", signs if over_time(table, "en") is None else min(signs, _SMALL)))
    if is_of_municipalities(columns, tests) and not any(one.score >= _FLOOR and not _lacks(one) for one in found[:-1]):
        return Recognition((Candidate("survey", max(found[-1].score, _FLOOR)),), True, personal)
    found.sort(key=lambda candidate: -candidate.score)
    best = [_without(candidate, named) for candidate in found if candidate.score >= _FLOOR]
    if not best:
        # Few questions may be a small survey; that is asked.
        small = [candidate for candidate in found if candidate.kind == "survey" and candidate.score >= _SMALL]
        possible = _possible(columns, tests, shares, fold(" ".join((called, *table.titles))))
        return Recognition((*possible, *small), False, personal)
    sure = len(found) < 2 or found[1].score <= _RIVAL * best[0].score
    if not sure and not best[0].missing:
        # A rival that lacks what it needs is none, nor is one whose cells are nothing of the kind.
        sure = all(_lacks(other) for other in found[1:] if other.score > _RIVAL * best[0].score)
    sure = sure and not any(_is_weak(match) or _comes_again(match) for match in best[0].matches)
    # One that lacks a column and is still far above the floor, alone, is asked for the column only.
    sure = sure and (not best[0].missing or best[0].score >= 2 * _FLOOR)
    return Recognition(tuple(one for one in best if one.score > _RIVAL * best[0].score) or (best[0],), sure, personal)


def is_of_municipalities(columns: list[Column], tests: Tests) -> bool:
    """Whether a table has a row a municipality and says numbers of it, or a few words each: what nobody has a kind for is read as their
    answers."""
    filled = [column for column in columns if column.filled]
    towns = [one for one in filled if re.search(r"kommun|municipal", one.folded) and tests.share(one, "municipality") >= _PASSED]
    told = [one for one in filled if one not in towns]
    numbers = [one for one in told if share_of_numbers(one.filled) >= _PASSED]
    chosen = [one for one in told if one not in numbers and 3 * len(one.counts) <= len(one.filled)]
    alone = len(towns) == 1 and len(towns[0].counts) >= _ONE_EACH * len(towns[0].filled) and len(towns[0].filled) >= _LEAST_TOWNS
    return alone and bool(numbers) and 2 * len(numbers + chosen) >= len(told)


def _possible(columns: list[Column], tests: Tests, shares: dict[tuple[str, str], float], called: str) -> list[Candidate]:
    """Kinds that a table may be, the likeliest first: the file is called so, or most of what they need is there."""
    found: list[tuple[bool, float, Candidate]] = []
    for kind in (one for one in table_kinds().values() if not one.part):
        candidate = match_columns(kind, columns, tests, shares)
        there = [match.role.weight for match in candidate.matches if match.role.required and match.heading and match.values >= _PASSED]
        named = kind.called is not None and kind.called.search(called) is not None
        needed = sum(role.required for role in kind.roles)
        telling = not kind.telling or any(match.role.name in kind.telling for match in candidate.matches)
        if there and (named or (telling and 2 * len(there) > needed and max(there) == 3)):
            found.append((named, len(there) / needed, candidate))
    found.sort(key=lambda one: (not one[0], -one[1], -one[2].score))
    return [candidate for _, _, candidate in found[:_MOST_POSSIBLE]]


def _lacks(candidate: Candidate) -> bool:
    """Whether a kind misses a column that it needs, or has one for it with no cell that could stand there."""
    return bool(candidate.missing) or any(match.role.required and not match.values for match in candidate.matches)


def _comes_again(match: Match) -> bool:
    """Whether the key that a kind needs stands in many rows each: passages of an interview, not interviews."""
    return match.role.required and _is_key(match.role) and len(match.column.counts) <= _SHARED * len(match.column.filled)


def names_a_role(column: Column, values: str = "") -> bool:
    """Whether a heading is one that columns of some kind have; of one whose cells have to pass a test (`values`), where that is given."""
    roles = (role for kind in table_kinds().values() for role in kind.roles if values in ("", role.values))
    return any(role.fits_heading(column.folded) for role in roles)


def _without(candidate: Candidate, columns: tuple[Column, ...]) -> Candidate:
    return dataclasses.replace(candidate, matches=tuple(match for match in candidate.matches if match.column not in columns))


def _may_be(kind: TableKind, columns: list[Column]) -> bool:
    """Whether a kind that is told by names alone has the names of all columns that it needs."""
    names = {role.name for role in kind.roles if role.required and any(role.fits_heading(column.folded) == 1 for column in columns)}
    return not kind.by_name or (bool(names) and all(role.name in names for role in kind.roles if role.required))


def match_columns(kind: TableKind, columns: list[Column], tests: Tests, shares: dict[tuple[str, str], float] | None = None) -> Candidate:
    """The columns of a kind in a table, the surest first; each column has one role."""
    shares = {} if shares is None else shares
    pairs: list[Match] = []
    for role in kind.roles:
        for column in columns:
            heading = _fits(role, column, tests)
            telling = role.values in ("municipality", "stance") or (role.weight == 3 and role.values in ("group", "presence", "direction"))
            # Passages are sentences, whatever stands above them.
            telling |= kind.name == "codings" and role.values == "text"
            if not heading and (not telling or role.forbids(column.folded)):
                continue
            # Yes and no say nothing of presence by themselves: a checklist is full of them.
            if not heading and role.values == "presence" and tests.share(column, "yesno") >= _PASSED:
                continue
            key = (column.id, role.values)
            if key not in shares:
                shares[key] = tests.share(column, role.values)
            if heading or shares[key] >= 0.9:
                pairs.append(Match(role, column, heading, shares[key]))
    pairs = _without_ambiguous(pairs)
    # A heading that fits with cells that do not is weaker than a lesser heading with cells that do.
    pairs.sort(key=lambda match: (-match.score - _agreement(match), kind.roles.index(match.role)))
    chosen: dict[str, Match] = {}
    used: dict[str, str] = {}
    for match in pairs:
        name = match.role.name
        if name in chosen or match.column.id in used or not _can_be(match):
            continue
        chosen[name], used[match.column.id] = match, name
    for name, match in list(chosen.items()):
        rivals = [
            other.column.id
            for other in pairs
            if other.role.name == name
            and other.column.id not in used
            and other.heading
            and other.values >= _PASSED
            # Of two dates or two keys that could both be it, an exact heading chooses none.
            and (match.role.values == "date" or _is_key(match.role) or other.score >= _NEAR * match.score)
        ]
        if rivals and (match.role.required or name in ("reason", "consent_quote", "consent_analysis")):
            chosen[name] = Match(match.role, match.column, match.heading, match.values, rivals[0])
    missing = _missing(kind, chosen)
    for name in missing:
        # What a kind needs comes before what it may have: where nothing else is the interview's number, the transcript's name is.
        spare = next(
            (one for one in pairs if one.role.name == name and one.heading and one.values >= _PASSED and _is_spare(one, used, kind)), None
        )
        if spare is not None:
            del chosen[used[spare.column.id]]
            chosen[name], used[spare.column.id] = spare, name
    missing = _missing(kind, chosen)
    if any(_is_weak(match) for match in chosen.values()) and not any(match.sure and not match.role.required for match in chosen.values()):
        chosen = {name: match for name, match in chosen.items() if not _is_weak(match)}
        used = {match.column.id: name for name, match in chosen.items()}
        missing = _missing(kind, chosen)
    explained = len(used) / max(1, sum(bool(column.filled) for column in columns))
    score = sum(match.role.weight * match.score for match in chosen.values()) * min(1.0, explained)
    # Names of one half alone may be a roster.
    halves = [match for name, match in chosen.items() if name in kind.telling and holds_person_names(match.column)]
    # That rows are numbered says nothing of what they are.
    signs = [match for name, match in chosen.items() if name in kind.telling and not _ROW_NUMBER.fullmatch(match.column.folded)]
    if kind.telling and len(halves) < 2 and not any(match.sure for match in signs):
        score *= _MISSING
    shared = sum(map(_comes_again, chosen.values()))
    return Candidate(kind.name, score * _MISSING ** (len(missing) + shared), tuple(chosen.values()), missing)


def with_roles(candidate: Candidate, table: Table, answered: Mapping[str, str]) -> Candidate:
    """A candidate whose columns are in the roles that somebody gave them, whatever their headings and cells say."""
    given = {
        name: Match(role, column, 1.0, 1.0)
        for name, identifier in answered.items()
        if (role := roles_of(candidate.kind).get(name)) is not None and (column := table.column(identifier)) is not None
    }
    taken = {match.column.id for match in given.values()}
    others = tuple(match for match in candidate.matches if match.role.name not in given and match.column.id not in taken)
    missing = tuple(name for name in candidate.missing if name not in given)
    return dataclasses.replace(candidate, matches=(*others, *given.values()), missing=missing) if given else candidate


def _without_ambiguous(pairs: list[Match]) -> list[Match]:
    """The matches without those of a heading that names two roles for the one that another heading names alone: beside "Kode" the column
    "Koder" is whoever coded, although both may be codes."""
    named: dict[str, set[str]] = {}
    for match in pairs:
        if match.heading == 1:
            named.setdefault(match.column.id, set()).add(match.role.name)
    plain = {next(iter(names)) for names in named.values() if len(names) == 1}
    return [
        match
        for match in pairs
        if match.role.name not in plain or len(own := named.get(match.column.id, set())) < 2 or match.role.name not in own or own <= plain
    ]


def _fits(role: Role, column: Column, tests: Tests) -> float:
    """How well a heading fits a role: whole, or the lower one of two that stand above each other; halves have the programme's words."""
    group, _, part = column.heading.rpartition(" - ")
    # "Ended / planned end" is either: what one of both names may stand there.
    ways = [fold(one) for one in _EITHER.split(column.heading)]
    fit = max(role.fits_heading(column.folded), min(0.8, role.fits_heading(fold(part))) if group else 0.0)
    fit = max(fit, *(min(0.8, role.fits_heading(one)) for one in ways)) if len(ways) > 1 else fit
    if role.name in HALVES and fit < 0.8:
        half = tests.programme.halves[HALVES.index(role.name)]
        bare = _OF_A_PERSON.sub("", fold(part))
        words = group_words(tests.programme)
        # A register of dinner guests says "guest": the last part of a compound is what it is.
        tailed = {name for word, name in words.items() if len(bare) >= _LEAST_TAIL and word.endswith(bare)}
        fit = 1.0 if words.get(bare) == half or tailed == {half} else fit
    unit = tests.programme.units.get("match")
    if role.name in _OF_A_MATCH and unit is not None:
        # What the programme calls a match names its number, wherever it stands: "Placement", "Forløbsnr.".
        own = {fold(words) for words in (unit.many.da, unit.many.en, unit.one.da, unit.one.en)}
        fit = 1.0 if {fold(part), bare := _OF_A_PERSON.sub("", fold(part)), bare.removesuffix("s")} & own else fit
    return fit


def _missing(kind: TableKind, chosen: dict[str, Match]) -> tuple[str, ...]:
    """The roles that a kind needs and no column has; a person, or a person's visit, tells interviews apart where each stands once."""
    lacking = tuple(role.name for role in kind.roles if role.name not in chosen and (role.required or role.beside in chosen))
    named = [chosen[name].column.texts for name in VISIT if name in chosen]
    told = kind.name == "interviews" and "person" in chosen and all(named[0])
    # So does the name of its transcript, where each has one of its own.
    files = chosen["source"].column if kind.name == "interviews" and "source" in chosen else None
    if "interview" in lacking and files is not None and all(files.texts) and len(files.counts) == len(files.texts):
        lacking = tuple(name for name in lacking if name != "interview")
    elif "interview" in lacking and told:
        visits, rows = list(zip(*named, strict=True)), set(zip(*(match.column.texts for match in chosen.values()), strict=True))
        lacking = tuple(name for name in lacking if name != "interview" or len(set(visits)) < len(rows))
    return lacking


def _is_spare(match: Match, used: Mapping[str, str], kind: TableKind) -> bool:
    """Whether a column was taken for something that the kind can do without."""
    role = kind.role(used.get(match.column.id, ""))
    return role is not None and not role.required


def _is_key(role: Role) -> bool:
    """Whether a column in the role tells the rows apart; codes of a codebook have levels instead."""
    return role.values == "id" and role.name != "code_path"


def _agreement(match: Match) -> float:
    """What lets cells decide between the meanings of a heading: with it they weigh more, against it less."""
    if not match.heading or not match.column.filled:
        return 0.0
    return 0.5 if match.values >= _PASSED else -0.5 if match.values < _LEAST and match.role.values != "any" else 0.0


def _can_be(match: Match) -> bool:
    """Whether the cells of a column let it have a role that its heading names."""
    if not match.heading or match.values >= _LEAST or match.role.values not in _TELLING:
        return True
    if match.role.values == "group":
        # Words for groups that no programme knows; they are asked for.
        return match.role.required and 0 < len(match.column.counts) <= _MOST_GROUPS and len(match.column.counts) < len(match.column.filled)
    # Nobody may have ended yet.
    return not match.column.filled and match.role.name == "end"


def _is_weak(match: Match) -> bool:
    """Whether a column of groups holds words that are none, so that its heading alone speaks for it."""
    return match.role.values == "group" and match.values < _LEAST


# Tests that a column of the role must pass in part, whatever its heading says.
_TELLING = frozenset(
    (
        "date",
        "municipality",
        "group",
        "yesno",
        "need",
        "node_type",
        "sex",
        "text",
        "membership",
        "whole",
        "half",
        "direction",
        "presence",
        "verdict",
        "twice",
        "number",
        "mode",
        "initials",
        "category",
        "match_type",
        "arrival",
        "relation_state",
        "course_format",
        "course_type",
        "measure",
        "unit",
        "strength",
    )
)

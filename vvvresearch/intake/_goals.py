"""Goals from a list in words: target, direction, date and unit of each; what a sentence does not say is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import GoalUnit
from vvvresearch.intake._cells import Tests
from vvvresearch.intake._dates import read_date
from vvvresearch.intake._fold import clean, fold, slug
from vvvresearch.intake._grid import Grid
from vvvresearch.intake._kind import Candidate, match_columns
from vvvresearch.intake._proposal import Draft, Proposal, Question
from vvvresearch.intake._table import Table, find_table
from vvvresearch.intake._words import table_kinds
from vvvresearch.locales import Lang, text
from vvvresearch.sources import document_tables, document_text
from vvvresearch.statements import number_words

GOALS = "goals"
_MOSTLY, _LONGEST, _SENTENCE = 0.6, 60, 4
_BULLET = re.compile(r"^\s*(?:[-•*–·]|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)])\s+")
_MONTHS = "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december|january|february|march|may|june|july|october"
# Half a year and a quarter, as people write them, before or behind their year.
_HALF = r"(?:(?P<h1>1\.?|foerste|første|first)|(?P<h2>2\.?|andet|anden|second)) (?:halvår|halvdel|half)(?: of| af| i)?(?: the)?(?: year)?"
_PART = re.compile(
    rf"\b(?:{_HALF},? (?P<year>20\d\d)|h(?P<h>[12])[ -]?(?P<year2>20\d\d)|(?P<year3>20\d\d)[ -]?h(?P<hh>[12])|"
    r"(?P<quarter>[1-4])\. ?(?:kvartal|kvt?\.?|quarter),? (?P<year4>20\d\d)|q(?P<q>[1-4])[ -]?(?P<year5>20\d\d)|"
    r"(?P<year6>20\d\d)[ -]?q(?P<qq>[1-4]))\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"{_PART.pattern}|\b(?:\d{{1,2}}\.? ?(?:{_MONTHS})|{_MONTHS}),? (?:19|20)\d\d\b|\b20\d\d-\d\d(?:-\d\d)?\b|"
    r"\b\d{1,2}[./-]\d{1,2}[./-]20\d\d\b|\b(?:19|20)\d\d\b(?! ?(?:%|pct|procent|percent))",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[. \u00a0]\d{3})+|\d+(?:[.,]\d+)?)(?![\d])\s?(%|pct\b\.?|procent\b|percent\b|per cent\b)?", re.IGNORECASE
)
_RANGE = re.compile(r"(\d+(?:,\d+)?) ?(?:[-–]|til|to) ?$")
# A time that something lasts, an age, a share of a half: numbers that are no target.
_LASTS = re.compile(r"^[\s-]*(?:\d+\s)?(?:år|måned|uge|dag|time|minut|gang|year|month|week|day|hour|minute|times\b)", re.IGNORECASE)
_AT_MOST = re.compile(r"\b(hoejst|maks(imalt|imum)?|max(imum)?|ikke (over|mere end|flere end)|at most|no more than|not more than|up to) *$")
_BELOW = re.compile(r"\b(under|faerre end|mindre end|below|fewer than|less than) *$")
_AT_LEAST = re.compile(r"\b(mindst|minimum|min|at least|a minimum of) *$")
_SIGNS = {"≤": "at_most", "<=": "at_most", "<": "below", "≥": "at_least", ">=": "at_least"}
_FALLS = re.compile(
    r"\b(reducer\w*|nedbring\w*|saenk\w*|fald\w*|mindske\w*|begraens\w*|over|mere end|flere end|reduc\w*|lower\w*|decreas\w*|"
    r"more than|above)\b"
)
_UNITS = (
    ("leader", r"(frivillige? ?|aktivitets|frivillig)?(leder|tovholder)\w*|(volunteer )?leaders?"),
    ("participant", r"deltager\w*|kursister\w*|participants?|attendees"),
    ("municipality", r"kommune\w*|municipalit\w+"),
    ("match", r"match\w*|par(ret|rene)?|pairs?|venskab\w*|forloeb\w*|relation\w*|friendships?"),
    ("area", r"(bolig)?omraade\w*|(housing )?areas?"),
    ("course", r"kurs(us|er|et|erne)\w*|workshop\w*|temadag\w*|courses?"),
    ("group", r"(lokal|frivillig)?gruppe\w*|(local )?groups?"),
    ("person", r"flygtning\w*|borger\w*|frivillig\w*|person\w*|mennesker?|refugees?|volunteers?|people|citizens?"),
)
# "C1.", "12)": how a list counts its goals.
_NUMBERING = re.compile(r"[a-z]{0,2}\d{1,2}")
_SINCE = re.compile(r"\b(siden|fra|since|from|between|mellem)( (den|the|oct\w*|q[1-4]))?$")
_SIGN = re.compile(r"%|\bpct\b|\bprocent\b|\bper ?cent\b", re.IGNORECASE)
_OF_ALL = re.compile(r"\b(andel|share|proportion|pct|procent|percent|per cent)\b")
_BETWEEN = frozenset((
    "af", "de", "den", "alle", "nye", "ny", "aktive", "deltagende", "danske", "landets", "adspurgte", "medvirkende", "svarende",
    "the", "of", "all", "new", "active", "our",
))  # fmt: skip


@dataclass(frozen=True)
class GoalWords:
    """What a sentence says of a goal.

    Args:
        text: the sentence.
        targets: numbers that may be the target, as (number, whether a percentage).
        direction: "at_least", "at_most", "below"; "" where it has to be asked.
        as_of: "2025-06", "2024", "2024-12-31" or "".
        unit: who is counted, "" where that has to be asked.
        likely: the unit that is proposed where it is asked.
    """

    text: str
    targets: tuple[tuple[float, bool], ...]
    direction: str
    as_of: str
    unit: str
    likely: str = ""


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
    """

    text: str
    target: str = ""
    when: str = ""
    indicator: str = ""
    denominator: str = ""
    plain: bool = False


def read_goal(words: str, target: str = "", when: str = "", *, plain: bool = False) -> GoalWords:
    """What a sentence says of a goal.

    Args:
        words: the sentence, without its bullet.
        target: the target, where it stands apart ("75 %", "300"), with its direction and unit ("højst 10 kommuner").
        when: the time, where it stands apart ("31-12-2024", "2. halvår 2024").
        plain: whether a number without a sign is sure to be none of per cent.

    Example:
        >>> found = read_goal("Mindst 75 % af deltagerne får et større netværk inden juni 2025")
        >>> found.targets, found.direction, found.unit, found.as_of
        (((75.0, True),), 'at_least', 'participant', '2025-06')
    """
    # A time since which something is counted is not the one at which the goal is to be met.
    met = [found for found in _DATE.finditer(words) if not _SINCE.search(fold(words[: found.start()]))]
    dates = {_iso(found[0]) for found in (*met, *_DATE.finditer(when))}
    # "In 2024" beside 31-12-2024, and a half-year beside its year, are one time: the finer one.
    dates = {one for one in dates if not any(other != one and other.startswith(one) for other in dates)}
    as_of = dates.pop() if len(dates) == 1 else ""
    # Dates are blanked, so that no year is taken for a target and every place stays where it is.
    bare = _DATE.sub(lambda found: " " * len(found[0]), words)
    searched = target if target.strip() else bare
    numbers = list(_NUMBER.finditer(_DATE.sub(lambda found: " " * len(found[0]), searched)))
    shares = [found for found in numbers if found[2]]
    counts = [found for found in numbers if not found[2] and not _LASTS.match(searched[found.end() :])]
    meant = shares if shares else counts
    low = [(_value(below[1]), bool(found[2])) for found in meant if (below := _RANGE.search(searched[: found.start()]))]
    targets = tuple(dict.fromkeys([*low, *((_value(found[1]), bool(found[2])) for found in meant)]))
    if searched is target and not plain and len(targets) == 1 and not targets[0][1] and targets[0][0] <= 100:
        targets = _with_or_without_sign(targets[0][0], bare)
    place = meant[0] if len(targets) == 1 else None
    if place is None or searched is bare:
        unit, likely = _unit(bare, place.end() if place is not None else 0, place is not None)
        return GoalWords(
            words, targets, _direction(searched[: place.start()] if place is not None else searched, words), as_of, unit, likely
        )
    # A target that stands apart mostly stands in the sentence as well, and there beside the words that go with it.
    again = next((found for found in _NUMBER.finditer(bare) if _value(found[1]) == _value(place[1])), None)
    unit, likely = _unit(target, place.end(), True)
    if not unit:
        # Where no number stands in the sentence, it begins with who is counted.
        unit, likely = _unit(bare, again.end() if again is not None else 0, again is not None or _begins_with_unit(bare))
    return GoalWords(
        words, targets, _direction_apart(target, bare[: again.start()] if again is not None else "", words), as_of, unit, likely
    )


def _with_or_without_sign(value: float, words: str) -> tuple[tuple[float, bool], ...]:
    """A bare number in a column of its own: a percentage where the sentence says so, a number where nobody could mean another."""
    said = {bool(found[2]) for found in _NUMBER.finditer(words) if _value(found[1]) == value}
    plain = re.findall(r"\w+", words.casefold())
    for place in range(len(plain)):
        for lang in get_args(Lang):
            length, number = number_words(plain, place, lang)
            if number == value:
                said.add(plain[place + length : place + length + 1] in (["pct"], ["procent"], ["percent"], ["per"]))
    if len(said) == 1:
        return ((value, said.pop()),)
    # A spreadsheet keeps 75 % as 0.75.
    return ((100 * value, True), (value, False)) if 0 < value < 1 else ((value, False), (value, True))


def _value(number: str) -> float:
    """A number as it is written in Danish: a point before three digits parts thousands."""
    bare = re.sub(r"[. \u00a0](?=\d{3}(\D|$))", "", number)
    return float(bare.replace(",", "."))


def _iso(date: str) -> str:
    if part := _PART.fullmatch(date.strip()):
        own = part.groupdict()
        year = next(own[name] for name in ("year", "year2", "year3", "year4", "year5", "year6") if own[name])
        half = own["h"] or own["hh"] or ("1" if own["h1"] else "2" if own["h2"] else "")
        return f"{year}-H{half}" if half else f"{year}-Q{own['quarter'] or own['q'] or own['qq']}"
    found = read_date(date)
    return found.value if found.kind in ("day", "month") else date.strip()


def _direction(before: str, words: str) -> str:
    folded = fold(before)
    for pattern, direction in ((_AT_MOST, "at_most"), (_BELOW, "below"), (_AT_LEAST, "at_least")):
        if pattern.search(folded):
            return direction
    return "" if _FALLS.search(fold(words)) else "at_least"


def _direction_apart(target: str, before: str, words: str) -> str:
    """The direction of a target in a column of its own: as the column says it, else as the sentence does."""
    signs = next((direction for sign, direction in _SIGNS.items() if target.strip().startswith(sign)), "")
    limits = ((_AT_MOST, "at_most"), (_BELOW, "below"), (_AT_LEAST, "at_least"))
    own = next((direction for pattern, direction in limits if pattern.search(fold(_NUMBER.split(target, maxsplit=1)[0]))), "")
    if signs or own:
        return signs or own
    near = next((direction for pattern, direction in limits if before and pattern.search(fold(before))), "")
    if near:
        return near
    # "Højst en fjerdedel" has no number for the word to stand before.
    folded = fold(words).split()
    said = {direction for pattern, direction in limits for end in range(1, len(folded)) if pattern.search(" ".join(folded[:end]))}
    if len(said) == 1:
        return said.pop()
    return "" if said or _FALLS.search(fold(words)) else "at_least"


def _unit(words: str, start: int, sure: bool) -> tuple[str, str]:
    """Who is counted: sure where the noun follows its number, likely where it stands elsewhere."""
    tokens = fold(words[start:]).split()
    between = True
    for place, token in enumerate(tokens):
        pair = f"{token} {tokens[place + 1]}" if place + 1 < len(tokens) else token
        for unit, pattern in _UNITS:
            if re.fullmatch(pattern, pair) or re.fullmatch(pattern, token):
                return (unit, unit) if sure and between else ("", unit)
        between = between and (token in _BETWEEN or bool(_NUMBERING.fullmatch(token)))
    return "", ""


def _begins_with_unit(words: str) -> bool:
    first = next((token for token in fold(words).split() if token not in _BETWEEN and not _NUMBERING.fullmatch(token)), "")
    return any(re.fullmatch(pattern, first) for _, pattern in _UNITS)


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


def is_list_of_goals(lines: Sequence[str]) -> bool:
    """Whether most lines of a text are short sentences with a target and somebody who is counted."""
    told = [line for line in lines if len(line) > 12 and not line.endswith(("?", ":"))]
    good = [one for line in told if (one := read_goal(line)).targets and one.likely and len(line.split()) <= _LONGEST]
    return len(good) >= 2 and len(good) >= _MOSTLY * len(told) and not any(re.match(r"\w{1,12}: ", line) for line in told)


def propose_goals(path: Path, lines: Sequence[GoalLine], hash_: str, lang: Lang) -> Proposal:
    """A list of goals: what is sure of each, and what has to be asked.

    Args:
        path: the file.
        lines: the goals.
        hash_: of the file.
        lang: of questions.
    """
    draft = Draft(lang, GOALS, "goal")
    draft.decide("kind", path.name, GOALS)
    for number, one in enumerate(lines, start=1):
        indicator = "; ".join(part for part in (one.indicator, one.denominator) if part)
        _propose_goal(draft, f"goal.{number}", read_goal(one.text, one.target, one.when, plain=one.plain), indicator)
    own = {"hash": hash_}
    return Proposal(
        path, GOALS, GOALS, "goal", slug(path.stem), tuple(draft.decided.values()), tuple(draft.questions.values()),
        tuple(draft.told), tuple(draft.losses), own,
    )  # fmt: skip


def _propose_goal(draft: Draft, name: str, goal: GoalWords, indicator: str) -> None:
    draft.decide(f"{name}.text", goal.text, goal.text)
    if indicator:
        draft.decide(f"{name}.indicator", goal.text, indicator)
    if len(goal.targets) == 1:
        draft.decide(f"{name}.target", goal.text, target_words(*goal.targets[0]))
    else:
        choices = tuple((words, words) for one in goal.targets if (words := target_words(*one)))
        asked = text("intake.ask_target_of" if choices else "intake.ask_target", draft.lang, goal=goal.text)
        none = (("-", text("intake.in_words", draft.lang)),)
        draft.ask(Question(f"{name}.target", "choose" if choices else "fill", asked, (*choices, *none)))
    if goal.direction:
        draft.decide(f"{name}.direction", goal.text, goal.direction, "heading+values" if goal.direction != "at_least" else "declared")
    else:
        choices = tuple((one, text(f"intake.direction_{one}", draft.lang)) for one in ("at_least", "at_most", "below"))
        draft.ask(Question(f"{name}.direction", "choose", text("intake.ask_direction", draft.lang, goal=goal.text), choices))
    if goal.as_of:
        draft.decide(f"{name}.as_of", goal.text, goal.as_of)
    if goal.unit:
        draft.decide(f"{name}.unit", goal.text, goal.unit)
    else:
        units = tuple((unit, unit) for unit in get_args(GoalUnit))
        asked = text("intake.ask_goal_unit", draft.lang, goal=goal.text)
        draft.ask(Question(f"{name}.unit", "choose", asked, units, proposal=goal.likely or None))


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


def goals_of(table: Table, candidate: Candidate) -> list[GoalLine]:
    """The goals of a table; where some targets have a sign of per cent, those without one are plain numbers."""
    found = {match.role.name: match.column for match in candidate.matches}
    names = ("goal", "target", "direction", "unit", "as_of", "indicator", "denominator")
    cells = {name: found[name].texts if name in found else ("",) * len(table) for name in names}
    signed = any(_SIGN.search(one) for one in cells["target"])
    lines = []
    for goal, target, direction, unit, when, indicator, denominator in zip(*cells.values(), strict=True):
        share = bool(_OF_ALL.search(fold(unit)))
        # A column of units speaks of the target where it names no number itself ("andel af 98 kommuner").
        said = " ".join(part for part in (direction, target, "%" if share and not _SIGN.search(target) else "", unit) if part)
        apart = said if target and not re.search(r"\d", unit) else " ".join(part for part in (direction, target) if part)
        if goal:
            lines.append(GoalLine(goal, apart if target else "", when, indicator, denominator, (signed or bool(unit)) and not share))
    return lines

"""Changes: two numbers of one thing at two times, and what is said of the way and the size from one to the other.

"1.200 against 1.000 in the first year" is a change although no word says so: what the next sentence calls a fall, a quarter or a doubling
has to be that of the pair it follows. "8 procent" is eight per cent of the first number, and no eight percentage points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from vvvresearch.audit._bases import years_in
from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._follows import Follows
from vvvresearch.audit._near_numbers import Number, around
from vvvresearch.audit._promises import is_more
from vvvresearch.audit._series import Column, Series, near_series, series_of
from vvvresearch.audit._words import AGO, common, word_list
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention

_AGAINST = re.compile(
    r"\b(?:mod|imod|against|compared (?:with|to)|sammenlignet med|up from|down from|from|fra|før)\s+"
    r"(?:(?:de|the|kun|only|about|ca\.)\s+)?[£$€]?$",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:første (?:år|runde|sæson|skoleår|måling)|first (?:year|round|season|term)|in its first|in the first|year one|"
    r"at (?:the )?start\w*|ved start\w*|ved (?:årets )?begyndelse\w*|"
    r"førmåling\w*|before|før|oprindelig\w*|originally|to begin with|beginning|started with|begyndte)\b", re.IGNORECASE,
)  # fmt: skip
_THEN = re.compile(
    r"\b(?:nu|now|efter|after|afterwards|later|senere|siden|this year|i år|i dag|today|andet (?:år|skoleår)|second (?:year|season)|"
    r"in the second|"
    r"year two|eftermåling\w*|slutning\w*|afslutning\w*|at the end|udgangen|follow-up|today)\b", re.IGNORECASE,
)  # fmt: skip
_ITS = re.compile(
    r"\W*(?:det|dette|den|de|antallet|tallet|andelen|stigningen|faldet|væksten|that|this|it|they|"
    r"the (?:number|rate|share|rise|fall|drop|increase|figure|difference)|"
    r"their|their share|so|så|we|vi|thus|altså)\b", re.IGNORECASE,
)  # fmt: skip
_STEP = re.compile(
    r"\b(?:stigning\w*|fald\w*|vækst\w*|rise|drop|fall|increase|growth|reduction|fremgang\w*|decrease|gain)\b", re.IGNORECASE
)
_SO = re.compile(r"\b(?:therefore|thus|so|hence|altså|dermed|derfor|således)\b", re.IGNORECASE)
_WORD, _TIMES = 12, 8
_AMOUNTS = ("count", "money", "percent", "duration")
_YEARLY = re.compile(r"\b(?:året før|sidste år|last year|the year before|the winter before|year ago)\b", re.IGNORECASE)
_NEAR, _ABOUT, _SMALL = 2, 0.12, 1e-9


class Change(NamedTuple):
    """Two numbers of one thing, the earlier first, and how far back they are told."""

    old: Number
    new: Number
    away: float


def change_findings(facts: Facts, follows: Follows) -> Iterator[Finding]:
    """Findings on the way and the size of a change that are not those of the pair they follow."""
    pool, series = follows.pool, series_of(facts)
    for said in facts.said:
        if said.block.kind in ("caption", "heading", "note"):
            continue
        claims = [one for one in said.of("direction", "multiple") if one.key not in ("same", "equal")]
        if not claims:
            claims = [_way(said, found) for found in re.finditer(r"[^\W\d_]+", said.text) if found[0].lower() in _ways(said)]
        if _YEARLY.search(said.text) and (than := said.of("comparison")):
            claims += [
                one.changed(kind="direction", key="rise" if one.key == "more" else "fall") for one in than if one.key in ("more", "less")
            ]
        steps = [
            one for one in said.mentions if one.kind in ("percentage", "share", "points") and one.value is not None and one.low is None
        ]
        if not claims and not (steps and _STEP.search(said.text)):
            continue
        if _HYPOTHETICAL.search(said.text) or len(claims) > 1:
            # Two changes in one sentence: which number is of which is not known.
            continue
        own = _pairs_of(said, pool.own[said.position])
        changes = [Change(old, new, 0.0) for old, new in own]
        amounts = [one for one in pool.own[said.position] if one.family in _AMOUNTS and one.at.role not in ("by",)]
        if not changes:
            changes = _before(facts, said, follows, [one for one in amounts if one.at.kind == "count" or one.family == "money"])
        if not changes and not amounts:
            changes = _of_table(said, near_series(said, series))
        if not changes:
            continue
        yield from _checked(said, claims, steps, changes)


def _ways(said: Said) -> frozenset[str]:
    return word_list("upwards", said.lang) | word_list("downwards", said.lang)


def _way(said: Said, found: re.Match[str]) -> Mention:
    """A word that says a direction beside two numbers: "forlænget", "cut"."""
    key = "rise" if found[0].lower() in word_list("upwards", said.lang) else "fall"
    start = said.start + found.start()
    return Mention("direction", found[0], start, start + len(found[0]), said.line, 0, 0, key)


_HYPOTHETICAL = re.compile(r"\b(?:hvis|if|skulle|should|would|ville|forvent\w*|expect\w*)\b", re.IGNORECASE)


def _pairs_of(said: Said, numbers: Sequence[Number]) -> list[tuple[Number, Number]]:
    """The pairs of a sentence whose order in time its words tell."""
    known = [
        one
        for one in told(numbers)
        if one.family in _AMOUNTS
        and not (one.at.spelled and one.value <= _WORD)
        and one.at.role != "by"
        and one.at.kind in ("count", "total", "percentage", "money", "ratio", "duration")
    ]
    found = []
    for at, one in enumerate(known):
        for other in known[at + 1 :]:
            alike = one.family == other.family or (one.at.role, other.at.role) == ("from", "to")
            if not alike or one.value == other.value or one.mention is other.mention:
                continue
            if (one.unit and other.unit and one.unit != other.unit) or max(one.amount, other.amount) > _TIMES * min(
                one.amount, other.amount
            ):
                continue
            order = _order(said, one, other)
            if order:
                found.append((one, other) if order > 0 else (other, one))
    return found


def _of_table(said: Said, series: Sequence[Series]) -> list[Change]:
    """What a row of a table went from and to, where the heads of two columns, or the rows themselves, are times."""
    for one in series:
        years = [int(name) if re.fullmatch(r"(?:19|20)\d\d", name) else 0 for name in one.names]
        spoken = sorted(years_in(said.text))
        if all(years) and spoken and spoken[-1] in years:
            last = years.index(spoken[-1])
            first = (
                years.index(spoken[0])
                if len(spoken) > 1 and spoken[0] in years
                else years.index(spoken[-1] - 1)
                if _YEARLY.search(said.text) and spoken[-1] - 1 in years
                else -1
            )
            if first >= 0 and len(one.columns) == 1 and len(spoken) <= 2:
                return [_between(one, one.columns[0], first, last)]
        members = one.named(said)
        if one.shown is None or len(members) != 1:
            continue
        times = [column for column in one.columns if _FIRST.search(column.title) or _THEN.search(column.title) or years_in(column.title)]
        if len(times) == 2 and times[0].family == times[1].family:
            at = members[0][1]
            old, new = (times[0].values[at], times[1].values[at])
            if old is not None and new is not None and old != new:
                return [Change(_cell(one, at, times[0], old), _cell(one, at, times[1], new), 1.0)]
        return []
    return []


def _between(series: Series, column: Column, first: int, last: int) -> Change:
    old, new = column.values[first], column.values[last]
    return Change(_cell(series, first, column, old or Fraction(0)), _cell(series, last, column, new or Fraction(0)), 1.0)


def _cell(series: Series, at: int, column: Column, value: Fraction) -> Number:
    return Number(value, column.family, column.decimals, series.places[at], 1.0, exact(value))


def told(numbers: Sequence[Number]) -> list[Number]:
    """The numbers of a sentence without the wholes of its shares; a share of a whole is a percentage too."""
    found = []
    for one in numbers:
        if one.whole or (one.said is not None and is_more(one, around(one.owner, one)[1])):
            continue
        found.append(one)
        if one.said is not None and one.at.kind == "ratio" and one.at.base and one.at.base > 10 and one.family == "count":
            made = one.seen_from(one.away)
            made.value, made.family, made.decimals = 100 * one.value / one.at.base, "percent", 0
            made.__dict__.pop("amount", None)
            found.append(made)
    return found


def _order(said: Said, one: Number, other: Number) -> int:
    """Whether the first number of a sentence is the earlier (1), the later (-1), or neither is said (0)."""
    text, zero = said.text, said.start
    between = text[one.at.end - zero : other.at.start - zero]
    before, behind = text[: one.at.start - zero], text[other.at.end - zero :]
    if one.at.role == "from" and other.at.role in ("to", ""):
        return 1
    if one.at.role in ("to", "") and other.at.role == "from":
        return -1
    if re.fullmatch(r"[^.;:\d]{0,30}\b(?:til|to)\s+(?:[^\W\d]+\s+)?[£$€]?", between) and re.search(
        r"\b(?:fra|from)\s+(?:[^\W\d]+\s+){0,2}[£$€]?$", before
    ):
        return 1
    if one.at.role or other.at.role:
        return 0
    first, second = years_in(_clause(said, one)), years_in(_clause(said, other))
    if len(first) == len(second) == 1 and first != second:
        return 1 if min(first) < min(second) else -1
    against = _AGAINST.search(between)
    if against is not None:
        time = AGO.search(behind[:40]) or _FIRST.search(behind[:40]) or _YEARLY.search(behind[:40]) or years_in(behind[:30])
        return -1 if time else 0
    if (AGO.search(between) or _YEARLY.search(behind[:40])) and not AGO.search(before):
        return -1
    early, late = bool(_FIRST.search(_clause(said, one))), bool(_FIRST.search(_clause(said, other)))
    if early != late and (one.unit == other.unit or (one.unit and not other.unit)):
        return 1 if early else -1
    return 1 if _THEN.search(_clause(said, other)) and not _THEN.search(_clause(said, one)) and early else 0


def _clause(said: Said, one: Number) -> str:
    return said.clause(one.at)


def _before(facts: Facts, said: Said, follows: Follows, own: Sequence[Number]) -> list[Change]:
    """The pairs that a sentence may follow: of the sentences right before, or one number there and one of its own."""
    found: list[Change] = []
    pool = follows.pool
    if len(own) == 1 and (AGO.search(said.text) or _FIRST.search(said.text) or years_in(said.text)):
        # "150 hjælpere …. I første sæson var der 125, så holdet er blevet mindre": the other end is told before, of the same noun.
        for back in range(1, _NEAR + 1):
            at = said.position - back
            if at < 0 or facts.said[at].section != said.section:
                break
            for one in pool.own[at]:
                if one.family == own[0].family and one.unit == own[0].unit and own[0].unit and one.value != own[0].value:
                    found.append(Change(own[0], one.seen_from(float(back)), float(back)))
        return found if len({one.new.value for one in found}) == 1 else []
    if own:
        return []
    for back in range(1, _NEAR + 1):
        at = said.position - back
        if at < 0 or facts.said[at].block is not said.block:
            break
        other = facts.said[at]
        pairs = _pairs_of(other, pool.own[at])
        if not pairs and back == 1 and at > 0 and facts.said[at - 1].block is said.block:
            pairs = _across(facts.said[at - 1], other, pool.own[at - 1], pool.own[at])
        bound = _ITS.match(said.text) or _SO.search(said.text) or common(said.stems, other.stems)
        if pairs and bound and (back == 1 or common(said.stems, other.stems)):
            return [Change(old.seen_from(float(back)), new.seen_from(float(back)), float(back)) for old, new in pairs]
    return found


def _across(first: Said, second: Said, ones: Sequence[Number], others: Sequence[Number]) -> list[tuple[Number, Number]]:
    """A number of one sentence and one of the next, of one noun, one of them told of an earlier time."""
    one = [each for each in told(ones) if each.family in ("count", "money", "percent") and not each.loose]
    other = [each for each in told(others) if each.family in ("count", "money", "percent") and not each.loose]
    pairs = [
        (a, b) for a in one for b in other
        if a.family == b.family and (a.unit == b.unit or not b.unit or not a.unit) and a.value != b.value
    ]  # fmt: skip
    rates = [pair for pair in pairs if pair[0].family == "percent"]
    pairs = rates or pairs
    if len(pairs) != 1:
        return []
    one, other = [pairs[0][0]], [pairs[0][1]]
    late = bool(_THEN.search(second.text)) and bool(_FIRST.search(first.text) or years_in(first.text))
    early = bool(AGO.search(second.text) or _FIRST.search(second.text)) and not late
    years = years_in(first.text), years_in(second.text)
    if len(years[0]) == len(years[1]) == 1 and years[0] != years[1]:
        late, early = min(years[0]) < min(years[1]), min(years[0]) > min(years[1])
    return [(one[0], other[0])] if late else [(other[0], one[0])] if early else []


def _checked(said: Said, claims: Sequence[Mention], steps: Sequence[Mention], changes: Sequence[Change]) -> Iterator[Finding]:
    ways = {one.key for one in claims if one.kind == "direction"}
    best = changes[0]
    if len(ways) == 1 and ways <= {"rise", "fall"} and all((one.new.value > one.old.value) == (ways == {"fall"}) for one in changes):
        word = next(one for one in claims if one.kind == "direction")
        what = Phrase("audit.what_way", {"said": " ".join(word.text.split()), "first": best.old.text, "last": best.new.text})
        yield _finding("direction", said, word, best, what)
        return
    for one in claims:
        if one.kind == "multiple" and one.value is not None and not re.search(r"\b(?:som|as)\b", said.text[one.end - said.start :]):
            times = float(one.value)
            ratios = [each.new.amount / each.old.amount for each in changes if each.old.amount and each.new.amount]
            ratios += [1 / each for each in ratios]
            slack = 0.5 if one.modifier else _ABOUT
            if ratios and not any(abs(each - times) <= slack * times for each in ratios):
                yield _finding("count", said, one, best, _size(one, best, f"{half_up(ratios[0], 2)}"))
                return
    families = {one.old.family for one in changes}
    for one in steps:
        if (
            one.role in ("from", "to")
            or any(one in (each.old.mention, each.new.mention) for each in changes)
            or one.key in ("all", "none", "majority")
        ):
            continue
        value = float(one.value or 0) * (100 if one.kind == "share" else 1)
        changed = [(each, 100 * (each.new.amount - each.old.amount) / each.old.amount) for each in changes if each.old.amount]
        if one.kind == "points":
            if families == {"percent"} and not any(abs(abs(each.new.amount - each.old.amount) - value) <= 0.11 for each in changes):
                yield _finding("difference", said, one, best, _size(one, best, exact_gap(best)))
                return
            continue
        if not changed or not _is_size(said, one):
            continue
        room = 4.0 if one.kind == "share" or one.modifier else 0.6 * 10.0**-one.decimals
        if any(abs(abs(size) - value) <= room for _, size in changed):
            continue
        if families == {"percent"} and not any(abs(abs(each.new.amount - each.old.amount) - value) <= _SMALL + 0.5 for each in changes):
            continue
        yield _finding("difference", said, one, best, _size(one, best, f"{half_up(abs(changed[0][1]), 1)} %"))
        return


def exact_gap(change: Change) -> str:
    """The difference of a pair, as printed."""
    return str(half_up(abs(change.new.amount - change.old.amount), max(change.old.decimals, change.new.decimals)))


def _is_size(said: Said, one: Mention) -> bool:
    """Whether a percentage or a fraction is the size of the change: "rose by a quarter", "en stigning på 25 procent"."""
    left = said.text[: one.start - said.start]
    right = said.text[one.end - said.start :][:20]
    if re.match(r"\s+an?\s", right):
        # "half a point"
        return False
    return one.role == "by" or bool(
        re.search(r"\b(?:med|på|by|of|er på|was|is)\s+(?:(?:omkring|about|cirka|ca\.|only|kun|a|an)\s+)?$", left)
        or re.match(r"\s*(?:flere|færre|shorter|longer|fewer|more|less|lower|higher)\b", right)
    )


def _size(word: Mention, change: Change, actual: str) -> Phrase:
    return Phrase(
        "audit.what_difference", {"first": change.old.text, "last": change.new.text, "step": " ".join(word.text.split()), "actual": actual}
    )


def _finding(kind: str, said: Said, word: Mention, change: Change, what: Phrase) -> Finding:
    places = tuple(dict.fromkeys((place_of(said, word), change.old.place, change.new.place)))
    return Finding(kind, places, what, Phrase("audit.why_bound", {}), Phrase("audit.ground_bound", {}), 0.9, 0.72)

"""Numbers of a summary or a conclusion that nothing in the document tells, beside the one number that is meant."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from vvvresearch.audit._ends import Move, moves_of
from vvvresearch.audit._facts import Facts, exact
from vvvresearch.audit._finding import Finding, Place, place_of
from vvvresearch.audit._retelling import Retelling
from vvvresearch.audit._same_fact import both_held, comparable
from vvvresearch.audit._slips import is_slip
from vvvresearch.audit._told import Told
from vvvresearch.audit._words import common
from vvvresearch.locales import Phrase

_KINDS = ("count", "money", "percentage", "duration", "points")
_STEPS = ("percentage", "points")
_LEAST, _MOST = 10, 2500
# From which number on two exchanged digits say enough.
_SPEAKING = 99
# How far a number of the same noun may lie from the one that is meant.
_NEAR = Fraction(1, 4)


def orphan_findings(documents: Sequence[Facts], told: Sequence[Sequence[Told]]) -> Iterator[Finding]:
    """Findings on numbers of a section that retells which are told nowhere else, and on changes from one number to two others."""
    for facts, own in zip(documents, told, strict=True):
        yield from _other_ends(facts)
        yield from _orphans_of(own, _MOST)
    if len(documents) > 1:
        yield from _orphans_of([one for own in told for one in own], _MOST * len(documents))


def _orphans_of(told: Sequence[Told], most: int) -> Iterator[Finding]:
    if len(told) > most:
        # Of so many numbers each has others that are like it by accident.
        return
    retelling = Retelling(told)
    for one in told:
        small = one.value < _LEAST and one.kind != "percentage" and not one.decimals
        if one.kind not in _KINDS or small or one.role == "from" or (one.role == "by" and one.kind not in _STEPS):
            continue
        if one.aimed or one.elsewhere or (one.is_step and one.kind not in _STEPS):
            continue
        if not retelling.orphan(one) or _checked_beside(one):
            continue
        meant = [
            other
            for other in told
            if other.kind == one.kind
            and not retelling.told_beside(one, other)
            and not _in_one_section(one, other)
            and _alike(one, other)
            and comparable(one, other)
            and not both_held(one, other)
        ]
        meant = [other for other in meant if one.unit and other.unit == one.unit] or meant
        if _made_of_others(one.facts, one) and not any(_is_telling(one, other) for other in meant):
            continue
        often = Counter(other.value for other in meant)
        usual = [value for value, times in often.most_common(1) if len(often) == 1 or (times > 1 and 2 * times > len(meant))]
        meant = [other for other in meant if other.value in usual]
        if meant:
            found = _finding(one.text, one.place, meant[0].text, meant[0].place)
            yield found if meant[0].facts is one.facts else replace(found, kind="documents")


def _in_one_section(one: Told, other: Told) -> bool:
    return one.facts is other.facts and one.said is not None and other.said is not None and one.said.section == other.said.section


def _alike(one: Told, other: Told) -> bool:
    """Whether a slip, or the same noun and a number near it, makes one number of the other."""
    if one.is_swapped(other) and one.kind == "count" and one.value > _SPEAKING:
        return True
    if one.is_swapped(other) and one.kind == "percentage" and other.row is None and common(one.around, other.around):
        return True
    if other.row is not None and one.kind == "percentage" and other.words and other.words <= common(other.words, one.words):
        return one.decimals == other.decimals
    shared = common(one.words, other.around) | common(other.words, one.around)
    needed = 2 if one.kind == "percentage" and not one.decimals else 1
    if len(shared) < needed or one.decimals != other.decimals or (one.kind == "count" and not one.unit):
        return False
    if other.role == "from" or (other.said is not None and not other.unit and one.kind == "count" and one.unit not in other.around):
        return False
    if is_slip(exact(one.value), exact(other.value)):
        return True
    return bool(one.unit) and one.unit == other.unit and one.kind == "count" and abs(one.value - other.value) <= other.value * _NEAR


def _is_telling(one: Told, other: Told) -> bool:
    """Whether two numbers are alike by more than accident: two digits exchanged, or a slip in three digits of one noun."""
    slipped = is_slip(exact(one.value), exact(other.value)) and one.value > _SPEAKING and bool(one.unit) and one.unit == other.unit
    return slipped or one.is_swapped(other)


def _checked_beside(one: Told) -> bool:
    """Whether a count and its percentage stand in one sentence, or a base beside its table: they are read against each other there."""
    if one.said is None or one.mention is None or one.mention.kind == "sample_size":
        return True
    return bool(one.said.of("count", "ratio", "base") if one.kind == "percentage" else one.kind == "count" and one.said.of("percentage"))


def _made_of_others(facts: Facts, one: Told) -> bool:
    """Whether a number is the sum of two that its document tells together, in a sentence or in a column, or the rest of a percentage."""
    groups: list[Sequence[Fraction]] = [
        [mention.value for mention in said.mentions if mention.value is not None and mention.kind != "year"][:12] for said in facts.said
    ]
    for shown in facts.shown:
        rows = shown.table.rows[:14] if shown.table is not None else ()
        width = max((len(row.cells) for row in rows), default=0)
        for at in range(width):
            column = (row.cells[at].value for row in rows if at < len(row.cells))
            groups.append([value for value in column if value is not None])
    wanted = (one.value, 100 - one.value) if one.kind == "percentage" else (one.value,)
    own = [
        value for value in (one.said.mentions if one.said else ()) if value.kind in ("count", "total", "base") and value.value is not None
    ][:9]
    told = [mention.value or Fraction(0) for mention in own]
    if any(one.value in (*some, sum(some)) and sum(some) in (*told, one.value) for size in (2, 3, 4) for some in combinations(told, size)):
        # "263 borgere: 112 på rygestop, 86 på kost og 65 på motion": read against each other there.
        return True
    return any(first + second in wanted for values in groups for first, second in combinations(values, 2))


def _other_ends(facts: Facts) -> Iterator[Finding]:
    """ "from 6.1 to 7.4" in one place, "from 6.1 to 7.9" in another: one start of one thing, and two ends."""
    known: dict[tuple[Fraction, str], list[Move]] = defaultdict(list)
    for said in facts.said:
        if said.block.kind in ("caption", "heading"):
            continue
        for move in moves_of(said):
            old, new = move.mentions
            if not move.ordered or old.value is None or (old.value < _LEAST and not old.decimals):
                continue
            for earlier in known[old.value, old.kind][:8]:
                first, last = earlier.new[1], new
                apart = first.value != last.value and first.decimals == last.decimals and earlier.old[0].section != said.section
                if apart and (old.decimals or common(said.stems, earlier.old[0].stems)):
                    yield _finding(first.text, place_of(*earlier.new), last.text, place_of(said, last))
            known[old.value, old.kind].append(move)


def _finding(text: str, place: Place, other: str, other_place: Place) -> Finding:
    what = Phrase("audit.what_retold", {"first": " ".join(other.split()), "second": " ".join(text.split())})
    return Finding("retold", (place, other_place), what, Phrase("audit.why_retold", {}), Phrase("audit.ground_orphan", {}), 0.7, 0.5)

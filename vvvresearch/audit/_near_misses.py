"""One fact printed twice, once with a number that is nearly the other: a digit changed, two digits exchanged.

The two tellings are weighed as evidence, in bits: how rare the words are that both have, how rare those that only one has, and how seldom
two numbers that have nothing to do with each other would lie so near.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from vvvresearch.audit._facts import Facts
from vvvresearch.audit._finding import Finding
from vvvresearch.audit._sums import columns_of, is_percent
from vvvresearch.audit._told import Told, told_by, told_in
from vvvresearch.audit._words import stem, word_list
from vvvresearch.locales import Phrase

# Bits that are needed where the numbers alone say much (three digits and more, or two exchanged) and where they say little, within a
# document and across; and the most that one word can give.
_SPEAKING = 5.0
_NEEDED = {(True, True): 6.0, (True, False): 7.0, (False, True): 6.5, (False, False): 9.5}
_WORD = 5.0
# A percentage is one of a hundred, and most texts have many.
_PERCENT = 2.0
# What a year costs that only one of them names.
_UNDATED = 2.0
_OFTEN = 80


def near_miss_findings(documents: Sequence[Facts]) -> Iterator[Finding]:
    """Findings on numbers that nearly are the number of the same fact elsewhere."""
    told = [one for facts in documents for one in (*told_in(facts), *told_by(facts, percents_of(facts)))]
    weights = weights_of(told)
    seen = Counter((one.kind, one.value) for one in told)
    for bits, one, other in _best(_pairs(told, weights, seen)):
        later, earlier = (one, other) if seen[one.kind, one.value] <= seen[other.kind, other.value] else (other, one)
        same = one.facts is other.facts
        cell = one.cell is not None or other.cell is not None
        kind = "documents" if not same else "table" if cell else "retold"
        what = Phrase("audit.what_retold", {"first": earlier.text, "second": later.text})
        yield Finding(
            kind,
            (later.place, earlier.place),
            what,
            Phrase("audit.why_retold", {}),
            Phrase(f"audit.ground_near_{'cell' if cell else 'text'}", {}),
            0.75,
            min(0.79, 0.3 + bits / 50),
        )


def percents_of(facts: Facts) -> dict[int, bool]:
    """Which cells of a document are percentages, by id."""
    found: dict[int, bool] = {}
    for shown in facts.shown:
        if shown.table is None:
            continue
        for column in columns_of(shown):
            row, cell = column[0]
            percent = is_percent(shown, column, next(at for at, one in enumerate(row.cells) if one is cell))
            found.update({id(cell): percent for _, cell in column})
    return found


@dataclass(frozen=True)
class Weights:
    bits: dict[str, float]

    def of(self, words: frozenset[str]) -> float:
        return sum(self.bits.get(word, _WORD) for word in words)


def weights_of(told: Sequence[Told]) -> Weights:
    holders = {id(one.said) if one.said is not None else id(one.row): one.around for one in told}
    counts = Counter(word for words in holders.values() for word in words)
    total = len(holders) + 1
    scale = frozenset(stem(word, lang) for lang in ("da", "en") for word in word_list("scale", lang))
    counts = Counter({word: count for word, count in counts.items() if word not in scale})
    return Weights({**dict.fromkeys(scale, 0.0), **_rare(counts, total)})


def _rare(counts: Counter[str], total: int) -> dict[str, float]:
    return {word: min(_WORD, math.log2(total / (count + 0.5)) if count < total / 2 else 0.0) for word, count in counts.items()}


def _pairs(told: Sequence[Told], weights: Weights, seen: Counter[tuple[str, Fraction]]) -> Iterator[tuple[float, Told, Told]]:
    index: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in told:
        for word in one.words:
            index[one.kind, word].append(one)
    done: set[tuple[int, int]] = set()
    for found in index.values():
        if len(found) > _OFTEN:
            continue
        for at, one in enumerate(found):
            for other in found[at + 1 :]:
                key = (id(one), id(other))
                if key in done:
                    continue
                done.add(key)
                chance = surprise(one, other)
                if chance <= 0 or not _comparable(one, other):
                    continue
                context = context_bits(one, other, weights)
                if one.kind == "percentage" and context < _PERCENT:
                    continue
                bits = chance + context + _confirmed(one, other, seen)
                if bits >= _NEEDED[one.facts is other.facts, chance >= _SPEAKING]:
                    yield bits, one, other


def is_near_miss(first: str, second: str) -> bool:
    """Whether two printed whole numbers are alike but for one digit or two exchanged.

    Example:
        >>> is_near_miss("281", "261"), is_near_miss("372", "327"), is_near_miss("281", "216")
        (True, True, False)
    """
    if len(first) != len(second) or first == second or len(first) < 2:
        return False
    differing = [at for at, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    return len(differing) == 1 or (len(differing) == 2 and sorted(first) == sorted(second))


def surprise(one: Told, other: Told) -> float:
    """How seldom, in bits, two numbers of this length lie so near by chance; 0 where they do not."""
    first, second = one.digits, other.digits
    if one.value == other.value or len(first) != len(second) or one.decimals != other.decimals or not first.strip("0"):
        return 0.0
    differing = [at for at, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    length = len(first.rstrip("0") if one.decimals == 0 else first)
    if len(differing) == 2 and sorted(first) == sorted(second):
        return {1: 0.0, 2: 6.5, 3: 8.0, 4: 10.0}.get(length, 11.0)
    if len(differing) == 1 and length >= 1:
        return {1: 0.0, 2: 2.2, 3: 5.0, 4: 8.0}.get(length, 10.0)
    return 0.0


def _comparable(one: Told, other: Told) -> bool:
    """Whether nothing sets two tellings apart: time, unit, a target, a negation, the end of a change, one table."""
    if one.said is not None and one.said is other.said:
        return False
    if one.shown is not None and other.shown is not None:
        return False
    if one.years and other.years and not one.years & other.years:
        return False
    if one.aimed != other.aimed or one.elsewhere != other.elsewhere or one.negated != other.negated or one.of_others != other.of_others:
        return False
    if one.points_at and other.points_at and not one.points_at & other.points_at:
        return False
    if {one.role, other.role} == {"from", "to"} or ("by" in (one.role, other.role) and one.role != other.role and one.kind != "count"):
        return False
    if one.unit and other.unit and one.unit != other.unit and not (one.unit in other.around and other.unit in one.around):
        return False
    for told, beside in ((one, other), (other, one)):
        if told.said is not None and any(
            mention.value == beside.value or mention.base == beside.value for mention in told.said.mentions if mention.kind != "year"
        ):
            return False
        rows = told.shown.table.rows if told.shown is not None and told.shown.table is not None else ()
        if any(cell.value == beside.value for row in rows for cell in row.cells):
            return False
    if _added_up(one, other) or _added_up(other, one):
        return False
    if _of_fewer(one, other) or _of_fewer(other, one):
        return False
    first, second = one.said, other.said
    return not (
        first is not None and second is not None and first.block.kind == second.block.kind == "item"
        and first.section == second.section and one.facts is other.facts
    )  # fmt: skip


def _added_up(one: Told, other: Told) -> bool:
    """Whether a number is the sum of two cells of the other's column: "63 % er i skole eller lære"."""
    if other.shown is None or other.shown.table is None or other.row is None:
        return False
    at = next((at for at, cell in enumerate(other.row.cells) if cell is other.cell), 0)
    column = [row.cells[at].value for row in other.shown.table.rows if at < len(row.cells)]
    values = [value for value in column if value is not None]
    return any(first + second == one.value for number, first in enumerate(values) for second in values[number + 1 :])


def _of_fewer(one: Told, other: Told) -> bool:
    """Whether a number is told of a whole that is smaller than the other number: "af de 22 har 12", and 72 elsewhere."""
    if one.said is None or one.kind != "count":
        return False
    wholes = [mention.base or mention.value for mention in one.said.of("base", "ratio")]
    return any(whole is not None and one.value < whole < other.value for whole in wholes)


def context_bits(one: Told, other: Told, weights: Weights) -> float:
    """What the words say: those of both, less those that each has alone."""
    shared = {word for word in one.words if _heard(word, other.around)}
    more = {word for word in other.words if _heard(word, one.around)}
    alone = weights.of(one.words - shared), weights.of(other.words - more)
    for told, rest in ((one, alone[0]), (other, alone[1])):
        if told.row is not None and rest > 0 and not told.words <= shared | more:
            # A cell is meant only where its row is named in all its words.
            label = told.words
            if sum(_heard(word, (other if told is one else one).around) for word in label) < 0.75 * len(label):
                return -20.0
    both = weights.of(frozenset(word for word in shared | more if word in weights.bits))
    undated = _UNDATED if bool(one.years) != bool(other.years) else 0.0
    return both - 0.6 * min(alone) - 0.15 * max(alone) - undated


def _heard(word: str, words: frozenset[str]) -> bool:
    if word in words:
        return True
    return len(word) > 5 and any(
        len(more) > 5 and (more.endswith(word) or word.endswith(more) or (more[:7] == word[:7] and len(word) > 7)) for more in words
    )


def _confirmed(one: Told, other: Told, seen: Counter[tuple[str, Fraction]]) -> float:
    """A number told once beside one told often is the likelier slip; two that are both told often are two facts."""
    low, high = sorted((seen[one.kind, one.value], seen[other.kind, other.value]))
    return (2.0 if high > 1 else 0.0) if low == 1 else -4.0


def _best(pairs: Iterator[tuple[float, Told, Told]]) -> list[tuple[float, Told, Told]]:
    chosen: list[tuple[float, Told, Told]] = []
    used: set[int] = set()
    for pair in sorted(pairs, key=lambda pair: -pair[0]):
        keys = {id(pair[1].mention or pair[1].cell), id(pair[2].mention or pair[2].cell)}
        if not keys & used:
            used |= keys
            chosen.append(pair)
    return chosen

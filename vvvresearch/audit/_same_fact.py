"""One fact told twice with another value: in two sentences, in a sentence and a table or caption, in one document or in two.

Two tellings are weighed as evidence, in bits: how rare the words are that both have, how rare those that only one has, whether they count
the same noun, and how seldom two numbers that have nothing to do with each other would lie so near. Time, group, unit, target, negation
and the end of a change set them apart.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from vvvresearch.audit._finding import Finding
from vvvresearch.audit._number_names import surprise
from vvvresearch.audit._retold import Retelling, Weights, context_bits, weights_of
from vvvresearch.audit._told import Told
from vvvresearch.audit._words import common
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

# Bits that are needed where the numbers alone say much (three digits and more, or two exchanged) and where they say little, within a
# document and across.
_SPEAKING = 5.0
_NEEDED = {(True, True): 6.0, (True, False): 7.0, (False, True): 6.5, (False, False): 9.5}
# Sums of money told in like words are seldom near each other by chance.
_MONEY, _TOLD_ALIKE = 5.5, 3.0
# A percentage is one of a hundred, and most texts have many.
_PERCENT = 2.0
# What the same noun and the same statement are worth.
_SAME_NOUN, _SAME_WORDS = 2.0, 2.5
_OFTEN = 80
# Bits from which on two numbers of four digits and more have the same digits exchanged.
_EXCHANGED = 9.0
# What speaks against a slip where both numbers agree with others.
_HELD = 8.0
_THREE = 3
# What one other digit of four is worth.
_FOUR = 8.0
# From how many tellings on a number is one that the reader knows; and how much words may speak against a slip in such a number.
_HUB, _AGAINST = 4, -4.0
# Where the numbers are near and no slip makes one of the other: how alike the words must be, from 0 to 1, and how near is near.
_ALIKE, _NEAR, _POINTS = {True: 0.46, False: 0.6}, 0.3, 12
# How much farther two percentages may lie that are told in so many words of both.
_FARTHER, _IN_MANY = 15, 5
# Bits of context from which on two numbers that lie near are of one fact, whatever their digits.
_WORDS_ALONE = 9.0
# "88 personer har været mentor", "de 88 mentorer"
# How many sentences on a number may be told again, by whether it is a percentage.
_AWAY = {True: 3, False: 1}
_ANYONE = re.compile(r"person|menneske|individ|people|deltag|participa|borg(?:er)?$")
_UNLIKE = re.compile(r"\b(?:året efter|modsat|derimod|hvorimod)\b", re.IGNORECASE)


def same_fact_findings(told: Sequence[Told]) -> Iterator[Finding]:
    """Findings on facts that are told twice with different numbers, within a document and across."""
    weights = weights_of(told)
    often = Counter((one.kind, one.amount) for one in told)
    seen = {id(one): often[one.kind, one.amount] for one in told}
    retelling = Retelling(told)
    for bits, one, other in _best(_pairs(told, weights, seen, retelling)):
        later, earlier = (one, other) if seen[id(one)] <= seen[id(other)] else (other, one)
        same = one.facts is other.facts
        cell = one.cell is not None or other.cell is not None
        kind = "documents" if not same else "table" if cell else "retold"
        slip = surprise(one.digits, other.digits) > 0
        ground = f"near_{'cell' if cell else 'text'}" if slip else "retold" if same else "documents"
        what = Phrase("audit.what_retold", {"first": " ".join(earlier.text.split()), "second": " ".join(later.text.split())})
        yield Finding(
            kind, (later.place, earlier.place), what,
            Phrase("audit.why_retold", {}), Phrase(f"audit.ground_{ground}", {}), 0.75, min(0.79, 0.3 + bits / 50),
        )  # fmt: skip


# Bits of context below which the words speak against one fact even there.
_LIKELY = {True: 0.0, False: -2.0}


def _pairs(told: Sequence[Told], weights: Weights, seen: dict[int, int], retelling: Retelling) -> Iterator[tuple[float, Told, Told]]:
    index: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in told:
        # Long words meet by their opening: "svarprocent", "svarprocenten".
        for word in sorted({word[:7] for word in one.words}):
            index[one.kind, word].append(one)
        bare = one.mention is not None and one.mention.kind != "sample_size"
        if one.kind in ("count", "money", "percentage") and (1 if bare else 3) < len(one.digits) < 8:
            # A slip is met whatever the words are.
            index[one.kind, "".join(sorted(one.digits))].append(one)
            for at in range(len(one.digits) if bare else 0):
                index[one.kind, f"{one.digits[:at]}?{one.digits[at + 1 :]}"].append(one)
    done: set[tuple[int, int]] = set()
    for found in index.values():
        if len(found) > _OFTEN:
            continue
        for at, one in enumerate(found):
            for other in found[at + 1 :]:
                if one.amount == other.amount or one.decimals != other.decimals:
                    continue
                chance = surprise(one.digits, other.digits, rough=one.kind != "percentage") if len(one.digits) == len(other.digits) else 0.0
                if chance <= 0 and not (one.in_prose and other.in_prose and bool(one.years) == bool(other.years) and _near(one, other)):
                    continue
                key = (id(one), id(other))
                if key in done:
                    continue
                done.add(key)
                bits = _bits(one, other, chance, weights, seen, retelling)
                if bits > 0:
                    yield bits, one, other


def _bits(one: Told, other: Told, chance: float, weights: Weights, seen: dict[int, int], retelling: Retelling) -> float:
    """How much says that two tellings are of one fact, or 0 where it is too little."""
    confirmed = _confirmed(one, other, seen)
    in_text = one.cell is None and other.cell is None
    if (chance <= 0 and (not in_text or confirmed < -1)) or not comparable(one, other):
        return 0.0
    alike = _likeness(one, other, weights) if in_text and confirmed >= -1 else 0.0
    if chance <= 0:
        return alike
    context = context_bits(one, other, weights)
    if chance < _SPEAKING and _part_of(one, other, seen):
        confirmed = min(confirmed, 2.0)
    if (chance >= 8 and confirmed > 2 and in_text and one.kind == "count") or (chance >= _EXCHANGED + 1 and not (one.row and other.row)):
        context = max(context, _AGAINST)
    if one.kind == "percentage" and context < _PERCENT:
        return alike
    dated = bool(one.years) != bool(other.years)
    retold = retelling.bits(one, other) if context >= _LIKELY[one.kind == "percentage"] and not dated else 0.0
    # A percentage is one of a hundred: one word is not enough.
    shared = common(one.words, other.around) | common(other.words, one.around)
    if not retold and chance < _EXCHANGED and len(shared) < 1 + (one.kind == "percentage"):
        return alike
    bits = chance + context + confirmed + _same(one, other) + retold - (_HELD if both_held(one, other) else 0.0)
    needed = _NEEDED[one.facts is other.facts, chance >= _SPEAKING]
    if retold:
        needed = min(needed, _NEEDED[True, False])
    if one.kind == "money" and context >= _TOLD_ALIKE:
        needed = min(needed, _MONEY)
    if confirmed > 2 and _one_unit(one, other) and (chance >= _SPEAKING or not _part_of(one, other, seen)):
        needed = min(needed, _NEEDED[True, False])
    return max(alike, bits if bits >= needed else 0.0)


def both_held(one: Told, other: Told) -> bool:
    """Whether two numbers of one document both agree with others of it: neither is a slip."""
    return one.held and other.held and one.facts is other.facts


def _part_of(one: Told, other: Told, seen: dict[int, int]) -> bool:
    """Whether the number that is told once may be a part of the one that is told often: it is less, and no article points back."""
    once, often = sorted((one, other), key=lambda told: seen[id(told)])
    return once.value < often.value and not once.known


def _one_unit(one: Told, other: Told) -> bool:
    """Whether both count one noun, a compound counting as its last part: "interview", "telefoninterview"."""
    if not one.unit or not other.unit:
        return False
    short, long = sorted((one.unit, other.unit), key=len)
    return short == long or (len(short) > 3 and long.endswith(short))


def _same(one: Told, other: Told) -> float:
    """Bits for the same noun counted, and for two statements of nearly the same words, where no year sets them apart."""
    if bool(one.years) != bool(other.years):
        return 0.0
    noun = _SAME_NOUN if one.kind == "count" and _one_unit(one, other) else 0.0
    shared = common(one.words, other.words)
    least = min(len(one.words), len(other.words))
    return noun + (
        _SAME_WORDS if least >= 2 and len(shared) == len(one.words) and len(common(other.words, one.words)) == len(other.words) else 0.0
    )


def comparable(one: Told, other: Told) -> bool:
    """Whether nothing sets two tellings apart: time, group, unit, a target, a negation, the end of a change, one table."""
    first, second = one.said, other.said
    if (
        first is not None
        and second is not None
        and first.block is second.block
        and abs(first.position - second.position) < _AWAY[one.kind == "percentage"]
    ):
        # What one sentence tells the next does not retell.
        return False
    if one.shown is not None and other.shown is not None:
        return False
    if one.kind == "count" and (one.in_note or other.in_note):
        # "n er 1.043 piger": a base is no count of all.
        return False
    if one.facts is not other.facts and one.facts.year and other.facts.year and one.period != other.period:
        # Reports of two years: only what is told of one year is one fact.
        return False
    times = one.years or one.caption_years, other.years or other.caption_years
    if times[0] and times[1] and not times[0] & times[1]:
        return False
    if (first is not None and second is not None and one.ages != other.ages) or one.is_step != other.is_step:
        return False
    spoken = one.facts is not other.facts and _one_unit(one, other) and surprise(one.digits, other.digits) >= _EXCHANGED
    if (
        one.aimed != other.aimed
        or (one.elsewhere != other.elsewhere and not spoken)
        or one.negated != other.negated
        or one.of_others != other.of_others
        or one.of_whom != other.of_whom
    ):
        return False
    if one.group and other.group and one.group != other.group:
        return False
    if one.compared != other.compared and max(len(one.digits), len(other.digits)) < 3:
        return False
    if one.kind == "duration" and one.facts is other.facts and min(len(one.digits), len(other.digits)) < _THREE:
        return False
    if one.kind in ("count", "money") and one.is_mean != other.is_mean:
        return False
    if one.kind == "count" and len(one.digits) < _THREE and one.said is not None and other.said is not None and not _one_unit(one, other):
        # Two numbers of two digits are near each other by accident.
        return False
    if one.kind == "percentage" and (_of_two_wholes(one, other) or (one.worked_out and other.worked_out)):
        return False
    if one.points_at and other.points_at and not one.points_at & other.points_at:
        return False
    if {one.role, other.role} == {"from", "to"} or (
        "by" in (one.role, other.role)
        and one.role != other.role
        and one.kind not in ("count", "points")
        and not (one.is_step and other.is_step)
    ):
        return False
    if one.unit and other.unit and not _one_unit(one, other):
        cell = one.cell is not None or other.cell is not None or "poin" in one.unit + other.unit
        chance = surprise(one.digits, other.digits)
        exchanged = len(one.digits) > 3 and chance >= _EXCHANGED
        anyone = one.facts is not other.facts and chance >= _FOUR and bool(_ANYONE.match(one.unit) or _ANYONE.match(other.unit))
        anyone = anyone or any(_ANYONE.match(told.unit) and beside.unit in told.around for told, beside in ((one, other), (other, one)))
        if cell or not (exchanged or anyone or _answered(one, other) or (one.unit in other.around and other.unit in one.around)):
            return False
    if ("poin" in one.unit) != ("poin" in other.unit) or one.parts != other.parts:
        return False
    if other.amount in one.beside or one.amount in other.beside:
        return False
    if _added_up(one, other) or _added_up(other, one) or _of_fewer(one, other) or _of_fewer(other, one):
        return False
    if (
        first is not None and second is not None and first.block.kind == second.block.kind == "item"
        and first.section == second.section and one.facts is other.facts
    ):  # fmt: skip
        return False
    return not (one.kind == "percentage" and _parted(one, other))


def _parted(one: Told, other: Told) -> bool:
    """Whether a column has the smaller of two percentages and what the larger has more: "30 % er tilfredse", "80 % er tilfredse i alt"."""
    less, more = sorted((one.value, other.value))
    low, high, rest = float(less), float(more), float(more - less)
    tables = (values for facts in {id(told.facts): told.facts for told in (one, other)}.values() for values in facts.having.get(low, ()))
    return any(rest in values and high not in values for values in tables)


def _answered(one: Told, other: Told) -> bool:
    """Whether both count those who answered: "2.750 besvarelser", "2.750 forældre har svaret"."""
    return one.answered and other.answered


def _of_two_wholes(one: Told, other: Told) -> bool:
    """Whether the sentences of two percentages give them different wholes: "128 af de 194 (66 %)", "blandt de 45 er 64 %"."""
    return bool(one.wholes and other.wholes and not one.wholes & other.wholes)


def _added_up(one: Told, other: Told) -> bool:
    """Whether a number is the sum of two cells of the other's column: "63 % er i skole eller lære"."""
    return other.cell is not None and one.value in other.sums


def _of_fewer(one: Told, other: Told) -> bool:
    """Whether a number is told of a whole that is smaller than the other number: "af de 22 har 12", and 72 elsewhere."""
    if one.said is None or one.kind != "count":
        return False
    wholes = (mention.base or mention.value for mention in one.said.of("base", "ratio"))
    return any(whole is not None and one.value < whole < other.value for whole in wholes)


def _confirmed(one: Told, other: Told, seen: dict[int, int]) -> float:
    """A number told once beside one told often is the likelier slip; two that are both told often are two facts."""
    low, high = sorted((seen[id(one)], seen[id(other)]))
    if low > 1:
        # Of a hundred percentages some are told of two facts.
        return -1.0 if one.kind == "percentage" else -4.0
    return 4.0 if high >= _HUB else 2.0 if high > 1 else 0.0


def _likeness(one: Told, other: Told, weights: Weights) -> float:
    """Bits for two sentences that are alike in most of their words, where no slip makes one number of the other."""
    if not (one.in_prose and other.in_prose and _near(one, other)) or both_held(one, other):
        return 0.0
    if bool(one.years) != bool(other.years) or bool(_UNLIKE.search(one.clause)) != bool(_UNLIKE.search(other.clause)):
        return 0.0
    if one.months and other.months and not one.months & other.months:
        return 0.0
    first, second = one.mention, other.mention
    assert first is not None
    assert second is not None
    if (first.kind == second.kind == "ratio" and first.base != second.base) or _rounds(first, second) or _rounds(second, first):
        return 0.0
    shared = common(one.words, other.words) | common(other.words, one.words)
    if one.kind == "percentage" and abs(one.amount - other.amount) > _POINTS and (len(shared) < _IN_MANY or one.facts is not other.facts):
        return 0.0
    smaller, larger = sorted((weights.of(one.words), weights.of(other.words)))
    same_unit = bool(one.unit) and one.unit == other.unit
    if one.is_swapped(other) and same_unit and len(shared) >= 2:
        return 15.0
    if one.kind == "percentage" and one.facts is other.facts and len(shared) > 1 and context_bits(one, other, weights) >= _WORDS_ALONE:
        return 11.0
    least = min((one.words, other.words), key=len)
    gap = abs(one.value - other.value) / max(one.value, other.value)
    if same_unit and len(least) >= 2 and least <= shared and gap <= Fraction(3, 20) and one.kind == "count":
        return 10.0
    if len(shared) < 3 and not (len(shared) == 2 and same_unit):
        return 0.0
    weight = weights.of(shared)
    score = min(1.0, 0.6 * weight / smaller + 0.4 * weight / larger) if smaller > 0 else 0.0
    return 25 * score if score >= _ALIKE[one.facts is other.facts] else 0.0


def _near(one: Told, other: Told) -> bool:
    gap = abs(one.amount - other.amount)
    if one.kind == "percentage":
        return gap <= _FARTHER
    if min(one.amount, other.amount) < 3:
        return False
    return gap <= max(one.amount, other.amount) * _NEAR + _SAME or gap <= 2 + _SAME or one.is_swapped(other)


# What floating point may make of two equal numbers.
_SAME = 1e-9


def _rounds(one: Mention, other: Mention) -> bool:
    """Whether one number is the other said roughly: "godt 7.000" for 7.173, "knap 43 pct." for 42,6."""
    first, second = one.value, other.value
    assert first is not None
    assert second is not None
    if one.modifier in ("", "exactly"):
        return first.denominator == 1 and second.denominator != 1 and abs(first - second) < 1
    gap = first - second
    limit = max(abs(second) * Fraction(3, 20), Fraction(2))
    if one.modifier in ("over", "just_over", "well_over", "at_least"):
        return -limit <= gap <= 0
    if one.modifier in ("under", "just_under", "well_under", "at_most"):
        return 0 <= gap <= limit
    return abs(gap) <= limit


def _best(pairs: Iterator[tuple[float, Told, Told]]) -> list[tuple[float, Told, Told]]:
    chosen: list[tuple[float, Told, Told]] = []
    used: set[int] = set()
    for pair in sorted(pairs, key=lambda pair: -pair[0]):
        keys = {id(pair[1].mention or pair[1].cell), id(pair[2].mention or pair[2].cell)}
        if not keys & used:
            used |= keys
            chosen.append(pair)
    return chosen

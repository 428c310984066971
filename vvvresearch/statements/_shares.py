"""Proof of shares: percentages, "x of y", counts, fractions and quantities in words, and how often something happens."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from vvvresearch.locales import half_up
from vvvresearch.statements._amounts import near_amount
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._row import Goal, Row, Sibling, Side
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._verdict import HOLDS, Check, check
from vvvresearch.statements._words import TOLERANCE, Word, modifier_word, nouns

# Below these bases a percentage, a fraction word without its count, and "every third" say more than so few answers can.
MIN_PERCENT, MIN_WORDS, MIN_EVERY = 10, 30, 20
# "19 ud af 20 af de 120": into how many parts a whole is cut where its own number is told too.
_PARTS = 100


def _sides(statement: Statement, mention: Mention) -> list[Side]:
    """The readings that a number may be about; a denial turns the count round."""
    row = statement.row
    found: list[Side] = []
    if row.n is not None and (answer := statement.answer(mention)) is not None and not _own(row, answer):
        return [Side(answer.count, row.n)]
    named = statement.side_of(mention)
    if row.count is not None and row.n is not None and named != "other":
        found.append(Side(row.count, row.n))
    if row.side is not None and named == "other":
        found.append(row.side)
    if statement.denied(mention):
        found = [replace(side, count=_others(row, side)) for side in found]
    return found


def _own(row: Row, answer: Sibling) -> bool:
    return answer.names == row.labels


def _others(row: Row, side: Side) -> int:
    """How many did not give the answer: those who gave another one; who does not know is neither."""
    own = side.count == row.count and side.n == row.n
    known = own and row.siblings and not row.negative and not row.several
    return sum(other.count for other in row.siblings) if known else side.n - side.count


def _told(side: Side) -> dict[str, object]:
    return {"count": side.count, "n": side.n, "percent": float(half_up(side.share * 100, 1))}


def _no_number(statement: Statement) -> Check:
    return check("cannot", statement.row.absent or "nothing_counted")


def percentage(statement: Statement, mention: Mention) -> Check:
    """A percentage, alone, with a modifier, or as a range."""
    assert mention.value is not None
    row = statement.row
    if mention.role == "by" and statement.of("direction"):
        return _relative(statement, mention)
    if (misnamed := _misnamed_target(statement, mention, mention.value / 100)) is not None:
        return misnamed
    if _is_target(statement, mention, mention.value / 100):
        return HOLDS
    if row.goal is not None and row.goal.share and not mention.modifier and _read_off(row.goal, mention):
        # A goal's own reading needs no base: the goal says of whom it is.
        return HOLDS
    if row.goal is not None and _OF_TARGET.match(statement.read, mention.end):
        return _part_of_target(row.goal, mention)
    sides = _sides(statement, mention)
    if not sides:
        return _no_number(statement)
    side = sides[0]
    if mention.low is not None and mention.high is not None:
        if row.side is not None and _GAP.search(statement.read[: mention.start]):
            return _ends_of_gap(statement, mention)
        if not mention.low <= side.share * 100 <= mention.high:
            return check("contradicted", "share_is", **_told(side))
    elif not _near(side.share, mention.value / 100, mention, exact=half_up(side.share * 100, mention.decimals) == _printed(mention)):
        return check("contradicted", "share_is", **_told(side))
    if side.n < MIN_PERCENT:
        return check("cannot", "percent_of_few", n=side.n)
    both = row.side is not None and (mention.role or statement.of("year") or len(statement.of("percentage")) > 1)
    if not (statement.has_base or row.full_count or both):
        return check("cannot", "base_missing", n=side.n)
    return HOLDS


# "forskellen mellem 53 og 60 pct.": the two ends are the two sides.
_GAP = re.compile(r"\b(?:forskel\w*|spring\w*|afstand\w*|udsving\w*|difference|gap|step)\b", re.IGNORECASE)


def _ends_of_gap(statement: Statement, mention: Mention) -> Check:
    row = statement.row
    assert row.side is not None
    assert row.share is not None
    shown = sorted(half_up(share * 100, mention.decimals) for share in (row.share, row.side.share))
    said = sorted(half_up(end, mention.decimals) for end in (mention.low or Fraction(0), mention.high or Fraction(0)))
    return HOLDS if shown == said else check("contradicted", "share_is", **_told(row.side))


def _printed(mention: Mention) -> object:
    return half_up(mention.value or Fraction(0), mention.decimals)


def _near(value: Fraction, said: Fraction, mention: Mention, *, exact: bool) -> bool:
    """Whether a value is what was said, given the modifier; "over 50 %" and "mindst 50 %" have no upper end."""
    if not mention.modifier:
        return exact
    if mention.modifier == "exactly":
        return exact
    word = modifier_word(mention.modifier)
    difference = value - said
    if said == Fraction(1, 2) and mention.modifier in ("over", "at_least"):
        return difference > 0 if word.open_low else difference >= 0
    if said == Fraction(1, 2) and mention.modifier in ("under", "at_most"):
        return difference < 0 if word.open_high else difference <= 0
    return word.admits(difference)


def _relative(statement: Statement, mention: Mention) -> Check:
    """ "steg med 20 procent": against the earlier share or count, never against the points."""
    row = statement.row
    if row.share is None or row.side is None or row.count is None or not row.side.count:
        return check("cannot", "nothing_to_compare")
    shares = abs(row.share - row.side.share) / row.side.share
    counts = Fraction(abs(row.count - row.side.count), row.side.count)
    assert mention.value is not None
    apart = TOLERANCE if mention.kind == "share" else Fraction(0)
    if any(
        _near(
            value,
            mention.value / 100,
            mention,
            exact=half_up(value * 100, mention.decimals) == _printed(mention) or abs(value - mention.value / 100) <= apart,
        )
        for value in (shares, counts)
    ):
        return HOLDS
    return check(
        "contradicted",
        "relative_is",
        percent=float(half_up(shares * 100, 1)),
        points=float(half_up(abs(row.share - row.side.share) * 100, 1)),
    )


def ratio(statement: Statement, mention: Mention) -> Check:
    """ "32 af 55"; a small whole number ratio in words ("to ud af tre") is a fraction."""
    assert mention.value is not None
    assert mention.base is not None
    row = statement.row
    if row.goal is not None and not row.goal.share and mention.base == row.goal.target and mention.value in row.goal.readings:
        return HOLDS
    sides = _sides(statement, mention)
    if not sides:
        return _no_number(statement)
    side = sides[0]
    if mention.low is not None and mention.high is not None and mention.base == side.n:
        inside = mention.low <= side.count <= mention.high
        return _unit(statement, mention) if inside else check("contradicted", "count_is", count=side.count, n=side.n)
    if mention.base == side.n:
        near = _near(side.share, mention.value / mention.base, mention, exact=mention.value == side.count)
        if near:
            return _unit(statement, mention)
        named = (
            [other for other in row.siblings if other.count == mention.value and statement.names(other.names)]
            if _own_told(statement) and statement.answer(mention) is None
            else []
        )
        return HOLDS if named else check("contradicted", "count_is", count=side.count, n=side.n)
    parts = mention.base <= 10 or (mention.base <= _PARTS and any(one.value == side.n for one in statement.of("base", "count", "total")))
    if parts and mention.decimals == 0:
        fraction = mention.value / mention.base
        apart = min(TOLERANCE, 1 / (2 * mention.base))
        word = Word("share", "fraction", fraction - apart, fraction + apart)
        said = replace(mention, kind="share", key="fraction", value=fraction, base=None, word=word)
        return share(statement, said)
    return check("contradicted", "base_is", n=side.n, base=int(mention.base))


def share(statement: Statement, mention: Mention) -> Check:
    """A fraction or a quantity in words: exact of those asked, over the whole interval where it speaks of all."""
    row = statement.row
    word = mention.word
    assert word is not None
    if mention.value is not None and row.goal is not None:
        if (misnamed := _misnamed_target(statement, mention, mention.value)) is not None:
            return misnamed
        if _is_target(statement, mention, mention.value):
            return HOLDS
    if mention.role == "by" and mention.value is not None and statement.of("direction"):
        return _relative(statement, replace(mention, value=mention.value * 100))
    sides = _sides(statement, mention)
    if not sides:
        return _no_number(statement)
    side = sides[0]
    ends = _population_ends(statement, mention)
    unit = _unit(statement, mention)
    if unit is not HOLDS:
        return unit
    if word.exact == "none" and row.count == row.n and (other := statement.sibling()) is not None and other.count == 0:
        # "Ingen svarer nej" where all say yes.
        return HOLDS
    if not _carried(word, mention, side.share):
        return check("contradicted", "word_is_not", **_told(side))
    if side.n < word.min_n:
        return check("cannot", "few_answers_for_word", n=side.n)
    if mention.key == "every" and side.n < MIN_EVERY:
        return check("cannot", "few_answers_for_word", n=side.n)
    if side.n < MIN_WORDS and word.exact == "" and mention.key != "not_all" and not statement.tells_count:
        return check("cannot", "count_missing", **_told(side))
    if statement.has_base or row.full_count or (row.side is not None and (mention.role or statement.of("year"))):
        # What was answered at two times is told of those who answered.
        return HOLDS
    if ends is None:
        return check("cannot", "interval_missing", n=side.n)
    if word.exact:
        return check("cannot", "not_everybody", n=side.n)
    if all(_over_all(word, mention, end) for end in ends):
        return HOLDS
    low, high = (float(half_up(end * 100, 0)) for end in ends)
    return check("cannot", "interval_too_wide", low=low, high=high, **_told(side))


def _population_ends(statement: Statement, mention: Mention) -> tuple[Fraction, Fraction] | None:
    row = statement.row
    if row.lower is None or row.upper is None:
        return None
    return (1 - row.upper, 1 - row.lower) if statement.denied(mention) else (row.lower, row.upper)


def _carried(word: Word, mention: Mention, value: Fraction) -> bool:
    if word.exact == "none":
        return value == 0
    if word.exact == "all":
        return value == 1
    if mention.modifier and mention.value is not None:
        return _near(value, mention.value, mention, exact=word.admits(value))
    return word.admits(value)


def reaches(value: Fraction, mention: Mention) -> bool:
    """Whether a share is what a fraction word, a percentage or a small ratio says, within its modifier."""
    said = mention.share
    if said is None:
        return False
    if mention.kind == "share" and mention.word is not None:
        return _carried(mention.word, mention, value)
    exact = abs(value - said) <= TOLERANCE if mention.kind == "ratio" else half_up(value * 100, mention.decimals) == _printed(mention)
    return _near(value, said, mention, exact=exact)


_ABOVE, _BELOW = frozenset({"over", "at_least", "or_more"}), frozenset({"under", "at_most", "or_less"})


def _over_all(word: Word, mention: Mention, end: Fraction) -> bool:
    """Whether a word holds at one end of the interval; how far "over" may reach is a matter of the share itself."""
    if mention.value is not None and mention.modifier in _ABOVE | _BELOW:
        return end >= mention.value if mention.modifier in _ABOVE else end <= mention.value
    return _carried(word, mention, end)


def some(statement: Statement, mention: Mention) -> Check:
    """ "nogle": more than one, and not all; "en enkelt": one."""
    sides = _sides(statement, mention)
    if not sides:
        return _no_number(statement)
    side = sides[0]
    if mention.key == "some" and statement.negated(mention) and statement.row.count is not None:
        # "nævnes ikke af nogen af de 12"
        return HOLDS if statement.row.count == 0 else check("contradicted", "count_is", count=statement.row.count, n=side.n)
    carried = side.count == 1 if mention.key == "single" else 1 < side.count < side.n
    return _unit(statement, mention) if carried else check("contradicted", "count_is", count=side.count, n=side.n)


def count(statement: Statement, mention: Mention) -> Check:
    """A bare number: the count, or another number of the row that the sentence may give beside it."""
    assert mention.value is not None
    row = statement.row
    if (misnamed := _misnamed_target(statement, mention, mention.value)) is not None:
        return misnamed
    if _is_target(statement, mention, mention.value):
        return HOLDS
    sides = _sides(statement, mention)
    if sides and mention.low is not None and mention.high is not None:
        inside = mention.low <= sides[0].count <= mention.high
        return _unit(statement, mention) if inside else check("contradicted", "count_is", count=sides[0].count, n=sides[0].n)
    if row.goal is not None and mention.value in row.goal.readings and not mention.modifier:
        return HOLDS
    if row.value is not None and not sides:
        return _amount(statement, mention, row.value)
    if not sides and row.goal is None:
        return _no_number(statement)
    for side in sides:
        if mention.modifier:
            if _near(Fraction(side.count, side.n), mention.value / side.n, mention, exact=side.count == mention.value):
                return _unit(statement, mention)
        elif side.count == mention.value:
            return _unit(statement, mention)
    told = (
        statement.of("ratio", "percentage", "share", "rank", "base", "exception")
        or len(statement.of("count")) > 1
        or statement.of("answered")
    )
    if told and not mention.modifier and mention.value in (row.n, row.population):
        return _unit(statement, mention)
    beside = statement.sibling()
    named = [
        other
        for other in row.siblings
        if other.count == mention.value and (not other.names or statement.names(other.names) or other is beside)
    ]
    if named and not mention.modifier and _own_told(statement) and statement.answer(mention) is None:
        return HOLDS
    if statement.rest(mention) == mention.value:
        return HOLDS
    if (
        row.side is not None
        and row.count is not None
        and mention.value == abs(row.count - row.side.count)
        and (mention.role == "by" or statement.of("direction", "comparison"))
        and row.n == row.side.n
    ):
        return HOLDS
    if not sides:
        return check("contradicted", "not_in_row", number=str(mention.text))
    return check("contradicted", "count_is", count=sides[0].count, n=sides[0].n)


def _own_told(statement: Statement) -> bool:
    """Whether the row's own count stands in the sentence, so that another answer's is told beside it."""
    return any(one.value == statement.row.count for one in statement.of("ratio", "count"))


_LEFT = re.compile(
    r"^\W*(?:og |men |mens |and |but |while )?(?:resten|de resterende|de øvrige|de andre|the rest|the others)\b", re.IGNORECASE
)


def left_over(statement: Statement) -> Check | None:
    """ "resten har ikke": all others gave the other answer, where nobody is in doubt; None of any other clause."""
    row = statement.row
    if not _LEFT.match(statement.read) or row.count is None or row.n is None or len(row.siblings) != 1:
        return None
    denies = bool(statement.of("negation")) != row.negative
    told = {"count": row.siblings[0].count, "n": row.n}
    return HOLDS if denies and row.count + row.siblings[0].count == row.n else check("contradicted", "count_is", **told)


def _amount(statement: Statement, mention: Mention, value: Fraction) -> Check:
    """A number that is no part of a whole; beside a mean also the number of its values."""
    assert mention.value is not None
    row = statement.row
    if near_amount(value, mention.value, mention):
        return HOLDS if row.statistic else _unit(statement, mention)
    beside = row.value_n is not None and mention.value == row.value_n and len(statement.of("count", "duration")) > 1
    return HOLDS if beside else check("contradicted", "amount_is", value=float(half_up(value, 1)))


def exception(statement: Statement, mention: Mention) -> Check:
    """ "alle på nær to": all but so many; "ingen ud over to": so many."""
    assert mention.value is not None
    sides = _sides(statement, mention)
    if not sides:
        return _no_number(statement)
    side = sides[0]
    told = side.n - side.count if mention.key == "all" else side.count
    return HOLDS if told == mention.value else check("contradicted", "count_is", count=side.count, n=side.n)


def base(statement: Statement, mention: Mention) -> Check:
    """ "af de 55", "n = 55": the number of those asked."""
    row = statement.row
    if row.n is None and row.value_n is not None:
        return HOLDS if mention.value == row.value_n else check("contradicted", "base_is", n=row.value_n, base=int(mention.value or 0))
    if row.n is None:
        return HOLDS if row.goal is not None else _no_number(statement)
    beside = statement.sibling()
    if beside is not None and mention.value == beside.count and _own_told(statement):
        # "Kommunen nævnes af 45 af de 150, nettet kun af ni".
        return HOLDS
    allowed = {row.n}
    if row.side is not None:
        allowed.add(row.side.n)
    if row.full_count and row.population is not None:
        allowed.add(row.population)
    return (
        _unit(statement, mention) if mention.value in allowed else check("contradicted", "base_is", n=row.n, base=int(mention.value or 0))
    )


def frequency(statement: Statement, mention: Mention) -> Check:
    """ "ofte", "som regel": a share of occasions, never of persons who were asked once."""
    word, row = mention.word, statement.row
    assert word is not None
    if row.share is None:
        return _no_number(statement)
    value = 1 - row.share if statement.denied(mention) else row.share
    if not word.admits(value):
        return check("contradicted", "word_is_not", count=row.count, n=row.n, percent=float(half_up(value * 100, 1)))
    return HOLDS if row.occasions else check("cannot", "no_occasions")


_NAMED_TARGET = re.compile(
    r"(?:måltal\w*|mål(?:et|s[æa]tning\w*)?|succeskriteri\w*|targets?|goals?|objective)\s*(?:på|om|of|er|var|is|was|:|=|\()\s*"
    r"(?:(?:mindst|højst|at least|at most|over|under)\s+)?$",
    re.IGNORECASE,
)


_OF_TARGET = re.compile(r"\s+(?:af|of)\s+(?:mål|the target|its target|the goal|its goal|target)", re.IGNORECASE)


def _read_off(goal: Goal, mention: Mention) -> bool:
    return any(half_up(reading * 100, mention.decimals) == _printed(mention) for reading in goal.readings)


def _part_of_target(goal: Goal, mention: Mention) -> Check:
    """ "85 pct. af målet er nået": the reading as a part of the target."""
    parts = [Fraction(reading) / Fraction(goal.target) for reading in goal.readings if goal.target]
    assert mention.value is not None
    near = bool(parts) and all(
        _near(part, mention.value / 100, mention, exact=half_up(part * 100, mention.decimals) == _printed(mention)) for part in parts
    )
    told = {"target": float(goal.target), "low": float(min(goal.readings)), "high": float(max(goal.readings))}
    return HOLDS if near else check("contradicted", "goal_is", **told)


def _misnamed_target(statement: Statement, mention: Mention, value: Fraction) -> Check | None:
    """ "Målet på 15": the number that is called the target is the target."""
    goal = statement.row.goal
    if goal is None or value == goal.target or not _NAMED_TARGET.search(statement.read[: mention.start]):
        return None
    scale = 100 if goal.share else 1
    ends = sorted(goal.readings) or [goal.target]
    return check("contradicted", "goal_is", target=float(goal.target * scale), low=float(ends[0] * scale), high=float(ends[-1] * scale))


def _is_target(statement: Statement, mention: Mention, value: Fraction) -> bool:
    """Whether a number is the goal's target, which the sentence may name."""
    goal = statement.row.goal
    if goal is None:
        return False
    beside = mention.modifier in ("at_least", "at_most", "under", "over") or bool(statement.of("target", "goal"))
    # "59 pct. mod de ønskede 55"
    beside = beside or any(one is not mention and _read_off(goal, one) for one in statement.of("percentage") if goal.share)
    numbers = {Fraction(goal.target), *map(Fraction, goal.readings), *(abs(missing) for missing in goal.short())}
    if goal.share and beside and mention.kind == "percentage":
        # A reading is printed rounded: 7 of 15 are 47 per cent.
        return any(half_up(number * 100, mention.decimals) == half_up(value * 100, mention.decimals) for number in numbers)
    return beside and value in numbers


def _stem(word: str) -> str:
    for ending in ("erne", "ernes", "ene", "ers", "er", "en", "et", "ne", "ies", "es", "e", "s", "n", "t"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _unit(statement: Statement, mention: Mention) -> Check:
    """Whether the noun beside a number is the one that was counted."""
    row, unit = statement.row, mention.unit
    if not row.unit or not unit or unit in nouns("answer", statement.lang):
        return HOLDS
    behind_verb = statement.read[: mention.start].split()[-1:]
    if behind_verb and verb_form(behind_verb[0].lower(), statement.lang) and not unit.endswith(("er", "e", "r", "s")):
        # "Af 72 kommuner oplever 41 tillid": the noun is what they do, not what was counted.
        return HOLDS
    behind = statement.read[mention.end :].lower()
    if any(re.match(rf"\W*(?:(?:af|of|de|the)\s+)*{re.escape(form.lower())}\b", behind) for form in row.unit):
        return HOLDS
    known = {_stem(form.lower().split()[-1]) for form in (*row.unit, *row.group, *(row.side.names if row.side else ()))}
    known |= {
        form
        for label in (*row.labels, *(name for other in row.siblings for name in other.names))
        for word in label.lower().split()
        for form in (_stem(word), _stem(f"{word}e"))
    }
    return HOLDS if _stem(unit) in known else check("contradicted", "unit_is", unit=row.unit[0], said=unit)

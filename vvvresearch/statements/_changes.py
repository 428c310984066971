"""Proof of change and comparison, of shares and of amounts: direction, size, multiples, and which side has more."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from vvvresearch.locales import half_up
from vvvresearch.statements._amounts import near_amount
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._own_words import answer_signs
from vvvresearch.statements._polarity import affirms, negated
from vvvresearch.statements._row import HOLDS, Check, Row, check
from vvvresearch.statements._standing import from_target
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._words import degree_word, modifier_word

# "Unchanged" needs an interval inside these limits; that nothing was found is not enough.
SAME = Fraction(1, 20)
# A multiple without a modifier: "fordoblet" is 1.9 to 2.1 times.
NEAR_MULTIPLE = Fraction(1, 20)


def barrier(row: Row) -> Check | None:
    """What forbids any comparison of a row's two sides, or None."""
    side = row.side
    if row.absent:
        return check("cannot", row.absent)
    if row.obstacle:
        return check("cannot", row.obstacle)
    if side is None or row.share is None:
        return check("cannot", "nothing_to_compare")
    if row.version != side.version:
        return check("cannot", "break")
    if row.months is not None and side.months is not None and row.months != side.months:
        return check("cannot", "unequal_periods", months=row.months, other=side.months)
    if row.other is not None and row.period and side.period and row.period != side.period:
        return check("cannot", "unequal_years")
    return None


def _both_full(row: Row) -> bool:
    # Two full counts of the same whole differ as they differ; no interval is needed.
    return row.full_count and row.change_lower is None


def settled(row: Row) -> int | None:
    """The sign of a change that the row shows: 1, −1, 0 for "no more than five points either way", None where it cannot be told."""
    if barrier(row) is not None or row.difference is None:
        return None
    if _both_full(row):
        return (row.difference > 0) - (row.difference < 0)
    if row.change_lower is None or row.change_upper is None:
        return None
    if row.change_lower > 0:
        return 1 if row.panel_change is None or row.panel_change >= 0 else None
    if row.change_upper < 0:
        return -1 if row.panel_change is None or row.panel_change <= 0 else None
    return 0 if row.change_lower >= -SAME and row.change_upper <= SAME else None


def _told(row: Row) -> dict[str, object]:
    assert row.side is not None
    assert row.difference is not None
    return {
        "before": row.side.count,
        "before_n": row.side.n,
        "after": row.count,
        "after_n": row.n,
        "points": float(half_up(row.difference * 100, 1)),
    }


def _undecided(row: Row) -> Check:
    if row.panel_change is not None and row.difference is not None and row.panel_change * row.difference < 0:
        return check("cannot", "panel_disagrees")
    if row.change_lower is None or row.change_upper is None:
        return check("cannot", "interval_missing", n=row.n)
    low, high = (float(half_up(end * 100, 0)) for end in (row.change_lower, row.change_upper))
    return check("cannot", "change_not_shown", low=low, high=high)


def direction(statement: Statement, mention: Mention) -> Check:
    """ "steget", "faldet", "uændret", with "ikke" and with the size in words."""
    word = mention.word
    assert word is not None
    return _of_the_answer(statement, mention) or _signed(statement, mention, word.sign)


def _of_the_answer(statement: Statement, mention: Mention) -> Check | None:
    """What more or less comes to where it names an answer, "Less than 1 year", "higher", and compares nothing; None of other answers."""
    row, lang = statement.row, statement.lang
    than = re.search(r"\b(?:end|than)\b", statement.read[mention.end :])
    compared = than is not None and statement.sibling() is not None
    if row.side is not None or row.goal is not None or mention.word is None or compared:
        return None
    own, others = answer_signs(row, lang)
    if not own | others or negated(statement, mention):
        return None
    if mention.word.sign in own:
        return HOLDS
    told = {one.word.sign for one in statement.of("comparison", "direction") if one.word is not None}
    return check("contradicted", "row_denies") if mention.word.sign in others and not told & own else None


def _signed(statement: Statement, mention: Mention, sign: int) -> Check:
    row = statement.row
    stopped = barrier(row)
    if stopped is not None:
        return stopped
    difference, shown = row.difference, settled(row)
    assert difference is not None
    if negated(statement, mention):
        return _denied(row, sign, shown)
    if sign == 2:
        return _undecided(row) if shown is None else HOLDS if shown else check("contradicted", "change_is", **_told(row))
    if sign == 0:
        if shown == 0:
            return HOLDS
        return check("contradicted", "change_is", **_told(row)) if shown else _undecided(row)
    if difference * sign <= 0 or shown == -sign:
        return check("contradicted", "change_is", **_told(row))
    if mention.degree and not degree_word(mention.degree).admits(abs(difference)):
        return check("contradicted", "change_is", **_told(row))
    return HOLDS if shown == sign else _undecided(row) if shown is None else check("contradicted", "change_is", **_told(row))


def from_to(statement: Statement) -> list[Check]:
    """ "krøb fra 60 til 62 pct.": a movement, whatever its verb; without a change that is shown it may not stand."""
    moves = {"from", "to"} <= {one.role for one in statement.of("percentage", "ratio", "share", "count")}
    stopped = barrier(statement.row) or (_undecided(statement.row) if settled(statement.row) is None else None)
    return [stopped] if moves and stopped is not None else []


def _denied(row: Row, sign: int, shown: int | None) -> Check:
    """ "ikke steget": shown only by a fall or by a proven standstill."""
    if shown is None:
        return _undecided(row)
    denied = shown != 0 if sign == 0 else shown == sign or (sign == 2 and shown != 0)
    return check("contradicted", "change_is", **_told(row)) if denied else HOLDS


def comparison(statement: Statement, mention: Mention) -> Check:
    """ "oftere end", "færre end", "lige så mange": as a change, spoken of the side that is named first."""
    word = mention.word
    assert word is not None
    row = statement.row
    if row.side is None and row.goal is not None:
        # "four more are needed" is said of the goal, which has its own proof.
        apart = any(0 <= mention.start - one.end <= 2 for one in statement.of("count", "points"))
        measured = apart and _REQUIRED.match(statement.read, mention.end) is not None
        return HOLDS if statement.of("goal") and not measured else from_target(statement, mention, row.goal)
    if (own := _of_the_answer(statement, mention)) is not None:
        return own
    if row.side is None and row.siblings:
        return _against_sibling(statement, mention, word.sign)
    turned = -1 if statement.subject(mention) == "other" else 1
    negative = -1 if affirms(statement) else 1
    if (
        row.side is not None
        and row.full_count
        and word.key in ("more", "less")
        and row.side.n
        and row.count is not None
        and mention.text.lower().startswith(("flere", "færre", "fewer", "more "))
        and not mention.text.lower().startswith("more often")
    ):
        counts = row.count - row.side.count
        if counts * (row.difference or 0) < 0:
            return check("cannot", "count_and_share_differ")
    return _signed(statement, mention, word.sign * turned * negative)


_REQUIRED = re.compile(r"\s+(?:end|than)\b", re.IGNORECASE)


def _against_sibling(statement: Statement, mention: Mention, sign: int) -> Check:
    row = statement.row
    named = statement.sibling()
    if named is None or row.count is None:
        return check("cannot", "nothing_to_compare")
    own, theirs = row.count, named.count
    than = re.search(r"\bend\b|\bthan\b", statement.read[mention.start :])
    # The row's own answer is the subject unless the other one is named before "end".
    places = statement.names(named.names)
    behind = than is None or not places or places[0] > mention.start + than.start()
    turned = 1 if behind else -1
    actual = (own > theirs) - (own < theirs)
    if actual != sign * turned:
        return check("contradicted", "rank_is_not", count=own, other=theirs)
    return HOLDS if statement.tells_count or (row.gap_lower is not None and row.gap_lower > 0) else check("cannot", "counts_missing")


def multiple(statement: Statement, mention: Mention) -> Check:
    """ "fordoblet", "halveret": the ratio of the shares, and a change that is shown."""
    word, row = mention.word, statement.row
    assert word is not None
    assert word.ratio is not None
    if row.count is not None and (measured := _NOT_OF_MANY.search(mention.text)) is not None:
        # "dobbelt så længe": how long, and not how many.
        return check("asks", "not_asked_so", said=measured[0])
    if row.side is None and row.siblings:
        return _times_a_sibling(statement, mention, word.ratio)
    stopped = barrier(row)
    if stopped is not None:
        return stopped
    if negated(statement, mention):
        return (
            _undecided(row)
            if settled(row) is None
            else HOLDS
            if not _reaches(row, word.ratio, mention)
            else check("contradicted", "change_is", **_told(row))
        )
    reached = _reaches(row, word.ratio, mention)
    if statement.measure_of(mention) == "own":
        # "Dobbelt så stor en andel i 2023 som i 2025": the other side is told of.
        reached = bool(row.share) and is_multiple(row.side.share / row.share, word.ratio, mention) if row.side and row.share else False
        word = replace(word, ratio=1 / word.ratio)
    if not reached:
        return check("contradicted", "change_is", **_told(row))
    shown = settled(row)
    return HOLDS if word.ratio is not None and shown == (1 if word.ratio > 1 else -1) else _undecided(row)


_NOT_OF_MANY = re.compile(
    r"\b(?:lang|langt|lange|længe|meget|much|hurtigt?|tidligt?|sent|dyrt?|billigt?|long|far|fast|quickly|early|late|expensive|cheap)$",
    re.IGNORECASE,
)


def _reaches(row: Row, ratio: Fraction, mention: Mention) -> bool:
    if row.share is None or row.side is None or not row.side.count:
        return False
    return is_multiple(row.share / row.side.share, ratio, mention)


def _times_a_sibling(statement: Statement, mention: Mention, ratio: Fraction) -> Check:
    """ "dobbelt så mange svarer …, som svarer …": the counts of two answers to one question."""
    named, own = statement.sibling(), statement.row.count
    if own is None:
        return check("cannot", "nothing_to_compare")
    if named is None:
        return _times_the_others(statement, mention, ratio, own)
    as_many = re.search(r"\bsom\b|\bas\b", statement.read[mention.end :])
    places = statement.names(named.names)
    if as_many is not None and places and places[0] < mention.end + as_many.start():
        # "Halvt så mange svarer nej som ja": the other answer is the one that is told of.
        reached = own > 0 and is_multiple(Fraction(named.count, own), ratio, mention)
    else:
        reached = named.count > 0 and is_multiple(Fraction(own, named.count), ratio, mention)
    return HOLDS if reached != negated(statement, mention) else check("contradicted", "rank_is_not", count=own, other=named.count)


def _times_the_others(statement: Statement, mention: Mention, ratio: Fraction, own: int) -> Check:
    """ "dobbelt så mange hjælper, som ikke gør": those who gave the answer and those who did not."""
    others = sum(other.count for other in statement.row.siblings)
    denials = [one for one in statement.of("negation") if one.start > mention.end]
    measured = denials and _AS_MANY.search(statement.read[mention.end : denials[0].start])
    if not measured or not others:
        return check("cannot", "nothing_to_compare")
    return HOLDS if is_multiple(Fraction(own, others), ratio, mention) else check("contradicted", "rank_is_not", count=own, other=others)


_AS_MANY = re.compile(r"\b(?:som|as)\b[^,;]*$", re.IGNORECASE)


def is_multiple(actual: Fraction, ratio: Fraction, mention: Mention) -> bool:
    """Whether one number is so many times another, within the modifier of the words."""
    if mention.modifier == "just_over" and ratio > 1:
        return ratio < actual <= ratio * (1 + 3 * NEAR_MULTIPLE)
    if mention.modifier in ("over", "well_over", "just_over", "at_least"):
        # "mere end halveret" lies below a half.
        beyond = actual > ratio if ratio > 1 else actual < ratio
        return beyond or (mention.modifier == "at_least" and actual == ratio)
    if mention.modifier in ("just_under", "under"):
        return ratio * (1 - 2 * NEAR_MULTIPLE) <= actual < ratio if ratio > 1 else ratio < actual <= ratio * (1 + 2 * NEAR_MULTIPLE)
    return abs(actual - ratio) <= ratio * NEAR_MULTIPLE


def points(statement: Statement, mention: Mention) -> Check:
    """ "12 procentpoint": the difference of the shares, rounded half up from the counts."""
    row = statement.row
    assert mention.value is not None
    if (
        row.goal is not None
        and row.goal.share
        and any(
            abs(missing) * 100 == mention.value or half_up(abs(missing) * 100, mention.decimals) == half_up(mention.value, mention.decimals)
            for missing in row.goal.short()
        )
    ):
        return HOLDS
    stopped = barrier(row)
    if stopped is not None:
        return stopped
    assert row.difference is not None
    actual = abs(row.difference)
    if mention.modifier and mention.modifier != "exactly":
        near = modifier_word(mention.modifier).admits(actual - mention.value / 100)
    else:
        near = half_up(actual * 100, mention.decimals) == half_up(mention.value, mention.decimals)
    return HOLDS if near != negated(statement, mention) else check("contradicted", "change_is", **_told(row))


def proved(statement: Statement, mention: Mention) -> Check | None:
    """What a word comes to beside two numbers; None where it says nothing of both."""
    row = statement.row
    if row.value is None or row.beside is None:
        return None
    if row.obstacle and mention.kind in ("direction", "comparison", "multiple"):
        return check("cannot", row.obstacle)
    own, other, word = row.value, row.beside.value, mention.word
    wrong = check("contradicted", "amounts_are", before=float(half_up(other, 1)), after=float(half_up(own, 1)))
    if mention.kind in ("direction", "comparison") and word is not None:
        turned = -1 if mention.kind == "comparison" and statement.subject(mention) == "other" else 1
        sign = ((own > other) - (own < other)) * turned
        held = sign != 0 if word.sign == 2 else sign == word.sign
        return HOLDS if held != negated(statement, mention) else wrong
    if mention.kind == "multiple" and word is not None and word.ratio is not None:
        reached = other != 0 and is_multiple(own / other, word.ratio, mention)
        return HOLDS if reached and not negated(statement, mention) else wrong
    if mention.kind == "percentage" and other:
        return HOLDS if near_amount(abs(own - other) / other * 100, mention.value or Fraction(0), mention) else wrong
    if mention.kind in ("count", "total", "base", "duration", "money"):
        return HOLDS if any(near_amount(value, mention.value or Fraction(0), mention) for value in _meant(statement, mention)) else wrong
    return None


def _meant(statement: Statement, mention: Mention) -> tuple[Fraction, ...]:
    """The numbers that one may be: of the side that its words name, else either, or how far they lie apart."""
    row = statement.row
    assert row.value is not None
    assert row.beside is not None
    if mention.role == "by":
        return (abs(row.value - row.beside.value),)
    if mention.role in ("from", "to"):
        return (row.beside.value,) if mention.role == "from" else (row.value,)
    named = statement.side_of(mention)
    apart = (abs(row.value - row.beside.value),) if statement.of("comparison", "direction") else ()
    return {"own": (row.value,), "other": (row.beside.value,)}.get(named, (row.value, row.beside.value, *apart))

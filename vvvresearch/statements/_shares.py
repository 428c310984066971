"""Proof of shares: percentages, "x of y", counts, fractions and quantities in words, and how often something happens."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from vvvresearch.locales import half_up
from vvvresearch.statements._amounts import near_amount
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._polarity import denied, negated
from vvvresearch.statements._readings import (
    OF_TARGET,
    held,
    is_target,
    measured_beside,
    misnamed_target,
    near,
    own_told,
    part_of_target,
    printed,
    read_off,
    unit_beside,
)
from vvvresearch.statements._row import HOLDS, Check, Row, Side, check
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import TOLERANCE, Word

# Below these bases a percentage, a fraction word without its count, and "every third" say more than so few answers can.
MIN_PERCENT, MIN_WORDS, MIN_EVERY = 10, 30, 20
_UP_BY = re.compile(r"\b(?:up|down)\s+(?:by\s+)?$", re.IGNORECASE)
# "19 ud af 20 af de 120": into how many parts a whole is cut where its own number is told too.
_PARTS = 100


def _told(side: Side) -> dict[str, object]:
    return {"count": side.count, "n": side.n, "percent": float(half_up(side.share * 100, 1))}


def _no_number(statement: Statement) -> Check:
    return check("cannot", statement.row.absent or "nothing_counted")


def percentage(statement: Statement, mention: Mention) -> Check:
    """A percentage, alone, with a modifier, or as a range."""
    assert mention.value is not None
    row = statement.row
    if (
        (mention.role == "by" and statement.of("direction"))
        or (row.side is not None and _UP_BY.search(statement.read[: mention.start]))
        or (row.side is not None and _compared_by(statement, mention))
    ):
        return _relative(statement, mention)
    if (misnamed := misnamed_target(statement, mention, mention.value / 100)) is not None:
        return misnamed
    if is_target(statement, mention, mention.value / 100):
        return HOLDS
    if row.goal is not None and row.goal.share and not mention.modifier and read_off(row.goal, mention):
        # A goal's own reading needs no base: the goal says of whom it is.
        return HOLDS
    if row.goal is not None and OF_TARGET.match(statement.read, mention.end):
        return part_of_target(row.goal, mention)
    return held(statement, mention, lambda side: _percent_of(statement, mention, side)) or _no_number(statement)


def _percent_of(statement: Statement, mention: Mention, side: Side) -> Check:
    row = statement.row
    if mention.low is not None and mention.high is not None:
        if row.side is not None and _GAP.search(statement.read[: mention.start]):
            return _ends_of_gap(statement, mention)
        if not mention.low <= side.share * 100 <= mention.high:
            return check("contradicted", "share_is", **_told(side))
    elif not _prints(side, mention):
        return check("contradicted", "share_is", **_told(side))
    if side.n < MIN_PERCENT:
        return check("cannot", "percent_of_few", n=side.n)
    both = row.side is not None and (mention.role or statement.of("year") or len(statement.of("percentage")) > 1)
    if row.before is not None and _BOTH.search(statement.read):
        # "10 pct. begge år": of either time.
        return HOLDS if _prints(row.before, mention) else check("contradicted", "share_is", **_told(row.before))
    both = both or (row.before is not None and statement.side_of(mention) != "")
    if not (statement.has_base or row.full_count or both):
        return check("cannot", "base_missing", n=side.n)
    return HOLDS


def _prints(side: Side, mention: Mention) -> bool:
    """Whether a share is the percentage that is said, within its modifier."""
    assert mention.value is not None
    return near(side.share, mention.value / 100, mention, exact=half_up(side.share * 100, mention.decimals) == printed(mention))


_BOTH = re.compile(r"\b(?:begge (?:år|gange|målinger)|både i |i både |both (?:years|times|in |surveys))", re.IGNORECASE)
# "forskellen mellem 53 og 60 pct.": the two ends are the two sides.
_GAP = re.compile(r"\b(?:forskel\w*|spring\w*|afstand\w*|udsving\w*|difference|gap|step)\b", re.IGNORECASE)


def _ends_of_gap(statement: Statement, mention: Mention) -> Check:
    row = statement.row
    assert row.side is not None
    assert row.share is not None
    shown = sorted(half_up(share * 100, mention.decimals) for share in (row.share, row.side.share))
    said = sorted(half_up(end, mention.decimals) for end in (mention.low or Fraction(0), mention.high or Fraction(0)))
    return HOLDS if shown == said else check("contradicted", "share_is", **_told(row.side))


def _compared_by(statement: Statement, mention: Mention) -> bool:
    """ "40 procent lavere end i 2021": how much one side lies from the other."""
    return any(0 < one.start - mention.end <= 1 for one in statement.beside(mention, "comparison"))


_OF_SHARES = re.compile(r"\b(?:andel(?:en|e|ene)?|share|proportion|percentage)\b", re.IGNORECASE)


def _relative(statement: Statement, mention: Mention) -> Check:
    """ "steg med 20 procent": against the earlier share or count, never against the points."""
    row = statement.row
    if row.share is None or row.side is None or row.count is None or not row.side.count:
        return check("cannot", "nothing_to_compare")
    shares = abs(row.share - row.side.share) / row.side.share
    counts = shares if _OF_SHARES.search(statement.read) else Fraction(abs(row.count - row.side.count), row.side.count)
    assert mention.value is not None
    apart = TOLERANCE if mention.kind == "share" else Fraction(0)
    if any(
        near(
            value,
            mention.value / 100,
            mention,
            exact=half_up(value * 100, mention.decimals) == printed(mention) or abs(value - mention.value / 100) <= apart,
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
    if is_target(statement, mention, mention.value / mention.base):
        return HOLDS
    return held(statement, mention, lambda side: _ratio_of(statement, mention, side)) or _no_number(statement)


def _ratio_of(statement: Statement, mention: Mention, side: Side) -> Check:
    assert mention.value is not None
    assert mention.base is not None
    if mention.base == side.n:
        if mention.low is not None and mention.high is not None:
            told = mention.low <= side.count <= mention.high
        else:
            told = near(side.share, mention.value / mention.base, mention, exact=mention.value == side.count)
        return unit_beside(statement, mention) if told else check("contradicted", "count_is", count=side.count, n=side.n)
    parts = mention.base <= 10 or (mention.base <= _PARTS and any(one.value == side.n for one in statement.of("base", "count", "total")))
    if parts and mention.decimals == 0:
        fraction = mention.value / mention.base
        apart = min(TOLERANCE, 1 / (2 * mention.base))
        word = Word("share", "fraction", fraction - apart, fraction + apart)
        return _share_of(statement, replace(mention, kind="share", key="fraction", value=fraction, base=None, word=word), side)
    return check("contradicted", "base_is", n=side.n, base=int(mention.base))


def share(statement: Statement, mention: Mention) -> Check:
    """A fraction or a quantity in words: exact of those asked, over the whole interval where it speaks of all."""
    row = statement.row
    word = mention.word
    assert word is not None
    if mention.value is not None and row.goal is not None:
        if (misnamed := misnamed_target(statement, mention, mention.value)) is not None:
            return misnamed
        if is_target(statement, mention, mention.value):
            return HOLDS
        if OF_TARGET.match(statement.read, mention.end):
            return part_of_target(row.goal, replace(mention, kind="percentage", value=mention.value * 100))
    if mention.role == "by" and mention.value is not None and statement.of("direction"):
        return _relative(statement, replace(mention, value=mention.value * 100))
    return held(statement, mention, lambda side: _share_of(statement, mention, side)) or _no_number(statement)


def _share_of(statement: Statement, mention: Mention, side: Side) -> Check:
    row, word = statement.row, mention.word
    assert word is not None
    ends = _population_ends(row, side)
    unit = unit_beside(statement, mention)
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
    # "Half of the eight" is four, and says so.
    exact = mention.value == side.share and any(one.value == side.n for one in statement.of("base", "sample_size", "count", "total"))
    if side.n < MIN_WORDS and word.exact == "" and mention.key != "not_all" and not exact and not statement.tells_count:
        return check("cannot", "count_missing", **_told(side))
    both = len(statement.of("share", "percentage")) > 1
    listed = bool(word.exact) and own_told(statement)
    if statement.has_base or row.full_count or listed or (row.side is not None and (mention.role or statement.of("year") or both)):
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


def _population_ends(row: Row, side: Side) -> tuple[Fraction, Fraction] | None:
    if row.lower is None or row.upper is None:
        return None
    return (row.lower, row.upper) if side.count == row.count else (1 - row.upper, 1 - row.lower)


def _carried(word: Word, mention: Mention, value: Fraction) -> bool:
    if word.exact == "none":
        return value == 0
    if word.exact == "all":
        return value == 1
    if mention.modifier and mention.value is not None:
        return near(value, mention.value, mention, exact=word.admits(value))
    return word.admits(value)


def reaches(value: Fraction, mention: Mention) -> bool:
    """Whether a share is what a fraction word, a percentage or a small ratio says, within its modifier."""
    said = mention.share
    if said is None:
        return False
    if mention.kind == "share" and mention.word is not None:
        return _carried(mention.word, mention, value)
    exact = abs(value - said) <= TOLERANCE if mention.kind == "ratio" else half_up(value * 100, mention.decimals) == printed(mention)
    return near(value, said, mention, exact=exact)


_ABOVE, _BELOW = frozenset({"over", "at_least", "or_more"}), frozenset({"under", "at_most", "or_less"})


def _over_all(word: Word, mention: Mention, end: Fraction) -> bool:
    """Whether a word holds at one end of the interval; how far "over" may reach is a matter of the share itself."""
    if mention.value is not None and mention.modifier in _ABOVE | _BELOW:
        return end >= mention.value if mention.modifier in _ABOVE else end <= mention.value
    return _carried(word, mention, end)


def some(statement: Statement, mention: Mention) -> Check:
    """ "nogle": more than one, and not all; "en enkelt": one."""
    return held(statement, mention, lambda side: _some_of(statement, mention, side)) or _no_number(statement)


def _some_of(statement: Statement, mention: Mention, side: Side) -> Check:
    if mention.key == "some" and negated(statement, mention) and statement.row.count is not None:
        # "nævnes ikke af nogen af de 12"
        return HOLDS if statement.row.count == 0 else check("contradicted", "count_is", count=statement.row.count, n=side.n)
    carried = side.count == 1 if mention.key == "single" else 1 < side.count < side.n
    return unit_beside(statement, mention) if carried else check("contradicted", "count_is", count=side.count, n=side.n)


def count(statement: Statement, mention: Mention) -> Check:
    """A bare number: the count, or another number of the row that the sentence may give beside it."""
    assert mention.value is not None
    row = statement.row
    # "målet var 30" of a share
    value = mention.value / 100 if row.goal is not None and row.goal.share and mention.value > 1 else mention.value
    if (misnamed := misnamed_target(statement, mention, value)) is not None:
        return misnamed
    if row.goal is not None and not row.goal.share and mention.value in row.goal.readings and mention.value != row.goal.target:
        return unit_beside(statement, mention) if not mention.modifier or is_target(statement, mention, value) else HOLDS
    if is_target(statement, mention, value):
        return HOLDS
    found = held(statement, mention, lambda side: _count_of(statement, mention, side))
    if found is None:
        if row.value is not None:
            return _amount(statement, mention, row.value)
        return _no_number(statement) if row.goal is None else check("contradicted", "not_in_row", number=str(mention.text))
    return HOLDS if _of_the_whole(statement, mention) or _apart(statement, mention) else found


def _count_of(statement: Statement, mention: Mention, side: Side) -> Check:
    assert mention.value is not None
    if mention.low is not None and mention.high is not None:
        told = mention.low <= side.count <= mention.high
    elif mention.modifier:
        told = near(side.share, mention.value / side.n, mention, exact=side.count == mention.value)
    else:
        # "30 procent i 2022; nu er det 60": what one number is told in, another may leave out.
        told = side.count == mention.value or (not mention.unit and bool(statement.of("percentage")) and _prints(side, mention))
    return unit_beside(statement, mention) if told else check("contradicted", "count_is", count=side.count, n=side.n)


def _of_the_whole(statement: Statement, mention: Mention) -> bool:
    """Whether a number beside another one is how many were asked, or how many there are."""
    row = statement.row
    beside = statement.of("ratio", "percentage", "share", "rank", "base", "exception", "answered")
    told = beside or len(statement.of("count", "total")) > 1
    return bool(told) and not mention.modifier and mention.value in (row.n, row.population) and unit_beside(statement, mention) is HOLDS


def _apart(statement: Statement, mention: Mention) -> bool:
    """Whether a number is how many more or fewer one side has than the other."""
    row = statement.row
    if row.side is None and row.count is not None and _compared_by(statement, mention):
        # "20 flere, som læser højt (48), end som spiller (28)"
        return any(abs(row.count - other.count) == mention.value and statement.names(other.names) for other in row.siblings)
    if row.side is None or row.count is None or row.n != row.side.n:
        return False
    compared = mention.role == "by" or bool(statement.of("direction", "comparison"))
    return compared and mention.value == abs(row.count - row.side.count)


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
    if mention.low is not None and mention.high is not None:
        return HOLDS if mention.low <= value <= mention.high else check("contradicted", "amount_is", value=float(half_up(value, 1)))
    if negated(statement, mention):
        return check("contradicted", "amount_is", value=float(half_up(value, 1)))
    if near_amount(value, mention.value, mention):
        return measured_beside(statement, mention) if row.statistic else unit_beside(statement, mention)
    beside = row.value_n is not None and mention.value == row.value_n and len(statement.of("count", "duration")) > 1
    return HOLDS if beside else check("contradicted", "amount_is", value=float(half_up(value, 1)))


def exception(statement: Statement, mention: Mention) -> Check:
    """ "alle på nær to": all but so many; "ingen ud over to": so many."""
    assert mention.value is not None
    return held(statement, mention, lambda side: _exception_of(mention, side)) or _no_number(statement)


def _exception_of(mention: Mention, side: Side) -> Check:
    told = side.n - side.count if mention.key == "all" else side.count
    return HOLDS if told == mention.value else check("contradicted", "count_is", count=side.count, n=side.n)


def _done_by(statement: Statement, mention: Mention) -> bool:
    """Whether a number behind "af" is of those who do it: "nævnes af 33"."""
    *_, done, by = ("", "", *statement.read[: mention.start].lower().split())
    form = verb_form(done, statement.lang)
    return by in ("af", "by") and (form in ("passive", "supine", "past") or (form != "" and done.endswith("s")))


def base(statement: Statement, mention: Mention) -> Check:
    """ "af de 55", "n = 55": the number of those asked."""
    row = statement.row
    if row.count is not None and _done_by(statement, mention):
        return count(statement, mention)
    if row.n is None and row.value_n is not None:
        return HOLDS if mention.value == row.value_n else check("contradicted", "base_is", n=row.value_n, base=int(mention.value or 0))
    if row.n is None:
        return HOLDS if row.goal is not None else _no_number(statement)
    beside = statement.sibling()
    if beside is not None and mention.value == beside.count and own_told(statement):
        # "Kommunen nævnes af 45 af de 150, nettet kun af ni".
        return HOLDS
    allowed = {row.n}
    if row.side is not None:
        allowed.add(row.side.n)
    if row.full_count and row.population is not None:
        allowed.add(row.population)
    return (
        unit_beside(statement, mention)
        if mention.value in allowed
        else check("contradicted", "base_is", n=row.n, base=int(mention.value or 0))
    )


def frequency(statement: Statement, mention: Mention) -> Check:
    """ "ofte", "som regel": a share of occasions, never of persons who were asked once."""
    word, row = mention.word, statement.row
    assert word is not None
    if row.share is None:
        return _no_number(statement)
    value = 1 - row.share if denied(statement, mention) else row.share
    if not word.admits(value):
        return check("contradicted", "word_is_not", count=row.count, n=row.n, percent=float(half_up(value * 100, 1)))
    return HOLDS if row.occasions else check("cannot", "no_occasions")

"""What members of a series are of a whole: shares, sums and numbers told of them in turn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from vvvresearch.audit._facts import Said, exact
from vvvresearch.audit._finding import Finding
from vvvresearch.audit._follows import Follows
from vvvresearch.audit._series import Series, about, series_finding, spoken
from vvvresearch.audit._shares import as_word, in_words, word_admits
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention

# What makes a rank another than that of the numbers told: some left out, a case that is not, one of several.
ASIDE = re.compile(
    r"\b(?:ser man|regner man|hvis|if|bort fra|bortset|apart from|except|leave out|leaving out|excluding|remaining|resterende|kun på|"
    r"should not|skal ikke)\b", re.IGNORECASE,
)  # fmt: skip
_TOGETHER = re.compile(
    r"\b(?:tilsammen|til sammen|sammenlagt|samlet|i alt|together|combined|in total|altogether|between them)\b", re.IGNORECASE
)
# "7. klasse eller lavere": the rows up to one.
_UP_TO = re.compile(
    r"\b(?:eller|or|og|and) (?:lavere|derunder|yngre|ældre|derover|mere|mindre|flere|færre|oftere|sjældnere|"
    r"lower|less|more|fewer|younger|older|above|below|over|under)\b|"
    r"\b(?:mindst|højst|at least|at most|under|over)\b(?! (?:half|halvdelen|en |a |one |two |to |tre |three ))", re.IGNORECASE,
)  # fmt: skip
_OF = re.compile(r"\b(?:af|of|blandt|among)\s+(?:de |the |all |alle )?$", re.IGNORECASE)
_EACH_OF = re.compile(r"\b(?:henholdsvis|respectively)\b", re.IGNORECASE)
# Words of more or fewer than half.
MAJOR = frozenset(("majority", "minority", "most"))
_OVER, _UNDER = ("over", "just_over", "at_least", "well_over", "or_more"), ("under", "just_under", "at_most", "well_under")
_AT = ("at_least", "at_most", "or_more")
# What rounding may hide, and how far off a share is that is just over a number or over it.
_HALF, _MUCH = 0.5, {True: 6.0, False: 20.0}
# How many words of its own a sentence may say, and what floats may be off by.
_SHARE_WORDS, _NOISE = 2, 1e-9


def is_major(said: Said, word: Mention) -> bool:
    """Whether a word says more or fewer than half: "most of us", and no "most" of a comparison."""
    return word.key in MAJOR and (word.text.lower() != "most" or said.text[word.end - said.start :].startswith(" of "))


def tells(word: Mention, value: float) -> bool:
    """Whether a share, in per cent, may be told by a percentage or by a word; a word that says over is of no less."""
    of = value - (100 * float(word.value) / float(word.base or 1) if word.kind == "ratio" and word.value is not None else 0.0)
    if word.kind == "percentage":
        of = value - float(word.value or 0)
    elif word.kind == "share" and word.value is not None:
        of = value - 100 * float(word.value)
    if word.modifier in (*_OVER, *_UNDER) and word.kind != "percentage" and abs(of) < _NOISE and word.modifier not in _AT:
        return False
    if word.modifier in _OVER and (word.value is not None):
        return -_HALF <= of <= _MUCH[word.modifier == "just_over"]
    if word.modifier in _UNDER and (word.value is not None):
        return -_MUCH[word.modifier == "just_under"] <= of <= _HALF
    if word.kind != "percentage":
        return word_admits(in_words(word) if as_word(word) else word, value)
    room = 2.0 if word.modifier else 0.5 * 10.0**-word.decimals
    return abs(of) <= room + _NOISE or half_up(round(value, 9), word.decimals) == word.value


def share_finding(said: Said, near: Sequence[Series], follows: Follows) -> Finding | None:
    """A share that is said of members of a series and that none of their numbers makes of any whole that may be meant."""
    words = [
        one
        for one in said.mentions
        if (one.kind in ("percentage", "share") or as_word(one)) and (one.value is not None or is_major(said, one)) and one.low is None
    ]
    words = [one for one in words if one.key not in ("all", "none")]
    if len(words) != 1 or any(one.key != "same" for one in said.of("direction")) or said.of("points", "comparison", "multiple"):
        return None
    word = words[0]
    if ASIDE.search(said.text) or any(one.said is said for one in near):
        return None
    for series in near:
        members = series.named(said, said.clause(word, narrow=False)) or series.named(said)
        if not members or len(members) == len(series.names):
            continue
        if _UP_TO.search(said.text) or _OF.search(said.text[: members[0][0]]):
            return None
        if not about(said, series, members, _SHARE_WORDS) or (series.said is not None and series.columns[0].family == "duration"):
            return None
        values = list(_share_values(said, series, [at for _, at in members], follows))
        if not values or any(tells(word, one) for one in values):
            return None
        if _told_beside(said, word, follows):
            return None
        own = values[0]
        name = " + ".join(series.names[at] for _, at in members)[:80]
        what = Phrase("audit.what_table", {"said": " ".join(word.text.split()), "cell": f"{half_up(round(own, 9), 1)} %", "label": name})
        return series_finding("word" if word.kind == "share" else "table", said, word, series, [at for _, at in members], what)
    return None


def _told_beside(said: Said, word: Mention, follows: Follows) -> bool:
    """Whether the sentence tells numbers that give the share: it is then of those."""
    own = [
        one for one in follows.pool.own[said.position] if one.family in ("count", "money") and one.amount > 0 and one.mention is not word
    ]
    return any(
        tells(word, 100 * one.amount / other.amount)
        for one in own for other in (*own, *follows.wholes_near(said)) if one.amount < other.amount
    )  # fmt: skip


def _share_values(said: Said, series: Series, members: Sequence[int], follows: Follows) -> Iterator[float]:
    """What some members are, in per cent, of each whole that may be meant."""
    for column in series.columns:
        own = [column.values[at] for at in members]
        if any(one is None for one in own):
            return
        value = float(sum(one for one in own if one is not None))
        if column.family == "percent":
            yield value
            continue
        wholes = [float(one) for one in column.wholes]
        if not column.total:
            # The list does not make a whole that is told: its names may be true of one person at once.
            near = (
                []
                if series.shown
                else [
                    one
                    for at in range(max(0, series.at - 3), min(len(follows.pool.own), said.position + 1))
                    for one in follows.pool.own[at]
                ]
            )
            wholes += [one.amount for one in near if one.family == column.family and one.value not in column.values]
            wholes += [one.amount for one in follows.wholes_near(said)]
        elif series.multiple:
            wholes += [one.amount for one in follows.wholes_near(said)]
        yield from (100 * value / whole for whole in wholes if whole > value)
        for other in series.columns:
            beside = [other.values[at] for at in members]
            if len(members) == 1 and other is not column and other.family == "count" and all(one is not None for one in beside):
                whole = float(sum(one for one in beside if one is not None))
                if whole > value:
                    yield 100 * value / whole


def sum_finding(said: Said, near: Sequence[Series], follows: Follows) -> Finding | None:
    """What members of a series are said to make together and do not."""
    together = _TOGETHER.search(said.text)
    numbers = [
        one for one in said.of("count", "total", "money", "percentage") if one.value is not None and one.low is None and not one.modifier
    ]
    if together is None or len(numbers) != 1:
        return None
    word = numbers[0]
    value = word.value or Fraction(0)
    for series in near:
        members = [at for _, at in series.named(said)]
        if not 2 <= len(members) < len(series.names):
            continue
        family = "percent" if word.kind == "percentage" else "count"
        sums = [
            sum((one.values[at] or Fraction(0) for at in members), Fraction(0))
            for one in spoken(said, series) if (one.family == "percent") == (family == "percent")
        ]  # fmt: skip
        room = Fraction(len(members), 2 * 10**word.decimals) if family == "percent" else 0
        if not sums or any(abs(one - value) <= room for one in sums) or min(abs(one - value) for one in sums) > value / 4:
            return None
        what = Phrase(
            "audit.what_sum",
            {
                "added": exact(min(sums, key=lambda one: abs(one - value))),
                "printed": word.text,
                "name": " + ".join(series.names[at] for at in members)[:90],
            },
        )
        return series_finding("sum", said, word, series, members, what)
    return None


def respectively_finding(said: Said, near: Sequence[Series], follows: Follows) -> Finding | None:
    """Numbers told of names in turn: each has to stand in its own row."""
    if not _EACH_OF.search(said.text):
        return None
    numbers = [one for one in said.mentions if one.kind in ("count", "percentage", "money", "base") and one.value is not None]
    for series in near:
        members = [at for _, at in series.named(said)]
        if len(members) < 2 or len(members) != len(numbers):
            continue
        columns = [list(one.values) for one in series.columns]
        for one in series.columns:
            if one.family == "count" and one.wholes:
                columns.append([100 * value / one.wholes[0] if value is not None else None for value in one.values])
        told = [one.value or Fraction(0) for one in numbers]
        fits = [
            [
                at
                for at, (member, value) in enumerate(zip(members, told, strict=True))
                if column[member] is not None and abs((column[member] or 0) - value) < 1
            ]
            for column in columns
        ]
        best = max(fits, key=len)
        if len(best) == len(members):
            return None
        column = columns[fits.index(best)]
        wrong = next(at for at in range(len(members)) if at not in best)
        if not (best or any(value in column for value in told)):
            return None
        what = Phrase(
            "audit.what_table",
            {"said": numbers[wrong].text, "cell": exact(column[members[wrong]] or Fraction(0)), "label": series.names[members[wrong]]},
        )
        return series_finding("table", said, numbers[wrong], series, [members[wrong]], what)
    return None

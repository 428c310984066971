"""What is said of the members of a series: which is the largest, which is more than which, how many times, what some make together.

A sentence is bound to a series by the names it says; what it says has to hold in one of the respects that may be meant, else it is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._follows import Follows
from vvvresearch.audit._shares import as_word, in_words, word_admits
from vvvresearch.audit._words import AGO, common, stems
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention

from vvvresearch.audit._series import Column, Series, near_series, proper_names, series_of

_SIGN = {"top": 1, "bottom": -1, "more": 1, "less": -1}
_THAN = re.compile(r"\b(?:end|than)\b", re.IGNORECASE)
_MORE = re.compile(
    r"\s*(?:%|pct\.?|procent\w*|per ?cent|percentage points?)?\s*(?:flere|færre|mere|mindre|more|fewer|less|higher|lower|højere|lavere)\b",
    re.IGNORECASE,
)
_AS_MUCH = re.compile(r"\b(?:som|as)\b(?!\s+(?:mange|meget|many|much|stor\w*|large|high|big))", re.IGNORECASE)
_PARTS = re.compile(r"[;:]\s|,\s|\s(?:mens|men|hvorimod|while|whereas|but)\s|\)\s")
# What makes a rank another than that of the numbers told: some left out, a case that is not, one of several.
ASIDE = re.compile(
    r"\b(?:ser man|regner man|hvis|if|bort fra|bortset|apart from|except|leave out|leaving out|excluding|remaining|resterende|kun på|"
    r"should not|skal ikke)\b", re.IGNORECASE,
)  # fmt: skip
_OTHERWISE = re.compile(
    r"\b(?:bort fra|bortset|apart from|except|hvis|if|en af de|et af de|one of the|blandt de|among the|relativt|relative|pr\.|per(?! ?cent)|"
    r"ikke|not|tied|lige)\b", re.IGNORECASE,
)  # fmt: skip
_TOGETHER = re.compile(
    r"\b(?:tilsammen|til sammen|sammenlagt|samlet|i alt|together|combined|in total|altogether|between them)\b", re.IGNORECASE
)
_RATES = re.compile(r"\b(?:andel\w*|rate\w*|share|proportion|procent\w*|per cent|\w+procent|\w+andel)\b", re.IGNORECASE)
# "7. klasse eller lavere": the rows up to one.
_UP_TO = re.compile(
    r"\b(?:eller|or|og|and) (?:lavere|derunder|yngre|ældre|derover|mere|mindre|flere|færre|oftere|sjældnere|lower|less|more|fewer|younger|older|above|below|over|under)\b|"
    r"\b(?:mindst|højst|at least|at most|under|over)\b(?! (?:half|halvdelen|en |a |one |two |to |tre |three ))", re.IGNORECASE,
)  # fmt: skip
_OF = re.compile(r"\b(?:af|of|blandt|among)\s+(?:de |the |all |alle )?$", re.IGNORECASE)
_EACH_OF = re.compile(r"\b(?:henholdsvis|respectively)\b", re.IGNORECASE)
# How many words that neither a name nor its series has a sentence may say of it.
_OWN, _NEAR_ENOUGH, _SHARE_WORDS = 3, Fraction(3, 25), 2
_NOISE = 1e-9
# What a sentence says that tells a share or a rank, whatever of.
LIGHT = frozenset(
    "udgør udgjord altså dermed derfor således thus therefor hence mak mad account svar hvilk word betyd tegn form andel rate share"
    " grupp group hel whol alle flest mest størst".split()
)
# Words of more or fewer than half.
MAJOR = frozenset(("majority", "minority", "most"))


def is_major(said: Said, word: Mention) -> bool:
    """Whether a word says more or fewer than half: "most of us", and no "most" of a comparison."""
    return word.key in MAJOR and (word.text.lower() != "most" or said.text[word.end - said.start :].startswith(" of "))


def ranked_findings(facts: Facts, follows: Follows) -> Iterator[Finding]:
    """Findings on what is said of the members of the series of a document."""
    series = series_of(facts)
    flat = [*series, *(one for each in series if (one := _turned(each)) is not None)]
    for said in facts.said:
        if said.block.kind in ("caption", "heading", "note") or AGO.search(said.text):
            continue
        near = near_series(said, flat)
        near = [*near, *(one for one in flat if one.said is said)]
        for check in (_ranks, _comparisons, _gaps, _multiples, _shares, _sums, _respectively):
            found = check(said, [one for one in near if one.said is not said or check is _shares], follows)
            if found is not None:
                yield found


def _turned(one: Series) -> Series | None:
    """A table with its columns as members: "more of the supported than of the comparison group"."""
    columns = [column for column in one.columns if column.title]
    if (
        one.shown is None
        or len(columns) < 2
        or len({column.family for column in columns}) > 1
        or len({column.title for column in columns}) < len(columns)
    ):
        return None
    names = tuple(re.sub(r"\s*\([^)]*\)", "", column.title) for column in columns)
    words = tuple(stems(name, one.shown.document.lang) for name in names)
    shared = frozenset.intersection(*words)
    rows = [
        Column(own, columns[0].family, tuple(column.values[at] for column in columns), (), columns[0].decimals, one.names[at])
        for at, own in enumerate(one.words) if own
    ]  # fmt: skip
    places = tuple(one.places[0] for _ in columns)
    return Series(names, tuple(own - shared for own in words), tuple(rows), places, one.title, one.at, one.section, None, one.shown)


def _part(said: Said, mention: Mention) -> str:
    """The part of a sentence that a word stands in."""
    at = mention.start - said.start
    start = max((cut.end() for cut in _PARTS.finditer(said.text, 0, at)), default=0)
    stop = _PARTS.search(said.text, mention.end - said.start)
    return said.text[start : stop.start() if stop else len(said.text)]


def _spoken(said: Said, series: Series) -> list[Column]:
    """The respects that a sentence may mean: those whose words it says, else all; of a turned table only those."""
    named = [one for one in series.columns if one.head and common(one.head, said.stems)]
    if series.shown is not None and series.places.count(series.places[0]) == len(series.places):
        return named
    if _RATES.search(said.text):
        rates = [one for one in series.columns if one.family == "percent"]
        return rates or list(series.columns)
    return named or list(series.columns)


def _also(series: Series, columns: Sequence[Column], *, change: bool) -> list[Column]:
    """What two columns make of each other: one a part of the other, or what came of it."""
    made = []
    for one, other in permutations(series.columns, 2):
        if one.family != other.family:
            continue
        pairs = list(zip(one.values, other.values, strict=True))
        if change:
            made.append(Column(_NO, one.family, tuple(b - a if a is not None and b is not None else None for a, b in pairs)))
            made.append(Column(_NO, "percent", tuple((b - a) / a if a and b is not None else None for a, b in pairs)))
        elif one.family == "count":
            made.append(Column(_NO, "percent", tuple(b / a if a and b is not None else None for a, b in pairs)))
    return made


_NO = frozenset[str]()


def _rank(column: Column, member: int, sign: int) -> int | None:
    """Which of its column a member is, from 1, from the top or from the bottom; the best of equals."""
    own = column.values[member]
    known = [one for one in column.values if one is not None]
    return None if own is None or len(known) < len(column.values) else 1 + sum(sign * one > sign * own for one in known)


def _ranks(said: Said, near: Sequence[Series], follows: Follows) -> Finding | None:
    words = [one for one in said.of("rank") if one.key in ("top", "bottom", "second")]
    if len(words) != 1 or said.of("comparison") or _OTHERWISE.search(said.text):
        return None
    word = words[0]
    part = _part(said, word)
    if any(not one.spelled and (one.text in part or one.kind == "percentage") for one in said.of("percentage", "count", "money", "ratio")):
        return None
    change = said.of("direction")
    for series in sorted(near, key=lambda one: len(one.names) < 3):
        if not (members := series.named(said, part)) and not (members := series.named(said)):
            continue
        if len(members) != 1 or not _about(said, series, members, _OWN) or stems(word.text, said.lang) & series.words[members[0][1]]:
            return None
        member = members[0][1]
        sign = 1 if word.key != "bottom" else -1
        wanted = 2 if word.key == "second" else 1
        columns = (
            _also(series, series.columns, change=True)
            if change
            else [*_spoken(said, series), *(_also(series, series.columns, change=False))]
        )
        if change:
            if len(series.columns) < 2 or {one.key for one in change} == {"rise", "fall"}:
                return None
            sign = sign * (-1 if change[0].key == "fall" else 1)
        ranks = [_rank(one, member, sign) for one in columns]
        if len(series.names) < 3 and (word.key == "second" or wanted in ranks):
            continue
        if not ranks or None in ranks or wanted in ranks or len(series.names) < 2 + (word.key == "second"):
            return None
        column = columns[0]
        best = sorted(range(len(series.names)), key=lambda at: -sign * (column.values[at] or 0))[wanted - 1]
        value, own = column.values[best] or Fraction(0), column.values[member] or Fraction(0)
        return _finding("direction", said, word, series, (best, member), Phrase("audit.what_ranked", {
            "said": " ".join(word.text.split()), "name": series.names[member], "own": exact(own), "other": series.names[best], "value": exact(value),
        }))  # fmt: skip
    return None


def _about(said: Said, series: Series, members: Sequence[tuple[int, int]], most: int) -> bool:
    """Whether a sentence says little that neither the names nor their series say: it is of them and not of some part."""
    known = series.title.union(*(series.words[at] for _, at in members), *(one.head for one in series.columns))
    if any(
        name[:5] not in " ".join((*series.names, series.said.text if series.said else series.shown.name if series.shown else "")).lower()
        for name in proper_names(said.text)
    ):
        return False
    counted = frozenset[str]().union(*(stems(one.text, said.lang) for one in said.mentions))
    left = {word for word in said.stems - counted - LIGHT if not common(frozenset({word}), known)}
    return len(left) <= most


def _finding(kind: str, said: Said, mention: Mention | None, series: Series, members: Sequence[int], what: Phrase) -> Finding:
    places = (place_of(said, mention), *series.place(*members))
    return Finding(kind, places, what, Phrase("audit.why_bound", {}), Phrase("audit.ground_series", {}), 0.9, 0.75)


def _comparisons(said: Said, near: Sequence[Series], follows: Follows) -> Finding | None:
    words = [one for one in said.of("comparison") if one.key in ("more", "less")]
    than = list(_THAN.finditer(said.text))
    if not words or len(than) != 1 or said.of("points", "direction") or _OTHERWISE.search(said.text):
        return None
    word = [one for one in words if one.start - said.start <= than[0].start()]
    if len(word) != 1 and not (word and len({one.key for one in word[-1:]}) == 1):
        return None
    for series in near:
        left, right = series.named(said, said.text[: than[0].start()]), series.named(said, said.text[than[0].end() :])
        if len(left) != 1 or len(right) != 1 or left[0][1] == right[0][1]:
            continue
        if any(one.value is not None for one in said.of("count", "percentage", "money")):
            return None
        if not _about(said, series, (*left, *right), _OWN):
            return None
        sign = _SIGN[word[-1].key]
        columns = _spoken(said, series)
        if not any(one.head and common(one.head, said.stems) for one in columns):
            columns = [*columns, *_also(series, series.columns, change=False)]
        gaps = [(one, one.values[left[0][1]], one.values[right[0][1]]) for one in columns]
        known = [(one, a, b) for one, a, b in gaps if a is not None and b is not None]
        if not known or any(sign * (a - b) > 0 for _, a, b in known):
            return None
        _, a, b = known[0]
        what = {
            "said": " ".join(word[-1].text.split()),
            "name": series.names[left[0][1]],
            "own": exact(a),
            "other": series.names[right[0][1]],
            "value": exact(b),
        }
        return _finding("direction", said, word[-1], series, (left[0][1], right[0][1]), Phrase("audit.what_ranked", what))
    return None


def _gaps(said: Said, near: Sequence[Series], follows: Follows) -> Finding | None:
    """How much more one member has than another: "12 flere mænd end kvinder"."""
    than = list(_THAN.finditer(said.text))
    numbers = [
        one for one in said.of("count", "points", "percentage", "money") if one.value is not None and one.low is None and not one.modifier
    ]
    if len(than) != 1 or len(numbers) != 1 or not _MORE.match(said.text[numbers[0].end - said.start :]) or AGO.search(said.text):
        return None
    word, value = numbers[0], numbers[0].value or Fraction(0)
    for series in near:
        left, right = series.named(said, said.text[: than[0].start()]), series.named(said, said.text[than[0].end() :])
        if len(left) != 1 or len(right) != 1 or left[0][1] == right[0][1]:
            continue
        pairs = [(one, one.values[left[0][1]], one.values[right[0][1]]) for one in _spoken(said, series)]
        gaps = [
            abs(a - b)
            for one, a, b in pairs
            if a is not None and b is not None and (one.family == "percent") == (word.kind in ("points", "percentage"))
        ]
        if not gaps or any(abs(one - value) <= (1 if word.kind in ("points", "percentage") else 0) for one in gaps):
            return None
        a, b = next((a, b) for _, a, b in pairs if a is not None and b is not None)
        what = {"first": exact(min(a, b)), "last": exact(max(a, b)), "step": word.text, "actual": exact(gaps[0])}
        return _finding("difference", said, word, series, (left[0][1], right[0][1]), Phrase("audit.what_difference", what))
    return None


def _multiples(said: Said, near: Sequence[Series], follows: Follows) -> Finding | None:
    words = said.of("multiple")
    if len(words) != 1 or words[0].value is None or said.of("direction") or AGO.search(said.text):
        return None
    word, times = words[0], words[0].value
    behind = _AS_MUCH.search(said.text, word.end - said.start)
    if behind is None:
        return None
    for series in near:
        left, right = series.named(said, said.text[: behind.start()]), series.named(said, said.text[behind.end() :])
        if len(left) != 1 or len(right) != 1 or left[0][1] == right[0][1]:
            continue
        known = [
            (a, b)
            for one in (*_spoken(said, series), *_also(series, series.columns, change=False))
            if (a := one.values[left[0][1]]) is not None and (b := one.values[right[0][1]])
        ]
        if not known or any(_is_times(a / b, times, word.modifier) for a, b in known):
            return None
        a, b = known[0]
        what = Phrase(
            "audit.what_average",
            {"total": exact(a), "number": exact(b), "actual": half_up(a / b, 1), "printed": " ".join(word.text.split())},
        )
        return _finding("count", said, word, series, (left[0][1], right[0][1]), what)
    return None


def _is_times(ratio: Fraction, times: Fraction, modifier: str) -> bool:
    gap = (ratio - times) / times
    if modifier in ("over", "just_over", "at_least", "well_over"):
        return -_NOISE <= gap <= Fraction(1, 2)
    if modifier in ("under", "just_under", "at_most", "well_under"):
        return -Fraction(1, 4) <= gap <= _NOISE
    return abs(gap) <= _NEAR_ENOUGH


def _shares(said: Said, near: Sequence[Series], follows: Follows) -> Finding | None:
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
        if not _about(said, series, members, _SHARE_WORDS) or (series.said is not None and series.columns[0].family == "duration"):
            return None
        values = list(_share_values(said, series, [at for _, at in members], follows))
        if not values or any(tells(word, one) for one in values):
            return None
        if _told_beside(said, word, follows):
            return None
        own = values[0]
        name = " + ".join(series.names[at] for _, at in members)[:80]
        what = Phrase("audit.what_table", {"said": " ".join(word.text.split()), "cell": f"{half_up(round(own, 9), 1)} %", "label": name})
        return _finding("word" if word.kind == "share" else "table", said, word, series, [at for _, at in members], what)
    return None


def _told_beside(said: Said, word: Mention, follows: Follows) -> bool:
    """Whether the sentence tells numbers that give the share: it is then of those."""
    target = next((one for one in follows.pool.own[said.position] if one.mention is word), None)
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


_OVER, _UNDER = ("over", "just_over", "at_least", "well_over", "or_more"), ("under", "just_under", "at_most", "well_under")
_AT = ("at_least", "at_most", "or_more")
# What rounding may hide, and how far off a share is that is just over a number or over it.
_HALF, _MUCH = 0.5, {True: 6.0, False: 20.0}


def _sums(said: Said, near: Sequence[Series], follows: Follows) -> Finding | None:
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
            for one in _spoken(said, series) if (one.family == "percent") == (family == "percent")
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
        return _finding("sum", said, word, series, members, what)
    return None


def _respectively(said: Said, near: Sequence[Series], follows: Follows) -> Finding | None:
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
        return _finding("table", said, numbers[wrong], series, [members[wrong]], what)
    return None

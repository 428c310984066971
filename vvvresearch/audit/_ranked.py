"""What is said of the members of a series: which is the largest, which is more than which, and how many times.

A sentence is bound to a series by the names it says; what it says has to hold in one of the respects that may be meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding
from vvvresearch.audit._follows import Follows
from vvvresearch.audit._series import Column, Series, about, near_series, series_finding, series_of, spoken
from vvvresearch.audit._series_shares import respectively_finding, share_finding, sum_finding
from vvvresearch.audit._words import AGO, common, stems
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention

_SIGN = {"top": 1, "bottom": -1, "more": 1, "less": -1}
_THAN = re.compile(r"\b(?:end|than)\b", re.IGNORECASE)
_MORE = re.compile(
    r"\s*(?:%|pct\.?|procent\w*|per ?cent|percentage points?)?\s*(?:flere|færre|mere|mindre|more|fewer|less|higher|lower|højere|lavere)\b",
    re.IGNORECASE,
)
_AS_MUCH = re.compile(r"\b(?:som|as)\b(?!\s+(?:mange|meget|many|much|stor\w*|large|high|big))", re.IGNORECASE)
_PARTS = re.compile(r"[;:]\s|,\s|\s(?:mens|men|hvorimod|while|whereas|but)\s|\)\s")
_OTHERWISE = re.compile(
    r"\b(?:bort fra|bortset|apart from|except|hvis|if|en af de|et af de|one of the|blandt de|among the|"
    r"relativt|relative|pr\.|per(?! ?cent)|"
    r"ikke|not|tied|lige)\b", re.IGNORECASE,
)  # fmt: skip
# How many words that neither a name nor its series has a sentence may say of it.
_OWN, _NEAR_ENOUGH = 3, Fraction(3, 25)
_NOISE = 1e-9


def ranked_findings(facts: Facts, follows: Follows) -> Iterator[Finding]:
    """Findings on what is said of the members of the series of a document."""
    series = series_of(facts)
    flat = [*series, *(one for each in series if (one := _turned(each)) is not None)]
    for said in facts.said:
        if said.block.kind in ("caption", "heading", "note") or AGO.search(said.text):
            continue
        near = near_series(said, flat)
        near = [*near, *(one for one in flat if one.said is said)]
        for check in (_ranks, _comparisons, _gaps, _multiples, share_finding, sum_finding, respectively_finding):
            found = check(said, [one for one in near if one.said is not said or check is share_finding], follows)
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
        if len(members) != 1 or not about(said, series, members, _OWN) or stems(word.text, said.lang) & series.words[members[0][1]]:
            return None
        member = members[0][1]
        sign = 1 if word.key != "bottom" else -1
        wanted = 2 if word.key == "second" else 1
        columns = (
            _also(series, series.columns, change=True)
            if change
            else [*spoken(said, series), *(_also(series, series.columns, change=False))]
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
        what = {"said": " ".join(word.text.split()), "name": series.names[member], "own": exact(own), "other": series.names[best]}
        phrase = Phrase("audit.what_ranked", {**what, "value": exact(value)})
        return series_finding("direction", said, word, series, (best, member), phrase)
    return None


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
        if not about(said, series, (*left, *right), _OWN):
            return None
        sign = _SIGN[word[-1].key]
        columns = spoken(said, series)
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
        return series_finding("direction", said, word[-1], series, (left[0][1], right[0][1]), Phrase("audit.what_ranked", what))
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
        pairs = [(one, one.values[left[0][1]], one.values[right[0][1]]) for one in spoken(said, series)]
        gaps = [
            abs(a - b)
            for one, a, b in pairs
            if a is not None and b is not None and (one.family == "percent") == (word.kind in ("points", "percentage"))
        ]
        if not gaps or any(abs(one - value) <= (1 if word.kind in ("points", "percentage") else 0) for one in gaps):
            return None
        a, b = next((a, b) for _, a, b in pairs if a is not None and b is not None)
        what = {"first": exact(min(a, b)), "last": exact(max(a, b)), "step": word.text, "actual": exact(gaps[0])}
        return series_finding("difference", said, word, series, (left[0][1], right[0][1]), Phrase("audit.what_difference", what))
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
            for one in (*spoken(said, series), *_also(series, series.columns, change=False))
            if (a := one.values[left[0][1]]) is not None and (b := one.values[right[0][1]])
        ]
        if not known or any(_is_times(a / b, times, word.modifier) for a, b in known):
            return None
        a, b = known[0]
        what = Phrase(
            "audit.what_average",
            {"total": exact(a), "number": exact(b), "actual": half_up(a / b, 1), "printed": " ".join(word.text.split())},
        )
        return series_finding("count", said, word, series, (left[0][1], right[0][1]), what)
    return None


def _is_times(ratio: Fraction, times: Fraction, modifier: str) -> bool:
    gap = (ratio - times) / times
    if modifier in ("over", "just_over", "at_least", "well_over"):
        return -_NOISE <= gap <= Fraction(1, 2)
    if modifier in ("under", "just_under", "at_most", "well_under"):
        return -Fraction(1, 4) <= gap <= _NOISE
    return abs(gap) <= _NEAR_ENOUGH

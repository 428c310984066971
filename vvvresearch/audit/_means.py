"""Means: what each is said to have, against the totals and the numbers of things that the document tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vvvresearch.audit._bound import AMOUNTS, WOULD, Binder, Bound
from vvvresearch.audit._facts import Said, exact
from vvvresearch.audit._finding import Finding
from vvvresearch.audit._near_numbers import Number, around
from vvvresearch.audit._told import OFTEN
from vvvresearch.audit._words import akin, stem
from vvvresearch.locales import Phrase, half_up

# "each supporter", "pr. bibliotek", "Et projekt fik": what a mean is of.
_ONE = re.compile(
    r"\b(?:hver|hvert|each|every|per|pr\.?|en|et|an?|for every)\s+(?P<noun>[^\W\d_]{3,})"
    r"(?!\s+(?:i|in|med|with|der|som|who|that|uden|without)\b)\b",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\b(?:gennemsnit\w*|i snit|average\w*|mean|hver|hvert|each|every|apiece|per(?! ?cent)|pr\.|stykket|a head)(?!\w)", re.IGNORECASE
)
# A mean of no more, or no less, than a number is no mean that can be worked out.
_NEAR = 2
_OPEN = ("over", "at_least", "under", "at_most", "or_more")


def mean_findings(binder: Binder, said: Said) -> Iterator[Finding]:
    """Findings on what each is said to have, where no total and no number of the document give it."""
    if (
        not _EACH.search(said.text)
        or WOULD.search(said.text)
        or said.of("percentage", "points")
        or any(one.key != "all" for one in said.of("share"))
    ):
        return
    own = [one for one in binder.pool.own[said.position] if one.value > 1 and not one.whole]
    for target in own:
        if target.family not in AMOUNTS or target.at.modifier in _OPEN or not _is_each(said, target, own):
            continue
        if target.family == "count" and (said.of("span", "money") or any(not OFTEN.search(one.text) for one in said.of("duration"))):
            continue
        right = around(said, target)[1]
        behind = _ONE.search(right[:40])
        nouns = frozenset(stem(found["noun"], said.lang) for found in ([behind] if behind else _ONE.finditer(said.text)))
        unders = [one for one in _counted_in(binder, nouns) if one.mention is not target.mention]
        tops = _summed(binder, said, target)
        known = [*unders, *(one for one in binder.pool.own[said.position] if one.family == "count" and one.mention is not target.mention)]
        known = known if any(one.unit for one in unders) else [*known, *binder.wholes_of_all(said)]
        more = [
            *tops,
            *(one for one in own if one is not target),
            *(one for one in binder.wholes_of_all(said) if one.family == target.family),
        ]
        if any(_mean_is(target, one.amount / under.amount) for one in more for under in known if under.amount):
            continue
        made = [
            Bound(one.amount / under.amount, (under, one), one.away + under.away)
            for one in tops
            if one.away <= _NEAR or binder.pool.told[one.value] > 1
            for under in unders
            if under.amount > _NEAR and under.unit and one.mention is not under.mention
        ]
        made = [one for one in made if 0.5 <= one.value / target.amount <= 2]
        if made:
            told = binder.pool.told
            yield _mean_finding(target, min(made, key=lambda one: (-told[one.of[1].value] - told[one.of[0].value], one.away)))


def _counted_in(binder: Binder, nouns: frozenset[str]) -> list[Number]:
    """The numbers of the things that some nouns name, wherever the document counts them."""
    found = [one for unit, numbers in binder.by_unit.items() if any(akin(unit, word) for word in nouns) for one in numbers]
    return [one.seen_from(4.0) for one in found]


def _summed(binder: Binder, said: Said, target: Number) -> list[Number]:
    """What a mean may be made of: sums of money; the counts of its noun."""
    if target.family == "money":
        money = [one for own in binder.pool.own for one in own if one.family == "money" and one.value > target.value]
    else:
        units = [one for unit, numbers in binder.by_unit.items() if target.unit and akin(unit, target.unit) for one in numbers]
        money = [
            one for one in (*units, *(one for one in binder.back(said, 1) if not one.unit or not target.unit)) if one.value > target.value
        ]
    near = {id(one.mention): one for one in binder.back(said)}
    return [near.get(id(one.mention), one.seen_from(5.0)) for one in money]


def _is_each(said: Said, target: Number, own: Sequence[Number]) -> bool:
    """Whether a word for what each has stands nearest to a number."""
    left, right = around(said, target)
    cue = [match.start() for match in _EACH.finditer(said.text)]
    at = {id(one): min(abs(one.at.start - said.start - each) for each in cue) for one in own}
    return bool(_EACH.search(left[-70:]) or _EACH.search(right[:40])) and at[id(target)] == min(at.values())


def _mean_is(target: Number, value: float) -> bool:
    if abs(value - target.amount) <= 0.5 * 10.0**-target.decimals + 1e-9:
        return True
    near = 0.02 if target.family == "money" else 0.05 if target.loose else 0.0
    return abs(value - target.amount) <= near * target.amount


def _mean_finding(target: Number, made: Bound) -> Finding:
    under, one = made.of
    told = {
        "total": exact(one.value),
        "number": exact(under.value),
        "actual": half_up(round(made.value, 9), max(1, target.decimals)),
        "printed": target.text,
    }
    places = tuple(dict.fromkeys((target.place, one.place, under.place)))
    return Finding(
        "count", places, Phrase("audit.what_average", told), Phrase("audit.why_count", {}), Phrase("audit.ground_average", {}), 0.9, 0.7
    )

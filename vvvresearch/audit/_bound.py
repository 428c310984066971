"""Numbers bound by their words to the facts that they restate, and what they say of them: shares and rests.

A number needs no word of consequence to be worked out of others: "Nearly one in three reported a disability" is bound to "216 reported a
disability" by what both say. What is bound has to follow from what it is bound to and the wholes that may be meant; only where none of
them gives it, in any rounding, is there a finding.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from vvvresearch.audit._bases import THE_OTHERS, years_in
from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._follows import Follows
from vvvresearch.audit._near_numbers import OF_THEM, Number, around
from vvvresearch.audit._number_names import surprise
from vvvresearch.audit._series import LIGHT, near_series, proper_names, series_of
from vvvresearch.audit._series_shares import ASIDE, is_major, tells
from vvvresearch.audit._shares import as_word
from vvvresearch.audit._words import AGO, akin, common, stem, stems
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention

# How many sentences back a number is bound by its words, and by standing right behind; how far off wholes are looked for.
_BACK, _RIGHT, _WHOLES, _NEAR = 3, 1, 4, 3.0
AMOUNTS = ("count", "money")
_SPELLED, _CLOSE, _OFTEN, _LEAST, _FEW, _MANY = 12, 0.35, 2, 0.5, 9, 4
_NEAREST = 7
# A sentence that speaks of the one before.
_ITS = re.compile(
    r"\W*(?:det|dette|disse|de|den|that|this|it|they|these|those|så|so|der|thus|hence|således|dermed|altså|in other words)\b", re.IGNORECASE
)
_RATE = re.compile(r"procenten\b|\brate\b|\breturn\b|andelen\b|\bthe share\b|\bproportion\b|frafald|bortfald|fastholdelse", re.IGNORECASE)
_WITHOUT = re.compile(
    r"\b(?:ikke|uden|øvrige|resten|resterende|andre|mangl\w+|venter|not|no|without|other|others|remaining|rest|neither|left|leaves|"
    r"leaving|lost|missing|refused|afslog|frafald\w*|bortfald\w*)\b|n['’]t\b", re.IGNORECASE,
)  # fmt: skip
WOULD = re.compile(r"\b(?:ville|skulle|hvis|would|should|if|estimated|skønsmæssigt|anslået)\b", re.IGNORECASE)
_GROUP = re.compile(r"\b(?:på|of|blandt|among|af|hos|fra|from|with|med)\s+(?:(?:de|the|i alt)\s+)?$", re.IGNORECASE)
_SO = re.compile(r"\b(?:dermed|således|thus|therefore|hence)\b", re.IGNORECASE)


class Bound(NamedTuple):
    """What a number should be by what it is bound to."""

    value: float
    of: tuple[Number, ...]
    away: float


class Binder:
    """The numbers of one document with what they are bound to."""

    def __init__(self, facts: Facts, follows: Follows) -> None:
        self.facts, self.follows, self.pool = facts, follows, follows.pool
        self.series = series_of(facts)

    @cached_property
    def by_unit(self) -> dict[str, list[Number]]:
        """The counts of each noun."""
        found: dict[str, list[Number]] = defaultdict(list)
        for own in self.pool.own:
            for one in own:
                if one.unit and one.family == "count" and not one.loose:
                    found[one.unit].append(one)
        return dict(found)

    @cached_property
    def _populations(self) -> frozenset[str]:
        """The nouns that the document counts again and again: they bind no number to another."""
        return frozenset(unit for unit, numbers in self.by_unit.items() if len({one.value for one in numbers}) > _MANY)

    def back(self, said: Said, far: int = _BACK) -> list[Number]:
        """The amounts of a sentence and of those before it in its paragraph, the nearest first."""
        found = [one for one in self.pool.own[said.position] if one.family in AMOUNTS]
        for at in range(said.position - 1, max(-1, said.position - far - 1), -1):
            other = self.facts.said[at]
            if other.section != said.section or (
                other.block is not said.block and (said.position - at > 1 or other.block.kind == "heading")
            ):
                break
            found += [one.seen_from(float(said.position - at)) for one in reversed(self.pool.own[at]) if one.family in AMOUNTS]
        return found

    def wholes(self, said: Said, part: Number) -> list[Number]:
        """What a count may be a part of: larger numbers near it or before, and the wholes that the document tells."""
        owner = part.said or said
        near = [one for one in self.back(said, _WHOLES) if one is not part]
        near += [one.seen_from(3.0) for one in self.back(owner, _WHOLES)]
        near += self.follows.wholes_near(said)
        near += [one.seen_from(5.0) for one in self.follows.counts_of(said) if one.family in AMOUNTS]
        seen: set[Fraction] = set()
        found, years = [], years_in(said.text)
        for one in near:
            if years and one.said is not None and (told := years_in(one.owner.text)) and years.isdisjoint(told):
                continue
            if one.family == part.family and one.value > part.value and one.value not in seen and one.mention is not part.mention:
                seen.add(one.value)
                found.append(one)
        return found

    def wholes_of_all(self, said: Said) -> list[Number]:
        """What the document tells again and again, and the totals near a sentence."""
        return [*self.pool.known, *self.follows.wholes_near(said)]

    def findings(self) -> Iterator[Finding]:
        """Findings on what is bound and does not follow."""
        for said in self.facts.said:
            if said.block.kind in ("caption", "heading", "note") or AGO.search(said.text):
                continue
            yield from self._shares(said)
            if said.block.kind != "item":
                yield from self._rests(said)

    # Shares.

    def _shares(self, said: Said) -> Iterator[Finding]:
        words = [one for one in said.mentions if one.kind == "percentage" or one.kind == "share" or as_word(one)]
        words = [
            one for one in words if (one.value is not None or is_major(said, one)) and one.low is None and one.key not in ("all", "none")
        ]
        if (
            len(words) != 1
            or any(one.key != "same" for one in said.of("direction"))
            or said.of("points", "multiple")
            or (said.of("ratio") and not as_word(words[0]))
        ):
            return
        word = words[0]
        if (
            (word.role in ("from", "to", "by") and said.of("direction"))
            or said.of("target")
            or WOULD.search(said.text)
            or ASIDE.search(said.text)
        ):
            return
        made = self._of_bound_part(said, word)
        value = self._amount(word)
        if word.value is not None and not any(_LEAST * value <= one.value <= value / _LEAST for one in made):
            # None of the wholes gives anything like it: what is meant is not told here.
            return
        if not made or any(self._admits(said, word, one) for one in made):
            return
        if self._explained(said, word, made[0].of[0]):
            return
        nearest = min(made, key=lambda one: (one.away, abs(one.value - self._amount(word))))
        yield self._share_finding(said, word, nearest)

    def _amount(self, word: Mention) -> float:
        value = word.value or Fraction(0)
        return float(value if word.kind == "percentage" else 100 * value / (word.base or 1) if word.kind == "ratio" else 100 * value)

    def _admits(self, said: Said, word: Mention, made: Bound) -> bool:
        values = [made.value, *([100 - made.value] if _WITHOUT.search(said.text) else [])]
        return any(tells(word, value) for value in values)

    def _of_bound_part(self, said: Said, word: Mention) -> list[Bound]:
        """The shares that the count gives which the words of a share restate, one by each whole that may be meant."""
        part = self._part(said, word)
        if part is None:
            return []
        wholes = self._wholes_of(said, word, part)
        return [Bound(100 * part.amount / one.amount, (part, one), one.away) for one in wholes if part.amount]

    def _wholes_of(self, said: Said, word: Mention, part: Number) -> list[Number]:
        wholes = self.wholes(said, part)
        if word.kind != "percentage":
            # A word admits many shares: only the wholes that are told near, and the one that the document tells most.
            based = [one for one in wholes if one.away <= _NEAR and one.whole]
            if based:
                return based
            often = sorted(wholes, key=lambda one: (-self.pool.told[one.value], one.away))[:_OFTEN]
            return [one for one in wholes if one.away <= _NEAR or one in often]
        return wholes if any(one.away <= _NEAR or self.pool.told[one.value] > 2 for one in wholes) else []

    def _part(self, said: Said, word: Mention) -> Number | None:
        """The one count that a share restates: in its own clause, by its words, or told right before."""
        near = [one for one in self.back(said) if one.value > (_SPELLED if one.at.spelled else _FEW)]
        named = {
            one.said.position: [one.places[at].quote for _, at in named]
            for one in near_series(said, self.series)
            if one.said is not None and (named := one.named(said))
        }
        if OF_THEM.match(said.text[word.end - said.start :]):
            return None
        own = [one for one in near if not one.away and not one.whole]
        if len(own) == 1:
            between = said.text[min(own[0].at.end, word.end) - said.start : max(own[0].at.start, word.start) - said.start]
            before = said.text[: own[0].at.start - said.start]
            return (
                own[0]
                if not _GROUP.search(before)
                and not re.search(r"[;:]|\b(?:mens|while|men|but|if|hvis|end|than)\b", between)
                and own[0].at.end <= word.start
                else None
            )
        if own:
            return None
        spoken = self._content(said, word)
        whole_words = frozenset(one.unit for one in self.back(said, _WHOLES) if one.unit) | frozenset(
            each for one in self.back(said, _WHOLES) if one.whole for each in one.words
        )
        scored = []
        conditions = {digits for each in said.mentions if each is not word for digits in re.findall(r"\d+", each.text)}
        for one in near:
            if one.away and one.said is not None and conditions <= set(re.findall(r"\d+", one.owner.text)):
                if proper_names(said.text) - proper_names(one.owner.text) or (one.owner.position in named):
                    continue
                shared = common(spoken - self._populations, one.words)
                scored.append((sum(self._weight(each) for each in shared), -one.away, one))
        scored = [one for one in scored if one[0] > 0]
        if scored:
            scored.sort(key=lambda one: (-one[0], -one[1]))
            best = scored[0]
            rivals = [one for one in scored[1:] if one[0] >= best[0] - 0.25 and one[2].value != best[2].value]
            known = best[2].words | best[2].owner.stems | whole_words
            heard = len(common(spoken, known)) / max(1, len(spoken))
            if not rivals and heard >= 0.6:
                return best[2] if not best[2].whole else None
        last = [one for one in near if one.away == _RIGHT and not one.whole]
        if (_ITS.match(said.text) or (_RATE.search(said.text) and len(said.text) < 70)) and last and len(spoken) <= 2:
            parts = last
            wholes = [one for one in parts if one.value == max(each.value for each in last)] if not self._has_whole(said) else []
            rest = [one for one in parts if one not in wholes] or (parts if len(last) == 1 else [])
            return rest[0] if len({one.value for one in rest}) == 1 else None
        return None

    def _has_whole(self, said: Said) -> bool:
        """Whether the sentence before tells a whole as such: "Of the 120, 90 came"."""
        return any(one.whole for one in self.back(said, _RIGHT) if one.away)

    def _content(self, said: Said, word: Mention) -> frozenset[str]:
        clause = said.clause(word)
        own = frozenset(stem(each, said.lang) for each in re.findall(r"[^\W\d_]+", word.text))
        return frozenset(each for each in stems(clause, said.lang) - own if not _RATE.match(each) and each not in LIGHT)

    def _weight(self, word: str) -> float:
        return float(max(1, self.facts.often[word]) ** -0.5)

    def _explained(self, said: Said, word: Mention, part: Number) -> bool:
        """Whether another number near tells the share, or two of one sentence near give it."""
        near = self.follows.near(said, behind=False)
        for one in near:
            if (
                one.family in ("percent", "share")
                and one.mention is not word
                and one.away <= 1
                and (tells(word, one.amount) or tells(word, 100 - one.amount))
            ):
                return True
        told = [one for own in self.pool.own for one in own if not part.away and self.pool.told[one.value] > 1]
        if any(tells(word, 100 * one.amount / part.amount) for one in told if one.amount < part.amount and one.family == part.family):
            return True
        rows = [one for one, _, _ in self.follows.cells(said, word)]
        if any(one.family == "percent" and tells(word, one.amount) for one in rows):
            return True
        amounts = [one for one in self.back(said, 1) if one.family == part.family and not one.whole and one.amount > 0]
        sums = [part.amount + one.amount for one in amounts if one.mention is not part.mention] + [
            sum(one.amount for one in amounts if one.away == part.away)
        ]
        return any(
            tells(word, 100 * one / other.amount) for one in sums for other in self._wholes_of(said, word, part) if other.amount > one
        )

    def _share_finding(self, said: Said, word: Mention, made: Bound) -> Finding:
        part, whole = made.of
        target = next((one for one in self.pool.own[said.position] if one.mention is word), None)
        place = target.place if target is not None else place_of(said, word)
        places = tuple(dict.fromkeys((place, part.place, whole.place)))
        gives = half_up(round(made.value, 9), word.decimals)
        what = Phrase(
            "audit.what_count",
            {"count": exact(part.value), "base": exact(whole.value), "printed": " ".join(word.text.split()), "actual": gives},
        )
        return Finding(
            "count", places, what, Phrase("audit.why_count", {}), Phrase("audit.ground_bound", {}), 0.9, 0.7,
        )  # fmt: skip

    # What is left of a whole.

    def _rests(self, said: Said) -> Iterator[Finding]:
        own = self.pool.own[said.position]
        for target in own:
            if target.family not in AMOUNTS or target.loose or target.at.kind != "count" or target.value <= 3 or target.at.role:
                continue
            clause = said.clause(target.at, narrow=True)
            left = _WITHOUT.search(clause) is not None
            if (
                ASIDE.search(said.text)
                or THE_OTHERS.search(around(said, target)[0][-70:])
                or (not left and not (_SO.search(said.text) and target.unit and not said.of("direction", "percentage", "share")))
            ):
                continue
            near = [one for one in self.back(said) if one.mention is not target.mention and one.family == target.family]
            near = [one for one in near if not (one.at.spelled and one.value <= _SPELLED)]
            if not near:
                continue
            if self._gives_rest(said, target, near):
                continue
            made = self._rest_of(said, target, near, so=not left)
            if made is not None:
                yield self._rest_finding(target, made)

    def _gives_rest(self, said: Said, target: Number, near: Sequence[Number]) -> bool:
        wholes = [*near, *(one for one in self.follows.wholes_near(said) if one.family == target.family)]
        amounts = [one.amount for one in near]
        for whole in wholes:
            if whole.amount <= target.amount:
                continue
            left = whole.amount - target.amount
            if any(sum(some) == left for size in (1, 2, 3) for some in combinations(amounts[:_NEAREST], size)):
                return True
        if any(one + other == target.amount for at, one in enumerate(amounts) for other in amounts[at + 1 :]):
            return True
        known = len(target.digits) > 2 and self.pool.told[target.value] > 1
        if known or any(one == target.amount for one in amounts):
            return True
        percents = [one for one in self.follows.near(said) if one.family == "percent" and one.away <= 1]
        return any(
            abs(one.amount * other.amount / 100 - target.amount) <= max(1.0, other.amount / 150)
            or abs((100 - one.amount) * other.amount / 100 - target.amount) <= max(1.0, other.amount / 150)
            for one in percents for other in near
        )  # fmt: skip

    def _rest_of(self, said: Said, target: Number, near: Sequence[Number], *, so: bool) -> Bound | None:
        """The whole less what is told of it right before: the nearest that is not far from the printed number."""
        found = []
        for part in near:
            if part.whole or part.away > 2 or part.value <= _FEW or part.decimals or part.loose:
                continue
            for whole in self.wholes(said, part):
                left = whole.amount - part.amount
                close = abs(left - target.amount) / target.amount
                told = whole.away <= _NEAR
                if whole.value == target.value or whole.decimals or (so and not (whole.unit and akin(whole.unit, target.unit))):
                    continue
                if left > 0 and (close <= _CLOSE or (told and whole.whole and close <= 1.0) or self._is_slip(target, left)):
                    found.append(Bound(left, (part, whole), part.away + whole.away))
        return min(found, key=lambda one: (one.away, abs(one.value - target.amount)), default=None)

    def _is_slip(self, target: Number, left: float) -> bool:
        return left == int(left) and surprise(str(int(left)), target.digits, rough=False) > 0

    def _rest_finding(self, target: Number, made: Bound) -> Finding:
        low, high = made.of
        what = Phrase(
            "audit.what_difference",
            {"first": low.text, "last": high.text, "step": target.text, "actual": half_up(round(made.value, 9), target.decimals)},
        )
        places = tuple(dict.fromkeys((target.place, low.place, high.place)))
        return Finding("difference", places, what, Phrase("audit.why_difference", {}), Phrase("audit.ground_bound", {}), 0.9, 0.7)

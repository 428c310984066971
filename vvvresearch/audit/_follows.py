"""Numbers that a text says follow from others: "Det er 58 pct.", "a gap of 25 points", "altså tre timer", "over halvdelen".

A word of consequence is a promise: what it opens can be worked out from what is told near it. Everything that can be worked out there is
tried; a number that none of it gives is a finding, however unlike a slip of the pen it is. A number that something gives is explained, and
no other check tells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from vvvresearch.audit._bases import years_in
from vvvresearch.audit._facts import Said, exact
from vvvresearch.audit._finding import Finding, place_in, place_of
from vvvresearch.audit._near_numbers import Number, around, printed_as
from vvvresearch.audit._number_names import surprise
from vvvresearch.audit._promises import (
    APART,
    CHANGE,
    EACH,
    FELL,
    LIKE,
    PER,
    RATE,
    YEARLY,
    Wholes,
    is_monthly,
    is_more,
    is_rest,
    names,
    opens_what_follows,
    promised,
)
from vvvresearch.audit._shares import as_word, in_words, word_admits
from vvvresearch.audit._sums import has_money, held_numbers, is_total, scale_of_table
from vvvresearch.audit._words import stem
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention

# How many sentences back, and how many of the nearest numbers, what follows is worked out from.
_BACK, _NEAREST, _ENOUGH = 2, 6, 3
_COUNTS = ("count", "money", "duration")


class _Made(NamedTuple):
    """What some numbers give, and where they stand; worked out in floats, of which `_gives` and `_finding` round away the noise."""

    kind: str
    value: float
    of: tuple[Number, ...]
    room: float = 0.0

    @property
    def away(self) -> float:
        """How far off the farthest of its numbers is told."""
        return max(one.away for one in self.of)


class Follows(Wholes):
    """What follows from what in one document."""

    def near(self, said: Said, *, behind: bool = False) -> list[Number]:
        """The numbers of a sentence and of those before it, the nearest first: of its paragraph, and of two sentences at least."""
        found, own_years = list(self.pool.own[said.position]), years_in(said.text)
        for other in self.facts.said[said.position + 1 : said.position + 1 + (2 * _BACK if behind else 0)]:
            if other.block is said.block:
                found += [one.seen_from(1.0) for one in self.pool.own[other.position]]
        for at in range(said.position - 1, -1, -1):
            other, back = self.facts.said[at], said.position - at
            if own_years and (told := years_in(other.text) or {self.facts.year}) != {0} and own_years.isdisjoint(told):
                continue
            if other.section != said.section or (other.block is not said.block and (back > _BACK or len(found) > _ENOUGH)):
                break
            found += [one.seen_from(float(back)) for one in reversed(self.pool.own[at])]
        return found

    def cells(self, said: Said, mention: Mention) -> list[tuple[Number, int, int]]:
        """The cells of the rows that a sentence or the one before names, each with its row and column."""
        found: list[tuple[Number, int, int]] = []
        named_any = any(
            names(row.label, said.text)
            for shown in self.facts.shown_of[said.section]
            if shown.table is not None
            for row in shown.table.rows
        )
        before = self.facts.said[said.position - 1] if said.position else None
        before = before if before is not None and before.block is said.block else None
        for shown in self.facts.shown_of[said.section]:
            if shown.table is None or shown.line > said.line + 12:
                continue
            words = f"{said.text} {before.text if before is not None else ''}"
            rows = [row for row in shown.table.rows if not is_total(row)]
            named = [row for row in rows if names(row.label, words)]
            # "The difference between the groups": both rows of a table of two.
            for at, row in enumerate(
                named
                or (rows if len(rows) == _BOTH and not named_any and APART.search(f"{said.text[: mention.start - said.start]}") else [])
            ):
                for column, cell in enumerate(row.cells):
                    if cell.value is not None:
                        percent = self.percents.get(id(cell)) or cell.percent
                        family = "percent" if percent else "money" if has_money(shown) else "count"
                        place = place_in(shown, row.line, f"{row.label}: {' · '.join(one.text for one in row.cells)}")
                        value = cell.value if percent else cell.value * scale_of_table(shown)
                        away = 1.0 if not any(names(one.label, said.text) for one in named) or names(row.label, said.text) else 2.0
                        found.append((Number(value, family, cell.decimals, place, away, cell.text), id(shown) + at, column))
        if not found and APART.search(said.text[: mention.start - said.start]):
            found = [one for one in self._rows_anywhere(said) if one[0].family == "percent"]
        return found

    def _rows_anywhere(self, said: Said) -> Iterator[tuple[Number, int, int]]:
        """The percentages of the two rows of one table, wherever it stands, that a sentence sets apart."""
        for shown in self.facts.shown:
            rows = [row for row in shown.table.rows if not is_total(row) and names(row.label, said.text)] if shown.table is not None else []
            if len(rows) == _BOTH:
                for at, row in enumerate(rows):
                    place = place_in(shown, row.line, f"{row.label}: {' · '.join(one.text for one in row.cells)}")
                    for column, cell in enumerate(row.cells):
                        if cell.value is not None and (self.percents.get(id(cell)) or cell.percent):
                            yield Number(cell.value, "percent", cell.decimals, place, 1.0, cell.text), id(shown) + at, column
                return

    def explains(self, finding: Finding) -> bool:
        """Whether what is told near the numbers that a finding doubts gives each of them."""
        if not isinstance(finding.what, Phrase) or finding.kind not in _DOUBTFUL or finding.why == Phrase("audit.why_date", {}):
            return False
        told = finding.what.values
        if finding.kind in ("table", "word") and self.says_a_share(finding.places[0]):
            return True
        if finding.kind == "sum" and self.is_multiple(finding.places[0]):
            return True
        doubted = {re.sub(r"\D", "", str(told[name])) for name in _DOUBTED if name in told}
        # Of a fact told twice the one that is told less often is doubted: it stands first.
        at = [one for one in (finding.places[:1] if "second" in told else finding.places) if one in self.by_place]
        numbers = [one for place in at for one in self.by_place[place] if re.sub(r"\D", "", one.text) in doubted]
        if "cell" in told and Fraction(told["cell"]) not in self._confirmed and any(self.pool.told[one.value] < _TWICE for one in numbers):
            # What the row has is not told elsewhere, nor does its column add up: it may be what is wrong.
            return False
        held = self._held if "second" in told else frozenset[int]()
        return bool(numbers) and all(id(one.mention) in held or self.explained(one) for one in numbers)

    @cached_property
    def _held(self) -> frozenset[int]:
        return held_numbers(self.facts)

    @cached_property
    def _confirmed(self) -> frozenset[Fraction]:
        held = self._held
        cells = [cell for shown in self.facts.shown if shown.table is not None for row in shown.table.rows for cell in row.cells]
        return frozenset(one.value for one in cells if one.value is not None and (id(one) in held or self.pool.told[one.value] > 1))

    def explained(self, target: Number) -> bool:
        """Whether what is told near a number surely gives it."""
        if target.family == "percent" and self.of_one_whole(target.owner, target)[0]:
            return True
        percents = [one for one in self.pool.own[target.owner.position] if one.family == "percent" and target.family == "count"]
        if any(
            half_up(100 * target.value / whole.value, one.decimals) == one.value
            for one in percents for whole in self.totals if whole.family == "count" and whole.value > target.value
        ):  # fmt: skip
            return True
        kinds = _SURE | {"quotient"} if target.family == "money" else _SURE
        return any(_gives(target, one) for one in self._made(target.owner, target, kinds, behind=True))

    def _made(self, said: Said, target: Number, kinds: frozenset[str], *, behind: bool = False) -> Iterator[_Made]:
        """What the numbers near a number give, in some ways."""
        near = [one for one in self.near(said, behind=behind) if one.mention is not target.mention]
        cells = self.cells(said, target.at)
        if target.family in ("percent", "share"):
            yield from (one for one in self._shares(said, target, near, [one for one, _, _ in cells]) if one.kind in kinds)
        if target.family in ("percent", "points"):
            percents = [one for one in near if one.family in ("percent", "share")][:_NEAREST]
            for one, other in combinations(percents, 2):
                room = 0.1 ** max(one.decimals, other.decimals)
                if "difference" in kinds:
                    yield _Made("difference", abs(one.amount - other.amount), (one, other), room)
                if target.family == "percent" and "sum" in kinds:
                    yield _Made("sum", one.amount + other.amount, (one, other), room)
        if target.family in ("points", *_COUNTS):
            yield from (one for one in self._amounts(said, target, near, kinds) if one.kind in kinds)
        for (one, row, column), (other, other_row, other_column) in combinations(cells, 2):
            if one.family == other.family and (row == other_row) != (column == other_column):
                room = 0.1**one.decimals if one.family == "percent" else 0.0
                if "difference" in kinds:
                    yield _Made("difference", abs(one.amount - other.amount), (one, other), room)
                if target.family in ("count", "percent") and column == other_column and "sum" in kinds:
                    yield _Made("sum", one.amount + other.amount, (one, other))
                if "quotient" in kinds and min(one.amount, other.amount) > 0:
                    yield _Made("quotient", max(one.amount, other.amount) / min(one.amount, other.amount), (one, other))
        if "cell" in kinds:
            yield from (_Made("cell", one.amount, (one,)) for one, _, _ in cells if one.family == target.family)

    def _shares(self, said: Said, target: Number, near: Sequence[Number], cells: Sequence[Number]) -> Iterator[_Made]:
        left, right = around(said, target)
        paired = [pair[0] for pair in self.paired(said).values()]
        changed = CHANGE.search(left) is not None or is_more(target, right)
        rate = RATE.search(left) is not None
        fell = FELL.search(f"{left[-50:]} {right[:20]}") is not None
        counts = [one for one in near if one.family in _COUNTS and one.amount > 0 and not (one.at.spelled and one.amount <= _SPELLED)]
        counts = [one for one in counts if not one.decimals or one.family != "count"][:_NEAREST]
        told = {one.amount for one in counts if one.away == 0 and one.at.kind == "base" and one not in paired}
        wholes = [*self.wholes_near(said), *self._named_wholes(said, target)]
        rows = [one for one in cells if one.family == "count" and not one.decimals]
        pairs = [*combinations(counts, 2), *((one, whole) for one in (*counts[:3], *rows) for whole in wholes), *combinations(rows, 2)]
        pairs += [(one, other) for one in rows for other in counts]
        pairs += [
            (one, other.seen_from(9.0))
            for one in counts[:2]
            if one.away <= 1
            for other in self.counts_of(said)
            if other.amount > one.amount
        ]
        for one, other in pairs:
            part, whole = (one, other) if one.amount <= other.amount else (other, one)
            if part.amount == whole.amount or not part.amount or part.family != whole.family:
                continue
            if (min(part.away, whole.away) > 1 and part.away != whole.away) or (told and whole.amount not in told):
                # "Of the 64 that replied, 48 …": no other whole is meant.
                continue
            share = 100 * part.amount / whole.amount
            yield _Made("share", share, (part, whole))
            # "hævet fra 3.200 kr. til 3.680 kr., dvs. med 15 pct.": two amounts, neither told as the whole of the other.
            if changed or (not (rate or part.away or whole.away) and not {part.at.kind, whole.at.kind} & {"ratio", "base"}):
                yield _Made("change", 100 - share if fell else 100 * (whole.amount / part.amount - 1), (part, whole))
            if not changed and part.away <= 1 and whole.away <= 1:
                yield _Made("rest", 100 - share, (part, whole))
        for away in (0.0, 1.0):
            alike = [one for one in near if one.away == away and one.family in ("percent", "count") and not one.at.base]
            for family in ("percent", "count"):
                listed = [one for one in alike if one.family == family]
                added = sum(one.amount for one in listed)
                if len(listed) > 2 and family == "percent":
                    yield _Made("sum", added, tuple(listed))
                elif len(listed) > 2 and away:
                    yield from (_Made("share", 100 * one.amount / added, (one, *listed)) for one in listed)
        for one in near:
            if one.family in ("percent", "share") and one.away <= 1 and (one.away or one.family != target.family):
                yield _Made("again", one.amount, (one,), 1.0)
                yield _Made("again", 100 - one.amount, (one,), 1.0)

    def shares_of(self, said: Said, word: Mention) -> list[float]:
        """The percentages that the counts near a share in words, and those of the rows that its sentence names, give."""
        target = Number(Fraction(0), "share", 0, place_of(said, word), 0.0, word.text, said=said, mention=word)
        made = self._shares(said, target, self.near(said), [one for one, _, _ in self.cells(said, word)])
        return [one.value for one in made if one.kind == "share"]

    def _named_wholes(self, said: Said, target: Number) -> Iterator[Number]:
        """The counts, wherever they are told, of those that a percentage is said to be of: "85 procent af de indbudte"."""
        right = around(said, target)[1]
        found = _OF_THE.match(right) or PER.match(right)
        if found is None or not found["noun"]:
            return
        noun = stem(found["noun"], said.lang)
        for at, other in enumerate(self.facts.said):
            if noun in other.stems:
                yield from (one.seen_from(9.0) for one in self.pool.own[at] if one.family in _COUNTS)

    def _amounts(self, said: Said, target: Number, near: Sequence[Number], kinds: frozenset[str]) -> Iterator[_Made]:
        numbers = [one for one in near if one.family in (*_COUNTS, "points") and one.amount > 0][:_NEAREST]
        wholes = [*self.wholes_near(said), *self._named_wholes(said, target)]
        multiplied = not kinds.isdisjoint(("product", "quotient"))
        for one, other in (*combinations(numbers, 2), *((one, whole) for one in numbers for whole in wholes)):
            low, high = (one, other) if one.amount <= other.amount else (other, one)
            if low.away > 1 and high.away > 1:
                continue
            if low.family == high.family or "count" in (low.family, high.family):
                yield _Made("difference", high.amount - low.amount, (low, high))
                yield _Made("sum", low.amount + high.amount, (low, high))
            if not multiplied or low.family == high.family == "money":
                continue
            for scale in (1, 60) if "duration" in (low.family, high.family) else (1,):
                yield _Made("product", low.amount * high.amount / scale, (low, high))
            yield _Made("quotient", high.amount / low.amount, (low, high), 1.0 if target.family == "money" else 0.0)
        if multiplied and is_monthly(around(said, target)[1]):
            yearly = [
                one for one in numbers if one.family == target.family and (YEARLY.match(around(one.owner, one)[1]) or years_in(said.text))
            ]
            yield from (_Made("quotient", one.amount / 12, (one, one), 1.0) for one in yearly)
        alike = [one for one in numbers if one.family == target.family]
        for three in combinations(alike, 3):
            values = sorted(one.amount for one in three)
            yield _Made("sum", sum(values), three)
            yield _Made("difference", values[2] - values[1] - values[0], three)
        for three in combinations(numbers, 3) if multiplied else ():
            for scale in (1, 60):
                yield _Made("product", three[0].amount * three[1].amount * three[2].amount / scale, three)
        for size in (4, 5):
            if len(alike) >= size:
                yield _Made("sum", sum(one.amount for one in alike[:size]), tuple(alike[:size]))
        for totals in self.ends_of_totals(said):
            yield from (_Made("difference", abs(one.amount - other.amount), (one, other)) for one, other in combinations(totals, 2))
        listed = [one for one in alike if not one.away and one.at.end <= target.at.start]
        if len(listed) > 2:
            yield from (_Made("difference", whole.amount - sum(one.amount for one in listed), (whole, *listed)) for whole in wholes)
        for one in (*numbers, *wholes) if "part" in kinds else ():
            for share in near:
                if share.family in ("percent", "share", "points") and (one.away < 9 or share.away <= 1):
                    yield _Made("part", one.amount * share.amount / 100, (one, share))
                    yield _Made("part", one.amount * (100 - share.amount) / 100, (one, share))

    def findings(self) -> Iterator[Finding]:
        """Findings on numbers that a word of consequence opens and nothing near gives."""
        for said in self.facts.said:
            if said.block.kind in ("caption", "heading", "note"):
                continue
            for target in self.pool.own[said.position]:
                whole_told, whole = self.of_one_whole(said, target) if target.family == "percent" else (False, None)
                if whole is not None:
                    part = self.paired(said)[target.at.start][0]
                    yield _finding(target, _Made("share", 100 * part.amount / whole.amount, (part, whole)))
                    continue
                kinds = promised(said, target, self.pool.own[said.position])
                if not kinds or whole_told:
                    continue
                allowed = {kind for each in kinds for kind in LIKE[each]}
                if target.family == "duration":
                    # "80 lektioner à 45 minutter, dvs. 60 timer pr. elev"
                    allowed.add("product")
                made = list(self._made(said, target, frozenset((*allowed, *kinds, "share"))))
                if kinds == ("quotient",) and (whole := _shared_out(said, target, made)) is not None:
                    made = [one for one in made if whole in one.of]
                if any(one.kind in allowed and _gives(target, one) for one in made):
                    continue
                left = around(said, target)[0]
                meant = _meant(target, made, kinds, rate=RATE.search(left) is not None, rest=is_rest(said, target))
                if meant is not None:
                    yield _finding(target, meant)


def _shared_out(said: Said, target: Number, made: Sequence[_Made]) -> Number | None:
    """ "EUR 960,000, or EUR 3,000 per patient": the sum right before what each has."""
    own = [
        number for one in made for number in one.of if number.away == 0 and number.mention is not None and number.family == target.family
    ]
    before = [one for one in own if one.at.end <= target.at.start and target.at.start - one.at.end < _BESIDE]
    return max(before, key=lambda one: one.at.start, default=None)


def _meant(target: Number, made: Sequence[_Made], kinds: Sequence[str], *, rate: bool = False, rest: bool = False) -> _Made | None:
    """What a number is likeliest to have been worked out from: the nearest, and of those the one that gives nearly the same."""
    families = {"points": ("percent", "points", "count" if target.decimals else "")}.get(target.family, (target.family,))
    for kind in kinds if kinds != ("nearly",) else ():
        near = [one for one in made if one.kind == kind and one.away <= (2 if rest else _FAR.get(kind, 1))]
        if kind == "change":
            # Both ends of one sentence, and a size that is a slip of the printed one rather than of something else.
            near = [one for one in near if one.of[0].away == one.of[1].away and not _of_unlike_things(one.of)]
            near = [one for one in near if not one.away or opens_what_follows(target.owner, target.at)]
        if kind in ("change", "share") and target.family == "percent":
            near = [
                one
                for one in near
                if (abs(one.value - target.amount) <= _PLAUSIBLE and target.amount < 3 * one.value < 9 * target.amount)
                or surprise(printed_as(target, Fraction(str(round(one.value, _DIGITS)))), target.digits, rough=False) > 0
            ]
        if kind in ("sum", "difference"):
            near = [one for one in near if all(number.family in families and not number.loose for number in one.of)]
            near = [one for one in near if not _of_unlike_things((target, *one.of))]
            near = [one for one in near if len({number.family for number in one.of}) == 1]
            near = [one for one in near if not target.decimals or max(number.decimals for number in one.of) == target.decimals]
        if kind == "sum":
            # What is added up stands right before its sum, and makes about as much.
            near = [
                one
                for one in near
                if not one.away
                and all(number.amount < target.amount and number.mention and number.at.end <= target.at.start for number in one.of)
            ]
            near = [one for one in near if 2 * abs(one.value - target.amount) < target.amount]
        if kind == "share" and rate:
            near = [one for one in near if all(number.family == "count" for number in one.of)]
        if kind == "difference":
            # Two ends are of one scale, 512 and .03 are not; a part and its whole are none.
            near = [
                one for one in near if one.value and len({id(number.mention) if number.mention else id(number) for number in one.of}) > 1
            ]
            near = [one for one in near if 5 * min(number.amount for number in one.of) >= max(number.amount for number in one.of)]
        if kind == "quotient" and target.family == "money":
            near = [
                one
                for one in near
                if {number.family for number in one.of} == {"money", "count"} and min(number.away for number in one.of) <= 1
            ]
        elif kind == "quotient":
            near = [
                one for one in near if one.of[-1].family == target.family and one.of[0].family in ("count", target.family) and one.away <= 1
            ]
        if kind == "product":
            near = [one for one in near if 2 * abs(one.value - target.amount) < target.amount]
            near = [
                one
                for one in near
                if any(number.family == "duration" or EACH.search(number.owner.text) for number in one.of if number.said)
            ]
        if near:
            return min(near, key=lambda one: (sum(number.away for number in one.of), len(one.of), abs(one.value - target.amount)))
    # "72 kommuner deltog, svarende til 75 pct.": of those whom the document tells again and again, and nearly right.
    if kinds == ("nearly",):
        near = [
            one
            for one in made
            if one.kind == "share"
            and one.away <= 2
            and one.of[0].away == 0
            and surprise(printed_as(target, Fraction(str(round(one.value, _DIGITS)))), target.digits, rough=False) > 0
        ]
        return min(near, key=lambda one: one.away, default=None)
    near = [one for one in made if one.kind == "share" == kinds[0] and one.of[0].away == 0 and one.of[0].unit == one.of[-1].unit != ""]
    return min((one for one in near if abs(one.value - target.amount) <= _NEARLY), key=lambda one: one.away, default=None)


def _of_unlike_things(numbers: Sequence[Number]) -> bool:
    """Whether two numbers count things that are told apart by their nouns."""
    return len({one.unit for one in numbers if one.unit}) > 1


_OF_THE = re.compile(r"\s+(?:af|blandt|of|among)\s+(?:de|the|alle|all)\s+(?:[^\W\d]+e\s)?(?P<noun>[^\W\d_]{4,})", re.IGNORECASE)
# What a finding doubts, by the names of its words; and what is sure enough to explain it.
_DOUBTED, _DOUBTFUL = ("printed", "step", "said", "second"), ("count", "difference", "table", "retold", "sum", "word", "impossible")
_SURE = frozenset(("share", "change", "difference", "sum"))
# How far off, in sentences, what a number follows from may be told.
_FAR = {"quotient": 9.0, "share": 3.0}
_BOTH, _BESIDE, _NEARLY, _SPELLED, _PLAUSIBLE, _TWICE = 2, 12, 2, 12, 40, 2


def _gives(target: Number, made: _Made) -> bool:
    if target.family == "share":
        return target.mention is not None and word_admits(
            in_words(target.mention) if as_word(target.mention) else target.mention, made.value
        )
    gap = abs(made.value - target.amount)
    if target.loose:
        return gap * 20 <= target.amount
    if gap > max(made.room, 0.1**target.decimals) + _NOISE:
        return False
    return half_up(round(made.value, _DIGITS), target.decimals) == target.value or (made.room > 0 and gap <= made.room + _NOISE)


# What floats may be off by: what lies that near a half is one.
_DIGITS, _NOISE = 9, 1e-9


def _finding(target: Number, made: _Made) -> Finding:
    numbers = sorted(made.of, key=lambda number: number.value)
    one, other = numbers[0], numbers[-1]
    places = tuple(dict.fromkeys((target.place, *(number.place for number in numbers))))
    value = Fraction(str(round(made.value, _DIGITS)))
    gives = half_up(value, max(target.decimals, 1 if made.kind == "quotient" else 0))
    if made.kind == "share":
        what = Phrase("audit.what_count", {"count": exact(one.value), "base": exact(other.value), "printed": target.text, "actual": gives})
        ground = Phrase("audit.ground_count", {"how": Phrase("audit.base_section", {})})
        return Finding("count", places, what, Phrase("audit.why_count", {}), ground, 0.95, 0.8)
    if made.kind in ("sum", "product") or (made.kind == "difference" and is_rest(target.owner, target)):
        what = Phrase("audit.what_sum", {"added": exact(value), "printed": target.text, "name": target.place.quote[:90]})
        return Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_sentence", {}), 0.95, 0.8)
    if made.kind == "quotient":
        told = {"total": exact(other.value), "number": exact(one.value), "actual": gives, "printed": target.text}
        what = Phrase("audit.what_average", told)
        return Finding("count", places, what, Phrase("audit.why_count", {}), Phrase("audit.ground_average", {}), 0.95, 0.8)
    told = {"first": one.text, "last": other.text, "step": target.text, "actual": gives}
    what = Phrase("audit.what_difference", told)
    return Finding("difference", places, what, Phrase("audit.why_difference", {}), Phrase("audit.ground_difference", {}), 0.9, 0.8)

"""Parts told one after the other, and every whole that they may make up: in a sentence, over two, or as items of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import log2

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._near_numbers import OF_THEM, Number, Pool, around, follows, printed_as, scale_of, text_between
from vvvresearch.audit._number_names import surprise
from vvvresearch.audit._told import AIM
from vvvresearch.audit._words import stem
from vvvresearch.locales import Phrase

# Bits that a finding needs; and what it is worth that a whole and its parts are counted in one noun.
_NEEDED, _ONE_NOUN = 1.2, 2.0


def part_findings(facts: Facts, pool: Pool) -> Iterator[Finding]:
    """Findings on parts that do not make up the whole that is told with them."""
    for said in facts.said:
        own = pool.own[said.position]
        if said.block.kind in ("caption", "heading", "note") or not own:
            continue
        near = pool.near(said)
        after = facts.said[said.position + 1].text if said.position + 1 < len(facts.said) else ""
        rest = _THE_REST.match(after) is not None
        yield from _more_than_whole(said, near)
        yield from _told_back(said, near)
        yield from _presupposed(said, near, pool)
        for family in ("count", "money", "percent"):
            sums = _sums(said, [one for one in own if one.family == family], near)
            yield from _judged([one for one in sums if one.gap > 0 or not rest])
    for items in _lists(facts, pool):
        owners = [one.owner for one in items]
        wholes = [one for one in pool.near(items[0].owner) if one.family == items[0].family and one.said not in owners]
        yield from _judged([_Sum(tuple(items), whole, 0.5 * len(items) - 0.7 * whole.away) for whole in wholes])


_THE_REST = re.compile(r"\W*(?:resten|det resterende|det øvrige|de øvrige|the rest|the remaind\w+|what is left)\b", re.IGNORECASE)
_SOME = re.compile(
    r"\b(?:heraf|hvoraf|deraf|of which|of whom|including|af dem|of them)\b(?:\s+(?!end\b|than\b)[^\W\d]+){0,2}\s*$", re.IGNORECASE
)


def _more_than_whole(said: Said, near: Sequence[Number]) -> Iterator[Finding]:
    """ "14 stævner, heraf 41 i udlandet": some of them that are more than all."""
    counts = [one for one in near if one.family == "count" and one.mention is not None]
    for part in (one for one in counts if one.away == 0 and not one.loose):
        left, right = around(said, part)
        own = [one for one in counts if one.away == 0 and one.at.end <= part.at.start]
        # "Af de 390 unge har 413 talt med en ravn"
        based = bool(own) and own[-1].at.kind == "base" and _WHO_DO.fullmatch(text_between(said, own[-1], part)) is not None
        if not (OF_THEM.match(right) or _SOME.search(left) or based):
            continue
        told = [one for one in counts if one.away == 1]
        wholes = own or (told if len(told) == 1 else [])
        if wholes and all(4 < one.value < part.value for one in wholes):
            whole = max(wholes, key=lambda one: one.value)
            kind = "sum" if _SOME.search(left) else "route"
            what = Phrase("audit.what_route", {"base": exact(part.value), "count": exact(whole.value)})
            if kind == "sum":
                printed = {"added": exact(part.value), "printed": exact(whole.value), "name": whole.place.quote[:90]}
                what = Phrase("audit.what_sum", printed)
            places = tuple(dict.fromkeys((part.place, whole.place)))
            yield Finding(kind, places, what, Phrase(f"audit.why_{kind}", {}), Phrase("audit.ground_sentence", {}), 0.9, 0.75)


_OF_THESE = re.compile(r"\b(?:af|blandt|hos|for|of|among)\s+(?:disse|these|those)\s+$", re.IGNORECASE)


def _told_back(said: Said, near: Sequence[Number]) -> Iterator[Finding]:
    """ "2.860 klienter; af disse 2.680 klienter": a number that points back at one which is another."""
    counts = [one for one in near if one.family == "count" and one.mention is not None and one.away <= 1 and not one.loose]
    for back in (one for one in counts if one.away == 0 and _OF_THESE.search(around(said, one)[0])):
        before = [one for one in counts if (one.away or one.at.end <= back.at.start) and one is not back]
        meant = max(before, key=lambda one: (-one.away, one.at.start), default=None)
        if meant is None or any(one.value == back.value for one in before):
            continue
        # "Of these 12 were girls": without its noun only a slip of the number before.
        slip = surprise(meant.digits, back.digits) > 0 and bool(said.of("percentage"))
        if meant.unit == back.unit if back.unit and meant.unit else slip:
            what = Phrase("audit.what_retold", {"first": meant.text, "second": back.text})
            places = tuple(dict.fromkeys((back.place, meant.place)))
            yield Finding("retold", places, what, Phrase("audit.why_retold", {}), Phrase("audit.ground_retold", {}), 0.95, 0.85)


_THE = re.compile(r"\b(?:af|blandt|hos|of|among)\s+(?:de|the)\s+(?P<number>\d[\d.,]*\d)$", re.IGNORECASE)


def _presupposed(said: Said, near: Sequence[Number], pool: Pool) -> Iterator[Finding]:
    """ "92 svarede. 26 af de 29 vil fortsætte": "the 29" must have been told, and only a number that is nearly it was."""
    for one in said.of("ratio", "base"):
        value, end = one.base or one.value, one.end - said.start
        if value is None or pool.told[value] > 1 or not _THE.search(said.text[:end]):
            continue
        counts = [other for other in near if other.family == "count" and other.mention is not None and other.away != _NEXT]
        before = [other for other in counts if other.away or other.at.end < one.start]
        least = one.value if one.base and one.value else 0
        meant = [other for other in before if surprise(other.digits, exact(value)) >= _SWAPPED and other.value > least]
        if meant and not any(other.value == value for other in before):
            nearest = max(meant, key=lambda other: (-other.away, other.at.start))
            what = Phrase("audit.what_retold", {"first": nearest.text, "second": exact(value)})
            places = tuple(dict.fromkeys((place_of(said, one), nearest.place)))
            yield Finding("retold", places, what, Phrase("audit.why_retold", {}), Phrase("audit.ground_retold", {}), 0.95, 0.8)


# How far off the sentence behind is told, and what two exchanged digits or one of three are worth in bits.
_NEXT, _SWAPPED = 1.5, 5.0
_WHO_DO = re.compile(r"(?:\s+[^\W\d]+){1,4}\s+(?:har|er|var|svarer|svarede|oplever|mener|have|has|had|were|are|said|say)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class _Sum:
    """Parts that may make up a whole, and how likely that is meant."""

    parts: tuple[Number, ...]
    whole: Number
    prior: float

    @cached_property
    def gap(self) -> Fraction:
        return sum((one.value for one in self.parts), Fraction(0)) - self.whole.value

    @cached_property
    def room(self) -> Fraction:
        """What rounding may make of the parts and the whole."""
        decimals = max(one.decimals for one in (*self.parts, self.whole))
        if self.whole.family == "money":
            return sum((scale_of(one) for one in (*self.parts, self.whole) if one.decimals), Fraction(0)) / 2
        return Fraction(len(self.parts), 2 * 10**decimals) if decimals or self.whole.family == "percent" else Fraction(0)

    def bits(self) -> float:
        """How seldom parts that have nothing to do with a number nearly make it."""
        gap, whole = abs(self.gap), self.whole.value
        near = max(log2(max(float(whole / (2 * gap + 1)), 1)) - 1.5, 1.0) if gap * 3 <= whole else 0.0
        if self.gap < 0 and len(self.parts) == 2:
            # Two may be some of more.
            near -= 1.0
        slips = [surprise(printed_as(self.whole, whole + self.gap), self.whole.digits, rough=False)]
        slips += [surprise(printed_as(one, one.value - self.gap), one.digits, rough=False) for one in self.parts if one.value > self.gap]
        return max(min(near, 4.0), max(slips) - log2(len(slips)) / 2, 1.0 if self.prior > _LISTED else 0.0)


_SPLIT = re.compile(
    r":\s|\b(?:heraf|hvoraf|deraf|of which|of whom|of these|of them|fordel\w*|består|bestod|divided|"
    r"split|made up|consist\w*|nemlig|namely)\b",
    re.IGNORECASE,
)
_IN_ALL = re.compile(r"\b(?:i alt|tilsammen|sammenlagt|samlet|total\w*|in all|altogether|together|combined|overall)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:både|flere|også|desuden|samtidig|alene|both|also|as well|alone|several|mere end (?:et|én))\b", re.IGNORECASE)
_HALVES = (
    ("kvinde", "mænd"), ("pige", "dreng"), ("women", "men"), ("female", "male"), ("girl", "boy"), ("børn", "voksne"), ("children", "adult"),
    ("ja", "nej"), ("yes", "no"), ("med", "uden"), ("with", "without"), ("fuld", "del"), ("full", "part"),
)  # fmt: skip


def _sums(said: Said, own: Sequence[Number], near: Sequence[Number]) -> Iterator[_Sum]:
    """Numbers told one after the other, with every whole that they may make up."""
    own = [one for one in own if one.mention is not None and one.value > 0 and (one.at.kind != "ratio" or one.value == one.at.value)]
    if len(own) < 2 or AIM.search(said.text):
        return
    for start in range(len(own) - 1):
        for end in range(start + 2, len(own) + 1):
            if not follows(said, own[end - 2], own[end - 1]):
                break
            if OF_THEM.match(around(said, own[end - 1])[1]):
                break
            if _SEVERAL.search(said.text[own[start].at.end - said.start : own[end - 1].at.end - said.start + 40]):
                break
            parts = tuple(own[start:end])
            units = [one.unit for one in parts if one.unit]
            if len(units) > len(set(units)) > 1:
                # "241 borgere, 134 borgere og 19 medarbejdere"
                continue
            if any(one.value == 1 and len(parts) == 2 for one in parts) or any(one.at.role in ("from", "to") for one in parts):
                continue
            longer = end < len(own) and follows(said, own[end - 1], own[end]) and not _IN_ALL.search(_beside(said, own[end]))
            prior = {2: -2.0, 3: 0.0}.get(len(parts), 0.5) - 2.0 * longer - 1.5 * any(one.loose for one in parts)
            prior += 1.5 * _is_halves(said, parts)
            before = said.text[max(0, parts[0].at.start - said.start - 60) : parts[0].at.start - said.start]
            prior -= 2.0 * any(one.at.kind == "base" or _IN_ALL.search(_beside(said, one)) for one in parts)
            if parts[0].family == "percent":
                if len(parts) > 2 or _is_halves(said, parts):
                    yield _Sum(parts, Number(Fraction(100), "percent", 0, parts[-1].place, 0, "100"), prior - 0.5)
                continue
            second = sorted(one.value for one in parts)[-2]
            for whole in near:
                if whole.family == parts[0].family and whole.value > second and whole not in parts:
                    told_before = whole.said is said and whole.at.start < parts[0].at.start
                    opened = whole.away == 1 and _SPLIT.match(said.text)
                    split = 1.5 if told_before and _SPLIT.search(before) else 2.5 if opened else 0.0
                    if start and whole is own[start - 1] and not longer:
                        split = max(split, _is_list_of(said, whole, parts))
                    if start == 0 and not longer and _is_closed(said, own, parts, whole):
                        split = max(split, _LISTED)
                    split += 2.0 * (split > 0 and _DIVIDES.search(before) is not None)
                    if not split and any(one.value == whole.value for one in parts):
                        continue
                    yield _Sum(parts, whole, prior + split + _of_all(said, parts, whole))


# What the grammar of a list is worth: "26 interview: 14 med beboere, 8 med ansatte og 4 med naboer", "48 people, 33 women and 15 men".
_LISTED = 6.0
_OPENS = re.compile(
    r"[^.;:,\d]{0,50}(?:\b(?:fordel\w+ sig|divide into|split into|are divided|were divided)\b|"
    r":|(?:,|\s[–—-])?\s(?:heraf|hvoraf|nemlig|namely|of which|of whom|made up of|fordelt på|divided into)\b)"
    r"[^.;:,\d]{0,25}", re.IGNORECASE,
)  # fmt: skip
_DIVIDES = re.compile(r"\bfordel\w+ sig\b|\b(?:divided?|split)\b", re.IGNORECASE)
_CLOSES = re.compile(r"\b(?:og|and|samt)\b", re.IGNORECASE)


def _is_list_of(said: Said, whole: Number, parts: Sequence[Number]) -> float:
    """What the grammar says for that parts are those of the number right before them, to the last."""
    opening = text_between(said, whole, parts[0])
    if (whole.at.kind == "base" and not _DIVIDES.search(opening)) or not _CLOSES.search(text_between(said, parts[-2], parts[-1])):
        return 0.0
    behind = re.match(r"\s+([^\W\d]{2,4})\s", around(said, parts[0])[1])
    alike = behind is not None and re.search(rf"\b{behind[1]}\b", opening) is not None
    comma = opening.count(",") == 1 and not re.search(r"[.;:]", opening) and not alike
    return _LISTED if _OPENS.fullmatch(opening) or (comma and _is_halves(said, parts)) else 0.0


def _is_closed(said: Said, own: Sequence[Number], parts: Sequence[Number], whole: Number) -> bool:
    """ "Eleven in churches, five in libraries and three in halls, 19 in all"; "32 interview. Interviewene er med 14 ledere, … og 8 …"."""
    if len(parts) < 3 or not _CLOSES.search(text_between(said, parts[-2], parts[-1])):
        return False
    if whole.said is said:
        return len(own) == len(parts) + 1 and whole is own[-1] and _IN_ALL.search(_beside(said, whole)) is not None
    subject = (stem(word, said.lang) for word in said.text[: parts[0].at.start - said.start].split()[:2])
    return whole.away == 1 and len(own) == len(parts) and whole.unit != "" and whole.unit in subject


def _of_all(said: Said, parts: Sequence[Number], whole: Number) -> float:
    bits = -1.0 * whole.away - 1.0 * whole.loose - 1.5 * (whole.mention is not None and whole.at.kind == "sample_size")
    if whole.said is None or whole.mention is None:
        return bits - 1.0
    bits += 1.0 * bool(_IN_ALL.search(_beside(whole.said, whole)))
    if whole.unit and all(one.unit == whole.unit for one in parts):
        # "på 24 skoler … 12 skoler …, mens 12 skoler": one noun.
        bits += _ONE_NOUN
    if whole.said is said:
        bits += 1.0 if whole.at.start < parts[0].at.start else 0.0
        bits += 1.5 if whole.at.kind == "base" and whole.at.start < parts[0].at.start else 0.0
    return bits


def _beside(said: Said, one: Number) -> str:
    left, right = around(said, one)
    left, right = re.split(r"[,;:()\d]", left[-25:])[-1], re.split(r"[,;:()\d]", right[:30])[0]
    return f"{left} {right}"


def _is_halves(said: Said, parts: Sequence[Number]) -> bool:
    """Whether two numbers are told of two nouns that between them name everybody."""
    if len(parts) != 2:
        return False
    behind = [re.match(r"\s+([^\W\d]{2,4})\s", around(said, one)[1]) for one in parts]
    if behind[0] and behind[1] and behind[0][1] == behind[1][1]:
        # "14 med unge og 10 med ledere"
        return True
    words = [
        said.text[max(0, one.at.start - said.start - 20) : one.at.end - said.start + 30].lower() for one in parts
    ]  # fmt: skip
    return any(
        (re.search(rf"\b{a}", words[0]) and re.search(rf"\b{b}", words[1]))
        or (re.search(rf"\b{b}", words[0]) and re.search(rf"\b{a}", words[1]))
        for a, b in _HALVES
    )


def _lists(facts: Facts, pool: Pool) -> Iterator[list[Number]]:
    """Items of a list with a number each."""
    found: list[Number] = []
    for at, said in enumerate(facts.said):
        own = [one for one in pool.own[at] if one.family in ("count", "money") and one.mention is not None and one.at.start > said.start]
        if said.block.kind == "item" and len(own) >= 1 and (not found or own[0].family == found[0].family) and (
            not found or found[-1].owner.section == said.section
        ):  # fmt: skip
            found.append(own[0])
            continue
        if len(found) > 2:
            yield found
        found = []
    if len(found) > 2:
        yield found


_ONE_MORE = re.compile(r"[^.;\d]{0,40}\b(?:og|and|samt)\s+(?:en|et|én|ét|one|a|an)\s", re.IGNORECASE)


def _tail(one: _Sum) -> str:
    said, mention = one.parts[-1].said, one.parts[-1].mention
    return said.text[mention.end - said.start :] if said is not None and mention is not None else ""


def _judged(sums: Sequence[_Sum]) -> Iterator[Finding]:
    sums = [one for one in sums if abs(one.gap) * 2 <= one.whole.value]
    likeliest: dict[tuple[Fraction, ...], _Sum] = {}
    for one in sums:
        key = (one.whole.value, *(part.value for part in one.parts))
        if key not in likeliest or one.prior > likeliest[key].prior:
            likeliest[key] = one
    sums = list(likeliest.values())
    if not sums:
        return
    every = 1 + sum(2.0**one.prior for one in sums)
    scored = [(one.prior - log2(every - 2.0**one.prior), one) for one in sums]
    # "tre pædagoger og en politiassistent": an article may be one more.
    told = max(
        (
            min(10.0, log2(2 * one.whole.value)) + odds
            for odds, one in scored
            if abs(one.gap) <= one.room or (one.gap == -1 and _ONE_MORE.match(_tail(one)))
        ),
        default=None,
    )
    wrong = [(one.bits() + odds, one) for odds, one in scored if abs(one.gap) > one.room]
    score, best = max(wrong, key=lambda pair: pair[0], default=(0.0, None))
    if best is None or score < _NEEDED or (told is not None and told >= score - 1):
        return
    ground = "audit.ground_sentence" if best.parts[0].said is best.parts[-1].said else "audit.ground_list"
    places = tuple(dict.fromkeys((best.whole.place, *(one.place for one in best.parts))))
    printed = {"added": exact(best.whole.value + best.gap), "printed": exact(best.whole.value), "name": best.whole.place.quote[:90]}
    yield Finding(
        "sum", places, Phrase("audit.what_sum", printed), Phrase("audit.why_sum", {}), Phrase(ground, {}), 0.95,
        min(0.9, 0.6 + score / 40),
    )  # fmt: skip

"""Parts of a whole told in prose: after a colon, after "heraf", under "af de 109", in a list of nouns, or as what is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._slips import is_slip
from vvvresearch.audit._told import money_of
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

_HEREOF = re.compile(r"\b(?:heraf|hvoraf|deraf|of which|of whom|of these|including)\b", re.IGNORECASE)
_OF_THE = re.compile(r"\W*(?:(?:ud )?af|blandt|(?:out )?of|among) (?:de|disse|i alt|the|these|those|vores|alle)\b", re.IGNORECASE)
_SHARED_OUT = re.compile(
    r"\b(?:fordel\w+|består af|bestod af|bestående af|opdelt|delt (?:op )?i|divided|split|made up of|consist\w*|"
    r"compris\w*|består|der er|there (?:are|were)|"
    r"det drejer sig om|de er|they are|nemlig|namely)\b",
    re.IGNORECASE,
)
_REST = re.compile(
    r"\b(?:de øvrige|de resterende|de sidste|de andre|the remaining|the other|the rest,?|resten,?)\s+(?:på\s+)?[£$€]?$", re.IGNORECASE
)
_TOGETHER = re.compile(r"\b(?:tilsammen|sammenlagt|samlet|i alt|together|combined|in total|in all|altogether)\b", re.IGNORECASE)
_OF_THEM = re.compile(r"\b(?:af dem|af disse|of them|of these|of those)\b", re.IGNORECASE)
# Several answers, or things that one may be at once.
_OVERLAPPING = re.compile(r"\b(?:både|flere (?:svar|af)|også|desuden|samtidig|both|also|as well|several)\b", re.IGNORECASE)
# What between two counts makes them items of one list.
_ALL_OTHERS = re.compile(r"\S+\s+(?:[^\W\d]+\s+){0,2}(?:andre|andet|øvrige|ved ikke|noget andet|other|something else)\b", re.IGNORECASE)
_FAR = Fraction(1, 2)
_ITEM = re.compile(
    r",?[^\W\d]{0,3}\.?(?:\s+[^\W\d][\w’'-]*){0,7}\s*"
    r"(?:,|\bog\b|\band\b|\bsamt\b|, og|, and|\bmens\b|, mens|, while|;)\s+(?:[^\W\d]+\s+){0,2}[£$€]?"
)
# Two words that between them name everybody.
_HALVES = (
    ("fuld", "delt"), ("fuld tid", "deltid"), ("full", "part"), ("full-time", "part-time"), ("own", "rent"),
    ("ejer", "lejer"), ("bor til leje", "ejer"),
    ("ja", "nej"), ("yes", "no"), ("mænd", "kvinder"), ("men", "women"), ("male", "female"), ("piger", "drenge"), ("girls", "boys"),
    ("offentlig", "privat"), ("public", "private"), ("med", "uden"), ("with", "without"), ("gift", "enlig"), ("faglært", "ufaglært"),
    ("afslut", "i gang"), ("completed", "ongoing"), ("finished", "still"), ("ended", "ongoing"),
    ("børn", "voksne"), ("children", "adults"), ("deltog", "deltog ikke"), ("nye", "gamle"), ("new", "old"), ("over", "under"),
)  # fmt: skip
_NEAR = Fraction(1, 5)
# "mindst én", "begge": no parts.
_FEW = 2
# "De øvrige 288 borgere, som ikke har gennemført": told apart by more than being left over.
_WHO = re.compile(r"\s+[^\W\d]+,?\s+(?:som|der|who|that)\b", re.IGNORECASE)
# From which number on two halves may be known to make up one that is told in another paragraph.
_KNOWN_BY_TWO = 40


def partition_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on parts told in prose that do not make up their whole."""
    for said in facts.said:
        if said.block.kind in ("caption", "heading"):
            continue
        before = [one for one in facts.said[max(0, said.position - 3) : said.position] if one.block is said.block]
        for kinds in (("count", "total", "ratio", "base"), ("money",)):
            numbers = [one for one in said.mentions if _usable(one, kinds)]
            found = list(_opened(said, numbers)) or list(_of_base(said, numbers)) or list(_listed(facts, said, numbers, before, kinds))
            yield from found[:1]
            if not found:
                yield from _together(said, numbers, before, kinds)
                yield from _in_brackets(facts, said, numbers)
        yield from _left_over(facts, said, before)
        yield from _other_part(facts, said)
        yield from _rest(said, before)


def _usable(one: Mention, kinds: Sequence[str]) -> bool:
    if one.value is None or one.low is not None or one.role in ("from", "to"):
        return False
    if "money" in kinds:
        return one.kind == "money"
    full = one.kind == "duration" and re.search(r"(?:full|part|fuld|del)\W*ti(?:me|d)", one.text) is not None
    return (one.kind in kinds or full) and one.value.denominator == 1 and one.value > 0


def _value(said: Said, one: Mention) -> Fraction:
    assert one.value is not None
    return money_of(said, one) if one.kind == "money" else one.value


def _text(said: Said, one: Mention, other: Mention) -> str:
    return said.text[one.end - said.start : other.start - said.start]


def _opened(said: Said, numbers: Sequence[Mention]) -> Iterator[Finding]:
    """ "53 medarbejdere: 14 tandlæger, 22 …"; "11 stævner, heraf 3 i udlandet"."""
    for at, whole in enumerate(numbers[:-1]):
        between = _text(said, whole, numbers[at + 1])
        rest = numbers[at + 1 :]
        colon = re.search(r":\s+(?:[^\W\d]+\s+){0,6}[£$€]?$", between)
        hereof = _HEREOF.search(between)
        closed = re.fullmatch(r"\s+[^\W\d][\w-]*(?:\s+[^\W\d][\w-]*)?\s*\(", between) is not None or _parallel(said, whole, rest)
        if colon is None and hereof is None and not closed:
            continue
        parts = _items(said, rest)
        if closed and (said.of("percentage") or ")" in said.text[whole.end - said.start : parts[-1].start - said.start]):
            continue
        value = _value(said, whole)
        if hereof is not None and any(_value(said, part) > value for part in parts[:1]) and whole.kind != "ratio":
            yield _finding(said, parts[:1], said, whole, value)
            return
        if len(parts) < 2:
            continue
        added = sum(_value(said, part) for part in parts)
        if hereof is not None and colon is None and added < value and not (_complementary(said, parts) or _slipped(said, parts, value)):
            continue
        yield from _checked(said, parts, said, whole, value, _FAR if colon is not None and _complementary(said, parts) else _NEAR)
        return


def _parallel(said: Said, whole: Mention, rest: Sequence[Mention]) -> bool:
    """ "24 interview, 14 med mindre og 10 med større virksomheder": two parts that open with one small word, right behind their whole."""
    if len(rest) != 2 or not re.fullmatch(r"(?:\s+[^\W\d][\w-]*){1,3},\s+", _text(said, whole, rest[0])):
        return False
    opened = [re.match(r"\s+([^\W\d]+)", said.text[one.end - said.start :]) for one in rest]
    own = re.search(r"\s([^\W\d]+)\s", _text(said, whole, rest[0])[:24])
    words = [one[1].lower() for one in opened if one is not None]
    return len(words) == 2 and words[0] == words[1] and (own is None or own[1].lower() != words[0])


def _items(said: Said, numbers: Sequence[Mention]) -> list[Mention]:
    """The counts of one list, from the first on."""
    found = list(numbers[:1])
    for one, other in pairwise(numbers):
        between = re.sub(r"\([^)]*\)|\d+(?:-\d+)?(?= (?:år|years))", "", _text(said, one, other))
        if not _ITEM.fullmatch(between):
            break
        found.append(other)
    return found


def _complementary(said: Said, parts: Sequence[Mention]) -> bool:
    """Whether the words behind two counts name everybody between them."""
    if len(parts) != 2:
        return False
    first = said.text[parts[0].start - said.start : parts[1].start - said.start].lower()
    second = said.text[parts[1].start - said.start : parts[1].start - said.start + 60].lower()
    words = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", first)), set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", second))

    def has(at: int, phrase: str) -> bool:
        return phrase in words[at] or (" " in phrase and phrase in (first, second)[at]) or (len(phrase) > 3 and any(
            word.startswith(phrase) for word in words[at]
        ))  # fmt: skip

    return any((has(0, a) and has(1, b)) or (has(0, b) and has(1, a)) for a, b in _HALVES)


def _slipped(said: Said, parts: Sequence[Mention], whole: Fraction) -> bool:
    """Whether a slip in one number would make the parts fit their whole."""
    added = sum((_value(said, part) for part in parts), Fraction(0))
    if is_slip(exact(added), exact(whole)):
        return True
    fitting = (whole - (added - _value(said, part)) for part in parts)
    return any(need > 0 and is_slip(exact(need), exact(_value(said, part))) for need, part in zip(fitting, parts, strict=True))


def _of_base(said: Said, numbers: Sequence[Mention]) -> Iterator[Finding]:
    """ "Blandt de 109 arbejder 62 på fuld tid og 47 på deltid"; "blandt dem, der svarede ja (n = 76), nævner 52 …, 15 … og 9 …"."""
    sizes = said.of("sample_size")
    listed = _items(said, numbers)
    if len(sizes) == 1 and len(listed) > 2 and len(listed) == len(numbers) and sizes[0].end <= listed[0].start and sizes[0].value:
        if not _OVERLAPPING.search(said.text):
            yield from _checked(said, listed, said, sizes[0], sizes[0].value, Fraction(1, 4))
        return
    if not _OF_THE.match(said.text) or len(numbers) < 3 or numbers[0].kind not in ("base", "count", "total"):
        return
    whole, parts = numbers[0], _items(said, numbers[1:])
    value = _value(said, whole)
    if len(parts) < 2 or len(parts) != len(numbers) - 1 or _OVERLAPPING.search(said.text):
        return
    last = said.text[parts[-1].start - said.start :]
    if _complementary(said, parts) or _slipped(said, parts, value) or _ALL_OTHERS.match(last):
        yield from _checked(said, parts, said, whole, value, _FAR if _ALL_OTHERS.match(last) else _NEAR)


def _known_whole(facts: Facts, said: Said, parts: Sequence[Mention], added: Fraction) -> Iterator[Finding]:
    """Three parts and more whose sum is told nowhere, where a slip would make them the whole that the document tells again and again."""
    told: dict[Fraction, list[tuple[Said, Mention]]] = {}
    for owner in facts.said:
        for one in owner.of("count", "total", "base", "ratio"):
            if one.value is not None and owner is not said:
                told.setdefault(one.base or one.value, []).append((owner, one))
    cells = {cell.value for shown in facts.shown if shown.table is not None for row in shown.table.rows for cell in row.cells}
    if added in told or added in cells:
        return
    least = 99 if len(parts) > 2 else _KNOWN_BY_TWO
    near = [value for value, owners in told.items() if len(owners) > 1 and value > least and _slipped(said, parts, value)]
    near = [value for value in near if abs(value - added) <= value * _NEAR]
    if len(near) == 1:
        yield _finding(said, parts, *told[near[0]][0], near[0])


def _listed(facts: Facts, said: Said, numbers: Sequence[Mention], before: Sequence[Said], kinds: Sequence[str]) -> Iterator[Finding]:
    """Counts of three nouns and more, or of two that name everybody, under the count of the sentence before."""
    if _OVERLAPPING.search(said.text) or said.of("percentage", "direction") or len(numbers) < 2:
        return
    last: list[Mention] = []
    for start in range(len(numbers)):
        parts = _items(said, numbers[start:])
        if len(parts) > len(last):
            last = parts
    halves = _complementary(said, last)
    if len(last) < 3 and not halves:
        return
    own = [(said, one) for one in numbers if one not in last and one.end <= last[0].start]
    wholes = own or [(other, one) for other in reversed(before[-2:]) for one in other.mentions if _usable(one, kinds)]
    largest = max(_value(said, part) for part in last)
    wholes = [pair for pair in wholes if _value(*pair) > largest]
    added = sum((_value(said, part) for part in last), Fraction(0))
    if any(_value(*pair) == added for pair in wholes):
        return
    if not wholes:
        if not _OF_THE.match(said.text):
            yield from _known_whole(facts, said, last, added)
        return
    for owner, whole in wholes:
        value = _value(owner, whole)
        told = bool(_SHARED_OUT.search(said.text)) or whole.kind == "total"
        gap = abs(added - value)
        if (gap <= value / 2 and _slipped(said, last, value)) or (told and gap <= value * Fraction(1, 10)):
            yield from _checked(said, last, owner, whole, value, _NEAR)
            return


def _together(said: Said, numbers: Sequence[Mention], before: Sequence[Said], kinds: Sequence[str]) -> Iterator[Finding]:
    """ "Udgiften var 3,4 mio. Brugerne betalte 1,0 mio. Tilsammen kostede det 4,4 mio.": a whole after its two parts."""
    opened = _TOGETHER.search(said.text)
    if opened is None or not numbers or len(before) < 2:
        return
    whole = next((one for one in numbers if one.start - said.start >= opened.start()), None)
    parts = [(other, [one for one in other.mentions if _usable(one, kinds)]) for other in before[-2:]]
    if whole is None or any(len(own) != 1 for _, own in parts) or opened.start() > 3:
        return
    added = sum((_value(other, own[0]) for other, own in parts), Fraction(0))
    value = _value(said, whole)
    if added != value and abs(added - value) <= value * Fraction(1, 10):
        what = Phrase("audit.what_sum", {"added": exact(added), "printed": exact(value), "name": said.text[:90]})
        places = (place_of(said, whole), *(place_of(other, own[0]) for other, own in parts))
        yield Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_sentence", {}), 0.95, 0.8)


def _in_brackets(facts: Facts, said: Said, numbers: Sequence[Mention]) -> Iterator[Finding]:
    """ "henvist af jobcentret (81), egen læge (47) eller andre (18). I alt er det 146": a list in brackets beside its whole."""
    parts = [one for one in numbers if re.search(r"\(\s*$", said.text[: one.start - said.start])]
    if len(parts) < 3 or len(parts) != len(numbers):
        return
    beside = [one for one in facts.said[max(0, said.position - 1) : said.position + 2] if one is not said and one.block is said.block]
    wholes = [(owner, one) for owner in beside for one in owner.mentions if _usable(one, ("count", "total", "base", "ratio"))]
    largest = max(_value(said, part) for part in parts)
    wholes = [pair for pair in wholes if _value(*pair) > largest]
    added = sum((_value(said, part) for part in parts), Fraction(0))
    fitting = [pair for pair in wholes if _slipped(said, parts, _value(*pair))] if len({_value(*pair) for pair in wholes}) > 1 else wholes
    if len({_value(*pair) for pair in fitting}) == 1 and all(_value(*pair) != added for pair in wholes):
        yield from _checked(said, parts, *fitting[0], _value(*fitting[0]), _NEAR)


def _left_over(facts: Facts, said: Said, before: Sequence[Said]) -> Iterator[Finding]:
    """ "3.640 børn. 2.548 af dem havde ingen huller, mens 1.092 havde": two parts of the whole in the sentence before."""
    if not before or not (_OF_THEM.search(said.text) or _OF_THE.match(said.text)):
        return
    numbers = [one for one in said.mentions if _usable(one, ("count", "ratio"))]
    if len(numbers) != 2 or not re.search(r"\b(?:mens|og|while|and|men|but|hvorimod)\b", _text(said, *numbers)):
        return
    if said.of("base") or any(one.base for one in numbers):
        return
    wholes = [(before[-1], one) for one in before[-1].mentions if _usable(one, ("count", "total", "base"))]
    added = sum(_value(said, one) for one in numbers)
    wholes = [pair for pair in wholes if _value(*pair) > max(_value(said, one) for one in numbers)]
    if not wholes or any(_value(*pair) == added for pair in wholes):
        return
    for owner, whole in wholes:
        if _slipped(said, numbers, _value(owner, whole)) and abs(added - _value(owner, whole)) <= _value(owner, whole) * _NEAR:
            yield from _checked(said, numbers, owner, whole, _value(owner, whole), _NEAR)
            return


def _other_part(facts: Facts, said: Said) -> Iterator[Finding]:
    """ "2.244 planer (85 pct.), mens 396 er specialiserede": the other part of the whole that a count and its percentage are of."""
    numbers = [one for one in said.of("count", "ratio") if one.value is not None and one.value.denominator == 1 and one.value > 9]
    percents = [one for one in said.of("percentage") if one.value is not None]
    if len(numbers) != 2 or len(percents) != 1 or not numbers[0].end <= percents[0].start <= numbers[1].start:
        return
    first, second = numbers
    share = percents[0].value or Fraction(0)
    if not re.fullmatch(r"[^\d.;:]{0,12}(?:,\s+(?:mens|og|while|and|men|hvorimod|whereas)|\s+(?:og|and|mens|while))\s+"
        r"(?:de |the )?(?:(?:øvrige|andre|other|remaining)\s+)?",
                        said.text[percents[0].end - said.start : second.start - said.start]):  # fmt: skip
        return
    value, other = first.value or Fraction(0), second.value or Fraction(0)
    wholes = [
        (owner, one, whole)
        for owner in facts.said
        for one in owner.of("count", "total", "base", "ratio")
        if (whole := one.base or one.value or Fraction(0)) > value
        and abs(100 * value / whole - share) <= Fraction(1, 2 * 10 ** percents[0].decimals)
    ]
    sums = {value + other, other}
    if not wholes or any(whole in sums for _, _, whole in wholes) or {whole for _, _, whole in wholes} != {wholes[0][2]}:
        return
    owner, one, whole = wholes[0]
    if _slipped(said, [second], whole - value) and abs(value + other - whole) <= whole * _NEAR:
        yield _finding(said, numbers, owner, one, whole)


def _rest(said: Said, before: Sequence[Said]) -> Iterator[Finding]:
    """ "72 svarede. 45 mødes hver uge. De øvrige 27 mødes sjældnere": what is left over of a whole."""
    rest = [
        one
        for one in said.mentions
        if (_usable(one, ("count", "base")) or (one.kind == "money" and one.value)) and _REST.search(said.text[: one.start - said.start])
    ]  # fmt: skip
    if len(rest) != 1:
        return
    kinds = ("money",) if rest[0].kind == "money" else ("count", "base", "total", "ratio")
    told = [(owner, one) for owner in (*before, said) for one in owner.mentions if _usable(one, kinds)]
    told = [pair for pair in told if pair[1] is not rest[0] and (pair[0] is not said or pair[1].end <= rest[0].start)]
    values = [(owner, one, value) for owner, one in told for value in (_value(owner, one), one.base) if value is not None]
    value = _value(said, rest[0])
    gaps = [(part, whole, whole[2] - part[2]) for part, whole in combinations(values, 2)]
    gaps += [(part, whole, whole[2] - part[2]) for whole, part in combinations(values, 2)]
    added = [(one, whole) for one in values for whole in values if one is not whole]
    parts = list(combinations(values, 3))
    sums = any(a[2] + b[2] + value == c[2] or a[2] + c[2] + value == b[2] or b[2] + c[2] + value == a[2] for a, b, c in parts)
    if not added or any(gap == value for _, _, gap in gaps) or sums:
        return
    related = _WHO.match(said.text[rest[0].end - said.start :]) is not None
    near = [
        (part, whole, gap)
        for part, whole, gap in gaps
        if gap > 0
        and (
            (is_slip(exact(gap), exact(value)) and part[0].position >= said.position - (1 if related else 2))
            or (abs(gap - value) <= gap / 5 and part[0].position >= said.position - 1)
        )
    ]
    values = [one for one in values if one[2] > _FEW]
    if not near and not related and len(values) == 2 and values[0][1] is values[1][1]:
        # "29 af de 38 klubber": a part and its whole, and nothing else to be left over of.
        near = [one for one in gaps if one[2] > 0]
    if near:
        part, whole, _ = near[-1]
        what = Phrase("audit.what_sum", {"added": exact(part[2] + value), "printed": exact(whole[2]), "name": said.text[:90]})
        places = tuple(dict.fromkeys((place_of(said, rest[0]), place_of(part[0], part[1]), place_of(whole[0], whole[1]))))
        yield Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_sentence", {}), 0.95, 0.75)


def _checked(said: Said, parts: Sequence[Mention], owner: Said, whole: Mention, value: Fraction, near: Fraction) -> Iterator[Finding]:
    values = [_value(said, part) for part in parts]
    added = sum(values, Fraction(0))
    decimals = max(part.decimals for part in parts) if parts[0].kind == "money" else 0
    if added == value or (abs(added - value) > value * near and not _slipped(said, parts, value)):
        return
    if any(sum(some) == value for size in range(2, len(values)) for some in combinations(values, size)):
        return
    if decimals and whole.decimals < decimals and abs(added - value) <= value / 50:
        return
    yield _finding(said, parts, owner, whole, value)


def _finding(said: Said, parts: Sequence[Mention], owner: Said, whole: Mention, value: Fraction) -> Finding:
    added = sum((_value(said, part) for part in parts), Fraction(0))
    what = Phrase("audit.what_sum", {"added": exact(added), "printed": exact(value), "name": said.text[:90]})
    places = tuple(dict.fromkeys((*(place_of(said, part) for part in parts), place_of(owner, whole))))
    return Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_sentence", {}), 0.95, 0.8)

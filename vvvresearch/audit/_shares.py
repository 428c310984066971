"""Counts, percentages and fraction words that stand beside each other, and percentages that no count can give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from vvvresearch.audit._bases import Base, Bases
from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, Place, place_of
from vvvresearch.audit._near_numbers import Pool
from vvvresearch.audit._units import money_of
from vvvresearch.audit._words import stem
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention
from vvvresearch.statistics.rounding import possible_counts

# How far, in points, a fraction word may lie from the figure beside it.
_BARE, _BESIDE, _JUST, _SLACK = Fraction(5), Fraction(12), Fraction(8), Fraction(1)
_LOOSE = {
    "most": (50, 100), "great_majority": (65, 100), "nearly_all": (80, 100), "majority": (50, 100), "minority": (0, 50),
    "fewest": (0, 40), "few": (0, 30), "almost_none": (0, 15),
}  # fmt: skip
_APPROXIMATE = ("about", "over", "under", "just_over", "just_under", "well_over", "well_under", "at_least", "at_most")
_TARGET = re.compile(
    r"succeskriteri|måltal|målsætning|\bmål(?:et)? (?:er|var|om|på)\b|\btarget|\bgoal|\baim\b|mindst \d|minimum \d|at least \d",
    re.IGNORECASE,
)
# "Matematik og dansk er tilsammen 70 %": two roundings.
_TOGETHER = re.compile(r"\b(?:tilsammen|sammenlagt|samlet|together|combined)\s+(?:[^\W\d]+\s+)?$", re.IGNORECASE)
_BETWEEN = re.compile(
    r"^[\s(,–—-]*(?:(?:svarende til|hvilket svarer til|dvs\.|det vil sige|eller|altså|i alt|n\s*=|corresponding to|"
    r"equal to|that is|i\.e\.|or|which is|equivalent to|svarer til|udgør|is|are|corresponds to|equals|amounts to)\s*)?(?:ca\.\s*)?[(]?\s*$",
    re.IGNORECASE,
)


def share_findings(facts: Facts, bases: Bases, pool: Pool) -> Iterator[Finding]:
    """Findings on numbers of one sentence."""
    for said in facts.said:
        paired: set[int] = set()
        numbers = [
            one
            for one in said.mentions
            if one.kind in ("percentage", "ratio", "count", "total", "share")
            and (one.value is not None or one.key in ("majority", "minority"))
            and not (one.kind == "count" and one.spelled and one.modifier in ("at_least", "at_most"))
        ]
        told: set[int] = set()
        for word in (one for one in numbers if _is_word(one)):
            figures = _told_of(said, word, numbers)
            for number in figures[:1]:
                yield from _word(said, in_words(word), number, bases, pool)
            told |= {word.start} if figures else set()
            paired |= {one.start for one in figures if one.kind == "percentage"}
        for one, other in pairwise(numbers):
            if {one.start, other.start} & told or not _beside(said, one, other):
                continue
            kinds = {one.kind, other.kind}
            if _is_word(one) or _is_word(other):
                word, number = (one, other) if _is_word(one) else (other, one)
                if not _is_word(number):
                    yield from _word(said, in_words(word), number, bases, pool)
                    paired.add(number.start)
            elif "percentage" in kinds and kinds != {"percentage"}:
                percent = one if one.kind == "percentage" else other
                count = other if percent is one else one
                found = list(_pair(said, count, percent, bases))
                if count.kind == "ratio" or found or bases.of(said, percent) is not None:
                    paired.add(percent.start)
                yield from found
        for mention in said.of("percentage"):
            if mention.start not in paired:
                yield from _impossible(said, mention, bases)


def as_word(mention: Mention) -> bool:
    """Whether "tre ud af fire" stands for a share and no count."""
    return (
        mention.kind == "ratio"
        and mention.base is not None
        and mention.spelled
        and 2 <= mention.base <= 10
        and mention.value is not None
        and mention.value < mention.base
    )


def _is_word(mention: Mention) -> bool:
    return mention.kind == "share" or as_word(mention)


# The figures of a share in words: "Knap en tredjedel af husstandene (97, svarende til 30 procent)", "Fire femtedele, 920.160 kr., gik …".
_FIGURES = re.compile(
    r"[^.;:()]{0,70}\s\((?P<figures>[^()]*\d[^()]*)\)|(?:\s+[^\W\d]+){0,4},\s(?P<apposed>[£$€]?\d[\d.,]*\d[^,;()]{0,12}),\s"
)
_SUREST = ("percentage", "ratio", "count", "total", "money")


def _told_of(said: Said, word: Mention, numbers: Sequence[Mention]) -> list[Mention]:
    """The figures that stand in brackets behind a share in words, the surest first."""
    found = _FIGURES.match(said.text, word.end - said.start)
    if found is None or _is_whole(said, word):
        return []
    start = said.start + found.start(found.lastgroup or 0)
    between = [one for one in numbers if word.start < one.start < start and not _is_whole(said, one)]
    inside = [one for one in (*numbers, *said.of("money")) if start <= one.start < said.start + found.end() and not _is_word(one)]
    return sorted(inside, key=lambda one: _SUREST.index(one.kind)) if not between else []


def _is_whole(said: Said, one: Mention) -> bool:
    """Whether "alle" only names the whole: "halvdelen af alle elever (1.420 af 2.742)"."""
    return (
        one.word is not None
        and one.word.exact == "all"
        and re.search(r"\b(?:af|of|blandt|among)\s+$", said.text[: one.start - said.start]) is not None
    )


def in_words(mention: Mention) -> Mention:
    if mention.kind == "share":
        return mention
    assert mention.value is not None
    assert mention.base
    return mention.changed(kind="share", key="fraction", value=mention.value / mention.base, word=None)


# "Over halvdelen af kommunerne, 17 ud af 38": the whole in words, then the figure in apposition.
_OF_WHOM = re.compile(r"\s*(?:(?:af|of|blandt|among)\s+)?(?:[^\W\d]+\s+){0,4}[^\W\d]+\s*,\s*(?:nemlig |namely |altså )?", re.IGNORECASE)


# "163 ud af 201 svarede, hvilket er 81 %"
_WHICH_IS = re.compile(
    r"(?:\s+[^\W\d]+){0,4},\s+(?:og |and )?(?:hvilket|det|som|dvs\.|altså|which|that|or|so)\s*"
    r"(?:er|svarer til|giver|udgør|is|gives|makes|equals)?\s*",
    re.IGNORECASE,
)


def _beside(said: Said, one: Mention, other: Mention) -> bool:
    between = said.text[one.end - said.start : other.start - said.start]
    if len(between) > 75:
        return False
    if one.kind == "percentage" and other.kind == "share" and not re.search(r"[,(–—-]", between):
        # "85 procent ingen huller har": the word opens what they have.
        return False
    if one.kind == "percentage" and other.modifier in ("under", "over") and "(" not in between:
        # "36 procent under ti ansatte"
        return False
    if other.kind == "share" and one.kind == "count" and not between.strip():
        # "157 ingen uddannelse": the word opens a phrase of its own.
        return False
    if _BETWEEN.match(between):
        return True
    if (one.kind == "share" or as_word(one)) and (other.kind == "ratio" and not as_word(other)) and _OF_WHOM.fullmatch(between):
        return True
    if one.kind == "ratio" and _WHICH_IS.fullmatch(between):
        return True
    opened = between.rfind("(")
    if opened >= 0 and ")" not in between[opened:]:
        # "37 af de adspurgte kommuner (66 pct.)"
        return (
            not re.search(r"(?<!\d)[.;:]\s|\)", between[:opened])
            and bool(_BETWEEN.match(between[opened:]))
            and not re.search(r"\b(?:og|mens|men|and|while|but)\b", between[:opened])
        )
    if re.search(
        r",\s*(?:svarende til|hvilket svarer til|dvs\.|corresponding to|equivalent to|equal to|or|eller|"
        r"which is)\s*(?:ca\.|omkring|about)?\s*$",
        between,
    ):
        return not re.search(r"[.;:]\s", between)
    return bool(re.fullmatch(r"\s*,?\s*(?:svarende til|eller|or|that is)?\s*", between))


def _pair(said: Said, count: Mention, percent: Mention, bases: Bases) -> Iterator[Finding]:
    assert count.value is not None
    assert percent.value is not None
    if percent.low is not None or count.value.denominator != 1:
        return
    resolved: Base | None
    if count.kind == "ratio":
        if not count.base:
            return
        resolved = Base(int(count.base), "sentence", place_of(said, count))
    else:
        resolved = bases.of(said, percent)
        if resolved is None or resolved.how == "section" or resolved.value <= count.value:
            # With no base of its own, every whole near it is tried elsewhere.
            return
    share = 100 * count.value / resolved.value
    if _agrees(share, percent):
        return
    truth = half_up(share, percent.decimals)
    yield Finding(
        "count",
        _places(place_of(said, percent), resolved.place, place_of(said, count)),
        Phrase("audit.what_count", {"count": exact(count.value), "base": resolved.value, "printed": _shown(percent), "actual": truth}),
        Phrase("audit.why_count", {}),
        Phrase("audit.ground_count", {"how": Phrase(f"audit.base_{resolved.how}", {})}),
        _pair_chance(resolved.value, percent.decimals),
        1.0 if resolved.how == "sentence" else 0.8,
    )


def _agrees(share: Fraction, percent: Mention) -> bool:
    assert percent.value is not None
    step = Fraction(1, 10**percent.decimals)
    slack = step / 2
    if percent.modifier in _APPROXIMATE:
        slack = max(slack, Fraction(3))
    return abs(share - percent.value) <= slack or half_up(share, percent.decimals) == half_up(percent.value, percent.decimals)


def _pair_chance(base: int, decimals: int) -> float:
    """A wrong whole count gives the same printed percentage only where several counts share it."""
    return float(1 - 1 / max(2, min(base + 1, 100 * 10**decimals + 1)))


def _impossible(said: Said, percent: Mention, bases: Bases) -> Iterator[Finding]:
    assert percent.value is not None
    if (
        percent.low is not None
        or percent.modifier in _APPROXIMATE
        or percent.value > 100
        or percent.role == "by"
        or _TOGETHER.search(said.text[: percent.start - said.start])
        or _TARGET.search(said.text)
    ):
        return
    resolved = bases.of(said, percent)
    if resolved is None or resolved.value < 2:
        return
    chance = impossible_chance(resolved.value, percent.decimals)
    if chance <= 0 or possible_counts(str(float(percent.value)), resolved.value, percent.decimals):
        return
    yield Finding(
        "impossible",
        _places(place_of(said, percent), resolved.place),
        Phrase(
            "audit.what_impossible",
            {"printed": _shown(percent), "base": resolved.value, "near": _nearest(percent.value, resolved.value, percent.decimals)},
        ),
        Phrase("audit.why_impossible", {}),
        Phrase("audit.ground_impossible", {"how": Phrase(f"audit.base_{resolved.how}", {})}),
        chance,
        0.9 if resolved.how in ("sentence", "shown") else 0.6,
    )


def impossible_chance(base: int, decimals: int) -> float:
    """How likely a wrong percentage is one that no count of the base gives.

    Example:
        >>> [round(100 * impossible_chance(n, 0)) for n in (11, 42, 59, 72, 98, 100)]
        [88, 57, 41, 28, 2, 0]
    """
    steps: int = 100 * 10**decimals
    possible = {half_up(Fraction(steps * count, base)) for count in range(base + 1)} if base <= steps else set()
    missing = (steps + 1 - len(possible)) / (steps + 1)
    return max(0.0, float(missing)) if possible else 0.0


def _nearest(percent: Fraction, base: int, decimals: int) -> str:
    near = int(half_up(percent * base / 100))
    counts = [count for count in (near - 1, near, near + 1) if 0 <= count <= base]
    counts.sort(key=lambda count: abs(Fraction(100 * count, base) - percent))
    return ", ".join(f"{count} = {half_up(Fraction(100 * count, base), decimals)} %" for count in counts[:2])


# "12 %, 18 % and 21 %, all higher than here": of whom they are told.
_COMPARED = re.compile(r"\s+(?:[^\W\d]+ere?|more|fewer|less|over|above|below|under)\b", re.IGNORECASE)


def _word(said: Said, word: Mention, number: Mention, bases: Bases, pool: Pool) -> Iterator[Finding]:
    assert number.value is not None
    if word.word is not None and word.word.exact == "none":
        # "369 have no car (70 %)": the word opens what they have.
        return
    if _is_whole(said, word) or (word.word is not None and word.word.exact and _COMPARED.match(said.text, word.end - said.start)):
        return
    if number.kind == "percentage":
        ends = [end for end in (number.low, number.high) if end is not None]
        if ends and any(word_admits(word, end) for end in ends):
            return
        share, place = ends[0] if ends else number.value, place_of(said, number)
    elif number.kind == "ratio" and number.base and number.value > number.base:
        return
    elif number.kind == "ratio" and number.base:
        share, place = 100 * number.value / number.base, place_of(said, number)
    else:
        resolved = bases.of(said, number)
        if resolved is None or resolved.value <= number.value or resolved.how == "section" or number.value < 2:
            yield from _of_a_whole(said, word, number, pool)
            return
        share, place = 100 * number.value / resolved.value, resolved.place
    if not word_admits(word, share):
        yield _word_finding(said, word, number, share, place)


def _word_finding(said: Said, word: Mention, number: Mention, share: Fraction, place: Place) -> Finding:
    return Finding(
        "word",
        _places(place_of(said, word), place),
        Phrase("audit.what_word", {"word": _phrase(word), "number": number.text, "share": half_up(share)}),
        Phrase("audit.why_word", {}),
        Phrase("audit.ground_word", {}),
        0.8,
    )


def _of_a_whole(said: Said, word: Mention, number: Mention, pool: Pool) -> Iterator[Finding]:
    """ "En fjerdedel (246) er under 30 år": the count of a share in words, against every whole near it."""
    value = money_of(said, number) if number.kind == "money" else number.value or Fraction(0)
    opened = re.search(r"[(,]\s*[£$€]?$", said.text[: number.start - said.start])
    if number.kind not in ("count", "money") or value < 10 or opened is None:
        return
    family = "money" if number.kind == "money" else "count"
    wholes = [one for one in pool.near(said) if one.family == family and one.value > value]
    noun = re.match(r"\s*(?:af|of)\s+(?:the\s+|de\s+)?([^\W\d]+)", said.text[word.end - said.start :])
    meant = [one for one in wholes if one.away <= 2 or (noun is not None and one.unit and stem(noun[1].lower(), said.lang) == one.unit)]
    if meant and not any(abs(100 * value / one.value - 100 * (word.value or 0)) <= 1 for one in wholes):
        whole = max(meant, key=lambda one: one.value)
        if not word_admits(word, 100 * value / whole.value):
            yield _word_finding(said, word, number, 100 * value / whole.value, whole.place)


def _phrase(word: Mention) -> str:
    return " ".join(word.text.split())


def word_admits(word: Mention, of: Fraction | float) -> bool:
    """Whether a share, in per cent, may be called by a word; readers' use, not the strict one of claims."""
    share = of if isinstance(of, Fraction) else Fraction(str(round(of, 9)))
    if word.word is not None and word.word.exact == "none":
        return share == 0
    if word.word is not None and word.word.exact == "all":
        return share == 100 or word.modifier != "" or share > 99
    if word.key in _LOOSE:
        low, high = _LOOSE[word.key]
        return (
            low <= share < high
            or (low < share <= high and high == 100 and word.key != "nearly_all")
            or (high == 100 and share == 100 and word.key == "most")
        )
    if word.value is None:
        return True
    gap = share - 100 * word.value
    if word.modifier in ("just_over", "over", "at_least", "well_over"):
        most: Fraction = {"well_over": Fraction(60), "just_over": _JUST}.get(word.modifier, _BESIDE)
        return -_SLACK / 2 <= gap <= most and (gap != 0 or word.modifier == "at_least")
    if word.modifier in ("just_under", "under", "at_most", "well_under"):
        most = {"well_under": Fraction(60), "just_under": _JUST}.get(word.modifier, _BESIDE)
        return -most <= gap <= _SLACK / 2 and (gap != 0 or word.modifier == "at_most")
    # 25 % is "en fjerdedel": a share that another fraction names better is not "en femtedel".
    other = abs(gap) > 2 and any(abs(share - 100 * one) <= 1 for one in _FRACTIONS)
    return abs(gap) <= _BARE and not other


_FRACTIONS = tuple(Fraction(*one) for one in ((1, 10), (1, 5), (1, 4), (1, 3), (2, 5), (1, 2), (3, 5), (2, 3), (3, 4), (4, 5), (9, 10)))


def _shown(percent: Mention) -> str:
    return f"{exact(percent.value or Fraction(0))} %"


def _places(*places: Place) -> tuple[Place, ...]:
    found: list[Place] = []
    for one in places:
        if not any(one.line == other.line and one.file == other.file and one.quote == other.quote for other in found):
            found.append(one)
    return tuple(found)

"""Surveys: who was asked after which answer, how many answered, and what a response rate implies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, pairwise

from vvvresearch.audit._bases import ANSWERS, Bases, of_whom
from vvvresearch.audit._facts import SHOWN, Facts, Said, Shown, exact
from vvvresearch.audit._finding import Finding, place_in, place_of
from vvvresearch.audit._words import alike, stems
from vvvresearch.locales import YEAR, Phrase, half_up
from vvvresearch.statements import Mention

_ROUTED = re.compile(
    r"(?:kun|alene|udelukkende)\s+(?:er\s+)?(?:blevet\s+)?(?:stillet|spurgt|besvaret|vist)|(?:stillet|"
    r"spurgt)\s+(?:kun|alene|udelukkende)|kun (?:de|kommuner|dem|ledere|frivillige|deltagere|respondenter)|"
    r"(?:only|solely)\s+(?:to|asked|shown|those|put|answered|municipalities|leaders|volunteers|participants|"
    r"respondents)|asked\s+only|(?:put|shown)\s+only|was asked of",
    re.IGNORECASE,
)
_OF_ASKING = frozenset(
    {"spørgsmål", "stillet", "still", "svar", "respondent", "alen", "question", "asked", "ask", "ans", "respond", "repli"}
)
_RATE = re.compile(r"svarprocent|svarrate|response rate|besvarelsesprocent|svarandel", re.IGNORECASE)
_SENT = re.compile(
    r"sendt|udsendt|invite|modtog|fik tilsendt|tilsendt|adspurgt|distributed|sent|invited|received|mailed|approached|kontaktet|stikprøve",
    re.IGNORECASE,
)


def survey_findings(facts: Facts, bases: Bases) -> Iterator[Finding]:
    """Findings on routes, response rates and the number of answers."""
    for shown in facts.shown:
        if shown.base is not None:
            yield from _route(facts, shown)
    yield from _rates(facts)
    yield from _waves(bases)
    yield from _bare_bases(facts, bases)
    yield from _named_waves(facts)


def _route(facts: Facts, shown: Shown) -> Iterator[Finding]:
    """The base of a table that only some were asked for, against the number who gave the answer that leads there."""
    assert shown.base is not None
    sources = [(block.text, None) for block in shown.notes if _ROUTED.search(block.text)]
    if _ROUTED.search(shown.title):
        sources.append((shown.title, None))
    sentences = [
        one for one in facts.said_of[shown.section] if one.block.kind in ("paragraph", "note", "item") and _ROUTED.search(one.text)
    ]
    sentences = [
        one
        for one in sentences
        if any(facts.find(*reference) is shown for reference in one.references if reference[0] in SHOWN)
        or any(note is one.block for note in shown.notes)
    ]
    told_before = _before(facts, shown)
    if told_before is not None:
        one, mention = told_before
        if mention.value != shown.base:
            yield _routed(shown, one, mention)
        return
    asked = _asked_above(facts, shown)
    if asked is not None:
        yield _routed(shown, *asked)
        return
    words = " ".join([*(text for text, _ in sources), *(one.text for one in sentences)])
    if not words:
        return
    for one in sentences:
        counts = [
            mention
            for mention in one.of("count", "base", "ratio", "total")
            if mention.value is not None and mention.value >= 4 and not mention.modifier
        ]
        direct = [mention for mention in counts if mention.value != shown.base]
        if direct and not any(mention.value == shown.base for mention in counts) and len(direct) == 1:
            yield _routed(shown, one, direct[0])
            return
        if counts:
            return
    match = _ROUTED.search(words)
    assert match is not None
    wanted = stems(words[match.start() :], shown.document.lang) - stems(shown.title, shown.document.lang)
    if len(wanted) < 2:
        wanted = stems(words[match.start() :], shown.document.lang)
    wanted = frozenset(one for one in wanted if one not in _OF_ASKING)
    if len(wanted) < 1:
        return
    found: list[tuple[float, Said, Mention]] = []
    for said in facts.said:
        if said.block.kind == "caption" or any(note is said.block for note in shown.notes) or said in sentences:
            continue
        for mention in said.of("count", "ratio", "base"):
            if mention.value is None or mention.value < 4 or mention.modifier or (mention.spelled and mention.value < 4):
                continue
            heard = stems(of_whom(said, mention) if mention.kind == "base" else said.clause(mention), said.lang)
            score = sum(alike(frozenset({word}), heard) for word in wanted) / len(wanted)
            if score >= 0.6 and (score * len(wanted) >= 2 or score == 1):
                found.append((score, said, mention))
    if not found or any(mention.value == shown.base for _, _, mention in found):
        return
    best = max(score for score, _, _ in found)
    chosen = [(said, mention) for score, said, mention in found if score >= best - 0.01]
    # "Af de 22 kommuner, der henviser": those who do, told as such.
    chosen = [one for one in chosen if one[1].kind == "base"] or chosen
    if len({mention.value for _, mention in chosen}) == 1:
        yield _routed(shown, *chosen[0])


_WERE_ASKED = re.compile(
    r"\b(?:er|blev|blevet|har fået|was|were|been|then)\s+(?:[^\W\d]+\s+)?(?:spurgt|stillet|bedt|asked)\b", re.IGNORECASE
)


def _asked_above(facts: Facts, shown: Shown) -> tuple[Said, Mention] | None:
    """ "De 66 kommuner blev spurgt, hvordan" right above a table of 94: more answers than were asked."""
    assert shown.base is not None
    above = [one for one in facts.said_of[shown.section] if one.line < shown.line and one.block.kind == "paragraph"]
    for said in reversed(above[-2:]):
        counts = [
            one for one in said.of("count", "base", "ratio") if one.value is not None and one.value > 4 and one.value.denominator == 1
        ]
        if any(shown.base in (one.value, one.base) for one in counts):
            return None
        if _WERE_ASKED.search(said.text) and len(counts) == 1 and not counts[0].modifier and (counts[0].value or 0) < shown.base:
            return said, counts[0]
    return None


_ONLY_THEY = re.compile(
    r"\b(?:kun|alene) (?:de|dem|disse)\b[^.]{0,30}\b(?:er|blev|spurgt|svare)|\bonly (?:they|these|those)\b", re.IGNORECASE
)


def _before(facts: Facts, shown: Shown) -> tuple[Said, Mention] | None:
    """ "41 af de 58 har været på kursus. Kun de er spurgt": the count that the sentence before the route gives."""
    near = [one for one in facts.said_of[shown.section] if 0 < shown.line - one.line < 12]
    for said in near:
        told = _ONLY_THEY.search(said.text)
        if told is None or said.position == 0:
            continue
        own = [one for one in said.of("count", "ratio") if one.value is not None and one.end - said.start <= told.start()]
        if own:
            return said, own[-1]
        if said.of("count", "ratio"):
            continue
        counts = [one for one in facts.said[said.position - 1].of("count", "ratio") if one.value is not None and one.value >= 4]
        if counts:
            return facts.said[said.position - 1], counts[-1]
    return None


def _routed(shown: Shown, said: Said, mention: Mention) -> Finding:
    what = Phrase("audit.what_route", {"base": shown.base, "count": exact(mention.value or Fraction(0))})
    places = (place_in(shown, shown.base_line, shown.base_text), place_of(said, mention))
    return Finding("route", places, what, Phrase("audit.why_route", {}), Phrase("audit.ground_route", {}), 0.9, 0.8)


def _rates(facts: Facts) -> Iterator[Finding]:
    implied: list[tuple[Said, Mention, int, int]] = []
    for at, said in enumerate(facts.said):
        if not _RATE.search(said.text) and not (said.block.kind == "item" and ANSWERS.search(said.text)):
            continue
        percents = [one for one in said.of("percentage") if one.value is not None]
        if len(percents) != 1:
            continue
        percent = percents[0]
        assert percent.value is not None
        around = [
            one
            for one in facts.said[max(0, at - 3) : at + 1]
            if one.block is said.block or (one.section == said.section and at - 3 <= one.position - said.position + at)
        ]
        around = [one for one in around if one.section == said.section]
        counts = [
            (one, mention)
            for one in around
            for mention in one.of("count", "total", "ratio", "base")
            if mention.value is not None and mention.value >= 5 and mention.value.denominator == 1
        ]
        if _RATE.search(said.text):
            own = [mention for mention in said.of("ratio") if mention.base]
            counts = [(said, own[0])] if len(own) == 1 else counts
            numbers = {mention.value for _, mention in counts} | {mention.base for _, mention in counts if mention.base}
            if any(_rate(a, i, percent) for a in numbers for i in numbers if a and i and a <= i):
                continue
            answered = [(one, mention) for one, mention in counts if _answer(one, mention)]
            invited = [(one, mention) for one, mention in counts if _invited(one, mention)]
            pairs = [(one, mention, int(mention.value or 0), int(mention.base)) for one, mention in counts if mention.base]
            pairs += [
                (one, mention, int(mention.value or 0), int(other.value or 0))
                for one, mention in answered
                for _, other in invited
                if (other.value or 0) > (mention.value or 0)
            ]
            if not pairs:
                # "All 44 schools were asked, 33 did so": the two last counts before the rate.
                last = [
                    (one, mention)
                    for one, mention in counts
                    if mention.kind == "count" and ((one is said and mention.start < percent.start) or one.position == said.position - 1)
                ]
                pairs = [
                    (two, second, int(second.value or 0), int(first.value or 0))
                    for (_, first), (two, second) in pairwise(last)
                    if (first.value or 0) > (second.value or 0)
                ]
            if pairs and len(numbers) <= 6:
                one, mention, count, base = pairs[-1]
                actual = half_up(Fraction(100 * count, base), percent.decimals)
                what = Phrase("audit.what_count", {"count": count, "base": base, "printed": f"{exact(percent.value)} %", "actual": actual})
                places = tuple(dict.fromkeys((place_of(said, percent), place_of(one, mention))))
                yield Finding("count", places, what, Phrase("audit.why_count", {}), Phrase("audit.ground_rate", {}), 0.97, 0.9)
                continue
        if ANSWERS.search(said.text) and said.block.kind == "item":
            own = [mention for mention in said.of("count", "total") if mention.value is not None and mention.value >= 5]
            if len(own) == 1 and own[0].value:
                low = int(100 * own[0].value / (percent.value + Fraction(1, 2))) + 1
                high = int(100 * own[0].value / (percent.value - Fraction(1, 2)))
                implied.append((said, percent, low, high))
    yield from _frames(implied)


def _answer(said: Said, mention: Mention) -> bool:
    start = mention.end - said.start
    return bool(ANSWERS.search(said.text[start : start + 55]))


def _invited(said: Said, mention: Mention) -> bool:
    start = mention.start - said.start
    return bool(_SENT.search(said.text[max(0, start - 70) : start + 60])) and not _answer(said, mention)


def _rate(count: Fraction, base: Fraction, percent: Mention) -> bool:
    share = 100 * count / base
    assert percent.value is not None
    return half_up(share, percent.decimals) == half_up(percent.value, percent.decimals) or (
        percent.modifier != "" and abs(share - percent.value) <= 2
    )


def _frames(implied: list[tuple[Said, Mention, int, int]]) -> Iterator[Finding]:
    """Waves of one list whose rates imply different numbers of invited."""
    by_section: dict[int, list[tuple[Said, Mention, int, int]]] = {}
    for one in implied:
        by_section.setdefault(one[0].section, []).append(one)
    for found in by_section.values():
        lowest, highest = min(found, key=lambda one: one[3]), max(found, key=lambda one: one[2])
        if len(found) >= 2 and lowest[3] < highest[2]:
            what = Phrase("audit.what_frame", {"first": f"{lowest[2]}–{lowest[3]}", "second": f"{highest[2]}–{highest[3]}"})
            places = (place_of(lowest[0], lowest[1]), place_of(highest[0], highest[1]))
            yield Finding("frame", places, what, Phrase("audit.why_frame", {}), Phrase("audit.ground_frame", {}), 0.5, 0.6)


_BARE = re.compile(r"\W*n\s*[=:]\s*\d+\W*", re.IGNORECASE)


def _bare_bases(facts: Facts, bases: Bases) -> Iterator[Finding]:
    """ "(n=35)" on a line of its own, under a figure of a section whose answers are told as 36."""
    for said in facts.said:
        own = said.of("sample_size")
        if not _BARE.fullmatch(said.text) or len(own) != 1 or own[0].value is None:
            continue
        answers = [one for one in bases.answers if one.said.section == said.section and one.mention is not None]
        near = [one for one in answers if 0 < abs(one.value - own[0].value) <= max(2, one.value // 20)]
        if len({one.value for one in near}) == 1 and all(one.value != own[0].value for one in bases.answers if one.said is not said):
            what = Phrase("audit.what_base", {"said": near[0].value, "base": exact(own[0].value)})
            places = (place_of(said, own[0]), place_of(near[0].said, near[0].mention))
            yield Finding("base", places, what, Phrase("audit.why_base", {}), Phrase("audit.ground_base", {}), 0.7, 0.7)


_NAMED_WAVE = re.compile(
    r"(?P<year>20\d\d)[ ,]{1,2}q(?P<q>[1-4])[ ,:]{1,3}n\s*[:=]\s*(?P<n>\d+)|"
    r"(?P<k>[1-4])\. ?kv(?:artal|\.)? (?P<aar>20\d\d)[ ,:]{1,3}n\s*[:=]\s*(?P<m>\d+)",
    re.IGNORECASE,
)


def _named_waves(facts: Facts) -> Iterator[Finding]:
    """One named wave ("2018 Q1, N:59") whose base is printed with several numbers."""
    known: dict[tuple[str, str], list[tuple[int, Said]]] = {}
    for said in facts.said:
        for match in _NAMED_WAVE.finditer(said.text):
            key = (match["year"] or match["aar"], match["q"] or match["k"])
            number = int(match["n"] or match["m"])
            earlier = known.setdefault(key, [])
            near = [one for one in earlier if one[0] != number and abs(one[0] - number) <= max(2, number // 8)]
            if near and all(one[0] != number for one in earlier):
                what = Phrase("audit.what_retold", {"first": near[0][0], "second": number})
                places = (place_of(said), place_of(near[0][1]))
                yield Finding("retold", places, what, Phrase("audit.why_retold", {}), Phrase("audit.ground_answers", {}), 0.9, 0.9)
            earlier.append((number, said))


def _waves(bases: Bases) -> Iterator[Finding]:
    """One survey whose number of answers is told twice with nearly the same number."""
    told = [one for one in bases.answers if one.mention is not None and one.said.block.kind != "note" and not one.mention.modifier]
    for one, other in combinations(told, 2):
        if (
            one.value == other.value
            or one.said is other.said
            or one.said.block.kind == other.said.block.kind == "item"
            or abs(one.value - other.value) > max(2, one.value // 8)
            or not _same_survey(one.said, other.said)
        ):
            continue
        what = Phrase("audit.what_retold", {"first": one.value, "second": other.value})
        assert other.mention is not None
        places = (place_of(other.said, other.mention), place_of(one.said, one.mention))
        yield Finding("retold", places, what, Phrase("audit.why_retold", {}), Phrase("audit.ground_answers", {}), 0.7, 0.6)


def _same_survey(one: Said, other: Said) -> bool:
    years = [frozenset(YEAR.findall(said.text)) for said in (one, other)]
    if years[0] and years[1] and not years[0] & years[1]:
        return False
    waves = [
        frozenset(
            re.findall(
                r"\b(\d)\. ?(?:kvartal|kv|runde|måling)|\b(first|second|third|første|anden|tredje) (?:round|wave|runde|måling|kvartal)",
                said.text.lower(),
            )
        )
        for said in (one, other)
    ]
    return waves[0] == waves[1] and (one.block is other.block or alike(one.stems, other.stems) >= 0.34)

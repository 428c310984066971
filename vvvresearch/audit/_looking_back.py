"""What a sentence says of the one before it: "det er 60 procent", "forskellen er", "det er en stigning fra", "færre end"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._words import stem, stems, word_list
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention

_IT_IS = re.compile(
    r"\W*(?:det|dette|hvilket|that|this|which|it)\s+(?:er|svarer til|giver|udgør|is|are|gives|equals|makes|corresponds to)\b", re.IGNORECASE
)
_GAP = re.compile(r"\W*(?:forskellen|afstanden|the difference|the gap)\s+(?:er|udgør|var|is|was)\b", re.IGNORECASE)
_WHOLE_NUMBERS = ("count", "total", "ratio", "base")


def looking_back_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on sentences that compute from, or compare with, the numbers beside them."""
    for said in facts.said:
        before = facts.said[said.position - 1] if said.position else None
        if before is not None and before.block is not said.block:
            before = None
        if said.block.kind in ("caption", "heading"):
            continue
        yield from _share_of(said, before)
        yield from _named_again(said)
        yield from _of_money(said)
        if before is not None:
            yield from _gap(facts, said)
            yield from _change(said, before)
            yield from _score(said, before)
            yield from _fewer(said, before)
        yield from _fewer(said, None)
        yield from _against(said)
        yield from _this_change(said)


def _direction(said: Said, word: str, first: tuple[Said, Mention], last: tuple[Said, Mention]) -> Finding:
    what = Phrase("audit.what_direction", {"word": word, "first": first[1].text, "last": last[1].text})
    places = tuple(dict.fromkeys((place_of(said), place_of(*first), place_of(*last))))
    return Finding("direction", places, what, Phrase("audit.why_direction", {}), Phrase("audit.ground_direction", {}), 0.9, 0.9)


def _whole(said: Said, *kinds: str) -> list[Mention]:
    return [one for one in said.of(*(kinds or _WHOLE_NUMBERS)) if one.value is not None and one.value.denominator == 1 and one.value > 2]


def _share_of(said: Said, before: Said | None) -> Iterator[Finding]:
    """A percentage that a count and a whole told just before give: "900 fik skemaet. I alt 468 svarede (52 %)"."""
    percents = [one for one in said.of("percentage") if one.value is not None]
    if len(percents) != 1 or percents[0].low is not None or percents[0].role in ("by", "from"):
        return
    percent = percents[0]
    back = bool(_IT_IS.match(said.text)) and percent.start - said.start < 45
    own = [one for one in _whole(said) if one.end <= percent.start]
    between = said.text[own[-1].end - said.start : percent.start - said.start] if own else ""
    beside = bool(own) and bool(
        re.fullmatch(r"(?:\s+[^\W\d]+){0,3}\s*(?:,\s*(?:altså|dvs\.|eller|or|i\.e\.|thus)\s+[^\d().]{4,30})?\(\s*", between)
    )
    if not back and not beside:
        return
    pool = [(before, one) for one in _whole(before)] if before is not None else []
    if before is not None and before.of("percentage"):
        pool = []
    if back:
        bases = [(said, one) for one in _whole(said, "base")]
        candidates = [(count, whole) for count in pool for whole in (bases or pool) if _less(count, whole)]
        candidates += [(count, (count[0], _base_of(count[1]))) for count in pool if count[1].base]
    else:
        if own[-1].kind == "ratio":
            return
        wholes = [(said, one) for one in own[:-1]] or pool
        candidates = [((said, own[-1]), whole) for whole in wholes if _less((said, own[-1]), whole)]
    if not candidates or len(candidates) > 3:
        return
    if any(_gives(count[1], whole[1], percent) for count, whole in candidates):
        return
    if beside and not (_ASKED.search(said.text) or (before is not None and _ASKED.search(before.text))):
        return
    count, whole = candidates[-1]
    actual = half_up(100 * (count[1].value or 0) / (whole[1].value or 1), percent.decimals)
    printed = {
        "count": exact(count[1].value or Fraction(0)),
        "base": exact(whole[1].value or Fraction(0)),
        "printed": f"{exact(percent.value or Fraction(0))} %",
    }
    places = tuple(dict.fromkeys((place_of(said, percent), place_of(*count), place_of(*whole))))
    yield Finding(
        "count", places, Phrase("audit.what_count", {**printed, "actual": actual}),
        Phrase("audit.why_count", {}), Phrase("audit.ground_rate", {}),
        0.97, 0.7,
    )  # fmt: skip


_ASKED = re.compile(
    r"send|sendt|invit|udsendt|tilsendt|skema|questionnaire|mailed|asked|spurgt|svar|replied|answered|respond", re.IGNORECASE
)


def _base_of(mention: Mention) -> Mention:
    return Mention("base", mention.text, mention.start, mention.end, mention.line, mention.column, mention.sentence, value=mention.base)


def _less(count: tuple[Said, Mention], whole: tuple[Said, Mention]) -> bool:
    return count[1] is not whole[1] and (count[1].value or 0) < (whole[1].value or 0)


def _gives(count: Mention, whole: Mention, percent: Mention) -> bool:
    assert percent.value is not None
    share = 100 * (count.value or Fraction(0)) / (whole.value or Fraction(1))
    slack = Fraction(2) if percent.modifier else Fraction(1, 2 * 10**percent.decimals)
    change = 100 * ((whole.value or Fraction(0)) - (count.value or Fraction(0))) / (count.value or Fraction(1))
    return any(abs(one - percent.value) <= slack for one in (share, 100 - share, change))


def _named_again(said: Said) -> Iterator[Finding]:
    """ "Af de 212 er 130 trænere, så 61 procent er trænere": a count and a percentage of one noun in one sentence."""
    bases = _whole(said, "base")
    percents = [one for one in said.of("percentage") if one.value is not None and not one.modifier]
    if len(bases) != 1 or len(percents) != 1 or not re.search(r"\b(?:så|altså|dvs|so|thus|hence|i\.e)\b", said.text):
        return
    percent, base = percents[0], bases[0]
    heard = stems(said.text[percent.end - said.start :][:40], said.lang)
    counts = [one for one in _whole(said, "count") if one.end < percent.start and one.unit and stem(one.unit, said.lang) in heard]
    if len(counts) == 1 and _less((said, counts[0]), (said, base)) and not _gives(counts[0], base, percent):
        actual = half_up(100 * (counts[0].value or 0) / (base.value or 1), percent.decimals)
        printed = {
            "count": exact(counts[0].value or Fraction(0)),
            "base": exact(base.value or Fraction(0)),
            "printed": percent.text,
            "actual": actual,
        }
        yield Finding(
            "count", (place_of(said, percent), place_of(said, base)), Phrase("audit.what_count", printed), Phrase("audit.why_count", {}),
            Phrase("audit.ground_rate", {}), 0.97, 0.8,
        )  # fmt: skip


def _of_money(said: Said) -> Iterator[Finding]:
    """ "412,000 against a budget of 640,000, or 64 per cent": one sum as a share of the other."""
    money = [one for one in said.of("money") if one.value]
    for percent in said.of("percentage"):
        before = [one for one in money if one.end <= percent.start]
        if len(before) != 2 or percent.value is None:
            continue
        between = said.text[before[-1].end - said.start : percent.start - said.start]
        if not re.fullmatch(r"[^\d.;]{0,20}(?:,|\()\s*(?:or|eller|i\.e\.|that is|dvs\.|altså|svarende til|corresponding to)?\s*", between):
            continue
        low, high = sorted(before, key=lambda one: one.value or 0)
        if low.value != high.value and not _gives(low, high, percent):
            actual = half_up(100 * (low.value or 0) / (high.value or 1), percent.decimals)
            printed = {"count": low.text, "base": high.text, "printed": percent.text, "actual": actual}
            places = tuple(dict.fromkeys((place_of(said, percent), place_of(said, low))))
            yield Finding(
                "count",
                places,
                Phrase("audit.what_count", printed),
                Phrase("audit.why_count", {}),
                Phrase("audit.ground_rate", {}),
                0.95,
                0.8,
            )


def _gap(facts: Facts, said: Said) -> Iterator[Finding]:
    """ "Forskellen er 12 procentpoint" under the two percentages before it."""
    steps = [one for one in said.of("points") if one.value is not None]
    if not _GAP.match(said.text) or len(steps) != 1 or said.of("percentage"):
        return
    told = [
        (one, mention)
        for one in facts.said[max(0, said.position - 2) : said.position]
        if one.section == said.section
        for mention in one.of("percentage")
        if mention.value is not None
    ]
    if len(told) != 2:
        return
    first, last = told
    gap = abs((first[1].value or Fraction(0)) - (last[1].value or Fraction(0)))
    if _between_cells(facts, said, steps[0].value or Fraction(0)):
        return
    if abs(gap - (steps[0].value or Fraction(0))) > (1 if not steps[0].modifier else 3):
        printed = {"first": first[1].text, "last": last[1].text, "step": steps[0].text, "actual": exact(gap)}
        places = tuple(dict.fromkeys((place_of(said, steps[0]), place_of(*first), place_of(*last))))
        yield Finding(
            "difference", places, Phrase("audit.what_difference", printed),
            Phrase("audit.why_difference", {}), Phrase("audit.ground_difference", {}),
            0.9, 0.8,
        )  # fmt: skip


def _between_cells(facts: Facts, said: Said, gap: Fraction) -> bool:
    """Whether two cells of a column, or of a row, of the section's tables lie so far apart."""
    for shown in facts.shown:
        if shown.table is None or shown.section != said.section:
            continue
        rows = [[cell.value for cell in row.cells] for row in shown.table.rows]
        for line in (*rows, *zip(*(row for row in rows if len(row) == len(rows[0])), strict=False)):
            values = [value for value in line if value is not None]
            if any(abs(one - other) == gap for one, other in combinations(values, 2)):
                return True
    return False


def _signs(said: Said) -> list[tuple[Mention, int]]:
    return [(one, one.word.sign) for one in said.of("direction") if one.word is not None and one.word.sign in (1, -1)]


_NUMERIC = ("percentage", "count", "total", "ratio", "duration", "money")


def _change(said: Said, before: Said) -> Iterator[Finding]:
    """ "I 2021 havde 2.316 en mentor. Det er en stigning fra 1.870": one end here, the other in the sentence before."""
    signs = _signs(said)
    if not _IT_IS.match(said.text) or len(signs) != 1 or signs[0][0].start - said.start > 45:
        return
    ends = [one for one in said.of(*_NUMERIC) if one.role in ("from", "to") and one.value is not None and not _equals(said, one)]
    others = [one for one in before.of(*_NUMERIC) if one.value is not None]
    if len(ends) != 1:
        return
    end = ends[0]
    others = [one for one in others if (one.kind == "percentage") == (end.kind == "percentage") and (one.value or 0) > 2]
    if len(others) != 1:
        return
    first, last = ((said, end), (before, others[0])) if end.role == "from" else ((before, others[0]), (said, end))
    if ((last[1].value or 0) - (first[1].value or 0)) * signs[0][1] < 0:
        yield _direction(said, signs[0][0].text, first, last)


def _equals(said: Said, mention: Mention) -> bool:
    before = said.text[max(0, mention.start - said.start - 30) : mention.start - said.start]
    return bool(re.search(r"(?:svarende|svarer|corresponding|equal|amounts?)\s+(?:til|to)\s+(?:\S+\s+)?$", before, re.IGNORECASE))


_EARLIER = re.compile(
    r"\b(?:året før|sidste år|tidligere|forrige|the year before|last year|earlier|previous(?:ly)?|dengang)\b", re.IGNORECASE
)


def _score(said: Said, before: Said) -> Iterator[Finding]:
    """ "Gennemsnittet er 4,2. I 2020 var det 3,8, så tilfredsheden er steget": the earlier number second."""
    own = [one for one in said.of(*_NUMERIC) if one.value is not None]
    signs = _signs(said)
    if len(own) != 1 or len(signs) != 1 or signs[0][0].start < own[0].end:
        return
    between = said.text[own[0].end - said.start : signs[0][0].start - said.start]
    others = [one for one in before.of(*_NUMERIC) if one.value is not None and one.kind == own[0].kind and one.decimals == own[0].decimals]
    years = [one for one in said.of("year") if one.start < own[0].start]
    if (
        not re.search(r"[,;]\s*(?:så|hvorfor|dermed|altså|so|thus|hence|meaning)\b", between)
        or not others
        or not (years or _EARLIER.search(said.text))
    ):
        return
    if before.of("year") and years and max(one.value or 0 for one in before.of("year")) <= (years[0].value or 0):
        return
    if ((others[-1].value or 0) - (own[0].value or 0)) * signs[0][1] < 0:
        yield _direction(said, signs[0][0].text, (said, own[0]), (before, others[-1]))


_MORE = re.compile(r"\b(flere|mere|højere|større|more|higher|larger|færre|mindre|lavere|fewer|less|lower|smaller)\b", re.IGNORECASE)
_LESS = ("færre", "mindre", "lavere", "fewer", "less", "lower", "smaller")


def _fewer(said: Said, before: Said | None) -> Iterator[Finding]:
    """ "Fewer chose the advice (41) than the others (83)"; "103 var … Det er flere end dem, der … (63)"."""
    words = list(_MORE.finditer(said.text))
    than = re.search(r"\b(?:end|than)\b", said.text)
    if len(words) != 1 or than is None or words[0].start() > than.start() or re.search(r"\d\s+\w*\s*$", said.text[: words[0].start()]):
        return
    closed = [
        one
        for one in said.of("count", "ratio", "percentage")
        if one.value is not None and re.search(r"\(\s*$", said.text[: one.start - said.start])
    ]
    if before is None:
        first = [(said, one) for one in closed if words[0].end() <= one.start - said.start <= than.start()]
        if first and first[0][1].kind == "percentage":
            return
    elif _IT_IS.match(said.text) and words[0].start() < 25:
        first = [(before, one) for one in before.of("count", "ratio", "percentage") if one.value is not None and one.value > 4]
    else:
        return
    last = [(said, one) for one in closed if one.start - said.start > than.end()]
    if not first or len(last) != 1 or len(first) > (1 if before is None else 2) or first[0][1].kind != last[0][1].kind:
        return
    sign = -1 if words[0][0].lower() in _LESS else 1
    if ((first[0][1].value or 0) - (last[0][1].value or 0)) * sign < 0:
        yield _direction(said, words[0][0], first[0], last[0])


_COMPARED = re.compile(r"\s(?:mod|imod|against|compared (?:with|to)|sammenlignet med)\s", re.IGNORECASE)
_THEN_NOW = (
    re.compile(r"\b(?:før|before|tidligere|dengang)\b", re.IGNORECASE),
    re.compile(r"\b(?:efter|after|nu|now|i dag|today)\b", re.IGNORECASE),
)


def _against(said: Said) -> Iterator[Finding]:
    """ "89 i 2021 mod 64 i 2020, altså en vækst"; "14 minutter før og 22 efter, en forøgelse"; "extended from 9 weeks to 5 weeks"."""
    numbers = [one for one in said.of(*_NUMERIC) if one.value is not None]
    for first, last in ((one, other) for at, one in enumerate(numbers) for other in numbers[at + 1 : at + 2] if one.kind == other.kind):
        between = said.text[first.end - said.start : last.start - said.start]
        behind = said.text[last.end - said.start :]
        begins = min((one.start - last.end for one in numbers if one.start > last.end), default=len(behind))
        if _COMPARED.search(between):
            years = re.findall(r"\b(?:19|20)\d\d\b", between), re.findall(r"\b(?:19|20)\d\d\b", behind[:30])
            later = bool(years[0] and years[1] and years[0][-1] > years[1][0]) or bool(not years[1] and _EARLIER.search(behind[:40]))
            old, new = (last, first) if later else (None, None)
        elif _THEN_NOW[0].search(between) and (_THEN_NOW[1].search(between) or _THEN_NOW[1].search(behind[: min(begins, 20)])):
            old, new = first, last
        elif re.search(r"\b(?:fra|from)\s+(?:\w+\s+)?$", said.text[: first.start - said.start]) and re.search(
            r"\b(?:til|to)\s+(?:\w+\s+)?$", between
        ):
            yield from _verb(said, first, last)
            continue
        else:
            continue
        signs = [(one.text, sign) for one, sign in _signs(said) if one.start >= last.end and one.start - last.end < 70]
        signs = signs or [(word, sign) for word in re.findall(r"[^\W\d_]+", behind[:70].lower()) if (sign := _sign_of(said, word))]
        if old is not None and new is not None and len(signs) == 1 and ((new.value or 0) - (old.value or 0)) * signs[0][1] < 0:
            yield _direction(said, signs[0][0], (said, old), (said, new))


def _sign_of(said: Said, word: str) -> int:
    return 1 if word in word_list("upwards", said.lang) else -1 if word in word_list("downwards", said.lang) else 0


def _verb(said: Said, first: Mention, last: Mention) -> Iterator[Finding]:
    """Verbs that say a direction only beside "from … to …": shortened, extended, cut, stretched."""
    if _signs(said):
        return
    before = re.findall(r"[^\W\d_]+", said.text[: first.start - said.start].lower())[-6:]
    for word in reversed(before):
        sign = _sign_of(said, word)
        if sign:
            if ((last.value or 0) - (first.value or 0)) * sign < 0:
                yield _direction(said, word, (said, first), (said, last))
            return


def _this_change(said: Said) -> Iterator[Finding]:
    """ "up from 39 …; the members welcomed this increase": one change told with two directions."""
    signs: Sequence[tuple[Mention, int]] = _signs(said)
    named = [
        (one, sign) for one, sign in signs if re.search(r"\b(?:this|denne|dette|den)\s+(?:\w+\s+)?$", said.text[: one.start - said.start])
    ]
    opened = re.search(r"\b(up|down|op|ned)\s+(?:from|fra)\s", said.text, re.IGNORECASE)
    if len(named) != 1 or opened is None or named[0][0].start - said.start < opened.end():
        return
    up = 1 if opened[1].lower() in ("up", "op") else -1
    numbers = [one for one in said.of(*_NUMERIC) if one.value is not None]
    if named[0][1] != up and len(numbers) >= 2:
        yield _direction(said, named[0][0].text, (said, numbers[1]), (said, numbers[0]))

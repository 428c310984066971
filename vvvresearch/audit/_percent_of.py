"""Of what a percentage is the share: the count it is linked to, and every whole near it that may be meant, the likeliest first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from vvvresearch.audit._bases import ANSWERS, COUNTS, PERMILLE, Bases, Whole, sentences_before, whole_numbers
from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, Place, place_of
from vvvresearch.audit._slips import is_slip
from vvvresearch.audit._told import money_of, unit_of
from vvvresearch.audit._words import stem, stems
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention

# "231 borgere (38 pct.)", "87 siger, svarende til 80 pct.", "389, hvilket er 31 procent"
_LINK = re.compile(
    r"(?:\s+[^\W\d][\w-]*){0,8}\s*,?\s*(?:\(\s*(?:i alt |in all )?(?:svarende til |dvs\. |altså |or |that is )?|"
    r"(?:(?:hvilket|det|which|what|som)\s+)?(?:(?:svarer|svarende|corresponds|corresponding|equivalent|equal|amounts?)\s+(?:til|to)|"
    r"giver|udgør|er|is|gives|makes|eller|altså|dvs\.|det vil sige|or|i\.e\.|that is|=)\s+)"
    r"(?:(?:ca\.|omkring|about|kun|only|en svarprocent på|a response rate of|en andel på)\s+)?"
)
_VERB = re.compile(r"\b(?:er|har|var|havde|blev|is|are|was|were|has|had|have)\b")
# "38 pct. (231 borgere)"
_BEHIND = re.compile(r"\s*(?:of|af)?(?:\s+[^\W\d][\w-]*){0,5}\s*\(\s*(?:i alt |in all |n\s*=\s*|svarende til )?")
# "Det giver en svarprocent på 66": a percentage of the numbers told just before.
_BACK = re.compile(
    r"\b(?:det|dette|hvilket|that|this|which|it)\s+(?:svarer til|giver|udgør|gives|equals|makes|corresponds to|er|is)\b[^\d]{0,40}$|"
    r"\b(?:svarende til|med|corresponding to|giving|with)?\s*(?:en|a)\s+(?:samlet\s+|overall\s+)?(?:"
    r"svarprocent|svarandel|svarrate|response rate|"
    r"gennemførelsesprocent|completion rate)\s+(?:på|of)\s+(?:\w+\.?\s+)?$|"
    r"\b(?:svarprocenten|the response rate|svarandelen|gennemførelsesprocenten)\s+(?:[^\W\d]+\s+){1,4}$|"
    r"\b(?:svarer det til|svarende til|altså|dvs\.|corresponding to|equivalent to)\s+(?:\w+\.?\s+)?$",
    re.IGNORECASE,
)
_OWN_SHARE = re.compile(
    r"\b(?:udgør|udgjorde|svarer til|står for|make up|makes up|made up|account for|accounted for|represent)\b[^\d]{0,24}$", re.IGNORECASE
)
_CHANGE = re.compile(
    r"(?:stigning|(?<![^\W\d_])(?:fald|faldt|steg|stig|vækst|fremgang|tilbagegang|nedgang|øg|reducer|mindre|flere|færre|mere|lavere|højere|besparelse|forskel|vokse|"
    r"fell|drop|rise|rose|grow|grew|increas|decreas|reduc|saved|saving|lower|higher|fewer|more|less|change|udvikling|fra\s))",
    re.IGNORECASE,
)
_FIGURES = (*COUNTS, "percentage", "points", "money")
# How far, in points, a percentage may lie from what a base gives that no word ties to it.
_FAR = 12
# From which count on it is known by its number.
_KNOWN = 100
# Up to which rank a whole is near.
_NEAR = 6
# Up to which rank a whole is meant though one from afar gives the percentage, where a slip would make it so.
_FARTHEST = 4
# How often a whole is told, at least, that is meant from afar.
_OFTEN = 4


def percent_of_findings(facts: Facts, bases: Bases) -> Iterator[Finding]:
    """Findings on percentages that are no share of any whole near them, or that are told of one count with two values."""
    yield from _told_twice(facts)
    for said in facts.said:
        if said.block.kind in ("caption", "heading"):
            continue
        yield from _of_sums(facts, said)
        for percent in said.mentions:
            scale = _scale(percent)
            if not scale or percent.value is None or percent.low is not None or percent.role in ("from", "by"):
                continue
            counts = _counts(facts, said, percent) or _bracketed(facts, said, percent)
            if counts:
                yield from _judged(facts, bases, said, percent, scale, counts)


def _told_twice(facts: Facts) -> Iterator[Finding]:
    """ "1.128 beboere (48 procent)" in one place, "1.128 beboere svarende til 43 procent" in another."""
    told: dict[Fraction, list[tuple[Said, Mention, Mention]]] = defaultdict(list)
    for said in facts.said:
        for percent in said.of("percentage"):
            counts = _counts(facts, said, percent) if percent.value is not None and percent.low is None else []
            value = counts[0][1].value if len(counts) == 1 and counts[0][0] is said else None
            if value is not None and int(value) >= _KNOWN:
                told[value].append((said, counts[0][1], percent))
    for found in told.values():
        first, _, percent = found[0]
        for said, count, other in found[1:]:
            units = {stem(one.unit, said.lang) for _, one, _ in (found[0], (said, count, other)) if one.unit}
            near = abs((other.value or Fraction(0)) - (percent.value or Fraction(0))) <= _FAR and other.decimals == percent.decimals
            if other.value != percent.value and near and not (other.modifier or percent.modifier) and len(units) < 2:
                what = Phrase("audit.what_retold", {"first": percent.text, "second": other.text})
                places = (place_of(said, other), place_of(first, percent))
                yield Finding("retold", places, what, Phrase("audit.why_retold", {}), Phrase("audit.ground_retold", {}), 0.9, 0.7)


def _scale(mention: Mention) -> int:
    if mention.kind == "percentage":
        return 100
    return 1000 if mention.kind == "count" and PERMILLE.match(mention.unit) else 0


def _counts(facts: Facts, said: Said, percent: Mention) -> list[tuple[Said, Mention]]:
    """The count that a percentage is told with; the counts just before, where it looks back at them."""
    numbers = [one for one in said.of(*_FIGURES) if one.value is not None]
    if _RESPECTIVELY.search(said.text):
        return _in_turn(facts, said, percent)
    left = said.text[: percent.start - said.start]
    earlier = [one for one in numbers if one.end <= percent.start]
    if earlier and not (earlier[-1].spelled and (earlier[-1].value or 0) <= 12):
        one = earlier[-1]
        between = left[one.end - said.start :]
        if one.kind in COUNTS and one.value and one.value.denominator == 1 and len(between) < 70 and _LINK.fullmatch(between):
            behind = between.rstrip("( ")
            tied = between.rstrip().endswith("(") or re.search(r"svar|correspond|equivalent|equal", between) is not None
            if one.kind == "base" and not tied:
                return []
            if one.kind == "ratio" or not (_VERB.search(behind[:-3]) and "," not in between):
                return [(said, one)]
    later = [one for one in numbers if one.start >= percent.end]
    if later and later[0].kind in ("count", "total"):
        between = said.text[percent.end - said.start : later[0].start - said.start]
        following = said.text[later[0].end - said.start :]
        apposed = re.fullmatch(r"(?:\s+(?:af|of)(?:\s+[^\W\d]+){1,3})?,\s+(?:i alt |nemlig |svarende til |or |that is )?", between)
        if apposed and re.match(r"(?:\s+[^\W\d]+){0,2},\s", following):
            return [(said, later[0])]
        if _BEHIND.fullmatch(between) and re.match(r"[^()\d]{0,30}\)", following):
            return [(said, later[0])]
    if _OWN_SHARE.search(left) and not _BACK.search(left):
        return _of_noun(facts, said, left)
    if _BACK.search(left) and not re.search(r",\s*(?:at|that)\b[^,]*$", left):
        pool = [(said, one) for one in whole_numbers(said) if one.end <= percent.start]
        if not pool or len(pool) == 1:
            for other in sentences_before(facts, said, 1):
                if not other.of("percentage", "direction"):
                    pool = [(other, one) for one in whole_numbers(other)] + pool
        return pool
    return []


def _bracketed(facts: Facts, said: Said, percent: Mention) -> list[tuple[Said, Mention]]:
    """ "jobcentret (81), egen læge (47) … 56 pct. er henvist af jobcentret": the count in brackets behind a noun that is told again."""
    if said.of("count", "ratio", "base") or percent.modifier:
        return []
    spoken = stems(said.clause(percent), said.lang)
    found = []
    for owner in sentences_before(facts, said, 2):
        for one in whole_numbers(owner, "count"):
            named = re.search(r"([^\W\d_]{3,})\s*\(\s*$", owner.text[: one.start - owner.start])
            if named and stem(named[1], said.lang) in spoken:
                found.append((owner, one))
    return found if len(found) == 1 else []


_RESPECTIVELY = re.compile(r"\b(?:henholdsvis|respectively)\b", re.IGNORECASE)


def _in_turn(facts: Facts, said: Said, percent: Mention) -> list[tuple[Said, Mention]]:
    """ "668 … og 445 … Det svarer til henholdsvis 60 og 40 pct.": to each percentage the count of its place in the list."""
    percents = list(said.of("percentage"))
    for owner in (said, *sentences_before(facts, said, 1)):
        counts = [one for one in whole_numbers(owner, "count", "ratio") if not one.modifier]
        if len(counts) == len(percents) > 1:
            return [(owner, counts[percents.index(percent)])]
    return []


def _of_noun(facts: Facts, said: Said, left: str) -> list[tuple[Said, Mention]]:
    """ "Kvinderne udgør dermed 54 procent": the count that was told with the noun of the subject."""
    clause = re.split(r"[,;:]\s|\b(?:og|and|mens|while)\s", left)[-1]
    subject = [stem(word, said.lang) for word in re.findall(r"[^\W\d_]{3,}", clause)[:3]]
    found = [
        (other, one)
        for other in (said, *sentences_before(facts, said, 2))
        for one in whole_numbers(other, "count", "ratio")
        if one.start < said.start + len(left) and (unit := unit_of(other, one)) and stem(unit, said.lang) in subject[:2]
    ]
    near = {one.value for _, one in found[:1]}
    return [pair for pair in found if pair[1].value in near][:1]


def _gives(count: Fraction, whole: int, percent: Mention, scale: int) -> bool:
    assert percent.value is not None
    if abs(scale * float(count) / whole - float(percent.value)) > 4:
        return False  # far off: no need to be exact
    share = scale * count / whole
    slack = Fraction(3) if percent.modifier not in ("", "exactly") else Fraction(1, 2 * 10**percent.decimals)
    return abs(share - percent.value) <= slack or half_up(share, percent.decimals) == half_up(percent.value, percent.decimals)


def _slipless(count: Fraction, whole: Whole, percent: Mention, scale: int) -> bool:
    """Whether no slip makes the percentage of the share that a whole gives."""
    assert percent.value is not None
    share = half_up(scale * count / whole.value, percent.decimals)
    return not is_slip(str(share), str(half_up(percent.value, percent.decimals)))


def _is_change(said: Said, percent: Mention) -> bool:
    """Whether a percentage may tell how much something grew or fell."""
    start, end = percent.start - said.start, percent.end - said.start
    return bool(_CHANGE.search(said.text[max(0, start - 60) : start]) or _CHANGE.search(said.text[end : end + 30]))


def _judged(
    facts: Facts, bases: Bases, said: Said, percent: Mention, scale: int, counts: Sequence[tuple[Said, Mention]]
) -> Iterator[Finding]:
    assert percent.value is not None
    own = counts[0][1] if len(counts) == 1 and counts[0][0] is said and counts[0][1].kind == "ratio" and counts[0][1].base else None
    if own is not None or (_is_change(said, percent) and not _RATE.search(said.text)):
        # A ratio and its percentage are read where they stand beside each other; a change where its two ends are.
        return
    wholes = bases.wholes(said, percent)
    pairs: list[tuple[Said, Mention, Whole]] = []
    far, noun = False, _OWN_SHARE.search(said.text[: percent.start - said.start]) is not None
    for owner, count in counts:
        value = count.value or Fraction(0)
        larger = [one for one in wholes if one.value > value]
        giving = [min(one.rank, _NEAR if one.times > 2 else 9) for one in larger if _gives(value, one.value, percent, scale)]
        if any(_gives(value, one, percent, scale) for one in bases.beside(value)):
            return
        if giving and min(giving) <= _NEAR:
            return
        far = far or bool(giving)
        # A whole that the document tells again and again is meant from afar too.
        pairs += [
            (owner, count, one) for one in larger if one.rank <= 5 or (noun and one.times > 2 and not _slipless(value, one, percent, scale))
        ]
    chosen = _likeliest(pairs, percent, scale, alone=len(counts) == 1 and not far)
    if chosen is None and pairs and not far and _RATE.search(said.text) and any(_EVERYBODY.search(one.text) for one in _near(facts, said)):
        # "Alle fik et skema. 44 svarede, en svarprocent på 61": a rate of all who were asked, and no number of the document gives it.
        printed = percent.value
        chosen = min(pairs, key=lambda one: (one[2].rank, abs(scale * (one[1].value or Fraction(0)) / one[2].value - printed)))
    if chosen is None and not far and len(counts) == 1 and counts[0][0] is said and not _RATE.search(said.text):
        # A count with its percentage, and the one number larger than it that the document tells again and again.
        known = {one.value for one in wholes if one.times > _OFTEN and one.value > (counts[0][1].value or 0)}
        found = [one for one in wholes if known == {one.value}]
        chosen = (said, counts[0][1], min(found, key=lambda one: one.rank)) if found else None
    if far and (chosen is None or chosen[2].rank > _FARTHEST or _slipless(chosen[1].value or Fraction(0), chosen[2], percent, scale)):
        return
    if chosen is None:
        return
    owner, count, whole = chosen
    actual = half_up(scale * (count.value or Fraction(0)) / whole.value, percent.decimals)
    sign = "%" if scale == 100 else "‰"
    what = Phrase(
        "audit.what_count",
        {"count": exact(count.value or Fraction(0)), "base": whole.value, "printed": f"{exact(percent.value)} {sign}", "actual": actual},
    )
    places = tuple(dict.fromkeys((place_of(said, percent), place_of(owner, count), whole.place)))
    ground = Phrase("audit.ground_count", {"how": Phrase(f"audit.base_{whole.how}", {})})
    yield Finding("count", places, what, Phrase("audit.why_count", {}), ground, 0.95, 0.85 if whole.rank < 3 else 0.6)


def _near(facts: Facts, said: Said) -> list[Said]:
    return [said, *sentences_before(facts, said, 2)]


_EVERYBODY = re.compile(
    r"\b(?:alle|samtlige|hver|every|all|each|inviter\w*|udsendt|sendt|gik til|sent|invited|posted|handed|uddelt|modtog|fik)\b",
    re.IGNORECASE,
)
_RATE = re.compile(r"svarprocent|svarandel|svarrate|response rate", re.IGNORECASE)


def _likeliest(
    pairs: Sequence[tuple[Said, Mention, Whole]], percent: Mention, scale: int, *, alone: bool
) -> tuple[Said, Mention, Whole] | None:
    """The pair that is meant: the nearest one whose share is nearly the percentage, or the only one that its sentence gives."""
    assert percent.value is not None
    scored = []
    for owner, count, whole in pairs:
        share = scale * (count.value or Fraction(0)) / whole.value
        gap = abs(share - percent.value)
        slip = is_slip(str(half_up(share, percent.decimals)), str(half_up(percent.value, percent.decimals)))
        if slip or gap <= _FAR * scale / 100:
            answered = not alone and ANSWERS.search(owner.text) is not None
            scored.append((whole.rank - 2 * slip - answered, float(gap), owner, count, whole))
    if scored:
        best = min(scored, key=lambda one: one[:2])
        return best[2], best[3], best[4]
    near = [one for one in pairs if one[2].rank <= 1 and _stands_before(one[0], one[1], one[2])]
    return near[0] if len({(one[1].value, one[2].value) for one in near}) == 1 and near else None


def _stands_before(owner: Said, count: Mention, whole: Whole) -> bool:
    """Whether a whole is told before its part, or as one: "291 er under 18 år, og 374 er ældre" has two parts."""
    if isinstance(whole.told, Place) or whole.told[0] is not owner:
        return True
    return whole.told[1].start < count.start or whole.told[1].kind in ("base", "total", "ratio")


_OF_MONEY = re.compile(
    r"(?:\s+(?:af|of)\s+(?:[^\W\d]+\s+){0,2}(?:midlerne|budgettet|beløb\w*|udgift\w*|pengene|indtægt\w*|bevilling\w*|omkostning\w*|tilskud\w*|"
    r"costs?|budget|spending|expenditure|money|funding|income|total|grant)\b)",
    re.IGNORECASE,
)
_APPOSED = re.compile(
    r"^[^\d.;]{0,20}(?:,|\(|\s(?=eller|or|svarende))\s*"
    r"(?:or|eller|i\.e\.|that is|which is|hvilket er|det er|dvs\.|altså|svarende til|corresponding to|equal to)?\s*"
    r"(?:about|ca\.|knap|godt)?\s*$",
    re.IGNORECASE,
)


def _of_sums(facts: Facts, said: Said) -> Iterator[Finding]:
    """ "Fares brought in £448,000, or 35% of the cost": a percentage of one sum of money by another."""
    for percent in said.of("percentage"):
        if percent.value is None or percent.low is not None or percent.modifier not in ("", "exactly"):
            continue
        left, right = said.text[: percent.start - said.start], said.text[percent.end - said.start :]
        own = [(said, one) for one in said.of("money") if one.value]
        last = max((one.end - said.start for _, one in own if one.end <= percent.start), default=-1)
        if not (_OF_MONEY.match(right) or (last >= 0 and _APPOSED.search(left[last:]))):
            continue
        money = [(owner, one) for owner in (said, *sentences_before(facts, said, 2)) for one in owner.of("money") if one.value]
        pairs = [(part, whole) for part in money for whole in money if 0 < money_of(*part) < money_of(*whole)]
        shares = [(abs(100 * money_of(*part) / money_of(*whole) - percent.value), part, whole) for part, whole in pairs]
        if not shares or min(one[0] for one in shares) <= Fraction(1, 10**percent.decimals):
            continue
        printed_as = str(half_up(percent.value, percent.decimals))
        slips = [
            one
            for one in shares
            if is_slip(str(half_up(100 * money_of(*one[1]) / money_of(*one[2]), percent.decimals)), printed_as)
        ]  # fmt: skip
        near = slips or [one for one in shares if (one[0] <= _FAR or len(shares) == 1) and one[1][0] is said]
        if near:
            _, part, whole = min(near, key=lambda one: one[0])
            actual = half_up(100 * money_of(*part) / money_of(*whole), percent.decimals)
            printed = {"count": part[1].text, "base": whole[1].text, "printed": percent.text, "actual": actual}
            places = tuple(dict.fromkeys((place_of(said, percent), place_of(*part), place_of(*whole))))
            yield Finding(
                "count", places, Phrase("audit.what_count", printed),
                Phrase("audit.why_count", {}), Phrase("audit.ground_rate", {}), 0.95, 0.75,
            )  # fmt: skip

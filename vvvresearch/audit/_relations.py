"""Numbers that follow from others near them: a share of a whole, a mean, a product, a difference, what is left over.

One way of judging for all of them. Every equation that the words around a number allow is tried. Where none gives the number, and a
slip of the pen makes it what one of them gives, that is weighed in bits: how seldom two numbers lie so near by chance, how near the
others of the equation are told and in which words, and against it what speaks for every other equation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from math import log2

from vvvresearch.audit._bases import THE_OTHERS
from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding
from vvvresearch.audit._named_cells import THE_LARGEST
from vvvresearch.audit._near_numbers import OF_THEM, Equation, Number, Pool, around, follows, is_end, named_whole, printed_as
from vvvresearch.audit._rates import APIECE, SO, mean_equations, product_equations
from vvvresearch.audit._slips import surprise
from vvvresearch.audit._words import common, stem
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import verb_form

# Bits that a finding needs.
_NEEDED = {"share": 1.2, "mean": 2.5, "product": 2.0, "difference": 2.0, "rest": 1.5}


def relation_findings(facts: Facts, pool: Pool) -> Iterator[Finding]:
    """Findings on numbers that nearly are what others near them give."""
    for said in facts.said:
        if said.block.kind in ("caption", "heading", "note") or not pool.own[said.position]:
            continue
        near = pool.near(said)
        added = _added_up(pool.own[said.position], near)
        for target in pool.own[said.position]:
            if id(target) in added:
                # "72 timer, heraf 41 med personale og 31 uden": each of them is what the others give.
                continue
            yield from _judged(target, list(_equations(said, target, near)))


def _added_up(own: Sequence[Number], near: Sequence[Number]) -> set[int]:
    """Of the counts of a sentence those that make up a number told with them, or before them, and that number."""
    counts = [one for one in own if one.family == "count" and one.decimals == 0 and not one.loose][:7]
    wholes = [one for one in near if one.family in ("count", "duration", "money") and one.away <= 1 and one.value > _SMALL]
    found: set[int] = set()
    for size in (2, 3, 4):
        for some in combinations(counts, size):
            added = sum(one.amount for one in some)
            made = [one for one in wholes if one.amount == added and one not in some]
            if made:
                found |= {id(one) for one in (*some, *made)}
    return found


# Sums up to this are met by accident.
_SMALL = 20


def _equations(said: Said, target: Number, near: Sequence[Number]) -> Iterator[Equation]:
    others = [one for one in near if one.mention is not target.mention or one.mention is None]
    if target.family == "percent" and not target.loose and not is_end(said, target):
        yield from _shares(said, target, others)
    if target.family in ("count", "money", "duration") and not target.loose and target.value > 1:
        left, right = around(said, target)
        # "134 of them, with an average of 24": what the words behind the comma say is of the number behind them.
        apiece = APIECE.search(left[-60:]) or APIECE.search(re.split(r"[,;:(]", right[:45])[0])
        if apiece and not is_end(said, target):
            yield from mean_equations(target, others, left, right)
        yield from product_equations(target, others, left, right)
    if target.family in ("count", "money", "percent", "points", "duration"):
        left, right = around(said, target)
        moved = SO.search(left[-12:]) is not None and {"from", "to"} <= {one.at.role for one in others if one.away == 0 and one.mention}
        if _MORE.match(right) or _STEP.search(left) or (moved and target.family != "percent"):
            yield from _differences(target, others)
        if target.family in ("count", "money") and said.block.kind != "item" and _REST.search(left[-50:]):
            yield from _rests(target, others)


_CHANGE = re.compile(
    r"\b(?:med|by|steget|faldet|rose|fell|op|ned|up|down|stigning\w*|fald|increase|drop|vækst)\s+(?:\w+\s+)?$|^\s*(?:flere|færre|more|fewer|less|higher|"
    r"lower|højere|lavere|mere|mindre)\b", re.IGNORECASE,
)  # fmt: skip


def _shares(said: Said, target: Number, others: Sequence[Number]) -> Iterator[Equation]:
    """A percentage as the share that one number is of another."""
    left, right = around(said, target)
    largest_of = list(THE_LARGEST.finditer(left))
    counted = any(one.away == 0 and one.mention and one.family == "count" and one.value > 12 for one in others)
    if THE_OTHERS.search(left[-70:]) or (largest_of and not counted):
        # Of whom it is told, no number says.
        return
    so = 2.0 if _IT_IS.match(said.text) else 1.0 if SO.search(left[-40:]) else 0.0
    # "124 har svaret, og 63 pct. vil gerne": what is said of a percentage behind "and" is another thing.
    verb = _VERB.match(right) if _AND.search(left) else None
    another = verb is not None and verb_form(verb[1].lower(), said.lang) == "finite"
    of_this = _OF_THIS.search(left[-40:]) is not None
    changed = bool(_CHANGE.search(left[-30:]) or _CHANGE.match(right) or _STEP.search(left))
    step = Fraction(1, 2 * 10**target.decimals)
    numbers = [one for one in others if one.family in ("count", "money") and one.value > 4 and not (one.family == "count" and one.decimals)]
    numbers = [one for one in numbers if one.mention is None or not one.mention.spelled or one.value > 12]
    percents = [one.value for one in others if one.family == "percent"]
    largest = max((one.value for one in numbers if one.family == "money" and one.away <= 3), default=0)
    behind = _OF_NUMBER.match(right)
    wholes = {
        one.value for one in numbers if one.away == 0 and one.mention is not None
        and (one.at.kind == "base" or (behind is not None and one.at.start == target.at.end + behind.end()))
    }  # fmt: skip
    named = named_whole(said, target, numbers)
    told_before = [one for one in numbers if one.away == 0 and one.mention and one.at.start < target.at.start]
    last = max((one.at.start for one in told_before), default=-1)
    if told_before and OF_THEM.match(right):
        # "618 moved out, and a year later 74 per cent of those were …": the whole is told, the part is not.
        return
    if _CONTRAST.search(left) or _CONTRAST.match(right):
        # "71 per cent against 82 per cent": of two groups.
        numbers = [one for one in numbers if one.away == 0]
    noun = stem(target.at.unit, said.lang) if target.at.unit else ""
    # "løn 8,2 mio. kr., lokaler 1,0 mio. kr. … Løn udgør 69 procent": the one number of its sentence that shares a word.
    sharing = Counter(one.place for one in numbers if one.away >= 1 and one.mention and common(one.words, target.words))
    before = [one for one in numbers if one.away == 1 and one.mention is not None and one.at.kind != "base"]
    latest = max(before, key=lambda one: one.at.start).value if before else Fraction(0)
    for one in others:
        if one.family == "percent" and one.away <= 1 and one.mention is not None:
            # "724 svarede ja (85 %). Hver syvende (15 %) gjorde ikke."
            yield Equation("other", 100 - one.value, 1.0, (one,), step)
    for part in numbers:
        if part.away > 2 or part.loose:
            continue
        if changed and part.mention and _MORE.match(around(part.owner, part)[1]):
            # "386 flere, en fremgang på 34 %": of what was before, the number now less what it grew by.
            for now in (one for one in numbers if one.value > 2 * part.value and one.family == part.family):
                yield Equation("other", 100 * part.value / (now.value - part.value), 1.0, (part, now), step)
        tie = _tie(target, part, so=so, last=last, latest=latest)
        # "544 more than the 2,720 of the year before, a rise of 20 %"
        than = _THAN.match(around(part.owner, part)[1]) if part.mention and part.away == 0 else None
        base = part.at.end + than.end() if than is not None else -1
        tie += 1.5 if part.away >= 1 and sharing[part.place] == 1 and common(part.words, target.words) else 0.0
        for whole in numbers:
            if whole.family != part.family or whole.value <= part.value:
                continue
            if (wholes and whole.value not in wholes) or (part.away == _BEHIND and whole.away > _BEHIND):
                continue
            prior = (
                tie
                - (6.0 if wholes and part.away else 1.0 if part.away and not whole.away else 0.0)
                + _whole(target, part, whole)
                + ((2.5 if of_this and whole.away else 1.0) if whole.value == largest else 0.0)
                - (3.0 if changed and not (part.mention and _MORE.match(around(part.owner, part)[1])) else 0.0)
                - (3.0 if another and part.away == 0 and part.mention is not None and whole.mention is part.mention else 0.0)
            )
            prior += 4.0 if whole.away == 0 and whole.mention and whole.at.start == base else 0.0
            if noun and whole.unit:
                # "41 procent af alle boliger"
                prior += 2.0 if whole.unit == noun else -1.0
            prior += 0.0 if part.whole is None else 1.5 if part.whole == whole.value else -3.0
            # "239 of the 434, 55 %"
            prior += 2.0 if whole.mention is not None and whole.mention is part.mention and part.away == 0 else 0.0
            tight = named is not None and part.mention is named[0].mention and whole.value == named[1].value
            prior += _TIGHT if tight else 0.0
            share = 100 * part.value / whole.value
            if any(abs(share - one) <= step for one in percents):
                # It has its percentage already.
                prior -= 3
            yield Equation("share", share, prior, (part, whole), step, tight)
            yield Equation("other", 100 - share, prior - 2, (part, whole), step)
            yield Equation("other", 100 * whole.value / part.value - 100, prior - (0 if changed else 3), (part, whole), step)


def _tie(target: Number, part: Number, *, so: float, last: int, latest: Fraction) -> float:
    """Bits for and against a number's being the part that a percentage tells."""
    if part.mention is None:
        # A cell of a row that the sentence names.
        return 0.0 if common(part.words, target.words) else -3.0
    if part.away == 1.5:
        return -3.0
    apart = part.away or target.at.start - part.at.end > 60 or part.at.start != last
    bits = 1.5 if apart and part.words and common(part.words, target.words) else 0.0
    if part.at.kind == "base":
        bits -= 1.5
    if part.away:
        return bits - part.away * (1.5, 0.5, 0.5)[int(so)] + (1.5 if so == 2 and part.away == 1 and part.value == latest else 0.0)
    if part.at.start > target.at.start:
        between = part.owner.text[target.at.end - part.owner.start : part.at.start - part.owner.start]
        return bits + (3.0 if _THAT_IS.fullmatch(between) else 0.0 if len(between) < 30 else -2.5)
    gap = target.at.start - part.at.end
    return bits + (1.5 if part.at.start == last and gap < 60 else -1.0) + min(so, 1.0)


def _whole(target: Number, part: Number, whole: Number) -> float:
    """Bits for and against a number's being the whole of a part."""
    bits = -0.8 * whole.away
    if whole.mention is not None and whole.at.kind == "base":
        bits += 1.0
    if whole.mention is not None and part.mention is not None and whole.said is part.said:
        bits += 0.5 if whole.at.start < part.at.start else -1.0
        first, last = sorted((part, whole), key=lambda one: one.at.start)
        listed = whole.at.kind != "base" and part.at.kind != "ratio" and follows(part.owner, first, last)
        bits -= 1.0 if listed and not OF_THEM.match(around(part.owner, part)[1]) else 0.0
    if whole.away and ((whole.unit and whole.unit in target.words) or common(whole.words - part.words, target.words)):
        bits += 1.0
    return bits


_CONTRAST = re.compile(r"(?:\s+[^\W\d]+){0,3}\s*(?:against|versus|mod|compared with)\s+(?:[^\W\d]+\s+)?(?:$|\d)", re.IGNORECASE)
# What it is worth that a part names its whole.
_TIGHT = 5.0
# How far off the sentence behind is told.
_BEHIND = 1.5
_OF_THIS = re.compile(r"\b(?:of this|of it|of that|heraf|deraf|af dette|af det)\b[\W]*$", re.IGNORECASE)
_AND = re.compile(r",\s+(?:og|and)\s+(?:[^\W\d]+\s+)?$", re.IGNORECASE)
_VERB = re.compile(r"\s*(?:pct\.?|procent|per ?cent|%)?\s*([^\W\d_]+)", re.IGNORECASE)
_OF_NUMBER = re.compile(r"\s+(?:af|of)\s+(?:de |the )?", re.IGNORECASE)
# "75 procent, det vil sige 9,3 mio. kr."
_THAT_IS = re.compile(
    r"(?:\s+(?:af|of)(?:\s+[^\W\d]+){1,4})?,?\s+\(?(?:det vil sige|dvs\.?|altså|svarende til|eller|or|that is)\s+[£$€]?", re.IGNORECASE
)
_IT_IS = re.compile(
    r"\W*(?:det|dette|that|this|it|dermed|altså|so|or|in other words|med andre ord|hence|thus)\W+(?:\w+\s+){0,2}?"
    r"(?:er|svarer|giver|udgør|is|was|makes|gives|corresponds|equals|means|blev)\b", re.IGNORECASE,
)  # fmt: skip
_MORE = re.compile(
    r"\s*(?:%|[^\W\d]+\.?)?(?:\s*[^\W\d]+){0,2}?\s*\b(?:flere|færre|mere|mindre|højere|lavere|more|fewer|less|higher|lower|short of|"
    r"cheaper|billigere)\b", re.IGNORECASE,
)  # fmt: skip
_STEP = re.compile(
    r"\b(?:stigning\w*|vækst\w*|fald\w*|fremgang\w*|tilbagegang\w*|ændring\w*|forskel\w*|tilvækst\w*|mindreforbrug|merforbrug|overskud|underskud|"
    r"increase|rise|drop|fall|growth|difference|gap|change|rose|fell|grew|gain|steg|faldt|voksede|øgedes|aftog|improved|slipped|"
    r"surplus|deficit|past it|steget|faldet|vokset|"
    r"øget)\b[^.;\d]{0,24}\b(?:på|med|of|by|er|is|was|var)\s+(?:[^\W\d]+\s+)?[£$€]?$", re.IGNORECASE,
)  # fmt: skip


def _differences(target: Number, others: Sequence[Number]) -> Iterator[Equation]:
    family = {"points": "percent"}.get(target.family, target.family)
    numbers = [one for one in others if one.family in (family, target.family) and one.value != target.value and not one.loose]
    step = Fraction(1, 10**target.decimals) if family == "percent" else Fraction(0)
    _, right = around(target.owner, target)
    than = _THAN.match(right)
    last = [one for one in numbers if than and one.away == 0 and one.mention and one.at.start == target.at.end + than.end()]
    if last:
        # "38, six more than the 32 of the year before"
        own = [one for one in numbers if one.away == 0 and one.mention and one.at.start < target.at.start][-1:]
        told = sorted((one for one in numbers if one.away == 1 and one.mention), key=lambda one: one.at.start)[:1]
        yield from (Equation("difference", abs(one.value - last[0].value), 3.0, (one, last[0]), step) for one in own or told)
        return
    years = {str(year) for year in target.at.times}
    tied = {id(one): 1.5 * bool(one.away and common(one.words, target.words)) + 2.0 * bool(one.words & years) for one in numbers}
    for one, other in combinations(numbers, 2):
        if one.value != other.value:
            prior = -0.8 * (one.away + other.away) - (0.0 if min(one.away, other.away) < 1.5 else 1.0)
            prior += tied[id(one)] + tied[id(other)]
            prior += 1.5 if one.away == other.away == 0 else 0.0
            prior += _ENDS if _are_ends(one, other) else 0.0
            yield Equation("difference", abs(one.value - other.value), prior, (one, other), step)


# What it is worth that two numbers of the sentence are the ends of its change.
_ENDS = 3.0


def _are_ends(one: Number, other: Number) -> bool:
    return one.away == other.away == 0 and {n.mention.role for n in (one, other) if n.mention is not None} == {"from", "to"}


_THAN = re.compile(r"[^.;,\d]{0,40}?\b(?:end|than)\b[^.;\d]{0,60}?(?=[\d£$€])[£$€]?", re.IGNORECASE)
_REST = re.compile(
    r"\b(?:øvrige|resterende|sidste|andre|remaining|other|others|the rest|resten|leaves|leaving|mens|while|whereas)\b[^.;\d]{0,25}$",
    re.IGNORECASE,
)


def _rests(target: Number, others: Sequence[Number]) -> Iterator[Equation]:
    numbers = [one for one in others if one.family == target.family]
    # "121 er henvist, mens 45 selv har søgt": what is set beside may be the rest.
    only = _BESIDE.search(around(target.owner, target)[0]) is not None
    for whole in numbers:
        if whole.loose or whole.value == target.value:
            continue
        parts = [one for one in numbers if one is not whole and one.value < whole.value and not one.loose and one.away <= 1.5]
        for size in (1, 2):
            for some in combinations(parts, size):
                added = sum((one.value for one in some), Fraction(0))
                if added < whole.value:
                    prior = -0.8 * (whole.away + max(one.away for one in some)) - (size - 1)
                    prior += 3.0 if size == 1 and not only and _are_told_last(target, some[0], whole, numbers) else 0.0
                    yield Equation("rest", whole.value - added, prior, (whole, *some))


def _are_told_last(target: Number, part: Number, whole: Number, numbers: Sequence[Number]) -> bool:
    """Whether a part and its whole are the last two numbers before: "Out of 265 schools 212 have signed. The other 53 …"."""
    told = [one for one in numbers if one.mention is not None and (one.away == 1 or (one.away == 0 and one.at.start < target.at.start))]
    told = [one for one in told if one.away == min(other.away for other in told)]
    if len(told) == 1:
        # "Landsbyggefonden betaler 9,3, kommunen de øvrige 3,1": of the whole told last before it.
        told += sorted((one for one in numbers if one.mention is not None and one.away == 1), key=lambda one: one.value)[-1:]
    return part in told and {one.value for one in told} == {part.value, whole.value}


_BESIDE = re.compile(
    r"\b(?:mens|while|whereas|andre|others?|sidste)\b(?<!the other)[^.;\d]{0,25}$|"
    r"\b(?:af|of|blandt|among|hos)\s+(?:de|the)\s+[^\W\d]+\s+$",
    re.IGNORECASE,
)


# What floating point may make of two equal numbers.
_SAME = 1e-9


def _judged(target: Number, equations: Sequence[Equation]) -> Iterator[Finding]:
    if not equations:
        return
    # How likely each is meant, beside the others and that the number follows from none of them.
    likeliest: dict[tuple[str | float, ...], Equation] = {}
    for one in equations:
        key: tuple[str | float, ...] = (one.kind, float(one.gives), *(number.amount for number in one.of))
        if key not in likeliest or one.prior > likeliest[key].prior:
            likeliest[key] = one
    equations = list(likeliest.values())
    every = 1 + sum(2.0**one.prior for one in equations if one.kind != "other")
    told = best = None
    for one in equations:
        odds = one.prior - log2(every - (2.0**one.prior if one.kind != "other" else 0))
        # Exact only where it is near: fractions are slow.
        near = abs(float(one.gives) - target.amount) <= max(float(one.room), 10.0**-target.decimals) + _SAME
        if near and (abs(one.gives - target.value) <= one.room or half_up(one.gives, target.decimals) == target.value):
            score = min(3.3 * len(target.digits), 10.0) + odds
            told = score if told is None else max(told, score)
        elif one.kind != "other" and (bits := _bits(target, one)) > 0:
            score = bits + odds
            if best is None or score > best[0]:
                best = score, one
    if best is None or best[0] < _NEEDED[best[1].kind] or (told is not None and told >= best[0] - 1):
        return
    yield _finding(target, best[1], best[0])


def _bits(target: Number, equation: Equation) -> float:
    """How seldom a number that has nothing to do with an equation lies so near to what it gives."""
    slip = surprise(printed_as(target, equation.gives), target.digits, rough=False)
    if equation.tight:
        return max(slip, _TIGHT)
    if equation.kind == "share" and not slip and equation.of[0].away == 0:
        part, whole = equation.of
        return _slip_of(part, (target.value - equation.room) * whole.value / 100, (target.value + equation.room) * whole.value / 100)
    near = abs(equation.gives - target.value) * 2 <= max(equation.gives, target.value)
    certain = equation.prior > 0 if equation.kind == "rest" else equation.kind == "difference" and _are_ends(*equation.of)
    return max(slip, 0.5 if equation.kind == "difference" and near else 0.0, 1.5 if certain else 0.0)


def _slip_of(part: Number, low: Fraction, high: Fraction) -> float:
    """Bits for that a slip in a count would make it what its percentage tells: less, since many counts give one percentage."""
    digits = str(int(part.value))
    others = {f"{digits[:at]}{new}{digits[at + 1 :]}" for at in range(len(digits)) for new in "0123456789"}
    swapped = {f"{digits[:at]}{digits[at + 1]}{digits[at]}{digits[at + 2 :]}" for at in range(len(digits) - 1)}
    found = [bits for some, bits in ((swapped, 3.5), (others, 1.5)) if any(low <= int(one) <= high for one in some if one != digits)]
    return max(found, default=0.0)


def _finding(target: Number, equation: Equation, bits: float) -> Finding:
    one, other = equation.of[0], equation.of[-1]
    weight = min(0.78, 0.4 + bits / 40)
    places = tuple(dict.fromkeys((target.place, *(number.place for number in equation.of))))
    gives = half_up(equation.gives, target.decimals)
    if equation.kind == "share":
        what = Phrase("audit.what_count", {"count": exact(one.value), "base": exact(other.value), "printed": target.text, "actual": gives})
        ground = Phrase("audit.ground_count", {"how": Phrase("audit.base_section", {})})
        return Finding("count", places, what, Phrase("audit.why_count", {}), ground, 0.95, weight)
    if equation.kind in ("mean", "product"):
        total, printed = (exact(one.value), target.text)
        if equation.kind == "product":
            total, gives = target.text, half_up(target.value / other.value, 2)
            printed = one.text
        what = Phrase("audit.what_average", {"total": total, "number": exact(other.value), "actual": gives, "printed": printed})
        return Finding("count", places, what, Phrase("audit.why_count", {}), Phrase("audit.ground_average", {}), 0.95, weight)
    if equation.kind == "difference":
        told = {"first": one.text, "last": other.text, "step": target.text, "actual": exact(equation.gives)}
        return Finding(
            "difference", places, Phrase("audit.what_difference", told),
            Phrase("audit.why_difference", {}), Phrase("audit.ground_difference", {}), 0.9, weight,
        )  # fmt: skip
    added = sum((number.value for number in equation.of[1:]), target.value)
    what = Phrase("audit.what_sum", {"added": exact(added), "printed": exact(one.value), "name": one.place.quote[:90]})
    return Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_sentence", {}), 0.95, weight)

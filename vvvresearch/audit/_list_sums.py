"""Lists under the number that they make up together, and a whole told with its parts in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._slips import is_slip
from vvvresearch.audit._sums import PARTS, TOTAL
from vvvresearch.audit._words import stem
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

_SPLIT = re.compile(
    r"heraf|hvoraf|\w:\s|total of|af de|ud af de|of the|fordel|fordelt|består af|bestående|resten|resterende|øvrige|"
    r"of which|of whom|of these|made up of|"
    r"consist|compris|divided|split|"
    r"namely|nemlig|the rest|remaining|dels|tilsammen|sammenlagt|together|adds? up|giver|i alt|in total|in all|altogether|samlet",
    re.IGNORECASE,
)


def list_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on sums of lists and sentences."""
    yield from _lists(facts)
    for at, said in enumerate(facts.said):
        yield from _sentence(said, facts.said[at + 1] if at + 1 < len(facts.said) else None)


def _lists(facts: Facts) -> Iterator[Finding]:
    """Items that open with a count, under a sentence that tells how many they are together."""
    at = 0
    said = facts.said
    while at < len(said):
        if said[at].block.kind != "item":
            at += 1
            continue
        items: list[Said] = []
        start = at
        while at < len(said) and said[at].block.kind == "item" and said[at].section == said[start].section:
            if not items or items[-1].block is not said[at].block:
                items.append(said[at])
            at += 1
        totalled = len(items) > 2 and TOTAL.match(items[-1].text.partition(":")[0]) is not None
        if (start == 0 and not totalled) or len(items) < 2:
            continue
        around = [*said[max(0, start - 3) : start], *said[at : at + 1]]
        if totalled:
            around = [items.pop()]
        intro = [one for one in around if one.section == said[start].section]
        openers = [_opening(one) for one in items]
        if any(one is None for one in openers) or not intro:
            continue
        yield from _list(intro, items, [one for one in openers if one is not None])


def _opening(said: Said) -> Mention | None:
    """The count that an item opens or closes with."""
    counts = [one for one in said.of("count", "total") if one.value is not None and one.value.denominator == 1]
    ones = re.match(r"\W*(én|ét|en|et|one)\s", said.text, re.IGNORECASE)
    if ones and not counts:
        return Mention("count", ones[1], said.start, said.start, 0, 0, 0, value=Fraction(1))
    if not counts or said.of("percentage"):
        return None
    first = counts[0]
    lead = said.text[: first.start - said.start]
    if len(re.findall(r"\w+", lead)) <= 1:
        return first
    tail = said.text[first.end - said.start :]
    return first if len(counts) == 1 and len(re.findall(r"\w+", tail)) <= 2 and len(lead) < 90 else None


_TOGETHER = re.compile(r"i alt|samlet|tilsammen|in total|altogether|in all|together", re.IGNORECASE)


def _list(intro: Sequence[Said], items: Sequence[Said], counts: Sequence[Mention]) -> Iterator[Finding]:
    if [one.value for one in counts] == list(range(1, len(counts) + 1)):
        return
    added = sum((one.value for one in counts if one.value is not None), Fraction(0))
    wholes = [(one, mention) for one in intro for mention in one.of("count", "total", "base", "ratio") if mention.value is not None]
    beside = [pair for pair in wholes if not items[0].position - pair[0].position > 1] or wholes
    if any(mention.value == added or mention.base == added for _, mention in beside) or not wholes:
        return
    named = [pair for pair in wholes if pair[1].kind == "total"] or [pair for pair in wholes if pair[0].position == items[0].position - 1]
    if not named:
        # "85 påbud. De fordeler sig således:": the last sentence with a number.
        last = max((pair[0].position for pair in wholes if pair[0].position < items[0].position), default=-1)
        named = [pair for pair in wholes if pair[0].position == last]
    named += [pair for pair in wholes if pair[0].position > items[-1].position and _TOGETHER.search(pair[0].text) and pair not in named]
    near = [
        pair
        for pair in named
        if abs((pair[1].value or 0) - added) <= max(Fraction(3), added * _wide(pair[0])) or _one_slip(counts, (pair[1].value or 0) - added)
    ]
    if not near:
        units = {stem(one.unit, items[0].lang) for one in counts if one.unit}
        near = [
            pair
            for pair in wholes
            if len(units) == 1 and stem(pair[1].unit, pair[0].lang) in units and _one_slip(counts, (pair[1].value or 0) - added)
        ]
    if not near or len(items) < 2:
        return
    one, mention = near[-1]
    if mention.value == added:
        return
    if mention.kind != "total" and len(named) > 1 and len(near) != 1:
        return
    what = Phrase("audit.what_sum", {"added": exact(added), "printed": exact(mention.value or Fraction(0)), "name": one.text[:90]})
    places = (place_of(one, mention), *(place_of(item, count) for item, count in zip(items, counts, strict=True)))[: PARTS + 1]
    yield Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_list", {}), 0.95, 0.9)


def _one_slip(counts: Sequence[Mention], gap: Fraction) -> bool:
    """Whether the items fit their whole but for a slip in one."""
    values = [one.value for one in counts if one.value is not None and one.value + gap > 9]
    return any(is_slip(exact(value + gap), exact(value)) for value in values)


def _wide(intro: Said) -> Fraction:
    """How far a sum may lie from the number of the sentence above: further where that opens the list with its only number."""
    opens = (
        intro.text.rstrip().endswith(":") and len([one for one in intro.of("count", "total", "base", "ratio") if (one.value or 0) > 2]) == 1
    )
    return Fraction(1, 4) if opens else Fraction(3, 20)


_AIM = re.compile(r"succeskriteri|måltal|\bmål\b|målsætning|målet|mangler|target|\bgoal\b", re.IGNORECASE)


def _sentence(said: Said, following: Said | None) -> Iterator[Finding]:
    """A whole and its parts in a sentence, or in two when the second opens with "Heraf" or "Of these"."""
    counts = [
        one
        for one in said.of("count", "total", "base", "ratio")
        if one.value is not None and one.value.denominator == 1 and one.role not in ("from", "to")
    ]
    wholes = [(said, one, one.value) for one in counts if one.kind in ("total", "base") and one.value is not None]
    for one in counts:
        if one.kind == "ratio" and one.base is not None:
            wholes.append((said, one, one.base))
    parts = [(said, one) for one in counts if one.kind in ("count", "ratio")]
    if re.search(r"svarprocent|response rate|svarrate", said.text, re.IGNORECASE):
        return
    split = bool(_SPLIT.search(said.text))
    if (
        following is not None
        and following.block is said.block
        and re.match(
            r"(?:heraf|af disse|af dem|\d+ (?:af dem|af disse|of them|of these)|"
            r"of these|of them|of those|resten|the rest|they were|de fordel|disse)\b",
            following.text,
            re.IGNORECASE,
        )
    ):
        more = [(following, one) for one in following.of("count", "ratio") if one.value is not None and one.value.denominator == 1]
        if len(more) >= 2:
            wholes += [(said, one, one.value or Fraction(0)) for one in counts if one.kind in ("count", "total")]
            parts, split = more, True
    elif (
        split
        and not wholes
        and len(parts) >= 3
        and not re.match(r"\W*(?:fordelt|fordeler|divided|split|broken down)\b", said.text, re.IGNORECASE)
    ):
        wholes = [(said, parts[0][1], parts[0][1].value or Fraction(0))]
        parts = parts[1:]
    if len(parts) < 2 or not wholes or (not split and len(parts) < 3) or len(parts) > 9:
        return
    values = [mention.value for _, mention in parts if mention.value is not None]
    opens = bool(
        re.match(
            r"\W*(?:ud )?af (?:de|disse|i alt)\b|\W*(?:out )?of (?:the|these|those)\b|[^.]*(?:total of|i alt|heraf|hvoraf|"
            r"of whom|of which)",
            said.text,
            re.IGNORECASE,
        )
    )
    if any(mention.kind == "ratio" for _, mention in parts) and len({one.base for _, one in parts if one.base}) > 1:
        return
    for _, mention, whole in wholes:
        own = [value for (_, part), value in zip(parts, values, strict=True) if part is not mention]
        if len(own) < 2 or any(sum(some) == whole for size in range(2, len(own) + 1) for some in combinations(own, size)):
            return
        if not opens and any(abs(one - other) == third for one, other, third in combinations([*own, whole], 3)):
            return
    owner, mention, whole = min(
        wholes,
        key=lambda one: abs(
            sum((part for part in values), Fraction(0))
            - (one[1].value or 0 if one[1].kind == "count" and one[1] in [part for _, part in parts] else 0)
            - one[2]
        ),
    )
    chosen = [(part_owner, part) for part_owner, part in parts if part is not mention]
    added = sum((part.value for _, part in chosen if part.value is not None), Fraction(0))
    if (
        (whole < 10 and mention.kind != "total")
        or _AIM.search(said.text)
        or not 0 < abs(added - whole) <= max(Fraction(2), whole * Fraction(3, 20))
        or _unlike(chosen, said)
    ):
        return
    what = Phrase("audit.what_sum", {"added": exact(added), "printed": exact(whole), "name": said.text[:90]})
    places = tuple(dict.fromkeys((place_of(owner, mention), place_of(*chosen[0]), place_of(*chosen[-1]))))
    yield Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_sentence", {}), 0.9, 0.7)


def _unlike(parts: Sequence[tuple[Said, Mention]], said: Said) -> bool:
    """Whether the parts are of different years, so that they are no parts of one whole."""
    return any(
        re.search(r"mindst|højst|over|under|mere end|more than|at least", part.modifier.replace("_", " ")) for _, part in parts
    ) or any(
        stem(part.unit, said.lang) in ("procent", "pct", "år", "uge", "måned", "time", "kron", "mill", "year", "month", "week", "hour")
        for _, part in parts
    )

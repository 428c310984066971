"""Words of direction against the two numbers that they set apart: one of now, one marked as earlier or as what is compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from vvvresearch.audit._ends import moves_of
from vvvresearch.audit._facts import Facts, Said
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._near_numbers import Number, around, numbers_of
from vvvresearch.audit._words import heard, stems
from vvvresearch.locales import Phrase

_UP = (
    r"op|frem|stiger|steg|steget|stigning\w*|øget|øges|vokset|voksede|vækst\w*|fremgang\w*|flere|mere|højere|længere|større|dyrere|"
    r"more|higher|longer|larger|up|rose|risen|rise|grew|grown|growth|increase[sd]?|dearer"
)
_DOWN = (
    r"ned|falder|faldt|faldet|fald|nedgang\w*|tilbagegang\w*|færre|mindre|lavere|kortere|billigere|"
    r"fewer|less|lower|shorter|smaller|down|fell|fallen|fall|drop|dropped|decrease[sd]?|declined?|cheaper"
)
_WORD = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:ikke|not|hverken|neither|uændret|unchanged|selv om|although|men|but|mens|while|either|enten)\b", re.IGNORECASE)
# Words before a number, or right behind it, that say that it is of earlier or of what is compared with.
_OLD = re.compile(
    r"\b(?:året før|før|tidligere|første|begynd\w*|ved start\w*|fra|from|before|last year|first|earlier|previous\w*|beginning|outset|mod|"
    r"imod|against|compared (?:with|to)|end|than|forrige|sidste år|the start)\b[^;:]*$",
    re.IGNORECASE,
)
_OLD_BEHIND = re.compile(
    r"(?:\s+[^\W\d]+){0,2}?\s+(?:året før|før|tidligere|forrige|sidste år|the year before|before|earlier|last year|"
    r"at the (?:start|beginning|outset))\b",
    re.IGNORECASE,
)
# How many times as much one may be as the other where they are one thing at two times.
_TIMES = 5
# "More than half", "flere end 40": no direction.
_THAN = re.compile(r"\s+(?:end|than)\s+(?:the\s+|de\s+)?(?:\d|hal[fv]|hver\b|én\b|one\b|[^\W\d]+del)", re.IGNORECASE)
# "Faldet er størst i kommunerne, 24 mod 19": falls beside each other.
_RANKED = re.compile(r"\s+(?:er|var|har været|is|was|were|are)\s+(?:[^\W\d]+\s+)?(?:[^\W\d]+est|størst|mindst)e?\b", re.IGNORECASE)
_STEP = re.compile(
    r"\s*(?:%|[^\W\d]+\.?)?(?:\s*[^\W\d]+){0,2}?\s*\b(?:flere|færre|mere|mindre|højere|lavere|more|fewer|less|higher|lower)\b",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\b(?:på|med|by|of)\s+(?:[^\W\d]+\s+)?[£$€]?$", re.IGNORECASE)


def contrast_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on words of direction that the two numbers which they set apart do not have."""
    for said in facts.said:
        words = [
            one
            for one in _WORD.finditer(said.text)
            if not _THAN.match(said.text[one.end() :]) and not _RANKED.match(said.text[one.end() :])
        ]
        signs = {1 if one["up"] else -1 for one in words}
        if said.block.kind in ("caption", "heading", "note") or len(signs) != 1 or len(words) > 2 or _NOT.search(said.text):
            continue
        before = facts.said[said.position - 1] if said.position else None
        before = before if before is not None and before.block is said.block else None
        if any(move.ordered for move in moves_of(said, [before] if before is not None else [])):
            continue
        levels = [one for one in numbers_of(said, 0.0) if _is_level(said, one)]
        if not levels and before is not None:
            yield from _by_group(said, facts.said[max(0, said.position - 2) : said.position], words[0][0], next(iter(signs)))
        pair = _pair(said, levels, before)
        if pair is None:
            continue
        new, old = pair
        if max(new.value, old.value) <= _TIMES * min(new.value, old.value) and (new.value - old.value) * signs.pop() < 0:
            printed = {"word": words[0][0], "first": old.text, "last": new.text}
            places = tuple(dict.fromkeys((old.place, new.place)))
            yield Finding(
                "direction", places, Phrase("audit.what_direction", printed),
                Phrase("audit.why_direction", {}), Phrase("audit.ground_direction", {}), 0.9, 0.7,
            )  # fmt: skip


_GROUPS = re.compile(
    r"(?P<first>[^.;]*?)\b(?:mere|mindre|højere|lavere|oftere|sjældnere|more|less|higher|lower)\b(?P<middle>[^.;]*?)\b(?:end|than)\b(?P<last>[^.;,]*)",
    re.IGNORECASE,
)
_HALF = re.compile(r",\s+(?:mens|men|hvorimod|while|whereas|but|mod|against)\b|;|[.]\s|\s(?:mens|while|mod|against)\s", re.IGNORECASE)


def _by_group(said: Said, before: Sequence[Said], word: str, sign: int) -> Iterator[Finding]:
    """ "71 procent af kvinderne, mens det er 80 procent af mændene. Mænd er mindre trygge end kvinder": two groups told before."""
    match = _GROUPS.search(said.text)
    if match is None:
        return
    last = stems(match["last"], said.lang)
    first, middle = (stems(match[part], said.lang) - last for part in ("first", "middle"))
    halves = [
        (stems(owner.text[start:end], said.lang), [one for one in numbers_of(owner, 1.0) if start <= one.at.start - owner.start < end])
        for owner in before
        if owner.block is said.block
        for start, end in pairwise([0, *(cut.end() for cut in _HALF.finditer(owner.text)), len(owner.text)])
    ]
    # "Mænd er mere trygge end kvinder", "Trivslen er højere på indsatsskolerne end på kontrolskolerne"
    opening = first if any(heard(word, words) for word in first for words, _ in halves) else middle
    found: list[Number] = []
    taken: set[int] = set()
    for own in (last - first, opening):
        # What both halves are told of sets nothing apart.
        telling = [[at for at, half in enumerate(halves) if heard(word, half[0])] for word in own]
        told = {some[0] for some in telling if len(some) == 1} - taken
        taken |= told
        levels = [one for at in told for one in halves[at][1] if one.family == "percent" and one.at.role != "from"]
        found += levels if len(told) == len(levels) == 1 else []
    if len(found) == 2 and (found[1].value - found[0].value) * sign < 0:
        printed = {"word": word, "first": found[0].text, "last": found[1].text}
        places = tuple(dict.fromkeys((place_of(said), found[0].place, found[1].place)))
        yield Finding(
            "direction", places, Phrase("audit.what_direction", printed),
            Phrase("audit.why_direction", {}), Phrase("audit.ground_direction", {}), 0.9, 0.7,
        )  # fmt: skip


def _is_level(said: Said, one: Number) -> bool:
    """Whether a number is where something stands, and not how far it moved."""
    left, right = around(said, one)
    role = one.mention.role if one.mention is not None else ""
    return one.family in ("percent", "count", "money", "duration") and role != "by" and not _STEP.match(right) and not _SIZE.search(left)


def _pair(said: Said, levels: Sequence[Number], before: Said | None) -> tuple[Number, Number] | None:
    """The number of now and the one that it is compared with."""
    families = {one.family for one in levels}
    if len(families) != 1:
        return None
    old = [one for at, one in enumerate(levels) if _is_old(said, one, levels[at - 1] if at else None)]
    if len({one.unit for one in levels if one.unit}) > 1:
        return None
    if len(levels) == 2 and len(old) == 1:
        return next(one for one in levels if one is not old[0]), old[0]
    if len(levels) != 1 or len(old) != 1 or before is None:
        return None
    family = families.pop()
    told = [one for one in numbers_of(before, 1.0) if one.family == family and _is_level(before, one) and one.decimals == old[0].decimals]
    units = {one.unit for one in (*told, *old) if one.unit}
    return (told[0], old[0]) if len(told) == 1 and len(units) < 2 and not _is_old(before, told[0], None) else None


def _is_old(said: Said, one: Number, last: Number | None) -> bool:
    left, right = around(said, one)
    if last is not None and last.mention is not None:
        left = left[last.mention.end - said.start :]
    return bool(_OLD.search(left) or _OLD_BEHIND.match(right))

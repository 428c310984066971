"""The size and direction of a change told after its two ends: "fra 21,8 til 27,0, svarende til en fremgang på 5,2"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._words import word_list
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

_STEP = re.compile(
    r"\b(?P<word>[^\W\d_]+)\s+(?:på|with|of|med|by)\s+(?:(?:ca\.|omkring|about|i alt|hele|no less than)\s+)?$|"
    r"\b(?:er|svarer til|altså|dvs\.|that is|which is|is)\s+$",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s*(?:[^\W\d_]+\s+){0,2}?(?P<word>flere|færre|mere|mindre|more|fewer|less|højere|lavere|higher|lower)\b", re.IGNORECASE
)
_NUMBERS = ("percentage", "count", "total", "ratio", "duration", "money")
_FROM = re.compile(r"\b(?:fra|from|op fra|ned fra|up from|down from)\s+(?:[^\W\d]+\s+){0,1}$", re.IGNORECASE)
_TO = re.compile(r"\b(?:til|to)\s+(?:[^\W\d]+\s+){0,1}$", re.IGNORECASE)
_EQUALS = re.compile(r"\b(?:svarende|svarer|corresponding|equal|amounts?|equivalent)\s+(?:til|to)\s+(?:[^\W\d]+\s+){0,3}$", re.IGNORECASE)
_THEN = re.compile(r"\b(?:første|før|start\w*|begyndelsen|first|before|baseline|ved opstart)\b", re.IGNORECASE)
_NOW = re.compile(r"\b(?:anden|andet|efter|slut\w*|afslutning\w*|second|after|end|follow-up)\b", re.IGNORECASE)


# What the ends of a change are, by what its size is.
_ENDS = {
    "points": ("percentage",), "duration": ("duration", "count"), "money": ("money", "count"),
    "count": ("count", "total", "ratio", "duration"),
}  # fmt: skip


@dataclass(frozen=True)
class _Change:
    said: Said
    first: Mention
    last: Mention


def step_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on differences that the text prints after the two numbers they come from."""
    for said in facts.said:
        if said.block.kind in ("caption", "heading"):
            continue
        before = facts.said[said.position - 1] if said.position else None
        if before is not None and before.block is not said.block:
            before = None
        for step in said.of("points", "count", "duration", "money", "percentage"):
            found = _step(said, step)
            if found is None:
                continue
            sign, word = found
            change = _change(said, step, [one for one in said.mentions if one.end <= step.start]) or (
                _change(before, step, before.mentions) if before is not None and not _others(said, step) else None
            )
            if change is not None:
                yield from _judged(said, step, sign, word, change)


def _step(said: Said, step: Mention) -> tuple[int, str] | None:
    """The direction of a printed difference and the word that says it; None where the number is no difference."""
    if step.value is None or step.low is not None or step.modifier not in ("", "exactly"):
        return None
    before = said.text[: step.start - said.start].rstrip("£$€")
    opened = _STEP.search(before)
    if opened is None:
        return None
    if opened["word"]:
        sign = _sign(said, opened["word"])
        return (sign, opened["word"]) if sign else None
    behind = _UNIT.match(said.text[step.end - said.start :])
    if behind is None:
        return None
    return (-1 if behind["word"].lower() in ("færre", "mindre", "fewer", "less", "lavere", "lower") else 1), behind["word"]


def _sign(said: Said, word: str) -> int:
    lower = word.lower()
    for list_name, sign in (("upwards", 1), ("downwards", -1), ("rise", 1), ("drop", -1)):
        if lower in word_list(list_name, said.lang):
            return sign
    return 0


def _others(said: Said, step: Mention) -> bool:
    """Whether a sentence has numbers of its own that the difference may belong to."""
    return any(one.value is not None and one is not step and one.end <= step.start for one in said.of(*_NUMBERS))


def _change(said: Said, step: Mention, mentions: Sequence[Mention]) -> _Change | None:
    """The last two numbers before a difference that are told as its ends."""
    numbers = [one for one in mentions if one.kind in _ENDS.get(step.kind, ()) and one.value is not None and one.kind != "year"]
    ends = [(one, _role(said, one)) for one in numbers]
    last = [one for one, role in ends if role == "to"]
    first = [one for one, role in ends if role == "from"]
    if first and last and first[-1].start < last[-1].start:
        return _Change(said, first[-1], last[-1])
    if first and not last:
        others = [one for one, role in ends if not role and one.start < first[-1].start]
        up = re.search(r"\b(?:op|ned|up|down)\s+(?:fra|from)\s", said.text)
        return _Change(said, first[-1], others[-1]) if others and up else None
    if len(numbers) == 2 and numbers[0].kind == numbers[1].kind and not first and not last and numbers[0].decimals == numbers[1].decimals:
        opening = said.text[: numbers[0].start - said.start]
        between = said.text[numbers[0].end - said.start : numbers[1].start - said.start]
        if _THEN.search(opening) and _NOW.search(between):
            return _Change(said, numbers[0], numbers[1])
    return None


def _role(said: Said, mention: Mention) -> str:
    before = said.text[max(0, mention.start - said.start - 40) : mention.start - said.start].rstrip("£$€")
    if _EQUALS.search(before):
        return "equals"
    if mention.role in ("from", "to"):
        return mention.role
    return "from" if _FROM.search(before) else "to" if _TO.search(before) else ""


def _judged(said: Said, step: Mention, sign: int, word: str, change: _Change) -> Iterator[Finding]:
    first, last = change.first.value, change.last.value
    assert first is not None
    assert last is not None
    assert step.value is not None
    gap = last - first
    decimals = max(change.first.decimals, change.last.decimals)
    slack = Fraction(1, 10**decimals) if step.kind == "points" or decimals else Fraction(0)
    places = tuple(dict.fromkeys((place_of(said, step), place_of(change.said, change.last), place_of(change.said, change.first))))
    if gap * sign < 0:
        printed = {"word": word, "first": change.first.text, "last": change.last.text}
        yield Finding(
            "direction", places, Phrase("audit.what_direction", printed),
            Phrase("audit.why_direction", {}), Phrase("audit.ground_direction", {}), 0.9, 0.85,
        )  # fmt: skip
    elif abs(abs(gap) - step.value) > slack:
        printed = {"first": change.first.text, "last": change.last.text, "step": step.text, "actual": exact(abs(gap))}
        yield Finding(
            "difference", places, Phrase("audit.what_difference", printed),
            Phrase("audit.why_difference", {}), Phrase("audit.ground_difference", {}), 0.95, 0.9,
        )  # fmt: skip

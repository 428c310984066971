"""Changes: the sizes and words that are told of the two ends, wherever those stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from vvvresearch.audit._ends import GOES_ON, Move, moves_of
from vvvresearch.audit._facts import Facts, Said
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._moves_apart import findings_apart, findings_from_tables
from vvvresearch.audit._steps import direction_of, is_of_kind, is_right, judged_step, stands_before_ends, step_told
from vvvresearch.locales import Phrase

_UP_FROM = re.compile(r"^[^.;\d]{0,30}\b(up|down|op|ned)\s+(?:from|fra)\s+[£$€]?(?:[^\W\d]+\s+)?(?=\d)", re.IGNORECASE)
_WENT = re.compile(
    r"\b(?:går|gik|gået)\s+(?:(?:det|den|de|antallet|andelen)\s+)?(?P<word>frem|tilbage|op|ned)\b[^\d.;]{0,40}$", re.IGNORECASE
)
_EVEN_MORE = re.compile(r"\b(?:endnu|even|still) (?:mere|mindre|more|less)\b", re.IGNORECASE)
_AFTER = re.compile(r"\W*(?:fra|from) ", re.IGNORECASE)
_FORWARD = ("frem", "op")
_MOVED_TO = re.compile(r"\b(?P<word>[^\W\d_]{3,})\s+(?:til|to)\s+[£$€]?$", re.IGNORECASE)
# "89 i 2021 mod 64 i 2020, altså en vækst": the word behind both ends.
_SO = re.compile(
    r"[^.;\d]{0,20}(?:\b(?:19|20)\d\d)?[^.;\d]{0,15}(?:,|\bog er\b|\band has\b)\s+"
    r"(?:altså|dvs\.|dermed|thus|so|hence)?\s*(?:en|et|a|an)?\s*(?:klar |tydelig |clear )?"
    r"(?P<word>[^\W\d_]{4,})",
    re.IGNORECASE,
)


def move_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on sizes and words of a change that its two ends do not have."""
    for said in facts.said:
        if said.block.kind in ("caption", "heading"):
            continue
        before = [one for one in facts.said[max(0, said.position - 2) : said.position] if one.block is said.block]
        after = _beside(facts, said, 1)
        for move in moves_of(said, before):
            if _AFTER.match(said.text) and move.old[1].kind == move.new[1].kind == "duration":
                # "Fra seks til 12 måneder er antallet faldet": how long after, and nothing that changed.
                continue
            taken = {id(one) for one in move.mentions}
            found = [*_verb(said, move), *_multiple(said, move), *_sizes(said, move, taken)]
            if after is not None and GOES_ON.match(after.text) and not list(moves_of(after)) and len(after.of("points", "percentage")) < 2:
                found += list(_sizes(after, move, taken))
            yield from found
        yield from findings_apart(said, before)
        yield from findings_from_tables(facts, said)


def _verb(said: Said, move: Move) -> Iterator[Finding]:
    """The word of change right before the two ends, or the comparative before "than then"."""
    first = min((one for one in move.mentions if one in said.mentions), key=lambda one: one.start)
    left = said.text[: first.start - said.start]
    between_ends = _UP_FROM.search(said.text[first.end - said.start :]) if all(one in said.mentions for one in move.mentions) else None
    if between_ends is not None and move.ordered and first is move.new[1]:
        old, new = move.values
        sign = 1 if between_ends[1].lower() in ("up", "op") else -1
        if (new - old) * sign < 0:
            printed = {"word": between_ends[1], "first": move.old[1].text, "last": move.new[1].text}
            yield Finding(
                "direction", (place_of(said, first),), Phrase("audit.what_direction", printed),
                Phrase("audit.why_direction", {}), Phrase("audit.ground_direction", {}), 0.9, 0.8,
            )  # fmt: skip
        return
    words = [
        (one.text, one.word.sign)
        for one in said.of("direction", "comparison")
        if one.word is not None and one.word.sign in (1, -1) and 0 <= first.start - one.end <= (60 if one.kind == "comparison" else 90)
    ]
    if not move.ordered or move.old[1].kind == "points":
        return
    last = max((one for one in move.mentions if one in said.mentions), key=lambda one: one.end)
    behind = _SO.match(said.text[last.end - said.start :]) if not words else None
    if (
        behind is not None
        and (sign := direction_of(said, behind["word"]))
        and not re.search(r"\d", said.text[last.end - said.start + behind.end() :][:30])
    ):
        words, first = [(behind["word"], sign)], last
    moved_to = _MOVED_TO.search(said.text[: last.start - said.start]) if last is move.new[1] and last is not first else None
    if not words and moved_to is not None and (sign := direction_of(said, moved_to["word"])):
        # "780 kr. før ordningen; nu er det steget til 650 kr."
        words, first = [(moved_to["word"], sign)], last
    went = _WENT.search(left) if not words else None
    if went is not None:
        words = [(went["word"], 1 if went["word"].lower() in _FORWARD else -1)]
    if not words:
        return
    word, sign = words[-1]
    if len(words) > 1 and _EVEN_MORE.search(left):
        # "fell even more: from 6.7 to 3.7": the word of degree goes the way of the other.
        word, sign = words[-2]
    between = "" if first is last else left[left.rfind(word) + len(word) :]
    if re.search(r"(?<!\d)(?!(?:19|20)\d\d)\d|\b(?:men|but|mens|while|ikke|not)\b|[;.]\s|,\s+(?:og|and)\b", between):
        return
    old, new = move.values
    if (new - old) * sign < 0:
        printed = {"word": word, "first": move.old[1].text, "last": move.new[1].text}
        places = tuple(dict.fromkeys((place_of(said, first), place_of(*move.new), place_of(*move.old))))
        yield Finding(
            "direction", places, Phrase("audit.what_direction", printed),
            Phrase("audit.why_direction", {}), Phrase("audit.ground_direction", {}), 0.9, 0.8,
        )  # fmt: skip


def _multiple(said: Said, move: Move) -> Iterator[Finding]:
    """ "fordoblet fra 40 til 52": how many times as much, against the two ends."""
    old, new = move.values
    words = [one for one in said.of("multiple") if one.word is not None and one.word.ratio]
    if len(words) != 1 or not old or not move.ordered:
        return
    word = words[0]
    assert word.word is not None
    ratio, actual = word.word.ratio or Fraction(1), new / old
    if word.modifier in ("over", "well_over", "just_over", "at_least"):
        right = actual >= ratio if ratio > 1 else actual <= ratio
    else:
        right = ratio * Fraction(4, 5) <= actual <= ratio * Fraction(6, 5)
    if not right:
        printed = {"word": word.text, "first": move.old[1].text, "last": move.new[1].text}
        places = tuple(dict.fromkeys((place_of(said, word), place_of(*move.new), place_of(*move.old))))
        yield Finding(
            "direction", places, Phrase("audit.what_direction", printed),
            Phrase("audit.why_direction", {}), Phrase("audit.ground_direction", {}), 0.9, 0.8,
        )  # fmt: skip


def _beside(facts: Facts, said: Said, step: int) -> Said | None:
    at = said.position + step
    other = facts.said[at] if 0 <= at < len(facts.said) else None
    return other if other is not None and other.block is said.block else None


_WHILE = re.compile(r"\b(?:mens|hvorimod|men|while|whereas|but)\b", re.IGNORECASE)


def _sizes(said: Said, move: Move, taken: set[int]) -> Iterator[Finding]:
    """The sizes that a sentence gives a change, with their words."""
    right = False
    for step in said.of("points", "count", "percentage", "money", "duration"):
        if id(step) in taken or step.value is None or step.low is not None:
            continue
        if said is move.old[0] and step.start < max(one.start for one in move.mentions) and not stands_before_ends(said, step, move):
            continue
        last = max((one.end for one in move.mentions if one in said.mentions), default=step.start)
        if _WHILE.search(said.text[max(last - said.start, 0) : max(step.start - said.start, 0)]):
            # "Drengene gik frem fra 50 til 56, mens pigerne gik frem med 4": a change of others.
            continue
        found = step_told(said, step)
        if found is None or not is_of_kind(step, move, explicit=bool(found)):
            continue
        if step.kind == "points" and right:
            # "en forskel på 11 point, som faldt med 2 point": of the difference, and not of the two ends.
            continue
        right = right or (step.kind == "points" and is_right(said, step, move))
        sign = direction_of(said, found) if found else 0
        yield from judged_step(said, step, found, sign, move)

"""The size that is told of a change: where it stands, which way it goes, and whether it is right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from vvvresearch.audit._ends import Move, value_of
from vvvresearch.audit._facts import Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._words import THAN_AGO, word_list
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

# What may stand before and behind the size of a change.
_STEP_BEFORE = re.compile(
    r"(?:\b(?P<word>[^\W\d_]+)\s+(?:(?:er|var|blev|was|is|udgør|udgjorde)\s+)?"
    r"(?:på|of|med|by|blev|var|er|udgjorde|was|is)|\b(?P<way>up|down|op|ned)|\b(?:på|med|by|of|er|eller|altså|dvs\.|"
    r"svarende til|svarer til|or|that is|i\.e\.|is|"
    r"corresponding to|equal to|equivalent to|blevet|været)|\()\s+(?:(?:ca\.|omkring|about|i alt|hele|kun|en|et|a|stadig|igen|nu)\s+)?"
    r"[£$€]?$|\(\s*$",
    re.IGNORECASE,
)
_STEP_BEHIND = re.compile(r"\s*(?:[^\W\d_]+\.?\s+){0,2}?(?P<word>[^\W\d_]+)\b")
# "8 procentpoint over målet"
AIMED = re.compile(
    r"\s+(?:[^\W\d_]+\s+)?(over|under|above|below)\s+(?:the |de |det )?(?:[^\W\d_]*mål\w*|target|goal|budget\w*)", re.IGNORECASE
)
# "så der er kommet 13 til"
_COME = re.compile(r"\bkommet\s+(?:yderligere |hele )?$", re.IGNORECASE)


def direction_of(said: Said, word: str) -> int:
    """1 for a word of growth, -1 for one of decline, else 0."""
    lower = word.lower()
    if lower in word_list("valued", said.lang):
        # A fall of loneliness is an improvement.
        return 0
    for one in said.of("direction"):
        if one.word is not None and one.word.sign in (1, -1) and one.text.lower().endswith(lower):
            return one.word.sign
    for name, sign in (("upwards", 1), ("rise", 1), ("more", 1), ("downwards", -1), ("drop", -1), ("less", -1)):
        if lower in word_list(name, said.lang):
            return sign
    return 0


def stands_before_ends(said: Said, step: Mention, move: Move) -> bool:
    """ "0,5 procentpoint lavere end året før (6,2 % mod 5,7 %)": a size with its word right before the two ends, or between them."""
    behind = _STEP_BEHIND.match(said.text[step.end - said.start :])
    first = min(one.start for one in move.mentions)
    return behind is not None and direction_of(said, behind["word"]) != 0 and (step.start > first or first - step.end < 50)


def step_told(said: Said, step: Mention) -> str | None:
    """The word that says a change of a number told as one, empty where only the number is told so, None where it is not."""
    left = said.text[: step.start - said.start]
    if THAN_AGO.match(said.text[step.end - said.start :]):
        return None
    aimed = AIMED.match(said.text[step.end - said.start :])
    if aimed is not None and step.kind in ("points", "count", "money"):
        return "flere" if aimed[1].lower() in ("over", "above") else "færre"
    behind = _STEP_BEHIND.match(said.text[step.end - said.start :])
    word = behind["word"] if behind and direction_of(said, behind["word"]) else ""
    if word:
        return word
    if _COME.search(left) and re.match(r"(?:\s+[^\W\d_]+)?\s+til\b\W*(?:$|,)", said.text[step.end - said.start :]):
        return "flere"
    before = _STEP_BEFORE.search(left)
    if before is None:
        return None
    word = before["word"] or before["way"]
    if word and direction_of(said, word):
        # "up 13 points", and not "made up of".
        return word
    if step.kind == "points" or re.search(r"\b(?:forskellen|the difference)\s+(?:er|var|is|was)\s+[£$€]?$", left, re.IGNORECASE):
        return ""
    if step.kind == "percentage" or re.search(r"\b(?:dvs\. med|altså med|med|by)\s+$", left):
        return (
            ""
            if re.search(r"\b(?:eller|or|svarende til|svarer til|altså|dvs\.|med|by|corresponding to|equal to)\b[^\d,]{0,12}$", left)
            else None
        )
    return None


def is_of_kind(step: Mention, move: Move, *, explicit: bool) -> bool:
    """Whether a size may be of a change of these ends."""
    old, new = move.mentions
    if (
        step.value is not None
        and step.kind == old.kind == "count"
        and old.value
        and step.value > 2 * max(old.value, new.value or old.value)
    ):
        # "fra 400 kg til 300 kg, regnet med 18.400 husstande": no two numbers lie so far apart.
        return False
    percents = "percentage" in (old.kind, new.kind)
    if step.kind == "points":
        # "5,2 point": of a score, which counts nothing and is told as finely.
        score = re.search(r"pro|per|%", step.text.lower()) is None
        return percents or (score and all(not one.unit and one.decimals >= step.decimals for one in (old, new)))
    if step.kind == "percentage":
        return not percents or explicit
    if percents:
        return False
    if step.kind == "money":
        return "money" in (old.kind, new.kind)
    if step.kind == "duration":
        return "duration" in (old.kind, new.kind)
    return not step.spelled or step.value is None or step.value > 2


def judged_step(said: Said, step: Mention, word: str, sign: int, move: Move) -> Iterator[Finding]:
    """The finding that a size is not that of the change, or that its word goes the other way."""
    assert step.value is not None
    old, new = move.values
    gap = new - old
    places = tuple(dict.fromkeys((place_of(said, step), place_of(*move.new), place_of(*move.old))))
    if sign and move.ordered and gap * sign < 0:
        printed = {"word": word, "first": move.old[1].text, "last": move.new[1].text}
        yield Finding(
            "direction", places, Phrase("audit.what_direction", printed),
            Phrase("audit.why_direction", {}), Phrase("audit.ground_direction", {}), 0.9, 0.85,
        )  # fmt: skip
        return
    if is_right(said, step, move):
        return
    actual = f"{float(100 * abs(gap) / old):.1f} %" if step.kind == "percentage" and old and "percentage" not in {
        one.kind for one in move.mentions
    } else exact(abs(gap))  # fmt: skip
    printed = {"first": move.old[1].text, "last": move.new[1].text, "step": step.text, "actual": actual}
    yield Finding(
        "difference", places, Phrase("audit.what_difference", printed),
        Phrase("audit.why_difference", {}), Phrase("audit.ground_difference", {}), 0.95, 0.85,
    )  # fmt: skip


def is_right(said: Said, step: Mention, move: Move) -> bool:
    """Whether a size is that of the change, with room for rounding."""
    old, new = move.values
    size = value_of(said, step)
    gap = abs(new - old)
    rough = step.modifier not in ("", "exactly")
    decimals = max(one.decimals for one in move.mentions)
    if step.kind == "percentage":
        bases = [one for one in ((old,) if move.ordered else (old, new)) if one]
        slack = Fraction(1, 2 * 10**step.decimals) + (Fraction(1, 2) if step.decimals == 0 else 0) + (3 if rough else 0)
        relative = any(abs(size - 100 * gap / base) <= slack for base in bases)
        percents = "percentage" in {one.kind for one in move.mentions}
        return relative or (percents and abs(size - gap) <= 1) or (not percents and bool(old) and abs(size - 100 * new / old) <= slack)
    slack = Fraction(1, 10**decimals) if step.kind == "points" or decimals else Fraction(0)
    if rough:
        slack = max(slack, gap / 5, Fraction(2))
    return abs(size - gap) <= slack

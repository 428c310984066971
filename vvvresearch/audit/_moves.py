"""Changes: the two ends wherever they are told, in one sentence or two, and the sizes and words that are told of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from vvvresearch.audit._document import TableRow
from vvvresearch.audit._facts import Facts, Said, Shown, exact
from vvvresearch.audit._finding import Finding, place_in, place_of
from vvvresearch.audit._shares import as_word
from vvvresearch.audit._slips import is_slip
from vvvresearch.audit._sums import is_total
from vvvresearch.audit._tables import speaks
from vvvresearch.audit._told import head_of, money_of
from vvvresearch.audit._words import stem, word_list
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention

_ENDS = ("percentage", "count", "total", "ratio", "duration", "money")
_FROM = re.compile(r"\b(?:fra|from)\s+(?:[^\W\d]+\s+){0,2}[£$€]?$", re.IGNORECASE)
_TO = re.compile(r"\b(?:til|to)\s+(?:[^\W\d]+\.?\s+){0,2}[£$€]?$", re.IGNORECASE)
_EQUALS = re.compile(
    r"\b(?:svarende|svarer|corresponding|corresponds|equivalent|equal|amounts?|amounting)\s+(?:\w+\s+)?(?:til|to)\s+(?:\S+\s+){0,2}$",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"(?:\s+[^\W\d][\w-]*){0,4}(?:\s+i\s+(?:19|20)\d\d)?,?\s+(?:mod|imod|against|versus|compared (?:with|to)|sammenlignet med)\s+"
    r"(?:[^\W\d]+\s+){0,2}[£$€]?",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"[^.;]{0,30}?\b(?:året før|sidste år|tidligere|forrige|året forinden|dengang|før|"
    r"the year before|last year|earlier|previous(?:ly)?|before)\b",
    re.IGNORECASE,
)
_YEAR_BEHIND = re.compile(r"[^\d;:]{0,30}?\b((?:19|20)\d\d)\b")
# "4 procentpoint lavere end i 2021, hvor den var 62 procent", "er højere end i 2021, da der var 175 indlæggelser"
_THAN_THEN = re.compile(
    r"\b(?:end|than|i forhold til|sammenlignet med|siden|fra|compared (?:with|to)|since|from|on)\s+"
    r"(?:i|in|året|sidste|the|last|[^\W\d_]+en|\d{4})\b[^.;]{0,30}?(?:,|\()?\s*"
    r"(?:hvor|da|when|where)\b[^.;\d]{0,30}[£$€]?$",
    re.IGNORECASE,
)
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
_GOES_ON = re.compile(
    r"\W*(?:det|dette|hvilket|altså|that|this|it|dermed|der er (?:dermed |altså )?tale om|faldet|stigningen|fremgangen|væksten|"
    r"tilbagegangen|nedgangen|besparelsen|the (?:increase|rise|fall|drop|decrease|decline|growth|change|reduction|saving))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Move:
    """A change: the earlier number and the later; `ordered` is false where the text does not say which is which."""

    old: tuple[Said, Mention]
    new: tuple[Said, Mention]
    ordered: bool = True

    @property
    def mentions(self) -> tuple[Mention, Mention]:
        """Both ends."""
        return self.old[1], self.new[1]

    @property
    def values(self) -> tuple[Fraction, Fraction]:
        """The earlier and the later value."""
        return _value(*self.old), _value(*self.new)


def _value(said: Said, mention: Mention) -> Fraction:
    assert mention.value is not None
    return money_of(said, mention) if mention.kind == "money" else mention.value


def move_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on sizes and words of a change that its two ends do not have."""
    for said in facts.said:
        if said.block.kind in ("caption", "heading"):
            continue
        before = [one for one in facts.said[max(0, said.position - 2) : said.position] if one.block is said.block]
        after = _beside(facts, said, 1)
        for move in moves_of(said, before):
            taken = {id(one) for one in move.mentions}
            found = [*_verb(said, move), *_multiple(said, move), *_sizes(said, move, taken)]
            if after is not None and _GOES_ON.match(after.text) and not list(moves_of(after)):
                found += list(_sizes(after, move, taken))
            yield from found
        yield from _apart(facts, said, before)
        yield from _from_a_table(facts, said)


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
        and (sign := _sign(said, behind["word"]))
        and not re.search(r"\d", said.text[last.end - said.start + behind.end() :][:30])
    ):
        words, first = [(behind["word"], sign)], last
    if not words:
        return
    word, sign = words[-1]
    between = "" if first is last else left[left.rfind(word) + len(word) :]
    if re.search(r"(?<!\d)(?!(?:19|20)\d\d)\d|\b(?:men|but|mens|while|ikke|not)\b|[;.]\s", between):
        return
    old, new = move.values
    if (new - old) * sign < 0:
        printed = {"word": word, "first": move.old[1].text, "last": move.new[1].text}
        places = tuple(dict.fromkeys((place_of(said, first), place_of(*move.new), place_of(*move.old))))
        yield Finding(
            "direction", places, Phrase("audit.what_direction", printed),
            Phrase("audit.why_direction", {}), Phrase("audit.ground_direction", {}), 0.9, 0.8,
        )  # fmt: skip


_UP_FROM = re.compile(r"^[^.;\d]{0,30}\b(up|down|op|ned)\s+(?:from|fra)\s+[£$€]?(?:[^\W\d]+\s+)?(?=\d)", re.IGNORECASE)
# "89 i 2021 mod 64 i 2020, altså en vækst": the word behind both ends.
_SO = re.compile(
    r"[^.;\d]{0,20}(?:\b(?:19|20)\d\d)?[^.;\d]{0,15}(?:,|\bog er\b|\band has\b)\s+"
    r"(?:altså|dvs\.|dermed|thus|so|hence)?\s*(?:en|et|a|an)?\s*(?:klar |tydelig |clear )?"
    r"(?P<word>[^\W\d_]{4,})",
    re.IGNORECASE,
)


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


def moves_of(said: Said, before: Sequence[Said] = ()) -> Iterator[Move]:
    """The changes that a sentence tells, with one end in the sentence before where it says so."""
    numbers = [one for one in said.of(*_ENDS) if one.value is not None and one.low is None]
    found = False
    for one, other in ((one, other) for at, one in enumerate(numbers) for other in numbers[at + 1 : at + 3]):
        if _opens(said, one, _FROM) and _opens(said, other, _TO) and _alike(one, other):
            found = True
            yield Move((said, one), (said, other))
    for at, (one, other) in enumerate(pairwise(numbers)):
        between = said.text[one.end - said.start : other.start - said.start]
        if _AGAINST.fullmatch(between) and _alike(one, other):
            found = True
            yield _against(said, one, other)
        elif _THAN_THEN.search(between) and at == len(numbers) - 2:
            own = numbers[0]
            if own is not other and _alike(own, other):
                found = True
                yield Move((said, other), (said, own))
    pairs = [] if found else [*_two_times(said, numbers), *_since(said, before, numbers)]
    yield from pairs
    if found or pairs:
        return
    if before and len(numbers) == 1 and _THAN_THEN.search(said.text[: numbers[0].start - said.start]):
        others = [(owner, one) for owner in before for one in owner.of(*_ENDS) if one.value is not None and _alike(one, numbers[0])]
        same = [pair for pair in others if pair[1].unit and stem(pair[1].unit, said.lang) == stem(numbers[0].unit or "-", said.lang)]
        same = same or [pair for pair in others if pair[0] is before[-1]]
        if len({pair[1].value for pair in same}) == 1:
            yield Move((said, numbers[0]), same[0])


def _two_times(said: Said, numbers: Sequence[Mention]) -> Iterator[Move]:
    """ "I 2019 var det 31 procent; i 2022 45 procent", "22 procent i 2022, ned fra 36": two numbers, each with its time."""
    for one, other in _of_one_kind(numbers):
        between = said.text[one.end - said.start : other.start - said.start]
        if re.search(r"\b(?:up|down|op|ned)\s+(?:from|fra)\s+(?:[^\W\d]+\s+)?[£$€]?$", between):
            yield Move((said, other), (said, one))
        elif not _FROM.search(said.text[: one.start - said.start]) and len(between) < 70:
            years = _own_year(said, one, numbers), _own_year(said, other, numbers)
            if years[0] and years[1] and years[0] != years[1]:
                first, last = (one, other) if years[0] < years[1] else (other, one)
                yield Move((said, first), (said, last))


def _of_one_kind(numbers: Sequence[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """Each number with the next of its kind, whatever stands between: "I 2023 var 15 % under 30 år, i 2024 var det 20 %"."""
    for at, one in enumerate(numbers):
        following = [other for other in numbers[at + 1 :] if other.kind == one.kind or {one.kind, other.kind} == {"count", "ratio"}]
        if following:
            yield one, following[0]


def _since(said: Said, before: Sequence[Said], numbers: Sequence[Mention]) -> Iterator[Move]:
    """ "I 2021 var fraværet 7,1 %. Siden er det faldet til 6,4 %"; "… 46 %. Among participants it was 37 %, which is 9 points lower"."""
    if not before or not numbers or said.of("year"):
        return
    one = numbers[0]
    if _opens(said, one, _FROM) and _GOES_ON.match(said.text) and said.of("direction"):
        # "I 2021 kom 316 unge. Det er en stigning fra 270."
        levels = [other for other in before[-1].of(*_ENDS) if other.value is not None and other.value > 2 and _alike(other, one)]
        if len(levels) == 1:
            yield Move((said, one), (before[-1], levels[0]))
        return
    others = [other for other in before[-1].of(one.kind) if other.value is not None and other.low is None]
    if len(others) != 1 or others[0].kind != one.kind or others[0].decimals != one.decimals:
        return
    moved = _opens(said, one, _TO) and any(other.end <= one.start for other in said.of("direction"))
    behind = _WHICH_IS.match(said.text[one.end - said.start :])
    if (moved and len(numbers) == 1) or (behind and len(numbers) == 1):
        yield Move((before[-1], others[0]), (said, one))


_WHICH_IS = re.compile(r",?\s+(?:altså|hvilket er|det er|dvs\.|which is|that is|or)\s+[\d.,]+\s", re.IGNORECASE)
_THEN = re.compile(r"\b(?:start|starten|begyndelsen|før|første|opstart|beginning|before|baseline|first|outset)\b", re.IGNORECASE)
_NOW = re.compile(r"\b(?:slut|slutningen|afslutningen|efter|anden|nu|end|after|now|follow-up|second)\b", re.IGNORECASE)
_YEAR_BEFORE = re.compile(r"\b(?:i|in)\s+((?:19|20)\d\d)\b,?(?:\s+[^\W\d][\w-]*){0,6}\s+$", re.IGNORECASE)


def _own_year(said: Said, mention: Mention, numbers: Sequence[Mention]) -> int:
    """The year that stands right before a number in its clause, or right behind it."""
    end = mention.end - said.start
    following = min((one.start - said.start for one in numbers if one.start > mention.end), default=len(said.text))
    behind = re.match(r"(?:\s+[^\W\d][\w-]*){0,4}\s+(?:i|in)\s+((?:19|20)\d\d)\b", said.text[end:following])
    if behind:
        return int(behind[1])
    previous = max((one.end - said.start for one in numbers if one.end < mention.start), default=0)
    words = said.text[previous : mention.start - said.start]
    before = _YEAR_BEFORE.search(words)
    if before:
        return int(before[1])
    # "Ved start … og ved slut": a first and a last time without a year.
    then, now = _THEN.search(words) is not None, _NOW.search(words) is not None
    return 0 if then == now else 1 if then else 2


def _against(said: Said, one: Mention, other: Mention) -> Move:
    behind = said.text[other.end - said.start :]
    years = _year(said, one), _YEAR_BEHIND.match(behind)
    if years[0] and years[1]:
        first, last = (one, other) if years[0] < int(years[1][1]) else (other, one)
        return Move((said, first), (said, last))
    return Move((said, other), (said, one), ordered=bool(_EARLIER.match(behind) or (years[1] and _YEAR_BEHIND.match(behind))))


def _year(said: Said, mention: Mention) -> int:
    found = re.match(r"(?:\s+[^\W\d]+){0,3}\s+((?:19|20)\d\d)\b", said.text[mention.end - said.start :])
    return int(found[1]) if found else 0


def _opens(said: Said, mention: Mention, pattern: re.Pattern[str]) -> bool:
    before = said.text[max(0, mention.start - said.start - 45) : mention.start - said.start]
    return pattern.search(before) is not None and _EQUALS.search(before) is None


def _alike(one: Mention, other: Mention) -> bool:
    """Whether two numbers may be the ends of one change: of a kind, or the first without its unit."""
    kinds = {one.kind, other.kind}
    return one.kind == other.kind or kinds <= {"count", "total", "ratio"} or (one.kind == "count" and not one.unit)


def _sign(said: Said, word: str) -> int:
    """1 for a word of growth, -1 for one of decline, else 0."""
    lower = word.lower()
    for one in said.of("direction"):
        if one.word is not None and one.word.sign in (1, -1) and one.text.lower().endswith(lower):
            return one.word.sign
    for name, sign in (("upwards", 1), ("rise", 1), ("more", 1), ("downwards", -1), ("drop", -1), ("less", -1)):
        if lower in word_list(name, said.lang):
            return sign
    return 0


def _sizes(said: Said, move: Move, taken: set[int]) -> Iterator[Finding]:
    """The sizes that a sentence gives a change, with their words."""
    for step in said.of("points", "count", "percentage", "money", "duration"):
        if id(step) in taken or step.value is None or step.low is not None:
            continue
        if said is move.old[0] and step.start < max(one.start for one in move.mentions) and not _step_before_ends(said, step, move):
            continue
        found = _step(said, step)
        if found is None or not _of_kind(step, move, explicit=bool(found)):
            continue
        sign = _sign(said, found) if found else 0
        yield from _judged(said, step, found, sign, move)


def _step_before_ends(said: Said, step: Mention, move: Move) -> bool:
    """ "0,5 procentpoint lavere end året før (6,2 % mod 5,7 %)": a size with its word right before the two ends, or between them."""
    behind = _STEP_BEHIND.match(said.text[step.end - said.start :])
    first = min(one.start for one in move.mentions)
    return behind is not None and _sign(said, behind["word"]) != 0 and (step.start > first or first - step.end < 50)


def _step(said: Said, step: Mention) -> str | None:
    """The word that says a change of a number told as one, empty where only the number is told so, None where it is not."""
    left = said.text[: step.start - said.start]
    aimed = _AIMED.match(said.text[step.end - said.start :])
    if aimed is not None and step.kind in ("points", "count", "money"):
        return "flere" if aimed[1].lower() in ("over", "above") else "færre"
    behind = _STEP_BEHIND.match(said.text[step.end - said.start :])
    word = behind["word"] if behind and _sign(said, behind["word"]) else ""
    if word:
        return word
    if _COME.search(left) and re.match(r"(?:\s+[^\W\d_]+)?\s+til\b\W*(?:$|,)", said.text[step.end - said.start :]):
        return "flere"
    before = _STEP_BEFORE.search(left)
    if before is None:
        return None
    word = before["word"] if (before["word"] or "").lower() not in _WAYS else before["way"]
    word = word or before["way"]
    if word and _sign(said, word):
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


_WAYS = ("up", "down", "op", "ned")
# "8 procentpoint over målet"
_AIMED = re.compile(
    r"\s+(?:[^\W\d_]+\s+)?(over|under|above|below)\s+(?:the |de |det )?(?:[^\W\d_]*mål\w*|target|goal|budget\w*)", re.IGNORECASE
)
# "så der er kommet 13 til"
_COME = re.compile(r"\bkommet\s+(?:yderligere |hele )?$", re.IGNORECASE)


def _of_kind(step: Mention, move: Move, *, explicit: bool) -> bool:
    """Whether a size may be of a change of these ends."""
    old, new = move.mentions
    percents = "percentage" in (old.kind, new.kind)
    if step.kind == "points":
        # "5,2 point": of a score.
        return percents or re.search(r"pro|per|%", step.text.lower()) is None
    if step.kind == "percentage":
        return not percents or explicit
    if percents:
        return False
    if step.kind == "money":
        return "money" in (old.kind, new.kind)
    if step.kind == "duration":
        return "duration" in (old.kind, new.kind)
    return not step.spelled or step.value is None or step.value > 2


def _judged(said: Said, step: Mention, word: str, sign: int, move: Move) -> Iterator[Finding]:
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
    if _right(said, step, move):
        return
    actual = f"{float(100 * abs(gap) / old):.1f} %" if step.kind == "percentage" and old and "percentage" not in {
        one.kind for one in move.mentions
    } else exact(abs(gap))  # fmt: skip
    printed = {"first": move.old[1].text, "last": move.new[1].text, "step": step.text, "actual": actual}
    yield Finding(
        "difference", places, Phrase("audit.what_difference", printed),
        Phrase("audit.why_difference", {}), Phrase("audit.ground_difference", {}), 0.95, 0.85,
    )  # fmt: skip


def _right(said: Said, step: Mention, move: Move) -> bool:
    """Whether a size is that of the change, with room for rounding."""
    old, new = move.values
    size = _value(said, step)
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


def _apart(facts: Facts, said: Said, before: Sequence[Said]) -> Iterator[Finding]:
    """ "2.640 planer. Året før var tallet 2.480. Det svarer til 160 flere": a size whose two ends stand in sentences of their own."""
    if list(moves_of(said, before)):
        return
    steps = [
        (one, word) for one in said.of("points", "count", "percentage", "money", "duration") if (word := _size_word(said, one)) is not None
    ]
    taken = {id(step) for step, _ in steps}
    levels = [
        (owner, one)
        for owner in (*before, said)
        for one in owner.of(*_ENDS)
        if one.value is not None
        and one.low is None
        and _value(owner, one) > 2
        and id(one) not in taken
        and (owner is said or _step(owner, one) in (None, ""))
    ]
    if any(list(moves_of(owner)) for owner in before[-1:]) or not levels:
        return
    for step, word in steps:
        aimed = _AIMED.match(said.text[step.end - said.start :]) is not None
        pairs = [
            move
            for at, first in enumerate(levels)
            for second in levels[at + 1 :]
            if (move := _timed(first, second, aimed=aimed)) is not None
            and _of_kind(step, move, explicit=bool(word))
            and _one_noun(first, second)
        ]
        right = [move for move in pairs if _right(said, step, move)]
        sign = _sign(said, word) if word else 0
        if right:
            if all(move.ordered and (move.values[1] - move.values[0]) * sign < 0 for move in right):
                yield from _judged(said, step, word, sign, right[-1])
            continue
        looks_back = bool(_LOOKS_BACK.search(said.text[: step.start - said.start]))
        chosen = [move for move in pairs if is_slip(exact(abs(move.values[1] - move.values[0])), exact(_value(said, step)))]
        if len(pairs) == 1 and looks_back and any(owner.position >= said.position - 1 for owner, _ in (pairs[0].old, pairs[0].new)):
            chosen = pairs
        for move in chosen[-1:]:
            yield from _judged(said, step, word, 0, move)


def _size_word(said: Said, step: Mention) -> str | None:
    """As `_step`, but only for numbers whose words say that they are the size of a change or of a difference."""
    word = _step(said, step)
    if word is None and _DIFFERENCE.search(said.text[: step.start - said.start]):
        word = ""
    if word is None or step.value is None or step.low is not None:
        return None
    return word if word or step.kind == "points" or _DIFFERENCE.search(said.text[: step.start - said.start]) else None


_DIFFERENCE = re.compile(
    r"\b(?:forskel(?:len)?|difference|gap|spænd(?:et)?|"
    r"overskud(?:det)?|underskud(?:det)?|surplus|deficit)\s+(?:er|var|på|of|is|was)\s+[£$€]?$",
    re.IGNORECASE,
)
_LOOKS_BACK = re.compile(
    r"^\W*(?:det|dette|that|this|it|der er|forskellen|the difference)\b|"
    r"[,;]\s+(?:så|altså|og|hvilket|dvs\.|so|thus|which|or|an?|en|et)\b|\bforskellen\b",
    re.IGNORECASE,
)


def _timed(first: tuple[Said, Mention], second: tuple[Said, Mention], *, aimed: bool = False) -> Move | None:
    """Two numbers as a change, by their years and by "året før", "at entry"; unordered where nothing says which is the earlier."""
    if (
        not _alike(first[1], second[1])
        or as_word(first[1])
        or as_word(second[1])
        or (first[1].decimals != second[1].decimals and first[1].kind != "money")
    ):
        return None
    times = [_time(*one, aimed=aimed) for one in (first, second)]
    if times[0] is None and times[1] is None:
        return Move(first, second, ordered=False) if first[0] is second[0] or second[0].position - first[0].position == 1 else None
    if times[0] == times[1]:
        return None
    # A number without a time is of now.
    order = [_NOW_IS if one is None else one for one in times]
    return Move(first, second) if order[0] < order[1] else Move(second, first)


_NOW_IS = 9999.0
_TARGET = re.compile(r"\b(?:mål|målet|måltallet|target|goal)\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:året før|året forinden|sidste år|forrige år|tidligere|dengang|før indsatsen|"
    r"ved (?:start|opstart|indskrivning)\w*|budget\w*|the year before|"
    r"last year|previously|earlier|at (?:entry|baseline|enrolment|the start|the outset)|before the)\b",
    re.IGNORECASE,
)


def _time(said: Said, mention: Mention, *, aimed: bool = False) -> float | None:
    """When a number is of: its year, -1 for "before", or None."""
    numbers = [one for one in said.of(*_ENDS) if one.value is not None]
    year = _own_year(said, mention, numbers)
    if year > 2:
        return float(year)
    previous = max((one.end - said.start for one in numbers if one.end <= mention.start), default=0)
    following = min((one.start - said.start for one in numbers if one.start >= mention.end), default=len(said.text))
    words = said.text[previous : mention.start - said.start]
    behind = re.match(r"[^.;,]{0,40}", said.text[mention.end - said.start : following])
    if (aimed and _TARGET.search(words)) or _PAST.search(words) or (behind is not None and _PAST.search(behind[0])):
        return -1.0
    return None


def _one_noun(first: tuple[Said, Mention], second: tuple[Said, Mention]) -> bool:
    units = [stem(one.unit, said.lang) if one.unit and one.kind != "percentage" else "" for said, one in (first, second)]
    return not units[0] or not units[1] or units[0] == units[1] or units[0].endswith(units[1]) or units[1].endswith(units[0])


_BEFORE_NOW = re.compile(
    r"\b(?:end|than|på|on|over|siden|since|fra|from|i forhold til|compared (?:with|to)|sammenlignet med)\s+(?:i\s+|in\s+)?"
    r"(?:året før|året forinden|sidste år|the year before|last year|the previous year|(?P<year>(?:19|20)\d\d))\b",
    re.IGNORECASE,
)


def _from_a_table(facts: Facts, said: Said) -> Iterator[Finding]:
    """ "17.520 pakker, 20 pct. flere end året før": the earlier end stands in a row of a table of years, beside the later."""
    then = _BEFORE_NOW.search(said.text)
    if then is None:
        return
    clause_start = max((match.end() for match in re.finditer(r"[.;]\s", said.text[: then.start()])), default=0)
    numbers = [
        one for one in said.of(*_ENDS, "points") if one.value is not None and one.low is None and one.start - said.start >= clause_start
    ]
    steps = [(one, word) for one in numbers if one.end - said.start <= then.start() and (word := _step(said, one)) and _sign(said, word)]
    if not steps:
        return
    step, word = steps[-1]
    levels = [one for one in numbers if one is not step and one.kind != "points" and _step(said, one) in (None, "")]
    for level in levels or [step]:
        cells = _years_beside(facts, level, then["year"]) if levels else _row_of_years(facts, said, then["year"])
        for shown, row, old, new in cells:
            if step.kind == "percentage" and (level.kind != "percentage" or not levels):
                actual = 100 * abs(new - old) / old if old else Fraction(0)
                right = abs(actual - (step.value or 0)) <= Fraction(1, 2 * 10**step.decimals) + (0 if not step.modifier else 3)
            else:
                actual = abs(new - old)
                right = abs(actual - (step.value or 0)) <= (1 if step.kind == "points" or step.modifier else 0)
            turned = (new - old) * _sign(said, word) < 0
            if right and not turned:
                return
            shown_as = str(half_up(actual, step.decimals))
            printed = {"first": exact(old), "last": exact(new), "step": step.text, "actual": shown_as, "word": word}
            kind = "direction" if turned else "difference"
            places = (place_of(said, step), place_in(shown, row.line, f"{row.label}: {' · '.join(cell.text for cell in row.cells)}"))
            yield Finding(
                kind, places, Phrase(f"audit.what_{kind}", printed),
                Phrase(f"audit.why_{kind}", {}), Phrase(f"audit.ground_{kind}", {}), 0.9, 0.75,
            )  # fmt: skip
            return


def _years_beside(facts: Facts, level: Mention, year: str | None) -> Iterator[tuple[Shown, TableRow, Fraction, Fraction]]:
    """Rows of tables of years that have a number in the last of two columns, with the number of the year before."""
    for shown in facts.shown:
        for row in shown.table.rows if shown.table is not None else ():
            heads = [re.search(r"\b(?:19|20)\d\d\b", head_of(shown, row, at)) for at in range(len(row.cells))]
            for at in range(1, len(row.cells)):
                old, new = row.cells[at - 1].value, row.cells[at].value
                first, last = heads[at - 1], heads[at]
                if first is None or last is None or old is None or new is None or new != level.value or (year and first[0] != year):
                    continue
                yield shown, row, old, new


def _row_of_years(facts: Facts, said: Said, year: str | None) -> Iterator[tuple[Shown, TableRow, Fraction, Fraction]]:
    """The one row that a sentence names in a table of years: its number of a year, and its last."""
    for shown in facts.shown:
        rows = [row for row in shown.table.rows if row.label and not is_total(row)] if shown.table is not None else []
        if shown.section != said.section or len(rows) < 2:
            continue
        named = [row for row in rows if speaks(row, rows, said.text, said) >= _NAMED_ROW]
        # "meget trygge": a label within a longer one that is heard is not meant.
        named = [row for row in named if not any(one is not row and row.label.lower() in one.label.lower() for one in named)]
        if len(named) != 1:
            continue
        heads = [re.search(r"\b(?:19|20)\d\d\b", head_of(shown, named[0], at)) for at in range(len(named[0].cells))]
        first = [at for at, head in enumerate(heads) if head is not None and (year is None or head[0] == year)]
        old = named[0].cells[first[0]].value if first else None
        new = named[0].cells[-1].value if heads and heads[-1] is not None else None
        if old is not None and new is not None and first[0] != len(heads) - 1:
            yield shown, named[0], old, new


_NAMED_ROW = 0.7

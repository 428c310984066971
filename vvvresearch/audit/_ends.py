"""The two ends of a change that one sentence tells, or two; and the size that is told of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from vvvresearch.audit._facts import Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._units import money_of
from vvvresearch.audit._words import EARLIER, THAN_AGO, stem, word_list
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

ENDS = ("percentage", "count", "total", "ratio", "duration", "money")
_FROM = re.compile(r"\b(?:fra|from)\s+(?:[^\W\d]+\s+){0,2}[£$€]?$", re.IGNORECASE)
_SCALE = re.compile(r"\b(?:skala\w*|scale)\s+(?:[^\W\d]+\s+){0,2}(?:fra|from)\s+$", re.IGNORECASE)
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
    rf"[^.;]{{0,30}}?\b(?:{EARLIER}|før|before)\b",
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
GOES_ON = re.compile(
    r"\W*(?:det|dette|hvilket|altså|that|this|it|dermed|der er (?:dermed |altså )?tale om|faldet|stigningen|fremgangen|væksten|"
    r"tilbagegangen|nedgangen|besparelsen|the (?:increase|rise|fall|drop|decrease|decline|growth|change|reduction|saving))\b",
    re.IGNORECASE,
)
_WHICH_IS = re.compile(r",?\s+(?:altså|hvilket er|det er|dvs\.|which is|that is|or)\s+[\d.,]+\s", re.IGNORECASE)
_THEN = re.compile(r"\b(?:start|starten|begyndelsen|før|første|opstart|beginning|before|baseline|first|outset)\b", re.IGNORECASE)
_NOW = re.compile(r"\b(?:slut|slutningen|afslutningen|efter|anden|nu|end|after|now|follow-up|second)\b", re.IGNORECASE)
_YEAR_BEFORE = re.compile(
    r"\b(?:i|in|af|of|by|during|forår\w*|efterår\w*|sommer\w*|vinter\w*|januar|juni|december|january|june|spring|autumn|summer|winter)\s+"
    r"((?:19|20)\d\d)(?:[/–-]\d\d)?\b,?(?:\s+[^\W\d][\w-]*){0,6}\s+\(?$",
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
        return value_of(*self.old), value_of(*self.new)


def value_of(said: Said, mention: Mention) -> Fraction:
    """The number of a mention, sums of money in whole units."""
    assert mention.value is not None
    return money_of(said, mention) if mention.kind == "money" else mention.value


def moves_of(said: Said, before: Sequence[Said] = ()) -> Iterator[Move]:
    """The changes that a sentence tells, with one end in the sentence before where it says so."""
    numbers = [one for one in said.mentions if (one.kind in ENDS or _is_score(said, one)) and one.value is not None and one.low is None]
    found = False
    for one, other in ((one, other) for at, one in enumerate(numbers) for other in numbers[at + 1 : at + 3]):
        if _opens(said, one, _FROM) and _opens(said, other, _TO) and are_alike(one, other) and not _opens(said, one, _SCALE):
            found = True
            yield Move((said, one), (said, other))
    for at, (one, other) in enumerate(pairwise(numbers)):
        between = said.text[one.end - said.start : other.start - said.start]
        if _AGAINST.fullmatch(between) and are_alike(one, other):
            found = True
            yield _against(said, one, other)
        elif _THAN_THEN.search(between) and at == len(numbers) - 2:
            own = numbers[0]
            if own is not other and are_alike(own, other):
                found = True
                yield Move((said, other), (said, own))
    pairs = [] if found else [*_two_times(said, numbers), *_since(said, before, numbers)]
    yield from pairs
    if found or pairs:
        return
    if before and len(numbers) == 1 and _THAN_THEN.search(said.text[: numbers[0].start - said.start]):
        others = [(owner, one) for owner in before for one in owner.of(*ENDS) if one.value is not None and are_alike(one, numbers[0])]
        same = [pair for pair in others if pair[1].unit and stem(pair[1].unit, said.lang) == stem(numbers[0].unit or "-", said.lang)]
        same = same or [pair for pair in others if pair[0] is before[-1]]
        if len({pair[1].value for pair in same}) == 1:
            yield Move((said, numbers[0]), same[0])


def _is_score(said: Said, mention: Mention) -> bool:
    """Whether points are where a score went to, and no distance: "from 41.6 to 55.2 points"."""
    return mention.kind == "points" and _opens(said, mention, _TO) and re.search(r"pro|per|%", mention.text.lower()) is None


_MORE = re.compile(r"\s*(?:[^\W\d_]+\s+){0,2}?(?:more|fewer|less|higher|lower|flere|færre|mere|mindre|højere|lavere)\b", re.IGNORECASE)


def _two_times(said: Said, numbers: Sequence[Mention]) -> Iterator[Move]:
    """ "I 2019 var det 31 procent; i 2022 45 procent", "22 procent i 2022, ned fra 36": two numbers, each with its time."""
    for one, other in _of_one_kind([one for one in numbers if not _MORE.match(said.text[one.end - said.start :])]):
        between = said.text[one.end - said.start : other.start - said.start]
        if re.search(r"\b(?:up|down|op|ned)\s+(?:from|fra)\s+(?:[^\W\d]+\s+)?[£$€]?$", between):
            yield Move((said, other), (said, one))
        elif not _FROM.search(said.text[: one.start - said.start]) and len(between) < 70:
            years = year_of(said, one, numbers), year_of(said, other, numbers)
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
    if _opens(said, one, _FROM) and GOES_ON.match(said.text) and said.of("direction"):
        # "I 2021 kom 316 unge. Det er en stigning fra 270."
        levels = [other for other in before[-1].of(*ENDS) if other.value is not None and other.value > 2 and are_alike(other, one)]
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


def year_of(said: Said, mention: Mention, numbers: Sequence[Mention]) -> int:
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


def are_alike(one: Mention, other: Mention) -> bool:
    """Whether two numbers may be the ends of one change: of a kind, or the first without its unit."""
    kinds = {one.kind, other.kind}
    return one.kind == other.kind or kinds <= {"count", "total", "ratio"} or (one.kind == "count" and not one.unit)


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

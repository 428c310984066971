"""The two ends of a change that one sentence tells, or two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from vvvresearch.audit._counted import money_of
from vvvresearch.audit._facts import Said
from vvvresearch.audit._words import EARLIER, stem
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

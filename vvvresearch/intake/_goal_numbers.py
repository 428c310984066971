"""Which numbers of a sentence may be the target of a goal: all that its words do not show to be something else."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from fractions import Fraction

from vvvresearch.intake._fold import fold
from vvvresearch.intake._goal_parts import EACH
from vvvresearch.locales import Lang
from vvvresearch.statements import Mention, mentions

_FEW = 10
_KEPT = re.compile(r"\b(fasthold\w*|opreth\w*|bevar\w*|uaendret|maintain\w*|kept|unchanged|retain\w*|sustain\w*)\b")
# Of what has an average a length of time may be the target itself.
AVERAGE = re.compile(r"\b(gennemsnit\w*|snit\w*|average\w*|mean|median\w*)\b")
_WAITS = re.compile(r"\b(ventetid\w*|vente\w*|wait\w*)\b")
_FUNCTION_WORDS: dict[Lang, frozenset[str]] = {
    "da": frozenset((
        "af", "og", "skal", "er", "på", "med", "til", "den", "det", "der", "de", "en", "et", "mindst", "højst", "inden", "ikke", "har",
        "fra", "ud", "som", "om", "ved", "pr",
    )),
    "en": frozenset((
        "of", "the", "and", "to", "by", "a", "an", "least", "most", "no", "than", "with", "will", "from", "be", "have", "are", "is", "in",
        "out", "on", "or", "per",
    )),
}  # fmt: skip
# "3 gange": a number that is no target.
_TIMES = re.compile(r"^[\s-]*(?:gang|times\b)", re.IGNORECASE)
_DAYS = {"dag": 1, "day": 1, "uge": 7, "week": 7, "maaned": 30.4375, "mdr": 30.4375, "month": 30.4375, "aar": 365.25, "year": 365.25}
_MANY = {"mio": 10**6, "million": 10**6, "mia": 10**9, "tusind": 1000, "thousand": 1000}
_DEFINITE = re.compile(r"\b(de|disse|vores|the|our|these|those)( i alt)?$")
_OF_KNOWN = re.compile(r"\b(af|of|blandt|among|i|in) (de|disse|vores|the|our|these|those)( i alt)?$")
_AGAINST = re.compile(
    r"\b(mod|imod|against|compared (with|to)|sammenlignet med|i forhold til|up from|down from|op fra|ned fra)( (de|the|kun|only))?$"
)
# What joins the numbers of a list.
_LISTED = re.compile(r"\s*(,|/|&|og|and|eller|or|samt)\s*")
_FEWER = re.compile(
    r"\b(shrink\w*|drop\w*|declin\w*|dal(er|e)|skrump\w*|dykke\w*|reduc\w*|nedbring\w*|saenk\w*|fald\w*|mindsk\w*|begraens\w*|lower\w*|decreas\w*|fall\w*|cut|down|ned|faerre|mindre|fewer|less)\b"
)
_CHANGES = re.compile(
    rf"{_FEWER.pattern}|\b(up|op|stig\w*|oege?s?|for(oe|ø)ge\w*|vokse\w*|haev\w*|rais\w*|ris\w*|grow\w*|increas\w*|expand\w*|udvid\w*)\b"
)
# What joins a small number to the larger one that it is of; behind "in" a noun of its own is a place: "three visits in twelve homes".
_OF_THEM = re.compile(r"\s+(?:[^\W\d]+\s+){0,4}?([^\W\d]+)\s+(in|out of|of|ud af|af)\s+", re.IGNORECASE)
_NOUN_BEHIND = re.compile(r"(?!(?:is|was|has|does|says|ends|lasts|stays|leaves|feels)\b)[a-z]+(?:s|people|children|men|women)\b")
_MORE = re.compile(r"(flere|faerre|mere|mindre|hoejere|lavere|more|fewer|less|higher|lower)\b")


@dataclass(frozen=True)
class GoalNumber:
    """A number of a sentence that may be a target: what it may mean, as (number, whether a percentage), and the mention it stands in."""

    values: tuple[tuple[float, bool], ...]
    said: Mention

    @property
    def share(self) -> bool:
        return any(share for _, share in self.values)


def days_said(words: str) -> int | None:
    """The first length of time that a sentence says, in days; None where it says none.

    Example:
        >>> days_said("Halvdelen af matchene varer mindst et halvt år"), days_said("within three months")
        (183, 91)
    """
    plain = fold(words).replace("aar", "år").replace("maaned", "måned")
    for pattern, written in (
        (r"\bet halvt år\b", "6 måneder"),
        (r"\bhalf a year\b", "6 months"),
        (r"\bet år\b", "1 år"),
        (r"\ba year\b", "1 year"),
        (r"\bmdr\b", "måneder"),
    ):
        plain = re.sub(pattern, written, plain)
    found = (number_of(one, plain, apart=True) for one in said_of(plain) if one.kind == "duration" or one.unit.startswith(tuple(_DAYS)))
    return next((int(one.values[0][0]) for one in found if one is not None), None)


def said_of(words: str) -> list[Mention]:
    """The numeric statements of a sentence, in the language that more of it can be read in."""
    tokens = re.findall(r"\w+", words.casefold())
    known = {lang: sum(token in own for token in tokens) for lang, own in _FUNCTION_WORDS.items()}
    if known["da"] != known["en"]:
        return _with_ratios([*mentions(words, max(known, key=lambda lang: known[lang]))], words)
    both = [_with_ratios([*mentions(words, lang)], words) for lang in known]
    return max(both, key=lambda one: sum(1 + bool(mention.modifier) + bool(mention.key) for mention in one))


def _with_ratios(said: list[Mention], words: str) -> list[Mention]:
    """A small number of a larger one is a share, whatever stands between them: "one started match in five"."""
    made: list[Mention] = []
    for one in said:
        before = made[-1] if made else None
        found = _OF_THEM.fullmatch(words[before.end : one.start]) if before is not None else None
        if (
            before is not None
            and found is not None
            and before.kind == "count"
            and one.kind in ("count", "base")
            and not one.modifier
            and before.value is not None
            and one.value is not None
            and before.value < one.value
            and not (found[2].casefold() == "in" and _NOUN_BEHIND.match(fold(words[one.end :])))
        ):
            text = words[before.start : one.end]
            made[-1] = before.changed(kind="ratio", base=one.value, end=one.end, text=text, unit=found[1])
            continue
        made.append(one)
    return made


def candidates(said: list[Mention], words: str, sentence: str, *, apart: bool = False) -> list[GoalNumber]:
    """The numbers that may be the target: all but those that the words beside them show to be something else.

    Args:
        said: the numbers.
        words: where they stand.
        sentence: the goal.
        apart: whether they stand in a column of targets, where a length of time or a sum of money is one, too.
    """
    found = [one for mention in said if (one := number_of(mention, words, apart=apart)) is not None and not _is_step(mention, words)]
    found = _like_the_next(found, words)
    # "45 % against 31 % in 2024": what there is today is no target.
    found = found[:1] + [one for one in found[1:] if not _AGAINST.search(fold(words[: one.said.start]))]
    if any(one.said.role == "to" for one in found):
        found = [_like_its_start(one, found) for one in found if one.said.role != "from"]
    shares = [one for one in found if one.share]
    counts = [one for one in found if not one.share and one.said.kind != "duration"]
    doubled = any(mention.kind == "multiple" for mention in said)
    others = len(shares) + len(counts) > 1 or doubled
    counts = [one for one in counts if not (others and is_known(one.said, words, of=not doubled))]
    # Beside another number, one that counts nothing is a place on a scale or an age; "one of them" counts nobody.
    counting = [one for one in counts if one.said.unit or one.said.modifier]
    ones = [one for one in counting if one.said.spelled and one.said.value == 1 and not one.said.modifier]
    if shares or len(ones) == len(counting) or not any(one.said.unit for one in ones):
        counting = [one for one in counting if one not in ones]
    timed = apart or _WAITS.search(fold(sentence)) or AVERAGE.search(fold(sentence))
    waits = [one for one in found if one.said.kind == "duration"] if timed else []
    if shares:
        return [*shares, *counting]
    # "Tre kurser med 40 deltagere": a number in words counts as well; "one of them" counts nobody.
    figures = [one for one in counts if one in counting or not (one.said.spelled and one.said.value == 1)]
    return figures or counts or waits


def is_known(mention: Mention, words: str, *, of: bool = False) -> bool:
    """Whether a number only tells how many there are of something that is known: "hver af de fire kommuner", "in our 9 areas".

    Args:
        mention: the number.
        words: the sentence.
        of: whether it has to be said that something is of them.
    """
    pattern = _OF_KNOWN if of else _DEFINITE
    return mention.role == "" and not mention.modifier and pattern.search(fold(words[: mention.start])) is not None


def _like_the_next(found: list[GoalNumber], words: str) -> list[GoalNumber]:
    """Numbers of one list count what its last one does: "80, 60 og 40 %", "efter 6 og 12 måneder"."""
    made: list[GoalNumber] = []
    for one in reversed(found):
        follows = made[-1].said if made else None
        bare = one.said.kind == "count" and not one.said.unit and not one.said.spelled
        if follows is not None and bare and _LISTED.fullmatch(words[one.said.end : follows.start]):
            one = _counting_like(one, follows)
        made.append(one)
    return made[::-1]


def _counting_like(number: GoalNumber, other: Mention) -> GoalNumber:
    """A number that counts what another one does."""
    own = number.said
    return number_of(dataclasses.replace(other, value=own.value, low=None, high=None, start=own.start, end=own.end), "") or number


def _like_its_start(number: GoalNumber, found: list[GoalNumber]) -> GoalNumber:
    """A bare number to which something is to move counts what it moves from: "from 12 weeks to 5"."""
    start = next((one.said for one in found if one.said.role == "from" and one.said.end <= number.said.start), None)
    if start is None or start.kind != "duration" or number.said.kind != "count" or number.said.unit or number.said.value is None:
        return number
    return _counting_like(number, start)


def number_of(mention: Mention, words: str, *, apart: bool = False) -> GoalNumber | None:
    """What a numeric statement may mean as a target: a share, a count, a length of time in days; None for what is none.

    Args:
        mention: the statement.
        words: where it stands.
        apart: whether that is a column of targets, where money is one as well, and "24 weeks" a length of time.
    """
    timed = mention.kind == "duration" or (apart and mention.kind == "count" and any(mention.unit.startswith(name) for name in _DAYS))
    if apart and mention.kind == "money" and mention.value is not None:
        millions = next((many for name, many in _MANY.items() if re.search(rf"\b{name}\w*", fold(mention.text))), 1)
        return GoalNumber(((float(mention.value * millions), False),), mention)
    value = mention.value
    if value is None:
        return None
    ends = [one for one in (mention.low, mention.high) if one is not None] or [value]
    if mention.kind == "ratio" and mention.base:
        share = (float(100 * value / mention.base), True)
        # "9 ud af 10" and "three out of four" are shares; "3 af 5 kommuner" and "4 of the 6 firms" may be meant as either.
        either = (mention.base != _FEW and not mention.spelled) or re.search(
            r"\b(af|of) (de|the|(?!every|hver)[a-z]+ \d)", fold(mention.text)
        ) is not None
        return GoalNumber(((float(value), False), share) if either else (share,), mention)
    if mention.kind == "percentage" or (mention.kind == "share" and 0 < value < 1):
        whole = 1 if mention.kind == "percentage" else 100
        return GoalNumber(tuple((float(one * whole), True) for one in ends), mention)
    if timed:
        unit = next((days for name, days in _DAYS.items() if name in fold(f"{mention.text} {mention.unit}")), None)
        return GoalNumber(((float(round(float(value) * unit)), False),), mention) if unit is not None else None
    if mention.kind in ("count", "total") and not _TIMES.match(words[mention.end :]):
        return GoalNumber(tuple((float(one), False) for one in ends), mention)
    return None


def wholes(said: list[Mention], words: str, *, alone: bool) -> list[tuple[float, bool]]:
    """All or none, where a sentence speaks of them: a number beside is one of each. Alone only if they open it: "a network for all"."""
    before = [(one.value, fold(words[: one.start])) for one in said if one.kind == "share" and one.value in (0, 1)]
    whole = {value for value, ahead in before if value is not None and not (ahead if alone else re.search(r"\b(af|of)$", ahead))}
    # "Hver kommune har to": the number is that of each, and the goal that all have it.
    if found := EACH.search(fold(words)):
        whole |= set() if alone and found.start() else {Fraction(1)}
    return [(float(100 * one), True) for one in sorted(whole)]


def as_shares(found: list[GoalNumber], words: str, *, named: bool) -> list[tuple[float, bool]]:
    """Numbers as percentages, where a sentence speaks of a share or nothing says what a bare number counts."""
    folded = fold(words)
    shares = re.search(r"\b(andel\w*|share|proportion|pct|procent\w*|per ?cent\w*)\b", folded) or "%" in words
    counted = named or re.search(r"\b(antal\w*|number|total)\b", folded)
    bare = [one for one in found if shares or not (counted or _has_noun(one.said, words) or one.said.kind == "duration")]
    return [(value, True) for one in bare for value, _ in one.values if 0 < value <= 100]


def _has_noun(mention: Mention, words: str) -> bool:
    following = re.match(r"\s+(\w+)", words[mention.end :])
    return bool(mention.unit) or (
        following is not None and len(following[1]) > 2 and not any(following[1] in own for own in _FUNCTION_WORDS.values())
    )


def moves(said: list[Mention], words: str) -> bool:
    """Whether a sentence says by how much something is to change."""
    return any(one.kind == "points" or _is_step(one, words) for one in said)


def unread(said: list[Mention], words: str) -> bool:
    """Whether a sentence has a figure that is no numeric statement of it: a goal's own number, or one that nobody can read."""
    spans = [(one.start, one.end) for one in said]
    places = [found.start() for found in re.finditer(r"\d+", words)]
    return any(not any(first <= place < last for first, last in spans) for place in places)


def _is_step(mention: Mention, words: str) -> bool:
    """Whether a number says by how much something changes: "øges med 25 %", "up by a quarter", "25 % flere end i 2023", "5 more than"."""
    before, after = fold(words[: mention.start]), fold(words[mention.end :])
    more = _MORE.match(after)
    by = mention.role == "by" and bool(_CHANGES.search(before))
    return by or (more is not None and (mention.share is not None or re.search(r"\b(end|than)\b", after) is not None))


def factor(said: list[Mention], words: str) -> Fraction | None:
    """By what an earlier number is to be multiplied: doubled, kept, up by a quarter; None where the goal is no change."""
    for mention in said:
        if mention.kind == "multiple" and mention.value is not None:
            return mention.value
    folded = fold(words)
    if _KEPT.search(folded):
        return Fraction(1)
    part = next((one.share for one in said if one.share is not None and _is_step(one, words)), None)
    if part is None:
        return None
    return 1 - part if _FEWER.search(folded) else 1 + part

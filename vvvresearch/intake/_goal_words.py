"""What a sentence says of a goal: target, direction, date and unit, read from the numeric statements in it."""

from __future__ import annotations

import dataclasses
import math
import re
from dataclasses import dataclass
from fractions import Fraction

from vvvresearch.intake._fold import fold
from vvvresearch.intake._goal_times import Times, times_said, without_times
from vvvresearch.intake._goal_units import begins_with_unit, unit_said
from vvvresearch.locales import Lang
from vvvresearch.statements import Mention, mentions

_KEPT = re.compile(r"\b(fasthold\w*|opreth\w*|bevar\w*|uaendret|maintain\w*|kept|unchanged|retain\w*|sustain\w*)\b")
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
_SIGNS = {"≤": "at_most", "<=": "at_most", "<": "below", "≥": "at_least", ">=": "at_least"}
_MODIFIED = {"at_most": "at_most", "or_less": "at_most", "under": "below", "at_least": "at_least", "or_more": "at_least", "over": ""}
# "Must not be", "does not drop": a denial with at most its verb before the number turns the side that is said with the number.
_NOT_ABOVE = re.compile(r"\b(ikke|not|never|aldrig)( [a-z]+)?$|\b(overstig\w*|overskrid\w*|exceed\w*)$")
# A denial farther off: which side is meant then is not sure.
_DENIED = re.compile(r"\b(ikke|aldrig|ingen|intet|uden|not|never|no|none|nobody|without)\b")
_DEFINITE = re.compile(r"\b(de|disse|vores|the|our|these|those)( i alt)?$")
# "Hver kommune har to": the number is that of each, and the goal that all have it.
_EACH = re.compile(
    r"\b(hver|hvert|enhver|ethvert|begge|both|neither) (?!(anden|andet|tredje|[a-z]+(te|de))\b)"
    rf"(?!({'|'.join(_DAYS)}|kvartal|gang|time|morgen|aften)\w*\b)[a-z]"
)
_NO_MORE = re.compile(r"\b(maks|maksimalt|maksimum|max|maximum|hoejst|no (higher|more|greater|longer) than)$")
_OR_MORE = re.compile(r"\b(eller|or) (mere|flere|derover|more|above)\b")
_OR_LESS = re.compile(r"\b(eller|or) (mindre|faerre|derunder|less|fewer|below)\b")
_FALLS = re.compile(
    r"\b(maa gerne|may|reducer\w*|nedbring\w*|saenk\w*|fald\w*|mindske\w*|begraens\w*|over|mere end|flere end|reduc\w*|lower\w*|decreas\w*|"
    r"more than|above)\b"
)
# What nobody wishes more of: a number of it without a side is a limit as likely as a level to be reached.
_UNWISHED = re.compile(
    r"\b(afbr[uy]d\w*|frafald\w*|fald\w* fra|klage\w*|aflys\w*|udebliv\w*|stopp\w*|ophoer\w*|mist\w*|mangl\w*|ensom\w*|util\w*|uden|"
    r"ventetid\w*|vente\w*|fejl\w*|kun|drop\w*|leav\w*|quit\w*|complain\w*|cancel\w*|break\w*|broke\w*|lapse\w*|lonel\w*|isolat\w*|"
    r"dissat\w*|without|wait\w*|lack\w*|missed|unmet|only|premature\w*|turnover|ledig\w*|unemploy\w*)\b"
)
_UPPER = re.compile(r"\b(hoejst|maks\w*|max\w*|at most|no more|ikke (mere|flere|laengere)|not more|fewer|faerre|mindre|less)\b")
_FEWER = re.compile(
    r"\b(shrink\w*|drop\w*|declin\w*|dal(er|e)|skrump\w*|dykke\w*|reduc\w*|nedbring\w*|saenk\w*|fald\w*|mindsk\w*|begraens\w*|lower\w*|decreas\w*|fall\w*|cut|down|ned|faerre|mindre|fewer|less)\b"
)
_CHANGES = re.compile(
    rf"{_FEWER.pattern}|\b(up|op|stig\w*|oege?s?|for(oe|ø)ge\w*|vokse\w*|haev\w*|rais\w*|ris\w*|grow\w*|increas\w*|expand\w*|udvid\w*)\b"
)
_MORE = re.compile(r"(flere|faerre|mere|mindre|hoejere|lavere|more|fewer|less|higher|lower)\b")
_EXACT, _FEW = 4, 10


@dataclass(frozen=True)
class GoalWords:
    """What a sentence says of a goal.

    Args:
        text: the sentence.
        targets: numbers that may be the target, as (number, whether a percentage).
        direction: "at_least", "at_most", "below"; "" where it has to be asked.
        as_of: "2025-06", "2024", "2024-12-31" or "".
        unit: who is counted, "" where that has to be asked.
        likely: the unit that is proposed where it is asked.
        ends: whether the targets are the two ends between which the number is to lie.
        times: where the target is an earlier number times something ("fordobles"): that factor, else None.
        since: the time of that earlier number, "" where the sentence does not say it.
        asked_times: the times among which it has to be asked when the goal is to be met; empty where nothing is unsure.
    """

    text: str
    targets: tuple[tuple[float, bool], ...]
    direction: str
    as_of: str
    unit: str
    likely: str = ""
    ends: bool = False
    times: Fraction | None = None
    since: str = ""
    asked_times: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Number:
    """A number of a sentence that may be a target: what it may mean, as (number, whether a percentage), and the mention it stands in."""

    values: tuple[tuple[float, bool], ...]
    said: Mention

    @property
    def share(self) -> bool:
        return any(share for _, share in self.values)


def read_goal(words: str, target: str = "", when: str = "", *, plain: bool = False, people: str = "") -> GoalWords:
    """What a sentence says of a goal.

    Args:
        words: the sentence, without its bullet.
        target: the target, where it stands apart ("75 %", "300"), with its direction and unit ("højst 10 kommuner").
        when: the time, where it stands apart ("31-12-2024", "2. halvår 2024").
        plain: whether a number without a sign is sure to be none of per cent.
        people: what the programme calls its people (a pattern, folded); "" for none of its own.

    Example:
        >>> found = read_goal("Mindst to tredjedele af deltagerne får et større netværk inden juni 2025")
        >>> found.targets, found.direction, found.unit, found.as_of
        (((66.6666, True),), 'at_least', 'participant', '2025-06')
    """
    times = times_said(words, when)
    # Dates are blanked, so that no year is taken for a target and every place stays where it is.
    bare = without_times(words)
    apart = bool(target.strip())
    searched = without_times(target) if apart else bare
    said = _said(searched)
    found = _numbers(said, searched, words)
    changed = _change(_said(bare), words) if not found and not apart else None
    if changed is not None:
        unit, likely = unit_said(bare, 0, begins_with_unit(bare, people), people)
        # "Double the 35 that there were in 2024" says what that is; and one time may be that of the start as well as that of the end.
        base = [one for mention in said if _is_known(mention, bare) and (one := _number(mention, bare)) is not None]
        targets = tuple((float(changed) * value, share) for one in base for value, share in one.values)
        if not times.due and not times.since and times.as_of:
            times = Times("", "", (times.as_of,))
        side = "at_most" if changed < 1 else "at_least"
        return GoalWords(words, targets, side, times.as_of, unit, likely, times=changed, since=times.since, asked_times=times.asked)
    direction = _direction_apart(target, found, bare) if apart else _direction(found, bare)
    targets = tuple(dict.fromkeys((_written(value, share, direction), share) for one in found for value, share in one.values))
    if len(targets) == 1 and len({one.said.start for one in found}) > 1 and not targets[0][1]:
        # "60 boys and 60 girls": each of them, or all together.
        targets = (*targets, (targets[0][0] * len(found), False))
    if not apart and not any(share for _, share in targets):
        targets = (*targets, *_wholes(said, bare, alone=not targets))
    if apart and not plain and len(targets) == 1 and not targets[0][1] and targets[0][0] <= 100:
        targets = _with_or_without_sign(targets[0][0], bare)
    # Who is asked for the number is asked for its side.
    direction = direction if targets or apart or all(one.value is None for one in said) else ""
    only = found[0] if len({one.said.start for one in found}) == 1 else None
    # A number with a noun of its own counts that, whoever opens the sentence: "Kommunen holder 12 møder".
    opens = begins_with_unit(bare, people) and not any(one.said.unit for one in found)
    if only is None or not apart:
        unit, likely = unit_said(bare, only.said.end if only is not None else 0, only is not None or opens, people, opens=opens)
    else:
        unit, likely = unit_said(searched, only.said.end, True, people)
        if not unit:
            # A target that stands apart mostly stands in the sentence as well, and there beside the words that go with it.
            stands = ((one, _number(one, bare)) for one in _said(bare))
            again = next((one for one, number in stands if number is not None and set(only.values) & set(number.values)), None)
            unit, likely = unit_said(bare, again.end if again is not None else 0, again is not None or begins_with_unit(bare, people), people)
    ends = only is not None and len(targets) == 2 and re.search(r"\b(mellem|between) *$", fold(searched[: only.said.start])) is not None
    return GoalWords(words, targets, direction, times.as_of, unit, likely, ends=ends, asked_times=times.asked)


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
    found = (_number(one, plain) for one in _said(plain) if one.kind == "duration")
    return next((int(one.values[0][0]) for one in found if one is not None), None)


def _said(words: str) -> list[Mention]:
    """The numeric statements of a sentence, in the language that more of it can be read in."""
    tokens = re.findall(r"\w+", words.casefold())
    known = {lang: sum(token in own for token in tokens) for lang, own in _FUNCTION_WORDS.items()}
    if known["da"] != known["en"]:
        return [*mentions(words, max(known, key=lambda lang: known[lang]))]
    both = [[*mentions(words, lang)] for lang in known]
    return max(both, key=lambda one: sum(1 + bool(mention.modifier) + bool(mention.key) for mention in one))


def _numbers(said: list[Mention], words: str, sentence: str) -> list[_Number]:
    """The numbers that may be the target: all but those that the words beside them show to be something else, so that no guess is silent."""
    found = [one for mention in said if (one := _number(mention, words)) is not None and not _is_step(mention, words)]
    if any(one.said.role == "to" for one in found):
        found = [_like_its_start(one, found) for one in found if one.said.role != "from"]
    shares = [one for one in found if one.share]
    counts = [one for one in found if not one.share and one.said.kind != "duration"]
    others = len(shares) + len(counts) > 1 or any(mention.kind == "multiple" for mention in said)
    counts = [one for one in counts if not (others and _is_known(one.said, words))]
    # Beside another number, one that counts nothing is a place on a scale or an age; "one of them" counts nobody.
    counting = [one for one in counts if one.said.unit or one.said.modifier]
    counting = [one for one in counting if not one.said.spelled or one.said.modifier or one.said.value != 1]
    waits = [one for one in found if one.said.kind == "duration"] if _WAITS.search(fold(sentence)) else []
    if shares:
        return [*shares, *counting]
    figures = [one for one in counts if not one.said.spelled or one in counting]
    return figures or counts or waits


def _is_known(mention: Mention, words: str) -> bool:
    """Whether a number only tells how many there are of something that is known: "hver af de fire kommuner", "our 9 areas"."""
    return mention.role == "" and not mention.modifier and _DEFINITE.search(fold(words[: mention.start])) is not None


def _like_its_start(number: _Number, found: list[_Number]) -> _Number:
    """A bare number to which something is to move counts what it moves from: "from 12 weeks to 5"."""
    start = next((one.said for one in found if one.said.role == "from" and one.said.end <= number.said.start), None)
    if start is None or start.kind != "duration" or number.said.kind != "count" or number.said.unit or number.said.value is None:
        return number
    return _number(dataclasses.replace(start, value=number.said.value, low=None, high=None, start=number.said.start, end=number.said.end), "") or number


def _number(mention: Mention, words: str) -> _Number | None:
    value = mention.value
    if value is None:
        return None
    ends = [one for one in (mention.low, mention.high) if one is not None] or [value]
    if mention.kind == "ratio" and mention.base:
        share = (float(100 * value / mention.base), True)
        # "9 ud af 10" is a share; "12 ud af 14 kommuner" and "4 of the 6 firms" may be meant as either.
        either = mention.base > _FEW or re.search(r"\b(af de|of the)\b", fold(mention.text)) is not None
        return _Number(((float(value), False), share) if either else (share,), mention)
    if mention.kind == "percentage" or (mention.kind == "share" and 0 < value < 1):
        whole = 1 if mention.kind == "percentage" else 100
        return _Number(tuple((float(one * whole), True) for one in ends), mention)
    if mention.kind == "duration":
        unit = next((days for name, days in _DAYS.items() if name in fold(mention.text)), None)
        return _Number(((float(round(float(value) * unit)), False),), mention) if unit is not None else None
    if mention.kind in ("count", "total") and not _TIMES.match(words[mention.end :]):
        return _Number(tuple((float(one), False) for one in ends), mention)
    return None


def _wholes(said: list[Mention], words: str, *, alone: bool) -> list[tuple[float, bool]]:
    """All or none, where a sentence speaks of them: a number beside is one of each. Alone only if they open it: "a network for all"."""
    before = [(one.value, fold(words[: one.start])) for one in said if one.kind == "share" and one.value in (0, 1)]
    whole = {value for value, ahead in before if value is not None and not (ahead if alone else re.search(r"\b(af|of)$", ahead))}
    if found := _EACH.search(fold(words)):
        whole |= set() if alone and found.start() else {Fraction(1)}
    return [(float(100 * one), True) for one in sorted(whole)]


def _is_step(mention: Mention, words: str) -> bool:
    """Whether a number says by how much something changes: "øges med 25 %", "up by a quarter", "25 % flere end i 2023", "5 more than"."""
    before, after = fold(words[: mention.start]), fold(words[mention.end :])
    more = _MORE.match(after)
    by = mention.role == "by" and bool(_CHANGES.search(before))
    return by or (more is not None and (mention.share is not None or re.search(r"\b(end|than)\b", after) is not None))


def _written(value: float, share: bool, direction: str) -> float:
    """A share that has no end is cut on the side on which who reaches it exactly has reached it."""
    if not share or value == round(value, _EXACT):
        return value
    cut = math.ceil if direction == "at_most" else math.floor
    return float(cut(value * 10**_EXACT) / 10**_EXACT)


def _change(said: list[Mention], words: str) -> Fraction | None:
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


def _with_or_without_sign(value: float, words: str) -> tuple[tuple[float, bool], ...]:
    """A bare number in a column of its own: a percentage where the sentence says so, a number where nobody could mean another."""
    numbers = [number for mention in _said(words) if (number := _number(mention, words)) is not None]
    said = {share for number in numbers for one, share in number.values if one == value}
    if len(said) == 1:
        return ((value, said.pop()),)
    # A spreadsheet keeps 75 % as 0.75.
    return ((100 * value, True), (value, False)) if 0 < value < 1 else ((value, False), (value, True))


def _direction(found: list[_Number], words: str) -> str:
    """Which side of the target is meant; at least, unless a word says another, speaks of a fall or of something unwished, or denies."""
    said = {side for one in found if (side := _side(one.said, words)) is not None}
    if said:
        return said.pop() if len(said) == 1 else ""
    values = {value for one in found for value, _ in one.values}
    if values == {0}:
        return "at_most"  # at least none is no goal
    if moved := _moved(_said(words)):
        return moved
    start = min((one.said.start for one in found), default=len(words))
    # What is said with an age or a length of time is no side of the target.
    spans = [(one.start, one.end) for one in _said(words) if one.modifier or one.kind in ("duration", "frequency")]
    apart = fold("".join(" " if any(first <= place < last for first, last in spans) else sign for place, sign in enumerate(words)))
    unsure = _FALLS.search(apart) or _DENIED.search(fold(words[:start])) or _UNWISHED.search(apart) or _UPPER.search(apart)
    return "" if unsure else "at_least"


def _moved(said: list[Mention]) -> str:
    """Whether a number is to rise or to fall from where it stands: "fra 48 % til 30 %"; "" where no two such numbers are said."""
    ends = [{one.share if one.share is not None else one.value for one in said if one.role == role} for role in ("from", "to")]
    (earlier,), (later,) = ends if all(len(one) == 1 for one in ends) else ({None}, {None})
    return "" if earlier is None or later is None or earlier == later else "at_least" if later > earlier else "at_most"


def _side(mention: Mention, words: str) -> str | None:
    """The side that stands with a number; None where nothing does."""
    before, after = fold(words[: mention.start]), fold(words[mention.end :])
    not_above = bool(_NOT_ABOVE.search(before))
    if mention.modifier in _MODIFIED:
        side = _MODIFIED[mention.modifier]
        if side != "at_least" and re.match(r"(ingen|intet|no|none)\b", before):
            return ""  # "no municipality has fewer than two" is about each of them
        turned = {"": "at_most", "below": "at_least"}.get(side)
        return turned if not_above and turned is not None else side
    if not_above or _NO_MORE.search(before):
        return "at_most"
    return "at_least" if _OR_MORE.search(after) else "at_most" if _OR_LESS.search(after) else None


def _direction_apart(target: str, found: list[_Number], words: str) -> str:
    """The direction of a target in a column of its own: as the column says it, else as the sentence does."""
    sign = next((direction for sign, direction in _SIGNS.items() if target.strip().startswith(sign)), "")
    own = {side for one in found if (side := _side(one.said, target)) is not None}
    if sign or (len(own) == 1 and own != {""}):
        return sign or own.pop()
    said = _said(words)
    near = {side for one in said if any(one.value == number.said.value for number in found) and (side := _side(one, words)) is not None}
    if len(near) == 1:
        return near.pop()
    # "Højst en fjerdedel" beside a target of 25.
    any_ = {side for one in said if one.kind not in ("duration", "year") and (side := _side(one, words)) is not None}
    if len(any_) == 1:
        return any_.pop()
    return "" if any_ or _FALLS.search(fold(words)) else "at_least"

"""What a sentence says of a goal: target, direction, date and unit, read from the numeric statements in it."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from fractions import Fraction

from vvvresearch.intake._fold import fold
from vvvresearch.intake._goal_numbers import (
    AVERAGE,
    GoalNumber,
    as_shares,
    candidates,
    factor,
    is_known,
    moves,
    number_of,
    said_of,
    unread,
    wholes,
)
from vvvresearch.intake._goal_parts import Nouns, Times, begins_with_unit, of_each, only_group, times_said, unit_said, without_times
from vvvresearch.statements import Mention

_SIGNS = {"≤": "at_most", "<=": "at_most", "<": "below", "≥": "at_least", ">=": "at_least"}
_MODIFIED = {"at_most": "at_most", "or_less": "at_most", "under": "below", "at_least": "at_least", "or_more": "at_least", "over": ""}
# "Must not be", "does not drop": a denial with at most its verb before the number turns the side that is said with the number.
_NOT_ABOVE = re.compile(r"\b(ikke|not|never|aldrig)( [a-z]+)?$")
_ABOVE = re.compile(r"\b(overstig\w*|overskrid\w*|exceed\w*)$")
# A denial farther off: which side is meant then is not sure.
_DENIED = re.compile(r"\b(ikke|aldrig|ingen|intet|uden|not|never|no|none|nobody|without)\b")
_NO_MORE = re.compile(
    r"\b(maks|maksimalt|maksimum|max|maximum|hoejst|up to|"
    r"(no|not|ikke|never) (higher|more|greater|longer|over|above|mere|flere|hoejere|laengere)( (than|end))?)$"
)
# "Ventetid i uger, højst" beside a target of 5.
_SIDE_AT_END = re.compile(r"\b(hoejst|maks(imalt|imum)?|max(imum)?|at most|mindst|minimum|at least)$")
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
    r"dissat\w*|without|wait\w*|lack\w*|missed|unmet|only|premature\w*|turnover|ledig\w*|unemploy\w*|udgift\w*|omkostning\w*|cost|costs|expense\w*|incident\w*|haendelse\w*)\b"
)
_UPPER = re.compile(r"\b(hoejst|maks\w*|max\w*|at most|no more|ikke (mere|flere|laengere)|not more|fewer|faerre|mindre|less)\b")
OF_ALL = re.compile(r"\b(andel\w*|share|proportion|pct|procent|percent|per cent)\b")
_EXACT = 4
# What joins two goals of one sentence; a place or a whole that the second number tells ("40 in 12 towns", "40 of 60") is none.
_JOINED = re.compile(r"(?:[,;&]|,?\s(?:og|and|samt|med|with|plus))$")
_SIDE_BEFORE = re.compile(r"(?:\b(?:mindst|minimum|at least|i alt|in all|in total|a total of)\s+)+$", re.IGNORECASE)


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
        sure: whether the one target may be taken; not where the sentence speaks of a change, or has a number that nobody can read.
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
    sure: bool = True


def read_goal(words: str, target: str = "", when: str = "", *, plain: bool = False, own: Nouns = (), how: str = "") -> GoalWords:
    """What a sentence says of a goal.

    Args:
        words: the sentence, without its bullet.
        target: the target, where it stands apart ("75 %", "300"), with its direction and unit ("højst 10 kommuner").
        when: the time, where it stands apart ("31-12-2024", "2. halvår 2024").
        plain: whether a number without a sign is sure to be none of per cent.
        own: what the programme itself calls what it counts.
        how: how it is measured, where a column says so.

    Example:
        >>> found = read_goal("Mindst to tredjedele af deltagerne får et større netværk inden juni 2025")
        >>> found.targets, found.direction, found.unit, found.as_of
        (((66.6666, True),), 'at_least', 'participant', '2025-06')
    """
    # Dates are blanked, so that no year is taken for a target and every place stays where it is.
    bare = without_times(words)
    apart = bool(target.strip())
    searched = without_times(target) if apart else bare
    said = said_of(searched)
    found = candidates(said, searched, words, apart=apart)
    times = times_said(words if when else f"{words} {target}".strip(), when, of_all=any(one.share for one in found))
    changed = factor(said_of(bare), words) if not found and not apart else None
    if changed is not None:
        unit, likely = unit_said(bare, 0, begins_with_unit(bare, own), own)
        # "Double the 35 that there were in 2024" says what that is; and one time may be that of the start as well as that of the end.
        base = [one for mention in said if is_known(mention, bare) and (one := number_of(mention, bare)) is not None]
        targets = tuple((float(changed) * value, share) for one in base for value, share in one.values)
        if not times.due and not times.since and times.as_of:
            times = Times("", "", (times.as_of,))
        side = "at_most" if changed < 1 else "at_least"
        return GoalWords(words, targets, side, times.as_of, unit, likely, times=changed, since=times.since, asked_times=times.asked)
    direction = _direction_apart(target, found, bare, how) if apart else _direction(found, bare)
    targets = tuple(dict.fromkeys((_written(value, share, direction), share) for one in found for value, share in one.values))
    if len(targets) == 1 and len({one.said.start for one in found}) > 1 and not targets[0][1]:
        # "60 boys and 60 girls": each of them, or all together.
        targets = (*targets, (targets[0][0] * len(found), False))
    if not apart and not any(share for _, share in targets) and not AVERAGE.search(fold(words)):
        targets = (*targets, *as_shares(found, bare, named=begins_with_unit(bare, own)))
    if not apart and not any(share for _, share in targets):
        whole = wholes(said, bare, alone=not targets)
        # "Hver mentor har højst to": two is a limit, and that all keep it is a level.
        direction = "" if whole and targets and direction != "at_least" else direction
        targets = (*targets, *whole)
    if not apart and len(targets) == 1 and targets[0][1]:
        # "Alle kommuner betaler mindst 25 %": that of each, or that all do.
        targets = tuple(dict.fromkeys((*targets, *wholes(said, bare, alone=True))))
    # A mean, a length of time and a sum of money are no per cent.
    bare_number = not any(one.said.unit or one.said.kind in ("duration", "money") for one in found) and not AVERAGE.search(
        fold(f"{words} {target} {how}")
    )
    if apart and len(targets) == 1 and not targets[0][1] and targets[0][0] <= 100 and bare_number:
        said_so = not plain or targets[0][0] % 1 or OF_ALL.search(fold(words))
        targets = _with_or_without_sign(targets[0][0], bare) if said_so else targets
    # Who is asked for the number is asked for its side.
    direction = direction if targets or apart or all(one.value is None for one in said) else ""
    only = found[0] if len({one.said.start for one in found}) == 1 else None
    unit, likely = _counted(bare, searched if apart else "", found, own)
    ends = only is not None and len(targets) == 2 and re.search(r"\b(mellem|between) *$", fold(searched[: only.said.start])) is not None
    # "+ 20 %", "12 more than in 2025": by how much, not how many.
    stepped = apart and (target.strip().startswith("+") or times_said(target, "").since != "")
    sure = not stepped if apart else not (unread(said, bare) or (moves(said, bare) and all(one.said.role != "to" for one in found)))
    side = direction if sure else ""
    return GoalWords(words, targets, side, times.as_of, unit, likely, ends=ends, asked_times=times.asked, sure=sure)


def parts_of(words: str, sentence: str, own: Nouns) -> list[str]:
    """A sentence with a goal for each of its numbers, as one sentence a goal; empty where it has one goal, or that has to be asked.

    Args:
        words: where the numbers stand: the sentence, or the target that stands apart.
        sentence: the sentence.
        own: what the programme itself calls what it counts.

    Example:
        >>> parts_of("Der holdes 12 kurser med 150 deltagere", "", ())
        ['Der holdes 12 kurser', 'Der holdes 150 deltagere']
        >>> parts_of("40 new volunteers in 2026 and 55 in 2027", "", ())
        ['40 new volunteers in 2026', '55 new volunteers in 2027']
    """
    bare = without_times(words)
    found = sorted(candidates(said_of(bare), bare, sentence), key=lambda one: one.said.start)
    if len(found) < 2 or any(one.share or len(one.values) > 1 or one.said.kind == "duration" for one in found):
        return []
    starts = [_from(one.said.start, bare) for one in found]
    pieces = [words[start:end].rstrip() for start, end in itertools.pairwise([*starts, len(words)])]
    joined = [_JOINED.search(piece) for piece in pieces[:-1]]
    if not all(joined):
        return []
    pieces = [*(piece[: cut.start()].rstrip() for piece, cut in zip(pieces, joined, strict=False) if cut), pieces[-1]]
    ends = [one.said.end - start for one, start in zip(found, starts, strict=True)]
    counted = [unit_said(without_times(piece), end, True, own, opens=False)[0] for piece, end in zip(pieces, ends, strict=True)]
    times = [times_said(piece, "").as_of for piece in pieces]
    opening = words[: starts[0]]
    if all(counted) and len(set(counted)) == len(counted):
        return [opening + piece for piece in pieces]
    if all(times) and len(set(times)) == len(times) and not any(counted[1:]):
        # What the first number counts, the others count too.
        noun = without_times(pieces[0][ends[0] :]).rstrip()
        noun = re.sub(r"\s+(i|in|by|ved|inden|pr\.?|per|during|for)$", "", noun)
        return [
            opening + pieces[0],
            *(f"{opening}{piece[:end]}{noun}{piece[end:]}" for piece, end in zip(pieces[1:], ends[1:], strict=True)),
        ]
    return []


def _from(start: int, words: str) -> int:
    """Where what belongs to a number begins: with the word of its side or of its sum."""
    before = _SIDE_BEFORE.search(words[:start])
    return before.start() if before else start


def _counted(words: str, apart: str, found: list[GoalNumber], own: Nouns) -> tuple[str, str]:
    """Who is counted, "" where it has to be asked, and who is likely.

    Args:
        words: the sentence, its dates blanked.
        apart: the target that stands apart, "" for none.
        found: the numbers that may be the target.
        own: what the programme itself calls what it counts.
    """
    only = found[0] if len({one.said.start for one in found}) == 1 else None
    # A number with a noun of its own counts that, whoever opens the sentence: "Kommunen holder 12 møder".
    opens = begins_with_unit(words, own) and not any(one.said.unit for one in found)
    if only is None or not apart:
        unit, likely = unit_said(words, only.said.end if only is not None else 0, only is not None or opens, own, opens=opens)
    else:
        unit, likely = unit_said(apart, only.said.end, True, own)
        if only.said.unit and not unit and not only.share:
            return "", unit_said(words, 0, False, own)[1]  # a noun that nobody here knows
        if not unit:
            # A target that stands apart mostly stands in the sentence as well, and there beside the words that go with it.
            stands = ((one, number_of(one, words)) for one in said_of(words))
            again = next((one for one, number in stands if number is not None and set(only.values) & set(number.values)), None)
            sure = again is not None or begins_with_unit(words, own)
            unit, likely = unit_said(words, again.end if again is not None else 0, sure, own)
    if any(one.share for one in found) and not unit:
        unit = only_group(words, own)
    # A mean is of a number that each of them has, and is no number of them; a sentence without any number may be about anything.
    scored = any(not share and not value.is_integer() for one in found for value, share in one.values)
    if not found or scored or AVERAGE.search(fold(f"{words} {apart}")) or of_each(words, own):
        return "", likely
    return unit, likely or unit


def _written(value: float, share: bool, direction: str) -> float:
    """A share that has no end is cut on the side on which who reaches it exactly has reached it."""
    if not share or value == round(value, _EXACT):
        return value
    cut = math.ceil if direction == "at_most" else math.floor
    return float(cut(value * 10**_EXACT) / 10**_EXACT)


def _with_or_without_sign(value: float, words: str) -> tuple[tuple[float, bool], ...]:
    """A bare number in a column of its own: a percentage where the sentence says so, a number where nobody could mean another."""
    numbers = [number for mention in said_of(words) if (number := number_of(mention, words)) is not None]
    said = {share for number in numbers for one, share in number.values if one == value}
    if len(said) == 1:
        return ((value, said.pop()),)
    if not numbers and value >= 1 and OF_ALL.search(fold(words)):
        return ((value, True),)
    # A spreadsheet keeps 75 % as 0.75.
    return ((100 * value, True), (value, False)) if 0 < value < 1 else ((value, False), (value, True))


def _direction(found: list[GoalNumber], words: str) -> str:
    """Which side of the target is meant; at least, unless a word says another, speaks of a fall or of something unwished, or denies."""
    # Where one of several numbers has no side of its own, that of another is not its.
    said = {_side(one.said, words) for one in found} if found else set()
    if said - {None}:
        return (said - {None}).pop() or "" if len(said) == 1 or said == {None, "at_least"} else ""
    values = {value for one in found for value, _ in one.values}
    if values == {0}:
        return "at_most"  # at least none is no goal
    if moved := _moved(said_of(words)):
        return moved
    start = min((one.said.start for one in found), default=len(words))
    # What is said with an age or a length of time is no side of the target.
    spans = [(one.start, one.end) for one in said_of(words) if one.modifier or one.kind in ("duration", "frequency")]
    apart = fold("".join(" " if any(first <= place < last for first, last in spans) else sign for place, sign in enumerate(words)))
    if any(share and 2 * value < 100 for one in found for value, share in one.values):
        return ""  # of a small share nobody can tell without a word whether it is a level or a limit
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
        if side == "below" and re.search(r"\b(eller|or)$", before):
            return "at_most"  # "at or below 15 %"
        if side != "at_least" and re.match(r"(ingen|intet|no|none)\b", before):
            return ""  # "no municipality has fewer than two" is about each of them
        turned = {"": "at_most", "below": "at_least"}.get(side)
        return turned if not_above and turned is not None else side
    if not_above or _NO_MORE.search(before):
        return "at_most"
    if _ABOVE.search(before):
        # Without a denial near it, it may be reached or passed: as "over".
        return "at_most" if _DENIED.search(before) else ""
    return "at_least" if _OR_MORE.search(after) else "at_most" if _OR_LESS.search(after) else None


def _direction_apart(target: str, found: list[GoalNumber], words: str, how: str) -> str:
    """The direction of a target in a column of its own: as the column says it, else as the sentence does."""
    if {value for one in found for value, _ in one.values} == {0}:
        return "at_most"
    sign = next((direction for sign, direction in _SIGNS.items() if target.strip().startswith(sign)), "")
    own = {side for one in found if (side := _side(one.said, target)) is not None}
    if sign or (len(own) == 1 and own != {""}):
        return sign or own.pop()
    if ending := _SIDE_AT_END.search(fold(words)) or _SIDE_AT_END.search(fold(how)):
        return "at_most" if _NO_MORE.search(ending[0]) or ending[0] == "at most" else "at_least"
    said = said_of(words)
    # "Højst en fjerdedel" beside a target of 25.
    values = {value for one in found for value, _ in one.values}
    same = [one for one in said if (number := number_of(one, words)) is not None and values & {value for value, _ in number.values}]
    near = {side for one in same if (side := _side(one, words)) is not None}
    if len(near) == 1:
        return near.pop()
    # The side of another number may be an age or a size: "mentors under 30"; "at least one" is none.
    others = [one for one in said if one.kind not in ("duration", "year") and not (one.spelled and one.value == 1)]
    any_ = any(_side(one, words) is not None for one in others)
    return "" if any_ or _FALLS.search(fold(words)) or _UNWISHED.search(fold(words)) else "at_least"

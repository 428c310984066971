"""Words of direction against the numbers beside them: from a to b, by c, doubled, more than."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention

_NUMBERS = ("percentage", "count", "ratio", "total", "points", "duration", "money")
_TIMES = re.compile(r"(?:i|in|pr\.|ultimo|primo|by|since)\s+(?:\w+\s+)?((?:19|20)\d\d)")


def change_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on changes told in one sentence."""
    for said in facts.said:
        directions = [one for one in said.of("direction", "multiple") if one.key != "moved"]
        for first, last in _ends(said):
            beside = [one for one in directions if not _parted(said, one, first, last)]
            if beside:
                yield from _judged(said, first, last, min(beside, key=lambda one: _distance(one, first, last)), directions)
            yield from _next(facts, said, first, last)
        yield from _compared(said)


def _ends(said: Said) -> Iterator[tuple[Mention, Mention]]:
    """Pairs of numbers told as a change: "fra 40 til 52", else two numbers of two years."""
    numbers = [one for one in said.mentions if one.kind in _NUMBERS and one.value is not None and one.kind != "points"]
    found = False
    for at, one in enumerate(numbers):
        if one.role != "from" and not _opened(said, one, _FROM):
            continue
        for other in numbers[at + 1 : at + 3]:
            same = (
                other.kind == one.kind
                or {other.kind, one.kind} <= {"count", "total", "ratio"}
                or (one.kind == "count" and other.kind == "percentage")
                or (one.kind == "count" and not one.unit and other.kind in ("duration", "money"))
            )
            if same and _opened(said, other, _TO):
                found = True
                yield one, other
                break
    if found or len(numbers) != 2 or numbers[0].kind != numbers[1].kind:
        return
    years = [_year_of(said, one) for one in numbers]
    if years[0] and years[1] and years[0] != years[1] and all(not one.role for one in numbers):
        yield (numbers[0], numbers[1]) if years[0] < years[1] else (numbers[1], numbers[0])


_FROM, _TO = (
    re.compile(r"\b(?:fra|from)\s+(?:[^\W\d]+\s+){0,2}$", re.IGNORECASE),
    re.compile(r"\b(?:til|to)\s+(?:[^\W\d]+\.?\s+){0,2}$", re.IGNORECASE),
)


_EQUALS = re.compile(
    r"\b(?:svarende|svarer|corresponding|corresponds|equivalent|equal|amounts?|amounting)\s+(?:til|to)\s+(?:\S+\s+){0,2}$", re.IGNORECASE
)


def _opened(said: Said, mention: Mention, pattern: re.Pattern[str]) -> bool:
    before = said.text[max(0, mention.start - said.start - 40) : mention.start - said.start]
    return pattern.search(before) is not None and _EQUALS.search(before) is None


def _year_of(said: Said, mention: Mention) -> int:
    """The year beside a number: in the words behind it, else before it, up to the next number."""
    end = mention.end - said.start
    behind = re.match(r"[^\d;:]{0,45}?\b((?:19|20)\d\d)\b", said.text[end:])
    if behind:
        return int(behind[1])
    before = re.search(r"\b((?:19|20)\d\d)\b[^\d;:]{0,45}$", said.text[: mention.start - said.start])
    return int(before[1]) if before else 0


def _parted(said: Said, word: Mention, first: Mention, last: Mention) -> bool:
    """Whether another sentence part stands between a word of direction and its numbers."""
    if first.start <= word.start <= last.end:
        return False
    gap = (
        said.text[word.end - said.start : first.start - said.start]
        if word.end <= first.start
        else said.text[last.end - said.start : word.start - said.start]
    )
    return len(gap) > 150 or bool(re.search(r";|\b(?:mens|men|hvorimod|selv om|selvom|while|whereas|although)\b", gap))


def _distance(word: Mention, first: Mention, last: Mention) -> int:
    if first.start <= word.start <= last.end:
        return 0
    return min(abs(first.start - word.end), abs(word.start - last.end))


def _judged(said: Said, first: Mention, last: Mention, word: Mention, directions: list[Mention]) -> Iterator[Finding]:
    assert first.value is not None
    assert last.value is not None
    before, after = _amount(first), _amount(last)
    difference = after - before
    near = said.text[max(0, word.start - said.start - 18) : word.start - said.start].lower()
    negated = bool(re.search(r"\b(?:ikke|not|hverken|neither|uden|without)\b", near))
    shown = {"word": word.text, "first": first.text, "last": last.text}
    if word.kind == "multiple" and word.word is not None and word.word.ratio and before > 0:
        ratio, actual = word.word.ratio, after / before
        low, high = ratio * Fraction(4, 5), ratio * Fraction(6, 5)
        over = word.modifier in ("over", "well_over", "just_over", "at_least")
        right = (actual >= ratio if ratio > 1 else actual <= ratio) if over else low <= actual <= high
        if not right:
            yield _finding("direction", said, word, last, Phrase("audit.what_direction", shown))
        return
    sign = word.word.sign if word.word is not None else 0
    opposite = [
        one for one in directions if one.word is not None and one.word.sign == -sign and one is not word and one.kind == "direction"
    ]
    alone = len([one for one in said.mentions if one.kind in _NUMBERS and one.kind != "points" and one.role != "by"]) == 2
    if not negated and (not opposite or alone):
        if sign in (1, -1) and difference * sign < 0:
            yield _finding("direction", said, word, last, Phrase("audit.what_direction", shown))
            return
        if sign == 0 and word.kind == "direction" and abs(difference) > max(Fraction(5), abs(before) / 10):
            yield _finding("direction", said, word, last, Phrase("audit.what_direction", shown))
            return
    yield from _size(said, first, last)


_SO_MANY = re.compile(
    r"\W*(?:det er|det svarer til|det giver|altså|that is|this is)\b[^.]{0,40}?\b"
    r"(flere|færre|mere|mindre|more|fewer|less|points?|procentpoint)\b",
    re.IGNORECASE,
)


def _next(facts: Facts, said: Said, first: Mention, last: Mention) -> Iterator[Finding]:
    """ "Det er 33 flere": the difference that the next sentence gives."""
    following = facts.said[said.position + 1] if said.position + 1 < len(facts.said) else None
    if following is None or following.block is not said.block or not _SO_MANY.match(following.text):
        return
    steps = [one for one in following.mentions if one.kind in ("count", "points") and one.value is not None]
    gap = abs(_amount(last) - _amount(first))
    slack = 1 if first.kind == "percentage" else 0
    if (
        len(steps) == 1
        and not steps[0].modifier
        and (first.kind == "percentage") == (steps[0].kind == "points")
        and abs(_amount(steps[0]) - gap) > slack
    ):
        printed = {"first": first.text, "last": last.text, "step": steps[0].text, "actual": exact(gap)}
        places = (place_of(following, steps[0]), place_of(said, last))
        yield Finding(
            "difference",
            places,
            Phrase("audit.what_difference", printed),
            Phrase("audit.why_difference", {}),
            Phrase("audit.ground_difference", {}),
            0.9,
        )


def _amount(mention: Mention) -> Fraction:
    assert mention.value is not None
    return mention.value


def _size(said: Said, first: Mention, last: Mention) -> Iterator[Finding]:
    """The printed difference: "med 12 procentpoint", "med 20 pct."."""
    before, after = _amount(first), _amount(last)
    for step in said.of("points", "percentage", "count"):
        if step in (first, last) or step.value is None or not (step.role == "by" or step.kind == "points" or _opened(said, step, _BY)):
            continue
        gap = abs(after - before)
        slack = Fraction(1) if max(first.decimals, last.decimals) == 0 and first.kind == "percentage" else Fraction(1, 10)
        if step.modifier not in ("", "exactly"):
            slack = max(slack, gap / 5, Fraction(2))
        if step.kind == "points" or (step.kind == "count" and first.kind != "percentage"):
            right = abs(step.value - gap) <= (slack if step.kind == "points" or step.modifier not in ("", "exactly") else 0)
        elif step.kind == "percentage" and first.kind != "percentage" and before:
            right = abs(step.value - 100 * gap / before) <= Fraction(1) + (2 if step.modifier not in ("", "exactly") else 0)
        else:
            continue
        if not right:
            printed = {
                "first": first.text,
                "last": last.text,
                "step": step.text,
                "actual": half_up(gap, 1).normalize() if gap % 1 else exact(gap),
            }
            yield _finding("difference", said, step, last, Phrase("audit.what_difference", printed))


_BY = re.compile(r"\b(?:med|by|på|of)\s+(?:[^\W\d]+\.?\s+){0,1}$", re.IGNORECASE)


_MORE = re.compile(
    r"\b(flere|større|højere|oftere|more|higher|larger|greater|færre|mindre|lavere|sjældnere|fewer|less|lower|smaller)\b", re.IGNORECASE
)
_LESS = ("færre", "mindre", "lavere", "sjældnere", "fewer", "less", "lower", "smaller")
_THAN = re.compile(r"\b(?:end|than)\b", re.IGNORECASE)


def _compared(said: Said) -> Iterator[Finding]:
    """ "Flere kvinder (45 pct.) end mænd (52 pct.)": the first number against the second."""
    numbers = [one for one in said.mentions if one.kind in ("percentage", "ratio") and one.value is not None]
    if len(numbers) != 2 or numbers[0].kind != numbers[1].kind:
        return
    one, other = numbers
    than = [match.start() + said.start for match in _THAN.finditer(said.text) if one.end <= match.start() + said.start <= other.start]
    words = [match for match in _MORE.finditer(said.text) if than and match.start() + said.start < than[0]]
    if len(than) != 1 or not words or "(" not in said.text[one.start - said.start - 2 : one.start - said.start + 1]:
        return
    word = words[-1]
    sign = -1 if word[0].lower() in _LESS else 1
    first, second = one.share, other.share
    if first is not None and second is not None and (first - second) * sign < 0:
        printed = {"word": word[0], "first": one.text, "last": other.text}
        yield _finding("direction", said, one, other, Phrase("audit.what_direction", printed))


def _finding(kind: str, said: Said, one: Mention, other: Mention, what: Phrase) -> Finding:
    places = tuple(dict.fromkeys((place_of(said, one), place_of(said, other))))
    return Finding(kind, places, what, Phrase(f"audit.why_{kind}", {}), Phrase(f"audit.ground_{kind}", {}), 0.9)

"""What a number cannot be: more than the whole it is told of, outside the range it is the mean of, over what it is said to be under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from vvvresearch.audit._ends import moves_of
from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._follows import Follows
from vvvresearch.audit._near_numbers import Number, around
from vvvresearch.audit._promises import names, opens_what_follows
from vvvresearch.audit._shares import as_word, in_words, word_admits
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

_WHOLE = re.compile(r"\b(?:of those|of these|of the|out of the|among the|af de|af disse|blandt de)\s+$", re.IGNORECASE)
_OF_WHOM = re.compile(r"\b(?:of whom|of which|of them|hvoraf|heraf|deraf|af dem)\b[^.;\d]{0,40}$", re.IGNORECASE)
_MEAN = re.compile(r"\b(?:gennemsnit\w*|average|mean|median\w*|i snit)\b(?![^.;:\d]*\b(?:skala|scale)\b)[^.;:\d]{0,30}$", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:mellem|between|fra|from)\s+(?:[^\W\d]+\s+){0,2}[£$€]?$", re.IGNORECASE)
_AND = re.compile(r"(?:\s+[^\W\d]+\.?){0,2}\s+(?:og|and|til|to)\s+(?:[^\W\d]+\s+)?[£$€]?", re.IGNORECASE)
_OVER = r"over|højere end|større end|mere end|flere end|længere end|above|higher than|greater than|more than|longer than|exceeds?|exceeded"
_UNDER = r"under|lavere end|mindre end|færre end|kortere end|below|lower than|less than|smaller than|fewer than|shorter than"
_THAN = re.compile(
    rf"\b(?:(?P<over>{_OVER})|(?P<under>{_UNDER}))\s+(?:(?!(?:and|og|mens|while)\b)[^\W\d]+\s+){{0,4}}?[£$€]?$", re.IGNORECASE
)
_THAN_NOUN = re.compile(
    rf"\b(?:(?P<over>{_OVER})|(?P<under>{_UNDER}))\s+(?:the\s+(?P<noun>[^\W\d_]{{4,}})|(?P<definite>[^\W\d_]{{5,}}(?:en|et|n)))\b(?!\s+(?:of|for|på|i|af)\s)",
    re.IGNORECASE,
)
_IT = re.compile(r"(?:[^.;]{0,60}\b)?(?:den|det|de|it|they)\b", re.IGNORECASE)


def limit_findings(facts: Facts, follows: Follows) -> Iterator[Finding]:
    """Findings on numbers beyond what their own words allow."""
    for said in facts.said:
        if said.block.kind in ("caption", "heading", "note"):
            continue
        own = [one for one in follows.pool.own[said.position] if one.mention is not None]
        before = facts.said[said.position - 1] if said.position else None
        before = before if before is not None and before.block is said.block else None
        yield from _parts(said, own)
        yield from _means(said, own)
        yield from _outside(facts, said, follows)
        yield from _compared(said, own, follows.pool.own[before.position] if before is not None else [])
        yield from _words(said, own, before, follows)
        following = facts.said[said.position + 1] if said.position + 1 < len(facts.said) else None
        if following is not None and following.block is said.block:
            yield from _announced(said, following)


def _parts(said: Said, own: Sequence[Number]) -> Iterator[Finding]:
    """ "Af de 68 har 86 …", "48 were lost, of whom 58 …": a part is no more than its whole."""
    counts = sorted((one for one in own if one.family == "count" and not one.decimals), key=lambda one: one.at.start)
    for at, part in enumerate(counts):
        left, _ = around(said, part)
        wholes = counts[:at]
        if not wholes or part.at.kind not in ("count", "total") or part.loose:
            continue
        whole = wholes[-1]
        if whole.loose:
            continue
        text = left[whole.at.end - said.start :]
        named = whole.at.kind == "base" or _WHOLE.search(around(said, whole)[0]) is not None
        if not (named and not re.search(r"(?<!\d)[.;:]\s|\b(?:mod|against|end|than|hver|each|pr\.|per)\b", text)) and not _OF_WHOM.search(
            text
        ):
            continue
        if part.unit and whole.unit and part.unit != whole.unit:
            continue
        if part.value > whole.value > 2:
            what = Phrase("audit.what_sum", {"added": exact(part.value), "printed": exact(whole.value), "name": said.text[:90]})
            yield Finding(
                "sum", tuple(dict.fromkeys((part.place, whole.place))), what,
                Phrase("audit.why_sum", {}), Phrase("audit.ground_sentence", {}), 0.95, 0.9,
            )  # fmt: skip


def _means(said: Said, own: Sequence[Number]) -> Iterator[Finding]:
    """A mean lies between the least and the most that it is told of."""
    numbers = sorted(own, key=lambda one: one.at.start)
    for span in said.mentions:
        means = [one for one in numbers if one.at.start > span.end and _MEAN.search(around(said, one)[0][span.end - said.start :])]
        if span.low is not None and span.high is not None and means and not span.low <= means[0].value <= span.high:
            yield _direction(said, means[0], {"word": means[0].text, "first": exact(span.low), "last": exact(span.high)}, means[:1])
    for low, high in pairwise(numbers):
        between = said.text[low.at.end - said.start : high.at.start - said.start]
        if low.value >= high.value or not (_BETWEEN.search(around(said, low)[0]) and _AND.fullmatch(between)):
            continue
        for mean in numbers:
            if (
                mean.at.start > high.at.end
                and _MEAN.search(around(said, mean)[0][high.at.end - said.start :])
                and not low.value <= mean.value <= high.value
            ):
                told = {"first": low.text, "last": high.text, "word": mean.text}
                yield _direction(said, mean, told, (mean,))


_ENDS = (
    (
        re.compile(
            r"\b(?:korteste|yngste|mindste|laveste|shortest|youngest|smallest|lowest|low of|minimum)\b[^.;\d]{0,40}$", re.IGNORECASE
        ),
        -1,
    ),
    (
        re.compile(
            r"\b(?:længste|ældste|største|højeste|longest|oldest|largest|highest|high of|maksimum|maximum)\b[^.;\d]{0,40}$", re.IGNORECASE
        ),
        1,
    ),
)
_SPAN_WORD = re.compile(
    r"\b(?:spænd\w*|aldersspænd\w*|[^\W\d_]*interval\w*|rang(?:e|es|ed|ing)|between|mellem|"
    r"gik fra|går fra|varier\w*|span\w*)\b[^.;\d]{0,45}$",
    re.IGNORECASE,
)
_MEAN_NEAR = re.compile(r"\b(?:gennemsnit\w*|average|averaged|mean|median\w*|i snit|typisk|snit)\b", re.IGNORECASE)
_LEVELS = (90, 95, 99)
_SURE = re.compile(r"\b(?:sikkerhedsinterval\w*|konfidensinterval\w*|usikkerhedsinterval\w*|confidence interval|\bCI\b)", re.IGNORECASE)
_UNITS = (
    ("minut", 1), ("time", 60), ("hour", 60), ("dag", 1440), ("day", 1440), ("uge", 10080), ("week", 10080), ("måned", 43800),
    ("month", 43800), ("år", 525600), ("year", 525600),
)  # fmt: skip


def _within(low: Number, value: Number, high: Number) -> bool:
    """Whether a number lies between two others, lengths of time by their units where all three have one."""
    numbers = (low, value, high)
    scales = [next((minutes for unit, minutes in _UNITS if unit in one.text.lower()), 0) for one in numbers]
    least, own, most = (one.value * (scale if all(scales) else 1) for one, scale in zip(numbers, scales, strict=True))
    return least <= own <= most


def _may_be_of(one: Number, other: Number) -> bool:
    """Whether two numbers may be of one kind: "18,4 år (16 til 29)"."""
    bare = "count" in (one.family, other.family) and not (one.unit or other.unit)
    return (one.family == other.family and (not one.unit or not other.unit or one.unit == other.unit)) or bare


def _outside(facts: Facts, said: Said, follows: Follows) -> Iterator[Finding]:
    """A mean, a median or an estimate that lies outside the ends told of it, in the sentence or the one beside it."""
    spans = list(_spans(said, follows.pool.own[said.position]))
    if not spans:
        return
    around_it = [facts.said[at] for at in (said.position - 1, said.position, said.position + 1) if 0 <= at < len(facts.said)]
    around_it = [one for one in around_it if one.block is said.block]
    for low, high, ends in spans:
        sure = _SURE.search(said.text) is not None
        first = min(end.start for end in ends if end is not None)
        own = any(one.at.start < first and one.value not in _LEVELS for one in follows.pool.own[said.position])
        for other in (one for one in around_it if not sure or one is said or (one.position < said.position and not own)):
            for mean in follows.pool.own[other.position]:
                if mean.mention in ends or (other is not said and len(list(_spans(other, follows.pool.own[other.position])))):
                    continue
                told = around(other, mean)[0]
                clause = re.split(r"[;:]\s|,\s(?:og|and|men|but)\s", told)[-1][-60:]
                if not (_MEAN_NEAR.search(clause) and not re.search(r"\d", re.split(_MEAN_NEAR, clause)[-1])) and not (
                    sure and mean.family in ("points", "percent", "count") and mean.value not in _LEVELS and _is_estimate(other, mean, ends)
                ):
                    continue
                if _may_be_of(mean, low) and _may_be_of(mean, high) and not _within(low, mean, high):
                    told_of = {"first": exact(low.value), "last": exact(high.value), "word": mean.text}
                    yield _direction(said, mean, told_of, (mean, low))


def _is_estimate(said: Said, one: Number, ends: Sequence[Mention | None]) -> bool:
    """Whether a number is the one that an interval is told of: the last before it."""
    first = min((end.start for end in ends if end is not None), default=one.at.end)
    return (
        one.at.end <= first
        and re.search(r"\d", said.text[one.at.end - said.start : max(first - said.start, 0)].replace("95", "").replace("99", "")) is None
    )


def _spans(said: Said, own: Sequence[Number]) -> Iterator[tuple[Number, Number, tuple[Mention | None, ...]]]:
    """The least and the most that a sentence tells of something."""
    numbers = sorted((one for one in own if one.mention is not None), key=lambda one: one.at.start)
    for span in said.mentions:
        if span.low is not None and span.high is not None and _SPAN_WORD.search(said.text[: span.start - said.start]):
            family = {"percentage": "percent", "duration": "duration", "points": "points", "money": "money"}.get(span.kind, "count")
            low, high = (
                Number(value, family, 0, place_of(said, span), 0.0, span.text, said=said, mention=span) for value in (span.low, span.high)
            )
            if low.value < high.value:
                yield low, high, (span,)
    for low, high in pairwise(numbers):
        between = said.text[low.at.end - said.start : high.at.start - said.start]
        if _SPAN_WORD.search(around(said, low)[0]) and _AND.fullmatch(between) and _within(low, low, high):
            yield low, high, (low.mention, high.mention)
    least = [one for one in numbers if _ENDS[0][0].search(around(said, one)[0])]
    most = [one for one in numbers if _ENDS[1][0].search(around(said, one)[0])]
    if len(least) == len(most) == 1 and least[0] is not most[0]:
        yield least[0], most[0], (least[0].mention, most[0].mention)


def _compared(said: Said, own: Sequence[Number], before: Sequence[Number]) -> Iterator[Finding]:
    """ "88 ord ligger under medianen på 71 ord", "the threshold is 75,000, so the ratio lies above the threshold"."""
    numbers = sorted(own, key=lambda one: one.at.start)
    for one, other in pairwise(numbers):
        between = said.text[one.at.end - said.start : other.at.start - said.start]
        found = _THAN.search(between)
        if found is None or one.family != other.family or len(between) > 60 or re.search(r"[.;:]\s|\d", between) or other.at.role == "by":
            continue
        if not re.search(r"\b(?:er|var|ligger|lå|is|was|are|were|lies?|lay|stands?|and|og|,)", between) or (
            other.loose and other.at.modifier not in ("over", "under")
        ):
            continue
        if (one.value - other.value) * (1 if found["over"] else -1) < 0:
            yield _direction(said, one, {"word": found["over"] or found["under"], "first": one.text, "last": other.text}, (one, other))
    for found in _THAN_NOUN.finditer(said.text):
        noun = (found["noun"] or found["definite"]).lower()
        stem = noun if found["noun"] else re.sub(r"(?:en|et|n)$", "", noun)
        limits = [
            one
            for one in numbers
            if re.search(
                rf"\b{re.escape(stem)}\w*\s+(?:is|was|er|var|of|på)\s+(?:[^\W\d]+\s+)?[£$€]?$", around(said, one)[0], re.IGNORECASE
            )
        ]
        if len(limits) != 1 or limits[0].at.end - said.start > found.start():
            continue
        others = [one for one in (*numbers, *before) if one is not limits[0] and one.family == limits[0].family]
        if others and (others[-1].value - limits[0].value) * (1 if found["over"] else -1) < 0:
            told = {"word": found[0], "first": others[-1].text, "last": limits[0].text}
            yield _direction(said, limits[0], told, (limits[0], others[-1]))


# "EUR 640,000, exactly one half of the total"
_BESIDE = re.compile(
    r"\d(?:\s?(?:kr\.|mio\. kr\.|kroner))?(?:\s+[^\W\d]+)?,\s+(?:altså|nemlig|or|eller|svarende til|that is|i\.e\.|equal to)?\s*$",
    re.IGNORECASE,
)
_NAMELY = re.compile(r"(?:\s+[^\W\d]+){0,4},\s+(?:nemlig|namely|altså|dvs\.?|that is)\s+", re.IGNORECASE)
_NOT = re.compile(r"\b(?:ikke|not|uden|without|ingen|no|never|aldrig)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\W*(?:det|dette|that|this|it|which|so|altså|dermed)\b|.*\b(?:hvilket|altså|which|thus|dermed|so)\b", re.IGNORECASE)


def _words(said: Said, own: Sequence[Number], before: Said | None, follows: Follows) -> Iterator[Finding]:
    """ "Det er over halvdelen": a share in words against the figure that is told nearest before it."""
    for word in said.mentions:
        if word.kind != "share" and not as_word(word):
            continue
        mention = in_words(word) if as_word(word) else word
        left, right = said.text[: word.start - said.start], said.text[word.end - said.start :]
        beside = _BESIDE.search(left) is not None
        if beside and mention.word is not None and mention.word.exact:
            # "12%, 18% and 21%, all higher than here": of whom they are told.
            continue
        plain = not (mention.modifier or as_word(word) or mention.key in ("majority", "minority"))
        if not beside and plain and not opens_what_follows(said, word):
            continue
        behind = _NAMELY.match(right)
        named = [one for one in own if behind is not None and one.at.start == word.end + behind.end() and one.family == "percent"]
        if not beside and not named and not _PRONOUN.match(f"{left}{word.text}"):
            if not plain:
                yield from _of_a_row(said, word, mention, follows)
            continue
        if re.match(r"\s+(?:af|of)\s+(?:dem|disse|them|these|those)\b", right):
            continue
        told = [one for one in own if one.at.end <= word.start and one.family in ("percent", "count", "money") and one.at.kind != "base"]
        told = named or told
        if not told and before is not None and not any(one.end <= word.start and one.value is not None for one in said.mentions):
            told = [
                one for one in follows.pool.own[before.position] if one.family in ("percent", "count", "money") and one.at.kind != "base"
            ]
        if not told or told[-1].loose or (told[-1].at.spelled and told[-1].family == "count"):
            continue
        figure = told[-1]
        if (
            figure.away == 0
            and figure.owner is said
            and re.search(r"\b(?:og|and|mens|while)\b", said.text[figure.at.end - said.start : word.start - said.start])
        ):
            continue
        shares: list[Fraction | float] = [figure.value]
        percents = [one.value for one in told if one.family == "percent"]
        shares += [sum(pair, Fraction(0)) for pair in combinations(percents, 2)]
        shares += [100 * one.at.share for one in told if one.at.kind == "ratio" and one.at.share is not None]
        if figure.at.kind == "ratio" and figure.at.share is not None:
            shares += [100 * figure.at.share]
        elif figure.family != "percent":
            wholes = [one for one in (*follows.near(said), *follows.totals) if one.family == figure.family and one.value > figure.value]
            shares = [*shares[1:], *(100 * figure.amount / whole.amount for whole in wholes), *follows.shares_of(said, word)]
        if shares and not any(word_admits(mention, share) for share in shares):
            what = Phrase("audit.what_word", {"word": word.text, "number": figure.text, "share": exact(Fraction(round(shares[0])))})
            places = tuple(dict.fromkeys((place_of(said, word), figure.place)))
            yield Finding("word", places, what, Phrase("audit.why_word", {}), Phrase("audit.ground_word", {}), 0.9, 0.8)


def _of_a_row(said: Said, word: Mention, mention: Mention, follows: Follows) -> Iterator[Finding]:
    """ "Over halvdelen er meget tilfredse": against the percentages of the one row that the sentence names."""
    cells = [(one, row) for one, row, _ in follows.cells(said, word) if one.family == "percent" and one.away <= 1]
    cells = [pair for pair in cells if names(pair[0].place.quote.split(":")[0], said.text)]
    if len({row for _, row in cells}) != 1 or any(word_admits(mention, one.value) for one, _ in cells) or _NOT.search(said.text):
        return
    if any(one.value is not None for one in said.of("percentage", "ratio")):
        return
    if any(word_admits(mention, share) for share in follows.shares_of(said, word)):
        return
    figure = cells[0][0]
    what = Phrase("audit.what_word", {"word": word.text, "number": figure.text, "share": exact(Fraction(round(figure.value)))})
    places = (place_of(said, word), figure.place)
    yield Finding("word", places, what, Phrase("audit.why_word", {}), Phrase("audit.ground_word", {}), 0.9, 0.8)


def _announced(said: Said, following: Said) -> Iterator[Finding]:
    """ "Absence increased. It went from 7.5 to 5.8 days": a direction told first, and the numbers of it then."""
    words = [one for one in said.of("direction") if one.word is not None and one.word.sign in (1, -1)]
    if len(words) != 1 or any(one.value is not None for one in said.of("percentage", "count", "points", "money", "total")):
        return
    moves = [move for move in moves_of(following) if move.ordered]
    if (
        not moves
        or len(following.of("direction", "comparison"))
        or not _IT.match(following.text[: moves[0].old[1].start - following.start])
    ):
        return
    sign = words[0].word.sign if words[0].word is not None else 0
    if all((move.values[1] - move.values[0]) * sign < 0 for move in moves):
        old, new = moves[0].old[1], moves[0].new[1]
        what = Phrase("audit.what_direction", {"word": words[0].text, "first": old.text, "last": new.text})
        places = (place_of(said, words[0]), place_of(following, old))
        yield Finding("direction", places, what, Phrase("audit.why_direction", {}), Phrase("audit.ground_direction", {}), 0.9, 0.8)


def _direction(said: Said, at: Number, told: dict[str, str], numbers: Sequence[Number]) -> Finding:
    places = tuple(dict.fromkeys((at.place, *(one.place for one in numbers))))
    return Finding(
        "direction", places, Phrase("audit.what_direction", told), Phrase("audit.why_direction", {}),
        Phrase("audit.ground_direction", {}), 0.9, 0.8,
    )  # fmt: skip

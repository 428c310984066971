"""Changes: the sizes and words that are told of the two ends, wherever those stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from vvvresearch.audit._document import TableRow
from vvvresearch.audit._ends import (
    AIMED,
    ENDS,
    GOES_ON,
    Move,
    are_alike,
    direction_of,
    is_of_kind,
    is_right,
    judged_step,
    moves_of,
    stands_before_ends,
    step_told,
    value_of,
    year_of,
)
from vvvresearch.audit._facts import Facts, Said, Shown, exact
from vvvresearch.audit._finding import Finding, place_in, place_of
from vvvresearch.audit._number_names import is_slip
from vvvresearch.audit._shares import as_word
from vvvresearch.audit._sums import head_of, is_total
from vvvresearch.audit._tables import speaks
from vvvresearch.audit._words import stem
from vvvresearch.locales import YEAR, Phrase, half_up
from vvvresearch.statements import Mention

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
_NOW_IS = 9999.0
_TARGET = re.compile(r"\b(?:mål|målet|måltallet|target|goal)\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:året før|året forinden|sidste år|forrige år|tidligere|dengang|før indsatsen|"
    r"ved (?:start|opstart|indskrivning)\w*|budget\w*|the year before|"
    r"last year|previously|earlier|at (?:entry|baseline|enrolment|the start|the outset)|before the)\b",
    re.IGNORECASE,
)
_BEFORE_NOW = re.compile(
    r"\b(?:end|than|på|on|over|siden|since|fra|from|i forhold til|compared (?:with|to)|sammenlignet med)\s+(?:i\s+|in\s+)?"
    r"(?:året før|året forinden|sidste år|the year before|last year|the previous year|(?P<year>(?:19|20)\d\d))\b",
    re.IGNORECASE,
)
_NAMED_ROW, _SPELLED = 0.7, 12


def _is_slip(gap: Fraction, size: Fraction) -> bool:
    """Whether a slip makes one of the other, of sums of money without the noughts of both."""
    while gap and gap % 1000 == size % 1000 == 0:
        gap, size = gap / 1000, size / 1000
    while gap and gap % 10 == size % 10 == 0:
        gap, size = gap / 10, size / 10
    return is_slip(exact(gap), exact(size))


def findings_apart(said: Said, before: Sequence[Said]) -> Iterator[Finding]:
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
        for one in owner.of(*ENDS)
        if one.value is not None
        and one.low is None
        and not (one.spelled and one.value <= _SPELLED)
        and value_of(owner, one) > 2
        and id(one) not in taken
        and (owner is said or step_told(owner, one) in (None, ""))
    ]
    if any(list(moves_of(owner)) for owner in before[-1:]) or not levels:
        return
    for step, word in steps:
        aimed = AIMED.match(said.text[step.end - said.start :]) is not None
        pairs = [
            move
            for at, first in enumerate(levels)
            for second in levels[at + 1 :]
            if (move := _timed(first, second, aimed=aimed)) is not None
            and is_of_kind(step, move, explicit=bool(word))
            and _one_noun(first, second)
        ]
        right = [move for move in pairs if is_right(said, step, move)]
        sign = direction_of(said, word) if word else 0
        if right:
            if all(move.ordered and (move.values[1] - move.values[0]) * sign < 0 for move in right):
                yield from judged_step(said, step, word, sign, right[-1])
            continue
        looks_back = bool(_LOOKS_BACK.search(said.text[: step.start - said.start]))
        chosen = [move for move in pairs if _is_slip(abs(move.values[1] - move.values[0]), value_of(said, step))]
        if len(pairs) == 1 and looks_back and any(owner.position >= said.position - 1 for owner, _ in (pairs[0].old, pairs[0].new)):
            chosen = pairs
        for move in chosen[-1:]:
            yield from judged_step(said, step, word, 0, move)


def _size_word(said: Said, step: Mention) -> str | None:
    """As `step_told`, but only for numbers whose words say that they are the size of a change or of a difference."""
    word = step_told(said, step)
    if word is None and _DIFFERENCE.search(said.text[: step.start - said.start]):
        word = ""
    if word is None or step.value is None or step.low is not None:
        return None
    return word if word or step.kind == "points" or _DIFFERENCE.search(said.text[: step.start - said.start]) else None


def _timed(first: tuple[Said, Mention], second: tuple[Said, Mention], *, aimed: bool = False) -> Move | None:
    """Two numbers as a change, by their years and by "året før", "at entry"; unordered where nothing says which is the earlier."""
    if (
        not are_alike(first[1], second[1])
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


def _time(said: Said, mention: Mention, *, aimed: bool = False) -> float | None:
    """When a number is of: its year, -1 for "before", or None."""
    numbers = [one for one in said.of(*ENDS) if one.value is not None]
    year = year_of(said, mention, numbers)
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


def findings_from_tables(facts: Facts, said: Said) -> Iterator[Finding]:
    """ "17.520 pakker, 20 pct. flere end året før": the earlier end stands in a row of a table of years, beside the later."""
    then = _BEFORE_NOW.search(said.text)
    if then is None:
        return
    clause_start = max((match.end() for match in re.finditer(r"[.;]\s", said.text[: then.start()])), default=0)
    numbers = [
        one for one in said.of(*ENDS, "points") if one.value is not None and one.low is None and one.start - said.start >= clause_start
    ]
    steps = [
        (one, word)
        for one in numbers
        if one.end - said.start <= then.start() and (word := step_told(said, one)) and direction_of(said, word)
    ]
    if not steps:
        return
    step, word = steps[-1]
    levels = [one for one in numbers if one is not step and one.kind != "points" and step_told(said, one) in (None, "")]
    for level in levels or [step]:
        cells = _years_beside(facts, level, then["year"]) if levels else _row_of_years(facts, said, then["year"])
        for shown, row, old, new in cells:
            if step.kind == "percentage" and (level.kind != "percentage" or not levels):
                actual = 100 * abs(new - old) / old if old else Fraction(0)
                right = abs(actual - (step.value or 0)) <= Fraction(1, 2 * 10**step.decimals) + (0 if not step.modifier else 3)
            else:
                actual = abs(new - old)
                right = abs(actual - (step.value or 0)) <= (1 if step.kind == "points" or step.modifier else 0)
            turned = (new - old) * direction_of(said, word) < 0
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
            heads = [YEAR.search(head_of(shown, row, at)) for at in range(len(row.cells))]
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
        heads = [YEAR.search(head_of(shown, named[0], at)) for at in range(len(named[0].cells))]
        first = [at for at, head in enumerate(heads) if head is not None and (year is None or head[0] == year)]
        old = named[0].cells[first[0]].value if first else None
        new = named[0].cells[-1].value if heads and heads[-1] is not None else None
        if old is not None and new is not None and first[0] != len(heads) - 1:
            yield shown, named[0], old, new

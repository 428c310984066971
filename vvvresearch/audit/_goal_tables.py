"""Tables of goals: the number aimed at, the number reached and the verdict of each row, and what a sentence says of them together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from vvvresearch.audit._document import TableRow
from vvvresearch.audit._facts import Facts, Said, Shown
from vvvresearch.audit._finding import Finding, Place, place_in, place_of
from vvvresearch.audit._sums import head_of
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention, sentence_mentions

_YES = re.compile(
    r"\W*(?:ja|yes|nået|opnået|opfyldt|indfriet|overholdt|met|achieved|reached|fulfilled|kept|opfyldes|done|på mål|hit|✓)\W*$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\W*(?:nej|no|ikke \w+|not \w+|delvist \w+|partly \w+|missed|unmet|failed|broken|forfejlet|misset|ej \w+|under mål(?:et)?|✗)\W*$",
    re.IGNORECASE,
)
_GOAL = re.compile(r"mål|target|goal|aim|krav|promise|løfte|kriteri|objective", re.IGNORECASE)
_AT_MOST = re.compile(
    r"\b(?:højst|maks\w*|ikke over|under|op til|at most|no more than|maximum|below|within|"
    r"less than|færre end|mindre end|fewer than|up to)\b",
    re.IGNORECASE,
)
_BEYOND = re.compile(
    r"\b(?:over|mere end|flere end|more than|above|under|below|less than|fewer than|færre end|mindre end)\b", re.IGNORECASE
)
_FALL = re.compile(r"\b(?:ned med|fald|reduce\w*|cut|cuts|down by|fall of|sænk\w*|reduktion)\b", re.IGNORECASE)
_NUMBER = ("count", "total", "percentage", "money", "points", "duration", "ratio", "base")
_BUT = re.compile(r"\b(?:all but|alle på nær|alle undtagen|alle bortset fra)\s+([^\W\d]+|\d+)", re.IGNORECASE)
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "ét": 1, "et": 1, "en": 1, "én": 1, "to": 2, "tre": 3, "fire": 4, "five": 5, "fem": 5}


@dataclass(frozen=True)
class _Judged:
    """A row of a table of goals: the number aimed at, the number reached, the verdict, and whether the numbers bear it out."""

    place: Place
    verdict: bool
    word: str
    goal: Mention | None
    reached: Mention | None
    met: bool | None

    @property
    def true(self) -> bool:
        """What the numbers say, else the verdict."""
        return self.verdict if self.met is None else self.met


def goal_table_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on verdicts that the numbers of their row do not bear out, and on sentences that count the goals met."""
    tables = [judged for shown in facts.shown if shown.table is not None and (judged := _judged(facts, shown))]
    for rows in tables:
        for one in rows:
            if one.met is not None and one.met != one.verdict and one.goal and one.reached:
                what = Phrase("audit.what_goal", {"goal": one.goal.text, "verdict": one.word, "reached": one.reached.text})
                yield Finding("goal", (one.place,), what, Phrase("audit.why_goal", {}), Phrase("audit.ground_goal", {}), 0.95, 0.9)
    if len(tables) == 1:
        for said in facts.said:
            yield from _together(said, tables[0])


def _judged(facts: Facts, shown: Shown) -> list[_Judged]:
    """The rows of a table whose last cell is a verdict, where most are."""
    assert shown.table is not None
    rows = [row for row in shown.table.rows if row.cells and (_YES.match(row.cells[-1].text) or _NO.match(row.cells[-1].text))]
    if len(rows) < 2 or 2 * len(rows) <= len(shown.table.rows) or len(rows[0].cells) < 2:
        return []
    return [_row(facts, shown, row) for row in rows]


def _row(facts: Facts, shown: Shown, row: TableRow) -> _Judged:
    cells = [cell.text for cell in row.cells[:-1]]
    heads = [head_of(shown, row, at) for at in range(len(cells))]
    label = row.label
    numbers = [_number(facts, text) for text in cells]
    told = [at for at, one in enumerate(numbers) if one is not None]
    goal, words, reached = None, label, None
    if len(told) >= 2:
        first = next((at for at in told if _GOAL.search(heads[at])), told[0])
        goal, words = numbers[first], f"{label} {cells[first]}"
        reached = next((numbers[at] for at in reversed(told) if at != first), None)
    elif len(told) == 1:
        goal, reached = _number(facts, label), numbers[told[0]]
    word = row.cells[-1].text
    verdict = _YES.match(word) is not None
    place = place_in(shown, row.line, f"{label}: {' · '.join(cell.text for cell in row.cells)}")
    return _Judged(place, verdict, word, goal, reached, _is_met(goal, reached, words))


def _number(facts: Facts, text: str) -> Mention | None:
    found = [
        one
        for sentence in sentence_mentions(text, facts.document.lang)
        for one in sentence.mentions
        if one.kind in _NUMBER and one.value is not None
    ]
    if len(found) != 1 and not (found and re.match(r"\W*\d", text)):
        found = [one for one in found if not one.spelled and one.kind != "duration"]
    return found[0] if found else None


def _is_met(goal: Mention | None, reached: Mention | None, words: str) -> bool | None:
    if goal is None or reached is None or goal.value is None or reached.value is None or goal.low is not None or reached.low is not None:
        return None
    aim, got = goal.value, reached.value
    if reached.base and reached.kind == "ratio":
        got = Fraction(100) * got / reached.base if goal.kind == "percentage" or aim <= 100 < reached.base else got
    elif (goal.kind == "percentage") != (reached.kind == "percentage") and not (aim <= 100 and got <= 100):
        return None
    if got and aim and not Fraction(1, 20) <= aim / got <= 20:
        return None
    most = _AT_MOST.search(words) is not None and not _FALL.search(words)
    if aim == got:
        return None if _BEYOND.search(words) else True
    return got < aim if most else got > aim


def _together(said: Said, rows: list[_Judged]) -> Iterator[Finding]:
    """How many goals a sentence says are met, against the rows."""
    judged = said.block.kind not in ("caption", "heading") and bool(said.of("goal"))
    if not _GOAL.search(said.text) or not (judged or _BUT.search(said.text)):
        return
    verdicts = said.of("goal")
    if any(one.key not in ("reached", "met") for one in verdicts) or said.of("percentage") or said.of("negation"):
        return
    number, count, all_of = None, None, len(rows)
    if (but := _BUT.search(said.text)) is not None:
        left = _WORDS.get(but[1].lower(), int(but[1]) if but[1].isdigit() else None)
        count = None if left is None else all_of - left
        number = next(iter(said.of("base", "exception", "share")), None)
    elif ratios := [one for one in said.of("ratio") if one.base == all_of and one.value is not None]:
        count, number = int(ratios[0].value or 0), ratios[0]
    elif alls := [one for one in said.of("share") if one.key == "all"]:
        stated = [one for one in said.of("count") if one.value is not None and one.value <= 12]
        if stated and stated[0].value != all_of:
            return
        count, number = all_of, alls[0]
    if count is None or number is None:
        return
    true, printed = sum(one.true for one in rows), sum(one.verdict for one in rows)
    if count in (true, printed):
        return
    against = [one.place for one in rows if one.true != (count > true)] or [rows[0].place]
    what = Phrase("audit.what_goals", {"said": str(count), "met": str(true), "all": str(all_of)})
    yield Finding(
        "goal", (place_of(said, number), *against), what, Phrase("audit.why_goal", {}), Phrase("audit.ground_goal", {}), 0.95, 0.85
    )

"""Which numbers of its row or goal a number in a sentence may be: whose, of which answer, of what unit, and whether it is near enough."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from vvvresearch.locales import half_up
from vvvresearch.statements._answers import spoken
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._own_words import root, stems
from vvvresearch.statements._polarity import denied
from vvvresearch.statements._row import HOLDS, Check, Goal, Row, Sibling, Side, check
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import grammar, modifier_word, nouns

# "de resterende 30 gør": the rest is said to do what the others did.
_DOES = re.compile(r"\b(?:gør|gjorde|har|havde|er|var|do|does|did|have|has|are|were)(?:\s+det)?\W*$", re.IGNORECASE)
_OR_UNSURE = re.compile(r"\bikke\b(?! (?:huske|svare)).*\beller ved\b.*\bikke\b|\bnot\b.*\bor (?:do not know|are unsure)\b", re.IGNORECASE)
_SHORT = 3
_CONTRAST = re.compile(r"\W*(?:mens|men|hvorimod|imens|while|whereas|but)\b", re.IGNORECASE)


def readings(statement: Statement, mention: Mention) -> tuple[Side, ...]:
    """The numbers that one in a sentence may be, the likeliest first; none where nothing was counted.

    What stands beside a number only leaves readings out: a name or a year those of the other side, a label those of other answers, a
    denial those who gave the answer. Where nothing tells, it is the row's own.

    Args:
        statement: the clause and its row.
        mention: one of its numbers.
    """
    row = statement.row
    answer = statement.answer(mention) if row.n is not None else None
    if row.n is not None and row.count is not None and row.unsure is not None and _OR_UNSURE.search(statement.clause_of(mention)):
        # "giver ikke tilskud eller ved det ikke": all who did not give the answer.
        return (Side(row.n - row.count, row.n),)
    if answer is not None and row.n is not None and answer.names != row.labels:
        return (Side(answer.count, row.n),)
    whose = statement.side_of(mention)
    found: list[Side] = []
    if row.count is not None and row.n is not None and whose != "other":
        found.append(Side(row.count, row.n))
    if row.side is not None and whose == "other":
        found.append(row.side)
    if row.siblings and _answer_denied(statement, mention):
        # "15 svarer ikke ja": who does not know is among them.
        return (Side((row.n or 0) - (row.count or 0), row.n or 0),)
    if denied(statement, mention):
        found = [replace(side, count=_others(row, side)) for side in found]
    if answer is None and whose != "other":
        found += _told_beside(statement, mention)
    return tuple(found)


_SAYING_NOT = r"\b(?:svar\w*|siger|sagde|sagt)\s+ikke\s+|\bnot\s+(?:answer|say|reply)\s+(?:with\s+)?"


def _answer_denied(statement: Statement, mention: Mention) -> bool:
    """Whether the answer's own label is what so many did not say: "did not answer yes"."""
    end = statement.around(mention)[1]
    # The label is blank in what is read, and so may stand behind the clause's end.
    behind = statement.text[mention.end : end if statement.read[end:].strip(" .!") else len(statement.text)]
    return any(re.search(rf"(?:{_SAYING_NOT}){spoken(label)}", behind, re.IGNORECASE) for label in statement.row.labels)


def held(statement: Statement, mention: Mention, prove: Callable[[Side], Check]) -> Check | None:
    """The first reading that carries a number, else what is wrong with the likeliest; None where nothing was counted."""
    checks = [prove(side) for side in readings(statement, mention)]
    return next((one for one in checks if one is HOLDS), checks[0]) if checks else None


def own_told(statement: Statement) -> bool:
    """Whether the row's own count stands in the sentence, so that another answer's is told beside it."""
    return any(one.value == statement.row.count for one in statement.of("ratio", "count"))


def _others(row: Row, side: Side) -> int:
    """How many did not give the answer: those who gave another one; who does not know is neither."""
    own = side.count == row.count and side.n == row.n
    known = own and row.siblings and not row.several
    return sum(other.count for other in row.siblings) if known else side.n - side.count


def _told_beside(statement: Statement, mention: Mention) -> list[Side]:
    """The numbers of other answers that a sentence tells beside the row's own."""
    row = statement.row
    if row.n is None or row.count is None:
        return []
    found: list[Side] = []
    rest = statement.rest(mention)
    if rest is not None and 0 <= rest <= row.n and not _DOES.search(statement.clause_of(mention)):
        found.append(Side(rest, row.n))
    if own_told(statement) and not mention.modifier:
        beside = statement.sibling()
        told = [other for other in row.siblings if not other.names or statement.names(other.names) or other is beside]
        found += [Side(other.count, row.n) for other in told]
    if _own_elsewhere(statement, mention):
        found.append(Side(row.n - row.count, row.n))
    if _set_against(statement, mention):
        found += [Side(other.count, row.n) for other in _alone(row)]
    return found


def _alone(row: Row) -> tuple[Sibling, ...]:
    return row.siblings if len(row.siblings) == 1 and not row.several else ()


def _own_elsewhere(statement: Statement, mention: Mention) -> bool:
    """Whether another clause tells the row's answer: "102 kommer i klubben, mens 18 aldrig gør"."""
    start, end = statement.around(mention)
    labels = [re.compile(spoken(label), re.IGNORECASE) for label in statement.row.labels if len(label) > _SHORT]
    outside = statement.text[:start] + " " * (end - start) + statement.text[end:]
    own = [one for one in statement.of("count", "ratio") if not start <= one.start < end and one.value == statement.row.count]
    return bool(own) and any(one.search(outside) for one in labels) and not any(one.search(statement.clause_of(mention)) for one in labels)


def _set_against(statement: Statement, mention: Mention) -> bool:
    """Whether a clause is set against another and has nothing of the question: "en tredjedel får dem dækket, 45 må selv betale"."""
    clause = statement.clause_of(mention)
    earlier = statement.read[: statement.around(mention)[0]]
    opens = _CONTRAST.match(clause) is not None or _CONTRAST.match(earlier) is not None
    if _DOES.search(clause):
        return False
    own = stems(statement.row.about, statement.lang) - stems(statement.row.unit, statement.lang)
    return opens and bool(earlier.strip()) and not stems((clause,), statement.lang) & own


def printed(mention: Mention) -> Decimal:
    """The number as it is printed, with its decimals."""
    return half_up(mention.value or Fraction(0), mention.decimals)


def near(value: Fraction, said: Fraction, mention: Mention, *, exact: bool) -> bool:
    """Whether a value is what was said, given the modifier; "over 50 %" and "mindst 50 %" have no upper end."""
    if not mention.modifier:
        return exact
    if mention.modifier == "exactly":
        return exact
    word = modifier_word(mention.modifier)
    difference = value - said
    if said == Fraction(1, 2) and mention.modifier in ("over", "at_least"):
        return difference > 0 if word.open_low else difference >= 0
    if said == Fraction(1, 2) and mention.modifier in ("under", "at_most"):
        return difference < 0 if word.open_high else difference <= 0
    return word.admits(difference)


_NAMED_TARGET = re.compile(
    r"(?:måltal\w*|mål(?:et|s[æa]tning\w*)?|succeskriteri\w*|targets?|goals?|objective)\s*(?:på|om,? at|om|that|of|er|var|is|was|:|=|\()\s*"
    r"(?:(?:mindst|højst|at least|at most|over|under)\s+)?$",
    re.IGNORECASE,
)


# "skulle findes i 40 kommuner": what was meant to be; "er 38 for få": what is lacking.
_MEANT = re.compile(r"\b(?:skulle|skal|should|was to|were to|ønskede|planlagte|lovede|planned|wanted)\b[^,;:]*$", re.IGNORECASE)


_AIMED_FOR = re.compile(r"\s+(?:\w+\s+)?(?:aimed for|hoped for|planned|wanted|promised|targeted|planlagte|ønskede|lovede)\b", re.IGNORECASE)
_TOO_FEW = re.compile(r"\s+(?:for få|for lidt|too few|too little)\b", re.IGNORECASE)


_IS_AWAY = re.compile(r"\s+(?:\S+\s+)?(?:short|away|off|væk|borte)\b", re.IGNORECASE)
OF_TARGET = re.compile(
    r"\s+(?:af|of)\s+(?:vejen til mål|vejen mod mål|the way to|mål|the target|its target|the goal|its goal|target)", re.IGNORECASE
)


def read_off(goal: Goal, mention: Mention) -> bool:
    """Whether a percentage is one of the goal's readings, as printed."""
    return any(half_up(reading * 100, mention.decimals) == printed(mention) for reading in goal.readings)


def part_of_target(goal: Goal, mention: Mention) -> Check:
    """ "85 pct. af målet er nået": the reading as a part of the target."""
    parts = [Fraction(reading) / Fraction(goal.target) for reading in goal.readings if goal.target]
    assert mention.value is not None
    reached = bool(parts) and all(
        near(part, mention.value / 100, mention, exact=half_up(part * 100, mention.decimals) == printed(mention)) for part in parts
    )
    scale = 100 if goal.share else 1
    ends = sorted(scale * Fraction(reading) for reading in goal.readings) or [scale * Fraction(goal.target)]
    told = {"target": float(scale * goal.target), "low": float(ends[0]), "high": float(ends[-1])}
    return HOLDS if reached else check("contradicted", "goal_is", **told)


_SIDE_NAMED = re.compile(r"\b(?:over|under|above|below)\s+(?:the\s+)?\w+:\s*$", re.IGNORECASE)


def misnamed_target(statement: Statement, mention: Mention, value: Fraction) -> Check | None:
    """ "Målet på 15": the number that is called the target is the target."""
    goal = statement.row.goal
    if goal is None or value == goal.target or not _NAMED_TARGET.search(statement.read[: mention.start]):
        return None
    if read_off(goal, mention) and _SIDE_NAMED.search(statement.read[: mention.start]):
        # "over måltallet: 70 pct.": behind the colon stands how far it came.
        return None
    if _IS_AWAY.match(statement.read, mention.end) and value in map(abs, goal.short()):
        # "the goal is two short", "målet er to væk": how far it is.
        return None
    scale = 100 if goal.share else 1
    ends = sorted(goal.readings) or [goal.target]
    return check("contradicted", "goal_is", target=float(goal.target * scale), low=float(ends[0] * scale), high=float(ends[-1] * scale))


_ENDS = frozenset({"at_least", "at_most", "under", "over"})


def _meets(goal: Goal, mention: Mention, value: Fraction) -> bool:
    """Whether every reading is on the side of a number that the sentence says."""
    above = mention.modifier in ("at_least", "over")
    return all(reading >= value if above else reading <= value for reading in goal.readings)


def is_target(statement: Statement, mention: Mention, value: Fraction) -> bool:
    """Whether a number is the goal's target, which the sentence may name."""
    goal = statement.row.goal
    if goal is None:
        return False
    # "under 8 pct. overvejer at stoppe" names no target: it tells how many they are.
    beside = bool(statement.of("target", "goal")) or (mention.modifier in _ENDS and _meets(goal, mention, value))
    beside = beside or _MEANT.search(statement.read[: mention.start]) is not None
    # "five fewer than the twelve aimed for"
    beside = beside or any(
        one.value is not None
        and (one.value / 100 if goal.share else one.value) == goal.target
        and _AIMED_FOR.match(statement.read, one.end)
        for one in statement.of("count", "percentage", "base", "total")
    )
    if _TOO_FEW.match(statement.read, mention.end) and value in goal.short():
        return value > 0
    # "59 pct. mod de ønskede 55"
    beside = beside or any(one is not mention and read_off(goal, one) for one in statement.of("percentage") if goal.share)
    numbers = {Fraction(goal.target), *map(Fraction, goal.readings), *(abs(missing) for missing in goal.short())}
    if goal.share and beside and mention.kind == "percentage":
        # A reading is printed rounded: 7 of 15 are 47 per cent.
        return any(half_up(number * 100, mention.decimals) == half_up(value * 100, mention.decimals) for number in numbers)
    return beside and value in numbers


_HEAD = 4
_PLURALS = frozenset({"people", "children", "women", "men", "staff", "police"})


def _stem(word: str) -> str:
    for ending in ("erne", "ernes", "ene", "ers", "er", "en", "et", "ne", "ies", "es", "e", "s", "n", "t", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _foreign(statement: Statement) -> frozenset[str]:
    """The names of other units and groups, which no number of this row counts."""
    return frozenset(word.lower() for word in (*statement.row.foreign, *statement.row.subjects))


def unit_beside(statement: Statement, mention: Mention) -> Check:
    """Whether the noun beside a number is the one that was counted."""
    row, unit = statement.row, mention.unit
    if not row.unit or not unit or unit in nouns("answer", statement.lang):
        return HOLDS
    if (
        statement.lang == "en"
        and mention.value != 1
        and not unit.endswith("s")
        and mention.kind in ("count", "ratio")
        and unit not in _PLURALS
    ):
        # "33 cite too few volunteers": no plural, and so nobody who is counted.
        return HOLDS
    behind_verb = statement.read[: mention.start].split()[-1:]
    if behind_verb and verb_form(behind_verb[0].lower(), statement.lang) and not unit.endswith(("er", "e", "r", "s")):
        # "Af 72 kommuner oplever 41 tillid": the noun is what they do, not what was counted.
        return HOLDS
    if behind_verb and behind_verb[0].lower() in grammar("having", statement.lang) and unit not in _foreign(statement):
        # "kan 72 prale af": what they can or have, and not what was counted.
        return HOLDS
    behind = statement.read[mention.end :].lower()
    if any(re.match(rf"\W*(?:(?:af|of|de|the)\s+)*(?:\w+\s+)?{re.escape(form.lower())}\b", behind) for form in (*row.unit, *row.group)):
        return HOLDS
    known = {_stem(form.lower().split()[-1]) for form in (*row.unit, *row.group, *(row.side.names if row.side else ()))}
    listed = statement.answer(mention) is not None
    known |= {
        form
        for label in (*row.labels, *(name for other in row.siblings for name in other.names))
        for place, word in enumerate(label.lower().split())
        if not place or listed
        for form in (_stem(word), _stem(f"{word}e"))
    }
    # The last part of a composed word names the same: "lektiecaféer" are "caféer", and "værter" of a round of "morgenværter".
    plain = unit.replace("é", "e")
    heads = [(plain, form.lower()) for form in (*row.unit, *row.group)]
    composed = any(len(min(pair, key=len)) > _HEAD and (pair[0].endswith(pair[1]) or pair[1].endswith(pair[0])) for pair in heads)
    called = root(plain, statement.lang)
    # "borgere" answered the "Borgerskema".
    if composed or plain in known or _stem(plain) in known or any(word.startswith(called) for word in row.called):
        return HOLDS
    # What the round counts elsewhere is another unit; what it has no name for may be what it calls its own.
    other = _stem(unit) in {_stem(name.split()[-1]) for name in _foreign(statement)}
    if other:
        return check("contradicted", "unit_is", unit=row.unit[0], said=unit)
    return check("asks", "called", unit=row.unit[0], said=unit)


_TIMES = frozenset({"gange", "gang", "times"})


def measured_beside(statement: Statement, mention: Mention) -> Check:
    """Whether the noun beside a mean or median is what was asked for: "2,2 hunde" of "Hvor mange børn har I?"."""
    row, unit, lang = statement.row, mention.unit, statement.lang
    asked = stems((*row.about, *row.measured_in), lang)
    if not unit or not asked or unit in _TIMES or unit in nouns("time", lang) or not stems((unit,), lang):
        return HOLDS
    return HOLDS if stems((unit,), lang) & asked else check("contradicted", "unit_is", unit=row.about[0] if row.about else "", said=unit)

"""Whether the noun beside a number is the one that was counted."""

from __future__ import annotations

import re

from vvvresearch.statements._mention import Mention
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._stems import root, stems
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._verdict import HOLDS, Check, check
from vvvresearch.statements._words import grammar, nouns

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

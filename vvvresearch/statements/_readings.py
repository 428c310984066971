"""Which numbers of its row a number in a sentence may be: whose it is, of which answer, or of all who did not give it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from vvvresearch.statements._answers import spoken
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._polarity import denied
from vvvresearch.statements._row import Row, Sibling, Side
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._stems import stems
from vvvresearch.statements._verdict import HOLDS, Check

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

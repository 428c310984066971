"""Text in which every clause must be carried: clauses that are bound are proved, clauses that are not bound stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vvvresearch.locales import Lang, check_lang
from vvvresearch.statements._clauses import Clause, clauses
from vvvresearch.statements._flags import flags
from vvvresearch.statements._prove import prove
from vvvresearch.statements._row import Row
from vvvresearch.statements._verdict import Verdict
from vvvresearch.statements._words import imperatives


@dataclass(frozen=True)
class Binding:
    """Words of a text, from `start` to `end`, that are bound to a row; without a row they are signed or cited, and free."""

    start: int
    end: int
    row: Row | None = None


@dataclass(frozen=True)
class Stop:
    """A clause that may not stand: `verdict` says why its bound words fail, or is None where nothing is bound in it."""

    clause: Clause
    verdict: Verdict | None = None


def review(text: str, bound: Sequence[Binding], lang: Lang = "da") -> tuple[Stop, ...]:
    """Every clause of a summary, finding, title, alt text or piece of advice that is not carried.

    A bound clause is proved with all its words, those outside the binding too. A clause with a finite verb and no binding stops, as does
    a sentence without any. Questions are free, and so is an imperative without numeric words; a reason after it is a clause of its own.

    Args:
        text: plain words, without markup.
        bound: which words are bound to which row; offsets in `text`.
        lang: the language of the text.

    Returns:
        The stops in the order of the text; none means that the text may stand.

    Example:
        >>> row = Row(count=32, n=55, unit=("kommune", "kommuner", "kommunerne"))
        >>> [stop.clause.text for stop in review("32 af 55 kommuner har henvist, fordi lederne ringer", [Binding(0, 17, row)])]
        ['fordi lederne ringer']
    """
    lang = check_lang(lang)
    found = clauses(text, lang)
    carried = {one.sentence for one in found if _bindings(one, bound)}
    stops: list[Stop] = []
    for clause in found:
        bindings = _bindings(clause, bound)
        if bindings:
            proved = [prove(clause.text, one.row, lang) for one in bindings if one.row is not None]
            failed = [verdict for verdict in proved if not verdict.holds]
            # Two bindings in one clause: each word must be carried by one of them, so the clause stands if any carries it whole.
            if failed and len(failed) == len(proved):
                stops += [Stop(clause, failed[0])] if len(bindings) == 1 else _own_words(text, clause, bindings, lang)
        elif (clause.verb or clause.sentence not in carried) and not _free(clause, lang):
            stops.append(Stop(clause))
    return tuple(stops)


def _own_words(text: str, clause: Clause, bindings: Sequence[Binding], lang: Lang) -> list[Stop]:
    """With several bindings each is proved by its own words; what stands outside them must then hold no numeric words."""
    failed = [
        Stop(clause, verdict)
        for one in bindings
        if one.row is not None and not (verdict := prove(text[one.start : one.end], one.row, lang)).holds
    ]
    outside = list(clause.text)
    for one in bindings:
        for at in range(max(one.start, clause.start), min(one.end, clause.end)):
            outside[at - clause.start] = " "
    loose = any(flag.level == "warning" for flag in flags("".join(outside), lang))
    return failed or ([Stop(clause)] if loose else [])


def _bindings(clause: Clause, bound: Sequence[Binding]) -> list[Binding]:
    return [one for one in bound if one.start < clause.end and clause.start < one.end]


def _free(clause: Clause, lang: Lang) -> bool:
    if clause.text.rstrip().endswith("?"):
        return True
    words = clause.text.split()
    opens = bool(words) and words[0].strip('[(»"“').lower() in imperatives(lang) and not clause.opener
    return opens and not flags(clause.text, lang)

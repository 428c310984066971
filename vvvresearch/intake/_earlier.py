"""Next year's file under last year's map: what was decided is applied, what is new or gone is asked or told."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace

from vvvresearch.errors import SourceError
from vvvresearch.evidence import timeless
from vvvresearch.intake._date_columns import AS_OF, BEFORE
from vvvresearch.intake._fold import fold
from vvvresearch.intake._kind import Candidate
from vvvresearch.intake._map import Map
from vvvresearch.intake._match_rows import ONE_NUMBER
from vvvresearch.intake._proposal import Draft, Proposal, Question, Value
from vvvresearch.intake._question_list import QUESTIONS
from vvvresearch.intake._redcap import DICTIONARY, ONCE
from vvvresearch.intake._scales import is_dont_know
from vvvresearch.intake._settle import LEFT_OUT
from vvvresearch.intake._table import Column, Table
from vvvresearch.intake._words import table_kinds
from vvvresearch.locales import text

_ALIKE = 0.75
# Fewer rows than this share of those that the earlier file had may be half an export.
_FEWER = 0.7
_STEM, _LEAST = 5, 3
_NUMBERS = re.compile(r"\d+")
# What is found anew in each file: how its dates are written, which rows stand twice.
_OWN = ("dates.", "swapped.", "doubled_rows", "doubles.", AS_OF, DICTIONARY, ONCE, ONE_NUMBER, QUESTIONS, "kind", "unit")


# What words of a kind mean, in whatever file they stand.
_OF_WORDS = ("value.", "tag.", "meaning.", "same.", "coder.", BEFORE)


def apply_earlier(draft: Draft, table: Table, earlier: Map) -> None:
    """Let an earlier map decide what it decided before.

    Raises:
        SourceError: a code has another label than it had.
    """
    columns = {column.id: column for column in table.columns}
    _check_codes(table, earlier)
    if len(table) < _FEWER * earlier.rows:
        draft.tell(text("intake.told_fewer_rows", draft.lang, count=len(table), earlier=earlier.rows))
    gone = _gone(columns, earlier)
    for name, value in earlier.decisions.items():
        if name.startswith(_OWN) or not _concerns(name, columns, draft):
            continue
        group, _, key = name.partition(".")
        if group == "column" and value != LEFT_OUT and _taken(draft, name, value):
            continue
        if group in ("scale", "options") and isinstance(value, list) and _new_labels(columns.get(key), value):
            _ask_new_labels(draft, name, columns[key], value)
            continue
        if group == "item" and (found := draft.decided.get(name)) is not None and not _like_types(str(found.value), str(value)):
            choices = ((str(value), str(value)), (str(found.value), str(found.value)))
            draft.ask(Question(name, "choose", text("intake.ask_type", draft.lang, heading=columns[key].heading), choices))
            continue
        if group == "column" and value != LEFT_OUT:
            # What has a role beside the answers is no question.
            draft.decided.pop(f"item.{key}", None)
        words = earlier.words.get(name, "")
        asked = earlier.words.get(f"item.{key}", "")
        if group == "name" and key in columns and _is_reworded(asked, columns[key].heading, draft):
            _ask_reworded(draft, name, asked, columns[key], str(value))
            continue
        # What the new file says is what the next one is held against.
        draft.decide(name, columns[key].heading if group == "item" and key in columns else words, value, "map")
    if earlier.unit and draft.kind == "survey" and earlier.unit != draft.unit and "unit" in draft.questions:
        draft.decide("unit", "", earlier.decisions.get("unit", earlier.unit), "map")
    _drop_answered(draft)
    _ask_changed(draft, columns, earlier, gone)


def _is_reworded(words: str, heading: str, draft: Draft) -> bool:
    """Whether a question under one key has other words than it had; a year in it may be another."""
    return draft.kind == "survey" and bool(words) and fold(timeless(words)) != fold(timeless(heading))


def _ask_reworded(draft: Draft, name: str, words: str, column: Column, old: str) -> None:
    """Whether a question whose wording has changed is the one that it was: another number in it makes another question of it."""
    found = draft.decided.pop(name, None)
    own = f"{old}_new" if found is None or found.value == old else str(found.value)
    choices = ((old, text("intake.same_item", draft.lang, heading=words)), (own, text("intake.new_item", draft.lang)))
    other = _NUMBERS.findall(timeless(words)) != _NUMBERS.findall(timeless(column.heading))
    asked = text("intake.ask_same", draft.lang, heading=column.heading)
    draft.ask(Question(name, "choose", asked, choices, proposal=own if other else old))


def roles_known_from(earlier: Map, candidate: Candidate) -> dict[str, str]:
    """Role → column that only an answer gave it, so that what follows from the role is asked of the new file as well."""
    found = {match.role.name for match in candidate.matches}
    used = {match.column.id for match in candidate.matches}
    told = {str(value): name.removeprefix("column.") for name, value in earlier.decisions.items() if name.startswith("column.")}
    return {role: column for role, column in told.items() if role not in found and column not in used}


def answer_by_map(draft: Draft, earlier: Map) -> None:
    """Let an earlier map answer the questions about a file that its own reader knows."""
    asked = {target for question in draft.questions.values() for target in (question.targets or (question.id,))}
    for name in asked & earlier.decisions.keys():
        draft.decide(name, earlier.words.get(name, ""), earlier.decisions[name], "map")
    _drop_answered(draft)


def with_known_words(proposal: Proposal, maps: Sequence[Map]) -> Proposal:
    """A proposal whose words mean what the same words meant in any earlier file of its kind, whatever that file was like: "Afbrudt" in a
    column of reasons, a mark of a coding sheet, the last step of a code.

    Args:
        proposal: of the file.
        maps: of earlier files, the nearest first.
    """
    known: dict[str, Value] = {}
    for one in maps:
        for name, value in one.decisions.items() if one.kind == proposal.kind else ():
            if name.startswith(_OF_WORDS):
                known.setdefault(name, value)
    draft = Draft(
        "da", decided={one.id: one for one in proposal.decided}, questions={one.id: one for one in proposal.questions},
        mapped={one.id: one for one in proposal.mapped},
    )  # fmt: skip
    for question in proposal.questions:
        targets = question.targets or (question.id,)
        items = question.items if len(question.items) == len(targets) else ("",) * len(targets)
        for target, item in zip(targets, items, strict=True):
            if target in known:
                draft.decide(target, item, known[target], "map")
    _drop_answered(draft)
    again = proposal.again
    return replace(
        proposal,
        decided=tuple(draft.decided.values()),
        questions=tuple(draft.questions.values()),
        mapped=tuple(draft.mapped.values()),
        again=(lambda **given: with_known_words(again(**given), maps)) if again is not None else None,
    )


def _concerns(name: str, columns: dict[str, Column], draft: Draft) -> bool:
    """Whether a decision is about something in this file."""
    group, _, key = name.partition(".")
    if group in ("column", "item", "name", "scale", "labels", "options", "codes") and key in columns:
        return True
    asked = {target for question in draft.questions.values() for target in (question.targets or (question.id,))}
    return name in draft.decided or name in asked


def _taken(draft: Draft, name: str, value: object) -> bool:
    """Whether another column of this file has the role on both grounds already."""
    return any(other.id != name and other.id.startswith("column.") and other.value == value for other in draft.decided.values())


def _new_labels(column: Column | None, known: list[str]) -> list[str]:
    folded = {fold(label) for label in known}
    return [value for value in column.counts if fold(value) not in folded and not is_dont_know(value)] if column is not None else []


def _ask_new_labels(draft: Draft, name: str, column: Column, known: list[str]) -> None:
    new = _new_labels(column, known)
    if name.startswith("scale."):
        found = draft.decided.get(name)
        proposal = found.value if found is not None and isinstance(found.value, list) else None
        items = tuple(proposal) if proposal else tuple(dict.fromkeys((*known, *new)))
        draft.decided.pop(name, None)
        words = text("intake.ask_order", draft.lang, headings=column.heading, count=1)
        draft.ask(Question(f"order.{column.id}", "fill", words, (), items, proposal, (name,)))


def _like_types(one: str, other: str) -> bool:
    """Whether two types differ only by how many answers there are."""
    return (
        one == other
        or ({one, other} <= {"single", "open", "likert", "band"} and "open" in (one, other))
        or {one, other} <= {"single", "likert"}
    )


def _drop_answered(draft: Draft) -> None:
    """Questions lose what the map has decided; those with nothing left go."""
    for question in list(draft.questions.values()):
        targets = question.targets or (question.id,)
        bare = [target.partition("=")[0] for target in targets]
        left = [place for place, target in enumerate(bare) if not _by_map(draft, target)]
        role = question.id.partition(".")[2] if question.id.startswith("role.") else ""
        if role and any(one.id.startswith("column.") and one.value == role and one.why == "map" for one in draft.decided.values()):
            left = []
        if len(left) < len(targets):
            draft.mapped[question.id] = question
        if not left:
            del draft.questions[question.id]
        elif len(left) < len(targets) and len(question.items) == len(targets):
            draft.questions[question.id] = replace(
                question, targets=tuple(targets[place] for place in left), items=tuple(question.items[place] for place in left)
            )
        elif len(left) < len(targets):
            draft.questions[question.id] = replace(question, targets=tuple(targets[place] for place in left))
    for name in [name for name in draft.questions if name.startswith(("labels.", "default."))]:
        if _by_map(draft, name):
            draft.mapped[name] = draft.questions.pop(name)


def _by_map(draft: Draft, name: str) -> bool:
    decision = draft.decided.get(name)
    return decision is not None and decision.why == "map"


def _gone(columns: dict[str, Column], earlier: Map) -> list[str]:
    """Columns that the map knows and this file has not."""
    held = [
        name.partition(".")[2] for name, value in earlier.decisions.items() if name.startswith(("column.", "item.")) and value != LEFT_OUT
    ]
    return [key for key in dict.fromkeys(held) if key not in columns]


def _ask_changed(draft: Draft, columns: dict[str, Column], earlier: Map, gone: list[str]) -> None:
    """Items whose wording is near that of a new one are asked: the same or another; others are told."""
    known = set(earlier.headings)
    new = [column for column in columns.values() if column.folded not in known and f"item.{column.id}" in draft.decided]
    required = {role.name for role in table_kinds()[draft.kind].roles if role.required} if draft.kind in table_kinds() else set()
    for key in gone:
        words = earlier.words.get(f"item.{key}") or earlier.words.get(f"column.{key}") or key
        # Under another year it is the same question.
        unnamed = [one for one in columns.values() if f"item.{one.id}" in draft.decided and f"item.{one.id}" not in earlier.decisions]
        near = next((column for column in unnamed if timeless(fold(words)) == timeless(column.folded)), None)
        if near is not None and f"name.{key}" in earlier.decisions:
            draft.decide(f"name.{near.id}", near.heading, earlier.decisions[f"name.{key}"], "map")
            new = [column for column in new if column is not near]
            continue
        near = max(new, key=lambda column: _likeness(column.id, key), default=None)
        role = earlier.decisions.get(f"column.{key}")
        if near is not None and _likeness(near.id, key) >= _ALIKE and f"name.{key}" in earlier.decisions:
            _ask_reworded(draft, f"name.{near.id}", words, near, str(earlier.decisions[f"name.{key}"]))
            new.remove(near)
        elif role in required and not any(one.id.startswith("column.") and one.value == role for one in draft.decided.values()):
            if f"role.{role}" not in draft.questions:
                options = tuple((column.id, column.heading) for column in columns.values() if f"column.{column.id}" not in draft.decided)
                draft.ask(
                    Question(
                        f"role.{role}", "choose", text("intake.ask_missing", draft.lang, role=str(role)), options, targets=(f"role.{role}",)
                    )
                )
        elif f"item.{key}" in earlier.decisions:
            draft.tell(text("intake.told_not_asked", draft.lang, heading=words))


def _likeness(one: str, other: str) -> float:
    """How alike two wordings are, letter by letter or in the words that tell them, whatever their endings."""
    words, known = ({word[:_STEM] for word in wording.split("-") if len(word) > _STEM - 1} for wording in (one, other))
    shared = len(words & known) / min(len(words), len(known)) if min(len(words), len(known)) >= _LEAST else 0.0
    return max(difflib.SequenceMatcher(None, one, other).ratio(), shared)


def _check_codes(table: Table, earlier: Map) -> None:
    """A code of a labelled file means what it meant."""
    for key, labels in table.labelled.items():
        before = earlier.decisions.get(f"codes.{key}")
        if not isinstance(before, dict):
            continue
        for code, label in labels.items():
            if code in before and fold(before[code]) != fold(label):
                raise SourceError(
                    f"the code {code} of {key} is called {label!r}, and was called {before[code]!r} before",
                    why="one code with two meanings would mix two answers",
                    todo="correct the labels of the file, or take it in without the earlier map",
                )

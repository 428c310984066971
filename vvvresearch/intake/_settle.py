"""Settling: a proposal and its answers make what is decided; a missing or contradictory answer is one clear error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from vvvresearch.errors import Failure, SchemaError, did_you_mean
from vvvresearch.evidence import municipalities
from vvvresearch.intake._fold import fold
from vvvresearch.intake._proposal import Proposal, Question, Value, Why

LEFT_OUT = "-"
# Of a survey whose answers are those of a municipality and a place in it: "respondent+" and the column of the place.
TOGETHER = "respondent+"
# Of a key that numbers people of the programme: which of its groups they are.
KEY_OF = "respondent.of"
# Whether answers that are alike and were sent within a minute of each other are one.
SENT_AGAIN = "sent_again"
# Whether answers from one e-mail address are one person's.
SAME_ADDRESS = "same_address"
# Roles whose cells name several things; a sheet may have a box to tick for each, under one heading.
LISTED = frozenset(("referral_sources", "referral_sources_long_term"))
ROLE = "role."
PARTIALS = ("complete-before-partial", "drop")
_YES = frozenset(("yes", "ja", "true", "y", "j"))
_NO = frozenset(("no", "nej", "false", "n", LEFT_OUT))


@dataclass(frozen=True)
class Settled:
    """What is decided about a file.

    Args:
        path: the file.
        kind, type, unit, source: as in `Proposal`.
        decisions: id → value.
        why: id → its ground.
        words: id → the words of the file that it is about.
        this_file: what holds for this file alone: hash, year, wave, extract.
        header, headings: as in `Proposal`.
    """

    path: Path
    kind: str
    type: str
    unit: str
    source: str
    decisions: dict[str, Value] = field(default_factory=dict)
    why: dict[str, Why] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    this_file: dict[str, str] = field(default_factory=dict)
    header: str = ""
    headings: tuple[str, ...] = ()

    def starting(self, prefix: str) -> dict[str, Value]:
        """The decisions whose ids start with a prefix, without it."""
        return {name.removeprefix(prefix): value for name, value in self.decisions.items() if name.startswith(prefix)}

    def roles(self) -> dict[str, str]:
        """Id of a column → its role."""
        return {name: str(value) for name, value in self.starting("column.").items() if value != LEFT_OUT}


def settle(proposal: Proposal, answers: Mapping[str, Any] | None = None) -> Settled:
    """What is decided about a file once its questions are answered.

    Args:
        proposal: of `propose`.
        answers: id of a question → answer, as a TOML file gives them (ids with dots may be tables). A question with items takes one
            answer for all of them or a table item → answer. An id of `decided` may be answered too: that corrects it.
            `this_file.year`, `this_file.wave` and `this_file.extract` may always be given.

    Returns:
        Settled.

    Raises:
        SchemaError: every answer that is missing, unknown, none of the choices, or contradicts another.

    Example:
        >>> from vvvresearch.intake._proposal import Question
        >>> asked = Question("unit", "choose", "?", (("municipality", "…"), ("respondent", "…")))
        >>> settle(Proposal(Path("a.csv"), "survey", "survey", "", "a", (), (asked,), (), ()), {"unit": "respondent"}).unit
        'respondent'
    """
    given = flat(answers or {}, {question.id for question in (*proposal.questions, *proposal.mapped)})
    if proposal.again is not None and proposal.kind == "":
        asked = proposal.questions[0]
        kind, failures = _one(asked, given.get("kind"), "kind")
        _raise(failures, proposal)
        return settle(proposal.again(kind=kind), {name: value for name, value in given.items() if name != "kind"})
    proposal, given = refined(proposal, given)
    decisions: dict[str, Value] = {decision.id: decision.value for decision in proposal.decided}
    why: dict[str, Why] = {decision.id: decision.why for decision in proposal.decided}
    words = {decision.id: decision.what for decision in proposal.decided}
    this_file = dict(proposal.this_file)
    failures = []
    may_be_answered = {question.id: question for question in (*proposal.questions, *proposal.mapped)}
    needed = {target for question in proposal.questions for target in question.targets or (question.id,)}
    for question in may_be_answered.values():
        pairs, wrong = _answered(question, given, needed)
        failures += wrong
        for target, item, value in pairs:
            _apply(decisions, why, words, this_file, target, item, value)
    known = may_be_answered.keys() | {target for question in may_be_answered.values() for target in question.targets}
    for name, value in given.items():
        if name == "partials" and value not in PARTIALS:
            failures.append(Failure(None, name, str(value), did_you_mean(str(value), PARTIALS)))
        elif name in decisions and name not in known:
            decisions[name], why[name] = value if isinstance(value, list | dict) else str(value), "answer"
        elif name in ("this_file.year", "this_file.wave", "this_file.extract") and name not in known:
            this_file[name.removeprefix("this_file.")] = str(value)
        elif name not in known:
            failures.append(Failure(None, name, "", f"there is no such question; {did_you_mean(name, known | set(decisions))}"))
    failures += _contradictions(decisions)
    _raise(failures, proposal)
    unit = str(decisions.get("unit", proposal.unit)).partition("+")[0]
    return Settled(
        proposal.path,
        proposal.kind,
        proposal.type,
        unit,
        proposal.source,
        decisions,
        why,
        words,
        this_file,
        proposal.header,
        proposal.headings,
    )


def refined(proposal: Proposal, given: Mapping[str, Any]) -> tuple[Proposal, dict[str, Any]]:
    """A proposal made anew with the columns that were answered, whose words may then be asked for, and the answers that are left."""
    asked = {question.id: question for question in (*proposal.questions, *proposal.mapped) if question.id.startswith(ROLE)}
    roles = {name: str(given[name]) for name, question in asked.items() if not _one(question, given.get(name), name)[1]}
    columns = {name.removeprefix(ROLE): column for name, column in roles.items() if column != LEFT_OUT}
    if proposal.again is None or not columns or len(set(columns.values())) < len(columns):
        return proposal, dict(given)
    made = proposal.again(kind=proposal.kind, roles=columns)
    made = replace(
        made,
        source=proposal.source,
        again=None,
        decided=tuple(
            replace(one, why="answer")
            if one.id.startswith("column.") and columns.get(str(one.value)) == one.id.removeprefix("column.")
            else one
            for one in made.decided
        ),
    )
    # What is asked again (a survey finds its key by itself) is answered already.
    again = {question.id for question in made.questions}
    return made, {name: value for name, value in given.items() if name in again or name.removeprefix(ROLE) not in columns}


def flat(answers: Mapping[str, Any], questions: set[str], prefix: str = "") -> dict[str, Any]:
    """Answers by id; tables of a TOML file that are parts of ids are joined with dots.

    Example:
        >>> flat({"column": {"kommune": "-"}, "values.reason": {"Job": "moved"}}, {"values.reason"})
        {'column.kommune': '-', 'values.reason': {'Job': 'moved'}}
    """
    found: dict[str, Any] = {}
    for name, value in answers.items():
        whole = f"{prefix}{name}"
        if isinstance(value, Mapping) and whole not in questions:
            found |= flat(value, questions, f"{whole}.")
        else:
            found[whole] = value
    return found


def answer_problem(question: Question, answer: str) -> str:
    """What is wrong with an answer to a question, or to one of its items; "" where it can be taken.

    Example:
        >>> answer_problem(Question("this_file.year", "fill", "?"), "23")
        'a year is written 2023'
    """
    return "; ".join(failure.problem for failure in _one(question, answer, question.id)[1])


def _answered(question: Question, given: Mapping[str, Any], needed: AbstractSet[str]) -> tuple[list[tuple[str, str, Value]], list[Failure]]:
    """(target, item, value) for each thing a question decides; what an earlier map decided needs no answer."""
    targets = question.targets or (question.id,)
    items = question.items if len(question.items) == len(targets) else ("",) * len(targets)
    answer = given.get(question.id)
    own = {target: given[target] for target in targets if target in given and target != question.id}
    if answer is not None and own:
        return [], [Failure(None, question.id, "", "is answered twice: as a whole and for " + ", ".join(own))]
    if answer is None and not own:
        return [], _one(question, None, question.id)[1] if needed & set(targets) else []
    pairs, failures = [], []
    table = isinstance(answer, Mapping) and len(targets) > 0 and any(items) and question.id.partition(".")[0] != "labels"
    if isinstance(answer, Mapping) and table:
        strange = [str(name) for name in answer if fold(str(name)) not in {fold(item) for item in items}]
        failures += [
            Failure(None, question.id, "", f"the answer is for an item that was not asked; {did_you_mean(name, items)}") for name in strange
        ]
    for target, item in zip(targets, items, strict=True):
        single = own.get(target, answer)
        if isinstance(answer, Mapping) and table:
            single = next((value for name, value in answer.items() if fold(str(name)) == fold(item)), None)
        if single is None and target not in needed:
            continue
        value, wrong = _one(question, single, question.id if not item else f"{question.id}, {item}")
        failures += wrong
        if not wrong:
            pairs.append((target, item, value))
    return pairs, failures


def _one(question: Question, answer: Any, where: str) -> tuple[Value, list[Failure]]:
    """An answer that is one of the choices, or filled in rightly."""
    if answer is None or answer == "":
        choices = [value for value, _ in question.choices]
        return "", [Failure(None, where, "", "has no answer" + (f"; choose {', '.join(choices[:8])}" if choices else ""))]
    if isinstance(answer, bool):
        answer = "yes" if answer else "no"
    if question.id.startswith("order."):
        return _order(question, answer, where)
    if question.id.startswith("labels."):
        return _labels(answer, where)
    value = str(answer)
    if question.id == "this_file.year" and not re.fullmatch(r"(19|20)\d\d", value):
        return "", [Failure(None, where, "", "a year is written 2023")]
    if question.id == "this_file.extract" and not re.fullmatch(r"\d{4}(-\d\d|-Q[1-4]|-H[12])?", value):
        return "", [Failure(None, where, "", "an extract is written 2023-05 or 2023-Q2")]
    if question.id.startswith("municipality."):
        return _municipality(value, where)
    if question.type == "confirm":
        known = fold(value) if value != LEFT_OUT else LEFT_OUT
        return ("yes" if known in _YES else "no", []) if known in _YES | _NO else ("", [Failure(None, where, "", "answer yes or no")])
    choices = [choice for choice, _ in question.choices]
    if question.type != "fill" and choices and value not in choices:
        return "", [Failure(None, where, "", f"the answer is none of the choices; {did_you_mean(value, choices)}")]
    return value, []


def _municipality(value: str, where: str) -> tuple[Value, list[Failure]]:
    frame = municipalities()
    named = {fold(name): code for code, name in zip(frame["code"], frame["name"], strict=True)}
    if value == LEFT_OUT or re.fullmatch(r"\d{4}", value):
        return value, []
    code = named.get(fold(value))
    return (
        (code, [])
        if code
        else ("", [Failure(None, where, "", f"is no municipality of today; {did_you_mean(value, frame['name'])}; - leaves it out")])
    )


def _order(question: Question, answer: Any, where: str) -> tuple[Value, list[Failure]]:
    """Labels from high to low: a list, or one text with > between them. Each label once."""
    labels = [str(label).strip() for label in (answer if isinstance(answer, list) else str(answer).split(">"))]
    own = {fold(item): item for item in question.items}
    if len(labels) == 1 and fold(labels[0]) in ("single", "nominal"):
        return "single", []
    if sorted(fold(label) for label in labels) != sorted(own):
        return "", [
            Failure(None, where, "", "give every label once, from high to low, with > between; or single, where they have no order")
        ]
    return [own[fold(label)] for label in labels], []


def _labels(answer: Any, where: str) -> tuple[Value, list[Failure]]:
    """What numbers mean: `number`, the steps of a scale (`1-5`), a table code → label, or a text `1 = …; 2 = …`."""
    if isinstance(answer, Mapping):
        return {str(code): str(label) for code, label in answer.items()}, []
    value = str(answer)
    if value in ("number", "single") or re.fullmatch(r"\d{1,2}-\d{1,2}", value):
        return value, []
    # A comma parts them too, where a code follows it.
    parts = [part.partition("=") for part in re.split(r"[;\n]|,(?= *[\w-]{1,6} *=)", value) if part.strip()]
    if not parts or any(not middle or not label.strip() for _, middle, label in parts):
        return "", [Failure(None, where, "", "write number, or what each code means: 1 = …; 2 = …")]
    return {code.strip(): label.strip() for code, _, label in parts}, []


def _apply(
    decisions: dict[str, Value], why: dict[str, Why], words: dict[str, str], this_file: dict[str, str], target: str, item: str, value: Value
) -> None:
    name, _, role = target.partition("=")
    if role:
        decisions[name], why[name] = (role if value == "yes" else LEFT_OUT), "answer"
        words.setdefault(name, item.rpartition(" = ")[0])
    elif target.startswith("this_file."):
        this_file[target.removeprefix("this_file.")] = str(value)
    elif target.startswith("role."):
        if value != LEFT_OUT:
            role = target.removeprefix("role.")
            # Another column that an earlier map had in the role gives way.
            decisions.update({name: LEFT_OUT for name, own in decisions.items() if own == role and why.get(name) == "map"})
            decisions[f"column.{value}"], why[f"column.{value}"] = role, "answer"
    else:
        decisions[target], why[target] = value, "answer"
        words.setdefault(target, item)


def _contradictions(decisions: Mapping[str, Value]) -> list[Failure]:
    """Two columns with one role."""
    seen: dict[str, str] = {}
    failures = []
    for name, value in decisions.items():
        if not name.startswith("column.") or value == LEFT_OUT or value in LISTED or isinstance(value, list | dict):
            continue
        if value in seen:
            failures.append(Failure(None, name, "", f"two columns are {value}: this one and {seen[value]}; give one of them -"))
        seen[value] = name
    return failures


def _raise(failures: list[Failure], proposal: Proposal) -> None:
    if failures:
        count = len(failures)
        raise SchemaError(
            f"{count} answer{'s are' if count > 1 else ' is'} missing or wrong",
            failures,
            where=proposal.path,
            todo="give these answers; nothing was written",
        )

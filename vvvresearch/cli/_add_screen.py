"""The confirm screen of `vvv add`: what a file was taken for, its questions one by one, and what is left to be filled in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from vvvresearch import files
from vvvresearch.cli._workspace import error_text, say, tell
from vvvresearch.errors import VvvError
from vvvresearch.intake import Decision, Proposal, Question, answer_problem, refined, settle
from vvvresearch.locales import Lang, in_danish, text
from vvvresearch.privacy import masked

LEFT_OUT = "-"
_MOST_LINES = 40
# So many empty lines in a row to a question without a likely answer: nobody is there who answers.
_MOST_EMPTY = 5
_NOT_SHOWN = ("kind", "name.", "scale.", "missing.", "sheet")


class Skipped(Exception):
    """A file is left out, or nobody answers."""


def show(proposal: Proposal, lang: Lang) -> None:
    """What a file was taken for, on one screen."""
    if not proposal.kind:
        tell(masked(text("intake.screen_unknown", lang, file=proposal.path.name)))
        return
    kind = text(f"intake.kind_{proposal.kind}", lang)
    if proposal.kind == "transcripts":
        tell(masked(text("intake.screen_transcripts", lang, file=proposal.path.name)))
    elif proposal.kind == "goals":
        tell(masked(text("intake.screen_goals", lang, file=proposal.path.name)))
    else:
        tell(masked(text("intake.screen_head", lang, file=proposal.path.name, kind=kind, source=proposal.source)))
    for heading, lines in _parts(proposal, lang):
        if lines:
            tell(f"  {text(f'intake.screen_{heading}', lang)}")
            for line in lines[:_MOST_LINES]:
                tell(f"    {_shown(line)}")
            if len(lines) > _MOST_LINES:
                tell(f"    {text('intake.screen_more', lang, count=len(lines) - _MOST_LINES)}")


def _parts(proposal: Proposal, lang: Lang) -> Iterator[tuple[str, list[str]]]:
    decided = {one.id: one for one in proposal.decided}
    columns = [one for one in proposal.decided if one.id.startswith("column.")]
    yield "columns", [f"{one.what or one.id} → {_word(one, lang)}" for one in columns]
    yield "items", [_item(one, decided) for one in proposal.decided if one.id.startswith(("item.", "group."))]
    words: dict[str, list[str]] = {}
    for one in proposal.decided:
        if one.id.startswith("value."):
            words.setdefault(one.id.split(".")[1], []).append(f"{one.what} = {one.value}")
    yield "words", [f"{role}: {'; '.join(pairs)}" for role, pairs in words.items()]
    shown = (*_NOT_SHOWN, "column.", "item.", "group.", "value.", "municipality.")
    rules = [one for one in proposal.decided if not one.id.startswith(shown) and one.what != one.value]
    yield "rules", [f"{one.id}{f' ({one.what})' if one.what else ''}: {_text(one.value)}" for one in rules]
    yield "told", list(proposal.told)
    yield "lost", list(proposal.losses)


def _word(one: Decision, lang: Lang) -> str:
    return text("intake.screen_left_out", lang) if one.value == LEFT_OUT else _text(one.value)


def _item(one: Decision, decided: dict[str, Decision]) -> str:
    group, _, key = one.id.partition(".")
    name = decided.get(f"name.{key}" if group == "item" else f"name.group.{key}")
    scale = decided.get(f"scale.{key}")
    order = f": {' > '.join(scale.value)}" if scale is not None and isinstance(scale.value, list) else ""
    return f"{name.value if name is not None else key} ({_text(one.value)}{order}) ← {one.what}"


def _text(value: object) -> str:
    return " > ".join(map(str, value)) if isinstance(value, list) else str(value)


def answer_in_terminal(proposal: Proposal, lang: Lang, again: Callable[[str], Proposal]) -> tuple[Proposal, dict[str, Any]]:
    """Show a file, ask what is open, and let it be confirmed or corrected.

    Args:
        proposal: of the file.
        lang: of words.
        again: makes the proposal for a kind that was answered.

    Returns:
        The proposal, and the answers to its questions.

    Raises:
        Skipped: the file is left out, or the answers end.
    """
    if not proposal.kind:
        show(proposal, lang)
        kind = str(_ask(proposal.questions[0], lang))
        if kind == LEFT_OUT:
            raise Skipped(kind)
        proposal = again(kind)
    show(proposal, lang)
    given: dict[str, Any] = {question.id: _ask(question, lang) for question in proposal.questions if question.id.startswith("role.")}
    # Which column is what tells which words have to be asked for.
    proposal, given = refined(proposal, given)
    given |= {question.id: _ask(question, lang) for question in proposal.questions if question.id not in given}
    while True:
        line = _read(f"{text('intake.screen_accept', lang)} ")
        name, equals, value = (part.strip() for part in line.partition("="))
        if not line.strip():
            break
        if not equals:
            raise Skipped
        try:
            settle(proposal, given | {name: value})
            given[name] = value
        except VvvError as problem:
            say(error_text(problem, lang))
    return proposal, given


def _ask(question: Question, lang: Lang) -> Any:
    """The answer to a question; each item has its own unless one answer ends with "!"."""
    tell(f"? {_shown(question.question)}")
    for number, (value, label) in enumerate(question.choices, start=1):
        tell(f"    {number} {value}" + (f": {label}" if label != value else ""))
    targets = question.targets or (question.id,)
    single = len(question.items) < 2 or len(question.items) != len(targets) or question.id.startswith(("order.", "labels."))
    if single:
        for item in question.items:
            tell(f"    · {_shown(item)}")
        return _answer(question, "", lang)
    if question.type == "confirm":
        return _answer(question, "; ".join(question.items), lang)
    tell(f"    {text('intake.screen_for_all', lang)}")
    answers: dict[str, Any] = {}
    rest: str | None = None
    for item in question.items:
        if rest is None:
            line = _answer(question, item, lang)
            if line.endswith("!"):
                rest = line = line.removesuffix("!")
            answers[item] = line
        else:
            answers[item] = rest
    return answers


def _answer(question: Question, item: str, lang: Lang) -> str:
    likely = (
        question.proposal
        if isinstance(question.proposal, str)
        else " > ".join(question.proposal)
        if isinstance(question.proposal, list)
        else ""
    )
    empty = 0
    while empty < _MOST_EMPTY:
        line = _read(f"  {_shown(item)}{f' [{likely}]' if likely else ''}: ").strip() or likely
        rest = "!" if line.endswith("!") else ""
        meant = _meant(line.removesuffix("!").strip(), question.choices)
        problem = answer_problem(question, meant) if meant else ""
        if meant and not problem:
            return meant + rest
        if problem:
            say(f"  {in_danish(problem) if lang == 'da' else problem}")
        empty += not meant
    raise Skipped


def _meant(line: str, choices: Sequence[tuple[str, str]]) -> str:
    """The choice of a number, or the word itself."""
    values = [value for value, _ in choices]
    return values[int(line) - 1] if line not in values and line.isdecimal() and 1 <= int(line) <= len(values) else line


def _read(prompt: str) -> str:
    sys.stdout.write(prompt)
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        tell("")
        raise Skipped
    if not sys.stdin.isatty():
        tell("")
    return line


def answers_wanted(proposal: Proposal, given: Mapping[str, Any]) -> str:
    """The questions of a file as TOML, to be filled in, with what was answered already."""
    lines = [f"[{files.toml({proposal.path.name: ''})[2:-7]}]"]
    for question in proposal.questions:
        lines.append(f"# {_one_line(question.question)}")
        for value, label in question.choices:
            lines.append(f"#   {value}" + (f": {_one_line(label)}" if label != value else ""))
        targets = question.targets or (question.id,)
        each = len(question.items) == len(targets) > 1 and question.id.partition(".")[0] not in ("order", "labels")
        likely = given.get(question.id, "" if question.proposal is None else question.proposal)
        if each and question.type != "confirm":
            lines += [
                f"{files.toml(target)} = {files.toml(given.get(target, likely))}  # {_one_line(item)}"
                for target, item in zip(targets, question.items, strict=True)
            ]
        else:
            lines += [f"#   · {_one_line(item)}" for item in question.items]
            lines.append(f"{files.toml(question.id)} = {files.toml(likely)}")
    return "\n".join(lines) + "\n"


def _shown(words: str) -> str:
    # Headings and cells are repeated before any scan has seen the file.
    return masked(files.plain_text(words))


def _one_line(words: str) -> str:
    return " ".join(_shown(words).split())

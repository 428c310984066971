"""`--help`, and what is wrong with a command line, in Danish; the commands themselves are written in English."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.exceptions import TyperException

from vvvresearch.locales import in_danish, messages_of

_ASKED = ("-h", "--help")
# What typer itself writes around the sentences of the commands.
_FRAME = (
    (re.compile(r"^Usage: ", re.MULTILINE), "Brug: "),
    (re.compile(r"^Arguments:$", re.MULTILINE), "Argumenter:"),
    (re.compile(r"^Options:$", re.MULTILINE), "Tilvalg:"),
    (re.compile(r"^Commands:$", re.MULTILINE), "Kommandoer:"),
    (re.compile(r"\[OPTIONS\]"), "[TILVALG]"),
    (re.compile(r"COMMAND \[ARGS\]\.\.\."), "KOMMANDO [ARGUMENTER]..."),
    (re.compile(r"\[default:"), "[standard:"),
    (re.compile(r"\[required\]"), "[påkrævet]"),
    (re.compile(r"Show this message and exit\."), "Vis denne hjælp."),
)


def call_in_danish(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Call a command whose help, and whose complaints about its arguments, are told in Danish.

    Returns:
        The exit code; commands that end by themselves do so.
    """
    command: Any = typer.main.get_command(app)
    asked = not arguments or bool(set(_ASKED) & set(_before_dashes(arguments)))
    if asked:
        _put_danish(command)
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed) if asked else contextlib.nullcontext():
            code = command.main(list(arguments), prog_name="vvv", standalone_mode=False)
    except TyperException as problem:
        print(_complaint(problem), file=sys.stderr)
        return problem.exit_code
    if asked:
        sys.stdout.write(_framed(printed.getvalue()))
    return code if isinstance(code, int) else 0


def _before_dashes(arguments: Sequence[str]) -> Sequence[str]:
    """What stands after -- belongs to another program."""
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


def _put_danish(command: Any) -> None:
    words = messages_of("help")
    for one in (command, *getattr(command, "commands", {}).values()):
        one.help = words.get(one.help or "", one.help)
        for parameter in one.params:
            parameter.help = words.get(parameter.help or "", parameter.help)


def _framed(text: str) -> str:
    for english, danish in _FRAME:
        text = english.sub(danish, text)
    return text


def _complaint(problem: TyperException) -> str:
    """The usage of the command, where its help is, and what was wrong."""
    context = getattr(problem, "ctx", None)
    message = problem.format_message()
    if message.startswith("Usage: "):
        return _framed(message)
    told = f"Fejl: {in_danish(message)}"
    return told if context is None else f"{_framed(context.get_usage())}\n'{context.command_path} --help' viser mere.\n\n{told}"

"""What every command shares: the workspace it works on, its rounds, how errors end it, and the language it answers in."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import VvvError, did_you_mean
from vvvresearch.locales import LANGUAGES, Lang, error_in_danish, in_danish, text

if TYPE_CHECKING:
    from vvvresearch.batch import Failure
    from vvvresearch.rounds import RoundSpec

DONE, FAILED, MISUSE, INTERRUPTED = 0, 1, 2, 130


class UsageError(VvvError):
    """The command was called in a way that cannot be meant."""


@dataclass(frozen=True)
class Workspace:
    """A workspace: rounds, data and notebooks below one folder."""

    root: Path

    @property
    def outputs(self) -> Path:
        """The folder that runs write to."""
        return self.root / "outputs"

    @property
    def start_page(self) -> Path:
        """The page at which JupyterLab opens."""
        return self.outputs / "start.ipynb"

    def round_ids(self) -> tuple[str, ...]:
        """Every round that has a file."""
        from vvvresearch.rounds import list_rounds

        return tuple(list_rounds(self.root))

    def known(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """The rounds named, or all, by id.

        Raises:
            UsageError: there is no such round.
        """
        known = self.round_ids()
        for name in wanted:
            if name not in known:
                raise UsageError(f"there is no round {name!r}", where=self.root / "rounds", todo=did_you_mean(name, known))
        if not known:
            raise UsageError("this workspace has no rounds yet", where=self.root / "rounds", todo="make one: vvv new-round ID")
        return tuple(wanted or known)

    def specs(self, wanted: Sequence[str]) -> tuple[RoundSpec, ...]:
        """The definitions of the rounds named, or of all.

        Raises:
            UsageError: there is no such round.
            RoundError: a round's file is wrong.
        """
        from vvvresearch.rounds import load_spec

        return tuple(load_spec(self.root, name) for name in self.known(wanted))


def find_workspace(root: Path | None) -> Workspace:
    """The workspace named, or the one found upwards from here.

    Raises:
        UsageError: the folder named does not exist.
        RoundError: there is none.
    """
    from vvvresearch.rounds import find_root

    if root is not None and not root.is_dir():
        raise UsageError("the folder named by --root does not exist", where=root)
    return Workspace(find_root(root or Path.cwd()).resolve())


def check_choice(value: str | None, option: str, known: Sequence[str]) -> None:
    """Refuse a value that an option does not know.

    Raises:
        UsageError: with what was probably meant.
    """
    if value is not None and value not in known:
        raise UsageError(f"{option} does not know {value!r}", todo=did_you_mean(value, known))


def call(command: Callable[[Workspace], int], root: Path | None, debug: bool, rounds: Sequence[str] = (), lang: str | None = None) -> int:
    """Run a command on its workspace; errors become a few lines and an exit code.

    Args:
        command: what is run.
        root: the workspace named.
        debug: whether errors are raised.
        rounds: the rounds named; errors are told in the language of the first.
        lang: another language that is asked for.
    """

    def body() -> int:
        return command(find_workspace(root))

    def speaks() -> Lang:
        try:
            return language_here(find_workspace(root), rounds, lang)
        except (VvvError, OSError):
            return spoken(lang)

    return guarded(body, debug, speaks)


def guarded(body: Callable[[], int], debug: bool, speaks: Callable[[], Lang] = lambda: "da") -> int:
    """Run something; one of our errors becomes a few lines, any other one line unless `debug` is set."""
    # A scheduler ends a job with SIGTERM: what must be tidied after Ctrl-C must be tidied then too.
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        return body()
    except KeyboardInterrupt:
        say(text("commands.stopped", speaks()))
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone, for example `head`.
        sys.stderr.close()
        return DONE
    except (VvvError, OSError) as problem:
        if debug:
            raise
        told = problem if isinstance(problem, VvvError) else _of_the_disk(problem)
        say(error_text(told, speaks()))
        return MISUSE if isinstance(problem, UsageError) else FAILED
    except Exception as problem:
        if debug:
            raise
        say(text("commands.unexpected", speaks(), kind=type(problem).__name__, problem=str(problem)))
        return FAILED


def _of_the_disk(problem: OSError) -> VvvError:
    """A full disk or a missing permission is no fault of the program's."""
    what, todo = "the results cannot be written, or a file not be read", "check space and permissions"
    return VvvError(what, where=problem.filename, why=problem.strerror or str(problem), todo=todo)


def _as_interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def say(text: str) -> None:
    """A line to whoever watches; results alone go to standard output."""
    print(text, file=sys.stderr, flush=True)


def tell(text: str) -> None:
    """A line of the result."""
    print(text, flush=True)


def tell_json(value: Any) -> None:
    """The result for a program."""
    print(json.dumps(value, ensure_ascii=False, indent=1), flush=True)


def language_of(workspace: Workspace, round_id: str, lang: str | None) -> Lang:
    """The language that a round's people read; `lang` where it is "da" or "en"."""
    if lang in LANGUAGES:
        return "en" if lang == "en" else "da"
    from vvvresearch.rounds import load_spec

    try:
        return "en" if load_spec(workspace.root, round_id).languages[0] == "en" else "da"
    except VvvError:
        return "da"  # a definition that cannot be read is told as a fault


def language_here(workspace: Workspace, rounds: Sequence[str], lang: str | None) -> Lang:
    """The language of the first of these rounds that is there, else of the workspace's first round; Danish where there is none."""
    known = workspace.round_ids()
    return language_of(workspace, next((name for name in (*rounds, *known) if name in known), ""), lang)


def spoken(lang: str | None) -> Lang:
    """The language of a command that needs no round: Danish, unless English is asked for."""
    return "en" if lang == "en" else "da"


def said(words: str, lang: Lang) -> str:
    """A message as it is printed: made in English, and what it quotes of a file reaches nobody."""
    return unnamed(in_danish(words) if lang == "da" else words)


def unnamed(words: str) -> str:
    """Words of a message or a log that repeat nobody."""
    from vvvresearch.privacy import masked

    return masked(words)


def error_text(problem: VvvError, lang: Lang) -> str:
    """An error as it is printed."""
    return unnamed(error_in_danish(problem) if lang == "da" else str(problem))


def failure_text(failure: Failure, lang: Lang) -> str:
    """A failed step as it is printed."""
    if lang == "en":
        return unnamed(failure.text())
    told = replace(
        failure,
        cell=in_danish(failure.cell),
        message=in_danish(failure.message),
        where=in_danish(failure.where),
        why=in_danish(failure.why),
        todo=in_danish(failure.todo),
    )
    labels = {name: text(f"checking.{word}", "da") for name, word in (("where", "where"), ("why", "why"), ("to do", "todo"))}
    labels |= {name: text(f"commands.failure_{name}", "da") for name in ("failed", "notebook", "line", "code", "within", "see")}
    return unnamed(told.text(labels))

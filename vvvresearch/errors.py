"""The exception tree: every error says what is wrong, where, why it matters and what to do.

VvvError
├── SourceError        a file cannot be read, or does not hold what it should
├── SchemaError        a table breaks its schema; carries every failure with its row
├── RoundError         a round's definition is missing, misspelt or contradicts itself
├── AnalysisError      an analysis cannot be answered for these data (also a ValueError)
│   ├── NotPermittedError   the data kind does not allow it (reconstructed, published aggregates)
│   ├── CallError           a call does not fit what is called (also a TypeError)
│   └── UnanswerableError   the data cannot answer it; carries the sentence a reader sees instead
├── UnknownNameError   a round, a result or evidence has nothing of a name (also an AttributeError)
├── NotebookError      a notebook failed; carries notebook, cell and line
├── RenderError        a report cannot be rendered as it stands
└── DisclosureError    something may not be released
"""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any


class VvvError(Exception):
    """The base of every error this package raises on purpose.

    Args:
        what: what is wrong, one sentence.
        where: file, sheet, row, cell or argument.
        why: why it is wrong or why it matters.
        todo: what the reader can do about it.

    Example:
        >>> print(VvvError("kolonnen mangler", where="a.csv", todo="tilføj den"))
        kolonnen mangler
          where: a.csv
          to do: tilføj den
    """

    def __init__(self, what: str, *, where: object = "", why: str = "", todo: str = "") -> None:
        self.what = what
        self.where = str(where)
        self.why = why
        self.todo = todo
        super().__init__(what)

    def __str__(self) -> str:
        labelled = (("where", self.where), ("why", self.why), ("to do", self.todo))
        return "\n".join([self.what, *(f"  {label}: {text}" for label, text in labelled if text)])

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the lines that were written, and the message; what the package did meanwhile is left out."""
        import traceback

        from IPython import get_ipython

        ours, walked = str(Path(__file__).parent), traceback.walk_tb(self.__traceback__)
        frames = list(itertools.takewhile(lambda one: not one[0].f_code.co_filename.startswith(ours), walked))
        shown = None
        for frame, line in reversed(frames):
            shown = TracebackType(shown, frame, frame.f_lasti, line)
        told: list[str] = get_ipython().InteractiveTB.structured_traceback(type(self), _rebuild(type(self), self.__dict__), shown)
        return told

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions with keyword-only arguments do not survive pickling between processes by themselves.
        return (_rebuild, (type(self), self.__dict__))


def _rebuild(kind: type[VvvError], state: dict[str, object]) -> VvvError:
    error = kind.__new__(kind)
    error.__dict__.update(state)
    error.args = (error.what,)
    return error


class SourceError(VvvError):
    """A file cannot be read, or does not hold what it should."""


@dataclass(frozen=True)
class Failure:
    """One breach of a schema: where it stands and what is wrong with it."""

    row: int | None
    column: str
    value: str
    problem: str

    def __str__(self) -> str:
        place = "table" if self.row is None else f"row {self.row}"
        column = f", {self.column}" if self.column else ""
        value = f" (found {self.value!r})" if self.value else ""
        return f"{place}{column}: {self.problem}{value}"


class SchemaError(VvvError):
    """A table breaks its schema; `failures` holds every breach, the message the first twenty."""

    shown = 20

    def __init__(self, what: str, failures: Sequence[Failure], *, where: object = "", why: str = "", todo: str = "") -> None:
        super().__init__(what, where=where, why=why, todo=todo)
        self.failures = tuple(failures)

    def __str__(self) -> str:
        lines = [super().__str__(), *(f"  - {failure}" for failure in self.failures[: self.shown])]
        if len(self.failures) > self.shown:
            lines.append(f"  … and {len(self.failures) - self.shown} more")
        return "\n".join(lines)


class RoundError(VvvError):
    """A round's definition is missing, misspelt or contradicts itself."""


class AnalysisError(VvvError, ValueError):
    """An analysis cannot be answered for these data or arguments."""


class CallError(AnalysisError, TypeError):
    """A call that does not fit what is called; it names the right one."""


class UnknownNameError(VvvError, AttributeError):
    """Nothing is called so; it names what is nearest."""


class NameNote(UserWarning):
    """Tells what a call that was understood is called here; `warnings.simplefilter("ignore", NameNote)` silences it."""


class NotPermittedError(AnalysisError):
    """The data kind (reconstructed, published aggregates) does not allow this analysis."""


class UnanswerableError(AnalysisError):
    """These data cannot answer what is asked, whatever is done with them.

    Args:
        what, where, why, todo: as in every error.
        reason: the sentence that a reader sees in place of the answer; words in both languages.
    """

    def __init__(self, what: str, *, reason: object, where: object = "", why: str = "", todo: str = "") -> None:
        super().__init__(what, where=where, why=why, todo=todo)
        self.reason = reason


class NotebookError(VvvError):
    """A notebook failed; `where` names notebook, cell and line."""


class RenderError(VvvError):
    """A report cannot be rendered as it stands; `parts` are the errors that one error stands for."""

    parts: tuple[RenderError, ...] = ()


class DisclosureError(VvvError):
    """Something may not be released."""


def not_installed(kind: type[VvvError], program: str, extra: str, why: str = "") -> VvvError:
    """The one error where a program is needed that only an extra of this package installs.

    Args:
        kind: the error's class.
        program: what is missing, as its users call it.
        extra: the extra that installs it.
        why: what needs it, where that is not plain.

    Returns:
        The error, to be raised.

    Example:
        >>> print(not_installed(RenderError, "Typst", "report"))
        Typst is not installed
          to do: pip install "vvvresearch[report]"
    """
    return kind(f"{program} is not installed", why=why, todo=f'pip install "vvvresearch[{extra}]"')


def require_table(given: Any, where: str, columns: Sequence[str] = ()) -> None:
    """One error where a pandas DataFrame belongs and something else came, or one without a column that is needed.

    Example:
        >>> require_table([1, 2], "ratings")
        Traceback (most recent call last):
        ...
        vvvresearch.errors.AnalysisError: a DataFrame is needed, not list
          where: ratings
          to do: wrap it: pandas.DataFrame(...)
    """
    if not (hasattr(given, "columns") and hasattr(given, "iloc")):
        kind = "nothing" if given is None else type(given).__name__
        raise AnalysisError(f"a DataFrame is needed, not {kind}", where=where, todo="wrap it: pandas.DataFrame(...)")
    for name in columns:
        if name not in given.columns:
            needed, near = ", ".join(columns), did_you_mean(name, map(str, given.columns))
            raise AnalysisError(f"there is no column {name!r}", where=where, todo=f"give {needed}; {near}")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence naming the nearest known words, or listing them when none is near.

    Example:
        >>> did_you_mean("dmeo", ["demo", "2021-note"])
        'did you mean demo?'
    """
    names = sorted(str(name) for name in known)
    near = _nearest(word, names)
    if near:
        return f"did you mean {' or '.join(near)}?"
    if not names:
        return "nothing is defined yet"
    return "known: " + ", ".join(names[:12]) + (" …" if len(names) > 12 else "")


def _nearest(word: str, names: list[str], most: int = 3, cutoff: float = 0.5) -> list[str]:
    """What `difflib.get_close_matches` finds, in a fraction of its time where thousands of long addresses begin alike.

    The bound by letters is taken of all names first; the slow ratio itself only of those that may still come before the third best.
    """
    matcher = difflib.SequenceMatcher()
    matcher.set_seq2(word)
    bounds = []
    for name in names:
        matcher.set_seq1(name)
        if matcher.real_quick_ratio() >= cutoff and (bound := matcher.quick_ratio()) >= cutoff:
            bounds.append((bound, name))
    best: list[tuple[float, str]] = []
    for bound, name in sorted(bounds, reverse=True):
        if len(best) == most and bound < best[-1][0]:
            break
        matcher.set_seq1(name)
        if (ratio := matcher.ratio()) >= cutoff:
            best = sorted([*best, (ratio, name)], reverse=True)[:most]
    return [name for _, name in best]

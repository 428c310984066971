"""What a check finds: faults that must be put right here, and notices that a reader should know of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vvvresearch.errors import SchemaError, VvvError


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Args:
        check: what looked: "definition", "source", "join", "condition", "goal", "notebook", "prose" or "report".
        file: where, relative to the workspace.
        row: the row or line in it, None where the whole file is meant.
        what, why, todo: as in every error of this package.
    """

    check: str
    file: str
    row: int | None
    what: str
    why: str = ""
    todo: str = ""

    @property
    def place(self) -> str:
        """File and line in words."""
        return self.file if self.row is None else f"{self.file}, line {self.row}"


@dataclass(frozen=True)
class Notice:
    """One thing that a reader should know of and nobody here can put right.

    Args:
        check: "route" or "published".
        where: source, or document and place.
        what: what was found.
        possible: for a printed number, what it could be.
        explanation: hypotheses, worded as such.
    """

    check: str
    where: str
    what: str
    possible: str = ""
    explanation: str = ""


def faults_of(problem: VvvError, check: str, file: str) -> Iterator[Fault]:
    """An error as faults: one for each breach of a schema, else one."""
    where = str(problem.where) if problem.where and str(problem.where) != file else ""
    if not isinstance(problem, SchemaError):
        why = problem.why or (f"in {where}" if where else "")
        yield Fault(check, file, None, problem.what, why, problem.todo)
        return
    for failure in problem.failures:
        value = f" (found {failure.value!r})" if failure.value else ""
        what = f"{failure.column}: {failure.problem}{value}" if failure.column else f"{failure.problem}{value}"
        yield Fault(check, file, failure.row, what, problem.what, problem.todo)

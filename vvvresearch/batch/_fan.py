"""One notebook, many runs: a step for each row of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from vvvresearch.batch._plan import NotebookStep
from vvvresearch.errors import RoundError, did_you_mean
from vvvresearch.files import safe_name


def fan_out(step: NotebookStep, rows: Iterable[Mapping[str, str]], *, name: str, parameters: Mapping[str, str]) -> tuple[NotebookStep, ...]:
    """A step for each row, which writes to a folder of its own.

    Args:
        step: what all have in common.
        rows: for example municipalities; text by column.
        name: the column that names a run; its values must differ.
        parameters: which parameter of the notebook takes which column; values are handed over as text.

    Returns:
        Steps in the order of the rows, with the ids `<step.id>-<name>`.

    Raises:
        RoundError: a column that is not there, an empty name, or two rows of one name.

    Example:
        >>> from pathlib import Path
        >>> sheet = NotebookStep("demo/da/sheet", Path("sheet.ipynb"), {"lang": "da"})
        >>> [run] = fan_out(sheet, [{"code": "9001"}], name="code", parameters={"municipality": "code"})
        >>> run.id, run.place, run.parameters["municipality"]
        ('demo/da/sheet-9001', '9001', '9001')
    """
    steps: dict[str, NotebookStep] = {}
    for number, row in enumerate(rows, start=2):
        for column in (name, *parameters.values()):
            if column not in row:
                raise RoundError(f"{step.id} takes the column {column!r}, which its table has not", todo=did_you_mean(column, row))
        label = safe_name(row[name], "")
        if not label or label in steps:
            problem = f"the name {row[name]!r} stands twice" if label else "a row has no name"
            raise RoundError(f"{step.id} cannot run for each row: {problem}", where=f"row {number}, {name}", todo="name each row once")
        given = {**step.parameters, **{parameter: row[column] for parameter, column in parameters.items()}}
        steps[label] = replace(step, id=f"{step.id}-{label}", parameters=given, place=label)
    return tuple(steps.values())

"""Checking a table against its schema: every failure at once, with rows, in this package's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvvresearch.errors import Failure, SchemaError

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema


def check(frame: pd.DataFrame, schema: DataFrameSchema, where: object, *, todo: str = "correct these rows in the file") -> pd.DataFrame:
    """The table with the schema's types, or one error that names every breach.

    Args:
        frame: the table; its index is the row number to name in errors.
        schema: a pandera schema; the `error` text of each check is what the reader sees.
        where: the file the table came from.
        todo: what to do about failures.

    Raises:
        SchemaError: with all failures, row by row.
    """
    from pandera.errors import SchemaErrors

    try:
        return schema.validate(frame, lazy=True)
    except SchemaErrors as problem:
        failures = [_failure(case) for case in problem.failure_cases.to_dict("records")]
        # A value that cannot be read as its type also fails every other check of its column: once is enough.
        unreadable = {(failure.row, failure.column) for failure in failures if failure.problem.startswith("cannot be read")}
        unreadable |= {(None, column) for _, column in unreadable}
        failures = [
            failure
            for failure in failures
            if failure.problem.startswith("cannot be read") or (failure.row, failure.column) not in unreadable
        ]
        failures.sort(key=lambda failure: (failure.row if failure.row is not None else -1, failure.column))
        unique = tuple(dict.fromkeys(failures))
        count = len(unique)
        raise SchemaError(
            f"the table breaks its schema in {count} place{'s' if count > 1 else ''}", unique, where=where, todo=todo
        ) from None


def _failure(case: dict[str, object]) -> Failure:
    name = str(case["check"])
    column = str(case["column"] or "")
    row = case["index"]
    number = int(row) if isinstance(row, int | float) and row == row else None
    value = case["failure_case"]
    if name == "column_in_dataframe":
        return Failure(None, str(value), "", "the column is missing")
    if name == "column_in_schema":
        return Failure(None, str(value), "", "the column is not known here")
    problem = {"not_nullable": "a value is missing", "field_uniqueness": "the value stands more than once"}.get(name)
    if problem is None:
        kind = name.partition("(")[2].strip("')")
        problem = {"coerce_dtype": f"cannot be read as {kind}", "dtype": f"is not of the type {kind}"}.get(name.partition("(")[0], name)
    shown = "" if value is None or value != value else str(value)
    return Failure(number, column, shown[:80], problem)

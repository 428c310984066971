"""Tables against their schema and definitions in TOML against their model: everything that is wrong at once, in this package's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from vvvresearch import files
from vvvresearch.errors import Failure, SchemaError, SourceError
from vvvresearch.locales import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd
    from pandera.pandas import DataFrameSchema
    from pydantic import BaseModel, ValidationError

    Model = TypeVar("Model", bound=BaseModel)


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


def read_definition(path: str | Path, model: type[Model], version: int, document: Mapping[str, Any] | None = None) -> Model:
    """Read a TOML file into a model.

    Args:
        path: the file.
        model: what it must hold.
        version: the `schema_version` that is read.
        document: what the file says, where it is no TOML and was read already.

    Raises:
        SourceError: not TOML, or written for another schema version.
        SchemaError: with everything that is wrong in it.
    """
    from pydantic import ValidationError

    data = files.read_toml(path) if document is None else document
    if data.get("schema_version") != version:
        raise SourceError(
            f"the file has schema_version {data.get('schema_version')!r}",
            where=path,
            why=f"this version of vvvresearch reads {version}",
        )
    try:
        return model.model_validate(data)
    except ValidationError as problem:
        raise SchemaError("the file is not usable", model_failures(problem), where=path, todo="correct the file") from None


def model_failures(problem: ValidationError) -> list[Failure]:
    """A pydantic error as failures: place in the file, value, problem."""
    found = []
    for error in problem.errors():
        place = ".".join(str(part) for part in error["loc"])
        value = "" if isinstance(error["input"], dict | list) else str(error["input"])[:80]
        message = error["msg"].removeprefix("Value error, ")
        found += [Failure(None, place, value, part) for part in message.split("; ")]
    return found


def languages_of(values: object) -> frozenset[str]:
    """The languages in which a definition's words are written: of every table that has nothing but "da" and "en"."""
    if isinstance(values, dict):
        own = frozenset(map(str, values)) if _is_words(values) else frozenset()
        return own.union(*map(languages_of, values.values()))
    return frozenset().union(*map(languages_of, values)) if isinstance(values, list | tuple) else frozenset()


def in_every_language(values: Any, languages: Iterable[str]) -> Any:
    """A definition in which words of a round of one language stand for the other too, which nobody reads.

    Args:
        values: as read from TOML.
        languages: of the round; with both of them nothing changes, and words that lack one are a fault.

    Example:
        >>> in_every_language({"title": {"da": "Runde"}}, ["da"])
        {'title': {'da': 'Runde', 'en': 'Runde'}}
    """
    own = list(dict.fromkeys(languages))
    if len(own) != 1 or own[0] not in LANGUAGES:
        return values
    if isinstance(values, dict):
        if _is_words(values) and own[0] in values:
            return {**dict.fromkeys(LANGUAGES, values[own[0]]), **values}
        return {name: in_every_language(value, own) for name, value in values.items()}
    return [in_every_language(value, own) for value in values] if isinstance(values, list | tuple) else values


def _is_words(values: dict[Any, Any]) -> bool:
    return bool(values) and set(values) <= {*LANGUAGES} and all(isinstance(said, str) for said in values.values())

"""Definitions that are written in TOML: read into a model, or refused with everything that is wrong in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from vvvresearch import files
from vvvresearch.errors import Failure, SchemaError, SourceError

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    Model = TypeVar("Model", bound=BaseModel)


def read_definition(path: str | Path, model: type[Model], version: int, what: str, document: Mapping[str, Any] | None = None) -> Model:
    """Read a TOML file into a model.

    Args:
        path: the file.
        model: what it must hold.
        version: the `schema_version` that is read.
        what: what the file is, for errors, with its article: "the questionnaire".
        document: what the file says, where it is no TOML and was read already.

    Raises:
        SourceError: not TOML, or written for another schema version.
        SchemaError: with everything that is wrong in it.
    """
    from pydantic import ValidationError

    data = files.read_toml(path) if document is None else document
    if data.get("schema_version") != version:
        raise SourceError(
            f"{what} has schema_version {data.get('schema_version')!r}",
            where=path,
            why=f"this version of vvvresearch reads {version}",
        )
    try:
        return model.model_validate(data)
    except ValidationError as problem:
        raise SchemaError(f"{what} is not usable", model_failures(problem), where=path, todo="correct the file") from None


def model_failures(problem: ValidationError) -> list[Failure]:
    """A pydantic error as failures: place in the file, value, problem."""
    found = []
    for error in problem.errors():
        place = ".".join(str(part) for part in error["loc"])
        value = "" if isinstance(error["input"], dict | list) else str(error["input"])[:80]
        message = error["msg"].removeprefix("Value error, ")
        found += [Failure(None, place, value, part) for part in message.split("; ")]
    return found

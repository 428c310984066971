"""Definitions that are written in TOML: read into a model, or refused with everything that is wrong in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from vvvresearch import files
from vvvresearch.errors import Failure, SchemaError, SourceError
from vvvresearch.locales import LANGUAGES

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

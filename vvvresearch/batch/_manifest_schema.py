"""What a manifest holds, field by field: checked before one is written and when one is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vvvresearch.errors import Failure, SchemaError
from vvvresearch.files import read_json


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RanStep(_Strict):
    """One step of a run."""

    kind: Literal["notebook", "call"]
    status: Literal["done", "failed", "not run"]
    started: str = Field("", description="ISO 8601, UTC")
    seconds: float = Field(0, ge=0)
    key: dict[str, str] = Field({}, description="what the result depends on, part by part")
    outputs: int = Field(0, ge=0, description="number of files")
    kernel: str = Field("", description="warm or stock")
    parameters: dict[str, Any] = {}
    failure: dict[str, Any] = Field({}, description="notebook, cell, line, data file and row, what to do")


class RunManifest(_Strict):
    """A run of one target, for example one round in one language."""

    schema_version: Literal[1]
    target: str
    about: dict[str, Any] = Field(description="round, language, data kind; `stale`: results used although they were not up to date")
    whole: bool = Field(description="whether every step is done")
    steps: dict[str, RanStep]
    inputs: dict[str, str] = Field(description="file read or declared: SHA-256, or missing")
    outputs: dict[str, str] = Field(description="file of the run: SHA-256")
    seeds: dict[str, int]
    package: dict[str, str] = Field(description="version, and hash of the source")
    lock: str = Field(description="hash of requirements.lock, or missing")
    versions: dict[str, str]
    git: dict[str, Any] = Field(description="commit, and files changed since; empty outside a repository")
    machine: dict[str, Any] = Field(description="system, architecture, processors; no names")


def checked_manifest(content: dict[str, Any], where: object) -> dict[str, Any]:
    """The content, when it is a manifest.

    Raises:
        SchemaError: everything that is not as it should be.
    """
    try:
        RunManifest.model_validate(content)
    except ValidationError as problem:
        failures = [Failure(None, ".".join(map(str, one["loc"])), str(one["input"])[:80], one["msg"]) for one in problem.errors()]
        raise SchemaError("this is not a manifest of a run", failures, where=where, todo="run the round again") from None
    return content


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run's folder.

    Raises:
        SourceError: there is none, or it is not JSON.
        SchemaError: it is not one.
    """
    place = folder / "manifest.json"
    return checked_manifest(dict(read_json(place)), place)

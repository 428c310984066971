"""Volumes that would come out as they did before: what is staged alike is rendered alike, and so taken from the report before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.reporting._quarto import quarto_program
from vvvresearch.reporting._render import render
from vvvresearch.reporting.embedded._source import ORIGINS

# Beside a report: what each of its volumes was rendered from, and the hashes of its files.
RENDERED_FROM = "rendered.json"
_ROOM = Path(__file__).parent
_PROGRAMS = ("matplotlib", "pikepdf", "pypandoc-binary", "typst")


def staged_key(folder: Path, formats: Sequence[str], engine: str) -> str:
    """What the files of a staged folder depend on: its own content, formats, engine, and the programs that render it.

    Args:
        folder: the staged folder. Which lines its text came from is told in messages only, and is no part.
        formats, engine: as for `render`.
    """
    staged = {path.relative_to(folder).as_posix(): files.hash_file(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    staged.pop(ORIGINS, None)
    return files.content_hash(json.dumps([staged, list(formats), engine, _programs()], sort_keys=True).encode())


@cache
def _programs() -> list[str]:
    """This room as it stands, and the versions of what it calls."""
    return [files.folder_hash(_ROOM), *map(_version, _PROGRAMS)]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def rendered_before(report: Path, volume: str, key: str) -> dict[str, bytes] | None:
    """A volume's files out of the report before; None where they were made of something else or are no longer as they were made.

    Args:
        report: the folder of the report before.
        volume: "report" or "evidence".
        key: what it would be rendered from now.
    """
    place = report / RENDERED_FROM
    known: Any = files.read_json(place) if place.is_file() else {}
    told = known.get(volume) if isinstance(known, dict) else None
    if not isinstance(told, dict) or told.get("key") != key or not key:
        return None
    found: dict[str, bytes] = {}
    for name, sha in told["files"].items():
        path = report / name
        data = path.read_bytes() if path.is_file() else b""
        if files.content_hash(data) != sha:
            return None
        found[name] = data
    return found


def rendered_files(stage: Path, before: Path, volume: str, out: Path, formats: Sequence[str], engine: str) -> dict[str, Any]:
    """Write the files of a staged volume: those of the report before where it would be the same, else rendered anew.

    Args:
        stage: the staged folder.
        before: the folder of the report before.
        volume: "report" or "evidence".
        out: where the files go.
        formats, engine: as for `render`. Of what Quarto makes nothing is taken over, for it may have been replaced by another.

    Returns:
        What is noted for the next time, under `RENDERED_FROM`.

    Raises:
        RenderError: as for `render`.
    """
    ours = engine == "embedded" or (engine == "auto" and quarto_program() is None)
    key = staged_key(stage, formats, "embedded") if ours else ""
    made = rendered_before(before, volume, key) if ours else None
    if made is None:
        made = {path.name: path.read_bytes() for path in render(stage, formats=formats, engine=engine)}
    for name, data in made.items():
        files.write_bytes(out / name, data)
    return {"key": key, "files": {name: files.content_hash(data) for name, data in made.items()}}

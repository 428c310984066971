"""Rows and printed numbers of the report before: they hold as long as nothing that they were read from has changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import VvvError
from vvvresearch.evidence import FINDINGS, READINGS
from vvvresearch.reporting.claims._cited import Printed
from vvvresearch.reporting.claims._rows import Bound
from vvvresearch.statements import Row
from vvvresearch.statements._row import Amount, Goal, Sibling, Side

# Beside a report: the rows of its claims, and the files that they rest on.
ROWS = "rows.json"
_PACKAGE = Path(__file__).parents[2]
_CLASSES = {one.__name__: one for one in (Bound, Row, Side, Amount, Sibling, Goal, Printed)}
# What is written in a round's folder and no number rests on.
_PROSE = (".qmd", ".md", ".bib", ".svg", ".png")
_OWN_WORDS = (FINDINGS, READINGS)


class KeptRows:
    """Rows by language and address; those of the report before where nothing has changed that they rest on.

    Args:
        place: where they were written; it need not be there.
        root: the workspace.
        home: the round's own folder.
    """

    def __init__(self, place: Path, root: Path, home: Path) -> None:
        self._root, self.home, self._state = root.resolve(), home, _state_of(root, home)
        self._rows: dict[str, Bound | Printed] = {}
        self._reads: dict[str, str] = {}
        known: Any = {}
        if place.is_file():
            try:
                known = files.read_json(place)
                if isinstance(known, dict) and known.get("state") == self._state and self._unchanged(known["reads"]):
                    self._rows = {name: _decoded(row) for name, row in known["rows"].items()}
                    self._reads = dict(known["reads"])
            except (VvvError, KeyError, TypeError, ValueError, AttributeError):
                # Written by another version, or broken: everything is worked out anew.
                self._rows, self._reads = {}, {}
        for name, sha in self._reads.items():
            # What rests on a file that was read then rests on it now.
            files.note_read(self._root / name, sha, 0)

    def _unchanged(self, reads: Mapping[str, str]) -> bool:
        return all(_hash_of(self._root / name) == sha for name, sha in reads.items())

    def get(self, lang: str, address: str) -> Bound | Printed | None:
        """A row of the report before; of "cited", what is printed at a place."""
        return self._rows.get(f"{lang} {address}")

    def keep(self, lang: str, address: str, row: Bound | Printed) -> None:
        """Remember a row for the next report."""
        self._rows[f"{lang} {address}"] = row

    def document(self, reads: Mapping[Path, files.Read]) -> dict[str, Any]:
        """What is written beside the report.

        Args:
            reads: every file that was read while rows were worked out.
        """
        told = {_named(path, self._root): read.sha256 for path, read in reads.items() if not path.is_relative_to(_PACKAGE)}
        rows = {name: _encoded(row) for name, row in self._rows.items()}
        return {"state": self._state, "reads": {**self._reads, **told}, "rows": rows}


def _named(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _hash_of(path: Path) -> str:
    if path.is_dir():
        return files.folder_hash(path)
    return files.hash_file(path) if path.is_file() else ""


def _state_of(root: Path, home: Path) -> str:
    """The package, and everything in the round's folder and at the top of the workspace on which a number may rest, present or not."""
    own = [path for path in home.rglob("*") if path.is_file() and path.suffix not in _PROSE and path.name not in _OWN_WORDS]
    named = {_named(path, root): files.hash_file(path) for path in sorted([*own, *root.glob("*.toml")])}
    return files.content_hash(repr([_package(), named]).encode())


@cache
def _package() -> str:
    """The package as this process runs it."""
    return files.folder_hash(_PACKAGE)


def _encoded(value: Any) -> Any:
    if isinstance(value, Fraction):
        return {"fraction": str(value)}
    if dataclasses.is_dataclass(value):
        told = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        return {"class": type(value).__name__, **{name: _encoded(part) for name, part in told.items()}}
    if isinstance(value, frozenset):
        return {"set": sorted((_encoded(part) for part in value), key=repr)}
    return [_encoded(part) for part in value] if isinstance(value, tuple) else value


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_decoded(part) for part in value)
    if not isinstance(value, dict):
        return value
    if "set" in value:
        return frozenset(_decoded(part) for part in value["set"])
    if "fraction" in value:
        return Fraction(value["fraction"])
    return _CLASSES[value["class"]](**{name: _decoded(part) for name, part in value.items() if name != "class"})

"""Every number of a report with its base: what notebooks write and what appendices and tooltips say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import RenderError
from vvvresearch.locales import Lang

SCHEMA_VERSION = 1
FOLDER = "values"


@dataclass(frozen=True)
class Value:
    """One number as readers see it, and what it rests on.

    Args:
        key: dotted name, as prose uses it.
        shown: as printed, by language.
        number: the number itself, None where there is none.
        n: its base.
        base: the base in words, by language.
        source, group, wave: in words.
        kind: data kind.
        notebook, cell: where it was made.
    """

    key: str
    shown: dict[str, str]
    number: float | int | None
    n: int | None
    base: dict[str, str]
    source: str
    group: str
    wave: str
    kind: str
    notebook: str
    cell: str

    def tip(self, lang: Lang) -> str:
        """Base and origin in one line."""
        return " ".join(part for part in (self.base.get(lang, ""), f"[{self.notebook}]" if self.notebook else "") if part)


def values_document(values: Iterable[Value], round_id: str, notebook: str, sources: Mapping[str, str]) -> dict[str, Any]:
    """What is written to `values/<notebook>.json`."""
    from dataclasses import asdict

    entries = {value.key: {name: part for name, part in asdict(value).items() if name != "key"} for value in values}
    about = {"schema_version": SCHEMA_VERSION, "round": round_id, "notebook": notebook, "sources": dict(sources)}
    return {**about, "values": entries}


def read_values(folder: Path) -> dict[str, Value]:
    """All values below a collected or staged folder, by key.

    Raises:
        RenderError: a file of another schema version, or two notebooks that made the same key.
    """
    found: dict[str, Value] = {}
    for place in sorted((folder / FOLDER).glob("*.json")):
        read = files.read_json(place)
        version = read.get("schema_version") if isinstance(read, dict) else None
        if version != SCHEMA_VERSION:
            raise RenderError(f"values of schema version {version!r}", where=place, why=f"version {SCHEMA_VERSION} is read")
        for key, entry in read["values"].items():
            if key in found:
                other = found[key].notebook
                raise RenderError(f"the value {key!r} is made twice", where=place, why=f"also by {other}", todo="give one another key")
            try:
                found[key] = Value(key=key, **entry)
            except TypeError as problem:
                raise RenderError(f"the value {key!r} is not written as this version writes it", where=place, why=str(problem)) from None
    return found


def tips_of(folder: Path, lang: Lang) -> dict[str, str]:
    """What a reader is told who points at a number."""
    return {key: value.tip(lang) for key, value in read_values(folder).items()}

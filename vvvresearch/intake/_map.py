"""The saved map: what was decided about a file, as TOML text, so that next year's file goes in without questions."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.files import toml
from vvvresearch.intake._fold import fold
from vvvresearch.intake._proposal import Value
from vvvresearch.intake._settle import Settled

_HEAD = ("kind", "type", "unit", "source")


@dataclass(frozen=True)
class Map:
    """What a round decided about a file; the part that held for that file alone is not in it.

    Args:
        kind, type, unit, source: as in `Proposal`.
        decisions: id → value.
        words: id → the words of the file that it is about.
        headings: folded headings of the file.
        rows: how many rows the file had; 0 where its map does not tell.
    """

    kind: str
    type: str = ""
    unit: str = ""
    source: str = ""
    decisions: dict[str, Value] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    rows: int = 0


def save_map(settled: Settled) -> str:
    """The decisions about a file as TOML text.

    Args:
        settled: what is decided.

    Returns:
        The text: kind and unit; `[file]` with the folded headings; one table a group of decisions, each with the words of
        the file, what was decided and why; `[this_file]`, which `load_map` leaves behind.

    Example:
        >>> from pathlib import Path
        >>> decided = {"column.slut": "end"}
        >>> settled = Settled(Path("a.csv"), "matches", "matches", "match", "a", decided, this_file={"year": "2023"})
        >>> load_map(save_map(settled)).decisions
        {'column.slut': 'end'}
    """
    lines = [f"{name} = {toml(getattr(settled, name))}" for name in _HEAD]
    lines += ["", "[file]", f"header = {toml(settled.header)}", f"headings = {toml([fold(heading) for heading in settled.headings])}"]
    for identifier, value in settled.decisions.items():
        if identifier == "kind":
            continue
        lines += ["", f"[decided.{toml(identifier)}]", f"what = {toml(settled.words.get(identifier, ''))}", f"value = {toml(value)}"]
        lines.append(f"by = {toml(settled.why.get(identifier, 'answer'))}")
    lines += ["", "[this_file]"]
    lines += [f"{name} = {toml(value)}" for name, value in settled.this_file.items()]
    return "\n".join(lines) + "\n"


def load_map(content: str) -> Map:
    """The decisions of a saved map; what held for its own file alone (`[this_file]`) is left behind.

    Args:
        content: the TOML text.

    Raises:
        SourceError: not TOML, or no map.

    Example:
        See `save_map`.
    """
    data = _loaded(content, "")
    entries = data["decided"]
    return Map(
        **_head(data),
        decisions={name: entry["value"] for name, entry in entries.items()},
        words={name: str(entry.get("what", "")) for name, entry in entries.items()},
        headings=tuple(map(str, data["file"].get("headings", ()))),
        rows=len(str(data["this_file"].get("rows", "")).split()),
    )


def read_map(path: str | Path, file: str | Path) -> Settled:
    """What a saved map says of its own file, `[this_file]` included: how a round reads it.

    Args:
        path: the map.
        file: the file that it belongs to.

    Raises:
        SourceError: not TOML, or no map.

    Example:
        >>> from pathlib import Path
        >>> import tempfile
        >>> decided = Settled(Path("a.csv"), "matches", "matches", "match", "a", {"column.slut": "end"}, this_file={"year": "2023"})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     name = Path(folder, "a.map.toml")
        ...     _ = name.write_text(save_map(decided), encoding="utf-8")
        ...     read_map(name, "a.csv").this_file
        {'year': '2023'}
    """
    data = _loaded(files.read_text(Path(path)), path)
    entries = data["decided"]
    return Settled(
        Path(file),
        **_head(data),
        decisions={name: entry["value"] for name, entry in entries.items()},
        why={name: entry.get("by", "answer") for name, entry in entries.items()},
        words={name: str(entry.get("what", "")) for name, entry in entries.items()},
        this_file={name: str(value) for name, value in data["this_file"].items()},
        header=str(data["file"].get("header", "")),
        headings=tuple(map(str, data["file"].get("headings", ()))),
    )


def _head(data: dict[str, Any]) -> dict[str, str]:
    return {name: str(data.get(name, "")) for name in _HEAD}


def _loaded(content: str, where: object) -> dict[str, Any]:
    """A map's tables, each of them there.

    Raises:
        SourceError: not TOML, or no map.
    """
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError as problem:
        raise SourceError("the map is no TOML", where=where, why=str(problem), todo="mend that line, or take the file in anew") from None
    parts = {name: data.get(name, {}) for name in ("decided", "file", "this_file")}
    if not isinstance(data.get("kind"), str) or not all(isinstance(part, dict) for part in parts.values()):
        raise SourceError("this is no map of a file", where=where, why="it does not say its kind", todo="take the file in anew")
    broken = [name for name, entry in parts["decided"].items() if not isinstance(entry, dict) or "value" not in entry]
    if broken:
        raise SourceError("the map has entries without a value", where=where, why=", ".join(broken[:5]), todo="give each `value = …`")
    return data | parts

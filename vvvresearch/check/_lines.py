"""Where things stand in the files that people write: the line of a setting, the row of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from vvvresearch.errors import VvvError
from vvvresearch.files import read_csv, read_text, read_workbook

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\],\[]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class TomlLines:
    """The lines of a TOML file by what stands on them.

    Args:
        text: the file.
        places: by path of keys and positions, the line (from 1); ("goals", 0, "readings", 1, "cell").
    """

    text: tuple[str, ...]
    places: dict[Place, int]

    def at(self, *path: str | int) -> int | None:
        """The line of a setting, or of the nearest thing that holds it."""
        for length in range(len(path), 0, -1):
            if (line := self.places.get(tuple(path[:length]))) is not None:
                return line
        return None

    def of(self, word: object, *path: str | int) -> int | None:
        """The line below a setting that holds a word as a value; the setting's own where none does."""
        start = self.at(*path)
        if start is None and path:
            return None
        stem = next((tuple(path[:length]) for length in range(len(path), 0, -1) if tuple(path[:length]) in self.places), ())
        own = {line for place, line in self.places.items() if place[: len(stem)] == stem}
        others = [line for line in self.places.values() if line > (max(own, default=0)) and line not in own]
        stop = min(others, default=len(self.text) + 1)
        lines = [(number, self.text[number - 1]) for number in range(start or 1, stop)]
        plain = [(number, line) for number, line in lines if not line.lstrip().startswith("#")]
        for mark in (f'"{word}"', f"'{word}'", str(word)):
            for number, line in plain:
                if mark in line:
                    return number
        return start


def toml_lines(path: Path) -> TomlLines:
    """The lines of a TOML file; empty where it cannot be read."""
    try:
        lines = read_text(path).replace("\r\n", "\n").split("\n")
    except VvvError:
        return TomlLines((), {})
    places: dict[Place, int] = {}
    base: Place = ()
    counted: dict[Place, int] = {}
    inside = ""
    for number, line in enumerate(lines, 1):
        if inside:
            inside = "" if line.count(inside) % 2 else inside
            continue
        if (header := _HEADER.match(line)) is not None:
            base = _base(header, counted)
            places.setdefault(base, number)
        elif (key := _KEY.match(line)) is not None and not line.lstrip().startswith(("{", "#")):
            places.setdefault((*base, *_parts(key[1])), number)
        inside = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
    return TomlLines(tuple(lines), places)


def _parts(name: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(name)]


def _base(header: re.Match[str], counted: dict[Place, int]) -> Place:
    """The path that a header opens; tables in a list are counted."""
    base: Place = ()
    names = _parts(header[2])
    for depth, name in enumerate(names, 1):
        base = (*base, name)
        if depth == len(names) and header[1] == "[[":
            counted[base] = counted.get(base, -1) + 1
            for below in [place for place in counted if len(place) > len(base) and place[: len(base) + 1] == (*base, counted[base] - 1)]:
                del counted[below]
        if base in counted:
            base = (*base, counted[base])
    return base


def yaml_line(path: Path, place: Sequence[str | int]) -> int | None:
    """The line of something in a YAML file that can be read; the nearest thing that holds it where it is not there."""
    import yaml

    try:
        node = yaml.compose(read_text(path), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, VvvError):
        return None
    for part in place:
        below: Any = None
        if isinstance(node, yaml.MappingNode):
            below = next((value for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            below = node.value[part]
        if below is None:
            break
        node = below
    return None if node is None else int(node.start_mark.line) + 1


@cache
def _table(path: Path, stamp: int) -> tuple[tuple[int, ...], tuple[tuple[str, ...], ...]]:
    try:
        frame = read_workbook(path) if path.suffix.lower() == ".xlsx" else read_csv(path)
    except VvvError:
        return (), ()
    return tuple(map(int, frame.index)), tuple(tuple(map(str, row)) for row in frame.to_numpy())


def table_row(path: Path, number: int, rows: int, values: Sequence[str]) -> int | None:
    """The row of a table, as a spreadsheet counts, where a record stands.

    Args:
        path: CSV or XLSX; of other files nothing is said.
        number: the record's place among those that were read, from 0.
        rows: how many were read; where the file has as many, places agree.
        values: cells of the record, to find it by where they do not.
    """
    if path.suffix.lower() not in (".csv", ".xlsx") or not path.is_file():
        return None
    index, cells = _table(path, path.stat().st_mtime_ns)
    if len(index) == rows:
        return index[number]
    wanted = {value for value in values if value}
    return next((row for row, line in zip(index, cells, strict=True) if wanted and wanted <= {cell.strip() for cell in line}), None)

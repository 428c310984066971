"""`_variables.yml`: the values that prose may name, nested by the dots of their keys, every one quoted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import RenderError, did_you_mean

NAME = "_variables.yml"
KEY = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*")
_ESCAPE = re.compile(r"\\([^\w\s]|_)")
_MARKUP = re.compile(r"[*_`\[\]<>^~$@{}|\\]")


def nested(values: Mapping[str, str]) -> dict[str, Any]:
    """Dotted keys as nested mappings, the only form in which Quarto finds them.

    Raises:
        RenderError: one key is the beginning of another ("a" and "a.b"), or is not a key.

    Example:
        >>> nested({"guide.n": "36", "guide.pct": "29 %"})
        {'guide': {'n': '36', 'pct': '29 %'}}
    """
    tree: dict[str, Any] = {}
    for key in sorted(values):
        if not KEY.fullmatch(key):
            raise RenderError(f"{key!r} is not a value key", why="a key is lower-case words, digits, '_' and '-', joined by dots")
        *folders, leaf = key.split(".")
        place = tree
        for folder in folders:
            place = place.setdefault(folder, {})
            if not isinstance(place, dict):
                raise RenderError(f"the value key {key!r} stands below another value", todo="rename one of the two")
        if leaf in place:
            raise RenderError(f"the value key {key!r} is also a group of values", todo="rename one of the two")
        place[leaf] = values[key]
    return tree


def variables_text(values: Mapping[str, str]) -> str:
    """The file's text. Values are escaped as Markdown, which is how both engines read them."""
    import json

    lines: list[str] = []

    def write(tree: Mapping[str, Any], depth: int) -> None:
        for key, value in tree.items():
            # JSON strings are YAML strings; unquoted, 7.170 would be printed as 7.17.
            shown = "" if isinstance(value, dict) else " " + json.dumps(files.markdown_text(str(value)), ensure_ascii=False)
            lines.append(f"{'  ' * depth}{json.dumps(key)}:{shown}")
            if isinstance(value, dict):
                write(value, depth + 1)

    write(nested(values), 0)
    return "\n".join(lines) + "\n"


def read_variables(folder: Path) -> dict[str, str]:
    """The values of a staged folder by dotted key, as a reader sees them.

    Raises:
        RenderError: a value is not quoted text, or holds markup.
    """
    place = folder / NAME
    if not place.is_file():
        return {}
    flat: dict[str, str] = {}

    def collect(tree: Mapping[str, Any], prefix: str) -> None:
        for key, value in tree.items():
            name = f"{prefix}{key}"
            if isinstance(value, dict):
                collect(value, name + ".")
            elif not isinstance(value, str):
                raise RenderError(f"the value {name!r} is not quoted", where=place, why="YAML would change how it is printed")
            else:
                flat[name] = unescaped(value, name, place)

    read = files.read_yaml(place)
    collect(read if isinstance(read, dict) else {}, "")
    return flat


def unescaped(value: str, name: str, where: object) -> str:
    """The plain text of an escaped value.

    Raises:
        RenderError: markup in it that Quarto would carry out.
    """
    if _MARKUP.search(_ESCAPE.sub("", value)):
        raise RenderError(f"the value {name!r} holds markup", where=where, why="values are plain text", todo="escape it with a backslash")
    return _ESCAPE.sub(r"\1", value)


def look_up(values: Mapping[str, str], key: str, where: str) -> str:
    """One value by key.

    Raises:
        RenderError: no notebook made it.
    """
    if key not in values:
        known = did_you_mean(key, values)
        raise RenderError(f"the value {key!r} does not exist", where=where, why="no notebook of this round made it", todo=known)
    return values[key]

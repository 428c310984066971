"""Plain values as TOML."""

from __future__ import annotations

import json
from typing import Any


def toml(value: Any) -> str:
    """A text, list or table on one line.

    Example:
        >>> toml({"da": "Ja", "top": ["a"]})
        '{ da = "Ja", top = ["a"] }'
    """
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(str(key))} = {toml(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, int):
        return str(value)
    return _text(str(value))


def _key(name: str) -> str:
    return name if name and all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in name) else _text(name)


def _text(value: str) -> str:
    # JSON's texts are TOML's, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

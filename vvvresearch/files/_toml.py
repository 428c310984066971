"""Plain values as TOML."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any


def toml(value: Any) -> str:
    """A text, number, date, list or table on one line.

    Args:
        value: what TOML has; anything else is written as its text.

    Example:
        >>> toml({"da": "Ja", "top": ["a", 1.5, True]})
        '{ da = "Ja", top = ["a", 1.5, true] }'
    """
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(str(key))} = {toml(part)}" for key, part in value.items()) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return _text(str(value))


def _key(name: str) -> str:
    return name if name and all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in name) else _text(name)


def _text(value: str) -> str:
    # JSON's texts are TOML's, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

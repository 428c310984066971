"""Messages in Danish: errors are made in English, here is what a Danish reader sees of them."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vvvresearch.check._fault import Fault

_NAMED = re.compile(r"\{(\w+)\}")
_AFTER_A_NAME = re.compile(r"(?P<name>[\w .,/~-]{1,80}): (?P<rest>.+)", re.DOTALL)


def in_danish(words: str) -> str:
    """A message in Danish; a part that has no Danish words stays as it is.

    Example:
        >>> in_danish("pair: no interview has the pair 'P9'"), in_danish("did you mean P8?")
        ("pair: intet interview har parret 'P9'", 'mente du P8?')
    """
    for pattern, danish in _messages():
        if found := pattern.fullmatch(words):
            parts = {name: in_danish(part) if name.startswith(("rest", "where")) else part for name, part in found.groupdict().items()}
            # A message in a message has to be one; else any sentence with a colon in it would do.
            if all(part != found[name] or not name.startswith("rest") or _is_value(part) for name, part in parts.items()):
                return danish.format_map(parts)
    if found := _AFTER_A_NAME.fullmatch(words):
        return f"{found['name']}: {in_danish(found['rest'])}"
    return words


def fault_in_danish(fault: Fault) -> Fault:
    """A fault whose words are Danish; its file and row are the same."""
    return dataclasses.replace(fault, what=in_danish(fault.what), why=in_danish(fault.why), todo=in_danish(fault.todo))


def _is_value(part: str) -> bool:
    return part.startswith(("'", '"')) or part.replace(".", "").isdigit()


@cache
def _messages() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Pattern and Danish words; those with the fewest gaps first."""
    entries = tomllib.loads((resources.files("vvvresearch.check") / "data" / "danish.toml").read_text(encoding="utf-8"))["said"]
    entries.sort(key=lambda entry: (len(_NAMED.findall(entry["en"])), -len(entry["en"])))
    return tuple((_pattern(entry["en"]), entry["da"]) for entry in entries)


def _pattern(words: str) -> re.Pattern[str]:
    parts = _NAMED.split(words)
    gaps = (r"\d+" if name in ("row", "line") else ".+?" for name in parts[1::2])
    named = (f"(?P<{name}>{gap})" for name, gap in zip(parts[1::2], gaps, strict=True))
    return re.compile("".join(part for pair in zip(map(re.escape, parts[::2]), (*named, ""), strict=True) for part in pair), re.DOTALL)

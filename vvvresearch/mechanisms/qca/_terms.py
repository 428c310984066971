"""Terms as they are written: DEV*~URB, or DEV[2]*URB[0] where a condition has more than two values."""

from __future__ import annotations

from collections.abc import Sequence

from vvvresearch.mechanisms.qca._data import SetData
from vvvresearch.results import address_part

Cube = tuple[int, ...]


def literal_text(name: str, value: int, multi_value: bool) -> str:
    """One literal as written.

    Example:
        >>> literal_text("URB", 0, False), literal_text("DEV", 2, True)
        ('~URB', 'DEV[2]')
    """
    if multi_value:
        return f"{name}[{value}]"
    return name if value == 1 else f"~{name}"


def literal_key(name: str, value: int, multi_value: bool) -> str:
    """One literal as a part of an address.

    Example:
        >>> literal_key("URB", 0, False), literal_key("DEV", 2, True)
        ('not-urb', 'dev-2')
    """
    if multi_value:
        return f"{address_part(name)}-{value}"
    return address_part(name) if value == 1 else f"not-{address_part(name)}"


def term_key(data: SetData, cube: Sequence[int]) -> str:
    """A term as a part of an address, whatever order its conditions were given in: "not-urb/stb"."""
    literals = zip(data.conditions, cube, strict=True)
    return "/".join(sorted(literal_key(name, value, data.multi_value) for name, value in literals if value >= 0)) or "always"


def term_text(data: SetData, cube: Sequence[int]) -> str:
    """A term as written; a term without literals is "1", true of every case."""
    written = [literal_text(name, value, data.multi_value) for name, value in zip(data.conditions, cube, strict=True) if value >= 0]
    return "*".join(written) or "1"


def term_pattern(data: SetData, cube: Sequence[int]) -> dict[str, int]:
    """A term as {condition: value}, the way it is typed in."""
    return {name: value for name, value in zip(data.conditions, cube, strict=True) if value >= 0}


def covers_row(cube: Sequence[int], config: Sequence[int]) -> bool:
    """Whether a configuration falls under a term."""
    return all(value < 0 or value == held for value, held in zip(cube, config, strict=True))


def is_subset(narrow: Sequence[int], wide: Sequence[int]) -> bool:
    """Whether every configuration of one term falls under another."""
    return all(value < 0 or value == held for value, held in zip(wide, narrow, strict=True))

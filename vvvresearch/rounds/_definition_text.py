"""Changing a round's definition as text, so that the comments and the order that people gave it stay."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from vvvresearch.errors import RoundError
from vvvresearch.files import toml
from vvvresearch.locales import LANGUAGES

_TABLE = re.compile(r"^\s*\[")
_SOURCE = re.compile(r"^\s*\[\[\s*sources\s*\]\]")
_PART = re.compile(r"^\s*\[{1,2}\s*sources\s*\.")


def with_source(content: str, lines: Mapping[str, str], where: object) -> str:
    """A definition with one more source, behind the last one.

    Args:
        content: the definition.
        lines: key → value as it stands in TOML.
        where: the file, for errors.

    Raises:
        RoundError: the file cannot be changed without changing something else in it.

    Example:
        >>> print(with_source('id = "a"  # mine\\n[period]\\n', {"id": '"courses"', "type": '"courses"'}, "round.toml"))
        id = "a"  # mine
        [period]
        <BLANKLINE>
        [[sources]]
        id = "courses"
        type = "courses"
        <BLANKLINE>
    """
    old = tomllib.loads(content)
    block = ["[[sources]]", *(f"{key} = {value}" for key, value in lines.items())]
    wanted = {**old, "sources": [*old.get("sources", []), tomllib.loads("\n".join(block[1:]))]}
    rows = content.rstrip("\n").split("\n") if content.strip() else []
    # Behind the last source; what looks like one may stand in a text of several lines.
    for place in (*_behind_sources(rows), len(rows)):
        changed = "\n".join([*rows[:place], *([""] if place and rows[place - 1].strip() else []), *block, *_apart(rows[place:])]) + "\n"
        if _holds(changed, wanted):
            return changed
    raise RoundError(
        "the source cannot be written into the definition",
        where=where,
        why="its sources stand in a form that cannot be added to, such as `sources = []`",
        todo="write each source as a table of its own: [[sources]]",
    )


def with_groups(content: str, groups: Mapping[str, str]) -> str:
    """The definition of a programme with more groups of people, called by one word in both languages.

    Args:
        content: the definition.
        groups: name → word.

    Example:
        >>> print(with_groups("[groups.guest]\\n", {"cook": "Cook"}))
        [groups.guest]
        <BLANKLINE>
        [groups.cook]
        label = { da = "Cook", en = "Cook" }
        one = { da = "Cook", en = "Cook" }
        <BLANKLINE>
    """
    both = {name: toml(dict.fromkeys(LANGUAGES, word)) for name, word in groups.items()}
    return "\n".join([content.rstrip("\n") + "\n", *(f"[groups.{name}]\nlabel = {one}\none = {one}\n" for name, one in both.items())])


def with_fields(content: str, identifier: str, lines: Mapping[str, str], where: object, table: str = "sources") -> str:
    """A definition in which a source, or an entry of another list, has other values of some fields.

    Args:
        content: the definition.
        identifier: the id of the entry.
        lines: key → value as it stands in TOML.
        where: the file, for errors.
        table: the list.

    Raises:
        RoundError: the file cannot be changed without changing something else in it.

    Example:
        >>> print(with_fields('[[sources]]\\nid = "a"\\npath = "x.csv"  # old', "a", {"path": '"y.csv"', "map": '"y.map.toml"'}, ""))
        [[sources]]
        id = "a"
        path = "y.csv"  # old
        map = "y.map.toml"
        <BLANKLINE>
    """
    old = tomllib.loads(content)
    values = tomllib.loads("\n".join(f"{key} = {value}" for key, value in lines.items()))
    entries = [entry | values if entry.get("id") == identifier else entry for entry in old.get(table, [])]
    rows = content.rstrip("\n").split("\n")
    tops = [number for number, row in enumerate(rows) if re.match(rf"\s*\[\[\s*{table}\s*\]\]", row)]
    for top in tops:
        end = next((number for number in range(top + 1, len(rows)) if _TABLE.match(rows[number])), len(rows))
        changed = _with_lines(rows, top + 1, end, lines)
        if _holds(changed, {**old, table: entries}):
            return changed
    raise RoundError(
        f"the source {identifier} cannot be changed in the definition"
        if table == "sources"
        else f"{identifier} cannot be changed in the definition",
        where=where,
        todo="write by hand: " + "; ".join(f"{key} = {value}" for key, value in lines.items()),
    )


def _with_lines(rows: list[str], first: int, end: int, lines: Mapping[str, str]) -> str:
    own = list(rows[first:end])
    for key, value in lines.items():
        place = next((number for number, row in enumerate(own) if re.match(rf"\s*{re.escape(key)}\s*=", row)), None)
        if place is not None:
            comment = re.search(r"\s+#[^\"']*$", own[place])
            own[place] = f"{key} = {value}" + (comment[0] if comment else "")
        else:
            last = max((number for number, row in enumerate(own) if re.match(r"\s*\w+\s*=", row)), default=-1)
            own.insert(last + 1, f"{key} = {value}")
    return "\n".join([*rows[:first], *own, *rows[end:]]) + "\n"


def _behind_sources(rows: list[str]) -> list[int]:
    """The place behind each source, the last one first, before the comments that belong to the table after it."""
    places = []
    for last in (number for number in reversed(range(len(rows))) if _SOURCE.match(rows[number])):
        after = range(last + 1, len(rows))
        end = next((number for number in after if _TABLE.match(rows[number]) and not _PART.match(rows[number])), len(rows))
        while end > last + 1 and (not rows[end - 1].strip() or rows[end - 1].lstrip().startswith("#")):
            end -= 1
        places.append(end)
    return places


def _apart(rest: list[str]) -> list[str]:
    return rest if not rest or not rest[0].strip() else ["", *rest]


def _holds(content: str, wanted: dict[str, Any]) -> bool:
    try:
        return tomllib.loads(content) == wanted
    except tomllib.TOMLDecodeError:
        return False

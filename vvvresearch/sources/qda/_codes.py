"""Codes: from a tree of names to paths that tell every two codes apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import CODEBOOK_COLUMNS, SEPARATOR, Codebook
from vvvresearch.sources.qda._draft import CodeNode, LossLog, unique_name

# A ">" that could be taken for the one between two names: beside a space or at a name's edge.
_LOOSE = re.compile(r"(?:(?<=\s)|^)>|>(?=\s|$)")
_SECTIONS = ("inclusion", "exclusion", "examples")
_HEADING = re.compile(rf"^(\\*)\[({'|'.join(_SECTIONS)})\]$")


def code_paths(nodes: Sequence[CodeNode], log: LossLog) -> tuple[Codebook, dict[str, str]]:
    """The codebook of a tree of codes, parents before children, and key → path.

    A ">" in a name that could pass for the separator stands as "›" in the path, and characters that nobody sees are
    not in it; the column `name` keeps them. Equal siblings are told apart by a number.

    Raises:
        SourceError: a code that is its own ancestor.
    """
    import pandas as pd

    known = {node.key for node in nodes}
    children: dict[str, list[CodeNode]] = {}
    for node in nodes:
        if node.parent and node.parent not in known:
            log.add("codes whose parent is missing", detail="they stand at the top", place=node.name)
        children.setdefault(node.parent if node.parent in known else "", []).append(node)
    rows: list[dict[str, Any]] = []
    paths: dict[str, str] = {}
    waiting = [(node, "") for node in reversed(children.get("", []))]
    taken: set[str] = set()
    while waiting:
        node, parent = waiting.pop()
        part = _LOOSE.sub("›", " ".join(files.plain_text(node.name).split())) or "(unnamed)"
        wanted = f"{parent}{SEPARATOR}{part}" if parent else part
        path = unique_name(wanted, taken)
        if path != wanted:
            log.add("codes with the name of a sibling", detail="told apart by a number in the path", place=path)
        if part != node.name:
            log.add("code names that cannot stand in a path as they are", detail="the column name keeps them", place=path)
        paths[node.key] = path
        rows.append(_row(node, path, parent))
        waiting.extend((child, path) for child in reversed(children.get(node.key, [])))
    if len(rows) < len(nodes):
        lost = next(node for node in nodes if node.key not in paths)
        raise SourceError(f"the code {lost.name!r} is its own ancestor", where=log.where, todo="correct the tree of codes")
    frame = pd.DataFrame(rows, columns=list(CODEBOOK_COLUMNS))
    cases = {paths[node.key] for node in nodes if node.is_case}
    return Codebook(frame.assign(is_case=frame["code_path"].isin(cases)) if cases else frame), paths


def _row(node: CodeNode, path: str, parent: str) -> dict[str, Any]:
    row: dict[str, Any] = {"code_path": path, "name": node.name, "parent": parent, "is_codable": node.is_codable}
    return {**row, **split_description(node.definition), "color": node.color, "guid": node.guid}


def split_description(text: str) -> dict[str, str]:
    """A code's description as definition, inclusion, exclusion and examples.

    Example:
        >>> split_description("What is said of friends.\\n[examples]\\nwe cook")["examples"]
        'we cook'
    """
    parts: dict[str, list[str]] = {"definition": []}
    section = "definition"
    for line in text.split("\n"):
        heading = _HEADING.match(line)
        if heading and not heading[1] and heading[2] not in parts:
            section = heading[2]
            parts[section] = []
        else:
            parts[section].append(line[1:] if heading and heading[1] else line)
    return {name: "\n".join(parts.get(name, [])) for name in ("definition", *_SECTIONS)}


def join_description(row: Mapping[str, Any]) -> str:
    """The reverse of `split_description`: one text that every program shows as the code's description."""

    def escaped(text: str) -> str:
        return "\n".join("\\" + line if _HEADING.match(line) else line for line in text.split("\n"))

    parts = [escaped(row["definition"])]
    parts += [f"[{name}]\n{escaped(row[name])}" for name in _SECTIONS if row[name]]
    return "\n".join(parts)

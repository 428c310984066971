"""Pandoc's syntax tree as plain Python: read it, walk it, write it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from vvvresearch.errors import RenderError, not_installed

Node = dict[str, Any]
Attr = list[Any]  # [identifier, [class, …], [[key, value], …]]

# Quarto reads its own sources with these settings; `smart` is pandoc's default for Markdown.
READER = "markdown"


@cache
def pandoc_program() -> str:
    """The path of the pandoc that came with the installation.

    Raises:
        RenderError: it is not there.
    """
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError):
        raise not_installed(RenderError, "pandoc", "report") from None


def run_pandoc(arguments: list[str], text: str, *, folder: Path | None = None) -> tuple[str, list[str]]:
    """Run pandoc over a text, fenced off from network and files.

    Returns:
        The output and the warnings.

    Raises:
        RenderError: pandoc failed; its own words are the reason.
    """
    command = [pandoc_program(), "--sandbox", *arguments]
    done = subprocess.run(command, input=text.encode("utf-8"), capture_output=True, cwd=folder, timeout=300, check=False)
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode:
        raise RenderError("pandoc could not convert the document", where=folder or "", why=said[:600])
    return done.stdout.decode("utf-8"), [line for line in said.splitlines() if "[WARNING]" in line]


def read_tree(text: str, reader: str = READER) -> Node:
    """Parse text into a document."""
    parsed: Node = json.loads(run_pandoc(["-f", reader, "-t", "json"], text)[0])
    return parsed


def document(tree: Node, blocks: list[Node]) -> Node:
    """The same document with other blocks."""
    return {**tree, "blocks": blocks}


Change = Callable[[Node], "Node | list[Node] | None"]


def walk(value: Any, change: Change) -> Any:
    """A copy of a tree with `change` applied to every element, children first.

    `change` returns the element that takes the place, a list that is spliced in, or None for no change.
    """
    if isinstance(value, list):
        result = []
        for item in value:
            if isinstance(item, dict) and "t" in item:
                done = walk(item, change)
                if isinstance(done, list):
                    result.extend(done)
                else:
                    result.append(done)
            else:
                result.append(walk(item, change))
        return result
    if isinstance(value, dict):
        copy = {key: walk(item, change) if key != "t" else item for key, item in value.items()}
        if "t" in copy:
            done = change(copy)
            return copy if done is None else done
        return copy
    return value


def each(value: Any) -> Iterable[Node]:
    """Every element of a tree in document order, parents first."""
    if isinstance(value, list):
        for item in value:
            yield from each(item)
    elif isinstance(value, dict):
        if "t" in value:
            yield value
        for item in value.values():
            yield from each(item)


def plain(value: Any) -> str:
    """The text of inlines or blocks without markup.

    Example:
        >>> plain([{"t": "Str", "c": "a"}, {"t": "Space"}, {"t": "Emph", "c": [{"t": "Str", "c": "b"}]}])
        'a b'
    """
    parts = []
    for node in each(value):
        kind = node["t"]
        if kind == "Str":
            parts.append(node["c"])
        elif kind in ("Code", "Math", "CodeBlock"):
            parts.append(node["c"][1])
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            parts.append(" ")
        elif kind == "Quoted":
            parts.append('"')
        elif kind in ("Para", "Plain", "Header") and parts:
            parts.append(" ")
    # A no-break space is part of a number and stays.
    return re.sub(r"[ \t\n]+", " ", "".join(parts)).strip(" \t\n")


def words(text: str) -> list[Node]:
    """Inlines of a plain text.

    Example:
        >>> [node["t"] for node in words("a b")]
        ['Str', 'Space', 'Str']
    """
    nodes: list[Node] = []
    for place, word in enumerate(text.split(" ")):
        if place:
            nodes.append({"t": "Space"})
        if word:
            nodes.append({"t": "Str", "c": word})
    return nodes


def content_of(node: Node) -> Any:
    """What an element holds; None for those that hold nothing."""
    return node.get("c")


def pairs(attr: Attr) -> dict[str, str]:
    """The key-value attributes of an element."""
    return dict(attr[2])


def raw(writer: str, text: str, *, block: bool = False) -> Node:
    """Markup of one output format."""
    return {"t": "RawBlock" if block else "RawInline", "c": [writer, text]}

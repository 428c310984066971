"""Shortcodes carried out in the syntax tree, where a value can never turn into markup."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vvvresearch.errors import RenderError, did_you_mean
from vvvresearch.reporting.embedded._embeds import embedded_cell
from vvvresearch.reporting.embedded._source import MARK, Source
from vvvresearch.reporting.embedded._tree import Node, content_of, plain, walk, words
from vvvresearch.reporting.staging._variables import look_up


def substitute(tree: Node, source: Source, values: Mapping[str, str], project: Mapping[str, Any]) -> Node:
    """Replace every mark by what its shortcode stands for.

    Args:
        tree: the parsed document.
        source: the text it came from.
        values: by dotted key.
        project: metadata of `_quarto.yml`, which the document's own front matter overrides.

    Raises:
        RenderError: a value, a metadata key or a cell that does not exist, or a shortcode where Quarto resolves none.
    """
    meta: dict[str, Node] = tree["meta"]

    def fill(text: str) -> str:
        return MARK.sub(lambda match: _text(source, match[1], values, meta, project), text)

    def change(node: Node) -> Node | list[Node] | None:
        kind, content = node["t"], content_of(node)
        if kind == "Str" and MARK.search(content):
            codes = [source.shortcode(mark) for mark in MARK.findall(content)]
            if any(code.kind in ("embed", "pagebreak") for code in codes):
                return None
            return words(fill(content))
        if kind in ("Para", "Plain") and len(content) == 1 and content[0]["t"] == "Str" and (only := MARK.fullmatch(content[0]["c"])):
            code = source.shortcode(only[1])
            if code.kind == "embed":
                return embedded_cell(source.folder, code.words[1], code.where)
            return [{"t": "Div", "c": [["", ["pagebreak"], []], []]}]
        if kind in ("Link", "Image"):
            target = "".join(content[2])
            if mark := MARK.search(target):
                raise RenderError("a shortcode in a link's or image's address or title", where=source.shortcode(mark[1]).where)
        if kind in ("RawBlock", "RawInline", "CodeBlock", "Code") and (mark := MARK.search(content[1])):
            raise RenderError("a shortcode inside code or raw markup", where=source.shortcode(mark[1]).where)
        if kind == "Math":
            return {**node, "c": [content[0], fill(content[1])]}
        if kind in ("Div", "Span", "Header", "Link", "Image", "Code", "CodeBlock", "Figure", "Table"):
            place = 1 if kind == "Header" else 0
            return {**node, "c": [*content[:place], _filled(content[place], fill), *content[place + 1 :]]}
        return None

    return {**tree, "meta": walk(tree["meta"], change), "blocks": walk(tree["blocks"], change)}


def _filled(attr: list[Any], fill: Any) -> list[Any]:
    identifier, classes, keys = attr
    return [identifier, classes, [[key, fill(value)] for key, value in keys]]


def _text(source: Source, mark: str, values: Mapping[str, str], meta: Mapping[str, Node], project: Mapping[str, Any]) -> str:
    code = source.shortcode(mark)
    if code.kind == "var":
        return look_up(values, code.words[1], code.where)
    if code.kind == "meta":
        return _meta(code.words[1], code.where, meta, project)
    raise RenderError(f"{code.kind} must stand alone in its paragraph", where=code.where)


def _meta(key: str, where: str, meta: Mapping[str, Node], project: Mapping[str, Any]) -> str:
    found: Any = meta.get(key.split(".")[0])
    if found is not None:
        for part in key.split(".")[1:]:
            found = found["c"].get(part) if isinstance(found, dict) and found["t"] == "MetaMap" else None
        if isinstance(found, dict) and found["t"] in ("MetaInlines", "MetaString", "MetaBlocks"):
            return found["c"] if isinstance(found["c"], str) else plain(found["c"])
    else:
        found = project
        for part in key.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        if isinstance(found, str | int | float) and not isinstance(found, bool):
            return str(found)
    todo = did_you_mean(key, [*meta, *project])
    raise RenderError(f"the metadata key {key!r} does not exist or holds no text", where=where, todo=todo)

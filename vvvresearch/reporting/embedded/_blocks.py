"""Quarto's blocks that pandoc does not know: callouts, tab sets, content for one format; and what is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vvvresearch import files
from vvvresearch.errors import RenderError, SourceError, did_you_mean
from vvvresearch.reporting.embedded._source import Source
from vvvresearch.reporting.embedded._tree import Node, pairs, walk, words

CALLOUTS = ("note", "tip", "warning", "important", "caution")
FORMATS = ("html", "typst")
_IMAGES = (".svg", ".png", ".jpg", ".jpeg")
_COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)
_OUTSIDE = re.compile(r"layout.*|columns?|column-.*|fig-.*|tbl-.*|grid|aside|margin-.*|theorem|proof|cell.*|incremental|quarto-.*|hidden")


def prepare(tree: Node, source: Source, labels: Mapping[str, str], writer: str) -> Node:
    """The document for one output format, with only elements that pandoc and the numbering understand.

    Args:
        tree: the document, shortcodes carried out.
        source: where it came from.
        labels: words, among them the callouts' default titles ("callout-note", …).
        writer: "html" or "typst".

    Raises:
        RenderError: an element outside the declared subset, an image without alternative text or file.
    """

    def change(node: Node) -> Node | list[Node] | None:
        kind = node["t"]
        if kind == "Div":
            return _div(node, source, labels, writer)
        if kind == "Span":
            attr = node["c"][0]
            if _conditional(attr[1]):
                return [] if not _shown(attr, source, writer) else node["c"][1]
        if kind in ("RawBlock", "RawInline"):
            if _COMMENT.fullmatch(node["c"][1]):
                return []
            raise RenderError("raw markup of one format", where=source.where(node["c"][1].strip()[:40]), todo="write it in Markdown")
        if kind == "Figure":
            _check_figure(node, source)
        if kind == "Image":
            return _image(node, source)
        return None

    return {**tree, "blocks": walk(tree["blocks"], change)}


def _conditional(classes: list[str]) -> bool:
    return "content-visible" in classes or "content-hidden" in classes


def _shown(attr: list[object], source: Source, writer: str) -> bool:
    classes, keys = attr[1], pairs(attr)
    known = {"when-format", "unless-format"}
    given = {**keys}
    place = source.where("content-visible" if "content-visible" in classes else "content-hidden")  # type: ignore[operator]
    if len(given) != 1 or not set(given) <= known:
        raise RenderError("a condition that is not exactly one of when-format and unless-format", where=place)
    name, wanted = next(iter(given.items()))
    if wanted not in FORMATS:
        raise RenderError(f"the format {wanted!r} in a condition", where=place, why="both engines know html and typst")
    holds = (wanted == writer) is (name == "when-format")
    return holds if "content-visible" in classes else not holds  # type: ignore[operator]


def _div(node: Node, source: Source, labels: Mapping[str, str], writer: str) -> Node | list[Node] | None:
    attr, blocks = node["c"]
    identifier, classes, keys = attr
    if _conditional(classes):
        return blocks if _shown(attr, source, writer) else []
    kinds = [name.removeprefix("callout-") for name in classes if name.startswith("callout")]
    if kinds:
        return _callout(attr, blocks, kinds[0], source, labels)
    if "panel-tabset" in classes:
        return _tabset(blocks)
    for name in (*classes, identifier, *(key for key, _ in keys)):
        if _OUTSIDE.fullmatch(name):
            raise RenderError(
                f"the block {name!r} is outside the subset that both engines share",
                where=source.where(name),
                todo="see the list of supported elements in the documentation of reporting",
            )
    return None


def _callout(attr: list[object], blocks: list[Node], kind: str, source: Source, labels: Mapping[str, str]) -> Node:
    if kind not in CALLOUTS:
        where = source.where(f"callout-{kind}" if kind else "callout")
        raise RenderError(f"there is no callout {kind!r}", where=where, todo=did_you_mean(kind, CALLOUTS))
    keys = pairs(attr)
    if keys.keys() - {"title", "icon", "appearance", "collapse"}:
        raise RenderError("an unknown setting of a callout", where=source.where(f"callout-{kind}"), todo="title is what both engines know")
    title: list[Node] = words(keys["title"]) if "title" in keys else []
    if not title and blocks and blocks[0]["t"] == "Header":
        title, blocks = blocks[0]["c"][2], blocks[1:]
    heading = {"t": "Div", "c": [["", ["callout-title"], []], [{"t": "Plain", "c": title or words(labels[f"callout-{kind}"])}]]}
    body = {"t": "Div", "c": [["", ["callout-body"], []], blocks]}
    return {"t": "Div", "c": [[attr[0], ["callout", kind], []], [heading, body]]}


def _tabset(blocks: list[Node]) -> list[Node]:
    """Tabs one below the other, each under its name: paper has no tabs, and hidden tabs are not read."""
    result = []
    for block in blocks:
        if block["t"] == "Header":
            result.append({"t": "Div", "c": [["", ["tab-title"], []], [{"t": "Para", "c": [{"t": "Strong", "c": block["c"][2]}]}]]})
        else:
            result.append(block)
    return result


def _check_figure(node: Node, source: Source) -> None:
    attr = node["c"][0]
    images = [block for block in node["c"][2] if block["t"] in ("Plain", "Para") and len(block["c"]) == 1 and block["c"][0]["t"] == "Image"]
    if len(images) != 1 or len(node["c"][2]) != 1:
        raise RenderError("a figure that is not one image", where=source.where(attr[0] or "![") or "", todo="make one image of it")


def _image(node: Node, source: Source) -> Node:
    attr, caption, (address, _) = node["c"]
    where = source.where(address)
    alt = pairs(attr).get("fig-alt", pairs(attr).get("alt", ""))
    if not alt.strip():
        todo = 'write {fig-alt="what the figure shows, with its numbers"}'
        raise RenderError(f"the image {address!r} has no alternative text", where=where, why="PDF/UA and screen readers need it", todo=todo)
    if not address.lower().endswith(_IMAGES):
        raise RenderError(f"the image {address!r} is not SVG, PNG or JPEG", where=where)
    try:
        files.admit(files.inside(source.folder, address))
    except SourceError as problem:
        raise RenderError(f"the image {address!r} cannot be read", where=where, why=problem.what, todo=problem.todo) from None
    keys = [[key, value] for key, value in attr[2] if key not in ("fig-alt", "alt")]
    return {"t": "Image", "c": [[attr[0], attr[1], [*keys, ["alt", alt]]], caption, [address, ""]]}

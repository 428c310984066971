"""The embedded engine's web page: one file that loads nothing."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from string import Template

from vvvresearch import files
from vvvresearch.locales import text
from vvvresearch.reporting.embedded._crossrefs import Numbers
from vvvresearch.reporting.embedded._document import Heading
from vvvresearch.reporting.embedded._tree import Node, each, pairs, plain, raw, run_pandoc, walk

_MEDIA = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
# What the page may do, said to the browser: its own styles and pictures, and nothing from anywhere.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def page(
    tree: Node, numbers: Numbers, heading: Heading, folder: Path, tips: Mapping[str, str], citations: Sequence[str], *, toc_depth: int
) -> tuple[str, list[str]]:
    """The whole page as text, and pandoc's warnings.

    Args:
        tree: the numbered document.
        numbers: its headings.
        heading: title, authors, marks and language.
        folder: where images lie.
        tips: base and source of every value by key.
        citations: pandoc's arguments for the bibliography.
        toc_depth: levels in the table of contents.
    """
    anchors = {node["c"][0][0] for node in each(tree["blocks"]) if node["t"] == "Span" and node["c"][0][0]}
    blocks = walk(tree["blocks"], lambda node: _change(node, folder, tips, anchors, heading))
    arguments = [
        "-f",
        "json",
        "-t",
        "html5",
        "--mathml",
        "--section-divs",
        "--shift-heading-level-by=1",
        "--wrap=none",
        "--syntax-highlighting=none",
        *citations,
    ]
    body, warnings = run_pandoc(arguments, json.dumps({**tree, "blocks": blocks}), folder=folder)
    data = resources.files("vvvresearch.reporting") / "data"
    lang = heading.lang
    values = {
        "lang": lang,
        "policy": _POLICY,
        "title": files.html_text(heading.title),
        "style": (data / "report.css").read_text(encoding="utf-8") + _printed_marks(heading.marks),
        "skip": text("reporting.skip", lang),
        "contents": text("reporting.contents", lang),
        "marks": "".join(f"<span>{files.html_text(mark)}</span>" for mark in heading.marks),
        "marks_label": text("reporting.marks", lang),
        "front": _front(heading),
        "toc": _contents(numbers, toc_depth),
        "body": _accessible(body),
        "description": files.html_text(heading.subtitle or heading.title),
        "marks_hidden": "" if heading.marks else " hidden",
    }
    return Template((data / "report.html").read_text(encoding="utf-8")).substitute(values), warnings


def _printed_marks(marks: Sequence[str]) -> str:
    """The marks in the top margin of every printed page."""
    if not marks:
        return ""
    # Every sign but letters and digits is written by its code point, so that no mark can end the string.
    said = re.sub(r"[^\w ]", lambda sign: f"\\{ord(sign[0]):x} ", "  ·  ".join(marks))
    return f'@page {{ @top-right {{ content: "{said}"; font: 600 8pt sans-serif; color: #7a1f1f; }} }}\n'


def _change(node: Node, folder: Path, tips: Mapping[str, str], anchors: set[str], heading: Heading) -> Node | list[Node] | None:
    kind = node["t"]
    if kind == "Image":
        attr, _, (address, _) = node["c"]
        content = files.read_bytes(folder / address)
        data = f"data:{_MEDIA[Path(address).suffix.lower()]};base64,{base64.b64encode(content).decode('ascii')}"
        return {"t": "Image", "c": [attr, [], [data, ""]]}
    if kind == "Span" and "value" in node["c"][0][1]:
        return _value(node, tips, anchors)
    if kind == "Table":
        return _table(node)
    if kind == "Div" and "callout" in node["c"][0][1]:
        attr, (title, body) = node["c"]
        name = plain(title["c"][1])
        return {"t": "Div", "c": [[attr[0], attr[1], [["role", "note"], ["aria-label", name]]], [title, body]]}
    if kind == "Link" and not node["c"][2][0].startswith("#"):
        attr = node["c"][0]
        return {"t": "Link", "c": [[attr[0], attr[1], [*attr[2], ["rel", "noreferrer"]]], *node["c"][1:]]}
    return None


def _value(node: Node, tips: Mapping[str, str], anchors: set[str]) -> Node:
    attr, inlines = node["c"]
    key = pairs(attr).get("data-key", pairs(attr).get("key", ""))
    keys = [["data-key", key]]
    if tip := tips.get(key, ""):
        keys.append(["title", tip])
    anchor = anchor_of(key)
    if anchor in anchors:
        return {"t": "Link", "c": [["", ["value"], keys], inlines, [f"#{anchor}", tips.get(key, "")]]}
    return {"t": "Span", "c": [["", ["value"], keys], inlines]}


def anchor_of(key: str) -> str:
    """Where the appendix of all numbers has a value.

    Example:
        >>> anchor_of("guide.pct")
        'val-guide-pct'
    """
    return "val-" + key.replace(".", "-")


def _table(node: Node) -> list[Node]:
    attr, caption, columns, head, bodies, foot = node["c"]
    columns = [[align, {"t": "ColWidthDefault"}] for align, _ in columns]
    if len(columns) > 1 and columns[0][0]["t"] != "AlignRight":
        bodies = [[body[0], 1, body[2], body[3]] for body in bodies]
    table = {"t": "Table", "c": [attr, caption, columns, head, bodies, foot]}
    name = plain(caption[1])
    label = f' role="region" aria-label="{files.html_text(name)}"' if name else ""
    return [raw("html", f'<div class="table-wrap" tabindex="0"{label}>', block=True), table, raw("html", "</div>", block=True)]


def _accessible(body: str) -> str:
    """Header cells say what they head."""

    def scoped(scope: str) -> Callable[[re.Match[str]], str]:
        return lambda match: re.sub(r"<th(?=[\s>])", f'<th scope="{scope}"', match[0])

    body = re.sub(r"<thead>.*?</thead>", scoped("col"), body, flags=re.DOTALL)
    return re.sub(r"<tbody>.*?</tbody>", scoped("row"), body, flags=re.DOTALL)


def _front(heading: Heading) -> str:
    lines = [f'<h1 class="title">{files.html_text(heading.title)}</h1>']
    if heading.subtitle:
        lines.append(f'<p class="subtitle">{files.html_text(heading.subtitle)}</p>')
    about = [*heading.authors, heading.date]
    if any(about):
        lines.append(f'<p class="about">{" · ".join(files.html_text(part) for part in about if part)}</p>')
    if heading.abstract:
        lines.append(f'<p class="abstract">{files.html_text(heading.abstract)}</p>')
    return "\n".join(lines)


def _contents(numbers: Numbers, depth: int) -> str:
    """The table of contents as nested lists."""
    lines: list[str] = []
    level = 0
    for at, shown, identifier, title in numbers.sections:
        if at > depth:
            continue
        while level < at:
            lines.append("<ol>")
            level += 1
        while level > at:
            lines.append("</li></ol>")
            level -= 1
        if lines[-1] != "<ol>":
            lines.append("</li>")
        number = f'<span class="toc-number">{shown}</span> ' if shown else ""
        lines.append(f'<li><a href="#{files.html_text(identifier)}">{number}{files.html_text(title)}</a>')
    lines.extend(["</li></ol>"] * level)
    return "\n".join(lines)

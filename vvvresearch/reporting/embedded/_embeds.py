"""Labelled cells of executed notebooks as blocks of a report."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import RenderError, SourceError, did_you_mean
from vvvresearch.reporting.embedded._tree import Node, read_tree, words

_OPTION = re.compile(r"#\|\s*([\w-]+):\s*(.*?)\s*$")
_IMAGES = {"image/svg+xml": ".svg", "image/png": ".png"}


def embedded_cell(folder: Path, address: str, where: str) -> list[Node]:
    """The output of one labelled cell: a figure, a table or text.

    Args:
        folder: the staged folder.
        address: "nb/name.ipynb#label".
        where: file and line of the shortcode, for errors.

    Raises:
        RenderError: no such notebook or label, no output, a figure without alternative text.
    """
    name, _, label = address.partition("#")
    if not label:
        raise RenderError("embed needs the label of a cell", where=where, todo="write {{< embed nb/name.ipynb#label >}}")
    place = files.inside(folder, name)
    try:
        notebook = files.read_json(place)
    except SourceError as problem:
        raise RenderError(f"the notebook {name!r} cannot be embedded", where=where, why=problem.what, todo=problem.todo) from None
    cells = {options["label"]: (cell, options) for cell in notebook.get("cells", []) if (options := _options(cell)).get("label")}
    if label not in cells:
        raise RenderError(f"the notebook {name!r} has no cell labelled {label!r}", where=where, todo=did_you_mean(label, cells))
    cell, options = cells[label]
    blocks = [block for output in cell.get("outputs", []) for block in _output(folder, name, output, options, where)]
    if not blocks:
        raise RenderError(f"the cell {label!r} of {name!r} has no output", where=where, todo="run the notebook first")
    return blocks


def _options(cell: dict[str, Any]) -> dict[str, str]:
    if cell.get("cell_type") != "code":
        return {}
    source = cell.get("source", "")
    lines = "".join(source).splitlines() if isinstance(source, list) else source.splitlines()
    found = {}
    for line in lines:
        if not (match := _OPTION.match(line)):
            break
        found[match[1]] = match[2].strip("\"'")
    return found


def _joined(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _output(folder: Path, name: str, output: dict[str, Any], options: dict[str, str], where: str) -> list[Node]:
    if output.get("output_type") == "error":
        raise RenderError(f"the cell {options['label']!r} of {name!r} ended in an error", where=where, todo="run the notebook again")
    if output.get("output_type") == "stream":
        return []
    data = output.get("data", {})
    for kind, suffix in _IMAGES.items():
        if kind in data:
            return [_image(folder, name, _joined(data[kind]), suffix, options, where)]
    for kind, reader in (("text/markdown", "markdown"), ("text/html", "html")):
        if kind in data:
            return _table(read_tree(_joined(data[kind]), reader)["blocks"], options)
    raise RenderError(
        f"the output of the cell {options['label']!r} is neither an image, Markdown nor HTML",
        where=where,
        todo="end the cell with a result or a figure",
    )


def _image(folder: Path, name: str, data: str, suffix: str, options: dict[str, str], where: str) -> Node:
    label, alt = options["label"], options.get("fig-alt", "")
    if not alt:
        raise RenderError(f"the embedded figure {label!r} has no alternative text", where=where, todo="add '#| fig-alt: …' to its cell")
    content = base64.b64decode(data) if suffix == ".png" else data.encode("utf-8")
    target = Path("nb") / f"{files.safe_name(Path(name).stem)}-{files.safe_name(label)}{suffix}"
    files.write_bytes(files.inside(folder, target.as_posix()), content)
    caption = words(options.get("fig-cap", ""))
    image: Node = {"t": "Image", "c": [["", [], [["fig-alt", alt]]], caption, [target.as_posix(), ""]]}
    if not caption:
        return {"t": "Para", "c": [image]}
    return {"t": "Figure", "c": [[label, [], []], [None, [{"t": "Plain", "c": caption}]], [{"t": "Plain", "c": [image]}]]}


def _table(blocks: list[Node], options: dict[str, str]) -> list[Node]:
    caption = options.get("tbl-cap", "")
    for block in blocks:
        if block["t"] == "Table" and options["label"].startswith("tbl-"):
            block["c"][0][0] = options["label"]
            if caption:
                block["c"][1] = [None, [{"t": "Plain", "c": words(caption)}]]
    return blocks

"""The embedded engine's PDF: Typst, tagged (PDF/UA) and archivable (PDF/A), fonts embedded."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from vvvresearch.errors import RenderError, not_installed
from vvvresearch.locales import text
from vvvresearch.reporting.embedded._document import Heading
from vvvresearch.reporting.embedded._hyphens import soften
from vvvresearch.reporting.embedded._tree import Node, pairs, plain, raw, run_pandoc, walk

_IN_LINE = "height: 1.1em"
_MARKER = re.compile(r"\d+\.|[-+/]|=+")
STANDARDS = ("ua-1", "a-2a")
# Two renderings of the same sources are the same bytes, so the file carries no clock of the machine.
_TIMESTAMP = int(datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).timestamp())
# In characters of a table's typeface: the page, the room between columns, the longest word and text that get room of their own.
_WIDE, _PADDING, _LONG_WORD, _LONG_TEXT = 92.0, 2.6, 17, 62


def pdf(tree: Node, heading: Heading, folder: Path, citations: Sequence[str]) -> tuple[bytes, list[str]]:
    """The PDF's bytes, and pandoc's warnings.

    Args:
        tree: the numbered document.
        heading: title, authors, marks and language.
        folder: where images lie.
        citations: pandoc's arguments for the bibliography.

    Raises:
        RenderError: Typst refuses the document, for example for PDF/UA.
    """
    source, warnings = typst_source(tree, heading, folder, citations)
    return compile_typst(source, folder), warnings


def typst_source(tree: Node, heading: Heading, folder: Path, citations: Sequence[str]) -> tuple[str, list[str]]:
    """The document as one Typst text with its own look in front."""
    blocks = walk(tree["blocks"], lambda node: _change(node, heading.lang))
    arguments = ["-f", "json", "-t", "typst-citations", "--wrap=none", "--syntax-highlighting=none", *citations]
    body, warnings = run_pandoc(arguments, json.dumps({**tree, "blocks": blocks}), folder=folder)
    # Pandoc centres tables; text that begins at the margin is easier to follow.
    body = body.replace("align(center)[#table(", "align(left)[#table(")
    look = (resources.files("vvvresearch.reporting") / "data" / "report.typ").read_text(encoding="utf-8")
    head = ", ".join(
        f"{name}: {value}"
        for name, value in {
            "title": quoted(heading.title),
            "subtitle": quoted(heading.subtitle),
            "authors": _array(heading.authors),
            "date": quoted(heading.date),
            "abstract": quoted(heading.abstract),
            "lang": quoted(heading.lang),
            "marks": _array(heading.marks),
            "contents": quoted(text("reporting.contents", heading.lang)),
            "page-word": quoted(text("reporting.page", heading.lang)),
            "of-word": quoted(text("reporting.of", heading.lang)),
        }.items()
    )
    return f"{look}\n#show: report.with({head})\n\n{body}", warnings


def compile_typst(source: str, folder: Path) -> bytes:
    """Compile Typst text against the files of a folder.

    Raises:
        RenderError: Typst's first complaint, or Typst is not there.
    """
    import matplotlib

    try:
        import typst
    except ImportError:
        raise not_installed(RenderError, "Typst", "report") from None

    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    options: dict[str, Any] = {
        "root": str(folder),
        "font_paths": [str(fonts)],
        "ignore_system_fonts": True,
        "pdf_standards": list(STANDARDS),
        "timestamp": _TIMESTAMP,
    }
    try:
        return bytes(typst.compile(source.encode("utf-8"), **options))
    except (RuntimeError, ValueError) as problem:
        hints = getattr(problem, "hints", [])
        raise RenderError(
            "the PDF cannot be made", where=folder, why=f"{problem}. {' '.join(map(str, hints))}".strip(), todo="see the reason"
        ) from None


def quoted(value: str) -> str:
    """A Typst string.

    Example:
        >>> quoted('a "b"')
        '"a \\\\"b\\\\""'
    """
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def _array(values: Sequence[str]) -> str:
    return "(" + "".join(f"{quoted(value)}, " for value in values) + ")"


def _change(node: Node, lang: str) -> Node | list[Node] | None:
    kind = node["t"]
    if kind == "Str":
        return {"t": "Str", "c": soften(node["c"], lang)}
    if kind == "Div":
        return _div(node)
    if kind == "Figure":
        return _figure(node)
    if kind == "Image":
        return raw("typst", f"#box({_image(node)})")
    if kind == "Math":
        return [raw("typst", f"#[#set math.equation(alt: {quoted(node['c'][1].strip())});"), node, raw("typst", "]")]
    if kind == "Span":
        return _span(node)
    if kind == "Table":
        return _table(node)
    if kind == "Para" and len(node["c"]) == 1 and node["c"][0]["t"] == "RawInline":
        return {"t": "Para", "c": [raw("typst", _full_width(node["c"][0]["c"][1]))]}
    if kind in ("Plain", "Para") and node["c"] and node["c"][0]["t"] == "Str" and _MARKER.fullmatch(node["c"][0]["c"]):
        # In a table cell Typst would make a list of "23. august", which pandoc does not prevent.
        return {"t": kind, "c": [raw("typst", "#[]"), *node["c"]]}
    return None


def _span(node: Node) -> list[Node]:
    (identifier, classes, _), inlines = node["c"]
    if "equation" in classes:
        return _equation(node)
    if "status" in classes:
        return [raw("typst", "#status["), *inlines, raw("typst", "]")]
    # A number in prose links to where it is listed.
    return [raw("typst", "#box["), *inlines, raw("typst", f"]<{identifier}>")] if identifier else list(inlines)


def _equation(node: Node) -> list[Node]:
    (identifier, _, _), (*formula, _, shown) = node["c"]
    opening = "#grid(columns: (1fr, auto), align: (center + horizon, right + horizon))["
    return [raw("typst", f"#metadata(none)<{identifier}>{opening}"), *formula, raw("typst", "]["), shown, raw("typst", "]")]


def _image(node: Node) -> str:
    attr, _, (address, _) = node["c"]
    keys = pairs(attr)
    width = keys.get("width", "")
    size = f"width: {width}" if width.endswith("%") and width[:-1].isdigit() else _IN_LINE
    return f"image({quoted('/' + address)}, alt: {quoted(keys['alt'])}, {size})"


def _full_width(markup: str) -> str:
    """An image that stands alone is as wide as the text, unless its width was given."""
    return markup.replace(f", {_IN_LINE})", ", width: 100%)")


def _figure(node: Node) -> Node:
    attr, caption, blocks = node["c"]
    image = next(inline for inline in blocks[0]["c"] if inline["t"] == "RawInline")["c"][1]
    inner = _full_width(image.removeprefix("#box(").removesuffix(")"))
    inlines = [inline for block in caption[1] for inline in block.get("c", [])]
    label = f" <{attr[0]}>" if attr[0] else ""
    return {"t": "Para", "c": [raw("typst", f"#figure({inner}, caption: ["), *inlines, raw("typst", f"]){label}")]}


def _div(node: Node) -> list[Node] | None:
    (_, classes, _), blocks = node["c"]
    if "pagebreak" in classes:
        return [raw("typst", "#pagebreak(weak: true)", block=True)]
    if "callout" in classes:
        title, body = blocks
        kind = classes[1]
        opening = [raw("typst", f"#callout({quoted(kind)}, ["), *title["c"][1][0]["c"], raw("typst", "])[")]
        return [{"t": "Plain", "c": opening}, *body["c"][1], raw("typst", "]", block=True)]
    for name in ("base", "pull-quote", "lead", "colophon", "card"):
        if name in classes:
            return [raw("typst", f"#{name}[", block=True), *blocks, raw("typst", "]", block=True)]
    return None


def _table(node: Node) -> Node:
    """Columns as wide as their words need when a table is wider than the page, else as wide as they are."""
    attr, caption, columns, head, bodies, foot = node["c"]
    rows = [row[1] for row in (*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1])]
    texts = [[plain(row[place][4]) for row in rows if place < len(row)] for place in range(len(columns))]
    widths: list[Any] = [{"t": "ColWidthDefault"}] * len(columns)
    if shares := column_shares(texts):
        widths = [{"t": "ColWidth", "c": share} for share in shares]
    columns = [[align, width] for (align, _), width in zip(columns, widths, strict=True)]
    return {"t": "Table", "c": [attr, caption, columns, head, bodies, foot]}


def column_shares(columns: Sequence[Sequence[str]]) -> list[float]:
    """Shares of the page for columns of text; empty when they fit beside each other as they are.

    A column gets room for its longest word first, then by how much text it has to wrap.

    Args:
        columns: the cells of each column.

    Example:
        >>> column_shares([["T2-1"], ["a"]])
        []
    """
    # A tenth more than the letters, since headings are set bold.
    # Among many columns a long word is hyphenated rather than given the room of its neighbours.
    longest = min(_LONG_WORD, 0.8 * _WIDE / len(columns) - _PADDING)
    least = [1.1 * min(longest, max((len(word) for text in texts for word in text.split()), default=1)) + _PADDING for texts in columns]
    wanted = [max(low, min(_LONG_TEXT, max(map(len, texts), default=1)) + _PADDING) for low, texts in zip(least, columns, strict=True)]
    if sum(wanted) <= _WIDE:
        return []
    spare = max(0.0, _WIDE - sum(least))
    more = sum(wanted) - sum(least)
    widths = [low + (spare * (want - low) / more if more else 0.0) for low, want in zip(least, wanted, strict=True)]
    return [round(width / sum(widths), 4) for width in widths]

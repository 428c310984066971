"""The embedded engine's PDF: Typst, tagged (PDF/UA) and archivable (PDF/A), fonts embedded, rows with their heads."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import RenderError, not_installed

STANDARDS = ("ua-1", "a-2a")
_RESOLUTION = 200.0
# Two renderings of the same sources are the same bytes, so the file carries no clock of the machine.
_TIMESTAMP = int(datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).timestamp())


def compile_typst(source: str, folder: Path, standards: Sequence[str] = STANDARDS, output: str = "pdf") -> bytes:
    """Compile Typst text against the files of a folder.

    Args:
        source: the whole text.
        folder: where its images and, in `fonts/`, its typefaces lie.
        standards: those of Typst that the file must keep.
        output: "pdf", or "png" of one page.

    Raises:
        RenderError: Typst's complaint, or Typst is not there.
    """
    import matplotlib

    try:
        import typst
    except ImportError:
        raise not_installed(RenderError, "Typst", "report") from None

    # DejaVu lies in matplotlib's own folder on every machine.
    fonts = [Path(matplotlib.get_data_path()) / "fonts" / "ttf", folder / "fonts"]
    options: dict[str, Any] = {
        "root": str(folder),
        "font_paths": [str(place) for place in fonts if place.is_dir()],
        "ignore_system_fonts": True,
        **({"pdf_standards": list(standards), "timestamp": _TIMESTAMP} if output == "pdf" else {"format": output, "ppi": _RESOLUTION}),
    }
    try:
        return bytes(typst.compile(source.encode("utf-8"), **options))
    except (RuntimeError, ValueError) as problem:
        hints = getattr(problem, "hints", [])
        why = f"{problem}. {' '.join(map(str, hints))}".strip()
        raise RenderError("the PDF cannot be made", where=folder, why=why, todo="see the reason") from None


def draw_for_word(folder: Path) -> None:
    """A PNG beside every SVG that a staged folder's documents show and that has none, since Word and PowerPoint show no SVG.

    Raises:
        RenderError: a picture that cannot be drawn, or Typst is not there.
    """
    shown = "\n".join(files.read_text(path) for ending in ("*.qmd", "*.md") for path in folder.rglob(ending))
    for path in sorted(folder.rglob("*.svg")):
        target, name = path.with_suffix(".png"), path.relative_to(folder).as_posix()
        if not target.is_file() and f"({name})" in shown:
            page = f"#set page(width: auto, height: auto, margin: 0pt)\n#image({quoted(name)}, width: 160mm)\n"
            files.write_bytes(target, compile_typst(page, folder, standards=(), output="png"))


def with_row_heads(document: bytes) -> bytes:
    """The same PDF in which the first cell of each row of a table's body is a header cell, which Typst cannot say yet.

    Args:
        document: a tagged PDF.
    """
    try:
        import pikepdf
    except ImportError:
        # Without it the rows are read without their heads, and everything else stands.
        return document
    with pikepdf.open(io.BytesIO(document)) as pdf:
        tree = pdf.Root.get("/StructTreeRoot")
        if tree is not None:
            _mark_rows(tree, pikepdf)
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def _mark_rows(root: Any, pikepdf: Any) -> None:
    left = [(root, False)]
    while left:
        element, in_body = left.pop()
        tag = str(element.get("/S", ""))
        children = [child for child in _children(element, pikepdf) if isinstance(child, pikepdf.Dictionary)]
        if in_body and tag == "/TR" and children and str(children[0].get("/S", "")) == "/TD" and len(children) > 1:
            head = children[0]
            head["/S"] = pikepdf.Name("/TH")
            scope = pikepdf.Dictionary(O=pikepdf.Name("/Table"), Scope=pikepdf.Name("/Row"))
            given = head.get("/A")
            if given is None:
                head["/A"] = scope
            elif isinstance(given, pikepdf.Array):
                given.append(scope)
            else:
                head["/A"] = pikepdf.Array([given, scope])
            continue
        left += [(child, tag == "/TBody" or (in_body and tag != "/TR")) for child in children]


def _children(element: Any, pikepdf: Any) -> list[Any]:
    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


class Code(str):
    """Typst as it stands, such as a length."""


def quoted(value: str) -> str:
    """A Typst string.

    Example:
        >>> quoted('a "b"')
        '"a \\\\"b\\\\""'
    """
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def metadata_source(values: Mapping[str, Any]) -> str:
    """`_meta.typ`: what the template prints at the head of a report, as properly quoted Typst values.

    Args:
        values: texts, numbers, lists of texts; a date as `datetime.date`.

    Example:
        >>> metadata_source({"title": "Fund – »29 %«", "authors": ["A"], "numbering": None, "depth": 2})
        '#let vvv = (title: "Fund – »29 %«", authors: ("A",), numbering: none, depth: 2)\\n'
    """
    return f"#let vvv = ({', '.join(f'{name}: {_value(value)}' for name, value in values.items())})\n"


def _value(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, datetime.date):
        return f"datetime(year: {value.year}, month: {value.month}, day: {value.day})"
    if isinstance(value, str):
        return str(value) if isinstance(value, Code) else quoted(value)
    if isinstance(value, Sequence):
        return "(" + "".join(f"{quoted(str(part))}," for part in value) + ")"
    return str(value)

"""The way from a staged folder to the report's files."""

from __future__ import annotations

import html
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import RenderError, did_you_mean
from vvvresearch.reporting._quarto import QUARTO_FORMATS, quarto_program, render_quarto
from vvvresearch.reporting.embedded._engine import EMBEDDED_FORMATS, render_embedded
from vvvresearch.reporting.embedded._pdf import draw_for_word
from vvvresearch.reporting.embedded._subset import folder_problems, refuse

ENGINES = ("auto", "quarto", "embedded")
DEFAULT = ("html", "pdf")
FORMATS = (*DEFAULT, "docx", "pptx")
# What a staged folder can be rendered to, and what each engine can make of it.
RENDERED = ("html", "pdf", "typ", "docx", "pptx")
_CAN = {"embedded": EMBEDDED_FORMATS, "quarto": QUARTO_FORMATS}
# What an engine prints for something it does not know. A shortcode on a page is somebody's words: those of authors are found in the source.
_LEFT_OVER = re.compile(r"\?(var|meta):[\w.-]*|\?@[\w-]+")
_NOT_PROSE = re.compile(r"<(script|style|code|pre)\b.*?</\1>|<[^>]*>", re.DOTALL)


def render(stage_folder: str | Path, formats: Sequence[str] = DEFAULT, engine: str = "auto") -> list[Path]:
    """Render a staged folder.

    Args:
        stage_folder: what `stage_report` made.
        formats: "html", "pdf", "docx", "pptx".
        engine: "quarto", "embedded", or "auto" for Quarto where it is installed and the embedded engine elsewhere.

    Returns:
        The written files, in the staged folder.

    Raises:
        RenderError: the report cannot be rendered as it stands; nothing unresolved is ever printed.

    Example:
        >>> render("nowhere", engine="word")
        Traceback (most recent call last):
        vvvresearch.errors.RenderError: the engine 'word' is not known
          to do: known: auto, embedded, quarto
    """
    folder = Path(stage_folder)
    if engine not in ENGINES:
        raise RenderError(f"the engine {engine!r} is not known", todo=did_you_mean(engine, ENGINES))
    for name in formats:
        if name not in FORMATS:
            raise RenderError(f"the format {name!r} is not known", todo=did_you_mean(name, FORMATS))
    if not folder.is_dir():
        raise RenderError("the staged folder does not exist", where=folder, todo="call stage_report first")
    if engine == "auto":
        engine = "quarto" if quarto_program() else "embedded"
    return _rendered(folder, formats, engine)


def _rendered(folder: Path, formats: Sequence[str], engine: str) -> list[Path]:
    if not {"docx", "pptx"}.isdisjoint(formats):
        draw_for_word(folder)
    if engine == "quarto":
        # Quarto prints what it does not know and goes on.
        refuse(folder_problems(folder))
        written = render_quarto(folder, formats)
    else:
        written = render_embedded(folder, formats)
    for path in written:
        if path.suffix == ".html":
            check_page(path)
    return written


def render_staged(folder: str | Path, out: str | Path, formats: Sequence[str] = DEFAULT, engine: str = "auto") -> list[Path]:
    """Render any staged folder as it stands; the folder is only read.

    Args:
        folder: documents, `_quarto.yml`, and what they include.
        out: where the files go; it is made where it is missing.
        formats: "html", "pdf", "typ" (the Typst text that the PDF is made from), "docx", "pptx".
        engine: "quarto", "embedded", or "auto" for Quarto where it is installed and the embedded engine elsewhere.

    Returns:
        The written files, named as their document, a format after the other.

    Raises:
        RenderError: an engine or format that does not exist, a format that this engine cannot make (the message says which can),
            or a folder that cannot be rendered; nothing is written then.

    Example:
        >>> render_staged("nowhere", "out", engine="embedded")
        Traceback (most recent call last):
        vvvresearch.errors.RenderError: the staged folder does not exist
          where: nowhere
    """
    if engine not in ENGINES:
        raise RenderError(f"the engine {engine!r} is not known", todo=did_you_mean(engine, ENGINES))
    if engine == "auto":
        engine = "quarto" if quarto_program() else "embedded"
    for name in formats:
        if name not in RENDERED:
            raise RenderError(f"the format {name!r} is not known", todo=did_you_mean(name, RENDERED))
        if name not in _CAN[engine]:
            able = next(other for other, known in _CAN.items() if name in known)
            todo = f"use --engine {able}, which makes {', '.join(_CAN[able])}"
            if able == "quarto" and not quarto_program():
                todo += "; it is not installed here"
            why = f"it makes {', '.join(_CAN[engine])}"
            raise RenderError(f"the {engine} engine makes no {name}", why=why, todo=todo)
    place = Path(folder)
    if not place.is_dir():
        raise RenderError("the staged folder does not exist", where=place)
    with tempfile.TemporaryDirectory() as scratch:
        # A report that was rendered into the folder before is no part of it, and could hide that nothing was made now.
        stage = Path(scratch) / "stage"
        shutil.copytree(place, stage)
        written = _rendered(stage, formats, engine)
        return [files.write_bytes(Path(out) / path.name, path.read_bytes()) for path in written]


def check_page(path: Path) -> None:
    """Refuse a page on which something is left unresolved.

    Raises:
        RenderError: `?var:`, `?meta:` or `?@` in the text or in a text that is read aloud.
    """
    content = files.read_text(path)
    spoken = " ".join(re.findall(r'\b(?:alt|title|aria-label)="([^"]*)"', content))
    shown = html.unescape(_NOT_PROSE.sub(" ", content) + " " + spoken)
    if left := _LEFT_OVER.search(shown):
        raise RenderError(f"{left[0]!r} is printed in the report", where=path, why="a value or reference was not resolved")

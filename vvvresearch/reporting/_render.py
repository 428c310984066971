"""The way from a staged folder to the report's files."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import RenderError, did_you_mean
from vvvresearch.reporting._quarto import quarto_program, render_quarto
from vvvresearch.reporting.embedded._engine import render_embedded

ENGINES = ("auto", "quarto", "embedded")
FORMATS = ("html", "pdf")
_LEFT_OVER = re.compile(r"\?(var|meta):[\w.-]*|\?@[\w-]+|\{\{<\s*(?:var|meta|include|embed)\b")
_NOT_PROSE = re.compile(r"<(script|style|code|pre)\b.*?</\1>|<[^>]*>", re.DOTALL)


def render(stage_folder: str | Path, formats: Sequence[str] = FORMATS, engine: str = "auto") -> list[Path]:
    """Render a staged folder to HTML and PDF.

    Args:
        stage_folder: what `stage_report` made.
        formats: "html", "pdf", or both.
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
    written = render_quarto(folder, formats) if engine == "quarto" else render_embedded(folder, formats)
    for path in written:
        if path.suffix == ".html":
            check_page(path)
    return written


def check_page(path: Path) -> None:
    """Refuse a page on which something is left unresolved.

    Raises:
        RenderError: `?var:`, `?meta:`, `?@` or a shortcode in the text or in a text that is read aloud.
    """
    content = files.read_text(path)
    spoken = " ".join(re.findall(r'\b(?:alt|title|aria-label)="([^"]*)"', content))
    shown = html.unescape(_NOT_PROSE.sub(" ", content) + " " + spoken)
    if left := _LEFT_OVER.search(shown):
        raise RenderError(f"{left[0]!r} is printed in the report", where=path, why="a value or reference was not resolved")

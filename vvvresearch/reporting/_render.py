"""The way from a staged folder to the report's files."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import RenderError, did_you_mean
from vvvresearch.reporting.embedded._engine import EMBEDDED_FORMATS, draw_for_word, render_embedded
from vvvresearch.reporting.embedded._pandoc import folder_problems, refuse
from vvvresearch.reporting.embedded._source import ORIGINS, read_project

ENGINES = ("auto", "quarto", "embedded")
DEFAULT = ("html", "pdf")
FORMATS = (*DEFAULT, "docx", "pptx")
# What a staged folder can be rendered to, by Quarto's name for it, and what each engine can make of it.
_TARGETS = {"html": "html", "pdf": "typst", "typ": "typst", "docx": "docx", "pptx": "pptx"}
RENDERED = tuple(_TARGETS)
_CAN = {"embedded": EMBEDDED_FORMATS, "quarto": RENDERED}
# What an engine prints for something it does not know. A shortcode on a page is somebody's words: those of authors are found in the source.
_LEFT_OVER = re.compile(r"\?(var|meta):[\w.-]*|\?@[\w-]+")
_NOT_PROSE = re.compile(r"<(script|style|code|pre)\b.*?</\1>|<[^>]*>", re.DOTALL)


def render(stage_folder: str | Path, formats: Sequence[str] = DEFAULT, engine: str = "auto") -> list[Path]:
    """Render a staged folder.

    Args:
        stage_folder: what `write_volume` made.
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


# Beside a report: what each of its volumes was rendered from, and the hashes of its files.
RENDERED_FROM = "rendered.json"
_ROOM = Path(__file__).parent
_PROGRAMS = ("matplotlib", "pikepdf", "pypandoc-binary", "typst")


def staged_key(folder: Path, formats: Sequence[str], engine: str) -> str:
    """What the files of a staged folder depend on: its own content, formats, engine, and the programs that render it.

    Args:
        folder: the staged folder. Which lines its text came from is told in messages only, and is no part.
        formats, engine: as for `render`.
    """
    staged = {path.relative_to(folder).as_posix(): files.hash_file(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    staged.pop(ORIGINS, None)
    return files.content_hash(json.dumps([staged, list(formats), engine, _programs()], sort_keys=True).encode())


@cache
def _programs() -> list[str]:
    """This room as it stands, and the versions of what it calls."""
    return [files.folder_hash(_ROOM), *map(_version, _PROGRAMS)]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def rendered_before(report: Path, volume: str, key: str) -> dict[str, bytes] | None:
    """A volume's files out of the report before; None where they were made of something else or are no longer as they were made.

    Args:
        report: the folder of the report before.
        volume: "report" or "evidence".
        key: what it would be rendered from now.
    """
    place = report / RENDERED_FROM
    known: Any = files.read_json(place) if place.is_file() else {}
    told = known.get(volume) if isinstance(known, dict) else None
    if not isinstance(told, dict) or told.get("key") != key or not key:
        return None
    found: dict[str, bytes] = {}
    for name, sha in told["files"].items():
        path = report / name
        data = path.read_bytes() if path.is_file() else b""
        if files.content_hash(data) != sha:
            return None
        found[name] = data
    return found


def rendered_files(stage: Path, before: Path, volume: str, out: Path, formats: Sequence[str], engine: str) -> dict[str, Any]:
    """Write the files of a staged volume: those of the report before where it would be the same, else rendered anew.

    Args:
        stage: the staged folder.
        before: the folder of the report before.
        volume: "report" or "evidence".
        out: where the files go.
        formats, engine: as for `render`. Of what Quarto makes nothing is taken over, for it may have been replaced by another.

    Returns:
        What is noted for the next time, under `RENDERED_FROM`.

    Raises:
        RenderError: as for `render`.
    """
    ours = engine == "embedded" or (engine == "auto" and quarto_program() is None)
    key = staged_key(stage, formats, "embedded") if ours else ""
    made = rendered_before(before, volume, key) if ours else None
    if made is None:
        made = {path.name: path.read_bytes() for path in render(stage, formats=formats, engine=engine)}
    for name, data in made.items():
        files.write_bytes(out / name, data)
    return {"key": key, "files": {name: files.content_hash(data) for name, data in made.items()}}


# Quarto ends with 0 although something is printed as it stands: each of these words is a failure.
_COMPLAINT = re.compile(
    r"[^\n]*(?:Unable to resolve|\[WARNING\] Citeproc|ERROR|not found|"
    r"Unknown var|Could not convert|require a single image|No renderer)[^\n]*"
)
_TIME_LIMIT = 900


def quarto_program() -> str | None:
    """The path of Quarto, or None where it is not installed."""
    return shutil.which("quarto")


def render_quarto(folder: Path, formats: Sequence[str]) -> list[Path]:
    """Render every document of a staged folder into it.

    Args:
        folder: the staged folder.
        formats: "html", "pdf" (through Quarto's own Typst), "typ" (the text that Typst reads), "docx", "pptx".

    Returns:
        The written files.

    Raises:
        RenderError: Quarto is missing, failed, or left something unresolved.
    """
    program = quarto_program()
    if program is None:
        raise RenderError("Quarto is not installed", todo='use engine="embedded", or install Quarto')
    written = []
    for name in read_project(folder).documents:
        for output in formats:
            command = [program, "render", name, "--to", _TARGETS[output], "--no-execute"]
            command += ["-M", "keep-typ:true"] if output == "typ" else []
            done = subprocess.run(command, cwd=folder, capture_output=True, timeout=_TIME_LIMIT, check=False)
            said = (done.stdout + done.stderr).decode("utf-8", "replace")
            complaint = _COMPLAINT.search(said)
            if done.returncode or complaint:
                raise RenderError("Quarto did not render the report", where=folder / name, why=complaint[0] if complaint else said[-600:])
            target = folder / Path(name).with_suffix(f".{output}").name
            if not target.is_file():
                raise RenderError("Quarto wrote nothing where it should", where=target)
            written.append(target)
    return written

"""Rendering by Quarto, where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from vvvresearch.errors import RenderError
from vvvresearch.reporting.staging._settings import read_project

_TARGETS = {"html": "html", "pdf": "typst", "typ": "typst", "docx": "docx", "pptx": "pptx"}
QUARTO_FORMATS = tuple(_TARGETS)
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

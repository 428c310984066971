"""Pandoc over a staged document, with the folder's own filters and ours where Quarto's would run."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from vvvresearch.errors import RenderError, not_installed

# Quarto reads its sources with pandoc's Markdown.
READER = "markdown"
_TIME_LIMIT = 300


@cache
def pandoc_program() -> str:
    """The path of the pandoc that came with the installation.

    Raises:
        RenderError: it is not there.
    """
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError):
        raise not_installed(RenderError, "pandoc", "report") from None


def run_pandoc(arguments: Sequence[str], text: str, *, folder: Path | None = None) -> tuple[bytes, list[str]]:
    """Run pandoc over a text.

    Args:
        arguments: pandoc's own.
        text: what it reads.
        folder: where files that the arguments name are looked up.

    Returns:
        The output, and the lines of the log.

    Raises:
        RenderError: pandoc failed; its own words are the reason.
    """
    command = [pandoc_program(), *arguments]
    done = subprocess.run(command, input=text.encode("utf-8"), capture_output=True, cwd=folder, timeout=_TIME_LIMIT, check=False)
    log = done.stderr.decode("utf-8", "replace")
    if done.returncode:
        raise RenderError("pandoc could not convert the document", where=folder or "", why=log.strip()[-600:])
    return done.stdout, log.splitlines()

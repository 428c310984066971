"""`vvv render`: any staged folder as it stands, into files beside nothing else."""

from __future__ import annotations

from pathlib import Path

from vvvresearch.cli._workspace import DONE, UsageError, check_choice, tell, tell_json
from vvvresearch.reporting import ENGINES, RENDERED, render_staged


def render_folder(folder: Path, out: Path, engine: str, to: str, as_json: bool) -> int:
    """Render a staged folder; the folder itself is only read.

    Raises:
        UsageError: no such folder, an engine or format that does not exist.
        RenderError: the folder cannot be rendered so; nothing is written then.
    """
    check_choice(engine, "--engine", ENGINES)
    formats = tuple(part.strip() for part in to.split(",") if part.strip())
    for name in formats:
        check_choice(name, "--to", RENDERED)
    if not formats:
        raise UsageError("--to names no format", todo=f"known: {', '.join(RENDERED)}")
    if not folder.is_dir():
        raise UsageError("there is no such folder", where=folder)
    if out.exists() and not out.is_dir():
        raise UsageError("OUT is a file, and files are written into it", where=out, todo="name a folder")
    written = render_staged(folder, out, formats=formats, engine=engine)
    if as_json:
        tell_json([path.as_posix() for path in written])
    else:
        for path in written:
            tell(path.as_posix())
    return DONE

"""The reference of all public names, as one page: `python -m vvvresearch.cli.reference FOLDER`."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import vvvresearch
from vvvresearch.errors import RenderError, not_installed
from vvvresearch.files import write_text

# Rooms that users call; the rest serves them.
_INSIDE = {"batch", "cli", "files", "locales"}
# Modules that are public beside their room's face.
_ALSO = ("vvvresearch.errors", "vvvresearch.kinds")


def faces() -> Iterator[Any]:
    """Every module whose names are public: the package, its rooms, and their public modules."""
    yield vvvresearch
    for name in _ALSO:
        yield importlib.import_module(name)
    for room in pkgutil.iter_modules(vvvresearch.__path__, "vvvresearch."):
        if not room.ispkg or room.name.split(".")[1] in _INSIDE:
            continue
        face = importlib.import_module(room.name)
        yield face
        for inner in pkgutil.iter_modules(face.__path__, f"{room.name}."):
            if not inner.name.rsplit(".", 1)[1].startswith("_"):
                yield importlib.import_module(inner.name)


def public_names(face: Any) -> list[str]:
    """What a face hands on: its `__all__`, else the functions and classes that it defines itself."""
    listed = getattr(face, "__all__", None)
    if listed is not None:
        return [name for name in listed if not name.startswith("__")]
    own = (name for name, value in vars(face).items() if getattr(value, "__module__", "") == face.__name__ and callable(value))
    return sorted(name for name in own if not name.startswith("_"))


def reference() -> str:
    """The page in Markdown."""
    parts = ["---\ntitle: vvvresearch\nlang: en\n---\n"]
    for face in faces():
        names = public_names(face)
        if names:
            parts.append(f"# {face.__name__}\n\n{inspect.getdoc(face) or ''}\n")
            parts += [_entry(name, getattr(face, name)) for name in names]
    return "\n".join(parts)


def _entry(name: str, value: Any) -> str:
    try:
        shown = f"{name}{inspect.signature(value)}"
    except (TypeError, ValueError):
        shown = name
    text = inspect.getdoc(value) or "" if callable(value) else repr(value)
    return f"## {name}\n\n```python\n{shown}\n```\n\n```text\n{text}\n```\n"


def main(folder: Path) -> None:
    """Write `index.html`, complete in itself.

    Raises:
        RenderError: pandoc is not there.
    """
    try:
        import pypandoc
    except ImportError:
        raise not_installed(RenderError, "pandoc", "report") from None

    page = folder / "index.html"
    folder.mkdir(parents=True, exist_ok=True)
    source = write_text(folder / "reference.md", reference())
    command = [pypandoc.get_pandoc_path(), str(source), "--standalone", "--toc", "--toc-depth=2", "--embed-resources", "-o", str(page)]
    subprocess.run(command, check=True)
    source.unlink()
    print(page)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "outputs/docs"))

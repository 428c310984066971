"""Where a round's notebooks lie: in the workspace, or, where it has none of that name, with the package."""

from __future__ import annotations

from pathlib import Path

import vvvresearch

_PACKAGE = Path(vvvresearch.__file__).parent


def packaged_notebooks() -> Path:
    """The folder of the notebooks that come with the package: in a wheel inside it, in a checkout beside it."""
    inside = _PACKAGE / "_notebooks"
    return inside if inside.is_dir() else _PACKAGE.parent / "notebooks"


def packaged_tutorials() -> Path:
    """The folder of the how-to pages, which are tutorials too: in a wheel inside the package, in a checkout with the documentation."""
    inside = _PACKAGE / "_tutorials"
    return inside if inside.is_dir() else _PACKAGE.parent / "docs" / "pages" / "how-to"


def notebook_file(root: Path, path: str) -> Path:
    """The file of a notebook that a round names; a workspace's own wins over the package's of the same name.

    Args:
        root: the workspace.
        path: as the definition has it, relative to the workspace.

    Returns:
        The path; where neither is there, the workspace's.
    """
    own = root / path
    if own.is_file():
        return own
    theirs = packaged_notebooks() / Path(path).name
    return theirs if theirs.is_file() else own

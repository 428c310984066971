"""Reading a codebook on its own: `.qdc`, CSV, XLSX, or the one inside a project."""

from __future__ import annotations

from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import Codebook
from vvvresearch.sources.qda._codebook_table import table_nodes
from vvvresearch.sources.qda._codes import code_paths
from vvvresearch.sources.qda._draft import CodeNode, LossLog
from vvvresearch.sources.qda._refi_codes import read_codes
from vvvresearch.sources.qda._refi_package import child, local, open_package, parse

_ENDINGS = (".qdc", ".csv", ".xlsx", ".qde", ".qdpx")


def read_codebook(path: str | Path) -> Codebook:
    """Read a codebook.

    A `.qdc` is read whatever namespace its program gave it; CSV and XLSX tables have a row a code (`code_path`, or
    `name` and `parent`; Taguette's `tag`), a `.qdpx` or `.qde` gives the project's codebook. A description may hold
    the sections `[inclusion]`, `[exclusion]` and `[examples]`, each on a line of its own.

    Args:
        path: the file.

    Returns:
        The codes in a tree, each known by its path.

    Raises:
        SourceError: another kind of file, or one that holds no codebook.
        SchemaError: a table with codes that have no name or stand twice.

    Example:
        >>> from vvvresearch.sources import read_codebook
        >>> read_codebook("codebook.qdc").paths  # doctest: +SKIP
        ['Network', 'Network > Danish friends']
    """
    place = Path(path)
    ending = place.suffix.casefold()
    log = LossLog(str(path))
    nodes: list[CodeNode]
    if ending in (".csv", ".xlsx"):
        frame = files.read_csv(place) if ending == ".csv" else files.read_workbook(place)
        nodes = table_nodes(frame, place, log)
    elif ending in (".qdc", ".qde", ".qdpx"):
        root = parse(files.read_bytes(place), place)[0] if ending == ".qdc" else open_package(place).root
        codebook = root if local(root) == "CodeBook" else child(root, "CodeBook")
        if codebook is None:
            raise SourceError(f"the file holds {local(root)!r} without a codebook", where=place)
        nodes = read_codes(codebook, log)
    else:
        raise SourceError(f"no codebook is read from {ending or 'a name without ending'}", where=place, todo=f"use {' '.join(_ENDINGS)}")
    if not nodes:
        raise SourceError("the codebook holds no codes", where=place)
    return code_paths(nodes, log)[0]

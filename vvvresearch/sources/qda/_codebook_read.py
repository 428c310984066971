"""Reading a codebook on its own: `.qdc`, CSV, XLSX, or the one inside a project."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import Codebook
from vvvresearch.sources._typed import TableFile, TypedTable
from vvvresearch.sources.qda._codebook_table import table_nodes, tag_tree
from vvvresearch.sources.qda._codes import code_paths
from vvvresearch.sources.qda._draft import CodeNode, LossLog
from vvvresearch.sources.qda._refi_codes import read_codes
from vvvresearch.sources.qda._refi_package import SCHEMA_PLACE, child, local, open_package, parse, report_rest, take
from vvvresearch.sources.qda._sheets import report_sheets
from vvvresearch.sources.templates import is_template, open_table

if TYPE_CHECKING:
    import pandas as pd

_ENDINGS = (".qdc", ".csv", ".xlsx", ".qde", ".qdpx")


def read_codebook(path: TableFile) -> Codebook:
    """Read a codebook.

    A `.qdc` is read whatever namespace its program gave it; CSV and XLSX tables have a row a code (`code_path`, or
    `name` and `parent`; Taguette's `tag`), a `.qdpx` or `.qde` gives the project's codebook. A description may hold
    the sections `[inclusion]`, `[exclusion]` and `[examples]`, each on a line of its own.

    Args:
        path: the file.

    Returns:
        The codes in a tree, each known by its path; `.losses` lists what the table does not hold.

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
    if isinstance(path, TypedTable):
        nodes = table_nodes(path.frame, place, log)
    elif ending in (".csv", ".xlsx"):
        nodes = table_nodes(_table(place, log), place, log)
    elif ending in (".qdc", ".qde", ".qdpx"):
        root = parse(files.read_bytes(place), place)[0] if ending == ".qdc" else open_package(place).root
        codebook = root if local(root) == "CodeBook" else child(root, "CodeBook")
        if codebook is None:
            raise SourceError(f"the file holds {local(root)!r} without a codebook", where=place)
        nodes = read_codes(codebook, log)
        if codebook.get("origin", "").startswith("Taguette"):
            nodes = tag_tree(nodes)
        for name in ("origin", SCHEMA_PLACE):
            take(codebook, name)
        report_rest(codebook, log)
    else:
        raise SourceError(f"no codebook is read from {ending or 'a name without ending'}", where=place, todo=f"use {' '.join(_ENDINGS)}")
    if not nodes:
        raise SourceError("the codebook holds no codes", where=place)
    book = code_paths(nodes, log)[0]
    return dataclasses.replace(book, losses=log.losses())


def _table(path: Path, log: LossLog) -> pd.DataFrame:
    """The table of a CSV file, or of a workbook's sheet "codebook" (else its first)."""
    if path.suffix.casefold() == ".csv":
        return files.read_csv(path, row_names=True)
    if is_template(path):
        return open_table(path)
    names = files.sheet_names(path)
    sheet = next((name for name in names if name.casefold() == "codebook"), names[0] if names else None)
    report_sheets(path, [name for name in names if name != sheet], log)
    return files.read_workbook(path, sheet)

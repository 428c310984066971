"""A codebook on its own: `.qdc`, the one inside a project, or a table of codes as this package and Taguette write it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.errors import Failure, SchemaError, SourceError
from vvvresearch.evidence import SEPARATOR, Codebook
from vvvresearch.sources.qda._assembly import code_paths, join_description
from vvvresearch.sources.qda._draft import CodeNode, LossLog
from vvvresearch.sources.qda.refi._codebook import read_codes
from vvvresearch.sources.qda.refi._package import SCHEMA_PLACE, child, local, open_package, parse, report_rest, take
from vvvresearch.sources.qda.tables._columns import folded_heading
from vvvresearch.sources.qda.tables._write import report_sheets
from vvvresearch.sources.registers._tables import TableFile, TypedTable
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


_NAMES = {
    "code_path": ("code_path", "code path", "path", "tag", "code", "kode", "codename", "code name", "hierarchical name", "sti"),
    "name": ("name", "navn", "kodenavn", "tema"),
    "parent": ("parent", "overkode", "category", "kategori", "overtema"),
    "definition": ("definition", "description", "beskrivelse", "memo", "comment", "kommentar", "code memo"),
    "inclusion": ("inclusion", "inklusion"),
    "exclusion": ("exclusion", "eksklusion"),
    "examples": ("examples", "example", "eksempler", "eksempel"),
    "is_codable": ("is_codable", "codable"),
    "color": ("color", "colour", "farve"),
    "guid": ("guid",),
    "is_case": ("is_case",),
}
_YES = ("1", "true", "yes", "ja", "sand")
_NO = ("0", "false", "no", "nej", "falsk")
_BETWEEN = re.compile(r"\s+>\s+")


def path_of(cell: str) -> str:
    """A code path as typed, with one space around each ">"."""
    return SEPARATOR.join(_BETWEEN.split(cell.strip()))


def tag_path(tag: str) -> str:
    """A tag as a path: a "." between words parts a tag from the one above it. One beside a space or between digits is
    part of the name, as in "bl.a. netværk" or "1.2".

    Example:
        >>> tag_path("people.family"), tag_path("bl.a. arbejde")
        ('people > family', 'bl.a. arbejde')
    """
    name = tag.strip()
    parts = name.split(".")
    plain = all(part and part == part.strip() for part in parts) and not re.search(r"\d\.\d|\.\s", name)
    return SEPARATOR.join(path_of(part) for part in parts) if plain else path_of(name)


def tag_tree(tags: Iterable[CodeNode]) -> list[CodeNode]:
    """Taguette's tags, named by their whole path, as a tree; a tag above that nobody made is a category."""
    known: dict[str, CodeNode] = {}
    for tag in tags:
        path = tag_path(tag.name)
        known[path if path not in known else tag.name] = tag
    tree = []
    for node in with_ancestors({path: CodeNode(path, path.rpartition(SEPARATOR)[2], path.rpartition(SEPARATOR)[0]) for path in known}, ()):
        own = known.get(node.key, CodeNode(node.key, "", "", is_codable=False))
        parent = known[node.parent].key if node.parent in known else node.parent
        tree.append(own._replace(name=node.name, parent=parent))
    return tree


def table_nodes(frame: pd.DataFrame, path: object, log: LossLog) -> list[CodeNode]:
    """The codes of a codebook table; a code's key is its path. Codes above that have no row are added.

    Raises:
        SourceError: no column that holds the codes.
        SchemaError: a code without a name, or one that stands twice, with all rows.
    """
    known = {folded_heading(name): str(name) for name in frame.columns}
    columns: dict[str, str] = {}
    for role, names in _NAMES.items():
        name = next((known[one] for one in map(folded_heading, names) if one in known), None)
        if name is not None:
            columns[role] = name
    if not {"code_path", "name"} & columns.keys():
        raise SourceError(
            "this is no codebook: no column with the codes",
            where=path,
            why=f"its columns are {', '.join(str(name) for name in frame.columns)}",
            todo="name the columns code_path (or name and parent), definition, inclusion, exclusion, examples",
        )
    for name in frame.columns:
        filled = sum(bool(str(cell).strip()) for cell in frame[name])
        if name not in columns.values() and filled:
            log.add(f"cells of the column {str(name)!r} of the codebook", filled, "the column is not read")
    is_taguette = folded_heading(columns.get("code_path", "")) == "tag"
    nodes: dict[str, CodeNode] = {}
    failures = []
    for line, record in zip(frame.index, frame.to_dict("records"), strict=True):
        row = {role: files.original_text(str(record[columns[role]])) if role in columns else "" for role in _NAMES}
        typed = tag_path(row["code_path"]) if is_taguette else path_of(row["code_path"])
        typed = typed or path_of(f"{row['parent']} > {row['name']}" if row["parent"].strip() else row["name"])
        if not typed:
            failures.append(Failure(int(line), columns.get("code_path", columns.get("name", "")), "", "a code needs a name"))
            continue
        if typed in nodes:
            failures.append(Failure(int(line), columns.get("code_path", columns.get("name", "")), typed, "the code stands twice"))
            continue
        parent, _, last = typed.rpartition(SEPARATOR)
        codable = row["is_codable"].strip().casefold() not in _NO
        is_case = row["is_case"].strip().casefold() in _YES
        color, guid = row["color"].strip(), row["guid"].strip()
        nodes[typed] = CodeNode(typed, row["name"] or last, parent, codable, join_description(row), color, guid, is_case)
        other_parent = row["code_path"].strip() and row["parent"].strip() and path_of(row["parent"]) != parent
        log.add("parents of codes that are not those of their path", int(bool(other_parent)), "the path was taken", typed)
    if failures:
        raise SchemaError("the codebook is not usable", failures, where=path, todo="correct these rows")
    return with_ancestors(nodes, ())


def with_ancestors(nodes: dict[str, CodeNode], paths: Iterable[str]) -> list[CodeNode]:
    """The codes, with a code for every path named and for every path above it, parents first."""
    for path in [*nodes, *dict.fromkeys(paths)]:
        parts = path.split(SEPARATOR)
        for depth, part in enumerate(parts):
            parent = SEPARATOR.join(parts[:depth])
            key = f"{parent}{SEPARATOR}{part}" if parent else part
            nodes.setdefault(key, CodeNode(key, part, parent))
    return list(nodes.values())

"""Typed parameters: what a notebook's cell tagged `parameters` declares, and whether given values fit it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vvvresearch.batch._keys import read_cells
from vvvresearch.batch._plan import NotebookStep, Parameter
from vvvresearch.errors import Failure, NotebookError, SchemaError, did_you_mean

_TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool, "list": list}
# Set by the run itself in every notebook that has them.
OWN = ("root", "out")


@dataclass(frozen=True)
class Declared:
    """One parameter of a notebook: its type, whether it may be None, its default and its line in the cell."""

    type: type | None
    optional: bool
    default: Parameter
    line: int

    def problem(self, value: object) -> str:
        """Why a value does not fit, "" when it does. Whole numbers fit where decimals are asked for; text never turns into a number."""
        if value is None:
            return "" if self.optional else "None is not allowed here"
        if self.type is None or type(value) is self.type or (self.type is float and type(value) is int):
            return ""
        return f"must be {self.type.__name__}, not {type(value).__name__}"


def declared_parameters(notebook: Path) -> dict[str, Declared]:
    """The parameters of a notebook, from its cell tagged `parameters`.

    A type is taken from the annotation (`lang: str = "da"`, `limit: int | None = None`), else from the default.

    Raises:
        NotebookError: the cell is not plain assignments of values.
    """
    found: dict[str, Declared] = {}
    for number, cell in enumerate(read_cells(notebook), start=1):
        metadata = cell.get("metadata")
        if cell.get("cell_type") != "code" or "parameters" not in (metadata if isinstance(metadata, dict) else {}).get("tags", []):
            continue
        source = cell.get("source", "")
        text = source if isinstance(source, str) else "".join(map(str, source if isinstance(source, list) else []))
        try:
            for node in ast.parse(text).body:
                found |= _declaration(node)
        except (SyntaxError, ValueError) as problem:
            raise NotebookError(
                "the parameters cell can only hold assignments of plain values",
                where=f"{notebook}, cell number {number}",
                why=str(problem),
                todo='write it like lang = "da"',
            ) from None
    return found


def _declaration(node: ast.stmt) -> dict[str, Declared]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return {}
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
        names = set(_annotated(node.annotation))
        kinds = [_TYPES[name] for name in sorted(names & _TYPES.keys())]
        default = ast.literal_eval(node.value)
        return {node.target.id: Declared(kinds[0] if len(kinds) == 1 else None, default is None or "None" in names, default, node.lineno)}
    if isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
        default = ast.literal_eval(node.value)
        kind = type(default) if isinstance(default, str | int | float | bool | list) else None
        return {target.id: Declared(kind, default is None, default, node.lineno) for target in node.targets if isinstance(target, ast.Name)}
    raise ValueError(f"line {node.lineno} is not an assignment of a plain value")


def _annotated(annotation: ast.expr) -> list[str]:
    """The names of an annotation's alternatives: `list[str] | None` gives "list" and "None"."""
    if isinstance(annotation, ast.BinOp):
        return [*_annotated(annotation.left), *_annotated(annotation.right)]
    if isinstance(annotation, ast.Subscript):
        return _annotated(annotation.value)
    return [annotation.id if isinstance(annotation, ast.Name) else "None"]


def check_parameters(steps: tuple[NotebookStep, ...]) -> None:
    """Refuse unknown and wrongly typed parameters of all steps at once, before anything starts.

    Raises:
        SchemaError: every parameter that does not fit, with its step.
        NotebookError: a notebook is missing, or its parameters cell is unreadable.
    """
    declarations: dict[Path, dict[str, Declared]] = {}
    failures = []
    for step in steps:
        if step.notebook not in declarations:
            declarations[step.notebook] = declared_parameters(step.notebook)
        known = declarations[step.notebook]
        failures += [
            Failure(None, f"{step.id}: {name}", str(step.parameters.get(name)), text) for name, text in misfits(step.parameters, known)
        ]
    if failures:
        raise SchemaError(
            "parameters do not fit their notebooks; nothing was started", failures, todo="correct the round's file, or the notebook"
        )


def misfits(given: Mapping[str, Parameter], known: Mapping[str, Declared]) -> list[tuple[str, str]]:
    """The parameters given that a notebook does not declare, or with another type, each with what is wrong."""
    found = []
    for name, value in given.items():
        if name not in known:
            found.append((name, f"the notebook has no parameter {name}; {did_you_mean(name, known)}"))
        elif problem := known[name].problem(value):
            found.append((name, problem))
    return found

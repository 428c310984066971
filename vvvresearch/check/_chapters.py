"""What chapters hand on, told from their code: the names that `page.add` is called with, where analyses are left unrun."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.batch import read_cells
from vvvresearch.rounds._page import slug_of

if TYPE_CHECKING:
    from vvvresearch.check._evidence import Examined

# What a round knows without working anything out; everything else stands for any word.
_KNOWN = (
    "surveys",
    "codes",
    "groups",
    "portrayed",
    "comparable",
    "programme",
    "spec",
    "hypotheses",
    "published_values",
    "id",
    "lang",
    "kind",
)
_ANY = "zzanyzz"


@dataclass
class Chapter:
    """What one notebook makes.

    Args:
        pages: the names of its pages.
        names: what it adds, as reports call it, in order; with a wildcard where only a run can tell.
        figures: those of them that may have a picture.
        whole: whether all of its names could be told.
    """

    pages: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    figures: set[str] = field(default_factory=set)
    whole: bool = True

    def makes(self, kind: str, stem: str) -> bool:
        """Whether it makes a table or figure of this name, or may make it."""
        names = self.figures if kind == "figures" else self.names
        return any(re.fullmatch(re.escape(name).replace(_ANY, ".+"), stem) for name in names)

    @property
    def certain(self) -> list[str]:
        """The names that stand whatever the data are."""
        return [name for name in self.names if _ANY not in name]


class _Any:
    """Anything: whatever is asked of it is anything again."""

    def __getattr__(self, name: str) -> _Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> _Any:
        return self

    def __getitem__(self, _: Any) -> _Any:
        return self

    def __str__(self) -> str:
        return _ANY

    def __format__(self, _: str) -> str:
        return _ANY

    def __add__(self, other: Any) -> str:
        return f"{_ANY}{other}"

    def __radd__(self, other: Any) -> str:
        return f"{other}{_ANY}"


class _Side(_Any):
    """An outcome or its absence, which gives set analyses their names."""

    def __init__(self, outcome: Any = "", *_: Any, negate_outcome: bool = False, **__: Any) -> None:
        self.key = f"not-{outcome}" if negate_outcome else str(outcome)


class _Cheap:
    """A round that answers only what needs no analysis."""

    def __init__(self, opened: Examined) -> None:
        self._opened = opened

    def __getattr__(self, name: str) -> Any:
        try:
            if name == "outcomes":
                return tuple(one.id for one in self._opened.spec.outcomes)
            if name == "truth_table":
                return _Side
            if name == "trends":
                return lambda: dict.fromkeys(self._opened.spec.trends, _Any())
            return getattr(self._opened, name) if name in _KNOWN else _Any()
        except Exception:  # what cannot be read is told elsewhere
            return _Any()


def chapter_of(opened: Examined, notebook: Path, parameters: dict[str, Any]) -> Chapter:
    """What a notebook makes in a round; analyses are not run.

    Args:
        opened: the round.
        notebook: its file.
        parameters: what the definition gives it.

    Raises:
        NotebookError: it is missing or no notebook.
    """
    made = Chapter()
    cells = [cell for cell in read_cells(notebook) if cell.get("cell_type") == "code"]
    code = "\n".join(_plain(cell.get("source", "")) for cell in cells)
    try:
        tree = ast.parse(code)
    except SyntaxError:
        made.whole = False
        return made
    pages = dict(_assigned_pages(tree))
    made.pages += list(pages.values())
    kept, _ = _sliced(tree.body, set(pages))
    rounds = {name for name, value in _assignments(tree) if _calls(value, "open_round")}
    body = [node for node in kept if not (isinstance(node, ast.Assign) and _targets(node) & (rounds | set(pages)))]
    module = ast.fix_missing_locations(ast.Module(body=body, type_ignores=[]))
    space: dict[str, Any] = {name: _Cheap(opened) for name in rounds or {"r"}}
    space |= {"__each": _each, "__add": lambda name, figure, parts: _note(made, name, figure, parts)}
    defaults = {_plain_name(node): node.value.value for node in tree.body if isinstance(node, ast.Assign) and _is_plain(node)}  # type: ignore[attr-defined]
    module.body = [node for node in module.body if not (_is_plain(node) and _plain_name(node) in parameters)]
    try:
        exec(compile(module, str(notebook), "exec"), space | defaults | parameters)
    except Exception:  # code of one's own may need what only a run has
        made.whole = False
    return made


def _plain(source: Any) -> str:
    text = source if isinstance(source, str) else "".join(source)
    return "\n".join("pass" if line.lstrip().startswith(("%", "!")) else line for line in text.split("\n"))


def _is_plain(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.targets[0], ast.Name)


def _plain_name(node: ast.stmt) -> str:
    return next(iter(_targets(node)), "") if isinstance(node, ast.Assign) else ""


def _assignments(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            yield from ((name, node.value) for name in _targets(node))


def _targets(node: ast.Assign | ast.For) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def _calls(value: ast.expr, name: str) -> bool:
    return isinstance(value, ast.Call) and (getattr(value.func, "attr", "") == name or getattr(value.func, "id", "") == name)


def _assigned_pages(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for name, value in _assignments(tree):
        if isinstance(value, ast.Call) and _calls(value, "page") and value.args and isinstance(value.args[0], ast.Constant):
            yield name, str(value.args[0].value)


def _names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _sliced(body: list[ast.stmt], pages: set[str], needed: set[str] | None = None) -> tuple[list[ast.stmt], set[str]]:
    """The statements on which the names of what is added depend, last first, with what those need in turn."""
    wanted = set(needed or ())
    kept: list[ast.stmt] = []
    for node in reversed(body):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _adds(node.value, pages):
            call = node.value
            given = {one.arg: one.value for one in call.keywords}
            name = call.args[0] if call.args else given.get("name", ast.Constant(""))
            figure = call.args[2] if len(call.args) > 2 else given.get("figure", ast.Constant(None))
            noted = ast.Call(ast.Name("__add", ast.Load()), [name, figure, given.get("parts", ast.Constant(False))], [])
            kept.append(ast.copy_location(ast.Expr(noted), node))
            wanted |= _names_in(noted)
        elif isinstance(node, ast.For):
            inside, more = _sliced(node.body, pages, wanted)
            if any(not isinstance(one, ast.Assign) for one in inside):
                wanted |= more | _names_in(node.iter)
                size = len(node.target.elts) if isinstance(node.target, ast.Tuple) else 0
                each = ast.Call(ast.Name("__each", ast.Load()), [node.iter, ast.Constant(size)], [])
                kept.append(ast.copy_location(ast.For(node.target, each, inside, []), node))
        elif isinstance(node, ast.If):
            one, more = _sliced(node.body, pages, wanted)
            other, others = _sliced(node.orelse, pages, wanted)
            if one or other:
                wanted |= more | others
                kept += [*reversed(other), *reversed(one)]
        elif isinstance(node, ast.Assign) and _targets(node) & wanted:
            kept.append(node)
            wanted |= _names_in(node.value)
        elif isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef):
            kept.append(node)
    return kept[::-1], wanted


def _adds(call: ast.Call, pages: set[str]) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "add" and getattr(call.func.value, "id", "") in pages


def _each(values: Any, size: int) -> Iterator[Any]:
    if isinstance(values, _Any):
        yield (values,) * size if size else values
        return
    yield from values


def _note(made: Chapter, name: Any, figure: Any, parts: Any) -> None:
    slug = slug_of(str(name))
    made.names.append(slug)
    if figure != "":
        made.figures.add(slug)
    if parts:
        made.names.append(f"{slug}-{_ANY}")
        made.figures.add(f"{slug}-{_ANY}")

"""Chapters of a round: their notebooks are there and fit their parameters, and what they hand on is told from their code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.batch import OWN, declared_parameters, misfits, read_cells
from vvvresearch.check._evidence import Examined
from vvvresearch.check._fault import Fault, faults_of, nearest, quoted
from vvvresearch.errors import VvvError
from vvvresearch.evidence import waves_in_order
from vvvresearch.results import address_part, folded
from vvvresearch.rounds import Notebook, notebook_file, packaged_notebooks
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


def notebook_faults(opened: Examined) -> Iterator[Fault]:
    """Notebooks that nobody wrote, and parameters that do not fit them."""
    folders = (opened.root / "notebooks", packaged_notebooks())
    there = sorted({path.stem for folder in folders for path in folder.glob("*.ipynb")})
    for number, book in enumerate(opened.spec.notebooks):
        path = notebook_file(opened.root, book.path)
        row = opened.lines.of(book.id, "notebooks", number)
        if not path.is_file():
            why = f"the notebook {book.id} is named here"
            yield Fault("notebook", opened.file, row, f"there is no {book.path}", why, nearest(book.id, there))
            continue
        try:
            declared = declared_parameters(path)
        except VvvError as problem:
            yield from faults_of(problem, "notebook", book.path, opened.root)
            continue
        given = dict(book.parameters) | dict.fromkeys(book.for_each.parameters if book.for_each else (), "")
        wrong = misfits(given, declared)
        for name, misfit in wrong:
            yield Fault("notebook", opened.file, opened.lines.of(name, "notebooks", number), f"{book.id}, {name}: {misfit}")
        for name, parameter in declared.items():
            if name in OWN or name in {one for one, _ in wrong} or (book.for_each and name in book.for_each.parameters):
                continue
            yield from _named(opened, book, number, name, book.parameters.get(name, parameter.default))


def _named(opened: Examined, book: Notebook, number: int, name: str, value: Any) -> Iterator[Fault]:
    """A parameter that is called as an analysis calls what it takes must name something that there is."""
    known = _known(opened, name)
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and one and known and not any(_same(one, other) for other in known):
            own = name in book.parameters
            file = opened.file if own else book.path
            row = opened.lines.of(one, "notebooks", number) if own else None
            yield Fault("notebook", file, row, f"{book.id}, {name}: the round has no {quoted(one)}", "", nearest(one, known))
    if isinstance(value, str) and value and known == [] and name.rstrip("s") in ("survey", "source"):
        row = opened.lines.of(value, "notebooks", number) if name in book.parameters else None
        yield Fault("notebook", opened.file, row, f"{book.id}, {name}: the round has no {quoted(value)}", "it has no such source")


def _same(one: str, other: str) -> bool:
    return one == other or folded(address_part(one)) == folded(address_part(other))


def _known(opened: Examined, name: str) -> list[str] | None:
    """What a parameter of this name may be; None where nobody can tell."""
    register, maps = opened.one("interviews"), opened.one("mappings")
    match name.rstrip("s"):
        case "survey":
            return [source.id for source in opened.spec.sources if source.type == "survey"]
        case "source":
            return [source.id for source in opened.spec.sources]
        case "goal":
            return [goal.id for goal in opened.spec.goals]
        case "condition":
            return [one.id for one in (*opened.spec.conditions, *opened.spec.outcomes)]
        case "outcome":
            return [one.id for one in opened.spec.outcomes]
        case "code" | "under":
            found = opened.one("codings")
            return None if found is None else [*found[1].codebook.paths, *(code.key for code in opened.codes())]
        case "pair" | "case":
            pairs = {str(pair) for pair in register[1].frame["pair"] if str(pair)} if register else set()
            return sorted(pairs | ({str(case) for case in maps[1].links["case"]} if maps else set())) or None
        case "wave":
            return (waves_in_order(register[1].frame["wave"]) if register else []) or None
        case "group":
            return list(opened.programme.groups)
        case "municipality" | "municipalitie":
            return [str(code) for code in opened.municipalities["code"]]
        case "coder":
            found = opened.one("codings")
            return None if found is None else list(found[1].coders)
    return None


def chapters(opened: Examined) -> dict[str, Chapter]:
    """What each notebook of the report makes; those that cannot be read are left out."""
    made = {}
    for book in opened.spec.notebooks:
        try:
            made[book.id] = chapter_of(opened, notebook_file(opened.root, book.path), dict(book.parameters))
        except VvvError:
            continue
    return made


def name_faults(opened: Examined, made: dict[str, Chapter]) -> Iterator[Fault]:
    """Names of pages and of what is on them that are taken already."""
    taken: dict[str, str] = {}
    for book in opened.spec.notebooks:
        if book.id not in made or book.on_request:
            continue
        pages = [f"the page {name}" for name in made[book.id].pages]
        for name in [*pages, *(f"the table {name}" for name in made[book.id].certain)]:
            if name in taken:
                why = f"{taken[name]} makes one of the same name"
                yield Fault("notebook", book.path, None, f"{name} is made twice", why, "give one of them another name")
            taken.setdefault(name, book.id)

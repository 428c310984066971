"""Mutants by rule: a comparison turned, a constant one more or less, a `not` dropped, two arguments swapped, a statement dropped."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

_TURNED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
# Statements whose absence is a fault of its own kind; a dropped import or definition is a crash that any test finds.
_DROPPED = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Raise, ast.Return, ast.Continue, ast.Delete)
# Types that code only names: nothing that runs reads them.
_TYPES = {"Annotated", "Callable", "Literal", "Iterable", "Iterator", "Mapping", "Sequence", "dict", "frozenset", "list", "set", "tuple"}
_TYPE_MAKERS = {"TypeVar", "ParamSpec"}
_HEADS = ("test", "iter", "items", "subject", "value", "values", "targets", "target", "exc", "cause", "msg")


@dataclass(frozen=True)
class Mutant:
    """One change of one file.

    Args:
        statement: number of the statement in its file, as `statements` counts.
        line: its line.
        rule: which rule made it.
        was, now: the code before and after, in one line each.
        text: the whole file after the change.
    """

    statement: int
    line: int
    rule: str
    was: str
    now: str
    text: str


def statements(tree: ast.Module) -> list[ast.stmt]:
    """All statements of a module, in an order that does not change."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]


def mutants(source: str, number: int) -> list[Mutant]:
    """Every mutant of one statement; a compound statement gives those of its head only."""
    statement = statements(ast.parse(source))[number]
    found = [_mutant(source, number, statement, rule, node, new) for rule, node, new in _changes(statement)]
    return [one for one in found if one is not None]


def _changes(statement: ast.stmt) -> Iterator[tuple[str, ast.AST, ast.AST]]:
    definition = isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    if definition or _is_text(statement) or _names_only(statement):
        return
    if isinstance(statement, _DROPPED) and not (isinstance(statement, ast.AnnAssign) and statement.value is None):
        yield "statement dropped", statement, ast.Pass()
    for node in _head(statement):
        if isinstance(node, ast.Compare):
            for place, sign in enumerate(node.ops):
                for other in _TURNED[type(sign)]:
                    new = copy.deepcopy(node)
                    new.ops[place] = other()
                    yield "comparison turned", node, new
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            for step in (1, -1):
                yield "constant moved", node, ast.Constant(node.value + step)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield "not dropped", node, node.operand
        elif isinstance(node, ast.Call):
            for place in range(len(node.args) - 1):
                one, other = node.args[place : place + 2]
                if not isinstance(one, ast.Starred) and not isinstance(other, ast.Starred) and ast.dump(one) != ast.dump(other):
                    new = copy.deepcopy(node)
                    new.args[place], new.args[place + 1] = new.args[place + 1], new.args[place]
                    yield "arguments swapped", node, new


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _names_only(statement: ast.stmt) -> bool:
    """Whether an assignment says what a module hands on, or gives a type a name."""
    if not isinstance(statement, ast.Assign):
        return False
    if isinstance(statement.targets[0], ast.Name) and statement.targets[0].id == "__all__":
        return True
    value = statement.value
    if isinstance(value, ast.Subscript):
        return isinstance(value.value, ast.Name) and value.value.id in _TYPES
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in _TYPE_MAKERS


def _head(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement itself: no body, no annotation, nothing inside an f-string, where positions are not to be trusted."""
    waiting: list[ast.AST] = []
    for name in _HEADS:
        part = getattr(statement, name, None)
        waiting += part if isinstance(part, list) else [part] if isinstance(part, ast.AST) else []
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.JoinedStr | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
        elif isinstance(node, ast.Lambda):
            waiting.append(node.body)


def _mutant(source: str, number: int, statement: ast.stmt, rule: str, node: ast.AST, new: ast.AST) -> Mutant | None:
    lines = source.encode().splitlines(keepends=True)
    places = [getattr(node, name, None) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset")]
    if not all(isinstance(place, int) for place in places):
        return None
    first, start, last, end = places
    before = b"".join(lines[: first - 1]) + lines[first - 1][:start]
    after = lines[last - 1][end:] + b"".join(lines[last:])
    words = ast.unparse(new)
    written = words if isinstance(new, ast.stmt | ast.Constant) else f"({words})"
    text = (before + written.encode() + after).decode()
    try:
        changed = ast.parse(text)
    except SyntaxError:
        return None
    if ast.dump(changed) == ast.dump(ast.parse(source)):
        return None
    was = " ".join(ast.unparse(statement).splitlines()[0].split())
    if rule == "statement dropped":
        return Mutant(number, statement.lineno, rule, was, "pass", text)
    return Mutant(number, statement.lineno, rule, was, f"{ast.unparse(node)} → {words}", text)

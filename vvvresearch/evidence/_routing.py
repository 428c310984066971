"""Routing expressions: who is asked an item, as a small language over the answers to earlier items.

    refers == "yes"
    refers in ("no", "no_longer") and not (agreement == "yes")

Nothing else is allowed, so a route can be read, checked and computed, never run.
"""

from __future__ import annotations

import ast
import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from vvvresearch.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

_MOST_COMBINATIONS = 100_000


@dataclass(frozen=True)
class Route:
    """A parsed route. Unanswered items never satisfy a comparison with ==, `in`, nor with !=, `not in`."""

    text: str
    tree: ast.expr

    @cached_property
    def items(self) -> set[str]:
        """The items it looks at."""
        return {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}

    @cached_property
    def answers(self) -> set[tuple[str, str]]:
        """The pairs (item, code) it waits for."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Compare):
                assert isinstance(node.left, ast.Name)
                found |= {(node.left.id, code) for code in _codes(node.comparators[0])}
        return found

    def asked(self, answers: pd.DataFrame) -> pd.Series[bool]:
        """Who is asked, for a table with one column an item (codes as text).

        Raises:
            SourceError: an item the route looks at is not in the table.
        """
        import pandas as pd

        def value(node: ast.expr) -> pd.Series[bool]:
            if isinstance(node, ast.BoolOp):
                parts = [value(part) for part in node.values]
                result = parts[0]
                for part in parts[1:]:
                    result = (result & part) if isinstance(node.op, ast.And) else (result | part)
                return result
            if isinstance(node, ast.UnaryOp):
                return ~value(node.operand)
            assert isinstance(node, ast.Compare)
            assert isinstance(node.left, ast.Name)
            boxes = [column for column in answers.columns if str(column).startswith(f"{node.left.id}:")]
            if boxes and node.left.id not in answers.columns:
                return _ticked(answers, boxes, node)
            if node.left.id not in answers.columns:
                raise SourceError(f"the route needs the item {node.left.id!r}, which the answers do not hold", where=self.text)
            column = answers[node.left.id].astype("string").fillna("")
            among = column.isin(_codes(node.comparators[0]))
            if isinstance(node.ops[0], ast.NotEq | ast.NotIn):
                return ~among & (column != "")
            return among

        return pd.Series(value(self.tree).to_numpy(dtype=bool), index=answers.index)

    def can_hold(self, codes: Mapping[str, Sequence[str]]) -> bool:
        """Whether some combination of answers satisfies it (True when there are too many to try)."""
        import pandas as pd

        # Of codes the route does not name one stands for all.
        named = {item: {code for name, code in self.answers if name == item} for item in self.items}
        choices = []
        for item in sorted(self.items):
            others = [code for code in codes[item] if code not in named[item]]
            choices.append([*[code for code in codes[item] if code in named[item]], *others[:1], ""])
        total = 1
        for choice in choices:
            total *= len(choice)
        if total > _MOST_COMBINATIONS:
            return True
        table = pd.DataFrame(list(itertools.product(*choices)), columns=sorted(self.items), dtype=object)
        return bool(self.asked(table).any())


def _ticked(answers: pd.DataFrame, boxes: Sequence[str], node: ast.Compare) -> pd.Series[bool]:
    """A comparison with a multiple item: == holds where the box is ticked, != where the battery was answered without it."""
    cells = answers[list(boxes)].astype("string").fillna("")
    waited = {f"{node.left.id}:{code}" for code in _codes(node.comparators[0])}  # type: ignore[attr-defined]
    among = (cells[[box for box in boxes if box in waited]] == "1").any(axis=1)
    if isinstance(node.ops[0], ast.NotEq | ast.NotIn):
        return ~among & (cells != "").any(axis=1)
    return among


def parse_route(text: str) -> Route:
    """Parse a routing expression.

    Raises:
        SourceError: it uses anything but ==, !=, in, not in, and, or, not over items and texts.

    Example:
        >>> sorted(parse_route('refers == "yes" or mayor != "no"').items)
        ['mayor', 'refers']
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise SourceError(f"the route {text!r} cannot be read", todo='write for example: refers == "yes"') from None
    _check(tree, text)
    return Route(text, tree)


def _check(node: ast.expr, text: str) -> None:
    if isinstance(node, ast.BoolOp):
        for part in node.values:
            _check(part, text)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        _check(node.operand, text)
    elif not _is_comparison(node):
        raise SourceError(
            f"the route {text!r} uses something that routes do not have",
            why="allowed are ==, !=, in, not in, and, or, not between items and answers in quotes",
        )


def _is_comparison(node: ast.expr) -> bool:
    if not (isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and len(node.ops) == 1):
        return False
    compared = node.comparators[0]
    single = isinstance(node.ops[0], ast.Eq | ast.NotEq)
    among = isinstance(node.ops[0], ast.In | ast.NotIn)
    return (single or among) and isinstance(compared, ast.Constant) == single and bool(_codes(compared))


def _codes(node: ast.expr) -> tuple[str, ...]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (node.value,)
    if isinstance(node, ast.Tuple | ast.List | ast.Set) and node.elts:
        parts = [_codes(part) for part in node.elts]
        return tuple(code for part in parts for code in part) if all(len(part) == 1 for part in parts) else ()
    return ()

"""No shipped round is inside the package: its ids, items, pairs and codes stand in its own files and nowhere in code or notebooks."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "vvvresearch"
# An id that is an ordinary word, or a term of the field, says nothing of the round that uses it.
ORDINARY = re.compile(r"[a-zæøå]+|broken_off|TIME")


@cache
def shipped_ids() -> frozenset[str]:
    """Everything that the shipped rounds call by a name of their own."""
    found: set[str] = set()
    for path in (ROOT / "rounds").glob("*/round.toml"):
        spec = tomllib.loads(path.read_text(encoding="utf-8"))
        found |= {spec["id"]} | {source["id"] for source in spec["sources"]} | {goal["id"] for goal in spec.get("goals", ())}
        found |= {one["id"] for name in ("conditions", "outcomes") for one in spec.get(name, ())}
        for source in spec["sources"]:
            if source["type"] == "survey" and source.get("questionnaire"):
                questionnaire = tomllib.loads((ROOT / source["questionnaire"]).read_text(encoding="utf-8"))
                found |= {item["id"] for item in questionnaire["items"]}
    found |= {f"P{number:02}" for number in range(1, 13)} | {f"{code}" for code in range(9001, 9099)}
    return frozenset(one for one in found if not ORDINARY.fullmatch(one))


def constants(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Texts that code holds, without documentation."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_code_names_nothing_of_a_shipped_round(path: Path) -> None:
    named = [(line, text) for line, text in constants(ast.parse(path.read_text(encoding="utf-8"))) if text in shipped_ids()]
    assert named == []


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_chapter_names_nothing_of_a_shipped_round_and_is_short(path: Path) -> None:
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    code = "\n".join("".join(cell["source"]) for cell in cells)
    words = set(re.findall(r"[\w-]+", code))
    assert not words & shipped_ids()
    lines = [line for line in code.split("\n") if line.strip() and not line.strip().startswith("#")]
    assert len(lines) <= 25
    assert 'round_id = ""' in code
    assert "r.has(" not in code
    assert "page.add(" in code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells)

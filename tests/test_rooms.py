"""The house: rooms import downwards only, and the package starts light."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "vvvresearch"

# A room may import only rooms of a lower rank. Rooms of one rank do not see each other.
FLOORS = (
    ("errors", "_version"),
    ("files", "locales"),
    ("kinds", "batch", "conditions"),
    ("_column",),
    ("idioms",),
    ("evidence", "results", "statistics"),
    ("figures", "sources", "privacy", "published", "statements"),
    ("themes", "mechanisms", "survey", "monitoring", "intake", "audit"),
    ("exploring",),
    ("rounds",),
    ("reporting",),
    ("check",),
    ("release",),
    ("cli",),
)
RANK = {room: rank for rank, floor in enumerate(FLOORS) for room in floor}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imported_rooms(path: Path) -> set[str]:
    found = set()
    for node in nodes_of(path):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if node.module == "vvvresearch":
                found |= {alias.name for alias in node.names}
            elif node.module and node.module.startswith("vvvresearch."):
                found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {name.name.split(".")[1] for name in node.names if name.name.startswith("vvvresearch.")}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_its_own_room_and_rooms_below(path: Path) -> None:
    room = room_of(path)
    assert room in RANK, f"{room} has no floor"
    upwards = {other for other in imported_rooms(path) - {room} if RANK.get(other, 99) >= RANK[room]}
    assert not upwards, f"{path.name} of {room} imports {upwards}"


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def imported_modules(path: Path, known: set[str]) -> set[str]:
    """What a module imports when it runs, inside functions too; what only a type checker reads is no tie."""
    blocks = [node.body for node in nodes_of(path) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    for_types = {id(node) for block in blocks for one in block for node in ast.walk(one)}
    found = set()
    for node in nodes_of(path):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in for_types:
            # A name may be a function of the face and a module behind it; to its own face a module has no tie.
            found |= {one if (one := f"{node.module}.{alias.name}") in known else node.module for alias in node.names}
    return found & known - {name_of(path), name_of(path).rpartition(".")[0]}


def test_no_module_imports_itself_by_way_of_others() -> None:
    known = {name_of(path) for path in MODULES}
    try:
        TopologicalSorter({name_of(path): imported_modules(path, known) for path in MODULES}).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = "import sys, vvvresearch; print(sorted({'pandas','numpy','matplotlib','papermill','pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

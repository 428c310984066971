"""Which test runs which statement of the package: probes in front of all statements, as a plug-in of pytest.

The probes write into one mapped file, so that they also see what child processes run: notebooks, the command line.
"""

from __future__ import annotations

import ast
import base64
import builtins
import json
import marshal
import mmap
import os
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

import mutation_rules

PACKAGE = "vvvresearch"
HITS, OFFSETS, TRACE = "hits.bin", "offsets.json", "trace.json"
_NAME = "__hits_of_tests__"
_PLACE = "MUTATION_TRACE"


def prepare(folder: Path, root: Path) -> dict[str, int]:
    """Write what the probes need: the number of each file's first statement, and a mapped file of that size."""
    offsets, count = {}, 0
    for path in sorted((root / PACKAGE).rglob("*.py")):
        offsets[path.relative_to(root).as_posix()] = count
        count += len(mutation_rules.statements(ast.parse(path.read_text("utf-8"))))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / OFFSETS).write_text(json.dumps(offsets), "utf-8")
    (folder / HITS).write_bytes(bytes(count))
    # Every Python that a test starts finds this first.
    (folder / "sitecustomize.py").write_text("import mutation_trace\n\nmutation_trace.install()\n", "utf-8")
    return offsets


def environment(folder: Path, root: Path) -> dict[str, str]:
    """What a traced run is started with."""
    here = Path(__file__).parent
    return {"PYTHONPATH": os.pathsep.join(map(str, (folder, here, root))), _PLACE: str(folder)}


def install() -> None:
    """Import the package with probes from now on."""
    folder = Path(os.environ[_PLACE])
    if hasattr(builtins, _NAME):
        return
    with (folder / HITS).open("r+b") as handle:
        setattr(builtins, _NAME, mmap.mmap(handle.fileno(), 0))
    sys.meta_path.insert(0, _Finder(json.loads((folder / OFFSETS).read_text("utf-8"))))


class _Finder:
    def __init__(self, offsets: dict[str, int]) -> None:
        self.offsets = offsets

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        if name.split(".")[0] != PACKAGE:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Probing(spec.loader.name, spec.loader.path, self.offsets)
        return spec


class _Probing(SourceFileLoader):
    def __init__(self, name: str, path: str, offsets: dict[str, int]) -> None:
        super().__init__(name, path)
        self.offsets = offsets

    def get_code(self, fullname: str) -> CodeType:
        parts = Path(self.path).parts
        place = "/".join(parts[len(parts) - 1 - parts[::-1].index(PACKAGE) :])
        if place not in self.offsets:
            return super().get_code(fullname)  # type: ignore[return-value]
        # Kept for the child processes of the tests: each of them would compile the whole package with its probes anew.
        kept = Path(os.environ[_PLACE]) / f"{place.replace('/', '-')}.code"
        try:
            return marshal.loads(kept.read_bytes())  # type: ignore[no-any-return]
        except (OSError, EOFError, ValueError):
            tree = ast.parse(self.get_data(self.path))
            probe(tree, self.offsets[place])
            code = compile(tree, self.path, "exec", dont_inherit=True)
            part = kept.with_suffix(f".{os.getpid()}")
            part.write_bytes(marshal.dumps(code))
            os.replace(part, kept)
            return code


def probe(tree: ast.Module, first: int) -> None:
    """Put a probe in front of every statement but imports and texts."""
    numbers = {id(statement): first + place for place, statement in enumerate(mutation_rules.statements(tree))}
    for node in list(ast.walk(tree)):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                setattr(node, name, [part for statement in block for part in _probed(statement, numbers)])


def _probed(statement: ast.stmt, numbers: dict[int, int]) -> Iterator[ast.stmt]:
    text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    if not text and not isinstance(statement, ast.Import | ast.ImportFrom):
        hit = ast.parse(f"{_NAME}[{numbers[id(statement)]}] = 1").body[0]
        yield ast.fix_missing_locations(ast.copy_location(_moved(hit, statement), statement))
    yield statement


def _moved(hit: ast.stmt, statement: ast.stmt) -> ast.stmt:
    for node in ast.walk(hit):
        if hasattr(node, "lineno"):
            ast.copy_location(node, statement)
    return hit


class Tracer:
    """Pytest's plug-in: what each test function runs, with its fixtures, and how long it takes."""

    def __init__(self) -> None:
        self.hits: Any = getattr(builtins, _NAME)
        self.functions: dict[str, dict[str, Any]] = {}
        self.failed: set[str] = set()

    def pytest_runtest_protocol(self, item: Any) -> None:
        self.hits[:] = bytes(len(self.hits))
        self.began = time.monotonic()

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failed.add(report.nodeid.split("[")[0])

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        name = nodeid.split("[")[0]
        entry = self.functions.setdefault(name, {"seconds": 0.0, "hits": bytes(len(self.hits))})
        entry["seconds"] += time.monotonic() - self.began
        both = int.from_bytes(entry["hits"], "big") | int.from_bytes(self.hits[:], "big")
        entry["hits"] = both.to_bytes(len(self.hits), "big")

    def pytest_sessionfinish(self) -> None:
        found = {name: entry for name, entry in self.functions.items() if name not in self.failed}
        for entry in found.values():
            entry["hits"] = base64.b64encode(zlib.compress(entry["hits"])).decode("ascii")
        (Path(os.environ[_PLACE]) / TRACE).write_text(json.dumps({"functions": found, "failed": sorted(self.failed)}), "utf-8")


def pytest_configure(config: Any) -> None:
    config.pluginmanager.register(Tracer(), "mutation-tracer")

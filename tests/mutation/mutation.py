"""Do the tests notice a fault? Mutants by rule, on statements drawn at random from what the tests run.

`python tasks.py mutants` runs it; nothing here belongs to `make test`, and the checkout is never changed: all runs in copied trees.
What was found is kept below `outputs/.mutation/`, so that a run that was stopped goes on where it was.

It ends with 0 when at least 90 % are killed, 1 when fewer are or too many count as equivalent, 2 when it was not finished.
"""

from __future__ import annotations

import argparse
import ast
import base64
import hashlib
import json
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mutation_rules
import mutation_trace
from mutation_rules import Mutant

ROOT = Path(__file__).resolve().parents[2]
EQUIVALENT = ROOT / "tests" / "mutants-equivalent.toml"
TOTAL, EACH, KILLED, EQUIVALENT_SHARE = 120, 5, 0.9, 0.05
# Seconds of recorded time that the tests of one mutant may take: those that run the statement, then the rest of their files.
NEAR, FAR = 120.0, 180.0
WORKERS = 2


@dataclass
class Suite:
    """What the tests run: for each test function its seconds, and a byte a statement of the package."""

    seconds: dict[str, float] = field(default_factory=dict)
    hits: dict[str, bytes] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def functions(self, statements: Iterable[int], room: str) -> list[str]:
        """Those that run any of these statements: the room's own first, then the fast ones."""
        numbers = list(statements)
        found = [name for name, hits in self.hits.items() if any(hits[number] for number in numbers)]
        return sorted(found, key=lambda name: (f"/{room}/" not in name, self.seconds[name], name))


@dataclass(frozen=True)
class Drawn:
    """A mutant with its file, and which test functions and which whole files may notice it."""

    file: str
    room: str
    mutant: Mutant
    near: tuple[str, ...]
    far: tuple[str, ...]
    left_out: int

    @property
    def name(self) -> str:
        """One line that stays when lines move."""
        return f"{self.file}: {self.mutant.rule}: {self.mutant.was}: {self.mutant.now}"


def tracked(root: Path) -> list[str]:
    """The checkout's files, also those not yet committed."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=root, capture_output=True, check=True)
    return sorted(name for name in listed.stdout.decode().split("\0") if name and (root / name).is_file())


def key_of(root: Path, names: Iterable[str]) -> str:
    """What code and evidence are: a trace holds for no other."""
    digest = hashlib.sha256()
    for name in names:
        if name.endswith((".py", ".toml", ".ipynb", ".csv", ".yaml", ".json", ".jsonl", ".qdpx", ".sav", ".md", ".txt")):
            digest.update(name.encode() + b"\0" + (root / name).read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def copy_tree(root: Path, names: Iterable[str], target: Path) -> Path:
    """A fresh copy of the checkout's files with compiled modules, so that only a mutant is compiled anew."""
    shutil.rmtree(target, ignore_errors=True)
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, target / name)
    subprocess.run([sys.executable, "-m", "compileall", "-q", mutation_trace.PACKAGE], cwd=target, check=False)
    return target


def pytest(tree: Path, arguments: list[str], extra: dict[str, str], limit: float | None) -> int | None:
    """The exit code of pytest in a tree; None when it took longer than the limit."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", **extra}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-q", "--no-header", *arguments]
    process = subprocess.Popen(
        command, cwd=tree, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        return process.wait(limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
        return None


def groups(names: Iterable[str]) -> dict[str, list[str]]:
    """Test files by folder: each group is traced in one run."""
    found: dict[str, list[str]] = {}
    for name in names:
        parts = name.split("/")
        if parts[0] == "tests" and parts[-1].startswith("test_") and parts[-1].endswith(".py") and "mutation" not in parts:
            found.setdefault(parts[1] if len(parts) > 2 else "top", []).append(name)
    return found


def trace(trees: queue.Queue[Path], wanted: dict[str, list[str]], folder: Path, deadline: float) -> Suite:
    """Run the groups with probes, or read what an earlier run found of them."""

    def one(group: str) -> None:
        kept = folder / f"trace-{group}.json"
        if kept.exists() or time.monotonic() > deadline:
            return
        tree = trees.get()
        probes = tree.with_name(f"{tree.name}-{group}")
        mutation_trace.prepare(probes, tree)
        began = time.monotonic()
        pytest(tree, ["-p", "mutation_trace", *wanted[group]], mutation_trace.environment(probes, tree), None)
        trees.put(tree)
        if (probes / mutation_trace.TRACE).exists():
            os.replace(probes / mutation_trace.TRACE, kept)
            print(f"traced tests/{group}: {time.monotonic() - began:.0f} s", flush=True)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(one, wanted))
    tests = Suite()
    for group in wanted:
        if not (folder / f"trace-{group}.json").exists():
            continue
        read = json.loads((folder / f"trace-{group}.json").read_text("utf-8"))
        tests.failed += read["failed"]
        for name, entry in read["functions"].items():
            tests.seconds[name] = entry["seconds"]
            tests.hits[name] = zlib.decompress(base64.b64decode(entry["hits"]))
    return tests


def room_of(file: str) -> str:
    """The room that a file of the package lies in."""
    parts = file.split("/")
    return parts[1] if len(parts) > 2 else "top"


def allotted(executed: dict[str, int], total: int, each: int) -> dict[str, int]:
    """How many mutants each room gets: at least `each`, the rest by how much of it the tests run."""
    rest = max(0, total - each * len(executed))
    whole = sum(executed.values())
    return {room: each + -(-rest * count // whole) for room, count in executed.items()}


def inside_functions(tree: ast.Module) -> set[int]:
    """The statements that run when something is called; the others run on import, before any test."""
    found = {id(part) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for part in ast.walk(node)}
    found -= {id(part) for part in ast.walk(tree) if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)}
    return {number for number, statement in enumerate(mutation_rules.statements(tree)) if id(statement) in found}


def covered(root: Path, offsets: dict[str, int], tests: Suite) -> dict[str, dict[int, list[int]]]:
    """By file, each statement that tests run, with the numbers whose hits count for it; what runs on import is
    noticed by tests that run any function of its file."""
    whole = bytearray(max((len(hits) for hits in tests.hits.values()), default=0))
    for hits in tests.hits.values():
        whole = bytearray(a | b for a, b in zip(whole, hits, strict=True))
    found: dict[str, dict[int, list[int]]] = {}
    for file, first in offsets.items():
        tree = ast.parse((root / file).read_text("utf-8"))
        inside = inside_functions(tree)
        run = [number for number in inside if whole[first + number]]
        found[file] = {number: [first + number] for number in run}
        if run:
            outside = set(range(len(mutation_rules.statements(tree)))) - inside
            found[file] |= {number: [first + other for other in run] for number in outside}
    return found


def draw(root: Path, offsets: dict[str, int], tests: Suite, seed: int, limit: int | None, rooms: list[str]) -> list[Drawn]:
    """Mutants of every room, drawn from the statements that its tests run; a room's draw does not depend on the others."""
    statements = covered(root, offsets, tests)
    by_room: dict[str, list[tuple[str, int]]] = {}
    for file in sorted(statements):
        by_room.setdefault(room_of(file), []).extend((file, number) for number in sorted(statements[file]))
    wanted = allotted({room: len(numbers) for room, numbers in sorted(by_room.items()) if numbers}, TOTAL, EACH)
    drawn = []
    for room, count in wanted.items():
        if rooms and room not in rooms:
            continue
        chance = random.Random(f"{seed}:{room}")
        waiting, got = by_room[room][:], 0
        chance.shuffle(waiting)
        for file, number in waiting:
            if got >= min(count, limit or count):
                break
            mutant = one_of((root / file).read_text("utf-8"), number, chance)
            if mutant is None:
                continue
            got += 1
            drawn.append(with_tests(file, room, mutant, statements[file][number], tests))
    return drawn


def one_of(source: str, number: int, chance: random.Random) -> Mutant | None:
    """One mutant of a statement: a rule first, so that long statements do not favour one, then one of the rule's."""
    every = mutation_rules.mutants(source, number)
    if not every:
        return None
    rule = chance.choice(sorted({mutant.rule for mutant in every}))
    return chance.choice([mutant for mutant in every if mutant.rule == rule])


def with_tests(file: str, room: str, mutant: Mutant, numbers: list[int], tests: Suite) -> Drawn:
    """A mutant with the tests to run: functions that run the statement; then their whole files, since a fixture or a cache
    that several share is run by the first of them only."""
    functions = tests.functions(numbers, room)
    near = within(functions, tests.seconds, NEAR)
    files = list(dict.fromkeys(name.split("::")[0] for name in functions))
    others = {file: [name for name in tests.seconds if name.startswith(f"{file}::")] for file in files}
    seconds = {file: sum(tests.seconds[name] for name in names) for file, names in others.items()}
    files = [file for file in files if not set(others[file]) <= set(near)]
    far = within(files, seconds, FAR)
    left_out = len([name for name in functions if name not in near and name.split("::")[0] not in far])
    return Drawn(file, room, mutant, tuple(near), tuple(far), left_out)


def within(names: list[str], seconds: dict[str, float], limit: float) -> list[str]:
    """As many names, in order, as take no longer than the limit; at least one."""
    found: list[str] = []
    spent = 0.0
    for name in names:
        spent += seconds[name]
        if found and spent > limit:
            spent -= seconds[name]
            continue
        found.append(name)
    return found


def tried(drawn: Drawn, tree: Path, tests: Suite) -> str:
    """Whether the tests notice: killed, survived; a run without end is noticed too."""
    path = tree / drawn.file
    before, stamp = path.read_bytes(), path.stat()
    try:
        path.write_text(drawn.mutant.text, "utf-8")
        # Compiled modules are recognised by whole seconds and size.
        os.utime(path, (stamp.st_atime, stamp.st_mtime + 7))
        for names in filter(None, (drawn.near, drawn.far)):
            expected = sum(seconds for name, seconds in tests.seconds.items() if name in names or name.split("::")[0] in names)
            # All of them passed when they were traced in the same tree, so whatever is wrong now is the mutant's work.
            if pytest(tree, ["-x", *names], {}, 180 + 12 * expected) != 0:
                return "killed"
        return "survived"
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))


def equivalent(path: Path) -> dict[tuple[str, str, str], str]:
    """The mutants that change nothing anybody could see, by file, code before and after, with the reason."""
    entries = tomllib.loads(path.read_text("utf-8")).get("mutant", [])
    return {(entry["file"], entry["was"], entry["now"]): entry["reason"] for entry in entries if entry["reason"].strip()}


def seed_of(root: Path) -> int:
    """The commit's own number."""
    said = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=True)
    return int(said.stdout.strip()[:12], 16)


def report(results: list[tuple[Drawn, str]], drawn: int, failed: list[str]) -> int:
    """Say the rate of every room and every survivor; returns the exit code."""
    by_room: dict[str, list[str]] = {}
    for one, result in results:
        by_room.setdefault(one.room, []).append(result)
        if result == "survived":
            place = f"{one.file}:{one.mutant.line}"
            more = f" ({one.left_out} tests left out for time)" if one.left_out else ""
            print(f"survived  {place}: {one.mutant.rule}: {one.mutant.was} | {one.mutant.now}{more}")
    counted = [result for _, result in results if result != "equivalent"]
    for room, found in [*sorted(by_room.items()), ("all rooms", [result for _, result in results])]:
        numbers = {name: found.count(name) for name in ("killed", "survived", "equivalent")}
        rate = numbers["killed"] / max(1, len(found) - numbers["equivalent"])
        print(f"{room:14} {len(found):4} mutants: " + ", ".join(f"{count} {name}" for name, count in numbers.items()) + f"; {rate:.0%}")
    for name in failed:
        print(f"not used, fails without a mutant: {name}")
    if len(results) < drawn or not results:
        print(f"not finished: {len(results)} of {drawn} mutants tried")
        return 2
    same = len(results) - len(counted)
    if same > EQUIVALENT_SHARE * len(results):
        print(f"{same} of {len(results)} count as equivalent, more than {EQUIVALENT_SHARE:.0%}")
        return 1
    return 0 if counted.count("killed") >= KILLED * len(counted) else 1


def remembered(path: Path) -> dict[str, str]:
    lines: Iterator[Any] = map(json.loads, path.read_text("utf-8").splitlines()) if path.exists() else iter(())
    return {line["mutant"]: line["result"] for line in lines}


def main(arguments: list[str]) -> int:
    """Trace, draw, try, report."""
    parser = argparse.ArgumentParser(prog="python tasks.py mutants", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rooms", default="", help="only these, with commas between")
    parser.add_argument("--tests", default="", help="only tests of these folders of tests/, with commas between")
    parser.add_argument("--limit", type=int, help="at most so many mutants a room")
    parser.add_argument("--minutes", type=float, default=600.0, help="begin nothing after so many minutes")
    parser.add_argument("--seed", type=int, help="what the draw depends on; the commit, when not given")
    options = parser.parse_args(arguments)
    deadline = time.monotonic() + 60 * options.minutes
    names = tracked(ROOT)
    key = key_of(ROOT, names)
    folder = ROOT / "outputs" / ".mutation" / key
    folder.mkdir(parents=True, exist_ok=True)
    wanted = groups(names)
    if options.tests:
        wanted = {group: files for group, files in wanted.items() if group in options.tests.split(",")}
    with tempfile.TemporaryDirectory(prefix="mutants-") as place:
        trees: queue.Queue[Path] = queue.Queue()
        for number in range(WORKERS):
            trees.put(copy_tree(ROOT, names, Path(place) / f"tree-{number}"))
        tests = trace(trees, wanted, folder, deadline)
        if not tests.hits:
            print("no test that passes was traced")
            return 2
        offsets = mutation_trace.prepare(Path(place) / "offsets", ROOT)
        seed = seed_of(ROOT) if options.seed is None else options.seed
        drawn = draw(ROOT, offsets, tests, seed, options.limit, [room for room in options.rooms.split(",") if room])
        known, store = equivalent(EQUIVALENT), folder / "results.jsonl"
        before = remembered(store)
        print(f"seed {seed}: {len(drawn)} mutants, {len(tests.seconds)} test functions", flush=True)

        def one(mine: Drawn) -> tuple[Drawn, str] | None:
            if (mine.file, mine.mutant.was, mine.mutant.now) in known:
                return mine, "equivalent"
            if mine.name in before:
                return mine, before[mine.name]
            if time.monotonic() > deadline:
                return None
            tree = trees.get()
            try:
                result = tried(mine, tree, tests)
            finally:
                trees.put(tree)
            with store.open("a", encoding="utf-8") as handle:
                handle.write(json.dumps({"mutant": mine.name, "result": result}) + "\n")
            print(f"{result:9} {mine.file}:{mine.mutant.line}: {mine.mutant.rule}", flush=True)
            return mine, result

        # One of every room in turn: a run that is stopped has tried something everywhere.
        in_turn = sorted(drawn, key=lambda mine: [other for other in drawn if other.room == mine.room].index(mine))
        with ThreadPoolExecutor(WORKERS) as pool:
            results = [result for result in pool.map(one, in_turn) if result is not None]
    return report(results, len(drawn), tests.failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

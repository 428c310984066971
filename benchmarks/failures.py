"""Every file operation of a small round's commands fails once: what stands afterwards is the old state or the new one, whole.

    python benchmarks/failures.py [--every 1] [--first 1] [--minutes 30] [--only run,release]

A made-up round of real data is taken to its first run. Then, for each command (run after a change of prose, hide, approve, release,
withdraw), its file operations in the workspace are counted, and the command is carried out again and again, each time with another
operation failing as on a full disk. Afterwards the folder of outputs must be as its manifest says (old prose or new), every other file
the old or the new one, nothing half-written may lie about, the message may be no traceback, and the same command must then succeed.
"""

from __future__ import annotations

import argparse
import builtins
import contextlib
import csv
import errno
import io
import json
import mmap
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

# This process only forks; what commands need is loaded once, and none runs here, since their threads would not come along.
from vvvresearch import check, intake, reporting  # noqa: F401
from vvvresearch.cli.main import run as run_command
from vvvresearch.release import touched

REPORT = """\
# Sammenfatning {{#sec-summary}}

I alt henviser {{{{< var survey.henviser.ja.count >}}}} af {{{{< var survey.henviser.ja.n >}}}}. {words}

> Vi savner flere frivillige i de mindre byer og timer til koordinering
"""
_TOLD = 24
OPERATIONS = ("open", "replace", "rename", "mkdir", "unlink", "remove", "rmdir", "chmod", "utime", "link", "symlink")
ON_OPEN_FILES = ("fsync", "write", "sendfile")
NEW = "Nej: {{< var survey.henviser.nej.count >}}."
COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", "n", "-j", "1"),
    "hide": ("release", "n", "--hide"),
    "approve": ("release", "n", "--approve", "all", "--by", "Mette Kjær"),
    "release": ("release", "n"),
    "withdraw": ("withdraw", "n", "r5", "--no-run"),
}


def call(root: Path, *arguments: str) -> tuple[int, str]:
    """A command that nothing fails: exit code and everything that it says."""
    return tried(root, arguments, 0)[:2]


def prepared(folder: Path) -> Path:
    """A round of 40 answers that has been run once."""
    root = folder / "w"
    root.mkdir()
    call(root, "init", str(root))
    call(root, "new-round", "n")
    answers = ["Ja"] * 21 + ["Nej"] * 16 + ["Ved ikke"] * 3
    rows = [["Respondent-ID", "Henviser I?", "Hvad vil du tilføje?"], *([f"r{n}", one, ""] for n, one in enumerate(answers))]
    rows[1][2] = "Vi savner flere frivillige i de mindre byer og timer til koordinering"
    with (folder / "survey.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(rows)
    code, said = call(root, "add", "n", str(folder / "survey.csv"), "--yes")
    assert code == 0, said
    definition = root / "rounds/n/round.toml"
    lines = ["notebooks = []" if line.startswith("notebooks = ") else line for line in definition.read_text().splitlines()]
    lines = ['languages = ["da"]' if line.startswith("languages = ") else line for line in lines]
    definition.write_text("\n".join(lines) + "\n")
    questionnaire = root / "surveys/n/survey.toml"
    questionnaire.write_text(questionnaire.read_text().replace("UDFYLD", "ansatte").replace("TODO", "staff"))
    (root / "rounds/n/report.qmd").write_text(REPORT.format(words=""), encoding="utf-8")
    code, said = call(root, *COMMANDS["run"])
    assert code == 0, said
    return root


@contextlib.contextmanager
def failing(root: Path, place: int, shared: mmap.mmap) -> Iterator[None]:
    """Let the operation with this number fail, in this process and in its children; 0 only counts."""
    real: dict[str, Callable[..., Any]] = {name: getattr(os, name) for name in (*OPERATIONS, *ON_OPEN_FILES)}
    opening = builtins.open
    inside = os.fspath(root)

    def place_of(path: Any, folder: int | None) -> str:
        """Where an operation is about; a folder is removed from within, by names that only its own descriptor explains."""
        if isinstance(path, int) or folder is not None:
            with contextlib.suppress(OSError):
                opened = os.readlink(f"/proc/self/fd/{path if folder is None else folder}")
                return opened if folder is None else os.path.join(opened, os.fspath(path))
        return os.fspath(path) if isinstance(path, str | os.PathLike) else ""

    def counted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def operation(path: Any, *rest: Any, **named: Any) -> Any:
            if place_of(path, named.get("dir_fd")).startswith(inside):
                number = int.from_bytes(shared[:8], "little") + 1
                shared[:8] = number.to_bytes(8, "little")
                if number == place:
                    shared[8:_TOLD] = name.encode().ljust(_TOLD - 8, b"\0")
                    raise OSError(errno.ENOSPC, "No space left on device", None if isinstance(path, int) else os.fspath(path))
            return call(path, *rest, **named)

        return operation

    for name, function in real.items():
        setattr(os, name, counted(name, function))
    builtins.open = io.open = counted("open", opening)
    try:
        yield
    finally:
        for name, function in real.items():
            setattr(os, name, function)
        builtins.open = io.open = opening


def tried(root: Path, arguments: tuple[str, ...], place: int) -> tuple[int, str, int, str]:
    """A command in a child of this process with one operation failing: exit code, words, operations, which one failed."""
    told, said = root.parent / "told", root.parent / "said"
    told.write_bytes(bytes(_TOLD))
    sys.stdout.flush()
    number = os.fork()
    if not number:
        with said.open("wb") as handle:
            for stream in (1, 2):
                os.dup2(handle.fileno(), stream)
        os._exit(child(place, told, root, list(arguments)))
    code = _waited(number, 240)
    content, words = told.read_bytes(), said.read_text(encoding="utf-8", errors="replace")
    code = 99 if "Traceback (most recent call last)" in words else code
    return code, words, int.from_bytes(content[:8], "little"), content[8:].rstrip(b"\0").decode()


def _waited(number: int, seconds: float) -> int:
    """The exit code of a child; one that takes too long is stopped and counts as dead."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(number, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(number, signal.SIGKILL)
    os.waitpid(number, 0)
    return 98


def child(place: int, told: Path, root: Path, arguments: list[str]) -> int:
    """What `tried` forks: the command line with its operations counted in a file that children share."""
    code = 0
    with told.open("r+b") as handle:
        shared = mmap.mmap(handle.fileno(), _TOLD)
    sys.argv = ["vvv", *arguments, *([] if arguments[0] == "init" else ["--root", str(root)])]
    try:
        with failing(root, place, shared):
            run_command()
    except SystemExit as stop:
        code = int(stop.code or 0) if isinstance(stop.code, int | None) else 1
    except BaseException:
        traceback.print_exc()
        code = 99
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def texts(root: Path) -> dict[str, bytes]:
    """Every file outside outputs; a log and what a scan keeps grow by themselves."""
    found = (path for part in ("rounds", "interviews", "surveys") for path in (root / part).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def outputs_are_whole(root: Path) -> str:
    """What is wrong with the folder of outputs; empty when it is as its manifest says, or gone as a whole."""
    folder = root / "outputs/n/da"
    if not folder.exists():
        return ""
    if not (folder / "manifest.json").is_file():
        return "outputs without a manifest"
    wrong = [f"{name} {how}" for name, how in touched(folder, root)]
    return wrong[0] if wrong else ""


def litter(root: Path) -> list[str]:
    """Half-written files that were left beside what is kept."""
    found = [path for part in ("rounds", "interviews", "surveys") for path in (root / part).rglob(".*") if path.is_file()]
    kept = {path.name for path in found if path.name in (".gitignore", ".gitattributes")}
    return [path.relative_to(root).as_posix() for path in found if path.name not in kept]


def sealed_are_whole(root: Path) -> str:
    """A sealed folder that the log names is there and as it was sealed; one that it does not name is not there."""
    from vvvresearch.release import changes, releases

    try:
        named = {one.folder.name: one for one in releases(root, "n")}
    except Exception as problem:
        return f"the log of releases: {problem}"
    there = {path.name for path in (root / "outputs/released").glob("n-*")} if (root / "outputs/released").is_dir() else set()
    wrong = [line for one in named.values() if not one.withdrawn for line in changes(one)]
    strange = there - {name for name, one in named.items() if not one.withdrawn}
    return wrong[0] if wrong else f"{sorted(strange)[0]} is in no log" if strange else ""


def judged(before: Path, after: Path, now: Path, code: int, said: str) -> str:
    """The outcome of one failure in a word."""
    if code >= 97:
        return "traceback" if code == 99 else "died"
    old, new, here = texts(before), texts(after), texts(now)
    for name in {*old, *new, *here}:
        same = here.get(name) in (old.get(name), new.get(name)) or (name.endswith(".jsonl") and name in here)
        if not same and not Path(name).name.startswith("."):
            return f"broken: {Path(name).name}"
    wrong = outputs_are_whole(now) or sealed_are_whole(now)
    if wrong:
        return f"broken: {wrong}"
    if litter(now):
        return "half-written file left"
    return "whole, command failed" if code else "whole, command went on"


def main() -> int:
    """Print a table of commands, operations and outcomes; 1 where something was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="try every so manieth operation")
    parser.add_argument("--first", type=int, default=1, help="the first operation that is tried: what is written comes last")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--only", default=",".join(COMMANDS))
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="vvv-failures-"))
    start, bad = time.monotonic(), 0
    try:
        root = prepared(folder)
        for name, arguments in COMMANDS.items():
            if name == "run":
                (root / "rounds/n/report.qmd").write_text(REPORT.format(words=NEW), encoding="utf-8")
            after = folder / "after"
            shutil.copytree(root, after, symlinks=True)
            code, said, operations, _ = tried(after, arguments, 0)
            if code:
                print(f"{name}: the command itself fails: {said.strip()[-300:]}")
                return 1
            if name in given.only.split(","):
                counts: dict[str, Counter[str]] = {}
                for place in range(given.first, operations + 1, given.every):
                    if time.monotonic() - start > 60 * given.minutes:
                        print(f"{name}: stopped at operation {place} of {operations}")
                        break
                    now = folder / "now"
                    shutil.copytree(root, now, symlinks=True)
                    code, said, _, which = tried(now, arguments, place)
                    outcome = judged(root, after, now, code, said)
                    again, words = call(now, *arguments)
                    left = [path.name for path in now.rglob(".*.gone")]
                    if again or left:
                        outcome += ", and not mended by doing it again"
                    counts.setdefault(which or "none", Counter())[outcome] += 1
                    bad += not outcome.startswith("whole") or "not mended" in outcome
                    if not outcome.startswith("whole") or "not mended" in outcome:
                        print(f"{name}, operation {place} ({which}): {outcome}: {(words if again else said).strip()[-160:]!r}", flush=True)
                    shutil.rmtree(now)
                print(f"{name}: {operations} operations")
                for which, outcomes in counts.items():
                    print(f"  {which}: {json.dumps(outcomes)}", flush=True)
            shutil.rmtree(root)
            after.rename(root)
            if name == "approve":
                code, said = call(root, *COMMANDS["run"])
        print(f"{bad} broken, {time.monotonic() - start:.0f} s")
        return 1 if bad else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

"""Every file operation of a small round's commands fails once: what stands afterwards is the old state or the new one, whole.

    python tasks.py failures [--sample 200] [--seed 1] [--minutes 30] [--only run,release]

A made-up round of real data is taken to its first run. Then, for each command (add of a register, run, hide, approve, release, withdraw),
its file operations in the workspace and in its folder for temporary files are counted. Then it is carried out once more, and at every
operation that was drawn it waits: a fork of it, which sees a copy of the workspace in its place, goes on with this operation failing: as
on a full disk, without permission, or as if the file had vanished, by turns. Where a fork cannot take the place (a folder is being
removed by its descriptor, what is written goes to an open file, or another process works), the command begins anew. Afterwards the folder
of outputs must be as its manifest says (old prose or new), every other file the old or the new one, nothing half-written or temporary may
lie about, the message may be no traceback and no fault of the program's, and the same command must then succeed and leave what it leaves
undisturbed, which is tried once for each state that is left. For Linux, as root: a fork gets mounts of its own.
"""

from __future__ import annotations

import argparse
import builtins
import concurrent.futures
import contextlib
import csv
import ctypes
import errno
import hashlib
import io
import json
import mmap
import os
import random
import re
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


class InTurn(concurrent.futures.Executor):
    """Threads that are none: a fork has only the one it is made in."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Whatever a pool is made with."""

    def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> concurrent.futures.Future[Any]:
        """Done at once."""
        done: concurrent.futures.Future[Any] = concurrent.futures.Future()
        try:
            done.set_result(function(*given, **named))
        except BaseException as problem:
            done.set_exception(problem)
        return done


concurrent.futures.ThreadPoolExecutor = InTurn  # type: ignore[misc, assignment]

# This process only forks; what commands need is loaded once, and none runs here.
from vvvresearch import check, intake, reporting  # noqa: E402, F401
from vvvresearch.cli.main import run as run_command  # noqa: E402
from vvvresearch.release import touched  # noqa: E402

REPORT = """\
# Sammenfatning {{#sec-summary}}

I alt henviser {{{{< var survey.henviser.ja.count >}}}} af {{{{< var survey.henviser.ja.n >}}}}. {words}

> Vi savner flere frivillige i de mindre byer og timer til koordinering
"""
_TOLD = 24
_LONGEST = 240
Fails = Callable[[int, bool], bool]
ERRORS = (errno.ENOSPC, errno.EACCES, errno.ENOENT)
TEMPORARY = ".temporary"
REMOVALS = ("unlink", "remove", "rmdir", "scandir", "listdir")
_TIMED = r"\.jsonl$|manifest\.json$|/\.|/log/"
OPERATIONS = ("open", "scandir", "listdir", "replace", "rename", "mkdir", "unlink", "remove", "rmdir", "chmod", "utime", "link", "symlink")
ON_OPEN_FILES = ("fsync", "write", "sendfile")
NEW = "Nej: {{< var survey.henviser.nej.count >}}."
COMMANDS: dict[str, tuple[str, ...]] = {
    "add": ("add", "n", "{folder}/register.csv", "--answers", "{folder}/answers.toml"),
    "run": ("run", "n", "-j", "1"),
    "hide": ("release", "n", "--hide"),
    "approve": ("release", "n", "--approve", "all", "--by", "Mette Kjær"),
    "release": ("release", "n"),
    "withdraw": ("withdraw", "n", "r5", "--no-run"),
}


def call(root: Path, *arguments: str) -> tuple[int, str]:
    """A command that nothing fails: exit code and everything that it says."""
    return tried(root, arguments, lambda number, here: False)[:2]


def prepared(folder: Path) -> Path:
    """A round of 40 answers that has been run once."""
    root = folder / "w"
    root.mkdir()
    call(root, "init", str(root))
    call(root, "new-round", "n")
    answers = ["Ja"] * 21 + ["Nej"] * 16 + ["Ved ikke"] * 3
    rows = [["Respondent-ID", "Henviser I?", "Hvad vil du tilføje?"], *([f"r{n}", one, ""] for n, one in enumerate(answers))]
    rows[1][2] = "Vi savner flere frivillige i de mindre byer og timer til koordinering"
    register = [("Match", "Kommune", "Startet", "Sluttet")]
    register += [(f"F{n}", ("Vejle", "Odense")[n % 2], f"2026-0{1 + n % 6}-11", "" if n % 4 else "2026-09-01") for n in range(1, 31)]
    for name, lines in (("survey", rows), ("register", register)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows(lines)
    (folder / "answers.toml").write_text('["register.csv"]\n"default.persons" = "1"\n', encoding="utf-8")
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
def failing(root: Path, fails: Fails, shared: mmap.mmap) -> Iterator[None]:
    """Count the operations of this process and its children, and let those fail that are told to by number."""
    real: dict[str, Callable[..., Any]] = {name: getattr(os, name) for name in (*OPERATIONS, *ON_OPEN_FILES)}
    opening = builtins.open
    inside = f"{os.fspath(root)}/"
    counts = [True]
    mine = os.getpid()

    def place_of(path: Any, folder: int | None) -> str:
        """Where an operation is about; a folder is removed from within, by names that only its own descriptor explains."""
        if isinstance(path, int) or folder is not None:
            with contextlib.suppress(OSError):
                opened = os.readlink(f"/proc/self/fd/{path if folder is None else folder}")
                return opened if folder is None else os.path.join(opened, os.fspath(path))
        return os.fspath(path) if isinstance(path, str | os.PathLike) else ""

    def counted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def operation(path: Any = ".", *rest: Any, **named: Any) -> Any:
            if counts and place_of(path, named.get("dir_fd")).startswith(inside):
                number = int.from_bytes(shared[:8], "little") + 1
                shared[:8] = number.to_bytes(8, "little")
                counts.clear()  # what is done at the door is no operation of the command
                now = fails(number, named.get("dir_fd") is None and os.getpid() == mine and name not in ON_OPEN_FILES)
                counts.append(True)
                if now:
                    if os.getpid() != mine:
                        counts.clear()  # a fork fails once
                    shared[8:_TOLD] = name.encode().ljust(_TOLD - 8, b"\0")
                    why = ERRORS[number % len(ERRORS)]
                    raise OSError(why, os.strerror(why), None if isinstance(path, int) else os.fspath(path))
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


def tried(root: Path, arguments: tuple[str, ...], fails: Fails) -> tuple[int, str, int, str]:
    """A command in a child of this process: exit code, words, operations, which one failed last."""
    told, said = (root.parent / f"{what}-{root.name}" for what in ("told", "said"))
    told.write_bytes(bytes(_TOLD))
    sys.stdout.flush()
    number = os.fork()
    if not number:
        heard(said)
        os._exit(child(fails, told, root, list(arguments)))
    code = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
    content = told.read_bytes()
    return *outcome_of(code, said), int.from_bytes(content[:8], "little"), content[8:].rstrip(b"\0").decode()


def heard(said: Path, seconds: int = 3600) -> None:
    """Have this process write all that it says into a file, and end after so long."""
    signal.alarm(seconds)
    with said.open("wb") as handle:
        for stream in (1, 2):
            os.dup2(handle.fileno(), stream)


def outcome_of(code: int, said: Path) -> tuple[int, str]:
    """The exit code, 99 for a traceback and 98 for what a signal ended, and the words."""
    words = said.read_text(encoding="utf-8", errors="replace")
    return (99 if "Traceback (most recent call last)" in words else 98 if code < 0 else code), words


def at_the_door(root: Path, chosen: set[int], told: int, heeded: int) -> Fails:
    """At a chosen operation a fork goes on in a copy of the workspace, where it fails; what comes of it is told and judged by another."""
    copy, said = root.parent / "at", root.parent / "said-there"
    libc = ctypes.CDLL(None, use_errno=True)

    def fails(number: int, here: bool) -> bool:
        if number not in chosen:
            return False
        if here:
            shutil.copytree(root, copy, symlinks=True)
            sys.stdout.flush()
            forked = os.fork()
            if not forked:
                heard(said, _LONGEST)
                own, private, bound = 0x20000, 0x44000, 0x1000
                for failed in (
                    libc.unshare(own),
                    libc.mount(None, b"/", None, private, None),
                    libc.mount(bytes(copy), bytes(root), None, bound, None),
                ):
                    if failed:
                        os._exit(97)
                return True
            code = os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1])
        os.write(told, f"{number} {code if here else 'later'}\n".encode())
        os.read(heeded, 1)
        return False

    return fails


def child(fails: Fails, told: Path, root: Path, arguments: list[str]) -> int:
    """What `tried` forks: the command line with its operations counted in a file that children share."""
    code = 0
    with told.open("r+b") as handle:
        shared = mmap.mmap(handle.fileno(), _TOLD)
    tempfile.tempdir = os.environ["TMPDIR"] = str(root / TEMPORARY)
    (root / TEMPORARY).mkdir(exist_ok=True)
    sys.argv = ["vvv", *(one.format(folder=root.parent) for one in arguments), *([] if arguments[0] == "init" else ["--root", str(root)])]
    try:
        with failing(root, fails, shared):
            run_command()
    except SystemExit as stop:
        code = int(stop.code or 0) if isinstance(stop.code, int | None) else 1
    except BaseException:
        traceback.print_exc()
        code = 99
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def texts(root: Path, *parts: str) -> dict[str, bytes]:
    """Every file outside outputs, or in parts of them too; a log and what a scan keeps grow by themselves."""
    found = (path for part in ("rounds", "interviews", "surveys", *parts) for path in (root / part).rglob("*") if path.is_file())
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


def litter(root: Path, which: str) -> list[str]:
    """Half-written files that were left beside what is kept; a temporary one may be left where its removal is what failed."""
    found = [path for part in ("rounds", "interviews", "surveys") for path in (root / part).rglob(".*") if path.is_file()]
    kept = {path.name for path in found if path.name in (".gitignore", ".gitattributes")}
    return [
        path.relative_to(root).as_posix()
        for path in (*found, *(() if which in REMOVALS else (root / TEMPORARY).iterdir()))
        if path.name not in kept
    ]


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


def left_over(after: Path, now: Path) -> str:
    """What differs from the undisturbed command; logs and the manifest of a run hold times."""
    new, here = ({name: one for name, one in texts(root, "outputs/n").items() if not re.search(_TIMED, name)} for root in (after, now))
    wrong = [name for name in {*new, *here} if new.get(name) != here.get(name)]
    return ", ".join(sorted([*wrong, *(path.name for path in now.rglob(".*.gone"))])[:3])


def judged(before: Path, after: Path, now: Path, code: int, said: str, which: str) -> str:
    """The outcome of one failure in a word."""
    if code >= 97:
        return "traceback" if code == 99 else "died"
    if "--debug" in said:
        return "told as a fault of the program"
    old, new, here = texts(before), texts(after), texts(now)
    for name in {*old, *new, *here}:
        same = here.get(name) in (old.get(name), new.get(name)) or (name.endswith(".jsonl") and name in here)
        if not same and not Path(name).name.startswith("."):
            return f"broken: {Path(name).name}"
    wrong = outputs_are_whole(now) or sealed_are_whole(now)
    if wrong:
        return f"broken: {wrong}"
    if litter(now, which):
        return "half-written file left"
    if not code and (wrong := left_over(after, now)):
        return f"went on silently without {wrong}"
    return "whole, command failed" if code else "whole, command went on"


class Trials:
    """The failures of one command: what came of each, and whether the command succeeds afterwards."""

    def __init__(self, name: str, before: Path, after: Path) -> None:
        self.name, self.before, self.after = name, before, after
        self.arguments = COMMANDS[name]
        self.counts: dict[str, Counter[str]] = {}
        self.again: dict[str, tuple[int, str, str]] = {}
        self.bad = self.done = 0

    def note(self, place: int, now: Path, code: int, said: str, which: str) -> None:
        """Judge the workspace that a failure has left, and remove it."""
        outcome = judged(self.before, self.after, now, code, said, which)
        state = state_of(now)
        if state not in self.again:
            again, words = call(now, *self.arguments)
            self.again[state] = again, words, left_over(self.after, now)
        again, words, left = self.again[state]
        if again or left:
            outcome += f", and not mended by doing it again {left}"
        self.counts.setdefault(which or "none", Counter())[outcome] += 1
        self.done += 1
        if not outcome.startswith("whole") or "not mended" in outcome:
            self.bad += 1
            print(f"{self.name}, operation {place} ({which}): {outcome}: {(words if again else said).strip()[-1500:]}", flush=True)
        shutil.rmtree(now)

    def try_all(self, chosen: set[int], end: float) -> None:
        """Every chosen operation, at the door of one run of the command; what cannot be tried there begins anew."""
        now, folder, later = self.before.parent / "now", self.before.parent, []
        shutil.copytree(self.before, now, symlinks=True)
        (heard_at, told), (heeded, answer) = os.pipe(), os.pipe()
        number = os.fork()
        if not number:
            os.close(heard_at)
            os.close(answer)
            code, said, *_ = tried(now, self.arguments, at_the_door(now, chosen, told, heeded))
            os.write(told, f"0 {code}\n".encode())
            os._exit(0)
        os.close(told)
        os.close(heeded)
        for line in os.fdopen(heard_at):
            place, came = line.split()
            if place == "0":
                assert came == "0", f"{self.name}: the command that only waited failed, {came}"
                continue
            if came == "later":
                later.append(int(place))
            elif time.monotonic() < end:
                which = (folder / "told-now").read_bytes()[8:_TOLD].rstrip(b"\0").decode()
                self.note(int(place), folder / "at", *outcome_of(int(came), folder / "said-there"), which)
            shutil.rmtree(folder / "at", ignore_errors=True)
            os.write(answer, b"\n")
        os.waitpid(number, 0)
        os.close(answer)
        shutil.rmtree(now)
        for place in later:
            if time.monotonic() > end:
                break
            shutil.copytree(self.before, now, symlinks=True)
            code, said, _, which = tried(now, self.arguments, lambda number, here, wanted=place: number == wanted)  # type: ignore[misc]
            self.note(place, now, code, said, which)


def state_of(root: Path) -> str:
    """What a workspace holds; locks and logs, which hold times and processes, apart."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix not in (".lock", ".log") and "log" not in path.relative_to(root).parts:
            digest.update(f"{path.relative_to(root)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    return digest.hexdigest()


def main() -> int:
    """Print a table of commands, operations and outcomes; 1 where something was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=10_000, help="the most operations of a command that are tried, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--only", default=",".join(COMMANDS))
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="vvv-failures-"))
    start, bad, done, rng = time.monotonic(), 0, 0, random.Random(given.seed)
    try:
        root = prepared(folder)
        for name, arguments in COMMANDS.items():
            if name == "run":
                (root / "rounds/n/report.qmd").write_text(REPORT.format(words=NEW), encoding="utf-8")
            after = folder / "after"
            shutil.copytree(root, after, symlinks=True)
            code, said, operations, _ = tried(after, arguments, lambda number, here: False)
            if code:
                print(f"{name}: the command itself fails: {said.strip()[-300:]}")
                return 1
            if name in given.only.split(","):
                trials = Trials(name, root, after)
                chosen = set(rng.sample(range(1, operations + 1), min(given.sample, operations)))
                trials.try_all(chosen, start + 60 * given.minutes)
                print(f"{name}: {trials.done} of {operations} operations, {len(trials.again)} states left")
                for which, outcomes in trials.counts.items():
                    print(f"  {which}: {json.dumps(outcomes)}", flush=True)
                bad, done = bad + trials.bad, done + trials.done
            shutil.rmtree(root)
            after.rename(root)
            if name == "approve":
                code, said = call(root, *COMMANDS["run"])
        used = sum(getattr(os.times(), part) for part in ("user", "system", "children_user", "children_system"))
        print(f"{done} tried, {bad} broken, {time.monotonic() - start:.0f} s, {used:.0f} s of processor time")
        return 1 if bad else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

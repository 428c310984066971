"""Killed at any moment: the folder that stands is whole, old or new, and the next run goes on."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from workspaces import write_notebook

from vvvresearch.batch import CallStep, Event, Fingerprints, Outcome, Plan, RunOptions, Target, run_plan
from vvvresearch.errors import VvvError
from vvvresearch.files import hash_file

# Runs plan after plan, each from a new version of the data, until it is killed. Every output names the version it was made from.
FOREVER = """
import sys
from pathlib import Path
from vvvresearch.batch import CallStep, NotebookStep, Plan, RunOptions, Target, _state, run_plan
root, with_notebooks = Path(sys.argv[1]), sys.argv[2] == "notebooks"
_state.PACKAGE = root / "rounds"
data = root / "data.txt"
version = int(data.read_text() or 0) if data.exists() else 0

def copy(collected, out):
    for n in range(8):
        (out / f"copy-{n}.txt").write_text(data.read_text())

def gather(collected, out):
    (out / "report.txt").write_text("".join(sorted({path.read_text() for path in collected.glob("*.txt")})))

once = "--once" in sys.argv
while True:
    if not once:
        version += 1
        temporary = root / "data.new"
        temporary.write_text(str(version))
        temporary.replace(data)
    steps = [CallStep("demo/da/a", copy, inputs=(data,))]
    if with_notebooks:
        steps.append(NotebookStep("demo/da/n", root / "notebooks/n.ipynb", {}, inputs=(data,)))
    steps.append(CallStep("demo/da/report", gather, after=("demo/da/a",)))
    plan = Plan(root, (Target("demo/da", root / "outputs/demo/da", tuple(steps)),))
    outcome = run_plan(plan, outputs=root / "outputs", options=RunOptions(jobs=2))
    assert outcome.ok, outcome.failures[0].text()
    if once:
        break
"""
NOTEBOOK = "from pathlib import Path\nPath(out, 'notebook.txt').write_text(Path('data.txt').read_text())"


def start(root: Path, kind: str, *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", FOREVER, str(root), kind, *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    # While Python itself still imports, a Ctrl-C can be lost in a destructor: then one presses it again.
    for _ in range(2):
        process.send_signal(how)
        try:
            process.wait(timeout=30)
            return
        except subprocess.TimeoutExpired:
            continue
    process.send_signal(how)
    process.wait(timeout=30)


def whole_version(folder: Path) -> str:
    """The version that a folder was made from; fails when it is not whole."""
    manifest = json.loads((folder / "manifest.json").read_text())
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"manifest.json"}
    assert there == set(manifest["outputs"])
    assert all(hash_file(folder / name) == sha for name, sha in manifest["outputs"].items())
    versions = {(folder / name).read_text() for name in there if name.endswith(".txt")}
    assert len(versions) == 1, versions
    return versions.pop()


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "kills"), [("calls", 12), ("notebooks", 5)])
def test_a_run_killed_at_random_moments_leaves_old_or_new_and_the_next_goes_on(tmp_path: Path, kind: str, kills: int) -> None:
    (tmp_path / "rounds").mkdir()
    (tmp_path / "data.txt").write_text("0")
    write_notebook(tmp_path / "notebooks/n.ipynb", (NOTEBOOK,))
    folder = tmp_path / "outputs/demo/da"
    begin = time.monotonic()
    assert start(tmp_path, kind, "--once").wait(timeout=300) == 0
    one_run = time.monotonic() - begin
    moments = random.Random(20210601)
    seen: list[str] = []
    for number in range(kills):
        process = start(tmp_path, kind)
        time.sleep(moments.uniform(0.2, 2.0) * one_run)
        end(process, signal.SIGKILL if number % 4 else signal.SIGINT)
        before = seen[-1:]
        seen.append(whole_version(folder))
        # Where a machine has become busier since the first run, kills would all come too early.
        one_run *= 1.5 if seen[-1:] == before else 1.0
    assert len(set(seen)) > kills // 5, "the kills hit runs that had got on"
    assert [int(version) for version in seen] == sorted(int(version) for version in seen)
    done = start(tmp_path, kind, "--once")
    assert done.wait(timeout=120) == 0
    assert whole_version(folder) == (tmp_path / "data.txt").read_text()
    assert not list(folder.parent.glob(".da.new.*"))
    assert not _left_running(tmp_path)


class _Interrupting:
    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def test_an_interrupt_that_meets_a_destructor_still_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "rounds").mkdir()
    called: list[str] = []

    def step(name: str, *after: str) -> CallStep:
        def call(_collected: Path, out: Path) -> None:
            called.append(name)
            (out / f"{name}.txt").write_text(name)

        return CallStep(f"demo/da/{name}", call, {"name": name}, after=after)

    def interrupt(event: Event) -> None:
        if event.kind == "done" and event.step == "demo/da/first":
            _Interrupting()

    steps = (step("first"), step("second", "demo/da/first"))
    plan = Plan(tmp_path, (Target("demo/da", tmp_path / "outputs/demo/da", steps),))
    with pytest.raises(KeyboardInterrupt):
        run_plan(plan, outputs=tmp_path / "outputs", options=RunOptions(jobs=1), listener=interrupt)
    assert called == ["first"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert run_plan(plan, outputs=tmp_path / "outputs", options=RunOptions(jobs=1)).switched == ("demo/da",)
    assert called == ["first", "second"], "what was done is kept"


def _left_running(root: Path) -> list[str]:
    found = []
    for place in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if Path(os.readlink(place)) == root:
                found.append(place.parent.name)
        except OSError:
            continue
    return found


def simple(root: Path, text: str = "1") -> Plan:
    def call(_collected: Path, out: Path) -> None:
        (out / "a.txt").write_text(text)

    return Plan(root, (Target("demo/da", root / "outputs/demo/da", (CallStep("demo/da/a", call, {"the text": text}),)),))


def run(plan: Plan) -> Outcome:
    return run_plan(plan, outputs=plan.root / "outputs", options=RunOptions(jobs=1))


def test_a_full_disk_leaves_the_old_folder_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(simple(tmp_path, "old"))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vvvresearch.batch._manifest.shutil.copyfile", full)
    with pytest.raises(VvvError, match="cannot be written") as caught:
        run(simple(tmp_path, "new"))
    assert "No space left on device" in str(caught.value)
    assert (tmp_path / "outputs/demo/da/a.txt").read_text() == "old"
    monkeypatch.undo()
    assert run(simple(tmp_path, "new")).switched == ("demo/da",)
    assert (tmp_path / "outputs/demo/da/a.txt").read_text() == "new"


def test_a_folder_that_may_not_be_written_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(simple(tmp_path, "old"))

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("vvvresearch.batch._state.shutil.rmtree", refused)
    monkeypatch.setattr("pathlib.Path.mkdir", refused)
    with pytest.raises(VvvError, match="cannot be written") as caught:
        run(simple(tmp_path, "new"))
    monkeypatch.undo()
    assert "Permission denied" in str(caught.value)
    assert (tmp_path / "outputs/demo/da/a.txt").read_text() == "old"


def test_what_a_killed_switch_left_behind_is_put_right(tmp_path: Path) -> None:
    run(simple(tmp_path, "old"))
    folder = tmp_path / "outputs/demo/da"
    folder.rename(folder.parent / ".da.previous")
    (folder.parent / ".da.new.left").mkdir()
    outcome = run(simple(tmp_path, "old"))
    assert outcome.current == ("demo/da",)
    assert (folder / "a.txt").read_text() == "old"
    assert not (folder.parent / ".da.new.left").exists()


def test_a_clock_that_was_set_back_makes_nothing_stale_and_hides_no_change(tmp_path: Path) -> None:
    data = tmp_path / "data.txt"
    data.write_text("1")
    os.utime(data, (4_000_000_000, 4_000_000_000))
    before = Fingerprints(tmp_path).of(data)
    os.utime(data, (1, 1))
    assert Fingerprints(tmp_path).of(data) == before
    stamp = data.stat()
    data.write_text("2")
    os.utime(data, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert Fingerprints(tmp_path).of(data) != before


def test_a_file_that_could_not_be_read_once_is_not_told_as_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails for a moment leaves no manifest whose hashes are not those of its files."""
    made, prints = tmp_path / "report.html", Fingerprints(tmp_path)
    made.write_text("rapport", encoding="utf-8")
    calls = iter([OSError(5, "gone"), None])

    def shaky(path: Path) -> str:
        if (problem := next(calls)) is not None:
            raise problem
        return hash_file(path)

    monkeypatch.setattr("vvvresearch.batch._state.hash_file", shaky)
    with pytest.raises(OSError, match="gone"):
        prints.of(made)
    assert prints.of(made) == hash_file(made)
    monkeypatch.undo()
    assert prints.of(tmp_path / "never.html") == prints.of(made / "below") == "missing"

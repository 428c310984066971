"""Running plans: what is due runs, what is not due does not, and a failure loses nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from workspaces import saving, write_notebook

from vvvresearch.batch import (
    CallStep,
    Event,
    Fingerprints,
    Limits,
    NotebookStep,
    Outcome,
    Plan,
    RunOptions,
    Store,
    Target,
    judge_all,
    run_plan,
)
from vvvresearch.batch._manifest import read_manifest
from vvvresearch.errors import RoundError, SchemaError, VvvError
from vvvresearch.files import folder_lock


def plan_of(root: Path, *steps: NotebookStep | CallStep) -> Plan:
    return Plan(root, (Target("demo/da", root / "outputs" / "demo" / "da", steps),))


def step(root: Path, name: str, *cells: str, after: tuple[str, ...] = (), **more: object) -> NotebookStep:
    notebook = root / "notebooks" / f"{name}.ipynb"
    if cells:
        write_notebook(notebook, cells)
    return NotebookStep(f"demo/da/{name}", notebook, {"round_id": "demo", "lang": "da"}, after=after, **more)  # type: ignore[arg-type]


def run(plan: Plan, listener: Callable[[Event], None] | None = None, **more: object) -> Outcome:
    return run_plan(plan, outputs=plan.root / "outputs", options=RunOptions(jobs=2, **more), listener=listener)  # type: ignore[arg-type]


def values(root: Path, name: str) -> object:
    return json.loads((root / "outputs/demo/da/values" / f"{name}.json").read_text())


READ = "from vvvresearch.files import read_text\nn = int(read_text('data.txt'))"


def test_a_run_leaves_values_notebooks_and_a_manifest_and_a_second_run_does_nothing(tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("42")
    plan = plan_of(tmp_path, step(tmp_path, "01-a", READ, saving("01-a", "42")))
    first = run(plan)
    assert first.ok
    assert first.ran == ("demo/da/01-a",)
    assert first.switched == ("demo/da",)
    assert values(tmp_path, "01-a") == {"n": 42}
    manifest = json.loads((tmp_path / "outputs/demo/da/manifest.json").read_text())
    assert set(manifest["outputs"]) == {"values/01-a.json", "notebooks/01-a.ipynb"}
    assert "data.txt" in manifest["inputs"], "what the kernel read is known without being declared"
    assert str(tmp_path) not in (tmp_path / "outputs/demo/da/notebooks/01-a.ipynb").read_text()
    assert str(tmp_path) not in json.dumps(manifest)
    before = (tmp_path / "outputs/demo/da").stat().st_ino
    again = run(plan)
    assert again.ran == ()
    assert again.fresh == ("demo/da/01-a",)
    assert again.current == ("demo/da",)
    assert (tmp_path / "outputs/demo/da").stat().st_ino == before


def test_each_thing_a_step_depends_on_makes_it_due_and_a_touched_file_does_not(tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("42")
    plan = plan_of(tmp_path, step(tmp_path, "01-a", READ, saving("01-a")))
    run(plan)

    def reasons(now: Plan) -> tuple[str, ...]:
        return judge_all(now, Store(tmp_path / "outputs/.work"), Fingerprints(tmp_path))["demo/da/01-a"].reasons

    assert reasons(plan) == ()
    os.utime(tmp_path / "data.txt", (1, 1))
    assert reasons(plan) == ()
    (tmp_path / "data.txt").write_text("43")
    assert reasons(plan) == ("the file data.txt has changed",)
    (tmp_path / "data.txt").unlink()
    assert reasons(plan) == ("the file data.txt is missing",)
    (tmp_path / "data.txt").write_text("42")
    (tmp_path / "requirements.lock").write_text("numpy==1")
    assert reasons(plan) == ("requirements.lock was missing and is there now",)
    (tmp_path / "requirements.lock").unlink()
    english = NotebookStep("demo/da/01-a", tmp_path / "notebooks/01-a.ipynb", {"round_id": "demo", "lang": "en"})
    assert reasons(plan_of(tmp_path, english)) == ('the parameter lang was "da" and is "en"',)
    (tmp_path / "outputs/.work/demo/da/01-a/out/values/01-a.json").write_text("{}")
    assert reasons(plan) == ("its output values/01-a.json is missing or was edited",)
    write_notebook(tmp_path / "notebooks/01-a.ipynb", ["x = 1"])
    assert "the notebook has changed" in reasons(plan)


def test_an_edited_file_in_the_finished_folder_is_put_right_without_running_anything(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, step(tmp_path, "01-a", saving("01-a", "7")))
    run(plan)
    (tmp_path / "outputs/demo/da/values/01-a.json").write_text('{"n": 8}')
    outcome = run(plan)
    assert outcome.ran == ()
    assert outcome.switched == ("demo/da",)
    assert values(tmp_path, "01-a") == {"n": 7}


def test_a_failure_stops_only_what_depends_on_it_and_the_old_folder_stays(tmp_path: Path) -> None:
    good = step(tmp_path, "01-a", saving("01-a"))
    second = step(tmp_path, "02-b", saving("02-b"))
    plan = plan_of(tmp_path, good, second)
    run(plan)
    write_notebook(tmp_path / "notebooks/02-b.ipynb", ["x = 1", "#| label: tbl-goals\ny = 2\nraise ValueError('no such goal')"])
    third = step(tmp_path, "03-c", saving("03-c"), after=("demo/da/02-b",))
    fourth = step(tmp_path, "04-d", saving("04-d"), after=("demo/da/03-c",))
    outcome = run(plan_of(tmp_path, good, second, third, fourth))
    assert outcome.fresh == ("demo/da/01-a",)
    assert not outcome.ok
    assert dict(outcome.blocked) == {"demo/da/03-c": "demo/da/02-b", "demo/da/04-d": "demo/da/02-b"}
    (failure,) = outcome.failures
    assert (failure.kind, failure.message, failure.line) == ("ValueError", "no such goal", 3)
    assert failure.cell == 'cell "tbl-goals" (number 4)'
    assert failure.code == "raise ValueError('no such goal')"
    assert (tmp_path / failure.executed).is_file()
    assert len(failure.text().splitlines()) < 24
    assert values(tmp_path, "02-b") == {"n": 1}, "the finished folder is the old one, whole"


def test_a_failure_is_remembered_until_something_changes(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, step(tmp_path, "01-a", READ, saving("01-a")))
    (first,) = run(plan).failures
    assert first.kind == "SourceError"
    assert first.where.endswith("data.txt")
    assert "does not exist" in first.message
    log = tmp_path / "outputs/.work/demo/da/01-a/state.json"
    seen = log.stat().st_mtime_ns
    assert run(plan).failures[0].message == first.message
    assert log.stat().st_mtime_ns == seen, "nothing was run the second time"
    (tmp_path / "data.txt").write_text("1")
    assert run(plan).ok, "the file that was missing is there now"


def test_wrong_parameters_are_refused_before_anything_starts(tmp_path: Path) -> None:
    write_notebook(tmp_path / "notebooks/01-a.ipynb", [saving("01-a")], parameters='lang = "da"\nlimit: int | None = None\nout = ""')
    steps = (
        NotebookStep("demo/da/a", tmp_path / "notebooks/01-a.ipynb", {"lnag": "da"}),
        NotebookStep("demo/da/b", tmp_path / "notebooks/01-a.ipynb", {"limit": "five"}),
        NotebookStep("demo/da/c", tmp_path / "notebooks/01-a.ipynb", {"limit": None, "lang": "en"}),
    )
    with pytest.raises(SchemaError) as caught:
        run(plan_of(tmp_path, *steps))
    assert len(caught.value.failures) == 2
    assert "did you mean lang?" in str(caught.value)
    assert "must be int, not str" in str(caught.value)
    assert not (tmp_path / "outputs").exists()


def test_a_call_sees_what_the_steps_before_it_made_and_runs_again_only_when_that_changes(tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("1")
    calls = []

    def render(collected: Path, out: Path) -> None:
        calls.append(sorted(path.relative_to(collected).as_posix() for path in collected.rglob("*.*")))
        (out / "report.html").write_text((collected / "values/01-a.json").read_text())

    notebook = step(tmp_path, "01-a", READ, saving("01-a", "' + str(min(n, 9)) + '"))
    report = CallStep("demo/da/report", render, {"the report engine": "embedded"}, after=("demo/da/01-a",))
    plan = plan_of(tmp_path, notebook, report)
    assert run(plan).ok
    assert calls == [["notebooks/01-a.ipynb", "values/01-a.json"]]
    assert (tmp_path / "outputs/demo/da/report.html").read_text() == '{"n": 1}'
    (tmp_path / "data.txt").write_text("2")
    assert run(plan).ran == ("demo/da/01-a", "demo/da/report")
    # Of the run before its numbers stay and nothing else: its words may be somebody's who refuses since.
    before = tmp_path / "outputs/demo/.da.previous"
    kept = {"manifest.json", "values/01-a.json"}
    assert {path.relative_to(before).as_posix() for path in before.rglob("*") if path.is_file()} == kept
    assert (before / "values/01-a.json").read_text() == '{"n": 1}'
    # A whole folder that an older version left is thinned by the next run, even when that has nothing to do.
    (before / "tables/da").mkdir(parents=True)
    (before / "tables/da/quotes.md").write_text("words")
    assert run(plan).ran == ()
    assert {path.relative_to(before).as_posix() for path in before.rglob("*") if path.is_file()} == kept


def test_two_runs_at_once_are_refused_by_name(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, step(tmp_path, "01-a", "x = 1"))
    with folder_lock(tmp_path / "outputs", "vvv run"), pytest.raises(VvvError, match=r"in use") as caught:
        run(plan)
    assert f"process {os.getpid()} (vvv run)" in str(caught.value)


@pytest.mark.slow
def test_time_limits_name_the_cell_and_printed_text_is_capped(tmp_path: Path) -> None:
    slow = step(tmp_path, "01-a", "#| label: hangs\nimport time; time.sleep(60)", limits=Limits(cell_seconds=1))
    loud = step(tmp_path, "02-b", "for n in range(200_000): print('line', n)", limits=Limits(output_kb=64))
    long = step(tmp_path, "03-c", *["import time; time.sleep(.6)"] * 10, limits=Limits(notebook_seconds=2))
    outcome = run(plan_of(tmp_path, slow, loud, long))
    told = {failure.step: failure for failure in outcome.failures}
    assert told["demo/da/01-a"].message == "the cell took longer than its 1 seconds"
    assert told["demo/da/01-a"].cell == 'cell "hangs" (number 3)'
    assert told["demo/da/03-c"].message == "the notebook took longer than its 2 seconds"
    executed = (tmp_path / "outputs/.work/demo/da/02-b/notebook.ipynb").read_text()
    assert len(executed) < 200_000
    assert "beyond 64 kB is not kept" in executed


def test_events_tell_cells_and_the_log_holds_them_as_json_lines(tmp_path: Path) -> None:
    events: list[Event] = []
    outcome = run(plan_of(tmp_path, step(tmp_path, "01-a", saving("01-a"), "x = 1")), listener=events.append)
    assert [event.kind for event in events] == ["run", "started", "cell", "cell", "cell", "cell", "done", "target", "end"]
    assert outcome.log is not None
    assert [json.loads(line)["kind"] for line in outcome.log.read_text().splitlines()] == [event.kind for event in events]


def test_a_manifest_is_checked_by_its_schema_when_it_is_read(tmp_path: Path) -> None:
    run(plan_of(tmp_path, step(tmp_path, "01-a", "x = 1")))
    folder = tmp_path / "outputs/demo/da"
    manifest = read_manifest(folder)
    assert manifest["steps"]["demo/da/01-a"]["status"] == "done"
    spoilt = {**manifest, "whole": "perhaps", "user": "somebody"}
    del spoilt["lock"]
    (folder / "manifest.json").write_text(json.dumps(spoilt))
    with pytest.raises(SchemaError) as caught:
        read_manifest(folder)
    assert {failure.column for failure in caught.value.failures} == {"whole", "user", "lock"}


def test_plans_that_cannot_work_are_refused(tmp_path: Path) -> None:
    one = step(tmp_path, "01-a", after=("demo/da/02-b",))
    two = step(tmp_path, "02-b", after=("demo/da/01-a",))
    with pytest.raises(RoundError, match="wait for each other"):
        plan_of(tmp_path, one, two)
    with pytest.raises(RoundError, match="two steps are called"):
        plan_of(tmp_path, step(tmp_path, "01-a"), step(tmp_path, "01-a"))


def test_two_notebooks_may_not_write_the_same_file(tmp_path: Path) -> None:
    with pytest.raises(VvvError, match=r"two steps write values/same\.json"):
        run(plan_of(tmp_path, step(tmp_path, "01-a", saving("same")), step(tmp_path, "02-b", saving("same"))))


def test_what_a_failure_repeats_is_changed_before_it_is_shown_or_kept(tmp_path: Path) -> None:
    def render(collected: Path, out: Path) -> None:
        raise VvvError("the field 'hodan' is not known", where="round.toml, hodan")

    heard: list[Event] = []
    report = CallStep("demo/da/report", render, {})
    outcome = run(plan_of(tmp_path, report), heard.append, told=lambda words: words.replace("hodan", "…"))
    assert outcome.failures[0].message == "the field '…' is not known"
    assert "the field '…' is not known" in {event.text for event in heard}
    kept = [path for path in (tmp_path / "outputs").rglob("*") if path.is_file()]
    assert kept
    assert [path for path in kept if b"hodan" in path.read_bytes()] == []

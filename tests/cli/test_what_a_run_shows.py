"""What is shown while a run goes on: which steps run and at which cell, how many are left, and about how long."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from vvvresearch.batch import Event
from vvvresearch.cli import _running
from vvvresearch.cli._running import Display


def shown(display: Display) -> list[str]:
    console = Console(file=io.StringIO(), width=120)
    console.print(display._table())
    return [" ".join(line.split()) for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]


def test_running_steps_stand_with_their_cell_and_leave_when_they_are_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(_running.time, "monotonic", lambda: now[0])
    display = Display("en")
    display(Event("run", total=4))
    assert shown(display) == ["0 of 4 steps 0 s"]
    display(Event("started", "a/10", "stale"))
    display(Event("started", "a/20", "stale"))
    now[0] = 106.0
    display(Event("cell", "a/10", "theme_table()", number=2, total=5))
    display(Event("cell", "a/90", "nobody's", number=1, total=5))
    assert shown(display) == ["0 of 4 steps 6 s", "a/10 6 s 2/5 theme_table()", "a/20 6 s starting"]
    display(Event("fresh", "a/05"))
    display(Event("done", "a/10", seconds=6.0))
    # Two of four are settled after six seconds, so about six are left.
    assert shown(display) == ["2 of 4 steps 6 s about 6 s left", "a/20 6 s starting"]
    display(Event("failed", "a/20", "ValueError: no\nmore"))
    display(Event("blocked", "a/30"))
    assert [line.split(" s ")[0] for line in shown(display)] == ["4 of 4 steps 6"]


def test_lines_are_written_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    display = Display("da", why=True)
    with display:
        display(Event("run", total=2))
        display(Event("started", "a/10", "a/10 has never been run"))
        display(Event("done", "a/10", seconds=1.25))
        display(Event("failed", "a/20", "the column is missing\nand more"))
    written = capsys.readouterr().err.splitlines()
    assert written[1:] == ["a/10: færdig på 1,3 s", "a/20: mislykket: kolonnen mangler"]
    assert written[0].startswith("a/10: ")

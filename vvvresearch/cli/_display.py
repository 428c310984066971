"""What a run shows while it goes on: one live display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

from vvvresearch.batch import Event
from vvvresearch.cli._workspace import say


class Display:
    """Told of every event of a run; use it as a context manager.

    Args:
        why: whether the reason is said when a step starts.
    """

    def __init__(self, *, why: bool = False) -> None:
        self.total = 0
        self.why = why
        self.settled = 0
        self.begun = time.monotonic()
        self.running: dict[str, tuple[float, str]] = {}
        self.live: Any = None

    def __enter__(self) -> Display:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        if self.live is not None:
            self.live.stop()

    def __call__(self, event: Event) -> None:
        if event.kind == "run":
            self.total = event.total
            if sys.stderr.isatty():
                self._start_live()
        if event.kind == "started":
            self.running[event.step] = (time.monotonic(), "starting")
            if self.why:
                self._line(f"{event.step}: {event.text}")
        elif event.kind == "cell" and event.step in self.running:
            self.running[event.step] = (self.running[event.step][0], f"{event.number}/{event.total} {event.text}")
        elif event.kind in ("done", "failed", "blocked", "fresh"):
            self.running.pop(event.step, None)
            self.settled += 1
            self._settled(event)

    def _settled(self, event: Event) -> None:
        if event.kind == "done":
            self._line(f"{event.step}: done in {event.seconds:.1f} s")
        elif event.kind == "failed":
            self._line(f"{event.step}: failed: {(event.text.splitlines() or [''])[0][:160]}")

    def _line(self, text: str) -> None:
        if self.live is not None:
            self.live.console.print(text, markup=False, highlight=False)
        else:
            say(text)

    def _start_live(self) -> None:
        from rich.console import Console
        from rich.live import Live

        self.live = Live(console=Console(stderr=True), get_renderable=self._table, refresh_per_second=5, transient=True)
        self.live.start()

    def _table(self) -> Any:
        from rich.table import Table

        elapsed = time.monotonic() - self.begun
        table = Table.grid(padding=(0, 2))
        left = f"about {elapsed / self.settled * (self.total - self.settled):.0f} s left" if self.settled else ""
        table.add_row(f"{self.settled} of {self.total} steps", f"{elapsed:.0f} s", left)
        for step, (since, cell) in list(self.running.items()):
            table.add_row(f"  {step}", f"{time.monotonic() - since:.0f} s", cell)
        return table

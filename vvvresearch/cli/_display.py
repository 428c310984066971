"""What a run shows while it goes on: one live display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

from vvvresearch.batch import Event
from vvvresearch.cli._workspace import said, say
from vvvresearch.locales import Lang, text


class Display:
    """Told of every event of a run; use it as a context manager.

    Args:
        lang: the language of its lines.
        why: whether the reason is said when a step starts.
    """

    def __init__(self, lang: Lang, *, why: bool = False) -> None:
        self.lang = lang
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
            self.running[event.step] = (time.monotonic(), text("commands.run_starting", self.lang))
            if self.why:
                self._line(f"{event.step}: {said(event.text, self.lang)}")
        elif event.kind == "cell" and event.step in self.running:
            self.running[event.step] = (self.running[event.step][0], f"{event.number}/{event.total} {event.text}")
        elif event.kind in ("done", "failed", "blocked", "fresh"):
            self.running.pop(event.step, None)
            self.settled += 1
            self._settled(event)

    def _settled(self, event: Event) -> None:
        if event.kind == "done":
            self._line(text("commands.run_done", self.lang, step=event.step, seconds=event.seconds))
        elif event.kind == "failed":
            message = said((event.text.splitlines() or [""])[0][:160], self.lang)
            self._line(text("commands.run_failed", self.lang, step=event.step, message=message))

    def _line(self, line: str) -> None:
        if self.live is not None:
            self.live.console.print(line, markup=False, highlight=False)
        else:
            say(line)

    def _start_live(self) -> None:
        from rich.console import Console
        from rich.live import Live

        self.live = Live(console=Console(stderr=True), get_renderable=self._table, refresh_per_second=5, transient=True)
        self.live.start()

    def _table(self) -> Any:
        from rich.table import Table

        elapsed = time.monotonic() - self.begun
        table = Table.grid(padding=(0, 2))
        seconds = round(elapsed / self.settled * (self.total - self.settled)) if self.settled else 0
        left = text("commands.run_left", self.lang, seconds=seconds) if self.settled else ""
        table.add_row(text("commands.run_progress", self.lang, done=self.settled, all=self.total), f"{elapsed:.0f} s", left)
        for step, (since, cell) in list(self.running.items()):
            table.add_row(f"  {step}", f"{time.monotonic() - since:.0f} s", cell)
        return table

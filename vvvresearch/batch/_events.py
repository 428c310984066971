"""What happens during a run, as events: for the display, and for the log of JSON lines."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Logs of earlier runs that are kept.
_KEPT = 20


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Args:
        kind: "run", "fresh", "started", "cell", "done", "failed", "blocked", "target" or "end".
        step: the id of the step or the name of the target it is about.
        text: the cell, the reason or the failure's first line.
        number: of the cell.
        total: cells of the notebook, or steps of the run.
        seconds: how long it took.
    """

    kind: str
    step: str = ""
    text: str = ""
    number: int = 0
    total: int = 0
    seconds: float = 0.0


Listener = Callable[[Event], None]


def now() -> str:
    """The moment as ISO 8601 in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class RunLog:
    """Hands events to the listener and writes them as JSON lines; several threads may tell."""

    def __init__(self, folder: Path, listener: Listener | None) -> None:
        self._listener = listener
        self._turn = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        old = sorted(folder.glob("run-*.jsonl"))
        for log in old[: max(0, len(old) - _KEPT + 1)]:
            log.unlink(missing_ok=True)
        # Numbered, not dated: a clock that was set back must not mix two runs.
        number = 1 + max((int(log.stem.removeprefix("run-")) for log in old if log.stem.removeprefix("run-").isdigit()), default=0)
        self.path = folder / f"run-{number:06d}.jsonl"

    def tell(self, event: Event) -> None:
        """One event to the log and the listener."""
        line: dict[str, Any] = {"time": now(), **{name: value for name, value in vars(event).items() if value not in ("", 0, 0.0)}}
        with self._turn:
            with self.path.open("a", encoding="utf-8") as handle:
                handle.write(json.dumps(line, ensure_ascii=False) + "\n")
            if self._listener is not None:
                self._listener(event)

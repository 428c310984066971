"""What happens during a run, as events for the display and the log of JSON lines, and how it ended."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vvvresearch.batch._failures import Failure
from vvvresearch.batch._state import StepState

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


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Args:
        ran: steps that were executed to a good end.
        fresh: steps that were up to date.
        failures: what failed, now or at the last try with nothing changed since.
        blocked: steps that could not start, with the failed step they wait for.
        switched: targets whose folder is new.
        current: targets whose folder was up to date.
        reasons: why each step that was not fresh was due.
        stale: steps whose results were used although they are not up to date, with the reasons.
        seconds: how long the run took.
        log: the log of JSON lines, None when nothing was due.
    """

    ran: tuple[str, ...]
    fresh: tuple[str, ...]
    failures: tuple[Failure, ...]
    blocked: Mapping[str, str]
    switched: tuple[str, ...]
    current: tuple[str, ...]
    reasons: Mapping[str, tuple[str, ...]]
    stale: Mapping[str, tuple[str, ...]]
    seconds: float
    log: Path | None = None

    @property
    def ok(self) -> bool:
        """Whether everything that was asked for is there and up to date."""
        return not self.failures and not self.blocked


@dataclass
class Progress:
    """What the main thread knows while a run goes on."""

    states: dict[str, StepState] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    failures: dict[str, Failure] = field(default_factory=dict)
    blocked: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stale: dict[str, tuple[str, ...]] = field(default_factory=dict)
    switched: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)

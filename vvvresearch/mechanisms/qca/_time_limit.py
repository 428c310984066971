"""A time limit that several steps of one computation share."""

from __future__ import annotations

import time

from vvvresearch.errors import AnalysisError


class Deadline:
    """When to stop; without a limit it never passes."""

    def __init__(self, seconds: float | None) -> None:
        if seconds is not None and not seconds > 0:
            raise AnalysisError(f"time_limit is {seconds!r}", why="it is a number of seconds above 0, or None")
        self._end = None if seconds is None else time.monotonic() + seconds

    def passed(self) -> bool:
        """Whether the time is up."""
        return self._end is not None and time.monotonic() >= self._end

    def left(self) -> float | None:
        """Seconds left, or None without a limit."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

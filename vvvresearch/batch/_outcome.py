"""How a run goes and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vvvresearch.batch._failures import Failure
from vvvresearch.batch._state import StepState


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

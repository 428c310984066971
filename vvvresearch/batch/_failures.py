"""What happens during a run, as events for the display and the log, and how a failed step is told: notebook, cell, line, what to do."""

from __future__ import annotations

import datetime
import json
import re
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from vvvresearch.batch._state import StepState
from vvvresearch.errors import NotebookError, VvvError

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PACKAGE_LINE = re.compile(r"File [^\n]*?(vvvresearch/[\w/]+\.py):(\d+)")
_LABELLED = re.compile(r"^  (where|why|to do): (.*)$")
_CELL_LINE = re.compile(r"(?:Cell In\[\d+\]|Input In \[\d+\]|<ipython-input-[^>]+>).{0,12}?line (\d+)", re.DOTALL)
# Shown lines of a message; the executed notebook holds the rest.
_SHOWN = 14


@dataclass(frozen=True)
class Failure:
    """What is known about a failed step.

    Args:
        step: its id.
        kind: the name of the error.
        message: what was wrong, without its place.
        notebook: the source notebook, "" for a step that is none.
        cell: the cell by label, or by number.
        line: the line in the cell, None when unknown.
        code: that line.
        within: the line of this package where it was raised, when the error is not one of ours.
        where: data file and row, when the error names them.
        why: the error's reason, when it gives one.
        todo: what to do.
        executed: the executed notebook with everything until the failure.
        traceback: the whole of it, for `--debug`.
    """

    step: str
    kind: str
    message: str
    notebook: str = ""
    cell: str = ""
    line: int | None = None
    code: str = ""
    within: str = ""
    where: str = ""
    why: str = ""
    todo: str = ""
    executed: str = ""
    traceback: str = ""

    def text(self, labels: Mapping[str, str] | None = None) -> str:
        """The failure as it is printed, at most one screen; `labels` are other words for "line" and what stands before a colon."""
        names = labels or {}
        line = f"{names.get('line', 'line')} {self.line}" if self.line else ""
        place = ", ".join(part for part in (self.notebook, self.cell, line) if part)
        message = self.message.splitlines() or [""]
        if len(message) > _SHOWN:
            message = [*message[:_SHOWN], f"… and {len(message) - _SHOWN} more lines"]
        rows = (
            ("notebook", place),
            ("code", self.code),
            ("within", self.within),
            (self.kind, "\n            ".join(message)),
            ("where", self.where),
            ("why", "\n            ".join(self.why.splitlines())),
            ("to do", self.todo),
            ("see", self.executed),
        )
        lines = [f"  {names.get(name, name) + ':':<9} {text}" for name, text in rows if text]
        return "\n".join([f"{names.get('failed', 'failed')}: {self.step}", *lines])

    def error(self) -> NotebookError:
        """The failure as an exception."""
        place = ", ".join(part for part in (self.notebook, self.cell, f"line {self.line}" if self.line else "", self.where) if part)
        return NotebookError(f"{self.step} failed: {self.message}", where=place, why=self.why, todo=self.todo)

    def through(self, told: Callable[[str], str]) -> Failure:
        """The failure with its words changed; its places stay."""
        words = ("message", "cell", "code", "where", "why", "todo", "traceback")
        changed: dict[str, Any] = {name: told(getattr(self, name)) for name in words if getattr(self, name)}
        return replace(self, **changed)

    def as_dict(self) -> dict[str, Any]:
        """As it is kept in the state and the manifest."""
        return asdict(self)


def failure_from(saved: Mapping[str, Any]) -> Failure:
    """A failure as it was kept."""
    known = Failure.__dataclass_fields__
    return Failure(**{name: value for name, value in saved.items() if name in known})


def cell_name(source: str, metadata: Mapping[str, Any], number: int) -> str:
    """What a cell is called: its label, else a tag of its own, else its place.

    Example:
        >>> cell_name("#| label: tbl-goals\\nx = 1", {}, 4)
        'cell "tbl-goals" (number 4)'
        >>> cell_name("x = 1", {"tags": ["parameters"]}, 2)
        'cell "parameters" (number 2)'
    """
    labelled = re.search(r"^#\|\s*label:\s*(\S+)", source, re.MULTILINE)
    tags = [tag for tag in metadata.get("tags", []) if not tag.startswith("papermill-")]
    name = labelled[1] if labelled else str(metadata.get("label") or (tags[0] if tags else ""))
    return f'cell "{name}" (number {number})' if name else f"cell number {number}"


def from_cell_error(
    *,
    step: str,
    notebook: str,
    executed: str,
    source: str,
    metadata: Mapping[str, Any],
    number: int,
    kind: str,
    value: str,
    trace: Sequence[str],
) -> Failure:
    """The failure behind an error that a cell raised."""
    plain = _COLOUR.sub("", "\n".join(trace))
    found = _CELL_LINE.search(plain)
    line = int(found[1]) if found else None
    lines = source.splitlines()
    code = lines[line - 1].strip() if line and line <= len(lines) else ""
    told = _told(value)
    return Failure(
        step=step,
        kind=kind or "error",
        message=told.get("message") or kind,
        notebook=notebook,
        cell=cell_name(source, metadata, number),
        line=line,
        code=code,
        within="" if _is_ours(value) else _within(plain),
        where=told.get("where", ""),
        why=told.get("why", ""),
        todo=told.get("todo", "open the executed notebook: it holds everything until this cell"),
        executed=executed,
        traceback=plain,
    )


def _is_ours(value: str) -> bool:
    return any(_LABELLED.match(line) for line in value.splitlines())


def _within(trace: str) -> str:
    found = _PACKAGE_LINE.findall(trace)
    return f"{found[-1][0]}, line {found[-1][1]}" if found else ""


def from_exception(step: str, problem: BaseException, *, notebook: str = "", cell: str = "", executed: str = "", todo: str = "") -> Failure:
    """The failure behind an error outside a cell: a render, a time limit, a kernel that died."""
    told = _told(str(problem)) if isinstance(problem, VvvError) else {"message": str(problem)}
    trace = "".join(traceback.format_exception(problem))
    return Failure(
        step=step,
        kind=type(problem).__name__,
        message=told.get("message") or type(problem).__name__,
        notebook=notebook,
        cell=cell,
        where=told.get("where", ""),
        why=told.get("why", ""),
        todo=told.get("todo", todo),
        executed=executed,
        traceback=trace,
    )


def _told(value: str) -> dict[str, str]:
    """The message of one of our own errors taken apart again into what, where, why and to do."""
    parts: dict[str, str] = {}
    message, label = [], ""
    for line in _COLOUR.sub("", value).splitlines():
        labelled = _LABELLED.match(line)
        if labelled:
            label = {"to do": "todo"}.get(labelled[1], labelled[1])
            parts[label] = labelled[2]
        elif label and line.startswith("    "):
            # A label's next line is set in deeper.
            parts[label] += f"\n{line.strip()}"
        else:
            label = ""
            message.append(line)
    return {"message": "\n".join(message).strip(), **parts}


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

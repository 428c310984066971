"""How a run is made: one object for the command line, the runner and whoever calls it from Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class RunOptions:
    """How a plan is run.

    Args:
        jobs: how many steps at a time; None: as many as there are processors.
        force: run every step, also those that are up to date.
        only: ids of the steps wanted; what they need runs too, and no folder is switched in unless all its steps are up to date.
        kernels: "warm", "stock", or "auto" for warm ones where that is possible and pays.
        scheduler: the address of a Dask scheduler whose workers see the workspace; None: on this machine.
        render_only: start no notebook; results that are stale are used as they are, and named in the outcome and the manifest.
        about: what the manifest of each target shall tell besides.
        preload: "module:function" that warm kernels' parent calls with `preload_arguments`, so that what it reads is there in every
            kernel; it may fail without harm.
        preload_arguments: plain values.
        standing: kernels that are ready already, from `standing_kernels`; None: the run starts and ends its own.
    """

    jobs: int | None = None
    force: bool = False
    only: frozenset[str] | None = None
    kernels: str = "auto"
    scheduler: str | None = None
    render_only: bool = False
    about: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    preload: str = ""
    preload_arguments: tuple[str, ...] = ()
    standing: Any = None

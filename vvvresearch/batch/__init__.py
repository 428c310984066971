"""Runs notebooks: plan, execute, manifest. Knows files and steps, nothing of themes or surveys."""

from vvvresearch.batch._execute import OWN, declared_parameters, misfits
from vvvresearch.batch._failures import Event, Failure, Outcome
from vvvresearch.batch._kernels import KERNEL_KINDS, standing_kernels
from vvvresearch.batch._manifest import MANIFEST, Change, compare_runs, read_manifest
from vvvresearch.batch._plan import CallStep, Limits, NotebookStep, Plan, RunOptions, Target, fan_out
from vvvresearch.batch._run import WORK, run_plan
from vvvresearch.batch._state import Fingerprints, Judgement, Store, judge_all, read_cells

__all__ = [
    "KERNEL_KINDS",
    "MANIFEST",
    "OWN",
    "WORK",
    "CallStep",
    "Change",
    "Event",
    "Failure",
    "Fingerprints",
    "Judgement",
    "Limits",
    "NotebookStep",
    "Outcome",
    "Plan",
    "RunOptions",
    "Store",
    "Target",
    "compare_runs",
    "declared_parameters",
    "fan_out",
    "judge_all",
    "misfits",
    "read_cells",
    "read_manifest",
    "run_plan",
    "standing_kernels",
]

"""A workbench for evaluations of the volunteer-friend programme Venner Viser Vej.

    import vvvresearch as vvv
    r = vvv.open_round("2021-note")

Names are handed on lazily: importing the package loads neither pandas nor anything else heavy.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from vvvresearch._version import __version__
from vvvresearch.errors import (
    AnalysisError,
    DisclosureError,
    NotebookError,
    NotPermittedError,
    RenderError,
    RoundError,
    SchemaError,
    SourceError,
    VvvError,
    did_you_mean,
)

# Results know that they can be drawn, not by what: the floor above names itself here.
DRAWER = "vvvresearch.figures:draw"
# So do numbers know that evidence stands behind them.
EXPLORER = "vvvresearch.exploring:evidence_of"
# public name -> the room whose face hands it on
_LAZY: dict[str, str] = {
    "open_round": "vvvresearch.rounds",
    "rounds": "vvvresearch.rounds",
    "read_codebook": "vvvresearch.sources",
    "draft_questionnaire": "vvvresearch.sources",
    "explore": "vvvresearch.rounds",
    "read_codings": "vvvresearch.sources",
    "read_mappings": "vvvresearch.sources",
    "read_survey": "vvvresearch.sources",
    "write_codings": "vvvresearch.sources",
    "write_refi": "vvvresearch.sources",
    "write_survey": "vvvresearch.sources",
}

__all__ = [
    "AnalysisError",
    "DisclosureError",
    "NotPermittedError",
    "NotebookError",
    "RenderError",
    "RoundError",
    "SchemaError",
    "SourceError",
    "VvvError",
    "__version__",
    *sorted(_LAZY),
]


# Where an analysis is looked for that is asked for without its room, `vvv.tabulate(frame, "answer")`; the first that has it gives it.
_ANALYSES = (
    *("themes", "survey", "mechanisms", "mechanisms.qca", "monitoring", "monitoring.matches", "privacy", "published", "figures"),
    *("audit", "sources", "survey.intervals", "themes.agreement", "statistics.exact_tests", "statistics.ranks", "statistics.response"),
    *("statistics.differences", "statistics.estimates", "statistics.multiplicity", "statistics.power", "statistics.odds_ratios"),
)
# What other programs call them.
_OTHER_NAMES = {
    "alpha": "krippendorff_alpha",
    "crosstabs": "tabulate",
    "explore_round": "explore",
    "fisher_exact": "fisher",
    "freq": "tabulate",
    "frequencies": "tabulate",
    "kappa": "cohen_kappa",
    "load_round": "open_round",
    "open": "open_round",
    "qca": "minimize",
    "read_round": "open_round",
    "scan": "scan_text",
    "survival": "kaplan_meier",
    "value_counts": "tabulate",
    "wilson": "proportion_interval",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    # A room that is imported is asked for here first; the import system goes on when it is not found.
    if name.startswith("_") or find_spec(f"vvvresearch.{name}") is not None:
        raise AttributeError(f"module 'vvvresearch' has no attribute {name!r}")
    known = set(__all__)
    for room in _ANALYSES:
        face = import_module(f"vvvresearch.{room}")
        made_here = [one for one, made in vars(face).items() if getattr(made, "__module__", "") == face.__name__]
        names = getattr(face, "__all__", [one for one in made_here if not one.startswith("_")])
        if name in names:
            return getattr(face, name)
        known |= set(names)
    meant = _OTHER_NAMES.get(name.casefold())
    todo = f"did you mean vvv.{meant}?" if meant else did_you_mean(name, known)
    raise AttributeError(f"vvvresearch has no {name!r}; {todo}")


def __dir__() -> list[str]:
    return sorted(__all__)

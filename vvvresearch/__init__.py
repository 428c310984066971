"""A workbench for evaluations of the volunteer-friend programme Venner Viser Vej.

    import vvvresearch as vvv
    r = vvv.open_round("2021-note")

Names are handed on lazily: importing the package loads neither pandas nor anything else heavy.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from inspect import isfunction
from typing import Any
from warnings import warn

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
# Ours, and what it is called in other programs and in Danish.
_OTHER_NAMES = {
    "bars": "bar_chart barplot bar plot_bars",
    "causal_map_plot": "plot_causal_map plot_map network_plot",
    "cohen_kappa": "cohens_kappa kappa cohen_kappa_score",
    "cooccurrence": "co_occurrence code_cooccurrence",
    "duration": "match_duration durations",
    "explore": "explore_round explorer",
    "fisher": "fisher_exact fisher_test fishers_exact",
    "fleiss_kappa": "fleiss",
    "kaplan_meier": "km kaplanmeier survfit survival",
    "krippendorff_alpha": "alpha krippendorff krippendorffs_alpha kripp_alpha",
    "minimize": "qca minimise",
    "open_round": "load load_round open read read_round round get_round aabn hent Round load_project open_project project",
    "proportion_interval": "wilson ci confidence_interval prop_ci binom_ci proportion_confint",
    "read_codings": "read_qdpx load_codings read_nvivo read_maxqda read_interview_codings read_qda read_refi import_qdpx load_qdpx",
    "read_survey": "read_sav load_survey read_spss read_answers",
    "read_mappings": "load_mappings",
    "rounds": "list list_rounds get_rounds all_rounds show_rounds available_rounds runder ls projects list_projects",
    "scan_text": "scan find_identifiers",
    "survival_plot": "plot_survival",
    "base_table": "questions items",
    "tabulate": "count crosstabs cross_tab freq frequencies frequency_table tab tabyl value_counts frequency krydstabel",
    "theme_table": "themes theme_counts code_frequencies temaer tema",
    "truth_table": "truthtable sandhedstabel",
    "write_refi": "write_qdpx to_qdpx export_qdpx",
}
_MEANT = {word.casefold().replace("_", ""): ours for ours, words in _OTHER_NAMES.items() for word in (ours, *words.split())}


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
            found = getattr(face, name)
            return import_module("vvvresearch.rounds.calling._own_data").for_own_data(found) if isfunction(found) else found
        known |= set(names)
    meant = _MEANT.get(name.casefold().replace("_", ""))
    if meant:
        warn(f"vvv.{name} is understood as vvv.{meant}", import_module("vvvresearch.rounds").NameNote, stacklevel=2)
        return globals().get(meant) or __getattr__(meant)
    raise AttributeError(f"vvvresearch has no {name!r}; {did_you_mean(name, known)}")


def __dir__() -> list[str]:
    return sorted(__all__)

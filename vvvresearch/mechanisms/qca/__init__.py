"""Exact Qualitative Comparative Analysis: calibration, truth table, every minimal model, necessity, fit, robustness."""

from vvvresearch.mechanisms.qca._analysis import Enhanced, StandardAnalysis, enhanced, standard_analysis
from vvvresearch.mechanisms.qca._calibration import calibrate
from vvvresearch.mechanisms.qca._fit import fit
from vvvresearch.mechanisms.qca._minimize import minimize
from vvvresearch.mechanisms.qca._models import Model, Models
from vvvresearch.mechanisms.qca._necessity import necessity, superset_search
from vvvresearch.mechanisms.qca._robustness import Robustness, robustness
from vvvresearch.mechanisms.qca._solution import Solution, case_roles
from vvvresearch.mechanisms.qca._standard import Pair, untenable
from vvvresearch.mechanisms.qca._table import CaseNames, TruthTable, truth_table

__all__ = [
    "CaseNames",
    "Enhanced",
    "Model",
    "Models",
    "Pair",
    "Robustness",
    "Solution",
    "StandardAnalysis",
    "TruthTable",
    "calibrate",
    "case_roles",
    "enhanced",
    "fit",
    "minimize",
    "necessity",
    "robustness",
    "standard_analysis",
    "superset_search",
    "truth_table",
    "untenable",
]

"""Analyses of coded interviews: theme tables, pair views, matrices, agreement, saturation, quotes."""

from vvvresearch.themes._cooccurrence import cooccurrence
from vvvresearch.themes._crosstab import crosstab
from vvvresearch.themes._double_coding import DoubleCoding, double_coding
from vvvresearch.themes._matrices import case_matrix, framework_matrix
from vvvresearch.themes._pairs import PairTable, pair_table
from vvvresearch.themes._prevalence import PrevalenceRule
from vvvresearch.themes._quotes import quotes
from vvvresearch.themes._sample import QuotaMatrix, SampleMonitor, quota_matrix, sample_monitor
from vvvresearch.themes._saturation import Saturation, group_saturation, saturation
from vvvresearch.themes._splits import SPLITS, split_table
from vvvresearch.themes._states import STATES, interview_states
from vvvresearch.themes._theme_table import ThemeTable, theme_table
from vvvresearch.themes._triangulation import Triangulation, triangulate

__all__ = [
    "SPLITS",
    "STATES",
    "DoubleCoding",
    "PairTable",
    "PrevalenceRule",
    "QuotaMatrix",
    "SampleMonitor",
    "Saturation",
    "ThemeTable",
    "Triangulation",
    "case_matrix",
    "cooccurrence",
    "crosstab",
    "double_coding",
    "framework_matrix",
    "group_saturation",
    "interview_states",
    "pair_table",
    "quota_matrix",
    "quotes",
    "sample_monitor",
    "saturation",
    "split_table",
    "theme_table",
    "triangulate",
]

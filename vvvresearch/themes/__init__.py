"""Analyses of coded interviews: theme tables, pair views, matrices, agreement, saturation, quotes."""

from typing import TYPE_CHECKING

import vvvresearch
from vvvresearch.themes._coders import CODER_RULES, CoderRule
from vvvresearch.themes._codes import Code, codes_of
from vvvresearch.themes._contexts import SPLITS, context_table, split_table
from vvvresearch.themes._cooccurrence import cooccurrence
from vvvresearch.themes._crosstab import crosstab
from vvvresearch.themes._double_coding import DoubleCoding, double_coding
from vvvresearch.themes._group_saturation import Saturation, group_saturation, saturation, saturation_table
from vvvresearch.themes._matrices import case_matrix, framework_matrix
from vvvresearch.themes._pair_gaps import pair_activities, pair_gaps
from vvvresearch.themes._pairs import pair_table
from vvvresearch.themes._quotes import quote_hash, quote_id, quotes
from vvvresearch.themes._sample import QuotaMatrix, SampleMonitor, quota_matrix, sample_monitor
from vvvresearch.themes._states import STATES, interview_states
from vvvresearch.themes._theme_changes import theme_changes
from vvvresearch.themes._theme_table import PrevalenceRule, theme_table
from vvvresearch.themes._theme_trend import CodedRound, theme_trend
from vvvresearch.themes._triangulation import triangulate
from vvvresearch.themes._unitizing import disagreements, unitizing_agreement

__all__ = [
    "CODER_RULES",
    "SPLITS",
    "STATES",
    "Code",
    "CodedRound",
    "CoderRule",
    "DoubleCoding",
    "PrevalenceRule",
    "QuotaMatrix",
    "SampleMonitor",
    "Saturation",
    "case_matrix",
    "codes_of",
    "context_table",
    "cooccurrence",
    "crosstab",
    "disagreements",
    "double_coding",
    "framework_matrix",
    "group_saturation",
    "interview_states",
    "pair_activities",
    "pair_gaps",
    "pair_table",
    "quota_matrix",
    "quote_hash",
    "quote_id",
    "quotes",
    "sample_monitor",
    "saturation",
    "saturation_table",
    "split_table",
    "theme_changes",
    "theme_table",
    "theme_trend",
    "triangulate",
    "unitizing_agreement",
]

if not TYPE_CHECKING:  # a type checker knows what there is
    __getattr__ = vvvresearch.elsewhere(__name__)

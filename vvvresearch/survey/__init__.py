"""Analyses of surveys of small, known populations: tables, intervals, waves, groups, weights, arithmetic."""

from vvvresearch.survey._arithmetic import check_percentages
from vvvresearch.survey._asked import RouteWarning
from vvvresearch.survey._bases import base_table, tabulate_all, topline
from vvvresearch.survey._cleaning import CleaningRules, clean_answers, cleaning_steps
from vvvresearch.survey._example import example_survey
from vvvresearch.survey._freetext import code_answers, coding_sheet, compare_coders
from vvvresearch.survey._groups import compare_groups
from vvvresearch.survey._letters import banner_letters
from vvvresearch.survey._recode import Recode, Recoded, recode
from vvvresearch.survey._representativeness import representativeness
from vvvresearch.survey._stack import stack_waves
from vvvresearch.survey._table import SurveyTable
from vvvresearch.survey._tabulate import tabulate
from vvvresearch.survey._trend import wave_trend
from vvvresearch.survey._waves import compare_waves
from vvvresearch.survey._weighting import weight

__all__ = [
    "CleaningRules",
    "Recode",
    "Recoded",
    "RouteWarning",
    "SurveyTable",
    "banner_letters",
    "base_table",
    "check_percentages",
    "clean_answers",
    "cleaning_steps",
    "code_answers",
    "coding_sheet",
    "compare_coders",
    "compare_groups",
    "compare_waves",
    "example_survey",
    "recode",
    "representativeness",
    "stack_waves",
    "tabulate",
    "tabulate_all",
    "topline",
    "wave_trend",
    "weight",
]

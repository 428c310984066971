"""Analyses of surveys of small, known populations: tables, intervals, waves, groups, weights, arithmetic."""

from typing import TYPE_CHECKING

import vvvresearch
from vvvresearch.published import check_percentages
from vvvresearch.survey.comparison._crosses import cross_tables
from vvvresearch.survey.comparison._group_tests import banner_letters
from vvvresearch.survey.comparison._groups import compare_groups
from vvvresearch.survey.comparison._pairs import Pair, comparable, compare
from vvvresearch.survey.comparison._pooled import pooled_groups
from vvvresearch.survey.comparison._trend import stack_waves, wave_trend
from vvvresearch.survey.comparison._waves import compare_waves
from vvvresearch.survey.preparation._cleaning import CleaningRules, clean_answers, cleaning_steps, left_out, response
from vvvresearch.survey.preparation._example import example_survey
from vvvresearch.survey.preparation._freetext import code_answers, coding_sheet, compare_coders, open_answers
from vvvresearch.survey.preparation._recoding import Recode, Recoded, recode
from vvvresearch.survey.tabulation._any_of import any_of
from vvvresearch.survey.tabulation._asked import RouteWarning
from vvvresearch.survey.tabulation._overview import base_table, topline
from vvvresearch.survey.tabulation._reliability import reliability
from vvvresearch.survey.tabulation._tabulate import tabulate
from vvvresearch.survey.weighting._nonresponse import item_nonresponse, tipping_table
from vvvresearch.survey.weighting._representativeness import representativeness
from vvvresearch.survey.weighting._weighting import Weighting, weight
from vvvresearch.survey.weighting._whole_frame import frame_bounds

__all__ = [
    "CleaningRules",
    "Pair",
    "Recode",
    "Recoded",
    "RouteWarning",
    "Weighting",
    "any_of",
    "banner_letters",
    "base_table",
    "check_percentages",
    "clean_answers",
    "cleaning_steps",
    "code_answers",
    "coding_sheet",
    "comparable",
    "compare",
    "compare_coders",
    "compare_groups",
    "compare_waves",
    "cross_tables",
    "example_survey",
    "frame_bounds",
    "item_nonresponse",
    "left_out",
    "open_answers",
    "pooled_groups",
    "recode",
    "reliability",
    "representativeness",
    "response",
    "stack_waves",
    "tabulate",
    "tipping_table",
    "topline",
    "wave_trend",
    "weight",
]

if not TYPE_CHECKING:  # a type checker knows what there is
    __getattr__ = vvvresearch.elsewhere(__name__)

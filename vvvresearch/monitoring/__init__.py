"""Goals, presence, categories, matches, volume, courses: what registers and monitoring extracts say."""

from typing import TYPE_CHECKING

import vvvresearch
from vvvresearch.monitoring._agreements import agreements, housing_areas
from vvvresearch.monitoring._basis import BASIS_COLUMNS, context_table, data_basis, deviation_table, interview_table, kind_words, statements
from vvvresearch.monitoring._courses import activities, course_table, materials
from vvvresearch.monitoring._durations import checked_offers, duration, funnel, waiting
from vvvresearch.monitoring._follow_up import follow_up, recommendation_faults
from vvvresearch.monitoring._goals import goal_status, goal_trend
from vvvresearch.monitoring._presence import needs_told, presence, presence_facts
from vvvresearch.monitoring._reasons import broken_off, ended_by_reason, endings, own_reasons
from vvvresearch.monitoring._records import with_reasons
from vvvresearch.monitoring._recruitment import campaigns, referral_rows, referrals, volunteers
from vvvresearch.monitoring._scenarios import scenario
from vvvresearch.monitoring._sheet import municipality_index, municipality_sheet
from vvvresearch.monitoring._sums import column_sums, context_figures
from vvvresearch.monitoring._transitions import category_rows, transitions
from vvvresearch.monitoring._volume import snapshots, volume

__all__ = [
    "BASIS_COLUMNS",
    "activities",
    "agreements",
    "broken_off",
    "campaigns",
    "category_rows",
    "checked_offers",
    "column_sums",
    "context_figures",
    "context_table",
    "course_table",
    "data_basis",
    "deviation_table",
    "duration",
    "ended_by_reason",
    "endings",
    "follow_up",
    "funnel",
    "goal_status",
    "goal_trend",
    "housing_areas",
    "interview_table",
    "kind_words",
    "materials",
    "municipality_index",
    "municipality_sheet",
    "needs_told",
    "own_reasons",
    "presence",
    "presence_facts",
    "recommendation_faults",
    "referral_rows",
    "referrals",
    "scenario",
    "snapshots",
    "statements",
    "transitions",
    "volume",
    "volunteers",
    "waiting",
    "with_reasons",
]

if not TYPE_CHECKING:  # a type checker knows what there is
    __getattr__ = vvvresearch.elsewhere(__name__)

"""Goals, presence, categories, matches, volume, courses: what registers and monitoring extracts say."""

from vvvresearch.monitoring._basis import BASIS_COLUMNS, context_table, data_basis, deviation_table, interview_table, kind_words, statements
from vvvresearch.monitoring._courses import course_table
from vvvresearch.monitoring._durations import duration
from vvvresearch.monitoring._endings import ended_by_reason
from vvvresearch.monitoring._follow_up import follow_up
from vvvresearch.monitoring._funnel import funnel, waiting
from vvvresearch.monitoring._goal_trend import goal_trend
from vvvresearch.monitoring._goals import goal_status
from vvvresearch.monitoring._presence import presence, presence_facts
from vvvresearch.monitoring._reasons import broken_off, endings
from vvvresearch.monitoring._referrals import referrals
from vvvresearch.monitoring._scenarios import scenario
from vvvresearch.monitoring._sheet import municipality_sheet
from vvvresearch.monitoring._transitions import transitions
from vvvresearch.monitoring._volume import volume

__all__ = [
    "BASIS_COLUMNS",
    "broken_off",
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
    "interview_table",
    "kind_words",
    "municipality_sheet",
    "presence",
    "presence_facts",
    "referrals",
    "scenario",
    "statements",
    "transitions",
    "volume",
    "waiting",
]

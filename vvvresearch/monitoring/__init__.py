"""Goals, presence, categories, volume, courses: what registers and monitoring extracts say."""

from vvvresearch.monitoring._basis import InterviewTable, data_basis, deviation_table, interview_table
from vvvresearch.monitoring._courses import CourseTable, course_table
from vvvresearch.monitoring._goals import GoalTable, goal_status
from vvvresearch.monitoring._presence import presence
from vvvresearch.monitoring._volume import stock_and_flow, volume

__all__ = [
    "CourseTable",
    "GoalTable",
    "InterviewTable",
    "course_table",
    "data_basis",
    "deviation_table",
    "goal_status",
    "interview_table",
    "presence",
    "stock_and_flow",
    "volume",
]

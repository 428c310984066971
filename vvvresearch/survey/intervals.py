"""Intervals for survey figures: a proportion, its worst case, a difference, and the counts behind a percentage."""

from vvvresearch.statistics.differences import difference_interval
from vvvresearch.statistics.intervals import Interval, proportion_interval, worst_case_bounds
from vvvresearch.statistics.rounding import possible_counts

__all__ = ["Interval", "difference_interval", "possible_counts", "proportion_interval", "worst_case_bounds"]

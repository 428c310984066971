"""Analyses of surveys of small, known populations: tables, intervals, waves, groups, weights, arithmetic."""

from vvvresearch.survey._arithmetic import check_percentages

__all__ = ["check_percentages"]

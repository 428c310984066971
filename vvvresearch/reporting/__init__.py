"""Turns results into a report: values, staged folder, Quarto or the embedded engine, checks."""

from vvvresearch.reporting._output import Output
from vvvresearch.reporting._render import check_page, render
from vvvresearch.reporting._round_agreement import hand_over_agreement
from vvvresearch.reporting._round_basis import hand_over_basis
from vvvresearch.reporting._round_comparison import hand_over_survey_comparison
from vvvresearch.reporting._round_crosses import hand_over_crosses
from vvvresearch.reporting._round_goals import hand_over_goals
from vvvresearch.reporting._round_mappings import hand_over_mappings
from vvvresearch.reporting._round_portraits import hand_over_portraits
from vvvresearch.reporting._round_published import hand_over_comparison
from vvvresearch.reporting._round_representation import hand_over_representation
from vvvresearch.reporting._round_surveys import hand_over_surveys
from vvvresearch.reporting._round_themes import hand_over_themes
from vvvresearch.reporting.staging._bound import used_addresses
from vvvresearch.reporting.staging._prose import TypedNumber, check_prose, require_bound_prose
from vvvresearch.reporting.staging._stage import belongs_to, stage, stage_report

__all__ = [
    "Output",
    "TypedNumber",
    "belongs_to",
    "check_page",
    "check_prose",
    "hand_over_agreement",
    "hand_over_basis",
    "hand_over_comparison",
    "hand_over_crosses",
    "hand_over_goals",
    "hand_over_mappings",
    "hand_over_portraits",
    "hand_over_representation",
    "hand_over_survey_comparison",
    "hand_over_surveys",
    "hand_over_themes",
    "render",
    "require_bound_prose",
    "stage",
    "stage_report",
    "used_addresses",
]

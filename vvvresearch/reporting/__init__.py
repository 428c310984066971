"""Turns results into a report: values, staged folder, Quarto or the embedded engine, checks."""

from vvvresearch.reporting._body import Body, measure_body, measure_report
from vvvresearch.reporting._neutral import finding_marks, neutral_report, unwritten_findings
from vvvresearch.reporting._render import ENGINES, RENDERED, RENDERED_FROM, check_page, render, render_staged, rendered_files
from vvvresearch.reporting.claims._cited import ROWS
from vvvresearch.reporting.claims._document import SEALS, Complaint, review_document, sealed_before
from vvvresearch.reporting.claims._findings import Standing, findings_complaints
from vvvresearch.reporting.claims._proof import Claims
from vvvresearch.reporting.claims._readings import note_readings, readings_in
from vvvresearch.reporting.claims._story import findings_snippets
from vvvresearch.reporting.staging._bound import used_addresses
from vvvresearch.reporting.staging._faults import Faults, TypedNumber, check_prose, require_bound_prose
from vvvresearch.reporting.staging._material import marks_of, round_material
from vvvresearch.reporting.staging._stage import check_staged, has_evidence, stage, write_volume

__all__ = [
    "ENGINES",
    "RENDERED",
    "RENDERED_FROM",
    "ROWS",
    "SEALS",
    "Body",
    "Claims",
    "Complaint",
    "Faults",
    "Standing",
    "TypedNumber",
    "check_page",
    "check_prose",
    "check_staged",
    "finding_marks",
    "findings_complaints",
    "findings_snippets",
    "has_evidence",
    "marks_of",
    "measure_body",
    "measure_report",
    "neutral_report",
    "note_readings",
    "readings_in",
    "render",
    "render_staged",
    "rendered_files",
    "require_bound_prose",
    "review_document",
    "round_material",
    "sealed_before",
    "stage",
    "unwritten_findings",
    "used_addresses",
    "write_volume",
]

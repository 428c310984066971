"""One reader per format: a file in, evidence out, and a report of what the model cannot hold."""

from vvvresearch.sources.qda import (
    convert_codings,
    document_tables,
    document_text,
    is_summary,
    read_codebook,
    read_codings,
    write_codings,
    write_refi,
)
from vvvresearch.sources.registers._interviews import read_interviews
from vvvresearch.sources.registers._mappings import mapping_template, read_mappings
from vvvresearch.sources.registers._match_events import begun_at_once
from vvvresearch.sources.registers._published import read_links, read_margins, read_published
from vvvresearch.sources.registers._realist import read_configurations, read_ledger, read_theory
from vvvresearch.sources.registers._registers import read_counts, read_courses, read_matches, read_monitoring, read_register
from vvvresearch.sources.registers._tables import TypedTable, read_records
from vvvresearch.sources.surveys._draft import draft_questionnaire
from vvvresearch.sources.surveys._read import LABELLED, read_labelled, read_survey, write_survey
from vvvresearch.sources.templates import (
    is_template,
    template_bytes,
    template_kind,
    template_kinds,
    template_sheet,
    template_tables,
    template_type,
)

__all__ = [
    "LABELLED",
    "TypedTable",
    "begun_at_once",
    "convert_codings",
    "document_tables",
    "document_text",
    "draft_questionnaire",
    "is_summary",
    "is_template",
    "mapping_template",
    "read_codebook",
    "read_codings",
    "read_configurations",
    "read_counts",
    "read_courses",
    "read_interviews",
    "read_labelled",
    "read_ledger",
    "read_links",
    "read_mappings",
    "read_margins",
    "read_matches",
    "read_monitoring",
    "read_published",
    "read_records",
    "read_register",
    "read_survey",
    "read_theory",
    "template_bytes",
    "template_kind",
    "template_kinds",
    "template_sheet",
    "template_tables",
    "template_type",
    "write_codings",
    "write_refi",
    "write_survey",
]

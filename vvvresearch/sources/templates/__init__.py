"""Tables that people fill in: their columns in both languages, the workbooks with drop-down lists, and reading them back."""

from vvvresearch.sources.templates._columns import (
    RecordRules,
    TemplateColumn,
    TemplateSheet,
    record_rules,
    template_kinds,
    template_sheets,
    template_type,
)
from vvvresearch.sources.templates._workbook import (
    configurations_document,
    is_template,
    ledger_document,
    open_table,
    template_bytes,
    template_kind,
    template_sheet,
    template_tables,
    theory_document,
)

__all__ = [
    "RecordRules",
    "TemplateColumn",
    "TemplateSheet",
    "configurations_document",
    "is_template",
    "ledger_document",
    "open_table",
    "record_rules",
    "template_bytes",
    "template_kind",
    "template_kinds",
    "template_sheet",
    "template_sheets",
    "template_tables",
    "template_type",
    "theory_document",
]

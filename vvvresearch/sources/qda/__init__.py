"""Interview codings in and out: every program's files, one model, and a report of what it cannot hold."""

from vvvresearch.sources.qda._codebook import read_codebook
from vvvresearch.sources.qda._passages import document_tables, document_text
from vvvresearch.sources.qda._read import convert_codings, read_codings
from vvvresearch.sources.qda.refi._read import write_refi
from vvvresearch.sources.qda.tables._columns import is_summary
from vvvresearch.sources.qda.tables._write import write_codings

__all__ = [
    "convert_codings",
    "document_tables",
    "document_text",
    "is_summary",
    "read_codebook",
    "read_codings",
    "write_codings",
    "write_refi",
]

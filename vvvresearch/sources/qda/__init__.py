"""Interview codings in and out: every program's files, one model, and a report of what it cannot hold."""

from vvvresearch.sources.qda._codebook_read import read_codebook
from vvvresearch.sources.qda._convert import convert_codings
from vvvresearch.sources.qda._read import read_codings
from vvvresearch.sources.qda._refi_write import write_refi
from vvvresearch.sources.qda._table_write import write_codings
from vvvresearch.sources.qda._texts import document_tables, document_text

__all__ = ["convert_codings", "document_tables", "document_text", "read_codebook", "read_codings", "write_codings", "write_refi"]

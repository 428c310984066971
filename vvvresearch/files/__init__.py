"""The one guarded door to files: limits, escapes, atomic writes, a record of every read."""

from vvvresearch.files._archive import Archive, open_archive
from vvvresearch.files._database import open_database
from vvvresearch.files._escape import cell_text, html_text, markdown_text, original_text, plain_text
from vvvresearch.files._folder import files_below, folder_hash, folder_lock, inside, list_folder, safe_name
from vvvresearch.files._read import Limits, admit, ends_within_a_line, read_bytes, read_text
from vvvresearch.files._record import READS_FILE, Read, content_hash, hash_file, note_missing, note_read, read_sidecar, recording
from vvvresearch.files._structured import collector_paused, parse_xml, read_json, read_toml, read_yaml, toml
from vvvresearch.files._tabular import read_csv, read_workbook, sheet_names
from vvvresearch.files._write import (
    append_line,
    aside,
    csv_text,
    keep_only,
    removing,
    staged_folder,
    unflushed,
    workbook_bytes,
    write_bytes,
    write_csv,
    write_json,
    write_new,
    write_text,
    write_workbook,
)

__all__ = [
    "READS_FILE",
    "Archive",
    "Limits",
    "Read",
    "admit",
    "append_line",
    "aside",
    "cell_text",
    "collector_paused",
    "content_hash",
    "csv_text",
    "ends_within_a_line",
    "files_below",
    "folder_hash",
    "folder_lock",
    "hash_file",
    "html_text",
    "inside",
    "keep_only",
    "list_folder",
    "markdown_text",
    "note_missing",
    "note_read",
    "open_archive",
    "open_database",
    "original_text",
    "parse_xml",
    "plain_text",
    "read_bytes",
    "read_csv",
    "read_json",
    "read_sidecar",
    "read_text",
    "read_toml",
    "read_workbook",
    "read_yaml",
    "recording",
    "removing",
    "safe_name",
    "sheet_names",
    "staged_folder",
    "toml",
    "unflushed",
    "workbook_bytes",
    "write_bytes",
    "write_csv",
    "write_json",
    "write_new",
    "write_text",
    "write_workbook",
]

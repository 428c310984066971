"""One reader per format: a file in, evidence out, and a report of what the model cannot hold."""

from vvvresearch.sources.qda import convert_codings, read_codebook, read_codings, write_codings, write_refi

__all__ = [
    "convert_codings",
    "read_codebook",
    "read_codings",
    "write_codings",
    "write_refi",
]

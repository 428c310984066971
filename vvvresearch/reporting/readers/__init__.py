"""One report for each of its readers, from one source of numbers."""

from vvvresearch.reporting.readers._write import READERS, stage_reader

__all__ = ["READERS", "stage_reader"]

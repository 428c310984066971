"""One report for each of its readers, from one source of numbers."""

from vvvresearch.reporting.readers._write import READERS, lix, stage_reader

__all__ = ["READERS", "lix", "stage_reader"]

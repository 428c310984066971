"""What may identify a person: direct identifiers in texts and tables."""

from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._scan import TEXT_FILES, scan_file, scan_text

__all__ = ["TEXT_FILES", "Finding", "scan_file", "scan_text"]

"""What may identify a person: direct identifiers in texts and tables."""

from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._scan import scan_file, scan_text

__all__ = ["Finding", "scan_file", "scan_text"]

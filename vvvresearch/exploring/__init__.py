"""From a number to what stands behind it: passages, cases, answers and events; search, transcripts, filters, the explorer."""

from vvvresearch.exploring._find import evidence_of
from vvvresearch.exploring._narrow import Narrowing, narrowed
from vvvresearch.exploring._search import search
from vvvresearch.exploring._transcript import transcript

__all__ = ["Narrowing", "evidence_of", "narrowed", "search", "transcript"]

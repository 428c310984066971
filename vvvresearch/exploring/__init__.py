"""From a number to what stands behind it: passages, cases, answers and events; search, transcripts, filters, the explorer."""

from vvvresearch.exploring._decisions import Decision, check_decision, coding_ids, counts_changed, decided, decided_with_ids, state_of
from vvvresearch.exploring._find import evidence_of
from vvvresearch.exploring._narrow import Narrowing, narrowed
from vvvresearch.exploring._passages import transcript
from vvvresearch.exploring._search import search

__all__ = [
    "Decision",
    "Narrowing",
    "check_decision",
    "coding_ids",
    "counts_changed",
    "decided",
    "decided_with_ids",
    "evidence_of",
    "narrowed",
    "search",
    "state_of",
    "transcript",
]

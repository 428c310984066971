"""A finding: where something that may identify a person stands, and why we think so. It never holds the text itself."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

Kind = Literal["CPR", "PHONE", "EMAIL", "ADDRESS", "PERSON", "DOB", "PLATE", "RARE", "ID"]
# Where two findings overlap the one that names more of a person stands.
PRIORITY: tuple[Kind, ...] = ("CPR", "EMAIL", "ID", "PHONE", "ADDRESS", "DOB", "PLATE", "PERSON", "RARE")


@dataclass(frozen=True)
class Finding:
    """One place in a text.

    `start` and `end` are code points, end exclusive; `confidence` is 0–1; `rule` says in a few words what spoke for it.
    """

    start: int
    end: int
    kind: Kind
    confidence: float
    rule: str


def without_overlaps(findings: list[Finding]) -> list[Finding]:
    """Findings in the order of the text; of overlapping ones the weightier kind, then the longer, stands.

    A number that only its shape speaks for stands where nothing says better what it is.
    """
    kept: list[Finding] = []
    for finding in sorted(
        findings, key=lambda one: (one.kind == "ID" and one.confidence <= 0.5, PRIORITY.index(one.kind), one.start - one.end, one.start)
    ):
        place = bisect_left(kept, finding.start, key=lambda one: one.start)
        after_last = place == 0 or kept[place - 1].end <= finding.start
        if after_last and (place == len(kept) or finding.end <= kept[place].start):
            kept.insert(place, finding)
    return kept

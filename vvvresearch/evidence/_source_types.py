"""The registry of source types: what a round can hold, how it is read, and whose each of its rows is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Whose = Literal["", "interview", "pair", "half", "respondent", "match"]


@dataclass(frozen=True)
class SourceType:
    """One kind of source.

    Args:
        id: the word in a round's definition.
        reader: the function of `vvvresearch.sources` that reads it; "" for what is only described.
        whose: what a row belongs to, for consent: an interview, a pair, one half of a pair, a respondent, a match; "" nobody's.
        numbers: columns that hold counts, besides those that the definition names.
        single: whether a round has at most one.
        shares: columns that hold numbers from 0 to 1.
        unit: what one of its rows is, where a definition does not say: a key of the table of units.
    """

    id: str
    reader: str
    whose: Whose = ""
    numbers: tuple[str, ...] = ()
    single: bool = True
    shares: tuple[str, ...] = ()
    unit: str = "row"


def _register(name: str, whose: Whose = "", *, shares: tuple[str, ...] = (), single: bool = True, unit: str = "row") -> SourceType:
    return SourceType(name, "read_register", whose, single=single, shares=shares, unit=unit)


def _records(name: str, whose: Whose = "", *, unit: str = "row") -> SourceType:
    return SourceType(name, "read_records", whose, unit=unit)


SOURCE_TYPES: dict[str, SourceType] = {
    one.id: one
    for one in (
        SourceType("interviews", "read_interviews", "interview", unit="interview"),
        SourceType("codings", "read_codings", "interview", unit="segment"),
        SourceType("codebook", "read_codebook"),
        SourceType("mappings", "read_mappings", "half", unit="link"),
        SourceType("survey", "read_survey", "respondent", single=False, unit="respondent"),
        SourceType("published", "read_published", single=False, unit="value"),
        SourceType("courses", "read_courses", unit="course"),
        SourceType("monitoring", "read_monitoring"),
        SourceType("matches", "read_matches", "match", unit="match"),
        SourceType("counts", "read_counts", unit="value"),
        SourceType("theory", "read_theory"),
        SourceType("configurations", "read_configurations", "interview"),
        SourceType("ledger", "read_ledger"),
        _records("context", unit="value"),
        _register("guide"),
        _register("claims", unit="claim"),
        _register("judgements", "pair", shares=("membership",)),
        _register("attributes", "half"),
        _register("contacts", "pair", unit="contact"),
        _register("observations", "interview"),
        _records("categories"),
        _records("campaigns"),
        _records("housing_areas"),
        _register("documents"),
        _records("agreements", unit="agreement"),
        _records("referrals", "match"),
        _records("snapshots", "match"),
        _records("volunteers"),
        _records("activities", unit="activity"),
        _records("materials", unit="material"),
        _records("offers", "match"),
        _register("recommendations", unit="recommendation"),
        _register("codebook_changes"),
        _register("answers_as_received", "respondent", single=False),
        _register("register", single=False),
        SourceType("documentary", "", single=False, unit=""),
    )
}

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
    """

    id: str
    reader: str
    whose: Whose = ""
    numbers: tuple[str, ...] = ()
    single: bool = True
    shares: tuple[str, ...] = ()


def _register(name: str, whose: Whose = "", *, shares: tuple[str, ...] = (), single: bool = True) -> SourceType:
    return SourceType(name, "read_register", whose, single=single, shares=shares)


def _records(name: str, whose: Whose = "") -> SourceType:
    return SourceType(name, "read_records", whose)


SOURCE_TYPES: dict[str, SourceType] = {
    one.id: one
    for one in (
        SourceType("interviews", "read_interviews", "interview"),
        SourceType("codings", "read_codings", "interview"),
        SourceType("codebook", "read_codebook"),
        SourceType("mappings", "read_mappings", "half"),
        SourceType("survey", "read_survey", "respondent", single=False),
        SourceType("published", "read_published", single=False),
        SourceType("courses", "read_courses"),
        SourceType("monitoring", "read_monitoring"),
        SourceType("matches", "read_matches", "match"),
        SourceType("counts", "read_counts"),
        SourceType("theory", "read_theory"),
        SourceType("configurations", "read_configurations", "interview"),
        SourceType("ledger", "read_ledger"),
        _records("context"),
        _register("guide"),
        _register("claims"),
        _register("judgements", "pair", shares=("membership",)),
        _register("attributes", "half"),
        _register("contacts", "pair"),
        _register("observations", "interview"),
        _records("categories"),
        _records("campaigns"),
        _records("housing_areas"),
        _register("documents"),
        _records("agreements"),
        _records("referrals", "match"),
        _records("snapshots", "match"),
        _records("volunteers"),
        _records("activities"),
        _records("materials"),
        _records("offers", "match"),
        _register("recommendations"),
        _register("codebook_changes"),
        _register("answers_as_received", "respondent", single=False),
        _register("register", single=False),
        SourceType("documentary", "", single=False),
    )
}

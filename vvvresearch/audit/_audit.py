"""The audit: every check over one document or several, each place told once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vvvresearch.audit._bases import Bases
from vvvresearch.audit._document import Document
from vvvresearch.audit._facts import Facts, Said, facts_of
from vvvresearch.audit._finding import Finding, Place, place_of
from vvvresearch.audit._follows import Follows
from vvvresearch.audit._goals import goal_findings
from vvvresearch.audit._limits import limit_findings
from vvvresearch.audit._lines import line_findings
from vvvresearch.audit._lookup import lookup_findings
from vvvresearch.audit._moves import move_findings
from vvvresearch.audit._near_numbers import Pool
from vvvresearch.audit._numbering import numbering_findings
from vvvresearch.audit._parts import part_findings
from vvvresearch.audit._ranks import rank_findings
from vvvresearch.audit._reading import read_document
from vvvresearch.audit._retold import period_findings, word_findings
from vvvresearch.audit._same_fact import same_fact_findings
from vvvresearch.audit._shares import share_findings
from vvvresearch.audit._spans import event_findings, span_findings
from vvvresearch.audit._sums import sum_findings
from vvvresearch.audit._surveys import survey_findings
from vvvresearch.audit._tables import table_findings
from vvvresearch.audit._told import tellings
from vvvresearch.audit._units import unit_findings
from vvvresearch.audit._wholes import set_findings, whole_findings, whole_findings_across
from vvvresearch.files import collector_paused
from vvvresearch.statements import Mention


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    Attributes:
        documents: the reports as they were read.
        findings: places that do not agree, in the order of the documents.
    """

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]
    _facts: tuple[Facts, ...] = ()

    def hints(self) -> tuple[Place, ...]:
        """Claims of quantity or change without a figure in their sentence: no contradiction, a list of its own."""
        return tuple(place_of(said, found[0]) for facts in self._facts for said in facts.said if (found := _without_figure(said)))


def _without_figure(said: Said) -> tuple[Mention, ...]:
    if said.of("percentage", "count", "ratio", "total", "base", "sample_size", "points") or said.block.kind in ("caption", "heading"):
        return ()
    return tuple(
        one for one in said.of("share", "direction", "multiple") if one.kind != "share" or one.key in _QUANTITIES or one.key == "fraction"
    )


_QUANTITIES = frozenset({"majority", "minority", "half", "most", "great_majority", "nearly_all", "fewest"})


def audit(paths: Sequence[str | Path]) -> Audit:
    """Whether published reports agree with themselves and with each other.

    Counts against percentages, sums, texts against their tables, bases, routes, directions, numbering, units, and facts told twice.
    Nothing is judged from outside the documents, and a finding says that two places differ, never which is right.

    Args:
        paths: reports as .txt, .md, .html, .docx or .pdf; several are compared with each other.

    Returns:
        The documents with what could not be read in them, and the findings.

    Raises:
        SourceError: a file cannot be read.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "report.txt"
        >>> _ = path.write_text("I alt har 37 af 56 kommuner (76 pct.) en aftale.", encoding="utf-8")
        >>> [(one.kind, one.places[0].line, round(one.chance, 2)) for one in audit([path]).findings]
        [('count', 1, 0.98)]
    """
    with collector_paused():
        return audit_documents([read_document(path) for path in paths])


def audit_documents(documents: Sequence[Document]) -> Audit:
    """As `audit`, of documents that are read already."""
    found: list[Finding] = []
    read = [facts_of(document) for document in documents]
    told = [tellings(facts) for facts in read]
    follows = {facts.document.name: Follows(facts, Pool(facts)) for facts in read}
    for facts, own in zip(read, told, strict=True):
        found += [*_checked(facts, follows[facts.document.name]), *word_findings(facts, own)]
    found += same_fact_findings([one for own in told for one in own])
    found += unit_findings(read)
    found += whole_findings_across(read)
    found += [*event_findings(read), *period_findings(told, read)]
    found = [one for one in found if not follows[one.places[0].file].explains(one)]
    for facts, one in zip(read, follows.values(), strict=True):
        found += [*one.findings(), *limit_findings(facts, one), *set_findings(facts)]
    order = {document.name: at for at, document in enumerate(documents)}
    chosen = _once(found)
    chosen.sort(key=lambda one: (order.get(one.places[0].file, 0), one.places[0].line))
    return Audit(tuple(documents), tuple(chosen), tuple(read))


def _checked(facts: Facts, follows: Follows) -> list[Finding]:
    bases, pool = Bases(facts), follows.pool
    return [
        *share_findings(facts, bases, pool),
        *part_findings(facts, pool),
        *sum_findings(facts),
        *table_findings(facts, bases),
        *lookup_findings(facts, bases),
        *survey_findings(facts, bases),
        *rank_findings(facts, bases),
        *move_findings(facts),
        *span_findings(facts),
        *line_findings(facts),
        *goal_findings(facts, pool),
        *whole_findings(facts, bases),
        *numbering_findings(facts),
    ]


def _numbers(finding: Finding) -> frozenset[str]:
    """The numbers that a finding tells, as digits."""
    found = re.findall(r"\d[\d.,]*", finding.what.say("en"))
    return frozenset(re.sub(r"\D", "", one) for one in found)


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """The surest finding of each pair of places; a number that one check explains is not told by a weaker one."""
    chosen: list[Finding] = []
    # Which numbers the findings chosen so far tell of each sentence.
    explained: dict[tuple[str, int, str], list[frozenset[str]]] = {}
    taken: set[frozenset[tuple[str, int, str]]] = set()
    primary: dict[tuple[str, int, str], str] = {}
    for one in sorted(findings, key=lambda finding: -finding.weight):
        places = frozenset((place.file, place.line, place.quote) for place in one.places)
        first = (one.places[0].file, one.places[0].line, one.places[0].quote)
        if places in taken and any(other.kind == one.kind and other.what == one.what for other in chosen):
            continue
        if any(other.kind == one.kind and other.what == one.what and other.places[0] == one.places[0] for other in chosen):
            continue
        if one.kind in ("retold", "impossible") and primary.get(first, one.kind) not in (one.kind, "documents", "caption", "reference"):
            continue
        numbers = _numbers(one)
        if any(numbers <= others for others in explained.get(first, ())):
            continue
        for place in one.places:
            explained.setdefault((place.file, place.line, place.quote), []).append(numbers)
        taken.add(places)
        primary.setdefault(first, one.kind)
        chosen.append(one)
    return chosen

"""One event, or one thing, that two documents tell with another date or another small number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from vvvresearch.audit._counted import unit_of
from vvvresearch.audit._facts import Facts, Said
from vvvresearch.audit._finding import Finding, Place, place_of
from vvvresearch.audit._spans import RANGE
from vvvresearch.audit._words import common, stem
from vvvresearch.locales import MONTH_NAMES, Phrase, month_number
from vvvresearch.statements import Mention

_DATE = re.compile(rf"\b(?:i|in|den \d{{1,2}}\.) (?P<month>{MONTH_NAMES}) (?P<year>20\d\d)\b", re.IGNORECASE)
# How long a word must be to name an event, and how often a noun is counted in words for its counts to be of one thing.
_LONG, _SELDOM = 8, 8
_FEWEST, _MOST = 3, 12
# How far before a date the word stands that says what it is of.
_FAR = 45


def event_findings(documents: Sequence[Facts]) -> Iterator[Finding]:
    """Findings on dates of what is named in one dated sentence of each of two documents, and on small counts of one rare noun."""
    yield from _dates(documents)
    for facts in documents:
        yield from _begun_and_ended(facts)
    yield from _few(documents)


_BEGAN = re.compile(r"\b(?:start\w*|begynd\w*|åbne\w*|etabler\w*|began|begun|opened|launched|set up)\b", re.IGNORECASE)
_ENDED = re.compile(r"\b(?:sluttede|afsluttet|ophørt\w*|udløb|lukkede|ended|closed|finished|completed|came to an end)\b", re.IGNORECASE)


def _begun_and_ended(facts: Facts) -> Iterator[Finding]:
    """ "fra august 2021 til juni 2023" in one place, "sluttede i juni 2022" in another: the month of an end, and another year."""
    stretches = [(said, match) for said in facts.said for match in RANGE.finditer(" ".join(said.text.split("\n"))) if match["month2"]]
    for said in facts.said:
        dates = list(_DATE.finditer(said.text))
        if len(dates) != 1 or any(said is owner for owner, _ in stretches):
            continue
        for word, at in ((_BEGAN, "1"), (_ENDED, "2")):
            if not word.search(said.text[max(0, dates[0].start() - _FAR) : dates[0].start()]):
                continue
            ends = [(owner, match) for owner, match in stretches if match[f"month{at}"] and match[f"year{at}"]]
            same = [(owner, match) for owner, match in ends if month_number(match[f"month{at}"]) == month_number(dates[0]["month"])]
            if same and all(match[f"year{at}"] != dates[0]["year"] for _, match in same):
                owner, match = same[0]
                told = f"{match[f'month{at}']} {match[f'year{at}']}"
                yield replace(_finding(told, place_of(owner), f"{dates[0]['month']} {dates[0]['year']}", place_of(said)), kind="retold")


def _dates(documents: Sequence[Facts]) -> Iterator[Finding]:
    named: dict[str, list[tuple[Facts, Said]]] = defaultdict(list)
    for facts in documents:
        for said in facts.said:
            if len(list(_DATE.finditer(said.text))) == 1:
                for word in said.stems:
                    if len(word) >= _LONG:
                        named[word].append((facts, said))
    done: set[tuple[int, int]] = set()
    for found in named.values():
        if len(found) != 2 or found[0][0] is found[1][0]:
            continue
        (_, first), (_, other) = found
        dates = [_DATE.search(said.text) for said in (first, other)]
        if (id(first), id(other)) in done or len(common(first.stems, other.stems)) < _FEWEST:
            continue
        done.add((id(first), id(other)))
        shown = [f"{one['month']} {one['year']}" for one in dates if one is not None]
        if shown[0].lower() != shown[1].lower():
            yield _finding(shown[0], place_of(first), shown[1], place_of(other))


def _few(documents: Sequence[Facts]) -> Iterator[Finding]:
    """ "oversat til fire sprog", "hæfte på fem sprog": small counts of a noun that is seldom counted."""
    told: dict[tuple[str, str], list[tuple[Facts, Said, Mention]]] = defaultdict(list)
    for facts in documents:
        for said in facts.said:
            for one in said.of("count"):
                noun = unit_of(said, one)
                if one.value is not None and one.spelled and _FEWEST <= one.value <= _MOST and noun and not one.modifier:
                    told[stem(noun, said.lang), said.lang].append((facts, said, one))
    for found in told.values():
        values = {one.value for _, _, one in found}
        if len(values) != 2 or len(found) > _SELDOM:
            continue
        for (facts, first, one), (others, second, other) in combinations(found, 2):
            shared = common(first.stems, second.stems)
            if facts is not others and one.value != other.value and len(shared) > 2:
                yield _finding(one.text, place_of(first, one), other.text, place_of(second, other))
                break


def _finding(text: str, place: Place, other: str, other_place: Place) -> Finding:
    what = Phrase("audit.what_retold", {"first": " ".join(text.split()), "second": " ".join(other.split())})
    return Finding("documents", (other_place, place), what, Phrase("audit.why_retold", {}), Phrase("audit.ground_documents", {}), 0.6, 0.5)

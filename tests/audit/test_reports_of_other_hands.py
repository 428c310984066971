"""Reports by somebody who had not seen the auditor: which planted errors it finds, and what it says of reports without any."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest

from vvvresearch.audit import audit

PLANTED = Path(__file__).parent / "planted"
ROWS = json.loads((PLANTED / "planted.json").read_text(encoding="utf-8"))
FILES = sorted({row["file"] for row in ROWS})


def plain(text: str) -> str:
    return re.sub(r"[\s|·:*•-]+", " ", text).casefold().strip()


def meets(quote: str, sentence: str) -> bool:
    """Whether a place that was told is the planted sentence, or a part of it that is long enough to be meant."""
    one, other = sorted((plain(quote), plain(sentence)), key=len)
    return len(one) > 8 and one in other


@pytest.mark.parametrize("name", FILES)
def test_the_errors_that_were_found_once_are_found(name: str) -> None:
    told = [place.quote for finding in audit([PLANTED / name]).findings for place in finding.places]
    rows = [row for row in ROWS if row["file"] == name]
    found = {row["sentence"]: any(meets(quote, row["sentence"]) for quote in told) for row in rows}
    # What nobody could find yet may be found tomorrow: then the list says so.
    assert found == {row["sentence"]: row["found"] for row in rows}


def test_more_than_half_of_the_planted_errors_are_found() -> None:
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for row in ROWS:
        by_kind[row["kind"]].append(row["found"])
    assert sum(map(sum, by_kind.values())) >= len(ROWS) / 2


@pytest.mark.parametrize(("name", "most"), [("right-02.txt", 1), ("right-04.html", 3)])
def test_no_more_is_doubted_of_a_report_without_errors_than_once(name: str, most: int) -> None:
    assert len(audit([PLANTED / name]).findings) <= most

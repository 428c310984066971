"""Every published fact about the programme, as the documentation lists it: recomputed from its round, from printed parts, or impossible."""

from __future__ import annotations

import re
from collections.abc import Hashable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from vvvresearch.locales import half_up
from vvvresearch.published._arithmetic import evaluate
from vvvresearch.rounds import Round, open_round
from vvvresearch.survey.intervals import possible_counts

PAGE = Path(__file__).parents[2] / "docs" / "pages" / "methods" / "programme-numbers.en.md"
# How each number came about, in the page's words in both languages.
HOW = {
    "recomputed": "genberegnet",
    "from its parts": "af sine dele",
    "stands only here": "står kun her",
    "only in a picture": "kun på et billede",
    "impossible": "umuligt",
}


class Listed(NamedTuple):
    round: str
    fact: str
    label: str
    printed: str
    how: str
    source: str


def listed(page: Path) -> list[Listed]:
    cells = [[cell.strip().strip("`") for cell in line.split("|")[1:-1]] for line in page.read_text(encoding="utf-8").splitlines()]
    return [Listed(*row) for row in cells if len(row) == 6 and re.match("(PR|ALS)-", row[1])]


LIST = listed(PAGE)
RECOMPUTED = [one for one in LIST if one.how == "recomputed"]


@cache
def opened(round_id: str) -> Round:
    return open_round(round_id)


@cache
def printed(round_id: str) -> dict[str, dict[Hashable, Any]]:
    return {row["fact"]: row for row in opened(round_id).published.facts.to_dict("records")}


def test_every_fact_of_both_rounds_is_listed_once_with_its_printed_value_in_both_languages() -> None:
    known = {(round_id, fact): row for round_id in ("2019-final", "2021-note") for fact, row in printed(round_id).items()}
    assert sorted((one.round, one.fact) for one in LIST) == sorted(known)
    for one in LIST:
        value = known[one.round, one.fact]["value"]
        assert one.printed == ("–" if pd.isna(value) else str(half_up(Fraction(str(value)), 0))), one.fact
        assert (one.printed == "–") == (one.how == "only in a picture")
    danish = listed(PAGE.with_name("programme-numbers.md"))
    assert [(one.fact, one.printed, one.how, one.source) for one in danish] == [
        (one.fact, one.printed, HOW[one.how], one.source) for one in LIST
    ]


@pytest.mark.parametrize("one", RECOMPUTED, ids=[one.fact for one in RECOMPUTED])
def test_a_fact_is_what_the_analyses_make_of_the_rounds_own_registers(one: Listed) -> None:
    total, sign = Fraction(0), 1
    for piece in one.source.split():
        if piece in "+-":
            sign = -1 if piece == "-" else 1
        elif piece in opened(one.round).surveys:
            total += len(opened(one.round).surveys[piece].answers)
        else:
            total += sign * Fraction(opened(one.round).cell(piece).value)
    assert total == printed(one.round)[one.fact]["value"]


def test_what_only_parts_give_is_their_sum_and_the_rest_is_shown_to_be_impossible() -> None:
    final, note = printed("2019-final"), printed("2021-note")
    assert {one.fact for one in LIST if one.how in ("from its parts", "impossible")} == {
        "PR-HOUSING-GAP", "PR-PRESPCT-93", "PR-PRESPCT-97", "PR-AGR-SHARE", "PR-BUD-TOTAL",
    }  # fmt: skip
    assert evaluate(str(note["PR-HOUSING-GAP"]["formula"]), note)[0] == note["PR-HOUSING-GAP"]["value"]
    # 93 % of 98 can be no other count than 91, and the 95 municipalities of the same page are none: the two printed numbers differ.
    assert possible_counts(93, 98) == [91] == [final["PR-PRES-EN"]["value"]]
    assert possible_counts(97, 98) == [95] == [final["PR-PRES-1812"]["value"]]
    # 72 of 91 and 61 of 77 come close to 80 %, 72 of 95 and 61 of 95 do not.
    shares = {(n, of): int(Fraction(100 * n, of) + Fraction(1, 2)) for n in (72, 61) for of in (91, 77, 95) if n < of}
    assert [pair for pair, share in shares.items() if abs(share - 80) <= 1] == [(72, 91), (61, 77)]
    # Four years of the yearly sum; the five items that are printed lack a million of it.
    assert 4 * final["PR-BUD-YEAR"]["value"] == final["PR-BUD-TOTAL"]["value"]
    assert evaluate(str(final["PR-BUD-TOTAL"]["formula"]), final)[0] == final["PR-BUD-TOTAL"]["value"] - 1_000_000

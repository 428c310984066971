"""Lines of a table that keep one rule: the one that breaks it is found, whatever the rule is, and a table that keeps it is left alone."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.audit import Finding, audit
from vvvresearch.locales import half_up

PLACES = ("Ahl", "Bro", "Cem", "Dal", "Egå")
PAIRS = st.lists(st.tuples(st.integers(310, 990), st.integers(120, 300)), min_size=5, max_size=5)
RULES = {
    "sum": ("Samlet", lambda one, other: one + other),
    "difference": ("Rest", lambda one, other: one - other),
    "share": ("Andel (pct.)", lambda one, other: int(half_up(Fraction(100 * other, one)))),
}


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = ["Tabel 1. Et og andet", "", *("".join(cell.ljust(16) for cell in row).rstrip() for row in (heads, *rows))]
    return "\n".join(lines) + "\n"


def found(folder: Path, text: str) -> tuple[Finding, ...]:
    path = folder / "rapport.txt"
    path.write_text(text, encoding="utf-8")
    return audit([path]).findings


@settings(max_examples=12, deadline=None)
@given(PAIRS, st.sampled_from(sorted(RULES)), st.integers(0, 4))
def test_a_row_that_breaks_what_all_other_rows_keep_is_found_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[int, int]], rule: str, wrong: int
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    head, makes = RULES[rule]
    made = [makes(*pair) for pair in pairs]
    heads = ("Sted", "Plads", "Brug", head)

    def printed(values: list[int]) -> str:
        rows = [(name, str(one), str(other), str(value)) for name, (one, other), value in zip(PLACES, pairs, values, strict=True)]
        return table(heads, rows)

    assert found(folder, printed(made)) == ()
    made[wrong] += 10
    findings = found(folder, printed(made))
    assert findings
    assert {one.places[0].line for one in findings} == {4 + wrong}


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(310, 990), st.integers(120, 300)), min_size=4, max_size=4), st.integers(0, 3))
def test_a_row_that_is_the_rest_of_two_others_in_all_columns_but_one_is_found(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[int, int]], wrong: int
) -> None:
    folder = tmp_path_factory.mktemp("columns")
    rest = [one - other for one, other in pairs]
    heads = ("", "Nord", "Syd", "Øst", "Vest")

    def printed(values: list[int]) -> str:
        columns = [[str(one) for one, _ in pairs], [str(other) for _, other in pairs], [str(value) for value in values]]
        return table(heads, [(name, *cells) for name, cells in zip(("Budget", "Udgift", "Rest"), columns, strict=True)])

    assert found(folder, printed(rest)) == ()
    rest[wrong] += 30
    findings = found(folder, printed(rest))
    assert any(place.line == 6 for one in findings for place in one.places)


def test_numbers_of_which_none_follows_from_the_others_are_left_alone(tmp_path: Path) -> None:
    rows = [("Ahl", "512", "207", "3"), ("Bro", "733", "281", "9"), ("Cem", "401", "154", "6"), ("Dal", "867", "263", "4")]
    assert found(tmp_path, table(("Sted", "Plads", "Brug", "Klubber"), rows)) == ()


def test_a_mean_of_a_mean_that_was_rounded_is_no_broken_line(tmp_path: Path) -> None:
    rows = [("Ahl", "378", "15120", "40"), ("Bro", "252", "9576", "38"), ("Cem", "410", "14350", "35"), ("Dal", "216", "7128", "33")]
    rows.append(("I alt", "1256", "46174", "37"))
    assert found(tmp_path, table(("Sted", "Medlemmer", "Måltider", "Pr. medlem"), rows)) == ()

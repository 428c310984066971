"""A long text gives what its sentences give, wherever they stand in it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.privacy.corpus import identifiers, names
from vvvresearch.privacy import scan_file, scan_text

FILLER = "Vi talte længe om det, og bagefter lavede vi mad sammen i køkkenet, som vi altid plejer at gøre.\n"
SENTENCES = [*identifiers("first"), *list(names("first"))[::9]]


@given(st.sampled_from(SENTENCES), st.integers(0, 9), st.integers(0, 9))
@settings(max_examples=150, deadline=None)
def test_what_stands_around_a_line_changes_nothing_in_it(sentence: object, before: int, after: int) -> None:
    text: str = sentence.text  # type: ignore[attr-defined]
    lead = FILLER * before
    alone = [(one.kind, one.start + len(lead), one.end + len(lead)) for one in scan_text(text)]
    assert [(one.kind, one.start, one.end) for one in scan_text(lead + text + "\n" + FILLER * after)] == alone


def test_a_name_is_found_on_both_sides_of_every_cut_of_a_long_text() -> None:
    line = "Så kom Xorvald Quist og hjalp os.\n"
    for text in (line * 20_000, (line.replace("\n", " ")) * 20_000):
        found = scan_text(text)
        assert len(found) == 20_000
        assert {text[one.start : one.end] for one in found} == {"Xorvald Quist"}


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_made_up_word_with_a_capital_in_mid_sentence_is_a_name(seed: int) -> None:
    chance = random.Random(seed)
    name = "".join(chance.choice("bdgjkmqvwxz") + chance.choice("aiouy") for _ in range(4)).capitalize() + "q"
    text = f"Det var egentlig {name} der fandt på det"
    assert [(one.kind, one.start, one.end) for one in scan_text(text)] == [("PERSON", 17, 17 + len(name))]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("notat_1205881987_endelig", "CPR"), ("samtale med Tesfalem Okbay", "PERSON"), ("Hadz\u030cic\u0301 Emina", "PERSON")],
)
def test_the_name_of_a_file_is_scanned(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / f"{name}.txt"
    path.write_text("ingenting\n", encoding="utf-8")
    assert [(where, one.kind) for where, one in scan_file(path)] == [("file name", kind)]


def test_a_number_over_two_lines_is_found_on_the_first(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("ingenting her\nnummeret er 120588-\n1987 i alt\n", encoding="utf-8")
    ((where, one),) = scan_file(path)
    assert (where, one.kind, one.start) == ("line 2", "CPR", 12)


def test_a_heading_says_what_the_cells_below_it_are(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,fødselsdato,udlændingenummer,navn,svar\n1,03-03-1988,70214455,Bo,Sol og sommer\n", encoding="utf-8")
    assert [(where, one.kind, one.start) for where, one in scan_file(path)] == [
        ("row 2, fødselsdato", "DOB", 0),
        ("row 2, udlændingenummer", "ID", 0),
        ("row 2, navn", "PERSON", 0),
    ]

"""Numbers that nearly are another: each made-up text has one slip, the audit names both places, and the text without it has no finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvvresearch.audit import Finding, audit
from vvvresearch.audit._number_names import is_slip as is_near_miss

VISITS = """Tabel 1. Besøg efter sted

Sted         Besøg 2021   Besøg 2022
Havnen       412          508
Skoven       371          366
Parken       268          291
"""
TEAMS = """Oversigt 1. Hold og deltagere

Område       Hold     Deltagere
Nord         14       182
Midt         21       263
Syd          11       149
Hele byen    46       594
"""
VIEWS = """Tabel 2. Hvad fik du ud af det? (n = 118)

Udbytte      Meget    Noget    Intet
Viden        41       38       21
Venner       27       44       29
Mod          52       33       15
"""


def found(folder: Path, text: str, name: str = "rapport.txt") -> tuple[Finding, ...]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return audit([path]).findings


@pytest.mark.parametrize(
    ("clean", "right", "wrong", "kinds"),
    [
        (f"{VISITS}\nParken havde 291 besøg i 2022.\n", "havde 291", "havde 219", {"table"}),
        (TEAMS, "21       263", "21       236", {"sum"}),
        (VIEWS, "27       44", "27       54", {"sum"}),
        (f"{TEAMS}\nAlle tal står i oversigt 1.\n", "i oversigt 1", "i oversigt 4", {"reference"}),
        ("Andelen gik fra 31 pct. til 44 pct. Det er en stigning på 13 procentpoint.", "på 13", "på 23", {"difference"}),
        ("Gennemsnittet gik fra 21,8 til 27,0, svarende til en fremgang på 5,2 point.", "på 5,2", "på 6,2", {"difference"}),
        ("Scoren gik fra 21,8 til 27,0 opgaver. Det er en fremgang på 5,2 opgaver.", "fremgang", "tilbagegang", {"direction"}),
        ("Holdene er fordelt sådan:\n\nHavnen: 24 hold\nSkoven: 31 hold\nParken: 17 hold\nI alt: 72 hold\n", ": 31", ": 37", {"sum"}),
        ("Kassen havde 1.250.000 kr., heraf 900.000 kr. fra byen og 350.000 kr. fra fonde.", "350.000", "330.000", {"sum"}),
        ("I alt 1.463 familier tog imod tilbuddet. Rådgiverne roser de 1.463 familier for tilbuddet.", "de 1.463", "de 1.436", {"retold"}),
    ],
)  # fmt: skip
def test_a_slip_is_found_on_its_own_line_and_the_clean_text_has_no_finding(
    tmp_path: Path, clean: str, right: str, wrong: str, kinds: set[str]
) -> None:
    assert found(tmp_path, clean) == ()
    text = clean.replace(right, wrong)
    findings = found(tmp_path, text)
    line = next(number for number, (one, other) in enumerate(zip(clean.split("\n"), text.split("\n"), strict=True), 1) if one != other)
    assert {one.kind for one in findings} & kinds
    assert any(place.line == line for one in findings for place in one.places)


def test_a_slip_between_two_reports_is_found_with_a_place_in_each(tmp_path: Path) -> None:
    (tmp_path / "rapport.txt").write_text("Lægerne har henvist 498 borgere til holdtræningen i kommunen.", encoding="utf-8")
    (tmp_path / "resume.txt").write_text("De praktiserende læger har henvist 489 borgere til holdtræningen.", encoding="utf-8")
    (finding,) = audit([tmp_path / "rapport.txt", tmp_path / "resume.txt"]).findings
    assert {place.file for place in finding.places} == {"rapport.txt", "resume.txt"}
    (tmp_path / "resume.txt").write_text("De praktiserende læger har henvist 498 borgere til holdtræningen.", encoding="utf-8")
    assert audit([tmp_path / "rapport.txt", tmp_path / "resume.txt"]).findings == ()


def test_parts_of_two_groups_are_not_one_fact(tmp_path: Path) -> None:
    text = "Børnene i skovgrupper løste 27,9 opgaver ved anden test. Børnene i de øvrige grupper løste 27,0 opgaver ved anden test."
    assert found(tmp_path, text) == ()


def test_a_number_in_brackets_behind_a_caption_is_its_base(tmp_path: Path) -> None:
    caption = "Tabel 1. Er du tryg? (86 svar)\n\nSvar    Antal    Pct.\nJa      52       60\nNej     34       40\n"
    assert found(tmp_path, caption) == ()
    assert {one.kind for one in found(tmp_path, caption.replace("86 svar", "68 svar"))} <= {"base", "count"} != set()


@given(st.integers(10, 99_999), st.data())
def test_one_changed_digit_and_two_exchanged_are_near_misses_and_nothing_else_is(number: int, data: st.DataObject) -> None:
    shown = str(number)
    at = data.draw(st.integers(0, len(shown) - 1))
    digit = data.draw(st.sampled_from("0123456789"))
    other = shown[:at] + digit + shown[at + 1 :]
    assert is_near_miss(shown, other) == (other != shown)
    swap = list(shown)
    to = data.draw(st.integers(0, len(shown) - 1))
    swap[at], swap[to] = swap[to], swap[at]
    assert is_near_miss(shown, "".join(swap)) == ("".join(swap) != shown)
    assert not is_near_miss(shown, shown + "0")

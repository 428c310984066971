"""Scanning texts that were written to hide an identifier or to hold the scanner up."""

from __future__ import annotations

import time
import unicodedata

import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.privacy import scan_text
from vvvresearch.privacy._plain import plain


@pytest.mark.parametrize(
    "text",
    ["01\u200b0190-1234", "０１０１９０－１２３４", "010190\u20111234", "0101\u00ad90-1234", "٠١٠١٩٠-١٢٣٤"],
    ids=["zero-width space", "full width", "non-breaking hyphen", "soft hyphen", "arabic digits"],
)
def test_a_disguised_civil_registration_number_is_found_where_it_stands(text: str) -> None:
    (finding,) = scan_text(f"Se {text} her")
    assert (finding.kind, finding.start, finding.end) == ("CPR", 3, 3 + len(text))


@pytest.mark.parametrize("piece", ["a", "1", "Ab.", "a@", "12-", "a.", "æ-", "a@b.dk "])
def test_time_grows_with_the_length_of_the_text_and_not_with_its_square(piece: str) -> None:
    start = time.process_time()
    scan_text(piece * (150_000 // len(piece)))
    assert time.process_time() - start < 10


def test_a_number_called_a_telephone_number_is_found_whatever_its_first_digit() -> None:
    assert [(one.kind, one.start, one.end) for one in scan_text("tlf. 12345678")] == [("PHONE", 5, 13)]
    assert scan_text("Der kom 12345678 besøg") == []


def test_a_country_code_is_part_of_the_number() -> None:
    (finding,) = scan_text("0046 8 123 456 78")
    assert (finding.kind, finding.start) == ("PHONE", 0)


def test_a_municipality_that_is_also_a_surname_may_be_named() -> None:
    assert scan_text("Vi talte med kommunen i Greve") == []
    assert [one.kind for one in scan_text("Det sagde Greve også")] == ["PERSON"]


@pytest.mark.parametrize("given", [None, 5, b"x", ["a"]])
def test_what_is_no_text_is_refused(given: object) -> None:
    with pytest.raises(AnalysisError, match="a text is scanned"):
        scan_text(given)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["på gågaden i Ærøskøbing", "Emina Hadžić", "Hêvî Şengül", "Espérance"])
def test_accents_that_stand_by_themselves_are_read_as_their_letters(text: str) -> None:
    assert plain(unicodedata.normalize("NFD", text))[0] == text


@pytest.mark.parametrize("text", ["Der kom 23456789 besøgende", "Ring, når du har talt en to tre fire fem"])
def test_what_is_counted_is_no_telephone_number(text: str) -> None:
    assert scan_text(text) == []

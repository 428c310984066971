"""What of a round is scanned: a template for what was filled in, every sheet for contact data; who signs words may be named."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.workspaces import write_empty_round
from vvvresearch.evidence import read_programme
from vvvresearch.locales import Lang
from vvvresearch.rounds import load_spec
from vvvresearch.rounds._guard import sentences_unnamed, undecided
from vvvresearch.sources import template_bytes, template_kinds

SOURCE = """[[sources]]
id = "interviews"
type = "interviews"
path = "interviews/r/interviews.xlsx"
title = { da = "Register", en = "Register" }
"""
HEADINGS = {"da": ("Interview nr.", "Gruppe", "Par", "Pseudonym"), "en": ("Interview no.", "Group", "Pair", "Pseudonym")}


def _round(root: Path, lang: Lang, *extra: tuple[str, str]) -> list[str]:
    """The kinds of what is found in a register of two interviews, with texts written on sheets besides: its name, a text."""
    write_empty_round(root, more=SOURCE)
    (root / "interviews/r").mkdir(parents=True)
    path = root / "interviews/r/interviews.xlsx"
    path.write_bytes(template_bytes("interviews", read_programme(root), lang))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    places = {str(cell.value): cell.column for cell in sheet[1]}
    names = [name for name in places if name in HEADINGS[lang]]
    for row, values in enumerate((("I1", "Flygtning", "P1", ""), ("I2", "Frivillig", "P1", "")), start=2):
        for name, value in zip(names, values, strict=False):
            sheet.cell(row, places[name], value)
    for where, text in extra:
        other = book[where] if where in book.sheetnames else book.create_sheet(where)
        other.cell(40, 1, text)
    book.save(path)
    return [one.kind for one in undecided(root, load_spec(root, "r")) if "interviews.xlsx" in one.what]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_words_of_a_template_name_nobody(tmp_path: Path, lang: Lang) -> None:
    assert _round(tmp_path, lang) == []


def test_a_phone_number_on_a_sheet_that_somebody_added_is_found(tmp_path: Path) -> None:
    assert "PHONE" in _round(tmp_path, "da", ("Noter", "ring til hende på 20 41 77 35"))


def test_a_name_in_the_table_itself_is_found(tmp_path: Path) -> None:
    assert "PERSON" in _round(tmp_path, "da", ("Interviewregister", "Mehmet"))


def test_kinds_of_templates_have_words_that_name_nobody(tmp_path: Path) -> None:
    assert _round(tmp_path, "da") == []
    folder = tmp_path / "rounds/r/templates"
    folder.mkdir()
    # Every third: their words come from one file.
    for kind in list(template_kinds())[::3]:
        (folder / f"{kind}.xlsx").write_bytes(template_bytes(kind, read_programme(tmp_path)))
    assert undecided(tmp_path, load_spec(tmp_path, "r")) == []


def test_who_signs_words_of_a_report_may_be_named_and_nobody_else(tmp_path: Path) -> None:
    assert _round(tmp_path, "da") == []
    (tmp_path / "rounds/r/report.qmd").write_text('[Vi har læst notatet.]{.signed by="Mehmet"} Hilsen fra Ayşe.\n', encoding="utf-8")
    assert [one.kind for one in undecided(tmp_path, load_spec(tmp_path, "r"))] == ["PERSON"]


def test_a_message_repeats_no_sentence_that_names_a_person_and_none_of_its_words() -> None:
    message = "report.qmd, line 3: »Kirsten Mikkelsen siger 3« does not hold · “Kirsten Mikkelsen” acts · “Yes” · »Tre siger det«"
    told = sentences_unnamed(message, ())
    assert "Kirsten" not in told
    assert "Mikkelsen" not in told
    assert "“Yes”" in told
    assert "»Tre siger det«" in told
    assert sentences_unnamed(message, ("Kirsten Mikkelsen",)) == message == sentences_unnamed(message, None)

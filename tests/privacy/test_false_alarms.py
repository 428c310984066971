"""What is left alone: traps, interviews, and the house's own words."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

from tests.privacy.corpus import CORPORA, traps
from vvvresearch.privacy import Piece, file_texts, scan_pieces, scan_text

DEMO = Path(__file__).parents[2] / "demo"


def pseudonyms() -> set[str]:
    """The names that the demo's register gives its persons."""
    return set(re.findall(r'pseudonym = "([^"]+)"', (DEMO / "cast.toml").read_text(encoding="utf-8")))


def interviews() -> Iterator[str]:
    """The demo's interviews without their markup."""
    for path in sorted((DEMO / "texts").glob("*.txt")):
        text = path.read_text(encoding="utf-8").split("---", 1)[-1]
        yield re.sub(r"\{\{[^|}]*\||\}\}", "", text)


@pytest.mark.parametrize("corpus", CORPORA)
def test_of_traps_at_most_six_in_a_hundred_are_flagged(corpus: str) -> None:
    sentences = traps(corpus)
    assert len(sentences) > 60
    assert sum(bool(scan_text(sentence)) for sentence in sentences) / len(sentences) <= 0.06


@pytest.mark.parametrize(
    "words",
    [
        "Der er en voksen, jeg kan ringe til – I høj grad: før 2027 14 % (13 af 96), efter 2027 26 % (19 af 74)",
        "hvornår den unge kan ringe. 2.3 2.3 2.3 37 af 50 mentorer er tilfredse",
        "Penge og gæld\n21. august 2025\n22\nfysisk\nkursus\nNår det slutter\n11. september 2025\n11",
        '{"cell": "skema-mange-timer-bruger", "count": null, "dont_know": null, "group": "Mentorer"}',
    ],
)
def test_what_a_report_of_any_round_prints_is_nobodys_number(words: str) -> None:
    assert scan_text(words) == []


def test_interviews_give_at_most_one_false_alarm_in_a_thousand_words() -> None:
    text = "\n".join(interviews())
    words = len(re.findall(r"\w+", text))
    alarms = [text[one.start - 20 : one.end + 10] for one in scan_text(text, allowed=pseudonyms()) if one.kind != "RARE"]
    assert words > 15_000
    assert len(alarms) <= words / 1000, alarms


def test_the_pseudonyms_of_the_interviews_are_names_to_the_scanner() -> None:
    text = "\n".join(interviews())
    spoken = {name for name in pseudonyms() if " " not in name and re.search(rf"\b{name}s?\b", text)}
    found = {text[one.start : one.end].removesuffix("s") for one in scan_text(text) if one.kind == "PERSON"}
    assert len(spoken) > 20
    assert {name for name in spoken if name.removesuffix("s") not in found} == set()


def test_invented_place_names_of_the_demo_are_no_persons() -> None:
    stems = tomllib.loads((DEMO / "cast.toml").read_text(encoding="utf-8"))["place_stems"].split()
    flagged = [stem for stem in stems if scan_text(f"Vi bor i {stem}by nu, og de kom fra {stem}rup")]
    assert len(flagged) <= len(stems) * 0.06, flagged


def test_the_parts_that_every_word_file_has_name_nobody(tmp_path: Path) -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    said = "Vi talte om arbejde og skole, og han kom til os hver dag."
    body = f'<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>{said}</w:t></w:r></w:p></w:body></w:document>'
    with zipfile.ZipFile(tmp_path / "referat.docx", "w") as archive:
        for name in ("word/styles.xml", "[Content_Types].xml"):
            archive.writestr(name, "<a/>")
        archive.writestr("word/document.xml", body)
    assert list(scan_pieces(file_texts(tmp_path / "referat.docx"))) == []


@pytest.mark.parametrize(
    "row",
    [
        "10\\. august 2020 | 14",
        "| 1/1 én | 1/1 én | 13/28 |",
        "71.4 to 51.0 | −39.3 to −6.6",
        "7/10 | 12/90 | 12/34",
        "Dato\n10. august 2020\n14\nfysisk",
        "1/1 én\n1/1 én\n13/28 flere",
        "15. juni 2021\n12\nwebinar",
        "5506551719996571/10000000000000000",
    ],
)
def test_numbers_of_two_cells_are_no_number_of_a_person(row: str) -> None:
    assert [found.kind for found in scan_text(row)] == []


def test_what_stands_in_one_cell_says_nothing_of_the_next() -> None:
    """Every pair of cells, read as neighbours, gives what each gives alone: a bus makes no plate of the code of an interview."""
    cells = [
        "Interview\nP01F1",
        "Citat\nBussen kører en gang i timen",
        "nummerplade",
        "Sagsnummer\n123456789",
        "min mor",
        "hendes konto",
        "CVR",
        "Hanne",
    ]
    for one, other in permutations(cells, 2):
        first, second = Piece("første", one), Piece("anden", other)
        assert set(scan_pieces([first, second])) == {*scan_pieces([first]), *scan_pieces([second])}, (one, other)


def test_cells_of_a_table_on_a_page_are_no_number_and_a_broken_line_is() -> None:
    cells = Piece("page text 3", "told\nAlder Vale\n218\n11\n693\nended\n0\n0 of 9\ntroubled")
    broken = Piece("page text 4", "she can be reached in the evenings on telephone number 20 31\n44 52 or by letter")
    assert [(where, one.kind) for where, one in scan_pieces([cells, broken]) if one.kind in ("PHONE", "ADDRESS", "CPR")] == [
        ("page text 4, line 1", "PHONE")
    ]

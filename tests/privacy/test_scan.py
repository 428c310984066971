"""Identifiers in Danish texts: what must be found, and what must be left alone."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.privacy import masked, scan_file, scan_text

# Invented; the civil registration numbers have impossible or unissued serials.
FOUND = [
    ("CPR", "it's thirty oh four ninety-two, dash, double six, one two", "thirty oh four ninety-two, dash, double six, one two"),
    ("PHONE", "her cell is two six, seven seven, four one, eight three", "two six, seven seven, four one, eight three"),
    ("DOB", "født i februar, den 3., 1990", "februar, den 3., 1990"),
    ("DOB", "born on the third of June nineteen seventy-two", "third of June nineteen seventy-two"),
    ("DOB", "børn født 3/4 2011 og 9/12 2014", "9/12 2014"),
    ("EMAIL", "skriv til måne, snabel a, live, punktum, dk", "måne, snabel a, live, punktum, dk"),
    ("ID", "on Snap she's minttea_x", "minttea_x"),
    ("ADDRESS", "jeg bor på Fasanvej nummer tolv", "Fasanvej nummer tolv"),
    ("PERSON", "Klage fra BOGUMIŁA XORWICZ over gangen", "BOGUMIŁA XORWICZ"),
    ("PERSON", "så du şevgar i går", "şevgar"),
    ("PERSON", "Vi havde kage med: Mette, Trevlyn og Tove", "Trevlyn"),
    ("PERSON", "Se samtale_3_xorvald qhamzel.docx i mappen", "xorvald qhamzel"),
    ("ID", "logget ind fra 2001:db8:77a1::9f", "2001:db8:77a1::9f"),
    ("EMAIL", "write to xorvald_k at havnepost dot example", "xorvald_k at havnepost dot example"),
    ("ADDRESS", "Pakken står i Langs Engen 14 B, kld., 7100 Vejle", "Langs Engen 14 B, kld., 7100 Vejle"),
    ("CPR", "Hendes nummer er 070761-4285, siger hun", "070761-4285"),
    ("CPR", "cpr 0101901234", "0101901234"),
    ("CPR", "skrevet som 31 12 55 1234 i sagen", "31 12 55 1234"),
    ("CPR", "erstatningsnummer 710190-1234", "710190-1234"),
    ("CPR", "maskeret: 010190-XXXX", "010190-XXXX"),
    ("CPR", "med fuldt år 01.01.1990-1234", "01.01.1990-1234"),
    ("CPR", "skuddag 290200-1234", "290200-1234"),
    ("PHONE", "Ring på 21 43 65 88", "21 43 65 88"),
    ("PHONE", "tlf. 21436588", "21436588"),
    ("PHONE", "+45 21436588 er bedst", "+45 21436588"),
    ("PHONE", "mobil 2143 6588", "2143 6588"),
    ("PHONE", "hun har +46 70 123 45 67 i Sverige", "+46 70 123 45 67"),
    ("EMAIL", "skriv til anna.test@eksempel.dk i morgen", "anna.test@eksempel.dk"),
    ("EMAIL", "skriv til anna (at) eksempel.dk", "anna (at) eksempel.dk"),
    ("ADDRESS", "Hun bor på Opdigtetvej 12, 2. tv", "Opdigtetvej 12, 2. tv"),
    ("ADDRESS", "opgangen i nørremøllegade 7B", "nørremøllegade 7B"),
    ("PERSON", "Så kom Mohammed og hjalp", "Mohammed"),
    ("PERSON", "det var fatima jensen der ringede", "fatima jensen"),
    ("PERSON", "Det er Birgittes idé", "Birgittes"),
    ("PERSON", "Jeg talte med Lars Holtegaard om det", "Lars Holtegaard"),
    ("PERSON", "Han hedder Xorvald", "Xorvald"),
    ("DOB", "Han er født den 3. marts 1988 i byen", "3. marts 1988"),
    ("DOB", "fødselsdato: 03-03-1988", "03-03-1988"),
    ("PLATE", "bilen med AB 12 345 holdt der", "AB 12 345"),
    ("CPR", "skrevet 1.12.99-1234 på kortet", "1.12.99-1234"),
    ("CPR", "mit cpr, 011299--1234, stod forkert", "011299--1234"),
    ("PHONE", "tlf.: (40) 55 61 92", "(40) 55 61 92"),
    ("PHONE", "mobil: 40/55/61/92", "40/55/61/92"),
    ("ADDRESS", "de har nr. 14 på Elmevej", "nr. 14 på Elmevej"),
    ("ADDRESS", "hun bor i Boligblok 7, opgang C, 2. th", "Boligblok 7, opgang C, 2. th"),
    ("DOB", "de gav mig 1. januar 1970 som fødselsdag", "1. januar 1970"),
    ("DOB", "jeg blev født en tirsdag, 11. november 1966", "11. november 1966"),
    ("ID", "sagsnr. 2021-33.4417 er min", "2021-33.4417"),
    ("ID", "hun er zari_na21 på TikTok", "zari_na21"),
    ("CPR", "Erstatningsnr. 711288-1A02 er udstedt", "711288-1A02"),
    ("CPR", "nummeret 120773 2 118 gælder", "120773 2 118"),
    ("PHONE", "ring på seksogtyve toogfyrre nul otte halvfems", "seksogtyve toogfyrre nul otte halvfems"),
    ("ID", "rejsedokument nr. K00912345", "K00912345"),
    ("ID", "sag 2022-118834 hos Familieretshuset", "2022-118834"),
    ("PERSON", "Aftalt m. Palle at han tager med", "Palle"),
    ("PERSON", "Vi har bedt tove om at vente", "tove"),
    ("PERSON", "Vi kaldte ham Lille-Per i klubben", "Lille-Per"),
    ("RARE", "Hun er den eneste læge fra Eritrea", "den eneste læge fra Eritrea"),
    # A line's end parts words and numbers.
    ("ADDRESS", "Bopæl: Tjørnelunds-\nvænget 12, 8000 Aarhus", "Tjørnelunds-\nvænget 12, 8000 Aarhus"),
    ("PHONE", "hun ringede 51 77\n20 08 fire gange", "51 77\n20 08"),
    ("EMAIL", "skriv til ewa.k-now at poczta dot pl", "ewa.k-now at poczta dot pl"),
    ("ID", "Sagsnr. 23-0448172", "23-0448172"),
    ("ID", "Afgørelsen i 20/118844 er påklaget af ansøger", "20/118844"),
    ("ID", "se https://kodehjem.example/xorvaldq", "https://kodehjem.example/xorvaldq"),
    ("PERSON", "hi, this is xorvald, i lost my key", "xorvald"),
    ("PERSON", "I asked my caseworker, Taras Qorvald, about it", "Taras Qorvald"),
    ("RARE", "My uncle was the mayor and his face was in every newspaper", "mayor and his face was in every news"),
]


@pytest.mark.parametrize(("kind", "text", "part"), FOUND, ids=[f"{kind}-{part}" for kind, _, part in FOUND])
def test_an_identifier_is_found_at_its_place(kind: str, text: str, part: str) -> None:
    found = [(one.kind, text[one.start : one.end]) for one in scan_text(text)]
    assert (kind, part) in found


LEFT_ALONE = [
    "Udgaven 97a62d9d23513971 er den rette",
    "Erasmus+ betalte rejsen",
    "Int.: Hvordan gik det så?",
    "Bevilling 010122-4A gælder",
    "How did it begin? Answer: we met on a Tuesday and they asked me to come",
    "I 2018 havde 7.173 flygtninge en ven, og i 2021 var det 6.063.",
    "Perioden 2016-2019 og 2019-2022",
    "Sagsnr. 2021-010190 og journalnr. 0101901234",
    "Det koster 12.345.678 kr. om året",
    "CVR 12345678 og EAN 5790000000000",
    "Kommunerne Horsens, Aarhus og Ikast-Brande er med",
    "Undersøgelsen løb 1.-25. juni 2021",
    "Vi mødes hver tirsdag kl. 16.30 til 18.00",
    "83 kommuner, 15 uden og 4 på vej 3 gange",
    "Tallet var 1234, 5678 og 9012",
    "Så er der 22 42 tal og 98 kommuner",
    "Jeg gik en omvej 2 gange om ugen",
    "Det var en sol, et liv og en bro",
    "Røde Kors og Dansk Flygtningehjælp",
    "tabel 11, side 23, figur 9 og 10",
    "udbetalt 31.12.2020 kl 1430",
    "Hun er født i Syrien og kom hertil den 3. maj 2016",
    "Foreningen er født den 1. maj 2018",
    "Kommunens sagsnr. 2021-33.4417",
    "Foreningens konto 1551 10203040",
    "Perioden 01.01.2016-2019",
    "Hans mor er her",
    "Sagsnr. 2022-118834 er puljens",
    "Konsortiet bag udbud 2020/S 118-290414 trak sig",
    "Variabel 020201 til 020209 er lukkede",
    "Kolonne 40506070 mangler",
    "Xorvalds korrelation var 0,3, og Xorvalds kapitalbegreb fylder",
    "Qvorcus robur står i gården",
    '"Birthe" er et pseudonym',
    "Kurset holdes i lokale 3, bygning 14, etage 2",
]


def test_a_name_that_is_called_invented_beside_a_true_one_is_found() -> None:
    assert [one.kind for one in scan_text('Hun hedder egentlig noget andet end "Birthe" (pseudonym)')] == ["PERSON"]


def test_a_long_text_is_read_in_parts_and_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(f"{part} og så videre.\n" for _, part, _ in [(k, t, p) for k, t, p in FOUND if "\n" not in t][:40])
    whole = scan_text(text)
    monkeypatch.setattr("vvvresearch.privacy._scan._LARGE", 400)
    assert scan_text(text) == whole


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_years_amounts_case_numbers_and_municipalities_are_left_alone(text: str) -> None:
    assert [(one.kind, text[one.start : one.end]) for one in scan_text(text)] == []


def test_a_pseudonym_may_stand() -> None:
    assert scan_text("Så sagde Amina det til Bodil", allowed=["Amina", "Bodil"]) == []


def test_a_finding_never_holds_the_identifier() -> None:
    text = "cpr 010190-1234, tlf. 21436588, Mohammed Jensen"
    assert not any(part in repr(scan_text(text)) for part in ("010190", "21436588", "Mohammed"))


@given(st.text(max_size=200))
@settings(deadline=None)  # the first text waits for the dictionary
def test_findings_lie_within_the_text_and_do_not_overlap(text: str) -> None:
    found = scan_text(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.dates(), st.integers(0, 9999), st.sampled_from(["", "-", " - ", "/", "–"]), st.booleans())
def test_every_number_with_a_valid_date_is_found(date: object, serial: int, gap: str, replacement: bool) -> None:
    day = date.day + (60 if replacement else 0)  # type: ignore[attr-defined]
    number = f"{day:02d}{date.month:02d}{date.year % 100:02d}{gap}{serial:04d}"  # type: ignore[attr-defined]
    assert any(one.kind == "CPR" for one in scan_text(f"Nummeret er {number} i dag")), number


def test_tables_and_notebooks_are_scanned_by_cell(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("id,note\n1,ingenting\n2,tlf. 21436588\n", encoding="utf-8")
    assert [(where, one.kind) for where, one in scan_file(table)] == [("row 3, note", "PHONE")]
    notebook = tmp_path / "a.ipynb"
    notebook.write_text(
        '{"cells": [{"cell_type": "code", "source": ["x"], "outputs": [{"text": ["skriv til a@b.dk"]}]}]}', encoding="utf-8"
    )
    assert [(where, one.kind) for where, one in scan_file(notebook)] == [("output of cell 1", "EMAIL")]


REPEATED = (
    "goals.{}: the field is not known (found 'x')",
    "table, title: feltet er ikke kendt (fandt 'Samtaler med {}')",
    "the file 'data/lyd/{}/del1.wav' is not there",
    "surveys/n/{}.csv, row 3: a number is missing",
    "sources.0.{}: feltet er ikke kendt",
    "no code is called “{}”; did you mean {}?",
)


@pytest.mark.parametrize(
    "who", ["Nasrin_Rahimi", "nasrin_rahimi", "120391-4471", "27841906", "27 84 19 06", "nasrin.r@post.example", "Engvej 4, 2. tv."]
)
def test_a_message_repeats_nobody_whatever_it_repeats_of_a_file(who: str) -> None:
    for told in REPEATED:
        said = masked(told.format(who, who))
        assert who not in said, said
        assert not [part for part in who.replace("_", " ").split() if len(part) > 3 and part in said], said


def test_messages_of_the_package_name_nobody() -> None:
    """Every message as it is written, and every heading of the demo's definitions, passes the mask unchanged."""
    root = Path(__file__).parents[2]
    own = [
        word
        for path in sorted((root / "vvvresearch/locales/messages").glob("*.toml"))[::6]
        for pair in tomllib.loads(path.read_text(encoding="utf-8")).items()
        for word in pair
        if isinstance(word, str)
    ]
    assert len(own) > 300
    assert [word for word in own if masked(word) != word] == []

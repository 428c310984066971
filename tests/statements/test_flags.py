"""What is flagged in ordinary prose, and which clauses stop where every clause must be carried."""

from __future__ import annotations

from typing import Any

import pytest
from statement_corpus import row_of

from vvvresearch.statements import Binding, flags, review


@pytest.mark.parametrize(
    ("text", "lang", "kind"),
    [
        ("Over halvdelen er tilfredse.", "da", "fraction"),
        ("Andelen er steget.", "da", "direction"),
        ("Flest nævner sprog.", "da", "rank"),
        ("Parrene mødes ofte.", "da", "frequency"),
        ("Der kom 42 svar.", "da", "digits"),
        ("Der kom toogfyrre svar.", "da", "digits"),
        ("Der kom ４２ svar.", "da", "digits"),
        ("Lederne svarer oftere end kommunerne.", "da", "direction"),
        ("Most of them agree.", "en", "fraction"),
        ("The share fell.", "en", "direction"),
        ("They usually meet.", "en", "frequency"),
    ],
)
def test_a_word_that_reads_as_a_finding_is_a_warning(text: str, lang: Any, kind: str) -> None:
    assert kind in {flag.kind for flag in flags(text, lang) if flag.level == "warning"}


@pytest.mark.parametrize(
    "text",
    [
        "Se tabel 4 og afsnit 6.1.1.",
        "Evalueringen begyndte i april 2020.",
        "Covid-19 udskød kurset tre måneder.",
        "De vil gerne få en ven.",
        "Det kender vi alle.",
        "Der er behov for mere ro i en travl tid.",
        "De mødes hver anden uge.",
        "Kurset handlede om at styrke samarbejdet.",
        "Spørgsmålet er, hvor mange der svarer.",
    ],
)
def test_ordinary_prose_is_no_warning(text: str) -> None:
    assert [flag for flag in flags(text) if flag.level == "warning"] == []


def test_causes_and_bare_plurals_are_hints() -> None:
    found = flags("Kommunerne henviser takket være lederne.")
    assert {(flag.level, flag.kind) for flag in found} == {("hint", "plural"), ("hint", "cause")}


def test_what_is_carried_is_not_flagged() -> None:
    text = "Over halvdelen er tilfredse, og andelen er steget."
    assert [flag.text for flag in flags(text, carried=[(0, 13)])] == ["steget"]


CARRIER = "32 af 55 kommuner har henvist"
BOUND = [Binding(0, len(CARRIER), row_of("refers", "da"))]


@pytest.mark.parametrize(
    ("rest", "stopped"),
    [
        ("", []),
        (" og flygtningene trives", ["og flygtningene trives"]),
        (", fordi lederne ringer", ["fordi lederne ringer"]),
        (". Ordningen virker", ["Ordningen virker"]),
        (". Giv hver kommune en kontaktperson", []),
        (". Giv hver kommune en kontaktperson, for andelen er faldet", ["for andelen er faldet"]),
        (". Hvad sker der nu?", []),
        (". Et gennembrud for integrationen", ["Et gennembrud for integrationen"]),
    ],
)
def test_every_clause_without_a_binding_stops_unless_it_asks_or_advises(rest: str, stopped: list[str]) -> None:
    assert [stop.clause.text for stop in review(CARRIER + rest, BOUND)] == stopped


def test_a_bound_clause_is_proved_with_the_words_outside_its_binding() -> None:
    words = "32 af 55 kommuner"
    binding = [Binding(0, len(words), row_of("refers", "da"))]
    assert review(f"{words} har henvist", binding) == ()
    (stop,) = review(f"{words} har ikke henvist", binding)
    assert stop.verdict is not None
    assert stop.verdict.outcome == "contradicted"


def test_a_signed_clause_is_free() -> None:
    text = f"{CARRIER}, og det er en succes"
    signed = Binding(len(CARRIER) + 5, len(text))
    assert review(text, [*BOUND, signed]) == ()


def test_two_bindings_in_one_clause_are_each_proved_by_their_own_words() -> None:
    text = "32 af 55 kommuner og 20 af 60 frivillige har svaret"
    second = text.index("20")
    good = [Binding(0, 17, row_of("refers", "da")), Binding(second, second + 19, row_of("third", "da"))]
    assert review(text, good) == ()
    swapped = [Binding(0, 17, row_of("third", "da")), Binding(second, second + 19, row_of("refers", "da"))]
    assert review(text, swapped)


@pytest.mark.parametrize(
    ("lang", "words", "free"),
    [
        ("da", "Ring jævnligt til alle frivillige", True),
        ("en", "Let the coordinator call each volunteer once a quarter", True),
        ("en", "Ask every new volunteer at the start what they expect", True),
        ("da", "Hjælp de kommuner, der ofte mangler frivillige", False),
        ("en", "Help the volunteers who often give up", False),
        ("en", "Help half the municipalities", False),
        ("da", "Spørg halvdelen af kommunerne", False),
        ("da", "Vi anbefaler en fast dag, hvor nye forløb begynder", True),
        ("en", "Find out where the families go", True),
        ("da", "Hold fast i caféen, hvor deltagerne lærer dansk", False),
        ("en", "Move meetings to the evening, when everyone is free", False),
    ],
)
def test_advice_says_how_often_something_is_to_be_done_and_not_how_things_are(lang: Any, words: str, free: bool) -> None:
    assert (review(words, [], lang, advice=True) == ()) is free


@pytest.mark.parametrize(
    ("lang", "text", "stopped"),
    [
        ("da", "Kapaciteten fremgår af tabellen", False),
        ("da", "Svarene på spørgsmålet ses i tabel 3", False),
        ("da", "I tabellen ses kommunernes svar", False),
        ("en", "Table 3 shows the answers by region", False),
        ("da", "Den lave kapacitet fremgår af tabellen", True),
        ("da", "Tabellen viser, at lederne er glade", True),
        ("da", "De fleste svar fremgår af tabellen", True),
        ("en", "The table shows good results", True),
    ],
)
def test_a_sentence_that_only_points_to_a_table_is_free_and_one_that_says_what_it_shows_is_not(lang: Any, text: str, stopped: bool) -> None:
    assert bool(review(text, [], lang)) == stopped

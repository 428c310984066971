"""Which numbers of its row a number in a sentence may be, and what leaves them out."""

from __future__ import annotations

from fractions import Fraction

import pytest

from vvvresearch.statements import Goal, Row, Sibling, Side, mentions, prove

UNIT = ("leder", "ledere", "lederne")
ASKED = ("Har du fået et større netværk?", "Ja", "Nej", "Ved ikke")
NETWORK = Row(count=98, n=140, unit=UNIT, labels=("Ja",), siblings=(Sibling(36, ("Nej",)),), unsure=Sibling(6, ("Ved ikke",)), about=ASKED)
RISE = Row(
    count=98, n=140, unit=UNIT, period="2025", labels=("Ja",), about=ASKED, before=Side(55, 110, period="2023"),
    change_lower=Fraction(8, 100), change_upper=Fraction(32, 100),
)  # fmt: skip
WEEKLY = Row(
    count=24, n=60, unit=("mentor", "mentorer", "mentorerne"), other=Side(84, 140, ("deltagere", "deltagerne")),
    change_lower=Fraction(-34, 100), change_upper=Fraction(-5, 100),
)  # fmt: skip
SHORT = Row(count=42, n=140, unit=UNIT, goal=Goal(Fraction(2, 5), (Fraction(3, 10),), share=True))
CLUB = Row(count=45, n=75, unit=UNIT, labels=("Ja",), siblings=(Sibling(30, ("Nej",)),), about=("Hjælper du med lektier?", "Ja", "Nej"))
PAIRED = Row(
    count=18, n=60, unit=UNIT, labels=("Mindst en gang om ugen",), siblings=(Sibling(42, ("Sjældnere",)),),
    about=("Hvor tit kommer du?", "Mindst en gang om ugen", "Sjældnere"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "true", "false"),
    [
        (NETWORK, "42 af de 140 ledere svarer ikke ja", "36 af de 140 ledere svarer ikke ja"),
        (NETWORK, "36 af de 140 ledere svarer nej", "98 af de 140 ledere svarer nej"),
        (NETWORK, "36 af de 140 ledere mangler et større netværk", "98 af de 140 ledere mangler et større netværk"),
        (NETWORK, "36 af de 140 ledere har stadig ingen af dem", "98 af de 140 ledere har stadig ingen af dem"),
        (NETWORK, "Godt en fjerdedel, nemlig 36 af de 140 ledere, har ikke", "Godt to tredjedele, nemlig 98 af de 140 ledere, har ikke"),
        (NETWORK, "Ud af i alt 140 har 98 fået det", "Ud af i alt 150 har 98 fået det"),
        (NETWORK, "98 af de 140 ledere har fået et større netværk", "98 af de 140 ledere har fået et mindre netværk"),
        (RISE, "Fra 50 pct. i 2023 til 70 pct. i 2025", "Fra 70 pct. i 2023 til 50 pct. i 2025"),
        (RISE, "Andelen er steget fra 50 pct. på to år", "Andelen er steget fra 50 pct. på fem år"),
        (RISE, "Andelen er 40 procent højere end i 2023", "Andelen er 20 procent højere end i 2023"),
        (RISE, "I 2023 var det 50 pct.; nu er det 70", "I 2023 var det 50 pct.; nu er det 90"),
        (WEEKLY, "Halvanden gang så stor en andel af deltagerne som af mentorerne",
         "Halvanden gang så stor en andel af mentorerne som af deltagerne"),
        (SHORT, "De 40 pct. blev ikke nået", "De 40 pct. blev nået"),
        (SHORT, "Resultatet ligger under målet på 40 pct.", "Resultatet ligger over målet på 40 pct."),
        (SHORT, "30 pct. er tre fjerdedele af målet", "30 pct. er halvdelen af målet"),
        (SHORT, "Praktikmålet på 40 pct. blev ikke nået", "Praktikmålet på 40 pct. blev nået"),
        (CLUB, "Halvanden gang så mange af de 75 hjælper (45), som ikke gør (30)",
         "Tre gange så mange af de 75 hjælper (45), som ikke gør (30)"),
        (CLUB, "45 af de 75 hjælper, de resterende 30 gør ikke", "45 af de 75 hjælper, de resterende 30 gør"),
        (PAIRED, "18 af de 60 kommer mindst en gang om ugen", "18 af de 60 kommer højst en gang om ugen"),
        (PAIRED, "18 af 60 siger, at de kommer mindst en gang om ugen", "19 af 60 siger, at de kommer mindst en gang om ugen"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_stands_beside_a_number_leaves_readings_out(row: Row, true: str, false: str) -> None:
    assert prove(true, row).outcome == "holds", prove(true, row).say("en")
    assert prove(false, row).outcome != "holds"


def test_a_main_clause_behind_what_somebody_says_is_proved() -> None:
    assert prove("Andelen, der mener, at de har et netværk, er steget fra 50 pct. i 2023 til 70 pct. i 2025", RISE).holds
    assert not prove("Andelen, der mener, at de har et netværk, er steget fra 50 pct. i 2023 til 90 pct. i 2025", RISE).holds


def test_an_average_that_is_denied_does_not_hold() -> None:
    row = Row(value=Fraction(33, 5), statistic="mean", value_n=60, measured_in=("time", "timer"))
    assert prove("Gennemsnittet er 6,6 timer", row).holds
    assert not prove("Gennemsnittet er ikke 6,6 timer", row).holds


@pytest.mark.parametrize(
    ("text", "lang", "rank"),
    [
        ("Flere peger på udstyr end på noget andet", "da", True),
        ("More leaders name equipment than any other problem", "en", True),
        ("Flere peger på udstyr end på transport", "da", False),
    ],
)
def test_more_than_any_other_is_a_rank(text: str, lang: str, rank: bool) -> None:
    assert any(one.kind == "rank" for one in mentions(text, lang)) is rank  # type: ignore[arg-type]

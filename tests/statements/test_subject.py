"""What a bound sentence is about: its own question, the answer that it gives, and nothing that is made to act."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as F

import pytest

from vvvresearch.statements import Binding, Goal, Row, Sibling, Side, prove, review
from vvvresearch.statements._words import inflected

UNIT = ("kommune", "kommuner", "kommunerne")
# Invented: 51 of 72 say yes, 18 no, 3 do not know.
ASKED = ("Tilbyder kommunen flygtninge en frivillig ven?", "Ja", "Nej")
BESIDE = (("Har kommunen en trykt pjece?", ("Har kommunen en trykt pjece?", "Ja", "Nej")),)
YES = Row(count=51, n=72, unit=UNIT, labels=("Ja",), siblings=(Sibling(18, ("Nej",)),), about=ASKED, others=BESIDE)
NO = Row(count=18, n=72, unit=UNIT, labels=("Nej",), siblings=(Sibling(51, ("Ja",)),), negative=True, about=ASKED, others=BESIDE)
CONTENT = Row(count=3, n=60, unit=("gruppe", "grupper", "grupperne"), labels=("Slet ikke tilfreds",))
SATISFIED = Row(
    count=75, n=150, unit=("familie", "familier", "familierne"), labels=("Meget tilfreds",),
    siblings=(Sibling(45, ("Tilfreds",)), Sibling(20, ("Utilfreds",)), Sibling(10, ("Meget utilfreds",))),
    about=("Hvor tilfredse er I?", "Meget tilfreds", "Tilfreds", "Utilfreds", "Meget utilfreds"),
)  # fmt: skip
WEEKLY = Row(count=75, n=150, unit=("gæst", "gæster", "gæsterne"), labels=("Hver uge",), siblings=(Sibling(75, ("Sjældnere",)),))
GO_ON = Row(count=72, n=80, unit=UNIT, labels=("Ja",), siblings=(Sibling(8, ("Nej",)),), about=("Vil I fortsætte næste år?", "Ja", "Nej"))
ASKED_IF = Row(count=8, n=80, unit=UNIT, labels=("Ja",), siblings=(Sibling(72, ("Nej",)),), about=("Overvejer I at stoppe?", "Ja", "Nej"))
CLEAR = Row(count=81, n=90, unit=UNIT, labels=("Ja",), siblings=(Sibling(9, ("Nej",)),), about=("Er jeres opgave klar?", "Ja", "Nej"))
RISEN = Row(
    count=45, n=60, unit=UNIT, subjects=("frivillige", "de frivillige"), period="2024", before=Side(15, 50, period="2022"),
    change_lower=F(25, 100), change_upper=F(60, 100), about=ASKED,
)  # fmt: skip
FLAT = Row(
    count=124, n=200, unit=UNIT, period="2024", before=Side(54, 90, period="2022"), change_lower=F(-10, 100), change_upper=F(14, 100)
)
CHILDREN = Row(value=F(22, 10), value_n=150, statistic="mean", unit=UNIT, about=("Hvor mange børn har I?",))
MATCHES = Row(value=F(143), unit=("match",), subjects=("familier",), goal=Goal(150, (143,)))
NEEDS = Row(
    count=51,
    n=72,
    unit=UNIT,
    labels=("Ja",),
    siblings=(Sibling(21, ("Nej",)),),
    about=("Har I brug for tolk, når I holder møder?", "Ja", "Nej"),
)
ALONE = replace(NEEDS, about=("Kan I afvikle 12 kurser uden hjælp?", "Ja", "Nej"))
SIDES = replace(
    NEEDS, labels=("Enig",), siblings=(Sibling(21, ("Uenig",)),), about=("Mægleren holdt ikke med nogen af os", "Enig", "Uenig")
)
LEARNED = Row(count=108, n=150, unit=("deltager", "deltagere", "deltagerne"), about=("Har du lært mere dansk?", "Ja", "Nej"))


@pytest.mark.parametrize(
    ("sentence", "row"),
    [
        ("18 af 72 kommuner svarer nej", NO),
        ("Hver fjerde af de 72 kommuner tilbyder ingen ven", NO),
        ("18 af 72 kommuner tilbyder ikke en ven", NO),
        ("18 af 72 kommuner tilbyder ikke en ven", YES),
        ("51 af 72 kommuner tilbyder en ven", YES),
        ("108 af 150 deltagere har lært mere dansk", LEARNED),
        ("Af 72 kommuner tilbyder 51 en ven", YES),
        ("18 af 72 kommuner klarer sig uden en ven", NO),
        ("18 af 72 kommuner siger, at de ikke tilbyder en ven", NO),
        ("3 af 60 grupper er slet ikke tilfredse", CONTENT),
        ("Hver tyvende af de 60 grupper er slet ikke tilfreds, nemlig 3", CONTENT),
        ("Halvdelen af de 150 familier er meget tilfredse", SATISFIED),
        ("75 af de 150 gæster kommer ugentligt", WEEKLY),
        ("8 af 80 kommuner vil stoppe", GO_ON),
        ("9 af 90 kommuner har en uklar opgave", CLEAR),
        ("72 af 80 kommuner vil ikke stoppe", GO_ON),
        ("Flere kommuner end i 2022 tilbyder en ven", RISEN),
        ("I gennemsnit har de 2,2 børn", CHILDREN),
        ("Der mangler syv match", MATCHES),
        ("51 af de 72 kommuner har brug for tolk", NEEDS),
        ("51 af de 72 kommuner kan afvikle 12 kurser uden hjælp", ALONE),
        ("21 af de 72 kommuner kan ikke afvikle 12 kurser uden hjælp", ALONE),
        ("51 af de 72 kommuner er enige i, at mægleren ikke holdt med nogen", SIDES),
    ],
)
def test_an_answer_may_be_given_in_its_own_words_or_denied(sentence: str, row: Row) -> None:
    verdict = prove(sentence, row)
    assert verdict.holds, verdict.say("en")


@pytest.mark.parametrize(
    ("sentence", "row", "code"),
    [
        # Those who do not know have not said no.
        ("21 af 72 kommuner tilbyder ikke en ven", YES, "count_is"),
        ("54 af 72 kommuner tilbyder en ven", NO, "row_denies"),
        ("51 af 72 kommuner tilbyder en ven", NO, "row_denies"),
        ("51 af 72 kommuner har en trykt pjece", YES, "unasked_word"),
        ("51 af 72 kommuner siger, at de ikke tilbyder en ven", YES, "count_is"),
        # Nothing of the question, how often, what is only wished, how wholly, a part of the time: none of it was asked.
        ("51 af 72 kommuner betaler husleje", YES, "unasked_word"),
        ("Hver måned tilbyder 51 af 72 kommuner en ven", YES, "not_asked_so"),
        ("51 af 72 kommuner vil gerne tilbyde en ven", YES, "not_asked_so"),
        ("51 af 72 kommuner tilbyder udelukkende en ven", YES, "not_asked_so"),
        ("De 72 kommuner tilbyder en ven i 71 pct. af ugerne", YES, "other_subject"),
        ("De frivilliges tilbud om en ven er vokset fra 30 til 75 pct.", RISEN, "other_subject"),
        ("Antallet af kommuner er steget fra 30 til 75 pct.", RISEN, "other_subject"),
        ("På et enkelt år er andelen steget fra 30 til 75 pct.", RISEN, "other_length"),
        ("8 af 80 kommuner er stoppet", ASKED_IF, "not_asked_so"),
        ("72 af 80 kommuner overvejer at tage flere ind", ASKED_IF, "count_is"),
        ("51 af 72 kommuner klarer sig uden en ven", YES, "count_is"),
        ("Ordningen får 51 af 72 kommuner til at tilbyde en ven", YES, "no_cause"),
        ("Venskabet har lært 108 af 150 deltagere dansk", LEARNED, "unasked_word"),
        ("Flere af de 150 deltagere har lært mere dansk end før", LEARNED, "nothing_to_compare"),
        ("75 af 150 familier er meget utilfredse", SATISFIED, "count_is"),
        ("Halvdelen af de 150 familier er utilfredse", SATISFIED, "count_is"),
        ("75 af de 150 gæster kommer hver dag", WEEKLY, "row_denies"),
        ("75 af de 150 gæster kommer månedligt", WEEKLY, "row_denies"),
        ("72 af 80 kommuner vil stoppe", GO_ON, "count_is"),
        ("81 af 90 kommuner har en uklar opgave", CLEAR, "count_is"),
        ("Flere frivillige end i 2022 tilbyder en ven", RISEN, "other_subject"),
        ("Andelen krøb fra 60 til 62 pct.", FLAT, "change_not_shown"),
        ("Andelen steg med 200 pct.", RISEN, "relative_is"),
        ("I gennemsnit har de 2,2 hunde", CHILDREN, "unit_is"),
        ("Der mangler syv familier", MATCHES, "other_subject"),
        # What was asked for is left out, or turned.
        ("51 af de 72 kommuner har tolk, når de holder møder", NEEDS, "says_more"),
        ("51 af de 72 kommuner kan afvikle 12 kurser med hjælp", ALONE, "count_is"),
        ("51 af de 72 kommuner er enige i, at mægleren holdt med nogen", SIDES, "count_is"),
        ("51 af de 72 kommuner siger, at de har brug for tolk, mens to tredjedele af de 72 har brug for tolk", NEEDS, "word_is_not"),
    ],
)
def test_words_about_another_answer_question_or_actor_do_not_stand(sentence: str, row: Row, code: str) -> None:
    assert code in prove(sentence, row).codes


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("LI af 72", 51),
        ("En-og-halvtreds af 72", 51),
        ("Et dusin af de 72", 12),
        ("To snese af de 72", 40),
        ("Et halvt dusin af de 72", None),
    ],
)
def test_a_number_in_any_dress_is_read(words: str, count: int | None) -> None:
    for given in (12, 40, 51):
        assert prove(f"{words} kommuner", Row(count=given, n=72, unit=UNIT)).holds == (given == count)


def test_half_a_dozen_in_english() -> None:
    row = Row(count=6, n=72, unit=("municipality", "municipalities", "the municipalities"))
    assert prove("Half a dozen of the 72 municipalities", row, "en").holds
    assert not prove("A dozen of the 72 municipalities", row, "en").holds


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("164 personer er i match, 36 færre end målet", True),
        ("164 personer er i match, 26 færre end målet", False),
        ("164 personer er i match, 36 flere end målet", False),
        ("Målet på 200 personer er ikke nået", True),
        ("Målet på 164 personer er nået", False),
        ("Målet glipper", True),
        ("Målet bliver indfriet", False),
        ("164 af de 200 personer er med", True),
        ("Med 164 personer mangler der 36, før målet er nået", True),
        ("Med 164 personer mangler der 26, før målet er nået", False),
    ],
)
def test_a_distance_from_the_target_and_the_target_itself_are_proved(sentence: str, holds: bool) -> None:
    row = Row(value=F(164), unit=("person", "personer", "personerne"), goal=Goal(200, (164,)))
    assert prove(sentence, row).holds == holds


def test_what_can_still_be_reached_is_told_by_no_reading() -> None:
    row = Row(value=F(30), unit=("område", "områder", "områderne"), goal=Goal(50, (30,), ended=False, due="2026-12"))
    assert prove("Målet på 50 områder kan ikke nås", row).codes == ("goal_not_ended",)


def test_the_reason_behind_cannot_be_told_is_held_against_the_same_row() -> None:
    row = Row(count=24, n=72, unit=UNIT, absent="few_answers")
    head = "Om andelen er faldet, kan ikke afgøres"
    bound = [Binding(0, len(head), row)]
    assert review(f"{head}: svarene er for få.", bound) == ()
    assert [stop.verdict is not None for stop in review(f"{head}: spørgsmålet blev ikke stillet.", bound)] == [True]
    assert [stop.verdict for stop in review(f"{head}: lederne er for trætte.", bound)] == [None]


def test_verbs_are_inflected_by_rule() -> None:
    assert inflected("skrumpe", "da") == ("skrumper", "skrumpede", "skrumpet", "skrumpende")
    assert inflected("decline", "en") == ("declines", "declined", "declining")
    assert inflected("carry", "en") == ("carries", "carried", "carrying")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        # Of whom, at what time, how much, and of a number only: words that are neutral elsewhere.
        ("Glæder dit barn sig til festen?", "51 af 72 forældre glæder sig til festen"),
        ("Er du frisk i første time?", "51 af 72 elever er friskere i første time"),
        ("Er du frisk i første time?", "51 af 72 elever er friske i sidste time"),
        ("Spiser du frugt?", "51 af 72 elever spiser kun frugt"),
        ("Åbner du dine breve?", "51 af 72 elever siger, at de altid åbner deres breve"),
        ("Kunne du svømme før kurset?", "51 af 72 elever kan svømme"),
    ],
)
def test_neutral_words_say_more_where_they_stand(question: str, said: str) -> None:
    row = Row(
        count=51,
        n=72,
        unit=("elev", "elever", "eleverne", "forældre"),
        siblings=(Sibling(21, ("Nej",)),),
        labels=("Ja",),
        about=(question, "Ja", "Nej"),
    )
    assert not prove(said, row).holds


OTHERS = ("gæst", "gæster", "gæsterne")


def asked(question: str, count: int = 40) -> Row:
    """So many of a hundred guests answered yes, the others no."""
    return Row(count=count, n=100, unit=OTHERS, labels=("Ja",), siblings=(Sibling(100 - count, ("Nej",)),), about=(question, "Ja", "Nej"))


@pytest.mark.parametrize(
    ("question", "stands", "stops"),
    [
        ("Høstede du nok til at dele ud af?", "40 af de 100 gæster høstede nok til at dele", "40 af de 100 gæster delte ud af høsten"),
        ("Er du bange for at cykle i mørke?", "40 af de 100 gæster frygter at cykle i mørke", "40 af de 100 gæster frygter at gå i mørke"),
        ("Har du selv haft hund?", "40 af de 100 gæster har selv haft hund", "40 af de 100 gæster har selv hund"),
        ("Har din cykel lygter?", "40 af de 100 gæsters cykel har lygter", "40 af de 100 gæster har ingen cykel"),
        ("Bliver du tilbudt kaffe?", "40 af de 100 gæster bliver tilbudt kaffe", "40 af de 100 gæster tilbyder kaffe"),
        ("Får du hjælp til lektierne?", "40 af de 100 gæster får hjælp til dem", "40 af de 100 gæster giver hjælp til lektierne"),
        ("Reparerer du cyklen?", "Fire ud af ti af de 100 gæster reparerer cyklen", "40 af de 100 gæster ønsker cyklen repareret"),
    ],
)  # fmt: skip
def test_a_deed_is_told_as_it_was_asked_for_who_does_it_when_and_what_is_asked_of_it(question: str, stands: str, stops: str) -> None:
    assert prove(stands, asked(question)).outcome == "holds"
    assert prove(stops, asked(question)).outcome in ("contradicted", "asks")


def test_every_word_that_nobody_was_asked_about_is_told_at_once_in_the_language_of_the_sentence() -> None:
    said = prove("40 af de 100 gæster får en kop te til lektierne", asked("Får du hjælp til lektierne?")).say("en")
    assert "“kop”, “te”" in said


# A register's stock beside its flows, a theme of interviews, those whose answer moved, and a survey that nobody was named for.
_RUNNING = Row(
    value=F(28), unit=("match", "matches"), titled=True, about=("Stock: active on the date", "Stock, flow and total"),
    others=tuple((name, (name,)) for name in ("Flow: started in the period", "Flow: ended in the period")),
)  # fmt: skip
_SHAME = Row(count=3, n=12, unit=("person", "persons", "people"), titled=True, told=True, about=("Shame",), others=(("Pride", ("Pride",)),))
_MOVED = Row(
    count=11,
    n=22,
    unit=("respondent", "respondents"),
    labels=("higher: moved up",),
    about=("I can cook a meal",),
    siblings=(Sibling(4, ("lower: moved down",)),),
)
_UNNAMED = Row(
    count=85,
    n=101,
    unit=("respondent", "respondents"),
    labels=("Yes",),
    siblings=(Sibling(16, ("No",)),),
    about=("Do you cook?",),
    called=("guest", "survey"),
)


@pytest.mark.parametrize(
    ("row", "text", "outcome"),
    [
        (_RUNNING, "28 matches were active on the date", "holds"),
        (_RUNNING, "28 matches", "holds"),
        (_RUNNING, "28 matches were started", "contradicted"),
        (_RUNNING, "28 matches went well", "asks"),
        (_SHAME, "Three of the 12 people spoke of shame", "holds"),
        (_SHAME, "Three of the 12 people are ashamed", "asks"),
        (_SHAME, "Three of the 12 people we spoke to feel shame", "asks"),
        (_MOVED, "11 of the 22 respondents can cook a meal better", "holds"),
        (_MOVED, "11 of the 22 respondents can cook a meal", "asks"),
        (_UNNAMED, "85 of the 101 guests cook", "holds"),
        (_UNNAMED, "85 of the 101 patients cook", "asks"),
    ],
)
def test_a_number_that_no_question_asked_is_held_against_what_it_is_called(row: Row, text: str, outcome: str) -> None:
    assert prove(text, row, "en").outcome == outcome


def test_what_those_counted_are_called_is_read_once_for_their_source() -> None:
    first, second = (prove(text, _UNNAMED, "en").readings for text in ("85 of the 101 patients cook", "16 of the 101 patients do not cook"))
    assert first == second == (("patients", "respondent guest survey"),)

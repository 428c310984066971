"""Sentences against rows: three corpora by kind, alone, hung on a true sentence, and moved to another row."""

from __future__ import annotations

from fractions import Fraction

import pytest
from statement_corpus import Sentence, row_names, row_of, sentences

from vvvresearch.statements import Binding, Row, Sibling, Side, prose, prove, review

CORPORA = ("first.toml", "second.toml", "third.toml")
TRUE = [sentence for corpus in CORPORA for sentence in sentences(corpus, "holds")]
FALSE = [sentence for corpus in CORPORA for sentence in sentences(corpus, "stops")]
CARRIER = {"da": "32 af 55 kommuner har henvist", "en": "32 of 55 municipalities have referred"}
CONNECTORS = {"da": (" og ", ", og ", ", fordi ", ", for ", ", hvor ", " – "), "en": (" and ", ", and ", " because ", ", for ", " – ")}


def test_the_corpora_are_as_large_as_they_say() -> None:
    assert len(TRUE) >= 280
    assert len(FALSE) >= 460


@pytest.mark.parametrize("sentence", TRUE, ids=lambda sentence: sentence.text)
def test_a_true_sentence_is_proved(sentence: Sentence) -> None:
    verdict = prove(sentence.text, sentence.row, sentence.lang)
    assert verdict.holds, verdict.say("en")
    assert verdict.true_words == ()


@pytest.mark.parametrize("sentence", FALSE, ids=lambda sentence: sentence.text)
def test_a_sentence_that_its_row_does_not_carry_stops_and_says_why(sentence: Sentence) -> None:
    verdict = prove(sentence.text, sentence.row, sentence.lang)
    assert not verdict.holds
    assert verdict.codes
    assert verdict.say("da")
    assert verdict.say("da") != verdict.say("en")


@pytest.mark.parametrize("lang", ["da", "en"])
def test_what_is_hung_on_a_true_sentence_stops_as_it_does_alone(lang: str) -> None:
    carrier = CARRIER[lang]
    binding = [Binding(0, len(carrier), row_of("refers", lang))]
    assert review(carrier, binding, lang) == ()
    passed = []
    tried = 0
    for sentence in FALSE:
        if sentence.lang != lang:
            continue
        for connector in CONNECTORS[lang]:
            tried += 1
            text = f"{carrier}{connector}{sentence.text[0].lower()}{sentence.text[1:]}"
            if not review(text, binding, lang):
                passed.append(text)
    assert len(passed) <= 0.01 * tried, passed


def test_a_sentence_moved_to_another_row_stops_almost_always() -> None:
    tried = stopped = 0
    for sentence in TRUE[::3]:
        for name in row_names():
            if name == sentence.name:
                continue
            tried += 1
            stopped += not prove(sentence.text, row_of(name, sentence.lang), sentence.lang).holds
    assert stopped >= 0.95 * tried


def test_those_asked_are_a_fact_and_all_are_an_inference() -> None:
    row = row_of("refers", "da")
    assert prove("Over halvdelen af de 55 kommuner har henvist", row).holds
    verdict = prove("Over halvdelen af kommunerne har henvist", row)
    assert verdict.outcome == "cannot"
    assert verdict.codes == ("interval_too_wide",)
    assert "32 af 55 kommuner har henvist" in verdict.true_words


def test_a_change_that_is_not_shown_is_neither_true_nor_false_and_may_be_said_to_be_so() -> None:
    row = row_of("unsure", "da")
    assert prove("Andelen er faldet", row).outcome == "cannot"
    assert prove("Andelen er steget", row).outcome == "contradicted"
    assert prove("Om andelen er faldet, kan ikke afgøres", row).holds
    assert prove("Om andelen er faldet, kan ikke afgøres", row_of("drop", "da")).outcome == "contradicted"


def test_the_same_respondents_moving_the_other_way_bar_a_direction() -> None:
    assert "panel_disagrees" in prove("Andelen er steget", row_of("panel", "da")).codes


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("32 af 55 frivillige har henvist", "unit_is"),
        ("32 af 55 kommuner har henvist i 2021", "other_year"),
        ("32 af 55 kommuner har henvist det seneste halve år", "other_length"),
        ("32 af 59 kommuner har henvist", "base_is"),
        ("32 af 55 kommuner har henvist takket være lederne", "no_cause"),
        ("Mange kommuner har henvist", "vague"),
        ("Kommunerne henviser", "says_nothing"),
        ("Kommunerne har henvist ofte, 32 af 55", "no_occasions"),
    ],
)
def test_the_reason_names_what_is_wrong(sentence: str, code: str) -> None:
    assert code in prove(sentence, row_of("refers", "da")).codes


def test_what_those_counted_say_is_their_answer_and_no_statement_of_the_author() -> None:
    row = Row(count=7, n=32, unit=("kommune", "kommuner", "kommunerne"), labels=("at de fleste får en ven",))
    assert prove("7 af 32 kommuner ser, at de fleste får en ven", row).holds
    assert prove("7 af 32 kommuner svarer, at andelen er steget, og at venskaber skaber job", row).holds
    assert not prove("7 af 32 kommuner viser, at venskaber skaber job", row).holds


def test_quoted_answers_are_no_statement() -> None:
    row = Row(count=7, n=32, unit=("kommune", "kommuner", "kommunerne"))
    assert prove("7 af 32 kommuner svarer »de fleste« eller »alle«", row).holds


def test_markup_of_a_claim_stays_out_of_the_proof() -> None:
    bound = "[Over halvdelen af de 55 kommuner]{claim=municipal-2022.refers.yes} har *henvist*"
    assert prove(prose(bound), row_of("refers", "da")).holds


def test_a_low_base_forbids_percentages_and_words_without_a_count() -> None:
    row = Row(count=4, n=6, unit=("par", "par", "parrene"))
    assert "percent_of_few" in prove("67 pct. af de 6 par", row).codes
    assert "count_missing" in prove("To tredjedele af parrene", row).codes
    # Exactly so many of so many is a count.
    assert prove("To tredjedele af de 6 par", row).holds
    assert "count_missing" in prove("Over halvdelen af de 6 par", row).codes
    assert prove("To tredjedele af parrene, 4 af 6", row).holds


@pytest.mark.parametrize(("lower", "outcome"), [("-0.05", "holds"), ("0.05", "contradicted")])
def test_where_a_change_cannot_be_told_both_times_may_be_called_by_their_names(lower: str, outcome: str) -> None:
    row = Row(
        count=35,
        n=74,
        about=("Hvor glad er du for at være spiseven?",),
        labels=("Meget glad",),
        period="efterår 2027",
        before=Side(31, 96, (), "forår 2027"),
        change_lower=Fraction(lower),
        change_upper=Fraction("0.34"),
    )
    assert prove("Det kan ikke afgøres, om flere er meget glade i efteråret end i foråret", row, "da").outcome == outcome
    # The other way round is no true sentence of any such row.
    assert prove("Flere er meget glade i foråret end i efteråret", row, "da").outcome == "contradicted"


# A month's sum, a reason in a register, a theme and a sum of two places, as tables of a round give them.
MONTH = Row(value=Fraction(130), about=("Rides, Q3", "Rides"), others=(("Rides, Q2", ("Rides, Q2",)),), titled=True)
PLACE = Row(value=Fraction(98), about=("Visits, North", "Visits"), titled=True, peers=(Fraction(57), Fraction(89)))
REASON = Row(16, 155, unit=("match", "matches"), about=("the relation did not work, matches that started", "Why"), titled=True)
ROAD = Row(8, 15, unit=("rider", "riders"), about=("Safety on the road",), titled=True, told=True)


@pytest.mark.parametrize(
    ("sentence", "row", "outcome"),
    [
        ("In the third quarter there were 130 rides", MONTH, "holds"),
        ("In the second quarter there were 130 rides", MONTH, "contradicted"),
        ("In May there were 130 rides", MONTH, "contradicted"),
        ("There were 130 rides", MONTH, "asks"),
        ("North had the most visits, 98", PLACE, "holds"),
        ("North had the fewest visits, 98", PLACE, "contradicted"),
        ("North had the second most visits, 98", PLACE, "contradicted"),
        ("In 16 of the 155 matches the relation did not work", REASON, "holds"),
        ("139 of the 155 matches broke down", REASON, "contradicted"),
        ("8 of the 15 riders spoke of safety on the road", ROAD, "holds"),
        ("8 of the 15 riders spoke of unsafety on the road", ROAD, "asks"),
    ],
)
def test_a_number_of_a_table_is_held_against_its_time_its_place_and_its_own_words(sentence: str, row: Row, outcome: str) -> None:
    assert prove(sentence, row, "en").outcome == outcome, prove(sentence, row, "en").say("en")


def test_a_base_without_those_who_do_not_know_is_read_by_its_number() -> None:
    row = Row(
        31, 45, about=("Føler du dig hjemme?", "Ja"), labels=("Ja",), siblings=(Sibling(11, ("Nej",)),), unsure=Sibling(3, ("Ved ikke",))
    )
    assert [prove(f"31 af {n} føler sig hjemme", row).outcome for n in (42, 45, 43)] == ["holds", "holds", "contradicted"]

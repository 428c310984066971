"""Danish language tools: what stays whole, what is kept, and measures against a count by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from vvvresearch.errors import SchemaError
from vvvresearch.themes import triangulate
from vvvresearch.themes.language import collocations, concordance, content_words, dispersion, keyness, sentence_spans, words


@pytest.mark.parametrize("whole", ["bl.a.", "f.eks.", "7.173", "m.fl.", "12:30", "3,5"])
def test_abbreviations_and_numbers_stay_whole(whole: str) -> None:
    assert whole in words(f"Der kom {whole} mange")


def test_abbreviations_end_no_sentence() -> None:
    text = "Hun hjalp bl.a. med breve, f.eks. fra kommunen. Det tog ca. 3 timer. Så gik vi."
    assert [text[start:end] for start, end in sentence_spans(text)] == [
        "Hun hjalp bl.a. med breve, f.eks. fra kommunen.",
        "Det tog ca. 3 timer.",
        "Så gik vi.",
    ]


def test_negations_are_kept() -> None:
    assert "ikke" in content_words("Det er ikke godt")
    assert "aldrig" in content_words("Han kom aldrig")


def test_concordance_finds_every_form_of_a_word() -> None:
    found = concordance({"a": "Min ven har venner. Vennerne kom."}, "ven").frame
    assert list(found["keyword"]) == ["ven", "venner", "Vennerne"]


def test_keyness_is_dunnings_log_likelihood() -> None:
    found = keyness(["bolig bolig bolig sprog"], ["sprog sprog sprog sprog sprog bolig"], least=1).frame.set_index("word")
    a, b, c, d = 3, 1, 4, 6
    expected = (c * (a + b) / (c + d), d * (a + b) / (c + d))
    assert found.loc["bolig", "log_likelihood"] == pytest.approx(2 * (a * math.log(a / expected[0]) + b * math.log(b / expected[1])))
    assert found.loc["bolig", "log_ratio"] == pytest.approx(math.log2((3 / 4) / (1 / 6)))


def test_dispersion_is_zero_for_an_even_word_and_one_for_a_word_of_one_text() -> None:
    found = dispersion({"a": "hus bil hus bil", "b": "hus kat hus kat"}, least=1).frame.set_index("word")
    assert found.loc["hus", "dp"] == pytest.approx(0)
    assert found.loc["bil", "dp"] == pytest.approx(1)


@pytest.mark.parametrize("window", [2, 4])
def test_collocations_do_not_cross_sentences_and_leave_out_what_is_said_less_often_than_asked(window: int) -> None:
    text = "Frivillig ven. Kommune hus. " * 4 + "Gammel bil."
    found = collocations([text], window=window, least=2).frame
    assert set(zip(found["first"], found["second"], found["count"], strict=True)) == {("frivillig", "ven", 4), ("kommune", "hus", 4)}
    assert ("gammel", "bil") in set(zip(*collocations([text], least=1).frame[["first", "second"]].to_numpy().T, strict=True))


def test_triangulation_marks_claims_with_one_source_and_keeps_missing_as_no_data() -> None:
    claims = pd.DataFrame(
        [
            ("a", "kommuner", "agree"),
            ("a", "ledere", "agree"),
            ("b", "ledere", "agree"),
            ("c", "kommuner", "agree"),
            ("c", "ledere", "contradict"),
        ],
        columns=["claim", "source", "verdict"],
    )
    found = triangulate(claims, sources=["kommuner", "ledere", "flygtninge"]).in_language("en")
    assert dict(zip(found.frame["claim"], found.frame["convergence"], strict=True)) == {
        "a": "convergent",
        "b": "one_source",
        "c": "dissonant",
    }
    assert set(found.frame["flygtninge"]) == {"no_data"}
    assert "one source only" in found.to_markdown()


def test_all_wrong_claims_are_named_together() -> None:
    claims = pd.DataFrame([("a", "x", "yes"), ("a", "y", "agree"), ("a", "y", "partly")], columns=["claim", "source", "verdict"])
    with pytest.raises(SchemaError) as caught:
        triangulate(claims)
    assert len(caught.value.failures) == 2

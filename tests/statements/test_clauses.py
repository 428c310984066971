"""Clauses of Danish and English sentences, against two lists cut by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statement_corpus import clause_lists

from vvvresearch.statements import clauses

CASES = [*clause_lists("clauses_first.txt"), *clause_lists("clauses_second.txt")]


def bare(parts: list[str]) -> list[str]:
    return [part.strip(" –,") for part in parts]


@pytest.mark.parametrize(("lang", "sentence", "parts"), CASES, ids=[case[1] for case in CASES])
def test_a_sentence_falls_into_the_clauses_that_a_reader_finds(lang: str, sentence: str, parts: list[str]) -> None:
    assert bare([clause.text for clause in clauses(sentence, lang)]) == bare(parts)


@given(st.lists(st.sampled_from([case[1] for case in CASES if case[0] == "da"]), min_size=1, max_size=6))
def test_clauses_keep_their_place_and_leave_no_word_out(sentences: list[str]) -> None:
    text = "\n".join(sentences)
    found = clauses(text)
    for clause in found:
        assert text[clause.start : clause.end] == clause.text
        line = text.splitlines()[clause.line - 1]
        assert line[clause.column - 1 :].startswith(clause.text.splitlines()[0][:1])
    assert "".join("".join(clause.text for clause in found).split()).replace(",", "") == "".join(text.split()).replace(",", "")


def test_a_clause_names_its_verb_and_what_opened_it() -> None:
    first, second = clauses("Kommunerne venter, mens lederne ringer.")
    assert (first.verb, first.opener, second.verb, second.opener) == ("venter", "", "ringer", "mens")


def test_a_phrase_without_verb_has_none() -> None:
    assert clauses("Kommuner og ledere")[0].verb == ""


@pytest.mark.parametrize(
    "text", ["Der var ca. 30 kommuner, jf. bilag 2.", "Den 1. juni 2021 svarede 42 kommuner.", "Se afsnit 6.1.1 om bl.a. Røde Kors."]
)
def test_abbreviations_dates_and_section_numbers_end_no_sentence(text: str) -> None:
    assert {clause.sentence for clause in clauses(text)} == {0}

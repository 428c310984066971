"""A filter that every analysis follows, search over transcripts, and a transcript turn by turn."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from explored import demo, made_up
from hypothesis import given, settings
from hypothesis import strategies as st

import vvvresearch as vvv
from vvvresearch.exploring import search
from vvvresearch.exploring._search import TextIndex, fold
from vvvresearch.rounds import Round
from vvvresearch.themes import theme_table

ONE: dict[str, Any] = {"under": "Udbytte > Dansk", "depth": 2}
CELL: dict[str, Any] = {"code_path": "Udbytte > Dansk", "respondent_group": "total"}


def whole(r: Round) -> dict[str, int]:
    return dict(r.theme_table(**ONE).evidence(code="Udbytte > Dansk", group="total").whole)


def test_interviews_move_the_base_and_stance_leaves_it() -> None:
    r = demo()
    assert whole(r.filter(group="refugee"))["asked"] == r.theme_table(group="refugee", **ONE).cell("asked", **CELL).value
    against = whole(r.filter(stance="contradicted"))
    assert against["asked"] == whole(r)["asked"]
    assert (against["affirmed"], against["contradicted"]) == (0, whole(r)["contradicted"])


def test_a_coder_restricts_to_what_the_coder_read() -> None:
    r = demo()
    one = r.theme_table(coder="coder-b", **ONE).cell("asked", **CELL).value
    assert whole(r.filter(coder="coder-b"))["asked"] == one
    assert set(r.filter(coder="coder-b").codings.frame["coder"]) == {"coder-b"}


def test_numbers_under_a_filter_have_addresses_of_their_own() -> None:
    narrow = demo().filter(group="refugee")
    cell = narrow.cell("themes.udbytte/dansk.refugee.affirmed")
    assert cell.address == "themes/only-group-refugee.udbytte/dansk.refugee.affirmed"
    assert narrow.evidence("themes.udbytte/dansk.refugee.affirmed").value == cell.value
    assert narrow.cell("municipal-2021.refers.yes.count").address == "municipal-2021.refers.yes.count"


def test_a_filter_that_leaves_nobody_is_a_sentence_and_never_a_zero() -> None:
    nobody = demo().filter(group="refugee", sex="female", relation_state="ended", wave="9")
    for result in (
        nobody.theme_table(),
        nobody.pair_table(),
        nobody.cooccurrence(),
        nobody.causal_map(),
        nobody.search("arbejde"),
        nobody.quotes(),
    ):
        assert not result
        assert "No interview fits" in str(result)


def test_touches_and_mentions_choose_interviews() -> None:
    r = demo()
    code = "Udbytte > Dansk"
    touched = r.filter(touches="Dansk").interviews.frame["source"]
    frame = r.codings.frame
    assert set(touched) == set(frame.loc[(frame["code_path"] == code) | frame["code_path"].str.startswith(code + " > "), "source"])
    assert set(r.filter(mentions="køkkenbord").interviews.frame["interview"]) == set(r.search("køkkenbord").frame["interview"])


def test_a_wrong_filter_names_the_right_one() -> None:
    with pytest.raises(vvv.AnalysisError, match="group"):
        demo().filter(grup="refugee")
    with pytest.raises(vvv.AnalysisError, match="coder-a"):
        demo().filter(coder="coder-c")


def test_codings_and_surveys_filter_with_true_bases() -> None:
    codings, interviews = made_up()
    against = theme_table(codings.filter(stance="contradicted"), interviews)
    assert against.cell("asked", code_path="Ro", respondent_group="refugee").value == 3
    assert theme_table(codings.filter(coder="y"), interviews).cell("asked", code_path="Ro", respondent_group="refugee").value == 1
    r = demo()
    survey = r.surveys["municipal-2021"]
    region = r.tabulate(survey, "refers", by="region")
    first = next(value for value in region.frame["region"] if value != "total")
    own = r.tabulate(survey.filter(region=first), "refers")
    assert own.cell("count", code="yes").value == region.cell("count", item="refers", region=first, code="yes").value
    assert own.base.population is None


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("Aarhus", "Vi bor i Århus.", ["Århus"]),
        ("århus", "Vi bor i AARHUS.", ["AARHUS"]),
        ("koekken", "Ved køkkenbordet", ["køkken"]),
        ("ar", "har arbejde", ["ar"]),
        ("arbejde", "Praktikarbejdet", ["arbejde"]),
        ("cafe", "På Café Ro", ["Café"]),
        ("god ven", "en god\n ven", ["god\n ven"]),
        ("a.b", "axb a.b", ["a.b"]),
        ("kop 𝄞", "en 𝄞 kop 𝄞", ["kop 𝄞"]),
        # Signs and letters of other alphabets share the bytes that are searched.
        ("робота", "Моя РОБОТА, не рибота, не робоха – …", ["РОБОТА"]),
        ("…", "– nej … og – ja", ["…"]),
        ("ﾰ العمل", "ﾰ  العمل", ["ﾰ  العمل"]),
        ("rødgrød på åen", "Roedgrød\u00a0 paa\n\n\nÅen", ["Roedgrød\u00a0 paa\n\n\nÅen"]),
        ("aften", "Temaaften og påften", ["aften"]),
        ("go\x00d", "go\x00d god", ["go\x00d"]),
    ],
)
def test_search_folds_without_moving_a_letter(query: str, text: str, found: list[str]) -> None:
    hits = TextIndex.of({"t": text}, ["t"]).hits(query)
    assert [text[start:end] for _, start, end in hits] == found


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40))
def test_folding_keeps_every_letter_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_search_counts_the_transcripts_it_may_not_read() -> None:
    codings, interviews = made_up()
    del codings.texts["b"]
    found = search(codings, interviews, "word")
    assert {name: total.value for name, total in found.totals.items()} == {
        "hits": 6,
        "interviews": 2,
        "searched": 2,
        "refused": 1,
        "without_text": 1,
    }


def test_a_transcript_is_shown_by_turn_and_a_refused_or_missing_one_is_a_sentence() -> None:
    r = demo()
    turns = r.transcript("p01-r1").frame
    text = r.codings.texts["p01-r1"]
    assert all(spoken in text[start:end] for spoken, start, end in zip(turns["text"], turns["start"], turns["end"], strict=True))
    silent = sorted(r.consent.silent_sources & set(r.interviews.frame["source"]))
    assert not r.transcript(silent[0])
    with pytest.raises(vvv.AnalysisError, match="no interview"):
        r.transcript("p99")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(alphabet="aåbæ 1_\n𝄞Σsжᏸ–", max_size=12), min_size=1, max_size=3),
    st.text(alphabet="aåbæ1𝄞sжᏸ–", min_size=1, max_size=4),
)
def test_search_finds_what_reading_letter_by_letter_finds(texts: list[str], query: str) -> None:
    named = {str(number): text for number, text in enumerate(texts)}
    both = {"å": ("å", "aa"), "aa": ("å", "aa"), "æ": ("æ", "ae"), "ae": ("æ", "ae"), "ø": ("ø", "oe"), "oe": ("ø", "oe")}
    pieces = [both.get(piece, (piece,)) for piece in re.split("(å|aa|æ|ae|ø|oe)", fold(query))]
    forms = sorted(map("".join, itertools.product(*pieces)), key=len, reverse=True)
    found = []
    for name, text in named.items():
        at = 0
        while at < len(text):
            form = next((one for one in forms if fold(text).startswith(one, at)), "")
            inside = len(fold(query)) <= 3 and at > 0 and (fold(text)[at - 1].isalnum() or fold(text)[at - 1] == "_")
            if form and not inside:
                found.append((name, at, at + len(form)))
            at += len(form) if form and not inside else 1
    assert TextIndex.of(named, list(named)).hits(query) == found

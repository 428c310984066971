"""Passages without a place in a text (quotes not found, regions of media) count as passages and break nothing."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from vvvresearch.evidence import REGISTER_COLUMNS, Codings, Interviews
from vvvresearch.sources import read_codings
from vvvresearch.themes import case_matrix, cooccurrence, disagreements, double_coding, framework_matrix, quotes, unitizing_agreement

TEXT = "Vi mødtes på biblioteket i marts. Nu spiser vi sammen hver tirsdag, og børnene leger i gården."


def codings(folder: Path) -> Codings:
    rows = ["interview;quote;code;coder"]
    for coder in ("Ida", "Bo"):
        rows += [f"i1;{quote};A;{coder}" for quote in ("på biblioteket i marts", "never said one", "never said two")]
        rows += [f"i1;hver tirsdag, og børnene leger;B;{coder}", f"i1;på biblioteket;B;{coder}"]
    (folder / "t.csv").write_text("\n".join(rows), encoding="utf-8")
    return read_codings(folder / "t.csv", texts={"i1": TEXT})


def register() -> Interviews:
    row = dict.fromkeys(REGISTER_COLUMNS, "") | {"interview": "i1", "pair": "p1", "source": "i1", "respondent_group": "refugee"}
    row |= {"consent_analysis": True, "consent_quote": True, "interpreter": False, "wave": "1", "pseudonym": "Amal"}
    return Interviews(pd.DataFrame([row]))


def test_two_quotes_that_were_not_found_are_two_passages(tmp_path: Path) -> None:
    counted = case_matrix(codings(tmp_path), register(), value="count", coder="Ida").frame
    assert counted.loc[0, ["A", "B"]].tolist() == [3, 2]
    cell = framework_matrix(codings(tmp_path), register(), ["A"], cases="pair", coder="Ida").frame.loc[0, "A"]
    assert all(quote in cell for quote in ("never said one", "never said two", "på biblioteket i marts"))


def test_what_looks_at_positions_looks_at_passages_that_have_one(tmp_path: Path) -> None:
    found = cooccurrence(codings(tmp_path), coder="Ida")
    assert found.frame[["code_a", "code_b", "together"]].values.tolist() == [["A", "B", len("på biblioteket")]]
    assert found.base.n == 3
    share = case_matrix(codings(tmp_path), register(), value="share", coder="Ida").frame
    assert share.loc[0, "A"] == pytest.approx(len("på biblioteket i marts") / len(TEXT) * 100)
    assert disagreements(codings(tmp_path), register()).frame.empty
    for unit in ("document", "segment", "sentence", "character"):
        assert double_coding(codings(tmp_path), unit=unit).cell("percent", unit=unit, code_path="B").value == 1


def test_only_what_was_compared_with_its_transcript_is_quoted(tmp_path: Path) -> None:
    bank = quotes(codings(tmp_path), register(), shortest=5)
    assert set(bank.frame["text"]) == {"på biblioteket i marts", "hver tirsdag, og børnene leger", "på biblioteket"}


def test_a_coding_sheet_without_transcripts_has_quotes_and_says_that_nothing_was_compared(tmp_path: Path) -> None:
    whole = codings(tmp_path)
    sheet = dataclasses.replace(whole, texts={})
    bank = quotes(sheet, register(), shortest=5)
    assert sorted(bank.frame["text"]) == sorted(whole.frame.drop_duplicates(["text", "code_path"])["text"])
    assert f"{len(bank.frame)} of {len(bank.frame)} quotes stand in the codings only" in bank.in_language("en").note
    assert bank.frame["quote_id"].is_unique
    row = bank.frame.iloc[0]
    approvals = pd.DataFrame([{"quote_id": row["quote_id"], "hash": row["hash"], "approver": "AB", "date": "2025-01-01"}])
    again = quotes(sheet, register(), shortest=5, approvals=approvals).frame.set_index("quote_id")
    assert again["approval"].value_counts().to_dict() == {"not_approved": len(again) - 1, "approved": 1}
    changed = dataclasses.replace(sheet, frame=sheet.frame.assign(text=sheet.frame["text"] + " her"))
    assert not set(quotes(changed, register(), shortest=5).frame["hash"]) & {row["hash"]}


def test_positions_without_a_text_are_enough_where_no_text_is_needed(reference: Path) -> None:
    one = read_codings(reference / "qda" / "atlasti8mac_spec_example_no_sources.qdpx")
    both = Codings(pd.concat([one.frame, one.frame.assign(coder="B")], ignore_index=True), one.codebook, one.texts)
    assert len(cooccurrence(both).frame)
    assert double_coding(both, unit="document").cell("documents").value == both.frame["source"].nunique()
    for found in (double_coding(both, unit="sentence"), double_coding(both, unit="character"), unitizing_agreement(both)):
        assert not found
        assert "transcript" in found.absent.say("en")


def test_an_interview_without_its_transcript_is_left_out_of_what_needs_the_text_and_the_note_says_so(tmp_path: Path) -> None:
    whole = codings(tmp_path)
    added = whole.frame.assign(source="later", start=None, end=None)
    partly = dataclasses.replace(whole, frame=pd.concat([whole.frame, added], ignore_index=True))
    for measure in (lambda one: double_coding(one, unit="sentence"), unitizing_agreement):
        before, after = measure(whole), measure(partly)
        pd.testing.assert_frame_equal(after.frame, before.frame)
        assert "left out: 1" in " ".join(note.say("en") for note in after.notes)
        assert "left out" not in " ".join(note.say("en") for note in before.notes)

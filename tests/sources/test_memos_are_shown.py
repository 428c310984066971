"""What was noted on passages is seen with them, and goes with the person it is about."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
from refi_projects import DANISH, span
from test_what_tools_carry import PASSAGES, rich

import vvvresearch as vvv
from vvvresearch.evidence import Consent
from vvvresearch.themes.merging import merge_codings


def with_a_memo_on_its_passage(folder: Path) -> vvv.evidence.Codings:
    read = vvv.read_codings(rich(folder))
    start, end = span(DANISH, PASSAGES[0])
    row = {"on": "passage", "target": "i1", "start": start, "end": end, "title": "", "text": "<tænk>", "author": "Bo", "date": ""}
    memos = pd.concat([read.memos, pd.DataFrame([row]).astype({"start": "Int64", "end": "Int64"})], ignore_index=True)
    return dataclasses.replace(read, memos=memos)


def test_a_passage_is_shown_with_the_memos_of_its_coding_and_of_its_place(tmp_path: Path) -> None:
    codings = with_a_memo_on_its_passage(tmp_path)
    assert codings.passages()["memo"].tolist() == ["a comment\n\n<tænk>"]
    assert "&lt;tænk&gt;" in codings._repr_html_()
    assert repr(codings) == "Codings(1 codings with 1 codes on 1 sources by Ida; 8 memos; 1 cases; 2 members of sets)"
    bare = dataclasses.replace(codings, memos=None, frame=codings.frame.assign(memo=""))
    assert "memo" not in bare.passages()


def test_a_project_is_shown_small_however_large_it_is(tmp_path: Path) -> None:
    codings = with_a_memo_on_its_passage(tmp_path)
    frame = pd.concat([codings.frame.assign(coder=f"coder {number}" * 9, text="ord " * 500) for number in range(400)])
    large = dataclasses.replace(codings, frame=frame)
    assert len(repr(large)) < 600
    assert "400 codings" in repr(large)
    assert "and 395 more" in repr(large)
    assert len(large._repr_html_()) < 20_000


def test_a_memo_on_the_case_of_a_person_who_withdraws_goes_too(tmp_path: Path) -> None:
    read = vvv.read_codings(rich(tmp_path))
    register = pd.DataFrame({"interview": ["a", "b"], "source": ["i1", "i2"], "pair": "", "respondent_group": "volunteer"})
    kept = Consent.of(register.assign(consent_analysis=[False, True], consent_quote=True)).apply(read, "codings")
    assert set(read.memos["on"]) == {"project", "code", "source", "passage", "case"}
    assert set(kept.memos["on"]) == {"project", "code"}


def test_two_coders_projects_merge_with_memos_and_dates_and_are_written_whole(tmp_path: Path) -> None:
    first = with_a_memo_on_its_passage(tmp_path)
    other = dataclasses.replace(
        first,
        frame=pd.concat([first.frame.assign(memo="another"), first.frame.assign(start=0, end=2, text=DANISH[:2], guid="")]),
        memos=first.memos.assign(text="of Bo"),
    )
    without_dates = dataclasses.replace(other, frame=other.frame.drop(columns="date").assign(prompted="prompted"))
    merged = merge_codings([first, without_dates], coders=["Ida", "Bo"]).codings
    assert merged.frame["coder"].tolist() == ["Ida", "Bo", "Bo"]
    assert merged.frame["date"].tolist() == [first.frame.loc[0, "date"], "", ""]
    assert merged.frame["prompted"].tolist() == ["", "prompted", "prompted"]
    assert len(merged.memos) == 2 * len(first.memos)
    assert not len(vvv.write_refi(merged, tmp_path / "out.qdpx"))
    again = vvv.read_codings(tmp_path / "out.qdpx")
    assert len(again.memos) == len(merged.memos)
    folded = merge_codings([first, other]).codings
    assert {loss.what: loss.count for loss in folded.losses} == {"memos of codings that an earlier project has too": 1}
    assert len(folded.frame) == 2

"""Stata files that two other programs wrote are read with their labels, dates and reasons, or not at all."""

from __future__ import annotations

import contextlib
import datetime
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import vvvresearch as vvv
from vvvresearch.errors import SourceError
from vvvresearch.privacy import file_texts, scan_pieces
from vvvresearch.sources.surveys._read import read_stata


@pytest.fixture
def written(tmp_path: Path) -> Path:
    frame = pd.DataFrame({
        "svar": pd.Series([1, 2, "a", "b", 1], dtype=object),
        "timer": [1.5, np.nan, 3.0, 4.0, 20.0],
        "ord": ["Ærø", "", "Fanø", "Ring til lis@eksempel.dk", "nej"],
        "dag": pd.to_datetime(["2026-01-03", None, "2026-02-03", "2026-01-03", "2026-01-04"]),
    })  # fmt: skip
    pyreadstat.write_dta(
        frame,
        str(tmp_path / "svar.dta"),
        column_labels=["Kommer du igen?", "Timer om ugen", "", "Dato"],
        variable_value_labels={"svar": {1: "Ja", 2: "Nej", "a": "Vil ikke svare"}, "timer": {1: "én time"}},
        missing_user_values={"svar": ["a", "b"]},
    )
    return tmp_path / "svar.dta"


def test_codes_numbers_texts_dates_and_the_reasons_of_missing_answers_are_kept(written: Path) -> None:
    survey = read_stata(written)
    assert survey.answers["svar"].tolist() == ["1", "2", ".a", ".b", "1"]
    assert survey.missing == {"svar": {".a": "Vil ikke svare", ".b": ""}}
    assert survey.answers["ord"].tolist() == ["Ærø", "", "Fanø", "Ring til lis@eksempel.dk", "nej"]
    assert survey.answers["dag"].tolist() == ["2026-01-03", "", "2026-02-03", "2026-01-03", "2026-01-04"]
    assert survey.variables["svar"].labels == {"1": "Ja", "2": "Nej", ".a": "Vil ikke svare"}
    assert survey.variables["svar"].label == "Kommer du igen?"
    assert not survey.losses


def test_a_plain_missing_answer_beside_one_with_a_reason_is_no_answer(tmp_path: Path) -> None:
    lists = {"q": {1: "Ja", 2: "Nej"}}
    frame = pd.DataFrame({"q": [1.0, np.nan, 2.0], "n": [10.0, np.nan, 30.0]})
    frame.to_stata(tmp_path / "a.dta", write_index=False, value_labels=lists, version=118)
    data = (tmp_path / "a.dta").read_bytes()
    # The numbers that Stata keeps for "." and ".a".
    plain, letter = (np.array([number], dtype="<u8").tobytes() for number in (0x7FE0000000000000, 0x7FE0010000000000))
    assert data.count(plain) == 2
    first = data.index(plain)
    second = data.index(plain, first + 1)
    # The number is missing for the reason .a, the answer without one.
    (tmp_path / "a.dta").write_bytes(data[:second] + letter + data[second + 8 :])
    survey = read_stata(tmp_path / "a.dta")
    assert survey.answers["q"].tolist() == ["1", "", "2"]
    assert survey.answers["n"].isna().tolist() == [False, True, False]
    assert survey.missing == {}
    assert [(loss.what, loss.count, loss.detail) for loss in survey.losses] == [("reason of a missing number", 1, "read as no answer: .a")]


@pytest.mark.parametrize("version", [114, 117, 118, 119])
def test_files_of_several_versions_say_the_same(tmp_path: Path, version: int) -> None:
    frame = pd.DataFrame({"k": pd.Categorical(["Ja", "Nej", None]), "n": [1, 2, 300], "m": pd.to_datetime(["2026-01-03 10:00"] * 3)})
    frame.to_stata(tmp_path / "v.dta", write_index=False, version=version, convert_dates={"m": "tc"}, variable_labels={"k": "Kommer du?"})
    survey = vvv.read_survey(tmp_path / "v.dta")
    assert survey.answers.iloc[:, 0].tolist() == ["0", "1", ""]
    assert survey.answers.iloc[:, 1].tolist() == [1, 2, 300]
    moments = [datetime.datetime.fromisoformat(text) for text in survey.answers.iloc[:, 2]]
    assert moments == [datetime.datetime(2026, 1, 3, 10)] * 3
    assert survey.questionnaire is not None
    assert [one.id for one in survey.questionnaire.items][:1] == ["k"]


def test_a_damaged_file_is_refused_whole(written: Path) -> None:
    data, rows, seed = written.read_bytes(), len(read_stata(written).answers), random.Random(17)
    for _ in range(40):
        written.write_bytes(data[: seed.randrange(len(data))])
        with contextlib.suppress(SourceError):
            assert len(read_stata(written).answers) == rows


def test_what_reaches_a_person_is_found_in_it(written: Path) -> None:
    assert "EMAIL" in [found.kind for _, found in scan_pieces(file_texts(written))]

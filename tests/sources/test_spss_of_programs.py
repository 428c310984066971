"""SPSS files of other programs are read whole or not at all, and other programs see in ours what we mean."""

from __future__ import annotations

import contextlib
import random
import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_survey_files import damaged, own_survey

import vvvresearch as vvv
from vvvresearch.errors import SourceError
from vvvresearch.evidence import Item, Option, Survey, Words
from vvvresearch.survey import tabulate

PSPP = ("pspp.sav", "pspp-compressed.sav", "pspp.zsav", "pspp.por")
PROGRAMS = Path(__file__).parent.parent / "data" / "reference" / "spss"


@pytest.mark.parametrize("name", PSPP)
def test_what_pspp_wrote_is_read_with_its_missing_values(name: str) -> None:
    survey = vvv.read_survey(PROGRAMS / name)
    survey.answers.columns = [column.lower() for column in survey.answers.columns]
    assert survey.answers.values.tolist() == [[1.0, "1", "Ærø"], [2.0, "9", "Fanø"], [3.0, "2", ""]]
    assert {column.lower(): gone for column, gone in survey.missing.items()} == {"svar": {"9": "Ved ikke"}}


def test_ranges_labels_and_the_weight_of_a_portable_file_are_kept(tmp_path: Path) -> None:
    joined = (PROGRAMS / "pspp-ranges.por").read_bytes().replace(b"\r\n", b"")
    # PSPP writes the upper end of "8 THRU HI" where the layout has the lower one.
    assert joined.count(b"AA9E17IR6IG+6J/") == 1
    joined = joined.replace(b"AA9E17IR6IG+6J/", b"A8/")
    (tmp_path / "a.por").write_bytes(b"\n".join(joined[place : place + 80] for place in range(0, len(joined), 80)))
    survey = vvv.read_survey(tmp_path / "a.por")
    assert {name: variable.missing for name, variable in survey.variables.items()} == {
        "A": ((-np.inf, 0.0),),
        "B": ((8.0, np.inf),),
        "C": ((7.0, 9.0), (99.0, 99.0)),
        "T": (("y", "y"),),
    }
    assert survey.variables["A"].label == "Første"
    assert survey.weight == "B"
    assert survey.answers["C"].tolist() == [3.0, 99.0, 8.0]
    assert vvv.read_survey(PROGRAMS / "pspp-ranges.por").answers.equals(survey.answers)


@pytest.mark.parametrize("name", PSPP[:3])
@pytest.mark.parametrize("other", [-1, 1])
def test_a_header_that_states_another_number_of_cases_is_refused(tmp_path: Path, name: str, other: int) -> None:
    data = bytearray((PROGRAMS / name).read_bytes())
    assert struct.unpack("<i", data[80:84]) == (3,)
    data[80:84] = struct.pack("<i", 3 + other)
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match="the SPSS file is") as caught:
        vvv.read_survey(tmp_path / name)
    assert caught.value.why == f"{3 + other} rows are announced, 3 are there"


@pytest.mark.parametrize("name", PSPP)
@pytest.mark.parametrize("more", [b"x", bytes(8), b"abcdefghij" * 3, b"\xfd" + bytes(15)])
def test_bytes_after_the_last_row_are_refused(tmp_path: Path, name: str, more: bytes) -> None:
    (tmp_path / name).write_bytes((PROGRAMS / name).read_bytes() + more)
    with pytest.raises(SourceError):
        vvv.read_survey(tmp_path / name)


@pytest.mark.parametrize("ending", ["sav", "zsav"])
@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9])
def test_files_of_another_writer_have_nothing_after_the_last_row(tmp_path: Path, ending: str, rows: int) -> None:
    frame = pd.DataFrame(
        {"a": [float(number) for number in range(rows)], "b": [0.5 * number for number in range(rows)], "t": ["æ" * n for n in range(rows)]}
    )
    frame = frame.astype({"t": object})
    pyreadstat.write_sav(frame, str(tmp_path / f"a.{ending}"), compress=ending == "zsav", row_compress=ending == "sav")
    assert len(vvv.read_survey(tmp_path / f"a.{ending}").answers) == rows


def test_dont_know_and_refused_are_user_missing_for_other_programs(tmp_path: Path) -> None:
    labels = [("1", "Ja", "answer"), ("2", "Nej", "answer"), ("8", "Ønsker ikke at svare", "refused"), ("9", "Ved ikke", "dont_know")]
    options = tuple(Option(code=code, label=Words(da=da, en=da), role=role) for code, da, role in labels)
    words = Words(da="Henviser I?", en="Do you refer?")
    item = Item(id="refers", text=words, type="single", options=options)
    questionnaire = own_survey().questionnaire
    assert questionnaire is not None
    questionnaire = questionnaire.model_copy(update={"items": (item,)})
    survey = Survey(pd.DataFrame({"refers": ["1", "9", "2", "8"]}, index=pd.RangeIndex(1, 5)), questionnaire)
    before = tabulate(survey, "refers").frame
    vvv.write_survey(survey, tmp_path / "a.sav")
    _, meta = pyreadstat.read_sav(str(tmp_path / "a.sav"), user_missing=True)
    assert [entry["lo"] for entry in meta.missing_ranges["refers"]] == [8.0, 9.0]
    without, _ = pyreadstat.read_sav(str(tmp_path / "a.sav"))
    assert without["refers"].tolist()[::2] == [1.0, 2.0]
    assert without["refers"].isna().tolist() == [False, True, False, True]
    again = vvv.read_survey(tmp_path / "a.sav", questionnaire)
    pd.testing.assert_frame_equal(tabulate(again, "refers").frame, before)


def test_a_portable_file_never_runs_what_lies_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pspp.por").write_bytes((PROGRAMS / "pspp.por").read_bytes())
    for name in ("pyreadstat", "json", "struct"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert len(vvv.read_survey("pspp.por").answers) == 3
    assert not (tmp_path / "ran").exists()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12).filter(lambda one: one == 0 or abs(one) > 1e-9),
        min_size=1,
        max_size=20,
    )
)
def test_numbers_of_a_portable_file_are_what_pyreadstat_reads(tmp_path_factory: pytest.TempPathFactory, numbers: list[float]) -> None:
    path = tmp_path_factory.mktemp("por") / "a.por"
    pyreadstat.write_por(pd.DataFrame({"A": numbers, "B": [f"a{number:.3g}" for number in numbers]}), str(path))
    said, _ = pyreadstat.read_por(str(path))
    read = vvv.read_survey(path).answers
    assert np.allclose(read["A"].to_numpy(float), said["A"].to_numpy(float), rtol=1e-15, atol=0)
    assert read["B"].tolist() == [f"a{number:.3g}" for number in numbers]


def test_a_damaged_portable_file_is_read_or_refused_in_words(tmp_path: Path) -> None:
    data, chance = (PROGRAMS / "pspp.por").read_bytes(), random.Random(7)
    for number in range(300):
        (tmp_path / "b.por").write_bytes(damaged(data, chance, number))
        with contextlib.suppress(SourceError):
            vvv.read_survey(tmp_path / "b.por")
    for length in range(data.index(b"ZZZ") + 1):
        (tmp_path / "b.por").write_bytes(data[:length])
        with pytest.raises(SourceError):
            vvv.read_survey(tmp_path / "b.por")

"""What is not real is marked in every file that leaves, and is not real when it comes back, whatever the round says."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import vvvresearch as vvv
from vvvresearch.errors import NotPermittedError, SourceError
from vvvresearch.evidence import CODEBOOK_COLUMNS, Codebook, Codings, Survey
from vvvresearch.kinds import DataKind
from vvvresearch.results import Base, Measure, Result
from vvvresearch.rounds import open_round
from vvvresearch.sources import write_codings, write_refi

ENDINGS = (".sav", ".zsav", ".csv", ".xlsx")
ROUND = """
schema_version = 1
id = "ny"
title = { da = "Ny", en = "New" }
period = { start = 2024-01-01, end = 2024-12-31 }
report_type = "note"
kind = "real"
[subgroups]
statement = { da = "Samlet.", en = "Together." }
[[sources]]
id = "answers"
type = "survey"
path = "surveys/answers.csv"
title = { da = "Svar", en = "Answers" }
"""


def answers(kind: DataKind) -> Survey:
    frame = pd.DataFrame(
        {"henviser": ["ja", "nej", "ja"], "region": ["ø", "v", "v"]}, index=pd.Index(["0101", "0147", "0155"], name="respondent")
    )
    return Survey(frame, kind=kind)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kind", list(DataKind))
def test_the_kind_comes_back_with_the_same_answers(kind: DataKind, ending: str, tmp_path: Path) -> None:
    path = vvv.write_survey(answers(kind), tmp_path / f"svar{ending}")
    back = vvv.read_survey(path)
    assert back.kind is kind
    assert back.answers.to_dict() == answers(kind).answers.to_dict()
    assert not any("file label" in loss.what for loss in back.losses)


@pytest.mark.parametrize("first", ENDINGS)
@pytest.mark.parametrize("second", ENDINGS)
def test_it_survives_a_second_file_of_another_format(first: str, second: str, tmp_path: Path) -> None:
    once = vvv.read_survey(vvv.write_survey(answers(DataKind.RECONSTRUCTED), tmp_path / f"a{first}"))
    assert vvv.read_survey(vvv.write_survey(once, tmp_path / f"b{second}")).kind is DataKind.RECONSTRUCTED


def test_other_programs_see_the_mark_of_an_spss_file(tmp_path: Path) -> None:
    path = vvv.write_survey(answers(DataKind.SYNTHETIC), tmp_path / "svar.sav")
    assert pyreadstat.read_sav(path)[1].file_label == "data_kind: synthetic"
    assert pyreadstat.read_sav(vvv.write_survey(answers(DataKind.REAL), tmp_path / "real.sav"))[1].file_label in (None, "")


def test_a_label_that_others_gave_an_spss_file_is_still_told_as_left_out(tmp_path: Path) -> None:
    pyreadstat.write_sav(pd.DataFrame({"a": [1.0]}), str(tmp_path / "x.sav"), file_label="Leder 2024")
    back = vvv.read_survey(tmp_path / "x.sav")
    assert back.kind is DataKind.REAL
    assert [loss for loss in back.losses if loss.what == "file label" and "Leder 2024" in str(loss)]


@pytest.mark.parametrize("ending", [".sav", ".csv"])
def test_what_reconstructed_answers_do_not_permit_is_refused_after_the_file_too(ending: str, tmp_path: Path) -> None:
    back = vvv.read_survey(vvv.write_survey(answers(DataKind.RECONSTRUCTED), tmp_path / f"svar{ending}"))
    with pytest.raises(NotPermittedError):
        back.require_joint("a cross-table")


@pytest.mark.parametrize("kind", list(DataKind))
@pytest.mark.parametrize("ending", [".qdpx", ".csv", ".xlsx"])
def test_codings_come_back_with_their_kind_and_with_their_own_memos(kind: DataKind, ending: str, tmp_path: Path) -> None:
    texts = {"i1": "Vi taler dansk hver uge."}
    frame = pd.DataFrame([("i1", 0, 14, "Vi taler dansk", "Sprog", "AB")], columns=["source", "start", "end", "text", "code_path", "coder"])
    code = dict.fromkeys(CODEBOOK_COLUMNS, "") | {"code_path": "Sprog", "name": "Sprog", "is_codable": True}
    memo = dict.fromkeys(("on", "target", "start", "end", "title", "text", "author", "date"), "") | {"on": "project", "text": "Husk bilag"}
    memos = pd.DataFrame([memo | {"start": pd.NA, "end": pd.NA}])
    codings = Codings(frame, Codebook(pd.DataFrame([code])), texts, memos=memos, kind=kind)
    path = tmp_path / f"k{ending}"
    losses = (write_refi if ending == ".qdpx" else write_codings)(codings, path)
    back = vvv.read_codings(path, texts)
    assert back.kind is kind
    assert back.frame["code_path"].tolist() == ["Sprog"]
    if ending == ".csv":
        assert [loss.what for loss in losses] == ["transcripts", "memos"]
    else:
        assert back.memos is not None
        assert back.memos["text"].tolist() == ["Husk bilag"]
    assert not any("data_kind" in str(loss) for loss in back.losses)


def test_a_round_that_calls_itself_real_makes_no_file_real(tmp_path: Path) -> None:
    (tmp_path / "rounds/ny").mkdir(parents=True)
    (tmp_path / "surveys").mkdir()
    (tmp_path / "rounds/ny/round.toml").write_text(ROUND, "utf-8")
    vvv.write_survey(answers(DataKind.SYNTHETIC), tmp_path / "surveys/answers.csv")
    assert open_round("ny", tmp_path).surveys["answers"].kind is DataKind.SYNTHETIC


def test_a_kind_that_is_none_is_told_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "svar.csv").write_text("respondent,a,data_kind\n1,x,reconstructet\n", "utf-8")
    with pytest.raises(SourceError, match="reconstructed"):
        vvv.read_survey(tmp_path / "svar.csv")


@pytest.mark.parametrize("kind", list(DataKind))
def test_a_table_of_results_says_what_its_numbers_rest_on(kind: DataKind, tmp_path: Path) -> None:
    frame = pd.DataFrame({"code": ["yes", "no"], "count": [2, 1], "n": [3, 3]})
    table = Result(frame=frame, base=Base(3), title="T", at="s.a", keys=("code",), measures=(Measure("count"),), kind=kind)
    path = table.to_csv(tmp_path / "t.csv")
    assert pd.read_csv(path)["data_kind"].tolist() == [kind.value, kind.value]

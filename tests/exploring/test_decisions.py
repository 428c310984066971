"""Decisions on codings: proposed, reviewed, undone; what they change is counted anew, and no passage moves."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from explored import made_up, written_round
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vvvresearch as vvv
from vvvresearch.errors import AnalysisError, DisclosureError, RoundError
from vvvresearch.evidence import Codings
from vvvresearch.exploring import Decision, check_decision, coding_ids, decided, state_of
from vvvresearch.rounds import Round
from vvvresearch.sources import read_codings, write_refi

PLACE = ["source", "start", "end", "text"]
NAMESPACE = "{urn:QDA-XML:project:1.0}"
TEXT = "å 🙂 word\nword e\u0301 word"


def project() -> Codings:
    """Codings with signs of one, two and four bytes, of two coders, some on the same passage."""
    codings, _ = made_up()
    texts = dict.fromkeys("abcd", TEXT)
    frame = codings.frame.assign(start=[0, 4, 0, 9], end=[5, 8, 5, 15], guid="", memo=["", "set før", "", ""])
    more = frame.assign(code_path=["Mod", "Mod", "Ro", "Ro"], coder=["x", "y", "x", "x"], stance="affirmed")
    frame = pd.concat([frame, more], ignore_index=True)
    frame["text"] = [TEXT[start:end] for start, end in zip(frame["start"], frame["end"], strict=True)]
    return dataclasses.replace(codings, frame=frame, texts=texts)


def passages(codings: Codings) -> set[tuple[Any, ...]]:
    return set(codings.frame[PLACE].itertuples(index=False, name=None))


@st.composite
def decision(draw: st.DrawFn) -> Decision:
    codes = ["Ro", "Ro > Søvn", "Mod"]
    ids = coding_ids(project().frame)
    some = tuple(draw(st.lists(st.sampled_from(ids), max_size=3, unique=True)))
    kind = draw(st.sampled_from(["recode", "merge", "stance", "memo"]))
    code, into = draw(st.sampled_from(codes)), draw(st.sampled_from([*codes, "Ny > Kode"]))
    coder = draw(st.sampled_from(["", "x", "y"]))
    if kind == "recode":
        return Decision("recode", (code,), into, some, coder)
    if kind == "merge":
        return Decision("merge", tuple(one for one in ("Ro > Søvn", "Mod") if one != into), into)
    if kind == "stance":
        return Decision("stance", (code,), "", some, coder, draw(st.sampled_from(["affirmed", "contradicted"])))
    return Decision("memo", () if some else (code,), "", some, coder, memo=draw(st.text("abæ ", min_size=1)) + "!")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(decision(), max_size=5))
def test_no_passage_moves_whatever_is_decided_and_a_project_brings_it_back(tmp_path: Path, decisions: list[Decision]) -> None:
    before = project()
    after = decided(before, decisions)
    assert passages(after) == passages(before)
    assert after.texts == before.texts
    assert set(after.frame["coder"]) == set(before.frame["coder"])
    assert set(after.frame["code_path"]) <= set(after.codebook.frame["code_path"])
    path = tmp_path / "decided.qdpx"
    write_refi(after, path)
    back = read_codings(path)
    columns = [*PLACE, "code_path", "coder", "stance"]
    told = [one.frame.reindex(columns=columns).fillna("").astype(str).itertuples(index=False, name=None) for one in (after, back)]
    assert sorted(told[0]) == sorted(told[1])
    with zipfile.ZipFile(path) as archive:
        tree = ElementTree.fromstring(archive.read("project.qde"))
        spans = set()
        for source in tree.iter(f"{NAMESPACE}TextSource"):
            text = archive.read("sources/" + source.get("plainTextPath", "").removeprefix("internal://")).decode("utf-8")
            for one in source.iter(f"{NAMESPACE}PlainTextSelection"):
                start, end = int(one.get("startPosition", "")), int(one.get("endPosition", ""))
                spans.add((source.get("name"), start, end, text[start:end]))
    assert spans == passages(before)


@settings(max_examples=8, deadline=None)
@given(st.lists(decision(), max_size=4))
def test_without_its_decisions_the_set_of_codings_is_the_one_of_the_file(decisions: list[Decision]) -> None:
    before = project()
    decided(before, decisions)
    assert decided(before, []) is before
    assert state_of(before) == state_of(project())
    shuffled = dataclasses.replace(before, frame=before.frame.sample(frac=1, random_state=3))
    assert state_of(shuffled) == state_of(before)
    assert set(coding_ids(before.frame)) == set(coding_ids(project().frame))
    assert len(set(coding_ids(before.frame))) == len(before.frame)


def test_each_kind_changes_what_it_says_and_nothing_else() -> None:
    before = project()
    recoded = decided(before, [Decision("recode", ("Mod",), "Ro", coder="x")]).frame
    assert ((before.frame["code_path"] == "Mod") & (before.frame["coder"] == "x")).sum() == 2
    assert not ((recoded["code_path"] == "Mod") & (recoded["coder"] == "x")).any()
    assert (recoded["code_path"] == "Mod").sum() == (before.frame["code_path"] == "Mod").sum() - 2

    merged = decided(before, [Decision("merge", ("Ro > Søvn",), "Ro")])
    assert "Ro > Søvn" not in set(merged.codebook.frame["code_path"]) | set(merged.frame["code_path"])
    # In b one coder had both on one passage: they are one coding now.
    assert len(merged.frame) == len(before.frame) - 1

    new = decided(before, [Decision("recode", ("Mod",), "Ny > Under > Nederst")])
    assert {"Ny", "Ny > Under", "Ny > Under > Nederst"} <= set(new.codebook.frame["code_path"])

    one = coding_ids(before.frame)[1]
    noted = decided(before, [Decision("memo", passages=(one,), memo="og nu")]).frame
    assert noted["memo"].tolist()[1] == "set før\n\nog nu"
    assert noted["memo"].drop(1).tolist() == before.frame["memo"].drop(1).tolist()
    turned = decided(before, [Decision("stance", ("Ro",), stance="contradicted", passages=tuple(coding_ids(before.frame)))]).frame
    assert set(turned.loc[turned["code_path"] == "Ro", "stance"]) == {"contradicted"}
    assert (
        turned.loc[turned["code_path"] != "Ro", "stance"].tolist() == before.frame.loc[before.frame["code_path"] != "Ro", "stance"].tolist()
    )


def test_memos_of_codings_that_become_one_are_kept() -> None:
    before = project()
    memos = ["fra x", "", "af b", "", "", "", "af b igen", ""]
    merged = decided(dataclasses.replace(before, frame=before.frame.assign(memo=memos)), [Decision("merge", ("Ro > Søvn",), "Ro")])
    at_b = merged.frame[(merged.frame["source"] == "b") & (merged.frame["code_path"] == "Ro")]
    assert at_b["memo"].tolist() == ["af b\n\naf b igen"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (Decision("recode", ("Roo",), "Mod"), "did you mean Ro"),
        (Decision("recode", ("Ro",), "Nyt"), "no code 'Nyt'"),
        (Decision("merge", ("Ro",), "Mod"), "codes below it"),
        (Decision("stance", ("Ro",), stance="maybe"), "no stance 'maybe'"),
        (Decision("stance", ("Ro",), stance="affirmed", coder="z"), "no codings by 'z'"),
        (Decision("memo", passages=("c-1",), memo="x"), "no coding 'c-1'"),
        (Decision("memo", ("Ro",), memo=" "), "without words"),
        (Decision("recode", ("Ro > Søvn",), "Mod", coder="y", passages=(coding_ids(project().frame)[0],)), "about no coding"),
    ],
)
def test_a_decision_that_does_not_fit_is_told_why(wrong: Decision, told: str) -> None:
    with pytest.raises(AnalysisError) as problem:
        check_decision(project(), wrong)
    assert told in str(problem.value)


@pytest.fixture
def mini(tmp_path: Path) -> Round:
    written_round(tmp_path)
    return vvv.open_round("mini", root=tmp_path, lang="en")


def test_a_decision_is_proposed_agreed_to_by_another_counted_written_and_undone(mini: Round, tmp_path: Path) -> None:
    decisions, themes = mini.decisions, mini.theme_table().frame
    assert not len(decisions.list().frame)
    made = decisions.merge(["Ro > Kaffe"], "Ro", by="a", why="to ord for det samme")
    assert decisions.list().frame["state"].tolist() == ["proposed"]
    assert "merge" in repr(decisions)
    assert "proposed" in repr(decisions)
    assert decisions.apply().frame.equals(mini.codings.frame), "what is only proposed changes nothing"
    with pytest.raises(AnalysisError, match="cannot agree to it alone"):
        decisions.agree(made, by=" A ")
    decisions.agree(made, by="b", why="enig")
    assert decisions.list().frame[["state", "reviewed_by", "codings"]].values.tolist() == [["agreed", "b", 3]]

    changes = decisions.diff().frame.set_index("code_path")
    total = themes[themes["respondent_group"] == "total"].set_index("code_path")
    assert set(changes.index) == {"Ro", "Ro > Kaffe"}
    assert changes.loc["Ro > Kaffe", ["affirmed_before", "affirmed_after"]].tolist() == [total.loc["Ro > Kaffe", "affirmed"], 0]
    assert changes.loc["Ro", "codings_before"] == total.loc["Ro", "codings"]
    assert mini.theme_table().frame.equals(themes), "the round's own codings stay"

    path = tmp_path / "decided.qdpx"
    decisions.write(path)
    back = read_codings(path)
    assert passages(back) == passages(mini.codings)
    assert set(back.frame["code_path"]) == {"Ro", "Dansk"}
    with pytest.raises(AnalysisError, match="there already"):
        decisions.write(path)

    lines = decisions.path.read_text(encoding="utf-8").splitlines()
    decisions.undo(made, by="a", why="de er ikke det samme")
    assert decisions.path.read_text(encoding="utf-8").splitlines()[:-1] == lines, "the file only grows"
    assert decisions.apply().frame.equals(mini.codings.frame)
    assert not len(decisions.diff().frame)
    with pytest.raises(AnalysisError, match="undone already"):
        decisions.agree(made.id, by="c")
    again = vvv.open_round("mini", root=mini.root).decisions
    assert again.list().frame["state"].tolist() == ["undone"]


def test_a_passage_is_named_as_it_was_coded_whatever_was_decided_since(mini: Round) -> None:
    coded = mini.codings.filter(code="Ro > Kaffe", coder="a")
    first = mini.decisions.recode("Ro > Kaffe", "Ro", by="a", why="x", passages=coded)
    second = mini.decisions.memo(coded, "og et memo", by="a")
    assert first.passages == second.passages
    frame = mini.decisions.apply(proposed=True).frame
    noted = frame[frame["memo"].astype(str).str.endswith("og et memo")]
    assert noted[["source", "coder", "code_path"]].values.tolist() == [["t1", "a", "Ro"]]


def test_decisions_on_other_codings_than_those_here_are_settled(mini: Round, tmp_path: Path) -> None:
    made = mini.decisions.recode("Dansk", "Ro", by="a", why="x", passages=mini.codings.filter(code="Dansk"))
    mini.decisions.agree(made, by="b")
    mini.decisions.write(tmp_path / "interviews/mini/decided.qdpx")
    definition = tmp_path / "rounds/mini/round.toml"
    told = definition.read_text(encoding="utf-8").replace("mini/codings.csv", "mini/decided.qdpx")
    told = "\n".join(line for line in told.splitlines() if not line.startswith(("codebook =", "texts =")))
    definition.write_text(told, encoding="utf-8")
    later = vvv.open_round("mini", root=tmp_path)
    assert later.decisions.list().frame["state"].tolist() == ["settled"]
    assert later.decisions.holding() == ()
    assert set(later.codings.frame["code_path"]) == {"Ro", "Ro > Kaffe"}


def test_a_reason_names_nobody_and_a_broken_line_is_told_with_its_number(mini: Round) -> None:
    with pytest.raises(DisclosureError, match="directly") as refused:
        mini.decisions.recode("Dansk", "Ro", by="a", why="ring 20 12 34 56 eller skriv til bo.hansen@example.com")
    assert "example.com" not in str(refused.value)
    with pytest.raises(AnalysisError, match="who and why"):
        mini.decisions.recode("Dansk", "Ro", by="", why="x")
    made = mini.decisions.recode("Dansk", "Ro", by="a", why="x")
    assert json.loads(mini.decisions.path.read_text(encoding="utf-8"))["decision"]["id"] == made.id
    with mini.decisions.path.open("a", encoding="utf-8") as file:
        file.write('{"schema_version": 1, "decision": {"kind": "recode", "wish": 1}}')
    with pytest.raises(RoundError, match="line 2 is no decision"):
        mini.decisions.list()


def test_a_project_without_a_register_is_counted_by_its_transcripts(tmp_path: Path) -> None:
    opened = written_round(tmp_path)
    definition = opened.path.read_text(encoding="utf-8")
    register = definition[definition.index('[[sources]]\nid = "interviews"') : definition.index('[[sources]]\nid = "codings"')]
    opened.path.write_text(definition.replace(register, ""), encoding="utf-8")
    alone = vvv.open_round("mini", root=tmp_path)
    made = alone.decisions.merge(["Ro > Kaffe"], "Ro", by="Anna", why="samme")
    changes = alone.decisions.diff(made).frame.set_index("code_path")
    assert changes.loc["Ro > Kaffe", ["affirmed_before", "affirmed_after"]].tolist() == [2, 0]
    assert changes.loc["Ro", ["codings_before", "codings_after"]].tolist() == [2, 4]

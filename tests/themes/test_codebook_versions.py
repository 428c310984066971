"""Codebooks change, codings follow or are listed; projects coded apart become one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import vvvresearch as vvv
from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import CODEBOOK_COLUMNS, SEPARATOR, Codebook, Codings
from vvvresearch.themes.codebooks import code_mapping, codebook_changes, replay
from vvvresearch.themes.merging import merge_codings

TEXT = "Vi mødtes på biblioteket. Nu spiser vi sammen hver tirsdag."


def book(*paths: str, guids: dict[str, str] | None = None, closed: tuple[str, ...] = (), **definitions: str) -> Codebook:
    frame = pd.DataFrame({"code_path": list(paths)}, dtype=object)
    frame["name"] = [path.rpartition(SEPARATOR)[2] for path in paths]
    frame["parent"] = [path.rpartition(SEPARATOR)[0] for path in paths]
    frame["is_codable"] = [path not in closed for path in paths]
    for column in CODEBOOK_COLUMNS[4:]:
        frame[column] = ""
    frame["definition"] = [definitions.get(path, "") for path in paths]
    frame["guid"] = [(guids or {}).get(path, "") for path in paths]
    return Codebook(frame)


def coded(codebook: Codebook, *rows: tuple[str, int, int, str, str], text: str = TEXT, stances: tuple[str, ...] = ()) -> Codings:
    frame = pd.DataFrame(rows, columns=["source", "start", "end", "code_path", "coder"]).astype({"start": "Int64", "end": "Int64"})
    frame["text"] = [text[start:end] for start, end in zip(frame["start"], frame["end"], strict=True)]
    if stances:
        frame["stance"] = list(stances)
    return Codings(frame, codebook, {"i1": text})


def test_changes_are_told_by_guid_first_and_then_by_path() -> None:
    old = book("A", "A > b", "C", "D", guids={"A > b": "1"}, A="what")
    new = book("A", "E", "C", "F", guids={"E": "1"}, A="else")
    changes = codebook_changes(old, new)
    rows = {tuple(row) for row in changes.frame[["change", "code_path", "before", "after"]].itertuples(index=False)}
    assert rows == {
        ("removed", "D", "D", ""),
        ("changed", "A", "what", "else"),
        ("moved", "E", "A > b", "E"),
        ("added", "F", "", "F"),
    }
    assert changes.mapping == {"A": ("A",), "A > b": ("E",), "C": ("C",)}
    assert "1" in changes.in_language("en").note


def test_equal_codebooks_have_no_changes() -> None:
    assert codebook_changes(book("A", "B"), book("A", "B")).frame.empty


def test_merges_and_renames_are_carried_and_splits_wait_for_a_decision() -> None:
    old, new = book("A", "B", "D", "G", "K"), book("C", "E", "F", "K")
    codings = coded(
        old,
        ("i1", 0, 9, "A", "Ida"),
        ("i1", 0, 9, "B", "Ida"),
        ("i1", 0, 9, "B", "Bo"),
        ("i1", 3, 9, "D", "Ida"),
        ("i1", 4, 9, "G", "Ida"),
        ("i1", 5, 9, "K", "Ida"),
    )
    mapping = code_mapping([("A", "C"), ("B", "C"), ("D", "E"), ("D", "F"), ("G", "")])
    after = replay(codings, new, mapping)
    assert after.codings.frame[["start", "code_path", "coder"]].values.tolist() == [[0, "C", "Ida"], [0, "C", "Bo"], [5, "K", "Ida"]]
    assert (after.kept, after.recoded, after.folded) == (1, 2, 1)
    assert after.frame[["row", "problem", "candidates"]].values.tolist() == [[3, "split", "E; F"], [4, "gone", ""]]
    assert len(after.codings.frame) + after.folded + len(after.frame) == len(codings.frame)


def test_codings_that_stood_twice_before_stand_twice_after() -> None:
    codings = coded(book("A"), ("i1", 0, 9, "A", "Ida"), ("i1", 0, 9, "A", "Ida"))
    assert len(replay(codings, book("B"), {"A": ("B",)}).codings.frame) == 2


def test_a_merge_that_makes_yes_and_no_of_one_passage_is_listed() -> None:
    codings = coded(book("A", "B"), ("i1", 0, 9, "A", "Ida"), ("i1", 0, 9, "B", "Ida"), stances=("affirmed", "contradicted"))
    after = replay(codings, book("C"), {"A": ("C",), "B": ("C",)})
    assert after.frame["problem"].tolist() == ["stances", "stances"]
    assert len(after.codings.frame) == 2


def test_a_code_that_became_a_heading_is_not_put_on_passages() -> None:
    after = replay(coded(book("A"), ("i1", 0, 9, "A", "Ida")), book("A", "A > x", closed=("A",)))
    assert after.frame[["problem", "candidates"]].values.tolist() == [["not_codable", "A > x"]]


def test_a_map_to_or_from_an_unknown_code_is_one_clear_error() -> None:
    codings = coded(book("A"), ("i1", 0, 9, "A", "Ida"))
    with pytest.raises(AnalysisError, match="leads to 'Bx'"):
        replay(codings, book("B"), {"A": ("Bx",)})
    with pytest.raises(AnalysisError, match="starts at"):
        replay(codings, book("B"), {"Z": ("B",)})
    with pytest.raises(AnalysisError, match="both dropped and mapped"):
        code_mapping([("A", ""), ("A", "B")])


def test_a_map_comes_from_a_table_too() -> None:
    assert code_mapping(pd.DataFrame({"old": ["A", "B"], "new": ["C", None]})) == {"A": ("C",), "B": ()}


def test_two_coders_projects_become_one(tmp_path: Path) -> None:
    first = coded(book("A", "B", A="x"), ("i1", 0, 9, "A", "me"), ("i1", 10, 24, "B", "me"))
    second = coded(book("A", "C", A="y"), ("i1", 0, 9, "A", "me"), ("i1", 3, 9, "C", "me"))
    merge = merge_codings([first, second], coders=["Ida", "Bo"])
    assert merge.codings.coders == ["Bo", "Ida"]
    assert len(merge.codings.frame) == 4
    found = merge.frame[["problem", "item", "kept", "other"]].values.tolist()
    assert found == [["code_field", "A", "x", "y"], ["code_missing", "C", "", "C"], ["code_missing", "B", "B", ""]]
    assert merge.codings.codebook.paths == ["A", "B", "C"]
    assert not len(vvv.write_refi(merge.codings, tmp_path / "p.qdpx"))
    assert len(vvv.read_codings(tmp_path / "p.qdpx").frame) == 4


def test_what_stands_alike_in_both_counts_once_and_a_shared_name_is_a_conflict() -> None:
    first = coded(book("A"), ("i1", 0, 9, "A", "Ida"), ("i1", 10, 24, "A", "Ida"))
    second = coded(book("A"), ("i1", 0, 9, "A", "Ida"), ("i1", 3, 9, "A", "Ida"))
    merge = merge_codings([first, second])
    assert (len(merge.codings.frame), merge.folded) == (3, 1)
    assert merge.frame[["problem", "item", "kept", "other"]].values.tolist() == [["same_coder", "Ida", "1", "1"]]


def test_a_passage_on_a_changed_text_is_taken_only_where_the_same_characters_stand() -> None:
    first = coded(book("A"), ("i1", 0, 9, "A", "Ida"))
    other = TEXT.replace("tirsdag", "torsdag!")
    second = coded(book("A"), ("i1", 0, 9, "A", "Bo"), ("i1", 50, len(other), "A", "Bo"), text=other)
    merge = merge_codings([first, second])
    assert merge.frame["problem"].tolist() == ["text", "unplaced"]
    assert merge.left_out == 1
    assert merge.codings.frame["coder"].tolist() == ["Ida", "Bo"]
    assert merge.codings.texts == {"i1": TEXT}


def test_codings_without_a_coder_need_a_name() -> None:
    nameless = coded(book("A"), ("i1", 0, 9, "A", ""))
    with pytest.raises(AnalysisError, match="without a coder"):
        merge_codings([nameless, nameless])
    assert merge_codings([nameless, nameless], coders=["Ida", "Bo"]).codings.coders == ["Bo", "Ida"]
    with pytest.raises(AnalysisError, match="each different"):
        merge_codings([nameless, nameless], coders=["Ida", "Ida"])
    with pytest.raises(AnalysisError, match="two projects"):
        merge_codings([nameless])


def test_variables_that_differ_are_listed() -> None:
    first = coded(book("A"), ("i1", 0, 9, "A", "Ida"))
    projects = [
        Codings(first.frame.assign(coder=coder), first.codebook, first.texts, sources=pd.DataFrame({"source": ["i1"], "age": [age]}))
        for coder, age in (("Ida", 34), ("Bo", 43))
    ]
    merge = merge_codings(projects)
    assert merge.frame[["problem", "field", "kept", "other"]].values.tolist() == [["variable", "age", "34", "43"]]
    assert merge.codings.sources.to_dict("records") == [{"source": "i1", "age": 34}]

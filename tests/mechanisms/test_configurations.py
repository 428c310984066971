"""Configurations keep what speaks against them; perspectives keep both values; plans and waves are read without a score."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from vvvresearch import files
from vvvresearch.errors import AnalysisError
from vvvresearch.mechanisms import configurations, mechanism_table, perspectives, rameses

RECORDS = [
    {"id": "c1", "context": "samme sted i livet", "resource": "en ven", "reasoning": "man føler sig forstået", "outcome": "mere dansk"},
    {"id": "c2", "resource": "en aftale om tid", "reasoning": "ingen bliver skuffet", "outcome": "matchet holder", "status": "refined",
     "theory_version": "2", "memo": "tid betyder mere end lighed"},
]  # fmt: skip
PASSAGES = pd.DataFrame(
    [("c1", "P1", "supports"), ("c1", "P1", "supports"), ("c1", "P2", "refutes"), ("c1", "P3", "nuances")],
    columns=["configuration", "case", "stance"],
)


def test_configurations_count_cases_not_passages_and_flag_what_has_no_evidence() -> None:
    found = configurations(RECORDS, PASSAGES)
    frame = found.frame.set_index("id")
    assert frame.loc["c1", ["n_supports", "n_refutes", "n_nuances", "passages", "flag"]].tolist() == [1, 1, 1, 4, "contradicted"]
    assert frame.loc["c2", "flag"] == "no case evidence"
    assert "Hvis samme sted i livet, så fører en ven til mere dansk, fordi man føler sig forstået." in found.to_csv()
    assert "If samme sted i livet, then en ven leads to mere dansk, because man føler sig forstået." in found.to_csv()
    assert frame["text"].tolist() == ["", ""]
    assert found.evidence("c1")["stance"].tolist() == ["supports", "supports", "refutes", "nuances"]


def test_the_newest_theory_version_is_shown_and_the_trail_is_kept() -> None:
    older = {**RECORDS[1], "theory_version": "1", "status": "candidate", "memo": "første bud"}
    found = configurations([older, RECORDS[1]])
    assert found.frame["status"].tolist() == ["refined"]
    assert found.trail["memo"].tolist() == ["første bud", "tid betyder mere end lighed"]


@pytest.mark.parametrize(
    ("records", "passages", "message"),
    [
        ([], None, "no configurations"),
        ([{**RECORDS[0], "reasoning": ""}], None, r"no reasoning[\s\S]*c1"),
        ([{**RECORDS[0], "status": "proven"}], None, "status 'proven'"),
        (RECORDS, PASSAGES.assign(configuration="c9"), "configuration 'c9'"),
        (RECORDS, PASSAGES.assign(stance="agrees"), "stance 'agrees'"),
        (RECORDS, PASSAGES.assign(case=""), "names no case"),
        ([RECORDS[0], RECORDS[0]], None, "twice"),
    ],
)
def test_faulty_configurations_are_refused(records: list[dict[str, str]], passages: Any, message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        configurations(records, passages)


def test_a_good_match_without_any_mechanism_is_kept_as_a_counter_case() -> None:
    pairs = pd.DataFrame(
        {"lighed": [1, 1, 0, 0, 0], "supplement": [0, 0, 1, 0, 0], "tid": [1, 0, 1, 1, 0], "godt": [1, 0, 1, 1, 0]},
        index=["P1", "P2", "P3", "P7", "P9"],
    )
    frame = mechanism_table(pairs, ["lighed", "supplement"], "godt", ["tid"]).frame
    none = frame[(frame["mechanism"] == "none") & (frame["moderator"] == "")].iloc[0]
    assert (none["n"], none["counter_cases"]) == (2, "P7")
    assert frame[(frame["mechanism"] == "lighed") & (frame["moderator"] == "")]["counter_cases"].item() == "P2"
    with_time = frame[(frame["mechanism"] == "lighed") & (frame["moderator"] == "tid") & (frame["present"] == "with")]
    assert with_time[["n", "with_outcome"]].to_numpy().tolist() == [[1, 1]]


BOTH = pd.DataFrame(
    [
        ("P1", "refugee", 4, "30-39", "mad;børn", "ven"),
        ("P1", "volunteer", 2, "50-59", "mad;haver", "ven"),
        ("P2", "refugee", 3, "30-39", "fodbold", "hjælp"),
        ("P2", "volunteer", 3, "30-39", "fodbold", "ven"),
    ],
    columns=["pair", "role", "timer", "alder", "interesser", "art"],
)


def test_both_values_are_kept_with_the_direction_of_the_difference() -> None:
    found = perspectives(BOTH, ["timer", "art"], ordered={"alder": ["18-29", "30-39", "40-49", "50-59"]})
    rows = found.frame.set_index(["pair", "attribute"])
    assert rows.loc[("P1", "timer"), ["refugee", "volunteer", "difference", "distance", "relation"]].tolist() == [
        4,
        2,
        -2,
        2,
        "first_higher",
    ]
    assert rows.loc[("P1", "alder"), "difference"] == 2
    assert rows.loc[("P1", "interesser"), ["relation", "shared"]].tolist() == ["some_shared", "mad"]
    assert found["discrepancies"].frame[["pair", "attribute"]].to_numpy().tolist() == [["P1", "timer"], ["P2", "art"]]
    assert not any("score" in column for column in found.frame.columns)
    surface = found.surface("alder", {"P1": 1, "P2": 0})
    assert surface[["refugee", "volunteer", "n", "works"]].to_numpy().tolist() == [["30-39", "30-39", 1, 0], ["30-39", "50-59", 1, 1]]


def test_a_pair_with_one_perspective_is_refused_by_name() -> None:
    with pytest.raises(AnalysisError, match=r"one perspective only: the volunteer is missing[\s\S]*pair P2"):
        perspectives(BOTH.iloc[:3])


def test_the_checklist_has_twenty_items_in_both_languages() -> None:
    found = rameses({4: "afsnit 2", 15: "kapitel 6"})
    assert found.frame["number"].tolist() == list(range(1, 21))
    assert found.frame.loc[~found.frame["missing"], "number"].tolist() == [4, 15]
    assert "Programteorien" in found.to_markdown()
    assert "programme theory" in found.in_language("en").to_markdown()


def test_the_demo_round_has_its_perspectives(project: Path) -> None:
    folder = project / "interviews" / "demo"
    both = perspectives(files.read_csv(folder / "attributes.csv"), ["hours_wanted", "kind_wanted"], leave_out=["pseudonym"])
    assert both.base.n == 12

"""Case mappings are read from YAML, tables and tools' link tables; every fault is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from vvvresearch import files
from vvvresearch.errors import SchemaError, SourceError
from vvvresearch.evidence import Mappings
from vvvresearch.sources import mapping_template, read_mappings

HEAD = """schema_version: 1
case: PAR-07
wave: '1'
nodes:
  - {node: tid, type: factor, label: Tid, perspective: refugee, named_by: A}
  - {node: match, type: mechanism, label: Det gode match, perspective: refugee, named_by: A}
links:
"""
GOOD = (
    "  - {cause: tid, effect: match, direction: promotes, strength: 2, perspective: refugee, "
    "informants: [A, B], quote: Torsdag, source: i1}\n"
)


def written(folder: Path, text: str, name: str = "kort.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_yaml_mapping_gives_one_row_a_link_and_informant(tmp_path: Path) -> None:
    found = read_mappings(written(tmp_path, HEAD + GOOD))
    assert found.links[["case", "cause", "effect", "informant", "strength"]].to_numpy().tolist() == [
        ["PAR-07", "tid", "match", "A", 2],
        ["PAR-07", "tid", "match", "B", 2],
    ]
    assert found.nodes["label"].tolist() == ["Tid", "Det gode match"]


def test_the_template_is_itself_a_mapping(tmp_path: Path) -> None:
    found = read_mappings(written(tmp_path, mapping_template()))
    assert len(found.links) == 2
    assert not len(found.losses)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (GOOD.replace("effect: match", "effect: macth"), r"unknown factor of PAR-07.*did you mean match"),
        (GOOD.replace("strength: 2", "strength: 4"), "strength of a link is 1, 2 or 3"),
        (GOOD.replace("informants: [A, B], ", ""), "names no informant"),
        (GOOD.replace("promotes", "helps"), "promotes or hinders"),
        (GOOD.replace("perspective: refugee", "perspective: volunteer"), "another perspective only"),
        (GOOD.replace("source: i1", "score: 5"), "no scores"),
        (GOOD.replace("source: i1", "kilde: i1"), "not known"),
    ],
)
def test_a_faulty_link_is_refused_with_its_place(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(SchemaError, match=message) as refusal:
        read_mappings(written(tmp_path, HEAD + GOOD + line))
    assert "links[2]" in str(refusal.value)


def test_every_fault_of_a_folder_is_named_at_once(tmp_path: Path) -> None:
    written(tmp_path, HEAD + GOOD.replace("strength: 2", "strength: 9"), "a.yaml")
    written(tmp_path, HEAD + GOOD.replace("cause: tid", "cause: dit"), "b.yaml")
    with pytest.raises(SchemaError) as refusal:
        read_mappings(tmp_path)
    assert {failure.column.split(",")[0] for failure in refusal.value.failures} == {"a.yaml", "b.yaml"}


def test_an_empty_mapping_is_refused_with_its_case(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"empty.*PAR-09"):
        read_mappings(written(tmp_path, "case: PAR-09\nwave: '1'\n"))


def test_a_tools_link_table_is_read_and_what_it_adds_is_reported(tmp_path: Path) -> None:
    text = "from,to,source,quote,sentiment\nTid;Fast ugedag,Match,R1,Torsdag,1\nMatch,Sprog,R2,,-1\n"
    found = read_mappings(written(tmp_path, text, "links.csv"))
    assert found.links[["cause", "effect", "informant", "direction"]].to_numpy().tolist() == [
        ["Tid;Fast ugedag", "Match", "R1", "promotes"],
        ["Match", "Sprog", "R2", "promotes"],
    ]
    assert {loss.what for loss in found.losses} == {"column sentiment", "direction"}


def test_two_tables_in_a_workbook_or_folder_are_one_mapping(tmp_path: Path) -> None:
    yaml = read_mappings(written(tmp_path, HEAD + GOOD))
    folder = tmp_path / "tabeller"
    folder.mkdir()
    files.write_csv(folder / "nodes.csv", yaml.nodes)
    files.write_csv(folder / "links.csv", yaml.links)
    files.write_workbook(tmp_path / "kort.xlsx", {"nodes": yaml.nodes, "links": yaml.links})
    for found in (read_mappings(folder), read_mappings(tmp_path / "kort.xlsx")):
        assert found.links.to_dict("records") == yaml.links.to_dict("records")
        assert found.nodes.to_dict("records") == yaml.nodes.to_dict("records")


def test_a_table_without_informants_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="cause, effect and informant"):
        read_mappings(written(tmp_path, "from,to\na,b\n", "links.csv"))
    with pytest.raises(SourceError):
        read_mappings(tmp_path)


def test_the_demo_mappings_are_read_whole(project: Path) -> None:
    found = read_mappings(project / "interviews" / "demo" / "mappings")
    assert isinstance(found, Mappings)
    assert found.kind.value == "synthetic"
    assert set(found.links["case"]) == {f"P{number:02d}" for number in range(1, 13)}
    assert "score" not in " ".join((*found.links.columns, *found.nodes.columns))


def test_a_mapping_that_ends_within_a_line_is_told_as_perhaps_cut_off(tmp_path: Path) -> None:
    whole = "case: P01\nwave: '1'\nnodes:\n- node: a\n  type: factor\n  label: A\n- node: b\n  type: factor\n  label: Bedre\n"
    path = tmp_path / "p01.yaml"
    path.write_text(whole, encoding="utf-8")
    assert not read_mappings(path).losses
    path.write_text(whole[:-4], encoding="utf-8")
    assert [(loss.where, "cut off" in loss.what) for loss in read_mappings(path).losses] == [("p01.yaml", True)]

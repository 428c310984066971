"""The demo round's deep-cut mappings: grounded in what was said, both halves, two waves, no scores."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pytest
import yaml

from demo.cast import read_cast
from demo.codings import codebook
from demo.mappings import nodes, read_map
from vvvresearch.evidence import DIRECTIONS, EVALUATOR, HALVES, LINK_COLUMNS, NODE_COLUMNS, NODE_TYPES
from vvvresearch.mechanisms.qca import minimize, truth_table
from vvvresearch.sources import read_mappings


@pytest.fixture(scope="module")
def maps(project: Path) -> list[dict]:
    files = sorted((project / "interviews/demo/mappings").glob("*.yaml"))
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]


def test_every_pair_has_a_first_mapping_and_those_still_met_a_second(maps: list[dict]) -> None:
    waves = {wave: [one["case"] for one in maps if one["wave"] == wave] for wave in ("1", "2")}
    assert waves["1"] == [f"P{number:02d}" for number in range(1, 13)]
    assert set(waves["1"]) - set(waves["2"]) == {"P12"}


def test_nodes_and_links_have_the_columns_of_the_evidence_and_no_score(maps: list[dict]) -> None:
    for one in maps:
        for node in one["nodes"]:
            assert set(node) == set(NODE_COLUMNS) - {"case", "wave"}
            assert node["type"] in NODE_TYPES
        for link in one["links"]:
            assert set(link) == set(LINK_COLUMNS) - {"case", "wave"}
            assert link["direction"] in DIRECTIONS
            assert link["perspective"] in (*HALVES, EVALUATOR)
            assert link["strength"] in (1, 2, 3)


def test_link_endpoints_are_nodes_of_the_same_mapping_and_perspective(maps: list[dict]) -> None:
    for one in maps:
        there = {(node["perspective"], node["node"]) for node in one["nodes"]}
        assert len(there) == len(one["nodes"])
        for link in one["links"]:
            assert {(link["perspective"], link["cause"]), (link["perspective"], link["effect"])} <= there


def test_every_link_quotes_what_stands_in_its_source(project: Path, maps: list[dict]) -> None:
    folder = project / "interviews/demo"
    for one in maps:
        for link in one["links"]:
            place = folder / ("observations" if link["informant"] == "evaluator" else "transcripts") / f"{link['source']}.txt"
            assert link["quote"] in place.read_text(encoding="utf-8")
            assert link["informant"]


def test_both_halves_were_mapped_in_the_first_wave(maps: list[dict]) -> None:
    for one in maps:
        if one["wave"] == "1":
            assert {"refugee", "volunteer"} <= {link["perspective"] for link in one["links"]}, one["case"]


def promoting(maps: list[dict], node: str, wave: str = "1") -> set[str]:
    """The pairs in which somebody says that a node promotes the good match."""
    return {
        one["case"]
        for one in maps
        if one["wave"] == wave
        for link in one["links"]
        if (link["cause"], link["effect"], link["direction"]) == (node, "match", "promotes")
    }


def test_the_planted_mechanisms_are_in_the_maps(maps: list[dict]) -> None:
    cast = {pair.id: pair.traits for pair in read_cast().pairs}
    works = {pair for pair, traits in cast.items() if traits["works"]}
    similar = promoting(maps, "interesser") | promoting(maps, "livsfase") | promoting(maps, "haender")
    complementary = promoting(maps, "bedsteforaelder") | promoting(maps, "viden")
    assert {pair for pair in works if "similarity" in cast[pair]["mechanism"]} <= similar
    assert {pair for pair in works if "complementarity" in cast[pair]["mechanism"]} <= complementary
    assert "P07" not in similar | complementary
    hindered = {
        one["case"]
        for one in maps
        for link in one["links"]
        if (link["cause"], link["effect"], link["direction"]) == ("tid_uens", "match", "hinders")
    }
    assert hindered == {pair for pair, traits in cast.items() if "time" in traits["hindered_by"]}


def test_parties_and_sex_are_named_and_linked_to_nothing(maps: list[dict]) -> None:
    named = {node["node"] for one in maps for node in one["nodes"]}
    linked = {end for one in maps for link in one["links"] for end in (link["cause"], link["effect"])}
    assert named - linked == {"fest", "koen"}


@pytest.mark.parametrize("line", ["1 refugee\ntid > ukendt +2 mo.tid", "1 refugee\ntid > match +2 net.eget", "tid > match +2 mo.tid"])
def test_a_link_to_an_unknown_node_or_without_its_passage_is_refused(line: str) -> None:
    pair = read_cast().pairs[0]
    with pytest.raises(ValueError, match=r"P01|p01-r1"):
        read_map(pair, line, {}, {})


def test_set_analysis_finds_the_planted_paths_and_leaves_the_match_that_neither_explains(project: Path) -> None:
    expected = tomllib.loads((project / "interviews/demo/truth/expected.toml").read_text(encoding="utf-8"))["qca"]
    long = pd.read_csv(project / "interviews/demo/judgements.csv")
    cases = long.pivot(index="case", columns="condition", values="membership")
    table = truth_table(cases, expected["outcome"], expected["conditions"])
    solution = minimize(table, "conservative")
    assert [sorted(model.terms) for model in solution.models] == [sorted(expected["conservative"])]
    explained = (cases["SIM"] & cases["TIME"]) | (cases["COMP"] & cases["TIME"])
    assert list(cases.index[(cases["GOOD"] == 1) & (explained == 0)]) == expected["deviant_for_coverage"]


@pytest.mark.parametrize("attribute", ["same_sex", "arrival_group", "organisation"])
def test_factors_without_effect_are_as_common_where_it_works_as_where_it_does_not(attribute: str) -> None:
    held: dict[bool, list[bool]] = {True: [], False: []}
    for pair in read_cast().pairs:
        value = {
            "same_sex": pair.refugee.traits["sex"] == pair.volunteer.traits["sex"],
            "arrival_group": pair.refugee.traits["arrival_group"] == "new",
            "organisation": pair.traits["organisation"] == "RC",
        }[attribute]
        held[pair.traits["works"]].append(value)
    shares = [sum(values) / len(values) for values in held.values()]
    assert abs(shares[0] - shares[1]) <= 0.25


def test_the_mappings_are_read_as_they_stand(project: Path, maps: list[dict]) -> None:
    read = read_mappings(project / "interviews/demo/mappings")
    assert read.kind.value == "synthetic"
    assert len(read.links) == sum(len(one["links"]) for one in maps)
    assert len(read.nodes) == sum(len(one["nodes"]) for one in maps)


def test_every_configuration_has_its_passages_and_the_counter_case_is_kept(project: Path) -> None:
    folder = project / "interviews/demo"
    records = yaml.safe_load((folder / "configurations.yaml").read_text(encoding="utf-8"))["configurations"]
    for record in records:
        for side in ("supporting", "refuting", "nuancing"):
            for passage in record[side]:
                text = (folder / "transcripts" / f"{passage['source']}.txt").read_text(encoding="utf-8")
                assert text[passage["start"] : passage["end"]] == passage["text"]
    by_status = {record["status"]: record["id"] for record in records}
    assert {"supported", "counter_case", "unsupported"} == set(by_status)
    unsupported = next(record for record in records if record["status"] == "unsupported")
    assert not unsupported["supporting"]
    assert unsupported["refuting"]


def test_the_theory_of_change_names_codes_and_nodes_that_exist(project: Path) -> None:
    theory = tomllib.loads((project / "interviews/demo/theory-of-change.toml").read_text(encoding="utf-8"))
    elements = {element["id"]: element for element in theory["elements"]}
    assert {end for arrow in theory["arrows"] for end in (arrow["from"], arrow["to"])} <= set(elements)
    assert {path for element in elements.values() for path in element["codes"]} <= set(codebook().paths)
    assert {node for element in elements.values() for node in element["nodes"]} <= set(nodes())
    activities = [element for element in elements.values() if element["level"] == "activity"]
    assert len(activities) == 11, "the eleven headings of activities"

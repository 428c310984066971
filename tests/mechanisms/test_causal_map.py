"""Causal maps count citations and informants, find paths and threads, and break connections with the fewest informants."""

from __future__ import annotations

from itertools import combinations, pairwise

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Mappings
from vvvresearch.mechanisms import CausalMap, causal_map, map_difference, map_robustness
from vvvresearch.sources import read_mappings

SAID = pd.DataFrame(
    [
        ("Tid", "Match", "A", "torsdag"),
        ("Tid", "Match", "A", "torsdag"),
        ("Tid", "Match", "A", "søndag"),
        ("Tid", "Match", "B", ""),
        ("Match", "Sprog", "B", "vi taler"),
        ("Match", "Sprog", "C", "hun retter"),
        ("Tid", "Ro", "C", "fast tid"),
        ("Ro", "Sprog", "C", "ro i hovedet"),
    ],
    columns=["cause", "effect", "informant", "quote"],
)

factors = st.sampled_from("abcdef")
people = st.sampled_from("STUVWX")
maps = st.lists(st.tuples(factors, factors, people).filter(lambda link: link[0] != link[1]), min_size=1, max_size=25).map(
    lambda links: causal_map(pd.DataFrame(links, columns=["cause", "effect", "informant"]))
)


def graph_of(found: CausalMap) -> nx.DiGraph:
    return nx.DiGraph(zip(found.bundles["cause"], found.bundles["effect"], strict=True))


def test_a_bundle_counts_distinct_citations_and_distinct_informants() -> None:
    first = causal_map(SAID).bundles.iloc[0]
    assert (first["cause"], first["effect"], first["citations"], first["informants"]) == ("Tid", "Match", 3, 2)


def test_factors_have_their_share_of_links_in_and_out_and_a_role() -> None:
    frame = causal_map(SAID).factors.set_index("factor")
    assert frame["role"].to_dict() == {"Match": "between", "Tid": "driver", "Sprog": "outcome", "Ro": "between"}
    assert frame.loc["Tid", "out_share"] == pytest.approx(4 / 7)
    assert frame.loc["Sprog", "in_share"] == pytest.approx(3 / 7)
    assert frame.loc["Match", "out_of_own"] == pytest.approx(2 / 5)


def test_paths_name_their_weakest_link_and_threads_their_tellers() -> None:
    found = causal_map(SAID)
    paths = found.paths("Tid", "Sprog").set_index("path")
    assert list(paths.index) == ["Tid → Match → Sprog", "Tid → Ro → Sprog"]
    assert paths.loc["Tid → Match → Sprog", ["weakest", "threads"]].tolist() == [2, 1]
    assert found.threads("Tid", "Sprog").to_numpy().tolist() == [["B", "Tid → Match → Sprog", 2], ["C", "Tid → Ro → Sprog", 2]]


def test_robustness_removes_people_not_citations() -> None:
    found = causal_map(SAID).robustness("Tid", "Sprog")
    assert (found.value, set(found.informants), found.exact) == (2, {"B", "C"}, True)
    assert found.citation_flow == 3
    talkative = pd.DataFrame([("a", "b", "A", f"citat {number}") for number in range(50)], columns=SAID.columns)
    alone = causal_map(talkative).robustness("a", "b")
    assert (alone.value, alone.informant_flow, alone.citation_flow) == (1, 1, 50)


def test_a_chain_nobody_tells_whole_is_warned_of() -> None:
    pieced = causal_map(pd.DataFrame([("a", "b", "A"), ("b", "c", "B")], columns=["cause", "effect", "informant"]))
    found = pieced.robustness("a", "c")
    assert found.threads == 0
    assert "ADVARSEL" in found.note
    assert "WARNING" in found.in_language("en").note


@settings(max_examples=80, deadline=None)
@given(found=maps, a=factors, b=factors)
def test_the_fewest_informants_are_those_that_trying_every_set_finds(found: CausalMap, a: str, b: str) -> None:
    graph = graph_of(found)
    if a == b or a not in graph or b not in graph:
        return
    answer = found.robustness(a, b)
    named = found.links.groupby(["cause", "effect"])["informant"].agg(set).to_dict()

    def broken(removed: set[str]) -> bool:
        left = nx.DiGraph()
        left.add_nodes_from(graph)
        left.add_edges_from(link for link, who in named.items() if who - removed)
        return not nx.has_path(left, a, b)

    everyone = sorted(found.links["informant"].unique())
    least = next(size for size in range(len(everyone) + 1) if any(broken(set(some)) for some in combinations(everyone, size)))
    assert answer.value == least
    assert broken(set(answer.informants))
    assert answer.exact


@settings(max_examples=60, deadline=None)
@given(found=maps, a=factors, b=factors, steps=st.integers(1, 4))
def test_paths_are_all_simple_paths_within_the_steps(found: CausalMap, a: str, b: str, steps: int) -> None:
    graph = graph_of(found)
    if a == b or a not in graph or b not in graph:
        return
    expected = {" → ".join(way) for way in nx.all_simple_paths(graph, a, b, cutoff=steps)}
    paths = found.paths(a, b, steps)
    assert set(paths["path"]) == expected
    assert paths["steps"].is_monotonic_increasing
    on_a_way = {link for way in nx.all_simple_paths(graph, a, b, cutoff=steps) for link in pairwise(way)}
    between = found.between(a, b, steps)
    assert on_a_way <= set(zip(between["cause"], between["effect"], strict=True))


@settings(max_examples=60, deadline=None)
@given(found=maps)
def test_betweenness_is_that_of_networkx(found: CausalMap) -> None:
    expected = nx.betweenness_centrality(graph_of(found))
    ours = found.factors.set_index("factor")["betweenness"].to_dict()
    assert ours == pytest.approx(expected)


def test_zooming_out_merges_what_belongs_together_and_drops_inner_links() -> None:
    links = pd.DataFrame(
        [("Tid;Fast dag", "Match;Tillid", "A"), ("Tid;Timer", "Match;Tillid", "B"), ("Match;Tillid", "Match;Glæde", "A")],
        columns=["cause", "effect", "informant"],
    )
    bundles = causal_map(links).zoom(1).bundles
    assert bundles[["cause", "effect", "informants"]].to_numpy().tolist() == [["Tid", "Match", 2]]


def test_opposites_are_declared_and_turn_the_direction() -> None:
    links = pd.DataFrame(
        [("Tid", "Tryg", "A", "promotes"), ("Tid", "Utryg", "B", "hinders"), ("Utryg", "Ensom", "B", "promotes")],
        columns=["cause", "effect", "informant", "direction"],
    )
    found = causal_map(links, opposites={"Utryg": "Tryg", "Ensom": "Fællesskab"})
    rows = found.bundles.set_index(["cause", "effect"])
    assert rows.loc[("Tid", "Tryg"), ["informants", "promotes", "hinders"]].tolist() == [2, 2, 0]
    assert rows.loc[("Tryg", "Fællesskab"), "promotes"] == 1


def test_groups_are_compared_by_shares_of_their_own_informants() -> None:
    links = SAID.assign(side=["refugee"] * 4 + ["volunteer"] * 4)
    frame = causal_map(links).compare("side").frame.set_index(["cause", "effect"])
    assert frame.loc[("Tid", "Match"), ["share_refugee", "share_volunteer", "difference"]].tolist() == [1.0, 0.0, 1.0]
    assert frame.loc[("Match", "Sprog"), "groups"] == "volunteer"


@pytest.mark.parametrize(
    ("links", "message"),
    [
        (SAID.iloc[:0], "empty"),
        (SAID.drop(columns="informant"), "no column 'informant'"),
        (SAID.assign(informant=""), "no informant"),
        (SAID.assign(cause=[None, *SAID["cause"][1:]]), "no cause"),
        (SAID.assign(direction="helps"), "direction 'helps'"),
    ],
)
def test_bad_links_are_refused_in_one_message(links: pd.DataFrame, message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        causal_map(links)


def test_an_unknown_factor_is_named_with_the_nearest() -> None:
    with pytest.raises(AnalysisError, match="did you mean Match"):
        causal_map(SAID).paths("Tid", "Macth")


def mapped(*links: tuple[str, str, str, str], halves: tuple[str, str] = ("young", "mentor")) -> Mappings:
    """Mappings of one pair: cause, effect, informant, perspective; nodes are called by their ids in capitals."""
    frame = pd.DataFrame(links, columns=["cause", "effect", "informant", "perspective"]).assign(case="A1", wave="1")
    ends = sorted({end for link in links for end in link[:2]})
    nodes = pd.DataFrame(
        {"node": ends, "label": [end.upper() for end in ends], "type": ["outcome_area" if end == "c" else "factor" for end in ends]}
    )
    return Mappings(nodes, frame, halves=halves)


def test_addresses_hold_ids_and_tables_show_labels() -> None:
    found = causal_map(mapped(("a", "b", "Y", "young"), ("a", "b", "M", "mentor"), ("b", "c", "Y", "young")))
    assert {cell.address: cell.value for cell in found.cells if cell.address.startswith("map.a/b.")} == {
        "map.a/b.informants": 2, "map.a/b.citations": 2, "map.a/b.promotes": 2, "map.a/b.hinders": 0, "map.a/b.cases": 1,
        "map.a/b.cases_promoting": 1, "map.a/b.cases_hindering": 0,
    }  # fmt: skip
    # Links are counted of links, cases of cases: no number of links is told as so many informants.
    whole = {name: (total.value, total.base and total.base.unit) for name, total in found.totals.items()}
    assert whole["citations"] == (3, "link")
    assert (whole["promotes"], whole["cases"], whole["said_by_young"]) == ((3, "link"), (1, "case"), (2, "link"))
    assert found.shown().iloc[0, :2].tolist() == ["A", "B"]
    assert found.robustness("A", "c").value == found.robustness("a", "C").value == 1
    totals = {name: found.cell(name).value for name in ("informants", "links", "factors", "citations", "cases", "drawn", "left_out")}
    assert totals == {"informants": 2, "links": 2, "factors": 3, "citations": 3, "cases": 1, "drawn": 1, "left_out": 1}


def test_two_nodes_of_one_label_are_told_apart() -> None:
    mappings = mapped(("a", "b", "Y", "young"))
    same = Mappings(mappings.nodes.assign(label="Ro"), mappings.links)
    assert causal_map(same).shown().iloc[0, :2].tolist() == ["Ro (a)", "Ro (b)"]


def test_parts_of_a_map_have_addresses_of_their_own() -> None:
    found = causal_map(mapped(("x;a", "y;b", "Y", "young"), ("x;a", "y;b", "M", "mentor"), ("x;d", "y;b", "M", "mentor")))
    whole, young = (
        found.cell("citations"),
        causal_map(mapped(("a", "b", "Y", "young"), ("a", "b", "M", "mentor")), group="young").cell("citations"),
    )
    assert (whole.address, young.address, young.value) == ("map.total.citations", "map/young.total.citations", 1)
    assert found.zoom(1).cell("informants", link="X > Y").address == "map/level-1.x/y.informants"
    assert found.only(perspective="mentor", wave="1").at == "map/perspective-mentor/wave-1"
    assert found.robustness("x;a", "y;b").at == "robustness"
    assert found.only(wave="1").robustness("x;a", "y;b").at == "robustness/wave-1"
    opposed = causal_map(SAID, opposites={"Ro": "Uro"})
    assert opposed.at == "map/ro-as-uro"


def test_a_half_that_named_nothing_has_an_absent_map_and_any_other_word_is_refused() -> None:
    mappings = mapped(("a", "b", "Y", "young"))
    silent = causal_map(mappings, group="mentor")
    assert (bool(silent), silent.cells) == (False, ())
    assert "mentor: no links are named." in silent.in_language("en").to_markdown()
    assert not map_difference(mappings)
    with pytest.raises(AnalysisError, match="did you mean mentor"):
        causal_map(mappings, group="mentors")


def test_the_greatest_differences_between_the_halves_come_first_with_bases_of_their_own() -> None:
    links = [("a", "b", person, "young") for person in "XYZ"] + [
        ("a", "b", "M", "mentor"),
        ("b", "c", "N", "mentor"),
        ("b", "c", "E", "evaluator"),
    ]
    found = map_difference(mapped(*links))
    assert found.frame[["link", "n_young", "n_mentor", "n_evaluator", "difference"]].to_numpy().tolist() == [
        ["a > b", 3, 1, 0, 0.5], ["b > c", 0, 1, 1, -0.5],
    ]  # fmt: skip
    cell = found.cell("n_mentor", link="b > c")
    assert (cell.address, cell.value, cell.n) == ("map-difference.b/c.n_mentor", 1, 2)
    assert found.cell("difference", link="b > c").say("en") == "−50 percentage points"
    turned = map_difference(mapped(*links), between=("mentor", "young"))
    assert turned.cell("difference", link="b > c").value == 0.5


def test_a_table_of_links_with_more_than_two_perspectives_asks_which_are_compared() -> None:
    links = mapped(("a", "b", "X", "young"), ("a", "b", "Y", "mentor"), ("a", "b", "Z", "friend")).links
    with pytest.raises(AnalysisError, match="3 perspectives"):
        map_difference(links)
    assert map_difference(links, between=("young", "friend")).frame["difference"].tolist() == [0.0]


def test_the_support_of_several_ways_is_that_of_each_and_the_best_told_come_first() -> None:
    mappings = mapped(("a", "b", "Y", "young"), ("b", "c", "Y", "young"), ("b", "c", "M", "mentor"), ("c", "d", "M", "mentor"))
    usual = map_robustness(mappings)
    assert usual.frame[["path", "fewest", "told"]].to_numpy().tolist() == [["a > c", 1, "told"]]
    declared = map_robustness(mappings, connections=[("a", "d"), ("a", "c"), ("d", "a")])
    assert declared.frame[["path", "threads", "told"]].to_numpy().tolist() == [
        ["a > c", 1, "told"], ["a > d", 0, "put_together"], ["d > a", 0, "no_way"],
    ]  # fmt: skip
    one = causal_map(mappings).robustness("a", "d")
    assert set(one.cells) <= set(declared.cells)
    assert "ADVARSEL" in declared.shown().iloc[1].to_string()


def test_a_map_without_a_beginning_has_no_ways_to_show() -> None:
    assert not map_robustness(mapped(("a", "b", "Y", "young"), ("b", "a", "Y", "young")))


def test_the_demo_map_has_labels_and_no_score(project: object) -> None:
    mappings: Mappings = read_mappings(project / "interviews" / "demo" / "mappings")  # type: ignore[operator]
    found = causal_map(mappings)
    assert found.caption.endswith("(Syntetiske data)")
    assert found.factors.set_index("factor").loc["match", "label"] == "Det gode match"
    assert not any("score" in column for column in (*found.bundles.columns, *found.factors.columns))


@pytest.mark.slow
def test_a_hundred_thousand_links_of_five_thousand_informants_take_seconds() -> None:
    numbers = np.random.default_rng(7)
    links = pd.DataFrame({
        "cause": numbers.integers(0, 400, 100_000).astype(str), "effect": numbers.integers(0, 400, 100_000).astype(str),
        "informant": numbers.integers(0, 5_000, 100_000).astype(str),
    })  # fmt: skip
    found = causal_map(links)
    assert found.bundles["citations"].sum() == 100_000
    assert len(found.factors) == 400
    assert len(found.paths("1", "2", 2)) > 0

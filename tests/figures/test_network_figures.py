"""Networks are drawn as counted, without covered words, and said in numbers."""

from __future__ import annotations

import itertools
import random
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import read_theory
from vvvresearch.figures import Drawing, causal_map_plot, contact_timeline, theory_of_change, xy_plot
from vvvresearch.figures._layers import crossings, layered, longest_ways
from vvvresearch.figures._sheet import broken
from vvvresearch.mechanisms import CaseConditions, Declared, causal_map, contact_plan
from vvvresearch.mechanisms.qca import minimize, truth_table
from vvvresearch.results import Base
from vvvresearch.sources import read_mappings


def boxes(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    from matplotlib.patches import FancyBboxPatch

    found = [artist.get_bbox().extents for artist in drawing.figure.findobj(FancyBboxPatch)]
    return [tuple(extents) for extents in found]


def word_boxes(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    renderer = FigureCanvasAgg(drawing.figure).get_renderer()
    texts = [artist for artist in drawing.figure.findobj(Text) if artist.get_text().strip() and artist.get_visible()]
    return [tuple(artist.get_window_extent(renderer).extents) for artist in texts]


def overlapping(places: list[tuple[float, float, float, float]]) -> int:
    pairs = itertools.combinations(places, 2)
    return sum(a[0] < b[2] - 1e-9 and b[0] < a[2] - 1e-9 and a[1] < b[3] - 1e-9 and b[1] < a[3] - 1e-9 for a, b in pairs)


def arrows(drawing: Drawing) -> dict[str, object]:
    from matplotlib.patches import PathPatch

    return {artist.get_gid(): artist for artist in drawing.figure.findobj(PathPatch) if artist.get_gid()}


@pytest.fixture(scope="module")
def demo_map(project: Path):
    return causal_map(read_mappings(project / "interviews/demo/mappings"))


def test_the_key_has_a_level_line_in_front_of_each_of_its_words(demo_map) -> None:
    from matplotlib.lines import Line2D

    drawn = causal_map_plot(demo_map).figure
    texts = [artist.get_position() for artist in drawn.findobj(lambda one: getattr(one, "get_text", str)() != "")]
    lines = [artist.get_xydata().tolist() for artist in drawn.findobj(Line2D) if len(artist.get_xydata()) == 2]
    keys = [(line[1][0], line[0][1]) for line in lines if line[0][1] == line[1][1] and line[0][0] < line[1][0]]
    beside = [at for at in keys if any(0 < x - at[0] < 0.1 and abs(y - at[1]) < 0.01 for x, y in texts)]
    assert len(beside) >= 2


def test_only_bundles_of_two_informants_are_drawn_and_the_rest_is_counted(demo_map) -> None:
    drawing = causal_map_plot(demo_map)
    named_twice = demo_map.named[demo_map.named["informants"] >= 2]
    assert set(arrows(drawing)) == {f"{row.cause} > {row.effect}" for row in named_twice.itertuples()}
    assert f"{len(demo_map.bundles) - len(named_twice)} af {len(demo_map.bundles)} er udeladt her" in drawing.note
    assert len(boxes(drawing)) == len(set(named_twice["cause"]) | set(named_twice["effect"]))


@pytest.mark.parametrize("least", [1, 2, 3])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_no_label_covers_another(demo_map, least: int, lang: str) -> None:
    drawing = causal_map_plot(demo_map, least=least, lang=lang)
    assert overlapping(word_boxes(drawing)) == 0
    assert overlapping(boxes(drawing)) == 0


def test_words_stay_within_their_boxes(demo_map) -> None:
    drawing = causal_map_plot(demo_map)
    width, _ = drawing.figure.get_size_inches()
    inner = [[value / drawing.figure.dpi for value in box] for box in word_boxes(drawing)]
    for left, low, right, top in boxes(drawing):
        held = [box for box in inner if left <= (box[0] + box[2]) / 2 <= right and low <= (box[1] + box[3]) / 2 <= top]
        assert len(held) == 1
        assert left <= held[0][0] <= held[0][2] <= right <= width
        assert low <= held[0][1] <= held[0][3] <= top


def test_the_alternative_text_has_every_drawn_bundle_with_its_numbers(demo_map) -> None:
    spoken = causal_map_plot(demo_map).alt("en")
    for row in demo_map.named[demo_map.named["informants"] >= 2].itertuples():
        assert f"{row.effect} ({row.informants} informants, {row.citations} citation" in spoken


def test_what_an_analysis_hands_over_is_drawn_like_the_map_itself(demo_map) -> None:
    handed, own = demo_map.plot(), causal_map_plot(demo_map)
    assert (handed.alt("en"), handed.note, handed.caption, handed.base) == (own.alt("en"), own.note, own.caption, own.base)
    assert f"{demo_map.cell('drawn').value} of {demo_map.cell('links').value} links are drawn" in handed.alt("en")
    part = demo_map.only(perspective="refugee")
    assert "ikke fremskridt" in own.note
    assert "ikke fremskridt" not in part.plot().note


def test_a_map_of_a_factor_that_leads_to_itself_has_no_picture() -> None:
    assert not causal_map(pd.DataFrame({"cause": ["A"], "effect": ["A"], "informant": ["x"]})).pictures


def test_a_line_is_wider_the_more_informants_and_told_apart_without_colour() -> None:
    rows = [("A", "Z", str(n), "promotes") for n in range(6)] + [("B", "Z", str(n), "hinders") for n in range(2)]
    rows += [("C", "Z", "1", "promotes"), ("C", "Z", "2", "hinders")]
    said = pd.DataFrame(rows, columns=["cause", "effect", "informant", "direction"])
    lines = arrows(causal_map_plot(causal_map(said)))
    assert lines["A > Z"].get_linewidth() > lines["B > Z"].get_linewidth()
    assert (
        len(
            {
                lines[name].get_linestyle() if isinstance(lines[name].get_linestyle(), str) else str(lines[name].get_linestyle())
                for name in lines
            }
        )
        >= 2
    )
    assert len({lines[name].get_edgecolor() for name in lines}) == 3
    assert "både fremmer og hæmmer Z (2 informanter, 2 udsagn; 1 siger fremmer, 1 siger hæmmer)" in causal_map_plot(causal_map(said)).alt()


def test_a_map_in_which_nobody_agrees_is_drawn_and_says_so_but_not_when_two_were_asked_for() -> None:
    said = causal_map(pd.DataFrame({"cause": ["A"], "effect": ["B"], "informant": ["x"]}))
    drawing = causal_map_plot(said)
    assert set(arrows(drawing)) == {"A > B"}
    assert "Ingen forbindelse nævnes af mere end én informant" in drawing.note
    with pytest.raises(AnalysisError, match="lower least"):
        causal_map_plot(said, least=2)


def test_a_great_map_shows_no_more_than_can_be_followed() -> None:
    numbers = random.Random(3)
    rows = [(f"F{numbers.randrange(60)}", f"G{numbers.randrange(60)}", f"i{numbers.randrange(200)}") for _ in range(4000)]
    drawing = causal_map_plot(causal_map(pd.DataFrame(rows, columns=["cause", "effect", "informant"])))
    assert 0 < len(arrows(drawing)) <= 40
    assert overlapping(word_boxes(drawing)) == 0
    equal = [(f"F{n}", "G", who) for n in range(50) for who in "ab"]
    torn = causal_map_plot(causal_map(pd.DataFrame(equal, columns=["cause", "effect", "informant"])))
    assert len(arrows(torn)) == 40
    assert "40 af 50 forbindelser er vist" in torn.note


def test_a_tie_is_left_out_as_a_whole() -> None:
    rows = [("A", "Z", n) for n in "123"] + [("B", "Z", n) for n in "12"] + [("C", "Z", n) for n in "12"]
    drawing = causal_map_plot(causal_map(pd.DataFrame(rows, columns=["cause", "effect", "informant"])), most=2)
    assert set(arrows(drawing)) == {"A > Z"}


def test_the_theory_has_a_box_for_every_element_and_an_arrow_for_every_arrow(project: Path) -> None:
    theory = read_theory(project / "interviews/demo/theory-of-change.toml")
    states = itertools.cycle(["supported", "contested", "contradicted"])
    evidence = pd.DataFrame(
        [
            {"arrow": arrow.id, "state": state, "n_supporting": 3, "n_contradicting": 1}
            for arrow, state in zip(theory.arrows[:-1], states, strict=False)
        ]
    )
    drawing = theory_of_change(theory, evidence)
    assert len(boxes(drawing)) == len(theory.elements)
    assert set(arrows(drawing)) == {arrow.id for arrow in theory.arrows}
    assert overlapping(word_boxes(drawing)) == 0
    assert drawing.alt().count("3 for, 1 imod") == len(theory.arrows) - 1
    assert "1 uden belæg" in drawing.alt()
    assert len({str(line.get_edgecolor()) for line in arrows(drawing).values()}) == 4


def test_evidence_for_an_arrow_that_is_not_there_is_refused(project: Path) -> None:
    theory = read_theory(project / "interviews/demo/theory-of-change.toml")
    with pytest.raises(AnalysisError, match="partnership-matching"):
        theory_of_change(theory, pd.DataFrame({"arrow": ["partnership-match"], "state": ["supported"]}))


@given(st.lists(st.tuples(st.sampled_from("abcdefghij"), st.sampled_from("abcdefghij")), min_size=1, max_size=25))
@settings(max_examples=60, deadline=None)
def test_every_layout_keeps_boxes_apart_and_lets_most_links_run_to_the_right(pairs: list[tuple[str, str]]) -> None:
    edges = [pair for pair in dict.fromkeys(pairs) if pair[0] != pair[1]]
    names = sorted({end for pair in pairs for end in pair})
    sizes = {name: 0.2 + 0.05 * number for number, name in enumerate(names)}
    plan = layered(edges, sizes, 0.1)
    for layer in range(plan.count):
        held = sorted((plan.height[name], sizes[name]) for name in names if plan.rank[name] == layer)
        for (low, below), (high, above) in itertools.pairwise(held):
            assert high - low >= (below + above) / 2 + 0.1 - 1e-9
    assert all(plan.rank[cause] != plan.rank[effect] for cause, effect in edges)
    if not any((effect, cause) in edges for cause, effect in edges) and _acyclic(edges):
        assert all(plan.rank[cause] < plan.rank[effect] for cause, effect in edges)


def _acyclic(edges: list[tuple[str, str]]) -> bool:
    import networkx as nx

    return nx.is_directed_acyclic_graph(nx.DiGraph(edges))


def test_the_order_within_layers_has_few_crossings() -> None:
    numbers = list(range(8))
    random.Random(4).shuffle(numbers)
    edges = [(f"a{n}", f"b{n}") for n in numbers]
    names = [f"a{n}" for n in range(8)] + [f"b{n}" for n in sorted(range(8), key=lambda n: (n * 5) % 8)]
    plan = layered(edges, dict.fromkeys(names, 0.2), 0.1)
    order = [sorted((n for n in names if plan.rank[n] == layer), key=plan.height.__getitem__) for layer in (0, 1)]
    assert crossings(order, edges, longest_ways(names, edges)) == 0


@given(st.text(alphabet="abcdefghijklmnoprstuvyæøå ", min_size=1, max_size=80))
@settings(max_examples=60, deadline=None)
def test_broken_lines_hold_all_letters_and_are_no_wider_than_asked(words: str) -> None:
    from vvvresearch.figures._look import wide

    lines = broken(words, 0.9, 6.4)
    assert "".join(lines).replace("-", "").replace(" ", "") == words.replace(" ", "")
    assert all(wide(line, 6.4) <= 0.9 for line in lines)


@pytest.mark.parametrize("words", ["Den frivilliges udbytte", "Hjælp til ansøgning", "j", "W-", ""])
def test_words_are_as_wide_as_their_outlines_and_hardly_wider(words: str) -> None:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    from vvvresearch.figures._look import wide

    outline = TextPath((0, 0), words, size=6.4, prop=FontProperties(family="DejaVu Sans")).get_extents().x1 / 72 if words else 0
    assert outline <= wide(words, 6.4) <= outline + 0.02


def test_the_xy_plot_names_every_case_once_and_no_name_covers_another() -> None:
    numbers = random.Random(7)
    cases = pd.DataFrame(
        {name: [round(numbers.random(), 2) for _ in range(25)] for name in ("A", "B", "C")}, index=[f"P{n:02d}" for n in range(25)]
    ).replace(0.5, 0.51)
    cases["Y"] = cases[["A", "B"]].min(axis=1).clip(0.05, 0.95)
    drawing = xy_plot(minimize(truth_table(cases, "Y", ["A", "B", "C"], inclusion_cut=0.9)))
    for case in cases.index:
        assert drawing.alt().count(case) == 1
    assert overlapping(word_boxes(drawing)) == 0


def test_the_xy_plot_of_conditions_that_have_words_shows_no_letters() -> None:
    words = {"SIM": "noget til fælles", "TIME": "tid til hinanden", "GOOD": "et godt match"}
    rows = pd.DataFrame({"SIM": [1, 1, 0, 0], "TIME": [1, 0, 1, 0], "GOOD": [1, 0, 1, 0]}, index=["A1", "A2", "A3", "A4"])
    declared = Declared(words, expectations=dict.fromkeys(("SIM", "TIME"), 1), outcomes=("GOOD",))
    cases = CaseConditions(frame=rows, base=Base(4, "case"), table=rows, rules=pd.DataFrame(), grounds=pd.DataFrame(), declared=declared)
    drawing = minimize(truth_table(cases, "GOOD")).plot("xy")
    written = " ".join([*(one.get_text() for one in drawing.figure.texts), drawing.alt("da"), drawing.note, drawing.caption])
    assert not re.search(r"SIM|TIME|GOOD", written)
    assert "et godt match" in written
    assert "tid til hinanden er til stede" in drawing.note


def test_the_timeline_has_a_mark_for_every_contact_and_says_each_pair(project: Path) -> None:
    contacts = pd.read_csv(project / "interviews/demo/contacts.csv", dtype=str).fillna("")
    drawing = contact_timeline(contact_plan(contacts, "2022-06-30"))
    axes = drawing.figure.axes[0]
    marks = [line for line in axes.lines if line.get_marker() not in ("None", "") and len(line.get_xdata())]
    assert len(marks) == len(contacts)
    assert len({line.get_marker() for line in marks}) >= 3
    written = [words.get_text() for words in drawing.figure.texts]
    assert [words for words in written if words in set(contacts["pair"])] == sorted(set(contacts["pair"]))
    assert "P12: 1 gennemført, 3 faldet fra" in drawing.alt()
    handed = contact_plan(contacts, "2022-06-30").plot()
    assert (handed.alt("en"), handed.note) == (drawing.alt("en"), drawing.note)
    assert any("30. juni 2022" in text.get_text() for text in handed.figure.texts)
    assert "P05: 2 gennemført, 1 over tiden, 1 planlagt" in drawing.alt()

"""Figures that nobody has seen can be read at both widths, on light and dark screens, and say what they show; faults are found."""

from __future__ import annotations

import dataclasses
import io
import re
from xml.etree import ElementTree

import matplotlib
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from vvvresearch.evidence import municipalities
from vvvresearch.figures import Drawing, bars, causal_map_plot, figure_problems, forest, likert, theme_heatmap, tile_map, trend, wave_bars
from vvvresearch.figures._drawing import DARK, dark, finished, told_in
from vvvresearch.figures._letters import drawn_svg
from vvvresearch.figures._look import NARROW, ratio
from vvvresearch.mechanisms import causal_map
from vvvresearch.results import Base

LONG = "Kommunen henviser flygtninge til lokalforeningskoordinatorernes beskæftigelsesforanstaltninger for $100 og $200"
LABEL = st.text(alphabet="abcdefghijklmnopqrstuvwxyzæøå -()$%", min_size=1, max_size=90).filter(str.strip)


@given(st.lists(LABEL, min_size=1, max_size=12, unique_by=str.strip), st.sampled_from([3, 55, 12_345]), st.data())
@settings(max_examples=6, deadline=None)
def test_bars_of_any_labels_and_bases_can_be_read_and_their_message_counts_right(labels: list[str], n: int, data: st.DataObject) -> None:
    counts = [data.draw(st.integers(0, n)) for _ in labels]
    drawing = bars(pd.DataFrame({"label": labels, "count": counts, "n": n}), title="Svar", base=Base(n, "municipality"), kind="synthetic")
    assert figure_problems(drawing) == []
    if counts.count(max(counts)) == 1 and max(counts) and len(counts) > 1:
        shown = f"{max(counts):,} af {n:,}".replace(",", ".")
        assert drawing.message.endswith(f": {shown}")


FIGURES = {
    "three people and one row": lambda: bars(pd.DataFrame({"label": ["ja"], "count": [2], "n": [3]}), title="A"),
    "numbers that are missing": lambda: bars(pd.DataFrame({"label": ["ja", LONG], "count": [None, None], "n": [3, 3]}), title="A"),
    "seven waves": lambda: wave_bars(
        pd.DataFrame({"label": [LONG] * 7, "wave": [f"måling {n}" for n in range(7)], "count": range(7), "n": [9] * 7}), title="A"
    ),
    "a long scale": lambda: likert(
        pd.DataFrame({"text": [LONG] * 7, "label": list("abcdefg"), "count": range(7), "n": [21] * 7}), title="A", kind="reconstructed"
    ),
    "changes far apart": lambda: forest(
        pd.DataFrame({"label": [LONG, "b"], "change": [-0.9, 0.9], "lower": [-1.0, 0.1], "upper": [-0.1, 1.0]}), title="A"
    ),
    "fourteen groups": lambda: theme_heatmap(
        pd.DataFrame([(f"Tema {t}", f"{LONG[: 5 + g]} {g}", 90, 120) for t in range(2) for g in range(14)]).set_axis(
            ["code_path", "respondent_group", "persons_affirmed", "persons_asked"], axis=1
        ),
        title="A",
    ),
    "thirty half years": lambda: trend(
        pd.DataFrame({"period": [f"{1 + n % 2}. halvår {2000 + n // 2}" for n in range(30)], "value": range(30)}), title="A"
    ),
    "all municipalities, some hidden": lambda: tile_map(
        pd.DataFrame({"code": municipalities()["code"], "value": range(98), "hidden": [n % 3 == 0 for n in range(98)]}), title="A"
    ),
    "a network of ten layers": lambda: causal_map_plot(
        causal_map(
            pd.DataFrame([(f"{LONG[:40]} {n}", f"{LONG[:40]} {n + 1}", who) for n in range(10) for who in "ab"]).set_axis(
                ["cause", "effect", "informant"], axis=1
            )
        ),
        title="A",
    ),
}


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_what_is_hard_to_draw_can_be_read_on_a_page_and_on_a_phone(draw) -> None:  # type: ignore[no-untyped-def]
    drawing: Drawing = draw()
    assert figure_problems(drawing) == []
    assert drawing.message
    assert drawing.narrow.figure.get_size_inches()[0] == NARROW


def _sound() -> Drawing:
    return bars(pd.DataFrame({"label": ["ja", "nej"], "count": [22, 20], "n": [42, 42]}), title="Svar", base=Base(42), kind="synthetic")


def _with(x: float, y: float, words: str, **how: object) -> Drawing:
    drawing = _sound()
    drawing.figure.text(x, y, words, **how)  # type: ignore[arg-type]
    return drawing


FAULTS = {
    "runs out of the figure": lambda: _with(0.98, 0.05, "langt ud over kanten", fontsize=9),
    "less than 10.5": lambda: _with(0.3, 0.02, "småt", fontsize=7.5),
    "cover each other": lambda: _with(0.0, 0.5, "MMMMMMMMMMMMMMMMMMMMMMM", fontsize=20),
    "less than 4.5": lambda: _with(0.85, 0.4, "bleg", fontsize=9, color="#bbbbbb"),
    "no title": lambda: dataclasses.replace(_sound(), title=""),
    "where its data come from": _sound,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_and_named(fault: str) -> None:
    assert any(fault in problem for problem in figure_problems(FAULTS[fault](), source=True))


def test_words_on_the_edge_of_a_bar_and_bars_lost_on_white_are_found() -> None:
    drawing = _sound()
    axes = drawing.figure.axes[0]
    bar = axes.patches[0]
    axes.text(bar.get_width(), bar.get_y() + bar.get_height() / 2, "hen over", ha="center", va="center", zorder=9)
    assert any("edge of a mark" in problem for problem in figure_problems(drawing))
    pale = _sound()
    pale.figure.axes[0].patches[0].set(facecolor="#f0f0f0", edgecolor="#f4f4f4")
    assert any("a mark in #f0f0f0" in problem for problem in figure_problems(pale))


@given(st.tuples(*[st.integers(0, 255)] * 3), st.tuples(*[st.integers(0, 255)] * 3))
@settings(max_examples=60, deadline=None)
def test_two_colours_keep_their_contrast_on_a_dark_page(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    light = ["#" + bytes(colour).hex() for colour in (one, other)]
    # Near black a dark page has no lighter ink left.
    if all(ratio(colour, "#ffffff") < 17 for colour in light):
        assert ratio(*map(dark, light)) == pytest.approx(ratio(*light), rel=0.06, abs=0.05)
    assert ratio(dark(light[0]), DARK) == pytest.approx(min(ratio(light[0], "#ffffff"), 17.8), rel=0.06)


def test_the_file_says_message_title_base_source_and_kind_and_every_colour_has_a_dark_one() -> None:
    base = Base(42, "municipality", source="Spørgeskema 2021", question="Henviser I?")
    table = pd.DataFrame({"label": ["ja", "ved ikke"], "count": [22, 20], "n": [42, 42], "role": ["", "dont_know"]})
    file = bars(table, title="Henviser & følger <op>", base=base, kind="synthetic").svg.decode()
    root = ElementTree.fromstring(file)
    name = {"svg": "http://www.w3.org/2000/svg"}
    assert root.findtext("svg:title", "", name) == "Oftest »ja«: 22 af 42. Henviser & følger <op>"
    said = root.findtext("svg:desc", "", name)
    for words in ("n = 42 kommuner", "Spørgeskema 2021", "Henviser I?", "Syntetiske data"):
        assert words in said
    style, drawn = file.split("</style>", 1)
    assert '[fill="#ffffff"] { fill: #10181e !important }' in style
    assert 'fill="#ffffff"' in drawn
    for part, colour in set(re.findall(r"(?<![\w-])(fill|stroke): (#[0-9a-f]{6})", drawn)):
        assert f'[style*="{part}: {colour}"] {{ {part}: {dark(colour)} !important }}' in style


@pytest.mark.parametrize("words", ["Henviser", "Ærø 50 %\n\nikke <spurgt>", "a $b$ 1"])
def test_letters_that_are_remembered_give_the_bytes_that_matplotlib_gives(words: str) -> None:
    def figure(size: float) -> Figure:
        drawn = Figure(figsize=(3, 2))
        axes = drawn.add_subplot()
        axes.set_title(words, fontsize=size)
        axes.plot([0, 1, 2], [0.1, 0.5, 2.5], label=words)
        axes.text(0, 1, words, color="#003070", rotation=30, fontweight="bold", path_effects=[withStroke(linewidth=2)])
        axes.text(1, 1, words, alpha=0.5, fontfeatures=["-kern"])
        axes.legend()
        return drawn

    def by_matplotlib(size: float) -> bytes:
        stream = io.BytesIO()
        with matplotlib.rc_context({"svg.hashsalt": "figure", "svg.fonttype": "path"}):
            FigureCanvasSVG(figure(size)).print_svg(stream, metadata={"Date": None, "Creator": None})
        return stream.getvalue()

    # The second size and the second drawing find the letters of the first.
    for size in (9, 12, 9):
        assert drawn_svg(figure(size)) == by_matplotlib(size)


def test_a_figure_says_its_words_without_signs_that_turn_or_hide_them() -> None:
    svg = finished(b"<svg></svg>", "Tit\u202eel\x1b", "Ja 3, nej 1\nn = 4\u200b", "da").decode()
    assert "<title>Titel</title>" in svg
    assert told_in(svg) == ["n = 4"]

"""Figures say in words what they draw, keep their bases and mark data that are not real."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import municipalities
from vvvresearch.figures import Drawing, bars, likert, mirror_bars, stock_flow, tile_map, trend, wave_bars
from vvvresearch.figures._look import contrast, shades
from vvvresearch.results import Base

SCALE = ("I høj grad", "I nogen grad", "I mindre grad", "Slet ikke")


def battery(*rows: tuple[str, tuple[int, ...], int]) -> pd.DataFrame:
    parts = []
    for text, counts, unsure in rows:
        n = sum(counts)
        parts += [
            {"text": text, "label": label, "count": count, "n": n, "role": "", "percent": 100 * count / n if n else float("nan")}
            for label, count in zip(SCALE, counts, strict=True)
        ]
        parts.append({"text": text, "label": "Ved ikke", "count": unsure, "n": n, "role": "dont_know", "percent": float("nan")})
    return pd.DataFrame(parts)


def words_on(drawing: Drawing) -> set[str]:
    from matplotlib.text import Text

    return {artist.get_text().strip() for artist in drawing.figure.findobj(Text) if artist.get_text().strip()}


def widths_on(drawing: Drawing, panel: int = 0) -> list[float]:
    from matplotlib.patches import Rectangle

    axes = drawing.figure.axes[panel]
    return [patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle)]


def test_a_row_says_every_answer_its_count_and_its_base() -> None:
    drawing = likert(battery(("Netværk", (10, 8, 3, 1), 2)), title="Nytte")
    nbsp = "\u00a0"
    expected = (
        f"Nytte. Netværk (n = 22): I høj grad 45{nbsp}% (10), I nogen grad 36{nbsp}% (8), "
        f"I mindre grad 14{nbsp}% (3), Slet ikke 5{nbsp}% (1), Ved ikke 2."
    )
    assert drawing.alt() == expected
    assert {"Netværk", "n = 22"} <= words_on(drawing)


def test_bars_are_as_long_as_the_exact_shares_and_dont_know_is_not_among_them() -> None:
    drawing = likert(battery(("Netværk", (10, 8, 3, 1), 5)))
    assert sum(widths_on(drawing)) == pytest.approx(100)
    assert widths_on(drawing, 1) == [5]


def test_percentages_that_add_up_to_101_are_explained() -> None:
    table = pd.DataFrame({"label": ["a", "b", "c", "d", "e"], "count": [8, 10, 12, 5, 7], "n": [42] * 5})
    assert bars(table).note == "På grund af afrunding summerer de viste procenter til 101."
    assert bars(table, single=False).note == ""
    assert bars(pd.DataFrame({"label": ["a", "b"], "count": [1, 1], "n": [20, 20]})).note == ""


def test_a_small_base_is_shown_as_counts() -> None:
    drawing = likert(battery(("Netværk", (1, 1, 1, 0), 0)))
    assert "1 af 3" in drawing.alt()
    assert "%" not in drawing.alt()
    assert not any("%" in word for word in words_on(drawing))


def test_rows_without_answers_say_so_instead_of_being_drawn_as_zero() -> None:
    drawing = likert(battery(("Netværk", (10, 8, 3, 1), 0), ("Sprog", (0, 0, 0, 0), 4)))
    assert "ingen data" in words_on(drawing)


def test_groups_of_one_statement_are_rows_of_their_own() -> None:
    first = battery(("Netværk", (10, 8, 3, 1), 0)).assign(group_label="Ledere")
    second = battery(("Netværk", (5, 5, 5, 5), 0)).assign(group_label="Kommuner")
    alt = likert(pd.concat([first, second])).alt()
    assert "Netværk – Ledere (n = 22)" in alt
    assert "Netværk – Kommuner (n = 20)" in alt


@pytest.mark.parametrize("kind", ["synthetic", "reconstructed"])
def test_data_that_are_not_real_are_marked_on_every_figure(kind: str) -> None:
    simple = pd.DataFrame({"label": ["a", "b"], "count": [12, 13], "n": [25, 25], "wave": ["1", "2"], "group_label": ["x", "y"]})
    periods = pd.DataFrame({"period": ["2019", "2020"], "value": [1.0, 2.0], "stock": [1, 2]})
    tiles = pd.DataFrame({"code": ["0101"], "value": [3]})
    drawings = [
        bars(simple, kind=kind),
        wave_bars(simple, kind=kind),
        mirror_bars(simple, kind=kind),
        likert(battery(("a", (9, 9, 9, 9), 1)), kind=kind),
        stock_flow(periods[["period", "stock"]], kind=kind),
        trend(periods, kind=kind),
        tile_map(tiles, kind=kind),
    ]
    for drawing in drawings:
        assert drawing.kind.label("da") in words_on(drawing)
        assert drawing.kind.label("da") in drawing.caption


def test_real_data_carry_no_mark() -> None:
    drawing = bars(pd.DataFrame({"label": ["a"], "count": [12], "n": [25]}), kind="real")
    assert not any("data" in word for word in words_on(drawing))


def test_a_wave_that_lacked_an_item_says_not_asked_and_a_lost_number_says_no_data() -> None:
    table = pd.DataFrame(
        {"label": ["net", "net", "hverdag"], "wave": ["1", "2", "2"], "percent": [float("nan"), 91.0, 86.0], "n": [59, 72, 72]}
    )
    words = words_on(wave_bars(table))
    assert {"ikke spurgt", "ingen data", "1 (n = 59)", "2 (n = 72)"} <= words


def test_a_mirror_has_two_sides_and_prints_its_warning() -> None:
    table = pd.DataFrame({"label": ["a", "a"], "group_label": ["Ledere", "Kommuner"], "percent": [44.0, 60.0], "n": [59, 71]})
    assert mirror_bars(table, note="Skalaerne er forskellige.").note == "Skalaerne er forskellige."
    with pytest.raises(AnalysisError, match="two sides"):
        mirror_bars(table.head(1))


def test_hidden_tiles_and_tiles_without_data_are_never_the_same() -> None:
    table = pd.DataFrame({"code": ["0101", "0147", "0151"], "value": [5, 6, None], "hidden": [False, True, False]})
    drawing = tile_map(table, title="Deltagere")
    assert "skjult af hensyn til fortrolighed: 1 kommuner" in drawing.alt()
    assert "ingen data: 96 kommuner" in drawing.alt()
    assert "6" not in drawing.alt().replace("96", "")
    patches = [patch for patch in drawing.figure.axes[0].patches if patch.get_hatch()]
    assert len(patches) == 1


def test_every_tile_is_drawn_once_and_unknown_or_doubled_codes_are_refused() -> None:
    codes = municipalities()["code"]
    drawing = tile_map(pd.DataFrame({"code": codes, "value": range(98)}))
    assert len(drawing.figure.axes[0].patches) == 98
    with pytest.raises(AnalysisError, match="not on the map"):
        tile_map(pd.DataFrame({"code": ["101"], "value": [1]}))
    with pytest.raises(AnalysisError, match="stands twice"):
        tile_map(pd.DataFrame({"code": ["0101", "0101"], "value": [1, 2]}))


def test_a_trend_breaks_where_the_definition_changes() -> None:
    table = pd.DataFrame({"period": ["2017", "2018", "2019"], "value": [69, 61, 72], "definition": ["alle", "alle", "aktive"]})
    drawing = trend(table)
    lines = [line for line in drawing.figure.axes[0].lines if line.get_marker() == "o"]
    assert [len(line.get_xdata()) for line in lines] == [2, 1]
    assert "2019" in drawing.note
    whole = trend(table.assign(definition="alle"))
    assert whole.note == ""


def test_stock_and_flow_draw_nothing_for_what_is_not_known() -> None:
    table = pd.DataFrame({"period": ["2019", "2020"], "stock": [5000, 6063], "inflow": [926, None]})
    drawing = stock_flow(table)
    assert "2020: Aktive 6.063." in drawing.alt()
    assert drawing.note
    assert len([patch for patch in drawing.figure.axes[0].patches if patch.get_height()]) == 1


BAD = {
    "a missing column": lambda: likert(pd.DataFrame({"label": ["a"]})),
    "no rows": lambda: bars(pd.DataFrame({"label": []})),
    "an answer off the scale": lambda: likert(battery(("a", (1, 1, 1, 1), 0)), scale=("ja", "nej")),
    "a negative number of people": lambda: stock_flow(pd.DataFrame({"period": ["a"], "stock": [-1]})),
    "a doubled period": lambda: stock_flow(pd.DataFrame({"period": ["a", "a"], "stock": [1, 2]})),
    "two values in one period": lambda: trend(pd.DataFrame({"period": ["a", "a"], "value": [1, 2]})),
    "neither stock nor flow": lambda: stock_flow(pd.DataFrame({"period": ["a"]})),
}


@pytest.mark.parametrize("draw", BAD.values(), ids=BAD)
def test_what_cannot_be_drawn_is_one_clear_error(draw: object) -> None:
    with pytest.raises(AnalysisError):
        draw()  # type: ignore[operator]


@pytest.mark.parametrize("count", range(2, 8))
def test_a_scale_keeps_its_order_in_grey_and_its_numbers_can_be_read(count: int) -> None:
    from matplotlib.colors import to_rgb

    colours = shades(count)
    grey = [0.299 * red + 0.587 * green + 0.114 * blue for red, green, blue in map(to_rgb, colours)]
    assert all(later - earlier > 0.04 for earlier, later in itertools.pairwise(grey))

    def luminance(colour: str) -> float:
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for colour in colours:
        light, dark = sorted((luminance(colour), luminance(contrast(colour))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_figures_leave_no_trace_in_the_users_settings() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    bars(pd.DataFrame({"label": ["a"], "count": [12], "n": [25]}))
    assert dict(matplotlib.rcParams) == before


def test_the_english_alt_text_speaks_english() -> None:
    table = pd.DataFrame({"label": ["yes", "no"], "count": [22, 20], "n": [42, 42]})
    drawing = bars(table, title="Refers", base=Base(42, "municipality"), lang="en")
    assert drawing.alt() == "Refers. Answers (n = 42): yes 52% (22), no 48% (20)."

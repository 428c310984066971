"""Maps of the published counts, read from the SVG as it is drawn: the tiles of each colour, and what the key says."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree

import pandas as pd
import pytest
from matplotlib import font_manager
from matplotlib.colors import to_hex, to_rgb
from matplotlib.ft2font import FT2Font

from vvvresearch.evidence import Register, municipalities
from vvvresearch.figures import tile_map
from vvvresearch.figures._look import ratio, shades
from vvvresearch.figures._tiles import _colours
from vvvresearch.monitoring import presence
from vvvresearch.results import Base, Measure, Result, folded

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"


def key_and_tiles(counts: dict[str, int]) -> tuple[str, list[int]]:
    """What is written on a map of so many municipalities of each status, and how many tiles have each colour, most first."""
    known = municipalities()
    status = [name for name, n in counts.items() for _ in range(n)]
    rows = pd.DataFrame({"extract": "2021-05", "municipality": list(known["code"]), "status": status, "definition": "d"})
    root = ElementTree.fromstring(presence(Register(rows), municipalities=known).in_language("en").plot("tile_map").svg)
    glyphs = {glyph: chr(code) for code, glyph in FT2Font(font_manager.findfont("DejaVu Sans")).get_charmap().items()}
    links = [
        [str(one.get(LINK)) for one in group.iter(f"{SVG}use")]
        for group in root.iter(f"{SVG}g")
        if str(group.get("id")).startswith("text_")
    ]
    said = " | ".join("".join(glyphs[int(one.rsplit("-", 1)[1], 16)] for one in word) for word in links)
    fills = Counter(
        str(found[1])
        for path in root.iter(f"{SVG}path")
        if (found := re.search(r"fill: (#\w+).*stroke: #", str(path.get("style")))) and str(path.get("d")).count("L") == 3
    )
    return said, sorted((n for n in fills.values() if n > 1), reverse=True)


@pytest.mark.parametrize(
    ("counts", "key"),
    [
        ({"present": 83, "planned": 4, "absent": 11}, ["present (83)", "planned (4)", "absent (11)"]),
        ({"green": 63, "yellow": 32, "red": 3}, ["(63)", "(32)", "(3)"]),
    ],
)
def test_a_map_has_as_many_tiles_as_its_key_says(counts: dict[str, int], key: list[str]) -> None:
    said, tiles = key_and_tiles(counts)
    assert all(one in said for one in key), said
    # Each colour stands once more, in the key.
    assert tiles == sorted((n + 1 for n in counts.values()), reverse=True)


def test_none_and_hidden_and_no_data_are_three_things_on_a_map_of_numbers_and_no_tile_reads_as_a_number() -> None:
    tiles = pd.DataFrame({"code": list("abcdefgh"), "name": list("ABCDEFGH"), "tile_row": [0] * 8, "tile_column": range(8)})
    frame = pd.DataFrame({"code": list("abcdefg"), "n": [0, 3, 7, 9, 12, 20, 31], "half": "2024"})
    result = Result(frame=frame, at="pairs", keys=("code",), measures=(Measure("n"),), title="Par", base=Base(None))
    drawing = tile_map(result.hiding({folded("pairs.b.n")}), value="n", tiles=tiles, panel="half", lang="en")
    said = drawing.alt()
    assert "; 0: 1 municipalities; hidden for confidentiality: 1 municipalities; no data: 1 municipalities" in said
    in_tiles = {one.get_text() for axes in drawing.figure.axes for one in axes.texts}
    assert in_tiles == {*"ABCDE"}


def test_a_map_says_its_count_of_the_municipalities_that_have_data() -> None:
    codes = [*municipalities()["code"]]
    half = pd.DataFrame({"code": codes[:40], "value": ["ja"] * 30 + ["nej"] * 10, "when": "før"})
    more = pd.DataFrame({"code": codes, "value": ["ja"] * 33 + ["nej"] * 65, "when": "nu"})
    assert tile_map(half, title="Aktiv").message == "Ja: 30 af 40 kommuner med data"
    assert tile_map(more, title="Aktiv").message == "Ja: 33 af 98 kommuner"
    both = tile_map(pd.concat([half, more], ignore_index=True), panel="when", title="Aktiv")
    assert both.message == "Ja: 30 af 40 → 33 af 98 kommuner med data"


@pytest.mark.parametrize("labels", [("1 grøn: fast", "2 gul: løst", "3 rød: intet"), ("green", "yellow", "red"), ("green", "gul", "rød")])
def test_classes_that_are_called_by_colours_are_drawn_in_them_and_stay_apart(labels: tuple[str, ...]) -> None:
    green, yellow, red = (to_rgb(_colours(labels)[one]) for one in labels)
    assert max(green) == green[1]
    assert max(red) == red[0]
    assert min(yellow) == yellow[2]
    light = [ratio(to_hex(one), "#000000") for one in (green, red, yellow)]
    assert light[1] >= 2 * light[0]
    assert light[2] >= 2 * light[1]
    # One that is called by none: an ordered scale for all.
    assert list(_colours([*labels, "4 ukendt"]).values()) == shades(4)

"""Letters of figures: each run of words is laid out once, however many figures, sizes and languages show it."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from matplotlib.backends import backend_svg
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import LoadFlags
from matplotlib.path import Path
from matplotlib.textpath import TextToPath

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_KEPT = 16384
_PLAIN: Any = TextToPath()
_SVG: Any = backend_svg
# Where a typeface says how high its lines are: the table, then rise, fall and gap.
_LINES = (("OS/2", "sTypoAscender", "sTypoDescender", "sTypoLineGap"), ("hhea", "ascent", "descent", "lineGap"))
# The outline of each letter as a file has it, by the letter's name.
_DRAWN: dict[str, str] = {}


class _Letters(TextToPath):
    """Matplotlib's own letters, remembered: of a typeface only the size differs, and that is a factor."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> Any:
        """Width, height and descent in points."""
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        scale = float(prop.get_size_in_points()) / self.FONT_SCALE
        width, height, descent = _measured(s, _face(prop))
        return width * scale, height * scale, descent * scale


LETTERS = _Letters()


class _Paper(_SVG.RendererSVG):  # type: ignore[misc]
    """Matplotlib's own SVG, sign for sign; what it writes of a run of words is remembered too."""

    def __init__(self, stream: io.StringIO, width: float, height: float, dpi: float) -> None:
        super().__init__(width, height, stream, image_dpi=dpi, metadata={"Date": None, "Creator": None})
        self._text2path, self._stream = LETTERS, stream

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float | None, ...]:
        return _heights(_face(prop), float(prop.get_size_in_points()))

    def _draw_text_as_path(
        self, gc: Any, x: float, y: float, s: str, prop: FontProperties, angle: float, ismath: Any, mtext: Any = None
    ) -> None:
        rgb = gc.get_rgb()
        special = mtext is not None and (mtext.get_fontfeatures() or mtext.get_language())
        if ismath or special or gc.get_forced_alpha() or rgb[3] != 1:
            super()._draw_text_as_path(gc, x, y, s, prop, angle, ismath, mtext)
            return
        scale = float(prop.get_size_in_points()) / LETTERS.FONT_SCALE
        placed = _SVG._generate_transform([("translate", (x, y)), ("rotate", (-angle,)), ("scale", (scale, -scale))])
        colour = to_hex(rgb)
        self.writer.comment(s)
        depth = self.writer.start("g", style="" if colour == "#000000" else f"fill: {colour}", transform=placed)
        outlines, first, others = _run(s, _face(prop), depth + 1)
        self._update_glyph_map_defs({name: outline for name, outline in outlines.items() if name not in self._glyph_map})
        if first:
            # The first letter closes what is open in the file; those after it stand as they are.
            self.writer.element("use", attrib=first)
            self._stream.write(others)
        self.writer.end("g")

    def _update_glyph_map_defs(self, glyph_map_new: dict[str, Any]) -> None:
        if not glyph_map_new:
            return
        self.writer.start("defs")
        for name, (vertices, codes) in glyph_map_new.items():
            if name not in _DRAWN:
                _DRAWN[name] = self._convert_path(Path(vertices * 64, codes), simplify=False)
            self.writer.element("path", id=self._adjust_glyph_repr(name), d=_DRAWN[name], transform="scale(0.015625)")
        self.writer.end("defs")
        self._glyph_map.update(glyph_map_new)


def paper(figure: Figure, stream: io.StringIO | None = None) -> Any:
    """What a figure is drawn or measured on, in points; without a stream nothing of it is kept.

    Args:
        figure: from now on it counts in points.
        stream: where the SVG goes.
    """
    given, figure.dpi = figure.dpi, 72
    width, height = (float(side) * 72 for side in figure.get_size_inches())
    return _Paper(stream or io.StringIO(), width, height, given)


def drawn_svg(figure: Figure) -> bytes:
    """The SVG of a figure; the same figure gives the same bytes."""
    import matplotlib

    stream = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "figure", "svg.fonttype": "path"}):
        renderer = paper(figure, stream)
        figure.draw(renderer)
        renderer.finalize()
    return stream.getvalue().encode()


def _face(prop: FontProperties) -> tuple[Any, ...]:
    """Of which typeface words are, without their size."""
    return tuple(prop.get_family()), prop.get_style(), prop.get_variant(), prop.get_weight(), prop.get_stretch(), prop.get_file()


def _of_face(family: tuple[str, ...], style: Any, variant: Any, weight: Any, stretch: Any, file: Any) -> FontProperties:
    """A typeface where a letter is as high as the unit of outlines."""
    size = TextToPath.FONT_SCALE
    return FontProperties(family=list(family), style=style, variant=variant, weight=weight, stretch=stretch, size=size, fname=file)


@lru_cache(maxsize=_KEPT)
def _measured(words: str, face: tuple[Any, ...]) -> tuple[float, ...]:
    """What words measure where a letter is as high as the unit of outlines."""
    return tuple(_PLAIN.get_text_width_height_descent(words, _of_face(*face), ismath=False))


@lru_cache(maxsize=_KEPT)
def _heights(face: tuple[Any, ...], size: float) -> tuple[float | None, ...]:
    """Rise, fall and gap of a typeface's lines in points, reckoned as matplotlib does; None where it does not say."""
    font = _PLAIN._get_font(_of_face(*face))
    for name, *keys in _LINES:
        if (table := font.get_sfnt_table(name)) is not None:
            scale = 1 / font.get_sfnt_table("head")["unitsPerEm"] * size * 72 / 72
            rise, fall, gap = (table[key] for key in keys)
            return rise * scale, -fall * scale, gap * scale
    return None, None, None


@lru_cache(maxsize=_KEPT)
def _run(words: str, face: tuple[Any, ...], depth: int) -> tuple[dict[str, Any], dict[str, str], str]:
    """A run of words in a file: its outlines, its first letter, and the lines of the others so deep inside the file."""
    outlines: dict[str, Any] = {}
    letters = []
    for item in _PLAIN._get_font(_of_face(*face))._layout(words, LoadFlags.NO_HINTING):
        name, outline = _letter(item.ft_object, item.glyph_index)
        outlines[name] = outline
        letters.append({"xlink:href": f"#{name}", "transform": _SVG._generate_transform([("translate", (item.x, item.y))])})
    lines = ["".join(f' {key}="{value}"' for key, value in letter.items() if value) for letter in letters[1:]]
    return outlines, letters[0] if letters else {}, "".join(f"{' ' * depth}<use{line}/>\n" for line in lines)


@lru_cache(maxsize=_KEPT)
def _letter(font: Any, number: int) -> tuple[str, Any]:
    """A letter's name and outline; it is loaded once however many words it stands in."""
    font.load_glyph(number, flags=LoadFlags.NO_HINTING)
    return _PLAIN._get_glyph_repr(font, number), font.get_path()

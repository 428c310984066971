"""Letters of figures: each run of words is laid out once, however many figures, sizes and languages show it."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_KEPT = 16384
_PLAIN = TextToPath()
_SVG: Any = RendererSVG


class _Letters(TextToPath):
    """Matplotlib's own letters, remembered: of a typeface only the size differs, and that is a factor."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> Any:
        """Width, height and descent in points."""
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        scale = float(prop.get_size_in_points()) / self.FONT_SCALE
        width, height, descent = _measured(s, *_face(prop))
        return width * scale, height * scale, descent * scale

    def get_glyphs_with_font(self, font: Any, s: str, glyph_map: Any = None, return_new_glyphs_only: bool = False, **how: Any) -> Any:
        """Where each letter of a run stands, and the outlines of those that a file does not have yet."""
        known = {} if glyph_map is None else glyph_map
        placed, outlines = _laid_out(font, s, tuple(sorted(how.items())))
        if glyph_map is not None and not return_new_glyphs_only:
            glyph_map.update({name: outline for name, outline in outlines.items() if name not in glyph_map})
        new = {name: outline for name, outline in outlines.items() if name not in known}
        return list(placed), new if return_new_glyphs_only else {**known, **new}, []


LETTERS = _Letters()


def paper(figure: Figure, stream: io.StringIO | None = None) -> Any:
    """What a figure is drawn or measured on, in points; without a stream nothing of it is kept.

    Args:
        figure: from now on it counts in points.
        stream: where the SVG goes.
    """
    given, figure.dpi = figure.dpi, 72
    width, height = (float(side) * 72 for side in figure.get_size_inches())
    renderer: Any = _SVG(width, height, stream or io.StringIO(), image_dpi=given, metadata={"Date": None, "Creator": None})
    renderer._text2path = LETTERS
    return renderer


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


@lru_cache(maxsize=_KEPT)
def _measured(words: str, family: tuple[str, ...], style: Any, variant: Any, weight: Any, stretch: Any, file: Any) -> tuple[float, ...]:
    """What words measure where a letter is as high as the unit of outlines."""
    font = FontProperties(family=list(family), style=style, variant=variant, weight=weight, stretch=stretch, fname=file)
    font.set_size(TextToPath.FONT_SCALE)
    return tuple(_PLAIN.get_text_width_height_descent(words, font, ismath=False))


@lru_cache(maxsize=_KEPT)
def _laid_out(font: Any, words: str, how: tuple[tuple[str, Any], ...]) -> tuple[list[Any], dict[str, Any]]:
    placed, outlines, _ = _PLAIN.get_glyphs_with_font(font, words, **dict(how))
    return placed, dict(outlines)

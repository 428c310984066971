"""Whether a drawn figure can be read: what covers what, what runs out, what is too small or too pale, what its file does not say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.figures._drawing import dark
from vvvresearch.figures._frame import Box, overlap
from vvvresearch.figures._look import SMALLEST, WIDE, ratio
from vvvresearch.locales import say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from vvvresearch.figures._drawing import Drawing

# By how many points boxes may touch, for a typeface is set with room round its letters.
_TOUCH = 0.78
_TEXT, _MARK = 4.5, 3.0


def figure_problems(drawing: Drawing, *, source: bool = False) -> list[str]:
    """Everything that keeps a figure from being read, at both its widths; none where it can be published.

    Args:
        drawing: the figure.
        source: whether its file must name where its data come from.

    Returns:
        One sentence each, in English, with the words concerned and the width in millimetres.

    Source: sizes and contrasts after WCAG 2.2 (1.4.3, 1.4.11); the questions after Chartability.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.figures import bars
        >>> figure_problems(bars(pd.DataFrame({"label": ["yes", "no"], "count": [22, 20], "n": [42, 42]}), title="Refers"))
        []
    """
    found: list[str] = []
    for one in (drawing, drawing.narrow):
        width = round(25.4 * float(one.figure.get_size_inches()[0]))
        found += [f"at {width} mm {problem}" for problem in _found(one.figure)]
    return [*dict.fromkeys(found), *_said(drawing, source)]


def _said(drawing: Drawing, source: bool) -> list[str]:
    """What the file does not say."""
    told, alt = drawing.told, drawing.alt()
    found = []
    if not say(drawing.title, drawing.lang).strip():
        found.append("it has no title")
    if not any(sign.isdigit() for sign in alt):
        found.append("the alternative text holds no number")
    if drawing.base.n is not None and str(drawing.base.n) not in re.sub(r"[.,]", "", told):
        found.append("its file does not say n")
    if drawing.kind.label(drawing.lang) not in told:
        found.append("its file does not say of what kind its data are")
    if source and not (say(drawing.source, drawing.lang) or say(drawing.base.source, drawing.lang)):
        found.append("its file does not say where its data come from")
    return found


def _found(figure: Figure) -> list[str]:
    from matplotlib.text import Text

    from vvvresearch.figures._letters import paper

    renderer = paper(figure)
    scale = min(1.0, WIDE / float(figure.get_size_inches()[0]))
    page = figure.bbox.extents
    texts = [one for one in figure.findobj(Text) if one.get_visible() and one.get_text().strip() and _is_shown(one)]
    boxes: list[Any] = [tuple(one.get_window_extent(renderer).extents) for one in texts]
    fields = _fields(figure, renderer)
    found = []
    for one, box in zip(texts, boxes, strict=True):
        words = repr(" ".join(one.get_text().split())[:40])
        size = float(one.get_fontsize()) * scale
        if size < SMALLEST:
            found.append(f"{words} is {size * 96 / 72:.1f} pixels high, less than 10.5")
        if box[0] < page[0] - _TOUCH or box[1] < page[1] - _TOUCH or box[2] > page[2] + _TOUCH or box[3] > page[3] + _TOUCH:
            found.append(f"{words} runs out of the figure")
        found += _against(words, _hex(one.get_color()), box, one.get_zorder(), fields)
    found += [f"{texts[one].get_text()[:30]!r} and {texts[other].get_text()[:30]!r} cover each other" for one, other in _covering(boxes)]
    return found + _pale(fields, boxes, page)


def _is_shown(text: Any) -> bool:
    """Whether a text is drawn at all: ticks and titles of axes that are switched off are not."""
    axes = text.axes
    return bool(axes is None or axes.axison or text in axes.texts)


def _covering(boxes: list[Box]) -> list[tuple[int, int]]:
    """Pairs of boxes that share room, by their places in the list; all are held against all at once, for a figure has hundreds."""
    if not boxes:
        return []
    left, low, right, high = np.array([_shrunk(box) for box in boxes]).T
    shared = (left[:, None] < right) & (left < right[:, None]) & (low[:, None] < high) & (low < high[:, None])
    return [(int(one), int(other)) for one, other in np.argwhere(np.triu(shared, 1))]


def _shrunk(box: Box) -> Box:
    return (box[0] + _TOUCH, box[1] + _TOUCH, box[2] - _TOUCH, box[3] - _TOUCH)


_Field = tuple[Box, str, str, float, bool]


def _fields(figure: Figure, renderer: Any) -> list[_Field]:
    """Filled marks from the lowest up: box, filling, edge, level, whether it is hatched."""
    from matplotlib.colors import to_rgba
    from matplotlib.patches import Patch

    found: list[_Field] = []
    for patch in figure.findobj(Patch):
        if patch is figure.patch or (patch.axes is not None and patch is patch.axes.patch) or not patch.get_visible():
            continue
        box: Any = tuple(patch.get_window_extent(renderer).extents)
        face, edge = to_rgba(patch.get_facecolor()), to_rgba(patch.get_edgecolor())
        if face[3] < 0.5 or not patch.get_fill() or min(box[2] - box[0], box[3] - box[1]) < 2 * _TOUCH:
            continue
        line = _hex(edge) if edge[3] > 0.5 and patch.get_linewidth() else _hex(face)
        found.append((box, _hex(face), line, float(patch.get_zorder()), bool(patch.get_hatch())))
    return sorted(found, key=lambda field: field[3])


def _against(words: str, colour: str, box: Box, level: float, fields: list[_Field]) -> list[str]:
    """Words against what lies under them, on a light and on a dark screen; words may not lie on the edge of a mark."""
    inner = _shrunk(box)
    under = "#ffffff"
    for field, face, _, height, hatched in fields:
        if height > level or not overlap(inner, field):
            continue
        inside = field[0] <= inner[0] and field[1] <= inner[1] and inner[2] <= field[2] and inner[3] <= field[3]
        if not inside and ratio(face, under) > 1.2:
            return [f"{words} lies on the edge of a mark"]
        if hatched:
            return [f"{words} lies on a hatched mark"]
        under = face
    for ink, ground, where in ((colour, under, "light"), (dark(colour), dark(under), "dark")):
        if ratio(ink, ground) < _TEXT:
            return [f"{words} has a contrast of {ratio(ink, ground):.1f} on a {where} screen, less than {_TEXT}"]
    return []


def _pale(fields: list[_Field], texts: list[Box], page: Any) -> list[str]:
    """Marks that are lost on the page: neither filling nor edge nor words tell them."""
    found = []
    for box, face, edge, _, hatched in fields:
        if box[0] < page[0] - _TOUCH or box[2] > page[2] + _TOUCH or box[1] < page[1] - _TOUCH or box[3] > page[3] + _TOUCH:
            found.append("a mark runs out of the figure")
        strongest = max(ratio(face, "#ffffff"), ratio(edge, "#ffffff"))
        if strongest < _MARK and not hatched and not any(overlap(box, words) for words in texts):
            found.append(f"a mark in {face} has a contrast of {strongest:.1f}, less than {_MARK}")
    return list(dict.fromkeys(found))


def _hex(colour: Any) -> str:
    from matplotlib.colors import to_hex

    return str(to_hex(colour))

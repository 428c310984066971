"""The file of a figure: what it says, of whom and from where inside it, and a second set of colours for dark screens."""

from __future__ import annotations

import re
from functools import lru_cache
from xml.sax.saxutils import escape, unescape

from vvvresearch import files
from vvvresearch.figures._look import luminance
from vvvresearch.locales import Lang

# The page on a dark screen, as the pages of reports have it.
DARK = "#10181e"
_COLOURED = re.compile(r'(?<![\w-])(fill|stroke)(: |=")(#[0-9a-f]{6})')
_ROOT = re.compile(r"<svg\b[^>]*>")
_TOLD = re.compile(r"<desc>(.*?)</desc>", re.DOTALL)


def finished(svg: bytes, title: str, told: str, lang: Lang) -> bytes:
    """A figure's file with its words in it and its colours for dark screens.

    Args:
        svg: as it was drawn.
        title: its message and heading.
        told: the figure in words, its base, source and kind.
        lang: language of the words.

    Returns:
        The SVG: `<title>` and `<desc>`, which screen readers say, and one `<style>` for dark screens; fillings, lines, hatches and
        patterns all change there, and every two colours keep their contrast.
    """
    drawn = svg.decode("utf-8")
    words = f"<title>{escape(files.plain_text(title))}</title>\n <desc>{escape(files.plain_text(told))}</desc>\n"
    root = _ROOT.search(drawn)
    if root is None:
        return svg
    opened = root[0].replace("<svg", f'<svg role="img" xml:lang="{lang}"', 1)
    return f"{drawn[: root.start()]}{opened}\n {words} {dark_style(drawn)}{drawn[root.end() :]}".encode()


def told_in(svg: str) -> list[str]:
    """What a figure's file says of its base, question, source and kind, each in a line.

    Example:
        >>> told_in("<svg><desc>Yes 3, no 1" + chr(10) + "n = 4" + chr(10) + "Source: a survey</desc></svg>")
        ['n = 4', 'Source: a survey']
    """
    found = _TOLD.search(svg)
    return [unescape(line) for line in found[1].split("\n")[1:] if line.strip()] if found else []


def dark_style(svg: str) -> str:
    """The style block of a figure's colours on a dark screen.

    Example:
        >>> dark_style('<path style="fill: #ffffff"/>').splitlines()[2]
        ' [style*="fill: #ffffff"] { fill: #10181e !important }'
    """
    rules = [f" svg {{ fill: {dark('#000000')} }}"]
    found = set(_COLOURED.findall(svg))
    for part in ("fill", "stroke"):
        rules += [f' [style*="{part}: {one}"] {{ {part}: {dark(one)} !important }}' for one in _of(found, part, ": ")]
        # The ground of a hatch says its colour in an attribute.
        rules += [f' [{part}="{one}"] {{ {part}: {dark(one)} !important }}' for one in _of(found, part, '="')]
    return "\n".join(["<style>@media (prefers-color-scheme: dark) {", *rules, "}</style>"])


def _of(found: set[tuple[str, str, str]], part: str, sign: str) -> list[str]:
    return sorted(colour for name, how, colour in found if (name, how) == (part, sign))


@lru_cache(maxsize=256)
def dark(colour: str) -> str:
    """A colour on a dark page: it stands out from it as much as the colour itself does from white.

    So every two colours keep the contrast that they have to each other, words on their fillings included.

    Example:
        >>> dark("#ffffff"), dark("#1d252c") > "#d0"
        ('#10181e', True)
    """
    from matplotlib.colors import to_hex, to_rgb

    page = luminance(DARK) + 0.05
    light = min(1.0, page * 1.05 / (luminance(colour) + 0.05) - 0.05)
    if light <= luminance(DARK) + 1e-6:
        return DARK
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    now = luminance(colour)
    scaled = [part * light / now if now else light for part in linear]
    if max(scaled) > 1:
        # A hue that cannot be so light goes towards white, which keeps how light it is.
        share = (1 - light) / (max(scaled) - light) if max(scaled) > light else 1.0
        scaled = [light + share * (part - light) for part in scaled]
    signs = [part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in scaled]
    red, green, blue = (min(1.0, max(0.0, part)) for part in signs)
    return str(to_hex((red, green, blue)))

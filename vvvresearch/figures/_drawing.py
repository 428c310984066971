"""What every figure function returns: the picture, everything a reader needs beside it, and its file, which says what it is inside."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec
from xml.sax.saxutils import escape, unescape

from vvvresearch import files
from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.figures._look import NARROW, at_width, is_marked, luminance
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Sayable, check_lang, say, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A drawn figure.

    Args:
        figure: the matplotlib Figure.
        title: the caption, as words or a phrase.
        base: who and how many it rests on.
        spoken: sentences that say what is drawn, numbers included; the alternative text.
        notes: what stands under the figure after the base.
        kind: data kind; it is drawn on the figure too.
        lang: language of the figure.
        source: where its data come from, in words; default what the base says.
        message: what it says, made of its numbers: the first words of its title in a report.
    """

    figure: Figure
    title: str | Sayable
    base: Base
    spoken: tuple[str | Sayable, ...]
    notes: tuple[str | Sayable, ...] = ()
    kind: DataKind = DataKind.REAL
    lang: Lang = "da"
    source: str | Sayable = ""
    message: str = ""
    again: Callable[[], Drawing] | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"Drawing({say(self.title, self.lang)!r})"[:200]

    @cached_property
    def narrow(self) -> Drawing:
        """The same figure for a phone: 74 mm across, drawn from the same record."""
        if self.again is None:
            return self
        with at_width(NARROW):
            drawn = self.again()
        return replace(drawn, title=self.title, base=self.base, notes=self.notes, source=self.source, again=None)

    @property
    def caption(self) -> str:
        """The title, with the data kind when it is not real."""
        title = say(self.title, self.lang)
        if is_marked(self.kind):
            return f"{title} ({self.kind.label(self.lang)})" if title else self.kind.label(self.lang)
        return title

    @property
    def note(self) -> str:
        """The notes in words."""
        return " ".join(say(part, self.lang) for part in self.notes)

    def alt(self, lang: str | None = None) -> str:
        """The figure in words, with its numbers, for those who do not see it.

        Args:
            lang: "da" or "en"; labels that came as plain text stay as they are.
        """
        language = check_lang(lang or self.lang)
        sentences = [say(self.title, language), *(say(part, language) for part in self.spoken)]
        return " ".join(sentence if sentence.endswith((".", "?", "!")) else f"{sentence}." for sentence in sentences if sentence)

    @cached_property
    def svg(self) -> bytes:
        """The figure as SVG, drawn once for the notebook and the file; the same figure gives the same bytes."""
        from vvvresearch.figures._letters import drawn_svg

        title = ". ".join(part for part in (self.message, say(self.title, self.lang)) if part)
        return finished(drawn_svg(self.figure), title, self.told, self.lang)

    @property
    def told(self) -> str:
        """What stands inside the file: the figure in words, of whom and how many, the question, the source, the kind of the data."""
        lang = self.lang
        named = {"question": self.base.question, "source": self.source or self.base.source, "kind": self.kind.label(lang)}
        said = [f"{text(f'figures.file_{name}', lang)}: {words}" for name, part in named.items() if (words := say(part, lang))]
        return "\n".join(line for line in (self.alt(), self.base.say(lang), *said) if line)

    def save(self, path: str | Path, *, dpi: float = 200, **_: Any) -> Path:
        """Write the figure; its ending says as what: .svg, .png (with `dpi`) or .pdf. Returns the path.

        What matplotlib has to be told beside (`bbox_inches="tight"`) is so anyway.

        Raises:
            AnalysisError: another ending.
        """
        suffix = Path(path).suffix.casefold()
        if suffix == ".svg":
            return files.write_bytes(path, self.svg)
        if suffix not in (".png", ".pdf"):
            raise AnalysisError(
                f"a figure cannot be written as {suffix or 'a file without an ending'}", where=str(path), todo="svg, png, pdf"
            )
        buffer = io.BytesIO()
        stamp = {"CreationDate": None} if suffix == ".pdf" else {}
        self.figure.savefig(buffer, format=suffix[1:], dpi=dpi, metadata=stamp)
        return files.write_bytes(path, buffer.getvalue())

    if not TYPE_CHECKING:  # a type checker knows what there is

        def __getattr__(self, name: str) -> Any:
            if name in ("savefig", "export", "write", "gem", "to_png", "to_svg", "to_pdf", "to_file"):
                return self.save
            if name in ("show", "plot", "draw", "display", "vis", "tegn"):
                return lambda *_, **__: self
            public = [one for one in dir(type(self)) if not one.startswith("_")]
            raise AttributeError(name if name.startswith("_") else f"a figure has no {name!r}; {did_you_mean(name, public)}")

    def _repr_svg_(self) -> str:
        return self.svg.decode("utf-8")


P = ParamSpec("P")


def two_widths(function: Callable[P, Drawing]) -> Callable[P, Drawing]:
    """A function that draws, whose drawings can be drawn again for a phone."""

    @wraps(function)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Drawing:
        return replace(function(*args, **kwargs), again=partial(function, *args, **kwargs))

    return drawn


@dataclass(frozen=True)
class Given:
    """What a figure is drawn from, whether a result or a bare frame was handed in."""

    frame: pd.DataFrame
    title: str | Sayable
    base: Base
    notes: tuple[str | Sayable, ...]
    kind: DataKind
    lang: Lang


def given(
    data: Result | pd.DataFrame,
    needed: tuple[str, ...],
    *,
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Given:
    """Check what was handed in and take title, base, notes, kind and language from it.

    Raises:
        AnalysisError: a needed column is missing, or there are no rows.
    """
    if isinstance(data, Result):
        shown = data.in_language(lang) if lang else data
        frame, notes, own = _worded(shown, needed), shown.notes, shown
        found = Given(
            frame.reset_index(drop=True),
            own.title if title is None else title,
            base or own.base,
            notes,
            own.kind if kind is None else DataKind(kind),
            own.lang,
        )
    else:
        require_table(data, "data")
        found = Given(
            data.reset_index(drop=True), title or "", base or Base(None), (), DataKind(kind or DataKind.REAL), check_lang(lang or "da")
        )
    require_table(found.frame, "data", needed)
    if found.frame.empty:
        raise AnalysisError("there is nothing to draw", where="data", why="the table has no rows")
    return found


def _worded(result: Result, needed: tuple[str, ...]) -> pd.DataFrame:
    """A result's rows; where they hold codes, those of its picture, which hold words."""
    if set(needed) <= set(result.frame.columns):
        return result.frame
    pictures = (picture for picture in result.pictures.values() if picture.frame is not None and set(needed) <= set(picture.frame.columns))
    picture = next(pictures, None)
    return result.frame if picture is None else picture.said(result, result.lang)


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

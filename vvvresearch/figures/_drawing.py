"""What every figure function returns: the picture, and everything a reader needs beside it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

from vvvresearch import files
from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.figures._file import finished
from vvvresearch.figures._look import NARROW, at_width, is_marked
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
            if name == "show":
                return lambda: self
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

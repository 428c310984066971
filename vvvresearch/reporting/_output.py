"""What a notebook hands to the report: tables, figures and numbers, each with its base."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from vvvresearch import files
from vvvresearch.errors import AnalysisError, RenderError
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, check_lang, format_date, format_number, format_p, format_percent, say, text
from vvvresearch.reporting.staging._variables import KEY
from vvvresearch.results import Base, Result
from vvvresearch.rounds._snippets import figure_snippet, view_snippet
from vvvresearch.rounds._values import FOLDER, Value, values_document

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from vvvresearch.figures import Drawing

Shape = Literal["count", "number", "percent", "p", "date", "text"]
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGS: tuple[Lang, Lang] = ("da", "en")
# Below this base a share is written as "2 of 7": a percentage would promise more than seven answers can say.
SMALL_BASE = 10
_CELL_LABEL = re.compile(r"^#\|\s*label:\s*(\S+)", re.MULTILINE)
_PIXELS = 160  # per inch of the PNG


class Output:
    """Collects what one notebook makes, and writes it where the report finds it.

    Args:
        out_folder: folder of this run; empty writes nothing, as when a notebook is read in JupyterLab.
        notebook: the notebook's name.
        round_id: the round.
        lang: language of tables and figures; numbers are kept in both.
        kind: data kind of what does not say its own.

    Example:
        >>> with Output("", notebook="20-goals", round_id="demo", kind=DataKind.SYNTHETIC) as out:
        ...     value = out.value("goals.n", 9, base=Base(9, "goal"))
        >>> value.shown["da"], value.base["en"]
        ('9', 'n = 9 goals.')
    """

    def __init__(
        self, out_folder: str | Path, notebook: str, round_id: str, lang: str = "da", kind: DataKind | str = DataKind.REAL
    ) -> None:
        self.folder = Path(out_folder) if str(out_folder) else None
        self.notebook = notebook
        self.round_id = round_id
        self.lang = check_lang(lang)
        self.kind = DataKind(kind)
        self.values: dict[str, Value] = {}
        self.sources: dict[str, str] = {}
        self._names: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self.save()

    def table(self, name: str, result: Result) -> Result:
        """Write a result to `tables/<name>` as CSV, XLSX, HTML and Markdown; the report includes the last.

        Args:
            name: lower-case words with dashes; the report refers to it as `@tbl-<name>`.
            result: the result; it is written in this output's language.

        Returns:
            The result in that language, so that a cell can show it.

        Raises:
            AnalysisError: the name is not usable or taken.
        """
        self._claim("tbl", name)
        shown = result.in_language(self.lang)
        if self.folder:
            place = self.folder / "tables" / name
            shown.to_csv(place.with_suffix(".csv"))
            shown.to_excel(place.with_suffix(".xlsx"))
            files.write_text(place.with_suffix(".html"), shown.to_html() + "\n")
            files.write_text(place.with_suffix(".md"), view_snippet(shown.view(), name))
        return shown

    def figure(
        self,
        name: str,
        figure: Drawing | Figure,
        *,
        alt: str = "",
        caption: str = "",
        base: Base | str | None = None,
    ) -> Drawing | Figure:
        """Write a figure to `figures/<name>` as SVG and PNG, with a Markdown piece that the report includes.

        Args:
            name: lower-case words with dashes; the report refers to it as `@fig-<name>`.
            figure: a drawing of `vvvresearch.figures`, or a matplotlib Figure with the three following.
            alt: what the figure shows, with its numbers, for those who do not see it.
            caption: the caption.
            base: who it rests on.

        Returns:
            The figure, so that a cell can show it.

        Raises:
            AnalysisError: the name is not usable or taken.
            RenderError: no alternative text, or one without the figure's numbers.
        """
        from vvvresearch.figures import Drawing

        self._claim("fig", name)
        canvas: Any = figure
        notes: list[str] = []
        if isinstance(figure, Drawing):
            canvas = figure.figure
            alt = alt or figure.alt(self.lang)
            caption = caption or figure.caption
            notes = [figure.base.say(self.lang), figure.note] if base is None else []
        if isinstance(base, Base):
            notes = [base.say(self.lang)]
        elif base:
            notes = [base]
        where = f"{self.notebook}, figure {name!r}"
        if not alt.strip():
            raise RenderError("the figure has no alternative text", where=where, todo='give alt="…" with the numbers it shows')
        if not any(mark.isdigit() for mark in alt):
            raise RenderError("the alternative text holds no number", where=where, why="those who do not see the figure need its numbers")
        if self.folder:
            place = self.folder / "figures" / name
            for suffix, data in picture_bytes(canvas, name).items():
                files.write_bytes(place.with_suffix(suffix), data)
            files.write_text(place.with_suffix(".md"), figure_snippet(f"figures/{name}.svg", name, caption or name, alt, notes))
        return figure

    def value(
        self,
        key: str,
        number: float | int | Fraction | str | Phrase | None,
        format: Shape = "count",
        *,
        base: Base,
        decimals: int = 0,
        kind: DataKind | None = None,
    ) -> Value:
        """Keep one number for the report's text, which names it by its key.

        Args:
            key: dotted lower-case name, such as "referral.yes.pct".
            number: the number (percentages 0–100, exact as a Fraction where they come from counts), a date or a phrase;
                None is written "no data".
            format: "count", "number" (with `decimals`), "percent", "p", "date" or "text".
            base: who and how many it rests on.
            decimals: digits of numbers and percentages.
            kind: data kind, when it differs from the output's.

        Returns:
            The value.

        Raises:
            AnalysisError: the key is not usable or taken, or the number does not fit its format.
        """
        if not KEY.fullmatch(key):
            raise AnalysisError(
                f"{key!r} is not a value key", why="a key is lower-case words joined by dots", todo="for example goals.met.n"
            )
        if key in self.values:
            raise AnalysisError(f"the value {key!r} is kept twice", where=self.notebook, todo="give one of them another key")
        missing = number is None or (isinstance(number, float) and math.isnan(number))
        value = Value(
            key=key,
            shown={lang: text("common.no_data", lang) if missing else _written(number, format, decimals, lang, key) for lang in _LANGS},
            number=None if missing or isinstance(number, str | Phrase) else _plain_number(number),
            n=base.n,
            base={lang: base.say(lang) for lang in _LANGS},
            source=say(base.source, self.lang),
            group=say(base.group, self.lang),
            wave=say(base.wave, self.lang),
            kind=(kind or self.kind).value,
            notebook=self.notebook,
            cell=current_cell(),
        )
        self.values[key] = value
        return value

    def share(self, key: str, count: int, *, base: Base, decimals: int = 0, kind: DataKind | None = None) -> None:
        """Keep a count, its base and its percentage as `<key>.n`, `<key>.of` and `<key>.pct`.

        The percentage is exact before it is rounded half up. On fewer than ten it is written as "2 of 7".

        Args:
            key: what the three keys begin with.
            count: how many of the base.
            base: the base; its `n` is the denominator.
            decimals: digits of the percentage.
            kind: data kind, when it differs from the output's.

        Raises:
            AnalysisError: the base has no n, or the count is not within it.
        """
        n = base.n
        if n is None or not 0 <= count <= n:
            raise AnalysisError(f"{count} of {n} is not a share", where=key, why="a count lies between 0 and its base")
        self.value(f"{key}.n", count, base=base, kind=kind)
        self.value(f"{key}.of", n, base=base, kind=kind)
        if n == 0:
            self.value(f"{key}.pct", None, base=base, kind=kind)
        elif n < SMALL_BASE:
            self.value(f"{key}.pct", Phrase("common.of", {"part": count, "whole": n}), "text", base=base, kind=kind)
        else:
            self.value(f"{key}.pct", Fraction(100 * count, n), "percent", base=base, decimals=decimals, kind=kind)

    def trace(self, sources: Mapping[str, Path]) -> None:
        """Note the content hash of the files that the numbers come from.

        Args:
            sources: files or folders by the id of their source.
        """
        for name, place in sources.items():
            paths = sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place]
            hashes = "".join(files.hash_file(path) for path in paths if path.is_file())
            self.sources[name] = files.content_hash(hashes.encode("ascii"))

    def passage(self, name: str, markdown: str) -> None:
        """Write a piece of text that an analysis made to `tables/<name>.md`; the report includes it.

        Args:
            name: lower-case words with dashes.
            markdown: the text; words from data in it must be escaped with `files.markdown_text`.

        Raises:
            AnalysisError: the name is not usable or taken.
        """
        self._claim("tbl", name)
        if self.folder:
            files.write_text(self.folder / "tables" / f"{name}.md", markdown)

    def save(self) -> Path | None:
        """Write the numbers to `values/<notebook>.json`. Returns the path, or None when nothing is written."""
        if self.folder is None:
            return None
        document = values_document(self.values.values(), self.round_id, self.notebook, self.sources)
        return files.write_json(self.folder / FOLDER / f"{files.safe_name(self.notebook)}.json", document)

    def _claim(self, kind: str, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise AnalysisError(f"{name!r} is not a usable name", why="the report refers to it", todo="use lower-case words with dashes")
        if f"{kind}-{name}" in self._names:
            raise AnalysisError(f"{name!r} is written twice", where=self.notebook, todo="give one of them another name")
        self._names.add(f"{kind}-{name}")


def picture_bytes(figure: Figure, salt: str) -> dict[str, bytes]:
    """A figure as SVG and PNG; the same figure gives the same bytes."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    vector, raster, before = io.BytesIO(), io.BytesIO(), figure.dpi
    with matplotlib.rc_context({"svg.hashsalt": salt, "svg.fonttype": "path"}):
        # `savefig` would work out the layout four times; here it is worked out by the first print and kept for the second.
        paper: Any = FigureCanvasAgg(figure)
        figure.set_dpi(_PIXELS)
        paper.print_png(raster, metadata={"Software": None})
        figure.set_layout_engine("none")
        paper = FigureCanvasSVG(figure)
        paper.print_svg(vector, metadata={"Date": None, "Creator": None})
        figure.set_dpi(before)
    return {".svg": vector.getvalue(), ".png": raster.getvalue()}


def current_cell() -> str:
    """The notebook cell that runs now: its `#| label`, else its number; empty outside a notebook."""
    try:
        from IPython import get_ipython
    except ImportError:
        return ""
    shell = get_ipython()
    if shell is None or not hasattr(shell, "get_parent"):
        return ""
    code = (shell.get_parent() or {}).get("content", {}).get("code", "")
    label = _CELL_LABEL.search(code)
    return label[1] if label else f"[{shell.execution_count}]"


def _plain_number(number: Any) -> float | int:
    return number if isinstance(number, int) else float(number)


def _written(number: Any, format: Shape, decimals: int, lang: Lang, key: str) -> str:
    if format == "text":
        if isinstance(number, Phrase):
            return number.say(lang)
        raise AnalysisError(f"the value {key!r} is free text", why="words from data never travel into prose", todo="give a Phrase")
    if format == "date":
        return format_date(number, lang)
    if isinstance(number, str | Phrase | bool):
        raise AnalysisError(f"the value {key!r} is not a number", where=repr(number), todo='give a number, or format="text" with a Phrase')
    if hasattr(number, "item"):
        number = number.item()
    if format == "percent":
        return format_percent(number, decimals, lang)
    if format == "p":
        return format_p(float(number), lang)
    if format == "count" and number != int(number):
        raise AnalysisError(f"the count {key!r} is not whole", where=number, todo='use format="number" with decimals=')
    return format_number(number, decimals, lang)

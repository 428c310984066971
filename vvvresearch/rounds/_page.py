"""The page: what a chapter hands on, view by view, in the languages of its round, from one run."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import AnalysisError, RenderError, did_you_mean
from vvvresearch.evidence import read_findings
from vvvresearch.locales import Lang, Sayable, has_words, say, text
from vvvresearch.results import Base, Cell, Drawn, Shown, View
from vvvresearch.results._measure import Format
from vvvresearch.rounds._find import report_source
from vvvresearch.rounds._written import (
    FOLDER,
    NARROW,
    figure_snippet,
    note_once,
    source_behind,
    sources_of,
    titled,
    value_of,
    values_document,
    values_of,
    view_snippet,
)

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round

_ADDRESS = re.compile(r"[a-zæøå0-9][\w~/-]*(\.[\w~/-]+)+")
_NUMBER = re.compile(r"^\d+-")
_SIGNS = re.compile(r"[^a-z0-9]+")
_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
# The chapter of findings, which takes up the figure of each.
_STORY = "findings/story.md"
_FIGURE = re.compile(r"figures/([\w-]+)\.md|@fig-([\w-]+)|pages/([\w-]+)(?:\.told)?\.md")
_TABLE = re.compile(r"^: .*\{#tbl-", re.MULTILINE)
# A page as a whole, what is told of it, and the tables behind that.
TOLD, TABLES = ".told", ".tables"
PARTS = ("", TOLD, TABLES)


class Page:
    """Collects what one chapter shows, and writes it where reports find it.

    Every `add` shows a view in the notebook and writes its table (CSV and workbook once, Markdown in every language), its picture
    and its numbers; `{{< include tables/<name>.md >}}`, `{{< include figures/<name>.md >}}` and `{{< var address >}}` take them up.
    The page as a whole is `{{< include pages/<page>.md >}}`. Its pictures and quotations are in `pages/<page>.told.md` and the tables
    behind them in `pages/<page>.tables.md`, for a volume of evidence. Of a result for the team alone only its numbers are handed on.

    Args:
        opened: the round.
        name: the page's name, the notebook's by custom.
        out: folder of this run; empty writes nothing.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("2021-note")
        >>> page = r.page("30-surveys")
        >>> page.add("refers", r.tabulate("municipal-2021", "refers"))
        >>> page.names
        ('refers',)
    """

    def __init__(self, opened: Round, name: str, out: str | Path = "") -> None:
        self.round, self.name = opened, name
        self.folder = Path(out) if str(out) else None
        self._names: dict[str, str] = {}
        self._cells: dict[str, Cell] = {}
        self._shown: dict[Lang, set[tuple[str, str]]] = {lang: set() for lang in opened.spec.languages}
        self._sheets = {(lang, part): _Sheet() for lang in opened.spec.languages for part in PARTS}
        self._heading: str | Sayable = ""
        self._section = 0
        self._wanted: dict[Lang, set[str] | None] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """What was added, in order; what was absent is not among it."""
        return tuple(self._names)

    def heading(self, words: str | Sayable) -> None:
        """A heading for what follows; it is written only if something follows."""
        self._heading = words
        self._section += 1

    def add(self, name: str, shown: Shown, figure: str | None = None, *, parts: bool = False, least: int = 1) -> None:
        """Show a result or view once and hand on its table, picture and numbers; an absent one shows its sentence and nothing else.

        Args:
            name: what reports call it: `@tbl-` and `@fig-` with signs as dashes ("voices/work" is `@tbl-voices-work`).
            shown: a result or a view.
            figure: which of its pictures; default the usual one, "" none.
            parts: whether the results inside it follow, each called by its name behind this one ("ledger/rivals").
            least: rows that a table must have to stand on the page; one with fewer is a file alone.

        Raises:
            AnalysisError: the name is taken, or its numbers contradict others at the same addresses.
            RenderError: a picture without numbers in its alternative text, or that cannot be read at one of its widths.
        """
        view = shown.view()
        self._add(name, view, figure, least)
        if parts:
            for inside, part in view.result.parts.items():
                self.add(f"{name}/{inside}", part)

    def _add(self, name: str, view: View, figure: str | None, least: int) -> None:
        display = _displayer()
        display(view)
        if view.absent:
            return
        slug = self._claimed(name)
        cells = self._new_cells(view)
        if figure and figure not in view.result.pictures:
            todo = did_you_mean(figure, view.result.pictures)
            raise AnalysisError(f"there is no picture {figure!r}", where=f"{self.name}, {name}", todo=todo)
        if self.folder is None and display is _nowhere:
            return
        drawn = None if figure == "" or not view.result.pictures else view.plot(figure or "")
        if drawn is not None:
            display(drawn)
        if self.folder is None:
            return
        with files.unflushed():
            if not view.result.team:
                self._write_shown(slug, view, figure, drawn, least)
            values = values_of(cells, self.name, slug)
            if values:
                document = values_document(values, self.round.id, self.name, {})
                files.write_json(self.folder / FOLDER / f"{files.safe_name(self.name)}--{slug}.json", document)

    def _write_shown(self, slug: str, view: View, figure: str | None, drawn: Drawn | None, least: int) -> None:
        """Write what readers see: table, picture, and both on the page."""
        view = replace(view, result=replace(view.result, base=titled(view.result.base, self.round.spec)))
        tables = self._write_table(slug, view)
        pictures = {lang: self._write_figure(slug, view, figure or "", drawn, lang) for lang in self._shown} if drawn else {}
        if figure != "" and view.result.hides and not drawn:
            self._write_withheld(slug)
        # A selection that left no row of many is a file for whom it concerns, and nothing to read on the page.
        nothing = not view.result.frame.empty and (view.frame.empty or (least > 1 and len(view.grid().rows) < least))
        self._write_page({} if nothing else tables, pictures, view)

    def value(self, address: str, number: Any, *, base: Base, format: Format = "count", decimals: int = 0) -> None:
        """Hand on a number of one's own, with its base.

        Args:
            address: dotted, lower case; its first part must not be the root of an analysis.
            number: the number; a share as a Fraction or float between 0 and 1.
            base: who and how many it rests on.
            format, decimals: how it is written.

        Raises:
            AnalysisError: no usable address or no number, or another number has this address already.
        """
        if not _ADDRESS.fullmatch(address):
            todo = "for example own.visits"
            raise AnalysisError(f"{address!r} is no address", why="an address is lower-case parts joined by dots", todo=todo)
        if number is not None and (isinstance(number, bool | str) or (format == "count" and number != int(number))):
            raise AnalysisError(f"the value {address!r} is no {format}", where=self.name, todo="give a number that fits its format")
        cell = Cell(address, number, base, format, decimals, kind=self.round.kind, small_n=self.round.small_n)
        if not self._is_new(cell):
            return
        if self.folder is not None:
            slug = "own-" + slug_of(address)
            document = values_document([value_of(cell, self.name, slug)], self.round.id, self.name, {})
            files.write_json(self.folder / FOLDER / f"{files.safe_name(self.name)}--{slug}.json", document)

    def _claimed(self, name: str) -> str:
        slug = slug_of(name)
        if not slug:
            raise AnalysisError(f"{name!r} is not a usable name", where=self.name, todo="use words, dashes and slashes")
        if slug in self._names.values():
            raise AnalysisError(f"{name!r} is on this page twice", where=self.name, todo="give one of them another name")
        self._names[name] = slug
        return slug

    def _is_new(self, cell: Cell) -> bool:
        other = self._cells.get(cell.address)
        if other is None:
            self._cells[cell.address] = cell
            return True
        if other != cell:
            todo = "a setting that changes numbers belongs into the result's address (at)"
            raise AnalysisError("two unlike numbers have one address", where=f"{self.name}, {cell.address}", todo=todo)
        return False

    def _new_cells(self, view: View) -> list[Cell]:
        return [cell for cell in view.result.cells if self._is_new(cell)]

    def _write_table(self, slug: str, view: View) -> dict[Lang, str]:
        """Write a table: plain files once, Markdown in every language, which comes back."""
        assert self.folder is not None
        place = self.folder / "tables" / slug
        view.to_csv(place.with_suffix(".csv"), outside=True)
        view.to_excel(place.with_suffix(".xlsx"), outside=True)
        snippets = {lang: view_snippet(view.in_language(lang), slug) for lang in self._shown}
        for lang, snippet in snippets.items():
            files.write_text(self.folder / "tables" / lang / f"{slug}.md", snippet)
        return snippets

    def _write_figure(self, slug: str, view: View, which: str, drawn: Drawn, lang: Lang) -> str:
        """Write a picture in a language: in the round's first always, in others where their report includes it; "" where it does not."""
        assert self.folder is not None
        wanted = self._figures_of(lang)
        if wanted is not None and slug not in wanted and self.name not in wanted:
            return ""
        own: Any = drawn if lang == view.lang else view.in_language(lang).plot(which)
        alt = " ".join(part for part in (f"{own.message}." if own.message else "", own.alt(lang)) if part)
        where = f"{self.name}, figure {slug!r}"
        if not any(mark.isdigit() for mark in alt):
            raise RenderError("the alternative text holds no number", where=where, why="those who do not see the figure need its numbers")
        behind = source_behind(view.result.at, sources_of(self.round.spec, lang)) or say(own.base.source, lang)
        own = replace(
            own,
            base=titled(own.base, self.round.spec),
            source=behind or text("reporting.own_count", lang, page=chapter_title(self.name, lang)),
        )
        from vvvresearch.figures import figure_problems

        if problems := figure_problems(own, source=True):
            what = f"the figure cannot be read: {'; '.join(problems)}"
            raise RenderError(what, where=where, todo='shorten its labels, show fewer rows, or leave the figure out (figure="")')
        folder = self.folder / "figures" / lang
        files.write_bytes(folder / f"{slug}.svg", own.svg)
        files.write_bytes(folder / f"{slug}{NARROW}", own.narrow.svg)
        notes = [own.base.say(lang), own.note]
        snippet = figure_snippet(f"figures/{slug}.svg", slug, own.caption or slug, alt, notes, own.message)
        files.write_text(self.folder / "figures" / lang / f"{slug}.md", snippet)
        return snippet

    def _write_withheld(self, slug: str) -> None:
        """A sentence in the place of a picture that disclosure control took, so that a report that takes it up still stands."""
        assert self.folder is not None
        for lang in self._shown:
            files.write_text(self.folder / "figures" / lang / f"{slug}.md", f"{text('disclosure.figure_withheld', lang)}\n")

    def _figures_of(self, lang: Lang) -> set[str] | None:
        """The figures and pages that the report in a language takes up; None for the first language, whose all are drawn."""
        if lang == self.round.spec.languages[0]:
            return None
        if lang not in self._wanted:
            source = report_source(self.round.root, self.round.spec, lang)
            prose = files.read_text(source) if source.is_file() else ""
            told = read_findings(self.round.path.parent).finding if _STORY in prose else ()
            self._wanted[lang] = {part for found in _FIGURE.findall(prose) for part in found if part} | {one.figure for one in told}
        return self._wanted[lang]

    def _write_page(self, tables: dict[Lang, str], pictures: dict[Lang, str], view: View) -> None:
        """Write the page: as a whole, what is told of it, and its tables; one table stands there once.

        Of a section that has neither picture nor quotation its first table is told. Cards of what a table told already are read behind it.
        """
        at = view.result.at
        for lang in self._shown:
            told = view.form == "cards" and any(other == at for other, _ in self._shown[lang])
            picture, table = pictures.get(lang, ""), tables.get(lang, "")
            cells = at, table.partition("\n: ")[0]
            table = "" if cells in self._shown[lang] else table
            self._shown[lang].add(cells)
            beside = bool(picture) or self._sheets[lang, TOLD].section == self._section
            tabled = told or (bool(_TABLE.search(table)) and beside)
            for part, blocks in (("", (picture, table)), (TOLD, (picture, "" if tabled else table)), (TABLES, (table if tabled else "",))):
                self._write_part(lang, part, [block for block in blocks if block])

    def _write_part(self, lang: Lang, part: str, blocks: list[str]) -> None:
        """Add to a part of the page, with its title and the heading of the section: what is not on it leaves nothing behind."""
        assert self.folder is not None
        if not blocks:
            return
        sheet = self._sheets[lang, part]
        if not sheet.blocks:
            label = f"sec-{slug_of(self.name)}" + ("-tables" if part == TABLES else "")
            sheet.blocks.append(f"# {files.markdown_text(chapter_title(self.name, lang))} {{#{label}}}\n")
        if self._heading and sheet.section != self._section:
            sheet.blocks.append(f"## {files.markdown_text(say(self._heading, lang))}\n")
        sheet.section = self._section
        sheet.blocks += [note_once(block, lang, sheet.said) for block in blocks]
        files.write_text(self.folder / "pages" / lang / f"{self.name}{part}.md", "\n".join(sheet.blocks))


@dataclass
class _Sheet:
    """What is written of a page so far: its blocks, the notes that stand on it, and the section of the last block."""

    blocks: list[str] = field(default_factory=list)
    said: dict[tuple[str, str], str] = field(default_factory=dict)
    section: int = -1


def chapter_title(name: str, lang: Lang) -> str:
    """What a page is called in a report; a chapter of one's own by its name.

    Example:
        >>> chapter_title("50-themes", "en"), chapter_title("85-my-own", "en")
        ('Themes of the interviews', 'My own')
    """
    stem = _NUMBER.sub("", name).replace("-", "_")
    return text(f"chapters.{stem}", lang) if has_words(f"chapters.{stem}") else stem.replace("_", " ").capitalize()


def slug_of(name: str) -> str:
    return _SIGNS.sub("-", name.casefold().translate(_DANISH)).strip("-")


def _displayer() -> Callable[[Any], object]:
    """How something is shown: once in a running notebook, elsewhere not at all."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        return _nowhere
    return display if get_ipython() is not None else _nowhere


def _nowhere(_shown: Any) -> None:
    return None

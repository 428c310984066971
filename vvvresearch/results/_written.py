"""Writing a table: Markdown, HTML, LaTeX, CSV, workbook and Word document, each as text or bytes."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import io
import warnings
import zipfile
from abc import abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload
from xml.sax.saxutils import escape

from vvvresearch import files
from vvvresearch.errors import AnalysisError, CallError, NameNote
from vvvresearch.results import _export
from vvvresearch.results._guesses import column_called

if TYPE_CHECKING:
    from vvvresearch.results._view import Shown, View


_TITLES = frozenset({"caption", "heading", "main", "overskrift", "titel", "title"})
_DIGITS = frozenset({"decimaler", "decimals", "digits", "ndigits", "precision"})
_LANG = frozenset({"lang", "language", "sprog"})
# What may be said of any table when it is asked for.
TOLD = _TITLES | _DIGITS | _LANG
# What of a picture would change what is drawn.
_OF_AXES = frozenset({"ax", "axes", "by", "column", "columns", "data", "facet", "hue", "subset", "x", "y"})
# What other programs have to be told of a file or a picture: here the table says it, or the page that it stands on.
_SO_ANYWAY = frozenset(
    {
        *("align", "booktabs", "border", "classes", "encoding", "engine", "escape", "format", "header", "index", "index_label", "label"),
        *("na_rep", "position", "quoting", "row_names", "sheet", "sheet_name", "tablefmt"),
    }
)


def as_told(shown: Shown, where: str, words: Mapping[str, Any]) -> View:
    """A table as a call wants it written or drawn: under another title, with other digits, in another language.

    Raises:
        CallError: a word that means none of these.
    """
    view, idle = shown.view(), []
    for word, value in words.items():
        said = word.casefold()
        if said in _TITLES and isinstance(value, str):
            view = dataclasses.replace(view, result=dataclasses.replace(view.result, title=value))
        elif said in _DIGITS and isinstance(value, int):
            view = view.rounded(value)
        elif said in _LANG:
            view = view.in_language(value)
        elif said in _SO_ANYWAY or (where == "plot" and (said not in _OF_AXES or _is_drawn(view, value))):
            # What is so anyway needs no word.
            idle += [word] if value not in (None, False, "utf-8", "utf8", "utf-8-sig") else []
        elif value is not None:
            todo = f"table.{where}(…, title=…, digits=…, lang=…); the numbers for other programs: table.frame"
            raise CallError("the call does not fit", where=where, why=f"got an unexpected keyword argument {word!r}", todo=todo)
    if idle:
        warnings.warn(f"{', '.join(idle)}: left out, since a table and its picture look alike on every page", NameNote, stacklevel=4)
    return view


def _is_drawn(view: View, value: Any) -> bool:
    """Whether columns of the table are named, from which its picture is made anyway."""
    named = [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []
    return bool(named) and all(isinstance(one, str) and column_called(view, one) is not None for one in named)


def _written(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method that writes the table, which a call may want under another title, with other digits or in another language."""
    own = set(inspect.signature(method).parameters)

    @functools.wraps(method)
    def write(shown: Written, *given: Any, **how: Any) -> Any:
        told = {word: value for word, value in how.items() if word not in own or (word == "caption" and isinstance(value, str))}
        kept = {word: value for word, value in how.items() if word not in told}
        return method(as_told(shown.view(), method.__name__, told) if told else shown, *given, **kept)

    return write


class Written:
    """What can be written: whatever has a view."""

    @abstractmethod
    def view(self) -> View:
        """This as a view."""

    @overload
    def to_markdown(self, path: None = None, *, caption: bool = True) -> str: ...
    @overload
    def to_markdown(self, path: str | Path, *, caption: bool = True) -> Path: ...
    @_written
    def to_markdown(self, path: str | Path | None = None, *, caption: bool = True) -> str | Path:
        """As Markdown with title and footer; every cell is escaped plain text. Returns the path; without one, the text."""
        made = _export.markdown(self.view(), caption=caption)
        return made if path is None else files.write_text(path, made)

    @overload
    def to_html(self, path: None = None) -> str: ...
    @overload
    def to_html(self, path: str | Path) -> Path: ...
    @_written
    def to_html(self, path: str | Path | None = None) -> str | Path:
        """As plain HTML with caption and footer that loads nothing. Returns the path; without one, the text."""
        made = self._html()
        return made if path is None else files.write_text(path, made)

    def _html(self) -> str:
        return _export.html(self.view())

    @overload
    def to_latex(self, path: None = None) -> str: ...
    @overload
    def to_latex(self, path: str | Path) -> Path: ...
    @_written
    def to_latex(self, path: str | Path | None = None) -> str | Path:
        """As a LaTeX table with caption and note. Returns the path; without one, the text."""
        made = _export.latex(self.view())
        return made if path is None else files.write_text(path, made)

    @overload
    def to_csv(self, path: None = None, *, excel: bool = False, outside: bool = False) -> str: ...
    @overload
    def to_csv(self, path: str | Path, *, excel: bool = False, outside: bool = False) -> Path: ...
    @_written
    def to_csv(
        self, path: str | Path | None = None, *, excel: bool = False, outside: bool = False, sep: str = ",", decimal: str = "."
    ) -> str | Path:
        """Write the tidy rows as CSV: address, plain numbers, labels in both languages. Returns the path; without one, the text.

        `excel`, or a semicolon between the columns, is as a Danish Excel opens it, decimal comma included. What pandas has to be told
        (`index=False`, `encoding="utf-8"`) is so anyway. `outside` leaves out the columns that are for the team alone, as a page does.
        """
        if (sep, decimal) not in ((",", "."), (";", "."), (";", ","), (",", ",")):
            todo = 'to_csv(path), or to_csv(path, excel=True) with semicolon and decimal comma; another mark: .frame.to_csv(path, sep="…")'
            raise AnalysisError(f"a table is not written with {sep!r} and {decimal!r}", where="to_csv", todo=todo)
        excel = excel or ";" in sep or decimal == ","
        view = self.view()
        table = _export.outside(view) if outside else view.tidy
        return files.csv_text(table, excel=excel) if path is None else files.write_csv(path, table, excel=excel)

    @overload
    def to_excel(self, path: None = None, *, outside: bool = False) -> bytes: ...
    @overload
    def to_excel(self, path: str | Path, *, outside: bool = False) -> Path: ...
    @_written
    def to_excel(self, path: str | Path | None = None, *, outside: bool = False, sheet_name: str = "data") -> bytes | Path:
        """Write the tidy rows as a workbook with base and notes on a second sheet. Returns the path; without one, the bytes.

        `outside` leaves out the columns that are for the team alone, as a page does.
        """
        view = self.view()
        written = _export.sheets(view, _export.outside(view) if outside else view.tidy)
        sheets = {sheet_name if name == "data" else name: one for name, one in written.items()}
        return files.workbook_bytes(sheets) if path is None else files.write_workbook(path, sheets)

    @overload
    def to_docx(self, path: None = None) -> bytes: ...
    @overload
    def to_docx(self, path: str | Path) -> Path: ...
    @_written
    def to_docx(self, path: str | Path | None = None) -> bytes | Path:
        """Write the table as a Word document, as a reader sees it, base and note under it. Returns the path; without one, the bytes."""
        made = document(self.view())
        return made if path is None else files.write_bytes(path, made)


_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    f'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    f'ContentType="{_TYPE}.document.main+xml"/></Types>'
)
_LINKS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
# A zip's own clock starts here; a fixed day makes the same table the same bytes.
_DAY = (1980, 1, 1, 0, 0, 0)
_LINE = '<w:{0} w:val="single" w:sz="4" w:color="808080"/>'
_BORDERS = "<w:tblBorders>" + "".join(map(_LINE.format, ("top", "bottom", "insideH"))) + "</w:tblBorders>"


def document(view: View) -> bytes:
    """The bytes of a Word document with the view's table; an absent one is its sentence."""
    if view.absent:
        body = _paragraph(view.absent)
    else:
        grid = view.grid()
        lines = [_row(grid.headings, grid.numeric, heading=True), *(_row(row, grid.numeric) for row in grid.rows)]
        columns = "".join("<w:gridCol/>" for _ in grid.headings)
        width = '<w:tblW w:w="5000" w:type="pct"/>'
        table = f"<w:tbl><w:tblPr>{width}{_BORDERS}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(lines)}</w:tbl>"
        body = (_paragraph(view.caption, bold=True) if view.caption else "") + table + _paragraph(view.footer)
    text = f'{_HEAD}<w:document xmlns:w="{_MAIN}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _LINKS), ("word/document.xml", text)):
            archive.writestr(zipfile.ZipInfo(name, _DAY), part.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _row(cells: tuple[str, ...], numeric: tuple[bool, ...], *, heading: bool = False) -> str:
    about = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if heading else "<w:trPr><w:cantSplit/></w:trPr>"
    written = (f"<w:tc>{_paragraph(cell, bold=heading, right=right)}</w:tc>" for cell, right in zip(cells, numeric, strict=True))
    return f"<w:tr>{about}{''.join(written)}</w:tr>"


def _paragraph(words: str, *, bold: bool = False, right: bool = False) -> str:
    place = '<w:pPr><w:jc w:val="right"/></w:pPr>' if right else ""
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in files.plain_text(words).split("\n"))
    return f"<w:p>{place}<w:r>{look}{lines}</w:r></w:p>"

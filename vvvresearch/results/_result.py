"""The one object that every analysis returns."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, overload

from vvvresearch import files
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, check_lang
from vvvresearch.results._base import Base
from vvvresearch.results._columns import Column

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Result:
    """A tidy table with everything a reader needs to trust it.

    Args:
        frame: the tidy DataFrame, one row an observation, plain column names.
        base: who and how many it rests on.
        title: heading in words or a phrase.
        notes: the method, routing, rounding and suppression notes, in print order.
        assumptions: what must be true for the result to hold.
        columns: what is shown, in order, with headings and formats; empty shows every column as it is.
        kind: real, published, reconstructed or synthetic.
        lang: language of everything shown.

    Example:
        >>> import pandas as pd
        >>> result = Result(frame=pd.DataFrame({"svar": ["ja"], "n": [7]}), base=Base(7), title="Svar")
        >>> result.base.n
        7
    """

    frame: pd.DataFrame
    base: Base
    title: str | Phrase = ""
    notes: tuple[str | Phrase, ...] = ()
    assumptions: tuple[str | Phrase, ...] = ()
    columns: tuple[Column, ...] = ()
    kind: DataKind = DataKind.REAL
    lang: Lang = "da"

    @property
    def note(self) -> str:
        """Method, base and assumptions in words."""
        sentences = [_say(part, self.lang) for part in (*self.notes, *self.assumptions)]
        return " ".join(sentence for sentence in sentences if sentence)

    @property
    def caption(self) -> str:
        """The title, with the data kind in front when it is not real."""
        title = _say(self.title, self.lang)
        if self.kind in (DataKind.SYNTHETIC, DataKind.RECONSTRUCTED):
            mark = self.kind.label(self.lang)
            return f"{title} ({mark})" if title else mark
        return title

    @property
    def footer(self) -> str:
        """Base line and note, as printed under the table."""
        return " ".join(part for part in (self.base.say(self.lang), self.note) if part)

    def in_language(self, lang: str) -> Self:
        """The same result shown in another language."""
        return dataclasses.replace(self, lang=check_lang(lang))

    def shown(self) -> pd.DataFrame:
        """The table as a reader sees it: headings and values written in the result's language."""
        import pandas as pd

        columns = self.columns or tuple(_plain_column(self.frame, name) for name in self.frame.columns)
        cells = {place: [column.write(value, self.lang) for value in self.frame[column.name]] for place, column in enumerate(columns)}
        table = pd.DataFrame(cells, index=range(len(self.frame)))
        table.columns = [column.heading(self.lang) for column in columns]
        return table

    def to_markdown(self, *, caption: bool = True) -> str:
        """A pipe table with title and footer; every cell is escaped plain text."""
        columns = self.columns or tuple(_plain_column(self.frame, name) for name in self.frame.columns)
        table = self.shown()
        rows = [[files.markdown_text(str(cell)) for cell in row] for row in table.itertuples(index=False, name=None)]
        header = [files.markdown_text(str(name)) for name in table.columns]
        rule = ["--:" if column.is_number else ":--" for column in columns]
        lines = [f"| {' | '.join(line)} |" for line in (header, rule, *rows)]
        blocks = ["\n".join(lines)]
        if caption and self.caption:
            blocks.insert(0, f"**{files.markdown_text(self.caption)}**")
        if self.footer:
            blocks.append(files.markdown_text(self.footer))
        return "\n\n".join(blocks) + "\n"

    def to_html(self) -> str:
        """A plain HTML table with caption and footer that loads nothing."""
        columns = self.columns or tuple(_plain_column(self.frame, name) for name in self.frame.columns)
        table = self.shown()
        # Said of every cell: JupyterLab would set text flush right as well.
        align = [f' style="text-align:{"right" if column.is_number else "left"}"' for column in columns]
        headings = zip(map(str, table.columns), align, strict=True)
        head = "".join(f'<th scope="col"{style}>{files.html_text(name)}</th>' for name, style in headings)
        body = []
        for row in table.itertuples(index=False, name=None):
            cells = "".join(f"<td{style}>{files.html_text(str(cell))}</td>" for cell, style in zip(row, align, strict=True))
            body.append(f"<tr>{cells}</tr>")
        caption = f"<caption>{files.html_text(self.caption)}</caption>" if self.caption else ""
        footer = f'<tfoot><tr><td colspan="{len(columns)}">{files.html_text(self.footer)}</td></tr></tfoot>' if self.footer else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>{footer}</table>"

    def _repr_html_(self) -> str:
        return self.to_html()

    def __repr__(self) -> str:
        parts = (self.caption, self.shown().to_string(index=False), self.footer)
        return "\n".join(part for part in parts if part)

    @overload
    def to_csv(self, path: None = None, *, excel: bool = False) -> str: ...
    @overload
    def to_csv(self, path: str | Path, *, excel: bool = False) -> Path: ...
    def to_csv(self, path: str | Path | None = None, *, excel: bool = False) -> str | Path:
        """Write the tidy frame as CSV. Returns the path; without one, the text."""
        frame = _exportable(self.frame, self.lang)
        return files.csv_text(frame, excel=excel) if path is None else files.write_csv(path, frame, excel=excel)

    @overload
    def to_excel(self, path: None = None) -> bytes: ...
    @overload
    def to_excel(self, path: str | Path) -> Path: ...
    def to_excel(self, path: str | Path | None = None) -> bytes | Path:
        """Write the tidy frame as a workbook with its base and notes on a second sheet. Returns the path; without one, the bytes."""
        import pandas as pd

        about = {"title": self.caption, "base": self.base.say(self.lang), "note": self.note, "data": self.kind.label(self.lang)}
        sheet = pd.DataFrame({"key": list(about), "text": list(about.values())})
        sheets = {"data": _exportable(self.frame, self.lang), "about": sheet}
        return files.workbook_bytes(sheets) if path is None else files.write_workbook(path, sheets)


def _say(part: str | Phrase, lang: Lang) -> str:
    return part.say(lang) if isinstance(part, Phrase) else part


def _plain_column(frame: pd.DataFrame, name: Any) -> Column:
    import pandas as pd

    if pd.api.types.is_integer_dtype(frame[name]):
        return Column(name, format="count")
    if pd.api.types.is_float_dtype(frame[name]):
        return Column(name, format="number", decimals=3)
    return Column(name)


def _exportable(frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    return frame.map(lambda value: value.say(lang) if isinstance(value, Phrase) else value)

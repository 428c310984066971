"""Views written out: the grid of words that a table is made of, as Markdown, HTML, LaTeX, plain text, and rows for CSV and workbooks."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from vvvresearch import files
from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.kinds import KIND_MARK
from vvvresearch.locales import LANGUAGES, Lang, is_sayable, say, text
from vvvresearch.results._cell import address_part, join_address
from vvvresearch.results._columns import Column, Labels, Share, group_heading
from vvvresearch.results._measure import is_missing, whole

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.results._result import Result
    from vvvresearch.results._view import View


_REPR_ROWS, _REPR_BYTES = 20, 2000
_LATEX = str.maketrans(
    {mark: f"\\{mark}" for mark in "&%$#_{}"} | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


def markdown(view: View, *, caption: bool) -> str:
    """The view as Markdown: a pipe table, boxes or quotations, with title and footer; an absent one is its sentence."""
    if view.absent:
        return files.markdown_text(view.absent) + "\n"
    blocks = [body_of(view)]
    if caption and view.caption:
        blocks.insert(0, f"**{files.markdown_text(view.caption)}**")
    if view.footer:
        blocks.append(files.markdown_text(view.footer))
    return "\n\n".join(blocks) + "\n"


def body_of(view: View) -> str:
    """The rows alone, in the form of the view."""
    return {"table": pipe_table, "cards": cards, "quotes": quotations}[view.form](view)


def pipe_table(view: View) -> str:
    """A pipe table of escaped text; its dashes set the columns' shares of the page.

    A column in which nothing stands is left out, and a table without rows says that there are none.
    """
    grid = view.grid()
    found = grid.rows or [[text("common.no_rows", view.lang), *["–"] * (len(grid.headings) - 1)]]
    told = [place for place in range(len(grid.headings)) if place == 0 or any(row[place] for row in found)]
    header = [files.markdown_text(grid.headings[place]) for place in told]
    rows = [[files.markdown_text(row[place]) for place in told] for row in found]
    shares = [max(4, min(60, max(len(line[place]) for line in (header, *rows)))) for place in range(len(header))]
    numeric = [grid.numeric[place] for place in told]
    rule = ["-" * share + ":" if right else ":" + "-" * share for share, right in zip(shares, numeric, strict=True)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (header, rule, *rows))


def cards(view: View) -> str:
    """A box for each row: the first column heads it, the others stand below with their headings; what is empty is left out."""
    grid = view.grid()
    boxes = []
    for row in grid.rows:
        lines = [f"**{files.markdown_text(row[0])}**"]
        lines += [
            f"{files.markdown_text(heading)}: {files.markdown_text(cell)}"
            for heading, cell in zip(grid.headings[1:], row[1:], strict=True)
            if cell not in ("", "–")
        ]
        boxes.append("\n\n".join(["::: {.card}", *lines, ":::"]))
    return "\n\n".join(boxes)


def quotations(view: View) -> str:
    """A quotation for each row: what was said, then who said it; what several said in the same words stands once, with how many."""
    blocks = []
    for row, times in Counter(map(tuple, view.grid().rows)).most_common():
        words = files.markdown_text(row[0])
        said = f"»{words}«" if view.lang == "da" else f"“{words}”"
        said += f" ({text('common.times', view.lang, n=times)})" if times > 1 else ""
        who = ", ".join(files.markdown_text(cell) for cell in row[1:] if cell not in ("", "–"))
        blocks.append(f"> {said}\n>\n> — {who}" if who else f"> {said}")
    return "::: {.pull-quotes}\n\n" + "\n\n<!-- -->\n\n".join(blocks) + "\n\n:::" if blocks else ""


def html(view: View) -> str:
    """A plain HTML table, or the sentence of an absent result."""
    if view.absent:
        return f"<p>{files.html_text(view.absent)}</p>"
    grid = view.grid()
    # Said of every cell: JupyterLab would set text flush right as well.
    align = [f' style="text-align:{"right" if number else "left"}"' for number in grid.numeric]
    head = "".join(f'<th scope="col"{style}>{files.html_text(name)}</th>' for name, style in zip(grid.headings, align, strict=True))
    body = []
    for row in grid.rows:
        cells = "".join(f"<td{style}>{files.html_text(cell)}</td>" for cell, style in zip(row, align, strict=True))
        body.append(f"<tr>{cells}</tr>")
    caption = f"<caption>{files.html_text(view.caption)}</caption>" if view.caption else ""
    footer = f'<tfoot><tr><td colspan="{len(grid.headings)}">{files.html_text(view.footer)}</td></tr></tfoot>' if view.footer else ""
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>{footer}</table>"


def latex(view: View) -> str:
    """A LaTeX table with caption and note; every cell is escaped."""
    if view.absent:
        return _latex(view.absent) + "\n"
    grid = view.grid()
    lines = [" & ".join(_latex(cell) for cell in row) + r" \\" for row in (grid.headings, *grid.rows)]
    body = [r"\hline", lines[0], r"\hline", *lines[1:], r"\hline"]
    columns = "".join("r" if number else "l" for number in grid.numeric)
    table = [rf"\begin{{tabular}}{{{columns}}}", *body, r"\end{tabular}"]
    return "\n".join([r"\begin{table}", rf"\caption{{{_latex(view.caption)}}}", *table, _latex(view.footer), r"\end{table}"]) + "\n"


def _latex(words: str) -> str:
    return files.plain_text(words).translate(_LATEX)


def plain(view: View) -> str:
    """A short text: caption, the first rows, base; never more than a screen."""
    if view.absent:
        return view.absent
    grid = view.grid()
    left = len(grid.rows) - _REPR_ROWS
    lines = [_line(grid, row) for row in (grid.headings, *grid.rows[:_REPR_ROWS])]
    more = [f"… {left}"] if left > 0 else []
    # A table without a row is read as "nothing there"; what was left out stands in its note.
    why = view.note if not grid.rows else ""
    # A terminal would obey what hides in a label.
    whole = files.plain_text("\n".join(part for part in (view.caption, *lines, *more, view.base.say(view.lang), why) if part))
    cut = whole.encode()[: _REPR_BYTES - 3].decode(errors="ignore")
    return whole if len(whole.encode()) <= _REPR_BYTES else f"{cut}…"


def _line(grid: Grid, row: tuple[str, ...]) -> str:
    widths = [min(40, max(len(line[place]) for line in (grid.headings, *grid.rows[:_REPR_ROWS]))) for place in range(len(row))]
    cells = [cell if len(cell) <= width else cell[: width - 1] + "…" for cell, width in zip(row, widths, strict=True)]
    parts = [cell.rjust(width) if right else cell.ljust(width) for cell, width, right in zip(cells, widths, grid.numeric, strict=True)]
    return "  ".join(parts).rstrip()


def tidy(view: View) -> pd.DataFrame:
    """The tidy rows for export: address first, plain numbers, shares computed, the words of labelled columns in both languages."""
    result, frame = view.result, view.frame
    records = frame.to_dict("records")
    columns: dict[str, list[Any]] = {}
    if result.at and result.keys:
        columns["address"] = [join_address([result.at, *(address_part(row[name]) for name in result.keys)]) for row in records]
    for name in map(str, frame.columns):
        columns[name] = [_exported(row[name], view.lang) for row in records]
        if name in result.labels:
            for lang in LANGUAGES:
                columns[f"{name}_{lang}"] = [result.labels[name].say(row[name], row, lang) for row in records]
    for name, labels in result.labels.items():
        # Words that hang on the keys alone, such as a definition or a reason.
        if name not in frame.columns and labels.on and set(labels.on) <= set(frame.columns):
            for lang in LANGUAGES:
                columns[f"{name}_{lang}"] = [labels.say("", row, lang) for row in records]
    for measure in result.measures:
        if measure.name not in columns:
            values = [measure.value(row) for row in records]
            columns[measure.name] = [None if value is None else float(value) for value in values]
    # A file that leaves the workspace says by itself what its numbers rest on.
    columns[KIND_MARK] = [result.kind.value] * len(records)
    import pandas as pd

    return pd.DataFrame(columns, index=range(len(records)))


def outside(view: View) -> pd.DataFrame:
    """The tidy rows without the columns that are for the team alone."""
    ours = {f"{name}{end}" for name in view.result.within for end in ("", *(f"_{lang}" for lang in LANGUAGES))}
    return view.tidy[[name for name in view.tidy.columns if name not in ours]]


def statistics(view: View) -> pd.DataFrame:
    """Every number as a row of its own, the form in which results are handed to other programs (CDISC Analysis Results).

    Returns:
        DataFrame: group (the names of the keys that part the rows), group_level, variable and level (the item and its code, else the first
        key and its value), statistic, value, base and address.
    """
    import pandas as pd

    result = view.result
    keys = list(result.keys)
    about = ["item", *(name for name in ("code", "level") if name in keys)] if "item" in keys else keys[:1]
    others = [name for name in keys if name not in about]
    rows = []
    for row in view.frame.to_dict("records"):
        words = {name: str(row[name]) for name in keys}
        stem = [result.at, *(address_part(row[name]) for name in keys)]
        variable = words["item"] if "item" in keys else "".join(about)
        level = "".join(words[name] for name in about if name != "item")
        for measure in result.measures:
            if (value := measure.value(row)) is not None:
                base = result.row_base(row, measure).n
                group, at = "; ".join(others), "; ".join(words[name] for name in others)
                rows.append((group, at, variable, level, measure.name, float(value), base, join_address([*stem, measure.name])))
    return pd.DataFrame(rows, columns=["group", "group_level", "variable", "level", "statistic", "value", "base", "address"])


def _exported(value: Any, lang: Lang) -> Any:
    if is_sayable(value):
        return value.say(lang)
    if isinstance(value, list | tuple):
        return "; ".join(say(one, lang) for one in value)
    return value


def sheets(view: View, rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The two sheets of a workbook: tidy rows, and what they are."""
    import pandas as pd

    about = {"title": view.caption, "base": view.base.say(view.lang), "note": view.note, "data": view.kind.label(view.lang)}
    if view.absent:
        about = {"note": view.absent, "data": text("common.no_data", view.lang)}
    return {
        "data": rows,
        "about": pd.DataFrame({"key": list(about), "text": list(about.values())}),
    }


@dataclass(frozen=True)
class Grid:
    """A table in words.

    Args:
        headings: one a column.
        rows: cells, row by row.
        numeric: which columns are set flush right.
        columns: the columns that are shown, for their notes.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    columns: tuple[Column, ...]


def shown_columns(result: Result, chosen: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of a view, in order.

    Raises:
        AnalysisError: a chosen column that neither the layout nor the frame has.
    """
    known = {column.name: column for column in result.shows}
    if not chosen:
        return result.shows or tuple(plain_column(result.frame, str(name)) for name in result.frame.columns)
    found = []
    for name in chosen:
        if name in known:
            found.append(known[name])
        elif name in result.frame.columns:
            found.append(plain_column(result.frame, name))
        elif (share := next((one for one in result.measures if one.name == name and one.format == "share"), None)) is not None:
            found.append(Share(name, count=share.count, n=share.of, known=share.known))
        else:
            names = [*known, *map(str, result.frame.columns)]
            raise AnalysisError(f"there is no column {name!r}", where="columns", todo=did_you_mean(name, names))
    return tuple(found)


def plain_column(frame: pd.DataFrame, name: str) -> Column:
    """A column as it is, for results that declare nothing."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(frame[name]):
        return Column(name)
    if pd.api.types.is_integer_dtype(frame[name]):
        return Column(name, format="count")
    if pd.api.types.is_float_dtype(frame[name]):
        return Column(name, format="number", decimals=3)
    return Column(name)


def long_grid(result: Result, frame: pd.DataFrame, columns: tuple[Column, ...]) -> Grid:
    """One line a row."""
    lang, labels = result.lang, result.labels
    records = frame.to_dict("records")
    rows = tuple(tuple(column.write_row(row, lang, result.small_n, labels) for column in columns) for row in records)
    return Grid(tuple(column.heading(lang) for column in columns), rows, tuple(column.is_number for column in columns), columns)


def wide_grid(result: Result, frame: pd.DataFrame, columns: tuple[Column, ...], over: str) -> Grid:
    """One line for each value of the other keys, the values of `over` side by side. Rows are gathered by value, never by label."""
    lang, labels = result.lang, result.labels
    beside = [column for column in columns if column.name in result.keys and column.name != over]
    spread = [column for column in columns if column.name not in result.keys and not column.once]
    once = [column for column in columns if column.once]
    others = [key for key in result.keys if key != over]
    records = frame.to_dict("records")
    lines: dict[tuple[Any, ...], dict[Any, dict[Any, Any]]] = {}
    for row in records:
        lines.setdefault(tuple(row[key] for key in others), {})[row[over]] = row
    groups = list(dict.fromkeys(row[over] for row in records))
    headings = [column.heading(lang) for column in beside]
    for group in groups:
        members = [cells[group] for cells in lines.values() if group in cells]
        name = _group_name(result, over, group, members[0], lang, labels)
        bases = {whole(row.get("n")) for row in members} - {None}
        n = bases.pop() if len(bases) == 1 else None
        for column in spread:
            head = group_heading(column, name, n, lang)
            headings.append(head if len(spread) == 1 or column.across else f"{head}: {column.heading(lang)}")
    rows = []
    for cells in lines.values():
        first = next(iter(cells.values()))
        line = [column.write_row(first, lang, result.small_n, labels) for column in beside]
        for group in groups:
            line += [column.write_row(cells[group], lang, result.small_n, labels) if group in cells else "–" for column in spread]
        rows.append(tuple(line + [column.write_row(_known(cells, column), lang, result.small_n, labels) for column in once]))
    headings += [column.heading(lang) for column in once]
    numeric = [column.is_number for column in beside] + [column.is_number for column in spread] * len(groups)
    return Grid(tuple(headings), tuple(rows), (*numeric, *(column.is_number for column in once)), (*beside, *spread, *once))


def _known(cells: dict[Any, dict[Any, Any]], column: Column) -> dict[Any, Any]:
    """The first group's row that knows what is the same for all of them."""
    rows = list(cells.values())
    return next((row for row in rows if not is_missing(row.get(column.name))), rows[0])


def _group_name(result: Result, over: str, group: Any, row: dict[Any, Any], lang: Lang, labels: Any) -> str:
    declared = next((column for column in result.shows if column.name == over), Column(over))
    if isinstance(labels.get(over), Labels):
        return say(labels[over].say(group, row, lang), lang)
    return declared.write(group, lang)


class Columns(tuple[str, ...]):
    """The names of the columns of a view, which choose among them where they are called."""

    view: View

    def __new__(cls, view: View) -> Self:
        """The columns of a view."""
        found = super().__new__(cls, view.names)
        found.view = view
        return found

    def __call__(self, *names: str) -> View:
        """Only these columns, in this order."""
        view = self.view
        if not view.absent:
            shown_columns(view.result, names)
        return dataclasses.replace(view, chosen=names)

    def tolist(self) -> list[str]:
        """The names."""
        return list(self)

    def __repr__(self) -> str:
        told = super().__repr__()
        return told if len(told) < 1000 else f"{told[:1000]} … ({len(self)} columns)"

"""The view: which rows and columns of a result a reader sees, and how. Numbers, base and addresses stay the result's."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Self

from vvvresearch.conditions import column_called
from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, check_lang, say, the_one
from vvvresearch.results import _export
from vvvresearch.results._columns import Row, value_meant
from vvvresearch.results._export import Columns, Grid, long_grid, shown_columns, wide_grid
from vvvresearch.results._guesses import BEHIND, chosen_rows, entry, guessed, keys_of
from vvvresearch.results._picture import Drawn, Plotting, absent_picture, draw, shares_picture
from vvvresearch.results._written import Written, as_told

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.results._evidence import Evidence
    from vvvresearch.results._measure import Base
    from vvvresearch.results._result import Result

Form = Literal["table", "cards", "quotes"]
_LEVEL = " > "
# Forms that pandas draws on request; here the form follows from the numbers.
_FORMS = ("area", "bar", "barh", "box", "hist", "line", "pie", "scatter")


class Shown(Written):
    """What a result and a view of it can both do: choose rows and columns, show themselves, and be exported."""

    def where(self, condition: Any = "", /, **values: object) -> View:
        """The rows that meet a condition; under the table stands how many of all are shown.

        Args:
            condition: "contradicted > 0", "key", "verdict in ('fell', 'rose')"; a function of the frame or of one row, a column of true
                and false, or columns and values in a dict.
            values: columns, and what has to stand there: a value or several, by their words too (`group="Flygtninge"`).

        Raises:
            AnalysisError: no such column or value, or a condition that is not understood.
        """
        return chosen_rows(self, condition, **values)

    def top(self, count: int = 10, *, by: str = "", **told: Any) -> View:
        """The rows with the largest numbers in a column, largest first.

        Args:
            count: how many.
            by: a column of the frame, or a share of the result; default the first number of the result.
            told: `n` for the count, `title`, `digits`, `lang`.

        Raises:
            AnalysisError: no such column.
        """
        import pandas as pd

        count = told.pop("n", count)
        view = as_told(self, "top", told)
        if view.absent:
            return view
        measures = [measure.name for measure in view.result.measures]
        by = by or next((name for name in (*measures, *view.frame.select_dtypes("number").columns)), "")
        if by not in view.names:
            raise AnalysisError(f"there is no column {by!r}", where="top(by=)", todo=did_you_mean(by, view.names))
        numbers = pd.to_numeric(view.numbers[by], errors="coerce")
        order = numbers.reset_index(drop=True).sort_values(ascending=False, kind="stable", na_position="last").index[:count]
        return view.keep([view.places[place] for place in order])

    def part(self, under: object = "", *, depth: int | None = None) -> View:
        """A branch of a tree of codes, or its first levels.

        Args:
            under: a code (or its path): it and those below it.
            depth: levels shown.

        Raises:
            AnalysisError: the result has no tree, or no such code.
        """
        view = self.view()
        if view.absent:
            return view
        tree = view.result.tree
        if not tree:
            raise AnalysisError("this result has no tree of codes", where="part", todo="choose rows with where(…)")
        path = str(getattr(under, "path", under))
        paths = [str(one) for one in view.frame[tree]]
        if path and path not in paths and (meant := value_meant(view.result.labels, view.frame, tree, path)) is not None:
            path = str(meant)
        if path and path not in paths:
            raise AnalysisError(f"there is no code {path!r} here", where="part(under=)", todo=did_you_mean(path, set(paths)))
        kept = [
            place
            for place, one in zip(view.places, paths, strict=True)
            if (not path or one == path or one.startswith(path + _LEVEL)) and (depth is None or one.count(_LEVEL) < depth)
        ]
        return dataclasses.replace(view, rows=tuple(kept), is_branch=True)

    @property
    def columns(self) -> Columns:
        """The names of its columns; called with some of them, the result with only these, in this order.

        Example:
            >>> import vvvresearch as vvv
            >>> table = vvv.open_round("demo").tabulate("municipal-2021", "refers")
            >>> "count" in table.columns, table.columns("code", "count").shown().shape
            (True, (3, 2))
        """
        return Columns(self.view())

    def across(self, key: str) -> View:
        """The values of a key side by side: one line for each value of the other keys.

        Args:
            key: the key; "" is one line a row.

        Raises:
            AnalysisError: no such key.
        """
        view = self.view()
        found = column_called(key, view.result.keys) if key and not view.absent else key
        if found is None:
            raise AnalysisError(f"{key!r} is no key of this result", where="across", todo=did_you_mean(key, view.result.keys))
        return dataclasses.replace(view, over=found)

    def cards(self) -> View:
        """One box a row instead of one line."""
        return dataclasses.replace(self.view(), form="cards")

    def as_quotes(self) -> View:
        """One quotation a row: the first column is what was said, the others who said it."""
        return dataclasses.replace(self.view(), form="quotes")

    def shown(self) -> pd.DataFrame:
        """The table as a reader sees it: headings and values written in the result's language."""
        import pandas as pd

        grid = self.view().grid()
        return pd.DataFrame(list(grid.rows), columns=list(grid.headings))

    @property
    def caption(self) -> str:
        """The title, with the data kind beside it when it is not real."""
        view = self.view()
        title = say(view.result.title, view.lang)
        if view.kind in (DataKind.SYNTHETIC, DataKind.RECONSTRUCTED):
            mark = view.kind.label(view.lang)
            return f"{title} ({mark})" if title else mark
        return title

    @property
    def note(self) -> str:
        """Method, base and assumptions in words, and how many rows of all are shown."""
        view = self.view()
        result, lang = view.result, view.lang
        # What stands side by side is known only once it is worded; else the words of the rows need not be made.
        columns = () if view.absent else view.grid().columns if view.over else shown_columns(result, view.chosen)
        frame = result.frame if view.rows is None else result.frame.iloc[list(view.rows)]
        told = [say(note, lang) for column in columns for note in column.notes(frame, result.small_n)]
        if view.rows is not None and len(view.rows) < len(result.frame) and not view.is_branch:
            told.append(Phrase("common.some_rows", {"shown": len(view.rows), "all": len(result.frame)}).say(lang))
        sentences = [*(say(part, lang) for part in (*result.notes, *result.assumptions)), *dict.fromkeys(told)]
        return " ".join(sentence for sentence in sentences if sentence)

    @property
    def footer(self) -> str:
        """Base line and note, as printed under the table."""
        view = self.view()
        return " ".join(part for part in (view.base.say(view.lang), self.note) if part)

    def plot(self, name: str = "", *, kind: str = "", **told: Any) -> Drawn:
        """The picture that fits; a result with several is asked by name.

        Args:
            name: which picture; default the first. A form ("bar") names none: the form follows from the numbers.
            kind: the same, as pandas calls it.
            told: `title`, `lang`; its size and colours are those of the page.

        Raises:
            AnalysisError: no picture, or none of that name.
        """
        view = as_told(self, "plot", told)
        pictures = view.result.pictures
        name = name or kind
        if name in _FORMS and name not in pictures:
            name = ""
        if not pictures and (made := shares_picture(view.result, view.lang)) is not None:
            if name:
                raise AnalysisError(f"there is no picture {name!r}", where="plot", todo=".plot() draws the shares as bars")
            return draw(made, view.result, view.lang)
        if not pictures:
            raise absent_picture(view.result)
        named = the_one(name, dict.fromkeys(pictures, ())) if name else next(iter(pictures))
        if named is None:
            raise AnalysisError(f"there is no picture {name!r}", where="plot", todo=did_you_mean(name, pictures))
        picture, title = pictures[named], view.result.title
        if title is not self.view().result.title:
            picture = dataclasses.replace(picture, title=title)
        return draw(picture, view.result, view.lang)

    if not TYPE_CHECKING:
        plot = Plotting(plot)

    def evidence(self, *address: str, **cell: object) -> Evidence:
        """What stands behind a number or a cell: passages, cases, answers or events.

        Args:
            address: a number's address; without one `cell` says which row is meant.
            cell: the values of the keys, as they stand in the frame or shorter (`code="Dansk"`, `group="refugee"`), and, where one
                number of the row is meant, `measure="contradicted"`.

        Returns:
            Evidence; `.frame` its rows, `.whole` how the whole cell counts, `["not_raised"]` and others the rest of it.

        Raises:
            AnalysisError: no such number or row, with what was probably meant.

        Example:
            >>> import vvvresearch as vvv
            >>> themes = vvv.open_round("demo").theme_table()
            >>> behind = themes.evidence(code="Udbytte > Dansk", group="refugee", measure="affirmed")
            >>> behind.value, behind.frame["interview"].nunique()
            (11, 11)
        """
        import vvvresearch

        # A floor below the explorer cannot import it; which room finds evidence is said once, by the face of the package.
        room, name = vvvresearch.EXPLORER.split(":")
        if address and not any("." in one for one in address):
            address, cell = (), {**keys_of(self.view(), address), **cell}
        found: Evidence = getattr(import_module(room), name)(self.view().result, *address, **cell)
        return found

    if not TYPE_CHECKING:  # a type checker knows what there is

        def __getattr__(self, name: str) -> Any:
            # Only what was not found comes here; of what there is, its own error has to be seen.
            if hasattr(type(self), name):
                return object.__getattribute__(self, name)
            if name.startswith("_"):
                raise AttributeError(name)
            return guessed(self, name)

    def __getitem__(self, name: Any) -> Any:
        """A part, a column, several columns, the rows that are called so, or a row by its place or by true and false."""
        return entry(self, name)

    def _ipython_key_completions_(self) -> list[str]:
        return [*self.view().result.parts, *self.view().names]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Its rows, shares that follow from counts among their numbers."""
        view = self.view()
        return iter([Row({str(name): value for name, value in row.items()}, view, BEHIND) for row in view.numbers.to_dict("records")])

    def __contains__(self, said: object) -> bool:
        """Whether a column, a part or a row is called so."""
        try:
            return said is not None and entry(self, said) is not None and not self.view().absent
        except (AnalysisError, IndexError, KeyError, TypeError):
            return False

    def _repr_html_(self) -> str:
        return self.to_html()

    def __repr__(self) -> str:
        return _export.plain(self.view())


@dataclass(frozen=True, repr=False)
class View(Shown):
    """A result as it is shown.

    Args:
        result: the result, whole.
        rows: positions of the rows shown; None: all.
        chosen: names of the columns shown; empty: as the result declares.
        over: the key whose values stand side by side.
        form: "table", "cards" or "quotes".
        is_branch: whether the rows are a branch of a tree, which needs no note that others are left out.
    """

    result: Result
    rows: tuple[int, ...] | None = None
    chosen: tuple[str, ...] = ()
    over: str = ""
    form: Form = "table"
    is_branch: bool = False

    def view(self) -> View:
        """Itself."""
        return self

    @property
    def places(self) -> tuple[int, ...]:
        """Positions of the rows that are shown."""
        return tuple(range(len(self.result.frame))) if self.rows is None else self.rows

    @property
    def frame(self) -> pd.DataFrame:
        """The tidy rows that are shown."""
        return self.result.frame if self.rows is None else self.result.frame.iloc[list(self.rows)]

    @property
    def names(self) -> list[str]:
        """The names of its columns, and of its numbers that have none: shares that follow from counts."""
        return list(dict.fromkeys([*map(str, self.frame.columns), *(one.name for one in self.result.measures)]))

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """The rows with a column for every number that has an address."""
        frame = self.frame
        left = [one for one in self.result.measures if one.name not in frame]
        rows = frame.to_dict("records") if left else []
        values = {one.name: [one.value(row) for row in rows] for one in left}
        return frame.assign(**{name: [float("nan") if one is None else float(one) for one in column] for name, column in values.items()})

    def rounded(self, digits: int) -> View:
        """The same view with so many digits behind the point of what is no whole number."""
        shows = tuple(
            dataclasses.replace(one, decimals=digits) if one.is_number and one.format not in ("count", "p") else one
            for one in shown_columns(self.result, ())
        )
        return dataclasses.replace(self, result=dataclasses.replace(self.result, shows=shows))

    @property
    def base(self) -> Base:
        """The base of the whole result, whatever is shown of it."""
        return self.result.base

    @property
    def kind(self) -> DataKind:
        """The data kind."""
        return self.result.kind

    @property
    def lang(self) -> Lang:
        """The language it is shown in."""
        return self.result.lang

    @property
    def absent(self) -> str:
        """Why there is nothing to show; empty where there is."""
        return say(self.result.absent, self.lang)

    def keep(self, places: list[int]) -> Self:
        """The same view of some rows."""
        return dataclasses.replace(self, rows=tuple(places))

    def in_language(self, lang: str) -> Self:
        """The same view in another language."""
        if lang == self.lang:
            return self
        return dataclasses.replace(self, result=self.result.in_language(check_lang(lang)))

    def grid(self) -> Grid:
        """The words of the table."""
        return self._grid

    @cached_property
    def tidy(self) -> pd.DataFrame:
        """The rows as they leave for files: address, plain numbers, labels in both languages, data kind."""
        return _export.tidy(self)

    @cached_property
    def _grid(self) -> Grid:
        # Worded once, though the notebook, the report, the note and the files all ask for it.
        columns = shown_columns(self.result, self.chosen)
        return wide_grid(self.result, self.frame, columns, self.over) if self.over else long_grid(self.result, self.frame, columns)

    def __len__(self) -> int:
        return len(self.places)

    def __bool__(self) -> bool:
        return not self.result.absent

"""Evidence handled as the table that it is: some of its rows, its columns, what pandas does with them, a file of it."""

from __future__ import annotations

import copy
import dataclasses
import functools
import inspect
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from vvvresearch import files
from vvvresearch.conditions import column_called, rows_where
from vvvresearch.errors import AnalysisError, CallError, NameNote, UnknownNameError, did_you_mean
from vvvresearch.idioms import column_of, idiom, is_idiom
from vvvresearch.locales import the_one, words_of

if TYPE_CHECKING:
    import pandas as pd

# The tables of words for values of registers.
_VALUES = ("attributes", "groups", "roles")
# Plurals that no ending makes, and signs.
_PLURALS = {"male": ("mænd", "men", "herrer"), "female": ("women", "damer"), "promotes": ("+", "plus"), "hinders": ("-", "−", "minus")}


def column_named(name: object, columns: Iterable[object], *, where: str = "by") -> str:
    """The column that is meant: by its name, or by what people call it where there is no column of that name.

    Args:
        name: as it was given.
        columns: the names that there are, or the rows that have them.
        where: the argument, for the message.

    Raises:
        AnalysisError: no such column, with the nearest.

    Example:
        >>> column_named("gender", ["interview", "sex"])
        'sex'
    """
    found = column_called(name, columns)
    if found is None:
        raise AnalysisError(f"the register has no column {name!r}", where=where, todo=did_you_mean(str(name), map(str, columns)))
    return found


def value_named(value: object, there: Iterable[object]) -> str | None:
    """The value of a column that is meant: as it stands, or by its words in either language; None where there is none such.

    Example:
        >>> value_named("kvinder", ["female", "male"])
        'female'
    """
    known = {}
    for one in map(str, there):
        told = (words_of(table).get(one, {}) for table in _VALUES)
        known[one] = [*(words for entry in told for words in entry.values()), *_PLURALS.get(one, ())]
    return next((one for one in known if str(value).strip() in _PLURALS.get(one, ())), None) or the_one(value, known, part=False)


_DAY = r"\d{4}-\d\d-\d\d"
_DAYS = {"since": ">=", "siden": ">=", "from_date": ">=", "fra": ">=", "until": "<=", "til": "<=", "before": "<", "før": "<"}
_STANCES = {
    "affirmed": ("affirms", "affirming", "affirm", "for", "pro", "positive", "supports", "bekræfter", "bekræftet", "enig"),
    "contradicted": ("contradicts", "contradicting", "contradict", "against", "contra", "negative", "modsiger", "modsagt", "imod", "uenig"),
}


def stance_named(said: str) -> str | None:
    """ "affirmed" or "contradicted", by whatever word for it; None of any other word.

    Example:
        >>> stance_named("imod")
        'contradicted'
    """
    return the_one(said, _STANCES, part=False)


class Rows:
    """What evidence that is a table of rows can do. What a DataFrame can do and it cannot, its rows do: plain pandas, without a base.

    Example:
        >>> import vvvresearch as vvv
        >>> interviews = vvv.open_round("demo").interviews
        >>> len(interviews(group="refugee", wave=1)), interviews("p01-r1")["pair"].item(), interviews.shape[0]
        (12, 'P01', 58)
    """

    ROWS = "frame"
    KEY = ""
    # What one row is.
    UNIT = "row"
    # The round that it is of, and its language: what is made of it is asked of this one and said in that.
    opened: Any = None
    lang = ""

    def of(self, opened: Any) -> Self:
        """The same evidence, of a round; of None it stays by itself."""
        if opened is None:
            return self
        said = copy.copy(self)
        object.__setattr__(said, "opened", opened)
        object.__setattr__(said, "lang", opened.lang)
        return said

    @property
    def rows(self) -> pd.DataFrame:
        """The rows."""
        found: pd.DataFrame = object.__getattribute__(self, type(self).ROWS)
        return found

    def as_table(self) -> pd.DataFrame:
        """The rows as a table of one's own, which says what one of them is."""
        import pandas as pd

        table = pd.DataFrame(self.rows)
        table.attrs["unit"] = type(self).UNIT
        return table

    def __call__(self, which: object = "", /, **values: Any) -> Any:
        """Some of the rows; all of them where nothing is asked; `by` a column how many there are of each.

        Args:
            which: what stands in the first column of the rows that are meant (of codings: the code), or a sequence of it.
            values: columns, and what has to stand there: a value or a sequence of values.

        Raises:
            AnalysisError: no such column or value, with what was probably meant.
        """
        by = next(
            (word for word in ("by", "group_by", "groupby", "pr", "fordelt_på") if word in values and self._column_called(word) is None), ""
        )
        if by:
            # By a column: how many there are of each.
            columns = values.pop(by)
            if type(self).UNIT == "row" and self.rows.iloc[:, 0].duplicated().any():
                pivot = f".pivot_table(index={columns!r}, values=…, aggfunc='sum')"
                todo = f"{pivot} adds up a column, r.column_sums(source) all of them; .count({columns!r}) counts rows"
                raise CallError("what is counted?", where=by, why="a row is no thing of its own here", todo=todo)
            return self(which, **values)._counted_by(*([columns] if isinstance(columns, str) else columns))
        key = type(self).KEY or str(self.rows.columns[0])
        named = {key: which, **values} if not isinstance(which, str) or which else values
        if key in named and key not in values and not type(self).KEY:
            named = {self._called(named.pop(key)): which, **values}
        if named == {"code": which}:
            # A transcript or a coder may be named alone as a code may.
            column = self._called(which)
            named = {column: which} if column in ("source", "coder") else named
        return self.filter(**named) if named else self

    def _called(self, which: object) -> str:
        """The column in which it stands: the first, else the next that has it."""
        rows = self.rows
        wanted = {_plain(one) for one in ([which] if isinstance(which, str) or not isinstance(which, Iterable) else which)}
        meant = {_plain(self.row_meant(one)) for one in wanted} if type(self).row_meant is Rows.row_meant else set()
        held = (str(name) for name in rows.columns if (meant or wanted) <= set(rows[name].map(_plain)))
        return next(held, type(self).KEY or str(rows.columns[0]))

    def _counted_by(self, *columns: str) -> Any:
        return self.rows.value_counts([column_named(one, self.rows) for one in columns])

    def filter(self, condition: Any = None, /, **values: Any) -> Self:
        """Some of the rows.

        Args:
            condition: columns and values in a dict, a condition in words as pandas' `query` has it, a function of the rows or of one, or
                a column of true and false.
            values: columns, and what has to stand there: a value or a sequence of values, by their words in either language too.

        Raises:
            AnalysisError: no such column or value, with what was probably meant.
        """
        if isinstance(condition, Mapping):
            return self.filter(**{**condition, **values})
        rows = self.rows if condition is None else self.rows[rows_where(self.rows, condition, self.value_meant)]
        key = str(rows.columns[0])
        for name, value in values.items():
            if name in _DAYS and self._column_called(name) is None:
                rows = rows[rows_where(rows, f"{self._dated(name)} {_DAYS[name]} {str(value)!r}", self.value_meant)]
                continue
            if (counted := self._column_called(value) if self._column_called(name) is None else None) is not None:
                todo = f'.count("{counted}") counts by it, .filter({counted}=…) takes some'
                raise CallError(f"there is no column {name!r}", where=name, why=f"{value!r} is a column itself", todo=todo)
            column = self._column_called(name) or column_named(name, rows, where=name)
            given = [value] if isinstance(value, str) or not isinstance(value, Iterable) else list(value)
            there = rows[column].map(_plain)
            known = {one: str(rows[column].iloc[place]) for place, one in reversed(list(enumerate(there)))}
            wanted = set()
            for one in given:
                plain = _plain(self.row_meant(one) if column == key else one)
                meant = plain if plain in known else _plain(value_named(one, known.values()) or "")
                if not meant:
                    names = sorted(set(known) - {""})
                    raise AnalysisError(f"no row has {column} = {plain!r}", where=column, todo=did_you_mean(plain, names))
                wanted.add(meant)
            rows = rows[there.isin(wanted)]
        some = {type(self).ROWS: rows}
        return self if rows is self.rows else dataclasses.replace(self, **some).of(self.opened)  # type: ignore[type-var]

    def _dated(self, word: str) -> str:
        """The one column of days that a word such as "since" can mean: that every row has."""
        days = [str(name) for name, one in self.rows.items() if one.nunique() > 1 and one.astype(str).str.match(_DAY).all()]
        if len(days) != 1:
            calls = ", ".join(f'.filter("{one} {_DAYS[word]} …")' for one in days)
            raise CallError("which day?", where=word, todo=calls or "no column has a day in every row")
        warnings.warn(f"{word} is understood of {days[0]}, the day that every row has", NameNote, stacklevel=4)
        return days[0]

    def query(self, condition: str, **how: Any) -> Any:
        """The rows that meet a condition in words: in the small language of `filter`, else in that of pandas."""
        try:
            return self.filter(condition)
        except AnalysisError as strange:
            if "not understood" not in strange.what and "cannot be read" not in strange.what:
                raise
            return self.rows.query(condition, **how)

    def value_meant(self, column: str, said: object) -> str | None:
        """The value of a column that is called so; None where nothing is."""
        return value_named(said, set(self.rows[column].dropna().astype(str)))

    def _column_called(self, said: object) -> str | None:
        return column_called(said, self.rows) or self._column_with(said)

    def _column_with(self, word: object) -> str | None:
        """The column in whose name alone a word stands, which is told: "status" where the register has state_status."""
        said = str(word).casefold()
        held = [one for one in map(str, self.rows.columns) if len(said) > 4 and said in one.casefold().split("_")]
        if len(held) != 1 or held[0].casefold() == said:
            return None
        warnings.warn(f"{word} is understood as {held[0]}", NameNote, stacklevel=4)
        return held[0]

    def _spoken(self, asked: Any, /, *given: Any, **named: Any) -> Any:
        """What an analysis of these rows gives, with columns by what people call them, in the language of their round."""

        def column(said: Any) -> Any:
            return (self._column_called(said) or said) if isinstance(said, str) else said

        found = asked(*map(column, given), **{word: column(value) for word, value in named.items()})
        return found.in_language(self.lang) if self.lang and hasattr(found, "in_language") else found

    def row_meant(self, value: object) -> object:
        """What stands in the first column of the row that is called so."""
        return value

    def __getitem__(self, name: Any) -> Any:
        """A column, or what else a DataFrame gives for it; of a name that is no column, the rows that are called so."""
        if not isinstance(name, str):
            return self.rows[name]
        try:
            called = self._column_called(name)
            there = called if called in self.rows.columns else None
            column = column_of(self.rows, there or column_named(name, self.rows, where="[…]"), self.value_meant)
            column.whole = self  # type: ignore[attr-defined]
            return column
        except AnalysisError as unknown:
            try:
                return self(name).rows
            except AnalysisError:
                raise unknown from None

    def __contains__(self, said: object) -> bool:
        """Whether a column or a row is called so."""
        try:
            return self._column_called(said) is not None or bool(len(self(said)))
        except AnalysisError:
            return False

    def __iter__(self) -> Any:
        return iter(self.rows.to_dict("records"))

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        # Evidence without a row is evidence still; whether a round has any is another question.
        return True

    def to_csv(self, path: str | Path | None = None, **_: Any) -> str | Path:
        """Write the rows as CSV, without an index. Returns the path; without one, the text."""
        return files.csv_text(self.rows) if path is None else files.write_csv(path, self.rows)

    def to_excel(self, path: str | Path | None = None, **_: Any) -> bytes | Path:
        """Write the rows as a workbook. Returns the path; without one, the bytes."""
        sheets = {type(self).__name__: self.rows}
        return files.workbook_bytes(sheets) if path is None else files.write_workbook(path, sheets)

    @property
    def plot(self) -> Any:
        """Evidence has no picture: what is drawn is a table made of it.

        Raises:
            UnknownNameError: always, with calls that draw.
        """
        todo = "r.theme_table().plot(), r.tabulate(survey, item).plot(), r.duration().plot(); numbers of one's own: .frame.plot()"
        raise UnknownNameError("evidence is counted before it is drawn", where=type(self).__name__.lower(), todo=todo)

    if not TYPE_CHECKING:  # a type checker knows what there is

        def __getattr__(self, name: str) -> Any:
            # Only what was not found comes here; of what there is, its own error has to be seen.
            if name.startswith("_") or hasattr(type(self), name) or name in {one.name for one in dataclasses.fields(self)}:
                return object.__getattribute__(self, name)
            rows = self.rows
            # Not "frame": by it the registers are told from evidence of several tables, for one where consent is obeyed.
            if name in ("df", "data", "references", "segments"):
                return rows
            if name == "n" and name not in rows:
                return len(rows)
            if (asked := self._of_its_round(name)) is not None:
                return asked
            name = name if is_idiom(rows, name) else self._column_with(name) or name
            if is_idiom(rows, name):
                found = idiom(rows, name, self._column_called, self.value_meant)
                if hasattr(type(found), "whole"):
                    found.whole = self
                return found
            import vvvresearch

            analysis = getattr(vvvresearch, name, None)
            if inspect.isfunction(analysis) and hasattr(analysis, "__wrapped__"):
                of_codings = next(iter(inspect.signature(analysis).parameters), "") == "codings"
                itself = hasattr(self, "questionnaire") or of_codings == (type(self).__name__ == "Codings")
                return functools.partial(self._spoken, functools.partial(analysis, self if itself else self.as_table()))
            public = [one for one in dir(type(self)) if one.islower() and not one.startswith("_")]
            near = did_you_mean(name, [*public, *map(str, rows.columns)])
            if self.opened is not None and "did you" not in near:
                near = f"{near}; of the round: {self.opened.nearest(name)}"
            raise UnknownNameError(f"{type(self).__name__.lower()} has no {name!r}; {near}")

    def _of_its_round(self, name: str) -> Any:
        """An analysis of surveys that its round has under this name, of this survey and by the rules of the round; else None."""
        if self.opened is None or not hasattr(type(self), "questionnaire") or name in self.rows or hasattr(type(self.rows), name):
            return None
        analysis = self.opened.surveys.analysis(name, of_one=True)
        return None if analysis is None else functools.partial(analysis, self)


def _plain(value: object) -> str:
    """A value as it is compared: 1, 1.0 and "1" are one."""
    if value is None or str(value) in ("nan", "<NA>", "NaT"):
        return ""
    text = str(value).strip()
    return text[:-2] if isinstance(value, float) and text.endswith(".0") else text.casefold()

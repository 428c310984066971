"""What pandas, R and SPSS call what can be done with rows of a table: one list of them, for evidence and for results alike."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from vvvresearch.conditions import Meant
from vvvresearch.errors import AnalysisError, CallError, NameNote, UnknownNameError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

# The name of a column that is meant; None where there is none.
Named = Callable[[object], "str | None"]
_INDEXERS = ("iloc", "iat", "style", "plot", "T")
_STATISTICS = ("count", "mean", "median", "sum")
_SUMS = ("sum", "mean", "median", "cumsum")
_JOINS = {"left_join": "left", "inner_join": "inner", "right_join": "right", "full_join": "outer"}


def column_of(frame: pd.DataFrame, name: str, meant: Meant | None = None) -> pd.Series[Any]:
    """A column that compares as people mean it: `r.interviews.wave == 2`, though waves stand as text; it may be called, too."""
    from vvvresearch._column import Column

    column = Column(frame[name])
    column.meant = meant
    return column


def idiom(frame: pd.DataFrame, name: str, named: Named, meant: Meant | None = None) -> Any:
    """What a DataFrame, R's verbs or SPSS would give for a name, with columns by what people call them.

    Args:
        frame: the rows.
        name: what is asked of them.
        named: finds a column by what people call it.
        meant: finds a value of a column likewise.

    Raises:
        UnknownNameError: no table can do this.

    Example:
        >>> import pandas as pd
        >>> rows = pd.DataFrame({"sex": ["male", "female", "male"], "n": [1, 2, 3]})
        >>> idiom(rows, "group_by", {"gender": "sex"}.get)("gender").summarise("sum")["n"].tolist()
        [2, 4]
    """
    if name == "loc":
        return Located(frame, named)
    if name in _JOINS:
        return lambda other, by=None, **how: _called(frame.merge, frame, named, other, how=_JOINS[name], **{"on": by, **how})
    if name in ("groupby", "group_by"):
        return functools.partial(_grouped, frame, named)
    # A column of medians is that column.
    verb = None if name in _SUMS and name in frame.columns else _VERBS.get(name)
    if verb is not None:
        return functools.partial(_called, functools.partial(verb, frame), frame, named)
    if name in frame.columns and name not in ("index", "columns", "shape", "values"):
        return column_of(frame, name, meant)
    if not hasattr(frame, name) and hasattr(frame.iloc[:, 0], name):
        # What a column alone can do, of the column that is named: `unique("sex")`.
        return functools.partial(_of_column, frame, named, name)
    if not hasattr(frame, name):
        # pandas has it of columns of another kind.
        raise UnknownNameError(f"these rows have no {name!r}; their columns are {_listed(frame)}")
    made = getattr(frame, name)
    return functools.partial(_called, made, frame, named) if callable(made) and name not in _INDEXERS else made


def _of_column(frame: pd.DataFrame, named: Named, name: str, /, column: Any = None, *given: Any, **how: Any) -> Any:
    if column is None:
        raise CallError("of which column?", where=name, todo=f"its columns are {_listed(frame)}")
    return getattr(frame[named(column) or column], name)(*given, **how)


def is_idiom(frame: pd.DataFrame, name: str) -> bool:
    """Whether a table can do what is called so."""
    of_column = frame.shape[1] > 0 and callable(getattr(type(frame.iloc[:, 0]), name, None))
    return name in ("loc", "group_by") or name in _JOINS or name in _VERBS or hasattr(frame, name) or of_column


def _called(made: Callable[..., Any], frame: pd.DataFrame, named: Named, /, *given: Any, **words: Any) -> Any:
    """A method of a DataFrame: other evidence is taken as its rows, and a column that it does not know by what people call it."""
    given, words = tuple(map(_rows_of, given)), {word: _rows_of(value) for word, value in words.items()}
    try:
        return made(*given, **words)
    except KeyError as unknown:
        again = [_renamed(one, frame, named) for one in given]
        anew = {word: _renamed(value, frame, named) for word, value in words.items()}
        try:
            return made(*again, **anew)
        except KeyError:
            strange = str(unknown.args[0] if unknown.args else "")
            known = did_you_mean(strange.strip("'\""), map(str, frame.columns))
            other = next((one for one in given if hasattr(one, "columns")), None)
            if other is not None and strange.strip("'") in frame.columns:
                known = f"columns of both: {', '.join(name for name in map(str, frame.columns) if name in other.columns) or 'none'}"
            raise AnalysisError(f"there is no column {strange}", where="table", todo=known) from None
    except (TypeError, ValueError) as misfit:
        numbers = frame.select_dtypes("number")
        if not given and not words and numbers.shape[1] < frame.shape[1] and hasattr(numbers, getattr(made, "__name__", "")):
            # Of words there is no mean and no correlation.
            return getattr(numbers, made.__name__)()
        name = getattr(made, "__name__", "") or getattr(getattr(made, "func", None), "__name__", "")
        columns = [column for one in given if isinstance(column := _renamed(one, frame, named), str) and column in frame.columns]
        if columns and len(columns) == len(given) and hasattr(frame[columns[0]], name):
            # R and Stata name the column where pandas takes it first: `nunique("sex")`.
            return getattr(frame[columns] if len(columns) > 1 else frame[columns[0]], name)(**words)
        if isinstance(misfit, ValueError) and not any(isinstance(one, str) for one in given):
            raise
        strange = next((one for one in given if isinstance(one, str) and named(one) is None), "")
        if strange and hasattr(frame.iloc[:, 0], name):
            todo = did_you_mean(strange, map(str, frame.columns))
            raise AnalysisError(f"there is no column {strange!r}", where=name, todo=todo) from None
        raise CallError(
            "the call does not fit", where=name.strip("_"), why=str(misfit), todo=f"its columns are {_listed(frame)}"
        ) from misfit


def _listed(frame: pd.DataFrame) -> str:
    return ", ".join(map(str, frame.columns[:12])) + (" …" if frame.shape[1] > 12 else "")


def _rows_of(value: Any) -> Any:
    rows = getattr(value, "rows", None) if hasattr(type(value), "ROWS") else getattr(value, "frame", None)
    return rows if type(rows).__name__ == "DataFrame" and type(value).__module__.startswith("vvvresearch") else value


def _renamed(value: Any, frame: pd.DataFrame, named: Named) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_renamed(one, frame, named) for one in value)
    return named(value) or value if isinstance(value, str) and value not in frame.columns else value


class Located:
    """`.loc` by the words of a row, too: `r.goal_status().loc["D-1"]`, `.loc[rows, "column"]`."""

    def __init__(self, frame: pd.DataFrame, named: Named) -> None:
        self._frame, self._named = frame, named

    def __getitem__(self, asked: Any) -> Any:
        rows, columns = asked if isinstance(asked, tuple) and len(asked) == 2 else (asked, slice(None))
        columns = _renamed(columns, self._frame, self._named)
        try:
            return self._frame.loc[rows, columns]
        except KeyError:
            found = rows_called(self._frame, rows)
            if found is None:
                raise AnalysisError(f"no row is called {rows!r}", where="loc", todo=_first_words(self._frame, rows)) from None
            return found.loc[found.index[0] if len(found) == 1 else found.index, columns]


def rows_called(frame: pd.DataFrame, said: Any) -> pd.DataFrame | None:
    """The rows in which a column of words has a value: of the first column that has it; None where none has."""
    wanted = list(map(str, said)) if isinstance(said, list | tuple) else [str(said)]
    for name in frame.columns:
        there = frame[name].astype(str).str.casefold()
        if all((there == one.casefold()).any() for one in wanted):
            return frame[there.isin([one.casefold() for one in wanted])]
    return None


def _first_words(frame: pd.DataFrame, said: object) -> str:
    words = frame.select_dtypes(["object", "string", "category"])
    return did_you_mean(str(said), {str(one) for name in words.columns[:3] for one in words[name].dropna()})


class Grouped:
    """Rows by groups, as pandas and as R's dplyr have them."""

    def __init__(self, grouped: Any, named: Named) -> None:
        self._grouped, self._named = grouped, named

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in ("summarise", "summarize", "reframe"):
            return self._summarised
        if name in ("tally", "n", "count"):
            return self._grouped.size
        return getattr(self._grouped, name)

    def __getitem__(self, name: Any) -> Any:
        return self._grouped[_renamed(name, self._grouped.obj, self._named)]

    def __iter__(self) -> Any:
        return iter(self._grouped)

    def _summarised(self, *how: Any, **columns: Any) -> Any:
        meant = [_renamed(one, self._grouped.obj, self._named) for one in how]
        if how and set(meant) <= set(self._grouped.obj.columns):
            import pandas as pd

            told = {one: functools.partial(lambda column, one: getattr(pd.to_numeric(column), one)(), one=one) for one in _STATISTICS}
            return self._grouped[meant[0]].agg(**told)
        numbers = [name for name in self._grouped.obj.select_dtypes("number").columns if name not in self._grouped.keys]
        if columns and all(isinstance(one, str) and one.rstrip("() ") in ("n", "count", "size") for one in columns.values()):
            return self._grouped.size().to_frame(next(iter(columns)))
        if columns and all(isinstance(one, str) for one in columns.values()):
            # R's `summarise(share = mean(share))`: the column by its own name.
            return self._grouped.agg({_renamed(name, self._grouped.obj, self._named): one for name, one in columns.items()})
        return self._grouped.agg(**columns) if columns else self._grouped[numbers].agg(*(how or ("mean",)))


def _grouped(frame: pd.DataFrame, named: Named, /, *columns: Any, **how: Any) -> Grouped:
    by = how.pop("by", None)
    names = _names(columns if by is None else [by])
    made = _called(frame.groupby, frame, named, names if len(names) > 1 else names[0], **{"dropna": False, **how})
    return Grouped(made, named)


def _names(given: Iterable[Any]) -> list[Any]:
    return [one for name in given for one in ([name] if isinstance(name, str) else name)]


def _arranged(frame: pd.DataFrame, *columns: Any, **how: Any) -> pd.DataFrame:
    names = _names(columns)
    down = [str(one).startswith("-") for one in names]
    rising = {"ascending": [not one for one in down]} if any(down) else {}
    made: pd.DataFrame = frame.sort_values([str(one).removeprefix("-") for one in names], **{"kind": "stable", **rising, **how})
    return made


def _renamed_columns(frame: pd.DataFrame, mapping: Mapping[str, str] | None = None, *, columns: Any = None, **words: Any) -> pd.DataFrame:
    if callable(columns) or callable(mapping):
        return frame.rename(columns=columns or mapping)
    new = {**(mapping or {}), **(columns or {})}
    for one, other in words.items():
        # R writes new = old, others old = new.
        new |= {str(other): one} if other in frame.columns else {one: other}
    if strange := [one for one in new if one not in frame.columns]:
        raise KeyError(strange[0])
    return frame.rename(columns=new)


def _most(frame: pd.DataFrame, order_by: str, n: int = 5, *, down: bool = True) -> pd.DataFrame:
    return frame.sort_values(order_by, ascending=not down, kind="stable").head(n)


def _wider(frame: pd.DataFrame, names_from: str = "", values_from: Any = None, **_: Any) -> pd.DataFrame:
    values = [values_from] if isinstance(values_from, str) else values_from
    keys = [name for name in frame.columns if name != names_from and name not in (values or ())]
    words = [name for name in keys if frame[name].dtype.kind not in "fiub"]
    made: pd.DataFrame = frame.pivot(index=words or keys, columns=names_from, values=values_from).reset_index()
    return made


def _searched(frame: pd.DataFrame, words: str) -> pd.DataFrame:
    found: pd.DataFrame = frame[frame.astype(str).apply(lambda column: column.str.contains(words, case=False, regex=False)).any(axis=1)]
    return found


def _described(frame: pd.DataFrame, *columns: Any, **how: Any) -> pd.DataFrame:
    made: pd.DataFrame = (frame[_names(columns)] if columns else frame).describe(**how)
    return made


def _counted(frame: pd.DataFrame, *columns: Any, **how: Any) -> Any:
    by = next((how.pop(word) for word in ("by", "group_by", "pr") if word in how), None)
    names = _names([*columns, *([] if by is None else [by])])
    return frame.value_counts(names, **how) if names else frame.mask(frame == "").count(**how)


def _pivoted(
    frame: pd.DataFrame, rows: Any = None, columns: Any = None, values: Any = None, aggfunc: Any = None, *, index: Any = None, **how: Any
) -> Any:
    """A table of rows by columns, as spreadsheets have it: of numbers where they are named, else how many rows there are."""
    import pandas as pd

    index = rows if index is None else index
    sides = [_names([one]) for one in (index, columns) if one is not None]
    if values is None and aggfunc in (None, "count", "size", "len"):
        return pd.crosstab(*([frame[name] for name in side] for side in sides), **how) if len(sides) == 2 else _counted(frame, *sides[0])
    if aggfunc is None and frame.duplicated([name for side in sides for name in side]).any():
        raise CallError("several rows meet in one cell", where="pivot", todo='aggfunc="sum", or "mean", "count", "max"')
    return frame.pivot_table(index=index, columns=columns, values=values, aggfunc=aggfunc or "first", **how)


def _worked_out(frame: pd.DataFrame, value: Any) -> Any:
    """What R's verbs write as words that are worked out, `"affirmed / asked"`; anything else as it stands."""
    is_told = isinstance(value, str) and any(str(name) in value for name in frame.columns) and any(sign in value for sign in "+-*/<>=")
    return frame.eval(value, engine="python") if is_told else value


def _whole(frame: pd.DataFrame, *how: Any, **columns: Any) -> Any:
    """All rows as R's `summarise` has them without groups: a count of them, or statistics of columns."""
    if columns and all(isinstance(one, str) and one.rstrip("() ") in ("n", "count", "size") for one in columns.values()):
        return type(frame)({name: [len(frame)] for name in columns})
    return frame.agg(*how, **columns)


def _added_up(how: str, frame: pd.DataFrame, *columns: Any, **words: Any) -> Any:
    """Columns of numbers added up, those of a sheet too that stand as text; what among them is no number is told of."""
    import pandas as pd

    if columns and not all(isinstance(one, str) and one in frame.columns for one in columns):
        return getattr(frame, how)(*columns, **words)
    numbers = {}
    for name in columns or frame.columns:
        blank = frame[name].isna() | (frame[name].astype(str) == "")
        column = pd.to_numeric(frame[name].mask(blank), errors="coerce")
        if column.notna().sum() > (~blank).sum() / 2:
            numbers[name] = column
            if strange := int((column.isna() & ~blank).sum()):
                warnings.warn(f"{name}: {strange} of {len(frame)} rows hold no number", NameNote, stacklevel=4)
        elif columns:
            raise KeyError(name)
    found = getattr(pd.DataFrame(numbers), how)(**words)
    return found[columns[0]] if len(columns) == 1 else found


def _plain(frame: pd.DataFrame, *_: Any, **__: Any) -> pd.DataFrame:
    return frame


_VERBS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(("arrange", "order_by", "sort", "sorter"), _arranged),
    **dict.fromkeys(("antal", "by", "count", "efter", "per", "pr", "frekvens", "frequencies", "table", "tally", "tæl"), _counted),
    **dict.fromkeys(("pivot", "pivot_table"), _pivoted),
    **dict.fromkeys(("distinct", "remove_duplicates"), lambda frame, *names: frame[_names(names) or list(frame.columns)].drop_duplicates()),
    # What is missing stands empty in evidence.
    **dict.fromkeys(("isna", "isnull"), lambda frame: frame.isna() | (frame == "")),
    **dict.fromkeys(("notna", "notnull"), lambda frame: frame.notna() & (frame != "")),
    "mutate": lambda frame, **columns: frame.assign(**{name: _worked_out(frame, value) for name, value in columns.items()}),
    **dict.fromkeys(("names", "colnames"), lambda frame: list(frame.columns)),
    **dict.fromkeys(("describe", "summary", "skim"), _described),
    "n_distinct": lambda frame, column: frame[column].nunique(),
    "slice": lambda frame, *places: frame.iloc[[*places]],
    "ncol": lambda frame: frame.shape[1],
    "nrow": lambda frame: frame.shape[0],
    "dim": lambda frame: frame.shape,
    **dict.fromkeys(("pull", "column", "kolonne"), lambda frame, column: frame[column]),
    **{how: functools.partial(_added_up, how) for how in _SUMS},
    "rename": _renamed_columns,
    "search": _searched,
    "select": lambda frame, *columns: frame[_names(columns)],
    "slice_head": lambda frame, n=5: frame.head(n),
    "slice_tail": lambda frame, n=5: frame.tail(n),
    "slice_max": _most,
    "slice_min": lambda frame, order_by, n=5: _most(frame, order_by, n, down=False),
    "slice_sample": lambda frame, n=5, **how: frame.sample(n, **how),
    "pivot_wider": _wider,
    "summarise": lambda frame, *how, **columns: _whole(frame, *how, **columns),
    "glimpse": lambda frame: frame.head().T,
    "dataframe": _plain,
    **dict.fromkeys(("to_dataframe", "to_df", "to_frame", "to_pandas", "as_tibble", "as_data_frame", "as_dataframe", "as_df"), _plain),
    **dict.fromkeys(("collect", "ungroup", "tibble"), _plain),
}
_VERBS["summarize"] = _VERBS["summarise"]

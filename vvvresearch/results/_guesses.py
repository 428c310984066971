"""What other programs call what a result can do, and what of a DataFrame it does as a view: base, note and addresses stay."""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.conditions import column_called as called
from vvvresearch.conditions import rows_where
from vvvresearch.errors import AnalysisError, CallError, UnknownNameError, did_you_mean
from vvvresearch.idioms import column_of, idiom, is_idiom
from vvvresearch.locales import LANGUAGES, the_one
from vvvresearch.results._cell import TOTAL
from vvvresearch.results._columns import Row, value_meant
from vvvresearch.results._export import statistics

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.results._view import Shown, View

# Ours first, then what it is called elsewhere.
_CALLED: Mapping[str, str] = {
    "plot": (
        "autoplot bar barh barplot chart diagram draw figur figure graf graph heatmap picture plotly ggplot hist imshow kurve "
        "søjlediagram tegn tegning visualize visualise"
    ),
    "to_csv": "csv text",
    "to_docx": "docx to_doc to_word word",
    "to_excel": "excel to_xlsx write_excel xlsx",
    "to_html": "html",
    "to_latex": "latex to_tex xtable",
    "to_markdown": "kable markdown to_md to_string",
    "frame": "data dataframe df ramme records rows rækker tabel table",
    "evidence": (
        "open åbn drill drill_down drilldown behind who hvem belæg bevis beviser citater evidens passages quotes segments kilder sources"
    ),
    "note": "footnote noter notes_text",
    "caption": "heading overskrift titel",
    "cells": "celler numbers tal",
    "cards": "kort",
}
# The same of what only some results have.
_SOME_CALLED: Mapping[str, str] = {
    "base": "basis denominator grundlag n_total",
    "factors": "betweenness centrality faktorer nodes knuder",
    "bundles": "edges arrows pile",
    "models": "solutions modeller løsninger",
    "value": "estimate statistic coefficient kappa alpha værdi",
    "interval": "ci conf_int confint confidence_interval konfidensinterval",
    "p_value": "p pvalue p_val p_værdi",
}
_MEANT, _SOME = ({word: ours for ours, words in told.items() for word in words.split()} for told in (_CALLED, _SOME_CALLED))
BEHIND = frozenset({"context", "evidence", "sammenhæng", "transcript", *_CALLED["evidence"].split()})
# "til_excel", "save_as_word", "export_csv": how it leaves goes before what it becomes.
_WRITTEN = re.compile(r"^(to|as|til|som|export|eksport|eksporter|save|gem|write|skriv|get|hent|show|vis)_((to|as|til|som)_)?")
_FILES = {".csv": "to_csv", ".docx": "to_docx", ".htm": "to_html", ".html": "to_html", ".xlsx": "to_excel", ".tex": "to_latex"}
_FILES |= {".md": "to_markdown"}


def guessed(shown: Shown, name: str) -> Any:
    """What is meant by a name that results do not have: ours of the same meaning, a view, or what the rows give as a DataFrame.

    Raises:
        UnknownNameError: nothing; with the nearest name.
    """
    view, word = shown.view(), name.casefold()
    if name in view.names and (word not in _VIEWS or word in _NUMBERS) and name not in ("index", "columns", "shape", "values"):
        return idiom(view.numbers, name, lambda one: None, functools.partial(_value, view))
    if ours := _MEANT.get(word) or _MEANT.get(_WRITTEN.sub("", word), ""):
        found = getattr(shown, ours)
        # "to_dataframe()" is called, though our rows are not.
        return found if callable(found) or word in _MEANT else lambda *_, **__: found
    if _SOME.get(word, "") in {*dir(type(view.result)), *type(view.result).__dataclass_fields__}:
        return getattr(view.result, _SOME[word])
    if word == "loc":
        return Located(shown)
    if word in _VIEWS:
        return lambda *given, **named: _VIEWS[word](shown, *given, **named)
    if is_idiom(view.frame, name):
        return idiom(view.numbers, name, functools.partial(column_called, view), functools.partial(_value, view))
    found = the_one(name, dict.fromkeys([*view.result.parts, *view.names], ()), part=False)
    if found is not None:
        return view.result.parts[found] if found in view.result.parts else idiom(view.numbers, found, lambda one: None)
    if not view.absent and (rows := rows_named(view, name)) is not None:
        return rows
    known = [one for one in dir(type(shown)) if not one.startswith("_")]
    todo = did_you_mean(name, [*view.result.parts, *known, *view.names])
    raise UnknownNameError(f"a result has no {name!r}; {_of_its_round(view, name) or todo}")


def _of_its_round(view: View, name: str) -> str:
    """How the round is asked for what a table of it was asked for; "" where it cannot either."""
    made = view.result.made
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            found = getattr(made and made.opened, name)
        except AttributeError:
            return ""
    ours = str(told[0].message).rpartition(" as ")[2] if told else f"r.{name}"
    return f"of the round: {ours}" if callable(found) and made is not None and ours != f"r.{made.analysis}" else ""


class Located:
    """`.loc` of a result: rows by a condition or by what they are called stay a view with its base; with columns it is a plain table."""

    def __init__(self, shown: Shown) -> None:
        self._view = shown.view()

    def __getitem__(self, asked: Any) -> Any:
        if isinstance(asked, tuple) and len(asked) == 2:
            rows, columns = asked
            frame = self._view.numbers if isinstance(rows, slice) and rows == slice(None) else self[rows].view().numbers
            names = columns if isinstance(columns, str | slice) else list(columns)
            return frame.loc[:, _column(self._view, names) if isinstance(names, str) else names]
        if isinstance(asked, str) or (isinstance(asked, list) and all(isinstance(one, str) for one in asked)):
            found = [rows_named(self._view, one) for one in ([asked] if isinstance(asked, str) else asked)]
            if None in found:
                strange = asked if isinstance(asked, str) else asked[found.index(None)]
                words = {str(one) for name in self._view.result.keys for one in self._view.frame[name]}
                raise AnalysisError(f"no row is called {strange!r}", where="loc", todo=did_you_mean(strange, words))
            return self._view.keep([place for one in found if one is not None for place in one.places])
        if isinstance(asked, int | slice):
            frame = self._view.frame.loc[asked if isinstance(asked, slice) else [asked]]
            kept = set(frame.index)
            return self._view.keep([place for place, one in zip(self._view.places, self._view.frame.index, strict=True) if one in kept])
        return chosen_rows(self._view, asked)


def _head(shown: Shown, n: int = 5) -> View:
    view = shown.view()
    return view if view.absent else view.keep(list(view.places[:n]))


def _tail(shown: Shown, n: int = 5) -> View:
    view = shown.view()
    return view if view.absent else view.keep(list(view.places[-n:] if n else ()))


def _sorted(
    shown: Shown, by: str | Iterable[str] = (), *more: str, ascending: bool | list[bool] = True, descending: bool = False, **_: Any
) -> View:
    """Rows in the order of columns; one with a minus before it falls, as R's verbs have it."""
    view = shown.view()
    if view.absent:
        return view
    said = [*([by] if isinstance(by, str) else by), *more]
    names = [_column(view, str(one).removeprefix("-").strip()) for one in said]
    rising = [one and not descending for one in (ascending if isinstance(ascending, list) else [ascending] * len(names))]
    rising = [up != str(one).startswith("-") for up, one in zip(rising, said, strict=True)]
    frame = view.numbers.reset_index(drop=True)
    order = frame.sort_values(names, ascending=rising, kind="stable").index if names else frame.index
    return view.keep([view.places[place] for place in order])


def _ranked(shown: Shown, *by: Any, **how: Any) -> View:
    """Rows in the order of one number the largest first, where neither a sign nor a keyword says otherwise; else as `sort_values`."""
    view = shown.view()
    one = by[0] if len(by) == 1 and isinstance(by[0], str) else ""
    if one and not how and not one.startswith("-") and not view.absent:
        how = {"descending": view.numbers[_column(view, one)].dtype.kind in "fiu"}
    return _sorted(shown, *by, **how)


def chosen_rows(shown: Shown, condition: Any = "", **values: object) -> View:
    """The rows where a condition holds and columns have these values, by their words too; base and addresses stay.

    Raises:
        AnalysisError: no such column or value, or a condition that cannot be read.
    """
    view = shown.view()
    if view.absent:
        return view
    if isinstance(condition, Mapping):
        return chosen_rows(shown, **{**condition, **values})
    if isinstance(condition, str) and condition and condition not in view.names and (rows := rows_named(view, condition)) is not None:
        view, condition = rows, ""
    meets = rows_where(view.numbers, condition, functools.partial(_value, view)) if not isinstance(condition, str) or condition else None
    for name, wanted in values.items():
        column = column_called(view, name)
        if column is None:
            made = view.result.made
            asked = ""
            if made is not None and made.opened is not None:
                asked = f"; of fewer from the start: r.{made.analysis}({name}=…)"
            raise AnalysisError(f"there is no column {name!r}", where="where", todo=did_you_mean(name, view.names) + asked)
        if isinstance(wanted, str) and view.numbers[column].dtype.kind in "fiu":
            # "> 0.5" is no value of a column of numbers, nor is it one that is spelt alike.
            told = wanted if wanted.strip()[:1] in "<>=!" else f"== {wanted}"
            here = rows_where(view.numbers, f"{column} {told}")
            meets = here if meets is None else meets & here
            continue
        given = [wanted] if isinstance(wanted, str) or not isinstance(wanted, Iterable) else list(wanted)
        meant = [value_meant(view.result.labels, view.numbers, column, one) for one in given]
        for one, found in zip(given, meant, strict=True):
            if found is None:
                known = set(map(str, view.numbers[column]))
                raise AnalysisError(f"no row has {name} = {one!r}", where="where", todo=did_you_mean(str(one), known))
        here = view.numbers[column].isin(meant).to_numpy()
        meets = here if meets is None else meets & here
    return view if meets is None else view.keep([place for place, kept in zip(view.places, meets, strict=True) if kept])


def _value(view: View, column: str, said: object) -> Any:
    return value_meant(view.result.labels, view.numbers, column, said)


def column_called(view: View, said: object) -> str | None:
    """The column that is called so: by its name, by a short name of it, or by its heading."""
    known = view.names
    if view.result.beside and str(said).casefold() in ("by", "group", "groups", "gruppe", "split"):
        return view.result.beside
    if found := called(said, known) or the_one(str(said), dict.fromkeys(known, ()), part=False):
        return found
    headed = {one.name: [one.heading(lang) for lang in LANGUAGES] for one in view.result.shows}
    return the_one(str(said), {name: headed.get(name, ()) for name in known})


def keys_of(view: View, values: Iterable[str]) -> dict[str, object]:
    """The keys of a row whose values are given without their names: `evidence("Dansk", "refugee")`.

    Raises:
        AnalysisError: a value that no key has.
    """
    found: dict[str, object] = {}
    for value in values:
        key = next((one for one in view.result.keys if one not in found and _value(view, one, value) is not None), None)
        if key is None:
            known = {str(one) for name in view.result.keys for one in view.frame[name]}
            raise AnalysisError(f"no row is called {value!r}", where="evidence", todo=did_you_mean(value, known))
        found[key] = _value(view, key, value)
    return found


def rows_named(view: View, said: object) -> View | None:
    """The rows that are called so: a goal by its id, a code by the last word of its path; None where nothing is."""
    words = [str(name) for name in view.frame.select_dtypes(["object", "string", "category"]).columns]
    for key in dict.fromkeys((*view.result.keys, view.result.tree, *words)):
        if key in view.frame and (found := _value(view, key, said)) is not None:
            return view.keep([place for place, one in zip(view.places, view.frame[key], strict=True) if one == found])
    at_row = [place for place, name in zip(view.places, view.frame.index.astype(str), strict=True) if name == said]
    return view.keep(at_row) if at_row else None


def _column(view: View, name: str) -> str:
    found = column_called(view, name)
    if found is None and name.casefold() in _COUNTS and view.result.measures:
        return view.result.measures[0].name
    if found is None:
        raise AnalysisError(f"there is no column {name!r}", where="result", todo=did_you_mean(name, view.names))
    return found


def entry(shown: Shown, name: Any) -> Any:
    """What brackets give: a part, a column, several columns, the rows that are called so, or a row by its place or by true and false.

    Raises:
        AnalysisError: nothing is called so; with the nearest names.
    """
    view = shown.view()
    if view.absent:
        return shown
    if isinstance(name, int):
        return Row(view.numbers.iloc[name].to_dict(), view, BEHIND)
    if isinstance(name, slice):
        return view.keep(list(view.places[name]))
    if not isinstance(name, str):
        listed = list(name)
        if not listed or not all(isinstance(one, str) for one in listed):
            return view.where(name)
        called = [column_called(view, one) or one for one in listed]
        return view.numbers[called] if set(called) <= set(view.names) else _at_keys(view, listed)
    if name in view.result.parts:
        return view.result.parts[name]
    if (column := column_called(view, name)) is not None:
        return column_of(view.numbers, column, functools.partial(_value, view))
    if (rows := rows_named(view, name)) is not None:
        return rows
    raise AnalysisError(f"there is no part {name!r}", where="result[…]", todo=did_you_mean(name, [*view.result.parts, *view.names]))


def _at_keys(view: View, words: list[str]) -> Any:
    """What stands at the keys of a row, one after the other; where a column is named last, in it: `table["Dansk", "Total", "asked"]`."""
    column = column_called(view, words[-1]) if len(words) > 1 else None
    rows = view.where(**keys_of(view, words[:-1] if column else words))
    if column is None:
        return rows
    found = rows.numbers[column]
    return found.item() if len(found) == 1 else found


def _without(shown: Shown, *names: Any, **values: Any) -> Any:
    """The rows but those that are called so or hold these values; of columns that are named, the plain table without them."""
    view = shown.view()
    if {"columns", "axis", "index"} & set(values) or any(not isinstance(one, str) or one in view.names for one in names):
        return view.numbers.drop(*names, **values) if values else view.numbers.drop(columns=[*names])
    gone = {place for one in names for place in Located(view)[one].places}
    gone |= set(view.where(**values).places) if values else set()
    return view.keep([place for place in view.places if place not in gone])


def _held(shown: Shown, said: Any, default: Any = None) -> Any:
    """What is called so, as brackets give it; else the default."""
    return entry(shown, said) if said in shown else default


def _saved(shown: Shown, path: str | Path) -> Path:
    suffix = Path(path).suffix.casefold()
    if suffix not in _FILES:
        todo = "a name that ends in " + ", ".join(sorted(_FILES)) + "; a picture: result.plot().save(path)"
        raise AnalysisError(f"a table cannot be written as {suffix or 'a file without an ending'}", where=str(path), todo=todo)
    written: Path = getattr(shown, _FILES[suffix])(path)
    return written


def _wider(shown: Shown, names_from: str, values_from: str = "") -> View:
    view = shown.across(_column(shown.view(), names_from))
    return view.columns(*view.result.keys, _column(view, values_from)) if values_from else view


def _matrix(shown: Shown, values: str = "") -> pd.DataFrame:
    """The first number (or the one that is named) of two keys against each other; of pairs of codes both ways."""
    view = shown.view()
    keys = [one for one in view.result.keys if view.frame[one].nunique() > 1][:2] or list(view.result.keys[:2])
    if len(keys) < 2:
        raise AnalysisError("a matrix needs two keys", where="to_matrix", todo="the rows as they stand: .frame")
    number = _column(view, values) if values else next(iter(view.frame.select_dtypes("number").columns))
    made = view.frame.pivot(index=keys[0], columns=keys[1], values=number)
    if {one.rpartition("_")[0] for one in keys} == {keys[0].rpartition("_")[0]} and "_" in keys[0]:
        both = made.index.union(made.columns)
        made = made.reindex(index=both, columns=both)
        made = made.combine_first(made.T)
    return made


def _as_numbers(how: str, shown: Shown, *given: Any, **named: Any) -> Any:
    """What a table counts, as numbers: the mean of an item is no mean of how many gave each answer. Of other tables the rows added up."""
    made = shown.view().result.made
    if made is None or made.analysis not in ("tabulate", "reliability"):
        return _added_up(how, shown, *given, **named)
    import vvvresearch

    taken = {"item": made.given["items"], "survey": made.given["survey"]} if made.analysis == "reliability" else dict(made.given)
    taken |= {"numbers": True, **dict(zip(("by",), given, strict=False)), **named}
    if made.opened is not None:
        return made.opened.tabulate(**taken)
    return vvvresearch.tabulate(**taken)


def _added_up(how: str, shown: Shown, *given: Any, **named: Any) -> Any:
    """The rows added up; not where some of them are the sum of others."""
    view = shown.view()
    whole = next((key for key in view.result.keys if (view.frame[key] == TOTAL).any()), "")
    nested = view.result.tree and view.frame[view.result.tree].astype(str).str.contains(" > ").any()
    if whole or nested:
        parts = f"{whole} != 'total'" if whole else "…"
        todo = f"of parts alone: .where({parts!r}); all rows: .frame.{how}()"
        raise CallError("rows would be counted twice", where=how, why="some hold the total of others", todo=todo)
    return getattr(view.numbers.select_dtypes("number"), how)(*given, **named)


def _columns(shown: Shown, *names: str | Iterable[str]) -> View:
    told = [one for name in names for one in ([name] if isinstance(name, str) else name)]
    return shown.columns(*(column_called(shown.view(), one) or one for one in told))


def _parted(shown: Shown, by: str, **named: Any) -> Any:
    """The same of the round by a column."""
    made = shown.view().result.made
    if made is None or made.opened is None:
        raise CallError("a table is not parted once it is made", where="by", todo="the call that makes it takes by=")
    return getattr(made.opened, made.analysis)(**{**made.given, "by": by, **named})


_NUMBERS = frozenset({"mean", "median", "std", "describe"})
# What any program calls a count, where a table has several: its first number.
_COUNTS = frozenset({"n", "count", "counts", "antal", "freq", "frequency", "size"})
_DOING: Mapping[str, Callable[..., Any]] = {
    "arrange sort_values": _sorted,
    "sort sorter sorted sortér": _ranked,
    "by per pr efter opdelt": _parted,
    "drop except_for exclude uden undtagen without": _without,
    "export save_as gem_som eksport eksporter gem save to_file write": _saved,
    "filter filtrer query subset": chosen_rows,
    "get row column række kolonne": _held,
    "ggsave savefig save_plot gem_figur": lambda shown, path, *_, **__: shown.plot().save(path),
    "head slice_head første": _head,
    "map": lambda shown, *given, **named: shown.view().frame.map(*given, **named) if given or named else shown.plot(),
    "nlargest": lambda shown, n, columns: shown.top(n, by=columns),
    "pivot_wider": lambda shown, names_from="", values_from="", **_: _wider(shown, names_from, values_from),
    "print show display vis summary summarise": lambda shown: shown,
    "select vælg": _columns,
    "slice_max": lambda shown, order_by, n=5: shown.top(n, by=order_by),
    "statistics to_statistics to_ard ard tidy_stats statistik tidy": lambda shown: statistics(shown.view()),
    **{how: functools.partial(_added_up, how) for how in ("sum", "cumsum")},
    **{how: functools.partial(_as_numbers, how) for how in _NUMBERS},
    "tail slice_tail sidste": _tail,
    "to_list tolist as_list": lambda shown: shown.shown().iloc[:, 0].tolist(),
    "to_matrix as_matrix matrix unstack matrice til_matrix": _matrix,
}
_VIEWS = {word: done for words, done in _DOING.items() for word in words.split()}

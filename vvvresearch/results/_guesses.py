"""What other programs call what a result can do, and what of a DataFrame it does as a view: base, note and addresses stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.conditions import rows_where
from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import the_one
from vvvresearch.results._labels import value_meant

if TYPE_CHECKING:
    from vvvresearch.results._view import Shown, View

# Ours first, then what it is called elsewhere.
_CALLED: Mapping[str, tuple[str, ...]] = {
    "plot": (
        *("bar", "barh", "barplot", "chart", "diagram", "draw", "figur", "figure", "graf", "graph", "heatmap", "picture"),
        *("tegn", "tegning", "visualize"),
    ),
    "to_docx": ("docx", "to_doc", "to_word", "word"),
    "to_excel": ("excel", "to_xlsx", "write_excel", "xlsx"),
    "to_html": ("html",),
    "to_latex": ("latex", "to_tex"),
    "to_markdown": ("markdown", "to_md"),
    "frame": ("data", "dataframe", "df", "rows"),
    "evidence": ("citater", "passages", "quotes", "segments"),
    "note": ("footnote", "noter", "notes_text"),
    "caption": ("heading", "titel"),
}
_MEANT = {word: ours for ours, words in _CALLED.items() for word in words}
_FILES = {".csv": "to_csv", ".docx": "to_docx", ".htm": "to_html", ".html": "to_html", ".xlsx": "to_excel", ".tex": "to_latex"}
_FILES |= {".md": "to_markdown"}
_SHORT = {"code": ("code_path", "code"), "group": ("respondent_group", "group"), "gruppe": ("respondent_group",), "theme": ("code_path",)}


def guessed(shown: Shown, name: str) -> Any:
    """What is meant by a name that results do not have: ours of the same meaning, a view, or what the rows give as a DataFrame.

    Raises:
        AttributeError: nothing; with the nearest name.
    """
    import pandas as pd

    word = name.casefold()
    if word in _MEANT:
        return getattr(shown, _MEANT[word])
    if word in _VIEWS:
        return lambda *given, **named: _VIEWS[word](shown, *given, **named)
    view = shown.view()
    if not view.absent and name in view.frame.columns and name not in ("index", "columns", "shape", "values"):
        from vvvresearch.results._called import CalledColumn

        return CalledColumn(view.frame[name])
    if hasattr(pd.DataFrame, name):
        return getattr(shown.view().frame, name)
    public = [one for one in dir(type(shown)) if not one.startswith("_")]
    raise AttributeError(f"a result has no {name!r}; {did_you_mean(name, public)}")


def _head(shown: Shown, n: int = 5) -> View:
    view = shown.view()
    return view if view.absent else view.keep(list(view.places[:n]))


def _tail(shown: Shown, n: int = 5) -> View:
    view = shown.view()
    return view if view.absent else view.keep(list(view.places[-n:] if n else ()))


def _sorted(shown: Shown, by: str | Iterable[str], *, ascending: bool = True, descending: bool = False) -> View:
    view = shown.view()
    if view.absent:
        return view
    names = [_column(view, one) for one in ([by] if isinstance(by, str) else by)]
    frame = view.frame.reset_index(drop=True)
    order = frame.sort_values(names, ascending=ascending and not descending, kind="stable").index
    return view.keep([view.places[place] for place in order])


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
    meets = rows_where(view.frame, condition) if not isinstance(condition, str) or condition else None
    for name, wanted in values.items():
        column = _column(view, name)
        given = [wanted] if isinstance(wanted, str) or not isinstance(wanted, Iterable) else list(wanted)
        meant = [value_meant(view.result.labels, view.frame, column, one) for one in given]
        for one, found in zip(given, meant, strict=True):
            if found is None:
                known = set(map(str, view.frame[column]))
                raise AnalysisError(f"no row has {name} = {one!r}", where="where", todo=did_you_mean(str(one), known))
        here = view.frame[column].isin(meant).to_numpy()
        meets = here if meets is None else meets & here
    return view if meets is None else view.keep([place for place, kept in zip(view.places, meets, strict=True) if kept])


def _column(view: View, name: str) -> str:
    known = [str(one) for one in view.frame.columns]
    found = next((one for one in (name, *_SHORT.get(name.casefold(), ())) if one in known), None) or the_one(name, dict.fromkeys(known, ()))
    if found is None:
        raise AnalysisError(f"there is no column {name!r}", where="result", todo=did_you_mean(name, known))
    return found


def _saved(shown: Shown, path: str | Path) -> Path:
    suffix = Path(path).suffix.casefold()
    if suffix not in _FILES:
        todo = "a name that ends in " + ", ".join(sorted(_FILES)) + "; a picture: result.plot().save(path)"
        raise AnalysisError(f"a table cannot be written as {suffix or 'a file without an ending'}", where=str(path), todo=todo)
    written: Path = getattr(shown, _FILES[suffix])(path)
    return written


def _columns(shown: Shown, *names: str | Iterable[str]) -> View:
    return shown.columns(*(one for name in names for one in ([name] if isinstance(name, str) else name)))


_VIEWS: Mapping[str, Callable[..., Any]] = {
    "arrange": _sorted,
    "ggplot": lambda shown, *_: shown.plot(),
    "pivot_wider": lambda shown, names_from="", **_: shown.across(_column(shown.view(), names_from)),
    "pull": lambda shown, column: shown.view().frame[_column(shown.view(), column)],
    "select": _columns,
    "slice_head": lambda shown, n=5: _head(shown, n),
    "slice_max": lambda shown, order_by, n=5: shown.top(n, by=order_by),
    "slice_tail": lambda shown, n=5: _tail(shown, n),
    "display": lambda shown: shown,
    "export": _saved,
    "export_csv": _saved,
    "export_excel": _saved,
    "export_word": _saved,
    "save_as": _saved,
    "filter": chosen_rows,
    "filtrer": chosen_rows,
    "vælg": _columns,
    "gem": _saved,
    "head": _head,
    "nlargest": lambda shown, n, columns: shown.top(n, by=columns),
    "print": lambda shown: shown,
    "query": chosen_rows,
    "save": _saved,
    "show": lambda shown: shown,
    "sort": _sorted,
    "sorter": _sorted,
    "sort_values": _sorted,
    "tail": _tail,
    "to_dataframe": lambda shown: shown.view().frame,
    "to_df": lambda shown: shown.view().frame,
    "to_file": _saved,
    "to_frame": lambda shown: shown.view().frame,
    "to_pandas": lambda shown: shown.view().frame,
    "vis": lambda shown: shown,
    "write": _saved,
}

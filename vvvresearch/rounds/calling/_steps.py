"""What is done with a table once it was found: rows chosen, put in order and counted off, columns of it, alike ones of several tables."""

from __future__ import annotations

import contextlib
import functools
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from vvvresearch.conditions import column_called as column_among
from vvvresearch.errors import CallError, NameNote, VvvError, did_you_mean
from vvvresearch.evidence import Survey, value_named
from vvvresearch.results import Result, Shown, as_told, column_called, folded, rows_named
from vvvresearch.rounds.calling._fitting import ours_of, value_of
from vvvresearch.rounds.calling._other_names import BESIDE

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round


# "min_informants", "at_least_n": the column whose numbers have to be as large, or at most so large.
_BOUND = re.compile(r"^(?P<least>min|minimum|at_least|least|mindst)?(?P<most>max|maximum|at_most|højst)?_(?P<column>\w+)$")
_RISING = ("asc", "ascending", "rising", "stigende")
_COUNTS = (*_RISING, "desc", "descending", "falling", "faldende", "count", "counts", "freq", "frequency", "n", "size", "value", "values")


def is_table(found: Any) -> TypeGuard[Shown]:
    """Whether what was found is a table with something in it."""
    return isinstance(found, Shown) and not found.view().absent


def _of_tables(step: Callable[..., Any]) -> Callable[..., Any]:
    """A step that leaves alone what is no table, and one that is absent and says why."""

    @functools.wraps(step)
    def taken(*given: Any) -> Any:
        return step(*given) if is_table(given[-1]) else given[-1]

    return taken


def column_in(found: Any, word: str) -> str | None:
    """The column of a table that a word means; None where it has none, or is no table."""
    return column_called(found.view(), word) if is_table(found) else None


_COUNTED = re.compile(r"\s*(?:[<>=!]|-?\d)")
# A result anew, of the rows of the register behind it that hold these values, and the words that the register has a column for.
OfRegister = Callable[[Mapping[str, Any], Any], tuple[Any, set[str]]]


def row_of(value: str | list[str], refusal: CallError, of_register: OfRegister, found: Any) -> Any:
    """The rows of a result that are called so: a goal by its id, a municipality by its code, or several; else the result of those rows of
    the register behind it that hold the value: one case, one organisation."""
    if isinstance(found, Shown) and found.view().absent:
        return found
    names = [value] if isinstance(value, str) else value
    if isinstance(found, Shown) and all(rows_named(found.view(), one) is not None for one in names):
        return found.loc[names]  # type: ignore[attr-defined]
    anew, taken = of_register({"only": value}, found)
    if not taken:
        raise refusal
    return anew


def rows_of(values: Mapping[str, Any], refusal: CallError, of_register: OfRegister, found: Any) -> Any:
    """The rows of a result where its columns hold these values, or numbers as large as `min_…`, at most `max_…`, say.

    Of a column that the result does not have, but the register behind it, the result of the rows of the register that hold it.
    """
    if is_table(found):
        found, taken = of_register(
            {word: one for word, one in values.items() if not isinstance(one, bool) and not _filled(found, word, one)}, found
        )
        values = {word: value for word, value in values.items() if word not in taken}
    if not is_table(found):
        raise refusal
    for word, value in values.items():
        found = _rows_where(found, word, value, refusal)
    return found


def _filled(found: Shown, word: str, value: Any) -> bool:
    """Whether a result has such a column, and anything in it; a word is not looked for among counts ("case" in how many cases)."""
    column = column_in(found, word)
    if column is not None and isinstance(value, str) and found.view().numbers[column].dtype.kind in "iuf" and not _COUNTED.match(value):
        return False
    return column is not None and bool((found.view().numbers[column].fillna("").astype(str) != "").any())


def _rows_where(found: Shown, word: str, value: Any, refusal: CallError) -> Any:
    """The rows that one keyword chooses."""
    column, limit = column_in(found, word), _BOUND.match(word)
    if column is not None and value is True:
        # What is asked for stands in the table: `reasons=True`.
        return found
    if column is not None and isinstance(value, float | int) and not (found.view().numbers[column].astype(str) == str(value)).any():
        # A number that stands in no row chooses none: it is a setting that the analysis does not have.
        raise refusal
    if column is not None:
        return found.where(**{column: value})
    if isinstance(value, str) and ours_of(word, ["by"]):
        if column_in(found, value) not in found.view().result.keys:
            raise refusal
        # It is by this column anyway.
        return found
    counted = value_named(value, found.view().names) if word in BESIDE["sign"] else None
    if counted is not None:
        # Of which sign they are is told by how many say it.
        return found.where(f"{counted} > 0")
    names = [value] if isinstance(value, str) else value
    if isinstance(names, list | tuple) and word in BESIDE["only"] and all(rows_named(found.view(), one) is not None for one in names):
        return found.loc[list(names)]  # type: ignore[attr-defined]
    if word.casefold() in BESIDE["date"] and (dated := _of_date(found, str(value))) is not None:
        return dated
    if isinstance(value, str) and isinstance(found, Result) and (columns := _columns_called(found, value)):
        return found.columns(*found.keys, *columns)
    column = column_in(found, limit["column"]) if limit and (limit["least"] or limit["most"]) else None
    if limit is None or column is None or not isinstance(value, int | float):
        raise refusal
    return found.where(f"{column} {'>=' if limit['least'] else '<='} {value}")


def _of_date(found: Shown, said: str) -> Shown | None:
    """The rows of a year, or of another part of a date, of the one column of dates that a table has; None where none has it."""
    rows = found.view().frame.astype("string").fillna("")
    dated = re.compile(r"\d{4}(-\d\d){0,2}|total")
    dates = [name for name in rows if rows[name].map(dated.fullmatch).all() and rows[name].str.startswith(said).any()]
    return found.where(rows[dates[0]].str.startswith(said)) if len(dates) == 1 else None


@_of_tables
def first_of(count: int, found: Shown) -> Any:
    """So many rows from the top."""
    view = found.view()
    return view.keep(list(view.places[:count]))


def _number_of(found: Shown, named: object = True) -> str:
    """The column of numbers that is meant: the one that is named, else the first that has an address."""
    view = found.view()
    if isinstance(named, str) and (column := column_called(view, named.removeprefix("-"))):
        return column
    if isinstance(named, str) and named.casefold() not in _COUNTS:
        return named
    measures = [one.name for one in view.result.measures if one.name in view.frame]
    return next(iter((*measures, *view.frame.select_dtypes("number").columns)), "")


@_of_tables
def in_order(named: object, rising: bool, found: Shown) -> Any:
    """The rows by a number, the largest first unless it is to rise; by words as they are spelt."""
    column = _number_of(found, named)
    words = column in found.view().frame and found.view().frame[column].dtype.kind not in "fiub"
    if words or rising or str(named).casefold() in _RISING:
        return found.sort_values(column)  # type: ignore[attr-defined]
    return found.top(len(found.view().frame), by=column)


@_of_tables
def at_least(least: int, found: Shown) -> Any:
    """The rows whose first number is as large."""
    column = _number_of(found)
    return found.where(lambda rows: rows[column] >= least) if column else found


@_of_tables
def frame_of(found: Shown) -> Any:
    """The rows as a DataFrame."""
    return found.view().frame


@_of_tables
def picture_of(found: Shown) -> Any:
    """The picture."""
    return found.plot()


@_of_tables
def which(asked: str | list[str], name: str, found: Any) -> Any:
    """The part of a result, or the columns of its table, that are asked for; shares, counts and percentages stand in every table."""
    if not isinstance(found, Result):
        return found
    whole = [asked] if isinstance(asked, str) else asked
    words = [value_of("solution", str(one)) for one in whole]
    part = found.parts.get(words[0]) or (getattr(type(found), "__dataclass_fields__", {}).get(words[0]) and getattr(found, words[0]))
    if len(words) == 1 and isinstance(part, Result):
        return part
    if set(words) <= BESIDE["as it is"] | {"count", "n", "antal"}:
        return found
    columns = [one for word in words for one in _columns_called(found, word)]
    if not columns and len(words) == 1 and (rows := rows_named(found.view(), words[0])) is not None:
        return rows
    if not columns:
        known = [*found.parts, *map(str, found.frame.columns)]
        raise CallError(f"r.{name} has no {', '.join(words)}", where=f"r.{name}", todo=did_you_mean(words[0], known))
    return found.columns(*found.keys, *columns)


def _columns_called(found: Result, word: str) -> list[str]:
    """The columns that a word means: one by its name, or those that begin so."""
    names = [str(one) for one in found.frame.columns if one not in found.keys]
    column = column_called(found.view(), word)
    return [column] if column in names else [one for one in names if one.startswith((f"{word}_", f"{word.removesuffix('s')}s_"))]


def told(word: str, value: object, found: Any) -> Any:
    """The table under another title, with other digits or in another language; whole where it was."""
    if not isinstance(found, Shown):
        return found
    view = as_told(found, "table", {word: value})
    return view.result if isinstance(found, Result) else view


@_of_tables
def branches_of(branches: Sequence[str], name: str, found: Shown) -> Any:
    """The rows of several branches of the tree of codes."""
    view = found.view()
    tree = view.result.tree or ("code_path" if "code_path" in view.frame else "")
    if not tree:
        todo = f"of the interviews that have it: r.filter(touches={branches[0]!r}).{name}()"
        raise CallError(f"r.{name} has no rows for codes", where=f"r.{name}", todo=todo)
    paths = [str(one) for one in view.frame[tree]]
    kept = [any(path == one or path.startswith(f"{one} > ") for one in branches) for path in paths]
    return view.keep([place for place, keeps in zip(view.places, kept, strict=True) if keeps])


@_of_tables
def pairs_with(code: str, found: Shown) -> Any:
    """The pairs of codes of which one is this code, or below it."""
    return found.where(lambda rows: (rows[["code_a", "code_b"]] + " > ").apply(lambda one: one.str.startswith(f"{code} > ")).any(axis=1))


@_of_tables
def holding(words: str, found: Shown) -> Any:
    """The rows that hold some words."""
    rows = found.view().frame.astype(str)
    return found.where(rows.apply(lambda column: column.str.contains(words, case=False, regex=False)).any(axis=1))


@_of_tables
def without_total(found: Shown) -> Any:
    """The rows of parts alone."""
    return found.where(~(found.view().frame[list(found.view().result.keys)] == "total").any(axis=1))


def saved_as(path: str | Path, found: Any) -> Any:
    """The table, written to a file on its way."""
    if isinstance(found, Shown):
        found.save(path)  # type: ignore[attr-defined]
    return found


_WITH_COLUMNS = frozenset({"survey", "register", "matches", "interviews", "courses", "monitoring"})


def column_alike(opened: Round, said: str, table: Any) -> str:
    """The one column that holds what other tables of the round have under a name: a site, where a survey asks which kitchen; else ""."""
    held = [_held(one, name) for one in _tables(opened).values() if (name := column_among(said, _columns(one)))]
    if not held:
        return ""
    known = set.union(*held)
    # Yes and no, numbers and degrees of agreement stand in columns of every idea.
    own = {name: values for name in _columns(table) if len(values := _held(table, name)) > 2}
    found = [name for name, values in own.items() if 3 * len(values & known) > 2 * len(values)]
    if len(found) != 1:
        return ""
    warnings.warn(f"{said!r} is understood as {found[0]!r}, which holds the same", NameNote, stacklevel=6)
    return found[0]


def tables_with(opened: Round, said: str) -> list[str]:
    """The tables of the round that have a column that is called so."""
    return [name for name, table in _tables(opened).items() if column_among(said, _columns(table))]


def _tables(opened: Round) -> dict[str, Any]:
    """The tables of the round that can be read; one with faults is told of where it is asked."""
    found = {}
    for source in opened.spec.sources:
        if source.type in _WITH_COLUMNS:
            with contextlib.suppress(VvvError):
                found[source.id] = opened.read(source.id)
    return found


def _columns(table: Any) -> list[str]:
    return table.respondent_columns if isinstance(table, Survey) else list(map(str, getattr(table, "rows", table).columns))


def _held(table: Any, column: str) -> set[str]:
    """What stands in a column, in words where it is an item's answers."""
    values: Any = table.respondent_column(column) if isinstance(table, Survey) else getattr(table, "rows", table)[column]
    item = table.item_named(column) if isinstance(table, Survey) else None
    asked = {one.id: one.type for one in table.questionnaire.items} if isinstance(table, Survey) and table.questionnaire else {}
    if asked.get(column) in ("likert", "number"):
        return set()
    words = table.labels(item, "en") if item is not None and item == column else {}
    return {name for one in values.dropna().unique() if (name := folded(str(words.get(str(one), one)))) and not name.isdecimal()}

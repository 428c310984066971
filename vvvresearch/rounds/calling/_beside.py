"""What is said in a call beside its arguments and meant of any table: how many rows, which columns, of whom, in which language."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, CallError, did_you_mean
from vvvresearch.evidence import column_named, value_named
from vvvresearch.results import TOLD, Result, Shown, as_told, column_called, rows_named
from vvvresearch.rounds.calling._fitting import ours_of, value_of
from vvvresearch.rounds.calling._meaning import columns_of, filter_of, fits, meant_by
from vvvresearch.rounds.calling._other_arguments import AS_IT_IS

if TYPE_CHECKING:
    from vvvresearch.rounds._binding import Bound
    from vvvresearch.rounds._round import Round

# How many rows are asked for, where an analysis has no such argument of its own.
_ROWS = frozenset({"antal", "first_n", "head", "limit", "max", "max_rows", "maximum", "n", "n_rows", "nmax", "top", "top_n"})
_AT_LEAST = frozenset({"at_least", "min", "min_n", "n_min", "min_count", "min_freq", "minimum", "mindst", "min_cases", "minimum_count"})
# "min_informants", "at_least_n": the column whose numbers have to be as large, or at most so large.
_BOUND = re.compile(r"^(?P<least>min|minimum|at_least|least|mindst)?(?P<most>max|maximum|at_most|højst)?_(?P<column>\w+)$")
_SORTS = frozenset({"arrange", "order", "order_by", "sort", "sort_by", "sort_values", "sorted", "sorter", "sorter_efter", "sorteret"})
_DOWN = frozenset({"decreasing", "desc", "descending", "faldende", "reverse"})
_SAVES = frozenset({"fil", "file", "filename", "gem", "out", "outfile", "output", "path", "save", "save_as"})
# What says of whom alone; not "without", nor "against".
_AMONG = frozenset({"among", "blandt", "for", "for_", "hos", "i", "in", "in_", "kun", "only", "within"})
_HOLDS = frozenset({"containing", "contains", "holding", "indeholder", "like", "matching", "med_ordet", "mentioning"})
_TOTALS = frozenset({"include_total", "margins", "show_total", "total", "totals", "with_total"})
_DATES = frozenset({"as_of", "date", "dato", "month", "måned", "period", "quarter", "year", "år"})
_RISING = ("asc", "ascending", "rising", "stigende")
_COUNTS = (*_RISING, "desc", "descending", "falling", "faldende", "count", "counts", "freq", "frequency", "n", "size", "value", "values")
_CONDITIONS = frozenset({"filter", "where", "query", "subset", "condition"})
# Shares of something else than a column; of pandas' `normalize`, True is of all.
_OF_ROWS = ("index", "row", "rows", "rowwise", "række", "rækker", "all", "cell", "true")
# What says that the rows of one name are meant.
_ONLY = frozenset(
    {
        *("answer", "choose", "id", "ids", "just", "keep", "key", "keys", "kun", "name", "names", "only", "option", "row", "rows"),
        *("show", "svar", "top", "top_box", "value", "vis"),
    }
)
# What says which numbers of a table, or which part of a result, are meant.
_WHICH = frozenset(
    {
        "columns",
        "cols",
        "kolonner",
        "measure",
        "measures",
        "output",
        "part",
        "solution",
        "statistic",
        "stat",
        "value",
        "values",
        "values_from",
        "what",
        "include",
    }
)
# What a filter of the round has beside the columns of the register.
_NARROWS = frozenset({"group", "wave", "touches", "mentions", "coder", "stance", "memo"})
CODES = frozenset({"code", "codes", "kode", "koder", "theme", "themes", "tema", "temaer", "node", "nodes", "under"})
FILTERED = frozenset({"codings", "interviews", "mappings", "links"})


@dataclass
class Understood:
    """A call as it is meant.

    Args:
        opened: the round that is asked: narrowed where the call narrows it.
        given: the arguments, by the names of the parameters.
        after: what is done with what was found, in order.
        instead: the analysis of the round that is meant, "" for the one that was called.
    """

    opened: Round
    given: dict[str, Any]
    after: list[Callable[[Any], Any]] = field(default_factory=list)
    instead: str = ""


def follows(opened: Round, bound: Bound[Any, Any]) -> bool:
    """Whether a filter of the round moves what an analysis rests on."""
    return bool(FILTERED & set(bound.evidence.values())) and opened.has("interviews")


def of_register(call: Understood, bound: Bound[Any, Any], values: Mapping[str, Any], found: Any) -> tuple[Any, set[str]]:
    """The result of those rows of the register it rests on that hold these values, and the words that it has a column for."""
    chosen: dict[str, Any] = {}
    taken: set[str] = set()
    for supply in bound.evidence.values():
        register = call.opened.register(supply) if supply not in FILTERED else None
        if register is None:
            continue
        for word, value in values.items():
            if word in _CONDITIONS and (isinstance(value, Mapping) or callable(value) or " " in str(value)):
                chosen |= value if isinstance(value, Mapping) else {"filter": value}
                taken.add(word)
                continue
            try:
                chosen[column_named(word, register.columns)] = value
                taken.add(word)
            except AnalysisError:
                continue
    return (bound.call(bound, call.opened, chosen).ask(call.given) if chosen else found), taken


def column_of_register(opened: Round, bound: Bound[Any, Any], by: str) -> str:
    """The column of the register that an analysis is of, as people call it; of another register it is left to the analysis.

    Raises:
        CallError: it is a value of one of the columns; with the calls that may be meant.
    """
    for supply in bound.evidence.values():
        register = opened.register(supply) if supply not in FILTERED else None
        if register is None:
            continue
        try:
            return column_named(by, register.columns)
        except AnalysisError:
            held = [str(name) for name in register.columns if value_named(by, set(register[name].astype(str)))]
            if held:
                todo = f"r.{bound.name}(by={held[0]!r}), or of these alone: r.{supply}.filter({held[0]}={by!r}) in vvv.{bound.name}(…)"
                raise CallError(f"{by!r} is a value and no column", where=f"r.{bound.name}", todo=todo) from None
    return by


def has_column(opened: Round, bound: Bound[Any, Any], by: object) -> bool:
    """Whether what an analysis rests on has such a column at all."""
    registers = [opened.register(supply) for supply in bound.evidence.values() if supply not in FILTERED]
    registers += [opened.interviews.frame] if follows(opened, bound) else []
    for one in registers:
        try:
            if one is not None and column_named(by, one.columns):
                return True
        except AnalysisError:
            continue
    return False


def row_of(value: str | list[str], refusal: CallError, found: Any) -> Any:
    """The rows of a result that are called so: a goal by its id, a municipality by its code, or several."""
    if isinstance(found, Shown) and found.view().absent:
        return found
    names = [value] if isinstance(value, str) else value
    if not isinstance(found, Shown) or any(rows_named(found.view(), one) is None for one in names):
        raise refusal
    return found.loc[names]  # type: ignore[attr-defined]


def _filled(view: Any, word: str) -> bool:
    """Whether a result has such a column, and anything in it."""
    column = column_called(view, word)
    return column is not None and bool((view.numbers[column].fillna("").astype(str) != "").any())


# A result anew, of the rows of the register behind it that hold these values, and the words that the register has a column for.
OfRegister = Callable[[Mapping[str, Any], Any], tuple[Any, set[str]]]


def rows_of(values: Mapping[str, Any], refusal: CallError, of_register: OfRegister, found: Any) -> Any:
    """The rows of a result where its columns hold these values, or numbers as large as `min_…`, at most `max_…`, say.

    Of a column that the result does not have, but the register behind it, the result of the rows of the register that hold it.
    """
    if isinstance(found, Shown) and not found.view().absent:
        wanted = {word: value for word, value in values.items() if not isinstance(value, bool) and not _filled(found.view(), word)}
        found, taken = of_register(wanted, found)
        values = {word: value for word, value in values.items() if word not in taken}
    if not isinstance(found, Shown) or found.view().absent:
        raise refusal
    for word, value in values.items():
        column, bound = column_called(found.view(), word), _BOUND.match(word)
        if column is not None and value is True:
            # What is asked for stands in the table: `reasons=True`.
            continue
        if column is not None and isinstance(value, float | int) and not (found.view().numbers[column] == value).any():
            # A number that stands in no row chooses none: it is a setting that the analysis does not have.
            raise refusal
        if column is not None:
            found = found.where(**{column: value})
            continue
        if isinstance(value, str) and ours_of(word, ["by"]):
            if column_called(found.view(), value) not in found.view().result.keys:
                raise refusal
            # It is by this column anyway.
            continue
        if isinstance(value, str | list | tuple) and word in _ONLY:
            names = [value] if isinstance(value, str) else list(value)
            if all(rows_named(found.view(), one) is not None for one in names):
                found = found.loc[names]  # type: ignore[attr-defined]
                continue
        if word.casefold() in _DATES and (dated := _of_date(found, str(value))) is not None:
            found = dated
            continue
        if isinstance(value, str) and isinstance(found, Result) and (columns := _columns_called(found, value)):
            found = found.columns(*found.keys, *columns)
            continue
        column = column_called(found.view(), bound["column"]) if bound and (bound["least"] or bound["most"]) else None
        if bound is None or column is None or not isinstance(value, int | float):
            raise refusal
        found = found.where(f"{column} {'>=' if bound['least'] else '<='} {value}")
    return found


def _of_date(found: Shown, said: str) -> Shown | None:
    """The rows of a year, or of another part of a date, of the one column of dates that a table has; None where none has it."""
    rows = found.view().frame.astype(str)
    dates = [name for name in rows if rows[name].str.fullmatch(r"\d{4}(-\d\d){0,2}").all() and rows[name].str.startswith(said).any()]
    return found.where(rows[dates[0]].str.startswith(said)) if len(dates) == 1 else None


def first_of(count: int, found: Any) -> Any:
    if not isinstance(found, Shown) or found.view().absent:
        return found
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


def _largest_first(named: object, rising: bool, found: Any) -> Any:
    if not isinstance(found, Shown) or found.view().absent:
        return found
    column = _number_of(found, named)
    words = column in found.view().frame and found.view().frame[column].dtype.kind not in "fiub"
    if words or rising or str(named).casefold() in _RISING:
        return found.sort_values(column)  # type: ignore[attr-defined]
    return found.top(len(found.view().frame), by=column)


def _at_least(least: int, found: Any) -> Any:
    """The rows whose first number is as large."""
    if not isinstance(found, Shown) or found.view().absent or not (column := _number_of(found)):
        return found
    return found.where(lambda rows: rows[column] >= least)


def _frame_of(found: Any) -> Any:
    return found.view().frame if isinstance(found, Shown) else found


def _picture_of(found: Any) -> Any:
    return found.plot() if isinstance(found, Shown) else found


def _which(asked: str | list[str], name: str, found: Any) -> Any:
    """The part of a result, or the columns of its table, that are asked for; shares, counts and percentages stand in every table."""
    if not isinstance(found, Result) or found.absent:
        return found
    whole = [asked] if isinstance(asked, str) else asked
    words = [value_of("solution", str(one)) for one in whole]
    part = found.parts.get(words[0]) or (getattr(type(found), "__dataclass_fields__", {}).get(words[0]) and getattr(found, words[0]))
    if len(words) == 1 and isinstance(part, Result):
        return part
    if set(words) <= AS_IT_IS | {"count", "n", "antal"}:
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


def _told(word: str, value: object, found: Any) -> Any:
    """The table under another title, with other digits or in another language; whole where it was."""
    if not isinstance(found, Shown):
        return found
    told = as_told(found, "table", {word: value})
    return told.result if isinstance(found, Result) else told


def branches_of(branches: Sequence[str], name: str, found: Any) -> Any:
    """The rows of several branches of the tree of codes."""
    if not isinstance(found, Shown) or found.view().absent:
        return found
    view = found.view()
    tree = view.result.tree or ("code_path" if "code_path" in view.frame else "")
    if not tree:
        todo = f"of the interviews that have it: r.filter(touches={branches[0]!r}).{name}()"
        raise CallError(f"r.{name} has no rows for codes", where=f"r.{name}", todo=todo)
    paths = [str(one) for one in view.frame[tree]]
    kept = [any(path == one or path.startswith(f"{one} > ") for one in branches) for path in paths]
    return view.keep([place for place, keeps in zip(view.places, kept, strict=True) if keeps])


def pairs_with(code: str, found: Any) -> Any:
    """The pairs of codes of which one is this code, or below it."""
    if not isinstance(found, Shown) or found.view().absent:
        return found
    return found.where(lambda rows: (rows[["code_a", "code_b"]] + " > ").apply(lambda one: one.str.startswith(f"{code} > ")).any(axis=1))


def beside(named: Mapping[str, Any]) -> tuple[dict[str, Any], list[Callable[[Any], Any]]]:
    """The keywords of a call without those that are meant of any table, and what those do with it: rows chosen, put in order, counted off,
    then told and saved."""
    left: dict[str, Any] = {}
    steps: list[tuple[int, Callable[[Any], Any]]] = []
    down = {word: value for word, value in named.items() if word.casefold() in _DOWN | {"ascending"} and isinstance(value, bool)}
    rising = any(value == (word.casefold() == "ascending") for word, value in down.items())
    if down and not _SORTS & set(named):
        steps.append((1, functools.partial(_largest_first, True, rising)))
    for word, value in named.items():
        said = word.casefold()
        if said in TOLD:
            steps.append((3, functools.partial(_told, word, value)))
        elif word in _ROWS and isinstance(value, int):
            steps.append((2, functools.partial(first_of, value)))
        elif word in _SORTS and value in (None, False):
            continue
        elif word in _SORTS and (value is True or isinstance(value, str)):
            steps.append((1, functools.partial(_largest_first, value, rising)))
        elif word in _AT_LEAST and isinstance(value, int):
            steps.append((0, functools.partial(_at_least, value)))
        elif word in _HOLDS and isinstance(value, str):
            steps.append((0, functools.partial(_holding, value)))
        elif word in _TOTALS and value is False:
            steps.append((0, _without_total))
        elif said in _SAVES and isinstance(value, str | Path) and Path(value).suffix:
            steps.append((4, functools.partial(_saved_as, value)))
        elif word in ("as_frame", "as_dataframe", "to_frame") and value is True:
            steps.append((5, _frame_of))
        elif word in ("plot", "figure", "chart") and value is True:
            steps.append((5, _picture_of))
        elif word not in AS_IT_IS and word not in down:
            left[word] = value
    return left, [step for _, step in sorted(steps, key=lambda one: one[0])]


def extras(call: Understood, bound: Bound[Any, Any], left: dict[str, Any]) -> list[str]:
    """Takes in what belongs to no parameter but is meant of any table; returns what is strange."""
    opened = call.opened
    strange: list[str] = []
    narrows: dict[str, Any] = {}
    of_survey: dict[str, Any] = {}
    moves = follows(opened, bound)
    survey = next((call.given[name] for name in bound.surveys if name in call.given), None)
    known = columns_of(opened, survey)
    for word, value in left.items():
        if word in AS_IT_IS and "by" in call.given and str(value).casefold() in _OF_ROWS[: None if word == "normalize" else -1]:
            item, by = (repr(getattr(call.given.get(one), "id", call.given.get(one))) for one in ("item", "by"))
            todo = f"shares of the rows, turned round: r.{bound.name}(…, {by}, by={item})"
            raise CallError("shares are of the columns", where=f"r.{bound.name}", why=f"{word}={value!r} asks for others", todo=todo)
    left, after = beside(left)
    for word, value in left.items():
        if moves and word.casefold() in _AMONG and (kind := _kind_of(opened, value)):
            narrows[kind] = value
        elif word in _WHICH and isinstance(value, str | list):
            call.after.append(functools.partial(_which, value, bound.name))
        elif word in _CONDITIONS and moves:
            call.opened = call.opened.filter(value)
        elif word in _CONDITIONS and survey is not None:
            asked = opened.surveys[survey] if isinstance(survey, str) else survey
            call.given[bound.surveys[0]] = asked.filter(value)
        elif moves and word.casefold() in CODES and (branches := _codes_meant(opened, value)):
            call.after.append(functools.partial(branches_of, branches, bound.name))
        elif word in known:
            of_survey[word] = value
        elif moves and not (word == "coder" and "coders" in bound.left.parameters) and (column := _narrowing(opened, word)):
            narrows[column] = meant_by(opened, column, value)
        elif moves and word in ("by", "group_by", "groupby") and isinstance(value, str):
            call.after.append(functools.partial(_by_itself, opened, value, bound.name))
        else:
            strange.append(word)
    call.after += after
    if narrows:
        call.opened = call.opened.filter(**narrows)
    if of_survey and survey is not None:
        asked = opened.surveys[survey] if isinstance(survey, str) else survey
        call.given[bound.surveys[0]] = asked.filter(**of_survey)
    return strange


def _holding(words: str, found: Any) -> Any:
    """The rows that hold some words."""
    if not isinstance(found, Shown) or found.view().absent:
        return found
    rows = found.view().frame.astype(str)
    return found.where(rows.apply(lambda column: column.str.contains(words, case=False, regex=False)).any(axis=1))


def _without_total(found: Any) -> Any:
    """The rows of parts alone."""
    if not isinstance(found, Shown) or found.view().absent:
        return found
    return found.where(~(found.view().frame[list(found.view().result.keys)] == "total").any(axis=1))


def _saved_as(path: str | Path, found: Any) -> Any:
    """The table, written to a file on its way."""
    if isinstance(found, Shown):
        found.save(path)  # type: ignore[attr-defined]
    return found


def _kind_of(opened: Round, value: object) -> str:
    """What of interviews all the values are that are named: a group, a wave; "" where they are none or several."""
    kinds = {filter_of(opened, str(one)) for one in (value if isinstance(value, list | tuple) else [value])}
    return kinds.pop() if len(kinds) == 1 and not kinds & {"", "touches"} else ""


def _codes_meant(opened: Round, value: object) -> list[str]:
    given = value if isinstance(value, list | tuple) else [value]
    return [str(meant_by(opened, "code", one)) for one in given] if fits(opened, "codes", list(given)) else []


def _narrowing(opened: Round, word: str) -> str:
    """What a filter of the round calls it, "" where it has nothing of the kind."""
    ours = {"gruppe": "group", "respondent_group": "group", "bølge": "wave"}.get(word.casefold(), word)
    if ours in _NARROWS:
        return ours
    try:
        return column_named(word, opened.interviews.frame.columns)
    except AnalysisError:
        return ""


def _by_itself(opened: Round, by: str, name: str, found: Any) -> Any:
    """A table that is by this column anyway."""
    column = _narrowing(opened, by)
    column = "respondent_group" if column == "group" else column or by
    called = isinstance(found, Shown) and not found.view().absent and (column_called(found.view(), by) or column)
    if called and called not in found.view().result.keys:
        values = sorted(set(opened.interviews.frame[str(column)].astype(str)) - {""}) if column in opened.interviews.frame else []
        calls = ", ".join(f"r.filter({column}={one!r}).{name}()" for one in values[:3])
        raise CallError(f"r.{name} is not split by a column", where=f"r.{name}", todo=calls or f"r.{name}()")
    return found

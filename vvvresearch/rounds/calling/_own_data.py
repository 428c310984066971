"""The functions of the package as `vvv.<name>`, for tables of one's own: a DataFrame is taken where evidence or columns are meant."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from vvvresearch.errors import AnalysisError, CallError, VvvError, did_you_mean
from vvvresearch.locales import the_one
from vvvresearch.rounds.calling._fitting import fitting_call, parts_of
from vvvresearch.rounds.calling._other_names import BESIDE

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.evidence import Codings, Interviews

_OWN = "own table"
_TABLES = frozenset({".csv", ".xlsx", ".sav", ".zsav", ".por", ".qdpx", ".qde"})
# Parameters that are columns of numbers or words, one a case.
_COLUMNS = frozenset({"time", "event", "reason", "entry", "group", "x", "y", "labels", "values", "rater1", "rater2", "start", "end"})


def for_own_data(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that takes a DataFrame of one's own as one would hand it over, and answers a wrong call with the right one.

    Codings and interviews may be plain tables; where a function takes columns, the table and their names do.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.monitoring.matches import kaplan_meier
        >>> months = pd.DataFrame({"months": [3, 5, 8], "ended": [1, 0, 1]})
        >>> for_own_data(kaplan_meier)(months, "months", "ended").frame["survival"].round(3).tolist()
        [0.667, 0.667, 0.0]
    """
    parameters = list(inspect.signature(function).parameters)
    fitting = fitting_call(function, f"vvv.{function.__name__}")

    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        named = {word: value for word, value in named.items() if word in parameters or word not in BESIDE["as it is"]}
        if len(arguments) > 1 and all(hasattr(one, "supplies") for one in arguments[:2]):
            later = max(arguments[:2], key=lambda one: one.spec.period.end)
            item = arguments[2] if len(arguments) > 2 and isinstance(arguments[2], str) else "…"
            todo = f"of {later.id}: r.theme_trend(), r.goal_trend(); of a question: r.compare_waves(first, second, item={item!r})"
            raise CallError("two rounds are compared by the later of them", where=f"vvv.{function.__name__}", todo=todo)
        if arguments and hasattr(arguments[0], "supplies") and (bound := _bound_to(arguments[0], function)):
            return bound(*arguments[1:], **named)
        if "data" in named and "data" not in parameters:
            arguments, named = (named["data"], *arguments), {word: value for word, value in named.items() if word != "data"}
        if arguments and parameters and parameters[0] not in ("path", "text"):
            arguments = (_table_of(arguments[0], parameters[0]), *arguments[1:])
        arguments, named = _gathered(parameters, arguments, named)
        frame: Any = arguments[0] if arguments else named.get("data")
        if _is_frame(frame):
            columns = set(map(str, frame.columns))
            arguments = (frame, *(parts_of(one, columns.__contains__) or one for one in arguments[1:]))
            named = {word: parts_of(value, columns.__contains__) or value for word, value in named.items()}
        if "conditions" in parameters and _is_frame(frame) and len(arguments) < 3:
            named = _with_conditions(frame, arguments, named)
        if function.__name__ == "minimize" and _is_frame(frame):
            return _solved(fitting, frame, arguments[1:], named)
        if not _is_frame(frame):
            if "attribute" in parameters and hasattr(frame, "questionnaire"):
                return _tabulated(frame, arguments[1:], named)
            return fitting(*arguments, **named)
        if parameters[0] == "answers" and len(arguments) + len(named) > 1:
            return _of_answers(fitting, parameters, frame, arguments[1:], named)
        if parameters[0] == "links":
            return fitting(_with_columns_of_links(frame), *arguments[1:], **named)
        if "items" in parameters and len(arguments) == 1 and "items" not in named:
            return fitting(frame, list(map(str, frame.columns)), **named)
        if parameters[0] == "codings":
            return _of_codings(fitting, parameters, frame, arguments[1:], named)
        if parameters[:2] == ["first", "second"] and (sides := _two_sides(frame, arguments[1:], named)) is not None:
            return fitting(*sides)
        if parameters[0] in _COLUMNS:
            rest = arguments[1:] if arguments else ()
            given = {name: value for name, value in named.items() if name != "data"}
            return fitting(*(_column(frame, one) for one in rest), **{name: _column(frame, one) for name, one in given.items()})
        return fitting(*arguments, **named)

    return call


def _bound_to(opened: Any, function: Callable[..., Any]) -> Any:
    """The analysis of a round that is this function; None where rounds have none."""
    plain = inspect.unwrap(function)
    for part in type(opened).__mro__:
        for name, made in vars(part).items():
            if inspect.unwrap(getattr(made, "function", None) or _bound_to) is plain:
                return getattr(opened, name)
    return None


def _table_of(given: Any, parameter: str) -> Any:
    """A table that was named by its file, given as columns, or held by evidence of another kind than is asked for, as the table itself."""
    import pandas as pd

    plain = ("Register", "Interviews") if parameter == "codings" else ("Codings", "Mappings", "Register", "Interviews")
    if type(given).__name__ in plain and parameter in ("survey", "answers", "codings"):
        return given.as_table()

    if isinstance(given, dict) and given and all(isinstance(one, list | tuple) for one in given.values()):
        return pd.DataFrame(given)
    if not isinstance(given, str | Path) or Path(given).suffix.casefold() not in _TABLES or not Path(given).is_file():
        return given
    from vvvresearch.sources import read_codings, read_survey

    if parameter == "codings":
        return read_codings(given)
    survey = read_survey(given)
    return survey if parameter == "survey" and survey.questionnaire is not None else survey.answers


def _gathered(parameters: list[str], arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Columns that were given one by one, as the table and their names, where the function takes a table."""
    import pandas as pd

    if parameters[0] == "ratings":
        arguments = _raters(arguments)
    columns = [one for one in (*arguments, *named.values()) if isinstance(one, pd.Series)]
    if not columns or not isinstance(arguments[0] if arguments else None, pd.Series) or parameters[0] in _COLUMNS | {"x1"}:
        return arguments, named
    names = [str(one.name) if one.name is not None else f"column {place}" for place, one in enumerate(columns, start=1)]
    if len(set(names)) < len(names):
        return arguments, named
    table = pd.DataFrame(dict(zip(names, columns, strict=True)))
    if parameters[0] in ("ratings", "table", "data"):
        return (table, *(one for one in arguments if not isinstance(one, pd.Series))), named
    called = dict(zip(map(id, columns), names, strict=True))
    return (table, *(called.get(id(one), one) for one in arguments)), {word: called.get(id(one), one) for word, one in named.items()}


def _raters(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The judgements of raters, given one after the other or as a list of them, as a table with a column for each."""
    import pandas as pd

    of_one = [one for one in arguments if _is_column(one)]
    if len(of_one) == 1 and len(of_one[0]) > 1 and all(map(_is_column, of_one[0])):
        of_one = list(of_one[0])
    if len(of_one) < 2 or len(set(map(len, of_one))) > 1:
        return arguments
    rest = tuple(one for one in arguments if not _is_column(one))
    return (pd.DataFrame({f"rater {place}": list(one) for place, one in enumerate(of_one, start=1)}), *rest)


def _is_column(value: Any) -> bool:
    return isinstance(value, list | tuple) or (type(value).__name__ in ("Series", "ndarray") and value.ndim == 1)


def _two_sides(frame: pd.DataFrame, rest: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, Any] | None:
    """The numbers of the two groups of a table, of its columns of numbers and of groups; None where it names no two columns."""
    names = [one for one in (*rest, *named.values()) if isinstance(one, str) and one in frame]
    groups = [one for one in names if frame[one].nunique() == 2]
    if len(names) != 2 or not groups:
        return None
    group = groups[-1]
    number = next(one for one in names if one != group)
    one, other = sorted(frame[group].dropna().unique())
    return frame.loc[frame[group] == one, number].to_numpy(), frame.loc[frame[group] == other, number].to_numpy()


def _with_conditions(frame: pd.DataFrame, arguments: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    """A truth table without its conditions is of all the other columns."""
    outcome = arguments[1] if len(arguments) > 1 else named.get("outcome")
    if outcome is None or "conditions" in named or outcome not in frame:
        return named
    return {**named, "conditions": [str(one) for one in frame.columns if one != outcome]}


def _solved(fitting: Callable[..., Any], frame: pd.DataFrame, rest: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """The solution of a table of memberships: of its truth table."""
    from vvvresearch.mechanisms.qca import truth_table

    solving = {word: named.pop(word) for word in ("solution", "expectations", "time_limit") if word in named}
    return fitting(for_own_data(truth_table)(frame, *rest, **named), **solving)


def _is_frame(value: Any) -> TypeGuard[pd.DataFrame]:
    import pandas as pd

    return isinstance(value, pd.DataFrame)


def _column(frame: pd.DataFrame, value: Any) -> Any:
    if isinstance(value, list) and value and set(map(str, value)) <= set(map(str, frame.columns)):
        return frame[value]
    if not isinstance(value, str) or value in frame.columns:
        return frame[value] if isinstance(value, str) else value
    if value in ("log", "log-log", "plain"):
        return value
    raise AnalysisError(f"the table has no column {value!r}", where=_OWN, todo=did_you_mean(value, map(str, frame.columns)))


def _of_codings(
    fitting: Callable[..., Any], parameters: list[str], frame: pd.DataFrame, rest: tuple[Any, ...], named: dict[str, Any]
) -> Any:
    if {"attribute"} & set(parameters) and "survey" not in named and not _looks_coded(frame):
        # A cross-table of two columns of a plain table is a table of answers.
        return _tabulated(frame, rest, named)
    codings = _codings(frame)
    if "interviews" not in parameters:
        return fitting(codings, *rest, **named)
    register = named.pop("interviews", rest[0] if rest and (_is_frame(rest[0]) or hasattr(rest[0], "halves")) else None)
    rest = rest[1:] if rest and register is rest[0] else rest
    return fitting(codings, _interviews(frame, register), *rest, **named)


_TEXTS = ("quote", "passage", "segment", "citat", "excerpt", "content", "coded text", "udsnit", "indhold", "quotation")
_OF_LINKS = {
    "cause": ("from", "fra", "årsag", "source", "antecedent"),
    "effect": ("to", "til", "virkning", "target", "consequence", "outcome"),
    "informant": ("person", "respondent", "who", "interview", "case", "source_id"),
}


def _with_columns_of_links(frame: pd.DataFrame) -> pd.DataFrame:
    """A table of links whose columns are called as other programs call them."""
    known = {ours: (ours, *words) for ours, words in _OF_LINKS.items() if ours not in frame}
    found = {str(name): the_one(name, known, part=False) for name in frame.columns}
    return frame.rename(columns={name: ours for name, ours in found.items() if ours})


def _of_answers(
    fitting: Callable[..., Any], parameters: list[str], frame: pd.DataFrame, rest: tuple[Any, ...], named: dict[str, Any]
) -> Any:
    """Answers that are columns of a plain table: the one that is compared, and the one that says who is who."""
    given = {**dict(zip(parameters[1:], rest, strict=False)), **named}
    for word in ("variable", "column", "answer", "value", "question"):
        if word in given:
            given.setdefault("item", given.pop(word))
    for word in ("group", "groups", "group_by", "groupby", "gruppe"):
        if word in given:
            given.setdefault("by", given.pop(word))
    item, by = given.pop("item", None), given.get("by")
    if not isinstance(item, str):
        return fitting(frame, *rest, **named)
    return fitting(_column(frame, item), **{**given, **({"by": _column(frame, by)} if isinstance(by, str) else {})})


def _tabulated(survey: Any, rest: tuple[Any, ...], named: dict[str, Any]) -> Any:
    from vvvresearch.survey import tabulate

    return fitting_call(tabulate, "vvv.tabulate")(survey, *rest, **named)


def _looks_coded(frame: pd.DataFrame) -> bool:
    try:
        _codings(frame)
    except VvvError:
        return False
    return True


def _codings(frame: pd.DataFrame) -> Codings:
    """Codings of a plain table, read as a file of it would be."""
    from vvvresearch.sources import TypedTable, read_codings

    told = frame.reset_index(drop=True)
    if not any(the_one(name, {"text": _TEXTS}, part=False) for name in told.columns) and not {"start", "end"} <= set(told.columns):
        # Codings that only say which interview has which code count for their interviews.
        told["quote"] = ""
    told.index = told.index + 2
    return read_codings(TypedTable(told.astype(object).where(told.notna(), "").map(str), Path(_OWN), _OWN))


def _interviews(frame: pd.DataFrame, register: Any) -> Interviews:
    """A register of a plain table; without one, of the transcripts that the codings name, with what the table says of them."""
    import pandas as pd

    from vvvresearch.evidence import REGISTER_COLUMNS, Interviews, column_named

    if isinstance(register, Interviews):
        return register
    codings = _codings(frame)
    told = register
    if told is None:
        source = next(name for name in frame.columns if set(map(str, frame[name].dropna())) == set(codings.frame["source"]))
        told = frame.drop_duplicates(source).rename(columns={source: "interview"})
    told = told.astype(object).where(told.notna(), "")
    columns = {}
    for name in told.columns:
        try:
            columns[column_named(name, REGISTER_COLUMNS)] = told[name].to_numpy()
        except AnalysisError:
            columns[str(name)] = told[name].to_numpy()
    if "interview" not in columns:
        raise AnalysisError(
            "the table of interviews has no column 'interview'", where=_OWN, todo=did_you_mean("interview", map(str, columns))
        )
    made = pd.DataFrame(columns)
    filled: dict[str, Any] = {"person": made["interview"], "source": made["interview"], "respondent_group": "respondent"}
    for name in REGISTER_COLUMNS:
        if name not in made:
            made[name] = filled.get(name, "")
    for name in ("interpreter", "consent_analysis", "consent_quote"):
        if name not in columns:
            made[name] = pd.NA
    return Interviews(made)

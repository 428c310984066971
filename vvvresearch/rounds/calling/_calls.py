"""A call as an evaluator writes it: by the signature, else by what its arguments can only mean; else an error that names the right call."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, CallError, did_you_mean
from vvvresearch.evidence import column_named, value_named
from vvvresearch.results import Shown, value_meant
from vvvresearch.rounds.calling._fitting import renamed, shape
from vvvresearch.rounds.calling._meaning import columns_of, filter_of, fits, is_read, meant_by, only_survey, surveys_with

if TYPE_CHECKING:
    from vvvresearch.rounds._binding import Bound
    from vvvresearch.rounds._round import Round

# How many rows are asked for, where an analysis has no such argument of its own.
_ROWS = frozenset({"antal", "first_n", "head", "limit", "max", "max_rows", "maximum", "n", "n_rows", "nmax", "top", "top_n"})
_CONDITIONS = frozenset({"filter", "where", "query", "subset", "condition"})
_AS_IT_IS = frozenset(
    {"counts", "dropna", "include_total", "margins", "normalize", "observed", "percent", "percentage", "percentages", "pct", "proportion"}
    | {"proportions", "procent", "share", "shares", "show_n", "total", "totals"}
)
# What a filter of the round has beside the columns of the register.
_NARROWS = frozenset({"group", "wave", "touches", "mentions", "coder", "stance", "memo"})
_CODES = frozenset({"code", "codes", "kode", "koder", "theme", "themes", "tema", "temaer", "node", "nodes", "under"})
_FILTERED = frozenset({"codings", "interviews", "mappings", "links"})
_SURVEYS = ("survey", "first", "second", "answers", "other")


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


def understand(opened: Round, bound: Bound[Any, Any], arguments: Sequence[Any], named: Mapping[str, Any]) -> Understood:
    """A call of an analysis as it is meant.

    What fits the signature is taken as it is, but that a value may be called by its everyday name. Else a keyword that other programs
    use stands for ours, a value without a name goes to the one parameter that it can belong to, what the round supplies is not taken
    twice, and what filters the round filters it for this call.

    Raises:
        CallError: it means nothing, or could mean several things.
    """
    signature, name = bound.left, bound.name
    try:
        given = dict(signature.bind(*arguments, **named).arguments)
        if _is_item_first(opened, given):
            raise TypeError("an item stands where the survey belongs")
        return _settled(Understood(opened, given), bound)
    except TypeError as misfit:
        if name == "tabulate" and _is_whole_survey(opened, arguments, named):
            return Understood(opened, {"": (arguments, dict(named))}, instead="topline")
        if _is_of_survey(opened, signature, arguments, named):
            return Understood(opened, {"": (arguments, dict(named))}, instead="tabulate")
        call = Understood(opened, {})
        left = renamed(signature, named, call.given)
        free = [parameter for parameter in signature.parameters if parameter not in call.given]
        for value in arguments:
            if _is_supplied(opened, bound, value):
                continue
            if (
                isinstance(value, int)
                and not isinstance(value, bool)
                and not fits(opened, "wave", value)
                and not _takes_number(signature, free)
            ):
                call.after.append(functools.partial(_first, value))
                continue
            meant = None if isinstance(value, int) else _place(opened, signature, free, value, call.given)
            strange = isinstance(value, str) and not any(fits(opened, one, value) for one in free)
            if meant is None and strange and _follows(opened, bound) and (kind := filter_of(opened, value)):
                call.opened = call.opened.filter(**{kind: value})
                continue
            if meant is None and strange and _can_be_called(signature, call.given):
                # A value that no parameter takes can be a row of what is found.
                refusal = _refused(opened, signature, name, misfit, arguments, named)
                call.after.append(functools.partial(_row_of, value, refusal))
                continue
            if meant is None:
                raise _refused(opened, signature, name, misfit, arguments, named) from None
            for parameter, part in meant.items():
                call.given[parameter] = part
                if parameter in free:
                    free.remove(parameter)
        _fill_surveys(opened, name, free, call.given)
        unknown = _extras(call, bound, left)
        if unknown and _can_be_called(signature, call.given):
            refusal = _refused(opened, signature, name, misfit, arguments, named)
            call.after.append(functools.partial(_rows_of, {word: left[word] for word in unknown}, refusal))
            unknown = []
        try:
            if unknown:
                raise misfit
            signature.bind(**call.given)
        except TypeError as still:
            raise _refused(opened, signature, name, still, arguments, named) from None
        return _settled(call, bound)


def _settled(call: Understood, bound: Bound[Any, Any]) -> Understood:
    """The call with every value as its parameter takes it."""
    signature, name = bound.left, bound.name
    survey = next((call.given[one] for one in bound.surveys if one in call.given), None)
    if "other" in signature.parameters and "other" not in call.given and fits(call.opened, "survey", call.given.get("item")):
        call.given["other"] = call.given.pop("item")
    for parameter, value in list(call.given.items()):
        call.given[parameter] = value = meant_by(call.opened, parameter, value, survey=survey)
        if parameter == "by" and isinstance(value, str):
            call.given[parameter] = value = _column_of_register(call.opened, bound, value)
        if parameter == "under" and isinstance(value, list):
            branches = [str(getattr(one, "path", one)) for one in value]
            del call.given[parameter]
            call.after.append(functools.partial(_branches, branches, name))
        elif parameter == "wave" and isinstance(value, list):
            del call.given[parameter]
            call.opened = call.opened.filter(wave=[str(one) for one in value])
        elif parameter in ("code", "by") and isinstance(value, list) and not _takes_several(signature, parameter):
            each = ", ".join(f"r.{name}({parameter}={one!r})" for one in value[:3])
            raise CallError(f"{parameter} is one at a time", where=f"r.{name}", todo=each)
    return call


def _column_of_register(opened: Round, bound: Bound[Any, Any], by: str) -> str:
    """The column of the register that an analysis is of, as people call it; of another register it is left to the analysis.

    Raises:
        CallError: it is a value of one of the columns; with the calls that may be meant.
    """
    for supply in bound.evidence.values():
        register = opened.register(supply) if supply not in _FILTERED else None
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


def _takes_several(signature: inspect.Signature, parameter: str) -> bool:
    told = str(signature.parameters[parameter].annotation)
    return not told.startswith("str") or "Sequence" in told


def _takes_number(signature: inspect.Signature, free: Sequence[str]) -> bool:
    """Whether a number without a name may belong to a parameter by its place."""
    places = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return any(signature.parameters[name].kind in places and "int" in str(signature.parameters[name].annotation) for name in free)


def _follows(opened: Round, bound: Bound[Any, Any]) -> bool:
    """Whether a filter of the round moves what an analysis rests on."""
    return bool(_FILTERED & set(bound.evidence.values())) and opened.has("interviews")


def _can_be_called(signature: inspect.Signature, given: Mapping[str, Any]) -> bool:
    """Whether nothing is missing."""
    return all(one.default is not inspect.Parameter.empty or one.name in given for one in signature.parameters.values())


def _row_of(value: str, refusal: CallError, found: Any) -> Any:
    """The rows of a result that are called so: a goal by its id, a municipality by its code."""
    if not isinstance(found, Shown) or found.view().absent:
        raise refusal
    view = found.view()
    words = [str(name) for name in view.frame.select_dtypes(["object", "string", "category"]).columns]
    for key in dict.fromkeys((*view.result.keys, view.result.tree, *words)):
        if key in view.frame and value_meant(view.result.labels, view.frame, key, value) is not None:
            return view.where(**{key: value})
    at_row = [place for place, name in zip(view.places, view.frame.index.astype(str), strict=True) if name == value]
    if at_row:
        return view.keep(at_row)
    raise refusal


def _rows_of(values: Mapping[str, Any], refusal: CallError, found: Any) -> Any:
    """The rows of a result where its columns hold these values."""
    if not isinstance(found, Shown) or found.view().absent or not set(values) <= set(map(str, found.view().frame.columns)):
        raise refusal
    return found.filter(**values)  # type: ignore[attr-defined]


def _first(count: int, found: Any) -> Any:
    if not isinstance(found, Shown) or found.view().absent:
        return found
    view = found.view()
    return view.keep(list(view.places[:count]))


def _largest_first(found: Any) -> Any:
    measures = [one.name for one in found.view().result.measures] if isinstance(found, Shown) else []
    return found.top(len(found.view().frame), by=measures[0]) if measures and not found.view().absent else found


def _frame_of(found: Any) -> Any:
    return found.view().frame if isinstance(found, Shown) else found


def _picture_of(found: Any) -> Any:
    return found.plot() if isinstance(found, Shown) else found


def _said(lang: str, found: Any) -> Any:
    return found.view().result.in_language(lang) if isinstance(found, Shown) else found


def _branches(branches: Sequence[str], name: str, found: Any) -> Any:
    """The rows of several branches of the tree of codes."""
    if not isinstance(found, Shown) or found.view().absent:
        return found
    view = found.view()
    tree = view.result.tree or ("code_path" if "code_path" in view.frame else "")
    if not tree:
        raise CallError("one branch of codes at a time", where=f"r.{name}", todo=f"r.{name}(under={branches[0]!r})")
    paths = [str(one) for one in view.frame[tree]]
    kept = [any(path == one or path.startswith(f"{one} > ") for one in branches) for path in paths]
    return view.keep([place for place, keeps in zip(view.places, kept, strict=True) if keeps])


def _extras(call: Understood, bound: Bound[Any, Any], left: dict[str, Any]) -> list[str]:
    """Takes in what belongs to no parameter but is meant of any table; returns what is strange."""
    opened = call.opened
    strange: list[str] = []
    narrows: dict[str, Any] = {}
    of_survey: dict[str, Any] = {}
    follows = _follows(opened, bound)
    survey = next((call.given[name] for name in bound.surveys if name in call.given), None)
    known = columns_of(opened, survey)
    for word, value in left.items():
        if word in ("lang", "language", "sprog"):
            call.after.append(functools.partial(_said, value))
        elif word in _ROWS and isinstance(value, int):
            call.after.append(functools.partial(_first, value))
        elif word in ("sort", "sorted", "sort_values") and value is True:
            call.after.append(_largest_first)
        elif word in _AS_IT_IS:
            # What other programs have to be asked for stands in every table: counts, shares and totals.
            continue
        elif word in ("as_frame", "as_dataframe", "to_frame") and value is True:
            call.after.append(_frame_of)
        elif word in ("plot", "figure", "chart") and value is True:
            call.after.append(_picture_of)
        elif word in _CONDITIONS and follows:
            call.opened = call.opened.filter(value)
        elif word in _CONDITIONS and survey is not None:
            asked = opened.surveys[survey] if isinstance(survey, str) else survey
            call.given[bound.surveys[0]] = asked.filter(value)
        elif follows and word.casefold() in _CODES and (branches := _codes_meant(opened, value)):
            call.after.append(functools.partial(_branches, branches, bound.name))
        elif word in known:
            of_survey[word] = value
        elif follows and (column := _narrowing(opened, word)):
            narrows[column] = meant_by(opened, column, value)
        elif follows and word in ("by", "group_by", "groupby") and isinstance(value, str):
            call.after.append(functools.partial(_by_itself, opened, value, bound.name))
        else:
            strange.append(word)
    if narrows:
        call.opened = call.opened.filter(**narrows)
    if of_survey and survey is not None:
        asked = opened.surveys[survey] if isinstance(survey, str) else survey
        call.given[bound.surveys[0]] = asked.filter(**of_survey)
    return strange


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
    if isinstance(found, Shown) and not found.view().absent and column not in found.view().frame.columns:
        values = sorted(set(opened.interviews.frame[str(column)].astype(str)) - {""}) if column in opened.interviews.frame else []
        calls = ", ".join(f"r.filter({column}={one!r}).{name}()" for one in values[:3])
        raise CallError(f"r.{name} is not split by a column", where=f"r.{name}", todo=calls or f"r.{name}()")
    return found


def _is_supplied(opened: Round, bound: Bound[Any, Any], value: object) -> bool:
    """Whether a value is what the round gives the analysis anyway: evidence itself, or the name of its source."""
    supplied = set(bound.evidence.values())
    if isinstance(value, str):
        types = {source.id: source.type for source in opened.spec.sources}
        return types.get(value, value) in supplied
    return any(opened.supplies(name) and opened.supply(name) is value for name in supplied if name in _WHOLE)


_WHOLE = ("codings", "interviews", "matches", "monitoring", "courses", "counts", "goals", "mappings")


def _is_item_first(opened: Round, given: Mapping[str, Any]) -> bool:
    """Whether the first of a call is an item and no survey: which survey is meant is told by the item."""
    first = given.get("survey")
    return isinstance(first, str) and opened.has("survey") and not fits(opened, "survey", first) and fits(opened, "item", first)


def _is_of_survey(opened: Round, signature: inspect.Signature, arguments: Sequence[Any], named: Mapping[str, Any]) -> bool:
    """Whether answers of a survey are asked of an analysis that has to do with none: a cross-table of two items."""
    if any(name in signature.parameters for name in _SURVEYS) or "attribute" not in signature.parameters:
        return False
    words = ("survey", "index", "rows", "row", "x", "item", "question", "variable", "var")
    first = next((named[word] for word in words if word in named), arguments[0] if arguments else None)
    if not opened.has("survey") or fits(opened, "attribute", first):
        return False
    return fits(opened, "survey", first) or (fits(opened, "item", first) and not fits(opened, "code", first))


def _is_whole_survey(opened: Round, arguments: Sequence[Any], named: Mapping[str, Any]) -> bool:
    """Whether a survey was named and none of its items: all of them are meant."""
    given = [*arguments, *named.values()]
    return len(given) == 1 and set(named) <= {"survey", "data", "df"} and fits(opened, "survey", given[0])


def _unread_place(signature: inspect.Signature, free: Sequence[str]) -> str:
    """The parameter that has to be given, stands in its place and takes any words: what is searched for."""
    needed = [signature.parameters[name] for name in free if signature.parameters[name].default is inspect.Parameter.empty]
    return needed[0].name if needed and needed[0].kind is needed[0].POSITIONAL_OR_KEYWORD and not is_read(needed[0].name) else ""


def _place(
    opened: Round, signature: inspect.Signature, free: Sequence[str], value: object, given: dict[str, Any]
) -> dict[str, object] | None:
    """The parameters that a value without a name belongs to; None where it fits none, or several."""
    if isinstance(value, str) and {"survey", "item"} <= set(free):
        survey, dot, item = value.partition(".")
        if dot and survey in opened.surveys:
            return {"survey": survey, "item": item}
    of_surveys = any(parameter in _SURVEYS for parameter in (*free, *given))
    fitting = [one for one in free if fits(opened, "item" if of_surveys and one == "by" else one, value)]
    if "item" in fitting:
        fitting = [one for one in fitting if one not in ("by", "item2", "other_item", "items")]
    # The whole codebook and a branch of it may both be open: the first named is the one that the analysis is about. So with surveys.
    codes = [parameter for parameter in fitting if parameter in ("code", "codes", "under")]
    surveys = [parameter for parameter in fitting if parameter in _SURVEYS]
    others = [parameter for parameter in fitting if parameter not in (*codes, *surveys)]
    if len(others) > 1 and "by" in others and not (opened.has("interviews") and value in opened.interviews.rows):
        # A value of the interviews goes before a column of another register.
        others.remove("by")
    chosen = [*codes[:1], *surveys[:1], *others]
    if not chosen and isinstance(value, str):
        chosen = [parameter for parameter in free if parameter in ("code", "codes", "under") and fits(opened, parameter, value, part=True)][
            :1
        ]
    if not chosen and (place := _unread_place(signature, free)):
        return {place: value}
    if not chosen:
        # A second value of the same kind stands beside the first.
        for parameter in ("codes", "coders", "under", "conditions"):
            if parameter in given and fits(opened, "coder" if parameter == "coders" else parameter, value):
                before = given[parameter]
                return {parameter: [*(before if isinstance(before, list | tuple) else [before]), value]}
        if "coders" in free and fits(opened, "coder", value):
            return {"coders": [value]}
    if "outcome" in chosen and len(chosen) > 1:
        chosen = ["outcome"]
    if chosen == ["conditions"] and isinstance(value, str):
        return {"conditions": [value]}
    return {chosen[0]: value} if len(chosen) == 1 else None


def _fill_surveys(opened: Round, name: str, free: Sequence[str], given: dict[str, Any]) -> None:
    """The surveys that an item alone can only mean: the one that asks it, or the two that are to be compared."""
    item = given.get("item")
    if not isinstance(item, str):
        return
    item = str(meant_by(opened, "item", item))
    if "survey" in free:
        given["survey"] = only_survey(opened, name, item)
    if "second" in free or "first" in free:
        pairs = [(one.first, one.second) for one in opened.comparable() if one.how == "waves"]
        asked = [pair for pair in pairs if all(survey.id in surveys_with(opened, item) or _asks(survey, item) for survey in pair)]
        first = given.get("first")
        asked = [pair for pair in asked if first is None or pair[0] is first or pair[0].id == first]
        own = [pair for pair in asked if all(survey.id in opened.surveys.own for survey in pair)]
        if len(own or asked) == 1:
            given["first"], given["second"] = (own or asked)[0]
            given["item"] = item


def _asks(survey: Any, item: str) -> bool:
    return survey.questionnaire is not None and item in {one.id for one in survey.questionnaire.items}


def _refused(
    opened: Round, signature: inspect.Signature, name: str, misfit: TypeError, arguments: Sequence[Any], named: Mapping[str, Any]
) -> CallError:
    """The error that names the right call."""
    todo = f"r.{name}({shape(signature)})"
    unknown = [word for word in named if word not in signature.parameters]
    if unknown:
        todo += "; " + did_you_mean(unknown[0], signature.parameters)
    elif arguments and isinstance(arguments[0], str) and arguments[0] in opened.surveys and "survey" not in signature.parameters:
        todo = f"answers of a survey are r.tabulate({arguments[0]!r}, item, by=…); this is {todo}"
    return CallError("the call does not fit", where=f"r.{name}", why=str(misfit), todo=todo)

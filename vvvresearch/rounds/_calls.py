"""A call as an evaluator writes it: by the signature, else by what its arguments can only mean; else an error that names the right call."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, CallError, VvvError, did_you_mean
from vvvresearch.evidence import column_named

if TYPE_CHECKING:
    from vvvresearch.evidence import Survey
    from vvvresearch.rounds._round import Round

# One idea has one name (`by`, `code`, `group`, `wave`, `survey`); what else it is called in other programs, nearest first.
_OTHER_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "attribute": ("by",),
    "bølge": ("wave",),
    "codes": ("code", "under"),
    "code": ("codes", "under"),
    "column": ("item", "by"),
    "confidence": ("level",),
    "gruppe": ("group",),
    "group": ("by",),
    "group_by": ("by",),
    "groupby": ("by",),
    "groups": ("group", "by"),
    "hue": ("by",),
    "kode": ("code", "under", "codes"),
    "min_n": ("small_n",),
    "question": ("item",),
    "respondent_group": ("group",),
    "role": ("group",),
    "round": ("wave",),
    "split": ("by",),
    "theme": ("code", "under", "codes"),
    "themes": ("codes", "under", "code"),
    "variable": ("item", "by"),
    "waves": ("wave",),
    "weight": ("weights",),
    "weighted": ("weights",),
}
# What analyses are called in other programs and in talk, and the call that gives it here.
_OTHER_CALLS: Mapping[str, str] = {
    "agreement": "double_coding()",
    "answers": "surveys[…].answers",
    "bar_chart": "tabulate(…).plot()",
    "check": "the command vvv check",
    "code_frequencies": "theme_table()",
    "code_matrix": "cooccurrence()",
    "cohen_kappa": "double_coding()",
    "cross_table": "tabulate(survey, item, by=…)",
    "crosstabs": "tabulate(survey, item, by=…)",
    "describe": "overview()",
    "durations": "duration()",
    "findings": "follow_up()",
    "freq": "tabulate(…)",
    "frequencies": "tabulate(…)",
    "info": "overview()",
    "intercoder": "double_coding()",
    "interrater": "double_coding()",
    "kaplan_meier": "duration()",
    "kappa": "double_coding()",
    "keys": "the command vvv keys",
    "length_of_matches": "duration()",
    "links": "causal_map()",
    "match_duration": "duration()",
    "mean": "tabulate(…)",
    "network": "causal_map()",
    "plot": "tabulate(…).plot()",
    "qca": "minimize(truth_table(outcome))",
    "recommendations": "follow_up()",
    "release": "the command vvv release",
    "report": "the command vvv report",
    "run": "the command vvv run",
    "search_text": "search(text)",
    "solution": "minimize(truth_table(outcome))",
    "sources": "overview()",
    "status": "the command vvv status",
    "summary": "overview()",
    "survey": "surveys[…]",
    "survival": "duration()",
    "survival_curve": "duration()",
    "texts": "transcript(interview)",
    "themes": "theme_table()",
    "transcripts": "transcript(interview)",
    "waiting_time": "waiting()",
    "waiting_times": "waiting()",
    "wave_changes": "changes()",
    "waves": "changes()",
}
_LISTED = 8


def read_call(
    opened: Round, signature: inspect.Signature, name: str, arguments: Sequence[Any], named: Mapping[str, Any]
) -> inspect.BoundArguments:
    """The arguments of a call by the names of its parameters.

    What fits the signature is taken as it is. Else a keyword that other programs use stands for ours, and a value without a name
    goes to the one parameter that it can belong to: the id of a survey, an item, a code, a respondent group, a wave, a column.

    Args:
        opened: the round, which knows what its values mean.
        signature, name: of the analysis, without what the round supplies.
        arguments, named: as they were given.

    Raises:
        CallError: it means nothing, or could mean several things.
    """
    try:
        return signature.bind(*arguments, **named)
    except TypeError as misfit:
        given = _renamed(signature, named)
        free = [parameter for parameter in signature.parameters if parameter not in given]
        for value in arguments:
            meant = _meant(opened, free, value)
            if meant is None:
                raise _refused(opened, signature, name, misfit, arguments, named) from None
            for parameter, part in meant.items():
                given[parameter] = part
                free.remove(parameter)
        if "survey" in free and "item" in given and isinstance(given["item"], str):
            given["survey"] = _only_survey(opened, name, given["item"])
        try:
            return signature.bind(**given)
        except TypeError as still:
            raise _refused(opened, signature, name, still, arguments, named) from None


def unknown_name(opened: Round, name: str) -> str:
    """The sentence for an attribute that rounds do not have, with what gives it.

    Example:
        >>> import vvvresearch as vvv
        >>> unknown_name(vvv.open_round("demo"), "kappa")
        "a round has no 'kappa'; did you mean r.double_coding()?"
    """
    call = _OTHER_CALLS.get(name.casefold())
    if call is None:
        public = [one for one in dir(type(opened)) if not one.startswith("_")]
        return f"a round has no {name!r}; {did_you_mean(name, public)}"
    return f"a round has no {name!r}; did you mean {call if call.startswith('the ') else f'r.{call}'}?"


def _renamed(signature: inspect.Signature, named: Mapping[str, Any]) -> dict[str, Any]:
    """Keywords under the names of the signature, where another name can only be one of them."""
    given = {}
    for word, value in named.items():
        ours = [other for other in _OTHER_ARGUMENTS.get(word.casefold(), ()) if other in signature.parameters and other not in named]
        given[word if word in signature.parameters or not ours else ours[0]] = value
    return given


def _meant(opened: Round, free: Sequence[str], value: object) -> dict[str, object] | None:
    """The parameters that a value without a name belongs to; None where it fits none, or several."""
    if not isinstance(value, str):
        return None
    survey, dot, item = value.partition(".")
    if dot and {"survey", "item"} <= set(free) and survey in opened.surveys:
        return {"survey": survey, "item": item}
    fitting = [parameter for parameter in free if parameter in _FITS and _fits(opened, parameter, value)]
    # The whole codebook and a branch of it may both be open: the first named is the one that the analysis is about.
    codes = [parameter for parameter in fitting if parameter in ("code", "codes", "under")]
    others = [parameter for parameter in fitting if parameter not in codes]
    chosen = [*codes[:1], *others]
    return {chosen[0]: value} if len(chosen) == 1 else None


def _fits(opened: Round, parameter: str, value: str) -> bool:
    source, test = _FITS[parameter]
    try:
        return (not source or opened.has(source)) and test(opened, value)
    except VvvError:
        return False


def _is_item(opened: Round, value: str) -> bool:
    return bool(_surveys_with(opened, value))


def _is_column(opened: Round, value: str) -> bool:
    return bool(column_named(value, opened.interviews.frame.columns))


def _in_register(column: str) -> Callable[[Round, str], bool]:
    return lambda opened, value: value in set(opened.interviews.frame[column].astype(str)) - {""}


def _is_code(opened: Round, value: str) -> bool:
    return bool(opened.codebook.named(value))


# By parameter: the type of source that it takes, and whether a value is one of its.
_FITS: Mapping[str, tuple[str, Callable[[Round, str], bool]]] = {
    "survey": ("survey", lambda opened, value: value in opened.surveys),
    "item": ("survey", _is_item),
    "code": ("codings", _is_code),
    "codes": ("codings", _is_code),
    "under": ("codings", _is_code),
    "group": ("interviews", _in_register("respondent_group")),
    "respondent_group": ("interviews", _in_register("respondent_group")),
    "wave": ("interviews", _in_register("wave")),
    "pair": ("interviews", _in_register("pair")),
    "by": ("interviews", _is_column),
    "attribute": ("interviews", _is_column),
    "cases": ("interviews", _is_column),
}


def _surveys_with(opened: Round, item: str) -> list[str]:
    return [name for name, survey in opened.surveys.items() if item in _items(survey)]


def _items(survey: Survey) -> set[str]:
    return {one.id for one in survey.questionnaire.items} if survey.questionnaire else set()


def _only_survey(opened: Round, name: str, item: str) -> str:
    """The one survey that has an item.

    Raises:
        AnalysisError: none has it, or several.
    """
    found = _surveys_with(opened, item)
    if len(found) == 1:
        return found[0]
    if found:
        calls = " or ".join(f"r.{name}({one!r}, {item!r})" for one in found)
        raise AnalysisError(f"several surveys have the item {item!r}", where=f"r.{name}", todo=calls)
    known = set().union(*map(_items, opened.surveys.values()))
    raise AnalysisError(f"no survey of the round has the item {item!r}", where=f"r.{name}", todo=did_you_mean(item, known))


def _refused(
    opened: Round, signature: inspect.Signature, name: str, misfit: TypeError, arguments: Sequence[Any], named: Mapping[str, Any]
) -> CallError:
    """The error that names the right call."""
    todo = f"r.{name}({_shape(signature)})"
    unknown = [word for word in named if word not in signature.parameters]
    if unknown:
        todo += "; " + did_you_mean(unknown[0], signature.parameters)
    elif arguments and isinstance(arguments[0], str) and arguments[0] in opened.surveys and "survey" not in signature.parameters:
        todo = f"answers of a survey are r.tabulate({arguments[0]!r}, item, by=…); this is {todo}"
    return CallError("the call does not fit", where=f"r.{name}", why=str(misfit), todo=todo)


def _shape(signature: inspect.Signature) -> str:
    """A signature in short: what must be given as it is, the rest by name."""
    parameters = list(signature.parameters.values())
    needed = [one.name for one in parameters if one.default is inspect.Parameter.empty]
    rest = [f"{one.name}=…" for one in parameters if one.default is not inspect.Parameter.empty]
    return ", ".join([*needed, *rest[:_LISTED], *(["…"] if len(rest) > _LISTED else [])])

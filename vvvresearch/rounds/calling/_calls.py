"""A call as an evaluator writes it: by the signature, else by what its arguments can only mean; else an error that names the right call."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import CallError, did_you_mean
from vvvresearch.rounds.calling._beside import (
    CODES,
    Understood,
    branches_of,
    column_of_register,
    extras,
    first_of,
    follows,
    has_column,
    of_register,
    pairs_with,
    row_of,
    rows_of,
)
from vvvresearch.rounds.calling._fitting import listed, misfit_error, ours_of, parts_of, renamed, shaped, value_of
from vvvresearch.rounds.calling._meaning import columns_of, filter_of, fits, is_read, meant_by, only_survey, surveys_with

if TYPE_CHECKING:
    from vvvresearch.rounds._binding import Bound
    from vvvresearch.rounds._round import Round

# So many rows are never asked for: it is a year.
_NO_COUNT = 1900
_TESTS = frozenset({"test", "tests", "chi2", "chisq", "sig", "significance", "p", "p_value", "pvalue", "signifikans"})
_SURVEYS = ("survey", "first", "second", "answers", "other")


def understand(opened: Round, bound: Bound[Any, Any], arguments: Sequence[Any], named: Mapping[str, Any]) -> Understood:
    """A call of an analysis as it is meant.

    What fits the signature is taken as it is, but that a value may be called by its everyday name. Else a keyword that other programs
    use stands for ours, a value without a name goes to the one parameter that it can belong to, what the round supplies is not taken
    twice, and what filters the round filters it for this call.

    Raises:
        CallError: it means nothing, or could mean several things.
    """
    signature, name = bound.left, bound.name
    told = _of_year(opened, signature, {word: listed(value) for word, value in named.items()}, [listed(one) for one in arguments])
    arguments, named = _apart(opened, signature, *told)
    try:
        given = dict(signature.bind(*arguments, **named).arguments)
        if _is_elsewhere(opened, signature, arguments, given) or _says_another(opened, signature, {**given, **named}):
            raise TypeError("a value stands where another belongs")
        return _settled(Understood(opened, given), bound)
    except CallError:
        raise
    except TypeError as misfit:
        if name == "tabulate" and _is_whole_survey(opened, arguments, named):
            return Understood(opened, {"": (arguments, dict(named))}, instead="topline")
        if name == "topline" and (apart := _of_items(opened, arguments, named)) is not None:
            return Understood(opened, {"": (arguments, apart)}, instead="tabulate")
        if _is_of_survey(opened, signature, arguments, named):
            return Understood(opened, {"": (arguments, dict(named))}, instead="tabulate")
        call = Understood(opened, {})
        left = renamed(signature, named, call.given, functools.partial(fits, opened))
        if (stand := _in_place(opened, signature, arguments)) is not None and not set(stand) & set(call.given):
            # Where the keywords alone do not fit, values stay in their places.
            call.given, arguments = {**stand, **call.given}, ()
        free = [parameter for parameter in signature.parameters if parameter not in call.given]
        alone: dict[str, Any] = {}
        for value in arguments:
            if _is_supplied(opened, bound, value):
                continue
            if (
                isinstance(value, int)
                and not isinstance(value, bool)
                and not fits(opened, "wave", value)
                and not _takes_number(signature, free)
                and not (value > _NO_COUNT and {"first", "second"} & set(free))
            ):
                call.after.append(functools.partial(first_of, value))
                continue
            meant = None if isinstance(value, int) else _place(opened, signature, free, value, call.given)
            if isinstance(value, int) and (place := _takes_number(signature, free)):
                meant = {place: value}
            if isinstance(value, int) and value > _NO_COUNT and (sides := [one for one in ("first", "second") if one in free]):
                meant = {sides[0]: value}
            if meant is None and isinstance(value, int) and "years" in call.given and fits(opened, "years", value):
                meant = {"years": [*(before if isinstance(before := call.given["years"], list) else [before]), value]}
            strange = isinstance(value, str) and not any(fits(opened, one, value) for one in free)
            if meant is None and strange and follows(opened, bound) and (kind := filter_of(opened, value)):
                if kind == "touches":
                    call.after.append(functools.partial(branches_of, [opened.codebook.named(value)], name))
                else:
                    alone.setdefault(kind, []).append(value)
                continue
            listed_rows = isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)
            if meant is None and (strange or listed_rows) and _can_be_called(signature, call.given):
                # A value that no parameter takes can be a row of what is found.
                refusal = _refused(opened, bound, call, misfit, arguments, left)
                call.after.append(functools.partial(row_of, value, refusal))
                continue
            if meant is None:
                raise _refused(opened, bound, call, misfit, arguments, left) from None
            for parameter, part in meant.items():
                call.given[parameter] = part
                if parameter in free:
                    free.remove(parameter)
        call.opened = call.opened.filter(**alone) if alone else call.opened
        _fill_surveys(opened, name, free, call.given)
        if left and "table" in signature.parameters and isinstance(call.given.get("table"), str):
            # What a solution is not asked for is asked of the truth table that it solves.
            of_table: dict[str, Any] = {}
            left = renamed(inspect.signature(opened.truth_table), left, of_table)
            call.given["table"] = opened.truth_table(call.given["table"], **of_table)
        if name == "tabulate" and _TESTS & set(left) and "by" in call.given:
            # A table of answers has no test; the same groups compared have.
            return Understood(
                opened, {"": ((call.given["survey"], call.given["item"]), {"by": call.given["by"]})}, instead="compare_groups"
            )
        unknown = extras(call, bound, left)
        if unknown and _can_be_called(signature, call.given):
            refusal = _refused(opened, bound, call, misfit, arguments, left)
            call.after.insert(
                0, functools.partial(rows_of, {word: left[word] for word in unknown}, refusal, functools.partial(of_register, call, bound))
            )
            unknown = []
        try:
            if unknown:
                raise misfit
            signature.bind(**call.given)
        except TypeError as still:
            raise _refused(opened, bound, call, still, arguments, left) from None
        return _settled(call, bound)


def placed(
    opened: Round, recipe: Callable[..., Any] | None, arguments: Sequence[Any], named: Mapping[str, Any]
) -> tuple[Sequence[Any], dict[str, Any], list[Callable[[Any], Any]]]:
    """What is given to a recipe, by what it can mean: values without a name to the parameters that can have them, a number to the rows.

    Returns:
        What keeps its place, what has a name, and what is done with what was found.
    """
    if recipe is None or not inspect.isfunction(recipe):
        return arguments, {word: meant_by(opened, word, value) for word, value in named.items()}, []
    whole = inspect.signature(recipe)
    signature = whole.replace(parameters=list(whole.parameters.values())[1:])
    given: dict[str, Any] = {}
    left = renamed(signature, named, given, functools.partial(fits, opened))
    kept: list[Any] = []
    after: list[Callable[[Any], Any]] = []
    places = [name for name, one in signature.parameters.items() if one.kind is one.POSITIONAL_OR_KEYWORD and name not in given]
    open_ended = any(one.kind is one.VAR_POSITIONAL for one in signature.parameters.values())
    for value in arguments:
        free = [name for name in signature.parameters if name not in given]
        if open_ended or (len(kept) < len(places) and (not isinstance(value, int) or not is_read(places[len(kept)]))):
            kept.append(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            after.append(functools.partial(first_of, value))
        elif (meant := _place(opened, signature, free, value, given)) is not None:
            given |= meant
        else:
            kept.append(value)
    return kept, {word: meant_by(opened, word, value) for word, value in {**given, **left}.items()}, after


def _settled(call: Understood, bound: Bound[Any, Any]) -> Understood:
    """The call with every value as its parameter takes it."""
    signature, name = bound.left, bound.name
    survey = next((call.given[one] for one in bound.surveys if one in call.given), None)
    if "level" in call.given and "intervals" in signature.parameters and not {"intervals", "weights"} & set(call.given):
        # How sure an interval is says nothing of a table without one.
        call.given["intervals"] = True
    if "other" in signature.parameters and "other" not in call.given and fits(call.opened, "survey", call.given.get("item")):
        call.given["other"] = call.given.pop("item")
    for parameter, said in list(call.given.items()):
        value = meant_by(call.opened, parameter, value_of(parameter, said), survey=survey)
        call.given[parameter] = value = shaped(signature, parameter, value)
        if parameter == "by" and isinstance(value, str):
            call.given[parameter] = value = column_of_register(call.opened, bound, value)
            if survey is not None and value == call.given.get("item") != said:
                # Some of the words of the question itself name no column to part it by.
                call.given[parameter] = value = said
        if parameter == "under" and isinstance(value, list):
            # One that is no code, or the name of several, would drop out of the table unseen.
            branches = [call.opened.codebook.named(str(getattr(one, "path", one))) for one in value]
            del call.given[parameter]
            call.after.append(functools.partial(branches_of, branches, name))
        elif parameter == "wave" and isinstance(value, list):
            del call.given[parameter]
            call.opened = call.opened.filter(wave=[str(one) for one in value])
        elif parameter == "codes" and isinstance(value, list | tuple) and len(value) == 1 and name == "cooccurrence":
            # One code alone goes together with no other: its pairs are meant.
            del call.given[parameter]
            call.after.append(functools.partial(pairs_with, str(getattr(value[0], "path", value[0]))))
        elif parameter == "cases" and isinstance(value, list) and all(filter_of(call.opened, str(one)) == "interview" for one in value):
            del call.given[parameter]
            call.opened = call.opened.filter(interview=value)
        elif isinstance(value, list) and not _takes_several(signature, parameter):
            each = ", ".join(f"r.{name}({parameter}={one!r})" for one in value[:3])
            raise CallError(f"{parameter} is one at a time", where=f"r.{name}", todo=each)
    return call


def _says_another(opened: Round, signature: inspect.Signature, named: Mapping[str, Any]) -> bool:
    """Whether a keyword of ours has what only another of its name can be: `group="respondent_group"` is by that column."""
    read = {word: value for word, value in named.items() if is_read(word) and word in signature.parameters and isinstance(value, str)}
    takes = functools.partial(fits, opened)
    if any(isinstance(named.get(side), int) for side in ("first", "second")):
        return True
    free = [one for one in signature.parameters if one not in named]
    return any(
        not fits(opened, word, value, part=True) and ours_of(word, [word, *free], lambda one, to=value: takes(one, to)) != word  # type: ignore[misc]
        for word, value in read.items()
    )


_WHEN = frozenset({"year", "år", "aar", "wave", "period", "periode", "bølge", "runde", "round"})


def _of_year(
    opened: Round, signature: inspect.Signature, named: Mapping[str, Any], arguments: Sequence[Any]
) -> tuple[Sequence[Any], Mapping[str, Any]]:
    """The arguments with the survey of a year, where its name and the year are said apart; surveys in a list are the two to compare."""
    sides = {"first", "second"} <= set(signature.parameters)
    for word, value in named.items():
        several = isinstance(value, list | tuple) and len(value) > 1 and all(fits(opened, "survey", one) for one in value)
        if sides and several and word not in signature.parameters:
            return [*value, *arguments], {one: other for one, other in named.items() if one != word}
    years = {ours_of(word, ["first", "second"]): word for word, value in named.items() if str(value).isdigit()}
    if sides and {"first", "second"} <= set(years):
        for place, family in enumerate(arguments):
            pair = [f"{family} {named[years[side]]}" for side in ("first", "second")]
            if all(fits(opened, "survey", one) for one in pair):
                # One name and two years are two surveys.
                rest = {word: value for word, value in named.items() if word not in years.values()}
                return [*arguments[:place], *(str(meant_by(opened, "survey", one)) for one in pair), *arguments[place + 1 :]], rest
    when = next((one for one in named if one.casefold() in _WHEN and one not in signature.parameters), "")
    if not when or "survey" not in signature.parameters:
        return arguments, named
    rest = {word: value for word, value in named.items() if word != when}

    def dated(value: object) -> object:
        whole = f"{value} {named[when]}"
        return meant_by(opened, "survey", whole) if isinstance(value, str) and fits(opened, "survey", whole) else value

    told, words = [dated(one) for one in arguments], {word: dated(value) for word, value in rest.items()}
    return (told, words) if told != list(arguments) or words != rest else (arguments, named)


def _takes_several(signature: inspect.Signature, parameter: str) -> bool:
    told = str(signature.parameters[parameter].annotation)
    return not told.startswith("str") or "Sequence" in told


def _takes_number(signature: inspect.Signature, free: Sequence[str]) -> str:
    """The parameter that a number without a name may belong to by its place; "" where there is none."""
    places = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return next(
        (name for name in free if signature.parameters[name].kind in places and "int" in str(signature.parameters[name].annotation)), ""
    )


def _can_be_called(signature: inspect.Signature, given: Mapping[str, Any]) -> bool:
    """Whether nothing is missing."""
    return all(one.default is not inspect.Parameter.empty or one.name in given for one in signature.parameters.values())


def _is_supplied(opened: Round, bound: Bound[Any, Any], value: object) -> bool:
    """Whether a value is what the round gives the analysis anyway: evidence itself, or the name of its source."""
    supplied = set(bound.evidence.values())
    if isinstance(value, str):
        types = {source.id: source.type for source in opened.spec.sources}
        return types.get(value, value) in supplied
    return any(opened.supplies(name) and opened.supply(name) is value for name in supplied if name in _WHOLE)


_WHOLE = ("codings", "interviews", "matches", "monitoring", "courses", "counts", "goals", "mappings")


def _apart(
    opened: Round, signature: inspect.Signature, arguments: Sequence[Any], named: Mapping[str, Any]
) -> tuple[Sequence[Any], Mapping[str, Any]]:
    """The arguments with what one text names of several apart: "refers by agreement" is two items, "Kemi, Tillid" two codes."""
    kinds = [
        one
        for one in ("survey", "item", "code", "group", "by")
        if one in signature.parameters or (one == "code" and {"codes", "under"} & set(signature.parameters))
    ] + ["conditions"] * ("conditions" in signature.parameters)
    if "attribute" in signature.parameters:
        kinds += ["attribute", "item", "survey"]

    asked = next((one for one in (*arguments, *named.values()) if "item" in kinds and fits(opened, "survey", one)), None)
    columns = set(columns_of(opened, meant_by(opened, "survey", asked))) if asked is not None else set()

    def known(one: str) -> bool:
        return one in columns or any(fits(opened, kind if kind != "by" else "attribute", one) for kind in kinds)

    # "codes" where codes are named means all of them, as they stand without being named.
    whole = "code" in kinds and "survey" not in signature.parameters
    named = {word: value for word, value in named.items() if not (whole and isinstance(value, str) and value in CODES and word != "by")}
    told: list[Any] = []
    # A list of surveys is each of them: no parameter takes several.
    spread = [
        isinstance(one, list | tuple) and "item" in kinds and bool(one) and all(fits(opened, "survey", part) for part in one)
        for one in arguments
    ]
    if any(spread) and "survey" in signature.parameters:
        both = next(one for one, apart in zip(arguments, spread, strict=True) if apart)
        item = next((one for one in arguments if isinstance(one, str)), "item")
        calls = f"r.compare_waves({both[0]!r}, {both[-1]!r}, {item!r}), or each by itself: r.tabulate({both[0]!r}, {item!r})"
        raise CallError("one survey at a time", where="survey", todo=calls)
    arguments = [part for one, apart in zip(arguments, spread, strict=True) for part in (one if apart else [one])]
    for value in arguments:
        if not (whole and isinstance(value, str) and value in CODES and not known(value)):
            parts = parts_of(value, known)
            # Conditions are one argument, a list of them.
            told += [parts] if len(parts) > 1 and all(fits(opened, "conditions", one) for one in parts) else parts or [value]
    left = dict(named)
    for word, value in named.items():
        parts = parts_of(value, known) if isinstance(value, str) and word not in ("text", "condition", "where") else []
        if len(parts) > 1 and all(fits(opened, "item", one) for one in parts) and "by" not in named:
            del left[word]
            told += parts
        elif parts:
            left[word] = parts
    return told, left


def _is_elsewhere(opened: Round, signature: inspect.Signature, arguments: Sequence[Any], given: Mapping[str, Any]) -> bool:
    """Whether a value by its place stands where it means nothing, though it means something elsewhere: an item where the survey goes."""
    for parameter, value in zip(signature.parameters, arguments, strict=False):
        if parameter not in given or parameter in ("by", "attribute") or not isinstance(value, str) or not is_read(parameter):
            continue
        if fits(opened, parameter, value, part=True):
            continue
        others = [one for one in signature.parameters if one not in given or one == parameter]
        if any(is_read(one) and one != parameter and fits(opened, one, value) for one in others):
            return True
        if parameter == "survey" and opened.has("survey") and fits(opened, "item", value):
            return True
    return False


def _in_place(opened: Round, signature: inspect.Signature, arguments: Sequence[Any]) -> dict[str, Any] | None:
    """The values without a name by the parameters of their places; None where one of them means nothing there."""
    try:
        stand = dict(signature.bind_partial(*arguments).arguments)
    except TypeError:
        return None
    read = {name: value for name, value in stand.items() if is_read(name) and name not in ("by", "attribute")}
    known = all(fits(opened, name, value, part=True) for name, value in read.items())
    return stand if known and read and not any(isinstance(value, int) for value in stand.values()) else None


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


def _of_items(opened: Round, arguments: Sequence[Any], named: Mapping[str, Any]) -> dict[str, Any] | None:
    """The keywords of a table of some items, or of all by a column, where a topline was asked for; None where it is the whole survey's."""
    survey = next((one for one in (*arguments, *named.values()) if fits(opened, "survey", one)), None)
    if survey is None or len(arguments) + len(named) < 2:
        return None
    items = [one.id for one in opened.surveys[str(meant_by(opened, "survey", survey))].items if getattr(one, "options", None)]
    return {**named, **({} if len(arguments) > 1 or {"item", "items"} & set(named) else {"item": items})}


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


def _fill_surveys(opened: Round, name: str, free: list[str], given: dict[str, Any]) -> None:
    """The surveys that an item alone can only mean: the one that asks it, or the two that are to be compared."""
    if "survey" in free and len(opened.surveys) == 1:
        given["survey"] = next(iter(opened.surveys))
        free.remove("survey")
    item = given.get("item")
    if not isinstance(item, str):
        return
    item = str(meant_by(opened, "item", item))
    if "survey" in free:
        given["survey"] = only_survey(opened, name, item)
    years = {side: given[side] for side in ("first", "second") if isinstance(given.get(side), int)}
    if "second" in free or "first" in free or years:
        pairs = [(one.first, one.second) for one in opened.comparable() if one.how == "waves"]
        asked = [pair for pair in pairs if all(survey.id in surveys_with(opened, item) or _asks(survey, item) for survey in pair)]
        asked = [pair for pair in asked if all(str(year) in pair[side == "second"].id for side, year in years.items())]
        first = given.get("first") if "first" not in years else None
        asked = [pair for pair in asked if first is None or pair[0] is first or pair[0].id == first]
        own = [pair for pair in asked if all(survey.id in opened.surveys.own for survey in pair)]
        if len(own or asked) == 1:
            given["first"], given["second"] = (own or asked)[0]
            given["item"] = item


def _asks(survey: Any, item: str) -> bool:
    return survey.questionnaire is not None and item in {one.id for one in survey.questionnaire.items}


def _called_alike(opened: Round, words: str) -> list[str]:
    """The paths of codes that bear one name, where several do."""
    paths = [path for path in opened.codebook.paths if path.rpartition(" > ")[2].casefold() == words.strip().casefold()]
    return paths if len(paths) > 1 else []


def _split_alike(opened: Round, bound: Bound[Any, Any]) -> list[str]:
    """The analyses that rest on the same evidence first and are split by a column."""
    first = next(iter(bound.evidence.values()), "")
    alike = {name: made for part in type(opened).__mro__ for name, made in vars(part).items() if isinstance(made, type(bound))}
    return sorted(
        name for name, made in alike.items() if next(iter(made.evidence.values()), None) == first and "by" in made.left.parameters
    )


def _refused(
    opened: Round, bound: Bound[Any, Any], call: Understood, misfit: TypeError, arguments: Sequence[Any], left: Mapping[str, Any]
) -> CallError:
    """The error that names the right call, with what was understood of it filled in."""
    signature, where = bound.left, f"r.{bound.name}"
    asked = next((call.given[one] for one in bound.surveys if one in call.given), None)
    given = {name: meant_by(opened, name, value, survey=asked) for name, value in call.given.items()}
    refused = misfit_error(where, signature, misfit, given, left)
    words = next((one for one in arguments if isinstance(one, str)), "")
    if words and opened.has("codings") and follows(opened, bound) and (several := _called_alike(opened, words)):
        calls = " or ".join(f"{where}({one!r})" for one in several[:4])
        return CallError(refused.what, where=where, why=f"{len(several)} codes are called {words!r}", todo=calls)
    if "survey" in signature.parameters and words and "survey" not in given and opened.has("survey"):
        near = did_you_mean(words, opened.surveys)
        return CallError(refused.what, where=where, why=f"{words!r} is no survey of the round", todo=f"{near}; {refused.todo}")
    if not left and words and opened.has("codings") and follows(opened, bound) and not filter_of(opened, words):
        near = did_you_mean(words, {path.rpartition(" > ")[2] for path in opened.codebook.paths})
        near = near if "did you" in near else "no code is called so"
        todo = f"{near}; where the words stand: r.search({words!r}); this is {refused.todo}"
        return CallError(refused.what, where=where, why=f"{words!r} is no code, group or wave of the round", todo=todo)
    if "by" not in signature.parameters and any(ours_of(word, ["by"]) for word in left):
        by = next(value for word, value in left.items() if ours_of(word, ["by"]))
        calls = " or ".join(f"r.{one}(by={by!r})" for one in _split_alike(opened, bound)[:3] if has_column(opened, bound, by))
        return CallError(refused.what, where=where, why="it is not split by a column", todo=f"split are {calls}") if calls else refused
    if not left and arguments and isinstance(arguments[0], str) and arguments[0] in opened.surveys and "survey" not in signature.parameters:
        todo = f"answers of a survey are r.tabulate({arguments[0]!r}, item, by=…); this is {refused.todo}"
        return CallError(refused.what, where=where, why=refused.why, todo=todo)
    return refused

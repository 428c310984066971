"""Which parameter the values of a call belong to: by their places, by the words beside them, and by what they can mean to the round."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import CallError
from vvvresearch.locales import LANGUAGES, say, the_one
from vvvresearch.rounds.calling._fitting import listed, ours_of, parts_of
from vvvresearch.rounds.calling._meaning import columns_of, fits, is_read, meant_by
from vvvresearch.rounds.calling._other_names import BESIDE

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round

SURVEYS = ("survey", "first", "second", "answers", "other")
_WHEN = frozenset({"year", "år", "aar", "wave", "period", "periode", "bølge", "runde", "round"})


def pair_named(opened: Round, said: object) -> tuple[Any, Any] | None:
    """The two waves of one questionnaire that are called so, "trainees" before and after; None where a name says anything else."""
    if not isinstance(said, str) or not opened.has("survey") or fits(opened, "survey", said):
        return None
    words = {f"{one.first.id}~{one.second.id}": (one.first, one.second) for one in opened.comparable() if one.how == "waves"}
    told = {key: [f"{say(one.title, lang)} {one.id}" for one in pair for lang in LANGUAGES] for key, pair in words.items()}
    found = [key for key, names in told.items() if all(the_one(said, {"": [name]}) is not None for name in names)]
    return words[found[0]] if len(found) == 1 else None


def of_year(
    opened: Round, signature: inspect.Signature, arguments: Sequence[Any], named: Mapping[str, Any]
) -> tuple[Sequence[Any], Mapping[str, Any]]:
    """The arguments with the survey of a year, where its name and the year are said apart; surveys in a list are the two to compare."""
    arguments, named = [listed(one) for one in arguments], {word: listed(value) for word, value in named.items()}
    sides = {"first", "second"} <= set(signature.parameters)
    for word, value in named.items():
        several = isinstance(value, list | tuple) and len(value) > 1 and all(fits(opened, "survey", one) for one in value)
        if sides and several and word not in signature.parameters:
            return [*value, *arguments], {one: other for one, other in named.items() if one != word}
    waves = pair_named(opened, arguments[0]) if sides and arguments and "second" not in named else None
    if waves is not None:
        return [*(one.id for one in waves), *arguments[1:]], named
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

    def dated(value: object) -> object:
        whole = f"{value} {named[when]}"
        return meant_by(opened, "survey", whole) if isinstance(value, str) and fits(opened, "survey", whole) else value

    told, words = [dated(one) for one in arguments], {word: dated(value) for word, value in named.items() if word != when}
    return (told, words) if told != arguments or {**named, **words} != named else (arguments, named)


def apart(
    opened: Round, signature: inspect.Signature, arguments: Sequence[Any], named: Mapping[str, Any]
) -> tuple[Sequence[Any], Mapping[str, Any]]:
    """The arguments with what one text names of several apart: "refers by agreement" is two items, "Kemi, Tillid" two codes."""
    kinds = [one for one in ("survey", "item", "code", "group", "by", "conditions") if one in signature.parameters]
    kinds += ["code"] * bool({"codes", "under"} & set(signature.parameters))
    kinds += ["attribute", "item", "survey"] * ("attribute" in signature.parameters)
    asked = next((one for one in (*arguments, *named.values()) if "item" in kinds and fits(opened, "survey", one)), None)
    columns = set(columns_of(opened, meant_by(opened, "survey", asked))) if asked is not None else set()
    # "codes" where codes are named means all of them, as they stand without being named.
    whole = "code" in kinds and "survey" not in signature.parameters

    def known(one: str) -> bool:
        return one in columns or any(fits(opened, kind if kind != "by" else "attribute", one) for kind in kinds)

    def says_all(value: object) -> bool:
        return whole and isinstance(value, str) and value in BESIDE["codes"]

    told: list[Any] = []
    for one in arguments:
        # A list of surveys is each of them: no parameter takes several.
        several = isinstance(one, list | tuple) and "item" in kinds and bool(one) and all(fits(opened, "survey", part) for part in one)
        if several and "survey" in signature.parameters:
            item = next((one for one in arguments if isinstance(one, str)), "item")
            calls = f"r.compare_waves({one[0]!r}, {one[-1]!r}, {item!r}), or each by itself: r.tabulate({one[0]!r}, {item!r})"
            raise CallError("one survey at a time", where="survey", todo=calls)
        for value in one if several else [one]:
            if says_all(value) and not known(value):
                continue
            parts = parts_of(value, known)
            # Conditions are one argument, a list of them.
            told += [parts] if len(parts) > 1 and all(fits(opened, "conditions", one) for one in parts) else parts or [value]
    left = {word: value for word, value in named.items() if word == "by" or not says_all(value)}
    for word, value in list(left.items()):
        parts = parts_of(value, known) if isinstance(value, str) and word not in ("text", "condition", "where") else []
        if len(parts) > 1 and all(fits(opened, "item", one) for one in parts) and "by" not in named:
            del left[word]
            told += parts
        elif parts:
            left[word] = parts
    return told, left


def says_another(opened: Round, signature: inspect.Signature, named: Mapping[str, Any]) -> bool:
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


def is_elsewhere(opened: Round, signature: inspect.Signature, arguments: Sequence[Any], given: Mapping[str, Any]) -> bool:
    """Whether a value by its place stands where it means nothing, though it means something elsewhere: an item where the survey goes."""
    for parameter, value in zip(signature.parameters, arguments, strict=False):
        if parameter not in given or parameter in ("by", "attribute") or not isinstance(value, str) or not is_read(parameter):
            continue
        if fits(opened, parameter, value, part=True, survey=given.get("survey")):
            continue
        others = [one for one in signature.parameters if one not in given or one == parameter]
        if any(is_read(one) and one != parameter and fits(opened, one, value) for one in others):
            return True
        if parameter == "survey" and opened.has("survey") and fits(opened, "item", value):
            return True
    return False


def in_place(opened: Round, signature: inspect.Signature, arguments: Sequence[Any]) -> dict[str, Any] | None:
    """The values without a name by the parameters of their places; None where one of them means nothing there."""
    try:
        stand = dict(signature.bind_partial(*arguments).arguments)
    except TypeError:
        return None
    read = {name: value for name, value in stand.items() if is_read(name) and name not in ("by", "attribute")}
    asked = next((read[one] for one in SURVEYS if one in read), None)
    known = all(fits(opened, name, value, part=True, survey=asked) for name, value in read.items())
    return stand if known and read and not any(isinstance(value, int) for value in stand.values()) else None


def by_place(signature: inspect.Signature) -> list[str]:
    """The parameters that may be given without their names."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [name for name, one in signature.parameters.items() if one.kind in kinds]


def takes_number(signature: inspect.Signature, free: Sequence[str]) -> str:
    """The parameter that a number without a name may belong to by its place; "" where there is none."""
    return next((name for name in by_place(signature) if name in free and "int" in str(signature.parameters[name].annotation)), "")


def _unread_place(signature: inspect.Signature, free: Sequence[str]) -> str:
    """The parameter that has to be given, stands in its place and takes any words: what is searched for."""
    needed = [name for name in free if signature.parameters[name].default is inspect.Parameter.empty][:1]
    return needed[0] if needed and needed[0] in by_place(signature) and not is_read(needed[0]) else ""


def place_of(opened: Round, signature: inspect.Signature, value: object, given: Mapping[str, Any]) -> dict[str, object] | None:
    """The parameters that a value without a name belongs to; None where it fits none, or several."""
    free = [one for one in signature.parameters if one not in given]
    if isinstance(value, str) and {"survey", "item"} <= set(free):
        survey, dot, item = value.partition(".")
        if dot and survey in opened.surveys:
            return {"survey": survey, "item": item}
    of_surveys = any(parameter in SURVEYS for parameter in (*free, *given))
    asked = next((given[one] for one in SURVEYS if one in given), None)
    fitting = [one for one in free if fits(opened, "item" if of_surveys and one == "by" else one, value, survey=asked)]
    if "item" in fitting:
        fitting = [one for one in fitting if one not in ("by", "item2", "other_item", "items")]
    elif "by" in fitting and "item" in given:
        # R's `answer ~ group`: what follows the item parts it.
        fitting = [one for one in fitting if one not in ("item2", "other_item")]
    # The whole codebook and a branch of it may both be open: the first named is the one that the analysis is about. So with surveys.
    codes: list[str] = [one for one in ("code", "codes", "under") if one in free]
    others = [one for one in fitting if one not in (*codes, *SURVEYS)]
    if len(others) > 1 and "by" in others and not (opened.has("interviews") and value in opened.interviews.rows):
        # A value of the interviews goes before a column of another register.
        others.remove("by")
    chosen = [*[one for one in fitting if one in codes][:1], *[one for one in fitting if one in SURVEYS][:1], *others]
    if not chosen and isinstance(value, str):
        chosen = [one for one in free if one in codes and fits(opened, one, value, part=True)][:1]
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

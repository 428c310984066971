"""Calls of one analysis that mean another: a whole survey, answers where codes are counted, a table of the round where a survey belongs."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.rounds.calling._beside import Understood
from vvvresearch.rounds.calling._meaning import fits, meant_by, table_named
from vvvresearch.rounds.calling._places import SURVEYS

if TYPE_CHECKING:
    from vvvresearch.rounds._binding import Bound
    from vvvresearch.rounds._round import Round

_TESTS = frozenset({"test", "tests", "chi2", "chisq", "sig", "significance", "p", "p_value", "pvalue", "signifikans"})


def meant_instead(opened: Round, bound: Bound[Any, Any], arguments: Sequence[Any], named: Mapping[str, Any]) -> Understood | None:
    """The call of the other analysis that is meant; None where the one that was called is.

    Args:
        opened: the round.
        bound: what was called.
        arguments, named: what it was given, none of which fits as it stands.
    """
    signature, name = bound.left, bound.name
    instead, words = "", dict(named)
    if name == "crosstab" and not named and len(arguments) == 2 and all(_is_attribute(opened, one) for one in arguments):
        interviews: Any = opened.interviews
        return Understood(opened, {}, instead=functools.partial(interviews.crosstab, *arguments))
    if (bound.surveys or name == "crosstab") and (call := _of_table(opened, name, arguments, named)):
        return Understood(opened, {}, instead=call)
    if name == "tabulate" and _is_whole_survey(opened, arguments, named):
        instead = "topline"
    elif name == "compare_waves" and not named and len(arguments) == 2 and all(fits(opened, "survey", one) for one in arguments):
        instead = "compare"
    elif name == "topline" and (apart := _of_items(opened, arguments, named)) is not None:
        instead, words = "tabulate", apart
    elif _is_of_survey(opened, signature, arguments, named):
        instead = "tabulate"
    elif name == "tabulate" and (tests := _TESTS & set(named)) and (len(arguments) > 2 or "by" in named):
        # A table of answers has no test; the same groups compared have.
        instead, words = "compare_groups", {word: value for word, value in named.items() if word not in tests}
    return Understood(opened, {}, instead=functools.partial(getattr(opened, instead), *arguments, **words)) if instead else None


def _is_attribute(opened: Round, said: object) -> bool:
    return fits(opened, "attribute", said) and not fits(opened, "code", said)


def _of_table(opened: Round, name: str, arguments: Sequence[Any], named: Mapping[str, Any]) -> Callable[[], Any] | None:
    """The same of a table of the round that is named where a survey belongs: of its rows, as of a table of one's own."""
    word = next((one for one in ("survey", "data", "df", "table", "source") if isinstance(named.get(one), str)), "")
    rows = table_named(opened, named[word] if word else arguments[0] if arguments else None)
    if rows is None:
        return None
    rest = arguments if word else arguments[1:]
    words = {one: value for one, value in named.items() if one != word}
    wide = {"values", "aggfunc"} & set(words)
    return functools.partial(rows.pivot_table if wide else getattr(rows, name), *rest, **words)


def _is_of_survey(opened: Round, signature: inspect.Signature, arguments: Sequence[Any], named: Mapping[str, Any]) -> bool:
    """Whether answers of a survey are asked of an analysis that has to do with none: a cross-table of two items."""
    if any(name in signature.parameters for name in SURVEYS) or "attribute" not in signature.parameters:
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

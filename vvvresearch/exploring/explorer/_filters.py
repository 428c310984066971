"""What the page asks to be filtered by, as a filter of the round, and as the call that binds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.exploring._narrow import SHORT, Narrowing
from vvvresearch.locales import has_words, say, text
from vvvresearch.results import address_part
from vvvresearch.themes._sample import attribute_name

if TYPE_CHECKING:
    from vvvresearch.exploring.explorer._index import Index
    from vvvresearch.locales import Lang

# Columns of the register that tell one interview from another, or are nobody's to choose by.
_NO_FACET = ("interview", "person", "pair", "source", "pseudonym", "consent_analysis", "consent_quote", "coded_by", "month")
_FIRST = ("respondent_group", "wave")
_MOST_VALUES = 24
STANCES = ("affirmed", "contradicted")


def facets_of(index: Index) -> dict[str, list[str]]:
    """The columns of the register that interviews can be chosen by, each with its values in their order; groups and waves come first."""
    found = {}
    columns = [name for name in index.register.columns if str(name) not in _NO_FACET]
    for name in sorted(map(str, columns), key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST)):
        values = list(dict.fromkeys(map(str, index.values[name])))
        if name in _FIRST or 1 < len(values) <= _MOST_VALUES:
            found[name] = values if name == "respondent_group" else sorted(values)
    return found


def column_words(name: str, lang: Lang) -> str:
    """What a column of the register is called."""
    return text(f"exploring.filter_{name}", lang) if has_words(f"exploring.filter_{name}") else say(attribute_name(name), lang)


def value_words(name: str, value: str, lang: Lang) -> str:
    """What a value of a column is called."""
    table = "groups" if name == "respondent_group" or value == "total" else "attributes"
    return text(f"{table}.{value}", lang) if has_words(f"{table}.{value}") else value


def narrowing_of(given: object, index: Index) -> Narrowing:
    """The filter that the page asks for.

    Args:
        given: by name of a column, or "touches", "mentions", "coder", "stance", "memo": the values.
        index: the round.

    Raises:
        AnalysisError: no such column, code, coder or stance.
    """
    wanted: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    taken = {str(name): _listed(values) for name, values in wanted.items() if _listed(values)}
    special = {name: taken.pop(name, ()) for name in ("touches", "mentions", "coder", "stance", "memo")}
    for name in taken:
        if name not in index.values:
            raise AnalysisError(f"interviews cannot be filtered by {name!r}", where="filter", todo=did_you_mean(name, index.values))
    _check("the codebook has no code", special["touches"], index.place)
    _check("there are no codings by", special["coder"], index.coders)
    _check("there is no stance", special["stance"], STANCES)
    stance, memo = special["stance"], special["memo"]
    return Narrowing(
        tuple(taken.items()),
        special["touches"],
        tuple(word for word in special["mentions"] if word.strip()),
        special["coder"],
        stance[0] if len(set(stance)) == 1 else "",
        memo[0] == "true" if len(set(memo)) == 1 else None,
    )


def page_filters(narrowing: Narrowing) -> dict[str, list[str]]:
    """A filter as the page holds it."""
    return {name: list(values) for name, values in narrowing.parts()}


def filter_call(narrowing: Narrowing) -> str:
    """The call that binds a filter to a round, "" without one.

    Example:
        >>> filter_call(Narrowing((("respondent_group", ("refugee",)), ("wave", ("1", "2"))), memo=True))
        '.filter(group="refugee", wave=["1", "2"], memo=True)'
    """
    names = {column: short for short, column in SHORT.items()}
    given = []
    for name, values in narrowing.parts():
        value = str(narrowing.memo) if name == "memo" else literal(values[0] if len(values) == 1 else list(values))
        given.append(f"{names.get(name, name)}={value}")
    return f".filter({', '.join(given)})" if given else ""


def literal(value: Any) -> str:
    """A string, number or list as Python is written here.

    Example:
        >>> print(literal('en "kop"'), literal(["a", 1]))
        'en "kop"' ["a", 1]
    """
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, str):
        return f'"{value}"' if value.isprintable() and not {'"', "\\"} & set(value) else repr(value)
    return repr(value)


def name_for_page(*parts: str) -> str:
    """What a view is called on a page.

    Example:
        >>> name_for_page("themes", "Udbytte > Dansk")
        'themes/udbytte/dansk'
    """
    return "/".join(address_part(part) for part in parts if part)


def _listed(given: object) -> tuple[str, ...]:
    if given is None or given is False or given == "":
        return ()
    if given is True:
        return ("true",)
    return tuple(map(str, given)) if isinstance(given, list | tuple) else (str(given),)


def _check(what: str, given: tuple[str, ...], known: Any) -> None:
    for value in given:
        if value not in known:
            raise AnalysisError(f"{what} {value!r}", where="filter", todo=did_you_mean(value, list(known)))

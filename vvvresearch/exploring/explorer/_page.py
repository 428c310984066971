"""Between the page and the round: what it asks to be filtered by, and texts as it gets them, turns cut into segments."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.exploring._narrow import SHORT, Narrowing
from vvvresearch.exploring._passages import Turn, turns_around, turns_of
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


# Characters of one turn, of one of the turns of a passage, and of a memo that are sent; of turns the rest is told.
_LONGEST, _OF_PASSAGE, _OF_MEMO = 6000, 2500, 1000


def bytes_of(answer: object) -> int:
    """How large an answer is on its way to the page."""
    return len(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def fitting(items: Iterable[Any], room: int) -> list[Any]:
    """The first items that fit into so many bytes, at least one."""
    found: list[Any] = []
    for item in items:
        room -= bytes_of(item) + 1
        if found and room < 0:
            break
        found.append(item)
    return found


def coding(index: Index, passage: int) -> dict[str, Any]:
    """A coding as the page names it; a memo only where the transcript may be quoted."""
    may = index.sources[int(index.interview[passage])] in index.quotable
    return {
        "code": int(index.code[passage]),
        "coder": int(index.coder[passage]),
        "against": bool(index.against[passage]),
        "memo": str(index.notes[passage])[:_OF_MEMO] if may else "",
        "id": int(passage),
    }


def segments(text: str, begin: int, end: int, marks: Sequence[tuple[int, int, int]], longest: int = _LONGEST) -> list[dict[str, Any]]:
    """A stretch of a text cut where marks begin and end, each piece with the marks on it.

    Args:
        text: the whole text.
        begin, end: the stretch.
        marks: start, end and number of each mark.
        longest: characters after which it is cut off.

    Example:
        >>> segments("en god ven", 0, 10, [(3, 6, 7)])
        [{'t': 'en '}, {'t': 'god', 'on': [7]}, {'t': ' ven'}]
    """
    last = min(end, begin + longest)
    borders = sorted({begin, last, *(min(max(place, begin), last) for start, stop, _ in marks for place in (start, stop))})
    found = []
    for first, second in itertools.pairwise(borders):
        on = [number for start, stop, number in marks if start <= first and stop >= second]
        found.append({"t": text[first:second]} | ({"on": on} if on else {}))
    return [*found, {"cut": end - last}] if end > last else found


def turn(text: str, one: Turn, number: int, marks: Sequence[tuple[int, int, int]], longest: int = _LONGEST) -> dict[str, Any]:
    """A turn with its speaker and segments."""
    return {"n": number, "speaker": one.speaker, "segs": segments(text, one.begins, one.end, marks, longest)}


def around(text: str, start: int, end: int, mark: int) -> dict[str, Any]:
    """A passage in its turns, with the turn before and after it."""
    turns = turns_of(text)
    if not turns:
        return {"turn": 0, "of": 0, "before": None, "body": [], "after": None}
    first, last = turns_around(text, start, end)
    marks = [(start, end, mark)]
    return {
        "turn": first,
        "of": len(turns),
        "before": turn(text, turns[first - 1], first - 1, (), _OF_PASSAGE) if first else None,
        "body": [turn(text, turns[number], number, marks, _OF_PASSAGE) for number in range(first, min(last, first + 11) + 1)],
        "after": turn(text, turns[last + 1], last + 1, (), _OF_PASSAGE) if last + 1 < len(turns) else None,
    }

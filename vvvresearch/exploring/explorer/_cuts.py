"""Texts as the page gets them: turns cut into segments. It never sees where in a text anything stands."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.exploring._turns import Turn, turns_around, turns_of

if TYPE_CHECKING:
    from vvvresearch.exploring.explorer._index import Index

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

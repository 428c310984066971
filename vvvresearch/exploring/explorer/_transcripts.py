"""A transcript turn by turn with its codes, and the places where words stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.exploring._search import TextIndex
from vvvresearch.exploring._turns import turns_around, turns_of
from vvvresearch.exploring.explorer._cuts import bytes_of, coding, fitting, segments, turn
from vvvresearch.exploring.explorer._filters import filter_call, literal
from vvvresearch.exploring.explorer._passages import head
from vvvresearch.locales import text as words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vvvresearch.exploring._narrow import Narrowing
    from vvvresearch.exploring.explorer._index import Index
    from vvvresearch.locales import Lang

_ROOM, _MOST = 45_000, 30
_AROUND = 90
# Letters of a query that are looked for.
_QUERY = 200
# Marks of what was searched have numbers below those of codings.
_HIT = -1


def transcript(index: Index, asked: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """A transcript from a turn on, as many turns as fit; a refused or missing one is a sentence.

    Args:
        index: the round.
        asked: `interview`; `turn` (the first one that is sent) or `at` (a coding that is to be among them); `q` (words to mark).
        lang: language of the words.

    Raises:
        AnalysisError: no such interview.
    """
    name = str(asked.get("interview") or "")
    row = index.row_of(name)
    if row is None:
        known = list(map(str, index.register["interview"]))
        raise AnalysisError(f"there is no interview {name!r}", where="transcript", todo=did_you_mean(name, known))
    found = head(index, row, lang) | {"call": f"r.transcript({literal(str(index.register['interview'].iloc[row]))})"}
    source = index.sources[row]
    missing = "no_transcript" if not source else "refused_transcript" if source not in index.quotable else "no_text"
    if source not in index.quotable or source not in index.codings.texts:
        return found | {"told": words(f"exploring.{missing}", lang, interview=found["interview"]), "turns": [], "first": 0, "of": 0}
    text = index.codings.texts[source]
    turns = turns_of(text)
    passages = np.arange(index.first_of[row], index.first_of[row + 1])
    passages = passages[index.start[passages] >= 0]
    marks = [(int(index.start[one]), int(index.end[one]), int(one)) for one in passages]
    query = str(asked.get("q") or "")[:_QUERY]
    marks += [(start, end, _HIT) for _, start, end in TextIndex.of({source: text}, [source]).hits(query)]
    at = asked.get("at")
    focus = max(0, int(asked.get("turn") or 0))
    if isinstance(at, int) and at in passages:
        focus = max(0, turns_around(text, int(index.start[at]), int(index.end[at]))[0] - 8)
    focus = min(focus, max(0, len(turns) - 1))
    sent: list[dict[str, Any]] = []
    room = _ROOM
    for number in range(focus, len(turns)):
        one = turns[number]
        own = [mark for mark in marks if mark[0] < one.end and mark[1] > one.start]
        begins = [mark[2] for mark in own if mark[2] >= 0 and (mark[0] >= one.start or number == 0)]
        item = turn(text, one, number, own) | {"codings": [coding(index, passage) for passage in begins[:60]]}
        room -= bytes_of(item)
        if sent and room < 0:
            break
        sent.append(item)
    return found | {"turns": sent, "first": focus, "of": len(turns), "codings": len(marks)}


def search(index: Index, wanted: Narrowing, asked: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """Where words stand in the transcripts of the interviews that a filter leaves, and how many transcripts could not be searched."""
    query = str(asked.get("q") or "")[:_QUERY]
    first = max(0, int(asked.get("first") or 0))
    left = index.left(wanted)
    sources = {index.sources[row] for row in left.interviews} - {""}
    place, start, end = index.places(query)
    inside = np.array([source in sources for source in index.texts.sources], dtype=bool)
    open_ = inside[place] if len(place) else np.zeros(0, dtype=bool)
    place, start, end = place[open_], start[open_], end[open_]
    rows = {source: row for row, source in reversed(list(enumerate(index.sources)))}
    items = (
        _hit(index, rows[index.texts.sources[number]], begin, stop, lang)
        for number, begin, stop in zip(*(part[first : first + _MOST].tolist() for part in (place, start, end)), strict=True)
    )
    searched = int(inside.sum())
    refused = sum(source not in index.quotable for source in sources)
    return {
        "q": query,
        "hits": len(place),
        "interviews": len(np.unique(place)),
        "searched": searched,
        "refused": refused,
        "without_text": len(sources) - searched - refused,
        "first": first,
        "items": fitting(items, _ROOM),
        "call": f"r{filter_call(wanted)}.search({literal(query.strip())})",
    }


def _hit(index: Index, row: int, start: int, end: int, lang: Lang) -> dict[str, Any]:
    text = index.codings.texts[index.sources[row]]
    number = turns_around(text, start, end)[0]
    one = turns_of(text)[number]
    begin, stop = max(one.begins, start - _AROUND), min(max(one.end, end), end + _AROUND)
    begin = min(begin, start)
    low, high = int(index.first_of[row]), int(index.first_of[row + 1])
    on = low + np.flatnonzero((index.start[low:high] < end) & (index.end[low:high] > start) & (index.start[low:high] >= 0))
    codes: dict[int, dict[str, Any]] = {}
    for passage in on.tolist():
        codes.setdefault(int(index.code[passage]), coding(index, passage))
    return head(index, row, lang) | {
        "turn": number,
        "speaker": one.speaker,
        "segs": segments(text, begin, stop, [(start, end, _HIT)]),
        "before": begin > one.begins,
        "after": stop < one.end,
        "codings": list(codes.values())[:20],
    }

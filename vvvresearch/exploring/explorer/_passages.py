"""The right of the page: the interviews and passages behind a cell of the matrix, each as a card, and transcripts turn by turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.exploring._narrow import SHORT
from vvvresearch.exploring._passages import turns_around, turns_of
from vvvresearch.exploring._search import TextIndex
from vvvresearch.exploring.explorer._page import (
    around,
    bytes_of,
    coding,
    column_words,
    filter_call,
    fitting,
    literal,
    name_for_page,
    segments,
    turn,
    value_words,
)
from vvvresearch.exploring.explorer._views import checked_column
from vvvresearch.locales import text as words
from vvvresearch.results import TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from vvvresearch.exploring._narrow import Narrowing
    from vvvresearch.exploring.explorer._index import Index, Left
    from vvvresearch.locales import Lang

    Flags = NDArray[np.bool_]


STATES = ("affirmed", "contradicted", "both", "not_raised", "asked", "not_asked", "not_coded")
SPOKEN = ("affirmed", "contradicted", "both")
_SHORT = {column: short for short, column in SHORT.items()}
_ROOM, _MOST = 42_000, 20


def cell(index: Index, wanted: Narrowing, asked: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """A cell of the matrix, whole: how many interviews are in each state, and the cards of the state that is asked for.

    Args:
        index: the round.
        wanted: the filter.
        asked: `code` (a path), `by` and `value` (the column of the matrix), `measure`, `first` (from which card on).
        lang: language of the words.

    Raises:
        AnalysisError: no such code, column, value or state.
    """
    code, by, value = str(asked.get("code") or ""), checked_column(index, str(asked.get("by") or "respondent_group")), asked.get("value")
    value = str(value or TOTAL)
    if code not in index.place:
        raise AnalysisError(f"the codebook has no code {code!r}", todo=did_you_mean(code, index.paths))
    measure = str(asked.get("measure") or "affirmed")
    state = measure.removeprefix("persons_")
    if state not in STATES:
        raise AnalysisError(f"there is no number {measure!r} here", todo=did_you_mean(measure, STATES))
    left = index.left(wanted)
    held = index.values[by][left.interviews]
    if value != TOTAL and value not in set(held):
        raise AnalysisError(f"{column_words(by, lang)} {value!r} is not in this table", todo=did_you_mean(value, map(str, set(held))))
    members = np.ones(len(held), dtype=bool) if value == TOTAL else held == value
    flags = flags_of(left, members, index.place[code])
    chosen = flags[state]
    persons = left.states.register["person"].to_numpy(dtype=object)
    if measure == "persons_both":
        both = set(persons[flags["affirmed"]]) & set(persons[flags["contradicted"]])
        chosen = (flags["affirmed"] | flags["contradicted"]) & np.isin(persons, list(both))
    passages = told(index, left, flags, index.place[code], measure, chosen) if state in SPOKEN else np.zeros(0, dtype=np.int64)
    first = max(0, int(asked.get("first") or 0))
    if state in SPOKEN:
        cards: Iterator[dict[str, Any]] = (card(index, int(one), lang) for one in passages[first : first + _MOST])
        amount = len(passages)
    else:
        rows = left.interviews[chosen]
        cards = (head(index, int(row), lang) | {"silent": True} for row in rows[first : first + 5 * _MOST])
        amount = len(rows)
    keys = "group" if by == "respondent_group" else by
    named = f"{keys}={literal(value)}, measure={literal(measure)}"
    call = f"r{filter_call(wanted)}"
    table = f"{call}.theme_table({f'by={literal(by)}' if by != 'respondent_group' else ''})"
    return {
        "code": code,
        "by": by,
        "value": value,
        "measure": measure,
        "words": f"{code} · {value_words(by, value, lang)}",
        "whole": {name: int(flag.sum()) for name, flag in flags.items()},
        "persons": len(set(persons[chosen])),
        "interviews": int(chosen.sum()),
        "amount": amount,
        "first": first,
        "cards": fitting(cards, _ROOM),
        "call": f"{table}.evidence(code={literal(code)}, {named})",
        "page": _page_line(wanted, code, by, value, state),
    }


def flags_of(left: Left, members: Flags, code: int) -> dict[str, Flags]:
    """Which interviews of a column are in which state."""
    states = left.states
    said, against, could = (matrix[:, code] & members for matrix in (states.affirmed, states.contradicted, states.asked))
    return {
        "affirmed": said,
        "contradicted": against,
        "both": said & against,
        "not_raised": could & ~said & ~against,
        "asked": could,
        "not_asked": members & states.coded & ~could,
        "not_coded": members & ~states.coded,
    }


def told(index: Index, left: Left, flags: Mapping[str, Flags], code: int, measure: str, chosen: Flags) -> NDArray[np.int64]:
    """The passages that say so: those of the theme or below it, in the interviews of the state, the same passage once."""
    # Under consensus a theme counts where all who read agree; what each of them marked is the evidence.
    counted = left.kept if index.rule.coders == "consensus" else left.counted
    own = counted & index.under(code)
    found = np.zeros(len(index.code), dtype=bool)
    for name, stands in (("affirmed", ~index.against), ("contradicted", index.against)):
        if measure.removeprefix("persons_") not in (name, "both"):
            continue
        there = np.zeros(len(index.register), dtype=bool)
        there[left.interviews[flags[name] & chosen]] = True
        found |= own & stands & there[index.interview]
    return index.once(np.flatnonzero(found))


def head(index: Index, row: int, lang: Lang) -> dict[str, Any]:
    """Whose interview it is."""
    register = index.register
    told = {name: str(index.values[name][row]) for name in ("interview", "respondent_group", "wave") if name in index.values}
    source = index.sources[row]
    pair = str(register["pair"].iloc[row]) if "pair" in register and isinstance(register["pair"].iloc[row], str) else ""
    return {
        "interview": str(register["interview"].iloc[row]),
        "group": value_words("respondent_group", told.get("respondent_group", ""), lang),
        "wave": told.get("wave", ""),
        "pair": pair,
        "interpreter": index.values["interpreter"][row] == "yes" if "interpreter" in index.values else False,
        "quotable": source in index.quotable,
        "has_text": source in index.codings.texts,
    }


def card(index: Index, passage: int, lang: Lang) -> dict[str, Any]:
    """A passage: its turns with the one before and after, who coded what on it, memos. Refused words never leave the kernel."""
    row = int(index.interview[passage])
    found = head(index, row, lang)
    start, end, source = int(index.start[passage]), int(index.end[passage]), index.sources[row]
    text = index.codings.texts.get(source)
    low, high = int(index.first_of[row]), int(index.first_of[row + 1])
    same = low + np.flatnonzero(index.same[low:high] == index.same[passage])
    if start < 0:
        near = same
    else:
        near = low + np.flatnonzero(
            (index.start[low:high] < max(end, start + 1)) & (index.end[low:high] > start) & (index.start[low:high] >= 0)
        )
    found |= {
        "id": passage,
        "code": int(index.code[passage]),
        "against": bool(index.against[passage]),
        "hits": [coding(index, int(one)) for one in same],
        "length": max(0, end - start),
        "lanes": lanes(index, row, near),
    }
    if found["quotable"] and text is not None and start >= 0:
        return found | around(text, start, end, passage)
    if found["quotable"]:
        return found | {"words": str(index.words[passage])[:6000], "placed": start >= 0}
    return found | {"placed": start >= 0}


def lanes(index: Index, row: int, near: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Each coder's codes on the words; a coder who has not read the interview is told from one who has no code here."""
    found = []
    for number, name in enumerate(index.coders):
        read = bool(index.reads[row, number])
        own = near[index.coder[near] == number][:20] if read else near[:0]
        found.append({"coder": name, "read": read, "codings": [coding(index, int(one)) for one in own]})
    return found if len(found) <= 6 else [one for one in found if one["read"]][:12]


def _page_line(wanted: Narrowing, code: str, by: str, value: str, state: str) -> str:
    """A page takes quotations that were approved, never the passages themselves."""
    given = [f"code={literal(code)}"]
    narrowed = f"r{filter_call(wanted)}"
    if value != TOTAL and by == "respondent_group":
        given.append(f"group={literal(value)}")
    elif value != TOTAL:
        narrowed += f".filter({_SHORT.get(by, by)}={literal(value)})"
    if state in ("affirmed", "contradicted"):
        given.append(f"stance={literal(state)}")
    return f"page.add({literal(name_for_page('voices', code))}, {narrowed}.quotes({', '.join(given)}).as_quotes())"


_ROOM_FOR_TURNS, _MOST_PLACES = 45_000, 30
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
    room = _ROOM_FOR_TURNS
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
        for number, begin, stop in zip(*(part[first : first + _MOST_PLACES].tolist() for part in (place, start, end)), strict=True)
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
        "items": fitting(items, _ROOM_FOR_TURNS),
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

"""The right of the page: the interviews and passages behind a cell of the matrix, each as a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.exploring._narrow import SHORT
from vvvresearch.exploring.explorer._cuts import around, coding, fitting
from vvvresearch.exploring.explorer._filters import column_words, filter_call, literal, name_for_page, value_words
from vvvresearch.exploring.explorer._views import checked_column
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

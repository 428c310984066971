"""Codes that stand together: how much of each pair under a filter, and the passages where the two meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.exploring.explorer._page import filter_call, fitting, literal
from vvvresearch.exploring.explorer._passages import card
from vvvresearch.exploring.explorer._views import chosen_rows
from vvvresearch.statistics.cooccurrence import text_shared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from vvvresearch.exploring._narrow import Narrowing
    from vvvresearch.exploring.explorer._index import Index
    from vvvresearch.locales import Lang

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]

WITHIN = ("document", "overlap")
# Codes side by side: more make cells that nobody can read. A branch of the tree shows the others.
_CODES = 30
_ROOM, _MOST = 42_000, 20


def unit_of(asked: Mapping[str, Any]) -> str:
    """Whether codes meet in an interview or on the same words.

    Raises:
        AnalysisError: neither of them.
    """
    within = str(asked.get("within") or "document")
    if within not in WITHIN:
        raise AnalysisError(f"there is no unit {within!r}", todo=did_you_mean(within, WITHIN))
    return within


def shared(index: Index, counted: Flags, within: str) -> Ints:
    """Codes × codes: the transcripts with both, or the characters that both cover; on the diagonal those of each code.

    Args:
        index: the round.
        counted: the passages that count, each under the code that was given to it.
        within: "document" or "overlap".
    """
    n = len(index.paths)
    if within == "overlap":
        chosen = np.flatnonzero(_spans(index, counted))
        if not len(chosen):
            return np.zeros((n, n), dtype=np.int64)
        found: Ints = text_shared(index.document[chosen], index.code[chosen], index.start[chosen], index.end[chosen], n)
        return found
    # Products of zeros and ones are whole in any kind of number; these are multiplied fastest.
    there = _presence(index, counted).astype(np.float64)
    return (there.T @ there).astype(np.int64)


def together(index: Index, table: Ints, wanted: Narrowing, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The codes that meet others, each with how much it shares with those before it, and the call that makes the table.

    Raises:
        AnalysisError: no such code.
    """
    within, under = unit_of(asked), str(asked.get("under") or "")
    used = [row for row in chosen_rows(index, under, 0) if table[row, row]]
    others = table[np.ix_(used, used)] - np.diag(np.diag(table)[used])
    meeting = np.flatnonzero(others.any(axis=1))
    most = meeting[np.argsort(-others[meeting].sum(axis=1), kind="stable")][:_CODES]
    shown = [used[place] for place in sorted(most.tolist())]
    rows = [{"code": row, "cells": [int(table[row, other]) for other in shown[: place + 1]]} for place, row in enumerate(shown)]
    given = [f"within={literal(within)}"] if within != "overlap" else []
    given += [f"codes={literal([index.paths[row] for row in shown])}"] if under and len(shown) > 1 else []
    call = f"r{filter_call(wanted)}.cooccurrence({', '.join(given)})"
    return {
        "within": within,
        "rows": rows,
        "alone": len(used) - len(meeting),
        "more": len(meeting) - len(shown),
        "interviews": len(index.left(wanted).interviews),
        "code": call,
        "page": f'page.add("together", {call}.top(15, by="together"))',
    }


def pair(index: Index, counted: Flags, table: Ints, wanted: Narrowing, asked: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """The passages of two codes where they meet, the same passage once; of a code with itself all that it has.

    Raises:
        AnalysisError: no such code.
    """
    within = unit_of(asked)
    names = [str(asked.get(name) or "") for name in ("a", "b")]
    for name in names:
        if name not in index.place:
            raise AnalysisError(f"the codebook has no code {name!r}", todo=did_you_mean(name, index.paths))
    one, other = sorted(index.place[name] for name in names)
    found = _once(index, _meeting(index, counted, one, other, within))
    first = max(0, int(asked.get("first") or 0))
    call = f"r{filter_call(wanted)}.cooccurrence({'' if within == 'overlap' else f'within={literal(within)}'})"
    paths = [index.paths[place] for place in dict.fromkeys((one, other))]
    named = ", ".join(f"code_{side}={literal(path)}" for side, path in zip("ab", paths, strict=False))
    return {
        "words": " + ".join(paths),
        "within": within,
        "n": int(table[one, other]),
        "amount": len(found),
        "first": first,
        "cards": fitting((card(index, int(passage), lang) for passage in found[first : first + _MOST]), _ROOM),
        "call": f"{call}.evidence({named})" if one != other and table[one, other] else call,
    }


def _spans(index: Index, counted: Flags) -> Flags:
    return counted & (index.start >= 0) & (index.end > index.start)


def _presence(index: Index, counted: Flags) -> Flags:
    """Transcripts × codes."""
    there = np.zeros((len(index.register), len(index.paths)), dtype=bool)
    there[index.document[counted], index.code[counted]] = True
    return there


def _meeting(index: Index, counted: Flags, one: int, other: int, within: str) -> Ints:
    own = np.isin(index.code, (one, other))
    if within == "document":
        there = _presence(index, counted & own)
        return np.flatnonzero(counted & own & (there[:, one] & there[:, other])[index.document])
    chosen = np.flatnonzero(_spans(index, counted & own))
    if one == other:
        return chosen
    kept = []
    for document in np.unique(index.document[chosen]):
        here = chosen[index.document[chosen] == document]
        left, right = here[index.code[here] == one], here[index.code[here] == other]
        meets = (index.start[left][:, None] < index.end[right]) & (index.end[left][:, None] > index.start[right])
        kept += [left[meets.any(axis=1)], right[meets.any(axis=0)]]
    return np.sort(np.concatenate(kept)) if kept else chosen


def _once(index: Index, passages: Ints) -> Ints:
    """The same words under the same code once, whoever coded them and whatever they say of it."""
    seen: set[tuple[Any, ...]] = set()
    found = []
    for passage in passages.tolist():
        key = (index.document[passage], index.start[passage], index.end[passage], index.code[passage], index.words[passage])
        if key not in seen:
            seen.add(key)
            found.append(passage)
    return np.array(found, dtype=np.int64)

"""Where coders disagree, code by code, with kappa beside, and each disagreement as a card with a lane a coder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.exploring.explorer._cuts import fitting
from vvvresearch.exploring.explorer._filters import filter_call, literal
from vvvresearch.exploring.explorer._passages import card
from vvvresearch.locales import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vvvresearch.exploring._narrow import Narrowing
    from vvvresearch.exploring.explorer._index import Index
    from vvvresearch.locales import Lang
    from vvvresearch.results import Result

_ROOM, _MOST = 42_000, 20
_NUMBERS = ("n_units", "percent", "kappa", "ac1", "alpha")


def agreement(table: Result, apart: Result, index: Index, wanted: Narrowing, lang: Lang) -> dict[str, Any]:
    """Agreement on each code, with how many passages one coder has and another has not; a sentence where nothing was coded twice."""
    call = f"r{filter_call(wanted)}.double_coding()"
    if table.absent:
        return {"told": say(table.absent, lang), "rows": [], "code": call, "page": ""}
    counts = apart.frame["code_path"].value_counts()
    lines = (
        {
            "code": index.place.get(str(row["code_path"]), -1),
            "apart": int(counts.sum()) if row["code_path"] not in index.place else int(counts.get(row["code_path"], 0)),
            "numbers": [None if pd.isna(row[name]) else round(float(row[name]), 4) for name in _NUMBERS],
        }
        for row in table.frame.to_dict("records")
    )
    return {
        "rows": fitting(lines, _ROOM),
        "numbers": list(_NUMBERS),
        "all_rows": len(table.frame),
        "words": table.caption,
        "note": table.footer,
        "code": call,
        "page": f'page.add("agreement", {call})',
    }


def disagreements(found: Result, index: Index, wanted: Narrowing, asked: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """The passages of a code that one coder has and another has on no part of them; of all codes where none is named.

    Raises:
        AnalysisError: no such code.
    """
    code = str(asked.get("code") or "")
    if code and code not in index.place:
        raise AnalysisError(f"the codebook has no code {code!r}", todo=did_you_mean(code, index.paths))
    call = f"r{filter_call(wanted)}.disagreements()"
    if found.absent:
        return {"told": say(found.absent, lang), "cards": [], "amount": 0, "first": 0, "call": call}
    frame = found.frame[found.frame["code_path"] == code] if code else found.frame
    first = max(0, int(asked.get("first") or 0))
    condition = literal(f"code_path == {code!r}")
    rows = frame.iloc[first : first + _MOST].to_dict("records")
    cards = (
        card(index, place, lang) | {"missing_with": str(row["missing_with"])} for row in rows if (place := _place(index, row)) is not None
    )
    return {
        "words": code,
        "amount": len(frame),
        "first": first,
        "cards": fitting(cards, _ROOM),
        "call": f"{call}.where({condition})" if code else call,
    }


def _place(index: Index, row: Mapping[Any, Any]) -> int | None:
    """The passage of a row."""
    interview = index.row_of(str(row["source"])) if row["source"] not in index.sources else index.sources.index(row["source"])
    if interview is None:
        return None
    for place in range(int(index.first_of[interview]), int(index.first_of[interview + 1])):
        same = (index.start[place], index.end[place], index.paths[index.code[place]], index.coder_names[place])
        if same == (row["start"], row["end"], row["code_path"], row["coder"]):
            return place
    return None

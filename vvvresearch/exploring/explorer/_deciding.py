"""Coders and decisions on the page: where coders disagree, and decisions with what each changes, the only thing that it ever writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import AnalysisError, VvvError, did_you_mean
from vvvresearch.exploring._decisions import KINDS
from vvvresearch.exploring.explorer._numbers import sentence
from vvvresearch.exploring.explorer._page import filter_call, fitting, literal
from vvvresearch.exploring.explorer._passages import card
from vvvresearch.locales import Phrase, say, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vvvresearch.exploring._narrow import Narrowing
    from vvvresearch.exploring.explorer._index import Index
    from vvvresearch.locales import Lang
    from vvvresearch.results import Result


_ROOM, _LONGEST = 40_000, 1_000
_REVIEWS = ("agree", "reject", "undo")
# What may still be done with a decision in a state.
_OPEN = {"proposed": ["agree", "reject", "undo"], "agreed": ["undo"]}


def listed(whole: Any, asked: Mapping[str, Any], index: Index, lang: Lang) -> dict[str, Any]:
    """The decisions, newest first, each with the counts that it changes; and the passage that a new one may be about."""
    decisions = whole.decisions
    rows = decisions.list().frame.to_dict("records")[::-1]
    lines = ({**_line(row, lang), "changes": _changes(decisions, row, index, lang)} for row in rows)
    found: dict[str, Any] = {"lines": fitting(lines, _ROOM), "amount": len(rows), "call": "r.decisions", "page": ""}
    if asked.get("passage") is not None:
        passage = _passage(index, asked)
        found["about"] = {"id": passage, "code": int(index.code[passage]), "coder": str(index.coder_names[passage])}
    return found


def proposed(whole: Any, asked: Mapping[str, Any], index: Index) -> None:
    """A decision as the page proposes it.

    Raises:
        AnalysisError, DisclosureError: it does not fit the codings, or its words name somebody.
    """
    kind = str(asked.get("kind") or "")
    if kind not in KINDS:
        raise AnalysisError(f"there is no decision {kind!r}", todo=did_you_mean(kind, KINDS))
    words = {name: str(asked.get(name) or "").strip()[:_LONGEST] for name in ("code", "into", "coder", "stance", "memo", "by", "why")}
    who = {"by": words["by"], "why": words["why"]}
    passages: tuple[str, ...] = ()
    if asked.get("passage") is not None:
        rows = whole.decisions.codings.frame.iloc[[int(index.frame_row[_passage(index, asked)])]]
        passages = whole.decisions.ids(rows)
    if kind == "recode":
        whole.decisions.recode(words["code"], words["into"], passages=passages, coder=words["coder"], **who)
    elif kind == "merge":
        whole.decisions.merge([words["code"]], words["into"], **who)
    elif kind == "stance":
        whole.decisions.stance(words["code"], words["stance"], passages=passages, coder=words["coder"], **who)
    else:
        whole.decisions.memo(passages, words["memo"], code="" if passages else words["code"], **who)


def reviewed(whole: Any, asked: Mapping[str, Any]) -> None:
    """A review as the page gives it.

    Raises:
        AnalysisError: no such decision or review, or one that is not open to it.
    """
    what = str(asked.get("what") or "")
    if what not in _REVIEWS:
        raise AnalysisError(f"there is no review {what!r}", todo=did_you_mean(what, _REVIEWS))
    getattr(whole.decisions, what)(str(asked.get("id") or ""), by=str(asked.get("by") or ""), why=str(asked.get("why") or "")[:_LONGEST])


def _passage(index: Index, asked: Mapping[str, Any]) -> int:
    passage = int(asked["passage"])
    if not 0 <= passage < len(index.code):
        raise AnalysisError("there is no such passage")
    return passage


def _line(row: Mapping[Any, Any], lang: Lang) -> dict[str, Any]:
    change = str(row["change"])
    return {
        **{name: str(row[name]) for name in ("id", "by", "at", "why", "state", "reviewed_by")},
        "kind": Phrase(f"decisions.{row['kind']}").say(lang),
        "change": text(f"exploring.state_{change}", lang) if change in ("affirmed", "contradicted") else change,
        "state_words": Phrase(f"decisions.{row['state']}").say(lang),
        "codings": int(row["codings"]),
        "open": _OPEN.get(str(row["state"]), []),
    }


def _changes(decisions: Any, row: Mapping[Any, Any], index: Index, lang: Lang) -> list[dict[str, Any]] | str:
    """The themes whose counts a decision changes; a sentence where it can no longer be counted."""
    if row["state"] not in _OPEN:
        return []
    try:
        frame = decisions.diff(str(row["id"])).frame
    except VvvError as problem:
        return sentence(problem, lang)
    pairs = ("affirmed", "contradicted", "codings")
    return [
        {
            "code": index.place.get(str(one["code_path"]), -1),
            "name": str(one["code_path"]),
            "pairs": [[name, int(one[f"{name}_before"]), int(one[f"{name}_after"])] for name in pairs],
        }
        for one in frame.head(12).to_dict("records")
    ]


_ROOM_FOR_CARDS, _MOST = 42_000, 20
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
        "rows": fitting(lines, _ROOM_FOR_CARDS),
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
        "cards": fitting(cards, _ROOM_FOR_CARDS),
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

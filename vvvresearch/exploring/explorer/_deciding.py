"""Decisions on the page: the list with what each changes, a new one, a review; the only thing that the page ever writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, VvvError, did_you_mean
from vvvresearch.exploring._decisions import KINDS
from vvvresearch.exploring.explorer._cuts import fitting
from vvvresearch.exploring.explorer._numbers import sentence
from vvvresearch.locales import Phrase, text

if TYPE_CHECKING:
    from vvvresearch.exploring.explorer._index import Index
    from vvvresearch.locales import Lang

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

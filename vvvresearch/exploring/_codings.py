"""Behind tables of codings alone: codes that stand together, quotations, and what several coders coded."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vvvresearch.exploring._asked import Asked, Found, Opener, distinct
from vvvresearch.exploring._passages import with_context
from vvvresearch.results import TOTAL
from vvvresearch.themes._coders import passages_of
from vvvresearch.themes._states import placed
from vvvresearch.themes.language import sentence_spans


def together(asked: Asked) -> Found:
    """Two codes that stand together: the stretches that both cover, the sentences both touch, or the documents with both."""
    codings, coder, within = asked.given("codings"), asked.given("coder"), asked.given("within") or "overlap"
    passages = passages_of(codings, coder).drop_duplicates(["source", "start", "end", "code_path", "text"])
    interviews = _interviews_behind(asked)
    if not asked.row:
        return Found(_with_codings(passages, codings, interviews), "passages", "")
    first, second = asked.row["code_a"], asked.row["code_b"]
    own = {code: passages[passages["code_path"] == code] for code in (first, second)}
    sides = {"code_a": _with_codings(own[first], codings, interviews), "code_b": _with_codings(own[second], codings, interviews)}
    if within == "document":
        both = sorted(set(own[first]["source"]) & set(own[second]["source"]))
        told = pd.concat([own[code][own[code]["source"].isin(both)] for code in (first, second)])
        value = len(both) if asked.measure in ("together", "") else None
        return Found(_with_codings(told, codings, interviews), "passages", "source", value, {"together": len(both)}, sides)
    rows = []
    for source in dict.fromkeys(placed(own[first])["source"]):
        spans = [_units(codings, source, placed(part[part["source"] == source]), within) for part in own.values()]
        rows += [{"source": source, "start": start, "end": end} for start, end in _common(*spans)]
    found = pd.DataFrame(rows, columns=["source", "start", "end"])
    amount = len(found) if within == "sentence" else int((found["end"] - found["start"]).sum())
    stretches = found.assign(
        code_path=f"{first} + {second}",
        coder="",
        stance="",
        text=[codings.texts.get(s, "")[a:b] for s, a, b in found.itertuples(index=False)],
    )
    value = amount if asked.measure in ("together", "") else None
    return Found(_with_codings(stretches, codings, interviews), "passages", "", value, {"together": amount}, sides)


def _units(codings: Any, source: str, own: pd.DataFrame, within: str) -> list[tuple[int, int]]:
    spans = sorted(
        (int(start), int(end)) for start, end in zip(own["start"], own["end"], strict=True) if end > start or within == "sentence"
    )
    if within == "sentence":
        sentences = sentence_spans(codings.texts[source])
        return [one for one in sentences if any(start < one[1] and end > one[0] for start, end in spans)]
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _common(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found = ((max(a, c), min(b, d)) for a, b in first for c, d in second)
    return sorted((start, end) for start, end in found if start < end)


def _interviews_behind(asked: Asked) -> Any:
    interviews = asked.given("interviews")
    if interviews is None and asked.made.opened is not None and asked.made.opened.has("interviews"):
        interviews = asked.made.opened.interviews
    return interviews


def _with_codings(passages: pd.DataFrame, codings: Any, interviews: Any) -> pd.DataFrame:
    """Passages of a table that knows no interviews: without a register nobody has consented to be quoted, so none is shown."""
    from vvvresearch.evidence import Interviews
    from vvvresearch.themes._states import persons, stance_of

    if interviews is None:
        interviews = Interviews.of_transcripts(passages["source"])
    register = interviews.frame.assign(person=persons(interviews.frame))
    kept = [
        name for name in ("source", "interview", "person", "pair", "respondent_group", "wave", "interpreter") if name in register.columns
    ]
    clashing = [name for name in kept if name in passages.columns and name != "source"]
    rows = register.loc[register["source"].fillna("") != "", kept].drop_duplicates("source")
    told = passages.assign(stance=stance_of(passages)).drop(columns=clashing).merge(rows, on="source", how="left")
    return with_context(told, codings, interviews)


def quote_row(asked: Asked) -> Found:
    """A quotation in its surroundings, or all of the bank."""
    frame = asked.result.frame
    chosen = frame if not asked.row else frame[frame["quote_id"] == asked.row["quote_id"]]
    codings, interviews = asked.given("codings"), asked.given("interviews")
    every = _with_codings(
        codings.frame.merge(chosen[["source", "start", "end", "code_path"]], on=["source", "start", "end", "code_path"]),
        codings,
        interviews,
    )
    once = every.drop_duplicates(["source", "start", "end", "code_path"])
    return Found(once, "passages", "", len(once))


def coded_twice(asked: Asked) -> Found:
    """Behind agreement: the passages of a code by every coder, in the transcripts that were coded by several."""
    codings, interviews = asked.given("codings"), _interviews_behind(asked)
    readers = codings.frame.groupby("source")["coder"].nunique()
    frame = codings.frame[codings.frame["source"].isin(readers.index[readers > 1])]
    code = asked.row.get("code_path", "")
    if code and code in codings.codebook.paths:
        frame = frame[frame["code_path"] == code]
    if {"source", "start", "coder"} <= set(asked.row):
        frame = frame[
            (frame["source"] == asked.row["source"]) & (frame["start"] == asked.row["start"]) & (frame["coder"] == asked.row["coder"])
        ]
    rows = _with_codings(frame, codings, interviews)
    if asked.about == TOTAL and asked.measure == "documents":
        return Found(rows, "passages", "source", distinct(rows, "source"))
    if asked.about == TOTAL and asked.measure == "disagreements":
        return Found(asked.result.frame, "rows", "", len(asked.result.frame))
    return Found(rows, "passages", "")


OPENERS: dict[str, Opener] = {
    "cooccurrence": together,
    "quotes": quote_row,
    **dict.fromkeys(("double_coding", "disagreements", "unitizing_agreement"), coded_twice),
}

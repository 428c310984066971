"""Transcripts as turns, and coded passages as evidence: who speaks, what stands around, other codes, only what may be shown."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.exploring._asked import Asked, Found, Opener, distinct
from vvvresearch.locales import Phrase
from vvvresearch.results import TOTAL, Base, Column, Result
from vvvresearch.themes import CoderRule
from vvvresearch.themes._coders import Coder, passages_of, readings_of
from vvvresearch.themes._states import placed, quotable_sources, stance_of
from vvvresearch.themes.language import sentence_spans

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews


OF_INTERVIEW = ("interview", "person", "pair", "respondent_group", "wave")
PASSAGE = (
    *(*OF_INTERVIEW, "speaker", "interpreter", "stance", "code_path", "coder", "source", "start", "end", "text", "before", "after"),
    *("other_codes", "coders", "memo", "quotable"),
)


def coded_passages(codings: Codings, register: pd.DataFrame, coder: Coder) -> pd.DataFrame:
    """The passages that count beside the interviews they stand in: those of the codings, stance, and the register's columns."""
    rule: Coder = None if isinstance(coder, CoderRule) and coder.coders == "consensus" else coder
    found = passages_of(codings, rule, register)
    found = found.assign(stance=stance_of(found))
    kept = [name for name in (*OF_INTERVIEW, "interpreter") if name in register.columns]
    rows = register.loc[register["source"].fillna("") != "", ["source", *kept]]
    rows = rows.assign(row=np.flatnonzero((register["source"].fillna("") != "").to_numpy()))
    clashing = [name for name in kept if name in found.columns]
    return found.drop(columns=clashing).merge(rows, on="source")


def with_context(passages: pd.DataFrame, codings: Codings, interviews: Interviews, beside: Beside | None = None) -> pd.DataFrame:
    """The passages as they are shown. The words of whoever is not to be quoted are left out, wherever they stand."""
    beside = beside or Beside(codings, interviews, set(passages["source"]))
    rows = []
    for row in passages.to_dict("records"):
        may = row["source"] in beside.quotable
        text = codings.texts.get(row["source"])
        placed = text is not None and not pd.isna(row["start"]) and not pd.isna(row["end"])
        speaker, before, after = context_of(text, int(row["start"]), int(row["end"])) if placed and text is not None else ("", "", "")
        other, coders, memo = beside.of(row)
        words = {"text": row.get("text") or "", "before": before, "after": after, "memo": memo}
        rows.append(
            row
            | {"speaker": speaker, "other_codes": other, "coders": coders, "quotable": may}
            | (words if may else dict.fromkeys(words, ""))
        )
    found = pd.DataFrame(rows, columns=list(dict.fromkeys([*PASSAGE, *passages.columns])))
    extra = [name for name in ("state", "side", "phase", "beneficiary") if name in found.columns]
    return found[[*PASSAGE[:7], *extra, *PASSAGE[7:]]]


class Beside:
    """What else stands on the same words: other codes, what each coder did there, memos; and whose words may be shown."""

    def __init__(self, codings: Codings, interviews: Interviews, sources: set[str]) -> None:
        noted = codings.passages()
        notes = noted["memo"].fillna("").astype(str) if "memo" in noted else pd.Series("", index=noted.index)
        frame = codings.frame.assign(note=notes.reindex(codings.frame.index).fillna(""))
        frame = frame[frame["source"].isin(sources)]
        self.by_source = {
            str(source): (
                own["start"].to_numpy(dtype=float, na_value=np.nan),
                own["end"].to_numpy(dtype=float, na_value=np.nan),
                own["code_path"].to_numpy(dtype=object),
                own["coder"].to_numpy(dtype=object),
                own["note"].to_numpy(dtype=object),
            )
            for source, own in frame.groupby("source", sort=False)
        }
        readings = readings_of(codings, interviews.frame, None)
        self.readers = {str(source): set(own["coder"]) for source, own in readings[readings["source"].isin(sources)].groupby("source")}
        self.coders = codings.coders
        self.quotable = quotable_sources(interviews)

    def of(self, row: dict[Any, Any]) -> tuple[str, str, str]:
        """Other codes on the words, each coder's code there, memos of the passage."""
        if row["source"] not in self.by_source:
            return "", "", ""
        start, end, codes, coders, notes = self.by_source[row["source"]]
        if pd.isna(row["start"]):
            same = (codes == row["code_path"]) & np.isnan(start)
            return "", "", "\n\n".join(dict.fromkeys(note for note in notes[same] if note))
        over = (start < row["end"]) & (end > row["start"])
        other = [str(code) for code in dict.fromkeys(codes[over]) if code != row["code_path"]]
        own = over & (codes == row["code_path"])
        exact = own & (start == row["start"]) & (end == row["end"])
        memo = "\n\n".join(dict.fromkeys(str(note) for note in notes[exact] if note))
        lanes = []
        if len(self.coders) > 1:
            for name in self.coders:
                if name not in self.readers.get(row["source"], set()):
                    lanes.append(f"{name}: –")
                elif (own & (coders == name)).any():
                    lanes.append(f"{name}: ✓")
                else:
                    theirs = [str(code) for code in dict.fromkeys(codes[over & (coders == name)])]
                    lanes.append(f"{name}: " + ("; ".join(theirs) if theirs else "∅"))
        return "; ".join(other), " · ".join(lanes), memo


def interview_rows(register: pd.DataFrame, chosen: Any) -> pd.DataFrame:
    """Interviews as evidence: what the register says of each."""
    names = [
        *(
            *OF_INTERVIEW,
            "month",
            "mode",
            "interpreter",
            "age_band",
            "sex",
            "arrival_group",
            "match_type",
            "relation_state",
            "pseudonym",
            "source",
        ),
        *(name for name in ("state",) if name in register.columns),
    ]
    found: pd.DataFrame = register.loc[chosen, [name for name in names if name in register.columns]]
    return found


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


def transcript(codings: Codings, interviews: Interviews, interview: str) -> Result:
    """A transcript turn by turn, with who speaks and which codes, by which coder, stand on each turn.

    Args:
        codings: codings with the texts of their transcripts.
        interviews: the register.
        interview: the interview's id, or the name of its transcript.

    Returns:
        Result, one row a turn: turn, speaker, text, codes, coders, against (codes that are contradicted there), start, end. Absent
        where the interview has no transcript, its text is not here, or who speaks in it is not to be quoted.

    Raises:
        AnalysisError: no such interview, with what was probably meant.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> r.transcript("p01-r1").frame[["turn", "speaker"]].values.tolist()[:2]
        [[1, 'Interviewer'], [2, 'Rana']]
    """
    register = interviews.frame
    own = register[(register["interview"].astype(str) == str(interview)) | (register["source"].fillna("").astype(str) == str(interview))]
    if own.empty or not str(interview):
        known = list(register["interview"].astype(str))
        raise AnalysisError(f"there is no interview {interview!r}", where="transcript", todo=did_you_mean(str(interview), known))
    row = own.iloc[0]
    title = Phrase("exploring.transcript_title", {"interview": str(row["interview"])})
    source = str(row["source"]) if isinstance(row["source"], str) else ""
    if not source:
        return Result.missing(Phrase("exploring.no_transcript", {"interview": str(row["interview"])}), title=title)
    if source not in quotable_sources(interviews):
        return Result.missing(Phrase("exploring.refused_transcript", {"interview": str(row["interview"])}), title=title)
    if source not in codings.texts:
        return Result.missing(Phrase("exploring.no_text", {"interview": str(row["interview"])}), title=title)
    text = codings.texts[source]
    passages = codings.frame[codings.frame["source"] == source]
    passages = passages.assign(stance=stance_of(passages))
    rows = []
    for number, turn in enumerate(turns_of(text), start=1):
        on = passages[(passages["start"] < turn.end) & (passages["end"] > turn.start)]
        rows.append(
            {
                "turn": number,
                "speaker": turn.speaker,
                "text": text[turn.begins : turn.end].strip(),
                "codes": "; ".join(dict.fromkeys(on["code_path"])),
                "coders": ", ".join(dict.fromkeys(on["coder"])),
                "against": "; ".join(dict.fromkeys(on.loc[on["stance"] == "contradicted", "code_path"])),
                "start": turn.start,
                "end": turn.end,
            }
        )
    frame = pd.DataFrame(rows, columns=["turn", "speaker", "text", "codes", "coders", "against", "start", "end"])
    return Result(
        frame=frame,
        base=Base(1, "source", group=Phrase(f"groups.{row['respondent_group']}"), wave=str(row["wave"]), source=codings.origin),
        title=title,
        shows=tuple(Column(name, Phrase(f"exploring.column_{name}")) for name in ("speaker", "text", "codes")),
        kind=codings.kind,
    )


_SPEAKER = re.compile(r"^\s*([^\s:][^:\n]{0,39}):\s+")
_TURN = re.compile(r"[^\n]*\S[^\n]*")


@dataclass(frozen=True)
class Turn:
    """One turn of a transcript.

    Args:
        start, end: its place, end exclusive.
        speaker: who speaks, "" where the transcript does not say.
        begins: where what is said begins, after the speaker's name.
    """

    start: int
    end: int
    speaker: str
    begins: int


@lru_cache(maxsize=2048)
def turns_of(text: str) -> tuple[Turn, ...]:
    """The turns of a transcript: its lines, each with the name that stands before its colon.

    Example:
        >>> [turn.speaker for turn in turns_of("Interviewer: Hvordan gik det?\\n\\nRana: Godt.")]
        ['Interviewer', 'Rana']
    """
    found = []
    for line in _TURN.finditer(text):
        named = _SPEAKER.match(line[0])
        begins = line.start() + (named.end() if named else 0)
        found.append(Turn(line.start(), line.end(), named[1].strip() if named else "", begins))
    return tuple(found)


@lru_cache(maxsize=2048)
def _starts(text: str) -> tuple[int, ...]:
    return tuple(turn.start for turn in turns_of(text))


def turns_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The numbers of the first and the last turn that a passage touches."""
    starts = _starts(text)
    first = max(bisect_right(starts, start) - 1, 0)
    return first, max(bisect_right(starts, max(end - 1, start)) - 1, first)


def context_of(text: str, start: int, end: int) -> tuple[str, str, str]:
    """Who speaks where a passage begins, and the turn before and after it.

    Example:
        >>> context_of("A: Et.\\nB: To.\\nA: Tre.", 10, 13)
        ('B', 'A: Et.', 'A: Tre.')
    """
    turns = turns_of(text)
    if not turns:
        return "", "", ""
    first, last = turns_around(text, start, end)
    before = text[turns[first - 1].start : turns[first - 1].end].strip() if first else ""
    after = text[turns[last + 1].start : turns[last + 1].end].strip() if last + 1 < len(turns) else ""
    return turns[first].speaker, before, after

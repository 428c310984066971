"""Coded passages as evidence: with who speaks, a turn before and after, other codes, both coders, and only what consent allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.exploring._turns import context_of
from vvvresearch.themes import CoderRule
from vvvresearch.themes._coders import Coder, passages_of, readings_of
from vvvresearch.themes._states import quotable_sources, stance_of

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

"""One transcript, turn by turn, with the codes that stand on each turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.exploring._turns import turns_of
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Result
from vvvresearch.themes._states import quotable_sources, stance_of

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews


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

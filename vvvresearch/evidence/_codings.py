"""Codings: who put which code on which passage of which source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vvvresearch.evidence._codebook import Codebook
from vvvresearch.evidence._losses import Losses
from vvvresearch.kinds import DataKind

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class OffsetChoice:
    """How a file's offsets were read, and the evidence for it.

    Args:
        choice: the convention in words, e.g. "bom=stripped crlf=2 unit=utf-16 end=exclusive".
        score: share of checked passages that agree with it, 0–1.
        checked: passages that could be checked.
        evidence: "quote" (selection texts matched), "words" (word boundaries), "declared" (the format says so).
    """

    choice: str
    score: float
    checked: int
    evidence: str


@dataclass(frozen=True)
class Codings:
    """Coded passages with everything they refer to.

    Args:
        frame: one row a coding: source (name of a text), start, end (code points into `texts[source]`, end
            exclusive; the whole document is 0 and its length; <NA> for a passage without a place in a text, as in the
            file where the file names a text and does not hold it), text (the passage), code_path, coder; optional
            columns: stance ("affirmed" or "contradicted"), beneficiary ("child" or "adult"), phase ("start" or
            "later"), prompted ("prompted" or "unprompted"), memo, date (when it was coded, ISO 8601 where the file's
            date can be told), guid, region (where a coding lies on a picture, PDF page, audio or video).
        codebook: the codes.
        texts: source name → text (line ends as `\\n`, no byte-order mark).
        losses: what the file held and this model does not.
        offsets: source name → how its offsets were read.
        sources: one row a source: source, and a column for each variable of the project.
        cases: one row a membership of a source in a case: case, source, and the case's variables.
        memos: one row a memo on something else than a coding: on ("project", "code", "source", "case" or "passage"),
            target (the code's path, or the name of the source or case; of a passage its source), start, end (of a
            passage), title, text, author, date.
        sets: one row a member of a set (group): set, kind ("code" or "source"), member (code path or source).
        kind: real, reconstructed or synthetic.
        origin: the file it came from.
    """

    frame: pd.DataFrame
    codebook: Codebook
    texts: dict[str, str]
    losses: Losses = field(default_factory=Losses)
    offsets: dict[str, OffsetChoice] = field(default_factory=dict)
    sources: pd.DataFrame | None = None
    cases: pd.DataFrame | None = None
    memos: pd.DataFrame | None = None
    sets: pd.DataFrame | None = None
    kind: DataKind = DataKind.REAL
    origin: str = ""

    @property
    def coders(self) -> list[str]:
        """The coders, sorted."""
        return sorted(set(self.frame["coder"]))

    def _repr_html_(self) -> str:
        return self.frame.head(20).to_html(index=False, escape=True)

"""Where two coders of the same texts disagree, passage by passage."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Result, Total
from vvvresearch.themes._coders import setting_names
from vvvresearch.themes._codes import CodeName
from vvvresearch.themes._double_coding import doubly_coded, not_double
from vvvresearch.themes._states import placed, quotable_sources

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews

_DISAGREEMENT = ["source", "code_path", "coder", "missing_with", "start", "end", "text"]


def disagreements(codings: Codings, interviews: Interviews, *, coders: Sequence[str] | None = None) -> Result:
    """Every passage where one coder has a code that another has on no part of it.

    Passages of people who have not consented to being quoted are counted and shown without their text.

    Args:
        codings: coded passages of two or more coders.
        interviews: the register, for consent.
        coders: which coders; default all.

    Returns:
        Result; .frame: source, code_path, coder, missing_with, start, end, text. Absent where no document was coded by all.

    Raises:
        AnalysisError: as `double_coding`.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> sorted(set(r.disagreements().frame["coder"]))
        ['coder-a', 'coder-b']
    """
    chosen, frame, documents = doubly_coded(codings, coders)
    title = Phrase("themes.disagreements_title")
    if not documents:
        return not_double(title)
    found = _disagreements(frame, chosen)
    found["text"] = found["text"].where(found["source"].isin(quotable_sources(interviews)), "")
    base = Base(len(documents), "source", source=codings.origin)
    return Result(
        frame=found,
        base=Base(len(found), "segment", source=codings.origin),
        title=title,
        notes=(Phrase("themes.disagreements_note"), Phrase("themes.disagreements_consent_note")),
        shows=(
            Column("source", Phrase("language.source")),
            CodeName("code_path", Phrase("themes.theme")),
            Column("coder", Phrase("themes.coded_by")),
            Column("missing_with", Phrase("themes.not_coded_by")),
            Column("text", Phrase("themes.passage")),
        ),
        kind=codings.kind,
        at="agreement" + setting_names(coders="-".join(coders or ())),
        totals={"disagreements": Total(len(found), base)},
        tree="code_path",
        team=True,
    )


def _disagreements(frame: pd.DataFrame, coders: list[str]) -> pd.DataFrame:
    """Passages of one coder that no passage of another coder under the same code overlaps."""
    frame = placed(frame)
    if frame.empty:
        return pd.DataFrame(columns=_DISAGREEMENT)
    # Source and code become one long line of text, so that one sorted pass finds every overlap.
    stretch = int(frame["end"].max()) + 1
    offset = frame.groupby(["source", "code_path"], sort=False).ngroup().to_numpy() * stretch
    line = frame.assign(first=offset + frame["start"].to_numpy(dtype=np.int64), last=offset + frame["end"].to_numpy(dtype=np.int64))
    by_coder = {coder: line[line["coder"] == coder].sort_values("first", kind="stable") for coder in coders}
    parts = []
    for coder, other in permutations(coders, 2):
        own, theirs = by_coder[coder], by_coder[other]
        begun_before_the_end = np.searchsorted(theirs["first"].to_numpy(), own["last"].to_numpy(), side="left")
        reach = np.concatenate([[-1], np.maximum.accumulate(theirs["last"].to_numpy())]) if len(theirs) else np.array([-1])
        alone = reach[begun_before_the_end] <= own["first"].to_numpy()
        parts.append(own[alone].assign(missing_with=other))
    found = pd.concat(parts)[_DISAGREEMENT]
    return found.sort_values(["source", "start", "code_path"], kind="stable").reset_index(drop=True)

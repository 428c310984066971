"""Themes split by what a passage says of whom and when: children or adults, the start of a relation or later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import SEPARATOR
from vvvresearch.locales import Lang, Phrase
from vvvresearch.results import Base, Column, Result
from vvvresearch.themes._states import AFFIRMED, passages_of, stance_of, transcribed

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews

SPLITS = {"beneficiary": ("child", "adult"), "phase": ("start", "later")}


def split_table(
    codings: Codings,
    interviews: Interviews,
    split: str,
    *,
    under: str = "",
    level: int = 2,
    coder: str | None = None,
    wave: str | None = None,
    lang: Lang = "da",
) -> Result:
    """In how many interviews a theme is affirmed for each side of a split.

    Args:
        codings: coded passages with a column `beneficiary` ("child", "adult") or `phase` ("start", "later").
        interviews: the register.
        split: "beneficiary" or "phase".
        under: only themes below this one.
        level: level of the codebook that makes a row; passages of codes below are gathered.
        coder, wave: as `theme_table`.
        lang: "da" or "en".

    Returns:
        Result; .frame: code_path, one column a side (interviews), not_stated, gap (second side minus first).

    Raises:
        AnalysisError: an unknown split, or codings that do not carry it.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> split_table(r.codings, r.interviews, "phase").frame[["start", "later"]].iloc[3].tolist()
        [0, 4]
    """
    if split not in SPLITS:
        raise AnalysisError(f"there is no split {split!r}", todo=did_you_mean(split, SPLITS))
    if split not in codings.frame.columns:
        raise AnalysisError(f"the codings have no column {split!r}", todo=f"code each passage with {' or '.join(SPLITS[split])}")
    sides = SPLITS[split]
    register = transcribed(interviews, wave)
    passages = passages_of(codings, coder).merge(register[["source", "interview"]], on="source")
    passages = passages[stance_of(passages) == AFFIRMED]
    paths = [path for path in (codings.codebook.below(under) if under else codings.codebook.paths) if codings.codebook.level(path) == level]
    at_level = passages["code_path"].map(lambda path: SEPARATOR.join(path.split(SEPARATOR)[:level]))
    side = passages[split].where(passages[split].isin(sides), "not_stated")
    once = pd.DataFrame({"code_path": at_level, "side": side, "interview": passages["interview"]}).drop_duplicates()
    counts = pd.crosstab(once["code_path"], once["side"]).reindex(index=paths, columns=[*sides, "not_stated"], fill_value=0)
    counts.columns.name = None
    counts["gap"] = counts[sides[1]] - counts[sides[0]]
    columns = (
        Column("code_path", Phrase("themes.theme")),
        *(Column(name, Phrase(f"sample.{name}"), "count") for name in (*sides, "not_stated", "gap")),
    )
    return Result(
        frame=counts.rename_axis("code_path").reset_index(),
        base=Base(len(register), "interview", wave=wave or "", source=codings.origin),
        title=Phrase(f"sample.{split}_title"),
        notes=(Phrase(f"sample.{split}_note"),),
        shows=columns,
        kind=codings.kind,
        lang=lang,
    )

"""Themes split by what a passage says of whom and when: children or adults, the start of a relation or later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import SEPARATOR
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Measure, Result
from vvvresearch.themes._coders import Coder, coder_note, passages_of, setting_names
from vvvresearch.themes._codes import Code, CodeName, chosen_paths
from vvvresearch.themes._states import AFFIRMED, stance_of, transcribed

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews

SPLITS = {"beneficiary": ("child", "adult"), "phase": ("start", "later")}


def split_table(
    codings: Codings,
    interviews: Interviews,
    split: str,
    *,
    under: str | Code = "",
    level: int = 2,
    coder: Coder = None,
    wave: str | None = None,
) -> Result:
    """In how many interviews a theme is affirmed for each side of a split.

    Args:
        codings: coded passages with a column `beneficiary` ("child", "adult") or `phase` ("start", "later").
        interviews: the register.
        split: "beneficiary" or "phase".
        under: only themes below this one.
        level: level of the codebook that makes a row; passages of codes below are gathered.
        coder, wave: as `theme_table`.

    Returns:
        Result; .frame: code_path, one column a side (interviews), not_stated, gap (second side minus first), stated (whether a
        side was said of anybody). Absent where the codings do not carry the split.

    Raises:
        AnalysisError: an unknown split or code.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> split_table(r.codings, r.interviews, "phase").frame[["start", "later"]].iloc[3].tolist()
        [0, 4]
    """
    if split not in SPLITS:
        raise AnalysisError(f"there is no split {split!r}", todo=did_you_mean(split, SPLITS))
    title = Phrase(f"sample.{split}_title")
    if split not in codings.frame.columns:
        return Result.missing(Phrase(f"absent.{split}"), title=title)
    sides = SPLITS[split]
    register = transcribed(interviews, wave)
    passages = passages_of(codings, coder, register).merge(register[["source", "interview"]], on="source")
    passages = passages[stance_of(passages) == AFFIRMED]
    paths = [path for path in chosen_paths(codings.codebook, under) if codings.codebook.level(path) == level]
    at_level = passages["code_path"].map(lambda path: SEPARATOR.join(path.split(SEPARATOR)[:level]))
    side = passages[split].where(passages[split].isin(sides), "not_stated")
    once = pd.DataFrame({"code_path": at_level, "side": side, "interview": passages["interview"]}).drop_duplicates()
    names = (*sides, "not_stated")
    counts = pd.crosstab(once["code_path"], once["side"]).reindex(index=paths, columns=list(names), fill_value=0)
    counts.columns.name = None
    counts["gap"] = counts[sides[1]] - counts[sides[0]]
    counts["stated"] = (counts[list(sides)] > 0).any(axis=1)
    return Result(
        frame=counts.rename_axis("code_path").reset_index(),
        base=Base(len(register), "interview", wave=wave or "", source=codings.origin),
        title=title,
        notes=(Phrase(f"sample.{split}_note"), coder_note(coder)),
        shows=(
            CodeName("code_path", Phrase("themes.theme")),
            *(Column(name, Phrase(f"sample.{name}"), "count") for name in (*names, "gap")),
        ),
        kind=codings.kind,
        at=split + setting_names(coder=coder, wave=wave, level="" if level == 2 else str(level)),
        keys=("code_path",),
        measures=tuple(Measure(name, of="", label=Phrase(f"sample.{name}")) for name in (*names, "gap")),
        tree="code_path",
    )

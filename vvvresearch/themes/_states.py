"""Four states for every interview and theme: affirmed, contradicted, not raised, not asked.

Silence in a semi-structured interview is no denial: only contradicting evidence is a negative case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import SEPARATOR

if TYPE_CHECKING:
    from vvvresearch.evidence import Codebook, Codings, Interviews

AFFIRMED, CONTRADICTED, NOT_RAISED, NOT_ASKED = STATES = ("affirmed", "contradicted", "not_raised", "not_asked")


def interview_states(
    codings: Codings,
    interviews: Interviews,
    *,
    guide: pd.DataFrame | None = None,
    coder: str | None = None,
    wave: str | None = None,
) -> pd.DataFrame:
    """The state of every theme in every interview that has a transcript.

    A theme is affirmed or contradicted in an interview when a passage of it, or of a code below it, says so. An interview
    may hold both: then `affirmed` and `contradicted` are both true and the state is "affirmed". Without a guide every
    theme could be raised by everybody; a theme that was raised without being in the guide counts as asked.

    Args:
        codings: coded passages; a column `stance` holds "affirmed" (also where empty) or "contradicted".
        interviews: the register; its column `source` names the transcripts.
        guide: respondent_group, code_path: what each group's guide covers, codes below included.
        coder: use this coder's passages only; default all together.
        wave: use this wave's interviews only.

    Returns:
        DataFrame, one row an interview and theme: interview, code_path, state, affirmed, contradicted, passages, and the
        register's pair, respondent_group, wave, interpreter.

    Raises:
        AnalysisError: no interview has a transcript here, or an unknown coder or wave.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> interview_states(r.codings, r.interviews, wave="1")["state"].value_counts().to_dict()
        {'not_raised': 2697, 'affirmed': 818, 'contradicted': 171}
    """
    register = transcribed(interviews, wave)
    passages = passages_of(codings, coder)
    passages = passages[passages["source"].isin(register["source"])]
    paths = codings.codebook.paths
    place = {path: number for number, path in enumerate(paths)}
    row = {source: number for number, source in enumerate(register["source"])}
    sources = passages["source"].map(row).to_numpy(dtype=np.int64)
    contradicts = (stance_of(passages) == CONTRADICTED).to_numpy()
    counts = np.zeros((2, len(register), len(paths)), dtype=np.int64)
    ancestors = [[place[other] for other in lineage(path) if other in place] for path in paths]
    own = passages["code_path"].map(place).to_numpy(dtype=np.int64)
    np.add.at(counts, (contradicts.astype(np.int64), sources, own), 1)
    rolled = np.zeros_like(counts)
    for number, above in enumerate(ancestors):
        for target in above:
            rolled[:, :, target] += counts[:, :, number]
    affirmed, contradicted = rolled[0] > 0, rolled[1] > 0
    asked = _asked(register, codings.codebook, guide) | affirmed | contradicted
    states = np.select([affirmed, contradicted, asked], [AFFIRMED, CONTRADICTED, NOT_RAISED], NOT_ASKED)
    repeated = register.loc[register.index.repeat(len(paths)), ["interview", "pair", "respondent_group", "wave", "interpreter"]]
    frame = repeated.reset_index(drop=True)
    frame.insert(1, "code_path", np.tile(np.array(paths, dtype=object), len(register)))
    frame["state"] = states.ravel()
    frame["affirmed"] = affirmed.ravel()
    frame["contradicted"] = contradicted.ravel()
    frame["passages"] = rolled.sum(axis=0).ravel()
    return frame


def transcribed(interviews: Interviews, wave: str | None = None) -> pd.DataFrame:
    """The register's interviews that have a transcript, of one wave or all."""
    register = interviews.frame
    if wave is not None:
        if wave not in set(register["wave"]):
            raise AnalysisError(f"the register has no wave {wave!r}", todo=did_you_mean(wave, set(register["wave"])))
        register = register[register["wave"] == wave]
    register = register[register["source"].fillna("") != ""]
    if register.empty:
        raise AnalysisError("no interview of the register has a transcript", why="themes are counted in coded interviews")
    return register.reset_index(drop=True)


def passages_of(codings: Codings, coder: str | None) -> pd.DataFrame:
    """The coded passages of one coder or of all; the same passage under the same code counts once, a case is no code."""
    frame = codings.frame
    if "is_case" in codings.codebook.frame:
        frame = frame[frame["code_path"].isin(codings.codebook.paths)]
    if coder is not None:
        if coder not in codings.coders:
            raise AnalysisError(f"there are no codings by {coder!r}", todo=did_you_mean(coder, codings.coders))
        frame = frame[frame["coder"] == coder]
    # Passages without a place (quotes that were not found, regions of media) are told apart by what they say or where.
    keys = [name for name in ("source", "start", "end", "code_path", "stance", "text", "region") if name in frame.columns]
    return frame.drop_duplicates(keys)


def placed(passages: pd.DataFrame) -> pd.DataFrame:
    """The passages that have a place in a text, for what looks at positions."""
    return passages[passages["start"].notna() & passages["end"].notna()]


def stance_of(passages: pd.DataFrame) -> pd.Series:
    """Each passage's stance; without one it affirms."""
    if "stance" not in passages.columns:
        return pd.Series(AFFIRMED, index=passages.index, dtype=object)
    return passages["stance"].astype(object).where(passages["stance"].isin([CONTRADICTED]), AFFIRMED)


def lineage(path: str) -> list[str]:
    """A code and every code above it, from itself upwards.

    Example:
        >>> lineage("a > b")
        ['a > b', 'a']
    """
    parts = path.split(SEPARATOR)
    return [SEPARATOR.join(parts[:count]) for count in range(len(parts), 0, -1)]


def _asked(register: pd.DataFrame, codebook: Codebook, guide: pd.DataFrame | None) -> np.ndarray:
    paths = codebook.paths
    if guide is None:
        return np.ones((len(register), len(paths)), dtype=bool)
    unknown = sorted(set(guide["code_path"]) - set(paths))
    if unknown:
        raise AnalysisError(f"the guide names the code {unknown[0]!r}, which the codebook lacks", todo=did_you_mean(unknown[0], paths))
    covered = {
        group: np.array([any(other in set(rows["code_path"]) for other in lineage(path)) for path in paths])
        for group, rows in guide.groupby("respondent_group")
    }
    nothing = np.zeros(len(paths), dtype=bool)
    asked = np.array([covered.get(group, nothing) for group in register["respondent_group"]])
    # A theme that has asked codes below it could be raised as well.
    for number, path in enumerate(paths):
        below = [other for other, name in enumerate(paths) if name.startswith(path + SEPARATOR)]
        if below:
            asked[:, number] |= asked[:, below].any(axis=1)
    return asked

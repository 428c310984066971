"""The state of every theme in every interview: affirmed, contradicted, not raised, not asked, not coded.

Silence in a semi-structured interview is no denial: only contradicting evidence is a negative case. An interview that nobody
has coded is not silent either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import SEPARATOR, Consent, waves_in_order
from vvvresearch.locales import Phrase
from vvvresearch.themes._coders import Coder, CoderRule, passages_of, readings_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vvvresearch.evidence import Codebook, Codings, Interviews

    Flags = NDArray[np.bool_]

AFFIRMED, CONTRADICTED, NOT_RAISED, NOT_ASKED, NOT_CODED = STATES = ("affirmed", "contradicted", "not_raised", "not_asked", "not_coded")


@dataclass(frozen=True)
class States:
    """What was said, as interviews × codes.

    Args:
        register: the interviews, one row each.
        paths: the codes.
        affirmed, contradicted, asked: true or false for each interview and code; only coded interviews are asked.
        passages: passages of a code and those below it.
        coded: which interviews the chosen coders have read.
    """

    register: pd.DataFrame
    paths: list[str]
    affirmed: Flags
    contradicted: Flags
    asked: Flags
    passages: NDArray[np.int64]
    coded: Flags


def interview_states(
    codings: Codings,
    interviews: Interviews,
    *,
    guide: pd.DataFrame | None = None,
    coder: Coder = None,
    wave: str | None = None,
) -> pd.DataFrame:
    """The state of every theme in every interview of the register.

    A theme is affirmed or contradicted in an interview when a passage of it, or of a code below it, says so. An interview
    may hold both: then `affirmed` and `contradicted` are both true and the state is "affirmed". Without a guide every
    theme could be raised by everybody; a theme that was raised without being in the guide counts as asked.

    Args:
        codings: coded passages; a column `stance` holds "affirmed" (also where empty) or "contradicted".
        interviews: the register; its column `source` names the transcripts.
        guide: respondent_group, code_path: what each group's guide covers, codes below included.
        coder: one coder's passages only, or a rule of which coder counts; default whoever coded.
        wave: use this wave's interviews only.

    Returns:
        DataFrame, one row an interview and theme: interview, code_path, state, affirmed, contradicted, passages, and the
        register's person, pair, respondent_group, wave, interpreter.

    Raises:
        AnalysisError: no interview has a transcript here, or an unknown coder or wave.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> interview_states(r.codings, r.interviews, wave="1")["state"].value_counts().to_dict()
        {'not_raised': 2697, 'affirmed': 818, 'contradicted': 171}
    """
    states = states_of(codings, interviews, guide=guide, coder=coder, wave=wave)
    register, paths = states.register, states.paths
    chosen = [states.affirmed, states.contradicted, states.asked, np.repeat(states.coded[:, None], len(paths), axis=1)]
    named = np.select(chosen, [AFFIRMED, CONTRADICTED, NOT_RAISED, NOT_ASKED], NOT_CODED)
    kept = ["interview", "person", "pair", "respondent_group", "wave", "interpreter"]
    frame = register.loc[register.index.repeat(len(paths)), kept].reset_index(drop=True)
    frame.insert(1, "code_path", np.tile(np.array(paths, dtype=object), len(register)))
    frame["state"] = named.ravel()
    frame["affirmed"] = states.affirmed.ravel()
    frame["contradicted"] = states.contradicted.ravel()
    frame["passages"] = states.passages.ravel()
    return frame


def states_of(
    codings: Codings,
    interviews: Interviews,
    *,
    guide: pd.DataFrame | None = None,
    coder: Coder = None,
    wave: str | None = None,
    group: str | Sequence[str] = "",
) -> States:
    """As `interview_states`, as matrices; `group` keeps one respondent group, or several."""
    register = register_of(interviews, wave, group)
    paths = codings.codebook.paths
    place = {path: number for number, path in enumerate(paths)}
    above = [[place[other] for other in lineage(path) if other in place] for path in paths]
    readings = readings_of(codings, register, coder)
    coded = register["source"].isin(set(readings["source"])).to_numpy()
    everybody = isinstance(coder, CoderRule) and coder.coders == "consensus"
    counts = _counted(passages_of(codings, None if everybody else coder, register), register, place, above)
    affirmed, contradicted = counts[0] > 0, counts[1] > 0
    if everybody:
        themes = codings.frame[codings.frame["code_path"].isin(paths)]
        for name, own in themes.groupby("coder", sort=False):
            read = register["source"].isin(set(readings.loc[readings["coder"] == name, "source"])).to_numpy()[:, None]
            said = _counted(own, register, place, above) > 0
            affirmed, contradicted = affirmed & (said[0] | ~read), contradicted & (said[1] | ~read)
        silent = set(readings.loc[~readings["coder"].isin(codings.coders), "source"])
        heard = ~register["source"].isin(silent).to_numpy()[:, None]
        affirmed, contradicted = affirmed & heard, contradicted & heard
    raised = affirmed | contradicted
    if codings.raised is not None:
        raised = raised | (_counted(codings.raised[codings.raised["code_path"].isin(paths)], register, place, above).sum(axis=0) > 0)
    asked = (asked_of(register, codings.codebook, guide) | raised) & coded[:, None]
    return States(register, paths, affirmed, contradicted, asked, counts.sum(axis=0), coded)


def roles_note(states: States) -> tuple[Phrase, ...]:
    """A sentence that several respondent groups are counted together; none where it is one."""
    coded = states.register["respondent_group"][states.coded]
    return (Phrase("themes.roles_together", {"n": int(coded.nunique())}),) if coded.nunique() > 1 else ()


def _counted(passages: pd.DataFrame, register: pd.DataFrame, place: dict[str, int], above: list[list[int]]) -> NDArray[np.int64]:
    """Passages by stance, interview and code, each counted for the codes above it too."""
    rows = pd.DataFrame({"source": register["source"], "row": np.arange(len(register))})
    own = passages.assign(against=stance_of(passages) == CONTRADICTED)[["source", "code_path", "against"]].merge(rows, on="source")
    counts = np.zeros((2, len(register), len(place)), dtype=np.int64)
    np.add.at(counts, (own["against"].to_numpy(dtype=np.int64), own["row"].to_numpy(), own["code_path"].map(place).to_numpy(np.int64)), 1)
    rolled = np.zeros_like(counts)
    for number, targets in enumerate(above):
        for target in targets:
            rolled[:, :, target] += counts[:, :, number]
    return rolled


def register_of(interviews: Interviews, wave: str | None = None, group: str | Sequence[str] = "") -> pd.DataFrame:
    """The interviews of a wave and of respondent groups, each with its person.

    Raises:
        AnalysisError: no such wave or group, or no interview has a transcript.
    """
    register = interviews.frame
    for column, wanted in (("wave", wave), ("respondent_group", group or None)):
        if wanted is None:
            continue
        chosen = [str(wanted)] if isinstance(wanted, str | int) else [str(one) for one in wanted]
        for value in chosen:
            if value not in set(register[column]):
                what = column.replace("_", " ")
                raise AnalysisError(f"the register has no {what} {value!r}", todo=did_you_mean(str(value), set(interviews.frame[column])))
        register = register[register[column].isin(chosen)]
    register = register.assign(person=persons(register), source=register["source"].fillna(""))
    if (register["source"] == "").all():
        raise AnalysisError("no interview of the register has a transcript", why="themes are counted in coded interviews")
    return register.reset_index(drop=True)


def held_in_order(register: pd.DataFrame) -> NDArray[np.intp]:
    """The places of the interviews in the order in which they were held: by wave, then by month."""
    order = {wave: place for place, wave in enumerate(waves_in_order(register["wave"].fillna("")), start=1)}
    return np.lexsort((register["month"].fillna("").astype(str), register["wave"].map(order).fillna(0)))


def persons(register: pd.DataFrame) -> pd.Series[Any]:
    """Whose interview each is; where the register does not say, an interview is a person of its own."""
    alone = "interview " + register["interview"].astype(str)
    if "person" not in register.columns:
        return alone
    known = register["person"].fillna("").astype(str)
    return known.where(known != "", alone)


def transcribed(interviews: Interviews, wave: str | None = None, group: str | Sequence[str] = "") -> pd.DataFrame:
    """The interviews of the register that have a transcript."""
    register = register_of(interviews, wave, group)
    return register[register["source"] != ""].reset_index(drop=True)


def quotable_sources(interviews: Interviews) -> set[str]:
    """The transcripts that may be quoted from: all who speak in them consented to it, in every interview they gave."""
    return set(interviews.frame["source"]) - {""} - Consent.of(interviews.frame).silent_sources


def placed(passages: pd.DataFrame) -> pd.DataFrame:
    """The passages that have a place in a text, for what looks at positions."""
    return passages[passages["start"].notna() & passages["end"].notna()]


def stance_of(passages: pd.DataFrame) -> pd.Series[Any]:
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


def asked_of(register: pd.DataFrame, codebook: Codebook, guide: pd.DataFrame | None) -> Flags:
    """Interviews × codes: what the guide of the interviewee's group covers; without a guide everything could be raised."""
    paths = codebook.paths
    if guide is None:
        return np.ones((len(register), len(paths)), dtype=bool)
    unknown = sorted(set(guide["code_path"]) - set(paths))
    if unknown:
        raise AnalysisError(f"the guide names the code {unknown[0]!r}, which the codebook lacks", todo=did_you_mean(unknown[0], paths))
    place = {path: number for number, path in enumerate(paths)}
    below = {path: [place[path]] for path in paths}
    for path in paths:
        for other in lineage(path)[1:]:
            if other in below:
                below[other].append(place[path])
    covered: dict[str, Flags] = {}
    for group, rows in guide.groupby("respondent_group"):
        own = covered.setdefault(str(group), np.zeros(len(paths), dtype=bool))
        own[[number for path in rows["code_path"] for number in below[path]]] = True
        # A theme that has asked codes below it could be raised as well.
        own[[place[other] for path in rows["code_path"] for other in lineage(path) if other in place]] = True
    nothing = np.zeros(len(paths), dtype=bool)
    return np.array([covered.get(group, nothing) for group in register["respondent_group"]])

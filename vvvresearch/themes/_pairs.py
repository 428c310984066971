"""Both halves of a match side by side: who raises a theme, who denies it, where they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.locales import Lang, Phrase
from vvvresearch.results import Base, Column, Result
from vvvresearch.themes._states import AFFIRMED, CONTRADICTED, NOT_ASKED, NOT_RAISED, interview_states

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings, Interviews

ROLES = ("refugee", "volunteer")
_WEAKEST_FIRST = (NOT_ASKED, NOT_RAISED, CONTRADICTED, AFFIRMED)
OUTCOMES = ("both_sides", "refugee_only", "volunteer_only", "disagree", "contradict_both", "neither")


@dataclass(frozen=True, kw_only=True, repr=False)
class PairTable(Result):
    """Counts of pairs per theme; `pairs` has one row a pair, wave and theme with both states, `orphans` the half pairs."""

    pairs: pd.DataFrame
    orphans: tuple[str, ...]

    def differences(self, code_path: str | None = None) -> pd.DataFrame:
        """The pairs whose halves do not say the same, of one theme or all."""
        frame = self.pairs[self.pairs["outcome"].isin(["refugee_only", "volunteer_only", "disagree"])]
        return frame if code_path is None else frame[frame["code_path"] == code_path]


def pair_table(
    codings: Codings,
    interviews: Interviews,
    *,
    guide: pd.DataFrame | None = None,
    coder: str | None = None,
    wave: str | None = None,
    under: str = "",
    lang: Lang = "da",
) -> PairTable:
    """For each theme: in how many pairs it stands with both halves, one, or neither, and where they disagree.

    The halves are the roles refugee and volunteer of one pair in one wave; several interviews of one half count together.
    A half that was not asked about a theme leaves the pair out of that theme's count.

    Args:
        codings, interviews, guide, coder, wave: as `theme_table`.
        under: only this theme and those below it.
        lang: "da" or "en".

    Returns:
        PairTable; .frame: code_path, pairs (assessed), both_sides, refugee_only, volunteer_only, disagree (one affirms, one
        contradicts), contradict_both (nobody affirms, at least one contradicts), neither.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> table = pair_table(r.codings, r.interviews, wave="1", under="Udbytte > Dansk")
        >>> table.frame[["pairs", "both_sides", "disagree"]].iloc[0].tolist()
        [12, 5, 1]
    """
    states = interview_states(codings, interviews, guide=guide, coder=coder, wave=wave)
    states = states[(states["pair"].fillna("") != "") & states["respondent_group"].isin(ROLES)]
    if under:
        states = states[states["code_path"].isin(codings.codebook.below(under))]
    # Several interviews of one half count together: affirming wins, then contradicting, then silence.
    rank = states["state"].map({state: number for number, state in enumerate(_WEAKEST_FIRST)})
    strongest = rank.groupby([states[name] for name in ("pair", "wave", "code_path", "respondent_group")], sort=False).max()
    halves = strongest.map(dict(enumerate(_WEAKEST_FIRST))).unstack("respondent_group").reindex(columns=list(ROLES))
    whole = halves.dropna()
    orphans = sorted({f"{pair} ({when})" for pair, when, _ in halves.index[halves.isna().any(axis=1)]})
    pairs = whole.reset_index()
    pairs["outcome"] = [_outcome(refugee, volunteer) for refugee, volunteer in zip(pairs["refugee"], pairs["volunteer"], strict=True)]
    assessed = pairs[pairs["outcome"] != ""]
    counts = pd.crosstab(assessed["code_path"], assessed["outcome"]).reindex(columns=list(OUTCOMES), fill_value=0)
    order = [path for path in codings.codebook.paths if path in counts.index]
    counts = counts.loc[order]
    counts.insert(0, "pairs", counts.sum(axis=1))
    counts.columns.name = None
    notes: list[Phrase] = [Phrase("themes.pair_note")]
    if orphans:
        notes.append(Phrase("themes.orphans", {"pairs": ", ".join(orphans)}))
    columns = (
        Column("code_path", Phrase("themes.theme")),
        *(Column(name, Phrase(f"themes.{name}"), "count") for name in ("pairs", *OUTCOMES)),
    )
    n_pairs = pairs[["pair", "wave"]].drop_duplicates().shape[0]
    return PairTable(
        frame=counts.reset_index(),
        base=Base(n_pairs, "pair", wave=wave or ", ".join(sorted(set(states["wave"]))), source=codings.origin),
        title=Phrase("themes.pair_title"),
        notes=tuple(notes),
        shows=columns,
        kind=codings.kind,
        lang=lang,
        pairs=pairs,
        orphans=tuple(orphans),
    )


def _outcome(refugee: str, volunteer: str) -> str:
    both = {refugee, volunteer}
    if NOT_ASKED in both:
        return ""
    if both == {AFFIRMED}:
        return "both_sides"
    if both == {AFFIRMED, CONTRADICTED}:
        return "disagree"
    if AFFIRMED in both:
        return "refugee_only" if refugee == AFFIRMED else "volunteer_only"
    return "contradict_both" if CONTRADICTED in both else "neither"

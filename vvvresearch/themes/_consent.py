"""Consent: a person who withdraws is gone from everything at the next run."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from vvvresearch.evidence import Loss, Losses

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.evidence import Codings, Interviews


def respect_consent(interviews: Interviews, codings: Codings | None = None) -> tuple[Interviews, Codings | None]:
    """The register and codings without interviews whose consent to analysis was refused or withdrawn.

    Passages, texts and variables of their transcripts go with them; what was left out is counted in the codings' loss
    report, without saying whose it was. An unknown consent is no refusal.

    Args:
        interviews: the register; `consent_analysis` false means refused or withdrawn.
        codings: coded passages, or None.

    Returns:
        Both, reduced.
    """
    refused = interviews.frame["consent_analysis"].eq(False).fillna(False).astype(bool)
    kept = dataclasses.replace(interviews, frame=interviews.frame[~refused].reset_index(drop=True))
    if codings is None or not refused.any():
        return kept, codings
    gone = set(interviews.frame.loc[refused, "source"]) - {""} - set(kept.frame["source"])
    out = codings.frame["source"].isin(gone)
    loss = Loss("passages without consent to analysis", int(out.sum()), f"{len(gone)} transcripts", "left out as consent requires")
    return kept, dataclasses.replace(
        codings,
        frame=codings.frame[~out].reset_index(drop=True),
        texts={source: text for source, text in codings.texts.items() if source not in gone},
        offsets={source: choice for source, choice in codings.offsets.items() if source not in gone},
        sources=None if codings.sources is None else codings.sources[~codings.sources["source"].isin(gone)],
        cases=None if codings.cases is None else codings.cases[~codings.cases["source"].isin(gone)],
        memos=_without(codings.memos, "target", "on", ("source", "passage"), gone),
        sets=_without(codings.sets, "member", "kind", ("source",), gone),
        losses=codings.losses + Losses((loss,)),
    )


def _without(table: pd.DataFrame | None, column: str, kind: str, kinds: tuple[str, ...], gone: set[str]) -> pd.DataFrame | None:
    """A table of memos or sets without the rows that belong to a source that is gone."""
    if table is None:
        return None
    return table[~(table[kind].isin(kinds) & table[column].isin(gone))].reset_index(drop=True)

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
        losses=codings.losses + Losses((loss,)),
    )


def quotable_sources(register: pd.DataFrame) -> set[str]:
    """The transcripts that may be quoted from: all who speak in them consented to it. An unknown consent is none.

    Args:
        register: interviews with `source` and `consent_quote`.
    """
    consents = register["consent_quote"].fillna(False).astype(bool)
    return set(register.loc[consents, "source"]) - set(register.loc[~consents, "source"])

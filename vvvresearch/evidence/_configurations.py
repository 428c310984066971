"""Context-mechanism-outcome configurations as their file has them: records, and passages for, against and beside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vvvresearch.evidence._losses import Losses
from vvvresearch.kinds import DataKind

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ConfigurationFile:
    """Configurations as their file has them.

    Args:
        records: one row a configuration: id, theory_version, context (";" between several), resource, reasoning, outcome,
            direction ("promotes", "hinders"), actor, text, status, memo (the trail, "; " between).
        passages: one row a passage: configuration, stance ("supports", "refutes", "nuances"), source, start, end, quote, code_path.
        kind: data kind.
        origin: the file.
        losses: what the file may have held and this does not.
    """

    records: pd.DataFrame
    passages: pd.DataFrame
    kind: DataKind = DataKind.REAL
    origin: str = ""
    losses: Losses = field(default_factory=Losses)

    def __len__(self) -> int:
        return len(self.records)

    def _repr_html_(self) -> str:
        return self.records.to_html(index=False, escape=True)

"""Deep-cut case mappings: factors and the links between them, as named by whom. There are no scores."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vvvresearch.evidence._interviews import HALVES
from vvvresearch.evidence._losses import Losses
from vvvresearch.evidence._rows import Rows
from vvvresearch.kinds import DataKind

if TYPE_CHECKING:
    import pandas as pd

NODE_COLUMNS = ("case", "wave", "perspective", "node", "type", "label", "named_by", "outcome_area")
LINK_COLUMNS = ("case", "wave", "perspective", "cause", "effect", "direction", "strength", "informant", "quote", "source", "date")
NODE_TYPES = ("factor", "mechanism", "context", "outcome_area")
DIRECTIONS = ("promotes", "hinders")
EVALUATOR = "evaluator"


@dataclass(frozen=True)
class Mappings(Rows):
    """The mappings of a round's case pairs.

    Args:
        nodes: one row a node of a mapping, columns `NODE_COLUMNS`; type one of `NODE_TYPES`.
        links: one row a link, columns `LINK_COLUMNS`; cause and effect are node ids of the same mapping, direction one
            of `DIRECTIONS`, strength 1–3 as judged or <NA>, informant who claims it, quote the passage it rests on.
        losses: what the file held and this model does not.
        kind: real, reconstructed or synthetic.
        origin: the file or folder it came from.
        halves: the two groups that form a pair.
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    losses: Losses = field(default_factory=Losses)
    kind: DataKind = DataKind.REAL
    origin: str = ""
    halves: tuple[str, str] = HALVES

    ROWS = "links"
    UNIT = "link"

    def _repr_html_(self) -> str:
        return self.links.to_html(index=False, escape=True)

"""Answers to a questionnaire, or what was published of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vvvresearch.errors import NotPermittedError
from vvvresearch.evidence._losses import Losses
from vvvresearch.evidence._questionnaire import Questionnaire
from vvvresearch.kinds import DataKind

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class MultipleResponseSet:
    """Several columns that are one question: `kind` "D" (tick boxes, `counted` is the ticked code) or "C" (categories)."""

    name: str
    label: str
    columns: tuple[str, ...]
    kind: str = "D"
    counted: str = "1"


@dataclass(frozen=True)
class Survey:
    """One wave of answers from one group.

    Args:
        answers: one row a respondent, index `respondent`; one column an item (or an option of a multiple item, named
            `item:option`, values "1"/"0"), values are option codes as text, numbers for number items, "" or <NA> where
            nothing was answered.
        questionnaire: items, wordings, routing, frame; None when only a file without a definition was read.
        multiple_response_sets: name → set.
        missing: item → {code: reason} for codes that are not answers (user-missing values of a labelled file).
        invited: one row an invited respondent with its frame variables (region, size …), where known.
        log: one row a change made while cleaning: respondent, what, why.
        losses: what the file held and this model does not.
        kind: real, reconstructed or synthetic.
        origin: the file it came from.
    """

    answers: pd.DataFrame
    questionnaire: Questionnaire | None = None
    multiple_response_sets: dict[str, MultipleResponseSet] = field(default_factory=dict)
    missing: dict[str, dict[str, str]] = field(default_factory=dict)
    invited: pd.DataFrame | None = None
    log: pd.DataFrame | None = None
    losses: Losses = field(default_factory=Losses)
    kind: DataKind = DataKind.REAL
    origin: str = ""

    def require_joint(self, what: str) -> None:
        """Refuse an analysis that looks at several items of the same respondents when the rows are reconstructed.

        Args:
            what: the analysis, for the message.

        Raises:
            NotPermittedError: the rows were built to give the published margins; nothing else in them is evidence.
        """
        if self.kind is DataKind.RECONSTRUCTED:
            raise NotPermittedError(
                f"{what} is not possible with reconstructed answers",
                where=self.origin,
                why="the rows were built to give the published tables and routes; "
                "how answers to different items go together was never published",
                todo="tabulate one item at a time, or use a round with real answers",
            )

    def _repr_html_(self) -> str:
        return self.answers.head(20).to_html(escape=True)

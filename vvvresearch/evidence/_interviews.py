"""The interview register: one row an interview, without anything that names a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vvvresearch.evidence._rows import Rows
from vvvresearch.kinds import DataKind

if TYPE_CHECKING:
    import pandas as pd

RESPONDENT_GROUPS = (
    "refugee",
    "volunteer",
    "activity_leader",
    "activity_leader_RC",
    "activity_leader_DRC",
    "municipal",
    "housing_social",
    "course_participant",
    "workshop_participant",
    "organisation_staff",
    "other_partner",
)
# The two groups that form a pair: who is helped, and who helps.
HALVES = ("refugee", "volunteer")
MODES = ("in_person", "phone", "online", "unknown")

REGISTER_COLUMNS = (
    "interview",
    "person",
    "pair",
    "respondent_group",
    "wave",
    "month",
    "mode",
    "interpreter",
    "age_band",
    "sex",
    "employment",
    "arrival_group",
    "match_type",
    "relation_length",
    "relation_state",
    "municipality",
    "pseudonym",
    "source",
    "consent_analysis",
    "consent_quote",
    "coded_by",
)


@dataclass(frozen=True)
class Interviews(Rows):
    """The register of a round's interviews; every count of interviews comes from here.

    Args:
        frame: one row an interview, columns `REGISTER_COLUMNS`: interview (id), person (id, the same over waves and rounds;
            "" where the interview is a person of its own), pair ("" outside pairs), respondent_group (one of
            `RESPONDENT_GROUPS`), wave, month ("2021-06", "" if unknown), mode (one of `MODES`), interpreter (bool or <NA>),
            age_band, sex, employment (in work, in education … at the interview), arrival_group, match_type, relation_length,
            relation_state ("ongoing", "troubled", "ended", ""), municipality (code), pseudonym, source (name of the transcript, "" if
            none), consent_analysis and consent_quote (bool or <NA>), coded_by (coders who have read the transcript, with commas; ""
            where the codings tell).
        kind: real, published, reconstructed or synthetic.
        origin: the file it came from.
        halves: the two groups that form a pair.
        of_codings: whether it is what a table of codings says of its interviews; a register that people filled in comes before it.
    """

    UNIT = "interview"

    frame: pd.DataFrame
    kind: DataKind = DataKind.REAL
    origin: str = ""
    halves: tuple[str, str] = HALVES
    of_codings: bool = False

    @classmethod
    def of_transcripts(cls, sources: Iterable[object]) -> Interviews:
        """The register of transcripts that nobody has told anything of: each is an interview of its own, and none may be quoted."""
        import pandas as pd

        names = list(dict.fromkeys(map(str, sources)))
        told = {name: names if name in ("source", "interview", "person") else "" for name in REGISTER_COLUMNS}
        unknown = {name: [pd.NA] * len(names) for name in ("consent_analysis", "consent_quote", "interpreter")}
        return cls(pd.DataFrame({**told, **unknown}, index=range(len(names))))

    def __repr__(self) -> str:
        named = list(self.frame["respondent_group"]) if "respondent_group" in self.frame else []
        groups = ", ".join(f"{named.count(name)} {str(name)[:40]}" for name in list(dict.fromkeys(named))[:12])
        return f"Interviews({len(self.frame)}: {groups})"

    def _repr_html_(self) -> str:
        return self.frame.to_html(index=False, escape=True)

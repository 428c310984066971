"""Plain tables with their kind of data and origin, the loss report, and the interview register, which names nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

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
            none), consent_analysis and consent_quote (bool or <NA>), coded_by (coders who have read the transcript, see `coders_in`; ""
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


_BETWEEN_CODERS = re.compile(r"\s*[,;/&+\n]\s*|\s+(?:og|and)\s+")


def coders_in(cell: object) -> list[str]:
    """The coders whom a cell of the register names, however they are set apart.

    Args:
        cell: what stands under `coded_by`, such as "KM; JB"; missing where nothing does.

    Returns:
        Their names as they are written.

    Example:
        >>> coders_in("KM; JB og LT")
        ['KM', 'JB', 'LT']
    """
    return [name for name in _BETWEEN_CODERS.split(cell.strip()) if name] if isinstance(cell, str) else []


@dataclass(frozen=True)
class Loss:
    """One kind of thing that could not be carried: what, how many, where, and what became of it."""

    what: str
    count: int
    where: str
    detail: str = ""


@dataclass(frozen=True)
class Losses:
    """All losses of one read or conversion; empty means that everything was carried."""

    entries: tuple[Loss, ...] = ()

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.entries)

    def __add__(self, other: Losses) -> Losses:
        return Losses((*self.entries, *other.entries))

    def __str__(self) -> str:
        if not self.entries:
            return "nothing was lost"
        return "\n".join(f"{loss.count} × {loss.what} ({loss.where}){': ' + loss.detail if loss.detail else ''}" for loss in self.entries)


COURSE_COLUMNS = ("course", "name", "date", "participants", "format", "type")
COUNT_COLUMNS = ("count", "value", "measure", "what", "unit", "period", "as_of", "organisation", "document", "lines", "derived")
MONITORING_COLUMNS = ("extract", "municipality", "status", "definition")
MONITORING_COUNT_COLUMNS = ("extract", "status", "n", "definition")
MATCH_COLUMNS = ("match", "start", "end", "reason", "persons", "municipality")
# Steps before the start: a register of matches that has them also lists those who have not begun.
BEFORE_THE_START = ("referred", "offered", "accepted")
# Of a match that has ended on a day that nobody wrote down: `end` is empty and this column says it.
END_DAY, DAY_UNKNOWN = "end_day", "unknown"
REASON_CLASSES = ("natural", "premature", "moved", "changed_life", "unknown")
MEASURES = ("stock", "flow", "total")
COURSE_FORMATS = ("physical", "webinar")
COURSE_TYPES = ("course", "workshop")


@dataclass(frozen=True)
class Register(Rows):
    """A checked table that is not a survey, a coding or a mapping.

    Args:
        frame: the rows; the columns are those of its type (`COURSE_COLUMNS`, `COUNT_COLUMNS`, `MONITORING_COLUMNS`,
            `MATCH_COLUMNS`).
        kind: real, published, reconstructed or synthetic.
        origin: the file it came from.
        overlaps: of matches: whether two of one person at a time are a "fault" or "allowed".
    """

    frame: pd.DataFrame
    kind: DataKind = DataKind.REAL
    origin: str = ""
    overlaps: Literal["fault", "allowed"] = "fault"

    def __repr__(self) -> str:
        columns = ", ".join(map(str, self.frame.columns[:20])) + (" …" if self.frame.shape[1] > 20 else "")
        return f"Register({len(self.frame)} rows; {self.kind.value}): {columns}"[:1000]

    def _repr_html_(self) -> str:
        return self.frame.to_html(index=False, escape=True)


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

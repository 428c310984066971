"""A register: a plain table of courses, counts, extracts or matches, with its data kind and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from vvvresearch.evidence._rows import Rows
from vvvresearch.kinds import DataKind

if TYPE_CHECKING:
    import pandas as pd

COURSE_COLUMNS = ("course", "name", "date", "participants", "format", "type")
COUNT_COLUMNS = ("count", "value", "measure", "what", "unit", "period", "as_of", "organisation", "document", "lines", "derived")
MONITORING_COLUMNS = ("extract", "municipality", "status", "definition")
MONITORING_COUNT_COLUMNS = ("extract", "status", "n", "definition")
MATCH_COLUMNS = ("match", "start", "end", "reason", "persons", "municipality")
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

"""What documents published: figures, their values, single facts, and the places where text repeats them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vvvresearch.errors import SourceError, did_you_mean
from vvvresearch.kinds import DataKind

if TYPE_CHECKING:
    import pandas as pd

DOCUMENT_COLUMNS = ("document", "title", "author", "year", "what_da", "what_en")
FIGURE_COLUMNS = (
    "figure",
    "document",
    "section",
    "page",
    "lines",
    "printed_as",
    "caption",
    "label_da",
    "label_en",
    "group",
    "unit",
    "wave",
    "base",
    "base_basis",
    "route",
    "filter",
    "type",
    "scale",
    "scale_levels",
    "levels_shown",
    "levels_summed",
    "total_printed",
    "role",
    "of",
    "note",
)
VALUE_COLUMNS = ("figure", "key", "label_da", "label_en", "item", "count", "percent", "inferred", "missing", "note")
FACT_COLUMNS = (
    "fact",
    "document",
    "lines",
    "label_da",
    "label_en",
    "value",
    "unit",
    "as_of",
    "system",
    "indicator",
    "measure",
    "definition",
    "qualifier",
    "derived",
    "formula",
    "note",
)
MENTION_COLUMNS = (
    "mention",
    "document",
    "lines",
    "kind",
    "about",
    "value",
    "unit",
    "group",
    "wave",
    "as_of",
    "definition",
    "words",
    "note",
)
PLACE_COLUMNS = ("document", "lines", "kind", "label", "content")
FIGURE_ROLES = ("primary", "text", "retelling", "response")
BASE_BASES = ("printed", "wave", "inferred", "unknown")
MISSING = ("", "image", "not_stated", "words_only")


@dataclass(frozen=True)
class Published:
    """The published numbers of a round's documents, as printed.

    Args:
        documents: one row a document, `DOCUMENT_COLUMNS`.
        figures: one row a figure, table or question, `FIGURE_COLUMNS`; base (number or <NA>) and how it is known
            (`BASE_BASES`); filter "FIGURE:key|key" names the answers that were asked this; role says whether it is the
            first publication, the text's version of a table (then `of` names it), another document's retelling or a
            response rate.
        values: one row a value of a figure, `VALUE_COLUMNS`; count and percent as printed (or <NA>), inferred what
            follows from the rest, missing why a value is not there (`MISSING`).
        facts: one row a single number of the programme, `FACT_COLUMNS`; formula says what it should follow from.
        mentions: one row a place where text says something about a figure, value or indicator, `MENTION_COLUMNS`.
        places: headings, captions and references, `PLACE_COLUMNS`.
        kind: published (or synthetic).
        origin: the folder it came from.
    """

    documents: pd.DataFrame
    figures: pd.DataFrame
    values: pd.DataFrame
    facts: pd.DataFrame
    mentions: pd.DataFrame
    places: pd.DataFrame
    kind: DataKind = DataKind.PUBLISHED
    origin: str = ""

    def __repr__(self) -> str:
        held = {name: len(getattr(self, name)) for name in ("documents", "figures", "values", "facts", "mentions", "places")}
        return f"Published({', '.join(f'{count:,} {name}' for name, count in held.items())})"

    def figure(self, figure: str) -> pd.Series:
        """The row of one figure.

        Raises:
            SourceError: no such figure, with the nearest names.
        """
        rows = self.figures[self.figures["figure"] == figure]
        if rows.empty:
            raise SourceError(f"no figure {figure!r} was published", where=self.origin, todo=did_you_mean(figure, self.figures["figure"]))
        return rows.iloc[0]

    def values_of(self, figure: str) -> pd.DataFrame:
        """The values of one figure, in print order."""
        return self.values[self.values["figure"] == figure]

    def __len__(self) -> int:
        return len(self.values) + len(self.facts)

    def _repr_html_(self) -> str:
        return self.values.merge(self.figures[["figure", "label_da", "base"]], on="figure").to_html(index=False, escape=True)

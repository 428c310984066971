"""Tables taken as they are: a template of this package that was filled in, and the rows of a file whatever stands around them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.intake._fold import slug
from vvvresearch.intake._grid import read_grid
from vvvresearch.intake._proposal import Draft, Proposal
from vvvresearch.intake._table import find_table
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, text
from vvvresearch.sources import template_kind, template_tables, template_type

if TYPE_CHECKING:
    import pandas as pd


def propose_template(path: Path, round_kind: DataKind, units: dict[str, str], lang: Lang) -> Proposal | None:
    """What a filled template is; None for any other file, for answers to a questionnaire, whose questions are one's own, and for goals,
    of which a list never says everything.

    Args:
        path: the file.
        round_kind: the kind of data of the round.
        units: kind → what a row of it is; else a row.
        lang: of what is told.

    Raises:
        SourceError: a template of another version, or one that lost its sheet.
    """
    kind = template_kind(path)
    if kind in ("", "survey", "goals"):
        return None
    draft = Draft(lang)
    draft.decide("kind", path.name, kind, "declared")
    rows = sum(len(table) for table in template_tables(path).values())
    told = (text("intake.told_template", lang, rows=rows),)
    own = {"hash": files.hash_file(path.absolute()), "data_kind": round_kind.value}
    decided = tuple(draft.decided.values())
    return Proposal(path, kind, template_type(kind), units.get(kind, "row"), slug(path.stem), decided, (), told, (), own)


def table_as_it_stands(path: str | Path, sheet: str = "") -> pd.DataFrame:
    """The rows of a file under its own headings, without titles, totals and remarks.

    Args:
        path: CSV, XLSX or SAV; it is only read.
        sheet: the sheet of a workbook; default the one that holds most.

    Returns:
        One row a row of the table, all text; the index is the row of the file.

    Raises:
        SourceError: it cannot be read, or holds no table.

    Example:
        >>> frame = table_as_it_stands("surveys/2021-note/courses.csv")
        >>> int(frame.index[0]), "date" in frame.columns
        (2, True)
    """
    import pandas as pd

    table = find_table(read_grid(Path(path), sheet), path)
    cells = {column.id: list(column.texts) for column in table.columns}
    return pd.DataFrame(cells, index=pd.Index(table.lines, name="line"), dtype=object)

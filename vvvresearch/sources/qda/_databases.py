"""SQLite projects: which program wrote a database is seen from its tables, not from its name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import Codings
from vvvresearch.sources.qda._qualcoder import read_qualcoder
from vvvresearch.sources.qda._requal import read_requal
from vvvresearch.sources.qda._rqda import read_rqda
from vvvresearch.sources.qda._sqlite import Tables
from vvvresearch.sources.qda._taguette import read_taguette

_PROGRAMS = (
    ("QualCoder", ("source", "code_name", "code_text"), read_qualcoder),
    ("RQDA", ("source", "freecode", "coding"), read_rqda),
    ("Taguette", ("documents", "tags", "highlights", "highlight_tags"), read_taguette),
    ("requal", ("documents", "codes", "segments"), read_requal),
)


def read_database(path: Path, texts: Mapping[str, str], floor: float) -> Codings:
    """A project in SQLite; the texts are in the database, so none are handed over.

    Raises:
        SourceError: not SQLite, damaged, or of none of the four programs.
    """
    place = path / "data.qda" if path.is_dir() else path
    with files.open_database(place) as connection:
        tables = Tables(connection, str(path))
        for _, needed, reader in _PROGRAMS:
            if tables.has(*needed):
                return reader(tables, floor)
        raise SourceError(
            "the database is of no program that is known here",
            where=path,
            why=f"its tables are {', '.join(sorted(tables.columns)[:12]) or 'none'}",
            todo=f"known are {', '.join(name for name, _, _ in _PROGRAMS)}",
        )

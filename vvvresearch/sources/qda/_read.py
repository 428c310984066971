"""Reading codings: one function for every program's files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from vvvresearch.errors import AnalysisError, SourceError
from vvvresearch.evidence import Codings
from vvvresearch.sources.qda._databases import read_database
from vvvresearch.sources.qda._refi_read import read_project
from vvvresearch.sources.qda._tables import read_table
from vvvresearch.sources.qda._texts import texts_of

_Reader = Callable[[Path, Mapping[str, str], float], Codings]

_READERS: dict[str, _Reader] = {
    ".qdpx": read_project,
    ".qde": read_project,
    ".qda": read_database,
    ".sqlite3": read_database,
    ".sqlite": read_database,
    ".db": read_database,
    ".rqda": read_database,
    ".requal": read_database,
    ".csv": read_table,
    ".xlsx": read_table,
}


def read_codings(path: str | Path, texts: Mapping[str, str] | str | Path | None = None, min_offset_score: float = 0.8) -> Codings:
    """Read coded interviews from the program they were coded in.

    Reads REFI-QDA projects (`.qdpx`, `.qde`) of any exporter, QualCoder projects (`.qda` folder or `data.qda`),
    Taguette and requal databases (`.sqlite3`), RQDA (`.rqda`), and tables of codings (`.csv`, `.xlsx`).

    Exporters count positions differently. Where a format leaves it open, the way of counting is found from the
    passages themselves: the quotes that selections carry, else the boundaries of words; the choice stands in
    `.offsets` with its score. What the file holds and codings do not stands in `.losses`.

    Args:
        path: the file, or QualCoder's project folder.
        texts: transcripts where the file has none: name → text, or a folder of `.txt` files. Quotes without
            positions are located in them.
        min_offset_score: the lowest share (0–1) of passages that must agree with the positions; 0 reads whatever
            stands there.

    Returns:
        Codings: `.frame` with source, start, end (code points into `.texts[source]`, end exclusive), text, code_path,
        coder, memo, guid; `.codebook`, `.texts`, `.losses`, `.offsets`, `.sources`, `.cases`. Codings on regions of
        pictures, PDF pages, audio or video have no positions and say where in the column `region`.

    Raises:
        SourceError: not readable, damaged, or positions that do not fit their texts.
        SchemaError: a table with rows that are no codings.
        AnalysisError: min_offset_score outside 0–1.

    Example:
        >>> import vvvresearch as vvv
        >>> vvv.read_codings("interviews.qdpx").frame.head()  # doctest: +SKIP
    """
    if not 0 <= min_offset_score <= 1:
        raise AnalysisError(f"min_offset_score is a share between 0 and 1, not {min_offset_score!r}")
    place = Path(path)
    is_folder = (place / "data.qda").is_file()
    reader = read_database if is_folder else _READERS.get(place.suffix.casefold())
    if reader is None:
        raise SourceError(
            f"codings are not read from {place.suffix or 'a name without ending'!r}",
            where=place,
            todo=f"use one of {' '.join(sorted(_READERS))}",
        )
    return reader(place, texts_of(texts), min_offset_score)

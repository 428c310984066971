"""Codings of every program: read by one function, and converted from one format to another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import AnalysisError, SourceError
from vvvresearch.evidence import Codebook, Codings, Losses
from vvvresearch.sources.qda._assembly import without_kind_mark
from vvvresearch.sources.qda._codebook import read_codebook
from vvvresearch.sources.qda._databases import Tables, read_qualcoder, read_taguette
from vvvresearch.sources.qda._meaning import Meaning, apply_meaning, check_meaning, column_rules
from vvvresearch.sources.qda._passages import texts_of
from vvvresearch.sources.qda._rqda import read_requal, read_rqda
from vvvresearch.sources.qda.refi._read import read_project, write_refi
from vvvresearch.sources.qda.tables._columns import is_summary, is_table_of_codings
from vvvresearch.sources.qda.tables._read import read_table
from vvvresearch.sources.qda.tables._write import write_codings
from vvvresearch.sources.registers._tables import TableFile, TypedTable

_PROJECTS = (".qdpx", ".qde")
_DATABASES = (".qda", ".sqlite3", ".sqlite", ".db", ".rqda", ".requal")
_TABLES = (".csv", ".xlsx")
# Which program wrote a database is seen from its tables, not from its name.
_PROGRAMS = (
    ("QualCoder", ("source", "code_name", "code_text"), read_qualcoder),
    ("RQDA", ("source", "freecode", "coding"), read_rqda),
    ("Taguette", ("documents", "tags", "highlights", "highlight_tags"), read_taguette),
    ("requal", ("documents", "codes", "segments"), read_requal),
)


def read_codings(
    path: TableFile,
    texts: Mapping[str, str] | str | Path | None = None,
    min_offset_score: float = 0.8,
    meaning: Meaning | None = None,
) -> Codings:
    """Read coded interviews from the program they were coded in.

    Reads REFI-QDA projects (`.qdpx`, `.qde`) of any exporter, QualCoder projects (`.qda` folder or `data.qda`),
    Taguette and requal databases (`.sqlite3`), RQDA (`.rqda`), coding summaries of NVivo (`.docx`), and tables of codings
    (`.csv`, `.xlsx`) as QualCoder,
    ATLAS.ti, Dedoose, NVivo, MAXQDA, RQDA, Taguette, requal and people write them. Numbers of paragraphs are no
    positions: such passages are found by their quotes.

    Exporters count positions differently. Where a format leaves it open, the way of counting is found from the
    passages themselves: the quotes that selections carry, else the boundaries of words; the choice stands in
    `.offsets` with its score. Every filled field of the file that codings do not hold stands in `.losses`.

    Args:
        path: the file, or QualCoder's project folder.
        texts: transcripts where the file has none: name → text, or a folder of `.txt` and `.docx` files. Quotes
            without positions are located in them: one place must match, apart from case, spaces, punctuation, what
            `[…]` leaves out and one word in ten. A coding without a place counts for its interview.
        min_offset_score: the lowest share (0–1) of passages that must agree with the positions; 0 reads whatever
            stands there.
        meaning: what a code, set, colour, comment or column says about a coding, for example
            `{"stance": {"code": {"Uenig": "contradicted"}, "column": {"Retning": {"imod": "contradicted"}}}}`. Attributes
            are stance (affirmed, contradicted), beneficiary (child, adult), phase (start, later) and prompted
            (prompted, unprompted). Codes named Modsat, Imod, Afkræfter (or English) below or beside a theme need no
            saying.

    Returns:
        Codings: `.frame` with source, start, end (code points into `.texts[source]`, end exclusive), text, code_path,
        coder, memo, guid, and date where the file has it; `.codebook`, `.texts`, `.losses`, `.offsets`, `.sources`,
        `.cases`, `.memos`, `.sets`. Codings on regions of pictures, PDF pages, audio or video have no positions and say
        where in the column `region`.

    Raises:
        SourceError: not readable, damaged, or positions that do not fit their texts.
        SchemaError: a table with rows that are no codings.
        AnalysisError: min_offset_score outside 0–1, or a meaning of something that does not exist.

    Example:
        >>> import vvvresearch as vvv
        >>> vvv.read_codings("interviews.qdpx").frame.head()  # doctest: +SKIP
    """
    if not 0 <= min_offset_score <= 1:
        raise AnalysisError(f"min_offset_score is a share between 0 and 1, not {min_offset_score!r}")
    check_meaning(meaning)
    place = Path(path)
    ending = place.suffix.casefold()
    given = texts_of(texts)
    if isinstance(path, TypedTable):
        read = read_table(path, given, min_offset_score, column_rules(meaning))
    elif (place / "data.qda").is_file() or ending in _DATABASES:
        read = _read_database(place, min_offset_score)
    elif ending in _PROJECTS:
        read = read_project(place, given, min_offset_score)
    elif ending in _TABLES or is_summary(place):
        read = read_table(place, given, min_offset_score, column_rules(meaning))
    else:
        raise SourceError(
            f"codings are not read from {place.suffix or 'a name without ending'!r}",
            where=place,
            todo=f"use one of {' '.join(sorted((*_PROJECTS, *_DATABASES, *_TABLES)))}",
        )
    return apply_meaning(without_kind_mark(read, place), meaning)


def _read_database(path: Path, floor: float) -> Codings:
    """A project in SQLite; the texts are in the database, so none are handed over."""
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


CODING_TARGETS = (".qdpx", ".qdc", ".csv", ".xlsx")


def convert_codings(
    path: str | Path,
    target: str | Path,
    texts: Mapping[str, str] | str | Path | None = None,
    min_offset_score: float = 0.8,
) -> Losses:
    """Convert codings, or a codebook (`.qdc` or a table of codes), to `.qdpx`, `.qdc`, `.csv` or `.xlsx`.

    Args:
        path: what is read, any format of `read_codings` or `read_codebook`.
        target: what is written.
        texts: as in `read_codings`.
        min_offset_score: as in `read_codings`.

    Returns:
        The loss report: what reading left behind, then what writing did.

    Raises:
        SourceError: the input cannot be read.
        AnalysisError: the target's ending is none of the four, or target and input are the same file.

    Example:
        >>> from vvvresearch.sources import convert_codings
        >>> print(convert_codings("project.qda", "project.qdpx"))  # doctest: +SKIP
    """
    place, goal = Path(path), Path(target)
    if goal.suffix.casefold() not in CODING_TARGETS:
        raise AnalysisError(
            f"codings are not written to {goal.suffix or 'a name without ending'!r}", todo=f"use {' '.join(CODING_TARGETS)}"
        )
    if place.absolute() == goal.absolute():
        raise AnalysisError("input and output are the same file", where=path)
    write = write_refi if goal.suffix.casefold().startswith(".qd") else write_codings
    held: Codings | Codebook = read_codebook(place) if _is_codebook(place) else read_codings(place, texts, min_offset_score)
    return held.losses + write(held, goal)


def _is_codebook(path: Path) -> bool:
    """Whether a file holds a codebook alone: by its ending, or a table of codes and not of codings."""
    ending = path.suffix.casefold()
    return ending == ".qdc" or (ending in (".csv", ".xlsx") and not is_table_of_codings(path))

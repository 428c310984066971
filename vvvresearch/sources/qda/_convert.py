"""Converting codings between formats."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Codebook, Codings, Losses
from vvvresearch.sources.qda._codebook_read import read_codebook
from vvvresearch.sources.qda._read import read_codings
from vvvresearch.sources.qda._refi_write import write_refi
from vvvresearch.sources.qda._table_open import is_table_of_codings
from vvvresearch.sources.qda._table_write import write_codings

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

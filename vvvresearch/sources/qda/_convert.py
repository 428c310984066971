"""Converting codings between formats."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Losses
from vvvresearch.sources.qda._codebook_read import read_codebook
from vvvresearch.sources.qda._read import read_codings
from vvvresearch.sources.qda._refi_write import write_refi
from vvvresearch.sources.qda._table_write import write_codings

CODING_TARGETS = (".qdpx", ".qdc", ".csv", ".xlsx")


def convert_codings(
    path: str | Path,
    target: str | Path,
    texts: Mapping[str, str] | str | Path | None = None,
    min_offset_score: float = 0.8,
) -> Losses:
    """Convert codings (or a `.qdc` codebook) to `.qdpx`, `.qdc`, `.csv` or `.xlsx`.

    Args:
        path: what is read, any format of `read_codings`.
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
    if place.suffix.casefold() == ".qdc":
        return write_refi(read_codebook(place), goal)
    codings = read_codings(place, texts, min_offset_score)
    writer = write_refi if goal.suffix.casefold().startswith(".qd") else write_codings
    return codings.losses + writer(codings, goal)

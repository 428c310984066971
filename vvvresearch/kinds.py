"""The kind of data: real, published, reconstructed or synthetic. What is not real is marked wherever it shows."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from vvvresearch.errors import SourceError, did_you_mean
from vvvresearch.locales import Lang, text

# The column, or the words of a file, that say the kind of data that are not real wherever they are written to.
KIND_MARK = "data_kind"


class DataKind(StrEnum):
    """Where data come from; what is not real is marked wherever it shows."""

    REAL = "real"
    PUBLISHED = "published"
    RECONSTRUCTED = "reconstructed"
    SYNTHETIC = "synthetic"

    def label(self, lang: Lang = "da") -> str:
        """The kind in words, as printed on tables and figures."""
        return text(f"common.kind_{self.value}", lang)


def marked_kind(word: str, path: object) -> DataKind:
    """The kind that a file states of its own data.

    Args:
        word: what it says; empty is real.
        path: the file, for messages.

    Raises:
        SourceError: no known kind.

    Example:
        >>> marked_kind("reconstructed", "answers.csv").value
        'reconstructed'
    """
    known = [kind.value for kind in DataKind]
    if word and word not in known:
        raise SourceError(f"{word!r} is no kind of data", where=f"{path}, {KIND_MARK}", todo=did_you_mean(word, known))
    return DataKind(word) if word else DataKind.REAL


def combined_kind(kinds: Iterable[DataKind]) -> DataKind:
    """The kind of a result that rests on several sources: synthetic wins, then reconstructed, then published."""
    given = set(kinds)
    for kind in (DataKind.SYNTHETIC, DataKind.RECONSTRUCTED, DataKind.PUBLISHED):
        if kind in given:
            return kind
    return DataKind.REAL

"""The kind of data: real, published, reconstructed or synthetic. What is not real is marked wherever it shows."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from vvvresearch.locales import Lang, text


class DataKind(StrEnum):
    """Where data come from; what is not real is marked wherever it shows."""

    REAL = "real"
    PUBLISHED = "published"
    RECONSTRUCTED = "reconstructed"
    SYNTHETIC = "synthetic"

    def label(self, lang: Lang = "da") -> str:
        """The kind in words, as printed on tables and figures."""
        return text(f"common.kind_{self.value}", lang)


def combined_kind(kinds: Iterable[DataKind]) -> DataKind:
    """The kind of a result that rests on several sources: synthetic wins, then reconstructed, then published."""
    given = set(kinds)
    for kind in (DataKind.SYNTHETIC, DataKind.RECONSTRUCTED, DataKind.PUBLISHED):
        if kind in given:
            return kind
    return DataKind.REAL

"""Codings made from bare spans, for properties."""

from __future__ import annotations

import pandas as pd

from vvvresearch.evidence import Codebook, Codings
from vvvresearch.evidence._codings import CODEBOOK_COLUMNS

Row = tuple[str, int, int, str]


def simple_codings(spans: list[tuple[str, int, int, str]]) -> tuple[Codings, list[Row]]:
    """Codings of one coder from (document, start, length, code), and the rows (document, start, end, code)."""
    rows = [(document, start, start + length, code) for document, start, length, code in spans]
    frame = pd.DataFrame([(*row[:3], "t", row[3], "A") for row in rows], columns=["source", "start", "end", "text", "code_path", "coder"])
    codes = sorted({row[3] for row in rows})
    book = pd.DataFrame([dict.fromkeys(CODEBOOK_COLUMNS, "") | {"code_path": code, "name": code} for code in codes])
    return Codings(frame, Codebook(book), {}), rows

"""Ids read as numbers are the same ids: brute force over texts of every length, letters of every kind and cells that are empty."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.monitoring.matches._events import CodedColumn

WRITTEN = st.sampled_from(
    ["", "R1", "R2", "nan", "<NA>", "R0000001", "R00000012", "R" * 24, "R" * 25, "R" * 24 + "S", "Åse", "x" * 16 + "y"]
)
CELLS = st.lists(st.one_of(WRITTEN, st.text("ab1", max_size=26), st.none(), st.integers(0, 3)), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(CELLS, st.booleans())
def test_two_rows_have_one_code_where_their_ids_are_one(cells: list[str | int | None], as_text: bool) -> None:
    if as_text:
        cells = [str(cell) for cell in cells]
    column = pd.Series(cells, dtype="str" if as_text else object)
    found = CodedColumn.of_ids(column)
    missing = column.isna().to_numpy()
    assert found.empty.tolist() == [absent or cell == "" for absent, cell in zip(missing, cells, strict=True)]
    known = [place for place in range(len(cells)) if not missing[place]]
    alike = [(found.codes[one] == found.codes[other]) == (cells[one] == cells[other]) for one in known for other in known]
    assert all(alike)
    assert len(found.values) == len({cells[place] for place in known})

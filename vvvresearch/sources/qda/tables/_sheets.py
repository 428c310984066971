"""The other sheets of a workbook of codings: those that this package writes are read, any other is listed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.sources.qda._draft import Draft, DraftSource, LossLog, Memo, records
from vvvresearch.sources.qda.tables._columns import whole_number

if TYPE_CHECKING:
    import pandas as pd

MEMO_COLUMNS = ("on", "target", "start", "end", "title", "text", "author", "date")
SET_COLUMNS = ("set", "kind", "member")
_COLUMNS = {"sources": ("source",), "cases": ("case", "source"), "memos": MEMO_COLUMNS, "sets": SET_COLUMNS}


def read_sheets(path: Path, names: Sequence[str], draft: Draft) -> None:
    """Sources with their variables, cases, memos and sets, as `write_codings` writes them; codings stand in the draft."""
    rest = []
    for name in names:
        columns = _COLUMNS.get(name)
        frame = _sheet(path, name) if columns else None
        if columns is None or frame is None or tuple(map(str, frame.columns[: len(columns)])) != columns:
            rest.append(name)
            continue
        for row in records(frame):
            cells = {key: files.original_text(str(value)) for key, value in row.items()}
            if name == "sources":
                source = draft.sources.setdefault(cells["source"], DraftSource(cells["source"]))
                source.variables |= {key: value for key, value in cells.items() if key != "source" and value}
            elif name == "cases":
                draft.cases.append({key: value for key, value in cells.items() if value or key in ("case", "source")})
            elif name == "sets":
                draft.sets.append((cells["set"], cells["kind"], cells["member"]))
            else:
                start, end = (whole_number(cells[side]) for side in ("start", "end"))
                about = (cells["title"], cells["author"], cells["date"])
                draft.memos.append(Memo(cells["on"], cells["target"], cells["text"], *about, start, end))
    report_sheets(path, rest, draft.log)


def report_sheets(path: Path, names: Sequence[str], log: LossLog) -> None:
    """List sheets that are not read."""
    for name in names:
        frame = _sheet(path, name)
        if frame is None:
            log.add(f"the sheet {name!r}", detail="not read")
        else:
            filled = sum(any(str(cell).strip() for cell in row.values()) for row in records(frame))
            log.add(f"rows of the sheet {name!r}", filled, "not read")
            log.add(f"headings of the sheet {name!r}", 0 if filled else len(frame.columns), "not read")


def _sheet(path: Path, name: str) -> pd.DataFrame | None:
    """A sheet, None where it is empty or no table."""
    try:
        return files.read_workbook(path, name)
    except SourceError:
        return None

"""Codings written as tables, and the other sheets of such a workbook, written and read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.errors import AnalysisError, SourceError
from vvvresearch.evidence import SEPARATOR, Codebook, Codings, Losses
from vvvresearch.kinds import KIND_MARK, DataKind
from vvvresearch.sources.qda._draft import Draft, DraftSource, LossLog, Memo, records
from vvvresearch.sources.qda.tables._columns import whole_number

if TYPE_CHECKING:
    import pandas as pd

_CELL = 32_767
_OF_CODES = {
    "definition": "definitions",
    "inclusion": "rules of inclusion",
    "exclusion": "rules of exclusion",
    "examples": "examples",
    "color": "colours",
}


def write_codings(codings: Codings | Codebook, path: str | Path) -> Losses:
    """Write codings as a table: `.csv` (one row a coding) or `.xlsx` (also codebook, sources, cases, memos and sets).

    Args:
        codings: what to write; of a codebook one row a code.
        path: the file.

    Returns:
        What the table does not carry: always the transcripts, in CSV also the codebook's definitions, variables and memos.

    Raises:
        AnalysisError: another ending.
        VvvError: the file cannot be written.

    Example:
        >>> from vvvresearch.sources import write_codings
        >>> write_codings(codings, "codings.xlsx")  # doctest: +SKIP
    """
    place = Path(path)
    log = LossLog(str(path))
    ending = place.suffix.casefold()
    if ending not in (".csv", ".xlsx"):
        raise AnalysisError(
            f"codings are not written as a table to {ending or 'a name without ending'!r}", where=path, todo="use .csv or .xlsx"
        )
    if isinstance(codings, Codebook):
        if ending == ".csv":
            files.write_csv(place, codings.frame)
        else:
            files.write_workbook(place, {"codebook": codings.frame})
        return log.losses()
    log.add("transcripts", len(codings.texts), "a table holds the passages alone; hand the texts over with texts= when reading")
    others = {"sources": codings.sources, "cases": codings.cases, "memos": codings.memos, "sets": codings.sets}
    filled = {name: frame for name, frame in others.items() if frame is not None and len(frame)}
    if ending == ".csv":
        files.write_csv(place, _with_kind(codings, codings.frame))
        codes = codings.codebook.frame
        for column, what in _OF_CODES.items():
            log.add(f"{what} of codes", int((codes[column] != "").sum()))
        above = {part for path in codings.frame["code_path"] for part in _with_ancestors(str(path))}
        log.add("codes without a coding", int((~codes["code_path"].isin(above)).sum()))
        for name in ("sources", "cases"):
            if name in filled:
                log.add(f"variables of {name}", sum(column not in ("case", "source") for column in filled[name].columns))
        for name, what in (("cases", "memberships in cases"), ("memos", "memos"), ("sets", "members of sets")):
            log.add(what, len(filled.get(name, ())))
    else:
        frame = _short(_with_kind(codings, codings.frame), log)
        files.write_workbook(place, {"codings": frame, "codebook": codings.codebook.frame, **filled})
    return log.losses()


def _with_kind(codings: Codings, frame: pd.DataFrame) -> pd.DataFrame:
    """The table with the kind of its data as a column, where they are not real."""
    return frame if codings.kind is DataKind.REAL else frame.assign(**{KIND_MARK: codings.kind.value})


def _with_ancestors(path: str) -> Iterator[str]:
    """A code's path and those of the codes above it."""
    while path:
        yield path
        path = path.rpartition(SEPARATOR)[0]


def _short(frame: pd.DataFrame, log: LossLog) -> pd.DataFrame:
    """The table with passages that fit a cell."""
    long = frame["text"].str.len() > _CELL
    if not long.any():
        return frame
    log.add("passages longer than a cell can be", int(long.sum()), "cut; their positions are whole")
    return frame.assign(text=frame["text"].str.slice(0, _CELL))


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

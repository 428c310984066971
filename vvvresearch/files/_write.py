"""Writing: a file or a folder is either the old one or the new one, never a half."""

from __future__ import annotations

import csv
import datetime
import io
import json
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import VvvError
from vvvresearch.files._escape import cell_text, plain_text

if TYPE_CHECKING:
    import pandas as pd

_EPOCH = datetime.datetime(2000, 1, 1)
_flushed = True


@contextmanager
def unflushed() -> Iterator[None]:
    """Files that are written inside the `with` block are whole, and reach the disk when the system writes them.

    For what can be made again and is compared with its recorded print before it is used: waiting for the disk after each of some
    hundred small files takes longer than making them.
    """
    global _flushed
    before, _flushed = _flushed, False
    try:
        yield
    finally:
        _flushed = before


def write_bytes(path: str | Path, data: bytes) -> Path:
    """Write a file atomically: beside it first, flushed to disk, then renamed (inside `unflushed` without waiting for the disk).

    Raises:
        VvvError: the folder cannot be written or the disk is full; the old file is untouched.
    """
    target = Path(path)
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", dir=target.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            if _flushed:
                stream.flush()
                os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(target)
        temporary = None
    except OSError as problem:
        raise VvvError("the file cannot be written", where=target, why=str(problem), todo="check space and permissions") from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
    return target


def write_text(path: str | Path, text: str) -> Path:
    """Write text as UTF-8 with `\\n` line ends, atomically."""
    return write_bytes(path, text.encode("utf-8"))


def append_line(path: str | Path, line: str) -> Path:
    """Add one line at the end of a file that only grows, and flush it to disk; what two people add at a time is kept of both.

    Raises:
        VvvError: the file cannot be written.
    """
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(target, os.O_APPEND | os.O_CREAT | os.O_RDWR, 0o644)
        try:
            size = os.fstat(handle).st_size
            unended = size and os.pread(handle, 1, size - 1) != b"\n" if hasattr(os, "pread") else False
            os.write(handle, (("\n" if unended else "") + line + "\n").encode("utf-8"))
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as problem:
        raise VvvError("the file cannot be written", where=target, why=str(problem), todo="check space and permissions") from None
    return target


def write_json(path: str | Path, value: Any) -> Path:
    """Write JSON with sorted keys, atomically; NaN and infinities are refused. Each entry of an entry stands on a line of its own."""
    return write_text(path, _json_lines(value, depth=2) + "\n")


def _json_lines(value: Any, depth: int, indent: str = "") -> str:
    """JSON broken into lines down to a depth; below that the encoder in C writes, which knows no half-way."""
    inner = indent + " "
    if depth and isinstance(value, dict) and value and all(isinstance(key, str) for key in value):
        parts = [f"{_json(key)}: {_json_lines(value[key], depth - 1, inner)}" for key in sorted(value)]
        return "{\n" + ",\n".join(inner + part for part in parts) + f"\n{indent}}}"
    if depth and isinstance(value, list | tuple) and value:
        return "[\n" + ",\n".join(inner + _json_lines(one, depth - 1, inner) for one in value) + f"\n{indent}]"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)


def write_csv(path: str | Path, frame: pd.DataFrame, *, excel: bool = False) -> Path:
    """Write a table as CSV, atomically; formula-like text is neutralised.

    Args:
        path: the file.
        frame: the table; its index is not written.
        excel: semicolon, decimal comma and byte-order mark, as a Danish Excel opens it.
    """
    return write_bytes(path, csv_text(frame, excel=excel).encode("utf-8-sig" if excel else "utf-8"))


def rows_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV text, every cell as it is: for tables that are read back and compared, where nothing may be neutralised.

    Example:
        >>> rows_text([["id", "date"], ["=a", "2026-01-31"]])
        'id,date\\n=a,2026-01-31\\n'
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def csv_text(frame: pd.DataFrame, *, excel: bool = False) -> str:
    """What `write_csv` writes, as text."""
    text: str = _neutral(frame).to_csv(index=False, sep=";" if excel else ",", decimal="," if excel else ".", lineterminator="\n")
    return text


def _neutral(frame: pd.DataFrame) -> pd.DataFrame:
    safe = frame.map(lambda value: cell_text(plain_text(value)) if isinstance(value, str) else value)
    safe.columns = [cell_text(plain_text(str(name))) for name in frame.columns]
    return safe


@contextmanager
def workbook_into(buffer: io.BytesIO) -> Iterator[Any]:
    """A workbook to be filled, as XlsxWriter has it, in which text stays text; equal contents give equal bytes."""
    import xlsxwriter

    # A text stays a text, whatever it looks like.
    as_written = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, as_written) as workbook:
        # A fixed date makes two runs from the same inputs equal byte for byte.
        workbook.set_properties({"created": _EPOCH})
        yield workbook


def write_workbook(path: str | Path, sheets: Mapping[str, pd.DataFrame]) -> Path:
    """Write tables as an XLSX workbook, one sheet each, text always as text, atomically."""
    return write_bytes(path, workbook_bytes(sheets))


def workbook_bytes(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """What `write_workbook` writes, in memory."""
    buffer = io.BytesIO()
    with workbook_into(buffer) as workbook:
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for title, frame in sheets.items():
            sheet = workbook.add_worksheet(_sheet_title(title))
            sheet.freeze_panes(1, 0)
            for column, name in enumerate(frame.columns):
                sheet.write_string(0, column, plain_text(str(name)), bold)
                sheet.set_column(column, column, min(60, max(10, len(str(name)) + 2)))
                for row, value in enumerate(frame.iloc[:, column], start=1):
                    _write_cell(sheet, row, column, value)
    return buffer.getvalue()


def sheet_bytes(title: str, rows: Sequence[Sequence[object]], merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """One sheet of cells as a workbook in memory, dates as dates; equal cells give equal bytes.

    Args:
        title: of the sheet.
        rows: its cells, "" where empty.
        merged: cells that are one: first row and column, last row and column, from 0.
    """
    buffer = io.BytesIO()
    with workbook_into(buffer) as workbook:
        day, moment = (workbook.add_format({"num_format": shape}) for shape in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
        sheet = workbook.add_worksheet(_sheet_title(title))
        for first, column, last, final in merged:
            sheet.merge_range(first, column, last, final, "")
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime.date):
                    sheet.write_datetime(row, column, cell, moment if isinstance(cell, datetime.datetime) else day)
                elif cell != "":
                    _write_cell(sheet, row, column, cell)
    return buffer.getvalue()


def _sheet_title(title: str) -> str:
    return "".join("-" if mark in "[]:*?/\\'" else mark for mark in title)[:31] or "Sheet"


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    import pandas as pd

    if isinstance(value, str):
        sheet.write_string(row, column, plain_text(value))
    elif type(value) in (int, float) and math.isfinite(value):
        sheet.write_number(row, column, value)
    elif pd.api.types.is_scalar(value) and pd.isna(value):
        sheet.write_blank(row, column, None)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif pd.api.types.is_number(value) and math.isfinite(float(str(value))):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, plain_text(str(value)))


@contextmanager
def staged_folder(target: Path, *, keep: Collection[str] = ()) -> Iterator[Path]:
    """A folder to fill inside the `with` block; it is switched in whole when the block ends well.

    When the block fails, nothing changes and the half-filled folder is removed.

    Args:
        target: where the finished folder shall stand.
        keep: what stays, as `.<name>.previous`, of the folder that stood there, in patterns: `("values/*.json",)`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{target.name}.new.", dir=target.parent))
    try:
        stage.chmod(0o755)
        yield stage
        _switch(stage, target, target.parent / f".{target.name}.previous", keep)
    finally:
        if stage.exists():
            shutil.rmtree(stage, ignore_errors=True)


def aside(folder: Path) -> Path:
    """Where a folder waits that is being removed: hidden beside its place."""
    return folder.with_name(f".{folder.name}.gone")


@contextmanager
def removing(folder: Path) -> Iterator[Path]:
    """A folder that is gone when the `with` block ends well, and whole in its place when the block fails.

    It leaves its place in one step, so that nobody sees half of it. What could not be removed from the disk goes with the next try.

    Args:
        folder: the folder; nothing happens where there is none.

    Returns:
        Where it stands meanwhile.

    Raises:
        OSError: it cannot be moved, or not be removed altogether.
    """
    place = aside(folder)
    if folder.exists():
        if place.exists():
            shutil.rmtree(place)
        folder.rename(place)
    try:
        yield place
    except BaseException:
        if place.exists():
            place.rename(folder)
        raise
    if place.exists():
        shutil.rmtree(place)


def keep_only(folder: Path, patterns: Collection[str]) -> None:
    """Remove a folder but for the files that a pattern names.

    Args:
        folder: the folder.
        patterns: as `Path.glob` takes them; with none the folder goes too.
    """
    if not patterns:
        shutil.rmtree(folder)
        return
    kept = {path for pattern in patterns for path in folder.glob(pattern)}
    for path in sorted(folder.rglob("*"), reverse=True):  # what is in a folder before the folder
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept:
            path.unlink()


def _switch(stage: Path, target: Path, previous: Path, keep: Collection[str]) -> None:
    """Put `stage` where `target` stands; a process killed at any moment leaves the old folder there, or the new one."""
    if not target.exists():
        stage.rename(target)
        return
    exchanged = exchange(stage, target)
    if previous.exists():
        shutil.rmtree(previous)
    if exchanged:
        keep_only(stage, keep)
        if keep:
            stage.rename(previous)
    else:
        target.rename(previous)
        stage.rename(target)
        keep_only(previous, keep)


def write_new(root: str | Path, contents: Mapping[str, str | bytes]) -> list[Path]:
    """Write files that are not there yet; nothing that exists is touched, and when one cannot be written, none is left.

    Args:
        root: the folder that they are below; it is made where it is missing.
        contents: paths relative to it, with what they shall hold.

    Returns:
        The files, in the order given.

    Raises:
        VvvError: some are there already (all of them are named), a file stands where a folder is needed, or the disk refuses.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     [path.name for path in write_new(folder, {"a/b.txt": "b"})]
        ['b.txt']
    """
    folder = Path(root)
    there = [name for name in contents if os.path.lexists(folder / name)]
    if there:
        todo = "move them away, or take another name or folder; nothing was written"
        raise VvvError("files are there already, and nothing is overwritten", where=folder, why=", ".join(there), todo=todo)
    made: list[Path] = []
    new_folders: list[Path] = []
    try:
        for name, content in contents.items():
            path = folder / name
            new_folders += [one for one in _missing_folders(path.parent) if one not in new_folders]
            write_bytes(path, content.encode("utf-8") if isinstance(content, str) else content)
            made.append(path)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        for one in sorted(new_folders, key=lambda place: -len(place.parts)):
            if one.is_dir() and not any(one.iterdir()):
                one.rmdir()
        raise
    return made


def _missing_folders(folder: Path) -> list[Path]:
    return [one for one in (folder, *folder.parents) if not one.exists()]


_CURRENT_FOLDER = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE


def exchange(one: Path, other: Path) -> bool:
    """Let two existing folders of one file system change places, so that each name always stands for a whole folder.

    Returns:
        Whether it was done; not every system or file system can, and then nothing has changed.
    """
    if sys.platform != "linux":
        return False
    import ctypes

    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    return bool(rename(_CURRENT_FOLDER, os.fsencode(one), _CURRENT_FOLDER, os.fsencode(other), _EXCHANGE) == 0)

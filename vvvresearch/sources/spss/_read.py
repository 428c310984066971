"""SPSS files (.sav, .zsav, .por) as answers with labels, missing reasons and multiple-response sets, from rows of every kind."""

from __future__ import annotations

import datetime
import math
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import Loss, Losses, MultipleResponseSet, Survey, Variable, code_text
from vvvresearch.files import Limits
from vvvresearch.kinds import KIND_MARK, DataKind, marked_kind
from vvvresearch.sources.spss._dictionary import DATES, MOMENTS, TIMES, Dictionary, Field, format_of, read_dictionary
from vvvresearch.sources.spss._portable import Raw, read_portable

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_SKIP, _END, _LITERAL, _BLANKS, _MISSING = 0, 252, 253, 254, 255

_SEGMENT_BYTES = 255

_MOST = Limits().unpacked_bytes

SYSTEM_MISSING = -1.7976931348623157e308


def read_rows(data: bytes, dictionary: Dictionary, where: object) -> NDArray[np.uint8]:
    """The rows as bytes: rows × eight-byte pieces × 8.

    Raises:
        SourceError: more or fewer rows than the header announces, bytes after the last row, or more rows than can be held.
    """
    import numpy as np

    body = data[dictionary.end + 8 :]
    if dictionary.compression == 2:
        body = _unpacked(body, dictionary, dictionary.end + 8, where)
    if dictionary.compression:
        cells, over = _expanded(body, dictionary, where)
    else:
        cells, over = np.frombuffer(body[: len(body) // 8 * 8], dtype=np.uint8).reshape(-1, 8), len(body) % 8
    rows, rest = divmod(len(cells), dictionary.pieces)
    announced = dictionary.cases if dictionary.cases >= 0 else rows
    if rows < announced or (rest and rows == announced):
        why = f"{announced} rows are announced, {rows} are there" if rows < announced else "the last row is not whole"
        raise SourceError("the SPSS file is cut off", where=where, why=why, todo="export or copy the file again")
    if rows > announced or over:
        why = f"{announced} rows are announced, {rows} are there" if rows > announced else f"{over} bytes follow the last row"
        raise SourceError("the SPSS file is damaged", where=where, why=why, todo="export or copy the file again")
    return cells.reshape(rows, dictionary.pieces, 8)


def _expanded(body: bytes, dictionary: Dictionary, where: object) -> tuple[NDArray[np.uint8], int]:
    """Byte-compressed rows, and the number of bytes after them.

    Groups of eight codes stand there, each followed by the eight-byte values that its codes announce.
    """
    import numpy as np

    starts, place, last = [], 0, len(body) - 8
    while place <= last:
        starts.append(place)
        place += 8 + 8 * body.count(b"\xfd", place, place + 8)
    if len(starts) * 64 > _MOST:
        raise SourceError("the SPSS file unpacks to more than can be held", where=where)
    raw = np.frombuffer(body, dtype=np.uint8)
    begins = np.array(starts, dtype=np.int64)
    codes = raw[begins[:, None] + np.arange(8)]
    literal = codes == _LITERAL
    offsets = (begins[:, None] + 8 * np.cumsum(literal, axis=1))[literal]
    whole = offsets + 8 <= len(raw)
    flat = codes.reshape(-1)
    meanings = np.arange(256, dtype=np.float64) - dictionary.bias
    meanings[_MISSING] = SYSTEM_MISSING
    table = np.frombuffer(meanings.astype(f"{dictionary.order}f8").tobytes(), dtype=np.uint8).reshape(256, 8).copy()
    table[_BLANKS] = ord(" ")
    cells = table[flat]
    places = np.flatnonzero(literal.reshape(-1))
    cells[places[whole]] = raw[offsets[whole][:, None] + np.arange(8)]
    # What comes after the end mark, or after a value that is not whole, is no data.
    ends = [int(found[0]) for found in (np.flatnonzero(flat == _END), places[~whole]) if len(found)]
    cut = min(ends, default=len(flat))
    kept: NDArray[np.uint8] = cells[:cut][flat[:cut] != _SKIP]
    # The last group is filled up to eight codes; its values are the last bytes of the file.
    filled = np.flatnonzero(flat[: cut + 1] != _SKIP)
    last = int(filled[-1]) // 8 if len(filled) else -1
    used = starts[last] + 8 + 8 * int(literal[last].sum()) if last >= 0 else 0
    return kept, max(0, len(body) - used)


def _unpacked(body: bytes, dictionary: Dictionary, start: int, where: object) -> bytes:
    """The blocks of a zlib-compressed file, one after another, as its trailer lists them."""
    damaged = SourceError("the compressed part of the SPSS file is damaged or cut off", where=where, todo="export or copy the file again")
    try:
        _, trailer, _ = struct.unpack(f"{dictionary.order}3q", body[:24])
        place = trailer - start
        _, _, _, blocks = struct.unpack(f"{dictionary.order}2q2i", body[place : place + 24] if place > 0 else b"")
        if not 0 <= blocks <= len(body):
            raise damaged
        parts, total = [], 0
        for block in range(blocks):
            entry = body[place + 24 + 24 * block : place + 48 + 24 * block]
            _, offset, size, packed = struct.unpack(f"{dictionary.order}2q2i", entry)
            total += size
            if size < 0 or packed < 0 or offset < start or total > _MOST:
                raise damaged
            unpacker = zlib.decompressobj()
            part = unpacker.decompress(body[offset - start : offset - start + packed], size + 1)
            if len(part) != size:
                raise damaged
            parts.append(part)
    except (struct.error, zlib.error):
        raise damaged from None
    if place + 24 + 24 * blocks != len(body):
        raise damaged
    return b"".join(parts)


def numbers_of(rows: NDArray[np.uint8], one: Field, order: str) -> NDArray[np.float64]:
    """A number variable's values; the system-missing value is NaN.

    Raises:
        SourceError: never; damaged bytes are numbers all the same.
    """
    import numpy as np

    values = np.ascontiguousarray(rows[:, one.position - 1, :]).view(f"{order}f8").reshape(-1).astype(np.float64)
    values[values == SYSTEM_MISSING] = np.nan
    return values


def texts_of(rows: NDArray[np.uint8], one: Field, dictionary: Dictionary, where: object) -> list[str]:
    """A text variable's values, blanks at the end taken away."""
    import numpy as np

    parts = []
    place, left = one.position - 1, one.width
    for segment in range(one.segments):
        held = min(left, _SEGMENT_BYTES)
        declared = _SEGMENT_BYTES if segment < one.segments - 1 else one.width - 252 * (one.segments - 1)
        pieces = (max(declared, 1) + 7) // 8
        if place + pieces > rows.shape[1]:
            raise SourceError("the SPSS file is damaged", where=f"{where}, {one.name}", why="a text is wider than its row")
        parts.append(np.ascontiguousarray(rows[:, place : place + pieces, :]).reshape(len(rows), pieces * 8)[:, :held])
        place, left = place + pieces, left - held
    block: Any = np.ascontiguousarray(np.hstack(parts))
    cells = [bytes(row) for row in block]
    known = {cell: dictionary.words(cell, f"{where}, {one.name}") for cell in set(cells)}
    return [known[cell] for cell in cells]


EPOCH = datetime.datetime(1582, 10, 14)
_MOST_UNLABELLED = 12
FILE_LABEL = "file label"
_HUGE = 1.79e308
_MEASURES = {1: "nominal", 2: "ordinal", 3: "scale"}


def read_spss(path: str | Path, *, encoding: str | None = None) -> Survey:
    """An SPSS file as a survey: codes of labelled variables as text, plain numbers as numbers, dates as ISO text.

    Args:
        path: a .sav, .zsav or .por file.
        encoding: the file's encoding where it states a wrong one or none.

    Raises:
        SourceError: not such a file, cut off, damaged, in another encoding, or with a date that cannot be.
    """
    import pandas as pd

    place = Path(path)
    portable = place.suffix.lower() == ".por"
    raw, variables, sets, weight, left_out = read_portable(place) if portable else _read_system(place, encoding)
    label = left_out.get(FILE_LABEL, "")
    kind = DataKind.REAL
    if label.startswith(f"{KIND_MARK}: "):
        kind = marked_kind(left_out.pop(FILE_LABEL).removeprefix(f"{KIND_MARK}: ").strip(), path)
    gone, columns, losses = {}, {}, []
    for name, variable in variables.items():
        columns[name] = _values(raw[name], variable, path)
        if variable.missing:
            gone[name] = _reasons(variable, columns[name])
        losses += _unlabelled(variable, columns[name], gone.get(name, {}), path)
    if broken := [name for name, several in sets.items() if not _usable(several, variables)]:
        losses.append(Loss("multiple-response set", len(broken), str(path), f"without variables: {', '.join(broken)}"))
    losses += [Loss(what, 1, str(path), f"not kept: {told}") for what, told in left_out.items()]
    count = len(next(iter(columns.values())))
    return Survey(
        pd.DataFrame(columns, index=pd.RangeIndex(1, count + 1, name="respondent")),
        multiple_response_sets={name: several for name, several in sets.items() if _usable(several, variables)},
        missing=gone,
        variables=variables,
        weight=weight,
        losses=Losses(tuple(losses)),
        kind=kind,
        origin=str(path),
    )


def _read_system(path: Path, encoding: str | None) -> Raw:
    import pandas as pd

    data = files.read_bytes(path)
    dictionary = read_dictionary(data, path, encoding=encoding)
    rows = read_rows(data, dictionary, path)
    columns: dict[str, pd.Series[Any]] = {}
    variables = {}
    for one in dictionary.fields:
        if one.width:
            columns[one.name] = pd.Series(texts_of(rows, one, dictionary, path), dtype=object)
        else:
            columns[one.name] = pd.Series(numbers_of(rows, one, dictionary.order))
        variables[one.name] = _variable(one, dictionary, path)
    left_out = dict(dictionary.left_out)
    if dictionary.documents:
        left_out["document"] = f"{dictionary.documents} lines"
    if label := dictionary.words(data[109:173], path):
        left_out[FILE_LABEL] = label
    return columns, variables, dictionary.sets, dictionary.weight, left_out


def _variable(one: Field, dictionary: Dictionary, path: object) -> Variable:
    def value(data: bytes) -> float | str:
        if one.width:
            return dictionary.words(data, path)
        number = float(struct.unpack(f"{dictionary.order}d", data)[0])
        return math.copysign(math.inf, number) if abs(number) > _HUGE else number

    shown = format_of(one.code >> 16 & 255, one.code >> 8 & 255, one.code & 255, one.width)
    return Variable(
        one.name,
        dictionary.words(one.label, path),
        {code_text(value(code)): dictionary.words(label, path) for code, label in one.labels.items()},
        shown,
        _MEASURES.get(one.measure, "unknown"),
        tuple((value(low), value(high)) for low, high in one.ranges),
        one.shown or None,
    )


def kind_of(variable: Variable) -> str:
    """What a variable's print format holds: "text", "date", "moment", "time" or "number"."""
    letters = variable.format.rstrip("0123456789.").upper()
    if letters in ("A", "AHEX"):
        return "text"
    for kind, formats in (("date", DATES), ("moment", MOMENTS), ("time", TIMES)):
        if letters in formats:
            return kind
    return "number"


def is_coded(variable: Variable, column: pd.Series[Any]) -> bool:
    """Whether a number column holds codes: labels stand for its answers, not only for its missing values."""
    answers = {code for code in variable.labels if not in_ranges(code, variable.missing)}
    if not answers:
        return False
    values = {code_text(value) for value in column.dropna().unique()}
    others = {value for value in values - set(variable.labels) if not in_ranges(value, variable.missing)}
    return len(others) <= max(_MOST_UNLABELLED, len(answers))


def in_ranges(code: str, ranges: tuple[tuple[float | str, float | str], ...]) -> bool:
    """Whether a code lies in one of the user-missing ranges.

    Example:
        >>> in_ranges("98", ((90.0, 99.0),)), in_ranges("X", (("X", "X"),))
        (True, True)
    """
    for low, high in ranges:
        if isinstance(low, str) or isinstance(high, str):
            if str(low).rstrip() <= code <= str(high).rstrip():
                return True
            continue
        try:
            if float(low) <= float(code) <= float(high):
                return True
        except ValueError:
            continue
    return False


def _values(column: pd.Series[Any], variable: Variable, path: object) -> pd.Series[Any]:
    kind = kind_of(variable)
    if kind == "text":
        return column.fillna("").astype(object).reset_index(drop=True).set_axis(_rows(column))
    if kind in ("date", "moment", "time"):
        texts = [_moment(value, kind, variable.name, row, path) for row, value in enumerate(column, start=1)]
        return type(column)(texts, index=_rows(column), dtype=object)
    numbers = column.astype(float).set_axis(_rows(column))
    if not is_coded(variable, column):
        return numbers
    import pandas as pd

    places, different = pd.factorize(numbers)
    codes = [*(code_text(value) for value in different), ""]
    return pd.Series(codes, dtype=object).take(places).set_axis(numbers.index)


def _rows(column: pd.Series[Any]) -> Any:
    import pandas as pd

    return pd.RangeIndex(1, len(column) + 1)


def _moment(value: Any, kind: str, name: str, row: int, path: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    try:
        if kind == "time":
            whole, rest = divmod(float(value), 1)
            hours, seconds = divmod(int(whole), 3600)
            fraction = f"{rest:.2f}"[1:] if round(rest, 2) else ""
            return f"{hours:02d}:{seconds // 60:02d}:{seconds % 60:02d}{fraction}"
        moment = EPOCH + datetime.timedelta(seconds=float(value))
        return moment.date().isoformat() if kind == "date" else moment.isoformat(sep=" ", timespec="seconds")
    except (OverflowError, ValueError):
        raise SourceError(
            f"the variable {name} holds a date that cannot be",
            where=f"{path}, row {row}",
            why=f"{value:.0f} seconds after 14 October 1582 lie beyond the year 9999 or before the year 1",
            todo="correct or empty the value in the program that wrote the file, and export again",
        ) from None


def _reasons(variable: Variable, column: pd.Series[Any]) -> dict[str, str]:
    """Code → reason for every user-missing code that has a label or stands in the data."""
    codes = dict.fromkeys([*variable.labels, *(code_text(value) for value in column.unique())])
    return {code: variable.labels.get(code, "") for code in codes if code and in_ranges(code, variable.missing)}


def _unlabelled(variable: Variable, column: pd.Series[Any], gone: dict[str, str], path: object) -> list[Loss]:
    if not variable.labels or column.dtype != object:
        return []
    strange = sorted({value for value in column.unique() if value and value not in variable.labels and value not in gone})
    if not strange:
        return []
    return [Loss("value without a label", len(strange), f"{path}, {variable.name}", f"kept as its own label: {', '.join(strange[:8])}")]


def _usable(several: MultipleResponseSet, variables: dict[str, Variable]) -> bool:
    return bool(several.columns) and all(column in variables for column in several.columns)

"""The rows of an SPSS system file: uncompressed, compressed by bytes, or by zlib."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import SourceError
from vvvresearch.files import Limits
from vvvresearch.sources.spss._dictionary import Dictionary, Field

if TYPE_CHECKING:
    import numpy as np
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

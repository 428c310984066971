"""Writing multiple-response sets and the weight variable into a system file that another writer made without them."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from vvvresearch.errors import SourceError
from vvvresearch.evidence import MultipleResponseSet
from vvvresearch.sources.spss._dictionary import EXTENSION, Field, read_dictionary


def add_to_dictionary(data: bytes, sets: Sequence[MultipleResponseSet], weight: str, where: object) -> bytes:
    """A system file with multiple-response sets and the weight variable written into its dictionary.

    Args:
        data: the file as another writer left it.
        sets: the sets; their columns are names of variables in the file.
        weight: name of the weight variable, "" for none.
        where: the file, for errors.

    Raises:
        SourceError: a set or the weight names a variable that the file does not hold.
    """
    found = read_dictionary(data, where)
    fields = {one.name: one for one in found.fields}
    asked = [*([weight] if weight else []), *(column for several in sets for column in several.columns)]
    if unknown := sorted(set(asked) - set(fields)):
        raise SourceError(f"the SPSS file does not hold {', '.join(unknown)}", where=where)
    lines = b"".join(_set_line(several, fields) for several in sets)
    record = struct.pack(f"{found.order}4i", EXTENSION, 7, 1, len(lines)) + lines if lines else b""
    header = bytearray(data[: found.end])
    if weight:
        header[76:80] = struct.pack(f"{found.order}i", fields[weight].position)
    body = data[found.end :]
    if found.compression == 2:
        body = _moved(body, len(record), found.order)
    return bytes(header) + record + body


def _set_line(several: MultipleResponseSet, fields: Mapping[str, Field]) -> bytes:
    label = several.label.encode("utf-8")
    # The record names variables by their short names in lower case.
    columns = b" ".join(fields[column].short.lower() for column in several.columns)
    counted = b""
    if several.kind == "D":
        # A counted text is padded to the width of its variables.
        value = several.counted.encode("utf-8").ljust(max(fields[column].width for column in several.columns))
        counted = b"%d %s" % (len(value), value)
    kind = several.kind.encode("ascii")
    return b"$%s=%s%s %d %s %s\n" % (several.name.encode("utf-8"), kind, counted, len(label), label, columns)


def _moved(body: bytes, by: int, order: str) -> bytes:
    """The rest of a zlib-compressed file, its absolute offsets moved by `by` bytes."""
    changed = bytearray(body)
    start = 8  # the closing record of the dictionary: its type and a filler
    header, trailer, length = struct.unpack(f"{order}3q", changed[start : start + 24])
    struct.pack_into(f"{order}3q", changed, start, header + by, trailer + by, length)
    place = trailer - header + start
    _, _, _, blocks = struct.unpack(f"{order}2q2i", changed[place : place + 24])
    for block in range(blocks):
        entry = place + 24 + 24 * block
        uncompressed, compressed = struct.unpack(f"{order}2q", changed[entry : entry + 16])
        struct.pack_into(f"{order}2q", changed, entry, uncompressed + by, compressed + by)
    return bytes(changed)

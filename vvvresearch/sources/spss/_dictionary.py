"""The dictionary of an SPSS system file (.sav, .zsav): variables, labels, missing values, sets, weight.

Read here and not by a library, since the usual one ends the whole process on some damaged files. The layout follows
the description that the PSPP project publishes of the system file format.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from vvvresearch.errors import SourceError
from vvvresearch.evidence import MultipleResponseSet

HEADER = 176
EXTENSION = 7
_VARIABLE, _LABELS, _DOCUMENT, _END = 2, 3, 6, 999
_MOST_VARIABLES = 100_000
_SEGMENT = 252
_CODE_PAGES = {2: "ascii", 3: "cp1252", 1252: "cp1252", 65001: "utf-8", 28591: "latin-1", 28605: "iso8859-15"}
_NOT_KEPT = {5: "variable sets", 17: "attributes of the file"}
_AGAIN = "export or copy the file again"


@dataclass
class Field:
    """One variable: where its eight-byte pieces stand in a row, and what the dictionary says about it.

    `width` is 0 for numbers, else bytes of text; `code` the print format as the file writes it; `ranges` raw missing
    values as (low, high).
    """

    short: bytes
    width: int
    position: int
    label: bytes = b""
    code: int = 0
    ranges: list[tuple[bytes, bytes]] = field(default_factory=list)
    labels: dict[bytes, bytes] = field(default_factory=dict)
    name: str = ""
    measure: int = 0
    shown: int = 0
    segments: int = 1


@dataclass
class Dictionary:
    """What stands before the data of a system file.

    Args:
        order: "<" or ">", how the file writes its numbers.
        compression: 0 none, 1 by bytes, 2 zlib.
        cases: number of rows, -1 where the file does not know.
        bias: what compressed numbers are moved by.
        fields: the variables, in order.
        pieces: eight-byte pieces of one row.
        weight: name of the weight variable, "" for none.
        sets: multiple-response sets by name without `$`.
        codec: the encoding of its texts.
        end: where the closing record of the dictionary starts.
        documents: the number of document lines.
        left_out: other things that the file holds and the model does not → what they say.
    """

    order: str
    compression: int
    cases: int
    bias: float
    codec: str = "utf-8"
    fields: list[Field] = field(default_factory=list)
    pieces: int = 0
    weight: str = ""
    sets: dict[str, MultipleResponseSet] = field(default_factory=dict)
    end: int = 0
    documents: int = 0
    left_out: dict[str, str] = field(default_factory=dict)

    def words(self, data: bytes, where: object) -> str:
        """A text of the file, blanks at its end taken away; a last letter that was cut in two is shown as �.

        Raises:
            SourceError: it is not in the file's encoding.
        """
        data = data.rstrip(b" \0")
        try:
            return data.decode(self.codec)
        except UnicodeDecodeError as problem:
            if problem.reason == "unexpected end of data":
                return data.decode(self.codec, "replace")
            raise SourceError(
                f"the SPSS file is not in the encoding that it states ({self.codec})",
                where=where,
                why=f"{data[:40]!r} cannot be read so",
                todo='say which it is, for example read_survey(path, encoding="cp1252")',
            ) from None


class _Cursor:
    """Reads numbers and bytes; past the end of the file is one clear error."""

    def __init__(self, data: bytes, order: str, where: object) -> None:
        self.data, self.order, self.where, self.place = data, order, where, 0

    def take(self, count: int) -> bytes:
        if count < 0 or self.place + count > len(self.data):
            why = f"{count} more bytes are announced than the file has" if count >= 0 else "a negative length is announced"
            raise SourceError("the SPSS file is cut off or damaged", where=f"{self.where}, byte {self.place}", why=why, todo=_AGAIN)
        found = self.data[self.place : self.place + count]
        self.place += count
        return found

    def number(self) -> int:
        return int(struct.unpack(f"{self.order}i", self.take(4))[0])

    def counted(self) -> bytes:
        return self.take(self.number())

    def damaged(self, why: str) -> SourceError:
        return SourceError("the SPSS file is damaged", where=f"{self.where}, byte {self.place}", why=why, todo=_AGAIN)


def read_dictionary(data: bytes, where: object, *, encoding: str | None = None) -> Dictionary:
    """Read a system file's dictionary.

    Args:
        data: the file.
        where: its path, for errors.
        encoding: of its texts, where the file states a wrong one.

    Raises:
        SourceError: not a system file, cut off, damaged, in another encoding, or a variable name stands twice.
    """
    if data[:4] not in (b"$FL2", b"$FL3") or len(data) < HEADER:
        raise SourceError(
            "this is not an SPSS system file", where=where, why="it does not start as one", todo="check the file's name and origin"
        )
    order = "<" if struct.unpack("<i", data[64:68])[0] in (2, 3) else ">"
    layout, _, compression, weight, cases, bias = struct.unpack(f"{order}5id", data[64:92])
    if layout not in (2, 3) or compression not in (0, 1, 2) or cases < -1 or weight < 0 or not abs(bias) < 1e9:
        raise SourceError("the header of the SPSS file is damaged", where=where, todo=_AGAIN)
    found = Dictionary(order, compression, cases, bias)
    cursor = _Cursor(data, order, where)
    cursor.place = HEADER
    records: dict[int, bytes] = {}
    while True:
        found.end = cursor.place
        kind = cursor.number()
        if kind == _VARIABLE:
            _variable(cursor, found)
        elif kind == _LABELS:
            _labels(cursor, found)
        elif kind == _DOCUMENT:
            found.documents = cursor.number()
            cursor.take(80 * found.documents)
        elif kind == EXTENSION:
            subtype, size, count = cursor.number(), cursor.number(), cursor.number()
            if size < 0 or count < 0:
                raise cursor.damaged("an extension record has a negative size")
            records[subtype] = records.get(subtype, b"") + cursor.take(size * count)
        elif kind == _END:
            break
        else:
            raise cursor.damaged(f"there is no record of type {kind}")
    if not found.fields:
        raise SourceError("the SPSS file has no variables", where=where)
    _finish(found, records, encoding, weight, where)
    return found


def _variable(cursor: _Cursor, found: Dictionary) -> None:
    width, labelled, missing, code = cursor.number(), cursor.number(), cursor.number(), cursor.number()
    cursor.take(4)
    short = cursor.take(8).rstrip(b" \0")
    if labelled not in (0, 1) or missing not in (-3, -2, 0, 1, 2, 3) or not -1 <= width <= 255:
        raise cursor.damaged("a variable record makes no sense")
    label = b""
    if labelled:
        length = cursor.number()
        label = cursor.take((length + 3) // 4 * 4)[:length]
    values = [cursor.take(8) for _ in range(abs(missing))]
    found.pieces += 1
    if width == -1:
        return
    if not short:
        raise cursor.damaged("a variable has no name")
    if len(found.fields) >= _MOST_VARIABLES:
        raise cursor.damaged("too many variables are announced")
    ranges = [(values[0], values[1]), *((value, value) for value in values[2:])] if missing < 0 else [(value, value) for value in values]
    found.fields.append(Field(short, width, found.pieces, label, code, ranges))


def _labels(cursor: _Cursor, found: Dictionary) -> None:
    labels = {}
    for _ in range(cursor.number()):
        value = cursor.take(8)
        length = cursor.take(1)[0]
        labels[value] = cursor.take((length + 8) // 8 * 8 - 1)[:length]
    if cursor.number() != _LABELS + 1:
        raise cursor.damaged("value labels stand without their variables")
    places = {one.position: one for one in found.fields}
    for _ in range(cursor.number()):
        position = cursor.number()
        if position not in places:
            raise cursor.damaged("value labels belong to a variable that is not there")
        places[position].labels |= labels


def _finish(found: Dictionary, records: Mapping[int, bytes], encoding: str | None, weight: int, where: object) -> None:
    stated = records.get(20, b"").decode("ascii", "replace").strip("\0 ")
    page = struct.unpack(f"{found.order}i", records[3][28:32])[0] if len(records.get(3, b"")) >= 32 else 0
    found.codec = _codec(encoding or stated or _CODE_PAGES.get(page, "") or "utf-8", where)
    shorts: dict[str, Field] = {}
    for one in found.fields:
        one.name = found.words(one.short, where).lower()
        if one.name in shorts:
            raise _twice(one.name.upper(), where)
        shorts[one.name] = one
    _display(found, records.get(11, b""))
    _join_segments(found, shorts, records.get(14, b""), where)
    for entry in found.words(records.get(13, b""), where).split("\t"):
        short, _, name = entry.partition("=")
        if short.lower() in shorts and name:
            shorts[short.lower()].name = name
    seen: set[str] = set()
    for one in found.fields:
        if one.name.casefold() in seen:
            raise _twice(one.name, where)
        seen.add(one.name.casefold())
    if weight:
        heavy = next((one for one in found.fields if one.position == weight and not one.width), None)
        if heavy is None:
            raise SourceError("the SPSS file names a weight variable that it does not hold", where=where, todo=_AGAIN)
        found.weight = heavy.name
    names = {short: one.name for short, one in shorts.items()}
    for subtype in (7, 19):
        for several in parse_sets(records.get(subtype, b""), names, where, found.codec):
            found.sets[several.name] = several
    _long_texts(found, records, where)
    attributes = found.words(records.get(18, b""), where)
    # Every variable has a role in newer programs; "input" (0) is what they write where nobody chose one.
    chosen = [part for part in attributes.replace("$@Role('0'\n)", "").split("/") if part.partition(":")[2].strip()]
    told = {"attributes of variables": "; ".join(chosen)}
    told |= {name: found.words(records.get(subtype, b""), where) for subtype, name in _NOT_KEPT.items()}
    found.left_out = {name: " ".join(text.split())[:200] for name, text in told.items() if text.strip()}


def _twice(name: str, where: object) -> SourceError:
    todo = "rename it in the program that wrote the file, and export again"
    return SourceError(f"the variable name {name!r} stands twice", where=where, why="one of its columns would be lost", todo=todo)


def _codec(encoding: str, where: object) -> str:
    try:
        return codecs.lookup(encoding).name
    except (LookupError, ValueError):
        raise SourceError(
            f"the encoding {encoding!r} of the SPSS file is not known",
            where=where,
            todo='say which it is: read_survey(path, encoding="cp1252")',
        ) from None


def _display(found: Dictionary, record: bytes) -> None:
    numbers = struct.unpack(f"{found.order}{len(record) // 4}i", record[: len(record) // 4 * 4])
    each = len(numbers) // len(found.fields)
    if each not in (2, 3) or len(numbers) % len(found.fields):
        return
    for place, one in enumerate(found.fields):
        one.measure = numbers[place * each]
        one.shown = numbers[place * each + 1] if each == 3 else 0


def _join_segments(found: Dictionary, shorts: dict[str, Field], record: bytes, where: object) -> None:
    """A text longer than 255 bytes is stored in several variables; only the first is one for the reader."""
    for entry in found.words(record, where).split("\t"):
        short, _, length = entry.strip("\0").partition("=")
        one, length = shorts.get(short.lower()), length.strip("\0 ")
        if one is None or not length.isdigit() or int(length) <= 255:
            continue
        one.width, one.segments = int(length), -(-int(length) // _SEGMENT)
        first = found.fields.index(one)
        rest = found.fields[first + 1 : first + one.segments]
        if len(rest) != one.segments - 1 or any(not segment.width for segment in rest):
            raise SourceError("the SPSS file is damaged", where=where, why=f"a part of the long text {short} is missing", todo=_AGAIN)
        del found.fields[first + 1 : first + one.segments]


def _long_texts(found: Dictionary, records: Mapping[int, bytes], where: object) -> None:
    """Labels and missing values of texts longer than eight bytes."""
    names = {one.name: one for one in found.fields if one.width}
    cursor = _Cursor(records.get(21, b""), found.order, where)
    while cursor.place < len(cursor.data):
        one = names.get(found.words(cursor.counted(), where))
        cursor.number()
        for _ in range(cursor.number()):
            value, label = cursor.counted(), cursor.counted()
            if one is not None:
                one.labels[value] = label
    cursor = _Cursor(records.get(22, b""), found.order, where)
    while cursor.place < len(cursor.data):
        one = names.get(found.words(cursor.counted(), where))
        count, length = cursor.take(1)[0], cursor.number()
        values = [cursor.take(length) for _ in range(count)]
        if one is not None:
            one.ranges = [(value, value) for value in values]


def parse_sets(lines: bytes, names: Mapping[str, str], where: object, codec: str = "utf-8") -> list[MultipleResponseSet]:
    """The multiple-response sets of an extension record of subtype 7 or 19, one a line; lengths count bytes.

    Example:
        >>> parse_sets(b"$who=D1 1 3 Who a b", {"a": "A", "b": "B"}, "")
        [MultipleResponseSet(name='who', label='Who', columns=('A', 'B'), kind='D', counted='1')]
    """
    found = []
    for line in lines.strip(b"\0").split(b"\n"):
        if not line.startswith(b"$") or b"=" not in line:
            continue
        name, _, rest = line[1:].partition(b"=")
        try:
            found.append(_parse_set(name.decode(codec), rest, names, codec))
        except (ValueError, IndexError):
            raise SourceError(f"the multiple-response set {name!r} of the SPSS file cannot be read", where=where) from None
    return found


def _parse_set(name: str, rest: bytes, names: Mapping[str, str], codec: str) -> MultipleResponseSet:
    kind, rest = rest[:1].decode("ascii"), rest[1:]
    if kind not in ("C", "D", "E"):
        raise ValueError(kind)
    if kind == "E":
        _, _, rest = rest.lstrip(b" ").partition(b" ")
    counted = b""
    if kind != "C":
        counted, rest = _counted(rest)
    label, rest = _counted(rest.lstrip(b" "))
    columns = tuple(names.get(short.lower(), short) for short in rest.decode(codec).split())
    value = counted.decode(codec).strip()
    return MultipleResponseSet(name, label.decode(codec), columns, "C" if kind == "C" else "D", value)


def _counted(rest: bytes) -> tuple[bytes, bytes]:
    digits, _, rest = rest.partition(b" ")
    length = int(digits)
    if length < 0 or length > len(rest):
        raise ValueError(length)
    return rest[:length], rest[length:].removeprefix(b" ")


DATES = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "QYR", "MOYR", "WKYR")
MOMENTS = ("DATETIME", "YMDHMS")
TIMES = ("TIME", "DTIME", "MTIME")
_CODES = (*range(1, 13), 15, 16, 17, *range(20, 42))
_NAMES = (
    "A AHEX COMMA DOLLAR F IB PIBHEX P PIB PK RB RBHEX Z N E DATE TIME DATETIME ADATE JDATE DTIME WKDAY MONTH MOYR QYR WKYR PCT DOT "
    "CCA CCB CCC CCD CCE EDATE SDATE MTIME YMDHMS"
)
_FORMATS = dict(zip(_CODES, _NAMES.split(), strict=True))
_WITHOUT_DECIMALS = {"A", "AHEX", "WKDAY", "MONTH", *DATES, *MOMENTS, *TIMES}


def format_of(code: int, width: int, decimals: int, text_width: int = 0) -> str:
    """A print format as SPSS shows it; `text_width` is that of a text variable, 0 for numbers.

    Example:
        >>> format_of(5, 8, 2), format_of(1, 8, 0, text_width=300)
        ('F8.2', 'A300')
    """
    letters = _FORMATS.get(code, "A" if text_width else "F")
    shown = text_width if letters == "A" else width
    return f"{letters}{shown}" + (f".{decimals}" if decimals or letters not in _WITHOUT_DECIMALS else "")

"""SPSS portable files (.por): lines of eighty characters, numbers to the base thirty.

Read here and not by a library, since the usual one drops user-missing values without a word, knows no encoding but one and
ends the whole process on some damaged files. The layout follows the description that the PSPP project publishes.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import MultipleResponseSet, Variable, code_text
from vvvresearch.sources.spss._dictionary import format_of

if TYPE_CHECKING:
    import pandas as pd

Raw: TypeAlias = "tuple[dict[str, pd.Series[Any]], dict[str, Variable], dict[str, MultipleResponseSet], str, dict[str, str]]"
_LINE, _SPLASH, _TABLE, _TAG = 80, 200, 256, b"SPSSPORT"
_BASE = 30
# Where the characters stand in the table of the file: digits, capitals, small letters, space and signs.
_FIRST = 64
_CHARACTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz ."
_NUMBER = re.compile(rb" *(?:\*\.|(-?)([0-9A-T]*)(?:\.([0-9A-T]*))?(?:([+-])([0-9A-T]+))?/)")
# "Lowest" and "highest" are written as the largest numbers, rounded.
_LARGEST = 1.79e308
_MOST_DIGITS = 60
_MOST_EXPONENT = 250
_MOST_VARIABLES = 100_000
_PRODUCTS = b"123"


@dataclass
class _Field:
    """A variable as the file describes it; ranges are (low, high), both included."""

    name: str
    width: int
    format: str
    label: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    ranges: list[tuple[float | str, float | str]] = field(default_factory=list)


@dataclass
class _Reader:
    """The characters of a file and how far they are read."""

    data: bytes
    where: object
    codec: str
    place: int = 0

    def damaged(self, why: str) -> SourceError:
        return SourceError(
            "the SPSS portable file is damaged, cut off or none", where=self.where, why=why, todo="export or copy the file again"
        )

    def tag(self) -> bytes:
        if self.place >= len(self.data):
            raise self.damaged("it ends before its end mark")
        self.place += 1
        return self.data[self.place - 1 : self.place]

    def number(self) -> float:
        """The next number, NaN for the system-missing value; one that is too large is infinite."""
        found = _NUMBER.match(self.data, self.place)
        if found is None:
            raise self.damaged(f"no number stands at character {self.place}")
        self.place = found.end()
        sign, whole, fraction, direction, power = found.groups()
        if whole is None:
            return math.nan
        digits = whole + (fraction or b"")
        exponent = int(power or b"0", _BASE) * (-1 if direction == b"-" else 1) - len(fraction or b"")
        if not digits or len(digits) > _MOST_DIGITS or abs(exponent) > _MOST_EXPONENT:
            raise self.damaged(f"the number before character {self.place} makes no sense")
        value = Fraction(int(digits, _BASE)) * Fraction(_BASE) ** exponent
        size = math.inf if value > _LARGEST else float(value)
        return -size if sign else size

    def whole(self) -> int:
        value = self.number()
        if not (value == int(value) if math.isfinite(value) else False) or not 0 <= value < 1 << 31:
            raise self.damaged(f"no whole number stands before character {self.place}")
        return int(value)

    def text(self) -> str:
        length = self.whole()
        if self.place + length > len(self.data):
            raise self.damaged("a text is longer than the file")
        self.place += length
        return self.data[self.place - length : self.place].rstrip(b" ").decode(self.codec, "replace")

    def value(self, one: _Field) -> float | str:
        return self.text() if one.width else self.number()


def read_portable(path: Path) -> Raw:
    """Columns, variables, no sets, the weight's name and what is left out of a portable file.

    Raises:
        SourceError: not a portable file, cut off or damaged.
    """
    import pandas as pd

    reader = _opened(files.read_bytes(path), path)
    fields, weight, left_out = _described(reader)
    if not fields:
        raise SourceError("the SPSS file has no variables", where=path)
    values: dict[str, list[Any]] = {one.name: [] for one in fields}
    while reader.data[reader.place : reader.place + 1] != b"Z":
        if reader.place >= len(reader.data):
            raise reader.damaged("it ends before its end mark")
        for one in fields:
            value = reader.value(one)
            if value in (math.inf, -math.inf):
                raise reader.damaged(f"a number of {one.name} is too large")
            values[one.name].append(value)
    if reader.data[reader.place :].strip(b"Z \x1a"):
        raise reader.damaged("something follows its end mark")
    columns = {one.name: pd.Series(values[one.name], dtype=object if one.width else float) for one in fields}
    variables = {
        one.name: Variable(one.name, one.label, one.labels, one.format, "unknown", tuple(dict.fromkeys(one.ranges))) for one in fields
    }
    return columns, variables, {}, weight, left_out


def _opened(raw: bytes, where: object) -> _Reader:
    """A reader behind the header, its lines joined and its characters those of ASCII."""
    # Lines lose the spaces at their end on the way through some programs.
    data = b"".join(line.ljust(_LINE) for line in raw.replace(b"\r\n", b"\n").split(b"\n")) if b"\n" in raw else raw
    table = data[_SPLASH : _SPLASH + _TABLE]
    known = dict(zip(table[_FIRST : _FIRST + len(_CHARACTERS)], _CHARACTERS, strict=False))
    if any(own != standard for own, standard in known.items()):
        data = data[: _SPLASH + _TABLE] + bytes(known.get(one, one) for one in data[_SPLASH + _TABLE :])
    body = data[_SPLASH + _TABLE :]
    if not body.startswith(_TAG):
        raise SourceError(
            "this is not an SPSS portable file", where=where, why="it does not start as one", todo="check the file's name and origin"
        )
    try:
        body.decode("utf-8")
        codec = "utf-8"
    except UnicodeDecodeError:
        codec = "cp1252"
    reader = _Reader(body, where, codec, len(_TAG))
    reader.tag()
    for _ in ("date", "time"):
        reader.text()
    return reader


def _described(reader: _Reader) -> tuple[list[_Field], str, dict[str, str]]:
    """The variables, the weight and what is left out; the reader stands at the first row then."""
    fields: dict[str, _Field] = {}
    weight, left_out = "", {}
    announced: int | None = None
    while (tag := reader.tag()) != b"F":
        if tag in _PRODUCTS:
            reader.text()
        elif tag == b"4":
            announced = reader.whole()
        elif tag == b"5":
            reader.whole()
        elif tag == b"6":
            weight = reader.text()
        elif tag == b"7":
            one = _variable(reader)
            if one.name in fields or len(fields) >= _MOST_VARIABLES:
                raise reader.damaged(f"the variable {one.name} stands twice" if one.name in fields else "it names too many variables")
            fields[one.name] = one
        elif tag == b"D":
            _labels(reader, fields)
        elif tag == b"E":
            lines = [reader.text() for _ in range(reader.whole())]
            left_out["document"] = f"{len(lines)} lines"
        elif tag in b"89ABC" and fields:
            _about(reader, tag, list(fields.values())[-1])
        else:
            raise reader.damaged(f"there is no record {tag.decode('latin-1')!r}")
    if announced is not None and announced != len(fields):
        raise reader.damaged(f"{announced} variables are announced, {len(fields)} are there")
    if weight and weight not in fields:
        raise reader.damaged("it names a weight variable that it does not hold")
    return list(fields.values()), weight, left_out


def _variable(reader: _Reader) -> _Field:
    width, name = reader.whole(), reader.text()
    code, shown, decimals = reader.whole(), reader.whole(), reader.whole()
    for _ in range(3):
        reader.whole()
    if not name or width > 32_767:
        raise reader.damaged("a variable record makes no sense")
    return _Field(name, width, format_of(code, shown, decimals, width))


def _labels(reader: _Reader, fields: dict[str, _Field]) -> None:
    names = [reader.text() for _ in range(reader.whole())]
    if not names or any(name not in fields for name in names):
        raise reader.damaged("value labels belong to a variable that is not there")
    first = fields[names[0]]
    labels = {}
    for _ in range(reader.whole()):
        code = code_text(reader.value(first))
        labels[code] = reader.text()
    for name in names:
        fields[name].labels |= labels


def _about(reader: _Reader, tag: bytes, one: _Field) -> None:
    """A label, or a user-missing value or range, of the variable before."""
    if tag == b"C":
        one.label = reader.text()
        return
    low = reader.value(one)
    high: float | str = low
    if tag == b"9":
        low = -math.inf
    elif tag == b"A":
        high = math.inf
    elif tag == b"B":
        high = reader.value(one)
    one.ranges.append((low, high))

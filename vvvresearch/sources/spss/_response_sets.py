"""Multiple-response sets as an extension record of a system file lists them.

The layout follows the description that the PSPP project publishes of the system file format.
"""

from __future__ import annotations

from collections.abc import Mapping

from vvvresearch.errors import SourceError
from vvvresearch.evidence import MultipleResponseSet


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

"""The text and the metadata of a PDF, read with the standard library: enough to look for identifiers in it, and no more.

Objects are found by their marks, streams are unpacked, and each font's map to Unicode says what its codes mean (ISO 32000-1, 7.3, 7.5.7
and 9.10). Layout is not rebuilt: a move of the text position becomes a space, a new line a line end.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator, Mapping

from vvvresearch.errors import SourceError

_OBJECT = re.compile(rb"(?<!\d)(\d+)\s+(\d+)\s+obj\b")
_STREAM = re.compile(rb"stream\r?\n")
# Pictures and the programs of fonts.
_NO_TEXT = (b"/Image", b"/CIDFontType0C", b"/Type1C", b"/OpenType", b"/Length1")
_UNPACKED = 256 * 1024 * 1024
_META = re.compile(rb"/(Title|Author|Subject|Keywords|Creator|Producer|Contents|Alt|ActualText|URI|F|UF|T|TU|V)\s*(?=[(<])")
_TOKEN = re.compile(
    rb"\((?:\\.|[^\\()]|\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\))*\)|<[0-9A-Fa-f\s]*>|\[|\]|/[^\s/\[\]<>()]+"
    rb"|[-+]?\d*\.?\d+|[A-Za-z'\"*]+",
    re.S,
)
_MAPPED = re.compile(rb"beginbf(char|range)(.*?)endbf", re.S)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[|\])")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\x08", b"f": b"\x0c", b"\n": b""}
# A word that goes on in the next line; some programs write its hyphen as a line of its own.
_PARTED = re.compile(r"\n?\u00ad\s*|(?<=[^\W\d_])\n-\n(?=[a-zæøå])")
# In the description of a document: its elements, and languages as programs name them.
_ELEMENT = re.compile(r"</?[\w.:-]+>?|\b[a-z]{2}-[A-Z]{2}\b")
# What programs know a document by, drawn by chance: a run of signs without a space, in which any name can turn up.
_DRAWN = re.compile(r"(?<=[Dd]ocumentID>|[Ii]nstanceID>)[\w+/=:.-]{20,}(?=</)")
_FAR = 200  # thousandths of an em: a larger step backwards in a line of glyphs is a space


def pdf_texts(data: bytes, where: object) -> Iterator[tuple[str, str]]:
    """The texts of a PDF.

    Args:
        data: the file.
        where: its name, for messages.

    Yields:
        (place, text): "page text 1" … for every stream of content, "details" for titles, authors, notes, links and texts read aloud.

    Raises:
        SourceError: not a PDF, locked with a password, or with text that no map turns into letters.
    """
    if b"%PDF-" not in data[:1024]:
        raise SourceError("this is not a PDF", where=where)
    if b"%%EOF" not in data[-1024:]:
        raise SourceError("the PDF is cut off", where=where, why="its end mark is missing", todo="save or fetch it again")
    if re.search(rb"/Encrypt\s+\d+\s+\d+\s+R", data):
        raise SourceError("the PDF is locked with a password", where=where, todo="save it without one")
    bodies, streams = _objects(data, where)
    fonts = _fonts(bodies, streams)
    named = _fonts_of_streams(bodies, fonts)
    details = [_decoded(_literal(token[0])) for body in bodies.values() for token in _details(body)]
    described = [stream for number, stream in streams.items() if b"/XML" in bodies.get(number, b"")[:400]]
    details += [_ELEMENT.sub("", _DRAWN.sub("", stream.decode("utf-8", "replace"))) for stream in described]
    yield "details", "\n".join(details)
    count = 0
    for number, content in streams.items():
        # A program of a font may hold the same letters by chance: only what a page or form shows is text.
        if number in named and b" Tf" in content:
            count += 1
            yield f"page text {count}", _shown(content, named[number], fonts)


def is_tagged(data: bytes, where: object) -> bool:
    """Whether a PDF tells programs that read aloud what its parts are: it has a tree of structure and says that it is marked.

    Args:
        data: the file.
        where: its name, for messages.

    Raises:
        SourceError: no PDF whose objects can be read.
    """
    bodies = list(_objects(data, where)[0].values())
    return any(b"/StructTreeRoot" in body for body in bodies) and any(re.search(rb"/Marked\s+true", body) for body in bodies)


def _objects(data: bytes, where: object) -> tuple[dict[int, bytes], dict[int, bytes]]:
    """The dictionaries and the unpacked streams of a file, by number of their object; those inside object streams too."""
    bodies: dict[int, bytes] = {}
    streams: dict[int, bytes] = {}
    total = 0
    for match in _OBJECT.finditer(data):
        number, start = int(match[1]), match.end()
        stop = data.find(b"endobj", start)
        body = data[start : stop if stop >= 0 else len(data)]
        if (opening := _STREAM.search(body)) is None:
            bodies[number] = body
            continue
        bodies[number] = body[: opening.start()]
        # A stream may hold the word "endobj", so its end is looked for in the file.
        first = start + opening.end()
        last = data.find(b"endstream", first)
        packed = data[first : last if last >= 0 else len(data)]
        if any(mark in bodies[number] for mark in _NO_TEXT):
            continue
        unpacked = _unpacked(packed, bodies[number], _UNPACKED - total, where)
        total += len(unpacked)
        if total >= _UNPACKED:
            raise SourceError("the PDF unpacks to too much", where=where, why=f"at most {_UNPACKED:,} bytes are read")
        streams[number] = unpacked
    for number in [one for one, head in bodies.items() if b"/ObjStm" in head and one in streams]:
        content, head = streams.pop(number), bodies[number]
        stated = re.search(rb"/First\s+(\d+)", head)
        offset = int(stated[1]) if stated else 0
        pairs = [int(part) for part in content[:offset].split() if part.isdigit()]
        places = [*pairs[1::2], len(content) - offset]
        for one, begin, end in zip(pairs[::2], places, places[1:], strict=False):
            bodies.setdefault(one, content[offset + begin : offset + end])
    return bodies, streams


def _unpacked(packed: bytes, head: bytes, most: int, where: object) -> bytes:
    """A stream as it was before it was packed; a damaged one may hide what stood in it."""
    try:
        if b"/ASCII85Decode" in head or b"/A85" in head:
            packed = base64.a85decode(packed.strip().removeprefix(b"<~").removesuffix(b"~>"))
        if b"/FlateDecode" not in head and b"/Fl" not in head:
            return b"" if b"/Filter" in head and b"85" not in head else packed.rstrip(b"\r\n")
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(packed, max(most, 1))
    except (zlib.error, ValueError) as problem:
        raise SourceError("a part of the PDF is damaged", where=where, why=str(problem), todo="save or fetch it again") from None
    if not unpacking.eof and len(data) < most:
        raise SourceError("a part of the PDF is damaged", where=where, why="its packed text breaks off", todo="save or fetch it again")
    return data


def _details(body: bytes) -> Iterator[re.Match[bytes]]:
    for match in _META.finditer(body):
        token = _TOKEN.match(body, match.end())
        if token is not None:
            yield token


def _literal(token: bytes) -> bytes:
    """The bytes of a string in round or pointed brackets."""
    if token.startswith(b"<"):
        digits = re.sub(rb"\s", b"", token[1:-1])
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))

    def plain(match: re.Match[bytes]) -> bytes:
        part = match[1]
        return bytes([int(part, 8) & 255]) if part[:1].isdigit() else _ESCAPED.get(part, part)

    inner = re.sub(rb"(?<!\\)\r\n?", b"\n", token[1:-1])
    return re.sub(rb"\\([0-7]{1,3}|.)", plain, inner, flags=re.S)


def _decoded(raw: bytes) -> str:
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    return raw.decode("utf-8", "replace") if raw.startswith(b"\xef\xbb\xbf") else raw.decode("cp1252", "replace")


def _fonts(bodies: Mapping[int, bytes], streams: Mapping[int, bytes]) -> dict[int, tuple[int, dict[int, str]]]:
    """For every font its bytes a code and what its codes mean; a font without a map is read as one byte a letter."""
    found = {}
    for number, body in bodies.items():
        if b"/Font" not in body or b"/Subtype" not in body:
            continue
        link = re.search(rb"/ToUnicode\s+(\d+)\s+\d+\s+R", body)
        width = 2 if b"/Type0" in body else 1
        found[number] = (width, _map(streams.get(int(link[1]), b"")) if link else {})
    return found


def _map(text: bytes) -> dict[int, str]:
    meaning: dict[int, str] = {}
    for kind, inner in _MAPPED.findall(text):
        parts = [bracket or bytes.fromhex(re.sub(rb"\s", b"", digits).decode("ascii")) for digits, bracket in _HEX.findall(inner)]
        if kind == b"char":
            meaning |= {int.from_bytes(code): to.decode("utf-16-be", "replace") for code, to in zip(parts[::2], parts[1::2], strict=False)}
            continue
        place = 0
        while place + 2 < len(parts):
            low, high = int.from_bytes(parts[place]), int.from_bytes(parts[place + 1])
            high = min(high, low + 65535)
            if parts[place + 2] == b"[":
                place += 3
                while place < len(parts) and parts[place] != b"]":
                    meaning[low] = parts[place].decode("utf-16-be", "replace")
                    low, place = low + 1, place + 1
                place += 1
                continue
            first = parts[place + 2].decode("utf-16-be", "replace")
            for step in range(high - low + 1):
                meaning[low + step] = first[:-1] + chr(ord(first[-1:] or "\0") + step)
            place += 3
    return meaning


def _fonts_of_streams(bodies: Mapping[int, bytes], fonts: Mapping[int, object]) -> dict[int, dict[bytes, int]]:
    """For every stream of content the fonts that its names stand for: those of its page, or of the form that it is."""
    found: dict[int, dict[bytes, int]] = {}
    for number, body in bodies.items():
        if b"/Page" not in body and b"/Form" not in body and b"/Pattern" not in body:
            continue
        named = _named(_entry(_entry(body, b"Resources", bodies), b"Font", bodies), fonts)
        contents = re.search(rb"/Contents\s*(\[[^\]]*\]|\d+\s+\d+\s+R)", body)
        for one in re.findall(rb"(\d+)\s+\d+\s+R", contents[1]) if contents else [b"%d" % number]:
            found.setdefault(int(one), {}).update(named)
    return found


def _named(body: bytes, fonts: Mapping[int, object]) -> dict[bytes, int]:
    pairs = re.findall(rb"/([^\s/\[\]<>()]+)\s+(\d+)\s+\d+\s+R", body)
    return {b"/" + name: int(number) for name, number in pairs if int(number) in fonts}


def _entry(body: bytes, name: bytes, bodies: Mapping[int, bytes]) -> bytes:
    """The dictionary below a name, written there or named by its number."""
    found = re.search(rb"/" + name + rb"\s*(?:(\d+)\s+\d+\s+R|(<<))", body)
    if found is None:
        return b""
    if found[1]:
        return bodies.get(int(found[1]), b"")
    depth = 0
    for mark in re.finditer(rb"<<|>>", body[found.start(2) :]):
        depth += 1 if mark[0] == b"<<" else -1
        if not depth:
            return body[found.start(2) : found.start(2) + mark.end()]
    return body[found.start(2) :]


def _shown(content: bytes, named: Mapping[bytes, int], fonts: Mapping[int, tuple[int, dict[int, str]]]) -> str:
    out: list[str] = []
    stack: list[bytes] = []
    font = -1
    for match in _TOKEN.finditer(content):
        token = match[0]
        if token[:1] in b"(<[]/+-.0123456789":
            stack.append(token)
            continue
        if token == b"Tf" and len(stack) >= 2:
            font = named.get(stack[-2], -1)
        elif token in (b"Tj", b"TJ", b"'", b'"'):
            out.append(" " * (token in (b"'", b'"')))
            for part in stack:
                if part[:1] in b"(<":
                    out.append(_meant(part, font, fonts))
                elif token == b"TJ" and part[:1] in b"-" and part[1:2].isdigit() and abs(float(part)) > _FAR:
                    out.append(" ")
        elif token in (b"Td", b"TD", b"T*"):
            still = token == b"Td" and len(stack) >= 1 and stack[-1] in (b"0", b"0.0")
            out.append(" " if still else "\n")
        elif token in (b"Tm", b"BT", b"ET"):
            out.append("\n" if token == b"Tm" and len(stack) >= 6 and _moved(out) else "")
        stack.clear()
    # A word parted at a line's end is one word.
    return re.sub(r"[ \t]+", " ", _PARTED.sub("", "".join(out)))


def _moved(out: list[str]) -> bool:
    return bool(out) and not out[-1].endswith("\n")


def _meant(token: bytes, font: int, fonts: Mapping[int, tuple[int, dict[int, str]]]) -> str:
    raw = _literal(token)
    width, meaning = fonts.get(font, (1, {}))
    if not meaning:
        return raw.decode("cp1252", "replace") if width == 1 else ""
    return "".join(meaning.get(int.from_bytes(raw[place : place + width]), "") for place in range(0, len(raw), width))

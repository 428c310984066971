"""A REFI-QDA project as files: the one `.qde`, its sources and what none of it may name; pieces of it as XML text, and GUIDs."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.sources.qda._draft import LossLog

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ORIGIN = "vvvresearch"
SCHEMA_PLACE = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_SCHEMES = ("internal://", "relative://", "absolute://", "file://")


@dataclass(frozen=True)
class Package:
    """A project's root element, its namespace and a way to its source files (None where one is missing)."""

    root: Element
    namespace: str
    where: str
    fetch: Callable[[str], bytes | None]
    unread: Callable[[], list[str]]

    def source_bytes(self, path: str, place: str) -> bytes | None:
        """The source file behind a path of the project, found by its base name, upper and lower case alike.

        Raises:
            SourceError: the path leads out of the project.
        """
        scheme = next((start for start in _SCHEMES if path.casefold().startswith(start)), "")
        bare = path[len(scheme) :].replace("\\", "/")
        base = PurePosixPath(bare).name
        outside = ".." in PurePosixPath(bare).parts or "\0" in bare
        # "relative:///a" keeps one slash that means nothing; "absolute:///a" means /a.
        absolute = scheme in ("absolute://", "file://") or (not scheme and (bare.startswith("/") or bare[1:2] == ":"))
        data = None if outside or not base else self.fetch(base)
        if outside or (absolute and data is None):
            raise SourceError(
                f"a source's path points out of the project: {path!r}",
                where=place,
                why="only files inside the project are read",
                todo="export the project again with its texts inside, or hand the text over with texts=",
            )
        return data


def open_package(path: str | Path) -> Package:
    """Open a `.qdpx` archive, or a bare `.qde` with its `sources` folder beside it.

    Raises:
        SourceError: not such a project, no or several `.qde`, broken XML.
    """
    place = Path(path)
    if place.suffix.casefold() == ".qde":
        root, namespace = parse(files.read_bytes(place), place)
        return Package(root, namespace, str(path), lambda base: _beside(place.parent, base), list)
    archive = files.open_archive(place)
    # Names with "._" are what macOS keeps beside a file.
    found = [name for name in archive.names if name.casefold().endswith(".qde") and not PurePosixPath(name).name.startswith("._")]
    # A project may carry another project as a source; the one nearest to the root is the project itself.
    depth = min((name.count("/") for name in found), default=0)
    found = [name for name in found if name.count("/") == depth]
    if len(found) != 1:
        raise SourceError(
            f"the project has {len(found) or 'no'} .qde file{'s' if len(found) > 1 else ''}",
            where=place,
            why="a REFI-QDA project is a zip archive with one .qde",
        )
    root, namespace = parse(archive.read(found[0]), f"{place}!{found[0]}")

    read = {found[0]}
    in_folder = {name.replace("\\", "/").casefold(): name for name in archive.names}

    def fetch(base: str) -> bytes | None:
        # The folder of the standard first, so that a file of the same name elsewhere is not taken for the source.
        name = in_folder.get(f"sources/{base.casefold()}") or archive.find(base) or archive.find(unquote(base))
        if name is None:
            return None
        read.add(name)
        return archive.read(name)

    def unread() -> list[str]:
        # What systems and programs keep beside the files of a project says nothing.
        names = (name for name in archive.names if name not in read and not name.endswith("/"))
        return [name for name in names if not PurePosixPath(name).name.startswith(".") and "__MACOSX" not in name]

    return Package(root, namespace, str(path), fetch, unread)


def _beside(folder: Path, base: str) -> bytes | None:
    wanted = base.casefold()
    for place in [folder, *sorted(entry for entry in folder.iterdir() if entry.is_dir() and entry.name.casefold() == "sources")]:
        for entry in sorted(place.iterdir()):
            if entry.name.casefold() == wanted and entry.is_file() and entry.resolve().is_relative_to(folder.resolve()):
                return files.read_bytes(entry)
    return None


def parse(data: bytes, where: object) -> tuple[Element, str]:
    """The root element with every name freed of its namespace, and the root's namespace.

    Exporters disagree about namespaces, never about names.
    """
    root = files.parse_xml(data, where)
    bare: dict[str, str] = {}
    namespace = str(root.tag)[1:].partition("}")[0] if str(root.tag).startswith("{") else ""
    for element in root.iter():
        tag = element.tag
        name = bare.get(tag)
        if name is None:
            name = bare[tag] = str(tag).rpartition("}")[2]
        element.tag = name
    return root, namespace


def local(element: Element) -> str:
    """An element's name."""
    return str(element.tag)


def children(element: Element, *names: str) -> list[Element]:
    """The children with one of these names."""
    if len(names) == 1:
        return element.findall(names[0])
    return [one for one in element if one.tag in names]


def child(element: Element, name: str) -> Element | None:
    """The first child with this name."""
    return element.find(name)


def take(element: Element, name: str) -> str:
    """An attribute, taken away: what is left of a project when it has been read is what the model does not hold."""
    return element.attrib.pop(name, "")


def take_all(elements: Iterable[Element], name: str) -> list[str]:
    """An attribute of each of many elements, taken away."""
    return [one.attrib.pop(name, "") for one in elements]


def take_content(element: Element, name: str) -> str:
    """The text of a child, taken away; "" where there is none."""
    found = child(element, name)
    if found is None:
        return ""
    text, found.text = found.text or "", None
    return text


def forget(element: Element) -> None:
    """Take away everything below an element that was read, counted or told as a whole."""
    element.clear()


def report_rest(element: Element, log: LossLog) -> None:
    """List every attribute and every text that was not taken: the model does not hold it."""
    for one in element.iter():
        # A large project has half a million elements, and nothing is left of nearly all of them.
        for name, value in one.attrib.items() if one.attrib else ():
            if value.strip():
                log.add(f"values of <{local(one)}> {name.rpartition('}')[2]}")
        if one.text and not one.text.isspace():
            log.add(f"texts of <{local(one)}>")
        if one.tail and not one.tail.isspace():
            log.add(f"texts after <{local(one)}>")


def guid(value: str | None) -> str:
    """A GUID in one form: capital letters, no braces.

    Example:
        >>> guid("{0d62985d-b147-5d01-a9b5-cae5dcd98342}")
        '0D62985D-B147-5D01-A9B5-CAE5DCD98342'
    """
    return (value or "").strip().strip("{}").upper()


def target(element: Element) -> str:
    """The GUID an element refers to, taken away; codebooks of some exporters call the attribute `guid`."""
    return guid(take(element, "targetGUID") or take(element, "guid"))


# XML 1.0 has no way to write these, not even escaped.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# Most texts need nothing done; one search tells.
_SPECIAL = re.compile('[\x00-\x1f\ud800-\udfff\ufffe\uffff&<>"]')

# The ampersand first: the others bring new ones.
_CONTENT = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))

_ATTRIBUTE = (*_CONTENT, ('"', "&quot;"), ("\n", "&#10;"), ("\t", "&#9;"))

_FORM = re.compile(r"[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}")

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:vvvresearch:refi-qda").bytes

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?")


def content_text(text: str) -> str:
    """Text between tags."""
    return _escaped(text, _CONTENT) if _SPECIAL.search(text) else text


def attribute_text(text: str) -> str:
    """Text between the quotation marks of an attribute."""
    return _escaped(text, _ATTRIBUTE) if _SPECIAL.search(text) else text


def _escaped(text: str, entities: Sequence[tuple[str, str]]) -> str:
    text = _IMPOSSIBLE.sub("\ufffd", text)
    for letter, entity in entities:
        if letter in text:
            text = text.replace(letter, entity)
    return text


def opening(name: str, attributes: Mapping[str, str | None], *, empty: bool = False) -> str:
    """A start tag (or an empty element); attributes that are None are left out."""
    parts = [f' {key}="{attribute_text(value)}"' for key, value in attributes.items() if value is not None]
    return f"<{name}{''.join(parts)}{'/>' if empty else '>'}"


def element_xml(name: str, text: str) -> list[str]:
    """An element with text, nothing for empty text."""
    return [f"<{name}>{content_text(text)}</{name}>\n"] if text else []


def has_impossible(text: str) -> bool:
    """Whether a text holds characters that XML cannot."""
    return _IMPOSSIBLE.search(text) is not None


def moment(date: str) -> str:
    """A date as the schema's `dateTime`; "" where it is none. A day without an hour begins at midnight.

    Example:
        >>> moment("2023-05-01"), moment("2023-05-01T10:20:30Z"), moment("in May")
        ('2023-05-01T00:00:00', '2023-05-01T10:20:30Z', '')
    """
    whole = f"{date}T00:00:00" if len(date) == 10 else date
    return whole if _MOMENT.fullmatch(whole) else ""


@dataclass
class Ids:
    """Hands out GUIDs, each only once."""

    _taken: set[str] = field(default_factory=set)

    def of(self, kind: str, name: str, wanted: str = "") -> str:
        """A GUID for one thing: `wanted` if it has the right form and is free, else one made from kind and name."""
        chosen = wanted.strip().strip("{}").upper() if wanted else ""
        number = 0
        while not chosen or chosen in self._taken or (number == 0 and not _FORM.fullmatch(chosen)):
            chosen = _made(f"{kind}\0{name}\0{number}")
            number += 1
        self._taken.add(chosen)
        return chosen

    def series(self, kind: str, name: str) -> Iterator[str]:
        """GUIDs for many things of one kind: a common beginning made from kind and name, then a running number."""
        first = _made(f"{kind}\0{name}")[:24]
        for number in count():
            chosen = f"{first}{number:012X}"
            if chosen not in self._taken:
                self._taken.add(chosen)
                yield chosen


def _made(name: str) -> str:
    """A version 5 UUID (RFC 4122, section 4.3), without an object for each of many."""
    octets = bytearray(hashlib.sha1(_SPACE + name.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()[:16])
    octets[6] = octets[6] & 0x0F | 0x50
    octets[8] = octets[8] & 0x3F | 0x80
    text = octets.hex().upper()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

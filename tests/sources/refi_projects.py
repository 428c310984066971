"""Projects built the way each exporter builds them, for tests: positions are counted here, character by character."""

from __future__ import annotations

import uuid
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

BOM = "\ufeff"
NAMESPACE = "urn:QDA-XML:project:1.0"
DANISH = (
    "Vi mødtes første gang i marts 🙂 på biblioteket.\n"
    "Hun viste mig, hvordan man kører med bus.\n\n"
    "»Jeg kunne ikke finde lægen«, sagde han – og vi lo 😂 længe.\n"
    "Nu spiser vi sammen hver tirsdag, og børnene leger i gården.\n"
)


def ident(name: str) -> str:
    """A GUID made from a name."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name)).upper()


def count(raw: str, place: int, *, bom: str = "stripped", crlf: int = 2, unit: str = "codepoint") -> int:
    """The position, as an exporter counts it, of the code point `place` of the normalised text."""
    position = 0
    body = raw
    if raw.startswith(BOM):
        body = raw[1:]
        position = 1 if bom == "kept" else 0
    seen = index = 0
    while seen < place:
        letter = body[index]
        if body[index : index + 2] == "\r\n":
            position += crlf
            index += 2
        else:
            position += 2 if unit == "utf-16" and ord(letter) > 0xFFFF else 1
            index += 1
        seen += 1
    return position


def span(text: str, passage: str) -> tuple[int, int]:
    """Where a passage stands in a text."""
    start = text.index(passage)
    return start, start + len(passage)


def coding(code: str, coder: str = "", name: str = "") -> str:
    """A `Coding` element."""
    user = f' creatingUser="{ident(coder)}"' if coder else ""
    return f'<Coding guid="{ident("coding" + code + coder + name)}"{user}><CodeRef targetGUID="{ident(code)}"/></Coding>'


def selection(start: int, end: int, inner: str, *, name: str | None = None, user: str = "", description: str | None = None) -> str:
    """A `PlainTextSelection` element."""
    attributes = f'guid="{ident(f"{start}-{end}-{inner}")}" startPosition="{start}" endPosition="{end}"'
    attributes += f" name={quoteattr(name)}" if name is not None else ""
    attributes += f' creatingUser="{ident(user)}"' if user else ""
    described = f"<Description>{escape(description)}</Description>" if description is not None else ""
    return f"<PlainTextSelection {attributes}>{described}{inner}</PlainTextSelection>"


def code(name: str, inner: str = "", *, key: str | None = None, codable: str = "true") -> str:
    """A `Code` element."""
    return f'<Code guid="{ident(key or name)}" name={quoteattr(name)} isCodable="{codable}">{inner}</Code>'


def users(*names: str) -> str:
    """A `Users` element."""
    return "<Users>" + "".join(f'<User guid="{ident(name)}" name={quoteattr(name)}/>' for name in names) + "</Users>"


def project(*parts: str, origin: str = "", namespace: str = NAMESPACE, attributes: str = "") -> str:
    """A whole `project.qde`."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="{namespace}" name="p" origin={quoteattr(origin)} {attributes}>'
        + "".join(parts)
        + "</Project>"
    )


def write(path: Path, qde: str, members: dict[str, bytes], *, qde_name: str = "project.qde") -> Path:
    """A `.qdpx`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(qde_name, qde)
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def text_source(name: str, inner: str, *, path: str = "", inline: str = "") -> str:
    """A `TextSource` element with its text by path or inside."""
    where = f" plainTextPath={quoteattr(path)}" if path else ""
    held = f"<PlainTextContent>{escape(inline)}</PlainTextContent>" if inline else ""
    return f'<TextSource guid="{ident(name)}" name={quoteattr(name)}{where}>{held}{inner}</TextSource>'


def sources(*elements: str) -> str:
    """A `Sources` element."""
    return f"<Sources>{''.join(elements)}</Sources>"

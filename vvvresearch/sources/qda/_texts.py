"""Texts handed over beside a file, and bytes of texts to be counted exactly."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import join_parts

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT = "word/document.xml"
_WRITTEN = {f"{_WORD}tab": "\t", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}noBreakHyphen": "-"}
_RUNS = {f"{_WORD}t", *_WRITTEN}


def decoded(data: bytes, where: object) -> tuple[str, str]:
    """A source text exactly as delivered, and its encoding; byte-order mark and line ends are kept, since positions may
    count them.

    Raises:
        SourceError: neither UTF-8, UTF-16 by its mark, nor cp1252; or binary.
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as problem:
        try:
            if encoding != "utf-8":
                raise
            encoding = "cp1252"
            text = data.decode(encoding)
        except UnicodeDecodeError:
            raise SourceError("the source's text is not UTF-8", where=where, why=str(problem), todo="save it as UTF-8") from None
    if "\0" in text:
        raise SourceError("the source's text is binary", where=where, why="it holds NUL characters")
    return text, encoding


def texts_of(texts: Mapping[str, str] | str | Path | None) -> dict[str, str]:
    """Texts by name: a mapping as it is, or the `.txt` and `.docx` files of a folder.

    Raises:
        SourceError: no such folder, or a file that cannot be read.
    """
    if texts is None:
        return {}
    if isinstance(texts, Mapping):
        return {str(name): str(text) for name, text in texts.items()}
    folder = Path(texts)
    if not folder.is_dir():
        raise SourceError("the folder of texts does not exist", where=folder)
    found = {}
    for entry in files.list_folder(folder, ".txt", ".docx", ".TXT", ".DOCX"):
        if entry.suffix.casefold() == ".txt":
            found[entry.name] = decoded(files.read_bytes(entry), entry)[0]
        elif entry.suffix.casefold() == ".docx" and not entry.name.startswith("~$"):
            found[entry.name] = document_text(entry)
    return found


def document_text(path: Path) -> str:
    """The text of a Word document, a line a paragraph.

    Raises:
        SourceError: no such document.
    """
    return "\n".join(map(_line, _document(path).iter(f"{_WORD}p")))


def document_tables(path: Path) -> list[list[list[str]]]:
    """The tables of a Word document, each as rows of cells; a cell of several lines is one text.

    Raises:
        SourceError: no such document.
    """
    return [
        [
            [" ".join(filter(None, (_line(part).strip() for part in cell.iter(f"{_WORD}p")))) for cell in row.iter(f"{_WORD}tc")]
            for row in table.iter(f"{_WORD}tr")
        ]
        for table in _document(path).iter(f"{_WORD}tbl")
    ]


def _document(path: Path) -> Element:
    archive = files.open_archive(path)
    if _DOCUMENT not in archive.names:
        raise SourceError("this is not a Word document", where=path, todo="save it as .docx or .txt")
    return files.parse_xml(archive.read(_DOCUMENT), path)


def _line(paragraph: Element) -> str:
    parts = (part for run in paragraph.iter(f"{_WORD}r") for part in run)
    return "".join(_WRITTEN.get(str(part.tag), part.text or "") for part in parts if part.tag in _RUNS)


def given_text(texts: Mapping[str, str], name: str) -> str | None:
    """The text for a source: by its name, else by its name without ending, upper and lower case alike, else by its number where both
    have no other name; None when several texts could be meant."""
    if name in texts:
        return texts[name]
    for form in (str.casefold, _stem, join_parts):
        found = [key for key in texts if form(name) and form(key) == form(name)]
        if len(found) == 1:
            return texts[found[0]]
        if found:
            return None
    return None


def _stem(name: str) -> str:
    return PurePosixPath(name.casefold()).stem

"""Every text that a file can show, in every format that the workbench reads or writes: cells, comments, details, hidden sheets, notes."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.privacy._pdf_text import pdf_texts

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_JSON = (".json", ".jsonl")
PLAIN = (".txt", ".md", ".qmd", *_JSON, ".toml", ".yaml", ".yml", ".typ", ".bib", ".log", ".py", ".r", ".css", ".js")
_TABLES = (".csv", ".tsv")
_BOOKS = (".xlsx", ".xlsm")
_PACKED = (".docx", ".docm", ".pptx", ".odt", ".ods", ".qdpx", ".zip", ".epub")
_MARKUP = (".xml", ".svg", ".qde", ".qdc", ".rels", ".opf")
_PAGES = (".html", ".htm", ".xhtml")
_DATABASES = (".qda", ".rqda", ".sqlite3", ".sqlite", ".db")
_SPSS = (".sav", ".zsav", ".por")
_STATA = ".dta"
TEXT_FILES = (*PLAIN, *_TABLES, *_BOOKS, *_PACKED, *_MARKUP, *_PAGES, *_DATABASES, *_SPSS, _STATA, ".ipynb", ".pdf")

_ZIP, _SQLITE, _PDF = b"PK\x03\x04", b"SQLite format 3\0", b"%PDF-"
# Elements after which a text goes on in a line of its own; runs inside a paragraph belong together.
_LINES = frozenset((
    "p", "si", "br", "cr", "tab", "tc", "row", "h", "text", "comment", "title", "creator", "desc", "Description", "Code",
    # What a workbook says of itself: its program, its sheets.
    "Application", "lpstr", "i4", "Company", "Manager", "ScaleCrop", "AppVersion",
))  # fmt: skip
_SHOWN_ATTRIBUTES = re.compile(
    r"(?i)name|title|descr?|author|initials|value|text|label|alt|creator|by|path|content|user|url|href|target$|guid"
)
_LITERAL = re.compile(r"""(?<=["'`])[^"'`\n]{5,200}(?=["'`])""")
_TAGS = re.compile(r"<(script|style)\b(.*?)>(.*?)</\1>|<!--(.*?)-->|<[^>]+>", re.S)
_SPOKEN = re.compile(
    r"\b(?:alt|title|aria-label|content|placeholder|value|data-[\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')"
    # Where a link leads tells somebody's folder, or what was asked for.
    r"|\bhref\s*=\s*[\"']((?:file:|[^\"'?]*\?)[^\"']*)[\"']",
    re.S,
)
_BLOCK = re.compile(r"(?i)</?(?:p|div|br|li|td|th|tr|h\d|figure|figcaption|section|blockquote|table|ul|ol|dt|dd|title|text|tspan)\b")
# What programs number their things by, and what a report's own references look like.
_GUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_REFERENCE = re.compile(r"@(?:fig|tbl|sec|eq|lst)-[\w-]+|\{\{<.*?>\}\}|\{#[\w-]+\}")
_SHEET = re.compile(r"<t(?:\s[^>]*)?>([^<]*)<|<v>(\d{8,})</v>")
# The head and foot of a printed sheet, what a cell says to who fills it in, and what may be chosen there.
_MARGINS = re.compile(
    r"<(?:odd|even|first)(?:Header|Footer)>([^<]*)<|\s(?:prompt|error)(?:Title)?=\"([^\"]*)\"|<formula1>(?:\"|&quot;)([^<]*)<"
)
# What a pivot table keeps of its cells, but for counts.
_KEPT = re.compile(r"[^\W\d_]|\d{8}")
_CELL = re.compile(r"(?i)</(?:td|th)\b")
# What JSON writes instead of a character.
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})(?:\\u([Dd][C-Fc-f][0-9A-Fa-f]{2}))?|(.))")
# What programs call themselves, and the sheets of a new workbook.
_PROGRAM = re.compile(
    r"(?i)\b(?:openpyxl|xlsxwriter|microsoft excel(?: compatible)?|worksheets|regneark|named ranges|navngivne områder|(?:sheet|ark)\d*)\b"
)
# The one name that every file of Word, Excel and PowerPoint has, and that would be read as somebody's.
_OFFICE = "[Content_Types].xml"
_DEEPEST = 3
_DATE = re.compile(r"\d{1,2}[.\-/ ]\d{1,2}[.\-/ ](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}(?: 00:00:00)?")
# Headings that say that two cells are one number, and such as say that they are not.
_SPLIT = re.compile(r"(?i)cpr|person-?n|løbe-?n|sidste|cifre|kontrol|serie|endelse|fire|last_?4")
_OTHERWISE = re.compile(r"(?i)post|\bår|year|kl\b|tid|time|beløb|pris|antal|kommune|kode|sum|total|score|_id\b|\bid\b")


@dataclass(frozen=True)
class Piece:
    """A text with its place; `lead` characters before it say what it is (the heading of its column) and are not part of it."""

    where: str
    text: str
    lead: int = 0


def file_texts(path: str | Path, *, by_cell: bool = True) -> Iterator[Piece]:
    """The texts of a file, each with its place in words that repeat nothing of it.

    Args:
        path: a file with an ending of `TEXT_FILES`.
        by_cell: whether a workbook is read cell by cell, each behind its heading; else as its parts, which is much faster.

    Raises:
        SourceError: unreadable, or a kind of file whose texts are not known.
    """
    place = Path(path)
    suffix = place.suffix.lower()
    if suffix not in TEXT_FILES:
        raise SourceError("this kind of file is not scanned", where=place, todo="scanned are " + " ".join(TEXT_FILES))
    if suffix in _SPSS or suffix == _STATA:
        yield from _labelled(place)
    elif suffix in _DATABASES or (suffix == ".qdc" and _starts(place, _SQLITE)):
        yield from _database(place)
    elif suffix in _TABLES:
        yield from _table(place)
    elif suffix in _BOOKS and by_cell:
        yield from _workbook(place)
    else:
        yield from _of_bytes(files.read_bytes(place), suffix, place, 0)


def _starts(path: Path, mark: bytes) -> bool:
    with path.open("rb") as handle:
        return handle.read(len(mark)) == mark


def _of_bytes(data: bytes, suffix: str, where: object, depth: int) -> Iterator[Piece]:
    """The texts of a file that may lie inside another one."""
    if data.startswith(_ZIP):
        yield from _packed(data, where, depth)
    elif suffix == ".pdf" or data.startswith(_PDF):
        yield from (Piece(place, text) for place, text in pdf_texts(data, where))
    elif suffix == ".svg":
        # Pictures have a document type, which no reader of XML here lets through.
        yield Piece("", page_text(_decoded(data, where)))
    elif suffix in _MARKUP:
        yield Piece("", _markup(data, where))
    elif suffix == ".ipynb":
        yield from _notebook(_decoded(data, where), where)
    elif suffix in _PAGES:
        page = _decoded(data, where)
        if re.match(r"\s*<(?:!doctype|html)", page, re.IGNORECASE) and not re.search(
            r"</html>\s*(?:<!--.*-->\s*)?$", page[-2000:], re.IGNORECASE
        ):
            raise SourceError("the page is cut off", where=where, why="it begins as a whole page and has no end", todo="save it again")
        yield Piece("", page_text(page))
    elif suffix in (".qmd", ".md"):
        yield Piece("", _blanked(_REFERENCE, _decoded(data, where)))
    elif suffix in _JSON:
        yield Piece("", _ESCAPED.sub(_as_shown, _decoded(data, where)))
    elif suffix in TEXT_FILES or not suffix:
        yield Piece("", _decoded(data, where))


def _decoded(data: bytes, where: object) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    if b"\0" in data[:4096]:
        raise SourceError("the file is binary, not text", where=where, why="it holds NUL characters")
    return data.decode("cp1252", "replace")


def _as_shown(escaped: re.Match[str]) -> str:
    """The character that an escape of JSON stands for; a new line is a blank, so that lines stay where they are."""
    high, low, sign = escaped.groups()
    if sign:
        return sign if sign in '"\\/' else " "
    if low and high[:2].casefold() in ("d8", "d9", "da", "db"):
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    return " " if 0xD800 <= int(high, 16) < 0xE000 else chr(int(high, 16)).replace("\n", " ")


def _packed(data: bytes, where: object, depth: int) -> Iterator[Piece]:
    """The members of an archive, and their names."""
    from vvvresearch.files._archive import check_archive

    if depth >= _DEEPEST:
        raise SourceError("archives stand in archives too deeply", where=where, why=f"at most {_DEEPEST} are opened")
    archive = check_archive(data, str(where))
    for number, name in enumerate(archive.names, start=1):
        inner = PurePosixPath(name)
        if name != _OFFICE:
            yield Piece(f"name of member {number}", _blanked(_GUID, inner.stem.replace("_", " ")))
        suffix = inner.suffix.lower()
        if name.startswith("xl/worksheets/sheet"):
            # Figures of several cells are no number together: only texts, and numbers as long as somebody's.
            sheet = archive.read(name).decode("utf-8", "replace")
            yield Piece(f"member {number}", html.unescape("\n".join(map("".join, _SHEET.findall(sheet) + _MARGINS.findall(sheet)))))
        elif suffix in TEXT_FILES:
            for piece in _of_bytes(archive.read(name), suffix, f"{where}, member {number}", depth + 1):
                yield Piece(", ".join(part for part in (f"member {number}", piece.where) if part), piece.text, piece.lead)


def _markup(data: bytes, where: object) -> str:
    """Texts and shown attributes of an XML document; a paragraph is one line, whatever runs it is made of."""
    root = files.parse_xml(data, where)
    out: list[str] = []
    _gather(root, out)
    return _blanked(_GUID, "".join(out))


def _blanked(marks: re.Pattern[str], text: str) -> str:
    return marks.sub(lambda match: " " * len(match[0]), text)


def _gather(root: Element, out: list[str]) -> None:
    # Without recursion: documents nest deeper than Python likes.
    stack: list[tuple[Element, bool]] = [(root, False)]
    while stack:
        element, done = stack.pop()
        name = str(element.tag).rpartition("}")[2]
        if done:
            if name in _LINES:
                out.append("\n")
            out.append(element.tail or "")
            continue
        if attributes := [value for key, value in element.attrib.items() if _is_shown(key, value)]:
            out.append("\n" + "\n".join(attributes) + "\n")
        out.append(element.text or "")
        stack.append((element, True))
        stack += [(child, False) for child in reversed(element)]


def _is_shown(key: str, value: str) -> bool:
    if key == "v":
        return _KEPT.search(value) is not None
    return bool(_SHOWN_ATTRIBUTES.search(key.rpartition("}")[2])) and not key.lower().endswith("guid") and len(value) > 2


def page_text(text: str) -> str:
    """What a web page shows or reads aloud, the data of its scripts and its comments; lines stay where they were."""

    def plain(tag: re.Match[str]) -> str:
        lines = "\n" * tag[0].count("\n")
        if tag[1]:
            if tag[1] == "script" and "json" in (tag[2] or ""):
                return f" {tag[3]} "
            # Programs hold data too: what could reach somebody, no words.
            return " | ".join(said for said in _LITERAL.findall(tag[3]) if "@" in said or len(re.findall(r"\d", said)) > 6) + lines
        if tag[4] is not None:
            return f" {tag[4]} "
        if spoken := " ".join(filter(None, map("".join, _SPOKEN.findall(tag[0])))):
            return f" {spoken}{lines} "
        # Two cells beside each other are no street and its number.
        return lines or (" | " if _CELL.match(tag[0]) else " " if _BLOCK.match(tag[0]) else "")

    return html.unescape(_TAGS.sub(plain, text))


def _notebook(text: str, where: object) -> Iterator[Piece]:
    try:
        told = json.loads(text)
        # What a widget showed when the notebook was saved stands beside the cells, and so do authors and tags.
        if details := "\n".join(_noted(told.get("metadata", {}))):
            yield Piece("details", details)
        for number, cell in enumerate(told["cells"], start=1):
            yield Piece(f"cell {number}", "".join(cell["source"]))
            if details := "\n".join([*_noted(cell.get("metadata", {})), *cell.get("attachments", {})]):
                yield Piece(f"cell {number}, details", details)
            for output in cell.get("outputs", []):
                data = {"text/plain": output.get("text", "")} | output.get("data", {})
                for mime, said in data.items():
                    if mime == "text/plain" and "text/html" in data:
                        continue  # the same again, with its columns run together
                    if mime.startswith("image/") and mime != "image/svg+xml":
                        continue
                    shown = "".join(said) if isinstance(said, list | str) else json.dumps(said, ensure_ascii=False)
                    if shown:
                        yield Piece(f"output of cell {number}", page_text(shown) if mime in ("text/html", "image/svg+xml") else shown)
                trace = [output.get("evalue", ""), *output.get("traceback", [])]
                if any(trace):
                    yield Piece(f"output of cell {number}", re.sub(r"\x1b\[[\d;]*m", "", "\n".join(trace)))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SourceError("this is not a notebook", where=where) from None


def _noted(details: Any) -> Iterator[str]:
    """The words in the details of a notebook, but for those that programs write there of themselves."""
    if isinstance(details, str):
        yield details
    elif isinstance(details, dict):
        for key, value in details.items():
            if key not in ("kernelspec", "language_info", "papermill", "execution"):
                yield from _noted(value)
    elif isinstance(details, list):
        for value in details:
            yield from _noted(value)


def _table(path: Path) -> Iterator[Piece]:
    """Cells behind the heading of their column, which says what they are; a table that is none is read as lines."""
    try:
        frame = files.read_csv(path)
    except SourceError:
        yield Piece("", files.read_text(path, fallback="cp1252"))
        return
    yield from _of_frame("", list(map(str, frame.columns)), zip(frame.index, frame.itertuples(index=False), strict=True))


def _of_frame(sheet: str, headings: list[str], rows: Any) -> Iterator[Piece]:
    before = f"{sheet}, " if sheet else ""
    for number, heading in enumerate(headings, start=1):
        yield Piece(f"{before}heading {number}", heading)
    seen: set[tuple[int, str]] = set()
    for row, cells in rows:
        yield from _split_numbers(before, row, headings, [_cell(value) for value in cells])
        for column, value in enumerate(cells):
            text = _cell(value)
            if not text or (column, text) in seen:
                continue
            seen.add((column, text))
            heading = headings[column] if column < len(headings) else ""
            yield Piece(f"{before}row {row}, {heading or column + 1}", f"{heading}\n{text}", len(heading) + 1)


def _split_numbers(before: str, row: object, headings: list[str], cells: list[str]) -> Iterator[Piece]:
    """Civil registration numbers whose date stands in one cell and whose last four stand in the next."""
    for column, (date, serial) in enumerate(pairwise(cells)):
        if not serial.isdecimal() or not 1 <= len(serial) <= 4 or not (date.isdecimal() or _DATE.fullmatch(date)):
            continue
        named = " ".join(headings[column : column + 2])
        called = _SPLIT.search(named) is not None
        if called:
            date, serial = date.zfill(6) if date.isdecimal() else date, serial.zfill(4)
        elif len(date) != 6 or not date.isdecimal() or len(serial) < 4 or _OTHERWISE.search(named):
            continue
        yield Piece(f"{before}row {row}, {headings[column] or column + 1}", f"CPR\n{_day_first(date)}-{serial}", 4)


def _day_first(date: str) -> str:
    iso = re.match(r"((?:19|20)\d{2})-(\d{2})-(\d{2})", date)
    return f"{iso[3]}.{iso[2]}.{iso[1]}" if iso else date


def _cell(value: object) -> str:
    """A cell as text; a number of nine figures is a civil registration number that lost its first one."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        if value != value or not value.is_integer() or abs(value) > 1e15:
            return ""
        value = int(value)
    if isinstance(value, int):
        return f"{value:010d}" if 10**8 <= value < 10**9 else str(value)
    return str(value)


def _workbook(path: Path) -> Iterator[Piece]:
    """Every sheet, hidden ones too, by heading and cell; then what stands beside the cells: comments, names, details, drawings."""
    from io import BytesIO

    import openpyxl

    from vvvresearch.files._archive import check_archive

    data = files.read_bytes(path)
    archive = check_archive(data, str(path))
    try:
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for number, sheet in enumerate(book.worksheets, start=1):
            named = f"sheet {number}"
            yield Piece(f"name of {named}", _blanked(_PROGRAM, sheet.title))
            sheet.reset_dimensions()
            rows = enumerate(sheet.iter_rows(values_only=True), start=1)
            headings = next((row for _, row in rows if any(cell is not None for cell in row)), ())
            yield from _of_frame(named, ["" if cell is None else str(cell) for cell in headings], rows)
        book.close()
    except SourceError:
        raise
    except Exception as problem:  # openpyxl raises many kinds on damaged workbooks
        raise SourceError("the workbook cannot be opened", where=path, why=type(problem).__name__) from None
    for number, name in enumerate(archive.names, start=1):
        if name.endswith((".xml", ".rels")) and not re.match(r"xl/(worksheets/sheet|styles|theme|sharedStrings|calcChain|metadata)", name):
            yield Piece(f"part {number}", _blanked(_PROGRAM, _markup(archive.read(name), f"{path}, part {number}")))
        elif name.startswith("xl/worksheets/sheet") and (marks := _MARGINS.findall(archive.read(name).decode("utf-8", "replace"))):
            yield Piece(f"part {number}", html.unescape("\n".join(map("".join, marks))))


def _database(path: Path) -> Iterator[Piece]:
    with files.open_database(path) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for number, name in enumerate(names, start=1):
            quoted = '"' + name.replace('"', '""') + '"'
            cursor = connection.execute(f"SELECT * FROM {quoted}")
            headings = [column[0] for column in cursor.description]
            for row, values in enumerate(cursor, start=1):
                for heading, value in zip(headings, values, strict=True):
                    text = value.decode("utf-8", "replace") if isinstance(value, bytes) and b"\0" not in value[:64] else value
                    if isinstance(text, str) and text:
                        yield Piece(f"table {number}, row {row}, {heading}", text)


def _labelled(path: Path) -> Iterator[Piece]:
    """Labels, notes and answers of a file of SPSS or Stata; a portable file is read as its characters."""
    data = files.read_bytes(path)
    if path.suffix.lower() == ".por" and not data.startswith((b"$FL2", b"$FL3")):
        yield Piece("", b"".join(line.rstrip(b"\r") for line in data.split(b"\n")).decode("cp1252", "replace"))
        return
    from pyreadstat import read_dta, read_sav

    # Of a Stata file the reader makes numbers up for missing answers once it is asked for their reasons.
    stata = path.suffix.lower() == _STATA
    read: Callable[..., Any] = read_dta if stata else read_sav
    try:
        frame, meta = read(str(files.admit(path)), user_missing=not stata)
    except Exception as problem:  # pyreadstat raises many kinds on damaged files
        raise SourceError("the file of a statistics program cannot be read", where=path, why=type(problem).__name__) from None
    labels = [meta.file_label or "", *(meta.notes or []), *(label or "" for label in meta.column_labels)]
    labels += [str(word) for words in meta.variable_value_labels.values() for word in words.values()]
    yield Piece("labels", "\n".join(labels))
    headings = [f"{name} {meta.column_names_to_labels.get(name) or ''}".strip() for name in frame.columns]
    for number, name in enumerate(frame.columns):
        seen: set[str] = set()
        for row, value in enumerate(frame[name], start=1):
            text = _cell(value) if isinstance(value, str | int | float) else ""
            if text and text not in seen and (isinstance(value, str) or len(text) >= 8):
                seen.add(text)
                yield Piece(f"row {row}, {name}", f"{headings[number]}\n{text}", len(headings[number]) + 1)

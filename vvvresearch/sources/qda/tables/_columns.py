"""Which sheet is a table of codings, which column holds what; NVivo's coding summaries in a Word document as such a table."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.sources.qda._offsets import cut_quote
from vvvresearch.sources.qda._passages import document_tables
from vvvresearch.sources.registers._tables import TableFile, TypedTable
from vvvresearch.sources.templates import is_template, open_table

if TYPE_CHECKING:
    import pandas as pd


# Role → the headings under which programs and people write it, the surest first.
_HEADINGS = {
    "source": (
        "source, interview, interviews, interview id, interview nr, interviewnr, document name, dokumentname, dokumentnavn, document, "
        "document title, dokument, doc name, media title, file/case, file case, filename, file name, filnavn, file, fil, files, "
        "resource, transcript, transskription, udskrift, kilde, informant, respondent, hvem siger det"
    ),
    "group": "document group, document groups, dokumentgruppe, dokumentgruppen",
    "text": (
        "text, quote, citat, quotation content, excerpt copy, coded segment, coded segments, segment, coded text, coded content, coded, "
        "seltext, segment text, quotation, content, passage, excerpt, uddrag, udsagn, meningsenhed, kodet tekst, tekst, "
        "reference text, codingtext, coding text, zitat, inhalt, textstelle"
    ),
    "code": (
        "code path, hierarchical name, code, codename, code name, kode, kodenavn, tag, tags, codes applied combined, codes, koder, "
        "node, tema, theme, underkode, undertema"
    ),
    "coder": (
        "coder, coded by, kodet af, coded by initials, user, user name, username, owner, created by, erstellt von, oprettet af, "
        "excerpt creator, creator, autor, author, codierer, codiert von, initialer, initials, modified by, geändert von, ændret af"
    ),
    "memo": "memo, coded memo, coding memo, comment, comments, kommentar, kommentarer, note, noter, bemærkning, bemærkninger",
    "date": "date, dato, created, created on, created at, erstellt am, erstellt, excerpt date, coding date, kodet den, oprettet",
    "start": (
        "start, startposition, start position, start offset, segment start, index1, begin, beginning, anfang, fra, from, begynd, linje, "
        "line"
    ),
    "end": "end, endposition, end position, end offset, segment end, index2, slut, ende, til, to",
    "range": "excerpt range",
    "color": "color, colour, code color, code colour, farbe, farve",
    "guid": "guid",
    "region": "region",
    "stance": "stance",
    "beneficiary": "beneficiary",
    "phase": "phase",
    "prompted": "prompted",
}
_LISTED = {role: tuple(part.strip() for part in names.split(",")) for role, names in _HEADINGS.items()}
_APPLIED = re.compile(r"code: (.+) applied", re.IGNORECASE)
_PEOPLE = 8
_INITIALS = 4
_COUNTS = {"references", "coverage"}


@dataclass(frozen=True)
class Columns:
    """The columns of a table by role.

    Args:
        roles: role → heading.
        applied: code → heading of the column that says whether it was applied.
        layout: "own", "requal", "taguette", "nvivo" or "".
    """

    roles: Mapping[str, str]
    applied: Mapping[str, str] = field(default_factory=dict)
    layout: str = ""

    @property
    def used(self) -> set[str]:
        """The headings that are read."""
        return {*self.roles.values(), *self.applied.values()}


def folded_heading(name: object) -> str:
    """A heading in one form.

    Example:
        >>> folded_heading(" Document_Name: ")
        'document name'
    """
    text = unicodedata.normalize("NFC", str(name)).casefold().replace("_", " ").strip(" :*")
    return " ".join(text.split())


def find_columns(headings: Sequence[str], values: Mapping[str, Sequence[str]]) -> Columns:
    """The columns of a table from its headings, and from its values where a heading has two meanings.

    Args:
        headings: as in the file.
        values: heading → its cells.
    """
    known: dict[str, str] = {}
    for name in headings:
        known.setdefault(folded_heading(name), name)
    roles: dict[str, str] = {}
    for role, names in _LISTED.items():
        found = next((known[one] for one in names if one in known and known[one] not in roles.values()), None)
        if found is not None:
            roles[role] = found
    _settle_koder(roles, known, values)
    applied = {match[1]: name for name in headings if (match := _APPLIED.fullmatch(" ".join(str(name).split())))}
    layout = _layout(known)
    if layout == "nvivo" and "name" in known:
        # NVivo lists files below a code and codes below a file under the same heading.
        roles.setdefault("code" if "source" in roles else "source", known["name"])
    return Columns(roles, applied, layout)


def _settle_koder(roles: dict[str, str], known: Mapping[str, str], values: Mapping[str, Sequence[str]]) -> None:
    """Danish "koder" are codes or coders: a few initials are coders."""
    name = known.get("koder")
    if name is None:
        return
    different = {cell.strip() for cell in values[name]} - {""}
    people = len(different) <= _PEOPLE and all(len(cell) <= _INITIALS and " " not in cell for cell in different)
    if roles.get("code") != name and "coder" not in roles:
        roles["coder"] = name
    elif roles.get("code") == name and people and "coder" not in roles:
        other = next((known[one] for one in _LISTED["code"] if one in known and known[one] != name), None)
        if other is not None:
            roles["code"], roles["coder"] = other, name


def _layout(known: Mapping[str, str]) -> str:
    if "code path" in known:
        return "own"
    if {"segment start", "segment end"} <= known.keys():
        return "requal"
    if "tag" in known and "document" in known:
        return "taguette"
    if _COUNTS & known.keys():
        return "nvivo"
    return ""


def are_positions(starts: Sequence[str], ends: Sequence[str], quotes: Sequence[str], sure_heading: bool) -> bool:
    """Whether two columns are positions of characters: a passage is as long as its quote. Numbers of paragraphs or lines
    lie closer together, times and pages are no whole numbers.

    Args:
        starts, ends: the cells.
        quotes: the quote of each row, "" where none.
        sure_heading: whether the headings mean positions and nothing else.
    """
    fits = checked = wrong = 0
    for start, end, quote in zip(starts, ends, quotes, strict=True):
        first, last = whole_number(start), whole_number(end)
        if first is None or last is None:
            wrong += bool(start.strip() or end.strip())
            continue
        text = " ".join(quote.split())
        if not text or cut_quote(quote) is not None:
            continue
        checked += 1
        length = last - first
        fits += len(text) * 0.8 - 4 <= length <= len(quote) * 1.3 + 4
    if checked:
        return 2 * fits >= checked
    return sure_heading or not wrong


def whole_number(cell: str) -> int | None:
    """A cell as a whole number from 0, None when it is none."""
    text = cell.strip().removesuffix(".0").removesuffix(",0")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


_CODINGS_SHEET, _CODEBOOK_SHEET = "codings", "codebook"
_UNTITLED = re.compile(r"(?:sheet|ark|tabelle|table)\s*\d*", re.IGNORECASE)


def is_table_of_codings(path: Path) -> bool:
    """Whether a table holds codings, usable or not, and not a codebook alone."""
    try:
        open_codings(path)
    except SourceError:
        frame = files.read_csv(path, row_names=True) if path.suffix.casefold() == ".csv" else files.read_workbook(path)
        names = [str(name) for name in frame.columns]
        roles = find_columns(names, {name: [str(cell) for cell in frame[name]] for name in names}).roles
        return bool({"text", "start", "range"} & roles.keys())
    return True


@dataclass(frozen=True)
class Sheet:
    """A table of codings with its columns, the codebook beside it, and the names of the other sheets."""

    frame: pd.DataFrame
    columns: Columns
    codebook: pd.DataFrame | None = None
    title: str = ""
    others: tuple[str, ...] = ()


def open_codings(path: TableFile) -> Sheet:
    """The table with the codings: the sheet of that name, else the first one that can be it.

    Raises:
        SourceError: no table, or none with columns for interview and code.
    """
    if isinstance(path, TypedTable):
        return Sheet(path.frame, _checked(path.frame, path.path, path.title), title=path.title)
    path = Path(path)
    if path.suffix.casefold() == ".docx":
        import pandas as pd

        frame = pd.DataFrame(summary_rows(path), columns=list(COLUMNS), dtype=object)
        return Sheet(frame, _checked(frame, path, path.stem), title=path.stem)
    if path.suffix.casefold() == ".csv":
        frame = files.read_csv(path, row_names=True)
        return Sheet(frame, _checked(frame, path, path.stem), title=path.stem)
    if is_template(path):
        frame = open_table(path)
        return Sheet(frame, _checked(frame, path, path.stem), title=path.stem)
    sheets = {name.casefold(): name for name in files.sheet_names(path)}
    codebook = files.read_workbook(path, sheets[_CODEBOOK_SHEET]) if _CODEBOOK_SHEET in sheets else None
    rest = {folded: name for folded, name in sheets.items() if folded != _CODEBOOK_SHEET}
    if _CODINGS_SHEET in sheets:
        frame = files.read_workbook(path, rest.pop(_CODINGS_SHEET))
        return Sheet(frame, _checked(frame, path, path.stem), codebook, path.stem, tuple(rest.values()))
    problem: SourceError | None = None
    for name in sheets.values():
        title = path.stem if _UNTITLED.fullmatch(name) else name
        try:
            frame = files.read_workbook(path, name)
            others = tuple(other for other in rest.values() if other != name)
            return Sheet(frame, _checked(frame, path, title), codebook, title, others)
        except SourceError as found:
            problem = problem or found
    raise problem or SourceError("the workbook has no sheets", where=path)


def _checked(frame: pd.DataFrame, path: Path, title: str) -> Columns:
    names = [str(name) for name in frame.columns]
    columns = find_columns(names, {name: [str(cell) for cell in frame[name]] for name in names})
    missing = [role for role in ("source", "code") if role not in columns.roles]
    if columns.applied:
        missing = [role for role in missing if role != "code"]
    if columns.layout == "nvivo" and title and missing == ["code"]:
        missing = []
    if not {"text", "start", "range"} & columns.roles.keys():
        missing.append("text or start and end")
    if missing:
        raise SourceError(
            f"this is no table of codings: no column for {', '.join(missing)}",
            where=path,
            why=f"its columns are {', '.join(names)}",
            todo="name the columns interview, start, end, quote, code, coder (start and end, or the quote alone, are enough)",
        )
    return columns


# Where things lie in a project says what they are: below a code its files, below a file its codes.
_SOURCE = re.compile(r"(?:files|internals|externals|filer|kilder|cases)\\+.+", re.IGNORECASE)
_CODE = re.compile(r"(?:codes|nodes|themes|koder|noder)\\+.+", re.IGNORECASE)
_SUMMARY_HEADINGS = {
    "coder": re.compile(r"(coded by|kodet af).*", re.IGNORECASE),
    "date": re.compile(r"(modified|created|ændret|oprettet).*", re.IGNORECASE),
    "number": re.compile(r"(reference|coding reference|referencenummer).*(number|nummer)?", re.IGNORECASE),
    "aggregate": re.compile(r"aggregate|aggreg\w*", re.IGNORECASE),
}
COLUMNS = ("source", "code", "coder", "date", "text")


def is_summary(path: Path) -> bool:
    """Whether a document is a coding summary of NVivo."""
    try:
        return path.suffix.casefold() == ".docx" and bool(summary_rows(path))
    except SourceError:
        return False


def summary_rows(path: Path) -> list[tuple[str, ...]]:
    """The passages of a coding summary, one a row, with the columns of `COLUMNS`; empty where the document is none.

    What a code holds because it gathers the codes below it stands at those, and not a second time at the code itself.

    Raises:
        SourceError: not a document.
    """
    rows: list[tuple[str, ...]] = []
    gathers: set[str] = set()
    code = source = ""
    for table in document_tables(path):
        places = {
            role: place for role, words in _SUMMARY_HEADINGS.items() for place, cell in enumerate(table[0]) if words.fullmatch(cell.strip())
        }
        if len(table[0]) > 1 and "number" not in places:
            continue
        for cells, after in itertools.pairwise([*table[1:], [""]]):
            filled = [cell.strip() for cell in cells if cell.strip()]
            # Above a file or a code stands what it is ("Document", "Code"), which is no passage.
            if len(cells) == len(after) == 1 and _is_place(after[0]) and not (filled and _is_place(filled[0])):
                continue
            if len(cells) > 1:
                said = {role: cells[place].strip() if place < len(cells) else "" for role, place in places.items()}
                if said.get("aggregate", "").casefold() in ("yes", "ja"):
                    gathers.add(code)
                if said.get("number", "").isdigit() and not said.get("aggregate"):
                    rows.append((source, code, said.get("coder", ""), said.get("date", ""), ""))
            elif filled and _CODE.fullmatch(filled[0]):
                code = filled[0]
            elif filled and _SOURCE.fullmatch(filled[0]):
                source = filled[0]
            elif filled and rows and rows[-1][:2] == (source, code):
                rows[-1] = (*rows[-1][:-1], "\n".join(filter(None, (rows[-1][-1], filled[0]))))
    own = {(row[0], row[2:], row[1]) for row in rows}
    below = {code: [other for *_, other in own if other.startswith(f"{code}\\")] for code in gathers}
    return [row for row in rows if not any((row[0], row[2:], other) in own for other in below.get(row[1], ()))]


def _is_place(words: str) -> bool:
    return bool(_SOURCE.fullmatch(words.strip()) or _CODE.fullmatch(words.strip()))

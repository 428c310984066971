"""NVivo's coding summaries as it prints them into a Word document, by code or by file, as a table of codings."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

from vvvresearch.errors import SourceError
from vvvresearch.sources.qda._passages import document_tables

# Where things lie in a project says what they are: below a code its files, below a file its codes.
_SOURCE = re.compile(r"(?:files|internals|externals|filer|kilder|cases)\\+.+", re.IGNORECASE)
_CODE = re.compile(r"(?:codes|nodes|themes|koder|noder)\\+.+", re.IGNORECASE)
_HEADINGS = {
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
        places = {role: place for role, words in _HEADINGS.items() for place, cell in enumerate(table[0]) if words.fullmatch(cell.strip())}
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

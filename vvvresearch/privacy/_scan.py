"""Looking for identifiers in a text, a table, a notebook or a rendered page."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import AnalysisError, SourceError
from vvvresearch.privacy._finding import Finding, without_overlaps
from vvvresearch.privacy._numbers import numbers
from vvvresearch.privacy._persons import persons
from vvvresearch.privacy._places import places
from vvvresearch.privacy._plain import plain
from vvvresearch.privacy._rare import rare

TEXT_FILES = (".txt", ".md", ".qmd", ".csv", ".tsv", ".json", ".toml", ".yaml", ".yml", ".html", ".htm", ".ipynb", ".xlsx")


def scan_text(text: str, *, allowed: Collection[str] = ()) -> list[Finding]:
    """Find what may identify a person in a Danish text.

    Looked for: civil registration numbers (any separator, masked, replacement numbers; a valid date is a finding, modulus 11
    only raises the confidence), telephone numbers, e-mail addresses, street addresses, names of persons (known names in any
    case and with a genitive, unknown ones that are introduced), birth dates, number plates and a few rare combinations. Years,
    case numbers, amounts and the names of municipalities are left alone.

    Args:
        text: the text.
        allowed: names that may stand, such as pseudonyms.

    Returns:
        Findings in the order of the text: start, end (code points), kind, confidence, rule. They never hold the text.
        Invisible characters and digits of another width or script hide nothing.

    Raises:
        AnalysisError: what is given is no text.

    Example:
        >>> [(one.kind, one.start, one.end) for one in scan_text("Ring på 21 43 65 88 efter kl. 16")]
        [('PHONE', 8, 19)]
    """
    if not isinstance(text, str):
        raise AnalysisError(f"a text is scanned, not {type(text).__name__}", where="text", todo="give a str; for a file use scan_file")
    seen, places_of = plain(text)
    found = without_overlaps([*numbers(seen), *places(seen), *persons(seen, allowed), *rare(seen)])
    if places_of is None:
        return found
    return [replace(one, start=places_of[one.start], end=places_of[one.end - 1] + 1) for one in found]


def scan_file(path: str | Path, *, allowed: Collection[str] = ()) -> list[tuple[str, Finding]]:
    """Find identifiers in a file.

    Args:
        path: a text, table, notebook, workbook or web page (`TEXT_FILES`).
        allowed: names that may stand.

    Returns:
        Pairs (place in words, finding): line for texts, row and column for tables, cell for notebooks. Positions are within
        that line or cell.

    Raises:
        SourceError: unreadable, or a kind of file that is not scanned.
    """
    place = Path(path)
    if place.suffix.lower() not in TEXT_FILES:
        raise SourceError("this kind of file is not scanned", where=place, todo="scanned are " + " ".join(TEXT_FILES))
    return [(where, finding) for where, text in _pieces(place) for finding in scan_text(text, allowed=allowed)]


def _pieces(path: Path) -> list[tuple[str, str]]:
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv", ".xlsx"):
        frames = (
            {"": files.read_csv(path)} if suffix != ".xlsx" else {name: files.read_workbook(path, name) for name in files.sheet_names(path)}
        )
        return [
            (f"{sheet + ', ' if sheet else ''}row {row}, {column}", str(value))
            for sheet, frame in frames.items()
            for column in frame.columns
            for row, value in frame[column].items()
            if value
        ]
    text = files.read_text(path, fallback="cp1252")
    if suffix == ".ipynb":
        return _cells(text, path)
    if suffix in (".html", ".htm"):
        text = html.unescape(re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", lambda tag: "\n" * tag[0].count("\n") or " ", text, flags=re.S))
    return [(f"line {number}", line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]


def _cells(text: str, path: Path) -> list[tuple[str, str]]:
    try:
        cells = json.loads(text)["cells"]
        pieces = []
        for number, cell in enumerate(cells, start=1):
            pieces.append((f"cell {number}", "".join(cell["source"])))
            for output in cell.get("outputs", []):
                said = output.get("text") or output.get("data", {}).get("text/plain", "")
                pieces.append((f"output of cell {number}", "".join(said)))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SourceError("this is not a notebook", where=path) from None
    return pieces

"""Looking for identifiers in a text, a table, a notebook or a rendered page."""

from __future__ import annotations

import html
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import AnalysisError, SourceError
from vvvresearch.privacy._addresses import addresses
from vvvresearch.privacy._births import BIRTH_STEMS, births
from vvvresearch.privacy._civil import civil_numbers
from vvvresearch.privacy._finding import Finding, without_overlaps
from vvvresearch.privacy._online import EMAIL_STEMS, HANDLE_STEMS, emails, handles
from vvvresearch.privacy._persons import persons
from vvvresearch.privacy._phones import PHONE_STEMS, phones, spoken_phones
from vvvresearch.privacy._plain import plain
from vvvresearch.privacy._rare import STORIES
from vvvresearch.privacy._records import PLATE_STEMS, plate_names, plates, record_numbers
from vvvresearch.privacy._windows import around_figures, around_stems, lowered

TEXT_FILES = (".txt", ".md", ".qmd", ".csv", ".tsv", ".json", ".toml", ".yaml", ".yml", ".html", ".htm", ".ipynb", ".xlsx")


def scan_text(text: str, *, allowed: Collection[str] = ()) -> list[Finding]:
    """Find what may identify a person in a Danish text.

    Looked for: civil registration numbers in every way of writing them (a valid date is a finding, modulus 11 only raises the
    confidence), telephone numbers, e-mail addresses, also spelt out, street addresses, birth dates in figures and words, number
    plates, a person's own numbers (cases, permits, passports, accounts) and names in social media, rare life stories, and names of
    persons: known names in any case, and capitalised words that are no Danish word, place or organisation. Years, amounts, an
    organisation's numbers and the names of municipalities are left alone.

    Args:
        text: the text, of any length; time grows with it in proportion.
        allowed: names that may stand, such as pseudonyms and invented places. A name of several words may stand as a whole.

    Returns:
        Findings in the order of the text: start, end (code points), kind, confidence, rule. They never hold the text.
        Invisible characters and digits of another width or script hide nothing.

    Raises:
        AnalysisError: what is given is no text.

    Notes:
        What is a Danish word is asked of the dictionary of simplemma; names and places are lists of this project.

    Example:
        >>> [(one.kind, one.start, one.end) for one in scan_text("Ring på 21 43 65 88 efter kl. 16")]
        [('PHONE', 8, 19)]
        >>> scan_text("Så kom Xorvald", allowed=["Xorvald"])
        []
    """
    if not isinstance(text, str):
        raise AnalysisError(f"a text is scanned, not {type(text).__name__}", where="text", todo="give a str; for a file use scan_file")
    seen, places_of = plain(text)
    found = without_overlaps([*_direct(seen), *persons(seen, allowed)])
    if places_of is None:
        return found
    return [replace(one, start=places_of[one.start], end=places_of[one.end - 1] + 1) for one in found]


def _direct(text: str) -> Iterator[Finding]:
    """Everything but names, each looked for where something announces it, so that a long text is not read twenty times."""
    small = lowered(text)
    figures = around_figures(text)
    for recogniser in (civil_numbers, record_numbers, addresses, plates, phones):
        yield from _within(text, figures, recogniser)
    for recogniser, stems in (
        (emails, EMAIL_STEMS),
        (handles, HANDLE_STEMS),
        (spoken_phones, PHONE_STEMS),
        (births, BIRTH_STEMS),
        (plate_names, PLATE_STEMS),
        *((story.find, story.stems) for story in STORIES),
    ):
        yield from _within(text, around_stems(text, small, stems), recogniser)


def _within(text: str, stretches: list[tuple[int, int]], recogniser: Callable[[str], Iterator[Finding]]) -> Iterator[Finding]:
    for start, end in stretches:
        for one in recogniser(text[start:end]):
            yield replace(one, start=one.start + start, end=one.end + start)


def scan_file(path: str | Path, *, allowed: Collection[str] = ()) -> list[tuple[str, Finding]]:
    """Find identifiers in a file.

    Args:
        path: a text, table, notebook, workbook or web page (`TEXT_FILES`).
        allowed: names that may stand.

    Returns:
        Pairs (place in words, finding): file name, line for texts, row and column for tables, cell for notebooks. Positions are
        within that name, line or cell; what runs over a line's end is counted on from there.

    Raises:
        SourceError: unreadable, or a kind of file that is not scanned.
    """
    place = Path(path)
    if place.suffix.lower() not in TEXT_FILES:
        raise SourceError("this kind of file is not scanned", where=place, todo="scanned are " + " ".join(TEXT_FILES))
    found = [("file name", finding) for finding in scan_text(place.stem.replace("_", " "), allowed=allowed)]
    suffix = place.suffix.lower()
    if suffix in (".csv", ".tsv", ".xlsx"):
        return found + list(_in_table(place, allowed))
    text = files.read_text(place, fallback="cp1252")
    if suffix == ".ipynb":
        return found + [(where, finding) for where, piece in _cells(text, place) for finding in scan_text(piece, allowed=allowed)]
    if suffix in (".html", ".htm"):
        text = html.unescape(re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", lambda tag: "\n" * tag[0].count("\n") or " ", text, flags=re.S))
    return found + list(_by_line(text, scan_text(text, allowed=allowed)))


def _by_line(text: str, findings: list[Finding]) -> Iterator[tuple[str, Finding]]:
    starts = [0, *(match.end() for match in re.finditer(r"\n", text))]
    for one in findings:
        number = bisect_right(starts, one.start)
        begin = starts[number - 1]
        yield f"line {number}", replace(one, start=one.start - begin, end=one.end - begin)


def _in_table(path: Path, allowed: Collection[str]) -> Iterator[tuple[str, Finding]]:
    """Findings in cells; a column's heading says what a cell is, so each is read behind its heading."""
    frames = (
        {"": files.read_csv(path)}
        if path.suffix.lower() != ".xlsx"
        else {name: files.read_workbook(path, name) for name in files.sheet_names(path)}
    )
    for sheet, frame in frames.items():
        for column in frame.columns:
            heading = f"{column}\n"
            for row, value in frame[column].items():
                if not value:
                    continue
                for one in scan_text(heading + str(value), allowed=allowed):
                    if one.end > len(heading):
                        where = f"{sheet + ', ' if sheet else ''}row {row}, {column}"
                        yield where, replace(one, start=max(0, one.start - len(heading)), end=one.end - len(heading))


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

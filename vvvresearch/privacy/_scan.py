"""Looking for identifiers in a text, a table, a notebook or a rendered page."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path

from vvvresearch.errors import AnalysisError
from vvvresearch.privacy._addresses import ADDRESS_STEMS, addresses, may_be_a_house_number
from vvvresearch.privacy._births import BIRTH_STEMS, DAY_STEMS, MAY_BE_A_DATE, births
from vvvresearch.privacy._civil import civil_numbers
from vvvresearch.privacy._digit_groups import in_figures, number_words
from vvvresearch.privacy._file_texts import Piece, file_texts
from vvvresearch.privacy._finding import Finding, without_overlaps
from vvvresearch.privacy._online import EMAIL_SIGNS, EMAIL_STEMS, HANDLE_STEMS, emails, handles
from vvvresearch.privacy._persons import persons
from vvvresearch.privacy._phones import grouped_phones, phones
from vvvresearch.privacy._plain import plain
from vvvresearch.privacy._rare import MARK_STEMS, STORIES, twice_marked
from vvvresearch.privacy._records import PLATE_STEMS, plate_names, plates, record_numbers
from vvvresearch.privacy._windows import DIGITS, around, around_figures, around_stems, lowered, places

# What keeps texts apart that are read in one go: no recogniser reads over it.
_BETWEEN = "\n\n.\n\n"
_BATCH = 50_000
# Number words that are further apart are no number that somebody reads out.
_IN_A_ROW = 60
# What contents and publications are known by; eight figures in a row of it are no number of anybody's.
_HASH = re.compile(
    r"(?<![\w-])[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}(?![\w-])|\bq-[0-9a-f]{10}\b|\b10\.\d{4,9}/\S+"
    r"|(?<![\w@.+-])(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{12,64}(?![\w@.-])"
)
_NAMED = 0.5
_LARGE = 2_000_000  # characters, above which a text is read in parts
# What a message repeats of a file: quotations, what is proposed, keys, names of files.
_REPEATED = re.compile(
    r"'[^'\n]{2,}'|\"[^\"\n]{2,}\"|»[^«]{2,}«|“[^”]{2,}”|(?<=did you mean )[^?\n]+|(?<=mente du )[^?\n]+|(?:known|kendte): [^\n]+"
    r"|(?<![\w/.\-])[\w\-]+(?:[._][\w\-]+)+|(?<=/)[^/\s]+(?=\.\w{2,5}\b)"
)
_JOINTS = re.compile(r"(?<=[^\W_])[._/](?=[^\W_])|(?<!\w)['\"]|['\"](?!\w)")


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
    if len(text) > _LARGE:
        return _scan_large(text, frozenset(allowed))
    seen, places_of = plain(text)
    seen = _without_hashes(seen)
    found = without_overlaps([*_direct(seen), *persons(seen, allowed)])
    if places_of is None:
        return found
    return [replace(one, start=places_of[one.start], end=places_of[one.end - 1] + 1) for one in found]


def _scan_large(text: str, allowed: frozenset[str]) -> list[Finding]:
    """The same of a long text in parts that end with a line or a sentence, in two processes where nothing else runs in this one."""
    import multiprocessing
    import os
    import threading
    from concurrent.futures import ProcessPoolExecutor

    starts = [0]
    while len(text) - starts[-1] > _LARGE:
        start, end = starts[-1], starts[-1] + _LARGE // 2
        starts.append(next((cut + 1 for sign in ("\n\n", "\n", ". ", " ") if (cut := text.rfind(sign, start, end)) > start), end))
    parts = [text[start:end] for start, end in pairwise([*starts, len(text)])]
    scan = partial(scan_text, allowed=allowed)
    if (os.cpu_count() or 1) > 1 and threading.active_count() == 1 and "fork" in multiprocessing.get_all_start_methods():
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
            found = list(pool.map(scan, parts))
    else:
        found = list(map(scan, parts))
    return [replace(one, start=one.start + start, end=one.end + start) for start, part in zip(starts, found, strict=True) for one in part]


def masked(text: str) -> str:
    """A text for a message or a log: what would reach a person, and names in what is repeated of a file, is replaced by its kind.

    Repeated are quotations, proposals, keys and names of files; what the message says itself names nobody.

    Args:
        text: what would be said.

    Example:
        >>> masked("Kommentar: ring 21 43 65 88")
        'Kommentar: ring [PHONE]'
        >>> masked("goals.hodan_warsame: the field is not known (found 'Hodan Warsame')")
        "goals.[PERSON]: the field is not known (found '[PERSON]')"
    """
    seen, places = plain(text)
    seen = _without_hashes(seen)
    # Keys and paths join by signs what a text would part.
    opened = _JOINTS.sub(lambda match: "\n" if match[0] in "./" else " ", seen)
    found = [one for read in {seen, opened} for one in _direct(read)]
    for part in _REPEATED.finditer(seen):
        read, start = opened[part.start() : part.end()], part.start()
        # A word that only lacks in the dictionary may as well be the program's own.
        names = (one for one in persons(read) if one.confidence >= _NAMED)
        found += [replace(one, start=one.start + start, end=one.end + start) for one in (*_direct(read), *names)]
    for one in reversed(without_overlaps([one for one in found if one.kind != "RARE"])):
        start, end = (one.start, one.end) if places is None else (places[one.start], places[one.end - 1] + 1)
        text = f"{text[:start]}[{one.kind}]{text[end:]}"
    return text


def _without_hashes(text: str) -> str:
    return _HASH.sub(lambda match: " " * len(match[0]), text) if any(map(text.__contains__, "0123456789")) else text


def _direct(text: str) -> Iterator[Finding]:
    """Everything but names, each looked for where something announces it, so that a long text is not read twenty times."""
    small = lowered(text)
    figures = around_figures(text)
    yield from _within(text, figures, civil_numbers, record_numbers, addresses, plates, phones, grouped_phones)
    yield from _within(text, around_stems(text, small, EMAIL_STEMS, EMAIL_SIGNS), emails)
    for recogniser, stems in (
        (handles, HANDLE_STEMS),
        (twice_marked, MARK_STEMS),
        (addresses, ADDRESS_STEMS),
        (plate_names, PLATE_STEMS),
    ):
        yield from _within(text, around_stems(text, small, stems), recogniser)
    for stems, stories in groupby(STORIES, lambda story: story.stems):
        told = around_stems(text, small, stems)
        yield from _within(text, told, *(story.find for story in stories))
    said = number_words(small)
    dictated = around(text, [one for pair in pairwise(said) if pair[1][0] - pair[0][1] < _IN_A_ROW for one in pair])
    yield from _within(text, dictated, civil_numbers, grouped_phones)
    houses = around(text, [one for one in said if may_be_a_house_number(text, one[0])])
    for stretches, recognisers in (
        (dictated, (record_numbers, plates, phones)),
        (houses, (addresses,)),
        (list(_with_dates(text, small, said)), (births,)),
    ):
        yield from _read_out(text, stretches, recognisers)


def _with_dates(text: str, small: str, said: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Stretches around words for a birth that hold what may be a date; most hold neither a figure nor a word for one."""
    days = [place for stem in DAY_STEMS for place in places(small, stem)]
    dates = sorted([*days, *(start for start, _ in said), *(match.start() for match in DIGITS.finditer(text))])
    for start, end in around_stems(text, small, BIRTH_STEMS):
        if bisect_left(dates, start) < bisect_left(dates, end) and MAY_BE_A_DATE.search(text, start, end):
            yield start, end


def _read_out(text: str, stretches: list[tuple[int, int]], recognisers: Iterable[Callable[[str], Iterator[Finding]]]) -> Iterator[Finding]:
    """What is found where numbers that are said are written in figures."""
    for start, end in stretches:
        for part in text[start:end].split(_BETWEEN):
            written, places = in_figures(part)
            for recogniser in recognisers:
                for one in recogniser(written):
                    yield replace(one, start=start + places[one.start][0], end=start + places[one.end - 1][1])
            start += len(part) + len(_BETWEEN)


def _within(text: str, stretches: list[tuple[int, int]], *recognisers: Callable[[str], Iterator[Finding]]) -> Iterator[Finding]:
    for start, end in stretches:
        # What one text says of a number says nothing of the number in the next: a bus in a passage makes no plate of an interview's code.
        for part in text[start:end].split(_BETWEEN):
            for recogniser in recognisers:
                for one in recogniser(part):
                    yield replace(one, start=one.start + start, end=one.end + start)
            start += len(part) + len(_BETWEEN)


def scan_file(path: str | Path, *, allowed: Collection[str] = ()) -> list[tuple[str, Finding]]:
    """Find identifiers in a file: in its name and in every text that it can show, comments, details and hidden sheets included.

    Args:
        path: a text, table, workbook, document, notebook, page, coded project, SPSS file or PDF (`TEXT_FILES`).
        allowed: names that may stand.

    Returns:
        Pairs (place in words, finding): file name, line for texts, row and column for tables, cell for notebooks. Positions are
        within that name, line or cell; what runs over a line's end is counted on from there.

    Raises:
        SourceError: unreadable, or a kind of file that is not scanned.
    """
    place = Path(path)
    found = [("file name", finding) for finding in scan_text(place.stem.replace("_", " "), allowed=allowed)]
    return found + scan_pieces(file_texts(place), allowed=allowed)


def scan_pieces(texts: Iterable[Piece], *, allowed: Collection[str] = ()) -> list[tuple[str, Finding]]:
    """Find identifiers in texts that have a place each.

    Args:
        texts: the texts.
        allowed: names that may stand.

    Returns:
        As of `scan_file`.

    Example:
        >>> [(where, one.kind) for where, one in scan_pieces([Piece("row 2, answer", "skriv til per@eksempel.dk")])]
        [('row 2, answer, line 1', 'EMAIL')]
    """
    found: list[tuple[str, Finding]] = []
    for pieces in _batches(texts):
        starts, length = [], 0
        for piece in pieces:
            starts.append(length)
            length += len(piece.text) + len(_BETWEEN)
        for one in scan_text(_BETWEEN.join(piece.text for piece in pieces), allowed=allowed):
            number = bisect_right(starts, one.start) - 1
            found += _placed(pieces[number], replace(one, start=one.start - starts[number], end=one.end - starts[number]))
    return found


def _batches(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Pieces in handfuls: a table of thousands of cells is not read cell by cell."""
    batch: list[Piece] = []
    size = 0
    for piece in pieces:
        batch.append(piece)
        size += len(piece.text)
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


# The text of a page has the cells of its tables on lines of their own.
_OF_PAGES, _OF_NUMBERS = "page text", ("PHONE", "ADDRESS", "CPR")
_SHORTEST_LINE = 20


def stands_in_cells(text: str, one: Finding) -> bool:
    """Whether a number that was found in the text of a page goes over lines too short to have been broken: cells below each other.

    Example:
        >>> page = "told\\n218\\n11\\n693"
        >>> stands_in_cells(page, Finding(5, 15, "PHONE", 0.8, "eight digits"))
        True
    """
    if one.kind not in _OF_NUMBERS or "\n" not in text[one.start : one.end].strip():
        return False
    begin, end = text.rfind("\n", 0, one.start) + 1, text.find("\n", one.end)
    lines = text[begin : end if end >= 0 else len(text)].split("\n")
    return max(map(len, lines[:-1]), default=0) < _SHORTEST_LINE


def _placed(piece: Piece, one: Finding) -> Iterator[tuple[str, Finding]]:
    if one.end <= piece.lead:
        return  # it stands in the heading, which is a piece of its own
    if piece.where.startswith(_OF_PAGES) and stands_in_cells(piece.text, one):
        return
    if piece.lead:
        yield piece.where, replace(one, start=max(0, one.start - piece.lead), end=one.end - piece.lead)
    elif piece.where.startswith(("cell", "output")):
        yield piece.where, one
    else:
        before = f"{piece.where}, " if piece.where else ""
        yield from ((f"{before}{line}", placed) for line, placed in _by_line(piece.text, [one]))


def _by_line(text: str, findings: list[Finding]) -> Iterator[tuple[str, Finding]]:
    starts = [0, *(match.end() for match in re.finditer(r"\n", text))]
    for one in findings:
        number = bisect_right(starts, one.start)
        begin = starts[number - 1]
        yield f"line {number}", replace(one, start=one.start - begin, end=one.end - begin)

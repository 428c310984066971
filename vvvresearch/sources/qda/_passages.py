"""From marks to the table of codings: every passage with its text, a source at a time; and texts handed over beside a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

import numpy as np

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import join_parts
from vvvresearch.sources.qda._draft import Draft, Marks
from vvvresearch.sources.qda._offsets import OUTSIDE, CountedText, Positions, cut_quote, normal_text, quote_matches
from vvvresearch.sources.qda._quotes import nearest

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN_PLACE = "unknown place"
ATTRIBUTES = ("stance", "beneficiary", "phase", "prompted")


@dataclass(frozen=True)
class Placed:
    """The marks of one source (as rows of the draft's marks) and where they stand in its text; `OUTSIDE` for nowhere."""

    source: str
    rows: Sequence[int]
    starts: Positions
    ends: Positions


def follow_quotes(draft: Draft, counted: Mapping[str, CountedText], passages: Sequence[Placed], floor: float) -> None:
    """Move passages whose text was edited after coding to where their quote stands, near their place or only there.

    Raises:
        SourceError: too few of the quotes stand anywhere in the texts.
    """
    quoted = lost = 0
    for placed in passages:
        text = counted[placed.source].text
        for number, row in enumerate(placed.rows):
            quote = normal_text(draft.marks.quote[row])
            start, end = int(placed.starts[number]), int(placed.ends[number])
            if not quote.strip():
                continue
            quoted += 1
            if quote_matches(text, start, end, quote):
                continue
            found = nearest(text, quote, draft.marks.start[row] or 0)
            if found.start is not None and found.end is not None:
                placed.starts[number], placed.ends[number] = found.start, found.end
                draft.log.add("passages that were not at their position", detail="placed where their stored text stands")
            else:
                lost += 1
                placed.starts[number] = placed.ends[number] = OUTSIDE
                why = "more than once" if found.matches else "no longer"
                draft.log.add(f"passages whose stored text stands {why} in the source", place=draft.sources[placed.source].name)
    if quoted - lost < floor * quoted and quoted >= 5:
        raise SourceError(
            f"the positions of the passages do not fit the texts: {quoted - lost} of {quoted} stand there or near, floor {floor:.2f}",
            where=draft.where,
            why="neither at the positions nor elsewhere do the texts hold the stored passages",
            todo="check the project in the program that wrote it, or give a lower min_offset_score",
        )


def frame_of(draft: Draft, paths: Mapping[str, str], counted: Mapping[str, CountedText], passages: Sequence[Placed]) -> pd.DataFrame:
    """The table of codings, in the order of the marks."""
    import pandas as pd

    marks, names = draft.marks, {key: source.name for key, source in draft.sources.items()}
    starts, ends = (np.full(len(marks), OUTSIDE, dtype=np.int64) for _ in range(2))
    texts = [""] * len(marks)
    for placed in passages:
        starts[placed.rows], ends[placed.rows] = placed.starts, placed.ends
        _cut_out(draft, placed, counted[placed.source].text, texts)
    for row in np.flatnonzero(starts == OUTSIDE).tolist():
        if marks.code[row] in paths:
            starts[row], ends[row], texts[row] = _unplaced(draft, row, counted.get(marks.source[row]))
    table: dict[str, Any] = {"source": [names[key] for key in marks.source]}
    for name, values in (("start", starts), ("end", ends)):
        table[name] = pd.arrays.IntegerArray(np.where(values < 0, 1, values), values < 0)
    table |= {"text": texts, "code_path": [paths.get(code, "") for code in marks.code]}
    table |= {"coder": marks.coder, "memo": marks.memo, "guid": marks.guid}
    table |= {name: column for name, column in (("region", marks.region), ("date", marks.date)) if any(column)}
    table |= _attributes(marks)
    frame = pd.DataFrame(table)
    unknown = [code for code in marks.code if code not in paths]
    for code in dict.fromkeys(unknown):
        draft.log.add("codings of a code that the codebook lacks", unknown.count(code), "left out", code)
    if unknown:
        frame = frame[[code in paths for code in marks.code]].reset_index(drop=True)
    words = [name for name in table if name not in ("start", "end")]
    return frame if len(frame) else frame.astype(dict.fromkeys(words, object))


def _cut_out(draft: Draft, placed: Placed, text: str, texts: list[str]) -> None:
    """The passages of one source; a quote that is not its passage is noted."""
    quotes = draft.marks.quote
    other = 0
    for row, start, end in zip(placed.rows, placed.starts.tolist(), placed.ends.tolist(), strict=True):
        if start == OUTSIDE:
            continue
        texts[row] = text[start:end]
        if quotes[row] and quotes[row] != texts[row] and not quote_matches(text, start, end, normal_text(quotes[row])):
            other += 1
    name = draft.sources[placed.source].name
    draft.log.add("names and quotes of passages that are not their text", other, "the text was taken", name)


def _attributes(marks: Marks) -> dict[str, list[str]]:
    """The columns of attributes that some coding has."""
    columns: dict[str, list[str]] = {}
    for row, pairs in enumerate(marks.attributes):
        for name, value in pairs:
            if name in ATTRIBUTES:
                columns.setdefault(name, [""] * len(marks))[row] = value
    return {name: columns[name] for name in ATTRIBUTES if name in columns}


def _unplaced(draft: Draft, row: int, counted: CountedText | None) -> tuple[int, int, str]:
    """Start, end and text of a coding on a whole source, on a region or on a text that is missing; `OUTSIDE` for no place."""
    marks = draft.marks
    start, end, quote, name = marks.start[row], marks.end[row], marks.quote[row], draft.sources[marks.source[row]].name
    if counted is None:
        if start is None or end is None:
            return OUTSIDE, OUTSIDE, quote
        # Without a text nothing can be checked: positions stay as the file has them, the loss report says so.
        draft.log.add("codings on a text that the file does not hold", detail="positions are as in the file, not checked", place=name)
        believed = _believable(quote, end - start)
        draft.log.add("names of passages that are too long or short for their text", int(believed != quote), place=name)
        return start, end, believed
    if marks.region[row]:
        return OUTSIDE, OUTSIDE, quote
    if start is None:
        return 0, len(counted.text), counted.text
    draft.log.add("passages without a place in their text", detail="kept, they count for their source", place=name)
    marks.region[row] = UNKNOWN_PLACE
    return OUTSIDE, OUTSIDE, quote


def _believable(quote: str, length: int) -> str:
    """The quote of a passage whose text is missing, unless its length shows that it is a title."""
    fits = abs(len(quote) - length) <= 2 + length // 10
    return quote if fits or (cut_quote(quote) is not None and length >= len(quote) - 1) else ""


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

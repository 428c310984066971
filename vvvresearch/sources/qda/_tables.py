"""Codings in a table: one row a coding, with positions or with the quote alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.errors import Failure, SchemaError, SourceError
from vvvresearch.evidence import Codings
from vvvresearch.sources.qda._assembly import ATTRIBUTES, finish
from vvvresearch.sources.qda._codebook_table import path_of, table_nodes, with_ancestors
from vvvresearch.sources.qda._draft import CodeNode, Draft, DraftSource, Mark
from vvvresearch.sources.qda._offsets import CountedText
from vvvresearch.sources.qda._quotes import Transcript
from vvvresearch.sources.qda._texts import given_text

if TYPE_CHECKING:
    import pandas as pd

# Column → the names under which programs and people write it.
_NAMES = {
    "source": (
        "source",
        "interview",
        "document",
        "document name",
        "kilde",
        "dokument",
        "transcript",
        "transskription",
        "udskrift",
        "file",
        "fil",
    ),
    "start": ("start", "begin", "fra", "startposition", "start_offset"),
    "end": ("end", "slut", "til", "endposition", "end_offset"),
    "text": ("text", "quote", "content", "citat", "passage", "segment", "tekst", "coded segment", "quotation", "uddrag"),
    "code": ("code_path", "code", "tag", "kode", "codes", "tema", "theme"),
    "coder": ("coder", "coded by", "kodet af", "koder", "user", "owner"),
    "memo": ("memo", "comment", "kommentar", "note"),
    "guid": ("guid",),
    "region": ("region",),
    **{name: (name,) for name in ATTRIBUTES},
}
_CODINGS_SHEET, _CODEBOOK_SHEET = "codings", "codebook"


def read_table(path: str | Path, texts: Mapping[str, str], floor: float) -> Codings:
    """Codings from a CSV or XLSX table; arguments as in `read_codings`.

    Raises:
        SourceError: no table, or columns for interview and code are missing.
        SchemaError: positions that are no numbers, or half a pair of them, with all rows.
    """
    place = Path(path)
    codebook: pd.DataFrame | None = None
    if place.suffix.casefold() == ".csv":
        frame = files.read_csv(place)
    else:
        sheets = {name.casefold(): name for name in files.sheet_names(place)}
        frame = files.read_workbook(place, sheets.get(_CODINGS_SHEET))
        if _CODEBOOK_SHEET in sheets:
            codebook = files.read_workbook(place, sheets[_CODEBOOK_SHEET])
    columns = _columns(frame, place)
    draft = Draft(str(path), origin="table")
    unread = [str(name) for name in frame.columns if name not in columns.values() and str(name).casefold() != "id"]
    for name in unread:
        draft.log.add("columns that are not read", place=name)
    cells = {role: [_shown(cell) for cell in frame[columns[role]]] if role in columns else [""] * len(frame) for role in _NAMES}
    _Reader(draft, texts, cells, [int(line) for line in frame.index]).read()
    draft.codes = _codes(draft, codebook, place)
    return finish(draft, floor=floor)


def _columns(frame: pd.DataFrame, path: Path) -> dict[str, str]:
    known = {str(name).strip().casefold(): str(name) for name in frame.columns}
    found: dict[str, str] = {}
    for role, names in _NAMES.items():
        name = next((known[candidate] for candidate in names if candidate in known), None)
        if name is not None and name not in found.values():
            found[role] = name
    missing = [role for role in ("source", "code") if role not in found]
    if missing or not {"text", "start"} & found.keys():
        missing += [] if {"text", "start"} & found.keys() else ["text or start and end"]
        raise SourceError(
            f"this is no table of codings: no column for {', '.join(missing)}",
            where=path,
            why=f"its columns are {', '.join(str(name) for name in frame.columns)}",
            todo="name the columns interview, start, end, quote, code, coder (start and end, or the quote alone, are enough)",
        )
    return found


def _shown(cell: object) -> str:
    """A cell as it was before `=`, `+`, `-` and `@` were made harmless with an apostrophe."""
    text = str(cell)
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text


class _Reader:
    """Rows into a draft."""

    def __init__(self, draft: Draft, texts: Mapping[str, str], cells: dict[str, list[str]], lines: list[int]) -> None:
        self.draft = draft
        self.texts = texts
        self.cells = cells
        self.lines = lines
        self.transcripts: dict[str, Transcript] = {}
        self.failures: list[Failure] = []

    def read(self) -> None:
        for number, line in enumerate(self.lines):
            row = {role: column[number] for role, column in self.cells.items()}
            if not row["source"].strip():
                self.failures.append(Failure(line, "interview", "", "a coding needs its interview"))
            elif not row["code"].strip():
                self.draft.log.add("passages without a code", place=f"row {line}")
            else:
                self._row(row, line)
        if self.failures:
            raise SchemaError("the table of codings is not usable", self.failures, where=self.draft.where, todo="correct these rows")

    def _row(self, row: dict[str, str], line: int) -> None:
        name = row["source"].strip()
        source = self.draft.sources.get(name)
        if source is None:
            source = self.draft.sources[name] = DraftSource(name, given_text(self.texts, name))
        start, end = self._number(row["start"], "start", line), self._number(row["end"], "end", line)
        if (start is None) != (end is None):
            self.failures.append(Failure(line, "start" if start is None else "end", "", "start and end belong together"))
            return
        region, quote = row["region"], row["text"]
        # Neither a place nor a quote: the code is on the whole interview.
        if start is None and not region and quote.strip():
            start, end, quote, region = self._locate(source, quote, line)
        attributes = tuple((role, row[role].strip()) for role in ATTRIBUTES if row[role].strip())
        self.draft.marks.append(
            Mark(name, start, end, quote, path_of(row["code"]), row["coder"].strip(), row["memo"], row["guid"].strip(), region, attributes)
        )

    def _number(self, cell: str, column: str, line: int) -> int | None:
        text = cell.strip().removesuffix(".0").removesuffix(",0")
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or len(text) > 15:
            self.failures.append(Failure(line, column, cell[:40], "a position is a whole number from 0"))
            return None
        return int(text)

    def _locate(self, source: DraftSource, quote: str, line: int) -> tuple[int | None, int | None, str, str]:
        """The place of a quote in the text and the passage there, or the note that it has no place."""
        log = self.draft.log
        if source.raw is None:
            log.add("quotes without a transcript to find them in", detail="kept without a place", place=f"row {line}")
            return None, None, quote, ""
        transcript = self.transcripts.get(source.name)
        if transcript is None:
            # Quotes are found in the normalised text, so that is what positions must count.
            source.raw = CountedText(source.raw).text
            transcript = self.transcripts[source.name] = Transcript(source.raw)
        found = transcript.locate(quote)
        if found.start is None:
            what = "quotes that stand more than once in the transcript" if found.matches else "quotes that are not in the transcript"
            log.add(what, detail="kept without a place", place=f"row {line}")
            return None, None, quote, "unknown place"
        return found.start, found.end, transcript.text[found.start : found.end], ""


def _codes(draft: Draft, codebook: pd.DataFrame | None, path: Path) -> list[CodeNode]:
    """The codes of the codebook sheet, and all that the codings name; a code's key is its path."""
    nodes = {node.key: node for node in table_nodes(codebook, path, draft.log)} if codebook is not None else {}
    return with_ancestors(nodes, (mark.code for mark in draft.marks))

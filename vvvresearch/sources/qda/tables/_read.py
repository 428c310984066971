"""Codings in a table: one row a coding, with positions or with the quote alone, in the layouts of programs and people."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from vvvresearch import files
from vvvresearch.errors import Failure, SchemaError
from vvvresearch.evidence import SEPARATOR, Codings
from vvvresearch.kinds import KIND_MARK, combined_kind, marked_kind
from vvvresearch.sources.qda._assembly import finish
from vvvresearch.sources.qda._codebook import path_of, table_nodes, tag_path, with_ancestors
from vvvresearch.sources.qda._draft import CodeNode, Draft, DraftSource, LossLog, Mark, iso_date
from vvvresearch.sources.qda._offsets import CountedText
from vvvresearch.sources.qda._passages import ATTRIBUTES, UNKNOWN_PLACE, given_text
from vvvresearch.sources.qda._quotes import Transcript
from vvvresearch.sources.qda.tables._columns import Sheet, are_positions, folded_heading, open_codings, whole_number
from vvvresearch.sources.qda.tables._write import read_sheets
from vvvresearch.sources.registers._tables import TableFile

_POSITION_HEADINGS = {"start", "startposition", "start position", "start offset", "segment start", "index1"}
_FOLDERS = re.compile(r"^(?:files|internals|nodes|codes|themes|filer|koder|kilder)\\+", re.IGNORECASE)
_PIECES = re.compile(r"[,;|\r\n]+")
_RANGE = re.compile(r"(\d+)\s*[-–:]\s*(\d+)")
_TRUE = ("true", "1", "yes", "sand", "ja", "x", "wahr")
_FALSE = ("", "false", "0", "no", "falsk", "nej", "falsch")
_AGREEING, _ENOUGH = 0.9, 3


def read_table(
    path: TableFile, texts: Mapping[str, str], floor: float, meanings: Mapping[str, tuple[str, Mapping[str, str]]] | None = None
) -> Codings:
    """Codings from a CSV or XLSX table; arguments as in `read_codings`.

    Args:
        meanings: heading → (attribute, cell → value), for columns that say the stance, phase or beneficiary.

    Raises:
        SourceError: no table, or columns for interview and code are missing.
        SchemaError: positions that are no numbers, half a pair of them, ids with characters that nobody sees; all rows.
    """
    place = Path(path)
    sheet = open_codings(path)
    columns, frame = sheet.columns, sheet.frame
    draft = Draft(str(path), origin="table")
    declared = {name: rule for name, rule in (meanings or {}).items() if name in frame.columns}
    for name in frame.columns:
        filled = sum(bool(str(cell).strip()) for cell in frame[name])
        if name not in (*columns.used, *declared, KIND_MARK) and filled:
            draft.log.add(f"cells of the column {name!r}", filled, "the column is not read")
    cells = {role: [files.original_text(str(cell)) for cell in frame[name]] for role, name in columns.roles.items()}
    reader = _Reader(draft, texts, cells, [int(line) for line in frame.index], sheet)
    reader.declared = {name: (*rule, [files.original_text(str(cell)) for cell in frame[name]]) for name, rule in declared.items()}
    reader.read()
    nodes = {node.key: node for node in table_nodes(sheet.codebook, place, draft.log)} if sheet.codebook is not None else {}
    draft.codes = _coloured(with_ancestors(nodes, draft.marks.code), reader.colours, draft.log)
    read_sheets(place, sheet.others, draft)
    kinds = set(frame[KIND_MARK]) if KIND_MARK in frame.columns else set()
    return dataclasses.replace(finish(draft, floor=floor), kind=combined_kind(marked_kind(str(kind).strip(), place) for kind in kinds))


@dataclass
class _Reader:
    """Rows into a draft.

    Args:
        draft: what is filled.
        texts: transcripts.
        cells: role → the column's cells.
        lines: where each row stands in the file.
        sheet: the table.
        declared: heading → attribute, meaning of cells, cells.
        colours: code → the colours that the rows give it.
    """

    draft: Draft
    texts: Mapping[str, str]
    cells: dict[str, list[str]]
    lines: list[int]
    sheet: Sheet
    declared: dict[str, tuple[str, Mapping[str, str], list[str]]] = field(default_factory=dict)
    colours: dict[str, set[str]] = field(default_factory=dict)
    _transcripts: dict[str, Transcript] = field(default_factory=dict)
    _failures: list[Failure] = field(default_factory=list)
    _settled: list[tuple[int, str, int]] = field(default_factory=list)
    _unsettled: list[_Unsettled] = field(default_factory=list)

    def read(self) -> None:
        """All rows."""
        self._read_ranges()
        self._check_applied()
        self._positions = self._counts_characters()
        self._sources = self._source_names()
        standing = {cell.strip() for cell in self._column("code")}
        seen: set[tuple[str, ...]] = set()
        for row, line in enumerate(self.lines):
            name = self._sources[row]
            codes = self._codes(row, standing)
            if not any(self._cell(role, row).strip() for role in ("source", "code", "text", "start")):
                self.draft.log.add("rows without interview, code and quote", place=f"row {line}")
            elif not name:
                self._failures.append(Failure(line, "interview", "", "a coding needs its interview"))
            elif files.plain_text(name) != name:
                self._failures.append(Failure(line, "interview", "", "the id holds characters that nobody sees"))
            elif not codes:
                self.draft.log.add("passages without a code", place=f"row {line}")
            elif self.sheet.columns.layout == "taguette" and self._repeated(row, seen):
                self.draft.log.add("rows that repeat a coding", detail="the export of one tag repeats them for the tags below it")
            else:
                self._row(row, line, name, codes)
        if self._failures:
            raise SchemaError("the table of codings is not usable", self._failures, where=self.draft.where, todo="correct these rows")
        self._settle_by_paragraph()

    def _read_ranges(self) -> None:
        """Start and end from a column of ranges, where the table has no others."""
        if "range" not in self.cells:
            return
        unread = sum(bool(cell.strip()) for cell in self.cells["range"])
        if "start" not in self.cells:
            ranges = [_RANGE.fullmatch(cell.strip()) for cell in self.cells["range"]]
            self.cells["start"], self.cells["end"] = ([found[side] if found else "" for found in ranges] for side in (1, 2))
            unread -= sum(found is not None for found in ranges)
        self.draft.log.add(f"cells of the column {self.sheet.columns.roles['range']!r}", unread, "no range of characters")

    def _check_applied(self) -> None:
        """List what stands in the columns of codes and says neither yes nor no."""
        for name in self.sheet.columns.applied.values():
            cells = [str(cell).strip().casefold() for cell in self.sheet.frame[name]]
            self.draft.log.add(f"cells of the column {name!r}", sum(cell not in (*_TRUE, *_FALSE) for cell in cells), "neither yes nor no")

    def _column(self, role: str) -> Sequence[str]:
        return self.cells.get(role, [""] * len(self.lines))

    def _cell(self, role: str, row: int) -> str:
        column = self.cells.get(role)
        return column[row] if column is not None else ""

    def _counts_characters(self) -> bool:
        """Whether start and end count characters; else they are numbers of paragraphs, lines or pages."""
        if "start" not in self.cells or self.sheet.columns.layout == "own":
            return True
        sure = folded_heading(self.sheet.columns.roles.get("start", "")) in _POSITION_HEADINGS
        positions = "end" in self.cells and are_positions(self.cells["start"], self.cells["end"], self._column("text"), sure)
        filled = sum(bool(cell.strip()) for cell in self.cells["start"])
        if not positions:
            self.draft.log.add("numbers of paragraphs or lines", filled, "they count no characters; passages are found by their quotes")
        return positions

    def _source_names(self) -> list[str]:
        """The interview of each row; one name in two groups of documents is two interviews."""
        names = [_FOLDERS.sub("", cell.strip()).rpartition("\\")[2].strip() for cell in self._column("source")]
        if "group" not in self.cells:
            return names
        groups: dict[str, set[str]] = {}
        for name, group in zip(names, self.cells["group"], strict=True):
            groups.setdefault(name, set()).add(group.strip())
        shared = {name for name, own in groups.items() if len(own) > 1}
        self.draft.log.add("interviews with the name of another in another group", len(shared), "told apart by the group")
        return [f"{group.strip()} / {name}" if name in shared else name for name, group in zip(names, self.cells["group"], strict=True)]

    def _codes(self, row: int, standing: set[str]) -> list[str]:
        """The code paths of a row."""
        columns = self.sheet.columns
        marked = [code for code, name in columns.applied.items() if str(self.sheet.frame[name].iloc[row]).strip().casefold() in _TRUE]
        if marked:
            rest = self._cell("code", row)
            # The cell names codes without those above them.
            for code in sorted({*marked, *(code.rpartition("\\")[2] for code in marked)}, key=len, reverse=True):
                rest = rest.replace(code, "")
            # A code that was made after the columns stands in the cell alone.
            whole = {piece.strip() for piece in _PIECES.split(self._cell("code", row))}
            left = [piece.strip() for piece in _PIECES.split(rest) if piece.strip()]
            further = [piece for piece in left if piece in whole]
            self.draft.log.add("codes in a cell that no column marks", len(left) - len(further), place=f"row {self.lines[row]}")
            return [self._path(code) for code in (*marked, *further)]
        cell = self._cell("code", row).strip() if "code" in self.cells else (self.sheet.title if columns.layout == "nvivo" else "")
        if not cell or columns.layout == "own":
            return [path_of(cell)] if cell else []
        pieces = [piece.strip() for piece in re.split(r"[\r\n;|]+", cell) if piece.strip()]
        if len(pieces) == 1 and "," in cell:
            parts = [part.strip() for part in cell.split(",")]
            combined = folded_heading(columns.roles.get("code", "")) == "codes applied combined"
            if all(parts) and (combined or all(part in standing for part in parts)):
                pieces = parts
        return list(dict.fromkeys(self._path(piece) for piece in pieces))

    def _path(self, code: str) -> str:
        """A code as the layout writes it, as a path."""
        if self.sheet.columns.layout == "taguette":
            return tag_path(code)
        bare = _FOLDERS.sub("", code)
        parts = [part.strip() for part in bare.split("\\") if part.strip()]
        return SEPARATOR.join(path_of(part) for part in parts) if len(parts) > 1 else path_of(parts[0] if parts else code)

    def _repeated(self, row: int, seen: set[tuple[str, ...]]) -> bool:
        frame = self.sheet.frame
        key = tuple(str(cell) for cell in frame.iloc[row])
        if "id" not in {folded_heading(name) for name in frame.columns} or key not in seen:
            seen.add(key)
            return False
        return True

    def _row(self, row: int, line: int, name: str, codes: Sequence[str]) -> None:
        source = self.draft.sources.get(name)
        if source is None:
            source = self.draft.sources[name] = DraftSource(name, given_text(self.texts, name))
            if group := self._cell("group", row).strip():
                source.variables[self.sheet.columns.roles["group"]] = group
        start, end = self._span(row, line)
        region, quote = self._cell("region", row), self._cell("text", row)
        first = len(self.draft.marks)
        # Neither a place nor a quote: the code is on the whole interview.
        if start is None and not region and quote.strip():
            places = self._places(source, quote)
            if len(places) == 1:
                start, end = places[0]
                quote = self._transcripts[name].text[start:end]
                self._settled.append((row, name, start))
            elif places and not self._positions:
                self._unsettled.append(_Unsettled(row, line, name, places, range(first, first + len(codes))))
            else:
                self._tell_unplaced(source, len(places), line)
            region = "" if start is not None or source.raw is None else UNKNOWN_PLACE
        color, own = self._cell("color", row).strip(), self._cell("guid", row).strip() if len(codes) == 1 else ""
        self.draft.log.add("ids of rows with several codes", int(len(codes) > 1 and bool(self._cell("guid", row).strip())))
        attributes, date, coder = self._attributes(row, line), iso_date(self._cell("date", row)), self._cell("coder", row).strip()
        for code in codes:
            if color:
                self.colours.setdefault(code, set()).add(color)
            self.draft.marks.add(Mark(name, start, end, quote, code, coder, self._cell("memo", row), own, region, attributes, date))

    def _attributes(self, row: int, line: int) -> tuple[tuple[str, str], ...]:
        found = {role: self._cell(role, row).strip() for role in ATTRIBUTES}
        for name, (role, meaning, cells) in self.declared.items():
            cell = cells[row].strip()
            value = meaning.get(cell.casefold(), "")
            if cell and not value:
                self.draft.log.add(f"cells of the column {name!r} without a declared meaning", place=f"row {line}")
            found[role] = found[role] or value
        return tuple((role, value) for role, value in found.items() if value)

    def _span(self, row: int, line: int) -> tuple[int | None, int | None]:
        """Start and end as positions, counted from 0 with the end excluded."""
        if not self._positions:
            return None, None
        start, end = self._number(row, "start", line), self._number(row, "end", line)
        if (start is None) != (end is None):
            self._failures.append(Failure(line, "start" if start is None else "end", "", "start and end belong together"))
            return None, None
        # R counts from 1 with the end included.
        return (max(0, start - 1) if start is not None and self.sheet.columns.layout == "requal" else start), end

    def _number(self, row: int, role: str, line: int) -> int | None:
        cell = self._cell(role, row)
        number = whole_number(cell)
        if number is None and cell.strip():
            self._failures.append(Failure(line, role, cell[:40], "a position is a whole number from 0"))
        return number

    def _places(self, source: DraftSource, quote: str) -> list[tuple[int, int]]:
        """Where a quote can stand in the text of its interview."""
        if source.raw is None:
            return []
        transcript = self._transcripts.get(source.name)
        if transcript is None:
            # Quotes are found in the normalised text, so that is what positions must count.
            source.raw = CountedText(source.raw).text
            transcript = self._transcripts[source.name] = Transcript(source.raw)
        return transcript.places(quote)

    def _tell_unplaced(self, source: DraftSource, places: int, line: int) -> None:
        what = "quotes that stand more than once in the transcript" if places else "quotes that are not in the transcript"
        if source.raw is None:
            what = "quotes without a transcript to find them in"
        self.draft.log.add(what, detail="kept without a place", place=f"row {line}")

    def _settle_by_paragraph(self) -> None:
        """Of several places of a quote the one in the paragraph that the row names, where the quotes that stand once show
        how paragraphs are counted."""
        number = self._paragraphs() if self._unsettled else None
        for one in self._unsettled:
            text = self._transcripts[one.source].text
            first, last = (whole_number(self._cell(role, one.row)) for role in ("start", "end"))
            inside = []
            if number is not None and first is not None:
                inside = [place for place in one.places if first <= number(text, place[0]) <= (last if last is not None else first)]
            if len(inside) != 1:
                self._tell_unplaced(self.draft.sources[one.source], len(one.places), one.line)
                continue
            start, end = inside[0]
            self.draft.log.add("quotes that stand more than once", detail="the one in the paragraph that the row names was taken")
            for mark in one.marks:
                marks = self.draft.marks
                marks.start[mark], marks.end[mark], marks.quote[mark], marks.region[mark] = start, end, text[start:end], ""

    def _paragraphs(self) -> Callable[[str, int], int] | None:
        """The way of counting paragraphs that agrees with quotes whose place is known."""
        known = [(whole_number(self._cell("start", row)), name, start) for row, name, start in self._settled]
        known = [one for one in known if one[0] is not None]
        for count in (_line, _filled_line):
            agreed = sum(count(self._transcripts[name].text, start) == number for number, name, start in known)
            if len(known) >= _ENOUGH and agreed >= _AGREEING * len(known):
                return count
        return None


class _Unsettled(NamedTuple):
    """A quote with several places, and the marks that wait for one."""

    row: int
    line: int
    source: str
    places: list[tuple[int, int]]
    marks: range


def _line(text: str, place: int) -> int:
    """The number of the line in which a place lies, from 1."""
    return text.count("\n", 0, place) + 1


def _filled_line(text: str, place: int) -> int:
    """The same, empty lines not counted."""
    return sum(bool(line.strip()) for line in text[:place].split("\n")[:-1]) + 1


def _coloured(nodes: list[CodeNode], colours: Mapping[str, set[str]], log: LossLog) -> list[CodeNode]:
    """Codes with the colour that all their rows have, where they have none of their own."""
    coloured = []
    for node in nodes:
        given = colours.get(node.key, set())
        color = node.color or (min(given) if len(given) == 1 else "")
        log.add("colours of a code that its rows or the codebook say otherwise", len(given - {color}), place=node.name)
        coloured.append(node._replace(color=color))
    return coloured

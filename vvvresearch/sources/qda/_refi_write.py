"""Writing codings as a REFI-QDA project that validates against the published schema."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from vvvresearch import files
from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Codebook, Codings, Losses
from vvvresearch.sources.qda._draft import LossLog, records
from vvvresearch.sources.qda._offsets import MARK
from vvvresearch.sources.qda._passages import ATTRIBUTES
from vvvresearch.sources.qda._refi_codebook import code_guids, codebook_bytes, codes_xml, note_reference
from vvvresearch.sources.qda._refi_memos import MemoWriter, sets_xml
from vvvresearch.sources.qda._refi_package import ORIGIN
from vvvresearch.sources.qda._refi_values import VariableWriter, cases_xml
from vvvresearch.sources.qda._refi_xml import Ids, attribute_text, element, has_impossible, moment, opening

_NAMESPACE = "urn:QDA-XML:project:1.0"
_EPOCH = (2000, 1, 1, 0, 0, 0)
_QUOTE = 100
_LEVEL = 3
_NOWHERE = -1
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def write_refi(codings: Codings | Codebook, path: str | Path) -> Losses:
    """Write codings as a REFI-QDA project (`.qdpx`), or their codebook alone (`.qdc`).

    Positions are written as the standard says: code points, end exclusive, texts in UTF-8 with `\\n` and without a
    byte-order mark. Every selection carries its quote, so that a reader can check. The file validates against the
    published schema.

    Args:
        codings: what to write; for `.qdc` a codebook is enough.
        path: the file, ending in `.qdpx` or `.qdc`.

    Returns:
        What the format cannot carry; empty when everything was written.

    Raises:
        AnalysisError: another ending, or a codebook without codes for `.qdc`.
        VvvError: the file cannot be written.

    Example:
        >>> from vvvresearch.sources import write_refi
        >>> write_refi(codings, "interviews.qdpx")  # doctest: +SKIP
    """
    place = Path(path)
    log = LossLog(str(path))
    ending = place.suffix.casefold()
    codebook = codings if isinstance(codings, Codebook) else codings.codebook
    if ending == ".qdc":
        if codebook.frame.empty:
            raise AnalysisError("a codebook without codes cannot be written", where=path, why="the standard asks for at least one code")
        if isinstance(codings, Codings):
            log.add("codings", len(codings.frame), "a .qdc holds the codebook alone")
            log.add("memos", len(records(codings.memos)), "a .qdc holds the codebook alone")
            log.add("members of sets", len(records(codings.sets)), "a .qdc holds the codebook alone")
        files.write_bytes(place, codebook_bytes(codebook, log))
    elif ending == ".qdpx" and isinstance(codings, Codings):
        _refuse_marks(codings, path)
        files.write_bytes(place, _ProjectWriter(codings, log).archive(place.stem))
    else:
        raise AnalysisError(f"REFI-QDA is not written to {place.suffix or 'a name without ending'!r}", where=path, todo="use .qdpx or .qdc")
    return log.losses()


def _refuse_marks(codings: Codings, path: object) -> None:
    """A byte-order mark that is part of a text would be taken for none when the file is read."""
    marked = [name for name, text in codings.texts.items() if text.startswith(MARK)]
    if marked:
        raise AnalysisError(
            f"the text of {marked[0]!r} begins with a byte-order mark",
            where=path,
            why="positions after it would be read one character off",
            todo="take the mark away and move the positions by one",
        )


class _ProjectWriter:
    """One project on its way to bytes."""

    def __init__(self, codings: Codings, log: LossLog) -> None:
        self.codings = codings
        self.log = log
        self.ids = Ids()
        self.records = self._source_records()
        self.guids = {name: self.ids.of("source", name) for name in self.records}
        memos = records(codings.memos)
        people = {str(name) for name in codings.frame["coder"].unique()} | {str(memo["author"]) for memo in memos}
        self.users = {name: self.ids.of("user", name) for name in sorted(people - {""})}
        self.variables = VariableWriter(self.ids)
        self.memos = MemoWriter(self.ids, self.users, log)
        self.memos.learn(memos)

    def _source_records(self) -> dict[str, dict[str, Any]]:
        """Every source with its variables: those of the table of sources first, then any other."""
        found = {str(row["source"]): row for row in records(self.codings.sources)}
        for name in [*self.codings.texts, *map(str, self.codings.frame["source"].unique())]:
            found.setdefault(name, {"source": name})
        return found

    def archive(self, title: str) -> bytes:
        """The `.qdpx`: the project file and one text file a source."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            self._store(archive, "project.qde", self._project(title).encode("utf-8"))
            for name, text in self.codings.texts.items():
                raw = text
                if _NO_TEXT.search(text):
                    self.log.add("characters that are no text (lone surrogates, NUL)", detail="written as U+FFFD", place=name)
                    raw = _NO_TEXT.sub("\ufffd", raw)
                self._store(archive, f"sources/{self.guids[name]}.txt", raw.encode("utf-8"))
        return buffer.getvalue()

    def _store(self, archive: zipfile.ZipFile, name: str, data: bytes) -> None:
        # A fixed date makes two runs from the same codings equal byte for byte.
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        archive.writestr(info, data, compresslevel=_LEVEL)

    def _project(self, title: str) -> str:
        codebook = self.codings.codebook
        case_rows = records(self.codings.cases)
        self.variables.learn(self.records.values(), ("source",))
        self.variables.learn(case_rows, ("case", "source"))
        paths = code_guids(codebook, self.ids)
        codes = codes_xml(codebook, paths, self.memos.codes, self.log)
        head = {
            "xmlns": _NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{_NAMESPACE} http://schema.qdasoftware.org/versions/Project/v1.0/Project.xsd",
            "name": title,
            "origin": ORIGIN,
        }
        parts = ['<?xml version="1.0" encoding="utf-8"?>\n', opening("Project", head), "\n"]
        if self.users:
            users = [opening("User", {"guid": key, "name": name}, empty=True) + "\n" for name, key in self.users.items()]
            parts += ["<Users>\n", *users, "</Users>\n"]
        if paths:
            parts += ["<CodeBook>\n", *codes, "</CodeBook>\n"]
        parts += self.variables.variables_xml()
        parts += cases_xml(case_rows, self.guids, self.variables, self.log, self.memos.cases, self._coded_cases(paths))
        parts += self._sources(paths)
        parts += self.memos.notes_xml()
        parts += sets_xml(records(self.codings.sets), paths, self.guids, self.ids, self.log)
        parts += [note_reference(note) for note in self.memos.project]
        parts.append("</Project>\n")
        return "".join(parts)

    def _coded_cases(self, paths: Mapping[str, str]) -> dict[str, str]:
        """Cases that are codes too have the code's GUID."""
        frame = self.codings.codebook.frame
        rows = frame[frame["is_case"].astype(bool)] if "is_case" in frame else frame.iloc[:0]
        return {str(name): paths[path] for name, path in zip(rows["name"], rows["code_path"], strict=True)}

    def _sources(self, paths: Mapping[str, str]) -> list[str]:
        if not self.records:
            return []
        rows = self._rows_by_source()
        lines = ["<Sources>\n"]
        for name, record in self.records.items():
            key = self.guids[name]
            inside = f"internal://{key}.txt" if name in self.codings.texts else None
            lines.append(opening("TextSource", {"guid": key, "name": name, "plainTextPath": inside}) + "\n")
            lines += self._codings(name, rows.get(name, []), paths)
            lines += [note_reference(note) for note in self.memos.sources.get(name, ())]
            lines += self.variables.values_xml(record, ("source",))
            lines.append("</TextSource>\n")
        return [*lines, "</Sources>\n"]

    def _rows_by_source(self) -> dict[str, list[_Row]]:
        frame = self.codings.frame
        count = len(frame)

        def words(name: str) -> list[str]:
            return frame[name].astype(object).where(frame[name].notna(), "").astype(str).tolist() if name in frame else [""] * count

        starts, ends = (frame[name].astype("Int64").fillna(_NOWHERE).astype("int64").tolist() for name in ("start", "end"))
        attributes = [[f"{name}={value}" if value else "" for value in words(name)] for name in ATTRIBUTES if name in frame]
        notes = ["\n".join(filter(None, parts)) for parts in zip(*attributes, strict=True)] if attributes else [""] * count
        columns = [words(name) for name in ("text", "code_path", "coder", "memo", "guid", "date", "region")]
        found: dict[str, list[_Row]] = {}
        for source, row in zip(words("source"), map(_Row, starts, ends, *columns, notes), strict=True):
            found.setdefault(source, []).append(row)
        return found

    def _codings(self, source: str, rows: list[_Row], paths: Mapping[str, str]) -> list[str]:
        text = self.codings.texts.get(source)
        groups: dict[tuple[int, int, str, str], list[str]] = {}
        whole: list[str] = []
        for row in rows:
            code = paths.get(row.code)
            if code is None:
                raise AnalysisError(f"the code {row.code!r} of a coding is not in the codebook", where=source)
            if has_impossible(row.coder) or has_impossible(source) or (row.memo and has_impossible(row.memo)):
                self.log.add("characters that XML cannot hold", detail="written as U+FFFD", place=source)
            if row.start == _NOWHERE or row.end == _NOWHERE:
                if text is not None:
                    self.log.add("codings without a place in their text", detail="left out", place=source)
                    continue
                if row.memo or row.text or row.region:
                    self.log.add("quotes, memos and regions of codings without a text", place=source)
                whole.append(self._coding(source, row, code))
                continue
            if not 0 <= row.start <= row.end or (text is not None and row.end > len(text)):
                raise AnalysisError(f"the passage {row.start}–{row.end} does not lie in its text", where=source, todo="check start and end")
            quote = text[row.start : row.end] if text is not None else row.text
            groups.setdefault((row.start, row.end, row.memo, quote), []).append(self._coding(source, row, code))
        lines = []
        for (start, end, memo, quote), codings in groups.items():
            shown = quote if len(quote) <= _QUOTE else quote[:_QUOTE] + "…"
            name = f' name="{attribute_text(shown)}"' if shown else ""
            key = self.ids.of("selection", f"{source}\0{start}\0{end}\0{memo}")
            lines.append(f'<PlainTextSelection guid="{key}"{name} startPosition="{start}" endPosition="{end}">\n')
            lines += [*element("Description", memo), *codings, "</PlainTextSelection>\n"]
        for (start, end), notes in self.memos.passages.get(source, {}).items():
            key = self.ids.of("selection", f"{source}\0{start}\0{end}\0memo")
            lines.append(f'<PlainTextSelection guid="{key}" startPosition="{start}" endPosition="{end}">\n')
            lines += [*(note_reference(note) for note in notes), "</PlainTextSelection>\n"]
        return lines + whole

    def _coding(self, source: str, row: _Row, code: str) -> str:
        key = self.ids.of("coding", f"{source}\0{row.start}\0{row.end}\0{code}\0{row.coder}", row.guid)
        user = f' creatingUser="{self.users[row.coder]}"' if row.coder else ""
        date = moment(row.date) if row.date else ""
        if row.date and not date:
            self.log.add("dates of codings that are none of the standard's")
        made = f' creationDateTime="{date}"' if date else ""
        reference = note_reference(self.memos.attributes(row.note)).strip() if row.note else ""
        return f'<Coding guid="{key}"{user}{made}><CodeRef targetGUID="{code}"/>{reference}</Coding>\n'


class _Row(NamedTuple):
    """A coding to be written; `note` holds its stance, beneficiary, phase and whether it was prompted."""

    start: int
    end: int
    text: str
    code: str
    coder: str
    memo: str
    guid: str
    date: str
    region: str
    note: str

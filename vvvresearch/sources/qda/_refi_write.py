"""Writing codings as a REFI-QDA project that validates against the published schema."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Codebook, Codings, Losses
from vvvresearch.sources.qda._assembly import ATTRIBUTES
from vvvresearch.sources.qda._draft import LossLog, records
from vvvresearch.sources.qda._offsets import MARK
from vvvresearch.sources.qda._refi_codebook import codebook_bytes, codes_xml
from vvvresearch.sources.qda._refi_ids import Ids
from vvvresearch.sources.qda._refi_notes import ATTRIBUTE_NOTE
from vvvresearch.sources.qda._refi_package import ORIGIN
from vvvresearch.sources.qda._refi_values import VariableWriter, cases_xml, is_missing
from vvvresearch.sources.qda._xml_text import element, has_impossible, opening

_NAMESPACE = "urn:QDA-XML:project:1.0"
_EPOCH = (2000, 1, 1, 0, 0, 0)
_QUOTE = 100
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
        files.write_bytes(place, codebook_bytes(codebook, log))
    elif ending == ".qdpx" and isinstance(codings, Codings):
        files.write_bytes(place, _ProjectWriter(codings, log).archive(place.stem))
    else:
        raise AnalysisError(f"REFI-QDA is not written to {place.suffix or 'a name without ending'!r}", where=path, todo="use .qdpx or .qdc")
    return log.losses()


class _ProjectWriter:
    """One project on its way to bytes."""

    def __init__(self, codings: Codings, log: LossLog) -> None:
        self.codings = codings
        self.log = log
        self.ids = Ids()
        self.rows = records(codings.frame)
        self.records = self._source_records()
        self.guids = {name: self.ids.of("source", name) for name in self.records}
        coders = sorted({str(row["coder"]) for row in self.rows} - {""})
        self.users = {name: self.ids.of("user", name) for name in coders}
        self.variables = VariableWriter(self.ids)
        self.notes: dict[str, str] = {}

    def _source_records(self) -> dict[str, dict[str, Any]]:
        """Every source with its variables: those of the table of sources first, then any other."""
        found = {str(row["source"]): row for row in records(self.codings.sources)}
        for name in [*self.codings.texts, *(str(row["source"]) for row in self.rows)]:
            found.setdefault(name, {"source": name})
        return found

    def archive(self, title: str) -> bytes:
        """The `.qdpx`: the project file and one text file a source."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            self._store(archive, "project.qde", self._project(title).encode("utf-8"))
            for name, text in self.codings.texts.items():
                # A second mark protects one that belongs to the text.
                raw = MARK + text if text.startswith(MARK) else text
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
        archive.writestr(info, data)

    def _project(self, title: str) -> str:
        case_rows = records(self.codings.cases)
        self.variables.learn(self.records.values(), ("source",))
        self.variables.learn(case_rows, ("case", "source"))
        codes, paths = codes_xml(self.codings.codebook, self.ids, self.log)
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
        parts += cases_xml(case_rows, self.guids, self.variables, self.log)
        parts += self._sources(paths)
        if self.notes:
            parts.append("<Notes>\n")
            for text, key in self.notes.items():
                parts.append(opening("Note", {"guid": key, "name": ATTRIBUTE_NOTE}) + "\n")
                parts += [*element("PlainTextContent", text), "</Note>\n"]
            parts.append("</Notes>\n")
        parts.append("</Project>\n")
        return "".join(parts)

    def _sources(self, paths: Mapping[str, str]) -> list[str]:
        by_source: dict[str, list[dict[str, Any]]] = {}
        for row in self.rows:
            by_source.setdefault(str(row["source"]), []).append(row)
        if not self.records:
            return []
        lines = ["<Sources>\n"]
        for name, record in self.records.items():
            key = self.guids[name]
            inside = f"internal://{key}.txt" if name in self.codings.texts else None
            lines.append(opening("TextSource", {"guid": key, "name": name, "plainTextPath": inside}) + "\n")
            lines += self._codings(name, by_source.get(name, []), paths)
            lines += self.variables.values_xml(record, ("source",))
            lines.append("</TextSource>\n")
        return [*lines, "</Sources>\n"]

    def _codings(self, source: str, rows: list[dict[str, Any]], paths: Mapping[str, str]) -> list[str]:
        text = self.codings.texts.get(source)
        groups: dict[tuple[int, int, str, str], list[str]] = {}
        whole: list[str] = []
        for row in rows:
            if row["code_path"] not in paths:
                raise AnalysisError(f"the code {row['code_path']!r} of a coding is not in the codebook", where=source)
            memo = "" if is_missing(row.get("memo")) else str(row.get("memo") or "")
            if any(has_impossible(str(value)) for value in (memo, row["coder"], source)):
                self.log.add("characters that XML cannot hold", detail="written as U+FFFD", place=source)
            coding = self._coding(row, paths[row["code_path"]])
            if is_missing(row["start"]) or is_missing(row["end"]):
                if text is not None:
                    self.log.add("codings without a place in their text", detail="left out", place=source)
                    continue
                if memo or row["text"] or row.get("region"):
                    self.log.add("quotes, memos and regions of codings without a text", place=source)
                whole.append(coding)
                continue
            start, end = int(row["start"]), int(row["end"])
            if not 0 <= start <= end or (text is not None and end > len(text)):
                raise AnalysisError(f"the passage {start}–{end} does not lie in its text", where=source, todo="check start and end")
            quote = text[start:end] if text is not None else str(row["text"])
            groups.setdefault((start, end, memo, quote), []).append(coding)
        lines = []
        for (start, end, memo, quote), codings in groups.items():
            shown = quote if len(quote) <= _QUOTE else quote[:_QUOTE] + "…"
            attributes = {
                "guid": self.ids.of("selection", f"{source}\0{start}\0{end}\0{memo}"),
                "name": shown or None,
                "startPosition": str(start),
                "endPosition": str(end),
            }
            lines.append(opening("PlainTextSelection", attributes) + "\n")
            lines += [*element("Description", memo), *codings, "</PlainTextSelection>\n"]
        return lines + whole

    def _coding(self, row: Mapping[str, Any], code: str) -> str:
        wanted = row.get("guid")
        key = self.ids.of("coding", f"{row['source']}\0{row['start']}\0{row['end']}\0{code}\0{row['coder']}", str(wanted or ""))
        attributes = {"guid": key, "creatingUser": self.users.get(str(row["coder"]))}
        pairs = [(name, row.get(name)) for name in ATTRIBUTES]
        note = "\n".join(f"{name}={value}" for name, value in pairs if not is_missing(value) and value != "")
        reference = ""
        if note:
            target = self.notes.get(note)
            if target is None:
                target = self.notes[note] = self.ids.of("note", note)
            reference = opening("NoteRef", {"targetGUID": target}, empty=True)
        return opening("Coding", attributes) + opening("CodeRef", {"targetGUID": code}, empty=True) + reference + "</Coding>\n"

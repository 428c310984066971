"""Writing codings as a REFI-QDA project that validates against the published schema."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Codebook, Codings, Losses
from vvvresearch.sources.qda._draft import LossLog, records
from vvvresearch.sources.qda._kind_mark import with_kind_mark
from vvvresearch.sources.qda._offsets import MARK
from vvvresearch.sources.qda.refi._cases import VariableWriter, case_guids, cases_xml
from vvvresearch.sources.qda.refi._codebook import code_guids, codebook_bytes, codes_xml, note_reference
from vvvresearch.sources.qda.refi._notes import MemoWriter, sets_xml
from vvvresearch.sources.qda.refi._package import ORIGIN
from vvvresearch.sources.qda.refi._passages import PassageWriter, rows_by_source
from vvvresearch.sources.qda.refi._xml import Ids, opening

_NAMESPACE = "urn:QDA-XML:project:1.0"
_LEVEL = 3
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def write_refi(codings: Codings | Codebook, path: str | Path) -> Losses:
    """Write codings as a REFI-QDA project (`.qdpx`), or their codebook alone (`.qdc`).

    Positions are written as the standard says: code points, end exclusive, texts in UTF-8 with `\\n` and without a
    byte-order mark. Every selection carries its quote, so that a reader can check. Of data that are not real a memo on
    the project says so. The file validates against the published schema.

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
        files.write_bytes(place, _ProjectWriter(with_kind_mark(codings), log).archive(place.stem))
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
        # Members that are opened by name carry no date: two runs from the same codings are equal byte for byte.
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
            with archive.open("project.qde", "w") as project:
                for part in self._project(title):
                    project.write(part.encode("utf-8"))
            for name, text in self.codings.texts.items():
                raw = text
                if _NO_TEXT.search(text):
                    self.log.add("characters that are no text (lone surrogates, NUL)", detail="written as U+FFFD", place=name)
                    raw = _NO_TEXT.sub("\ufffd", raw)
                with archive.open(f"sources/{self.guids[name]}.txt", "w") as member:
                    member.write(raw.encode("utf-8"))
        return buffer.getvalue()

    def _project(self, title: str) -> Iterator[str]:
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
        yield '<?xml version="1.0" encoding="utf-8"?>\n' + opening("Project", head) + "\n"
        if self.users:
            users = [opening("User", {"guid": key, "name": name}, empty=True) + "\n" for name, key in self.users.items()]
            yield from ["<Users>\n", *users, "</Users>\n"]
        if paths:
            yield from ["<CodeBook>\n", *codes, "</CodeBook>\n"]
        yield from self.variables.variables_xml()
        cases = case_guids(case_rows, self._coded_cases(paths), self.ids)
        yield from cases_xml(case_rows, self.guids, self.variables, self.log, self.memos.cases, cases)
        yield from self._sources(paths)
        yield from self.memos.notes_xml()
        yield from self.memos.links_xml(cases)
        yield from sets_xml(records(self.codings.sets), paths, self.guids, self.ids, self.log)
        yield from (note_reference(note) for note in self.memos.project)
        yield "</Project>\n"

    def _coded_cases(self, paths: Mapping[str, str]) -> dict[str, str]:
        """Cases that are codes too have the code's GUID."""
        frame = self.codings.codebook.frame
        rows = frame[frame["is_case"].astype(bool)] if "is_case" in frame else frame.iloc[:0]
        return {str(name): paths[path] for name, path in zip(rows["name"], rows["code_path"], strict=True)}

    def _sources(self, paths: Mapping[str, str]) -> Iterator[str]:
        """The `Sources` element, a source at a time."""
        if not self.records:
            return
        rows = rows_by_source(self.codings.frame)
        passages = PassageWriter(paths, self.users, self.codings.texts, self.memos, self.ids, self.log)
        yield "<Sources>\n"
        for name, record in self.records.items():
            key = self.guids[name]
            inside = f"internal://{key}.txt" if name in self.codings.texts else None
            lines = [opening("TextSource", {"guid": key, "name": name, "plainTextPath": inside}) + "\n"]
            lines += passages.lines(name, rows.pop(name, []))
            lines += [note_reference(note) for note in self.memos.sources.get(name, ())]
            lines += self.variables.values_xml(record, ("source",))
            yield "".join([*lines, "</TextSource>\n"])
        yield "</Sources>\n"

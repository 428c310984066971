"""A whole REFI-QDA project read, and codings written as one that validates against the published schema."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import AnalysisError, SourceError
from vvvresearch.evidence import Codebook, Codings, Losses
from vvvresearch.files import collector_paused
from vvvresearch.sources.qda._assembly import finish, with_kind_mark
from vvvresearch.sources.qda._draft import Draft, LossLog, records, unique_name
from vvvresearch.sources.qda._offsets import MARK, Convention
from vvvresearch.sources.qda.refi._cases import VariableWriter, case_guids, cases_xml, read_cases, read_variables, wanted_selections
from vvvresearch.sources.qda.refi._codebook import (
    MemoWriter,
    Notes,
    code_guids,
    codebook_bytes,
    codes_xml,
    note_reference,
    read_codes,
    read_notes,
    read_sets,
    sets_xml,
)
from vvvresearch.sources.qda.refi._package import (
    ORIGIN,
    SCHEMA_PLACE,
    Ids,
    child,
    children,
    forget,
    guid,
    local,
    open_package,
    opening,
    report_rest,
    take,
    take_content,
)
from vvvresearch.sources.qda.refi._passages import PassageWriter, rows_by_source
from vvvresearch.sources.qda.refi._sources import SourceReader

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_KNOWN_NAMESPACE = "urn:QDA-XML:project:1.0"


def read_project(path: str | Path, texts: Mapping[str, str], floor: float) -> Codings:
    """A `.qdpx` or `.qde` as codings; arguments as in `read_codings`.

    What is read is taken out of the project; whatever is left of it then goes into the loss report.

    Source: REFI-QDA 1.5 (project schema 1.0, 2019) and what its exporters really do.

    Raises:
        SourceError: not a project, a source path that leads out, positions below the floor.
    """
    with collector_paused():
        return _read_project(path, texts, floor)


def _read_project(path: str | Path, texts: Mapping[str, str], floor: float) -> Codings:
    package = open_package(path)
    root = package.root
    if local(root) != "Project":
        raise SourceError(f"the .qde holds {local(root)!r}, not a project", where=path, todo="read a codebook with read_codebook")
    draft = Draft(str(path), origin=take(root, "origin"))
    log = draft.log
    take(root, SCHEMA_PLACE)
    if root.get("name") == Path(path).stem:
        take(root, "name")
    if package.namespace != _KNOWN_NAMESPACE:
        log.add("another namespace than the standard's", detail=f"read all the same: {package.namespace or 'none'}")
    users = _users(root)
    notes = read_notes(root, draft, package, users)
    codebook = child(root, "CodeBook")
    if codebook is not None:
        if codebook.get("origin") == draft.origin:
            take(codebook, "origin")
        draft.codes = read_codes(codebook, log, notes)
        draft.sets += read_sets(codebook, log)
    draft.sets += read_sets(root, log)
    reader = SourceReader(draft, package, users, notes, read_variables(root), texts, wanted_selections(root))
    sources = child(root, "Sources")
    for element in sources if sources is not None else ():
        reader.read(element)
    cases = read_cases(root, draft, reader.variables, reader.selection_source)
    _links(root, draft, notes, cases)
    notes.attach(root, "project", "")
    notes.attach_rest()
    draft.add_memo("project", "", take_content(root, "Description"))
    _report_unused(draft, users, reader.variables)
    _report_rest(root, draft, package.unread())
    # What this package wrote itself says how it counted; the quotes are checked all the same.
    return finish(draft, floor=floor, prescribed=Convention() if draft.origin == ORIGIN else None)


def _users(root: Element) -> dict[str, str]:
    users = child(root, "Users")
    taken: set[str] = set()
    names: dict[str, str] = {}
    for user in children(users, "User") if users is not None else []:
        key = guid(take(user, "guid"))
        names[key] = unique_name(take(user, "name") or take(user, "id") or key, taken)
    return names


def _links(root: Element, draft: Draft, notes: Notes, cases: Mapping[str, str]) -> None:
    """Links between a note and what it is on; the model holds no others."""
    things = {node.key: ("code", node.key) for node in draft.codes} | {key: ("source", key) for key in draft.sources}
    things |= {key: ("case", name) for key, name in cases.items()}
    group = child(root, "Links")
    for link in children(group, "Link") if group is not None else []:
        if notes.link(guid(link.get("originGUID")), guid(link.get("targetGUID")), things):
            for name in ("guid", "originGUID", "targetGUID"):
                take(link, name)
        else:
            draft.log.add("links")
            forget(link)


def _report_unused(draft: Draft, users: Mapping[str, str], variables: Mapping[str, str]) -> None:
    """List persons and variables that nothing in the project has."""
    made = {*draft.marks.coder, *(memo.author for memo in draft.memos)}
    draft.log.add("persons who coded and wrote nothing", sum(name not in made for name in users.values()))
    draft.report_unfilled(variables.values())


def _report_rest(root: Element, draft: Draft, unread: list[str]) -> None:
    graphs = child(root, "Graphs")
    if graphs is not None:
        draft.log.add("graphs (drawn networks)", len(children(graphs, "Graph")))
        forget(graphs)
    for name in unread:
        draft.log.add("files in the archive that are not read", place=name)
    report_rest(root, draft.log)


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

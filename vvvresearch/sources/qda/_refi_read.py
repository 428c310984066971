"""Reading a REFI-QDA project: users, codes, variables, cases, sources, and what the model does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.errors import SourceError
from vvvresearch.evidence import Codings
from vvvresearch.sources.qda._assembly import finish
from vvvresearch.sources.qda._draft import Draft, unique_name
from vvvresearch.sources.qda._offsets import Convention
from vvvresearch.sources.qda._refi_cases import read_cases, read_variables
from vvvresearch.sources.qda._refi_codes import read_codes, report_sets
from vvvresearch.sources.qda._refi_notes import read_notes
from vvvresearch.sources.qda._refi_package import ORIGIN, child, children, content, guid, local, open_package
from vvvresearch.sources.qda._refi_sources import SourceReader

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_KNOWN_NAMESPACE = "urn:QDA-XML:project:1.0"


def read_project(path: str | Path, texts: Mapping[str, str], floor: float) -> Codings:
    """A `.qdpx` or `.qde` as codings; arguments as in `read_codings`.

    Source: REFI-QDA 1.5 (project schema 1.0, 2019) and what its exporters really do.

    Raises:
        SourceError: not a project, a source path that leads out, positions below the floor.
    """
    package = open_package(path)
    root = package.root
    if local(root) != "Project":
        raise SourceError(f"the .qde holds {local(root)!r}, not a project", where=path, todo="read a codebook with read_codebook")
    draft = Draft(str(path), origin=root.get("origin") or "")
    log = draft.log
    if package.namespace != _KNOWN_NAMESPACE:
        log.add("another namespace than the standard's", detail=f"read all the same: {package.namespace or 'none'}")
    codebook = child(root, "CodeBook")
    if codebook is not None:
        draft.codes = read_codes(codebook, log)
        report_sets(codebook, log)
    notes = read_notes(root)
    users = _users(root)
    variables = read_variables(root, log)
    reader = SourceReader(draft, package, users, notes, variables, texts)
    sources = child(root, "Sources")
    for element in sources if sources is not None else ():
        reader.read(element)
    read_cases(root, draft, variables, reader.selection_source)
    _report_rest(root, draft)
    notes.report(log)
    # What this package wrote itself says how it counted; the quotes are checked all the same.
    return finish(draft, floor=floor, prescribed=Convention() if draft.origin == ORIGIN else None)


def _users(root: Element) -> dict[str, str]:
    users = child(root, "Users")
    taken: set[str] = set()
    names: dict[str, str] = {}
    for user in children(users, "User") if users is not None else []:
        key = guid(user.get("guid"))
        names[key] = unique_name(user.get("name") or user.get("id") or key, taken)
    return names


def _report_rest(root: Element, draft: Draft) -> None:
    log = draft.log
    report_sets(root, log)
    for group, single, what in (("Links", "Link", "links"), ("Graphs", "Graph", "graphs (drawn networks)")):
        found = child(root, group)
        if found is not None:
            log.add(what, len(children(found, single)))
    if content(root, "Description").strip():
        log.add("the project's description")
    log.add("notes on the whole project", len(children(root, "NoteRef")))
    cases = child(root, "Cases")
    if cases is not None:
        both = {guid(case.get("guid")) for case in children(cases, "Case")} & {node.guid for node in draft.codes}
        log.add("codes that are cases as well", len(both), "kept as codes and as cases")
    held = ("Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs", "Description", "NoteRef")
    for element in root:
        if local(element) not in held:
            log.add(f"unknown parts <{local(element)}>")

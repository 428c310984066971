"""Reading a REFI-QDA project: users, codes, variables, cases, sources, memos, sets, and what is left over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.errors import SourceError
from vvvresearch.evidence import Codings
from vvvresearch.files import collector_paused
from vvvresearch.sources.qda._assembly import finish
from vvvresearch.sources.qda._draft import Draft, unique_name
from vvvresearch.sources.qda._offsets import Convention
from vvvresearch.sources.qda.refi._cases import read_cases, read_variables, wanted_selections
from vvvresearch.sources.qda.refi._codebook import read_codes, read_sets
from vvvresearch.sources.qda.refi._notes import Notes, read_notes
from vvvresearch.sources.qda.refi._package import (
    ORIGIN,
    SCHEMA_PLACE,
    child,
    children,
    forget,
    guid,
    local,
    open_package,
    report_rest,
    take,
    take_content,
)
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

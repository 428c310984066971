"""RQDA projects: deleted rows stay in the file, positions are real numbers, and the stored passage is what counts."""

from __future__ import annotations

from typing import Any

from vvvresearch.evidence import Codings
from vvvresearch.sources.qda._assembly import finish
from vvvresearch.sources.qda._draft import CodeNode, Draft, DraftSource, Mark, column_name, unique_name
from vvvresearch.sources.qda._offsets import Convention
from vvvresearch.sources.qda._sqlite import Tables, key_of, text_of

# The toolkit that shows RQDA's texts counts characters, the byte-order mark and both halves of a line end included.
_COUNTING = Convention("kept", 2, "codepoint", "exclusive")
_UNHELD = (
    ("annotation", "annotations"),
    ("journal", "journal entries"),
    ("imagecoding", "codings on images"),
    ("coding2", "second codings"),
)


def read_rqda(tables: Tables, floor: float) -> Codings:
    """An RQDA database as codings. A code of one category stands below it; one of several stands at the top.

    Where the passage at a position is not the stored one (the text was edited after coding), the stored one is
    right: it is looked up in the text and placed where it stands once.

    Raises:
        SourceError: damaged, or positions that are no whole numbers.
    """
    draft = Draft(tables.where, origin="RQDA")
    _codes(tables, draft)
    taken: set[str] = set()
    for row in tables.rows("source", "id", "name", "file", "memo", "status"):
        if _deleted(row, draft, "sources"):
            continue
        raw = None if row["file"] is None else text_of(row["file"])
        draft.sources[key_of("source", row["id"])] = DraftSource(unique_name(text_of(row["name"]) or f"source {row['id']}", taken), raw)
        draft.log.add("memos on sources", int(bool(text_of(row["memo"]).strip())))
    known = {node.key for node in draft.codes}
    for row in tables.rows("coding", "cid", "fid", "seltext", "selfirst", "selend", "status", "owner", "memo"):
        if _deleted(row, draft, "codings"):
            continue
        source, code = key_of("source", row["fid"]), key_of("code", row["cid"])
        if source not in draft.sources or code not in known:
            draft.log.add("codings of a deleted code or source", detail="left out")
            continue
        start, end = (tables.whole(row[name], f"{name} of a coding") for name in ("selfirst", "selend"))
        draft.marks.append(Mark(source, start, end, text_of(row["seltext"]), code, text_of(row["owner"]), text_of(row["memo"])))
    _variables(tables, draft)
    _cases(tables, draft)
    for table, what in _UNHELD:
        draft.log.add(what, sum(row["status"] != 0 for row in tables.rows(table, "status")))
    return finish(draft, floor=floor, prescribed=_COUNTING, quotes_are_right=True)


def _deleted(row: dict[str, Any], draft: Draft, what: str) -> bool:
    gone = row["status"] is not None and text_of(row["status"]) in ("0", "0.0")
    draft.log.add(f"deleted {what}", int(gone), "RQDA keeps them in its file; left out")
    return gone


def _codes(tables: Tables, draft: Draft) -> None:
    categories = {}
    for row in tables.rows("codecat", "catid", "name", "memo", "status"):
        if not _deleted(row, draft, "categories of codes"):
            categories[key_of("category", row["catid"])] = CodeNode(
                key_of("category", row["catid"]), text_of(row["name"]), "", False, text_of(row["memo"])
            )
    above: dict[str, list[str]] = {}
    for row in tables.rows("treecode", "cid", "catid", "status"):
        category = key_of("category", row["catid"])
        if row["status"] != 0 and category in categories:
            above.setdefault(key_of("code", row["cid"]), []).append(category)
    draft.codes += categories.values()
    for row in tables.rows("freecode", "id", "name", "memo", "status", "color"):
        if _deleted(row, draft, "codes"):
            continue
        key = key_of("code", row["id"])
        parents = list(dict.fromkeys(above.get(key, [])))
        if len(parents) > 1:
            draft.log.add("categories of codes that have several", len(parents), "the code stands at the top", text_of(row["name"]))
        parent = parents[0] if len(parents) == 1 else ""
        draft.codes.append(CodeNode(key, text_of(row["name"]), parent, True, text_of(row["memo"]), text_of(row["color"])))


def _variables(tables: Tables, draft: Draft) -> None:
    for row in tables.rows("fileattr", "variable", "value", "fileid", "status"):
        source = draft.sources.get(key_of("source", row["fileid"]))
        if row["status"] != 0 and source is not None and text_of(row["value"]):
            source.variables[column_name(text_of(row["variable"]))] = text_of(row["value"])


def _cases(tables: Tables, draft: Draft) -> None:
    cases = {
        key_of("case", row["id"]): text_of(row["name"])
        for row in tables.rows("cases", "id", "name", "status")
        if not _deleted(row, draft, "cases")
    }
    values: dict[str, dict[str, Any]] = {}
    for row in tables.rows("caseattr", "variable", "value", "caseid", "status"):
        if row["status"] != 0 and text_of(row["value"]):
            values.setdefault(key_of("case", row["caseid"]), {})[column_name(text_of(row["variable"]))] = text_of(row["value"])
    linked = (row for row in tables.rows("caselinkage", "caseid", "fid", "status") if row["status"] != 0)
    draft.add_cases(cases, ((key_of("case", row["caseid"]), key_of("source", row["fid"])) for row in linked), values)

"""Projects of two R programs in SQLite: RQDA, where deleted rows stay in the file, and requal, whose positions begin at 1."""

from __future__ import annotations

import re
from typing import Any

from vvvresearch.evidence import Codings
from vvvresearch.sources.qda._assembly import finish
from vvvresearch.sources.qda._databases import Tables, key_of, text_of
from vvvresearch.sources.qda._draft import CodeNode, Draft, DraftSource, Mark, Memo, column_name, iso_date, unique_name
from vvvresearch.sources.qda._offsets import Convention

# The toolkit that shows RQDA's texts counts characters, the byte-order mark and both halves of a line end included.
_COUNTING = Convention("kept", 2, "codepoint", "exclusive")
_NAMES = {"imagecoding": "codings on images", "image": "images", "coding2": "second codings", "annotation2": "second annotations"}


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
    for row in tables.rows("source", "id", "name", "file", "memo", "owner", "date", "status"):
        if _deleted(row, draft, "sources"):
            continue
        raw = None if row["file"] is None else text_of(row["file"])
        draft.sources[key_of("source", row["id"])] = DraftSource(unique_name(text_of(row["name"]) or f"source {row['id']}", taken), raw)
        draft.add_memo(
            "source", key_of("source", row["id"]), text_of(row["memo"]), "", text_of(row["owner"]), iso_date(text_of(row["date"]))
        )
    known = {node.key for node in draft.codes}
    for row in tables.rows("coding", "cid", "fid", "seltext", "selfirst", "selend", "status", "owner", "memo", "date"):
        if _deleted(row, draft, "codings"):
            continue
        source, code = key_of("source", row["fid"]), key_of("code", row["cid"])
        if source not in draft.sources or code not in known:
            draft.log.add("codings of a deleted code or source", detail="left out")
            continue
        start, end = (tables.whole(row[name], f"{name} of a coding") for name in ("selfirst", "selend"))
        mark = Mark(source, start, end, text_of(row["seltext"]), code, text_of(row["owner"]), text_of(row["memo"]))
        draft.marks.add(mark._replace(date=iso_date(text_of(row["date"]))))
    _variables(tables, draft)
    _cases(tables, draft)
    _memos(tables, draft)
    tables.report_rest(draft.log, _NAMES)
    return finish(draft, floor=floor, prescribed=_COUNTING, quotes_are_right=True)


def _deleted(row: dict[str, Any], draft: Draft, what: str) -> bool:
    """Whether a row counts no more: a status of 1 does, 0 (deleted) and -1 (unmarked) do not."""
    status = text_of(row["status"]).removesuffix(".0")
    gone = status not in ("1", "")
    draft.log.add(f"deleted {what}" if status != "-1" else f"unmarked {what}", int(gone), "RQDA keeps them in its file; left out")
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
        if _deleted(row, draft, "places of codes in categories"):
            continue
        draft.log.add("places of codes in categories that are deleted", int(category not in categories))
        if category in categories:
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
        if _deleted(row, draft, "attributes") or not text_of(row["value"]):
            continue
        if source is None:
            draft.log.add("attributes of deleted sources", place=text_of(row["variable"]))
        else:
            draft.set_value(source.variables, column_name(text_of(row["variable"])), text_of(row["value"]))


def _cases(tables: Tables, draft: Draft) -> None:
    cases = {}
    for row in tables.rows("cases", "id", "name", "memo", "status"):
        if not _deleted(row, draft, "cases"):
            cases[key_of("case", row["id"])] = text_of(row["name"])
            draft.add_memo("case", text_of(row["name"]), text_of(row["memo"]))
    values: dict[str, dict[str, Any]] = {}
    for row in tables.rows("caseattr", "variable", "value", "caseid", "status"):
        if not _deleted(row, draft, "attributes") and text_of(row["value"]):
            own = values.setdefault(key_of("case", row["caseid"]), {})
            draft.set_value(own, column_name(text_of(row["variable"])), text_of(row["value"]))
    linked = (row for row in tables.rows("caselinkage", "caseid", "fid", "status") if not _deleted(row, draft, "members of cases"))
    draft.add_cases(cases, ((key_of("case", row["caseid"]), key_of("source", row["fid"])) for row in linked), values)


def _memos(tables: Tables, draft: Draft) -> None:
    for row in tables.rows("project", "about", "memo"):
        draft.add_memo("project", "", text_of(row["memo"]))
        draft.add_memo("project", "", text_of(row["about"]), "about")
    for row in tables.rows("journal", "name", "journal", "owner", "date", "status"):
        if not _deleted(row, draft, "journal entries"):
            about = (text_of(row["name"]), text_of(row["owner"]), iso_date(text_of(row["date"])))
            draft.add_memo("project", "", text_of(row["journal"]), *about)
    for row in tables.rows("annotation", "fid", "position", "annotation", "owner", "date", "status"):
        if _deleted(row, draft, "annotations"):
            continue
        if not text_of(row["annotation"]).strip():
            draft.log.add("annotations without a text")
            continue
        place = tables.whole(row["position"], "the position of an annotation")
        about = ("", text_of(row["owner"]), iso_date(text_of(row["date"])))
        draft.memos.append(Memo("passage", key_of("source", row["fid"]), text_of(row["annotation"]), *about, place, place))


_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")

_REQUAL_NAMES = {"logs": "entries of the log", "attributes": "attributes of users", "categories": "categories of codes"}


def read_requal(tables: Tables, floor: float) -> Codings:
    """A requal database as codings.

    Raises:
        SourceError: damaged, or positions that do not fit the stored passages.
    """
    draft = Draft(tables.where, origin="requal")
    taken: set[str] = set()
    for row in tables.rows("documents", "doc_id", "doc_name", "doc_text", "doc_description"):
        name = unique_name(text_of(row["doc_name"]) or f"document {row['doc_id']}", taken)
        draft.sources[key_of("document", row["doc_id"])] = DraftSource(name, text_of(row["doc_text"]))
        draft.add_memo("source", key_of("document", row["doc_id"]), text_of(row["doc_description"]))
    for row in tables.rows("codes", "code_id", "code_name", "code_description", "code_color"):
        draft.codes.append(
            CodeNode(
                key_of("code", row["code_id"]),
                text_of(row["code_name"]),
                "",
                True,
                text_of(row["code_description"]),
                _color(text_of(row["code_color"])),
            )
        )
    users = {}
    for row in tables.rows("users", "user_id", "user_name", "user_login"):
        name, login = text_of(row["user_name"]), text_of(row["user_login"])
        users[key_of("user", row["user_id"])] = name or login
        draft.log.add("logins of users", int(bool(name and login and name != login)))
    for row in tables.rows("segments", "segment_id", "doc_id", "code_id", "user_id", "segment_start", "segment_end", "segment_text"):
        source = key_of("document", row["doc_id"])
        if row["code_id"] is None or source not in draft.sources:
            what = "passages without a code" if row["code_id"] is None else "codings on a document that the project lacks"
            draft.log.add(what, detail="left out")
            continue
        start, end = (tables.whole(row[name], f"{name} of segment {row['segment_id']}") for name in ("segment_start", "segment_end"))
        # R counts from 1 with the end included; that is from 0 with the end excluded.
        user = key_of("user", row["user_id"])
        coder = users.get(user) or (text_of(row["user_id"]))
        draft.marks.add(Mark(source, max(0, start - 1), end, text_of(row["segment_text"]), key_of("code", row["code_id"]), coder))
    names = {key_of("case", row["case_id"]): text_of(row["case_name"]) for row in tables.rows("cases", "case_id", "case_name")}
    linked = tables.rows("cases_documents_map", "case_id", "doc_id")
    draft.add_cases(names, ((key_of("case", row["case_id"]), key_of("document", row["doc_id"])) for row in linked), {})
    for row in tables.rows("memos", "text", "user_id"):
        draft.add_memo("project", "", text_of(row["text"]), "", users.get(key_of("user", row["user_id"]), ""))
    made = {*draft.marks.coder, *(memo.author for memo in draft.memos)}
    draft.log.add("persons who coded and wrote nothing", sum(name not in made for name in users.values()))
    tables.report_rest(draft.log, _REQUAL_NAMES)
    return finish(draft, floor=floor)


def _color(text: str) -> str:
    parts = _RGB.fullmatch(text.strip())
    return "#{:02x}{:02x}{:02x}".format(*(min(255, int(part)) for part in parts.groups())) if parts else text

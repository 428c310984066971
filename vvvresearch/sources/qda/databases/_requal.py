"""requal projects: segments with positions that begin at 1 and include their end."""

from __future__ import annotations

import re

from vvvresearch.evidence import Codings
from vvvresearch.sources.qda._assembly import finish
from vvvresearch.sources.qda._draft import CodeNode, Draft, DraftSource, Mark, unique_name
from vvvresearch.sources.qda.databases._sqlite import Tables, key_of, text_of

_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")
_NAMES = {"logs": "entries of the log", "attributes": "attributes of users", "categories": "categories of codes"}


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
    tables.report_rest(draft.log, _NAMES)
    return finish(draft, floor=floor)


def _color(text: str) -> str:
    parts = _RGB.fullmatch(text.strip())
    return "#{:02x}{:02x}{:02x}".format(*(min(255, int(part)) for part in parts.groups())) if parts else text

"""QualCoder projects: a folder `*.qda` with `data.qda`, in every database version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vvvresearch.evidence import Codings
from vvvresearch.sources.qda._assembly import finish
from vvvresearch.sources.qda._draft import CodeNode, Draft, DraftSource, Mark, Memo, column_name, iso_date, unique_name
from vvvresearch.sources.qda._offsets import normal_text
from vvvresearch.sources.qda.databases._sqlite import Tables, key_of, text_of

_NAMES = {"graph": "graphs (drawn networks)", "stored_sql": "stored queries", "code_image": "codings on pictures"}


def read_qualcoder(tables: Tables, floor: float) -> Codings:
    """A QualCoder database as codings; categories are codes that cannot be applied.

    The passage is stored beside its positions: where the text was edited after coding, it is looked up near its place.

    Raises:
        SourceError: damaged, or passages that stand neither at their positions nor elsewhere in the texts.
    """
    draft = Draft(tables.where, origin="QualCoder database")
    _codes(tables, draft)
    _sources(tables, draft)
    _text_codings(tables, draft)
    _media_codings(tables, draft)
    _cases(tables, draft)
    _memos(tables, draft)
    tables.report_rest(draft.log, _NAMES)
    return finish(draft, floor=floor, quotes_are_right=True)


def _codes(tables: Tables, draft: Draft) -> None:
    for row in tables.rows("code_cat", "catid", "name", "memo", "supercatid"):
        key, parent = key_of("category", row["catid"]), key_of("category", row["supercatid"])
        draft.codes.append(CodeNode(key, text_of(row["name"]), parent, False, text_of(row["memo"])))
    for row in tables.rows("code_name", "cid", "name", "memo", "catid", "color", "supercid"):
        # From version 16 a code may stand below another code; before that only below a category.
        parent = key_of("code", row["supercid"]) or key_of("category", row["catid"])
        key = key_of("code", row["cid"])
        draft.codes.append(CodeNode(key, text_of(row["name"]), parent, True, text_of(row["memo"]), text_of(row["color"])))


def _sources(tables: Tables, draft: Draft) -> None:
    taken: set[str] = set()
    for row in tables.rows("source", "id", "name", "fulltext", "mediapath", "memo", "owner", "date"):
        media = text_of(row["mediapath"]).replace("\\", "/").lstrip("/")
        is_media = media.startswith(("images", "audio", "video"))
        raw = None if row["fulltext"] is None or (is_media and not row["fulltext"]) else text_of(row["fulltext"])
        name = unique_name(text_of(row["name"]) or f"source {row['id']}", taken)
        draft.sources[key_of("source", row["id"])] = DraftSource(name, raw)
        draft.add_memo(
            "source", key_of("source", row["id"]), text_of(row["memo"]), "", text_of(row["owner"]), iso_date(text_of(row["date"]))
        )
        draft.log.add("media files", int(is_media), "codings on them are kept, the files are not read")
        draft.log.add("paths of source files", int(bool(media) and not is_media))
    for id_, name, value in _attributes(tables, "file"):
        source = draft.sources.get(key_of("source", id_))
        if source is not None:
            draft.set_value(source.variables, name, value)
        else:
            draft.log.add("variables of sources that the project lacks", place=name)


def _value(value: Any, numeric: bool) -> Any:
    text = text_of(value)
    if numeric:
        try:
            number = float(text.replace(",", "."))
            return int(number) if number.is_integer() else number
        except (ValueError, OverflowError):
            return text
    return text


def _text_codings(tables: Tables, draft: Draft) -> None:
    for row in tables.rows("code_text", "ctid", "cid", "fid", "seltext", "pos0", "pos1", "owner", "memo", "date"):
        source = key_of("source", row["fid"])
        if source not in draft.sources:
            draft.log.add("codings on a source that the project lacks", detail="left out")
            continue
        start, end = (tables.whole(row[name], f"the position {name} of coding {row['ctid']}") for name in ("pos0", "pos1"))
        mark = Mark(source, start, end, text_of(row["seltext"]), key_of("code", row["cid"]), text_of(row["owner"]), text_of(row["memo"]))
        draft.marks.add(mark._replace(date=iso_date(text_of(row["date"]))))


def _media_codings(tables: Tables, draft: Draft) -> None:
    image = ("x1", "y1", "width", "height", "pdf_page")
    for table, places in (("code_image", image), ("code_av", ("pos0", "pos1"))):
        for row in tables.rows(table, "id", "cid", "owner", "memo", "date", *places):
            source = key_of("source", row["id"])
            if source not in draft.sources:
                draft.log.add("codings on a source that the project lacks", detail="left out")
                continue
            region = " ".join(f"{name}={text_of(row[name])}" for name in places if row[name] is not None) or "unknown place"
            draft.log.add("regions of media", detail="kept as text in the column region")
            mark = Mark(source, None, None, "", key_of("code", row["cid"]), text_of(row["owner"]), text_of(row["memo"]), region=region)
            draft.marks.add(mark._replace(date=iso_date(text_of(row["date"]))))


def _cases(tables: Tables, draft: Draft) -> None:
    names = {}
    for row in tables.rows("cases", "caseid", "name", "memo"):
        names[key_of("case", row["caseid"])] = text_of(row["name"])
        draft.add_memo("case", text_of(row["name"]), text_of(row["memo"]))
    values: dict[str, dict[str, Any]] = {}
    for id_, name, value in _attributes(tables, "case"):
        draft.set_value(values.setdefault(key_of("case", id_), {}), name, value)
    members = []
    for row in tables.rows("case_text", "caseid", "fid", "pos0", "pos1"):
        source = key_of("source", row["fid"])
        raw = draft.sources[source].raw if source in draft.sources else None
        whole = raw is None or (row["pos0"] == 0 and row["pos1"] in (len(raw), len(normal_text(raw)), len(raw) - 1))
        draft.log.add("passages that belong to a case", int(not whole), "their sources are kept as the case's sources")
        members.append((key_of("case", row["caseid"]), source))
    draft.add_cases(names, members, values)
    others = [row for row in tables.rows("attribute", "attr_type", "value") if row["attr_type"] not in ("file", "case")]
    draft.log.add("variables of neither sources nor cases", sum(bool(text_of(row["value"])) for row in others))
    draft.report_unfilled(column_name(text_of(row["name"])) for row in tables.rows("attribute_type", "name"))


def _memos(tables: Tables, draft: Draft) -> None:
    for row in tables.rows("project", "memo"):
        draft.add_memo("project", "", text_of(row["memo"]))
    for row in tables.rows("journal", "name", "jentry", "date", "owner"):
        draft.add_memo("project", "", text_of(row["jentry"]), text_of(row["name"]), text_of(row["owner"]), iso_date(text_of(row["date"])))
    for row in tables.rows("annotation", "fid", "pos0", "pos1", "memo", "owner", "date"):
        place = (tables.whole(row["pos0"], "pos0 of an annotation"), tables.whole(row["pos1"], "pos1 of an annotation"))
        about = ("", text_of(row["owner"]), iso_date(text_of(row["date"])))
        if text_of(row["memo"]).strip():
            draft.memos.append(Memo("passage", key_of("source", row["fid"]), text_of(row["memo"]), *about, *place))
        else:
            draft.log.add("annotations without a text")


def _attributes(tables: Tables, kind: str) -> Iterator[tuple[Any, str, Any]]:
    """The attributes of files or cases: id, column, value."""
    numeric = {text_of(row["name"]) for row in tables.rows("attribute_type", "name", "valuetype") if row["valuetype"] == "numeric"}
    for row in tables.rows("attribute", "name", "attr_type", "value", "id"):
        name = text_of(row["name"])
        if row["attr_type"] == kind and text_of(row["value"]):
            yield row["id"], column_name(name), _value(row["value"], name in numeric)

"""Projects that are SQLite databases, QualCoder and Taguette: only real tables are read, no cell is trusted to have its type."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from vvvresearch.errors import SourceError
from vvvresearch.evidence import Codings
from vvvresearch.files import Limits
from vvvresearch.sources.qda._assembly import finish
from vvvresearch.sources.qda._codebook import tag_tree
from vvvresearch.sources.qda._draft import CodeNode, Draft, DraftSource, LossLog, Mark, Memo, column_name, iso_date, unique_name
from vvvresearch.sources.qda._offsets import Convention, normal_text


class Tables:
    """The tables of a database by name; a view is no table, since it may never end."""

    def __init__(self, connection: sqlite3.Connection, where: str) -> None:
        self.where = where
        self._connection = connection
        self._keys: dict[str, set[str]] = {}
        self._used: dict[str, set[str]] = {}
        # A cell larger than any text is no text; SQLite says so before it fills the memory.
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, Limits().text_bytes)
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        real = [str(row["name"]) for row in found if not str(row["sql"] or "").upper().startswith("CREATE VIRTUAL")]
        self.columns = {name.casefold(): self._columns_of(name) for name in real}
        self._names = {name.casefold(): name for name in real}

    def _columns_of(self, name: str) -> dict[str, str]:
        rows = self._connection.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
        self._keys[name.casefold()] = {str(row["name"]).casefold() for row in rows if row["pk"]}
        return {str(row["name"]).casefold(): str(row["name"]) for row in rows}

    def has(self, *names: str) -> bool:
        """Whether all these tables exist."""
        return all(name in self.columns for name in names)

    def rows(self, table: str, *columns: str) -> Iterator[dict[str, Any]]:
        """The rows of a table as dicts; a column that this version lacks is None, a missing table is empty."""
        if table not in self.columns:
            return
        known = self.columns[table]
        chosen = [column for column in columns if column in known]
        self._used.setdefault(table, set()).update(columns)
        if not chosen:
            return
        listed = ", ".join(_quoted(known[column]) for column in chosen)
        # In the order of entry, which is what the program shows.
        cursor = self._connection.execute(f"SELECT {listed} FROM {_quoted(self._names[table])}")
        for number, row in enumerate(cursor):
            if number > Limits().rows:
                raise SourceError(f"the table {table} has more than {Limits().rows:,} rows", where=self.where)
            values = dict(zip(chosen, row, strict=True))
            yield {column: values.get(column) for column in columns}

    def count(self, table: str) -> int:
        """How many rows a table has; 0 where there is none."""
        if table not in self.columns:
            return 0
        return int(self._connection.execute(f"SELECT count(*) FROM {_quoted(self._names[table])}").fetchone()[0])

    def report_rest(self, log: LossLog, names: Mapping[str, str]) -> None:
        """List every table that was not read and every filled column of the others that was not: the model lacks them.

        Args:
            log: where they are noted.
            names: table → what its rows are called.
        """
        for table, columns in self.columns.items():
            if table.startswith("sqlite_"):
                continue
            if table not in self._used:
                log.add(names.get(table, f"rows of the table {table}"), self.count(table), "not read")
                continue
            rest = [column for column in columns if column not in self._used[table] | self._keys.get(table, set())]
            for column in rest:
                name = _quoted(columns[column])
                filled = f"SELECT count(*) FROM {_quoted(self._names[table])} WHERE {name} IS NOT NULL AND {name} <> ''"
                log.add(f"cells of the column {column} of the table {table}", int(self._connection.execute(filled).fetchone()[0]))

    def whole(self, value: Any, what: str) -> int:
        """A cell as a whole number; RQDA stores positions as real numbers.

        Raises:
            SourceError: it is none.
        """
        try:
            number = float(value)
            if number == int(number) and abs(number) < 2**53:
                return int(number)
        except (TypeError, ValueError, OverflowError):
            pass
        raise SourceError(
            f"{what} is {str(value)[:40]!r}, not a whole number", where=self.where, todo="check the project where it was made"
        )


def text_of(value: Any) -> str:
    """A cell as text; bytes are read as UTF-8 where they are, a missing value is ""."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def key_of(kind: str, value: Any) -> str:
    """A key for a row's id: 3 and 3.0 are one id, a missing id is none."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"{kind}:{value}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


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


_COUNTING = Convention("kept", 1, "utf-8", "exclusive")


class _Text(HTMLParser):
    """The text of an HTML document without its tags, exactly as the offsets count it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def html_to_text(html: str) -> str:
    """The text between the tags, entities resolved.

    Example:
        >>> html_to_text("<p>te &amp; <b>kaffe</b></p>")
        'te & kaffe'
    """
    # Browsers and parsers fold line ends before anything counts them.
    parser = _Text()
    parser.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    parser.close()
    return "".join(parser.parts)


def read_taguette(tables: Tables, floor: float) -> Codings:
    """A Taguette database as codings. Taguette stores no coder, so `coder` is empty.

    Raises:
        SourceError: damaged, several projects in one file, or highlights that do not fit.
    """
    projects = {row["project_id"] for row in tables.rows("documents", "project_id")}
    if len(projects) > 1:
        raise SourceError(
            f"the database holds {len(projects)} projects",
            where=tables.where,
            why="a server's database holds those of all its users",
            todo="export one project from Taguette and read that file",
        )
    draft = Draft(tables.where, origin="Taguette")
    taken: set[str] = set()
    for row in tables.rows("documents", "id", "name", "description", "contents"):
        name = unique_name(text_of(row["name"]) or f"document {row['id']}", taken)
        draft.sources[key_of("document", row["id"])] = DraftSource(name, html_to_text(text_of(row["contents"])))
        draft.add_memo("source", key_of("document", row["id"]), text_of(row["description"]))
    draft.log.add("formatting of documents", len(draft.sources), "the text is read without it")
    rows = tables.rows("tags", "id", "path", "description")
    draft.codes = tag_tree(CodeNode(key_of("tag", row["id"]), text_of(row["path"]), "", True, text_of(row["description"])) for row in rows)
    tags: dict[str, list[str]] = {}
    for row in tables.rows("highlight_tags", "highlight_id", "tag_id"):
        tags.setdefault(key_of("highlight", row["highlight_id"]), []).append(key_of("tag", row["tag_id"]))
    for row in tables.rows("highlights", "id", "document_id", "start_offset", "end_offset", "snippet"):
        source = key_of("document", row["document_id"])
        if source not in draft.sources:
            draft.log.add("highlights in a document that the project lacks", detail="left out")
            continue
        places = [tables.whole(row[name], f"{name} of highlight {row['id']}") for name in ("start_offset", "end_offset")]
        quote = html_to_text(text_of(row["snippet"]))
        own = tags.get(key_of("highlight", row["id"]), [])
        draft.log.add("passages without a code", int(not own))
        for tag in own:
            draft.marks.add(Mark(source, places[0], places[1], quote, tag, ""))
    rest = set(tags) - {key_of("highlight", row["id"]) for row in tables.rows("highlights", "id")}
    draft.log.add("tags of highlights that the project lacks", sum(len(tags[key]) for key in rest))
    for row in tables.rows("projects", "name", "description"):
        draft.add_memo("project", "", text_of(row["description"]), text_of(row["name"]))
    tables.report_rest(draft.log, {})
    return finish(draft, floor=floor, prescribed=_COUNTING)

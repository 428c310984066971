"""Taguette projects: highlights count UTF-8 bytes over the text of an HTML document."""

from __future__ import annotations

from html.parser import HTMLParser

from vvvresearch.errors import SourceError
from vvvresearch.evidence import Codings
from vvvresearch.sources.qda._assembly import finish
from vvvresearch.sources.qda._codebook import tag_tree
from vvvresearch.sources.qda._draft import CodeNode, Draft, DraftSource, Mark, unique_name
from vvvresearch.sources.qda._offsets import Convention
from vvvresearch.sources.qda.databases._sqlite import Tables, key_of, text_of

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

"""What stands at the head of a report: title, authors, date, language, marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vvvresearch.errors import RenderError
from vvvresearch.locales import Lang, check_lang
from vvvresearch.reporting.embedded._tree import Node, plain


@dataclass(frozen=True)
class Heading:
    """The head of a document.

    Args:
        title, subtitle, authors, date, abstract: as printed.
        lang: language of the document.
        marks: what every page must say, such as "Syntetiske data".
    """

    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    abstract: str = ""
    lang: Lang = "da"
    marks: tuple[str, ...] = ()


def heading_of(tree: Node, project: Mapping[str, Any], where: str) -> Heading:
    """The head of a document from its front matter and the project's metadata.

    Raises:
        RenderError: no title.
    """
    meta = tree["meta"]

    def one(name: str) -> str:
        if name in meta:
            return _text(meta[name])
        value = project.get(name, "")
        return str(value) if isinstance(value, str | int) else ""

    title = one("title")
    if not title:
        raise RenderError("the report has no title", where=where, todo="write title: in its front matter")
    authors = meta.get("author")
    if authors is None:
        given = project.get("author", [])
        names = [given] if isinstance(given, str) else [str(name) for name in given]
    else:
        names = [_text(item) for item in authors["c"]] if authors["t"] == "MetaList" else [_text(authors)]
    marks = project.get("vvv", {}).get("marks", []) if isinstance(project.get("vvv"), Mapping) else []
    return Heading(
        title=title,
        subtitle=one("subtitle"),
        authors=tuple(names),
        date=one("date"),
        abstract=one("abstract"),
        lang=check_lang(one("lang") or "da"),
        marks=tuple(str(mark) for mark in marks),
    )


def _text(value: Node) -> str:
    if value["t"] in ("MetaString",):
        return str(value["c"])
    if value["t"] == "MetaMap":
        return _text(value["c"]["name"]) if "name" in value["c"] else ""
    return plain(value["c"])

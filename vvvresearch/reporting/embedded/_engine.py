"""The embedded engine: Quarto's Markdown, a declared subset of it, through pandoc and Typst.

Supported: front matter; headings with `{#sec-…}` and `.unnumbered`; paragraphs, lists, quotes, footnotes, links, code;
pipe tables with `: caption {#tbl-…}`; `![caption](file){#fig-… fig-alt="…"}`; `$$…$$ {#eq-…}`; `@fig- @tbl- @sec- @eq-`
references; callouts; `.content-visible` and `.content-hidden` with `when-format` or `unless-format` html or typst;
`.panel-tabset` (its tabs one below the other); citations; the shortcodes var, meta, include, embed and pagebreak.
Everything else is an error that names file and line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import RenderError
from vvvresearch.reporting.embedded._blocks import prepare
from vvvresearch.reporting.embedded._crossrefs import Numbers, number
from vvvresearch.reporting.embedded._document import Heading, heading_of
from vvvresearch.reporting.embedded._html import page
from vvvresearch.reporting.embedded._pdf import pdf, typst_source
from vvvresearch.reporting.embedded._shortcodes import substitute
from vvvresearch.reporting.embedded._source import Source, read_source
from vvvresearch.reporting.embedded._tree import Node, each, read_tree, walk
from vvvresearch.reporting.staging._settings import Project, read_project
from vvvresearch.reporting.staging._variables import read_variables
from vvvresearch.rounds._values import tips_of

EMBEDDED_FORMATS = ("html", "pdf", "typ")
_NOT_FOUND = re.compile(r"citation (\S+) not found")


def render_embedded(folder: Path, formats: Sequence[str]) -> list[Path]:
    """Render every document of a staged folder into it.

    Args:
        folder: the staged folder.
        formats: "html", "pdf", "typ".

    Returns:
        The written files.

    Raises:
        RenderError: anything that a reader of the report would stumble over.
    """
    project = read_project(folder)
    written = []
    for name in project.documents:
        for output in formats:
            target = folder / Path(name).with_suffix(f".{output}").name
            files.write_bytes(target, rendered(folder, name, output, project))
            written.append(target)
    return written


def rendered(folder: Path, name: str, output: str, project: Project | None = None) -> bytes:
    """One document in one format."""
    project = project or read_project(folder)
    writer = "html" if output == "html" else "typst"
    tree, numbers, heading, source = numbered(folder, name, writer, project)
    citations = _bibliography(tree, project, folder, heading)
    if output == "typ":
        text, warnings = typst_source(tree, heading, folder, citations)
        data = text.encode("utf-8")
    elif output == "pdf":
        data, warnings = pdf(tree, heading, folder, citations)
    else:
        text, warnings = page(tree, numbers, heading, folder, tips_of(folder, heading.lang), citations, toc_depth=project.toc_depth)
        data = text.encode("utf-8")
    for warning in warnings:
        if missing := _NOT_FOUND.search(warning):
            raise RenderError(f"the citation @{missing[1]} is not in the bibliography", where=source.where(f"@{missing[1]}"))
        raise RenderError("pandoc is not content with the document", where=name, why=warning.replace("[WARNING] ", ""))
    return data


def numbered(folder: Path, name: str, writer: str, project: Project) -> tuple[Node, Numbers, Heading, Source]:
    """A document with shortcodes carried out, blocks translated and everything numbered."""
    source = read_source(folder, name)
    tree = substitute(read_tree(source.text), source, read_variables(folder), project.meta)
    heading = heading_of(tree, project.meta, name)
    tree = prepare(tree, source, project.labels, writer)
    tree, numbers = number(tree, source, project.labels, number_sections=project.number_sections)
    shown = iter(numbers.sections)

    def head(node: Node) -> Node | None:
        if node["t"] != "Header":
            return None
        section = next(shown)[1]
        if not section:
            return None
        front = [{"t": "Span", "c": [["", ["header-section-number"], []], [{"t": "Str", "c": section}]]}, {"t": "Space"}]
        return {"t": "Header", "c": [node["c"][0], node["c"][1], [*front, *node["c"][2]]]}

    return {**tree, "blocks": walk(tree["blocks"], head)}, numbers, heading, source


def _bibliography(tree: Node, project: Project, folder: Path, heading: Heading) -> list[str]:
    """Pandoc's arguments for citations; a citation without a bibliography is an error."""
    from vvvresearch.reporting.embedded._tree import plain

    cited = [citation["citationId"] for node in each(tree["blocks"]) if node["t"] == "Cite" for citation in node["c"][0]]
    given = tree["meta"].pop("bibliography", None)
    names = [plain(item["c"]) for item in (given["c"] if given["t"] == "MetaList" else [given])] if given else []
    if not names and isinstance(more := project.meta.get("bibliography"), str):
        names = [more]
    if not names:
        if cited:
            raise RenderError(f"@{cited[0]} is neither a cross-reference nor in a bibliography", where=folder, todo="correct the label")
        return []
    arguments = ["--citeproc", "--metadata", f"lang={'da-DK' if heading.lang == 'da' else 'en-GB'}"]
    for name in names:
        arguments += ["--bibliography", str(files.admit(files.inside(folder, name)))]
    style = tree["meta"].pop("csl", None)
    if style:
        arguments += ["--csl", str(files.admit(files.inside(folder, plain(style["c"]))))]
    return arguments

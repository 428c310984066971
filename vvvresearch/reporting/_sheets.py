"""Sheets: one short document for each run of a chapter, all rendered at once, with an index: pandoc reads them all in one go.

A hundred documents of two pages cost a hundred starts of pandoc and its filters otherwise, which is most of their time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import RenderError
from vvvresearch.locales import Lang, say, text
from vvvresearch.reporting._render import check_page
from vvvresearch.reporting.embedded._engine import Code, compile_typst, converted, metadata_source, typst_document, with_row_heads
from vvvresearch.reporting.embedded._source import Project, Source
from vvvresearch.results import Result
from vvvresearch.rounds import TABLES, TOLD, Round
from vvvresearch.rounds._written import view_snippet

SHEET_FORMATS = ("html", "pdf")
# What stands for a sheet's own words while all of them share one page.
_TITLE, _SUBTITLE, _BODY = "SHEETTITLE", "SHEETSUBTITLE", "SHEETBODY"
_HTML_PART = re.compile(r'^<section id="sheet-(\d+)"', re.MULTILINE)
_TYPST_PART = re.compile(r"^= [^\n]*\n?<sheet-(\d+)>", re.MULTILINE)
_SIZE = Code("9pt")


def render_sheets(
    sheets: Sequence[Sheet], out: Path, lang: Lang, marks: Sequence[str], formats: Sequence[str] = SHEET_FORMATS
) -> list[Path]:
    """Render documents of a page or two with the look of the reports, by the embedded engine.

    Args:
        sheets: the documents.
        out: the folder that they are written into, each at its path.
        lang: their language.
        marks: what every page says.
        formats: "html", "pdf", or both.

    Returns:
        The written files.

    Raises:
        RenderError: another format, a document that cannot be rendered; nothing is left half.
    """
    for name in formats:
        if name not in SHEET_FORMATS:
            raise RenderError(f"sheets are not made as {name!r}", todo="html, pdf")
    if not sheets:
        return []
    project = _project(lang, marks)
    out.mkdir(parents=True, exist_ok=True)
    heading = text("reporting.sheet_heading", lang)
    whole = Source("\n\n".join(f"# {heading} {{#sheet-{number}}}\n\n{sheet.body}" for number, sheet in enumerate(sheets)))
    with ThreadPoolExecutor(2) as pool:
        page = pool.submit(_pages, whole, project, out, sheets) if "html" in formats else None
        paper = pool.submit(_papers, whole, project, out, sheets, marks) if "pdf" in formats else None
        written = [path for done in (page, paper) if done is not None for path in done.result()]
    for left in out.glob(".metadata-*.json"):
        left.unlink()
    return written


def _pages(whole: Source, project: Project, out: Path, sheets: Sequence[Sheet]) -> list[Path]:
    shell = converted(Source(_BODY), project, out, ("html", "html5"))[0].decode("utf-8")
    parts = _parts(converted(whole, project, out, ("html", "html5"))[0].decode("utf-8"), _HTML_PART, "</main>")
    written = []
    for sheet, part in zip(sheets, parts, strict=True):
        said = {f"<p>{_BODY}</p>": part, _SUBTITLE: files.html_text(sheet.subtitle), _TITLE: files.html_text(sheet.title)}
        page = shell
        for mark, words in said.items():
            page = page.replace(mark, words)
        written.append(files.write_text(out / f"{sheet.path}.html", page))
        check_page(written[-1])
    return written


def _papers(whole: Source, project: Project, out: Path, sheets: Sequence[Sheet], marks: Sequence[str]) -> list[Path]:
    body, _ = converted(whole, project, out, ("typst", "typst-citations"))
    parts = _parts(body.decode("utf-8"), _TYPST_PART, "")

    def made(pair: tuple[Sheet, str]) -> Path:
        sheet, part = pair
        head = metadata_source(_head(sheet, project.lang, marks))
        document = typst_document(part, project, out, {}, head=head)
        return files.write_bytes(out / f"{sheet.path}.pdf", with_row_heads(compile_typst(document, out)))

    # The index is for the screen: each of its names leads to a page.
    own = [(sheet, part) for sheet, part in zip(sheets, parts, strict=True) if not sheet.path.startswith("index")]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(made, own))


def _parts(body: str, start: re.Pattern[str], end: str) -> list[str]:
    """The part of each document in what pandoc made of all of them.

    Raises:
        RenderError: a document has become none or two.
    """
    places = [found.start() for found in start.finditer(body)]
    last = body.rindex(end) if end else len(body)
    order = [int(found[1]) for found in start.finditer(body)]
    if order != list(range(len(order))):
        raise RenderError("the sheets cannot be told apart", why="a heading in one of them looks like the beginning of another")
    return [body[place:following] for place, following in zip(places, [*places[1:], last], strict=True)]


def _project(lang: Lang, marks: Sequence[str]) -> Project:
    meta = {
        "title": _TITLE,
        "subtitle": _SUBTITLE,
        "lang": lang,
        "number-sections": False,
        "toc": False,
        "citeproc": False,
        "vvv-marks": " · ".join(marks),
        "vvv-skip": text("reporting.skip", lang),
        "vvv-table": text("reporting.table", lang),
        "vvv-note": text("reporting.note", lang),
        "vvv-to-note": text("reporting.to_note", lang),
        "vvv-reader": "municipality",
    }
    return Project(("sheets.qmd",), meta, lang)


def _head(sheet: Sheet, lang: Lang, marks: Sequence[str]) -> dict[str, object]:
    return {
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "authors": [],
        "date": "",
        "abstract": "",
        "marks": " · ".join(marks),
        "contents": "",
        "page": text("reporting.page", lang),
        "of": text("reporting.of", lang),
        "lang": lang,
        "region": "DK" if lang == "da" else "GB",
        "numbering": None,
        "depth": 2,
        "when": None,
        "cover": Code("false"),
        "size": _SIZE,
    }


_CHAPTER = re.compile(r"^# .*$", re.MULTILINE)
_TABLE = re.compile(r"^((?:\|.*\n)+)\n: (.*?)[ \t]*\{#tbl-[\w-]+[^{}\n]*\}[ \t]*$", re.MULTILINE)
_PICTURE = re.compile(r"^!\[.*\n?(?:\n::: \{\.base\}\n(?:.*\n)*?:::\n)?", re.MULTILINE)


@dataclass(frozen=True)
class Sheet:
    """One document.

    Args:
        path: where it lies among the others, without its ending: "9001/sheet".
        title, subtitle: at its head.
        body: Markdown, without a heading of the first level.
    """

    path: str
    title: str
    subtitle: str
    body: str


def sheets_of(opened: Round, lang: Lang, collected: Path, names: Mapping[str, str]) -> list[Sheet]:
    """The sheet of each run of a chapter, then the index, and a list for each region where the round's municipalities have them.

    Args:
        opened: the round.
        lang: of what is read.
        collected: what the runs wrote, a folder each: `<place>/pages/<lang>/<page>.md`.
        names: what each place is called: "9001" → the municipality.

    Returns:
        The sheets `<place>/sheet`, then `index` and `region-<name>`; those of other languages than the round's first one have it in
        their name: `<place>/sheet.en`.
    """
    ending = "" if lang == opened.spec.languages[0] else f".{lang}"
    reader, title, mark = text("readers.municipality", lang), opened.spec.title.say(lang), opened.kind.label(lang)
    sheets = [
        Sheet(f"{place}/sheet{ending}", names.get(place, place), f"{reader} · {title}", _body(collected / place / "pages" / lang, mark))
        for place in sorted(one.name for one in collected.iterdir() if (one / "pages" / lang).is_dir())
    ]
    links = {names.get(sheet.path.partition("/")[0], ""): f"{sheet.path}.html" for sheet in sheets}
    index = opened.municipality_index().in_language(lang)
    if not index:
        return sheets
    lists = {f"region-{files.safe_name(name)}{ending}": part for name, part in index.parts.items()}
    offered = "\n".join(f"- [{files.markdown_text(say(part.title, lang))}]({path}.html)" for path, part in lists.items())
    sheets.append(Sheet(f"index{ending}", say(index.title, lang), title, f"{offered}\n\n{_listed(index, links, mark)}"))
    return [*sheets, *(Sheet(path, say(part.title, lang), title, _listed(part, links, mark)) for path, part in lists.items())]


def _body(folder: Path, mark: str) -> str:
    """A page without its own heading, labels and pictures: on two pages nothing is referred to by number.

    What stands over a table is a heading; that the data are no real ones stands on every page. A report takes a page in two pieces, which
    stand beside it.
    """
    pages = [files.read_text(path) for path in sorted(folder.glob("*.md")) if not path.stem.endswith((TOLD, TABLES))]
    return _headed(_PICTURE.sub("", _CHAPTER.sub("", "\n".join(pages))), mark).strip() + "\n"


def _headed(markdown: str, mark: str) -> str:
    return _TABLE.sub(lambda found: f"## {found[2].replace(f' ({mark})', '')}\n\n{found[1]}", markdown)


def _listed(result: Result, links: Mapping[str, str], mark: str) -> str:
    """A list of municipalities in which each name leads to its sheet."""
    lines = []
    for line in _headed(view_snippet(result.view(), "list"), mark).split("\n"):
        name = line[2:].partition(" |")[0].strip() if line.startswith("| ") else ""
        lines.append(line.replace(name, f"[{name}]({links[name]})", 1) if name in links else line)
    return "\n".join(lines)

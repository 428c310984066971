"""What a staged folder holds beside its text: front matter from the definition, settings, filters, templates, fonts, documents."""

from __future__ import annotations

import datetime
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.locales import Lang, format_date, text
from vvvresearch.reporting.embedded._engine import FILTERS, HOUSE, META, PARTIALS, STANDARDS, Code, metadata_source
from vvvresearch.reporting.embedded._pandoc import run_pandoc
from vvvresearch.reporting.embedded._source import NAME, language_settings
from vvvresearch.rounds._written import paragraph_text

if TYPE_CHECKING:
    from vvvresearch.rounds import RoundSpec

# DejaVu lies in matplotlib's own folder on every machine; the serif is in Typst.
_FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique", "DejaVuSansMono", "DejaVuSansMono-Bold")
_LARGE, _SANS = Code("14pt"), Code('"DejaVu Sans"')
# The depth of the list of contents, and how many lines of it have room on a cover.
_DEPTH, _ON_COVER = 2, 18


def furnish(
    folder: Path,
    document: str,
    lang: Lang,
    marks: list[str],
    front: Mapping[str, Any],
    *,
    contents: Sequence[int] | None = (),
    numbered: bool = True,
    reader: str = "",
) -> None:
    """Write everything that a document needs to be rendered by either engine.

    Args:
        folder: the staged folder.
        document: the document's name in it.
        lang: its language.
        marks: what every page must say.
        front: title, subtitle, author, abstract and more of the title page.
        contents: the levels of the headings, which the list of contents names; None for no such list.
        numbered: whether sections are numbered.
        reader: other than the full report's: a title instead of a cover; "plain" has large letters.
    """
    import matplotlib

    for path in sorted(HOUSE.iterdir()):
        if path.is_file():
            shutil.copyfile(path, folder / path.name)
    fonts = folder / "fonts"
    fonts.mkdir(exist_ok=True)
    for name in _FONTS:
        shutil.copyfile(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf", fonts / f"{name}.ttf")
    mark = " · ".join(marks)
    files.write_bytes(folder / REFERENCE, reference_document(mark))
    slides = {"reference-doc": SLIDES} if reader == "slides" else {}
    if slides:
        files.write_bytes(folder / SLIDES, reference_slides())
    bibliography = sorted(path.name for path in folder.glob("*.bib"))
    settings: dict[str, Any] = {
        **{key: value for key, value in front.items() if key in ("title", "subtitle", "author", "abstract", "date")},
        "project": {"type": "default", "render": [document]},
        "lang": lang,
        "region": "DK" if lang == "da" else "GB",
        "language": language_settings(lang),
        "number-sections": numbered,
        "toc": contents is not None,
        "toc-depth": _DEPTH,
        "toc-title": text("reporting.contents", lang),
        "execute": {"enabled": False},
        "format-links": False,
        "notebook-links": False,
        "citeproc": True,
        **({"bibliography": bibliography} if bibliography else {}),
        "filters": list(FILTERS),
        "vvv-marks": mark,
        "vvv-skip": text("reporting.skip", lang),
        "vvv-table": text("reporting.table", lang),
        "vvv-note": text("reporting.note", lang),
        "vvv-to-note": text("reporting.to_note", lang),
        **({"vvv-reader": reader} if reader else {}),
        "format": {
            "html": {
                "embed-resources": True,
                "minimal": True,
                "shift-heading-level-by": 1,
                "toc-depth": 3,
                "html-math-method": "mathml",
                "css": "_house.css",
                "template": "_report.html",
            },
            "typst": {
                "syntax-highlighting": "none",
                "papersize": "a4",
                "pdf-standard": list(STANDARDS),
                "font-paths": ["fonts"],
                "include-in-header": META,
                "template-partials": list(PARTIALS),
            },
            "docx": {"toc": False, "reference-doc": REFERENCE},
            "pptx": {"toc": False, "slide-level": 1, **slides},
        },
    }
    # JSON is YAML in which nothing is guessed.
    files.write_text(
        folder / NAME, json.dumps({key: _escaped(key, value) for key, value in settings.items()}, ensure_ascii=False, indent=2) + "\n"
    )
    day = front.get("day")
    head = {
        **{name: files.plain_text(str(front.get(name, ""))) for name in ("title", "subtitle", "date", "abstract")},
        "authors": [files.plain_text(str(name)) for name in front.get("author", [])],
        "marks": mark,
        "contents": "" if contents is None else text("reporting.contents", lang),
        "page": text("reporting.page", lang),
        "of": text("reporting.of", lang),
        "lang": lang,
        "region": settings["region"],
        "numbering": "1.1" if numbered else None,
        "depth": _DEPTH,
        **({"short": Code("true")} if 0 < sum(level <= _DEPTH for level in contents or ()) <= _ON_COVER else {}),
        "when": day if isinstance(day, datetime.date) else None,
        **({"cover": Code("false")} if reader else {}),
        **({"size": _LARGE, "letters": _SANS} if reader == "plain" else {}),
        **({"size": _LARGE, "letters": _SANS, "slides": Code("true")} if reader == "slides" else {}),
    }
    files.write_text(folder / META, metadata_source(head))


def _escaped(key: str, value: Any) -> Any:
    """Words of the title page as Markdown, which is how both engines read them."""
    if key in ("title", "subtitle", "abstract", "date") or key.startswith("vvv-"):
        return files.markdown_text(str(value))
    if key == "author":
        return [files.markdown_text(str(name)) for name in value]
    return value


REFERENCE, SLIDES = "_reference.docx", "_reference.pptx"
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
_HEAD = "header9.xml"
# A zip file carries times; a fixed one keeps two runs equal.
_TIME = (2000, 1, 1, 0, 0, 0)


# Tables are set in nine points, so that columns have room for their longest words.
_TABLE = b'<w:style w:type="table" w:default="1" w:styleId="Table">'
_SMALL = b'<w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>'
# A slide's title is a whole sentence: at the left, and so large that three lines find room. Text follows.
_MASTER = "ppt/slideMasters/slideMaster1.xml"
_SIZES = {'sz="3300"': 'sz="2000"', 'sz="2400"': 'sz="1800"', 'sz="2100"': 'sz="1600"', 'sz="1800"': 'sz="1500"'}


@cache
def _default(name: str) -> bytes:
    return run_pandoc(["--print-default-data-file", name], "")[0]


def _changed(name: str, change: Callable[[str, bytes], bytes], added: Mapping[str, bytes] | None = None) -> bytes:
    """A document of pandoc's with parts changed and added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_default(name))) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in given.namelist():
            made.writestr(zipfile.ZipInfo(part, _TIME), change(part, given.read(part)))
        for part, content in (added or {}).items():
            made.writestr(zipfile.ZipInfo(part, _TIME), content)
    return out.getvalue()


@cache
def reference_slides() -> bytes:
    """The bytes of a reference document for slides."""

    def change(part: str, content: bytes) -> bytes:
        if part != _MASTER:
            return content
        master = content.decode("utf-8").replace('<p:titleStyle><a:lvl1pPr algn="ctr"', '<p:titleStyle><a:lvl1pPr algn="l"')
        styles = master.index("<p:titleStyle>"), master.index("</p:bodyStyle>")
        sized = re.sub("|".join(map(re.escape, _SIZES)), lambda found: _SIZES[found[0]], master[slice(*styles)])
        return (master[: styles[0]] + sized + master[styles[1] :]).encode("utf-8")

    return _changed("reference.pptx", change)


@cache
def reference_document(mark: str) -> bytes:
    """The bytes of a reference document whose pages say a mark at their head; "" says nothing.

    Args:
        mark: plain text.
    """
    header = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:hdr xmlns:w="{_SPACE}"><w:p><w:pPr><w:jc w:val="right"/></w:pPr>'
        '<w:r><w:rPr><w:b/><w:color w:val="7A1F1F"/><w:sz w:val="16"/></w:rPr>'
        f'<w:t xml:space="preserve">{files.html_text(mark)}</w:t></w:r></w:p></w:hdr>'
    )

    def change(part: str, content: bytes) -> bytes:
        if part == "word/styles.xml":
            start = content.index(_TABLE)
            end = content.index(b"<w:tblPr>", start)
            return content[:end] + _SMALL + content[end:]
        if not mark:
            return content
        if part == "[Content_Types].xml":
            return content.replace(b"</Types>", f'<Override PartName="/word/{_HEAD}" ContentType="{_TYPE}"/></Types>'.encode())
        if part == "word/_rels/document.xml.rels":
            relation = f'<Relationship Id="rIdMarks" Type="{_OFFICE}/header" Target="{_HEAD}"/></Relationships>'
            return content.replace(b"</Relationships>", relation.encode())
        return _with_header(content.decode("utf-8")).encode("utf-8") if part == "word/document.xml" else content

    return _changed("reference.docx", change, {f"word/{_HEAD}": header.encode("utf-8")} if mark else None)


def _with_header(document: str) -> str:
    """The document with the header named in its last section, whose settings pandoc takes over."""
    named = f'<w:headerReference xmlns:r="{_OFFICE}" w:type="default" r:id="rIdMarks"/>'
    start = document.rfind("<w:sectPr")
    if start < 0:
        return document.replace("</w:body>", f"<w:sectPr>{named}</w:sectPr></w:body>")
    end = document.index(">", start)
    if document[end - 1] == "/":
        return f"{document[: end - 1]}>{named}</w:sectPr>{document[end + 1 :]}"
    return f"{document[: end + 1]}{named}{document[end + 1 :]}"


_COLOPHON = ("evaluator", "commissioned_by", "authors", "period", "contact", "subgroups")

_FOREWORD = ("foreword", "thanks")


def front_matter(spec: RoundSpec, lang: Lang) -> dict[str, Any]:
    """What a round says of itself before the findings.

    Returns:
        title, subtitle (with the month) and abstract for the title page; evaluator, commissioned_by, period, foreword, thanks and
        what else is given for the pages after it.
    """
    given = {key: _said(value, lang) for key, value in spec.front_matter.model_dump().items()}
    months = [format_date(f"{day:%Y-%m}", lang) for day in (spec.period.start, spec.period.end)]
    front = {
        "title": _said(spec.title.model_dump(), lang),
        # A month in words is no `date` for Quarto, which would make a day of it.
        "subtitle": f"{text(f'reporting.type_{spec.report_type}', lang)}, {months[1]}",
        "abstract": given.pop("colophon", ""),
        "author": list(given.get("authors") or []),
        "period": " – ".join(months),
        "subgroups": _said(spec.subgroups.statement.model_dump(), lang),
        **given,
    }
    return {key: value for key, value in front.items() if value} | {"day": spec.period.end}


def _said(value: Any, lang: Lang) -> Any:
    if isinstance(value, Mapping) and value.keys() <= {"da", "en"}:
        return value.get(lang) or value.get("da", "")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_said(part, lang) for part in value]
    return value


def colophon_snippet(front: Mapping[str, Any], lang: Lang) -> str:
    """Who is responsible, for whom, about which period; empty when nothing is given."""
    lines = []
    for key in _COLOPHON:
        if value := front.get(key):
            said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            lines.append(f"**{text(f'reporting.front_{key}', lang)}:** {paragraph_text(said)}")
    return "\n\n".join(["::: {.colophon}", *lines, ":::"]) + "\n" if lines else "\n"


def foreword_snippet(front: Mapping[str, Any], lang: Lang) -> str:
    """Foreword and thanks with their heading; empty when nothing is given."""
    paragraphs = [paragraph_text(str(front[key])) for key in _FOREWORD if front.get(key)]
    if not paragraphs:
        return "\n"
    return "\n\n".join([f"# {text('reporting.front_foreword', lang)} {{.unnumbered}}", *paragraphs]) + "\n"

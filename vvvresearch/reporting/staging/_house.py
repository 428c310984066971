"""What a staged folder holds beside its text: settings, filters, templates, fonts, and the words at the head of a PDF."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.locales import Lang, text
from vvvresearch.reporting.embedded._engine import FILTERS, HOUSE, META, PARTIALS
from vvvresearch.reporting.embedded._pdf import STANDARDS, Code, metadata_source
from vvvresearch.reporting.staging._settings import NAME, language_settings
from vvvresearch.reporting.staging._word import REFERENCE, SLIDES, reference_document, reference_slides

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

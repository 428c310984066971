"""The embedded engine: a staged folder through pandoc and Typst, with its own filters and templates; PDF tagged and archivable.

Supported is what a staged folder holds: front matter; headings with `{#sec-…}` and `.unnumbered`; paragraphs, lists, quotations,
footnotes, links, code, formulas; pipe tables with `: caption {#tbl-…}`; `![caption](file){#fig-… fig-alt="…"}`, two of them in
`::: {layout-ncol=2}`; `::: {.landscape}`; the boxes of the house; `@fig- @tbl- @sec-` references; citations; the shortcodes include
and pagebreak. Everything else is refused with file and line, all of it at once.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import RenderError, not_installed
from vvvresearch.locales import text
from vvvresearch.reporting.embedded._pandoc import CHECKS, READER, problems_of, refuse, run_pandoc
from vvvresearch.reporting.embedded._source import QUARTO, Project, Source, read_project, read_source

DATA = Path(str(resources.files("vvvresearch.reporting") / "data"))
HOUSE = DATA / "house"
FILTERS = ("_notes.lua", "_house.lua", "_widths.lua", QUARTO, "_alt.lua")
PARTIALS = ("typst-template.typ", "typst-show.typ", "page.typ")
META = "_meta.typ"
EMBEDDED_FORMATS = ("html", "pdf", "typ", "docx", "pptx")
_WRITERS = {"html": ("html", "html5"), "pdf": ("typst", "typst-citations"), "typ": ("typst", "typst-citations")}
_NOT_FOUND = "Citeproc: citation "


def render_embedded(folder: Path, formats: Sequence[str]) -> list[Path]:
    """Render every document of a staged folder into it; nothing is written of a document that is refused.

    Args:
        folder: the staged folder.
        formats: "html", "pdf", "typ", "docx", "pptx".

    Returns:
        The written files.

    Raises:
        RenderError: anything that a reader of the report would stumble over, all of it at once.
    """
    project = read_project(folder)
    written = []
    for name in project.documents:
        for output, data in rendered(folder, name, formats, project).items():
            written.append(files.write_bytes(folder / Path(name).with_suffix(f".{output}").name, data))
    return written


def rendered(folder: Path, name: str, formats: Sequence[str], project: Project | None = None) -> dict[str, bytes]:
    """One document in several formats: what is written, by format.

    Raises:
        RenderError: as for `render_embedded`.
    """
    project = project or read_project(folder)
    source = read_source(folder, name)
    writers = list(dict.fromkeys(_WRITERS.get(output, (output, output)) for output in formats))
    # Pandoc's runs for a page and for paper do not wait for each other.
    with ThreadPoolExecutor(len(writers)) as pool:
        runs = [pool.submit(converted, source, project, folder, writer, checked=place == 0) for place, writer in enumerate(writers)]
        outcome = dict(zip(writers, (run.exception() or run.result() for run in runs), strict=True))
    first = outcome[writers[0]]
    if isinstance(first, BaseException):
        raise first
    problems, meta = problems_of(source, first[1])
    refuse(problems)
    if not first[0]:
        # It was withheld for what turned out to be words of data, which are printed as they stand.
        outcome[writers[0]] = converted(source, project, folder, writers[0])
    done: dict[str, bytes] = {}
    for output in formats:
        result = outcome[_WRITERS.get(output, (output, output))]
        if isinstance(result, BaseException):
            raise result
        body, log = result
        _complain(log, source, name)
        if output in ("pdf", "typ"):
            whole = typst_document(body.decode("utf-8"), project, folder, meta)
            done[output] = whole.encode("utf-8") if output == "typ" else with_row_heads(compile_typst(whole, folder, _standards(project)))
        else:
            done[output] = body
    return done


def converted(source: Source, project: Project, folder: Path, writer: tuple[str, str], *, checked: bool = False) -> tuple[bytes, list[str]]:
    """Pandoc's output and log for one writer: the format and what pandoc calls it."""
    output, pandoc_name = writer
    arguments = ["-f", READER, "-t", pandoc_name, "--wrap=none", "--syntax-highlighting=none"]
    arguments += ["--lua-filter", str(CHECKS)] if checked else []
    arguments += project.metadata_arguments(output, folder)
    filters = project.filters or FILTERS
    for name in filters:
        arguments += ["--lua-filter", str(_file_of(folder, name))]
        if name == QUARTO and project.meta.get("citeproc", True) is not False:
            arguments.append("--citeproc")
    if project.meta.get("number-sections", True) not in (False, "false") and output == "html":
        arguments.append("--number-sections")
    if output == "html":
        arguments += _page_arguments(project, folder)
    elif output != "typst":
        arguments += ["--standalone", "-o", "-"]
        reference = project.of_format(output).get("reference-doc")
        arguments += ["--reference-doc", str(files.inside(folder, str(reference)))] if reference else []
        if output == "pptx":
            arguments += ["--slide-level", str(project.of_format(output).get("slide-level", 2))]
    return run_pandoc(arguments, source.text, folder=folder)


def _file_of(folder: Path, name: str) -> Path:
    """A file of the staged folder; where it names none, the house's own."""
    if name == QUARTO:
        return DATA / "engine.lua"
    place = files.inside(folder, name)
    if place.is_file():
        return files.admit(place)
    house = HOUSE / name
    if house.is_file():
        return house
    raise RenderError(f"the file {name!r} is not in the folder", where=folder, todo="correct _quarto.yml")


def _page_arguments(project: Project, folder: Path) -> list[str]:
    options = project.of_format("html")
    arguments = ["--standalone", "--embed-resources", "--mathml", "--section-divs"]
    arguments += ["--shift-heading-level-by", str(options.get("shift-heading-level-by", 1))]
    arguments += ["--template", str(_file_of(folder, str(options.get("template", "_report.html"))))]
    for name in project.names("html", "css") or ("_house.css",):
        arguments += ["--css", str(_file_of(folder, name))]
    if options.get("toc", project.meta.get("toc", True)):
        depth = int(options.get("toc-depth", int(project.meta.get("toc-depth", 2)) + 1))
        arguments += ["--toc", "--toc-depth", str(depth)]
        if not project.meta.get("toc-title"):
            arguments += ["--variable", f"toc-title={text('reporting.contents', project.lang)}"]
    if not project.meta.get("vvv-skip"):
        arguments += ["--variable", f"vvv-skip={text('reporting.skip', project.lang)}"]
    return arguments


def typst_document(body: str, project: Project, folder: Path, meta: Mapping[str, Any], *, head: str = "") -> str:
    """The document as one Typst text: metadata (the folder's, unless they are given), look, call of the look, body."""
    place = folder / META
    said = head or (files.read_text(place) if place.is_file() else metadata_source(_head(project, meta)))
    partials = [str(name) for name in project.of_format("typst").get("template-partials", PARTIALS)]
    template, show, *others = [files.read_text(_file_of(folder, name)) for name in partials]
    return "\n".join([said, template, *others, show, body])


def _head(project: Project, meta: Mapping[str, Any]) -> dict[str, Any]:
    lang = project.lang
    words = {name: text(f"reporting.{name}", lang) for name in ("contents", "page", "of")}
    numbering = "1.1" if project.meta.get("number-sections", True) not in (False, "false") else None
    head = {"title": meta["title"], "subtitle": meta["subtitle"], "authors": list(meta["authors"] or []), "date": meta["date"]}
    marks = str(project.meta.get("vvv-marks", ""))
    region = "DK" if lang == "da" else "GB"
    depth = int(project.meta.get("toc-depth", 2))
    return {
        **head,
        "marks": marks,
        "abstract": meta["abstract"],
        **words,
        "lang": lang,
        "region": region,
        "numbering": numbering,
        "depth": depth,
    }


def _standards(project: Project) -> Sequence[str]:
    given = project.of_format("typst").get("pdf-standard", STANDARDS)
    return [given] if isinstance(given, str) else [str(name) for name in given]


def _complain(log: Sequence[str], source: Source, name: str) -> None:
    """Refuse what pandoc is not content with."""
    for line in log:
        if _NOT_FOUND in line:
            label = line.split(_NOT_FOUND)[1].split()[0].strip("'\"“”")
            raise RenderError(f"the citation @{label} is not in the bibliography", where=source.where(f"@{label}"))
        if line.startswith("[WARNING]"):
            raise RenderError("pandoc is not content with the document", where=name, why=line.removeprefix("[WARNING] "))


STANDARDS = ("ua-1", "a-2a")
_RESOLUTION = 200.0
# Two renderings of the same sources are the same bytes, so the file carries no clock of the machine.
_TIMESTAMP = int(datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).timestamp())


def compile_typst(source: str, folder: Path, standards: Sequence[str] = STANDARDS, output: str = "pdf") -> bytes:
    """Compile Typst text against the files of a folder.

    Args:
        source: the whole text.
        folder: where its images and, in `fonts/`, its typefaces lie.
        standards: those of Typst that the file must keep.
        output: "pdf", or "png" of one page.

    Raises:
        RenderError: Typst's complaint, or Typst is not there.
    """
    import matplotlib

    try:
        import typst
    except ImportError:
        raise not_installed(RenderError, "Typst", "report") from None

    # DejaVu lies in matplotlib's own folder on every machine.
    fonts = [Path(matplotlib.get_data_path()) / "fonts" / "ttf", folder / "fonts"]
    options: dict[str, Any] = {
        "root": str(folder),
        "font_paths": [str(place) for place in fonts if place.is_dir()],
        "ignore_system_fonts": True,
        **({"pdf_standards": list(standards), "timestamp": _TIMESTAMP} if output == "pdf" else {"format": output, "ppi": _RESOLUTION}),
    }
    try:
        return bytes(typst.compile(source.encode("utf-8"), **options))
    except (RuntimeError, ValueError) as problem:
        hints = getattr(problem, "hints", [])
        why = f"{problem}. {' '.join(map(str, hints))}".strip()
        raise RenderError("the PDF cannot be made", where=folder, why=why, todo="see the reason") from None


def draw_for_word(folder: Path) -> None:
    """A PNG beside every SVG that a staged folder's documents show and that has none, since Word and PowerPoint show no SVG.

    Raises:
        RenderError: a picture that cannot be drawn, or Typst is not there.
    """
    shown = "\n".join(files.read_text(path) for ending in ("*.qmd", "*.md") for path in folder.rglob(ending))
    for path in sorted(folder.rglob("*.svg")):
        target, name = path.with_suffix(".png"), path.relative_to(folder).as_posix()
        if not target.is_file() and f"({name})" in shown:
            page = f"#set page(width: auto, height: auto, margin: 0pt)\n#image({quoted(name)}, width: 160mm)\n"
            files.write_bytes(target, compile_typst(page, folder, standards=(), output="png"))


def with_row_heads(document: bytes) -> bytes:
    """The same PDF in which the first cell of each row of a table's body is a header cell, which Typst cannot say yet.

    Args:
        document: a tagged PDF.
    """
    try:
        import pikepdf
    except ImportError:
        # Without it the rows are read without their heads, and everything else stands.
        return document
    with pikepdf.open(io.BytesIO(document)) as pdf:
        tree = pdf.Root.get("/StructTreeRoot")
        if tree is not None:
            _mark_rows(tree, pikepdf)
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def _mark_rows(root: Any, pikepdf: Any) -> None:
    left = [(root, False)]
    while left:
        element, in_body = left.pop()
        tag = str(element.get("/S", ""))
        children = [child for child in _children(element, pikepdf) if isinstance(child, pikepdf.Dictionary)]
        if in_body and tag == "/TR" and children and str(children[0].get("/S", "")) == "/TD" and len(children) > 1:
            head = children[0]
            head["/S"] = pikepdf.Name("/TH")
            scope = pikepdf.Dictionary(O=pikepdf.Name("/Table"), Scope=pikepdf.Name("/Row"))
            given = head.get("/A")
            if given is None:
                head["/A"] = scope
            elif isinstance(given, pikepdf.Array):
                given.append(scope)
            else:
                head["/A"] = pikepdf.Array([given, scope])
            continue
        left += [(child, tag == "/TBody" or (in_body and tag != "/TR")) for child in children]


def _children(element: Any, pikepdf: Any) -> list[Any]:
    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


class Code(str):
    """Typst as it stands, such as a length."""


def quoted(value: str) -> str:
    """A Typst string.

    Example:
        >>> quoted('a "b"')
        '"a \\\\"b\\\\""'
    """
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


def metadata_source(values: Mapping[str, Any]) -> str:
    """`_meta.typ`: what the template prints at the head of a report, as properly quoted Typst values.

    Args:
        values: texts, numbers, lists of texts; a date as `datetime.date`.

    Example:
        >>> metadata_source({"title": "Fund – »29 %«", "authors": ["A"], "numbering": None, "depth": 2})
        '#let vvv = (title: "Fund – »29 %«", authors: ("A",), numbering: none, depth: 2)\\n'
    """
    return f"#let vvv = ({', '.join(f'{name}: {_value(value)}' for name, value in values.items())})\n"


def _value(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, datetime.date):
        return f"datetime(year: {value.year}, month: {value.month}, day: {value.day})"
    if isinstance(value, str):
        return str(value) if isinstance(value, Code) else quoted(value)
    if isinstance(value, Sequence):
        return "(" + "".join(f"{quoted(str(part))}," for part in value) + ")"
    return str(value)

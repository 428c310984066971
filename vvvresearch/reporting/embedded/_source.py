"""A staged folder before it is parsed: its `_quarto.yml`, and documents with includes put in and every line traced to its file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import RenderError, did_you_mean
from vvvresearch.locales import Lang, check_lang, format_date, text

_SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*(.*?)\s*>\}\}(?!\})")
_ESCAPED = re.compile(r"\{\{\{<.*?>\}\}\}")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*(.*)$")
_INLINE_CODE = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
# In a staged folder: where each line of a document stands in what its author wrote.
ORIGINS = "_origins.json"
_CELL = re.compile(r"\{\s*[A-Za-z]")
PAGE_BREAK = "::: {.pagebreak}\n:::"


@dataclass(frozen=True)
class Problem:
    """What is wrong in a staged folder: file and line, what, and how to mend it."""

    where: str
    what: str
    todo: str

    def line(self) -> str:
        """The whole complaint on one line."""
        return f"{self.where}: {self.what}; {self.todo}"


@dataclass
class Source:
    """A whole document as one text.

    Args:
        text: Markdown for pandoc.
        lines, places: every line as it was written, and the file and line it stands in.
        problems: what lies outside the list already in the text.
    """

    text: str = ""
    lines: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def where(self, fragment: str, nth: int = 0) -> str:
        """File and line of the nth line, counted from 0, that holds a fragment of source text; the last such line where there are fewer."""
        found = [place for line, place in zip(self.lines, self.places, strict=True) if fragment in line]
        return found[min(nth, len(found) - 1)] if found else (self.places[0] if self.places else "")


def code_mask(lines: list[str]) -> list[bool]:
    """Which lines belong to a fenced code block, fences included.

    Example:
        >>> code_mask(["a", "```", "b", "```", "c"])
        [False, True, True, True, False]
    """
    mask, fence = [], ""
    for line in lines:
        match = _FENCE.match(line)
        if fence:
            mask.append(True)
            if match and match[1][0] == fence[0] and len(match[1]) >= len(fence) and not match[2]:
                fence = ""
        elif match and not (match[1][0] == "`" and "`" in match[2]):
            mask.append(True)
            fence = match[1]
        else:
            mask.append(False)
    return mask


def read_source(folder: Path, name: str) -> Source:
    """Read one document of a staged folder with its includes; complaints are collected, not raised.

    Args:
        folder: the staged folder; nothing outside it is read.
        name: the document's path in it.
    """
    source = Source()
    shown: list[str] = []
    for line, place, in_code in _lines(folder, name):
        words = [] if in_code else _alone(line)
        if words[:1] == ["include"]:
            for inner, inner_place, inner_code in _included(folder, words, place, source):
                _add(source, shown, inner, inner_place, inner_code, included=True)
        else:
            _add(source, shown, line, place, in_code, included=False)
    source.text = "\n".join(shown) + "\n"
    return source


def _lines(folder: Path, name: str) -> Iterator[tuple[str, str, bool]]:
    text = files.read_text(files.inside(folder, name)).replace("\r\n", "\n")
    lines = text.rstrip("\n").split("\n")
    origins = folder / ORIGINS
    known = files.read_json(origins).get(name, []) if origins.is_file() else []
    places = known if len(known) >= len(lines) else [f"{name}, line {number}" for number in range(1, len(lines) + 1)]
    yield from zip(lines, places, code_mask(lines), strict=False)


def _alone(line: str) -> list[str]:
    """The words of a shortcode that stands alone on its line."""
    match = _SHORTCODE.fullmatch(line.strip())
    return match[1].split() if match else []


def _included(folder: Path, words: list[str], place: str, source: Source) -> Iterator[tuple[str, str, bool]]:
    if len(words) != 2:
        source.problems.append(Problem(place, "an include names one file", "write {{< include tables/name.md >}}"))
        return
    target = files.inside(folder, words[1])
    if not target.is_file():
        beside = (other.relative_to(folder).as_posix() for other in target.parent.glob("*.md")) if target.parent.is_dir() else ()
        todo = f"run the notebook that writes it, or take the line out; {did_you_mean(words[1], beside)}"
        source.problems.append(Problem(place, f"the included file {words[1]!r} does not exist", todo))
        return
    # A blank line on each side keeps an included table from growing together with the paragraph before it.
    yield "", place, False
    for index, (line, inner, code) in enumerate(_lines(folder, words[1])):
        if index == 0 and line.strip() == "---":
            source.problems.append(Problem(inner, "an included file has front matter", "keep front matter in the report itself"))
        yield line, inner, code
    yield "", place, False


def _add(source: Source, shown: list[str], line: str, place: str, in_code: bool, *, included: bool) -> None:
    source.lines.append(line)
    source.places.append(place)
    if in_code:
        if (fence := _FENCE.match(line)) and _CELL.match(fence[2]):
            todo = "put the code in a notebook and include what its page writes"
            source.problems.append(Problem(place, "a cell to be executed in a report", todo))
        shown.append(line)
        return
    words = _alone(line)
    if words == ["pagebreak"]:
        shown.append(PAGE_BREAK)
        return
    if _ESCAPED.search(line):
        source.problems.append(Problem(place, "an escaped shortcode", "set it as code: `{{< … >}}`"))
    elif words[:1] == ["include"] and included:
        source.problems.append(Problem(place, "an include inside an included file", "include both files from the report itself"))
        shown.append("")
        return
    else:
        code = [match.span() for match in _INLINE_CODE.finditer(line)]
        for match in _SHORTCODE.finditer(line):
            if any(start <= match.start() < end for start, end in code):
                continue
            kind = (match[1].split() or [""])[0]
            if kind in ("include", "pagebreak"):
                source.problems.append(Problem(place, f"the shortcode {kind!r} does not stand alone", "give it a line of its own"))
            else:
                todo = "only include and pagebreak are left in a staged folder"
                source.problems.append(Problem(place, f"the shortcode {kind!r}", todo))
    shown.append(line)


NAME = "_quarto.yml"
# What is the project's own and no document's.
_OF_PROJECT = ("project", "format", "filters", "execute", "citeproc", "bibliography", "csl")
_OF_FORMAT = ("template", "css", "template-partials", "include-in-header", "filters")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
QUARTO = "quarto"


@dataclass(frozen=True)
class Project:
    """A staged folder's settings.

    Args:
        documents: paths of the documents to render.
        meta: all settings.
        lang: language.
    """

    documents: tuple[str, ...]
    meta: Mapping[str, Any] = field(default_factory=dict)
    lang: Lang = "da"

    def of_format(self, output: str) -> Mapping[str, Any]:
        """The settings of one format: "html", "typst", "docx", "pptx"."""
        formats = self.meta.get("format", {})
        given = formats.get(output, {}) if isinstance(formats, Mapping) else {}
        return given if isinstance(given, Mapping) else {}

    @property
    def filters(self) -> tuple[str, ...] | None:
        """Paths of Lua filters in order, "quarto" among them; None where the folder names none."""
        given = self.meta.get("filters")
        if given is None:
            return None
        names = [str(name) for name in ([given] if isinstance(given, str) else given)]
        return tuple(names if QUARTO in names else [*names, QUARTO])

    def names(self, output: str, key: str) -> tuple[str, ...]:
        """A setting that is one file or several, of a format or of the whole project."""
        given = self.of_format(output).get(key, self.meta.get(key, []))
        return tuple(str(name) for name in ([given] if isinstance(given, str) else given))

    def metadata(self, output: str) -> dict[str, Any]:
        """What documents may name and templates print."""
        meta = {key: value for key, value in self.meta.items() if key not in _OF_PROJECT}
        meta |= {key: value for key, value in self.of_format(output).items() if key not in _OF_FORMAT}
        if _DAY.fullmatch(str(meta.get("date", ""))):
            # "1. november" at the start of a text would be a list.
            meta["date"] = _said_day(str(meta["date"]), str(meta.get("date-format", "")), self.lang).replace(". ", "\\. ", 1)
        return meta

    def metadata_arguments(self, output: str, folder: Path) -> list[str]:
        """Pandoc's arguments for the metadata, and for the bibliography where there is one."""
        place = folder / f".metadata-{output}.json"
        given = self.metadata(output)
        bibliography = [str(name) for name in self.names(output, "bibliography")]
        if bibliography:
            given["bibliography"] = bibliography
            for name in bibliography:
                if not files.inside(folder, name).is_file():
                    raise RenderError(f"the bibliography {name!r} is not in the folder", where=folder / NAME, todo="correct bibliography")
        files.write_text(place, json.dumps(given, ensure_ascii=False, default=str))
        return ["--metadata-file", place.name]


def _said_day(day: str, pattern: str, lang: Lang) -> str:
    if pattern in ("", "iso"):
        return day
    when = date.fromisoformat(day)
    month = format_date(f"{when:%Y-%m}", lang).rsplit(" ", 1)[0]
    said = {"YYYY": f"{when.year}", "MMMM": month, "MM": f"{when.month:02}", "DD": f"{when.day:02}", "D": str(when.day)}
    return re.sub(r"YYYY|MMMM|MM|DD|D", lambda part: said[part[0]], pattern)


def language_settings(lang: Lang) -> dict[str, str]:
    """The words that both engines print before numbers, under the names that Quarto's `language:` knows."""
    settings = {}
    for kind in ("fig", "tbl", "sec"):
        word = text(f"reporting.ref_{kind}", lang)
        settings[f"crossref-{kind}-prefix"] = word
        if kind != "sec":
            settings[f"crossref-{kind}-title"] = word
    settings["toc-title-document"] = text("reporting.contents", lang)
    return settings


def read_project(folder: Path) -> Project:
    """Read the settings of a staged folder; without `_quarto.yml` every document in it is rendered.

    Raises:
        RenderError: the settings are not a mapping, or name a document that is not there.
    """
    place = folder / NAME
    meta = files.read_yaml(place) if place.is_file() else {}
    if not isinstance(meta, dict):
        raise RenderError("the settings are not a mapping", where=place)
    project = meta.get("project", {})
    documents: Sequence[str] = [str(name) for name in project.get("render", [])] if isinstance(project, dict) else []
    if not documents:
        documents = sorted(path.name for path in folder.glob("*.qmd") if not path.name.startswith("_"))
    for name in documents:
        if not files.inside(folder, name).is_file():
            raise RenderError(f"the document {name!r} is not in the folder", where=place, todo="correct project.render")
    if not documents:
        raise RenderError("there is nothing to render", where=folder, todo="put a .qmd document into it")
    return Project(tuple(documents), meta, check_lang(str(meta.get("lang", "da"))[:2]))

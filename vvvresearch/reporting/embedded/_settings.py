"""`_quarto.yml` of a staged folder: what is rendered, in which language, with which words and filters."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import RenderError
from vvvresearch.locales import Lang, check_lang, format_date, text

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

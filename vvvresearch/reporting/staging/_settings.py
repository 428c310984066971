"""`_quarto.yml` of a staged folder: what is rendered, in which language, with which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import RenderError
from vvvresearch.locales import Lang, check_lang, text
from vvvresearch.reporting.embedded._blocks import CALLOUTS

NAME = "_quarto.yml"


@dataclass(frozen=True)
class Project:
    """A staged folder's settings.

    Args:
        documents: paths of the documents to render.
        meta: all settings, which documents may name by `{{< meta … >}}`.
        lang: language.
        labels: words for references and callouts.
        number_sections: whether headings are numbered.
        toc_depth: levels in the table of contents.
    """

    documents: tuple[str, ...]
    meta: Mapping[str, Any] = field(default_factory=dict)
    lang: Lang = "da"
    labels: Mapping[str, str] = field(default_factory=dict)
    number_sections: bool = True
    toc_depth: int = 2


def words_of(lang: Lang) -> dict[str, str]:
    """The words both engines print: before numbers ("fig", "tbl", …) and over callouts ("callout-note", …)."""
    kinds = {kind: text(f"reporting.ref_{kind}", lang) for kind in ("fig", "tbl", "sec", "eq")}
    return {**kinds, **{f"callout-{kind}": text(f"reporting.callout_{kind}", lang) for kind in CALLOUTS}}


def language_settings(lang: Lang) -> dict[str, str]:
    """The same words under the names that Quarto's `language:` knows."""
    words = words_of(lang)
    settings = {}
    for kind in ("fig", "tbl"):
        settings[f"crossref-{kind}-title"] = words[kind]
    for kind in ("fig", "tbl", "sec", "eq"):
        settings[f"crossref-{kind}-prefix"] = words[kind]
    for kind in CALLOUTS:
        settings[f"callout-{kind}-title"] = words[f"callout-{kind}"]
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
    documents = [str(name) for name in project.get("render", [])] if isinstance(project, dict) else []
    if not documents:
        documents = sorted(path.name for path in folder.glob("*.qmd") if not path.name.startswith("_"))
    for name in documents:
        if not files.inside(folder, name).is_file():
            raise RenderError(f"the document {name!r} is not in the folder", where=place, todo="correct project.render")
    if not documents:
        raise RenderError("there is nothing to render", where=folder, todo="put a .qmd document into it")
    lang = check_lang(str(meta.get("lang", "da")))
    labels = words_of(lang)
    given = meta.get("language", {})
    for kind in ("fig", "tbl", "sec", "eq"):
        labels[kind] = str(given.get(f"crossref-{kind}-prefix", labels[kind]))
    for kind in CALLOUTS:
        labels[f"callout-{kind}"] = str(given.get(f"callout-{kind}-title", labels[f"callout-{kind}"]))
    return Project(
        documents=tuple(documents),
        meta=meta,
        lang=lang,
        labels=labels,
        number_sections=meta.get("number-sections", True) not in (False, "false"),
        toc_depth=int(meta.get("toc-depth", 2)),
    )

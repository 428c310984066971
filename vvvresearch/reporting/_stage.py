"""The staged folder: everything one report needs, in one place, for either engine."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import RenderError
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, check_lang, text
from vvvresearch.reporting._all_values import all_values_snippet
from vvvresearch.reporting._front import colophon_snippet, foreword_snippet, front_matter
from vvvresearch.reporting._project import language_settings
from vvvresearch.reporting._prose import require_bound_prose
from vvvresearch.reporting._values import read_values
from vvvresearch.reporting._variables import variables_text

_USED = re.compile(r"\{\{<\s*var\s+(\S+)\s*>\}\}")
SOURCES = "notebooks/report"
# What is copied from a run's collected folder: from, to, endings.
_COPIED = (
    ("tables", "tables", (".md",)),
    ("figures", "figures", (".md", ".svg", ".png")),
    ("values", "values", (".json",)),
    ("notebooks", "nb", (".ipynb",)),
)


def stage_report(
    root: str | Path,
    round_id: str,
    lang: str,
    collected_folder: str | Path,
    stage_folder: str | Path,
    *,
    released: bool = False,
) -> Path:
    """Put together the folder that a report is rendered from.

    Args:
        root: the workspace.
        round_id: the round; its report type chooses the sources in `notebooks/report/<type>/<lang>/`.
        lang: "da" or "en".
        collected_folder: what the round's notebooks wrote: tables/, figures/, values/, notebooks/.
        stage_folder: an empty or new folder.
        released: whether the report passed the release gate; else every page says that it is a draft.

    Returns:
        The staged folder.

    Raises:
        RenderError: no sources for this report type and language, a number typed in prose, or values that contradict each other.
        RoundError: the round is not defined as it should be.
    """
    from vvvresearch.rounds import load_spec

    spec = load_spec(root, round_id)
    checked = check_lang(lang)
    sources = Path(root) / SOURCES / str(spec.report_type) / checked
    front = front_matter(spec, checked)
    return stage(sources, collected_folder, stage_folder, lang=checked, kind=spec.kind, front=front, released=released)


def stage(
    sources: str | Path,
    collected_folder: str | Path,
    stage_folder: str | Path,
    *,
    lang: str = "da",
    kind: DataKind = DataKind.REAL,
    front: Mapping[str, Any] | None = None,
    released: bool = False,
) -> Path:
    """The same from a folder of sources, for reports outside a round.

    Args:
        sources: folder with `report.qmd` and what it includes.
        collected_folder, stage_folder, lang, released: as for `stage_report`.
        kind: data kind; what is not real or published is marked on every page.
        front: title, author, date and whatever the sources name by `{{< meta … >}}`.

    Returns:
        The staged folder.
    """
    source, collected, folder, checked = Path(sources), Path(collected_folder), Path(stage_folder), check_lang(lang)
    documents = sorted(path.name for path in source.glob("*.qmd") if not path.name.startswith("_"))
    if not documents:
        raise RenderError("there are no report sources", where=source, todo="write report.qmd there, or correct the round's report type")
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.rglob("*")):
        if path.is_file():
            _copy(path, folder / path.relative_to(source))
    for origin, target, endings in _COPIED:
        for path in sorted((collected / origin).glob("*")):
            if path.suffix in endings and path.is_file():
                _copy(path, folder / target / path.name)
    values = read_values(folder)
    used = {key for path in sorted(source.rglob("*.qmd")) for key in _USED.findall(files.read_text(path))}
    files.write_text(folder / "_variables.yml", variables_text({key: value.shown[checked] for key, value in values.items()}))
    files.write_text(
        folder / "tables" / "all-values.md", all_values_snippet([value for key, value in values.items() if key in used], checked)
    )
    said = front or {}
    files.write_text(folder / "front" / "colophon.md", colophon_snippet(said, checked))
    files.write_text(folder / "front" / "foreword.md", foreword_snippet(said, checked))
    marks = marks_of(kind, checked, released=released)
    _write_settings(folder, documents, checked, marks, said)
    require_bound_prose(folder)
    return folder


def marks_of(kind: DataKind, lang: Lang, *, released: bool) -> list[str]:
    """What every page says: the data kind where it is not real or published, and that the report is a draft.

    Example:
        >>> marks_of(DataKind.SYNTHETIC, "da", released=False)
        ['Syntetiske data', 'udkast – ikke frigivet']
    """
    marks = [kind.label(lang)] if kind in (DataKind.SYNTHETIC, DataKind.RECONSTRUCTED) else []
    return marks if released else [*marks, text("reporting.draft", lang)]


def _copy(path: Path, target: Path) -> None:
    files.admit(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)


def _write_settings(folder: Path, documents: list[str], lang: Lang, marks: list[str], front: Mapping[str, Any]) -> None:
    """`_quarto.yml`, written as JSON, which is YAML in which nothing is guessed."""
    banner = "".join(f"<span>{files.html_text(mark)}</span> " for mark in marks)
    style = "position:sticky;top:0;z-index:1040;background:#7a1f1f;color:#fff;text-align:center;font-weight:600;padding:.35rem"
    files.write_text(folder / "_marks.html", f'<div class="marks" role="note" style="{style}">{banner}</div>\n' if marks else "\n")
    said = json.dumps("  ·  ".join(marks), ensure_ascii=False)
    files.write_text(
        folder / "_page.typ",
        f'#set page(header: align(right, text(size: 7pt, weight: "bold", fill: rgb("#7a1f1f"), {said})))\n',
    )
    settings: dict[str, Any] = {
        **front,
        "project": {"type": "default", "render": documents},
        "lang": lang,
        "language": language_settings(lang),
        "number-sections": True,
        "toc": True,
        "toc-depth": 2,
        "notebook-links": False,
        "execute": {"enabled": False},
        "vvv": {"marks": marks},
        "format": {
            "html": {"embed-resources": True, "html-math-method": "mathml", "include-before-body": "_marks.html", "theme": "default"},
            "typst": {"papersize": "a4", "include-in-header": "_page.typ", "pdf-standard": ["ua-1", "a-2a"]},
        },
    }
    files.write_text(folder / "_quarto.yml", json.dumps(settings, ensure_ascii=False, indent=2) + "\n")

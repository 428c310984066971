"""The staged folder: everything one report needs, in one place, for either engine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import AnalysisError, RenderError, RoundError
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, check_lang, text
from vvvresearch.reporting._neutral import without_idle_marks
from vvvresearch.reporting.claims._document import SEALS, require_claims, sealed_before
from vvvresearch.reporting.claims._proof import Claims
from vvvresearch.reporting.claims._staged import claimed_cells, printed
from vvvresearch.reporting.staging._bound import used_addresses, with_numbers
from vvvresearch.reporting.staging._front_matter import colophon_snippet, foreword_snippet, front_matter
from vvvresearch.reporting.staging._prose import require_bound_prose
from vvvresearch.reporting.staging._settings import language_settings
from vvvresearch.reporting.staging._values_appendix import PLACE, all_values_snippet
from vvvresearch.results import folded
from vvvresearch.rounds import open_round
from vvvresearch.rounds._values import Value, read_values, value_of

if TYPE_CHECKING:
    from vvvresearch.rounds import Round

DOCUMENT = "report.qmd"
_TEXT, _PICTURES = (".qmd", ".md"), (".png", ".svg", ".jpg", ".jpeg", ".bib")
# What is copied from a run's collected folder: from, to, endings; `{lang}` is the report's language.
_COPIED = (
    ("tables", "tables", (".md",)),
    ("tables/{lang}", "tables", (".md",)),
    ("figures", "figures", (".md", ".svg", ".png")),
    ("figures/{lang}", "figures", (".md", ".svg", ".png")),
    ("pages/{lang}", "pages", (".md",)),
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
        round_id: the round; its own prose is `rounds/<id>/report.qmd`, in other languages `report.<lang>.qmd`.
        lang: "da" or "en".
        collected_folder: what the round's notebooks wrote: tables/, figures/, values/, notebooks/.
        stage_folder: an empty or new folder.
        released: whether the report passed the release gate; else every page says that it is a draft.

    Returns:
        The staged folder.

    Raises:
        RenderError: no prose in this language, a number typed in prose, or values that contradict each other.
        RoundError: the round is not defined as it should be.
    """
    from vvvresearch.rounds import load_spec, report_source

    spec = load_spec(root, round_id)
    checked = check_lang(lang)
    source = report_source(Path(root), spec, checked)
    front = front_matter(spec, checked)
    # A chapter of which everything is absent leaves no page, and a report that takes it up nothing.
    for notebook in spec.notebooks:
        page = Path(stage_folder) / "pages" / f"{notebook.id}.md"
        files.write_text(page, "\n")
    options: dict[str, Any] = {"lang": checked, "kind": spec.kind, "front": front, "released": released}

    @cache
    def opened() -> Round:
        return open_round(round_id, root=root)

    options["claims"] = Claims(opened, checked)
    options["sealed"] = sealed_before(Path(root) / "outputs" / spec.id / checked)
    return stage(source, collected_folder, stage_folder, look_up=_looked_up_in(opened), **options)


def _looked_up_in(opened: Callable[[], Round]) -> Callable[[str], Value | None]:
    """Numbers that no chapter hands on, taken from the round itself, which is opened once the first is asked for."""

    def look_up(address: str) -> Value | None:
        try:
            return value_of(opened().cell(address), "", "")
        except (AnalysisError, RoundError):
            return None

    return look_up


def stage(
    source: str | Path,
    collected_folder: str | Path,
    stage_folder: str | Path,
    *,
    lang: str = "da",
    kind: DataKind = DataKind.REAL,
    front: Mapping[str, Any] | None = None,
    released: bool = False,
    look_up: Callable[[str], Value | None] | None = None,
    claims: Claims | None = None,
    sealed: Mapping[str, str] | None = None,
) -> Path:
    """The same from a document, for reports outside a round.

    Args:
        source: the document; what it includes lies beside it. A folder stands for its `report.qmd`.
        collected_folder, stage_folder, lang, released: as for `stage_report`.
        kind: data kind; what is not real or published is marked on every page.
        look_up: finds a number that prose names and no page has made; None where there is none.
        claims: the round that words are bound to; None for a report outside a round.
        sealed: what earlier signatures of the report rested on.
        front: title, author, date and whatever the sources name by `{{< meta … >}}`.

    Returns:
        The staged folder.
    """
    collected, folder, checked = Path(collected_folder), Path(stage_folder), check_lang(lang)
    document = Path(source) / DOCUMENT if Path(source).is_dir() else Path(source)
    if not document.is_file():
        todo = "write it, or take the language out of the round"
        raise RenderError("the report is not written in this language", where=document, todo=todo)
    folder.mkdir(parents=True, exist_ok=True)
    require_bound_prose(document)
    _copy(document, folder / DOCUMENT)
    beside = [path for path in sorted(document.parent.rglob("*")) if path.is_file() and belongs_to(path, document)]
    for path in beside:
        _copy(path, folder / path.relative_to(document.parent))
    for origin, target, endings in _COPIED:
        for path in sorted((collected / origin.format(lang=checked)).glob("*")):
            if path.suffix in endings and path.is_file():
                _copy(path, folder / target / path.name)
    values = read_values(folder)
    by_address = {folded(key): value for key, value in values.items()}
    own = {path: files.read_text(folder / path) for path in (Path(DOCUMENT), *_texts(document, beside))}
    linked = any(PLACE in prose for prose in own.values())
    empty = [page.stem for page in (folder / "pages").glob("*.md") if not files.read_text(page).strip()]
    used = {folded(address): address for prose in own.values() for address in used_addresses(prose)}
    if claims is not None:
        used |= {folded(address): address for address in claimed_cells(own.values(), claims)}
    if look_up is not None:
        looked_up = ((key, look_up(address)) for key, address in used.items() if key not in by_address)
        by_address |= {key: value for key, value in looked_up if value is not None}
    own = {path: without_idle_marks(prose, empty) for path, prose in own.items()}
    if claims is not None:
        seals = require_claims({path.as_posix(): prose for path, prose in own.items()}, claims, dict(sealed or {}))
        files.write_json(folder / SEALS, seals)
        kept = {key: value.key for key, value in by_address.items()} if linked else {}
        own = {path: printed(prose, claims, linked=kept) for path, prose in own.items()}
    for path, prose in own.items():
        files.write_text(folder / path, with_numbers(prose, by_address, checked, path.as_posix(), linked=linked))
    files.write_text(folder / PLACE, all_values_snippet([value for key, value in by_address.items() if key in used], checked))
    said = front or {}
    files.write_text(folder / "front" / "colophon.md", colophon_snippet(said, checked))
    files.write_text(folder / "front" / "foreword.md", foreword_snippet(said, checked))
    marks = marks_of(kind, checked, released=released)
    _write_settings(folder, [DOCUMENT], checked, marks, said)
    return folder


def _texts(document: Path, beside: list[Path]) -> list[Path]:
    return [path.relative_to(document.parent) for path in beside if path.suffix in _TEXT]


def belongs_to(path: Path, document: Path) -> bool:
    """Whether a file beside a report may be part of it: not a definition, and not another reader's or language's report.

    Example:
        >>> belongs_to(Path("rounds/x/report.en.qmd"), Path("rounds/x/report.qmd"))
        False
        >>> belongs_to(Path("rounds/x/_cases.qmd"), Path("rounds/x/report.qmd"))
        True
    """
    if path == document or path.suffix not in (*_TEXT, *_PICTURES):
        return False
    return path.parent != document.parent or path.suffix != ".qmd" or path.name.startswith("_")


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

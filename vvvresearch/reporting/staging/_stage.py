"""The staged folder: a report's prose, its numbers resolved, with everything either engine needs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.evidence import FINDINGS
from vvvresearch.kinds import DataKind
from vvvresearch.locales import text
from vvvresearch.reporting.embedded._pandoc import folder_problems, refuse
from vvvresearch.reporting.embedded._source import ORIGINS
from vvvresearch.reporting.staging._bound import ANCHOR, PLACE, REFERENCE, Numbers, notes_snippet
from vvvresearch.reporting.staging._faults import Faults, places_of
from vvvresearch.reporting.staging._house import furnish
from vvvresearch.reporting.staging._material import INCLUDE, Material, document_name, read_material
from vvvresearch.reporting.staging._messages import with_messages
from vvvresearch.reporting.staging._text import EVIDENCE, REPORT, heading_levels, labels_of, led_across, split
from vvvresearch.rounds._written import NARROW, Value

if TYPE_CHECKING:
    pass

_LIST_OF_NUMBERS = re.compile(r"^#{1,6} [^\n]*\n+\{\{<\s*include\s+" + re.escape(PLACE) + r"\s*>\}\}", re.MULTILINE)
_HEAD = re.compile(r"---\n(.*?)\n---", re.DOTALL)
_SAID = re.compile(r"^(title|subtitle|date|abstract):\s*[\"']?(.*?)[\"']?\s*$", re.MULTILINE)


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
) -> Path:
    """A staged folder from a document, for reports outside a round.

    Args:
        source, collected_folder, lang, kind, front, released: as for `read_material`.
        stage_folder: an empty or new folder.
        look_up: finds a number that prose names and no page has made; None where there is none.

    Returns:
        The staged folder.
    """
    material = read_material(source, collected_folder, lang=lang, kind=kind, front=front, released=released)
    material.texts = {path: with_messages(said, {}) for path, said in material.texts.items()}
    if look_up is not None:
        material.look_up(look_up)
    return write_volume(material, stage_folder)


def has_evidence(material: Material) -> bool:
    """Whether a report has a volume of evidence."""
    return bool(split(material.texts[document_name(REPORT)])[1].strip())


def write_volume(material: Material, stage_folder: str | Path, volume: str = REPORT) -> Path:
    """The staged folder of one volume.

    Args:
        material: what the report is made of.
        stage_folder: an empty or new folder.
        volume: "report" or "evidence".

    Raises:
        RenderError: typed numbers, claims that fail, numbers that do not exist; and then what both engines would not render alike
            too; all places at once.
    """
    told, evidence = split(material.texts[document_name(REPORT)])
    mine, other = (told, evidence) if volume == REPORT else (evidence, told)
    own_labels, other_labels = (labels_of(material.expanded(part), material.lang) for part in (mine, other))
    across = EVIDENCE if volume == REPORT else REPORT
    document = led_across(mine, own_labels, other_labels, across, material.lang)
    front = dict(material.front)
    if volume == EVIDENCE:
        front["subtitle"] = text("reporting.evidence_volume", material.lang)
        front.pop("abstract", None)
    return write_document(material, document, stage_folder, volume, front=front)


def write_document(
    material: Material,
    document: str,
    stage_folder: str | Path,
    name: str,
    *,
    front: Mapping[str, Any],
    notes: str | None = "",
    linked: frozenset[str] | None = None,
    contents: bool = True,
    numbered: bool = True,
    reader: str = "",
) -> Path:
    """A staged folder from Markdown.

    Args:
        material: what it may include, and the numbers that it names.
        document: the Markdown.
        stage_folder: an empty or new folder.
        name: of the document, without ending.
        front: its title page.
        notes: where the notes of its numbers are: "" in this document, a file's name in another, None nowhere.
        linked: the numbers that have a note there, by folded address; None for all.
        contents: whether there is a list of contents.
        numbered, reader: as for `furnish`.

    Raises:
        RenderError: as for `write_volume`.
    """
    folder = Path(stage_folder)
    folder.mkdir(parents=True, exist_ok=True)
    numbers = Numbers(material.values, material.lang, notes, linked)
    wanted = [path for path in dict.fromkeys(INCLUDE.findall(document)) if path != PLACE]
    if notes == "" and PLACE not in INCLUDE.findall(document) and (REFERENCE in document or material.names_numbers(document)):
        document += f"\n\n# {text('reporting.notes', material.lang)} {{#sec-{name}-notes}}\n\n{{{{< include {PLACE} >}}}}\n"
    said = text("reporting.notes", material.lang)
    document = document.replace(REFERENCE, said if notes is None else f"[{said}]({notes}#{ANCHOR})")
    file = f"{name}.qmd"
    whole = material.printed(document)
    places = _places(material, whole, file)
    whole = numbers.put_into(whole, file, places)
    here = {path: material.texts[path] for path in wanted if path in material.texts}
    pieces = {path: numbers.put_into(material.printed(said), path) if path in material.own else said for path, said in here.items()}
    faults = Faults(list(material.faults.found))
    with faults.gathered():
        numbers.require_all(file)
    if not numbers.sentences and f"#{ANCHOR}" not in whole:
        # A chapter of numbers is none where no number is named.
        whole = _LIST_OF_NUMBERS.sub(lambda found: "\n" * found[0].count("\n"), whole)
    if PLACE in INCLUDE.findall(whole):
        pieces[PLACE] = notes_snippet(numbers.used(), numbers.sentences, material.sources, material.lang)
    files.write_text(folder / f"{name}.qmd", whole)
    for path, said in pieces.items():
        files.write_text(folder / path, said)
    shown = "\n".join([whole, *pieces.values()])
    for path, origin in material.pictures.items():
        if path in shown or path.replace(NARROW, ".svg") in shown or path.endswith(".bib"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(origin, folder / path)
    furnish(
        folder,
        f"{name}.qmd",
        material.lang,
        material.marks,
        {**_own_head(whole), **front},
        contents=heading_levels(shown) if contents else None,
        numbered=numbered,
        reader=reader,
    )
    files.write_json(folder / ORIGINS, {file: places} if places else {})
    if faults.found:
        # What both engines would not render alike is told with the rest; a folder without faults is looked at when it is rendered.
        with faults.gathered():
            check_staged(folder)
        shutil.rmtree(folder)
    faults.require_none()
    return folder


def _places(material: Material, staged: str, file: str) -> list[str]:
    """Where the lines of a staged document stand in what a person wrote; none where nobody wrote it."""
    volume = document_name(REPORT) if file == document_name(EVIDENCE) else file
    if volume not in material.authored:
        return []
    name, written = material.authored[volume]
    return places_of(staged, written, name, FINDINGS)


def _own_head(document: str) -> dict[str, Any]:
    """What a document says of itself in its front matter."""
    block = _HEAD.match(document)
    return {} if block is None else {name: said for name, said in _SAID.findall(block[1]) if said}


def noted(material: Material, document: str) -> frozenset[str]:
    """The numbers that a document has a note for, by folded address."""
    numbers = Numbers(material.values, material.lang)
    pieces = [document, *(said for path, said in material.own.items() if path in INCLUDE.findall(document))]
    for piece in pieces:
        numbers.put_into(material.printed(piece), "")
    return frozenset(numbers.sentences)


def check_staged(folder: str | Path) -> None:
    """Refuse a staged folder that both engines would not render alike.

    Raises:
        RenderError: all places at once, with file, line and mend.
    """
    refuse(folder_problems(folder))

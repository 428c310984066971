"""What pages write: every number with its base, and tables and figures as Markdown that both engines include."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import RenderError
from vvvresearch.locales import LANGUAGES, Joined, Lang, say, text
from vvvresearch.results import Base, Cell, View, body_of, folded, pipe_table

if TYPE_CHECKING:
    from vvvresearch.rounds._spec import RoundSpec


SCHEMA_VERSION = 1
FOLDER = "values"


@dataclass(frozen=True)
class Value:
    """One number as readers see it, and what it rests on.

    Args:
        key: its address, as prose uses it.
        shown: as printed, by language.
        number: the number itself, None where there is none.
        n: its base.
        base: the base in words, by language.
        source, group, wave: in words.
        kind: data kind.
        notebook, cell: where it was made: the page, and the table on it.
        count: the count behind a share.
        asked, answered, dont_know: counts of respondents.
        about: by language the question as asked or the theme as the codebook spells it, who was asked, group, wave, source, and what one
            of n is.
    """

    key: str
    shown: dict[str, str]
    number: float | int | None
    n: int | None
    base: dict[str, str]
    source: str
    group: str
    wave: str
    kind: str
    notebook: str
    cell: str
    count: int | None = None
    asked: int | None = None
    answered: int | None = None
    dont_know: int | None = None
    about: dict[str, dict[str, str]] = field(default_factory=dict)


def value_of(cell: Cell, page: str, table: str) -> Value:
    """A cell as it is kept: its number, and its words in both languages."""
    return values_of([cell], page, table)[0]


def values_of(cells: Iterable[Cell], page: str, table: str) -> list[Value]:
    """Cells as they are kept; a base that many of them share is worded once."""
    worded: dict[int, tuple[Base, dict[str, str], dict[str, dict[str, str]]]] = {}
    found = []
    for cell in cells:
        # The base itself is kept beside its words, so that its identity stays its own.
        if id(cell.base) not in worded:
            worded[id(cell.base)] = cell.base, _words_of(cell.base), _about(cell.base)
        found.append(_value(cell, *worded[id(cell.base)][1:], page, table))
    return found


def _words_of(base: Base) -> dict[str, str]:
    return {lang: base.say(lang) for lang in LANGUAGES}


def _about(base: Base) -> dict[str, dict[str, str]]:
    return {
        lang: {
            **{name: words for name in ("question", "routing", "group", "wave", "source") if (words := say(getattr(base, name), lang))},
            "n": base.short(lang),
        }
        for lang in LANGUAGES
    }


def _value(cell: Cell, words: dict[str, str], about: dict[str, dict[str, str]], page: str, table: str) -> Value:
    number = cell.value
    if number is not None and not isinstance(number, int | str):
        number = float(number)
    base = cell.base
    if isinstance(path := cell.row.get("code_path"), str) and cell.address.endswith(".persons_affirmed"):
        about = {lang: {**said, "theme": path} for lang, said in about.items()}
    return Value(
        key=cell.address,
        shown={lang: cell.say(lang) for lang in LANGUAGES},
        number=None if isinstance(number, str) or (isinstance(number, float) and not math.isfinite(number)) else number,
        n=base.n,
        base=dict(words),
        source=say(base.source, "da"),
        group=say(base.group, "da"),
        wave=say(base.wave, "da"),
        kind=cell.kind.value,
        notebook=page,
        cell=table,
        count=cell.count,
        asked=base.asked,
        answered=base.answered,
        dont_know=base.dont_know,
        about=about,
    )


def values_document(values: Iterable[Value], round_id: str, page: str, sources: Mapping[str, str]) -> dict[str, Any]:
    """What is written to `values/<page>….json`."""
    kept = [part.name for part in fields(Value) if part.name != "key"]
    entries = {value.key: {name: getattr(value, name) for name in kept} for value in values}
    return {"schema_version": SCHEMA_VERSION, "round": round_id, "notebook": page, "sources": dict(sources), "values": entries}


def read_values(folder: Path) -> dict[str, Value]:
    """All values below a collected or staged folder, by address.

    Raises:
        RenderError: a file of another schema version, or two tables with unlike numbers at one address.
    """
    found: dict[str, Value] = {}
    for place in sorted((folder / FOLDER).glob("*.json")):
        read = files.read_json(place)
        version = read.get("schema_version") if isinstance(read, dict) else None
        if version != SCHEMA_VERSION:
            raise RenderError(f"values of schema version {version!r}", where=place, why=f"version {SCHEMA_VERSION} is read")
        for key, entry in read["values"].items():
            try:
                value = Value(key=key, **entry)
            except TypeError as problem:
                raise RenderError(f"the value {key!r} is not written as this version writes it", where=place, why=str(problem)) from None
            other = found.setdefault(folded(key), value)
            if (other.number, other.n, other.shown) != (value.number, value.n, value.shown):
                why = f"also by {other.notebook}, where it is another number"
                raise RenderError(f"the value {key!r} is made twice", where=place, why=why, todo="give one another address")
    return {value.key: value for value in found.values()}


def sources_of(spec: RoundSpec, lang: Lang) -> dict[str, str]:
    """What each source is, who collected it and when, by its id; and by type, for numbers whose address names a kind of analysis."""
    found: dict[str, list[str]] = {}
    for source in spec.sources:
        said = [words.model_dump().get(lang) or words.da for words in (source.title, source.collector, source.collected) if words]
        found.setdefault(source.id, []).append(", ".join(said))
        found.setdefault(f"type:{source.type}", []).append(", ".join(said))
    return {key: "; ".join(dict.fromkeys(said)) for key, said in found.items()}


def titled(base: Base, spec: RoundSpec) -> Base:
    """A base as a reader is told it: files that it names by their places in the workspace have the titles of the sources.

    Args:
        base: its source is places with commas between them, or other words, which stay.
        spec: the round.
    """
    titles = {source.path: source.title for source in spec.sources if source.path and source.title is not None}
    places = base.source.split(", ") if isinstance(base.source, str) else []
    if titles.keys().isdisjoint(places):
        return base
    return replace(base, source=Joined(tuple(dict.fromkeys(titles.get(place, place) for place in places)), ", "))


# The type of source behind an address that begins with the name of an analysis.
_BEHIND = {
    "presence": "monitoring",
    "goals": "monitoring",
    "themes": "codings",
    "interviews": "interviews",
    "map": "mappings",
    "matches": "matches",
    "courses": "courses",
    "counts": "counts",
    "fact": "published",
    "pairs": "codings",
    "saturation": "codings",
    "agreement": "codings",
    "cases": "mappings",
    "qca": "configurations",
    "configurations": "configurations",
}


def source_behind(address: str, sources: Mapping[str, str]) -> str:
    """The source of a number or result by its address; "" where none of the round's is known to be behind it.

    Args:
        address: of a number, or the root of a result's.
        sources: of the round, by id and by type.

    Example:
        >>> source_behind("themes.work.refugee.affirmed", {"type:codings": "Interview, 2021"})
        'Interview, 2021'
    """
    root = address.split(".")[0].split("/")[0]
    named = [sources[part] for part in root.split("~") if part in sources]
    return "; ".join(named) or sources.get(f"type:{_BEHIND.get(root, '')}", "")


# The ending of a figure drawn for a phone, beside the same one drawn for a page.
NARROW = ".narrow.svg"
_LABEL = re.compile(r"\{#((?:tbl|fig)-[\w-]+)")
_BASE = re.compile(r"^::: \{\.base\}\n\n(.*?)\n\n:::$", re.DOTALL | re.MULTILINE)
# A note of so many characters is worth a look elsewhere; a shorter one is read sooner than it is looked up.
_LONG = 120
_FIRST = re.compile(r"\A(\(?\w{1,5})([.)])(?=\s)")


def paragraph_text(words: str) -> str:
    """Plain text as one Markdown paragraph, never the beginning of a list.

    Example:
        >>> paragraph_text("1. januar"), paragraph_text("(a) først")
        ('1\\\\. januar', '(a\\\\) først')
    """
    return _FIRST.sub(r"\1\\\2", files.markdown_text(words))


def attribute_text(words: str) -> str:
    """Plain text for a quoted attribute of Markdown.

    Example:
        >>> attribute_text('the "end"')
        'the \\\\"end\\\\"'
    """
    plain = re.sub(r"[ \t\r\n]+", " ", files.plain_text(words)).strip(" ")
    # Quarto looks for shortcodes before it reads attributes.
    return plain.replace("\\", "\\\\").replace('"', '\\"').replace("{{", "{ {")


def base_block(paragraphs: list[str]) -> str:
    """Base and notes, as they stand under a table or figure; empty without any."""
    said = [paragraph_text(paragraph) for paragraph in paragraphs if paragraph.strip()]
    return "\n\n".join(["::: {.base}", *said, ":::"]) + "\n" if said else ""


def note_once(block: str, lang: Lang, said: dict[tuple[str, str], str]) -> str:
    """A table or figure of a page whose long note stands where it was said first; later ones lead there.

    Args:
        block: a table or figure with its base and notes.
        lang: its language.
        said: notes of this page so far, each with the label that it stands under; this block's are added. Figures lead to figures and
            tables to tables, since a report may keep the two in different volumes.
    """
    label = _LABEL.search(block)

    def of_base(base: re.Match[str]) -> str:
        paragraphs = base[1].split("\n\n")
        for place, paragraph in enumerate(paragraphs):
            if label is None or len(paragraph) < _LONG:
                continue
            first = said.setdefault((label[1][:3], paragraph), label[1])
            if first != label[1]:
                paragraphs[place] = text("reporting.note_as_under", lang, place=f"@{first}")
        return "\n\n".join(["::: {.base}", *paragraphs, ":::"])

    return _BASE.sub(of_base, block)


def view_snippet(view: View, label: str) -> str:
    """A view with its base line and notes under it: a pipe table with caption and label, or boxes or quotations.

    Args:
        view: what is shown, in its own language.
        label: without "tbl-".
    """
    blocks = [pipe_table(view), f": {files.markdown_text(view.caption)} {{#tbl-{label}}}"] if view.form == "table" else [body_of(view)]
    if base := base_block([view.base.say(view.lang), view.note]):
        blocks.append(base)
    return "\n\n".join(blocks).rstrip("\n") + "\n"


def figure_snippet(file: str, label: str, caption: str, alt: str, base: list[str], message: str = "") -> str:
    """A figure with caption, label and alternative text, its base line under it.

    Args:
        file: address of the image in the staged folder.
        label: without "fig-".
        caption, alt: plain text.
        base: paragraphs under the figure.
        message: what it says, before its caption; a report may put a finding in its place.
    """
    said = f"[{files.markdown_text(message)}.]{{.message}} " if message else ""
    image = f'![{said}{files.markdown_text(caption)}]({file}){{#fig-{label} fig-alt="{attribute_text(alt)}"}}'
    return "\n\n".join(part for part in (image, base_block(base)) if part).rstrip("\n") + "\n"

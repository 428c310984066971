"""What stands on sheets: the page that a chapter wrote for each of its runs, the index of them, and a list for each region."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vvvresearch import files
from vvvresearch.locales import Lang, say, text
from vvvresearch.results import Result
from vvvresearch.rounds import Round
from vvvresearch.rounds._snippets import view_snippet

_CHAPTER = re.compile(r"^# .*$", re.MULTILINE)
_TABLE = re.compile(r"^((?:\|.*\n)+)\n: (.*?)[ \t]*\{#tbl-[\w-]+[^{}\n]*\}[ \t]*$", re.MULTILINE)
_PICTURE = re.compile(r"^!\[.*\n?(?:\n::: \{\.base\}\n(?:.*\n)*?:::\n)?", re.MULTILINE)


@dataclass(frozen=True)
class Sheet:
    """One document.

    Args:
        path: where it lies among the others, without its ending: "9001/sheet".
        title, subtitle: at its head.
        body: Markdown, without a heading of the first level.
    """

    path: str
    title: str
    subtitle: str
    body: str


def sheets_of(opened: Round, lang: Lang, collected: Path, names: Mapping[str, str]) -> list[Sheet]:
    """The sheet of each run of a chapter, then the index, and a list for each region where the round's municipalities have them.

    Args:
        opened: the round.
        lang: of what is read.
        collected: what the runs wrote, a folder each: `<place>/pages/<lang>/<page>.md`.
        names: what each place is called: "9001" → the municipality.

    Returns:
        The sheets `<place>/sheet`, then `index` and `region-<name>`; those of other languages than the round's first one have it in
        their name: `<place>/sheet.en`.
    """
    ending = "" if lang == opened.spec.languages[0] else f".{lang}"
    reader, title, mark = text("readers.municipality", lang), opened.spec.title.say(lang), opened.kind.label(lang)
    sheets = [
        Sheet(f"{place}/sheet{ending}", names.get(place, place), f"{reader} · {title}", _body(collected / place / "pages" / lang, mark))
        for place in sorted(one.name for one in collected.iterdir() if (one / "pages" / lang).is_dir())
    ]
    links = {names.get(sheet.path.partition("/")[0], ""): f"{sheet.path}.html" for sheet in sheets}
    index = opened.municipality_index().in_language(lang)
    if not index:
        return sheets
    lists = {f"region-{files.safe_name(name)}{ending}": part for name, part in index.parts.items()}
    offered = "\n".join(f"- [{files.markdown_text(say(part.title, lang))}]({path}.html)" for path, part in lists.items())
    sheets.append(Sheet(f"index{ending}", say(index.title, lang), title, f"{offered}\n\n{_listed(index, links, mark)}"))
    return [*sheets, *(Sheet(path, say(part.title, lang), title, _listed(part, links, mark)) for path, part in lists.items())]


def _body(folder: Path, mark: str) -> str:
    """A page without its own heading, labels and pictures: on two pages nothing is referred to by number.

    What stands over a table is a heading; that the data are no real ones stands on every page.
    """
    pages = [files.read_text(path) for path in sorted(folder.glob("*.md"))]
    return _headed(_PICTURE.sub("", _CHAPTER.sub("", "\n".join(pages))), mark).strip() + "\n"


def _headed(markdown: str, mark: str) -> str:
    return _TABLE.sub(lambda found: f"## {found[2].replace(f' ({mark})', '')}\n\n{found[1]}", markdown)


def _listed(result: Result, links: Mapping[str, str], mark: str) -> str:
    """A list of municipalities in which each name leads to its sheet."""
    lines = []
    for line in _headed(view_snippet(result.view(), "list"), mark).split("\n"):
        name = line[2:].partition(" |")[0].strip() if line.startswith("| ") else ""
        lines.append(line.replace(name, f"[{name}]({links[name]})", 1) if name in links else line)
    return "\n".join(lines)

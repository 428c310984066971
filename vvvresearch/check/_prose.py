"""Definition, notebooks and prose: what is named must exist, and both languages say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vvvresearch.check._fault import Fault, faults_of
from vvvresearch.errors import VvvError, did_you_mean
from vvvresearch.files import read_text
from vvvresearch.reporting import check_page, check_prose, unwritten_findings, used_addresses
from vvvresearch.rounds import DEFINITION, notebook_file, packaged_notebooks, report_source

if TYPE_CHECKING:
    from vvvresearch.rounds import Round

_INCLUDE = re.compile(r"\{\{<\s*include\s+(\S+)\s*>\}\}")
_ID = re.compile(r"\{#([\w:.-]+)")


def notebook_faults(opened: Round) -> Iterator[Fault]:
    """Notebooks that the definition names and nobody wrote."""
    folders = (opened.root / "notebooks", packaged_notebooks())
    there = sorted({path.stem for folder in folders for path in folder.glob("*.ipynb")})
    for book in opened.spec.notebooks:
        if not notebook_file(opened.root, book.path).is_file():
            file = f"rounds/{opened.id}/{DEFINITION}"
            why = f"the notebook {book.id} is named here"
            yield Fault("notebook", file, None, f"there is no {book.path}", why, did_you_mean(book.id, there))


def goal_faults(opened: Round) -> Iterator[Fault]:
    """Goals that cannot be measured as the definition says."""
    if not opened.spec.goals:
        return
    try:
        _ = opened.goals
    except VvvError as problem:
        yield from faults_of(problem, "goal", f"rounds/{opened.id}/{DEFINITION}")


def prose_faults(opened: Round, *, whole: bool) -> Iterator[Fault]:
    """Reports: typed numbers, addresses that do not exist, includes that no page made, languages that differ.

    Args:
        opened: the round.
        whole: whether every source can be read; else addresses are not looked up, since those of a broken source would all be told.
    """
    texts: dict[str, str] = {}
    for lang in opened.spec.languages:
        source = report_source(opened.root, opened.spec, lang)
        file = source.relative_to(opened.root).as_posix()
        if not source.is_file():
            todo = "write it, or take the language out of the round"
            yield Fault("prose", file, None, "the report is not written in this language", "", todo)
            continue
        texts[lang] = read_text(source)
        for number in check_prose(source):
            yield Fault("prose", file, number.line, f"{number.problem}: {number.found}", "", "bind it: {{< var address >}}")
        if whole:
            yield from _address_faults(opened, texts[lang], file)
        yield from _include_faults(opened, texts[lang], file, lang)
    yield from _parity_faults(opened, texts)


def _address_faults(opened: Round, text: str, file: str) -> Iterator[Fault]:
    for number, line in enumerate(text.split("\n"), 1):
        for address in used_addresses(line):
            try:
                opened.cell(address)
            except VvvError as problem:
                yield Fault("prose", file, number, problem.what, problem.why, problem.todo)


def _include_faults(opened: Round, text: str, file: str, lang: str) -> Iterator[Fault]:
    """Includes against what the last run made; before the first run nothing can be said."""
    made = opened.root / "outputs" / opened.id / lang
    if not (made / "manifest.json").is_file():
        return
    places = {kind: {path.stem for path in (made / kind / lang).glob("*.md")} for kind in ("tables", "figures", "pages")}
    # A chapter whose sources the round lacks writes no page, and its include is then left out.
    places["pages"] |= {notebook.id for notebook in opened.spec.notebooks}
    for number, line in enumerate(text.split("\n"), 1):
        for name in _INCLUDE.findall(line):
            kind, _, rest = name.partition("/")
            stem = rest.removesuffix(".md")
            if kind in places and stem not in places[kind] and stem != "all-values":
                todo = f"add it in a chapter, or leave it out; {did_you_mean(stem, places[kind])}"
                yield Fault("prose", file, number, f"no page of the last run made {name}", "", todo)


def _parity_faults(opened: Round, texts: dict[str, str]) -> Iterator[Fault]:
    """Both languages have the same addresses, includes and ids."""
    if len(texts) < 2:
        return
    first, *others = texts
    for what, found in (("address", used_addresses), ("include", _INCLUDE.findall), ("id", _ID.findall)):
        here = set(found(texts[first]))
        for lang in others:
            there = set(found(texts[lang]))
            file = report_source(opened.root, opened.spec, lang).relative_to(opened.root).as_posix()
            for name in sorted(here - there):
                yield Fault("prose", file, None, f"the {what} {name} stands in the other language only", "", "say the same in both")
            for name in sorted(there - here):
                yield Fault("prose", file, None, f"the {what} {name} stands in this language only", "", "say the same in both")


def report_faults(opened: Round) -> Iterator[Fault]:
    """Rendered pages that a reader would stumble over."""
    for lang in opened.spec.languages:
        page = opened.root / "outputs" / opened.id / lang / "report.html"
        if page.exists():
            try:
                check_page(page)
            except VvvError as problem:
                yield from faults_of(problem, "report", page.relative_to(opened.root).as_posix())


def unwritten(opened: Round) -> list[str]:
    """Places where a finding is still to be written."""
    found = unwritten_findings(opened.root, opened.spec)
    return [f"{path.relative_to(opened.root).as_posix()}, line {line}: a finding is to be written" for path, line in found]

"""Notebooks that a round names: they are there, their parameters fit and name what there is, and no two add the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vvvresearch.batch import OWN, declared_parameters, misfits
from vvvresearch.check._chapters import Chapter, chapter_of
from vvvresearch.check._evidence import Examined
from vvvresearch.check._fault import Fault, faults_of, nearest, quoted
from vvvresearch.errors import VvvError
from vvvresearch.evidence import waves_in_order
from vvvresearch.results import address_part, folded
from vvvresearch.rounds import Notebook, notebook_file, packaged_notebooks


def notebook_faults(opened: Examined) -> Iterator[Fault]:
    """Notebooks that nobody wrote, and parameters that do not fit them."""
    folders = (opened.root / "notebooks", packaged_notebooks())
    there = sorted({path.stem for folder in folders for path in folder.glob("*.ipynb")})
    for number, book in enumerate(opened.spec.notebooks):
        path = notebook_file(opened.root, book.path)
        row = opened.lines.of(book.id, "notebooks", number)
        if not path.is_file():
            why = f"the notebook {book.id} is named here"
            yield Fault("notebook", opened.file, row, f"there is no {book.path}", why, nearest(book.id, there))
            continue
        try:
            declared = declared_parameters(path)
        except VvvError as problem:
            yield from faults_of(problem, "notebook", book.path, opened.root)
            continue
        given = dict(book.parameters) | dict.fromkeys(book.for_each.parameters if book.for_each else (), "")
        wrong = misfits(given, declared)
        for name, misfit in wrong:
            yield Fault("notebook", opened.file, opened.lines.of(name, "notebooks", number), f"{book.id}, {name}: {misfit}")
        for name, parameter in declared.items():
            if name in OWN or name in {one for one, _ in wrong} or (book.for_each and name in book.for_each.parameters):
                continue
            yield from _named(opened, book, number, name, book.parameters.get(name, parameter.default))


def _named(opened: Examined, book: Notebook, number: int, name: str, value: Any) -> Iterator[Fault]:
    """A parameter that is called as an analysis calls what it takes must name something that there is."""
    known = _known(opened, name)
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and one and known and not any(_same(one, other) for other in known):
            own = name in book.parameters
            file = opened.file if own else book.path
            row = opened.lines.of(one, "notebooks", number) if own else None
            yield Fault("notebook", file, row, f"{book.id}, {name}: the round has no {quoted(one)}", "", nearest(one, known))
    if isinstance(value, str) and value and known == [] and name.rstrip("s") in ("survey", "source"):
        row = opened.lines.of(value, "notebooks", number) if name in book.parameters else None
        yield Fault("notebook", opened.file, row, f"{book.id}, {name}: the round has no {quoted(value)}", "it has no such source")


def _same(one: str, other: str) -> bool:
    return one == other or folded(address_part(one)) == folded(address_part(other))


def _known(opened: Examined, name: str) -> list[str] | None:
    """What a parameter of this name may be; None where nobody can tell."""
    register, maps = opened.one("interviews"), opened.one("mappings")
    match name.rstrip("s"):
        case "survey":
            return [source.id for source in opened.spec.sources if source.type == "survey"]
        case "source":
            return [source.id for source in opened.spec.sources]
        case "goal":
            return [goal.id for goal in opened.spec.goals]
        case "condition":
            return [one.id for one in (*opened.spec.conditions, *opened.spec.outcomes)]
        case "outcome":
            return [one.id for one in opened.spec.outcomes]
        case "code" | "under":
            found = opened.one("codings")
            return None if found is None else [*found[1].codebook.paths, *(code.key for code in opened.codes())]
        case "pair" | "case":
            pairs = {str(pair) for pair in register[1].frame["pair"] if str(pair)} if register else set()
            return sorted(pairs | ({str(case) for case in maps[1].links["case"]} if maps else set())) or None
        case "wave":
            return (waves_in_order(register[1].frame["wave"]) if register else []) or None
        case "group":
            return list(opened.programme.groups)
        case "municipality" | "municipalitie":
            return [str(code) for code in opened.municipalities["code"]]
        case "coder":
            found = opened.one("codings")
            return None if found is None else list(found[1].coders)
    return None


def chapters(opened: Examined) -> dict[str, Chapter]:
    """What each notebook of the report makes; those that cannot be read are left out."""
    made = {}
    for book in opened.spec.notebooks:
        try:
            made[book.id] = chapter_of(opened, notebook_file(opened.root, book.path), dict(book.parameters))
        except VvvError:
            continue
    return made


def name_faults(opened: Examined, made: dict[str, Chapter]) -> Iterator[Fault]:
    """Names of pages and of what is on them that are taken already."""
    taken: dict[str, str] = {}
    for book in opened.spec.notebooks:
        if book.id not in made or book.on_request:
            continue
        pages = [f"the page {name}" for name in made[book.id].pages]
        for name in [*pages, *(f"the table {name}" for name in made[book.id].certain)]:
            if name in taken:
                why = f"{taken[name]} makes one of the same name"
                yield Fault("notebook", book.path, None, f"{name} is made twice", why, "give one of them another name")
            taken.setdefault(name, book.id)

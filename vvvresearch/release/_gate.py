"""The gate: every stopper of a release at once, each with kind, file and what to do, as an output checker would list them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from vvvresearch.batch import read_manifest
from vvvresearch.check import check_round
from vvvresearch.errors import SourceError, VvvError
from vvvresearch.files import files_below, hash_file, read_bytes, read_text
from vvvresearch.locales import LANGUAGES, text
from vvvresearch.privacy import TEXT_FILES, file_texts, is_tagged, scan_text
from vvvresearch.release._quotes import refused_runs, runs_of, shown_quotes, words_of
from vvvresearch.release._recognised import SURE, identified, linked, tables_of
from vvvresearch.release._seal import releases
from vvvresearch.release._shipped import attack_shipped
from vvvresearch.release._small import attack_sheets, sheet_files, still_shown, to_hide
from vvvresearch.reporting import unwritten_findings
from vvvresearch.rounds import Round, Trace, report_source, undecided
from vvvresearch.rounds._guard import DIRECT

State = Literal["pass", "review", "fail"]
# What `vvv check` finds in the report alone.
_OF_THE_REPORT = ("prose", "claim", "report")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
# How pages and notebooks hold one in themselves.
_BITMAPS = tuple(sign + kind for sign in (b"data:image/", b'"image/') for kind in (b"png", b"jpeg", b"gif", b"webp"))


@dataclass(frozen=True)
class Verdict:
    """One thing that the gate looked at.

    Args:
        state: "pass", "review" (a person decides) or "fail".
        kind: "run", "check", "claim", "finding", "identifier", "name", "consent", "approval", "linkage", "portrait", "small cell",
            "attack", "picture", "accessibility", "unreadable".
        file: where; "" for the whole.
        what: in words that repeat nothing of a person.
        todo: what lifts it.
        accepted: why it may stand, and who said so, where the definition accepts it.
    """

    state: State
    kind: str
    file: str
    what: str
    todo: str = ""
    accepted: str = ""

    @property
    def stops(self) -> bool:
        """Whether it keeps the release from being sealed."""
        return self.state != "pass" and not self.accepted


Look = Callable[[], Iterable[Verdict]]


def examine(opened: Round, folder: Path) -> list[Verdict]:
    """Look at everything that a round's run has made, and at what it was made from.

    Args:
        opened: the round.
        folder: its outputs in one language.

    Returns:
        Verdicts, the failing ones first; one that passed tells what was looked at.
    """
    texts, found = _texts(files_below(folder), opened.root)
    pages = {name: parts for name, parts in texts.items() if (opened.root / name).parent == folder}
    looks: tuple[Look, ...] = (
        lambda: _faults(opened),
        lambda: _inputs(opened),
        lambda: _identifiers(opened, texts),
        lambda: _consent(opened, texts),
        lambda: _linked(opened, pages, tables_of(folder / "tables", opened.root)),
        lambda: _portrayed(opened, folder),
        lambda: _pictures(folder, opened.root),
        lambda: _accessible(sorted(folder.iterdir()) if folder.is_dir() else [], opened.root),
        lambda: _small(opened, folder),
        lambda: _attacked(opened, folder),
        lambda: _unwritten(opened),
    )
    return _judged(opened, looks, found, _PASSED)


def examine_sheets(opened: Round, folder: Path, place: str = "") -> list[Verdict]:
    """Look at the sheets of municipalities, and at the registers that they were made of; the report's prose is not theirs.

    Args:
        opened: the round.
        folder: the outputs of the chapter that runs for each municipality.
        place: the folder of one municipality in it, where that one's sheet is all that goes out.

    Returns:
        Verdicts, as `examine` gives them.
    """
    paths = sheet_files(folder, opened, place)
    texts, found = _texts(paths, opened.root)
    tables = {path.relative_to(opened.root).as_posix(): read_text(path) for path in paths if path.suffix == ".csv"}
    looks: tuple[Look, ...] = (
        lambda: _faults(opened, prose=False),
        lambda: _inputs(opened),
        lambda: _identifiers(opened, texts),
        lambda: _consent(opened, texts),
        lambda: _linked(opened, {name: parts for name, parts in texts.items() if name not in tables}, tables),
        lambda: _accessible(paths, opened.root),
        lambda: _sheets_attacked(opened, folder),
    )
    passed = {kind: _PASSED[kind] for kind in ("check", "identifier", "name", "consent", "linkage", "small cell", "accessibility")}
    return _judged(opened, looks, found, passed)


def _judged(opened: Round, looks: Iterable[Look], found: list[Verdict], passed: Mapping[str, str]) -> list[Verdict]:
    for look in looks:
        try:
            found += look()
        except VvvError as problem:
            # Whatever could not be looked at stops the release, and hides none of the other stoppers.
            found.append(Verdict("fail", "unreadable", _place(problem, opened), problem.what, problem.todo))
    found = list(dict.fromkeys(found))
    judged = [replace(one, accepted=opened.spec.reason_for(one.what)) for one in found]
    for kind, words in passed.items():
        if not any(one.kind == kind for one in judged):
            judged.append(Verdict("pass", kind, "", words))
    return sorted(judged, key=lambda one: ("fail", "review", "pass").index(one.state))


_PASSED = {
    "check": "the round's check finds no fault",
    "finding": "no finding is left to be written",
    "claim": "every sentence of the report and every finding is carried by its numbers",
    "identifier": "no direct identifier stands in inputs or outputs",
    "name": "no name or rare story is left to decide",
    "consent": "nobody is quoted who has refused, and nobody is in use who has withdrawn",
    "approval": "every quote is approved as it stands",
    "linkage": "nobody who was interviewed can put a quote down to one of fewer than the round's k persons",
    "portrait": "every pair that is portrayed is named in the definition",
    "small cell": "no small cell of persons, respondents or municipalities is shown or can be worked out",
    "picture": "every picture is drawn from its table",
    "accessibility": "pages state their language and title, and pictures have texts that are read aloud",
}


def _place(problem: VvvError, opened: Round) -> str:
    return str(problem.where or opened.path).replace(f"{opened.root}/", "")


def _faults(opened: Round, *, prose: bool = True) -> Iterator[Verdict]:
    report = check_round(opened.root, opened.id, opened.lang)
    for fault in report.faults:
        if fault.check != "identifier" and (prose or fault.check not in _OF_THE_REPORT):
            kind = "claim" if fault.check == "claim" else "check"
            yield Verdict("fail", kind, fault.place, fault.what, fault.todo)


def _inputs(opened: Round) -> Iterator[Verdict]:
    yield from (_of_trace(one) for one in undecided(opened.root, opened.spec))


def _of_trace(one: Trace) -> Verdict:
    if one.direct:
        return Verdict("fail", "identifier", one.file, one.what, "take it out of the file, or accept it: [[accepted]] fault, reason, by")
    return Verdict("review", "name", one.file, one.what, "decide: [[may_stand]] name, reason, by; or [[accepted]] fault, reason, by")


def _texts(paths: Iterable[Path], root: Path) -> tuple[dict[str, list[str]], list[Verdict]]:
    """The texts of every file; what cannot be looked into is told."""
    texts: dict[str, list[str]] = {}
    unreadable = []
    for path in paths:
        name = _repeatable(path, root)
        if path.suffix.lower() not in TEXT_FILES:
            if path.suffix.lower() not in _PICTURES:
                unreadable.append(Verdict("review", "unreadable", name, f"{name}: this kind of file is not looked into", "leave it out"))
            continue
        try:
            texts.setdefault(name, []).extend(
                [*(one.replace("_", " ") for one in _named(path, root)), *(piece.text for piece in file_texts(path, by_cell=False))]
            )
        except SourceError as problem:
            unreadable.append(Verdict("fail", "unreadable", name, f"{name}: {problem.what}", problem.todo))
    return texts, unreadable


def _repeatable(path: Path, root: Path) -> str:
    """A file by its place in the workspace; names of it and of its folders that identify somebody are not repeated."""
    place = path.relative_to(root)
    *folders, stem = (_identifies(one) for one in _named(path, root))
    if not any((*folders, stem)):
        return place.as_posix()
    kept = place.parts[: len(place.parts) - 1 - len(folders)]
    above = (*kept, *("…" if hidden else one for one, hidden in zip(place.parts[len(kept) : -1], folders, strict=True)))
    return "/".join((*above, f"(a {path.suffix} file whose name is not repeated here)" if stem else place.name))


def _named(path: Path, root: Path) -> list[str]:
    """The names that an output's file and its folders below a round and language were given."""
    *folders, _ = path.relative_to(root).parts
    return [*folders[3:], path.stem]


def _identifies(name: str) -> bool:
    found = scan_text(name.replace("_", " "))
    return any(one.kind in DIRECT or (one.kind == "PERSON" and one.confidence >= SURE) for one in found)


def _identifiers(opened: Round, texts: Mapping[str, list[str]]) -> Iterator[Verdict]:
    for name, kind, count in identified(opened, texts):
        what = f"{kind} stands {count} times in {name}"
        if kind in DIRECT:
            yield Verdict("fail", "identifier", name, what, "take it out of the source or prose, and run again")
        else:
            yield Verdict("review", "name", name, what, "decide: [[may_stand]] name, reason, by; or [[accepted]] fault, reason, by")


def _consent(opened: Round, texts: Mapping[str, list[str]]) -> Iterator[Verdict]:
    refused = refused_runs(opened)
    for name, parts in texts.items() if refused else ():
        if not runs_of(parts).isdisjoint(refused):
            what = f"words of somebody who refused or withdrew stand in {name}"
            yield Verdict("fail", "consent", name, what, f"vvv run {opened.id}")
    todo = f"vvv release {opened.id} --quotes"
    for quote in shown_quotes(opened, texts):
        place = quote.place
        beside = f" and {len(quote.files) - 1} more files" if len(quote.files) > 1 else ""
        if not quote.may_be_quoted:
            what = f"the passage {quote.quote_id} of somebody who may not be quoted stands in {place}{beside}"
            yield Verdict("fail", "consent", place, what, "take it out of the prose, or run again")
        elif quote.waits:
            what = f"the quote {quote.quote_id} in {place}{beside} is not approved"
            if quote.lapsed:
                what = f"the quote {quote.quote_id} in {place}{beside} was changed since it was approved"
            yield Verdict("fail", "approval", place, what, f"{todo}; when they are read, --approve ID --by NAME, or all")


def _linked(opened: Round, pages: Mapping[str, list[str]], tables: Mapping[str, str]) -> Iterator[Verdict]:
    """Quotes that somebody who was interviewed can put down to a partner, from all that is shipped, this time and before."""
    root = opened.root
    pages, tables = dict(pages), dict(tables)
    now = {*pages, *tables}
    for before in _standing(opened):
        tables |= tables_of(before, root)
        pages |= {name: parts for name, parts in texts_of(before, root).items() if not name.endswith((".csv", ".xlsx"))}
    for one in linked(opened, pages, tables, {*pages, *tables} - now):
        what = f"a quote in {one.file} fits {one.alike} of those interviewed: {', '.join(one.told)} stand with it"
        yield Verdict(
            "fail",
            "linkage",
            one.file,
            what,
            "say less of who speaks: the role alone, no pseudonym; or set k under [speakers] in round.toml",
        )


def _portrayed(opened: Round, folder: Path) -> Iterator[Verdict]:
    """Each half of a pair that is portrayed reads what the other said: that is decided by people, pair by pair."""
    name = folder.relative_to(opened.root).as_posix()
    if not any((folder / "tables").glob("portrait-*.csv")):
        return
    for pair in opened.portrayed:
        if pair not in opened.spec.portrayed:
            what = f"the pair {pair} is portrayed, and nobody has decided that it may be: each half reads what the other said"
            yield Verdict("review", "portrait", name, what, f'name those who may be in round.toml: portrayed = ["{pair}"]')


def _small(opened: Round, folder: Path) -> Iterator[Verdict]:
    name = folder.relative_to(opened.root).as_posix()
    for address in still_shown(opened, folder, to_hide(opened, folder)):
        what = f"{address} shows a small count, or lets one be worked out"
        yield Verdict("fail", "small cell", name, what, f"vvv release {opened.id} --hide; then vvv run {opened.id}")


def _attacked(opened: Round, folder: Path) -> Iterator[Verdict]:
    """What a reader of everything that is shipped, this time and before, can compute; the result is told whatever it is."""
    found = attack_shipped(opened, folder, [place for one in _standing(opened) for place in sorted(one.iterdir()) if place.is_dir()])
    name = folder.relative_to(opened.root).as_posix()
    for leak in found.leaks:
        todo = f"vvv release {opened.id} --hide; then vvv run {opened.id}"
        if leak.doubtful:
            yield Verdict("review", "small cell", name, leak.what, "decide: [[accepted]] fault, reason, by")
        else:
            yield Verdict("fail", "small cell", f"{name}: {leak.file}", leak.what, todo)
    yield Verdict("pass", "attack", name, found.said)


def _sheets_attacked(opened: Round, folder: Path) -> Iterator[Verdict]:
    """What a reader of every municipality's sheet, this time and before, can compute; all of them count, whichever go out now."""
    leaks, said = attack_sheets(opened, folder, _standing(opened))
    for leak in leaks:
        yield Verdict("fail", "small cell", leak.file, leak.what, f"vvv run {opened.id} --sheets; if it stays, report this")
    yield Verdict("pass", "attack", folder.relative_to(opened.root).as_posix(), said)


def _standing(opened: Round) -> list[Path]:
    """The folders of earlier releases of the round that were not withdrawn."""
    return [one.folder for one in releases(opened.root, opened.id) if not one.withdrawn and one.folder.is_dir()]


def _unwritten(opened: Round) -> Iterator[Verdict]:
    """Findings that the template still asks for, in what is released."""
    others = {report_source(opened.root, opened.spec, lang) for lang in opened.spec.languages if lang != opened.lang}
    for path, line in unwritten_findings(opened.root, opened.spec):
        if path not in others:
            name = path.relative_to(opened.root).as_posix()
            yield Verdict(
                "fail", "finding", name, f"a finding is still to be written in {name}, line {line}", "write it, or take the line out"
            )


def _pictures(folder: Path, root: Path) -> Iterator[Verdict]:
    for path in files_below(folder):
        name = _repeatable(path, root)
        bitmap = path.suffix.lower() in _PICTURES
        if bitmap or (path.suffix.lower() in (".html", ".ipynb", ".svg") and _holds_a_bitmap(path)):
            yield Verdict("review", "picture", name, f"{name}: what a photograph or bitmap shows is not looked into", "look, and accept it")


def _holds_a_bitmap(path: Path) -> bool:
    content = path.read_bytes()
    return any(sign in content for sign in _BITMAPS)


def _accessible(paths: Sequence[Path], root: Path) -> Iterator[Verdict]:
    for path in (one for one in paths if one.suffix == ".html"):
        name = path.relative_to(root).as_posix()
        page = path.read_text(encoding="utf-8")
        if not re.search(r"<html\b[^>]*\blang=", page):
            yield Verdict("fail", "accessibility", name, f"{name}: the page does not state its language", "render it again")
        if not re.search(r"<title>[^<]*\w[^<]*</title>", page):
            yield Verdict("fail", "accessibility", name, f"{name}: the page has no title", "give the round a title")
        silent = [tag for tag in re.findall(r"<img\b[^>]*>", page) if not re.search(r"\balt=", tag)]
        if silent:
            yield Verdict(
                "fail", "accessibility", name, f"{name}: {len(silent)} pictures have no text that is read aloud", "write alt texts"
            )
    for path in (one for one in paths if one.suffix == ".pdf"):
        name = path.relative_to(root).as_posix()
        if not is_tagged(read_bytes(path), name):
            yield Verdict("review", "accessibility", name, f"{name}: the PDF is not tagged", "render it again; or accept it")


def texts_of(folder: Path, root: Path) -> dict[str, list[str]]:
    """The texts of every file of a folder that can be looked into, by name in the workspace."""
    return _texts(files_below(folder), root)[0]


def touched(folder: Path, root: Path) -> Iterator[tuple[str, str]]:
    """Files of a run's folder that are not as the run left them, and how."""
    told = read_manifest(folder)["outputs"]
    there = {path.relative_to(folder).as_posix(): path for path in files_below(folder) if path.name != "manifest.json"}
    for name in sorted({*told, *there}):
        shown = _repeatable(folder / name, root)
        if name not in there:
            yield shown, "is missing"
        elif name not in told:
            yield shown, "was not made by the run"
        elif hash_file(there[name]) != told[name]:
            yield shown, "was changed after the run"


def draft_marks(folder: Path, root: Path) -> list[str]:
    """Files that still say that they are a draft."""
    marks = [" ".join(words_of(text("reporting.draft", lang))) for lang in LANGUAGES]
    found = []
    for path in [*sorted(folder.rglob("*.html")), *sorted(folder.rglob("*.pdf"))]:
        try:
            said = " ".join(word for piece in file_texts(path) for word in words_of(piece.text))
        except VvvError:
            said = marks[0]
        if any(mark in said for mark in marks):
            found.append(path.relative_to(root).as_posix())
    return found

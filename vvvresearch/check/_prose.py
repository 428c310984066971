"""Prose: numbers are bound, claims carried, addresses and includes exist, references lead somewhere, both languages say the same."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from vvvresearch.check._chapters import Chapter
from vvvresearch.check._evidence import Examined, UnreadableError
from vvvresearch.check._fault import Fault, Notice, faults_of, nearest, quoted
from vvvresearch.errors import SchemaError, VvvError
from vvvresearch.evidence import FINDINGS, read_findings
from vvvresearch.files import read_text
from vvvresearch.locales import Lang
from vvvresearch.reporting import (
    Claims,
    Complaint,
    check_page,
    check_prose,
    findings_complaints,
    review_document,
    sealed_before,
    unwritten_findings,
    used_addresses,
)
from vvvresearch.results import folded
from vvvresearch.rounds import TABLES, TOLD, report_source

_INCLUDE = re.compile(r"\{\{<\s*include\s+(\S+)\s*>\}\}")
_ID = re.compile(r"\{#([\w:.-]+)")
_SHORTCODE, _WHOLE_SHORTCODE = re.compile(r"\{\{<\s*([^\s>]+)"), re.compile(r"\{\{<[^{}]*>\}\}")
# Ours, and those of Quarto that need nothing else.
_SHORTCODES = ("include", "var", "claim", "meta", "env", "pagebreak", "video", "embed", "kbd", "contents")
_REFERENCE = re.compile(r"(?<![\w@])@(tbl|fig|sec)-([\w-]+)")
_BIND = "bind it: {{< var address >}}"
_FRONT = ("colophon", "foreword")
_KINDS = ("tables", "figures", "pages", "front", "findings")


class Token(NamedTuple):
    """Something that both languages must have: what it is, its name, its line."""

    what: str
    name: str
    line: int


def prose_faults(opened: Examined, made: dict[str, Chapter]) -> Iterator[Fault]:
    """Reports: typed numbers, addresses and includes that do not exist, references to nothing, languages that differ.

    Args:
        opened: the round.
        made: what each of its chapters makes.
    """
    texts: dict[str, list[str]] = {}
    told: list[Fault] = []
    for lang in opened.spec.languages:
        source = report_source(opened.root, opened.spec, lang)
        file = source.relative_to(opened.root).as_posix()
        if not source.is_file():
            todo = "write it, or take the language out of the round"
            yield Fault("prose", file, None, "the report is not written in this language", "", todo)
            continue
        try:
            texts[lang] = read_text(source).replace("\r\n", "\n").split("\n")
        except VvvError as problem:
            yield from faults_of(problem, "prose", file, opened.root)
            continue
        places = _places(opened, made, lang)
        found = [Fault("prose", file, one.line, f"{one.problem}: {one.found}", "", _BIND) for one in check_prose(source)]
        found += _address_faults(opened, texts[lang], file)
        found += [*_include_faults(opened, texts[lang], file, places), *_reference_faults(texts[lang], file, places)]
        found += _shortcode_faults(texts[lang], file)
        told += found
        yield from found
    if texts:
        yield from _finding_faults(opened, _places(opened, made, next(iter(texts))))
    yield from _parity_faults(opened, texts, {(fault.file, fault.row) for fault in told})


def _address_faults(opened: Examined, lines: list[str], file: str) -> Iterator[Fault]:
    for number, line in enumerate(lines, 1):
        for address in used_addresses(line):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    opened.cell(address)
            except (UnreadableError, SchemaError):
                continue  # rests on rows that are told where they stand
            except VvvError as problem:
                if ", goal " not in problem.where:  # what a goal takes is told at the goal
                    yield Fault("prose", file, number, problem.what, problem.why, problem.todo)


class Places:
    """What reports can include: by the chapters' code, and by the last run."""

    def __init__(self, chapters: list[Chapter], last: dict[str, set[str]] | None) -> None:
        self.chapters, self.last = chapters, last
        self.whole = all(chapter.whole for chapter in chapters)

    def has(self, kind: str, stem: str) -> bool:
        """Whether there is, or may be, such a table, figure or page."""
        if kind == "pages":
            return any(stem in chapter.pages for chapter in self.chapters) or (not self.whole and self.last is None)
        if self.last is not None and stem in self.last[kind]:
            return True
        if any(stem in (chapter.figures if kind == "figures" else chapter.names) for chapter in self.chapters):
            return True
        # What only a run can tell is taken from the last one, where there is one.
        may_be = any(chapter.makes(kind, stem) for chapter in self.chapters)
        return self.last is None and (may_be or not self.whole)

    def names(self, kind: str) -> list[str]:
        """What is certain to be there."""
        if kind == "pages":
            return [page for chapter in self.chapters for page in chapter.pages]
        last = self.last[kind] if self.last is not None else set()
        return sorted({name for chapter in self.chapters for name in chapter.certain} | last)


def _places(opened: Examined, made: dict[str, Chapter], lang: str) -> Places:
    chapters = [made[book.id] for book in opened.spec.notebooks if book.id in made and not book.on_request]
    folder = opened.root / "outputs" / opened.id / lang
    manifest = folder / "manifest.json"
    # A run that is older than what it was made from cannot tell what the next one makes.
    if not manifest.is_file() or manifest.stat().st_mtime < _last_change(opened):
        return Places(chapters, None)
    return Places(chapters, {kind: {path.stem for path in (folder / kind / lang).glob("*.md")} for kind in ("tables", "figures")})


def _last_change(opened: Examined) -> float:
    """When the definition or a file of a source was changed last."""
    named = [getattr(source, field) for source in opened.spec.sources for field in ("path", "questionnaire")]
    paths = [opened.path, *(opened.root / str(name) for name in named if name)]
    return max(float(path.stat().st_mtime) for path in paths if path.exists())


def _include_faults(opened: Examined, lines: list[str], file: str, places: Places) -> Iterator[Fault]:
    beside = opened.root / "rounds" / opened.id
    for number, line in enumerate(lines, 1):
        for name in _INCLUDE.findall(line):
            kind, _, rest = name.partition("/")
            stem = rest.removesuffix(".md")
            if kind == "pages":
                stem = stem.removesuffix(TOLD).removesuffix(TABLES)
            if (beside / name).is_file() or (kind, stem) == ("tables", "all-values"):
                continue
            if kind == "front":
                if stem not in _FRONT:
                    yield Fault("prose", file, number, f"there is no {name}", "", nearest(stem, _FRONT))
            elif kind == "findings":
                known = _found(opened)
                if stem not in known:
                    yield Fault("prose", file, number, f"there is no {name}", "", nearest(stem, known))
            elif kind not in _KINDS:
                todo = nearest(kind, _KINDS) if rest else "tables/…, figures/… or pages/…, or a file beside the report"
                yield Fault("prose", file, number, f"there is no {name} to include", "", todo)
            elif not name.endswith(".md") or not places.has(kind, stem):
                todo = f"add it in a chapter, or leave it out; {nearest(stem, places.names(kind))}"
                yield Fault("prose", file, number, f"no chapter makes {name}", "", todo)


def _finding_faults(opened: Examined, places: Places) -> Iterator[Fault]:
    """Figures, quotes and tables that a finding names and no chapter makes."""
    home = opened.path.parent
    try:
        given = read_findings(home).finding
    except VvvError:
        return  # told where the findings are read
    file = (home / FINDINGS).relative_to(opened.root).as_posix()
    for finding in given:
        named = [("figures", finding.figure)] if finding.figure else []
        for kind, name in (*named, *(("tables", one) for one in (*finding.tables, *finding.quotes))):
            if not places.has(kind, name):
                todo = f"add it in a chapter, or leave it out; {nearest(name, places.names(kind))}"
                yield Fault("prose", file, None, f"the finding {finding.id}: no chapter makes {kind}/{name}.md", "", todo)


def _shortcode_faults(lines: list[str], file: str) -> Iterator[Fault]:
    """What stands in double braces and is no command of the report, or has no end."""
    for number, line in enumerate(lines, 1):
        for name in _SHORTCODE.findall(line):
            if name not in _SHORTCODES:
                yield Fault("prose", file, number, f"there is no command {quoted(name)} for a report", "", nearest(name, _SHORTCODES))
        if line.count("{{<") != len(_WHOLE_SHORTCODE.findall(line)):
            yield Fault("prose", file, number, "a command in double braces has no end", "", "write {{< name … >}} on one line")


def _found(opened: Examined) -> list[str]:
    """What a report can include of the round's findings."""
    try:
        given = read_findings(opened.path.parent)
    except VvvError:
        return []  # told where it stands
    return [*(one.id for one in given.finding), *(f"advice-{one.number}" for one in given.advice), "all", "advice", "summary", "story"]


def _reference_faults(lines: list[str], file: str, places: Places) -> Iterator[Fault]:
    """References to sections, tables and figures that are not in the report."""
    text = "\n".join(lines)
    ids = set(_ID.findall(text))
    included = {name.partition("/") for name in _INCLUDE.findall(text)}
    stems = {kind: {rest.removesuffix(".md") for one, _, rest in included if one == kind} for kind in _KINDS}
    pages = [chapter for chapter in places.chapters if set(chapter.pages) & stems["pages"]]
    for number, line in enumerate(lines, 1):
        for what, name in _REFERENCE.findall(line):
            kind = {"tbl": "tables", "fig": "figures"}.get(what, "")
            name = name.rstrip("-")
            if f"{what}-{name}" in ids or name in stems.get(kind, ()) or "{" in name:
                continue
            if kind and any(chapter.makes(kind, name) or not chapter.whole for chapter in pages):
                continue
            if not kind and (stems["pages"] or any(name in chapter.pages for chapter in pages)):
                continue  # a page brings its own sections
            known = [*(one.removeprefix(f"{what}-") for one in ids if one.startswith(f"{what}-")), *stems.get(kind, ())]
            todo = nearest(name, known)
            yield Fault("prose", file, number, f"@{what}-{name} leads nowhere: this report has no such {_WORD[what]}", "", todo)


_WORD = {"tbl": "table", "fig": "figure", "sec": "section"}


def _tokens(lines: list[str]) -> list[Token]:
    found = []
    for number, line in enumerate(lines, 1):
        found += [Token("address", folded(name), number) for name in used_addresses(line)]
        found += [Token("include", name, number) for name in _INCLUDE.findall(line)]
        found += [Token("id", name, number) for name in _ID.findall(line)]
    return found


def _sections(tokens: list[Token]) -> dict[str, list[Token]]:
    """Tokens by the section that they stand in."""
    parts: dict[str, list[Token]] = {"": []}
    section = ""
    for token in tokens:
        section = token.name if token.what == "id" else section
        parts.setdefault(section, []).append(token)
    return parts


def _parity_faults(opened: Examined, texts: dict[str, list[str]], told: set[tuple[str, int | None]]) -> Iterator[Fault]:
    """Both languages have the same addresses, includes and ids, section by section.

    Args:
        opened: the round.
        texts: the lines of each language's report.
        told: files and lines of which something is told already; a slip there is no difference of its own.
    """
    if len(texts) < 2:
        return
    files = {lang: report_source(opened.root, opened.spec, lang).relative_to(opened.root).as_posix() for lang in texts}
    first, *others = texts
    for lang in others:
        mine, theirs = _tokens(texts[first]), _tokens(texts[lang])
        one, other = _only_in(mine, theirs), _only_in(theirs, mine)
        lines = {files[first]: {token.line for token, _ in one}, files[lang]: {token.line for token, _ in other}}
        for found, file, twin in ((one, files[first], files[lang]), (other, files[lang], files[first])):
            for token, line in found:
                if (file, token.line) in told or (twin, line) in told:
                    continue
                what = f"the {token.what} {token.name} stands in this language only"
                yield Fault("prose", file, token.line, what, f"the other is {twin}, line {line}", "say the same in both")
                # Where the other has something else in its place, that is told there.
                if line not in lines[twin]:
                    yield Fault(
                        "prose", twin, line, f"the {token.what} {token.name} is missing here", f"it stands in {file}, line {token.line}"
                    )


def _only_in(here: list[Token], there: list[Token]) -> list[tuple[Token, int]]:
    """What stands in one language and not in the same section of the other, each with the line where it should."""
    whole = {(token.what, token.name) for token in there}
    names = {section: {(token.what, token.name) for token in tokens} for section, tokens in _sections(there).items()}
    found: dict[tuple[str, str, str], tuple[Token, int]] = {}
    for section, tokens in _sections(here).items():
        for token in tokens:
            if (token.what, token.name) not in names.get(section, whole):
                found.setdefault((token.what, token.name, section), (token, _expected(here, there, token)))
    return list(found.values())


def _expected(here: list[Token], there: list[Token], token: Token) -> int:
    """The line where something would stand in the other language: where what precedes it in both stands."""
    matcher = SequenceMatcher(None, [one[:2] for one in here], [one[:2] for one in there], autojunk=False)
    place = here.index(token)
    for tag, start, stop, begin, end in matcher.get_opcodes():
        if tag != "equal" and start <= place < stop:
            if begin < end:
                return there[begin].line
            return there[begin - 1].line if begin else 1
    return there[-1].line if there else 1


def report_faults(opened: Examined) -> Iterator[Fault]:
    """Rendered pages that a reader would stumble over."""
    for lang in opened.spec.languages:
        page = opened.root / "outputs" / opened.id / lang / "report.html"
        if page.exists():
            try:
                check_page(page)
            except VvvError as problem:
                yield from faults_of(problem, "report", page.relative_to(opened.root).as_posix(), opened.root)


def unwritten(opened: Examined) -> list[str]:
    """Places where a finding is still to be written."""
    found = unwritten_findings(opened.root, opened.spec)
    return [f"{path.relative_to(opened.root).as_posix()}, line {line}: a finding is to be written" for path, line in found]


# What the page that sums up holds.
_ON_PAGE, _FEWEST = 5, 3


def claim_faults(opened: Examined) -> Iterator[Fault | Notice]:
    """What is wrong with the words of a round's reports and with its findings; warnings are notices.

    Args:
        opened: the round.
    """
    home = opened.path.parent
    told: set[tuple[str, str]] = set()
    for lang in opened.spec.languages:
        claims = Claims(lambda: opened, lang)
        found: list[Complaint] = []
        for path in _documents(home, lang, opened.spec.languages[0]):
            try:
                sealed = sealed_before(opened.root / "outputs" / opened.id / lang)
                found += review_document(read_text(path).replace("\r\n", "\n"), path.name, claims, sealed).complaints
            except (UnreadableError, SchemaError):
                continue  # rests on rows that are told where they stand
            except VvvError as problem:
                yield from faults_of(problem, "claim", path.relative_to(opened.root).as_posix(), opened.root)
        try:
            more, _ = findings_complaints(home, claims, opened.spec.report_type)
            found += more
        except (UnreadableError, SchemaError, VvvError) as problem:
            if lang == opened.spec.languages[0] and not isinstance(problem, UnreadableError):
                yield from faults_of(problem, "claim", (home / FINDINGS).relative_to(opened.root).as_posix(), opened.root)
        for one in found:
            file = (home / one.file).relative_to(opened.root).as_posix()
            if (str(one), file) in told:
                continue
            told.add((str(one), file))
            if one.level == "fault":
                yield Fault("reading" if one.reading[0] else "claim", file, one.line, one.what, one.why, one.todo, one.reading)
            elif one.level == "warning":
                yield Notice("claim", f"{file}, line {one.line}", one.what, "", one.todo)


def findings_missing(opened: Examined) -> Iterator[str]:
    """What a round's findings and recommendations have not yet."""
    home = opened.path.parent
    name = (home / FINDINGS).relative_to(opened.root).as_posix()
    if not (home / FINDINGS).is_file():
        return
    try:
        given = read_findings(home)
    except VvvError:
        return  # told as a fault
    if not given.finding:
        yield f"{name}: no finding is written yet"
    elif not given.advice:
        yield f"{name}: no recommendation is written yet"
    if len(given.finding) > _ON_PAGE:
        yield f"{name}: {len(given.finding)} findings; the page that sums up shows the first {_ON_PAGE}"
    if given.advice and not _FEWEST <= len(given.advice) <= _ON_PAGE:
        yield f"{name}: {len(given.advice)} recommendations; {_FEWEST} to {_ON_PAGE} can be remembered"
    for advice in given.advice:
        if not advice.to:
            yield f"{name}: recommendation {advice.number} has no addressee"
        if not advice.due:
            yield f"{name}: recommendation {advice.number} has no date"
        if advice.answer == "none yet":
            yield f"{name}: recommendation {advice.number} has no answer of its addressee"


def _documents(home: Path, lang: Lang, first: Lang) -> list[Path]:
    """The reports of a language, of every reader, and what lies beside them to be included."""
    found = []
    for path in sorted([*home.glob("*.qmd"), *home.glob("_*.md")]):
        own = next((one for one in ("da", "en") if path.stem.endswith(f".{one}")), first)
        if own == lang:
            found.append(path)
    return found

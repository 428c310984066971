"""The claims of a report held against its round: every complaint in one go, with file, line and true sentences."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from vvvresearch import files
from vvvresearch.errors import AnalysisError, RenderError
from vvvresearch.locales import Lang
from vvvresearch.reporting._neutral import finding_marks
from vvvresearch.reporting.claims._proof import Claims, problem_of, wrong_with
from vvvresearch.reporting.claims._readings import Block, Reading, blocks
from vvvresearch.reporting.claims._spans import CHOSEN, Part, plain
from vvvresearch.results import folded
from vvvresearch.statements import Binding, Stop, clauses, flags, review

Level = Literal["fault", "warning", "hint"]
# Beside a report: what its signatures rested on.
SEALS = "signatures.json"
# Of the clauses that must be carried at most one in five may rest on a name.
CEILING = 5
# What is said of a number that a citation does not carry.
UNPRINTED = "»{}« is cited and stands nowhere in what was published"
NO_OTHERS = "a citation carries the numbers of its source, and no others"
NAME_ITS_PLACE = "name its place: [words]{.cited at=FIGURE}; bind it: [words]{claim=address}; or sign it: [words]{.signed by=NAME}"


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong with a report's words.

    Args:
        file, line: where.
        what, why, todo: as in every error.
        level: "fault" stops the report; "warning" and "hint" are told by `vvv check`.
        reading: a sentence and its question that somebody must read side by side, and nothing else is wrong; else empty.
    """

    file: str
    line: int
    what: str
    why: str = ""
    todo: str = ""
    level: Level = "fault"
    reading: Reading = ("", "")

    def __str__(self) -> str:
        return " · ".join(part for part in (f"{self.file}, line {self.line}: {self.what}", self.why, self.todo) if part)


@dataclass
class _Document:
    """What is found in one document, gathered while it is read."""

    text: str
    file: str
    claims: Claims
    found: list[Complaint] = field(default_factory=list)
    signed: int = 0
    strict: int = 0
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    signatures: list[tuple[Block, Part, str]] = field(default_factory=list)

    def complain(self, at: int, what: str, why: str = "", todo: str = "", level: Level = "fault", reading: Reading = ("", "")) -> None:
        self.found.append(Complaint(self.file, 1 + self.text.count("\n", 0, at), what, why, todo, level, reading))


@dataclass(frozen=True)
class Reviewed:
    """A document that was read: its complaints, and the seals of its signatures by who signed what."""

    complaints: tuple[Complaint, ...]
    seals: dict[str, str]


def review_document(text: str, file: str, claims: Claims, sealed: dict[str, str] | None = None) -> Reviewed:
    """Hold every claim of a document against its row, and look for clauses that nothing carries.

    Args:
        text: the Quarto document.
        file: its name, for messages.
        claims: the round's rows, in the document's language.
        sealed: the seals of the signatures as they stood in the report before; one whose chapter has changed since has lapsed.

    Returns:
        Complaints in the order of the text.
    """
    document = _Document(text, file, claims)
    unwritten = set(finding_marks(text))
    for block in blocks(text):
        if block.line not in unwritten:
            _read(document, block)
    if document.signed > 1 and document.signed * CEILING > document.strict:
        document.complain(
            0,
            f"{document.signed} of {document.strict} clauses rest on a signature",
            f"at most one in {CEILING} may",
            "bind them to numbers: [words]{claim=address}",
        )
    seals = _check_seals(document, sealed or {})
    return Reviewed(tuple(sorted(document.found, key=lambda one: one.line)), seals)


def _read(document: _Document, block: Block) -> None:
    claims = document.claims
    numbers = document.cells.setdefault(block.section, {})

    def shown(address: str) -> str:
        try:
            cell = claims.cell(address)
        except AnalysisError:
            return "?"
        numbers[address] = cell
        return cell

    words, parts = plain(block.text, shown)
    bindings: list[Binding] = []
    cited: list[tuple[int, int, Part | None]] = []
    for part in parts:
        at = block.start + part.at
        if part.kind == "signed":
            document.signatures.append((block, part, words[part.start : part.end]))
            if not part.by:
                document.complain(at, "a signature without a name", "somebody answers for these words", "[words]{.signed by=NAME}")
        if part.kind == "chosen":
            _chosen(document, block, part)
        try:
            binding = claims.binding(part, words)
        except AnalysisError as problem:
            if part.kind == "claim":
                document.complain(at, f"the claim {part.address!r} leads nowhere: {problem.what}", problem_of(problem))
            binding = Binding(part.start, part.end)
        if part.kind == "claim":
            numbers[part.address] = claims.print_of(part.address)
        binding = cited_clauses(words, part, claims.lang) or binding if part.kind == "citation" else binding
        if part.kind in ("cited", "citation"):
            cited.append((binding.start, binding.end, part))
        bindings.append(binding)
    if block.free:
        bindings.append(Binding(0, len(words)))
        if block.free == "cited":
            cited.append((0, len(words), None))
    _uncited(document, block, words, cited, parts)
    strict = block.strict and block.kind != "cells"
    if block.kind == "cells" and not any(binding.claims for binding in bindings):
        return
    _count(document, words, bindings, parts, strict, block, claims.lang)
    for stop in review(words, bindings, claims.lang, strict=strict, advice=block.advice):
        if not (block.kind in ("heading", "title") and _names_only(stop, claims.lang)):
            _stopped(document, block, stop)
    if not strict and block.kind == "prose":
        carried = [(one.start, one.end) for one in bindings]
        for flag in flags(words, claims.lang, carried=carried):
            if not any(start <= flag.start < end for start, end in _claimed(words, bindings, claims.lang)):
                where = block.start + _place(block.text, flag.text, flag.start)
                todo = "bind it: [words]{claim=address}, or sign it: [words]{.signed by=NAME}"
                document.complain(where, f"»{flag.text}« is a {_KIND[flag.kind]} that no number carries", "", todo, flag.level)


_KIND = {
    "fraction": "fraction",
    "direction": "change",
    "rank": "rank",
    "frequency": "frequency",
    "digits": "number",
    "cause": "cause",
    "plural": "word about all",
}


def _claimed(words: str, bindings: Sequence[Binding], lang: Lang) -> Iterator[tuple[int, int]]:
    """The clauses that are proved whole, with the words around the bound ones."""
    for clause in clauses(words, lang):
        if any(one.claims and one.start < clause.end and clause.start < one.end for one in bindings):
            yield clause.start, clause.end


def cited_clauses(words: str, part: Part, lang: Lang) -> Binding | None:
    """A citation carries the clause that it stands in; at the end of a sentence the clauses of it that have nothing else."""
    found = clauses(words, lang)
    own = next((one for one in found if one.start <= part.start <= one.end + 1), None)
    if own is None:
        return None
    if words[part.start :].lstrip()[:1] in (".", "", "!", ":"):
        start = min(one.start for one in found if one.sentence == own.sentence)
        return Binding(start, own.end)
    return Binding(own.start, own.end)


def _uncited(document: _Document, block: Block, words: str, cited: Sequence[tuple[int, int, Part | None]], parts: Sequence[Part]) -> None:
    """A citation carries no number that stands nowhere."""
    if not cited:
        return
    for one in document.claims.cited.unprinted(words, cited, parts, document.claims.lang):
        document.complain(
            block.start + _place(block.text, one.text, one.start),
            UNPRINTED.format(one.text),
            NO_OTHERS,
            NAME_ITS_PLACE,
            "fault" if block.strict else "warning",
        )


def _names_only(stop: Stop, lang: Lang) -> bool:
    """A heading that names its subject says nothing."""
    return stop.verdict is None and not stop.clause.verb and not any(flag.kind != "plural" for flag in flags(stop.clause.text, lang))


def _count(
    document: _Document, words: str, bindings: Sequence[Binding], parts: Sequence[Part], strict: bool, block: Block, lang: Lang
) -> None:
    if not strict:
        return
    signed = [part for part in parts if part.kind == "signed"]
    for clause in clauses(words, lang):
        if not clause.verb:
            continue
        document.strict += 1
        here = [one for one in bindings if one.start < clause.end and clause.start < one.end and one.claims]
        by_name = any(part.start < clause.end and clause.start < part.end for part in signed) or block.free not in ("", "cited")
        document.signed += by_name and not here


def _stopped(document: _Document, block: Block, stop: Stop) -> None:
    clause, verdict = stop.clause, stop.verdict
    said = " ".join(clause.text.split())
    where = block.start + _place(block.text, _first_words(clause.text), clause.start)
    if verdict is None:
        document.complain(
            where,
            f"»{said}« is carried by nothing",
            "in summary, findings, titles, alt texts and advice every clause has a claim, a source or a name"
            if block.strict
            else "it hangs on a claim that does not carry it",
            "bind it: [words]{claim=address}; cite it: [@source]; or sign it: [words]{.signed by=NAME}",
        )
        return
    what, why, todo = wrong_with(said, verdict)
    document.complain(where, what, why, todo or "leave it out, or bind it to another number", reading=verdict.reading)


def _chosen(document: _Document, block: Block, part: Part) -> None:
    match = CHOSEN.match(block.text, part.at)
    expects = re.search(r"\bexpects=[\"']?([^\s\"'}]+)", match["attributes"]) if match else None
    try:
        document.claims.chosen(part.address, expects[1] if expects else "")
    except AnalysisError as problem:
        document.complain(block.start + part.at, f"the claim {part.address!r} cannot be written: {problem.what}", problem_of(problem))


def _first_words(text: str) -> str:
    return " ".join(text.split()[:3])


def _place(markdown: str, words: str, near: int) -> int:
    """Where words stand in their Markdown: the occurrence closest to their place in the plain text, or the beginning."""
    pattern = r"[\s*_\[\]]+".join(re.escape(word) for word in words.split())
    found = [match.start() for match in re.finditer(pattern, markdown)] if pattern else []
    return min(found, key=lambda at: (at < near - 2, abs(at - near)), default=0)


def _check_seals(document: _Document, sealed: dict[str, str]) -> dict[str, str]:
    """Signatures hold for the numbers of their chapter as they were: each has a seal of them."""
    seals: dict[str, str] = {}
    for block, part, words in document.signatures:
        seal = seal_of(document.cells.get(block.section, {}))
        name = f"{part.by}: {' '.join(words.split())}"
        seals[name] = seal
        earlier = part.cells or sealed.get(name, "")
        if earlier and earlier != seal:
            document.complain(
                block.start + part.at,
                f"the signature of {part.by or 'nobody'} has lapsed",
                "a number of its chapter has changed since",
                f"read it again, then write [words]{{.signed by={part.by or 'NAME'} cells={seal}}}",
            )
    return seals


def seal_of(cells: dict[str, str]) -> str:
    """A short seal of the numbers that a chapter names.

    Example:
        >>> seal_of({"a.n": "3"}) == seal_of({"a.n": "3"}), seal_of({"a.n": "3"}) == seal_of({"a.n": "4"})
        (True, False)
    """
    lines = "\n".join(f"{folded(address)}={shown}" for address, shown in sorted(cells.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:8]


def require_claims(texts: Mapping[str, str], claims: Claims, sealed: dict[str, str], more: Sequence[Complaint] = ()) -> dict[str, str]:
    """Refuse a report of which a claim fails or a clause is carried by nothing.

    Args:
        texts: its documents by name.
        claims: its round.
        sealed: the seals of the report before.
        more: complaints about what else is printed.

    Returns:
        The seals of its signatures.

    Raises:
        RenderError: every complaint of every document, each with file, line, why and what would be true.
    """
    found: list[Complaint] = list(more)
    seals: dict[str, str] = {}
    for name, text in texts.items():
        reviewed = review_document(text, name, claims, sealed)
        found += [one for one in reviewed.complaints if one.level == "fault"]
        seals |= reviewed.seals
    if found:
        raise RenderError(
            f"{len(found)} {'statement' if len(found) == 1 else 'statements'} of the report cannot stand",
            where=f"{found[0].file}, line {found[0].line}",
            why="\n    ".join(map(str, found)),
            todo="write what is true; see what there is: vvv keys ROUND WORD",
        )
    return seals


def sealed_before(folder: Path) -> dict[str, str]:
    """The seals of the report that lies in a folder, empty where there is none."""
    path = folder / SEALS
    read = files.read_json(path) if path.is_file() else {}
    return {str(name): str(seal) for name, seal in read.items()} if isinstance(read, dict) else {}

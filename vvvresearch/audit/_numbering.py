"""Numbers of tables, figures and sections: used twice, left out, or pointed at and not there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from vvvresearch.audit._document import Block
from vvvresearch.audit._facts import REFERENCE, SHOWN, Facts, Said, Shown, reference_kind
from vvvresearch.audit._finding import Finding, Place, place_in, quoted
from vvvresearch.audit._words import stems
from vvvresearch.locales import Phrase, Sayable

_SECTION = re.compile(
    r"\s*#*\s*(?:kapitel|chapter|afsnit|section|del|part)?\s*(\d{1,2}(?:\.\d{1,2}){0,3})[.:]?\s+(\S.*)", re.DOTALL | re.IGNORECASE
)


def numbering_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on captions, headings and references."""
    yield from _captions(facts)
    yield from _sections(facts)
    yield from _dangling(facts)
    yield from _gaps(facts)
    yield from _of_the_next(facts)
    for said in facts.said:
        yield from _wrong_number(facts, said)


def _finding(kind: str, places: tuple[Place, ...], what: Sayable, chance: float = 0.97, weight: float = 1.0) -> Finding:
    return Finding(kind, places, what, Phrase(f"audit.why_{kind}", {}), Phrase(f"audit.ground_{kind}", {}), chance, weight)


def _title(shown: Shown) -> str:
    words = re.sub(r"^\W*[^\W\d_]+\.?\s*[\d.]+\s*[.:–—-]?\s*", "", shown.title)
    return " ".join(re.sub(r"\(n\s*=\s*[\d.]+\)", "", words).lower().split()).strip(" .*")


def _captions(facts: Facts) -> Iterator[Finding]:
    numbered: dict[tuple[str, str], list[Shown]] = defaultdict(list)
    titled: dict[tuple[str, str], list[Shown]] = defaultdict(list)
    for one in facts.shown:
        if one.number:
            numbered[one.kind, one.number].append(one)
            if len(_title(one)) > 12:
                titled[one.kind, _title(one)].append(one)
    for found in numbered.values():
        for other in found[1:]:
            if _title(found[0]) and _title(found[0]) == _title(other) and other.table is None:
                # A list of tables repeats the captions.
                continue
            what = Phrase("audit.what_caption", {"name": _named(other), "first": found[0].name, "second": other.name})
            yield _finding("caption", (place_in(other), place_in(found[0])), what)
    for found in titled.values():
        for other in found[1:]:
            if other.number != found[0].number:
                what = Phrase("audit.what_title", {"first": _named(found[0]), "second": _named(other)})
                yield _finding("caption", (place_in(other), place_in(found[0])), what)


def _named(shown: Shown) -> str:
    found = re.match(r"\W*([^\W\d_]+\.?\s*[\d.]+)", shown.title)
    return found[1].strip(" .") if found else shown.name


def _numbered(facts: Facts) -> dict[str, list[tuple[Block, str]]]:
    found: dict[str, list[tuple[Block, str]]] = defaultdict(list)
    for block, _ in facts.headings:
        match = _SECTION.fullmatch(block.text.strip())
        if match:
            found[match[1]].append((block, match[2]))
    return found


def _sections(facts: Facts) -> Iterator[Finding]:
    for number, found in _numbered(facts).items():
        for block, title in found[1:]:
            first, words = found[0]
            if "." not in number and (number.isdigit() and block.level != first.level):
                continue
            if stems(title, facts.document.lang) == stems(words, facts.document.lang) or re.search(r"\.{4,}|\s\d+$", words + title):
                continue
            what = Phrase("audit.what_section", {"number": number, "first": words.strip(), "second": title.strip()})
            name = facts.document.name
            yield _finding("caption", (Place(name, block.line, quoted(block.text)), Place(name, first.line, quoted(first.text))), what)


def _dangling(facts: Facts) -> Iterator[Finding]:
    sections = set(_numbered(facts))
    deep = {number for number in sections if "." in number}
    known = {kind: {one.number for one in facts.shown if one.kind == kind and one.number} for kind in SHOWN}
    told: set[tuple[str, str]] = set()
    for said in facts.said:
        if said.block.kind == "caption":
            continue
        for kind, number, match in _references(said):
            if (kind, number) in told:
                continue
            if kind in SHOWN:
                missing = bool(known[kind]) and number not in known[kind]
                near = max((one for one in facts.shown if one.kind == kind and one.number), key=lambda one: one.position, default=None)
                last = place_in(near) if near else None
            elif kind == "section" and "." in number:
                missing = (
                    len(deep) >= 2
                    and number.split(".")[0] in {one.split(".")[0] for one in sections}
                    and number not in sections
                    and not any(one.startswith(number + ".") for one in sections)
                )
                siblings = [
                    block
                    for one, found in _numbered(facts).items()
                    for block, _ in found
                    if one.rpartition(".")[0] == number.rpartition(".")[0]
                ]
                if not facts.headings:
                    continue
                block = siblings[-1] if siblings else facts.headings[-1][0]
                last = Place(facts.document.name, block.line, quoted(block.text))
            elif kind in ("section", "chapter") and number.isdigit() and facts.headings:
                top = {one for one in sections if "." not in one}
                missing = len(top) >= 3 and number not in {one.split(".")[0] for one in sections}
                last = Place(facts.document.name, facts.headings[-1][0].line, quoted(facts.headings[-1][0].text))
            else:
                continue
            if missing and last is not None and not _elsewhere(said.text, number):
                told.add((kind, number))
                what = Phrase("audit.what_reference", {"name": Phrase(f"audit.kind_of_{kind}", {}), "number": number})
                yield _finding("reference", (_at(said, match), last), what)


def _references(said: Said) -> Iterator[tuple[str, str, re.Match[str]]]:
    """What a sentence points at: "kapitel 3 og 7" is two."""
    for match in REFERENCE.finditer(said.text):
        kind = reference_kind(match["word"])
        yield kind, match["number"], match
        more = _AND.match(said.text, match.end())
        if more and kind != "appendix":
            yield kind, more["number"], more


_AND = re.compile(r"\s*(?:og|and|eller|or)\s+(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})(?!\s*(?:%|pct|procent|[^\W\d_]{4,})|[\d.,]\d)")


def _at(said: Said, match: re.Match[str]) -> Place:
    return Place(said.document.name, said.block.line_at(said.start + match.start("number")), quoted(said.text, match.start()))


def _elsewhere(text: str, number: str) -> bool:
    """Whether a reference points at another document."""
    after = text[text.find(number) + len(number) :][:60]
    return bool(
        re.match(
            r"\s*(?:i|in|af|of)\s+(?:den|det|the)?\s*(?:rapport|notat|evaluering|bilag|lov|report|note|act|law|Quarto|manual)",
            after,
            re.IGNORECASE,
        )
    )


def _gaps(facts: Facts) -> Iterator[Finding]:
    """Captions whose numbers leave one out that the document never names."""
    for kind in SHOWN:
        captions = [one for one in facts.shown if one.kind == kind and one.number]
        for before, one in pairwise(captions if len(captions) > 2 else ()):
            first, last = before.number.split("."), one.number.split(".")
            if first[:-1] != last[:-1] or not (first[-1].isdigit() and last[-1].isdigit()) or int(last[-1]) - int(first[-1]) < 2:
                continue
            missing = ".".join([*first[:-1], str(int(first[-1]) + 1)])
            if int(last[-1]) - int(first[-1]) > 9 or any(missing == number for said in facts.said for _, number in said.references):
                continue
            what = Phrase("audit.what_gap", {"first": _named(before), "second": _named(one)})
            yield _finding("caption", (place_in(one), place_in(before)), what, 0.9, 0.6)


def _of_the_next(facts: Facts) -> Iterator[Finding]:
    """A sentence right above a table that no sentence names, pointing at another table of another section."""
    named = {reference for said in facts.said if said.block.kind != "caption" for reference in said.references}
    for shown in facts.shown:
        above = [one for one in facts.said_of[shown.section] if one.line < shown.line and one.block.kind == "paragraph"]
        if not shown.number or (shown.kind, shown.number) in named or not above:
            continue
        said = above[-1]
        other = facts.find(*said.references[0]) if len(said.references) == 1 and said.references[0][0] == shown.kind else None
        between = [one for one in facts.shown if said.line < one.line < shown.line]
        match = REFERENCE.search(said.text)
        if other is None or match is None or other.section == shown.section or other.line < said.line or between:
            continue
        what = _elsewhere_said(shown.kind, other.number, shown)
        yield _finding("reference", (_at(said, match), place_in(shown)), what, 0.9, 0.7)


def _elsewhere_said(kind: str, number: str, meant: Shown) -> Sayable:
    return Phrase("audit.what_elsewhere", {"name": Phrase(f"audit.kind_of_{kind}", {}), "number": number, "meant": _named(meant)})


def _wrong_number(facts: Facts, said: Said) -> Iterator[Finding]:
    """A sentence whose numbers are all of another table than the one it names."""
    if said.block.kind in ("caption", "heading", "note"):
        return
    named = [match for match in REFERENCE.finditer(said.text) if reference_kind(match["word"]) == "table"]
    if len(named) != 1:
        return
    shown = facts.find("table", named[0]["number"])
    numbers = {one.value for one in said.of("count", "percentage", "ratio") if one.value is not None and one.value > 12 and not one.role}
    if shown is None or shown.table is None or len(numbers) < 2 or numbers & _cells(shown):
        return
    others = [one for one in facts.shown if one is not shown and one.table is not None and one.number and numbers <= _cells(one)]
    if len(others) != 1:
        return
    what = _elsewhere_said("table", named[0]["number"], others[0])
    yield _finding("reference", (_at(said, named[0]), place_in(others[0])), what, 0.9, 0.9)


def _cells(shown: Shown) -> set[Fraction]:
    assert shown.table is not None
    found = {cell.value for row in shown.table.rows for cell in row.cells if cell.value is not None}
    return found | ({Fraction(shown.base)} if shown.base is not None else set())

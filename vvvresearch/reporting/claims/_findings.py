"""Findings and recommendations of a round: which stand, which have changed, fall or cannot be told, and what that stops."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vvvresearch import files
from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import FINDINGS, Advice, Finding, Findings, read_findings
from vvvresearch.locales import Lang
from vvvresearch.reporting.claims._document import NAME_ITS_PLACE, NO_OTHERS, UNPRINTED, Complaint, cited_clauses
from vvvresearch.reporting.claims._proof import Claims, problem_of, wrong_with
from vvvresearch.reporting.claims._spans import Part, plain
from vvvresearch.statements import Binding, mentions, review

State = Literal["stands", "changed", "falls", "cannot"]
_STRENGTHS = ("weak", "middle", "strong")
# At most what a type of report allows, and strong only where two sources say it.
_AT_MOST = {"note": "middle", "midterm": "strong", "final": "strong"}
_SHOWS: dict[Lang, re.Pattern[str]] = {
    "da": re.compile(r"\b(?:viser|beviser|dokumenterer|påviser)\b(?!,? (?:ikke|sig))", re.I),
    "en": re.compile(r"\b(?:shows?|proves?|demonstrates?)\b", re.I),
}
_FIND_OUT: dict[Lang, re.Pattern[str]] = {
    "da": re.compile(
        r"^\W*(?:tæl|spørg|følg|undersøg|mål|afklar|kortlæg|indsaml|registr[eé]r|afprøv|find ud af|få svar|få tal|hold øje|"
        r"sammenlign|saml|test)",
        re.I,
    ),
    "en": re.compile(
        r"^\W*(?:count|ask|follow|examine|investigate|measure|clarify|map|collect|record|test|find out|track|monitor|watch|compare|check)",
        re.I,
    ),
}


@dataclass(frozen=True)
class Standing:
    """How a finding stands against its numbers.

    Args:
        finding: the finding.
        state: "stands"; "changed": other words are true; "falls": its number is gone; "cannot": it says that something cannot be told.
        old: the words that no longer hold.
        true: what would be true.
    """

    finding: Finding
    state: State
    old: str = ""
    true: tuple[str, ...] = ()


def findings_complaints(folder: Path, claims: Claims, report_type: str) -> tuple[list[Complaint], dict[str, Standing]]:
    """Everything that is wrong with a round's findings and recommendations.

    Args:
        folder: the round's folder.
        claims: the round, in the language that is read.
        report_type: "note", "midterm" or "final".

    Returns:
        Complaints, and how each finding stands.

    Raises:
        SourceError, SchemaError: the file cannot be read.
    """
    given = read_findings(folder)
    path = folder / FINDINGS
    lines = _Lines(files.read_text(path) if path.is_file() else "")
    standings: dict[str, Standing] = {}
    found: list[Complaint] = []
    for finding in given.finding:
        # What is written in one language alone is printed, and so proved, in that one.
        spoken = claims.in_language(_spoken(finding.says.da, finding.says.en, claims.lang))
        standing, told = _standing(finding, spoken, lines)
        standings[finding.id] = standing
        found += [*told, *_strength(finding, spoken, report_type, lines)]
    for advice in given.advice:
        spoken = claims.in_language(_spoken(advice.do.da, advice.do.en, claims.lang))
        found += _advice(advice, given, standings, spoken, lines)
    return found, standings


class _Lines:
    """Where things stand in the file."""

    def __init__(self, written: str) -> None:
        self._lines = written.split("\n")

    def of(self, *words: str) -> int:
        """The first line that holds one of some words."""
        for word in words:
            for number, line in enumerate(self._lines, 1):
                if word and word in line:
                    return number
        return 1


def _complaint(line: int, what: str, why: str = "", todo: str = "") -> Complaint:
    return Complaint(FINDINGS, line, what, why, todo)


def _standing(finding: Finding, claims: Claims, lines: _Lines) -> tuple[Standing, list[Complaint]]:
    said = finding.says.say(claims.lang)
    line = lines.of(said[:40], f'"{finding.id}"')
    found: list[Complaint] = []
    words, parts = plain(said, lambda address: _shown(claims, address))
    state: State = "stands"
    bindings: list[Binding] = []
    for part in parts:
        try:
            bindings.append(claims.binding(part, words))
        except AnalysisError as problem:
            state = "falls"
            found.append(_complaint(line, f"the finding {finding.id} falls: {problem.what}", problem_of(problem)))
            bindings.append(Binding(part.start, part.end))
    for address in (*finding.claims, *(one for one in finding.against if "." in one)):
        try:
            claims.at(address)
        except AnalysisError as problem:
            found.append(_complaint(lines.of(address), f"{address!r} leads nowhere: {problem.what}", problem_of(problem)))
    if not any(one.claims or one.printed for one in bindings) and not (finding.claims or finding.tables or finding.quotes) and said:
        found.append(_complaint(line, f"the finding {finding.id} has no evidence", "", "bind its words: [words]{claim=address}"))
    found += _uncited(words, parts, claims, line, f"the finding {finding.id}")
    old, true = "", tuple[str, ...]()
    evidenced = bool(finding.claims or finding.tables or finding.quotes)
    for stop in review(words, bindings, claims.lang):
        clause = " ".join(stop.clause.text.split())
        if stop.verdict is None:
            if not (evidenced and not bindings and not _speaks(clause, claims.lang)):
                found.append(_complaint(line, f"»{clause}« is carried by nothing", f"in the finding {finding.id}", "bind it to its number"))
            continue
        what, why, todo = wrong_with(clause, stop.verdict)
        if stop.verdict.outcome == "asks":
            found.append(Complaint(FINDINGS, line, f"the finding {finding.id}: {what}", why, todo, reading=stop.verdict.reading))
            continue
        old, true = clause, stop.verdict.true_words
        state = "falls" if state == "falls" or not true else "changed"
        word = "falls" if state == "falls" else "has changed"
        found.append(_complaint(line, f"the finding {finding.id} {word}: {what}", why, todo or "withdraw it"))
    if state == "stands" and any(one.kind == "unknown" for one in mentions(words, claims.lang)):
        state = "cannot"
    return Standing(finding, state, old, true), found


def _uncited(words: str, parts: Sequence[Part], claims: Claims, line: int, name: str) -> Iterator[Complaint]:
    cited: list[tuple[int, int, Part | None]] = []
    for part in parts:
        if part.kind in ("cited", "citation"):
            carried = cited_clauses(words, part, claims.lang) if part.kind == "citation" else None
            cited.append((carried.start, carried.end, part) if carried is not None else (part.start, part.end, part))
    for one in claims.cited.unprinted(words, cited, parts, claims.lang) if cited else ():
        yield _complaint(line, f"{name}: {UNPRINTED.format(one.text)}", NO_OTHERS, NAME_ITS_PLACE)


def _speaks(clause: str, lang: Lang) -> bool:
    return any(one.kind not in ("year", "date", "reference", "negation") for one in mentions(clause, lang))


def _shown(claims: Claims, address: str) -> str:
    try:
        return claims.cell(address)
    except AnalysisError:
        return "?"


def _strength(finding: Finding, claims: Claims, report_type: str, lines: _Lines) -> Iterator[Complaint]:
    """A finding is no stronger than the type of report and its sources allow."""
    line = lines.of(f'"{finding.id}"')
    most = _AT_MOST[report_type]
    if _STRENGTHS.index(finding.strength) > _STRENGTHS.index(most):
        yield _complaint(
            line,
            f"the finding {finding.id} is called {finding.strength}",
            f"a {report_type} carries at most {most}",
            f'strength = "{most}"',
        )
    elif finding.strength == "strong" and len(_sources(finding, claims.lang)) < 2:
        yield _complaint(
            line, f"the finding {finding.id} is called strong", "one source says it", 'name another under agree, or strength = "middle"'
        )
    if report_type == "note" and (shows := _SHOWS[claims.lang].search(plain(finding.says.say(claims.lang), lambda _: "0")[0])):
        yield _complaint(
            line, f"the finding {finding.id} says »{shows[0]}«", "a note does not show; it points to", "»tyder på«, »suggests«"
        )


def _sources(finding: Finding, lang: Lang) -> set[str]:
    addresses = [part.address for part in plain(finding.says.say(lang), lambda _: "0")[1] if part.address and part.kind in ("claim", "var")]
    return {re.split(r"[./]", address)[0] for address in (*addresses, *finding.claims)} | set(finding.agree)


def _advice(advice: Advice, given: Findings, standings: Mapping[str, Standing], claims: Claims, lines: _Lines) -> Iterator[Complaint]:
    name = f"recommendation {advice.number}"
    do = advice.do.say(claims.lang)
    line = lines.of(do[:40], f"number = {advice.number}")
    known = [one.id for one in given.finding]
    if not advice.rests_on:
        yield _complaint(line, f"{name} rests on no finding", "", "name one under rests_on")
    for one in advice.rests_on:
        if one not in known:
            yield _complaint(line, f"{name} rests on {one!r}, which is no finding", "", did_you_mean(one, known))
            continue
        standing = standings[one]
        if standing.state in ("changed", "falls"):
            why = f"old: »{standing.old}«" + (f"; true now: {' | '.join(standing.true[:3])}" if standing.true else "")
            word = "has changed" if standing.state == "changed" else "has fallen"
            yield _complaint(
                line, f"{name} stops: the finding {one} {word}", why, "rewrite it, rest it elsewhere, or withdraw it; its number stays"
            )
    unknown = [one for one in advice.rests_on if one in standings]
    if unknown and all(standings[one].state == "cannot" for one in unknown) and do and not _FIND_OUT[claims.lang].match(do):
        yield _complaint(
            line, f"{name} rests only on what cannot be told", "so it can only be to find out", "count, ask or follow: »Tæl …«, »Spørg …«"
        )
    for words, advising in ((do, True), (advice.because.say(claims.lang) if advice.because else "", False)):
        yield from _carried(words, claims, line, name, advising=advising)


def _carried(said: str, claims: Claims, line: int, name: str, *, advising: bool) -> Iterator[Complaint]:
    words, parts = plain(said, lambda address: _shown(claims, address))
    bindings: list[Binding] = []
    for part in parts:
        try:
            bindings.append(claims.binding(part, words))
        except AnalysisError as problem:
            yield _complaint(line, f"{name}: {problem.what}", problem_of(problem))
            bindings.append(Binding(part.start, part.end))
    yield from _uncited(words, parts, claims, line, name)
    for stop in review(words, bindings, claims.lang, advice=advising):
        clause = " ".join(stop.clause.text.split())
        if stop.verdict is None:
            yield _complaint(line, f"{name}: »{clause}« is carried by nothing", "a reason in advice is a claim", "[words]{claim=address}")
        else:
            what, why, todo = wrong_with(clause, stop.verdict)
            yield Complaint(FINDINGS, line, f"{name}: {what}", why, todo, reading=stop.verdict.reading)


def _spoken(danish: str, english: str, lang: Lang) -> Lang:
    if lang == "da":
        return "da" if danish or not english else "en"
    return "en" if english or not danish else "da"

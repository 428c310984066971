"""Claims and findings of a round: every statement that its numbers do not carry, then words in prose that nothing carries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from vvvresearch.check._evidence import Examined, UnreadableError
from vvvresearch.check._fault import Fault, Notice, faults_of
from vvvresearch.errors import SchemaError, VvvError
from vvvresearch.evidence import FINDINGS, read_findings
from vvvresearch.files import read_text
from vvvresearch.locales import Lang
from vvvresearch.reporting import Claims, Complaint, findings_complaints, review_document, sealed_before

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

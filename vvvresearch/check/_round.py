"""A round as a whole: everything that is wrong in one go, then what is missing, then one next step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vvvresearch.check._chapters import chapters, name_faults, notebook_faults
from vvvresearch.check._definition import definition_faults, mended
from vvvresearch.check._evidence import Examined
from vvvresearch.check._fault import Fault, Notice, faults_of, toml_lines, without_persons
from vvvresearch.check._joins import join_faults
from vvvresearch.check._next import missing, next_step
from vvvresearch.check._prose import claim_faults, prose_faults, report_faults
from vvvresearch.check._settings import condition_faults, follow_up_faults, goal_faults, setting_faults
from vvvresearch.check._sources import identifier_faults, notice_of, published_notices, route_notices, source_faults, use_faults
from vvvresearch.check._tables import table_faults
from vvvresearch.errors import RoundError, VvvError
from vvvresearch.evidence import read_programme
from vvvresearch.locales import Lang, check_lang, in_danish
from vvvresearch.published import combine_published, find_inconsistencies
from vvvresearch.rounds import DEFINITION, load_spec, open_round, traces
from vvvresearch.rounds._guard import allowed_names

_PROGRAMME = "programme.toml"
_NAMED = re.compile(r"'([^']+)'")
# What an error proposes, which is no fault of its own.
_HINTS = ("did you mean", "known:", "nothing is defined")


@dataclass(frozen=True)
class RoundReport:
    """What a check found in a round.

    Args:
        round: its id.
        faults: what must be put right here.
        accepted: faults that the definition accepts, each with its reason.
        notices: what a reader should know of.
        missing: what is not there yet and no fault.
        next: the one thing to do now, with how far the round has come.
    """

    round: str
    faults: tuple[Fault, ...] = ()
    accepted: tuple[tuple[Fault, str], ...] = ()
    notices: tuple[Notice, ...] = ()
    missing: tuple[str, ...] = ()
    next: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def as_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """For a program; `lang` is that of the messages."""

        def said(words: str) -> str:
            return in_danish(words) if lang == "da" else words

        faults = [
            {"file": one.file, "row": one.row, "what": said(one.what), "why": said(one.why), "todo": said(one.todo), "check": one.check}
            for one in self.faults
        ]
        accepted = [{"file": one.file, "row": one.row, "what": said(one.what), "reason": reason} for one, reason in self.accepted]
        notices = [{name: value if name == "check" else said(value) for name, value in vars(one).items()} for one in self.notices]
        return {
            "round": self.round,
            "faults": faults,
            "accepted": accepted,
            "notices": notices,
            "missing": list(map(said, self.missing)),
            "next": said(self.next),
        }


def check_round(root: str | Path, round_id: str, lang: str = "en") -> RoundReport:
    """Check one round: definition, sources, tables, joins, settings, conditions, goals, notebooks, prose, rendered pages.

    Args:
        root: the workspace.
        round_id: the round.
        lang: language of what documents say of themselves.

    Returns:
        RoundReport with all faults together, each with file, row, why and what to do.

    Raises:
        RoundError: there is no such round.

    Example:
        >>> check_round(".", "2021-note").sound
        True
    """
    folder = Path(root).resolve()
    file = f"rounds/{round_id}/{DEFINITION}"
    if unusable := tuple(_programme_faults(folder)):
        return RoundReport(round_id, unusable, next=f"0 of 12: correct the programme: {unusable[0].place}; then vvv check {round_id}")
    try:
        opened = Examined(load_spec(folder, round_id), folder)
    except RoundError as problem:
        if not (folder / file).is_file():
            raise
        faults = tuple(definition_faults(folder, file, problem))
        first = faults[0].place if faults else file
        report = RoundReport(round_id, faults, next=f"0 of 12: correct the definition: {first}; then vvv check {round_id}")
        meant = mended(folder / file, round_id)
        if meant is None:
            return report
        found, _ = _faults(Examined(meant.spec, folder))
        places = {(fault.file, fault.row) for fault in faults}
        others = (fault for fault in found if meant.holds(fault, file) and (fault.file, fault.row) not in places)
        return replace(report, faults=(*faults, *(one for one in others if not meant.spec.reason_for(one.what))))
    found, words = _faults(opened)
    accepting = [(fault, opened.spec.reason_for(fault.what)) for fault in found]
    accepted = tuple((fault, reason) for fault, reason in accepting if reason)
    faults = tuple(fault for fault, reason in accepting if not reason)
    lacking = (*missing(opened), *_accepted_for_nothing(opened, found))
    told = (*_notices(opened, lang), *words)
    return RoundReport(round_id, faults, accepted, told, lacking, next_step(opened, faults, lacking))


def _accepted_for_nothing(opened: Examined, found: list[Fault]) -> Iterator[str]:
    """What the definition lets stand and nobody finds: a slip in the words, or a fault that is mended."""
    if not opened.spec.accepted:
        return
    said = {fault.what for fault in found} | {one.what for one in traces(opened.root, opened.spec)}
    for number, one in enumerate(opened.spec.accepted, 1):
        if not any(map(one.means, said)):
            yield f"[[accepted]] number {number} of round.toml is no fault that is found: take it out, or copy the words of vvv check whole"


def _programme_faults(folder: Path) -> Iterator[Fault]:
    """What keeps the programme from being read, with its line."""
    try:
        read_programme(folder)
    except VvvError as problem:
        found = list(faults_of(problem, "definition", _PROGRAMME, folder))
        hints = [fault.what for fault in found if fault.what.startswith(_HINTS)]
        for fault in found:
            if fault.what in hints:
                continue
            named = _NAMED.findall(fault.what)
            lines = enumerate(toml_lines(folder / _PROGRAMME).text, start=1) if named else ()
            row = fault.row or next((number for number, line in lines if any(word in line for word in named)), None)
            yield replace(fault, row=row, todo="; ".join(hints) or fault.todo)


def _faults(opened: Examined) -> tuple[list[Fault], list[Notice]]:
    """Everything that is wrong, each thing once, and what the words of the report leave to their reader."""
    found = list(source_faults(opened))
    found += [*table_faults(opened), *join_faults(opened)]
    found += use_faults(opened, {fault.file for fault in found})
    found += [*setting_faults(opened), *condition_faults(opened), *goal_faults(opened), *follow_up_faults(opened)]
    found += notebook_faults(opened)
    made = chapters(opened)
    # Claims work out what they rest on, so they come after what is wrong in it has been told and set aside.
    claims = list(claim_faults(opened))
    found += [*name_faults(opened, made), *prose_faults(opened, made), *(one for one in claims if isinstance(one, Fault))]
    found += report_faults(opened)
    found += _changes(opened, found)
    # Places of identifiers are told in words that repeat nothing; they come first, since nothing else may be used before.
    allowed = allowed_names(opened.root, opened.spec) if opened.spec.real_sources else None
    told_once = [*identifier_faults(opened), *dict.fromkeys(without_persons(fault, allowed) for fault in found)]
    return told_once, [one for one in claims if isinstance(one, Notice)]


def _changes(opened: Examined, found: list[Fault]) -> Iterator[Fault]:
    """What was changed in files after they were taken in, where nothing else tells of it."""
    told = {(fault.file, fault.row) for fault in found}
    for name, problem in opened.changed.items():
        path = opened.source(name).path
        if problem.failures:
            yield from (fault for fault in faults_of(problem, "source", path, opened.root) if (fault.file, fault.row) not in told)
        elif path not in {file for file, _ in told}:
            yield Fault("source", path, None, problem.what, problem.why, problem.todo)


def _notices(opened: Examined, lang: str) -> tuple[Notice, ...]:
    try:
        return (*route_notices(opened), *published_notices(opened, lang))
    except VvvError:
        return ()  # rests on a source that is told as a fault


def notices_together(root: Path, rounds: Sequence[str], lang: str) -> tuple[Notice, ...]:
    """Places where documents of different rounds do not agree.

    Args:
        root: the workspace.
        rounds: ids; those without published numbers, or with a definition that cannot be read, are passed over.
        lang: the language of the notices.

    Returns:
        Findings over all rounds that none of them has alone.
    """
    published = []
    for name in rounds:
        try:
            if any(source.type == "published" for source in load_spec(root, name).sources):
                published.append(open_round(name, root).published)
        except VvvError:
            continue
    if len(published) < 2:
        return ()
    alone = {(found.kind, found.subjects, found.lines) for each in published for found in find_inconsistencies(each)}
    said = check_lang(lang)
    together = find_inconsistencies(combine_published(published))
    return tuple(notice_of(found, said) for found in together if (found.kind, found.subjects, found.lines) not in alone)

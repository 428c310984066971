"""What a file is for a round, which source of it and where it comes to lie: proposed with what the round and the last map know."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import RoundError, SourceError, VvvError
from vvvresearch.evidence import SOURCE_TYPES, read_programme, timeless
from vvvresearch.intake import (
    Map,
    Proposal,
    ReadBesideError,
    Settled,
    fold,
    load_map,
    of_its_own,
    propose,
    read_map,
    sheets_apart,
    title_of,
    with_known_words,
)
from vvvresearch.locales import Lang, in_danish, text
from vvvresearch.rounds._add_goals import with_measures
from vvvresearch.rounds._find import list_rounds, load_spec
from vvvresearch.rounds._sources import municipalities_of, read_source
from vvvresearch.rounds._spec import RoundSpec, Source

# A map of another file speaks for this one where so many of their headings are the same.
_ALIKE = 0.5


def propose_source(
    root: str | Path,
    round_id: str,
    path: str | Path,
    *,
    kind: str = "",
    sheet: str = "",
    beside: Collection[str] = (),
    lang: Lang | None = None,
) -> Proposal:
    """What a file is for a round: `propose` with the round's programme, municipalities and coders, and with the map of the most alike
    file that this round or an earlier one has taken in.

    Args:
        root: the workspace.
        round_id: the round.
        path: the file or folder.
        kind: what it is, where that is known.
        sheet: the sheet of a workbook.
        beside: interviews of a register that is taken in together with the file.
        lang: of questions; default the round's first.

    Raises:
        RoundError: no such round.
        SourceError: the file cannot be read, or is of no kind that is known.
    """
    folder = Path(root)
    spec = load_spec(folder, round_id)
    settings: dict[str, Any] = {
        "programme": read_programme(folder),
        "round_kind": spec.kind,
        "municipalities": municipalities_of(folder, spec) if spec.municipalities else None,
        "sheet": sheet,
        "coders": spec.themes.lead,
        "registered": _registered(folder, spec).union(beside),
        "seen_until": spec.seen_until,
        "since": spec.period.start,
        "last_day": max(spec.period.end, datetime.datetime.now(datetime.UTC).date()),
        "lang": lang or spec.languages[0],
    }
    found = _proposed(folder, spec, path, kind, settings)
    # What readers could not carry is said in English first, as errors are.
    return dataclasses.replace(found, losses=tuple(map(in_danish, found.losses))) if settings["lang"] == "da" else found


def sheets_of(root: str | Path, round_id: str, path: str | Path, folder: Path) -> list[Path]:
    """The further sheets of a workbook that hold tables of their own, each as a file in a folder, to be taken in beside it.

    Args:
        root: the workspace.
        round_id: the round.
        path: the workbook.
        folder: where the new files are written.
    """
    spec = load_spec(root, round_id)
    own = municipalities_of(Path(root), spec) if spec.municipalities else None
    try:
        return sheets_apart(Path(path), folder, read_programme(Path(root)), own)
    except VvvError:
        return []  # what is wrong with the file is told where it is read


def _proposed(folder: Path, spec: RoundSpec, path: str | Path, kind: str, settings: dict[str, Any]) -> Proposal:
    """With the map of the most alike file; goals with what could measure them."""
    try:
        first = propose(path, kind=kind, **settings)
    except ReadBesideError:
        raise
    except SourceError:
        # What can be read and is of no kind may be a table of the round's own: one like it was, or it is asked.
        own = None if kind else _table_of_its_own(path, settings)
        if own is None:
            raise
        if _earlier_map(folder, spec, own, named=True) is None:
            return of_its_own(own, functools.partial(propose, path, **settings), settings["lang"])
        first, kind = own, own.kind
    if first.kind == "goals":
        return _with_measures(folder, spec, first, settings["lang"])
    earlier = _earlier_map(folder, spec, first, named=bool(kind))
    proposal = first if earlier is None else propose(path, kind=kind, earlier=earlier, **settings)
    proposal = with_known_words(proposal, list(_maps(folder, spec))) if proposal.kind else proposal
    questions = tuple(
        dataclasses.replace(question, proposal=question.proposal or spec.extract) if question.id == "this_file.extract" else question
        for question in proposal.questions
    )
    return dataclasses.replace(proposal, questions=questions, source=source_id(folder, spec, proposal))


def _table_of_its_own(path: str | Path, settings: dict[str, Any]) -> Proposal | None:
    """A file as a table of a round's own, with its columns as they are; None where it cannot be one."""
    try:
        return propose(path, kind="register", **settings)
    except VvvError:
        return None


def _with_measures(folder: Path, spec: RoundSpec, proposal: Proposal, lang: Lang) -> Proposal:
    """A list of goals with what could measure them, also where it is proposed anew with the columns that were answered."""
    again: Any = proposal.again
    found = with_measures(folder, spec, proposal, lang)
    return dataclasses.replace(found, again=lambda **given: _with_measures(folder, spec, again(**given), lang)) if again else found


def _registered(root: Path, spec: RoundSpec) -> frozenset[str]:
    """The transcripts of the interviews that the registers of the round hold."""
    found: set[str] = set()
    for source in spec.sources:
        if source.type == "interviews":
            try:
                register = read_source(root, spec, source)
            except VvvError:
                continue  # told where it stands
            found.update(() if register.of_codings else (name for name in register.frame["source"] if name))
    return frozenset(found)


def _earlier_map(root: Path, spec: RoundSpec, proposal: Proposal, *, named: bool) -> Map | None:
    """The map whose file is most like this one, whatever the years in its headings: of this round before others, of later rounds before
    earlier ones."""
    own = {timeless(fold(heading)) for heading in proposal.headings}
    if not own and not proposal.kind and not named:
        # Without headings nothing says that two files are alike.
        return None
    best: tuple[float, Map] | None = None
    for found in _maps(root, spec):
        if (proposal.kind or named) and found.kind != proposal.kind:
            continue
        theirs = {timeless(heading) for heading in found.headings}
        alike = len(own & theirs) / len(own | theirs) if own | theirs else 1.0
        if alike >= _ALIKE and (best is None or alike > best[0]):
            best = (alike, found)
    return best[1] if best else None


def other_rounds(root: Path, spec: RoundSpec) -> list[RoundSpec]:
    """The other rounds of the workspace whose definition can be read, later ones first."""
    others = []
    for name in list_rounds(root):
        if name != spec.id:
            try:
                others.append(load_spec(root, name))
            except RoundError:
                continue
    return sorted(others, key=lambda other: other.period.end, reverse=True)


def _maps(root: Path, spec: RoundSpec) -> Iterator[Map]:
    for one in (spec, *other_rounds(root, spec)):
        for source in one.sources:
            place = root / source.map
            if source.map and place.is_file():
                try:
                    yield load_map(files.read_text(place))
                except VvvError:
                    continue


MAP, QUESTIONNAIRE, EARLIER, TRANSCRIPTS = ".map.toml", ".toml", "earlier", "transcripts"
LEFT = "left-out.toml"
_OF_SURVEYS = frozenset((
    "survey", "courses", "monitoring", "matches", "offers", "counts", "categories", "campaigns", "context", "published", "agreements",
    "answers_as_received", "referrals", "snapshots", "volunteers", "activities", "materials",
))  # fmt: skip


def target(root: Path, spec: RoundSpec, settled: Settled | Proposal) -> Path:
    """Where a file comes to lie; one that lies in the round's folders already stays where it is."""
    path = settled.path.resolve()
    for part in ("interviews", "surveys"):
        if path.is_relative_to(root.resolve() / part / spec.id):
            return path
    folder = root.resolve() / ("surveys" if settled.type in _OF_SURVEYS else "interviews") / spec.id
    name = files.safe_name(path.stem) + path.suffix.lower()
    target = folder / name
    number = 2
    while target.exists() and source_at(root, spec, target) is None:
        # A file that no source names is somebody's: it is left alone, unless it is this very file.
        if target.is_file() and path.is_file() and files.hash_file(target) == files.hash_file(path):
            break
        target = folder / f"{Path(name).stem}-{number}{path.suffix.lower()}"
        number += 1
    return target


def source_at(root: Path, spec: RoundSpec, target: Path, occasion: str = "") -> Source | None:
    """The source whose file lies there; of a file with several times, that of one of them."""
    there = [one for one in spec.sources if one.path and (root / one.path).resolve() == target]
    return next((one for one in there if not occasion or one.id.endswith(f"-{occasion.casefold()}")), None)


def same_file(root: Path, spec: RoundSpec, settled: Settled) -> str:
    """The source that holds this very file already under the same decisions."""
    own = settled.this_file.get("hash", "")
    for one in spec.sources:
        place, beside = root / one.path, root / one.map
        if own and one.type == settled.type and one.map and place.is_file() and beside.is_file() and files.hash_file(place) == own:
            known = read_map(beside, place)
            decided = {name: value for name, value in settled.decisions.items() if name != "kind"}
            if (known.decisions, known.this_file) == (decided, settled.this_file):
                return one.id
    return ""


def is_left_out(root: Path, spec: RoundSpec, path: Path) -> bool:
    """Whether this very file was looked at and left out of the round."""
    place = root / "rounds" / spec.id / LEFT
    return path.is_file() and place.is_file() and files.hash_file(path.absolute()) in files.read_toml(place)


def leave_out(root: Path, spec: RoundSpec, path: Path) -> None:
    """Remember that a file was looked at and left out, so that the next call does not ask for it again."""
    place = root / "rounds" / spec.id / LEFT
    if path.is_file() and not is_left_out(root, spec, path):
        known = files.read_text(place) if place.is_file() else ""
        files.write_text(place, f"{known}{files.hash_file(path.absolute())} = {files.toml(path.name)}\n")


def placeholder(root: Path, spec: RoundSpec, type_: str) -> Source | None:
    """A source of the type whose file is missing or has no rows yet, as a new round has it."""
    for one in spec.sources:
        if one.type == type_ and SOURCE_TYPES[one.type].single and not one.map and one.path:
            place = root / one.path
            if not place.exists() or _has_no_rows(place):
                return one
    return None


def _has_no_rows(path: Path) -> bool:
    if path.suffix.casefold() not in (".csv", ".xlsx"):
        return False
    try:
        return len(files.read_csv(path) if path.suffix.casefold() == ".csv" else files.read_workbook(path)) == 0
    except VvvError:
        return False


def source_id(root: Path, spec: RoundSpec, proposal: Proposal) -> str:
    """The id that a file's source gets: of what it replaces, of its kind, or of its name."""
    holder = source_at(root, spec, target(root, spec, proposal)) or placeholder(root, spec, proposal.type)
    if holder is not None:
        return holder.id
    if proposal.type == "transcripts":
        return TRANSCRIPTS
    if proposal.kind in ("survey", "published", "answers_as_received", "register", ""):
        return free_id(root, spec, proposal.source)
    wanted = (proposal.kind if proposal.type == "register" else proposal.type).replace("_", "-")
    return wanted if all(one.id != wanted for one in spec.sources) else free_id(root, spec, f"{wanted}-{proposal.source}")


def free_id(root: Path, spec: RoundSpec, wanted: str) -> str:
    """An id that no source has: a file that is called the same every year gets the year, since its numbers are other ones."""
    before = surveys_before(root, spec)
    taken = {one.id for one in spec.sources} | set(before)
    stem = f"{wanted}-{spec.period.end.year}" if wanted in before else wanted
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return name


def surveys_before(root: Path, spec: RoundSpec) -> dict[str, str]:
    """The surveys of the rounds before a round: id → the round that has it, the latest one first."""
    found: dict[str, str] = {}
    gone_through: set[str] = set()
    while spec.previous is not None and spec.id not in gone_through:
        gone_through.add(spec.id)
        spec = load_spec(root, spec.previous.round)
        found = {source.id: spec.id for source in spec.sources if source.type == "survey"} | found
    return found


def title_in(settled: Settled, lang: Lang) -> str:
    """What a new source is called: its kind and, where a round has several of that kind, its file."""
    words = re.sub(r"^(en|et|a|an) ", "", text(f"intake.kind_{settled.kind}", lang))
    named = f": {title_of(settled.path.stem)}" if settled.type in ("survey", "published", "register") else ""
    return f"{words[:1].upper()}{words[1:]}{named}"

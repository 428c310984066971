"""A person withdraws: recorded in every round that knows them, and out of every folder that runs and releases have made."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import RoundError, VvvError, did_you_mean
from vvvresearch.release._quotes import holds_runs, refused_runs
from vvvresearch.release._seal import RELEASED, Sealed, releases, withdraw_release
from vvvresearch.rounds import WITHDRAWALS, Round, list_rounds, load_spec

_WORK = ".work"


@dataclass(frozen=True)
class Withdrawn:
    """What a withdrawal did.

    Args:
        rounds: where it is recorded.
        removed: folders of outputs that are gone, relative to the workspace.
        published: files of sealed releases: name, hash, and whether the person's "words" stand in it or only "counted" with others.
        inputs: files that still hold what the person said; they are used by nothing.
        prose: texts of the evaluators that repeat eight words of somebody who has withdrawn, reports and decisions among them.
    """

    rounds: tuple[str, ...]
    removed: tuple[str, ...]
    published: tuple[tuple[str, str, str], ...]
    inputs: tuple[str, ...]
    prose: tuple[str, ...]


def withdraw(root: Path, round_id: str, person: str, day: str) -> Withdrawn:
    """Take a person out of use, out of outputs, work folders and sealed releases.

    Args:
        root: the workspace.
        round_id: a round that knows the person.
        person: id of the person, of one of their interviews, of their half of a pair ("P01/refugee"), or of a respondent.
        day: the date, ISO 8601.

    Returns:
        What was done. Outputs that rest on the person are removed; they are made anew by running the round.

    Raises:
        RoundError: the round does not know such a person.
    """
    knowing = {name: ids for name in list_rounds(root) if (ids := _ids(root, name, person))}
    if round_id not in knowing:
        known = sorted(_known(Round(load_spec(root, round_id), root)))
        where = root / "rounds" / round_id
        raise RoundError(f"the round {round_id} knows nobody by this id", where=where, todo=did_you_mean(person, known))
    # A later round looks back at an earlier one, and an earlier one knows the person by the id that both share.
    shared = {one for ids in knowing.values() for one in ids if one}
    concerned = sorted({*knowing, *(name for name in list_rounds(root) if _ids(root, name, *shared))})
    before = {name: _refused(root, name, {person, *shared}) for name in concerned}
    for name in concerned:
        record(root, name, person if name == round_id or person in knowing.get(name, ()) else "", knowing.get(name, set()), day)
    after = {name: _refused(root, name) for name in concerned}
    runs = set().union(*(after[name] - before[name] for name in concerned))
    looking_back = [name for name in list_rounds(root) if _previous(root, name) in concerned]
    removed = tuple(_removed(root, sorted({*concerned, *looking_back})))
    published = tuple(_published(root, sorted({*concerned, *looking_back}), runs, day))
    refused = set().union(*after.values())
    inputs = [path for path in _inputs(root) if runs and holds_runs(path, runs)]
    prose = [path for path in files.files_below(root / "rounds") if refused and holds_runs(path, refused)]
    relative = [tuple(sorted(path.relative_to(root).as_posix() for path in found)) for found in (inputs, prose)]
    return Withdrawn(tuple(concerned), removed, published, *relative)


def still_there(root: Path, round_id: str) -> list[str]:
    """Files in which eight words in a row of somebody stand who has refused: outputs, notebooks, exports, whatever lies in the workspace.

    Inputs and texts of rounds are told by the withdrawal itself. Of what cannot be read, only outputs are taken to hold them.

    Args:
        root: the workspace.
        round_id: the round whose consent counts.
    """
    runs = _refused(root, round_id)
    if not runs:
        return []
    told = {*_inputs(root), *files.files_below(root / "rounds")}
    outputs = root / "outputs"
    others = (path for path in files.files_below(root) if path not in told)
    return [path.relative_to(root).as_posix() for path in others if holds_runs(path, runs, unread=path.is_relative_to(outputs))]


def _refused(root: Path, name: str, but: Collection[str] = ()) -> set[int]:
    """The runs of words of those who refused, of a round; without those who withdrew by some ids."""
    opened = Round(load_spec(root, name), root)
    opened.withdrawals -= set(but)
    return refused_runs(opened)


def _inputs(root: Path) -> set[Path]:
    """Files that the workspace's rounds are read from, and what lies in the folders meant for them."""
    places = {root / "interviews", root / "surveys"}
    for name in list_rounds(root):
        with contextlib.suppress(VvvError):
            places |= {root / path for source in load_spec(root, name).sources for path in source.files}
    return {path for place in places for path in ([place] if place.is_file() else files.files_below(place))}


def record(root: Path, round_id: str, person: str, ids: set[str], day: str) -> None:
    """Write a withdrawal into the table of a round, once."""
    path = root / "rounds" / round_id / WITHDRAWALS
    rows = list(csv.reader(io.StringIO(files.read_text(path))))[1:] if path.is_file() else []
    have = {row[0] for row in rows if row}
    for one in sorted({person, *ids} - {""} - have):
        rows.append([one, day])
    files.write_text(path, files.rows_text([["id", "date"], *rows]))


def _known(opened: Round) -> dict[str, set[str]]:
    """Every id by which a round knows a person, with the ids that belong to the same person."""
    known: dict[str, set[str]] = {}
    if opened.has("interviews"):
        frame = opened.register_as_read.frame
        for row in frame.to_dict("records"):
            person = str(row.get("person") or "")
            half = f"{row['pair']}/{row['respondent_group']}" if row.get("pair") else ""
            ids = {person} if person else {half or str(row["interview"])}
            for name in (str(row["interview"]), person, half):
                if name:
                    known.setdefault(name, set()).update(ids)
    for source in opened.spec.sources:
        if source.type == "survey":
            try:
                answers = opened.as_read(source.id).answers
            except VvvError:
                continue
            for name in answers.index:
                known.setdefault(str(name), set()).add(str(name))
    return known


def _ids(root: Path, name: str, *persons: str) -> set[str]:
    try:
        known = _known(Round(load_spec(root, name), root))
    except VvvError:
        return set()
    return {one for person in persons for one in known.get(person, ())}


def _previous(root: Path, name: str) -> str:
    spec = load_spec(root, name)
    return spec.previous.round if spec.previous else ""


def _removed(root: Path, names: list[str]) -> Iterator[str]:
    """Remove what runs made of these rounds, the run before and the work folders included."""
    outputs = root / "outputs"
    with files.folder_lock(outputs, "vvv withdraw"):
        for name in names:
            for folder in (outputs / name, outputs / _WORK / name):
                with files.removing(folder) as place:
                    found = place.is_dir()
                if found:
                    yield folder.relative_to(root).as_posix()


def _published(root: Path, names: list[str], runs: set[int], day: str) -> Iterator[tuple[str, str, str]]:
    """Withdraw the sealed releases of these rounds; what they had given on is told."""
    for sealed in releases(root):
        place = sealed.folder if sealed.folder.is_dir() else files.aside(sealed.folder)
        if sealed.round in names and (place.is_dir() or not sealed.withdrawn):
            yield from _given_on(sealed, place, runs)
            withdraw_release(root, sealed, day)


def _given_on(sealed: Sealed, place: Path, runs: set[int]) -> Iterator[tuple[str, str, str]]:
    for name, sha in sealed.files.items():
        words = bool(runs) and holds_runs(place / name, runs)
        yield f"{RELEASED}/{sealed.folder.name}/{name}", sha, "words" if words else "counted"

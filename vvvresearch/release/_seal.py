"""Sealed releases: folders whose every file is known by its hash, and a log in which every entry holds the hash of the one before."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import DisclosureError, SourceError
from vvvresearch.rounds import list_rounds

RELEASED = "outputs/released"
SEAL = "seal.json"
LOG = "releases.jsonl"
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Sealed:
    """A release that was sealed.

    Args:
        round: the round.
        folder: where it stands, or stood.
        seal: SHA-256 of its seal.
        files: every file with its SHA-256, as they were sealed.
        withdrawn: the date on which it was withdrawn, "" while it stands.
    """

    round: str
    folder: Path
    seal: str
    files: Mapping[str, str]
    withdrawn: str = ""


def seal(root: Path, round_id: str, content: Path, about: Mapping[str, Any]) -> Sealed:
    """Seal a folder and write it into the log of its round.

    Args:
        root: the workspace.
        round_id: the round.
        content: the folder that is sealed; it is copied.
        about: what the seal says of it: verdicts, exceptions, who approved.

    Raises:
        DisclosureError: the log of the round was changed.
        VvvError: the folder cannot be written.
    """
    entries = read_log(root, round_id)
    number = 1 + sum(entry["event"] == "released" for entry in entries)
    folder = root / RELEASED / f"{round_id}-{number:03d}"
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    with files.staged_folder(folder) as stage:
        shutil.copytree(content, stage, dirs_exist_ok=True)
        hashes = _hashes(stage)
        files.write_json(stage / SEAL, {"schema_version": SCHEMA_VERSION, "round": round_id, "date": today, "files": hashes, **about})
        sealed = Sealed(round_id, folder, files.hash_file(stage / SEAL), hashes)
        for path in stage.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o444)
    try:
        _append(root, round_id, entries, {"event": "released", "date": today, "folder": folder.name, "seal": sealed.seal, "files": hashes})
    except BaseException:
        # What no log names is no release.
        with files.removing(folder):
            pass
        raise
    return sealed


def releases(root: Path, round_id: str = "") -> list[Sealed]:
    """The releases of a workspace, or of one round, in the order of their logs.

    Raises:
        DisclosureError: a log was changed.
    """
    found: dict[tuple[str, str], Sealed] = {}
    for name in [round_id] if round_id else list_rounds(root):
        for entry in read_log(root, name):
            key = name, entry["folder"]
            if entry["event"] == "released":
                found[key] = Sealed(name, root / RELEASED / entry["folder"], entry["seal"], entry["files"])
            else:
                old = found[key]
                found[key] = Sealed(name, old.folder, old.seal, old.files, entry["date"])
    return list(found.values())


def withdraw_release(root: Path, sealed: Sealed, day: str) -> None:
    """Remove a sealed folder and say so in the log; what had been given on stays listed there by name and hash.

    Either both are done or neither. Of a release that the log calls withdrawn, what could not be removed then is removed now.

    Raises:
        DisclosureError: the log of the round was changed.
        VvvError: the log cannot be written.
    """
    entries = read_log(root, sealed.round)
    about = {"event": "withdrawn", "date": day, "folder": sealed.folder.name, "seal": sealed.seal, "files": {}}
    with files.removing(sealed.folder) as place:
        for path in place.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)  # not every system removes what may not be written
        if not sealed.withdrawn:
            _append(root, sealed.round, entries, about)


def changes(sealed: Sealed) -> list[str]:
    """What is no longer as it was sealed, file by file; nothing where all is."""
    place = sealed.folder / SEAL
    if not place.is_file():
        return [f"{RELEASED}/{sealed.folder.name}: the sealed folder or its seal is gone"]
    where = f"{RELEASED}/{sealed.folder.name}"
    found = [] if files.hash_file(place) == sealed.seal else [f"{where}/{SEAL}: the seal was changed"]
    now = _hashes(sealed.folder)
    found += [f"{where}/{name}: missing" for name in sealed.files if name not in now]
    found += [f"{where}/{name}: changed" for name, sha in sealed.files.items() if name in now and now[name] != sha]
    found += [f"{where}/{name}: was not there" for name in now if name not in sealed.files]
    return found


def read_log(root: Path, round_id: str) -> list[dict[str, Any]]:
    """The log of a round, each entry checked against the one before.

    Raises:
        DisclosureError: an entry was changed, taken out or put in.
    """
    path = root / "rounds" / round_id / LOG
    if not path.is_file():
        return []
    entries: list[dict[str, Any]] = []
    previous = ""
    for number, line in enumerate(files.read_text(path).splitlines(), start=1):
        try:
            entry = json.loads(line)
            told = entry.pop("hash")
            right = entry["previous"] == previous and told == _hash(entry)
        except (ValueError, KeyError, TypeError, AttributeError):
            right, told, entry = False, "", {}
        if not right:
            why = "each entry holds the hash of the one before, and this one does not fit"
            raise DisclosureError("the log of releases was changed", where=f"{path}, line {number}", why=why)
        previous = told
        entries.append({**entry, "hash": told})
    return entries


def _append(root: Path, round_id: str, entries: list[dict[str, Any]], entry: dict[str, Any]) -> None:
    whole = {**entry, "previous": entries[-1]["hash"] if entries else ""}
    lines = [json.dumps(one, sort_keys=True, ensure_ascii=False) for one in (*entries, {**whole, "hash": _hash(whole)})]
    files.write_text(root / "rounds" / round_id / LOG, "\n".join(lines) + "\n")


def _hash(entry: Mapping[str, Any]) -> str:
    bare = {name: value for name, value in entry.items() if name != "hash"}
    return files.content_hash(json.dumps(bare, sort_keys=True, ensure_ascii=False).encode())


def _hashes(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    if links := [path for path in paths if path.is_symlink()]:
        raise SourceError("a link stands in a folder that is sealed", where=links[0])
    return {path.relative_to(folder).as_posix(): files.hash_file(path) for path in paths if path.name != SEAL or path.parent != folder}

"""Evidence that is read once for several processes: the parent of warm kernels reads it, each kernel notes it when it uses it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import VvvError
from vvvresearch.rounds._find import load_spec
from vvvresearch.rounds._sources import read_source
from vvvresearch.rounds._spec import Source


@dataclass(frozen=True)
class Preloaded:
    """One source's evidence, the definition it was read by and the files it was read from."""

    evidence: Any
    source: Source
    reads: Mapping[Path, files.Read]


_READY: dict[tuple[Path, str, str], Preloaded] = {}


def preload(root: str, *round_ids: str) -> None:
    """Read every source of rounds, for processes that are forked from this one. What cannot be read is left for them to tell.

    Args:
        root: the workspace.
        round_ids: the rounds.
    """
    folder = Path(root).resolve()
    for name in round_ids:
        try:
            spec = load_spec(folder, name)
        except VvvError:
            continue
        for source in spec.sources:
            if source.type == "documentary":
                continue
            try:
                with files.recording() as reads, warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    evidence = read_source(folder, spec, source)
            except VvvError:
                continue
            _READY[folder, name, source.id] = Preloaded(evidence, source, dict(reads))


def preload_sheets(root: str, *round_ids: str) -> None:
    """Read every source of rounds, and count once what the sheets of all their municipalities rest on.

    Args:
        root: the workspace.
        round_ids: the rounds.
    """
    from vvvresearch.rounds._round import Round

    preload(root, *round_ids)
    folder = Path(root).resolve()
    for name in round_ids:
        try:
            Round(load_spec(folder, name), folder).municipality_sheet()
        except VvvError:
            continue


def preloaded(root: Path, round_id: str, source: Source) -> Any:
    """A source's evidence where it was read before this process was forked, else None; its files are noted as read now."""
    found = _READY.get((root, round_id, source.id))
    if found is None or found.source != source:
        return None
    for path, read in found.reads.items():
        files.note_read(path, read.sha256, read.size)
    return found.evidence

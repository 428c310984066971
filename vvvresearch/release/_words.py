"""Whose words stand in a file: runs of words that a person said, looked for in every text that the file can show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import SourceError, VvvError
from vvvresearch.evidence import SOURCE_TYPES
from vvvresearch.privacy import TEXT_FILES, file_texts

if TYPE_CHECKING:
    from vvvresearch.rounds import Round

RUN = 8
_WORD = re.compile(r"[^\W_]+")
_PARTS = ("frame", "nodes", "links", "passages", "memos", "answers")
_ESCAPE = re.compile(r"\\([^\w\s]|_)|[\u00ad\u200b-\u200f\u2060\ufeff]")


def words_of(text: str) -> list[str]:
    """The words of a text without case, signs and marks of layout: the same whether it stands in a table, a page or a PDF."""
    return _WORD.findall(unicodedata.normalize("NFC", _ESCAPE.sub(lambda match: match[1] or "", text)).casefold())


def runs_of(texts: Iterable[str], length: int = RUN) -> set[int]:
    """What every run of so many words is known by."""
    found: set[int] = set()
    for text in texts:
        words = words_of(text)
        found.update(hash(tuple(words[start : start + length])) for start in range(len(words) - length + 1))
    return found


def shown_texts(path: Path) -> Iterator[str]:
    """The texts of a file; a table is read as it stands, and so is a file whose kind is not known, if it is text.

    Raises:
        SourceError: nothing of it can be read.
    """
    if path.suffix.lower() in TEXT_FILES and path.suffix.lower() not in (".csv", ".tsv"):
        yield from (piece.text for piece in file_texts(path, by_cell=False))
    elif b"\0" not in (data := files.read_bytes(path)):
        yield data.decode("utf-8", "replace")


def holds_runs(path: Path, runs: Collection[int], length: int = RUN, *, unread: bool = True) -> bool:
    """Whether one of the runs stands in a file; a file that cannot be read is taken to hold one, or as `unread` says."""
    try:
        return any(not runs_of([text], length).isdisjoint(runs) for text in shown_texts(path))
    except SourceError:
        return unread


def said(evidence: Any) -> set[str]:
    """Every text of at least a few words that evidence holds."""
    found = {str(text) for text in part_of(evidence, "texts", {}).values()}
    for name in _PARTS:
        frame = part_of(evidence, name)
        if frame is None or not hasattr(frame, "columns"):
            continue
        for column in frame.columns:
            found |= {value for value in frame[column] if isinstance(value, str) and value.count(" ") >= 2}
    return found


def part_of(evidence: Any, name: str, default: Any = None) -> Any:
    """A part of evidence that has one of this name; nothing is guessed for one that has not, which takes its time."""
    held = name in getattr(evidence, "__dict__", ()) or hasattr(type(evidence), name)
    return getattr(evidence, name, default) if held else default


def refused_runs(opened: Round) -> set[int]:
    """The runs of words of those who refused that nobody else has said too."""
    gone, kept = _gone_and_kept(opened)
    theirs = runs_of(gone - kept)
    return theirs - runs_of(kept) if theirs else theirs


def _gone_and_kept(opened: Round) -> tuple[set[str], set[str]]:
    """The texts of the sources that belong to persons as the files have them, and of all sources as they are read."""
    gone: set[str] = set()
    kept: set[str] = set()
    for source in opened.spec.sources:
        if source.type == "documentary":
            continue
        try:
            if SOURCE_TYPES[source.type].whose:
                gone |= said(opened.as_read(source.id))
            kept |= said(opened.read(source.id))
        except VvvError:
            continue
    return gone, kept

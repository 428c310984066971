"""Whose words stand in a file: runs of words that a person said, looked for in every text that the file can show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import SourceError, VvvError
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
    """The texts of a file; of one whose kind is not known, what it holds if that is text.

    Raises:
        SourceError: nothing of it can be read.
    """
    if path.suffix.lower() in TEXT_FILES:
        yield from (piece.text for piece in file_texts(path))
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
    found = {str(text) for text in getattr(evidence, "texts", {}).values()}
    for name in _PARTS:
        frame = getattr(evidence, name, None)
        if frame is None or not hasattr(frame, "columns"):
            continue
        for column in frame.columns:
            found |= {value for value in frame[column] if isinstance(value, str) and value.count(" ") >= 2}
    return found


def refused_texts(opened: Round) -> set[str]:
    """What people said who have withdrawn or refused analysis: in the files, and in nothing that is read."""
    gone: set[str] = set()
    kept: set[str] = set()
    for source in opened.spec.sources:
        if source.type == "documentary":
            continue
        try:
            gone |= said(opened.as_read(source.id))
            kept |= said(opened.read(source.id))
        except VvvError:
            continue
    return gone - kept


def refused_runs(opened: Round) -> set[int]:
    """The runs of words of those who refused that nobody else has said too."""
    gone = refused_texts(opened)
    if not gone:
        return set()
    kept: set[str] = set()
    for source in opened.spec.sources:
        if source.type != "documentary":
            try:
                kept |= said(opened.read(source.id))
            except VvvError:
                continue
    return runs_of(gone) - runs_of(kept)

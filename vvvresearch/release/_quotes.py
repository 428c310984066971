"""Quotes and words that outputs show: whose they are, whether they may be shown, and who approved them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import AnalysisError, SourceError, VvvError
from vvvresearch.evidence import SOURCE_TYPES
from vvvresearch.privacy import TEXT_FILES, file_texts
from vvvresearch.rounds import APPROVALS, Round
from vvvresearch.themes import quote_hash, quote_id

if TYPE_CHECKING:
    from vvvresearch.rounds import Round


_LEAST = 4  # fewer words are no quote but a turn of phrase
_COLUMNS = ("quote_id", "hash", "approver", "date")


@dataclass(frozen=True)
class ShownQuote:
    """Words of a person that an output shows.

    Args:
        quote_id, hash: what the quote is known by, and what an approval is given for.
        text, speaker: the words and what is said of who speaks.
        may_be_quoted: whether the person consented to being quoted.
        approver: who approved it; "" nobody.
        lapsed: whether it was approved once and changed since.
        files: where it stands.
        ids: other ids of the same passage, under other themes.
    """

    quote_id: str
    hash: str
    text: str = field(repr=False)
    speaker: str = field(repr=False)
    may_be_quoted: bool
    approver: str = ""
    lapsed: bool = False
    files: tuple[str, ...] = ()
    ids: frozenset[str] = frozenset()

    @property
    def waits(self) -> bool:
        """Whether it needs an approval that it has not: notebooks are not sealed, and what stands there alone goes out to nobody."""
        return self.may_be_quoted and not self.approver and not self.place.endswith(".ipynb")

    @property
    def place(self) -> str:
        """The first file where it stands, one that goes out before a notebook."""
        return min(self.files, key=lambda name: name.endswith(".ipynb"), default="")


def shown_quotes(opened: Round, texts: Mapping[str, Collection[str]]) -> list[ShownQuote]:
    """The words of persons that stand in outputs.

    Args:
        opened: the round.
        texts: by file, the texts that it can show.
    """
    bank = list(_bank(opened))
    # By their first words, so that a text is gone through once.
    wanted: dict[tuple[str, ...], list[tuple[tuple[str, ...], int]]] = {}
    # What somebody has said who may be quoted gives nobody else away.
    lengths = {min(len(words_of(quote.text)), RUN) for quote in bank if not quote.may_be_quoted}
    free = {run for quote in bank if quote.may_be_quoted for length in lengths for run in _runs(quote.text, length)}
    for number, quote in enumerate(bank):
        length = min(len(words_of(quote.text)), RUN)
        # A long quote is found by any of its runs: it may be shortened, and it may go on over a page.
        for run in _runs(quote.text, length) if length >= _LEAST else ():
            if quote.may_be_quoted or run not in free:
                wanted.setdefault(run[:_LEAST], []).append((run, number))
    found: dict[int, set[str]] = {}
    for name, parts in texts.items():
        for part in parts:
            words = words_of(part)
            for start in range(len(words) - _LEAST + 1):
                for run, number in wanted.get(tuple(words[start : start + _LEAST]), ()):
                    if tuple(words[start : start + len(run)]) == run:
                        found.setdefault(number, set()).add(name)
    given = _given(opened)
    return _once(_with_approval(bank[number], tuple(sorted(places)), given) for number, places in sorted(found.items()))


def _runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    words = words_of(text)
    return (tuple(words[start : start + length]) for start in range(len(words) - length + 1))


def _once(quotes: Iterable[ShownQuote]) -> list[ShownQuote]:
    """The same words of the same question, given by several, are one quote."""
    found: dict[tuple[str, str, bool], ShownQuote] = {}
    for one in quotes:
        key = one.quote_id, one.hash, one.may_be_quoted
        before = found.get(key)
        found[key] = one if before is None else replace(before, files=tuple(sorted({*before.files, *one.files})))
    return list(found.values())


def approve(opened: Round, quotes: Collection[ShownQuote], approver: str, day: str) -> int:
    """Write approvals into the round's table; an earlier approval of the same quote is replaced.

    Returns:
        How many were approved.
    """
    path = opened.path.with_name(APPROVALS)
    table = opened.approvals
    rows = {} if table is None else {row["quote_id"]: [row[name] for name in _COLUMNS] for row in table.to_dict("records")}
    rows |= {quote.quote_id: [quote.quote_id, quote.hash, approver, day] for quote in quotes}
    files.write_text(path, files.rows_text([_COLUMNS, *(rows[name] for name in sorted(rows))]))
    return len(quotes)


def _given(opened: Round) -> dict[str, tuple[str, str]]:
    table = opened.approvals
    return {} if table is None else {row["quote_id"]: (row["hash"], row["approver"]) for row in table.to_dict("records")}


def _with_approval(quote: ShownQuote, places: tuple[str, ...], given: Mapping[str, tuple[str, str]]) -> ShownQuote:
    known = [given[one] for one in sorted({quote.quote_id, *quote.ids}) if one in given]
    approver = next((who for sha, who in known if sha == quote.hash), "")
    return ShownQuote(
        quote.quote_id,
        quote.hash,
        quote.text,
        quote.speaker,
        quote.may_be_quoted,
        approver,
        bool(known) and not approver,
        places,
        quote.ids,
    )


def _bank(opened: Round) -> Iterator[ShownQuote]:
    """Everything that persons said in the round's sources, passage by passage."""
    if opened.has("codings") and opened.has("interviews"):
        yield from _passages(opened)
    for source in opened.spec.sources:
        if source.type in ("codings", "interviews", "documentary", "published"):
            continue
        try:
            evidence = opened.read(source.id)
        except VvvError:
            continue
        for name in ("links", "passages"):
            frame = part_of(evidence, name)
            if frame is None:
                continue
            column = "quote" if "quote" in frame else "text"
            for row in frame.to_dict("records"):
                if row.get(column):
                    speaker = " ".join(str(row.get(key, "")) for key in ("case", "perspective", "source"))
                    yield _other(source.id, str(row[column]), speaker, bool(row.get("quotable", True)))
    yield from _open_answers(opened)


def _passages(opened: Round) -> Iterator[ShownQuote]:
    try:
        bank = opened.quotes(shortest=1, longest=10**9, coder=None).frame.to_dict("records")
    except AnalysisError:
        bank = []  # passages that no transcript proves are no quotes of the package; who types one needs an approval all the same
    places: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in bank:
        places.setdefault((row["source"], row["start"], row["end"]), []).append({str(name): value for name, value in row.items()})
    for rows in places.values():
        first = rows[0]
        speaker = ", ".join(str(first[name]) for name in ("pseudonym", "role", "age_band") if first[name])
        ids = frozenset(row["quote_id"] for row in rows)
        yield ShownQuote(min(ids), first["hash"], first["text"], speaker, True, ids=ids)
    # Passages of those who may not be quoted are looked for too: they must stand nowhere.
    shown = {(row["source"], row["start"], row["end"]) for rows in places.values() for row in rows}
    for row in opened.codings.frame.to_dict("records"):
        key = row["source"], row["start"], row["end"]
        if key not in shown and row["text"]:
            shown.add(key)
            yield _other(str(row["source"]), str(row["text"]), "", str(row["source"]) not in opened.consent.silent_sources)


def _open_answers(opened: Round) -> Iterator[ShownQuote]:
    for name in opened.surveys:
        answers = opened.open_answers(name)
        if answers:
            for row in answers.frame.to_dict("records"):
                yield _other(name, str(row["text"]), str(row.get("item", "")), True)


def _other(source: str, text: str, speaker: str, may_be_quoted: bool) -> ShownQuote:
    return ShownQuote(quote_id(source, 0, len(text), text), quote_hash(source, text, speaker), text, speaker, may_be_quoted)


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

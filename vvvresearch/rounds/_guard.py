"""The guard before real data: every text of a round's files is scanned once, direct identifiers stop, names wait for a decision."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch._version import __version__
from vvvresearch.errors import DisclosureError, SourceError, VvvError
from vvvresearch.evidence import READINGS, read_programme
from vvvresearch.privacy import TEXT_FILES, Finding, Piece, scan_file, scan_pieces, scan_text
from vvvresearch.rounds._find import APPROVALS, DECISIONS, DEFINITION
from vvvresearch.rounds._spec import RoundSpec, Source
from vvvresearch.sources import is_template, template_tables

if TYPE_CHECKING:
    import pandas as pd

# What names a person by itself stops; names and rare stories may be harmless and are for people to decide.
DIRECT = frozenset(("CPR", "PHONE", "EMAIL", "ADDRESS", "DOB", "PLATE", "ID"))
# What names or reaches a person, so that no message repeats it; of names only those that are sure.
REACHES = frozenset(("CPR", "PHONE", "EMAIL", "ADDRESS", "DOB", "PLATE", "PERSON"))
_SENTENCE, _CERTAIN = re.compile("»([^«]*)«|“([^”]*)”"), 0.85
SCANS = Path("outputs", ".work", "scans")
# English words that are names too: in a text that is half or wholly English they name nobody.
ENGLISH_WORDS = ("April", "May", "June", "August", "Will", "Mark", "Grant", "Art", "Christmas")
# A decision written into the definition changes nothing that was decided on.
_DECISIONS = re.compile(r"\s*^\[\[(?:accepted|may_stand)\]\][^\n]*(?:\s*^[ \t]*\w+[ \t]*=[^\n]*)*", re.M)
# The one guess that holds in English too: there as well only names are written so within a sentence.
_CAPITAL = "capitalised word that is no Danish word"
_LISTED = 12
_SIGNED = re.compile(r"""\.signed\b[^}\n]*?\bby=(?:["']([^"'}\n]+)["']|([^\s"'}]+))""")


@dataclass(frozen=True)
class Trace:
    """A place of a round's files where something may identify a person; it never says what.

    Args:
        file: relative to the workspace; a name that itself identifies somebody is not repeated.
        where: line, row and column, or part, in words.
        kind: as `scan_text` calls it.
        confidence: 0 to 1.
        rule: what spoke for it.
        content: what the file's content is known by; a decision holds for this content only.
    """

    file: str
    where: str
    kind: str
    confidence: float
    rule: str
    content: str

    @property
    def direct(self) -> bool:
        """Whether it identifies a person by itself."""
        return self.kind in DIRECT

    @property
    def what(self) -> str:
        """The sentence by which it is told, and accepted in the definition."""
        return f"{self.kind} stands in {self.file}, {self.where} (content {self.content})"


def traces(root: Path, spec: RoundSpec) -> list[Trace]:
    """What may identify a person in the files of a round's real sources, and in its own texts.

    Each content is scanned once: what was found is kept, without the words, below `outputs/.work/scans`.

    Args:
        root: the workspace.
        spec: the round's definition. A round or source that is published, reconstructed or synthetic has nobody to protect.
    """
    real = spec.real_sources
    if not real:
        return []
    allowed = allowed_names(root, spec)
    found: list[Trace] = []
    # What a map leaves out of a file, the columns of names and addresses first of all, is never read and can be shown nowhere.
    mapped = {root / source.path: source for source in real if source.map}
    listed = dict.fromkeys(_files_of(root, spec, real))
    for path in listed:
        try:
            rows = _scanned(root, spec, path, allowed, mapped.get(path))
        except VvvError:
            continue  # what cannot be read is told by its reader
        name = path.relative_to(root).as_posix()
        if any(row["where"] == "file name" for row in rows):
            name = f"{path.parent.relative_to(root).as_posix()}/(a {path.suffix} file whose name is not repeated here)"
        found += [Trace(name, **row) for row in rows]
    # What lies beside a source is not read, but whoever opens the folder reads what it is called.
    folders = {path.parent for path in listed}
    for beside in sorted({one for folder in folders for one in folder.iterdir() if one.is_file()} - set(listed)):
        for one in scan_text(beside.stem.replace("_", " "), allowed=allowed):
            if one.kind in DIRECT:
                name = f"{beside.parent.relative_to(root).as_posix()}/(a {beside.suffix} file whose name is not repeated here)"
                found.append(Trace(name, "file name", one.kind, one.confidence, one.rule, files.hash_file(beside)[:12]))
    return found


def undecided(root: Path, spec: RoundSpec) -> list[Trace]:
    """The traces that nobody has accepted by `[[accepted]]` in the definition, with reason and name."""
    return [one for one in traces(root, spec) if not spec.reason_for(one.what)]


def stop_identifiers(root: Path, spec: RoundSpec) -> None:
    """Refuse a round whose files identify a person directly.

    Raises:
        DisclosureError: the places, and never what stands there.
    """
    # The report's own prose is looked through too: no number of a notebook rests on it.
    with files.unrecorded():
        direct = [one for one in undecided(root, spec) if one.direct]
    if direct:
        rest = f"\n    … and {len(direct) - _LISTED} more" if len(direct) > _LISTED else ""
        raise DisclosureError(
            f"the files of the round {spec.id} identify persons directly",
            where="\n    ".join(one.what for one in direct[:_LISTED]) + rest,
            why="real data are used only without direct identifiers; what was found is not repeated",
            todo='take it out of the file, or accept it in round.toml: [[accepted]] fault = "…", reason = "…", by = "…"',
        )


def _files_of(root: Path, spec: RoundSpec, sources: list[Source]) -> Iterator[Path]:
    for source in sources:
        for place in (root / name for name in source.files):
            if place.exists():
                yield from sorted(_below(place)) if place.is_dir() else (place,)
    yield from sorted(_below(root / "rounds" / spec.id))


def _below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() in TEXT_FILES and not path.name.startswith("."))


def _scanned(root: Path, spec: RoundSpec, path: Path, allowed: tuple[str, ...], mapped: Source | None) -> list[dict[str, Any]]:
    """What was found in a file, from an earlier scan of the same content where there was one."""
    if path.suffix.lower() not in TEXT_FILES:
        return []
    content = _content(path)
    if _half_english(path):
        allowed = (*allowed, *ENGLISH_WORDS)
    # The name is scanned too, and what may stand and what is looked for changes what is found.
    by_map = files.hash_file(root / mapped.map) if mapped is not None and (root / mapped.map).is_file() else ""
    known = "\n".join((files.hash_file(path), by_map, path.name, scanner(), *allowed)).encode()
    kept = root / SCANS / f"{files.content_hash(known)[:32]}.json"
    if kept.is_file():
        try:
            rows = files.read_json(kept)
            if isinstance(rows, list):
                return rows
        except SourceError:
            pass
    rows = [
        {"where": _repeatable(where), "kind": one.kind, "confidence": one.confidence, "rule": one.rule, "content": content[:12]}
        for where, one in _found_in(root, spec, path, allowed, mapped)
        if not _is_idle(one, path, spec) and not (where.startswith("heading ") and _is_guess(one))
    ]
    rows = list({tuple(row.items()): row for row in rows}.values())
    keep_scan(kept, rows)
    return rows


def _found_in(root: Path, spec: RoundSpec, path: Path, allowed: tuple[str, ...], mapped: Source | None) -> list[tuple[str, Finding]]:
    """What is found in a file, of one with a map and of a filled template in the tables that it becomes."""
    from vvvresearch.rounds._sources import mapped_tables

    try:
        tables = {} if mapped is None else mapped_tables(root, spec, mapped)
        filled = template_tables(path) if not tables and is_template(path) else {}
    except VvvError:
        tables, filled = {}, {}  # a map that no longer fits leaves nothing out
    if filled:
        # Its headings, explanations and lists are the package's own words: names are looked for in what was filled in.
        whole = [(where, one) for where, one in scan_file(path, allowed=allowed) if one.kind != "PERSON"]
        return whole + [(where, one) for where, one in _found_in_tables(filled, allowed) if one.kind == "PERSON"]
    if not tables:
        return scan_file(path, allowed=allowed)
    found = [("file name", one) for one in scan_text(path.stem.replace("_", " "), allowed=allowed) if one.kind in DIRECT]
    found += _found_in_tables(tables, allowed)
    # A category is one word of a few, and "Gul" is a colour there before it is a name.
    coded = mapped is not None and mapped.type == "categories"
    return [
        (where, one)
        for where, one in found
        if not (coded and where.endswith(", category") and one.rule == "known name that is also a word")
    ]


def _found_in_tables(tables: Mapping[str, pd.DataFrame], allowed: tuple[str, ...]) -> list[tuple[str, Finding]]:
    pieces = (
        # The id of an item is no heading that says what an answer is; behind "kendskab_hos" every code would seem a name.
        Piece(f"row {row}, {column}", text)
        if name == "answers"
        else Piece(f"row {row}, {column}", f"{column}: {text}", len(str(column)) + 2)
        for name, frame in tables.items()
        for column in frame.columns
        for row, text in zip(frame.index, frame[column].fillna("").astype(str), strict=True)
        if text
    )
    return scan_pieces(pieces, allowed=allowed)


def _is_idle(one: Finding, path: Path, spec: RoundSpec) -> bool:
    """Whether a finding says no more than that a word is no Danish one, in a file that is half English or a round that is not Danish."""
    return _is_guess(one) and (_half_english(path) or (spec.languages[0] != "da" and one.rule != _CAPITAL))


def _is_guess(one: Finding) -> bool:
    """Whether nothing but an unknown word speaks for a name."""
    return one.kind == "PERSON" and one.rule != "known name"


def _half_english(path: Path) -> bool:
    return path.suffix in (".toml", ".yaml") or ".en." in path.name


def _content(path: Path) -> str:
    """What the content of a file is known by in decisions."""
    if path.name != DEFINITION:
        return files.hash_file(path)
    return files.content_hash(_DECISIONS.sub("", files.read_text(path)).strip().encode())


def _repeatable(where: str) -> str:
    """A place in words; a heading in it that may be somebody's name or words is left out."""
    from vvvresearch.privacy import scan_text

    return where if len(where) < 80 and not scan_text(where) else where.split(", ")[0][:40]


def keep_scan(path: Path, rows: Any) -> None:
    """Keep what a scan found, for nobody else to read."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        files.write_json(path, rows)
    except (OSError, VvvError):
        return  # a workspace that cannot be written is scanned again


@cache
def scanner() -> str:
    """What the recogniser is known by: a scan of an earlier one is no scan."""
    folder = Path(__file__).parent.parent / "privacy"
    return __version__ + files.folder_hash(folder)


def _signed(root: Path, spec: RoundSpec) -> set[str]:
    """Who approved quotes, proposed and reviewed decisions on codings, signed words of a report or read them beside their questions."""
    folder = root / "rounds" / spec.id
    names: set[str] = set()
    try:
        for table, who in ((APPROVALS, "approver"), (READINGS, "by")):
            names |= set(files.read_csv(folder / table)[who]) if (folder / table).is_file() else set()
        if (folder / DECISIONS).is_file():
            told = map(json.loads, files.read_text(folder / DECISIONS).splitlines())
            names |= {str(part["by"]) for line in told for part in line.values() if isinstance(part, dict) and "by" in part}
        for written in (*folder.glob("*.qmd"), *folder.glob("*.toml")):
            names |= {found[1] or found[2] for found in _SIGNED.finditer(files.read_text(written))}
    except (VvvError, KeyError, ValueError, AttributeError):
        pass  # told by what reads them
    return names


def allowed_names(root: Path, spec: RoundSpec) -> tuple[str, ...]:
    """Names that may stand: pseudonyms of the register, the programme's organisations, the round's places, and what its definition says."""
    names = {one.name for one in spec.may_stand}
    programme = read_programme(root)
    names |= set(programme.organisations) | {part for words in programme.organisations.values() for part in (words.da, words.en)}
    names |= {programme.name.da, programme.name.en, *spec.front_matter.authors}
    # Who answers for a decision or a quote is named with it.
    names |= {one.by for one in spec.may_stand} | {one.by for one in spec.accepted} | _signed(root, spec)
    for source in spec.sources:
        if source.type != "interviews":
            continue
        try:
            frame = files.read_workbook(root / source.path) if source.path.endswith(".xlsx") else files.read_csv(root / source.path)
        except VvvError:
            continue
        for column in frame.columns:
            if str(column).strip().casefold() in ("pseudonym", "dæknavn"):
                names |= {str(value).strip() for value in frame[column]}
    if spec.municipalities and (root / spec.municipalities).is_file():
        table = files.read_csv(root / spec.municipalities)
        names |= set(table["name"]) if "name" in table else set()
    return tuple(sorted(names - {""}))


def sentences_unnamed(words: str, allowed: Collection[str] | None) -> str:
    """A message in which no sentence of an author names somebody.

    Args:
        words: the message; sentences stand between » and «.
        allowed: names that may stand; None where the data are nobody's.
    """
    return words if allowed is None else _SENTENCE.sub(lambda match: _unnamed(match, allowed), words)


def _unnamed(match: re.Match[str], allowed: Collection[str]) -> str:
    """A sentence as it is told: one that names somebody by its hash, so that it can be accepted all the same; its words by nothing."""
    sentence = match[1] or match[2] or ""
    found = scan_text(sentence, allowed=allowed)
    if not any(one.kind in REACHES and (one.kind != "PERSON" or one.confidence >= _CERTAIN) for one in found):
        return match[0]
    return f"»… {files.content_hash(sentence.encode())[:8]}«" if match[1] else "“…”"

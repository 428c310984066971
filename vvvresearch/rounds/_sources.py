"""Reading one source of a round: which reader serves which type, with the round's kind and municipalities; once for several processes."""

from __future__ import annotations

import dataclasses
import datetime
import inspect
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch import files
from vvvresearch.errors import Failure, RoundError, SchemaError, SourceError, VvvError, did_you_mean
from vvvresearch.evidence import (
    SEPARATOR,
    SOURCE_TYPES,
    Codebook,
    Codings,
    Interviews,
    Loss,
    Losses,
    Questionnaire,
    Register,
    Survey,
    by_document,
    code_failures,
    combine,
    documents_of,
    joined,
    municipalities,
    read_programme,
    read_questionnaire,
)
from vvvresearch.kinds import DataKind, combined_kind, marked_kind
from vvvresearch.rounds._find import load_spec
from vvvresearch.rounds._spec import RoundSpec, Source
from vvvresearch.sources import TypedTable, read_published

if TYPE_CHECKING:
    from vvvresearch.intake import Normalised, Settled

# So many of the transcripts have to be somebody's.
_NEARLY_ALL = 0.9


def read_source(root: Path, spec: RoundSpec, source: Source, *, changed: bool = False) -> Any:
    """The evidence of one source; where that is allowed, of a file that was changed after it was taken in too.

    Raises:
        RoundError: its file or folder is not there, or the source is only described.
        SourceError, SchemaError: what the reader found wrong.
    """
    if source.type == "documentary":
        raise RoundError(f"the source {source.id} is only described, there is nothing to read", where=f"rounds/{spec.id}/round.toml")
    evidence = _read(root, spec, source, changed)
    if source.type in ("matches", "offers") and spec.seen_until and "as_of" not in evidence.frame.columns:
        # What has no end in an extract without a date was going on when the round's registers were drawn.
        evidence = dataclasses.replace(evidence, frame=evidence.frame.assign(as_of=spec.seen_until))
    if source.type == "interviews":
        evidence = _completed(spec, source, evidence)
    # Evidence is named by its place in the workspace, so that two machines print the same source.
    return dataclasses.replace(evidence, origin=source.path) if hasattr(evidence, "origin") else evidence


def _completed(spec: RoundSpec, source: Source, register: Interviews) -> Interviews:
    """A register with what its round knows: the wave where no row has one, and each interview as its own transcript where none is named."""
    codings = [one for one in spec.sources if one.type == "codings"]
    frame = register.frame
    if spec.wave and (frame["wave"] == "").all():
        frame = frame.assign(wave=spec.wave)
    if codings and (frame["source"] == "").all():
        frame = frame.assign(source=frame["interview"])
    if source.documents:
        frame = by_document(frame, source.documents)
    return dataclasses.replace(register, frame=frame, of_codings=any(one.path == source.path for one in codings))


def _read(root: Path, spec: RoundSpec, source: Source, changed: bool) -> Any:
    path = place_of(root, spec, source, source.path)
    taken = _taken(root, spec, source, path, changed)
    evidence = _of_taken(root, spec, source, taken)
    if hasattr(type(evidence), "ROWS") and isinstance(taken.file, TypedTable):
        evidence.rows.attrs |= taken.file.frame.attrs
    return evidence


def _of_taken(root: Path, spec: RoundSpec, source: Source, taken: _Taken) -> Any:
    # A file that says its data are not real is not made real by a round that takes it in.
    kind = combined_kind((source.kind or spec.kind, taken.kind))
    if source.type == "survey":
        return _survey(root, spec, source, taken, kind)
    if source.type == "codings":
        codings = _codings(root, spec, source, taken)
        if source.codebook:
            codings = dataclasses.replace(codings, codebook=_codebook(root, spec, source, codings))
        else:
            codings = _under_the_codebook(root, spec, codings)
        return dataclasses.replace(codings, kind=combined_kind((kind, codings.kind)))
    if source.type == "published":
        return read_published(Path(taken.file), kind=source.kind or DataKind.PUBLISHED)
    declared = SOURCE_TYPES[source.type]
    read = _reader(declared.reader)
    numbers = tuple(name for name in dict.fromkeys((*declared.numbers, *source.numbers)) if name not in declared.shares)
    programme = read_programme(root)
    offered = {
        "type": source.type,
        "kind": kind,
        "municipalities": known_municipalities(root, spec),
        "numbers": numbers,
        "shares": declared.shares,
        "groups": tuple(programme.groups),
        "overlaps": source.overlaps,
        "seen_until": spec.seen_until,
        "latest": max(spec.period.end, datetime.datetime.now(datetime.UTC).date()),
        "halves": programme.halves,
    }
    accepted = inspect.signature(read).parameters
    evidence = read(taken.file, **{name: value for name, value in offered.items() if name in accepted})
    own_kind = "kind" not in accepted and dataclasses.is_dataclass(evidence) and hasattr(evidence, "kind")
    return dataclasses.replace(evidence, kind=kind) if own_kind else evidence


@dataclass(frozen=True)
class _Taken:
    """A file as its reader takes it: itself, or the table that its map makes of it; and what the map left out."""

    file: Path | TypedTable
    settled: Settled | None = None
    losses: Losses = field(default_factory=Losses)

    @property
    def kind(self) -> DataKind:
        """What the file said of its data when it was taken in."""
        return DataKind.REAL if self.settled is None else marked_kind(self.settled.this_file.get("data_kind", ""), self.file)


def _taken(root: Path, spec: RoundSpec, source: Source, path: Path, changed: bool) -> _Taken:
    if not source.map:
        return _Taken(path)
    settled, made = _mapped(root, spec, source, path, changed)
    frame = made.frames.get(source.type, next(iter(made.frames.values()), None))
    if frame is None:
        return _Taken(path, settled)
    gone = [] if made.log is None else list(zip(made.log["what"], made.log["why"], strict=True))
    losses = tuple(Loss(f"rows left out: {what}", gone.count((what, why)), source.path, why) for what, why in dict.fromkeys(gone))
    return _Taken(TypedTable(frame, path, nodes=made.frames.get("nodes")), settled, Losses(losses))


def mapped_tables(root: Path, spec: RoundSpec, source: Source) -> dict[str, pd.DataFrame]:
    """The tables that a file with a map becomes, a changed one as far as its map still can; none where its reader takes it as it is.

    Raises:
        RoundError, SourceError, SchemaError: as for `read_source`.
    """
    return _mapped(root, spec, source, place_of(root, spec, source, source.path), changed=True)[1].frames


def _mapped(root: Path, spec: RoundSpec, source: Source, path: Path, changed: bool) -> tuple[Settled, Normalised]:
    """A file's map, and what the file becomes by it."""
    from vvvresearch.intake import normalised, read_map

    settled = read_map(place_of(root, spec, source, source.map), path)
    own = municipalities_of(root, spec) if spec.municipalities else None
    return settled, normalised(path, settled, own, changed=changed)


def _codings(root: Path, spec: RoundSpec, source: Source, taken: _Taken) -> Codings:
    read: Codings = _reader("read_codings")(taken.file, _texts(root, spec, source), meaning=source.meaning or None)
    if taken.settled is None:
        return read
    from vvvresearch.intake import with_decisions

    return with_decisions(read, taken.settled)


def place_of(root: Path, spec: RoundSpec, source: Source, name: str) -> Path:
    """A file or folder that a source names.

    Raises:
        RoundError: it is not there, or leads out of the workspace.
    """
    try:
        path = files.inside(root, name)
    except SourceError as problem:
        where = f"rounds/{spec.id}/round.toml, source {source.id}"
        raise RoundError(problem.what, where=where, why=problem.why, todo=problem.todo) from None
    if not path.exists():
        files.note_missing(path)
        raise RoundError(
            f"the source {source.id} is missing: there is no {name}",
            where=f"rounds/{spec.id}/round.toml",
            todo="put the file there, or correct the path in the round's definition",
        )
    return path


def known_municipalities(root: Path, spec: RoundSpec) -> frozenset[str] | None:
    """The codes that may occur in a round; None stands for the 98."""
    if not spec.municipalities:
        return None
    return frozenset(municipalities_of(root, spec)["code"])


def municipalities_of(root: Path, spec: RoundSpec) -> pd.DataFrame:
    """A round's municipalities: the 98 of Denmark, or the invented ones of its own table.

    Raises:
        RoundError: its table is missing or has no column `code`.
    """
    if not spec.municipalities:
        return municipalities()
    path = files.inside(root, spec.municipalities)
    if not path.exists():
        files.note_missing(path)
        raise RoundError("the table of municipalities is missing", where=path, todo="correct `municipalities` in the round's definition")
    frame = files.read_csv(path)
    missing = [name for name in ("code", "name", "region") if name not in frame.columns]
    if missing:
        raise RoundError(f"the table of municipalities lacks {', '.join(missing)}", where=path)
    for column in ("tile_row", "tile_column"):
        if column in frame.columns:
            frame[column] = pd.to_numeric(frame[column])
    return frame.reset_index(drop=True)


def _reader(name: str) -> Callable[..., Any]:
    """Readers that load much are found only when a round has such a source."""
    reader: Callable[..., Any] = getattr(import_module("vvvresearch.sources"), name)
    return reader


def _survey(root: Path, spec: RoundSpec, source: Source, taken: _Taken, kind: DataKind) -> Survey:
    definition = read_questionnaire(place_of(root, spec, source, source.questionnaire)) if source.questionnaire else None
    survey: Survey = _reader("read_survey")(taken.file, definition)
    survey = dataclasses.replace(survey, losses=survey.losses + taken.losses)
    invited = None
    if source.invited:
        invited = files.read_csv(place_of(root, spec, source, source.invited)).set_index("respondent")
    if definition is not None:
        known = known_municipalities(root, spec)
        own = taken.file.frame.index if isinstance(taken.file, TypedTable) and len(taken.file.frame) == len(survey.answers) else ()
        lines = [int(line) for line in own] or [*range(2, len(survey.answers) + 2)]
        failures = _answer_failures(survey, definition, lines, coded=kind is not DataKind.RECONSTRUCTED, known=known)
        if failures:
            raise SchemaError("the answers do not fit the round", failures, where=taken.file, todo="correct these rows; nothing was read")
    kind = combined_kind((kind, survey.kind))
    return dataclasses.replace(survey, kind=kind, source=source.id, invited=invited if invited is not None else survey.invited)


def _answer_failures(
    survey: Survey, definition: Questionnaire, lines: Sequence[int], *, coded: bool, known: frozenset[str] | None
) -> list[Failure]:
    """Unknown municipalities and items that have no column; respondents that stand twice are refused by the reader."""
    respondents = [str(name) for name in survey.answers.index]
    failures = []
    # Reconstructed respondents are anonymous, so their ids are no municipality codes.
    if coded and definition.frame.unit == "municipality":
        failures += code_failures(zip(lines, respondents, strict=True), known, "respondent")
    columns = [str(name) for name in survey.answers.columns]
    held = {name.partition(":")[0] for name in columns}
    items = {item.id for item in definition.items}
    strange = [name for name in columns if name.partition(":")[0] not in items]
    failures += [
        Failure(None, item.id, "", f"the item has no column; {did_you_mean(item.id, strange or columns)}")
        for item in definition.items
        if item.id not in held and item.missing_reason is None
    ]
    return failures


def _codebook(root: Path, spec: RoundSpec, source: Source, codings: Codings) -> Codebook:
    """The codebook of codings that carry none: with it a code that nobody used is a code too."""
    path = place_of(root, spec, source, source.codebook)
    book: Codebook = _reader("read_codebook")(path)
    unknown = sorted(set(codings.frame["code_path"]) - set(book.paths))
    if unknown:
        failures = [
            Failure(None, "code_path", code, f"the codebook has no such code; {did_you_mean(code, book.paths)}") for code in unknown
        ]
        what = "the codings have codes that the codebook lacks"
        raise SchemaError(what, failures, where=source.path, todo=f"correct the codings, or give these codes a row in {source.codebook}")
    return book


def _under_the_codebook(root: Path, spec: RoundSpec, codings: Codings) -> Codings:
    """Codings whose codes are bare names, under the tree of the round's codebook where it has every one of them once."""
    books = [source for source in spec.sources if source.type == "codebook"]
    codes = set(codings.frame["code_path"])
    if len(books) != 1 or any(SEPARATOR in code for code in codes):
        return codings
    try:
        book: Codebook = read_source(root, spec, books[0])
    except VvvError:
        return codings  # told where it stands
    named: dict[str, list[str]] = {}
    for path in book.paths:
        named.setdefault(path.rpartition(SEPARATOR)[2], []).append(path)
    paths = {code: code if code in book.paths else named[code][0] for code in codes if code in book.paths or len(named.get(code, ())) == 1}
    if len(paths) < len(codes):
        return codings
    return dataclasses.replace(codings, codebook=book, frame=codings.frame.assign(code_path=codings.frame["code_path"].map(paths)))


def _texts(root: Path, spec: RoundSpec, source: Source) -> Path | None:
    """The folder of transcripts that codings refer to, where the source names one."""
    return place_of(root, spec, source, source.texts) if source.texts else None


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


def preloaded(root: Path, round_id: str, source: Source) -> Any:
    """A source's evidence where it was read before this process was forked, else None; its files are noted as read now."""
    found = _READY.get((root, round_id, source.id))
    if found is None or found.source != source:
        return None
    for path, read in found.reads.items():
        files.note_read(path, read.sha256, read.size)
    return found.evidence


class CalledFrame(pd.DataFrame):
    """A DataFrame; what is made of it is a plain one."""

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return pd.DataFrame

    def __call__(self, which: object = "", /, **values: Any) -> Any:
        """Some of the rows, as of a register; all of them where nothing is asked; `by` a column how many there are of each."""
        found = Register(self)(which, **values)
        return found.frame if isinstance(found, Register) else found


def transcripts_of_persons(parts: Mapping[str, list[Any]]) -> dict[str, list[str]]:
    """Whose interviews the transcripts are, by the codes that they begin with, where the list of those interviewed has one row a person
    and does not say it; empty where it has a row an interview.
    """
    lists = parts.get("interviews", [])
    if len(lists) != 1 or not (lists[0].frame["source"] == lists[0].frame["interview"]).all():
        return {}
    register = lists[0].frame
    codings = joined(combine(parts["codings"]), register)
    names = {*map(str, codings.frame["source"]), *codings.texts}
    found = documents_of(map(str, register["interview"]), names)
    few = sum(map(len, found.values())) < _NEARLY_ALL * len(names)
    return {} if few or names <= {str(one) for one in register["interview"]} else found

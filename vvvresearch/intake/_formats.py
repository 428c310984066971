"""Files that their own reader knows: QDA projects, codebooks, mappings and theories as text, transcripts, filled templates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files, sources
from vvvresearch.errors import SourceError, VvvError
from vvvresearch.evidence import Codings, Losses
from vvvresearch.intake._earlier import answer_by_map
from vvvresearch.intake._fold import fold, slug
from vvvresearch.intake._grid import read_grid
from vvvresearch.intake._map import Map
from vvvresearch.intake._meaning import ask_unregistered, propose_coder, propose_meaning
from vvvresearch.intake._proposal import Draft, Proposal
from vvvresearch.intake._table import find_table
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, text
from vvvresearch.sources import document_text, template_kind, template_tables, template_type

if TYPE_CHECKING:
    import pandas as pd


PROJECTS = (".qdpx", ".qde", ".qda", ".sqlite3", ".sqlite", ".db", ".rqda", ".requal")
TRANSCRIPTS = (".docx", ".txt")
_TEXTS = (*PROJECTS, ".qdc", ".yaml", ".yml", ".toml", ".docx")
KINDS = ("codings", "codebook", "mappings", "configurations", "theory", "ledger", "published", "transcripts")
_UNITS = {"codings": "coding", "mappings": "link", "transcripts": "interview"}
_COLUMNED = 0.8
# What programs save by default and nothing here reads, with what they can save instead.
_SAVED_AS = {
    ".xlsx": (".xls", ".xlsm", ".xlsb", ".numbers"),
    ".docx": (".doc", ".rtf", ".odt", ".pdf", ".pages", ".md"),
    ".qdpx": (".nvp", ".nvpx", ".nvcx", ".mx20", ".mx22", ".mx24", ".mex", ".atlproj", ".atlcb", ".hpr", ".dtse", ".tag"),
    ".sav": (".sas7bdat", ".rds", ".rdata", ".feather", ".parquet"),
}


def how_to_save(ending: str, tables: Sequence[str]) -> str:
    """What to do with a file that nothing reads: the format that its program can save it in, else all that are known.

    Args:
        ending: of the file, with its dot.
        tables: the endings of tables.

    Example:
        >>> how_to_save(".xls", (".csv",))
        'open it in its program and save it as .xlsx'
    """
    better = next((known for known, others in _SAVED_AS.items() if ending in others), None)
    if better is not None:
        return f"open it in its program and save it as {better}"
    return "known are " + " ".join((*PROJECTS, ".qdc", ".yaml", ".docx", *tables))


def own_format(path: Path) -> bool:
    """Whether a file or folder is of a format with a reader of its own, so that nothing about its columns is proposed."""
    ending = path.suffix.casefold()
    return path.is_dir() or ending in _TEXTS or (ending == ".txt" and _is_prose(path))


def _is_prose(path: Path) -> bool:
    """Whether a text has no columns: its lines are not parted alike."""
    lines = [line for line in files.read_text(path, fallback="cp1252").splitlines()[:200] if line.strip()]
    for mark in ";\t|,":
        counts = [line.count(mark) for line in lines]
        common = max(set(counts), key=counts.count, default=0)
        if common and len(lines) > 1 and counts.count(common) >= _COLUMNED * len(lines):
            return False
    return True


def propose_format(
    path: Path, kind: str, round_kind: DataKind, earlier: Map | None, coders: Sequence[str], lang: str,
    registered: Collection[str] = (), *, is_table: bool = False,
) -> Proposal:  # fmt: skip
    """What a file of a known format holds.

    Args:
        path: the file or folder.
        kind: what it is where that was said, else "".
        round_kind: the kind of data of the round.
        earlier: the map of the round before.
        coders: those that the round knows.
        lang: of questions.
        registered: transcripts of interviews that a register of the round holds.
        is_table: whether it is a table of codings as a program exports it.

    Raises:
        SourceError: it cannot be read as anything that is known.
    """
    draft = Draft("en" if lang == "en" else "da")
    found = "codings" if is_table else kind or _kind_of(path)
    draft.kind, draft.unit = found, _UNITS.get(found, "")
    draft.decide("kind", path.name, found, "answer" if kind else "heading+values")
    losses: Losses | None = None
    if found == "codings":
        codings = sources.read_codings(path)
        losses = codings.losses
        draft.tell(_counted(codings, draft))
        propose_meaning(draft, codings, coders)
        propose_coder(draft, codings, path.stem)
        ask_unregistered(draft, Counter(map(str, codings.frame["source"])), registered)
        if earlier is not None:
            answer_by_map(draft, earlier)
    elif found == "codebook":
        book = sources.read_codebook(path)
        losses = book.losses
        draft.tell(text("intake.told_codes", draft.lang, count=len(book.paths)))
    elif found == "mappings":
        losses = sources.read_mappings(path).losses
    elif found == "transcripts":
        draft.tell(text("intake.told_transcripts", draft.lang, count=len(transcripts_in(path))))
    else:
        _READERS[found](path)
    own = draft.this_file | {"data_kind": round_kind.value} | ({"hash": files.hash_file(path.absolute())} if path.is_file() else {})
    told, lost = tuple(draft.told), tuple(_loss_words(losses)) if losses is not None else ()
    decided, asked = tuple(draft.decided.values()), tuple(draft.questions.values())
    mapped = tuple(draft.mapped.values())
    return Proposal(path, found, found, draft.unit, slug(path.stem), decided, asked, told, lost, own, mapped=mapped)


def transcripts_in(path: Path) -> list[Path]:
    """The transcripts in a folder, or the file itself."""
    if path.is_file():
        return [path]
    return sorted(one for one in path.iterdir() if one.suffix.casefold() in TRANSCRIPTS and not one.name.startswith("~$"))


def is_unclear(path: Path) -> bool:
    """Whether texts may be transcripts and may as well be other papers; of a folder, whether none is surely a transcript."""
    if _kind_of(path) != "transcripts":
        return False
    found = transcripts_in(path)
    contents = (document_text(one) if one.suffix.casefold() == ".docx" else files.read_text(one, fallback="cp1252") for one in found)
    return not any(is_transcript(one.stem, content) for one, content in zip(found, contents, strict=True))


def _counted(codings: Codings, draft: Draft) -> str:
    frame = codings.frame
    return text(
        "intake.told_codings",
        draft.lang,
        codings=len(frame),
        sources=frame["source"].nunique(),
        codes=len(codings.codebook.paths),
        coders=len(codings.coders),
    )


_READERS: dict[str, Callable[[Path], object]] = {
    "configurations": sources.read_configurations,
    "theory": sources.read_theory,
    "ledger": sources.read_ledger,
    "published": sources.read_published,
}


def _kind_of(path: Path) -> str:
    """What a file of a known format is, by its ending or by which reader takes it."""
    ending = path.suffix.casefold()
    if path.is_dir():
        return _folder_kind(path)
    if ending in PROJECTS:
        return "codings"
    if ending == ".qdc":
        return "codebook"
    if sources.is_summary(path):
        return "codings"
    if ending in TRANSCRIPTS:
        return "transcripts"
    candidates = ("theory", "ledger") if ending == ".toml" else ("mappings", "configurations")
    problems = []
    for kind in candidates:
        try:
            (sources.read_mappings if kind == "mappings" else _READERS[kind])(path)
            return kind
        except VvvError as problem:
            problems.append(problem)
    raise problems[0]


def _folder_kind(path: Path) -> str:
    if (path / "data.qda").is_file():
        return "codings"
    endings = {one.suffix.casefold() for one in path.iterdir() if one.is_file()}
    if (path / "documents.csv").is_file() and (path / "figures.csv").is_file():
        return "published"
    if endings & {".yaml", ".yml"} or {"nodes.csv", "links.csv"} <= {one.name for one in path.iterdir()}:
        return "mappings"
    if endings & set(TRANSCRIPTS):
        return "transcripts"
    raise SourceError(
        "this folder is of no kind that is known here",
        where=path,
        why="it holds no project, no mappings (.yaml), no transcripts (.docx, .txt)",
        todo="name the files in it one by one",
    )


def _loss_words(losses: Losses) -> list[str]:
    """What kinds of things are lost and how many; their details may hold words of people."""
    counts: dict[str, int] = {}
    for loss in losses:
        counts[loss.what] = counts.get(loss.what, 0) + loss.count
    return [f"{what}: {count}" for what, count in counts.items()]


_CLOCK = r"[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?"
_LABEL = re.compile(rf"(?:{_CLOCK}\s*)?(?P<label>[^\W\d_][\w. -]{{0,24}}?)\s*(?:{_CLOCK})?\s*:(?:\s|$)")
_NAMED = re.compile(
    r".*(interview|samtale|udskrift|trans[ks]).*|[a-z]{0,3}\d{1,3}( ?\d{1,3})?[a-z]?|"
    r"(int|fly|fri|flygtning|frivillig|informant|borger|par|person)\w* ?\d+.*"
)
_PAPER = re.compile(
    r"(moede)?referat( .*)?|.* referat( .*)?|dagsorden( .*)?|minutes( .*)?|agenda( .*)?|til ?stede( .*)?|deltagere( .*)?|afbud( .*)?|"
    r"present|apologies( .*)?|attendees( .*)?|invitation( .*)?|nyhedsbrev( .*)?|newsletter( .*)?|budget( .*)?"
)
_TOP, _TURNS = 12, 2


def is_transcript(stem: str, content: str) -> bool:
    """Whether a text is surely a transcript: its lines are turns of two who talk, or its name says so; and nothing says it is a paper.

    Args:
        stem: its file name without ending.
        content: its text.

    Example:
        >>> is_transcript("V24-03", "I: Hvordan går det?\\nF: Godt.\\nI: Og skolen?\\nF: Den er svær.")
        True
        >>> is_transcript("styregruppe", "Referat 3. maj\\nTil stede: to\\n1. Økonomi\\nBeslutning: godkendt")
        False
    """
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    name = fold(stem)
    if any(_PAPER.fullmatch(fold(line)) for line in lines[:_TOP]) or _PAPER.fullmatch(name):
        return False
    labels = Counter(found["label"].casefold() for line in lines if (found := _LABEL.match(line)))
    turns = sum(count >= _TURNS for count in labels.values()) >= _TURNS
    return turns or _NAMED.fullmatch(name) is not None


def propose_template(path: Path, round_kind: DataKind, units: dict[str, str], lang: Lang) -> Proposal | None:
    """What a filled template is; None for any other file, for answers to a questionnaire, whose questions are one's own, and for goals,
    of which a list never says everything.

    Args:
        path: the file.
        round_kind: the kind of data of the round.
        units: kind → what a row of it is; else a row.
        lang: of what is told.

    Raises:
        SourceError: a template of another version, or one that lost its sheet.
    """
    kind = template_kind(path)
    if kind in ("", "survey", "goals"):
        return None
    draft = Draft(lang)
    draft.decide("kind", path.name, kind, "declared")
    rows = sum(len(table) for table in template_tables(path).values())
    told = (text("intake.told_template", lang, rows=rows),)
    own = {"hash": files.hash_file(path.absolute()), "data_kind": round_kind.value}
    decided = tuple(draft.decided.values())
    return Proposal(path, kind, template_type(kind), units.get(kind, "row"), slug(path.stem), decided, (), told, (), own)


def table_as_it_stands(path: str | Path, sheet: str = "") -> pd.DataFrame:
    """The rows of a file under its own headings, without titles, totals and remarks.

    Args:
        path: CSV, XLSX or SAV; it is only read.
        sheet: the sheet of a workbook; default the one that holds most.

    Returns:
        One row a row of the table, all text; the index is the row of the file.

    Raises:
        SourceError: it cannot be read, or holds no table.

    Example:
        >>> frame = table_as_it_stands("surveys/2021-note/courses.csv")
        >>> int(frame.index[0]), "date" in frame.columns
        (2, True)
    """
    import pandas as pd

    table = find_table(read_grid(Path(path), sheet), path)
    cells = {column.id: list(column.texts) for column in table.columns}
    return pd.DataFrame(cells, index=pd.Index(table.lines, name="line"), dtype=object)

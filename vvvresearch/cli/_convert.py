"""`vvv convert` and `vvv render`: codings, codebooks and surveys, or a staged folder, from one form into another."""

from __future__ import annotations

import re
from pathlib import Path

from vvvresearch.cli._workspace import DONE, UsageError, check_choice, said, say, tell, tell_json
from vvvresearch.evidence import Loss
from vvvresearch.locales import Lang, text

CODINGS = (".qdpx", ".qdc", ".qda", ".sqlite3", ".rqda")
# A table can be either; its header says which.
TABLES = (".csv", ".xlsx")
KINDS = ("codings", "survey")
_ROWS = re.compile(r"row \d+(, row \d+)*")


def convert(source: Path, target: Path, kind: str | None, texts: Path | None, questionnaire: Path | None, lang: Lang = "da") -> int:
    """Convert a file; what the new format cannot carry is said.

    Raises:
        UsageError: neither ending says what is converted.
        SourceError, AnalysisError: the file cannot be read, or not be written so.
    """
    check_choice(kind, "--kind", KINDS)
    if kind is None:
        kind = _kind(source, target)
    if kind == "codings":
        from vvvresearch.sources import convert_codings

        losses = convert_codings(source, target, texts)
    else:
        from vvvresearch.sources import read_survey, write_survey

        survey = read_survey(source, questionnaire)
        write_survey(survey, target)
        losses = survey.losses
    tell(f"{source} → {target}")
    lost = [_lost(loss, lang) for loss in losses]
    say("\n".join((text("commands.convert_lost", lang), *lost)) if lost else said(str(losses), lang))
    return DONE


def _lost(loss: Loss, lang: Lang) -> str:
    # A list of rows is a list of messages.
    parts = (part.split(", ") if _ROWS.match(part) else [part] for part in loss.detail.split("; "))
    detail = "; ".join(", ".join(said(one, lang) for one in part) for part in parts)
    return f"{loss.count} × {said(loss.what, lang)} ({said(loss.where, lang)}){': ' if detail else ''}{detail}"


def _kind(source: Path, target: Path) -> str:
    from vvvresearch.sources import LABELLED

    endings = {source.suffix.lower(), target.suffix.lower()}
    if source.is_dir() or endings & set(CODINGS):
        return "codings"
    if endings & set(LABELLED):
        return "survey"
    known = ", ".join((*CODINGS, *LABELLED, *TABLES))
    if endings <= set(TABLES):
        raise UsageError("a table can hold codings or a survey", where=source, todo="say which: --kind codings or --kind survey")
    raise UsageError(f"formats {' and '.join(sorted(endings))} are not known", where=source, todo=f"known: {known}")


def render_folder(folder: Path, out: Path, engine: str, to: str, as_json: bool) -> int:
    """Render a staged folder; the folder itself is only read.

    Raises:
        UsageError: no such folder, an engine or format that does not exist.
        RenderError: the folder cannot be rendered so; nothing is written then.
    """
    from vvvresearch.reporting import ENGINES, RENDERED, render_staged

    check_choice(engine, "--engine", ENGINES)
    formats = tuple(part.strip() for part in to.split(",") if part.strip())
    for name in formats:
        check_choice(name, "--to", RENDERED)
    if not formats:
        raise UsageError("--to names no format", todo=f"known: {', '.join(RENDERED)}")
    if not folder.is_dir():
        raise UsageError("there is no such folder", where=folder)
    if out.exists() and not out.is_dir():
        raise UsageError("OUT is a file, and files are written into it", where=out, todo="name a folder")
    written = render_staged(folder, out, formats=formats, engine=engine)
    if as_json:
        tell_json([path.as_posix() for path in written])
    else:
        for path in written:
            tell(path.as_posix())
    return DONE

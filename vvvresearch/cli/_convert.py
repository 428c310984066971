"""`vvv convert`: codings, codebooks and surveys from one format to another, with the loss report."""

from __future__ import annotations

from pathlib import Path

from vvvresearch.cli._workspace import DONE, UsageError, check_choice, say, tell

CODINGS = (".qdpx", ".qdc", ".qda", ".sqlite3", ".rqda")
SURVEYS = (".sav", ".zsav", ".por")
# A table can be either; its header says which.
TABLES = (".csv", ".xlsx")
KINDS = ("codings", "survey")


def convert(source: Path, target: Path, kind: str | None, texts: Path | None, questionnaire: Path | None) -> int:
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
    say(f"not carried over:\n{losses}" if len(losses) else "nothing was lost")
    return DONE


def _kind(source: Path, target: Path) -> str:
    endings = {source.suffix.lower(), target.suffix.lower()}
    if source.is_dir() or endings & set(CODINGS):
        return "codings"
    if endings & set(SURVEYS):
        return "survey"
    known = ", ".join((*CODINGS, *SURVEYS, *TABLES))
    if endings <= set(TABLES):
        raise UsageError("a table can hold codings or a survey", where=source, todo="say which: --kind codings or --kind survey")
    raise UsageError(f"formats {' and '.join(sorted(endings))} are not known", where=source, todo=f"known: {known}")

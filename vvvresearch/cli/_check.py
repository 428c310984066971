"""`vvv check`, `vvv audit` and `vvv scan`: what is wrong in rounds, in published reports, and what may identify a person."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.cli._workspace import DONE, FAILED, UsageError, Workspace, check_choice, language_of, said, say, tell, tell_json
from vvvresearch.files import files_below, read_text
from vvvresearch.locales import LANGUAGES, Lang, check_lang, format_number, half_up, has_words, text

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.audit import Audit, Unread
    from vvvresearch.check import Fault, Notice, RoundReport


def check(
    workspace: Workspace,
    rounds: tuple[str, ...],
    lang: str | None,
    as_json: bool,
    strict: bool,
    read: str = "",
    but: tuple[int, ...] = (),
) -> int:
    """Check rounds.

    A program reads English unless it asks for another language; people read the round's own first language.

    Published documents that disagree with themselves are told, but they are as they were printed: only `strict` makes
    them a failure. With `read` somebody puts their name to the sentences that were listed beside their questions, all but those of the
    numbers in `but`.

    Raises:
        UsageError: a language that is not known; sentences of several rounds, or numbers that were not listed.
    """
    from vvvresearch.check import check_round, notices_together

    check_choice(lang, "--lang", LANGUAGES)
    reports = [
        check_round(workspace.root, name, lang or (language_of(workspace, name, None) if not as_json else "en"))
        for name in workspace.known(rounds)
    ]
    if read or but:
        return _read_beside(workspace, reports, read, but, lang)
    if as_json:
        told = [report.as_dict("da" if lang == "da" else "en") for report in reports]
        tell_json(told[0] if len(rounds) == 1 else told)
    else:
        for report in reports:
            shown_in = language_of(workspace, report.round, lang)
            _explain(report, shown_in)
            _tell_body(workspace, report.round, shown_in)
        if len(reports) > 1:
            names = [report.round for report in reports]
            shown_in = language_of(workspace, names[0], lang)
            for notice in notices_together(workspace.root, names, shown_in):
                tell(_noticed(" + ".join(names), notice, shown_in))
    return FAILED if any(not report.sound or (strict and report.notices) for report in reports) else DONE


def _tell_body(workspace: Workspace, name: str, lang: Lang) -> None:
    """How the report reads, where it has been rendered."""
    from vvvresearch.reporting import measure_report

    body = measure_report(workspace.root / "outputs" / name / lang)
    if body is not None:
        pages = text("checking.body_pages", lang, n=body.pages) if body.pages is not None else ""
        share, codes = half_up(100 * body.table_share), ", ".join(body.codes) or "0"
        words = text("checking.body", lang, pages=pages, tables=share, lix=format_number(body.lix, 0, lang), codes=codes)
        tell(f"{name}: {words}")


def _noticed(name: str, notice: Notice, lang: Lang) -> str:
    told = f"{name}: {text(f'checking.notice_{notice.check}', lang)}: {said(notice.where, lang)}\n  {said(notice.what, lang)}"
    for word, words in (("possible", notice.possible), ("perhaps", said(notice.explanation, lang)), ("ground", notice.ground)):
        told += f"\n  {text(f'checking.{word}', lang)}: {words}" if words else ""
    return told


def _explain(report: RoundReport, lang: Lang) -> None:
    def label(name: str) -> str:
        return text(f"checking.{name}", lang)

    for fault in report.faults:
        if fault.reading[0]:
            continue
        looked = label(f"check_{fault.check}") if has_words(f"checking.check_{fault.check}") else fault.check
        lines = [f"{report.round}: {looked}: {said(fault.place, lang)}", f"  {said(fault.what, lang)}"]
        lines += [f"  {label(name)}: {said(words, lang)}" for name, words in (("why", fault.why), ("todo", fault.todo)) if words]
        say("\n".join(lines))
    beside = _beside(report)
    for number, fault in enumerate(beside, 1):
        told = f"{number}. {fault.reading[0]}\n  {label('asked')}: {said(fault.why, lang)}"
        say(f"{report.round}: {label('check_reading')}: {said(fault.place, lang)}\n  {told}")
    if beside:
        say(f"  {label('todo')}: {text('checking.read_all', lang, round=report.round)}")
    for fault, reason in report.accepted:
        tell(f"{report.round}: {label('accepted')}: {said(fault.place, lang)}\n  {said(fault.what, lang)}\n  {label('because')}: {reason}")
    for notice in report.notices:
        tell(_noticed(report.round, notice, lang))
    for one in report.missing:
        tell(f"{report.round}: {label('missing')}: {said(one, lang)}")
    tell(f"{report.round}: {text('checking.counted', lang, faults=len(report.faults), notices=len(report.notices))}")
    tell(f"{report.round}: {label('next')}: {said(report.next, lang)}")


def _beside(report: RoundReport) -> list[Fault]:
    """The sentences that somebody must read beside their questions, in the order in which they are numbered."""
    found = {fault.reading: fault for fault in reversed(report.faults) if fault.reading[0]}
    return [fault for fault in report.faults if found.get(fault.reading) is fault]


def _read_beside(workspace: Workspace, reports: Sequence[RoundReport], by: str, but: Sequence[int], lang: str | None) -> int:
    from vvvresearch.reporting import note_readings

    if len(reports) != 1 or not by.strip():
        raise UsageError("sentences are read of one round, by somebody", where="--read", todo="vvv check ROUND --read NAME")
    beside = _beside(reports[0])
    if unknown := [str(one) for one in but if not 1 <= one <= len(beside)]:
        raise UsageError("no sentence has the number", where=", ".join(unknown), todo=f"see them: vvv check {reports[0].round}")
    taken = [fault.reading for number, fault in enumerate(beside, 1) if number not in but]
    home = workspace.root / "rounds" / reports[0].round
    note_readings(home, taken, by.strip(), datetime.datetime.now(datetime.UTC).date().isoformat())
    shown_in = language_of(workspace, reports[0].round, lang)
    tell(text("checking.read_by", shown_in, round=reports[0].round, count=len(taken), by=by.strip(), left=len(beside) - len(taken)))
    return DONE


_OUT = (".csv", ".json", ".xlsx")
_COLUMNS = ("id", "percent", "decimals", "n", "count", "group", "possible_counts", "verdict", "flagged", "possible_bases", "explanation")


def check_claims(source: Path | None, target: Path | None, rounds: tuple[str, ...], lang: str | None, as_json: bool, strict: bool) -> int:
    """Check every claim of a CSV or a workbook.

    The columns are those of `vvvresearch.survey.check_percentages`: percent and n, where they are known also id, decimals, count,
    group, levels, figure, part_of. Verdicts are in the order of the claims; they go to `target`, or to standard output as CSV (JSON
    with `as_json`). A flagged claim is as it was printed: only `strict` makes it a failure.

    Raises:
        UsageError: a target without claims or with an ending that is not known; rounds beside claims.
        SourceError, AnalysisError, SchemaError: the table cannot be read, or cells that are no numbers.
    """
    from vvvresearch import files
    from vvvresearch.survey import check_percentages

    check_choice(lang, "--lang", LANGUAGES)
    if source is None:
        raise UsageError("--out belongs to --claims", where=target, todo="name the table of claims with --claims FILE")
    if rounds:
        raise UsageError("claims are checked without a round", where=" ".join(rounds), todo="call once for each")
    if target is not None and target.suffix.lower() not in _OUT:
        raise UsageError(
            f"verdicts are not written as {target.suffix or 'a file without ending'}", where=target, todo="use .csv, .json or .xlsx"
        )
    if target is not None and target.resolve() == source.resolve():
        raise UsageError("the verdicts would replace the claims", where=target, todo="name another file with --out")
    claims = _read(source)
    language = check_lang(lang or "en")
    found = check_percentages(claims).in_language(language)
    why = found.labels["explanation"]
    rows = [_plain(row | {"explanation": why.say("", row, language)}) for row in found.frame.to_dict("records")]
    if target is not None:
        if target.suffix.lower() == ".json":
            files.write_json(target, rows)
        elif target.suffix.lower() == ".csv":
            files.write_csv(target, _table(rows))
        else:
            files.write_workbook(target, {"verdicts": _table(rows)})
        tell(str(target))
    elif as_json:
        tell_json(rows)
    else:
        tell(_table(rows).to_csv(index=False, lineterminator="\n").rstrip("\n"))
    say(found.note)
    return FAILED if strict and any(row["flagged"] for row in rows) else DONE


def _read(source: Path) -> pd.DataFrame:
    from vvvresearch import files

    if source.suffix.lower() in (".xlsx", ".xlsm"):
        return files.read_workbook(source)
    return files.read_csv(source)


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    """One verdict as a program reads it: a missing number is null, counts are whole."""

    def value(name: str) -> Any:
        cell = row[name]
        if isinstance(cell, float) and math.isnan(cell):
            return None
        if name in ("n", "count") and cell is not None:
            return int(cell)
        return bool(cell) if name == "flagged" else cell

    return {name: value(name) for name in _COLUMNS}


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The verdicts as a table; lists of counts are written with blanks between, which no spreadsheet takes for a number."""
    import pandas as pd

    cells = [{name: " ".join(map(str, cell)) if isinstance(cell, list) else cell for name, cell in row.items()} for row in rows]
    table = pd.DataFrame(cells, columns=list(_COLUMNS))
    return table.astype({"n": "Int64", "count": "Int64"})


def audit_files(paths: Sequence[Path], lang: str, as_json: bool, with_hints: bool) -> int:
    """Print what does not agree; 1 when something was found, else 0.

    Args:
        paths: reports; several are compared with each other too.
        lang: the language that findings are worded in.
        as_json: print the findings as a list of JSON objects; what could not be read goes to standard error.
        with_hints: claims without a figure too, after the findings.

    Raises:
        UsageError: a file that does not exist.
        SourceError: a file that cannot be read.
    """
    from vvvresearch.audit import audit

    check_choice(lang, "--lang", LANGUAGES)
    for path in paths:
        if not path.is_file():
            raise UsageError("there is no such file", where=path)
    shown_in = check_lang(lang)
    result = audit(paths)
    if as_json:
        tell_json([one.as_json(shown_in) for one in result.findings])
    else:
        _tell(result, shown_in)
    for document in result.documents:
        for unread in document.unread:
            say(_worded(document.name, unread, shown_in))
    if with_hints and not as_json:
        hints = result.hints()
        tell(text("audit.hints", shown_in, hints=len(hints)))
        for hint in hints:
            tell(f"{hint.file}, {text('audit.line', shown_in, line=hint.line)}: {text('audit.hint', shown_in, quote=hint.quote)}")
    words = sum(document.words for document in result.documents)
    say(text("audit.end", shown_in, findings=len(result.findings), files=len(result.documents), words=words))
    return FAILED if result.findings else DONE


def _tell(result: Audit, lang: Lang) -> None:
    for finding in result.findings:
        seen = text("audit.chance", lang, chance=round(100 * finding.chance))
        tell(f"{text(f'audit.kind_{finding.kind}', lang)}: {finding.what.say(lang)}")
        for place in finding.places:
            tell(f"  {place.file}, {text('audit.line', lang, line=place.line)}: {place.quote}")
        tell(f"  {finding.why.say(lang)}")
        tell(f"  {finding.ground.say(lang)} ({seen})")
        tell("")


def _worded(file: str, unread: Unread, lang: Lang) -> str:
    return text(f"audit.unread_{unread.reason}", lang, file=file, line=unread.line, words=unread.words)


def scan(paths: Sequence[Path], allow: Path | None, least: float, as_json: bool, lang: Lang) -> int:
    """Scan files and folders; 1 when something was found. What was found is never printed, only where and of which kind.

    Args:
        paths: files and folders, with what is hidden in them; only what git, Python and installed packages keep is passed over.
        allow: a text file of names that may stand, one a line.
        least: findings less certain than this (0 to 1) are left out.
        as_json: print JSON.
        lang: the language of what is printed for people.

    Raises:
        UsageError: a path that does not exist.
        SourceError: a file that cannot be scanned.
    """
    from vvvresearch.privacy import scan_file

    allowed = [line.strip() for line in read_text(allow).splitlines() if line.strip()] if allow else []
    files, others = _files(paths)
    found = []
    for path in files:
        for where, finding in scan_file(path, allowed=allowed):
            if finding.confidence >= least:
                row = {"file": path.as_posix(), "where": where, **{name: getattr(finding, name) for name in finding.__dataclass_fields__}}
                found.append(row)
    if as_json:
        tell_json(found)
    else:
        for row in found:
            place = {"file": row["file"], "where": said(row["where"], lang), "start": str(row["start"]), "end": str(row["end"])}
            confidence = str(round(100 * row["confidence"]))
            tell(text("commands.scan_found", lang, **place, kind=row["kind"], confidence=confidence, rule=said(row["rule"], lang)))
        counted = [text("commands.scan_counted", lang, count=len(found), files=len(files))]
        counted += [text("commands.scan_others", lang, others=others)] if others else []
        say("; ".join(counted))
    return FAILED if found else DONE


def _files(paths: Sequence[Path]) -> tuple[list[Path], int]:
    from vvvresearch.privacy import TEXT_FILES

    found: list[Path] = []
    others = 0
    for path in paths:
        if not path.exists():
            raise UsageError("there is no such file or folder", where=path)
        if path.is_file():
            found.append(path)
            continue
        inner = list(files_below(path))
        wanted = [one for one in inner if one.suffix.lower() in TEXT_FILES]
        found += wanted
        others += len(inner) - len(wanted)
    return found, others

"""`vvv scan`: what may identify a person in transcripts, tables, notebooks and rendered reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vvvresearch.cli._workspace import DONE, FAILED, UsageError, said, say, tell, tell_json
from vvvresearch.files import files_below, read_text
from vvvresearch.locales import Lang, text
from vvvresearch.privacy import TEXT_FILES, scan_file


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

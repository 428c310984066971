"""Bringing a round of an earlier version up to date: its file becomes a folder, its report type's prose its own, ids become types."""

from __future__ import annotations

import re
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import RoundError, did_you_mean
from vvvresearch.evidence import SOURCE_TYPES
from vvvresearch.rounds._find import DEFINITION
from vvvresearch.rounds._migrate_settings import with_settings

# Before, these sources were known by their id; now their type says what they are.
_BY_ID = ("guide", "claims", "judgements", "attributes", "contacts", "observations", "categories", "campaigns", "documents")
_TYPE = re.compile(r'^report_type\s*=\s*"(\w+)"', re.MULTILINE)
_LANGUAGES = re.compile(r"^languages\s*=\s*\[([^\]]*)\]", re.MULTILINE)
_BOUND = re.compile(r'\[(\{\{<\s*var\s+\S+\s*>\}\})\]\{\.value data-key="[^"]*"\}')


def migrate_round(root: str | Path, round_id: str) -> list[Path]:
    """Rewrite `rounds/<id>.toml` and the prose of its report type as `rounds/<id>/`.

    The definition keeps its words and comments; sources that were known by their id get their type, what goals took becomes
    addresses, and parameters of notebooks that are settings now become settings. A round that is a folder already gets the
    latter. The prose of
    `notebooks/report/<type>/<lang>/report.qmd` is copied, since other rounds may share it, with numbers written as plain addresses.
    What `vvv check` finds afterwards (keys that have other names now) is left to people.

    Args:
        root: the workspace.
        round_id: the round.

    Returns:
        The files that were written; the old definition is gone.

    Raises:
        RoundError: there is no such file, or the round is a folder already.
    """
    folder = Path(root) / "rounds"
    old, new = folder / f"{round_id}.toml", folder / round_id / DEFINITION
    if new.exists():
        before = files.read_text(new)
        after = with_settings(Path(root), _with_types(before))
        if after == before:
            raise RoundError(f"the round {round_id!r} is up to date", where=new)
        return [files.write_text(new, after)]
    if not old.is_file():
        known = [path.stem for path in folder.glob("*.toml")]
        raise RoundError(f"there is no definition of an earlier version for {round_id!r}", where=folder, todo=did_you_mean(round_id, known))
    text = files.read_text(old)
    written = [files.write_text(new, with_settings(Path(root), _with_types(text)))]
    found = _TYPE.search(text)
    languages = re.findall(r'"(\w+)"', match[1]) if (match := _LANGUAGES.search(text)) else ["da"]
    for lang in languages:
        prose = Path(root) / "notebooks" / "report" / (found[1] if found else "note") / lang / "report.qmd"
        if prose.is_file():
            suffix = "" if lang == languages[0] else f".{lang}"
            written.append(files.write_text(new.parent / f"report{suffix}.qmd", _BOUND.sub(r"\1", files.read_text(prose))))
    old.unlink()
    return written


def _with_types(text: str) -> str:
    """The definition with the type of each source that was known by its id."""
    for name in _BY_ID:
        assert name in SOURCE_TYPES
        pattern = re.compile(rf'(^id\s*=\s*"{name}"\s*\ntype\s*=\s*)"register"', re.MULTILINE)
        text = pattern.sub(rf'\1"{name}"', text)
    return text

"""Bringing a round of an earlier version up to date: its file becomes a folder, its settings are turned over."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import RoundError, SourceError, VvvError, did_you_mean
from vvvresearch.evidence import SOURCE_TYPES
from vvvresearch.results import address_part
from vvvresearch.rounds._find import DEFINITION

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


_READING = re.compile(r"^\[\[goals\.readings\]\]\s*$")
_HEADER = re.compile(r"^\[")
_FIELD = re.compile(r'^(source|take|planned)\s*=\s*"([^"]*)"\s*(#.*)?$')
_SUM = re.compile(r"sum\((\w+)\)")
_CROSS = re.compile(r"^\s*(?P<survey>[^:]+?)\s*:\s*(?P<item>\w+)\s+by\s+(?P<by>\w+)\s*$")
_RENAMED = {"30-municipal-survey": "30-surveys"}
# Registers of which a plain count has an address.
_TOTALS = {"courses": ("courses.total", {"rows": "rows"}), "interviews": ("interviews.total", {"rows": "interviews"})}


def with_settings(root: Path, text: str) -> str:
    """A definition with the settings of this version; its words, order and comments stay.

    Args:
        root: the workspace, whose questionnaires say which base an item has.
        text: the definition.

    Returns:
        The text; what has no address stands in it as a comment that begins with "not turned over".
    """
    data = tomllib.loads(text)
    return _with_parameters(_with_addresses(root, text, data), data)


def _with_addresses(root: Path, text: str, data: Mapping[str, Any]) -> str:
    sources = {source["id"]: source for source in data.get("sources", []) if "id" in source}
    lines: list[str] = []
    block: list[str] = []
    inside = False
    for line in [*text.split("\n"), "["]:
        if inside and _HEADER.match(line):
            lines += _reading(root, block, sources)
            block, inside = [], False
        if inside:
            block.append(line)
        else:
            lines.append(line)
        inside = inside or _READING.match(line) is not None
    return "\n".join(lines[:-1])


def _reading(root: Path, block: list[str], sources: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The lines of one reading."""
    given = {match[1]: match[2] for line in block if (match := _FIELD.match(line))}
    if "take" not in given and "source" not in given:
        return block
    source = sources.get(given.get("source", ""), {})
    found = []
    for line in block:
        match = _FIELD.match(line)
        if match is None:
            found.append(line)
        elif match[1] != "source" and match[2]:
            name = "cell" if match[1] == "take" else "planned"
            address = _address(root, source, match[2])
            kept = f'# not turned over: {match[1]} = "{match[2]}" of {source.get("id", "no source")}, which has no address'
            found.append(f'{name} = "{address}"' if address else kept)
    return found


def _address(root: Path, source: Mapping[str, Any], taken: str) -> str:
    """The address of what was taken; "" where it has none."""
    kind, name = source.get("type", ""), source.get("id", "")
    if kind == "survey":
        item, _, codes = taken.partition("=")
        chosen = [code.strip() for code in codes.split(",") if code.strip()]
        if not item or not chosen:
            return ""
        settings = ["any"] if len(chosen) > 1 else []
        settings += ["of-answered"] if _base(root, source, item) != "answered" else []
        stem = "/".join([name, *settings])
        return f"{stem}.{address_part(item)}.{'/'.join(address_part(code) for code in chosen)}.share"
    if kind == "counts":
        return f"counts.{address_part(taken)}.value"
    if kind == "published":
        figure, _, keys = taken.partition(":")
        if not keys:
            return f"fact.{address_part(taken)}.value"
        return "" if "," in keys else f"published.{address_part(figure)}.{address_part(keys)}.share"
    if kind in _TOTALS:
        stem, totals = _TOTALS[kind]
        column = match[1] if (match := _SUM.fullmatch(taken)) else totals.get(taken, "")
        return f"{stem}.{column}" if column else ""
    return ""


def _base(root: Path, source: Mapping[str, Any], item: str) -> str:
    """The base of an item; goals counted over those who answered."""
    try:
        asked = files.read_toml(files.inside(root, str(source.get("questionnaire") or "none")))
    except (SourceError, VvvError):
        return "answered"
    found: str = next((one.get("denominator", "answered") for one in asked.get("items", []) if one.get("id") == item), "answered")
    return found


def _with_parameters(text: str, data: Mapping[str, Any]) -> str:
    """Parameters of notebooks that are settings of the round now."""
    top: list[str] = []
    tables: list[str] = []
    for book in data.get("notebooks", []):
        given = dict(book.get("parameters", {})) if isinstance(book, dict) else {}
        moved = set()
        for name in ("trends", "portrayed"):
            if name in given and name not in data:
                top.append(f"{name} = {_listed(_words(given[name]))}")
                moved.add(name)
        if "crosses" in given and "crosses" not in data:
            crosses = [match for one in str(given["crosses"]).split(";") if (match := _CROSS.match(one))]
            tables += [f'[[crosses]]\nsurvey = "{one["survey"]}"\nitem = "{one["item"]}"\nby = "{one["by"]}"\n' for one in crosses]
            moved.add("crosses")
        if str(book.get("id") if isinstance(book, dict) else "").startswith("36-") and "by" in given and "representation" not in data:
            tables.append(f"[representation]\nby = {_listed(_words(given['by']))}\n")
            moved.add("by")
        if "raw" in given:
            text = _with_received(text, str(given["raw"]), str(given.get("finished", "")))
            moved |= {"raw", "finished"} & set(given)
        if moved:
            text = _without(text, book, {name: value for name, value in given.items() if name not in moved})
    for old, new in _RENAMED.items():
        text = text.replace(f'"{old}"', f'"{new}"').replace(f"notebooks/{old}.ipynb", f"notebooks/{new}.ipynb")
    return _inserted(text, top, tables)


def _words(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [one.strip() for one in str(value).split(",") if one.strip()]


def _listed(words: list[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _without(text: str, book: Mapping[str, Any], left: Mapping[str, Any]) -> str:
    """The definition with only these parameters left for a notebook; a bare name where it has nothing else."""
    entry = re.compile(rf'\{{\s*id\s*=\s*"{re.escape(book["id"])}"[^{{}}\n]*\{{[^{{}}\n]*\}}[^{{}}\n]*\}}')
    shown = ", ".join(f"{name} = {_value(value)}" for name, value in left.items())
    if not left and set(book) <= {"id", "path", "parameters"}:
        return entry.sub(lambda _: f'"{book["id"]}"', text)

    def kept(match: re.Match[str]) -> str:
        replaced = f"parameters = {{ {shown} }}" if left else ""
        return re.sub(r",?\s*parameters\s*=\s*\{[^{}]*\}", f", {replaced}" if replaced else "", match[0])

    return entry.sub(kept, text)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return _listed([str(one) for one in value])
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int | float) else f'"{value}"'


def _with_received(text: str, raw: str, finished: str) -> str:
    """Answers as they came in are a type of source that says which survey they became."""
    for one in raw.split(";"):
        survey, _, name = (part.strip() for part in one.partition(":"))
        pattern = re.compile(rf'(^id\s*=\s*"{re.escape(name)}"\s*\ntype\s*=\s*)"register"\n', re.MULTILINE)
        more = f'\nfinished = "{finished}"' if finished else ""
        text = pattern.sub(rf'\g<1>"answers_as_received"\nsurvey = "{survey}"{more}\n', text)
    return text


def _inserted(text: str, top: list[str], tables: list[str]) -> str:
    """New settings: plain ones before the first table, tables before the goals."""
    lines = text.split("\n")
    if top:
        first = next((number for number, line in enumerate(lines) if _HEADER.match(line)), len(lines))
        lines[first:first] = [*top, ""]
    if tables:
        goals = next((number for number, line in enumerate(lines) if line.startswith("[[goals]]")), len(lines))
        lines[goals:goals] = "\n".join(tables).split("\n")
    return "\n".join(lines)

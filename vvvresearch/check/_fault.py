"""What a check finds, and the line where it stands: faults that must be put right, and notices that a reader should know of."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import Failure, SchemaError, VvvError, did_you_mean
from vvvresearch.files import read_csv, read_text, read_workbook
from vvvresearch.intake import table_as_it_stands
from vvvresearch.rounds._guard import REACHES, sentences_unnamed

if TYPE_CHECKING:
    import pandas as pd


_ROW = re.compile(r", (?:line|row) (\d+)|\bat line (\d+)")
_IN_YAML = re.compile(r"^(?P<file>[^,]+\.ya?ml)(?:, mapping (?P<mapping>\d+))?(?:, (?P<kind>\w+)\[(?P<entry>\d+)\])?(?:, (?P<key>\w+))?$")
# What may be a person's own words or name is never repeated.
_LONGEST, _WORDS, _LISTED = 60, 6, 12
_DIGITS, _DATE = re.compile(r"(?:\d[\s./-]?){8,}"), re.compile(r"\d{4}-\d\d-\d\d")
_QUOTED, _MEANT = re.compile(r"'([^'\n]*)'"), re.compile(r"(?:did you mean|known:) ([^?\n]+)\??")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Args:
        check: what looked: "definition", "source", "join", "setting", "condition", "goal", "notebook", "prose",
            "claim", "reading" or "report".
        file: where, relative to the workspace.
        row: the row of a table as a spreadsheet counts, or the line of a text; None where the whole file is meant.
        what, why, todo: as in every error of this package.
        reading: of a sentence whose numbers are proved, itself and the question to read it beside; else empty.
    """

    check: str
    file: str
    row: int | None
    what: str
    why: str = ""
    todo: str = ""
    reading: tuple[str, str] = ("", "")

    @property
    def place(self) -> str:
        """File and row in words."""
        word = "row" if self.file.lower().endswith((".csv", ".xlsx")) else "line"
        return self.file if self.row is None else f"{self.file}, {word} {self.row}"


@dataclass(frozen=True)
class Notice:
    """One thing that a reader should know of and nobody here can put right.

    Args:
        check: "route", "published" or "claim".
        where: source, or document and place.
        what: what was found.
        possible: for a printed number, what it could be.
        explanation: hypotheses, worded as such.
        ground: of a published number, whether the program read the places or a person typed one of them.
    """

    check: str
    where: str
    what: str
    possible: str = ""
    explanation: str = ""
    ground: str = ""


def quoted(value: object) -> str:
    """A value as a message may repeat it: what could be somebody's name, words or way to be reached is only described.

    Example:
        >>> quoted("p07-r1"), quoted("Ring til 22 33 44 55")
        ("'p07-r1'", 'a value that is not repeated here')
    """
    said = str(value)
    return f"{said!r}" if repeatable(said) else "a value that is not repeated here"


def nearest(word: object, known: Iterable[object]) -> str:
    """What was probably meant; names that may not be repeated are left out.

    Example:
        >>> nearest("Udbyte", ["Udbytte", "Ramme"])
        'did you mean Udbytte?'
    """
    names = [str(one) for one in known]
    near = difflib.get_close_matches(str(word), sorted(names), n=3, cutoff=0.5)
    return did_you_mean(str(word), [one for one in near or sorted(names)[:_LISTED] if repeatable(one)])


def repeatable(said: str) -> bool:
    """Whether a message may repeat a value: no long text, and nothing that names or reaches somebody."""
    from vvvresearch.privacy import scan_text

    if len(said) > _LONGEST or len(said.split()) > _WORDS or (_DIGITS.search(said) and not _DATE.fullmatch(said.strip())):
        return False
    return not any(finding.kind in REACHES for finding in scan_text(said))


def without_persons(fault: Fault, allowed: Collection[str] | None = None) -> Fault:
    """A fault whose words repeat nobody: what others' messages quote or propose is looked at once more.

    Args:
        fault: the fault.
        allowed: names that may stand; None where the data are nobody's, and sentences of the report are told as they are.
    """

    def spoken(words: str) -> str:
        words = sentences_unnamed(words, allowed)
        shown = _QUOTED.sub(lambda match: match[0] if repeatable(match[1]) else "a value that is not repeated here", words)
        proposed = [name for match in _MEANT.finditer(shown) for name in re.split(r" or |, ", match[1])]
        return shown if all(repeatable(name) for name in proposed) else _MEANT.sub("see what the other source has", shown)

    return replace(fault, what=spoken(fault.what), why=spoken(fault.why), todo=spoken(fault.todo))


def faults_of(problem: VvvError, check: str, file: str, root: Path) -> Iterator[Fault]:
    """An error as faults: one for each breach of a schema, else one; each where it stands.

    Args:
        problem: the error.
        check: what looked.
        file: the file that was looked at, where the error names none.
        root: the workspace.
    """
    named, row = _named(str(problem.where), root, file)
    if not isinstance(problem, SchemaError):
        rows = row or _row(problem.why)
        yield Fault(check, named, rows, problem.what, problem.why, problem.todo)
        return
    for failure in problem.failures:
        place, line = _place(failure, named, root)
        # Who is told of a value that does not fit sees it only where it cannot be somebody's.
        value = f" (found {quoted(failure.value)})" if failure.value else ""
        column = _IN_YAML.sub(lambda match: match["key"] or "", failure.column)
        told = failure.problem if not failure.value or repeatable(failure.value) else failure.problem.replace(failure.value, "…")
        what = f"{column}: {told}{value}" if column else f"{told}{value}"
        yield Fault(check, place, line, what, problem.what, problem.todo)


def _row(words: str) -> int | None:
    match = _ROW.search(words)
    return int(match[1] or match[2]) if match else None


def _named(where: str, root: Path, file: str) -> tuple[str, int | None]:
    """The file that an error names, relative to the workspace, and its row."""
    head = re.split(r", (?:line|row|sheet|item|source|goal|cell)\b", where, maxsplit=1)[0]
    row = _row(where)
    if not head:
        return file, row
    place = Path(head)
    inside = place if place.is_absolute() else root / place
    if inside.exists() and inside.resolve().is_relative_to(root) and inside.resolve() != root:
        return inside.resolve().relative_to(root).as_posix(), row
    return file, row


def _place(failure: Failure, file: str, root: Path) -> tuple[str, int | None]:
    """File and row of a breach: the row of a table, the line of a definition."""
    path = root / file
    suffix = path.suffix.lower()
    if suffix == ".toml" and not failure.column:
        return file, _told_line(path, failure.problem)
    if suffix == ".toml":
        place = [int(part) if part.isdigit() else part for part in failure.column.split(".")]
        return file, toml_lines(path).of(failure.value, *place) if failure.value else toml_lines(path).at(*place)
    if (match := _IN_YAML.match(failure.column)) is not None:
        own = path / match["file"] if path.is_dir() else path
        steps: list[str | int] = ["mappings", int(match["mapping"]) - 1] if match["mapping"] else []
        steps += [match["kind"], int(match["entry"]) - 1] if match["kind"] else []
        steps += [match["key"]] if match["key"] else []
        # A field that is not known is told by its name, as the value.
        return own.relative_to(root).as_posix(), yaml_line(own, [*steps, failure.value] if not match["key"] else steps)
    if suffix in (".yaml", ".yml") and failure.row is not None:
        return file, yaml_line(path, ("configurations", failure.row - 1))
    if failure.row is None and failure.problem.startswith(("the column is", "the item has no column")):
        return file, 1
    return file, failure.row


def _told_line(path: Path, problem: str) -> int | None:
    """The line of a definition that a sentence speaks of: "refers: its route asks for …"."""
    lines = toml_lines(path)
    named = re.match(r"(?:the item )?([\w-]+)\b", problem)
    block = next(
        (place[:-1] for place, line in lines.places.items() if named and place[-1] == "id" and f'"{named[1]}"' in lines.text[line - 1]), ()
    )
    start = lines.at(*block, "id") if block else None
    if start and (twice := re.search(r"the option code '(.+)' stands twice", problem)):
        return [row for row, line in enumerate(lines.text, 1) if row > start and f'code = "{twice[1]}"' in line][1]
    for word in ("route", "scale", "option"):
        if block and word in problem and (line := lines.places.get((*block, "options" if word == "option" else word))) is not None:
            return line
    return start


_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\],\[]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class TomlLines:
    """The lines of a TOML file by what stands on them.

    Args:
        text: the file.
        places: by path of keys and positions, the line (from 1); ("goals", 0, "readings", 1, "cell").
    """

    text: tuple[str, ...]
    places: dict[Place, int]

    def at(self, *path: str | int) -> int | None:
        """The line of a setting, or of the nearest thing that holds it."""
        for length in range(len(path), 0, -1):
            if (line := self.places.get(tuple(path[:length]))) is not None:
                return line
        return None

    def of(self, word: object, *path: str | int) -> int | None:
        """The line below a setting that holds a word as a value; the setting's own where none does."""
        start = self.at(*path)
        if start is None and path:
            return None
        stem = next((tuple(path[:length]) for length in range(len(path), 0, -1) if tuple(path[:length]) in self.places), ())
        own = {line for place, line in self.places.items() if place[: len(stem)] == stem}
        others = [line for line in self.places.values() if line > (max(own, default=0)) and line not in own]
        stop = min(others, default=len(self.text) + 1)
        lines = [(number, self.text[number - 1]) for number in range(start or 1, stop)]
        plain = [(number, line) for number, line in lines if not line.lstrip().startswith("#")]
        for mark in (f'"{word}"', f"'{word}'", str(word)):
            for number, line in plain:
                if mark in line:
                    return number
        return start


def toml_lines(path: Path) -> TomlLines:
    """The lines of a TOML file; empty where it cannot be read."""
    try:
        lines = read_text(path).replace("\r\n", "\n").split("\n")
    except VvvError:
        return TomlLines((), {})
    places: dict[Place, int] = {}
    base: Place = ()
    counted: dict[Place, int] = {}
    inside = ""
    for number, line in enumerate(lines, 1):
        if inside:
            inside = "" if line.count(inside) % 2 else inside
            continue
        if (header := _HEADER.match(line)) is not None:
            base = _base(header, counted)
            places.setdefault(base, number)
        elif (key := _KEY.match(line)) is not None and not line.lstrip().startswith(("{", "#")):
            places.setdefault((*base, *_parts(key[1])), number)
        inside = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
    return TomlLines(tuple(lines), places)


def _parts(name: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(name)]


def _base(header: re.Match[str], counted: dict[Place, int]) -> Place:
    """The path that a header opens; tables in a list are counted."""
    base: Place = ()
    names = _parts(header[2])
    for depth, name in enumerate(names, 1):
        base = (*base, name)
        if depth == len(names) and header[1] == "[[":
            counted[base] = counted.get(base, -1) + 1
            for below in [place for place in counted if len(place) > len(base) and place[: len(base) + 1] == (*base, counted[base] - 1)]:
                del counted[below]
        if base in counted:
            base = (*base, counted[base])
    return base


def yaml_line(path: Path, place: Sequence[str | int]) -> int | None:
    """The line of something in a YAML file that can be read; the nearest thing that holds it where it is not there."""
    import yaml

    try:
        node = yaml.compose(read_text(path), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, VvvError):
        return None
    for part in place:
        below: Any = None
        if isinstance(node, yaml.MappingNode):
            below = next((value for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            below = node.value[part]
        if below is None:
            break
        node = below
    return None if node is None else int(node.start_mark.line) + 1


def table_rows(path: Path) -> pd.DataFrame:
    """The rows of a CSV file or workbook, all text; the index is the row of the file.

    Raises:
        SourceError: it holds no table, neither under its first row nor below titles.
    """
    try:
        return read_workbook(path) if path.suffix.lower() == ".xlsx" else read_csv(path)
    except VvvError:
        # Files are taken in as people have them: with titles above the table and totals below it.
        return table_as_it_stands(path)


@cache
def _table(path: Path, stamp: int) -> tuple[tuple[int, ...], tuple[tuple[str, ...], ...]]:
    try:
        frame = table_rows(path)
    except VvvError:
        return (), ()
    return tuple(map(int, frame.index)), tuple(tuple(map(str, row)) for row in frame.to_numpy())


def table_row(path: Path, number: int, rows: int, values: Sequence[str]) -> int | None:
    """The row of a table, as a spreadsheet counts, where a record stands.

    Args:
        path: CSV or XLSX; of other files nothing is said.
        number: the record's place among those that were read, from 0.
        rows: how many were read; where the file has as many, places agree.
        values: cells of the record, to find it by where they do not.
    """
    if path.suffix.lower() not in (".csv", ".xlsx") or not path.is_file():
        return None
    index, cells = _table(path, path.stat().st_mtime_ns)
    if len(index) == rows:
        return index[number]
    wanted = {value for value in values if value}
    return next((row for row, line in zip(index, cells, strict=True) if wanted and wanted <= {cell.strip() for cell in line}), None)

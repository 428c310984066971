"""One file with the answers of several times, side by side, below each other or on a sheet each: each time as a survey of its own."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from vvvresearch.evidence import occasion_in
from vvvresearch.intake._fold import fold, slug
from vvvresearch.intake._grid import read_grid
from vvvresearch.intake._settle import Settled
from vvvresearch.intake._table import Column, Table, find_table

OCCASIONS, OCCASION = "occasions", "occasion"
# Which sheet has the answers of which time.
SHEETS = "sheets"
_LEAST_PAIRS = 2
_ONE_EACH, _ALIKE, _MOST_TIMES = 0.85, 2 / 3, 4
# A time that stands in front ("Before: …", "t1_conf") or behind ("trivsel_slut", "Jeg sover godt (før)").
_IN_FRONT = re.compile(r"(?P<time>[^\W_]{1,12}?(?: ?\d)?)(?:[_.:]| [-–—] |: )\s*(?P<words>\S.*)")
_BEHIND = re.compile(r"(?P<words>.*\S)(?:_| [-–—] | ?[(\[])(?P<time>[^\W_]{1,12}(?: (?:months?|mdr|måneder)| ?\d)?)[)\]]?")
_STARTS = {"turn_0": "before", "turn_1": "after"}


@dataclasses.dataclass(frozen=True)
class Marked:
    """A column of one of several times.

    Args:
        occasion: "before", "after", "T2" …
        words: its heading without the time.
        name: its id without the time where the id is what says it, else "".
    """

    occasion: str
    words: str
    name: str = ""


def occasions_in(table: Table) -> dict[str, Marked]:
    """Id of a column → its time, for a table that asks the same at several times; empty where it does not.

    The time stands in the headings or in the ids, in front or behind, in one way through the file; at least two questions stand at more
    than one time and can be answered alike.
    """
    found: list[dict[str, Marked]] = []
    for pattern in (_IN_FRONT, _BEHIND):
        for of in (lambda column: column.heading, lambda column: column.id.replace("-", "_")):
            marked = _marked(table, pattern, of)
            if len(_pairs(marked, table)) >= _LEAST_PAIRS:
                found.append(marked)
    if not found:
        return {}
    best = max(found, key=len)
    # Where the ids say the time the headings may say it too: the question is what is left of both.
    other = next((one for one in found if one is not best), {})
    return {
        key: dataclasses.replace(mark, words=other[key].words) if mark.name and key in other and not other[key].name else mark
        for key, mark in best.items()
    }


def _marked(table: Table, pattern: re.Pattern[str], of: Callable[[Column], str]) -> dict[str, Marked]:
    marked = {}
    for column in table.columns:
        said = pattern.fullmatch(of(column))
        occasion = occasion_in(said["time"]) if said else ""
        if said and occasion and not occasion.startswith("season"):
            by_id = of(column) != column.heading
            marked[column.id] = Marked(occasion, column.heading if by_id else said["words"], said["words"] if by_id else "")
    names = _names(mark.occasion for mark in marked.values())
    return {key: dataclasses.replace(mark, occasion=names[mark.occasion]) for key, mark in marked.items()}


def _names(occasions: Iterable[str]) -> dict[str, str]:
    """What times are called as waves: the turns of a design by their letter."""
    found = set(occasions)
    letters = {"turn": "T{}", "months": "{}m"}
    return {
        one: _STARTS[one] if found == _STARTS.keys() else letters.get(one.partition("_")[0], one).format(one.rpartition("_")[2])
        for one in found
    }


def time_of_rows(table: Table) -> tuple[Column | None, list[str]]:
    """The column that says at which time each row was answered, where the same persons answer below each other, and the time of each row.

    Some other column of codes proves it: its values come again, and hardly ever twice at one time.
    """
    for column in table.columns:
        said = [occasion_in(text) for text in column.texts]
        if not 1 < len(set(said)) <= _MOST_TIMES or not all(said) or any(one.startswith("season") for one in said):
            continue
        for key in table.columns:
            once = len(set(zip(key.texts, said, strict=True))) >= _ONE_EACH * len(table) > len(key.counts)
            if once and key is not column and all(re.search(r"\d", text) for text in key.texts):
                names = _names(said)
                return column, [names[one] for one in said]
    return None, []


def on_sheets(path: Path, table: Table) -> Table | None:
    """The rows of sheets that are called by a time each and ask the same, below each other; None where there are none."""
    called = {name: occasion_in(name) for name in (table.sheet, *table.others)}
    times = {name: one for name, one in called.items() if one and not one.startswith("season")}
    if table.sheet not in times or not 1 < len(set(times.values())) == len(times) <= _MOST_TIMES:
        return None
    tables = {name: find_table(read_grid(path, name), path) for name in times}
    asked = [{column.id for column in one.columns} for one in tables.values()]
    if len(set.intersection(*asked)) < _ALIKE * len(set.union(*asked)):
        return None
    first = {column.id: column for one in tables.values() for column in one.columns}
    columns = []
    for key, known in first.items():
        own = [(one.column(key), len(one)) for one in tables.values()]
        cells = itertools.chain.from_iterable(("",) * count if column is None else column.cells for column, count in own)
        columns.append(dataclasses.replace(known, cells=tuple(cells)))
    names = _names(times.values())
    return dataclasses.replace(
        table, columns=tuple(columns), lines=tuple(line for one in tables.values() for line in one.lines), sheet="",
        others=tuple(name for name in table.others if name not in times), sheets={names[times[name]]: name for name in times},
        times=tuple(names[times[name]] for name, one in tables.items() for _ in one.lines),
    )  # fmt: skip


def _pairs(marked: Mapping[str, Marked], table: Table) -> list[str]:
    """The questions that stand at more than one time and can be answered alike."""
    by_words: dict[str, list[str]] = {}
    for key, mark in marked.items():
        by_words.setdefault(fold(mark.name or mark.words), []).append(key)
    return [
        words
        for words, keys in by_words.items()
        if len({marked[key].occasion for key in keys}) == len(keys) > 1 and _alike([table.column(key) for key in keys], table)
    ]


def _alike(columns: Sequence[Column | None], table: Table) -> bool:
    """Whether columns have the same labels, or answers in common where the file has no labels."""
    there = [column for column in columns if column is not None]
    labels = [table.labelled.get(column.id) for column in there]
    if any(labels):
        return all(one == labels[0] for one in labels)
    return all(set(one.counts) & set(other.counts) for one, other in itertools.pairwise(there))


def at_occasion(table: Table, occasion: str) -> Table:
    """A table with the rows of one time; or with the columns of one time, under the words that all times share, and who answered then."""
    column, times = time_of_rows(table)
    if column is not None:
        places = [place for place, time in enumerate(times) if time == occasion]
        kept = [dataclasses.replace(one, cells=tuple(one.cells[place] for place in places)) for one in table.columns if one is not column]
        # What nobody answered at this time and somebody at another was not asked then.
        ever = {one.id for one in table.columns if one.filled}
        kept = [one for one in kept if one.filled or one.id not in ever]
        return dataclasses.replace(table, columns=tuple(kept), lines=tuple(table.lines[place] for place in places))
    marked = occasions_in(table)
    if not marked:
        return table
    own = {key for key, mark in marked.items() if mark.occasion == occasion}
    kept = [column for column in table.columns if column.id in own or column.id not in marked]
    rows = [row for row in range(len(table)) if any(column.texts[row] for column in kept if column.id in own)]
    columns = tuple(
        dataclasses.replace(
            column, heading=marked[column.id].words if column.id in own else column.heading, cells=tuple(column.cells[row] for row in rows)
        )
        for column in kept
    )
    return dataclasses.replace(table, columns=columns, lines=tuple(table.lines[row] for row in rows))


def twins(headings: Mapping[str, str], marked: Mapping[str, Marked]) -> tuple[dict[str, str], dict[str, str]]:
    """Headings without their times, of questions that stand at several times the first only; and each other one with the first.

    Args:
        headings: "item.COLUMN" or "group.STEM" → what it is called.
        marked: of `occasions_in`, for the table where they stand.
    """
    first: dict[str, str] = {}
    bare, others = {}, {}
    for key, words in headings.items():
        mark = marked.get(key.removeprefix("item."))
        own = (mark.name or mark.words) if mark is not None else _without_time(words) if marked and key.startswith("group.") else words
        timed = own != words
        if timed and own in first:
            others[key] = first[own]
            continue
        bare[key] = own
        if timed:
            first[own] = key
    return bare, others


def each_occasion(settled: Settled) -> list[Settled]:
    """What is decided of a file with several times, once for each of them; what is decided of any other file, alone."""
    times = settled.decisions.get(OCCASIONS)
    return [_at(settled, time) for time in times] if isinstance(times, list) else [settled]


def _at(settled: Settled, occasion: str) -> Settled:
    # Boxes are known by their question, which has lost its time.
    names = {name: _of_group(name, settled) for name in settled.decisions if name != OCCASIONS}
    return dataclasses.replace(
        settled,
        source=f"{settled.source}-{occasion.casefold()}",
        decisions={named: settled.decisions[name] for name, named in names.items()} | {OCCASION: occasion},
        why={named: settled.why[name] for name, named in names.items() if name in settled.why} | {OCCASION: "declared"},
        words={named: settled.words[name] for name, named in names.items() if name in settled.words},
    )


def _of_group(name: str, settled: Settled) -> str:
    head = next((head for head in ("name.group.", "group.") if name.startswith(head)), "")
    return f"{head}{slug(_without_time(settled.words.get(name, '')))}" if head else name


def _without_time(words: str) -> str:
    for pattern in (_IN_FRONT, _BEHIND):
        said = pattern.fullmatch(words)
        if said and occasion_in(said["time"]):
            return said["words"]
    return words

"""The numbers of a report's prose, each with the way to work it out again from a shipped table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import VvvError
from vvvresearch.locales import Lang
from vvvresearch.results import folded
from vvvresearch.rounds import Round, Value, belongs_to, read_values, report_source

COLUMNS = ("address", "shown", "number", "n", "table", "way", "row", "column", "over")
_USED = re.compile(r"\{\{<\s*var\s+([^\s>]+)\s*>\}\}")
_CLAIMED = re.compile(r"claim=[\"']?([^\s\"'}]+)")


@dataclass(frozen=True)
class Recipe:
    """How a number follows from a table: "cell" (row, column), "share" (column divided by over in a row), "rows" (how many rows have a
    value in a column), "sum" (of a column), "all" (how many rows)."""

    table: str
    way: str
    row: str = ""
    column: str = ""
    over: str = ""


def addresses_in(prose: str) -> list[str]:
    """The addresses that a text shows or rests a claim on."""
    claimed = [address for given in _CLAIMED.findall(prose) for address in given.split(",")]
    return [*_USED.findall(prose), *claimed]


def bound_addresses(opened: Round) -> set[str]:
    """The addresses, folded, that findings, summaries and prose of a round show or rest a claim on; of a trend those of both its rounds."""
    texts = (path for path in files.files_below(opened.path.parent) if path.suffix in (".qmd", ".md", ".toml"))
    found = {folded(address) for path in texts for address in addresses_in(files.read_text(path))}
    trends = (address.partition(".") for address in found if "~" in address)
    return found | {f"{survey}.{rest}" for surveys, _, rest in trends for survey in surveys.split("~")}


def shown_addresses(opened: Round, folder: Path) -> dict[str, bool]:
    """Every address that chapters or the report's own prose show, and whether it has a number."""
    found = {value.key: value.number is not None for value in read_values(folder).values()}
    known = {folded(key) for key in found}
    source = report_source(opened.root, opened.spec, opened.lang)
    for path in (source, *sorted(one for one in source.parent.rglob("*") if one.suffix in (".qmd", ".md") and belongs_to(one, source))):
        for address in addresses_in(files.read_text(path)) if path.is_file() else ():
            if folded(address) in known:
                continue
            try:
                found[address] = opened.cell(address).value is not None
            except (VvvError, ValueError, KeyError):
                continue  # `vvv check` tells of an address that gives no number
    return found


def summary(prose: str, folder: Path, lang: Lang) -> tuple[str, list[str]]:
    """The table of the prose's numbers, and the addresses that no shipped table gives.

    Args:
        prose: the report's text, as its author wrote it.
        folder: what the run made: `values/` and `tables/`.
        lang: the language of what is shown.
    """
    by_address = {folded(key): value for key, value in read_values(folder).items()}
    tables = {path.stem: _rows(path) for path in sorted((folder / "tables").glob("*.csv"))}
    used = dict.fromkeys(folded(address) for address in addresses_in(prose))
    rows: list[list[str]] = []
    lost: list[str] = []
    for address in used:
        named = _numbers_of(address, by_address)
        if not named:
            lost.append(address)
        for value in named:
            if value.number is None:
                continue
            recipe = next(_recipes(value, tables), None)
            if recipe is None:
                lost.append(value.key)
                continue
            number = repr(value.number)
            n = "" if value.n is None else str(value.n)
            rows.append([value.key, value.shown[lang], number, n, *vars(recipe).values()])
    return files.rows_text([COLUMNS, *rows]), lost


def _numbers_of(address: str, by_address: Mapping[str, Value]) -> list[Value]:
    """The number at an address; words that are bound to a row rest on each of its numbers."""
    if address in by_address:
        return [by_address[address]]
    return [value for key, value in by_address.items() if key.rpartition(".")[0] == address]


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files.read_text(path))))


def _recipes(value: Value, tables: Mapping[str, list[dict[str, str]]]) -> Iterator[Recipe]:
    """Ways in which a number follows from a table: its own first, and there the row that its address names."""
    wanted = value.number
    names = [value.cell, *(name for name in tables if name != value.cell)]
    parts = [folded(part) for part in re.split(r"[./]", value.key)[1:]]
    for name in names:
        rows = tables.get(name, [])
        order = sorted(range(len(rows)), key=lambda place: -_named(rows[place], parts))
        for place in order[:_TRIED] if name == value.cell else []:
            row = rows[place]
            columns = sorted(row, key=lambda column: folded(column) not in parts)
            for column in columns:
                if _same(row[column], wanted):
                    yield Recipe(name, "cell", str(place), column)
            for column in columns:
                for over in columns:
                    if _divides(row[column], row[over], wanted):
                        yield Recipe(name, "share", str(place), column, over)
        for column in rows[0] if rows else ():
            told = [row[column] for row in rows]
            for one in dict.fromkeys(told):
                if folded(one) in parts and _same(str(told.count(one)), wanted):
                    yield Recipe(name, "rows", one, column)
        if name == value.cell and rows:
            if _same(str(len(rows)), wanted):
                yield Recipe(name, "all")
            for column in rows[0]:
                numbers = [_number(row[column]) for row in rows]
                if all(one is not None for one in numbers) and _same(str(sum(one or 0 for one in numbers)), wanted):
                    yield Recipe(name, "sum", "", column)


_TRIED = 2000


def _named(row: Mapping[str, str], parts: list[str]) -> int:
    said = {folded(str(cell)) for cell in row.values()}
    return sum(part in said for part in parts)


def _number(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def _same(text: Any, wanted: float | int | None) -> bool:
    number = _number(text)
    return number is not None and wanted is not None and abs(number - wanted) <= 1e-9 * max(1.0, abs(wanted))


def _divides(count: Any, over: Any, wanted: float | int | None) -> bool:
    one, other = _number(count), _number(over)
    return one is not None and other not in (None, 0.0) and wanted is not None and abs(one / other - wanted) <= 1e-9


def script() -> str:
    """The script that is shipped beside the tables: it needs nothing but Python."""
    from importlib import resources

    return (resources.files("vvvresearch.release") / "data" / "recompute.txt").read_text(encoding="utf-8")

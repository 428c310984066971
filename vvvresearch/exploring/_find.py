"""From an address or a row of a table to its evidence."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from vvvresearch.conditions import column_called
from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.exploring import _mechanisms, _passages, _records, _registers, _surveys, _themes
from vvvresearch.exploring._asked import Asked, Found, Opener
from vvvresearch.locales import Phrase
from vvvresearch.results import TOTAL, Base, Cell, Evidence, Later, Result, address_part, folded, plain_shows, value_meant

OPENERS: dict[str, Opener] = {
    **_themes.OPENERS,
    **_passages.OPENERS,
    **_registers.OPENERS,
    **_records.OPENERS,
    **_surveys.OPENERS,
    **_mechanisms.OPENERS,
}
_MEASURE = ("measure", "state")
_LEVEL = " > "


def evidence_of(result: Result, *address: str, **cell: object) -> Evidence:
    """The evidence behind a number or a row of a result; see `Result.evidence`.

    Raises:
        AnalysisError: no such number or row.
    """
    if result.absent:
        return Evidence(frame=result.frame, base=result.base, title=result.title, lang=result.lang, absent=result.absent)
    if len(address) > 1:
        raise AnalysisError("evidence takes one address", where="evidence", todo='name the keys: evidence(code="…", group="…")')
    if address and cell:
        raise AnalysisError("an address and keys were given", where="evidence", todo="give one of them")
    number = address[0] if address else ""
    if number and folded(number) not in result._by_address and (key := _key_of(result, number)):
        number, cell = "", {key: number}
    asked = of_address(result, number) if number else of_keys(result, cell)
    return _shown(asked, opened(asked))


def opened(asked: Asked) -> Found:
    """The evidence, by the analysis that made the number; where none is known for it, the row itself."""
    made = asked.result.made
    opener = OPENERS.get(made.analysis) if made is not None else None
    found = opener(asked) if opener is not None else _registers.own_row(asked)
    # What the table does not know is not known by counting rows either.
    unknown = asked.number is not None and asked.number.value is None
    return dataclasses.replace(found, value=None) if unknown else found


def of_address(result: Result, address: str) -> Asked:
    """A number by its address.

    Raises:
        AnalysisError: no such number, with what was probably meant.
    """
    cell = result.cell(address)
    for part in _parts(result):
        stem = folded(part.at)
        if not part.at or not folded(cell.address).startswith((stem + ".", stem + "/")):
            continue
        measure = cell.address.rsplit(".", 1)[-1]
        if cell.row and any(name not in cell.row for name in part.keys):
            continue
        if cell.row and measure not in {one.name for one in part.measures}:
            continue
        if cell.row and not _holds(part, cell):
            continue
        return Asked(part, dict(cell.row), measure, cell, cell.address, result)
    return Asked(result, dict(cell.row), cell.address.rsplit(".", 1)[-1], cell, cell.address, result)


def of_keys(result: Result, keys: Mapping[str, object]) -> Asked:
    """A row by the values of its keys, shorter ones too; one of its numbers where a measure is named.

    Raises:
        AnalysisError: no such key or value, several rows, or no such measure.
    """
    own_names = {name for part in _parts(result) for name in part.keys}
    wanted = {name: value for name, value in keys.items() if name not in _MEASURE or name in own_names}
    place = wanted.get("row")
    if isinstance(place, int) and "row" not in result.frame and -len(result.frame) <= place < len(result.frame):
        # A row by its place is the row that its keys tell.
        del wanted["row"]
        wanted |= {name: result.frame[name].iloc[place] for name in result.keys}
    measure = next((str(keys[name]) for name in _MEASURE if name in keys and name not in own_names), "")
    found, names = _part_with(result, wanted, measure)
    rows = found.frame
    for (given, value), name in zip(wanted.items(), names, strict=True):
        values = rows[name]
        matches = values.map(lambda one, value=value: _same(one, value))
        if not matches.any() and (meant := value_meant(found.labels, rows, name, value)) is not None:
            matches = values == meant
        if not matches.any():
            raise AnalysisError(
                f"{given} {value!r} is not in this table", where="evidence", todo=did_you_mean(str(value), set(map(str, values)))
            )
        rows = rows[matches]
    for key in found.keys:
        if len(rows) > 1 and key not in names and (rows[key].astype(str) == TOTAL).any():
            rows = rows[rows[key].astype(str) == TOTAL]
    if not wanted and len(rows) > 1:
        return Asked(found, {}, measure, whole=result)
    if len(rows) > 1:
        left = [name for name in found.keys if name not in names and rows[name].nunique() > 1]
        known = ", ".join(map(str, list(dict.fromkeys(rows[left[0]]))[:8])) if left else ""
        todo = f"name {left[0]} as well: {known}" if left else "name more of its columns"
        raise AnalysisError(f"{len(rows)} rows of the table fit", where="evidence", todo=todo)
    row: dict[Any, Any] = {str(name): value for name, value in rows.iloc[0].items()}
    if measure and measure not in {one.name for one in found.measures} and measure not in row:
        names_known = [one.name for one in found.measures]
        raise AnalysisError(f"there is no number {measure!r} here", where="evidence", todo=did_you_mean(measure, names_known))
    if not measure or measure not in {one.name for one in found.measures}:
        return Asked(found, row, measure, whole=result)
    cell = found.cell(measure, **{name: row[name] for name in found.keys}) if found.at else None
    return Asked(found, row, measure, cell, cell.address if cell else "", result)


def _key_of(result: Result, value: str) -> str:
    """The one key of a table that has a value called so, "" where none or several have."""
    keys = [name for name in result.keys if value_meant(result.labels, result.frame, name, value) is not None]
    return keys[0] if len(keys) == 1 else ""


def _parts(result: Result) -> Iterator[Result]:
    yield result
    for part in result.parts.values():
        yield from _parts(part)


def _holds(part: Result, cell: Cell) -> bool:
    """Whether the row of a number is one of this table's own: two tables may share a root."""
    stem = [part.at, *(address_part(cell.row[name]) for name in part.keys)]
    if folded(".".join(piece for piece in stem if piece)) != folded(cell.address.rsplit(".", 1)[0]):
        return False
    own = part.frame
    for name in part.keys:
        own = own[own[name].astype(str) == str(cell.row[name])]
    return len(own) > 0


def _part_with(result: Result, wanted: Mapping[str, object], measure: str) -> tuple[Result, list[str]]:
    for part in _parts(result):
        if part.absent:
            continue
        names = [_column(part, name) for name in wanted]
        has_measure = not measure or measure in part.frame.columns or measure in {one.name for one in part.measures}
        if None not in names and has_measure:
            return part, [str(name) for name in names]
    for name in wanted:
        if not any(_column(part, name) for part in _parts(result)):
            known = list(result.keys or map(str, result.frame.columns))
            raise AnalysisError(f"{name!r} is no key of this table", where="evidence", todo=did_you_mean(name, known))
    known = [one.name for one in result.measures]
    raise AnalysisError(f"there is no number {measure!r} here", where="evidence", todo=did_you_mean(measure, known))


def _column(part: Result, name: str) -> str | None:
    return column_called(name, part.frame)


def _same(one: object, value: object) -> bool:
    return str(one) == str(value) or folded(address_part(one)) == folded(address_part(value))


def _shown(asked: Asked, found: Found) -> Evidence:
    """The evidence as a result, with a part for each state of the cell."""
    result = asked.result
    common: dict[str, Any] = {"kind": result.kind, "lang": result.lang, "small_n": result.small_n, "title": result.title}
    frame = found.frame.reset_index(drop=True)

    def part(name: str) -> Result:
        rows = found.states[name].reset_index(drop=True)
        return Result(frame=rows, base=Base(len(rows), result.base.unit), shows=_shows(rows), **common)

    return Evidence(
        frame=frame,
        base=result.base if asked.number is None else asked.number.base,
        notes=(Phrase("exploring.consent_note"),) if "quotable" in frame.columns else (),
        shows=_shows(frame),
        parts=Later({name: partial(part, name) for name in found.states}),
        made=result.made,
        address=asked.address,
        number=asked.number,
        unit=found.unit,
        whole=dict(found.whole),
        value=found.value,
        form=found.form,
        **common,
    )


_FIRST = ("interview", "case", "pair", "respondent", "match", "speaker", "respondent_group", "state", "stance", "code_path", "text")


def _shows(frame: Any) -> tuple[Any, ...]:
    names = [str(name) for name in frame.columns]
    order = [name for name in _FIRST if name in names] + [name for name in names if name not in _FIRST]
    return plain_shows(tuple(order))

"""Writing SPSS system files whole: labels, missing values, formats, multiple-response sets and the weight."""

from __future__ import annotations

import dataclasses
import datetime
import math
import struct
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import Item, MultipleResponseSet, Questionnaire, Survey, Variable, code_text, item_name
from vvvresearch.kinds import KIND_MARK, DataKind
from vvvresearch.sources.spss._dictionary import EXTENSION, Field, read_dictionary
from vvvresearch.sources.spss._read import EPOCH, kind_of

if TYPE_CHECKING:
    import pandas as pd

_RESERVED = {"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}
_NO_ANSWER = ("dont_know", "refused")
_NAME_BYTES, _LABEL_BYTES, _VALUE_LABEL_BYTES, _TEXT_BYTES = 64, 255, 120, 32_767


def write_spss(survey: Survey, path: Path) -> Path:
    """Write a survey as .sav or .zsav, atomically.

    Raises:
        SourceError: answers that the format cannot hold.
    """
    import pandas as pd
    import pyreadstat

    columns: dict[str, pd.Series[Any]] = {}
    plans: dict[str, Variable] = {}
    names: dict[str, str] = {}
    taken: set[str] = set()
    for column, values in _columns(survey).items():
        plan = _plan(survey, column, values)
        name = _name(plan.name, taken, path)
        names[column] = name
        columns[name] = _stored(values, plan, path)
        plans[name] = dataclasses.replace(plan, name=name)
    if not columns:
        raise SourceError("a survey without columns cannot be written", where=path)
    sets = [_renamed(several, names, path) for several in _sets(survey)]
    table = pd.DataFrame(columns).reset_index(drop=True)
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / f"draft{path.suffix.lower()}"
        try:
            pyreadstat.write_sav(
                table, str(draft), compress=path.suffix.lower() == ".zsav", file_label=_file_label(survey), **_metadata(plans)
            )
        except Exception as problem:  # pyreadstat raises its own, and whatever Python meets inside it
            raise SourceError("the SPSS file cannot be written", where=path, why=str(problem)) from None
        data = draft.read_bytes()
    if survey.weight and survey.weight not in names:
        raise SourceError(f"the weight variable {survey.weight!r} is no column of the answers", where=path)
    return files.write_bytes(path, add_to_dictionary(data, sets, names.get(survey.weight, ""), path))


def _file_label(survey: Survey) -> str:
    """What programs show of the file: that its data are not real."""
    return "" if survey.kind is DataKind.REAL else f"{KIND_MARK}: {survey.kind.value}"


def _columns(survey: Survey) -> dict[str, pd.Series[Any]]:
    """The columns to write; respondents' identifiers first, unless rows are only numbered."""
    import pandas as pd

    answers = survey.answers
    numbered = answers.index.equals(pd.RangeIndex(1, len(answers) + 1)) or answers.index.equals(pd.RangeIndex(len(answers)))
    found = {} if numbered else {"respondent": pd.Series(answers.index.astype(str), index=answers.index)}
    return {**found, **{str(column): answers[column] for column in answers.columns}}


def _plan(survey: Survey, column: str, values: pd.Series[Any]) -> Variable:
    """What is written about a column: as the file had it, else from the questionnaire."""
    gone = survey.missing.get(column, {})
    if column in survey.variables:
        variable = survey.variables[column]
        labels = {**variable.labels, **{code: reason for code, reason in gone.items() if reason}}
        return dataclasses.replace(variable, labels=labels, missing=variable.missing or _missing(gone, column, kind_of(variable) == "text"))
    item, option = _item(survey, column)
    if item is None or survey.questionnaire is None:
        labels, words, coded = {}, column, False
    elif option:
        chosen = next((one for one in survey.questionnaire.options(item) if one.code == option), None)
        labels, words, coded = {}, chosen.label.da if chosen else column, True
    else:
        labels = {one.code: one.label.da for one in survey.questionnaire.options(item)}
        words, coded = item.text.da, item.type not in ("number", "open")
    labels = {**labels, **{code: reason for code, reason in gone.items() if reason}}
    number = item is not None and item.type == "number"
    numeric = _is_numeric(values, [*labels, *gone]) and (coded or number or values.dtype.kind in "fiub")
    if item is not None and survey.questionnaire is not None and coded and not option:
        gone = _with_unknown(gone, item, survey.questionnaire, column, not numeric)
    measure = "scale" if numeric and not coded else "ordinal" if item is not None and item.type in ("likert", "band") else "nominal"
    kept = "F8.0" if numeric and coded else "F8.2" if numeric else "A"
    return Variable(column, words, labels, kept, measure, _missing(gone, column, not numeric))


def _with_unknown(gone: dict[str, str], item: Item, questionnaire: Questionnaire, column: str, texts: bool) -> dict[str, str]:
    """The missing codes with those of don't know and refused, so that SPSS leaves them out of its percentages too."""
    unknown = {one.code: one.label.da for one in questionnaire.options(item) if one.role in _NO_ANSWER}
    every = {**unknown, **gone}
    try:
        _missing(every, column, texts)
    except SourceError as problem:
        warnings.warn(f"don't know stays an answer of {column} in SPSS: {problem.why}", UserWarning, stacklevel=5)
        return gone
    return every


def _item(survey: Survey, column: str) -> tuple[Item | None, str]:
    name, _, option = column.partition(":")
    items = {item.id: item for item in survey.questionnaire.items} if survey.questionnaire else {}
    return items.get(name), option


def _is_numeric(values: pd.Series[Any], codes: list[str]) -> bool:
    """Whether every code is a plain number: `0101` and `1.0` would not come back as they are."""
    return all(_is_plain_number(code_text(value)) for value in [*values.unique(), *codes] if code_text(value))


def _is_plain_number(code: str) -> bool:
    try:
        number = float(code)
    except ValueError:
        return False
    return math.isfinite(number) and code_text(number) == code


def _missing(gone: dict[str, str], column: str, texts: bool) -> tuple[tuple[float | str, float | str], ...]:
    """User-missing codes as SPSS can hold them: three values, or one range and one value."""
    codes = sorted(gone, key=lambda code: code if texts else float(code)) if texts or all(map(_is_plain_number, gone)) else []
    if len(codes) != len(gone) or len(codes) > (3 if texts else 10_000):
        raise SourceError(
            f"the missing codes of {column} cannot be written: {', '.join(gone)}",
            why="SPSS holds three missing texts of at most eight bytes, or three missing numbers or one range and one number",
        )
    if texts and any(len(code.encode("utf-8")) > 8 for code in codes):
        raise SourceError(f"a missing code of {column} is longer than the eight bytes that SPSS holds")
    if texts:
        return tuple((code, code) for code in codes)
    numbers = [float(code) for code in codes]
    if len(numbers) <= 3:
        return tuple((number, number) for number in numbers)
    low = [number for number in numbers if number < 0]
    high = [number for number in numbers if number >= 0]
    if len(low) == 1 or not low:
        return ((min(high), max(high)), *((number, number) for number in low))
    if len(high) <= 1:
        return ((min(low), max(low)), *((number, number) for number in high))
    raise SourceError(
        f"the missing codes of {column} cannot be written: {', '.join(codes)}",
        why="SPSS holds three missing numbers, or one range and one number",
    )


def _stored(values: pd.Series[Any], plan: Variable, path: Path) -> pd.Series[Any]:
    """A column as SPSS stores it; each different value is looked at once."""
    import pandas as pd

    kind = kind_of(plan)
    places, different = pd.factorize(values)
    rows = [int(row) for row in pd.Series(places).drop_duplicates().sort_values().index if places[row] >= 0]
    if kind != "text":
        numbers = [_number(code_text(value), kind, plan.name, rows[place] + 1, path) for place, value in enumerate(different)]
        return pd.Series([*numbers, float("nan")], dtype=float).take(places).set_axis(values.index)
    texts = [value.rstrip(" ") if isinstance(value, str) else code_text(value) for value in different]
    for place, value in enumerate(texts):
        if "\0" in value or len(value.encode("utf-8")) > _TEXT_BYTES:
            where = f"{path}, {plan.name}, row {rows[place] + 1}"
            raise SourceError("a text cannot be stored by SPSS", where=where, why="too long, or with NUL in it")
    stored = pd.Series([*texts, ""], dtype=object).take(places).set_axis(values.index)
    # The writer takes a variable's width from its longest text; blanks at the end are no part of a text.
    width = plan.format.upper().removeprefix("A")
    if len(stored) and width.isdigit() and len(stored.iloc[0].encode("utf-8")) < int(width) <= _TEXT_BYTES:
        stored.iloc[0] += " " * (int(width) - len(stored.iloc[0].encode("utf-8")))
    return stored


def _number(value: str, kind: str, name: str, row: int, path: Path) -> float:
    if not value:
        return float("nan")
    try:
        if kind == "number":
            return float(value)
        if kind == "time":
            hours, minutes, seconds = value.split(":")
            return 3600 * int(hours) + 60 * int(minutes) + float(seconds)
        return (datetime.datetime.fromisoformat(value) - EPOCH).total_seconds()
    except ValueError:
        where = f"{path}, {name}, row {row}"
        raise SourceError(f"{value!r} cannot be stored as a {kind}", where=where, todo="correct the answer") from None


def _name(wanted: str, taken: set[str], path: Path) -> str:
    """A name that SPSS accepts, unlike all others whatever the case of letters."""
    plain = wanted if all(letter.isalnum() or letter in "_.@#$" for letter in wanted) and not wanted[:1].isdigit() else item_name(wanted)
    plain = plain if plain[:1].isalpha() or plain[:1] == "@" else f"v{plain}"
    name = plain + "_" if plain.upper() in _RESERVED else plain
    if len(name.encode("utf-8")) > _NAME_BYTES:
        raise SourceError(f"the name {name!r} is longer than the {_NAME_BYTES} bytes that SPSS allows", where=path)
    if name.casefold() in taken:
        raise SourceError(f"two columns would have the name {name!r} in SPSS", where=path, todo="rename one of them")
    taken.add(name.casefold())
    return name


def _sets(survey: Survey) -> list[MultipleResponseSet]:
    """The survey's own sets, and one for each multiple item that stands as tick boxes outside them."""
    found = list(survey.multiple_response_sets.values())
    placed = {column for several in found for column in several.columns}
    for item in survey.questionnaire.items if survey.questionnaire else ():
        columns = tuple(str(column) for column in survey.answers.columns if str(column).startswith(f"{item.id}:"))
        if columns and not placed & set(columns):
            found.append(MultipleResponseSet(item.id, item.text.da, columns))
    return found


def _renamed(several: MultipleResponseSet, names: dict[str, str], path: Path) -> MultipleResponseSet:
    if unknown := [column for column in several.columns if column not in names]:
        raise SourceError(f"the multiple-response set {several.name} names no column: {', '.join(unknown)}", where=path)
    name = item_name(several.name.lstrip("$"))
    return dataclasses.replace(
        several, name=name, label=_cut(several.label, _LABEL_BYTES, name), columns=tuple(names[column] for column in several.columns)
    )


def _cut(label: str, most: int, name: str) -> str:
    """A label as long as SPSS holds; what is cut is said."""
    data = label.replace("\n", " ").replace("\0", "").encode("utf-8")
    if len(data) <= most:
        return data.decode("utf-8")
    warnings.warn(f"a label of {name} is cut to the {most} bytes that SPSS holds", UserWarning, stacklevel=4)
    return data[: most - 3].decode("utf-8", "ignore") + "…"


def _metadata(plans: dict[str, Variable]) -> dict[str, Any]:
    labels: dict[str, dict[Any, str]] = {}
    ranges: dict[str, list[Any]] = {}
    formats: dict[str, str] = {}
    for name, plan in plans.items():
        text = kind_of(plan) == "text"
        if plan.labels:
            keys = {code: code if text else float(code) for code in plan.labels}
            labels[name] = {keys[code]: _cut(label, _VALUE_LABEL_BYTES, name) for code, label in plan.labels.items()}
        if plan.missing:
            ranges[name] = [low if low == high else {"lo": _bounded(low), "hi": _bounded(high)} for low, high in plan.missing]
        if plan.format and plan.format != "A":
            formats[name] = plan.format
    return {
        "column_labels": {name: _cut(plan.label, _LABEL_BYTES, name) for name, plan in plans.items() if plan.label},
        "variable_value_labels": labels,
        "missing_ranges": ranges,
        "variable_format": formats,
        "variable_measure": {name: plan.measure for name, plan in plans.items() if plan.measure in ("nominal", "ordinal", "scale")},
        "variable_display_width": {name: plan.width for name, plan in plans.items() if plan.width},
    }


def _bounded(limit: float | str) -> float | str:
    """The numbers that stand for "lowest" and "highest" in SPSS; its very lowest number means system-missing."""
    if isinstance(limit, str) or math.isfinite(limit):
        return limit
    return sys.float_info.max if limit > 0 else math.nextafter(-sys.float_info.max, 0)


def add_to_dictionary(data: bytes, sets: Sequence[MultipleResponseSet], weight: str, where: object) -> bytes:
    """A system file with multiple-response sets and the weight variable written into its dictionary.

    Args:
        data: the file as another writer left it.
        sets: the sets; their columns are names of variables in the file.
        weight: name of the weight variable, "" for none.
        where: the file, for errors.

    Raises:
        SourceError: a set or the weight names a variable that the file does not hold.
    """
    found = read_dictionary(data, where)
    fields = {one.name: one for one in found.fields}
    asked = [*([weight] if weight else []), *(column for several in sets for column in several.columns)]
    if unknown := sorted(set(asked) - set(fields)):
        raise SourceError(f"the SPSS file does not hold {', '.join(unknown)}", where=where)
    lines = b"".join(_set_line(several, fields) for several in sets)
    record = struct.pack(f"{found.order}4i", EXTENSION, 7, 1, len(lines)) + lines if lines else b""
    header = bytearray(data[: found.end])
    if weight:
        header[76:80] = struct.pack(f"{found.order}i", fields[weight].position)
    body = data[found.end :]
    if found.compression == 2:
        body = _moved(body, len(record), found.order)
    return bytes(header) + record + body


def _set_line(several: MultipleResponseSet, fields: Mapping[str, Field]) -> bytes:
    label = several.label.encode("utf-8")
    # The record names variables by their short names in lower case.
    columns = b" ".join(fields[column].short.lower() for column in several.columns)
    counted = b""
    if several.kind == "D":
        # A counted text is padded to the width of its variables.
        value = several.counted.encode("utf-8").ljust(max(fields[column].width for column in several.columns))
        counted = b"%d %s" % (len(value), value)
    kind = several.kind.encode("ascii")
    return b"$%s=%s%s %d %s %s\n" % (several.name.encode("utf-8"), kind, counted, len(label), label, columns)


def _moved(body: bytes, by: int, order: str) -> bytes:
    """The rest of a zlib-compressed file, its absolute offsets moved by `by` bytes."""
    changed = bytearray(body)
    start = 8  # the closing record of the dictionary: its type and a filler
    header, trailer, length = struct.unpack(f"{order}3q", changed[start : start + 24])
    struct.pack_into(f"{order}3q", changed, start, header + by, trailer + by, length)
    place = trailer - header + start
    _, _, _, blocks = struct.unpack(f"{order}2q2i", changed[place : place + 24])
    for block in range(blocks):
        entry = place + 24 + 24 * block
        uncompressed, compressed = struct.unpack(f"{order}2q", changed[entry : entry + 16])
        struct.pack_into(f"{order}2q", changed, entry, uncompressed + by, compressed + by)
    return bytes(changed)

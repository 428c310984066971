"""The columns of every table that is filled in by hand: the one home of their headings and of the words in their cells."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from vvvresearch.evidence import EVALUATOR, SOURCE_TYPES, Programme, municipalities
from vvvresearch.locales import Lang

_PLACE = {"da": 0, "en": 1}
# Cells that are no words of a list.
PLAIN = ("text", "date", "month", "quarter", "whole", "number", "share")


@dataclass(frozen=True)
class TemplateColumn:
    """A column of a table that is filled in.

    Args:
        name: what readers call it.
        heading: what stands above it.
        help: what belongs into it.
        required: whether it may not be left empty.
        cells: one of `PLAIN`, or the name of its list of words.
        optional: whether the whole column is left out where nobody filled it in.
        words: word → what readers call it, in the order of the drop-down list; empty where anything may stand.
    """

    name: str
    heading: str
    help: str
    required: bool
    cells: str
    optional: bool
    words: Mapping[str, str]


@dataclass(frozen=True)
class TemplateSheet:
    """A sheet of a template.

    Args:
        name: what readers call the table; "" where the workbook has one only.
        title: of the sheet.
        row: what a row stands for.
        columns: its columns, in order.
    """

    name: str
    title: str
    row: str
    columns: tuple[TemplateColumn, ...]


@dataclass(frozen=True)
class RecordRules:
    """What a register must keep that is read as its template declares it.

    Args:
        columns: its columns, with the names that readers know.
        once: the columns whose cells together stand in no two rows.
        order: pairs of dates of which the second is never the earlier one.
        past: columns with dates of what has happened.
    """

    columns: tuple[TemplateColumn, ...]
    once: tuple[str, ...]
    order: tuple[tuple[str, str], ...]
    past: tuple[str, ...]


def record_rules(kind: str, programme: Programme) -> RecordRules:
    """The rules of a register, by its kind.

    Example:
        >>> from vvvresearch.evidence import venner_viser_vej
        >>> record_rules("agreements", venner_viser_vej()).order
        (('signed', 'expires'),)
    """
    entry = _definitions()[kind]
    order = tuple((first, second) for first, second in entry.get("order", ()))
    columns = template_sheets(kind, programme)[0].columns
    return RecordRules(columns, tuple(entry.get("once", ())), order, tuple(entry.get("past", ())))


def template_kinds() -> Mapping[str, str]:
    """Every kind of table that has a template, with the folder of a workspace that it lies in.

    Returns:
        Kind → "interviews" or "surveys". A kind is a type of the source registry, but for tables of the type `register`.

    Example:
        >>> template_kinds()["matches"]
        'surveys'
    """
    return {kind: entry["folder"] for kind, entry in _definitions().items() if kind != "words"}


def template_type(kind: str) -> str:
    """The type of source that a filled template becomes.

    Example:
        >>> template_type("matches")
        'matches'
    """
    return kind if kind in SOURCE_TYPES else str(_definitions()[kind]["type"])


def template_sheets(kind: str, programme: Programme, lang: Lang = "da") -> tuple[TemplateSheet, ...]:
    """The sheets of a template in one language, with the words of a programme.

    Args:
        kind: one of `template_kinds`.
        programme: whose groups may stand in it.
        lang: of headings, explanations and words.

    Example:
        >>> from vvvresearch.evidence import venner_viser_vej
        >>> template_sheets("courses", venner_viser_vej())[0].columns[1].heading
        'Titel'
    """
    entry = _definitions()[kind]
    first = _sheet(entry.get("sheet", ""), entry, entry, programme, lang)
    return (first, *(_sheet(name, part, entry, programme, lang) for name, part in entry.items() if _is_sheet(part)))


def _is_sheet(part: Any) -> bool:
    return isinstance(part, dict) and isinstance(part.get("title"), list)


def _sheet(name: str, part: Mapping[str, Any], entry: Mapping[str, Any], programme: Programme, lang: Lang) -> TemplateSheet:
    place = _PLACE[lang]
    columns = tuple(
        TemplateColumn(
            column,
            told["heading"][place],
            told["help"][place],
            told.get("required", False),
            told.get("cells", "text"),
            told.get("optional", False),
            _words(told.get("cells", "text"), programme, lang),
        )
        for column, told in part["columns"].items()
    )
    return TemplateSheet(name, part["title"][place], part.get("row", entry["row"])[place], columns)


def _words(cells: str, programme: Programme, lang: Lang) -> dict[str, str]:
    if cells in PLAIN:
        return {}
    if cells in ("group", "half", "perspective"):
        names = programme.groups if cells == "group" else programme.halves
        called = {getattr(programme.groups[name].one, lang): name for name in names}
        words = {word[:1].upper() + word[1:]: name for word, name in called.items()}
        return words | ({EVALUATOR.capitalize(): EVALUATOR} if cells == "perspective" else {})
    if cells == "municipality":
        known = municipalities()
        return dict(sorted(zip(map(str, known["name"]), map(str, known["code"]), strict=True)))
    return {words[_PLACE[lang]]: name for name, words in _definitions()["words"][cells].items()}


@cache
def _definitions() -> dict[str, Any]:
    return tomllib.loads((resources.files("vvvresearch.sources") / "templates" / "columns.toml").read_text(encoding="utf-8"))

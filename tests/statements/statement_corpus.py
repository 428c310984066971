"""The sentences of the corpora and the rows they are held against."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from vvvresearch.locales import Lang
from vvvresearch.statements import Goal, Row, Sibling, Side

FOLDER = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Sentence:
    text: str
    row: Row
    lang: Lang
    name: str


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _fraction(entry: dict[str, Any], name: str) -> Fraction | None:
    return Fraction(entry[name]) if name in entry else None


@cache
def row_of(name: str, lang: Lang) -> Row:
    entry = _read("rows.toml")[name]
    words = entry.get(lang, {})
    sides = {
        kind: Side(
            side["count"], side["n"], tuple(words.get("names", ())), side.get("period", ""), side.get("months"), side.get("version", "")
        )
        for kind in ("before", "other")
        if (side := entry.get(kind))
    }
    change = [Fraction(end) for end in entry["change"]] if "change" in entry else [None, None]
    goal = entry.get("goal")
    return Row(
        count=entry.get("count"),
        n=entry.get("n"),
        population=entry.get("population"),
        lower=_fraction(entry, "lower"),
        upper=_fraction(entry, "upper"),
        unit=tuple(words.get("unit", ())),
        says=words.get("says", ""),
        group=tuple(words.get("group", ())),
        period=entry.get("period", ""),
        months=entry.get("months"),
        version=entry.get("version", ""),
        labels=tuple(words.get("labels", ())),
        foreign=tuple(words.get("foreign", ())),
        occasions=entry.get("occasions", False),
        change_lower=change[0],
        change_upper=change[1],
        panel_change=_fraction(entry, "panel"),
        siblings=tuple(Sibling(count, (label,)) for count, label in entry.get("siblings", ())),
        gap_lower=_fraction(entry, "gap"),
        negative=entry.get("negative", False),
        goal=goal
        and Goal(
            Fraction(goal["target"]),
            tuple(Fraction(reading) for reading in goal["readings"]),
            goal.get("at_least", True),
            goal.get("ended", True),
            share=goal.get("share", False),
        ),
        absent=entry.get("absent", ""),
        obstacle=entry.get("obstacle", ""),
        **sides,
    )


def sentences(name: str, kind: str) -> list[Sentence]:
    """The sentences of a corpus file that hold, or that stop."""
    return [
        Sentence(text, row_of(group["row"], group["lang"]), group["lang"], group["row"])
        for group in _read(name)["group"]
        for text in group.get(kind, ())
    ]


def row_names() -> list[str]:
    """The names of all rows."""
    return list(_read("rows.toml"))


def clause_lists(name: str) -> list[tuple[Lang, str, list[str]]]:
    """Language, sentence, and the clauses it should fall into."""
    found: list[tuple[Lang, str, list[str]]] = []
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            lang, _, marked = line.partition(": ")
            found.append(("da" if lang == "da" else "en", marked.replace("| ", ""), [part.strip() for part in marked.split("|")]))
    return found

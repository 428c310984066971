"""Sentences that somebody has read beside the question of their number: their numbers are proved, what they say was for a person."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import READINGS

Reading = tuple[str, str]
_COLUMNS = ("sentence", "question", "by", "date")


def reading(sentence: str, question: str) -> Reading:
    """A sentence and its question as they are known by: another blank or a full stop make no other sentence.

    Example:
        >>> reading("Half  of them come.", "Do you come?")
        ('Half of them come', 'Do you come?')
    """
    return " ".join(sentence.split()).strip(" .,;:"), " ".join(question.split())


def readings_of(home: Path) -> frozenset[Reading]:
    """What has been read in a round, as its table `readings.csv` tells (sentence, question, by, date); nothing without it.

    Args:
        home: the round's folder.

    Raises:
        SourceError: the table lacks a column.
    """
    return frozenset(reading(row["sentence"], row["question"]) for row in _rows(home) if row["by"].strip())


def readings_in(home: Path, page: str) -> list[dict[str, str]]:
    """Who read what of a page's words beside their questions, and when; what the page no longer says is left out.

    Args:
        home: the round's folder.
        page: the page, as HTML.
    """
    told = " ".join(html.unescape(re.sub(r"<[^>]+>|\u00ad", "", page)).split())
    return [row for row in _rows(home) if row["by"].strip() and reading(row["sentence"], "")[0] in told]


def note_readings(home: Path, found: Iterable[Reading], by: str, day: str) -> None:
    """Write down who read which sentences beside their questions; who read one before gives way.

    Args:
        home: the round's folder.
        found: sentences with their questions.
        by: who read them.
        day: the date.
    """
    rows = {reading(row["sentence"], row["question"]): [row[name] for name in _COLUMNS] for row in _rows(home)}
    rows |= {reading(*one): [*reading(*one), by, day] for one in found}
    files.write_text(home / READINGS, files.rows_text([_COLUMNS, *rows.values()]))


def _rows(home: Path) -> list[dict[str, str]]:
    """The rows of a round's table of readings, as they are written: sentence, question, by, date.

    Args:
        home: the round's folder.

    Raises:
        SourceError: the table lacks a column.
    """
    path = home / READINGS
    if not path.is_file():
        return []
    table = files.read_csv(path)
    if lacking := [name for name in _COLUMNS if name not in table]:
        raise SourceError(f"the table of readings lacks {', '.join(lacking)}", where=path)
    return [{name: str(row[name]) for name in _COLUMNS} for row in table.to_dict("records")]

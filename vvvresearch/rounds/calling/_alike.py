"""Columns of one idea in several tables of a round: which of them holds what others have under a name, and who has a name at all."""

from __future__ import annotations

import contextlib
import warnings
from typing import TYPE_CHECKING, Any

from vvvresearch.conditions import column_called
from vvvresearch.errors import NameNote, VvvError
from vvvresearch.evidence import Survey
from vvvresearch.results import folded

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round

_WITH_COLUMNS = frozenset({"survey", "register", "matches", "interviews", "courses", "monitoring"})


def column_alike(opened: Round, said: str, table: Any) -> str:
    """The one column that holds what other tables of the round have under a name: a site, where a survey asks which kitchen; else ""."""
    held = [_held(one, name) for one in _tables(opened).values() if (name := column_called(said, _columns(one)))]
    if not held:
        return ""
    known = set.union(*held)
    # Yes and no, numbers and degrees of agreement stand in columns of every idea.
    own = {name: values for name in _columns(table) if len(values := _held(table, name)) > 2}
    found = [name for name, values in own.items() if 3 * len(values & known) > 2 * len(values)]
    if len(found) != 1:
        return ""
    warnings.warn(f"{said!r} is understood as {found[0]!r}, which holds the same", NameNote, stacklevel=6)
    return found[0]


def tables_with(opened: Round, said: str) -> list[str]:
    """The tables of the round that have a column that is called so."""
    return [name for name, table in _tables(opened).items() if column_called(said, _columns(table))]


def _tables(opened: Round) -> dict[str, Any]:
    """The tables of the round that can be read; one with faults is told of where it is asked."""
    found = {}
    for source in opened.spec.sources:
        if source.type in _WITH_COLUMNS:
            with contextlib.suppress(VvvError):
                found[source.id] = opened.read(source.id)
    return found


def _columns(table: Any) -> list[str]:
    return table.respondent_columns if isinstance(table, Survey) else list(map(str, getattr(table, "rows", table).columns))


def _held(table: Any, column: str) -> set[str]:
    """What stands in a column, in words where it is an item's answers."""
    values: Any = table.respondent_column(column) if isinstance(table, Survey) else getattr(table, "rows", table)[column]
    item = table.item_named(column) if isinstance(table, Survey) else None
    asked = {one.id: one.type for one in table.questionnaire.items} if isinstance(table, Survey) and table.questionnaire else {}
    if asked.get(column) in ("likert", "number"):
        return set()
    words = table.labels(item, "en") if item is not None and item == column else {}
    return {name for one in values.dropna().unique() if (name := folded(str(words.get(str(one), one)))) and not name.isdecimal()}

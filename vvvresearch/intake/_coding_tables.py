"""Tables of codings and sheets of mappings: what their readers take as they are, and what beside the columns of the map."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.evidence import SEPARATOR
from vvvresearch.intake._cells import Tests
from vvvresearch.intake._columns import propose_columns
from vvvresearch.intake._fold import fold
from vvvresearch.intake._grid import read_grid
from vvvresearch.intake._kind import Candidate, match_columns
from vvvresearch.intake._personal import can_be_shown, value_ids
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._settle import LEFT_OUT, Settled
from vvvresearch.intake._table import Column, Table, find_table, table_on
from vvvresearch.intake._words import table_kinds
from vvvresearch.locales import text
from vvvresearch.sources.qda.tables._columns import Columns, find_columns

if TYPE_CHECKING:
    import pandas as pd


SEPARATED = "codes.separator"
_MARKS = ("::", "/", "\\", "›", "»", "|", ":", " - ")
_NEARLY_ALL, _SOME, _SHOWN = 0.8, 0.4, 6
# What the reader of codings knows and a map does not speak of: the reader's name of the column.
_FURTHER = {
    "range": "excerpt range", "color": "color", "guid": "guid", "region": "region", "start": "start", "end": "end", "coder": "coder",
    "memo": "memo", "date": "date", "group": "document group", "beneficiary": "beneficiary", "phase": "phase", "prompted": "prompted",
}  # fmt: skip


def is_export(table: Table) -> bool:
    """Whether a table is laid out as a program exports it, which its reader knows better than headings tell."""
    found = _found(table.columns)
    return bool(found.layout or found.applied) and table.header == "1" and "source" in found.roles


def with_further_columns(frame: pd.DataFrame, table: Table, settled: Settled) -> pd.DataFrame:
    """A table of codings with the columns that its reader knows beside those of the map."""
    taken = settled.roles()
    left = {name for name, value in settled.starting("column.").items() if value == "-"}
    free = [column for column in table.columns if column.id not in taken and column.id not in left]
    own = _found(free).roles
    by_heading = {column.heading: column for column in free}
    added = {
        name: list(by_heading[own[role]].texts) for role, name in _FURTHER.items() if role in own and not {name, role} & set(frame.columns)
    }
    return frame.assign(**added)


def propose_separator(draft: Draft, column: Column) -> None:
    """The mark between the steps of a code ("Udbytte/Sprog"): sure where nearly all codes have it and share what stands before it."""
    codes = list(column.counts)
    if any(SEPARATOR in code for code in codes):
        return
    for mark in _MARKS:
        marked = [code for code in codes if mark in code]
        tops = [code.split(mark)[0].strip() for code in marked]
        shared = [top for top in tops if tops.count(top) > 1 or top in codes]
        if len(marked) < max(2, _SOME * len(codes)) and not shared:
            continue
        if any(not part.strip() for code in marked for part in code.split(mark)):
            continue
        if len(shared) >= _NEARLY_ALL * len(codes):
            draft.decide(SEPARATED, column.heading, mark)
        else:
            choices = ((mark, text("intake.steps", draft.lang)), ("-", text("intake.one_name", draft.lang)))
            words = text("intake.ask_separator", draft.lang, heading=column.heading, mark=mark.strip())
            items = tuple(code for code in marked if can_be_shown(code))[:_SHOWN]
            draft.ask(Question(SEPARATED, "choose", words, choices, items, mark, (SEPARATED,)))
        return


def tell_odd_passages(draft: Draft, table: Table, code: Column, passage: Column) -> None:
    """Rows that have a code and no passage where the others have one, and rows whose passage is the name of a code."""
    names = {fold(one) for one in code.counts}
    pairs = list(zip(table.lines, code.texts, passage.texts, strict=True))
    empty = [line for line, own, quote in pairs if own and not quote]
    turned = [line for line, own, quote in pairs if quote and fold(quote) in names and own != quote]
    for name, lines in (("told_no_passage", empty if 2 * len(empty) < len(pairs) else []), ("told_turned_passage", turned)):
        if lines:
            draft.tell(text(f"intake.{name}", draft.lang, count=len(lines), rows=", ".join(map(str, lines[:8]))))


def with_steps(codes: Sequence[str], settled: Settled) -> list[str]:
    """Codes as paths, where the map says which mark parts their steps."""
    mark = str(settled.decisions.get(SEPARATED, "-"))
    if mark == "-":
        return list(codes)
    return ["\n".join(SEPARATOR.join(part.strip() for part in line.split(mark)) for line in code.split("\n")) for code in codes]


def _found(columns: tuple[Column, ...] | list[Column]) -> Columns:
    return find_columns([column.heading for column in columns], {column.heading: column.texts for column in columns})


NODES = "nodes."
# The decision about a hashtag of a column: `tag.hashtags.hypothetical`.
TAG = "tag."
_MOST_TAGS = 12


def links_sheet(path: Path, table: Table, tests: Tests) -> str:
    """The sheet of links in a workbook whose largest sheet holds the factors; "" where the sheet that was read is right."""
    if _nodes_on(table, tests) is None:
        return ""
    others = ((name, table_on(path, name)) for name in table.others)
    return next((name for name, other in others if other is not None and _has_links(other, tests)), "")


def nodes_sheet(path: Path, table: Table, tests: Tests) -> str:
    """The sheet of factors beside a sheet of links; "" without one."""
    found = _beside_links(path, table, tests) if _has_links(table, tests) else None
    return "" if found is None else found[0]


def propose_nodes(draft: Draft, path: Path, table: Table, tests: Tests) -> None:
    """Decide and ask about the sheet of factors beside a sheet of links; the ids begin with `nodes.`."""
    beside = _beside_links(path, table, tests)
    if beside is None:
        return
    name, other, found = beside
    own = Draft(draft.lang, "nodes")
    propose_columns(own, other, found, (), tests)
    draft.decide(f"{NODES}sheet", name, name, "heading+values")
    for decision in own.decided.values():
        draft.decide(f"{NODES}{decision.id}", decision.what, decision.value, decision.why)
    for question in own.questions.values():
        targets = tuple(f"{NODES}{target}" for target in (question.targets or (question.id,)))
        draft.ask(dataclasses.replace(question, id=f"{NODES}{question.id}", targets=targets))
    draft.losses += own.losses


def _has_links(table: Table, tests: Tests) -> bool:
    return not {"cause", "effect"} & set(match_columns(table_kinds()["mappings"], list(table.columns), tests).missing)


def _beside_links(path: Path, table: Table, tests: Tests) -> tuple[str, Table, Candidate] | None:
    """The first other sheet that holds factors: its name, its table, and its columns in their roles."""
    for name in table.others:
        other = table_on(path, name)
        if other is not None and (found := _nodes_on(other, tests)) is not None:
            return name, other, found
    return None


def ask_tags(draft: Draft, table: Table) -> None:
    """Ask of the hashtags that stand beside links which of them keep a link out of the map: a tag may say that it was only imagined."""
    taken = {decision.id.removeprefix("column.") for decision in draft.decided.values() if decision.value != LEFT_OUT}
    for column in table.columns:
        tags = list(dict.fromkeys(tag for text in column.filled for tag in tags_in(text)))
        if column.id in taken or not tags or len(tags) > _MOST_TAGS or not all(tags_in(text) for text in column.filled):
            continue
        choices = (("counts", text("intake.tag_counts", draft.lang)), ("left-out", text("intake.tag_left_out", draft.lang)))
        keys = value_ids(tags)
        words = text("intake.ask_tags", draft.lang, heading=column.heading)
        targets = tuple(f"{TAG}{column.id}.{keys[tag]}" for tag in tags)
        draft.ask(Question(f"tags.{column.id}", "choose", words, choices, tuple(tags), targets=targets))


def tags_in(words: str) -> list[str]:
    """The hashtags that words hold.

    Example:
        >>> tags_in("#doubtful #other")
        ['#doubtful', '#other']
    """
    return re.findall(r"#[^\W\d]\w*", words.casefold())


def rows_left_out(table: Table, settled: Settled) -> list[tuple[int, str, str]]:
    """The rows that have a tag which keeps a link out, with what and why."""
    left = {name.removeprefix(TAG) for name, value in settled.decisions.items() if name.startswith(TAG) and value == "left-out"}
    gone = []
    for column in table.columns:
        keys = value_ids(tag for text in column.filled for tag in tags_in(text))
        own = [(line, tag) for line, text in zip(table.lines, column.texts, strict=True) for tag in tags_in(text)]
        gone += [(line, tag, "left out as answered") for line, tag in own if f"{column.id}.{keys[tag]}" in left]
    return gone


def nodes_of(path: Path, settled: Settled) -> tuple[Table, Settled] | None:
    """The sheet of factors with the decisions about it, None where there is none."""
    sheet = settled.decisions.get(f"{NODES}sheet")
    if sheet is None:
        return None
    own = dataclasses.replace(settled, kind="nodes", decisions=settled.starting(NODES))
    return find_table(read_grid(path, str(sheet)), path), own


def _nodes_on(table: Table, tests: Tests) -> Candidate | None:
    found = match_columns(table_kinds()["nodes"], list(table.columns), tests)
    return None if found.missing else found

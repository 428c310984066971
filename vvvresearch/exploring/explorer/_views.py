"""The middle of the page: counts beside the filters, the matrix of themes by any attribute, and the causal map in layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.exploring.explorer._page import column_words, facets_of, filter_call, fitting, literal, name_for_page, value_words
from vvvresearch.figures._layers import few_layers, layered, most_told
from vvvresearch.locales import say
from vvvresearch.results import TOTAL, address_part, folded
from vvvresearch.themes._states import States
from vvvresearch.themes._theme_table import counts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vvvresearch.exploring._narrow import Narrowing
    from vvvresearch.exploring.explorer._index import Index
    from vvvresearch.locales import Lang
    from vvvresearch.mechanisms.maps._causal_map import CausalMap


COUNTS = (
    *("affirmed", "contradicted", "both", "not_raised", "asked", "not_asked", "not_coded"),
    *("persons_affirmed", "persons_contradicted", "persons_both", "persons_asked"),
)
_ROOM = 25_000


def facets(index: Index, wanted: Narrowing) -> dict[str, Any]:
    """How many interviews and passages each value has, under all the other filters."""
    left = index.left(wanted)
    there = np.zeros(len(index.register), dtype=bool)
    there[left.interviews] = True
    chosen = {name for name, _ in wanted.attributes}
    columns = {}
    for name, values in facets_of(index).items():
        fits = index.fitting(wanted, name) if name in chosen else there
        held = index.values[name][fits]
        columns[name] = {value: int((held == value).sum()) for value in values}
    without = {name: index.of_filter(wanted, name) for name in ("coder", "stance", "memo")}
    by_coder = without["coder"] & index.fitting(wanted, "coder")[index.interview]
    by_stance, by_memo = without["stance"] & there[index.interview], without["memo"] & there[index.interview]
    return {
        "interviews": len(left.interviews),
        "all": len(index.register),
        "passages": int(left.kept.sum()),
        "columns": columns,
        "codes": (left.states.affirmed | left.states.contradicted).sum(axis=0).tolist(),
        "coder": {name: int((by_coder & (index.coder == place)).sum()) for place, name in enumerate(index.coders)},
        "stance": {"affirmed": int((by_stance & ~index.against).sum()), "contradicted": int((by_stance & index.against).sum())},
        "memo": int((by_memo & index.noted).sum()),
    }


def chosen_rows(index: Index, under: str, depth: int) -> list[int]:
    """The codes of a branch, or of the whole tree, down to a level.

    Raises:
        AnalysisError: no such code.
    """
    if under and under not in index.place:
        raise AnalysisError(f"the codebook has no code {under!r}", todo=did_you_mean(under, index.paths))
    level = [len(one) for one in index.above]
    top = index.place[under] if under else None
    return [row for row, one in enumerate(index.above) if (top is None or top in one) and (not depth or level[row] <= depth)]


def checked_column(index: Index, name: str) -> str:
    """A column of the register.

    Raises:
        AnalysisError: no such column.
    """
    if name not in index.values:
        raise AnalysisError(f"the register has no column {name!r}", where="by", todo=did_you_mean(name, index.values))
    return name


def matrix(index: Index, wanted: Narrowing, asked: Mapping[str, Any], lang: Lang, hidden: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Themes by the values of an attribute: the counts of the theme table, and the call that makes it.

    Raises:
        AnalysisError: no such column or code.
    """
    by, under = checked_column(index, str(asked.get("by") or "respondent_group")), str(asked.get("under") or "")
    depth = int(asked.get("depth") or 0)
    rows = chosen_rows(index, under, depth)
    first = max(0, int(asked.get("first") or 0))
    left = index.left(wanted)
    held = index.values[by][left.interviews]
    columns = [*dict.fromkeys(map(str, held)), TOTAL]
    # The most that can stand side by side; how many interviews each column has tells what is left out.
    shown = columns if len(columns) <= 40 else [*columns[:39], TOTAL]
    places = rows[first : first + 400]
    states = _only(left.states, places)
    tables = []
    for column in shown:
        members = np.arange(len(held)) if column == TOTAL else np.flatnonzero(held == column)
        counts = counts_of(states, members)
        tables.append(np.column_stack([counts[name] for name in COUNTS]).tolist())
    root = "themes" + ("" if by == "respondent_group" else f"/by-{address_part(by).replace('/', '-')}")
    lines = (
        {
            "code": place,
            "cells": [
                None if hidden and _is_hidden(hidden, root, index.paths[place], column) else table[number]
                for column, table in zip(shown, tables, strict=True)
            ],
        }
        for number, place in enumerate(places)
    )
    call = f"r{filter_call(wanted)}.theme_table({_given(by, under, depth)})"
    return {
        "by": by,
        "by_words": column_words(by, lang),
        "columns": [
            {"id": column, "words": value_words(by, column, lang), "n": len(held) if column == TOTAL else int((held == column).sum())}
            for column in shown
        ],
        "more_columns": len(columns) - len(shown),
        "rows": fitting(lines, _ROOM),
        "first": first,
        "all_rows": len(rows),
        "interviews": len(left.interviews),
        "code": f"{call}.across({literal(by)})",
        "page": f'page.add({literal(name_for_page("themes", under))}, {call}.across({literal(by)}), figure="heatmap")',
    }


def _only(states: States, places: list[int]) -> States:
    """The states of some codes."""
    return States(
        states.register,
        [states.paths[place] for place in places],
        states.affirmed[:, places],
        states.contradicted[:, places],
        states.asked[:, places],
        states.passages[:, places],
        states.coded,
    )


def _given(by: str, under: str, depth: int) -> str:
    given = [f"by={literal(by)}"] if by != "respondent_group" else []
    given += [f"under={literal(under)}"] if under else []
    return ", ".join(given + ([f"depth={depth}"] if depth else []))


def _is_hidden(hidden: frozenset[str], root: str, path: str, column: str) -> bool:
    """Whether disclosure control hides a number of the row, and so the row."""
    stem = folded(f"{root}.{address_part(path)}.{address_part(column)}")
    return any(f"{stem}.{name}" in hidden for name in (*COUNTS, "share"))


# Free room between two factors of a layer, where a factor is 1 high.
_GAP = 0.35


def causal_links(result: CausalMap, call: str, asked: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    """The factors with their places and the links that most informants name, each with the address of its number.

    Args:
        result: the map of the round under a filter.
        call: the call that made it.
        asked: `least`, fewest informants of a link; 0 for two, or one where no link has two.
        lang: language of the words.
    """
    if result.absent:
        return {"told": say(result.absent, lang), "nodes": [], "edges": [], "code": call, "page": ""}
    best = int(result.frame["informants"].max())
    wanted = max(0, int(asked.get("least") or 0))
    drawn, _ = most_told(result.frame, least=min(wanted, best) or None)
    rows = drawn.to_dict("records")
    ends = [(str(row["cause"]), str(row["effect"])) for row in rows]
    names = sorted({name for edge in ends for name in edge}, key=result.name_of)
    plan = layered(ends, dict.fromkeys(names, 1.0), _GAP, few_layers(names, [edge for edge in ends if edge[0] != edge[1]]))
    people = dict(zip(result.factors["factor"], result.factors["informants"].tolist(), strict=True))
    place = {name: number for number, name in enumerate(names)}
    edges = [
        {
            "from": place[cause],
            "to": place[effect],
            **{name: int(row[name]) for name in ("informants", "citations", "promotes", "hinders")},
            "by": plan.route.get((cause, effect), []),
            "address": result.cell("informants", link=row["link"]).address,
        }
        for (cause, effect), row in zip(ends, rows, strict=True)
    ]
    fewest = int(drawn["informants"].min())
    chosen = f".where({literal(f'informants >= {fewest}')})" if len(drawn) < len(result.frame) else ""
    return {
        "nodes": [
            {"words": result.name_of(name), "n": people[name], "layer": plan.rank[name], "height": plan.height[name]} for name in names
        ],
        "edges": edges,
        "layers": plan.count,
        "total": plan.total,
        "all": len(result.frame),
        "best": best,
        "words": result.caption,
        "note": result.footer,
        "code": call,
        "page": f'page.add("map", {call}{chosen})',
    }

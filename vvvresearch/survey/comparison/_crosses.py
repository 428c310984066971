"""Cross-tables that were agreed beforehand: an exact test each, adjusted as one family, and the share of the key answer by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import Joined, Phrase, Sayable
from vvvresearch.results import TOTAL, Base, Column, Interval, Labels, Measure, Result, Share, Tested, Total, address_part, recorded
from vvvresearch.statistics.exact_tests import freeman_halton
from vvvresearch.statistics.multiplicity import adjust, alpha_of_family
from vvvresearch.statistics.power import least_detectable_in_table
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.comparison._compared import exact_inference
from vvvresearch.survey.comparison._sides import one_item
from vvvresearch.survey.tabulation._answers import as_survey
from vvvresearch.survey.tabulation._tabulate import known_unit, tabulate

# Below this a cell is small: its percentage says little.
_SMALL_CELL = 5
_NO_TABLE = ("number", "open", "multiple")


@recorded
def cross_tables(crosses: Sequence[tuple[Survey | pd.DataFrame, str, str]], *, adjustment: str = "holm") -> Result:
    """Several cross-tables as one family of tests.

    Args:
        crosses: survey (or a plain table of answers), item with one answer a respondent, and variable, each.
        adjustment: "holm", "benjamini-hochberg" or "none", over all of them.

    Returns:
        Result; `.frame`: survey, item, by, n, smallest (count of the smallest cell), n_side (answers in the second largest group), p
        (Freeman–Halton; for two by two Fisher's; without don't know; not shown where n_side is small), p_adjusted,
        least_detectable (the difference between the two largest groups that the table's test would find four times in five). Part
        "groups": survey, item, code ("top" of a scale, else the first answer), by, group, count, n, lower, upper (Wilson); the other
        parts are the tables themselves, which hold the addresses of their shares.
        Addresses `crosses.<survey>.<item>.<variable>.p_adjusted`.

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.
        AnalysisError: no cross-table, one that stands twice, an unknown item or variable, or an item without one answer a respondent.

    Source:
        Freeman and Halton 1951; Holm 1979; Wilson 1927.

    Example:
        >>> from vvvresearch.survey import example_survey
        >>> survey = example_survey()
        >>> found = cross_tables([(survey, "refers", "agreement")])
        >>> found.frame[["item", "by", "n"]].values.tolist()
        [['refers', 'agreement', 8]]
    """
    if not crosses:
        raise AnalysisError("there is no cross-table to make", where="crosses")
    chosen = [(as_survey(survey, item), item, by) for survey, item, by in crosses]
    named = [(survey.id, item, by) for survey, item, by in chosen]
    if len(set(named)) != len(named):
        raise AnalysisError("a cross-table stands twice", where="crosses", why="it would count twice in its family")
    tables: dict[str, Result] = {}
    rows: list[dict[str, Any]] = []
    groups: list[dict[str, Any]] = []
    keyed: list[list[dict[str, Any]]] = []
    for survey, item, by in chosen:
        require_permitted(survey, "a cross-table with a test")
        asked = one_item(survey, item)
        if asked.type in _NO_TABLE:
            raise AnalysisError(f"{item} has no cross-table: it is {asked.type}", where="crosses", todo="name an item with one answer")
        table = tabulate(survey, item, by=by, intervals=True)
        shows = (replace(one, counts=True) if isinstance(one, Share) else one for one in table.shows if one.name != "count")
        tables[f"{survey.id}/{item}/by-{address_part(by)}"] = replace(table, shows=tuple(shows))
        cells = table.frame[table.frame[table.keys[1]] != TOTAL]
        counts = _counts(cells, table.keys[1])
        named_so = {"survey": survey.id, "item": item, "by": by}
        n = int(cells.drop_duplicates(table.keys[1])["n"].sum())
        p_value = freeman_halton(counts.to_numpy().tolist()).p_value if counts.size else float("nan")
        smallest, answers = int(counts.to_numpy().min(initial=n)), int((counts.sum() > 0).sum())
        rows.append({**named_so, "n": n, "smallest": smallest, "n_side": _side(counts), "p": p_value, "answers": answers})
        keyed.append(_key_rows(table, cells) if n else [])
        groups += [named_so | row for row in keyed[-1]]
    tests = adjust([row["p"] for row in rows], adjustment, "")
    alpha = alpha_of_family(0.05, tests.size, adjustment)
    least = [_least(own, row["answers"], alpha) for own, row in zip(keyed, rows, strict=True)]
    frame = (
        pd.DataFrame(rows).drop(columns="answers").assign(p_adjusted=list(tests.adjusted), least_detectable=pd.Series(least, dtype=float))
    )
    small = int((frame["smallest"] < _SMALL_CELL).sum())
    words = {"size": tests.size, "method": Phrase(f"comparing.method_{adjustment}")}
    notes = [Phrase("comparing.cross_note")]
    notes += [Phrase("comparing.cross_small", {"part": small, "whole": len(frame)})] if small else []
    labels = _labels(chosen, tables)
    units = {survey.id: known_unit(survey.questionnaire.frame.unit if survey.questionnaire else "") for survey, _, _ in chosen}
    shared: dict[str, Any] = {
        "base": Base(None),
        "bases": {(name,): Base(None, unit) for name, unit in units.items()},
        "base_on": ("survey",),
        "kind": combined_kind(survey.kind for survey, _, _ in chosen),
    }
    columns = (
        Column("item", Phrase("comparing.item")),
        Column("by", Phrase("comparing.cross_by")),
        Column("n", Phrase("comparing.n_row"), "count"),
        Tested("p_adjusted", Phrase("comparing.p_adjusted"), "p", note=Phrase("comparing.cross_family", words), sides=("n_side",)),
        Column("least_detectable", Phrase("comparing.least_detectable"), "points", 1, note=Phrase("comparing.cross_least")),
    )
    by_group = Result(
        **shared,
        labels=labels,
        frame=pd.DataFrame(groups, columns=["survey", "item", "by", "code", "group", "count", "n", "lower", "upper"]),
        title=Phrase("comparing.cross_groups_title"),
        notes=(Phrase("comparing.cross_key"),),
        shows=(
            Column("item", Phrase("comparing.item")),
            Column("code", Phrase("comparing.answer")),
            Column("by", Phrase("comparing.cross_by")),
            Column("group", Phrase("comparing.cross_group")),
            Share("share", Phrase("comparing.share"), counts=True),
            Interval("interval", Phrase("comparing.cross_interval"), decimals=1, scale=100),
        ),
        at="crosses/groups" if adjustment == "holm" else f"crosses/{adjustment}/groups",
        keys=("survey", "item", "by", "group"),
        measures=(Measure("count"), Measure("n", of=""), Measure("share", "share", count="count")),
    )
    return Result(
        **shared,
        labels={name: labels[name] for name in ("survey", "item", "by")},
        frame=frame,
        title=Phrase("comparing.cross_title"),
        notes=(*notes, Phrase("comparing.cross_cautious")),
        shows=columns if len({survey.id for survey, _, _ in chosen}) == 1 else (Column("survey", Phrase("comparing.survey")), *columns),
        at="crosses" if adjustment == "holm" else f"crosses/{adjustment}",
        keys=("survey", "item", "by"),
        measures=(
            Measure("n", of="n"),
            *(Measure(name, "p", sides=("n_side",)) for name in ("p", "p_adjusted")),
            Measure("least_detectable", "points", 1),
        ),
        totals={"tests": Total(tests.size)},
        parts={"groups": by_group} | tables,
    )


def _counts(cells: pd.DataFrame, by: str) -> pd.DataFrame:
    """Answers by groups, groups that nobody is in left out; don't know and refused are no answers to compare."""
    kept = cells[cells["role"].isin(["answer", "other"])]
    counts = kept.pivot(index=by, columns="code", values="count").astype(int)
    return counts[counts.sum(axis=1) > 0]


def _side(counts: pd.DataFrame) -> int:
    sizes = sorted(counts.sum(axis=1), reverse=True)
    return int(sizes[1]) if len(sizes) > 1 else 0


def _key_rows(table: Result, cells: pd.DataFrame) -> list[dict[str, Any]]:
    """The share of the answer that stands for the question, group by group."""
    by = table.keys[1]
    first = cells[cells["code"] == cells["code"].iloc[0]]
    rows = table["top"].frame.assign(code="top") if "top" in table.parts else first
    rows = rows[(rows[by] != TOTAL) & (rows["n"] > 0)].assign(group=rows[by])
    found: list[dict[str, Any]] = rows[["code", "group", "count", "n", "lower", "upper"]].to_dict("records")
    return found


def _least(rows: list[dict[str, Any]], answers: int, alpha: float) -> float:
    """The difference in the answer that stands for the question, between the two largest groups, that would be found four times in five."""
    if len(rows) < 2 or answers < 2:
        return float("nan")
    largest = sorted(rows, key=lambda row: row["n"], reverse=True)
    (x1, n1), (x2, n2), *_ = ((int(row["count"]), int(row["n"])) for row in largest)
    if len(rows) == answers == 2:
        found = exact_inference(x1, n1, x2, n2, "fisher").detectable(alpha)
    else:
        upwards = x2 * n1 > x1 * n2 or (x2 * n1 == x1 * n2 and 2 * x1 < n1)
        found = least_detectable_in_table([int(row["n"]) for row in largest], answers, x1 / n1, alpha, upwards=upwards)
    return float("nan") if found is None else found


def _labels(crosses: Sequence[tuple[Survey, str, str]], tables: dict[str, Result]) -> dict[str, Labels]:
    """The words of everything that stands in both tables, each beside its survey."""
    items: dict[Any, str | Sayable] = {}
    codes: dict[Any, str | Sayable] = {}
    variables: dict[Any, str | Sayable] = {}
    groups: dict[Any, str | Sayable] = {}
    for (survey, item, by), table in zip(crosses, tables.values(), strict=True):
        asked = survey.questionnaire
        assert asked is not None
        key = table.keys[1]
        items[survey.id, item] = asked.item(item).text
        answers = table.labels["code"].words
        codes |= {(survey.id, item, code): words for (_, code), words in answers.items()}
        scale = asked.scales.get(asked.item(item).scale)
        codes[survey.id, item, "top"] = Joined(tuple(answers[item, code] for code in (scale.top if scale else ())), " + ")
        heading = next(column.label for column in table.shows if column.name == key)
        variables[survey.id, by] = heading or by
        groups |= {(survey.id, by, group): words for group, words in table.labels[key].words.items()}
    return {
        "survey": Labels({survey.id: survey.title for survey, _, _ in crosses}),
        "item": Labels(items, on=("survey", "item")),
        "code": Labels(codes, on=("survey", "item", "code")),
        "by": Labels(variables, on=("survey", "by")),
        "group": Labels(groups, on=("survey", "by", "group")),
    }

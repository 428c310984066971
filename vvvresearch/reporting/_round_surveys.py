"""The surveys of a round as notebooks hand them over: a table, a figure and the numbers of every question."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.figures import Drawing, bars, likert
from vvvresearch.locales import Phrase
from vvvresearch.reporting._output import Output
from vvvresearch.reporting._round_basis import trace_sources
from vvvresearch.results import Base
from vvvresearch.survey import SurveyTable, tabulate_all

if TYPE_CHECKING:
    from vvvresearch.evidence import Survey
    from vvvresearch.rounds import Round


def hand_over_surveys(out: Output, opened: Round) -> dict[str, SurveyTable]:
    """Write every question of every survey of a round.

    A table is called `<survey>-<question>`, and so is its figure where a figure says more than a line; the numbers are
    `<survey>.<question>.<answer>.n`, `.of` and `.pct`.

    Args:
        out: the notebook's output.
        opened: the round.

    Returns:
        The tables by name.
    """
    trace_sources(out, opened)
    found: dict[str, SurveyTable] = {}
    for name, survey in opened.surveys.items():
        for item, table in tabulate_all(survey, lang=out.lang).items():
            label = f"{name}-{item}".replace("_", "-").lower()
            shown = _titled(table, survey)
            found[label] = shown
            out.table(label, shown)
            _keep(out, name, shown)
            drawing = draw(shown, survey)
            if drawing is not None:
                out.figure(label, drawing)
    return found


def _titled(table: SurveyTable, survey: Survey) -> SurveyTable:
    """A battery is headed by what it is, not by the id that holds its items together."""
    if table.frame["item"].nunique() < 2 or survey.questionnaire is None:
        return table
    return dataclasses.replace(table, title=Phrase("reporting.battery", {"survey": survey.questionnaire.title.say(table.lang)}))


def _keep(out: Output, name: str, table: SurveyTable) -> None:
    frame = table.frame
    if "count" not in frame:
        return
    for row in frame[frame["code"] != ""].to_dict("records"):
        key = f"{name}.{row['item']}.{row['code']}".lower()
        base = Base(int(row["n"]), table.base.unit, group=table.base.group, wave=table.base.wave, source=table.base.source)
        if pd.isna(row["count"]):
            out.value(f"{key}.n", None, base=base, kind=table.kind)
            out.value(f"{key}.pct", None, base=base, kind=table.kind)
        elif pd.isna(row["percent"]):
            out.value(f"{key}.n", int(row["count"]), base=base, kind=table.kind)
        else:
            out.share(key, int(row["count"]), base=base, kind=table.kind)


def draw(table: SurveyTable, survey: Survey) -> Drawing | None:
    """The figure that fits a question, or None where there is nothing to see: numbers, no answers, a single known bar.

    Args:
        table: the question's table.
        survey: where its type and scale are declared.
    """
    frame = table.frame
    if "count" not in frame or frame["count"].notna().sum() < 2 or not frame["n"].max():
        return None
    # An answer that was not published has no bar; a scale with a gap in it would mislead as a scale.
    whole = frame["count"].notna().all()
    items = {item.id: item for item in survey.questionnaire.items} if survey.questionnaire else {}
    kind = items[frame["item"].iloc[0]].type if frame["item"].iloc[0] in items else "single"
    if whole and (frame["item"].nunique() > 1 or kind == "likert"):
        return likert(table)
    if frame["item"].nunique() > 1:
        return None
    known = dataclasses.replace(table, frame=frame[frame["count"].notna()], spoken={})
    return bars(known, single=kind != "multiple")

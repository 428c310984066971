"""The response flow: from the frame over those who were invited and those who answered to the answers that can be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Survey
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Labels, Measure, Result, Share

STEPS = ("population", "invited", "answered", "complete")


def flow_steps(survey: Survey | None, given: Mapping[str, int] | None, units: int | None, answered: int) -> pd.DataFrame:
    """The steps that are known, each as a share of the one before and of the first."""
    known: dict[str, int | None] = {"invited": units, "complete": answered}
    if survey is not None:
        cleaned = _cleaned(survey.log)
        known["answered"] = len(cleaned | set(map(str, survey.answers.index))) if cleaned else None
        if survey.questionnaire is not None:
            known["population"] = survey.questionnaire.frame.population
            known["invited"] = survey.questionnaire.frame.invited or units
    if given is not None:
        if strange := set(given) - set(STEPS):
            raise AnalysisError(f"the response flow has no step {sorted(strange)[0]!r}", where="flow", todo="steps: " + ", ".join(STEPS))
        known |= given
    rows: list[dict[str, Any]] = []
    for step in STEPS:
        n = known.get(step)
        if n is None:
            continue
        if rows and n > rows[-1]["count"]:
            raise AnalysisError(f"the response flow grows from {rows[-1]['count']} ({rows[-1]['step']}) to {n} ({step})", where="flow")
        before, first = (rows[-1]["count"], rows[0]["count"]) if rows else (n, n)
        rows.append({"step": step, "count": n, "before": before, "first": first})
    return pd.DataFrame(rows)


def _cleaned(log: pd.DataFrame | None) -> set[str]:
    """The units whose answers cleaning left out; those who were never invited are no part of the flow."""
    if log is None or not {"unit", "respondent"} & set(log.columns):
        return set()
    invited = log[log["what"] != "not invited"] if "what" in log.columns else log
    return set(map(str, invited["unit" if "unit" in log.columns else "respondent"]))


def flow_table(survey: Survey | None, steps: pd.DataFrame, unit: str) -> Result:
    """From the frame to usable answers, each step as a share of the one before and of the first."""
    asked = survey.questionnaire if survey else None
    chosen = (Phrase("weighting.flow_chosen", {"words": asked.frame.chosen_by}),) if asked else ()
    return Result(
        frame=steps,
        base=Base(None, unit, wave=asked.wave if asked else ""),
        title=Phrase("weighting.flow_title", {"survey": survey.title}) if survey else Phrase("weighting.flow_plain"),
        notes=chosen,
        shows=(
            Column("step", Phrase("weighting.flow_step")),
            Column("count", Phrase("common.n"), "count"),
            Share("of_before", Phrase("weighting.flow_before"), n="before"),
            Share("of_first", Phrase("weighting.flow_first"), n="first"),
        ),
        kind=survey.kind if survey else DataKind.REAL,
        at=f"{survey.id}/flow" if survey else "",
        keys=("step",),
        measures=(
            Measure("count", of="count"),
            Measure("of_before", "share", of="before", count="count"),
            Measure("of_first", "share", of="first", count="count"),
        ),
        labels={"step": Labels({step: Phrase(f"weighting.flow_{step}") for step in STEPS})},
    )

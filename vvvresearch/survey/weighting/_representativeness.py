"""Who answered, compared with everybody who could: response flow, categories with tests, R-indicator and its parts."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Survey, code_text
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase, Sayable, Written, sort_key
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result, Share, Tested, Total, address_part, largest_sides
from vvvresearch.statistics.exact_tests import freeman_halton
from vvvresearch.statistics.multiplicity import Family, adjust
from vvvresearch.statistics.response import RIndicator, partial_indicators, r_indicator
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.comparison._compared import settings_of
from vvvresearch.survey.tabulation._tabulate import known_unit
from vvvresearch.survey.weighting._targets import frame_variables, heading_of, variable_labels

_PARTIAL = ("partial_unconditional", "partial_conditional")


def representativeness(
    answers: Survey | pd.DataFrame,
    by: str | Sequence[str] = (),
    *,
    frame: pd.DataFrame | None = None,
    responded: Sequence[bool] | str | None = None,
    flow: Mapping[str, int] | None = None,
    level: float = 0.95,
) -> Result:
    """Compare those who answered with all units that could have, category by category, and as one indicator.

    Args:
        answers: Survey; or a DataFrame with one row a unit of the frame.
        by: frame variables (region, size, quota …); empty: those of the frame that have few categories.
        frame: for a Survey, the units (index: respondent) with the variables; default its list of invited.
        responded: for a DataFrame, who answered: a column's name or one truth value a unit.
        flow: counts by step, to add to what the survey knows: "population", "invited", "answered", "complete".
        level: of the indicator's limits.

    Returns:
        Result; `.frame`: variable, category, units, responded, all_units, all_responded, difference (of the share of answers and the
        share of all, −1 to 1), partial_unconditional, partial_conditional. Totals r (the R-indicator after bias adjustment), raw,
        se, lower, upper; parts "variables" (variable, p, p_adjusted, partial_unconditional, partial_conditional), "partials" and
        "flow" (step, count, before, first). Addresses `<survey>/by-<variable>/represent.<variable>.<category>.response_rate`,
        `….total.r`, `<survey>/flow.<step>.count`.

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.
        AnalysisError: no frame, unknown variables, respondents who are not in the frame, a flow that grows.

    Source:
        Schouten, Cobben and Bethlehem 2009; Schouten, Shlomo and Skinner 2011; Shlomo, Skinner and Schouten 2012.

    Example:
        >>> import pandas as pd
        >>> units = pd.DataFrame({"size": ["s"] * 40 + ["l"] * 40, "answered": [True] * 30 + [False] * 10 + [True, False] * 20})
        >>> found = representativeness(units, "size", responded="answered")
        >>> found.frame[["responded", "units"]].values.tolist(), round(found.totals["raw"].value, 3)
        ([[20, 40], [30, 40]], 0.748)
    """
    if isinstance(answers, Survey):
        require_permitted(answers, "a comparison with the frame")
    units, answered = _units(answers, frame, responded)
    names = ([by] if isinstance(by, str) else list(by)) or frame_variables(units, leave_out=responded)
    if not names:
        raise AnalysisError("representativeness needs at least one variable", where="by")
    if unknown := [name for name in names if name not in units.columns]:
        raise AnalysisError(f"the frame has no variable {unknown[0]!r}", where="by", todo=did_you_mean(unknown[0], map(str, units.columns)))
    variables = {name: [code_text(value) for value in units[name]] for name in names}
    indicator = r_indicator(answered.tolist(), variables, level)
    partial = {(row.variable, row.category): row for row in partial_indicators(indicator.propensities, variables)}
    rows: list[dict[str, Any]] = []
    for name, values in variables.items():
        column = np.array(values, dtype=object)
        for category in sorted(set(values), key=sort_key):
            chosen = column == category
            part = partial[name, category]
            rows.append(
                {
                    "variable": name,
                    "category": category,
                    "units": int(chosen.sum()),
                    "responded": int((chosen & answered).sum()),
                    "all_units": len(units),
                    "all_responded": int(answered.sum()),
                    "difference": float(chosen[answered].mean() - chosen.mean()),
                    "partial_unconditional": part.unconditional,
                    "partial_conditional": part.conditional,
                }
            )
    survey = answers if isinstance(answers, Survey) else None
    asked = survey.questionnaire if survey else None
    steps = flow_steps(survey, flow, None if frame is not None else len(units), int(answered.sum()))
    base = Base(len(units), known_unit(asked.frame.unit if asked else "unit"))
    labels = variable_labels(survey, rows)
    title = survey.title if survey else Joined(tuple(heading_of(survey, name) for name in names))
    groups, categories = labels["variable"].words, labels["category"].words
    words = [Joined((groups[row["variable"]], categories[row["variable"], row["category"]]), ": ") for row in rows]
    frame_rows = pd.DataFrame(rows)
    drawn = frame_rows[["responded", "units"]].set_axis(["count", "n"], axis=1).assign(label=pd.Series(words, dtype=object))
    result = Result(
        frame=frame_rows,
        base=base,
        title=Phrase("weighting.represent_title" if survey else "weighting.title_representative", {"survey": title, "variables": title}),
        notes=_notes(steps, indicator),
        shows=_columns(),
        kind=survey.kind if survey else DataKind.REAL,
        # A frame or a flow of one's own has no place in an address.
        at=_root(survey, names, level) if frame is None and flow is None else "",
        keys=("variable", "category"),
        measures=(
            Measure("units", of=""),
            Measure("responded", of="units"),
            Measure("response_rate", "share", of="units", count="responded"),
            Measure("share_units", "share", 1, of="all_units", count="units"),
            Measure("share_answers", "share", 1, of="all_responded", count="responded"),
            Measure("difference", "points", 1, of=""),
            *(Measure(name, "number", 3, of="") for name in _PARTIAL),
        ),
        labels=labels,
        pictures={"bars": Picture("bars", drawn, options={"single": False})},
        totals={
            name: Total(value, format="number", decimals=2)
            for name, value in (
                ("r", indicator.adjusted),
                ("raw", indicator.value),
                ("se", indicator.standard_error),
                ("lower", indicator.lower),
                ("upper", indicator.upper),
            )
            if not math.isnan(value)
        },
    )
    whole = [
        {"variable": name, **{part: getattr(partial[name, ""], part.removeprefix("partial_")) for part in _PARTIAL}}
        | largest_sides(frame_rows.loc[frame_rows["variable"] == name, "units"])
        for name in names
    ]
    parts = {
        "variables": _of_variables(result, whole, _tests(variables, answered)),
        "partials": _partials(result, title),
        "flow": flow_table(survey, steps, base.unit),
    }
    return dataclasses.replace(result, parts=parts)


def _root(survey: Survey | None, names: Sequence[str], level: float) -> str:
    if survey is None:
        return ""
    by = [f"by-{address_part(name)}" for name in names]
    return "/".join(filter(None, (survey.id, *by, *settings_of(None, level, "holm"), "represent")))


def _of_variables(result: Result, rows: list[dict[str, Any]], tests: Family) -> Result:
    """Each variable as a whole: its test, adjusted with the others, and its partial indicators."""
    return Result(
        frame=pd.DataFrame(rows).assign(p=list(tests.raw), p_adjusted=list(tests.adjusted)),
        base=result.base,
        title=Phrase("weighting.variables_title"),
        shows=(
            Column("variable", Phrase("weighting.variable")),
            Tested("p_adjusted", Phrase("weighting.p"), "p", note=Phrase("weighting.note_test", {"size": tests.size})),
            *(Column(name, Phrase(f"weighting.{name}"), "number", 3, note=Phrase("weighting.note_partial")) for name in _PARTIAL),
        ),
        kind=result.kind,
        at=result.at,
        keys=("variable",),
        measures=(
            *(Measure(name, "p", of="", sides=("n1", "n2")) for name in ("p", "p_adjusted")),
            *(Measure(name, "number", 3, of="") for name in _PARTIAL),
        ),
        labels={"variable": result.labels["variable"]},
    )


def _partials(result: Result, title: str | Sayable) -> Result:
    """The partial indicators of every category."""
    return dataclasses.replace(
        result,
        title=Phrase("weighting.partial_title", {"survey": title}),
        notes=(),
        shows=(
            Column("variable", Phrase("weighting.variable")),
            Column("category", Phrase("weighting.category")),
            *(Column(name, Phrase(f"weighting.{name}"), "number", 3, note=Phrase("weighting.note_partial")) for name in _PARTIAL),
        ),
        totals={},
        pictures={},
    )


def _units(answers: Survey | pd.DataFrame, frame: pd.DataFrame | None, responded: Sequence[bool] | str | None) -> tuple[pd.DataFrame, Any]:
    """The units of the frame, and who of them answered."""
    if isinstance(answers, pd.DataFrame):
        if responded is None:
            raise AnalysisError("who answered is not said", where="responded", todo="name a column, or give one truth value a unit")
        if isinstance(responded, str):
            if responded not in answers.columns:
                raise AnalysisError(
                    f"there is no column {responded!r}", where="responded", todo=did_you_mean(responded, map(str, answers.columns))
                )
            responded = answers[responded].tolist()
        truth = pd.Series(list(responded), dtype=object)
        if len(truth) != len(answers) or not truth.isin([True, False]).all():
            raise AnalysisError("responded holds one truth value for every unit", where="responded")
        return answers, truth.astype(bool).to_numpy()
    units = frame if frame is not None else answers.invited
    if units is None:
        raise AnalysisError(
            "the survey has no list of invited", where=answers.origin, todo="give the frame: one row a unit, index respondent"
        )
    if units.index.has_duplicates or answers.answers.index.has_duplicates:
        raise AnalysisError("a unit stands twice in the frame or in the answers", where=answers.origin, todo="clean double answers first")
    strangers = answers.answers.index.difference(units.index)
    if len(strangers):
        shown = ", ".join(map(str, strangers[:5]))
        raise AnalysisError(
            f"{len(strangers)} respondents are not in the frame", where=shown, todo="correct the ids, or complete the frame"
        )
    return units, np.asarray(units.index.isin(answers.answers.index))


def _tests(variables: Mapping[str, Sequence[str]], answered: Any) -> Family:
    raw = []
    for values in variables.values():
        column = np.array(values, dtype=object)
        table = [[int((answered & (column == each)).sum()), int((~answered & (column == each)).sum())] for each in sorted(set(values))]
        raw.append(freeman_halton(table).p_value)
    return adjust(raw, "holm", ", ".join(variables))


def _notes(flow: pd.DataFrame, indicator: RIndicator) -> tuple[Phrase, ...]:
    steps = Joined(
        tuple(
            Phrase("weighting.step", {"name": Phrase(f"weighting.flow_{row['step']}"), "n": int(row["count"])})
            for row in flow.to_dict("records")
        ),
        " → ",
    )
    numbers = {"lower": indicator.lower, "upper": indicator.upper, "value": indicator.adjusted, "raw": indicator.value}
    values = {name: Written(number, "number", 2) for name, number in numbers.items()} | {"level": Written(100 * indicator.level, "percent")}
    return (Phrase("weighting.note_flow", {"steps": steps}), Phrase("weighting.note_indicator", values), Phrase("weighting.note_variables"))


def _columns() -> tuple[Column, ...]:
    return (
        Column("variable", Phrase("weighting.variable")),
        Column("category", Phrase("weighting.category")),
        Column("units", Phrase("weighting.units"), "count"),
        Column("responded", Phrase("weighting.responded"), "count"),
        Share("response_rate", Phrase("weighting.response_rate"), count="responded", n="units"),
        Share("share_units", Phrase("weighting.share_units"), decimals=1, count="units", n="all_units"),
        Share("share_answers", Phrase("weighting.share_answers"), decimals=1, count="responded", n="all_responded"),
        Column("difference", Phrase("weighting.difference"), "points", 1),
    )


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

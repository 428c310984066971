"""Who answered, compared with everybody who could: response flow, categories with tests, R-indicator and its parts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Survey, code_text
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Lang, Phrase, Written, check_lang
from vvvresearch.results import Base, Column
from vvvresearch.statistics.exact_tests import freeman_halton
from vvvresearch.statistics.multiplicity import Family, adjust
from vvvresearch.statistics.response import RIndicator, partial_indicators, r_indicator
from vvvresearch.survey.comparison._comparable import require_permitted
from vvvresearch.survey.tabulation._labelled import SaidResult
from vvvresearch.survey.tabulation._tabulate import known_unit

STEPS = ("population", "invited", "answered", "complete")


@dataclass(frozen=True, kw_only=True, repr=False)
class Representativeness(SaidResult):
    """How the respondents compare with the frame.

    `flow` holds the response flow (step, n, percent of the step before and of the first), `indicator` the R-indicator, `variables`
    one row a variable with its test and partial indicators; `family` the tests adjusted together.
    """

    flow: pd.DataFrame
    indicator: RIndicator
    variables: pd.DataFrame
    family: Family

    @property
    def value(self) -> float:
        """The R-indicator with its bias adjustment."""
        return self.indicator.adjusted

    @property
    def standard_error(self) -> float:
        """Its standard error."""
        return self.indicator.standard_error


def representativeness(
    answers: Survey | pd.DataFrame,
    by: str | Sequence[str],
    *,
    frame: pd.DataFrame | None = None,
    responded: Sequence[bool] | str | None = None,
    flow: Mapping[str, int] | None = None,
    level: float = 0.95,
    lang: Lang = "da",
) -> Representativeness:
    """Compare those who answered with all units that could have, category by category, and as one indicator.

    Args:
        answers: Survey; or a DataFrame with one row a unit of the frame.
        by: frame variables (region, size, quota …).
        frame: for a Survey, the units (index: respondent) with the variables; default its list of invited.
        responded: for a DataFrame, who answered: a column's name or one truth value a unit.
        flow: counts by step, to add to what the survey knows: "population", "invited", "answered", "complete".
        level: of the indicator's limits.
        lang: "da" or "en".

    Returns:
        Representativeness; `.frame`: variable, category, units, responded, response_rate, share_units, share_answers, difference
        (percentage points), p, p_adjusted (of the variable), partial_unconditional, partial_conditional.

    Raises:
        NotPermittedError: reconstructed answers or published aggregates.
        AnalysisError: no frame, unknown variables, respondents who are not in the frame, a flow that grows.

    Source:
        Schouten, Cobben and Bethlehem 2009; Schouten, Shlomo and Skinner 2011; Shlomo, Skinner and Schouten 2012.

    Example:
        >>> import pandas as pd
        >>> units = pd.DataFrame({"size": ["s"] * 40 + ["l"] * 40, "answered": [True] * 30 + [False] * 10 + [True, False] * 20})
        >>> found = representativeness(units, "size", responded="answered")
        >>> found.frame["response_rate"].tolist(), round(found.indicator.value, 3)
        ([50.0, 75.0], 0.748)
    """
    language = check_lang(lang)
    names = [by] if isinstance(by, str) else list(by)
    if not names:
        raise AnalysisError("representativeness needs at least one variable", where="by")
    if isinstance(answers, Survey):
        require_permitted(answers, "a comparison with the frame")
    units, answered = _units(answers, frame, responded)
    if unknown := [name for name in names if name not in units.columns]:
        raise AnalysisError(f"the frame has no variable {unknown[0]!r}", where="by", todo=did_you_mean(unknown[0], map(str, units.columns)))
    variables = {name: [code_text(value) for value in units[name]] for name in names}
    indicator = r_indicator(answered.tolist(), variables, level)
    partial = {(row.variable, row.category): row for row in partial_indicators(indicator.propensities, variables)}
    tests = _tests(variables, answered)
    rows: list[dict[str, Any]] = []
    for name, values in variables.items():
        column = np.array(values, dtype=object)
        for category in sorted(set(values)):
            chosen = column == category
            part = partial[name, category]
            rows.append(
                {
                    "variable": name,
                    "category": category,
                    "units": int(chosen.sum()),
                    "responded": int((chosen & answered).sum()),
                    "response_rate": 100 * float(answered[chosen].mean()),
                    "share_units": 100 * float(chosen.mean()),
                    "share_answers": 100 * float(chosen[answered].mean()),
                    "difference": 100 * float(chosen[answered].mean() - chosen.mean()),
                    "p": tests.raw[names.index(name)],
                    "p_adjusted": tests.adjusted[names.index(name)],
                    "partial_unconditional": part.unconditional,
                    "partial_conditional": part.conditional,
                }
            )
    whole = [
        {
            "variable": name,
            "p": tests.raw[place],
            "p_adjusted": tests.adjusted[place],
            "partial_unconditional": partial[name, ""].unconditional,
            "partial_conditional": partial[name, ""].conditional,
        }
        for place, name in enumerate(names)
    ]
    survey = answers if isinstance(answers, Survey) else None
    steps = _flow(survey, flow, None if frame is not None else len(units), int(answered.sum()))
    return Representativeness(
        frame=pd.DataFrame(rows),
        base=Base(len(units), known_unit(survey.questionnaire.frame.unit if survey and survey.questionnaire else "unit")),
        title=Phrase("weighting.title_representative", {"variables": ", ".join(names)}),
        notes=_notes(steps, indicator, len(names)),
        shows=_columns(),
        kind=survey.kind if survey else DataKind.REAL,
        lang=language,
        flow=steps,
        indicator=indicator,
        variables=pd.DataFrame(whole),
        family=tests,
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


def _flow(survey: Survey | None, given: Mapping[str, int] | None, units: int | None, answered: int) -> pd.DataFrame:
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
        if rows and n > rows[-1]["n"]:
            raise AnalysisError(f"the response flow grows from {rows[-1]['n']} ({rows[-1]['step']}) to {n} ({step})", where="flow")
        before, first = (rows[-1]["n"], rows[0]["n"]) if rows else (n, n)
        share, whole = (100 * n / before if before else math.nan), (100 * n / first if first else math.nan)
        rows.append({"step": step, "n": n, "percent_of_previous": share, "percent_of_first": whole})
    return pd.DataFrame(rows)


def _cleaned(log: pd.DataFrame | None) -> set[str]:
    """The units whose answers cleaning left out; those who were never invited are no part of the flow."""
    if log is None or not {"unit", "respondent"} & set(log.columns):
        return set()
    invited = log[log["what"] != "not invited"] if "what" in log.columns else log
    return set(map(str, invited["unit" if "unit" in log.columns else "respondent"]))


def _notes(flow: pd.DataFrame, indicator: RIndicator, variables: int) -> tuple[Phrase, ...]:
    steps = Joined(
        tuple(
            Phrase("weighting.step", {"name": Phrase(f"weighting.flow_{row['step']}"), "n": int(row["n"])})
            for row in flow.to_dict("records")
        ),
        " → ",
    )
    values = {"value": Written(indicator.adjusted, "number", 2), "raw": Written(indicator.value, "number", 2)}
    key = "note_indicator_plain" if math.isnan(indicator.standard_error) else "note_indicator"
    if not math.isnan(indicator.standard_error):
        values["error"] = Written(indicator.standard_error, "number", 2)
    return (
        Phrase("weighting.note_flow", {"steps": steps}),
        Phrase(f"weighting.{key}", values),
        Phrase("weighting.note_partial"),
        Phrase("weighting.note_test", {"size": variables}),
        Phrase("weighting.note_variables"),
    )


def _columns() -> tuple[Column, ...]:
    wanted: tuple[tuple[str, Any, int], ...] = (
        ("variable", "text", 0),
        ("category", "text", 0),
        ("units", "count", 0),
        ("responded", "count", 0),
        ("response_rate", "percent", 0),
        ("share_units", "percent", 1),
        ("share_answers", "percent", 1),
        ("difference", "number", 1),
        ("p_adjusted", "p", 0),
        ("partial_unconditional", "number", 3),
        ("partial_conditional", "number", 3),
    )
    return tuple(
        Column(name, Phrase(f"weighting.{'p' if name == 'p_adjusted' else name}"), kind, decimals) for name, kind, decimals in wanted
    )

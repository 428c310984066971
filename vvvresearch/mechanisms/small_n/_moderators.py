"""Moderators at small n: what exact methods can and cannot tell about what helps and what hinders."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, NotPermittedError, UnanswerableError, did_you_mean
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms._cases import CaseConditions, level_setting, read_cases, root_of
from vvvresearch.mechanisms.small_n._firth import FirthModel, firth
from vvvresearch.results import Base, Column, Interval, Labels, Measure, Result, Share
from vvvresearch.statistics._interval import Interval as Limits
from vvvresearch.statistics.differences import miettinen_nurminen
from vvvresearch.statistics.exact_tests import boschloo, mann_whitney
from vvvresearch.statistics.multiplicity import Family, adjust, agreeing, alpha_of_family, deciding_alpha
from vvvresearch.statistics.odds_ratios import conditional_odds_ratio
from vvvresearch.statistics.power import least_detectable_points, least_detectable_shift
from vvvresearch.statistics.ranks import cliffs_delta


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Moderators(Result):
    """Candidates for what makes a difference, each with its test, its interval and what could have been seen.

    Args:
        cell_counts: the counts behind each row: candidate, (mechanism,) value, yes, n.
        simple_effects: with a mechanism: its effect at each value of each candidate.
        models: with a mechanism: the penalised model of each candidate.
        family: the tests that were adjusted together.
    """

    cell_counts: pd.DataFrame
    simple_effects: pd.DataFrame
    models: dict[str, FirthModel]
    family: Family


def moderators(
    data: pd.DataFrame | CaseConditions,
    outcome: str,
    candidates: Sequence[str] | None = None,
    mechanism: str | None = None,
    *,
    adjustment: Literal["holm", "benjamini-hochberg", "none"] = "holm",
    level: float = 0.95,
    kind: DataKind | None = None,
) -> Moderators:
    """Test what goes with an outcome, or what changes a mechanism's effect on it, in few cases.

    Without `mechanism`, two yes/no columns are compared in an exact 2×2 table (conditional odds ratio with the interval that
    belongs to its test, Boschloo's test beside it, difference with a Miettinen–Nurminen interval), a yes/no and an ordered column by
    the exact permutation of ranks with ties. With `mechanism`, each candidate's effect on the mechanism is tested by the
    interaction in Firth's penalised logistic model, which stays finite where the data separate, with simple effects.

    Args:
        data: one row a case, or what `case_conditions` made; yes/no columns hold 0 and 1 (or False and True), ordered ones numbers.
            Missing values are left out pair by pair and counted.
        outcome: yes/no or ordered; yes/no with a mechanism.
        candidates: columns that may make a difference; default those declared, else all others.
        mechanism: a yes/no column whose effect the candidates may change.
        adjustment: for the family of all candidates.
        level: confidence level; 1 − level is also the significance level.
        kind: kind of the data, default their own; reconstructed and published data are refused.

    Returns:
        Moderators; `.frame` has candidate, test, n, effect, lower, upper, odds_ratio, or_lower, or_upper, p, p_boschloo,
        p_adjusted, level (of the limits: the one that decides in the family), least_fall, least_rise and, in the direction seen,
        least_detectable (differences that would be found with 80 % power at that level), separated, verdict ("difference" or "cannot
        tell" by the adjusted p; never "no effect"), x1, n1, x0, n0 (yes and cases with and without the candidate).

    Raises:
        AnalysisError: unknown columns, columns that are neither yes/no nor numbers, two ordered columns.
        NotPermittedError: the data kind does not allow it.

    Source: Fay 2010; Boschloo 1970; Firth 1993; Holm 1979.

    Example:
        >>> import pandas as pd
        >>> pairs = pd.DataFrame({"enige_om_tid": [1, 1, 1, 1, 0, 0, 0, 0], "godt": [1, 1, 1, 1, 1, 0, 0, 0]})
        >>> moderators(pairs, "godt", ["enige_om_tid"]).frame[["effect", "verdict"]].to_dict("records")
        [{'effect': 0.75, 'verdict': 'cannot tell'}]
    """
    table, kind, declared = read_cases(data, kind)
    if kind in (DataKind.RECONSTRUCTED, DataKind.PUBLISHED):
        raise NotPermittedError(
            "these data allow no joint analysis",
            why=f"they are {kind.value}: only margins were ever published",
            todo="use real or synthetic cases",
        )
    if candidates is None:
        others = [str(name) for name in table.columns if name not in (outcome, mechanism, *declared.outcomes)]
        candidates = [name for name in declared.candidates if name != mechanism] or others
    if not candidates:
        raise UnanswerableError("no candidate is named", reason=Phrase("absent.conditions_named"), todo="name a moderator that may matter")
    names = [outcome, *candidates, *([mechanism] if mechanism else [])]
    _check_columns(table, names)
    rows, cells, simple, models = [], [], [], {}
    for candidate in candidates:
        used = _used(table, outcome, candidate, mechanism)
        if mechanism:
            row, counted, effects, model = _interaction(used, outcome, candidate, mechanism, level)
            simple += effects
            if model is not None:
                models[candidate] = model
        else:
            row, counted = _association(used, outcome, candidate, level)
        rows.append({"candidate": candidate, "n": len(used), "left_out": len(table) - len(used), **row, **_sides(counted)})
        cells += counted
    family = adjust([row["p"] for row in rows], adjustment, outcome)
    for row, adjusted in zip(rows, family.adjusted, strict=True):
        own = deciding_alpha(row["p"], adjusted, 1 - level, family.size)
        row |= {"p_adjusted": adjusted, "level": 1 - own}
        if not math.isnan(adjusted):
            row |= _limits(table, row, outcome, mechanism, own, adjusted, 1 - level)
            row |= _least(table, row, outcome, mechanism, alpha_of_family(1 - level, family.size, adjustment))
        row["verdict"] = "difference" if adjusted <= 1 - level + 1e-12 else "cannot tell"
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    notes = [Phrase("mechanisms.moderators_interaction" if mechanism else "mechanisms.moderators_method")]
    notes += [Phrase("mechanisms.moderators_family", {"size": family.size, "method": adjustment}), Phrase("mechanisms.cannot_tell")]
    return Moderators(
        frame=frame,
        base=Base(len(table), unit="case"),
        title=Phrase("mechanisms.title_moderators", {"outcome": declared.named(outcome)}),
        notes=tuple(notes),
        shows=_shown(with_counts=not mechanism),
        kind=kind,
        at=root_of(
            "moderators",
            outcome,
            declared.setting,
            f"of {mechanism}" if mechanism else "",
            "" if adjustment == "holm" else adjustment,
            level_setting(level),
        ),
        keys=("candidate",),
        measures=_MEASURES,
        categories={"verdict": ("difference", "cannot tell")},
        row_unit="trait",
        labels={"candidate": Labels(declared.words)},
        cell_counts=pd.DataFrame(cells),
        simple_effects=pd.DataFrame(simple),
        models=models,
        family=family,
    )


_COLUMNS = (
    "candidate", "test", "n", "left_out", "effect", "lower", "upper", "odds_ratio", "or_lower", "or_upper", "level", "p", "p_boschloo",
    "p_adjusted", "least_fall", "least_rise", "least_detectable", "separated", "verdict", "x1", "n1", "x0", "n0",
)  # fmt: skip
_MEASURES = (
    *(
        Measure(name, "number", 2)
        for name in ("effect", "lower", "upper", "odds_ratio", "or_lower", "or_upper", "least_fall", "least_rise", "least_detectable")
    ),
    *(Measure(name, "p") for name in ("p", "p_boschloo", "p_adjusted")),
)


def _sides(counted: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Yes and cases with and without a candidate, over all values of the mechanism."""
    sides: dict[str, Any] = {}
    for value in (1, 0):
        own = [cell for cell in counted if (cell["at"] if "at" in cell else cell["value"]) == value]
        sides |= {f"x{value}": sum(cell["yes"] for cell in own), f"n{value}": sum(cell["n"] for cell in own)}
    return sides


def _check_columns(data: pd.DataFrame, names: Sequence[str]) -> None:
    known = [str(name) for name in data.columns]
    for name in names:
        if name not in known:
            raise AnalysisError(f"there is no column {name!r}", todo=did_you_mean(str(name), known))
        if names.count(name) > 1:
            raise AnalysisError(f"the column {name!r} is named twice")
        numbers = pd.to_numeric(data[name], errors="coerce")
        bad = numbers.isna() & data[name].notna()
        if bad.any():
            raise AnalysisError(
                f"{name!r} holds {data.loc[bad, name].iloc[0]!r}",
                where=f"case {data.index[bad][0]}",
                todo="code yes/no as 1 and 0, ordered answers as numbers",
            )
    if data.empty:
        raise AnalysisError("the table has no cases")


def _used(table: pd.DataFrame, outcome: str, candidate: str, mechanism: str | None) -> pd.DataFrame:
    """The cases that have a value in every column of a test."""
    return table[[name for name in dict.fromkeys((outcome, candidate, mechanism)) if name]].dropna().astype(float)


def _binary(column: pd.Series[Any]) -> bool:
    return set(column.unique()) <= {0.0, 1.0}


def _association(used: pd.DataFrame, outcome: str, candidate: str, level: float) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    x, y = used[candidate], used[outcome]
    if _binary(x) and _binary(y):
        return _two_by_two(x, y, candidate, level)
    if _binary(x):
        return _ranks(y[x == 1], y[x == 0], candidate, level)
    if _binary(y):
        return _ranks(x[y == 1], x[y == 0], candidate, level)
    raise AnalysisError(f"{candidate!r} and {outcome!r} are both ordered", todo="one of the two must be yes/no (1 and 0)")


def _two_by_two(x: pd.Series[Any], y: pd.Series[Any], candidate: str, level: float) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    counts = {value: (int(y[x == value].sum()), int((x == value).sum())) for value in (1, 0)}
    (a, n1), (c, n2) = counts[1], counts[0]
    cells = [{"candidate": candidate, "value": value, "yes": yes, "n": n} for value, (yes, n) in counts.items()]
    if not n1 or not n2:
        return {"test": "fisher", "p": math.nan}, cells
    table = [[a, n1 - a], [c, n2 - c]]
    row = {
        "test": "fisher",
        "effect": float(Fraction(a, n1) - Fraction(c, n2)),
        **_table_limits(a, n1, c, n2, level),
        "p_boschloo": boschloo(table).p_value if 0 < a + c < n1 + n2 else math.nan,
        "separated": 0 in (a, n1 - a, c, n2 - c),
    }
    return row, cells


def _table_limits(a: int, n1: int, c: int, n2: int, level: float) -> dict[str, float]:
    """Limits of the difference and of the conditional odds ratio, with the p of the latter's test."""
    odds = conditional_odds_ratio([[a, n1 - a], [c, n2 - c]], level)
    interval = miettinen_nurminen(a, n1, c, n2, level)
    found = {"lower": interval.lower, "upper": interval.upper, "odds_ratio": odds.value, "or_lower": odds.lower, "or_upper": odds.upper}
    return found | {"p": odds.p_value}


def _ranks(first: pd.Series[Any], second: pd.Series[Any], candidate: str, level: float) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    cells = [{"candidate": candidate, "value": value, "yes": math.nan, "n": len(group)} for value, group in ((1, first), (0, second))]
    if first.empty or second.empty:
        return {"test": "ranks", "p": math.nan}, cells
    a, b = first.tolist(), second.tolist()
    delta = cliffs_delta(a, b, level)
    return {
        "test": "ranks",
        "effect": delta.estimate,
        "lower": delta.lower,
        "upper": delta.upper,
        "p": mann_whitney(a, b).p_value,
        "separated": min(a) > max(b) or min(b) > max(a),
    }, cells


def _limits(
    table: pd.DataFrame, row: dict[str, Any], outcome: str, mechanism: str | None, own: float, adjusted: float, alpha: float
) -> dict[str, float]:
    """The limits of a row at the level that decides it, which hold no difference where the adjusted p does not reject it."""
    used = _used(table, outcome, row["candidate"], mechanism)
    if mechanism:
        again = _interaction(used, outcome, row["candidate"], mechanism, 1 - own)[0]
    elif row["test"] == "fisher":
        sides = [used.loc[used[row["candidate"]] == value, outcome] for value in (1, 0)]
        (a, n1), (c, n2) = ((int(side.sum()), len(side)) for side in sides)
        again = _table_limits(a, n1, c, n2, 1 - own)
    else:
        again = _association(used, outcome, row["candidate"], 1 - own)[0]
    found: dict[str, float] = {}
    for lower, upper, none in (("lower", "upper", 0.0), ("or_lower", "or_upper", 1.0)):
        if not math.isnan(again.get(lower, math.nan)):
            low, high = agreeing(Limits(again[lower] - none, again[upper] - none, row["test"], 1 - own), adjusted, alpha)
            found |= {lower: low + none, upper: high + none}
    return found


def _least(table: pd.DataFrame, row: dict[str, Any], outcome: str, mechanism: str | None, alpha: float) -> dict[str, float]:
    """What the test would find four times in five: the smallest fall and rise from the share without the candidate, or Cliff's delta."""
    used = _used(table, outcome, row["candidate"], mechanism)
    x, y = used[row["candidate"]], used[outcome]
    if row["test"] == "ranks":
        if not _binary(x):
            x, y = y, x
        shares = y.value_counts(normalize=True).sort_index()
        least = least_detectable_shift(shares.to_numpy(), int((x == 1).sum()), int((x == 0).sum()), alpha)
        return {"least_detectable": math.nan if least is None else least}
    if row["test"] != "fisher":
        return {}
    n1, n0 = int((x == 1).sum()), int((x == 0).sum())
    base = float(y[x == 0].mean())
    fall, rise = (least_detectable_points(n0, n1, base, alpha, upwards=upwards) for upwards in (False, True))
    seen = rise if row["effect"] >= 0 else fall
    return {
        name: math.nan if value is None else value
        for name, value in (("least_fall", fall), ("least_rise", rise), ("least_detectable", seen))
    }


def _interaction(
    used: pd.DataFrame, outcome: str, candidate: str, mechanism: str, level: float
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]], FirthModel | None]:
    for name in (outcome, candidate, mechanism):
        if not _binary(used[name]):
            raise AnalysisError(f"{name!r} is not yes/no", todo="with a mechanism, outcome, mechanism and candidates hold 0 and 1")
    cells, effects = [], []
    for value in (1, 0):
        part = used[used[candidate] == value]
        row, counted = _two_by_two(part[mechanism], part[outcome], candidate, level)
        cells += [{"candidate": candidate, "at": value, "mechanism": cell["value"], "yes": cell["yes"], "n": cell["n"]} for cell in counted]
        kept = {name: row.get(name, math.nan) for name in ("effect", "lower", "upper", "odds_ratio", "or_lower", "or_upper", "p")}
        effects.append({"candidate": candidate, "at": value, "n": len(part), **kept})
    found: dict[str, Any] = {"test": "firth interaction", "p": math.nan, "effect": effects[0]["effect"] - effects[1]["effect"]}
    design = np.column_stack([used[mechanism], used[candidate], used[mechanism] * used[candidate]])
    try:
        model = firth(design, [mechanism, candidate, f"{mechanism} × {candidate}"], used[outcome].to_numpy(), level)
    except AnalysisError:
        # A combination without cases leaves no interaction to estimate: the row says so by an empty p.
        return found, cells, effects, None
    last = model.frame.iloc[-1]
    limits = {"odds_ratio": last["odds_ratio"], "or_lower": math.exp(last["lower"]), "or_upper": math.exp(min(last["upper"], 700.0))}
    return {**found, **limits, "p": float(last["p"]), "separated": model.separated}, cells, effects, model


def _shown(*, with_counts: bool) -> tuple[Column, ...]:
    counts = (
        Share("with", Phrase("mechanism_tables.works_with"), count="x1", n="n1", counts=True),
        Share("without", Phrase("mechanism_tables.works_without"), count="x0", n="n0", counts=True),
    )
    interval = Phrase("mechanisms.interval")
    odds = (
        Column("odds_ratio", Phrase("mechanisms.odds_ratio"), "number", 2),
        Interval("odds", Phrase("mechanisms.odds_interval"), decimals=2, lower="or_lower", upper="or_upper"),
    )
    return (
        Column("candidate", Phrase("mechanisms.candidate")),
        *(counts if with_counts else (Column("n", format="count"),)),
        Column("effect", Phrase("mechanism_tables.difference"), "number", 2),
        Interval("interval", interval, decimals=2),
        *(() if with_counts else odds),
        Column("p_adjusted", Phrase("mechanisms.p_adjusted"), "p"),
        Column("least_detectable", Phrase("mechanisms.least_detectable"), "number", 2, note=Phrase("mechanism_tables.no_rise_note")),
        Column("verdict", Phrase("mechanisms.verdict"), words="mechanism_words"),
    )

"""Moderators at small n: what exact methods can and cannot tell about what helps and what hinders."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from vvvresearch.errors import AnalysisError, NotPermittedError, UnanswerableError, did_you_mean
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms._cases import CaseConditions, level_setting, read_cases, root_of
from vvvresearch.mechanisms.small_n._models import FirthModel, association, is_yes_no, modelled, table_limits
from vvvresearch.results import Base, Column, Interval, Labels, Measure, Result, Share, Tested
from vvvresearch.statistics._interval import Interval as Limits
from vvvresearch.statistics.cumulative import CumulativeModel
from vvvresearch.statistics.multiplicity import Family, adjust, agreeing, alpha_of_family, deciding_alpha, rejected
from vvvresearch.statistics.power import least_detectable_points, least_detectable_shift


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Moderators(Result):
    """Candidates for what makes a difference, each with its test, its interval and what could have been seen.

    Args:
        cell_counts: the counts behind each row: candidate, (mechanism,) value, yes, n.
        simple_effects: with a mechanism: its effect at each value of each candidate.
        models: with a mechanism or groups: the model of each candidate that could be fitted.
        family: the tests that were adjusted together.
    """

    cell_counts: pd.DataFrame
    simple_effects: pd.DataFrame
    models: dict[str, FirthModel | CumulativeModel]
    family: Family


def moderators(
    data: pd.DataFrame | CaseConditions,
    outcome: str,
    candidates: Sequence[str] | None = None,
    mechanism: str | None = None,
    *,
    cluster: str | None = None,
    adjustment: Literal["holm", "benjamini-hochberg", "none"] = "holm",
    level: float = 0.95,
    kind: DataKind | None = None,
) -> Moderators:
    """Test what goes with an outcome, or what changes a mechanism's effect on it, in few cases.

    Without `mechanism`, two yes/no columns are compared in an exact 2×2 table (conditional odds ratio with the interval that
    belongs to its test, Boschloo's test beside it, difference with a Miettinen–Nurminen interval), a yes/no and an ordered column by
    the exact permutation of ranks with ties. With `mechanism`, each candidate's effect on the mechanism is tested by the
    interaction in a penalised model that stays finite where the data separate, with simple effects: Firth's logistic model for a yes/no
    outcome, the cumulative logit model for an ordered one. With `cluster`, errors rest on the groups that cases share (leaders of one
    municipality), not on the cases.

    Where cases are members of a condition by degrees and a test needs a yes or no, a case counts as in above one half and as out below.

    Args:
        data: one row a case, or what `case_conditions` made; yes/no columns hold 0 and 1 (or False and True), ordered ones numbers.
            Missing values are left out pair by pair and counted.
        outcome: yes/no or ordered.
        candidates: columns that may make a difference; default those declared, else all others.
        mechanism: a yes/no column whose effect the candidates may change.
        cluster: the column of the group that cases share; the odds ratio then has the limits, and the difference none.
        adjustment: for the family of all candidates.
        level: confidence level; 1 − level is also the significance level.
        kind: kind of the data, default their own; reconstructed and published data are refused.

    Returns:
        Moderators; `.frame` has candidate, test, n, effect, lower, upper, odds_ratio, or_lower, or_upper, p, p_boschloo,
        p_adjusted, level (of the limits: the one that decides in the family), least_fall, least_rise and, in the direction seen,
        least_detectable (differences that would be found with 80 % power at that level), separated (the odds ratio then has
        no end, and its cells stay empty), verdict ("difference" or "cannot tell" by the adjusted p; never "no effect"), x1, n1, x0, n0
        (yes and cases with and without the candidate).

    Raises:
        AnalysisError: unknown columns, columns that are neither yes/no nor numbers, two ordered columns that are no memberships.
        NotPermittedError: the data kind does not allow it.

    Source: Fay 2010; Boschloo 1970; Firth 1993; McCullagh 1980; Bell and McCaffrey 2002; Holm 1979.

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
    halved = _graded(table, outcome, candidates, mechanism) if isinstance(data, CaseConditions) else []
    if halved:
        table = table.assign(**{name: _in_or_out(table[name]) for name in halved})
    if cluster is not None and cluster not in table.columns:
        raise AnalysisError(f"there is no column {cluster!r}", where="cluster", todo=did_you_mean(cluster, map(str, table.columns)))
    rows, cells, simple, models = [], [], [], {}
    for candidate in candidates:
        used = _used(table, outcome, candidate, mechanism, cluster)
        if mechanism or cluster:
            found = modelled(used, outcome, candidate, mechanism, cluster, level)
            row, counted = found.row, found.cells
            simple += found.effects
            if found.model is not None:
                models[candidate] = found.model
        else:
            row, counted = association(used, outcome, candidate, level)
        rows.append({"candidate": candidate, "n": len(used), "left_out": len(table) - len(used), **row, **_sides(counted)})
        cells += counted
    family = adjust([row["p"] for row in rows], adjustment, outcome)
    for row, adjusted in zip(rows, family.adjusted, strict=True):
        own = deciding_alpha(row["p"], adjusted, 1 - level, family.size)
        row |= {"p_adjusted": adjusted, "level": 1 - own}
        if not math.isnan(adjusted):
            row |= _limits(table, row, outcome, mechanism, cluster, own, adjusted, 1 - level)
            row |= _least(table, row, outcome, mechanism, alpha_of_family(1 - level, family.size, adjustment))
        row["verdict"] = "difference" if rejected(adjusted, 1 - level) else "cannot tell"
        # Odds without an end have no number; `separated` says why.
        row |= {name: math.nan for name in ("odds_ratio", "or_upper") if math.isinf(row.get(name, math.nan))}
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    ordered = any(row["test"] in ("ordinal interaction", "clustered", "clustered interaction") for row in rows)
    notes = [Phrase("mechanisms.moderators_interaction" if mechanism else "mechanisms.moderators_method")] if not cluster else []
    notes += [Phrase("mechanisms.moderators_halved", {"names": ", ".join(halved)})] if halved else []
    notes += [Phrase("mechanisms.moderators_ordered")] if ordered else []
    notes += [Phrase("mechanisms.moderators_clustered", {"group": cluster})] if cluster else []
    notes += [
        Phrase("mechanisms.moderators_family", {"size": family.size, "method": Phrase(f"comparing.method_{family.method}")}),
        Phrase("mechanisms.cannot_tell"),
    ]
    return Moderators(
        frame=frame,
        base=Base(len(table), unit="case"),
        title=Phrase("mechanisms.title_moderators", {"outcome": declared.named(outcome)}),
        notes=tuple(notes),
        shows=_shown(with_counts=not mechanism and not cluster),
        kind=kind,
        at=root_of(
            "moderators",
            outcome,
            declared.setting,
            f"of {mechanism}" if mechanism else "",
            f"within {cluster}" if cluster else "",
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
    *(Measure(name, "p", sides=("n1", "n0")) for name in ("p", "p_boschloo", "p_adjusted")),
)


def _graded(table: pd.DataFrame, outcome: str, candidates: Sequence[str], mechanism: str | None) -> list[str]:
    """Conditions of which cases are members by degrees, where a test needs a yes or no of them."""
    asked = [*candidates, mechanism] if mechanism else [] if is_yes_no(table[outcome].dropna()) else candidates
    return [
        name for name in asked if name and table[name].between(0, 1).sum() == table[name].count() and not is_yes_no(table[name].dropna())
    ]


def _in_or_out(memberships: pd.Series[Any]) -> pd.Series[Any]:
    """More in than out, as in a truth table; a case at one half is on no side, and a missing one stays missing."""
    return (memberships > 0.5).astype(float).where(memberships.notna() & (memberships != 0.5))


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


def _used(table: pd.DataFrame, outcome: str, candidate: str, mechanism: str | None, cluster: str | None = None) -> pd.DataFrame:
    """The cases that have a value in every column of a test."""
    numbers = list(dict.fromkeys(name for name in (outcome, candidate, mechanism) if name))
    used = table[[*numbers, *([cluster] if cluster and cluster not in numbers else [])]].dropna()
    return used.astype(dict.fromkeys(numbers, float))


def _limits(
    table: pd.DataFrame,
    row: dict[str, Any],
    outcome: str,
    mechanism: str | None,
    cluster: str | None,
    own: float,
    adjusted: float,
    alpha: float,
) -> dict[str, float]:
    """The limits of a row at the level that decides it, which hold no difference where the adjusted p does not reject it."""
    used = _used(table, outcome, row["candidate"], mechanism, cluster)
    if mechanism or cluster:
        again = modelled(used, outcome, row["candidate"], mechanism, cluster, 1 - own).row
    elif row["test"] == "fisher":
        sides = [used.loc[used[row["candidate"]] == value, outcome] for value in (1, 0)]
        (a, n1), (c, n2) = ((int(side.sum()), len(side)) for side in sides)
        again = table_limits(a, n1, c, n2, 1 - own)
    else:
        again = association(used, outcome, row["candidate"], 1 - own)[0]
    found: dict[str, float] = {}
    for name, lower, upper, none in (("effect", "lower", "upper", 0.0), ("odds_ratio", "or_lower", "or_upper", 1.0)):
        if not math.isnan(again.get(lower, math.nan)):
            limits = Limits(again[lower] - none, again[upper] - none, row["test"], 1 - own, row[name] - none)
            low, high = agreeing(limits, adjusted, alpha)
            found |= {lower: low + none, upper: high + none}
    return found


def _least(table: pd.DataFrame, row: dict[str, Any], outcome: str, mechanism: str | None, alpha: float) -> dict[str, float]:
    """What the test would find four times in five: the smallest fall and rise from the share without the candidate, or Cliff's delta."""
    used = _used(table, outcome, row["candidate"], mechanism)
    x, y = used[row["candidate"]], used[outcome]
    if row["test"] == "ranks":
        if not is_yes_no(x):
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
        Tested("p_adjusted", Phrase("mechanisms.p_adjusted"), "p", sides=("n1", "n0")),
        Column("least_detectable", Phrase("mechanisms.least_detectable"), "number", 2, note=Phrase("mechanism_tables.no_rise_note")),
        Column("verdict", Phrase("mechanisms.verdict"), words="mechanism_words"),
    )

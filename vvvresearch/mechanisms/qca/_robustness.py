"""Robustness: does the solution stand when cut-offs, calibration or a single case change?"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from vvvresearch.errors import AnalysisError, UnanswerableError
from vvvresearch.locales import Joined, Phrase, Sayable, Written, half_up
from vvvresearch.mechanisms._decimals import decimal
from vvvresearch.mechanisms.qca._analysis import StandardAnalysis
from vvvresearch.mechanisms.qca._calibration import calibrate
from vvvresearch.mechanisms.qca._data import SetData, condition_place
from vvvresearch.mechanisms.qca._measures import ratio, sufficiency
from vvvresearch.mechanisms.qca._minimize import SolutionType, minimize
from vvvresearch.mechanisms.qca._search import Deadline
from vvvresearch.mechanisms.qca._solution import Solution
from vvvresearch.mechanisms.qca._table import TruthTable, table_of
from vvvresearch.results import Base, Column, Labels, Result, Total

if TYPE_CHECKING:
    import pandas as pd

LOWEST_CUT = 0.75
NaN = float("nan")
# Solutions with more models than this are compared by their number and their first models.
COMPARED_MODELS = 2000
_ANCHORS = {1: ("cut",), 3: ("exclusion", "crossover", "inclusion"), 6: ("e1", "c1", "i1", "i2", "c2", "e2")}

Expectations = Mapping[str, int | Collection[int]] | Sequence[Mapping[str, int | Collection[int]]]


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Robustness(Result):
    """How a solution fares under changes.

    Args:
        reference: the solution that was tested.
        ranges: per cut-off and threshold the lowest and highest tried value around the chosen one without a change.
        terms: each term with the number of variants in which every model holds it, of all variants and the solution itself.
        core: terms that every model of every variant holds; empty as soon as one variant has no solution.
        failed: variants without any solution.
        core_coverage, core_inclusion: covS of the robust core (each case's least membership over the solution and all variants)
            over that of the solution, and inclS of the solution over that of the core: 1 where nothing is lost; 0 and NaN without core.
        changed_cases: share of the cases that some variant's solution takes out or in.
        complete: whether every variant was solved within the time.
    """

    reference: Solution
    ranges: pd.DataFrame
    terms: pd.DataFrame
    core: tuple[str, ...]
    failed: int
    core_coverage: float
    core_inclusion: float
    changed_cases: float
    complete: bool


@dataclass(frozen=True)
class _Variant:
    test: str
    what: str
    setting: float
    table: TruthTable
    told: str | Sayable = ""


def robustness(
    table: TruthTable | Solution | StandardAnalysis,
    solution: SolutionType = "conservative",
    expectations: Expectations | None = None,
    *,
    raw: pd.DataFrame | None = None,
    thresholds: Mapping[str, Sequence[float]] | None = None,
    idm: float = 0.95,
    steps: int = 5,
    time_limit: float | None = None,
) -> Robustness:
    """Solve again with every other inclusion and PRI cut-off that matters, other n cut-offs, neighbouring cut-offs together, each
    case left out, other thresholds.

    The inclusion cut-off is tried at the inclusion of every observed row from .75 up, since the truth table changes
    nowhere else; so the range it gives is exact. A variant that leaves no solution counts as one in which every term is lost.

    Args:
        table: the truth table of the solution, or the solution itself; of a whole analysis the solution of the kind named.
        solution, expectations: as in `minimize`.
        raw: raw values, cases × conditions, for testing thresholds.
        thresholds: per condition of `raw` the thresholds that gave its memberships: one (crisp), three or six.
        idm: as in `calibrate`.
        steps: how many values are tried on each side of a threshold, up to the next threshold or the outermost raw value.
        time_limit: seconds for everything.

    Returns:
        A Robustness; `.frame` has one row a variant: test, what, setting, same, n_models, models, refused (there is nothing to solve),
        moot (without this case that condition no longer varies, "" else; such a variant is counted neither for nor against).

    Raises:
        AnalysisError: the raw values and thresholds do not give the table's memberships; whatever `minimize` raises.

    Source: the tests of Oana and Schneider 2021; fit and changed cases as in Oana and Schneider 2024.
    """
    import pandas as pd

    if isinstance(table, StandardAnalysis):
        expectations = table.expectations if solution == "intermediate" and expectations is None else expectations
        table = table.table
    elif isinstance(table, Solution):
        solution, table = cast(SolutionType, table.solution), table.table
    deadline = Deadline(time_limit)
    reference = minimize(table, solution, expectations, time_limit)
    wanted = _signature(reference)
    rows: list[dict[str, Any]] = []
    held: Counter[str] = Counter(reference.essential)
    failed = moot = 0
    complete = reference.complete
    whole = reference.models[0].membership
    least, crossed = whole.copy(), np.zeros(len(whole), dtype=bool)
    told: dict[str, str | Sayable] = {}
    for variant in _variants(table, raw, thresholds or {}, idm, steps):
        if deadline.passed():
            complete = False
            break
        told[variant.what] = variant.told or variant.what or "–"
        if variant.test == "case" and (constant := _no_longer_varies(table.data, variant.table.data)):
            # Without this case another question is asked, so the variant says nothing of this solution.
            moot += 1
            rows.append(_row(variant, False, 0, "", moot=constant))
            continue
        try:
            other = minimize(variant.table, solution, expectations, deadline.left() or None)
        except UnanswerableError:
            failed += 1
            least, crossed = np.zeros(len(whole)), crossed | (whole > 0.5)
            rows.append(_row(variant, False, 0, "", refused=True))
            continue
        complete = complete and other.complete
        held.update(other.essential)
        members = _membership(other, table.data)
        least, crossed = np.minimum(least, members), crossed | ((members > 0.5) != (whole > 0.5))
        shown = " | ".join(" + ".join(model.terms) for model in other.models[:3])
        rows.append(_row(variant, _signature(other) == wanted, len(other.models), shown))
    frame = pd.DataFrame(rows, columns=["test", "what", "setting", "same", "n_models", "models", "refused", "moot"])
    tried = len(rows) - moot + 1
    (inclusion, _, coverage), (core_inclusion, _, core_coverage) = (sufficiency(x, table.data.outcome) for x in (whole, least))
    core = tuple(term for term, count in held.items() if count == tried)
    return Robustness(
        frame=frame,
        base=Base(len(table.data.cases), unit="case"),
        title=Phrase("qca.title_robustness", {"outcome": table.outcome_words}),
        notes=(
            *_tried(frame),
            Phrase("qca.robustness_core", {"core": ", ".join(core)}) if core else Phrase("qca.robustness_no_core"),
            *((Phrase("qca.robustness_failed", {"failed": failed, "n": tried - 1}),) if failed else ()),
            *((Phrase("qca.robustness_moot", {"n": moot}),) if moot else ()),
            Phrase(
                "qca.robustness_fit",
                {"coverage": Written(ratio(core_coverage, coverage), "number", 2), "changed": int(crossed.sum()), "n": len(whole)},
            ),
            *(() if complete else (Phrase("qca.robustness_partial", {"n": len(rows)}),)),
            *table.declared.legend((*table.data.conditions, table.data.outcome_name)),
        ),
        shows=_columns(),
        kind=table.kind,
        at=table.root_for("paths-robustness", "" if solution == "conservative" else solution),
        labels={
            "what": Labels(told),
            "setting": Labels({value: _written(value) for value in frame["setting"].dropna()}),
            "models": Labels({("", True): Phrase("mechanism_tables.no_solution")}, on=("models", "refused")),
        },
        totals={"variants": Total(len(rows)), "same": Total(int(frame["same"].sum())), "failed": Total(failed), "moot": Total(moot)},
        reference=reference,
        ranges=_ranges(frame, table, thresholds or {}),
        terms=pd.DataFrame(
            [{"term": term, "variants": count, "of": tried} for term, count in held.most_common()], columns=["term", "variants", "of"]
        ),
        core=core,
        failed=failed,
        core_coverage=ratio(core_coverage, coverage),
        core_inclusion=ratio(inclusion, core_inclusion),
        changed_cases=float(crossed.mean()),
        complete=complete,
    )


def _tried(frame: pd.DataFrame) -> tuple[Phrase, ...]:
    """What was solved again, as far as the rows go, and how often the solution was the same."""
    counts = frame["test"].value_counts(sort=False)
    tests = [Phrase("qca.robustness_tried", {"test": Phrase(f"mechanism_words.{test}"), "n": int(n)}) for test, n in counts.items()]
    told = {"n": len(frame), "tests": Joined(tuple(tests)), "same": int(frame["same"].sum())}
    return (Phrase("qca.robustness_method", told),) if tests else ()


def _variants(
    table: TruthTable, raw: pd.DataFrame | None, thresholds: Mapping[str, Sequence[float]], idm: float, steps: int
) -> Iterator[_Variant]:
    upper, lower = table.inclusion_cut
    inclusions = {float(f"{value:.12g}") for value in table.frame["incl"] if value >= LOWEST_CUT}
    for cut in sorted(inclusions - {upper}):
        yield _Variant("inclusion_cut", "", cut, _again(table, table.data, cuts=(cut, min(lower, cut) if lower < upper else cut)))
    most = max((len(cases) for cases in table.members), default=0)
    for n_cut in range(1, min(most, 10) + 1):
        if n_cut != table.n_cut:
            yield _Variant("n_cut", "", n_cut, _again(table, table.data, n_cut=n_cut))
    passing = table.frame.loc[table.frame["incl"] >= upper - 1e-9, "PRI"].dropna()
    pri_cuts = sorted({float(f"{value:.12g}") for value in passing} | {0.0})
    for cut in pri_cuts:
        if cut != table.pri_cut:
            yield _Variant("pri_cut", "", cut, _again(table, table.data, pri_cut=cut))
    yield from _together(table, sorted(inclusions), pri_cuts, most)
    for place, case in enumerate(table.data.cases):
        yield _Variant("case", case, NaN, _again(table, table.data.without(place)))
    for condition, cuts in thresholds.items():
        yield from _recalibrated(table, raw, condition, [float(cut) for cut in cuts], idm, steps)


def _together(table: TruthTable, inclusions: list[float], pri_cuts: list[float], most: int) -> Iterator[_Variant]:
    """The next cut-offs on either side, two at a time: inclusion and n, inclusion and PRI, PRI and n."""
    upper, lower = table.inclusion_cut
    for cut in _neighbours(inclusions, upper):
        for n_cut in (table.n_cut - 1, table.n_cut + 1):
            if 1 <= n_cut <= most:
                cuts = (cut, min(lower, cut) if lower < upper else cut)
                yield _two(_again(table, table.data, cuts, n_cut), inclusion_cut=cut, n_cut=n_cut)
        for pri in _neighbours(pri_cuts, table.pri_cut):
            cuts = (cut, min(lower, cut) if lower < upper else cut)
            yield _two(_again(table, table.data, cuts, pri_cut=pri), inclusion_cut=cut, pri_cut=pri)
    for pri in _neighbours(pri_cuts, table.pri_cut):
        for n_cut in (table.n_cut - 1, table.n_cut + 1):
            if 1 <= n_cut <= most:
                yield _two(_again(table, table.data, n_cut=n_cut, pri_cut=pri), pri_cut=pri, n_cut=n_cut)


def _two(table: TruthTable, **cuts: float) -> _Variant:
    told = [Joined((Phrase(f"mechanism_words.{name}"), _written(cut)), " ") for name, cut in cuts.items()]
    return _Variant("together", ", ".join(f"{name} {cut:.3g}" for name, cut in cuts.items()), NaN, table, Joined(tuple(told)))


def _written(cut: float) -> Phrase:
    """A cut-off with three decimals, as inclusion is shown."""
    return decimal(float(half_up(cut, 3)))


def _neighbours(cuts: Sequence[float], chosen: float) -> list[float]:
    """The next value on either side of the chosen one."""
    return [*[cut for cut in cuts if cut < chosen][-1:], *[cut for cut in cuts if cut > chosen][:1]]


def _no_longer_varies(data: SetData, less: SetData) -> str:
    """The first condition whose cases have several values (or lie on both sides of .5), but no more without one case; "" if none."""
    for place, name in enumerate(data.conditions):
        before, after = (one.values[:, place] if data.levels[place] > 2 else one.values[:, place] > 0.5 for one in (data, less))
        if len(set(before)) > 1 and len(set(after)) == 1:
            return name
    return ""


def _membership(solution: Solution, data: SetData) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Membership of all cases in the first model of a variant, with the variant's own calibration."""
    own = solution.table.data
    source = own if len(own.cases) == len(data.cases) else data
    return np.asarray(np.maximum.reduce([source.membership(cube) for cube in solution.models[0].cubes]))


def _recalibrated(
    table: TruthTable, raw: pd.DataFrame | None, condition: str, cuts: list[float], idm: float, steps: int
) -> Iterator[_Variant]:
    place = condition_place(table.data, condition)
    values = _raw_of(table.data, raw, condition)
    if len(cuts) not in _ANCHORS:
        raise AnalysisError(f"{len(cuts)} thresholds are given for {condition!r}", todo="give one, three or six")
    now = _memberships(values, cuts, idm)
    if not np.allclose(now, table.data.values[:, place], atol=1e-6):
        worst = int(np.abs(now - table.data.values[:, place]).argmax())
        raise AnalysisError(
            f"the thresholds given for {condition!r} do not give the memberships in the table",
            where=f"case {table.data.cases[worst]}: {now[worst]:.4g} instead of {table.data.values[worst, place]:.4g}",
        )
    for anchor, name in enumerate(_ANCHORS[len(cuts)]):
        for value in _nearby(cuts, anchor, values, steps):
            moved = [*cuts[:anchor], value, *cuts[anchor + 1 :]]
            try:
                memberships = _memberships(values, moved, idm)
            except AnalysisError:
                continue
            data = table.data.with_values(condition, memberships)
            yield _Variant("threshold", f"{condition} {name}", value, _again(table, data))


def _raw_of(data: SetData, raw: pd.DataFrame | None, condition: str) -> pd.Series[Any]:
    if raw is None or condition not in raw.columns:
        raise AnalysisError(
            f"there are no raw values of {condition!r}", todo="give raw=, a table with the same cases and a column of that name"
        )
    by_name = {str(name): value for name, value in raw[condition].items()}
    missing = [case for case in data.cases if case not in by_name]
    if missing:
        raise AnalysisError("cases have no raw values", where=", ".join(missing[:5]), todo="index the raw table by the case names")
    import pandas as pd

    return pd.Series([float(by_name[case]) for case in data.cases], index=list(data.cases))


def _memberships(values: pd.Series[Any], cuts: Sequence[float], idm: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    made = calibrate(values, list(cuts), kind="crisp") if len(cuts) == 1 else calibrate(values, list(cuts), idm=idm)
    return made.to_numpy(dtype=float)


def _nearby(cuts: list[float], anchor: int, values: pd.Series[Any], steps: int) -> list[float]:
    """Values around a threshold, nearest first on each side, ending short of the next threshold or the last raw value."""
    bounds = [*cuts[max(0, anchor - 1) : anchor], *cuts[anchor + 1 : anchor + 2], float(values.min()), float(values.max())]
    here = cuts[anchor]
    below = max((bound for bound in bounds if bound < here), default=here)
    above = min((bound for bound in bounds if bound > here), default=here)
    shares = [step / (steps + 1) for step in range(1, steps + 1)]
    return [here + share * (end - here) for end in (below, above) if end != here for share in shares]


def _again(
    table: TruthTable, data: SetData, cuts: tuple[float, float] | None = None, n_cut: int | None = None, pri_cut: float | None = None
) -> TruthTable:
    pri = table.pri_cut if pri_cut is None else pri_cut
    made = table_of(data, cuts or table.inclusion_cut, n_cut or table.n_cut, pri, table.kind, table.declared)
    return dataclasses.replace(made, warnings=())


def _signature(solution: Solution) -> tuple[int, frozenset[frozenset[tuple[int, ...]]]]:
    return len(solution.models), frozenset(frozenset(model.cubes) for model in solution.models[:COMPARED_MODELS])


def _row(variant: _Variant, same: bool, n_models: int, models: str, *, refused: bool = False, moot: str = "") -> dict[str, Any]:
    told = {"test": variant.test, "what": variant.what, "setting": variant.setting}
    return {**told, "same": same, "n_models": n_models, "models": models, "refused": refused, "moot": moot}


def _ranges(frame: pd.DataFrame, table: TruthTable, thresholds: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    import pandas as pd

    chosen: dict[tuple[str, str], float] = {
        ("inclusion_cut", ""): table.inclusion_cut[0],
        ("n_cut", ""): float(table.n_cut),
        ("pri_cut", ""): table.pri_cut,
    }
    for condition, cuts in thresholds.items():
        for name, cut in zip(_ANCHORS[len(cuts)], cuts, strict=True):
            chosen["threshold", f"{condition} {name}"] = float(cut)
    rows = []
    for (test, what), value in chosen.items():
        tried = frame[(frame["test"] == test) & (frame["what"] == what)]
        settings = sorted((float(setting), bool(same)) for setting, same in zip(tried["setting"], tried["same"], strict=True))
        low = high = value
        for setting, same in reversed([pair for pair in settings if pair[0] < value]):
            if not same:
                break
            low = setting
        for setting, same in [pair for pair in settings if pair[0] > value]:
            if not same:
                break
            high = setting
        rows.append({"test": test, "what": what, "chosen": value, "low": low, "high": high, "tried": len(settings)})
    return pd.DataFrame(rows, columns=["test", "what", "chosen", "low", "high", "tried"])


def _columns() -> tuple[Column, ...]:
    names = ("test", "what", "setting", "same", "n_models", "models")
    # No cut-off has one value where two move together or a case is left out: a dash.
    return tuple(
        Column(
            name, Phrase(f"qca.robust_{name}"), "number" if name == "setting" else "text", words="mechanism_words" if name == "test" else ""
        )
        for name in names
    )

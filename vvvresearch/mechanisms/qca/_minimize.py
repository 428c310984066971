"""Minimisation: from a truth table to every model of a conservative, parsimonious or intermediate solution."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from vvvresearch.errors import AnalysisError, UnanswerableError, did_you_mean
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms.qca._models import Model, Models
from vvvresearch.mechanisms.qca._search import Deadline
from vvvresearch.mechanisms.qca._set_cover import Covers, irredundant_covers, minimum_covers
from vvvresearch.mechanisms.qca._solution import Solution, solution_result
from vvvresearch.mechanisms.qca._standard import Counterfactuals, Expectation, Pair, numbered, read_expectations
from vvvresearch.mechanisms.qca._table import TruthTable
from vvvresearch.mechanisms.qca._terms import Cube, covers_row, primes_avoiding, primes_within

if TYPE_CHECKING:
    Ints = np.ndarray[Any, np.dtype[np.int64]]

SolutionType = Literal["conservative", "parsimonious", "intermediate"]
_TYPES = ("conservative", "parsimonious", "intermediate")
# Conservative and parsimonious models are paired one by one; so many pairs say that the data decide nothing.
MOST_PAIRS = 10_000


@dataclass(frozen=True)
class _Request:
    """What is asked, checked."""

    covers: Literal["minimum", "irredundant"]
    contradictions: Literal["negative", "remainder"]
    exclude: frozenset[int]
    max_models: int
    deadline: Deadline


def minimize(
    table: TruthTable,
    solution: SolutionType = "conservative",
    expectations: Mapping[str, int | Collection[int]] | Sequence[Mapping[str, int | Collection[int]]] | None = None,
    time_limit: float | None = None,
    *,
    covers: Literal["minimum", "irredundant"] = "minimum",
    contradictions: Literal["negative", "remainder"] = "negative",
    exclude: Collection[int] = (),
    max_models: int = 200_000,
) -> Solution:
    """Find every minimal model of a truth table, exactly.

    Conservative solutions make no use of unobserved configurations; parsimonious ones may use any that makes them
    shorter; intermediate ones only those that agree with directional expectations (Standard Analysis), for each pair of a
    conservative and a parsimonious model.

    Args:
        table: from `truth_table`.
        solution: "conservative", "parsimonious" or "intermediate".
        expectations: for the intermediate solution, {condition: value that should further the outcome}; several values
            of a multi-value condition as a tuple. A list of such mappings: those with several conditions are expected
            only together (conjunctural).
        time_limit: seconds; when they run out, what is proved comes back with `complete` False.
        covers: "minimum" for the models with the fewest terms, "irredundant" for all without a superfluous term.
        contradictions: whether rows marked "C" count as negative or may be used like unobserved ones.
        exclude: row numbers that must not be used as counterfactuals (see `untenable` and `enhanced`).
        max_models: most families of models listed for one independent part of the chart; when there are more, `complete` is
            False. A family holds all models that differ only in terms that do the same work, however many.

    Returns:
        A Solution: `.models` (a sequence; each has `.terms`, `.inclusion`, `.pri`, `.coverage`, `.fit`,
        `.assumptions`), `.prime_implicants`, `.chart`, `.complete`, `.proved`.

    Raises:
        UnanswerableError: no positive row, no case without the outcome, nothing negative.
        AnalysisError: unknown names or values.

    Source: Quine 1952 and McCluskey 1956 for the problem; Ragin and Sonnett 2005 for the Standard Analysis.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.mechanisms.qca import truth_table
        >>> cases = pd.DataFrame({"A": [1, 1, 0, 0], "B": [1, 0, 1, 0], "Y": [1, 1, 1, 0]}, index=list("pqrs"))
        >>> [model.terms for model in minimize(truth_table(cases, "Y", ["A", "B"])).models]
        [('A', 'B')]
    """
    request = _checked(table, solution, expectations, covers, contradictions, exclude, max_models, time_limit)
    if solution != "intermediate":
        primes, found = _solve(table, solution == "parsimonious", request)
        return _result(table, solution, primes, found, request)
    return _intermediate(table, read_expectations(table.data, expectations or {}), request)


def _checked(
    table: TruthTable,
    solution: str,
    expectations: object,
    covers: Literal["minimum", "irredundant"],
    contradictions: Literal["negative", "remainder"],
    exclude: Collection[int],
    max_models: int,
    time_limit: float | None,
) -> _Request:
    if not isinstance(table, TruthTable):
        raise AnalysisError("minimize takes a truth table", todo="make one with truth_table(data, outcome, conditions)")
    if solution not in _TYPES:
        raise AnalysisError(f"the solution {solution!r} is not known", todo=did_you_mean(str(solution), _TYPES))
    if (expectations is None) == (solution == "intermediate"):
        raise AnalysisError(
            "directional expectations belong to the intermediate solution, and only to it",
            where=f"solution={solution!r}",
            todo='give expectations={"CONDITION": 1 or 0} with solution="intermediate"',
        )
    if covers not in ("minimum", "irredundant"):
        raise AnalysisError(f"covers is {covers!r}", todo='use "minimum" or "irredundant"')
    if contradictions not in ("negative", "remainder"):
        raise AnalysisError(f"contradictions is {contradictions!r}", todo='use "negative" or "remainder"')
    if max_models < 1:
        raise AnalysisError(f"max_models is {max_models!r}", why="at least one model must fit in")
    _check_rows(table, solution)
    unknown = [row for row in exclude if not 1 <= row <= table.data.n_rows]
    if unknown:
        raise AnalysisError(f"there is no row {unknown[0]}", todo=f"rows are numbered 1 to {table.data.n_rows}")
    return _Request(covers, contradictions, frozenset(exclude), max_models, Deadline(time_limit))


def _check_rows(table: TruthTable, solution: str) -> None:
    data = table.data
    outcome = {"outcome": table.outcome_words}
    cuts = f"inclusion {table.inclusion_cut[0]:g}, n {table.n_cut}, PRI {table.pri_cut:g}"
    if "1" not in table.out:
        rows = ", ".join(f"{row} ({cases})" for row, cases in zip(table.rows[:5], table.members[:5], strict=True))
        raise UnanswerableError(
            f"no configuration is sufficient for {data.outcome_label}: the truth table has no positive row",
            reason=Phrase("qca.refused_no_positive", outcome),
            where=f"cut-offs {cuts}; rows {rows}",
            why="there is nothing to minimise",
            todo="look at the contradictory rows, conditions and calibration before any cut-off is lowered",
        )
    if not (data.outcome < 0.5).any():
        raise UnanswerableError(
            f"no case shows the absence of {data.outcome_label}",
            reason=Phrase("qca.refused_no_other_case", outcome),
            where=", ".join(data.cases[:5]) + (" …" if len(data.cases) > 5 else ""),
            why="without a case where it fails, every condition that is common seems to be enough",
            todo="include cases where the outcome did not come about (ended or troubled matches)",
        )

    if table.out.count("1") == data.n_rows:
        raise UnanswerableError(
            f"every possible configuration is sufficient for {data.outcome_label}",
            reason=Phrase("qca.refused_all_positive", outcome),
            where=f"cut-offs {cuts}",
            why="then no condition makes a difference",
            todo="raise the inclusion cut-off, or choose other conditions",
        )
    if solution != "conservative" and "0" not in table.out and "C" not in table.out:
        raise UnanswerableError(
            "no configuration in the truth table is negative",
            reason=Phrase("qca.refused_none_negative", outcome),
            where=f"cut-offs {cuts}",
            why="then everything unobserved may be assumed, and the shortest solution says that nothing is required",
            todo="lower n_cut, raise the inclusion cut-off, or look at the conservative solution only",
        )


def _solve(table: TruthTable, use_remainders: bool, request: _Request) -> tuple[list[Cube] | None, Covers | None]:
    positive, negative, held = _sides(table, request)
    if use_remainders:
        primes = primes_avoiding(positive, negative, request.deadline)
    else:
        primes = primes_within(positive, held, table.data.levels, request.deadline)
    return primes, None if primes is None else _covered(positive, primes, request)


def _sides(table: TruthTable, request: _Request) -> tuple[Ints, Ints, Ints]:
    """Positive configurations, those that no term may cover, and those that a conservative term may."""
    data = table.data
    positive = table.rows_with("1")
    open_contradictions = request.contradictions == "remainder"
    negative = table.rows_with("0") if open_contradictions else table.rows_with("0", "C")
    observed = {int(row) for row in positive @ data.place_values + 1}
    barred = np.asarray(sorted(request.exclude - observed), dtype=np.int64)
    excluded = (barred[:, None] - 1) // data.place_values % np.asarray(data.levels)
    return positive, np.unique(np.concatenate([negative, excluded]), axis=0), positive


def _covered(positive: Ints, primes: list[Cube], request: _Request) -> Covers:
    masks = [_row_mask(positive, cube) for cube in primes]
    find = minimum_covers if request.covers == "minimum" else irredundant_covers
    return find(masks, len(positive), request.deadline, request.max_models)


def _row_mask(positive: Ints, cube: Cube) -> int:
    pattern = np.asarray(cube)
    hit = ((positive == pattern) | (pattern < 0)).all(axis=1)
    return int(sum(1 << int(row) for row in np.flatnonzero(hit)))


def _result(table: TruthTable, solution: str, primes: list[Cube] | None, found: Covers | None, request: _Request) -> Solution:
    models: Sequence[Model] = () if primes is None or found is None else Models(found, primes, table)
    return solution_result(table, solution, tuple(primes or ()), models, found, (), request.covers)


def _intermediate(table: TruthTable, expectations: tuple[Expectation, ...], request: _Request) -> Solution:
    plain_primes, plain = _solve(table, False, request)
    short_primes, short = _solve(table, True, request)
    if plain_primes is None or short_primes is None or plain is None or short is None:
        return _result(table, "intermediate", None, None, request)
    conservative, parsimonious = Models(plain, plain_primes, table), Models(short, short_primes, table)
    complete = plain.complete and short.complete
    pairs: list[Pair] = []
    primes: dict[Cube, None] = {}
    by_easy: dict[int, tuple[list[Cube], Covers]] = {}
    counterfactuals = Counterfactuals(table, expectations)
    for c_place, c_model in enumerate(conservative):
        for p_place, p_model in enumerate(parsimonious):
            if len(pairs) >= MOST_PAIRS or request.deadline.passed():
                complete = False
                break
            easy = counterfactuals.easy(c_model, p_model)
            solved = by_easy.get(easy) or _with_easy(table, numbered(easy), request)
            if solved is None:
                complete = False
                continue
            by_easy[easy] = solved
            own_primes, covers = solved
            primes.update(dict.fromkeys(own_primes))
            complete = complete and covers.complete
            models = Models(covers, own_primes, table)
            pairs.append(Pair(f"C{c_place + 1}P{p_place + 1}", c_model, p_model, models, numbered(easy)))
    unique: dict[frozenset[Cube], Model] = {}
    for solved in by_easy.values():
        for model in Models(solved[1], solved[0], table)[: request.max_models]:
            unique.setdefault(frozenset(model.cubes), model)
        if len(unique) > request.max_models:
            complete = False
            break
    found = Covers((), complete, 0, ())
    return solution_result(
        table, "intermediate", tuple(primes), tuple(unique.values())[: request.max_models], found, tuple(pairs), request.covers
    )


def _with_easy(table: TruthTable, easy: tuple[int, ...], request: _Request) -> tuple[list[Cube], Covers] | None:
    data = table.data
    positive = table.rows_with("1")
    numbers = np.asarray(easy, dtype=np.int64)
    extra = (numbers[:, None] - 1) // data.place_values % np.asarray(data.levels)
    primes = primes_within(positive, np.concatenate([positive, extra]), data.levels, request.deadline)
    if primes is None:
        return None
    shown = [cube for cube in primes if any(covers_row(cube, row) for row in positive.tolist())]
    return shown, _covered(positive, shown, request)

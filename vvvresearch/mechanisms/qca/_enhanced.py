"""The Enhanced Standard Analysis: outcome and negation solved without untenable or contradictory assumptions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from vvvresearch.errors import AnalysisError
from vvvresearch.mechanisms.qca._minimize import SolutionType, minimize
from vvvresearch.mechanisms.qca._solution import Solution
from vvvresearch.mechanisms.qca._standard import assumed_by_both, untenable
from vvvresearch.mechanisms.qca._table import TruthTable
from vvvresearch.mechanisms.qca._time_limit import Deadline

# Each round only adds rows to those excluded; data that still contradict themselves after so many models need a smaller question.
MOST_COMPARED = 1000

Expectations = Mapping[str, int | Collection[int]] | Sequence[Mapping[str, int | Collection[int]]]


@dataclass(frozen=True)
class Enhanced:
    """Solutions for the outcome and for its negation that rest on no assumption both make.

    Args:
        outcome, negation: the two solutions.
        impossible: row numbers excluded because they cannot exist or contradict a necessary condition.
        contradictory: row numbers excluded because outcome and negation both assumed them.
        complete: whether all models could be compared.
    """

    outcome: Solution
    negation: Solution
    impossible: tuple[int, ...]
    contradictory: tuple[int, ...]
    complete: bool


def enhanced(
    table: TruthTable,
    negated: TruthTable,
    solution: SolutionType = "parsimonious",
    expectations: Expectations | None = None,
    negated_expectations: Expectations | None = None,
    *,
    impossible: Sequence[Mapping[str, int]] = (),
    necessary: Mapping[str, int] | None = None,
    negated_necessary: Mapping[str, int] | None = None,
    time_limit: float | None = None,
) -> Enhanced:
    """Solve outcome and negation, leaving out untenable assumptions and those both would make.

    Args:
        table: truth table of the outcome.
        negated: truth table of its negation, with the same conditions and cases.
        solution: "parsimonious" or "intermediate".
        expectations, negated_expectations: for the intermediate solutions.
        impossible: combinations that cannot exist, each {condition: value}.
        necessary, negated_necessary: literals claimed necessary for the outcome and for its negation.
        time_limit: seconds for everything.

    Returns:
        An Enhanced with both solutions and the rows that were excluded, and why.

    Raises:
        AnalysisError: the tables do not belong together; whatever `minimize` raises.

    Source: Schneider and Wagemann 2013.
    """
    if table.data.conditions != negated.data.conditions or table.data.outcome_name != negated.data.outcome_name:
        raise AnalysisError("the two truth tables are not of the same conditions and outcome")
    if table.data.negated == negated.data.negated or table.data.cases != negated.data.cases:
        raise AnalysisError("one table must be of the outcome, the other of its negation, over the same cases")
    deadline = Deadline(time_limit)
    barred = set(untenable(table, impossible, necessary))
    barred_negated = set(untenable(negated, impossible, negated_necessary))
    contradictory: set[int] = set()
    while True:
        left = deadline.left()
        rest = None if left is None else max(left, 0.001)
        positive = minimize(table, solution, expectations, rest, exclude=barred | contradictory)
        negative = minimize(negated, solution, negated_expectations, rest, exclude=barred_negated | contradictory)
        both = assumed_by_both(positive.models[:MOST_COMPARED], negative.models[:MOST_COMPARED])
        compared = max(len(positive.models), len(negative.models)) <= MOST_COMPARED
        if not both or deadline.passed():
            complete = compared and not both and positive.complete and negative.complete
            return Enhanced(positive, negative, tuple(sorted(barred | barred_negated)), tuple(sorted(contradictory)), complete)
        contradictory |= set(both)

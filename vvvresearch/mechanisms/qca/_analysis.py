"""The Standard and the Enhanced Standard Analysis as a whole: all kinds of solution, what each case is to them, what stays untenable."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms.qca._minimize import SolutionType, minimize
from vvvresearch.mechanisms.qca._search import Deadline
from vvvresearch.mechanisms.qca._solution import SHOWN_MODELS, Solution, sentence_table
from vvvresearch.mechanisms.qca._standard import assumed_by_both, untenable
from vvvresearch.mechanisms.qca._table import TruthTable
from vvvresearch.results import Column, Measure, Result, Total

if TYPE_CHECKING:
    from vvvresearch.mechanisms.qca._models import Model
    from vvvresearch.mechanisms.qca._table import TruthTable


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class StandardAnalysis(Result):
    """All three kinds of solution of a truth table; parts `models`, `roles` and `sentences`.

    Args:
        table: the truth table.
        conservative, parsimonious, intermediate: the solutions.
        expectations: the directional expectations of the intermediate solution.
    """

    table: TruthTable
    conservative: Solution
    parsimonious: Solution
    intermediate: Solution
    expectations: Mapping[str, int | Collection[int]] | Sequence[Mapping[str, int | Collection[int]]]

    @property
    def models(self) -> Sequence[Model]:
        """The models of the intermediate solution, which is the one that roles, picture and sentences rest on."""
        return self.intermediate.models

    def sentences(self) -> Result:
        """Every model of every kind in a sentence, and what the intermediate solution assumes."""
        return self.parts["sentences"]


def standard_analysis(
    table: TruthTable,
    expectations: Mapping[str, int | Collection[int]] | Sequence[Mapping[str, int | Collection[int]]] | None = None,
    time_limit: float | None = None,
) -> StandardAnalysis:
    """Find every model of the conservative, the parsimonious and the intermediate solution.

    Args:
        table: from `truth_table`.
        expectations: as in `minimize`; default those declared of the conditions, reversed where the absence of the outcome is
            analysed. What is given is meant for this table as it stands and is not reversed.
        time_limit: seconds for everything.

    Returns:
        StandardAnalysis; `.frame` has solution, model, term ("" is the whole model), inclS, PRI, covS, covU, cases, path (the term
        as a part of addresses). Part `models`: terms, typical and unexplained cases of each model; `roles`: what each case is to
        the intermediate models.

    Raises:
        UnanswerableError: no positive row, no case without the outcome, nothing negative.
        AnalysisError: unknown names or values.

    Source: Ragin and Sonnett 2005; Schneider and Wagemann 2012.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.mechanisms.qca import truth_table
        >>> cases = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 0], "Y": [1, 0, 0]}, index=["p1", "p2", "p3"])
        >>> found = standard_analysis(truth_table(cases, "Y", ["A", "B"]), {"A": 1, "B": 1})
        >>> [one.models[0].terms for one in (found.conservative, found.intermediate, found.parsimonious)]
        [('A*B',), ('A*B',), ('B',)]
    """
    import pandas as pd

    deadline = Deadline(time_limit)
    expected = table.expectations if expectations is None else expectations
    solved = {
        "conservative": minimize(table, "conservative", None, deadline.left()),
        "parsimonious": minimize(table, "parsimonious", None, deadline.left()),
        "intermediate": minimize(table, "intermediate", expected, deadline.left()),
    }
    chosen = solved["intermediate"]
    at = table.root_for("paths", "" if expectations is None or expected == table.expectations else _written(expected))
    common: dict[str, Any] = {"base": chosen.base, "kind": table.kind, "at": at}
    legend = table.declared.legend((*table.data.conditions, table.data.outcome_name))
    sentences = sentence_table(tuple(solved.values()), table.declared.words)
    return StandardAnalysis(
        frame=pd.concat([one.frame for one in solved.values()], ignore_index=True),
        title=Phrase("mechanism_tables.solutions_title", {"outcome": table.outcome_words}),
        notes=(
            Phrase("mechanism_tables.solutions_note"),
            Phrase("qca.fit_method"),
            *(note for one in solved.values() for note in one.notes[2:] if note not in (*table.warnings, *legend)),
            *table.warnings,
            *legend,
        ),
        assumptions=chosen.assumptions,
        shows=(Column("solution", Phrase("mechanism_tables.solution"), words="mechanism_tables"), *chosen.shows),
        keys=chosen.keys,
        measures=chosen.measures,
        labels=chosen.labels,
        parts={
            "models": _models(solved, common),
            "roles": _roles(chosen, common),
            "sentences": sentences,
        },
        totals={f"{name}_models": Total(len(one.models)) for name, one in solved.items()},
        pictures=chosen.pictures,
        **common,
        table=table,
        conservative=solved["conservative"],
        parsimonious=solved["parsimonious"],
        intermediate=chosen,
        expectations=expected,
    )


def _written(expected: Any) -> str:
    given = [expected] if isinstance(expected, Mapping) else list(expected)
    return "expecting " + " ".join(f"{name} {value}" for one in given for name, value in sorted(one.items()))


def _models(solved: Mapping[str, Solution], common: Mapping[str, Any]) -> Result:
    """One row a model: how many terms it has, how many cases are typical of it and how many it leaves unexplained."""
    import pandas as pd

    rows = []
    for name, solution in solved.items():
        for place, model in enumerate(solution.models[:SHOWN_MODELS]):
            roles = solution.cases(place)
            of = {role: int(roles.loc[roles["role"] == role, "case"].nunique()) for role in ("typical", "deviant in coverage")}
            counts = {"terms": len(model.terms), "typical": of["typical"], "unexplained": of["deviant in coverage"]}
            rows.append({"solution": name, "model": f"M{place + 1}", **counts})
    names = ("terms", "typical", "unexplained")
    return Result(
        frame=pd.DataFrame(rows, columns=["solution", "model", *names]),
        title=Phrase("mechanism_tables.models_title", {"outcome": next(iter(solved.values())).table.outcome_words}),
        shows=(
            Column("solution", Phrase("mechanism_tables.solution"), words="mechanism_tables"),
            Column("model", Phrase("qca.model")),
            *(Column(name, Phrase(f"mechanism_tables.{name}"), "count") for name in names),
        ),
        keys=("solution", "model"),
        measures=tuple(Measure(name, of="") for name in names),
        **common,
    )


def _roles(solution: Solution, common: Mapping[str, Any]) -> Result:
    """What each case is to the models; irrelevant ones are left out."""
    import pandas as pd

    parts = [solution.cases(place).assign(model=f"M{place + 1}") for place in range(len(solution.models[:SHOWN_MODELS]))]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["case", "term", "role", "model"])
    declared = solution.table.declared
    return Result(
        frame=frame[frame["role"] != "irrelevant"].reset_index(drop=True),
        title=Phrase("mechanism_tables.roles_title", {"outcome": solution.table.outcome_words}),
        notes=(
            Phrase("mechanism_tables.roles_note"),
            *declared.legend((*solution.table.data.conditions, solution.table.data.outcome_name)),
        ),
        shows=(
            *((Column("model", Phrase("qca.model")),) if len(parts) > 1 else ()),
            Column("case", Phrase("mechanisms.case")),
            Column("term", Phrase("qca.term")),
            Column("role", Phrase("mechanism_tables.role"), words="mechanism_words"),
        ),
        **common,
    )


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

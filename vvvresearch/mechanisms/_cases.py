"""Cases with their memberships, and what the evaluators declared about them: one object that every analysis of cases takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase, Sayable
from vvvresearch.results import Result, address_part

if TYPE_CHECKING:
    import pandas as pd

Expectation = Literal[0, 1, "either"]


@dataclass(frozen=True)
class Declared:
    """What was declared about conditions and outcomes before the analysis.

    Args:
        words: what each condition and outcome is called.
        expectations: the conditions of the set analysis, each with the value that should further the outcome; "either" without one.
        mechanisms: the conditions that are mechanisms.
        outcomes: the outcomes.
        candidates: what is tested for making a difference.
        setting: what parts these cases from the usual ones: "wave-2"; a part of addresses.
    """

    words: Mapping[str, str | Sayable] = field(default_factory=dict)
    expectations: Mapping[str, Expectation] = field(default_factory=dict)
    mechanisms: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    setting: str = ""

    def named(self, name: str) -> str | Sayable:
        """A condition or outcome in words, or as it is written."""
        return self.words.get(name, name)

    def outcome(self, name: str, negated: bool) -> str | Sayable:
        """An outcome, or its absence, in words where it has any: "a good match", "the absence of a good match"; else "X", "~X"."""
        if name not in self.words:
            return f"~{name}" if negated else name
        return Phrase("qca.not_outcome", {"outcome": self.words[name]}) if negated else self.words[name]

    def legend(self, names: Sequence[str]) -> tuple[Phrase, ...]:
        """A note that says what short names stand for; none where none has words."""
        told = tuple(Joined((name, self.words[name]), ": ") for name in names if name in self.words)
        return (Phrase("mechanism_tables.legend", {"listed": Joined(told, "; ")}),) if told else ()


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class CaseConditions(Result):
    """Memberships of cases. `.frame` has one row a case and condition; `.table` has cases as its index and conditions as columns.

    Args:
        table: cases × conditions, ready for any analysis of cases.
        rules: one row a condition: condition, rule (as a code: "judged", "alike", "linked").
        grounds: what each membership rests on: case, condition, membership, informants, quotes, reason.
        declared: words and expectations.
    """

    table: pd.DataFrame
    rules: pd.DataFrame
    grounds: pd.DataFrame
    declared: Declared = field(default_factory=Declared)


def read_cases(data: pd.DataFrame | CaseConditions, kind: DataKind | None) -> tuple[pd.DataFrame, DataKind, Declared]:
    """The table of cases, its kind, and what is declared about it."""
    if isinstance(data, CaseConditions):
        return data.table, kind or data.kind, data.declared
    require_table(data, "data")
    return data, kind or DataKind.REAL, Declared()


def chosen_conditions(table: pd.DataFrame, declared: Declared, outcome: str, conditions: Sequence[str] | None) -> tuple[str, ...]:
    """The conditions of a set analysis: those given, else those declared, else every other column."""
    if conditions is not None:
        return (conditions,) if isinstance(conditions, str) else tuple(conditions)
    others = tuple(str(name) for name in table.columns if name not in (outcome, "case"))
    return tuple(name for name in declared.expectations if name in table.columns) or others


def one_outcome(declared: Declared, outcome: str) -> str:
    """The outcome that is asked for, or the only one declared.

    Raises:
        AnalysisError: none is named and not exactly one is declared.
    """
    if outcome:
        return outcome
    if len(declared.outcomes) != 1:
        raise AnalysisError("no outcome is named", todo=f"give outcome=; {did_you_mean('', declared.outcomes)}")
    return declared.outcomes[0]


def root_of(kind: str, outcome: str, *settings: str, negated: bool = False) -> str:
    """The root of addresses of an analysis of an outcome: `truth.good`, of its absence `truth/not-good`, settings behind.

    Example:
        >>> root_of("truth", "GOOD"), root_of("truth", "GOOD", "", "n_cut 2", negated=True)
        ('truth.good', 'truth/not-good/n_cut-2')
    """
    name = f"{kind}/not-{address_part(outcome)}" if negated else f"{kind}.{address_part(outcome)}"
    return "/".join([name, *(address_part(setting) for setting in settings if setting)])


def level_setting(level: float) -> str:
    """A confidence level as a part of addresses; the usual one needs none."""
    return "" if level == 0.95 else f"level {level:g}"

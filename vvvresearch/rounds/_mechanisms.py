"""The part of a round that knows its cases: theory, configurations, set analysis, perspectives, moderators, evidence."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms import (
    arrow_table,
    case_conditions,
    configurations,
    evidence_ledger,
    first_wave,
    mechanism_table,
    moderators,
    perspectives,
)
from vvvresearch.mechanisms.qca import necessity, robustness, standard_analysis, truth_table
from vvvresearch.results import Result, address_part
from vvvresearch.rounds._binding import Bound, BoundCall, Supplier, bound
from vvvresearch.rounds._conditions import declared_of

if TYPE_CHECKING:
    from vvvresearch.rounds._spec import RoundSpec


class OutcomeCall(BoundCall):
    """An analysis of a truth table, for which the outcome alone may be given."""

    def ask(self, given: dict[str, Any]) -> Any:
        """The analysis of a truth table or, of an outcome, of the one that the round makes for it."""
        table, named = given.get("table"), given.get("expectations")
        if isinstance(table, str) and isinstance(named, list | tuple) and all(isinstance(one, str) for one in named):
            # A list of names says which conditions are meant; what is expected of them is told by 1 and 0.
            table = self._round.truth_table(table, list(named))
            given = {name: value for name, value in given.items() if name != "expectations"} | {"table": table}
        return super().ask({**given, "table": self._round.truth_table(table)} if isinstance(table, str) else given)


class MechanismAnalyses(Supplier):
    """Analyses of cases and their mechanisms, bound to a round."""

    if TYPE_CHECKING:
        spec: RoundSpec

    SUPPLIES: ClassVar[dict[str, tuple[str, Callable[[Any], Any]]]] = {
        "theory": ("theory", lambda opened: opened.evidence_of("theory")),
        "mappings": ("mappings", lambda opened: opened.mappings),
        "codings": ("codings", lambda opened: opened.codings),
        "interviews": ("interviews", lambda opened: opened.interviews),
        "configurations": ("configurations", lambda opened: opened.evidence_of("configurations")),
        "attributes": ("attributes", lambda opened: opened.whole_pairs),
        "ledger": ("ledger", lambda opened: opened.evidence_of("ledger")),
        "memberships": ("", lambda opened: opened.conditions()),
        "expected": ("", lambda opened: opened.spec.perspectives.expected),
        "leave_out": ("", lambda opened: opened.spec.perspectives.leave_out),
        "attribute_words": ("", lambda opened: opened.spec.perspectives.words),
        "halves": ("", lambda opened: opened.programme.halves),
    }
    ROOTS: ClassVar[dict[str, Callable[[Any, str], Result | None]]] = {
        "theory": lambda opened, address: opened.theory_of_change(),
        "configurations": lambda opened, address: opened.configurations(),
        "conditions": lambda opened, address: opened.conditions(),
        "perspectives": lambda opened, address: opened.perspectives(),
        "truth": lambda opened, address: opened.truth_table(*opened.side_of(address)),
        "necessity": lambda opened, address: opened.necessity(*opened.side_of(address), joined=True),
        "paths": lambda opened, address: opened.minimize(opened.truth_table(*opened.side_of(address))),
        "paths-robustness": lambda opened, address: opened.robustness(opened.truth_table(*opened.side_of(address))),
        "mechanisms": lambda opened, address: opened.mechanism_table(outcome=opened.side_of(address)[0]),
        "moderators": lambda opened, address: opened.moderators(opened.side_of(address)[0]),
        "ledger": lambda opened, address: opened.ledger_at(address),
    }

    theory_of_change = bound(arrow_table, "theory")
    configurations = bound(configurations, "records=configurations")
    perspectives = bound(perspectives, "attributes")
    truth_table = bound(truth_table, "data=memberships")
    necessity = bound(necessity, "data=memberships")
    moderators = bound(moderators, "data=memberships")
    mechanism_table = bound(mechanism_table, "data=memberships")
    evidence_ledger = bound(evidence_ledger, "items=ledger")
    minimize: Bound[..., Result] = Bound(standard_analysis, {}, OutcomeCall)
    robustness: Bound[..., Result] = Bound(robustness, {}, OutcomeCall)

    @property
    def whole_pairs(self) -> Any:
        """The attributes of both halves; a pair of which one half has withdrawn cannot be set side by side."""
        opened: Any = self
        found = opened.evidence_of("attributes")
        return dataclasses.replace(found, frame=found.frame[~found.frame["pair"].astype(str).isin(opened.consent.pairs)])

    def conditions(self, wave: str = "") -> Result:
        """Memberships of the cases in the conditions and outcomes that the definition declares.

        Args:
            wave: which wave of judgements and mappings; default the first.

        Returns:
            CaseConditions; absent where nothing is declared, or a rule's source is not there.
        """
        declared = (*self.spec.conditions, *self.spec.outcomes)
        if not declared:
            return self.absent(Phrase("absent.conditions"))
        for name in dict.fromkeys(one.rule.needs for one in declared):
            if not self.has(name):  # type: ignore[attr-defined]
                return self.absent(Phrase(f"absent.{name}"))
            if (reason := self.lacks(name)) is not None:
                return self.absent(reason)
        found: Result = self.finish(lambda: self._memberships(wave))
        return found

    def _memberships(self, wave: str) -> Result:
        declared = (*self.spec.conditions, *self.spec.outcomes)
        return case_conditions(
            {one.id: one.rule.rule() for one in declared},
            **self.grounds_of({one.rule.needs for one in declared}, wave),
            declared=declared_of(self.spec.conditions, self.spec.outcomes, self.spec.moderators.candidates),
        )

    def grounds_of(self, needs: set[str], wave: str = "") -> dict[str, Any]:
        """The evidence that rules of these types read, and the wave: the one given, else the first that any of it has."""
        opened: Any = self
        given: dict[str, Any] = {}
        if "mappings" in needs:
            given["mappings"] = opened.mappings
        if "judgements" in needs:
            given["judgements"] = opened.evidence_of("judgements")
        if "attributes" in needs:
            given["pairs"] = opened.perspectives()
        tables = [part.links if name == "mappings" else part.frame for name, part in given.items() if name != "pairs"]
        return given | {"wave": wave or first_wave(*tables) or None}

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The ids of the declared outcomes; none where the round cannot make the memberships of its cases."""
        return tuple(one.id for one in self.spec.outcomes) if self.conditions() else ()

    @property
    def hypotheses(self) -> tuple[str, ...]:
        """The hypotheses of the ledger of evidence; none without one."""
        return () if self.lacks("ledger") else tuple(one.hypothesis for one in self.supply("ledger"))

    def side_of(self, address: str) -> tuple[str, None, bool]:
        """Outcome, conditions and side of an address: `truth.good.…` is the outcome, `truth/not-good.…` its absence.

        Raises:
            AnalysisError: no such outcome.
        """
        name = address.casefold().replace("/", ".").split(".")[1]
        known = {address_part(one.id): one.id for one in self.spec.outcomes}
        if name not in known and name.removeprefix("not-") in known:
            return known[name.removeprefix("not-")], None, True
        if name not in known:
            raise AnalysisError(f"the round has no outcome {name!r}", where=address, todo=did_you_mean(name, known))
        return known[name], None, False

    def ledger_at(self, address: str) -> Result:
        """The ledger that holds an address: that of the first hypothesis, or of the one that it names."""
        opened: Any = self
        setting = address.casefold().partition("/")[2].partition(".")[0]
        found: Result = opened.evidence_ledger(hypothesis=next((one for one in self.hypotheses if address_part(one) == setting), ""))
        return found

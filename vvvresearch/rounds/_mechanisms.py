"""The part of a round that knows its cases: causal maps of its pairs, what changed, theory, configurations, set analysis, perspectives."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms import (
    arrow_table,
    case_conditions,
    causal_map,
    configurations,
    contact_plan,
    evidence_ledger,
    first_wave,
    map_difference,
    map_robustness,
    mechanism_table,
    moderators,
    perspectives,
    portrait,
    portrayed_pairs,
    wave_changes,
)
from vvvresearch.mechanisms.qca import necessity, robustness, standard_analysis, truth_table
from vvvresearch.results import Result, address_part, folded
from vvvresearch.rounds._binding import Bound, BoundCall, Supplier, bound
from vvvresearch.rounds._conditions import declared_of

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round
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


def _settings(address: str) -> list[str]:
    """What stands after the root: `map/volunteer/level-1.…` has two settings."""
    return address.partition(".")[0].split("/")[1:]


def _meant(part: str, values: Iterable[object]) -> str:
    """The value that an address means; the part itself where none fits."""
    return next((str(value) for value in values if folded(address_part(value)) == folded(part)), part)


def map_at(opened: Round, address: str) -> Result:
    """The map of all, of a group, of a level."""
    settings: dict[str, Any] = {}
    for part in _settings(address):
        name, _, value = part.partition("-")
        if name == "level" and value.isdigit():
            settings["level"] = int(value)
        else:
            settings["group"] = _meant(part, [*opened.mappings.halves, *opened.mappings.links["perspective"].unique()])
    return opened.causal_map(**settings)


def difference_at(opened: Round, address: str) -> Result:
    """The differences between the halves, on the level that is asked for."""
    levels = [int(part.removeprefix("level-")) for part in _settings(address) if part.removeprefix("level-").isdigit()]
    return opened.map_difference(level=levels[0] if levels else None)


def support_at(opened: Round, address: str) -> Result:
    """The support of the one connection that is asked for."""
    group, link = _settings(address), address.split(".")[1]
    factors = [str(end) for side in ("cause", "effect") for end in opened.mappings.links[side].unique()]
    ends = [(start, end) for start in factors for end in factors if folded(f"{address_part(start)}/{address_part(end)}") == folded(link)]
    named = _meant(group[0], opened.mappings.links["perspective"].unique()) if group else ""
    return opened.map_robustness(connections=ends[:1], group=named)


def changes_at(opened: Round, address: str) -> Result:
    """The changes between the usual waves or between two others."""
    rounds = [one.id for one in opened.earlier]
    if _settings(address) and _meant(_settings(address)[0].split("~")[0], rounds) in rounds:
        return opened.map_changes()
    waves = opened.mappings.links["wave"].unique()
    chosen = [_meant(part, waves) for setting in _settings(address) for part in setting.split("~")]
    return opened.changes(first=chosen[0], second=chosen[1]) if len(chosen) == 2 else opened.changes()


def portrait_at(opened: Round, address: str) -> Result:
    """The portrait of the pair that the root names."""
    return opened.portrait(_meant("/".join(_settings(address)), opened.mappings.links["case"].unique()))


def _of_mappings(found: Callable[[Any, str], Result]) -> Callable[[Any, str], Result | None]:
    return lambda opened, address: found(opened, address) if opened.has("mappings") else opened.absent(Phrase("absent.mappings"))


class PortraitCall(BoundCall):
    """A portrait of a pair; absent where the pair cannot be portrayed."""

    def ask(self, given: dict[str, Any]) -> Any:
        """The portrait."""
        try:
            return super().ask(given)
        except AnalysisError:
            return self._round.absent(Phrase("absent.portrait", {"pair": str(given["pair"])}))


class MapAnalyses(Supplier):
    """Analyses of case mappings and of the contacts with pairs, bound to a round."""

    SUPPLIES: ClassVar[dict[str, tuple[str, Callable[[Any], Any]]]] = {
        "links": ("mappings", lambda opened: opened.mappings),
        "quotes": ("codings", lambda opened: opened.quotes()),
        "connections": ("", lambda opened: opened.spec.maps.connections),
        "contacts": ("contacts", lambda opened: opened.evidence_of("contacts")),
        "today": ("", lambda opened: opened.spec.period.end),
    }
    ROOTS: ClassVar[dict[str, Callable[[Any, str], Result | None]]] = {
        "map": _of_mappings(map_at),
        "map-difference": _of_mappings(difference_at),
        "robustness": _of_mappings(support_at),
        "changes": _of_mappings(changes_at),
        "portrait": _of_mappings(portrait_at),
        "contacts": lambda opened, address: opened.contacts(),
    }

    causal_map = bound(causal_map, "links")
    map_difference = bound(map_difference, "links")
    map_robustness = bound(map_robustness, "links")
    changes = bound(wave_changes, "links")
    contacts = bound(contact_plan, "contacts")
    portrait: Bound[[str], Result] = Bound(portrait, {"links": "links", "interviews": "interviews"}, PortraitCall)

    @property
    def portrayed(self) -> tuple[str, ...]:
        """The pairs that the round portrays, by its definition and by what consent and care allow; none without mappings.

        Example:
            >>> import vvvresearch as vvv
            >>> vvv.open_round("demo").portrayed, vvv.open_round("2021-note").portrayed
            (('P01', 'P07', 'P08'), ())
        """
        opened: Any = self
        if any(self.lacks(name) for name in ("links", "interviews")):
            return ()
        if not opened.spec.portrayed:
            return self.portrayable(())
        found: list[str] = []
        for pair in opened.spec.portrayed:
            try:
                found += self.portrayable((pair,))
            except AnalysisError:
                # One that cannot be portrayed stays: its portrait is the sentence that says so, and the check tells it as a fault.
                found.append(pair)
        return tuple(found)

    def portrayable(self, declared: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the pairs that consent and care allow to portray; of none, the first that can be.

        Raises:
            AnalysisError: a pair that both halves did not map at the first and the last wave.
        """
        opened: Any = self
        allowed = {"withdrawn": opened.consent.pairs, "troubled": opened.spec.portraits.troubled}
        return portrayed_pairs(opened.mappings, opened.interviews, declared=declared, **allowed)

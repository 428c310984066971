"""The part of a round that knows its case pairs: causal maps, what changed, the plan of contacts, portraits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms import causal_map, contact_plan, map_difference, map_robustness, portrait, portrayed_pairs, wave_changes
from vvvresearch.results import Result, address_part, folded
from vvvresearch.rounds._binding import Bound, BoundCall, Supplier, bound

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round


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

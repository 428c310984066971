"""Stretches of a text that retell: summaries, conclusions, press releases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from vvvresearch.audit._told import Told


class Retelling:
    """Stretches of text, a section or a document, most of whose numbers are told outside of it too: a summary, a press release.

    A number of such a stretch that is told nowhere else is the likelier slip of one that is told outside and not in the stretch.
    """

    def __init__(self, told: Sequence[Told]) -> None:
        self._values: dict[tuple[int, int], set[tuple[str, float]]] = defaultdict(set)
        self._owners: dict[tuple[str, float], set[tuple[int, int]]] = defaultdict(set)
        for one in told:
            for place in self._stretches(one):
                self._values[place].add((one.kind, one.amount))
            self._owners[one.kind, one.amount].add((id(one.facts), one.said.section if one.said is not None else -1))
        # Where many small numbers are told, some of them are met by accident.
        small = Counter(kind for kind, value in self._owners if value < _SMALL)
        self._telling = {key for key in self._owners if key[1] >= _SMALL or small[key[0]] <= _FEW}
        self._retold = {place: self._share(place) for place in self._values}

    @staticmethod
    def _stretches(one: Told) -> tuple[tuple[int, int], ...]:
        document = id(one.facts)
        return ((document, _WHOLE), (document, one.said.section)) if one.said is not None else ((document, _WHOLE),)

    def _outside(self, key: tuple[str, float], place: tuple[int, int]) -> bool:
        document, section = place
        return any(owner[0] != document or (section not in (_WHOLE, owner[1])) for owner in self._owners[key])

    def _share(self, place: tuple[int, int]) -> float:
        values = self._values[place] & self._telling
        return sum(self._outside(key, place) for key in values) / len(values) if len(values) >= _ENOUGH else 0.0

    def bits(self, one: Told, other: Told) -> float:
        """What it adds that one of two tellings stands in a stretch that retells, and the number of neither is where the other is."""
        most = 0.0
        for inner, outer in ((one, other), (other, one)):
            for place in self._stretches(inner):
                if place in self._stretches(outer) or self._retold.get(place, 0.0) < _MOSTLY:
                    continue
                if not self._outside((inner.kind, inner.amount), place) and (outer.kind, outer.amount) not in self._values[place]:
                    most = max(most, _RETELLS)
        return most


# A document as a whole; how many numbers a stretch must have, which part of them must be told outside, and what that is worth in bits.
_WHOLE, _ENOUGH, _MOSTLY, _RETELLS = -2, 4, 0.6, 4.0
_SMALL, _FEW = 100, 40

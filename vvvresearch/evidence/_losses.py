"""The loss report: what a file held that the model does not, so that nothing is dropped silently."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Loss:
    """One kind of thing that could not be carried: what, how many, where, and what became of it."""

    what: str
    count: int
    where: str
    detail: str = ""


@dataclass(frozen=True)
class Losses:
    """All losses of one read or conversion; empty means that everything was carried."""

    entries: tuple[Loss, ...] = ()

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.entries)

    def __add__(self, other: Losses) -> Losses:
        return Losses((*self.entries, *other.entries))

    def __str__(self) -> str:
        if not self.entries:
            return "nothing was lost"
        return "\n".join(f"{loss.count} × {loss.what} ({loss.where}){': ' + loss.detail if loss.detail else ''}" for loss in self.entries)

"""Things by name that are made when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeVar

T = TypeVar("T")
S = TypeVar("S")


class Later(Mapping[str, T]):
    """What is made when it is first looked at, by name.

    Args:
        makers: name → what makes it.

    Example:
        >>> made = Later({"one": lambda: print("now") or 1})
        >>> made, made["one"]
        now
        (one, 1)
    """

    def __init__(self, makers: Mapping[str, Callable[[], T]]) -> None:
        self._makers = makers
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __repr__(self) -> str:
        return ", ".join(self)

    def changed(self, change: Callable[[T], S]) -> Later[S]:
        """The same things, each changed when it is looked at."""
        return Later({name: partial(_changed, self, name, change) for name in self})


def _changed(held: Mapping[str, T], name: str, change: Callable[[T], S]) -> S:
    return change(held[name])

"""How a result was made, by which analysis and of what, and things by name that are made when they are looked at."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from vvvresearch.results._result import Result


P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Made:
    """An analysis and what it was given.

    Args:
        analysis: the analysis's name.
        given: its arguments by name, those that were left out with their defaults.
        opened: the round that asked, None for data of one's own.
        kept: what was worked out of the arguments for an earlier question.
    """

    analysis: str
    given: Mapping[str, Any] = field(repr=False)
    opened: Any = field(default=None, repr=False)
    kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)


def recorded(function: Callable[P, R]) -> Callable[P, R]:
    """An analysis whose results know how they were made, those inside them too.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.results import Base, Result
        >>> @recorded
        ... def counted(frame, *, depth=1):
        ...     return Result(frame=frame, base=Base(len(frame)))
        >>> counted(pd.DataFrame({"n": [1]})).made.given["depth"]
        1
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def call(*arguments: P.args, **named: P.kwargs) -> R:
        found = function(*arguments, **named)
        if not hasattr(found, "made"):
            return found
        given = signature.bind(*arguments, **named)
        given.apply_defaults()
        marked = _marked(found, Made(function.__name__, dict(given.arguments)), whole=True)
        # What is made of a round's evidence speaks as the round does.
        lang = next((one.lang for one in given.arguments.values() if isinstance(getattr(one, "lang", None), str) and one.lang), "")
        spoken: R = marked.in_language(lang) if lang and lang != marked.lang else marked
        return spoken

    return call


def asked_by(result: Any, opened: Any) -> Any:
    """A result that knows which round asked for it, as do the results inside it."""
    made = result.made
    if made is None or made.opened is opened:
        return result
    parts = {name: asked_by(part, opened) for name, part in result.parts.items()}
    return dataclasses.replace(result, made=dataclasses.replace(made, opened=opened), parts=parts)


def _marked(result: Any, made: Made, *, whole: bool) -> Any:
    """The result with its origin; a part that another analysis made keeps its own."""
    if not whole and result.made is not None:
        return result
    parts: Mapping[str, Result] = {name: _marked(part, made, whole=False) for name, part in result.parts.items()}
    return dataclasses.replace(result, made=made, parts=parts)


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

"""A picture as data: what an analysis hands to the room that draws, without a word said and without a line drawn."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import Lang, Sayable, is_sayable, say

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.results._result import Result


# Bars that a page can show, and values of a key that a reader can tell apart beside each other.
_MOST_BARS, _MOST_SIDES = 60, 6


class Drawn(Protocol):
    """A drawn picture: it shows itself in a notebook and says itself to those who do not see it."""

    @property
    def svg(self) -> bytes:
        """The picture itself."""
        ...

    def alt(self, lang: str | None = None) -> str:
        """The picture in words, with its numbers."""
        ...


@dataclass(frozen=True)
class Picture:
    """What is to be drawn.

    Args:
        kind: the drawer: a public function of `vvvresearch.figures` ("likert", "bars", "theory_of_change", …).
        frame: one row a mark; cells may hold phrases, which are said when it is drawn. None: the result's own frame.
        title: the heading; default the result's.
        options: further arguments of the drawer.
        notes: what stands under it after the base, before what the drawer adds.
        subject: what is drawn where it is no table of marks: a theory, a solution.
    """

    kind: str
    frame: pd.DataFrame | None = None
    title: str | Sayable = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str | Sayable, ...] = ()
    subject: Any = None

    def said(self, result: Result, lang: Lang) -> pd.DataFrame:
        """The rows with their words in a language."""
        frame = result.frame if self.frame is None else self.frame
        words = [name for name in frame.columns if frame[name].dtype == object]
        said = {name: [say(value, lang) if is_sayable(value) else value for value in frame[name]] for name in words}
        return frame.assign(**said)


def draw(picture: Picture, result: Result, lang: Lang) -> Drawn:
    """Have a picture drawn by the drawer that the package's face names.

    Raises:
        AnalysisError: no such drawer.
    """
    import vvvresearch

    # A floor below the drawings cannot import them; which room draws is said once, by the face of the package.
    room, name = vvvresearch.DRAWER.split(":")
    drawer = getattr(import_module(room), name)
    found: Drawn = drawer(picture, result, lang)
    return found


def shares_picture(result: Result, lang: Lang) -> Picture | None:
    """What is drawn of a table that declares no picture: its first share as bars, side by side where a key has few values.

    None where it has no share that follows from counts, too many rows, or numbers that are hidden.
    """
    import pandas as pd

    frame = result.frame
    share = next((one for one in result.measures if one.format == "share" and {one.count, one.of} <= set(frame.columns)), None)
    keys = [key for key in result.keys if frame[key].nunique() > 1]
    if share is None or not keys or result.hides or len(frame) > _MOST_BARS:
        return None
    rows = frame.to_dict("records")
    words = {key: [result.labels[key].say(row[key], row, lang) if key in result.labels else str(row[key]) for row in rows] for key in keys}
    side = next((key for key in keys[:-1] if frame[key].nunique() <= _MOST_SIDES), "")
    labels = [" · ".join(one) for one in zip(*(words[key] for key in keys if key != side), strict=True)]
    drawn = pd.DataFrame({"label": labels, "count": frame[share.count].to_numpy(), "n": frame[share.of].to_numpy()})
    return Picture("wave_bars", drawn.assign(wave=words[side])) if side else Picture("bars", drawn, options={"single": False})


def absent_picture(result: Result) -> AnalysisError:
    """The error for a result that has nothing to draw."""
    numbers = [one.name for one in result.measures if one.name in result.frame]
    drawn = f".frame.plot.barh(x={result.keys[0]!r}, y={numbers[0]!r})" if result.keys and numbers else ".frame.plot()"
    todo = f"draw its rows as you wish: {drawn}, or with a function of vvvresearch.figures"
    return AnalysisError("this result has no picture", where=say(result.title, "en"), todo=todo)


class Plotting:
    """`.plot()`, and `.plot.bar()` as pandas has it."""

    def __init__(self, method: Callable[..., Drawn]) -> None:
        self.__doc__, self._method = method.__doc__, method

    def __get__(self, shown: Any, owner: type) -> Any:
        """The method of a result."""
        return self._method if shown is None else _Plot(self._method, shown)


class _Plot(functools.partial[Any]):
    def __getattr__(self, form: str) -> Any:
        if form.startswith("_"):
            raise AttributeError(form)
        return functools.partial(self, form)

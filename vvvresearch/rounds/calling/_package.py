"""The functions of the package without their rooms, `vvv.tabulate(frame, "answer")`, under what other programs call them too."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import isfunction
from types import ModuleType
from typing import Any

from vvvresearch.errors import NameNote, UnknownNameError, did_you_mean
from vvvresearch.rounds.calling._names import forms, offered, plain_name
from vvvresearch.rounds.calling._other_names import CALLED, FUNCTIONS
from vvvresearch.rounds.calling._own_data import for_own_data

# Where a function is looked for; the first that has it gives it.
_ROOMS = (
    *("themes", "survey", "mechanisms", "mechanisms.qca", "monitoring", "monitoring.matches", "privacy", "published", "figures"),
    *("audit", "sources", "rounds", "survey.intervals", "themes.agreement", "statistics.exact_tests", "statistics.ranks"),
    *("statistics.response", "statistics.differences", "statistics.estimates", "statistics.multiplicity", "statistics.power"),
    "statistics.odds_ratios",
)


def function_meant(name: str) -> Any:
    """What `vvv.name` is: a function by its name, by another program's, or a room by its last name.

    Raises:
        AttributeError: nothing is called so; with the nearest names.
    """
    known = _functions()
    if name in known:
        return _callable_here(known[name])
    room = next((one for one in _ROOMS if one.rpartition(".")[2] == name), "")
    meant = _meant(name, known)
    if room:
        return _Room(import_module(f"vvvresearch.{room}"), known.get(meant))
    if meant:
        warnings.warn(f"vvv.{name} is understood as vvv.{meant}", NameNote, stacklevel=3)
        return _pair_of_proportions(known) if meant == "proportion_interval" else _callable_here(known[meant])
    raise UnknownNameError(f"vvvresearch has no {name!r}; {did_you_mean(name, known)}")


def _pair_of_proportions(known: Mapping[str, Any]) -> Callable[..., Any]:
    """An interval for a proportion or, of two counts and two bases, for their difference, as other programs have it in one."""
    one, two = _callable_here(known["proportion_interval"]), _callable_here(known["difference_interval"])

    @functools.wraps(one)
    def interval(x: Any, n: Any, *given: Any, **named: Any) -> Any:
        pair = isinstance(x, list | tuple) and isinstance(n, list | tuple) and len(x) == len(n) == 2
        return two(x[0], n[0], x[1], n[1], *given, **named) if pair else one(x, n, *given, **named)

    return interval


def own_function(name: str) -> Callable[..., Any] | None:
    """The function of the package that a name means; None where none is called so."""
    known = _functions()
    found = known.get(name if name in known else _meant(name, known))
    return found if isfunction(found) else None


class _Room:
    """A room by its last name, `vvv.qca.truth_table`; called, it is the function that bears the name of the whole."""

    def __init__(self, room: ModuleType, whole: Any) -> None:
        self._room, self._whole = room, whole
        self.__doc__ = room.__doc__

    def __call__(self, *given: Any, **named: Any) -> Any:
        if self._whole is None:
            raise UnknownNameError(f"{self._room.__name__} is a room; {did_you_mean('', dir(self))}")
        return _callable_here(self._whole)(*given, **named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        own = _names_of(self._room)
        meant = name if name in own else _meant(name, own)
        if meant not in own:
            raise UnknownNameError(f"{self._room.__name__} has no {name!r}; {did_you_mean(name, own)}")
        return _callable_here(own[meant])

    def __dir__(self) -> list[str]:
        return sorted(_names_of(self._room))


def _callable_here(found: Any) -> Any:
    return for_own_data(found) if isfunction(found) and not found.__module__.startswith("vvvresearch.rounds") else found


def _meant(name: str, known: Mapping[str, Any]) -> str:
    """Our name for what other programs write, "" where it is none of these."""
    index = _index()
    for form in forms(plain_name(name).replace("-", "_")):
        ours = index.get(form.replace("_", ""), "")
        if (ours := ours if ours in known else _function_of(ours)) in known:
            return ours
    return ""


def _function_of(analysis: str) -> str:
    """The name of the function that a round has under another: of `match_volume` it is `volume`."""
    return str(getattr(getattr(offered(analysis), "function", None), "__name__", ""))


@functools.cache
def _index() -> dict[str, str]:
    """Ours by every word for it: those of functions before those of a round's analyses."""
    told = [(ours, word) for names in (FUNCTIONS, CALLED) for ours, words in names.items() for word in (ours, *words.split())]
    told += [(name, name) for name in _functions()]
    return {word.casefold().replace("_", ""): ours for ours, word in reversed(told)}


@functools.cache
def _functions() -> dict[str, Any]:
    import vvvresearch

    found: dict[str, Callable[..., Any]] = {}
    for room in reversed(_ROOMS):
        found |= _names_of(import_module(f"vvvresearch.{room}"))
    # A round is opened, not made of its parts.
    found.pop("Round", None)
    return found | {name: getattr(vvvresearch, name) for name in vvvresearch.__all__ if not name.startswith("_")}


def _names_of(face: ModuleType) -> dict[str, Any]:
    made_here = [one for one, made in vars(face).items() if getattr(made, "__module__", "") == face.__name__ and not one.startswith("_")]
    return {name: getattr(face, name) for name in getattr(face, "__all__", made_here)}

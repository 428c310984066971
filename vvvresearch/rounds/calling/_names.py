"""What words mean among the names of a round and of the package: ours by what other programs, talk and Danish call it."""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import isfunction
from types import ModuleType
from typing import Any, TypeVar

from vvvresearch.errors import NameNote, UnknownNameError, did_you_mean
from vvvresearch.results import folded
from vvvresearch.rounds.calling._other_names import CALLED, FUNCTIONS
from vvvresearch.rounds.calling._own_data import for_own_data

T = TypeVar("T")
_VERBS = re.compile(
    r"^((get|list|show|view|load|read|compute|calc|calculate|make|proc|create|run|all|display|print|hent|vis|aabn|indlaes|lav|beregn|the|do"
    r"|to|as|til|som|save|gem|write|skriv|export|eksporter)_)+"
)
_KINDS = re.compile(
    r"_(query|browser|tests?|tables?|lists?|frames?|df|data|summary|overview|analysis|stats|statistics|tabel|liste|matrix|result|results)$"
)
# Danish writes both in one: partabel, kodeliste, temaoversigt.
_COMPOUND = re.compile(r"(?<=\w{3})(tabel|tabellen|liste|listen|oversigt|oversigten|matrix|matricen|analyse|analysen|diagram|skema|ifs?)$")
# What stands between the words of a name and says nothing of what is meant.
_SMALL = re.compile(r"(?:^|_)(?:og|and|of|af|the|alle?|for|i|in|per|pr|til|to|with|med)(?=_|$)")
# What an analysis is of: said beside it, it says nothing more.
_SUBJECTS = frozenset(
    {
        *("theme_table", "codebook", "codings", "codes", "interviews", "sample", "surveys", "tabulate", "transcript", "matches", "courses"),
        *("goals", "municipalities", "mappings", "monitoring", "overview", "causal_map", "volunteers", "filter", "evidence", "cell"),
    }
)
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|\.")
FILLERS = frozenset(
    {
        *("data", "table", "list", "id", "ids", "name", "names", "overview", "all", "the", "frame", "df", "analysis", "analyse", "chart"),
        *("plot", "diagram", "graph", "test", "query", "browser", "matrix", "tool", "view", "stats", "statistics", "summary", "by"),
    }
)
_ENDINGS = ("erne", "ene", "ies", "er", "s", "e", "r")


# What a round has, by its names. A round is made of what explains names here, so its class says itself what it has.
_OFFERED: dict[str, Any] = {}


def offering(kind: type[T]) -> type[T]:
    """Takes note of what a class has, as that which names may mean."""
    _OFFERED.update((name, made) for part in reversed(kind.__mro__) for name, made in vars(part).items())
    return kind


def offered(name: str) -> Any:
    """What a round has under a name, None where it has nothing there."""
    return _OFFERED.get(name)


def plain_name(name: str) -> str:
    """A name in small letters, its words apart.

    Example:
        >>> plain_name("KodeTræ"), plain_name("prop.test")
        ('kode_trae', 'prop_test')
    """
    return folded(_HUMPS.sub("_", name.strip("_")))


def named(word: str) -> str:
    """The name of ours that a word means, "" where it means none."""
    index = _index()
    return next((index[key] for form in forms(word) for key in (form.replace("_", ""), stem(form)) if key in index), "")


def forms(word: str) -> list[str]:
    """A word whole, without the verb before it, without what kind of thing it names, without either."""
    plain = _VERBS.sub("", word)
    short = _SMALL.sub("", plain).strip("_")
    return [
        one for one in dict.fromkeys((word, plain, _KINDS.sub("", word), _KINDS.sub("", plain), _COMPOUND.sub("", plain), short)) if one
    ]


def stem(word: str) -> str:
    plain = word.replace("_", "")
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= 3:
            return plain[: -len(ending)] + ("y" if ending == "ies" else "")
    return plain


def by_its_words(name: str) -> str:
    """What a name of several words means: the one analysis among its words, else the one table; "" where they mean several."""
    words = [word for word in re.split(r"_+", name) if word]
    words = words if len(words) > 1 else _parts_of(name)
    if len(words) < 2:
        return ""
    pairs = ["_".join(words[place : place + 2]) for place in range(len(words) - 1)] if len(words) > 2 else []
    index = _index()
    found = dict.fromkeys(index[key] for word in (*pairs, *words) for key in (word.replace("_", ""), stem(word)) if key in index)
    analyses = [ours for ours in found if ours not in _SUBJECTS]
    if "theme_trend" in analyses or {"compare", "previous"} <= set(analyses):
        # Whatever is said of it, it is since last time.
        return "theme_trend"
    if analyses:
        return analyses[0] if len(analyses) == 1 else ""
    # Of a table alone any other word may ask for less than all of it: active matches are not the matches.
    return next(iter(found), "") if len(found) == 1 and set(words) - FILLERS <= {word for word in words if stem(word) in index} else ""


def _parts_of(compound: str) -> list[str]:
    """The two words that Danish writes in one, `medianvarighed`, `afslutningsaarsager`, where both mean something here."""
    index = _index()
    cuts = [(compound[:place], compound[place:]) for place in range(5, len(compound) - 4)]
    known = [(one, other) for one, other in cuts if other in index and (one in index or one.removesuffix("s") in index)]
    return [known[0][0] if known[0][0] in index else known[0][0].removesuffix("s"), known[0][1]] if known else []


@functools.cache
def _index() -> dict[str, str]:
    """Ours by every word for it, whole and without its ending; the whole word and our own names go first."""
    words = [(ours, word) for ours, told in CALLED.items() for word in (ours, *told.split())]
    own = [(name, name) for name in sorted(_own())]
    words += [(analysis, word) for ours, told in FUNCTIONS.items() if (analysis := _analysis_of(ours)) for word in (ours, *told.split())]
    whole = {word.replace("_", ""): ours for ours, word in reversed([*own, *words])}
    return {**{stem(word): ours for ours, word in reversed([*own, *words])}, **whole}


def _analysis_of(function: str) -> str:
    """The analysis of a round that does what a function does: of its name, else one that shares a word with it; "" where none does."""
    words = {function, *FUNCTIONS[function].split()}
    shared = {ours: len(words & set(told.split())) for ours, told in CALLED.items()}
    nearest = function if function in _own() else max(shared, key=shared.__getitem__)
    # What reads a file is no analysis, whatever verb it shares.
    return "" if function.startswith(("open_", "read_", "write_")) or not shared.get(nearest, 1) else nearest


@functools.cache
def _own() -> frozenset[str]:
    """What a round has to offer by name: its analyses, and what the words above lead to."""
    analyses = {name for name, made in _OFFERED.items() if hasattr(type(made), "left")}
    return frozenset(analyses | set(CALLED))


def own_names() -> list[str]:
    """All that a round has by a name of its own, evidence and what it says of itself too."""
    return sorted(name for name in {*_OFFERED, *CALLED} if name.islower() and not name.startswith("_"))


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
    index = _function_index()
    for form in forms(plain_name(name).replace("-", "_")):
        ours = index.get(form.replace("_", ""), "")
        if (ours := ours if ours in known else _function_of(ours)) in known:
            return ours
    return ""


def _function_of(analysis: str) -> str:
    """The name of the function that a round has under another: of `match_volume` it is `volume`."""
    return str(getattr(getattr(offered(analysis), "function", None), "__name__", ""))


@functools.cache
def _function_index() -> dict[str, str]:
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

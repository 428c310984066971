"""Binding: an analysis names what it needs by its parameters, a round fills them by name. So `r.x()` and `x(…)` cannot differ."""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

from vvvresearch.errors import NotPermittedError, UnanswerableError, UnknownNameError, VvvError
from vvvresearch.evidence import Survey
from vvvresearch.locales import Joined, Phrase, use_words
from vvvresearch.results import Result, asked_by, by_column, recorded
from vvvresearch.rounds.calling._beside import follows, registers_of
from vvvresearch.rounds.calling._calls import understand
from vvvresearch.rounds.calling._fitting import answered

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.rounds._round import Round

P = ParamSpec("P")
R = TypeVar("R")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")


class Bound(Generic[P, R]):
    """An analysis as an attribute of rounds: called without its evidence, which the round supplies.

    Args:
        function: the analysis; the parameters that the round supplies come first.
        evidence: their names, each with the name under which the round supplies it.
        call: what it is called through.
        surveys: names of parameters that are surveys and may be given by their ids.
    """

    def __init__(
        self,
        function: Callable[..., R],
        evidence: Mapping[str, str],
        call: type[BoundCall] | None = None,
        surveys: tuple[str, ...] = (),
    ) -> None:
        self.function = recorded(function)
        self.evidence = evidence
        self.surveys = surveys
        self.call = call or BoundCall
        self.name = function.__name__
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, opened: None, owner: type) -> Bound[P, R]: ...
    @overload
    def __get__(self, opened: Round, owner: type) -> Callable[P, R]: ...
    def __get__(self, opened: Round | None, owner: type) -> Bound[P, R] | Callable[P, R]:
        return self if opened is None else cast(Callable[P, R], self.call(self, opened))

    @cached_property
    def left(self) -> inspect.Signature:
        """What is left to give."""
        whole = inspect.signature(self.function)
        return whole.replace(parameters=[one for name, one in whole.parameters.items() if name not in self.evidence])


def _identity(given: object) -> object:
    """What tells one argument from another: plain values by themselves, evidence by being the same object."""
    return (type(given), given) if isinstance(given, str | int | float | bool | None) else id(given)


class BoundCall:
    """An analysis bound to one round: completion and help show what is left to give."""

    def __init__(self, bound: Bound[Any, Any], opened: Round, rows: Mapping[str, Any] | None = None) -> None:
        self._bound, self._round, self._rows = bound, opened, rows or {}
        self.__name__ = bound.name
        self.__doc__ = bound.__doc__
        self.__signature__ = bound.left

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """The call as it is meant; what belongs to no parameter is done before and after it."""
        meant = understand(self._round, self._bound, arguments, named)
        if meant.instead is not None:
            return meant.instead()
        asked = self if meant.opened is self._round else type(self)(self._bound, meant.opened)
        found = asked.ask(meant.given) if not meant.by else asked.ask_by(meant.by, meant.given)
        for step in meant.after:
            found = step(found)
        return found

    def ask(self, given: dict[str, Any]) -> Any:
        """The analysis, of what was given by the names of its parameters."""
        made = self._round.made_for_addresses
        if made is None or self._rows:
            return self._asked(given)
        key = (self._bound.function, tuple((name, _identity(value)) for name, value in sorted(given.items())))
        if key not in made:
            # What was given is kept beside the result, so that its identity stays its own.
            made[key] = self._asked(given), given
        return made[key][0]

    def ask_by(self, column: str, given: dict[str, Any]) -> Any:
        """The analysis of the rows of its register that hold each value of a column, one below the other, and of all."""
        whole, opened = self.ask(given), self._round
        if not isinstance(whole, Result) or whole.absent or column in whole.keys:
            return whole

        def of(rows: Mapping[str, Any], narrowed: Round = opened, more: Mapping[str, Any] = MappingProxyType({})) -> Any:
            return type(self)(self._bound, narrowed, {**self._rows, **rows}).ask({**given, **more})

        if self._bound.surveys:
            name = self._bound.surveys[0]
            asked: Any = opened.surveys[given[name]] if isinstance(given[name], str) else given[name]
            parts = {value: self.ask({**given, name: asked.filter({column: value})}) for value in _values(asked.invited[column])}
        elif column == "coder":
            parts = {one: of({}, opened.filter(coder=one)) for one in opened.codings.coders}
        elif follows(opened, self._bound) and column in opened.interviews.frame:
            parts = {value: of({}, opened.filter({column: value})) for value in _values(opened.interviews.frame[column])}
        elif column in (rows := next(iter(registers_of(opened, self._bound).values()))):
            parts = {value: of({column: value}) for value in _values(rows[column])}
        else:
            known, parts = set(rows["municipality"].astype(str)), {}
            for value, there in opened.municipalities.groupby(column):
                more = {"municipalities": there} if "municipalities" in self._bound.left.parameters else {}
                if codes := [code for code in there["code"] if code in known]:
                    parts[str(value)] = of({"municipality": codes}, more=more)
        return by_column(column, parts, whole)

    def _asked(self, given: dict[str, Any]) -> Any:
        opened, bound = self._round, self._bound
        for supply in bound.evidence.values():
            if (reason := opened.lacks(supply)) is not None:
                return opened.absent(reason)
        supplied = {name: self._some(opened.supply(supply)) for name, supply in bound.evidence.items()}
        for part in (*supplied.values(), *given.values()):
            if isinstance(part, Result) and part.absent:
                return part
        # What stays visible is filled where it was not given: the guide, the coder rule.
        filled = {name: opened.supply(name) for name in bound.left.parameters if name not in given and opened.supplies(name)}
        found = answered(f"r.{bound.name}", bound.left, given, lambda: opened.finish(lambda: bound.function(**supplied, **given, **filled)))
        return _of_some(found, self._rows) if self._rows and isinstance(found, Result) and not found.absent else found

    def _some(self, evidence: Any) -> Any:
        """The rows of a register that a keyword of the call chose; other evidence whole."""
        rows = getattr(evidence, "rows", None)
        chosen = {name: value for name, value in self._rows.items() if name in getattr(rows, "columns", ())}
        condition = self._rows.get("filter") if rows is not None else None
        return evidence.filter(condition, **chosen) if chosen or condition is not None else evidence

    if not TYPE_CHECKING:  # a type checker knows that a call is no table

        def __getattr__(self, name: str) -> Any:
            # Written without its brackets, `r.overview.frame`: the call as it stands is meant.
            if name.startswith("_"):
                raise AttributeError(name)
            try:
                found = self()
            except VvvError as refusal:
                # Whoever asks whether it has a name, as completion does, is not told by another kind of error.
                raise UnknownNameError(f"{self.__name__} cannot be asked for its {name!r} as it stands: {refusal}") from refusal
            return getattr(found, name)

        def __getitem__(self, name: Any) -> Any:
            return self()[name]

    def __repr__(self) -> str:
        return f"{self.__name__}{self.__signature__}: bound to the round {self._round.id}"


def _values(column: pd.Series[Any]) -> list[str]:
    return sorted(set(column.dropna().astype(str)) - {""})


def _of_some(found: Result, rows: Mapping[str, Any]) -> Result:
    """A result of some rows of a register: it says so, and its numbers have no address, which would be that of all rows."""
    said = Joined(tuple(Phrase("exploring.filter_part", {"name": name, "values": str(value)}) for name, value in rows.items()), "; ")
    parts = {name: part if part.absent else _of_some(part, rows) for name, part in found.parts.items()}
    return dataclasses.replace(found, at="", parts=parts, notes=(*found.notes, Phrase("exploring.filter_note", {"filter": said})))


@overload
def bound(function: Callable[P, R], /) -> Bound[P, R]: ...
@overload
def bound(function: Callable[Concatenate[A, P], R], one: str, /) -> Bound[P, R]: ...
@overload
def bound(function: Callable[Concatenate[A, B, P], R], one: str, two: str, /) -> Bound[P, R]: ...
@overload
def bound(function: Callable[Concatenate[A, B, C, P], R], one: str, two: str, three: str, /) -> Bound[P, R]: ...
@overload
def bound(function: Callable[Concatenate[A, B, C, D, P], R], one: str, two: str, three: str, four: str, /) -> Bound[P, R]: ...
def bound(function: Callable[..., R], *evidence: str) -> Bound[Any, R]:
    """Bind an analysis to rounds.

    Args:
        function: the analysis; evidence comes first in its parameters, in one order.
        evidence: the names of those parameters, each something a round can supply; "data=cases" where the round calls it otherwise.

    Raises:
        TypeError: the first parameters have other names, which would fill them wrongly.

    Example:
        >>> def counted(codings, *, depth=1): ...
        >>> str(bound(counted, "codings").left)
        '(*, depth=1)'
    """
    wanted = {name: supply or name for name, _, supply in (one.partition("=") for one in evidence)}
    names = list(inspect.signature(function).parameters)[: len(wanted)]
    if names != list(wanted):
        raise TypeError(f"{function.__name__} begins with {', '.join(names)}, not with {', '.join(wanted)}")
    return Bound(function, wanted)


def _is_column(frame: pd.DataFrame | None, name: str) -> bool:
    return frame is not None and name in frame.columns


class SurveyCall(BoundCall):
    """An analysis of surveys, each of which may be given by its id."""

    def ask(self, given: dict[str, Any]) -> Any:
        """The call; absent where the round has no such survey."""
        if not self._round.has("survey"):
            return self._round.absent(Phrase("absent.survey"))
        given = dict(given)
        for name in self._bound.surveys:
            if isinstance(asked := given.get(name), str):
                if (reason := self._round.lacks_survey(asked)) is not None:
                    return self._round.absent(reason)
                given[name] = self._round.surveys[asked]
        weights, survey = given.get("weights"), given.get("survey")
        # A column of those invited holds no weights; it can only be what is to be weighted by.
        if (
            isinstance(survey, Survey)
            and isinstance(weights, str)
            and weights not in survey.answers
            and _is_column(survey.invited, weights)
        ):
            given["weights"] = self._round.weight(survey, weights)
        return self.of_surveys(given)

    def of_surveys(self, given: dict[str, Any]) -> Any:
        """The call once its surveys are there."""
        return super().ask(given)


def of_survey(
    function: Callable[Concatenate[Survey, P], R], *surveys: str, call: type[SurveyCall] = SurveyCall
) -> Bound[Concatenate[str | Survey, P], R]:
    """Bind an analysis of surveys to rounds, where each may be given by its id.

    Args:
        function: the analysis; its first parameter is a survey.
        surveys: the names of the parameters that are surveys; default `survey`.
        call: what it is called through.

    Raises:
        TypeError: it has no such parameter, or its first is another.

    Example:
        >>> def counted(survey, *, depth=1): ...
        >>> str(of_survey(counted).left)
        '(survey, *, depth=1)'
    """
    names, known = surveys or ("survey",), list(inspect.signature(function).parameters)
    if known[:1] != list(names[:1]) or not set(names) <= set(known):
        raise TypeError(f"{function.__name__} does not begin with {names[0]}" if known[:1] != [names[0]] else f"no parameter among {names}")
    return Bound(function, {}, call, names)


class Supplier:
    """What a round supplies to analyses by name, and how their results are finished. The parts of `Round` add to `SUPPLIES`.

    `SUPPLIES` maps a parameter's name to the source type that it needs ("" for none) and a function of the round.
    """

    SUPPLIES: ClassVar[dict[str, tuple[str, Callable[[Any], Any]]]] = {}
    ROOTS: ClassVar[dict[str, Callable[[Any, str], Result | None]]] = {}
    # The programme's own words for tables, in use while the round is asked.
    words: Mapping[str, Mapping[str, Mapping[str, str]]] = {}
    # What analyses returned while addresses were looked up: a table is made once for the hundred numbers of it that prose names.
    made_for_addresses: dict[Any, tuple[Any, Any]] | None = None

    @classmethod
    def _supplies(cls) -> dict[str, tuple[str, Callable[[Any], Any]]]:
        return {name: entry for base in reversed(cls.__mro__) for name, entry in vars(base).get("SUPPLIES", {}).items()}

    def located(self, address: str) -> Result | None:
        """The result that holds an address, found by its root; None where no part of the round knows it.

        A part of `Round` says in `ROOTS` what it makes under which root: `{"themes": lambda opened, address: opened.theme_table()}`.
        """
        root = re.split(r"[./]", address, maxsplit=1)[0]
        with self.recalling():
            for part in type(self).__mro__:
                finders = vars(part).get("ROOTS", {})
                finder = finders.get(root) or finders.get("*")
                if finder is not None and (found := finder(self, address)) is not None:
                    return cast(Result, found)
            return None

    @contextlib.contextmanager
    def recalling(self) -> Iterator[None]:
        """While it lasts, what an analysis returned is not made again for the same question."""
        before, self.made_for_addresses = self.made_for_addresses, self._recalled
        try:
            yield
        finally:
            self.made_for_addresses = before

    @cached_property
    def _recalled(self) -> dict[Any, tuple[Any, Any]]:
        return {}

    def knows(self, root: str) -> bool:
        """Whether a part of the round makes numbers under this root; what it lacks for them is then said by the part."""
        return any(root in vars(part).get("ROOTS", {}) for part in type(self).__mro__)

    def supplies(self, name: str) -> bool:
        """Whether the round fills a parameter of this name, and has what it takes."""
        return name in self._supplies() and self.lacks(name) is None

    def supply(self, name: str) -> Any:
        """What stands for a parameter."""
        return self._supplies()[name][1](self)

    def lacks(self, name: str) -> Phrase | None:
        """The sentence that says what is missing, None where all is there."""
        needed = self._supplies()[name][0] if name in self._supplies() else ""
        if needed and not self.has(needed):  # type: ignore[attr-defined]
            return Phrase(f"absent.{needed}")
        return None

    def lacks_survey(self, name: str) -> Phrase | None:
        """The sentence that says that the round has no such survey, None where it has."""
        surveys = self.surveys  # type: ignore[attr-defined]
        if name in surveys:
            return None
        return Phrase("absent.survey_named", {"name": name, "known": ", ".join(surveys)}) if surveys else Phrase("absent.survey")

    def absent(self, reason: Phrase) -> Result:
        """An absent result in the round's language."""
        return Result.missing(reason, lang=self.lang)  # type: ignore[attr-defined]

    def finish(self, call: Callable[[], Any]) -> Any:
        """A call's result in the round's language and under its rule for small bases; what data or their kind forbid is absent."""
        use_words(self.words)
        try:
            found = call()
        except NotPermittedError:
            return self.absent(Phrase(f"absent.not_permitted_{self.kind}"))  # type: ignore[attr-defined]
        except UnanswerableError as refusal:
            return self.absent(cast(Phrase, refusal.reason))
        return self._finished(found) if isinstance(found, Result) else found

    def _finished(self, found: Result) -> Result:
        said: Result = asked_by(found.in_language(self.lang).with_small_n(self.small_n), self)  # type: ignore[attr-defined]
        hidden: frozenset[str] = self.hidden  # type: ignore[attr-defined]
        return said.hiding(hidden) if hidden else said

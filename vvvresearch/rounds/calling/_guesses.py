"""Names that rounds do not have but evaluators write: what is meant by them, and what is used in its place, told once."""

from __future__ import annotations

import functools
import inspect
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, CallError, NameNote, UnknownNameError, VvvError, did_you_mean
from vvvresearch.evidence import column_named
from vvvresearch.idioms import is_idiom
from vvvresearch.rounds.calling._beside import beside
from vvvresearch.rounds.calling._calls import placed
from vvvresearch.rounds.calling._fitting import shape
from vvvresearch.rounds.calling._meaning import fits, meant_by, source_named, table_named
from vvvresearch.rounds.calling._names import by_its_words, forms, named, plain_name
from vvvresearch.rounds.calling._nearest import held_calls, nearest
from vvvresearch.rounds.calling._other_names import ALSO, COMMANDS
from vvvresearch.rounds.calling._places import pair_named
from vvvresearch.rounds.calling._recipes import RECIPES, table_called
from vvvresearch.rounds.calling._steps import tables_with

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round

# What a name stands for, and how that is told.
Meant = tuple[Any, str]
_DRAWN = re.compile(r"^(plot|draw|tegn|graph|chart)_?(?=.)|_?(plots?|charts?|figures?|figur|heatmap|diagram|graph|graf)$")
_COUNTED = re.compile(r"^(n|number_of|num|count_of|antal|how_many|hvor_mange|total)_(?=.)")


def meant(opened: Round, name: str) -> Any:
    """What a name that rounds do not have stands for.

    Raises:
        UnknownNameError: nothing that is known; with the nearest names, or with the command where it is one.
        CallError: the same of an export of everything, which a round does page by page.
    """
    word = plain_name(name)
    for reading in (
        _number,
        _column_values,
        _command,
        _titled,
        _analysis,
        _by_column,
        _source,
        _definition,
        _analysis_of_words,
        _by_its_key,
        _verb,
    ):
        if (found := reading(opened, word)) is not None:
            value, told = found
            if told:
                warnings.warn(f"r.{name} is understood as {told}", NameNote, stacklevel=3)
            return value
    function = _function(name)
    raise UnknownNameError(f"a round has no {name!r}; {f'of a table: vvv.{function}' if function else nearest(opened, name)}")


def _number(opened: Round, word: str) -> Meant | None:
    """How many there are of something: `n_interviews`; of an analysis it counts, that analysis."""
    counted = _COUNTED.sub("", word)
    of_what = named(counted) if counted and counted != word else ""
    if not of_what:
        return None
    if not _is_evidence(opened, of_what):
        return _Guess(opened, of_what), f"r.{of_what}"
    number = _Number(len(getattr(opened, of_what)))
    number.opened = opened
    return number, f"len(r.{of_what})"


def _column_values(opened: Round, word: str) -> Meant | None:
    column = _column(opened, word) if opened.has("interviews") else ""
    return (_Guess(opened, f"filter({column}=…)", functools.partial(_narrowed, column=column)), f"r.filter({column}=…)") if column else None


def _command(opened: Round, word: str) -> None:
    if word in COMMANDS:
        also = "; the sentences of a report that is finished: vvv audit FILE" if word == "check" else ""
        raise UnknownNameError(
            f"a round has no {word!r}; in a terminal: {COMMANDS[word]}{'' if 'FILE' in COMMANDS[word] else f' {opened.id}'}{also}"
        )


def _titled(opened: Round, word: str) -> Meant | None:
    """A table of the round whose title or file is called so, before another program's word for an analysis."""
    name = source_named(opened, word.replace("_", " "), part=False) if not named(word) else ""
    return (opened[name], f"r[{name!r}]") if name else None


def _analysis(opened: Round, word: str) -> Meant | None:
    """An analysis, evidence or a recipe, or the picture of one, by another program's name."""
    plain = _DRAWN.sub("", word)
    for form, drawn in ((word, False), (plain, True)):
        if recipe_of := next((one for one in forms(form) if one in RECIPES), ""):
            told, recipe = RECIPES[recipe_of]
            return _Guess(opened, told, recipe, drawn=drawn), f"r.{told}"
        ours = named(form) if not drawn or form != word else ""
        if ours:
            also = tuple(other for one in forms(form) for other in ALSO.get(one, ()) if other != ours)
            return _found(opened, ours, drawn, also)
    return None


def _found(opened: Round, ours: str, drawn: bool, also: tuple[str, ...] = ()) -> Meant:
    told = f"r.{ours}{'(…).plot()' if drawn else ''}"
    return (getattr(opened, ours) if _is_evidence(opened, ours) and not drawn else _Guess(opened, ours, drawn=drawn, also=also)), told


def _by_column(opened: Round, word: str) -> Meant | None:
    """`themes_by_gender`."""
    split = re.fullmatch(r"(.+)_by_(.+)", word)
    ours = named(split[1]) if split else ""
    if split is None or not ours or _is_evidence(opened, ours):
        return None
    by = _column(opened, split[2]) or split[2]
    told = f"{ours}(by={by!r})"
    return _Guess(opened, told, functools.partial(_called_by, ours=ours, by=by)), f"r.{told}"


def _source(opened: Round, word: str) -> Meant | None:
    """A survey, or a table of the round, by its title, its file or what the programme calls its rows."""
    said = word.replace("_", " ")
    name = str(meant_by(opened, "survey", said)) if fits(opened, "survey", said) else source_named(opened, said)
    return (opened[name], f"r[{name!r}]") if name else None


def _definition(opened: Round, word: str) -> Meant | None:
    if word not in type(opened.spec).model_fields:
        return None
    value = getattr(opened.spec, word)
    return (value.say(opened.lang) if hasattr(value, "say") else value), ""


def _analysis_of_words(opened: Round, word: str) -> Meant | None:
    plain = _DRAWN.sub("", word)
    ours = by_its_words(plain)
    return _found(opened, ours, plain != word) if ours else None


def _by_its_key(opened: Round, word: str) -> Meant | None:
    """A code by its name: `r.dansk`, `r.faelles_interesser`."""
    said = word.replace("_", " ")
    if not fits(opened, "code", said):
        return None
    code = str(meant_by(opened, "code", said))
    return _Guess(
        opened, "theme_table", lambda opened, **named: opened.theme_table(**{"under": code, **named})
    ), f"r.theme_table(under={code!r})"


def _verb(opened: Round, word: str) -> Meant | None:
    """What is done with the rows of a table that is named first: `r.distinct("interviews", "person")`."""
    import pandas as pd

    if not is_idiom(pd.DataFrame({"": [0]}), word):
        return None

    def done(opened: Round, table: str = "", *given: Any, **named: Any) -> Any:
        rows = opened.surveys[str(meant_by(opened, "survey", table))] if fits(opened, "survey", table) else table_named(opened, table)
        if rows is None and (found := table_called(opened, table)) is not None:
            chosen = getattr(found, word)(*given, **named)
            if hasattr(chosen, "view"):
                return chosen
            # What is made of numbers that an analysis has made, medians of medians say, is asked for by whoever means it.
            todo = f"of its rows: r.{found.made.analysis if found.made else table}().{word}(…)"
            raise CallError(f"{table!r} is a table of results", where=f"r.{word}", todo=todo)
        if rows is None:
            known = [*opened.surveys, *(source.id for source in opened.spec.sources)]
            calls = " or ".join(f"r[{one!r}].{word}({str(table)!r})" for one in tables_with(opened, str(table)))
            calls = calls or " or ".join(f"{one}.{word}()" for one in held_calls(opened, [table]))
            todo = f"{calls or did_you_mean(str(table), known)}; what stands behind a number: r.evidence(address)"
            raise CallError(f"the round has no table {table!r}", where=f"r.{word}", todo=todo)
        return getattr(rows, word)(*given, **named)

    return _Guess(opened, f"r[table].{word}", done), f"r[table].{word}(…)"


def of_surveys(opened: Round, name: str, *, of_one: bool = False) -> Any:
    """The analysis of surveys that is called so, `r.surveys.mean`; None where a name means none of these."""
    ours = named(plain_name(name))
    if not of_one and RECIPES.get(plain_name(name), ("",))[0].endswith(".plot()"):
        calls = " or ".join(f"r.topline({one!r}).plot()" for one in opened.surveys)
        raise CallError("which survey?", where=f"r.surveys.{name}", todo=calls)
    made = getattr(getattr(type(opened), ours, None), "surveys", ()) if ours else "(survey" in RECIPES.get(plain_name(name), ("",))[0]
    return getattr(opened, name) if made else None


def _function(name: str) -> str:
    """How a function of the package is called that is no analysis of a round, "" where none is called so."""
    from vvvresearch.rounds.calling._names import own_function

    made = own_function(name)
    return "" if made is None else f"{made.__name__}({shape(inspect.signature(made))})"


def _called_by(opened: Round, *given: Any, ours: str, by: str, **named: Any) -> Any:
    return getattr(opened, ours)(*given, **{"by": by, **named})


def _column(opened: Round, word: str) -> str:
    """The column of the register that a word is, in the singular or the plural; "" where it is none or is something else too."""
    register = opened.interviews.rows
    if word in RECIPES or word in ("interview", "interviews", "source", "person", "persons", "pair", "municipality"):
        return ""
    for form in (word, word.removesuffix("s")):
        try:
            found = column_named(form, register)
        except AnalysisError:
            continue
        return "" if found in ("interview", "source", "person", "pair", "municipality", "pseudonym") else found
    return ""


def _narrowed(opened: Round, *values: Any, column: str) -> Any:
    if not values:
        return tuple(dict.fromkeys(value for value in opened.interviews.rows[column].astype(str) if value))
    wanted = [meant_by(opened, column, str(one)) for value in values for one in (value if isinstance(value, list | tuple) else [value])]
    chosen: dict[str, Any] = {column: wanted}
    return opened.filter(**chosen)


class _Number(int):
    """A number that may be called, as in `r.n_interviews()`; of a survey that is named, how many answered it."""

    opened: Round

    def __call__(self, survey: str = "", **values: Any) -> int:
        if values or isinstance(survey, int):
            todo = "of some of them: len(r.….filter(column=…)); matches of a year: r.match_volume(years=…)"
            raise CallError("all of them are counted", where="n", why="when, or which, has to be said of a column", todo=todo)
        return len(self.opened.surveys[survey]) if survey else int(self)


def _is_evidence(opened: Round, ours: str) -> bool:
    return not callable(getattr(type(opened), ours)) and not hasattr(getattr(type(opened), ours), "function")


def _of_surveys_among(opened: Round, names: Iterable[str], first: object) -> str:
    """Of the analyses that a word may mean the one of surveys, where a survey is named first, or the two waves of one; else ""."""
    pair = pair_named(opened, first)
    if pair is None and not fits(opened, "survey", first) and not fits(opened, "item", first):
        return ""
    own = {name: getattr(getattr(type(opened), name, None), "surveys", ()) for name in names}
    return next((name for name, asked in own.items() if asked and (pair is None or "second" in asked)), "")


class _Guess:
    """A call under a name that was understood; looked at without being called, it is called as it stands."""

    def __init__(
        self, opened: Round, told: str, recipe: Callable[..., Any] | None = None, *, drawn: bool = False, also: tuple[str, ...] = ()
    ) -> None:
        self._opened, self._told, self._drawn, self._also, self._recipe = opened, told, drawn, also, recipe
        self._call = getattr(opened, told) if recipe is None else lambda *given, **named: recipe(opened, *given, **named)
        self.__doc__ = getattr(self._call, "__doc__", None)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        after: list[Callable[[Any], Any]] = []
        own = getattr(getattr(type(self._opened), self._told, None), "surveys", ())
        if self._also and arguments and not own and (other := _of_surveys_among(self._opened, self._also, arguments[0])):
            warnings.warn(f"of a survey it is r.{other}", NameNote, stacklevel=2)
            return getattr(self._opened, other)(*arguments, **named)
        if not hasattr(self._call, "__signature__"):
            named, after = beside(named)
            kept, named, first = placed(self._opened, self._recipe, arguments, named)
            arguments, after = tuple(kept), after + first
        try:
            found = self._call(*arguments, **named) if callable(self._call) else self._call
            for step in after:
                found = step(found)
        except TypeError as misfit:
            for other in self._also:
                try:
                    return getattr(self._opened, other)(*arguments, **named)
                except CallError:
                    continue
            if isinstance(misfit, CallError):
                raise
            todo = f"r.{self._told}" if "(" in self._told else f"r.{self._told}(…)"
            raise CallError("the call does not fit", where=f"r.{self._told.partition('(')[0]}", why=str(misfit), todo=todo) from None
        return found.plot() if self._drawn else found

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            found = self()
        except VvvError as refusal:
            raise UnknownNameError(f"r.{self._told} cannot be asked for its {name!r} as it stands: {refusal}") from refusal
        return getattr(found, name)

    def __getitem__(self, name: Any) -> Any:
        # `r.transcripts["p01-r1"]`: what a recipe makes of a name alone, else what is called so in what it gives.
        one = isinstance(name, str) and self._told.endswith("(interview)")
        return self(name) if one else self()[name]

    def __iter__(self) -> Iterator[Any]:
        return iter(self())

    def __len__(self) -> int:
        return len(self())

    def __bool__(self) -> bool:
        return bool(self())

    def __repr__(self) -> str:
        return str(self._or_call(repr))

    def _repr_html_(self) -> Any:
        return self._or_call(lambda found: found._repr_html_() if hasattr(found, "_repr_html_") else None)

    def _repr_svg_(self) -> Any:
        return self._or_call(lambda found: found._repr_svg_() if hasattr(found, "_repr_svg_") else None) if self._drawn else None

    def _or_call(self, shown: Callable[[Any], Any]) -> Any:
        try:
            return shown(self())
        except CallError as misfit:
            return misfit.todo if shown is repr else None

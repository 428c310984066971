"""Names that rounds do not have but evaluators write: what is meant by them, and what is used in its place, told once."""

from __future__ import annotations

import difflib
import functools
import inspect
import re
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, CallError, NameNote, VvvError
from vvvresearch.evidence import column_named
from vvvresearch.results import folded
from vvvresearch.rounds.calling._beside import beside
from vvvresearch.rounds.calling._calls import placed
from vvvresearch.rounds.calling._fitting import shape
from vvvresearch.rounds.calling._meaning import meant_by
from vvvresearch.rounds.calling._other_names import ALSO, CALLED, COMMANDS, FUNCTIONS
from vvvresearch.rounds.calling._recipes import RECIPES

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round


_VERBS = re.compile(
    r"^((get|list|show|view|load|read|compute|calc|calculate|make|proc|create|run|all|display|print|hent|vis|aabn|indlaes|lav|beregn|the|do"
    r"|to|as|til|som|save|gem|write|skriv|export|eksporter)_)+"
)
_KINDS = re.compile(
    r"_(query|browser|tests?|tables?|lists?|frames?|df|data|summary|overview|analysis|stats|statistics|tabel|liste|matrix|result|results)$"
)
# Danish writes both in one: partabel, kodeliste, temaoversigt.
_COMPOUND = re.compile(r"(?<=\w{3})(tabel|tabellen|liste|listen|oversigt|oversigten|matrix|matricen|analyse|analysen|diagram|skema)$")
_DRAWN = re.compile(r"^(plot|draw|tegn|graph|chart)_?(?=.)|_?(plots?|charts?|figures?|figur|heatmap|diagram|graph|graf)$")
_COUNTED = re.compile(r"^(n|number_of|num|count_of|antal|how_many|total)_(?=.)")
# What an analysis is of: said beside it, it says nothing more.
_SUBJECTS = frozenset(
    {
        *("theme_table", "codebook", "codings", "codes", "interviews", "sample", "surveys", "tabulate", "transcript", "matches", "courses"),
        *("goals", "municipalities", "mappings", "monitoring", "overview", "causal_map", "volunteers", "filter", "evidence", "cell"),
    }
)
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FILLERS = frozenset(
    {
        *("data", "table", "list", "id", "ids", "name", "names", "overview", "all", "the", "frame", "df", "analysis", "analyse", "chart"),
        *("plot", "diagram", "graph", "test", "query", "browser", "matrix", "tool", "view", "stats", "statistics", "summary", "by"),
    }
)
_ENDINGS = ("erne", "ene", "ies", "er", "s", "e", "r")


def meant(opened: Round, name: str) -> Any:
    """What a name that rounds do not have stands for.

    Raises:
        AttributeError: nothing that is known; with the nearest names, or with the command where it is one.
        CallError: the same of an export of everything, which a round does page by page.
    """
    word = folded(_HUMPS.sub("_", name.strip("_")))
    counted = _COUNTED.sub("", word)
    of_what = _named(counted) if counted and counted != word else ""
    if of_what and _is_evidence(opened, of_what):
        warnings.warn(f"r.{name} is understood as len(r.{of_what})", NameNote, stacklevel=3)
        number = _Number(len(getattr(opened, of_what)))
        number.opened = opened
        return number
    if of_what and not _is_evidence(opened, of_what):
        warnings.warn(f"r.{name} is understood as r.{of_what}", NameNote, stacklevel=3)
        return _Guess(opened, of_what)
    if opened.has("interviews") and (column := _column(opened, word)):
        warnings.warn(f"r.{name} is understood as r.filter({column}=…)", NameNote, stacklevel=3)
        return _Guess(opened, f"filter({column}=…)", functools.partial(_narrowed, column=column))
    if word in COMMANDS:
        raise AttributeError(f"a round has no {name!r}; in a terminal: {COMMANDS[word]} {opened.id}")
    for form, drawn in ((word, False), (_DRAWN.sub("", word), True)):
        recipe_of = next((one for one in forms(form) if one in RECIPES), "")
        ours = "" if recipe_of else _named(form)
        if ours and (not drawn or form != word):
            told = f"r.{ours}{'(…).plot()' if drawn else ''}"
            warnings.warn(f"r.{name} is understood as {told}", NameNote, stacklevel=4)
            evidence = _is_evidence(opened, ours) and not drawn
            return getattr(opened, ours) if evidence else _Guess(opened, ours, drawn=drawn, also=_also(form, ours))
        if recipe_of:
            told, recipe = RECIPES[recipe_of]
            warnings.warn(f"r.{name} is understood as r.{told}", NameNote, stacklevel=4)
            return _Guess(opened, told, recipe, drawn=drawn)
    split = re.fullmatch(r"(.+)_by_(.+)", word)
    if split and (ours := _named(split[1])) and not _is_evidence(opened, ours):
        by = _column(opened, split[2]) or split[2]
        warnings.warn(f"r.{name} is understood as r.{ours}(by={by!r})", NameNote, stacklevel=3)
        return _Guess(opened, f"{ours}(by={by!r})", functools.partial(_called_by, ours=ours, by=by))
    if word in type(opened.spec).model_fields:
        value = getattr(opened.spec, word)
        return value.say(opened.lang) if hasattr(value, "say") else value
    plain = _DRAWN.sub("", word)
    if ours := _by_its_words(plain):
        told, drawn = (f"{ours}(…).plot()", True) if plain != word else (ours, False)
        warnings.warn(f"r.{name} is understood as r.{told}", NameNote, stacklevel=3)
        return getattr(opened, ours) if _is_evidence(opened, ours) else _Guess(opened, ours, drawn=drawn)
    if function := _function(name):
        raise AttributeError(f"a round has no {name!r}; of a table: vvv.{function}")
    raise AttributeError(f"a round has no {name!r}; {_nearest_call(name)}")


def of_surveys(opened: Round, name: str) -> Any:
    """The analysis of surveys that is called so, `r.surveys.mean`; None where a name means none of these."""
    ours = _named(folded(_HUMPS.sub("_", name)))
    made = getattr(getattr(type(opened), ours, None), "surveys", ()) if ours else ()
    return getattr(opened, name) if made else None


def _function(name: str) -> str:
    """How a function of the package is called that is no analysis of a round, "" where none is called so."""
    from vvvresearch.rounds.calling._package import own_function

    made = own_function(name)
    return "" if made is None else f"{made.__name__}({shape(inspect.signature(made))})"


def _by_its_words(name: str) -> str:
    """What a name of several words means: the one analysis among its words, else the one table; "" where they mean several."""
    words = [word for word in re.split(r"_+", name) if word]
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
    return next(iter(found), "") if len(found) == 1 and set(words) - _FILLERS <= {word for word in words if stem(word) in index} else ""


def _called_by(opened: Round, *given: Any, ours: str, by: str, **named: Any) -> Any:
    return getattr(opened, ours)(*given, **{"by": by, **named})


def _column(opened: Round, word: str) -> str:
    """The column of the register that a word is, in the singular or the plural; "" where it is none or is something else too."""
    register = opened.interviews.rows
    if word in RECIPES or word in ("interview", "interviews", "source", "person", "persons", "pair", "municipality"):
        return ""
    for form in (word, word.removesuffix("s")):
        try:
            found = column_named(form, register.columns)
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

    def __call__(self, survey: str = "") -> int:
        return len(self.opened.surveys[survey]) if survey else int(self)


def _named(word: str) -> str:
    """The name of ours that a word means, "" where it means none."""
    index = _index()
    for form in forms(word):
        for key in (form.replace("_", ""), stem(form)):
            if key in index:
                return index[key]
    return ""


def forms(word: str) -> list[str]:
    """A word whole, without the verb before it, without what kind of thing it names, without either."""
    plain = _VERBS.sub("", word)
    return list(dict.fromkeys((word, plain, _KINDS.sub("", word), _KINDS.sub("", plain), _COMPOUND.sub("", plain))))


def stem(word: str) -> str:
    plain = word.replace("_", "")
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= 3:
            return plain[: -len(ending)] + ("y" if ending == "ies" else "")
    return plain


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


def _also(word: str, ours: str) -> tuple[str, ...]:
    """What else is called so: the alpha of coders and that of a scale."""
    return tuple(other for form in forms(word) for other in ALSO.get(form, ()) if other != ours)


def _nearest_call(name: str) -> str:
    """The calls that a name is nearly another program's for, or whose name or purpose shares its words; else where all of them stand."""
    word = folded(_HUMPS.sub("_", name))
    # A single word that is told of an analysis goes before one that only looks alike: active is not activate.
    spelt = functools.partial(difflib.get_close_matches, word.replace("_", ""), [one for one in _index() if len(one) > 4], n=1)
    near = spelt(cutoff=0.8 if "_" in word else 0.9)
    meant = [_index()[one] for one in near] or _of_like_words(word) or [_index()[one] for one in spelt(cutoff=0.8)]
    calls = " or ".join(_shown_call(one) for one in meant)
    return f"did you mean {calls}?" if calls else "what a round can do, by subject: r.manual()"


def _shown_call(ours: str) -> str:
    from vvvresearch.rounds._round import Round

    made = getattr(Round, ours)
    return f"r.{ours}" + (f"({shape(made.left)})" if hasattr(made, "left") else "")


def _of_like_words(name: str, most: int = 2) -> list[str]:
    """The analyses that share the rarest words with a name, in what they are called and in the sentence that says what they do; a word of
    their own name first."""
    words = {stem(word) for word in name.split("_") if len(word) > 2 and word not in _FILLERS}
    spoken = _spoken()
    holders = {word: [ours for ours, said in spoken.items() if word in said] for word in words}
    weights = {ours: sum(1 / len(held) for held in holders.values() if ours in held) for ours in spoken}
    weights = {ours: weight + len(words & set(map(stem, ours.split("_")))) for ours, weight in weights.items()}
    found = sorted((ours for ours, weight in weights.items() if weight), key=lambda ours: (-weights[ours], ours))
    return [ours for ours in found[:most] if weights[ours] >= weights[found[0]] / 2]


@functools.cache
def _spoken() -> dict[str, frozenset[str]]:
    """The words that speak of each analysis."""
    from vvvresearch.rounds._round import Round

    told = {ours: f"{ours} {CALLED.get(ours, '')} {(getattr(Round, ours).__doc__ or '').partition('.')[0]}" for ours in _own()}
    return {ours: frozenset(stem(word) for word in re.findall(r"\w{3,}", folded(said).replace("_", " "))) for ours, said in told.items()}


@functools.cache
def _own() -> frozenset[str]:
    """What a round has to offer by name: its analyses, and what the words above lead to."""
    from vvvresearch.rounds._binding import Bound
    from vvvresearch.rounds._round import Round

    analyses = {name for part in Round.__mro__ for name, made in vars(part).items() if isinstance(made, Bound)}
    return frozenset(analyses | set(CALLED))


def _is_evidence(opened: Round, ours: str) -> bool:
    return not callable(getattr(type(opened), ours)) and not hasattr(getattr(type(opened), ours), "function")


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
            raise AttributeError(f"r.{self._told} cannot be asked for its {name!r} as it stands: {refusal}") from refusal
        return getattr(found, name)

    def __getitem__(self, name: Any) -> Any:
        return self()[name]

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

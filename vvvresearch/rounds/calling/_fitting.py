"""Arguments under the names and in the forms that other programs have for them, and the answer to a call that does not fit."""

from __future__ import annotations

import functools
import inspect
import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from vvvresearch.errors import CallError, VvvError, did_you_mean
from vvvresearch.locales import LANGUAGES, text
from vvvresearch.rounds.calling._other_names import OTHER_ARGUMENTS, OTHER_VALUES

T = TypeVar("T")
_LISTED = 8
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[.\s]")
# What is said beside the thing itself: `survey_id`, `group_var`, `the_code`.
_FILLERS = frozenset(
    {"id", "ids", "name", "names", "col", "column", "columns", "var", "variable", "field", "key", "list", "by", "the", "of", "in", "navn"}
)
# How several are written in one: SPSS's "a by b", R's "a ~ b" and "a, b, c", Stata's "a b".
_BETWEEN = re.compile(r"\s*[~+,;|&×*]\s*|\s+(?:by|vs\.?|versus|x|and|og|efter|mod)\s+", re.IGNORECASE)


# Danish and English plurals of the same words.
def _stem(word: str) -> str:
    plain = word.casefold()
    return next((plain[: -len(end)] for end in ("erne", "ene", "er", "s", "e") if plain.endswith(end) and len(plain) - len(end) > 2), plain)


_BY_STEM = {_stem(word): ours for word, ours in reversed(list(OTHER_ARGUMENTS.items()))}


def _said_of(word: str) -> tuple[str, ...]:
    """What a keyword can be of ours: by another program's name for it, whole or without its ending."""
    return OTHER_ARGUMENTS.get(word) or OTHER_ARGUMENTS.get(word.casefold()) or _BY_STEM.get(_stem(word), ())


def ours_of(word: str, free: Iterable[str], takes: Callable[[str], bool] = lambda _: False) -> str:
    """The parameter that a keyword is another name of, "" where it is of none: by its whole, else by the one word in it that says it.

    Of several that it may be the first that takes the value is meant, else the first.

    Example:
        >>> ours_of("survey_id", ["item", "survey"]), ours_of("rowVariable", ["item", "by"]), ours_of("colour", ["item"])
        ('survey', 'item', '')
    """
    known, word = list(free), word.rstrip("_") or word
    found = [one for one in _said_of(word) if one in known]
    if word in known and (takes(word) or not any(map(takes, found))):
        return word
    if found:
        return next(filter(takes, found), found[0])
    # `year` is years, `item` is items.
    if alike := next((one for one in known if _stem(one) == _stem(word)), ""):
        return alike
    words = [one for one in re.split(r"_+", _HUMPS.sub("_", word).casefold()) if one]
    said = [one for one in words if one not in _FILLERS] or words
    if len(words) < 2:
        # The beginning of one name says it: `inclusion` is inclusion_cut.
        begun = [one for one in known if one.startswith(f"{word}_" if len(word) < 4 else word)]
        return begun[0] if len(begun) == 1 else ""
    meant = {next((one for one in (part, *_said_of(part)) if one in known), "") for part in said}
    return meant.pop() if len(meant) == 1 else ""


def renamed(
    signature: inspect.Signature, named: Mapping[str, Any], given: dict[str, Any], takes: Callable[[str, Any], bool] = lambda *_: False
) -> dict[str, Any]:
    """Fills in keywords under the names of the signature; returns the others.

    Args:
        signature: of what is called.
        named: the keywords, as they were written.
        given: is filled.
        takes: whether a parameter can have a value, which decides between two that a keyword may be.
    """
    left = {}
    for word, value in named.items():

        def able(one: str, value: Any = value) -> bool:
            # A word for a number, or a number for a word, means something else; what an alias stands for is not known here.
            plain = set(re.findall(r"\w+", _annotated(signature, one))) <= {"str", "float", "int", "bool", "None"}
            if (
                not isinstance(value, str | float | int)
                or takes(one, value)
                or (type(value) is int and "str" in _annotated(signature, one))
            ):
                return True
            return not _annotated(signature, one).startswith("Mapping") and not (plain and _is_strange(signature, one, value))

        free = [one for one in signature.parameters if one == word or (one not in named and one not in given and able(one))]
        ours = ours_of(word, free, lambda one, value=value: takes(one, value))  # type: ignore[misc]
        if ours in ("by", "attribute") and isinstance(value, list | tuple) and not any(takes("attribute", one) for one in value):
            # Columns that are nobody's attributes are those of the table.
            ours = "" if "survey" not in signature.parameters and word.casefold() in ("columns", "cols", "kolonner") else ours
        if ours:
            given[ours] = value_of(ours, 1 - value if word == "alpha" and isinstance(value, float) else value)
        else:
            left[word] = value
    return left


def listed(value: Any) -> Any:
    """Words in a set, a column or another holder of several as the list of them; anything else as it came.

    Example:
        >>> listed({"b", "a"}), listed(dict(a=1).keys()), listed("a"), listed([1])
        (['a', 'b'], ['a'], 'a', [1])
    """
    held = isinstance(value, set | frozenset | type({}.keys()) | type({}.values())) or type(value).__name__ in (
        "Series",
        "Index",
        "ndarray",
    )
    if not held or getattr(value, "ndim", 1) != 1 or not all(isinstance(one, str) for one in value):
        return value
    return sorted(value) if isinstance(value, set | frozenset) else list(value)


def value_of(parameter: str, value: Any) -> Any:
    """A value as ours where another program has another word for it, or counts it in percent."""
    if parameter == "level" and isinstance(value, int | float) and 50 <= value < 100:
        return value / 100
    if parameter == "denominator" and (answers := [value] if isinstance(value, str) else value) and isinstance(answers, list | tuple):
        unsaid = "|".join(text(f"tabulation.words_{role}", lang) for role in ("dont_know", "refused") for lang in LANGUAGES).split("|")
        if all(any(words in str(one).casefold() for words in unsaid) for one in answers):
            # The answers that are to be left out are those that valid ones are without.
            return "valid"
    return OTHER_VALUES.get(parameter, {}).get(str(value).casefold(), value) if isinstance(value, str | bool) else value


def shaped(signature: inspect.Signature, parameter: str, value: Any) -> Any:
    """One thing as the list of it, where a parameter takes several and a text would be read letter by letter; a list of one as the one.

    Example:
        >>> def counted(years: "Sequence[int | str] | None" = None, item: "str | Sequence[str]" = ""): ...
        >>> shaped(inspect.signature(counted), "years", "2023"), shaped(inspect.signature(counted), "item", "refers")
        (['2023'], 'refers')
    """
    told = _annotated(signature, parameter)
    alone = _SEVERAL.sub("", told)
    if isinstance(value, list | tuple) and len(value) == 1 and alone == told and _is_strange(signature, parameter, value):
        return value[0]
    takes_one = alone == told or re.search(r"\w", alone.replace("None", ""))
    return value if takes_one or isinstance(value, bool) or not isinstance(value, str | int | float) or value == "" else [value]


_SEVERAL = re.compile(r"\b(?:[\w.]*\.)?(?:Sequence|Iterable|Collection|list|tuple|set)\[(?:[^\[\]]|\[[^\[\]]*\])*\]")
# Words of annotations under which any list is taken, and any of our tables by the rows in it.
_LISTS = frozenset({"Sequence", "Iterable", "Collection", "Mapping", "list", "tuple", "dict", "ArrayLike", "NDArray"})
_ANYTHING = frozenset({"", "Any", "object"})


def answered(where: str, signature: inspect.Signature, given: Mapping[str, Any], call: Callable[[], Any]) -> Any:
    """What a call gives; where it breaks on a thing of another kind than its parameter takes, the error that names the right call.

    Raises:
        CallError: something of the wrong kind was given.
    """
    try:
        return call()
    except VvvError:
        raise
    except (TypeError, AttributeError, KeyError, IndexError) as broken:
        strange = next((name for name, value in given.items() if _is_strange(signature, name, value)), "")
        if not strange:
            raise
        takes = str(signature.parameters[strange].annotation)
        why = f"{strange} takes {takes}, and was given {type(given[strange]).__name__}"
        right = {name: value for name, value in given.items() if name != strange}
        todo = "; ".join(dict.fromkeys(one for one in (right_call(where, signature, right), f"{where}({shape(signature)})") if one))
        raise CallError("the call does not fit", where=where, why=why, todo=todo) from broken


def _annotated(signature: inspect.Signature, name: str) -> str:
    """What a parameter says that it takes; "" where it says nothing."""
    annotation = signature.parameters[name].annotation if name in signature.parameters else inspect.Parameter.empty
    return "" if annotation is inspect.Parameter.empty else str(annotation)


def _is_strange(signature: inspect.Signature, name: str, value: Any) -> bool:
    """Whether a value is of none of the kinds that its parameter names; where they cannot be told, it is not."""
    told = _annotated(signature, name)
    words = set(re.findall(r"[A-Za-z_]\w*", told))
    if words & _ANYTHING or not words or (value is None and "None" in words):
        return False
    kinds = {kind.__name__ for kind in type(value).__mro__} - {"object"}
    listed = not isinstance(value, str) and hasattr(value, "__len__") and bool(words & _LISTS)
    number = isinstance(value, int | float) and "float" in words
    text = isinstance(value, str) and bool(words & {"Literal", "Path"})
    return not (kinds & words or listed or number or text or (callable(value) and "Callable" in words))


def parts_of(said: object, known: Callable[[str], bool]) -> list[str]:
    """The several things that one text names, each of them known; none where it names one thing, or something strange.

    Example:
        >>> parts_of("~ refers + agreement", {"refers", "agreement"}.__contains__)
        ['refers', 'agreement']
        >>> parts_of("A, B", {"A", "B", "A, B"}.__contains__)
        []
    """
    if not isinstance(said, str) or known(said):
        return []
    parts = [one for one in _BETWEEN.split(said.strip()) if one]
    if len(parts) == 1 and parts[0] == said.strip():
        parts = said.split()
    return parts if parts and parts != [said] and all(known(one) for one in parts) else []


def shape(signature: inspect.Signature) -> str:
    """A signature in short: what must be given as it is, the rest by name."""
    parameters = [one for one in signature.parameters.values() if one.name != "self"]
    needed = [one.name for one in parameters if one.default is inspect.Parameter.empty]
    rest = [f"{one.name}=…" for one in parameters if one.default is not inspect.Parameter.empty]
    return ", ".join([*needed, *rest[:_LISTED], *(["…"] if len(rest) > _LISTED else [])])


def right_call(where: str, signature: inspect.Signature, given: Mapping[str, Any]) -> str:
    """The call that was meant, with what was understood filled in; "" where nothing was.

    Example:
        >>> def counted(survey, item, *, by=""): ...
        >>> right_call("r.counted", inspect.signature(counted), {"survey": "s", "by": "sex"})
        "r.counted('s', item, by='sex')"
    """
    parameters = [one for one in signature.parameters.values() if one.name != "self"]
    told = {name: _written(name, value) for name, value in given.items() if name in signature.parameters}
    if not told:
        return ""
    needed = [told.get(one.name, one.name) for one in parameters if one.default is inspect.Parameter.empty]
    rest = [f"{one.name}={told[one.name]}" for one in parameters if one.default is not inspect.Parameter.empty and one.name in told]
    return f"{where}({', '.join([*needed, *rest])})"


def _written(name: str, value: Any) -> str:
    plain = isinstance(value, str | int | float | bool) or (isinstance(value, list | tuple | dict) and len(repr(value)) < 80)
    said = repr(value) if plain else repr(value.id) if isinstance(getattr(value, "id", None), str) else name
    return said if len(said) < 80 else name


def misfit_error(
    where: str, signature: inspect.Signature, misfit: TypeError, given: Mapping[str, Any], strange: Iterable[str]
) -> CallError:
    """The error that names the right call: as it was meant as far as it was understood, and what else it takes."""
    unknown = [word for word in strange if word not in signature.parameters]
    why = f"got an unexpected keyword argument {', '.join(map(repr, unknown))}" if unknown else str(misfit)
    nearest = did_you_mean(unknown[0], set(signature.parameters) - {"self"}) if unknown else ""
    meant = right_call(where, signature, given)
    todo = "; ".join(one for one in (meant, f"{where}({shape(signature)})", nearest if "did you" in nearest else "") if one)
    return CallError("the call does not fit", where=where, why=why, todo=todo)


# The keywords of a call without those that are meant of any table, and what those do with it.
Aside = Callable[[Mapping[str, Any]], tuple[dict[str, Any], list[Callable[[Any], Any]]]]


def understood_methods(kind: type[T], aside: Aside) -> type[T]:
    """A class whose plain methods answer a call that does not fit with the right one, as bound analyses do."""
    for name in dir(kind):
        made = inspect.getattr_static(kind, name)
        if not name.startswith("_") and inspect.isfunction(made):
            setattr(kind, name, fitting_call(made, f"r.{name}", aside))
    return kind


def fitting_call(function: Callable[..., Any], where: str, aside: Aside = lambda named: (dict(named), [])) -> Callable[..., Any]:
    """A function that takes a keyword under another program's name, and answers a call that does not fit with the right one.

    Args:
        function: what is called.
        where: what it is called as, for the message.
        aside: takes the keywords that are meant of any table, where it gives one.

    Example:
        >>> def counted(frame, *, by=""):
        ...     return by
        >>> fitting_call(counted, "counted")([], group_by="sex")
        'sex'
    """
    signature = inspect.signature(function)
    method = int(next(iter(signature.parameters), "") == "self")

    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        named = {word: value_of(word, value) for word, value in named.items()}
        own = arguments[method:]
        if (
            len(own) == 1
            and isinstance(own[0], list | tuple)
            and len(own[0]) > 1
            and _is_strange(signature, list(signature.parameters)[method], own[0])
        ):
            # Two surveys in a list are the two that stand one after the other.
            arguments = (*arguments[:method], *own[0])
        try:
            told = dict(signature.bind(*arguments, **named).arguments)
        except TypeError as misfit:
            places = [one for one in signature.parameters.values() if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
            last = next((one for one in ("by", "under") if one in signature.parameters and one not in named), "")
            if len(arguments) == len(places) + 1 and isinstance(arguments[-1], str) and last:
                # What a table is split by, or the branch that is meant, is named last in other programs.
                arguments, named = arguments[:-1], {**named, last: arguments[-1]}
            taken = dict(zip(signature.parameters, arguments, strict=False))
            given = dict(taken)
            left = renamed(signature, named, given)
            given = {name: value for name, value in given.items() if name not in taken}
            left, after = aside(left)
            if after:
                found = call(*arguments, **given, **left)
                for step in after:
                    found = step(found)
                return found
            named = {**given, **left}
            try:
                told = dict(signature.bind(*arguments, **named).arguments)
            except TypeError:
                raise misfit_error(where, signature, misfit, {**taken, **given}, left) from None
        names = itertools.chain(signature.parameters, itertools.repeat(""))
        arguments = tuple(shaped(signature, name, value) for name, value in zip(names, arguments, strict=False))
        named = {word: shaped(signature, word, value) for word, value in named.items()}
        return answered(where, signature, told, lambda: function(*arguments, **named))

    return call

"""Keywords under the names that other programs have for them, and the answer to a call that does not fit."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from vvvresearch.errors import CallError, did_you_mean
from vvvresearch.rounds.calling._other_names import OTHER_ARGUMENTS

T = TypeVar("T")
_LISTED = 8


# Danish and English plurals of the same words.
def _stem(word: str) -> str:
    plain = word.casefold()
    return next((plain[: -len(end)] for end in ("erne", "ene", "er", "s", "e") if plain.endswith(end) and len(plain) - len(end) > 2), plain)


_BY_STEM = {_stem(word): ours for word, ours in reversed(list(OTHER_ARGUMENTS.items()))}


def renamed(signature: inspect.Signature, named: Mapping[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Fills in keywords under the names of the signature, where another name can only be one of them; returns the others."""
    left = {}
    for word, value in named.items():
        said = OTHER_ARGUMENTS.get(word.casefold()) or _BY_STEM.get(_stem(word), ())
        ours = [other for other in said if other in signature.parameters and other not in named]
        if word in signature.parameters:
            given[word] = value
        elif ours and ours[0] not in given:
            given[ours[0]] = value
        else:
            left[word] = value
    return left


def shape(signature: inspect.Signature) -> str:
    """A signature in short: what must be given as it is, the rest by name."""
    parameters = [one for one in signature.parameters.values() if one.name != "self"]
    needed = [one.name for one in parameters if one.default is inspect.Parameter.empty]
    rest = [f"{one.name}=…" for one in parameters if one.default is not inspect.Parameter.empty]
    return ", ".join([*needed, *rest[:_LISTED], *(["…"] if len(rest) > _LISTED else [])])


def understood_methods(kind: type[T]) -> type[T]:
    """A class whose plain methods answer a call that does not fit with the right one, as bound analyses do."""
    for name in dir(kind):
        made = inspect.getattr_static(kind, name)
        if not name.startswith("_") and inspect.isfunction(made):
            setattr(kind, name, fitting_call(made, f"r.{name}"))
    return kind


def fitting_call(function: Callable[..., Any], where: str) -> Callable[..., Any]:
    """A function that takes a keyword under another program's name, and answers a call that does not fit with the right one.

    Args:
        function: what is called.
        where: what it is called as, for the message.

    Example:
        >>> def counted(frame, *, by=""):
        ...     return by
        >>> fitting_call(counted, "counted")([], group_by="sex")
        'sex'
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            signature.bind(*arguments, **named)
        except TypeError as misfit:
            given: dict[str, Any] = {}
            left = renamed(signature, named, given)
            try:
                signature.bind(*arguments, **given, **left)
            except TypeError:
                unknown = [word for word in left if word not in signature.parameters]
                told = "; " + did_you_mean(unknown[0], set(signature.parameters) - {"self"}) if unknown else ""
                raise CallError("the call does not fit", where=where, why=str(misfit), todo=f"{where}({shape(signature)}){told}") from None
            return function(*arguments, **given, **left)
        return function(*arguments, **named)

    return call

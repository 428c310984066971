"""A column of a register, and a value in it, as people call them."""

from __future__ import annotations

from collections.abc import Iterable

from vvvresearch.conditions import column_called
from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import the_one, words_of

# The tables of words for values of registers.
_VALUES = ("attributes", "groups", "roles")
# Plurals that no ending makes.
_PLURALS = {"male": ("mænd", "men", "herrer"), "female": ("women", "damer")}


def column_named(name: object, columns: Iterable[object], *, where: str = "by") -> str:
    """The column that is meant: by its name, or by what people call it where there is no column of that name.

    Args:
        name: as it was given.
        columns: the names that there are.
        where: the argument, for the message.

    Raises:
        AnalysisError: no such column, with the nearest.

    Example:
        >>> column_named("gender", ["interview", "sex"])
        'sex'
    """
    known = list(map(str, columns))
    found = column_called(name, known)
    if found is None:
        raise AnalysisError(f"the register has no column {name!r}", where=where, todo=did_you_mean(str(name), known))
    return found


def value_named(value: object, there: Iterable[object]) -> str | None:
    """The value of a column that is meant: as it stands, or by its words in either language; None where there is none such.

    Example:
        >>> value_named("kvinder", ["female", "male"])
        'female'
    """
    known = {}
    for one in map(str, there):
        told = (words_of(table).get(one, {}) for table in _VALUES)
        known[one] = [*(words for entry in told for words in entry.values()), *_PLURALS.get(one, ())]
    return the_one(value, known, part=False)


_STANCES = {
    "affirmed": ("affirms", "affirming", "affirm", "for", "pro", "positive", "supports", "bekræfter", "bekræftet", "enig"),
    "contradicted": ("contradicts", "contradicting", "contradict", "against", "contra", "negative", "modsiger", "modsagt", "imod", "uenig"),
}


def stance_named(said: str) -> str | None:
    """ "affirmed" or "contradicted", by whatever word for it; None of any other word.

    Example:
        >>> stance_named("imod")
        'contradicted'
    """
    return the_one(said, _STANCES, part=False)

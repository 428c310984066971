"""A column of a register, as people call it."""

from __future__ import annotations

from collections.abc import Iterable

from vvvresearch.errors import AnalysisError, did_you_mean

# What evaluators say for the columns of the interview register, in either language.
_SAID = {
    "respondent_group": ("group", "groups", "gruppe", "respondentgruppe", "role", "rolle"),
    "sex": ("gender", "køn"),
    "employment": ("occupation", "beskæftigelse", "employment_status", "uddannelse", "education"),
    "age_band": ("age", "age_group", "alder", "aldersgruppe"),
    "arrival_group": ("arrival", "ankomst", "ankomstgruppe"),
    "municipality": ("kommune", "municipalities"),
    "wave": ("bølge", "runde"),
    "pair": ("par",),
    "person": ("informant", "persons"),
    "interpreter": ("tolk",),
    "match_type": ("matchtype",),
}
_MEANT = {word: column for column, words in _SAID.items() for word in words}


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
    for one in (str(name), _MEANT.get(str(name).casefold(), "")):
        if one in known:
            return one
    raise AnalysisError(f"the register has no column {name!r}", where=where, todo=did_you_mean(str(name), known))

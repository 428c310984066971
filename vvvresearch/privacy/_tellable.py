"""What may be told of each person so that whoever is described is one of at least k.

Leaving out only what is rare does not do: where one band alone is left out, its absence names it. So the levels that are left out must
together be k persons too, and common levels join them until they are (local suppression towards k-anonymity: Sweeney, "Achieving
k-anonymity privacy protection using generalization and suppression", 2002).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError
from vvvresearch.privacy._uniqueness import known_of

if TYPE_CHECKING:
    import pandas as pd

_People = Mapping[str, Mapping[str, frozenset[str]]]


def tellable(people: pd.DataFrame, attributes: Sequence[str], *, person: str = "person", k: int = 3) -> dict[str, tuple[str, ...]]:
    """Which of the attributes may be told of each person.

    Persons of whom the same is told, in attributes and values, are at least k; if there are fewer persons than k, nothing is told of
    anybody. Of somebody whose value differs between rows the attribute is not told.

    Args:
        people: one row a person or interview.
        attributes: columns, the one that matters most first: a later one gives way to an earlier.
        person: the column with the person's id.
        k: how many must share what is told.

    Returns:
        Person → attributes, in the order given.

    Raises:
        AnalysisError: no such column, nobody, an attribute named twice, or a k below 1.

    Example:
        >>> import pandas as pd
        >>> people = pd.DataFrame({"person": list("abcdef"), "role": ["r"] * 6, "band": ["18", "18", "18", "30", "40", "50"]})
        >>> told = tellable(people, ["role", "band"], k=3)
        >>> told["a"], told["f"]
        (('role', 'band'), ('role',))
    """
    if k < 1:
        raise AnalysisError("nobody is one of fewer than one", where="k", todo="give a whole number of at least 1")
    known = known_of(people, attributes, person)
    told: dict[str, list[str]] = {who: [] for who in known}
    if len(known) >= k:
        _tell(sorted(known), list(attributes), known, k, told)
    return {who: tuple(names) for who, names in told.items()}


def _tell(alike: Sequence[str], attributes: Sequence[str], known: _People, k: int, told: Mapping[str, list[str]]) -> None:
    """Tell the first attribute of those of whom the same has been told so far, where it may be; then the others within each part."""
    if not attributes:
        return
    name, *rest = attributes
    levels: dict[frozenset[str], list[str]] = {}
    for who in alike:
        levels.setdefault(known[who][name], []).append(who)
    shared = {level: members for level, members in levels.items() if len(level) == 1 and len(members) >= k}
    silent = [who for level, members in levels.items() if level not in shared for who in members]
    while 0 < len(silent) < k and shared:
        silent += shared.pop(min(shared, key=lambda level: (len(shared[level]), sorted(level))))
    for members in shared.values():
        for who in members:
            told[who].append(name)
        _tell(members, rest, known, k, told)
    if silent:
        _tell(silent, rest, known, k, told)

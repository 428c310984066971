"""Who can be told from the others by a few attributes, and what to coarsen so that nobody can.

A sample unique is a person alone with a combination of values. A minimal one has no part that is unique already; the fewer attributes it
needs, the more special the person (Elliot, Manning & Ford, "A computational algorithm for handling the special uniques problem", 2002).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.locales import Lang, Phrase, check_lang
from vvvresearch.results import Base, Column, Result

if TYPE_CHECKING:
    import pandas as pd

MISSING = ""
_LARGEST = 3

# What is known of each person: the values of every attribute, more than one where interviews of several waves differ.
_People = Mapping[str, Mapping[str, frozenset[str]]]
_Combination = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Uniqueness(Result):
    """How many persons share each combination of attributes.

    `frame`: one row a set of two or three attributes (one attribute is listed too): attributes, size, k (the fewest persons that share
    a combination), unique (persons alone with theirs), below (persons who share theirs with fewer than `threshold`).
    `uniques`: one row a minimal sample unique: person, attributes, values, size. `persons`: one row a unique person: person,
    combinations, smallest (attributes that suffice). `advice`: one row a way to coarsen: kind ("merge" or "drop"), attribute, first,
    second (the levels to merge), unique (persons who are unique afterwards), below; best first.
    """

    uniques: pd.DataFrame
    persons: pd.DataFrame
    advice: pd.DataFrame


def uniqueness(
    people: pd.DataFrame, attributes: Sequence[str], *, person: str = "person", threshold: int = 5, lang: Lang = "da"
) -> Uniqueness:
    """Count k for every one, two and three of the attributes, and advise what to coarsen.

    A missing value is a value of its own. Rows of one person are put together: someone who was interviewed twice, with another
    value, is counted with both.

    Args:
        people: one row a person or interview.
        attributes: columns that an acquaintance may know.
        person: the column with the person's id.
        threshold: combinations shared by fewer are counted as below.
        lang: "da" or "en".

    Returns:
        Uniqueness with .frame, .uniques (who is unique on what), .persons and .advice.

    Raises:
        AnalysisError: no such column, no persons, or fewer than one attribute.

    Example:
        >>> import pandas as pd
        >>> people = pd.DataFrame({"person": ["a", "b", "c"], "sex": ["f", "f", "m"], "age": ["18-29", "30+", "30+"]})
        >>> uniqueness(people, ["sex", "age"], lang="en").uniques.to_dict("records")
        [{'person': 'a', 'attributes': 'age', 'values': '18-29', 'size': 1},
         {'person': 'b', 'attributes': 'sex; age', 'values': 'f; 30+', 'size': 2},
         {'person': 'c', 'attributes': 'sex', 'values': 'm', 'size': 1}]
    """
    import pandas as pd

    check_lang(lang)
    known = known_of(people, attributes, person)
    groups = _groups(known, attributes)
    minimal = _minimal_uniques(groups)
    frame = pd.DataFrame(_subset_rows(groups, attributes, threshold), columns=["attributes", "size", "k", "unique", "below"])
    rows = [(who, *_words(combination), len(combination)) for who in known for combination in minimal.get(who, ())]
    summary = [(who, len(found), min(map(len, found))) for who in known if (found := minimal.get(who))]
    uniques = pd.DataFrame(rows, columns=["person", "attributes", "values", "size"])
    persons = pd.DataFrame(summary, columns=["person", "combinations", "smallest"])
    return Uniqueness(
        frame=frame,
        base=Base(len(known), "person"),
        title=Phrase("uniqueness.title"),
        notes=(Phrase("uniqueness.note", {"unique": len(persons), "threshold": threshold}),),
        shows=(
            Column("attributes", Phrase("uniqueness.attributes")),
            Column("k", Phrase("uniqueness.k"), "count"),
            Column("unique", Phrase("uniqueness.unique"), "count"),
            Column("below", Phrase("uniqueness.below", {"threshold": threshold}), "count"),
        ),
        lang=lang,
        uniques=uniques,
        persons=persons,
        advice=_advice(known, attributes, threshold),
    )


def known_of(people: pd.DataFrame, attributes: Sequence[str], person: str) -> dict[str, dict[str, frozenset[str]]]:
    """Person → attribute → the values that occur."""
    require_table(people, "people")
    if isinstance(attributes, str) or not attributes:
        raise AnalysisError("a list of attributes is needed", where="attributes", todo='for example ["sex", "age_band"]')
    for name in (person, *attributes):
        if name not in people.columns:
            raise AnalysisError(f"there is no column {name!r}", where="people", todo=did_you_mean(name, map(str, people.columns)))
    if len(set(attributes)) < len(attributes) or person in attributes:
        raise AnalysisError("an attribute stands twice, or is the person's id", where="attributes")
    found: dict[str, dict[str, set[str]]] = {}
    values = {name: [_level(value) for value in people[name]] for name in (person, *attributes)}
    for row, who in enumerate(values[person]):
        if who == MISSING:
            raise AnalysisError(f"row {row} has no id", where=f"people, {person!r}", todo="give every person an id; pseudonyms will do")
        entry = found.setdefault(who, {name: set() for name in attributes})
        for name in attributes:
            entry[name].add(values[name][row])
    if not found:
        raise AnalysisError("there is nobody to compare", where="people")
    return {who: {name: frozenset(levels) for name, levels in entry.items()} for who, entry in found.items()}


def _level(value: Any) -> str:
    """A value as text; whatever is missing is one value."""
    import pandas as pd

    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return MISSING
    return str(value).strip()


def _groups(known: _People, attributes: Sequence[str]) -> dict[_Combination, set[str]]:
    """Each combination of up to three attributes' values with the persons who have it."""
    found: dict[_Combination, set[str]] = {}
    subsets = [subset for size in range(1, _LARGEST + 1) for subset in combinations(attributes, size)]
    for who, entry in known.items():
        for subset in subsets:
            for combination in _products(subset, entry):
                found.setdefault(combination, set()).add(who)
    return found


def _products(subset: Sequence[str], entry: Mapping[str, frozenset[str]]) -> Iterable[_Combination]:
    combined: list[_Combination] = [()]
    for name in subset:
        combined = [(*one, (name, level)) for one in combined for level in sorted(entry[name])]
    return combined


def _minimal_uniques(groups: Mapping[_Combination, set[str]]) -> dict[str, list[_Combination]]:
    """Person → combinations that only this person has and no part of which is unique."""
    unique = {combination: next(iter(who)) for combination, who in groups.items() if len(who) == 1}
    found: dict[str, list[_Combination]] = {}
    for combination, who in unique.items():
        parts = (part for size in range(1, len(combination)) for part in combinations(combination, size))
        if not any(part in unique for part in parts):
            found.setdefault(who, []).append(combination)
    return found


def _subset_rows(
    groups: Mapping[_Combination, set[str]], attributes: Sequence[str], threshold: int
) -> list[tuple[str, int, int, int, int]]:
    sizes = range(1, min(_LARGEST, len(attributes)) + 1)
    by_subset: dict[tuple[str, ...], list[set[str]]] = {subset: [] for size in sizes for subset in combinations(attributes, size)}
    for combination, who in groups.items():
        by_subset[tuple(name for name, _ in combination)].append(who)
    rows = []
    for subset, members in by_subset.items():
        alone, below = (len(_in_groups_below(members, size)) for size in (2, threshold))
        rows.append(("; ".join(subset), len(subset), min(map(len, members)), alone, below))
    return rows


def _in_groups_below(members: Iterable[set[str]], threshold: int) -> set[str]:
    return set().union(*(who for who in members if len(who) < threshold))


def _words(combination: _Combination) -> tuple[str, str]:
    return "; ".join(name for name, _ in combination), "; ".join(level for _, level in combination)


def _advice(known: _People, attributes: Sequence[str], threshold: int) -> pd.DataFrame:
    """Every way to merge two levels or to drop an attribute that leaves fewer unique persons, or fewer below the threshold."""
    import pandas as pd

    now = _exposed(known, attributes, threshold)
    rows = []
    for name in attributes:
        rest = [other for other in attributes if other != name]
        rows.append(("drop", name, MISSING, MISSING, *(_exposed(known, rest, threshold) if rest else (0, 0))))
        levels = sorted({level for entry in known.values() for level in entry[name]})
        for first, second in combinations(levels, 2):
            rows.append(("merge", name, first, second, *_exposed(_merged(known, name, first, second), attributes, threshold)))
    # Merging keeps more than dropping, so that it is named first where both leave as many.
    better = sorted((row for row in rows if row[4:] < now), key=lambda row: (row[4], row[5], row[0] == "drop", row[1:4]))
    return pd.DataFrame(better, columns=["kind", "attribute", "first", "second", "unique", "below"])


def _merged(known: _People, name: str, first: str, second: str) -> _People:
    return {who: {**entry, name: frozenset(first if level == second else level for level in entry[name])} for who, entry in known.items()}


def _exposed(known: _People, attributes: Sequence[str], threshold: int) -> tuple[int, int]:
    """Persons who are unique on up to three attributes, and persons who share a combination with fewer than the threshold."""
    groups = _groups(known, attributes).values()
    return len(_in_groups_below(groups, 2)), len(_in_groups_below(groups, threshold))

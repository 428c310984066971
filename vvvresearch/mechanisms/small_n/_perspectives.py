"""The two halves of a match side by side: what they share, where they differ and in which direction."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, UnanswerableError, did_you_mean, require_table
from vvvresearch.evidence import HALVES, Register
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Capital, Phrase, Sayable, has_words
from vvvresearch.results import Base, Column, Labels, Measure, Names, Result, Total

RELATIONS = ("same", "some_shared", "first_higher", "second_higher", "different", "unknown")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Perspectives(Result):
    """Both halves of each pair. `.frame` has one row a pair and attribute; parts `discrepancies` and `likeness`.

    Args:
        attributes: the table it was made from, one row a pair and role.
        halves: the two groups that form a pair.
    """

    attributes: pd.DataFrame
    halves: tuple[str, str] = HALVES

    def surface(self, attribute: str, outcome: Mapping[str, float] | None = None, *, other: str | None = None) -> pd.DataFrame:
        """Where pairs lie when the first half's value is set against the second's: the surface on which complementarity shows.

        Args:
            attribute: the first half's attribute.
            outcome: per pair whether the match works (above .5 is yes); default only counts.
            other: the second half's attribute; default the same.

        Returns:
            One row a combination of values: a column for each half, n, pairs and, with an outcome, works (how many).
        """
        other = other or attribute
        for name in (attribute, other):
            if name not in self.attributes.columns:
                raise AnalysisError(
                    f"there is no attribute {name!r}", todo=did_you_mean(name, [str(column) for column in self.attributes.columns])
                )
        first, second = (self.attributes[self.attributes["role"] == role].set_index("pair") for role in self.halves)
        joined = pd.DataFrame({"first": first[attribute], "second": second[other]}).dropna()
        rows = []
        for (mine, theirs), group in joined.groupby(["first", "second"]):
            pairs = [str(pair) for pair in group.index]
            row: dict[str, Any] = {self.halves[0]: mine, self.halves[1]: theirs, "n": len(pairs), "pairs": ", ".join(pairs)}
            if outcome is not None:
                unknown = [pair for pair in pairs if pair not in outcome]
                if unknown:
                    raise AnalysisError("a pair has no outcome", where=f"pair {unknown[0]}")
                row["works"] = sum(outcome[pair] > 0.5 for pair in pairs)
            rows.append(row)
        return pd.DataFrame(rows)


def perspectives(
    attributes: pd.DataFrame | Register,
    expected: Sequence[str] = (),
    *,
    ordered: Mapping[str, Sequence[Any]] | None = None,
    leave_out: Sequence[str] = (),
    halves: tuple[str, str] = HALVES,
    attribute_words: Mapping[str, str | Sayable] | None = None,
    kind: DataKind | None = None,
) -> Perspectives:
    """Set both halves of every match side by side, attribute by attribute.

    Both values are kept, and difference and its direction are shown for each attribute alone; there is no score of how well a
    pair matches, since some good matches are neither alike nor complementary.

    Args:
        attributes: one row a pair and role: pair, role (one of `halves`), and attributes: numbers, words, or lists with ";".
        expected: attributes that are expectations of the relation (time, kind); the part `discrepancies` lists where they differ.
        ordered: for attributes in words with an order, the words from low to high.
        leave_out: columns that are no attributes, as pseudonyms.
        halves: the two groups that form a pair, in order.
        attribute_words: what attributes and their values are called.
        kind: kind of the data; default that of the attributes.

    Returns:
        Perspectives; `.frame` has pair, attribute, a column for each half named as the group, relation ("same", "first_higher",
        "second_higher", "different", "some_shared", "unknown"), difference (second less first), distance, shared. The part
        `likeness` has one row an attribute: how many pairs stand in each relation, and which.

    Raises:
        AnalysisError: a pair with one perspective only or with two of one role; unknown columns or words.

    Example:
        >>> import pandas as pd
        >>> both = pd.DataFrame({"pair": ["P1", "P1"], "role": ["refugee", "volunteer"], "hours": [4, 2]})
        >>> apart = perspectives(both, ["hours"])["discrepancies"].frame
        >>> apart[["pair", "refugee", "volunteer", "difference"]].values.tolist()
        [['P1', 4, 2, -2.0]]
    """
    own_kind = attributes.kind if isinstance(attributes, Register) else DataKind.REAL
    table = _checked(attributes.frame if isinstance(attributes, Register) else attributes, halves)
    names = [str(name) for name in table.columns if name not in ("pair", "role", *leave_out)]
    for name in (*expected, *(ordered or {})):
        if name not in names:
            raise AnalysisError(f"there is no attribute {name!r}", todo=did_you_mean(name, names))
    places = {half: place for place, half in enumerate(zip(table["pair"], table["role"], strict=True))}
    pairs = [pair for pair, role in places if role == halves[0]]
    rows = []
    for name in names:
        numbers, values = _numbers(table[name], (ordered or {}).get(name), name), list(table[name])
        for pair in pairs:
            mine, theirs = (values[places[pair, role]] for role in halves)
            rows.append({"pair": pair, "attribute": name, halves[0]: mine, halves[1]: theirs, **_compared(mine, theirs, numbers)})
    frame = pd.DataFrame(rows, columns=["pair", "attribute", *halves, "relation", "difference", "distance", "shared"])
    common: dict[str, Any] = {
        "base": Base(len(pairs), unit="pair"),
        "kind": kind or own_kind,
        "at": "perspectives",
        "labels": {
            "relation": Labels(_relation_words(halves), table="mechanism_words"),
            **{name: Labels(attribute_words or {}) for name in ("attribute", *halves)},
        },
    }
    return Perspectives(
        frame=frame,
        title=Phrase("mechanisms.title_perspectives"),
        notes=(Phrase("mechanisms.perspectives_method"),),
        shows=(*_columns(halves), Column("shared", Phrase("mechanisms.shared"))),
        keys=("pair", "attribute"),
        parts={"discrepancies": _discrepancies(frame, expected, halves, common), "likeness": _likeness(frame, halves, common)},
        attributes=table,
        halves=halves,
        **common,
    )


def _discrepancies(frame: pd.DataFrame, expected: Sequence[str], halves: tuple[str, str], common: Mapping[str, Any]) -> Result:
    """The expectations in which a pair does not agree, both values kept."""
    apart = frame[frame["attribute"].isin(expected) & (frame["relation"] != "same")].reset_index(drop=True)
    return Result(
        frame=apart,
        title=Phrase("mechanism_tables.expectations_title"),
        notes=(Phrase("mechanism_tables.expectations_note"),),
        shows=_columns(halves),
        keys=("pair", "attribute"),
        totals={"discrepant": Total(int(apart["pair"].nunique()))},
        **common,
    )


def _likeness(frame: pd.DataFrame, halves: tuple[str, str], common: Mapping[str, Any]) -> Result:
    """Attribute by attribute which pairs are alike, share something, or differ and in which direction; no score."""
    rows = []
    named: dict[str, dict[str, tuple[str, ...]]] = {}
    for attribute, relation, pair in zip(frame["attribute"], frame["relation"], frame["pair"], strict=True):
        named.setdefault(attribute, dict.fromkeys(RELATIONS, ()))[relation] += (str(pair),)
    for attribute, own in named.items():
        counts = {name: len(pairs) for name, pairs in own.items()}
        lists = {f"{name}_pairs": pairs for name, pairs in own.items()}
        rows.append({"attribute": attribute, "n": sum(counts.values()), **counts, **lists})
    words = _relation_words(halves)
    shown = [name for name in RELATIONS if name != "unknown" or any(row["unknown"] for row in rows)]
    return Result(
        frame=pd.DataFrame(rows),
        title=Phrase("mechanism_tables.likeness_title"),
        notes=(Phrase("mechanism_tables.likeness_note"),),
        shows=(
            Column("attribute", Phrase("mechanisms.attribute")),
            *(Names(f"{name}_pairs", Capital(words[name]) if name in words else Phrase(f"mechanism_tables.{name}")) for name in shown),
        ),
        keys=("attribute",),
        measures=tuple(Measure(name) for name in RELATIONS),
        **common,
    )


def _relation_words(halves: tuple[str, str]) -> dict[str, Sayable]:
    return {name: Phrase("mechanism_tables.higher", {"half": half_words(half)}) for name, half in zip(RELATIONS[2:4], halves, strict=True)}


def half_words(half: str) -> str | Sayable:
    """One of a half in words, or as its id where the programme has none for it."""
    return Phrase(f"roles.{half}") if has_words(f"roles.{half}") else half


def _columns(halves: tuple[str, str]) -> tuple[Column, ...]:
    values = (Column(half, Capital(half_words(half))) for half in halves)
    first = (Column("pair", Phrase("mechanisms.pair")), Column("attribute", Phrase("mechanisms.attribute")))
    return (*first, *values, Column("relation", Phrase("mechanisms.relation")))


def _checked(attributes: pd.DataFrame, halves: tuple[str, str]) -> pd.DataFrame:
    require_table(attributes, "attributes", ("pair", "role"))
    if attributes.empty:
        raise UnanswerableError("there are no pairs", reason=Phrase("absent.attributes"))
    table = attributes.copy()
    table["pair"] = table["pair"].astype(str)
    for name in table.columns:
        numbers = pd.to_numeric(table[name], errors="coerce")
        if name not in ("pair", "role") and numbers.notna().all():
            table[name] = numbers
    unknown = ~table["role"].isin(halves)
    if unknown.any():
        wrong = table[unknown].iloc[0]
        raise AnalysisError(
            f"the role {wrong['role']!r} is not known", where=f"pair {wrong['pair']}", todo=did_you_mean(str(wrong["role"]), halves)
        )
    roles_of: dict[str, list[str]] = {}
    for pair, role in zip(table["pair"], table["role"], strict=True):
        roles_of.setdefault(pair, []).append(role)
    for pair, roles in roles_of.items():
        if len(roles) != len(set(roles)):
            raise AnalysisError("a pair has two rows of one role", where=f"pair {pair}")
        if set(roles) != set(halves):
            there, gone = roles[0], next(role for role in halves if role not in roles)
            raise AnalysisError(
                f"a pair has one perspective only: the {gone} is missing",
                where=f"pair {pair}",
                why=f"only the {there} was asked, so nothing can be set side by side",
                todo="interview the other half, or leave the pair out",
            )
    return table


def _numbers(column: pd.Series[Any], order: Sequence[Any] | None, name: str) -> dict[Any, float] | None:
    """Values as numbers, where they are numbers or have a declared order."""
    present = pd.Series([value for value in column.dropna() if str(value).strip() != ""])
    if order is not None:
        unknown = [value for value in present if value not in order]
        if unknown:
            raise AnalysisError(
                f"the value {unknown[0]!r} of {name!r} is not in its order", todo=did_you_mean(str(unknown[0]), map(str, order))
            )
        return {value: float(place) for place, value in enumerate(order)}
    numbers = pd.to_numeric(present, errors="coerce")
    if present.empty or numbers.isna().any():
        return None
    return dict(zip(present, numbers.astype(float), strict=True))


def _compared(mine: Any, theirs: Any, numbers: dict[Any, float] | None) -> dict[str, Any]:
    unknown = {"relation": "unknown", "difference": math.nan, "distance": math.nan, "shared": ""}
    if any(value is None or value != value or str(value).strip() == "" for value in (mine, theirs)):
        return unknown
    if numbers is not None:
        difference = numbers[theirs] - numbers[mine]
        relation = "same" if difference == 0 else "second_higher" if difference > 0 else "first_higher"
        return {"relation": relation, "difference": difference, "distance": abs(difference), "shared": ""}
    lists = [[part.strip() for part in str(value).split(";") if part.strip()] for value in (mine, theirs)]
    shared = [part for part in lists[0] if part in lists[1]]
    relation = "same" if set(lists[0]) == set(lists[1]) else "some_shared" if shared else "different"
    return {"relation": relation, "difference": math.nan, "distance": math.nan, "shared": ";".join(shared)}

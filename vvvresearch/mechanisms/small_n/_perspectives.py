"""The two halves of a match side by side: what they share, where they differ and in which direction."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, check_lang
from vvvresearch.results import Base, Column, Result

ROLES = ("refugee", "volunteer")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Perspectives(Result):
    """Both halves of each pair. `.frame` has one row a pair and attribute.

    Args:
        attributes: the table it was made from, one row a pair and role.
        expectations: the attributes that are expectations of the relation.
    """

    attributes: pd.DataFrame
    expectations: tuple[str, ...]

    @property
    def discrepancies(self) -> pd.DataFrame:
        """The expectations in which a pair does not agree, both values kept."""
        different = self.frame["attribute"].isin(self.expectations) & (self.frame["relation"] != "same")
        return self.frame[different].reset_index(drop=True)

    def surface(self, attribute: str, outcome: Mapping[str, float] | None = None, *, other: str | None = None) -> pd.DataFrame:
        """Where pairs lie when the refugee's value is set against the volunteer's: the surface on which complementarity shows.

        Args:
            attribute: the refugee's attribute.
            outcome: per pair whether the match works (above .5 is yes); default only counts.
            other: the volunteer's attribute; default the same.

        Returns:
            One row a combination of values: refugee, volunteer, n, pairs and, with an outcome, works (how many).
        """
        other = other or attribute
        for name in (attribute, other):
            if name not in self.attributes.columns:
                raise AnalysisError(
                    f"there is no attribute {name!r}", todo=did_you_mean(name, [str(column) for column in self.attributes.columns])
                )
        halves = {role: self.attributes[self.attributes["role"] == role].set_index("pair") for role in ROLES}
        joined = pd.DataFrame({"refugee": halves["refugee"][attribute], "volunteer": halves["volunteer"][other]}).dropna()
        rows = []
        for (mine, theirs), group in joined.groupby(["refugee", "volunteer"]):
            pairs = [str(pair) for pair in group.index]
            row: dict[str, Any] = {"refugee": mine, "volunteer": theirs, "n": len(pairs), "pairs": ", ".join(pairs)}
            if outcome is not None:
                unknown = [pair for pair in pairs if pair not in outcome]
                if unknown:
                    raise AnalysisError("a pair has no outcome", where=f"pair {unknown[0]}")
                row["works"] = sum(outcome[pair] > 0.5 for pair in pairs)
            rows.append(row)
        return pd.DataFrame(rows)


def perspectives(
    attributes: pd.DataFrame,
    expectations: Sequence[str] = (),
    *,
    ordered: Mapping[str, Sequence[Any]] | None = None,
    leave_out: Sequence[str] = (),
    kind: DataKind = DataKind.REAL,
    lang: Lang = "da",
) -> Perspectives:
    """Set volunteer and refugee of every match side by side, attribute by attribute.

    Both values are kept, and difference and its direction are shown for each attribute alone; there is no score of how well a
    pair matches, since some good matches are neither alike nor complementary.

    Args:
        attributes: one row a pair and role: pair, role ("refugee", "volunteer"), and attributes: numbers, words, or lists with ";".
        expectations: attributes that are expectations of the relation (time, kind), listed in `.discrepancies`.
        ordered: for attributes in words with an order, the words from low to high.
        leave_out: columns that are no attributes, as pseudonyms.
        kind, lang: as in `moderators`.

    Returns:
        Perspectives; `.frame` has pair, attribute, refugee, volunteer, relation ("same", "volunteer higher", "refugee higher",
        "different", "some shared", "unknown"), difference (volunteer less refugee), distance, shared.

    Raises:
        AnalysisError: a pair with one perspective only or with two of one role; unknown columns or words.

    Example:
        >>> import pandas as pd
        >>> both = pd.DataFrame({"pair": ["P1", "P1"], "role": ["refugee", "volunteer"], "hours": [4, 2]})
        >>> perspectives(both, ["hours"]).discrepancies[["pair", "refugee", "volunteer", "difference"]].values.tolist()
        [['P1', 4, 2, -2.0]]
    """
    table = _checked(attributes)
    names = [str(name) for name in table.columns if name not in ("pair", "role", *leave_out)]
    for name in (*expectations, *(ordered or {})):
        if name not in names:
            raise AnalysisError(f"there is no attribute {name!r}", todo=did_you_mean(name, names))
    halves = {role: table[table["role"] == role].set_index("pair") for role in ROLES}
    rows = []
    for name in names:
        numbers = _numbers(table[name], (ordered or {}).get(name), name)
        for pair in halves["refugee"].index:
            mine, theirs = (halves[role].loc[pair, name] for role in ROLES)
            rows.append({"pair": pair, "attribute": name, "refugee": mine, "volunteer": theirs, **_compared(mine, theirs, numbers)})
    return Perspectives(
        frame=pd.DataFrame(rows),
        base=Base(len(halves["refugee"]), unit="pair"),
        title=Phrase("mechanisms.title_perspectives"),
        notes=(Phrase("mechanisms.perspectives_method"),),
        shows=tuple(
            Column(name, Phrase(f"mechanisms.{name}"), words="" if name in ("pair", "shared") else "mechanism_words")
            for name in ("pair", "attribute", "refugee", "volunteer", "relation", "shared")
        ),
        kind=kind,
        lang=check_lang(lang),
        attributes=table,
        expectations=tuple(expectations),
    )


def _checked(attributes: pd.DataFrame) -> pd.DataFrame:
    require_table(attributes, "attributes")
    for name in ("pair", "role"):
        if name not in attributes.columns:
            raise AnalysisError(f"the attributes have no column {name!r}", todo="give one row a pair and role")
    if attributes.empty:
        raise AnalysisError("there are no pairs")
    table = attributes.copy()
    table["pair"] = table["pair"].astype(str)
    unknown = ~table["role"].isin(ROLES)
    if unknown.any():
        wrong = table[unknown].iloc[0]
        raise AnalysisError(
            f"the role {wrong['role']!r} is not known", where=f"pair {wrong['pair']}", todo=did_you_mean(str(wrong["role"]), ROLES)
        )
    for pair, group in table.groupby("pair", sort=False):
        roles = list(group["role"])
        if len(roles) != len(set(roles)):
            raise AnalysisError("a pair has two rows of one role", where=f"pair {pair}")
        if set(roles) != set(ROLES):
            there, gone = roles[0], next(role for role in ROLES if role not in roles)
            raise AnalysisError(
                f"a pair has one perspective only: the {gone} is missing",
                where=f"pair {pair}",
                why=f"only the {there} was asked, so nothing can be set side by side",
                todo="interview the other half, or leave the pair out",
            )
    return table


def _numbers(column: pd.Series[Any], order: Sequence[Any] | None, name: str) -> dict[Any, float] | None:
    """Values as numbers, where they are numbers or have a declared order."""
    present = column.dropna()
    present = present[present.astype(str).str.strip() != ""]
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
        relation = "same" if difference == 0 else "volunteer higher" if difference > 0 else "refugee higher"
        return {"relation": relation, "difference": difference, "distance": abs(difference), "shared": ""}
    lists = [[part.strip() for part in str(value).split(";") if part.strip()] for value in (mine, theirs)]
    shared = [part for part in lists[0] if part in lists[1]]
    relation = "same" if set(lists[0]) == set(lists[1]) else "some shared" if shared else "different"
    return {"relation": relation, "difference": math.nan, "distance": math.nan, "shared": ";".join(shared)}

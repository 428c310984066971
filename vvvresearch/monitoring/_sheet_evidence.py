"""What registers say of every municipality at once: counts, what of them may be shown, agreements, and what good collaboration rests on."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import pandas as pd

from vvvresearch.evidence import END_DAY, Register
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._agreements import agreement_states
from vvvresearch.monitoring._records import UNKNOWN, cells_of, last_day, names_of, stated
from vvvresearch.monitoring._transitions import watch_list
from vvvresearch.results import Base, Column, Labels, Result, Total

# Counts from 1 to one below it are small: they are shown nowhere, and nowhere can they be worked out.
THRESHOLD = 5
COUNTS = ("ongoing", "ended", "waiting", "referred", "volunteers")
_HERE = ("present", "covered", "active")
# What municipalities may have in common, the best ground first.
_ALIKE = ("municipality_type", "size", "region")
_SOON = 183


@dataclass(frozen=True, eq=False)
class SheetEvidence:
    """The registers that sheets are made of; those that a round lacks are None.

    Args:
        monitoring: extracts, one row a municipality and extract.
        municipalities: code, name, region of those that there are.
        matches, offers, referred, agreements, volunteers, activities, housing_areas: as their own analyses take them.
        categories: quarterly categories, else the extracts.
        on: the day up to which registers are counted.
        threshold: counts below it are small.
    """

    monitoring: Register
    municipalities: pd.DataFrame
    matches: Register | None = None
    offers: Register | None = None
    referred: Register | None = None
    agreements: Register | None = None
    volunteers: Register | None = None
    activities: Register | None = None
    housing_areas: Register | None = None
    categories: Register | None = None
    on: str = ""
    threshold: int = THRESHOLD

    @cached_property
    def day(self) -> str:
        """The day up to which something is counted."""
        frame = None if self.matches is None else self.matches.frame
        return self.on or ("" if frame is None else last_day(frame, "", "start", "end"))

    @cached_property
    def names(self) -> dict[str, str]:
        """Code → name, in the order of the table."""
        return names_of(self.municipalities)

    @cached_property
    def latest(self) -> pd.DataFrame:
        """The rows of the latest extract by municipality."""
        frame: pd.DataFrame = self.monitoring.frame
        last: pd.DataFrame = frame[frame["extract"] == frame["extract"].max()]
        return last.drop_duplicates("municipality").set_index("municipality")

    @cached_property
    def alike(self) -> tuple[str, pd.Series[str]]:
        """By what municipalities are called alike, and its value for each."""
        column = next((name for name in _ALIKE if name in self.municipalities.columns), "")
        values = cells_of(self.municipalities, column) if column else pd.Series("", index=self.municipalities.index)
        return column, pd.Series(values.to_numpy(), index=list(self.names), dtype=object)

    def like(self, code: str) -> list[str]:
        """The other municipalities that are like one, and have the programme."""
        _, values = self.alike
        here = self.latest.index[self.latest["status"].isin(_HERE)] if "status" in self.latest else self.latest.index
        there = set(map(str, here))
        return [other for other in self.names if other != code and values[other] == values[code] and other in there]

    @cached_property
    def counts(self) -> pd.DataFrame:
        """One row a municipality, a column for each of `COUNTS` that the registers tell."""
        found = {name: rows for name in COUNTS if (rows := getattr(self, f"_{name}")) is not None}
        table = {name: rows.value_counts() for name, rows in found.items()}
        return pd.DataFrame(table).reindex(list(self.names)).fillna(0).astype(int)

    @cached_property
    def hidden(self) -> pd.DataFrame:
        """Which of the counts may not be shown."""
        regions = pd.Series(cells_of(self.municipalities, "region").to_numpy(), index=list(self.names), dtype=object)
        hidden = self.counts.apply(lambda counts: not_shown(counts, regions, self.threshold)).astype(bool)
        met = [name for name in ("ongoing", "ended") if name in hidden]
        if met and "referred" in hidden and self.referred is not None and _equal(self.referred.frame, getattr(self.matches, "frame", None)):
            # Whoever the register of matches says was referred goes on or is done: the one is told by the other two.
            near = hidden[met].any(axis=1).groupby(regions).transform("any")
            hidden["referred"] |= near & (self.counts["referred"] > 0)
        return hidden

    def shown(self, code: str, name: str) -> int | None:
        """A count that may be shown; None where it may not."""
        row = list(self.names).index(code)
        return None if self.hidden[name].to_numpy()[row] else int(self.counts[name].to_numpy()[row])

    def sources_of(self, code: str) -> pd.Series[int]:
        """How many persons each source has referred in a municipality, most first."""
        rows = self._referrals
        if rows is None:
            return pd.Series(dtype=int)
        own = rows[(rows["municipality"] == code) & (rows["source"] != UNKNOWN)].drop_duplicates(["person", "source"])
        return own["source"].value_counts()

    @cached_property
    def agreement(self) -> pd.DataFrame | None:
        """Every agreement with its state on the day."""
        return None if self.agreements is None else agreement_states(self.agreements.frame, self.day)

    @cached_property
    def why(self) -> Mapping[str, tuple[str, ...]]:
        """Why each municipality is to be watched; none for most."""
        return {code: self.reasons(code) for code in self.names}

    def reasons(self, code: str) -> tuple[str, ...]:
        """Why a municipality is to be watched."""
        found = list(self._by_categories.get(code, ()))
        if code not in self.latest.index:
            return tuple(dict.fromkeys((*found, "no_extract")))
        row = self.latest.loc[code]
        here = row["status"] in _HERE
        if not here and any(row[name] == "yes" for name in ("need_new_arrivals", "need_long_term") if name in self.latest.columns):
            found.append("need_unmet")
        if here and "ongoing" in self.counts and self.counts.at[code, "ongoing"] == 0:
            found.append("no_match")
        return tuple(dict.fromkeys((*found, *self._agreement_reasons(code))))

    def _agreement_reasons(self, code: str) -> list[str]:
        if self.agreement is None:
            return []
        own = self.agreement[self.agreement["municipality"] == code]
        standing = own[own["state"] == "in_force"]
        if len(own) and standing.empty and (own["state"] == "expired").any():
            return ["agreement_expired"]
        soon = (datetime.date.fromisoformat(self.day) + datetime.timedelta(days=_SOON)).isoformat() if self.day else ""
        ends = (standing["expires"] != "") & (standing["expires"] <= soon)
        return ["agreement_expiring"] if len(standing) and ends.all() else []

    @cached_property
    def _by_categories(self) -> dict[str, list[str]]:
        frame = watch_list(self.monitoring if self.categories is None else self.categories)
        return {str(code): str(why).split(";") for code, why in zip(frame["municipality"], frame["why"], strict=True)}

    @property
    def _ongoing(self) -> pd.Series[str] | None:
        return None if self._met is None else self._met.loc[self._met["end"] == "", "municipality"]

    @property
    def _ended(self) -> pd.Series[str] | None:
        return None if self._met is None else self._met.loc[self._met["end"] != "", "municipality"]

    @cached_property
    def _met(self) -> pd.DataFrame | None:
        """Matches that have begun; who was offered a friend and has not met one yet stands in the register too."""
        if self.matches is None:
            return None
        frame = pd.DataFrame({name: cells_of(self.matches.frame, name) for name in ("municipality", "start", "end", END_DAY)})
        # What has ended some day has ended.
        frame["end"] = frame["end"].where(frame["end"] != "", frame[END_DAY])
        return frame[(frame["start"] != "") | (frame["end"] != "")]

    @property
    def _waiting(self) -> pd.Series[str] | None:
        if self.offers is None:
            return None
        frame = self.offers.frame
        further = [cells_of(frame, name) != "" for name in ("matched", "started", "start", "stopped", "end")]
        # Where nobody wrote down who said yes, who was offered a match waits for one.
        since = cells_of(frame, next((name for name in ("accepted", "offered") if name in frame.columns), "referred"))
        return cells_of(frame, "municipality")[~since.isin(("", "no", "False")) & ~pd.concat(further, axis=1).any(axis=1)]

    @property
    def _referred(self) -> pd.Series[str] | None:
        rows = self._referrals
        return None if rows is None else rows.drop_duplicates(["municipality", "person"])["municipality"]

    @cached_property
    def _referrals(self) -> pd.DataFrame | None:
        """Municipality, person and source of every referral; of matches without persons, each match stands for one."""
        if self.referred is None or "referral_source" not in self.referred.frame.columns:
            return None
        frame = self.referred.frame
        person = next(name for name in ("person", "refugee", "match") if name in frame.columns)
        rows = pd.DataFrame({"municipality": cells_of(frame, "municipality"), "person": cells_of(frame, person)})
        rows["source"] = stated(cells_of(frame, "referral_source"))
        return rows if person == "person" else rows[rows["source"] != UNKNOWN]

    @property
    def _volunteers(self) -> pd.Series[str] | None:
        if self.volunteers is None:
            return None
        since, until = cells_of(self.volunteers.frame, "since"), cells_of(self.volunteers.frame, "until")
        there = (since != "") & (since <= self.day) & ((until == "") | (until > self.day))
        return cells_of(self.volunteers.frame, "municipality")[there]


_LATEST: list[SheetEvidence] = []


def kept_evidence(new: SheetEvidence) -> SheetEvidence:
    """The evidence of sheets; what is counted for one municipality is counted for all, and kept for the next one's sheet."""
    if not (_LATEST and _same(_LATEST[0], new)):
        _LATEST[:] = [new]
    return _LATEST[0]


def _same(one: SheetEvidence, other: SheetEvidence) -> bool:
    pairs = [(getattr(one, part.name), getattr(other, part.name)) for part in fields(SheetEvidence)]
    return all(_equal(getattr(left, "frame", left), getattr(right, "frame", right)) for left, right in pairs)


def _equal(left: Any, right: Any) -> bool:
    return bool(left is right or (type(left) is type(right) and (left.equals(right) if isinstance(left, pd.DataFrame) else left == right)))


def not_shown(counts: pd.Series[int], groups: pd.Series[str], threshold: int = THRESHOLD) -> pd.Series[bool]:
    """Which counts of a column may not be shown, where the sum of each group is known to readers.

    Small are counts from 1 to `threshold` - 1. In a group with a small one the smallest others are hidden too, until a reader who
    knows the sum, and everything that is shown, can take every hidden count to be `threshold` or more. A zero tells of nobody and is
    shown. Where a group has too few persons for that, everybody in it is hidden, and its sum must not be printed either.

    Args:
        counts: one number a row.
        groups: the group that each row is summed in.

    Returns:
        Whether a row is hidden.

    Example:
        >>> not_shown(pd.Series([3, 9, 40]), pd.Series(["a", "a", "a"])).tolist()
        [True, True, False]
    """
    hidden = (counts > 0) & (counts < threshold)
    for group in groups[hidden].unique():
        own = counts[groups == group]
        rest = own[own >= threshold].sort_values(kind="stable")
        shut = own[(own > 0) & (own < threshold)]
        # Every hidden count is at least 1 to a reader who knows that zeros are shown.
        while len(rest) and (len(shut) < 2 or shut.sum() - (len(shut) - 1) < threshold):
            shut = pd.concat([shut, rest.iloc[:1]])
            rest = rest.iloc[1:]
        hidden[shut.index] = True
    return hidden


CHECKS = ("agreement", "contact_person", "meetings", "referrals", "need")
STATES = ("met", "not_met", "unknown")
# A meeting or another activity of the last year counts as one.
_DAYS = 365
_NEEDS = ("need_new_arrivals", "need_long_term")


def checklist(evidence: SheetEvidence, code: str, kind: DataKind) -> Result:
    """Five points of collaboration: met, not met, or not told by any register; no point weighs more than another, and nothing is ranked.

    An agreement is in force; a contact person is named (whether one is, never who); something was held within a year; the latest extract
    says who refers; need is judged for new arrivals and long-term residents.

    Args:
        evidence: the registers.
        code: the municipality.
        kind: of all registers together.

    Returns:
        Result; frame check, state. Totals `met`, `known`, of the points that registers tell of.
    """
    states = {name: _state(found) for name, found in _found(evidence, code).items()}
    known = [state for state in states.values() if state != "unknown"]
    base = Base(len(known), "check")
    return Result(
        frame=pd.DataFrame({"check": list(states), "state": list(states.values())}),
        base=base,
        title=Phrase("monitoring.checklist"),
        notes=(Phrase("monitoring.checklist_note", {"met": known.count("met"), "known": len(known)}),),
        shows=(Column("check", Phrase("monitoring.checklist_check")), Column("state", Phrase("monitoring.checklist_state"))),
        kind=kind,
        at=f"municipality/{code}/checklist",
        keys=("check",),
        labels={
            "check": Labels({name: Phrase(f"monitoring.check_{name}") for name in CHECKS}),
            "state": Labels({name: Phrase(f"monitoring.checked_{name}") for name in STATES}),
        },
        totals={"met": Total(known.count("met"), base), "known": Total(len(known), base)},
    )


def _state(found: bool | None) -> str:
    return "unknown" if found is None else "met" if found else "not_met"


def _found(evidence: SheetEvidence, code: str) -> dict[str, bool | None]:
    """Whether each point is met; None where no register has the column, or the municipality is not in the latest extract."""
    told = evidence.latest.loc[code] if code in evidence.latest.index else None

    def says(*columns: str) -> list[str] | None:
        if told is None or not set(columns) <= set(evidence.latest.columns):
            return None
        return [str(told[column] or "") for column in columns]

    person, sources, needs = says("contact_person"), says("referral_sources"), says(*_NEEDS)
    return {
        "agreement": _agreed(evidence, code),
        "contact_person": None if person is None else person[0] not in ("", "no", "nan"),
        "meetings": _met(evidence, code),
        "referrals": None if sources is None else sources[0] not in ("", "nan"),
        "need": None if needs is None else set(needs) <= {"yes", "no"},
    }


def _agreed(evidence: SheetEvidence, code: str) -> bool | None:
    if evidence.agreement is None:
        return None
    own = evidence.agreement[evidence.agreement["municipality"] == code]
    return bool((own["state"] == "in_force").any())


def _met(evidence: SheetEvidence, code: str) -> bool | None:
    if evidence.activities is None or not evidence.day:
        return None
    frame = evidence.activities.frame
    dates = cells_of(frame, "date")[cells_of(frame, "municipality") == code]
    since = (datetime.date.fromisoformat(evidence.day) - datetime.timedelta(days=_DAYS)).isoformat()
    return bool(((dates > since) & (dates <= evidence.day)).any())

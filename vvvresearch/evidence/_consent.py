"""Whose each row is: the registry of source types, and the one filter that takes somebody who withdrew out of every source."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from vvvresearch.evidence._register import RESPONDENT_GROUPS, Loss, Losses

if TYPE_CHECKING:
    import pandas as pd

Whose = Literal["", "interview", "pair", "half", "respondent", "match", "named"]


@dataclass(frozen=True)
class SourceType:
    """One kind of source.

    Args:
        id: the word in a round's definition.
        reader: the function of `vvvresearch.sources` that reads it; "" for what is only described.
        whose: what a row belongs to, for consent: an interview, a pair, one half of a pair, a respondent, a match,
            whoever its columns name; "" nobody's.
        numbers: columns that hold counts, besides those that the definition names.
        single: whether a round has at most one.
        shares: columns that hold numbers from 0 to 1.
        unit: what one of its rows is, where a definition does not say: a key of the table of units.
    """

    id: str
    reader: str
    whose: Whose = ""
    numbers: tuple[str, ...] = ()
    single: bool = True
    shares: tuple[str, ...] = ()
    unit: str = "row"


def _register(name: str, whose: Whose = "", *, shares: tuple[str, ...] = (), single: bool = True, unit: str = "row") -> SourceType:
    return SourceType(name, "read_register", whose, single=single, shares=shares, unit=unit)


def _records(name: str, whose: Whose = "", *, unit: str = "row") -> SourceType:
    return SourceType(name, "read_records", whose, unit=unit)


SOURCE_TYPES: dict[str, SourceType] = {
    one.id: one
    for one in (
        SourceType("interviews", "read_interviews", "interview", unit="interview"),
        SourceType("codings", "read_codings", "interview", unit="segment"),
        SourceType("codebook", "read_codebook"),
        SourceType("mappings", "read_mappings", "half", unit="link"),
        SourceType("survey", "read_survey", "respondent", single=False, unit="respondent"),
        SourceType("published", "read_published", single=False, unit="value"),
        SourceType("courses", "read_courses", unit="course"),
        SourceType("monitoring", "read_monitoring"),
        SourceType("matches", "read_matches", "match", unit="match"),
        SourceType("counts", "read_counts", unit="value"),
        SourceType("theory", "read_theory"),
        SourceType("configurations", "read_configurations", "interview"),
        SourceType("ledger", "read_ledger"),
        _records("context", unit="value"),
        _register("guide"),
        _register("claims", unit="claim"),
        _register("judgements", "pair", shares=("membership",)),
        _register("attributes", "half"),
        _register("contacts", "pair", unit="contact"),
        _register("observations", "interview"),
        _records("categories"),
        _records("campaigns"),
        _records("housing_areas"),
        _register("documents"),
        _records("agreements", unit="agreement"),
        _records("referrals", "match"),
        _records("snapshots", "match"),
        _records("volunteers"),
        _records("activities", unit="activity"),
        _records("materials", unit="material"),
        _records("offers", "match"),
        _register("recommendations", unit="recommendation"),
        _register("codebook_changes"),
        _register("answers_as_received", "respondent", single=False),
        _register("register", "named", single=False),
        SourceType("documentary", "", single=False, unit=""),
    )
}


_ROLES = ("role", "perspective", "respondent_group")
# Headings under which a table of the round's own names people.
_NAMED = {
    "interview": "interview", "person": "person", "informant": "person", "source": "source", "transcript": "source",
    "respondent": "respondent", "pair": "pair", "par": "pair", "role": "role", "rolle": "role", "respondent_group": "role",
}  # fmt: skip


@dataclass(frozen=True)
class Consent:
    """Who has withdrawn, by every name under which sources know a person; and whose words may not be quoted.

    Args:
        interviews: ids of their interviews.
        sources: names of their transcripts.
        halves: (pair, role) of those in pairs.
        silent_sources, silent_halves: the same for people who may be analysed and not quoted.
        persons: their ids in the column `person`, by which other rounds know them.
        respondents: ids of those whose answers to surveys are out.
        silent_persons: ids, of persons and of their interviews, of people who may be analysed and not quoted.
    """

    interviews: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    halves: frozenset[tuple[str, str]] = frozenset()
    silent_sources: frozenset[str] = frozenset()
    silent_halves: frozenset[tuple[str, str]] = frozenset()
    persons: frozenset[str] = frozenset()
    respondents: frozenset[str] = frozenset()
    silent_persons: frozenset[str] = frozenset()

    @classmethod
    def of(cls, register: pd.DataFrame, withdrawn: Collection[str] = ()) -> Consent:
        """The consent of a round, from its interview register. An unknown consent is no refusal of analysis, and none to be quoted.

        Who refuses in one interview has refused in all: an interview belongs to a person by the column `person`, in pairs by pair
        and role, else it stands by itself.

        Args:
            register: interview, pair, respondent_group, source, consent_analysis, consent_quote, optionally person.
            withdrawn: who has withdrawn elsewhere, by an id in the column `person` or `interview`, or by pair and role ("P01/refugee").
        """
        interview, source, pair, role, known = (
            register[name].fillna("").astype(str).tolist() if name in register else [""] * len(register)
            for name in ("interview", "source", "pair", "respondent_group", "person")
        )
        person = _persons(register).tolist()
        refused = register["consent_analysis"].eq(False).fillna(False).astype(bool).tolist()
        quotable = register["consent_quote"].fillna(False).astype(bool).tolist()
        names = set(withdrawn) - {""}
        halves = list(zip(pair, role, strict=True))
        named = ({who, own, "/".join(half)} & names for who, own, half in zip(known, interview, halves, strict=True))
        out = {who for who, no, found in zip(person, refused, named, strict=True) if no or found}
        quiet = {who for who, yes in zip(person, quotable, strict=True) if not yes}
        gone = [row for row, who in enumerate(person) if who in out]
        silent = [row for row, who in enumerate(person) if who in quiet]
        staying = {source[row] for row, who in enumerate(person) if who not in out}
        return cls(
            frozenset(interview[row] for row in gone),
            frozenset(source[row] for row in gone) - {""} - staying,
            frozenset(halves[row] for row in gone if pair[row]),
            frozenset(source[row] for row in silent) - {""},
            frozenset(halves[row] for row in silent if pair[row]),
            frozenset(known[row] for row in gone) - {""},
            silent_persons=frozenset(one for row in silent for one in (known[row], interview[row])) - {""},
        )

    def __bool__(self) -> bool:
        return bool(self.interviews)

    def _answers(self, survey: Any) -> Any:
        """A survey without the answers of those who withdrew; they are not among the invited either."""
        out = {name for name in self.respondents if name in set(map(str, survey.answers.index))}
        if not out:
            return survey
        changed = {"answers": survey.answers[[str(name) not in out for name in survey.answers.index]]}
        if survey.invited is not None:
            changed["invited"] = survey.invited[[str(name) not in out for name in survey.invited.index]]
        if survey.log is not None:
            changed["log"] = survey.log[~survey.log["respondent"].astype(str).isin(out)]
        return dataclasses.replace(survey, **changed)

    @property
    def pairs(self) -> frozenset[str]:
        """Pairs of which a half has withdrawn: what was judged about them is for people to decide."""
        return frozenset(pair for pair, _ in self.halves)

    def apply(self, evidence: Any, source_type: str) -> Any:
        """Evidence without those who withdrew, by the rule of its source type; passages also say whether they may be shown.

        Args:
            evidence: what the reader of the type gives.
            source_type: a key of `SOURCE_TYPES`.
        """
        whose = SOURCE_TYPES[source_type].whose
        if source_type == "codings":
            return self._codings(evidence)
        if source_type == "survey":
            return self._answers(evidence)
        if source_type == "mappings":
            nodes, links = (_marked(_without(part, self._of_half), self._may_show_half) for part in (evidence.nodes, evidence.links))
            return dataclasses.replace(evidence, nodes=nodes.drop(columns="quotable"), links=links)
        if source_type == "configurations":
            passages = _marked(evidence.passages[~evidence.passages["source"].isin(self.sources)], self._may_show_source)
            return dataclasses.replace(evidence, passages=passages.reset_index(drop=True))
        rules = {
            "interview": self._of_interview,
            "half": self._of_half,
            "pair": self._of_pair,
            "respondent": self._of_respondent,
            "named": self._of_named,
        }
        if not (self or self.respondents) or not hasattr(evidence, "frame"):
            return evidence
        if whose == "match":
            return self._unlinked(evidence)
        return dataclasses.replace(evidence, frame=_without(evidence.frame, rules[whose])) if whose in rules else evidence

    def _unlinked(self, matches: Any) -> Any:
        """A match stays counted in the programme's volume; what ties it to a pair of the evaluation goes."""
        if "pair" not in matches.frame:
            return matches
        pair = matches.frame["pair"].where(~self._of_pair(matches.frame), "")
        return dataclasses.replace(matches, frame=matches.frame.assign(pair=pair))

    def _codings(self, codings: Any) -> Any:
        """Passages, texts and variables of their transcripts go; what was left out is counted without saying whose it was."""
        if not self.sources:
            return codings
        out = codings.frame["source"].isin(self.sources)
        where = f"{len(self.sources)} transcripts"
        loss = Loss("passages without consent to analysis", int(out.sum()), where, "left out as consent requires")
        changed: dict[str, Any] = {"frame": codings.frame[~out].reset_index(drop=True), "losses": codings.losses + Losses((loss,))}
        for name in ("texts", "offsets"):
            changed[name] = {source: part for source, part in getattr(codings, name).items() if source not in self.sources}
        for name in ("sources", "cases"):
            if (table := getattr(codings, name)) is not None:
                changed[name] = table[~table["source"].isin(self.sources)]
        changed["memos"] = self._notes(codings.memos, "target", "on", ("source", "passage"))
        if codings.cases is not None and changed["memos"] is not None:
            # What was noted on a case speaks of the person when none of its transcripts may be used.
            gone = set(codings.cases["case"]) - set(changed["cases"]["case"])
            changed["memos"] = _without(changed["memos"], lambda rows: (rows["on"] == "case") & rows["target"].isin(gone))
        changed["sets"] = self._notes(codings.sets, "member", "kind", ("source",))
        return dataclasses.replace(codings, **changed)

    def _notes(self, table: pd.DataFrame | None, column: str, kind: str, kinds: tuple[str, ...]) -> pd.DataFrame | None:
        """Memos or sets without the rows on their transcripts."""
        return None if table is None else _without(table, lambda rows: rows[kind].isin(kinds) & rows[column].isin(self.sources))

    def _of_interview(self, frame: pd.DataFrame) -> pd.Series[bool]:
        gone = frame["interview"].isin(self.interviews) if "interview" in frame else self._of_pair(frame)
        return gone | frame["source"].isin(self.sources) if "source" in frame else gone

    def _of_half(self, frame: pd.DataFrame) -> pd.Series[bool]:
        role = next(name for name in _ROLES if name in frame)
        pair = frame["pair"] if "pair" in frame else frame["case"]
        gone = _series([key in self.halves for key in zip(pair.astype(str), frame[role].astype(str), strict=True)], frame)
        # A link may name who told it, whatever half of which pair it stands under.
        return gone | frame["informant"].isin(self.persons | self.interviews) if "informant" in frame else gone

    def _of_pair(self, frame: pd.DataFrame) -> pd.Series[bool]:
        name = next((name for name in ("pair", "case") if name in frame), None)
        return frame[name].astype(str).isin(self.pairs) if name else _series([False] * len(frame), frame)

    def _of_named(self, frame: pd.DataFrame) -> pd.Series[bool]:
        """Rows of a table of the round's own that name somebody who withdrew, by whichever of its columns name people."""
        named = {_NAMED[name.casefold()]: str(name) for name in map(str, frame.columns) if name.casefold() in _NAMED}
        gone = _series([False] * len(frame), frame)
        for column, ids in (
            ("interview", self.interviews),
            ("person", self.persons | self.respondents),
            ("source", self.sources),
            ("respondent", self.respondents),
        ):
            if column in named:
                gone |= frame[named[column]].astype(str).isin(ids)
        if "pair" not in named:
            return gone
        pairs = frame[named["pair"]].astype(str)
        roles = frame[named["role"]].astype(str) if "role" in named else pairs.map(lambda _: "")
        # A row whose role is no group's id speaks of the pair, of which nothing is known to be the other half's alone.
        own = [
            (pair, role) in self.halves or (pair in self.pairs and role not in RESPONDENT_GROUPS)
            for pair, role in zip(pairs, roles, strict=True)
        ]
        return gone | _series(own, frame)

    def _of_respondent(self, frame: pd.DataFrame) -> pd.Series[bool]:
        return frame["respondent"].astype(str).isin(self.respondents) if "respondent" in frame else _series([False] * len(frame), frame)

    def _may_show_half(self, frame: pd.DataFrame) -> list[bool]:
        role = next(name for name in _ROLES if name in frame)
        pair = frame["pair"] if "pair" in frame else frame["case"]
        shown = [key not in self.silent_halves for key in zip(pair.astype(str), frame[role].astype(str), strict=True)]
        if "informant" not in frame:
            return shown
        return [own and str(teller) not in self.silent_persons for own, teller in zip(shown, frame["informant"], strict=True)]

    def _may_show_source(self, frame: pd.DataFrame) -> list[bool]:
        return [str(source) not in self.silent_sources for source in frame["source"]]


def _persons(register: pd.DataFrame) -> pd.Series[str]:
    pair = register["pair"].fillna("").astype(str)
    own = register["interview"].astype(str).where(pair == "", pair + "/" + register["respondent_group"].astype(str))
    if "person" not in register:
        return own
    given = register["person"].fillna("").astype(str)
    return own.where(given == "", "person/" + given)


def _series(values: list[bool], frame: pd.DataFrame) -> pd.Series[bool]:
    import pandas as pd

    return pd.Series(values, index=frame.index, dtype=bool)


def _without(frame: pd.DataFrame, rule: Callable[[pd.DataFrame], pd.Series[bool]]) -> pd.DataFrame:
    return frame[~rule(frame)].reset_index(drop=True)


def _marked(frame: pd.DataFrame, may_show: Callable[[pd.DataFrame], list[bool]]) -> pd.DataFrame:
    """The rows with a column `quotable`: whether their words may leave the team."""
    return frame.assign(quotable=may_show(frame))

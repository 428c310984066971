"""Realist configurations with the evidence for each, and mechanism by moderator by outcome, case by case, with the counter-cases kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, UnanswerableError, did_you_mean, require_table
from vvvresearch.evidence import DIRECTIONS, ConfigurationFile, Interviews
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase, Sayable
from vvvresearch.mechanisms._cases import CaseConditions, Declared, one_outcome, read_cases, root_of
from vvvresearch.results import Base, Column, Labels, Measure, Names, Result, Total

STANCES = ("supports", "refutes", "nuances")
STATUSES = ("candidate", "supported", "refined", "counter_case", "unsupported", "refuted", "abandoned")
_REQUIRED = ("id", "resource", "reasoning", "outcome")
_OPTIONAL = ("context", "direction", "actor", "text", "status", "theory_version", "memo")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Configurations(Result):
    """Configurations with their evidence. `.frame` has one row a configuration.

    Args:
        passages: every passage with its configuration, case, stance, source and quote.
        trail: the memo trail, one row a theory version of a configuration, oldest first.
    """

    passages: pd.DataFrame
    trail: pd.DataFrame

    def evidence(self, *configuration: str, **cell: object) -> Any:
        """The passages of one configuration, supporting first.

        Args:
            configuration: its id; or one address.
            cell: as of any result.

        Returns:
            DataFrame of the passages of a configuration; Evidence where an address or keys were given.
        """
        if cell or len(configuration) != 1 or "." in configuration[0]:
            return super().evidence(*configuration, **cell)
        return self._passages_of(configuration[0])

    def _passages_of(self, configuration: str) -> pd.DataFrame:
        known = set(self.frame["id"])
        if configuration not in known:
            raise AnalysisError(f"there is no configuration {configuration!r}", todo=did_you_mean(configuration, known))
        own = self.passages[self.passages["configuration"] == configuration]
        return own.sort_values("stance", key=lambda stances: stances.map(STANCES.index), kind="stable").reset_index(drop=True)


def configurations(
    records: pd.DataFrame | Sequence[Mapping[str, Any]] | ConfigurationFile,
    passages: pd.DataFrame | None = None,
    *,
    interviews: Interviews | None = None,
    kind: DataKind | None = None,
) -> Configurations:
    """Bring configurations and the passages for and against them together.

    Args:
        records: from `read_configurations`, or one a configuration (and, for a trail, one more for each later theory version): id,
            resource (what the programme offers), reasoning (how people respond to it), outcome; where there are: context (one or
            several, ";" between), direction ("promotes", "hinders"), actor, text (if … then … because …; with it the parts may be
            empty), status, theory_version, memo.
        passages: configuration, case (or source), stance ("supports", "refutes", "nuances"), and where there are source, quote, wave.
        interviews: the register: a source belongs to the case of its pair. Without it, and outside pairs, a source is its own case.
        kind: kind of the data; default that of the records.

    Returns:
        Configurations; `.frame` has the newest version of each configuration with the number of cases that support, refute
        and nuance it, their names, and flag: "no case evidence", "contradicted" or "". A missing text is said from the parts.

    Raises:
        AnalysisError: fields missing, unknown words, passages of unknown configurations or without a case.

    Source: Pawson and Tilley 1997; Dalkin et al. 2015 for resource and reasoning.

    Example:
        >>> found = configurations([{"id": "c1", "resource": "ven", "reasoning": "tryghed", "outcome": "taler"}])
        >>> found.frame.loc[0, "flag"]
        'no case evidence'
    """
    own_kind = DataKind.REAL
    if isinstance(records, ConfigurationFile):
        own_kind, passages, records = records.kind, records.passages if passages is None else passages, records.records
    versions = _read_records(records)
    cited = _read_passages(passages, set(versions["id"]), interviews)
    newest = versions.drop_duplicates("id", keep="last").reset_index(drop=True)
    rows = []
    told: dict[tuple[str], str | Phrase] = {}
    for record in newest.to_dict("records"):
        own = cited[cited["configuration"] == record["id"]]
        cases = {stance: sorted(set(own.loc[own["stance"] == stance, "case"])) for stance in STANCES}
        flag = "no case evidence" if own.empty else "contradicted" if cases["refutes"] else ""
        told[(record["id"],)] = record["text"] or _sentence(record)
        counts = {f"n_{stance}": len(names) for stance, names in cases.items()}
        listed = {f"{stance}_cases": tuple(names) for stance, names in cases.items()}
        rows.append({**{str(name): value for name, value in record.items()}, **counts, **listed, "passages": len(own), "flag": flag})
    frame = pd.DataFrame(rows)
    return Configurations(
        frame=frame,
        base=Base(int(cited["case"].nunique()), unit="case"),
        title=Phrase("mechanisms.title_configurations"),
        notes=(Phrase("mechanisms.configurations_method"), Phrase("mechanism_tables.configurations_note")),
        shows=_shown(),
        kind=kind or own_kind,
        at="configurations",
        keys=("id",),
        measures=(*(Measure(stance, of="", known=f"n_{stance}") for stance in STANCES), Measure("passages", of="")),
        categories={"status": STATUSES},
        row_unit="configuration",
        labels={"text": Labels(told, on=("id",))},
        totals={"configurations": Total(len(frame), Base(len(frame), "configuration"))},
        passages=cited,
        trail=versions[["id", "theory_version", "status", "memo"]],
    )


def _read_records(records: pd.DataFrame | Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    if records is None or isinstance(records, str):
        require_table(records, "records")
    table = records if isinstance(records, pd.DataFrame) else pd.DataFrame([dict(record) for record in records])
    if table.empty:
        raise AnalysisError("there are no configurations")
    require_table(table, "records", _REQUIRED)
    made = pd.DataFrame({name: _texts(table, name) for name in (*_REQUIRED, *_OPTIONAL)})
    for name in _REQUIRED:
        # What is worded as a whole need not be told in parts.
        empty = (made[name] == "") & ((made["text"] == "") | (name == "id"))
        if empty.any():
            raise AnalysisError(f"a configuration has no {name}", where=f"configuration {made.loc[empty, 'id'].iloc[0] or 'without id'}")
    made.loc[made["direction"] == "", "direction"] = DIRECTIONS[0]
    made.loc[made["status"] == "", "status"] = "candidate"
    for name, known in (("direction", DIRECTIONS), ("status", STATUSES)):
        _refuse_unknown(made, name, known, "id")
    double = made.duplicated(["id", "theory_version"])
    if double.any():
        raise AnalysisError("a configuration stands twice in one theory version", where=f"configuration {made.loc[double, 'id'].iloc[0]}")
    return made


def _read_passages(passages: pd.DataFrame | None, known: set[str], interviews: Interviews | None) -> pd.DataFrame:
    columns = ("configuration", "case", "stance", "source", "quote", "wave")
    if passages is None:
        return pd.DataFrame(columns=list(columns))
    if "case" not in passages.columns and "source" in passages.columns:
        passages = passages.assign(case=_cases_of(_texts(passages, "source"), interviews))
    require_table(passages, "passages", columns[:3])
    made = pd.DataFrame({name: _texts(passages, name) for name in columns})
    _refuse_unknown(made, "configuration", sorted(known), "case")
    _refuse_unknown(made, "stance", STANCES, "case")
    if (made["case"] == "").any():
        raise AnalysisError("a passage names no case", where=f"configuration {made.loc[made['case'] == '', 'configuration'].iloc[0]}")
    return made


def _cases_of(sources: Sequence[str], interviews: Interviews | None) -> list[str]:
    register = {} if interviews is None else dict(zip(interviews.frame["source"], interviews.frame["pair"], strict=True))
    return [str(register.get(source) or source) for source in sources]


def _refuse_unknown(table: pd.DataFrame, name: str, known: Sequence[str], place: str) -> None:
    wrong = ~table[name].isin(list(known))
    if wrong.any():
        word = str(table.loc[wrong, name].iloc[0])
        raise AnalysisError(
            f"the {name} {word!r} is not known", where=f"{place} {table.loc[wrong, place].iloc[0]}", todo=did_you_mean(word, known)
        )


def _texts(table: pd.DataFrame, name: str) -> list[str]:
    if name not in table.columns:
        return [""] * len(table)
    return ["" if value is None or value != value else str(value).strip() for value in table[name]]


def _sentence(record: Mapping[Any, Any]) -> Phrase:
    context = Joined(tuple(part.strip() for part in record["context"].split(";") if part.strip()), " + ")
    values = {"context": context, "resource": record["resource"], "reasoning": record["reasoning"], "outcome": record["outcome"]}
    key = "mechanisms.if_then_hinders" if record["direction"] == "hinders" else "mechanisms.if_then_because"
    return Phrase(key if context.parts else f"{key}_anywhere", values)


def _shown() -> tuple[Column, ...]:
    return (
        Column("id", Phrase("mechanism_tables.configuration_id")),
        Column("text", Phrase("mechanisms.configuration")),
        *(Names(f"{stance}_cases", Phrase(f"mechanism_tables.{stance}_cases")) for stance in STANCES),
        Column("status", Phrase("mechanism_tables.judged"), words="mechanism_words"),
    )


NONE = "none"


def mechanism_table(
    data: pd.DataFrame | CaseConditions,
    mechanisms: Sequence[str] | None = None,
    outcome: str = "",
    moderators: Sequence[str] | None = None,
    *,
    kind: DataKind | None = None,
) -> Result:
    """How often each mechanism goes with the outcome, with and without each moderator, and which cases speak against it.

    Args:
        data: one row a case, named by the index, or what `case_conditions` made; yes/no columns of 0 and 1 (or memberships, above
            .5 is yes).
        mechanisms: columns of mechanisms, default those declared; a last block shows the cases without any of them.
        outcome: column of the outcome; default the only one declared.
        moderators: columns that may further or hinder, default the other declared conditions of the set analysis; every mechanism
            is shown with and without each.
        kind: kind of the data; default their own.

    Returns:
        A Result; `.frame` has mechanism ("none" is none of them), moderator ("" is all cases), present ("with", "without", ""), n,
        with_outcome, without_outcome, cases_with, cases_without, counter_cases: where a mechanism is named those without the
        outcome, in the block of none those with it (a good match that needs another explanation).

    Raises:
        AnalysisError: unknown columns, missing values.
        UnanswerableError: no cases, or no mechanism is declared.

    Example:
        >>> import pandas as pd
        >>> pairs = pd.DataFrame({"lighed": [1, 0, 0], "godt": [1, 1, 0]}, index=["P1", "P2", "P3"])
        >>> mechanism_table(pairs, ["lighed"], "godt").frame[["mechanism", "n", "counter_cases"]].values.tolist()
        [['lighed', 1, ''], ['none', 2, 'P2']]
    """
    table, kind, declared = read_cases(data, kind)
    outcome = one_outcome(declared, outcome)
    chosen = list(declared.mechanisms if mechanisms is None else mechanisms)
    others = [name for name in declared.expectations if name not in chosen] if moderators is None else list(moderators)
    if table.empty or not chosen:
        todo = "declare which of the conditions are mechanisms, or name columns"
        raise UnanswerableError("the table needs cases and at least one mechanism", reason=Phrase("absent.mechanisms_declared"), todo=todo)
    names = [*chosen, *others, outcome]
    for name in names:
        if name not in table.columns:
            raise AnalysisError(f"there is no column {name!r}", todo=did_you_mean(name, [str(column) for column in table.columns]))
        missing = pd.to_numeric(table[name], errors="coerce").isna()
        if missing.any():
            raise AnalysisError(f"{name!r} is missing or no number", where=f"case {table.index[missing][0]}")
    yes = table[names].astype(float) > 0.5
    blocks = [(name, yes[name]) for name in chosen]
    blocks.append((NONE, ~yes[chosen].any(axis=1)))
    splits = [("", "")] + [(name, present) for name, present in product(others, ("with", "without"))]
    rows = []
    for (mechanism, inside), (moderator, present) in product(blocks, splits):
        within = inside if not moderator else inside & (yes[moderator] == (present == "with"))
        with_outcome = [str(case) for case in table.index[within & yes[outcome]]]
        without = [str(case) for case in table.index[within & ~yes[outcome]]]
        rows.append(
            {
                "mechanism": mechanism,
                "moderator": moderator,
                "present": present,
                "n": int(within.sum()),
                "with_outcome": len(with_outcome),
                "without_outcome": len(without),
                "cases_with": ", ".join(with_outcome),
                "cases_without": ", ".join(without),
                "counter_cases": ", ".join(with_outcome if mechanism == NONE else without),
            }
        )
    counts = ("n", "with_outcome", "without_outcome")
    return Result(
        frame=pd.DataFrame(rows),
        base=Base(len(table), unit="case"),
        title=Phrase("mechanisms.title_crosstable", {"outcome": declared.named(outcome)}),
        notes=(Phrase("mechanisms.crosstable_method"),),
        shows=(
            Column("mechanism", Phrase("mechanisms.mechanism")),
            Column("moderator", Phrase("mechanism_tables.circumstance")),
            *(Column(name, Phrase(f"mechanisms.{name}"), format="count") for name in counts),
            Column("counter_cases", Phrase("mechanisms.counter_cases")),
        ),
        kind=kind,
        at=root_of("mechanisms", outcome, declared.setting),
        keys=("mechanism", "moderator", "present"),
        measures=(Measure("n", of=""), *(Measure(name) for name in counts[1:])),
        labels={
            "mechanism": Labels({NONE: Phrase("mechanism_tables.none_of_them"), **declared.words}),
            "moderator": Labels(_circumstances(others, declared), on=("moderator", "present")),
        },
    )


def _circumstances(moderators: Sequence[str], declared: Declared) -> dict[tuple[str, str], Sayable]:
    told: dict[tuple[str, str], Sayable] = {("", ""): Phrase("mechanism_tables.all_pairs")}
    for name, present in product(moderators, ("with", "without")):
        told[name, present] = Phrase(f"mechanism_tables.{present}", {"name": declared.named(name)})
    return told

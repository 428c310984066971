"""From case mappings, judgements and attributes to the memberships an analysis uses, by declared rules that are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import DIRECTIONS, Mappings, Register, waves_in_order
from vvvresearch.kinds import DataKind, combined_kind
from vvvresearch.locales import Joined, Phrase, Sayable
from vvvresearch.mechanisms._cases import CaseConditions, Declared
from vvvresearch.mechanisms._decimals import decimal
from vvvresearch.mechanisms.small_n._perspectives import Perspectives
from vvvresearch.results import Base, Column, Labels, Measure, recorded

_GROUNDS = ["case", "condition", "membership", "informants", "quotes", "reason"]


@dataclass(frozen=True)
class Linked:
    """Membership by who says, in a case's mapping, that one of some factors leads to another.

    Args:
        cause, effect: node ids; any of them will do. No effect means any.
        direction: "promotes" or "hinders".
        memberships: what nobody saying so gives, what one half of the pair gives, what both give.
    """

    cause: tuple[str, ...]
    effect: tuple[str, ...] = ()
    direction: str = "promotes"
    memberships: tuple[float, float, float] = (0.0, 1.0, 1.0)

    def words(self, name: str) -> Phrase:
        """The rule as a sentence."""
        levels = Joined(tuple(decimal(value) for value in self.memberships), " / ")
        ends = {"cause": ", ".join(self.cause), "effect": ", ".join(self.effect) or "…"}
        return Phrase("mechanisms.rule_linked", {**ends, "direction": Phrase(f"mechanisms.link_{self.direction}"), "levels": levels})


@dataclass(frozen=True)
class Judged:
    """Membership as the evaluators judged and documented it.

    Args:
        condition: its name in the table of judgements; default the condition's own.
    """

    condition: str = ""

    def words(self, name: str) -> Phrase:
        """The rule as a sentence."""
        return Phrase("mechanisms.rule_judged", {"condition": self.condition or name})


@dataclass(frozen=True)
class Alike:
    """Membership by whether both halves of the pair have the same in an attribute.

    Args:
        attribute: its name in the perspectives.
        within: largest difference that still counts as the same, for attributes with an order.
        share: whether lists count as alike as soon as they share something.
    """

    attribute: str
    within: float = 0.0
    share: bool = False

    def words(self, name: str) -> Phrase:
        """The rule as a sentence."""
        key = "mechanisms.rule_share" if self.share else "mechanisms.rule_alike"
        return Phrase(key, {"attribute": self.attribute, "within": decimal(self.within)})


Rule = Linked | Judged | Alike
_CODES = {Linked: "linked", Judged: "judged", Alike: "alike"}


@recorded
def case_conditions(
    rules: Mapping[str, Rule],
    *,
    mappings: Mappings | None = None,
    judgements: pd.DataFrame | Register | None = None,
    pairs: Perspectives | None = None,
    wave: str | None = None,
    declared: Declared | None = None,
    kind: DataKind | None = None,
) -> CaseConditions:
    """Make memberships of cases from what was mapped, judged or recorded, by rules that stand in the result.

    Args:
        rules: condition → Linked (case mappings), Judged (documented judgements) or Alike (both halves' attributes).
        mappings: for Linked rules.
        judgements: for Judged rules: case, condition, membership; where there are: wave, reason.
        pairs: for Alike rules, from `perspectives`.
        wave: use only this wave of mappings and judgements; needed when there are several.
        declared: words, expectations and roles of the conditions.
        kind: kind of the data; default that of the evidence.

    Returns:
        CaseConditions; `.frame` with case, condition, membership; `.table`, `.rules`, `.grounds`. Membership in an outcome is a
        documented set judgement, never progress.

    Raises:
        AnalysisError: a rule whose source is missing, unknown nodes, conditions or attributes, several waves, a case that one
            source knows and another does not, memberships judged twice or outside 0–1.
    """
    if not rules:
        raise AnalysisError("no condition is declared")
    known = declared or Declared()
    links = None if mappings is None else mappings.links
    judged = judgements.frame if isinstance(judgements, Register) else judgements
    waves = _waves(table for table in (links, judged) if table is not None)
    if wave is not None and waves and str(wave) != waves[0]:
        known = replace(known, setting=f"wave-{wave}")
    links = None if links is None else _one_wave(links, wave, "mappings", rules, Linked)
    judged = None if judged is None else _one_wave(judged, wave, "judgements", rules, Judged)
    rows: list[dict[str, Any]] = []
    for name, rule in rules.items():
        if isinstance(rule, Linked):
            rows += _linked(name, rule, links, mappings)
        elif isinstance(rule, Judged):
            rows += _judged(name, rule, judged)
        else:
            rows += _alike(name, rule, pairs)
    grounds = pd.DataFrame(rows, columns=_GROUNDS)
    table = grounds.pivot(index="case", columns="condition", values="membership")[list(rules)]
    table.columns.name = None
    for name in table.columns:
        gaps = table.index[table[name].isna()]
        if len(gaps):
            raise AnalysisError(
                f"the condition {name!r} has no membership",
                where=f"case {', '.join(map(str, gaps[:5]))}",
                todo="judge the case, or leave it out of every source",
            )
    frame = pd.DataFrame(
        [{"case": case, "condition": name, "membership": float(table.loc[case, name])} for case in table.index for name in table.columns]
    )
    crisp = bool(frame["membership"].isin((0.0, 1.0)).all())
    decimals = 0 if crisp else 2
    kinds = [part.kind for part in (mappings, judgements, pairs) if isinstance(part, Mappings | Register | Perspectives)]
    return CaseConditions(
        frame=frame,
        base=Base(len(table), unit="case", wave=str(wave) if len(waves) > 1 and wave is not None else ""),
        title=Phrase("mechanisms.title_conditions"),
        notes=tuple(
            Phrase("mechanisms.rule", {"condition": _told(name, known.words), "words": rule.words(name)}) for name, rule in rules.items()
        ),
        assumptions=(Phrase("mechanisms.set_judgement"),),
        shows=(
            Column("case", Phrase("mechanisms.case")),
            Column("condition", Phrase("qca.condition")),
            Column("membership", Phrase("mechanisms.membership"), "number", decimals),
        ),
        kind=kind or (combined_kind(kinds) if kinds else DataKind.REAL),
        at="/".join(part for part in ("conditions", known.setting) if part),
        keys=("case", "condition"),
        measures=(Measure("membership", "number", decimals, of=""),),
        labels={"condition": Labels(known.words)},
        table=table,
        rules=pd.DataFrame({"condition": list(rules), "rule": [_CODES[type(rule)] for rule in rules.values()]}),
        grounds=grounds,
        declared=known,
    )


def given_judgements(judgements: pd.DataFrame) -> pd.DataFrame:
    """The rows whose membership was filled in: an empty cell is no judgement."""
    return judgements[judgements["membership"].notna() & (judgements["membership"].astype(str).str.strip() != "")]


def first_wave(*tables: pd.DataFrame) -> str:
    """The earliest wave of some tables; "" where none has any."""
    return next(iter(_waves(tables)), "")


def _waves(tables: Iterable[pd.DataFrame]) -> list[str]:
    return waves_in_order(wave for table in tables if "wave" in table.columns for wave in table["wave"])


def _told(name: str, words: Mapping[str, str | Sayable]) -> str | Sayable:
    return Phrase("mechanisms.named", {"name": name, "words": words[name]}) if name in words else name


def _one_wave(table: pd.DataFrame, wave: str | None, name: str, rules: Mapping[str, Rule], needing: type[Rule]) -> pd.DataFrame:
    if "wave" not in table.columns or not any(isinstance(rule, needing) for rule in rules.values()):
        return table
    waves = waves_in_order(table["wave"])
    if wave is None and len(waves) > 1:
        raise AnalysisError(f"the {name} have several waves", where=", ".join(waves), todo=f"choose one: wave={waves[0]!r}")
    chosen = table if wave is None else table[table["wave"].astype(str) == str(wave)]
    if chosen.empty:
        raise AnalysisError(f"the {name} have no wave {wave!r}", todo=did_you_mean(str(wave), waves))
    return chosen


def _linked(name: str, rule: Linked, links: pd.DataFrame | None, mappings: Mappings | None) -> list[dict[str, Any]]:
    if links is None or mappings is None:
        raise AnalysisError(f"the condition {name!r} needs mappings", todo="give mappings=r.mappings")
    if rule.direction not in DIRECTIONS:
        raise AnalysisError(
            f"the direction {rule.direction!r} is not known", where=f"condition {name}", todo=did_you_mean(rule.direction, DIRECTIONS)
        )
    known = {str(node) for node in mappings.nodes["node"]}
    for node in (*rule.cause, *rule.effect):
        if node not in known:
            raise AnalysisError(f"no mapping has a node {node!r}", where=f"condition {name}", todo=did_you_mean(node, known))
    hit = links["cause"].isin(rule.cause) & (links["direction"] == rule.direction)
    if rule.effect:
        hit &= links["effect"].isin(rule.effect)
    rows = []
    for case in sorted(links["case"].unique()):
        own = links[hit & (links["case"] == case)]
        halves = len(set(own["perspective"]) & set(mappings.halves))
        membership = rule.memberships[0] if own.empty else rule.memberships[max(1, halves)]
        quotes = " / ".join(quote for quote in own["quote"] if quote)
        rows.append(_row(case, name, membership, ", ".join(sorted(set(own["informant"]))), quotes, ""))
    return rows


def _judged(name: str, rule: Judged, judgements: pd.DataFrame | None) -> list[dict[str, Any]]:
    if judgements is None:
        raise AnalysisError(f"the condition {name!r} needs judgements", todo="give judgements=, with case, condition and membership")
    wanted = rule.condition or name
    own = given_judgements(judgements[judgements["condition"] == wanted])
    if own.empty:
        raise AnalysisError(f"nobody judged {wanted!r}", todo=did_you_mean(wanted, map(str, judgements["condition"].unique())))
    twice = own["case"][own["case"].duplicated()]
    if len(twice):
        raise AnalysisError(f"{wanted!r} is judged twice", where=f"case {twice.iloc[0]}")
    values = pd.to_numeric(own["membership"], errors="coerce")
    wrong = ~values.between(0, 1)
    if wrong.any():
        raise AnalysisError(f"a membership in {wanted!r} is no number from 0 to 1", where=f"case {own.loc[wrong, 'case'].iloc[0]}")
    reasons: Sequence[Any] = own["reason"].tolist() if "reason" in own.columns else [""] * len(own)
    return [_row(case, name, float(value), "", "", str(reason)) for case, value, reason in zip(own["case"], values, reasons, strict=True)]


def _alike(name: str, rule: Alike, pairs: Perspectives | None) -> list[dict[str, Any]]:
    if pairs is None:
        raise AnalysisError(f"the condition {name!r} needs both halves' attributes", todo="give pairs=perspectives(attributes)")
    own = pairs.frame[pairs.frame["attribute"] == rule.attribute]
    if own.empty:
        raise AnalysisError(
            f"there is no attribute {rule.attribute!r}",
            where=f"condition {name}",
            todo=did_you_mean(rule.attribute, map(str, pairs.frame["attribute"].unique())),
        )
    first, second = pairs.halves
    rows = []
    for record in own.to_dict("records"):
        if record["relation"] == "unknown":
            raise AnalysisError(f"{rule.attribute!r} is not known of both halves", where=f"case {record['pair']}")
        near = record["distance"] <= rule.within if record["distance"] == record["distance"] else False
        alike = record["relation"] == "same" or near or (rule.share and record["relation"] == "some_shared")
        rows.append(_row(record["pair"], name, float(alike), "", "", f"{record[first]} / {record[second]}"))
    return rows


def _row(case: Any, condition: str, membership: float, informants: str, quotes: str, reason: str) -> dict[str, Any]:
    return dict(zip(_GROUNDS, (str(case), condition, membership, informants, quotes, reason), strict=True))

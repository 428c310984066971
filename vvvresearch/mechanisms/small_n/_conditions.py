"""From case mappings, judgements and attributes to the memberships an analysis uses, by declared rules that are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import DIRECTIONS, Mappings
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, check_lang
from vvvresearch.mechanisms._decimals import decimal
from vvvresearch.mechanisms.small_n._perspectives import Perspectives
from vvvresearch.results import Base, Result


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


@dataclass(frozen=True)
class Judged:
    """Membership as the evaluators judged and documented it.

    Args:
        condition: its name in the table of judgements; default the condition's own.
    """

    condition: str = ""


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


Rule = Linked | Judged | Alike


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class CaseConditions(Result):
    """Memberships of cases. `.frame` has one row a case: case, and a column a condition; `.table` has cases as its index.

    Args:
        rules: one row a condition with its rule in words.
        evidence: one row a case and condition: membership, informants, quotes, reason.
    """

    rules: pd.DataFrame
    evidence: pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """Cases as the index, ready for `truth_table`, `moderators` and `mechanism_table`."""
        return self.frame.set_index("case")


def case_conditions(
    rules: Mapping[str, Rule],
    *,
    mappings: Mappings | None = None,
    judgements: pd.DataFrame | None = None,
    pairs: Perspectives | None = None,
    wave: str | None = None,
    kind: DataKind | None = None,
    lang: Lang = "da",
) -> CaseConditions:
    """Make memberships of cases from what was mapped, judged or recorded, by rules that stand in the result.

    Args:
        rules: condition → Linked (case mappings), Judged (documented judgements) or Alike (both halves' attributes).
        mappings: for Linked rules.
        judgements: for Judged rules: case, condition, membership; where there are: wave, reason.
        pairs: for Alike rules, from `perspectives`.
        wave: use only this wave of mappings and judgements; needed when there are several.
        kind: kind of the data; default that of the mappings.
        lang: language of the rules in words.

    Returns:
        CaseConditions; `.table`, `.rules` and `.evidence`. Membership in an outcome is a documented set judgement, never progress.

    Raises:
        AnalysisError: a rule whose source is missing, unknown nodes, conditions or attributes, several waves, a case that one
            source knows and another does not, memberships judged twice or outside 0–1.
    """
    if not rules:
        raise AnalysisError("no condition is declared")
    spoken = check_lang(lang)
    links = None if mappings is None else _one_wave(mappings.links, wave, "mappings")
    judged = None if judgements is None else _one_wave(judgements, wave, "judgements")
    rows: list[dict[str, Any]] = []
    words = []
    for name, rule in rules.items():
        if isinstance(rule, Linked):
            rows += _linked(name, rule, links, mappings)
            said = {"cause": ", ".join(rule.cause), "effect": ", ".join(rule.effect) or "…", "direction": rule.direction}
            levels = " / ".join(decimal(value).say(spoken) for value in rule.memberships)
            words.append(Phrase("mechanisms.rule_linked", {**said, "levels": levels}).say(spoken))
        elif isinstance(rule, Judged):
            rows += _judged(name, rule, judged)
            words.append(Phrase("mechanisms.rule_judged", {"condition": rule.condition or name}).say(spoken))
        else:
            rows += _alike(name, rule, pairs)
            words.append(Phrase("mechanisms.rule_alike", {"attribute": rule.attribute, "within": decimal(rule.within)}).say(spoken))
    evidence = pd.DataFrame(rows, columns=["case", "condition", "membership", "informants", "quotes", "reason"])
    table = evidence.pivot(index="case", columns="condition", values="membership")[list(rules)]
    for name in table.columns:
        gaps = table.index[table[name].isna()]
        if len(gaps):
            raise AnalysisError(
                f"the condition {name!r} has no membership",
                where=f"case {', '.join(map(str, gaps[:5]))}",
                todo="judge the case, or leave it out of every source",
            )
    known = kind or (mappings.kind if mappings is not None else pairs.kind if pairs is not None else DataKind.REAL)
    frame = table.reset_index()
    frame.columns.name = None
    return CaseConditions(
        frame=frame,
        base=Base(len(table), unit="case"),
        title=Phrase("mechanisms.title_conditions"),
        notes=tuple(Phrase("mechanisms.rule", {"condition": name, "words": said}) for name, said in zip(rules, words, strict=True)),
        assumptions=(Phrase("mechanisms.set_judgement"),),
        kind=known,
        lang=spoken,
        rules=pd.DataFrame({"condition": list(rules), "rule": words}),
        evidence=evidence,
    )


def _one_wave(table: pd.DataFrame, wave: str | None, name: str) -> pd.DataFrame:
    if "wave" not in table.columns:
        return table
    waves = sorted(table["wave"].astype(str).unique())
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
    known = set(mappings.nodes["node"])
    for node in (*rule.cause, *rule.effect):
        if node not in known:
            raise AnalysisError(f"no mapping has a node {node!r}", where=f"condition {name}", todo=did_you_mean(node, known))
    hit = links["cause"].isin(rule.cause) & (links["direction"] == rule.direction)
    if rule.effect:
        hit &= links["effect"].isin(rule.effect)
    rows = []
    for case in sorted(links["case"].unique()):
        own = links[hit & (links["case"] == case)]
        halves = len(set(own["perspective"]) & {"refugee", "volunteer"})
        membership = rule.memberships[0] if own.empty else rule.memberships[max(1, halves)]
        quotes = " / ".join(quote for quote in own["quote"] if quote)
        rows.append(_row(case, name, membership, ", ".join(sorted(set(own["informant"]))), quotes, ""))
    return rows


def _judged(name: str, rule: Judged, judgements: pd.DataFrame | None) -> list[dict[str, Any]]:
    if judgements is None:
        raise AnalysisError(f"the condition {name!r} needs judgements", todo="give judgements=, with case, condition and membership")
    wanted = rule.condition or name
    own = judgements[judgements["condition"] == wanted]
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
    rows = []
    for record in own.to_dict("records"):
        if record["relation"] == "unknown":
            raise AnalysisError(f"{rule.attribute!r} is not known of both halves", where=f"case {record['pair']}")
        near = record["distance"] <= rule.within if record["distance"] == record["distance"] else False
        alike = record["relation"] == "same" or near or (rule.share and record["relation"] == "some shared")
        rows.append(_row(record["pair"], name, float(alike), "", "", f"{record['refugee']} / {record['volunteer']}"))
    return rows


def _row(case: Any, condition: str, membership: float, informants: str, quotes: str, reason: str) -> dict[str, Any]:
    return {
        "case": str(case),
        "condition": condition,
        "membership": membership,
        "informants": informants,
        "quotes": quotes,
        "reason": reason,
    }

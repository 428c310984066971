"""The mechanisms of a round as a notebook hands them over: configurations, theory, set analysis, perspectives, moderators, ledger."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import RoundError
from vvvresearch.figures import theory_of_change
from vvvresearch.locales import Phrase, text
from vvvresearch.mechanisms import (
    Judged,
    Perspectives,
    arrow_table,
    case_conditions,
    configurations,
    evidence_ledger,
    mechanism_table,
    moderators,
    perspectives,
)
from vvvresearch.reporting._output import Output
from vvvresearch.reporting._round_basis import trace_sources
from vvvresearch.reporting._round_qca import Labels, hand_over_qca
from vvvresearch.results import Base, Column, Result

if TYPE_CHECKING:
    from vvvresearch.rounds import Round
    from vvvresearch.sources import ConfigurationFile

_DIRECTIONS = {"promotes": "furthers", "hinders": "hinders"}
EXPECTED = ("hours_wanted", "kind_wanted")


def hand_over_mechanisms(
    out: Output,
    opened: Round,
    *,
    outcome: str,
    expectations: Mapping[str, int],
    labels: Labels,
    mechanisms: Sequence[str] = (),
    candidates: Sequence[str] = (),
    wave: str = "",
) -> dict[str, Result]:
    """Write what works for whom under which circumstances, with what speaks against it.

    Tables: `configurations`, `mechanism-outcomes`, `arrows`, those of `hand_over_qca`, `expectations`, `likeness`, `moderators`,
    `ledger`, `ledger-rivals`. Figures: `theory`, `xy`. A part whose source the round does not have is left out.

    Args:
        out: the notebook's output.
        opened: the round; its sources `judgements`, `configurations`, `theory`, `attributes`, `ledger` as far as it has them.
        outcome: the outcome set among the judgements.
        expectations: conditions of the set analysis, each with the value (1 or 0) expected to further the outcome.
        labels: words for conditions and outcome: {"SIM": {"da": …, "en": …}}.
        mechanisms: the conditions that are mechanisms; the others are shown as moderators. Default all.
        candidates: what is tested for going with the outcome; default the conditions.
        wave: which wave of the judgements; empty is the first.

    Returns:
        The tables by name.
    """
    trace_sources(out, opened)
    tables: dict[str, Result] = {}
    if (read := _source(opened, "configurations")) is not None:
        tables["configurations"] = configuration_table(read, opened, out)
    if (theory := _source(opened, "theory")) is not None:
        arrows = arrow_table(theory, opened.mappings if opened.has("mappings") else None, opened.codings, lang=out.lang)
        tables["arrows"] = _arrow_words(arrows)
        out.figure("theory", theory_of_change(theory, arrows, lang=out.lang))
        for state in ("supported", "contested", "contradicted", "no evidence"):
            count = int((arrows.frame["state"] == state).sum())
            base = Base(len(arrows.frame), "link")
            out.value(f"theory.{state.replace(' ', '-')}", count, base=base, kind=arrows.kind)
        out.value("theory.arrows", len(arrows.frame), base=Base(len(arrows.frame), "link"), kind=arrows.kind)
    if (judged := _source(opened, "judgements")) is not None:
        names = list(dict.fromkeys([*expectations, *candidates, outcome]))
        chosen = wave or str(min(judged.frame["wave"])) if "wave" in judged.frame else None
        cases = case_conditions({name: Judged() for name in names}, judgements=judged.frame, wave=chosen, kind=opened.kind, lang=out.lang)
        tables["mechanism-outcomes"] = _crosstable(cases.table, outcome, expectations, mechanisms, labels, out)
        tables["moderators"] = moderator_table(cases.table, outcome, candidates or list(expectations), labels, out)
    pairs = _perspectives(opened, out)
    if pairs is not None:
        tables |= {"expectations": discrepancy_table(pairs), "likeness": likeness_table(pairs)}
        out.value("expectations.pairs", int(pairs.discrepancies["pair"].nunique()), base=pairs.base, kind=pairs.kind)
    tables |= _ledger(opened, out)
    for name, table in tables.items():
        out.table(name, table)
    if judged is not None:
        tables |= hand_over_qca(out, cases.table, outcome, expectations, labels, opened.kind)
    return tables


def _source(opened: Round, name: str) -> Any:
    """A source of the round by its id, or None where the round has none; what is wrong in it still stops."""
    if all(source.id != name for source in opened.spec.sources):
        return None
    return opened.read(name)


def configuration_table(read: ConfigurationFile, opened: Round, out: Output) -> Result:
    """Configurations with the pairs that support, refute and nuance them; each stands with its counter-cases.

    Returns:
        Result; .frame as of `configurations`, with the file's own judgement in `judged`.
    """
    pair_of = opened.interviews.frame.set_index("source")["pair"].to_dict()
    passages = read.passages.copy()
    # A passage of someone outside the pairs is a case of its own.
    passages["case"] = [pair_of.get(source) or source for source in passages["source"]]
    passages["case"] = passages["case"].where(passages["case"].notna() & (passages["case"] != ""), passages["source"])
    records = read.records.copy()
    records["direction"] = records["direction"].map(lambda word: _DIRECTIONS.get(word, word))
    for name in ("resource", "reasoning"):
        records[name] = records[name].where(records[name] != "", text("mechanism_tables.not_described", out.lang))
    judged = dict(zip(records["id"], records["status"], strict=True))
    # The file's own words for counter-cases and for what nothing supports are kept beside the statuses of the analysis.
    records["status"] = records["status"].where(records["status"] == "supported", "candidate")
    made = configurations(records, passages, kind=read.kind, lang=out.lang)
    frame = made.frame.assign(judged=[judged[name] for name in made.frame["id"]])
    for name in ("supported", "counter_case", "unsupported"):
        count = int((frame["judged"] == name).sum())
        out.value(f"configurations.{name.replace('_', '-')}", count, base=Base(len(frame), "value"), kind=made.kind)
    out.value("configurations.n", len(frame), base=Base(len(frame), "value"), kind=made.kind)
    return Result(
        frame=frame,
        base=made.base,
        title=made.title,
        notes=(Phrase("mechanism_tables.configurations_note"),),
        shows=(
            Column("id", Phrase("mechanism_tables.configuration_id")),
            Column("text", Phrase("mechanisms.configuration")),
            Column("supports_cases", Phrase("mechanism_tables.supports_cases")),
            Column("refutes_cases", Phrase("mechanism_tables.refutes_cases")),
            Column("nuances_cases", Phrase("mechanism_tables.nuances_cases")),
            Column("judged", Phrase("mechanism_tables.judged"), words="mechanism_words"),
        ),
        kind=made.kind,
        lang=made.lang,
    )


def _arrow_words(arrows: Result) -> Result:
    columns = tuple(dataclasses.replace(column, words="mechanism_words") if column.name == "state" else column for column in arrows.shows)
    return dataclasses.replace(arrows, shows=tuple(column for column in columns if column.name != "missing"))


def _named(name: str, labels: Labels, out: Output) -> str:
    return labels[name][out.lang] if name in labels else name


def _crosstable(
    cases: pd.DataFrame, outcome: str, expectations: Mapping[str, int], mechanisms: Sequence[str], labels: Labels, out: Output
) -> Result:
    chosen = list(mechanisms) or list(expectations)
    others = [name for name in expectations if name not in chosen]
    found = mechanism_table(cases, chosen, outcome, others, kind=out.kind, lang=out.lang)
    frame = found.frame.copy()
    none = text("mechanism_tables.none_of_them", out.lang)
    frame["mechanism"] = [_named(name, labels, out) if name else none for name in frame["mechanism"]]
    frame["circumstance"] = [
        text(f"mechanism_tables.{'with' if present else 'without'}", out.lang, name=_named(moderator, labels, out))
        if moderator
        else text("mechanism_tables.all_pairs", out.lang)
        for moderator, present in zip(frame["moderator"], frame["present"], strict=True)
    ]
    names = [column for column in found.shows if column.name in ("n", "with_outcome", "without_outcome", "counter_cases")]
    first = (Column("mechanism", Phrase("mechanisms.mechanism")), Column("circumstance", Phrase("mechanism_tables.circumstance")))
    title = Phrase("mechanisms.title_crosstable", {"outcome": _named(outcome, labels, out)})
    return dataclasses.replace(found, frame=frame[frame["n"] > 0].reset_index(drop=True), shows=(*first, *names), title=title)


def moderator_table(cases: pd.DataFrame, outcome: str, candidates: Sequence[str], labels: Labels, out: Output) -> Result:
    """What goes with the outcome in so few pairs: cells, difference with interval, adjusted p, what could have been seen.

    Returns:
        Result; .frame as of `moderators`, with the cells in words.
    """
    found = moderators(cases, outcome, candidates, kind=out.kind, lang=out.lang)
    frame = found.frame.copy()
    cells = found.cell_counts.set_index(["candidate", "value"])
    for value, name in ((1, "with"), (0, "without")):
        frame[name] = [
            text("common.of", out.lang, part=int(cells.loc[(one, value), "yes"]), whole=int(cells.loc[(one, value), "n"]))
            for one in frame["candidate"]
        ]
    for row in frame.to_dict("records"):
        base = Base(int(row["n"]), "pair")
        key = str(row["candidate"]).lower()
        out.value(f"moderators.{key}.p", row["p_adjusted"], "p", base=base, kind=found.kind)
        verdict = Phrase(f"mechanism_words.{row['verdict']}")
        out.value(f"moderators.{key}.verdict", verdict, "text", base=base, kind=found.kind)
    frame["candidate"] = [_named(name, labels, out) for name in frame["candidate"]]
    return Result(
        frame=frame,
        base=found.base,
        title=Phrase("mechanisms.title_moderators", {"outcome": _named(outcome, labels, out)}),
        notes=(*found.notes[:-1], Phrase("mechanism_tables.cannot_tell_note")),
        shows=(
            Column("candidate", Phrase("mechanisms.candidate")),
            Column("with", Phrase("mechanism_tables.works_with")),
            Column("without", Phrase("mechanism_tables.works_without")),
            Column("effect", Phrase("mechanism_tables.difference"), "number", 2),
            Column("lower", Phrase("mechanisms.lower"), "number", 2),
            Column("upper", Phrase("mechanisms.upper"), "number", 2),
            Column("p_adjusted", Phrase("mechanisms.p_adjusted"), "p"),
            Column("least_rise", Phrase("mechanism_tables.least_rise"), "number", 2),
            Column("verdict", Phrase("mechanisms.verdict"), words="mechanism_words"),
        ),
        kind=found.kind,
        lang=found.lang,
    )


def _perspectives(opened: Round, out: Output) -> Perspectives | None:
    try:
        table = opened.read("attributes").frame
    except RoundError:
        return None
    frame = table.copy()
    for name in frame.columns:
        numbers = pd.to_numeric(frame[name], errors="coerce")
        if numbers.notna().all():
            frame[name] = numbers
    expected = [name for name in EXPECTED if name in frame.columns]
    left_out = [name for name in ("pseudonym", "occupation") if name in frame.columns]
    return perspectives(frame, expected, leave_out=left_out, kind=opened.kind, lang=out.lang)


def _both_values(pairs: Perspectives) -> tuple[Column, ...]:
    halves = (Column(role, Phrase(f"mechanism_tables.{role}"), words="mechanism_words") for role in ("refugee", "volunteer"))
    return (Column("attribute", Phrase("mechanism_tables.attribute"), words="mechanism_words"), *halves)


def discrepancy_table(pairs: Perspectives) -> Result:
    """The pairs whose halves expect different things of the relation, both values kept."""
    return Result(
        frame=pairs.discrepancies,
        base=pairs.base,
        title=Phrase("mechanism_tables.expectations_title"),
        notes=(Phrase("mechanism_tables.expectations_note"),),
        shows=(
            Column("pair", Phrase("mechanisms.contact_pair")),
            *_both_values(pairs),
            Column("relation", Phrase("mechanism_tables.relation"), words="mechanism_words"),
        ),
        kind=pairs.kind,
        lang=pairs.lang,
    )


def likeness_table(pairs: Perspectives) -> Result:
    """Attribute by attribute which pairs are alike, share something, or differ and in which direction; no score.

    Returns:
        Result; .frame: attribute, and for each relation the names of the pairs.
    """
    rows = []
    groups = {"same": ("same",), "shared": ("some shared",), "refugee_higher": ("refugee higher",)}
    groups |= {"volunteer_higher": ("volunteer higher",), "different": ("different",)}
    for attribute, part in pairs.frame.groupby("attribute", sort=False):
        named = {name: ", ".join(part.loc[part["relation"].isin(words), "pair"]) for name, words in groups.items()}
        rows.append({"attribute": attribute, **named})
    return Result(
        frame=pd.DataFrame(rows),
        base=pairs.base,
        title=Phrase("mechanism_tables.likeness_title"),
        notes=(Phrase("mechanism_tables.likeness_note"),),
        shows=(
            Column("attribute", Phrase("mechanism_tables.attribute"), words="mechanism_words"),
            *(Column(name, Phrase(f"mechanism_tables.{name}")) for name in groups),
        ),
        kind=pairs.kind,
        lang=pairs.lang,
    )


def _ledger(opened: Round, out: Output) -> dict[str, Result]:
    """Findings for and against the first hypothesis of the round's ledger, and how it stands against each rival."""
    ledgers = _source(opened, "ledger")
    if not ledgers:
        return {}
    one = ledgers[0]
    weighed = evidence_ledger(one.items, priors=one.priors, kind=one.kind, lang=out.lang)
    said = {row["item"]: row["text"] for row in one.items.to_dict("records")}
    spoken = {name: words.say(out.lang) for name, words in one.rivals.items()}
    frame = weighed.frame.copy()
    frame["item"] = [_say(said[name], out) for name in frame["item"]]
    frame["rival"] = [spoken.get(name, name) for name in frame["rival"]]
    columns = tuple(
        dataclasses.replace(column, words="mechanism_words") if column.name in ("seen", "test") else column
        for column in weighed.shows
        if column.name in ("item", "rival", "seen", "test", "ratio_low", "ratio_high")
    )
    title = Phrase("mechanism_tables.ledger_title", {"statement": one.statement.say(out.lang)})
    items = Result(
        frame=frame,
        base=weighed.base,
        title=title,
        notes=weighed.notes,
        shows=columns,
        kind=weighed.kind,
        lang=weighed.lang,
    )
    rivals = weighed.rivals.assign(rival=[spoken.get(name, name) for name in weighed.rivals["rival"]])
    low, high = weighed.posterior
    for name, number in (("low", low), ("high", high)):
        out.value(f"ledger.{name}", 100 * number, "percent", base=weighed.base, kind=weighed.kind)
    against = Result(
        frame=rivals,
        base=weighed.base,
        title=Phrase("mechanism_tables.rivals_title"),
        notes=(Phrase("mechanism_tables.rivals_note"),),
        assumptions=weighed.assumptions,
        shows=(
            Column("rival", Phrase("mechanisms.rival")),
            *(Column(name, Phrase(f"mechanism_tables.{name}"), "number", 2) for name in ("ratio_low", "ratio_high")),
            *(Column(name, Phrase(f"mechanism_tables.{name}"), "number", 2) for name in ("posterior_low", "posterior_high")),
        ),
        kind=weighed.kind,
        lang=weighed.lang,
    )
    return {"ledger": items, "ledger-rivals": against}


def _say(words: object, out: Output) -> str:
    return str(words.say(out.lang)) if hasattr(words, "say") else str(words)

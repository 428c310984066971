"""The deep-cut mappings of a round as notebooks hand them over: causal maps, robustness, changes, contacts, case portraits."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.errors import AnalysisError, RoundError
from vvvresearch.figures import causal_map_plot, contact_timeline
from vvvresearch.locales import Phrase, text
from vvvresearch.mechanisms import CausalMap, ContactPlan, causal_map, contact_plan, wave_changes
from vvvresearch.reporting._output import Output
from vvvresearch.reporting._round_basis import trace_sources
from vvvresearch.results import Base, Column, Result

if TYPE_CHECKING:
    from vvvresearch.evidence import Mappings
    from vvvresearch.rounds import Round

LEAST = 2  # informants of a bundle that is shown
GREATEST_DIFFERENCES = 12
CHANGES = ("kept", "new", "turned", "not named again")


def hand_over_mappings(out: Output, opened: Round, *, today: str = "") -> dict[str, Result]:
    """Write what a round's case mappings show.

    Figures: `causal-map` and one a perspective, `causal-map-refugee`, `causal-map-volunteer`, `contact-timeline`.
    Tables: `bundles` (two informants or more), `bundles-all`, `map-difference`, `robustness`, `changes`, `contacts`.
    Numbers: `map.factors`, `map.bundles`, `map.drawn`, `map.left-out`, `map.informants`, `map.citations`, `changes.<change>`,
    `contacts.<status>`, `contacts.lost-pairs`.

    Args:
        out: the notebook's output.
        opened: the round; it needs mappings. The plan of contacts is its source `contacts`, where it has one.
        today: the day the plan is judged by (YYYY-MM-DD); empty is the end of the round's period.

    Returns:
        The tables by name.
    """
    trace_sources(out, opened)
    mappings = opened.mappings
    whole = causal_map(mappings, lang=out.lang)
    tables = {
        "bundles": _bundles(whole),
        "bundles-all": dataclasses.replace(_bundles(whole), frame=whole.bundles, notes=whole.notes),
        "map-difference": difference_table(whole),
        "robustness": robustness_table(whole, mappings),
    }
    _keep(out, whole, _draw(out, whole))
    if mappings.links["wave"].nunique() > 1:
        tables["changes"] = change_table(out, mappings)
    plan = _contacts(out, opened, today)
    if plan is not None:
        tables["contacts"] = plan
    for name, table in tables.items():
        out.table(name, table)
    return tables


def _bundles(whole: CausalMap) -> Result:
    kept = whole.bundles[whole.bundles["informants"] >= LEAST].reset_index(drop=True)
    note = Phrase("network.filtered", {"least": LEAST, "left_out": len(whole.bundles) - len(kept), "all": len(whole.bundles)})
    return Result(
        frame=kept, base=whole.base, title=whole.title, notes=(note, *whole.notes), shows=whole.shows, kind=whole.kind, lang=whole.lang
    )


def _draw(out: Output, whole: CausalMap) -> int:
    """Draw the map of all and of each perspective. Returns how many bundles of the first were drawn."""
    first = causal_map_plot(whole)
    out.figure("causal-map", first)
    for group in ("refugee", "volunteer"):
        try:
            part = whole.only(perspective=group)
            drawing = causal_map_plot(
                part, least=LEAST, title=Phrase("mapping_tables.map_of", {"group": text(f"groups.{group}", out.lang)})
            )
        except AnalysisError:
            # A perspective that nobody or only single informants spoke from has no map; the table of differences says so.
            continue
        # What the counts mean stands under the map of all.
        out.figure(f"causal-map-{group}", dataclasses.replace(drawing, notes=drawing.notes[:1]))
    count = first.spoken[0]
    return int(count.values["n"]) if isinstance(count, Phrase) else len(whole.bundles)


def _keep(out: Output, whole: CausalMap, drawn: int) -> None:
    numbers = {
        "factors": len(whole.factors),
        "bundles": len(whole.bundles),
        "drawn": drawn,
        "left-out": len(whole.bundles) - drawn,
        "informants": int(whole.links["informant"].nunique()),
        "citations": int(whole.bundles["citations"].sum()),
        "cases": int(whole.links["case"].nunique()),
    }
    for name, number in numbers.items():
        out.value(f"map.{name}", number, base=whole.base, kind=whole.kind)


def difference_table(whole: CausalMap) -> Result:
    """The links that refugees and volunteers name most unlike often, with how many of each and the evaluator.

    Returns:
        Result; .frame: cause, effect, n_refugee, n_volunteer, n_evaluator, difference (share of refugees less share of volunteers).
    """
    compared = whole.compare("perspective")
    frame = compared.frame.copy()
    for group in ("refugee", "volunteer", "evaluator"):
        if f"n_{group}" not in frame:
            frame[f"n_{group}"], frame[f"share_{group}"] = 0, 0.0
    frame["difference"] = 100 * (frame["share_refugee"] - frame["share_volunteer"])
    order = frame["difference"].abs().sort_values(ascending=False, kind="stable").index
    shown = frame.loc[order].head(GREATEST_DIFFERENCES).reset_index(drop=True)
    names = ("cause", "effect", "n_refugee", "n_volunteer", "n_evaluator", "difference")
    return Result(
        frame=shown[list(names)],
        base=whole.base,
        title=Phrase("mapping_tables.difference_title"),
        notes=(Phrase("mapping_tables.difference_note", {"shown": len(shown), "all": len(frame)}), *compared.notes),
        shows=(
            Column("cause", Phrase("mechanisms.cause")),
            Column("effect", Phrase("mechanisms.outcome_of")),
            Column("n_refugee", Phrase("groups.refugee"), "count"),
            Column("n_volunteer", Phrase("groups.volunteer"), "count"),
            Column("n_evaluator", Phrase("mapping_tables.evaluator"), "count"),
            Column("difference", Phrase("mapping_tables.points"), "number"),
        ),
        kind=whole.kind,
        lang=whole.lang,
    )


def robustness_table(whole: CausalMap, mappings: Mappings) -> Result:
    """How well the way from the driver that most informants name to each outcome area is supported.

    Returns:
        Result; .frame: start, end, fewest, threads, flow_informants, flow_citations, told (in words).
    """
    factors = whole.factors
    drivers = factors[factors["role"] == "driver"]
    areas = {str(label) for label in mappings.nodes.loc[mappings.nodes["type"] == "outcome_area", "label"]}
    rows = []
    for start in drivers["factor"].head(1):
        for end in factors["factor"]:
            if end not in areas or end == start:
                continue
            found = whole.robustness(start, end)
            if not found.value:
                continue
            told = Phrase("mapping_tables.told") if found.threads else Phrase("mapping_tables.put_together")
            exact = found.value if found.exact else found.proved
            rows.append((start, end, exact, found.threads, found.informant_flow, found.citation_flow, told))
    names = ["start", "end", "fewest", "threads", "flow_informants", "flow_citations", "told"]
    return Result(
        frame=pd.DataFrame(rows, columns=names).sort_values(["threads", "fewest"], ascending=False, kind="stable").reset_index(drop=True),
        base=whole.base,
        title=Phrase("mapping_tables.robustness_title", {"start": ", ".join(drivers["factor"].head(1))}),
        notes=(Phrase("mapping_tables.robustness_note"), Phrase("mechanisms.map_transitivity")),
        shows=(
            Column("end", Phrase("mapping_tables.end")),
            *(Column(name, Phrase(f"mapping_tables.{name}"), "count") for name in names[2:6]),
            Column("told", Phrase("mapping_tables.chain")),
        ),
        kind=whole.kind,
        lang=whole.lang,
    )


def change_table(out: Output, mappings: Mappings) -> Result:
    """Per pair how many links are kept, new, turned or not named again between the waves; never a score.

    Returns:
        Result; .frame: case and a column of counts a change, and the links that turned.
    """
    found = wave_changes(mappings, lang=out.lang)
    counted = found.frame.groupby(["case", "change"]).size().unstack(fill_value=0).reindex(columns=list(CHANGES), fill_value=0)
    for change in CHANGES:
        base = dataclasses.replace(found.base, n=len(found.frame), unit="link")
        out.value(f"changes.{change.replace(' ', '-')}", int(counted[change].sum()), base=base, kind=found.kind)
    out.value("changes.pairs", found.base.n, base=found.base, kind=found.kind)
    frame = counted.reset_index()
    new = found.frame[found.frame["change"] == "new"]
    frame["new_links"] = [
        "; ".join(f"{row['cause']} → {row['effect']}" for row in new[new["case"] == case].head(2).to_dict("records"))
        for case in frame["case"]
    ]
    frame.columns = [str(name).replace(" ", "_") for name in frame.columns]
    return Result(
        frame=frame,
        base=found.base,
        title=found.title,
        notes=found.notes,
        shows=(
            Column("case", Phrase("mechanisms.case")),
            *(Column(name.replace(" ", "_"), Phrase(f"mapping_tables.{name.replace(' ', '_')}"), "count") for name in CHANGES),
            Column("new_links", Phrase("mapping_tables.new_links")),
        ),
        kind=found.kind,
        lang=found.lang,
    )


def _contacts(out: Output, opened: Round, today: str) -> Result | None:
    """The pairs' plan of contacts with due, overdue and drop-out, one row a pair."""
    try:
        register = opened.read("contacts")
    except RoundError:
        return None
    plan = contact_plan(register.frame, today or opened.spec.period.end.isoformat(), kind=opened.kind, lang=out.lang)
    contacts = Base(len(plan.frame), "value", source=register.origin)
    for status, count in plan.counts.items():
        out.value(f"contacts.{status.replace(' ', '-')}", count, base=contacts, kind=plan.kind)
    lost = int(plan.pairs["dropped_out"].notna().sum())
    out.value("contacts.lost-pairs", lost, base=plan.base, kind=plan.kind)
    out.figure("contact-timeline", contact_timeline(plan))
    return _pairs(plan)


def _pairs(plan: ContactPlan) -> Result:
    frame = plan.pairs.copy()
    late = plan.overdue.groupby("pair")["contact"].agg(", ".join)
    frame["overdue_contacts"] = [late.get(pair, "") for pair in frame["pair"]]
    return Result(
        frame=frame,
        base=plan.base,
        title=plan.title,
        notes=plan.notes,
        shows=(
            Column("pair", Phrase("mechanisms.contact_pair")),
            Column("done", Phrase("mapping_tables.contacts_done"), "count"),
            Column("planned", Phrase("mapping_tables.contacts_planned"), "count"),
            Column("overdue_contacts", Phrase("mapping_tables.contacts_overdue")),
            Column("next_due", Phrase("mapping_tables.contacts_next"), "date"),
            Column("dropped_out", Phrase("mapping_tables.contacts_lost"), "date"),
            Column("reason", Phrase("mechanisms.contact_reason")),
        ),
        kind=plan.kind,
        lang=plan.lang,
    )

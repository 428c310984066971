"""The theory of change arrow by arrow: who supports it, who contradicts it, and where evidence is missing."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.evidence import Codings, Element, Mappings, Theory
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Labels, Measure, Names, Picture, Result, Total

STATES = ("supported", "contested", "contradicted", "no evidence")
CODE_SEPARATOR = " > "


def arrow_table(
    theory: Theory,
    mappings: Mappings | None = None,
    codings: Codings | None = None,
    further: pd.DataFrame | None = None,
) -> Result:
    """Set the theory of change against the evidence.

    Args:
        theory: from `read_theory`.
        mappings: a link between nodes of both elements supports the arrow when it promotes, contradicts it when it hinders.
        codings: sources in which both elements are coded are counted; that is occurrence together, not support.
        further: other evidence, one row each: arrow, stance ("supports", "contradicts"), source; where there is, case.

    Returns:
        A Result; `.frame` has arrow, cause, effect (ids of elements), supporting, contradicting (informants and sources),
        supporting_cases, contradicting_cases, together (sources with both codes), state ("supported", "contested",
        "contradicted", "no evidence") and missing (ids of the elements that no node stands for, so that no map can cover them).

    Raises:
        AnalysisError: further evidence for an unknown arrow, or with an unknown stance.
    """
    extra = _further(further, theory)
    rows: list[dict[str, Any]] = []
    for arrow in theory.arrows:
        cause, effect = theory.element(arrow.cause), theory.element(arrow.effect)
        links = links_between(mappings, cause, effect)
        own = extra[extra["arrow"] == arrow.id]
        row: dict[str, Any] = {"arrow": arrow.id, "cause": cause.id, "effect": effect.id}
        for name, direction, stance in (("supporting", "promotes", "supports"), ("contradicting", "hinders", "contradicts")):
            told, added = links[links["direction"] == direction], own[own["stance"] == stance]
            people = sorted({*told["informant"], *added["source"]})
            cases = sorted({str(case) for case in (*told["case"], *added["case"]) if str(case)})
            row |= {f"n_{name}": len(people), name: ", ".join(people), f"{name}_cases": ", ".join(cases)}
        row["citations"] = len(links) + len(own)
        row["together"] = _coded_together(codings, cause, effect)
        row["state"] = _state(row["n_supporting"], row["n_contradicting"])
        row["missing"] = tuple(element.id for element in (cause, effect) if not element.nodes)
        rows.append(row)
    frame = pd.DataFrame(rows)
    elements = Labels({element.id: element.label for element in theory.elements})
    notes = (Phrase("mechanisms.arrows_method"),)
    kinds = [theory.kind, *(part.kind for part in (mappings,) if part is not None)]
    informants = sorted({*mappings.links["informant"]}) if mappings is not None else []
    return Result(
        frame=frame,
        base=Base(len(informants), unit="informant") if mappings is not None else Base(None),
        title=Phrase("mechanisms.title_arrows", {"title": theory.title, "version": theory.version}),
        notes=notes,
        shows=(
            Column("cause", Phrase("mechanisms.cause")),
            Column("effect", Phrase("mechanisms.outcome_of")),
            Column("n_supporting", Phrase("mechanisms.supports"), format="count"),
            Column("n_contradicting", Phrase("mechanisms.refutes"), format="count"),
            Column("together", Phrase("mechanisms.together"), format="count"),
            Column("state", Phrase("mechanisms.status"), words="mechanism_words"),
            Names("missing", Phrase("mechanisms.missing")),
        ),
        kind=combined_kind(kinds),
        at="theory",
        keys=("arrow",),
        measures=(
            *(Measure(name, of="", known=f"n_{name}") for name in ("supporting", "contradicting")),
            *(Measure(name, of="") for name in ("citations", "together")),
        ),
        categories={"state": STATES},
        row_unit="link",
        labels={"cause": elements, "effect": elements, "missing": elements},
        totals={"arrows": Total(len(frame), Base(len(frame), "link"))},
        pictures={"theory": Picture("theory_of_change", subject=theory, title=theory.title, options={"evidence": frame}, notes=notes)},
    )


def _further(further: pd.DataFrame | None, theory: Theory) -> pd.DataFrame:
    if further is None:
        return pd.DataFrame(columns=["arrow", "stance", "source", "case"])
    require_table(further, "further", ("arrow", "stance", "source"))
    known = [arrow.id for arrow in theory.arrows]
    for row in further.to_dict("records"):
        if row["arrow"] not in known:
            raise AnalysisError(
                f"there is no arrow {row['arrow']!r}", where=f"source {row['source']}", todo=did_you_mean(str(row["arrow"]), known)
            )
        if row["stance"] not in ("supports", "contradicts"):
            raise AnalysisError(f"the stance {row['stance']!r} is not known", where=f"arrow {row['arrow']}", todo="supports or contradicts")
    return further if "case" in further.columns else further.assign(case="")


def links_between(mappings: Mappings | None, cause: Element, effect: Element) -> pd.DataFrame:
    if mappings is None:
        return pd.DataFrame(columns=["informant", "case", "direction"])
    links = mappings.links
    return links[links["cause"].isin(cause.nodes) & links["effect"].isin(effect.nodes)]


def _coded_together(codings: Codings | None, cause: Element, effect: Element) -> int | None:
    if codings is None:
        return None
    sources = [
        {
            source
            for source, path in zip(codings.frame["source"], codings.frame["code_path"], strict=True)
            if any(path == code or str(path).startswith(code + CODE_SEPARATOR) for code in element.codes)
        }
        for element in (cause, effect)
    ]
    return len(sources[0] & sources[1])


def _state(supporting: int, contradicting: int) -> str:
    if supporting and contradicting:
        return "contested"
    return "supported" if supporting else "contradicted" if contradicting else "no evidence"

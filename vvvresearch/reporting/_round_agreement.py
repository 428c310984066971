"""Double coding of a round as notebooks hand it over: agreement per code and pooled, and the disagreements."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.evidence import SEPARATOR
from vvvresearch.locales import Phrase
from vvvresearch.reporting._output import Output
from vvvresearch.results import Base, Column, Result
from vvvresearch.themes import double_coding
from vvvresearch.themes.agreement import unitizing_alpha

if TYPE_CHECKING:
    from vvvresearch.evidence import Codings
    from vvvresearch.rounds import Round


def hand_over_agreement(out: Output, opened: Round) -> dict[str, Result]:
    """Write agreement between a round's coders: `agreement-sentence`, `agreement-document`, `unitizing`, `disagreements`.

    Numbers: `agreement.documents`, `agreement.<unit>.alpha`, `.kappa`, `.ac1`, `.percent`, `agreement.unitizing.u`, `.binary`, `.cu`.

    Args:
        out: the notebook's output.
        opened: the round; its codings need two coders.

    Returns:
        The tables by name.
    """
    codings = opened.codings
    tables: dict[str, Result] = {}
    for unit in ("sentence", "document"):
        found = double_coding(codings, unit=unit, intervals=True, lang=out.lang)
        tables[f"agreement-{unit}"] = out.table(f"agreement-{unit}", _labelled(found))
        pooled = found.frame[found.frame["code_path"] == ""]
        base = Base(int(pooled["n_units"].iloc[0]), "unit", source=codings.origin)
        for name in ("alpha", "kappa", "ac1", "percent"):
            out.value(f"agreement.{unit}.{name}", float(pooled[name].iloc[0]), "number", decimals=2, base=base)
        documents, disagreements = found.documents, found.disagreements
    out.value("agreement.documents", len(documents), base=Base(len(documents), "source", source=codings.origin))
    out.value("agreement.disagreements", len(disagreements), base=Base(len(documents), "source", source=codings.origin))
    top = _top_spans(codings, documents)
    lengths = {source: len(codings.texts[source]) for source in documents}
    family = dataclasses.replace(unitizing_alpha(top, lengths, lang=out.lang), kind=codings.kind)
    tables["unitizing"] = out.table("unitizing", family)
    for name in ("u", "binary", "cu"):
        out.value(f"agreement.unitizing.{name}", float(getattr(family, name)), "number", decimals=2, base=family.base)
    tables["disagreements"] = out.table("disagreements", _listed(disagreements, codings, out))
    return tables


def _labelled(found: Result) -> Result:
    names = [SEPARATOR.join(str(path).split(SEPARATOR)[-2:]) if path else Phrase("themes.pooled") for path in found.frame["code_path"]]
    return dataclasses.replace(found, frame=found.frame.assign(code_path=pd.Series(names, dtype=object)))


def _top_spans(codings: Codings, documents: tuple[str, ...]) -> pd.DataFrame:
    """Each coder's passages as spans of top themes that do not overlap: where two meet, the earlier one keeps its place.

    Unitizing compares one value at each place, codings may overlap; the top theme of the passage that began first stands.
    """
    frame = codings.frame[codings.frame["source"].isin(documents)].sort_values(["source", "coder", "start", "end"], kind="stable")
    rows = []
    for (source, coder), own in frame.groupby(["source", "coder"], sort=False):
        reached = 0
        for start, end, path in zip(own["start"], own["end"], own["code_path"], strict=True):
            begin = max(int(start), reached)
            if begin < int(end):
                rows.append((source, coder, begin, int(end), str(path).split(SEPARATOR)[0]))
                reached = int(end)
    return pd.DataFrame(rows, columns=["source", "coder", "start", "end", "value"])


def _listed(disagreements: pd.DataFrame, codings: Codings, out: Output) -> Result:
    frame = disagreements.assign(code_path=[SEPARATOR.join(path.split(SEPARATOR)[-2:]) for path in disagreements["code_path"]])
    return Result(
        frame=frame,
        base=Base(len(frame), "segment", source=codings.origin),
        title=Phrase("themes.disagreements_title"),
        notes=(Phrase("themes.disagreements_note"),),
        shows=(
            Column("source", Phrase("language.source")),
            Column("code_path", Phrase("themes.theme")),
            Column("coder", Phrase("themes.coded_by")),
            Column("missing_with", Phrase("themes.not_coded_by")),
            Column("text", Phrase("themes.passage")),
        ),
        kind=codings.kind,
        lang=out.lang,
    )

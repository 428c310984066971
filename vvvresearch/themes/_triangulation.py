"""Triangulation: what each source says to each claim, and how far they converge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.errors import Failure, SchemaError
from vvvresearch.evidence import Register
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, has_words
from vvvresearch.results import Base, Column, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

VERDICTS = ("agree", "partly", "contradict", "no_data")
CONVERGENCE = ("convergent", "complementary", "dissonant", "one_source", "no_source")


def triangulate(claims: pd.DataFrame | Register, *, sources: Sequence[str] | None = None) -> Result:
    """Claim × source with agree, partly, contradict or no data; one-source claims marked; convergence per outcome area.

    Args:
        claims: one row a claim and source: claim, source, verdict (agree, partly, contradict, no_data); optional area.
            A source that is not listed for a claim has no data on it. A register of a round or a table of one's own.
        sources: all sources in print order; default as they appear.

    Returns:
        Result; .frame: area, claim, one column a source with the verdict, n_sources, convergence ("convergent": all that have data
        agree; "complementary": some only partly; "dissonant": at least one contradicts; "one_source"; "no_source"). The part
        "areas" counts claims by area and convergence.

    Raises:
        SchemaError: unknown verdicts, empty claims, a source with two verdicts on one claim, all at once.

    Example:
        >>> said = [("helps", "survey", "agree"), ("helps", "interviews", "partly")]
        >>> triangulate(pd.DataFrame(said, columns=["claim", "source", "verdict"])).frame["convergence"].tolist()
        ['complementary']
    """
    kind = DataKind.REAL
    if isinstance(claims, Register):
        kind, claims = claims.kind, claims.frame
    _check(claims)
    chosen = list(sources) if sources is not None else list(dict.fromkeys(claims["source"]))
    area = claims["area"] if "area" in claims.columns else pd.Series("", index=claims.index)
    wide = claims.assign(area=area).pivot(index=["area", "claim"], columns="source", values="verdict")
    order = list(dict.fromkeys(zip(area, claims["claim"], strict=True)))
    wide = wide.reindex(index=pd.MultiIndex.from_tuples(order, names=["area", "claim"]), columns=chosen).astype(object)
    wide = wide.where(wide.notna(), "no_data")
    n_sources = (wide != "no_data").sum(axis=1)
    convergence = [_convergence(row) for row in wide.itertuples(index=False, name=None)]
    frame = wide.reset_index()
    frame.columns.name = None
    frame["n_sources"] = n_sources.to_numpy()
    frame["convergence"] = convergence
    by_area = frame.groupby(["area", "convergence"], sort=False).size().rename("claims").reset_index()
    base = Base(len(frame), "claim")
    together = Column("convergence", Phrase("themes.convergence"), words="themes")
    columns = [Column("claim", Phrase("themes.claim")), *(Column(source, _heading(source), words="themes") for source in chosen), together]
    where = Column("area", Phrase("themes.area"), words="claims")
    areas = Result(
        frame=by_area,
        base=base,
        title=Phrase("themes.triangulation_title"),
        shows=(where, together, Column("claims", Phrase("themes.claims"), "count")),
        kind=kind,
    )
    return Result(
        frame=frame,
        base=base,
        title=Phrase("themes.triangulation_title"),
        notes=(Phrase("themes.triangulation_note"),),
        shows=(where, *columns) if (frame["area"] != "").any() else tuple(columns),
        kind=kind,
        at="triangulation",
        categories={"convergence": CONVERGENCE},
        parts={"areas": areas},
    )


def _heading(source: str) -> str | Phrase:
    return Phrase(f"claims.{source}") if has_words(f"claims.{source}") else source


def _convergence(verdicts: tuple[str, ...]) -> str:
    given = [verdict for verdict in verdicts if verdict != "no_data"]
    if not given:
        return "no_source"
    if len(given) == 1:
        return "one_source"
    if "contradict" in given:
        return "dissonant"
    return "convergent" if set(given) == {"agree"} else "complementary"


def _check(claims: pd.DataFrame) -> None:
    missing = [name for name in ("claim", "source", "verdict") if name not in claims.columns]
    failures = [Failure(None, name, "", "the column is missing") for name in missing]
    if not missing:
        for row, (claim, source, verdict) in enumerate(zip(claims["claim"], claims["source"], claims["verdict"], strict=True)):
            if verdict not in VERDICTS:
                failures.append(Failure(row, "verdict", str(verdict), f"is none of {', '.join(VERDICTS)}"))
            if not str(claim).strip() or not str(source).strip():
                failures.append(Failure(row, "claim", "", "claim and source must be named"))
        for row in claims.duplicated(["claim", "source"]).to_numpy().nonzero()[0].tolist():
            who = f"{claims['claim'].iloc[row]} / {claims['source'].iloc[row]}"
            failures.append(Failure(row, "source", who, "has two verdicts on one claim"))
    if failures:
        raise SchemaError("the claims cannot be triangulated", failures, todo="correct these rows")

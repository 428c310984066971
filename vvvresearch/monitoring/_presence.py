"""Presence: in how many municipalities the programme is, extract by extract, each with its definition."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.evidence import Published, Register
from vvvresearch.locales import Phrase, check_lang
from vvvresearch.results import Base, Column, Result

_DENMARK = 98
_COLUMNS = ("extract", "status", "n", "of", "percent", "definition", "segment")


def presence(source: Register | Published | pd.DataFrame, lang: str = "da", *, population: int | None = None) -> Result:
    """Municipalities by status in every extract; where the definition changes, the line is broken.

    Args:
        source: monitoring extracts (one row a municipality and extract), or what was published (its facts about presence).
        lang: "da" or "en".
        population: number of municipalities; default those of the extract, or 98 for published facts.

    Returns:
        Result; frame extract, status, n, of, percent (half up), definition, segment (rises by one at each change of definition, so that
        no line is drawn across it).

    Raises:
        AnalysisError: two definitions in one extract, or nothing about presence.

    Example:
        >>> rows = pd.DataFrame({"extract": ["2021-05"] * 3, "municipality": ["1", "2", "3"],
        ...     "status": ["present", "present", "absent"], "definition": ["a"] * 3})
        >>> presence(Register(rows)).frame[["status", "n"]].to_dict("list")
        {'status': ['absent', 'present'], 'n': [1, 2]}
    """
    said = check_lang(lang)
    if isinstance(source, Published):
        rows, kind = _from_facts(source, population or _DENMARK), source.kind
    else:
        register = source if isinstance(source, Register) else Register(source)
        rows, kind = _from_extracts(register.frame, population), register.kind
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    if frame.empty:
        raise AnalysisError("nothing is known about presence", todo="hand in monitoring extracts or published facts about presence")
    definitions = frame.drop_duplicates("extract")["definition"]
    segments = dict(zip(frame["extract"].drop_duplicates(), (definitions != definitions.shift()).cumsum(), strict=True))
    frame["segment"] = [int(segments[extract]) for extract in frame["extract"]]
    notes = [Phrase("programme.presence_note")]
    if frame["segment"].nunique() > 1:
        notes.append(Phrase("programme.presence_break"))
    shapes = {"n": "count", "percent": "percent"}
    words = {name: Phrase(f"programme.status_{name}") for name in ("present", "planned", "absent", "green", "yellow", "red")}
    frame["status_words"] = [words.get(status, status) for status in frame["status"]]
    return Result(
        frame=frame,
        base=Base(int(frame["of"].max()), "municipality"),
        title=Phrase("programme.presence_title"),
        notes=tuple(notes),
        shows=tuple(
            Column(name, Phrase(f"programme.presence_{name.removesuffix('_words')}"), shapes.get(name, "text"))  # type: ignore[arg-type]
            for name in ("extract", "status_words", "n", "percent", "definition")
        ),
        kind=kind,
        lang=said,
    )


def _percent(n: int, of: int) -> int:
    return (200 * n + of) // (2 * of)


def _from_extracts(frame: pd.DataFrame, population: int | None) -> list[dict[str, Any]]:
    require_table(frame, "source")
    for name in ("extract", "status", "definition"):
        if name not in frame.columns:
            known = did_you_mean(name, map(str, frame.columns))
            raise AnalysisError(f"the extracts have no column {name!r}", where="source", todo=known)
    if "municipality" not in frame.columns and "n" in frame.columns:
        return _from_counts(frame, population or _DENMARK)
    statuses = sorted(frame["status"].unique())
    rows = []
    for extract, group in frame.groupby("extract", sort=True):
        definitions = group["definition"].unique()
        if len(definitions) > 1:
            raise AnalysisError(
                f"the extract {extract} has {len(definitions)} definitions",
                why="counts of one extract need one definition",
                where="definition",
            )
        of = population or len(group)
        for status in statuses:
            n = int((group["status"] == status).sum())
            rows.append({"extract": extract, "status": status, "n": n, "of": of, "percent": _percent(n, of), "definition": definitions[0]})
    return rows


def _from_counts(frame: pd.DataFrame, population: int) -> list[dict[str, Any]]:
    """Extracts of which only counts by status are known; what is not stated is left out, not zero."""
    rows = []
    for extract, group in frame.groupby("extract", sort=True):
        definitions = group["definition"].unique()
        if len(definitions) > 1:
            raise AnalysisError(f"the extract {extract} has {len(definitions)} definitions", where="definition")
        if group["n"].sum() > population:
            raise AnalysisError(f"the extract {extract} counts {int(group['n'].sum())} of {population} municipalities", where="n")
        rows += [
            {
                "extract": extract,
                "status": row["status"],
                "n": int(row["n"]),
                "of": population,
                "percent": _percent(int(row["n"]), population),
                "definition": row["definition"],
            }
            for row in group.to_dict("records")
        ]
    return rows


def _from_facts(published: Published, population: int) -> list[dict[str, Any]]:
    facts = published.facts
    chosen = facts[(facts["indicator"] == "presence") & (facts["unit"] == "municipality") & facts["value"].notna()]
    chosen = chosen[chosen["definition"] != ""].sort_values("as_of", kind="stable")
    return [
        {
            "extract": row["as_of"],
            "status": "present",
            "n": int(row["value"]),
            "of": population,
            "percent": _percent(int(row["value"]), population),
            "definition": row["definition"],
        }
        for row in chosen.to_dict("records")
    ]

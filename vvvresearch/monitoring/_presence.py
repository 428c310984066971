"""Presence, categories and need: how many municipalities are in each state, extract by extract, and in how many there is a need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, require_table
from vvvresearch.evidence import Published, Register
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, has_words
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result, Share

_DENMARK = 98
_COLUMNS = ("extract", "status", "n", "of", "definition", "segment")
# What counts as being there, whatever an extract calls it.
_HERE = ("present", "covered", "active")


def presence(
    monitoring: Register | Published | pd.DataFrame, *, municipalities: pd.DataFrame | None = None, population: int | None = None
) -> Result:
    """Municipalities by status in every extract; where the definition changes, the line is broken.

    Args:
        monitoring: monitoring extracts (one row a municipality and extract, or a status and extract), or what was published (its
            facts about presence).
        municipalities: code, name, tile_row, tile_column of those that there are; default the 98.
        population: number of municipalities; default those of the extract, or where only counts are known all that there are.

    Returns:
        Result; frame extract, status, n, of, definition, segment (rises by one at each change of definition, so that no line is
        drawn across it). Addresses `presence.<extract>.<status>.n` and `.share`. Pictures: trend, and tile_map of the latest extract
        where each municipality is known. Part `need`: municipalities by whether there is a need, for new arrivals and long-term
        residents apart, `presence/need.<extract>.<group>.<verdict>.n`.

    Raises:
        AnalysisError: two definitions in one extract, more municipalities than there are, or nothing about presence.

    Example:
        >>> rows = pd.DataFrame({"extract": ["2021-05"] * 3, "municipality": ["1", "2", "3"],
        ...     "status": ["present", "present", "absent"], "definition": ["a"] * 3})
        >>> presence(Register(rows)).cell("share", extract="2021-05", status="present").say("en")
        '2 of 3'
    """
    known = population or (_DENMARK if municipalities is None else len(municipalities))
    if isinstance(monitoring, Published):
        rows, kind = _from_facts(monitoring, known), monitoring.kind
        extracts = pd.DataFrame()
    else:
        register = monitoring if isinstance(monitoring, Register) else Register(monitoring)
        extracts, kind = register.frame, register.kind
        rows = _from_extracts(extracts, population, known)
    frame = pd.DataFrame(rows, columns=list(_COLUMNS[:-1]))
    if frame.empty:
        raise AnalysisError("nothing is known about presence", todo="hand in monitoring extracts or published facts about presence")
    definitions = frame.drop_duplicates("extract")["definition"]
    segments = dict(zip(frame["extract"].drop_duplicates(), (definitions != definitions.shift()).cumsum(), strict=True))
    frame["segment"] = [int(segments[extract]) for extract in frame["extract"]]
    notes = [Phrase("programme.presence_note")]
    if frame["segment"].nunique() > 1:
        notes.append(Phrase("programme.presence_break"))
    words = status_words(frame["status"])
    return Result(
        frame=frame,
        base=Base(int(frame["of"].max()), "municipality"),
        title=Phrase("programme.presence_title"),
        notes=tuple(notes),
        shows=(
            Column("extract", Phrase("programme.presence_extract")),
            Column("status", Phrase("programme.presence_status")),
            Column("n", Phrase("programme.presence_n"), "count"),
            Share("share", Phrase("programme.presence_percent"), count="n", n="of"),
            Column("definition", Phrase("programme.presence_definition")),
        ),
        kind=kind,
        at="presence",
        keys=("extract", "status"),
        measures=(Measure("n", of="of"), Measure("share", "share", of="of", count="n")),
        labels={"status": Labels(words)},
        pictures=_pictures(frame, extracts, words, municipalities, kind),
        parts={"need": need(extracts, kind)},
    )


def _row(extract: Any, status: str, n: int, of: int, definition: str) -> dict[str, Any]:
    return {"extract": extract, "status": status, "n": n, "of": of, "definition": definition}


def _from_extracts(frame: pd.DataFrame, population: int | None, known: int) -> list[dict[str, Any]]:
    require_table(frame, "monitoring", ("extract", "status", "definition"))
    counted = "municipality" not in frame.columns and "n" in frame.columns
    statuses = sorted(frame["status"].unique())
    rows = []
    states = Counter(zip(frame["extract"], frame["status"], strict=True))
    for extract, group in frame.groupby("extract", sort=True):
        definitions = group["definition"].unique()
        if len(definitions) > 1:
            what = f"the extract {extract} has {len(definitions)} definitions"
            raise AnalysisError(what, why="counts of one extract need one definition", where="definition")
        of = known if counted else population or len(group)
        total = int(group["n"].sum()) if counted else len(group)
        if total > of:
            raise AnalysisError(f"the extract {extract} counts {total} of {of} municipalities", where="n")
        if counted:  # what is not stated is left out, not zero
            rows += [_row(extract, row["status"], int(row["n"]), of, row["definition"]) for row in group.to_dict("records")]
        else:
            rows += [_row(extract, status, states[extract, status], of, definitions[0]) for status in statuses]
    return rows


def _from_facts(published: Published, population: int) -> list[dict[str, Any]]:
    chosen = presence_facts(published).sort_values("as_of", kind="stable")
    return [_row(row["as_of"], "present", int(row["value"]), population, row["definition"]) for row in chosen.to_dict("records")]


def presence_facts(published: Published) -> pd.DataFrame:
    """The published facts that say in how many municipalities the programme is, with the definition of it."""
    facts = published.facts
    about = (facts["indicator"] == "presence") & (facts["unit"] == "municipality") & facts["value"].notna()
    return facts[about & (facts["definition"] != "")]


def _pictures(
    frame: pd.DataFrame, extracts: pd.DataFrame, words: Mapping[str, Phrase], municipalities: pd.DataFrame | None, kind: DataKind
) -> dict[str, Picture]:
    found = {}
    here = frame[frame["status"].isin(_HERE)]
    chosen = frame if here.empty else here
    if chosen["extract"].nunique() > 1:
        points = pd.DataFrame({"period": chosen["extract"], "value": chosen["n"].astype(float), "definition": chosen["definition"]})
        if here.empty:
            points["series"] = [words.get(status, status) for status in chosen["status"]]
        title = Phrase("programme.presence_over_time" if len(here) else "programme.presence_title")
        found["trend"] = Picture("trend", points.reset_index(drop=True), title)
    # A synthetic round's invented municipalities are not on the map of Denmark.
    if "municipality" in extracts.columns and (municipalities is not None or kind is not DataKind.SYNTHETIC):
        found["tile_map"] = latest_map(extracts, words, {} if municipalities is None else {"tiles": municipalities})
    return found


def status_words(statuses: Iterable[str]) -> dict[str, Phrase]:
    """The states that have words of their own; others are shown as the extracts write them."""
    return {status: Phrase(key) for status in dict.fromkeys(statuses) if has_words(key := f"programme.status_{status}")}


def latest_map(extracts: pd.DataFrame, words: Mapping[str, Phrase], options: Mapping[str, Any]) -> Picture:
    """The municipalities of the latest extract by state; the tile is darkest where there is something, whatever stands first."""
    last = extracts[extracts["extract"] == extracts["extract"].max()]
    last = last.sort_values("status", key=lambda column: column.map({"present": 0, "planned": 1, "absent": 3}).fillna(2), kind="stable")
    tiles = pd.DataFrame({"code": list(last["municipality"].astype(str)), "value": [words.get(one, one) for one in last["status"]]})
    return Picture("tile_map", tiles, Phrase("programme.presence_map", {"extract": str(last["extract"].iloc[0])}), options)


# Column of the extracts -> the group whose need it judges.
NEEDS = {"need_new_arrivals": "new_arrivals", "need_long_term": "long_term"}
_VERDICTS = ("yes", "no", "unknown")
_ALSO = {"true": "yes", "false": "no"}


def need(extracts: pd.DataFrame, kind: DataKind) -> Result:
    """Municipalities by whether there is a need, for both groups apart; what nobody judged is unknown, never no need.

    Args:
        extracts: one row a municipality and extract, with `need_new_arrivals` or `need_long_term`.
        kind: of the extracts.

    Returns:
        Result; frame extract, group (`new_arrivals`, `long_term`), verdict (`yes`, `no`, `unknown`), n, of. Addresses
        `presence/need.<extract>.<group>.<verdict>.n`, `.share`. Absent where no need is judged.
    """
    columns = [name for name in NEEDS if name in extracts.columns]
    rows = []
    told = {NEEDS[name]: needs_told(extracts, NEEDS[name]).tolist() for name in columns}
    where = extracts["extract"].tolist() if columns else []
    said = {group: Counter(zip(where, verdicts, strict=True)) for group, verdicts in told.items()}
    for extract, of in extracts.groupby("extract", sort=True).size().items() if columns else ():
        rows += [(extract, group, verdict, said[group][extract, verdict], of) for group in told for verdict in _VERDICTS]
    if not any(row[2] != "unknown" and row[3] for row in rows):
        return Result.missing(Phrase("monitoring.need_none"), title=Phrase("monitoring.need_title"))
    frame = pd.DataFrame(rows, columns=["extract", "group", "verdict", "n", "of"])
    return Result(
        frame=frame,
        base=Base(int(frame["of"].max()), "municipality"),
        title=Phrase("monitoring.need_title"),
        notes=(Phrase("monitoring.need_note"),),
        shows=(
            Column("extract", Phrase("programme.presence_extract")),
            Column("group", Phrase("monitoring.need_group")),
            Column("verdict", Phrase("monitoring.need_verdict")),
            Column("n", Phrase("programme.presence_n"), "count"),
            Share("share", Phrase("programme.presence_percent"), count="n", n="of"),
        ),
        kind=kind,
        at="presence/need",
        keys=("extract", "group", "verdict"),
        measures=(Measure("n", of="of"), Measure("share", "share", of="of", count="n")),
        labels={
            "group": Labels({group: Phrase(f"monitoring.need_{group}") for group in NEEDS.values()}),
            "verdict": Labels({verdict: Phrase(f"monitoring.need_is_{verdict}") for verdict in _VERDICTS}),
        },
    )


def needs_told(extract: pd.DataFrame, group: str) -> pd.Series:
    """Whether each municipality of an extract has a need of one group: yes, no, or unknown."""
    column = next(name for name, one in NEEDS.items() if one == group)
    said = (_ALSO.get(word, word) for word in (str(one).strip().casefold() for one in extract[column]))
    return pd.Series([word if word in _VERDICTS else "unknown" for word in said], index=extract.index, dtype=object)

"""Merging projects that were coded apart (blind double coding), with a table of everything that does not agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Codebook, Codings, Loss, Losses
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Result

if TYPE_CHECKING:
    from collections.abc import Hashable

_COLUMNS = ("problem", "item", "field", "kept", "other", "project")
_FIELDS = ("definition", "inclusion", "exclusion", "examples", "is_codable")
_IDENTITY = ("source", "start", "end", "code_path", "coder")


@dataclass(frozen=True, kw_only=True, repr=False)
class Merge(Result):
    """Several projects as one: `.codings`; `.frame` is the table of conflicts."""

    codings: Codings
    folded: int
    left_out: int


def merge_codings(projects: Sequence[Codings], *, coders: Sequence[str] | None = None) -> Merge:
    """Merge coded projects over the same sources.

    Sources are the same by name, codes by path. Where two projects disagree the first one is kept and the disagreement
    is a row of the table. A passage on a text that differs is taken over only if exactly the same characters stand
    there in the kept text. Codings that stand alike in several projects count once.

    Args:
        projects: two or more projects.
        coders: one name a project, given to all its codings; needed where a program stored no coder, or one name stands
            in several projects and means different people.

    Returns:
        Merge; .codings, and .frame one row a conflict: problem ("text", "unplaced", "code_field", "code_missing",
        "code_path", "same_coder", "variable"), item (source, code or coder), field, kept, other, project (1 is the
        first).

    Raises:
        AnalysisError: fewer than two projects, as many names as projects not given, or codings without a coder.

    Example:
        >>> from vvvresearch.themes.merging import merge_codings
        >>> merge_codings([first, second], coders=["Ida", "Bo"]).codings.coders  # doctest: +SKIP
        ['Bo', 'Ida']
    """
    if len(projects) < 2:
        raise AnalysisError("merging needs two projects", where=f"{len(projects)} given")
    if coders is not None and (len(coders) != len(projects) or len(set(coders)) != len(coders) or not all(coders)):
        raise AnalysisError("merging needs one coder's name a project, each different", where=", ".join(coders))
    frames = [project.frame if coders is None else project.frame.assign(coder=coders[n]) for n, project in enumerate(projects)]
    for number, frame in enumerate(frames, start=1):
        if (frame["coder"] == "").any():
            raise AnalysisError(
                f"project {number} has codings without a coder",
                where=projects[number - 1].origin,
                why="merged, nobody could tell whose they are",
                todo='name the coders: coders=["…", "…"]',
            )
    conflicts: list[dict[str, Any]] = []
    texts = _texts(projects, conflicts)
    book = _codebook(projects, conflicts)
    placed = [frames[0]]
    left_out = 0
    for number, frame in enumerate(frames[1:], start=2):
        good = _placeable(frame, projects[number - 1], texts)
        for row in frame[~good].to_dict("records"):
            place = f"{row['source']} {row['start']}–{row['end']}"
            conflicts.append(_conflict("unplaced", place, "", "", str(row["text"]), number))
        left_out += int((~good).sum())
        placed.append(frame[good])
    _same_coders(placed, conflicts)
    everything = pd.concat(placed, ignore_index=True)
    double = _doubles(placed, everything)
    merged = everything[~double].reset_index(drop=True)
    for name in ("stance", "beneficiary", "phase", "prompted", "memo", "guid", "region", "date"):
        if name in merged:
            merged[name] = merged[name].fillna("")
    origin = "; ".join(project.origin for project in projects if project.origin)
    noted = everything.loc[double, "memo"].fillna("").ne("") if "memo" in everything else double[double]
    folded = (Loss("memos of codings that an earlier project has too", int(noted.sum()), origin),) if noted.sum() else ()
    result = Codings(
        merged,
        book,
        texts,
        losses=sum((project.losses for project in projects), Losses(folded)),
        offsets={name: choice for project in reversed(projects) for name, choice in project.offsets.items()},
        sources=_sources(projects, conflicts),
        cases=_together([project.cases for project in projects], ["case", "source"]),
        memos=_together([project.memos for project in projects]),
        sets=_together([project.sets for project in projects]),
        kind=projects[0].kind,
        origin=origin,
    )
    counts = {"codings": len(merged), "projects": len(projects), "folded": int(double.sum()), "left_out": left_out}
    return Merge(
        frame=pd.DataFrame(conflicts, columns=list(_COLUMNS)),
        base=Base(len(texts) or merged["source"].nunique(), "source", source=result.origin),
        title=Phrase("codebooks.merge_title"),
        notes=(Phrase("codebooks.merge_note", counts),),
        shows=(
            Column("problem", Phrase("codebooks.problem"), words="codebooks"),
            Column("item", Phrase("codebooks.item")),
            Column("field", Phrase("codebooks.field")),
            Column("kept", Phrase("codebooks.kept")),
            Column("other", Phrase("codebooks.other")),
        ),
        kind=projects[0].kind,
        codings=result,
        folded=counts["folded"],
        left_out=left_out,
    )


def _conflict(problem: str, item: str, field: str, kept: str, other: str, project: int) -> dict[str, Any]:
    return dict(zip(_COLUMNS, (problem, item, field, kept, other, project), strict=True))


def _texts(projects: Sequence[Codings], conflicts: list[dict[str, Any]]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for number, project in enumerate(projects, start=1):
        for name, text in project.texts.items():
            kept = texts.setdefault(name, text)
            if kept != text:
                place = next((n for n, (one, other) in enumerate(zip(kept, text, strict=False)) if one != other), min(len(kept), len(text)))
                conflicts.append(_conflict("text", name, f"{place}", kept[place : place + 40], text[place : place + 40], number))
    return texts


def _placeable(frame: pd.DataFrame, project: Codings, texts: dict[str, str]) -> pd.Series[bool]:
    """Which codings mean the same characters in the kept texts as in their own."""
    differing = {name for name, text in project.texts.items() if texts[name] != text}
    good = []
    for source, start, end in zip(frame["source"], frame["start"], frame["end"], strict=True):
        if source not in differing or pd.isna(start) or pd.isna(end):
            good.append(True)
            continue
        kept, own = texts[source], project.texts[source]
        whole = start == 0 and end == len(own)
        good.append(not whole and end <= len(kept) and kept[start:end] == own[start:end])
    return pd.Series(good, index=frame.index, dtype=bool)


def _codebook(projects: Sequence[Codings], conflicts: list[dict[str, Any]]) -> Codebook:
    """All codes; the first project's description of a code is kept."""
    rows: dict[str, dict[Hashable, Any]] = {}
    by_guid: dict[str, str] = {}
    for number, project in enumerate(projects, start=1):
        for row in project.codebook.frame.to_dict("records"):
            path = str(row["code_path"])
            if number > 1 and path not in rows:
                known = by_guid.get(str(row["guid"] or ""))
                problem = ("code_path", known, "code_path", known, path) if known else ("code_missing", path, "", "", path)
                conflicts.append(_conflict(problem[0], str(problem[1]), problem[2], str(problem[3]), problem[4], number))
            kept = rows.setdefault(path, row)
            if row["guid"]:
                by_guid.setdefault(str(row["guid"]), path)
            for field in _FIELDS:
                if kept[field] != row[field]:
                    conflicts.append(_conflict("code_field", path, field, str(kept[field]), str(row[field]), number))
        if number > 1:
            own = set(project.codebook.paths)
            for path in projects[0].codebook.paths:
                if path not in own:
                    conflicts.append(_conflict("code_missing", path, "", path, "", number))
    return Codebook(pd.DataFrame([rows[path] for path in _tree_order(list(rows))]), projects[0].codebook.version)


def _tree_order(paths: list[str]) -> Iterator[str]:
    """Paths with every code directly after its parent's earlier children, as a codebook is read."""
    from vvvresearch.evidence import SEPARATOR

    known = set(paths)
    below: dict[str, list[str]] = {}
    for path in paths:
        parent = path.rpartition(SEPARATOR)[0]
        below.setdefault(parent if parent in known else "", []).append(path)
    waiting = list(reversed(below.get("", [])))
    while waiting:
        path = waiting.pop()
        yield path
        waiting.extend(reversed(below.get(path, [])))


def _keys(frame: pd.DataFrame) -> pd.Series[Any]:
    names = [*_IDENTITY, *(name for name in ("stance", "beneficiary", "phase", "prompted", "region") if name in frame)]
    columns = [frame[name].astype(object).where(frame[name].notna(), "") for name in names]
    return pd.Series(list(zip(*columns, strict=True)), index=frame.index, dtype=object)


def _doubles(placed: Sequence[pd.DataFrame], everything: pd.DataFrame) -> pd.Series[bool]:
    """Codings of a later project that stand in an earlier one; doubles inside one project are left as they are."""
    keys = _keys(everything)
    project = [number for number, frame in enumerate(placed) for _ in range(len(frame))]
    first: dict[Any, int] = {}
    double = [first.setdefault(key, number) != number for key, number in zip(keys, project, strict=True)]
    return pd.Series(double, index=everything.index, dtype=bool)


def _same_coders(placed: Sequence[pd.DataFrame], conflicts: list[dict[str, Any]]) -> None:
    seen: dict[str, set[Any]] = {}
    for number, frame in enumerate(placed, start=1):
        for coder, part in frame.groupby("coder", sort=False):
            keys = set(_keys(part[list(_IDENTITY)]))
            earlier = seen.setdefault(str(coder), set(keys))
            if number > 1 and earlier != keys:
                conflicts.append(_conflict("same_coder", str(coder), "", str(len(earlier - keys)), str(len(keys - earlier)), number))
            earlier |= keys


def _sources(projects: Sequence[Codings], conflicts: list[dict[str, Any]]) -> pd.DataFrame:
    rows: dict[str, dict[str, Any]] = {}
    for number, project in enumerate(projects, start=1):
        for record in project.sources.to_dict("records") if project.sources is not None else []:
            source = str(record["source"])
            kept = rows.setdefault(source, {"source": source})
            for name, value in record.items():
                if name == "source" or value is None or pd.isna(value):
                    continue
                if kept.setdefault(str(name), value) != value:
                    conflicts.append(_conflict("variable", source, str(name), str(kept[str(name)]), str(value), number))
    names = list(dict.fromkeys(name for row in rows.values() for name in row)) or ["source"]
    return pd.DataFrame([[row.get(name) for name in names] for row in rows.values()], columns=names, dtype=object)


def _together(tables: Sequence[pd.DataFrame | None], identity: list[str] | None = None) -> pd.DataFrame | None:
    """Tables of several projects as one, rows that are equal (in the columns of `identity`) only once."""
    filled = [table for table in tables if table is not None and len(table)]
    if not filled:
        return tables[0]
    return pd.concat(filled, ignore_index=True).drop_duplicates(identity).reset_index(drop=True)

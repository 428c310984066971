"""The codebook as a versioned thing: what changed, how old codes become new ones, and old codings replayed on it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Codebook, Codings
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Result

if TYPE_CHECKING:
    from typing import Any

_FIELDS = ("definition", "inclusion", "exclusion", "examples", "is_codable", "color")
_CONFLICT = ("row", "source", "start", "end", "text", "coder", "code_path", "problem", "candidates")


@dataclass(frozen=True, kw_only=True, repr=False)
class CodebookChanges(Result):
    """What changed; `.mapping` holds the old path → new path of every code that is certainly the same one."""

    mapping: dict[str, tuple[str, ...]]


def codebook_changes(old: Codebook, new: Codebook) -> CodebookChanges:
    """What changed between two versions of a codebook.

    A code is the same one when its GUID is, else when its path is; nothing is guessed from likeness.

    Args:
        old: the earlier version.
        new: the later version.

    Returns:
        CodebookChanges; .frame one row a change: change ("added", "removed", "moved", "changed"), code_path (in the new
        version, of a removed code in the old), field, before, after. .mapping: old path → (new path,), to replay with.

    Example:
        >>> from vvvresearch.themes.codebooks import codebook_changes
        >>> codebook_changes(first, second).frame  # doctest: +SKIP
    """
    before, after = _by_path(old), _by_path(new)
    pairs = _same_codes(before, after)
    rows: list[tuple[str, str, str, str, str]] = []
    for path in before:
        if path not in pairs:
            rows.append(("removed", path, "", path, ""))
    found = set(pairs.values())
    reverse = {new_path: old_path for old_path, new_path in pairs.items()}
    for path, row in after.items():
        if path not in found:
            rows.append(("added", path, "", "", path))
            continue
        earlier = reverse[path]
        if earlier != path:
            rows.append(("moved", path, "code_path", earlier, path))
        for field in _FIELDS:
            if before[earlier][field] != row[field]:
                rows.append(("changed", path, field, str(before[earlier][field]), str(row[field])))
    frame = pd.DataFrame(rows, columns=["change", "code_path", "field", "before", "after"])
    counts = {name: int((frame["change"] == name).sum()) for name in ("added", "removed", "moved")}
    return CodebookChanges(
        frame=frame,
        base=Base(None),
        title=Phrase("codebooks.changes_title"),
        notes=(Phrase("codebooks.changes_note", counts),),
        shows=(
            Column("change", Phrase("codebooks.change"), words="codebooks"),
            Column("code_path", Phrase("codebooks.code")),
            Column("field", Phrase("codebooks.field")),
            Column("before", Phrase("codebooks.before")),
            Column("after", Phrase("codebooks.after")),
        ),
        mapping={old_path: (new_path,) for old_path, new_path in pairs.items()},
    )


def _by_path(book: Codebook) -> dict[str, dict[str, Any]]:
    return {str(row["code_path"]): {str(key): value for key, value in row.items()} for row in book.frame.to_dict("records")}


def _same_codes(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Old path → new path: by GUIDs that are unique on both sides first, then by path."""
    ids = [_unique_ids(book) for book in (before, after)]
    pairs = {path: ids[1][guid] for guid, path in ids[0].items() if guid in ids[1]}
    taken = set(pairs.values())
    for path in before:
        if path not in pairs and path in after and path not in taken:
            pairs[path] = path
    return pairs


def _unique_ids(book: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    paths: dict[str, list[str]] = {}
    for path, row in book.items():
        if row["guid"]:
            paths.setdefault(str(row["guid"]), []).append(path)
    return {guid: found[0] for guid, found in paths.items() if len(found) == 1}


def code_mapping(rows: Iterable[Sequence[str]] | pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """A map from old codes to new ones: merges, splits and renames.

    Args:
        rows: pairs (old path, new path), or a DataFrame with the columns old and new. Several old paths with one new
            path merge; several rows of one old path split it; an empty new path drops the code.

    Returns:
        old path → new paths (empty: dropped).

    Raises:
        AnalysisError: rows that are no pairs, an empty old path, or a code that is both dropped and mapped.

    Example:
        >>> code_mapping([("A", "C"), ("B", "C"), ("D", "E"), ("D", "F")])
        {'A': ('C',), 'B': ('C',), 'D': ('E', 'F')}
    """
    if isinstance(rows, pd.DataFrame):
        if not {"old", "new"} <= set(rows.columns):
            raise AnalysisError("a map of codes has the columns old and new", where=", ".join(map(str, rows.columns)))
        rows = list(rows[["old", "new"]].fillna("").itertuples(index=False, name=None))
    mapping: dict[str, list[str]] = {}
    for row in rows:
        if len(row) != 2 or not str(row[0]).strip():
            raise AnalysisError(f"a map of codes has pairs of an old and a new path, not {tuple(row)!r}")
        targets = mapping.setdefault(str(row[0]).strip(), [])
        if str(row[1]).strip() not in targets:
            targets.append(str(row[1]).strip())
    for old, targets in mapping.items():
        if "" in targets and len(targets) > 1:
            raise AnalysisError(f"the code {old!r} is both dropped and mapped")
    return {old: tuple(target for target in targets if target) for old, targets in mapping.items()}


@dataclass(frozen=True, kw_only=True, repr=False)
class Replay(Result):
    """Old codings on a new codebook: `.codings` holds what could be carried, `.frame` what needs a decision."""

    codings: Codings
    kept: int
    recoded: int
    folded: int


def replay(codings: Codings, codebook: Codebook, mapping: Mapping[str, Sequence[str]] | None = None) -> Replay:
    """Put old codings on a new codebook, and list those that somebody has to decide on.

    Args:
        codings: coded with the old codebook.
        codebook: the new one.
        mapping: old path → new paths, from `code_mapping`; default what `codebook_changes` is certain of. A code that
            is not in it keeps its path. One with several new paths (a split) is never guessed.

    Returns:
        Replay; .codings with the new paths, a coding that a merge made equal to another one kept once; .frame the
        conflicts: row (in the old table), source, start, end, text, coder, code_path (old), problem ("split", "gone",
        "not_codable", "stances"), candidates. All but "stances" are left out of .codings.

    Raises:
        AnalysisError: the map leads to a code that the new codebook lacks, or starts at one that the old one lacks.
    """
    given = codebook_changes(codings.codebook, codebook).mapping if mapping is None else mapping
    moves = {path: tuple(targets) for path, targets in given.items()}
    known = set(codebook.paths)
    for path, targets in moves.items():
        if path not in codings.codebook.paths:
            raise AnalysisError(
                f"the map starts at {path!r}, which the old codebook lacks", todo=did_you_mean(path, codings.codebook.paths)
            )
        for target in targets:
            if target not in known:
                raise AnalysisError(f"the map leads to {target!r}, which the new codebook lacks", todo=did_you_mean(target, codebook.paths))
    codable = set(codebook.frame.loc[codebook.frame["is_codable"].astype(bool), "code_path"])
    decided: dict[str, tuple[str, str, str]] = {}
    for path in codings.frame["code_path"].unique():
        targets = moves.get(path, (path,) if path in known else ())
        if len(targets) > 1:
            decided[path] = ("", "split", "; ".join(targets))
        elif not targets:
            decided[path] = ("", "gone", "")
        elif targets[0] not in codable:
            decided[path] = ("", "not_codable", "; ".join(child for child in codebook.children(targets[0]) if child in codable))
        else:
            decided[path] = (targets[0], "", "")
    frame = codings.frame
    problem = frame["code_path"].map({path: found[1] for path, found in decided.items()})
    carried = frame[problem == ""].assign(code_path=lambda part: part["code_path"].map({path: found[0] for path, found in decided.items()}))
    open_rows = frame[problem != ""]
    conflicts = _conflict_rows(open_rows, {path: found[1:] for path, found in decided.items()})
    identity = ["source", "start", "end", "code_path", "coder", *(name for name in ("stance", "beneficiary", "phase") if name in frame)]
    # Only what the merge of two codes made equal is folded: codings that stood twice before stand twice after.
    earlier = frame.loc[carried.index, "code_path"]
    first = earlier.groupby([carried[name] for name in identity], dropna=False, sort=False).transform("first") if len(carried) else earlier
    double = earlier != first
    moved = carried["code_path"] != earlier
    result = carried[~double]
    conflicts = pd.concat([conflicts, _both_stances(result)], ignore_index=True)
    counts = {"kept": int((~moved[~double]).sum()), "recoded": int(moved[~double].sum()), "folded": int(double.sum())}
    return Replay(
        frame=conflicts,
        base=Base(len(frame), "segment", source=codings.origin),
        title=Phrase("codebooks.replay_title"),
        notes=(Phrase("codebooks.replay_note", {**counts, "open": len(open_rows)}),),
        shows=(
            Column("source", Phrase("codebooks.source")),
            Column("text", Phrase("codebooks.passage")),
            Column("coder", Phrase("codebooks.coder")),
            Column("code_path", Phrase("codebooks.code")),
            Column("problem", Phrase("codebooks.problem"), words="codebooks"),
            Column("candidates", Phrase("codebooks.candidates")),
        ),
        kind=codings.kind,
        codings=dataclasses.replace(codings, frame=result.reset_index(drop=True), codebook=codebook),
        kept=counts["kept"],
        recoded=counts["recoded"],
        folded=counts["folded"],
    )


def _conflict_rows(rows: pd.DataFrame, reasons: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """Rows of the old table as conflicts, with the reason of their code."""
    table = rows.assign(
        row=rows.index,
        problem=rows["code_path"].map({path: reason for path, (reason, _) in reasons.items()}),
        candidates=rows["code_path"].map({path: targets for path, (_, targets) in reasons.items()}),
    )
    return table[list(_CONFLICT)].reset_index(drop=True)


def _both_stances(frame: pd.DataFrame) -> pd.DataFrame:
    """Passages on which one coder now says yes and no under one code."""
    if "stance" not in frame:
        return pd.DataFrame(columns=list(_CONFLICT))
    said = frame[frame["stance"].isin(["affirmed", "contradicted"])]
    stances = said.groupby(["source", "start", "end", "code_path", "coder"], dropna=False, sort=False)["stance"].transform("nunique")
    rows = said[stances.gt(1)] if len(said) else said
    return _conflict_rows(rows, dict.fromkeys(rows["code_path"].unique(), ("stances", "")))

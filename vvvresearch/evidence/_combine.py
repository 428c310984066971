"""Evidence that came in several files as one: two coding projects, an extract a year, a register in parts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import Failure, SchemaError
from vvvresearch.evidence._codings import SEPARATOR, Codebook, Codings
from vvvresearch.evidence._joining import join_name
from vvvresearch.evidence._register import Interviews, Loss, Losses, Mappings, Register

if TYPE_CHECKING:
    import pandas as pd

_UNSAID = {"", "unknown"}
# What tells two rows of a register apart, where it has such a column.
_KEYS = (
    ("extract", "municipality"),
    ("extract", "status"),
    ("quarter", "municipality"),
    ("date", "match"),
    ("match",),
    ("course",),
    ("count",),
    ("interview",),
    ("municipality", "agreement_type", "signed"),
    ("person", "referred", "referral_source"),
    ("volunteer",),
    ("material",),
)


def combine(parts: Sequence[Any]) -> Any:
    """Several evidence of one type as one, in their order.

    Args:
        parts: two or more `Codings`, `Interviews`, `Register` or `Mappings`; all of one class.

    Returns:
        Their rows together. Of codings one file may name a code by its last name alone, where the other has it below others; a text that
        two files hold differently stays as in the first, and passages of the second lose their places (told in `.losses`).

    Raises:
        SchemaError: a key stands in two files, with every one.
        TypeError: evidence of a type that cannot be combined.

    Example:
        >>> import pandas as pd
        >>> one = Register(pd.DataFrame({"match": ["M1"]}), origin="a.csv")
        >>> combine([one, Register(pd.DataFrame({"match": ["M2"]}), origin="b.csv")]).frame["match"].tolist()
        ['M1', 'M2']
    """
    first = parts[0]
    if len(parts) == 1:
        return first
    if isinstance(first, Codings):
        return _codings(parts)
    if isinstance(first, Mappings):
        links, nodes = (_stacked([getattr(part, name) for part in parts]) for name in ("links", "nodes"))
        return dataclasses.replace(
            first, links=links, nodes=nodes.drop_duplicates(ignore_index=True), losses=_losses(parts), origin=_origin(parts)
        )
    if isinstance(first, Interviews):
        parts = _registers_first(parts)
        first = parts[0]
    if isinstance(first, Interviews | Register):
        frame = _stacked([part.frame for part in parts])
        _refuse_doubles(frame, parts)
        return dataclasses.replace(first, frame=frame, origin=_origin(parts))
    raise TypeError(f"{type(first).__name__} cannot be combined")


def _registers_first(parts: Sequence[Interviews]) -> list[Interviews]:
    """Interview registers that people filled in, then what tables of codings say of interviews that none before them holds.

    Raises:
        SchemaError: two tables of codings say different things of one interview.
    """
    known: dict[str, tuple[Interviews, dict[str, str]]] = {}
    found, failures = [], []
    for part in sorted(parts, key=lambda one: one.of_codings):
        cells = part.frame.astype(object).where(part.frame.notna(), "").astype(str)
        names = cells["source"].where(cells["source"] != "", cells["interview"]).map(join_name)
        records = ({str(key): str(cell) for key, cell in row.items()} for row in cells.to_dict("records"))
        rows = dict(zip(map(str, names), records, strict=True))
        for name, row in rows.items() if part.of_codings else ():
            other, theirs = known.get(name, (part, row))
            failures += [
                Failure(None, column, row["interview"], f"{other.origin} says something else")
                for column, cell in row.items()
                if other.of_codings
                and column not in ("interview", "source")
                and {cell, theirs[column]} & _UNSAID == set()
                and cell != theirs[column]
            ]
        found.append(dataclasses.replace(part, frame=part.frame[~names.isin(known)]) if part.of_codings else part)
        known = {name: (part, row) for name, row in rows.items()} | known
    if failures:
        what = "two tables of codings say different things of one interview"
        raise SchemaError(what, failures, where=_origin(parts), todo="correct one of them, or add a register of the interviews")
    return found


def can_combine(evidence: object) -> bool:
    """Whether evidence of this class may come in several files."""
    return isinstance(evidence, Codings | Mappings | Interviews | Register)


def _origin(parts: Sequence[Any]) -> str:
    return ", ".join(str(part.origin) for part in parts)


def _losses(parts: Sequence[Any]) -> Losses:
    return Losses(tuple(loss for part in parts for loss in part.losses))


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Rows of tables below each other; a column that one lacks is empty in its rows."""
    import pandas as pd

    filled = [frame for frame in frames if len(frame)] or [frames[0]]
    names = dict.fromkeys(name for frame in filled for name in frame.columns)
    texts = {name for frame in filled for name in frame.columns if frame[name].dtype == object}
    whole = [frame.assign(**{name: "" for name in names if name not in frame.columns and name in texts}) for frame in filled]
    return pd.concat([frame.reindex(columns=list(names)) for frame in whole], ignore_index=True)


def _refuse_doubles(frame: pd.DataFrame, parts: Sequence[Any]) -> None:
    keys = next((list(key) for key in _KEYS if set(key) <= set(frame.columns)), None)
    twice = frame[frame.duplicated(keys)] if keys else frame.iloc[:0]
    if len(twice) and keys:
        rows = [" ".join(map(str, row)) for row in twice[keys].drop_duplicates().itertuples(index=False, name=None)]
        raise SchemaError(
            "two files of one kind hold the same rows",
            [Failure(None, "+".join(keys), row, "stands in two files") for row in rows],
            where=_origin(parts),
            todo="leave one of the files out, or replace the older one",
        )


def _codings(parts: Sequence[Codings]) -> Codings:
    names = _code_names(parts)
    texts: dict[str, str] = {}
    frames, losses = [], list(_losses(parts))
    for part in parts:
        frame = part.frame.assign(code_path=part.frame["code_path"].map(lambda path: names.get(path, path)))
        other = {source for source, text in part.texts.items() if source in texts and texts[source] != text}
        moved = frame["source"].isin(other) & frame["start"].notna()
        if moved.any():
            frame.loc[moved, ["start", "end"]] = None
            losses.append(Loss("passages without a place: another file has another text of the interview", int(moved.sum()), part.origin))
        frames.append(frame)
        texts = part.texts | texts
    tables = {
        name: _stacked(given) if (given := [table for part in parts if (table := getattr(part, name)) is not None]) else None
        for name in ("sources", "cases", "memos", "sets")
    }
    offsets = {source: choice for part in reversed(parts) for source, choice in part.offsets.items()}
    book = _codebook([part.codebook for part in parts], names)
    return Codings(_stacked(frames), book, texts, Losses(tuple(losses)), offsets, **tables, kind=parts[0].kind, origin=_origin(parts))


def _codebook(books: Sequence[Codebook], names: Mapping[str, str]) -> Codebook:
    frames = [book.frame[~book.frame["code_path"].isin(names)] for book in books]
    if any("is_case" in frame for frame in frames):
        frames = [frame if "is_case" in frame else frame.assign(is_case=False) for frame in frames]
    return dataclasses.replace(books[0], frame=_stacked(frames).drop_duplicates("code_path", ignore_index=True))


def _code_names(parts: Sequence[Codings]) -> dict[str, str]:
    """Codes that one file has at the top and another one, once, below others: name → path."""
    paths = {path for part in parts for path in part.codebook.frame["code_path"]}
    tops = {path for path in paths if SEPARATOR not in path and not any(other.startswith(path + SEPARATOR) for other in paths)}
    below: dict[str, list[str]] = {}
    for path in paths:
        if SEPARATOR in path:
            below.setdefault(path.rpartition(SEPARATOR)[2].casefold(), []).append(path)
    return {top: found[0] for top in tops if len(found := below.get(top.casefold(), [])) == 1}

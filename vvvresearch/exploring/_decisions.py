"""Decisions on codings: a recode, a merge, a stance or a memo, each with who, when and why; codings under them, and what they change."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import SEPARATOR, Codebook, Codings
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Measure, Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from vvvresearch.evidence import Codings


Kind = Literal["recode", "merge", "stance", "memo"]
KINDS: tuple[Kind, ...] = ("recode", "merge", "stance", "memo")
STANCES = ("affirmed", "contradicted")
_PLACE = ["source", "start", "end", "code_path", "coder"]
_SHORT = 12


@dataclass(frozen=True)
class Decision:
    """What is to become of some codings.

    Args:
        kind: "recode" (other code), "merge" (codes become one), "stance" or "memo".
        codes: the codes that it is about; empty where passages say it.
        into: the code that a recode or merge gives.
        passages: ids of codings (`coding_ids`); empty: all with the codes.
        coder: only codings of this coder; "" of all.
        stance: "affirmed" or "contradicted", of the kind "stance".
        memo: what is noted, of the kind "memo"; it stands below what was noted before.
        why: the reason.
        by, at: who decided, and when (ISO 8601).
        id: what it is called by in reviews.
        base: the codings that it was decided on (`state_of`).
    """

    kind: Kind
    codes: tuple[str, ...] = ()
    into: str = ""
    passages: tuple[str, ...] = ()
    coder: str = ""
    stance: str = ""
    memo: str = ""
    why: str = ""
    by: str = ""
    at: str = ""
    id: str = ""
    base: str = ""


def coding_ids(frame: pd.DataFrame) -> list[str]:
    """What each coding is called by: its GUID where it has one of its own, else a mark made of its place, code and coder.

    Example:
        >>> import pandas as pd
        >>> frame = pd.DataFrame({"source": ["a"], "start": [0], "end": [4], "code_path": ["Ro"], "coder": ["x"], "guid": ["G-1"]})
        >>> coding_ids(frame)
        ['G-1']
    """
    guids = frame["guid"].astype(object).where(frame["guid"].notna(), "").map(str).tolist() if "guid" in frame else [""] * len(frame)
    often = Counter(guids)
    seen: Counter[str] = Counter()
    found = []
    places = zip(*(frame[name].astype(str).tolist() for name in _PLACE), strict=True)
    for guid, place in zip(guids, places, strict=True):
        if guid and often[guid] == 1:
            found.append(guid)
            continue
        key = "\0".join(place)
        seen[key] += 1
        found.append("c-" + hashlib.sha256(f"{key}\0{seen[key]}".encode()).hexdigest()[:_SHORT])
    return found


def state_of(codings: Codings) -> str:
    """A short mark of the codings as they stand: the same for the same codings in any order."""
    columns = [*_PLACE, *(name for name in ("stance", "memo") if name in codings.frame)]
    filled = codings.frame[columns].astype(object).where(codings.frame[columns].notna(), "").astype(str)
    rows = sorted(map("\0".join, zip(*(filled[name].tolist() for name in columns), strict=True)))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:_SHORT]


def decided(codings: Codings, decisions: Sequence[Decision], ids: Sequence[str] = ()) -> Codings:
    """Codings under decisions, in their order. No passage moves: sources, places and texts are those of the codings.

    Codings of one coder that become the same code with the same stance on the same passage are one; what was noted on them is kept.

    Args:
        codings: as they were coded; without decisions they come back as they are.
        decisions: first to last.
        ids: of the codings (`coding_ids`), where they are known already.

    Returns:
        Codings; a merged code has left the codebook, a new one stands in it.

    Raises:
        AnalysisError: a decision that does not fit them.
    """
    return decided_with_ids(codings, decisions, ids)[0] if decisions else codings


def decided_with_ids(codings: Codings, decisions: Sequence[Decision], ids: Sequence[str] = ()) -> tuple[Codings, list[str]]:
    """As `decided`, and what each coding was called by before: a decision names passages as they were coded, whatever was decided since."""
    frame = codings.frame.copy()
    frame["_id"] = list(ids) or coding_ids(codings.frame)
    book = codings.codebook
    for one in decisions:
        chosen = codings_of(frame, one)
        if one.kind in ("recode", "merge"):
            book = _with_code(book, one.into)
            frame.loc[chosen, "code_path"] = one.into
            frame = _without_doubles(frame, chosen, one.into)
        elif one.kind == "stance":
            if "stance" not in frame:
                frame["stance"] = ""
            frame.loc[chosen, "stance"] = one.stance
        else:
            before = frame["memo"] if "memo" in frame else pd.Series("", index=frame.index)
            frame["memo"] = before.where(~chosen, [_joined(memo, one.memo) for memo in before])
        if one.kind == "merge":
            book = _without_codes(book, [code for code in one.codes if code != one.into], frame)
    named = frame["_id"].tolist()
    return dataclasses.replace(codings, frame=frame.drop(columns="_id").reset_index(drop=True), codebook=book), named


def codings_of(frame: pd.DataFrame, decision: Decision) -> pd.Series[bool]:
    """Which rows a decision is about; the table has their ids in the column _id."""
    chosen = frame["_id"].isin(decision.passages) if decision.passages else frame["code_path"].isin(decision.codes)
    if decision.passages and decision.codes:
        chosen &= frame["code_path"].isin(decision.codes)
    return chosen & frame["coder"].eq(decision.coder) if decision.coder else chosen


def check_decision(codings: Codings, decision: Decision, *, new: bool = False, ids: Sequence[str] = ()) -> Decision:
    """A decision with its codes by their paths, where it fits the codings.

    Args:
        codings: what it is about, earlier decisions among them.
        decision: as it was proposed.
        ids: what the codings are called by; default `coding_ids` of them.
        new: whether the code that it gives may be one that the codebook does not have.

    Raises:
        AnalysisError: an unknown code, coder, stance or coding, codes below a merged one, or nothing that it is about.
    """
    book, where = codings.codebook, f"decisions.{decision.kind}"
    codes = tuple(book.named(code) for code in decision.codes)
    into = decision.into
    if decision.kind in ("recode", "merge"):
        into = _new_path(into, where) if new else book.named(into)
    if decision.kind == "merge":
        codes = tuple(code for code in codes if code != into)
        below = [path for code in codes for path in book.below(code) if path not in codes]
        if below:
            raise AnalysisError(
                "a code with codes below it is not merged", where=where, why=below[0], todo="merge the codes below it first"
            )
    if decision.kind == "stance" and decision.stance not in STANCES:
        raise AnalysisError(f"there is no stance {decision.stance!r}", where=where, todo=did_you_mean(decision.stance, STANCES))
    if decision.kind == "memo" and not decision.memo.strip():
        raise AnalysisError("a memo without words notes nothing", where=where)
    if decision.coder and decision.coder not in codings.coders:
        raise AnalysisError(f"there are no codings by {decision.coder!r}", where=where, todo=did_you_mean(decision.coder, codings.coders))
    called = list(ids) or coding_ids(codings.frame)
    known = set(called)
    if strange := [one for one in decision.passages if one not in known]:
        raise AnalysisError(f"there is no coding {strange[0]!r}", where=where, todo="take ids of decisions.ids(…)")
    found = dataclasses.replace(decision, codes=codes, into=into)
    if not codings_of(codings.frame.assign(_id=called), found).any() and decision.kind != "merge":
        raise AnalysisError("the decision is about no coding", where=where, todo="name codes, passages or a coder that have some")
    if not codes and not decision.passages:
        raise AnalysisError("a decision is about codes or about passages", where=where, todo="codes=… or passages=…")
    return found


def _new_path(path: str, where: str) -> str:
    names = [name.strip() for name in path.split(SEPARATOR.strip())]
    if not all(names):
        raise AnalysisError(f"{path!r} is no path of a code", where=where, todo="names joined by ' > '")
    return SEPARATOR.join(names)


def _with_code(book: Codebook, path: str) -> Codebook:
    """The codebook with a code and those above it."""
    names = path.split(SEPARATOR)
    lacking = [SEPARATOR.join(names[:depth]) for depth in range(1, len(names) + 1)]
    lacking = [one for one in lacking if one not in set(book.frame["code_path"])]
    if not lacking:
        return book
    rows = [{"code_path": one, "name": one.split(SEPARATOR)[-1], "parent": one.rpartition(SEPARATOR)[0]} for one in lacking]
    added = pd.DataFrame([{**dict.fromkeys(book.frame.columns, ""), **row} for row in rows])
    added["is_codable"] = True
    if "is_case" in added:
        added["is_case"] = False
    return dataclasses.replace(book, frame=pd.concat([book.frame, added], ignore_index=True))


def _without_codes(book: Codebook, codes: Collection[str], frame: pd.DataFrame) -> Codebook:
    """The codebook without codes that nothing is coded with; of a merge for one coder alone the code stays for the others."""
    gone = set(codes) - set(frame["code_path"])
    return dataclasses.replace(book, frame=book.frame[~book.frame["code_path"].isin(gone)].reset_index(drop=True))


def _without_doubles(frame: pd.DataFrame, touched: pd.Series[bool], code: str) -> pd.DataFrame:
    """The rows, where a touched one that says what another says is taken into the first of them."""
    columns = [*_PLACE, *(name for name in ("stance", "beneficiary", "phase", "prompted", "region") if name in frame)]
    there = frame.loc[frame["code_path"].eq(code) & frame["start"].notna(), columns]
    filled = there.astype(object).where(there.notna(), "")
    key = pd.Series(list(filled.itertuples(index=False, name=None)), index=there.index, dtype=object)
    same = key.isin(set(key[touched.reindex(key.index)]))
    gone: list[object] = []
    for rows in _groups(key[same]):
        if "memo" in frame:
            memos = dict.fromkeys(filter(None, map(_words, frame.loc[rows, "memo"])))
            frame.loc[rows[0], "memo"] = "\n\n".join(memos)
        gone += rows[1:]
    return frame.drop(index=gone)


def _groups(key: pd.Series[Any]) -> Iterator[list[object]]:
    for rows in key.groupby(key, sort=False).groups.values():
        if len(rows) > 1:
            yield list(rows)


def _joined(before: object, added: str) -> str:
    return "\n\n".join(part for part in (_words(before), added) if part)


def _words(value: object) -> str:
    return "" if value is None or str(value) in ("nan", "<NA>") else str(value)


COUNTS = ("affirmed", "contradicted", "both", "persons_affirmed", "codings")


def counts_changed(before: Result, after: Result, codings: Codings) -> Result:
    """The themes whose counts differ between two theme tables.

    Args:
        before, after: theme tables of the same round, without and with decisions.
        codings: those before, for the kind of data and where they came from.

    Returns:
        Result; .frame: code_path, and each of affirmed, contradicted, both (interviews), persons_affirmed (persons) and codings with
        _before and _after; a code that only one of them has counts none in the other. Empty where nothing changed.
    """
    import pandas as pd

    sides = {}
    for name, table in (("before", before), ("after", after)):
        frame = table.frame
        total = frame[frame["respondent_group"] == "total"].set_index("code_path") if len(frame) else pd.DataFrame(columns=COUNTS)
        sides[name] = total.reindex(columns=list(COUNTS))
    paths = list(dict.fromkeys([*sides["before"].index, *sides["after"].index]))
    found: pd.DataFrame = pd.concat(
        [side.reindex(paths).fillna(0).astype("int64").add_suffix(f"_{name}") for name, side in sides.items()], axis=1
    )
    found = found[[f"{count}_{name}" for count in COUNTS for name in sides]]
    unlike = [found[f"{count}_before"] != found[f"{count}_after"] for count in COUNTS]
    changed = pd.concat(unlike, axis=1).any(axis=1)
    found = found[changed].rename_axis("code_path").reset_index()
    numbers = [Column(f"{count}_{name}", Phrase(f"decisions.{count}_{name}"), "count") for count in COUNTS for name in sides]
    return Result(
        frame=found,
        base=Base(before.base.n, before.base.unit, source=codings.origin),
        title=Phrase("decisions.counts_title"),
        notes=(Phrase("decisions.counts_note"),),
        shows=(Column("code_path", Phrase("themes.theme")), *numbers),
        kind=codings.kind,
        at="decisions",
        keys=("code_path",),
        measures=tuple(Measure(f"{count}_{name}", of="") for count in COUNTS for name in sides),
        tree="code_path",
    )

"""Small counts of those who answered surveys: which numbers must be hidden, over all tables that a run shows of one item."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from vvvresearch.errors import DisclosureError, VvvError
from vvvresearch.files import read_toml, toml, write_text
from vvvresearch.kinds import DataKind
from vvvresearch.privacy import suppress_linked
from vvvresearch.release._numbers import bound_addresses, shown_addresses
from vvvresearch.results import Result, address_part, folded, join_address
from vvvresearch.rounds import HIDDEN, Round

THRESHOLD = 5
_SECONDS = 5.0
# One hidden cell beside a known sum is no secret.
_ALONE = 2
# What an analysis adds for all groups together, and what a table of disclosure control calls a sum.
_TOTAL, _SUM = "total", "Total"


def to_hide(opened: Round, folder: Path) -> set[str]:
    """The addresses that may not be shown: small counts, and what keeps them from being worked out.

    Only answers to surveys of real persons or municipalities are protected. Interviews, passages and pairs are material that is told
    of one by one, under consent and approval; published and synthetic numbers have nobody to protect.

    Args:
        opened: the round.
        folder: its outputs; their addresses say which tables are shown together.

    Returns:
        Addresses of counts, shares and whatever else follows from a hidden row.
    """
    bare = Round(opened.spec, opened.root, opened.lang)
    bare.__dict__["hidden"] = frozenset()
    shown, bound = list(shown_addresses(opened, folder)), bound_addresses(opened)
    found: set[str] = set()
    for name in opened.surveys:
        survey = opened.surveys[name]
        if survey.kind is DataKind.REAL:
            found |= _of_survey(bare, bound, [key for key in shown if folded(key.split(".")[0].split("/")[0]) == folded(name)])
            found |= {key for key in shown if _looks_through(key, name, found) or _is_base_of_hidden(key, name, found)}
    return found | _of_moves(bare, shown)


def still_shown(opened: Round, folder: Path, hidden: set[str]) -> list[str]:
    """Addresses that must be hidden and have a number in the outputs."""
    gone = {folded(address) for address in hidden}
    return sorted(key for key, has_number in shown_addresses(opened, folder).items() if folded(key) in gone and has_number)


def write_hidden(opened: Round, addresses: set[str]) -> int:
    """Add addresses to the round's `hidden.toml`; how many are new."""
    path = opened.path.with_name(HIDDEN)
    before = [str(address) for address in read_toml(path)["hidden"]] if path.is_file() else []
    have = {folded(address) for address in before}
    new = sorted(address for address in addresses if folded(address) not in have)
    if new:
        lines = "\n".join(f"  {toml(address)}," for address in sorted([*before, *new]))
        head = "# Tal, der ikke må vises / numbers that may not be shown: vvv release.\n"
        write_text(path, f"{head}schema_version = 1\nhidden = [\n{lines}\n]\n")
    return len(new)


def _of_survey(bare: Round, bound: set[str], shown: list[str]) -> set[str]:
    """What is hidden of a survey, item by item: its table for all and every table by groups are one system."""
    roots: dict[str, set[str]] = {}
    for key in shown:
        parts = key.split(".")
        if len(parts) > 2:
            roots.setdefault(parts[1], set()).add(parts[0])
    hidden: set[str] = set()
    for item, names in roots.items():
        results = [one for root in sorted(names) if (one := _located(bare, f"{root}.{item}.x.count")) is not None]
        hidden |= _of_item(list({result.at: result for result in results}.values()), bound)
    return hidden


def _of_moves(bare: Round, shown: list[str]) -> set[str]:
    """What is hidden of those who moved between two waves: few of an item, as many others as keep them from being reckoned, and its p."""
    roots = {root for key in shown if (root := key.partition(".")[0]).endswith("/moves")}
    hidden: set[str] = set()
    for root in roots:
        ends = [bare.surveys[name] for name in bare.surveys if folded(name) in folded(root.removesuffix("/moves")).split("~")]
        result = bare.located(f"{root}.x.x.count") if any(end.kind is DataKind.REAL for end in ends) else None
        if result is None or result.absent:
            continue
        for item, rows in result.frame.groupby("item", sort=False):
            counts = dict(zip(rows["code"], map(int, rows["count"]), strict=True))
            gone = few_with_cover(counts)
            stem = [result.at, address_part(item)]
            hidden |= {join_address([*stem, way, measure]) for way in gone for measure in ("count", "share")}
            # The test tells both counts.
            hidden |= {join_address([*stem, "higher", measure]) for measure in ("p", "p_adjusted") if gone}
    return hidden


def few_with_cover(counts: Mapping[str, int]) -> list[str]:
    """Which parts of a known whole are hidden: those below the threshold, and the smallest others until nobody can tell that they are few.

    Example:
        >>> few_with_cover({"higher": 36, "same": 29, "lower": 2}), few_with_cover({"higher": 30, "same": 29, "lower": 8})
        (['lower', 'same'], [])
    """
    gone = [name for name, count in counts.items() if 0 < count < THRESHOLD]
    for name in sorted(counts, key=lambda one: counts[one]) if gone else ():
        if name not in gone and (len(gone) < _ALONE or sum(counts[one] for one in gone) < THRESHOLD):
            gone.append(name)
    return gone


def _located(bare: Round, address: str) -> Result | None:
    try:
        found = bare.located(address)
    except (VvvError, ValueError, KeyError):
        return None
    if found is None or found.absent or not {"item", "code", "count", "n"} <= set(found.frame.columns):
        return None
    return found if len(found.keys) <= 3 else None


def _of_item(results: list[Result], bound: set[str]) -> set[str]:
    tables, plain, spare = {}, {}, {}
    for result in results:
        table = _table(result)
        if table is not None:
            tables[result.at], plain[result.at], spare[result.at] = table, result, _bound(result, table, bound)
    if not tables:
        return set()
    try:
        chosen = suppress_linked(tables, THRESHOLD, spare=spare, time_limit=_SECONDS)
        masks = {name: chosen[name].hidden for name in tables}
    except (VvvError, DisclosureError):
        # Tables that cannot be tied are hidden whole: that is safe, and the evaluator sees what is asked too finely.
        masks = {name: table.map(lambda _: True) for name, table in tables.items()}
    return {address for name, result in plain.items() for address in _addresses(result, masks[name])}


def _table(result: Result) -> pd.DataFrame | None:
    """Counts of an item: groups as rows, answers as columns, the sums that a reader knows called so."""
    frame = result.frame
    by = next((key for key in result.keys if key not in ("item", "code")), "")
    counts = frame.assign(**({} if by else {"all": _SUM})).pivot_table(index=by or "all", columns="code", values="count", aggfunc="first")
    if counts.isna().any().any() or counts.empty:
        return None
    counts = counts.astype(int)
    bases = frame.groupby(by)["n"].first() if by else pd.Series({_SUM: int(frame["n"].iloc[0])})
    if (counts.sum(axis=1) == bases.reindex(counts.index).astype(int)).all():
        counts[_SUM] = bases.reindex(counts.index).astype(int)
    counts = counts.rename(index={_TOTAL: _SUM})
    groups = [row for row in counts.index if row != _SUM]
    if _SUM in counts.index and groups and not (counts.loc[groups].sum() == counts.loc[_SUM]).all():
        counts.loc["(others)"] = counts.loc[_SUM] - counts.loc[groups].sum()
        if (counts.loc["(others)"] < 0).any():
            return None
    return counts.rename_axis(by or "all", axis=0).rename_axis(str(frame["item"].iloc[0]), axis=1)


def _cells(result: Result) -> Iterator[tuple[Any, list[str]]]:
    """Where each row of a result stands in its table, and the address of the row."""
    by = next((key for key in result.keys if key not in ("item", "code")), "")
    for row in result.frame.to_dict("records"):
        group = _SUM if not by or row[by] == _TOTAL else row[by]
        yield (group, row["code"]), [result.at, *(address_part(row[name]) for name in result.keys)]


def _bound(result: Result, table: pd.DataFrame, bound: set[str]) -> pd.DataFrame:
    """How much rests on a cell: a finding, a summary or prose on its row or one of its numbers; and a base is shown whatever is hidden."""
    weights = table.map(lambda _: 0)
    for place, row in _cells(result):
        stem = folded(join_address(row))
        weights.loc[place] = int(any(one == stem or one.startswith(f"{stem}.") for one in bound))
    if _SUM in table.columns:
        weights[_SUM] = 1000 * (table[_SUM] >= THRESHOLD)
    return weights


def _addresses(result: Result, mask: pd.DataFrame) -> Iterator[str]:
    for place, row in _cells(result):
        if bool(mask.loc[place]):
            yield from (join_address([*row, measure.name]) for measure in result.measures if measure.name != "n")


def _looks_through(key: str, survey: str, hidden: set[str]) -> bool:
    """Whether a number follows from answers of an item of which one is hidden: a top box, a trend, a mirror, a cross-table, a mean."""
    root, *rest = folded(key).split(".")
    own = {folded(address).split(".")[1] for address in hidden}
    if (root == folded(survey) or re.fullmatch(rf"{re.escape(folded(survey))}/by-[^/]+", root)) and rest[-1:] != ["mean"]:
        return False  # a table of the item itself, in which each number was judged
    parts = {part.removeprefix("by-") for part in re.split(r"[./~]", folded(key))}
    return folded(survey) in parts and not own.isdisjoint(parts) and not re.fullmatch(r"n\d?", rest[-1] if rest else "")


def _is_base_of_hidden(key: str, survey: str, hidden: set[str]) -> bool:
    """Whether a number stands in a group that is known by an answer whose count is hidden: the base of the group is that count."""
    root, *rest = folded(key).split(".")
    if root == "crosses/groups" and len(rest) > 4:
        return rest[0] == folded(survey) and any(folded(one).startswith(f"{rest[0]}.{rest[2]}.{rest[3]}.") for one in hidden)
    split = root.removeprefix(f"{folded(survey)}/by-")
    return split != root and len(rest) > 2 and any(folded(one).startswith(f"{folded(survey)}.{split}.{rest[1]}.") for one in hidden)

"""Small counts: which numbers of surveys must be hidden over all tables, and what the sheets of all municipalities give away together.

Shares nothing with what hid their numbers: it reads the tables that go out, and asks the registers only what is true.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch import files
from vvvresearch.errors import DisclosureError, VvvError
from vvvresearch.files import read_toml, toml, write_text
from vvvresearch.kinds import DataKind
from vvvresearch.privacy import Knowledge, suppress_linked
from vvvresearch.release._numbers import bound_addresses, shown_addresses
from vvvresearch.release._shipped import THRESHOLD, Leak
from vvvresearch.results import Result, address_part, folded, join_address
from vvvresearch.rounds import HIDDEN, Round

if TYPE_CHECKING:
    from vvvresearch.rounds import Round


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


SHEETS = "sheets"
_NUMBERS, _SOURCES = "numbers", "referrals"
_ADDRESS = re.compile(rf"municipality/(.+)/({_NUMBERS}|{_SOURCES})\.(.+)")
_Cell = tuple[str, str, str]  # municipality, table, row


def sheet_files(folder: Path, opened: Round, place: str = "") -> list[Path]:
    """What goes out of the sheets: pages, papers and their tables; of one municipality, or of all with the index and the lists.

    Args:
        folder: the outputs of the chapter that runs for each municipality.
        opened: the round, in the language that goes out.
        place: the folder of one municipality.
    """
    ending = "" if opened.lang == opened.spec.languages[0] else f".{opened.lang}"
    lists = (
        []
        if place
        else [*folder.glob(f"index{ending}.html"), *folder.glob(f"region-*{ending}.html"), *folder.glob(f"region-*{ending}.pdf")]
    )
    own = place or "*"
    sheets = (path for kind in ("html", "pdf") for path in folder.glob(f"{own}/sheet{ending}.{kind}"))
    return sorted({*lists, *sheets, *folder.glob(f"{own}/tables/*.csv")})


def attack_sheets(opened: Round, folder: Path, earlier: Sequence[Path] = ()) -> tuple[list[Leak], str]:
    """Attack the sheets of a round, whichever of them go out now: the others went out before, or will.

    Args:
        opened: the round.
        folder: the outputs of the chapter that runs for each municipality.
        earlier: folders of earlier releases.

    Returns:
        What gives a count of 1 to 4 persons away, and how much was tried, in a sentence.
    """
    true = dict(_true(opened))
    shown: dict[_Cell, str] = {}
    for home in (*(one / SHEETS for one in earlier), folder):
        for path in sorted(home.glob("*/tables/*.csv")):
            name = path.relative_to(opened.root).as_posix()
            shown |= {cell: name for cell, count in _told(path) if home == folder or true.get(cell) == count}
    hidden = [cell for cell, count in true.items() if count and cell not in shown]
    leaks = [Leak(shown[cell], f"{_named(cell)} is a small count and is shown") for cell in shown if _small(true.get(cell, 0))]
    bounds = _knowledge(opened, true, shown).bounds(list[Hashable](hidden))
    # A large number that can be computed tells of nobody, and what it tells of small ones is in their bounds.
    given = [cell for cell in hidden if _small(true[cell]) and bounds[cell][1] < THRESHOLD]
    leaks += [Leak(_place(folder, opened), f"{_named(cell)} is hidden, and can be shown to be small") for cell in given]
    said = (
        f"attack: the sheets of {len({cell[0] for cell in true})} municipalities read; {len(hidden)} hidden counts, {len(leaks)} given away"
    )
    return leaks, said


def _true(opened: Round) -> Iterator[tuple[_Cell, int]]:
    """Every count that a sheet could tell, with nothing hidden."""
    for code in map(str, opened.municipalities["code"]):
        sheet = opened.municipality_sheet(municipality=code, threshold=1)
        for table, key in ((_NUMBERS, "measure"), (_SOURCES, "source")):
            if part := sheet.parts.get(table):
                yield from (((code, table, str(row[key])), int(row["own"])) for row in part.frame.to_dict("records"))


def _told(path: Path) -> Iterator[tuple[_Cell, int]]:
    """The counts that a table shows."""
    for row in csv.DictReader(io.StringIO(files.read_text(path).removeprefix("\ufeff"))):
        found = _ADDRESS.fullmatch(row.get("address") or "")
        if found and row.get("own"):
            code, table, _ = found.groups()
            yield (code, table, row.get("measure") or row.get("source") or ""), round(float(row["own"]))


def _knowledge(opened: Round, true: Mapping[_Cell, int], shown: Mapping[_Cell, str]) -> Knowledge:
    """What a reader knows: everything shown, the sums of regions and of sources, and that who goes on and who is done were referred."""
    # Whoever reads that no number stands where one could knows that it is not 0.
    known = Knowledge(known={cell: count for cell, count in true.items() if cell in shown or not count}, least=1)
    regions = dict(zip(opened.municipalities["code"].astype(str), opened.municipalities["region"].astype(str), strict=True))
    numbers = [cell for cell in true if cell[1] == _NUMBERS]
    for measure, region in sorted({(cell[2], regions[cell[0]]) for cell in numbers}):
        cells = [cell for cell in numbers if cell[2] == measure and regions[cell[0]] == region]
        if not any(cell in shown for cell in cells if true[cell]):
            continue  # Where nobody's number is shown their sum is not told either.
        known.known["sum", measure, region] = sum(true[cell] for cell in cells)
        known.is_sum(("sum", measure, region), cells, f"{measure}, {region}")
    codes = sorted({cell[0] for cell in numbers})
    met = {code: [(code, _NUMBERS, one) for one in ("ongoing", "ended")] for code in codes}
    counted = [code for code in codes if all(cell in true for cell in (*met[code], (code, _NUMBERS, "referred")))]
    # In every municipality alike: the referrals are those of the register of matches.
    if counted and all(sum(true[cell] for cell in met[code]) == true[code, _NUMBERS, "referred"] for code in counted):
        for code in counted:
            known.is_sum((code, _NUMBERS, "referred"), met[code], f"{code}, matches and referrals")
    for code in codes:
        sources = [cell for cell in true if cell[:2] == (code, _SOURCES)]
        if sources and sum(true[cell] for cell in sources) == true.get((code, _NUMBERS, "referred")):
            known.is_sum((code, _NUMBERS, "referred"), sources, f"{code}, sources")
    return known


def _named(cell: _Cell) -> str:
    return f"municipality/{cell[0]}/{cell[1]}.{cell[2]}"


def _place(folder: Path, opened: Round) -> str:
    return folder.relative_to(opened.root).as_posix()


def _small(count: int) -> bool:
    return 0 < count < THRESHOLD

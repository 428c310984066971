"""Hiding cells in several tables that a reader can hold beside each other, earlier releases included."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import Lang, check_lang
from vvvresearch.privacy._count_table import Hierarchy
from vvvresearch.privacy._linked_cells import Cells, Identity, Placed, add_sums, check_names, place, subtract, tie_across
from vvvresearch.privacy._sums import Sums
from vvvresearch.privacy._suppression import Suppressed, Zeros, check_threshold, choose, framed, is_small

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class LinkedSuppressed(Mapping[str, Suppressed]):
    """The tables by name, each with its hidden cells; a cell that stands in several is hidden in all of them.

    Args:
        tables: name → table.
        cells: hidden cells, each counted once.
        answers: the sum of their counts.
        least_cells, least_answers: the proved lower bounds of these.
        overlapping: tables without totals whose categories do not add up to those of the other tables; `attack_linked` is told.
    """

    tables: Mapping[str, Suppressed]
    cells: int
    answers: int
    least_cells: int
    least_answers: int
    overlapping: tuple[str, ...]

    @property
    def optimal(self) -> bool:
        """Whether it is proved that nothing hides fewer cells, or as few with fewer answers."""
        return self.cells == self.least_cells and self.answers == self.least_answers

    def __getitem__(self, name: str) -> Suppressed:
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)


def suppress_linked(
    tables: Mapping[str, pd.DataFrame],
    threshold: int = 5,
    *,
    hierarchies: Mapping[Hashable, Hierarchy] | None = None,
    where: Mapping[str, Mapping[Hashable, Hashable]] | None = None,
    subsets: Sequence[tuple[str, str]] = (),
    released: Mapping[str, pd.DataFrame | Suppressed] | None = None,
    spare: Mapping[str, pd.DataFrame] | None = None,
    zeros: Zeros = "shown",
    reader_knows_rule: bool = False,
    time_limit: float = 60.0,
    lang: Lang = "da",
) -> LinkedSuppressed:
    """Choose the cells to hide in tables that are shown together: fewest cells, then fewest answers.

    Two cells are the same when they have the same labels under the same names of rows and columns (`index.name`, `columns.name`);
    a total has no label. So the total column of region × sex is the total column of region × age. A table of percentages with their
    base is given as its counts, since that is what it tells.

    Args:
        tables: name → counts, with named rows and columns.
        threshold, zeros, reader_knows_rule, time_limit, lang: as in `suppress`.
        hierarchies: name of rows or columns → groups, as in `suppress`; they tie tables whose rows are of different detail too.
        where: name of a table → what it is limited to: `{"women": {"sex": "woman"}}`. Tables without it count everybody.
        subsets: (whole, part) names of tables with the same labels, where the part counts some of the whole's persons: the reader
            can subtract them, and a difference from 1 to `threshold` - 1 is small as well. Two rounds of a count that only grows are
            such a pair.
        released: tables that are public, by name: what they show is known and stays; a Suppressed shows what is not hidden in it.
            What was shown small is not small any more.
        spare: tables, by name, of how much rests on a cell: of the choices with fewest cells the one that takes least is made.

    Returns:
        LinkedSuppressed: name → Suppressed, with .cells, .answers, .optimal for all of them.

    Raises:
        AnalysisError: tables that contradict each other, names that are missing.
        DisclosureError: no choice is safe, given what is public.

    Example:
        >>> import pandas as pd
        >>> sex = pd.DataFrame({"f": [9, 12], "m": [2, 20], "Total": [11, 32]}, index=["Thy", "Aarhus"]).rename_axis("place", axis=0)
        >>> age = pd.DataFrame({"18-29": [6, 16], "30+": [5, 16]}, index=["Thy", "Aarhus"]).rename_axis("place", axis=0)
        >>> both = suppress_linked({"sex": sex.rename_axis("sex", axis=1), "age": age.rename_axis("age", axis=1)})
        >>> both["sex"].shown.loc["Thy"].tolist()
        ['×', '×', 11]
    """
    check_threshold(threshold, zeros, time_limit)
    check_lang(lang)
    limits, earlier = dict(where or {}), dict(released or {})
    names = [*tables, *earlier]
    if not tables or len(set(names)) < len(names):
        raise AnalysisError("every table needs a name of its own", where="tables, released")
    check_names(limits, names, "where")
    check_names([name for pair in subsets for name in pair], names, "subsets")
    cells = Cells()
    given = {**tables, **{name: one.counts if isinstance(one, Suppressed) else one for name, one in earlier.items()}}
    placed = {name: place(name, table, hierarchies or {}, limits.get(name, {}), cells) for name, table in given.items()}
    overlapping = tuple(name for name, one in placed.items() if not add_sums(name, one, cells))
    tie_across(cells, hierarchies or {})
    public = _public(earlier, placed)
    printed = {identity for name in tables for identity in placed[name].own.ravel()}
    kept_back = {identity for name in earlier for identity in placed[name].own.ravel()} - public
    differences = {
        rest
        for whole, part in subsets
        for rest in subtract(cells, placed[whole], placed[part], limits.get(part, {}), (whole, part))
        if not set(_operands(rest)) <= public
    }
    order = list(cells.values)
    values = np.array([cells.values[identity] for identity in order], dtype=np.int64)
    can_hide = np.array([identity in printed and identity not in public for identity in order])
    unseen = np.array([identity not in printed and identity not in public for identity in order])
    guarded = np.array([identity in kept_back or identity in differences for identity in order]) | can_hide
    # A zero difference tells of nobody, whatever is done with zeros that are printed.
    small = is_small(values, threshold, zeros) & guarded & ((values > 0) | can_hide)
    kept: dict[Identity, int] = {}
    for name, weights in (spare or {}).items():
        for identity, weight in zip(placed[name].own.ravel(), weights.to_numpy().ravel(), strict=True):
            kept[identity] = max(int(weight), kept.get(identity, 0))
    spared = np.array([kept.get(identity, 0) for identity in order])
    addresses = {number: cells.addresses[identity] for number, identity in enumerate(order)}
    choice = choose(
        Sums(values, cells.matrix(order)), small, can_hide, unseen, threshold, zeros, reader_knows_rule, time_limit, addresses, spared
    )
    hidden = {identity for identity, chosen in zip(order, choice.hidden, strict=True) if chosen}
    primary = {identity for identity, is_primary in zip(order, small, strict=True) if is_primary}
    shown = {
        name: framed(table, _marks(placed[name], hidden), _marks(placed[name], primary), threshold, zeros, None, None, lang)
        for name, table in tables.items()
    }
    counted = choice.hidden & can_hide
    return LinkedSuppressed(shown, int(counted.sum()), int(values[counted].sum()), choice.least_cells, choice.least_answers, overlapping)


def _public(earlier: Mapping[str, pd.DataFrame | Suppressed], placed: Mapping[str, Placed]) -> set[Identity]:
    """The cells that an earlier release shows."""
    found: set[Identity] = set()
    for name, one in earlier.items():
        own = placed[name].own
        is_shown = ~one.hidden.to_numpy(dtype=bool) if isinstance(one, Suppressed) else np.ones(own.shape, dtype=bool)
        found.update(own[is_shown])
    return found


def _operands(rest: Identity) -> tuple[Identity, Identity]:
    """The whole and the part of a difference."""
    mark = next(pair for pair in rest if pair[0] == "minus")
    return rest - {mark}, mark[1]  # type: ignore[return-value]


def _marks(placed: Placed, chosen: set[Identity]) -> np.typing.NDArray[np.bool_]:
    own = placed.own
    return np.array([identity in chosen for identity in own.ravel()], dtype=bool).reshape(own.shape)
